"""What is typed about the people of a family and around it."""

from __future__ import annotations

from typing import ClassVar, Self
from uuid import UUID

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from hendig.audit.forms import Form
from hendig.families.models import Bond, Source
from hendig.families.queries import hides_an_address
from hendig.kernel.traces import has_address

MAY_LEAD_THERE = _(
    "Let op: in dit gezin is een adres geheim, en hier staat een straat of postcode. Meer mensen lezen dit. "
    "Haal het weg, of zet een vinkje als het mag."
)
NEAR = [("1", _("dichtbij")), ("2", _("in de buurt")), ("3", _("verder weg"))]


class CarefulForm(Form):
    """A form whose texts others read. Where somebody hides, a street in one is asked about first."""

    _family_id: UUID
    shared_texts: ClassVar[tuple[str, ...]] = ()
    asks_address = False
    address_is_fine = forms.BooleanField(label=_("Dit adres mag hier staan"), required=False)

    def careful(self, family_id: UUID) -> Self:
        """The same form, which knows for whose page it is."""
        self._family_id = family_id
        return self

    def _post_clean(self) -> None:
        super()._post_clean()  # type: ignore[misc]
        fine = self.cleaned_data.pop("address_is_fine", False)
        typed = [str(self.data.get(name, "")) for name in self.shared_texts]
        if any(has_address(text) for text in typed) and hides_an_address(self._family_id):
            self.asks_address = True
            if not fine:
                self.add_error(None, ValidationError(MAY_LEAD_THERE, code="address.in_text"))


class TieForm(Form):
    name = forms.CharField(label=_("Wie?"), max_length=60)
    relation = forms.CharField(label=_("Wie is dat voor u?"), max_length=60)
    distance = forms.TypedChoiceField(
        label=_("Hoe dichtbij voelt dat?"), choices=NEAR, coerce=int, initial="2", widget=forms.RadioSelect
    )
    bond = forms.ChoiceField(
        label=_("Hoe is het contact?"),
        choices=Bond.choices,
        initial=Bond.WARM.value,
        widget=forms.RadioSelect,
    )
    gives = forms.CharField(label=_("Wat geeft deze persoon u?"), max_length=120, required=False)


class WayInForm(Form):
    email = forms.EmailField(
        label=_("E-mailadres"),
        error_messages={"invalid": _("Dit e-mailadres klopt niet. Het lijkt op: naam@voorbeeld.nl.")},
    )


class SamePersonForm(Form):
    other_id = forms.UUIDField(widget=forms.HiddenInput)
    reason = forms.CharField(
        label=_("Waaraan ziet u dat?"),
        max_length=200,
        error_messages={"required": _("Schrijf in een paar woorden waaraan u dat ziet.")},
    )


class CheckForm(Form):
    source = forms.ChoiceField(choices=[(one.value, one.label) for one in Source if one != Source.DECLARED])
