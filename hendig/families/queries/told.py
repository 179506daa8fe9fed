"""Which children of a family somebody who helps can write down for what they told apart."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from hendig.audit.actions import Viewing
from hendig.families.models import CompartmentKind, Involvement, Record
from hendig.families.rules.sharing import CAN_BE_NAMED
from hendig.kernel.refusal import NotVisible


@dataclass(frozen=True, slots=True)
class Teller:
    """A child without a way in of its own; `named` when the reader reads its own part already."""

    record_id: UUID
    first_name: str
    named: bool


@dataclass(frozen=True, slots=True)
class Tellers:
    family_id: UUID
    children: tuple[Teller, ...]


def who_tells(look: Viewing) -> Tellers:
    """The children who cannot write themselves; `NotVisible` for who does not help. 2 queries."""
    mine = Involvement.objects.standing(look.at).filter(
        account_id=look.actor.account, record__in=look.records, part__in=CAN_BE_NAMED
    )
    kinds: dict[UUID, set[str]] = {}
    for row in mine:
        kinds.setdefault(row.record_id, set()).update(row.kinds)
    if not kinds:
        raise NotVisible
    rows = Record.objects.filter(pk__in=kinds, child__isnull=False, child__account=None)
    return Tellers(
        family_id=look.family_id,
        children=tuple(
            Teller(
                record_id=row.pk,
                first_name=row.child.first_name,
                named=CompartmentKind.CHILD in kinds[row.pk],
            )
            for row in rows.select_related("child").order_by("pk")
            if row.child is not None
        ),
    )
