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
from hendig.people.views import looks, registrations

View = Callable[..., HttpResponseBase]


def route(where: str, view: View, *, name: str, needs: Permission) -> URLPattern:
    """A path whose view is only reached by an actor with the permission; a visitor is asked to sign in.

    The permission stands beside the path, so that no page can be added without deciding who opens it.
    """

    @wraps(view)
    def guarded(request: Request, *args: object, **named: object) -> HttpResponseBase:
        if not request.actor.signed_in and not may(request.actor, needs):
            first = views.ask_first(request)
            if first is not None:
                return first
            door = HttpResponseRedirect(f"{reverse('sign_in')}?{urlencode({'next': request.path})}")
            # A form that is turned away here was not taken in: sent again, it is judged for the first time.
            door.alone = True  # type: ignore[attr-defined]
            return door
        require_permission(request.actor, needs)
        return view(request, *args, **named)

    guarded.needs = needs  # type: ignore[attr-defined]
    return path(where, guarded, name=name)


PUBLIC, SELF = Permission.SEE_PUBLIC_PAGES, Permission.BE_SIGNED_IN
REGISTERED = Permission.SEE_REGISTRATIONS
urlpatterns = [
    route("aanmelden/", views.sign_in, name="sign_in", needs=PUBLIC),
    route("aanmelden/<uuid:code_id>/", views.enter_code, name="enter_code", needs=PUBLIC),
    route("aanmelden/tweede/", views.second_factor, name="second_factor", needs=PUBLIC),
    route("aanmelden/terug/", views.come_back, name="come_back", needs=PUBLIC),
    route("aanmelden/terug/code/", views.code_again, name="code_again", needs=PUBLIC),
    route("aanmelden/verder/", views.resume, name="resume", needs=SELF),
    route("aanmelden/passkey/", views.use_passkey, name="use_passkey", needs=PUBLIC),
    route("aanmelden/passkey/vraag/", views.ask_passkey, name="ask_passkey", needs=PUBLIC),
    route("aanmelden/passkey/nieuw/", views.new_passkey, name="new_passkey", needs=PUBLIC),
    route("aanmelden/app/", views.new_app, name="new_app", needs=PUBLIC),
    route("aanmelden/dienst/", views.to_provider, name="broker", needs=PUBLIC),
    route("aanmelden/dienst/terug/", views.from_provider, name="broker_back", needs=PUBLIC),
    route("afmelden/", views.sign_out, name="sign_out", needs=PUBLIC),
    route("toegang/", views.access, name="access", needs=SELF),
    route("toegang/hier/", views.still_here, name="still_here", needs=SELF),
    route("toegang/sleutel/", views.waiting_key, name="waiting_key", needs=SELF),
    route("toegang/collega/", views.help_colleague, name="help_colleague", needs=Permission.HELP_BACK_IN),
    route("toegang/herstelcodes/", views.recovery_codes, name="recovery_codes", needs=SELF),
    route("toegang/middel/<int:number>/", views.remove_factor, name="remove_factor", needs=SELF),
    route("toegang/apparaat/<int:number>/", views.end_device, name="end_device", needs=SELF),
    route("beroepskrachten/", registrations.professionals, name="professionals", needs=REGISTERED),
    route(
        "beroepskrachten/<uuid:professional_id>/",
        registrations.registrations,
        name="registrations",
        needs=REGISTERED,
    ),
    route(
        "beroepskrachten/registratie/<uuid:registration_id>/",
        registrations.answer_registration,
        name="answer_registration",
        needs=Permission.KEEP_REGISTRATIONS,
    ),
    route(
        "beroepskrachten/registratie/<uuid:registration_id>/weg/",
        registrations.end_registration,
        name="end_registration",
        needs=REGISTERED,
    ),
    route(
        "beroepskrachten/expertise/<uuid:proposal_id>/akkoord/",
        registrations.agree_expertise,
        name="agree_expertise",
        needs=Permission.KEEP_REGISTRATIONS,
    ),
    route(
        "beroepskrachten/expertise/<uuid:proposal_id>/niet/",
        registrations.decline_expertise,
        name="decline_expertise",
        needs=Permission.KEEP_REGISTRATIONS,
    ),
    route("wie-werkt-hier/", views.workers, name="workers", needs=Permission.AGREE_TO_ROLE),
    route("wie-werkt-hier/nieuw/", views.ask_role, name="ask_role", needs=Permission.ASK_FOR_ROLE),
    route(
        "wie-werkt-hier/<uuid:role_id>/akkoord/",
        views.agree_role,
        name="agree_role",
        needs=Permission.AGREE_TO_ROLE,
    ),
    route(
        "wie-werkt-hier/<uuid:role_id>/niet/",
        views.decline_role,
        name="decline_role",
        needs=Permission.AGREE_TO_ROLE,
    ),
    route(
        "wie-werkt-hier/rol/<uuid:membership_id>/stoppen/",
        views.stop_role,
        name="stop_role",
        needs=Permission.END_ROLE,
    ),
    route("kleur/", looks.look, name="look", needs=Permission.SET_LOOK),
    route("kleur/<str:digits>/", looks.accent, name="accent", needs=PUBLIC),
    route("taal/", views.choose_language, name="choose_language", needs=PUBLIC),
    route("meldingen/", views.notices, name="notices", needs=SELF),
    route("meldingen/<uuid:notice_id>/", views.open_notice, name="open_notice", needs=SELF),
]
