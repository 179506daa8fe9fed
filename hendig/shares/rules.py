"""Why not? – for sharing chosen pieces of a record with somebody outside it."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import date, datetime, timedelta
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from hendig.families.models import FamilyMember
from hendig.kernel import consent
from hendig.kernel.ages import birthday
from hendig.kernel.periods import local_day
from hendig.kernel.refusal import Refusal
from hendig.kernel.traces import has_address

# It lasts a year at most; then it can be proposed anew.
LONGEST = timedelta(days=365)
ADULT = 18
OF_DEAD = _(
    "Een doel hierin is van iemand die is overleden. Daarom wordt dit niet gedeeld. Stel het opnieuw voor, "
    "zonder dat doel."
)
ADDRESS_STAYS = _("Hier staat een straat of postcode in. Een adres delen wij nooit.")


def who_must_say(
    child: FamilyMember, holders: Iterable[UUID], whose: Iterable[UUID], on: date
) -> frozenset[UUID]:
    """The persons whose yes is needed: by the age of the child, and each whose own goal is among the pieces.

    What two professionals hold of a youth of 16 or 17 is about help: with whom something is shared stays the
    youth's own.
    """
    assert child.born_on is not None
    who = consent.deciders(child.born_on, on, frozenset(holders))
    return who.must_answer(child.pk) | frozenset(whose)


def is_lapsed(child: FamilyMember, yes_at: datetime | None, at: datetime) -> bool:
    """Whether the child said yes before its 18th birthday, and that is over: an adult says so anew."""
    if child.born_on is None or yes_at is None:
        return False
    return local_day(yes_at) < birthday(child.born_on, ADULT) <= local_day(at)


def why_no_share(child: FamilyMember | None, *, leads: bool, decides: bool) -> Refusal | None:
    """Why this person cannot propose to share something of this record."""
    if child is None or child.born_on is None:
        return Refusal("share.no_child", _("Eerst moet bekend zijn over welk kind het gaat."))
    if not leads and not decides:
        return Refusal(
            "share.not_yours", _("Alleen wie over dit dossier beslist, of de gezinscoach, stelt dit voor.")
        )
    return None


def why_not_with(*, found: bool, of_family: bool, kept_out: bool) -> Refusal | None:
    """Why nothing is shared with this person."""
    if not found:
        return Refusal(
            "share.nobody",
            _(
                "Wij kennen hier niemand met dit mailadres. Kijk of het klopt. De gemeente laat iemand van "
                "de school of de opvang toe; vraag uw gezinscoach."
            ),
        )
    if of_family:
        return Refusal("share.of_family", _("Deze persoon hoort zelf bij het gezin."))
    if kept_out:
        return Refusal("share.kept_out", _("Iemand in het gezin sloot deze persoon buiten."))
    return None


def why_not_until(until_on: date, on: date) -> Refusal | None:
    """Why it cannot be shared until this day."""
    if until_on <= on:
        return Refusal("share.too_short", _("Kies een dag na vandaag."))
    if until_on > on + LONGEST:
        return Refusal(
            "share.too_long", _("Delen kan hoogstens een jaar. Daarna kunt u het opnieuw voorstellen.")
        )
    return None


def why_not_these(*, chosen: int, there: int, texts: Iterable[str]) -> Refusal | None:
    """Why these pieces cannot be shared: none, one that is not there any more, or an address in one."""
    if not chosen:
        return Refusal("share.no_pieces", _("Kies ten minste één stuk."))
    if there != chosen:
        return Refusal("share.piece_gone", _("Een van deze stukken is er niet meer. Kies opnieuw."))
    if any(has_address(text) for text in texts):
        return Refusal("share.address", ADDRESS_STAYS)
    return None


def why_not_for(purpose: str) -> Refusal | None:
    if has_address(purpose):
        return Refusal("share.address_in_purpose", ADDRESS_STAYS)
    return None


def why_not_say(
    member_id: UUID | None, must: Collection[UUID], *, over: bool, of_dead: bool
) -> Refusal | None:
    """Why this person cannot say yes or no to it."""
    if of_dead:
        return Refusal("share.of_dead", OF_DEAD)
    if over:
        return Refusal("share.over", _("Dit delen is voorbij. Stel het opnieuw voor als u het weer wilt."))
    if member_id not in must:
        return Refusal("share.not_asked", _("Hierover beslist een ander in uw gezin."))
    return None


def why_not_taken_back(*, leads: bool, over: bool) -> Refusal | None:
    """Why the coach cannot take it back."""
    if not leads:
        return Refusal("share.not_leading", _("Alleen de gezinscoach neemt dit terug."))
    if over:
        return Refusal("share.over", _("Dit delen is voorbij. Stel het opnieuw voor als u het weer wilt."))
    return None
