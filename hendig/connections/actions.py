"""A system may come in, comes in, and may not any more."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from hendig.audit.actions import change
from hendig.billing import queries as billing
from hendig.billing.actions import receive_invoice
from hendig.billing.adapters import inbox, sheet
from hendig.billing.adapters.ubl.check import Finding
from hendig.billing.rules import AGAIN
from hendig.connections import rules
from hendig.connections.adapters.token import fingerprint, new_token
from hendig.connections.models import Connection, Purpose
from hendig.files.rules import Brought
from hendig.kernel.actor import Actor
from hendig.kernel.periods import local_day
from hendig.kernel.refusal import NotVisible, Refused, Words, require
from hendig.people.models import Membership
from hendig.people.rules import Permission, require_permission


def make_connection(
    *,
    actor: Actor,
    name: str,
    purposes: Sequence[Purpose],
    until_on: date,
    at: datetime,
    partner_id: UUID | None = None,
) -> str:
    """The token of a system that may come in for these purposes, shown once: nobody can tell it again.

    It comes in for the partner whose office the actor runs, or for finance. Who else runs that is told.
    """
    require_permission(actor, Permission.KEEP_CONNECTIONS)
    with change(actor, "connection.made", at=at) as act:
        role, today = rules.role_of(purposes), local_day(at)
        held = Membership.objects.standing(today).filter(account=actor.account_id, role=role or "")
        own = held.filter(partner=partner_id).order_by("pk").values_list("pk", flat=True).first()
        # Two who make the last one at once: the second finds it made.
        membership = act.lock(Membership.objects.all(), own) if own else None
        made = Connection.objects.visible_to(actor, at=at).standing(at)
        beside = made.filter(membership__role=role or "", membership__partner=partner_id)
        names = list(beside.values_list("name", flat=True))
        require(
            rules.why_not_made(purposes=purposes, until_on=until_on, today=today, name=name, standing=names)
        )
        if membership is None:
            raise NotVisible
        token = new_token()
        connection = Connection.objects.create(
            membership=membership,
            name=name,
            purposes=sorted(purposes),
            token_hash=fingerprint(token),
            made_at=at,
            until_on=until_on,
        )
        act.record(
            connection,
            partner=membership.partner_id,
            role=membership.role,
            purposes=sorted(purposes),
            until=until_on,
        )
    return token


def end_connection(*, actor: Actor, connection_id: UUID, at: datetime) -> Connection:
    """The token opens nothing any more, from the next request on. Whoever runs the office may do this."""
    require_permission(actor, Permission.KEEP_CONNECTIONS)
    with change(actor, "connection.ended", at=at) as act:
        rows = Connection.objects.visible_to(actor, at=at)
        connection = act.lock(rows.select_related("membership"), connection_id)
        require(
            rules.why_not_ended(over=not Connection.objects.standing(at).filter(pk=connection_id).exists())
        )
        connection.ended_at, connection.ended_by_id = at, actor.account
        connection.save()
        act.record(connection, partner=connection.membership.partner_id, role=connection.membership.role)
    return connection


@dataclass(frozen=True, slots=True)
class Came:
    """What came of a file: the invoice, which was there before unless it `is_new`; or why not."""

    invoice_id: UUID | None
    is_new: bool = False
    why: Words = ""
    code: str = ""
    wrong: tuple[Finding, ...] = ()
    answer: bytes = b""


def receive(*, actor: Actor, brought: Brought, is_sheet: bool, number: str, key: str, at: datetime) -> Came:
    """A system sent a file: it is booked by the same action as on the page, and the same file only once.

    A file that came before is the invoice that it became. One at the same moment waits for it. An e-invoice
    that is refused comes with its `answer` of Peppol.
    """
    require_permission(actor, Permission.SEND_INVOICE)
    content = brought.content
    known = billing.received_before(actor, hashlib.sha256(content).hexdigest(), at=at)
    if known is not None:
        return Came(known)
    sent = _sheet(actor, content, number, at) if is_sheet else inbox.judged(content)
    try:
        invoice = receive_invoice(actor=actor, sent=sent, at=at, key=key)
    except Refused as no:
        again = no.refusal.code == AGAIN
        known = billing.received_before(actor, sent.sha256, at=at) if again else None
        file = None if again else billing.rejection(actor, sent, no.refusal, at=at)
        return Came(
            known,
            why=no.refusal.message,
            code=no.refusal.code,
            wrong=sent.wrong,
            answer=file.content if file else b"",
        )
    return Came(invoice.pk, is_new=True)


def _sheet(actor: Actor, content: bytes, number: str, at: datetime) -> inbox.Sent:
    """A spreadsheet of the one office for which the system comes in."""
    (partner_id,) = actor.offices
    return sheet.sent(content, billing.sheet_head(actor, str(partner_id), number, at=at))


def note_use(*, actor: Actor, at: datetime) -> None:
    """A system came in: told at most once an hour, for who wants to know whether a token is still in use."""
    require_permission(actor, Permission.SEE_PUBLIC_PAGES)
    with change(actor, "connection.used", at=at) as act:
        connection = act.lock(Connection.objects.all(), actor.connection_id or UUID(int=0))
        connection.used_at = at
        connection.save()
        act.record(connection)
