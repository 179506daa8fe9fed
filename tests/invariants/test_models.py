"""What holds for every model: nothing goes by itself, and every moment is a moment everywhere."""

from __future__ import annotations

import psycopg
import pytest
from django.apps import apps
from django.conf import settings
from django.db import models
from django.db.models.fields import NOT_PROVIDED

from hendig.audit.models import Entry, Receipt, Recorded, Seal, SealedEntry, Tally
from hendig.people.models import User
from hendig.web.register import declared_models

MODELS = list(declared_models())
# The log and its seals are written by the mechanism itself; so are a receipt, which makes a form count once,
# and a tally, which counts tries; a user has nothing in it, and is what allauth's own rows hang on
# (docs/adr/0015).
MECHANISM = {Entry, Receipt, Seal, SealedEntry, Tally, User}


@pytest.mark.parametrize("model", MODELS, ids=lambda model: model._meta.label)
def test_every_row_passes_the_latch(model: type[models.Model]) -> None:
    assert issubclass(model, Recorded) or model in MECHANISM


@pytest.mark.parametrize("model", MODELS, ids=lambda model: model._meta.label)
def test_nothing_goes_along_with_something_else(model: type[models.Model]) -> None:
    for field in model._meta.local_concrete_fields:
        if field.remote_field is not None:
            assert field.remote_field.on_delete is models.PROTECT, field.name


@pytest.mark.parametrize("model", MODELS, ids=lambda model: model._meta.label)
def test_every_moment_is_given_by_who_acts(model: type[models.Model]) -> None:
    for field in model._meta.local_concrete_fields:
        if isinstance(field, models.DateField | models.TimeField):
            assert not field.auto_now, field.name
            assert not field.auto_now_add, field.name
            assert field.default is NOT_PROVIDED, field.name


def test_moments_know_their_time_zone(
    owner_connection: psycopg.Connection[tuple[object, ...]], transactional_db: None
) -> None:
    assert settings.USE_TZ
    rows = owner_connection.execute(
        "SELECT table_name, column_name FROM information_schema.columns"
        " WHERE table_schema = 'public' AND data_type = 'timestamp without time zone'"
    )
    ours = {model._meta.db_table for model in apps.get_models() if model.__module__.startswith("hendig.")}
    assert [row for row in rows if row[0] in ours] == []


def test_the_database_deletes_nothing_by_itself(
    owner_connection: psycopg.Connection[tuple[object, ...]], transactional_db: None
) -> None:
    rows = owner_connection.execute(
        "SELECT constraint_name FROM information_schema.referential_constraints"
        " WHERE delete_rule = 'CASCADE' AND constraint_name NOT LIKE 'procrastinate%'"
    )
    assert rows.fetchall() == []
