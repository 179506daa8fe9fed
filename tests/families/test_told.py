"""A child without a way in tells something apart: whom it told writes it down, and parents see nothing."""

from __future__ import annotations

import re
from datetime import date
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from hendig.audit.models import Entry
from hendig.families import actions
from hendig.families.actions import notes, sharing, told
from hendig.families.models import Because, CompartmentKind, Involvement, Note, WhyKept
from hendig.families.queries import opening
from hendig.kernel.refusal import Forbidden, NotVisible, Refused
from hendig.people import actions as people
from hendig.people.models import Letter, Notice
from tests.support.families import what_family_sees
from tests.support.matching import Household, household, open_talk, record_of, say
from tests.support.shared import built_once
from tests.support.world import World

FOURTEEN, NINE = date(2012, 5, 4), date(2017, 5, 4)
SAID = "Ik durf niet naar papa toe."
SAFE = WhyKept(Because.SAFE)
OWN_WORDS = WhyKept(words="Noor vroeg dit, en wordt thuis anders gestraft.")
PARENTS = ("sanne", "mark")


@pytest.fixture(autouse=True)
def _the_clock(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("hendig.web.middleware.timezone.now", lambda: world.at)


@built_once
def house(world: World) -> Household:
    """Noor of 9, who signs in nowhere; Anouk helps by a match."""
    found = household(world, born_on=NINE)
    say(world, open_talk(world, found), "ellen", "sanne", "mark", "anouk")
    return found


@built_once
def older(world: World) -> Household:
    """Bas of 14 without a way in of his own, beside Lotte; both parents see along."""
    found = household(world, child="Lotte", born_on=NINE)
    ellen = world.actor("ellen")
    bas = actions.add_child(
        actor=ellen, family_id=found.family_id, first_name="Bas", born_on=FOURTEEN, at=world.at
    )
    for name in ("Sanne", "Mark"):
        actions.set_authority(actor=ellen, child_id=bas.pk, holder_id=found.member(name).pk, at=world.at)
    actions.note_child_agrees(actor=ellen, child_id=bas.pk, at=world.at)
    return found


def tells(world: World, record: UUID, by: str = "ellen", **given: Any) -> Note:
    said: dict[str, Any] = {"words": SAID, "reason": OWN_WORDS} | given
    return told.write_told(actor=world.actor(by), record_id=record, at=world.at, **said)


def refused(world: World, record: UUID, by: str = "ellen", **given: Any) -> str:
    with pytest.raises(Refused) as no:
        tells(world, record, by, **given)
    return no.value.refusal.code


def reads(world: World, house: Household, name: str) -> list[str]:
    with opening(
        world.actor(name), "child.notes_seen", house.family_id, at=world.at, kinds=[CompartmentKind.CHILD]
    ) as look:
        return [note.words for note in Note.objects.within(look)]


def words(answer: Any) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]*>", " ", answer.content.decode()))


# --- nothing for the parents ---


@pytest.mark.parametrize("parent", PARENTS)
def test_a_youth_of_14_tells_the_coach_and_for_the_parents_nothing_moves(
    world: World, older: Household, parent: str
) -> None:
    before = what_family_sees(world, parent, older.family_id)
    letters, notices = Letter.objects.count(), Notice.objects.count()
    tells(world, record_of(older, "Bas"), reason=SAFE)
    for entry in Entry.objects.filter(code__in=["child.told", "child.named"]):
        people.tell(entry_ids=[entry.pk], at=world.at)
    assert reads(world, older, "ellen") == [SAID]
    with pytest.raises(NotVisible):
        reads(world, older, parent)
    assert what_family_sees(world, parent, older.family_id) == before
    assert (Letter.objects.count(), Notice.objects.count()) == (letters, notices)


@pytest.mark.parametrize("parent", PARENTS)
def test_of_a_child_of_9_too_where_who_was_told_says_why_in_own_words(
    world: World, house: Household, parent: str
) -> None:
    record = record_of(house, "Noor")
    before = what_family_sees(world, parent, house.family_id)
    assert refused(world, record, reason=SAFE) == "told.under_12"
    tells(world, record, "anouk")
    assert reads(world, house, "anouk") == [SAID]
    for name in (parent, "ellen"):
        with pytest.raises(NotVisible):
            reads(world, house, name)
    assert what_family_sees(world, parent, house.family_id) == before


def test_no_page_of_the_family_moves(world: World, house: Household) -> None:
    record = record_of(house, "Noor")
    with CaptureQueriesContext(connection) as caught:
        tells(world, record, "anouk")
        told.let_read(
            actor=world.actor("anouk"),
            record_id=record,
            account_id=world.account("ellen").pk,
            at=world.at,
        )
    rung = [query["sql"] for query in caught if "pg_notify" in query["sql"]]
    assert len(rung) == 2
    assert not any(str(house.family_id) in sql for sql in rung)


# --- who ---


def test_who_was_told_first_lets_another_in_and_nobody_names_themself_after(
    world: World, house: Household
) -> None:
    record = record_of(house, "Noor")
    tells(world, record, "anouk")
    assert refused(world, record, "ellen") == "told.not_named"
    given: dict[str, Any] = {"record_id": record, "at": world.at}
    with pytest.raises(Refused) as no:
        told.let_read(actor=world.actor("ellen"), account_id=world.account("ellen").pk, **given)
    assert no.value.refusal.code == "told.not_named"
    with pytest.raises(Refused) as no:
        told.let_read(actor=world.actor("anouk"), account_id=world.account("bram").pk, **given)
    assert no.value.refusal.code == "named.not_there"
    told.let_read(actor=world.actor("anouk"), account_id=world.account("ellen").pk, **given)
    assert reads(world, house, "ellen") == [SAID]
    tells(world, record, "ellen")


def test_what_was_taken_away_still_keeps_others_out(world: World, house: Household) -> None:
    record = record_of(house, "Noor")
    note = tells(world, record, "anouk")
    notes.take_note_back(actor=world.actor("anouk"), note_id=note.pk, at=world.at)
    assert refused(world, record, "ellen") == "told.not_named"


@pytest.mark.parametrize(
    ("by", "error"), [("bram", NotVisible), ("youssef", NotVisible), ("karin", Forbidden)]
)
def test_who_is_not_there_cannot(world: World, house: Household, by: str, error: type[Exception]) -> None:
    with pytest.raises(error):
        tells(world, record_of(house, "Noor"), by)


def test_a_parent_cannot_and_neither_can_anybody_for_a_youth_who_writes_itself(
    world: World, house: Household
) -> None:
    assert refused(world, record_of(house, "Noor"), "sanne") == "told.not_helping"
    youth = household(world, child="Fien", parent="Petra", other="Paul", born_on=FOURTEEN)
    assert refused(world, record_of(youth, "Fien")) == "told.writes_itself"


def test_without_a_reason_nothing_is_kept(world: World, older: Household) -> None:
    assert refused(world, record_of(older, "Bas"), reason=WhyKept()) == "note.no_reason"


# --- once the youth signs in ---


def test_once_the_youth_signs_in_it_reads_it_sees_who_does_and_decides(
    world: World, older: Household
) -> None:
    record, bas = record_of(older, "Bas"), older.member("Bas")
    note = tells(world, record, reason=SAFE)
    actions.give_youth_account(
        actor=world.actor("ellen"), member_id=bas.pk, email="bas@gezin.example", at=world.at
    )
    client = world.client("bas")
    page = words(client.get(reverse("apart", args=[older.family_id])))
    assert SAID in page
    assert "wat u toen vertelde" in page
    assert "Ellen (gezinscoach) leest mee" in page
    assert refused(world, record, reason=SAFE) == "told.writes_itself"
    notes.write_note(actor=world.actor("bas"), record_id=record, words="Het zit anders.", at=world.at)
    gone = client.post(reverse("take_note_back", args=[note.pk]), {"_key": str(uuid4())})
    assert gone.status_code == 302
    assert SAID not in words(client.get(reverse("apart", args=[older.family_id])))
    note.refresh_from_db()
    assert note.taken_back_at == world.at
    sharing.name_no_more(
        actor=world.actor("bas"), record_id=record, account_id=world.account("ellen").pk, at=world.at
    )
    with pytest.raises(NotVisible):
        reads(world, older, "ellen")
    log = words(client.get(reverse("who_looked", args=[older.family_id])))
    assert "schreef apart op wat u vertelde" in log


def test_the_youth_takes_away_nothing_that_who_is_named_wrote_of_themself(
    world: World, older: Household
) -> None:
    record, bas = record_of(older, "Bas"), older.member("Bas")
    tells(world, record, reason=SAFE)
    own = notes.write_note(
        actor=world.actor("ellen"), record_id=record, words="Mijn indruk.", reason=SAFE, at=world.at
    )
    actions.give_youth_account(
        actor=world.actor("ellen"), member_id=bas.pk, email="bas@gezin.example", at=world.at
    )
    with pytest.raises(NotVisible):
        notes.take_note_back(actor=world.actor("bas"), note_id=own.pk, at=world.at)


# --- the pages ---


def test_by_the_page_of_the_coach_it_is_one_form_and_looks_like_any_look(
    world: World, older: Household
) -> None:
    ellen, url = world.client("ellen"), reverse("write_told", args=[older.family_id])
    assert "Wat een kind u apart vertelt" in words(ellen.get(reverse("family", args=[older.family_id])))
    shown = ellen.get(url)
    assert {"Bas", "Lotte"} <= set(words(shown).split())
    record = str(record_of(older, "Lotte"))
    young = ellen.post(
        url,
        {"_key": str(uuid4()), "record_id": record, "words": SAID, "because": "safe", "because_words": ""},
    )
    assert (young.status_code, SAID in young.content.decode()) == (422, True)
    assert "Onder de 12 lezen ouders met gezag normaal mee." in words(young)
    done = ellen.post(
        url,
        {
            "_key": str(uuid4()),
            "record_id": str(record_of(older, "Bas")),
            "words": SAID,
            "because": "safe",
            "because_words": "",
        },
    )
    bas = record_of(older, "Bas")
    assert done["Location"] == f"{reverse('apart', args=[older.family_id])}?van={bas}"
    apart = words(ellen.get(done["Location"]))
    assert "Bas meldt zich niet zelf aan, en vertelde dit apart." in apart
    assert SAID in apart
    codes = set(Entry.objects.filter(account_id=world.account("ellen").pk).values_list("code", flat=True))
    assert {"family.page_seen", "child.told"} <= codes
    # Of each child apart, also for who is named for two of them.
    tells(world, record_of(older, "Lotte"), words="Over Lotte.")
    apart = words(ellen.get(done["Location"]))
    assert (SAID in apart, "Over Lotte." in apart) == (True, False)
    links = ellen.get(url).content.decode()
    assert all(f"?van={record_of(older, name)}" in links for name in ("Bas", "Lotte"))
    for name in PARENTS:
        assert world.client(name).get(url).status_code == 404
        assert "apart" not in words(world.client(name).get(reverse("who_looked", args=[older.family_id])))
    assert Involvement.objects.filter(kinds__contains=["child"], part="coach").count() == 2
