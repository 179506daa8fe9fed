"""Drawing together: what hangs together, what each thinks of it, and a step back."""

from __future__ import annotations

from datetime import timedelta
from uuid import uuid4

import pytest

from hendig.audit.models import Entry
from hendig.families.models import OUTSIDE, Whom
from hendig.kernel.refusal import NotVisible, Refused
from hendig.tents import actions
from hendig.tents.models import Influence, Phase, Piece, PieceKind, Place, Remark, Sign, Tent, View
from tests.support.drawing import elsewhere, join, put, think, understanding
from tests.support.matching import Household
from tests.support.shared import built_once
from tests.support.tents import go_to, screen, understood, write
from tests.support.world import World

pytestmark = pytest.mark.django_db


@built_once
def tent(world: World, house: Household) -> Tent:
    return understanding(world, house)


@pytest.fixture
def two(world: World, tent: Tent) -> tuple[Piece, Piece]:
    return (
        put(world, tent, "Er is vaak ruzie.", "sanne", Place.PARENTS),
        put(world, tent, "Noor slaapt slecht", "noor", Place.CHILD),
    )


def back(world: World, tent: Tent, who: str) -> None:
    world.at += timedelta(minutes=1)
    actions.step_back(actor=world.actor(who), tent_id=tent.pk, at=world.at)


def refused(code: str) -> pytest.RaisesExc[Refused]:
    return pytest.raises(Refused, check=lambda no: no.refusal.code == code)


def standing(tent: Tent) -> list[tuple[str, str, str]]:
    rows = tent.influences.filter(removed_at=None).order_by("id")
    return [(one.cause.text, one.sign, one.effect.text) for one in rows]


class TestLinks:
    def test_one_works_on_another_in_the_voice_of_who_says_so(
        self, world: World, house: Household, tent: Tent, two: tuple[Piece, Piece]
    ) -> None:
        found = join(world, *two, Sign.WORSE, "ellen", voice_of=house.child.pk)
        assert (found.voice, found.author_id) == ("Noor", world.accounts["ellen"].pk)
        assert standing(tent) == [("Er is vaak ruzie.", "worse", "Noor slaapt slecht")]
        entry = Entry.objects.filter(code="tent.linked").get()
        assert entry.facts == {"link": str(found.pk), "sign": "worse", "said_of": str(two[1].pk)}

    def test_a_loop_is_where_it_is_meant(self, world: World, tent: Tent, two: tuple[Piece, Piece]) -> None:
        join(world, *two, Sign.KEEPS, "sanne", both_ways=True)
        assert len(standing(tent)) == 2
        assert "Die twee houden elkaar in stand." in screen(world, tent, "noor").drawing.sentences[0]

    def test_something_with_itself_and_twice_the_same_are_refused_in_words(
        self, world: World, two: tuple[Piece, Piece]
    ) -> None:
        one, other = two
        with refused("link.to_itself"):
            join(world, one, one, Sign.WORSE, "sanne")
        join(world, one, other, Sign.WORSE, "sanne")
        with refused("link.twice"):
            join(world, one, other, Sign.SOFTENS, "mark")
        with refused("link.twice"):
            join(world, other, one, Sign.WORSE, "mark", both_ways=True)
        assert Influence.objects.count() == 1

    def test_only_worries_and_strengths_hang_together(
        self, world: World, tent: Tent, two: tuple[Piece, Piece]
    ) -> None:
        lamp = write(world, tent, "Een nachtlampje", kind=PieceKind.TRIED)
        with refused("piece.no_factor"):
            join(world, lamp, two[0], Sign.WORSE, "sanne")

    def test_what_is_not_on_this_table_is_not_there(
        self, world: World, tent: Tent, two: tuple[Piece, Piece]
    ) -> None:
        there = go_to(world, elsewhere(world), Phase.UNDERSTAND)
        other = put(world, there, "Iets anders", "ellen", Place.CHILD)
        for cause, effect in ((two[0].pk, uuid4()), (two[0].pk, other.pk), (other.pk, two[0].pk)):
            with pytest.raises(NotVisible):
                actions.link(
                    actor=world.actor("ellen"),
                    tent_id=tent.pk,
                    cause_id=cause,
                    effect_id=effect,
                    sign=Sign.WORSE,
                    at=world.at,
                )
        with pytest.raises(NotVisible):
            join(world, *two, Sign.WORSE, "bram")

    def test_the_sign_changes_and_what_was_said_before_stays_to_be_seen(
        self, world: World, tent: Tent, two: tuple[Piece, Piece]
    ) -> None:
        older = join(world, *two, Sign.WORSE, "noor")
        with refused("link.not_yours"):
            actions.change_sign(actor=world.actor("anouk"), link_id=older.pk, sign=Sign.KEEPS, at=world.at)
        with refused("link.same"):
            actions.change_sign(actor=world.actor("noor"), link_id=older.pk, sign=Sign.WORSE, at=world.at)
        newer = actions.change_sign(
            actor=world.actor("sanne"), link_id=older.pk, sign=Sign.KEEPS, at=world.at
        )
        assert (newer.voice, newer.sign) == ("Sanne", Sign.KEEPS)
        assert standing(tent) == [("Er is vaak ruzie.", "keeps", "Noor slaapt slecht")]
        older.refresh_from_db()
        assert (older.sign, older.removed_at, older.removed_by_id) == (Sign.WORSE, world.at, None)

    def test_who_drew_it_and_the_family_take_a_line_away(
        self, world: World, tent: Tent, two: tuple[Piece, Piece]
    ) -> None:
        found = join(world, *two, Sign.WORSE, "anouk")
        with refused("link.not_yours"):
            actions.cut(actor=world.actor("youssef"), link_id=found.pk, at=world.at)
        actions.cut(actor=world.actor("noor"), link_id=found.pk, at=world.at)
        assert standing(tent) == []
        with pytest.raises(NotVisible):
            actions.cut(actor=world.actor("noor"), link_id=found.pk, at=world.at)

    def test_what_is_taken_away_takes_its_lines_along_and_both_come_back(
        self, world: World, tent: Tent, two: tuple[Piece, Piece]
    ) -> None:
        join(world, *two, Sign.WORSE, "anouk")
        think(world, two[0], View.AGREE, "mark")
        world.at += timedelta(minutes=1)
        actions.remove_piece(actor=world.actor("noor"), piece_id=two[0].pk, at=world.at)
        assert standing(tent) == []
        assert [one.text for one in screen(world, tent, "mark").factors] == ["Noor slaapt slecht"]
        back(world, tent, "noor")
        assert standing(tent) == [("Er is vaak ruzie.", "worse", "Noor slaapt slecht")]
        assert "Mark is het ermee eens." in str(screen(world, tent, "mark").drawing.paragraphs)

    def test_what_leads_to_it_can_be_said_in_one_breath(
        self, world: World, tent: Tent, two: tuple[Piece, Piece]
    ) -> None:
        write(world, tent, "De buren klagen.", "mark", leads_to=two[0])
        assert standing(tent) == [("De buren klagen.", "worse", "Er is vaak ruzie.")]

    def test_nothing_is_drawn_before_listening_or_after_the_talk(
        self, world: World, tent: Tent, two: tuple[Piece, Piece]
    ) -> None:
        other = elsewhere(world)
        with refused("tent.arriving"):
            back(world, other, "ellen")
        line = join(world, *two, Sign.WORSE, "sanne")
        understood(world, tent)
        go_to(world, tent, Phase.AGREE)
        actions.close(actor=world.actor("anouk"), tent_id=tent.pk, at=world.at)
        with refused("tent.not_meeting"):
            actions.cut(actor=world.actor("sanne"), link_id=line.pk, at=world.at)
        with refused("tent.not_meeting"):
            back(world, tent, "sanne")


class TestPlaces:
    def test_it_lies_where_somebody_says_else_where_the_person_belongs(
        self, world: World, tent: Tent, house: Household
    ) -> None:
        hers = Whom(house.member("Sanne").pk)
        said = {
            "school": write(world, tent, "A", "ellen", place="school"),
            "child": write(world, tent, "B", "ellen"),
            "parents": write(world, tent, "C", "ellen", about=hers),
            "around": write(world, tent, "D", "ellen", about=OUTSIDE),
            "": write(world, tent, "E", "ellen", kind=PieceKind.TRIED, place="school"),
        }
        assert {place: piece.place for place, piece in said.items()} == {place: place for place in said}

    def test_anyone_lays_it_elsewhere_and_undoes_that(
        self, world: World, tent: Tent, two: tuple[Piece, Piece]
    ) -> None:
        world.at += timedelta(minutes=1)
        actions.put(actor=world.actor("youssef"), piece_id=two[0].pk, place=Place.FAMILY, at=world.at)
        two[0].refresh_from_db()
        assert two[0].place == Place.FAMILY
        with refused("piece.there_already"):
            actions.put(actor=world.actor("mark"), piece_id=two[0].pk, place=Place.FAMILY, at=world.at)
        back(world, tent, "youssef")
        two[0].refresh_from_db()
        assert (two[0].place, two[0].moved_by_id) == (Place.PARENTS, None)

    def test_each_own_move_is_walked_back_one_by_one_and_none_of_anybody_else(
        self, world: World, tent: Tent, two: tuple[Piece, Piece]
    ) -> None:
        """Of whatever was laid elsewhere, the last first; beneath what another moved nobody reaches."""
        one, other = two

        def lay(piece: Piece, who: str, place: Place) -> None:
            world.at += timedelta(minutes=1)
            actions.put(actor=world.actor(who), piece_id=piece.pk, place=place, at=world.at)

        def lie() -> tuple[str, str]:
            return Piece.objects.get(pk=one.pk).place, Piece.objects.get(pk=other.pk).place

        begun = lie()
        lay(one, "youssef", Place.SCHOOL)
        lay(other, "youssef", Place.HELPERS)
        lay(one, "youssef", Place.FAMILY)
        lay(one, "youssef", Place.SCHOOL)
        for place in (Place.FAMILY, Place.SCHOOL):
            back(world, tent, "youssef")
            assert lie() == (place, Place.HELPERS)
        back(world, tent, "youssef")
        assert lie() == (Place.SCHOOL, begun[1])
        lay(one, "mark", Place.AROUND)
        lay(one, "youssef", Place.FAMILY)
        back(world, tent, "youssef")
        assert lie() == (Place.AROUND, begun[1])
        with refused("step.none"):
            back(world, tent, "youssef")
        back(world, tent, "mark")
        assert lie() == (Place.SCHOOL, begun[1])
        back(world, tent, "youssef")
        assert lie() == begun
        assert not Piece.objects.filter(moved_at__isnull=False).exists()
        assert set(Piece.objects.values_list("was_place", flat=True)) == {""}


class TestViews:
    def test_who_sees_it_otherwise_stands_beside_it_and_nobody_is_overwritten(
        self, world: World, two: tuple[Piece, Piece]
    ) -> None:
        rows = two[0]
        think(world, rows, View.DIFFER, "mark", "Er wordt gewoon gepraat.")
        think(world, rows, View.DIFFER, "noor", "Het is elke dag ruzie.")
        think(world, rows, View.AGREE, "anouk")
        think(world, rows, View.AGREE, "mark")
        rows.refresh_from_db()
        assert (rows.text, rows.voice) == ("Er is vaak ruzie.", "Sanne")
        now = [(one.voice, one.view) for one in rows.remarks.filter(removed_at=None).order_by("id")]
        assert now == [("Noor", "differ"), ("Anouk", "agree"), ("Mark", "agree")]

    def test_who_differs_or_would_do_it_first_says_so_in_a_line(
        self, world: World, two: tuple[Piece, Piece]
    ) -> None:
        with refused("remark.no_words"):
            think(world, two[0], View.DIFFER, "mark", "   ")
        with refused("remark.no_why"):
            think(world, two[0], View.FIRST, "mark")
        with refused("remark.too_long"):
            think(world, two[0], View.DIFFER, "mark", "a" * 200_000)
        assert not Remark.objects.exists()

    def test_each_voice_has_one_first_and_the_coach_may_write_for_another(
        self, world: World, house: Household, tent: Tent, two: tuple[Piece, Piece]
    ) -> None:
        rows, tired = two
        think(world, rows, View.FIRST, "ellen", "dat kan vandaag")
        think(world, rows, View.FIRST, "ellen", "want dan slaap ik", voice_of=house.child.pk)
        think(world, tired, View.FIRST, "ellen", "slaap helpt altijd")
        assert screen(world, tent, "mark").drawing.first == (
            "Daarom eerst: Er is vaak ruzie. Noor zegt waarom: want dan slaap ik.",
            "Daarom eerst: Noor slaapt slecht. Ellen zegt waarom: slaap helpt altijd.",
        )


class TestStepBack:
    def test_ones_own_last_steps_go_one_by_one_and_others_stay(
        self, world: World, tent: Tent, two: tuple[Piece, Piece]
    ) -> None:
        mine = put(world, tent, "De buren klagen.", "mark", Place.AROUND)
        join(world, mine, two[0], Sign.WORSE, "mark")
        join(world, *two, Sign.WORSE, "noor")
        think(world, two[1], View.AGREE, "mark")
        back(world, tent, "mark")
        assert not tent.remarks.filter(removed_at=None).exists()
        back(world, tent, "mark")
        assert standing(tent) == [("Er is vaak ruzie.", "worse", "Noor slaapt slecht")]
        back(world, tent, "mark")
        assert [one.text for one in screen(world, tent, "noor").factors] == [
            "Er is vaak ruzie.",
            "Noor slaapt slecht",
        ]
        with refused("step.none"):
            back(world, tent, "mark")
        steps = Entry.objects.filter(code="tent.step_undone").order_by("id")
        assert [one.facts["step"] for one in steps] == ["remarked", "linked", "written"]

    def test_a_changed_line_and_a_changed_mind_are_as_they_were(
        self, world: World, tent: Tent, two: tuple[Piece, Piece]
    ) -> None:
        line = join(world, *two, Sign.WORSE, "noor")
        world.at += timedelta(minutes=1)
        actions.change_sign(actor=world.actor("noor"), link_id=line.pk, sign=Sign.KEEPS, at=world.at)
        back(world, tent, "noor")
        assert standing(tent) == [("Er is vaak ruzie.", "worse", "Noor slaapt slecht")]
        world.at += timedelta(minutes=1)
        actions.cut(actor=world.actor("noor"), link_id=line.pk, at=world.at)
        back(world, tent, "noor")
        assert len(standing(tent)) == 1
        think(world, two[0], View.AGREE, "mark")
        think(world, two[0], View.DIFFER, "mark", "Toch niet.")
        back(world, tent, "mark")
        assert [one.view for one in tent.remarks.filter(removed_at=None)] == [View.AGREE]

    def test_what_another_drew_on_from_is_not_pulled_away(
        self, world: World, tent: Tent, two: tuple[Piece, Piece]
    ) -> None:
        join(world, *two, Sign.WORSE, "anouk")
        with refused("step.built_on"):
            back(world, tent, "noor")
        assert len(standing(tent)) == 1

    def test_a_line_that_lies_there_again_is_not_drawn_over(
        self, world: World, tent: Tent, two: tuple[Piece, Piece]
    ) -> None:
        line = join(world, *two, Sign.WORSE, "noor")
        world.at += timedelta(minutes=1)
        actions.cut(actor=world.actor("noor"), link_id=line.pk, at=world.at)
        join(world, *two, Sign.SOFTENS, "anouk")
        with refused("link.twice"):
            back(world, tent, "noor")


class TestWhoSeesIt:
    def test_the_child_sees_no_line_to_what_is_about_another_and_nobodys_word_on_it(
        self, world: World, tent: Tent, two: tuple[Piece, Piece], house: Household
    ) -> None:
        hers = put(
            world,
            tent,
            "Mama werd vroeger geslagen.",
            "ellen",
            Place.PARENTS,
            about=Whom(house.member("Sanne").pk),
        )
        line = join(world, hers, two[0], Sign.WORSE, "ellen")
        think(world, hers, View.DIFFER, "mark", "Dat is lang geleden.")
        seen = str(screen(world, tent, "noor").drawing)
        assert "geslagen" not in seen
        assert "lang geleden" not in seen
        assert "Dat maakt erger: Er is vaak ruzie" in str(screen(world, tent, "sanne").drawing)
        with pytest.raises(NotVisible):
            actions.cut(actor=world.actor("noor"), link_id=line.pk, at=world.at)
        with pytest.raises(NotVisible):
            think(world, hers, View.AGREE, "noor")
        with pytest.raises(NotVisible):
            join(world, hers, two[1], Sign.WORSE, "noor")
