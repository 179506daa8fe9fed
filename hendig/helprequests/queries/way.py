"""The way of a question: where it stands, what happens next and when, and which wait longer than promised."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Case, OuterRef, Value, When
from django.utils import formats
from django.utils.text import format_lazy
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext

from hendig.audit.actions import Viewing
from hendig.audit.models import Entry
from hendig.families.models import OWN_PARTS, Part
from hendig.helprequests import rules
from hendig.helprequests.models import HelpRequest, Stage, StageMove, WaitingOn
from hendig.kernel.periods import begins, local_day
from hendig.kernel.refusal import Words

# Help that goes on and a question that is done wait for nobody.
WAITS = frozenset({Stage.NEW, Stage.TALK, Stage.TENT, Stage.MATCH})
# What the family says there, not everyone who sees along with it says.
BY_THE_FAMILY = frozenset({Stage.TENT, Stage.MATCH})
Moves = Sequence[tuple[str, datetime]]
# Whether the first talk was had: the text is not unsealed to know that there is one.
TALKED = Case(When(result="", then=Value(False)), default=Value(True))


@dataclass(frozen=True, slots=True)
class Step:
    """A stage on the way of a question, in the shape that the picture draws."""

    label: str
    state: str
    when: str = ""
    on: str = ""
    days: int | None = None
    note: str = ""


def way_of(row: HelpRequest, moves: Moves, look: Viewing) -> tuple[Step, ...]:
    """The stages it went through, where it stands, what can still come; a stage passed by is left out."""
    first: dict[str, datetime] = {}
    for stage, at in moves:
        first.setdefault(stage, at)
    order = list(Stage)
    here = order.index(Stage(row.stage))
    steps = []
    for position, stage in enumerate(order):
        label = str(stage.label)
        if position == here:
            waits = stage in WAITS and row.waiting_on != WaitingOn.NOBODY
            days = (local_day(look.at) - local_day(row.waiting_since)).days if waits else None
            on = _on(row, look) if waits else ""
            steps.append(Step(label, "now", _short(row.stage_since), on, days))
        elif stage in first:
            steps.append(Step(label, "done", _short(first[stage])))
        elif position > here:
            steps.append(Step(label, "next"))
    return tuple(steps)


def _on(row: HelpRequest, look: Viewing) -> str:
    """On whom it waits, as who reads it says that: nobody is spoken of as if they were not there."""
    if row.waiting_on == WaitingOn.FAMILY and says(row, look):
        return pgettext("on whom a question of the family waits", "u")
    if row.waiting_on == WaitingOn.COACH and row.coach:
        return _("u") if row.coach_id == look.actor.account_id else row.coach.first_name
    return str(WaitingOn(row.waiting_on).label)


def says(row: HelpRequest, look: Viewing) -> bool:
    """Whether the family's answer is the reader's as well: in a match of the child and who decides for it.

    Reads whether the reader decides, which stands beside the row as `decides`.
    """
    if look.part != Part.FAMILY or row.stage != Stage.MATCH or row.child is None:
        return bool(look.part == Part.FAMILY)
    decides: bool = row.decides  # type: ignore[attr-defined]  # annotated
    return decides or row.child.account_id == look.actor.account


def _short(at: datetime) -> str:
    return formats.date_format(local_day(at), _("j b"))


def next_words(row: HelpRequest, moves: Moves, look: Viewing) -> Words:
    """What happens next and when, for the family or for who works with it; past that day, that it is late.

    Reads the number of the municipality that stands beside the row as `municipality_phone`.
    """
    own, coach = look.part in OWN_PARTS, row.coach.first_name if row.coach else ""
    stage, waiting_on = Stage(row.stage), WaitingOn(row.waiting_on)
    first = rules.before_first_talk(stage=stage, talked=bool(row.result), passed=[one for one, _at in moves])
    promised = rules.promised(
        stage=stage,
        waiting_on=waiting_on,
        first=first,
        asked_on=local_day(row.asked_at),
        since=local_day(row.waiting_since),
    )
    said = {"coach": coach, "day": formats.date_format(promised, "l j F") if promised else ""}
    if promised is not None and promised < local_day(look.at):
        return _late(row, own, said)
    if first:
        return format_lazy((NEXT_CALL if coach else NEXT_FIRST_CALL) if own else CALL_FIRST, **said)
    if not own:
        return format_lazy(NEXT_AT_WORK[stage], **said)
    theirs = says(row, look)
    # Who sees along without a say in it reads what the family does.
    comes = format_lazy((NEXT if theirs or stage not in BY_THE_FAMILY else NEXT_AT_WORK)[stage], **said)
    if stage not in WAITS or waiting_on not in WHEN or (waiting_on == WaitingOn.FAMILY and not theirs):
        return comes
    return format_lazy("{} {}", comes, format_lazy(WHEN[waiting_on], **said))


def _late(row: HelpRequest, own: bool, said: dict[str, str]) -> Words:
    """That it is later than was promised, and whom to call."""
    if not own:
        return format_lazy(LATE_AT_WORK, **said)
    phone = str(row.municipality_phone)  # type: ignore[attr-defined]  # annotated
    return format_lazy(LATE_OF_COACH if row.coach else LATE, **said, phone=f": {phone}" if phone else "")


NEXT_FIRST_CALL = gettext_lazy("Een gezinscoach neemt contact met u op, uiterlijk {day}.")
NEXT_CALL = gettext_lazy("{coach} heeft uw vraag gelezen en neemt contact met u op, uiterlijk {day}.")
LATE = gettext_lazy(
    "We zijn later dan beloofd: u zou uiterlijk {day} iets van ons horen. "
    "Hoorde u nog niets? Bel de gemeente{phone}."
)
LATE_OF_COACH = gettext_lazy(
    "We zijn later dan beloofd: u zou uiterlijk {day} iets van ons horen. "
    "Hoorde u nog niets? Bel de gemeente{phone}. Vraag naar {coach}."
)
NEXT = {
    Stage.TALK: gettext_lazy("{coach} zoekt met u naar wat kan helpen: eerst om u heen, dan verder."),
    Stage.TENT: gettext_lazy("U gaat samen aan tafel. U bepaalt wie erbij komt."),
    Stage.MATCH: gettext_lazy("U maakt kennis met iemand die kan helpen. Klikt het? Dat zegt u zelf."),
    Stage.HELP: gettext_lazy("De hulp is bezig. Past er iets niet? Zeg het {coach}."),
    Stage.DONE: gettext_lazy("Deze vraag is klaar. Komt het terug? Vraag het gerust opnieuw."),
}
_HEARS = gettext_lazy("U hoort uiterlijk {day} van {coach} hoe het verdergaat.")
WHEN = {
    WaitingOn.COACH: _HEARS,
    WaitingOn.PROFESSIONAL: _HEARS,
    WaitingOn.FAMILY: gettext_lazy("Het gaat verder zodra u antwoord geeft. Haast is er niet."),
    WaitingOn.TENT: gettext_lazy("Wanneer dat is, staat bij het gesprek."),
}

CALL_FIRST = gettext_lazy("Eerst een gesprek met het gezin, uiterlijk {day}.")
LATE_AT_WORK = gettext_lazy(
    "Het gezin wacht langer dan beloofd: het zou uiterlijk {day} iets horen. Bel het gezin."
)
NEXT_AT_WORK = {
    Stage.TALK: gettext_lazy("Zoek met het gezin wat kan helpen: eerst dichtbij, dan verder."),
    Stage.TENT: gettext_lazy("Het gezin gaat aan tafel en kiest zelf wie erbij komt."),
    Stage.MATCH: gettext_lazy("Het gezin maakt kennis. Ieder zegt zelf of het klikt."),
    Stage.HELP: gettext_lazy("De hulp is bezig."),
    Stage.DONE: gettext_lazy("Deze vraag is klaar. Komt het terug? Dan gaat hij weer open."),
}


@dataclass(frozen=True, slots=True)
class Late:
    """A question that waits longer than was promised, and whom nobody told so yet."""

    municipality_id: UUID
    request_id: UUID
    code: str


def late(*, at: datetime, request_id: UUID | None = None) -> tuple[Late, ...]:
    """Questions that wait longer than was promised, of which nobody heard yet; longest first. 1 query.

    Who goes along hears it first, and who leads where nothing moved in the week after that.
    """
    today = local_day(at)
    told = Entry.objects.filter(
        object_id=OuterRef("pk"), code__in=[rules.LATE, rules.STILL_LATE], at__gt=OuterRef("waiting_since")
    )
    # The texts stay sealed: whether a first talk was had is told without them.
    rows = (
        HelpRequest.objects.filter(
            stage__in=WAITS,
            waiting_on__in=rules.WATCHED,
            asked_at__lt=begins(today),
            compartment__record__frozen_at=None,
        )
        .order_by("asked_at", "id")
        .annotate(
            passed=ArraySubquery(StageMove.objects.filter(request=OuterRef("pk")).values("stage")),
            told=ArraySubquery(told.values("code")),
        )
    )
    if request_id is not None:
        rows = rows.filter(pk=request_id)
    found = []
    for (
        municipality_id,
        pk,
        stage,
        waiting_on,
        asked_at,
        waiting_since,
        talked,
        passed,
        codes,
    ) in rows.values_list(
        "municipality_id", "id", "stage", "waiting_on", "asked_at", "waiting_since", TALKED, "passed", "told"
    ):
        since = local_day(waiting_since)
        promised = rules.promised(
            stage=Stage(stage),
            waiting_on=WaitingOn(waiting_on),
            first=rules.before_first_talk(stage=stage, talked=talked, passed=passed),
            asked_on=local_day(asked_at),
            since=since,
        )
        code = rules.late(promised, since=since, today=today)
        if code is not None and code not in codes:
            found.append(Late(municipality_id, pk, code))
    return tuple(found)
