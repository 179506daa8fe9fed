from __future__ import annotations

from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from hendig.audit.forms import Request
from hendig.kernel.actor import Role
from hendig.opentent import actions, forms, queries
from hendig.people.rules import Permission, may


def board(request: Request) -> HttpResponse:
    chosen = forms.BoardForm(request.GET).chosen()
    shown = queries.board(request.actor, at=request.at, **chosen)
    ways = {
        "kinds": [_way(chosen, _("Alles"), kind="")]
        + [_way(chosen, label, kind=kind) for kind, label in forms.KINDS_IN_PLURAL],
        "places": [_way(chosen, _("Overal"), neighbourhood="")]
        + [_way(chosen, name, neighbourhood=name) for name in shown.neighbourhoods],
        "newer": _address(chosen | {"after": shown.newer, "before": None}) if shown.newer else "",
        "older": _address(chosen | {"before": shown.older, "after": None}) if shown.older else "",
    }
    return render(request, "opentent/board.html", {"board": shown, "ways": ways} | _may(request))


def post(request: Request, post_id: UUID) -> HttpResponse:
    page = queries.post(request.actor, post_id, at=request.at)
    form = forms.ResponseForm()
    return render(request, "opentent/post.html", {"page": page, "form": form} | _may(request))


def respond(request: Request, post_id: UUID) -> HttpResponse:
    page = queries.post(request.actor, post_id, at=request.at)
    form = forms.ResponseForm.of(request)
    if form.done(
        lambda: actions.respond(actor=request.actor, at=request.at, post_id=post_id, **form.cleaned_data)
    ):
        messages.success(request, _("Dank u wel. U hoort hier wat er met uw antwoord gebeurt."))
        return redirect("my_answers")
    context = {"page": page, "form": form} | _may(request)
    return render(request, "opentent/post.html", context, status=form.http_status)


def new_question(request: Request, request_id: UUID) -> HttpResponse:
    with queries.opening_answers(request.actor, request_id, at=request.at) as look:
        start = queries.question_start(look, request_id)
    known = {"text": start.text, "neighbourhood": start.neighbourhood}
    form = forms.QuestionForm.of(request, initial=known).careful(start.family_id)
    if form.done(
        lambda: actions.post_question(
            actor=request.actor, at=request.at, request_id=request_id, **form.cleaned_data
        )
    ):
        messages.success(request, _("De vraag staat op het bord, zonder namen."))
        if request.actor.has(Role.COACH):
            return redirect("family", start.family_id)
        return redirect("question_answers", request_id)
    context = {"form": form, "start": start, "request_id": request_id}
    return render(request, "opentent/new_question.html", context, status=form.http_status)


def new_offer(request: Request) -> HttpResponse:
    form = forms.OfferForm.of(request)
    if form.done(lambda: actions.post_offer(actor=request.actor, at=request.at, **form.cleaned_data)):
        messages.success(request, _("Het staat op het bord. Fijn dat u dit doet."))
        return redirect("my_answers")
    return render(request, "opentent/new_offer.html", {"form": form}, status=form.http_status)


def question_answers(request: Request, request_id: UUID) -> HttpResponse:
    with queries.opening_answers(request.actor, request_id, at=request.at) as look:
        answers = queries.of_request(look, request_id)
    return render(request, "opentent/answers.html", {"answers": answers})


def my_answers(request: Request) -> HttpResponse:
    mine = queries.answers_for(request.actor, at=request.at)
    return render(request, "opentent/mine.html", {"mine": mine} | _may(request))


def where_to_come(request: Request, response_id: UUID) -> HttpResponse:
    page = queries.where_to_come(request.actor, response_id, at=request.at)
    answer = render(request, "opentent/where.html", {"page": page})
    # What holds an address is kept by no browser.
    answer["Cache-Control"] = "no-store"
    return answer


@require_POST
def accept_response(request: Request, response_id: UUID) -> HttpResponse:
    response = actions.accept_response(actor=request.actor, response_id=response_id, at=request.at)
    return _back_to(response.post.request_id)


@require_POST
def decline_response(request: Request, response_id: UUID) -> HttpResponse:
    response = actions.decline_response(actor=request.actor, response_id=response_id, at=request.at)
    return _back_to(response.post.request_id)


@require_POST
def confirm_response(request: Request, response_id: UUID) -> HttpResponse:
    actions.confirm_response(actor=request.actor, response_id=response_id, at=request.at)
    messages.success(request, _("U hebt allebei ja gezegd. Hieronder staat hoe u elkaar bereikt."))
    return redirect("my_answers")


@require_POST
def withdraw_response(request: Request, response_id: UUID) -> HttpResponse:
    actions.withdraw(actor=request.actor, response_id=response_id, at=request.at)
    return redirect("my_answers")


@require_POST
def close_post(request: Request, post_id: UUID) -> HttpResponse:
    closed = actions.close_post(actor=request.actor, post_id=post_id, at=request.at)
    return _back_to(closed.request_id)


def _way(chosen: dict[str, Any], label: object, **wish: str) -> tuple[str, object, bool]:
    """A link to the board with one wish changed: address, label, and whether it is where one is."""
    here = all(chosen[name] == value for name, value in wish.items())
    return _address(chosen | wish | {"before": None, "after": None}), label, here


def _address(chosen: dict[str, Any]) -> str:
    names = {"kind": "soort", "neighbourhood": "buurt", "before": "ouder", "after": "nieuwer"}
    wishes = {names[name]: value for name, value in chosen.items() if value}
    return f"{reverse('board')}?{urlencode(wishes)}" if wishes else reverse("board")


def _back_to(request_id: UUID | None) -> HttpResponse:
    """The answers to a family's question, or the page with the own offers."""
    return redirect("question_answers", request_id) if request_id else redirect("my_answers")


def _may(request: Request) -> dict[str, bool]:
    """Which ways on a page of the board shows to this actor."""
    return {
        "may_respond": may(request.actor, Permission.RESPOND),
        "may_offer": may(request.actor, Permission.POST_OFFER),
    }
