"""Who is asking, and what the shell of every page shows of that."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.db import connection

from hendig.audit.notices import code as declared
from hendig.kernel.actor import Actor, Role
from hendig.kernel.periods import local_day
from hendig.kernel.refusal import Words
from hendig.people.models import (
    Account,
    KnowledgeCard,
    Letter,
    Membership,
    Municipality,
    Notice,
    Principle,
    SignInCode,
)


@dataclass(frozen=True, slots=True)
class Me:
    """The signed-in person as the shell shows it."""

    actor: Actor
    account_id: UUID
    first_name: str
    name: str
    language: str
    municipality: str
    accent: str
    unread: int


# Every request of somebody who is signed in begins with this. Written out: composing it anew each time
# took a quarter of the time of a list.
ME = """
    WITH held AS (
        SELECT m.role, m.partner_id FROM people_membership m
        WHERE m.account_id = %(account)s AND m.from_on <= %(on)s
            AND (m.until_on IS NULL OR m.until_on >= %(on)s) AND m.ended_at IS NULL
    )
    SELECT a.municipality_id, a.first_name, a.last_name, a.language,
        coalesce(t.name, ''), coalesce(t.accent, ''), p.id,
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
# The same for a browser: whose session it is, only while that stands, what it holds, and how long nobody did
# anything there. A sign of life is written at most once a minute, in passing, by the clock of the database.
HERE = f"""
    WITH here AS (
        SELECT s.id, s.user_id, d.session_data AS kept, clock_timestamp() - s.last_seen_at AS still
        FROM usersessions_usersession s JOIN django_session d USING (session_key)
        WHERE s.session_key = %(session)s AND d.expire_date > %(now)s
    ), seen AS (
        UPDATE usersessions_usersession SET last_seen_at = clock_timestamp() WHERE id IN (
            SELECT s.id FROM usersessions_usersession s JOIN here USING (id)
            WHERE %(alive)s AND here.still > interval '1 minute'
                AND (%(idle)s = interval '0' OR here.still <= %(idle)s)
            FOR UPDATE OF s SKIP LOCKED
        )
    )
    SELECT here.user_id, me.*, here.kept, here.still
    FROM ({ME.replace("%(account)s", "(SELECT user_id FROM here)")}) me CROSS JOIN here
"""  # noqa: S608 - of our own words


def me(account_id: UUID, *, on: date) -> Me | None:
    """Who this is, with the roles that stand on the day `on`; None when the account is closed. 1 query."""
    with connection.cursor() as cursor:
        cursor.execute(ME, {"account": account_id, "on": on, "at": None})
        row = cursor.fetchone()
    return None if row is None else _me(account_id, *row)


@dataclass(frozen=True, slots=True)
class Here:
    """Who signed in in a browser, what its session holds, and how long nobody did anything there."""

    me: Me
    kept: str
    still: timedelta


def who_is_here(
    session_key: str, *, at: datetime, now: datetime, alive: bool, idle: timedelta
) -> Here | None:
    """Who signed in in this browser; None when nobody did, or the session ended, or ran out by `now`.

    With `alive` this request is itself something that a person did. The same statement tells the open
    transaction who asks (`audit.actions.speaking`). 1 query.
    """
    facts: dict[str, Any] = {
        "session": session_key,
        "on": local_day(at),
        "at": at.isoformat(),
        "now": now,
        "alive": alive,
        "idle": idle,
    }
    with connection.cursor() as cursor:
        cursor.execute(HERE, facts)
        row = cursor.fetchone()
    return None if row is None else Here(_me(*row[:-2]), *row[-2:])


def _me(
    account_id: UUID,
    municipality_id: UUID,
    first_name: str,
    last_name: str,
    language: str,
    town: str,
    accent: str,
    works_as: UUID | None,
    held: list[str],
    unread: int,
    _told: str | None,
) -> Me:
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
        municipality=town,
        accent=accent,
        unread=unread,
    )


@dataclass(frozen=True, slots=True)
class Met:
    """The municipality that a visitor meets, and its colour; a null identifier before the first was made."""

    municipality_id: UUID
    accent: str


def municipality_at(host: str, *, telling: str) -> Met:
    """The municipality that a visitor meets there. 1 query.

    Where the host begins with the short name of one it is that (`peelrand.hendig.example`), else the first.
    The same statement tells the open transaction that it is a visitor who asks.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT set_config('hendig.context', %s, true), met.id, met.accent FROM (SELECT) nothing"
            " LEFT JOIN (SELECT id, accent FROM people_municipality ORDER BY slug = %s DESC, id LIMIT 1) met"
            " ON true",
            [telling, host.partition(".")[0].lower()],
        )
        row = cursor.fetchone()
    return Met(*row[1:]) if row and row[1] else Met(UUID(int=0), "")


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
    calendar: str


def letters(*, most: int = 60) -> tuple[LetterLine, ...]:
    """The latest mails, newest first: what the demo's inbox page shows. 1 query."""
    rows = Letter.objects.order_by("-id").values_list("to", "subject", "body", "at", "calendar")[:most]
    return tuple(LetterLine(*row) for row in rows)


def municipalities() -> tuple[UUID, ...]:
    """Every municipality of this installation. 1 query."""
    return tuple(Municipality.objects.order_by("id").values_list("pk", flat=True))


def other_municipalities(municipality_id: UUID) -> tuple[tuple[UUID, str], ...]:
    """Those beside this one, with their names. 1 query."""
    rows = Municipality.objects.exclude(pk=municipality_id).order_by("name")
    return tuple(rows.values_list("pk", "name"))


@dataclass(frozen=True, slots=True)
class MunicipalityCard:
    name: str
    phone: str
    is_example: bool
    principles: tuple[tuple[str, str], ...]


def knowledge_cards(municipality_id: UUID) -> tuple[tuple[str, str], ...]:
    """What the municipality finds good to know at a table: title and words. 1 query."""
    rows = KnowledgeCard.objects.filter(municipality_id=municipality_id)
    return tuple(rows.values_list("title", "words"))


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


def address(account_id: UUID) -> str:
    """Where this account gets its mail. 1 query."""
    return Account.objects.values_list("email", flat=True).get(pk=account_id)


def sessions_that_stand(keys: Collection[str]) -> frozenset[str]:
    """In which of these sessions somebody is still signed in. 1 query."""
    rows = UserSession.objects.filter(session_key__in=keys)
    return frozenset(rows.values_list("session_key", flat=True))


def names(account_ids: Collection[UUID]) -> dict[UUID, str]:
    """First and last name of these accounts. 1 query."""
    rows = Account.objects.filter(pk__in=account_ids).values_list("pk", "first_name", "last_name")
    return {pk: f"{first} {last}".strip() for pk, first, last in rows}


@dataclass(frozen=True, slots=True)
class FactorLine:
    number: int
    kind: str
    name: str
    added_at: datetime
    used_at: datetime | None


def factors(account_id: UUID) -> tuple[FactorLine, ...]:
    """The passkeys and the app of somebody, oldest first. 1 query."""
    rows = Authenticator.objects.filter(user_id=account_id).exclude(type=Authenticator.Type.RECOVERY_CODES)
    return tuple(
        FactorLine(row.pk, row.type, row.data.get("name", ""), row.created_at, row.last_used_at)
        for row in rows.order_by("pk")
    )


def is_read_out(code_id: UUID) -> bool:
    """Whether this code comes from a colleague, and not from a mail. 1 query."""
    return SignInCode.objects.filter(pk=code_id, given_by__isnull=False).exists()


@dataclass(frozen=True, slots=True)
class DeviceLine:
    number: int
    device: str
    since: datetime
    seen_at: datetime
    here: bool


def devices(actor: Actor, *, session_key: str | None) -> tuple[DeviceLine, ...]:
    """Where the actor is signed in, the latest first; never where in the world. 1 query."""
    rows = UserSession.objects.filter(user_id=actor.account).order_by("-last_seen_at")
    return tuple(
        DeviceLine(row.pk, row.user_agent, row.created_at, row.last_seen_at, row.session_key == session_key)
        for row in rows
    )
