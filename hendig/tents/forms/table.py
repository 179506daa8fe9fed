"""What comes in from a form at the table: shape only."""

from __future__ import annotations

from typing import Any, ClassVar
from uuid import UUID

from django import forms
from django.utils.translation import gettext_lazy as _

from hendig.audit.forms import Form
from hendig.families.forms import AboutField, CarefulForm
from hendig.tents.models import (
    Circle,
    Phase,
    PieceKind,
)
from hendig.tents.queries.directions import Wish
from hendig.tents.queries.table import TentPage
from hendig.tents.rules import CIRCLE_ORDER, MOST_LETTERS, NO_CIRCLE, SOLUTIONS

TOO_LONG = _("Dit is te lang voor één briefje. Maak het korter, of maak er twee van.")


ONE_LINE = 300


LINE_FULL = {"max_length": _("Dit is te lang voor één zin. Maak het korter.")}


OF_SOLUTION = ("who", "result", "by_on")
# How it is asked once it is agreed, and not only weighed any more.
AGREED = {"who": _("Wie doet dit?"), "by_on": _("Tot wanneer?")}


class EndsForm(CarefulForm):
    """Who does it, what for and by when: each may stay open."""

    shared_texts: ClassVar[tuple[str, ...]] = ("who", "result")

    who = forms.CharField(
        label=_("Wie kan dit doen?"), max_length=80, required=False, error_messages=LINE_FULL
    )
    result = forms.CharField(
        label=_("Wat moet het opleveren?"), max_length=200, required=False, error_messages=LINE_FULL
    )
    by_on = forms.DateField(label=_("Wanneer?"), required=False, widget=forms.DateInput(format="%Y-%m-%d"))

    def call_agreed(self) -> None:
        for end, label in AGREED.items():
            self.fields[end].label = label


class SettleForm(EndsForm):
    """What is still open; what another said meanwhile only where this one typed it too."""

    def __init__(self, *args: Any, wish: Wish, **options: Any) -> None:
        super().__init__(*args, **options)
        self.call_agreed()
        for end in OF_SOLUTION:
            if end not in wish.open_ends and not self.data.get(end):
                del self.fields[end]


class PieceForm(EndsForm):
    """One thing that was said. Its kind goes along, so that a phase that moved on does not misfile it."""

    shared_texts = ("text", "who", "result")

    text = forms.CharField(
        widget=forms.Textarea(attrs={"rows": 2}),
        max_length=MOST_LETTERS,
        error_messages={"max_length": TOO_LONG, "required": _("Schrijf eerst wat er gezegd is.")},
    )
    kind = forms.ChoiceField(choices=PieceKind.choices, widget=forms.HiddenInput)
    circle = forms.ChoiceField(
        label=_("Waar zoeken we?"),
        choices=Circle.choices,
        widget=forms.RadioSelect,
        error_messages={"required": NO_CIRCLE},
    )
    leads_to_id = forms.TypedChoiceField(
        label=_("Waar zorgt dit voor?"), coerce=UUID, empty_value=None, required=False
    )
    voice_of = forms.TypedChoiceField(label=_("Wie zegt dit?"), coerce=UUID, empty_value=None, required=False)
    about = AboutField()

    def __init__(self, *args: Any, page: TentPage, account_id: UUID | None, **options: Any) -> None:
        first = page.kinds[0] if page.kinds else PieceKind.QUESTION
        super().__init__(*args, **options)
        self.fields["text"].label = str(page.prompt.ask)
        if len(page.kinds) > 1:
            kinds = [(kind.value, kind.label) for kind in page.kinds]
            self.fields["kind"] = forms.ChoiceField(
                label=_("Wat is het?"), choices=kinds, widget=forms.RadioSelect
            )
        self.fields["kind"].initial = first
        if PieceKind.DIRECTION in page.kinds:
            self.fields["circle"].choices = [(circle.value, words) for circle, words in CIRCLE_ORDER]  # type: ignore[attr-defined]
        else:
            del self.fields["circle"]
        if PieceKind.AGREEMENT in page.kinds:
            self.call_agreed()
        elif SOLUTIONS.isdisjoint(page.kinds):
            for name in OF_SOLUTION:
                del self.fields[name]
        if PieceKind.FACTOR in page.kinds and page.factors:
            factors = [(str(factor.id), factor.text) for factor in page.factors]
            self.fields["leads_to_id"].choices = [("", _("Nog niet bekend")), *factors]  # type: ignore[attr-defined]
        else:
            del self.fields["leads_to_id"]
        others = [(str(one.id), one.first_name) for one in page.table if one.id != account_id]
        self.fields["voice_of"].choices = [("", _("Ik zelf")), *others]  # type: ignore[attr-defined]
        self.fields["about"].offer(page.relatives, page.child)  # type: ignore[attr-defined]

    def written(self) -> dict[str, Any]:
        """The same as arguments of the action."""
        return {**self.cleaned_data, "kind": PieceKind(self.cleaned_data["kind"])}


class PhaseForm(Form):
    phase = forms.TypedChoiceField(choices=Phase.choices, coerce=Phase)


class ChairForm(Form):
    """A guest of the tent, or nobody."""

    account_id = forms.UUIDField(required=False)


YES_OR_NO = [("1", _("ja")), ("0", _("nee"))]


class UnderstoodForm(CarefulForm):
    """Whether it is understood so, with what is missing; of whom, when somebody else says it aloud."""

    shared_texts = ("words",)

    yes = forms.TypedChoiceField(
        choices=YES_OR_NO, coerce=lambda value: value == "1", widget=forms.HiddenInput, initial="0"
    )
    member_id = forms.UUIDField(required=False, widget=forms.HiddenInput)
    words = forms.CharField(
        label=_("Wat mist er nog, of wat is anders?"),
        widget=forms.Textarea(attrs={"rows": 2}),
        max_length=ONE_LINE,
        error_messages={
            **LINE_FULL,
            "required": _("Schrijf erbij wat er nog mist of anders is. Eén zin is genoeg."),
        },
    )

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        # A yes is one tap; who says "not yet" says what.
        self.fields["words"].required = self.data.get("yes") != "1"


class HeardForm(CarefulForm):
    """Whether somebody felt heard: the button that is pressed says so; of whom, if another writes it."""

    shared_texts = ("words",)

    yes = forms.TypedChoiceField(
        choices=YES_OR_NO, coerce=lambda value: value == "1", widget=forms.HiddenInput
    )
    member_id = forms.UUIDField(required=False, widget=forms.HiddenInput)
    words = forms.CharField(
        label=_("Wilt u er iets bij zeggen?"),
        max_length=ONE_LINE,
        error_messages=LINE_FULL,
        required=False,
    )


class ArrivedForm(Form):
    arrived = forms.BooleanField(required=False)


class BreakOffForm(Form):
    stops_here = forms.BooleanField(required=False)


class TurnForm(Form):
    turn = forms.IntegerField(min_value=0, max_value=999)


class AnswerForm(Form):
    can = forms.TypedChoiceField(choices=[("1", "1"), ("0", "0")], coerce=lambda value: value == "1")


class ThereForm(Form):
    """Somebody at the table, as the screen knows them, and whether they are there."""

    person_id = forms.UUIDField()
    there = forms.TypedChoiceField(choices=[("1", "1"), ("0", "0")], coerce=lambda value: value == "1")


class AgainForm(Form):
    again = forms.BooleanField(required=False)


class FromDirection(forms.Form):
    """Out of which direction something is made, as it stands in the address; what is none is nothing."""

    richting = forms.UUIDField(required=False)

    @property
    def chosen(self) -> UUID | None:
        return self.cleaned_data.get("richting") if self.is_valid() else None
