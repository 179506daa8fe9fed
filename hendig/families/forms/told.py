"""What a child told is written down: which child, the words, and why it is kept."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django import forms
from django.utils.translation import gettext_lazy as _

from hendig.families.forms.further import FurtherForm
from hendig.families.queries.told import Tellers


class ToldForm(FurtherForm):
    record_id = forms.TypedChoiceField(
        label=_("Wie vertelde dit?"),
        coerce=UUID,
        empty_value=None,
        widget=forms.RadioSelect,
        error_messages={"required": _("Kies wie dit vertelde.")},
    )
    words = forms.CharField(
        label=_("Wat vertelde het kind?"),
        max_length=4000,
        widget=forms.Textarea,
        error_messages={"required": _("Schrijf eerst iets op.")},
    )

    def __init__(self, *args: Any, page: Tellers, **options: Any) -> None:
        super().__init__(*args, **options)
        who = self.fields["record_id"]
        assert isinstance(who, forms.TypedChoiceField)
        who.choices = [(str(one.record_id), one.first_name) for one in page.children]
        if len(page.children) == 1:
            who.initial = str(page.children[0].record_id)
            who.widget = forms.HiddenInput()
