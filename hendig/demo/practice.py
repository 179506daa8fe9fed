"""The GP of Peelrand asks families to be invited: one says yes, one says no, and one has yet to answer."""

from __future__ import annotations

from uuid import UUID

from hendig.demo.steps import Case
from hendig.demo.timeline import Story
from hendig.demo.town import Town
from hendig.families.actions import gp, gp_asks
from hendig.families.models import Because, FamilyMember, WhyKept

DOCTOR = "pim"


def asks(town: Town, case: Case, days: int) -> Story:
    """Nobody of the family answered yet."""
    yield town.on(days, "17:50")
    _ask(town, case)


def is_refused(town: Town, case: Case, who: str, days: int) -> Story:
    """The family does not want it, and says no more than that."""
    yield town.on(days, "17:40")
    ask_id = _ask(town, case)
    yield town.on(days + 1, "21:15")
    gp_asks.answer_ask(actor=town.actor(who), ask_id=ask_id, yes=False, at=town.at)


def takes_part(town: Town, case: Case, who: str, days: int) -> Story:
    """The family says yes, lets the GP share, and reads along in one of two pieces."""
    yield town.on(days, "17:30")
    ask_id = _ask(town, case)
    yield town.on(days + 1, "20:40")
    record_id = _child(case).record.pk
    gp_asks.answer_ask(actor=town.actor(who), ask_id=ask_id, yes=True, at=town.at)
    yield town.on(days + 3, "12:20")
    doctor = town.actor(DOCTOR)
    gp.write_as_gp(
        actor=doctor,
        record_id=record_id,
        words="Let op de uitslag van vrijdag.",
        reason=WhyKept(Because.SAFE),
        at=town.at,
    )
    shared = gp.write_as_gp(
        actor=doctor,
        record_id=record_id,
        reason=WhyKept(words="Dan hoeft niemand de buik nog eens te onderzoeken."),
        words="Zijn buik en zijn bloed zijn goed. De buikpijn hoort bij spanning, en gaat over.",
        at=town.at,
    )
    yield town.on(days + 4, "20:10")
    gp.say_may_share(
        actor=town.actor(who), record_id=record_id, account_id=town.accounts[DOCTOR], yes=True, at=town.at
    )
    yield town.on(days + 5, "12:30")
    gp.share_note(actor=town.actor(DOCTOR), note_id=shared.pk, at=town.at)


def _ask(town: Town, case: Case) -> UUID:
    child = _child(case)
    assert child.born_on is not None
    return gp_asks.ask_to_join(
        actor=town.actor(DOCTOR),
        first_name=child.first_name,
        last_name=child.last_name or child.family.name,
        born_on=child.born_on,
        at=town.at,
    ).pk


def _child(case: Case) -> FamilyMember:
    return FamilyMember.objects.select_related("family", "record").get(pk=case.child)
