"""How far the question of Sanne has come with which a test begins."""

from __future__ import annotations

from hendig.helprequests.models import HelpRequest
from tests.support.families import confirmed, taken_up, talked
from tests.support.shared import built_once
from tests.support.world import World


@built_once
def new(world: World) -> HelpRequest:
    """It waits for a coach."""
    return confirmed(world)


@built_once
def mine(world: World) -> HelpRequest:
    """Ellen took it up."""
    return taken_up(world)


@built_once
def known(world: World) -> HelpRequest:
    """Ellen talked with Sanne: it is about Noor of 13, and Mark is the other parent."""
    return talked(world)
