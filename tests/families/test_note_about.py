"""Alleen van jou: who was named writes what is about a parent too, and the youth does not read that."""

from __future__ import annotations

from uuid import UUID, uuid4

import pytest
from django.urls import reverse

from hendig.audit.actions import reading
from hendig.audit.models import Entry
from hendig.families.actions import notes, sharing
from hendig.families.models import CHILD, OUTSIDE, Note, Whom
from hendig.kernel.refusal import NotVisible, Refused
from tests.support.families import REASON
from tests.support.matching import Household, household, open_talk, say
from tests.support.shared import built_once
from tests.support.world import World

pytestmark = pytest.mark.django_db
HERS = "Mama werd vroeger geslagen."


@pytest.fixture(autouse=True)
def _the_clock_of_the_pages(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("hendig.web.middleware.timezone.now", lambda: world.at)


@built_once
def house(world: World) -> Household:
    """Noor of 13; Anouk helps by a match, and Noor named both her and the coach for the own part."""
    found = household(world)
    say(world, open_talk(world, found), "noor", "sanne", "mark", "ellen", "anouk")
    for whom in ("anouk", "ellen"):
        account, noor = world.account(whom).pk, world.actor("noor")
        sharing.name_for_own_part(actor=noor, record_id=record_of(found), account_id=account, at=world.at)
    return found


def record_of(house: Household) -> UUID:
    return house.request.compartment.record_id


def of_sanne(house: Household) -> Whom:
    return Whom(house.member("Sanne").pk)


def write(world: World, house: Household, who: str, about: Whom = CHILD) -> Note:
    record = record_of(house)
    return notes.write_note(
        actor=world.actor(who), record_id=record, words=HERS, about=about, reason=REASON, at=world.at
    )


def put_right(world: World, note: Note, who: str, about: Whom) -> Note:
    return notes.say_whom(actor=world.actor(who), note_id=note.pk, about=about, at=world.at)


def read(world: World, house: Household, who: str) -> str:
    answer = world.client(who).get(reverse("apart", args=[house.family_id]))
    assert answer.status_code == 200
    return answer.content.decode()


def post(world: World, who: str, name: str, key: UUID, **typed: object) -> int:
    return world.client(who).post(reverse(name, args=[key]), {"_key": str(uuid4()), **typed}).status_code


def test_what_is_about_a_parent_is_not_for_the_youth_on_the_page_or_in_the_database(
    world: World, house: Household
) -> None:
    note = write(world, house, "anouk", of_sanne(house))
    assert HERS not in read(world, house, "noor")
    for who in ("anouk", "ellen"):
        text = read(world, house, who)
        assert (HERS in text, "Over Sanne" in text) == (True, True)
    seen = {}
    for who in ("noor", "anouk"):
        with reading(world.actor(who), world.at):
            seen[who] = Note.objects.filter(pk=note.pk).exists()
    assert seen == {"noor": False, "anouk": True}
    assert world.client("noor").get(reverse("own_piece_about", args=[note.pk])).status_code == 404


def test_what_the_youth_wrote_the_youth_reads(world: World, house: Household) -> None:
    write(world, house, "noor", of_sanne(house))
    assert HERS in read(world, house, "noor")


def test_who_wrote_it_and_the_coach_put_it_right(world: World, house: Household) -> None:
    note = write(world, house, "noor")
    with pytest.raises(Refused) as no:
        put_right(world, note, "anouk", OUTSIDE)
    assert no.value.refusal.code == "about.not_yours"
    with pytest.raises(NotVisible):
        put_right(world, note, "sanne", OUTSIDE)
    assert put_right(world, note, "ellen", of_sanne(house)).about == house.member("Sanne")
    assert put_right(world, note, "noor", CHILD).whom == CHILD
    facts = Entry.objects.filter(code="child.note_about").order_by("id").values_list("facts", flat=True)
    assert [one.get("another") for one in facts] == [str(house.member("Sanne").pk), None]


def test_the_page_asks_it_in_one_quiet_choice(world: World, house: Household) -> None:
    assert "Gaat dit over iemand anders?" in read(world, house, "anouk")
    sanne = str(house.member("Sanne").pk)
    assert post(world, "anouk", "apart", house.family_id, words=HERS, because="next", about=sanne) == 302
    note = Note.objects.get()
    assert note.whom == of_sanne(house)
    assert post(world, "anouk", "own_piece_about", note.pk, about="onzin") == 422
    assert post(world, "anouk", "own_piece_about", note.pk, about="outside") == 302
    assert Note.objects.get().whom == OUTSIDE
