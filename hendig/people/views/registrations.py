"""Registrations and expertises of professionals: kept by the municipality, proposed by an office."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from hendig.audit.forms import Request
from hendig.people import forms
from hendig.people.actions import registrations as actions
from hendig.people.queries import registrations as queries


@require_safe
def professionals(request: Request) -> HttpResponse:
    page = {"professionals": queries.professionals(request.actor, at=request.at)}
    return render(request, "people/professionals.html", page)


def registrations(request: Request, professional_id: UUID) -> HttpResponse:
    page = queries.professional(request.actor, professional_id, at=request.at)
    sent = forms.OfProfessional.of(request, page)
    done = sent.done(lambda: _do(request, professional_id, page, sent))
    if done is not None:
        messages.success(request, _("Bewaard.") if page.keeps else _proposed(done))
        return redirect("registrations", professional_id)
    context = {"page": page, "forms": sent}
    return render(request, "people/registrations.html", context, status=sent.http_status)


def _do(
    request: Request, professional_id: UUID, page: queries.ProfessionalPage, sent: forms.OfProfessional
) -> object:
    """What the posted form asks: kept by who answers for it, else proposed."""
    act = DOES[sent.name][page.keeps]
    return act(actor=request.actor, professional_id=professional_id, at=request.at, **sent.asked)


def _proposed(done: object) -> str:
    """What an office hears; of expertises it is told how many changes wait."""
    if done == 0:
        return _("Zo staat het er al. Er wacht geen voorstel meer.")
    return _("Voorgesteld. De gemeente kijkt het na.")


# What each form does: for an office, and for who answers for it.
DOES: Mapping[str, tuple[Callable[..., object], Callable[..., object]]] = {
    "registration": (actions.propose_registration, actions.keep_registration),
    "expertises": (actions.propose_expertises, actions.set_expertises),
    "reason": (actions.give_reason, actions.give_reason),
}


def answer_registration(request: Request, registration_id: UUID) -> HttpResponse:
    page = queries.waiting(request.actor, registration_id, at=request.at)
    form = forms.CheckedForm.of(request)
    kept = form.done(
        lambda: actions.answer_registration(
            actor=request.actor, registration_id=registration_id, at=request.at, **form.cleaned_data
        )
    )
    if kept:
        messages.success(request, _("Bewaard."))
        return redirect("registrations", kept.professional_id)
    context = {"page": page, "form": form}
    return render(request, "people/check_registration.html", context, status=form.http_status)


@require_POST
def end_registration(request: Request, registration_id: UUID) -> HttpResponse:
    row = actions.end_registration(actor=request.actor, registration_id=registration_id, at=request.at)
    return redirect("registrations", row.professional_id)


@require_POST
def agree_expertise(request: Request, proposal_id: UUID) -> HttpResponse:
    row = actions.answer_expertise(actor=request.actor, proposal_id=proposal_id, agree=True, at=request.at)
    return redirect("registrations", row.professional_id)


@require_POST
def decline_expertise(request: Request, proposal_id: UUID) -> HttpResponse:
    row = actions.answer_expertise(actor=request.actor, proposal_id=proposal_id, agree=False, at=request.at)
    return redirect("registrations", row.professional_id)
