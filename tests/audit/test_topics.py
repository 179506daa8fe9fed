"""Whoever watches a thing hears that it changed, also when very much did at once."""

from __future__ import annotations

from uuid import UUID

from django.db import connection
from django.test.utils import CaptureQueriesContext

from hendig.audit.actions import change
from tests.support.world import World


def test_of_many_things_that_changed_at_once_each_is_told(world: World) -> None:
    partners = {f"partner:{UUID(int=place)}" for place in range(250)}
    with CaptureQueriesContext(connection) as asked, change(world.system, "payment.made", at=world.at) as act:
        act.topics |= partners
        act.record(world.municipality)
    (told,) = [one["sql"] for one in asked if "pg_notify" in one["sql"]]
    assert not [one for one in partners if one not in told]
