"""A parent died: the coach writes it down, and two take back what was a mistake."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from hendig.audit.forms import Request
from hendig.families import queries
from hendig.families.actions import deaths
from hendig.families.forms.deaths import DeathForm
from hendig.families.queries import whos_who


def note_death(request: Request, member_id: UUID) -> HttpResponse:
    family_id = queries.family_of(request.actor, member_id, at=request.at)
    with queries.opening_persons(request.actor, "family.persons_seen", family_id, at=request.at) as look:
        page = whos_who.who_belongs(look)
    adult = page.adult(member_id)
    form = DeathForm.of(request)
    note = lambda: deaths.note_death(  # noqa: E731
        actor=request.actor, member_id=member_id, at=request.at, **form.cleaned_data
    )
    if form.done(note) is not None:
        messages.success(request, _("Opgeschreven. Kijk hieronder wie er nu over elk kind beslist."))
        return redirect("persons", family_id)
    context = {"page": page, "adult": adult, "beside": page.side_of(adult), "form": form}
    return render(request, "families/death.html", context, status=form.http_status)


@require_POST
def say_mistaken(request: Request, death_id: UUID) -> HttpResponse:
    death = deaths.say_mistaken(actor=request.actor, death_id=death_id, at=request.at)
    messages.success(request, _("Doorgegeven. De privacyfunctionaris kijkt ernaar."))
    return redirect("persons", death.family_id)


@require_POST
def take_back(request: Request, death_id: UUID) -> HttpResponse:
    deaths.take_back(actor=request.actor, death_id=death_id, at=request.at)
    messages.success(request, _("Teruggenomen. De gezinscoach kijkt opnieuw wie er beslist."))
    return redirect("retention")
