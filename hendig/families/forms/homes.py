"""What is typed about where somebody lives, and until when."""

from __future__ import annotations

from datetime import date
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from hendig.audit.forms import Form
from hendig.families.forms import DAY
from hendig.families.models import HomeSource
from hendig.families.rules.homes import Address, why_no_number, why_no_postcode
from hendig.kernel.refusal import Refusal

_COUNTRY = _("Land, als het niet Nederland is")


class HomeForm(Form):
    street = forms.CharField(
        label=_("Straat"), max_length=80, error_messages={"required": _("Vul de straat in.")}
    )
    number = forms.CharField(label=_("Huisnummer"), max_length=10, required=False)
    addition = forms.CharField(label=_("Toevoeging"), max_length=10, required=False)
    postcode = forms.CharField(label=_("Postcode"), max_length=12, required=False)
    place = forms.CharField(
        label=_("Plaats"), max_length=80, error_messages={"required": _("Vul de plaats in.")}
    )
    country = forms.CharField(label=_COUNTRY, max_length=60, required=False)
    way_in = forms.CharField(label=_("Hoe kom je binnen?"), max_length=200, required=False)
    days = forms.CharField(label=_("Wie is er, en wanneer?"), max_length=200, required=False)
    from_on = forms.DateField(label=_("Sinds"), **DAY)
    source = forms.TypedChoiceField(
        label=_("Hoe weet u dit?"),
        choices=HomeSource.choices,
        coerce=HomeSource,
        widget=forms.RadioSelect,
        initial=HomeSource.OWN,
    )

    def __init__(self, *args: Any, mine: bool, known: Address | None, from_on: date, **options: Any) -> None:
        proposed = {name: getattr(known, name) for name in Address.__slots__} if known else {}
        super().__init__(*args, initial={**proposed, "from_on": from_on}, **options)
        if mine:
            del self.fields["source"]

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        country = data.get("country", "")
        self._refuse("postcode", why_no_postcode(data.get("postcode", ""), country=country))
        self._refuse("number", why_no_number(data.get("number", ""), country=country))
        return data

    def _refuse(self, field: str, no: Refusal | None) -> None:
        if no is not None:
            self.add_error(field, ValidationError(str(no.message), code=no.code))

    def told(self) -> dict[str, Any]:
        """The same as arguments of the action."""
        data = dict(self.cleaned_data)
        more: dict[str, Any] = {name: data.pop(name) for name in ("from_on", "source") if name in data}
        return {"address": Address(**data), **more}


class LastDayForm(Form):
    until_on = forms.DateField(label=_("Tot en met welke dag?"), **DAY)


class KnowsForm(Form):
    account = forms.UUIDField(widget=forms.HiddenInput)
    on = forms.TypedChoiceField(choices=[("1", ""), ("0", "")], coerce=lambda typed: typed == "1")
