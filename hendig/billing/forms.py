"""Which month of which partner."""

from __future__ import annotations

from datetime import date

from django import forms

from hendig.audit.forms import Form


class WhichMonth(Form):
    """What the address asks for; what it does not say or says wrongly, the page chooses by itself."""

    partner = forms.UUIDField(required=False)
    maand = forms.DateField(required=False, input_formats=["%Y-%m"])

    @property
    def month(self) -> date | None:
        return self.cleaned_data.get("maand")


class SendForm(Form):
    partner_id = forms.UUIDField()
    month = forms.DateField(input_formats=["%Y-%m-%d"])
