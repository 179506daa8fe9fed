"""The register of data breaches."""

from __future__ import annotations

from dataclasses import asdict
from datetime import datetime
from uuid import UUID

from hendig.audit.actions import change
from hendig.kernel.actor import Actor
from hendig.kernel.refusal import require
from hendig.people.models import Account
from hendig.people.rules import Permission, require_permission
from hendig.safety import rules
from hendig.safety.models import Breach
from hendig.safety.queries.breaches import as_told, newest
from hendig.safety.queries.reached import Search, reach
from hendig.safety.rules import Told


def write_breach(
    *, actor: Actor, told: Told, at: datetime, who: UUID | None = None, of_record_id: UUID | None = None
) -> Breach:
    """A breach stands in the register, with how many records the log says that it reached."""
    require_permission(actor, Permission.KEEP_BREACHES)
    with change(actor, "breach.written", at=at) as act:
        require(rules.why_no_breach(told, at))
        breach = _row(actor, told, who, of_record_id, at)
        breach.save()
        act.record(breach, records=breach.records)
    return breach


def add_to_breach(
    *,
    actor: Actor,
    breach_id: UUID,
    seen_id: UUID,
    told: Told,
    at: datetime,
    who: UUID | None = None,
    of_record_id: UUID | None = None,
) -> Breach:
    """What is known by now stands beside what was said before (GDPR art. 33.4): nothing is written over.

    `seen_id` is what the officer read while typing: refused when a colleague added something since.
    """
    require_permission(actor, Permission.KEEP_BREACHES)
    with change(actor, "breach.added", at=at) as act:
        first = act.lock(Breach.objects.filter(municipality_id=actor.municipality_id, first=None), breach_id)
        before = newest(actor, first.pk)
        row = _row(actor, told, who, of_record_id, at, first=first)
        require(rules.why_not_added(newest=before.pk == seen_id, same=_says(before) == _says(row)))
        require(rules.why_no_breach(told, at))
        row.save()
        act.record(row, breach=first.pk, records=row.records)
    return row


def _says(row: Breach) -> object:
    return as_told(row), row.who_id, row.of_record_id


def _row(
    actor: Actor,
    told: Told,
    who: UUID | None,
    of_record_id: UUID | None,
    at: datetime,
    first: Breach | None = None,
) -> Breach:
    known = Account.objects.filter(municipality_id=actor.municipality_id, pk=who).first() if who else None
    search = Search(known.pk if known else None, of_record_id, told.from_at, told.until_at)
    reached = reach(actor, search, at=at)
    return Breach(
        first=first,
        who=known,
        of_record_id=of_record_id,
        records=reached.records,
        families=reached.families,
        lines=reached.lines,
        account_id=actor.account,
        at=at,
        **asdict(told),
    )
