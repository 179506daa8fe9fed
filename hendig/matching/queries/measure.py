"""Which measures the reader carries out over the child of a talk, so that they may say what belongs to it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import F, OuterRef, Value

from hendig.families.models import CARRIES_OUT, Involvement, MeasureKind, measured_until
from hendig.kernel.actor import Actor
from hendig.kernel.refusal import Refusal
from hendig.matching.models import MatchTalk, MatchTalkQuerySet
from hendig.matching.rules import Table, measure


@dataclass(frozen=True, slots=True)
class CarriesOut:
    """A measure that the reader carries out over this child, and why the help cannot belong to it."""

    kind: str
    why_not: Refusal | None


def with_measures(talks: MatchTalkQuerySet, actor: Actor, at: datetime) -> MatchTalkQuerySet:
    """These talks with what the actor carries out over the child, and until when that stands. No query."""
    mine = Involvement.objects.carrying_out(actor.account_id, at)
    mine = mine.filter(record=OuterRef("compartment__record")).order_by("part")
    until = {f"{kind}_until": measured_until(F("child_id"), Value(kind.value), at) for kind in MeasureKind}
    return talks.annotate(carries=ArraySubquery(mine.values("part")), **until)


def carries_out(talk: MatchTalk, table: Table, *, helps: bool) -> tuple[CarriesOut, ...]:
    """What the reader of a talk that was loaded `with_measures` carries out, each once. No query."""
    kinds = [CARRIES_OUT[part] for part in talk.carries]  # type: ignore[attr-defined]  # annotated above
    return tuple(
        CarriesOut(
            kind=kind.value,
            why_not=measure.why_not_by_measure(
                table,
                kind,
                stage=talk.stage,
                carries=True,
                helps=helps,
                measured_until=getattr(talk, f"{kind}_until"),
                sees_until=talk.sees_until,
            ),
        )
        for kind in dict.fromkeys(kinds)
    )
