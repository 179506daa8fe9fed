"""Who was invited to see along and is not in yet: whether the mail came, was opened, and what can be done."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.db.models import CharField, F, OuterRef, QuerySet, Subquery, TextField, Value
from django.db.models.functions import Cast, Concat

from hendig.audit.actions import Viewing
from hendig.families.models import Invitation
from hendig.families.rules import invitations as rules
from hendig.families.rules.invitations import Way
from hendig.kernel.actor import Actor
from hendig.kernel.refusal import NotVisible
from hendig.people.models import Letter

# What came to nothing is forgotten by the page after a month, as the mail is.
SHOWN_FOR = timedelta(days=30)


@dataclass(frozen=True, slots=True)
class Waiting:
    """One invitation that nobody accepted: how far it came, and when that was."""

    invitation_id: UUID
    record_id: UUID
    first_name: str
    # What was typed, for who typed it: nobody else of the family reads it.
    email: str
    way: Way
    at: datetime
    until_at: datetime
    # Whether it can still be accepted.
    open: bool


def invited(look: Viewing) -> tuple[Waiting, ...]:
    """The invitations to the records of this look that were not accepted, newest first. 1 query."""
    rows = _told(look).filter(invited_at__gt=look.at - SHOWN_FOR, accepted_at=None)
    return tuple(_waiting(look, row) for row in rows)


def one_invited(look: Viewing, invitation_id: UUID) -> Waiting:
    """One of them; `NotVisible` when it is not of this look. 1 query."""
    row = _told(look).filter(pk=invitation_id).first()
    if row is None:
        raise NotVisible
    return _waiting(look, row)


def family_of(actor: Actor, invitation_id: UUID, *, at: datetime) -> UUID:
    """The family of an invitation; `NotVisible` for whoever is not involved. 1 query."""
    rows = Invitation.objects.visible_to(actor, at=at).filter(pk=invitation_id)
    family_id = rows.values_list("family_id", flat=True).first()
    if family_id is None:
        raise NotVisible
    return family_id


def _told(look: Viewing) -> QuerySet[Invitation]:
    key = Concat(Value("invitation:"), Cast(OuterRef("pk"), CharField()), output_field=TextField())
    letter = Letter.objects.filter(key=key)
    return (
        Invitation.objects.filter(record__in=look.records)
        .annotate(
            email=F("account__email"),
            sent_at=Subquery(letter.values("sent_at")[:1]),
            bounced_at=Subquery(letter.values("bounced_at")[:1]),
        )
        .order_by("-id")
    )


def _waiting(look: Viewing, row: Invitation) -> Waiting:
    sent_at: datetime | None = row.sent_at  # type: ignore[attr-defined]  # annotated
    bounced_at: datetime | None = row.bounced_at  # type: ignore[attr-defined]  # annotated
    way, at = rules.how_far(row, sent_at=sent_at, bounced_at=bounced_at, at=look.at)
    mine = row.invited_by_id == look.actor.account_id
    return Waiting(
        invitation_id=row.pk,
        record_id=row.record_id,
        first_name=row.first_name,
        email=row.email if mine else "",  # type: ignore[attr-defined]  # annotated
        way=way,
        at=at,
        until_at=row.expires_at,
        open=way in rules.OPEN,
    )
