"""Who sees the books of a municipality as a whole."""

from __future__ import annotations

from hendig.kernel.actor import Actor, Role

_BOOKS = frozenset({Role.FINANCE, Role.AUDITOR, Role.SYSTEM})


def sees_books(actor: Actor) -> bool:
    """Who pays, who audits that, and Hendig itself: every invoice, payment and journal, and no family."""
    return not actor.roles.isdisjoint(_BOOKS)
