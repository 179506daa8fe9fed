"""The shape of what is typed and tapped in a plan."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from hendig.audit.forms import Form
from hendig.families.forms import AboutField, CarefulForm
from hendig.families.queries.about import Named
from hendig.kernel.periods import AMSTERDAM
from hendig.plans.models import Onward, Reason
from hendig.plans.queries import Helper, QuestionView

EVERYONE = "all"
SOMEBODY_ELSE = "else"


class QuestionForm(CarefulForm):
    """Asks to which question something belongs, only when there is more than one."""

    request_id = forms.ChoiceField(label=_("Bij welke vraag hoort dit?"), widget=forms.RadioSelect)

    def __init__(self, *args: Any, questions: Sequence[QuestionView], **options: Any) -> None:
        super().__init__(*args, **options)
        chosen = self.fields["request_id"]
        assert isinstance(chosen, forms.ChoiceField)
        chosen.choices = [(str(one.id), one.result or one.words[:80]) for one in questions]
        if len(questions) == 1:
            chosen.initial = str(questions[0].id)
            chosen.widget = forms.HiddenInput()


class GoalForm(QuestionForm):
    shared_texts = ("words",)
    words = forms.CharField(
        label=_("Wat wilt u bereiken?"),
        max_length=300,
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": _("Schrijf in een paar woorden wat u wilt bereiken.")},
    )
    member_id = forms.ChoiceField(label=_("Voor wie?"), widget=forms.RadioSelect, initial=EVERYONE)

    def __init__(self, *args: Any, members: Sequence[tuple[str, str]], **options: Any) -> None:
        super().__init__(*args, **options)
        whose = self.fields["member_id"]
        assert isinstance(whose, forms.ChoiceField)
        whose.choices = [(EVERYONE, _("Ons allemaal")), *members]

    def clean_member_id(self) -> str | None:
        member = str(self.cleaned_data["member_id"])
        return None if member == EVERYONE else member


class TaskForm(QuestionForm):
    shared_texts = ("what", "somebody")
    what = forms.CharField(
        label=_("Wat gaat er gebeuren?"),
        max_length=300,
        error_messages={"required": _("Schrijf op wat er gaat gebeuren.")},
    )
    helper = forms.ChoiceField(
        label=_("Wie doet het?"),
        widget=forms.RadioSelect,
        error_messages={"required": _("Kies wie het doet.")},
    )
    somebody = forms.CharField(label=_("Iemand anders: wie?"), max_length=80, required=False)
    by = forms.DateField(label=_("Wanneer is het klaar?"), required=False)
    about = AboutField()

    def __init__(
        self, *args: Any, helpers: Sequence[Helper], members: Iterable[Named], **options: Any
    ) -> None:
        super().__init__(*args, **options)
        self.fields["about"].offer(members, None)  # type: ignore[attr-defined]
        self._helpers = {helper.key: helper for helper in helpers}
        who = self.fields["helper"]
        assert isinstance(who, forms.ChoiceField)
        who.choices = [(one.key, one.name) for one in helpers] + [(SOMEBODY_ELSE, _("Iemand anders"))]
        if named := self.initial.get("who"):
            known = {one.name.casefold(): one.key for one in helpers}
            who.initial = known.get(named.casefold(), SOMEBODY_ELSE)
            self.fields["somebody"].initial = "" if named.casefold() in known else named

    def clean(self) -> dict[str, Any]:
        """Who does it, as a name and maybe an account."""
        data = super().clean() or self.cleaned_data
        key, somebody = data.pop("helper", None), data.pop("somebody", "")
        helper = self._helpers.get(key or "")
        if helper is not None:
            return {**data, "who": helper.name, "account_id": helper.account_id}
        if key and not somebody:
            self.add_error("somebody", _("Schrijf op wie het doet."))
        return {**data, "who": somebody, "account_id": None}


class AppointmentForm(CarefulForm):
    shared_places = ("place",)
    day = forms.DateField(label=_("Welke dag?"), error_messages={"required": _("Kies een dag.")})
    time = forms.TimeField(label=_("Hoe laat?"), error_messages={"required": _("Kies een tijd.")})
    minutes = forms.TypedChoiceField(
        label=_("Hoe lang?"),
        coerce=int,
        initial=60,
        widget=forms.RadioSelect,
        choices=[(45, _("45 minuten")), (60, _("1 uur")), (90, _("1,5 uur")), (120, _("2 uur"))],
    )
    repeat_weeks = forms.TypedChoiceField(
        label=_("Hoe vaak?"),
        coerce=int,
        initial=0,
        widget=forms.RadioSelect,
        choices=[
            (0, _("Eén keer")),
            (4, _("4 weken lang")),
            (8, _("8 weken lang")),
            (12, _("12 weken lang")),
        ],
    )
    place = forms.CharField(label=_("Waar?"), max_length=80, required=False)
    in_group = forms.BooleanField(label=_("In een groep, met andere gezinnen"), required=False)

    def clean(self) -> dict[str, Any]:
        """Day and time as one moment, by the clock on the wall in the Netherlands."""
        data = super().clean() or self.cleaned_data
        day, time = data.pop("day", None), data.pop("time", None)
        if day and time:
            data["starts_at"] = datetime.combine(day, time, AMSTERDAM)
        return data


class ScoreForm(Form):
    value = forms.IntegerField(min_value=1, max_value=10)


class FeltForm(Form):
    felt = forms.IntegerField(min_value=1, max_value=5)


class TurnForm(Form):
    on = forms.TypedChoiceField(choices=[("1", "1"), ("0", "0")], coerce=lambda typed: typed == "1")


class EndForm(CarefulForm):
    shared_texts = ("looking_back", "if_it_returns")
    reason = forms.ChoiceField(
        label=_("Waarom stopt de hulp?"),
        choices=Reason.choices,
        widget=forms.RadioSelect,
        error_messages={"required": _("Kies waarom de hulp stopt.")},
    )
    looking_back = forms.CharField(
        label=_("Waar kijken we op terug?"),
        max_length=1000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    if_it_returns = forms.CharField(label=_("Wat doen we als het terugkomt?"), max_length=300, required=False)


class OutcomeForm(Form):
    useful = forms.IntegerField(
        min_value=1, max_value=10, error_messages={"required": _("Kies een cijfer van 1 tot 10.")}
    )
    onward = forms.ChoiceField(
        choices=Onward.choices,
        widget=forms.RadioSelect,
        error_messages={"required": _("Kies wat nu het beste past.")},
    )
