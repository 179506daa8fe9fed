"""Whatever is sent, taken back, paid, refused, returned and paid back: every cent of it is right.

`HENDIG_SEQUENCES=500` before `pytest tests/billing/test_every_cent.py` tries that many sequences.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, timedelta

from django.db import transaction
from django.db.models import QuerySet, Sum
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from hendig.billing import actions, queries
from hendig.billing.models import (
    Invoice,
    InvoiceLine,
    InvoiceStage,
    Payment,
    PaymentBatch,
    PaymentStage,
    Repayment,
    with_owed,
)
from hendig.demo.bank import Booked
from hendig.kernel.actor import Role
from hendig.kernel.refusal import Refused
from hendig.matching.models import Match
from tests.billing.test_came_in import came_in, transfer
from tests.billing.test_repayments import actions_undo, credit
from tests.support.bank import afschrift, back, read, status_report
from tests.support.billing import HOUR, agree, at_end_of, keep, make_match, send
from tests.support.shared import built_once
from tests.support.world import World

SEQUENCES = int(os.environ.get("HENDIG_SEQUENCES") or 15)
# Who reads what the bank says pays nothing of what came back: somebody else does.
READS, PAYS = "greet", ("henk", "frits")


@built_once
def matches(world: World) -> list[Match]:
    agree(world)
    for name in ("frits", READS):
        world.add_worker(name, Role.FINANCE)
    return [make_match(world, name) for name in ("Sanne", "Fatima")]


@dataclass
class Money:
    """What people and the bank do, one after the other; after each step every cent is looked for."""

    world: World
    matches: list[Match]
    month: date = date(2026, 11, 1)
    files: int = 0
    # What went to the bank, by the file of each batch.
    told: dict[str, int] = field(default_factory=dict)
    refused: set[str] = field(default_factory=set)

    def send(self, which: int) -> None:
        """A month of one of the matches, of one to four hours."""
        keep(self.world, self.matches[which % 2], self.month.replace(day=10), 60 * (1 + which % 4))
        at_end_of(self.world, self.month)
        send(self.world, self.month)
        self.month = (self.month + timedelta(days=31)).replace(day=1)

    def credit(self, which: int) -> None:
        """A line is taken back, paid or not; half of them because the hours were none."""
        lines = list(InvoiceLine.objects.charged().order_by("id"))
        if not lines:
            return
        line = lines[which % len(lines)]
        hours = list(line.appointments.values_list("appointment_id", flat=True))
        credit(self.world, line)
        if which % 2:
            for one in hours:
                actions_undo(self.world, one)

    def pay(self, which: int) -> None:
        try:
            actions.pay(actor=self.world.actor(PAYS[which % 2]), at=self.world.at)
        except Refused as no:
            self.refused.add(no.refusal.code)

    def bank_pays(self, which: int) -> None:
        if payment := self._one(which, PaymentStage.SENT):
            line = Booked(payment.cents, payment.reference)
            self._read(afschrift(self.world, line, name=self._name(), on=self._today()))

    def bank_refuses(self, which: int) -> None:
        if payment := self._one(which, PaymentStage.SENT):
            said = (payment.reference, "AC04")
            self._read(status_report(payment.batch, said, name=self._name()))

    def bank_returns(self, which: int) -> None:
        if payment := self._one(which, PaymentStage.PAID):
            self._read(afschrift(self.world, back(payment), name=self._name(), on=self._today()))

    def partner_pays_back(self, which: int) -> None:
        """All of what it owes of a note, or a part of it."""
        notes = [one for one in queries.owed(self.world.actor("henk")) if one.cents > 0]
        if notes:
            note = notes[which % len(notes)]
            cents = max(1, note.cents // (1 + which % 2))
            name, on = self._name(), self._today() + timedelta(days=self.files)
            self._read(came_in(self.world, transfer(cents, note.number), name=name, on=on))

    def _one(self, which: int, stage: PaymentStage) -> Payment | None:
        rows = list(Payment.objects.filter(stage=stage).select_related("batch").order_by("id"))
        return rows[which % len(rows)] if rows else None

    def _name(self) -> str:
        self.files += 1
        return f"BANK-{self.files}"

    def _today(self) -> date:
        return self.world.at.date()

    def _read(self, content: bytes) -> None:
        read(self.world, content, READS)

    # --- what must hold ---------------------------------------------------------------------------------

    def check(self) -> None:
        """What is right is what was paid and not paid back, what is open, less what is to come back."""
        charged = InvoiceLine.objects.charged()
        at_bank = [
            one
            for one in InvoiceLine.objects.filter(batch__isnull=False, credited_by__isnull=False)
            if Payment.objects.filter(
                batch=one.batch_id, invoice=one.invoice_id, stage=PaymentStage.SENT
            ).exists()
        ]
        live = Payment.objects.filter(stage__in=[PaymentStage.SENT, PaymentStage.PAID])
        paid = total(live) - total(Repayment.objects.filter(batch=None))
        still_open = total(charged.filter(batch=None))
        to_come_back = sum(one.cents for one in queries.owed(self.world.actor("henk")))
        to_come_back += sum(one.cents for one in at_bank)
        assert total(charged) == paid + still_open - to_come_back
        assert self.refused <= {"payment.nothing"}
        self._check_notes()
        self._check_payments(live)

    def _check_notes(self) -> None:
        """What is passed by as square is square."""
        notes = with_owed(Invoice.objects.all()).order_by("number")
        counted = {note.pk: note.owed for note in notes if note.owed}  # type: ignore[attr-defined]
        assert counted == {one.note_id: one.cents for one in queries.owed(self.world.actor("henk"))}

    def _check_payments(self, live: QuerySet[Payment]) -> None:
        """Nothing is paid below nothing, nor twice, and the file for the bank says what is in the books."""
        for batch in PaymentBatch.objects.all():
            payments = batch.payments.all()
            told = self.told.setdefault(batch.number, batch.total_cents)
            assert told == batch.total_cents == total(payments)
            assert all(one.cents > 0 for one in payments)
            assert batch.xml.count("<EndToEndId>") == len(payments)
        for one in live:
            lines = total(InvoiceLine.objects.filter(batch=one.batch_id, invoice=one.invoice_id))
            off = total(Repayment.objects.filter(batch=one.batch_id, invoice=one.invoice_id))
            assert lines == one.cents + off
        for invoice in Invoice.objects.filter(corrects=None):
            assert 0 <= invoice.paid_cents <= invoice.total_cents


def total(rows: QuerySet[Payment] | QuerySet[InvoiceLine] | QuerySet[Repayment]) -> int:
    return rows.aggregate(cents=Sum("cents"))["cents"] or 0


STEPS: tuple[Callable[[Money, int], None], ...] = (
    Money.send,
    Money.credit,
    Money.pay,
    Money.bank_pays,
    Money.bank_refuses,
    Money.bank_returns,
    Money.partner_pays_back,
)


@settings(
    max_examples=SEQUENCES,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(st.lists(st.tuples(st.sampled_from(STEPS), st.integers(0, 7)), min_size=4, max_size=14))
def test_every_cent_is_right_after_every_step(
    world: World, matches: list[Match], steps: list[tuple[Callable[[Money, int], None], int]]
) -> None:
    began = world.at
    with transaction.atomic():
        money = Money(world, matches)
        for which in (0, 1):
            money.send(which)
        for step, which in steps:
            step(money, which)
            money.check()
        settled_with_the_next(money)
        transaction.set_rollback(True)
    world.at = began


def settled_with_the_next(money: Money) -> None:
    """Once the bank said of all what it did, what is to come back comes off enough that is paid next."""
    while money._one(0, PaymentStage.SENT):
        money.bank_pays(0)
        money.check()
    for _month in range(30):
        if not queries.owed(money.world.actor("henk")):
            break
        money.send(3)
        money.pay(0)
        money.check()
    assert queries.owed(money.world.actor("henk")) == ()


def test_who_is_owed_more_than_it_asks_gets_nothing_and_owes_the_rest(
    world: World, matches: list[Match]
) -> None:
    """Two months were paid and taken back; of the two that follow the first is less than that."""
    money = Money(world, matches)
    for which in (3, 3):
        money.send(which)
    money.pay(0)
    for _payment in range(2):
        money.bank_pays(0)
    for _line in range(2):
        money.credit(1)
    assert sum(one.cents for one in queries.owed(world.actor("henk"))) == 8 * HOUR
    money.send(0)
    batch = actions.pay(actor=world.actor("henk"), at=world.at)
    assert (batch.total_cents, batch.payments.count(), batch.xml) == (0, 0, "")
    assert [one.cents for one in queries.owed(world.actor("henk"))] == [3 * HOUR, 4 * HOUR]
    for which in (3, 3):
        money.send(which)
    batch = actions.pay(actor=world.actor("henk"), at=world.at)
    assert (batch.total_cents, [one.cents for one in batch.payments.all()]) == (HOUR, [HOUR])
    assert queries.owed(world.actor("henk")) == ()
    assert not Invoice.objects.filter(stage__in=[InvoiceStage.RIGHT, InvoiceStage.ASKED]).exists()
    money.check()
