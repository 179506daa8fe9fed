"""The drawing goes home on the page that remains, and how it grew can be seen again."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta
from html import unescape
from io import BytesIO
from itertools import pairwise
from typing import Any

import pytest
from django.urls import reverse
from django.utils.text import capfirst
from pypdf import PdfReader
from pytest_django import DjangoAssertNumQueries

from hendig.families.models import Whom
from hendig.tents import actions, queries
from hendig.tents.models import Phase, Place, Sign, View
from hendig.tents.queries.growth import Growth
from tests.support.drawing import Drawn, drawn, join, put, think
from tests.support.matching import Household
from tests.support.shared import built_once
from tests.support.tents import go_to, look, understood
from tests.support.world import World

HERS = "Mama werd vroeger geslagen."


@built_once
def made(world: World, house: Household) -> Drawn:
    found = drawn(world, house)
    hers = put(world, found.tent, HERS, "ellen", Place.PARENTS, about=Whom(house.member("Sanne").pk))
    join(world, hers, found.rows, Sign.WORSE, "ellen")
    return found


@pytest.fixture(autouse=True)
def the_clock_of_the_world(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("hendig.web.middleware.timezone.now", lambda: world.at)


def closed(world: World, made: Drawn) -> None:
    understood(world, made.tent)
    go_to(world, made.tent, Phase.AGREE)
    actions.close(actor=world.actor("anouk"), tent_id=made.tent.pk, at=world.at)


class TestOnThePage:
    def test_the_page_says_and_shows_what_is_about_the_child(self, world: World, made: Drawn) -> None:
        closed(world, made)
        for who in ("sanne", "noor", "anouk"):
            page = unescape(world.client(who).get(reverse("tent_page", args=[made.tent.pk])).content.decode())
            assert page.count("hang-line hang-protects") == 2
            assert "Bij oma is het rustig. Dat beschermt tegen: Er is vaak ruzie over het huis" in page
            assert "Dit is een kring" in page
            assert "geslagen" not in page

    def test_the_document_carries_the_drawing_with_its_words(self, world: World, made: Drawn) -> None:
        put(world, made.tent, "Noor lacht weer 😊 om 笑い.", "mark", Place.CHILD)
        closed(world, made)
        taken = world.client("sanne").get(reverse("tent_page_pdf", args=[made.tent.pk]))
        paper = PdfReader(BytesIO(taken.content))
        words = " ".join(page.extract_text() for page in paper.pages)
        assert "Hoe het samenhangt" in words
        alt = _alternative(paper)
        assert "Dat beschermt tegen: Er is vaak ruzie over het huis" in alt
        assert "geslagen" not in words + alt


class TestHowItGrew:
    def test_each_step_shows_what_came_and_nothing_jumps(
        self, world: World, house: Household, made: Drawn
    ) -> None:
        seen = look(world, house.family_id, "sanne")
        first = queries.growth(seen, made.tent.pk)
        steps = [queries.growth(seen, made.tent.pk, at) for at in range(1, first.steps + 1)]
        assert [step.step for step in steps] == list(range(1, 18))
        assert steps[0].came == ("Noor zegt: Noor slaapt slecht en is overdag moe.",)
        assert steps[7].came[0].startswith("Youssef ziet dit verband: Noor gamet")
        assert [len(step.picture.desk.boxes) for step in steps[:7]] == [1, 2, 3, 4, 5, 6, 6]
        places: dict[object, tuple[int, int]] = {}
        for step in steps:
            for box in step.picture.phone.boxes:
                assert places.setdefault(box.id, (box.x, box.y)) == (box.x, box.y)
        assert (first.before, steps[-1].after) == (None, None)
        assert queries.growth(seen, made.tent.pk, 999).step == 17

    def test_a_line_that_went_is_seen_to_go_and_what_was_taken_back_is_not(
        self, world: World, house: Household, made: Drawn
    ) -> None:
        line = made.tent.influences.filter(cause=made.swims).get()
        world.at += timedelta(minutes=1)
        actions.cut(actor=world.actor("noor"), link_id=line.pk, at=world.at)
        world.at += timedelta(minutes=1)
        actions.remove_piece(actor=world.actor("mark"), piece_id=made.gaming.pk, at=world.at)
        seen = look(world, house.family_id, "mark")
        steps = [queries.growth(seen, made.tent.pk, at) for at in range(1, 20)]
        told = " ".join(words for step in steps for words in step.came)
        assert "gamet" not in told
        assert "Gamen is juist mijn rust" not in told
        line = made.tent.influences.filter(cause=made.granny).get()
        world.at += timedelta(minutes=1)
        actions.cut(actor=world.actor("sanne"), link_id=line.pk, at=world.at)
        last = queries.growth(seen, made.tent.pk, 999)
        assert [words.partition(". ")[0] for words in last.came] == [
            "Dit verband ging weg: Bij oma is het rustig"
        ]

    def test_that_something_went_is_seen_and_not_what_it_said(
        self, world: World, house: Household, made: Drawn
    ) -> None:
        seen = look(world, house.family_id, "sanne")
        before = queries.growth(seen, made.tent.pk, 999)
        world.at += timedelta(minutes=1)
        actions.remove_piece(actor=world.actor("mark"), piece_id=made.gaming.pk, at=world.at)
        last = queries.growth(seen, made.tent.pk, 999)
        assert last.came == ("Dit ging van tafel. Het lag bij: Noor.",)
        assert last.gone == {made.gaming.pk}
        box = next(box for box in last.picture.desk.boxes if box.id == made.gaming.pk)
        assert (box.factor.text, box.factor.voice) == ("Dit is weggehaald.", "")
        steps = [queries.growth(seen, made.tent.pk, at) for at in range(1, last.steps + 1)]
        assert [made.gaming.pk in boxes(step) for step in steps].count(True) >= 2
        assert "Hier kwam iets bij wat later wegging. Het lag bij: Noor." in said_in(steps)
        assert "gamet" not in said_in(steps)
        assert not [one for one in last.picture.paragraphs if "weggehaald" in " ".join(one.sentences)]
        where: dict[object, object] = {}
        for step in steps:
            for box in step.picture.phone.boxes:
                assert where.setdefault(box.id, (box.x, box.y)) == (box.x, box.y)
        put(world, made.tent, "Iets nieuws.", "sanne", Place.SCHOOL)
        later = queries.growth(seen, made.tent.pk, 999)
        assert (later.gone, made.gaming.pk in boxes(later)) == (frozenset(), False)
        assert made.gaming.pk in boxes(before)

    def test_what_its_writer_undid_never_was_and_who_is_not_told_does_not_see_it_go(
        self, world: World, house: Household, made: Drawn
    ) -> None:
        anouk = look(world, house.family_id, "anouk")
        steps = queries.growth(anouk, made.tent.pk).steps
        world.at += timedelta(minutes=1)
        put(world, made.tent, "Een vergissing.", "mark", Place.SCHOOL)
        world.at += timedelta(minutes=1)
        actions.step_back(actor=world.actor("mark"), tent_id=made.tent.pk, at=world.at)
        assert queries.growth(anouk, made.tent.pk).steps == steps
        noor = look(world, house.family_id, "noor")
        hers = queries.growth(noor, made.tent.pk).steps
        hidden = made.tent.pieces.exclude(about=None).get()
        actions.remove_piece(actor=world.actor("sanne"), piece_id=hidden.pk, at=world.at)
        assert queries.growth(noor, made.tent.pk).steps == hers

    def test_what_was_moved_lay_elsewhere_before(self, world: World, house: Household, made: Drawn) -> None:
        seen = look(world, house.family_id, "sanne")
        row = made.granny
        row.refresh_from_db()
        old = str(Place(row.place).label)
        to = Place.SCHOOL if row.place != Place.SCHOOL else Place.FAMILY
        world.at += timedelta(minutes=1)
        actions.put(actor=world.actor("noor"), piece_id=row.pk, place=to, at=world.at)
        last = queries.growth(seen, made.tent.pk, 999)
        moved = f"Dat lag bij: {capfirst(old)}. Nu ligt het bij: {capfirst(str(to.label))}."
        assert last.came[0].endswith(moved)
        shown = [box for box in last.picture.desk.boxes if box.id in {row.pk, *last.gone}]
        assert {box.factor.place for box in shown} == {row.place, to}
        earlier = queries.growth(seen, made.tent.pk, last.steps - 1)
        assert row.pk not in boxes(earlier)
        assert last.gone <= boxes(earlier)
        titled = {one.title: " ".join(one.sentences) for one in earlier.picture.paragraphs}
        assert row.text.rstrip(".") in titled[capfirst(old)]
        line = made.tent.influences.get(cause=row).pk
        ways = [
            arrow.path for one in (earlier, last) for arrow in one.picture.desk.arrows if arrow.id == line
        ]
        assert len(set(ways)) == 2
        for one in (earlier, last):
            assert "Bij oma is het rustig. Dat beschermt tegen" in " ".join(one.picture.sentences)

    def test_each_move_is_a_step_of_its_own_and_one_that_was_undone_is_none(
        self, world: World, house: Household, made: Drawn
    ) -> None:
        seen = look(world, house.family_id, "sanne")
        row = made.granny
        row.refresh_from_db()
        steps = queries.growth(seen, made.tent.pk).steps
        ways = [place for place in Place if place not in {row.place, Place.CHILD}][:3]
        for place in ways:
            world.at += timedelta(minutes=1)
            actions.put(actor=world.actor("noor"), piece_id=row.pk, place=place, at=world.at)
        actions.step_back(actor=world.actor("noor"), tent_id=made.tent.pk, at=world.at)
        assert queries.growth(seen, made.tent.pk).steps == steps + 2
        lay = [Place(row.place), *ways[:2]]
        for number, (was, now) in enumerate(pairwise(lay), start=steps + 1):
            shown = queries.growth(seen, made.tent.pk, number)
            titles = {"was": capfirst(str(was.label)), "now": capfirst(str(now.label))}
            assert shown.came[0].endswith("Dat lag bij: {was}. Nu ligt het bij: {now}.".format(**titles))
            (left,) = shown.gone
            boxes_then = {
                box.id: box.factor.place for box in shown.picture.desk.boxes if box.factor.text == row.text
            }
            assert boxes_then[left] == was
            assert set(boxes_then.values()) == {was, now}
            titled = {one.title: " ".join(one.sentences) for one in shown.picture.paragraphs}
            assert row.text.rstrip(".") in titled[titles["now"]]
            assert row.text.rstrip(".") not in titled.get(titles["was"], "")

    def test_it_is_walked_through_by_links_and_the_youth_sees_its_own(
        self, world: World, made: Drawn
    ) -> None:
        here = reverse("growth", args=[made.tent.pk])
        page = unescape(world.client("noor").get(here).content.decode())
        assert "Stap 1 van 15" in page
        assert f'href="{here}?step=2#stap"' in page
        assert "Vorige" not in page
        for step in ("15", "99", "-3", "x"):
            page = unescape(world.client("noor").get(here, {"step": step}).content.decode())
            assert "geslagen" not in page
        assert world.client("bram").get(here).status_code == 404

    def test_it_takes_as_many_queries_at_any_size(
        self,
        world: World,
        house: Household,
        made: Drawn,
        django_assert_num_queries: DjangoAssertNumQueries,
    ) -> None:
        for more in (0, 10):
            for at in range(more):
                piece = put(world, made.tent, f"Iets {at}", "sanne", Place.SCHOOL)
                think(world, piece, View.AGREE, "mark")
                if at % 2:
                    actions.put(actor=world.actor("mark"), piece_id=piece.pk, place=Place.AROUND, at=world.at)
                else:
                    actions.remove_piece(actor=world.actor("sanne"), piece_id=piece.pk, at=world.at)
            seen = look(world, house.family_id, "sanne")
            with django_assert_num_queries(5):
                queries.growth(seen, made.tent.pk, 999)
        closed(world, made)
        seen = look(world, house.family_id, "anouk")
        with django_assert_num_queries(4):
            assert queries.sheet(seen, made.tent.pk).picture


def boxes(step: Growth) -> frozenset[object]:
    return frozenset(box.id for box in step.picture.desk.boxes)


def said_in(steps: Iterable[Growth]) -> str:
    drawn = (" ".join(box.factor.text for box in step.picture.desk.boxes) for step in steps)
    return " ".join([*(words for step in steps for words in step.came), *drawn])


def _alternative(paper: PdfReader) -> str:
    """What stands in the place of the picture for who does not see it."""
    found = []
    root: Any = paper.trailer["/Root"]
    waiting: list[Any] = [root["/StructTreeRoot"]]
    while waiting:
        node = waiting.pop().get_object()
        if isinstance(node, list):
            waiting += node
        elif isinstance(node, dict):
            found.append(str(node.get("/Alt", "")))
            if "/K" in node:
                waiting.append(node["/K"])
    return " ".join(found)
