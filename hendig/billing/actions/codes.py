"""The few codes on which help is paid: the municipality's own words, and what others call them."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from hendig.audit.actions import change
from hendig.billing import rules
from hendig.kernel.actor import Actor
from hendig.kernel.refusal import require
from hendig.people.models import ServiceCode
from hendig.people.rules import Permission, require_permission


def change_code(
    *,
    actor: Actor,
    service_code_id: UUID,
    name: str,
    sentence: str,
    unit: str,
    ijw_category: str,
    ijw_code: str,
    cbs_care_form: str,
    iv3_field: str,
    at: datetime,
) -> ServiceCode:
    """The code has this name, these words and this mapping from now on. Refused for what others do not know.

    What it is called in Hendig itself (H2) stays: it stands on invoices that were sent.
    """
    require_permission(actor, Permission.KEEP_AGREEMENTS)
    with change(actor, "service_code.changed", at=at) as act:
        code = act.lock(ServiceCode.objects.filter(municipality_id=actor.municipality_id), service_code_id)
        require(
            rules.why_no_mapping(
                ijw_category=ijw_category,
                ijw_code=ijw_code,
                cbs_care_form=cbs_care_form,
                iv3_field=iv3_field,
            )
        )
        code.name, code.sentence, code.unit = name, sentence, unit
        code.ijw_category, code.ijw_code = ijw_category, ijw_code
        code.cbs_care_form, code.iv3_field = cbs_care_form, iv3_field
        code.save()
        act.record(code, code=code.code, category=ijw_category, care_form=cbs_care_form, iv3=iv3_field)
    return code
