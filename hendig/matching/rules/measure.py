"""Why it cannot be decided now that help carries out a measure of the court. Pure."""

from __future__ import annotations

from datetime import datetime

from django.utils.translation import gettext_lazy as _

from hendig.kernel.refusal import Refusal
from hendig.matching.models import TalkStage
from hendig.matching.rules import Table


def why_not_by_measure(
    table: Table, *, stage: str, supervises: bool, helps: bool, sees_until: datetime | None
) -> Refusal | None:
    """Why it cannot be decided now that this help carries out the measure (Jeugdwet 3.2, 3.5 and 7.3.4).

    `sees_until` is until when help that is there already lasts without a new yes.
    """
    reasons = (
        (stage != TalkStage.OPEN, Refusal("measure.closed", _("Dit gesprek is voorbij."))),
        (not supervises, _NOT_SUPERVISING),
        (helps, _HELPS_TOO),
        (table.measured_until is None, _NONE),
        (table.by_measure, Refusal("measure.there", _("Dit staat er al."))),
        (_not_longer(table.measured_until, sees_until), _NOT_LONGER),
    )
    return next((refusal for is_so, refusal in reasons if is_so), None)


def _not_longer(measured_until: datetime | None, sees_until: datetime | None) -> bool:
    return measured_until is not None and sees_until is not None and measured_until <= sees_until


_NOT_SUPERVISING = Refusal(
    "measure.not_supervising",
    _("Alleen de gezinsvoogd beslist dat hulp bij de maatregel van de rechter hoort."),
)
_HELPS_TOO = Refusal(
    "measure.helps_too",
    _("Wie de maatregel uitvoert, geeft niet zelf de hulp. Kies iemand anders die helpt."),
)
_NONE = Refusal("measure.none", _("Er staat nu geen maatregel van de rechter. Dan zegt het gezin zelf ja."))
_NOT_LONGER = Refusal(
    "measure.not_longer",
    _("De maatregel duurt niet langer dan deze hulp. Is er een nieuwe uitspraak? Meld die eerst."),
)
