"""What the municipality sets aside for a part of its inhabitants: dated, and nothing is overwritten."""

from __future__ import annotations

from datetime import date, datetime
from uuid import UUID

from django.db.models import Max

from hendig.audit.actions import change
from hendig.billing import rules
from hendig.billing.actions.invoices import account_of
from hendig.billing.models import OLDEST, Pot, PotAmount
from hendig.kernel.actor import Actor
from hendig.kernel.periods import local_day
from hendig.kernel.refusal import require
from hendig.people.models import Municipality
from hendig.people.rules import Permission, require_permission


def make_pot(
    *,
    actor: Actor,
    name: str,
    year: int,
    cents: int,
    at: datetime,
    neighbourhood: str = "",
    youngest: int = 0,
    oldest: int = OLDEST,
) -> Pot:
    """There is a pot for these inhabitants in this year, with this in it from its first day on.

    Refused for a name that is taken, ages in the wrong order, and inhabitants that another pot is for.
    """
    require_permission(actor, Permission.KEEP_POTS)
    population = rules.Population(neighbourhood.strip(), youngest, oldest)
    with change(actor, "pot.made", at=at) as act:
        # Which pots there are is what is scarce: two that overlap are made one after the other.
        act.lock(Municipality.objects.filter(pk=actor.municipality_id), actor.municipality_id)
        others = [
            (one.name, rules.population_of(one)) for one in Pot.objects.standing(actor).filter(year=year)
        ]
        require(rules.why_no_pot(name, population, year, local_day(at), others))
        pot = Pot(
            name=name.strip(),
            year=year,
            neighbourhood=population.neighbourhood,
            youngest=youngest,
            oldest=oldest,
        )
        require(rules.why_no_amount(cents, pot.period.first, pot.period, None))
        pot.save()
        _put_in(pot, cents, pot.period.first, actor, at)
        act.record(pot, year=year, cents=cents, youngest=youngest, oldest=oldest)
    return pot


def set_amount(*, actor: Actor, pot_id: UUID, cents: int, from_on: date, at: datetime) -> PotAmount:
    """From that day on this is in the pot; what was in it until then stays written.

    Refused for a day outside its year, or before one from which another amount holds already.
    """
    require_permission(actor, Permission.KEEP_POTS)
    with change(actor, "pot.amount_set", at=at) as act:
        pot = act.lock(Pot.objects.standing(actor), pot_id)
        latest = pot.amounts.aggregate(latest=Max("from_on"))["latest"]
        require(rules.why_no_amount(cents, from_on, pot.period, latest))
        amount = _put_in(pot, cents, from_on, actor, at)
        act.record(pot, cents=cents, from_on=from_on)
    return amount


def _put_in(pot: Pot, cents: int, from_on: date, actor: Actor, at: datetime) -> PotAmount:
    return PotAmount.objects.create(
        pot=pot, cents=cents, from_on=from_on, set_by_id=account_of(actor), set_at=at
    )


def stop_pot(*, actor: Actor, pot_id: UUID, at: datetime) -> Pot:
    """The pot is taken away, so that another may take its place; what was set aside in it stays written."""
    require_permission(actor, Permission.KEEP_POTS)
    with change(actor, "pot.stopped", at=at) as act:
        pot = act.lock(Pot.objects.standing(actor), pot_id)
        pot.stopped_at = at
        pot.save()
        act.record(pot, year=pot.year)
    return pot
