"""A month becomes an invoice that checks itself."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID

from django.db.models import Count, Max, Min, Sum

from hendig.audit.actions import Change, change
from hendig.billing import rules
from hendig.billing.actions.answers import answer_anew
from hendig.billing.models import (
    Agreement,
    Invoice,
    InvoicedAppointment,
    InvoiceKind,
    InvoiceLine,
    InvoiceStage,
    Tariff,
    Variant,
    partners_run_by,
    to_invoice,
)
from hendig.billing.queries.codes import names
from hendig.kernel.actor import Actor
from hendig.kernel.periods import Period, local_day, month_of
from hendig.kernel.refusal import NotVisible, require
from hendig.people.models import Partner
from hendig.people.rules import Permission, require_permission
from hendig.plans.models import Appointment, AppointmentStage
from hendig.rights.queries import responsible

PAYS = "invoices"  # what the pages of finance listen to


def send_invoice(*, actor: Actor, partner_id: UUID, month: date, at: datetime) -> Invoice:
    """The month's invoice is sent, has a number without gaps, and is right or asked about.

    On it stands every kept appointment until the end of the month that was on no invoice yet and for which a
    tariff was agreed, and what was agreed to count besides. Refused for a month that is not over, was sent
    already, or has nothing to send.
    """
    require_permission(actor, Permission.SEND_INVOICE)
    month, today = month.replace(day=1), local_day(at)
    with change(actor, "invoice.sent", at=at) as act:
        # The partner's series of numbers is what is scarce: whoever sends at the same moment waits here.
        partner = act.lock(partners_run_by(actor, today), partner_id)
        kept = to_invoice(partner.pk, rules.month_ends(month)).select_for_update(of=("self",))
        waiting = [rules.kept_of(appointment) for appointment in kept]
        prices = [rules.price_of(row) for row in Tariff.objects.of(partner.pk)]
        lines = rules.drafts(waiting, prices)
        require(
            rules.why_not_send(
                month,
                today,
                already=Invoice.objects.of_hours(partner.pk, month).exists(),
                lines=len(lines),
                unpriced=len(rules.unpriced(waiting, prices)),
            )
        )
        invoice = Invoice.objects.create(
            partner=partner,
            month=month,
            number=next_number(partner, today.year),
            total_cents=sum(line.cents for line in lines),
            sent_by_id=account_of(actor),
            sent_at=at,
        )
        write_lines(invoice, lines)
        check(act, invoice)
        act.record(
            invoice, month=f"{month:%Y-%m}", cents=invoice.total_cents, lines=len(lines), stage=invoice.stage
        )
        act.topics |= {PAYS, f"partner:{partner.pk}"}
    return invoice


def next_number(partner: Partner, year: int) -> str:
    """A step, with the partner locked: the next number in its series, of invoices and credit notes alike."""
    series = rules.invoice_series(partner.kvk, year)
    before = Invoice.objects.filter(
        municipality_id=partner.municipality_id, number__startswith=series
    ).count()
    return rules.invoice_number(partner.kvk, year, before)


def write_lines(invoice: Invoice, drafts: Sequence[rules.Draft]) -> None:
    """A step: the lines of hours, each with its appointments."""
    called = names({draft.service_code_id for draft in drafts})
    lines = InvoiceLine.objects.bulk_create(
        InvoiceLine(
            invoice=invoice,
            match_id=draft.match_id,
            service_code_id=draft.service_code_id,
            **called.on(draft.service_code_id, draft.last_on),
            minutes=draft.minutes,
            cents_per_hour=draft.cents_per_hour,
            cents=draft.cents,
            first_on=draft.first_on,
            last_on=draft.last_on,
        )
        for draft in drafts
    )
    InvoicedAppointment.objects.bulk_create(
        InvoicedAppointment(line=line, appointment_id=appointment_id)
        for line, draft in zip(lines, drafts, strict=True)
        for appointment_id in draft.appointments
    )


def check(act: Change, invoice: Invoice) -> None:
    """A step: the four facts of every line that is not paid are looked up; each is right, or asked about.

    What somebody accepted stays as it was accepted: no other question is taken as answered by that.
    """
    left = invoice.lines.left().filter(accepted_by=None)
    lines = list(left.select_related("match", "service_code").order_by("id"))
    claims = _claims(act, invoice, lines)
    changed = []
    for line in lines:
        claim = claims.get(line.pk)
        found = rules.findings(claim) if claim else rules.findings_of_month(_claim_of_month(invoice, line))
        said = [finding.value for finding in found]
        if said != line.findings:
            line.findings = said
            changed.append(line)
    InvoiceLine.objects.bulk_update(changed, ["findings"])
    invoice.checked_at = act.at
    settle(invoice)


def settle(invoice: Invoice) -> None:
    """A step: the invoice stands where its lines stand.

    A settlement of which so much was taken back that it takes off more than it asks is settled as a credit
    note is: the difference comes off what is paid next (`with_owed`).
    """
    left = invoice.lines.left()
    invoice.squared = False
    if left.asked().exists():
        invoice.stage = InvoiceStage.ASKED
    elif invoice.kind == InvoiceKind.SETTLEMENT and (left.aggregate(cents=Sum("cents"))["cents"] or 0) < 0:
        invoice.stage = InvoiceStage.SETTLED
    elif left.exists():
        invoice.stage = InvoiceStage.RIGHT
    else:
        paid = invoice.lines.exclude(batch=None).order_by("-batch_id").first()
        invoice.batch_id = paid.batch_id if paid else None
        invoice.stage = InvoiceStage.PAID if paid else InvoiceStage.SETTLED
    invoice.save()
    if invoice.kind == InvoiceKind.RECEIVED:
        answer_anew([invoice.pk])


def _claims(act: Change, invoice: Invoice, lines: Sequence[InvoiceLine]) -> dict[UUID, rules.Claim]:
    """What each line of hours says beside what is known: agreements, tariffs, its match and appointments."""
    kept: dict[UUID, list[rules.Kept]] = defaultdict(list)
    rows = InvoicedAppointment.objects.filter(line__invoice=invoice)
    odd = _odd(invoice)
    apart = _taken_apart(lines)
    invoiced = _invoiced_before(lines) if invoice.kind == InvoiceKind.RECEIVED else set()
    keys: dict[UUID, set[UUID]] = defaultdict(set)
    for row in rows.select_related("appointment__match"):
        kept[row.line_id].append(rules.kept_of(row.appointment))
        keys[row.line_id].add(row.appointment_id)
    # A fixed amount is for no family: no hour has its ground in it.
    by_hour = Agreement.objects.exclude(variant=Variant.FIXED).filter(partner=invoice.partner_id)
    rows_agreed = by_hour.annotate(priced=Count("tariffs"))
    agreed = [(row.period, row.priced) for row in rows_agreed]
    prices = tuple(rules.price_of(row) for row in Tariff.objects.of(invoice.partner_id))
    helped = {line.match.pk: line.match.child_id for line in lines if line.match}
    who = responsible(helped, actor=act.actor, at=act.at)
    claims = {}
    for line in lines:
        match, code = line.match, line.service_code
        if not line.minutes:
            continue
        days = tuple(one.on for one in kept[line.pk]) or _written_days(line)
        claims[line.pk] = rules.Claim(
            municipality_id=invoice.municipality_id,
            partner_id=invoice.partner_id,
            service_code_id=line.service_code_id,
            minutes=line.minutes,
            cents_per_hour=line.cents_per_hour,
            cents=line.cents,
            days=days,
            kept_minutes=sum(rules.counted(one, prices) for one in kept[line.pk]),
            family_municipality_id=match.municipality_id if match else None,
            match_partner_id=match.partner_id if match else None,
            match_code_id=match.service_code_id if match else None,
            match_period=Period(match.starts_on, match.ends_on) if match else rules.ALWAYS,
            code_municipality_id=code.municipality_id if code else None,
            agreements=tuple(period for period, _priced in agreed),
            bare=tuple(period for period, priced in agreed if not priced),
            prices=prices,
            month=month_of(invoice.month),
            overlaps=not keys[line.pk].isdisjoint(odd.overlap),
            full_day=not keys[line.pk].isdisjoint(odd.full_day),
            full_month=not keys[line.pk].isdisjoint(odd.full_month),
            invoiced=line.pk in invoiced,
            apart_minutes=apart[line.pk][0],
            apart_cents=apart[line.pk][1],
            elsewhere=match is not None and any(map(who[match.pk].elsewhere, days)),
        )
    return claims


def _taken_apart(lines: Sequence[InvoiceLine]) -> Mapping[UUID, tuple[int, int]]:
    """What of each line was taken back apart: minutes and cents. 1 query."""
    found: dict[UUID, tuple[int, int]] = defaultdict(lambda: (0, 0))
    parts = InvoiceLine.objects.filter(part_of__in=lines).order_by().values_list("part_of")
    for key, minutes, cents in parts.annotate(Sum("minutes"), Sum("cents")):
        found[key] = (minutes, cents)
    return found


def _written_days(line: InvoiceLine) -> tuple[date, date]:
    """Where nobody kept anything: the days that were written, as far as the match stood on any of them."""
    if line.match is None:
        return line.first_on, line.last_on
    first = max(line.first_on, line.match.starts_on)
    last = min(line.last_on, line.match.ends_on or line.last_on)
    return (first, last) if first <= last else (line.first_on, line.last_on)


def _invoiced_before(lines: Sequence[InvoiceLine]) -> set[UUID]:
    """The lines beside which another is about the same match and days. 1 query."""
    others: dict[UUID | None, list[tuple[UUID, Period]]] = defaultdict(list)
    charged = InvoiceLine.objects.charged().filter(match__in={line.match_id for line in lines})
    for key, match_id, first, last in charged.values_list("pk", "match_id", "first_on", "last_on"):
        others[match_id].append((key, Period(first, last)))
    return {
        line.pk
        for line in lines
        for key, days in others[line.match_id]
        if key != line.pk and days.overlaps(Period(line.first_on, line.last_on))
    }


def _claim_of_month(invoice: Invoice, line: InvoiceLine) -> rules.ClaimOfMonth:
    """What a line without hours says, beside the amount of its agreement or what was advanced in its days."""
    agreement = invoice.agreement
    assert agreement is not None
    if invoice.kind == InvoiceKind.SETTLEMENT:
        advances = agreement.invoices.filter(
            kind=InvoiceKind.ADVANCE, month__range=(line.first_on, line.last_on)
        )
        agreed = -(advances.aggregate(cents=Sum("total_cents"))["cents"] or 0)
    else:
        amount = agreement.amounts.on(line.first_on).first()
        agreed = amount.cents if amount else 0
    return rules.ClaimOfMonth(Period(line.first_on, line.last_on), line.cents, agreement.period, agreed)


@dataclass(frozen=True, slots=True)
class _Odd:
    """Appointments of an invoice that somebody cannot have kept together with others."""

    overlap: frozenset[UUID] = frozenset()
    full_day: frozenset[UUID] = frozenset()
    full_month: frozenset[UUID] = frozenset()


def _odd(invoice: Invoice) -> _Odd:
    """What was kept beside all that the same professionals kept in those months, for whichever family."""
    ours = Appointment.objects.filter(invoiced__line__invoice=invoice)
    around = ours.aggregate(first=Min("starts_at"), last=Max("starts_at"))
    if around["first"] is None:
        return _Odd()
    by_professional: dict[UUID, list[rules.Slot]] = defaultdict(list)
    months = Period(
        month_of(local_day(around["first"])).first - timedelta(days=1),
        month_of(local_day(around["last"])).last,
    )
    kept = Appointment.objects.filter(
        municipality_id=invoice.municipality_id,
        professional_id__in=ours.values("professional_id"),
        stage=AppointmentStage.KEPT,
    ).during(months)
    facts = kept.values_list("pk", "professional_id", "starts_at", "minutes", "group_id")
    for key, who, starts_at, minutes, group_id in facts:
        ends_at = starts_at + timedelta(minutes=minutes)
        by_professional[who].append(rules.Slot(key, starts_at, ends_at, group_id))
    full = [rules.too_much(slots) for slots in by_professional.values()]
    nothing: frozenset[UUID] = frozenset()
    return _Odd(
        overlap=nothing.union(*map(rules.at_the_same_time, by_professional.values())),
        full_day=nothing.union(*(days for days, _months in full)),
        full_month=nothing.union(*(months for _days, months in full)),
    )


def check_again(*, actor: Actor, invoice_id: UUID, at: datetime) -> Invoice:
    """The four facts were looked up once more: what was asked about may be right by now.

    Refused for an invoice about which nothing is asked.
    """
    require_permission(actor, Permission.PAY)
    with change(actor, "invoice.checked", at=at) as act:
        invoice = act.lock(Invoice.objects.visible_to(actor, at=at), invoice_id)
        require(rules.why_not_check(invoice.stage))
        check(act, invoice)
        act.record(invoice, stage=invoice.stage)
        act.topics |= {PAYS, f"partner:{invoice.partner_id}"}
    return invoice


def account_of(actor: Actor) -> UUID:
    """Money is asked for and paid by a person, never by the system itself."""
    if actor.account_id is None:
        raise NotVisible
    return actor.account_id
