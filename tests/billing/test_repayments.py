"""What was paid and taken back comes off the next payment, or is paid back to the bank; to the cent."""

from __future__ import annotations

import json
from collections import Counter
from datetime import date
from uuid import UUID, uuid4

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st

from hendig.billing import actions, queries
from hendig.billing.models import Invoice, InvoiceLine, InvoiceStage, PaymentBatch, Repayment
from hendig.billing.rules import kept_off
from hendig.demo.bank import Booked
from hendig.kernel.actor import Role
from tests.billing.test_bank_pages import page
from tests.support.bank import afschrift, back, one_by_one, read, status_report
from tests.support.billing import HOUR, at_end_of, fill_november, keep, make_match, send
from tests.support.refusals import code_of
from tests.support.shared import built_once
from tests.support.together import at_once
from tests.support.world import World, build_world

NOVEMBER, DECEMBER, JANUARY = date(2026, 11, 1), date(2026, 12, 1), date(2027, 1, 1)
PAID = HOUR * 5 // 2


def paid_november(world: World) -> Invoice:
    """November was sent, paid, and paid on by the bank; Frits pays as well."""
    fill_november(world)
    world.add_worker("frits", Role.FINANCE)
    invoice = send(world, NOVEMBER)
    batch = pay(world)
    read(world, afschrift(world, *one_by_one(batch)))
    return invoice


@built_once
def invoice(world: World) -> Invoice:
    return paid_november(world)


def pay(world: World, who: str = "henk") -> PaymentBatch:
    return actions.pay(actor=world.actor(who), at=world.at)


def credit(world: World, line: InvoiceLine) -> Invoice:
    return actions.credit_line(actor=world.actor("jolanda"), line_id=line.pk, at=world.at)


def owed(world: World) -> list[int]:
    return [one.cents for one in queries.owed(world.actor("henk"))]


def another(world: World, month: date, minutes: int = 60, family: str = "Fatima") -> Invoice:
    """Another family's help in that month, sent after it."""
    keep(world, make_match(world, family), month.replace(day=10), minutes)
    at_end_of(world, month)
    return send(world, month)


def test_a_line_that_is_right_and_not_paid_is_taken_back_and_nothing_is_owed(world: World) -> None:
    fill_november(world)
    invoice = send(world, NOVEMBER)
    note = credit(world, invoice.lines.get())
    invoice.refresh_from_db()
    assert (invoice.stage, note.total_cents, owed(world)) == (InvoiceStage.SETTLED, -PAID, [])
    assert code_of(lambda: pay(world)) == "payment.nothing"


def test_what_was_paid_comes_off_the_next_payment(world: World, invoice: Invoice) -> None:
    note = credit(world, invoice.lines.get())
    assert owed(world) == [PAID]
    later = another(world, DECEMBER, 240)
    # The hours that were taken back wait again, and went along.
    assert later.total_cents == PAID + 4 * HOUR
    shown = queries.to_pay(world.actor("henk"), at=world.at)
    assert (shown.cents, shown.right.rows[0].kept, shown.why_not) == (4 * HOUR, PAID, None)
    batch = pay(world)
    later.refresh_from_db()
    assert batch.total_cents == batch.payments.get().cents == 4 * HOUR
    assert (later.stage, later.paid_cents) == (InvoiceStage.PAID, later.total_cents)
    assert list(Repayment.objects.values_list("note", "invoice", "cents")) == [(note.pk, later.pk, PAID)]
    assert owed(world) == []
    # The bank carries out what it was asked, and that is what its statement says.
    read(world, afschrift(world, *one_by_one(batch), name="AFSCHRIFT-2"))
    assert (
        queries.invoice(world.actor("henk"), later.pk, at=world.at).invoice.state == InvoiceStage.PAID.label
    )


def test_nothing_comes_off_while_the_bank_said_nothing_of_it(world: World) -> None:
    fill_november(world)
    invoice = send(world, NOVEMBER)
    batch = pay(world)
    credit(world, invoice.lines.get())
    assert owed(world) == []
    read(world, afschrift(world, *one_by_one(batch)))
    assert owed(world) == [PAID]


def test_what_the_bank_refused_is_not_to_be_given_back_and_not_paid_again(world: World) -> None:
    fill_november(world)
    world.add_worker("frits", Role.FINANCE)
    invoice = send(world, NOVEMBER)
    batch = pay(world)
    credit(world, invoice.lines.get())
    read(world, status_report(batch, (batch.payments.get().reference, "AC04")))
    assert owed(world) == []
    assert code_of(lambda: pay(world, "frits")) == "payment.nothing"


def test_where_less_is_paid_than_is_owed_nothing_goes_to_the_bank_and_the_rest_waits(
    world: World, invoice: Invoice
) -> None:
    line = invoice.lines.get()
    credit(world, line)
    # The hours were wrong: they are not invoiced again.
    for hour in line.credited_appointments.all():
        actions_undo(world, hour.appointment_id)
    small = another(world, DECEMBER, 60)
    batch = pay(world)
    small.refresh_from_db()
    assert (batch.total_cents, batch.payments.count(), batch.xml) == (0, 0, "")
    assert (small.stage, small.paid_cents) == (InvoiceStage.PAID, HOUR)
    assert owed(world) == [PAID - HOUR]
    assert page(world, "henk", reverse("payment_file", args=[batch.pk]))[0] == 404
    html = page(world, "henk", reverse("batch", args=[batch.pk]))[1]
    assert "verrekend met factuur" in html
    assert reverse("payment_file", args=[batch.pk]) not in html
    big = another(world, JANUARY, 180, "Kasia")
    assert pay(world).total_cents == 3 * HOUR - (PAID - HOUR)
    big.refresh_from_db()
    assert (big.paid_cents, owed(world)) == (3 * HOUR, [])


def actions_undo(world: World, appointment_id: UUID) -> None:
    """It did not take place after all."""
    from hendig.plans import actions as plans

    anouk = world.actor("anouk")
    plans.unkeep_appointment(actor=anouk, appointment_id=appointment_id, at=world.at)
    plans.miss_appointment(actor=anouk, appointment_id=appointment_id, at=world.at)


def test_what_came_off_a_payment_that_came_back_is_owed_again(world: World, invoice: Invoice) -> None:
    credit(world, invoice.lines.get())
    later = another(world, DECEMBER, 240)
    first = pay(world)
    read(world, status_report(first, (first.payments.get().reference, "AC04")))
    later.refresh_from_db()
    assert (later.paid_cents, later.stage, owed(world)) == (0, InvoiceStage.RIGHT, [PAID])
    again = pay(world, "frits")
    later.refresh_from_db()
    assert (again.total_cents, later.paid_cents, owed(world)) == (4 * HOUR, later.total_cents, [])
    html = page(world, "henk", reverse("batch", args=[first.pk]))[1]
    assert "vervallen" in html


def test_what_was_kept_off_too_much_goes_on_top_of_the_next(world: World, invoice: Invoice) -> None:
    """The line was paid, taken back and kept off the next, and then the first payment came back after all."""
    first = PaymentBatch.objects.get()
    credit(world, invoice.lines.get())
    another(world, DECEMBER, 240)
    pay(world)
    read(world, afschrift(world, back(first.payments.get()), name="AFSCHRIFT-2", on=date(2027, 1, 2)))
    assert owed(world) == [-PAID]
    assert "te veel terug" in page(world, "jolanda", reverse("hours"))[1]
    another(world, JANUARY, 60, "Kasia")
    assert pay(world, "frits").total_cents == HOUR + PAID
    assert owed(world) == []


@pytest.mark.parametrize("by", ["reference", "remittance"])
def test_a_partner_pays_back_and_the_statement_says_so_once(world: World, invoice: Invoice, by: str) -> None:
    note = credit(world, invoice.lines.get())
    came = afschrift(world, Booked(-PAID, note.number, reason="X"), name="AFSCHRIFT-2")
    came = came.replace(b"<RtrInf><Rsn><Cd>X</Cd></Rsn></RtrInf>", b"").replace(b">-", b">")
    if by == "remittance":
        number = f"<EndToEndId>{note.number}</EndToEndId>".encode()
        written = f"<RmtInf><Ustrd>Jan Jansen {note.number} bedankt</Ustrd></RmtInf>".encode()
        came = came.replace(number, b"<EndToEndId>NOTPROVIDED</EndToEndId>").replace(
            b"</TxDtls>", written + b"</TxDtls>"
        )
    came = balanced(came, PAID)
    file = read(world, came)
    assert owed(world) == []
    row = Repayment.objects.get()
    assert (row.cents, row.note_id, row.booked_in_id, row.batch_id) == (PAID, note.pk, file.pk, None)
    assert "Jansen" not in f"{row.__dict__} {file.__dict__}"
    html = page(world, "jolanda", reverse("invoice", args=[note.pk]))[1]
    assert "terugbetaald op de rekening van de gemeente" in html
    # A statement of the whole week repeats the line.
    read(world, came.replace(b"<MsgId>AFSCHRIFT-2", b"<MsgId>AFSCHRIFT-3"))
    assert Repayment.objects.count() == 1
    another(world, DECEMBER, 60)
    assert pay(world).total_cents == HOUR + PAID, "nothing comes off, and the hours went along"


def balanced(statement: bytes, came_in: int) -> bytes:
    """The closing balance with what came in."""
    closing = f"{(100_000_000 + came_in) / 100:.2f}".encode()
    head, _begin, rest = statement.partition(b"<Cd>CLBD</Cd>")
    _amount, _end, tail = rest.partition(b"</Amt>")
    return head + b'<Cd>CLBD</Cd></CdOrPrtry></Tp><Amt Ccy="EUR">' + closing + b"</Amt>" + tail


def test_a_number_that_somebody_made_up_is_nobodys_business(world: World, invoice: Invoice) -> None:
    """Who writes a number of no note with a cent keeps nobody from reading the statement."""
    came = afschrift(world, Booked(-1, "12345670-2026-9999", reason="X"), name="AFSCHRIFT-2")
    came = came.replace(b"<RtrInf><Rsn><Cd>X</Cd></Rsn></RtrInf>", b"").replace(b">-", b">")
    came = came.replace(b"<EndToEndId>12345670-2026-9999</EndToEndId>", b"").replace(
        b"</TxDtls>", b"<RmtInf><Ustrd>12345670-2026-9999</Ustrd></RmtInf></TxDtls>"
    )
    assert read(world, balanced(came, 1)).others == 1
    assert not Repayment.objects.exists()


def test_the_journal_and_the_chain_say_it(world: World, invoice: Invoice) -> None:
    line = invoice.lines.get()
    note = credit(world, line)
    another(world, DECEMBER, 240)
    batch = pay(world)
    first, second = invoice.payments.get(), batch.payments.get()
    old = queries.chain(world.actor("henk"), first.pk, at=world.at)
    assert (old.lines[0].credited_by, len(old.lines[0].hours)) == (note.number, 2), "the hours stay told"
    new = queries.chain(world.actor("henk"), second.pk, at=world.at)
    assert sum(one.cents for one in new.lines) == second.cents + PAID
    assert [(one.note, one.cents) for one in new.kept_off] == [(note.number, PAID)]
    html = page(world, "henk", reverse("chain", args=[second.pk]))[1]
    assert f"verrekend met factuur {second.invoice.number}" in html
    assert (
        f"teruggenomen met creditnota {note.number}"
        in page(world, "henk", reverse("chain", args=[first.pk]))[1]
    )
    at_end_of(world, JANUARY)
    made = actions.make_journal(actor=world.actor("henk"), month=JANUARY, at=world.at)
    told = [(one["kind"], one["document"], one["cents"]) for one in json.loads(made.json)["entries"]]
    assert ("offset", note.number, PAID) in told


def test_the_office_takes_a_paid_line_back_in_the_page(world: World, invoice: Invoice) -> None:
    line, where = invoice.lines.get(), reverse("invoice", args=[invoice.pk])
    path = reverse("credit_line", args=[line.pk])
    assert path in page(world, "jolanda", where)[1]
    assert path not in page(world, "henk", where)[1]
    with time_machine.travel(world.at, tick=False):
        answered = world.client("jolanda").post(path, {"_key": str(uuid4())})
    note = Invoice.objects.get(corrects=invoice)
    assert answered["Location"] == reverse("invoice", args=[note.pk])
    html = page(world, "jolanda", answered["Location"])[1]
    assert "gaat af van de volgende betaling" in html
    assert f"Het kenmerk is {note.number}" in html
    assert path not in page(world, "jolanda", where)[1]
    assert "gaat" in page(world, "jolanda", reverse("hours"))[1]
    assert "Dit komt nog terug" in page(world, "henk", reverse("pay"))[1]
    with time_machine.travel(world.at, tick=False):
        again = world.client("jolanda").post(path, {"_key": str(uuid4())})
    assert again.status_code == 422
    assert "Deze regel is al teruggenomen." in again.content.decode()


def test_the_months_show_no_cost_that_was_taken_back(world: World, invoice: Invoice) -> None:
    credit(world, invoice.lines.get())
    (bar,) = [one for one in queries.months(world.actor("henk"), at=world.at) if one.month == NOVEMBER]
    assert (bar.paid, bar.open, bar.paid_height, bar.open_height) == (0, 0, 0, 0)


def test_pages_cost_the_same_with_more_notes(world: World, invoice: Invoice) -> None:
    henk, jolanda = world.actor("henk"), world.actor("jolanda")
    note = credit(world, invoice.lines.get())

    def cost() -> list[int]:
        found = []
        for read_page in (
            lambda: queries.to_pay(henk, at=world.at),
            lambda: queries.invoice(henk, note.pk, at=world.at),
            lambda: queries.month(jolanda, None, DECEMBER, at=world.at),
        ):
            with CaptureQueriesContext(connection) as seen:
                read_page()
            found.append(len(seen))
        return found

    small = cost()
    for number, month in enumerate((DECEMBER, JANUARY)):
        later = another(world, month, 60, f"Ouder{number}")
        batch = pay(world)
        read(world, afschrift(world, *one_by_one(batch), name=f"AFSCHRIFT-{number + 2}", on=world.at.date()))
        for line in later.lines.all():
            credit(world, line)
    assert len(owed(world)) > 1
    assert cost() == small


@pytest.mark.django_db(transaction=True)
def test_who_takes_back_and_who_pays_at_the_same_moment_lose_no_cent() -> None:
    world = build_world()
    invoice = paid_november(world)
    line = invoice.lines.get()
    keep(world, make_match(world, "Fatima"), date(2026, 12, 10), 240)
    at_end_of(world, DECEMBER)
    later = send(world, DECEMBER)
    henk, frits, jolanda = (world.actor(name) for name in ("henk", "frits", "jolanda"))
    came = at_once(
        *[lambda: actions.credit_line(actor=jolanda, line_id=line.pk, at=world.at)] * 3,
        *[lambda: actions.pay(actor=henk, at=world.at), lambda: actions.pay(actor=frits, at=world.at)],
    )
    assert Counter(came) == {"done": 2, "line.credited": 2, "payment.nothing": 1}
    later.refresh_from_db()
    paid = PaymentBatch.objects.order_by("-id").first()
    assert paid
    off = sum(Repayment.objects.values_list("cents", flat=True))
    assert paid.total_cents + off == later.paid_cents == 4 * HOUR
    assert sum(one.cents for one in queries.owed(henk)) + off == PAID


amounts = st.integers(1, 10_000)


@given(st.lists(amounts | st.integers(-500, -1), max_size=5), st.lists(amounts, min_size=1, max_size=5))
def test_never_more_comes_off_than_is_paid_or_owed(notes: list[int], invoices: list[int]) -> None:
    due = [(uuid4(), cents) for cents in notes]
    paid = [(uuid4(), cents) for cents in invoices]
    off, of = Counter[UUID](), Counter[UUID]()
    for one in kept_off(due, paid):
        off[one.invoice_id] += one.cents
        of[one.note_id] += one.cents
    assert all(off[key] <= cents for key, cents in paid)
    assert all(of[key] == cents if cents < 0 else 0 <= of[key] <= cents for key, cents in due)
    # All of it, or until nothing is paid any more.
    assert sum(of.values()) == min(sum(notes), sum(invoices)) or sum(off.values()) == sum(invoices)
