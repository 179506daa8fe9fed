"""The register of data breaches."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from hendig.audit.actions import change
from hendig.kernel.actor import Actor
from hendig.kernel.refusal import require
from hendig.people.models import Account
from hendig.people.rules import Permission, require_permission
from hendig.safety import rules
from hendig.safety.models import Breach
from hendig.safety.queries.breaches import reach


def write_breach(
    *,
    actor: Actor,
    found_at: datetime,
    from_at: datetime,
    until_at: datetime,
    what: str,
    at: datetime,
    who: UUID | None = None,
    effects: str = "",
    measures: str = "",
    to_authority: bool = True,
    to_people: bool = False,
) -> Breach:
    """A breach stands in the register, with how many records the log says that it reached."""
    require_permission(actor, Permission.KEEP_BREACHES)
    with change(actor, "breach.written", at=at) as act:
        require(rules.why_no_breach(from_at, until_at, found_at, at))
        known = Account.objects.filter(municipality_id=actor.municipality_id, pk=who).first() if who else None
        reached = reach(actor, known.pk if known else None, from_at, until_at)
        breach = Breach.objects.create(
            found_at=found_at,
            from_at=from_at,
            until_at=until_at,
            who=known,
            records=reached.records,
            lines=reached.lines,
            what=what,
            effects=effects,
            measures=measures,
            to_authority=to_authority,
            to_people=to_people,
            account_id=actor.account,
            at=at,
        )
        act.record(breach, records=reached.records)
    return breach
