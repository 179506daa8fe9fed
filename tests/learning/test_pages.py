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
from hendig.plans import actions
from tests.support.billing import agree, at_end_of, send
from tests.support.plans import begin_help
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
    assert waiting.days == queries.Middle(middle=5, low=5, high=5)
    assert [bar.value for bar in waiting.spread.bars] == [0, 12, 0, 0, 0]
    assert waiting.spread.total == 12


def test_the_flow_of_the_month(busy: World) -> None:
    flow = figures(busy).flow
    november = next(one for one in flow.months if one.month == date(2026, 11, 1))
    assert (november.came, november.went) == (12, 12)
    assert (november.came_height, november.went_height) == (100, 100)
    assert flow.now.total == 0


def test_one_answer_that_differs_is_hidden_with_what_would_tell_it(busy: World) -> None:
    outcomes = figures(busy).outcomes
    assert [bar.value for bar in outcomes.useful.bars] == [None, 0, None, 0]
    assert outcomes.useful.total == 12, "one and eleven together tell neither"


def test_what_everybody_answered_alike_is_told_of_all_together_only(busy: World) -> None:
    outcomes = figures(busy).outcomes
    for answered in (outcomes.onward, outcomes.reasons):
        assert (answered.open, answered.total, answered.rest) == ((), 12, 12)


def test_the_middle_grade_and_the_middle_half(busy: World) -> None:
    assert figures(busy).outcomes.grade == queries.Middle(middle=8, low=8, high=8)


def test_costs_are_those_of_the_invoices(busy: World) -> None:
    costs = figures(busy).costs
    assert costs.latest is not None
    assert costs.latest.month == date(2026, 11, 1)
    assert [(str(bar.label), bar.value) for bar in costs.latest.bars.bars] == [("H2 Begeleiding", 12 * 9000)]


def test_too_few_families_show_nothing_at_all(world: World) -> None:
    helped = begin_help(world)
    helped.kept()
    found = figures(world)
    assert (found.waiting.days, found.outcomes.grade) == (None, None)
    assert found.waiting.spread.total is None
    assert [bar.value for bar in found.flow.now.bars].count(None) == 1
    assert found.flow.now.total is None


def test_the_number_of_queries_is_the_same_for_none_and_for_twelve(world: World, busy: World) -> None:
    # Eleven, and two that tell the walls what it is for and that it is over.
    for town in (Actor(uuid4(), roles=frozenset({Role.POLICY})), world.actor("petra")):
        with CaptureQueriesContext(connection) as seen:
            queries.figures(town, at=busy.at)
        assert len(seen) == 11 + 2


def test_another_municipality_is_not_counted(busy: World) -> None:
    elsewhere = Actor(uuid4(), roles=frozenset({Role.POLICY}))
    found = queries.figures(elsewhere, at=busy.at)
    assert (found.waiting.spread.total, found.outcomes.useful.total, found.costs.months) == (0, 0, ())


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
    with time_machine.travel(busy.at, tick=False):
        text = busy.client("petra").get(reverse("learning")).content.decode()
    for title in ("Wachten", "Doorstroom", "Resultaat", "Kosten", "Wat het van mensen vraagt"):
        assert f">{title}</h2>" in text
    assert "De helft van de gezinnen had binnen 5 dagen hulp." in text
    assert "1.080,00" in text
    main = text[text.index("<main") : text.index("</main>")]
    assert not [name for name in (*PARENTS, *CHILDREN, "Ruim", "Ellen") if name in main]
    # One and eleven families are told together, and as no more than that.
    assert re.search(r"Alles samen.{0,200}12", main, re.DOTALL)


def test_what_is_hidden_is_shown_together_when_that_tells_nobody(busy: World) -> None:
    useful = figures(busy).outcomes.useful
    assert (useful.open, useful.rest, useful.most) == ((), 12, 12)
    assert (figures(busy).flow.came, figures(busy).flow.went) == (12, 12)


def test_too_few_families_have_no_rest_and_no_half_year(world: World) -> None:
    begin_help(world).kept()
    flow = figures(world).flow
    assert (flow.now.open, flow.now.rest, flow.came, flow.went, flow.by_month) == (
        (),
        None,
        None,
        None,
        False,
    )
    with time_machine.travel(AT, tick=False):
        text = world.client("petra").get(reverse("learning")).content.decode()
    assert "Dit gaat nog over te weinig gezinnen om het per groep te tonen." in text
    assert "verborgen" not in text[text.index("<main") : text.index("Wat het van mensen vraagt")]


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
