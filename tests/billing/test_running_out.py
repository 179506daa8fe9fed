"""Hours that are nearly too old for an invoice are told of in time, to each who can do something."""

from __future__ import annotations

from datetime import date, datetime

import pytest
import time_machine
from django.urls import reverse

from hendig.audit.models import Entry
from hendig.billing import actions, jobs, queries, rules
from hendig.billing.models import Invoice, Variant
from hendig.billing.queries import RunningOut
from hendig.kernel.actor import Actor
from hendig.kernel.periods import AMSTERDAM, Period
from hendig.kernel.refusal import NotVisible
from hendig.people.actions import tell
from hendig.people.models import Letter, Notice
from hendig.plans import actions as plans
from hendig.plans.queries.day import day
from tests.support.billing import agree, keep, make_match, plan, send
from tests.support.shared import built_once
from tests.support.world import World

NOVEMBER, LAST = date(2026, 11, 1), date(2027, 11, 1)
# Eleven months later: that of October is sent, and that of November is the last one.
IN_TIME = datetime(2027, 10, 1, 6, tzinfo=AMSTERDAM)
CODES = ["hours.running_out", "hours.own_running_out"]


@built_once
def helped(world: World) -> World:
    """Anouk kept an hour without a tariff in November, and said nothing of another."""
    agree(world)
    keep(world, make_match(world, code="H1"), date(2026, 11, 3), 60)
    plan(world, make_match(world, "Fatima"), datetime(2026, 11, 20, 10, tzinfo=AMSTERDAM), 90)
    world.at = IN_TIME
    return world


def system(world: World) -> Actor:
    return Actor.system(world.municipality.pk)


def found(world: World) -> list[RunningOut]:
    return list(queries.running_out(world.actor("henk"), at=world.at))


def say(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("django.utils.timezone.now", lambda: world.at)
    jobs.tell_running_out(0)


def told(world: World) -> set[tuple[str, str]]:
    tell(entry_ids=list(Entry.objects.filter(code__in=CODES).values_list("pk", flat=True)), at=world.at)
    return set(Notice.objects.filter(code__in=CODES).values_list("account__first_name", "code"))


def test_who_can_do_something_hears_of_it_while_that_is_possible(
    helped: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    vlinder = helped.partners["vlinder"]
    assert found(helped) == [RunningOut(vlinder.pk, vlinder.name, NOVEMBER, 60, 1, LAST)]
    say(helped, monkeypatch)
    assert told(helped) == {
        ("Jolanda", "hours.running_out"),
        ("Henk", "hours.running_out"),
        ("Anouk", "hours.own_running_out"),
    }
    assert not [one for one in Entry.objects.filter(code__in=CODES) if one.family_id]
    # The mail says nothing of anybody.
    assert not [one for one in Letter.objects.all() if "KindSanne" in one.body]


def test_it_is_told_when_two_months_are_left_and_once_more_in_the_last(
    helped: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    for moment, lines in (
        (datetime(2027, 9, 30, 6, tzinfo=AMSTERDAM), 0),
        (IN_TIME, 2),
        (datetime(2027, 10, 14, 6, tzinfo=AMSTERDAM), 2),
        (datetime(2027, 11, 2, 6, tzinfo=AMSTERDAM), 4),
        (datetime(2027, 11, 3, 6, tzinfo=AMSTERDAM), 4),
        (datetime(2027, 12, 1, 6, tzinfo=AMSTERDAM), 4),
    ):
        helped.at = moment
        say(helped, monkeypatch)
        assert Entry.objects.filter(code__in=CODES).count() == lines, moment


def test_what_goes_on_an_invoice_and_is_tapped_is_told_of_no_more(helped: World) -> None:
    agree(helped, code="H1", from_on=date(2026, 11, 1))
    send(helped, date(2027, 9, 1))
    (left,) = found(helped)
    assert (left.minutes, left.untold) == (0, 1)
    anouk = helped.actor("anouk")
    (waits,) = day(anouk, IN_TIME.date(), at=helped.at).earlier
    plans.miss_appointment(actor=anouk, appointment_id=waits.id, at=helped.at)
    assert found(helped) == []
    with pytest.raises(NotVisible):
        actions.tell_running_out(
            municipality_id=helped.municipality.pk,
            partner_id=helped.partners["vlinder"].pk,
            month=NOVEMBER,
            at=helped.at,
        )


def test_hours_that_go_along_in_time_are_asked_nothing_of(helped: World) -> None:
    agree(helped, code="H1", from_on=date(2026, 11, 1))
    helped.at = datetime(2027, 12, 1, 9, tzinfo=AMSTERDAM)
    invoice = send(helped, LAST)
    assert invoice.lines.get().findings == []
    helped.at = datetime(2028, 1, 1, 9, tzinfo=AMSTERDAM)
    assert Invoice.objects.count() == 1


def test_what_is_paid_by_advances_runs_out_of_nothing(world: World) -> None:
    henk = world.actor("henk")
    actions.make_agreement(
        actor=henk,
        partner_id=world.partners["vlinder"].pk,
        variant=Variant.TASK,
        from_on=date(2026, 1, 1),
        until_on=None,
        at=world.at,
    )
    keep(world, make_match(world), date(2026, 11, 3), 60)
    world.at = IN_TIME
    assert found(world) == []


def test_finance_sees_it_where_tariffs_are_agreed_and_the_professional_on_the_own_day(helped: World) -> None:
    with time_machine.travel(helped.at, tick=False):
        page = helped.client("henk").get(reverse("agreements")).content.decode()
    assert "Uren die bijna te laat zijn" in page
    assert "Uiterlijk op de factuur van november 2027" in page
    assert "1 afspraak is nog niet aangetikt" in page
    assert len(day(helped.actor("anouk"), IN_TIME.date(), at=helped.at).earlier) == 1


@pytest.mark.parametrize(
    ("month", "last"),
    [
        (date(2026, 1, 1), date(2027, 1, 1)),
        (date(2026, 11, 1), date(2027, 11, 1)),
        # The year between has a day more.
        (date(2024, 1, 1), date(2024, 12, 1)),
        (date(2024, 2, 1), date(2025, 1, 1)),
        (date(2024, 3, 1), date(2025, 3, 1)),
    ],
)
def test_until_which_invoice_a_month_can_wait(month: date, last: date) -> None:
    assert rules.last_invoice(month) == last
    assert rules.plausible(Period(last)).first <= month


def test_two_months_run_out_at_a_time() -> None:
    assert rules.running_out(date(2027, 10, 14)) == Period(date(2026, 10, 1), date(2026, 11, 30))
    assert rules.running_out(date(2028, 1, 31)) == Period(date(2027, 1, 1), date(2027, 2, 28))
