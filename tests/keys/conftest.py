"""A kind of row with sealed text that belongs to no room, so that keys are tested by themselves."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any
from uuid import UUID

import pytest
from django.db import models
from django.test.utils import isolate_apps

from hendig.audit.actions import change
from hendig.audit.models import Recorded, RecordedQuerySet
from hendig.kernel.ids import new_id
from hendig.keys import actions
from hendig.keys.models import SealedBytes, SealedText
from tests.support.database import TestDatabase
from tests.support.world import World

TABLE = """
CREATE TABLE IF NOT EXISTS keys_leaf (id uuid PRIMARY KEY, municipality_id uuid NOT NULL,
    compartment_id uuid NOT NULL, words bytea NOT NULL, note bytea NOT NULL, paper bytea NOT NULL,
    under_id uuid)
"""
sealed_models = actions.sealed_models
CODE = "key.renewed"

with isolate_apps("hendig.keys"):

    class Leaf(Recorded):
        """A stand-in: two sealed texts and a paper, and another row that it may hang under."""

        compartment_id = models.UUIDField()
        words = SealedText(max_length=300)
        note = SealedText(max_length=40, blank=True, default="")
        paper = SealedBytes(max_length=4000, blank=True, default=b"")
        under = models.ForeignKey("self", models.PROTECT, null=True, related_name="leaves")

        objects = RecordedQuerySet["Leaf"].as_manager()

        class Meta:
            app_label = "keys"


class Garden:
    """Compartments and leaves, made in changes of their own."""

    def __init__(self, world: World) -> None:
        self.world = world

    def compartment(self) -> UUID:
        compartment_id = new_id()
        with change(self.world.system, CODE, at=self.world.at) as act:
            actions.new_keys(act, {compartment_id: new_id()})
            act.record(self.world.municipality)
        return compartment_id

    def leaf(self, compartment_id: UUID, words: str = "Ze slaapt slecht.", **more: Any) -> Leaf:
        with change(self.world.system, CODE, at=self.world.at) as act:
            made: Leaf = Leaf.objects.create(compartment_id=compartment_id, words=words, **more)
            act.record(self.world.municipality)
        return made

    def save(self, leaf: Leaf) -> None:
        with change(self.world.system, CODE, at=self.world.at) as act:
            leaf.save()
            act.record(self.world.municipality)


@pytest.fixture(scope="session")
def leaves(test_database: TestDatabase) -> Iterator[None]:
    test_database.owner.execute(TABLE)
    with pytest.MonkeyPatch.context() as patch:
        # The registry of apps does not know it, so that it is no kind of row for the tests of all kinds.
        patch.setattr(actions, "sealed_models", lambda: [*sealed_models(), Leaf])
        yield
    test_database.owner.execute("DROP TABLE IF EXISTS keys_leaf")


@pytest.fixture
def garden(leaves: None, world: World) -> Garden:
    return Garden(world)
