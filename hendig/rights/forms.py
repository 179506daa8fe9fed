"""The shape of what is asked and answered here."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import Any
from uuid import UUID

from django import forms
from django.utils.translation import gettext_lazy as _

from hendig.audit.forms import Form
from hendig.families.forms import AboutField, CarefulForm, OfRecordForm
from hendig.families.queries.about import Named
from hendig.files.forms import Upload
from hendig.files.rules import LETTER, PHOTO_OR_LETTER
from hendig.kernel.refusal import Words
from hendig.kernel.residence import Fact, Facts, next_question, with_fact
from hendig.rights.models import Answering, DestructionStage, OwnKind, Piece, Topic, Verdict
from hendig.rights.queries.pieces import Destructible
from hendig.rights.rules import ALWAYS_KEPT, KEEP

DAY = {"required": _("Kies een dag."), "invalid": _("Deze datum bestaat niet. Kies een dag.")}


class ApplyForm(Form):
    """No motive is needed: only about which child, when there is more than one."""

    child_id = forms.ChoiceField(
        label=_("Over wie gaat het?"),
        widget=forms.RadioSelect,
        error_messages={"required": _("Kies over wie het gaat.")},
    )
    words = forms.CharField(
        label=_("Welke hulp wilt u?"),
        max_length=4000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 5}),
    )
    wants_pgb = forms.BooleanField(label=_("Ik wil ook een pgb aanvragen"), required=False)
    pgb_why = forms.CharField(
        label=_("Waarom past hulp die de gemeente regelt niet?"),
        max_length=2000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    pgb_who = forms.CharField(
        label=_("Wie gaat de hulp geven, en wie houdt het geld en het papier bij?"),
        max_length=2000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
    )

    def __init__(self, *args: Any, children: Sequence[tuple[UUID, str]], **options: Any) -> None:
        super().__init__(*args, **options)
        who = self.fields["child_id"]
        assert isinstance(who, forms.ChoiceField)
        who.choices = [(str(pk), name) for pk, name in children]
        if len(children) == 1:
            who.initial = str(children[0][0])
            who.widget = forms.HiddenInput()


class AnswerForm(Form):
    words = forms.CharField(
        label=_("Uw antwoord"),
        max_length=4000,
        widget=forms.Textarea(attrs={"rows": 4}),
        error_messages={"required": _("Schrijf uw antwoord.")},
    )


class AskMoreForm(Form):
    words = forms.CharField(
        label=_("Wat hebt u nog nodig?"),
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": _("Schrijf wat u nog nodig hebt.")},
    )
    answer_by = forms.DateField(label=_("Uiterlijk antwoord op"), error_messages=DAY)


class ExtendForm(Form):
    weeks = forms.IntegerField(
        label=_("Hoeveel weken langer?"),
        min_value=1,
        max_value=8,
        error_messages={
            "required": _("Kies één tot acht weken."),
            "invalid": _("Kies één tot acht weken."),
            "min_value": _("Kies één tot acht weken."),
            "max_value": _("Kies één tot acht weken."),
        },
    )
    reason = forms.CharField(
        label=_("Waarom duurt het langer?"),
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": _("Schrijf waarom het langer duurt.")},
    )


class DecideForm(Form):
    """The decision in words, from which the letter is made; or the letter itself as a PDF."""

    verdict = forms.ChoiceField(
        label=_("Wat besluit u?"),
        choices=Verdict.choices,
        widget=forms.RadioSelect,
        error_messages={"required": _("Kies wat u besluit.")},
    )
    pgb = forms.TypedChoiceField(
        label=_("En het pgb?"),
        choices=[("1", _("Ja, een pgb")), ("0", _("Nee, geen pgb"))],
        coerce=lambda typed: typed == "1",
        empty_value=None,
        widget=forms.RadioSelect,
        error_messages={"required": _("Het gezin vroeg een pgb. Zeg ook daarover ja of nee.")},
    )
    what = forms.CharField(
        label=_("Welke hulp, vanaf wanneer en tot wanneer?"),
        max_length=2000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    reasons = forms.CharField(
        label=_("Waarom?"),
        max_length=4000,
        widget=forms.Textarea(attrs={"rows": 6}),
        error_messages={"required": _("Schrijf waarom u zo beslist.")},
    )
    letter = Upload(label=_("Of: de brief die er al is, als pdf"), required=False, welcome=LETTER)

    def __init__(self, *args: Any, wants_pgb: bool, **options: Any) -> None:
        super().__init__(*args, **options)
        # In a letter of one's own the reasons stand already.
        self.fields["reasons"].required = "letter" not in self.files
        if not wants_pgb:
            del self.fields["pgb"]


class OwnWordsForm(OfRecordForm):
    kind = forms.ChoiceField(
        label=_("Wat wilt u?"),
        choices=OwnKind.choices,
        widget=forms.RadioSelect,
        error_messages={"required": _("Kies wat u wilt.")},
    )
    topic = forms.ChoiceField(
        label=_("Waar gaat het over?"),
        choices=Piece.choices,
        widget=forms.RadioSelect,
        error_messages={"required": _("Kies waar het over gaat.")},
    )
    words = forms.CharField(
        label=_("In uw eigen woorden"),
        max_length=4000,
        widget=forms.Textarea(attrs={"rows": 5}),
        error_messages={"required": _("Schrijf op wat u wilt zeggen.")},
    )
    about = AboutField()
    apart = forms.TypedChoiceField(
        label=_("Wie leest dit?"),
        coerce=lambda typed: typed == "1",
        empty_value=False,  # type: ignore[arg-type]  # any value
        required=False,
        initial="0",
        widget=forms.RadioSelect,
    )
    file = Upload(label=_("Een foto of een brief erbij"), required=False, welcome=PHOTO_OR_LETTER)
    file_words = forms.CharField(label=_("Wat staat erop?"), max_length=300, required=False)

    def __init__(
        self, *args: Any, people: Iterable[Named], apart_with: Words | None = None, **options: Any
    ) -> None:
        super().__init__(*args, **options)
        self.fields["about"].offer(people, None)  # type: ignore[attr-defined]
        if apart_with is None:
            del self.fields["apart"]
        else:
            whom = [("0", _("Iedereen die het dossier mag zien")), ("1", apart_with)]
            self.fields["apart"].choices = whom  # type: ignore[attr-defined]


class ReplyForm(Form):
    corrected = forms.TypedChoiceField(
        label=_("Wat hebt u gedaan?"),
        choices=[("1", _("Het is verbeterd")), ("0", _("Ik verbeter het niet"))],
        coerce=lambda typed: typed == "1",
        widget=forms.RadioSelect,
        error_messages={"required": _("Kies wat u hebt gedaan.")},
    )
    reply = forms.CharField(
        label=_("Wat wilt u erbij zeggen?"),
        max_length=2000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
    )


class CoachReplyForm(CarefulForm, ReplyForm):
    """As the coach answers, whose words all who are near the child read."""

    shared_texts = ("reply",)


class DestructionForm(Form):
    child_id = forms.UUIDField()


class WholeAnswerForm(Form):
    """Of who cannot open the record: all of it goes, or nothing."""

    stage = forms.ChoiceField(
        label=_("Wat antwoordt u?"),
        choices=[
            (DestructionStage.GRANTED.value, _("Alles wordt vernietigd")),
            (DestructionStage.REFUSED.value, _("Er wordt niets vernietigd")),
        ],
        widget=forms.RadioSelect,
        error_messages={"required": _("Kies uw antwoord.")},
    )
    keep = forms.MultipleChoiceField(
        label=_("Wat blijft er, en waarom?"),
        choices=[(code, words) for code, words in KEEP.items() if code not in ALWAYS_KEPT],
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    reply = forms.CharField(
        label=_("Wat wilt u erbij zeggen?"),
        max_length=2000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
    )


class DestructionAnswerForm(CarefulForm):
    shared_texts = ("reply",)

    stage = forms.ChoiceField(
        label=_("Wat antwoordt u?"),
        choices=[
            (DestructionStage.GRANTED.value, _("Alles wordt vernietigd")),
            (DestructionStage.PARTLY.value, _("Een deel wordt vernietigd")),
            (DestructionStage.REFUSED.value, _("Er wordt niets vernietigd")),
        ],
        widget=forms.RadioSelect,
        error_messages={"required": _("Kies uw antwoord.")},
    )
    keep = forms.MultipleChoiceField(
        label=_("Wat blijft er, en waarom?"),
        choices=[(code, words) for code, words in KEEP.items() if code not in ALWAYS_KEPT],
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    pieces = forms.MultipleChoiceField(
        label=_("Welke stukken worden vernietigd?"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        error_messages={"invalid_choice": _("Een van deze stukken is er niet. Kies opnieuw.")},
    )
    reply = forms.CharField(
        label=_("Wat wilt u erbij zeggen?"),
        max_length=2000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
    )

    def __init__(self, *args: Any, pieces: Sequence[Destructible], **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["pieces"].choices = [(piece.key, piece.title) for piece in pieces]  # type: ignore[attr-defined]


class ResidenceForm(Form):
    """Who asks, and since when: the two weeks run from that day."""

    child_id = forms.ChoiceField(
        label=_("Over wie gaat het?"),
        widget=forms.RadioSelect,
        error_messages={"required": _("Kies over wie het gaat.")},
    )
    asked_on = forms.DateField(label=_("Op welke dag werd het gevraagd?"), error_messages=DAY)
    asked_from = forms.CharField(
        label=_("Vraagt een andere gemeente het? Welke?"), max_length=80, required=False
    )

    def __init__(self, *args: Any, children: Sequence[tuple[str, str]], **options: Any) -> None:
        super().__init__(*args, **options)
        who = self.fields["child_id"]
        assert isinstance(who, forms.ChoiceField)
        who.choices = list(children)
        if len(children) == 1:
            who.initial = children[0][0]
            who.widget = forms.HiddenInput()


class FactsForm(Form):
    """The facts that were told so far and the one that is told now. Sent, never in an address."""

    stay = forms.CharField(required=False, max_length=8)
    address = forms.CharField(required=False, max_length=7)
    before = forms.CharField(required=False, max_length=7)
    mother = forms.CharField(required=False, max_length=7)
    found = forms.CharField(required=False, max_length=7)
    other = forms.CharField(label=_("Welke gemeente is het?"), required=False, max_length=80)

    def facts(self) -> Facts:
        """What was told, in the order in which it is asked; nonsense counts as not told."""
        typed, known = self.cleaned_data if self.is_bound and self.is_valid() else {}, Facts()
        while (fact := next_question(known)) is not None:
            value = typed.get(fact.value, "")
            try:
                known = with_fact(known, fact, value)
            except ValueError:
                return known
        return known

    def told(self, facts: Facts) -> list[tuple[str, str]]:
        """What is sent along with the next answer."""
        return [(fact.value, str(value)) for fact in Fact if (value := getattr(facts, fact)) is not None]

    def without_last(self, facts: Facts) -> Facts:
        """One step back."""
        last = next((fact for fact in reversed(Fact) if getattr(facts, fact) is not None), None)
        if last is None:
            return facts
        gone: dict[str, Any] = {last.value: None}
        return replace(facts, **gone)


class TakeForm(Form):
    """What is taken along: the document, or all files in one."""

    what = forms.ChoiceField(choices=[("paper", ""), ("whole", "")])


class ContinueForm(Form):
    moved_on = forms.DateField(label=_("Op welke dag verhuist het gezin?"), error_messages=DAY)
    to = forms.CharField(
        label=_("Naar welke gemeente?"),
        max_length=80,
        error_messages={"required": _("Schrijf naar welke gemeente.")},
    )


class TakeOverForm(Form):
    moved_on = forms.DateField(label=_("Sinds welke dag woont het kind hier?"), error_messages=DAY)
    came_from = forms.CharField(
        label=_("Uit welke gemeente komt het gezin?"),
        max_length=80,
        error_messages={"required": _("Schrijf uit welke gemeente.")},
    )
    terms = forms.CharField(
        label=_("Wat was daar afgesproken?"),
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": _("Schrijf op wat er was afgesproken. Dat blijft zo.")},
    )


class AskInformationForm(OfRecordForm):
    """`records` are called in an order that the parent knows: by no name."""

    topic = forms.ChoiceField(
        label=_("Wat wilt u weten?"),
        choices=Topic.choices,
        widget=forms.RadioSelect,
        error_messages={"required": _("Kies wat u wilt weten.")},
    )
    words = forms.CharField(
        label=_("Uw vraag"),
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 4}),
        error_messages={"required": _("Schrijf in een paar woorden wat u wilt weten.")},
    )

    def __init__(self, *args: Any, records: Sequence[tuple[UUID, Words]], **options: Any) -> None:
        super().__init__(*args, records=records, **options)
        self._first = records[0][0] if records else None

    def clean_record_id(self) -> UUID | None:
        """Of the only child nobody has to say which it is."""
        return self.cleaned_data["record_id"] or self._first


class InformationForm(Form):
    """An answer for a parent without authority, or why there is none."""

    tells = forms.ChoiceField(
        label=_("Wat doet u?"),
        choices=Answering.choices,
        widget=forms.RadioSelect,
        error_messages={"required": _("Kies wat u doet.")},
    )
    topic = forms.ChoiceField(
        label=_("Waar gaat uw antwoord over?"),
        choices=Topic.choices,
        widget=forms.RadioSelect,
        error_messages={"required": _("Kies waar uw antwoord over gaat.")},
    )
    words = forms.CharField(
        label=_("Wat de ouder leest"),
        max_length=3000,
        widget=forms.Textarea(attrs={"rows": 6}),
        required=False,
    )

    def __init__(self, *args: Any, asked: str, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["topic"].initial = asked

    def clean(self) -> dict[str, Any]:
        """Words are asked for, but of who says no more than no."""
        cleaned = super().clean() or self.cleaned_data
        if cleaned.get("tells") in {Answering.TELLS, Answering.SAYS_WHY} and not cleaned.get("words"):
            self.add_error("words", _("Schrijf op wat deze ouder leest."))
        return cleaned
