"""What every form shares: a day that nobody means is said, and nothing reckons from it."""

from __future__ import annotations

import pytest
from django import forms
from django.utils.datastructures import MultiValueDict

from hendig.audit.forms import Form

WORDS = "Deze datum bestaat niet. Kies een dag."


class DayForm(Form):
    on = forms.DateField(error_messages={"invalid": WORDS})
    at = forms.DateTimeField(required=False, error_messages={"invalid": WORDS})


@pytest.mark.parametrize(
    ("on", "at", "fields"),
    [
        ("1900-01-01", "2199-12-31T23:59", []),
        ("1899-12-31", "", ["on"]),
        ("0206-11-03", "", ["on"]),
        ("9999-12-31", "9999-12-31T23:00", ["on", "at"]),
        ("2026-11-03", "2200-01-01T12:00", ["at"]),
    ],
)
def test_a_year_that_nobody_means_is_no_day_in_any_form(on: str, at: str, fields: list[str]) -> None:
    form = DayForm(MultiValueDict({"on": [on], "at": [at]}))
    form.is_valid()
    assert sorted(form.errors) == sorted(fields)
    assert all(form.errors[name] == [WORDS] for name in fields)
