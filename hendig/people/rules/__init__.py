"""Why not? – for signing in, for factors and codes, and for the anchor of the log; and who may do what."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime, timedelta
from enum import StrEnum

from django.utils.translation import gettext_lazy as _

from hendig.kernel.actor import Role
from hendig.kernel.refusal import Refusal
from hendig.people.rules.permissions import PERMISSIONS, Permission, may, require_permission

__all__ = [
    "BROWSERS",
    "FRESH",
    "PERMISSIONS",
    "PROVIDER_FAILED",
    "SYSTEMS",
    "WORKS_HERE",
    "Asks",
    "Means",
    "Permission",
    "device",
    "is_fresh",
    "may",
    "require_permission",
    "what_is_asked",
    "why_code_fails",
    "why_factor_fails",
    "why_no_anchor",
    "why_no_removal",
    "why_no_way_back",
    "why_not_set",
    "why_provider_fails",
    "why_too_often",
    "works_here",
]


def why_no_anchor(*, sealed: bool, anchored: bool) -> Refusal | None:
    """Why there is no seal to hand to others."""
    if not sealed:
        return Refusal("anchor.no_seal", _("Er is nog geen zegel. Binnen een minuut is het er."))
    if anchored:
        return Refusal(
            "anchor.done", _("Dit zegel is al doorgegeven. Binnen een minuut is er een nieuw zegel.")
        )
    return None


def why_not_set(*, same: bool) -> Refusal | None:
    """Why these settings make no change."""
    return Refusal("settings.same", _("Er is niets veranderd.")) if same else None


class Means(StrEnum):
    """With what somebody signs in. A passkey, or a provider at a level that is high enough, needs no more."""

    CODE = "code"
    PASSKEY = "passkey"
    APP = "app"
    BROKER = "broker"
    DEMO = "demo"

    @property
    def strong(self) -> bool:
        return self is not Means.CODE


# Opening a record in an emergency asks who is there once more, unless that was shown just now.
FRESH = timedelta(minutes=10)


def is_fresh(means: Means, shown_at: datetime | None, at: datetime, *, by_code: bool = False) -> bool:
    """Whether somebody showed just now who is there. In the demo always.

    By more than a mailed code, unless that is all that this person has and may come in with (`by_code`).
    """
    if means is Means.DEMO:
        return True
    return (means.strong or by_code) and shown_at is not None and at - FRESH < shown_at <= at


class Asks(StrEnum):
    """What still stands between somebody who signed in and the pages."""

    NOTHING = "nothing"
    FACTOR = "factor"
    SELF = "self"


# Everyone for whom this is work. A neighbour or a volunteer signs in as a family does.
WORKS_HERE = frozenset(
    {
        Role.COACH,
        Role.PROFESSIONAL,
        Role.TRAINEE,
        Role.OFFICE,
        Role.FINANCE,
        Role.POLICY,
        Role.PRIVACY,
        Role.AUDITOR,
    }
)


def works_here(roles: Collection[Role]) -> bool:
    return not WORKS_HERE.isdisjoint(roles)


def what_is_asked(
    *, roles: Collection[Role], strong: bool, still: timedelta, idle: timedelta, by_code: bool
) -> Asks:
    """What is asked before anything opens: a second factor, or oneself again after having been `still`.

    `by_code` is whether the municipality lets who does not work here in by a mailed code alone.
    """
    if not strong and (works_here(roles) or not by_code):
        return Asks.FACTOR
    return Asks.SELF if idle and still > idle else Asks.NOTHING


def why_provider_fails(*, known: bool, level: str, enough: Collection[str]) -> Refusal | None:
    """Why somebody whom the provider knows does not come in here. The level is told only to who is known."""
    if not known:
        return Refusal(
            "provider.unknown",
            _("Wij kennen u nog niet. Log in met een code per mail, of vraag wie u uitnodigde."),
        )
    if level not in enough:
        return Refusal(
            "provider.level",
            _("U logde in op een te laag niveau. Log opnieuw in op een hoger niveau, zoals met de ID-check."),
        )
    return None


def why_factor_fails(*, right: bool) -> Refusal | None:
    if right:
        return None
    return Refusal("factor.wrong", _("Dat lukte niet. Probeer het nog eens, of gebruik iets anders."))


def why_no_removal(*, roles: Collection[Role], left: int) -> Refusal | None:
    """Who works here keeps at least one second factor."""
    if works_here(roles) and left == 0:
        return Refusal("factor.last", _("Dit is uw enige. Voeg eerst een andere toe."))
    return None


def why_no_way_back(*, own: bool, colleague: bool) -> Refusal | None:
    """Why somebody cannot help the person with this address back in.

    Who is not there and who works elsewhere are one answer: nobody finds out who works where.
    """
    if own:
        return Refusal("way_back.own", _("Uzelf kunt u niet helpen. Vraag het aan een collega."))
    if not colleague:
        return Refusal(
            "way_back.no_colleague", _("Bij uw organisatie werkt niemand met dit adres. Kijk het adres na.")
        )
    return None


PROVIDER_FAILED = Refusal(
    "provider.failed",
    _("Het inloggen is onderweg misgegaan. Begin opnieuw, of log in met een code per mail."),
)


def why_too_often(*, allowed: bool) -> Refusal | None:
    if allowed:
        return None
    return Refusal(
        "door.too_often", _("Dit is te vaak geprobeerd. Wacht een paar minuten en probeer het opnieuw.")
    )


BROWSERS = (
    ("Edg", "Edge"),
    ("OPR", "Opera"),
    ("Firefox", "Firefox"),
    ("Chrome", "Chrome"),
    ("Safari", "Safari"),
)
SYSTEMS = (
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("Android", "Android"),
    ("Windows", "Windows"),
    ("Mac OS", "Mac"),
    ("CrOS", "Chromebook"),
    ("Linux", "Linux"),
)


def device(agent: str) -> str:
    """What somebody recognises a device by, and no more than that: "Chrome · Android"."""
    known = (next((name for mark, name in table if mark in agent), "") for table in (BROWSERS, SYSTEMS))
    return " · ".join(word for word in known if word)


# With these no code helps, however it is typed: only a new one does.
SPENT = frozenset({"code.used", "code.expired", "code.too_many_tries"})


def why_code_fails(
    *, right: bool, tries_left: int, expires_at: datetime, used: bool, at: datetime
) -> Refusal | None:
    """Why a one-time code does not work. Every reason is one sentence with what to do next."""
    if used:
        return Refusal("code.used", _("Deze code is al gebruikt. Vraag een nieuwe code aan."))
    if at >= expires_at:
        return Refusal("code.expired", _("Deze code is verlopen. Vraag een nieuwe code aan."))
    if tries_left <= 0:
        return Refusal("code.too_many_tries", _("Te vaak een verkeerde code. Vraag een nieuwe code aan."))
    if not right:
        return Refusal("code.wrong", _("Deze code klopt niet. Kijk nog eens in de mail."))
    return None
