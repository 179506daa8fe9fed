"""Who agreed an amount before that was kept with it is found in the log."""

from __future__ import annotations

from datetime import date
from importlib import import_module

import psycopg
import pytest

from hendig.billing import actions
from hendig.billing.models import MonthlyAmount, Tariff, Variant
from hendig.kernel.actor import Role
from tests.support.billing import agree
from tests.support.database import TestDatabase
from tests.support.world import build_world

BEFORE = import_module("hendig.billing.migrations.0022_who_set_before")


@pytest.mark.django_db(transaction=True)
def test_who_agreed_it_is_who_made_it_and_not_who_ended_it(test_database: TestDatabase) -> None:
    """By the owner, before whom the walls stand as before everybody."""
    world = build_world()
    tariff = agree(world)
    world.add_worker("gerda", Role.FINANCE)
    gerda = world.actor("gerda")
    actions.end_tariff(actor=gerda, tariff_id=tariff.pk, until_on=date(2026, 12, 31), at=world.at)
    advance = actions.make_agreement(
        actor=gerda,
        partner_id=world.add_partner("linde").pk,
        from_on=date(2026, 1, 1),
        variant=Variant.TASK,
        at=world.at,
    )
    actions.change_amount(
        actor=gerda,
        agreement_id=advance.pk,
        cents=100_000,
        from_on=date(2026, 12, 1),
        iv3_field="6.72a",
        at=world.at,
    )
    kept = {row.pk: row.set_by_id for kind in (Tariff, MonthlyAmount) for row in kind.objects.all()}
    with psycopg.connect(test_database.owner_url) as owner:
        owner.execute("UPDATE billing_tariff SET set_by_id = NULL")
        owner.execute("UPDATE billing_monthlyamount SET set_by_id = NULL")
        owner.execute(BEFORE.OF_TARIFFS.encode())
        owner.execute(BEFORE.OF_AMOUNTS.encode())
        rows = owner.execute("SELECT id, set_by_id FROM billing_tariff").fetchall()
        rows += owner.execute("SELECT id, set_by_id FROM billing_monthlyamount").fetchall()
        owner.rollback()
    assert dict(rows) == kept
    assert set(kept.values()) == {world.account("henk").pk, world.account("gerda").pk}
