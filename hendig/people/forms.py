from typing import Any
from uuid import UUID

from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from hendig.audit.forms import Form
from hendig.kernel.actor import Role
from hendig.people.models import EndReason
from hendig.people.queries.roles import RoleChoices


class SignInForm(Form):
    email = forms.EmailField(label=_("Uw e-mailadres"))


class CodeForm(Form):
    code = forms.CharField(
        label=_("De code uit de mail"),
        max_length=12,
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "one-time-code"}),
    )


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


class LanguageForm(Form):
    language = forms.ChoiceField(choices=settings.LANGUAGES)
    next = forms.CharField(required=False, max_length=300)
