"""Asking for help, and the coach's pages of questions."""

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
from hendig.families.actions.own import watch_search
from hendig.families.forms import AboutForm
from hendig.families.queries import opening
from hendig.families.queries.found import Double, just_so
from hendig.helprequests import actions, forms, queries
from hendig.helprequests.actions import handover
from hendig.helprequests.queries import handover as handovers
from hendig.helprequests.queries import notes
from hendig.kernel.periods import local_day
from hendig.people.adapters import factors
from hendig.people.views import open_session


def ask(request: Request) -> HttpResponse:
    form = forms.AskForm.of(request)
    asked = form.done(lambda: _ask(request, form.cleaned_data))
    if asked:
        return redirect("confirm_question", asked)
    return render(request, "helprequests/ask.html", {"form": form}, status=form.http_status)


def _ask(request: Request, typed: dict[str, Any]) -> UUID:
    factors.require_allowed(request, "question")
    return actions.ask(actor=request.actor, at=request.at, **typed).pk


def confirm_question(request: Request, asked_id: UUID) -> HttpResponse:
    form = forms.CodeForm.of(request)
    typed = form["code"].value() or ""
    question = form.done(
        lambda: actions.confirm(
            actor=request.actor,
            asked_id=asked_id,
            typed=typed,
            phone=form.cleaned_data["phone"],
            at=request.at,
        )
    )
    if question and question.asked_by.account_id:
        open_session(request, question.asked_by.account_id)
        return redirect("family", question.family_id)
    waiting = queries.waiting_for_code(request.actor, asked_id, at=request.at)
    page = {"form": form, "waiting": waiting}
    return render(request, "helprequests/confirm.html", page, status=form.http_status)


@require_POST
def give_phone(request: Request, request_id: UUID) -> HttpResponse:
    form = forms.PhoneForm.of(request)
    family_id = queries.family_of(request.actor, request_id, at=request.at)
    if form.done(
        lambda: actions.give_phone(
            actor=request.actor, request_id=request_id, at=request.at, **form.cleaned_data
        )
    ):
        messages.success(request, _("Dank u. We bellen u op dit nummer."))
        return redirect("family", family_id)
    page = {"form": form, "family_id": family_id}
    return render(request, "helprequests/phone.html", page, status=form.http_status)


def coach_list(request: Request) -> HttpResponse:
    # What is typed is posted, so that it stands in no address, no history and no log; a place names nobody.
    if "q" in request.GET:
        messages.warning(
            request, _("Typ een naam of nummer in het zoekveld, niet in de adresbalk. Er is niet gezocht.")
        )
    typed = request.POST.get("q", "")[:80]
    if typed:
        factors.require_allowed(request, "find", str(request.actor.account_id))
    after = (request.POST.get("na") or request.GET.get("na", ""))[:80]
    found = queries.coach_list(request.actor, at=request.at, typed=typed, after=after)
    if typed and not just_so(row.found for row in found.rows):
        watch_search(actor=request.actor, typed=typed, at=request.at)
    page = {
        "page": found,
        "typed": typed,
        "newer": "." if after and not typed else "",
        "older": f"?{urlencode({'na': found.older})}" if found.older and not typed else "",
    }
    return render(request, "helprequests/list.html", page)


@require_POST
def take_up(request: Request, request_id: UUID) -> HttpResponse:
    actions.take_up(actor=request.actor, request_id=request_id, at=request.at)
    return redirect("first_talk", request_id)


def first_talk(request: Request, request_id: UUID) -> HttpResponse:
    family_id = queries.family_of(request.actor, request_id, at=request.at)
    with opening(request.actor, "request.seen", family_id, at=request.at) as look:
        talk = queries.first_talk(look, request_id)
    form = forms.FirstTalkForm.of(request, talk=talk).careful(family_id)
    new = form.newcomers() if form.is_bound else ()
    seen = queries.doubles(request.actor, new, family_id=family_id, at=request.at)
    write = lambda: actions.first_talk(  # noqa: E731
        actor=request.actor, request_id=request_id, at=request.at, **form.facts()
    )
    if not seen and form.done(write) is not None:
        messages.success(request, _("Opgeschreven. Het gezin ziet het ook."))
        return redirect("family", family_id)
    shown = seen or _seen_while_typing(request, family_id)
    page = {"form": form, "talk": talk, "look_family": family_id, "doubles": shown, "typing": not seen}
    status = 422 if seen else form.http_status
    return render(request, "helprequests/first_talk.html", page, status=status)


def _seen_while_typing(request: Request, family_id: UUID) -> tuple[Double, ...]:
    """Who may be there already, as far as was typed: also beside what must be put right first."""
    typed = forms.NewcomersForm(request.POST).newcomers()
    return queries.doubles(request.actor, typed, family_id=family_id, at=request.at)


def note_about(request: Request, request_id: UUID) -> HttpResponse:
    family_id = queries.family_of(request.actor, request_id, at=request.at)
    with opening(request.actor, "request.seen", family_id, at=request.at) as look:
        said = notes.note_about(look, request_id)
    form = AboutForm.of(request, said=said)
    say = lambda: actions.say_whom(  # noqa: E731
        actor=request.actor, request_id=request_id, at=request.at, **form.cleaned_data
    )
    if form.done(say):
        return redirect("family", family_id)
    page = {"said": said, "form": form, "back": reverse("family", args=[family_id])}
    return render(request, "families/about.html", page, status=form.http_status)


@require_POST
def doubles(request: Request, request_id: UUID) -> HttpResponse:
    """While typing: who may be there already. By POST, so that no name stands in an address."""
    family_id = queries.family_of(request.actor, request_id, at=request.at)
    seen = _seen_while_typing(request, family_id)
    return render(request, "families/_doubles.html", {"doubles": seen, "typing": True})


def coach_handovers(request: Request) -> HttpResponse:
    found = handovers.coaches_with_questions(request.actor, at=request.at)
    return render(request, "helprequests/handovers.html", {"coaches": found})


def coach_handover(request: Request, account_id: UUID) -> HttpResponse:
    page = handovers.coach_handover(request.actor, account_id, at=request.at)
    form = forms.HandoverForm.of(request, page=page, initial={"from_on": local_day(request.at)})
    act = lambda: handover.hand_over_questions(  # noqa: E731
        actor=request.actor, coach_id=account_id, at=request.at, **form.cleaned_data
    )
    count = form.done(act)
    if count is not None:
        messages.success(
            request, _("Overgedragen: %(count)s. Elk gezin leest wie er komt.") % {"count": count}
        )
        return redirect("coach_handovers")
    shown = {"page": page, "form": form}
    return render(request, "helprequests/handover.html", shown, status=form.http_status)


@require_POST
def prefer_another(request: Request, handover_id: UUID) -> HttpResponse:
    row = handover.prefer_another(actor=request.actor, handover_id=handover_id, at=request.at)
    messages.success(request, _("Dat is doorgegeven. We zoeken met u een ander."))
    return redirect("family", row.family_id)
