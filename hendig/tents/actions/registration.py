"""A step: whoever is asked for work of the registered is so, or it is written down why it can be theirs."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from uuid import UUID

from hendig.kernel.refusal import require
from hendig.people.models import Expertise, Professional, Registration
from hendig.tents.rules import registration


def require_registered(asked: Mapping[UUID, UUID], *, on: date, unless: str) -> int:
    """For how many the reason was written down now; for whom there is one already nobody is asked again."""
    strict = set(
        Expertise.objects.filter(pk__in=set(asked.values()), registered=True).values_list("pk", flat=True)
    )
    people = Professional.objects.filter(
        pk__in=[who for who, expertise in asked.items() if expertise in strict], unless=""
    )
    known = Registration.objects.counting(on).filter(professional__in=people)
    registered = set(known.values_list("professional_id", flat=True))
    missing = [one for one in people.order_by("pk") if one.pk not in registered]
    require(registration.why_no_registration(len(missing), unless))
    for one in missing:
        one.unless = unless.strip()
        one.save()
    return len(missing)
