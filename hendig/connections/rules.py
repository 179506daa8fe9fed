"""What a system may come in for, and why somebody does not let one in."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from types import MappingProxyType

from django.utils.translation import gettext_lazy as _

from hendig.connections.models import Purpose
from hendig.kernel.actor import Actor, Role
from hendig.kernel.refusal import Refusal, Words
from hendig.people.rules import Permission

# A token that nobody renews ends by itself.
LONGEST = timedelta(days=366)
# More systems than an office has; who makes that many has forgotten the first.
MOST = 10
# How exactly is told when a system came in last: to the hour, so that reading writes no line each time.
USE_IS_TOLD = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class Reach:
    """Whose role a purpose belongs to, and the only permissions that it gives of those that the role has."""

    role: Role
    permits: frozenset[Permission]


REACH: Mapping[Purpose, Reach] = MappingProxyType(
    {
        Purpose.SEND: Reach(Role.OFFICE, frozenset({Permission.SEND_INVOICE, Permission.SEE_INVOICE})),
        Purpose.FOLLOW: Reach(Role.OFFICE, frozenset({Permission.SEE_INVOICE})),
        Purpose.JOURNAL: Reach(Role.FINANCE, frozenset({Permission.SEE_JOURNAL})),
        Purpose.CHAIN: Reach(Role.FINANCE, frozenset({Permission.FOLLOW_PAYMENT})),
    }
)


def offered(actor: Actor) -> tuple[Purpose, ...]:
    """For what the actor may let a system in."""
    return tuple(one for one, reach in REACH.items() if actor.has(reach.role))


def permitted(purposes: Collection[Purpose]) -> frozenset[Permission]:
    """Everything that a system with these purposes may do. What is open anyway is open to it too."""
    return frozenset({Permission.SEE_PUBLIC_PAGES}).union(*(REACH[one].permits for one in purposes))


def role_of(purposes: Collection[Purpose]) -> Role | None:
    """The one role in which a system comes in; None for purposes of more roles, or none at all."""
    roles = {REACH[one].role for one in purposes}
    return roles.pop() if len(roles) == 1 else None


def why_not_made(
    *, purposes: Collection[Purpose], until_on: date, today: date, name: str, standing: Collection[str]
) -> Refusal | None:
    """Why somebody does not let this system in; `standing` are the names of those that may come in."""
    if role_of(purposes) is None:
        return Refusal(
            "connection.purposes",
            _("Kies waarvoor het systeem binnenkomt. Facturen en journaal horen niet in één sleutel."),
        )
    if until_on < today:
        return Refusal("connection.past", _("Die dag is al voorbij. Kies een latere dag."))
    if until_on > today + LONGEST:
        return Refusal("connection.long", _("Een sleutel werkt hoogstens een jaar. Kies een eerdere dag."))
    if len(standing) >= MOST:
        return Refusal(
            "connection.many", _("U hebt al tien sleutels. Stop er eerst een die u niet meer gebruikt.")
        )
    if name.casefold() in {one.casefold() for one in standing}:
        return Refusal(
            "connection.named",
            _("Er is al een sleutel met deze naam. Stop die eerst, of kies een andere naam."),
        )
    return None


def why_not_ended(*, over: bool) -> Refusal | None:
    if over:
        return Refusal("connection.over", _("Deze sleutel werkte al niet meer."))
    return None


def why_over(*, ended: bool, standing: bool, until_on: date, today: date) -> Words | None:
    """Why a system does not come in any more, in a few words; None while it does."""
    if standing:
        return None
    if ended:
        return _("gestopt")
    if until_on < today:
        return _("verlopen")
    return _("de rol van wie hem maakte is voorbij")
