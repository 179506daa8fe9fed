"""The question without a name, and an answer to it: shape only."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django import forms
from django.utils.translation import gettext_lazy as _

from hendig.audit.forms import Form, Request
from hendig.families.forms import CarefulForm
from hendig.tents.queries.nameless import NamelessPage
from hendig.tents.rules.nameless import MOST_LETTERS

TOO_LONG = _("Dit is te lang. Vertel het in een paar zinnen.")


class NamelessForm(CarefulForm):
    """What may be told, and to people of which expertise."""

    shared_texts = ("text",)

    expertise_id = forms.TypedChoiceField(
        label=_("Aan wie vertelt u het?"),
        coerce=UUID,
        error_messages={"required": _("Kies een expertise.")},
    )
    text = forms.CharField(
        label=_("Uw vraag, zonder naam"),
        widget=forms.Textarea(attrs={"rows": 4}),
        max_length=MOST_LETTERS,
        error_messages={
            "max_length": TOO_LONG,
            "required": _("Schrijf eerst op wat er verteld mag worden."),
        },
    )

    def __init__(self, *args: Any, page: NamelessPage, **options: Any) -> None:
        super().__init__(*args, **options)
        known = [(str(pk), name) for pk, name in page.expertises]
        self.fields["expertise_id"].choices = [("", _("Kies een expertise")), *known]  # type: ignore[attr-defined]


class ThoughtForm(Form):
    """What somebody thinks who knows no name."""

    words = forms.CharField(
        label=_("Wat denkt u?"),
        widget=forms.Textarea(attrs={"rows": 4}),
        max_length=MOST_LETTERS,
        error_messages={
            "max_length": TOO_LONG,
            "required": _("Schrijf eerst op wat u denkt. Een paar zinnen is genoeg."),
        },
    )
    can_come = forms.BooleanField(label=_("Ik kan aan tafel komen, als het gezin dat wil"), required=False)


class FromTold(forms.Form):
    """Out of which question that was told a tent is called, as it stands in the address."""

    verteld = forms.UUIDField(required=False)

    @classmethod
    def chosen(cls, request: Request) -> UUID | None:
        form = cls(request.GET)
        return form.cleaned_data.get("verteld") if form.is_valid() else None
