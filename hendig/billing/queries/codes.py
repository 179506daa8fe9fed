"""The codes of the municipality, with what others call them."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from hendig.billing import rules
from hendig.kernel.actor import Actor
from hendig.kernel.refusal import NotVisible, Words
from hendig.people.models import ServiceCode, Unit


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


def codes(actor: Actor) -> tuple[CodeRow, ...]:
    """Every code of the municipality. 1 query."""
    here = ServiceCode.objects.filter(municipality_id=actor.municipality_id)
    return tuple(_row(one) for one in here)


def code(actor: Actor, service_code_id: UUID) -> CodeRow:
    """One code; `NotVisible` for one of another municipality. 1 query."""
    row = ServiceCode.objects.filter(municipality_id=actor.municipality_id, pk=service_code_id).first()
    if row is None:
        raise NotVisible
    return _row(row)


def _row(code: ServiceCode) -> CodeRow:
    return CodeRow(
        id=code.pk,
        code=code.code,
        name=code.name,
        sentence=code.sentence,
        unit=Unit(code.unit),
        ijw_category=code.ijw_category,
        ijw_code=code.ijw_code,
        cbs_care_form=code.cbs_care_form,
        iv3_field=code.iv3_field,
    )
