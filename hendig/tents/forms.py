"""What comes in from a form: shape only."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar, Self
from uuid import UUID

from django import forms
from django.core.exceptions import ValidationError
from django.forms.boundfield import BoundField
from django.utils.formats import date_format
from django.utils.html import format_html
from django.utils.timezone import localtime
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from hendig.audit.forms import Form, Request
from hendig.families.forms import AboutField, CarefulForm
from hendig.kernel.refusal import Words
from hendig.tents.models import (
    MINUTES,
    Circle,
    Outcome,
    OwnPlan,
    Phase,
    PieceKind,
    Place,
    PreparedKind,
    Sign,
    View,
    Weekday,
)
from hendig.tents.queries.analysis import AnalysisPage, Chosen
from hendig.tents.queries.guide import GuidePage
from hendig.tents.queries.lists import CallPage, Proposal
from hendig.tents.queries.prepared import Note, Preparing
from hendig.tents.queries.slots import Slot
from hendig.tents.queries.table import TentPage
from hendig.tents.rules import CIRCLE_ORDER, MOST_LETTERS, analysis
from hendig.tents.rules.analysis import MOST_IN_A_REMARK
from hendig.tents.rules.merging import kept, merged

TOO_LONG = _("Dit is te lang voor één briefje. Maak het korter, of maak er twee van.")
DAY = {"required": _("Kies een dag."), "invalid": _("Deze datum bestaat niet. Kies een dag.")}
NUMBER = dict.fromkeys(("required", "invalid", "min_value", "max_value"), _("Vul een getal in."))
FULL = {"max_length": _("Dit is te lang voor één bladzijde. Maak het korter.")}
ASKS = {
    PreparedKind.QUESTION: _("Wat wilt u vragen of vertellen?"),
    PreparedKind.GOES_WELL: _("Wat gaat er goed?"),
    PreparedKind.WORRY: _("Waar maakt u zich zorgen over?"),
}
# So many free places are offered; who looks further takes a moment of their own.
SLOTS, OTHER = 5, "other"
# In so many days people can be asked, and can say that they come.
IN_TIME = 3


ONE_LINE = 300
LINE_FULL = {"max_length": _("Dit is te lang voor één zin. Maak het korter.")}
OF_DIRECTION = ("circle", "who", "result", "by_on")


class WhenForm(Form):
    """When and where: a free place in a tent that comes back, or another moment."""

    slot = forms.ChoiceField(
        label=_("Wanneer?"),
        widget=forms.RadioSelect,
        error_messages={
            "required": _("Kies een vrije plek of een ander moment."),
            "invalid_choice": _("Deze plek is net weg. Kies een andere."),
        },
    )
    starts_at = forms.DateTimeField(
        label=_("Wanneer?"),
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"),
        required=False,
    )
    place = forms.CharField(label=_("Waar?"), max_length=120, required=False)
    video_link = forms.URLField(
        label=_("Of met beeld: de link"), required=False, max_length=200, assume_scheme="https"
    )

    def __init__(self, *args: Any, slots: Sequence[Slot], **options: Any) -> None:
        super().__init__(*args, **options)
        self.chosen: Slot | None = None
        self._slots = {f"{one.recurring_id} {one.starts_at.isoformat()}": one for one in slots[:SLOTS]}
        if not slots:
            del self.fields["slot"]
            return
        offered = [(key, _slot(one)) for key, one in self._slots.items()]
        self.fields["slot"].choices = [*offered, (OTHER, _("Een ander moment"))]  # type: ignore[attr-defined]
        in_time = (key for key, one in self._slots.items() if one.days >= IN_TIME)
        self.fields["slot"].initial = next(in_time, OTHER)

    def clean(self) -> dict[str, Any]:
        """One of both; whoever chooses a place and fills in another moment is asked which it is."""
        data: dict[str, Any] = super().clean() or {}
        slot = self._slots.get(data.get("slot", ""))
        typed = {"starts_at", "place", "video_link"} & set(self.changed_data)
        if slot and typed:
            self.add_error(
                "slot", _("U koos een vrije plek en vulde ook een ander moment in. Kies één van beide.")
            )
        if not slot and not data.get("starts_at") and "starts_at" not in self.errors:
            self.add_error("starts_at", _("Kies een dag en een tijd."))
        self.chosen = slot
        return data

    def when(self) -> dict[str, Any]:
        """The same as arguments of an action."""
        if self.chosen:
            return {"starts_at": self.chosen.starts_at, "recurring_id": self.chosen.recurring_id}
        return {name: self.cleaned_data[name] for name in ("starts_at", "place", "video_link")}


def _slot(one: Slot) -> str:
    when = date_format(localtime(one.starts_at), gettext("l j F, H:i"))
    return format_html(
        "<strong>{}</strong><br>{}",
        when,
        _("%(wait)s · %(name)s, %(place)s") % {"wait": one.wait, "name": one.name, "place": one.place},
    )


class CallForm(WhenForm):
    """Which expertises, when and where; who is asked follows, unless somebody is picked."""

    expertises = forms.MultipleChoiceField(
        label=_("Welke expertise zoekt u?"),
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": _("Kies eerst welke expertise u zoekt.")},
    )
    people = forms.MultipleChoiceField(
        label=_("Wie vraagt u?"), widget=forms.CheckboxSelectMultiple, required=False
    )

    def __init__(self, *args: Any, page: CallPage, **options: Any) -> None:
        super().__init__(*args, slots=page.slots, **options)
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
            **self.when(),
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
        error_messages=LINE_FULL,
        required=False,
    )


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


class NoteForm(CarefulForm):
    """Something to bring to the table; a coach who writes with a family says whose words they are."""

    shared_texts = ("text",)

    text = forms.CharField(
        label=_("In uw eigen woorden"),
        widget=forms.Textarea(attrs={"rows": 2}),
        max_length=MOST_LETTERS,
        error_messages={"max_length": TOO_LONG, "required": _("Schrijf eerst iets op.")},
    )
    kind = forms.TypedChoiceField(choices=PreparedKind.choices, coerce=PreparedKind, widget=forms.HiddenInput)
    said_by = forms.TypedChoiceField(label=_("Wie zegt dit?"), coerce=UUID, empty_value=None, required=False)

    def __init__(self, *args: Any, page: Preparing, kind: PreparedKind, **options: Any) -> None:
        super().__init__(*args, **options)
        self.title = ASKS[kind]
        self.fields["kind"].initial = kind
        if page.own:
            del self.fields["said_by"]
        else:
            members = [(str(pk), name) for pk, name in page.members]
            self.fields["said_by"].choices = [("", _("Ik zelf")), *members]  # type: ignore[attr-defined]

    @classmethod
    def posted(cls, request: Request, page: Preparing) -> NoteForm | None:
        """The one of the three that was sent; None when none was."""
        try:
            kind = PreparedKind(request.POST.get("kind", ""))
        except ValueError:
            return None
        return cls.of(request, page=page, kind=kind)

    @classmethod
    def each(cls, page: Preparing, posted: NoteForm | None) -> list[tuple[list[Note], NoteForm]]:
        """The three of them, each with what was written in it before; what was typed stands where it was."""
        return [
            (
                [note for note in page.notes if note.kind == kind],
                posted
                if posted and posted.fields["kind"].initial == kind
                else cls(page=page, kind=kind, auto_id=f"{kind}_%s"),
            )
            for kind in PreparedKind
        ]


class OwnPlanForm(Form):
    choice = forms.TypedChoiceField(choices=OwnPlan.choices, coerce=OwnPlan)


class RecurringForm(Form):
    """A tent that comes back."""

    name = forms.CharField(
        label=_("Naam"), max_length=60, error_messages={"required": _("Geef de tent een naam.")}
    )
    weekday = forms.TypedChoiceField(label=_("Op welke dag?"), choices=Weekday.choices, coerce=int)
    every_weeks = forms.TypedChoiceField(
        label=_("Hoe vaak?"),
        choices=[(1, _("elke week")), (2, _("om de week")), (4, _("elke vier weken"))],
        coerce=int,
    )
    starts_at = forms.TimeField(
        label=_("Hoe laat begint het?"),
        error_messages=dict.fromkeys(("required", "invalid"), _("Vul een tijd in, zoals 9:00.")),
    )
    minutes = forms.IntegerField(
        label=_("Hoeveel minuten per gezin?"), initial=MINUTES, error_messages=NUMBER, min_value=1
    )
    families = forms.IntegerField(
        label=_("Voor hoeveel gezinnen is er plek?"), initial=3, error_messages=NUMBER, min_value=1
    )
    place = forms.CharField(
        label=_("In welk gebouw?"),
        max_length=120,
        error_messages={"required": _("Vul in waar de tent is.")},
    )
    from_on = forms.DateField(label=_("Vanaf"), error_messages=DAY)


class StopForm(Form):
    until_on = forms.DateField(label=_("Laatste dag"), error_messages=DAY)


class FromDirection(forms.Form):
    """Out of which direction something is made, as it stands in the address; what is none is nothing."""

    richting = forms.UUIDField(required=False)

    @property
    def chosen(self) -> UUID | None:
        return self.cleaned_data.get("richting") if self.is_valid() else None
