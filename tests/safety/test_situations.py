"""Situations of the design that are of no one page: what money tells, and what somebody told of a family."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.urls import reverse

from hendig.audit.actions import reading
from hendig.audit.models import Entry
from hendig.billing.models import Invoice
from hendig.families.models import Compartment, CompartmentKind
from hendig.helprequests.models import HelpRequest
from hendig.kernel.refusal import NotVisible
from hendig.rights.queries import take_along
from hendig.safety.models import Informant
from tests.support.along import unpacked
from tests.support.billing import NOVEMBER, fill_november, send
from tests.support.safety import held, informed, stepped, worried
from tests.support.shared import built_once
from tests.support.world import World

pytestmark = pytest.mark.usefixtures("_the_clock_of_the_pages")

OF_MONEY = {"henk": ("pay", "bank", "learning"), "jolanda": ("hours",)}
INFORMANT = "Belde de buurvrouw van nummer negen."


@built_once
def november(world: World) -> World:
    """Sanne's family has help, and the month of it is on an invoice."""
    fill_november(world)
    send(world, NOVEMBER)
    return world


def of_money(world: World) -> dict[str, str]:
    """All that who sends and who pays read, without what differs from one request to the next."""
    found = {}
    for who, pages in OF_MONEY.items():
        paths = [reverse(page) for page in pages]
        paths.append(reverse("invoice", args=[Invoice.objects.get().pk]))
        for path in paths:
            answer: Any = world.client(who).get(path)
            assert answer.status_code == 200, (who, path)
            found[f"{who} {path}"] = re.sub(r"value=\"[^\"]*\"|card-[0-9a-f]{8}", "", answer.content.decode())
    return found


def test_a_finance_clerk_reads_codes_units_and_amounts_and_no_way_to_a_record(november: World) -> None:
    request = HelpRequest.objects.get()
    pages = of_money(november)
    invoice = pages[f"henk {reverse('invoice', args=[Invoice.objects.get().pk])}"]
    assert "H2" in invoice
    assert "225" in invoice
    # Hours and amounts are what the page is about, by whatever name.
    kinds = {str(kind.label) for kind in CompartmentKind if kind != CompartmentKind.FINANCE}
    for path, text in pages.items():
        read = re.sub(r"<[^>]+>", " ", text)
        assert not {name for name in ("Sanne", "Verhoeven", "Kind") if re.search(rf"\b{name}\b", read)}, path
        assert not {kind for kind in kinds if kind.lower() in read.lower()}, path
        assert str(request.family_id) not in text, path
        assert str(request.compartment.record_id) not in text, path
    for name in ("family", "plan", "who_looked", "own_record"):
        answer = november.client("henk").get(reverse(name, args=[request.family_id]))
        assert answer.status_code in {403, 404}, name
    with reading(november.actor("henk"), november.at):
        assert not Compartment.objects.exists()
        assert not HelpRequest.objects.exists()


def test_hours_and_invoice_give_nothing_away_of_a_worry(november: World) -> None:
    """9 years, tells of abuse: what who sends and who pays read is the same, byte for byte."""
    before = of_money(november)
    concern = worried(november, HelpRequest.objects.get())
    stepped(november, concern)
    held(november, concern)
    assert of_money(november) == before


def test_an_informant_is_in_no_copy_and_in_no_log_that_is_shown(world: World, request_: HelpRequest) -> None:
    """Neither who it was nor that there is one: for the family, and for who else works here."""
    record_id = request_.compartment.record_id
    concern = worried(world, request_)
    informed(world, concern, words=INFORMANT)
    line = Entry.objects.filter(code="safety.added").latest("id")
    for who in ("sanne", "mark"):
        actor = world.actor(who)
        copy = unpacked(take_along(actor, record_id, whole=True, at=world.at).content)
        assert INFORMANT not in copy.everything
        looked: Any = world.client(who).get(reverse("who_looked", args=[request_.family_id]))
        assert str(line.pk) not in looked.content.decode()
        assert "wie iets meldde" not in looked.content.decode()
    for who in ("sanne", "mark", "bram", "henk", "karin"):
        with reading(world.actor(who), world.at):
            assert not Informant.objects.exists(), who
            assert not Informant.objects.visible_to(world.actor(who), at=world.at).exists(), who
    with pytest.raises(NotVisible):
        take_along(world.actor("ellen"), record_id, whole=True, at=world.at)
