"""What is paid each month without hours, and how advances are settled with what was kept."""

from __future__ import annotations

import json
from datetime import date, datetime, timedelta
from functools import partial
from uuid import uuid4

import pytest
import time_machine
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st

from hendig.audit.models import Entry
from hendig.billing import actions, jobs, queries, rules
from hendig.billing.adapters.ubl import check, installed
from hendig.billing.adapters.ubl.document import CREDIT, INVOICE
from hendig.billing.adapters.ubl.names import Profile
from hendig.billing.adapters.ubl.official import Engine
from hendig.billing.adapters.ubl.write import ubl
from hendig.billing.models import Agreement, Invoice, InvoiceKind, InvoiceStage, Variant
from hendig.families.queries import opening
from hendig.kernel.actor import Role
from hendig.kernel.periods import AMSTERDAM, Period
from hendig.kernel.refusal import Forbidden, NotVisible
from tests.support import einvoice
from tests.support.billing import HOUR, agree, at_end_of, keep, make_match, send
from tests.support.refusals import code_of
from tests.support.together import at_once
from tests.support.world import World, build_world

pytestmark = pytest.mark.django_db

NOVEMBER, DECEMBER, JANUARY = date(2026, 11, 1), date(2026, 12, 1), date(2027, 1, 1)
A_MONTH = 100_000


def agreed(
    world: World,
    variant: str = Variant.TASK,
    *,
    tariff: bool = True,
    until_on: date | None = None,
    cents: int = A_MONTH,
) -> Agreement:
    """An agreement with Vlinder from November on that is paid by the month; a task has a tariff as well."""
    if "gerda" not in world.accounts:
        world.add_worker("gerda", Role.FINANCE)
    gerda = world.actor("gerda")
    agreement = actions.make_agreement(
        actor=gerda,
        partner_id=world.partners["vlinder"].pk,
        variant=variant,
        from_on=NOVEMBER,
        until_on=until_on,
        at=world.at,
    )
    amount(world, agreement, NOVEMBER, cents)
    if tariff and variant == Variant.TASK:
        actions.change_tariff(
            actor=gerda,
            agreement_id=agreement.pk,
            service_code_id=world.service_code("H2").pk,
            cents_per_hour=HOUR,
            from_on=NOVEMBER,
            at=world.at,
        )
    return agreement


def amount(
    world: World, agreement: Agreement, from_on: date, cents: int = A_MONTH, who: str = "gerda"
) -> None:
    actions.change_amount(
        actor=world.actor(who),
        agreement_id=agreement.pk,
        cents=cents,
        iv3_field="6.72a",
        from_on=from_on,
        at=world.at,
    )


def on(world: World, day: date) -> datetime:
    world.at = max(world.at, datetime(day.year, day.month, day.day, 12, tzinfo=AMSTERDAM))
    return world.at


def night(world: World) -> None:
    """The worker does what it does each night."""
    with time_machine.travel(world.at, tick=False):
        jobs.make_advances(timestamp=0)
        jobs.settle_advances(timestamp=0)


def made(kind: InvoiceKind | None = None) -> list[tuple[date, str, int, str]]:
    rows = Invoice.objects.order_by("id")
    rows = rows.filter(kind=kind) if kind else rows
    return [(one.month, one.number[-4:], one.total_cents, one.stage) for one in rows]


# --- each month ----------------------------------------------------------------------------------------


def test_each_month_has_one_advance_with_a_number_without_gaps(world: World) -> None:
    agreed(world)
    night(world)
    night(world)
    assert made() == [(NOVEMBER, "0001", A_MONTH, "right")]
    assert Invoice.objects.get().sent_by is None
    # The worker lay still for two months.
    on(world, date(2027, 1, 5))
    night(world)
    night(world)
    assert [one[:2] for one in made()] == [
        (NOVEMBER, "0001"),
        (DECEMBER, "0001"),
        (JANUARY, "0002"),
    ]
    assert Entry.objects.filter(code="advance.made").count() == 3


def test_an_advance_is_paid_with_what_is_right(world: World) -> None:
    agreed(world)
    night(world)
    batch = actions.pay(actor=world.actor("henk"), at=world.at)
    assert batch.total_cents == A_MONTH
    assert made() == [(NOVEMBER, "0001", A_MONTH, "paid")]


def test_who_agreed_an_amount_does_not_pay_it_and_a_colleague_does(world: World) -> None:
    """Nobody sends what is paid by the month: of two people one agrees and the other pays."""
    agreement = agreed(world)
    amount(world, agreement, DECEMBER, 120_000, who="henk")
    on(world, date(2026, 12, 2))
    night(world)

    def sums(who: str) -> tuple[int, int]:
        shown = queries.to_pay(world.actor(who), at=world.at)
        return shown.cents, shown.own

    assert (sums("gerda"), sums("henk")) == ((120_000, 1), (A_MONTH, 1))
    assert "u sprak het bedrag erop af. Een collega betaalt die." in page(world, "gerda", reverse("pay"))[1]
    listed = queries.still_open(world.actor("gerda"), rules.Which.RIGHT, at=world.at).invoices
    assert [one.cents for one in listed] == [120_000]
    assert actions.pay(actor=world.actor("gerda"), at=world.at).total_cents == 120_000
    assert code_of(lambda: actions.pay(actor=world.actor("gerda"), at=world.at)) == "payment.nothing"
    assert actions.pay(actor=world.actor("henk"), at=world.at).total_cents == A_MONTH
    assert {one[3] for one in made()} == {"paid"}


def test_who_agreed_a_tariff_does_not_pay_what_settles_the_advances_by_it(world: World) -> None:
    agreed(world, cents=5_000)
    keep(world, make_match(world), date(2026, 11, 3), 90)
    on(world, date(2027, 1, 20))
    night(world)
    assert actions.pay(actor=world.actor("henk"), at=world.at).total_cents == 3 * 5_000
    on(world, date(2027, 1, 21))
    night(world)
    assert queries.to_pay(world.actor("gerda"), at=world.at).own == 1
    assert code_of(lambda: actions.pay(actor=world.actor("gerda"), at=world.at)) == "payment.nothing"
    assert actions.pay(actor=world.actor("henk"), at=world.at).total_cents == 3_500


def test_another_amount_holds_from_its_month_on_and_what_was_stays(world: World) -> None:
    agreement = agreed(world)
    night(world)
    assert code_of(lambda: amount(world, agreement, NOVEMBER)) == "amount.already_made"
    amount(world, agreement, JANUARY, 120_000)
    on(world, date(2027, 1, 2))
    night(world)
    assert [one[2] for one in made()] == [A_MONTH, A_MONTH, 120_000]
    rows = agreement.amounts.values_list("cents", "from_on", "until_on")
    assert list(rows) == [(A_MONTH, NOVEMBER, date(2026, 12, 31)), (120_000, JANUARY, None)]


@pytest.mark.parametrize(
    ("variant", "cents", "from_on", "code"),
    [
        (Variant.EFFORT, 100_000, DECEMBER, "amount.by_the_hour"),
        (Variant.TASK, 99, DECEMBER, "amount.out_of_reach"),
        (Variant.TASK, 3 * 10**9, DECEMBER, "amount.out_of_reach"),
        (Variant.TASK, 100_000, date(2026, 12, 2), "amount.not_first"),
        (Variant.FIXED, 100_000, date(2026, 10, 1), "amount.outside_agreement"),
        (Variant.TASK, 100_000, NOVEMBER, "amount.overlaps"),
    ],
)
def test_an_amount_is_refused(world: World, variant: str, cents: int, from_on: date, code: str) -> None:
    agreement = agreed(world, Variant.FIXED if variant == Variant.FIXED else Variant.TASK)
    if variant == Variant.EFFORT:
        agreement = agree(world, "anker").agreement
    assert code_of(lambda: amount(world, agreement, from_on, cents)) == code


@pytest.mark.parametrize("who", ["jolanda", "ellen", "anouk", "petra", "karin", "piet"])
def test_only_finance_agrees_an_amount(world: World, who: str) -> None:
    agreement = agreed(world)
    with pytest.raises(Forbidden):
        amount(world, agreement, DECEMBER, who=who)


def test_an_agreement_that_ended_yesterday_has_no_further_advance(world: World) -> None:
    agreement = agreed(world)
    night(world)

    def end(day: date) -> None:
        actions.end_agreement(actor=world.actor("henk"), agreement_id=agreement.pk, until_on=day, at=world.at)

    assert code_of(lambda: end(date(2026, 11, 20))) == "agreement.already_invoiced"
    end(date(2026, 11, 30))
    on(world, date(2026, 12, 1))
    night(world)
    assert len(made()) == 1
    with pytest.raises(NotVisible):
        actions.make_advance(
            municipality_id=world.municipality.pk, agreement_id=agreement.pk, month=DECEMBER, at=world.at
        )


@pytest.mark.django_db(transaction=True)
def test_of_six_workers_at_once_one_makes_the_advance() -> None:
    world = build_world()
    agreement = agreed(world)
    make = partial(
        actions.make_advance,
        municipality_id=world.municipality.pk,
        agreement_id=agreement.pk,
        month=NOVEMBER,
        at=world.at,
    )
    assert sorted(at_once(*[make] * 6)) == ["done", *["not visible"] * 5]
    assert len(made()) == 1


# --- settling ------------------------------------------------------------------------------------------


def test_hours_of_a_task_are_on_no_invoice_of_a_month(world: World) -> None:
    agreed(world)
    keep(world, make_match(world), date(2026, 11, 3), 90)
    at_end_of(world, NOVEMBER)
    month = queries.month(world.actor("jolanda"), None, NOVEMBER, at=world.at)
    assert (month.lines, month.unpriced, month.advanced) == ((), (), 90)
    assert code_of(lambda: send(world, NOVEMBER)) == "invoice.nothing"
    assert "valt onder een voorschot" in page(world, "jolanda", reverse("hours"))[1]


def test_less_that_was_kept_is_a_credit_note_to_the_last_advance(world: World) -> None:
    agreement = agreed(world)
    night(world)
    match = make_match(world)
    keep(world, match, date(2026, 11, 3), 90)
    on(world, date(2027, 1, 20))
    night(world)
    assert not made(InvoiceKind.SETTLEMENT), "hours of December may still come"
    on(world, date(2027, 1, 21))
    night(world)
    night(world)
    note = Invoice.objects.get(kind=InvoiceKind.SETTLEMENT)
    assert (note.total_cents, note.stage) == (13_500 - 2 * A_MONTH, InvoiceStage.SETTLED)
    assert note.corrects is not None
    assert note.corrects.month == DECEMBER
    assert sorted(note.lines.values_list("match", "cents"), key=lambda one: one[1]) == [
        (None, -2 * A_MONTH),
        (match.pk, 13_500),
    ]
    agreement.refresh_from_db()
    assert agreement.settled_until == date(2026, 12, 31)
    html = page(world, "jolanda", reverse("invoice", args=[note.pk]))[1]
    assert "De partner betaalt het verschil terug op NL56DEUT0265186420." in html


def test_less_that_was_kept_comes_off_what_is_paid_next(world: World) -> None:
    agreement = agreed(world, until_on=date(2026, 11, 30))
    night(world)
    actions.pay(actor=world.actor("henk"), at=world.at)
    keep(world, make_match(world), date(2026, 11, 3), 90)
    on(world, date(2026, 12, 21))
    night(world)
    (owed,) = queries.owed(world.actor("henk"))
    assert (owed.cents, owed.advanced) == (A_MONTH - 13_500, True)
    assert "Voorschot dat meer was dan de uren." in page(world, "henk", reverse("pay"))[1]
    agree(world, from_on=date(2026, 12, 1))
    for day in (22, 23, 24):
        keep(world, make_match(world, f"Ouder{day}"), date(2026, 12, day), 480)
    at_end_of(world, DECEMBER)
    invoice = send(world, DECEMBER)
    batch = actions.pay(actor=world.actor("henk"), at=world.at)
    assert batch.total_cents == invoice.total_cents - (A_MONTH - 13_500)
    assert queries.owed(world.actor("henk")) == ()
    assert agreement.invoices.filter(kind=InvoiceKind.SETTLEMENT).get().repayments.get().batch == batch


def test_an_advance_and_what_settles_it_stand_under_their_field_of_iv3(world: World) -> None:
    agreement = agreed(world, until_on=date(2026, 12, 31))
    night(world)
    actions.change_amount(
        actor=world.actor("henk"),
        agreement_id=agreement.pk,
        cents=50_000,
        iv3_field="6.2",
        from_on=DECEMBER,
        at=world.at,
    )
    keep(world, make_match(world), date(2026, 11, 3), 90)
    on(world, date(2027, 1, 21))
    night(world)
    told = {}
    for month in (NOVEMBER, JANUARY):
        on(world, date(2027, 2, 2))
        made_it = actions.make_journal(actor=world.actor("henk"), month=month, at=world.at)
        rows = json.loads(made_it.json)["entries"]
        told[month] = [(one["kind"], one["code"], one["iv3"], one["cents"]) for one in rows]
    assert told[NOVEMBER] == [("invoice", "", "6.72a", A_MONTH)]
    field = world.service_code("H2").iv3_field
    # The advance of December was made by a worker that lay still; the hours have the field of their code.
    assert told[JANUARY] == [
        ("invoice", "", "6.2", 50_000),
        ("credit", "", "6.2", -50_000),
        ("credit", "", "6.72a", -A_MONTH),
        ("credit", "H2", field, 13_500),
    ]


def test_an_amount_without_a_field_of_iv3_is_refused(world: World) -> None:
    agreement = agreed(world)

    def nowhere() -> object:
        return actions.change_amount(
            actor=world.actor("henk"),
            agreement_id=agreement.pk,
            cents=A_MONTH,
            iv3_field="6.99",
            from_on=DECEMBER,
            at=world.at,
        )

    assert code_of(nowhere) == "code.no_iv3"


def test_more_that_was_kept_is_an_invoice_of_the_difference_and_paid_as_such(world: World) -> None:
    agreed(world, cents=5_000)
    night(world)
    match = make_match(world)
    keep(world, match, date(2026, 11, 3), 90)
    on(world, date(2027, 1, 21))
    night(world)
    invoice = Invoice.objects.get(kind=InvoiceKind.SETTLEMENT)
    assert (invoice.total_cents, invoice.stage, invoice.corrects) == (3_500, "right", None)
    batch = actions.pay(actor=world.actor("henk"), at=world.at)
    assert batch.total_cents == 3_500 + 3 * 5_000
    assert {one[3] for one in made()} == {"paid"}


def test_an_hour_that_comes_after_the_settling_goes_on_the_invoice_of_a_month(world: World) -> None:
    agreed(world)
    night(world)
    match = make_match(world)
    on(world, date(2027, 1, 25))
    night(world)
    keep(world, match, date(2026, 12, 30), 60)
    keep(world, match, date(2027, 1, 20), 60)
    on(world, date(2027, 2, 1))
    invoice = send(world, JANUARY)
    assert invoice.total_cents == HOUR, "that of January is advanced"
    assert invoice.stage == InvoiceStage.RIGHT


def test_an_agreement_that_ends_is_settled_to_its_last_day(world: World) -> None:
    agreement = agreed(world, until_on=date(2026, 11, 30))
    night(world)
    on(world, date(2026, 12, 20))
    night(world)
    assert not made(InvoiceKind.SETTLEMENT)
    on(world, date(2026, 12, 21))
    night(world)
    on(world, date(2028, 2, 1))
    night(world)
    assert [one[2] for one in made(InvoiceKind.SETTLEMENT)] == [-A_MONTH]
    agreement.refresh_from_db()
    assert agreement.settled_until == date(2026, 11, 30)


def test_a_line_that_is_asked_about_waits_and_nothing_below_nothing_is_paid(world: World) -> None:
    agreed(world, cents=5_000)
    night(world)
    keep(world, make_match(world), date(2026, 11, 3), 60)
    other = make_match(world, "Fatima")
    on(world, date(2026, 11, 5))
    keep(world, other, date(2026, 11, 4), 480, hour=0)
    keep(world, other, date(2026, 11, 4), 420, hour=9)
    on(world, date(2027, 1, 21))
    night(world)
    invoice = Invoice.objects.get(kind=InvoiceKind.SETTLEMENT)
    assert invoice.stage == InvoiceStage.ASKED, "fifteen hours on a day"
    # € 90 is right and € 150 was advanced: nothing is left to pay of it yet.
    batch = actions.pay(actor=world.actor("henk"), at=world.at)
    assert batch.total_cents == 3 * 5_000
    invoice.refresh_from_db()
    assert (invoice.stage, invoice.paid_cents) == (InvoiceStage.ASKED, 0)


# --- a fixed amount ------------------------------------------------------------------------------------


def test_a_fixed_amount_is_for_no_family_and_is_never_settled(world: World) -> None:
    agreement = agreed(world, Variant.FIXED)
    with_tariff = partial(
        actions.change_tariff,
        actor=world.actor("henk"),
        agreement_id=agreement.pk,
        service_code_id=world.service_code("H2").pk,
        cents_per_hour=HOUR,
        from_on=NOVEMBER,
        at=world.at,
    )
    assert code_of(with_tariff) == "tariff.fixed"
    on(world, date(2027, 3, 1))
    night(world)
    assert [one[2] for one in made(InvoiceKind.FIXED)] == [A_MONTH] * 5
    assert not made(InvoiceKind.SETTLEMENT)
    assert not Invoice.objects.filter(lines__match__isnull=False).exists()


def test_no_hour_has_its_ground_in_a_fixed_amount(world: World) -> None:
    agree(world, until_on=date(2026, 11, 2))
    agreed(world, Variant.FIXED)
    keep(world, make_match(world), date(2026, 11, 3))
    at_end_of(world, NOVEMBER)
    invoice = send(world, NOVEMBER)
    assert [one.findings for one in invoice.lines.all()] == [[rules.Finding.NO_AGREEMENT]]


# --- who reads it --------------------------------------------------------------------------------------


def test_a_family_reads_what_its_hours_cost_also_when_they_are_advanced(world: World) -> None:
    agreed(world)
    match = make_match(world)
    keep(world, match, date(2026, 11, 3), 90)

    def read() -> tuple[int, int]:
        with opening(world.actor("sanne"), "billing.own_help_seen", match.family_id, at=world.at) as look:
            help_had = queries.own_help(look)
        return help_had.minutes, help_had.cents

    assert read() == (90, 13_500)
    on(world, date(2027, 1, 21))
    night(world)
    assert read() == (90, 13_500), "once, also when it was settled"


def document(world: World, invoice: Invoice) -> object:
    return queries.as_document(queries.invoice(world.actor("henk"), invoice.pk, at=world.at))


def every_kind(world: World) -> dict[str, Invoice]:
    """An advance, a fixed amount, a settlement to pay and one to pay back."""
    agreed(world, Variant.FIXED)
    agreed(world, cents=5_000)
    night(world)
    keep(world, make_match(world), date(2026, 11, 3), 100)
    on(world, date(2027, 1, 21))
    night(world)
    last = agreed(world, until_on=date(2026, 12, 31), tariff=False)
    night(world)
    found = {str(one.kind): one for one in Invoice.objects.filter(corrects=None)}
    return found | {"back": last.invoices.get(kind=InvoiceKind.SETTLEMENT)}


def test_the_electronic_invoice_says_the_same(world: World) -> None:
    found = every_kind(world)
    said = {name: document(world, one) for name, one in found.items()}
    facts = {name: (one.kind, one.totals.payable, len(one.lines)) for name, one in said.items()}  # type: ignore[attr-defined]
    assert facts == {
        "fixed": (INVOICE, A_MONTH, 1),
        "advance": (INVOICE, said["advance"].totals.payable, 1),  # type: ignore[attr-defined]
        "settlement": (INVOICE, 5_000, 2),
        "back": (CREDIT, 2 * A_MONTH, 1),
    }
    assert said["back"].before == (found["back"].corrects.number,)  # type: ignore[attr-defined,union-attr]


@pytest.mark.conformance
@pytest.mark.parametrize("profile", list(Profile))
def test_no_official_rule_fails(
    world: World, profile: Profile, tmp_path_factory: pytest.TempPathFactory
) -> None:
    folder = tmp_path_factory.mktemp("official") / "einvoice"
    installed.install(einvoice.data(), folder, on=NOVEMBER, trial={})
    with Engine(folder) as official:
        for name, invoice in every_kind(world).items():
            verdict = check.check(official, ubl(document(world, invoice), profile))  # type: ignore[arg-type]
            assert verdict.official
            assert verdict.level == "ok", name
            # Ours notes that a line without hours names no match; the official rules say nothing at all.
            asked = {one.rule for one in verdict.findings}
            assert asked <= {"HENDIG-ASSIGNMENT"}, name


# --- the pages and the rules ---------------------------------------------------------------------------


def page(world: World, who: str, path: str) -> tuple[int, str]:
    with time_machine.travel(world.at, tick=False):
        answer = world.client(who).get(path)
    return answer.status_code, answer.content.decode()


def post(world: World, who: str, path: str, **data: object) -> tuple[int, str]:
    with time_machine.travel(world.at, tick=False):
        answer = world.client(who).post(path, {"_key": str(uuid4()), **data})
    return answer.status_code, answer.content.decode()


def test_an_amount_is_agreed_on_the_page_of_the_agreement(world: World) -> None:
    agreement = agreed(world)
    path = reverse("change_amount", args=[agreement.pk])
    status, html = post(world, "henk", path, cents="1250", iv3_field="6.72a", from_on="2026-12-15")
    assert status == 422
    assert "Een bedrag per maand begint op de eerste dag van een maand." in html
    assert 'value="1250"' in html
    assert post(world, "henk", path, cents="1250", iv3_field="6.72a", from_on="2026-12-01")[0] == 302
    html = page(world, "henk", reverse("agreement", args=[agreement.pk]))[1]
    for words in ("Bedrag per maand", "€\xa01.250,00", "Tarieven", "Elke maand een voorschot"):
        assert words in html
    fixed = agreed(world, Variant.FIXED)
    assert "Tarieven" not in page(world, "henk", reverse("agreement", args=[fixed.pk]))[1]


def test_both_sides_read_what_kind_of_invoice_it_is(world: World) -> None:
    agreed(world)
    night(world)
    invoice = Invoice.objects.get()
    assert "voorschot" in page(world, "henk", reverse("pay"))[1]
    for who in ("jolanda", "henk"):
        html = page(world, who, reverse("invoice", args=[invoice.pk]))[1]
        assert "Voorschot</h2>" in html
        assert "€\xa01.000,00" in html
    with time_machine.travel(world.at, tick=False):
        paper = world.client("jolanda").get(reverse("invoice_pdf", args=[invoice.pk]))
    assert paper.content.startswith(b"%PDF-")


@given(st.dates(date(2024, 1, 1), date(2028, 1, 1)), st.integers(0, 900), st.integers(0, 900))
def test_each_month_that_began_is_due_once(first: date, length: int, passed: int) -> None:
    agreement = Period(first, first + timedelta(days=length))
    begins = first if first.day == 1 else (first.replace(day=1) + timedelta(days=31)).replace(day=1)
    today = first + timedelta(days=passed)
    due = rules.months_due([Period(begins)], agreement, [], today)
    assert all(month.day == 1 and month <= today and agreement.covers(month) for month in due)
    days = (first + timedelta(days=n) for n in range(min(length, passed) + 1))
    assert len(due) == sum(day.day == 1 for day in days)
    assert rules.months_due([Period(begins)], agreement, due[:2], today) == due[2:]


@pytest.mark.parametrize(
    ("last", "first", "today", "until"),
    [
        (None, NOVEMBER, date(2027, 1, 20), None),
        (None, NOVEMBER, date(2027, 1, 21), date(2026, 12, 31)),
        (None, JANUARY, date(2027, 12, 31), None),
        (date(2027, 5, 31), JANUARY, date(2027, 6, 21), date(2027, 5, 31)),
        (date(2026, 12, 31), JANUARY, date(2030, 1, 1), None),
    ],
)
def test_until_when_advances_can_be_settled(
    last: date | None, first: date, today: date, until: date | None
) -> None:
    assert rules.settles_until(Period(NOVEMBER, last), first, today) == until
