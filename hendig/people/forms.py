from collections.abc import Callable
from typing import Any, Self
from uuid import UUID

from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from hendig.audit.forms import Form, Request
from hendig.kernel.actor import Role
from hendig.kernel.periods import local_day
from hendig.people.models import EndReason, Profession, Register, Source
from hendig.people.queries.registrations import ProfessionalPage
from hendig.people.queries.roles import RoleChoices
from hendig.people.rules import SPENT

NO_DAY = {"invalid": _("Deze datum kan niet."), "required": _("Schrijf op welke dag u dit nakeek.")}


class SignInForm(Form):
    email = forms.EmailField(label=_("Uw e-mailadres"))


class CodeForm(Form):
    code = forms.CharField(
        label=_("De code uit de mail"),
        max_length=12,
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "one-time-code"}),
    )

    @property
    def spent(self) -> bool:
        """Whether no code that is typed here helps any more: the page offers a new one and nothing else."""
        return self.is_bound and any(no.code in SPENT for no in self.non_field_errors().as_data())


class ColleagueForm(Form):
    email = forms.EmailField(label=_("Het e-mailadres van uw collega"))
    seen = forms.BooleanField(
        label=_("Ik heb mijn collega gezien of gesproken en weet zeker wie het is."),
        error_messages={"required": _("Vergewis u eerst van wie het is: zie of bel uw collega zelf.")},
    )


class FactorForm(Form):
    code = forms.CharField(
        label=_("De code uit uw app"),
        max_length=20,
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "one-time-code"}),
    )


class PasskeyForm(Form):
    answer = forms.JSONField(label=_("Passkey"), widget=forms.HiddenInput)


class RoleForm(Form):
    first_name = forms.CharField(label=_("Voornaam"), max_length=60)
    last_name = forms.CharField(label=_("Achternaam"), max_length=80)
    email = forms.EmailField(
        label=_("E-mailadres"),
        error_messages={"invalid": _("Dit e-mailadres klopt niet. Het lijkt op: naam@voorbeeld.nl.")},
    )
    role = forms.TypedChoiceField(
        label=_("Rol"),
        coerce=Role,
        widget=forms.RadioSelect,
        error_messages={"required": _("Kies een rol.")},
    )
    partner_id = forms.TypedChoiceField(label=_("Partner"), coerce=UUID, empty_value=None, required=False)
    title = forms.CharField(label=_("Functie"), max_length=80, required=False)
    can_do = forms.CharField(label=_("Wat kan deze beroepskracht?"), max_length=300, required=False)
    expertises = forms.MultipleChoiceField(
        label=_("Expertises"), widget=forms.CheckboxSelectMultiple, required=False
    )

    def __init__(self, *args: Any, offers: RoleChoices, **options: Any) -> None:
        super().__init__(*args, **options)
        names = {"role": offers.roles, "partner_id": offers.partners, "expertises": offers.expertises}
        for name, choices in names.items():
            self.fields[name].choices = choices  # type: ignore[attr-defined]
        where = self.fields["partner_id"]
        if not offers.for_office:
            where.choices = [("", _("de gemeente zelf")), *offers.partners]  # type: ignore[attr-defined]
            del self.fields["can_do"], self.fields["expertises"]
        elif len(offers.partners) == 1:
            where.initial, where.required, where.widget = offers.partners[0][0], True, forms.HiddenInput()


class StopRoleForm(Form):
    why = forms.TypedChoiceField(
        label=_("Waarom stopt deze rol?"),
        choices=EndReason.choices,
        coerce=EndReason,
        widget=forms.RadioSelect,
        error_messages={"required": _("Kies waarom deze rol stopt.")},
    )


class LookForm(Form):
    colour = forms.CharField(
        label=_("De kleur van de gemeente"), max_length=7, widget=forms.TextInput(attrs={"type": "color"})
    )

    def clean_colour(self) -> str:
        return str(self.cleaned_data["colour"]).strip().lower()


class LanguageForm(Form):
    language = forms.ChoiceField(choices=settings.LANGUAGES)
    next = forms.CharField(required=False, max_length=300)


class CheckedForm(Form):
    """How and on which day it was looked up."""

    source = forms.ChoiceField(
        label=_("Hoe weet u dit?"),
        choices=[one for one in Source.choices if one[0] != Source.EARLIER],
        widget=forms.RadioSelect,
        initial=Source.REGISTER.value,
        error_messages={"required": _("Kies hoe u dit weet.")},
    )
    checked_on = forms.DateField(
        label=_("Nagekeken op"), widget=forms.DateInput(format="%Y-%m-%d"), error_messages=NO_DAY
    )


class RegistrationForm(Form):
    """Somebody stands in a register; who answers for it says how that is known."""

    register = forms.ChoiceField(
        label=_("Welk register?"),
        choices=Register.choices,
        widget=forms.RadioSelect,
        error_messages={"required": _("Kies in welk register deze persoon staat.")},
    )
    other = forms.CharField(label=_("Hoe heet dat andere register?"), max_length=60, required=False)
    profession = forms.ChoiceField(
        label=_("Als wat in het BIG-register?"), choices=[("", "–"), *Profession.choices], required=False
    )
    number = forms.CharField(
        label=_("Nummer"),
        max_length=20,
        error_messages={
            "required": _("Schrijf het nummer uit het register op."),
            "max_length": _("Zo lang is geen nummer. Kijk het na."),
        },
    )
    until = forms.DateField(
        label=_("Geldt tot en met"),
        widget=forms.DateInput(format="%Y-%m-%d"),
        required=False,
        error_messages=NO_DAY,
    )


class KeptRegistrationForm(CheckedForm, RegistrationForm):
    field_order = ("register", "other", "profession", "number", "until", "source", "checked_on")


class ExpertisesForm(Form):
    expertise_ids = forms.TypedMultipleChoiceField(
        label=_("Waarvoor kan deze persoon gevraagd worden?"),
        coerce=UUID,
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": _("Kies ten minste één expertise.")},
    )

    def __init__(self, *args: Any, page: ProfessionalPage, **options: Any) -> None:
        super().__init__(*args, **options)
        field = self.fields["expertise_ids"]
        assert isinstance(field, forms.TypedMultipleChoiceField)
        asks = _("%(name)s (registratie nodig)")
        field.choices = [
            (str(pk), asks % {"name": name} if strict else name) for pk, name, strict in page.expertises
        ]
        field.initial = [str(pk) for pk in page.can]


class ReasonForm(Form):
    reason = forms.CharField(
        label=_("Waarom kan het zonder registratie?"),
        widget=forms.Textarea(attrs={"rows": 2}),
        max_length=300,
        error_messages={
            "required": _("Schrijf in één zin waarom het zonder registratie kan."),
            "max_length": _("Dit is te lang. Zeg het in één of twee zinnen."),
        },
    )


class OfProfessional:
    """The forms about one professional, one of which may have been sent: it says by `do` which."""

    def __init__(self, request: Request, page: ProfessionalPage) -> None:
        self.name = request.POST.get("do", "") if request.method == "POST" else ""
        kind = KeptRegistrationForm if page.keeps else RegistrationForm
        today = {"checked_on": local_day(request.at)}
        made: dict[str, Callable[..., Form]] = {
            "registration": lambda data: kind(data, initial=today, auto_id="id_r_%s"),
            "expertises": lambda data: ExpertisesForm(data, page=page, auto_id="id_e_%s"),
            "reason": lambda data: ReasonForm(data, auto_id="id_u_%s"),
        }
        self.of_name = {
            name: make(request.POST if name == self.name else None) for name, make in made.items()
        }
        self.registration, self.expertises, self.reason = self.of_name.values()

    @classmethod
    def of(cls, request: Request, page: ProfessionalPage) -> Self:
        return cls(request, page)

    @property
    def sent(self) -> Form | None:
        return self.of_name.get(self.name)

    @property
    def asked(self) -> dict[str, Any]:
        assert self.sent is not None
        return self.sent.cleaned_data

    def done(self, act: Callable[[], object]) -> object | None:
        return None if self.sent is None else self.sent.done(act)

    @property
    def http_status(self) -> int:
        return self.sent.http_status if self.sent else 200
