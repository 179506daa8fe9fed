"""A part of a record is destroyed on request: those texts, their key, nothing else; by two, with proof."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
import time_machine
from django.conf import settings
from django.db import connection
from django.urls import reverse

from hendig.audit.actions import speaking
from hendig.families.actions.notes import write_note
from hendig.families.models import Compartment, CompartmentKind, Note
from hendig.helprequests.models import HelpRequest
from hendig.kernel.refusal import NotVisible, Refused
from hendig.keys.models import CompartmentKey
from hendig.keys.models.roots import ring
from hendig.keys.queries import in_older_backups
from hendig.operations import keys
from hendig.plans import actions as plans
from hendig.plans.models import Goal
from hendig.rights import actions as rights
from hendig.rights.models import Destruction
from hendig.safety import actions
from hendig.safety.models import Erasure, ErasureWhy
from tests.support.matching import Household, household
from tests.support.rights import SEVENTEEN
from tests.support.shared import built_once
from tests.support.world import World


@built_once
def house(world: World) -> Household:
    """A family with a plan, and a youth of seventeen who wrote something for nobody else."""
    found = household(world, born_on=SEVENTEEN)
    for words in ("Weer durven slapen.", "Elke week zwemmen."):
        plans.set_goal(actor=world.actor("ellen"), request_id=found.request.pk, words=words, at=world.at)
    record = found.request.compartment.record_id
    write_note(actor=world.actor("noor"), record_id=record, words="Alleen voor mij.", at=world.at)
    return found


def asked(world: World, house: Household, *pieces: str) -> Destruction:
    """Noor asked, and Ellen said that these pieces go and that the rest stays."""
    question = rights.ask_destruction(
        actor=world.actor("noor"), family_id=house.family_id, child_id=house.child.pk, at=world.at
    )
    return rights.answer_destruction(
        actor=world.actor("ellen"),
        destruction_id=question.pk,
        stage="partly",
        keep=["running"],
        pieces=pieces,
        reply="De hulp loopt nog.",
        at=world.at,
    )


def destroyed(world: World, house: Household) -> Erasure:
    """The privacy officer asked it, and Ellen agreed."""
    row = actions.ask_erasure(
        actor=world.actor("karin"),
        record_id=house.request.compartment.record_id,
        why=ErasureWhy.ASKED,
        at=world.at,
    )
    return actions.agree_erasure(actor=world.actor("ellen"), erasure_id=row.pk, at=world.at)


def key_in(table: str, column: str, pk: UUID) -> bytes:
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT substr({column}, 2, 16) FROM {table} WHERE id = %s", [pk])  # noqa: S608 - names of ours
        row = cursor.fetchone()
    assert row is not None
    return bytes(row[0])


def test_the_chosen_piece_goes_and_the_rest_stays_under_a_new_key(world: World, house: Household) -> None:
    with speaking(world.system, world.at):
        gone, stays = Goal.objects.order_by("pk")
        old = key_in("plans_goal", "words", gone.pk)
    asked(world, house, f"plans_goal:{gone.pk}")
    proof = destroyed(world, house)
    assert (proof.pieces, proof.compartments) == ([f"plans_goal:{gone.pk}"], 1)
    assert proof.done_at is not None
    with speaking(world.system, world.at):
        assert list(Goal.objects.order_by("pk").values_list("words", flat=True)) == ["", "Elke week zwemmen."]
        assert HelpRequest.objects.get(pk=house.request.pk).words.startswith("Ze slaapt")
        assert key_in("plans_goal", "words", gone.pk) == b""
        # What opened the text is in no row any more: a copy of the text alone is of no use.
        assert not CompartmentKey.objects.filter(pk=UUID(bytes=old)).exists()
        assert key_in("plans_goal", "words", stays.pk) != old


def test_all_that_the_youth_wrote_goes_and_the_youth_can_write_again(world: World, house: Household) -> None:
    record = house.request.compartment.record_id
    with speaking(world.system, world.at):
        note = Note.objects.get()
    asked(world, house, f"families_compartment:{note.compartment_id}")
    assert destroyed(world, house).pieces == [f"families_note:{note.pk}"]
    write_note(actor=world.actor("noor"), record_id=record, words="Een nieuw begin.", at=world.at)
    with speaking(world.system, world.at):
        assert list(Note.objects.order_by("pk").values_list("words", flat=True)) == ["", "Een nieuw begin."]


def test_the_family_reads_that_it_is_done_and_cannot_take_it_back(world: World, house: Household) -> None:
    question = asked(world, house, f"helprequests_helprequest:{house.request.pk}")
    page: Any = world.client("karin").get(reverse("retention"))
    assert "1 stuk" in page.content.decode()
    row = destroyed(world, house)
    page = world.client("noor").get(reverse("own_record", args=[house.family_id]))
    assert "1 stuk is vernietigd" in page.content.decode()
    # What the keys of backups do not take along goes with the backup itself.
    assert "zijn pas weg als de gemeente die kopie weggooit" in page.content.decode()
    with pytest.raises(Refused) as no:
        rights.take_destruction_back(actor=world.actor("noor"), destruction_id=question.pk, at=world.at)
    assert no.value.refusal.code == "destruction.done"
    proof = world.client("karin").get(reverse("erasure", args=[row.pk])).content.decode()
    assert "erasure.emptied" in proof
    assert "pas weg als de reservekopieën van voor" not in proof, "names went nowhere"
    assert "Weer durven" not in proof


def test_nothing_goes_before_a_second_person_agrees_and_it_goes_once(world: World, house: Household) -> None:
    asked(world, house, f"helprequests_helprequest:{house.request.pk}")
    karin, record = world.actor("karin"), house.request.compartment.record_id
    row = actions.ask_erasure(actor=karin, record_id=record, why=ErasureWhy.ASKED, at=world.at)
    with pytest.raises(Refused) as no:
        actions.agree_erasure(actor=karin, erasure_id=row.pk, at=world.at)
    assert no.value.refusal.code == "erasure.own"
    with pytest.raises(Refused) as no:
        actions.ask_erasure(actor=karin, record_id=record, why=ErasureWhy.ASKED, at=world.at)
    assert no.value.refusal.code == "erasure.asked"
    with speaking(world.system, world.at):
        assert HelpRequest.objects.get(pk=house.request.pk).words != ""
    actions.agree_erasure(actor=world.actor("ellen"), erasure_id=row.pk, at=world.at)
    with pytest.raises(Refused) as no:
        actions.ask_erasure(actor=karin, record_id=record, why=ErasureWhy.ASKED, at=world.at)
    assert no.value.refusal.code == "erasure.term"


def test_a_part_in_which_nothing_was_written_is_no_proof_of_a_whole_record(world: World) -> None:
    """The coach chooses all that the youth wrote, and cannot see that there is nothing."""
    house = household(world, born_on=SEVENTEEN)
    with speaking(world.system, world.at):
        own = Compartment.objects.get(record=house.request.compartment.record_id, kind=CompartmentKind.CHILD)
    chosen = f"families_compartment:{own.pk}"
    asked(world, house, chosen)
    row = destroyed(world, house)
    assert row.done_at is not None
    assert row.pieces == [chosen]
    with speaking(world.system, world.at):
        assert HelpRequest.objects.get(pk=house.request.pk).words.startswith("Ze slaapt")
    page: Any = world.client("karin").get(reverse("erasure", args=[row.pk]))
    assert "1 stuk" in page.content.decode()


@pytest.mark.parametrize("stage", ["granted", "partly"])
def test_who_asked_it_takes_it_back_before_the_second_person_agrees_and_nothing_goes(
    world: World, house: Household, stage: str
) -> None:
    noor, ellen = world.actor("noor"), world.actor("ellen")
    question = rights.ask_destruction(
        actor=noor, family_id=house.family_id, child_id=house.child.pk, at=world.at
    )
    rights.answer_destruction(
        actor=ellen,
        destruction_id=question.pk,
        stage=stage,
        keep=["running"] if stage == "partly" else [],
        pieces=[f"helprequests_helprequest:{house.request.pk}"],
        reply="Het overige blijft.",
        at=world.at,
    )
    record = house.request.compartment.record_id
    row = actions.ask_erasure(actor=world.actor("karin"), record_id=record, why=ErasureWhy.ASKED, at=world.at)
    rights.take_destruction_back(actor=noor, destruction_id=question.pk, at=world.at)
    with pytest.raises(Refused) as no:
        actions.agree_erasure(actor=ellen, erasure_id=row.pk, at=world.at)
    assert no.value.refusal.code == "erasure.taken_back"
    page = world.client("karin").get(reverse("erasure", args=[row.pk])).content.decode()
    assert "nam het terug" in page
    with speaking(world.system, world.at):
        assert HelpRequest.objects.get(pk=house.request.pk).words.startswith("Ze slaapt")


def test_who_keeps_the_keys_hears_that_older_backups_still_hold_it(
    world: World, house: Household, capsys: pytest.CaptureFixture[str]
) -> None:
    keys.show()
    assert "a part of a record" not in capsys.readouterr().out
    asked(world, house, f"helprequests_helprequest:{house.request.pk}")
    world.at += timedelta(days=365)  # after the root key of this installation was made
    destroyed(world, house)
    keys.show()
    assert "1 times a part of a record was destroyed" in capsys.readouterr().out


def test_at_eighteen_only_the_youth_asks_it_and_it_is_due_in_three_months(world: World) -> None:
    house = household(world, born_on=SEVENTEEN)
    world.later(days=200)
    for parent in ("sanne", "mark"):
        # A parent of an adult does not even see the record.
        with pytest.raises((Refused, NotVisible)):
            rights.ask_destruction(
                actor=world.actor(parent), family_id=house.family_id, child_id=house.child.pk, at=world.at
            )
    mine = rights.ask_destruction(
        actor=world.actor("noor"), family_id=house.family_id, child_id=house.child.pk, at=world.at
    )
    assert mine.due_on == date(2027, 8, 21)


@pytest.fixture
def own_roots(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "root.keys"
    path.write_text(ring().written())
    monkeypatch.setattr(settings, "ROOT_KEYS", path)


@pytest.mark.usefixtures("own_roots")
def test_18_asks_destruction_done_within_three_months_backups_included_and_parents_cannot_ask_it(
    world: World,
) -> None:
    """The words go and their keys go; with the root of their time no older backup opens them either."""
    house = household(world, born_on=SEVENTEEN)
    world.later(days=200)
    ask: dict[str, Any] = {"family_id": house.family_id, "child_id": house.child.pk, "at": world.at}
    for parent in ("sanne", "mark"):
        with pytest.raises((Refused, NotVisible)):
            rights.ask_destruction(actor=world.actor(parent), **ask)
    mine = rights.ask_destruction(actor=world.actor("noor"), **ask)
    rights.answer_destruction(
        actor=world.actor("ellen"), destruction_id=mine.pk, stage="granted", at=world.at
    )
    with speaking(world.system, world.at):
        wrapped_by = set(
            CompartmentKey.objects.filter(family_id=house.family_id).values_list("root_id", flat=True)
        )
    world.later(days=60)
    proof = destroyed(world, house)
    assert proof.done_at is not None
    assert proof.done_at.date() < mine.due_on
    with speaking(world.system, world.at):
        assert HelpRequest.objects.get(pk=house.request.pk).words == ""
        record = CompartmentKey.objects.filter(family_id=house.family_id, destroyed_at=proof.done_at)
        assert record.count() == proof.compartments
        assert not record.exclude(wrapped=None).exists()
        assert in_older_backups() == proof.compartments
    # What older backups hold ends with the root keys of their time, within the same three months.
    with time_machine.travel(world.at + timedelta(days=1)):
        keys.rotate(data=False, retire=True)
        keys.retire()
    assert not wrapped_by & {root.id for root in ring().roots}
    with speaking(world.system, world.at):
        assert in_older_backups() == 0
