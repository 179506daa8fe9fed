"""The shape of what is chosen and answered; whether it may be is for the rules to say."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any
from uuid import UUID

from django import forms
from django.template.loader import render_to_string
from django.utils.translation import gettext_lazy as _

from hendig.audit.forms import Form
from hendig.families.forms import DAY, CarefulForm
from hendig.families.models import MeasureKind
from hendig.helprequests.forms import SuccessorsForm
from hendig.kernel.consent import Exception12
from hendig.matching.queries import Preparation
from hendig.matching.queries.handover import HandoverPage
from hendig.tents.forms import UnlessForm


class Pick(forms.UUIDField):
    """One of the cards on the page. Who was free a moment ago may not be now: the rule then says so."""

    def __init__(self, choices: Iterable[tuple[UUID, object]], **options: Any) -> None:
        self.choices = list(choices)
        super().__init__(widget=forms.RadioSelect(choices=self.choices), **options)


class TalkForm(CarefulForm, UnlessForm):
    """With whom, for which child, on which code and what for."""

    shared_texts = ("purpose",)
    purpose = forms.CharField(max_length=300, label=_("Wat hoopt het gezin te bereiken?"))

    def __init__(
        self, data: Any = None, files: Any = None, *, page: Preparation, known: Mapping[str, object]
    ) -> None:
        super().__init__(data, files, initial={"purpose": page.purpose, **known})
        # Sent by the button beside each person: choosing and asking is one tap.
        self.fields["professional_id"] = forms.UUIDField(
            label=_("Wie past bij dit gezin?"), error_messages={"required": _("Kies wie er past.")}
        )
        self.fields["child_id"] = Pick(
            [(child.id, child.name) for child in page.children],
            label=_("Om welk kind gaat het?"),
            initial=page.child_id,
            error_messages={"required": _("Kies om welk kind het gaat.")},
        )
        self.fields["service_code_id"] = Pick(
            [(code.id, render_to_string("matching/_code.html", {"one": code})) for code in page.codes],
            label=_("Welke hulp is het?"),
            initial=page.code_id,
            error_messages={"required": _("Kies welke hulp het is.")},
        )
        if len(page.children) == 1:
            self.fields["child_id"].widget = forms.HiddenInput()


class AnswerForm(Form):
    yes = forms.TypedChoiceField(choices=[("1", _("ja")), ("0", _("nee"))], coerce=lambda value: value == "1")


class ExceptionForm(Form):
    exception = forms.TypedChoiceField(
        choices=[(one.value, one.value) for one in Exception12], coerce=Exception12, empty_value=None
    )


class MeasureForm(Form):
    """Which kind of measure it is about; sent by the button."""

    measure = forms.TypedChoiceField(choices=MeasureKind.choices, coerce=MeasureKind)


class EndForm(Form):
    ends_on = forms.DateField(label=_("Laatste dag van de hulp"), widget=forms.DateInput)


class HandoverForm(SuccessorsForm):
    nobody = _("Kies wie u hier voorstelt.")
    ends_on = forms.DateField(label=_("Laatste dag van de hulp"), **DAY)

    def __init__(self, *args: Any, page: HandoverPage, **options: Any) -> None:
        cases = [(case.match_id, case.number, case) for case in page.cases]
        people = [(str(one.id), f"{one.name} ({one.partner})") for one in page.successors]
        super().__init__(*args, cases=cases, people=people, **options)
        self.fields["for_all"].label = _("Wie stelt u voor?")


class ExpertiseForm(forms.Form):
    """The filter above the list; what is no expertise filters nothing."""

    expertise = forms.UUIDField(required=False)

    @property
    def chosen(self) -> UUID | None:
        return self.cleaned_data.get("expertise") if self.is_valid() else None
