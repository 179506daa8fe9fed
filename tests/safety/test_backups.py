"""In which backup files something destroyed still stands, until when, and who hears of one too many."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from hendig.audit.actions import change
from hendig.audit.models import Entry
from hendig.kernel.refusal import Forbidden, NotVisible
from hendig.keys.actions import backups
from hendig.keys.models import BackupFile
from hendig.keys.queries import roots
from hendig.people.actions import tell
from hendig.people.models import Notice
from hendig.rights import actions as rights
from hendig.rights import queries as asked
from hendig.safety import actions
from hendig.safety.models import Erasure, ErasureWhy
from hendig.safety.queries.retention import count_waiting
from tests.support.matching import Household, household, record_of
from tests.support.safety import pieces_alone
from tests.support.shared import built_once
from tests.support.world import World

pytestmark = pytest.mark.usefixtures("_the_clock_of_the_pages")

LIES = "kluis: de nacht van {}"


@built_once
def house(world: World) -> Household:
    """Noor of thirteen, of whom three nights are in a backup."""
    found = household(world)
    for _night in range(3):
        backed_up(world)
        world.later(days=1)
    return found


def copied(world: World, days: int = 30, reader: str = "a" * 32) -> backups.Copied:
    made_at = world.at
    return backups.Copied(
        fingerprint=f"{int(made_at.timestamp()):08x}".ljust(64, "0"),
        reader=reader,
        size=1000,
        lies=LIES.format(made_at.date()),
        made_at=made_at,
        until_on=made_at.date() + timedelta(days=days),
    )


def backed_up(world: World, days: int = 30, reader: str = "a" * 32) -> BackupFile:
    return backups.register_backup(actor=world.system, file=copied(world, days, reader), at=world.at)


def destroyed(world: World, house: Household) -> Erasure:
    question = rights.ask_destruction(
        actor=world.actor("noor"), family_id=house.family_id, child_id=house.child.pk, at=world.at
    )
    rights.answer_destruction(
        actor=world.actor("ellen"), destruction_id=question.pk, stage="granted", at=world.at
    )
    row = actions.ask_erasure(
        actor=world.actor("karin"), record_id=record_of(house, "Noor"), why=ErasureWhy.ASKED, at=world.at
    )
    return actions.agree_erasure(actor=world.actor("ellen"), erasure_id=row.pk, at=world.at)


def page(world: World, name: str, *args: object) -> str:
    answer: Any = world.client("karin").get(reverse(name, args=list(args)))
    assert answer.status_code == 200
    return " ".join(answer.content.decode().split())


def told(world: World, code: str) -> list[str]:
    lines = Entry.objects.filter(code=code).order_by("id")
    tell(entry_ids=list(lines.values_list("pk", flat=True)), at=world.at)
    heard = Notice.objects.filter(code=code)
    return sorted(heard.values_list("account__first_name", flat=True))


def day(moment: datetime | date) -> str:
    months = {11: "november", 12: "december", 1: "januari", 2: "februari"}
    return f"{moment.day} {months[moment.month]} {moment.year}"


def test_the_proof_says_in_which_backups_a_name_stands_until_the_last_is_gone(
    world: World, house: Household
) -> None:
    proof = destroyed(world, house)
    world.later(days=1)
    backed_up(world, days=60)  # of after: nobody is in it
    files = list(BackupFile.objects.order_by("made_at"))
    last = day(files[2].until_on)
    for shown in (page(world, "retention"), page(world, "erasure", proof.pk)):
        assert f"Namen staan nog in 3 reservekopieën. De laatste moet weg zijn na {last}." in shown
        assert "later dan beloofd" not in shown
    assert LIES.format(files[3].made_at.date()) not in page(world, "erasure", proof.pk)

    for file in files[:2]:
        assert backups.destroy_backups(actor=world.system, mark=file.fingerprint[:12], at=world.at) == 1
    assert f"nog in 1 reservekopie. Die moet weg zijn na {last}." in page(world, "retention")
    shown = page(world, "erasure", proof.pk)
    assert all(file.lies in shown for file in files[:3]), "what is gone is part of the proof"
    assert shown.count(f"na {last}") == 2

    backups.destroy_backups(actor=world.system, mark=files[2].fingerprint, at=world.at)
    assert "Namen staan nog in" not in page(world, "retention")
    assert "Het register kent er geen die er nog is." in page(world, "erasure", proof.pk)


def test_pieces_of_a_record_wait_for_no_file(world: World, house: Household) -> None:
    """Their words are sealed, and die in backups with the root key."""
    row = pieces_alone(world, house)
    for shown in (page(world, "retention"), page(world, "erasure", row.pk)):
        assert "Namen staan nog in" not in shown
    assert LIES.format((world.at - timedelta(days=1)).date()) not in page(world, "erasure", row.pk)


def test_a_file_of_the_hour_in_which_it_was_emptied_counts_and_one_of_later_does_not(
    world: World, house: Household
) -> None:
    destroyed(world, house)
    world.later(minutes=59)
    backed_up(world)
    assert "Namen staan nog in 4 reservekopieën" in page(world, "retention")
    world.later(minutes=2)
    backed_up(world)
    assert "Namen staan nog in 4 reservekopieën" in page(world, "retention")


def test_a_file_that_is_kept_longer_than_was_promised_is_said_and_the_officer_reminded(
    world: World, house: Household
) -> None:
    """Asked on a day, destroyed 60 days later: a backup of the day before is kept until after the promise."""
    # The root keys of a test are made today: as if they were turned over since.
    question = rights.ask_destruction(
        actor=world.actor("noor"), family_id=house.family_id, child_id=house.child.pk, at=world.at
    )
    rights.answer_destruction(
        actor=world.actor("ellen"), destruction_id=question.pk, stage="granted", at=world.at
    )
    world.later(days=60)
    file = backed_up(world, days=90)
    row = actions.ask_erasure(
        actor=world.actor("karin"), record_id=record_of(house, "Noor"), why=ErasureWhy.ASKED, at=world.at
    )
    actions.agree_erasure(actor=world.actor("ellen"), erasure_id=row.pk, at=world.at)
    question.refresh_from_db()
    assert f"Dat is later dan beloofd: op {day(question.due_on)}." in page(world, "erasure", row.pk)
    world.later(days=90)
    assert [one.code for one in asked.requests_to_remind(at=world.at)] == ["destruction.backup_late"]
    for mark in ("0", file.reader):
        for one in BackupFile.objects.standing().called(mark if mark == file.reader else file.fingerprint):
            backups.destroy_backups(actor=world.system, mark=one.fingerprint, at=world.at)
    assert "later dan beloofd" not in page(world, "erasure", row.pk)


def test_while_a_file_is_there_a_destruction_is_not_done_although_the_root_key_is_gone(
    world: World, house: Household, monkeypatch: pytest.MonkeyPatch
) -> None:
    destroyed(world, house)
    later = roots()[-1].since + timedelta(days=400)
    monkeypatch.setattr("hendig.keys.queries.made_at", lambda _key: later)
    world.later(days=85)
    assert [one.code for one in asked.requests_to_remind(at=world.at)] == ["destruction.backup_soon"]
    # By the key that opens them all: it was thrown away.
    assert backups.destroy_backups(actor=world.system, mark="a" * 32, at=world.at) == 3
    assert asked.requests_to_remind(at=world.at) == ()


def test_a_file_past_its_day_waits_for_the_officer_who_hears_of_it_once(
    world: World, house: Household
) -> None:
    def warned() -> int:
        return backups.warn_of_backups(municipality_id=world.municipality.pk, at=world.at)

    before = count_waiting(world.actor("karin"), at=world.at)
    assert warned() == 0
    world.later(days=27)  # the first of them may be there until this day is over
    assert warned() == 0
    assert "had weg moeten zijn" not in page(world, "retention")
    world.later(days=1)
    assert warned() == 1
    assert warned() == 0
    assert told(world, "backup.overdue") == ["Karin"]
    assert count_waiting(world.actor("karin"), at=world.at) == before + 1
    assert page(world, "retention").count("had weg moeten zijn") == 1
    first = BackupFile.objects.order_by("made_at")[0]
    backups.destroy_backups(actor=world.system, mark=first.fingerprint[:8], at=world.at)
    assert count_waiting(world.actor("karin"), at=world.at) == before
    assert "had weg moeten zijn" not in page(world, "retention")
    assert warned() == 0


def test_what_lay_at_the_very_place_is_gone_when_another_file_comes_there(
    world: World, house: Household
) -> None:
    file = backed_up(world)
    assert (
        backups.overwrite_backup(actor=world.system, lies=file.lies, by=file.fingerprint, at=world.at) == 0
    ), "not the file itself"
    assert backups.overwrite_backup(actor=world.system, lies="elders", by="b" * 64, at=world.at) == 0
    assert backups.overwrite_backup(actor=world.system, lies=file.lies, by="b" * 64, at=world.at) == 1
    assert BackupFile.objects.standing().count() == 3


def test_a_file_that_was_said_to_be_gone_is_there_again_when_it_is_met(
    world: World, house: Household
) -> None:
    file = backed_up(world)
    backups.destroy_backups(actor=world.system, mark=file.fingerprint, at=world.at)
    for times in (1, 1):  # once: then it is known
        with change(world.system, "log.restored", at=world.at) as act:
            act.record(world.municipality, made=world.at.isoformat(), seal=0, ledgers=0)
            backups.meet_backup(act, copied(world))
        assert Entry.objects.filter(code="backup.found").count() == times
    assert told(world, "backup.found") == ["Karin"]
    assert BackupFile.objects.standing().count() == 4


def test_nobody_but_who_runs_the_installation_says_what_there_is(world: World, house: Household) -> None:
    for name in ("karin", "henk", "ellen"):
        with pytest.raises(Forbidden):
            backups.register_backup(actor=world.actor(name), file=copied(world), at=world.at)
        with pytest.raises(Forbidden):
            backups.destroy_backups(actor=world.actor(name), mark="a" * 32, at=world.at)
    with pytest.raises(NotVisible):
        backups.destroy_backups(actor=world.system, mark="ffff0000", at=world.at)


def test_the_pages_cost_the_same_for_one_file_and_for_more(world: World, house: Household) -> None:
    proof = destroyed(world, house)
    counts = []
    for _more in range(3):
        backed_up(world)
        world.later(minutes=1)
        for name, args in (("retention", []), ("erasure", [proof.pk])):
            with CaptureQueriesContext(connection) as seen:
                page(world, name, *args)
            counts.append(len(seen))
    assert counts[2:4] == counts[4:]
