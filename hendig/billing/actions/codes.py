"""The few codes on which help is paid: the municipality's own words, and what others call them."""

from __future__ import annotations

from datetime import date, datetime
from uuid import UUID

from django.db.models import Max

from hendig.audit.actions import change
from hendig.billing import rules
from hendig.billing.models import InvoiceLine
from hendig.kernel.actor import Actor
from hendig.kernel.periods import local_day
from hendig.kernel.refusal import require
from hendig.people.actions import write_code
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
    from_on: date,
    at: datetime,
) -> ServiceCode:
    """From that day on the code has this name, these words and this mapping; what held until then stays.

    Refused for what others do not know, when nothing would change, for a day that is to come, and where later
    help was invoiced.

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
        facts = {
            "name": name,
            "sentence": sentence,
            "unit": unit,
            "ijw_category": ijw_category,
            "ijw_code": ijw_code,
            "cbs_care_form": cbs_care_form,
            "iv3_field": iv3_field,
        }
        lines = InvoiceLine.objects.charged().filter(service_code=code)
        require(
            rules.why_not_called_from(
                from_on,
                local_day(at),
                same=all(getattr(code, key) == value for key, value in facts.items()),
                before=code.former.aggregate(last=Max("until_on"))["last"],
                invoiced_until=lines.aggregate(last=Max("last_on"))["last"],
            )
        )
        write_code(act, code, facts, from_on)
    return code
