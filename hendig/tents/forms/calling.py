"""Calling a tent: when and where, and whom the coach asks for which expertise."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django import forms
from django.utils.datastructures import MultiValueDict
from django.utils.translation import gettext_lazy as _

from hendig.audit.forms import Form, Request
from hendig.tents.forms.unless import UnlessForm
from hendig.tents.forms.when import OTHER, WhenForm, moment_of
from hendig.tents.queries.calling import CallPage, Candidate, Proposal

# The button by which a coach only looks who is free at the typed moment.
LOOK = "kijk"


@dataclass(frozen=True, slots=True)
class Ask:
    """One person to ask for one expertise: what is sent, and whether it is chosen."""

    value: str
    candidate: Candidate
    chosen: bool


@dataclass(frozen=True, slots=True)
class Group:
    """The people of one expertise; it stands open while somebody of them is chosen."""

    proposal: Proposal
    asks: tuple[Ask, ...]
    open: bool


class CallForm(WhenForm, UnlessForm):
    """When and where, and who is asked for what: a tap for each person, and nobody is asked by itself."""

    people = forms.MultipleChoiceField(
        label=_("Welke expertise zoekt u, en wie vraagt u?"),
        widget=forms.CheckboxSelectMultiple,
        error_messages={
            "required": _("Kies eerst wie u vraagt."),
            "invalid_choice": _("Iemand die u koos, staat niet meer in de lijst. Kies opnieuw."),
        },
    )

    def __init__(self, *args: Any, page: CallPage, **options: Any) -> None:
        super().__init__(*args, slots=page.slots, **options)
        self._page = page
        if self.looks:
            # Whoever looks for that moment means it, whichever place was marked before.
            self.data = typed = MultiValueDict(self.data)
            typed["slot"] = OTHER
            # This answer is none to the question itself: that gets a key of its own.
            typed.pop("_key", None)
        self.fields["place"].initial = page.usual_place
        self.fields["people"].choices = [  # type: ignore[attr-defined]
            (_value(one, person), person.person.first_name) for one in page.proposals for person in one.people
        ]

    @property
    def looks(self) -> bool:
        """Whether it is only to be shown who is free at the moment that was typed; nobody is asked by it."""
        return LOOK in self.data

    def full_clean(self) -> None:
        """Who only looks is asked for the moment and for nothing else yet."""
        super().full_clean()
        if self.looks:
            for name in self.errors.keys() - {"starts_at"}:
                del self.errors[name]

    @property
    def groups(self) -> list[Group]:
        """The people by expertise, as the page shows them; an expertise that nobody has is left out."""
        now = set(self["people"].value() or ())
        return [
            Group(one, asks, open=self._page.few or any(ask.chosen for ask in asks))
            for one in self._page.proposals
            if (asks := tuple(Ask(v := _value(one, who), who, v in now) for who in one.people))
        ]

    def asked(self) -> dict[str, Any]:
        """The same as arguments of the action."""
        data = self.cleaned_data
        picked = [value.split() for value in data["people"]]
        return {
            **self.when(),
            "expertise_ids": list(dict.fromkeys(UUID(expertise) for expertise, _person in picked)),
            "professional_ids": [UUID(person) for _expertise, person in picked],
            "unless": data["unless"],
        }


class MomentForm(Form):
    """The moment that a coach chose, read before the page is made that says who is free then."""

    slot = forms.CharField(required=False)
    starts_at = forms.DateTimeField(required=False)

    @classmethod
    def chosen(cls, request: Request) -> datetime | None:
        """The typed moment, or that of the place that was chosen; None for none and for what is no moment."""
        form = cls.of(request)
        if not form.is_bound or not form.is_valid():
            return None
        slot: str = form.cleaned_data["slot"]
        if LOOK in form.data or slot in {"", OTHER}:
            moment: datetime | None = form.cleaned_data["starts_at"]
            return moment
        return moment_of(slot)


class EverybodyForm(Form):
    """Whether all are to be shown, as it stands in the address."""

    iedereen = forms.BooleanField(required=False)

    @classmethod
    def asked(cls, request: Request) -> bool:
        form = cls(request.GET)
        return form.is_valid() and bool(form.cleaned_data["iedereen"])


def _value(proposal: Proposal, candidate: Candidate) -> str:
    return f"{proposal.id} {candidate.professional_id}"
