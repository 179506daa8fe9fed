"""Which GPs ask a family to be invited; and of which children somebody who works is the GP now."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import OuterRef, Subquery

from hendig.audit.actions import Viewing
from hendig.families.models import Compartment, CompartmentKind, FamilyMember, GpAsk, Part, opened
from hendig.families.queries import NOT_KNOWN, PART_WORDS, _work
from hendig.families.queries.deputies import registrations
from hendig.families.queries.who_may import OfChild
from hendig.families.rules import gp_asks as rules
from hendig.kernel.actor import Actor
from hendig.kernel.periods import local_day
from hendig.kernel.refusal import Refusal, Words


@dataclass(frozen=True, slots=True)
class AskOfGp:
    """A GP who asks to be invited, before whom decides: with a yes, or why that is another's to say."""

    ask_id: UUID
    child: str
    first_name: str
    name: str
    function: Words
    organisation: str
    asked_at: datetime
    why_no_yes: Refusal | None


def asks_of_gps(look: Viewing, records: tuple[OfChild, ...]) -> tuple[AskOfGp, ...]:
    """What waits for an answer of this reader, oldest first; nothing for who decides nothing. 2 queries."""
    decides = {one.record_id for one in records if one.decides}
    me = FamilyMember.objects.filter(family_id=look.family_id, account_id=look.actor.account).first()
    if me is None or not decides:
        return ()
    work = _work(OuterRef("account_id"), look.at)
    rows = GpAsk.objects.waiting().filter(record__in=decides).select_related("account", "record__child")
    named = rows.annotate(
        works_as=Subquery(work.values("title")[:1]), works_for=Subquery(work.values("partner__name")[:1])
    )
    return tuple(_ask(look, one, me) for one in named.order_by("id"))


def _ask(look: Viewing, row: GpAsk, me: FamilyMember) -> AskOfGp:
    child = row.record.child if row.record else None
    return AskOfGp(
        ask_id=row.pk,
        child=child.first_name if child else "",
        first_name=row.account.first_name,
        name=f"{row.account.first_name} {row.account.last_name}".strip(),
        function=row.works_as or PART_WORDS[Part.GP],  # type: ignore[attr-defined]  # annotated
        organisation=row.works_for or "",  # type: ignore[attr-defined]  # annotated
        asked_at=row.asked_at,
        why_no_yes=rules.why_no_yes(me, child, local_day(look.at)),
    )


def why_no_ask(actor: Actor, *, at: datetime) -> Refusal | None:
    """Why the reader cannot ask to be invited as a GP at all. 1 query."""
    mine, _same = registrations(actor, actor.account)
    return rules.why_not_registered(mine, local_day(at))


@dataclass(frozen=True, slots=True)
class Practice:
    """A child of whom the reader is the GP now: the door to the page of it."""

    record_id: UUID
    child: Words


def practice_of(actor: Actor, *, at: datetime) -> tuple[Practice, ...]:
    """Of whom the actor is the GP, by first name: the door to their pages, no look at a record. 1 query."""
    mine = opened("compartment_id", actor, at, parts=[Part.GP])
    rows = Compartment.objects.filter(kind=CompartmentKind.GP, author_id=actor.account, pk__in=mine)
    found = rows.order_by("record__child__first_name", "record_id").values_list(
        "record_id", "record__child__first_name"
    )
    return tuple(Practice(pk, name or NOT_KNOWN) for pk, name in found)
