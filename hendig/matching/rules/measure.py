"""Why it cannot be decided now that help carries out a measure. Pure."""

from __future__ import annotations

from datetime import datetime

from django.utils.translation import gettext_lazy as _

from hendig.families.models import MeasureKind
from hendig.kernel.refusal import Refusal
from hendig.matching.models import TalkStage
from hendig.matching.rules import Table


def why_not_by_measure(
    table: Table,
    kind: MeasureKind,
    *,
    stage: str,
    carries: bool,
    helps: bool,
    measured_until: datetime | None,
    sees_until: datetime | None,
) -> Refusal | None:
    """Why it cannot be decided now that this help carries out the measure (Jeugdwet 3.2, 3.5 and 7.3.4).

    `carries` says whether who asks carries out a measure of this kind, `measured_until` until when it stands,
    and `sees_until` until when help that is there already lasts without a new yes.
    """
    reasons = (
        (stage != TalkStage.OPEN, Refusal("measure.closed", _("Dit gesprek is voorbij."))),
        (not carries, _NOT_CARRYING),
        (helps, _HELPS_TOO),
        (measured_until is None, _NONE),
        (table.lapses_on is not None or _says_so(table, kind), _THERE),
        (_not_longer(measured_until, sees_until), _NOT_LONGER),
    )
    return next((refusal for is_so, refusal in reasons if is_so), None)


def _says_so(table: Table, kind: MeasureKind) -> bool:
    return table.by_measure and table.measure_kind == kind


def _not_longer(measured_until: datetime | None, sees_until: datetime | None) -> bool:
    return measured_until is not None and sees_until is not None and measured_until <= sees_until


_NOT_CARRYING = Refusal(
    "measure.not_supervising",
    _("Alleen wie de maatregel uitvoert, beslist dat hulp erbij hoort."),
)
_HELPS_TOO = Refusal(
    "measure.helps_too",
    _("Wie de maatregel uitvoert, geeft niet zelf de hulp. Kies iemand anders die helpt."),
)
_NONE = Refusal("measure.none", _("Er staat nu geen maatregel. Dan zegt het gezin zelf ja."))
_THERE = Refusal("measure.there", _("Dit staat er al."))
_NOT_LONGER = Refusal(
    "measure.not_longer",
    _("De maatregel duurt niet langer dan deze hulp. Is er een nieuwe uitspraak? Meld die eerst."),
)
