"""Who is there by another in Peelrand: somebody who learns, somebody who stands in, and who comes after."""

from __future__ import annotations

from datetime import timedelta

from hendig.demo.steps import Case
from hendig.demo.timeline import Story
from hendig.demo.town import Town
from hendig.families import actions as families
from hendig.families.actions import deputies
from hendig.families.models import FamilyMember
from hendig.helprequests.actions import handover
from hendig.helprequests.models import HelpRequest, Stage
from hendig.kernel.actor import Role
from hendig.kernel.periods import local_day
from hendig.people import actions as people


def learns(town: Town, case: Case, beside: str, trainee: str, days: int) -> Story:
    """Somebody who learns is asked along, and the family says yes the evening after."""
    yield town.on(days, "11:40")
    deputies.ask_for_trainee(
        actor=town.actor(beside), account_id=town.accounts[trainee], families=[case.family_id], at=town.at
    )
    yield town.on(days + 1, "20:20")
    families.say_about(
        actor=town.actor(case.chooses),
        record_id=FamilyMember.objects.get(pk=case.child).record.pk,
        account_id=town.accounts[trainee],
        yes=True,
        at=town.at,
    )


def stands_in(town: Town, case: Case, away: str, colleague: str) -> Story:
    """Somebody is away for two weeks; a colleague stands in from tomorrow."""
    yield town.on(-2, "16:20")
    deputies.name_deputy(
        actor=town.actor(away),
        account_id=town.accounts[colleague],
        from_on=town.today + timedelta(days=1),
        until_on=town.today + timedelta(days=14),
        families=[case.family_id],
        at=town.at,
    )


def comes_after(town: Town, leaving: str, coming: str) -> Story:
    """A coach stops in two weeks, and each family reads who comes."""
    yield town.on(-1, "10:50")
    going = HelpRequest.objects.filter(coach_id=town.accounts[leaving]).exclude(stage=Stage.DONE)
    handover.hand_over_questions(
        actor=town.actor(leaving),
        coach_id=town.accounts[leaving],
        successors=dict.fromkeys(going.values_list("pk", flat=True), town.accounts[coming]),
        from_on=local_day(town.at) + timedelta(days=14),
        at=town.at,
    )


def begins_soon(town: Town) -> Story:
    """Policy asked for a new coach; the privacy officer has yet to agree."""
    yield town.on(-1, "15:10")
    people.ask_for_role(
        actor=town.actor("petra"),
        email="femke@peelrand.example.nl",
        first_name="Femke",
        last_name="de Wit",
        role=Role.COACH,
        title="gezinscoach",
        at=town.at,
    )
