"""What comes in from a form: shape only."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, ClassVar, Self
from uuid import UUID

from django import forms
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _

from hendig.audit.forms import Form, Request
from hendig.families.forms import AboutField, CarefulForm
from hendig.tents.models import Circle, Outcome, Phase, PieceKind, Place, Sign, View
from hendig.tents.queries.analysis import AnalysisPage, Chosen
from hendig.tents.queries.lists import CallPage, Proposal
from hendig.tents.queries.table import TentPage
from hendig.tents.rules import CIRCLE_ORDER, MOST_LETTERS, analysis
from hendig.tents.rules.analysis import MOST_IN_A_REMARK

MOST_ON_A_PAGE = 20_000
TOO_LONG = _("Dit is te lang voor één briefje. Maak het korter, of maak er twee van.")
FULL = {"max_length": _("Dit is te lang voor één bladzijde. Maak het korter.")}


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
        }


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

    shared_texts = ("text",)

    text = forms.CharField(
        widget=forms.Textarea(attrs={"rows": 2}),
        max_length=MOST_LETTERS,
        error_messages={"max_length": TOO_LONG, "required": _("Schrijf eerst wat er gezegd is.")},
    )
    kind = forms.ChoiceField(choices=PieceKind.choices, widget=forms.HiddenInput)
    circle = forms.ChoiceField(
        label=_("Waar zoeken we?"), choices=Circle.choices, widget=forms.RadioSelect, required=False
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


class ChosenForm(Form):
    """What somebody tapped in the drawing; what is not there is not chosen."""

    factor = forms.UUIDField(required=False)
    met = forms.UUIDField(required=False)
    line = forms.UUIDField(required=False)
    picks = forms.BooleanField(required=False)
    adds = forms.BooleanField(required=False)
    zoom = forms.IntegerField(min_value=1, max_value=3, required=False)

    @classmethod
    def chosen(cls, request: Request) -> Chosen:
        """By its address; what was sent says itself which it is about, so that a refusal stands beside it."""
        sent, form = request.POST, cls(request.GET)
        if sent:
            ends = {"factor": sent.get("cause_id") or sent.get("piece_id"), "met": sent.get("effect_id")}
            form = cls({**request.GET.dict(), **ends, "line": sent.get("link_id")})
        form.is_valid()
        return Chosen(**{name: value for name, value in form.cleaned_data.items() if value})


class StepForm(Form):
    step = forms.IntegerField(required=False)

    @classmethod
    def step_of(cls, request: Request) -> int | None:
        form = cls(request.GET)
        return form.cleaned_data["step"] if form.is_valid() else None


class AtTableForm(CarefulForm):
    """Something that one of the table says; mostly who types it."""

    voice_of = forms.TypedChoiceField(label=_("Wie zegt dit?"), coerce=UUID, empty_value=None, required=False)

    def __init__(self, *args: Any, page: AnalysisPage, account_id: UUID | None, **options: Any) -> None:
        super().__init__(*args, **options)
        others = [(str(one.id), one.first_name) for one in page.table if one.id != account_id]
        self.fields["voice_of"].choices = [("", _("Ik zelf")), *others]  # type: ignore[attr-defined]


class DrawForm(AtTableForm):
    """Something for in the drawing, or something that was tried."""

    shared_texts = ("text",)

    kind = forms.TypedChoiceField(
        label=_("Wat is het?"),
        choices=[
            (PieceKind.FACTOR.value, _("iets moeilijks")),
            (PieceKind.GOES_WELL.value, _("iets wat goed gaat")),
            (PieceKind.TRIED.value, _("iets wat we probeerden")),
        ],
        coerce=PieceKind,
        initial=PieceKind.FACTOR.value,
        widget=forms.RadioSelect,
    )
    text = forms.CharField(
        label=_("In een paar woorden"),
        widget=forms.Textarea(attrs={"rows": 2}),
        max_length=MOST_LETTERS,
        error_messages={"max_length": TOO_LONG, "required": _("Schrijf eerst wat er gezegd is.")},
    )
    place = forms.ChoiceField(label=_("Waar hoort het bij?"), required=False)
    outcome = forms.ChoiceField(
        label=_("Wat kwam ervan?"), choices=[("", _("weten we niet")), *Outcome.choices], required=False
    )
    about = AboutField()
    field_order = ("kind", "text", "place", "outcome", "voice_of", "about")

    def __init__(self, *args: Any, page: AnalysisPage, **options: Any) -> None:
        super().__init__(*args, page=page, **options)
        self.fields["place"].choices = page.places  # type: ignore[attr-defined]
        self.fields["about"].offer(page.relatives, page.child)  # type: ignore[attr-defined]


class JoinForm(AtTableForm):
    """Two that hang together, and how."""

    cause_id = forms.UUIDField(widget=forms.HiddenInput)
    effect_id = forms.UUIDField(widget=forms.HiddenInput)
    sign = forms.TypedChoiceField(
        label=_("Wat doet het?"),
        choices=Sign.choices,
        coerce=Sign,
        widget=forms.RadioSelect,
        error_messages={"required": _("Kies wat het ene met het andere doet.")},
    )
    both_ways = forms.BooleanField(label=_("En andersom ook: ze doen dit met elkaar"), required=False)
    field_order = ("cause_id", "effect_id", "sign", "both_ways", "voice_of")


class RemarkForm(AtTableForm):
    """How somebody sees it, or why it comes first."""

    shared_texts = ("text",)

    piece_id = forms.UUIDField(widget=forms.HiddenInput)
    view = forms.TypedChoiceField(choices=View.choices, coerce=View, widget=forms.HiddenInput)
    text = forms.CharField(
        label=_("In één zin"),
        max_length=MOST_IN_A_REMARK,
        required=False,
        error_messages={"max_length": analysis.TOO_LONG},
    )
    field_order = ("piece_id", "view", "text", "voice_of")


class PutForm(Form):
    piece_id = forms.UUIDField()
    place = forms.TypedChoiceField(choices=Place.choices, coerce=Place)


class LineForm(Form):
    link_id = forms.UUIDField()


class SignForm(LineForm):
    sign = forms.TypedChoiceField(choices=Sign.choices, coerce=Sign)


class Drawn:
    """The forms beside the drawing, one of which may have been sent: it says by `do` which."""

    FORMS: ClassVar[Mapping[str, type[Form]]] = {
        "add": DrawForm, "join": JoinForm, "remark": RemarkForm, "put": PutForm, "sign": SignForm,
        "cut": LineForm, "back": Form,
    }  # fmt: skip

    def __init__(self, request: Request, page: AnalysisPage) -> None:
        self.name = request.POST.get("do", "") if request.method == "POST" else ""
        self._page, self._account_id = page, request.actor.account_id
        view = request.POST.get("view", "")
        self.sent = self._made(self.name, view, data=request.POST) if self.name in self.FORMS else None
        first = {"cause_id": page.chosen and page.chosen.id, "effect_id": page.met and page.met.id}
        piece = {"piece_id": page.chosen and page.chosen.id}
        self.add = self._shown("add", {"place": page.chosen.place if page.chosen else Place.CHILD})
        self.join = self._shown("join", first)
        self.differ = self._shown("remark", {**piece, "view": View.DIFFER.value})
        self.first = self._shown("remark", {**piece, "view": View.FIRST.value})

    @classmethod
    def of(cls, request: Request, page: AnalysisPage) -> Self:
        return cls(request, page)

    def _made(self, name: str, view: str = "", **options: Any) -> Form:
        # Two of one kind stand on the page: each has names of its own there.
        kind, options["auto_id"] = self.FORMS[name], f"id_{name}{view}_%s"
        if issubclass(kind, AtTableForm):
            form = kind(**options, page=self._page, account_id=self._account_id)
            return form.careful(self._page.family_id)
        return kind(**options)

    def _shown(self, name: str, initial: Mapping[str, Any]) -> Form:
        """The one that was sent, where it is this one; else a new one."""
        sent = self.sent
        if sent is not None and self.name == name and sent.data.get("view") in {None, initial.get("view")}:
            return sent
        return self._made(name, initial.get("view", ""), initial=initial)

    @property
    def asked(self) -> dict[str, Any]:
        assert self.sent is not None
        return self.sent.cleaned_data

    def done(self, act: Callable[[], object]) -> bool:
        return self.sent is not None and self.sent.done(act) is not None

    @property
    def onward(self) -> str:
        """Where the page goes on: what is added mostly comes with more, the rest shows in the drawing."""
        return "?adds=1#stap" if self.name == "add" else "#tekening"

    @property
    def http_status(self) -> int:
        return self.sent.http_status if self.sent else 200

    @property
    def errors(self) -> Form | None:
        """What could not be done and stands in no form of the page."""
        shown = (self.add, self.join, self.differ, self.first)
        return self.sent if self.sent is not None and self.sent not in shown else None


class PageForm(CarefulForm):
    """The page that remains, as it should read."""

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


class EditionForm(Form):
    edition = forms.IntegerField()


class PhaseForm(Form):
    phase = forms.TypedChoiceField(choices=Phase.choices, coerce=Phase)


class ChairForm(Form):
    """A guest of the tent, or nobody."""

    account_id = forms.UUIDField(required=False)


class AnswerForm(Form):
    can = forms.TypedChoiceField(choices=[("1", "1"), ("0", "0")], coerce=lambda value: value == "1")


class AgainForm(Form):
    again = forms.BooleanField(required=False)
