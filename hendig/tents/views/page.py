"""The page that remains: read, amended, seen otherwise, agreed to and taken home."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST

from hendig.audit.forms import Request
from hendig.families.queries import opening
from hendig.tents import actions, forms, queries
from hendig.tents.views.answers import back, file, valid


def page(request: Request, tent_id: UUID) -> HttpResponse:
    family_id = queries.family_of_tent(request.actor, tent_id, at=request.at)
    with opening(request.actor, "tent.page_seen", family_id, at=request.at) as look:
        sheet = queries.sheet(look, tent_id, forms.VersionForm.chosen(request))
    typed = sheet.as_typed()
    form = forms.PageForm.of(request, initial=typed).careful(family_id).beside(typed)
    if form.done(
        lambda: actions.amend_page(actor=request.actor, tent_id=tent_id, at=request.at, **form.written())
    ):
        return redirect("tent_page", tent_id)
    context = {
        "sheet": sheet,
        "form": form,
        "differ": forms.DifferForm(sheet=sheet),
        "on_paper": forms.ON_PAPER,
    }
    return render(request, "tents/page.html", context, status=form.http_status)


def differ_on_page(request: Request, tent_id: UUID) -> HttpResponse:
    """Without an error this is only passed by: what was typed and could not be kept stands here again."""
    family_id = queries.family_of_tent(request.actor, tent_id, at=request.at)
    with opening(request.actor, "tent.page_seen", family_id, at=request.at) as look:
        sheet = queries.sheet(look, tent_id)
    form = forms.DifferForm.of(request, sheet=sheet).careful(family_id)
    say = lambda: actions.differ_on_page(  # noqa: E731
        actor=request.actor, tent_id=tent_id, at=request.at, **form.asked()
    )
    if form.done(say):
        return redirect("tent_page", tent_id)
    return render(request, "tents/differ.html", {"sheet": sheet, "form": form}, status=form.http_status)


@require_POST
def take_back_on_page(request: Request, remark_id: UUID) -> HttpResponse:
    remark = actions.take_back_on_page(actor=request.actor, remark_id=remark_id, at=request.at)
    return redirect("tent_page", remark.tent_id)


@require_POST
def begin_later_page(request: Request, tent_id: UUID) -> HttpResponse:
    actions.begin_later_page(actor=request.actor, tent_id=tent_id, at=request.at)
    return redirect(reverse("tent_page", args=[tent_id]) + "#aanpassen")


@require_POST
def agree_page(request: Request, tent_id: UUID) -> HttpResponse:
    edition = valid(forms.EditionForm.of(request))["edition"]
    actions.agree_page(actor=request.actor, tent_id=tent_id, edition=edition, at=request.at)
    return back(request, "tent", tent_id)


def page_pdf(request: Request, tent_id: UUID) -> HttpResponse:
    family_id = queries.family_of_tent(request.actor, tent_id, at=request.at)
    with opening(request.actor, "tent.page_taken", family_id, at=request.at) as look:
        number, language = forms.VersionForm.chosen(request), forms.LanguageForm.chosen(request)
        paper = queries.page_pdf(look, tent_id, number, language)
    return file(paper, "application/pdf", "blad.pdf")


def invitation(request: Request, tent_id: UUID) -> HttpResponse:
    family_id = queries.family_of_tent(request.actor, tent_id, at=request.at)
    with opening(request.actor, "tent.invitation_taken", family_id, at=request.at) as look:
        calendar = queries.invitation(look, tent_id)
    return file(calendar, "text/calendar; charset=utf-8", "afspraak.ics")
