"""What comes in on the account: of a partner that pays back, and of whoever sends a cent."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from datetime import date

import pytest

from hendig.billing import actions, queries
from hendig.billing.models import Invoice, PaymentBatch, PaymentStage, Repayment
from hendig.demo.bank import Booked
from tests.billing.test_repayments import (
    DECEMBER,
    JANUARY,
    PAID,
    another,
    credit,
    owed,
    paid_november,
    pay,
)
from tests.support.bank import afschrift, one_by_one, read, status_report
from tests.support.billing import HOUR, at_end_of, fill_november, send
from tests.support.refusals import code_of
from tests.support.shared import built_once
from tests.support.world import World

LATER = date(2026, 12, 9)


@built_once
def invoice(world: World) -> Invoice:
    return paid_november(world)


def transfer(cents: int, reference: str, written: str = "") -> tuple[Booked, str]:
    """Somebody sends money under a reference of its own choice, with words beside it."""
    return Booked(cents, reference, reason="IN"), written


def came_in(world: World, *sent: tuple[Booked, str], name: str = "AFSCHRIFT-2", on: date = LATER) -> bytes:
    """The statement, which names no reason why something would come back."""
    said = afschrift(world, *(line for line, _written in sent), name=name, on=on).decode()
    for line, written in sent:
        words = f"<RmtInf><Ustrd>{written}</Ustrd></RmtInf>" if written else ""
        assert line.reference in said
        said = said.replace("<RtrInf><Rsn><Cd>IN</Cd></Rsn></RtrInf>", words, 1)
    return said.encode()


def unnamed(statement: bytes) -> bytes:
    """As a bank that gives no line a name."""
    return re.sub(rb"<AcctSvcrRef>.*?</AcctSvcrRef>", b"", statement)


def test_who_pays_back_with_a_reference_of_its_own_names_the_note_beside_it(
    world: World, invoice: Invoice
) -> None:
    note = credit(world, invoice.lines.get())
    file = read(world, came_in(world, transfer(PAID, "CRED-2026-77", f"Terug {note.number}")))
    assert (owed(world), file.others) == ([], 0)
    another(world, DECEMBER, 60)
    assert pay(world).total_cents == HOUR + PAID, "it is given back once, and the hours went along"


def test_who_names_the_invoice_with_its_note_is_known_by_the_note(world: World, invoice: Invoice) -> None:
    note = credit(world, invoice.lines.get())
    words = f"factuur {invoice.number} en creditnota {note.number}"
    assert read(world, came_in(world, transfer(PAID, "NOTPROVIDED", words))).others == 0
    assert owed(world) == []


def test_two_lines_that_look_alike_are_two(world: World, invoice: Invoice) -> None:
    """A bank that gives a line no name: two parts of one day, and the same again in a longer statement."""
    note = credit(world, invoice.lines.get())
    part = transfer(500, note.number)
    read(world, unnamed(came_in(world, part, part)))
    assert owed(world) == [PAID - 1000]
    read(world, unnamed(came_in(world, part, part, part, name="AFSCHRIFT-3")))
    assert owed(world) == [PAID - 1500]


def test_what_was_sent_in_another_currency_counts_as_what_came_on_the_account(
    world: World, invoice: Invoice
) -> None:
    note = credit(world, invoice.lines.get())
    said = came_in(world, transfer(9_200, note.number)).decode()
    euros = '<Amt Ccy="EUR">92.00</Amt><CdtDbtInd>CRDT</CdtDbtInd></TxDtls>'
    assert euros in said
    sent = '<AmtDtls><InstdAmt><Amt Ccy="USD">100.00</Amt></InstdAmt></AmtDtls></TxDtls>'
    read(world, said.replace(euros, sent).encode())
    assert owed(world) == [PAID - 9_200]


def unknown(_invoice: Invoice) -> tuple[Booked, str]:
    return transfer(1, "12345670-2026-9999")


def a_cent(invoice: Invoice) -> tuple[Booked, str]:
    return transfer(1, invoice.number)


def not_sent_yet(_invoice: Invoice) -> tuple[Booked, str]:
    return transfer(PAID, "12345670-2026-0001-2")


@pytest.mark.parametrize("sent", [unknown, a_cent, not_sent_yet])
def test_who_sends_something_under_a_reference_of_ours_keeps_nobody_from_reading(
    world: World, invoice: Invoice, sent: Callable[[Invoice], tuple[Booked, str]]
) -> None:
    file = read(world, came_in(world, sent(invoice)))
    assert (file.refused, file.others) == (0, 1)
    assert invoice.payments.get().stage == PaymentStage.PAID
    assert not Repayment.objects.exists()


def test_what_is_a_payment_of_ours_to_the_cent_came_back_also_where_the_bank_does_not_say_so(
    world: World, invoice: Invoice
) -> None:
    payment = invoice.payments.get()
    back = transfer(payment.cents, payment.reference)
    # Somebody sends the same once more: that is not this payment, which came back already.
    file = read(world, came_in(world, back, back))
    assert (file.refused, file.others) == (1, 1)
    payment.refresh_from_db()
    assert payment.stage == PaymentStage.RETURNED
    again = read(world, came_in(world, back, name="AFSCHRIFT-3"))
    assert (again.refused, again.others) == (0, 1)


def test_nothing_comes_back_that_did_not_leave_the_account(world: World) -> None:
    fill_november(world)
    send(world, date(2026, 11, 1))
    payment = pay(world).payments.get()
    file = read(world, came_in(world, transfer(payment.cents, payment.reference)))
    payment.refresh_from_db()
    assert (file.refused, file.others, payment.stage) == (0, 1, PaymentStage.SENT)


@pytest.mark.parametrize(
    ("sign", "instead"),
    [
        ("<SubFmlyCd>ESCT", "<SubFmlyCd>RRTN"),
        ("<Sts><Cd>BOOK", "<RvslInd>true</RvslInd><Sts><Cd>BOOK"),
        ("<Sts><Cd>BOOK", "<RvslInd>1</RvslInd><Sts><Cd>BOOK"),
    ],
)
def test_what_the_bank_says_comes_back_must_be_a_payment_of_ours(
    world: World, invoice: Invoice, sign: str, instead: str
) -> None:
    said = came_in(world, a_cent(invoice)).decode()
    assert sign in said
    assert code_of(lambda: read(world, said.replace(sign, instead).encode())) == "bank.other_amount"


def test_what_came_off_a_payment_that_came_back_comes_off_in_the_journal_no_more(
    world: World, invoice: Invoice
) -> None:
    """In the month in which that was read: the offset of the payment that follows stands there once."""
    note = credit(world, invoice.lines.get())
    another(world, DECEMBER, 240)
    first = pay(world)
    at_end_of(world, JANUARY)
    read(world, status_report(first, (first.payments.get().reference, "AC04")))
    again = pay(world, "frits")
    assert PaymentBatch.objects.count() == 3
    read(world, afschrift(world, *one_by_one(again), name="AFSCHRIFT-9", on=date(2027, 2, 1)))
    at_end_of(world, date(2027, 2, 1))
    told = [offsets(world, month) for month in (JANUARY, date(2027, 2, 1))]
    assert told == [[(note.number, "2027-01-01", PAID)], [
        (note.number, "2027-02-01", PAID),
        (note.number, "2026-12-02", -PAID),
    ]]  # fmt: skip
    assert queries.owed(world.actor("henk")) == ()


def offsets(world: World, month: date) -> list[tuple[str, str, int]]:
    made = actions.make_journal(actor=world.actor("henk"), month=month, at=world.at)
    rows = json.loads(made.json)["entries"]
    return [(row["document"], row["on"], row["cents"]) for row in rows if row["kind"] == "offset"]
