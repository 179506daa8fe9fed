"""Why work of the registered can be somebody else's: asked once, and only when it is not known yet."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from hendig.audit.forms import Form
from hendig.tents.forms.table import LINE_FULL


class UnlessForm(Form):
    """A form by which somebody is chosen who perhaps is not registered."""

    unless = forms.CharField(
        label=_("Waarom kan het zonder registratie?"),
        widget=forms.Textarea(attrs={"rows": 2}),
        max_length=300,
        required=False,
        error_messages=LINE_FULL,
    )

    @property
    def asks_unless(self) -> bool:
        """Only when somebody is asked for whom it is not known yet."""
        refused = {error.code for error in self.non_field_errors().as_data()} if self.is_bound else set()
        return "tent.no_registration" in refused or bool(self.data.get("unless"))
