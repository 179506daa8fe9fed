from datetime import datetime, time
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from hendig.audit.forms import Form
from hendig.families.forms import CarefulForm
from hendig.kernel.periods import AMSTERDAM
from hendig.opentent.models import PostKind

KINDS = [(PostKind.OFFER, _("Ik wil iets doen")), (PostKind.INITIATIVE, _("Er is een initiatief"))]

KINDS_IN_PLURAL = [
    (PostKind.QUESTION, _("Vragen")),
    (PostKind.OFFER, _("Aanbod")),
    (PostKind.INITIATIVE, _("Initiatieven")),
]


class QuestionForm(CarefulForm):
    shared_texts = ("title", "text")
    title = forms.CharField(label=_("De vraag in één zin"), max_length=100)
    text = forms.CharField(label=_("Vertel er iets over"), max_length=1000, widget=forms.Textarea)
    neighbourhood = forms.CharField(label=_("Dorp of wijk"), max_length=60, required=False)


class OfferForm(Form):
    kind = forms.ChoiceField(
        label=_("Wat is het?"), choices=KINDS, widget=forms.RadioSelect, initial=PostKind.OFFER
    )
    title = forms.CharField(label=_("In één zin"), max_length=100)
    text = forms.CharField(label=_("Vertel er iets over"), max_length=1000, widget=forms.Textarea)
    neighbourhood = forms.CharField(label=_("Dorp of wijk"), max_length=60, required=False)
    when = forms.CharField(label=_("Wanneer"), max_length=80, required=False)
    places = forms.IntegerField(label=_("Hoeveel plekken"), min_value=1, max_value=500, required=False)
    until = forms.DateField(label=_("Tot en met welke dag"), required=False)

    def clean_until(self) -> datetime | None:
        """The end of that day in the Netherlands."""
        day = self.cleaned_data["until"]
        return datetime.combine(day, time.max, AMSTERDAM) if day else None


class ResponseForm(Form):
    words = forms.CharField(label=_("Uw antwoord"), max_length=1000, widget=forms.Textarea)


class BoardForm(Form):
    """What somebody wants to see of the board, as it stands in the address."""

    soort = forms.ChoiceField(choices=PostKind.choices, required=False)
    buurt = forms.CharField(max_length=60, required=False)
    ouder = forms.UUIDField(required=False)
    nieuwer = forms.UUIDField(required=False)

    def chosen(self) -> dict[str, Any]:
        """The wishes in the words of the query; what cannot be read is left out."""
        self.is_valid()
        wishes = self.cleaned_data
        return {
            "kind": wishes.get("soort", ""),
            "neighbourhood": wishes.get("buurt", ""),
            "before": wishes.get("ouder"),
            "after": wishes.get("nieuwer"),
        }
