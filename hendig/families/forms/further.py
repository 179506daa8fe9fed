"""Asks of a note beside the page that remains why it must be kept."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from hendig.audit.forms import Form
from hendig.families.models import LONGEST_REASON, REASONS, WhyKept


class BecauseField(forms.ChoiceField):
    """It is asked in earnest, so it does not say that it may stay empty; own words will do as well."""

    def validate(self, value: Any) -> None:
        if value not in self.empty_values:
            super().validate(value)


class FurtherForm(Form):
    """A form for a note that is kept: `reason` is why, and the action says when there is none."""

    because = BecauseField(
        label=_("Waarom moet dit bewaard worden?"),
        choices=[(one.value, one.label) for one in REASONS],
        widget=forms.RadioSelect,
    )
    because_words = forms.CharField(
        label=_("Of zeg in één regel waarom"), max_length=LONGEST_REASON, required=False
    )

    def clean(self) -> dict[str, Any]:
        typed = super().clean() or self.cleaned_data
        typed["reason"] = WhyKept(typed.pop("because", ""), typed.pop("because_words", ""))
        return typed

    def ask_no_reason(self) -> None:
        """What somebody of the family writes needs none."""
        del self.fields["because"], self.fields["because_words"]
