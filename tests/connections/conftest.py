"""The months with which the tests of systems begin."""

from __future__ import annotations

from datetime import date

from hendig.billing import actions
from tests.support.bank import afschrift, one_by_one, read
from tests.support.billing import at_end_of
from tests.support.connections import right
from tests.support.received import receive
from tests.support.shared import built_once
from tests.support.world import World


@built_once
def december(november: World) -> World:
    """November was received, paid and read from the bank; December has its journal."""
    receive(november, right(november))
    batch = actions.pay(actor=november.actor("henk"), at=november.at)
    read(november, afschrift(november, *one_by_one(batch)))
    at_end_of(november, date(2026, 12, 1))
    actions.make_journal(actor=november.actor("henk"), month=date(2026, 12, 1), at=november.at)
    return november
