"""Several families at one moment: each an appointment of its own, each its share, and nothing doubled."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from decimal import Decimal
from fractions import Fraction
from uuid import UUID, uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hendig.billing import actions, rules
from hendig.billing.models import InvoiceStage
from hendig.billing.rules import Finding, Kept, Price, Slot, Terms
from hendig.kernel.periods import AMSTERDAM, Period
from hendig.matching.models import Match
from hendig.plans import actions as plans
from hendig.plans.models import Appointment
from tests.support.billing import HOUR, at_end_of, keep, make_match, send
from tests.support.refusals import code_of
from tests.support.world import World

NOVEMBER = date(2026, 11, 1)
MORNING = datetime(2026, 11, 3, 10, tzinfo=AMSTERDAM)
CODE = uuid4()


def agreed(world: World, group_percent: int) -> None:
    henk = world.actor("henk")
    agreement = actions.make_agreement(
        actor=henk,
        partner_id=world.partners["vlinder"].pk,
        from_on=date(2026, 1, 1),
        group_percent=group_percent,
        at=world.at,
    )
    actions.set_tariff(
        actor=henk,
        agreement_id=agreement.pk,
        service_code_id=world.service_code("H2").pk,
        cents_per_hour=HOUR,
        from_on=date(2026, 1, 1),
        at=world.at,
    )


def together(world: World, match: Match, who: str = "anouk", starts_at: datetime = MORNING) -> Appointment:
    return plans.plan_appointment(
        actor=world.actor(who),
        match_id=match.pk,
        starts_at=starts_at,
        minutes=90,
        in_group=True,
        at=world.at,
    )


def kept(world: World, *appointments: Appointment) -> None:
    world.at = max(world.at, appointments[0].starts_at + timedelta(minutes=90))
    for one in appointments:
        plans.keep_appointment(actor=world.actor("anouk"), appointment_id=one.pk, at=world.at)


@pytest.mark.django_db
def test_each_family_of_a_group_counts_for_its_share_and_nothing_is_asked(world: World) -> None:
    agreed(world, 40)
    matches = [make_match(world), make_match(world, "Fatima"), make_match(world, "Mieke")]
    made = [together(world, match) for match in matches]
    assert len({one.group_id for one in made}) == 1
    assert {one.family_id for one in made} == {one.family_id for one in matches}
    kept(world, *made)
    at_end_of(world, NOVEMBER)
    invoice = send(world, NOVEMBER)
    # 40 % of an hour and a half, three times.
    assert list(invoice.lines.values_list("minutes", "cents", "findings")) == [(36, 5400, [])] * 3
    assert (invoice.total_cents, invoice.stage) == (16_200, InvoiceStage.RIGHT)


@pytest.mark.django_db
def test_who_is_not_in_the_group_cannot_be_planned_over_it(world: World) -> None:
    first, second = make_match(world), make_match(world, "Fatima")
    together(world, first)
    assert code_of(lambda: together(world, first)) == "appointment.overlap", "twice in the same group"
    later = MORNING + timedelta(minutes=30)
    assert code_of(lambda: together(world, second, starts_at=later)) == "appointment.overlap"
    assert code_of(lambda: keep(world, second, MORNING.date())) == "appointment.overlap"
    together(world, second)


@pytest.mark.django_db
def test_a_group_does_not_grow_over_an_appointment_that_is_none(world: World) -> None:
    first, second = make_match(world), make_match(world, "Fatima")
    plans.plan_appointment(
        actor=world.actor("anouk"), match_id=first.pk, starts_at=MORNING, minutes=90, at=world.at
    )
    assert code_of(lambda: together(world, second)) == "appointment.overlap"


@pytest.mark.django_db
def test_only_who_gives_the_help_makes_a_group(world: World) -> None:
    match = make_match(world)
    assert code_of(lambda: together(world, match, "ellen")) == "appointment.not_own_group"


@pytest.mark.django_db
@pytest.mark.parametrize("percent", [0, 101])
def test_a_share_is_a_part_of_a_hundred(world: World, percent: int) -> None:
    assert code_of(lambda: agreed(world, percent)) == "agreement.group"


# --- what somebody can have kept -----------------------------------------------------------------------


@pytest.mark.django_db
def test_more_on_a_day_than_somebody_can_give_is_asked_about(world: World) -> None:
    agreed(world, 100)
    day = date(2026, 11, 3)
    first, second = make_match(world), make_match(world, "Fatima")
    world.at = max(world.at, datetime(2026, 11, 4, tzinfo=AMSTERDAM))
    keep(world, first, day, 480, hour=0)
    keep(world, second, day, 420, hour=9)
    keep(world, second, date(2026, 11, 5), 60)
    at_end_of(world, NOVEMBER)
    found = {one.match_id: one.findings for one in send(world, NOVEMBER).lines.all()}
    assert found == {first.pk: [Finding.FULL_DAY], second.pk: [Finding.FULL_DAY]}


def slot(hour: int, minutes: int, group: UUID | None = None, day: int = 0) -> Slot:
    starts_at = MORNING + timedelta(days=day, hours=hour)
    return Slot(uuid4(), starts_at, starts_at + timedelta(minutes=minutes), group)


def test_a_group_is_given_once_and_a_month_holds_so_much() -> None:
    group = uuid4()
    crowd = [slot(0, 600, group) for _ in range(5)]
    assert rules.too_much(crowd) == (frozenset(), frozenset())
    full = [slot(0, 610, day=day) for day in range(25)]
    days, months = rules.too_much(full)
    assert not days
    assert months == {one.appointment_id for one in full}
    assert rules.too_much(full[:24]) == (frozenset(), frozenset())
    long = [slot(0, 601), slot(11, 240)]
    assert rules.too_much(long)[0] == {one.appointment_id for one in long}


GROUPS = st.sampled_from([None, None, UUID(int=1), UUID(int=2)])
# All of a group have one moment and one length.
MOMENT = {UUID(int=1): (3, 90), UUID(int=2): (5, 60)}


@st.composite
def slots(draw: st.DrawFn) -> Slot:
    group = draw(GROUPS)
    alone = (draw(st.integers(0, 9)), draw(st.integers(5, 180)))
    hour, minutes = MOMENT[group] if group else alone
    return slot(hour, minutes, group)


@given(st.lists(slots(), max_size=9))
def test_every_hour_that_another_overlaps_is_found_and_a_group_is_none(found: list[Slot]) -> None:
    by_hand = {
        one.appointment_id
        for one in found
        for other in found
        if one is not other
        and (one.group_id is None or one.group_id != other.group_id)
        and one.starts_at < other.ends_at
        and other.starts_at < one.ends_at
    }
    assert rules.at_the_same_time(found) == by_hand


# --- rounding ------------------------------------------------------------------------------------------

terms = st.builds(Terms, st.integers(0, 120), st.integers(0, 100), st.integers(0, 100), st.integers(1, 100))


@given(terms, st.integers(5, 720), st.booleans(), st.booleans())
def test_minutes_are_rounded_half_up_once(some: Terms, minutes: int, missed: bool, in_group: bool) -> None:
    share = Fraction(some.group_percent, 100) if in_group else Fraction(1)
    exact = (
        Fraction(minutes * some.missed_percent, 100)
        if missed
        else minutes + some.travel_minutes + Fraction(minutes * some.indirect_percent, 100)
    ) * share
    found = some.minutes(minutes, missed=missed, in_group=in_group)
    # A half goes up: the nearest number, and of two the larger.
    assert -Fraction(1, 2) <= exact - found < Fraction(1, 2)


@given(
    st.lists(st.tuples(st.integers(1, 4), st.integers(5, 720), st.booleans()), max_size=30),
    terms,
    st.integers(100, 30_000),
)
def test_a_line_is_rounded_half_up_once_and_the_total_is_their_sum(
    appointments: list[tuple[int, int, bool]], some: Terms, cents_per_hour: int
) -> None:
    ones = [
        Kept(uuid4(), UUID(int=family), CODE, MORNING.date(), minutes, in_group=in_group)
        for family, minutes, in_group in appointments
    ]
    price = Price(CODE, Period(date(2026, 1, 1)), cents_per_hour, terms=some)
    lines = rules.drafts(ones, [price])
    assert sorted(key for line in lines for key in line.appointments) == sorted(
        one.appointment_id for one in ones if some.counted(one)
    )
    for line in lines:
        exact = Fraction(line.minutes * cents_per_hour, 60)
        assert line.cents == int(exact + Fraction(1, 2)), "half up"
        assert Decimal(line.cents) == line.cents
    together_exact = Fraction(sum(some.counted(one) for one in ones) * cents_per_hour, 60)
    assert abs(sum(line.cents for line in lines) - together_exact) <= Fraction(len(lines), 2)
