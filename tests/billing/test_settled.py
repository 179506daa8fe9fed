"""What was settled with advances is settled once, also where something is taken back before or after."""

from __future__ import annotations

from datetime import date

import pytest
from django.urls import reverse

from hendig.billing import actions, queries
from hendig.billing.models import Invoice, InvoiceKind, InvoiceLine, InvoiceStage
from tests.billing.test_advances import agreed, night, on
from tests.billing.test_bank_pages import page
from tests.support.bank import afschrift, one_by_one, read
from tests.support.billing import HOUR, keep, make_match, send
from tests.support.refusals import code_of
from tests.support.world import World

pytestmark = pytest.mark.django_db
DECEMBER, JANUARY = date(2026, 12, 1), date(2027, 1, 1)


def credit(world: World, line: InvoiceLine) -> Invoice:
    return actions.credit_line(actor=world.actor("jolanda"), line_id=line.pk, at=world.at)


def owed(world: World) -> list[tuple[int, bool]]:
    return [(one.cents, one.advanced) for one in queries.owed(world.actor("henk"))]


def test_an_advance_that_was_settled_is_not_taken_back(world: World) -> None:
    """It came off the hours of the year already; until then it can be, and is then not settled."""
    agreed(world, cents=5_000)
    night(world)
    keep(world, make_match(world), date(2026, 11, 3), 120)
    on(world, date(2027, 1, 2))
    night(world)
    november, december = Invoice.objects.filter(kind=InvoiceKind.ADVANCE, month__lt=JANUARY).order_by("month")
    actions.pay(actor=world.actor("henk"), at=world.at)
    credit(world, december.lines.get())
    on(world, date(2027, 1, 21))
    night(world)
    settlement = Invoice.objects.get(kind=InvoiceKind.SETTLEMENT)
    assert settlement.total_cents == 2 * HOUR - 5_000, "one of both advances stands"
    assert code_of(lambda: credit(world, november.lines.get())) == "line.settled"
    path = reverse("credit_line", args=[november.lines.get().pk])
    assert path not in page(world, "jolanda", reverse("invoice", args=[november.pk]))[1]
    # That of January is of a year that is not settled yet.
    credit(world, Invoice.objects.get(kind=InvoiceKind.ADVANCE, month=JANUARY).lines.get())


def test_less_than_was_advanced_is_a_note_to_an_advance_and_not_to_another_note(world: World) -> None:
    agreed(world, cents=5_000)
    night(world)
    on(world, date(2027, 1, 2))
    night(world)
    december = Invoice.objects.get(kind=InvoiceKind.ADVANCE, month=DECEMBER)
    credit(world, december.lines.get())
    on(world, date(2027, 1, 21))
    night(world)
    settlement = Invoice.objects.exclude(corrects=None).get(kind=InvoiceKind.SETTLEMENT)
    assert (settlement.total_cents, settlement.corrects) == (-5_000, december)


def test_what_is_left_of_a_settlement_below_nothing_comes_off_the_next_payment(world: World) -> None:
    """€ 240 was kept and € 100 advanced; of the line that is taken back the hour goes on another invoice."""
    agreed(world, cents=5_000)
    night(world)
    keep(world, make_match(world), date(2026, 11, 3), 40)
    keep(world, make_match(world, "Fatima"), date(2026, 11, 4), 120)
    on(world, date(2027, 1, 21))
    night(world)
    settlement = Invoice.objects.get(kind=InvoiceKind.SETTLEMENT)
    assert settlement.total_cents == 24_000 - 10_000
    note = credit(world, settlement.lines.get(cents=18_000))
    settlement.refresh_from_db()
    assert (settlement.stage, note.kind, owed(world)) == (
        InvoiceStage.SETTLED,
        InvoiceKind.HOURS,
        [(4_000, True)],
    )
    html = page(world, "jolanda", reverse("invoice", args=[settlement.pk]))[1]
    assert "gaat af van de volgende betaling" in html
    assert "minder geweest" not in page(world, "jolanda", reverse("invoice", args=[note.pk]))[1]
    first = actions.pay(actor=world.actor("henk"), at=world.at)
    assert (first.total_cents, owed(world)) == (3 * 5_000 - 4_000, [])
    on(world, date(2027, 2, 1))
    later = send(world, JANUARY)
    assert later.total_cents == 2 * HOUR, "what was taken back is right after all"
    second = actions.pay(actor=world.actor("henk"), at=world.at)
    # All that was kept of 2026, and the advance of January.
    assert first.total_cents + second.total_cents == 24_000 + 5_000
    read(world, afschrift(world, *one_by_one(first), *one_by_one(second), on=world.at.date()))
    assert owed(world) == []


def test_no_month_of_the_picture_is_below_nothing_after_a_settlement(world: World) -> None:
    agreed(world)
    night(world)
    on(world, date(2027, 1, 2))
    night(world)
    actions.pay(actor=world.actor("henk"), at=world.at)
    on(world, date(2027, 1, 21))
    night(world)
    assert Invoice.objects.get(kind=InvoiceKind.SETTLEMENT).total_cents == -200_000
    bars = queries.months(world.actor("henk"), at=world.at)
    assert all(min(bar.paid, bar.open, bar.paid_height, bar.open_height) >= 0 for bar in bars)
    assert [bar.cents for bar in bars[-2:]] == [0, 100_000]
