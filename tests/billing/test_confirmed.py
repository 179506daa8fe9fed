"""A municipality that reads no files of the bank says that a batch was paid; what a file says goes before."""

from __future__ import annotations

import json
from datetime import date, datetime, timedelta
from uuid import uuid4

import pytest
import time_machine
from django.urls import reverse

from hendig.billing import actions, queries
from hendig.billing.models import InvoiceStage, Payment, PaymentBatch, PaymentStage
from hendig.kernel.actor import Role
from hendig.kernel.periods import AMSTERDAM
from hendig.kernel.refusal import Forbidden, NotVisible
from tests.billing.test_bank_pages import page
from tests.support.bank import afschrift, as_a_whole, back, one_by_one, read, status_report
from tests.support.billing import HOUR, NOVEMBER, at_end_of, fill_november, send
from tests.support.refusals import code_of
from tests.support.shared import built_once
from tests.support.together import at_once
from tests.support.world import World, build_world

DECEMBER, JANUARY = date(2026, 12, 1), date(2027, 1, 1)
PAID = HOUR * 5 // 2


def november_at_the_bank(world: World) -> PaymentBatch:
    """November is in a batch whose day has come; Frits pays as well."""
    fill_november(world)
    world.add_worker("frits", Role.FINANCE)
    send(world, NOVEMBER)
    batch = actions.pay(actor=world.actor("henk"), at=world.at)
    world.at = datetime.combine(batch.pays_on, world.at.timetz(), AMSTERDAM)
    return batch


@built_once
def batch(world: World) -> PaymentBatch:
    return november_at_the_bank(world)


def confirm(world: World, batch: PaymentBatch, who: str = "henk") -> PaymentBatch:
    return actions.confirm_paid(actor=world.actor(who), batch_id=batch.pk, at=world.at)


def payment(batch: PaymentBatch) -> Payment:
    return batch.payments.get()


def moved(world: World, month: date) -> list[tuple[str, int]]:
    at_end_of(world, month)
    made = actions.make_journal(actor=world.actor("henk"), month=month, at=world.at)
    rows = json.loads(made.json)["entries"]
    return [(row["kind"], row["cents"]) for row in rows if row["kind"] in {"payment", "return"}]


def test_what_was_paid_too_much_comes_off_the_next_payment_without_a_statement(
    world: World, batch: PaymentBatch
) -> None:
    henk, line = world.actor("henk"), payment(batch).invoice.lines.get()
    actions.credit_line(actor=world.actor("jolanda"), line_id=line.pk, at=world.at)
    assert queries.owed(henk) == ()
    confirm(world, batch)
    assert [one.cents for one in queries.owed(henk)] == [PAID]
    paid = payment(batch)
    assert (paid.stage, paid.booked_on, paid.booked_in) == (PaymentStage.PAID, batch.pays_on, None)
    shown = queries.invoice(world.actor("jolanda"), paid.invoice_id, at=world.at).invoice
    assert shown.state == InvoiceStage.PAID.label
    assert code_of(lambda: confirm(world, batch)) == "payment.heard"


def test_nobody_says_so_before_the_day_or_of_what_is_known(world: World, batch: PaymentBatch) -> None:
    world.at -= timedelta(days=1)
    assert code_of(lambda: confirm(world, batch)) == "payment.to_come"
    world.at += timedelta(days=1)
    read(world, status_report(batch, (payment(batch).reference, "AC04")))
    assert code_of(lambda: confirm(world, batch)) == "payment.heard"
    assert payment(batch).stage == PaymentStage.REFUSED


@pytest.mark.parametrize("who", ["jolanda", "ellen", "anouk", "petra"])
def test_only_finance_says_so(world: World, batch: PaymentBatch, who: str) -> None:
    with pytest.raises(Forbidden):
        confirm(world, batch, who)
    with pytest.raises(NotVisible):
        actions.confirm_paid(actor=world.actor("henk"), batch_id=uuid4(), at=world.at)


@pytest.mark.parametrize("lines", [one_by_one, as_a_whole])
def test_a_statement_that_is_read_after_all_says_by_which_line_and_nothing_is_booked_twice(
    world: World, batch: PaymentBatch, lines: object
) -> None:
    confirm(world, batch)
    assert moved(world, DECEMBER) == [("payment", PAID)]
    assert callable(lines)
    read(world, afschrift(world, *lines(batch), on=date(2026, 12, 3)))
    paid = payment(batch)
    assert (paid.stage, paid.booked_on, paid.booked_line) == (
        PaymentStage.PAID,
        date(2026, 12, 3),
        "AFSCHRIFT-1/1",
    )
    assert moved(world, JANUARY) == []


def test_the_bank_refused_it_after_all(world: World, batch: PaymentBatch) -> None:
    confirm(world, batch)
    assert moved(world, DECEMBER) == [("payment", PAID)]
    read(world, status_report(batch, (payment(batch).reference, "AC04")))
    refused = payment(batch)
    assert (refused.stage, refused.booked_on) == (PaymentStage.REFUSED, None)
    assert (refused.invoice.stage, refused.invoice.paid_cents) == (InvoiceStage.RIGHT, 0)
    assert actions.pay(actor=world.actor("frits"), at=world.at).total_cents == PAID
    assert moved(world, JANUARY) == [("return", -PAID)]


def test_it_came_back_after_all_and_how_it_had_left_is_no_news(world: World, batch: PaymentBatch) -> None:
    confirm(world, batch)
    read(world, afschrift(world, back(payment(batch)), on=date(2026, 12, 4)))
    assert payment(batch).stage == PaymentStage.RETURNED
    again = actions.pay(actor=world.actor("frits"), at=world.at)
    read(world, afschrift(world, *one_by_one(batch), name="AFSCHRIFT-0", on=batch.pays_on))
    returned = payment(batch)
    assert (returned.stage, returned.invoice.paid_cents) == (PaymentStage.RETURNED, PAID)
    assert code_of(lambda: actions.pay(actor=world.actor("frits"), at=world.at)) == "payment.nothing"
    assert moved(world, DECEMBER) == [("payment", PAID), ("return", -PAID)]
    assert payment(again).stage == PaymentStage.SENT


def test_the_page_of_the_batch_asks_and_the_chain_says_who_saw_it(world: World, batch: PaymentBatch) -> None:
    where, path = reverse("batch", args=[batch.pk]), reverse("confirm_paid", args=[batch.pk])
    day = world.at
    world.at -= timedelta(days=1)
    assert "De bank voert dit later uit." in page(world, "henk", where)[1]
    world.at = day
    assert path in page(world, "henk", where)[1]
    with time_machine.travel(world.at, tick=False):
        answered = world.client("henk").post(path, {"_key": str(uuid4())})
    assert answered["Location"] == where
    html = page(world, "henk", where)[1]
    assert path not in html
    assert "betaald op" in html
    chain = page(world, "henk", reverse("chain", args=[payment(batch).pk]))[1]
    assert "Gezien bij de bank" in chain
    assert "door Henk" in chain


@pytest.mark.django_db(transaction=True)
def test_of_who_says_so_and_who_reads_that_it_was_refused_at_the_same_moment_the_bank_is_right() -> None:
    world = build_world()
    batch = november_at_the_bank(world)
    report = status_report(batch, (payment(batch).reference, "AC04"))
    came = at_once(*[lambda: confirm(world, batch)] * 3, lambda: read(world, report, "frits"))
    assert set(came[:3]) <= {"done", "payment.heard"}
    assert came[:3].count("done") <= 1
    assert came[3] == "done"
    refused = payment(batch)
    assert (refused.stage, refused.invoice.paid_cents) == (PaymentStage.REFUSED, 0)
