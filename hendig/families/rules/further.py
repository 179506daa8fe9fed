"""Whether a note beside the page that remains says why it is kept."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from hendig.families.models import REASONS, Because, WhyKept
from hendig.kernel.refusal import Refusal


def why_no_further_note(reason: WhyKept) -> Refusal | None:
    """Why a note cannot be kept: the record is one page, and each further note needs its reason."""
    if reason.words.strip() and reason.because in {"", *REASONS}:
        return None
    if reason.because in REASONS and reason.because != Because.OTHER:
        return None
    return Refusal(
        "note.no_reason",
        _(
            "Kies waarom dit bewaard moet worden, of zeg het in één regel. "
            "Anders hoort het niet in het dossier."
        ),
    )
