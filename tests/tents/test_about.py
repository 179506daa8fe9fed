"""Whom something on the table is about: said once, put right later, and kept from the child for another."""

from __future__ import annotations

from datetime import date, timedelta
from functools import partial
from uuid import UUID, uuid4

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from hendig.audit.actions import change, reading
from hendig.audit.models import Entry
from hendig.families.actions import add_child
from hendig.families.models import CHILD, OUTSIDE, Whom
from hendig.families.queries import opening_all
from hendig.families.queries.looked import who_looked
from hendig.kernel.refusal import NotVisible, Refused
from hendig.safety.queries.held import counted
from hendig.tents import actions
from hendig.tents.models import Page, Phase, Piece, Tent
from tests.support.families import trusted
from tests.support.matching import Household, household
from tests.support.shared import built_once
from tests.support.tents import go_to, meeting, screen, understood, write
from tests.support.world import World

pytestmark = pytest.mark.django_db
HERS, OURS = "Mama werd vroeger geslagen.", "Er is veel lawaai in huis."


@pytest.fixture(autouse=True)
def _the_clock_of_the_pages(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("hendig.web.middleware.timezone.now", lambda: world.at)


@built_once
def tent(world: World, house: Household) -> Tent:
    found = meeting(world, house)
    go_to(world, found, Phase.LISTEN)
    return go_to(world, found, Phase.UNDERSTAND)


def of_sanne(house: Household) -> Whom:
    return Whom(house.member("Sanne").pk)


def read(world: World, tent: Tent, who: str) -> str:
    answer = world.client(who).get(reverse("tent", args=[tent.pk]))
    assert answer.status_code == 200
    return answer.content.decode()


def say(world: World, piece: Piece, who: str, about: Whom) -> Piece:
    return actions.say_whom(actor=world.actor(who), piece_id=piece.pk, about=about, at=world.at)


def post(client: Client, name: str, key: UUID, **typed: object) -> int:
    return client.post(reverse(name, args=[key]), {"_key": str(uuid4()), **typed}).status_code


def lines(world: World, house: Household, who: str) -> int:
    with opening_all(world.actor(who), "family.log_seen", house.family_id, at=world.at) as seen:
        words = [str(line.words) for line in who_looked(seen).lines]
    return words.count("schreef iets op in de tent") + words.count("haalde iets weg in de tent")


def test_what_nobody_says_is_about_the_child_and_so_is_the_child_itself(
    world: World, house: Household, tent: Tent
) -> None:
    for words, about in ((OURS, CHILD), ("Noor slaapt slecht.", Whom(house.child.pk))):
        assert write(world, tent, words, "ellen", about=about).whom == CHILD
        assert words in read(world, tent, "noor")


def test_what_is_about_a_parent_is_read_at_the_table_and_not_by_the_child(
    world: World, house: Household, tent: Tent
) -> None:
    write(world, tent, HERS, "ellen", about=of_sanne(house))
    write(world, tent, OURS, "ellen")
    for who in ("sanne", "mark", "ellen", "anouk"):
        text = read(world, tent, who)
        assert HERS in text
        assert "Over Sanne" in text
    text = read(world, tent, "noor")
    assert (HERS in text, "Over Sanne" in text, OURS in text) == (False, False, True)


@pytest.mark.parametrize("whom", ["Sanne", "Lotte", "outside"])
def test_the_database_keeps_it_from_the_child_by_itself(
    world: World, house: Household, tent: Tent, whom: str
) -> None:
    ellen, born_on = world.actor("ellen"), date(2018, 3, 4)
    add_child(actor=ellen, family_id=house.family_id, first_name="Lotte", born_on=born_on, at=world.at)
    about = OUTSIDE if whom == "outside" else Whom(house.member(whom).pk)
    piece = write(world, tent, HERS, "ellen", about=about)
    seen = {}
    for who in ("noor", "sanne", "ellen"):
        with reading(world.actor(who), world.at):
            seen[who] = Piece.objects.filter(pk=piece.pk).exists()
    assert seen == {"noor": False, "sanne": True, "ellen": True}


def test_who_wrote_it_reads_it_also_as_the_child(world: World, house: Household, tent: Tent) -> None:
    write(world, tent, HERS, "noor", about=of_sanne(house))
    assert HERS in read(world, tent, "noor")


def test_nothing_hangs_on_what_the_child_does_not_read(world: World, house: Household, tent: Tent) -> None:
    hidden = write(world, tent, HERS, "ellen", about=of_sanne(house))
    write(world, tent, OURS, "ellen", leads_to=hidden)
    text = read(world, tent, "noor")
    assert (OURS in text, HERS in text) == (True, False)
    assert HERS not in "".join(screen(world, tent, "noor").drawing.sentences)
    for act in (actions.remove_piece, partial(actions.say_whom, about=CHILD)):
        with pytest.raises(NotVisible):
            act(actor=world.actor("noor"), piece_id=hidden.pk, at=world.at)
    assert world.client("noor").get(reverse("piece_about", args=[hidden.pk])).status_code == 404


def test_it_is_put_right_by_who_wrote_it_and_by_the_coach_alone(
    world: World, house: Household, tent: Tent
) -> None:
    piece = write(world, tent, HERS, "anouk")
    assert HERS in read(world, tent, "noor")
    for who in ("mark", "youssef"):
        with pytest.raises(Refused) as no:
            say(world, piece, who, of_sanne(house))
        assert no.value.refusal.code == "about.not_yours"
    say(world, piece, "anouk", of_sanne(house))
    assert HERS not in read(world, tent, "noor")
    say(world, piece, "ellen", CHILD)
    assert HERS in read(world, tent, "noor")
    told = Entry.objects.filter(code="tent.piece_about").order_by("id").values_list("facts", flat=True)
    assert [one.get("another") for one in told] == [str(house.member("Sanne").pk), None]


def test_it_is_about_nobody_of_another_family_and_no_confidant(
    world: World, house: Household, tent: Tent
) -> None:
    other = household(world, parent="Lisa", other="Tom", child="Finn")
    trusted(world, house.request.compartment.record_id, by="noor", name="Truus", email="t@buur.example")
    for member in (other.member("Lisa"), house.member("Truus")):
        with pytest.raises(NotVisible):
            write(world, tent, HERS, "ellen", about=Whom(member.pk))
    with pytest.raises(NotVisible):
        write(world, tent, HERS, "ellen", about=Whom(uuid4()))
    assert not Piece.objects.exists()


def test_a_line_of_the_log_is_there_for_whom_its_object_is(
    world: World, house: Household, tent: Tent
) -> None:
    before = {who: lines(world, house, who) for who in ("noor", "sanne")}
    piece = write(world, tent, HERS, "ellen", about=of_sanne(house))
    actions.remove_piece(actor=world.actor("ellen"), piece_id=piece.pk, at=world.at)
    after = {who: lines(world, house, who) for who in ("noor", "sanne")}
    assert (after["noor"] - before["noor"], after["sanne"] - before["sanne"]) == (0, 2)
    with reading(world.system, world.at):
        counts = counted(world.municipality.pk, at=world.at, since=world.at - timedelta(days=9))
    assert [one for one in counts if not one.right] == []


def test_older_lines_go_and_come_with_what_was_said_last(world: World, house: Household, tent: Tent) -> None:
    """The log stays as it was written; who reads which of its lines follows the newest of each thing."""
    piece, other = write(world, tent, HERS, "ellen"), write(world, tent, OURS, "ellen")
    before, sealed = lines(world, house, "noor"), list(Entry.objects.order_by("id").values())
    assert before == lines(world, house, "sanne")
    for about, less in ((of_sanne(house), 1), (OUTSIDE, 1), (CHILD, 0), (of_sanne(house), 1)):
        say(world, piece, "ellen", about)
        assert lines(world, house, "noor") == before - less
        assert lines(world, house, "sanne") == before
        with reading(world.system, world.at):
            counts = counted(world.municipality.pk, at=world.at, since=world.at - timedelta(days=9))
        assert [one for one in counts if not one.right] == []
    say(world, other, "ellen", of_sanne(house))
    assert lines(world, house, "noor") == before - 2
    assert list(Entry.objects.order_by("id").values()[: len(sealed)]) == sealed


def test_a_line_from_before_things_were_named_is_judged_by_itself(
    world: World, house: Household, tent: Tent
) -> None:
    before = lines(world, house, "noor")
    with change(world.actor("ellen"), "tent.piece_written", at=world.at) as act:
        act.record(tent, another="outside")
        act.record(tent)
    assert lines(world, house, "noor") == before + 1
    assert lines(world, house, "sanne") == before + 2


def test_whom_older_lines_are_about_costs_no_query_more(world: World, house: Household, tent: Tent) -> None:
    def queries() -> int:
        with (
            opening_all(world.actor("noor"), "family.log_seen", house.family_id, at=world.at) as seen,
            CaptureQueriesContext(connection) as count,
        ):
            who_looked(seen)
        return len(count)

    few = queries()
    for _n in range(5):
        say(world, write(world, tent, HERS, "ellen"), "ellen", of_sanne(house))
    assert queries() == few == 4


def test_the_page_that_goes_home_is_about_the_child(world: World, house: Household, tent: Tent) -> None:
    write(world, tent, HERS, "ellen", about=of_sanne(house))
    write(world, tent, OURS, "ellen")
    understood(world, tent)
    for phase in (Phase.GOES_WELL, Phase.DIRECTIONS, Phase.AGREE):
        go_to(world, tent, phase)
    actions.close(actor=world.actor("anouk"), tent_id=tent.pk, at=world.at)
    with reading(world.system, world.at):
        page = Page.objects.get(tent=tent)
        assert (OURS in page.understanding, HERS in page.understanding) == (True, False)


def test_the_forms_say_it_in_one_quiet_choice(world: World, house: Household, tent: Tent) -> None:
    client = world.client("anouk")
    text = read(world, tent, "anouk")
    assert "Gaat dit over iemand anders?" in text
    assert "iemand buiten het gezin" in text
    typed = {"text": HERS, "kind": "factor"}
    assert post(client, "tent", tent.pk, **typed, about="een onzinnig antwoord") == 422
    assert post(client, "tent", tent.pk, **typed, about=str(house.member("Sanne").pk)) == 302
    piece = Piece.objects.get()
    assert piece.about == house.member("Sanne")
    page = client.get(reverse("piece_about", args=[piece.pk])).content.decode()
    assert f'value="{house.member("Sanne").pk}" selected' in page
    assert post(client, "piece_about", piece.pk, about="outside") == 302
    assert Piece.objects.get().whom == OUTSIDE
    assert post(client, "piece_about", piece.pk, about="") == 302
    assert Piece.objects.get().whom == CHILD
    mark = world.client("mark")
    assert (
        "Alleen wie het schreef en de gezinscoach"
        in mark.get(reverse("piece_about", args=[piece.pk])).content.decode()
    )
    assert post(mark, "piece_about", piece.pk, about="outside") == 422


def test_the_page_of_one_piece_takes_as_many_queries_on_a_full_table(
    world: World, house: Household, tent: Tent
) -> None:
    piece, counts = write(world, tent, OURS, "anouk"), []
    for more in (0, 6):
        for _number in range(more):
            write(world, tent, HERS, "anouk", about=of_sanne(house))
        client, url = world.client("anouk"), reverse("piece_about", args=[piece.pk])
        client.get(url)
        with CaptureQueriesContext(connection) as seen:
            client.get(url)
        counts.append(len(seen))
    assert counts[0] == counts[1]
