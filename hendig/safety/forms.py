"""The shape of what is typed about safety."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import fields
from typing import Any
from uuid import UUID

from django import forms
from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from hendig.audit.forms import Form
from hendig.safety.models import (
    Abroad,
    Asker,
    Category,
    Concerned,
    DataKind,
    ErasureWhy,
    Found,
    Law,
    Misplaced,
    Nature,
    NotTold,
    Outcome,
    Step,
)
from hendig.safety.queries.addresses import AddressPage
from hendig.safety.queries.breaches import Person
from hendig.safety.queries.concerns import ChildOf, Colleague
from hendig.safety.queries.own import OwnPage
from hendig.safety.queries.pieces import Piece
from hendig.safety.queries.reached import Reached, Search
from hendig.safety.rules import FOUND, Told


def _area(rows: int) -> forms.Textarea:
    return forms.Textarea(attrs={"rows": rows})


class EmergencyForm(Form):
    first_name = forms.CharField(label=_("Voornaam van het kind"), max_length=60)
    last_name = forms.CharField(label=_("Achternaam"), max_length=80)
    born_on = forms.DateField(
        label=_("Geboortedatum"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )
    beside = forms.CharField(
        label=_("Voornaam van een ouder of verzorger die bij het kind is"), max_length=60, required=False
    )
    category = forms.TypedChoiceField(
        label=_("Wat is het gevaar?"), choices=Category.choices, coerce=Category, widget=forms.RadioSelect
    )
    reason = forms.CharField(
        label=_("Waarom kan dit niet wachten?"),
        max_length=1000,
        min_length=10,
        widget=_area(3),
        error_messages={
            "required": _("Schrijf in een paar woorden waarom dit niet kan wachten."),
            "min_length": _("Schrijf iets meer: iemand anders leest dit na."),
        },
    )


class JudgeForm(Form):
    outcome = forms.TypedChoiceField(
        label=_("Was dit terecht?"), choices=Outcome.choices, coerce=Outcome, widget=forms.RadioSelect
    )
    note = forms.CharField(label=_("Toelichting"), max_length=1000, required=False, widget=_area(3))


class ConcernForm(Form):
    record_id = forms.TypedChoiceField(label=_("Over welk kind?"), coerce=UUID, widget=forms.RadioSelect)
    about = forms.CharField(
        label=_("Wat maakt u zorgen?"),
        max_length=300,
        widget=_area(2),
        error_messages={"required": _("Schrijf in een paar woorden wat u zorgen maakt.")},
    )

    def __init__(self, *args: Any, children: Sequence[ChildOf], **options: Any) -> None:
        super().__init__(*args, **options)
        whose = self.fields["record_id"]
        whose.choices = [(str(child.record_id), child.name) for child in children]  # type: ignore[attr-defined]
        if len(children) == 1:
            whose.initial, whose.widget = str(children[0].record_id), forms.HiddenInput()


STEP_LABELS = {
    Step.SIGNALS: _("Wat zag of hoorde u?"),
    Step.CONSULT: _("Wat kwam er uit het overleg?"),
    Step.TALK: _("Hoe ging het gesprek? Of waarom was er geen?"),
    Step.WEIGH: _("Hoe weegt u dit, en waarom?"),
    Step.DECIDE: _("Wat besluit u, en waarom?"),
}


class StepForm(Form):
    found = forms.TypedChoiceField(label=_("Wat kwam eruit?"), coerce=Found, widget=forms.RadioSelect)
    words = forms.CharField(
        max_length=4000,
        widget=_area(4),
        error_messages={"required": _("Schrijf dit op. Een paar zinnen zijn genoeg.")},
    )
    done_on = forms.DateField(
        label=_("Op welke dag?"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )

    def __init__(self, *args: Any, step: Step, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["words"].label = STEP_LABELS[step]
        found = self.fields["found"]
        found.choices = [(one.value, one.label) for one in FOUND[step]]  # type: ignore[attr-defined]
        if len(FOUND[step]) == 1:
            found.initial, found.widget = FOUND[step][0].value, forms.HiddenInput()


class ToldForm(Form):
    words = forms.CharField(
        label=_("Wat vertelde deze persoon?"),
        max_length=4000,
        widget=_area(5),
        error_messages={"required": _("Schrijf op wat er verteld is. Een paar zinnen zijn genoeg.")},
    )
    role = forms.CharField(
        label=_("Wie is dat voor het gezin?"),
        max_length=120,
        error_messages={"required": _("Schrijf op wie dit voor het gezin is, bijvoorbeeld: buurvrouw.")},
    )
    name = forms.CharField(label=_("Naam"), max_length=120, required=False)
    told_on = forms.DateField(
        label=_("Op welke dag?"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )


class TakeBackForm(Form):
    why = forms.TypedChoiceField(
        label=_("Waarom neemt u het terug?"),
        choices=Misplaced.choices,
        coerce=Misplaced,
        widget=forms.RadioSelect,
        error_messages={"required": _("Kies waarom u het terugneemt.")},
    )


class OwnFamilyForm(Form):
    successor_id = forms.TypedChoiceField(
        label=_("Wie gaat met dit gezin verder?"),
        coerce=UUID,
        error_messages={"required": _("Kies welke collega met dit gezin verder gaat.")},
    )

    def __init__(self, *args: Any, page: OwnPage, **options: Any) -> None:
        super().__init__(*args, **options)
        if page.colleagues:
            choices = [("", _("Kies een collega")), *page.colleagues]
            self.fields["successor_id"].choices = choices  # type: ignore[attr-defined]
        else:
            del self.fields["successor_id"]


class NameForm(Form):
    account_id = forms.TypedChoiceField(
        label=_("Wie denkt mee?"),
        coerce=UUID,
        error_messages={"required": _("Kies een collega.")},
    )

    def __init__(self, *args: Any, colleagues: Sequence[Colleague], **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["account_id"].choices = [(str(one.account_id), one.name) for one in colleagues]  # type: ignore[attr-defined]


class AccountForm(Form):
    account_id = forms.UUIDField()


class HoldForm(Form):
    until_on = forms.DateField(
        label=_("Tot en met welke dag?"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )


class LegalForm(Form):
    asker = forms.TypedChoiceField(
        label=_("Wie vraagt dit?"), choices=Asker.choices, coerce=Asker, widget=forms.RadioSelect
    )
    who = forms.CharField(label=_("Naam en functie van wie vraagt"), max_length=200)
    asked_on = forms.DateField(
        label=_("Datum van de brief"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )
    law = forms.TypedChoiceField(
        label=_("Op grond van welke wet?"), choices=Law.choices, coerce=Law, widget=forms.RadioSelect
    )
    weighing = forms.CharField(
        label=_("Waarom is dit nodig, en kan het niet met minder?"),
        max_length=4000,
        widget=_area(5),
        error_messages={"required": _("Schrijf op waarom dit nodig is, en waarom het niet met minder kan.")},
    )
    pieces = forms.MultipleChoiceField(
        label=_("Welke stukken gaan weg?"),
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": _("Kies eerst wat er weg mag. Alles geven kan niet.")},
    )

    def __init__(self, *args: Any, pieces: Sequence[Piece], **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["pieces"].choices = [(piece.key, piece.title) for piece in pieces]  # type: ignore[attr-defined]


class AgreeForm(Form):
    agreed = forms.TypedChoiceField(choices=[("1", "1"), ("0", "0")], coerce=lambda typed: typed == "1")


NOBODY, ONLY_ADDRESS, EVERYTHING = "", "address", "all"


class SecretForm(Form):
    member_id = forms.TypedChoiceField(label=_("Van wie is het adres geheim?"), coerce=UUID)
    named = forms.TypedMultipleChoiceField(
        label=_("Wie mag het adres zien, behalve u?"),
        coerce=UUID,
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    blocked = forms.TypedChoiceField(
        label=_("Wie mag het zeker niet weten?"), coerce=UUID, required=False, empty_value=None
    )
    how = forms.ChoiceField(
        label=_("Wat gaat er voor deze persoon dicht?"),
        required=False,
        # The stricter one: what is told of school, club or a place to meet leads to an address as well.
        initial=EVERYTHING,
        choices=[
            (EVERYTHING, _("het hele dossier")),
            (
                ONLY_ADDRESS,
                _("alleen het adres; wat er staat over school, hulp en afspraken blijft te lezen"),
            ),
        ],
        widget=forms.RadioSelect,
    )

    def __init__(self, *args: Any, page: AddressPage, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["member_id"].choices = [(str(one.member_id), one.name) for one in page.members]  # type: ignore[attr-defined]
        self.fields["named"].choices = [(str(one.account_id), one.name) for one in page.others]  # type: ignore[attr-defined]
        family = [(str(one.account_id), one.name) for one in page.members if one.account_id]
        self.fields["blocked"].choices = [("", _("Niemand in het bijzonder")), *family]  # type: ignore[attr-defined]
        if not page.others:
            del self.fields["named"]

    def chosen(self) -> dict[str, Any]:
        """The same as arguments of the action."""
        data = self.cleaned_data
        return {
            "member_id": data["member_id"],
            "named": data.get("named", []),
            "blocked": data["blocked"],
            "everything": data["how"] == EVERYTHING,
        }


class DestroyForm(Form):
    record_id = forms.UUIDField(
        label=_("Nummer van het dossier"),
        error_messages={"invalid": _("Dit is geen nummer van een dossier.")},
    )
    why = forms.TypedChoiceField(
        label=_("Waarom?"), choices=ErasureWhy.choices, coerce=ErasureWhy, widget=forms.RadioSelect
    )


def _moment() -> forms.DateTimeInput:
    return forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M")


class PeriodForm(Form):
    """Whose looks, or of which record, and between which moments: what the form is filled with first."""

    who = forms.TypedChoiceField(
        label=_("Wie keek of deed iets dat niet mocht?"), coerce=UUID, required=False, empty_value=None
    )
    of_record_id = forms.UUIDField(
        label=_("Gaat het om één dossier? Vul het nummer in"),
        required=False,
        error_messages={"invalid": _("Dit is geen nummer van een dossier.")},
    )
    from_at = forms.DateTimeField(label=_("Sinds wanneer?"), widget=_moment())
    until_at = forms.DateTimeField(label=_("Tot wanneer?"), widget=_moment())

    def __init__(self, *args: Any, people: Sequence[Person], **options: Any) -> None:
        super().__init__(*args, **options)
        names = [(str(one.account_id), one.name) for one in people]
        self.fields["who"].choices = [("", _("Niemand in het bijzonder")), *names]  # type: ignore[attr-defined]

    def search(self) -> Search:
        data = self.cleaned_data
        return Search(data["who"], data["of_record_id"], data["from_at"], data["until_at"])


class BeforeForm(forms.Form):
    """From where the register goes on."""

    voor = forms.UUIDField(required=False)


class SeenForm(Form):
    """Which words of a breach stood on the page while something was added to it."""

    seen_id = forms.UUIDField()


def _tick_all(label: Any, choices: type[TextChoices]) -> forms.MultipleChoiceField:
    return forms.MultipleChoiceField(
        label=label, choices=choices.choices, required=False, widget=forms.CheckboxSelectMultiple
    )


def _tick_one(label: Any, choices: type[TextChoices]) -> forms.ChoiceField:
    return forms.ChoiceField(label=label, choices=choices.choices, required=False, widget=forms.RadioSelect)


def _words(label: Any, rows: int = 2) -> forms.CharField:
    return forms.CharField(label=label, max_length=1000, required=False, widget=_area(rows))


def _many(label: Any) -> forms.IntegerField:
    return forms.IntegerField(
        label=label,
        min_value=0,
        max_value=10_000_000,
        required=False,
        error_messages={"invalid": _("Vul een getal in.")},
    )


class BreachForm(PeriodForm):
    """What articles 33 and 34 ask; only when it was found and what happened must be known at once."""

    found_at = forms.DateTimeField(label=_("Wanneer ontdekt?"), widget=_moment())
    what = forms.CharField(
        label=_("Wat gebeurde er? Schrijf geen namen."),
        max_length=1000,
        widget=_area(3),
        error_messages={"required": _("Schrijf op wat er gebeurde.")},
    )
    nature = _tick_all(_("Wat gebeurde er met de gegevens?"), Nature)
    concerned = _tick_all(_("Van wie zijn de gegevens?"), Concerned)
    people_about = _many(_("Om ongeveer hoeveel mensen gaat het?"))
    data_kinds = _tick_all(_("Om welke gegevens gaat het?"), DataKind)
    records_about = _many(_("Om ongeveer hoeveel dossiers gaat het?"))
    contact = forms.CharField(label=_("Bij wie kan iemand meer horen?"), max_length=200, required=False)
    effects = _words(_("Wat kan dit betekenen voor wie het betreft?"))
    measures = _words(_("Wat is er gedaan, en wat gebeurt er nog?"))
    abroad = _tick_one(_("Raakt het mensen in een ander land van de EU?"), Abroad)
    abroad_where = forms.CharField(label=_("In welke landen?"), max_length=200, required=False)
    to_authority = forms.BooleanField(
        label=_("Melden bij de Autoriteit Persoonsgegevens"), required=False, initial=True
    )
    reported_at = forms.DateTimeField(label=_("Wanneer gemeld?"), required=False, widget=_moment())
    reference = forms.CharField(label=_("Kenmerk van de melding"), max_length=60, required=False)
    late_why = _words(_("Waarom later dan 72 uur?"))
    not_reported_why = _words(_("Waarom niet melden?"))
    to_people = forms.BooleanField(label=_("Vertellen aan wie het betreft"), required=False)
    told_on = forms.DateField(
        label=_("Op welke dag verteld?"),
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )
    not_told = _tick_one(_("Waarom horen zij het niet?"), NotTold)
    not_told_why = _words(_("Leg uit waarom zij het niet horen"))

    def said(self) -> dict[str, Any]:
        """The same as arguments of the action."""
        data = self.cleaned_data
        told = Told(**{one.name: data[one.name] for one in fields(Told)})
        return {"who": data["who"], "of_record_id": data["of_record_id"], "told": told}

    def typed(self) -> dict[str, Any]:
        """What was typed until now, as it came: to be shown again whether or not it is complete."""
        return {
            name: field.widget.value_from_datadict(self.data, self.files, name)
            for name, field in self.fields.items()
        }


def filled(typed: dict[str, Any], log: Reached) -> dict[str, Any]:
    """What was typed, with what the log says where nothing was typed yet."""
    of_family = [Concerned.CHILDREN.value, Concerned.PARENTS.value] if log.reach.families else []
    known = {
        "data_kinds": list(log.data),
        "concerned": of_family,
        "people_about": log.people,
        "records_about": log.reach.records,
    }
    return typed | {name: value for name, value in known.items() if value and not typed.get(name)}
