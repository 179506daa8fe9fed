"""Why not? About appointments, goals, and the end of a question. No queries, no clock."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from hendig.helprequests.models import Stage, may_move
from hendig.kernel.periods import AMSTERDAM, Period, local_day
from hendig.kernel.refusal import Refusal
from hendig.plans.models import MOVES, AppointmentStage

MOST_WEEKS = 26
WRITTEN_AFTERWARDS = timedelta(days=31)
PLANNED_AHEAD = timedelta(days=366)
RATED_AFTERWARDS = timedelta(days=14)


@dataclass(frozen=True, slots=True)
class Slot:
    """A piece of somebody's time: from a moment, for some minutes."""

    starts_at: datetime
    minutes: int

    @property
    def ends_at(self) -> datetime:
        return self.starts_at + timedelta(minutes=self.minutes)

    def overlaps(self, other: Slot) -> bool:
        return self.starts_at < other.ends_at and other.starts_at < self.ends_at


def series(first: datetime, weeks: int) -> list[datetime]:
    """The same time on the same weekday, `weeks` weeks in a row (at least one), by the clock on the wall."""
    local = first.astimezone(AMSTERDAM)
    wall = local.replace(tzinfo=None)
    return [(wall + timedelta(weeks=n)).replace(tzinfo=AMSTERDAM) for n in range(max(weeks, 1))]


def with_neighbours(period: Period) -> Period:
    """The period with the day before and after it: what begins there may reach into it."""
    day = timedelta(days=1)
    return Period(period.first - day, period.last + day if period.last else None)


def next_weekday_at_three(at: datetime) -> datetime:
    """What a new appointment proposes: 15:00 on the first working day after today."""
    day = local_day(at) + timedelta(days=1)
    while day.weekday() > 4:
        day += timedelta(days=1)
    return datetime(day.year, day.month, day.day, 15, tzinfo=AMSTERDAM)


def why_no_appointment(
    match: Period, wanted: Iterable[Slot], *, taken: Iterable[Slot], at: datetime
) -> Refusal | None:
    """Why this help cannot be planned at these moments; `taken` is what the professional already has."""
    busy = list(taken)
    for slot in wanted:
        no = _why_no_slot(match, slot, busy, at)
        if no is not None:
            return no
    return None


def why_no_group(*, in_group: bool, own: bool) -> Refusal | None:
    """Why this cannot be an appointment of a group: who gives the help says which families are in it."""
    if in_group and not own:
        return Refusal(
            "appointment.not_own_group", gettext_lazy("Alleen wie de hulp geeft, maakt een groep.")
        )
    return None


def _why_no_slot(match: Period, slot: Slot, busy: list[Slot], at: datetime) -> Refusal | None:
    day = local_day(slot.starts_at)
    if not match.covers(day):
        return Refusal("appointment.no_match", _outside(match, day))
    if slot.starts_at < at - WRITTEN_AFTERWARDS:
        return Refusal(
            "appointment.too_long_ago",
            gettext_lazy("Dit is langer dan een maand geleden. Kies een latere dag."),
        )
    if slot.starts_at > at + PLANNED_AHEAD:
        return Refusal(
            "appointment.too_far", gettext_lazy("Dit is meer dan een jaar vooruit. Kies een eerdere dag.")
        )
    clash = next((other for other in busy if slot.overlaps(other)), None)
    if clash is None:
        return None
    return Refusal(
        "appointment.overlap",
        _("Op %(day)s staat al een afspraak van %(first)s tot %(last)s. Kies een andere tijd.")
        % {
            "day": in_words(local_day(clash.starts_at)),
            "first": _clock(clash.starts_at),
            "last": _clock(clash.ends_at),
        },
    )


def _outside(match: Period, day: date) -> str:
    if day < match.first:
        return _("De hulp begint op %(day)s. Kies een dag vanaf dan.") % {"day": in_words(match.first)}
    return _("De hulp stopt op %(day)s. Kies een dag daarvoor.") % {"day": in_words(match.last or day)}


def in_words(day: date) -> str:
    """maandag 24 november."""
    return date_format(day, "l j F")


def _clock(moment: datetime) -> str:
    return f"{moment.astimezone(AMSTERDAM):%H:%M}"


def why_not_settled(
    stage: str, to: AppointmentStage, *, own: bool, starts_at: datetime, at: datetime
) -> Refusal | None:
    """Why "geweest" or "niet doorgegaan" cannot be tapped."""
    if not own:
        return Refusal(
            "appointment.not_own", gettext_lazy("Alleen wie er zelf bij was, zegt of het geweest is.")
        )
    if at < starts_at:
        return Refusal(
            "appointment.not_begun",
            gettext_lazy("De afspraak is nog niet begonnen. Daarna kan het met één tik."),
        )
    return _why_no_step(stage, to)


def why_not_undone(stage: str, *, own: bool, invoiced: bool) -> Refusal | None:
    """Why "geweest" or "niet doorgegaan" cannot be taken back."""
    if not own:
        return Refusal("appointment.not_own", gettext_lazy("Alleen wie dit zelf aantikte, draait het terug."))
    if invoiced:
        return Refusal(
            "appointment.invoiced",
            gettext_lazy("Deze afspraak staat al op een factuur. Vraag uw kantoor om een creditregel."),
        )
    return _why_no_step(stage, AppointmentStage.PLANNED)


def why_not_cancelled(stage: str, *, starts_at: datetime, at: datetime) -> Refusal | None:
    """Why an appointment cannot be called off."""
    if starts_at <= at:
        return Refusal(
            "appointment.begun", gettext_lazy("De afspraak is al begonnen. Kies 'niet doorgegaan'.")
        )
    return _why_no_step(stage, AppointmentStage.CANCELLED)


def _why_no_step(stage: str, to: AppointmentStage) -> Refusal | None:
    if to in MOVES[AppointmentStage(stage)]:
        return None
    return Refusal(
        "appointment.settled", gettext_lazy("Over deze afspraak is al iets gezegd. Ververs de pagina.")
    )


def why_not_felt(
    stage: str, *, of_family: bool, slot: Slot, felt_at: datetime | None, at: datetime
) -> Refusal | None:
    """Why nobody can say (again) how an appointment was: it was kept, or its time is over."""
    if not of_family:
        return Refusal("felt.not_family", gettext_lazy("Alleen het gezin zelf zegt hoe het was."))
    if refusal := _why_not_been(stage, slot, at):
        return refusal
    if felt_at is not None:
        if local_day(felt_at) == local_day(at):
            return None
        return Refusal(
            "felt.fixed", gettext_lazy("Dit is al eerder gezegd. Veranderen kan alleen op dezelfde dag.")
        )
    if at > slot.starts_at + RATED_AFTERWARDS:
        return Refusal(
            "felt.too_late", gettext_lazy("Dit is langer dan twee weken geleden. Kies een latere afspraak.")
        )
    return None


def _why_not_been(stage: str, slot: Slot, at: datetime) -> Refusal | None:
    if stage == AppointmentStage.KEPT:
        return None
    if stage != AppointmentStage.PLANNED:
        return Refusal(
            "felt.not_been", gettext_lazy("Deze afspraak is niet geweest. Kies een andere afspraak.")
        )
    if at < slot.ends_at:
        return Refusal(
            "felt.not_over", gettext_lazy("De afspraak is nog niet voorbij. Daarna vragen we het graag.")
        )
    return None


def why_no_score(*, of_family: bool, reached: bool) -> Refusal | None:
    """Why a goal gets no score now."""
    if not of_family:
        return Refusal("score.not_family", gettext_lazy("Alleen het gezin zelf geeft een cijfer."))
    if reached:
        return Refusal("score.reached", gettext_lazy("Dit doel is al bereikt. Zet het eerst weer open."))
    return None


def why_no_turn(*, now: bool, wanted: bool) -> Refusal | None:
    """Why a goal or a task cannot be turned to done or back to open: it already stands like that."""
    if now != wanted:
        return None
    return Refusal("plan.same", gettext_lazy("Dat was al zo. Ververs de pagina."))


def why_no_plan(stage: str) -> Refusal | None:
    """Why nothing is added to the plan of a question."""
    if stage != Stage.DONE:
        return None
    return Refusal(
        "plan.done", gettext_lazy("Deze vraag is afgerond. Komt het terug? Open de vraag dan weer.")
    )


def why_not_ended(stage: str) -> Refusal | None:
    """Why a question cannot be rounded off."""
    if stage == Stage.DONE:
        return Refusal("ending.done", gettext_lazy("Deze vraag is al afgerond."))
    if not may_move(stage, Stage.DONE):
        return Refusal("ending.too_early", gettext_lazy("De gezinscoach heeft deze vraag nog niet opgepakt."))
    return None


def why_not_reopened(stage: str) -> Refusal | None:
    """Why a question cannot come back."""
    if stage == Stage.DONE:
        return None
    return Refusal("ending.open", gettext_lazy("Deze vraag is al open. U hoeft niets te doen."))


def why_no_outcome(*, ended: bool, asked: bool, answered: bool) -> Refusal | None:
    """Why the two questions are not answered by this person now."""
    if not asked:
        return Refusal("outcome.not_asked", gettext_lazy("Deze vragen zijn voor het gezin zelf."))
    if not ended:
        return Refusal(
            "outcome.not_ended", gettext_lazy("De hulp is nog niet afgerond. Daarna vragen we dit.")
        )
    if answered:
        return Refusal("outcome.answered", gettext_lazy("U hebt deze vragen al beantwoord. Dank u wel."))
    return None


def why_too_many_weeks(weeks: int) -> Refusal | None:
    """Why a series is too long to plan in one go."""
    if 0 <= weeks <= MOST_WEEKS:
        return None
    return Refusal("appointment.too_many_weeks", gettext_lazy("Plan hooguit een half jaar in één keer."))
