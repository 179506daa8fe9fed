"""The page of the notes that somebody keeps for the own work."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from hendig.audit.forms import Request
from hendig.families.actions import work_notes as actions
from hendig.families.forms import WorkNoteForm
from hendig.families.queries import work_notes as queries


def work_notes(request: Request, family_id: UUID) -> HttpResponse:
    page = queries.work_notes(request.actor, family_id, at=request.at)
    form = WorkNoteForm.of(request, records=page.children)
    write = lambda: actions.write_work_note(  # noqa: E731
        actor=request.actor, at=request.at, **form.cleaned_data
    )
    if form.done(write) is not None:
        return redirect("work_notes", family_id)
    return render(request, "families/work_notes.html", {"page": page, "form": form}, status=form.http_status)


@require_POST
def throw_away(request: Request, note_id: UUID) -> HttpResponse:
    note = actions.throw_away(actor=request.actor, note_id=note_id, at=request.at)
    messages.success(request, _("Weg. Niemand kan deze aantekening nog lezen."))
    return redirect("work_notes", note.family_id)
