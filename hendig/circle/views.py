"""Drawing who is around, by tapping: a ring to set somebody there, somebody to change them."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from hendig.audit.forms import Request
from hendig.circle import actions, forms, queries
from hendig.people.views import safe_path


def circle(request: Request, family_id: UUID) -> HttpResponse:
    return _drawing(request, family_id, "circle")


def own_circle(request: Request, family_id: UUID) -> HttpResponse:
    return _drawing(request, family_id, "own_circle")


def _drawing(request: Request, family_id: UUID, name: str) -> HttpResponse:
    own, tapped = name == "own_circle", forms.TappedForm.of(request)
    with queries.opening_circle(request.actor, family_id, own=own, at=request.at) as look:
        page = queries.drawing(look, tapped, own=own)
    sides = () if page.chosen else page.sides
    form = forms.TieForm.of(request, records=page.records, sides=sides, initial=page.as_typed())
    form = form.careful(family_id)
    tie_id = form.done(lambda: _draw(request, page, tapped, form))
    if tie_id:
        return redirect(f"{reverse(name, args=[family_id])}?stap={tie_id}")
    context = {"page": page, "form": form, "here": reverse(name, args=[family_id])}
    return render(request, "circle/circle.html", context, status=form.http_status)


def _draw(request: Request, page: queries.Drawing, tapped: queries.Tapped, form: forms.TieForm) -> UUID:
    """Somebody new, or somebody who was tapped, who stands otherwise; also when they are gone meanwhile."""
    said = dict(form.cleaned_data)
    if tapped.tie_id is not None:
        said.pop("record_id", None)
        said.pop("side_of", None)
        changed = actions.change_tie(actor=request.actor, tie_id=tapped.tie_id, at=request.at, **said)
        return changed.pk
    drawn = actions.draw(actor=request.actor, family_id=page.family_id, own=page.own, at=request.at, **said)
    return drawn.pk


@require_POST
def remove_tie(request: Request, tie_id: UUID) -> HttpResponse:
    tie = actions.remove_tie(actor=request.actor, tie_id=tie_id, at=request.at)
    return HttpResponseRedirect(f"{_here(request, tie.family_id)}?stap={tie.pk}")


@require_POST
def restore_tie(request: Request, tie_id: UUID) -> HttpResponse:
    tie = actions.undo_tie(actor=request.actor, tie_id=tie_id, at=request.at)
    return HttpResponseRedirect(_here(request, tie.family_id))


@require_POST
def show_circle(request: Request, family_id: UUID) -> HttpResponse:
    actions.show_circle(actor=request.actor, family_id=family_id, at=request.at)
    messages.success(request, _("Uw kring staat nu bij het gezin. In de tent kan iedereen hem zien."))
    return redirect("own_circle", family_id)


@require_POST
def hide_circle(request: Request, family_id: UUID) -> HttpResponse:
    actions.hide_circle(actor=request.actor, family_id=family_id, at=request.at)
    messages.success(request, _("Uw kring is weer alleen van u."))
    return redirect("own_circle", family_id)


def _here(request: Request, family_id: UUID) -> str:
    """The drawing in which the button stood."""
    return safe_path(request.POST.get("next", "")) or reverse("circle", args=[family_id])
