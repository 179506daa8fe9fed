"""Who is around: shape only."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django import forms
from django.utils.translation import gettext_lazy as _

from hendig.audit.forms import Request
from hendig.circle.queries import Tapped
from hendig.families.forms import NEAR, CarefulForm, OfRecordForm
from hendig.families.models import Bond
from hendig.kernel.refusal import Words

# What people give most: a tap instead of typing.
OFTEN = [
    _("luistert"),
    _("past op"),
    _("rijdt mee"),
    _("helpt met regelen"),
    _("doet leuke dingen"),
    _("is er gewoon"),
]
MOST_LETTERS = 120


class TieForm(CarefulForm, OfRecordForm):
    shared_texts = ("name", "relation", "gives")
    about_whom = _("Om wie heen?")
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
    picks = forms.MultipleChoiceField(
        label=_("Wat geeft deze persoon u?"),
        choices=[(str(number), words) for number, words in enumerate(OFTEN)],
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )
    gives = forms.CharField(label=_("Of in uw eigen woorden"), max_length=MOST_LETTERS, required=False)
    side_of = forms.TypedChoiceField(
        label=_("Wie ziet deze persoon?"),
        coerce=UUID,
        empty_value=None,
        required=False,
        widget=forms.RadioSelect,
    )

    def __init__(self, *args: Any, sides: tuple[tuple[str, Words], ...] = (), **options: Any) -> None:
        super().__init__(*args, **options)
        if sides:
            to_all = [("", _("Iedereen die het dossier mag zien"))]
            self.fields["side_of"].choices = [*to_all, *sides]  # type: ignore[attr-defined]
        else:
            del self.fields["side_of"]

    def clean(self) -> dict[str, Any]:
        """What was tapped and what was typed are one sentence."""
        data: dict[str, Any] = super().clean() or {}
        tapped = [str(OFTEN[int(number)]) for number in data.pop("picks", [])]
        typed = data.get("gives", "")
        gives = ", ".join([*tapped, *([typed] if typed else [])])
        if len(gives) > MOST_LETTERS:
            self.add_error("gives", _("Dit is te lang. Maak het korter."))
        return {**data, "gives": gives}


class TappedForm(forms.Form):
    """What was tapped in the drawing; what cannot be read is nothing."""

    afstand = forms.IntegerField(required=False, min_value=1, max_value=3)
    wie = forms.UUIDField(required=False)
    stap = forms.UUIDField(required=False)

    @classmethod
    def of(cls, request: Request) -> Tapped:
        form = cls(request.GET)
        form.is_valid()
        read = form.cleaned_data
        return Tapped(read.get("afstand"), read.get("wie"), read.get("stap"))
