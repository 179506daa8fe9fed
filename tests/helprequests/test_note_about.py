"""Whom the note of the first talk is about: mostly the child; what is about a parent is not for the child."""

from __future__ import annotations

from typing import Any
from uuid import UUID, uuid4

import pytest
from django.urls import reverse

from hendig.audit.actions import reading
from hendig.audit.models import Entry
from hendig.families.models import CHILD, OUTSIDE, FamilyMember, Whom, WhyKept
from hendig.helprequests import actions
from hendig.helprequests.models import HelpRequest, TalkNote
from hendig.kernel.refusal import Forbidden, NotVisible, Refused
from hendig.keys.models.sealed import Opened
from tests.support.families import REASON, fosters, sees_along, taken_up
from tests.support.matching import Household, household
from tests.support.world import World

pytestmark = pytest.mark.django_db
WHY = "Dan hoeft zij het niet opnieuw te vertellen."
HERS = "Mama werd vroeger geslagen."


@pytest.fixture(autouse=True)
def _the_clock_of_the_pages(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("hendig.web.middleware.timezone.now", lambda: world.at)


def of_sanne(house: Household) -> Whom:
    return Whom(house.member("Sanne").pk)


def note(world: World, house: Household, about: Whom = CHILD, words: str = HERS) -> TalkNote:
    actions.first_talk(
        actor=world.actor("ellen"),
        request_id=house.request.pk,
        note=words,
        note_about=about,
        reason=REASON,
        at=world.at,
    )
    return kept(house)


def kept(house: Household) -> TalkNote:
    return TalkNote.objects.get(request=house.request)


def say(world: World, house: Household, about: Whom, who: str = "ellen") -> TalkNote:
    return actions.say_whom(actor=world.actor(who), request_id=house.request.pk, about=about, at=world.at)


def read(world: World, house: Household, who: str) -> str:
    answer = world.client(who).get(reverse("own_record", args=[house.family_id]))
    assert answer.status_code == 200
    return answer.content.decode()


def post(world: World, name: str, key: UUID, **typed: object) -> int:
    client = world.client("ellen")
    return client.post(reverse(name, args=[key]), {"_key": str(uuid4()), **typed}).status_code


def test_a_note_is_about_the_child_unless_somebody_says_otherwise(world: World, house: Household) -> None:
    assert note(world, house).whom == CHILD
    assert HERS in read(world, house, "noor")
    assert note(world, house, Whom(house.child.pk)).whom == CHILD


def test_a_note_about_a_parent_is_there_for_the_parents_and_the_coach(world: World, house: Household) -> None:
    note(world, house, of_sanne(house))
    for who in ("sanne", "mark", "ellen"):
        text = read(world, house, who)
        assert (HERS in text, "Over Sanne" in text) == (True, True)
    text = read(world, house, "noor")
    assert (HERS in text, "Wat de gezinscoach opschreef" in text) == (False, False)
    assert (
        "Over Sanne" in world.client("ellen").get(reverse("family", args=[house.family_id])).content.decode()
    )


@pytest.mark.parametrize("of", ["Sanne", "outside"])
def test_each_wall_alone_holds_it_from_who_reads_of_the_child_alone(
    world: World, house: Household, of: str
) -> None:
    """From the child, and from who fosters without deciding; what is about that one is theirs to read."""
    wim = fostered(world, house)
    note(world, house, OUTSIDE if of == "outside" else of_sanne(house))
    for who, there in (("noor", False), ("wim", False), ("sanne", True), ("mark", True), ("ellen", True)):
        actor = world.actor(who)
        with reading(actor, world.at):
            assert TalkNote.objects.exists() is there, who
            assert TalkNote.objects.visible_to(actor, at=world.at).exists() is there, who
            assert HelpRequest.objects.filter(pk=house.request.pk).exists(), who
    say(world, house, Whom(wim.pk))
    for who, there in (("noor", False), ("wim", True)):
        with reading(world.actor(who), world.at):
            assert TalkNote.objects.exists() is there, who


def fostered(world: World, house: Household) -> FamilyMember:
    """Wim fosters Noor, who finds it right that he sees along."""
    wim = fosters(world, house.family_id)
    sees_along(world, house.request.compartment.record_id, "wim", by="noor")
    return wim


def test_a_note_goes_along_with_its_question_to_the_record_of_the_child(
    world: World, house: Household
) -> None:
    """The first talk was about nobody yet; it turns out to be about a child that has a record."""
    asked = taken_up(world)
    talk: dict[str, Any] = {"actor": world.actor("ellen"), "request_id": asked.pk, "at": world.at}
    actions.first_talk(**talk, note=HERS, reason=WhyKept(words=WHY))
    actions.first_talk(**talk, child=actions.ChildOfTalk(member_id=house.child.pk))
    note = TalkNote.objects.get(request=asked)
    assert (note.compartment_id, str(note.words)) == (house.request.compartment_id, HERS)
    assert str(note.because_words) == WHY
    # By the key of where it lies now: the record that it came from is gone some day, and its key with it.
    for one in (note.words, note.because_words):
        assert isinstance(one, Opened)
        assert one.compartment == note.compartment_id


def test_a_child_that_turns_out_to_be_whom_it_is_about_reads_it(world: World, house: Household) -> None:
    """The first talk says at once which child it is, and whom its note is about."""
    actions.first_talk(
        actor=world.actor("ellen"),
        request_id=house.request.pk,
        note=HERS,
        reason=REASON,
        child=actions.ChildOfTalk(member_id=house.child.pk),
        note_about=Whom(house.child.pk),
        at=world.at,
    )
    assert kept(house).whom == CHILD


def test_what_was_written_of_the_rest_of_the_talk_leaves_whom_it_is_about(
    world: World, house: Household
) -> None:
    note(world, house, of_sanne(house))
    actions.write_result(
        actor=world.actor("ellen"), request_id=house.request.pk, result="Rust in huis.", at=world.at
    )
    assert kept(house).whom == of_sanne(house)


def test_the_coach_puts_it_right_and_nobody_else(world: World, house: Household) -> None:
    with pytest.raises(Refused) as no:
        say(world, house, OUTSIDE)
    assert no.value.refusal.code == "note.none"
    note(world, house)
    say(world, house, of_sanne(house))
    assert HERS not in read(world, house, "noor")
    say(world, house, OUTSIDE)
    assert (HERS in read(world, house, "noor"), "iemand buiten" in read(world, house, "mark")) == (
        False,
        True,
    )
    say(world, house, CHILD)
    assert HERS in read(world, house, "noor")
    facts = Entry.objects.filter(code="request.note_about").order_by("id").values_list("facts", flat=True)
    assert [one.get("another") for one in facts] == [str(house.member("Sanne").pk), "outside", None]
    for who, error in (("sanne", Forbidden), ("anouk", Forbidden), ("bram", NotVisible)):
        with pytest.raises(error):
            say(world, house, OUTSIDE, who)
    with pytest.raises(NotVisible):
        say(world, house, Whom(household(world, parent="Lisa", other="Tom", child="Finn").member("Lisa").pk))


def test_the_pages_ask_it_in_one_quiet_choice(world: World, house: Household) -> None:
    client, key = world.client("ellen"), house.request.pk
    assert "Gaat dit over iemand anders?" in client.get(reverse("first_talk", args=[key])).content.decode()
    assert client.get(reverse("note_about", args=[key])).status_code == 404
    sanne = str(house.member("Sanne").pk)
    assert (
        post(world, "first_talk", key, note=HERS, because="next", note_about=sanne, child=str(house.child.pk))
        == 302
    )
    text = client.get(reverse("first_talk", args=[key])).content.decode()
    assert f'value="{sanne}" selected' in text
    assert post(world, "note_about", key, about="onzin") == 422
    assert post(world, "note_about", key, about="") == 302
    assert kept(house).whom == CHILD
    assert reverse("note_about", args=[key]) in read(world, house, "ellen")
    assert reverse("note_about", args=[key]) not in read(world, house, "sanne")
