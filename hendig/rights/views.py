"""Pages of what a family asks and what it is answered: translate in, one call, translate out."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import BadRequest
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from hendig.audit.forms import Form, Request
from hendig.families.forms import AboutForm
from hendig.families.queries import opening, records_to_choose
from hendig.kernel.refusal import NotVisible
from hendig.kernel.residence import Facts
from hendig.people.views import is_fresh, show_again
from hendig.rights import actions, forms, queries
from hendig.rights.actions import information as giving
from hendig.rights.queries import information


def own_record(request: Request, family_id: UUID) -> HttpResponse:
    with opening(request.actor, "own.seen", family_id, at=request.at, kinds=queries.OWN_KINDS) as look:
        page = queries.own_page(look)
    return render(request, "rights/own.html", {"page": page})


@require_GET
def counsellor(request: Request) -> HttpResponse:
    """Nothing about who asks is read, kept or shown: everybody gets the same page, and no cookie with it."""
    page: dict[str, Any] = {"counsellor": queries.counsellor(request.actor), "me": None, "nav": [], "bell": 0}
    response = render(request, "rights/counsellor.html", {**page, "formless": True, "actor": None})
    response["Referrer-Policy"] = "no-referrer"
    response["Cache-Control"] = "no-store"
    return response


# --- a decision on paper ---


def ask_decision(request: Request, family_id: UUID) -> HttpResponse:
    with opening(request.actor, "own.seen", family_id, at=request.at, kinds=queries.OWN_KINDS) as look:
        children = queries.children_to_ask_for(look)
    may = [(one.member_id, one.first_name) for one in children if one.why_not is None]
    form = forms.ApplyForm.of(request, children=may)
    made = form.done(
        lambda: actions.apply(actor=request.actor, family_id=family_id, at=request.at, **form.cleaned_data)
    )
    if made:
        messages.success(request, _("Uw aanvraag is ontvangen. De klok loopt."))
        return redirect("application", made.pk)
    page = {"form": form, "children": children, "may": may, "family_id": family_id}
    return _again(request, "rights/ask_decision.html", page, form)


def application(request: Request, application_id: UUID) -> HttpResponse:
    page = queries.application_page(request.actor, application_id, at=request.at)
    return render(request, "rights/application.html", {"page": page, "form": forms.AnswerForm.of(request)})


def applications(request: Request) -> HttpResponse:
    page = queries.open_applications(request.actor, at=request.at)
    return render(request, "rights/applications.html", {"page": page})


@require_POST
def withdraw(request: Request, application_id: UUID) -> HttpResponse:
    actions.withdraw(actor=request.actor, application_id=application_id, at=request.at)
    return redirect("application", application_id)


@require_POST
def tell_too_late(request: Request, application_id: UUID) -> HttpResponse:
    actions.tell_too_late(actor=request.actor, application_id=application_id, at=request.at)
    messages.success(request, _("De gemeente weet nu dat zij te laat is."))
    return redirect("application", application_id)


@require_POST
def take_up_application(request: Request, application_id: UUID) -> HttpResponse:
    actions.take_up(actor=request.actor, application_id=application_id, at=request.at)
    return redirect("application", application_id)


@require_POST
def give_back_application(request: Request, application_id: UUID) -> HttpResponse:
    actions.give_back(actor=request.actor, application_id=application_id, at=request.at)
    messages.success(request, _("Teruggegeven. Uw collega’s kunnen de aanvraag nu behandelen."))
    return redirect("applications")


@require_POST
def answer_question(request: Request, application_id: UUID) -> HttpResponse:
    form = forms.AnswerForm.of(request)
    answered = form.done(
        lambda: actions.answer_question(
            actor=request.actor, application_id=application_id, at=request.at, **form.cleaned_data
        )
    )
    if answered:
        messages.success(request, _("Dank u. De klok loopt weer."))
        return redirect("application", application_id)
    page = queries.application_page(request.actor, application_id, at=request.at)
    return _again(request, "rights/application.html", {"page": page}, form)


def ask_more(request: Request, application_id: UUID) -> HttpResponse:
    form = forms.AskMoreForm.of(request)
    asked = form.done(
        lambda: actions.ask_more(
            actor=request.actor, application_id=application_id, at=request.at, **form.cleaned_data
        )
    )
    return _handled(request, application_id, "rights/ask_more.html", form, done=asked)


def extend(request: Request, application_id: UUID) -> HttpResponse:
    form = forms.ExtendForm.of(request, initial={"weeks": 4})
    extended = form.done(
        lambda: actions.extend(
            actor=request.actor, application_id=application_id, at=request.at, **form.cleaned_data
        )
    )
    return _handled(request, application_id, "rights/extend.html", form, done=extended)


def decide(request: Request, application_id: UUID) -> HttpResponse:
    page = queries.application_page(request.actor, application_id, at=request.at)
    form = forms.DecideForm.of(request, wants_pgb=page.wants_pgb)
    decided = form.done(
        lambda: actions.decide(
            actor=request.actor, application_id=application_id, at=request.at, **form.cleaned_data
        )
    )
    if decided:
        messages.success(request, _("Het besluit staat bij het gezin."))
        return redirect("application", application_id)
    return _again(request, "rights/decide.html", {"page": page}, form)


def _handled(
    request: Request, application_id: UUID, template: str, form: Form, *, done: object
) -> HttpResponse:
    if done:
        return redirect("application", application_id)
    page = queries.application_page(request.actor, application_id, at=request.at)
    return _again(request, template, {"page": page}, form)


@require_GET
def decision_letter(request: Request, application_id: UUID) -> HttpResponse:
    return _pdf(queries.decision_paper(request.actor, application_id, at=request.at), "besluit")


@require_GET
def receipt_letter(request: Request, application_id: UUID) -> HttpResponse:
    return _pdf(queries.receipt_paper(request.actor, application_id, at=request.at), "ontvangst")


@require_GET
def extension_letter(request: Request, application_id: UUID) -> HttpResponse:
    return _pdf(queries.extension_paper(request.actor, application_id, at=request.at), "uitstel")


# --- own words and destruction ---


def write_own_words(request: Request, family_id: UUID) -> HttpResponse:
    with opening(request.actor, "own.seen", family_id, at=request.at, kinds=queries.OWN_KINDS) as look:
        records, people = records_to_choose(look), queries.whom_to_choose(look)
        apart_with = queries.apart_with(look)
    form = forms.OwnWordsForm.of(request, records=records, people=people, apart_with=apart_with)
    written = form.done(
        lambda: actions.write_own_words(
            actor=request.actor, family_id=family_id, at=request.at, **form.cleaned_data
        )
    )
    if written:
        messages.success(request, _("Het staat erbij, in uw woorden."))
        return redirect("own_record", family_id)
    return _again(request, "rights/write.html", {"family_id": family_id}, form)


def own_about(request: Request, own_id: UUID) -> HttpResponse:
    family_id = queries.family_of_own(request.actor, own_id, at=request.at)
    with opening(request.actor, "own.seen", family_id, at=request.at, kinds=queries.OWN_KINDS) as look:
        said = queries.own_about(look, own_id)
    form = AboutForm.of(request, said=said)
    say = lambda: actions.say_whom(actor=request.actor, own_id=own_id, at=request.at, **form.cleaned_data)  # noqa: E731
    if form.done(say):
        return redirect("own_record", family_id)
    return _again(
        request, "families/about.html", {"said": said, "back": reverse("own_record", args=[family_id])}, form
    )


@require_POST
def take_back(request: Request, own_id: UUID) -> HttpResponse:
    own = actions.take_back(actor=request.actor, own_id=own_id, at=request.at)
    return redirect("own_record", own.family_id)


def answer_correction(request: Request, own_id: UUID) -> HttpResponse:
    family_id = queries.family_of_own(request.actor, own_id, at=request.at)
    with opening(request.actor, "own.seen", family_id, at=request.at, kinds=queries.OWN_KINDS) as look:
        own = queries.own_words(look, own_id)
    form = forms.CoachReplyForm.of(request).careful(family_id)
    answered = form.done(
        lambda: actions.answer_correction(
            actor=request.actor, own_id=own_id, at=request.at, **form.cleaned_data
        )
    )
    if answered:
        return redirect("own_record", family_id)
    return _again(request, "rights/answer_correction.html", {"own": own}, form)


@require_POST
def ask_destruction(request: Request, family_id: UUID) -> HttpResponse:
    form = forms.DestructionForm.of(request)
    if not form.is_valid():
        raise BadRequest
    actions.ask_destruction(actor=request.actor, family_id=family_id, at=request.at, **form.cleaned_data)
    messages.success(request, _("Uw vraag is gesteld. U krijgt binnen een maand antwoord."))
    return redirect("own_record", family_id)


def answer_destruction(request: Request, destruction_id: UUID) -> HttpResponse:
    family_id = queries.family_of_destruction(request.actor, destruction_id, at=request.at)
    with opening(request.actor, "own.seen", family_id, at=request.at, kinds=queries.OWN_KINDS) as look:
        asked = queries.destruction(look, destruction_id)
        pieces = queries.to_destroy(look, destruction_id)
    form = forms.DestructionAnswerForm.of(request, pieces=pieces).careful(family_id)
    answered = form.done(
        lambda: actions.answer_destruction(
            actor=request.actor, destruction_id=destruction_id, at=request.at, **form.cleaned_data
        )
    )
    if answered:
        return redirect("own_record", family_id)
    return _again(request, "rights/answer_destruction.html", {"asked": asked}, form)


def officer_destruction(request: Request, destruction_id: UUID) -> HttpResponse:
    asked = queries.asked_of_officer(request.actor, destruction_id, correction=False, at=request.at)
    form = forms.WholeAnswerForm.of(request)
    answer = lambda: actions.answer_destruction_without_coach(  # noqa: E731
        actor=request.actor, destruction_id=destruction_id, at=request.at, **form.cleaned_data
    )
    return _by_officer(request, asked, form, done=form.done(answer))


def officer_correction(request: Request, own_id: UUID) -> HttpResponse:
    asked = queries.asked_of_officer(request.actor, own_id, correction=True, at=request.at)
    form = forms.ReplyForm.of(request)
    answer = lambda: actions.answer_correction_without_coach(  # noqa: E731
        actor=request.actor, own_id=own_id, at=request.at, **form.cleaned_data
    )
    return _by_officer(request, asked, form, done=form.done(answer))


def _by_officer(request: Request, asked: object, form: Form, *, done: object) -> HttpResponse:
    if done is not None:
        messages.success(request, _("Uw antwoord is bij het gezin."))
        return redirect("retention")
    return _again(request, "rights/asked_of_officer.html", {"asked": asked}, form)


@require_POST
def take_destruction_back(request: Request, destruction_id: UUID) -> HttpResponse:
    asked = actions.take_destruction_back(actor=request.actor, destruction_id=destruction_id, at=request.at)
    return redirect("own_record", asked.family_id)


def take_along(request: Request, record_id: UUID) -> HttpResponse:
    """The files are made for this request and kept nowhere; after it they are judged and made anew."""
    form = forms.TakeForm.of(request)
    if not form.is_valid():
        page = queries.to_take_along(request.actor, record_id, at=request.at)
        return render(request, "rights/take_along.html", {"page": page}, status=form.http_status)
    if not is_fresh(request):
        return show_again(request)
    whole = form.cleaned_data["what"] == "whole"
    copy = queries.take_along(request.actor, record_id, whole=whole, at=request.at)
    response = HttpResponse(copy.content, content_type=copy.kind)
    response["Content-Disposition"] = f'attachment; filename="{copy.name}"'
    response.alone = True  # type: ignore[attr-defined]
    return response


# --- which municipality is responsible ---


def residences(request: Request, family_id: UUID) -> HttpResponse:
    with opening(request.actor, "residence.seen", family_id, at=request.at) as look:
        page = queries.residences(look)
    form = forms.ResidenceForm.of(request, children=page.children, initial={"asked_on": request.at.date()})
    asked = form.done(
        lambda: actions.ask_residence(
            actor=request.actor, family_id=family_id, at=request.at, **form.cleaned_data
        )
    )
    if asked:
        return redirect("residence", asked.pk)
    return _again(request, "rights/residences.html", {"page": page}, form)


def residence(request: Request, residence_id: UUID) -> HttpResponse:
    """One question at a time; "back" takes one answer away, and the last button keeps the outcome."""
    family_id = queries.family_of_residence(request.actor, residence_id, at=request.at)
    form = forms.FactsForm.of(request)
    facts = form.facts()
    if "terug" in request.POST:
        facts = form.without_last(facts)
    if "leg_vast" in request.POST and _kept(request, residence_id, form, facts):
        return redirect("residence", residence_id)
    with opening(request.actor, "residence.seen", family_id, at=request.at) as look:
        line = queries.residence(look, residence_id)
    page: dict[str, Any] = {"line": line, "family_id": family_id, "ask": queries.ask_next(facts)}
    page |= {"told": queries.told(facts), "sent": form.told(facts), "outcome": queries.outcome(facts)}
    return _again(request, "rights/residence.html", page, form)


def _kept(request: Request, residence_id: UUID, form: forms.FactsForm, facts: Facts) -> bool:
    done = form.done(
        lambda: actions.answer_residence(
            actor=request.actor,
            residence_id=residence_id,
            facts=facts,
            other=form.cleaned_data["other"],
            at=request.at,
        )
    )
    return done is not None


@require_GET
def residence_letter(request: Request, residence_id: UUID) -> HttpResponse:
    family_id = queries.family_of_residence(request.actor, residence_id, at=request.at)
    with opening(request.actor, "residence.seen", family_id, at=request.at) as look:
        return _pdf(queries.residence_paper(look, residence_id), "gemeente")


def continue_help(request: Request, family_id: UUID, match_id: UUID) -> HttpResponse:
    form = forms.ContinueForm.of(request)
    return _going_on(request, family_id, match_id, form, actions.continue_help, "rights/continue.html")


def take_over_help(request: Request, family_id: UUID, match_id: UUID) -> HttpResponse:
    form = forms.TakeOverForm.of(request)
    return _going_on(request, family_id, match_id, form, actions.take_over_help, "rights/take_over.html")


def _going_on(
    request: Request, family_id: UUID, match_id: UUID, form: Form, go_on: Callable[..., object], template: str
) -> HttpResponse:
    with opening(request.actor, "residence.seen", family_id, at=request.at) as look:
        found = queries.helped(look, match_id)
    done = form.done(
        lambda: go_on(actor=request.actor, match_id=match_id, at=request.at, **form.cleaned_data)
    )
    if done:
        messages.success(request, _("De hulp gaat door. De laatste dag staat erbij."))
        return redirect("residences", family_id)
    return _again(request, template, {"help": found, "family_id": family_id}, form)


# --- information for a parent without authority ---


def ask_information(request: Request, family_id: UUID) -> HttpResponse:
    own = information.OWN
    with opening(request.actor, "information.own_seen", family_id, at=request.at, kinds=own) as look:
        page = information.asking(look)
    form = forms.AskInformationForm.of(request, records=page.children)
    if form.is_bound and not page.children:
        raise NotVisible
    ask = lambda: giving.ask_information(actor=request.actor, at=request.at, **form.cleaned_data)  # noqa: E731
    if form.done(ask):
        messages.success(request, _("Uw vraag ligt bij wie helpt. Het antwoord komt hier te staan."))
        return redirect("ask_information", family_id)
    context = {"page": page, "family_id": family_id}
    return _again(request, "rights/ask_information.html", context, form)


def information_asked(request: Request, family_id: UUID) -> HttpResponse:
    with opening(request.actor, "information.seen", family_id, at=request.at) as look:
        questions = information.to_answer(look)
    return render(request, "rights/information.html", {"questions": questions, "family_id": family_id})


def answer_information(request: Request, information_id: UUID) -> HttpResponse:
    family_id = information.family_of_information(request.actor, information_id, at=request.at)
    with opening(request.actor, "information.seen", family_id, at=request.at) as look:
        question = information.question(look, information_id)
    form = forms.InformationForm.of(request, asked=question.topic_code)
    told = form.done(
        lambda: giving.answer(
            actor=request.actor, information_id=information_id, at=request.at, **form.cleaned_data
        )
    )
    if told:
        messages.success(request, _("Uw antwoord staat er. De ouder krijgt bericht."))
        return redirect("information", family_id)
    context = {"question": question, "family_id": family_id}
    return _again(request, "rights/answer_information.html", context, form)


def _again(request: Request, template: str, page: dict[str, Any], form: Form) -> HttpResponse:
    """The page with what was typed; that the record was opened stays in the log all the same."""
    response = render(request, template, {**page, "form": form}, status=form.http_status)
    response.commits = True  # type: ignore[attr-defined]
    return response


def _pdf(paper: bytes, name: str) -> HttpResponse:
    """A file to keep: its name says what it is, not about whom."""
    response = HttpResponse(paper, content_type="application/pdf")
    response["Content-Disposition"] = f'attachment; filename="{name}.pdf"'
    return response
