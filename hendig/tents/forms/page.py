"""The page that remains, also when two write in it at once."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Self

from django import forms
from django.core.exceptions import ValidationError
from django.forms.boundfield import BoundField
from django.utils.translation import gettext_lazy as _

from hendig.audit.forms import Form, Request
from hendig.families.forms import CarefulForm
from hendig.tents.rules.merging import kept, merged

FULL = {"max_length": _("Dit is te lang voor één bladzijde. Maak het korter.")}


MOST_ON_A_PAGE = 20_000


KEEP = [
    ("mine", _("Mijn tekst")),
    ("theirs", _("De tekst die er nu staat")),
    ("both", _("Allebei, onder elkaar")),
]


@dataclass(frozen=True, slots=True)
class PartOfPage:
    """A field of the page; with `theirs` somebody else changed it too, and who types chooses."""

    field: BoundField
    was: BoundField
    theirs: str = ""
    keep: BoundField | None = None


class PageForm(CarefulForm):
    """The page that remains, as it should read.

    What stood there when it was opened goes along (`was`): so what two people changed at once is put
    together, and where both changed the same they see both texts and choose.
    """

    texts = ("question", "understanding", "goes_well", "agreements", "people", "until_on")

    shared_texts = ("question", "understanding", "goes_well", "agreements", "people")

    edition = forms.IntegerField(widget=forms.HiddenInput)
    question = forms.CharField(
        label=_("Onze vraag"), widget=forms.Textarea, max_length=MOST_ON_A_PAGE, error_messages=FULL
    )
    understanding = forms.CharField(
        label=_("Wat we begrijpen"),
        widget=forms.Textarea,
        max_length=MOST_ON_A_PAGE,
        error_messages=FULL,
        required=False,
    )
    goes_well = forms.CharField(
        label=_("Wat goed gaat"),
        widget=forms.Textarea,
        max_length=MOST_ON_A_PAGE,
        error_messages=FULL,
        required=False,
    )
    agreements = forms.CharField(
        label=_("Wat we afspreken"),
        widget=forms.Textarea,
        max_length=MOST_ON_A_PAGE,
        error_messages=FULL,
        required=False,
    )
    people = forms.CharField(
        label=_("Wie er waren"), widget=forms.Textarea, max_length=2_000, error_messages=FULL, required=False
    )
    until_on = forms.DateField(
        label=_("Wanneer kijken we terug?"), widget=forms.DateInput(format="%Y-%m-%d"), required=False
    )

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.both: dict[str, str] = {}
        for name in self.texts:
            self.fields[f"was_{name}"] = forms.CharField(
                widget=forms.HiddenInput, required=False, initial=_typed(self.initial.get(name))
            )

    def beside(self, now: Mapping[str, object]) -> Self:
        """The same form over the page as it is now: what others changed meanwhile is put into it."""
        if not self.is_bound or f"was_{self.texts[0]}" not in self.data:
            return self
        data = {name: str(self.data[name]) for name in self.data}
        stale = data.get("edition") != str(now["edition"])
        for name in self.texts:
            was, theirs = data.get(f"was_{name}", ""), _typed(now[name])
            mine = kept(data.get(f"keep_{name}", "mine"), data.get(name, ""), was)
            found = merged(was, mine, theirs) if stale else mine
            if found is None:
                self.both[name] = theirs
                choices = KEEP[:2] if name == "until_on" else KEEP
                self.fields[f"keep_{name}"] = forms.ChoiceField(
                    label=_("Wat blijft er staan?"),
                    choices=choices,
                    widget=forms.RadioSelect,
                    initial=choices[-1][0],
                    required=False,
                )
                data[f"keep_{name}"] = choices[-1][0]
            data[name], data[f"was_{name}"] = mine if found is None else found, theirs
        data["edition"] = str(now["edition"])
        self.data = data
        return self

    def clean(self) -> dict[str, Any]:
        if self.both:
            raise ValidationError(
                _(
                    "Iemand anders paste de bladzijde net aan, op dezelfde plek. Hieronder staan beide"
                    " teksten. Kies wat blijft."
                ),
                code="page.both",
            )
        return super().clean() or self.cleaned_data

    def parts(self) -> list[PartOfPage]:
        return [
            PartOfPage(
                self[name],
                self[f"was_{name}"],
                self.both.get(name, ""),
                self[f"keep_{name}"] if name in self.both else None,
            )
            for name in self.texts
        ]

    def written(self) -> dict[str, Any]:
        """The same as arguments of the action."""
        return {name: self.cleaned_data[name] for name in ("edition", *self.texts)}


def _typed(value: object) -> str:
    """A text or a day as it stands in a form."""
    return "" if value is None else str(value)


class VersionForm(Form):
    """Which version of the page, as it stands in the address; without one the newest."""

    versie = forms.IntegerField(required=False, min_value=1, max_value=999)

    @classmethod
    def chosen(cls, request: Request) -> int | None:
        form = cls(request.GET)
        return form.cleaned_data["versie"] if form.is_valid() else None


# Each is named in itself; the first three are those of the pages as well.
ON_PAPER = (
    ("nl", "Nederlands"),
    ("en", "English"),
    ("pl", "Polski"),
    ("uk", "Українська"),
    ("ar", "العربية"),
)


class LanguageForm(Form):
    """In which language the fixed words of the paper are, as it stands in the address."""

    taal = forms.ChoiceField(choices=ON_PAPER, required=False)

    @classmethod
    def chosen(cls, request: Request) -> str:
        """The language that was chosen; none is the reader's own, and so is what is none."""
        form = cls(request.GET)
        return form.cleaned_data["taal"] if form.is_valid() else ""


class EditionForm(Form):
    edition = forms.IntegerField()
