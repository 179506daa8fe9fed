"""A line that is taken back: a new document says so, its hours wait again, and every cent is right."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path
from uuid import UUID, uuid4

import pytest
import time_machine
from django.db import IntegrityError, transaction
from django.urls import reverse

from hendig.audit.actions import change
from hendig.audit.models import Entry
from hendig.billing import actions, queries
from hendig.billing.adapters.ubl import check, installed, parse, read, write
from hendig.billing.adapters.ubl.names import Profile
from hendig.billing.adapters.ubl.official import Engine
from hendig.billing.models import Invoice, InvoicedAppointment, InvoiceLine, InvoiceStage
from hendig.families.queries import opening
from hendig.kernel.actor import Role
from hendig.kernel.refusal import Forbidden, NotVisible
from hendig.plans import actions as plans
from hendig.plans.models import Appointment
from tests.support import einvoice
from tests.support.billing import HOUR, agree, at_end_of, keep, make_match, send
from tests.support.refusals import code_of
from tests.support.shared import built_once
from tests.support.together import at_once
from tests.support.world import World, build_world

NOVEMBER, DECEMBER = date(2026, 11, 1), date(2026, 12, 1)
NOWHERE = UUID(int=7)


def half_asked(world: World) -> Invoice:
    """H2 is right; the agreement on H1 ended on 5 November, and an hour of it came after."""
    agree(world)
    agree(world, code="H1", cents=8000, until_on=date(2026, 11, 5))
    keep(world, make_match(world), date(2026, 11, 3))
    keep(world, make_match(world, "Fatima", code="H1"), date(2026, 11, 10))
    at_end_of(world, NOVEMBER)
    return send(world, NOVEMBER)


@built_once
def invoice(world: World) -> Invoice:
    return half_asked(world)


def asked_line(invoice: Invoice) -> InvoiceLine:
    return invoice.lines.exclude(findings=[]).get()


def credit(world: World, line: InvoiceLine, who: str = "jolanda") -> Invoice:
    return actions.credit_line(actor=world.actor(who), line_id=line.pk, at=world.at)


def test_a_credit_note_is_a_new_document_that_names_the_old(world: World, invoice: Invoice) -> None:
    line = asked_line(invoice)
    note = credit(world, line)
    invoice.refresh_from_db()
    assert (note.number, note.corrects_id, note.month) == ("12345670-2026-0002", invoice.pk, NOVEMBER)
    assert (note.stage, note.total_cents) == (InvoiceStage.SETTLED, -8000)
    back = note.lines.get()
    assert (back.credits_id, back.minutes, back.cents) == (line.pk, 60, -8000)
    assert (invoice.stage, invoice.total_cents) == (InvoiceStage.RIGHT, HOUR + 8000)
    entry = Entry.objects.get(code="invoice_line.credited")
    assert (entry.object_id, entry.family_id) == (note.pk, None)


def test_the_rest_is_paid_and_then_nothing_is_open(world: World, invoice: Invoice) -> None:
    credit(world, asked_line(invoice))
    batch = actions.pay(actor=world.actor("henk"), at=world.at)
    invoice.refresh_from_db()
    assert batch.total_cents == invoice.paid_cents == HOUR
    assert (invoice.stage, invoice.batch_id) == (InvoiceStage.PAID, batch.pk)
    (bar,) = [one for one in queries.months(world.actor("henk"), at=world.at) if one.month == NOVEMBER]
    assert (bar.paid, bar.open) == (HOUR, 0)


def test_a_line_that_is_taken_back_after_the_rest_was_paid_ends_the_invoice(
    world: World, invoice: Invoice
) -> None:
    batch = actions.pay(actor=world.actor("henk"), at=world.at)
    credit(world, asked_line(invoice))
    invoice.refresh_from_db()
    assert (invoice.stage, invoice.batch_id) == (InvoiceStage.PAID, batch.pk)
    assert code_of(lambda: actions.pay(actor=world.actor("henk"), at=world.at)) == "payment.nothing"


def test_an_invoice_of_which_all_is_taken_back_is_settled_without_a_payment(world: World) -> None:
    agree(world, until_on=date(2026, 11, 5))
    keep(world, make_match(world), date(2026, 11, 10))
    at_end_of(world, NOVEMBER)
    invoice = send(world, NOVEMBER)
    credit(world, asked_line(invoice))
    invoice.refresh_from_db()
    assert (invoice.stage, invoice.batch_id, invoice.paid_cents) == (InvoiceStage.SETTLED, None, 0)


def test_its_hours_wait_again_and_go_on_the_next_invoice_as_they_are_by_then(
    world: World, invoice: Invoice
) -> None:
    credit(world, asked_line(invoice))
    assert InvoicedAppointment.objects.count() == 1
    agree(world, code="H1", cents=8200, from_on=date(2026, 11, 6))
    at_end_of(world, DECEMBER)
    later = send(world, DECEMBER)
    assert later.number == "12345670-2027-0001"
    assert (later.stage, later.total_cents) == (InvoiceStage.RIGHT, 8200)


def test_an_hour_that_was_not_there_is_taken_away_at_the_appointment(world: World, invoice: Invoice) -> None:
    line = asked_line(invoice)
    appointment = Appointment.objects.get(invoiced__line=line)
    anouk = world.actor("anouk")

    def take_away() -> object:
        return plans.unkeep_appointment(actor=anouk, appointment_id=appointment.pk, at=world.at)

    assert code_of(take_away) == "appointment.invoiced"
    credit(world, line)
    take_away()
    plans.miss_appointment(actor=anouk, appointment_id=appointment.pk, at=world.at)
    at_end_of(world, DECEMBER)
    assert code_of(lambda: send(world, DECEMBER)) == "invoice.nothing"


def test_what_was_taken_back_is_no_ground_for_an_agreement_to_go_on(world: World) -> None:
    tariff = agree(world)
    one, other = make_match(world), make_match(world, "Fatima")
    anouk = world.actor("anouk")
    first = keep(world, one, date(2026, 11, 10))
    plans.unkeep_appointment(actor=anouk, appointment_id=first.pk, at=world.at)
    plans.miss_appointment(actor=anouk, appointment_id=first.pk, at=world.at)
    keep(world, other, date(2026, 11, 10))
    plans.unkeep_appointment(actor=anouk, appointment_id=first.pk, at=world.at)
    plans.keep_appointment(actor=anouk, appointment_id=first.pk, at=world.at)
    at_end_of(world, NOVEMBER)
    invoice = send(world, NOVEMBER)

    def end() -> object:
        return actions.end_agreement(
            actor=world.actor("henk"),
            agreement_id=tariff.agreement_id,
            until_on=date(2026, 11, 9),
            at=world.at,
        )

    for line in invoice.lines.all():
        assert code_of(end) == "agreement.already_invoiced"
        credit(world, line)
    end()


def test_a_month_of_which_a_line_was_taken_back_is_not_sent_again(world: World, invoice: Invoice) -> None:
    credit(world, asked_line(invoice))
    assert code_of(lambda: send(world, NOVEMBER)) == "invoice.already_sent"


def test_a_family_reads_the_same_cost_before_and_after(world: World, invoice: Invoice) -> None:
    fatima = world.actor("Fatima")
    family_id = world.account("Fatima").family_members.get().family_id

    def cost() -> queries.OwnHelp:
        with opening(fatima, "family.page_seen", family_id, at=world.at) as look:
            return queries.own_help(look)

    before = cost()
    credit(world, asked_line(invoice))
    assert before == cost() == queries.OwnHelp(minutes=60, cents=8000, unpriced=0, own=True)


def test_a_line_is_taken_back_once_and_is_then_not_accepted(world: World, invoice: Invoice) -> None:
    line = asked_line(invoice)
    note = credit(world, line)
    assert code_of(lambda: credit(world, line)) == "line.credited"
    assert code_of(lambda: credit(world, note.lines.get())) == "line.takes"
    henk = world.actor("henk")
    assert code_of(lambda: actions.accept_line(actor=henk, line_id=line.pk, at=world.at)) == "line.not_asked"


def test_what_was_accepted_and_waits_to_be_paid_is_taken_back_and_then_not_paid(
    world: World, invoice: Invoice
) -> None:
    """The partner sees that it was wrong after all: nobody has to pay it first."""
    line = asked_line(invoice)
    actions.accept_line(actor=world.actor("henk"), line_id=line.pk, at=world.at)
    where = reverse("invoice", args=[invoice.pk])
    assert reverse("credit_line", args=[line.pk]) in get(world, "jolanda", where)
    credit(world, line)
    assert "gecrediteerd" in get(world, "jolanda", where)
    world.add_worker("frits", Role.FINANCE)
    batch = actions.pay(actor=world.actor("frits"), at=world.at)
    invoice.refresh_from_db()
    assert (batch.total_cents, invoice.paid_cents, invoice.stage) == (HOUR, HOUR, InvoiceStage.PAID)
    assert queries.owed(world.actor("henk")) == ()


@pytest.mark.parametrize("who", ["henk", "ellen", "anouk", "petra"])
def test_only_the_office_takes_back(world: World, invoice: Invoice, who: str) -> None:
    with pytest.raises(Forbidden):
        credit(world, asked_line(invoice), who)


def test_another_office_takes_nothing_back(world: World, invoice: Invoice) -> None:
    world.add_worker("joost", Role.OFFICE, "anker")
    with pytest.raises(NotVisible):
        credit(world, asked_line(invoice), "joost")


def test_the_database_itself_refuses_to_take_a_line_back_twice(world: World, invoice: Invoice) -> None:
    line = asked_line(invoice)
    back = credit(world, line).lines.get()
    back.pk, back._state.adding = uuid4(), True
    jolanda = world.actor("jolanda")
    with (
        pytest.raises(IntegrityError),
        transaction.atomic(),
        change(jolanda, "invoice_line.credited", at=world.at),
    ):
        back.save()


@pytest.mark.django_db(transaction=True)
def test_of_who_takes_back_accepts_and_pays_at_the_same_moment_no_cent_is_paid_too_much() -> None:
    world = build_world()
    invoice = half_asked(world)
    world.add_worker("frits", Role.FINANCE)
    line = asked_line(invoice)
    henk, frits, jolanda = (world.actor(name) for name in ("henk", "frits", "jolanda"))
    acts: list[Callable[[], object]] = [
        *[lambda: actions.accept_line(actor=henk, line_id=line.pk, at=world.at)] * 3,
        *[lambda: actions.credit_line(actor=jolanda, line_id=line.pk, at=world.at)] * 3,
        *[lambda: actions.pay(actor=frits, at=world.at)] * 2,
    ]
    came = at_once(*acts)
    # Who came too late reads why; what is accepted can be taken back, and not the other way round.
    assert came[:3].count("done") <= 1
    assert set(came[:3]) <= {"done", "line.not_asked"}
    assert sorted(came[3:6]) == ["done", "line.credited", "line.credited"]
    assert set(came[6:]) <= {"done", "payment.nothing"}
    line.refresh_from_db()
    invoice.refresh_from_db()
    assert (line.accepted_by_id is None) == ("done" not in came[:3])
    paid = HOUR + (8000 if line.batch_id else 0)
    assert invoice.paid_cents == sum(one.cents for one in invoice.payments.all()) == paid


# --- the pages and the file ----------------------------------------------------------------------------


def get(world: World, who: str, path: str) -> str:
    with time_machine.travel(world.at, tick=False):
        answered = world.client(who).get(path)
    assert answered.status_code == 200
    return answered.content.decode(errors="replace")


def test_the_office_takes_a_line_back_in_the_page(world: World, invoice: Invoice) -> None:
    line, where = asked_line(invoice), reverse("invoice", args=[invoice.pk])
    path = reverse("credit_line", args=[line.pk])
    assert path in get(world, "jolanda", where)
    assert path not in get(world, "henk", where)
    with time_machine.travel(world.at, tick=False):
        answered = world.client("jolanda").post(path, {"_key": str(uuid4())})
    note = Invoice.objects.get(corrects=invoice)
    assert answered["Location"] == reverse("invoice", args=[note.pk])
    for who in ("jolanda", "henk"):
        html = get(world, who, answered["Location"])
        assert "Creditnota" in html
        assert invoice.number in html
        assert "Betalen voor" not in html
    assert "gecrediteerd" in get(world, "henk", where)
    assert "creditnota" in get(world, "jolanda", reverse("hours"))
    assert get(world, "jolanda", reverse("invoice_pdf", args=[note.pk])).startswith("%PDF-")


def document(world: World, note: Invoice) -> tuple[queries.InvoicePage, bytes]:
    shown = queries.invoice(world.actor("henk"), note.pk, at=world.at)
    return shown, write.ubl(queries.as_document(shown), Profile.NLCIUS)


def test_the_file_of_a_credit_note_says_what_it_takes_back(world: World, invoice: Invoice) -> None:
    _shown, xml = document(world, credit(world, asked_line(invoice)))
    said = read.document(parse.root_of(xml))
    assert (said.kind, said.before, said.totals.payable) == ("381", (invoice.number,), 8000)


@pytest.mark.conformance
def test_a_credit_note_fails_no_official_rule(world: World, invoice: Invoice, tmp_path: Path) -> None:
    installed.install(einvoice.data(), tmp_path / "rules", on=NOVEMBER, trial={})
    shown, _xml = document(world, credit(world, asked_line(invoice)))
    with Engine(tmp_path / "rules") as engine:
        for profile in Profile:
            verdict = check.check(engine, write.ubl(queries.as_document(shown), profile))
            assert (verdict.official, verdict.level, verdict.findings) == (True, "ok", ())
