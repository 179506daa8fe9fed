"""What an electronic invoice must be able to say."""

from __future__ import annotations

import re
from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

from hendig.kernel.refusal import Refusal

VAT_EXEMPT = _("Vrijgesteld van btw: jeugdhulp (artikel 11 Wet op de omzetbelasting 1968).")

VAT_NUMBER = re.compile(r"NL\d{9}B\d{2}", re.ASCII)

ENVELOPE = re.compile(r"(\S[^,]*), *(\d{4} ?[A-Z]{2}) +(\S.*)", re.ASCII)


@dataclass(frozen=True, slots=True)
class Address:
    """Where an organisation gets its post."""

    street: str
    postcode: str
    town: str

    def is_whole(self) -> bool:
        return bool(self.street.strip() and self.postcode.strip() and self.town.strip())


def address_in(text: str) -> Address | None:
    """The address in a line as it stands on an envelope; None when it is not one."""
    found = ENVELOPE.fullmatch(text.strip())
    return Address(found[1], found[2], found[3]) if found else None


def why_no_einvoice(
    *, vat: str, seller: Address, buyer: Address | None, buyer_number: str, received: bool = False
) -> Refusal | None:
    """Why an invoice cannot be an electronic one: the official rules ask more than paper does.

    One that was received is one already; another with another number would be its double.
    """
    if received:
        return Refusal("einvoice.received", _("Deze factuur is zo ontvangen. Haal het ontvangen bestand op."))
    if not VAT_NUMBER.fullmatch(vat):
        return Refusal(
            "einvoice.no_vat",
            _("Voor een e-factuur is het btw-nummer van de partner nodig. Geef het door aan de gemeente."),
        )
    if not seller.is_whole():
        return Refusal(
            "einvoice.no_address",
            _("Voor een e-factuur is het adres van de partner nodig. Geef het door aan de gemeente."),
        )
    if buyer is None or not buyer_number:
        return Refusal(
            "einvoice.no_municipality",
            _("Een e-factuur kan nog niet: de gemeente vulde haar postadres of nummer nog niet in."),
        )
    return None
