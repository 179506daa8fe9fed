"""The one field for a file: what comes out of it was let in (`adapters/door.py`); its name is never read."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from hendig.files.adapters.door import let_in
from hendig.files.rules import TOO_LARGE, Brought, Welcome
from hendig.kernel.refusal import Refused


class Upload(forms.FileField):
    """A file that is welcome here, or a sentence why not. No more is read than may be kept."""

    def __init__(self, *, welcome: Welcome, **options: Any) -> None:
        self.welcome = welcome
        too_large = TOO_LARGE[welcome.megabytes]
        attrs = {"accept": welcome.accept, "data-most": str(welcome.most_bytes), "data-too-large": too_large}
        widget = forms.FileInput(attrs=attrs)
        super().__init__(allow_empty_file=True, widget=widget, **options)

    def to_python(self, data: Any) -> Brought | None:  # type: ignore[override]  # not the file, but what was let in
        if data in self.empty_values:
            return None
        try:
            return let_in(data.read(self.welcome.most_bytes + 1), self.welcome)
        except Refused as no:
            raise ValidationError(str(no.refusal.message), code=no.refusal.code) from no
