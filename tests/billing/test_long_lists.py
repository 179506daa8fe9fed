"""However many invoices are open: so many are named, all are counted and added up, and all are paid."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import replace
from datetime import date
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st

from hendig.billing import actions, queries
from hendig.billing.models import Invoice, Variant
from hendig.billing.queries import payable
from hendig.billing.queries.repayments import Owed, keep_off, kept_of
from hendig.billing.rules import Which
from hendig.kernel.actor import Role
from tests.billing.test_advances import A_MONTH, agreed, night, on
from tests.billing.test_bank_pages import page
from tests.support.bank import read, status_report
from tests.support.billing import HOUR, agree, at_end_of, keep, make_match, send
from tests.support.refusals import code_of
from tests.support.shared import built_once
from tests.support.world import World


@built_once
def fixed(world: World) -> World:
    """An amount for each of seventeen months was made at once: the worker lay still."""
    agreed(world, Variant.FIXED)
    on(world, date(2028, 3, 5))
    night(world)
    return world


def test_all_that_can_be_paid_is_counted_and_paid_and_the_first_are_named(fixed: World) -> None:
    henk = fixed.actor("henk")
    shown = queries.to_pay(henk, at=fixed.at)
    (partner,) = shown.right.rows
    assert (shown.count, len(partner.invoices.rows), partner.invoices.more) == (17, 12, 5)
    assert [one.invoice.month for one in partner.invoices.rows][:2] == [date(2026, 11, 1), date(2026, 12, 1)]
    assert shown.cents == partner.cents == 17 * A_MONTH
    html = page(fixed, "henk", reverse("pay"))[1]
    assert "en nog 5" in html
    assert f"{reverse('still_open')}?soort=klopt&amp;partner={partner.id}" in html
    batch = actions.pay(actor=henk, at=fixed.at)
    assert (batch.payments.count(), batch.total_cents) == (17, shown.cents)
    assert queries.to_pay(henk, at=fixed.at).count == 0


def test_of_the_invoices_only_those_are_read_that_are_named(
    fixed: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    read: list[Invoice] = []
    made = Invoice.from_db.__func__  # type: ignore[attr-defined]

    def from_db(cls: type[Invoice], *values: Any) -> Invoice:
        read.append(made(cls, *values))
        return read[-1]

    monkeypatch.setattr(Invoice, "from_db", classmethod(from_db))
    assert queries.to_pay(fixed.actor("henk"), at=fixed.at).count == 17
    assert len(read) == 12


def test_the_page_reads_no_more_for_more_invoices(world: World) -> None:
    agreed(world, Variant.FIXED)
    henk = world.actor("henk")

    def cost() -> int:
        night(world)
        with CaptureQueriesContext(connection) as seen:
            queries.to_pay(henk, at=world.at)
        return len(seen)

    small = cost()
    on(world, date(2028, 3, 5))
    assert cost() == small == 3
    assert Invoice.objects.count() == 17


def test_what_came_back_is_counted_and_the_first_are_named(
    fixed: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(payable, "NAMED", 3)
    fixed.add_worker("frits", Role.FINANCE)
    batch = actions.pay(actor=fixed.actor("henk"), at=fixed.at)
    read(fixed, status_report(batch, group="RJCT"))
    shown = queries.to_pay(fixed.actor("frits"), at=fixed.at)
    assert (len(shown.came_back.rows), shown.came_back.count, shown.count) == (3, 17, 17)
    html = page(fixed, "henk", reverse("pay"))[1]
    assert "En nog 14 facturen. Bekijk ze allemaal." in html
    assert "17 facturen kwamen terug in een bestand dat u zelf las." in html


def test_what_is_asked_about_is_counted_and_the_first_are_named(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(payable, "NAMED", 1)
    monkeypatch.setattr(payable, "LINES_NAMED", 2)
    agree(world, until_on=date(2026, 11, 5))
    matches = [make_match(world, name) for name in ("Sanne", "Fatima", "Kasia")]
    for day, match in enumerate(matches, start=10):
        keep(world, match, date(2026, 11, day))
    at_end_of(world, date(2026, 11, 1))
    first = send(world, date(2026, 11, 1))
    keep(world, matches[0], date(2026, 12, 2))
    at_end_of(world, date(2026, 12, 1))
    send(world, date(2026, 12, 1))
    shown = queries.to_pay(world.actor("henk"), at=world.at)
    (asked,) = shown.asked.rows
    assert (asked.invoice.id, len(asked.lines.rows), asked.lines.count, shown.asked.count) == (
        first.pk,
        2,
        3,
        2,
    )
    assert all(line.cents == HOUR for line in asked.lines.rows)
    html = page(world, "henk", reverse("pay"))[1]
    assert "En nog 1 regel met een vraag." in html
    assert "En nog 1 factuur. Bekijk ze allemaal." in html


amounts = st.integers(1, 10_000)


@given(
    st.lists(st.tuples(st.integers(0, 2), amounts | st.integers(-500, -1)), max_size=6),
    st.lists(st.tuples(st.integers(0, 2), amounts), min_size=1, max_size=6),
)
def test_as_much_comes_off_a_partner_as_off_its_invoices(
    notes: list[tuple[int, int]], invoices: list[tuple[int, int]]
) -> None:
    """The page adds up by partner what a payment keeps off invoice by invoice."""
    partners = [uuid4(), uuid4(), uuid4()]
    due = [Owed(uuid4(), partners[place], "", "", False, cents) for place, cents in notes]
    paid = [(Invoice(pk=uuid4(), partner_id=partners[place]), cents) for place, cents in invoices]
    of_invoice = {invoice.pk: invoice.partner_id for invoice, _cents in paid}
    off: dict[UUID, int] = dict.fromkeys(of_invoice.values(), 0)
    sums: dict[UUID, int] = defaultdict(int)
    for one in keep_off(due, paid):
        off[of_invoice[one.invoice_id]] += one.cents
    for invoice, cents in paid:
        sums[invoice.partner_id] += cents
    of_partner = {key: [one.cents for one in due if one.partner_id == key] for key in sums}
    kept = {
        key: kept_of(sum(one for one in ones if one < 0), sum(one for one in ones if one > 0), sums[key])
        for key, ones in of_partner.items()
    }
    assert kept == off


class TestPageByPage:
    """What Betalen names only the first of is shown whole, each once, at the same cost wherever it begins."""

    def test_every_invoice_that_is_right_comes_by_once(self, fixed: World) -> None:
        partner, henk = fixed.partners["vlinder"].pk, fixed.actor("henk")
        seen: list[UUID] = []
        after, costs, last = None, set(), 0
        while after is not None or not seen:
            with CaptureQueriesContext(connection) as asked:
                shown = queries.still_open(henk, at=fixed.at, partner_id=partner, after=after, size=6)
            seen += [one.invoice.id for one in shown.invoices]
            costs.add(len(asked) - (after is not None))
            after, last = shown.older, sum(one.cents for one in shown.invoices)
        assert len(seen) == len(set(seen)) == 17
        assert costs == {2}
        assert last == 5 * A_MONTH

    def test_it_is_that_of_one_partner_or_of_all(self, fixed: World) -> None:
        path = reverse("still_open")
        status, html = page(fixed, "henk", path)
        assert status == 200
        assert html.count("data-item") == 17
        of_partner = f"{path}?soort=klopt&partner={fixed.partners['vlinder'].pk}"
        assert "Alle facturen van Vlinder" in page(fixed, "henk", of_partner)[1]
        other = f"{path}?soort=klopt&partner={uuid4()}"
        assert "Hier staat niets meer open." in page(fixed, "henk", other)[1]
        assert "Hier staat niets meer open." in page(fixed, "henk", f"{path}?na={uuid4()}")[1]
        # What nobody asks is what is right.
        assert page(fixed, "henk", f"{path}?soort=onzin")[1].count("data-item") == 17

    def test_what_came_back_is_shown_with_what_the_bank_said(self, fixed: World) -> None:
        batch = actions.pay(actor=fixed.actor("henk"), at=fixed.at)
        read(fixed, status_report(batch, group="RJCT"))
        html = page(fixed, "henk", f"{reverse('still_open')}?soort=terug")[1]
        assert (html.count("data-item"), "afgewezen op" in html) == (17, True)
        # Henk read the file: for him it is not to pay.
        assert "Hier staat niets meer open." in page(fixed, "henk", reverse("still_open"))[1]

    def test_what_is_asked_about_is_shown_and_what_is_right_of_it(self, world: World) -> None:
        agree(world, until_on=date(2026, 11, 5))
        match = make_match(world)
        keep(world, match, date(2026, 11, 3))
        keep(world, make_match(world, "Fatima"), date(2026, 11, 10))
        at_end_of(world, date(2026, 11, 1))
        invoice = send(world, date(2026, 11, 1))
        henk = world.actor("henk")
        (asked,) = queries.still_open(henk, Which.ASKED, at=world.at).invoices
        (right,) = queries.still_open(henk, at=world.at).invoices
        assert (asked.invoice.id, asked.cents) == (right.invoice.id, 2 * HOUR) == (invoice.pk, 2 * HOUR)
        assert (right.cents, right.part) == (HOUR, True)

    def test_nobody_reads_it_but_finance(self, fixed: World) -> None:
        assert page(fixed, "jolanda", reverse("still_open"))[0] == 403


def test_partners_beyond_the_first_are_counted_and_added_up(
    fixed: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(payable, "PARTNERS", 0)
    shown = queries.to_pay(fixed.actor("henk"), at=fixed.at)
    assert (shown.right.rows, shown.right.count, shown.cents, shown.count) == ((), 1, 17 * A_MONTH, 17)
    assert "En nog 1 partner." in page(fixed, "henk", reverse("pay"))[1]


def test_what_is_said_of_all_is_said_where_nothing_is_named(world: World) -> None:
    """Henk is the office as well here: what he sent is for a colleague."""
    agree(world)
    keep(world, make_match(world), date(2026, 11, 3))
    at_end_of(world, date(2026, 11, 1))
    jolanda, henk = world.actor("jolanda"), world.actor("henk")
    send(world, date(2026, 11, 1))
    sent = replace(henk, account_id=jolanda.account_id)
    shown = queries.to_pay(sent, at=world.at)
    assert (shown.own, shown.count, shown.right.count) == (1, 0, 0)
    assert code_of(lambda: actions.pay(actor=sent, at=world.at)) == "payment.nothing"
