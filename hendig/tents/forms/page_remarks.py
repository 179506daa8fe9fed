"""Seeing a line of the page otherwise: shape only."""

from __future__ import annotations

from hashlib import sha256
from typing import Any

from django import forms
from django.utils.text import Truncator
from django.utils.translation import gettext_lazy as _

from hendig.families.forms import CarefulForm
from hendig.tents.models import PagePart
from hendig.tents.queries.sheet import Sheet
from hendig.tents.rules.analysis import MOST_IN_A_REMARK, TOO_LONG
from hendig.tents.rules.page import LINE_GONE

SHOWN = 90


class DifferForm(CarefulForm):
    """Which line of the page, and how somebody sees it. A line is known by its words, wherever it stands."""

    shared_texts = ("text",)

    line = forms.ChoiceField(
        label=_("Welke zin ziet u anders?"),
        error_messages={"required": _("Kies eerst welke zin u anders ziet."), "invalid_choice": LINE_GONE},
    )
    text = forms.CharField(
        label=_("Hoe ziet u het?"),
        widget=forms.Textarea(attrs={"rows": 2}),
        max_length=MOST_IN_A_REMARK,
        error_messages={
            "max_length": TOO_LONG,
            "required": _("Schrijf in één zin hoe u het ziet. Dan staan beide er."),
        },
    )

    def __init__(self, *args: Any, sheet: Sheet, **options: Any) -> None:
        super().__init__(*args, **options)
        lines = [(part, line.text) for part, several in sheet.parts for line in several if not line.gone]
        self._lines = {_key(part, text): (part, text) for part, text in lines}
        shown = [
            (str(part.label), [(key, Truncator(text).chars(SHOWN)) for key, text in self._of(part)])
            for part in PagePart
        ]
        field = self.fields["line"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [("", _("Kies een zin")), *((title, several) for title, several in shown if several)]

    def _of(self, part: PagePart) -> list[tuple[str, str]]:
        return [(key, text) for key, (own, text) in self._lines.items() if own == part]

    def asked(self) -> dict[str, Any]:
        """The same as arguments of the action."""
        part, line = self._lines[self.cleaned_data["line"]]
        return {"part": part, "line": line, "text": self.cleaned_data["text"]}


def _key(part: PagePart, line: str) -> str:
    return f"{part.value}-{sha256(line.encode()).hexdigest()[:16]}"
