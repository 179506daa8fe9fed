"""What the API says: an invoice and how it stands, a list of them, a journal, the chain of a payment."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Annotated
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from hendig.billing.actions.journal import Booking
from hendig.billing.models import InvoiceKind, PaymentStage
from hendig.billing.queries import Chain
from hendig.kernel.refusal import Words


class Status(StrEnum):
    """How an invoice stands; paid only when the bank says so."""

    RECEIVED = "received"
    RIGHT = "right"
    ASKED = "asked"
    AT_BANK = "at-bank"
    PAID = "paid"
    SETTLED = "settled"


@dataclass(frozen=True, slots=True)
class Asked:
    """One question about a line."""

    code: str
    words: Annotated[Words, _("De vraag, in een zin.")]


@dataclass(frozen=True, slots=True)
class InvoiceLine:
    id: UUID
    match_number: Annotated[
        str, _("Zoals het er staat; vraagtekens waar er iets anders stond dan een nummer.")
    ]
    code: str
    minutes: int
    cents_per_hour: int
    cents: int
    first_on: date
    last_on: date
    is_asked: Annotated[bool, _("Of er nog een vraag over openstaat.")]
    is_accepted: bool
    is_credited: bool
    is_paid: Annotated[bool, _("Of de regel met een betaling meeging.")]
    questions: tuple[Asked, ...]
    answer: Annotated[str, _("Wat uw kantoor antwoordde.")]


@dataclass(frozen=True, slots=True)
class Transfer:
    """What was asked of the bank, and what it said of it."""

    reference: Annotated[str, _("Het kenmerk (end-to-end id) waaronder de bank betaalt.")]
    cents: int
    stage: PaymentStage
    on: Annotated[date, _("De dag waarop de bank betaalt, betaalde of nee zei.")]
    reason: Annotated[Words | None, _("Waarom de bank nee zei.")]


@dataclass(frozen=True, slots=True)
class InvoiceInList:
    id: UUID
    number: Annotated[str, _("Het nummer waaronder wij haar boekten.")]
    your_number: Annotated[str, _("Het nummer dat u haar gaf; leeg als Hendig haar maakte.")]
    kind: InvoiceKind
    is_credit_note: bool
    month: Annotated[str, _("De maand, als 2026-11.")]
    received_on: date
    cents: int
    paid_cents: Annotated[int, _("Wat ervan naar de bank ging.")]
    status: Status
    status_words: Annotated[Words, _("Hetzelfde in woorden.")]
    paid_on: Annotated[date | None, _("De dag waarop de bank betaalde; leeg zolang zij dat niet meldde.")]


@dataclass(frozen=True, slots=True)
class Invoice:
    summary: InvoiceInList
    corrects: Annotated[UUID | None, _("De factuur die deze creditnota verbetert.")]
    lines: tuple[InvoiceLine, ...]
    transfers: tuple[Transfer, ...]


@dataclass(frozen=True, slots=True)
class Invoices:
    """A part of a list, the newest first."""

    invoices: tuple[InvoiceInList, ...]
    next: Annotated[UUID | None, _("Geef dit mee als after voor het vervolg; leeg aan het einde.")]


@dataclass(frozen=True, slots=True)
class Journal:
    """As it was written, once: of a document per code, of the bank per payment. Amounts in cents."""

    number: str
    municipality: str
    month: str
    currency: str
    entries: tuple[Booking, ...]


@dataclass(frozen=True, slots=True)
class JournalInList:
    month: Annotated[str, _("De maand, als 2026-11.")]
    number: str
    entries: int
    made_on: date


@dataclass(frozen=True, slots=True)
class Journals:
    """The newest first."""

    journals: tuple[JournalInList, ...]


@dataclass(frozen=True, slots=True)
class PaymentChain:
    payment: Chain
    right_by: Annotated[tuple[Words, ...], _("Per regel, in dezelfde volgorde: waarom zij goed is.")]
    facts: Annotated[tuple[Words, ...], _("De feiten die zijn nagekeken; leeg als er niet betaald is.")]


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing that is wrong with a file."""

    rule: str
    words: Words
    where: str
    line: int
