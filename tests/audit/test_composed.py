"""A statement that is composed once answers each as a queryset of their own would, and keeps nobody."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from datetime import UTC, date, datetime, timedelta
from importlib import import_module
from itertools import product
from pkgutil import walk_packages
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.apps import apps
from django.db import connection
from django.db.models import Model, QuerySet
from django.test.utils import CaptureQueriesContext
from hypothesis import given
from hypothesis.strategies import datetimes, just, timedeltas

import hendig
from hendig.audit.models.composed import (
    Composed,
    ComposedWithin,
    Given,
    Moment,
    composed_lock,
    locked,
)
from hendig.families.queries.opening import opening_persons
from hendig.kernel.actor import Actor
from hendig.kernel.periods import AMSTERDAM, day_began, local_day
from hendig.kernel.refusal import NotVisible
from hendig.plans.actions import set_task
from hendig.tents import actions
from hendig.tents.models import Phase, Piece, SeatStage, Sign, Tent, View
from tests.support.home import ROOT
from tests.support.matching import Household, household, open_talk
from tests.support.plans import Help, begin_help
from tests.support.shared import built_once
from tests.support.tents import call_tent, go_to, meeting, write
from tests.support.world import World

WHO = ("sanne", "mark", "noor", "ellen", "anouk", "youssef", "bram", "jolanda", "henk", "karin")


def talking(world: World, house: Household) -> Tent:
    """Two guests, a hand that is up, and two things on the table of which one works on the other."""
    tent = go_to(world, meeting(world, house), Phase.UNDERSTAND)
    tired = write(world, tent, "Slaapt slecht.")
    late = write(world, tent, "Gaat laat naar bed.", "ellen")
    ellen = world.actor("ellen")
    actions.link(
        actor=ellen, tent_id=tent.pk, cause_id=late.pk, effect_id=tired.pk, sign=Sign.WORSE, at=world.at
    )
    actions.remark(actor=ellen, piece_id=late.pk, view=View.FIRST, text="Dit eerst.", at=world.at)
    actions.raise_hand(actor=ellen, tent_id=tent.pk, at=world.at)
    return tent


@built_once
def tent(world: World, house: Household) -> Tent:
    return talking(world, house)


@built_once
def others(world: World, house: Household, tent: Tent) -> tuple[Tent, Help]:
    """A second family that is called together and in talk with somebody, and a third that is helped.

    Of the question of the first something is told without a name.
    """
    other = household(world, parent="Fatma", other="Ben", child="Esra")
    theirs = call_tent(world, other.request)
    open_talk(world, other)
    told = actions.write_nameless(
        actor=world.actor("ellen"),
        request_id=house.request.pk,
        expertise_id=world.expertise("opvoeden").pk,
        text="Hoe helpt u een kind dat slecht slaapt?",
        at=world.at,
    )
    actions.allow_nameless(actor=world.actor("sanne"), question_id=told.pk, at=world.at)
    helped = begin_help(world, parent="Samira", child="Adam")
    helped.kept()
    helped.appointment(world.at + timedelta(days=2))
    anouk = world.actor("anouk")
    set_task(
        actor=world.actor("samira"),
        request_id=helped.request.pk,
        what="Belt met school",
        who="Anouk",
        account_id=anouk.account_id,
        at=world.at,
    )
    return theirs, helped


def every_one(kind: type[Composed[Any] | ComposedWithin[Any]]) -> list[Any]:
    """All of Hendig of this kind, each with where it stands."""
    modules = [one.name for one in walk_packages(hendig.__path__, "hendig.") if ".queries" in one.name]
    return [
        pytest.param(one, id=f"{module}.{name}")
        for module in modules
        for name, one in vars(import_module(module)).items()
        if isinstance(one, kind) and one.compose.__module__ == module
    ]


def read(rows: Iterable[object]) -> list[object]:
    """What a row holds, and what came with it."""
    return [
        (vars(one) | {"_state": sorted(one._state.fields_cache)}) if isinstance(one, Model) else one
        for one in rows
    ]


@pytest.mark.parametrize("composed", every_one(Composed))
def test_each_is_answered_as_by_a_queryset_of_their_own(
    world: World, house: Household, tent: Tent, others: tuple[Tent, Help], composed: Composed[Model]
) -> None:
    theirs, helped = others
    day = timedelta(days=1)
    known: dict[str, list[Any]] = {
        "tent_id": [tent.pk, theirs.pk, uuid4()],
        "tents": [[tent.pk], [theirs.pk, tent.pk], []],
        "family_id": [house.family_id, theirs.family_id],
        "compartment_id": [tent.compartment_id, theirs.compartment_id],
        "stage": [None, SeatStage.WELCOME],
        "children": [[house.child.pk], [helped.match.child_id, house.child.pk]],
        "professional_id": [world.professionals[name].pk for name in ("anouk", "youssef")],
        "since": [world.at - 9 * day],
        "began": [world.at - day],
        "ended": [world.at, world.at + 3 * day],
    }
    names = sorted(known.keys() & composed.compose.__annotations__.keys())
    found = 0
    for who in (*WHO, "samira", "adam"):
        actor = world.actor(who)
        for values in product(*(known[name] for name in names)):
            given = dict(zip(names, values, strict=True))
            rows = read(composed(actor, world.at, **given))
            assert rows == read(composed.compose(actor, world.at, **given)), (who, given)
            found += len(rows)
    assert found


@pytest.mark.parametrize("composed", every_one(ComposedWithin))
def test_each_look_is_answered_as_by_a_queryset_of_its_own(
    world: World, house: Household, others: tuple[Tent, Help], composed: ComposedWithin[Model]
) -> None:
    _theirs, helped = others
    found = 0
    # The looks of the second moment are answered by the words of the first, with their own values.
    for at, who, family_id in product(
        (world.at, world.at + timedelta(days=1)),
        (*WHO, "samira", "adam"),
        (house.family_id, helped.family_id),
    ):
        with (
            suppress(NotVisible),
            opening_persons(world.actor(who), "family.page_seen", family_id, at=at) as look,
        ):
            rows = read(composed(look))
            assert rows == read(composed.compose(look)), (who, family_id, at)
            found += len(rows)
    assert found


def shown_to_who_acts() -> Iterator[type[Model]]:
    """The models of which an action locks a row among those that who acts may see."""
    words = "".join(file.read_text() for file in (ROOT / "hendig").glob("*/actions*/**/*.py"))
    words += "".join(file.read_text() for file in (ROOT / "hendig").glob("*/actions.py"))
    names = set(re.findall(r"act\.lock\((\w+)\.objects\.visible_to, ", words))
    return (model for model in apps.get_models() if model.__name__ in names)


@pytest.mark.parametrize("model", [pytest.param(one, id=one.__name__) for one in shown_to_who_acts()])
@pytest.mark.usefixtures("house")
def test_a_row_is_locked_by_the_words_of_a_queryset_of_their_own(world: World, model: Any) -> None:
    rows, key = model.objects.visible_to, uuid4()
    actors = [world.visitor, world.system, *map(world.actor, WHO)]
    for actor in actors:
        with CaptureQueriesContext(connection) as asked:
            assert composed_lock(rows)(actor, world.at, key=key) == []
            assert list(locked(rows(actor, at=world.at), key)) == []
        # Around a value that is given later stand brackets.
        composed, own = (re.sub(r"\(('[^']*'::\w+)\)", r"\1", one["sql"]) for one in asked)
        assert composed == own
        assert "FOR UPDATE" in own


def test_those_who_are_alike_are_answered_by_one_statement_and_each_by_their_own_values(
    world: World, house: Household, tent: Tent
) -> None:
    composed: list[Actor] = []
    world.add_professional("sofie", "anker", "opvoeden")

    @Composed
    def seen(actor: Actor, at: datetime, tent_id: UUID) -> QuerySet[Tent]:
        composed.append(actor)
        return Tent.objects.visible_to(actor, at=at).filter(pk=tent_id)

    def ask(who: str) -> list[Tent]:
        with CaptureQueriesContext(connection) as asked:
            found = seen(world.actor(who), world.at, tent_id=tent.pk)
        assert len([one for one in asked if "tents_tent" in one["sql"]]) == 1
        return found

    assert [ask("sanne"), ask("mark"), ask("sanne")] == [[tent], [tent], [tent]]
    assert len(composed) == 1
    assert [ask("anouk"), ask("sofie"), ask("anouk")] == [[tent], [], [tent]]
    assert len(composed) == 2
    assert [ask("ellen"), ask("bram")] == [[tent], []]
    assert len(composed) == 3
    # Nobody who asked is in any of them.
    stood_in = {type(value).__name__ for one in composed for value in (one.account_id, one.professional_id)}
    assert stood_in == {"Given", "NoneType"}
    assert {one.offices for one in composed} == {frozenset()}


@pytest.mark.parametrize(
    "decide",
    [
        lambda given: given == uuid4(),
        lambda given: given in [uuid4(), uuid4()],
        lambda given: given > 3,
        lambda given: given - timedelta(days=1),
        lambda given: timedelta(days=1) + given,
        lambda given: given.date(),
        lambda given: f"{given:%Y}",
    ],
)
def test_a_value_that_is_given_later_decides_nothing(decide: Callable[[Any], object]) -> None:
    with pytest.raises((TypeError, AttributeError)):
        decide(Given("at"))


@pytest.mark.parametrize(
    "decide",
    [
        lambda given: given == uuid4(),
        lambda given: given > datetime(2026, 1, 1, tzinfo=AMSTERDAM),
        lambda given: timedelta(days=1) + given,
        lambda given: given + 1,
        lambda given: local_day(given) > date(2026, 1, 1),
        lambda given: local_day(given) - timedelta(days=1),
    ],
)
def test_nor_does_a_moment(decide: Callable[[Any], object]) -> None:
    with pytest.raises((TypeError, AttributeError)):
        decide(Moment("at"))


@given(at=datetimes(timezones=just(UTC)), by=timedeltas(timedelta(days=-400), timedelta(days=400)))
def test_what_is_counted_from_a_moment_is_counted_once_it_is_known(at: datetime, by: timedelta) -> None:
    later: Any = Moment("at")
    ways: list[Callable[[Any], Any]] = [
        local_day,
        day_began,
        lambda one: one + by,
        lambda one: local_day(one - by),
    ]
    for reckon in ways:
        with suppress(OverflowError):
            assert reckon(later).among({"at": at}) == reckon(at)


def test_the_rows_of_an_object_are_not_composed(world: World, tent: Tent) -> None:
    """Each of them would carry that object, also where another is asked for."""

    @Composed
    def pieces(_actor: Actor, _at: datetime) -> QuerySet[Piece]:
        return tent.pieces.all()

    with pytest.raises(TypeError, match="by its identifier"):
        pieces(world.actor("ellen"), world.at)


def test_what_is_fetched_after_the_rows_is_not_composed_with_them(world: World, tent: Tent) -> None:
    """Composed with them it would be left out in silence."""

    @Composed
    def tents(_actor: Actor, _at: datetime) -> QuerySet[Tent]:
        return Tent.objects.prefetch_related("pieces")

    with pytest.raises(TypeError, match="fetched after the rows"):
        tents(world.actor("ellen"), world.at)
