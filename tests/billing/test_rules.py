"""What stands on an invoice, the four facts, the days on which banks work: without a database."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction
from uuid import UUID, uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hendig.billing import rules
from hendig.billing.models import MOVES, InvoiceStage, Variant
from hendig.billing.rules import Claim, Draft, Fact, Finding, Kept, Payee, Price
from hendig.billing.rules.bank import Said, Word
from hendig.kernel.money import euros
from hendig.kernel.periods import Period, month_of

HERE, THERE = uuid4(), uuid4()
VLINDER, ANKER = uuid4(), uuid4()
H1, H2 = uuid4(), uuid4()
MATCHES = [uuid4() for _ in range(4)]
MONDAY = date(2026, 11, 2)
YEAR = Period(date(2026, 1, 1), date(2026, 12, 31))
RIGHT = Claim(
    municipality_id=HERE,
    partner_id=VLINDER,
    service_code_id=H2,
    minutes=90,
    cents_per_hour=9000,
    cents=13500,
    days=(MONDAY, MONDAY + timedelta(days=7)),
    kept_minutes=90,
    family_municipality_id=HERE,
    match_partner_id=VLINDER,
    match_code_id=H2,
    match_period=YEAR,
    code_municipality_id=HERE,
    agreements=(YEAR,),
    prices=(Price(H2, YEAR, 9000),),
)


def kept(minutes: int = 60, on: date = MONDAY, match: UUID = MATCHES[0], code: UUID = H2) -> Kept:
    return Kept(uuid4(), match, code, on, minutes)


def periods() -> st.SearchStrategy[list[Price]]:
    """Tariffs that do not overlap: an agreed amount per month of 2026 and per code."""
    amounts = st.lists(st.integers(100, 30_000), min_size=12, max_size=12)

    def prices(first: list[int], second: list[int]) -> list[Price]:
        return [
            Price(code, month_of(date(2026, month, 1)), cents)
            for code, all_cents in ((H1, first), (H2, second))
            for month, cents in enumerate(all_cents, start=1)
        ]

    return st.builds(prices, amounts, amounts)


some_kept = st.lists(
    st.builds(
        Kept,
        st.uuids(),
        st.sampled_from(MATCHES),
        st.sampled_from([H1, H2]),
        st.dates(date(2026, 1, 1), date(2026, 12, 31)),
        st.integers(5, 720),
    ),
    unique_by=lambda one: one.appointment_id,
    max_size=40,
)


@given(some_kept, periods())
def test_lines_hold_every_kept_minute_once_and_add_up_in_whole_cents(
    ones: list[Kept], prices: list[Price]
) -> None:
    lines = rules.drafts(ones, prices)
    named = [key for line in lines for key in line.appointments]
    assert sorted(named) == sorted(one.appointment_id for one in ones)
    assert sum(line.minutes for line in lines) == sum(one.minutes for one in ones)
    exact = sum(
        (
            Fraction(one.minutes * price.cents_per_hour, 60)
            for one in ones
            if (price := rules.price_on(prices, one.service_code_id, one.on))
        ),
        Fraction(0),
    )
    total = sum(line.cents for line in lines)
    assert all(line.cents > 0 for line in lines)
    assert abs(total - exact) <= Fraction(len(lines), 2)  # each line is rounded once, by half a cent at most
    assert sum((euros(line.cents) for line in lines), Decimal(0)) == euros(total)


@given(some_kept, periods())
def test_one_line_per_match_code_and_tariff(ones: list[Kept], prices: list[Price]) -> None:
    lines = rules.drafts(ones, prices)
    keys = [(line.match_id, line.service_code_id, line.cents_per_hour) for line in lines]
    assert len(keys) == len(set(keys))


@pytest.mark.parametrize(
    ("minutes", "cents_per_hour", "cents"),
    [(60, 9000, 9000), (90, 9500, 14250), (20, 10001, 3334), (30, 9001, 4501), (5, 100, 8)],
)
def test_a_half_cent_is_rounded_up_once(minutes: int, cents_per_hour: int, cents: int) -> None:
    (line,) = rules.drafts([kept(minutes)], [Price(H2, YEAR, cents_per_hour)])
    assert line.cents == cents


def test_a_new_tariff_gives_its_own_line() -> None:
    old = Price(H2, Period(date(2026, 1, 1), date(2026, 11, 8)), 9000)
    new = Price(H2, Period(date(2026, 11, 9)), 9300)
    lines = rules.drafts([kept(), kept(on=date(2026, 11, 8)), kept(on=date(2026, 11, 9))], [old, new])
    assert [(line.minutes, line.cents, line.first_on, line.last_on) for line in lines] == [
        (120, 18000, MONDAY, date(2026, 11, 8)),
        (60, 9300, date(2026, 11, 9), date(2026, 11, 9)),
    ]


def test_hours_without_a_tariff_wait() -> None:
    assert rules.drafts([kept(code=H1)], [Price(H2, YEAR, 9000)]) == ()
    assert rules.drafts([kept(on=date(2027, 1, 1))], [Price(H2, YEAR, 9000)]) == ()


def test_a_right_line_has_no_findings() -> None:
    assert rules.findings(RIGHT) == ()


@pytest.mark.parametrize(
    ("wrong", "finding", "fact"),
    [
        ({"family_municipality_id": THERE}, Finding.OTHER_MUNICIPALITY, Fact.MUNICIPALITY),
        ({"match_code_id": H1}, Finding.OTHER_CODE, Fact.SERVICE),
        ({"code_municipality_id": THERE}, Finding.OTHER_CODE, Fact.SERVICE),
        ({"match_period": Period(MONDAY + timedelta(days=1))}, Finding.OUTSIDE_MATCH, Fact.SERVICE),
        ({"match_period": Period(MONDAY, MONDAY)}, Finding.OUTSIDE_MATCH, Fact.SERVICE),
        ({"match_partner_id": ANKER}, Finding.OTHER_PARTNER, Fact.ENTITLED),
        ({"agreements": ()}, Finding.NO_AGREEMENT, Fact.ENTITLED),
        ({"agreements": (Period(MONDAY, MONDAY),)}, Finding.NO_AGREEMENT, Fact.ENTITLED),
        (
            {"prices": (Price(H2, YEAR, 9000, agreed=Period(MONDAY, MONDAY)),)},
            Finding.CODE_NOT_AGREED,
            Fact.ENTITLED,
        ),
        ({"month": month_of(date(2026, 10, 1))}, Finding.LONG_AGO, Fact.SERVICE),
        ({"month": month_of(date(2028, 1, 1))}, Finding.LONG_AGO, Fact.SERVICE),
        ({"overlaps": True}, Finding.AT_THE_SAME_TIME, Fact.AMOUNT),
        ({"prices": ()}, Finding.OTHER_TARIFF, Fact.AMOUNT),
        ({"prices": (Price(H2, YEAR, 9001),)}, Finding.OTHER_TARIFF, Fact.AMOUNT),
        ({"kept_minutes": 60}, Finding.OTHER_HOURS, Fact.AMOUNT),
        ({"cents": 13501}, Finding.OTHER_AMOUNT, Fact.AMOUNT),
    ],
)
def test_each_wrong_fact_is_asked_about(wrong: dict[str, object], finding: Finding, fact: Fact) -> None:
    found = rules.findings(replace(RIGHT, **wrong))  # type: ignore[arg-type]
    assert found == (finding,)
    assert rules.facts_asked(found) == {fact}


@pytest.mark.parametrize(
    ("variant", "agreed", "asked"),
    [
        (Variant.GENERIC, YEAR, ()),
        (Variant.EFFORT, YEAR, (Finding.OTHER_CODE,)),
        (Variant.GENERIC, Period(MONDAY, MONDAY), (Finding.OTHER_CODE, Finding.CODE_NOT_AGREED)),
    ],
)
def test_under_a_generic_assignment_any_code_that_was_agreed_is_right(
    variant: Variant, agreed: Period, asked: tuple[Finding, ...]
) -> None:
    """It names no product (iJw); without a tariff the code is asked about as ever."""
    other = replace(RIGHT, match_code_id=H1, prices=(Price(H2, YEAR, 9000, agreed, variant=variant),))
    assert rules.findings(other) == asked
    assert Finding.OTHER_CODE in rules.findings(replace(other, prices=()))


def test_two_agreements_may_follow_each_other() -> None:
    two = (Period(MONDAY, MONDAY), Period(MONDAY + timedelta(days=1)))
    assert rules.findings(replace(RIGHT, agreements=two)) == ()


def test_every_finding_has_a_fact_and_ends_in_a_question() -> None:
    assert set(rules.FINDINGS) == set(Finding)
    assert {fact for fact, _words in rules.FINDINGS.values()} == set(rules.FACTS) == set(Fact)
    assert all(str(words).endswith("?") for _fact, words in rules.FINDINGS.values())


@given(some_kept.filter(bool), periods())
def test_what_we_make_ourselves_is_always_right(ones: list[Kept], prices: list[Price]) -> None:
    by_key = {one.appointment_id: one for one in ones}

    def claim(line: Draft) -> Claim:
        mine = [by_key[key] for key in line.appointments]
        return replace(
            RIGHT,
            service_code_id=line.service_code_id,
            match_code_id=line.service_code_id,
            minutes=line.minutes,
            cents_per_hour=line.cents_per_hour,
            cents=line.cents,
            days=tuple(one.on for one in mine),
            kept_minutes=sum(one.minutes for one in mine),
            prices=tuple(prices),
        )

    assert all(rules.findings(claim(line)) == () for line in rules.drafts(ones, prices))


NOVEMBER = date(2026, 11, 1)


@pytest.mark.parametrize(
    ("today", "already", "lines", "unpriced", "code"),
    [
        (date(2026, 11, 29), False, 3, 0, "invoice.month_not_over"),
        (date(2026, 11, 30), False, 3, 0, None),
        (date(2026, 12, 1), False, 3, 2, None),
        (date(2026, 12, 1), True, 3, 0, "invoice.already_sent"),
        (date(2026, 12, 1), False, 0, 2, "invoice.no_tariff"),
        (date(2026, 12, 1), False, 0, 0, "invoice.nothing"),
    ],
)
def test_when_a_month_can_be_sent(
    today: date, already: bool, lines: int, unpriced: int, code: str | None
) -> None:
    no = rules.why_not_send(NOVEMBER, today, already=already, lines=lines, unpriced=unpriced)
    assert (no.code if no else None) == code


@pytest.mark.parametrize(
    ("today", "month"),
    [
        (date(2026, 11, 29), date(2026, 10, 1)),
        (date(2026, 11, 30), NOVEMBER),
        (date(2026, 12, 1), NOVEMBER),
        (date(2027, 1, 1), date(2026, 12, 1)),
        (date(2028, 2, 28), date(2028, 1, 1)),
        (date(2028, 2, 29), date(2028, 2, 1)),
    ],
)
def test_the_office_finds_the_latest_month_that_may_be_sent(today: date, month: date) -> None:
    assert rules.latest_month(today) == month


def test_a_month_ends_at_midnight_in_the_netherlands() -> None:
    assert rules.month_ends(date(2026, 10, 15)).isoformat() == "2026-11-01T00:00:00+01:00"
    assert rules.month_ends(date(2026, 6, 1)).isoformat() == "2026-07-01T00:00:00+02:00"


@pytest.mark.parametrize(
    ("year", "sunday"),
    [
        (2024, date(2024, 3, 31)),
        (2025, date(2025, 4, 20)),
        (2026, date(2026, 4, 5)),
        (2027, date(2027, 3, 28)),
        (2038, date(2038, 4, 25)),
        (2285, date(2285, 3, 22)),
    ],
)
def test_easter(year: int, sunday: date) -> None:
    assert rules.easter(year) == sunday


@pytest.mark.parametrize(
    ("day", "following"),
    [
        (date(2026, 11, 30), date(2026, 12, 1)),
        (date(2026, 11, 27), date(2026, 11, 30)),  # a weekend
        (date(2026, 12, 24), date(2026, 12, 28)),  # both days of Christmas and a Sunday
        (date(2026, 12, 31), date(2027, 1, 4)),  # New Year and a weekend
        (date(2026, 4, 2), date(2026, 4, 7)),  # Good Friday until Easter Monday
        (date(2026, 4, 26), date(2026, 4, 27)),  # King's Day: banks work
        (date(2026, 4, 30), date(2026, 5, 4)),  # the first of May
        (date(2026, 5, 13), date(2026, 5, 14)),  # Ascension: banks work
    ],
)
def test_the_next_day_on_which_banks_work(day: date, following: date) -> None:
    assert rules.next_banking_day(day) == following


@given(st.dates(date(2020, 1, 1), date(2200, 1, 1)))
def test_a_payment_never_waits_a_week(day: date) -> None:
    following = rules.next_banking_day(day)
    assert day < following <= day + timedelta(days=6)
    assert rules.is_banking_day(following)


@pytest.mark.parametrize(
    ("cents", "period", "code"),
    [
        (9000, Period(date(2027, 1, 1)), None),
        (99, Period(date(2027, 1, 1)), "tariff.too_low"),
        (9000, Period(date(2026, 12, 31)), "tariff.overlaps"),
        (9000, Period(date(2026, 1, 1), date(2026, 6, 30)), "tariff.overlaps"),
        (9000, Period(date(2025, 12, 31), date(2026, 1, 1)), "tariff.outside_agreement"),
        (9000, Period(date(2027, 1, 1), date(2028, 1, 1)), "tariff.outside_agreement"),
    ],
)
def test_tariffs_never_overlap_and_stay_within_the_agreement(
    cents: int, period: Period, code: str | None
) -> None:
    agreement = Period(date(2026, 1, 1), date(2027, 12, 31))
    no = rules.why_no_tariff(cents, period, agreement, [YEAR])
    assert (no.code if no else None) == code


@pytest.mark.parametrize(
    ("debtor", "payees", "code"),
    [
        ("NL56DEUT0265186420", ["NL91ABNA0417164300"], None),
        ("NL56DEUT0265186420", [], "payment.nothing"),
        ("", ["NL91ABNA0417164300"], "payment.no_account"),
        ("NL57DEUT0265186420", ["NL91ABNA0417164300"], "payment.no_account"),
        ("NL56DEUT0265186420", ["NL91ABNA0417164300", "NL91ABNA0417164301"], None),
        ("NL56DEUT0265186420", ["NL91ABNA0417164301", ""], "payment.bad_iban"),
    ],
)
def test_an_account_that_cannot_exist_stops_the_others_only_when_nobody_has_one(
    debtor: str, payees: list[str], code: str | None
) -> None:
    no = rules.why_not_pay(Payee("Peelrand", debtor), [Payee("Vlinder", iban) for iban in payees])
    assert (no.code if no else None) == code


def test_whose_account_is_not_right_is_said() -> None:
    """To finance, who can call the office; one that came from another municipality has none yet."""
    payees = [Payee("Helder", ""), Payee("Anker", "NL91ABNA0417164301")]
    no = rules.why_not_pay(Payee("Peelrand", "NL56DEUT0265186420"), payees)
    assert no is not None
    assert "van Anker, Helder klopt niet of is er nog niet" in str(no.message)
    assert rules.without_account([*payees, Payee("Vlinder", "NL91ABNA0417164300")]) == ("Anker", "Helder")


def test_numbers_follow_each_other_and_sort_as_they_read() -> None:
    assert rules.invoice_number("12345678", 2026, 0) == "12345678-2026-0001"
    assert rules.invoice_number("12345678", 2026, 41) == "12345678-2026-0042"
    assert rules.batch_number(2026, 9) == "B2026-0010"


@pytest.mark.parametrize("numbered", [rules.invoice_number, rules.booking_number])
@pytest.mark.parametrize("later", ["", "-2"])
def test_whatever_number_an_invoice_has_the_bank_is_known_to_speak_of_it(
    numbered: Callable[[str, int, int], str], later: str
) -> None:
    word = Word(Said.DEBITED, f"{numbered('12345678', 2026, 9_999)}{later}", "", 100, MONDAY)
    assert rules.is_ours(word, ())


def test_what_is_paid_moves_only_when_the_bank_gives_it_back_and_nothing_is_ever_rejected() -> None:
    # Or it was taken back meanwhile: then nothing waits again.
    assert MOVES[InvoiceStage.PAID] == {InvoiceStage.RIGHT, InvoiceStage.SETTLED}
    assert set(MOVES) == set(InvoiceStage)
    assert [stage for stage in InvoiceStage if rules.why_not_check(stage) is None] == [
        InvoiceStage.SENT,
        InvoiceStage.ASKED,
    ]


# --- the electronic invoice -----------------------------------------------------------------------------

WHOLE = rules.Address("Dorpsstraat 1", "5999 AA", "Peelrand")


@pytest.mark.parametrize(
    ("line", "address"),
    [
        ("Postbus 99, 5999 ZZ Peelrand", rules.Address("Postbus 99", "5999 ZZ", "Peelrand")),
        (
            " Dorpsstraat 1 b, 5999AA  Peelrand-Zuid ",
            rules.Address("Dorpsstraat 1 b", "5999AA", "Peelrand-Zuid"),
        ),
        ("Postbus 99, Peelrand", None),
        ("5999 ZZ Peelrand", None),
        ("", None),
    ],
)
def test_an_address_is_read_from_the_line_of_an_envelope(line: str, address: rules.Address | None) -> None:
    assert rules.address_in(line) == address


@pytest.mark.parametrize(
    ("vat", "seller", "buyer", "number", "code"),
    [
        ("NL123456782B01", WHOLE, WHOLE, "12345678", None),
        ("", WHOLE, WHOLE, "12345678", "einvoice.no_vat"),
        ("123456782B01", WHOLE, WHOLE, "12345678", "einvoice.no_vat"),
        (
            "NL123456782B01",
            rules.Address("", "5999 AA", "Peelrand"),
            WHOLE,
            "12345678",
            "einvoice.no_address",
        ),
        ("NL123456782B01", WHOLE, None, "12345678", "einvoice.no_municipality"),
        ("NL123456782B01", WHOLE, WHOLE, "", "einvoice.no_municipality"),
    ],
)
def test_an_electronic_invoice_needs_what_the_official_rules_ask(
    vat: str, seller: rules.Address, buyer: rules.Address | None, number: str, code: str | None
) -> None:
    refusal = rules.why_no_einvoice(vat=vat, seller=seller, buyer=buyer, buyer_number=number)
    assert (refusal.code if refusal else None) == code
