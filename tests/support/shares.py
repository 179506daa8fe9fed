"""What a family shares with somebody of the school, made by the real actions."""

from __future__ import annotations

from datetime import date, timedelta
from uuid import UUID

from hendig.families.models import Record
from hendig.kernel.actor import Role
from hendig.kernel.ages import age_on
from hendig.kernel.periods import local_day
from hendig.people.models import Account
from hendig.shares import actions
from hendig.shares.models import Share
from hendig.tents.actions import close
from hendig.tents.models import PageText, Phase
from tests.support.matching import Household, household
from tests.support.tents import agree, go_to, meeting, understood, write
from tests.support.world import World

AGREED = "Mark belt maandag met school."
WHY = "Zodat zij op school weet wat helpt."
TEN, THIRTEEN, SIXTEEN = date(2016, 5, 4), date(2013, 5, 4), date(2010, 5, 4)


def at_school(world: World, name: str = "lianne") -> Account:
    """Somebody of the school, let in as a neighbour is."""
    return world.accounts.get(name) or world.add_worker(name, Role.HELPER)


def with_page(world: World, born_on: date = THIRTEEN) -> tuple[Household, PageText]:
    """A family whose tent is over, and the page that was agreed to."""
    house = household(world, born_on=born_on)
    tent = meeting(world, house)
    for phase in (Phase.LISTEN, Phase.UNDERSTAND):
        go_to(world, tent, phase)
    write(world, tent, "Noor slaapt slecht.")
    understood(world, tent)
    for phase in (Phase.GOES_WELL, Phase.DIRECTIONS, Phase.AGREE):
        go_to(world, tent, phase)
    write(world, tent, AGREED, "mark")
    close(actor=world.actor("anouk"), tent_id=tent.pk, at=world.at)
    alone = age_on(born_on, local_day(world.at)) >= 16
    return house, agree(world, tent, "noor" if alone else "sanne")


def propose(
    world: World,
    house: Household,
    *pieces: str,
    by: str = "ellen",
    email: str = "lianne@peelrand.example",
    days: int = 90,
    purpose: str = WHY,
) -> Share:
    at_school(world)
    return actions.propose(
        actor=world.actor(by),
        record_id=record_id(house),
        email=email,
        pieces=pieces,
        purpose=purpose,
        until_on=local_day(world.at) + timedelta(days=days),
        at=world.at,
    )


def record_id(house: Household) -> UUID:
    return Record.objects.values_list("pk", flat=True).get(child=house.child)


def say(world: World, share: Share, *names: str, yes: bool = True) -> None:
    for name in names:
        actions.answer(actor=world.actor(name), share_id=share.pk, yes=yes, at=world.at)


def page_key(page: PageText) -> str:
    return f"page:{page.pk}"
