"""Who can do what: found, shown, and each the own card; and being asked in another municipality as well."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from hendig.audit.forms import Request
from hendig.directory import actions, forms, queries
from hendig.kernel.actor import Actor
from hendig.people.rules import Means
from hendig.people.views import come_in, is_fresh, safe_path, show_again


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


@require_safe
def elsewhere(request: Request) -> HttpResponse:
    page = queries.elsewhere(request.actor, at=request.at)
    return render(request, "directory/elsewhere.html", {"page": page})


@require_POST
def offer_elsewhere(request: Request, municipality_id: UUID) -> HttpResponse:
    actions.offer_elsewhere(actor=request.actor, municipality_id=municipality_id, at=request.at)
    messages.success(request, _("Gevraagd. U krijgt bericht zodra iemand daar antwoord geeft."))
    return redirect("elsewhere")


@require_POST
def stop_elsewhere(request: Request, elsewhere_id: UUID) -> HttpResponse:
    actions.stop_elsewhere(actor=request.actor, elsewhere_id=elsewhere_id, at=request.at)
    return redirect("elsewhere")


def go_elsewhere(request: Request, elsewhere_id: UUID, onward: str = "") -> HttpResponse:
    """From one municipality to the other, by a button: of who one was, nothing goes along.

    What was shown at the one door does not count at the other: there the own second factor is asked.
    """
    page = queries.crossing(request.actor, elsewhere_id, at=request.at)
    where = safe_path(f"/{onward}") if onward else ""
    if request.method == "POST":
        # Who finds a device of somebody else is let in nowhere else by it.
        if not is_fresh(request):
            return show_again(request)
        demo = request.session.get("means") == Means.DEMO
        request.actor = Actor.visitor(page.municipality_id)
        return come_in(request, page.account_id, Means.DEMO if demo else Means.CODE, onward=where)
    # A mail from there that is opened there.
    if where and page.is_there:
        return redirect(where)
    return render(request, "directory/go_elsewhere.html", {"page": page, "go_url": request.path})


@require_safe
def from_elsewhere(request: Request) -> HttpResponse:
    people = queries.from_elsewhere(request.actor, at=request.at)
    page = {
        "waiting": [one for one in people if not one.taken],
        "here": [one for one in people if one.taken],
    }
    return render(request, "directory/from_elsewhere.html", page)


@require_POST
def take_from_elsewhere(request: Request, elsewhere_id: UUID) -> HttpResponse:
    if not is_fresh(request):
        return show_again(request)
    account = actions.take_from_elsewhere(actor=request.actor, elsewhere_id=elsewhere_id, at=request.at)
    messages.success(request, _("%(name)s kan hier nu ook worden gevraagd.") % {"name": account.first_name})
    return redirect("from_elsewhere")


@require_POST
def decline_from_elsewhere(request: Request, elsewhere_id: UUID) -> HttpResponse:
    actions.decline_from_elsewhere(actor=request.actor, elsewhere_id=elsewhere_id, at=request.at)
    return redirect("from_elsewhere")
