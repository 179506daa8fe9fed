from django import forms


class LogForm(forms.Form):
    kind = forms.ChoiceField(choices=[("change", ""), ("look", ""), ("refusal", "")], required=False)
    before = forms.UUIDField(required=False)
