"""What systems are shown: the API, asked with the token of each who may let a system in, and with none."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import timedelta
from itertools import product
from typing import Any

import orjson

from hendig.billing.models import Invoice, Journal, Original, Payment
from hendig.connections import actions
from hendig.connections.adapters.answers import API
from hendig.connections.adapters.openapi import CSV, JSON, OPERATIONS, Operation, document
from hendig.connections.models import Purpose
from hendig.kernel.actor import Actor, Role
from hendig.kernel.periods import local_day
from hendig.operations.prove.shown.channels import Owner, clock
from hendig.operations.prove.shown.crawl import Verdict, Visit
from hendig.operations.prove.shown.town import Scene
from hendig.operations.prove.shown.visit import Answer

# By the design: an office sends and follows the invoices of its partner, finance has journals and payments;
# nobody else lets a system in.
OF_ROLE: Mapping[Role, tuple[Purpose, ...]] = {
    Role.OFFICE: (Purpose.SEND,),
    Role.FINANCE: (Purpose.JOURNAL, Purpose.CHAIN),
}
# What fills the holes in the addresses, with one of each that nobody has.
NOWHERE = {
    "invoiceId": "00000000-0000-0000-0000-000000000007",
    "month": "1999-01",
    "reference": "12345670-1999-0001",
}
# An invoice for help that nobody knows: it is booked, and each line of it is asked about.
SHEET = "matchnummer;code;van;tot en met;uren;tarief;bedrag\r\nM1999-000001;H2;{0};{0};1,0;90,00;\r\n"
NO_TOKEN = "hendig_of-nobody"  # noqa: S105 - it opens nothing


def let_in(scene: Scene) -> None:
    """Each office and finance lets its system in."""
    for who in list(scene.town.accounts):
        actor = scene.who(who)
        for role, purposes in OF_ROLE.items():
            if actor.has(role):
                scene.tokens[who] = actions.make_connection(
                    actor=actor,
                    name=scene.word("what an office calls its system", who, of=who),
                    purposes=purposes,
                    partner_id=next(iter(actor.offices), None),
                    until_on=local_day(scene.at) + timedelta(days=90),
                    at=scene.at,
                )


def ask(visit: Visit, scene: Scene, owner: Owner, verdict: Verdict) -> None:
    """All that the API has is asked: what it promises to this token comes, whole, and nothing else does."""
    who = visit.seen.who.name
    token = scene.tokens.get(who, NO_TOKEN)
    sent = _send(visit, token, owner)
    if (sent == 201) != (Role.OFFICE in _roles(scene, who)):
        verdict.wrong.append(f"{who or 'nobody'}, by a system: {sent} for an invoice that was sent")
    theirs = set(promised(scene.who(who))) if token != NO_TOKEN else set()
    for one, path in everything():
        for kind in one.answers:
            answer = _get(visit, token, owner, path, kind)
            may = one.is_open or path in theirs
            told = f"{who or 'nobody'}, by a system: {answer.status} for {kind} of {path}"
            if (answer.status == 200) != may:
                (verdict.missing if may else verdict.foreign).append(told)
            elif may and kind == JSON and not one.is_open:
                verdict.missing += [f"{told} without {name}" for name in _lacking(one, answer)]


def _roles(scene: Scene, who: str) -> frozenset[Role]:
    return scene.who(who).roles if who in scene.tokens else frozenset()


def everything() -> Iterator[tuple[Operation, str]]:
    """Each address from which something is read, with everything that there is to ask there."""
    values = {
        "invoiceId": [str(pk) for pk in Invoice.objects.values_list("pk", flat=True)],
        "month": [f"{month:%Y-%m}" for month in Journal.objects.values_list("month", flat=True)],
        "reference": list(Payment.objects.values_list("reference", flat=True)),
    }
    for one in OPERATIONS:
        if one.method == "get":
            names = [hole.name for hole in one.parameters if hole.place == "path"]
            for given in product(*([*values[name], NOWHERE[name]] for name in names)):
                yield one, API + one.path.format(**dict(zip(names, given, strict=True)))


def promised(actor: Actor) -> Iterator[str]:
    """What a system of theirs may read: written from what the API says that it is for."""
    if actor.has(Role.OFFICE):
        yield f"{API}/invoices"
        mine = Invoice.objects.filter(partner__in=actor.offices).values_list("pk", flat=True)
        for pk in mine:
            yield f"{API}/invoices/{pk}"
        for pk in Original.objects.filter(invoice__in=mine).values_list("invoice", flat=True):
            yield f"{API}/invoices/{pk}/response"
    if actor.has(Role.FINANCE):
        yield f"{API}/journals"
        for month in Journal.objects.values_list("month", flat=True):
            yield f"{API}/journals/{month:%Y-%m}"
        for reference in Payment.objects.values_list("reference", flat=True):
            yield f"{API}/payments/{reference}/chain"


def _get(visit: Visit, token: str, owner: Owner, path: str, kind: str) -> Answer:
    # No system asks more than so often a minute; an answer that says so proves nothing.
    owner.execute("DELETE FROM audit_tally")
    return visit.answer(
        visit.browser.get(path, Authorization=f"Bearer {token}", Accept=kind), f"SYSTEM {kind}"
    )


def _send(visit: Visit, token: str, owner: Owner) -> int:
    """The status with which an invoice is taken in."""
    owner.execute("DELETE FROM audit_tally")
    day = local_day(clock()).isoformat()
    answer = visit.browser.ask(
        "POST",
        f"{API}/invoices?number=SYSTEM-1",
        body=SHEET.format(day).encode(),
        headers={"Authorization": f"Bearer {token}", "Content-Type": CSV},
    )
    return visit.answer(answer, "SYSTEM POST").status


def _lacking(one: Operation, answer: Answer) -> list[str]:
    """What the description of the API says to be there and is not; of a list that is empty nothing can be."""
    made = document("")
    schema = made["paths"][one.path][one.method]["responses"]["200"]["content"][JSON]["schema"]
    return list(_missing(orjson.loads(answer.body), schema, made["components"]["schemas"], ""))


def _missing(value: Any, schema: dict[str, Any], known: dict[str, Any], where: str) -> Iterator[str]:
    if "$ref" in schema:
        schema = known[schema["$ref"].rpartition("/")[2]]
    if "anyOf" in schema:
        yield from _missing(value, schema["anyOf"][0], known, where) if value is not None else ()
    elif isinstance(value, list):
        for one in value:
            yield from _missing(one, schema["items"], known, where)
    elif isinstance(value, dict):
        for name in schema.get("required", ()):
            if name in value:
                yield from _missing(value[name], schema["properties"][name], known, f"{where}/{name}")
            else:
                yield f"{where}/{name}"
