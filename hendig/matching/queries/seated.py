"""Talks with who has a say in them: each statement is composed once for all who are alike."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from django.db.models import F, QuerySet
from django.db.models.lookups import In

from hendig.audit.actions import Viewing
from hendig.audit.models.composed import Composed, ComposedWithin
from hendig.families.models import LegalAuthority, opened
from hendig.kernel.actor import Actor
from hendig.matching.models import MatchTalk, TalkStage, who_decides


def talks_within(look: Viewing) -> list[MatchTalk]:
    """The talks of the family with their matches, the newest first. 2 queries, without talks 1."""
    return _seated(_within(look), look.actor, look.at)


def open_talks(actor: Actor, *, at: datetime) -> list[MatchTalk]:
    """The open talks that the actor sees, the longest open first, and whether they are involved in each.

    2 queries, without talks 1.
    """
    return _seated(_open(actor, at), actor, at)


@ComposedWithin
def _within(look: Viewing) -> QuerySet[MatchTalk]:
    rows = MatchTalk.objects.answered(look.at).select_related("match").within(look)
    return rows.order_by("-id")


@Composed
def _open(actor: Actor, at: datetime) -> QuerySet[MatchTalk]:
    rows = MatchTalk.objects.visible_to(actor, at=at).filter(stage=TalkStage.OPEN)
    return rows.answered(at).annotate(is_open=is_open(actor, at)).order_by("id")


def is_open(actor: Actor, at: datetime) -> In:
    """Whether the record of a talk is open to the actor, or the actor only has a say in the talk."""
    return In(F("compartment_id"), opened("compartment_id", actor, at))


def _seated(talks: list[MatchTalk], actor: Actor, at: datetime) -> list[MatchTalk]:
    """The same talks, each with who decides for its child at this moment. 1 query, without talks none."""
    decides: dict[UUID, list[LegalAuthority]] = {talk.child_id: [] for talk in talks}
    for one in _authority_over(actor, at, children=list(decides)) if talks else ():
        decides[one.child_id].append(one)
    for talk in talks:
        talk.child.authority_standing = decides[talk.child_id]  # type: ignore[attr-defined]  # as `seated`
    return talks


@Composed
def _authority_over(_actor: Actor, at: datetime, children: Sequence[UUID]) -> QuerySet[LegalAuthority]:
    return who_decides(at).filter(child__one_of=children)
