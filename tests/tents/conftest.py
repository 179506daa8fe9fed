"""How far the tent of Noor's family has come with which a test begins."""

from __future__ import annotations

from hendig.tents.models import Tent
from tests.support.matching import Household
from tests.support.shared import built_once
from tests.support.tents import closed_tent, meeting, planned_tent
from tests.support.world import World


@built_once
def planned(world: World, house: Household) -> Tent:
    """Anouk and Youssef can come, and are welcome."""
    return planned_tent(world, house)


@built_once
def begun(world: World, house: Household) -> Tent:
    """The meeting is on, led by Anouk."""
    return meeting(world, house)


@built_once
def closed(world: World, house: Household) -> Tent:
    """The meeting is over; its page is a draft."""
    return closed_tent(world, house)
