"""Pages of what a family shares: translate in, one call, translate out."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.core.exceptions import BadRequest
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from hendig.audit.forms import Request
from hendig.families.queries import opening
from hendig.shares import actions, forms, queries


@require_GET
def shares(request: Request, family_id: UUID) -> HttpResponse:
    with opening(request.actor, "share.seen", family_id, at=request.at) as look:
        page = queries.shares_of(look)
    return render(request, "shares/shares.html", {"page": page})


def propose(request: Request, record_id: UUID) -> HttpResponse:
    family_id = queries.family_of_record(request.actor, record_id, at=request.at)
    with opening(request.actor, "share.choosing", family_id, at=request.at, record_id=record_id) as look:
        page = queries.proposing(look, record_id)
    form = forms.ShareForm.of(request, page=page).careful(family_id)
    made = form.done(
        lambda: actions.propose(actor=request.actor, record_id=record_id, at=request.at, **form.cleaned_data)
    )
    if made is not None:
        messages.success(
            request, _("Het voorstel staat klaar. Er wordt niets gedeeld zonder het ja van wie beslist.")
        )
        return redirect("share", made.pk)
    return render(request, "shares/new.html", {"page": page, "form": form}, status=form.http_status)


@require_GET
def share(request: Request, share_id: UUID) -> HttpResponse:
    one = queries.share_page(request.actor, share_id, at=request.at)
    return render(request, "shares/share.html", {"one": one})


@require_POST
def answer(request: Request, share_id: UUID) -> HttpResponse:
    form = forms.SayForm.of(request)
    if not form.is_valid():
        raise BadRequest
    yes = form.cleaned_data["yes"]
    actions.answer(actor=request.actor, share_id=share_id, yes=yes, at=request.at)
    done = _("U zei ja. U kunt dat altijd weer stoppen.") if yes else _("Gestopt. Het geldt meteen.")
    messages.success(request, done)
    return redirect("share", share_id)


@require_POST
def take_back(request: Request, share_id: UUID) -> HttpResponse:
    actions.take_back(actor=request.actor, share_id=share_id, at=request.at)
    messages.success(request, _("Gestopt. Het gezin krijgt daar bericht van."))
    return redirect("share", share_id)


@require_GET
def shared_with_me(request: Request) -> HttpResponse:
    shares = queries.shared_with_me(request.actor, at=request.at)
    return render(request, "shares/shared_with_me.html", {"shares": shares})


@require_GET
def shared(request: Request, share_id: UUID) -> HttpResponse:
    page = queries.shared_page(request.actor, share_id, at=request.at)
    return render(request, "shares/shared.html", {"page": page})
