"""What a document asks of us, in the words of our own rules."""

from __future__ import annotations

from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from hendig.billing.adapters.ubl.document import CORRECTED, KVK, OIN, Document, Head, Line, Party
from hendig.billing.rules.received import Billed, Said
from hendig.kernel.refusal import Words

# A number without a scheme is that of the trade register, as many programs write it.
_SCHEMES = {KVK, OIN, ""}


def billed(document: Document, told: tuple[str, ...] = ()) -> Billed:
    totals = document.totals
    return Billed(
        number=document.number,
        issued_on=document.issued_on,
        is_credit=document.is_credit,
        is_correction=document.kind == CORRECTED,
        before=tuple(dict.fromkeys(document.before)),
        seller=_numbers(document.seller),
        buyer=_numbers(document.buyer),
        iban=document.account.iban if document.account else "",
        in_euros=document.currency == "EUR",
        exempt=document.is_exempt,
        has_more=bool(document.adjustments or totals.prepaid or totals.rounding),
        told=told,
    )


def between(head: Head | None) -> tuple[frozenset[str], frozenset[str]]:
    """The numbers of who it is from and of who it is for; none of one that cannot be read."""
    seller, buyer = (head.seller, head.buyer) if head else (None, None)
    return _numbers(seller) if seller else frozenset(), _numbers(buyer) if buyer else frozenset()


def said(document: Document, *, rows: bool = False) -> tuple[Said, ...]:
    """Its lines, by their place in it; `rows` when that is the number that a spreadsheet gives them."""
    return tuple(
        _said(document, format_lazy(_("Rij {row}"), row=line.id), line)
        if rows
        else _said(document, format_lazy(_("Regel {place}"), place=place), line)
        for place, line in enumerate(document.lines, start=1)
    )


def _said(document: Document, place: Words, line: Line) -> Said:
    first = line.first_on or document.first_on or document.delivered_on
    last = line.last_on or document.last_on or document.delivered_on
    return Said(
        place=place,
        match_number=line.object_id.value if line.object_id else "",
        # Where a program has no field for it, the code stands before the words.
        code=line.code or line.name.split()[0] if line.code or line.name.strip() else "",
        quantity=line.quantity,
        unit=line.unit,
        price=line.price,
        per=line.per,
        cents=line.cents,
        first_on=first,
        last_on=last,
    )


def _numbers(party: Party) -> frozenset[str]:
    """The numbers of an organisation: what the law knows it by, else whatever it says."""
    said = [party.legal, party.endpoint, *party.identifiers]
    known = [one for one in said if one and one.scheme in _SCHEMES]
    if party.legal in known[:1]:
        known = known[:1]
    return frozenset("".join(one.value.split()) for one in known)
