"""The citizen service number (bsn) of a child: apart, sealed, shown on asking, and found by all of it."""

from __future__ import annotations

import logging
import re
from datetime import date
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from hendig.audit.actions import reading, speaking
from hendig.audit.models import Entry, Kind, Receipt
from hendig.families.actions import citizen_numbers as actions
from hendig.families.models import CitizenNumber, Compartment, NumberWhy, hashed_number
from hendig.families.queries import opening_all
from hendig.families.queries.citizen_numbers import found_by_number, number_page
from hendig.families.queries.looked import who_looked
from hendig.kernel.refusal import Forbidden, NotVisible
from hendig.keys.actions import renew_keys, seal_again
from hendig.people.actions import tell
from hendig.people.models import Notice
from hendig.rights.queries.kinds import LEFT_OUT
from hendig.safety import actions as safety
from hendig.safety.models import ErasureWhy
from tests.support.matching import Household, household
from tests.support.refusals import code_of
from tests.support.safety import opened
from tests.support.shared import built_once
from tests.support.world import World

# Of the range for tests: nobody has them.
NUMBER, OTHER, WRONG = "999900018", "999900031", "999900019"


@pytest.fixture(autouse=True)
def _the_clock_of_the_pages(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("hendig.web.middleware.timezone.now", lambda: world.at)


@built_once
def other(world: World) -> Household:
    """Bas, of another family, whose coach is Ellen as well."""
    return household(world, parent="Joris", other="Els", child="Bas", born_on=date(2014, 11, 20))


def record_of(house: Household) -> UUID:
    return house.request.compartment.record_id


def note(world: World, house: Household, number: str = NUMBER, who: str = "ellen") -> CitizenNumber:
    return actions.note_number(
        actor=world.actor(who), record_id=record_of(house), number=number, why=NumberWhy.RECORD, at=world.at
    )


def remove(world: World, house: Household, who: str = "ellen") -> CitizenNumber:
    return actions.remove_number(actor=world.actor(who), record_id=record_of(house), at=world.at)


def page_of(house: Household, name: str = "citizen_number") -> str:
    return reverse(name, args=[record_of(house)])


def post(world: World, url: str, who: str = "ellen", **fields: str) -> Any:
    return world.client(who).post(url, {"_key": str(uuid4()), **fields})


def stored(world: World) -> list[tuple[Any, ...]]:
    """What stands in the table itself, past every wall."""
    with reading(world.system, world.at), connection.cursor() as cursor:
        cursor.execute("SELECT number, found_by, removed_at, why FROM families_citizennumber ORDER BY id")
        return [(bytes(row[0]), row[1] and bytes(row[1]), *row[2:]) for row in cursor.fetchall()]


def open_places(world: World, who: str) -> set[UUID]:
    with reading(world.actor(who), world.at), connection.cursor() as cursor:
        cursor.execute("SELECT compartment_id FROM hendig_open(%s, %s)", [world.account(who).pk, world.at])
        return {row[0] for row in cursor.fetchall()}


def said(kind: Kind = Kind.CHANGE) -> list[str]:
    rows = Entry.objects.filter(code__startswith="citizen_number.", kind=kind).order_by("pk")
    return list(rows.values_list("code", flat=True))


# --- written down, replaced, removed ---


def test_a_number_is_sealed_and_its_hash_is_that_of_this_municipality(world: World, house: Household) -> None:
    row = note(world, house, "9999 00.018")
    ((sealed, found_by, removed_at, why),) = stored(world)
    assert NUMBER.encode() not in sealed
    assert len(sealed) > len(NUMBER)
    assert found_by == hashed_number(world.municipality.pk, NUMBER) != hashed_number(uuid4(), NUMBER)
    assert (removed_at, why) == (None, "record")
    assert (row.noted_by_id, row.noted_at) == (world.account("ellen").pk, world.at)
    assert Compartment.objects.get(pk=row.compartment_id).kind == "address"
    assert said() == ["citizen_number.noted"]


def test_without_the_secret_of_the_installation_the_hash_is_another(world: World, settings: Any) -> None:
    before = hashed_number(world.municipality.pk, NUMBER)
    settings.SECRET_KEY = "of another installation"
    assert hashed_number(world.municipality.pk, NUMBER) != before


def test_another_number_takes_the_place_of_the_first_of_which_nothing_is_left(
    world: World, house: Household
) -> None:
    note(world, house)
    assert code_of(lambda: note(world, house)) == "bsn.same"
    note(world, house, OTHER)
    first, second = stored(world)
    assert first[:3] == (b"", None, world.at)
    assert second[1] == hashed_number(world.municipality.pk, OTHER)
    assert said() == ["citizen_number.noted", "citizen_number.replaced"]
    # The first is nobody's any more, and may be written down where it belongs.
    assert found_by_number(world.actor("ellen"), NUMBER, at=world.at) is None


def test_removed_it_is_gone_and_can_be_written_down_again(world: World, house: Household) -> None:
    note(world, house)
    remove(world, house)
    assert [row[:3] for row in stored(world)] == [(b"", None, world.at)]
    with pytest.raises(NotVisible):
        remove(world, house)
    note(world, house)
    assert said() == ["citizen_number.noted", "citizen_number.removed", "citizen_number.noted"]


@pytest.mark.parametrize("typed", [WRONG, "12345", "", "000000000"])
def test_what_is_no_number_is_refused(world: World, house: Household, typed: str) -> None:
    assert code_of(lambda: note(world, house, typed)) == "bsn.wrong"
    assert stored(world) == []


def test_a_number_of_another_record_is_refused_and_who_watches_hears_of_it(
    world: World, house: Household, other: Household
) -> None:
    note(world, house)
    assert code_of(lambda: note(world, other)) == "bsn.elsewhere"
    assert len(stored(world)) == 1
    line = Entry.objects.get(code="citizen_number.double")
    assert (line.family_id, line.record_id, line.object_id) == (None, None, world.account("ellen").pk)
    assert line.facts == {"record_tried": str(record_of(other)), "record_known": str(record_of(house))}
    tell(entry_ids=[line.pk], at=world.at)
    (notice,) = Notice.objects.filter(code="citizen_number.double")
    assert notice.account.first_name == "Karin"
    remove(world, house)
    note(world, other)


def test_in_another_municipality_it_is_no_double(world: World) -> None:
    with reading(world.system, world.at):
        assert not CitizenNumber.objects.called(uuid4(), NUMBER).exists()


def test_who_tries_numbers_is_stopped_for_an_hour(world: World, house: Household, other: Household) -> None:
    note(world, house)
    for _again in range(9):
        assert code_of(lambda: note(world, other)) == "bsn.elsewhere"
    assert code_of(lambda: note(world, other, OTHER)) == "bsn.too_often"
    world.later(hours=1, minutes=1)
    note(world, other, OTHER)


@pytest.mark.parametrize("who", ["sanne", "anouk", "karin", "henk"])
def test_nobody_but_a_coach_writes_it_down_or_takes_it_out(world: World, house: Household, who: str) -> None:
    for act in (note, remove):
        with pytest.raises(Forbidden):
            act(world, house, who=who)
        assert stored(world) == []


def test_a_coach_of_another_family_finds_no_record(world: World, house: Household) -> None:
    note(world, house)
    bram = world.actor("bram")
    with pytest.raises(NotVisible):
        note(world, house, OTHER, "bram")
    with pytest.raises(NotVisible):
        remove(world, house, "bram")
    for whole in (False, True):
        with pytest.raises(NotVisible):
            number_page(bram, record_of(house), at=world.at, whole=whole)
    with speaking(bram, world.at):
        assert not CitizenNumber.objects.exists()
    assert not CitizenNumber.objects.visible_to(bram, at=world.at).exists()


def test_who_is_there_in_an_emergency_sees_no_number(world: World, house: Household) -> None:
    note(world, house)
    opened(world, house.request, "bram")
    with speaking(world.system, world.at):
        place = CitizenNumber.objects.get().compartment_id
    assert place in open_places(world, "bram")
    for name in ("citizen_number", "show_citizen_number", "remove_citizen_number"):
        assert post(world, page_of(house, name), "bram", number=OTHER, why="record").status_code == 404
    assert found_by_number(world.actor("bram"), NUMBER, at=world.at) is None


# --- the page ---


def test_it_is_masked_until_asked_for_and_each_look_is_in_the_log(world: World, house: Household) -> None:
    note(world, house)
    masked = world.client("ellen").get(page_of(house))
    words = masked.content.decode()
    assert "•••••018" in words
    assert NUMBER not in words
    assert "door Ellen, " in words
    shown = post(world, page_of(house, "show_citizen_number"))
    assert shown.status_code == 200
    assert NUMBER in shown.content.decode()
    for answer in (masked, shown):
        assert answer["Cache-Control"] == "no-store"
    # In the part where it lies, and in what the family reads.
    assert said(Kind.LOOK) == ["citizen_number.seen"] * 2 + ["citizen_number.shown"] * 2
    assert world.client("ellen").get(page_of(house, "show_citizen_number")).status_code == 405


def test_a_page_that_showed_it_is_kept_nowhere(world: World, house: Household) -> None:
    note(world, house)
    key = str(uuid4())
    client = world.client("ellen")
    client.post(page_of(house, "show_citizen_number"), {"_key": key})
    assert not Receipt.objects.exists()
    client.post(page_of(house), {"_key": key, "number": WRONG, "why": "record"})
    assert not Receipt.objects.exists()


def test_what_was_typed_stays_with_a_sentence_and_in_no_log(
    world: World, house: Household, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    answer = post(world, page_of(house), number="9999 00 019", why="record")
    words = answer.content.decode()
    assert answer.status_code == 422
    assert "Dit is geen geldig burgerservicenummer. Kijk het na op een paspoort of ID-kaart." in words
    assert 'value="9999 00 019"' in words
    assert re.search(r'<input[^>]*name="number"[^>]*>', words)
    field = re.findall(r'<input[^>]*name="number"[^>]*>', words)[0]
    assert 'inputmode="numeric"' in field
    assert 'autocomplete="off"' in field
    # Nor on the device itself, where drafts of other forms wait.
    (form,) = [one for one in re.findall(r"<form[^>]*>", words) if page_of(house) + '"' in one]
    assert "data-draft" not in form
    assert not any("9999" in one.getMessage() for one in caplog.records if one.name.startswith("hendig"))
    assert not any("9999" in str(one.facts) for one in Entry.objects.all())


def test_it_is_written_down_for_a_reason_of_the_list(world: World, house: Household) -> None:
    answer = post(world, page_of(house), number=NUMBER)
    assert answer.status_code == 422
    assert "Kies waarvoor het nodig is." in answer.content.decode()
    assert f'value="{NUMBER}"' in answer.content.decode()
    assert post(world, page_of(house), number=NUMBER, why="curious").status_code == 422
    assert stored(world) == []
    done = post(world, page_of(house), number=NUMBER, why="exchange")
    assert (done.status_code, done["Location"]) == (302, page_of(house))
    assert "Een aanbieder of de huisarts" in world.client("ellen").get(page_of(house)).content.decode()


def test_a_double_is_refused_in_words_that_tell_nothing_of_the_other(
    world: World, house: Household, other: Household
) -> None:
    note(world, house)
    words = post(world, page_of(other), number=NUMBER, why="record").content.decode()
    assert "Kijk het nummer na. Als het klopt, vraag dan de privacyfunctionaris om mee te kijken." in words
    assert "Noor" not in words
    # Written although the form came back: who watches hears of it.
    assert Entry.objects.filter(code="citizen_number.double").count() == 1


def test_by_the_button_it_is_taken_out(world: World, house: Household) -> None:
    note(world, house)
    assert post(world, page_of(house, "remove_citizen_number"))["Location"] == page_of(house)
    assert "•••••" not in world.client("ellen").get(page_of(house)).content.decode()
    assert post(world, page_of(house, "show_citizen_number")).status_code == 404


@pytest.mark.parametrize("who", ["bram", "sanne", "noor", "anouk"])
@pytest.mark.parametrize("name", ["citizen_number", "show_citizen_number", "remove_citizen_number"])
def test_for_anybody_else_there_is_no_such_page(world: World, house: Household, who: str, name: str) -> None:
    note(world, house)
    answer = post(world, page_of(house, name), who=who, number=OTHER, why="record")
    nothing = post(world, reverse(name, args=[uuid4()]), who=who, number=OTHER, why="record")
    assert answer.status_code == nothing.status_code == (404 if who == "bram" else 403)
    assert len(stored(world)) == 1


def test_the_page_of_the_family_leads_there_for_its_coach_alone(world: World, house: Household) -> None:
    family = reverse("family", args=[house.family_id])
    assert page_of(house) in world.client("ellen").get(family).content.decode()
    assert "burgerservicenummer" not in world.client("sanne").get(family).content.decode().lower()


@pytest.mark.parametrize("many", [1, 3])
def test_the_page_asks_the_same_however_much_there_was(world: World, house: Household, many: int) -> None:
    for number in (NUMBER, OTHER, "999900043")[:many]:
        note(world, house, number)
    ellen = world.actor("ellen")
    with reading(ellen, world.at), CaptureQueriesContext(connection) as asked:
        number_page(ellen, record_of(house), at=world.at)
    assert len(asked) == 4


# --- what the family reads ---


def test_the_family_reads_who_looked_at_what_kind_of_piece(world: World, house: Household) -> None:
    note(world, house)
    post(world, page_of(house, "show_citizen_number"))
    for name in ("sanne", "noor"):
        with opening_all(world.actor(name), "family.log_seen", house.family_id, at=world.at) as look:
            lines = [one for one in who_looked(look).lines if str(one.piece) == "burgerservicenummer"]
        assert [str(one.words) for one in lines] == ["las het nummer", "schreef het nummer op"]
        assert {one.first_name for one in lines} == {"Ellen"}
    page = world.client("sanne").get(reverse("who_looked", args=[house.family_id])).content.decode()
    assert "burgerservicenummer" in page
    assert NUMBER not in page
    # Nor its end, which is shown to who works with it; an identifier may hold any three digits.
    assert not re.search(rf"\b{NUMBER[-3:]}\b", page)


def test_no_copy_has_it() -> None:
    assert "families.CitizenNumber" in LEFT_OUT


# --- finding ---


def search(world: World, typed: str, who: str = "ellen") -> str:
    return str(world.client(who).post(reverse("coach_list"), {"q": typed}).content.decode())


def test_a_coach_finds_a_child_by_the_whole_number(world: World, house: Household) -> None:
    note(world, house)
    for typed in (NUMBER, "9999 00 018", "9999.00.018"):
        assert "het nummer van Noor" in search(world, typed)
    assert said(Kind.LOOK).count("citizen_number.found") == 6
    for typed in (NUMBER[:-1], OTHER, NUMBER[3:]):
        assert "het nummer van" not in search(world, typed)


def test_nobody_finds_by_it_what_they_may_not_see(world: World, house: Household) -> None:
    note(world, house)
    hidden, none = search(world, NUMBER, "bram"), search(world, OTHER, "bram")
    assert "Niemand gevonden" in hidden
    assert "Noor" not in hidden
    plain = [re.sub(r'(value|nonce|id|for)="[^"]*"', "", one) for one in (hidden, none)]
    assert plain[0] == plain[1]
    assert found_by_number(world.actor("sanne"), NUMBER, at=world.at) is None
    assert said(Kind.LOOK) == []


def test_a_number_in_an_address_searches_nothing_and_no_form_puts_one_there(
    world: World, house: Household
) -> None:
    note(world, house)
    client = world.client("ellen")
    page = client.get(reverse("coach_list"), {"q": NUMBER}).content.decode()
    assert "Er is niet gezocht." in page
    assert "het nummer van" not in page
    assert said(Kind.LOOK) == []
    for name in ("coach_list", "coach_board"):
        (form,) = re.findall(r"<form[^>]*role=\"search\"[^>]*>", client.get(reverse(name)).content.decode())
        assert 'method="post"' in form
    found = client.post(reverse("coach_list"), {"q": NUMBER})
    assert not any(NUMBER in value for value in found.headers.values())
    assert not re.search(rf'(href|action|src)="[^"]*{NUMBER}', found.content.decode())


@pytest.mark.parametrize("many", [1, 2])
def test_finding_by_it_asks_the_same_whatever_is_there(
    world: World, house: Household, other: Household, many: int
) -> None:
    note(world, house)
    if many == 2:
        note(world, other, OTHER)
    ellen = world.actor("ellen")
    with reading(ellen, world.at), CaptureQueriesContext(connection) as asked:
        assert found_by_number(ellen, NUMBER, at=world.at)
    assert len(asked) == 3
    with reading(ellen, world.at), CaptureQueriesContext(connection) as asked:
        assert found_by_number(ellen, "Noor", at=world.at) is None
    assert len(asked) == 0


# --- keys, and what is destroyed ---


def test_with_another_key_of_its_part_it_is_read_and_found_as_before(world: World, house: Household) -> None:
    place = note(world, house).compartment_id
    ((before, *_rest),) = stored(world)
    for act in (renew_keys, seal_again):
        act(actor=world.system, compartment_ids=[place], at=world.at)
    assert stored(world)[0][0] != before
    page = number_page(world.actor("ellen"), record_of(house), at=world.at, whole=True)
    assert page.noted is not None
    assert page.noted.shown == NUMBER
    assert found_by_number(world.actor("ellen"), NUMBER, at=world.at)


def test_with_the_record_its_number_goes_and_the_hash_as_well(world: World, house: Household) -> None:
    note(world, house)
    karin, ellen = world.actor("karin"), world.actor("ellen")
    world.later(days=20 * 365 + 10)
    row = safety.ask_erasure(actor=karin, record_id=record_of(house), why=ErasureWhy.TERM, at=world.at)
    safety.agree_erasure(actor=ellen, erasure_id=row.pk, at=world.at)
    assert [one[:2] for one in stored(world)] == [(b"", None)]
