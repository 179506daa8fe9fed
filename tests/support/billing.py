"""Help that was kept, what was agreed about it, and the invoice of it: all by the real actions."""

from __future__ import annotations

import re
from datetime import date, datetime, timedelta

from hendig.billing import actions
from hendig.billing.models import Invoice, Tariff
from hendig.helprequests import actions as helprequests
from hendig.helprequests.models import HelpRequest
from hendig.kernel.periods import AMSTERDAM
from hendig.matching import actions as matching
from hendig.matching.models import Match
from hendig.people.models import Letter, ServiceCode
from hendig.plans import actions as plans
from hendig.plans.models import Appointment
from tests.support.families import looked_up
from tests.support.world import World

NOVEMBER = date(2026, 11, 1)
HOUR = 9000  # what an hour on H2 costs with Vlinder, in cents


def call_code(world: World, name: str, field: str, from_on: date, code: str = "H2") -> ServiceCode:
    """From that day on the code is called so, and is booked in that field of Iv3."""
    return actions.change_code(
        actor=world.actor("henk"),
        service_code_id=world.service_code(code).pk,
        name=name,
        sentence="",
        unit="01",
        ijw_category="45",
        ijw_code="45A48",
        cbs_care_form="04",
        iv3_field=field,
        from_on=from_on,
        at=world.at,
    )


def agree(
    world: World,
    partner: str = "vlinder",
    code: str = "H2",
    cents: int = HOUR,
    from_on: date = date(2026, 1, 1),
    until_on: date | None = None,
) -> Tariff:
    """The municipality and the partner have an agreement from that day, with a tariff without an end."""
    henk = world.actor("henk")
    agreement = actions.make_agreement(
        actor=henk, partner_id=world.partners[partner].pk, from_on=from_on, until_on=until_on, at=world.at
    )
    return actions.set_tariff(
        actor=henk,
        agreement_id=agreement.pk,
        service_code_id=world.service_code(code).pk,
        cents_per_hour=cents,
        from_on=from_on,
        at=world.at,
    )


def ask_for_help(world: World, first_name: str = "Sanne", surname: str = "Verhoeven") -> HelpRequest:
    """A family asked, Ellen took it up, and the first talk told of a child of ten and who decides."""
    ellen = world.actor("ellen")
    email = f"{first_name.lower()}@example.nl"
    asked = helprequests.ask(
        actor=world.visitor, words="Hij slaapt slecht.", first_name=first_name, email=email, at=world.at
    )
    code = re.search(r"\b\d{6}\b", Letter.objects.get(key=f"asked:{asked.pk}").body)
    assert code
    request = helprequests.confirm(actor=world.visitor, asked_id=asked.pk, typed=code[0], at=world.at)
    helprequests.take_up(actor=ellen, request_id=request.pk, at=world.at)
    request = helprequests.first_talk(
        actor=ellen,
        request_id=request.pk,
        child=helprequests.ChildOfTalk(first_name=f"Kind{first_name}", born_on=date(2016, 5, 1)),
        asker_holds_authority=True,
        child_agrees=True,
        family_name=surname,
        at=world.at,
    )
    return looked_up(world, request)


def make_match(
    world: World, first_name: str = "Sanne", professional: str = "anouk", code: str = "H2"
) -> Match:
    """Everyone who must said that it clicks."""
    request = ask_for_help(world, first_name)
    assert request.child is not None
    talk = matching.open_talk(
        actor=world.actor("ellen"),
        request_id=request.pk,
        child_id=request.child.pk,
        professional_id=world.professionals[professional].pk,
        service_code_id=world.service_code(code).pk,
        purpose="Beter slapen",
        at=world.at,
    )
    outcome = None
    for name in (professional, first_name, "ellen"):
        outcome = matching.answer(actor=world.actor(name), talk_id=talk.pk, yes=True, at=world.at)
    assert outcome is not None
    assert outcome.match is not None, outcome.why_no_match
    return outcome.match


def keep(world: World, match: Match, on: date, minutes: int = 60, hour: int = 10) -> Appointment:
    """An appointment that took place; the clock stands at its end at the least."""
    professional = match.professional.account.first_name
    starts_at = datetime(on.year, on.month, on.day, hour, tzinfo=AMSTERDAM)
    appointment = plan(world, match, starts_at, minutes)
    world.at = max(world.at, starts_at + timedelta(minutes=minutes))
    return plans.keep_appointment(actor=world.actor(professional), appointment_id=appointment.pk, at=world.at)


def plan(world: World, match: Match, starts_at: datetime, minutes: int = 60) -> Appointment:
    professional = match.professional.account.first_name
    return plans.plan_appointment(
        actor=world.actor(professional),
        match_id=match.pk,
        starts_at=starts_at,
        minutes=minutes,
        at=world.at,
    )


def send(world: World, month: date, who: str = "jolanda", partner: str = "vlinder") -> Invoice:
    return actions.send_invoice(
        actor=world.actor(who), partner_id=world.partners[partner].pk, month=month, at=world.at
    )


def at_end_of(world: World, month: date) -> datetime:
    """The clock stands at nine in the morning of the first day after the month."""
    following = (month.replace(day=28) + timedelta(days=4)).replace(day=1)
    world.at = max(world.at, datetime(following.year, following.month, 1, 9, tzinfo=AMSTERDAM))
    return world.at


def fill_november(world: World) -> World:
    """Sanne's match has two kept appointments in November: 60 and 90 minutes on H2; the month is over."""
    agree(world)
    match = make_match(world)
    keep(world, match, date(2026, 11, 3), 60)
    keep(world, match, date(2026, 11, 10), 90)
    at_end_of(world, NOVEMBER)
    return world
