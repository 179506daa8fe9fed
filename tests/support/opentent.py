"""What the Open Tent can do, as the people of the tests do it."""

from __future__ import annotations

import re
from datetime import date, datetime

from hendig.helprequests import actions as requests
from hendig.helprequests.models import HelpRequest
from hendig.opentent import actions
from hendig.opentent.models import Post, PostKind, Response
from hendig.people.models import Letter
from tests.support.families import looked_up
from tests.support.world import World

TITLE = "Wie gaat er op zaterdag mee naar het zwembad?"
TEXT = "Een meisje van 13 zwemt graag, maar durft niet alleen."
WORDS = "Ik ga elke zaterdag zwemmen. Ze mag mee."


def family_asks(world: World, name: str = "sanne", *, coach: str = "ellen") -> HelpRequest:
    """Sanne Verhoeven, mother of Noor (13), asked for help, and the coach has spoken with her."""
    asked = requests.ask(
        actor=world.visitor,
        words="Mijn dochter komt haar kamer niet meer uit.",
        first_name=name.capitalize(),
        email=f"{name}@gezin.example",
        at=world.at,
    )
    letter = Letter.objects.get(key=f"asked:{asked.pk}")
    found = re.search(r"\b\d{6}\b", letter.body)
    assert found is not None
    request = requests.confirm(actor=world.visitor, asked_id=asked.pk, typed=found.group(), at=world.at)
    requests.take_up(actor=world.actor(coach), request_id=request.pk, at=world.at)
    request = requests.first_talk(
        actor=world.actor(coach),
        request_id=request.pk,
        at=world.at,
        result="Mijn dochter doet weer mee.",
        child=requests.ChildOfTalk(first_name="Noor", born_on=date(2013, 3, 14)),
        asker_holds_authority=True,
        child_agrees=True,
        family_name="Verhoeven",
    )
    return looked_up(world, request)


def ask_the_board(world: World, request: HelpRequest, who: str = "sanne", **changed: str) -> Post:
    asked = {"title": TITLE, "text": TEXT, "neighbourhood": "Panningen"} | changed
    return actions.post_question(actor=world.actor(who), request_id=request.pk, at=world.at, **asked)


def offer(
    world: World,
    who: str = "piet",
    *,
    kind: PostKind = PostKind.OFFER,
    title: str = "Samen naar het bos",
    neighbourhood: str = "",
    places: int | None = None,
    until: datetime | None = None,
) -> Post:
    return actions.post_offer(
        actor=world.actor(who),
        kind=kind,
        title=title,
        text="Een uurtje buiten, voor wie mee wil.",
        neighbourhood=neighbourhood,
        places=places,
        until=until,
        at=world.at,
    )


def answer(world: World, post: Post, who: str = "piet", words: str = WORDS) -> Response:
    return actions.respond(actor=world.actor(who), post_id=post.pk, words=words, at=world.at)


def accept(world: World, response: Response, who: str = "sanne") -> Response:
    return actions.accept_response(actor=world.actor(who), response_id=response.pk, at=world.at)


def connect(world: World, response: Response, *, keeper: str = "sanne", responder: str = "piet") -> Response:
    accept(world, response, keeper)
    return actions.confirm_response(actor=world.actor(responder), response_id=response.pk, at=world.at)
