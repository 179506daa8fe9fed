"""Who can do what: found, shown, and each the own card."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from hendig.audit.forms import Request
from hendig.directory import actions, forms, queries


@require_safe
def people(request: Request) -> HttpResponse:
    form = forms.WishesForm(request.GET)
    wishes, after = form.wishes()
    page = queries.directory(request.actor, at=request.at, wishes=wishes, after=after)
    form.offer(page)
    context = {
        "page": page,
        "form": form,
        "sifts": wishes != queries.Wishes(),
        "later": after is not None,
        "first": form.address(),
        "older": form.address(page.after) if page.after else "",
    }
    return render(request, "directory/people.html", context)


def my_card(request: Request) -> HttpResponse:
    card = queries.own_card(request.actor, at=request.at)
    form = forms.CardForm.of(request, initial=card.as_typed())
    if form.done(lambda: actions.keep_card(actor=request.actor, at=request.at, **form.cleaned_data)):
        messages.success(request, _("Uw kaart is bijgewerkt."))
        return redirect("my_card")
    context = {"card": card, "form": form}
    return render(request, "directory/my_card.html", context, status=form.http_status)


@require_POST
def remove_photo(request: Request) -> HttpResponse:
    actions.remove_photo(actor=request.actor, at=request.at)
    return redirect("my_card")


@require_safe
def portrait(request: Request, professional_id: UUID, number: int) -> HttpResponse:
    """A face, for who is signed in; it can do nothing there."""
    content = queries.portrait(request.actor, professional_id, photo=number, at=request.at)
    response = HttpResponse(content, content_type="image/jpeg")
    response["Content-Security-Policy"] = "default-src 'none'; sandbox"
    response["Cross-Origin-Resource-Policy"] = "same-origin"
    return response
