"""Pages of the plan: translate in, one call, translate out."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.core.exceptions import BadRequest
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from hendig.audit.forms import Form, Request
from hendig.families.forms import AboutForm
from hendig.families.queries import members, opening
from hendig.helprequests.queries import family_of
from hendig.plans import actions, forms, queries
from hendig.tents import queries as tents
from hendig.tents.actions import Made, out_of
from hendig.tents.forms import FromDirection


def plan(request: Request, family_id: UUID) -> HttpResponse:
    with opening(request.actor, "plan.seen", family_id, at=request.at) as look:
        context = {
            "plan": queries.plan(look),
            "to_rate": queries.appointments_to_rate(look),
        }
        context["soon"], context["later"] = queries.soon_and_later(queries.next_appointments(look))
    return render(request, "plans/plan.html", context)


def new_goal(request: Request, family_id: UUID) -> HttpResponse:
    wish = tents.wish(request.actor, FromDirection(request.GET).chosen, at=request.at)
    with opening(request.actor, "plan.seen", family_id, at=request.at) as look:
        plan, relatives = queries.plan(look), members(look)
    form = forms.GoalForm.of(
        request,
        questions=plan.open_questions,
        members=relatives,
        initial=wish.as_goal() if wish else {"words": plan.first_goal},
    ).careful(family_id)
    set_goal = lambda: actions.set_goal(actor=request.actor, at=request.at, **form.cleaned_data)  # noqa: E731
    if form.done(lambda: _out_of(request, wish, "goal", set_goal)):
        return redirect("tent", wish.tent_id) if wish else redirect("plan", family_id)
    context = {"form": form, "plan": plan, "wish": wish}
    return render(request, "plans/goal.html", context, status=form.http_status)


def new_task(request: Request, family_id: UUID) -> HttpResponse:
    wish = tents.wish(request.actor, FromDirection(request.GET).chosen, at=request.at)
    with opening(request.actor, "plan.seen", family_id, at=request.at) as look:
        plan, helpers, relatives = queries.plan(look), queries.helpers(look), members(look)
    known = wish.as_task() if wish else {}
    form = forms.TaskForm.of(
        request, questions=plan.open_questions, helpers=helpers, members=relatives, initial=known
    ).careful(family_id)
    set_task = lambda: actions.set_task(actor=request.actor, at=request.at, **form.cleaned_data)  # noqa: E731
    if form.done(lambda: _out_of(request, wish, "task", set_task)):
        return redirect("tent", wish.tent_id) if wish else redirect("plan", family_id)
    context = {"form": form, "plan": plan, "wish": wish}
    return render(request, "plans/task.html", context, status=form.http_status)


def _out_of(request: Request, wish: tents.Wish | None, became: str, make: Callable[[], Made]) -> Made:
    """What is made here, and where it came out of a direction of a tent, that it did."""
    piece_id = wish.piece_id if wish else None
    return out_of(actor=request.actor, piece_id=piece_id, became=became, make=make, at=request.at)


def task_about(request: Request, task_id: UUID) -> HttpResponse:
    family_id = queries.family_of_task(request.actor, task_id, at=request.at)
    with opening(request.actor, "plan.seen", family_id, at=request.at) as look:
        said = queries.task_about(look, task_id)
    form = AboutForm.of(request, said=said)
    say = lambda: actions.say_whom(actor=request.actor, task_id=task_id, at=request.at, **form.cleaned_data)  # noqa: E731
    if form.done(say):
        return redirect("plan", family_id)
    page = {"said": said, "form": form, "back": reverse("plan", args=[family_id])}
    return render(request, "families/about.html", page, status=form.http_status)


def plan_appointment(request: Request, family_id: UUID, match_id: UUID) -> HttpResponse:
    with opening(request.actor, "plan.seen", family_id, at=request.at) as look:
        found = queries.help_to_plan(look, match_id)
    proposal = {"day": found.starts_at.date(), "time": found.starts_at.time(), "place": found.place}
    form = forms.AppointmentForm.of(request, initial=proposal).careful(family_id)
    made = form.done(
        lambda: actions.plan_appointment(
            actor=request.actor, at=request.at, match_id=match_id, **form.cleaned_data
        )
    )
    if made:
        return redirect("plan", family_id)
    context = {"form": form, "help": found, "family_id": family_id}
    return render(request, "plans/appointment.html", context, status=form.http_status)


@require_GET
def appointment_calendar(request: Request, family_id: UUID, appointment_id: UUID) -> HttpResponse:
    with opening(request.actor, "plan.calendar_taken", family_id, at=request.at) as look:
        page = request.build_absolute_uri(reverse("plan", args=[family_id]))
        content = queries.calendar(look, appointment_id, summary=_("Afspraak"), url=page)
    response = HttpResponse(content, content_type="text/calendar; charset=utf-8")
    response["Content-Disposition"] = 'attachment; filename="afspraak.ics"'
    return response


@require_POST
def score_goal(request: Request, goal_id: UUID) -> HttpResponse:
    value = _tapped(forms.ScoreForm.of(request))["value"]
    score = actions.score_goal(actor=request.actor, goal_id=goal_id, value=value, at=request.at)
    return _back(request, score.family_id)


@require_POST
def reach_goal(request: Request, goal_id: UUID) -> HttpResponse:
    reached = _tapped(forms.TurnForm.of(request))["on"]
    goal = actions.reach_goal(actor=request.actor, goal_id=goal_id, reached=reached, at=request.at)
    return _back(request, goal.family_id)


@require_POST
def finish_task(request: Request, task_id: UUID) -> HttpResponse:
    task = actions.finish_task(actor=request.actor, task_id=task_id, at=request.at)
    return _back(request, task.family_id)


@require_POST
def reopen_task(request: Request, task_id: UUID) -> HttpResponse:
    task = actions.reopen_task(actor=request.actor, task_id=task_id, at=request.at)
    return _back(request, task.family_id)


@require_POST
def keep_appointment(request: Request, appointment_id: UUID) -> HttpResponse:
    kept = actions.keep_appointment(actor=request.actor, appointment_id=appointment_id, at=request.at)
    return _back(request, kept.family_id)


@require_POST
def miss_appointment(request: Request, appointment_id: UUID) -> HttpResponse:
    missed = actions.miss_appointment(actor=request.actor, appointment_id=appointment_id, at=request.at)
    return _back(request, missed.family_id)


@require_POST
def unkeep_appointment(request: Request, appointment_id: UUID) -> HttpResponse:
    planned = actions.unkeep_appointment(actor=request.actor, appointment_id=appointment_id, at=request.at)
    return _back(request, planned.family_id)


@require_POST
def cancel_appointment(request: Request, appointment_id: UUID) -> HttpResponse:
    cancelled = actions.cancel_appointment(actor=request.actor, appointment_id=appointment_id, at=request.at)
    return _back(request, cancelled.family_id)


@require_POST
def say_how_it_was(request: Request, appointment_id: UUID) -> HttpResponse:
    felt = _tapped(forms.FeltForm.of(request))["felt"]
    said = actions.say_how_it_was(
        actor=request.actor, appointment_id=appointment_id, felt=felt, at=request.at
    )
    return _back(request, said.family_id)


def end_request(request: Request, family_id: UUID, request_id: UUID) -> HttpResponse:
    with opening(request.actor, "plan.seen", family_id, at=request.at) as look:
        question = queries.question(look, request_id)
    suggestion = _("Dan bellen we %(coach)s, onze gezinscoach.") % {"coach": question.coach}
    form = forms.EndForm.of(request, initial={"if_it_returns": suggestion if question.coach else ""}).careful(
        family_id
    )
    ended = form.done(
        lambda: actions.end_request(
            actor=request.actor, at=request.at, request_id=request_id, **form.cleaned_data
        )
    )
    if ended:
        return redirect("plan", family_id)
    context = {"form": form, "question": question, "family_id": family_id}
    return render(request, "plans/ending.html", context, status=form.http_status)


@require_POST
def reopen_request(request: Request, request_id: UUID) -> HttpResponse:
    question = actions.reopen_request(actor=request.actor, request_id=request_id, at=request.at)
    return _back(request, question.family_id)


def two_questions(request: Request, request_id: UUID) -> HttpResponse:
    family_id = family_of(request.actor, request_id, at=request.at)
    form = forms.OutcomeForm.of(request)
    answered = form.done(
        lambda: actions.answer_outcome(
            actor=request.actor, at=request.at, request_id=request_id, **form.cleaned_data
        )
    )
    if answered:
        return redirect("plan", family_id)
    with opening(request.actor, "plan.seen", family_id, at=request.at) as look:
        question = queries.question(look, request_id)
    context = {"form": form, "question": question, "family_id": family_id}
    return render(request, "plans/two_questions.html", context, status=form.http_status)


def _tapped(form: Form) -> dict[str, Any]:
    """What one tap sent; anything that no button sends is no request of ours."""
    if not form.is_valid():
        raise BadRequest
    return form.cleaned_data


def _back(request: Request, family_id: UUID) -> HttpResponse:
    """To the page where was tapped, else to the plan."""
    back = request.POST.get("back", "")
    if back.startswith("/") and url_has_allowed_host_and_scheme(back, allowed_hosts=None):
        return redirect(back)
    return redirect("plan", family_id)
