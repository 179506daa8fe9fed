"""The municipality's own words for the talk."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django import forms
from django.forms.boundfield import BoundField
from django.utils.translation import gettext_lazy as _

from hendig.audit.forms import Form
from hendig.kernel.refusal import Words
from hendig.tents.forms.table import LINE_FULL
from hendig.tents.queries.guide import GuidePage

PARTS_OF_GUIDE: tuple[tuple[str, Words, int], ...] = (
    ("title", _("Hoe heet dit stuk?"), 40),
    ("card", _("Vraagkaarten, op elke regel één"), 600),
    ("order", _("Wie spreekt wanneer?"), 300),
    ("ask", _("Wat staat er boven het invulvak?"), 80),
)


@dataclass(frozen=True, slots=True)
class PhaseOfGuide:
    name: str
    fields: list[BoundField]
    wrong: bool


class GuideForm(Form):
    """The municipality's own words for each phase: plain text, shown as it is typed."""

    edition = forms.IntegerField(widget=forms.HiddenInput)
    note = forms.CharField(
        label=_("Waar komt deze tekst vandaan?"), max_length=200, required=False, error_messages=LINE_FULL
    )

    def __init__(self, *args: Any, page: GuidePage, **options: Any) -> None:
        super().__init__(*args, **options)
        self._page = page
        self.fields["edition"].initial = page.number
        for one in page.phases:
            for part, label, most in PARTS_OF_GUIDE:
                text = str(getattr(one.prompt, part))
                if text:
                    self.fields[f"{one.phase}_{part}"] = forms.CharField(
                        label=str(label),
                        initial=text,
                        max_length=most,
                        required=False,
                        widget=forms.Textarea(attrs={"rows": 3}) if part in {"card", "order"} else None,
                        error_messages={"max_length": _("Dit is te lang voor één kaart. Maak het korter.")},
                    )

    def by_phase(self) -> list[PhaseOfGuide]:
        found = []
        for one in self._page.phases:
            bound = [self[name] for name in self.fields if name.startswith(f"{one.phase}_")]
            wrong = any(field.errors for field in bound)
            found.append(PhaseOfGuide(str(one.prompt.title), bound, wrong))
        return found

    def typed(self) -> dict[str, dict[str, str]]:
        """For each phase what was typed."""
        return {
            one.phase: {
                part: self.cleaned_data.get(f"{one.phase}_{part}", "")
                for part, _label, _most in PARTS_OF_GUIDE
            }
            for one in self._page.phases
        }

    def written(self) -> dict[str, Any]:
        """The same as arguments of the action."""
        return {
            "phases": self.typed(),
            "edition": self.cleaned_data["edition"],
            "note": self.cleaned_data["note"],
        }
