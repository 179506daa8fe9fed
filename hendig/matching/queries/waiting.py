"""What workers look for each morning: talks that wait, and help whose yes is nearly a year old."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.db.models import Exists, OuterRef, Q

from hendig.audit.models import Entry
from hendig.families.models import Block, Involvement, InvolvementQuerySet, Part
from hendig.families.rules.sharing import TOLD_BEFORE
from hendig.kernel.periods import local_day
from hendig.matching import rules
from hendig.matching.models import Match, MatchTalk, TalkStage


def talks_to_remind(*, at: datetime) -> tuple[tuple[UUID, UUID], ...]:
    """Open talks whose silent ones hear of it once more: municipality and talk. 1 query."""
    rows = MatchTalk.objects.filter(
        stage=TalkStage.OPEN, reminded_at=None, opened_at__lte=at - rules.REMIND_AFTER
    )
    return tuple(rows.order_by("id").values_list("municipality_id", "id"))


def talks_that_lie_still(*, at: datetime) -> tuple[tuple[UUID, UUID], ...]:
    """Open talks in which the reminder changed nothing: municipality and talk. 1 query."""
    rows = MatchTalk.objects.filter(
        stage=TalkStage.OPEN, stalled_at=None, reminded_at__lte=at - rules.STALLED_AFTER
    )
    return tuple(rows.order_by("id").values_list("municipality_id", "id"))


def matches_to_ask_anew(*, at: datetime) -> tuple[tuple[UUID, UUID], ...]:
    """Help that goes on, by a yes that is nearly a year old: municipality and match. 1 query.

    Not where the family keeps out who helps, nor after a death: there nobody is asked to say yes.
    """
    far = _sees_along().filter(Q(until_at=None) | Q(until_at__gt=at + TOLD_BEFORE))
    out = Block.objects.standing(at).filter(
        account_id=OuterRef("professional__account_id"),
        record_id=OuterRef("compartment__record_id"),
        kinds=[],
    )
    asked = MatchTalk.objects.filter(renews=OuterRef("pk"), stage=TalkStage.OPEN)
    rows = Match.objects.standing(local_day(at)).filter(
        ~Exists(far), ~Exists(out), ~Exists(asked), compartment__record__frozen_at=None
    )
    return tuple(rows.order_by("id").values_list("municipality_id", "id"))


def talks_over(*, at: datetime) -> tuple[tuple[UUID, UUID], ...]:
    """Where it is still asked whether help goes on that ended: municipality and talk. 1 query."""
    rows = MatchTalk.objects.filter(stage=TalkStage.OPEN, renews__ends_on__lt=local_day(at))
    return tuple(rows.order_by("id").values_list("municipality_id", "id"))


def sight_that_ended(*, at: datetime) -> tuple[tuple[UUID, UUID], ...]:
    """Where not everybody said yes anew in time, and nobody was told yet: municipality and talk. 1 query."""
    told = Entry.objects.filter(
        family_id=OuterRef("family_id"), code="match.sight_over", object_id=OuterRef("pk")
    )
    sees = _sees_along().standing(at)
    rows = MatchTalk.objects.filter(~Exists(told), ~Exists(sees), stage=TalkStage.OPEN, sees_until__lte=at)
    return tuple(rows.order_by("id").values_list("municipality_id", "id"))


def _sees_along() -> InvolvementQuerySet:
    """How who helps sees along, by a match."""
    return Involvement.objects.filter(
        account_id=OuterRef("professional__account_id"),
        record_id=OuterRef("compartment__record_id"),
        part=Part.PROFESSIONAL,
    )
