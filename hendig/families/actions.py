"""Who belongs to a family, who decides for a child, who is around it, and who is involved until when."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from hendig.audit.actions import Change
from hendig.families.models import Ground, Involvement, Part


def involve(
    act: Change, *, family_id: UUID, account_id: UUID, part: Part, ground: Ground, until: datetime | None = None
) -> Involvement:
    """A step: the account is involved with the family in this part, at least until the moment `until`.

    An involvement in the same part that still stands is extended and never cut short; None has no end.
    """
    standing = (
        Involvement.objects.standing(act.at)
        .select_for_update(of=("self",))
        .filter(family_id=family_id, account_id=account_id, part=part, ground=ground)
        .order_by("id")
        .first()
    )
    if standing is None:
        return Involvement.objects.create(
            family_id=family_id, account_id=account_id, part=part, ground=ground, from_at=act.at, until_at=until
        )
    if standing.until_at is not None and (until is None or until > standing.until_at):
        standing.until_at = until
        standing.save()
    return standing


def end_involvement(act: Change, *, family_id: UUID, account_id: UUID, part: Part) -> None:
    """A step: the account is no longer involved in this part from this moment on; other parts stay."""
    rows = Involvement.objects.standing(act.at).select_for_update(of=("self",))
    for row in rows.filter(family_id=family_id, account_id=account_id, part=part):
        row.until_at = act.at
        row.save()
