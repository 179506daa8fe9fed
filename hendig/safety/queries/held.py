"""What a family does not read yet, and whether that is all it misses: written = shown + held."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import connection

from hendig.families.queries.lines import log_lines
from hendig.kernel.actor import Actor, Role
from hendig.kernel.periods import local_day
from hendig.people.models import Membership
from hendig.safety.models import SafetyHold


def is_held(record_id: UUID | None, *, at: datetime) -> bool:
    """Whether a safety hold stands on the record. 1 query."""
    return record_id is not None and SafetyHold.objects.standing(at).filter(record=record_id).exists()


# To be named is not enough: who left, or is kept out, is no reader. So it is the gate that says who is one.
_READS = """
    families_involvement i CROSS JOIN LATERAL hendig_open(i.account_id, %(at)s) o
    WHERE i.record_id = {record} AND i.purpose = 'safety' AND i.part <> 'emergency'
        AND (i.until_at IS NULL OR i.until_at > %(at)s)
        AND o.record_id = i.record_id AND o.kind = 'safety' AND o.purpose = i.purpose AND o.part = i.part
"""
READERS_OF_SAFETY = f"""
    SELECT i.account_id FROM {_READS.format(record="%(record)s")}
    GROUP BY i.account_id ORDER BY min(i.id::text)
"""  # noqa: S608 - our own words
# Open worries that nobody reads; of a record that was destroyed there is nothing left to read.
UNREAD = f"""
    SELECT min(c.id::text)::uuid FROM safety_concern c
    WHERE c.municipality_id = %(town)s AND c.closed_at IS NULL
        AND NOT EXISTS (SELECT FROM {_READS.format(record="c.record_id")})
        AND NOT EXISTS (SELECT FROM safety_erasure e
            WHERE e.record_id = c.record_id AND e.pieces = '{{}}' AND e.agreed_at IS NOT NULL)
    GROUP BY c.record_id ORDER BY 1
"""  # noqa: S608 - our own words


def account_ids_for_safety(record_id: UUID | None, *, at: datetime) -> tuple[UUID, ...]:
    """Who is named for the safety part of the record and has it open; nobody of an emergency. 1 query."""
    with connection.cursor() as cursor:
        cursor.execute(READERS_OF_SAFETY, {"record": record_id, "at": at})
        return tuple(account_id for (account_id,) in cursor.fetchall())


def unread(municipality_id: UUID, *, at: datetime) -> tuple[UUID, ...]:
    """Of each record with an open worry that nobody reads, the first one. 1 query; asked as Hendig itself."""
    with connection.cursor() as cursor:
        cursor.execute(UNREAD, {"town": municipality_id, "at": at})
        return tuple(concern_id for (concern_id,) in cursor.fetchall())


def held_now() -> frozenset[UUID]:
    """The records on which a safety hold stands, whoever asks: no more than which. 1 query."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT unnest(hendig_held())")
        return frozenset(record_id for (record_id,) in cursor.fetchall())


def officers(municipality_id: UUID, *, at: datetime) -> tuple[UUID, ...]:
    """The privacy officers of the municipality. 1 query."""
    return _with_role(Role.PRIVACY, municipality_id, at)


def auditors(municipality_id: UUID, *, at: datetime) -> tuple[UUID, ...]:
    """Who audits the municipality. 1 query."""
    return _with_role(Role.AUDITOR, municipality_id, at)


def leaders(municipality_id: UUID, *, at: datetime) -> tuple[UUID, ...]:
    """Who answers for the work of the municipality. 1 query."""
    return _with_role(Role.POLICY, municipality_id, at)


def _with_role(role: Role, municipality_id: UUID, at: datetime) -> tuple[UUID, ...]:
    held = Membership.objects.standing(local_day(at)).filter(
        municipality_id=municipality_id, role=role, account__is_active=True
    )
    return tuple(held.order_by("id").values_list("account_id", flat=True))


# Counted by the words of the rule, apart from the query that pages use.
WRITTEN = """
    SELECT count(*), count(*) FILTER (WHERE e.purpose = 'safety' AND e.record_id = ANY (hendig_held()))
    FROM audit_entry e
    WHERE e.municipality_id = %(town)s AND e.family_id = %(family)s AND e.kind IN ('change', 'look')
        AND e.account_id IS DISTINCT FROM %(account)s
        AND (e.compartment_id IS NULL OR e.compartment_id IN (
            SELECT compartment_id FROM hendig_open(%(account)s, %(at)s) WHERE family_id = %(family)s))
        AND NOT (e.compartment_id IS NOT NULL
            AND e.compartment_id = ANY (hendig_of_child_alone(%(account)s, %(at)s))
            AND CASE WHEN NOT e.facts ? 'said_of' THEN e.facts ? 'another' ELSE (
                SELECT l.facts ? 'another' AND l.facts ->> 'another' <> ALL (
                    SELECT m.id::text FROM families_familymember m WHERE m.account_id = %(account)s)
                FROM audit_entry l
                WHERE l.municipality_id = e.municipality_id AND l.family_id = e.family_id
                    AND l.facts ? 'said_of' AND l.facts ->> 'said_of' = e.facts ->> 'said_of'
                ORDER BY l.id DESC LIMIT 1) END)
"""
READERS = """
    SELECT DISTINCT i.family_id, i.account_id FROM families_involvement i
    CROSS JOIN LATERAL hendig_open(i.account_id, %(at)s) o
    WHERE i.municipality_id = %(town)s AND i.part = 'family' AND o.record_id = i.record_id AND o.part = i.part
        AND i.family_id IN (
            SELECT family_id FROM audit_entry WHERE municipality_id = %(town)s AND at > %(since)s)
"""


@dataclass(frozen=True, slots=True)
class Count:
    """What was written about a family, and what one of its people reads and does not read yet."""

    family_id: UUID
    account_id: UUID
    written: int
    shown: int
    held: int

    @property
    def right(self) -> bool:
        return self.written == self.shown + self.held


def counted(municipality_id: UUID, *, at: datetime, since: datetime) -> tuple[Count, ...]:
    """For each person of a family about which something was written since: written = shown + held.

    4 queries for each reader; asked as Hendig itself.
    """
    with connection.cursor() as cursor:
        cursor.execute(READERS, {"town": municipality_id, "at": at, "since": since})
        readers = cursor.fetchall()
    return tuple(
        _count(municipality_id, family_id, account_id, at) for family_id, account_id in sorted(readers)
    )


def _count(municipality_id: UUID, family_id: UUID, account_id: UUID, at: datetime) -> Count:
    facts: dict[str, Any] = {"town": municipality_id, "family": family_id, "account": account_id, "at": at}
    with connection.cursor() as cursor:
        cursor.execute(WRITTEN, facts)
        written, held = cursor.fetchone()
        cursor.execute("SELECT compartment_id FROM hendig_open(%(account)s, %(at)s)", facts)
        open_to = {row[0] for row in cursor.fetchall()}
    shown = log_lines(Actor(municipality_id, account_id), family_id, open_to, at=at).count()
    return Count(family_id, account_id, written, shown, held)
