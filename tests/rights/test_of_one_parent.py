"""A parent says something apart: that parent and who was named read it, and for the rest it is not there."""

from __future__ import annotations

from typing import Any
from uuid import UUID, uuid4

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from hendig.audit.actions import reading
from hendig.audit.models import Entry
from hendig.families.actions import notes, sharing
from hendig.families.models import Involvement, Note
from hendig.families.queries.apart import apart, opening_place, part_of
from hendig.kernel.refusal import NotVisible, Refused
from hendig.people.actions import tell
from hendig.people.models import Letter, Notice
from hendig.rights import actions
from hendig.rights.models import OwnWords
from tests.support.along import taken
from tests.support.families import REASON, what_family_sees
from tests.support.matching import Household, household, open_talk, say
from tests.support.shared import built_once
from tests.support.world import World

WORDS = "Mark dreigt soms aan de deur."


@pytest.fixture(autouse=True)
def _the_clock_of_the_pages(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("hendig.web.middleware.timezone.now", lambda: world.at)


@built_once
def house(world: World) -> Household:
    """Noor of 13, whose parents both see along; Anouk helps by a match, Ellen coaches."""
    found = household(world)
    say(world, open_talk(world, found), "noor", "sanne", "mark", "ellen", "anouk")
    return found


def write(world: World, house: Household, words: str = WORDS, kind: str = "addition") -> OwnWords:
    return actions.write_own_words(
        actor=world.actor("sanne"),
        family_id=house.family_id,
        kind=kind,
        topic="plan",
        words=words,
        apart=True,
        at=world.at,
    )


def name(world: World, house: Household, whom: str, who: str = "sanne", *, on: bool = True) -> Any:
    act = sharing.name_for_own_part if on else sharing.name_no_more
    return act(
        actor=world.actor(who),
        record_id=record_id(house),
        account_id=world.account(whom).pk,
        person_id=sanne(house),
        at=world.at,
    )


def record_id(house: Household) -> UUID:
    return house.request.compartment.record_id


def sanne(house: Household) -> UUID:
    return house.member("Sanne").pk


def own(world: World, house: Household, who: str) -> str:
    return world.client(who).get(reverse("own_record", args=[house.family_id])).content.decode()


def part(world: World, house: Household, who: str) -> Any:
    return world.client(who).get(reverse("part_of_parent", args=[sanne(house)]))


def told(world: World) -> set[str]:
    """The first names of who has a notice of a line since, after the worker did its work."""
    tell(entry_ids=list(Entry.objects.values_list("pk", flat=True)), at=world.at)
    return set(Notice.objects.values_list("account__first_name", flat=True))


def test_a_parent_chooses_who_reads_it_and_the_coach_is_named(world: World, house: Household) -> None:
    client, url = world.client("sanne"), reverse("write_own_words", args=[house.family_id])
    page = client.get(url).content.decode()
    assert "Wie leest dit?" in page
    assert "Iedereen die het dossier mag zien" in page
    assert "Alleen ik en Ellen" in page
    # One of the two is chosen already: nothing is left empty.
    assert page.partition("Wie leest dit?")[2].startswith("</legend>")
    said = {"_key": str(uuid4()), "kind": "addition", "topic": "plan", "words": WORDS, "apart": "1"}
    assert client.post(url, said).status_code == 302
    assert WORDS in own(world, house, "sanne")
    assert "Alleen u leest dit, en wie u daarvoor koos." in own(world, house, "sanne")
    assert WORDS in own(world, house, "ellen")
    for who in ("mark", "noor", "anouk"):
        assert WORDS not in own(world, house, who)


@pytest.mark.parametrize("who", ["mark", "noor"])
def test_the_other_parent_and_the_child_find_no_entry_count_gap_mail_notice_or_line(
    world: World, house: Household, who: str
) -> None:
    told(world)
    what_family_sees(world, who, house.family_id)
    before = what_family_sees(world, who, house.family_id)
    letters = Letter.objects.filter(to=world.account(who).email).count()
    bells = Notice.objects.filter(account=world.account(who)).count()
    with CaptureQueriesContext(connection) as caught:
        one, two = write(world, house), write(world, house, kind="correction")
        name(world, house, "anouk")
        notes.write_note(
            actor=world.actor("ellen"),
            record_id=record_id(house),
            person_id=sanne(house),
            words="Sanne is bang.",
            reason=REASON,
            at=world.at,
        )
        actions.answer_correction(
            actor=world.actor("ellen"), own_id=two.pk, corrected=True, reply="Ja.", at=world.at
        )
        actions.take_back(actor=world.actor("sanne"), own_id=one.pk, at=world.at)
        name(world, house, "anouk", on=False)
    rung = [query["sql"] for query in caught if "pg_notify" in query["sql"]]
    told(world)
    assert what_family_sees(world, who, house.family_id) == before
    assert rung
    assert not any(f"family:{house.family_id}" in sql for sql in rung)
    assert Letter.objects.filter(to=world.account(who).email).count() == letters
    assert Notice.objects.filter(account=world.account(who)).count() == bells
    assert part(world, house, who).status_code == 404
    with reading(world.actor(who), world.at):
        assert not OwnWords.objects.exists()
        assert not Note.objects.exists()
        assert not Involvement.objects.filter(member=sanne(house)).exclude(part="family").exists()


def test_who_is_named_no_more_reads_nothing_at_the_next_request_and_does_not_come_back(
    world: World, house: Household
) -> None:
    write(world, house)
    assert WORDS in own(world, house, "ellen")
    name(world, house, "ellen", on=False)
    assert WORDS not in own(world, house, "ellen")
    assert "Alleen ik</" in world.client("sanne").get(
        reverse("write_own_words", args=[house.family_id])
    ).content.decode().replace("\n", "")
    write(world, house, "Nog iets.")
    assert "Nog iets." not in own(world, house, "ellen")
    with pytest.raises(Refused) as no:
        write(world, house, kind="correction")
    assert no.value.refusal.code == "own.nobody_reads"
    with pytest.raises(Refused) as no:
        sharing.read_along(actor=world.actor("ellen"), person_id=sanne(house), at=world.at)
    assert no.value.refusal.code == "side.not_named"
    name(world, house, "ellen")
    assert "Nog iets." in own(world, house, "ellen")


def test_only_a_coach_who_was_named_hears_that_something_was_said(world: World, house: Household) -> None:
    write(world, house)
    before = Notice.objects.count()
    assert "Ellen" in told(world)
    entry = Entry.objects.filter(code="own.written").latest("id")
    assert set(Notice.objects.filter(entry_id=entry.pk).values_list("account__first_name", flat=True)) == {
        "Ellen"
    }
    name(world, house, "ellen", on=False)
    write(world, house, "Nog iets.")
    entry = Entry.objects.filter(code="own.written").latest("id")
    tell(entry_ids=[entry.pk], at=world.at)
    assert not Notice.objects.filter(entry_id=entry.pk).exists()
    assert Notice.objects.count() > before


def test_a_coach_writes_down_apart_what_a_parent_told_and_the_parent_hears_of_it(
    world: World, house: Household
) -> None:
    client, url = world.client("ellen"), reverse("part_of_parent", args=[sanne(house)])
    asked = client.get(url).content.decode()
    assert "U leest dit nu niet." in asked
    assert client.post(url, {"_key": str(uuid4())})["Location"] == url
    assert "Dit is alleen van Sanne." in client.get(url).content.decode()
    said = {"_key": str(uuid4()), "words": "Sanne is bang.", "because": "next"}
    assert client.post(url, said)["Location"] == url
    assert "Sanne is bang." in part(world, house, "sanne").content.decode()
    assert part(world, house, "anouk").status_code == 404
    client.post(
        reverse("name_reader", args=[record_id(house)]),
        {
            "_key": str(uuid4()),
            "account": str(world.account("anouk").pk),
            "on": "1",
            "person": str(sanne(house)),
        },
    )
    assert "Sanne is bang." in part(world, house, "anouk").content.decode()
    note = Note.objects.get()
    assert client.get(reverse("own_piece_about", args=[note.pk])).status_code == 200
    gone = client.post(reverse("take_note_back", args=[note.pk]), {"_key": str(uuid4())})
    assert gone["Location"].startswith(url)
    log = world.client("sanne").get(reverse("who_looked", args=[house.family_id])).content.decode()
    assert "leest vanaf nu ook wat alleen van u is" in log
    assert "Anouk las wat alleen van u is" in log


def test_nobody_names_or_opens_it_but_that_parent_and_a_coach_who_reads_it(
    world: World, house: Household
) -> None:
    write(world, house)
    for who in ("mark", "noor", "anouk"):
        with pytest.raises(NotVisible):
            name(world, house, "anouk", who)
    with pytest.raises(NotVisible):
        name(world, house, "anouk", "ellen", on=False)
    name(world, house, "anouk", "ellen")
    with pytest.raises(NotVisible):
        name(world, house, "ellen", "anouk", on=False)
    with pytest.raises(Refused) as no:
        name(world, house, "mark")
    assert no.value.refusal.code == "named.not_there"
    assert world.client("bram").get(reverse("part_of_parent", args=[sanne(house)])).status_code == 404


def test_it_goes_along_with_that_parent_alone(world: World, house: Household) -> None:
    write(world, house)
    assert WORDS in str(taken(world, house, "sanne"))
    for who in ("mark", "noor"):
        assert WORDS not in str(taken(world, house, who))


def test_the_part_takes_as_many_queries_as_it_says_at_any_size(world: World, house: Household) -> None:
    write(world, house)
    counts = []
    for more in range(2):
        for n in range(4 * more):
            notes.write_note(
                actor=world.actor("sanne"),
                record_id=record_id(house),
                person_id=sanne(house),
                words=f"Stuk {n}.",
                at=world.at,
            )
        with reading(world.actor("sanne"), world.at):
            place = part_of(world.actor("sanne"), sanne(house), at=world.at)
            assert place is not None
        with (
            opening_place(world.actor("sanne"), place, at=world.at) as look,
            CaptureQueriesContext(connection) as caught,
        ):
            apart(look)
        counts.append(len(caught))
    assert counts == [4, 4]
