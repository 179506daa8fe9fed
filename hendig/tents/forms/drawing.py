"""What is drawn together: factors, lines, and what each thinks of them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, ClassVar, Self
from uuid import UUID

from django import forms
from django.utils.translation import gettext_lazy as _

from hendig.audit.forms import Form, Request
from hendig.families.forms import AboutField, CarefulForm
from hendig.tents.forms.table import TOO_LONG
from hendig.tents.models import (
    Outcome,
    PieceKind,
    Place,
    Sign,
    View,
)
from hendig.tents.queries.analysis import AnalysisPage, Chosen
from hendig.tents.rules import MOST_LETTERS, analysis
from hendig.tents.rules.analysis import MOST_IN_A_REMARK


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
            met = sent.get("effect_id") if sent.get("do") == "join" else None
            ends = {"factor": sent.get("cause_id") or sent.get("piece_id"), "met": met}
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
    """How somebody sees it, or why it comes first; with an effect, how somebody sees the line to that."""

    shared_texts = ("text",)

    piece_id = forms.UUIDField(widget=forms.HiddenInput)
    effect_id = forms.UUIDField(widget=forms.HiddenInput, required=False)
    view = forms.TypedChoiceField(choices=View.choices, coerce=View, widget=forms.HiddenInput)
    text = forms.CharField(
        label=_("In één zin"),
        max_length=MOST_IN_A_REMARK,
        required=False,
        error_messages={"max_length": analysis.TOO_LONG},
    )
    field_order = ("piece_id", "effect_id", "view", "text", "voice_of")


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
        line = page.line
        of = line.cause if line else page.chosen and page.chosen.id
        piece = {"piece_id": of, "effect_id": line and line.effect}
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
        more, place = ("adds=1", "stap") if self.name == "add" else ("", "tekening")
        zoom = f"zoom={self._page.zoom}" if self._page.zoom > 1 else ""
        asked = "&".join(filter(None, (more, zoom)))
        return f"{'?' if asked else ''}{asked}#{place}"

    @property
    def http_status(self) -> int:
        return self.sent.http_status if self.sent else 200

    @property
    def errors(self) -> Form | None:
        """What could not be done and stands in no form of the page."""
        shown = (self.add, self.join, self.differ, self.first)
        return self.sent if self.sent is not None and self.sent not in shown else None
