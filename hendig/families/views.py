"""The people of a family: who looked, the own circle, an own way in, who decides."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse, HttpResponseBadRequest
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from hendig.audit.forms import Request
from hendig.audit.queries import newest_seal_line
from hendig.families import actions, forms, queries
from hendig.families.queries import same


def circle(request: Request, family_id: UUID) -> HttpResponse:
    form = forms.TieForm.of(request)
    if form.done(
        lambda: actions.add_tie(actor=request.actor, family_id=family_id, at=request.at, **form.cleaned_data)
    ):
        return redirect("circle", family_id)
    with queries.opening(request.actor, "family.circle_seen", family_id, at=request.at) as look:
        page = {
            "family": queries.family_name(look),
            "circle": queries.circle(look),
            "taken_out": queries.taken_out(look, _id(request.GET.get("weg", ""))),
        }
    response = render(request, "families/circle.html", {"form": form, **page}, status=form.http_status)
    response.commits = True  # type: ignore[attr-defined]
    return response


@require_POST
def remove_tie(request: Request, tie_id: UUID) -> HttpResponse:
    tie = actions.remove_tie(actor=request.actor, tie_id=tie_id, at=request.at)
    return redirect(f"{reverse('circle', args=[tie.family_id])}?weg={tie.pk}")


@require_POST
def restore_tie(request: Request, tie_id: UUID) -> HttpResponse:
    tie = actions.restore_tie(actor=request.actor, tie_id=tie_id, at=request.at)
    return redirect("circle", tie.family_id)


def who_looked(request: Request, family_id: UUID) -> HttpResponse:
    before = _id(request.GET.get("voor", ""))
    with queries.opening(request.actor, "family.log_seen", family_id, at=request.at) as look:
        page = {
            "family": queries.family_name(look),
            "involved": queries.involved(look),
            "page": queries.who_looked(look, before=before),
            "seal": newest_seal_line(),
        }
    return render(request, "families/who_looked.html", {**page, "later": before is not None})


def way_in(request: Request, member_id: UUID) -> HttpResponse:
    family_id = queries.family_of(request.actor, member_id, at=request.at)
    form = forms.WayInForm.of(request)
    with queries.opening(request.actor, "family.persons_seen", family_id, at=request.at) as look:
        person = queries.person(look, member_id)
    act = actions.give_youth_account if person.is_child else actions.invite_parent
    if form.done(lambda: act(actor=request.actor, member_id=member_id, at=request.at, **form.cleaned_data)):
        messages.success(request, _("De uitnodiging is onderweg."))
        return redirect("family", family_id)
    page = {"form": form, "person": person, "family_id": family_id}
    response = render(request, "families/way_in.html", page, status=form.http_status)
    response.commits = True  # type: ignore[attr-defined]
    return response


def same_person(request: Request, member_id: UUID) -> HttpResponse:
    family_id = queries.family_of(request.actor, member_id, at=request.at)
    form = forms.SamePersonForm.of(request)
    write = lambda: actions.join_persons(  # noqa: E731
        actor=request.actor, member_id=member_id, at=request.at, **form.cleaned_data
    )
    if form.done(write) is not None:
        messages.success(request, _("Opgeschreven. Wie mag meekijken is niet veranderd."))
        return redirect("same_person", member_id)
    with queries.opening(request.actor, "family.persons_seen", family_id, at=request.at) as look:
        page = {"same": same.same_person(look, member_id), "form": form, "family_id": family_id}
    response = render(request, "families/same_person.html", page, status=form.http_status)
    response.commits = True  # type: ignore[attr-defined]
    return response


@require_POST
def part_persons(request: Request, link_id: UUID) -> HttpResponse:
    link = actions.part_persons(actor=request.actor, link_id=link_id, at=request.at)
    messages.success(request, _("Opgeschreven. Beide gezinnen staan er zoals daarvoor."))
    return redirect("same_person", link.one_id)


@require_POST
def check_authority(request: Request, authority_id: UUID) -> HttpResponse:
    form = forms.CheckForm.of(request)
    if not form.is_valid():
        return HttpResponseBadRequest()
    authority = actions.check_authority(
        actor=request.actor, authority_id=authority_id, at=request.at, **form.cleaned_data
    )
    return redirect("family", authority.family_id)


@require_POST
def end_authority(request: Request, authority_id: UUID) -> HttpResponse:
    authority = actions.end_authority(actor=request.actor, authority_id=authority_id, at=request.at)
    return redirect("family", authority.family_id)


def _id(typed: str) -> UUID | None:
    try:
        return UUID(typed)
    except ValueError:
        return None
