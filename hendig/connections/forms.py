"""Which system, for what and until when; and what a system sends, in the shape that the API asks."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from uuid import UUID

from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import RegexValidator
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from hendig.audit.forms import Form, Request
from hendig.billing.models import MOST_NUMBER
from hendig.connections.adapters.openapi import CSV, XLSX, XML
from hendig.connections.models import Purpose
from hendig.connections.queries import Offer
from hendig.connections.rules import LONGEST, role_of
from hendig.files.adapters.door import let_in
from hendig.files.rules import EINVOICE, SPREADSHEET, Brought, Welcome
from hendig.kernel.actor import Role
from hendig.kernel.periods import local_day


class ConnectionForm(Form):
    name = forms.CharField(
        label=_("Hoe heet het systeem?"),
        max_length=60,
        error_messages={"required": _("Geef het systeem een naam.")},
    )
    purposes = forms.TypedMultipleChoiceField(
        label=_("Waarvoor komt het binnen?"),
        coerce=Purpose,
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": _("Kies waarvoor het systeem binnenkomt.")},
    )
    partner_id = forms.TypedChoiceField(label=_("Partner"), coerce=UUID, empty_value=None, required=False)
    until_on = forms.DateField(
        label=_("Tot en met"),
        error_messages={
            "required": _("Kies een dag."),
            "invalid": _("Deze datum bestaat niet. Kies een dag."),
        },
    )

    def __init__(self, *args: Any, offer: Offer, **options: Any) -> None:
        super().__init__(*args, **options)
        what, who = self.fields["purposes"], self.fields["partner_id"]
        what.choices = offer.purposes  # type: ignore[attr-defined]
        who.choices = offer.partners  # type: ignore[attr-defined]
        if not offer.partners:
            del self.fields["partner_id"]
        elif len(offer.partners) == 1:
            who.initial, who.widget = offer.partners[0][0], forms.HiddenInput()

    @classmethod
    def asked(cls, request: Request, offer: Offer) -> ConnectionForm:
        """A year from now, unless somebody says otherwise."""
        return cls.of(
            request, offer=offer, initial={"until_on": local_day(request.at) + LONGEST - timedelta(days=1)}
        )

    def clean(self) -> dict[str, Any]:
        """Finance is of no partner; an office is of one."""
        said = super().clean() or {}
        if role_of(said.get("purposes") or []) == Role.FINANCE:
            said["partner_id"] = None
        elif "partner_id" in self.fields and said.get("partner_id") is None:
            self.add_error("partner_id", ValidationError(_("Kies een partner."), code="required"))
        return said


# --- what a system asks -----------------------------------------------------------------------------------

WELCOME: dict[str, Welcome] = {XML: EINVOICE, "text/xml": EINVOICE, CSV: SPREADSHEET, XLSX: SPREADSHEET}
_PRINTED = RegexValidator(r"^[\x21-\x7e]{1,64}\Z")


class SendQuery(forms.Form):
    """What goes along with a file: the number of the invoice where the file does not say it, and a key."""

    number = forms.CharField(max_length=MOST_NUMBER, required=False)
    key = forms.CharField(required=False, validators=[_PRINTED])

    @classmethod
    def of(cls, request: HttpRequest) -> SendQuery:
        return cls(
            {"number": request.GET.get("number", ""), "key": request.headers.get("Idempotency-Key", "")}
        )


class InvoicesQuery(forms.Form):
    after = forms.UUIDField(required=False)
    limit = forms.IntegerField(min_value=1, max_value=100, required=False)
    number = forms.CharField(max_length=64, required=False)
    idempotencyKey = forms.CharField(required=False, validators=[_PRINTED])  # noqa: N815 - as the API says it


class MonthQuery(forms.Form):
    month = forms.DateField(input_formats=["%Y-%m"])


class ReferenceQuery(forms.Form):
    reference = forms.CharField(validators=[RegexValidator(r"^[\w./-]{1,35}\Z")])


@dataclass(frozen=True, slots=True)
class Incoming:
    """A file that a system sent and that was let in; `is_sheet` has no number of its own."""

    brought: Brought
    is_sheet: bool


def incoming(request: HttpRequest) -> Incoming | None:
    """The file, let in; None for a kind that is not taken, `Refused` for one that is not welcome."""
    welcome = WELCOME.get(request.content_type or "")
    if welcome is None:
        return None
    return Incoming(let_in(request.read(welcome.most_bytes + 1), welcome), is_sheet=welcome is SPREADSHEET)
