"""Who opens an invoice for the municipality leaves a line for each family of whose hours it is."""

from __future__ import annotations

import pytest
from django.urls import reverse

from hendig.audit.actions import speaking
from hendig.audit.models import Entry, Kind
from hendig.billing import queries
from hendig.billing.models import Invoice
from hendig.kernel.actor import Role
from hendig.matching.models import Match
from tests.billing.test_bank_pages import page
from tests.billing.test_credit import half_asked
from tests.support.billing import fill_november
from tests.support.received import billed_line, document, receive
from tests.support.shared import built_once
from tests.support.world import World


@built_once
def invoice(world: World) -> Invoice:
    """Hours of two families, one of which is asked about."""
    world.add_worker("cora", Role.AUDITOR)
    return half_asked(world)


def looks() -> list[Entry]:
    return list(Entry.objects.filter(code__startswith="invoice.", kind=Kind.LOOK).order_by("id"))


@pytest.mark.parametrize("who", ["henk", "cora"])
def test_each_family_reads_that_an_invoice_with_its_hours_was_opened(
    world: World, invoice: Invoice, who: str
) -> None:
    assert page(world, who, reverse("invoice", args=[invoice.pk]))[0] == 200
    assert page(world, who, reverse("invoice_pdf", args=[invoice.pk]))[0] == 200
    with speaking(world.system, world.at):
        families = set(Match.objects.values_list("family_id", flat=True))
    for code in ("invoice.seen", "invoice.taken_along"):
        found = [line for line in looks() if line.code == code]
        assert len(found) == 2
        assert {line.family_id for line in found} == families
        assert all(line.record_id and line.compartment_id for line in found)
    house = world.account("Sanne").family_members.get().family_id
    html = page(world, "Sanne", reverse("who_looked", args=[house]))[1]
    assert "bekeek een factuur, met uren en kosten van uw hulp" in html
    assert ("accountant" if who == "cora" else "financiën") in html


def test_the_partner_looks_at_its_own_administration(world: World, invoice: Invoice) -> None:
    for name in ("invoice", "invoice_pdf"):
        assert page(world, "jolanda", reverse(name, args=[invoice.pk]))[0] == 200
    assert looks() == []


def test_the_file_of_a_partners_own_system_is_taken_along_as_well(world: World) -> None:
    fill_november(world)
    match = Match.objects.get()
    received = receive(world, document(world, billed_line(match, 150)))
    for who, count in (("jolanda", 0), ("henk", 1)):
        for name in ("original", "invoice_response"):
            assert page(world, who, reverse(name, args=[received.pk]))[0] == 200
        found = [(line.code, line.family_id) for line in looks()]
        assert found == [("invoice.taken_along", match.family_id)] * 2 * count


def test_what_is_to_be_paid_names_no_match_and_leaves_no_line(world: World, invoice: Invoice) -> None:
    """It is fetched again whenever something moves: what identifies a family stands behind a link."""
    html = page(world, "henk", reverse("pay"))[1]
    assert "Hier is een vraag over" in html
    assert not [line for line in invoice.lines.all() if line.match and line.match.number in html]
    assert looks() == []


def test_what_cannot_be_written_down_is_not_shown(
    world: World, invoice: Invoice, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(_entries: object) -> None:
        raise OSError("no room")

    monkeypatch.setattr("hendig.audit.actions._write", full)
    with pytest.raises(OSError, match="no room"):
        queries.invoice(world.actor("henk"), invoice.pk, at=world.at)
