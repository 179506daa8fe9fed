"""Sign-in and what belongs to the signed-in person; and `route()`, through which every page is guarded."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from urllib.parse import urlencode

from django.http import HttpResponseBase, HttpResponseRedirect
from django.urls import URLPattern, path, reverse

from hendig.audit.forms import Request
from hendig.people import views
from hendig.people.rules import Permission, may, require_permission

View = Callable[..., HttpResponseBase]


def route(where: str, view: View, *, name: str, needs: Permission) -> URLPattern:
    """A path whose view is only reached by an actor with the permission; a visitor is asked to sign in.

    The permission stands beside the path, so that no page can be added without deciding who opens it.
    """

    @wraps(view)
    def guarded(request: Request, *args: object, **named: object) -> HttpResponseBase:
        if not request.actor.signed_in and not may(request.actor, needs):
            return HttpResponseRedirect(f"{reverse('sign_in')}?{urlencode({'next': request.path})}")
        require_permission(request.actor, needs)
        return view(request, *args, **named)

    guarded.needs = needs  # type: ignore[attr-defined]
    return path(where, guarded, name=name)


urlpatterns = [
    route("aanmelden/", views.sign_in, name="sign_in", needs=Permission.SEE_PUBLIC_PAGES),
    route(
        "aanmelden/<uuid:code_id>/", views.enter_code, name="enter_code", needs=Permission.SEE_PUBLIC_PAGES
    ),
    route("afmelden/", views.sign_out, name="sign_out", needs=Permission.SEE_PUBLIC_PAGES),
    route("taal/", views.choose_language, name="choose_language", needs=Permission.SEE_PUBLIC_PAGES),
    route("meldingen/", views.notices, name="notices", needs=Permission.BE_SIGNED_IN),
    route(
        "meldingen/<uuid:notice_id>/", views.open_notice, name="open_notice", needs=Permission.BE_SIGNED_IN
    ),
]
