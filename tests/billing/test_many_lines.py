"""However many lines a month has: of what is right none is read to show it to finance, or to pay it."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from hendig.billing import actions, queries
from hendig.billing.models import InvoiceLine
from tests.support.billing import HOUR, NOVEMBER, agree, at_end_of, keep, make_match, send
from tests.support.shared import built_once
from tests.support.world import World


@built_once
def november(world: World) -> World:
    """Four lines that are right, and one that is asked about: its code is in the agreement until the 15th."""
    agree(world)
    agree(world, code="H1", until_on=date(2026, 11, 15))
    for place, name in enumerate(("Sanne", "Fatima", "Kasia", "Miriam"), start=3):
        keep(world, make_match(world, name), date(2026, 11, place))
    keep(world, make_match(world, "Daan", code="H1"), date(2026, 11, 20))
    at_end_of(world, NOVEMBER)
    send(world, NOVEMBER)
    return world


@pytest.fixture
def read(monkeypatch: pytest.MonkeyPatch) -> list[InvoiceLine]:
    """Every line that is read from here on."""
    seen: list[InvoiceLine] = []
    made = InvoiceLine.from_db.__func__  # type: ignore[attr-defined]

    def from_db(cls: type[InvoiceLine], *values: Any) -> InvoiceLine:
        seen.append(made(cls, *values))
        return seen[-1]

    monkeypatch.setattr(InvoiceLine, "from_db", classmethod(from_db))
    return seen


def test_only_what_is_asked_about_is_read_to_show_what_can_be_paid(
    november: World, read: list[InvoiceLine]
) -> None:
    shown = queries.to_pay(november.actor("henk"), at=november.at)
    assert (shown.cents, len(shown.asked.rows[0].lines.rows)) == (4 * HOUR, 1)
    assert len(read) == 1


def test_no_line_is_read_to_pay_those_that_are_right(november: World, read: list[InvoiceLine]) -> None:
    batch = actions.pay(actor=november.actor("henk"), at=november.at)
    assert read == []
    assert batch.total_cents == 4 * HOUR
    assert batch.lines.count() == 4
