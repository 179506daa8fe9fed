"""Worries, emergencies and holds, made by the real actions."""

from __future__ import annotations

from datetime import timedelta

from hendig.helprequests.models import HelpRequest
from hendig.kernel.periods import local_day
from hendig.rights import actions as rights
from hendig.safety import actions
from hendig.safety.models import (
    Category,
    Concern,
    Emergency,
    Erasure,
    ErasureWhy,
    Found,
    Informant,
    SafetyHold,
    Step,
)
from tests.support.matching import Household, record_of
from tests.support.world import World

REASON = "Buren horen geschreeuw en een kind dat huilt."
FIVE = (
    (Step.SIGNALS, Found.DONE),
    (Step.CONSULT, Found.BOTH),
    (Step.TALK, Found.NOT_SAFE),
    (Step.WEIGH, Found.ACUTE),
    (Step.DECIDE, Found.REPORT_AND_HELP),
)


def last_name(request: HelpRequest) -> str:
    """By what surname the child of the question is found."""
    child = request.child
    assert child is not None
    return child.last_name or request.family.name


def opened(world: World, request: HelpRequest, name: str = "youssef", beside: str = "") -> Emergency:
    """Somebody who does not know the family opened the record of its child in an emergency."""
    child = request.child
    assert child is not None
    assert child.born_on is not None
    return actions.open_in_emergency(
        actor=world.actor(name),
        first_name=child.first_name,
        last_name=last_name(request),
        born_on=child.born_on,
        beside=beside,
        category=Category.VIOLENCE,
        reason=REASON,
        at=world.at,
    )


def worried(
    world: World, request: HelpRequest, name: str = "ellen", about: str = "Blauwe plekken"
) -> Concern:
    """Somebody who works with the family wrote down a worry about safety."""
    return actions.begin_concern(
        actor=world.actor(name), record_id=request.compartment.record_id, about=about, at=world.at
    )


def stepped(world: World, concern: Concern, *, until: int = 5, name: str = "ellen") -> None:
    """The first so many steps of the reporting code were taken."""
    for step, found in FIVE[:until]:
        actions.take_step(
            actor=world.actor(name),
            concern_id=concern.pk,
            step=step,
            found=found,
            words=f"KANARIE stap {step.value}",
            done_on=local_day(world.at),
            at=world.at,
        )


def informed(
    world: World, concern: Concern, by: str = "ellen", *, words: str = "Zij hoort het huilen.", **more: str
) -> Informant:
    """Who is named wrote down what a neighbour told."""
    said = {"name": "KANARIE Zwaan", "role": "buurvrouw", "words": words, **more}
    return actions.keep_told(
        actor=world.actor(by), concern_id=concern.pk, told_on=local_day(world.at), at=world.at, **said
    )


def held(world: World, concern: Concern, *, days: int = 30) -> SafetyHold:
    """A safety hold stands for so many days."""
    return actions.hold(
        actor=world.actor("ellen"),
        concern_id=concern.pk,
        until_on=local_day(world.at) + timedelta(days=days),
        at=world.at,
    )


def pieces_alone(world: World, house: Household) -> Erasure:
    """Noor asked, and some pieces of her record are agreed to be destroyed while the help goes on."""
    asked = rights.ask_destruction(
        actor=world.actor("noor"), family_id=house.family_id, child_id=house.child.pk, at=world.at
    )
    rights.answer_destruction(
        actor=world.actor("ellen"),
        destruction_id=asked.pk,
        stage="partly",
        keep=["running"],
        pieces=[f"helprequests_helprequest:{house.request.pk}"],
        reply="De hulp loopt nog.",
        at=world.at,
    )
    row = actions.ask_erasure(
        actor=world.actor("karin"), record_id=record_of(house, "Noor"), why=ErasureWhy.ASKED, at=world.at
    )
    actions.agree_erasure(actor=world.actor("ellen"), erasure_id=row.pk, at=world.at)
    return row
