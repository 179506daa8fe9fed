"""Why an invitation cannot be made, accepted, taken back or sent anew."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from enum import StrEnum

from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from hendig.families.models import Invitation
from hendig.kernel.refusal import Refusal

INVITATION_LASTS = timedelta(days=7)
# After that the family says yes anew.
GP_LOOKS_ALONG = timedelta(days=365)


class Way(StrEnum):
    """How far an invitation came."""

    UNDER_WAY = "under_way"
    SENT = "sent"
    BOUNCED = "bounced"
    OPENED = "opened"
    ACCEPTED = "accepted"
    TAKEN_BACK = "taken_back"
    SPENT = "spent"
    EXPIRED = "expired"


# What can still be accepted, and so taken back.
OPEN = frozenset({Way.UNDER_WAY, Way.SENT, Way.BOUNCED, Way.OPENED})


def why_no_confidant(email: str, *, taken: Iterable[str], invited: Iterable[str]) -> Refusal | None:
    """Why this person cannot be invited as the adult whom the youth trusts."""
    if _same(email, taken):
        return Refusal("confidant.of_the_family", _("Wie dit adres heeft hoort al bij uw gezin."))
    if _same(email, invited):
        return Refusal("confidant.invited", _("Dit adres is al uitgenodigd. De uitnodiging staat er nog."))
    return None


def why_no_gp(*, there: bool) -> Refusal | None:
    """Why no GP can be invited: a child has one at a time."""
    if there:
        return Refusal("gp.there", _("Er doet al een huisarts mee. Haal die eerst weg."))
    return None


def why_not_as_gp(*, fits: bool) -> Refusal | None:
    """Why who typed the right code cannot come in as the GP: nobody vouched for where they work."""
    if fits:
        return None
    return Refusal(
        "gp.does_not_work_here",
        _("De code klopt. U kunt pas meedoen als uw praktijk bij Hendig is aangesloten. Vraag de gemeente."),
    )


def _same(email: str, others: Iterable[str]) -> bool:
    return email.strip().casefold() in {one.strip().casefold() for one in others}


def why_code_is_wrong(*, right: bool, tries_left: int) -> Refusal | None:
    """What who typed a wrong code reads; nothing of who invited them."""
    if right:
        return None
    if not tries_left:
        return Refusal(
            "invitation.spent",
            _("De code klopt niet. De uitnodiging geldt niet meer. Vraag een nieuwe aan wie u uitnodigde."),
        )
    return Refusal(
        "invitation.wrong_code",
        format_lazy(
            _("De code klopt niet. Vraag hem na bij wie u uitnodigde. U kunt het nog {count} keer proberen."),
            count=tries_left,
        ),
    )


def why_not_taken_back(invitation: Invitation) -> Refusal | None:
    """Why there is nothing to take back or send anew."""
    if invitation.accepted_at is not None:
        return Refusal("invitation.accepted", _("Deze persoon doet al mee. U kunt diegene wel weghalen."))
    if invitation.taken_back_at is not None:
        return Refusal("invitation.taken_back", _("Deze uitnodiging is al teruggenomen."))
    return None


def how_far(
    invitation: Invitation, *, sent_at: datetime | None, bounced_at: datetime | None, at: datetime
) -> tuple[Way, datetime]:
    """How far an invitation came, and since when; what ended it goes before what happened on the way."""
    steps = (
        (Way.ACCEPTED, invitation.accepted_at),
        (Way.TAKEN_BACK, invitation.taken_back_at),
        (Way.SPENT, None if invitation.tries_left else invitation.opened_at or invitation.invited_at),
        (Way.EXPIRED, invitation.expires_at if invitation.expires_at <= at else None),
        (Way.OPENED, invitation.opened_at),
        (Way.BOUNCED, bounced_at),
        (Way.SENT, sent_at),
    )
    reached = ((way, moment) for way, moment in steps if moment is not None)
    return next(reached, (Way.UNDER_WAY, invitation.invited_at))
