"""An invoice as a partner's own program makes it, and what came of sending it in."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal
from functools import cache
from pathlib import Path

from hendig.billing import actions
from hendig.billing.adapters import inbox
from hendig.billing.adapters.inbox import Sent
from hendig.billing.adapters.ubl.document import (
    INVOICE,
    KVK,
    Account,
    Document,
    Identifier,
    Line,
    Party,
    Totals,
    tax_sums,
)
from hendig.billing.adapters.ubl.names import Profile
from hendig.billing.adapters.ubl.official import Engine
from hendig.billing.adapters.ubl.write import ubl
from hendig.billing.models import Invoice
from hendig.kernel.money import euros, line_amount
from hendig.matching.models import Match
from tests.support.billing import HOUR
from tests.support.world import World

FIRST, LAST = date(2026, 11, 1), date(2026, 11, 30)


def billed_line(
    match: Match | str,
    minutes: int,
    *,
    code: str = "H2",
    cents_per_hour: int = HOUR,
    first_on: date = FIRST,
    last_on: date = LAST,
) -> Line:
    """Hours of a match, in minutes at a price for sixty."""
    return Line(
        id="",
        name=f"{code} Begeleiding",
        quantity=Decimal(minutes),
        unit="MIN",
        cents=line_amount(minutes, cents_per_hour),
        price=euros(cents_per_hour),
        per=Decimal(60),
        first_on=first_on,
        last_on=last_on,
        object_id=Identifier(match if isinstance(match, str) else match.number),
        code=code,
    )


def document(
    world: World, *lines: Line, number: str = "F-2026-17", partner: str = "vlinder", **more: object
) -> Document:
    """What the partner's program says, right in every way; `more` makes it otherwise."""
    seller, town = world.partners[partner], world.municipality
    made = tuple(replace(line, id=str(place)) for place, line in enumerate(lines, start=1))
    taxes = tax_sums(made, reason="Vrijgesteld van btw: jeugdhulp.")
    right = Document(
        kind=INVOICE,
        number=number,
        issued_on=date(2026, 11, 30),
        due_on=date(2026, 12, 30),
        buyer_reference="2026-11",
        seller=_party(seller.name, seller.kvk, seller.vat),
        buyer=_party(f"Gemeente {town.name}", town.kvk),
        account=Account(seller.iban, reference=number),
        lines=made,
        taxes=taxes,
        totals=Totals.of(made, (), taxes),
    )
    return replace(right, **more)  # type: ignore[arg-type]


def _party(name: str, kvk: str, vat: str = "") -> Party:
    known_as = Identifier(kvk, KVK)
    return Party(
        name,
        endpoint=known_as,
        legal=known_as,
        vat=vat,
        street="Dorpsstraat 1",
        postcode="5999 AA",
        town="Peelrand",
    )


@cache
def engine() -> Engine:
    """One process without official rules for all tests; `tests/billing/conftest.py` ends it."""
    return Engine(Path("/nowhere"))


def judged(made: Document | bytes, profile: Profile = Profile.NLCIUS) -> Sent:
    return inbox.sent_in(engine(), made if isinstance(made, bytes) else ubl(made, profile))


def receive(world: World, made: Document | bytes, who: str | None = "jolanda") -> Invoice:
    """Sent in by somebody of an office, or by a system."""
    actor = world.actor(who) if who else world.system
    return actions.receive_invoice(actor=actor, sent=judged(made), at=world.at)
