"""Who is asking, and what the shell of every page shows of that."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import CharField, Count, F, OuterRef, Subquery, Value
from django.db.models.functions import Cast, Coalesce, Concat

from hendig.audit.notices import code as declared
from hendig.kernel.actor import Actor, Role
from hendig.kernel.refusal import Words
from hendig.people.models import Account, Letter, Membership, Municipality, Notice, Principle, Professional


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


def me(account_id: UUID, *, on: date) -> Me | None:
    """Who signed in, with the roles that stand on the day `on`; None when the account is closed. 1 query."""
    memberships = (
        Membership.objects.standing(on)
        .filter(account=OuterRef("pk"))
        .values_list(Concat(F("role"), Value("|"), Coalesce(Cast("partner_id", CharField()), Value(""))))
    )
    unread = Notice.objects.filter(account=OuterRef("pk"), read_at=None).order_by().values("account")
    row = (
        Account.objects.filter(pk=account_id, is_active=True)
        .annotate(
            held=ArraySubquery(memberships),
            works_as=Subquery(Professional.objects.filter(account=OuterRef("pk")).values("pk")),
            town=Subquery(Municipality.objects.filter(pk=OuterRef("municipality_id")).values("name")),
            unread=Coalesce(Subquery(unread.annotate(n=Count("pk")).values("n")), 0),
        )
        .values(
            "held",
            "works_as",
            "town",
            "unread",
            "municipality_id",
            "first_name",
            "last_name",
            "language",
            "informal",
        )
        .first()
    )
    if row is None:
        return None
    held = [entry.split("|", 1) for entry in row["held"]]
    roles = {Role.ANYONE} | {Role(role) for role, _ in held}
    actor = Actor(
        municipality_id=row["municipality_id"],
        account_id=account_id,
        roles=frozenset(roles),
        partner_ids=frozenset(UUID(partner) for _, partner in held if partner),
        professional_id=row["works_as"] if Role.PROFESSIONAL in roles else None,
    )
    return Me(
        actor=actor,
        account_id=account_id,
        first_name=row["first_name"],
        name=f"{row['first_name']} {row['last_name']}".strip(),
        language=row["language"],
        informal=row["informal"],
        municipality=row["town"] or "",
        unread=row["unread"],
    )


def only_municipality() -> UUID:
    """The municipality that a visitor meets here; a null identifier before the first was made. 1 query."""
    return Municipality.objects.order_by("id").values_list("pk", flat=True).first() or UUID(int=0)


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
