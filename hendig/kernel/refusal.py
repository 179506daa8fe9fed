"""Three ways to say no, and nothing else: not visible (404), not permitted (403), refused by a rule (422)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol


class Words(Protocol):
    """Anything that reads as a sentence; a translated sentence is only chosen when it is read."""

    def __str__(self) -> str: ...


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why something cannot happen now: a code for machines and tests, a sentence for the person."""

    code: str
    message: Words


class Refused(Exception):
    """A rule said no; whatever was begun is undone."""

    def __init__(self, refusal: Refusal) -> None:
        super().__init__(refusal.code)
        self.refusal = refusal


class Forbidden(Exception):
    """This actor's roles do not carry the permission."""

    def __init__(self, permission: str) -> None:
        super().__init__(permission)
        self.permission = permission


class NotVisible(Exception):
    """For this actor it does not exist; whether it exists for others cannot be told from the answer."""


def require(refusal: Refusal | None) -> None:
    """Raises `Refused` when the rule gave a reason; a rule that has none returns None."""
    if refusal is not None:
        raise Refused(refusal)
