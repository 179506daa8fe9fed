"""Who must say yes before something is shared, and who did."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import datetime
from uuid import UUID

from hendig.families.models import FamilyMember, LegalAuthority
from hendig.kernel.periods import local_day
from hendig.plans.models import Goal
from hendig.shares import rules
from hendig.shares.models import PieceKind, Share, SharedPiece


def who_must_say(shares: Sequence[Share], *, at: datetime) -> Mapping[UUID, frozenset[UUID]]:
    """Of each share the persons whose yes is needed now, by the age of the child. 4 queries."""
    on = local_day(at)
    records = {one.record_id for one in shares}
    children = {
        child.record.pk: child
        for child in FamilyMember.objects.filter(record__in=records).select_related("record")
    }
    holders: dict[UUID, list[UUID]] = defaultdict(list)
    standing = LegalAuthority.objects.standing(on).filter(child__record__in=records)
    for child_id, holder_id in standing.values_list("child_id", "holder_id"):
        holders[child_id].append(holder_id)
    whose = _whose(shares)
    return {
        one.pk: rules.who_must_say(child, holders[child.pk], whose[one.pk] - {child.pk}, on)
        if (child := children.get(one.record_id)) is not None and child.born_on is not None
        else frozenset()
        for one in shares
    }


def _whose(shares: Sequence[Share]) -> Mapping[UUID, set[UUID]]:
    """Of each share the persons whose own goals are among its pieces. 2 queries."""
    goals = SharedPiece.objects.filter(share__in=[one.pk for one in shares], kind=PieceKind.GOAL)
    of_share = list(goals.values_list("share_id", "piece_id"))
    rows = Goal.objects.filter(pk__in=[piece for _share, piece in of_share], member__isnull=False)
    members = dict(rows.values_list("pk", "member_id"))
    found: dict[UUID, set[UUID]] = defaultdict(set)
    for share_id, piece_id in of_share:
        if piece_id in members:
            found[share_id].add(members[piece_id])
    return found
