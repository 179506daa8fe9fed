"""What waits, what was taken back in part and what the bank said, in a real browser: it fits."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

from django.urls import reverse

from hendig.billing import actions
from hendig.billing.adapters.ubl.document import CREDIT
from hendig.billing.models import Payment
from hendig.kernel.actor import Role
from hendig.kernel.periods import AMSTERDAM
from hendig.matching.models import Match
from hendig.people.models import Account
from tests.billing.test_bank_standard import OPENING, OTHER, balance, message, stmt
from tests.billing.test_bank_standard import Entry as Booked
from tests.support.bank import iban, read
from tests.support.billing import agree, keep, make_match, plan
from tests.support.fixtures import Fits
from tests.support.received import billed_line, document, receive
from tests.support.world import world_from


def busy_town() -> Match:
    """Hours of a year ago wait; of a paid line a part was taken back; of a statement a page is missing."""
    now = datetime.now(AMSTERDAM)
    world = world_from(now - timedelta(days=340))
    world.add_worker("ada", Role.AUDITOR)
    old = world.at.date() + timedelta(days=1)
    keep(world, make_match(world, "Fatima", code="H1"), old, 90)
    plan(world, make_match(world, "Omar"), world.at + timedelta(days=1), 60)
    lately = (now - timedelta(days=40)).date()
    agree(world, from_on=lately)
    world.at = now - timedelta(days=41)
    match = make_match(world)
    for days, minutes in ((0, 60), (1, 90)):
        keep(world, match, lately + timedelta(days=days), minutes)
    line = billed_line(match, 150, first_on=lately, last_on=lately + timedelta(days=1))
    day = lately + timedelta(days=2)
    world.at = now - timedelta(days=30)
    receive(world, replace(document(world, line, issued_on=day), due_on=day))
    actions.pay(actor=world.actor("henk"), at=world.at)
    world.at = now - timedelta(days=2)
    part = billed_line(match, 60, first_on=lately, last_on=lately + timedelta(days=1))
    note = document(world, part, number="C-2026-4", kind=CREDIT, before=("F-2026-17",), issued_on=day)
    receive(world, replace(note, due_on=day))
    payment = Payment.objects.get()
    stands = balance("OPBD", OPENING) + balance("ITBD", OPENING - payment.cents)
    ours = stmt(iban(world), stands, [Booked(payment.cents, payment.reference)], page=1, last=False)
    pool = stmt(OTHER, balance("OPBD", 1) + balance("CLBD", 1), [], name="2026-12-02/12")
    read(world, message(ours, pool))
    return match


def test_the_pages_of_money_are_accessible(fits: Fits) -> None:
    match = busy_town()
    payment = Payment.objects.select_related("invoice").get()
    own = reverse("invoice", args=[payment.invoice_id])
    chain = reverse("chain", args=[payment.pk])
    for who, paths in (
        ("henk", [reverse("pay"), reverse("agreements"), reverse("bank"), own, chain]),
        ("ada", [chain]),
        ("jolanda", [reverse("hours"), own]),
        ("anouk", [reverse("today")]),
        ("sanne", [reverse("own_help", args=[match.family_id])]),
    ):
        fits(Account.objects.get(first_name=who.capitalize()).pk, paths)
