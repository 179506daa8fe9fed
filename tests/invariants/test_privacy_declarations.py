"""Every kind of row says why it is kept, how long and how it goes, and what each of its words is."""

from __future__ import annotations

import pytest
from django.contrib.postgres.fields import ArrayField
from django.db import models

from hendig.kernel.privacy import Privacy
from hendig.web.register import declared_models

MODELS = list(declared_models())
WORDS = (
    models.CharField,
    models.TextField,
    models.JSONField,
    models.BinaryField,
    ArrayField,
    models.GeneratedField,
)
# A day that says how long something holds or when it was settled; any other day is about somebody.
TERMS = {"from_on", "until_on", "starts_on", "ends_on", "ended_on", "first_on", "last_on", "lapses_on"} | {
    "checked_on",
    "pays_on",
    "month",
}


def tells_something(field: models.Field[object, object]) -> bool:
    """Whether anything about anybody could stand in it."""
    if isinstance(field, models.DateField) and not isinstance(field, models.DateTimeField):
        return field.name not in TERMS
    return isinstance(field, WORDS) and not field.choices


@pytest.mark.parametrize("model", MODELS, ids=lambda model: model._meta.label)
def test_every_model_declares_why_how_long_and_how_it_goes(model: type[models.Model]) -> None:
    declaration = vars(model).get("privacy")
    assert isinstance(declaration, Privacy)
    assert declaration.why.endswith(".")
    assert declaration.kept
    assert declaration.goes


@pytest.mark.parametrize("model", MODELS, ids=lambda model: model._meta.label)
def test_every_field_that_can_tell_something_is_declared(model: type[models.Model]) -> None:
    declared: Privacy = vars(model)["privacy"]
    free = {field.name for field in model._meta.local_concrete_fields if tells_something(field)}
    assert free - set(declared.fields) == set()


@pytest.mark.parametrize("model", MODELS, ids=lambda model: model._meta.label)
def test_no_declaration_outlives_its_field(model: type[models.Model]) -> None:
    declared: Privacy = vars(model)["privacy"]
    assert set(declared.fields) - {field.name for field in model._meta.local_concrete_fields} == set()
    assert all(declared.fields.values())


def test_free_words_a_birth_date_and_a_file_tell_something_and_a_stage_does_not() -> None:
    assert tells_something(models.CharField(max_length=3))
    assert tells_something(models.EmailField())
    assert tells_something(models.DateField(name="born_on"))
    assert tells_something(models.BinaryField())
    assert not tells_something(models.CharField(choices=[("new", "nieuw")]))
    assert not tells_something(models.DateTimeField(name="at"))
