from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from hendig.audit.forms import Form


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


class LanguageForm(Form):
    language = forms.ChoiceField(choices=settings.LANGUAGES)
    next = forms.CharField(required=False, max_length=300)
