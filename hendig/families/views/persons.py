"""Who belongs to a family and who decides for each child, as the coach writes it down."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse, HttpResponseBadRequest
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from hendig.audit.forms import Request
from hendig.families import actions, queries
from hendig.families.actions import supervision
from hendig.families.forms import CheckForm, WhoForm
from hendig.families.forms import persons as forms
from hendig.families.queries import whos_who
from hendig.families.queries.found import Double, likely_doubles
from hendig.kernel.periods import local_day


def persons(request: Request, family_id: UUID) -> HttpResponse:
    return render(request, "families/persons.html", {"page": _page(request, family_id)})


def add_adult(request: Request, family_id: UUID) -> HttpResponse:
    page = _page(request, family_id)
    form = forms.AdultForm.of(request, page=page)
    return _arrives(request, page, form, actions.add_parent, "families/add_adult.html")


def add_child(request: Request, family_id: UUID) -> HttpResponse:
    page = _page(request, family_id)
    form = forms.ChildForm.of(request, page=page)
    return _arrives(request, page, form, actions.add_child, "families/add_child.html")


def say_side(request: Request, member_id: UUID) -> HttpResponse:
    page = _page(request, queries.family_of(request.actor, member_id, at=request.at))
    person = page.person(member_id)
    form = forms.SideForm.of(request, page=page, person_id=member_id)
    say = lambda: actions.say_side(  # noqa: E731
        actor=request.actor, member_id=member_id, at=request.at, **form.cleaned_data
    )
    if form.done(say) is not None:
        messages.success(request, _("Opgeschreven. Dat geldt vanaf nu."))
        return redirect("persons", page.family_id)
    context = {"page": page, "person": person, "form": form}
    return render(request, "families/side.html", context, status=form.http_status)


def _arrives(
    request: Request,
    page: whos_who.WhoBelongs,
    form: forms.ArrivingForm,
    add: Callable[..., Any],
    template: str,
) -> HttpResponse:
    new = form.newcomer()
    seen = likely_doubles(request.actor, new, family_id=page.family_id, at=request.at) if new else ()
    write = lambda: add(actor=request.actor, family_id=page.family_id, at=request.at, **form.facts())  # noqa: E731
    made = None if seen else form.done(write)
    if made is not None:
        messages.success(request, _("%(name)s staat er nu bij.") % {"name": made.first_name})
        return redirect("persons", page.family_id)
    shown = {"page": page, "form": form, "doubles": seen or _seen_while_typing(request), "typing": not seen}
    return render(request, template, shown, status=422 if seen else form.http_status)


def _seen_while_typing(request: Request) -> tuple[Double, ...]:
    """Who may be there already, as far as was typed: also beside what must be put right first."""
    typed = forms.NewcomerForm(request.POST).newcomer()
    return likely_doubles(request.actor, typed, at=request.at)


@require_POST
def doubles(request: Request) -> HttpResponse:
    """While typing: who may be there already. By POST, so that no name stands in an address."""
    seen = _seen_while_typing(request)
    return render(request, "families/_doubles.html", {"doubles": seen, "typing": True})


def set_authority(request: Request, member_id: UUID) -> HttpResponse:
    page = _page(request, queries.family_of(request.actor, member_id, at=request.at))
    child = page.child(member_id)
    form = forms.AuthorityForm.of(request, child=child, holder=request.GET.get("wie", ""))
    write = lambda: actions.set_authority(  # noqa: E731
        actor=request.actor, child_id=member_id, at=request.at, **form.cleaned_data
    )
    if form.done(write) is not None:
        messages.success(request, _("Opgeschreven wie er beslist."))
        return redirect("persons", page.family_id)
    context = {"page": page, "child": child, "form": form}
    return render(request, "families/set_authority.html", context, status=form.http_status)


@require_POST
def check_authority(request: Request, authority_id: UUID) -> HttpResponse:
    form = CheckForm.of(request)
    if not form.is_valid():
        return HttpResponseBadRequest()
    authority = actions.check_authority(
        actor=request.actor, authority_id=authority_id, at=request.at, **form.cleaned_data
    )
    messages.success(request, _("Opgeschreven dat het is nagekeken."))
    return redirect("persons", authority.family_id)


def end_authority(request: Request, authority_id: UUID) -> HttpResponse:
    page = _page(request, whos_who.family_of_authority(request.actor, authority_id, at=request.at))
    held = page.held(authority_id)
    form = forms.EndForm.of(request, held=held, on=local_day(request.at))
    end = lambda: actions.end_authority(  # noqa: E731
        actor=request.actor, authority_id=authority_id, at=request.at, **form.cleaned_data
    )
    if form.done(end) is not None:
        messages.success(request, _("Opgeschreven. Wie er nu mag meekijken, verandert op die dag vanzelf."))
        return redirect("persons", page.family_id)
    context = {"page": page, "held": held, "form": form}
    return render(request, "families/end_authority.html", context, status=form.http_status)


@require_POST
def note_child_agrees(request: Request, member_id: UUID) -> HttpResponse:
    child = actions.note_child_agrees(actor=request.actor, child_id=member_id, at=request.at)
    words = _("Opgeschreven. %(name)s kan op elk moment iets anders zeggen.")
    messages.success(request, words % {"name": child.first_name})
    return redirect("persons", child.family_id)


def add_supervisor(request: Request, member_id: UUID) -> HttpResponse:
    done = _("De gezinsvoogd doet nu mee. Het gezin krijgt daar bericht van.")
    join = supervision.join_supervisor
    return _carries_out(request, member_id, forms.SupervisorForm, join, done, "families/supervisor.html")


def add_probation(request: Request, member_id: UUID) -> HttpResponse:
    done = _("De jeugdreclasseerder doet nu mee. Wie dit dossier ziet krijgt bericht.")
    join = supervision.join_probation
    return _carries_out(request, member_id, forms.ProbationForm, join, done, "families/probation.html")


def _carries_out(
    request: Request,
    member_id: UUID,
    kind: type[forms.SupervisorForm],
    join: Callable[..., object],
    done: str,
    template: str,
) -> HttpResponse:
    """Who carries out a measure is looked for by name, chosen, and joins."""
    page = _page(request, queries.family_of(request.actor, member_id, at=request.at))
    child = page.child(member_id)
    found = whos_who.professionals_called(request.actor, request.POST.get("who", ""), at=request.at)
    form = kind.of(request, found=found)
    joins = lambda: join(actor=request.actor, child_id=member_id, at=request.at, **form.told())  # noqa: E731
    if form.done(joins) is not None:
        messages.success(request, done)
        return redirect("persons", page.family_id)
    context = {"page": page, "child": child, "form": form}
    return render(request, template, context, status=form.http_status)


@require_POST
def end_probation(request: Request, record_id: UUID) -> HttpResponse:
    form = WhoForm.of(request)
    if not form.is_valid():
        return HttpResponseBadRequest()
    row = supervision.end_probation(
        actor=request.actor, record_id=record_id, account_id=form.cleaned_data["account"], at=request.at
    )
    messages.success(request, _("Opgeschreven. De jeugdreclasseerder ziet vanaf nu niets meer."))
    return redirect("persons", row.family_id)


@require_POST
def end_supervision(request: Request, record_id: UUID) -> HttpResponse:
    form = WhoForm.of(request)
    if not form.is_valid():
        return HttpResponseBadRequest()
    row = supervision.end_supervision(
        actor=request.actor, record_id=record_id, account_id=form.cleaned_data["account"], at=request.at
    )
    messages.success(request, _("Opgeschreven. De gezinsvoogd ziet vanaf nu niets meer."))
    return redirect("persons", row.family_id)


def _page(request: Request, family_id: UUID) -> whos_who.WhoBelongs:
    with queries.opening_persons(request.actor, "family.persons_seen", family_id, at=request.at) as look:
        return whos_who.who_belongs(look)
