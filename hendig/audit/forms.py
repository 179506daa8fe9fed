"""The shape of every form: it carries a key, keeps what was typed, and shows a refusal in words."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime
from typing import Any, Self, TypeVar
from uuid import UUID, uuid4

from django import forms
from django.core.exceptions import ValidationError
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from hendig.kernel.actor import Actor
from hendig.kernel.periods import CALENDAR
from hendig.kernel.refusal import Refused

T = TypeVar("T")

# A field that holds more letters than that holds words, and no code or number.
LONGEST_CODE = 42
TOO_LONG = _("Dit is te lang: er passen %(limit_value)d letters in, en het zijn er %(show_value)d.")


class Request(HttpRequest):
    """A request that knows who asks and at what moment: both set once, at the edge."""

    actor: Actor
    at: datetime
    accent: str  # the colour of the municipality that one sees
    came: int  # milliseconds since 1970: what changed before it, its page shows
    me: Any
    known: Any  # who signed in but must show more first; None otherwise
    asks: Any
    comer: Any  # the system that came in with a token; None for whoever else


def in_the_calendar(day: date) -> None:
    """A year that nobody means is said in the words that the field has for what is no day."""
    if not CALENDAR.covers(day.date() if isinstance(day, datetime) else day):
        raise ValidationError(_("Deze datum bestaat niet. Kies een dag."), code="invalid")


class Form(forms.Form):
    """Typed text stays on the page whatever happens; `key` makes a second post of it harmless."""

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        for field in self.fields.values():
            if isinstance(field, forms.DateField | forms.DateTimeField):
                field.validators.append(in_the_calendar)
            if isinstance(field, forms.CharField) and (field.max_length or 0) > LONGEST_CODE:
                # A browser that was told how many would cut off what is pasted, without a word.
                field.widget.attrs.pop("maxlength", None)
                field.error_messages.setdefault("max_length", TOO_LONG)

    @property
    def key(self) -> str:
        """The idempotency key: the one that was posted, or a new one."""
        posted = self.data.get("_key") if self.is_bound else None
        try:
            return str(UUID(posted)) if posted else str(uuid4())
        except ValueError:
            return str(uuid4())

    @classmethod
    def of(cls, request: HttpRequest, **options: Any) -> Self:
        """Bound to what was posted, else empty."""
        sent = request.method == "POST"
        return cls(request.POST if sent else None, request.FILES if sent else None, **options)

    def done(self, act: Callable[[], T]) -> T | None:
        """The result of `act`; None when the input has errors or a rule refused; the page then says why."""
        if not self.is_valid():
            return None
        try:
            return act()
        except Refused as no:
            self.add_error(None, ValidationError(str(no.refusal.message), code=no.refusal.code))
            return None

    @property
    def http_status(self) -> int:
        """200 for a page that asks, 422 for one that could not do what was asked."""
        return 422 if self.is_bound and self.errors else 200
