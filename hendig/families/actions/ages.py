"""A birthday at which rights change is told before and on the day; that they change needs no job."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from uuid import UUID

from django.db.models import Q

from hendig.audit.actions import change, reading, speaking
from hendig.audit.models import Entry
from hendig.families.models import Compartment, CompartmentKind, FamilyMember, MemberKind
from hendig.families.rules import ages as rules
from hendig.kernel.actor import Actor
from hendig.kernel.ages import birthday
from hendig.kernel.periods import local_day


def tell_birthdays(*, municipality_id: UUID, at: datetime) -> int:
    """The child, who decides and the coach hear a month before, and on the day, what changes: each once.

    How many were told. Nothing is told of who died, or of a record that was destroyed.
    """
    system, today = Actor.system(municipality_id), local_day(at)
    with reading(system, at):
        found = [
            (child.pk, age, day <= today)
            for child in _who_turns(municipality_id, today)
            if child.born_on and (turned := rules.turning(child.born_on, today))
            for age, day in (turned,)
        ]
        told = set(
            Entry.objects.filter(
                municipality_id=municipality_id,
                code__in=[*rules.NEARS.values(), *rules.CAME.values()],
                object_id__in=[pk for pk, _age, _came in found],
            ).values_list("object_id", "code")
        )
    new = [(pk, rules.CAME[age] if came else rules.NEARS[age]) for pk, age, came in found]
    new = [one for one in new if one not in told]
    for child_id, code in new:
        with change(system, code, at=at) as act, speaking(system, at):
            child = act.lock(FamilyMember.objects.there(), child_id)
            shared = Compartment.objects.get(record__child=child, kind=CompartmentKind.SHARED)
            act.record(child, within=shared.pk, child=child.pk)
    return len(new)


def _who_turns(municipality_id: UUID, today: date) -> list[FamilyMember]:
    """The children near such a birthday; a day too many at each end, for who was born on 29 February."""
    near, day = Q(), timedelta(days=1)
    for age in rules.TURNS:
        first, last = today - rules.TOLD_AFTER - day, today + rules.TOLD_BEFORE + day
        near |= Q(born_on__range=(birthday(first, -age) - day, birthday(last, -age) + day))
    rows = FamilyMember.objects.there().filter(
        near,
        municipality_id=municipality_id,
        kind=MemberKind.CHILD,
        record__gone_at=None,
        record__frozen_at=None,
        record__isnull=False,
    )
    return list(rows.order_by("id"))
