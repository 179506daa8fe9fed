"""Who says whom something that is written is about."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from hendig.families.models import Part
from hendig.kernel.refusal import Refusal


def why_not_about(*, on_a_side: bool) -> Refusal | None:
    """Why nothing that others read is said to be about this person: not all of them may know of that one."""
    if on_a_side:
        return Refusal(
            "about.side",
            _("Deze persoon staat alleen bij één ouder. Wie dit leest, mag dat misschien niet weten."),
        )
    return None


def why_not_say_whom(*, wrote: bool, part: str) -> Refusal | None:
    """Who wrote it knows whom it is about; the coach puts it right for everybody."""
    if not wrote and part != Part.COACH:
        return Refusal(
            "about.not_yours", _("Alleen wie het schreef en de gezinscoach zeggen over wie het gaat.")
        )
    return None
