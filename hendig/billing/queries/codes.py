"""The codes of the municipality, with what others call them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from hendig.billing import rules
from hendig.kernel.actor import Actor
from hendig.kernel.refusal import NotVisible, Words
from hendig.people.models import FormerCode, ServiceCode, Unit


@dataclass(frozen=True, slots=True)
class CodeRow:
    """A code in the municipality's words, and what iJw, Statistics Netherlands and the books call it."""

    id: UUID
    code: str
    name: str
    sentence: str
    unit: Unit
    ijw_category: str
    ijw_code: str
    cbs_care_form: str
    iv3_field: str

    @property
    def category(self) -> Words:
        return rules.IJW_CATEGORIES.get(self.ijw_category, self.ijw_category)

    @property
    def care_form(self) -> Words:
        return rules.CBS_CARE_FORMS.get(self.cbs_care_form, self.cbs_care_form)

    @property
    def field(self) -> Words:
        return rules.IV3_FIELDS.get(self.iv3_field, self.iv3_field)

    @property
    def whole(self) -> bool:
        """Whether all the others know what it is."""
        return (
            rules.why_no_mapping(
                ijw_category=self.ijw_category,
                ijw_code=self.ijw_code,
                cbs_care_form=self.cbs_care_form,
                iv3_field=self.iv3_field,
            )
            is None
        )


@dataclass(frozen=True, slots=True)
class Names:
    """What codes are called, and what they were until a day, the oldest first."""

    now: Mapping[UUID, ServiceCode]
    former: Mapping[UUID, Sequence[FormerCode]]

    def on(self, code_id: UUID, day: date) -> dict[str, str]:
        """The name and the field of Iv3 of the code on that day, as a line keeps them."""
        held = next((one for one in self.former.get(code_id, ()) if day <= one.until_on), None)
        found = held or self.now[code_id]
        return {"code_name": found.name, "iv3_field": found.iv3_field}


def names(code_ids: Collection[UUID]) -> Names:
    """What these codes are and were called. 2 queries."""
    former: dict[UUID, list[FormerCode]] = defaultdict(list)
    for one in FormerCode.objects.filter(service_code__in=code_ids).order_by("until_on"):
        former[one.service_code_id].append(one)
    return Names(ServiceCode.objects.in_bulk(list(code_ids)), former)


@dataclass(frozen=True, slots=True)
class CodePage:
    """A code as it is now, and what it was until which day, the newest first."""

    now: CodeRow
    former: tuple[tuple[date, CodeRow], ...]


def codes(actor: Actor) -> tuple[CodeRow, ...]:
    """Every code of the municipality. 1 query."""
    here = ServiceCode.objects.filter(municipality_id=actor.municipality_id)
    return tuple(_row(one) for one in here)


def code(actor: Actor, service_code_id: UUID) -> CodePage:
    """One code, with what it was before; `NotVisible` for one of another municipality. 2 queries."""
    row = ServiceCode.objects.filter(municipality_id=actor.municipality_id, pk=service_code_id).first()
    if row is None:
        raise NotVisible
    former = row.former.order_by("-until_on")
    return CodePage(_row(row), tuple((one.until_on, _row(row, one)) for one in former))


def _row(code: ServiceCode, was: FormerCode | None = None) -> CodeRow:
    """The code as it is, or as it `was`."""
    called = was or code
    return CodeRow(
        id=code.pk,
        code=code.code,
        name=called.name,
        sentence=called.sentence,
        unit=Unit(called.unit),
        ijw_category=called.ijw_category,
        ijw_code=called.ijw_code,
        cbs_care_form=called.cbs_care_form,
        iv3_field=called.iv3_field,
    )
