"""Which lines of the log concern a plan, and who hears of them."""

from __future__ import annotations

from collections.abc import Iterable
from uuid import UUID

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from hendig.audit.models import Entry
from hendig.audit.notices import Code, Tell
from hendig.families.notices import family_page, the_coach, the_family, the_family_that_reads_it
from hendig.kernel.periods import local_day
from hendig.matching.models import Match
from hendig.plans.models import Appointment, Ending


def plan_page(entry: Entry) -> str:
    return reverse("plan", args=[entry.family_id])


def two_questions_page(entry: Entry) -> str:
    return reverse("two_questions", args=[entry.facts["request"]])


def today_page(_entry: Entry) -> str:
    return reverse("today")


def who_took_it_on(entry: Entry) -> Iterable[UUID]:
    """The account that a task was given to, when it has one."""
    account = entry.facts.get("account")
    return [UUID(account)] if account else []


def who_helps(entry: Entry) -> Iterable[UUID]:
    """The professional whose appointment it is."""
    return Appointment.objects.filter(pk__in=[entry.object_id]).values_list(
        "match__professional__account_id", flat=True
    )


def the_family_at_the_end(entry: Entry) -> Iterable[UUID]:
    """The family: told once of the ending itself, not again of each match that ended with it."""
    return the_family(entry) if _is_ending(entry) else ()


def the_coach_at_the_end(entry: Entry) -> Iterable[UUID]:
    return the_coach(entry) if _is_ending(entry) else ()


def who_helped(entry: Entry) -> Iterable[UUID]:
    """The professionals whose match ended with the question."""
    if not _is_ending(entry):
        return ()
    ended = Match.objects.filter(request_id=entry.facts["request"], ends_on=local_day(entry.at))
    return ended.values_list("professional__account_id", flat=True)


def _is_ending(entry: Entry) -> bool:
    return entry.object_type == Ending._meta.label


CODES = {
    "plan.seen": Code("Somebody opened the family's plan.", _("bekeek uw plan")),
    "plan.calendar_taken": Code(
        "Somebody put the moment of an appointment in an own calendar.",
        _("zette een afspraak in de eigen agenda"),
    ),
    "goal.set": Code(
        "A goal was written in the plan.",
        _("schreef een doel in uw plan"),
        tell=(
            Tell(
                to=the_family_that_reads_it,
                words=_("Er staat een nieuw doel in uw plan."),
                url=plan_page,
                by_mail=False,
            ),
        ),
    ),
    "goal.scored": Code("Somebody of the family scored a goal.", _("gaf een doel een cijfer")),
    "goal.reached": Code("A goal was called reached, or open again.", _("zei dat een doel bereikt is")),
    "task.set": Code(
        "It was agreed who does what by when.",
        _("schreef op wie wat doet"),
        tell=(Tell(to=who_took_it_on, words=_("U staat bij een afspraak in een plan."), url=plan_page),),
    ),
    "task.about": Code("It was put right whom a task is about.", _("schreef op over wie een taak gaat")),
    "task.finished": Code("A task was called done.", _("zei dat iets gedaan is")),
    "task.reopened": Code("A task was opened again.", _("zette iets weer open")),
    "appointment.planned": Code(
        "One or more appointments were made under a match.",
        _("maakte een afspraak"),
        tell=(
            Tell(to=the_family, words=_("Er is een afspraak voor u gemaakt."), url=family_page),
            Tell(to=who_helps, words=_("Er is een afspraak voor u gemaakt."), url=today_page, by_mail=False),
        ),
    ),
    "appointment.kept": Code(
        "A professional said that an appointment took place; its minutes are the hours.",
        _("zei dat de afspraak is geweest"),
        tell=(Tell(to=the_family, words=_("Hoe was de afspraak?"), url=family_page, by_mail=False),),
    ),
    "appointment.missed": Code(
        "A professional said that an appointment did not take place.", _("zei dat de afspraak niet doorging")
    ),
    "appointment.unkept": Code(
        "A professional took back what was said of an appointment.", _("zette een afspraak terug")
    ),
    "appointment.cancelled": Code(
        "An appointment was called off.",
        _("zei een afspraak af"),
        tell=(
            Tell(to=the_family, words=_("Een afspraak gaat niet door."), url=family_page),
            Tell(to=who_helps, words=_("Een afspraak gaat niet door."), url=today_page),
        ),
    ),
    "appointment.felt": Code(
        "Somebody of the family said how an appointment was.", _("zei hoe de afspraak was")
    ),
    "request.ended": Code(
        "A question was rounded off, and the help with it.",
        _("rondde uw vraag af"),
        tell=(
            Tell(
                to=the_family_at_the_end,
                words=_("De hulp is afgerond. Wilt u nog twee vragen beantwoorden?"),
                url=two_questions_page,
            ),
            Tell(to=the_coach_at_the_end, words=_("Een vraag is afgerond."), url=plan_page, by_mail=False),
            Tell(to=who_helped, words=_("De hulp aan een gezin is afgerond."), url=today_page),
        ),
    ),
    "request.reopened": Code(
        "A question came back and is open again.",
        _("opende uw vraag weer"),
        tell=(Tell(to=the_coach, words=_("Een vraag is terug. Neemt u contact op?"), url=family_page),),
    ),
    "outcome.answered": Code(
        "Somebody of the family answered the two questions.", _("beantwoordde de twee vragen")
    ),
}
