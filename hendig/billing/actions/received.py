"""A partner's own system sent an invoice or a credit note: all of it is booked, or nothing."""

from __future__ import annotations

import zlib
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from django.db.models import Q
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from hendig.audit.actions import Change, change, speaking
from hendig.billing import rules
from hendig.billing.actions.invoices import PAYS, check, settle
from hendig.billing.actions.lines import take_apart, take_back
from hendig.billing.adapters.inbox import Sent
from hendig.billing.adapters.ubl.billed import billed, said
from hendig.billing.adapters.ubl.document import Document
from hendig.billing.models import (
    Form,
    Invoice,
    InvoicedAppointment,
    InvoiceKind,
    InvoiceLine,
    InvoiceStage,
    Original,
    Tariff,
    partners_run_by,
    to_invoice,
)
from hendig.billing.queries.codes import names
from hendig.families.models import FamilyMember
from hendig.kernel.actor import Actor
from hendig.kernel.periods import Period, local_day
from hendig.kernel.refusal import Refusal, require
from hendig.matching.models import Match
from hendig.people.models import Municipality, Partner, ServiceCode
from hendig.people.rules import Permission, require_permission


def receive_invoice(
    *, actor: Actor, sent: Sent, at: datetime, key: str = "", by_folder: bool = False
) -> Invoice:
    """What a partner's system sent is booked; its lines are right or asked about. A credit note takes back.

    Under a `key` of the sender's own nothing else comes in. Of what came `by_folder` is told there how it
    stands.

    Refused as a whole, in words for who can mend it, for what is not in order, not for this municipality, not
    from a partner whose office the actor runs, in another currency, with VAT, on another account, sent
    before, or with somebody's BSN or name in it.
    """
    require_permission(actor, Permission.SEND_INVOICE)
    require(_why_not_in_order(sent))
    document = sent.document
    assert document is not None
    asked = billed(document, sent.told)
    require(rules.why_too_told(asked))
    found = said(document, rows=sent.form == Form.SHEET)
    for line in found:
        require(rules.why_no_line(line))
    lines = [rules.line_of(line) for line in found]
    with change(actor, "invoice.received", at=at) as act:
        town = Municipality.objects.get(pk=actor.municipality_id)
        require(rules.why_not_for_us(asked, town=town.name, numbers={town.kvk, town.oin} - {""}))
        partner = _lock_partner(act, asked)
        matches = _matches(partner, lines)
        require(_why_not_now(act, partner, asked, sent, key))
        require(rules.why_not_told(asked, _names(act, matches)))
        if asked.is_credit:
            invoice = _book_credit(act, partner, asked, lines)
        else:
            invoice = _book_invoice(act, partner, asked, lines, matches)
        _keep(invoice, sent, document, key, by_folder=by_folder)
        act.topics |= {PAYS, f"partner:{partner.pk}"}
        act.record(
            invoice, partner=partner.pk, cents=invoice.total_cents, lines=len(lines), stage=invoice.stage
        )
    return invoice


def _why_not_in_order(sent: Sent) -> Refusal | None:
    """What is wrong with its form: that, or the first of more."""
    if not sent.wrong:
        return None
    words, count = sent.wrong[0].words, len(sent.wrong)
    if count > 1:
        words = format_lazy(_("Dit klopt op {count} punten niet. Eerst: {words}"), count=count, words=words)
    return Refusal("received.format", words)


def _lock_partner(act: Change, asked: rules.Billed) -> Partner:
    """The partner that sent it: whoever sends the same at the same moment waits."""
    rows = partners_run_by(act.actor, local_day(act.at))
    key = rows.filter(kvk__in=asked.seller).values_list("pk", flat=True).first()
    partner = act.lock(rows, key) if key else None
    sender = rules.Sender(partner.kvk, partner.iban) if partner else None
    require(rules.why_not_from(asked, sender))
    assert partner is not None
    return partner


def _why_not_now(act: Change, partner: Partner, asked: rules.Billed, sent: Sent, key: str) -> Refusal | None:
    originals = Original.objects.filter(invoice__partner=partner)
    known = Invoice.objects.filter(partner=partner)
    numbers = list(known.filter(corrects=None).values_list("number", "their_number"))
    notes = known.exclude(corrects=None).values_list("number", "their_number")
    earlier = {name for pair in numbers for name in pair if name}
    return rules.why_not_booked(
        asked,
        today=local_day(act.at),
        sent=earlier | {name for pair in notes for name in pair if name},
        same_file=originals.filter(sha256=sent.sha256).exists(),
        same_key=bool(key) and originals.filter(sent_as=rules.sent_as(key)).exists(),
        earlier=earlier,
    )


def _matches(partner: Partner, lines: Sequence[rules.BilledLine]) -> dict[str, Match]:
    """The partner's own matches by their number; one of another partner is not there. 1 query."""
    rows = Match.objects.filter(municipality_id=partner.municipality_id, partner_id=partner.pk)
    return {row.number: row for row in rows.filter(number__in={line.match_number for line in lines})}


def _names(act: Change, matches: Mapping[str, Match]) -> list[str]:
    """What the people are called whom these matches are about: nobody is shown them. 1 query."""
    families = {match.family_id for match in matches.values()}
    with speaking(Actor.system(act.actor.municipality_id), act.at):
        rows = FamilyMember.objects.there().filter(family__in=families).values_list("first_name", "last_name")
        return [name for pair in rows for name in pair if name]


def _book_invoice(
    act: Change,
    partner: Partner,
    asked: rules.Billed,
    lines: Sequence[rules.BilledLine],
    matches: Mapping[str, Match],
) -> Invoice:
    invoice = Invoice.objects.create(
        partner=partner,
        month=rules.month_billed(lines, local_day(act.at)),
        total_cents=sum(line.cents for line in lines),
        **_numbered(act, partner, asked),
    )
    rows = ServiceCode.objects.filter(municipality_id=partner.municipality_id)
    codes = {code.code: code for code in rows.filter(code__in={line.code for line in lines})}
    called = names({code.pk for code in codes.values()})
    written = InvoiceLine.objects.bulk_create(
        InvoiceLine(
            invoice=invoice,
            match=matches.get(line.match_number),
            service_code=codes.get(line.code),
            **(called.on(codes[line.code].pk, line.last_on) if line.code in codes else {}),
            said="" if line.match_number in matches and line.code in codes else line.words,
            minutes=line.minutes,
            cents_per_hour=line.cents_per_hour,
            cents=line.cents,
            first_on=line.first_on,
            last_on=line.last_on,
        )
        for line in lines
    )
    _put_kept_behind(partner, lines, written, matches)
    check(act, invoice)
    return invoice


def _put_kept_behind(
    partner: Partner,
    lines: Sequence[rules.BilledLine],
    written: Sequence[InvoiceLine],
    matches: Mapping[str, Match],
) -> None:
    """A step: the kept appointments that these lines ask for are on no other invoice any more."""
    waiting = to_invoice(partner.pk, rules.month_ends(max(line.last_on for line in lines)))
    rows = waiting.filter(match__in=matches.values()).select_for_update(of=("self",))
    shared = rules.shared(
        lines,
        [rules.kept_of(row) for row in rows],
        [rules.price_of(row) for row in Tariff.objects.of(partner.pk)],
        {number: match.pk for number, match in matches.items()},
    )
    InvoicedAppointment.objects.bulk_create(
        InvoicedAppointment(line=written[place], appointment_id=one.appointment_id)
        for place, ones in shared.items()
        for one in ones
    )


def _book_credit(
    act: Change,
    partner: Partner,
    asked: rules.Billed,
    lines: Sequence[rules.BilledLine],
) -> Invoice:
    """The lines that it takes back are taken back, as if the office had done so on the page.

    Or a part of one: then what is left of it is looked at once more.
    """
    require(rules.why_no_credit(asked))
    of = Q(number=asked.before[0]) | Q(their_number=asked.before[0])
    rows = Invoice.objects.filter(partner=partner, corrects=None)
    key = rows.filter(of).values_list("pk", flat=True).first()
    invoice = act.lock(rows, key) if key else None
    left = list(invoice.lines.to_take_back().select_related("match", "service_code")) if invoice else []
    taken = rules.taken_back(lines, [_left_of(one) for one in left])
    require(rules.why_not_taken_back(lines, taken))
    assert invoice is not None
    note = Invoice.objects.create(
        partner=partner,
        month=invoice.month,
        stage=InvoiceStage.SETTLED,
        total_cents=-sum(line.cents for line in lines),
        checked_at=act.at,
        corrects=invoice,
        **_numbered(act, partner, asked),
    )
    found = zip(lines, taken, strict=True)
    if _take_back(note, [(line, left[place]) for line, place in found if place is not None]):
        check(act, invoice)
    settle(invoice)
    return note


def _take_back(note: Invoice, taken: Sequence[tuple[rules.BilledLine, InvoiceLine]]) -> bool:
    """A step: each is taken back, or as much of it as the note says; whether anything is left of one."""
    apart = False
    for line, one in taken:
        is_all = (one.minutes, one.cents) == (line.minutes, line.cents)
        take_back(note, one if is_all else take_apart(one, line))
        apart = apart or not is_all
    return apart


def _left_of(line: InvoiceLine) -> rules.Left:
    return rules.Left(
        match_number=line.match.number if line.match else "",
        code=line.service_code.code if line.service_code else "",
        said=line.said if line.match is None or line.service_code is None else "",
        cents_per_hour=line.cents_per_hour,
        days=Period(line.first_on, line.last_on),
        minutes=line.minutes,
        cents=line.cents,
    )


def _numbered(act: Change, partner: Partner, asked: rules.Billed) -> dict[str, Any]:
    """A step, with the partner locked: under which number it is booked, and who sent it when."""
    year = local_day(act.at).year
    series = rules.booking_series(partner.kvk, year)
    before = Invoice.objects.filter(partner=partner, number__startswith=series).count()
    return {
        "kind": InvoiceKind.RECEIVED,
        "number": rules.booking_number(partner.kvk, year, before),
        "their_number": asked.number,
        "sent_by_id": act.actor.account_id,
        "sent_at": act.at,
    }


def _keep(invoice: Invoice, sent: Sent, document: Document, key: str, *, by_folder: bool) -> None:
    Original.objects.create(
        invoice=invoice,
        content=zlib.compress(sent.content, 9).decode("latin-1"),
        sha256=sent.sha256,
        sent_as=rules.sent_as(key),
        form=sent.form,
        kind=document.kind,
        official=sent.official,
        issued_on=document.issued_on,
        by_folder=by_folder,
        answer_due=by_folder,
    )
