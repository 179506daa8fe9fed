"""What comes in from a form: shape only."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Self
from uuid import UUID

from django import forms
from django.core.exceptions import ValidationError
from django.forms.boundfield import BoundField
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _

from hendig.audit.forms import Form
from hendig.families.forms import AboutField, CarefulForm
from hendig.kernel.refusal import Words
from hendig.tents.models import Circle, Phase, PieceKind
from hendig.tents.queries.guide import GuidePage
from hendig.tents.queries.lists import CallPage, Proposal
from hendig.tents.queries.table import TentPage
from hendig.tents.rules import CIRCLE_ORDER, MOST_LETTERS
from hendig.tents.rules.merging import kept, merged

TOO_LONG = _("Dit is te lang voor één briefje. Maak het korter, of maak er twee van.")


ONE_LINE = 300
LINE_FULL = {"max_length": _("Dit is te lang voor één zin. Maak het korter.")}
OF_DIRECTION = ("circle", "who", "result", "by_on")


class CallForm(Form):
    """Which expertises, when and where; who is asked follows, unless somebody is picked."""

    expertises = forms.MultipleChoiceField(
        label=_("Welke expertise zoekt u?"),
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": _("Kies eerst welke expertise u zoekt.")},
    )
    starts_at = forms.DateTimeField(
        label=_("Wanneer?"),
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"),
    )
    place = forms.CharField(label=_("Waar?"), max_length=120, required=False)
    video_link = forms.URLField(
        label=_("Of met beeld: de link"), required=False, max_length=200, assume_scheme="https"
    )
    people = forms.MultipleChoiceField(
        label=_("Wie vraagt u?"), widget=forms.CheckboxSelectMultiple, required=False
    )
    unless = forms.CharField(
        label=_("Waarom kan het zonder registratie?"),
        widget=forms.Textarea(attrs={"rows": 2}),
        max_length=300,
        required=False,
        error_messages=LINE_FULL,
    )

    def __init__(self, *args: Any, page: CallPage, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["place"].initial = page.usual_place
        asked = [proposal for proposal in page.proposals if proposal.people]
        self.fields["expertises"].choices = [(str(one.id), _expertise(one)) for one in asked]  # type: ignore[attr-defined]
        people = {person.professional_id: person for one in asked for person in one.people}
        self.fields["people"].choices = [  # type: ignore[attr-defined]
            (str(key), f"{person.first_name}, {person.title}. {person.why}") for key, person in people.items()
        ]

    def asked(self) -> dict[str, Any]:
        """The same as arguments of the action."""
        data = self.cleaned_data
        return {
            "starts_at": data["starts_at"],
            "place": data["place"],
            "video_link": data["video_link"],
            "expertise_ids": [UUID(one) for one in data["expertises"]],
            "professional_ids": [UUID(one) for one in data["people"]],
            "unless": data["unless"],
        }

    @property
    def asks_unless(self) -> bool:
        """Only when somebody is asked for whom it is not known yet."""
        refused = {error.code for error in self.non_field_errors().as_data()} if self.is_bound else set()
        return "tent.no_registration" in refused or bool(self.data.get("unless"))


def _expertise(proposal: Proposal) -> str:
    first = proposal.people[0]
    return format_html(
        "<strong>{}</strong><br>{}",
        proposal.name,
        _("%(name)s, %(title)s. %(why)s")
        % {"name": first.first_name, "title": first.title, "why": first.why},
    )


class PieceForm(CarefulForm):
    """One thing that was said. Its kind goes along, so that a phase that moved on does not misfile it."""

    shared_texts = ("text", "who", "result")

    text = forms.CharField(
        widget=forms.Textarea(attrs={"rows": 2}),
        max_length=MOST_LETTERS,
        error_messages={"max_length": TOO_LONG, "required": _("Schrijf eerst wat er gezegd is.")},
    )
    kind = forms.ChoiceField(choices=PieceKind.choices, widget=forms.HiddenInput)
    circle = forms.ChoiceField(
        label=_("Waar zoeken we?"), choices=Circle.choices, widget=forms.RadioSelect, required=False
    )
    who = forms.CharField(
        label=_("Wie kan dit doen?"), max_length=80, required=False, error_messages=LINE_FULL
    )
    result = forms.CharField(
        label=_("Wat moet het opleveren?"), max_length=200, required=False, error_messages=LINE_FULL
    )
    by_on = forms.DateField(label=_("Wanneer?"), required=False, widget=forms.DateInput(format="%Y-%m-%d"))
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
            for name in OF_DIRECTION:
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


MOST_ON_A_PAGE = 20_000
FULL = {"max_length": _("Dit is te lang voor één bladzijde. Maak het korter.")}
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


class EditionForm(Form):
    edition = forms.IntegerField()


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
    """Whether somebody felt heard: the button that is pressed says so."""

    shared_texts = ("words",)

    yes = forms.TypedChoiceField(
        choices=YES_OR_NO, coerce=lambda value: value == "1", widget=forms.HiddenInput
    )
    words = forms.CharField(
        label=_("Wilt u er iets bij zeggen?"),
        max_length=ONE_LINE,
        error_messages=LINE_FULL,
        required=False,
    )


class ArrivedForm(Form):
    arrived = forms.BooleanField(required=False)


class TurnForm(Form):
    turn = forms.IntegerField(min_value=0, max_value=999)


class AnswerForm(Form):
    can = forms.TypedChoiceField(choices=[("1", "1"), ("0", "0")], coerce=lambda value: value == "1")


class AgainForm(Form):
    again = forms.BooleanField(required=False)


class FromDirection(forms.Form):
    """Out of which direction something is made, as it stands in the address; what is none is nothing."""

    richting = forms.UUIDField(required=False)

    @property
    def chosen(self) -> UUID | None:
        return self.cleaned_data.get("richting") if self.is_valid() else None
