"""Families on their way to a match, and talks between them and a professional: made by the real actions."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from hendig.families import actions as families
from hendig.families.models import FamilyMember, Record, Source
from hendig.helprequests import actions as helprequests
from hendig.helprequests.actions import ChildOfTalk, ParentOfTalk
from hendig.helprequests.models import HelpRequest
from hendig.matching import actions
from hendig.matching.models import MatchTalk
from tests.support.families import code_of, looked_up
from tests.support.world import World

THIRTEEN = date(2013, 5, 4)


@dataclass(slots=True)
class Household:
    """A family whose question was taken up by Ellen; members are found by first name."""

    request: HelpRequest
    child: FamilyMember

    @property
    def family_id(self) -> UUID:
        return self.request.family_id

    def member(self, name: str) -> FamilyMember:
        return FamilyMember.objects.get(family_id=self.family_id, first_name=name)


def household(
    world: World,
    *,
    parent: str = "Sanne",
    other: str = "Mark",
    child: str = "Noor",
    born_on: date = THIRTEEN,
    authority: bool = True,
    checked: bool = True,
    agrees: bool = True,
) -> Household:
    """A family with two parents and a child; both decide for the child when `authority`. Each can sign in.

    The child says with `agrees` that both may see along.
    """
    asked = helprequests.ask(
        actor=world.visitor,
        words="Ze slaapt slecht en wil niet naar school.",
        first_name=parent,
        email=f"{parent.lower()}@gezin.example",
        at=world.at,
    )
    code = code_of(asked)
    request = helprequests.confirm(actor=world.visitor, asked_id=asked.pk, typed=code, at=world.at)
    ellen = world.actor("ellen")
    helprequests.take_up(actor=ellen, request_id=request.pk, at=world.at)
    request = helprequests.first_talk(
        actor=ellen,
        request_id=request.pk,
        result="Weer met plezier naar school.",
        child=ChildOfTalk(first_name=child, born_on=born_on),
        parent=ParentOfTalk(other, f"{other.lower()}@gezin.example", holds_authority=authority),
        asker_holds_authority=authority,
        child_agrees=agrees,
        at=world.at,
    )
    if checked:
        looked_up(world, request)
    found = Household(request, FamilyMember.objects.get(family_id=request.family_id, first_name=child))
    if 2026 - born_on.year > 12:
        families.give_youth_account(
            actor=ellen, member_id=found.child.pk, email=f"{child.lower()}@gezin.example", at=world.at
        )
    return found


FOURTEEN = date(2012, 5, 4)


def son_and_daughter(world: World) -> Household:
    """Bas of 14, about whom the question is, and Lotte of 8; both parents decide for both and see along."""
    house = household(world, child="Bas", born_on=FOURTEEN)
    ellen = world.actor("ellen")
    lotte = families.add_child(
        actor=ellen, family_id=house.family_id, first_name="Lotte", born_on=date(2018, 3, 4), at=world.at
    )
    for name in ("Sanne", "Mark"):
        families.set_authority(
            actor=ellen,
            child_id=lotte.pk,
            holder_id=house.member(name).pk,
            source=Source.REGISTER,
            at=world.at,
        )
    return house


def record_of(house: Household, child: str) -> UUID:
    """The record of this child of the family."""
    return Record.objects.values_list("pk", flat=True).get(child=house.member(child))


def open_talk(world: World, house: Household, professional: str = "anouk", **given: object) -> MatchTalk:
    """Ellen asks whether it clicks between this family and the professional."""
    asked: dict[str, object] = {
        "request_id": house.request.pk,
        "child_id": house.child.pk,
        "professional_id": world.professionals[professional].pk,
        "service_code_id": world.service_code().pk,
        "purpose": "Weer met plezier naar school.",
    }
    return actions.open_talk(actor=world.actor("ellen"), at=world.at, **(asked | given))  # type: ignore[arg-type]


def say(world: World, talk: MatchTalk, *names: str, yes: bool = True) -> actions.Outcome:
    """Each of these people answers, in this order; tells what came of the last answer."""
    outcomes = [
        actions.answer(actor=world.actor(name), talk_id=talk.pk, yes=yes, at=world.at) for name in names
    ]
    return outcomes[-1]
