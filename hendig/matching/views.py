from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse, HttpResponseBadRequest
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from hendig.audit.forms import Form, Request
from hendig.kernel.periods import local_day
from hendig.matching import actions, forms, queries
from hendig.matching.actions import measure
from hendig.matching.queries import handover, meant
from hendig.tents import queries as tents
from hendig.tents.actions import out_of
from hendig.tents.forms import FromDirection


def open_talk(request: Request, request_id: UUID) -> HttpResponse:
    wish = tents.wish(request.actor, FromDirection(request.GET).chosen, at=request.at)
    expertise = forms.ExpertiseForm(request.GET)
    ids = meant.meant_by(request.actor, wish, at=request.at)
    page = queries.prepare(request.actor, request_id, expertise_id=expertise.chosen, meant=ids, at=request.at)
    form = forms.TalkForm.of(request, page=page, known=wish.as_talk() if wish else {}).careful(page.family_id)
    opened = lambda: actions.open_talk(  # noqa: E731
        actor=request.actor, request_id=request_id, at=request.at, **form.cleaned_data
    )
    piece_id = wish.piece_id if wish else None
    talk = form.done(
        lambda: out_of(actor=request.actor, piece_id=piece_id, became="talk", make=opened, at=request.at)
    )
    if talk:
        return redirect("match_talk", talk.pk)
    people = meant.meant_first(page, ids)
    shown = {"form": form, "page": page, "people": people, "wish": wish, "tabs": _tabs(page, piece_id)}
    return render(request, "matching/open_talk.html", shown, status=form.http_status)


def match_talk(request: Request, talk_id: UUID) -> HttpResponse:
    form = forms.AnswerForm.of(request)
    outcome = form.done(
        lambda: actions.answer(actor=request.actor, talk_id=talk_id, at=request.at, **form.cleaned_data)
    )
    return _answered(outcome) if outcome else _talk(request, talk_id, form)


@require_POST
def record_exception(request: Request, talk_id: UUID) -> HttpResponse:
    form = forms.ExceptionForm.of(request)
    outcome = form.done(
        lambda: actions.record_exception(
            actor=request.actor, talk_id=talk_id, at=request.at, **form.cleaned_data
        )
    )
    return _answered(outcome) if outcome else _talk(request, talk_id, form)


@require_POST
def carry_out(request: Request, talk_id: UUID) -> HttpResponse:
    form = forms.MeasureForm.of(request)
    outcome = form.done(
        lambda: measure.carry_out(
            actor=request.actor, talk_id=talk_id, kind=form.cleaned_data["measure"], at=request.at
        )
    )
    return _answered(outcome) if outcome else _talk(request, talk_id, form)


@require_POST
def end_measure(request: Request, record_id: UUID) -> HttpResponse:
    form = forms.MeasureForm.of(request)
    if not form.is_valid():
        return HttpResponseBadRequest()
    record = measure.end_measure(
        actor=request.actor, record_id=record_id, kind=form.cleaned_data["measure"], at=request.at
    )
    messages.success(request, _("Opgeschreven. Hulp die op de maatregel rust, stopt vandaag."))
    return redirect("persons", record.family_id)


@require_POST
def look_further(request: Request, talk_id: UUID) -> HttpResponse:
    talk = actions.look_further(actor=request.actor, talk_id=talk_id, at=request.at)
    messages.success(request, _("Goed. Kies wie er nu kennismaakt."))
    return redirect("open_talk", talk.request_id)


def handovers(request: Request) -> HttpResponse:
    people = handover.who_helps(request.actor, at=request.at)
    return render(request, "matching/handovers.html", {"people": people})


def hand_over(request: Request, professional_id: UUID) -> HttpResponse:
    page = handover.handover_page(request.actor, professional_id, at=request.at)
    form = forms.HandoverForm.of(request, page=page, initial={"ends_on": local_day(request.at)})
    act = lambda: actions.hand_over_help(  # noqa: E731
        actor=request.actor, professional_id=professional_id, at=request.at, **form.cleaned_data
    )
    count = form.done(act)
    if count is not None:
        messages.success(
            request, _("Gevraagd aan de gezinnen: %(count)s. Elk gezin kiest zelf.") % {"count": count}
        )
        return redirect("handovers")
    shown = {"page": page, "form": form}
    return render(request, "matching/hand_over.html", shown, status=form.http_status)


def end_match(request: Request, match_id: UUID) -> HttpResponse:
    form = forms.EndForm.of(request, initial={"ends_on": local_day(request.at)})
    match = form.done(
        lambda: actions.end_match(actor=request.actor, match_id=match_id, at=request.at, **form.cleaned_data)
    )
    if match:
        messages.success(request, _("De hulp stopt. Wat er was, blijft van het gezin."))
        if match.professional_id == request.actor.professional_id:
            return redirect("today")
        return redirect("family", match.family_id)
    page = queries.match_page(request.actor, match_id, at=request.at)
    return render(request, "matching/end_match.html", {"form": form, "page": page}, status=form.http_status)


def _tabs(page: queries.Preparation, piece_id: UUID | None) -> list[tuple[str, str, bool]]:
    way = f"&richting={piece_id}" if piece_id else ""
    everyone = (f"?{way[1:]}" if way else ".", _("Iedereen"), page.expertise_id is None)
    return [
        everyone,
        *((f"?expertise={one.id}{way}", one.name, one.id == page.expertise_id) for one in page.expertises),
    ]


def _answered(outcome: actions.Outcome) -> HttpResponse:
    """Every answer was kept; the page says what came of it."""
    return redirect("match_talk", outcome.talk.pk)


def _talk(request: Request, talk_id: UUID, form: Form) -> HttpResponse:
    page = queries.talk_page(request.actor, talk_id, at=request.at)
    return render(request, "matching/talk.html", {"form": form, "page": page}, status=form.http_status)
