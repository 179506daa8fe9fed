"""Notes for the own work: read by the writer alone, in no copy, and destroyed by themselves."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from hendig.audit.actions import change, reading
from hendig.audit.models import Entry
from hendig.families.actions import end_involvement, notes, work_notes
from hendig.families.models import Compartment, CompartmentKind, Note, Part
from hendig.families.queries.work_notes import work_notes as page_of
from hendig.families.rules.work_notes import KEEPS, gone_at, why_no_work_note
from hendig.kernel.refusal import Forbidden, NotVisible, Refused
from hendig.keys.actions import seal_again
from hendig.keys.models import CompartmentKey
from hendig.people.models import Membership
from hendig.rights.queries import take_along
from hendig.safety.queries.pieces import offered
from tests.support.along import unpacked
from tests.support.families import what_family_sees
from tests.support.matching import Household, household, open_talk, say, son_and_daughter
from tests.support.safety import opened
from tests.support.shared import built_once
from tests.support.world import World

WORDS = "Moeder leek gespannen. Volgende keer vragen naar de nacht."


@pytest.fixture(autouse=True)
def _the_clock_of_the_pages(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("hendig.web.middleware.timezone.now", lambda: world.at)


@built_once
def house(world: World) -> Household:
    """Noor of 13; Anouk helps by a match."""
    found = household(world)
    say(world, open_talk(world, found), "noor", "sanne", "mark", "ellen", "anouk")
    return found


def record_of(house: Household) -> UUID:
    return house.request.compartment.record_id


def write(world: World, house: Household, who: str = "ellen", words: str = WORDS) -> Note:
    return work_notes.write_work_note(
        actor=world.actor(who), record_id=record_of(house), words=words, at=world.at
    )


def get(world: World, house: Household, who: str) -> Any:
    return world.client(who).get(reverse("work_notes", args=[house.family_id]))


def destroyed(world: World) -> int:
    return work_notes.destroy_work_notes(municipality_id=world.municipality.pk, at=world.at)


def words_of(note: Note) -> str:
    return str(Note.objects.get(pk=note.pk).words)


@pytest.mark.parametrize(
    ("parts", "code"),
    [
        *(([part], None) for part in KEEPS),
        ([Part.GUEST, Part.COACH], None),
        *(([part], "own_note.not_at_work") for part in Part if part not in KEEPS),
        ([], "own_note.not_at_work"),
    ],
)
def test_who_helps_for_longer_keeps_notes(parts: list[Part], code: str | None) -> None:
    refusal = why_no_work_note(parts)
    assert (refusal.code if refusal else None) == code


def test_who_helps_writes_and_nobody_else_reads(world: World, house: Household) -> None:
    note = write(world, house)
    write(world, house, "anouk", "Vraag of de hond mee mag.")
    assert (note.compartment.kind, note.compartment.author_id) == ("own_note", world.account("ellen").pk)
    assert WORDS in get(world, house, "ellen").content.decode()
    anouk = get(world, house, "anouk").content.decode()
    assert ("Vraag of de hond mee mag." in anouk, WORDS in anouk) == (True, False)
    for who in ("noor", "sanne", "mark", "anouk", "bram", "karin"):
        with reading(world.actor(who), world.at):
            assert not Note.objects.filter(pk=note.pk).exists(), who


def test_who_does_not_help_this_family_finds_no_page_and_writes_nothing(
    world: World, house: Household
) -> None:
    write(world, house)
    nowhere = world.client("bram").get(reverse("work_notes", args=[uuid4()]))
    assert (get(world, house, "bram").status_code, nowhere.status_code) == (404, 404)
    with pytest.raises(NotVisible):
        write(world, house, "bram")
    for who in ("noor", "sanne", "piet"):
        assert get(world, house, who).status_code == 403
        with pytest.raises(Forbidden):
            write(world, house, who)


def test_who_looks_for_an_hour_keeps_no_notes(world: World, house: Household) -> None:
    opened(world, house.request)
    with pytest.raises(Refused) as no:
        write(world, house, "youssef")
    assert no.value.refusal.code == "own_note.not_at_work"
    assert get(world, house, "youssef").status_code == 404
    assert not Note.objects.exists()


@pytest.mark.parametrize("who", ["noor", "sanne"])
def test_for_the_family_nothing_moves_and_no_copy_has_it(world: World, house: Household, who: str) -> None:
    before = what_family_sees(world, who, house.family_id)
    note = write(world, house)
    get(world, house, "ellen")
    assert what_family_sees(world, who, house.family_id) == before
    copy = unpacked(take_along(world.actor(who), record_of(house), whole=True, at=world.at).content)
    assert WORDS not in copy.everything
    leaves = [one.key for one in offered(world.actor("ellen"), record_of(house), at=world.at)]
    assert not [key for key in leaves if str(note.pk) in key]


def test_the_writer_throws_it_away_and_nothing_brings_it_back(world: World, house: Household) -> None:
    note, other = write(world, house), write(world, house, words="Blijft nog even.")
    client, path = world.client("ellen"), reverse("throw_away", args=[note.pk])
    assert world.client("anouk").post(path, {"_key": str(uuid4())}).status_code == 404
    assert client.post(path, {"_key": str(uuid4())}).status_code == 302
    assert client.post(path, {"_key": str(uuid4())}).status_code == 404
    page = get(world, house, "ellen").content.decode()
    assert (WORDS in page, "Blijft nog even." in page) == (False, True)
    assert (words_of(note), words_of(other)) == ("", "Blijft nog even.")
    for act in (notes.put_note_back, notes.take_note_back):
        with pytest.raises((NotVisible, Forbidden)):
            act(actor=world.actor("ellen"), note_id=note.pk, at=world.at)


def test_a_note_lasts_ninety_days(world: World, house: Household) -> None:
    note = write(world, house)
    world.at += timedelta(days=1)
    later = write(world, house, words="Een dag later.")
    assert gone_at(note.at) == note.at + timedelta(days=90)
    assert destroyed(world) == 0
    world.at = note.at + timedelta(days=90)
    assert destroyed(world) == 1
    assert (words_of(note), words_of(later)) == ("", "Een dag later.")
    assert destroyed(world) == 0
    assert Entry.objects.filter(code="own_note.destroyed").count() == 1


def test_it_goes_with_the_work(world: World, house: Household) -> None:
    note, other = write(world, house), write(world, house, "anouk")
    with change(world.system, "family.coach_stays", at=world.at) as act:
        end_involvement(
            act, record_id=record_of(house), account_id=world.account("ellen").pk, part=Part.COACH
        )
        act.record(house.child)
    assert get(world, house, "ellen").status_code == 404
    assert destroyed(world) == 1
    assert (words_of(note), words_of(other)) == ("", WORDS)


def test_it_goes_with_who_leaves_the_employer(world: World, house: Household) -> None:
    note = write(world, house, "anouk")
    row = Membership.objects.get(account=world.account("anouk"))
    with change(world.system, "role.ended", at=world.at) as act:
        row.ended_at = world.at
        row.save()
        act.record(row)
    world.at += timedelta(hours=1)
    assert destroyed(world) == 1
    assert words_of(note) == ""


def test_older_keys_of_what_was_destroyed_go_and_what_is_left_is_read_with_the_new_one(
    world: World, house: Household
) -> None:
    note = write(world, house)
    write(world, house, words="Blijft nog even.")
    place = Compartment.objects.get(kind=CompartmentKind.OWN_NOTE)
    before = set(CompartmentKey.objects.of(place.pk).values_list("pk", flat=True))
    work_notes.throw_away(actor=world.actor("ellen"), note_id=note.pk, at=world.at)
    seal_again(actor=world.system, compartment_ids=[place.pk], at=world.at)
    after = set(CompartmentKey.objects.of(place.pk).values_list("pk", flat=True))
    assert (len(after), before & after) == (1, set())
    assert "Blijft nog even." in get(world, house, "ellen").content.decode()


def test_of_two_children_one_is_chosen_and_what_was_typed_stays(world: World) -> None:
    found = son_and_daughter(world)
    client, path = world.client("ellen"), reverse("work_notes", args=[found.family_id])
    again: Any = client.post(path, {"_key": str(uuid4()), "words": WORDS})
    assert (again.status_code, WORDS in again.content.decode()) == (422, True)
    lotte = found.member("Lotte").record.pk
    assert (
        client.post(path, {"_key": str(uuid4()), "words": WORDS, "record_id": str(lotte)}).status_code == 302
    )
    assert Note.objects.get().record_id == lotte
    assert "Lotte" in client.get(path).content.decode()


def test_the_page_asks_the_same_number_of_questions_at_any_size(world: World, house: Household) -> None:
    counted = []
    for size in (1, 8):
        for number in range(size):
            write(world, house, words=f"{number} {WORDS}")
        with CaptureQueriesContext(
            connection,
        ) as seen:
            page_of(world.actor("ellen"), house.family_id, at=world.at)
        counted.append(len(seen))
    assert counted[0] == counted[1]


def test_the_family_page_of_who_helps_leads_there_and_that_of_the_family_not(
    world: World, house: Household
) -> None:
    door = reverse("work_notes", args=[house.family_id])
    for who, there in (("ellen", True), ("anouk", True), ("sanne", False)):
        page = world.client(who).get(reverse("family", args=[house.family_id])).content.decode()
        assert (door in page) == there, who
