"""What finance can pay now, what is asked about, and what came back. No family is in it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Generic, TypeVar
from uuid import UUID

from django.db.models import BooleanField, Count, OuterRef, Q, QuerySet, Subquery, Sum, Value, Window
from django.db.models.expressions import ExpressionWrapper
from django.db.models.functions import Coalesce, RowNumber

from hendig.billing import rules
from hendig.billing.models import (
    NOT_PAID,
    Invoice,
    InvoiceLine,
    InvoiceStage,
    Payment,
    payable_by,
    turned_down_by,
)
from hendig.billing.queries.repayments import Owed, kept_of, owed
from hendig.billing.queries.rows import InvoiceRow, Line, line_of, row_of, with_transfers
from hendig.kernel.actor import Actor
from hendig.kernel.periods import local_day
from hendig.kernel.refusal import Refusal
from hendig.people.models import Municipality

# So many are named; of what is more the number is told. What is done makes room for the next.
OF_A_PARTNER, NAMED, LINES_NAMED = 12, 20, 5
One = TypeVar("One")


@dataclass(frozen=True, slots=True)
class Payable:
    """An invoice with what of it is paid next: all, or what is right while the rest is asked about."""

    invoice: InvoiceRow
    cents: int

    @property
    def part(self) -> bool:
        return self.cents < self.invoice.cents


@dataclass(frozen=True, slots=True)
class PartnerSum:
    """What one partner gets with the next payment, after what is kept off it, for how many invoices."""

    partner: str
    cents: int
    kept: int
    count: int
    # The first of them.
    invoices: tuple[Payable, ...]

    @property
    def more(self) -> int:
        return self.count - len(self.invoices)


@dataclass(frozen=True, slots=True)
class Asked:
    """An invoice about which something is asked, and the first of `count` lines that it is about."""

    invoice: InvoiceRow
    count: int
    lines: tuple[Line, ...]

    @property
    def more(self) -> int:
        return self.count - len(self.lines)


@dataclass(frozen=True, slots=True)
class Named(Generic[One]):
    """The first of a list, and how long it is."""

    rows: tuple[One, ...]
    count: int

    @property
    def more(self) -> int:
        return self.count - len(self.rows)


@dataclass(frozen=True, slots=True)
class ToPay:
    """What finance can pay now, what it cannot and why."""

    right: tuple[PartnerSum, ...]
    cents: int
    asked: Named[Asked]
    # What a colleague pays: invoices that the reader sent, lines it accepted, what came back by its file.
    own: int
    own_accepted: int
    own_read: int
    came_back: Named[InvoiceRow]
    # What partners are to give back, also where nothing is paid now that it could come off.
    owed: Named[Owed]
    pays_on: date
    why_not: Refusal | None

    @property
    def count(self) -> int:
        return sum(partner.count for partner in self.right)


def to_pay(actor: Actor, *, at: datetime) -> ToPay:
    """What is right and will be paid, what comes off it, what is asked about, what a colleague pays.

    4 queries, 5 when something is asked. All is added up where it lies, by partner; of the invoices and their
    lines so many are read as are named.
    """
    open_ones = _open(actor, at)
    partners = _by_partner(actor, open_ones)
    named = list(_named(actor, open_ones))
    invoices: dict[UUID, list[Payable]] = defaultdict(list)
    for row in named:
        if row.is_paid and row.in_partner <= OF_A_PARTNER:
            invoices[row.partner_id].append(Payable(row_of(row), row.payable))
    owing = owed(actor)
    pays = [one for one in partners if one["invoices"]]
    kept = kept_of(owing, {one["partner_id"]: one["cents"] for one in pays})
    right = tuple(
        PartnerSum(
            partner=one["partner__name"],
            cents=one["cents"] - kept[one["partner_id"]],
            kept=kept[one["partner_id"]],
            count=one["invoices"],
            invoices=tuple(invoices[one["partner_id"]]),
        )
        for one in pays
    )
    asked = [row for row in named if row.stage == InvoiceStage.ASKED and row.in_asked <= NAMED]
    back = [row for row in named if row.is_back and row.in_back <= NAMED]
    town = pays[0] if pays else {"town": "", "town_iban": ""}
    return ToPay(
        right=right,
        cents=sum(one.cents for one in right),
        asked=Named(_asked(asked), sum(one["asked"] for one in partners)),
        own=sum(one["own"] for one in partners),
        own_accepted=sum(one["own_accepted"] for one in partners),
        own_read=sum(one["read"] for one in partners),
        came_back=Named(tuple(map(row_of, back)), sum(one["back"] for one in partners)),
        owed=Named(owing[:NAMED], len(owing)),
        pays_on=rules.next_banking_day(local_day(at)),
        why_not=rules.why_not_pay(
            rules.Payee(town["town"], town["town_iban"]),
            [rules.Payee(one["partner__name"], one["partner__iban"]) for one in pays],
        ),
    )


def _open(actor: Actor, at: datetime) -> QuerySet[Invoice]:
    """The invoices that are not done, each with what of it can be paid and how its last payment stands."""
    found = Invoice.objects.visible_to(actor, at=at).filter(
        stage__in=[InvoiceStage.RIGHT, InvoiceStage.ASKED]
    )
    lines = InvoiceLine.objects.filter(invoice=OuterRef("pk")).left().order_by().values("invoice")
    accepted = lines.exclude(findings=[]).filter(accepted_by=actor.account)
    last = Payment.objects.filter(invoice=OuterRef("pk")).order_by("-id").values("stage")[:1]
    return found.annotate(
        payable=Coalesce(
            Subquery(lines.filter(payable_by(actor)).annotate(sum=Sum("cents")).values("sum")), 0
        ),
        accepted=Coalesce(Subquery(accepted.annotate(count=Count("pk")).values("count")), 0),
        last_stage=Coalesce(Subquery(last), Value("")),
        own_read=turned_down_by(actor, of="pk"),
    )


def _pays(actor: Actor) -> Q:
    """Those of which the actor pays something: what it sent itself is for a colleague."""
    return Q(payable__gt=0) & (Q(sent_by=None) | ~Q(sent_by=actor.account_id))


IS_BACK = Q(last_stage__in=NOT_PAID)


def _by_partner(actor: Actor, open_ones: QuerySet[Invoice]) -> Sequence[Any]:
    """What there is of each partner, in order of name. 1 query."""
    town = Municipality.objects.filter(pk=OuterRef("municipality_id"))
    rows = open_ones.annotate(town=Subquery(town.values("name")), town_iban=Subquery(town.values("iban")))
    pays = _pays(actor)
    return list(
        rows.order_by("partner__name", "partner_id")
        .values("partner_id", "partner__name", "partner__iban", "town", "town_iban")
        .annotate(
            cents=Coalesce(Sum("payable", filter=pays), 0),
            invoices=Count("pk", filter=pays),
            own=Count("pk", filter=Q(sent_by=actor.account_id) & ~Q(payable=0)),
            own_accepted=Sum("accepted"),
            read=Count("pk", filter=Q(own_read=True)),
            asked=Count("pk", filter=Q(stage=InvoiceStage.ASKED)),
            back=Count("pk", filter=IS_BACK),
        )
    )


def _named(actor: Actor, open_ones: QuerySet[Invoice]) -> Iterable[Any]:
    """The first of each partner, of what is asked about and of what came back. 2 queries."""
    by_name = ["partner__name", "partner_id", "number"]
    return (
        with_transfers(open_ones)
        .annotate(
            is_paid=ExpressionWrapper(_pays(actor), BooleanField()),
            is_back=ExpressionWrapper(IS_BACK, BooleanField()),
        )
        .annotate(
            in_partner=Window(RowNumber(), partition_by=["partner_id", "is_paid"], order_by="number"),
            in_asked=Window(RowNumber(), partition_by="stage", order_by=by_name),
            in_back=Window(RowNumber(), partition_by="is_back", order_by=by_name),
        )
        .filter(
            Q(is_paid=True, in_partner__lte=OF_A_PARTNER)
            | Q(stage=InvoiceStage.ASKED, in_asked__lte=NAMED)
            | Q(is_back=True, in_back__lte=NAMED)
        )
        .order_by(*by_name)
    )


def _asked(rows: Sequence[Invoice]) -> tuple[Asked, ...]:
    """What is asked about these. 1 query, none when there are none."""
    by_invoice: dict[UUID, list[Line]] = defaultdict(list)
    count: dict[UUID, int] = {}
    invoices = {row.pk: row for row in rows}
    lines = (
        InvoiceLine.objects.filter(invoice__in=invoices)
        .asked()
        .annotate(
            place=Window(RowNumber(), partition_by="invoice_id", order_by="id"),
            of=Window(Count("*"), partition_by="invoice_id"),
        )
        .filter(place__lte=LINES_NAMED)
    )
    for line in lines.select_related("match", "service_code", "credited_by").order_by("id"):
        by_invoice[line.invoice_id].append(line_of(line, invoices[line.invoice_id]))
        count[line.invoice_id] = line.of  # type: ignore[attr-defined]
    return tuple(
        Asked(row_of(row), count.get(key, 0), tuple(by_invoice[key])) for key, row in invoices.items()
    )
