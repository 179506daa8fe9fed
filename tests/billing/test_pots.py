"""Pots: set by the municipality, dated, told of groups and never of a few, and never in the way of help."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from functools import partial
from uuid import UUID, uuid4

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from hendig.audit.actions import reading
from hendig.billing import actions, queries
from hendig.billing.models import Pot, PotAmount
from hendig.billing.queries.pots import PotRow
from hendig.billing.rules.pots import Part
from hendig.helprequests import actions as helprequests
from hendig.kernel.actor import Actor, Role
from hendig.kernel.periods import AMSTERDAM
from hendig.kernel.refusal import Forbidden, NotVisible
from hendig.matching.models import Match
from hendig.plans import actions as plans
from tests.support.billing import agree, at_end_of, send
from tests.support.plans import begin_help
from tests.support.refusals import code_of
from tests.support.shared import built_once
from tests.support.together import at_once
from tests.support.world import World, build_world

pytestmark = pytest.mark.django_db

# Invented first names: in tests people are found by them, so each is used once.
PARENTS = ["Aaf", "Bea", "Cor", "Dirk", "Els", "Frits", "Geert", "Hans", "Ina", "Jet", "Kees", "Loes"]
CHILDREN = ["Abel", "Boaz", "Cas", "Dex", "Evi", "Fee", "Gijs", "Hugo", "Isa", "Jop", "Kik", "Lot"]
HOUR = 9000
NOVEMBER = date(2026, 11, 1)


@built_once
def busy(world: World) -> World:
    """Twelve families with a child of 13: each week of eight some of them had ten hours of help."""
    world.add_professional("ruim", "vlinder", "angst", families_max=40)
    agree(world, cents=HOUR)
    began = world.at
    for at, (parent, child) in enumerate(zip(PARENTS, CHILDREN, strict=True)):
        helped = begin_help(world, parent=parent, child=child, professional="ruim")
        starts_at = began + timedelta(weeks=at % 8, days=at // 8, hours=1)
        made = plans.plan_appointment(
            actor=world.actor("ruim"),
            match_id=helped.match.pk,
            starts_at=starts_at,
            minutes=600,
            at=world.at,
        )
        ended = starts_at + timedelta(hours=10)
        plans.keep_appointment(actor=world.actor("ruim"), appointment_id=made.pk, at=ended)
    world.at = began + timedelta(weeks=8)
    return world


def put(world: World, name: str = "Pubers", cents: int = 1_500_000, who: str = "petra", **of: object) -> Pot:
    of = {"year": 2026, "youngest": 12, "oldest": 17, **of}
    return actions.make_pot(
        actor=world.actor(who),
        name=name,
        cents=cents,
        at=world.at,
        **of,  # type: ignore[arg-type]
    )


def shown(world: World, who: str = "petra", year: int | None = None) -> queries.Pots:
    return queries.pots(world.actor(who), year, at=world.at)


def parts(row: PotRow) -> dict[Part, int | None]:
    return {one.part: one.cents for one in row.used.parts}


# --- what is set aside ---------------------------------------------------------------------------------


def test_what_was_set_aside_stays_written_and_the_latest_holds(world: World) -> None:
    pot = put(world, cents=100_000_00)
    actions.set_amount(
        actor=world.actor("henk"), pot_id=pot.pk, cents=80_000_00, from_on=date(2026, 6, 1), at=world.at
    )
    actions.set_amount(
        actor=world.actor("petra"), pot_id=pot.pk, cents=90_000_00, from_on=date(2026, 12, 1), at=world.at
    )
    row = queries.pot(world.actor("henk"), pot.pk, at=world.at)
    assert [(one.cents, one.from_on, one.set_by) for one in row.amounts] == [
        (100_000_00, date(2026, 1, 1), "Petra"),
        (80_000_00, date(2026, 6, 1), "Henk"),
        (90_000_00, date(2026, 12, 1), "Petra"),
    ]
    assert row.cents == 80_000_00, "December has not begun"
    assert PotAmount.objects.count() == 3


def test_a_pot_is_refused_for_what_another_is_for(world: World) -> None:
    put(world)
    assert code_of(lambda: put(world, "Oost", neighbourhood="Peelrand-Oost", youngest=0)) == "pot.overlaps"
    assert code_of(lambda: put(world, " PUBERS", youngest=0, oldest=3)) == "pot.name"
    assert code_of(lambda: put(world, "Dit", youngest=9, oldest=3)) == "pot.ages"
    assert code_of(lambda: put(world, "Ooit", year=2031)) == "pot.other_year"
    assert code_of(lambda: put(world, "Min", cents=-1, youngest=0, oldest=3)) == "pot.amount"
    put(world, "Jong", youngest=0, oldest=11)
    put(world, year=2027)


def test_an_amount_is_refused_outside_the_year_and_before_what_holds(world: World) -> None:
    pot = put(world)

    def on(day: date) -> None:
        actions.set_amount(actor=world.actor("petra"), pot_id=pot.pk, cents=1, from_on=day, at=world.at)

    on(date(2026, 7, 1))
    assert code_of(lambda: on(date(2026, 6, 30))) == "pot.before_latest"
    assert code_of(lambda: on(date(2027, 1, 1))) == "pot.outside_year"


def test_a_pot_that_was_taken_away_makes_room_and_is_nowhere(world: World) -> None:
    pot = put(world)
    actions.stop_pot(actor=world.actor("henk"), pot_id=pot.pk, at=world.at)
    assert shown(world).pots == ()
    with pytest.raises(NotVisible):
        queries.pot(world.actor("henk"), pot.pk, at=world.at)
    with pytest.raises(NotVisible):
        actions.stop_pot(actor=world.actor("henk"), pot_id=pot.pk, at=world.at)
    put(world)


@pytest.mark.parametrize("who", ["ellen", "anouk", "jolanda", "karin", "piet"])
def test_only_who_pays_and_who_steers_has_to_do_with_pots(world: World, who: str) -> None:
    pot = put(world)
    actor = world.actor(who)
    with pytest.raises(Forbidden):
        put(world, "Jong", who=who, youngest=0, oldest=3)
    with pytest.raises(Forbidden):
        actions.set_amount(actor=actor, pot_id=pot.pk, cents=1, from_on=date(2026, 7, 1), at=world.at)
    with pytest.raises(Forbidden):
        actions.stop_pot(actor=actor, pot_id=pot.pk, at=world.at)
    with pytest.raises(Forbidden):
        queries.pots(actor, None, at=world.at)


@pytest.mark.django_db(transaction=True)
def test_of_six_who_make_a_pot_for_the_same_families_at_once_one_does() -> None:
    world = build_world()
    told = at_once(*(partial(put, world, f"Pot {number}") for number in range(6)))
    assert sorted(told) == ["done", *["pot.overlaps"] * 5]
    assert Pot.objects.count() == 1


# --- how it runs ---------------------------------------------------------------------------------------


def test_what_was_kept_is_spent_and_what_is_planned_is_bound(busy: World) -> None:
    pot = put(busy)
    for match in Match.objects.filter(ends_on=None):
        plans.plan_appointment(
            actor=busy.actor("ruim"),
            match_id=match.pk,
            starts_at=busy.at + timedelta(days=1, hours=list(PARENTS).index(_parent(match))),
            at=busy.at,
        )
    row = queries.pot(busy.actor("petra"), pot.pk, at=busy.at)
    # Twelve times ten hours and twelve hours of € 90, in hundreds of euros.
    assert parts(row) == {Part.PAID: 0, Part.INVOICED: 0, Part.KEPT: 1_080_000, Part.BOUND: 110_000}
    assert row.used.cents == 1_190_000
    assert row.spare == 310_000


def _parent(match: Match) -> str:
    return match.request.asked_by.first_name


def test_an_invoice_moves_it_and_a_payment_once_more(busy: World) -> None:
    pot = put(busy)
    busy.at = at_end_of(busy, date(2026, 12, 1))
    send(busy, date(2026, 12, 1))
    row = queries.pot(busy.actor("henk"), pot.pk, at=busy.at)
    assert parts(row)[Part.INVOICED] == 1_080_000
    assert parts(row)[Part.KEPT] == 0
    busy.later(days=1)
    actions.pay(actor=busy.actor("henk"), at=busy.at)
    row = queries.pot(busy.actor("henk"), pot.pk, at=busy.at)
    assert parts(row) == {Part.PAID: 1_080_000, Part.INVOICED: 0, Part.KEPT: 0, Part.BOUND: 0}


def test_what_the_year_comes_to_rests_on_the_weeks(busy: World) -> None:
    put(busy, cents=1_000_000)
    row = shown(busy).pots[0]
    ahead = row.used.expected
    assert ahead is not None
    assert ahead.weeks == 8
    # 28 December: what a week cost on average, for the three days that are left.
    assert ahead.middle == 1_140_000
    assert ahead.low <= ahead.middle < ahead.high
    assert row.drawing is not None
    assert row.drawing.low is not None
    assert row.is_empty


def test_a_year_that_is_over_or_to_come_expects_nothing(busy: World) -> None:
    put(busy, year=2027)
    row = shown(busy, year=2027).pots[0]
    assert (row.used.cents, row.used.expected) == (0, None)


def test_a_pot_is_for_its_ages_and_its_part_of_the_town(busy: World) -> None:
    put(busy, "Oost", neighbourhood="Peelrand-Oost")
    page = shown(busy)
    assert page.pots[0].used.cents == 0, "nobody said where they live"
    assert page.outside.cents == 1_080_000
    for match in Match.objects.all():
        _lives(busy, match, " peelrand-oost ")
    page = shown(busy)
    assert (page.pots[0].used.cents, page.outside.cents, page.total) == (1_080_000, 0, 1_080_000)


def _lives(world: World, match: Match, neighbourhood: str) -> None:
    helprequests.first_talk(
        actor=world.actor("ellen"), request_id=match.request_id, neighbourhood=neighbourhood, at=world.at
    )


def test_few_families_are_hidden_with_what_would_tell_them(busy: World) -> None:
    put(busy, oldest=13)
    put(busy, "Ouder", youngest=14)
    helped = begin_help(busy, parent="Mo", child="Min", born_on=date(2011, 10, 1), professional="ruim")
    helped.kept()
    page = shown(busy)
    assert [row.used.cents for row in page.pots] == [None, None], "the total would tell the one family"
    assert [row.drawing for row in page.pots] == [None, None]
    assert all(part.cents is None for row in page.pots for part in row.used.parts)
    assert [(row.used.expected, row.spare) for row in page.pots] == [(None, None)] * 2
    assert page.total == 1_090_000
    assert page.outside.cents == 0


def test_a_part_of_few_families_is_told_with_the_others(busy: World) -> None:
    pot = put(busy)
    busy.at = at_end_of(busy, NOVEMBER)
    send(busy, NOVEMBER)
    row = queries.pot(busy.actor("petra"), pot.pk, at=busy.at)
    # Eight weeks: what was kept in November is invoiced, of four families it is not.
    assert parts(row) == {Part.PAID: 0, Part.INVOICED: None, Part.KEPT: None, Part.BOUND: 0}
    assert (row.used.cents, row.used.rest) == (1_080_000, 1_080_000)
    assert row.drawing is not None
    assert [piece.kind for piece in row.drawing.pieces] == ["rest"]


def test_hours_without_a_tariff_are_said_and_not_counted(busy: World) -> None:
    busy.add_professional("gul", "anker", "angst", families_max=40)
    begin_help(busy, parent="Mo", child="Min", professional="gul").kept()
    put(busy)
    row = shown(busy).pots[0]
    assert (row.used.cents, row.used.unpriced) == (1_080_000, 60)


def test_help_begins_although_the_pot_is_empty_and_who_pays_reads_so(busy: World) -> None:
    pot = put(busy, cents=0)
    assert shown(busy).pots[0].is_empty
    helped = begin_help(busy, parent="Mo", child="Min", professional="ruim")
    assert Match.objects.filter(pk=helped.match.pk).exists()
    assert helped.kept().stage == "kept"
    for where in (reverse("pots"), reverse("pot", args=[pot.pk])):
        html = page(busy, "henk", where)[1]
        assert "Deze pot is op." in html
        assert "De hulp gaat door: een pot houdt nooit een match tegen." in html


def test_another_municipality_sees_none_of_it(busy: World) -> None:
    pot = put(busy)
    elsewhere = Actor(uuid4(), roles=frozenset({Role.POLICY}))
    found = queries.pots(elsewhere, 2026, at=busy.at)
    assert (found.pots, found.total, found.outside.cents) == ((), 0, 0)
    with pytest.raises(NotVisible):
        queries.pot(elsewhere, pot.pk, at=busy.at)


@pytest.mark.parametrize(
    ("who", "purpose", "seen"),
    [
        ("petra", "learn", 12),
        ("henk", "learn", 12),
        ("petra", "", 0),
        ("ellen", "learn", 0),
        ("jolanda", "learn", 0),
    ],
)
def test_the_database_tells_which_help_is_in_a_pot_only_to_sum_it(
    busy: World, who: str, purpose: str, seen: int
) -> None:
    put(busy)
    with reading(busy.actor(who), busy.at, purpose=purpose), connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM hendig_in_pots(2026)")
        assert cursor.fetchone() == (seen,)


def test_the_number_of_queries_is_the_same_for_none_and_for_many(world: World, busy: World) -> None:
    def count(actor: Actor) -> int:
        with CaptureQueriesContext(connection) as seen:
            queries.pots(actor, 2026, at=busy.at)
        return len(seen)

    put(busy)
    put(busy, "Jong", youngest=0, oldest=11)
    # Five, and two that tell the walls what it is for and that it is over.
    assert count(Actor(uuid4(), roles=frozenset({Role.POLICY}))) == count(busy.actor("petra")) == 5 + 2


# --- the pages -----------------------------------------------------------------------------------------


def page(world: World, who: str, path: str) -> tuple[int, str]:
    with time_machine.travel(world.at, tick=False):
        answer = world.client(who).get(path)
    return answer.status_code, answer.content.decode()


def post(world: World, who: str, path: str, **data: object) -> tuple[int, str, str]:
    with time_machine.travel(world.at, tick=False):
        answer = world.client(who).post(path, {"_key": str(uuid4()), **data})
    return answer.status_code, answer.get("Location", ""), answer.content.decode()


def test_the_page_says_in_words_what_the_picture_shows_and_no_name(busy: World) -> None:
    put(busy, cents=1_000_000)
    status, html = page(busy, "petra", reverse("pots"))
    assert status == 200
    main = html[html.index("<main") : html.index("</main>")]
    for words in (
        "€\xa010.800",
        "van €\xa010.000 is besteed of gepland",
        "laatste 8 hele weken",
        "Wat erin zit",
    ):
        assert words in main
    assert 'role="img"' in main
    assert not [name for name in (*PARENTS, *CHILDREN, "Ruim", "M2026-") if name in main]


def test_an_empty_page_says_what_to_do(world: World) -> None:
    html = page(world, "petra", reverse("pots"))[1]
    assert "Er is nog geen pot voor dit jaar." in html
    assert reverse("new_pot") in html
    assert page(world, "petra", reverse("pots") + "?jaar=ooit")[0] == 200


def test_on_new_years_night_a_pot_is_of_the_year_on_the_wall(world: World) -> None:
    world.at = datetime(2027, 1, 1, 0, 30, tzinfo=AMSTERDAM)
    assert 'name="year" value="2027"' in page(world, "petra", reverse("new_pot"))[1]


def test_a_pot_is_made_on_the_page_and_a_refusal_keeps_what_was_typed(world: World) -> None:
    typed = {
        "name": "Jong",
        "year": 2026,
        "neighbourhood": "",
        "youngest": 0,
        "oldest": 11,
        "cents": "250.000",
    }
    status, _where, html = post(world, "petra", reverse("new_pot"), **typed)
    assert status == 422
    assert "Een bedrag heeft hoogstens twee cijfers achter de komma." in html
    assert 'value="Jong"' in html
    status, where, _html = post(world, "petra", reverse("new_pot"), **typed | {"cents": "250000,50"})
    pot = Pot.objects.get()
    assert (status, where) == (302, reverse("pot", args=[pot.pk]))
    status, _where, html = post(world, "henk", where, cents="1", from_on="2025-01-01")
    assert status == 422
    assert "Kies een dag in het jaar van deze pot." in html
    assert post(world, "henk", where, cents="300000", from_on="2026-07-01")[0] == 302
    assert "€\xa0250.000,50" in page(world, "henk", where)[1]
    assert post(world, "henk", reverse("stop_pot", args=[pot.pk]))[0] == 302
    assert page(world, "henk", where)[0] == 404
    assert page(world, "henk", reverse("pot", args=[UUID(int=7)]))[0] == 404
