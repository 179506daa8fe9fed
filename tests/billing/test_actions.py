"""From kept appointment to paid: what is true afterwards, what is refused, and that it happens once."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from functools import partial
from uuid import UUID, uuid4

import pytest
from django.db import IntegrityError, connections, transaction
from django.db.models import Sum
from lxml import etree

from hendig.audit.models import Entry
from hendig.billing import actions, rules
from hendig.billing.adapters import sepa
from hendig.billing.models import Invoice, InvoicedAppointment, InvoiceStage, PaymentBatch, Tariff
from hendig.kernel.actor import Role
from hendig.kernel.periods import AMSTERDAM
from hendig.kernel.refusal import Forbidden, NotVisible
from hendig.people.actions import tell
from hendig.people.models import Notice
from hendig.plans import actions as plans
from tests.support.billing import HOUR, NOVEMBER, agree, at_end_of, fill_november, keep, make_match, send
from tests.support.refusals import code_of
from tests.support.shared import built_once
from tests.support.together import at_once
from tests.support.world import World, build_world

DECEMBER = date(2026, 12, 1)
TOGETHER = 12


def test_a_month_becomes_one_invoice_that_is_right(november: World) -> None:
    invoice = send(november, NOVEMBER)
    invoice.refresh_from_db()
    (line,) = invoice.lines.all()
    assert invoice.number == "12345670-2026-0001"
    assert invoice.stage == InvoiceStage.RIGHT
    assert (line.minutes, line.cents_per_hour, line.cents) == (150, HOUR, 22500)
    assert (line.first_on, line.last_on) == (date(2026, 11, 3), date(2026, 11, 10))
    assert line.appointments.count() == 2
    assert invoice.total_cents == 22500
    assert invoice.checked_at == november.at


def test_the_log_says_that_it_was_sent_without_a_family(november: World) -> None:
    invoice = send(november, NOVEMBER)
    entry = Entry.objects.get(code="invoice.sent")
    assert entry.object_id == invoice.pk
    assert entry.family_id is None
    assert entry.facts == {"month": "2026-11", "cents": 22500, "lines": 1, "stage": "right"}


def test_a_line_per_match_and_code(world: World) -> None:
    agree(world)
    agree(world, code="H1", cents=8000)
    first = make_match(world)
    second = make_match(world, "Fatima", code="H1")
    keep(world, first, date(2026, 11, 3))
    keep(world, second, date(2026, 11, 4), 30)
    at_end_of(world, NOVEMBER)
    invoice = send(world, NOVEMBER)
    assert sorted(invoice.lines.values_list("match__number", "service_code__code", "cents")) == [
        (first.number, "H2", 9000),
        (second.number, "H1", 4000),
    ]
    assert invoice.total_cents == 13000


def test_a_month_is_sent_once(november: World) -> None:
    send(november, NOVEMBER)
    assert code_of(lambda: send(november, NOVEMBER)) == "invoice.already_sent"


def test_a_month_that_is_not_over_is_refused_until_its_last_day(november: World) -> None:
    november.at = datetime(2026, 11, 29, 23, 59, tzinfo=AMSTERDAM)
    assert code_of(lambda: send(november, NOVEMBER)) == "invoice.month_not_over"
    november.at = datetime(2026, 11, 30, 0, 0, tzinfo=AMSTERDAM)
    assert send(november, NOVEMBER).total_cents == 22500


def test_a_month_without_hours_or_without_a_tariff_says_which(world: World) -> None:
    match = make_match(world)
    keep(world, match, date(2026, 11, 3))
    at_end_of(world, NOVEMBER)
    assert code_of(lambda: send(world, NOVEMBER)) == "invoice.no_tariff"
    assert code_of(lambda: send(world, date(2026, 10, 1))) == "invoice.nothing"
    assert not Invoice.objects.exists()


def test_what_was_only_planned_or_missed_is_not_invoiced(november: World) -> None:
    match = make_match(november, "Fatima")
    appointment = plans.plan_appointment(
        actor=november.actor("anouk"),
        match_id=match.pk,
        starts_at=november.at + timedelta(hours=1),
        at=november.at,
    )
    november.later(hours=3)
    plans.miss_appointment(actor=november.actor("anouk"), appointment_id=appointment.pk, at=november.at)
    at_end_of(november, DECEMBER)
    assert send(november, DECEMBER).total_cents == 22500


def test_what_is_kept_later_goes_on_the_next_invoice(november: World) -> None:
    match = make_match(november, "Fatima")
    appointment = plans.plan_appointment(
        actor=november.actor("anouk"),
        match_id=match.pk,
        starts_at=datetime(2026, 12, 1, 14, tzinfo=AMSTERDAM),
        at=november.at,
    )
    at_end_of(november, DECEMBER)
    first = send(november, DECEMBER)
    plans.keep_appointment(actor=november.actor("anouk"), appointment_id=appointment.pk, at=november.at)
    at_end_of(november, date(2027, 1, 1))
    second = send(november, date(2027, 1, 1))
    assert (first.total_cents, second.total_cents) == (22500, 9000)
    assert (first.number, second.number) == ("12345670-2027-0001", "12345670-2027-0002")
    assert second.lines.get().first_on == date(2026, 12, 1)


def test_hours_without_a_tariff_wait_for_one(november: World) -> None:
    match = make_match(november, "Fatima", code="H1")
    keep(november, match, date(2026, 12, 2))
    at_end_of(november, DECEMBER)
    assert send(november, DECEMBER).total_cents == 22500
    agree(november, code="H1", cents=8000)
    at_end_of(november, date(2027, 1, 1))
    assert send(november, date(2027, 1, 1)).total_cents == 8000


def test_an_invoiced_appointment_cannot_be_taken_back(november: World) -> None:
    send(november, NOVEMBER)
    row = InvoicedAppointment.objects.first()
    assert row is not None
    code = code_of(
        lambda: plans.unkeep_appointment(
            actor=november.actor("anouk"), appointment_id=row.appointment_id, at=november.at
        )
    )
    assert code == "appointment.invoiced"


def test_the_database_itself_refuses_to_invoice_an_appointment_twice(
    november: World,
) -> None:
    send(november, NOVEMBER)
    row = InvoicedAppointment.objects.first()
    assert row is not None
    with pytest.raises(IntegrityError), transaction.atomic(), connections["default"].cursor() as cursor:
        cursor.execute(
            "INSERT INTO billing_invoicedappointment (id, municipality_id, line_id, appointment_id)"
            " VALUES (%s, %s, %s, %s)",
            [uuid4(), row.municipality_id, row.line_id, row.appointment_id],
        )


@pytest.mark.parametrize("who", ["anouk", "ellen", "henk", "piet", "petra"])
def test_only_an_office_sends(november: World, who: str) -> None:
    with pytest.raises(Forbidden):
        send(november, NOVEMBER, who)


def test_another_partners_month_does_not_exist(november: World) -> None:
    november.add_worker("joost", Role.OFFICE, "anker")
    with pytest.raises(NotVisible):
        send(november, NOVEMBER, "joost")


def test_who_works_for_one_partner_and_runs_the_office_of_another_sends_only_for_that(
    november: World,
) -> None:
    november.add_worker("anouk", Role.OFFICE, "anker")
    with pytest.raises(NotVisible):
        send(november, NOVEMBER, "anouk")


def test_numbers_count_per_partner(november: World) -> None:
    november.add_worker("joost", Role.OFFICE, "anker")
    agree(november, "anker")
    keep(november, make_match(november, "Fatima", "youssef"), date(2026, 12, 2))
    at_end_of(november, DECEMBER)
    assert send(november, DECEMBER).number == "12345670-2027-0001"
    assert send(november, DECEMBER, "joost", "anker").number == "12345671-2027-0001"


# --- asked about ---------------------------------------------------------------------------------------


@built_once
def asked(world: World) -> Invoice:
    """The agreement ended on 5 November, and nobody thought of it."""
    agree(world, until_on=date(2026, 11, 5))
    match = make_match(world)
    keep(world, match, date(2026, 11, 3))
    keep(world, match, date(2026, 11, 10))
    at_end_of(world, NOVEMBER)
    return send(world, NOVEMBER)


def test_a_fact_that_is_not_right_is_asked_about_and_never_rejected(world: World, asked: Invoice) -> None:
    asked.refresh_from_db()
    assert asked.stage == InvoiceStage.ASKED
    assert asked.lines.get().findings == ["no_agreement"]
    assert code_of(lambda: actions.pay(actor=world.actor("henk"), at=world.at)) == "payment.nothing"


def test_once_the_question_is_answered_the_invoice_is_right(world: World, asked: Invoice) -> None:
    henk = world.actor("henk")
    again = actions.check_again(actor=henk, invoice_id=asked.pk, at=world.at)
    assert again.stage == InvoiceStage.ASKED
    actions.make_agreement(actor=henk, partner_id=asked.partner_id, from_on=date(2026, 11, 6), at=world.at)
    again = actions.check_again(actor=henk, invoice_id=asked.pk, at=world.at)
    assert again.stage == InvoiceStage.RIGHT
    assert asked.lines.get().findings == []
    assert (
        code_of(lambda: actions.check_again(actor=henk, invoice_id=asked.pk, at=world.at))
        == "invoice.not_asked"
    )


def test_an_office_cannot_find_its_own_invoice_right(world: World, asked: Invoice) -> None:
    with pytest.raises(Forbidden):
        actions.check_again(actor=world.actor("jolanda"), invoice_id=asked.pk, at=world.at)


# --- agreements and tariffs ----------------------------------------------------------------------------


def test_tariffs_follow_each_other_and_each_hour_costs_what_was_agreed_for_its_day(world: World) -> None:
    first = agree(world)
    henk = world.actor("henk")
    new = partial(
        actions.set_tariff,
        actor=henk,
        agreement_id=first.agreement_id,
        service_code_id=first.service_code_id,
        cents_per_hour=9300,
        from_on=date(2026, 11, 9),
        at=world.at,
    )
    assert code_of(new) == "tariff.overlaps"
    actions.end_tariff(actor=henk, tariff_id=first.pk, until_on=date(2026, 11, 8), at=world.at)
    new()
    match = make_match(world)
    keep(world, match, date(2026, 11, 8))
    keep(world, match, date(2026, 11, 9))
    at_end_of(world, NOVEMBER)
    invoice = send(world, NOVEMBER)
    assert invoice.stage == InvoiceStage.RIGHT
    assert sorted(invoice.lines.values_list("cents", flat=True)) == [9000, 9300]


def test_a_tariff_does_not_end_before_what_was_invoiced_at_it(november: World) -> None:
    send(november, NOVEMBER)
    tariff = Tariff.objects.get()
    henk = november.actor("henk")

    def end(on: date) -> object:
        return actions.end_tariff(actor=henk, tariff_id=tariff.pk, until_on=on, at=november.at)

    assert code_of(lambda: end(date(2026, 11, 9))) == "tariff.already_invoiced"
    end(date(2026, 11, 10))
    assert code_of(lambda: end(date(2026, 12, 31))) == "tariff.has_ended"


def test_an_agreement_ends_after_it_begins_and_only_finance_makes_one(world: World) -> None:
    partner_id = world.partners["vlinder"].pk
    first, last = date(2026, 2, 1), date(2026, 1, 31)

    def agree_as(who: str) -> object:
        return actions.make_agreement(
            actor=world.actor(who), partner_id=partner_id, from_on=first, until_on=last, at=world.at
        )

    assert code_of(lambda: agree_as("henk")) == "agreement.ends_before_start"
    with pytest.raises(Forbidden):
        agree_as("jolanda")


def test_an_agreement_or_tariff_that_is_not_there_is_not_visible(world: World) -> None:
    henk, code = world.actor("henk"), world.service_code().pk
    nowhere = UUID(int=7)
    with pytest.raises(NotVisible):
        actions.set_tariff(
            actor=henk,
            agreement_id=nowhere,
            service_code_id=code,
            cents_per_hour=HOUR,
            from_on=NOVEMBER,
            at=world.at,
        )
    with pytest.raises(NotVisible):
        actions.end_tariff(actor=henk, tariff_id=nowhere, until_on=NOVEMBER, at=world.at)


# --- paid ----------------------------------------------------------------------------------------------


def test_what_is_right_is_paid_in_one_valid_file_without_any_person(november: World) -> None:
    invoice = send(november, NOVEMBER)
    batch = actions.pay(actor=november.actor("henk"), at=november.at)
    invoice.refresh_from_db()
    assert (invoice.stage, invoice.batch_id) == (InvoiceStage.PAID, batch.pk)
    assert (batch.number, batch.total_cents, batch.pays_on) == ("B2026-0001", 22500, date(2026, 12, 2))
    xml = batch.xml.encode()
    assert sepa.why_not_valid(xml) == ""
    root = etree.fromstring(xml)
    assert [found.text for found in root.findall(".//p:EndToEndId", sepa.NAMESPACES)] == [invoice.number]
    match = invoice.lines.get().match
    assert match is not None
    family = str(match.family_id)
    for canary in ("Verhoeven", "Sanne", "Anouk", "Slaapt", "M2026", family):
        assert canary.lower() not in batch.xml.lower()


def test_the_office_hears_that_it_was_paid(november: World) -> None:
    invoice = send(november, NOVEMBER)
    actions.pay(actor=november.actor("henk"), at=november.at)
    tell(
        entry_ids=list(Entry.objects.filter(code="invoice.paid").values_list("pk", flat=True)), at=november.at
    )
    notice = Notice.objects.get(code="invoice.paid")
    assert notice.account == november.account("jolanda")
    assert notice.url == f"/uren/{invoice.pk}/"


def test_nothing_is_paid_twice(november: World) -> None:
    send(november, NOVEMBER)
    actions.pay(actor=november.actor("henk"), at=november.at)
    assert code_of(lambda: actions.pay(actor=november.actor("henk"), at=november.at)) == "payment.nothing"
    assert PaymentBatch.objects.count() == 1


def test_who_sent_an_invoice_does_not_pay_it(november: World) -> None:
    november.add_worker("henk", Role.OFFICE, "vlinder")
    invoice = send(november, NOVEMBER, "henk")
    assert code_of(lambda: actions.pay(actor=november.actor("henk"), at=november.at)) == "payment.nothing"
    november.add_worker("gerda", Role.FINANCE)
    actions.pay(actor=november.actor("gerda"), at=november.at)
    invoice.refresh_from_db()
    assert invoice.stage == InvoiceStage.PAID


def test_a_file_that_is_not_valid_rolls_everything_back(
    november: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A name that the schema cannot hold stands for any bug in making the file."""
    invoice = send(november, NOVEMBER)
    monkeypatch.setattr(rules, "batch_number", lambda *_: "B" * 36)
    with pytest.raises(sepa.NotValid):
        actions.pay(actor=november.actor("henk"), at=november.at)
    invoice.refresh_from_db()
    assert invoice.stage == InvoiceStage.RIGHT
    assert not PaymentBatch.objects.exists()
    assert not Entry.objects.filter(code__in=["payment.made", "invoice.paid"]).exists()


@pytest.mark.parametrize("who", ["jolanda", "ellen", "anouk", "petra"])
def test_only_finance_pays(november: World, who: str) -> None:
    send(november, NOVEMBER)
    with pytest.raises(Forbidden):
        actions.pay(actor=november.actor(who), at=november.at)


# --- many at once --------------------------------------------------------------------------------------


@pytest.mark.django_db(transaction=True)
def test_twelve_who_send_at_once_send_one_invoice() -> None:
    world = fill_november(build_world())
    jolanda, partner_id = world.actor("jolanda"), world.partners["vlinder"].pk
    told = at_once(
        *[lambda: actions.send_invoice(actor=jolanda, partner_id=partner_id, month=NOVEMBER, at=world.at)]
        * TOGETHER
    )
    assert told.count("done") == 1
    assert told.count("invoice.already_sent") == TOGETHER - 1
    assert Invoice.objects.get().number == "12345670-2026-0001"
    assert InvoicedAppointment.objects.count() == 2


@pytest.mark.django_db(transaction=True)
def test_twelve_months_sent_at_once_get_numbers_without_gaps() -> None:
    """Twelve months wait; each has its own hours. Whoever comes first takes the earliest hours along."""
    world = build_world()
    agree(world)
    match = make_match(world)
    months = [date(2026 + (10 + n) // 12, (10 + n) % 12 + 1, 1) for n in range(TOGETHER)]
    for month in months:
        keep(world, match, month.replace(day=5))
    at_end_of(world, months[-1])
    jolanda, partner_id = world.actor("jolanda"), world.partners["vlinder"].pk
    told = at_once(
        *(
            partial(actions.send_invoice, actor=jolanda, partner_id=partner_id, month=month, at=world.at)
            for month in months
        )
    )
    sent = Invoice.objects.order_by("number")
    assert set(told) <= {"done", "invoice.nothing"}
    assert told.count("done") == sent.count() >= 1
    assert [one.number for one in sent] == [f"12345670-2027-{n:04d}" for n in range(1, sent.count() + 1)]
    assert InvoicedAppointment.objects.count() == TOGETHER
    assert sent.aggregate(cents=Sum("total_cents"))["cents"] == TOGETHER * HOUR


@pytest.mark.django_db(transaction=True)
def test_twelve_presses_pay_once() -> None:
    world = fill_november(build_world())
    send(world, NOVEMBER)
    henk = world.actor("henk")
    told = at_once(*[lambda: actions.pay(actor=henk, at=world.at)] * TOGETHER)
    assert told.count("done") == 1
    assert told.count("payment.nothing") == TOGETHER - 1
    assert PaymentBatch.objects.get().total_cents == 22500
    assert Entry.objects.filter(code="invoice.paid").count() == 1
