"""What is typed: a question, a code, a number to call, and what the first talk brought."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from django import forms
from django.core.validators import RegexValidator
from django.forms.boundfield import BoundField
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from hendig.audit.forms import Form
from hendig.families.forms import DAY, AboutField, CarefulForm
from hendig.families.forms.further import FurtherForm
from hendig.families.models import CHILD
from hendig.families.queries.found import Newcomer
from hendig.helprequests.actions import ChildOfTalk, ParentOfTalk
from hendig.helprequests.queries import FirstTalk
from hendig.helprequests.queries.handover import CoachHandover
from hendig.helprequests.rules import case_words
from hendig.kernel.refusal import Words

NEW_CHILD = "new"
ASKER, OTHER, BOTH = "asker", "other", "both"


class AskForm(Form):
    words = forms.CharField(
        label=_("Wat is er aan de hand?"),
        max_length=4000,
        widget=forms.Textarea(attrs={"rows": 7}),
        error_messages={"required": _("Schrijf in een paar woorden wat er is.")},
    )
    first_name = forms.CharField(
        label=_("Hoe heet u?"),
        max_length=60,
        error_messages={"required": _("Schrijf uw voornaam.")},
    )
    email = forms.EmailField(
        label=_("Uw e-mailadres"),
        error_messages={
            "required": _("Schrijf uw e-mailadres. Daar sturen we een code heen."),
            "invalid": _("Dit e-mailadres klopt niet. Het lijkt op: naam@voorbeeld.nl."),
        },
    )


PHONE = RegexValidator(
    r"^\+?(?:[\s()-]*\d){8,15}[\s()-]*$", _("Dit nummer klopt niet. Het lijkt op: 06 12345678.")
)


class CodeForm(Form):
    """The code, and on the same page the number to call: one tap for both."""

    code = forms.CharField(
        label=_("De code uit de mail"),
        max_length=12,
        error_messages={"required": _("Vul de zes cijfers uit de mail in.")},
    )
    phone = forms.CharField(
        label=_("Op welk nummer mogen we bellen?"), max_length=20, required=False, validators=[PHONE]
    )


class PhoneForm(Form):
    phone = forms.CharField(label=_("Uw telefoonnummer"), max_length=20, validators=[PHONE])


class NewcomersForm(forms.Form):
    """Who is being typed in the first talk, while it is typed: what is not finished yet is no fault."""

    child_first_name = forms.CharField(max_length=60, required=False)
    child_born_on = forms.DateField(required=False)
    parent_first_name = forms.CharField(max_length=60, required=False)
    parent_email = forms.EmailField(required=False)
    family_name = forms.CharField(max_length=80, required=False)

    def newcomers(self) -> tuple[Newcomer, ...]:
        self.is_valid()
        return newcomers(self.cleaned_data)


def newcomers(typed: dict[str, Any]) -> tuple[Newcomer, ...]:
    """The child and the parent that would be written down new, as far as was typed."""
    child = Newcomer(typed.get("child_first_name") or "", "", typed.get("child_born_on"))
    parent = Newcomer(
        typed.get("parent_first_name") or "",
        typed.get("family_name") or "",
        None,
        typed.get("parent_email") or "",
    )
    return tuple(one for one in (child, parent) if one.first_name)


class FirstTalkForm(FurtherForm, CarefulForm):
    """One page for one talk: every field may stay empty; only what is filled in is done."""

    shared_texts = ("note", "because_words", "result", "neighbourhood")

    note = forms.CharField(label=_("In één regel: wat speelt er?"), max_length=300, required=False)
    note_about = AboutField()
    result = forms.CharField(
        label=_("Waar hoopt het gezin op?"),
        max_length=300,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
    )
    child = forms.ChoiceField(label=_("Over wie gaat het?"), required=False, widget=forms.RadioSelect)
    child_first_name = forms.CharField(label=_("Voornaam van het kind"), max_length=60, required=False)
    child_born_on = forms.DateField(
        label=_("Geboortedatum"), required=False, widget=forms.DateInput(attrs={"type": "date"})
    )
    child_email = forms.EmailField(label=_("E-mailadres van het kind, vanaf 12 jaar"), required=False)
    child_agrees = forms.BooleanField(
        label=_("Het kind vindt het goed dat de ouders meekijken"), required=False
    )
    parent_first_name = forms.CharField(
        label=_("Voornaam van de andere ouder"), max_length=60, required=False
    )
    parent_email = forms.EmailField(label=_("E-mailadres van de andere ouder"), required=False)
    decides = forms.ChoiceField(label=_("Wie heeft gezag?"), required=False, widget=forms.RadioSelect)
    family_name = forms.CharField(label=_("Achternaam van het gezin"), max_length=80, required=False)
    neighbourhood = forms.CharField(label=_("Dorp of wijk"), max_length=60, required=False)
    somebody_else = forms.BooleanField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, talk: FirstTalk, **options: Any) -> None:
        card = talk.card
        options["initial"] = {
            "note": card.note.words if card.note else "",
            "note_about": card.note.whom if card.note else CHILD,
            "because": card.note.reason.because if card.note else "",
            "because_words": card.note.reason.words if card.note else "",
            "result": card.result,
            "family_name": talk.family_name,
            "neighbourhood": talk.neighbourhood,
            "child": str(card.child_id or ""),
        }
        super().__init__(*args, **options)
        self.asker_id = talk.asker.member_id
        whom = self.fields["note_about"]
        assert isinstance(whom, AboutField)
        whom.offer(talk.relatives, talk.child)
        children = [(str(one.member_id), one.first_name) for one in talk.children]
        if not talk.asker.is_child:
            children.append((str(self.asker_id), gettext("%(name)s zelf") % {"name": talk.asker.first_name}))
        choice = self.fields["child"]
        assert isinstance(choice, forms.ChoiceField)
        choice.choices = [
            *children,
            (NEW_CHILD, gettext("een ander kind") if talk.children else gettext("een kind")),
        ]
        if not card.child_id and not talk.children:
            self.initial["child"] = NEW_CHILD
        self.has_other = bool(talk.others)
        who = self.fields["decides"]
        assert isinstance(who, forms.ChoiceField)
        asker = talk.asker.first_name
        who.choices = [(ASKER, asker)]
        if self.has_other:
            del self.fields["parent_first_name"], self.fields["parent_email"]
        else:
            together = gettext("%(name)s en de andere ouder samen") % {"name": asker}
            who.choices = [*who.choices, (BOTH, together), (OTHER, gettext("alleen de andere ouder"))]

    def clean(self) -> dict[str, Any]:
        typed = super().clean()
        self._complete(typed)
        if typed.get("parent_email") and not typed.get("parent_first_name"):
            self.add_error("parent_first_name", _("Schrijf ook hoe de andere ouder heet."))
        if typed.get("decides") in {BOTH, OTHER} and not typed.get("parent_first_name"):
            self.add_error(
                "parent_first_name", _("Schrijf hoe de andere ouder heet, of kies een ander antwoord.")
            )
        return typed

    def _complete(self, typed: dict[str, Any]) -> None:
        """A child needs both a name and a birth date, unless it is there already."""
        if "child_born_on" in self.errors:
            return
        name, born_on, who = typed.get("child_first_name"), typed.get("child_born_on"), typed.get("child")
        if who == str(self.asker_id) and not born_on:
            self.add_error("child_born_on", _("Schrijf de geboortedatum."))
        if who in {"", None, NEW_CHILD} and name and not born_on:
            self.add_error("child_born_on", _("Schrijf ook de geboortedatum van het kind."))
        if who in {"", None, NEW_CHILD} and typed.get("child_email") and not born_on:
            self.add_error("child_born_on", _("Schrijf ook de geboortedatum van het kind."))
        if who in {"", None, NEW_CHILD} and born_on and not name:
            self.add_error("child_first_name", _("Schrijf ook hoe het kind heet."))

    def newcomers(self) -> tuple[Newcomer, ...]:
        """Who would be written down new; nobody once the coach said that it is somebody else."""
        if not self.is_valid() or self.cleaned_data["somebody_else"]:
            return ()
        return newcomers(
            self.cleaned_data if self._new_child() else self.cleaned_data | {"child_first_name": ""}
        )

    def _new_child(self) -> bool:
        return self.cleaned_data["child"] in {"", NEW_CHILD}

    def facts(self) -> dict[str, Any]:
        """What was filled in, as the action takes it."""
        typed = self.cleaned_data
        parent, decides = typed.get("parent_first_name"), typed["decides"]
        return {
            "note": typed["note"],
            "note_about": typed["note_about"],
            "reason": typed["reason"],
            "result": typed["result"],
            "family_name": typed["family_name"],
            "neighbourhood": typed["neighbourhood"],
            "child": self._child(typed),
            "parent": ParentOfTalk(parent, typed["parent_email"], decides in {BOTH, OTHER})
            if parent
            else None,
            "asker_holds_authority": decides in {BOTH, ASKER},
            "child_agrees": typed["child_agrees"],
        }

    def _child(self, typed: dict[str, Any]) -> ChildOfTalk | None:
        who, born_on, email = typed["child"], typed["child_born_on"], typed["child_email"]
        if who and who != NEW_CHILD:
            return ChildOfTalk(member_id=who, born_on=born_on, email=email)
        if not born_on:
            return None
        return ChildOfTalk(first_name=typed["child_first_name"], born_on=born_on, email=email)


class SuccessorsForm(Form):
    """Who comes after somebody who stops: one for all, and where that does not fit another, case by case.

    `cases` come with their key and what an error calls them.
    """

    nobody = _("Kies wie hier verder gaat.")
    for_all = forms.TypedChoiceField(
        label=_("Wie gaat verder?"), coerce=UUID, empty_value=None, required=False
    )

    def __init__(
        self,
        *args: Any,
        cases: Sequence[tuple[UUID, Words, Any]],
        people: Sequence[tuple[str, str]],
        **options: Any,
    ) -> None:
        super().__init__(*args, **options)
        self.fields["for_all"].choices = [("", _("Kies per zaak")), *people]  # type: ignore[attr-defined]
        self.cases = {key: case for key, _words, case in cases}
        for key, words, _case in cases:
            self.fields[f"case_{key}"] = forms.TypedChoiceField(
                label=words,  # type: ignore[arg-type]  # in the words of the reader
                choices=[("", _("Zoals hierboven")), *people],
                coerce=UUID,
                empty_value=None,
                required=False,
            )

    @property
    def rows(self) -> list[tuple[Any, BoundField]]:
        return [(case, self[f"case_{key}"]) for key, case in self.cases.items()]

    def clean(self) -> dict[str, Any]:
        typed = {key: self.cleaned_data.pop(f"case_{key}", None) for key in self.cases}
        for_all = self.cleaned_data.pop("for_all", None)
        for key, chosen in typed.items():
            if not chosen and not for_all:
                self.add_error(f"case_{key}", self.nobody)
        self.cleaned_data["successors"] = {key: one or for_all for key, one in typed.items()}
        return self.cleaned_data


class HandoverForm(SuccessorsForm):
    from_on = forms.DateField(label=_("Vanaf welke dag?"), **DAY)

    def __init__(self, *args: Any, page: CoachHandover, **options: Any) -> None:
        cases = [(case.request_id, case_words(case.number), case) for case in page.cases]
        people = [(str(one.account_id), one.name) for one in page.successors]
        super().__init__(*args, cases=cases, people=people, **options)
