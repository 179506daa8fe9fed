"""Pages that compose panels of several apps."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_POST

from hendig.audit.forms import Request
from hendig.audit.queries import check_code
from hendig.billing.forms import PaidForm
from hendig.families import views as families
from hendig.people import actions
from hendig.shares import queries as shares
from hendig.web import pages
from hendig.web.forms import LogForm, SealForm
from hendig.web.register import processing_register
from hendig.web.shell import front_door


def home(request: Request) -> HttpResponse:
    if request.actor.signed_in and front_door(request.actor) != "home":
        return redirect(front_door(request.actor))
    return render(request, "web/home.html", {"page": pages.home(request.actor)})


def about(request: Request) -> HttpResponse:
    return render(request, "web/about.html", {"page": pages.home(request.actor)})


def my_family(request: Request) -> HttpResponse:
    doors = pages.own_doors(request.actor, at=request.at)
    if len(doors) == 1:
        return redirect(doors[0].url)
    return render(request, "web/my_families.html", {"doors": doors})


def family(request: Request, family_id: UUID) -> HttpResponse:
    page = pages.family(request.actor, family_id, at=request.at)
    return render(request, "web/family.html", {"page": page})


def who_may(request: Request, family_id: UUID) -> HttpResponse:
    """Who sees along, and with whom outside something is shared."""
    more = lambda look: {"shared": shares.shares_of(look)}  # noqa: E731
    return families.who_may(request, family_id, more=more, template="web/who_may.html")


def own_help(request: Request, family_id: UUID) -> HttpResponse:
    found = pages.own_help(request.actor, family_id, at=request.at)
    return render(request, "web/own_help.html", {"own_help": found, "family_id": family_id})


@require_GET
def coach_board(request: Request) -> HttpResponse:
    return render(request, "web/coach.html", {"page": pages.coach(request.actor, at=request.at)})


def today(request: Request) -> HttpResponse:
    return render(request, "web/today.html", {"page": pages.today(request.actor, at=request.at)})


def log(request: Request) -> HttpResponse:
    form = LogForm(request.GET)
    asked = form.cleaned_data if form.is_valid() else {"kind": "", "before": None}
    return render(request, "web/log.html", {"page": pages.log(request.actor, at=request.at, **asked)})


@require_GET
def accountant(request: Request) -> HttpResponse:
    page = pages.accountant(request.actor, at=request.at)
    return render(request, "web/accountant.html", {"page": page, "form": PaidForm()})


@require_GET
def register(request: Request) -> HttpResponse:
    return render(request, "web/register.html", {"processings": processing_register()})


@require_GET
def seal(request: Request) -> HttpResponse:
    form = SealForm(request.GET)
    code = form.cleaned_data["code"] if form.is_valid() else ""
    page = {"form": form, "checked": check_code(code) if code else None, "page": pages.seal(request.actor)}
    return render(request, "web/seal.html", page)


@require_POST
def anchor_log(request: Request) -> HttpResponse:
    anchor = actions.anchor_log(actor=request.actor, at=request.at)
    words = ngettext(
        "Het zegel ligt nu bij %(letters)s bewaarder.",
        "Het zegel ligt nu bij %(letters)s bewaarders.",
        anchor.letters,
    )
    messages.success(request, words % {"letters": anchor.letters})
    return redirect("seal")
