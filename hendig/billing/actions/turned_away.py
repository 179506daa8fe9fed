"""A file in the folder was not booked: who can mend it is told why."""

from __future__ import annotations

from datetime import datetime

from hendig.audit.actions import change
from hendig.billing import rules
from hendig.billing.adapters.inbox import Sent
from hendig.billing.models import TurnedAway
from hendig.kernel.actor import Actor
from hendig.kernel.refusal import Refusal
from hendig.people.models import Municipality, Partner
from hendig.people.rules import Permission, require_permission


def turn_away(*, actor: Actor, sent: Sent, refusal: Refusal, at: datetime) -> None:
    """The office of the sender hears of it, by the number in the file; else finance does. Once."""
    require_permission(actor, Permission.SEND_INVOICE)
    town = Municipality.objects.get(pk=actor.municipality_id)
    known = TurnedAway.objects.filter(municipality_id=town.pk, sha256=sent.sha256, code=refusal.code)
    if known.exists():
        return
    with change(actor, "invoice.turned_away", at=at) as act:
        rows = Partner.objects.filter(municipality_id=town.pk, kvk__in=rules.trade_numbers(sent.seller))
        partner = rows.order_by("pk").first()
        row = TurnedAway.objects.create(
            partner=partner,
            number=rules.number_to_show(sent.number, refusal),
            sha256=sent.sha256,
            code=refusal.code,
            why=str(refusal.message)[:500],
            at=at,
        )
        act.record(row, partner=partner.pk if partner else None, refusal=refusal.code)
