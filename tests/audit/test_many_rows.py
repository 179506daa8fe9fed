"""A change may be of as many rows as there are: PostgreSQL takes 65,535 values with one statement."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection

from hendig.audit.actions import change
from hendig.audit.models import MOST_VALUES, Entry
from hendig.people.models import Partner
from tests.support.world import World

pytestmark = pytest.mark.django_db
MOST, COUNT = 500, 120


def test_no_statement_carries_more_values_than_postgresql_takes(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What is written, changed and told goes in parts; here they are small, for it takes long else."""
    assert MOST_VALUES == 2**16 - 1
    for place in ("models", "actions"):
        monkeypatch.setattr(f"hendig.audit.{place}.MOST_VALUES", MOST)
    carried = []

    def count(execute: Callable[..., Any], sql: str, values: Any, *rest: Any) -> Any:
        carried.append(len(values or ()))
        return execute(sql, values, *rest)

    with connection.execute_wrapper(count), change(world.system, "partner.joined", at=world.at) as act:
        made = Partner.objects.bulk_create(Partner(name=f"P {n}", kvk=f"{n:08d}") for n in range(COUNT))
        for partner in made:
            partner.town = "Elders"
            act.record(partner)
        assert Partner.objects.bulk_update(made, ["name", "town", "email"]) == COUNT
    assert MOST // 2 < max(carried) <= MOST
    assert Partner.objects.filter(town="Elders").count() == COUNT
    assert (
        Entry.objects.filter(code="partner.joined", object_id__in=[one.pk for one in made]).count() == COUNT
    )
