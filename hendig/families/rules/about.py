"""Who says whom something that is written is about."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from hendig.families.models import Part
from hendig.kernel.refusal import Refusal


def why_not_say_whom(*, wrote: bool, part: str) -> Refusal | None:
    """Who wrote it knows whom it is about; the coach puts it right for everybody."""
    if not wrote and part != Part.COACH:
        return Refusal(
            "about.not_yours", _("Alleen wie het schreef en de gezinscoach zeggen over wie het gaat.")
        )
    return None
