"""A migration with few models at hand says to the database what it says with all of them."""

from __future__ import annotations

import random

import pytest
from django.db import connection, models
from django.db.migrations import Migration, operations
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.state import ModelState, ProjectState

from hendig.operations.narrow import is_narrow, narrowed

# To have all models at hand takes a second each time: others are taken in each run, and the newest always.
TAKEN = 4


def said(migration: Migration, state: ProjectState) -> list[str]:
    """The SQL of it, nothing of which is done."""
    with connection.schema_editor(collect_sql=True, atomic=migration.atomic) as editor:
        migration.apply(state, editor, collect_sql=True)
    return [str(words) for words in editor.collected_sql]


@pytest.mark.django_db
def test_it_says_the_same_with_few_models_as_with_all() -> None:
    loader = MigrationLoader(connection)
    ours = [
        migration
        for key, migration in sorted(loader.disk_migrations.items())
        if type(migration).__module__.startswith("hendig.") and not key[1].startswith("0001")
    ]
    newest = max(ours, key=lambda one: (len(loader.graph.forwards_plan((one.app_label, one.name))), one.name))
    compared = 0
    for migration in {newest, *random.sample(ours, TAKEN)}:
        before = loader.project_state((migration.app_label, migration.name), at_end=False)
        if not all(is_narrow(migration.app_label, one, before) for one in migration.operations):
            continue
        few = said(migration, narrowed(before.clone()))
        # Made now, so that each step keeps them up to date.
        _all = before.apps
        assert few == said(migration, before), f"{migration}"
        compared += 1
    assert compared


@pytest.fixture
def state() -> ProjectState:
    """A family with a key and a number, a child that points at the key, and one that inherits."""
    key = models.UUIDField(primary_key=True)
    number = models.CharField(max_length=9, unique=True)
    family = ModelState("a", "Family", [("id", key), ("number", number), ("name", models.TextField())])
    to = models.ForeignKey("a.family", models.PROTECT)
    child = ModelState("b", "Child", [("id", models.BigAutoField(primary_key=True)), ("family", to)])
    heir = models.OneToOneField("a.family", models.CASCADE, parent_link=True, primary_key=True)
    return ProjectState(
        {
            ("a", "family"): family,
            ("b", "child"): child,
            ("b", "foster"): ModelState("b", "Foster", [("family_ptr", heir)], bases=("a.family",)),
        }
    )


@pytest.mark.parametrize(
    "step",
    [
        operations.AlterField("Family", "id", models.BigAutoField(primary_key=True)),
        operations.AlterField("Family", "number", models.IntegerField()),
        operations.AlterField("Family", "name", models.TextField(unique=True)),
        operations.RenameField("Family", "name", "called"),
        operations.RenameModel("Family", "Household"),
        operations.RunPython(operations.RunPython.noop),
    ],
    ids=lambda step: step.describe(),
)
def test_what_may_look_further_has_all_models(state: ProjectState, step: operations.base.Operation) -> None:
    assert not is_narrow("a", step, state)
    assert is_narrow("a", operations.AlterField("Family", "name", models.CharField(max_length=9)), state)


def test_one_is_had_with_what_it_points_at_and_not_with_what_points_at_it(state: ProjectState) -> None:
    few = narrowed(state).apps
    family = few.get_model("b", "Child")._meta.get_field("family").related_model
    assert isinstance(family, type)
    assert [field.name for field in family._meta.fields] == ["id", "number", "name"]
    foster = few.get_model("b", "Foster")
    assert [field.name for field in foster._meta.fields] == ["id", "number", "name", "family_ptr"]
    assert not few.get_model("a", "Family")._meta.related_objects
