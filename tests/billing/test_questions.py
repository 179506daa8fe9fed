"""A question on a line: the rest is paid, the office answers, the municipality accepts, a colleague pays."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from uuid import UUID, uuid4

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree

from hendig.audit.actions import reading
from hendig.audit.models import Entry
from hendig.billing import actions, queries, rules
from hendig.billing.adapters import sepa
from hendig.billing.models import Invoice, InvoiceLine, InvoiceStage, PaymentBatch
from hendig.billing.rules import Finding, Slot
from hendig.kernel.actor import Role
from hendig.kernel.periods import AMSTERDAM, Period
from hendig.kernel.refusal import Forbidden, NotVisible
from hendig.kernel.residence import Facts, Place, Stay
from hendig.matching.models import Match
from hendig.people.actions import tell
from hendig.people.models import Notice
from hendig.plans import actions as plans
from hendig.rights import actions as rights
from hendig.rights.queries import responsible
from tests.support.billing import HOUR, agree, at_end_of, keep, make_match, plan, send
from tests.support.refusals import code_of
from tests.support.shared import built_once
from tests.support.together import at_once
from tests.support.world import World, build_world

NOVEMBER = date(2026, 11, 1)
NOWHERE = UUID(int=7)
DAY = datetime(2026, 11, 3, tzinfo=AMSTERDAM)


def half_asked(world: World, *names: str) -> Invoice:
    """H2 is right; the agreement on H1 ended on 5 November, and an hour of it came after, or more."""
    agree(world)
    agree(world, code="H1", cents=8000, until_on=date(2026, 11, 5))
    keep(world, make_match(world), date(2026, 11, 3))
    for hour, name in enumerate(names or ("Fatima",), start=10):
        keep(world, make_match(world, name, code="H1"), date(2026, 11, 10), hour=hour)
    world.add_worker("gerda", Role.FINANCE)
    at_end_of(world, NOVEMBER)
    return send(world, NOVEMBER)


@built_once
def invoice(world: World) -> Invoice:
    return half_asked(world)


def asked_line(invoice: Invoice) -> InvoiceLine:
    return invoice.lines.exclude(findings=[]).get()


def pay(world: World, who: str = "henk") -> PaymentBatch:
    return actions.pay(actor=world.actor(who), at=world.at)


def accept(world: World, line: InvoiceLine, who: str = "henk") -> InvoiceLine:
    return actions.accept_line(actor=world.actor(who), line_id=line.pk, at=world.at)


def answer(world: World, line: InvoiceLine, words: str = "De afspraak liep door.") -> InvoiceLine:
    return actions.answer_line(actor=world.actor("jolanda"), line_id=line.pk, words=words, at=world.at)


# --- the rest is paid ----------------------------------------------------------------------------------


def test_a_line_that_is_asked_about_waits_and_the_rest_is_paid(world: World, invoice: Invoice) -> None:
    assert invoice.stage == InvoiceStage.ASKED
    assert asked_line(invoice).findings == ["code_not_agreed"]
    batch = pay(world)
    invoice.refresh_from_db()
    assert batch.total_cents == invoice.paid_cents == HOUR
    assert (invoice.stage, invoice.batch_id, invoice.total_cents) == (InvoiceStage.ASKED, None, HOUR + 8000)
    assert code_of(lambda: pay(world)) == "payment.nothing"
    part = Entry.objects.get(code="invoice.part_paid")
    assert part.facts["cents"] == HOUR


def test_an_accepted_line_is_paid_by_a_colleague_and_then_the_invoice_is(
    world: World, invoice: Invoice
) -> None:
    pay(world)
    accept(world, asked_line(invoice))
    invoice.refresh_from_db()
    assert invoice.stage == InvoiceStage.RIGHT
    assert code_of(lambda: pay(world)) == "payment.nothing"  # henk accepted it himself
    batch = pay(world, "gerda")
    invoice.refresh_from_db()
    assert (invoice.stage, invoice.batch_id) == (InvoiceStage.PAID, batch.pk)
    assert invoice.paid_cents == invoice.total_cents == HOUR + 8000
    assert sorted(PaymentBatch.objects.values_list("total_cents", flat=True)) == [8000, HOUR]
    root = etree.fromstring(batch.xml.encode())
    told = [found.text for found in root.findall(".//p:EndToEndId", sepa.NAMESPACES)]
    assert told == [f"{invoice.number}-2"]
    assert Entry.objects.filter(code="invoice.paid").count() == 1


def test_what_was_accepted_and_what_was_paid_is_not_asked_about_again(world: World, invoice: Invoice) -> None:
    """Another line is asked about still, so that the invoice can be looked at once more."""
    pay(world)
    line = asked_line(invoice)
    actions.check_again(actor=world.actor("henk"), invoice_id=invoice.pk, at=world.at)
    accept(world, line)
    line.refresh_from_db()
    assert line.findings == ["code_not_agreed"]
    paid = invoice.lines.get(findings=[])
    assert paid.batch_id is not None
    again = lambda: actions.check_again(  # noqa: E731 - said once, here
        actor=world.actor("henk"), invoice_id=invoice.pk, at=world.at
    )
    assert code_of(again) == "invoice.not_asked"


def test_a_line_that_was_accepted_answers_no_other_question(world: World) -> None:
    """A colleague reads in the chain what Henk accepted, and nothing that was found out after it."""
    invoice = half_asked(world, "Fatima", "Kasia")
    one, _other = invoice.lines.exclude(findings=[]).order_by("id")
    accept(world, one)
    made = actions.make_agreement(
        actor=world.actor("henk"), partner_id=invoice.partner_id, from_on=date(2026, 11, 6), at=world.at
    )
    actions.set_tariff(
        actor=world.actor("henk"),
        agreement_id=made.pk,
        service_code_id=world.service_code("H1").pk,
        cents_per_hour=7000,
        from_on=date(2026, 11, 6),
        at=world.at,
    )
    actions.check_again(actor=world.actor("henk"), invoice_id=invoice.pk, at=world.at)
    findings = dict(invoice.lines.exclude(findings=[]).values_list("pk", "findings"))
    assert findings == {one.pk: ["code_not_agreed"], _other.pk: ["other_tariff"]}


def test_when_what_was_missing_is_agreed_the_line_is_right_without_anybody_accepting(
    world: World, invoice: Invoice
) -> None:
    pay(world)
    actions.make_agreement(
        actor=world.actor("henk"), partner_id=invoice.partner_id, from_on=date(2026, 11, 6), at=world.at
    )
    actions.check_again(actor=world.actor("henk"), invoice_id=invoice.pk, at=world.at)
    pay(world)
    invoice.refresh_from_db()
    assert invoice.stage == InvoiceStage.PAID
    assert invoice.paid_cents == invoice.total_cents


# --- answered and accepted -----------------------------------------------------------------------------


def test_the_office_answers_and_finance_hears_of_it_without_the_words(world: World, invoice: Invoice) -> None:
    line = answer(world, asked_line(invoice))
    line.refresh_from_db()
    assert (line.answer, line.answered_at) == ("De afspraak liep door.", world.at)
    entry = Entry.objects.get(code="invoice_line.answered")
    assert entry.facts == {"line": str(line.pk)}
    tell(entry_ids=[entry.pk], at=world.at)
    notices = Notice.objects.filter(code="invoice_line.answered")
    assert {one.account_id for one in notices} == {world.account("henk").pk, world.account("gerda").pk}
    with connection.cursor() as cursor:
        cursor.execute("SELECT answer FROM billing_invoiceline WHERE id = %s", [line.pk])
        assert "afspraak" not in str(cursor.fetchone())


def test_an_answer_can_be_said_better_until_the_line_is_accepted(world: World, invoice: Invoice) -> None:
    line = asked_line(invoice)
    answer(world, line)
    answer(world, line, "Hij loopt door tot en met december.")
    line.refresh_from_db()
    assert line.answer == "Hij loopt door tot en met december."
    accept(world, line)
    assert code_of(lambda: answer(world, line)) == "line.not_asked"


def test_an_answer_without_words_or_without_a_question_is_refused(world: World, invoice: Invoice) -> None:
    assert code_of(lambda: answer(world, asked_line(invoice), "  ")) == "line.no_words"
    assert code_of(lambda: answer(world, invoice.lines.get(findings=[]))) == "line.not_asked"
    assert code_of(lambda: accept(world, invoice.lines.get(findings=[]))) == "line.not_asked"


def test_a_line_is_accepted_once(world: World, invoice: Invoice) -> None:
    line = asked_line(invoice)
    accept(world, line)
    assert code_of(lambda: accept(world, line, "gerda")) == "line.not_asked"
    entry = Entry.objects.get(code="invoice_line.accepted")
    assert entry.facts == {"line": str(line.pk), "cents": 8000, "asked": "code_not_agreed"}


def test_who_sent_an_invoice_accepts_none_of_its_lines(world: World) -> None:
    world.add_worker("henk", Role.OFFICE, "vlinder")
    agree(world, until_on=date(2026, 11, 5))
    keep(world, make_match(world), date(2026, 11, 10))
    at_end_of(world, NOVEMBER)
    line = asked_line(send(world, NOVEMBER, "henk"))
    assert code_of(lambda: accept(world, line)) == "line.own_invoice"


@pytest.mark.parametrize("who", ["ellen", "anouk", "petra", "karin", "piet"])
def test_nobody_else_answers_or_accepts(world: World, invoice: Invoice, who: str) -> None:
    line = asked_line(invoice)
    with pytest.raises(Forbidden):
        accept(world, line, who)
    with pytest.raises(Forbidden):
        actions.answer_line(actor=world.actor(who), line_id=line.pk, words="Ja.", at=world.at)


def test_an_office_does_not_accept_and_another_office_does_not_answer(world: World, invoice: Invoice) -> None:
    line = asked_line(invoice)
    with pytest.raises(Forbidden):
        accept(world, line, "jolanda")
    world.add_worker("joost", Role.OFFICE, "anker")
    world.add_worker("joost", Role.FINANCE)
    for line_id in (line.pk, NOWHERE):
        with pytest.raises(NotVisible):
            actions.answer_line(actor=world.actor("joost"), line_id=line_id, words="Ja.", at=world.at)


@pytest.mark.django_db(transaction=True)
def test_who_accepts_and_who_pays_at_the_same_moment_pay_each_cent_once() -> None:
    world = build_world()
    invoice = half_asked(world)
    line = asked_line(invoice)
    henk, gerda = world.actor("henk"), world.actor("gerda")
    told = at_once(
        *[lambda: actions.accept_line(actor=henk, line_id=line.pk, at=world.at)] * 3,
        *[lambda: actions.pay(actor=gerda, at=world.at)] * 5,
    )
    assert told[:3].count("done") == 1
    if refused := told[3:].count("payment.nothing"):
        assert refused in {3, 4}
    invoice.refresh_from_db()
    if invoice.stage != InvoiceStage.PAID:
        actions.pay(actor=gerda, at=world.at)
        invoice.refresh_from_db()
    assert invoice.paid_cents == invoice.total_cents
    assert sum(PaymentBatch.objects.values_list("total_cents", flat=True)) == invoice.total_cents


# --- what the check asks besides -----------------------------------------------------------------------


def slot(begin: int, minutes: int) -> Slot:
    starts_at = DAY + timedelta(minutes=begin)
    return Slot(uuid4(), starts_at, starts_at + timedelta(minutes=minutes))


@given(st.lists(st.builds(slot, st.integers(0, 300), st.integers(5, 120)), max_size=12))
def test_every_hour_that_another_overlaps_is_found_and_no_other(slots: list[Slot]) -> None:
    by_hand = {
        one.appointment_id
        for one in slots
        for other in slots
        if one is not other and one.starts_at < other.ends_at and other.starts_at < one.ends_at
    }
    assert rules.at_the_same_time(slots) == by_hand


def test_two_hours_of_a_professional_at_once_are_asked_about(world: World) -> None:
    """The plan refuses them; this is a way around it that people do find."""
    agree(world)
    first, second = make_match(world), make_match(world, "Fatima")
    anouk = world.actor("anouk")
    at_ten = datetime(2026, 11, 3, 10, tzinfo=AMSTERDAM)
    one = plan(world, first, at_ten)
    world.at = at_ten + timedelta(hours=2)
    plans.miss_appointment(actor=anouk, appointment_id=one.pk, at=world.at)
    keep(world, second, date(2026, 11, 3), 60, hour=10)
    plans.unkeep_appointment(actor=anouk, appointment_id=one.pk, at=world.at)
    plans.keep_appointment(actor=anouk, appointment_id=one.pk, at=world.at)
    at_end_of(world, NOVEMBER)
    invoice = send(world, NOVEMBER)
    assert {tuple(line.findings) for line in invoice.lines.all()} == {(Finding.AT_THE_SAME_TIME.value,)}
    assert code_of(lambda: pay(world)) == "payment.nothing"


def test_hours_one_after_the_other_are_right(world: World) -> None:
    agree(world)
    first, second = make_match(world), make_match(world, "Fatima")
    keep(world, first, date(2026, 11, 3), 60, hour=10)
    keep(world, second, date(2026, 11, 3), 60, hour=11)
    at_end_of(world, NOVEMBER)
    assert send(world, NOVEMBER).stage == InvoiceStage.RIGHT


def test_the_days_of_an_invoice_lie_in_its_month_or_the_year_before() -> None:
    november = Period(date(2026, 11, 1), date(2026, 11, 30))
    days = rules.plausible(november)
    assert days == Period(date(2025, 11, 1), date(2026, 11, 30))


# --- which municipality is responsible ------------------------------------------------------------------


@built_once
def moved(world: World) -> tuple[World, Match]:
    """Of the fifth of November on another municipality was responsible for the child, as Ellen answered."""
    agree(world)
    match = make_match(world)
    keep(world, match, date(2026, 11, 3))
    keep(world, match, date(2026, 11, 10))
    say_where(world, match, date(2026, 11, 5), Place.OTHER)
    at_end_of(world, NOVEMBER)
    return world, match


def say_where(world: World, match: Match, asked_on: date, place: Place) -> None:
    ellen = world.actor("ellen")
    asked = rights.ask_residence(
        actor=ellen, family_id=match.family_id, child_id=match.child_id, asked_on=asked_on, at=world.at
    )
    rights.answer_residence(
        actor=ellen,
        residence_id=asked.pk,
        facts=Facts(Stay.HOME, address=place),
        other="" if place is Place.OURS else "Canarydorp",
        at=world.at,
    )


def test_a_day_on_which_another_municipality_was_responsible_is_asked_about(
    moved: tuple[World, Match],
) -> None:
    world, _match = moved
    invoice = send(world, NOVEMBER)
    assert (invoice.stage, asked_line(invoice).findings) == (InvoiceStage.ASKED, ["other_municipality"])
    for who, where in (("jolanda", reverse("invoice", args=[invoice.pk])), ("henk", reverse("pay"))):
        html = get(world, who, where)
        assert "was volgens ons een andere gemeente verantwoordelijk" in html
        assert not any(name in html for name in ("Canarydorp", "KindSanne", "Verhoeven"))


def test_days_before_a_move_and_a_later_answer_that_it_is_ours_are_right(world: World) -> None:
    agree(world)
    match = make_match(world)
    keep(world, match, date(2026, 11, 3))
    keep(world, match, date(2026, 11, 12))
    say_where(world, match, date(2026, 11, 5), Place.OTHER)
    say_where(world, match, date(2026, 11, 11), Place.OURS)
    at_end_of(world, NOVEMBER)
    assert send(world, NOVEMBER).stage == InvoiceStage.RIGHT


def test_help_that_goes_on_after_a_move_stays_with_who_agreed_it(moved: tuple[World, Match]) -> None:
    world, match = moved
    rights.continue_help(
        actor=world.actor("ellen"), match_id=match.pk, moved_on=date(2026, 11, 5), to="Venlo", at=world.at
    )
    assert send(world, NOVEMBER).stage == InvoiceStage.RIGHT


def test_what_is_known_of_who_is_responsible_costs_the_same_for_many_lines(world: World) -> None:
    agree(world)
    matches = [make_match(world, name) for name in ("Sanne", "Fatima", "Mila")]
    helped = {match.pk: match.child_id for match in matches}
    counts = []
    for some in (dict(list(helped.items())[:1]), helped):
        with CaptureQueriesContext(connection) as asked, reading(world.actor("jolanda"), world.at):
            responsible(some, actor=world.actor("jolanda"), at=world.at)
        counts.append(len([one for one in asked if 'FROM "rights_' in one["sql"]]))
    assert counts == [2, 2]


# --- the pages -----------------------------------------------------------------------------------------


def get(world: World, who: str, path: str) -> str:
    with time_machine.travel(world.at, tick=False):
        answered = world.client(who).get(path)
    assert answered.status_code == 200
    return answered.content.decode()


def post(world: World, who: str, path: str, **data: object) -> tuple[int, str, str]:
    with time_machine.travel(world.at, tick=False):
        answered = world.client(who).post(path, {"_key": str(uuid4()), **data})
    return answered.status_code, answered.get("Location", ""), answered.content.decode()


def test_the_office_answers_in_the_page_and_finance_reads_it_and_accepts(
    world: World, invoice: Invoice
) -> None:
    line, where = asked_line(invoice), reverse("invoice", args=[invoice.pk])
    html = get(world, "jolanda", where)
    assert "Vragen over deze factuur" in html
    assert "stond deze code niet in de afspraak" in html
    assert "Keur deze regel goed" not in html
    path = reverse("answer_line", args=[line.pk])
    assert post(world, "jolanda", path, words="Hij liep door.")[:2] == (302, where)
    for page in (where, reverse("pay")):
        assert "Hij liep door." in get(world, "henk", page)
    assert "Geef antwoord" not in get(world, "henk", where)
    assert post(world, "henk", reverse("accept_line", args=[line.pk]))[:2] == (302, where)
    html = get(world, "jolanda", where)
    assert "goedgekeurd" in html
    assert "Vragen over deze factuur" not in html
    assert "keurde u zelf goed" in get(world, "henk", reverse("pay"))


def test_what_can_be_paid_now_is_what_the_page_says(world: World, invoice: Invoice) -> None:
    shown = queries.to_pay(world.actor("henk"), at=world.at)
    assert (shown.cents, shown.count, shown.asked.count) == (HOUR, 1, 1)
    assert "een deel" in get(world, "henk", reverse("pay"))
    assert pay(world).total_cents == shown.cents
    assert "Al betaald" in get(world, "jolanda", reverse("invoice", args=[invoice.pk]))
    (bar,) = [one for one in queries.months(world.actor("henk"), at=world.at) if one.month == NOVEMBER]
    assert (bar.paid, bar.open) == (HOUR, 8000)


def test_what_was_typed_stays_on_the_page_of_the_invoice(world: World, invoice: Invoice) -> None:
    line = asked_line(invoice)
    path = reverse("answer_line", args=[line.pk])
    status, _where, html = post(world, "jolanda", path, words="Woord " * 60)
    assert status == 422
    assert "Woord Woord" in html
    accept(world, line)
    assert post(world, "jolanda", path, words="Te laat.")[0] == 422
    assert post(world, "jolanda", reverse("answer_line", args=[NOWHERE]), words="Nee.")[0] == 404
    assert post(world, "henk", reverse("accept_line", args=[NOWHERE]))[0] == 404


def test_pages_with_questions_cost_the_same_number_of_queries_at_any_size(
    world: World, invoice: Invoice
) -> None:
    henk, other = world.actor("henk"), make_match(world, "Kasia", code="H1")

    def cost(page: Invoice) -> list[int]:
        told = []
        for look in (
            lambda: queries.invoice(henk, page.pk, at=world.at),
            lambda: queries.to_pay(henk, at=world.at),
        ):
            with CaptureQueriesContext(connection) as seen:
                look()
            told.append(len(seen))
        return told

    small = cost(invoice)
    keep(world, make_match(world, "Miriam", code="H1"), date(2026, 12, 3))
    keep(world, other, date(2026, 12, 2))
    at_end_of(world, date(2026, 12, 1))
    assert cost(send(world, date(2026, 12, 1))) == small == [9, 4]
