"""What the frame around every page shows: where one can go, who one is, what is new."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from hendig.audit.actions import last_look
from hendig.families.queries.because import because
from hendig.kernel.actor import Actor, Role
from hendig.kernel.refusal import Words

# role, route, label, icon: in the order in which they are shown
ROOMS: tuple[tuple[Role, str, Words, str], ...] = (
    (Role.FAMILY, "my_family", _("Ons gezin"), "home"),
    (Role.COACH, "coach_board", _("Mijn gezinnen"), "route"),
    (Role.PROFESSIONAL, "today", _("Vandaag"), "sun"),
    (Role.TRAINEE, "trainees", _("Meekijken"), "eye"),
    (Role.HELPER, "my_answers", _("Wat ik doe"), "hand-heart"),
    (Role.HELPER, "shared_with_me", _("Met u gedeeld"), "send"),
    (Role.OFFICE, "hours", _("Uren en facturen"), "receipt-euro"),
    (Role.FINANCE, "pay", _("Betalen"), "wallet"),
    (Role.PRIVACY, "log", _("Verantwoorden"), "shield-check"),
    (Role.AUDITOR, "accountant", _("Verantwoorden"), "shield-check"),
    (Role.POLICY, "learning", _("Leren"), "sprout"),
    (Role.ANYONE, "board", _("Open Tent"), "tent"),
)


@dataclass(frozen=True, slots=True)
class Room:
    url: str
    label: Words
    icon: str
    current: bool


def rooms(actor: Actor, path: str) -> list[Room]:
    """The rooms that the actor's roles open."""
    found = [(reverse(name), label, icon) for role, name, label, icon in ROOMS if actor.has(role)]
    # A room may lie within another: one stands in the innermost.
    here = max((url for url, _label, _icon in found if path.startswith(url)), key=len, default="")
    return [Room(url, label, icon, url == here) for url, label, icon in found]


def shell(request: HttpRequest) -> dict[str, Any]:
    """Context for every template; no queries: all of it came with the actor."""
    me = getattr(request, "me", None)
    look = last_look()
    actor = getattr(request, "actor", None)
    return {
        "demo": settings.DEMO,
        "me": me,
        # The pieces of the page that are fetched anew, where it is open already.
        "live": request.headers.get("X-Hendig-Live", "").split(),
        "actor": actor,
        "nav": rooms(actor, request.path) if actor else [],
        "accent": getattr(request, "accent", ""),
        "bell": me.unread if me else 0,
        "now": getattr(request, "at", None),
        "languages": settings.LANGUAGES,
        # Only of who asks now: an error page after somebody else's look says nothing.
        "because": because(look) if look and me and look.actor.account_id == me.account_id else None,
        "idle": settings.IDLE_MINUTES * 60,
    }


def front_door(actor: Actor) -> str:
    """The page where somebody's day begins."""
    own = [name for role, name, _label, _icon in ROOMS if role is not Role.ANYONE and actor.has(role)]
    return own[0] if own else "home"
