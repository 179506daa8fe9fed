"""What is typed and chosen to share something."""

from __future__ import annotations

from typing import Any, ClassVar

from django import forms
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from hendig.audit.forms import Form
from hendig.families.forms import CarefulForm
from hendig.shares.models import PieceKind
from hendig.shares.queries import Proposing


class ShareForm(CarefulForm):
    shared_texts: ClassVar[tuple[str, ...]] = ("purpose",)

    pieces = forms.MultipleChoiceField(
        label=_("Wat mag deze persoon lezen?"),
        widget=forms.CheckboxSelectMultiple,
        error_messages={
            "required": _("Kies ten minste één stuk."),
            "invalid_choice": _("Een van deze stukken is er niet meer. Kies opnieuw."),
        },
    )
    email = forms.EmailField(
        label=_("Met wie? Het mailadres van deze persoon"),
        error_messages={
            "required": _("Schrijf het mailadres op van de persoon met wie u iets wilt delen."),
            "invalid": _("Dit is geen mailadres. Kijk of het klopt."),
        },
    )
    purpose = forms.CharField(
        label=_("Waarvoor?"),
        max_length=200,
        error_messages={"required": _("Schrijf in één zin waarvoor deze persoon het leest.")},
    )
    until_on = forms.DateField(
        label=_("Tot en met welke dag?"),
        error_messages={
            "required": _("Kies tot welke dag deze persoon het mag lezen."),
            "invalid": _("Deze datum bestaat niet. Kies een dag."),
        },
    )

    def __init__(self, *args: Any, page: Proposing, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["pieces"].choices = [  # type: ignore[attr-defined]
            (
                one.key,
                one.title
                if one.kind != PieceKind.GOAL
                else format_lazy("{title}: {words}", title=one.title, words=one.texts[0]),
            )
            for one in page.pieces
        ]


class SayForm(Form):
    """One of two buttons."""

    yes = forms.TypedChoiceField(choices=[("1", ""), ("0", "")], coerce=lambda typed: typed == "1")
