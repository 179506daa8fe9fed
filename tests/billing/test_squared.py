"""What is square is passed by when somebody looks for what is to come back, until the bank moves it again."""

from __future__ import annotations

from datetime import date

import pytest
from django.db import connection

from hendig.billing import queries
from hendig.billing.models import Invoice, InvoiceStage, Payment, still_owed, with_owed
from tests.billing.test_repayments import (
    DECEMBER,
    JANUARY,
    NOVEMBER,
    PAID,
    another,
    credit,
    paid_november,
    pay,
)
from tests.support.bank import afschrift, back, one_by_one, read, status_report
from tests.support.billing import HOUR
from tests.support.shared import built_once
from tests.support.world import World


@built_once
def squared(world: World) -> World:
    """November was paid and taken back, and came off the payment of December: its note is square."""
    credit(world, paid_november(world).lines.get())
    another(world, DECEMBER, 240)
    pay(world)
    return world


def note(world: World) -> Invoice:
    return Invoice.objects.exclude(corrects=None).get()


def payment_of(month: date) -> Payment:
    return Payment.objects.get(invoice__month=month)


def refuse(world: World) -> None:
    """The bank says no to the payment of which something was kept off."""
    payment = payment_of(DECEMBER)
    read(world, status_report(payment.batch, (payment.reference, "AC04")))


def owed(world: World) -> list[int]:
    """What is found is what there is, whatever is passed by."""
    henk = world.actor("henk")
    found = [one.cents for one in queries.owed(henk)]
    notes = with_owed(Invoice.objects.all()).order_by("number")
    counted = [note.owed for note in notes]  # type: ignore[attr-defined]
    assert found == [cents for cents in counted if cents]
    assert found == [one.cents for one in queries.to_pay(henk, at=world.at).owed.rows]
    return found


def test_a_note_that_came_off_a_payment_is_square(squared: World) -> None:
    assert (note(squared).stage, note(squared).squared, owed(squared)) == (InvoiceStage.SETTLED, True, [])


def test_a_note_is_not_square_while_the_bank_has_something_to_say(world: World) -> None:
    """Of the line that it takes back nothing was heard yet: that may still be paid."""
    invoice = paid_november(world)
    later = another(world, DECEMBER, 240)
    batch = pay(world)
    credit(world, later.lines.get())
    another(world, JANUARY, 30, "Kasia")
    again = pay(world)
    assert not note(world).squared
    read(world, afschrift(world, *one_by_one(batch), *one_by_one(again), name="AFSCHRIFT-2"))
    assert owed(world) == [4 * HOUR], invoice.number


def test_what_it_came_off_and_came_back_moves_it_again(squared: World) -> None:
    refuse(squared)
    assert (note(squared).squared, owed(squared)) == (False, [PAID])


@pytest.mark.parametrize("both", [False, True], ids=["the-first", "both"])
def test_the_payment_of_what_it_takes_back_may_come_back_too(squared: World, both: bool) -> None:
    """Then nothing was paid too much: what came off is paid on top of the next."""
    read(squared, afschrift(squared, back(payment_of(NOVEMBER)), name="AFSCHRIFT-2"))
    if both:
        refuse(squared)
    assert owed(squared) == ([] if both else [-PAID])
    assert not note(squared).squared


def test_whoever_looks_goes_by_what_is_not_square(squared: World) -> None:
    """However much was ever taken back: by an index of what is not square, in which there is nothing now."""
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off")
    rows = Invoice.objects.filter(municipality_id=squared.municipality.pk)
    plan = still_owed(rows).order_by().explain(analyze=True)
    assert "settled_not_squared" in plan
    assert "rows=0" in plan
