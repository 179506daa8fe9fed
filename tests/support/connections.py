"""A system with a token, as it asks: what it sends and what comes back."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

import time_machine
from django.test import Client

from hendig.billing.adapters.ubl.names import Profile
from hendig.billing.adapters.ubl.write import ubl
from hendig.connections import actions
from hendig.connections.models import Purpose
from hendig.kernel.periods import local_day
from tests.billing.test_received import match_of
from tests.support.received import billed_line, document
from tests.support.world import World

XML = "application/xml"
ALL = {"jolanda": [Purpose.SEND], "henk": [Purpose.JOURNAL, Purpose.CHAIN]}


def token(
    world: World,
    who: str = "jolanda",
    purposes: Sequence[Purpose] | None = None,
    *,
    name: str = "Boekhouding",
    days: int = 300,
) -> str:
    """What a system of this person's organisation shows to come in."""
    actor = world.actor(who)
    return actions.make_connection(
        actor=actor,
        name=name,
        purposes=ALL[who] if purposes is None else purposes,
        partner_id=next(iter(sorted(actor.offices)), None),
        until_on=local_day(world.at) + timedelta(days=days),
        at=world.at,
    )


def ask(
    world: World,
    path: str,
    bearer: str | None,
    *,
    body: bytes | None = None,
    kind: str = XML,
    client: Client | None = None,
    **headers: str,
) -> Any:
    """An answer of the API; with a `body` it is sent there."""
    given: dict[str, Any] = {"Authorization": f"Bearer {bearer}"} if bearer else {}
    given |= {name.replace("_", "-"): value for name, value in headers.items()}
    asks = client or Client()
    with time_machine.travel(world.at, tick=False):
        if body is None:
            return asks.get(f"/api/v1{path}", headers=given)
        return asks.post(f"/api/v1{path}", body, content_type=kind, headers=given)


def problem(answer: Any) -> tuple[int, str, str]:
    """Status, code and sentence of a problem; that it is one is asserted."""
    assert answer["Content-Type"] == "application/problem+json"
    assert answer["API-Version"] == "1.0.0"
    said = answer.json()
    assert said["status"] == answer.status_code
    assert said["title"]
    assert said["detail"]
    return answer.status_code, said.get("code", ""), said["detail"]


def right(world: World, number: str = "F-2026-17", **more: Any) -> bytes:
    """The invoice of November as a partner's system makes it, right in all; `more` makes it otherwise."""
    return ubl(document(world, billed_line(match_of(), 150), number=number, **more), Profile.NLCIUS)
