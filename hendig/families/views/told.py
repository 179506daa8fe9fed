"""What a child told that cannot write it down itself."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse, HttpResponseBadRequest
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from hendig.audit.forms import Request
from hendig.families.actions import told
from hendig.families.forms import WhoForm
from hendig.families.forms.told import ToldForm
from hendig.families.queries import opening
from hendig.families.queries.told import who_tells


def write_told(request: Request, family_id: UUID) -> HttpResponse:
    # The same look as at the page of the family: no line says that somebody came to write this.
    with opening(request.actor, "family.page_seen", family_id, at=request.at) as look:
        page = who_tells(look)
    form = ToldForm.of(request, page=page)
    write = lambda: told.write_told(actor=request.actor, at=request.at, **form.cleaned_data)  # noqa: E731
    note = form.done(write)
    if note is not None:
        messages.success(request, _("Bewaard. Wie dit kind opvoedt, ziet hier niets van."))
        return redirect(f"{reverse('apart', args=[family_id])}?van={note.record_id}")
    return render(request, "families/told.html", {"page": page, "form": form}, status=form.http_status)


@require_POST
def let_read(request: Request, record_id: UUID) -> HttpResponse:
    form = WhoForm.of(request)
    if not form.is_valid():
        return HttpResponseBadRequest()
    row = told.let_read(
        actor=request.actor, record_id=record_id, account_id=form.cleaned_data["account"], at=request.at
    )
    return redirect(f"{reverse('apart', args=[row.family_id])}?van={record_id}")
