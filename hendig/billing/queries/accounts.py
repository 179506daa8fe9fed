"""Changes of account that are under way, for the office that asked and for the municipality."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import OuterRef, Subquery

from hendig.billing import rules
from hendig.billing.models import ACCOUNT_HOLD, AccountChange, partners_run_by
from hendig.kernel.actor import Actor
from hendig.kernel.periods import local_day
from hendig.kernel.refusal import NotVisible, Refusal
from hendig.people.models import Municipality


@dataclass(frozen=True, slots=True)
class ChangeRow:
    """A change under way: from which account to which, and from when it holds if nobody stops it.

    `partner` is empty for the account from which the municipality itself pays.
    """

    id: UUID
    partner: str
    before: str
    iban: str
    asked_at: datetime
    agreed_at: datetime | None
    holds_from: datetime | None
    why_not_agree: Refusal | None


def account_changes(actor: Actor) -> tuple[ChangeRow, ...]:
    """What is under way in the municipality, the oldest first. 1 query."""
    town = Municipality.objects.filter(pk=OuterRef("municipality_id"))
    here = AccountChange.objects.under_way().filter(municipality_id=actor.municipality_id)
    rows = here.select_related("partner").annotate(pays_from=Subquery(town.values("iban")))
    return tuple(
        _row(one, actor, pays_from=one.pays_from)  # type: ignore[attr-defined]  # asked for by the query
        for one in rows.order_by("id")
    )


@dataclass(frozen=True, slots=True)
class AccountPage:
    """On which account a partner is paid, and what is under way."""

    partner_id: UUID
    partner: str
    iban: str
    change: ChangeRow | None


def account_page(actor: Actor, partner_id: UUID, *, at: datetime) -> AccountPage:
    """The account of a partner whose office the actor runs; `NotVisible` otherwise. 2 queries."""
    partner = partners_run_by(actor, local_day(at)).filter(pk=partner_id).first()
    if partner is None:
        raise NotVisible
    found = AccountChange.objects.under_way().filter(partner=partner).select_related("partner").first()
    return AccountPage(partner.pk, partner.name, partner.iban, _row(found, actor) if found else None)


def _row(change: AccountChange, actor: Actor, *, pays_from: str = "") -> ChangeRow:
    return ChangeRow(
        id=change.pk,
        partner=change.partner.name if change.partner else "",
        before=change.partner.iban if change.partner else pays_from,
        iban=change.iban,
        asked_at=change.asked_at,
        agreed_at=change.agreed_at,
        holds_from=change.agreed_at + ACCOUNT_HOLD if change.agreed_at else None,
        why_not_agree=rules.why_not_agree(
            own=change.asked_by_id == actor.account_id, agreed=change.agreed_at is not None, ended=False
        ),
    )


def accounts_due(*, at: datetime) -> tuple[tuple[UUID, UUID], ...]:
    """Changes of which the hold is over, with their municipality. 1 query."""
    return tuple(AccountChange.objects.due(at).order_by("id").values_list("municipality_id", "pk"))
