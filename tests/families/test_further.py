"""The record is one page: whoever keeps a note beside it says why, and the family reads that."""

from __future__ import annotations

from collections.abc import Callable
from uuid import UUID, uuid4

import pytest
from django.db import connection
from django.urls import reverse

from hendig.audit.actions import reading, speaking
from hendig.families.actions import gp, invitations, notes, sharing, work_notes
from hendig.families.models import NO_REASON, REASONS, Because, Note, WhyKept
from hendig.families.rules.further import why_no_further_note
from hendig.helprequests import actions as questions
from hendig.helprequests.models import TalkNote
from tests.support.along import squeezed, taken
from tests.support.matching import Household, household, open_talk, say
from tests.support.refusals import code_of
from tests.support.shared import built_once
from tests.support.world import World

OWN = WhyKept(words="Dan hoeft Noor het niet nog eens te vertellen.")
TAPPED, SAID = "Wie na mij komt, moet dit weten", "Dan hoeft Noor het niet nog eens te vertellen."


@pytest.fixture(autouse=True)
def _the_clock_of_the_pages(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("hendig.web.middleware.timezone.now", lambda: world.at)


@built_once
def house(world: World) -> Household:
    """Noor of 13; Anouk helps by a match and may read what Noor keeps apart, Wouter is her GP."""
    found = household(world)
    say(world, open_talk(world, found), "noor", "sanne", "mark", "ellen", "anouk")
    record = found.request.compartment.record_id
    sharing.name_for_own_part(
        actor=world.actor("noor"), record_id=record, account_id=world.account("anouk").pk, at=world.at
    )
    made = invitations.invite_gp(
        actor=world.actor("noor"),
        record_id=record,
        first_name="Pim",
        email=world.account("youssef").email,
        at=world.at,
    )
    invitations.accept(
        actor=world.actor("youssef"), invitation_id=made.invitation_id, typed=made.code, at=world.at
    )
    return found


def record_of(house: Household) -> UUID:
    return house.request.compartment.record_id


def of_talk(world: World, house: Household, reason: WhyKept = NO_REASON, words: str = "Iets nieuws.") -> None:
    questions.first_talk(
        actor=world.actor("ellen"), request_id=house.request.pk, note=words, reason=reason, at=world.at
    )


def apart(world: World, house: Household, reason: WhyKept = NO_REASON, who: str = "anouk") -> None:
    notes.write_note(
        actor=world.actor(who), record_id=record_of(house), words="Iets nieuws.", reason=reason, at=world.at
    )


def as_gp(world: World, house: Household, reason: WhyKept = NO_REASON) -> None:
    gp.write_as_gp(
        actor=world.actor("youssef"), record_id=record_of(house), words="Iets.", reason=reason, at=world.at
    )


WAYS = (of_talk, apart, as_gp)
Way = Callable[[World, Household, WhyKept], None]


def post(world: World, who: str, route: str, key: UUID, **typed: str) -> tuple[int, str]:
    answer = world.client(who).post(reverse(route, args=[key]), {"_key": str(uuid4()), **typed})
    return answer.status_code, answer.content.decode()


def read(world: World, who: str, route: str, key: UUID) -> str:
    return world.client(who).get(reverse(route, args=[key])).content.decode()


@pytest.mark.parametrize(
    ("reason", "code"),
    [
        (NO_REASON, "note.no_reason"),
        (WhyKept(Because.OTHER), "note.no_reason"),
        (WhyKept(Because.OTHER, "   "), "note.no_reason"),
        (WhyKept(Because.BEFORE), "note.no_reason"),
        (WhyKept(Because.BEFORE, "Het staat er al."), "note.no_reason"),
        *((WhyKept(one), "") for one in REASONS if one != Because.OTHER),
        *((WhyKept(one, "Zo."), "") for one in ("", *REASONS)),
    ],
)
def test_a_choice_or_a_line_of_own_words_is_a_reason(reason: WhyKept, code: str) -> None:
    no = why_no_further_note(reason)
    assert (no.code if no else "") == code


@pytest.mark.parametrize("write", WAYS)
def test_a_note_beside_the_page_is_not_kept_without_a_reason(
    world: World, house: Household, write: Way
) -> None:
    assert code_of(lambda: write(world, house, NO_REASON)) == "note.no_reason"
    with reading(world.system, world.at):
        assert not Note.objects.exists()
        assert not TalkNote.objects.exists()


@pytest.mark.parametrize("write", WAYS)
@pytest.mark.parametrize(("reason", "said"), [(WhyKept(Because.NEXT), TAPPED), (OWN, SAID)])
def test_with_one_it_is_kept_and_the_words_of_it_are_sealed(
    world: World, house: Household, write: Way, reason: WhyKept, said: str
) -> None:
    write(world, house, reason)
    kind = TalkNote if write is of_talk else Note
    with reading(world.system, world.at):
        assert str(kind.objects.get().because_said) == said
        with connection.cursor() as cursor:
            cursor.execute(f"SELECT because_words FROM {kind._meta.db_table}")  # noqa: S608 - a table of ours
            assert all(SAID not in str(one) for (one,) in cursor.fetchall())


def test_what_somebody_of_the_family_writes_and_what_destroys_itself_needs_none(
    world: World, house: Household
) -> None:
    apart(world, house, who="noor")
    work_notes.write_work_note(
        actor=world.actor("ellen"), record_id=record_of(house), words="Bellen.", at=world.at
    )
    with reading(world.system, world.at):
        assert {str(one.because_said) for one in Note.objects.all()} == {""}
    page = read(world, "noor", "apart", house.family_id)
    assert ("Iets nieuws." in page, "Waarom" in page) == (True, False)


def test_the_family_reads_why_beside_the_piece(world: World, house: Household) -> None:
    of_talk(world, house, WhyKept(Because.NEXT))
    apart(world, house, OWN)
    for who in ("sanne", "noor", "ellen"):
        assert f"Waarom bewaard: {TAPPED}" in read(world, who, "own_record", house.family_id)
    for who in ("noor", "anouk"):
        assert f"Waarom bewaard: {SAID}" in read(world, who, "apart", house.family_id)
    assert SAID not in read(world, "sanne", "own_record", house.family_id)


def test_what_a_gp_shares_says_there_too_why_it_is_kept(world: World, house: Household) -> None:
    as_gp(world, house, OWN)
    gp.say_may_share(
        actor=world.actor("noor"),
        record_id=record_of(house),
        account_id=world.account("youssef").pk,
        yes=True,
        at=world.at,
    )
    with reading(world.system, world.at):
        note = Note.objects.get()
    gp.share_note(actor=world.actor("youssef"), note_id=note.pk, at=world.at)
    assert f"Waarom bewaard: {SAID}" in read(world, "sanne", "gp", record_of(house))


def test_why_it_is_kept_goes_along_in_a_copy(world: World, house: Household) -> None:
    of_talk(world, house, OWN)
    copy = taken(world, house, "sanne")
    assert [(one["because"], one["because_words"]) for one in copy.data["talk_notes"]] == [("other", SAID)]
    assert squeezed(f"Waarom, in eigen woorden: {SAID}") in copy.everything


@pytest.mark.parametrize(
    ("who", "route", "field"),
    [("ellen", "first_talk", "note"), ("anouk", "apart", "words"), ("youssef", "gp", "words")],
)
def test_the_page_says_what_it_misses_and_keeps_what_was_typed(
    world: World, house: Household, who: str, route: str, field: str
) -> None:
    key = {"first_talk": house.request.pk, "apart": house.family_id, "gp": record_of(house)}[route]
    assert "Waarom moet dit bewaard worden?" in read(world, who, route, key)
    status, page = post(world, who, route, key, **{field: "Dit typte ik."})
    assert (status, "Dit typte ik." in page) == (422, True)
    assert "Kies waarom dit bewaard moet worden, of zeg het in één regel." in page
    assert post(world, who, route, key, **{field: "Dit typte ik."}, because="safe")[0] == 302


def test_a_note_that_stands_there_is_not_asked_about_again(world: World, house: Household) -> None:
    """The page of the talk sends it along with the rest; new words need their reason."""
    of_talk(world, house, OWN)
    of_talk(world, house)
    with reading(world.system, world.at):
        assert TalkNote.objects.get(request=house.request).because_words == SAID
    assert SAID in read(world, "ellen", "first_talk", house.request.pk)
    assert code_of(lambda: of_talk(world, house, words="Iets anders.")) == "note.no_reason"


def test_what_was_there_before_it_was_asked_says_so(world: World, house: Household) -> None:
    of_talk(world, house, OWN)
    with speaking(world.system, world.at), connection.cursor() as cursor:
        cursor.execute("UPDATE helprequests_talknote SET because = DEFAULT, because_words = DEFAULT")
    assert "Waarom bewaard: Van voor deze vraag" in read(world, "sanne", "own_record", house.family_id)
    # Sent along with the rest of the page it stays what it was, and nobody chooses it today.
    assert "Van voor deze vraag" not in read(world, "ellen", "first_talk", house.request.pk)
    of_talk(world, house)
    with reading(world.system, world.at):
        assert TalkNote.objects.get(request=house.request).because == Because.BEFORE
