"""On which account a partner is paid, and how that changes."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _
from schwifty import IBAN

from hendig.kernel.refusal import Refusal


def is_iban(text: str) -> bool:
    return IBAN(text, allow_invalid=True).is_valid


def written(text: str) -> str:
    """An account as it is kept: capitals, no spaces."""
    return "".join(text.split()).upper()


def why_no_change(iban: str, *, standing: str, is_open: bool) -> Refusal | None:
    """Why a partner cannot ask to be paid on this account."""
    if not is_iban(iban):
        return Refusal("account.bad_iban", _("Dit rekeningnummer bestaat niet. Kijk de cijfers na."))
    if written(iban) == written(standing):
        return Refusal("account.same", _("Op dit rekeningnummer wordt u al betaald."))
    if is_open:
        return Refusal(
            "account.is_open", _("Er loopt al een wijziging. Houd die eerst tegen als u iets anders wilt.")
        )
    return None


def why_not_agree(*, own: bool, agreed: bool, ended: bool) -> Refusal | None:
    """Why this person cannot agree to the change."""
    if agreed or ended:
        return Refusal("account.settled", _("Hierover is al beslist."))
    if own:
        return Refusal("account.own", _("U vroeg dit zelf. Een collega kijkt mee."))
    return None


def why_not_stop(*, ended: bool) -> Refusal | None:
    """Why the change cannot be stopped any more."""
    return Refusal("account.settled", _("Hierover is al beslist.")) if ended else None
