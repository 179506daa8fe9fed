"""A death is written down: on which day, and where that stands."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from hendig.audit.forms import Form
from hendig.families.forms import DAY
from hendig.families.models import DeathSource


class DeathForm(Form):
    died_on = forms.DateField(label=_("Dag van overlijden"), **DAY)
    source = forms.TypedChoiceField(
        label=_("Hoe weet u dit?"),
        choices=DeathSource.choices,
        coerce=DeathSource,
        empty_value=None,
        widget=forms.RadioSelect,
        error_messages={"required": _("Kies hoe u dit weet.")},
    )
