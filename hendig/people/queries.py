"""Who is asking, and what the shell of every page shows of that."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.db import connection

from hendig.audit.notices import code as declared
from hendig.kernel.actor import Actor, Role
from hendig.kernel.refusal import Words
from hendig.people.models import Account, Letter, Membership, Municipality, Notice, Principle


@dataclass(frozen=True, slots=True)
class Me:
    """The signed-in person as the shell shows it."""

    actor: Actor
    account_id: UUID
    first_name: str
    name: str
    language: str
    informal: bool
    municipality: str
    unread: int


# Every request of somebody who is signed in begins with this. Written out: composing it anew each time
# took a quarter of the time of a list.
ME = """
    WITH held AS (
        SELECT m.role, m.partner_id FROM people_membership m
        WHERE m.account_id = %(account)s AND m.from_on <= %(on)s
            AND (m.until_on IS NULL OR m.until_on >= %(on)s)
    )
    SELECT a.municipality_id, a.first_name, a.last_name, a.language, a.informal, coalesce(t.name, ''), p.id,
        ARRAY(SELECT role || '|' || coalesce(partner_id::text, '') FROM held),
        (SELECT count(*) FROM people_notice n WHERE n.account_id = a.id AND n.read_at IS NULL),
        CASE WHEN %(at)s::text IS NOT NULL THEN set_config('hendig.context', concat_ws('|', a.id, %(at)s,
            (SELECT coalesce(string_agg(DISTINCT role, ','), '') FROM held),
            (SELECT coalesce(string_agg(partner_id::text, ','), '') FROM held WHERE role = 'office'), '', ''
        ), true) END
    FROM people_account a
        LEFT JOIN people_municipality t ON t.id = a.municipality_id
        LEFT JOIN people_professional p ON p.account_id = a.id
    WHERE a.id = %(account)s AND a.is_active
"""


def me(account_id: UUID, *, on: date, telling: datetime | None = None) -> Me | None:
    """Who signed in, with the roles that stand on the day `on`; None when the account is closed. 1 query.

    With a moment to tell, the same statement tells the open transaction who asks (`audit.actions.speaking`).
    """
    asked = {"account": account_id, "on": on, "at": telling.isoformat() if telling else None}
    with connection.cursor() as cursor:
        cursor.execute(ME, asked)
        row = cursor.fetchone()
    if row is None:
        return None
    municipality_id, first_name, last_name, language, informal, town, works_as, held, unread, _told = row
    memberships = [entry.split("|", 1) for entry in held]
    roles = {Role.ANYONE} | {Role(role) for role, _ in memberships}
    actor = Actor(
        municipality_id=municipality_id,
        account_id=account_id,
        roles=frozenset(roles),
        offices=frozenset(UUID(partner) for role, partner in memberships if role == Role.OFFICE and partner),
        professional_id=works_as if Role.PROFESSIONAL in roles else None,
    )
    return Me(
        actor=actor,
        account_id=account_id,
        first_name=first_name,
        name=f"{first_name} {last_name}".strip(),
        language=language,
        informal=informal,
        municipality=town,
        unread=unread,
    )


def only_municipality(*, telling: str) -> UUID:
    """The municipality that a visitor meets here; a null identifier before the first was made. 1 query.

    The same statement tells the open transaction that it is a visitor who asks.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT set_config('hendig.context', %s, true),"
            " (SELECT id FROM people_municipality ORDER BY id LIMIT 1)",
            [telling],
        )
        row = cursor.fetchone()
    return (row and row[1]) or UUID(int=0)


def municipalities() -> list[UUID]:
    """Every municipality of this installation: what a worker does, it does for each. 1 query."""
    return list(Municipality.objects.order_by("id").values_list("pk", flat=True))


@dataclass(frozen=True, slots=True)
class NoticeLine:
    notice_id: UUID
    words: Words
    at: datetime
    read: bool


def notices(actor: Actor, *, most: int = 50) -> tuple[NoticeLine, ...]:
    """The latest notices of the actor, newest first. 1 query."""
    rows = (
        Notice.objects.filter(account_id=actor.account)
        .order_by("-id")
        .values_list("pk", "code", "position", "at", "read_at")[:most]
    )
    return tuple(
        NoticeLine(pk, declared(code).tell[position].words, at, read_at is not None)
        for pk, code, position, at, read_at in rows
    )


@dataclass(frozen=True, slots=True)
class LetterLine:
    to: str
    subject: str
    body: str
    at: datetime


def letters(*, most: int = 60) -> tuple[LetterLine, ...]:
    """The latest mails, newest first: what the demo's inbox page shows. 1 query."""
    rows = Letter.objects.order_by("-id").values_list("to", "subject", "body", "at")[:most]
    return tuple(LetterLine(*row) for row in rows)


@dataclass(frozen=True, slots=True)
class MunicipalityCard:
    name: str
    phone: str
    is_example: bool
    principles: tuple[tuple[str, str], ...]


def municipality(municipality_id: UUID) -> MunicipalityCard | None:
    """The municipality with its guiding rules; None before the first was made. 2 queries."""
    row = Municipality.objects.filter(pk=municipality_id).values_list("name", "phone", "is_example").first()
    rows = Principle.objects.filter(municipality_id=municipality_id).values_list("title", "sentence")
    return MunicipalityCard(*row, principles=tuple(rows)) if row else None


@dataclass(frozen=True, slots=True)
class DemoPerson:
    account_id: UUID
    first_name: str
    name: str
    does: str


def people_by_role(municipality_id: UUID, *, on: date) -> dict[str, list[DemoPerson]]:
    """Everyone who can sign in, by role: the demo's door. 1 query."""
    words = dict(Membership.ROLES)
    rows = (
        Membership.objects.standing(on)
        .filter(municipality_id=municipality_id, account__is_active=True)
        .select_related("account", "partner")
        .order_by("account__first_name")
    )
    groups: dict[str, list[DemoPerson]] = {role: [] for role, _words in Membership.ROLES}
    for row in rows:
        does = row.title or str(words[Role(row.role)])
        if row.partner:
            does = f"{does} · {row.partner.name}"
        groups[row.role].append(DemoPerson(row.account_id, row.account.first_name, row.account.name, does))
    return {str(words[Role(role)]): people for role, people in groups.items() if people}


def names(account_ids: Collection[UUID]) -> dict[UUID, str]:
    """First and last name of these accounts. 1 query."""
    rows = Account.objects.filter(pk__in=account_ids).values_list("pk", "first_name", "last_name")
    return {pk: f"{first} {last}".strip() for pk, first, last in rows}
