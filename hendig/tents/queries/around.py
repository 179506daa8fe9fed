"""Who is around the family, beside the talk about what could help."""

from __future__ import annotations

from datetime import datetime

from hendig.families.queries import Circle, circle, opening
from hendig.kernel.actor import Actor
from hendig.tents.queries.table import TentPage


def around(actor: Actor, page: TentPage, *, at: datetime) -> Circle | None:
    """Who is around this child and its family, where the talk is so far that it helps; else nobody.

    A look of its own, for the family reads who looked at it: 4 queries, and else none. What a youth draws for
    the own eyes is not there until the youth shows it.
    """
    if not page.may_see_circle:
        return None
    with opening(actor, "family.circle_seen", page.family_id, at=at, record_id=page.record_id) as look:
        return circle(look)
