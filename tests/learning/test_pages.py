from __future__ import annotations

import re
from datetime import date, timedelta
from pathlib import Path
from uuid import uuid4

import orjson
import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from hendig.kernel.actor import Actor, Role
from hendig.learning import queries
from hendig.learning.queries.shown import Middle
from hendig.plans import actions
from tests.support.billing import agree, at_end_of, send
from tests.support.plans import Help, begin_help
from tests.support.shared import built_once
from tests.support.world import AT, World

pytestmark = pytest.mark.django_db

# Invented first names: in tests people are found by them, so each is used once.
PARENTS = ["Aaf", "Bea", "Cor", "Dirk", "Els", "Frits", "Geert", "Hans", "Ina", "Jet", "Kees", "Loes"]
CHILDREN = ["Abel", "Boaz", "Cas", "Dex", "Evi", "Fee", "Gijs", "Hugo", "Isa", "Jop", "Kik", "Lot"]


@built_once
def busy(world: World) -> World:
    """Twelve families: all were helped after five days, eleven said 8 at the end and one said 3."""
    world.add_professional("ruim", "vlinder", "angst", families_max=40)
    agree(world)
    for at, (parent, child) in enumerate(zip(PARENTS, CHILDREN, strict=True)):
        helped = begin_help(world, parent=parent, child=child, professional="ruim")
        made = actions.plan_appointment(
            actor=world.actor("ellen"),
            match_id=helped.match.pk,
            starts_at=world.at + timedelta(days=5, hours=at),
            at=world.at,
        )
        actions.keep_appointment(actor=world.actor("ruim"), appointment_id=made.pk, at=made.starts_at)
        end = made.starts_at + timedelta(days=2)
        actions.end_request(actor=world.actor("ellen"), request_id=helped.request.pk, reason="01", at=end)
        actions.answer_outcome(
            actor=world.actor(parent),
            request_id=helped.request.pk,
            useful=3 if at == 0 else 8,
            onward="04",
            at=end,
        )
    world.at = at_end_of(world, date(2026, 11, 1))
    send(world, date(2026, 11, 1))
    return world


def figures(world: World) -> queries.Figures:
    return queries.figures(world.actor("petra"), at=world.at)


def test_the_middle_of_waiting_and_how_it_spreads(busy: World) -> None:
    waiting = figures(busy).waiting
    assert waiting.days == Middle(middle=5, low=5, high=5)
    assert [bar.value for bar in waiting.spread.bars] == [None, 10, None, None, None]
    assert waiting.spread.total == 10


def test_the_flow_of_the_month(busy: World) -> None:
    flow = figures(busy).flow
    november = next(one for one in flow.months if one.month == date(2026, 11, 1))
    assert (november.came, november.went) == (10, 10)
    assert (november.came_height, november.went_height) == (100, 100)
    assert flow.now.total is None, "nobody, which looks like a few"


def test_what_nearly_everybody_answered_alike_is_told_of_all_together_only(busy: World) -> None:
    outcomes = figures(busy).outcomes
    for answered in (outcomes.useful, outcomes.onward, outcomes.reasons):
        assert (answered.any_open, answered.total) == (False, 10)


def test_the_middle_grade_and_the_middle_half(busy: World) -> None:
    assert figures(busy).outcomes.grade == Middle(middle=8, low=8, high=8)


def test_costs_are_those_of_the_invoices_that_came_in_a_month_that_ended(busy: World) -> None:
    assert figures(busy).costs.latest is None, "sent today"
    busy.at = at_end_of(busy, date(2026, 12, 1))
    costs = figures(busy).costs
    assert costs.latest is not None
    assert costs.latest.month == date(2026, 12, 1)
    assert [(str(bar.label), bar.value) for bar in costs.latest.bars.bars] == [("H2 Begeleiding", 12 * 9000)]


def shown(found: queries.Figures) -> list[int]:
    """Every number of people on the page."""
    waiting, flow, outcomes = found.waiting, found.flow, found.outcomes
    groups = (waiting.spread, flow.now, outcomes.useful, outcomes.onward, outcomes.reasons, outcomes.heard)
    numbers = [bar.value for bars in groups for bar in bars.bars] + [bars.total for bars in groups]
    numbers += [flow.came, flow.went, *(value for one in flow.months for value in (one.came, one.went))]
    return [number for number in numbers if number is not None]


def test_two_looks_at_the_figures_never_differ_by_one_family(busy: World) -> None:
    """A councillor: totals only; cells under 10 hidden, differences too."""
    first = figures(busy)
    for days, parent, child in ((1, "Mies", "Mex"), (3, "Nel", "Nout"), (10, "Okke", "Otis")):
        busy.at = at_end_of(busy, date(2026, 11, 1)) + timedelta(days=days)
        helped = begin_help(busy, parent=parent, child=child, professional="ruim")
        helped.kept()
        actions.end_request(actor=busy.actor("ellen"), request_id=helped.request.pk, reason="01", at=busy.at)
        assert figures(busy) == first, "the same on each day of the month"
    busy.at = at_end_of(busy, date(2026, 12, 1))
    later = figures(busy)
    assert later.until != first.until
    numbers = shown(first) + shown(later)
    assert numbers
    assert all(one == other or abs(one - other) >= 10 for one in [0, *numbers] for other in numbers)
    assert (first.flow.came, later.flow.came) == (10, 10), "twelve families, and fifteen"


def test_what_is_written_down_later_changes_no_month_that_was_shown(world: World) -> None:
    """Ten families are helped; of one it is said in the next month, and then its question is done."""
    world.add_professional("ruim", "vlinder", "angst", families_max=40)
    all_of_them = [
        begin_help(world, parent=parent, child=child, professional="ruim")
        for parent, child in zip(PARENTS[:10], CHILDREN, strict=False)
    ]
    plans = [one.appointment(world.at + timedelta(days=5, hours=at)) for at, one in enumerate(all_of_them)]
    for one in plans[:-1]:
        actions.keep_appointment(actor=world.actor("ruim"), appointment_id=one.pk, at=one.starts_at)
    at_end_of(world, date(2026, 11, 1))
    before = figures(world)
    assert (before.waiting.days, before.waiting.spread.total) == (None, None), "nine"
    assert [bar.value for bar in before.flow.now.bars if bar.value] == [10], "all are being helped"
    world.at += timedelta(days=2)
    actions.keep_appointment(actor=world.actor("ruim"), appointment_id=plans[-1].pk, at=world.at)
    last = all_of_them[-1].request
    actions.end_request(actor=world.actor("ellen"), request_id=last.pk, reason="01", at=world.at)
    assert figures(world) == before
    at_end_of(world, date(2026, 12, 1))
    after = figures(world)
    assert (after.waiting.spread.total, after.flow.now.total) == (10, None)


def test_too_few_families_show_nothing_at_all(world: World, helped: Help) -> None:
    helped.kept()
    world.at = at_end_of(world, date(2026, 11, 1))
    found = figures(world)
    assert (found.waiting.days, found.outcomes.grade) == (None, None)
    assert shown(found) == []
    assert (found.flow.by_month, found.flow.now.any_open) == (False, False)
    with time_machine.travel(world.at, tick=False):
        text = world.client("petra").get(reverse("learning")).content.decode()
    assert "Dit gaat nog over te weinig gezinnen om het te tonen." in text
    main = text[text.index("<main") : text.index("Wat het van mensen vraagt")]
    assert "minder dan 10</" not in main


def test_the_number_of_queries_is_the_same_for_none_and_for_twelve(world: World, busy: World) -> None:
    # Eleven, and two that tell the walls what it is for and that it is over.
    for town in (Actor(uuid4(), roles=frozenset({Role.POLICY})), world.actor("petra")):
        with CaptureQueriesContext(connection) as seen:
            queries.figures(town, at=busy.at)
        assert len(seen) == 11 + 2


def test_another_municipality_is_not_counted(busy: World) -> None:
    elsewhere = Actor(uuid4(), roles=frozenset({Role.POLICY}))
    found = queries.figures(elsewhere, at=busy.at)
    assert (shown(found), found.costs.months) == ([], ())


@pytest.mark.parametrize(
    ("name", "status"),
    [
        ("petra", 200),
        ("ellen", 200),
        ("anouk", 200),
        ("jolanda", 200),
        ("henk", 200),
        ("piet", 403),
        (None, 302),
    ],
)
def test_who_sees_the_figures(world: World, name: str | None, status: int) -> None:
    assert world.client(name).get(reverse("learning")).status_code == status


def test_the_page_shows_all_four_and_no_name(busy: World) -> None:
    busy.at = at_end_of(busy, date(2026, 12, 1))
    with time_machine.travel(busy.at, tick=False):
        text = busy.client("petra").get(reverse("learning")).content.decode()
    for title in ("Wachten", "Doorstroom", "Resultaat", "Kosten", "Wat het van mensen vraagt"):
        assert f">{title}</h2>" in text
    assert "De helft van de gezinnen had binnen 5 dagen hulp." in text
    assert "1.080,00" in text
    main = text[text.index("<main") : text.index("</main>")]
    assert not [name for name in (*PARENTS, *CHILDREN, "Ruim", "Ellen") if name in main]
    assert "Wat vóór 1 januari 2027 bekend was." in main
    # One and eleven families are told together, and as no more than that.
    assert re.search(r"Alles samen.{0,200}minstens 10", main, re.DOTALL)


def test_a_page_without_anything_says_so(world: World) -> None:
    with time_machine.travel(AT, tick=False):
        text = world.client("petra").get(reverse("learning")).content.decode()
    assert "Nog geen facturen" in text
    assert "Nog te weinig gezinnen" in text


def test_the_burden_is_read_from_what_the_browser_tests_measured(tmp_path: Path) -> None:
    file = tmp_path / "burden.json"
    assert queries.burden(file) is None
    step = {"step": "vragen", "person": "Sanne", "interactions": 5, "fields": 3, "screens": 2, "seconds": 40}
    bank = step | {"person": "Henk", "interactions": 2, "fields": 0, "beside": True}
    file.write_bytes(orjson.dumps([step, step | {"person": "Ellen", "fields": 4}, bank]))
    found = queries.burden(file)
    assert found is not None
    assert (found.interactions, found.fields, found.seconds) == (10, 7, 80)
    assert (found.beside.interactions, found.beside.fields) == (2, 0)
    assert (found.ordinary_messages, found.ordinary_values) == (20, 347)
