"""What led to something before there were several kinds of lines makes it worse, in a row of its own."""

from __future__ import annotations

from importlib import import_module

import psycopg
import pytest
from psycopg.rows import dict_row

from hendig.tents.models import Place
from tests.support.database import TestDatabase
from tests.support.drawing import put, understanding
from tests.support.world import World, build_world

INFLUENCES: str = import_module("hendig.tents.migrations.0009_analysis").INFLUENCES


@pytest.mark.django_db(transaction=True)
def test_what_led_to_something_makes_it_worse_from_now_on(test_database: TestDatabase) -> None:
    """By the owner, before whom the walls stand as before everybody."""
    world: World = build_world()
    tent = understanding(world)
    tired = put(world, tent, "Noor slaapt slecht", "noor", Place.CHILD)
    noisy = put(world, tent, "Er is vaak ruzie", "mark", Place.PARENTS)
    with psycopg.connect(test_database.owner_url, row_factory=dict_row) as owner:
        owner.execute("ALTER TABLE tents_piece NO FORCE ROW LEVEL SECURITY")
        owner.execute("ALTER TABLE tents_piece ADD leads_to_id uuid")
        owner.execute(
            "UPDATE tents_piece SET place = '', leads_to_id = %s WHERE id = %s", [tired.pk, noisy.pk]
        )
        owner.execute("ALTER TABLE tents_piece FORCE ROW LEVEL SECURITY")
        owner.execute("ALTER TABLE tents_influence NO FORCE ROW LEVEL SECURITY")
        owner.execute(INFLUENCES.encode())
        (line,) = owner.execute("SELECT * FROM tents_influence").fetchall()
        owner.rollback()
    assert (line["cause_id"], line["effect_id"], line["sign"]) == (noisy.pk, tired.pk, "worse")
    assert (line["id"], line["author_id"], line["at"]) == (noisy.pk, noisy.author_id, noisy.at)
    assert (line["compartment_id"], line["tent_id"]) == (noisy.compartment_id, tent.pk)
    assert (bytes(line["voice"]), line["removed_at"]) == (b"", None)
