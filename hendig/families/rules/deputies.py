"""Why somebody cannot stand in for a colleague, or learn beside one."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta

from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from hendig.families.models import CompartmentKind, Part
from hendig.families.rules.gate import MOST
from hendig.kernel.refusal import Refusal
from hendig.people.models import Registration
from hendig.people.rules.registered import counts, is_registered

# Longer than that is no holiday: then a family gets somebody of its own.
LONGEST = timedelta(weeks=6)


def why_not_that_long(from_on: date, until_on: date, on: date) -> Refusal | None:
    """Why nobody can stand in from and until these days."""
    if from_on < on:
        return Refusal("deputy.past", _("De eerste dag is al voorbij. Kies vandaag of een dag daarna."))
    if until_on < from_on:
        return Refusal("deputy.turned", _("De laatste dag ligt voor de eerste. Draai ze om."))
    if until_on - from_on >= LONGEST:
        return Refusal(
            "deputy.too_long",
            _("Vervangen kan ten hoogste zes weken. Duurt het langer, draag de zaak dan over."),
        )
    return None


def why_not_registered(
    mine: Sequence[Registration], theirs: Sequence[Registration], until_on: date
) -> Refusal | None:
    """Why this colleague may not do this work: who stands in for somebody registered is so too, all along."""
    if not any(counts(one) for one in mine) or is_registered(theirs, until_on):
        return None
    return Refusal(
        "deputy.not_registered",
        _("Voor uw werk is een registratie nodig, en die heeft deze collega dan niet. Kies een ander."),
    )


def why_nobody(*, chosen: int, can: int, name: str) -> Refusal | None:
    """Why nothing comes of it."""
    if not chosen:
        return Refusal("deputy.no_case", _("Kies ten minste een gezin."))
    if not can:
        return Refusal(
            "deputy.cannot",
            format_lazy(_("{name} kan bij deze gezinnen niet meekijken. Kies een ander."), name=name),
        )
    return None


def never_more(part: Part, kinds: list[str]) -> list[CompartmentKind]:
    """Of what somebody is involved for, what another may be in this part."""
    return sorted(kind for kind in MOST[part] if kind in kinds)
