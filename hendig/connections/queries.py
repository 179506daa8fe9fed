"""Which systems may come in, who comes with a token, and what the API says of invoices and payments."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from hendig.billing import queries as billing
from hendig.billing.models import InvoiceStage, PaymentStage
from hendig.connections import rules
from hendig.connections.adapters import said
from hendig.connections.adapters.said import Status
from hendig.connections.adapters.token import fingerprint
from hendig.connections.models import Connection, Purpose
from hendig.kernel.actor import Actor, Role
from hendig.kernel.periods import local_day
from hendig.kernel.refusal import Words
from hendig.people.models import Membership


@dataclass(frozen=True, slots=True)
class Comer:
    """A system that came with a token, as the one who acts; `told` is whether its use was told of late."""

    actor: Actor
    told: bool


def comer(token: str, *, at: datetime) -> Comer | None:
    """Whose token this is, with that one role and nothing but its purposes; None for any other. 1 query."""
    rows = Connection.objects.standing(at).select_related("membership")
    row = rows.filter(token_hash=fingerprint(token)).first()
    if row is None:
        return None
    held = row.membership
    actor = Actor(
        municipality_id=row.municipality_id,
        account_id=held.account_id,
        roles=frozenset({Role.ANYONE, Role(held.role)}),
        offices=frozenset({held.partner_id}) if held.partner_id else frozenset(),
        connection_id=row.pk,
        only=rules.permitted([Purpose(one) for one in row.purposes]),
    )
    return Comer(actor, told=row.used_at is not None and row.used_at > at - rules.USE_IS_TOLD)


@dataclass(frozen=True, slots=True)
class ConnectionLine:
    """A system in the list of those who can end it; `over` says why it opens nothing any more."""

    id: UUID
    name: str
    where: str
    purposes: tuple[Words, ...]
    made_by: str
    made_on: date
    until_on: date
    used_at: datetime | None
    over: Words | None


@dataclass(frozen=True, slots=True)
class ConnectionsPage:
    standing: tuple[ConnectionLine, ...]
    over: tuple[ConnectionLine, ...]


SHOWN = 20


def connections(actor: Actor, *, at: datetime) -> ConnectionsPage:
    """The systems of the own organisation: all that may come in, and the last that could. 2 queries."""
    rows = Connection.objects.visible_to(actor, at=at).select_related(
        "membership__account", "membership__partner"
    )
    standing = Connection.objects.standing(at)
    over = rows.exclude(pk__in=standing)[:SHOWN]
    return ConnectionsPage(
        tuple(_line(row, at, standing=True) for row in rows.filter(pk__in=standing)),
        tuple(_line(row, at, standing=False) for row in over),
    )


def _line(row: Connection, at: datetime, *, standing: bool) -> ConnectionLine:
    held = row.membership
    return ConnectionLine(
        id=row.pk,
        name=row.name,
        where=held.partner.name if held.partner else "",
        purposes=tuple(Purpose(one).label for one in row.purposes),
        made_by=held.account.first_name,
        made_on=local_day(row.made_at),
        until_on=row.until_on,
        used_at=row.used_at,
        over=rules.why_over(
            ended=row.ended_at is not None, standing=standing, until_on=row.until_on, today=local_day(at)
        ),
    )


@dataclass(frozen=True, slots=True)
class Offer:
    """For what and for whom the reader can let a system in."""

    purposes: tuple[tuple[str, Words], ...]
    partners: tuple[tuple[str, str], ...]
    for_finance: bool


def offer(actor: Actor, *, at: datetime) -> Offer:
    """1 query."""
    held = Membership.objects.standing(local_day(at)).filter(account=actor.account_id, role=Role.OFFICE)
    partners = held.order_by("partner__name").values_list("partner_id", "partner__name")
    return Offer(
        tuple((one.value, one.label) for one in rules.offered(actor)),
        tuple((str(pk), str(name)) for pk, name in partners),
        actor.has(Role.FINANCE),
    )


# --- what the API says ------------------------------------------------------------------------------------

# So many in a part of a list, unless the system asks for another number.
PAGE = 25
STATUS = {
    InvoiceStage.SENT: Status.RECEIVED,
    InvoiceStage.RIGHT: Status.RIGHT,
    InvoiceStage.ASKED: Status.ASKED,
    InvoiceStage.PAID: Status.PAID,
    InvoiceStage.SETTLED: Status.SETTLED,
}


def invoice(actor: Actor, invoice_id: UUID, *, at: datetime) -> said.Invoice:
    """How an invoice stands, with what is asked in words. 4 queries, as its page."""
    page = billing.invoice(actor, invoice_id, at=at)
    return said.Invoice(
        summary=_in_list(page.invoice),
        corrects=page.corrects[0] if page.corrects else None,
        lines=tuple(_invoice_line(line) for line in page.lines),
        transfers=tuple(
            said.Transfer(one.reference, one.cents, one.stage, one.on, one.reason)
            for one in page.invoice.transfers
        ),
    )


def _in_list(row: billing.InvoiceRow) -> said.InvoiceInList:
    paid = row.last if row.last and row.last.stage == PaymentStage.PAID else None
    return said.InvoiceInList(
        id=row.id,
        number=row.number,
        your_number=row.their_number,
        kind=row.kind,
        is_credit_note=row.is_credit,
        month=f"{row.month:%Y-%m}",
        received_on=row.sent_on,
        cents=row.cents,
        paid_cents=row.paid_cents,
        status=Status.AT_BANK if row.waits_for_bank else STATUS[row.stage],
        status_words=row.state,
        paid_on=paid.on if paid else None,
    )


def _invoice_line(line: billing.Line) -> said.InvoiceLine:
    assert line.id is not None
    return said.InvoiceLine(
        id=line.id,
        match_number=line.match_number,
        code=line.code,
        minutes=line.minutes,
        cents_per_hour=line.cents_per_hour,
        cents=line.cents,
        first_on=line.first_on,
        last_on=line.last_on,
        is_asked=line.asked,
        is_accepted=line.accepted,
        is_credited=line.credited,
        is_paid=line.paid,
        questions=tuple(
            said.Asked(finding.value, words)
            for finding, words in zip(line.findings, line.questions, strict=True)
        ),
        answer=line.answer,
    )


def invoices(
    actor: Actor,
    *,
    at: datetime,
    after: UUID | None = None,
    limit: int = PAGE,
    number: str = "",
    key: str = "",
) -> said.Invoices:
    """A part of the invoices that the actor may read, by key. 2 queries."""
    rows = billing.invoice_rows(actor, at=at, after=after, most=limit + 1, number=number, key=key)
    shown = tuple(_in_list(row) for row in rows[:limit])
    return said.Invoices(shown, shown[-1].id if len(rows) > limit else None)


def journals(actor: Actor, *, at: datetime) -> said.Journals:
    """The months that were written. 2 queries."""
    rows = billing.journals(actor, at=at).rows
    return said.Journals(
        tuple(said.JournalInList(f"{row.month:%Y-%m}", row.number, row.entries, row.made_on) for row in rows)
    )


def payment_chain(actor: Actor, payment_id: UUID, *, at: datetime) -> said.PaymentChain:
    """All that the payment stands on, as its page shows it; each family reads of it. 14 queries."""
    page = billing.chain(actor, payment_id, at=at, takes=True)
    return said.PaymentChain(
        payment=page,
        right_by=tuple(billing.rule_of(line) for line in page.lines),
        facts=billing.facts_of(page),
    )
