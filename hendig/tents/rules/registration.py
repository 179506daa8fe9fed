"""Who is asked for work that somebody registered does, and the reason why it can be somebody else."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from hendig.kernel.refusal import Refusal


def why_no_registration(missing: int, reason: str) -> Refusal | None:
    """The norm of work for who is registered, and its exception: for a reason that is written down, once."""
    if not missing or reason.strip():
        return None
    return Refusal(
        "tent.no_registration",
        _(
            "Voor een expertise die u koos is een registratie nodig, en die heeft niet iedereen die u vraagt."
            " Schrijf op waarom het toch kan; dat hoeft maar één keer. Of kies iemand anders."
        ),
    )
