"""The page of a citizen service number: masked, whole for one look, and taken out again."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from hendig.audit.forms import Request
from hendig.families.actions import citizen_numbers as actions
from hendig.families.forms import CitizenNumberForm
from hendig.families.queries.citizen_numbers import NumberPage, number_page


def citizen_number(request: Request, record_id: UUID) -> HttpResponse:
    page = number_page(request.actor, record_id, at=request.at)
    form = CitizenNumberForm.of(request)
    note = lambda: actions.note_number(  # noqa: E731
        actor=request.actor, record_id=record_id, at=request.at, **form.cleaned_data
    )
    if form.done(note) is not None:
        messages.success(request, _("Opgeschreven. Het gezin leest dat in Wie keek er mee."))
        return redirect("citizen_number", record_id)
    return _page(request, page, form)


@require_POST
def show_citizen_number(request: Request, record_id: UUID) -> HttpResponse:
    page = number_page(request.actor, record_id, at=request.at, whole=True)
    return _page(request, page, CitizenNumberForm())


@require_POST
def remove_citizen_number(request: Request, record_id: UUID) -> HttpResponse:
    actions.remove_number(actor=request.actor, record_id=record_id, at=request.at)
    messages.success(request, _("Weggehaald. Het nummer staat nergens meer in Hendig."))
    return redirect("citizen_number", record_id)


def _page(request: Request, page: NumberPage, form: CitizenNumberForm) -> HttpResponse:
    answer = render(
        request, "families/citizen_number.html", {"page": page, "form": form}, status=form.http_status
    )
    # What may hold a number is kept nowhere: by no browser, and not as the answer of this form.
    answer["Cache-Control"] = "no-store"
    answer.alone = True  # type: ignore[attr-defined]
    return answer
