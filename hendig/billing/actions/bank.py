"""What the bank says of our payments is read: paid on, or refused and then payable once more."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from uuid import UUID

from django.db.models import OuterRef, Q, Subquery, Sum

from hendig.audit.actions import Change, change
from hendig.billing import rules
from hendig.billing.actions.answers import answer_anew
from hendig.billing.actions.invoices import PAYS, settle
from hendig.billing.adapters import sepa
from hendig.billing.adapters.bank import BankSaid
from hendig.billing.models import (
    NOT_PAID,
    AccountChange,
    BankFile,
    Invoice,
    InvoiceLine,
    InvoiceStage,
    Payment,
    PaymentBatch,
    PaymentStage,
    Repayment,
)
from hendig.kernel.actor import Actor
from hendig.kernel.periods import local_day
from hendig.kernel.refusal import Refused, require
from hendig.people.models import Municipality
from hendig.people.rules import Permission, require_permission


def read_bank_file(*, actor: Actor, file: BankSaid, at: datetime) -> BankFile:
    """What a statement or a status report says of our payments stands in the books: all of it, or nothing.

    Of a statement of more accounts what is about ours; the others are counted, and nothing of them is taken.
    Refused when it does not add up, is of another account or not in euros, names a payment that was not made
    here or another amount, says something twice, or was read before.
    """
    require_permission(actor, Permission.PAY)
    with change(actor, "bank_file.read", at=at) as act:
        # As `pay` does: the municipality first. Two who read the same file, or read and pay, go one by one.
        rows = Municipality.objects.filter(pk=actor.municipality_id)
        municipality = act.lock(rows, actor.municipality_id)
        message = rules.of_ours(file.message, {municipality.iban, *_former_accounts(actor)})
        before = _read_before(actor, message, file.sha256)
        require(
            rules.why_not_this_file(
                message, municipality.iban, read_before=local_day(before.read_at) if before else None
            )
        )
        notes = _notes(actor, message)
        message = replace(message, words=tuple(rules.under_note(word, notes) for word in message.words))
        back = [word for word in message.words if rules.pays_back(word, notes)]
        words = _ours(actor, replace(message, words=tuple(one for one in message.words if one not in back)))
        payments = _named(actor, words)
        known = [rules.known_of(one) for one in payments.values()]
        words = rules.believed(known, words)
        said = rules.outcomes(known, words)
        if not isinstance(said, tuple):
            raise Refused(said)
        read = BankFile.objects.create(
            kind=message.kind,
            message_id=message.message_id,
            sha256=file.sha256,
            read_by_id=actor.account_id,
            read_at=at,
            paid=sum(one.stage == PaymentStage.PAID for one in said),
            refused=sum(one.stage in NOT_PAID for one in said),
            others=message.others + len(message.words) - len(words) - len(back),
            page=message.page,
            last=message.last,
            elsewhere=message.elsewhere,
        )
        act.record(read, kind=read.kind, paid=read.paid, refused=read.refused)
        _book(act, read, payments, said)
        for word in _not_booked(back, notes):
            _pay_back(act, read, notes[word.reference], word)
        moved = {one.invoice.partner_id for one in payments.values()} | {
            notes[word.reference].partner_id for word in back
        }
        act.topics |= {PAYS, *(f"partner:{one}" for one in moved)}
    return read


def _read_before(actor: Actor, message: rules.BankMessage, sha256: str) -> BankFile | None:
    same = Q(sha256=sha256) | Q(kind=message.kind, message_id=message.message_id, page=message.page)
    return BankFile.objects.visible_to(actor).filter(same).first()


def _former_accounts(actor: Actor) -> set[str]:
    """From which accounts the municipality paid before this one: by the last file made with each. 1 query."""
    made = PaymentBatch.objects.visible_to(actor).exclude(xml="").filter(made_at__lt=OuterRef("done_at"))
    changes = AccountChange.objects.filter(
        municipality_id=actor.municipality_id, partner=None, done_at__isnull=False
    )
    files = changes.annotate(xml=Subquery(made.order_by("-made_at").values("xml")[:1]))
    return {sepa.paid_from(xml.encode()) for xml in files.values_list("xml", flat=True) if xml}


def _ours(actor: Actor, message: rules.BankMessage) -> Sequence[rules.Word]:
    """Of what the bank says what must be about a payment of ours; the rest is of others."""
    named = PaymentBatch.objects.visible_to(actor).filter(number__in={one.batch for one in message.words})
    batches = frozenset(named.values_list("number", flat=True))
    return [one for one in message.words if rules.is_ours(one, batches)]


def _named(actor: Actor, words: Collection[rules.Word]) -> Mapping[UUID, Payment]:
    """The payments that the words can be about, under lock, the invoices before their payments."""
    whole = {one.batch for one in words if not one.reference}
    about = Q(reference__in={one.reference for one in words}) | Q(batch__number__in=whole)
    rows = Payment.objects.visible_to(actor).filter(about)
    invoices = Invoice.objects.filter(pk__in=rows.values("invoice")).order_by("number")
    locked = {one.pk: one for one in invoices.select_for_update(of=("self",))}
    payments = rows.select_for_update(of=("self",)).select_related("batch").in_order()
    found = {one.pk: one for one in payments}
    for one in found.values():
        # One row for each invoice: of two payments of it that change, the second sees what the first did.
        one.invoice = locked[one.invoice_id]
    return found


def _book(
    act: Change, read: BankFile, payments: Mapping[UUID, Payment], said: Iterable[rules.Outcome]
) -> None:
    changed = []
    for outcome in said:
        payment = payments[outcome.id]
        payment.stage = outcome.stage
        if outcome.booked:
            payment.booked_on, payment.booked_line = outcome.booked.on, outcome.booked.line
            payment.booked_in = read
        if outcome.stage == PaymentStage.REFUSED:
            # Also what somebody said to have seen: the bank knows better.
            payment.booked_on = None
        if outcome.refused:
            payment.refused_on, payment.refused_line = outcome.refused.on, outcome.refused.line
            payment.refused_in, payment.reason = read, outcome.refused.reason
        changed.append(payment)
    fields = [
        "stage",
        *(f"{what}_{which}" for what in ("booked", "refused") for which in ("on", "line", "in")),
    ]
    Payment.objects.bulk_update(changed, [*fields, "reason"])
    answer_anew([one.invoice_id for one in changed])
    for payment in changed:
        if payment.stage in NOT_PAID:
            _give_back(act, payment)
        else:
            act.record(payment.invoice, also="invoice.booked", payment=payment.pk, on=payment.booked_on)


def _notes(actor: Actor, message: rules.BankMessage) -> dict[str, Invoice]:
    """The credit notes, and what else is settled, of which the file names the number. 1 query."""
    rows = Invoice.objects.filter(municipality_id=actor.municipality_id, stage=InvoiceStage.SETTLED)
    named = rows.filter(number__in={one for word in message.words for one in (word.reference, *word.beside)})
    return {row.number: row for row in named}


def _not_booked(back: Iterable[rules.Word], notes: Mapping[str, Invoice]) -> Iterator[rules.Word]:
    """What was paid back and stands in no file that was read before. 1 query.

    Two lines of one file are two, also where the bank gives them no name of their own.
    """
    rows = Repayment.objects.filter(note__in=notes.values(), booked_in__isnull=False)
    booked = Counter(rows.values_list("note__number", "booked_on", "booked_line", "cents"))
    for word in back:
        if word.cents is None:
            raise Refused(rules.NOT_READ[rules.NotRead.NO_AMOUNT])
        line = (word.reference, word.on, word.line, word.cents)
        if word.cents and booked[line] <= 0:
            yield word
        booked[line] -= 1


def _pay_back(act: Change, read: BankFile, note: Invoice, word: rules.Word) -> None:
    """A step: a partner paid back what it was to give back."""
    assert word.cents is not None
    Repayment.objects.create(
        note=note, cents=word.cents, booked_in=read, booked_on=word.on, booked_line=word.line
    )
    _look_again(Q(pk=note.pk))
    act.record(note, also="repayment.booked", cents=word.cents, on=word.on)


def _give_back(act: Change, payment: Payment) -> None:
    """A step: what did not arrive waits again, and what it was for is named in the log."""
    invoice = payment.invoice
    lines = list(InvoiceLine.objects.filter(invoice=invoice, batch=payment.batch_id).order_by("id"))
    for line in lines:
        line.batch = None
    InvoiceLine.objects.bulk_update(lines, ["batch"])
    # What was kept off it was paid of the invoice as well.
    kept = Repayment.objects.filter(batch=payment.batch_id, invoice=invoice).aggregate(cents=Sum("cents"))
    invoice.paid_cents -= payment.cents + (kept["cents"] or 0)
    invoice.batch = None
    settle(invoice)
    kept_off = Q(repayments__batch=payment.batch_id, repayments__invoice=invoice)
    _look_again(kept_off | Q(lines__credits__in=lines))
    act.record(
        invoice,
        also="invoice.turned_down",
        payment=payment.pk,
        cents=payment.cents,
        lines=[line.pk for line in lines],
    )


def _look_again(notes: Q) -> None:
    """A step: of these something moved, so what is to come back of them is counted anew."""
    keys = Invoice.objects.filter(notes).values("pk")
    Invoice.objects.filter(pk__in=keys, squared=True).update(squared=False)
