from django import forms
from django.utils.translation import gettext_lazy as _


class LogForm(forms.Form):
    kind = forms.ChoiceField(choices=[("change", ""), ("look", ""), ("refusal", "")], required=False)
    before = forms.UUIDField(required=False)


class SealForm(forms.Form):
    code = forms.CharField(label=_("Het zegel"), max_length=120, required=False)
