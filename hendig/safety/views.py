"""Safety: emergencies, the five steps, asks by law, secret addresses, what the privacy officer judges."""

from __future__ import annotations

from dataclasses import asdict
from datetime import timedelta
from http import HTTPStatus
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse, HttpResponseBadRequest
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from hendig.audit.forms import Form, Request
from hendig.kernel.periods import local_day
from hendig.people.adapters import factors
from hendig.people.views import is_fresh, show_again
from hendig.safety import actions, forms
from hendig.safety.queries import addresses, breaches, concerns, emergencies, own, pieces, retention
from hendig.safety.queries.reached import Reached, reached


def emergency(request: Request) -> HttpResponse:
    form = forms.EmergencyForm.of(request)
    if form.is_bound and form.is_valid() and not is_fresh(request):
        return show_again(request)
    opened = form.done(lambda: _open(request, form.cleaned_data))
    if opened is not None:
        return redirect("emergency_open", opened)
    if form.is_bound and form.cleaned_data.get("born_on") and form.non_field_errors():
        named = {name: form.cleaned_data[name] for name in ("first_name", "last_name", "born_on")}
        actions.watch_own_name(actor=request.actor, at=request.at, **named)
    page = {"form": form, "open": emergencies.still_open(request.actor, at=request.at)}
    response = render(request, "safety/emergency.html", page, status=form.http_status)
    return _noted(request, response, form)


def _open(request: Request, typed: dict[str, Any]) -> UUID:
    factors.require_allowed(request, "danger", str(request.actor.account_id))
    return actions.open_in_emergency(actor=request.actor, at=request.at, **typed).pk


def _noted(request: Request, response: HttpResponse, form: Form) -> HttpResponse:
    """A try that found nothing stands in the log, as one that was refused does."""
    codes = [error.code for error in form.errors.as_data().get("__all__", [])] if form.is_bound else []
    if codes:
        no = {"actor": request.actor, "what": "emergency", "at": request.at, "code": codes[0]}
        response.refusal = no  # type: ignore[attr-defined]
        # What a try costs stays, although it was refused.
        response.commits = True  # type: ignore[attr-defined]
    return response


def emergency_open(request: Request, emergency_id: UUID) -> HttpResponse:
    page = emergencies.open_now(request.actor, emergency_id, at=request.at)
    return render(request, "safety/emergency_open.html", {"page": page})


@require_POST
def emergency_end(request: Request, emergency_id: UUID) -> HttpResponse:
    actions.end_emergency(actor=request.actor, emergency_id=emergency_id, at=request.at)
    messages.success(request, _("Het dossier is weer dicht."))
    return redirect("home")


def emergency_list(request: Request) -> HttpResponse:
    page = emergencies.to_judge(request.actor, at=request.at)
    return render(request, "safety/emergencies.html", {"emergencies": page})


def judge(request: Request, emergency_id: UUID) -> HttpResponse:
    form = forms.JudgeForm.of(request)
    judged = form.done(
        lambda: actions.judge_emergency(
            actor=request.actor, emergency_id=emergency_id, at=request.at, **form.cleaned_data
        )
    )
    if judged is not None:
        messages.success(request, _("Uw oordeel staat erbij."))
        return redirect("emergencies")
    page = emergencies.judging(request.actor, emergency_id, at=request.at)
    return _again(request, "safety/judge.html", {"form": form, "page": page}, form)


def _again(request: Request, template: str, page: dict[str, object], form: Form) -> HttpResponse:
    """The page once more; that it was looked at stays in the log although the form was refused."""
    response = render(request, template, page, status=form.http_status)
    response.commits = True  # type: ignore[attr-defined]
    return response


def safety(request: Request, family_id: UUID) -> HttpResponse:
    page = concerns.safety(request.actor, family_id, at=request.at)
    form = forms.ConcernForm.of(request, children=page.children)
    begun = form.done(lambda: actions.begin_concern(actor=request.actor, at=request.at, **form.cleaned_data))
    if begun is not None and concerns.sees_concern(request.actor, begun.pk, at=request.at):
        return redirect("concern", begun.pk)
    if begun is not None:
        messages.success(request, _("Opgeschreven. Wie hiervoor genoemd is, leest het."))
        return redirect("safety", family_id)
    return _again(request, "safety/safety.html", {"form": form, "page": page}, form)


def own_family(request: Request, family_id: UUID) -> HttpResponse:
    page = own.own_page(request.actor, family_id, at=request.at)
    form = forms.OwnFamilyForm.of(request, page=page)
    declare = lambda: actions.declare_own_family(  # noqa: E731
        actor=request.actor, family_id=family_id, at=request.at, **form.cleaned_data
    )
    if form.done(declare) is not None:
        messages.success(request, _("Dit gezin is nu dicht voor u. Dank u dat u het zei."))
        return redirect("home")
    return render(request, "safety/own_family.html", {"form": form, "page": page}, status=form.http_status)


def closed_families(request: Request) -> HttpResponse:
    page = {"families": own.closed_families(request.actor, at=request.at)}
    return render(request, "safety/closed_families.html", page)


@require_POST
def ask_back(request: Request, block_id: UUID) -> HttpResponse:
    actions.ask_back(actor=request.actor, block_id=block_id, at=request.at)
    messages.success(request, _("Gevraagd. Iemand anders geeft akkoord; tot dan blijft het dicht."))
    return redirect("closed_families")


def mistakes(request: Request) -> HttpResponse:
    page = {"mistakes": own.mistakes(request.actor, at=request.at)}
    return render(request, "safety/mistakes.html", page)


@require_POST
def agree_to_mistake(request: Request, block_id: UUID) -> HttpResponse:
    account = actions.agree_to_mistake(actor=request.actor, block_id=block_id, at=request.at)
    messages.success(
        request, _("Teruggenomen. %(name)s kan weer gevraagd worden.") % {"name": account.first_name}
    )
    return redirect("mistakes")


@require_POST
def decline_mistake(request: Request, block_id: UUID) -> HttpResponse:
    actions.decline_mistake(actor=request.actor, block_id=block_id, at=request.at)
    messages.success(request, _("Het blijft dicht. Wie het vroeg, krijgt bericht."))
    return redirect("mistakes")


def concern(request: Request, concern_id: UUID) -> HttpResponse:
    until = {"until_on": local_day(request.at) + timedelta(days=30)}
    return _concern(request, concern_id, forms.HoldForm(initial=until))


def _concern(request: Request, concern_id: UUID, hold_form: forms.HoldForm) -> HttpResponse:
    page = concerns.concern(request.actor, concern_id, at=request.at)
    name_form = forms.NameForm(colleagues=page.colleagues)
    told = {"page": page, "name_form": name_form, "hold_form": hold_form}
    return _again(request, "safety/concern.html", told, hold_form)


def concern_step(request: Request, concern_id: UUID, number: int) -> HttpResponse:
    step = concerns.step(number)
    form = forms.StepForm.of(request, step=step, initial={"done_on": local_day(request.at)})
    taken = form.done(
        lambda: actions.take_step(
            actor=request.actor,
            concern_id=concern_id,
            step=step,
            at=request.at,
            **form.cleaned_data,
        )
    )
    if taken is not None:
        return redirect("concern", concern_id)
    page = concerns.concern(request.actor, concern_id, at=request.at)
    return _again(request, "safety/step.html", {"form": form, "page": page, "step": step}, form)


def keep_told(request: Request, concern_id: UUID) -> HttpResponse:
    form = forms.ToldForm.of(request, initial={"told_on": local_day(request.at)})
    kept = form.done(
        lambda: actions.keep_told(
            actor=request.actor, concern_id=concern_id, at=request.at, **form.cleaned_data
        )
    )
    if kept is not None:
        return redirect("concern", concern_id)
    page = concerns.concern(request.actor, concern_id, at=request.at)
    return _again(request, "safety/told.html", {"form": form, "page": page}, form)


def take_told_back(request: Request, told_id: UUID) -> HttpResponse:
    form = forms.TakeBackForm.of(request)
    gone = form.done(
        lambda: actions.take_told_back(
            actor=request.actor, told_id=told_id, at=request.at, **form.cleaned_data
        )
    )
    if gone is not None:
        messages.success(request, _("Teruggenomen. Wat er stond is weg."))
        return redirect("concern", gone.concern_id)
    page = concerns.told(request.actor, told_id, at=request.at)
    return _again(request, "safety/take_told_back.html", {"form": form, "page": page}, form)


@require_POST
def close_concern(request: Request, concern_id: UUID) -> HttpResponse:
    actions.close_concern(actor=request.actor, concern_id=concern_id, at=request.at)
    return redirect("concern", concern_id)


@require_POST
def name_colleague(request: Request, concern_id: UUID) -> HttpResponse:
    form = forms.AccountForm.of(request)
    if not form.is_valid():
        return HttpResponseBadRequest()
    actions.name_for_safety(actor=request.actor, concern_id=concern_id, at=request.at, **form.cleaned_data)
    messages.success(request, _("Genoemd. Deze collega ziet nu alleen het deel veiligheid."))
    return redirect("concern", concern_id)


@require_POST
def unname_colleague(request: Request, concern_id: UUID) -> HttpResponse:
    form = forms.AccountForm.of(request)
    if not form.is_valid():
        return HttpResponseBadRequest()
    row = actions.unname(actor=request.actor, concern_id=concern_id, at=request.at, **form.cleaned_data)
    if concerns.sees_concern(request.actor, concern_id, at=request.at):
        return redirect("concern", concern_id)
    return redirect("safety", row.family_id)


@require_POST
def place_hold(request: Request, concern_id: UUID) -> HttpResponse:
    form = forms.HoldForm.of(request)
    held = form.done(
        lambda: actions.hold(actor=request.actor, concern_id=concern_id, at=request.at, **form.cleaned_data)
    )
    return redirect("concern", concern_id) if held else _concern(request, concern_id, form)


@require_POST
def release_hold(request: Request, concern_id: UUID, hold_id: UUID) -> HttpResponse:
    actions.release_hold(actor=request.actor, hold_id=hold_id, at=request.at)
    return redirect("concern", concern_id)


def ask_by_law(request: Request, concern_id: UUID) -> HttpResponse:
    page = concerns.concern(request.actor, concern_id, at=request.at)
    there = pieces.of_concern(request.actor, concern_id, at=request.at)
    form = forms.LegalForm.of(request, pieces=there, initial={"asked_on": local_day(request.at)})
    asked = form.done(
        lambda: actions.ask_by_law(
            actor=request.actor, concern_id=concern_id, at=request.at, **form.cleaned_data
        )
    )
    if asked is not None:
        return redirect("legal", asked.pk)
    return _again(request, "safety/ask_by_law.html", {"form": form, "page": page}, form)


def legal(request: Request, legal_id: UUID) -> HttpResponse:
    page = pieces.legal(request.actor, legal_id, at=request.at)
    return render(request, "safety/legal.html", {"page": page})


@require_POST
def answer_by_law(request: Request, legal_id: UUID) -> HttpResponse:
    form = forms.AgreeForm.of(request)
    if not form.is_valid():
        return HttpResponseBadRequest()
    actions.answer_by_law(actor=request.actor, legal_id=legal_id, at=request.at, **form.cleaned_data)
    return redirect("legal", legal_id)


@require_POST
def take_pieces(request: Request, legal_id: UUID) -> HttpResponse:
    return _pdf(actions.take_pieces(actor=request.actor, legal_id=legal_id, at=request.at), "stukken")


def _pdf(document: bytes, name: str) -> HttpResponse:
    answer = HttpResponse(document, content_type="application/pdf", status=HTTPStatus.OK)
    answer["Content-Disposition"] = f'attachment; filename="{name}.pdf"'
    answer.alone = True  # type: ignore[attr-defined]
    return answer


def address(request: Request, record_id: UUID) -> HttpResponse:
    page = addresses.address(request.actor, record_id, at=request.at)
    form = forms.SecretForm.of(request, page=page)
    secret = form.done(
        lambda: actions.set_secret(actor=request.actor, record_id=record_id, at=request.at, **form.chosen())
    )
    if secret is not None:
        messages.success(request, _("Het adres is nu geheim."))
        return redirect("address", record_id)
    return _again(request, "safety/address.html", {"form": form, "page": page}, form)


@require_POST
def end_secret(request: Request, secret_id: UUID) -> HttpResponse:
    secret = actions.end_secret(actor=request.actor, secret_id=secret_id, at=request.at)
    return redirect("address", secret.record_id)


@require_POST
def hide_home(request: Request, member_id: UUID) -> HttpResponse:
    secret = actions.hide_own(actor=request.actor, member_id=member_id, at=request.at)
    messages.success(request, _("Uw adres is nu geheim. Alleen wie u aanzet, kan het zien."))
    return redirect("homes", secret.family_id)


@require_POST
def still_home(request: Request, member_id: UUID) -> HttpResponse:
    person = actions.bring_own(actor=request.actor, member_id=member_id, at=request.at)
    messages.success(request, _("Opgeschreven. Alleen wie het mag weten, leest dit."))
    return redirect("homes", person.family_id)


@require_POST
def show_home(request: Request, member_id: UUID) -> HttpResponse:
    person = actions.show_own(actor=request.actor, member_id=member_id, at=request.at)
    return redirect("homes", person.family_id)


@require_POST
def freeze(request: Request, record_id: UUID) -> HttpResponse:
    actions.freeze_record(actor=request.actor, record_id=record_id, at=request.at)
    messages.success(request, _("Het dossier staat stil: het gezin kijkt niet vanzelf meer mee."))
    return redirect("address", record_id)


@require_POST
def unfreeze(request: Request, record_id: UUID) -> HttpResponse:
    actions.unfreeze_record(actor=request.actor, record_id=record_id, at=request.at)
    return redirect("retention")


def retention_page(request: Request) -> HttpResponse:
    form = forms.DestroyForm.of(request)
    asked = form.done(lambda: actions.ask_erasure(actor=request.actor, at=request.at, **form.cleaned_data))
    if asked is not None:
        return redirect("erasure", asked.pk)
    page = retention.retention(request.actor, at=request.at)
    return render(request, "safety/retention.html", {"form": form, "page": page}, status=form.http_status)


def erasure(request: Request, erasure_id: UUID) -> HttpResponse:
    page = retention.proof(request.actor, erasure_id, at=request.at)
    return render(request, "safety/erasure.html", {"page": page})


@require_POST
def agree_erasure(request: Request, erasure_id: UUID) -> HttpResponse:
    actions.agree_erasure(actor=request.actor, erasure_id=erasure_id, at=request.at)
    return redirect("erasure", erasure_id)


def breach_list(request: Request) -> HttpResponse:
    form = forms.BeforeForm(request.GET)
    before = form.cleaned_data["voor"] if form.is_valid() else None
    page = breaches.register(request.actor, before=before, at=request.at)
    return render(request, "safety/breaches.html", {"page": page, "later": before})


def write_breach(request: Request) -> HttpResponse:
    first = {"found_at": request.at, "until_at": request.at, "from_at": request.at - timedelta(days=1)}
    form, log = _breach_form(request, first | {"contact": breaches.contact(request.actor)})
    if "look" not in request.POST:
        written = form.done(lambda: actions.write_breach(actor=request.actor, at=request.at, **form.said()))
        if written is not None:
            messages.success(request, _("Het staat in het register."))
            return redirect("breach", written.pk)
    page = {"form": form, "log": log}
    return render(request, "safety/write_breach.html", page, status=form.http_status)


def _breach_form(request: Request, first: dict[str, Any]) -> tuple[forms.BreachForm, Reached | None]:
    """The form as it was typed; filled from the log when that is what was asked, and then nothing is kept."""
    people = breaches.people(request.actor)
    form = forms.BreachForm.of(request, people=people, initial=first)
    if "look" not in request.POST:
        return form, None
    period = forms.PeriodForm(request.POST, people=people)
    if not period.is_valid():
        return form, None
    log = reached(request.actor, period.search(), at=request.at)
    return forms.BreachForm(people=people, initial=forms.filled(form.typed(), log)), log


def breach(request: Request, breach_id: UUID) -> HttpResponse:
    page = breaches.breach(request.actor, breach_id, at=request.at)
    log = reached(request.actor, breaches.search_of(page), at=request.at)
    return render(request, "safety/breach.html", {"page": page, "log": log})


def add_to_breach(request: Request, breach_id: UUID) -> HttpResponse:
    page = breaches.breach(request.actor, breach_id, at=request.at)
    said = asdict(page.told) | {"who": page.who, "of_record_id": page.of_record_id}
    form, log = _breach_form(request, said)
    seen = forms.SeenForm(request.POST)
    if "look" not in request.POST and seen.is_valid():
        added = form.done(
            lambda: actions.add_to_breach(
                actor=request.actor, breach_id=breach_id, at=request.at, **seen.cleaned_data, **form.said()
            )
        )
        if added is not None:
            messages.success(request, _("Aangevuld. Wat er stond, blijft te lezen."))
            return redirect("breach", breach_id)
    told = {"form": form, "log": log, "page": page}
    return render(request, "safety/write_breach.html", told, status=form.http_status)


def breach_pdf(request: Request, breach_id: UUID) -> HttpResponse:
    return _pdf(breaches.breach_pdf(request.actor, breach_id), "datalek")
