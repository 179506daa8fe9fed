"""To migrate, as Django does, but with no more models at hand than a step touches.

Before each step Django makes classes anew of every model that hangs together with the one it alters, here
nearly all: that was most of a first start. Adding a column asks for that one model and what it points at.
Steps that may look further, such as code that runs or a key that alters, have all models as ever.
"""

from __future__ import annotations

from collections.abc import Callable

from django.core.management.sql import emit_post_migrate_signal, emit_pre_migrate_signal
from django.db import connection
from django.db.migrations import Migration, operations
from django.db.migrations.executor import MigrationExecutor
from django.db.migrations.operations.base import Operation
from django.db.migrations.state import ModelState, ProjectState, StateApps
from django.db.migrations.utils import resolve_relation
from django.db.models import Field, Model

Key = tuple[str, str]
# They look at the model they alter and at what it points at; never at what points at it.
NARROW = (
    operations.CreateModel,
    operations.AddField,
    operations.RemoveField,
    operations.AddIndex,
    operations.RemoveIndex,
    operations.AddConstraint,
    operations.RemoveConstraint,
    operations.AlterUniqueTogether,
    operations.AlterModelOptions,
    operations.RunSQL,
)
# What is asked of a model that somebody points at: where its rows are.
OF_A_TABLE = ("db_table", "managed", "proxy", "swappable")


def apply_all(told: Callable[..., None]) -> None:
    """Every migration is applied; how far it is is `told` as Django tells its own command."""
    executor = Executor(connection, told)
    leaves = executor.loader.graph.leaf_nodes()
    plan = executor.migration_plan(leaves)
    executor.loader.check_consistent_history(connection)
    emit_pre_migrate_signal(verbosity=0, interactive=False, db=connection.alias, plan=plan)
    executor.migrate(leaves, plan)
    emit_post_migrate_signal(verbosity=0, interactive=False, db=connection.alias, plan=plan)


class Executor(MigrationExecutor):
    """Applies a migration with few models at hand where that is enough."""

    def _create_project_state(self, with_applied_migrations: bool = False) -> ProjectState:
        return narrowed(super()._create_project_state(with_applied_migrations))  # type: ignore[misc]

    def apply_migration(
        self, state: ProjectState, migration: Migration, fake: bool = False, fake_initial: bool = False
    ) -> ProjectState:
        if not all(is_narrow(migration.app_label, one, state) for one in migration.operations):
            state = ProjectState(state.models, state.real_apps)
            # Here, so that each step keeps them up to date.
            _all = state.apps
        return narrowed(super().apply_migration(state, migration, fake, fake_initial))


def is_narrow(app_label: str, step: Operation, state: ProjectState) -> bool:
    """Whether it looks at nothing that points at what it alters."""
    if isinstance(step, operations.AlterField):
        model = state.models.get((app_label, step.model_name_lower))
        before = model and model.fields.get(step.name)
        return before is not None and not any(one.unique or one.primary_key for one in (before, step.field))
    return isinstance(step, NARROW)


class Narrow(ProjectState):
    """What the migrations so far made of the models; those that are asked for are made classes then."""

    @property
    def apps(self) -> Few:  # type: ignore[override]
        return Few(self)

    def clone(self) -> Narrow:
        return Narrow({key: model.clone() for key, model in self.models.items()}, self.real_apps)


def narrowed(state: ProjectState) -> Narrow:
    return Narrow(state.models, state.real_apps)


class Few:
    """The models of a state: each is had with what it points at, and of that no more than its table."""

    def __init__(self, state: ProjectState) -> None:
        self.models = state.models

    def get_model(self, app_label: str, model_name: str) -> type[Model]:
        wanted: dict[Key, ModelState] = {}
        self._want((app_label, model_name.lower()), wanted, whole=True)
        return StateApps([], wanted).get_model(app_label, model_name)

    def _want(self, key: Key, wanted: dict[Key, ModelState], *, whole: bool = False) -> None:
        if key in wanted or key not in self.models:
            return
        model = self.models[key]
        heirs = [base for base in model.bases if isinstance(base, str)]
        wanted[key] = model if whole or heirs else table_of(model)
        for base in heirs:
            self._want(resolve_relation(base, *key), wanted, whole=True)
        for field in wanted[key].fields.values():
            for other in pointed_at(field):
                self._want(resolve_relation(other, *key), wanted)


def table_of(model: ModelState) -> ModelState:
    """Its table and its own columns, without where these point; except its key, whose type that decides."""
    fields = {name: one for name, one in model.fields.items() if one.primary_key or not one.is_relation}
    options = {name: model.options[name] for name in OF_A_TABLE if name in model.options}
    return ModelState(model.app_label, model.name, fields, options, model.bases)


def pointed_at(field: Field[object, object]) -> list[str]:
    """The models that this field names."""
    named = (getattr(field.remote_field, name, None) for name in ("model", "through"))
    return [str(one) for one in named if one]
