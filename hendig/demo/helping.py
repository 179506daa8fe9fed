"""How help goes: the match with everyone's yes, week after week, goals that move, and the end."""

from __future__ import annotations

from collections.abc import Generator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from hendig.demo import steps
from hendig.demo.steps import Case
from hendig.demo.timeline import Story
from hendig.demo.town import Town, at_clock
from hendig.kernel.periods import local_day
from hendig.matching.models import Match
from hendig.plans import actions as plans
from hendig.plans.models import Appointment

DAY = timedelta(days=1)
# Of all appointments: called off, or (up to here) missed; of those kept: how often it is felt.
CANCELLED, MISSED, FELT = 0.05, 0.09, 0.75


@dataclass(frozen=True, slots=True)
class Click:
    """A professional and a family choose each other; `yes` are those of the family, in that order."""

    professional: str
    code: str
    purpose: str
    yes: Sequence[str]


@dataclass(frozen=True, slots=True)
class Rhythm:
    """When they see each other: so many weeks from the day, at the same time, who says how it was."""

    first: datetime
    weeks: int
    place: str
    felt_by: str
    minutes: int = 60


def match(town: Town, case: Case, click: Click, days: int) -> Generator[datetime, None, Match]:
    """The talk opens that many days from today, and within days everyone said yes."""
    yield town.on(days, "11:10")
    talk_id = steps.open_talk(
        town, case, professional=click.professional, code=click.code, purpose=click.purpose
    )
    yield town.on(days + 1, "08:40")
    steps.say(town, talk_id, click.professional)
    for place, who in enumerate(click.yes):
        yield town.on(days + 2, f"{19 + place % 2}:{12 + 7 * place}", weekend=True)
        steps.say(town, talk_id, who)
    yield town.on(days + 5, "09:05")
    made = steps.say(town, talk_id, case.coach)
    if made is None:
        raise LookupError(f"no match for {case.asker}")
    return made


def helped(
    town: Town, case: Case, click: Click, days: int, rhythm: Rhythm
) -> Generator[datetime, None, Match]:
    """A match was made, and from then on they see each other."""
    made = yield from match(town, case, click, days)
    see_each_other(town, case, made, click.professional, rhythm)
    return made


def see_each_other(town: Town, case: Case, made: Match, professional: str, rhythm: Rhythm) -> None:
    """The appointments stand, and on each day somebody says that it was."""
    steps.plan(
        town, made, professional, rhythm.first, place=rhythm.place, weeks=rhythm.weeks, minutes=rhythm.minutes
    )
    town.begin(_keep(town, case, made, professional, rhythm.felt_by))


def _keep(town: Town, case: Case, made: Match, professional: str, felt_by: str) -> Story:
    """Most appointments take place and are felt to be good, more so as weeks go by."""
    chance = town.chance(f"{case.asker} {professional} {felt_by}")
    planned = list(made.appointments.filter(stage="planned").order_by("starts_at"))
    for place, appointment in enumerate(planned):
        lot = chance.random()
        if lot < CANCELLED:
            yield appointment.starts_at - DAY
            plans.cancel_appointment(actor=town.actor(felt_by), appointment_id=appointment.pk, at=town.at)
            continue
        yield appointment.starts_at + timedelta(minutes=appointment.minutes + chance.randrange(3, 20))
        if _ended_before(made, appointment):
            return
        if lot < MISSED:
            plans.miss_appointment(actor=town.actor(professional), appointment_id=appointment.pk, at=town.at)
            continue
        keep(town, appointment, professional)
        if place % 4 == 1:
            steps.look(town, case, professional)
        if chance.random() < FELT:
            yield at_clock(
                local_day(appointment.starts_at), f"{chance.randrange(20, 22)}:{chance.randrange(60)}"
            )
            felt = min(5, max(2, round(2.6 + 1.8 * place / len(planned) + chance.uniform(-0.8, 0.9))))
            plans.say_how_it_was(
                actor=town.actor(felt_by), appointment_id=appointment.pk, felt=felt, at=town.at
            )


def _ended_before(made: Match, appointment: Appointment) -> bool:
    """Whether the help had ended when this appointment was to be."""
    made.refresh_from_db()
    return made.ends_on is not None and made.ends_on < local_day(appointment.starts_at)


def keep(town: Town, appointment: Appointment, professional: str) -> None:
    """ "Geweest": one tap, and the office's month knows it."""
    plans.keep_appointment(actor=town.actor(professional), appointment_id=appointment.pk, at=town.at)
    month = local_day(appointment.starts_at).replace(day=1)
    town.months_worked.setdefault(town.works_for[professional], set()).add(month)


def scores(town: Town, goal_id: UUID, who: str, start: int, values: Sequence[int], every: int = 14) -> Story:
    """How near the goal is, from time to time: it rises, and falls now and then."""
    for place, value in enumerate(values):
        yield town.on(start + every * place, "20:40", weekend=True)
        plans.score_goal(actor=town.actor(who), goal_id=goal_id, value=value, at=town.at)


def finish(town: Town, task_id: UUID, who: str, days: int, clock: str = "18:20") -> Story:
    """A promise is kept."""
    yield town.on(days, clock)
    plans.finish_task(actor=town.actor(who), task_id=task_id, at=town.at)


@dataclass(frozen=True, slots=True)
class End:
    """How it ended, and what those who were asked answered to the two questions."""

    reason: str
    looking_back: str
    if_it_returns: str
    answers: Sequence[tuple[str, int, str]]


def end(town: Town, case: Case, how: End, days: int) -> Story:
    """The question is rounded off, and the family answers the two questions within days."""
    yield town.on(days, "14:30")
    plans.end_request(
        actor=town.actor(case.coach),
        request_id=case.request_id,
        reason=how.reason,
        looking_back=how.looking_back,
        if_it_returns=how.if_it_returns,
        at=town.at,
    )
    for place, (who, useful, onward) in enumerate(how.answers):
        yield town.on(days + 2 + place, "20:05", weekend=True)
        plans.answer_outcome(
            actor=town.actor(who), request_id=case.request_id, useful=useful, onward=onward, at=town.at
        )


def reach(town: Town, goal_id: UUID, who: str, days: int) -> Story:
    """The goal is reached."""
    yield town.on(days, "16:45")
    plans.reach_goal(actor=town.actor(who), goal_id=goal_id, reached=True, at=town.at)
