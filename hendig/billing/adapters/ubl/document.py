"""An invoice or credit note as EN 16931 knows it; amounts in cents, rounded half up once per line.

It has no field for a contact person: nobody's name is needed to pay an organisation.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal, localcontext

from hendig.kernel.money import half_up

INVOICE, CORRECTED, CREDIT = "380", "384", "381"
CREDIT_KINDS = frozenset({CREDIT, "81", "83", "396", "532"})

# The schemes by which Dutch organisations are known on the network.
KVK, OIN = "0106", "0190"
EXEMPT = "E"


@dataclass(frozen=True, slots=True)
class Identifier:
    value: str
    scheme: str = ""


@dataclass(frozen=True, slots=True)
class Party:
    """Who sells or buys: an organisation, never a person in it."""

    name: str
    legal_name: str = ""
    endpoint: Identifier | None = None
    legal: Identifier | None = None
    identifiers: tuple[Identifier, ...] = ()
    vat: str = ""
    tax_number: str = ""
    street: str = ""
    street_more: str = ""
    town: str = ""
    postcode: str = ""
    country: str = "NL"


@dataclass(frozen=True, slots=True)
class Tax:
    """The category and rate of VAT; without a rate where VAT does not apply at all."""

    category: str = EXEMPT
    percent: Decimal | None = Decimal(0)


@dataclass(frozen=True, slots=True)
class Adjustment:
    """An allowance, or a charge, on the document or on one line."""

    charge: bool
    cents: int
    tax: Tax | None = None
    reason: str = ""
    reason_code: str = ""
    percent: Decimal | None = None
    base_cents: int | None = None

    @property
    def signed(self) -> int:
        return self.cents if self.charge else -self.cents


@dataclass(frozen=True, slots=True)
class Line:
    """So much of something at a price `per` so many units: exact also for a third of an hour."""

    id: str
    name: str
    quantity: Decimal
    unit: str
    cents: int
    price: Decimal
    per: Decimal = Decimal(1)
    tax: Tax = Tax()
    first_on: date | None = None
    last_on: date | None = None
    object_id: Identifier | None = None
    order_line: str = ""
    code: str = ""
    note: str = ""
    adjustments: tuple[Adjustment, ...] = ()

    @property
    def worth(self) -> int:
        """What quantity, price and adjustments come to, in cents."""
        return line_cents(self.quantity, self.price, self.per) + sum(one.signed for one in self.adjustments)


def line_cents(quantity: Decimal, price: Decimal, per: Decimal = Decimal(1)) -> int:
    """Quantity times price in cents, half up; a base quantity of nothing counts as one."""
    # Exact also for the longest numbers that somebody may send.
    with localcontext(prec=200):
        return half_up(quantity * price * 100 / (per or 1))


@dataclass(frozen=True, slots=True)
class TaxSum:
    """What all of one category and rate comes to, and the VAT on it."""

    tax: Tax
    taxable_cents: int
    cents: int
    reason: str = ""
    reason_code: str = ""


@dataclass(frozen=True, slots=True)
class Totals:
    """The sums at the foot of the document, in cents."""

    lines: int
    allowances: int
    charges: int
    exclusive: int
    vat: int
    inclusive: int
    prepaid: int
    rounding: int
    payable: int

    @classmethod
    def of(
        cls,
        lines: Iterable[Line],
        adjustments: Iterable[Adjustment],
        taxes: Iterable[TaxSum],
        *,
        prepaid: int = 0,
        rounding: int = 0,
    ) -> Totals:
        """What must stand at the foot, from what stands above it."""
        kept = tuple(adjustments)
        together = sum(line.cents for line in lines)
        allowances = sum(one.cents for one in kept if not one.charge)
        charges = sum(one.cents for one in kept if one.charge)
        exclusive = together - allowances + charges
        vat = sum(one.cents for one in taxes)
        inclusive = exclusive + vat
        return cls(
            lines=together,
            allowances=allowances,
            charges=charges,
            exclusive=exclusive,
            vat=vat,
            inclusive=inclusive,
            prepaid=prepaid,
            rounding=rounding,
            payable=inclusive - prepaid + rounding,
        )


@dataclass(frozen=True, slots=True)
class Account:
    """Where the money goes, by which means, and what the transfer must mention."""

    iban: str
    means: str = "58"
    reference: str = ""


@dataclass(frozen=True, slots=True)
class Document:
    kind: str
    number: str
    issued_on: date
    seller: Party
    buyer: Party
    lines: tuple[Line, ...]
    taxes: tuple[TaxSum, ...]
    totals: Totals
    due_on: date | None = None
    first_on: date | None = None
    last_on: date | None = None
    currency: str = "EUR"
    buyer_reference: str = ""
    order: str = ""
    contract: str = ""
    note: str = ""
    terms: str = ""
    before: tuple[str, ...] = ()
    account: Account | None = None
    adjustments: tuple[Adjustment, ...] = field(default=())
    delivered_on: date | None = None
    delivered_in: str = ""

    @property
    def is_credit(self) -> bool:
        return self.kind in CREDIT_KINDS

    @property
    def is_exempt(self) -> bool:
        """Whether it is free of VAT (category E), by its sums and by each of its lines."""
        sums = all(one.tax.category == EXEMPT and not one.cents for one in self.taxes)
        return sums and all(line.tax.category == EXEMPT for line in self.lines)


@dataclass(frozen=True, slots=True)
class Head:
    """What a document says of itself and who it is between: each as far as it can be read."""

    kind: str
    number: str
    issued_on: date | None
    is_credit: bool
    seller: Party | None
    buyer: Party | None


def tax_sums(
    lines: Iterable[Line], adjustments: Iterable[Adjustment] = (), *, reason: str = ""
) -> tuple[TaxSum, ...]:
    """The VAT per category and rate; `reason` says why it is none, where it is none."""
    taxable: dict[Tax, int] = {}
    for line in lines:
        taxable[line.tax] = taxable.get(line.tax, 0) + line.cents
    for one in adjustments:
        if one.tax is not None:
            taxable[one.tax] = taxable.get(one.tax, 0) + one.signed
    return tuple(
        TaxSum(
            tax,
            cents,
            half_up(Decimal(cents) * (tax.percent or 0) / 100),
            reason="" if tax.percent else reason,
        )
        for tax, cents in taxable.items()
    )
