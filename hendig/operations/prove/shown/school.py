"""What a family shares with somebody of the school: one page that can be read, and one that was stopped."""

from __future__ import annotations

from datetime import timedelta

from hendig.kernel.periods import local_day
from hendig.operations.prove.shown.canaries import Room
from hendig.operations.prove.shown.town import Home, Scene
from hendig.people.models import Account
from hendig.shares import actions
from hendig.shares.models import Share
from hendig.tents.models import Page, PagePart

READER = "lianne"


def shares(scene: Scene, home: Home, child: str, *parents: str) -> None:
    """The coach proposes it and both parents say yes; another time one of them says no."""
    page = Page.objects.get(tent=scene.things[f"past tent of {home.name}"])
    scene.day(-4)
    share = proposed(scene, home, child, page, "what it is shared for")
    for parent in parents:
        actions.answer(actor=scene.who(parent), share_id=share.pk, yes=True, at=scene.at)
    # The page took over what was said: whatever stands in it is read with it.
    text = " ".join(str(getattr(page, part)) for part in PagePart)
    scene.typed["shared page"] = scene.birds.finder().found(text)
    scene.day(-3)
    other = proposed(scene, home, child, page, "what it was shared for")
    for parent in parents:
        actions.answer(actor=scene.who(parent), share_id=other.pk, yes=True, at=scene.at)
    scene.day(-2)
    actions.answer(actor=scene.who(parents[-1]), share_id=other.pk, yes=False, at=scene.at)


def proposed(scene: Scene, home: Home, child: str, page: Page, what: str) -> Share:
    return actions.propose(
        actor=scene.who(home.coach),
        record_id=scene.records[child],
        email=Account.objects.get(pk=scene.account(READER)).email,
        pieces=[f"page:{page.pk}"],
        purpose=scene.word(what, home.coach, room=Room(child)),
        until_on=local_day(scene.at) + timedelta(days=60),
        at=scene.at,
    )
