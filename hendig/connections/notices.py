"""Which lines of the log concern systems that come in, and who hears of them: who could end them."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING
from uuid import UUID

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from hendig.audit.notices import Code, Tell
from hendig.kernel.periods import local_day
from hendig.people.models import Membership

if TYPE_CHECKING:
    from hendig.audit.models import Entry


def who_can_end_it(entry: Entry) -> Iterable[UUID]:
    """Everybody who runs that office, or all of finance."""
    held = Membership.objects.standing(local_day(entry.at)).filter(
        municipality_id=entry.municipality_id, role=entry.facts["role"], partner=entry.facts["partner"]
    )
    return held.order_by("id").values_list("account_id", flat=True)


def _page(_entry: Entry) -> str:
    return reverse("connections")


CODES = {
    "connection.made": Code(
        "A system may come in by itself, with a token, for an office or for finance.",
        _("maakte een sleutel voor een systeem"),
        tell=(
            Tell(
                to=who_can_end_it,
                words=_("Een collega maakte een sleutel voor een systeem. Klopt dat niet, stop hem dan."),
                url=_page,
            ),
        ),
    ),
    "connection.ended": Code(
        "The token of a system opens nothing any more.",
        _("stopte de sleutel van een systeem"),
        tell=(
            Tell(
                to=who_can_end_it,
                words=_("Een collega stopte de sleutel van een systeem. Dat komt niet meer binnen."),
                url=_page,
            ),
        ),
    ),
    "connection.used": Code(
        "A system came in with its token; written at most once an hour.",
        _("kwam binnen met een eigen systeem"),
    ),
}
