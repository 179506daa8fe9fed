"""Sending, paying and reading the bank, pressed again and again by many at once: nothing is there twice.

`HENDIG_PRESSES=10000` presses that often.
"""

from __future__ import annotations

import os
import random
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import date, datetime
from functools import partial

import pytest
from django.db import connections
from django.db.models import Sum
from lxml import etree

from hendig.billing import actions
from hendig.billing.models import NOT_PAID, Invoice, InvoicedAppointment, Payment, PaymentBatch, PaymentStage
from hendig.kernel.actor import Role
from hendig.kernel.periods import AMSTERDAM
from hendig.kernel.refusal import Refused
from tests.support.bank import brought, status_report
from tests.support.billing import agree, at_end_of, keep, make_match
from tests.support.world import World, build_world

PRESSES = int(os.environ.get("HENDIG_PRESSES") or 160)
TOGETHER = 8
MONTHS = tuple(date(2026, month, 1) for month in (8, 9, 10, 11))


def four_months(world: World) -> World:
    """Each month has two appointments of two families, and every month is over."""
    agree(world)
    world.add_worker("frits", Role.FINANCE)
    world.at = datetime(2026, 8, 3, 8, tzinfo=AMSTERDAM)
    matches = [make_match(world), make_match(world, "Fatima")]
    for month in MONTHS:
        for place, match in enumerate(matches):
            keep(world, match, month.replace(day=10), 60 + 15 * place, hour=10 + 2 * place)
        at_end_of(world, month)
    return world


def presses(world: World, seed: int) -> list[str]:
    """What came of the presses of one of them, by code."""
    chance, said = random.Random(seed), []
    payers = [world.actor("henk"), world.actor("frits")]
    office, vlinder = world.actor("jolanda"), world.partners["vlinder"].pk
    for number in range(PRESSES // TOGETHER):
        month = chance.choice(MONTHS)
        kind = chance.choice(["send", "pay", "refuse"])
        act: Callable[[], object]
        if kind == "send":
            act = partial(actions.send_invoice, actor=office, partner_id=vlinder, month=month, at=world.at)
        elif kind == "pay":
            act = partial(actions.pay, actor=chance.choice(payers), at=world.at)
        else:
            sent = list(Payment.objects.select_related("batch").filter(stage=PaymentStage.SENT)[:1])
            if not sent:
                continue
            report = status_report(sent[0].batch, (sent[0].reference, "AC04"), name=f"S{seed}-{number}")
            act = partial(actions.read_bank_file, actor=payers[0], file=brought(report), at=world.at)
        try:
            act()
            said.append(kind)
        except Refused as no:
            said.append(no.refusal.code)
    connections.close_all()
    return said


@pytest.mark.django_db(transaction=True)
def test_whatever_is_pressed_at_once_nothing_is_sent_or_paid_twice() -> None:
    world = four_months(build_world())
    with ThreadPoolExecutor(TOGETHER) as many:
        said = Counter(code for one in many.map(partial(presses, world), range(TOGETHER)) for code in one)
    assert said["send"] <= len(MONTHS)
    known = {"send", "pay", "refuse", "invoice.already_sent", "invoice.nothing", "payment.nothing"}
    assert not set(said) - known
    hours = InvoicedAppointment.objects.values_list("appointment", flat=True)
    assert len(hours) == len(set(hours))
    assert_the_books_are_right()


def assert_the_books_are_right() -> None:
    """Every cent is paid at most once, every number was given once, and no file says anything else."""
    for invoice in Invoice.objects.all():
        standing = invoice.payments.exclude(stage__in=NOT_PAID)
        asked = standing.aggregate(cents=Sum("cents"))["cents"] or 0
        in_lines = invoice.lines.exclude(batch=None).aggregate(cents=Sum("cents"))["cents"] or 0
        assert invoice.paid_cents == asked == in_lines <= invoice.total_cents
        assert standing.count() <= 1
    for rows, series in ((Invoice, "12345670-2026-"), (PaymentBatch, "B2026-")):
        numbers = sorted(rows.objects.values_list("number", flat=True))
        assert numbers == [f"{series}{place:04d}" for place in range(1, len(numbers) + 1)]
    for batch in PaymentBatch.objects.all():
        references = sorted(batch.payments.values_list("reference", flat=True))
        root = etree.fromstring(batch.xml.encode())
        assert sorted(str(one.text) for one in root.iterfind(".//{*}EndToEndId")) == references
        assert batch.total_cents == batch.payments.aggregate(cents=Sum("cents"))["cents"]
