"""Who acts: always given, never looked up in the middle of something."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from uuid import UUID


class Role(StrEnum):
    """What somebody is in the organisation. A role permits kinds of action; it never opens a record."""

    ANYONE = "anyone"
    FAMILY = "family"
    HELPER = "helper"
    COACH = "coach"
    PROFESSIONAL = "professional"
    TRAINEE = "trainee"
    OFFICE = "office"
    FINANCE = "finance"
    POLICY = "policy"
    PRIVACY = "privacy"
    AUDITOR = "auditor"
    SYSTEM = "system"


@dataclass(frozen=True, slots=True)
class Actor:
    """Somebody (or the system itself) doing something in one municipality.

    `account_id` is None for a visitor and for the system. `offices` are the partners whose office the
    actor runs; `professional_id` is set for a professional.
    """

    municipality_id: UUID
    account_id: UUID | None = None
    roles: frozenset[Role] = frozenset({Role.ANYONE})
    offices: frozenset[UUID] = frozenset()
    professional_id: UUID | None = None
    # Of a system that comes in for somebody with a token: which, and the only permissions that it has.
    connection_id: UUID | None = None
    only: frozenset[str] | None = None

    def has(self, role: Role) -> bool:
        return role in self.roles

    @property
    def account(self) -> UUID:
        """The account to filter on: one that nobody has for a visitor and for the system."""
        return self.account_id or UUID(int=0)

    @property
    def signed_in(self) -> bool:
        return self.account_id is not None

    @classmethod
    def visitor(cls, municipality_id: UUID) -> Actor:
        return cls(municipality_id=municipality_id)

    @classmethod
    def system(cls, municipality_id: UUID) -> Actor:
        """The worker acting by itself; it is named as such in the log."""
        return cls(municipality_id=municipality_id, roles=frozenset({Role.SYSTEM}))
