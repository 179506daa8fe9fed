"""The shape of what is asked and answered here; a file is read here, and looked into by the action."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any, Self
from uuid import UUID

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from hendig.audit.forms import Form
from hendig.kernel.residence import Fact, Facts, next_question, with_fact
from hendig.rights.models import DestructionStage, OwnKind, Piece, Verdict
from hendig.rights.rules import ALWAYS_KEPT, KEEP, MOST_BYTES

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
        label=_("En de pgb?"),
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
    letter = forms.FileField(
        label=_("Of: de brief die er al is, als pdf"),
        required=False,
        allow_empty_file=True,
        widget=forms.FileInput(attrs={"accept": "application/pdf"}),
    )

    def __init__(self, *args: Any, wants_pgb: bool, **options: Any) -> None:
        super().__init__(*args, **options)
        # In a letter of one's own the reasons stand already.
        self.fields["reasons"].required = "letter" not in self.files
        if not wants_pgb:
            del self.fields["pgb"]

    @classmethod
    def of(cls, request: HttpRequest, **options: Any) -> Self:
        sent = request.method == "POST"
        return cls(request.POST if sent else None, request.FILES if sent else None, **options)

    def facts(self) -> dict[str, Any]:
        """What was filled in, as the action takes it; of a file no more is read than may be kept."""
        typed = dict(self.cleaned_data)
        letter: UploadedFile[bytes] | None = typed.pop("letter")
        return {**typed, "upload": letter.read(MOST_BYTES + 1) if letter is not None else None}


class OwnWordsForm(Form):
    kind = forms.ChoiceField(
        label=_("Wat wilt u?"),
        choices=OwnKind.choices,
        widget=forms.RadioSelect,
        error_messages={"required": _("Kies wat u wilt.")},
    )
    about = forms.ChoiceField(
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


class DestructionForm(Form):
    child_id = forms.UUIDField()


class DestructionAnswerForm(Form):
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
    reply = forms.CharField(
        label=_("Wat wilt u erbij zeggen?"),
        max_length=2000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
    )


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
