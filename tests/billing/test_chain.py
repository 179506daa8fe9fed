"""From the kept appointment to the line of the bank, in a page and a file; also what was taken back."""

from __future__ import annotations

import csv
import json
from datetime import date
from io import StringIO
from uuid import UUID

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from hendig.audit.actions import speaking
from hendig.audit.models import Entry, Kind
from hendig.billing import actions, queries
from hendig.billing.adapters.sheets import as_csv
from hendig.billing.models import CreditedAppointment, InvoicedAppointment, Payment
from hendig.kernel.actor import Role
from hendig.kernel.refusal import NotVisible
from hendig.matching.models import Match
from hendig.plans.models import Appointment
from tests.billing.test_bank_pages import page
from tests.support.bank import afschrift, one_by_one, read, status_report
from tests.support.billing import HOUR, agree, at_end_of, keep, make_match, send
from tests.support.shared import built_once
from tests.support.world import World

NOVEMBER, DECEMBER = date(2026, 11, 1), date(2026, 12, 1)
CANARIES = ("Sanne", "Fatima", "Verhoeven", "KindSanne", "Beter slapen", "/gezin/")


def paid_november(world: World) -> Payment:
    """H2 was right and H1 was accepted by Henk's colleague; Henk paid both, and the bank did."""
    agree(world)
    agree(world, code="H1", cents=8000, until_on=date(2026, 11, 5))
    match, other = make_match(world), make_match(world, "Fatima", code="H1")
    keep(world, match, date(2026, 11, 3))
    keep(world, other, date(2026, 11, 10))
    keep(world, match, date(2026, 11, 17), 90)
    at_end_of(world, NOVEMBER)
    invoice = send(world, NOVEMBER)
    world.add_worker("frits", Role.FINANCE)
    asked = invoice.lines.exclude(findings=[]).get()
    actions.accept_line(actor=world.actor("frits"), line_id=asked.pk, at=world.at)
    batch = actions.pay(actor=world.actor("henk"), at=world.at)
    read(world, afschrift(world, *one_by_one(batch)))
    return batch.payments.get()


@built_once
def payment(world: World) -> Payment:
    return paid_november(world)


def chain(world: World, payment: Payment) -> queries.Chain:
    return queries.chain(world.actor("henk"), payment.pk, at=world.at)


def test_each_cent_of_a_payment_leads_to_an_appointment_and_a_rule(world: World, payment: Payment) -> None:
    whole = chain(world, payment)
    assert (whole.bank_line, whole.bank_file) == ("AFSCHRIFT-1/1", "AFSCHRIFT-1")
    assert sum(line.cents for line in whole.lines) == payment.cents == HOUR * 5 // 2 + 8000
    accepted, right = whole.lines
    assert [hour.on for hour in right.hours] == [date(2026, 11, 3), date(2026, 11, 17)]
    assert sum(hour.minutes for hour in right.hours) == right.minutes == 150
    assert right.agreed[0].first == date(2026, 1, 1)
    assert queries.rule_of(right).startswith("De vier feiten")
    assert (accepted.accepted_by, len(accepted.asked)) == ("Frits", 1)
    assert "Frits" in queries.rule_of(accepted)
    kept = set(Appointment.objects.values_list("pk", flat=True))
    assert {hour.id for line in whole.lines for hour in line.hours} == kept


def test_the_page_shows_it_without_a_person(world: World, payment: Payment) -> None:
    html = page(world, "henk", reverse("chain", args=[payment.pk]))[1]
    for words in ("AFSCHRIFT-1/1", "De vier feiten", "Goedgekeurd door Frits", "M2026-000001", "H2"):
        assert words in html, words
    assert not [word for word in CANARIES if word in html]


def test_the_files_say_the_same_as_the_page(world: World, payment: Payment) -> None:
    whole = chain(world, payment)
    text = page(world, "henk", reverse("chain_csv", args=[payment.pk]))[1]
    rows = list(csv.DictReader(StringIO(text.removeprefix("\ufeff")), delimiter=";"))
    assert {row["afspraak"] for row in rows} == {str(h.id) for line in whole.lines for h in line.hours}
    assert {row["betaling"] for row in rows} == {payment.reference}
    data = json.loads(page(world, "henk", reverse("chain_json", args=[payment.pk]))[1])
    assert sum(line["cents"] for line in data["lines"]) == payment.cents
    assert len(data["facts"]) == 4
    assert data["transfer"]["on"] == "2026-12-02"
    assert not [word for word in CANARIES if word in text or word in json.dumps(data)]


def test_what_was_taken_back_keeps_its_appointments_and_they_go_on_another_invoice(world: World) -> None:
    agree(world)
    agree(world, code="H1", cents=8000, until_on=date(2026, 11, 5))
    keep(world, make_match(world), date(2026, 11, 3))
    hour = keep(world, make_match(world, "Fatima", code="H1"), date(2026, 11, 10))
    at_end_of(world, NOVEMBER)
    invoice = send(world, NOVEMBER)
    line = invoice.lines.exclude(findings=[]).get()
    actions.credit_line(actor=world.actor("jolanda"), line_id=line.pk, at=world.at)
    assert list(CreditedAppointment.objects.values_list("line", "appointment")) == [(line.pk, hour.pk)]
    batch = actions.pay(actor=world.actor("henk"), at=world.at)
    (back,) = chain(world, batch.payments.get()).credited
    assert (back.number, back.cents, back.days) == ("12345670-2026-0002", -8000, (date(2026, 11, 10),))
    agree(world, code="H1", cents=8000, from_on=date(2026, 11, 6))
    at_end_of(world, DECEMBER)
    again = send(world, DECEMBER)
    assert InvoicedAppointment.objects.get(appointment=hour).line.invoice_id == again.pk
    assert CreditedAppointment.objects.count() == 1


def test_a_payment_that_came_back_says_so_and_names_the_next(world: World, payment: Payment) -> None:
    match = payment.invoice.lines.get(findings=[]).match
    assert match
    keep(world, match, date(2026, 12, 8))
    at_end_of(world, DECEMBER)
    send(world, DECEMBER)
    batch = actions.pay(actor=world.actor("henk"), at=world.at)
    first = batch.payments.get()
    read(world, status_report(batch, (first.reference, "AC04")))
    actions.pay(actor=world.actor("frits"), at=world.at)
    whole = chain(world, first)
    assert (whole.lines, [one.reference for one in whole.others]) == ((), [f"{first.reference}-2"])
    assert "kwam terug" in page(world, "henk", reverse("chain", args=[first.pk]))[1]


@pytest.mark.parametrize("who", ["jolanda", "ellen", "anouk", "petra", "Sanne"])
def test_only_finance_follows_a_payment(world: World, payment: Payment, who: str) -> None:
    for name in ("chain", "chain_csv", "chain_json"):
        assert page(world, who, reverse(name, args=[payment.pk]))[0] == 403
    with pytest.raises(NotVisible):
        queries.chain(world.actor(who), payment.pk, at=world.at)
    assert page(world, "henk", reverse("chain", args=[UUID(int=7)]))[0] == 404


@pytest.mark.parametrize("who", ["henk", "cora"])
def test_each_family_reads_that_its_hours_were_looked_at(world: World, payment: Payment, who: str) -> None:
    """Who pays and who audits: once for each look, and apart when it left as a file."""
    world.add_worker("cora", Role.AUDITOR)
    assert page(world, who, reverse("chain", args=[payment.pk]))[0] == 200
    assert page(world, who, reverse("chain_csv", args=[payment.pk]))[0] == 200
    lines = list(Entry.objects.filter(code__startswith="payment.", kind=Kind.LOOK).order_by("id"))
    assert len(lines) == 4
    with speaking(world.system, world.at):
        families = set(Match.objects.values_list("family_id", flat=True))
    for code in ("payment.followed", "payment.taken_along"):
        found = [line for line in lines if line.code == code]
        assert {line.family_id for line in found} == families
        assert all(line.record_id and line.compartment_id for line in found)
    house = next(iter(world.account("Sanne").family_members.all())).family_id
    html = page(world, "Sanne", reverse("who_looked", args=[house]))[1]
    assert "met de dagen, uren en kosten van uw hulp" in html
    assert ("accountant" if who == "cora" else "financiën") in html
    taken = page(world, "Sanne", f"{reverse('who_looked', args=[house])}?soort=taken")[1]
    assert "nam een betaling mee als bestand" in taken


def test_what_cannot_be_written_down_is_not_shown(
    world: World, payment: Payment, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(_entries: object) -> None:
        raise OSError("no room")

    monkeypatch.setattr("hendig.audit.actions._write", full)
    with pytest.raises(OSError, match="no room"):
        chain(world, payment)


def test_a_spreadsheet_is_not_made_to_work_something_out() -> None:
    made = as_csv(("naam", "bedrag"), [('=HYPERLINK("x")', -5), ("-1", None)]).decode("utf-8-sig")
    assert made.splitlines() == ["naam;bedrag", '"\'=HYPERLINK(""x"")";-5', "'-1;"]


def test_the_chain_costs_the_same_at_any_size(world: World, payment: Payment) -> None:
    def cost(one: Payment) -> int:
        henk = world.actor("henk")
        with CaptureQueriesContext(connection) as seen:
            queries.chain(henk, one.pk, at=world.at)
        return len(seen)

    small = cost(payment)
    matches = [make_match(world, name) for name in ("Kasia", "Miriam", "Leila")]
    for hour, match in enumerate(matches, start=10):
        for day in (2, 3, 4):
            keep(world, match, date(2026, 12, day), hour=hour)
    at_end_of(world, DECEMBER)
    send(world, DECEMBER)
    assert cost(actions.pay(actor=world.actor("henk"), at=world.at).payments.get()) == small == 14
