"""The municipality's knowledge cards, and what asks a registration."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django import forms
from django.forms.boundfield import BoundField
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from hendig.audit.forms import Form
from hendig.tents.forms.table import LINE_FULL
from hendig.tents.queries.knowledge import KnowledgePage
from hendig.tents.rules.knowledge import MOST_CARDS, MOST_TITLE, MOST_WORDS

TOO_LONG = {"max_length": _("Dit is te lang voor één kaart. Maak het korter.")}


class KnowledgeForm(Form):
    """Each card with its title and words, and room for one more; a card that is made empty is gone."""

    edition = forms.IntegerField(widget=forms.HiddenInput)
    registered = forms.TypedMultipleChoiceField(
        label=_("Voor welke expertises is een registratie nodig (SKJ of BIG)?"),
        coerce=UUID,
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )
    note = forms.CharField(
        label=_("Waar komt dit vandaan?"), max_length=200, required=False, error_messages=LINE_FULL
    )

    def __init__(self, *args: Any, page: KnowledgePage, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["edition"].initial = page.number
        self.fields["registered"].choices = [(key, name) for key, name, _asks in page.expertises]  # type: ignore[attr-defined]
        self.fields["registered"].initial = [key for key, _name, asks in page.expertises if asks]
        self._cards = min(len(page.cards) + 1, MOST_CARDS)
        for at in range(self._cards):
            title, words = page.cards[at] if at < len(page.cards) else ("", "")
            self.fields[f"title_{at}"] = forms.CharField(
                label=gettext("Titel van kaart %(number)s") % {"number": at + 1},
                initial=title,
                max_length=MOST_TITLE,
                required=False,
                error_messages=TOO_LONG,
            )
            self.fields[f"words_{at}"] = forms.CharField(
                label=gettext("Tekst van kaart %(number)s") % {"number": at + 1},
                initial=words,
                max_length=MOST_WORDS,
                required=False,
                widget=forms.Textarea(attrs={"rows": 3}),
                error_messages=TOO_LONG,
            )

    def cards(self) -> list[tuple[BoundField, BoundField]]:
        return [(self[f"title_{at}"], self[f"words_{at}"]) for at in range(self._cards)]

    def written(self) -> dict[str, Any]:
        """The same as arguments of the action."""
        data = self.cleaned_data
        typed = [(data[f"title_{at}"], data[f"words_{at}"]) for at in range(self._cards)]
        return {
            "cards": [card for card in typed if any(card)],
            "registered": data["registered"],
            "edition": data["edition"],
            "note": data["note"],
        }
