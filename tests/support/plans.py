"""Help that has begun, made by the real actions: Sanne and Noor with Ellen, Anouk, and a match."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import TypedDict, Unpack
from uuid import UUID

from hendig.families.actions import give_youth_account
from hendig.helprequests.actions import ChildOfTalk, ask, confirm, first_talk, take_up
from hendig.helprequests.models import HelpRequest
from hendig.kernel.actor import Actor
from hendig.matching.actions import answer, open_talk
from hendig.matching.models import Match
from hendig.people.models import Letter
from hendig.plans.actions import keep_appointment, plan_appointment
from hendig.plans.models import Appointment
from tests.support.families import looked_up
from tests.support.world import World

RESULT = "Noor gaat weer elke dag naar school"


class Plan(TypedDict, total=False):
    """What a test may say of an appointment besides its moment."""

    minutes: int
    place: str
    repeat_weeks: int


@dataclass(frozen=True, slots=True)
class Help:
    """A family whose question became help: everything a plan hangs on."""

    world: World
    request: HelpRequest
    match: Match

    @property
    def family_id(self) -> UUID:
        return self.match.family_id

    def appointment(self, starts_at: datetime, **more: Unpack[Plan]) -> Appointment:
        """Planned by Ellen with who helps."""
        return plan_appointment(
            actor=self.world.actor("ellen"),
            match_id=self.match.pk,
            starts_at=starts_at,
            at=self.world.at,
            **more,
        )

    def kept(self, **more: Unpack[Plan]) -> Appointment:
        """An appointment of an hour ago that who helps tapped "geweest" on."""
        made = self.appointment(self.world.at - timedelta(hours=1), **more)
        return keep_appointment(actor=self.professional, appointment_id=made.pk, at=self.world.at)

    @property
    def professional(self) -> Actor:
        return self.world.actor(self.match.professional.account.first_name)


def asked(world: World, parent: str = "Sanne", email: str = "") -> HelpRequest:
    """The parent asked for help and filled in the code from the mail."""
    email = email or f"{parent.lower()}@thuis.example"
    kept = ask(
        actor=world.visitor, words="Mijn kind slaapt slecht.", first_name=parent, email=email, at=world.at
    )
    body = Letter.objects.get(key=f"asked:{kept.pk}").body
    code = re.search(r"\b\d{6}\b", body)
    assert code is not None
    return confirm(actor=world.visitor, asked_id=kept.pk, typed=code.group(), at=world.at)


def begin_help(
    world: World,
    *,
    parent: str = "Sanne",
    child: str = "Noor",
    born_on: date = date(2013, 4, 12),
    professional: str = "anouk",
    code: str = "H2",
) -> Help:
    """The question was taken up by Ellen, the talk said yes, and the match stands."""
    request = asked(world, parent)
    ellen = world.actor("ellen")
    take_up(actor=ellen, request_id=request.pk, at=world.at)
    first_talk(
        actor=ellen,
        request_id=request.pk,
        result=RESULT,
        child=ChildOfTalk(first_name=child, born_on=born_on),
        asker_holds_authority=True,
        child_agrees=True,
        at=world.at,
    )
    looked_up(world, request)
    request.refresh_from_db()
    assert request.child_id is not None
    give_youth_account(
        actor=ellen, member_id=request.child_id, email=f"{child.lower()}@jong.example", at=world.at
    )
    talk = open_talk(
        actor=ellen,
        request_id=request.pk,
        child_id=request.child_id,
        professional_id=world.professionals[professional].pk,
        service_code_id=world.service_code(code).pk,
        purpose="weer durven slapen",
        at=world.at,
    )
    *_, last = [
        answer(actor=world.actor(name), talk_id=talk.pk, yes=True, at=world.at)
        for name in (parent, child, "ellen", professional)
    ]
    assert last.match is not None
    return Help(world, request, last.match)
