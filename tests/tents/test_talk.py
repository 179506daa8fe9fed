"""The guided talk: who speaks when, whose hand is up, what is understood, and who felt heard."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from functools import partial
from typing import Any
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hendig.audit.models import Entry
from hendig.families.models import FamilyMember
from hendig.kernel.refusal import Forbidden, NotVisible
from hendig.learning.queries import figures
from hendig.tents import actions
from hendig.tents.models import Gesture, GestureKind, Phase, Piece, PieceKind, Talk, Tent
from hendig.tents.rules import guide
from tests.support.matching import Household, household
from tests.support.refusals import code_of
from tests.support.shared import built_once
from tests.support.tents import (
    go_to,
    meeting,
    refuse,
    screen,
    talked_through,
    understood,
    write,
)
from tests.support.world import World

NOW = datetime(2026, 11, 26, 15, 30, tzinfo=UTC)


@built_once
def tent(world: World, house: Household) -> Tent:
    """The meeting is on, in the phase of understanding, led by Anouk."""
    return go_to(world, meeting(world, house), Phase.UNDERSTAND)


def raise_hand(world: World, tent: Tent, who: str) -> Gesture:
    return actions.raise_hand(actor=world.actor(who), tent_id=tent.pk, at=world.at)


def next_turn(world: World, tent: Tent, who: str = "anouk") -> Talk:
    turn = screen(world, tent, who).turns.after
    return actions.next_turn(actor=world.actor(who), tent_id=tent.pk, turn=turn, at=world.at)


class TestOrder:
    @given(st.lists(st.integers(0, 9), max_size=5), st.lists(st.integers(10, 19), max_size=5))
    def test_the_family_speaks_first_and_last_and_everybody_speaks(
        self, family: list[int], others: list[int]
    ) -> None:
        order = guide.round_of(family, others)
        assert set(order) == {*family, *others}
        assert order[: len(family)] == tuple(family)
        assert order[len(order) - len(family) :] == tuple(reversed(family))

    def test_the_child_begins_and_has_the_last_word(self, world: World, tent: Tent) -> None:
        heard = []
        while (now := screen(world, tent, "anouk").turns.now) is not None:
            heard.append(now.first_name)
            next_turn(world, tent)
        assert heard[0] == heard[-1] == "Noor"
        assert set(heard[1:3]) == {"Sanne", "Mark"}
        assert heard[3:6] == ["Ellen", "Anouk", "Youssef"]
        assert screen(world, tent, "sanne").turns.is_round_done

    def test_everybody_sees_who_is_up_and_who_is_next(self, world: World, tent: Tent) -> None:
        for who in ("noor", "sanne", "ellen", "youssef"):
            turns = screen(world, tent, who).turns
            assert (turns.now and turns.now.first_name, turns.by_hand) == ("Noor", False)
            assert turns.next is not None

    def test_a_next_phase_begins_a_new_round(self, world: World, tent: Tent) -> None:
        next_turn(world, tent)
        assert screen(world, tent, "noor").turns.now.first_name != "Noor"  # type: ignore[union-attr]
        go_to(world, tent, Phase.LISTEN)
        assert screen(world, tent, "noor").turns.now.first_name == "Noor"  # type: ignore[union-attr]

    def test_a_place_past_the_end_is_the_end(self, world: World, tent: Tent) -> None:
        actions.next_turn(actor=world.actor("anouk"), tent_id=tent.pk, turn=900, at=world.at)
        turns = screen(world, tent, "anouk").turns
        assert (turns.is_round_done, turns.next, turns.after) == (True, None, 0)

    @pytest.mark.parametrize("who", ["youssef", "ellen"])
    def test_only_who_leads_gives_the_floor(self, world: World, tent: Tent, who: str) -> None:
        assert code_of(lambda: next_turn(world, tent, who)) == "tent.not_the_chair"
        assert code_of(lambda: go_to(world, tent, Phase.GOES_WELL, who)) == "tent.not_the_chair"

    @pytest.mark.parametrize("who", ["sanne", "noor"])
    def test_the_family_never_has_to_lead(self, world: World, tent: Tent, who: str) -> None:
        with pytest.raises(Forbidden):
            next_turn(world, tent, who)
        with pytest.raises(Forbidden):
            go_to(world, tent, Phase.GOES_WELL, who)


class TestHands:
    def test_a_hand_is_seen_by_all_and_gets_the_floor(self, world: World, tent: Tent) -> None:
        hand = raise_hand(world, tent, "sanne")
        for who in ("noor", "anouk", "ellen"):
            assert [one.person.first_name for one in screen(world, tent, who).turns.hands] == ["Sanne"]
        actions.give_turn(actor=world.actor("anouk"), hand_id=hand.pk, at=world.at)
        turns = screen(world, tent, "noor").turns
        assert turns.now is not None
        assert (turns.now.first_name, turns.by_hand, turns.hands) == ("Sanne", True, ())
        next_turn(world, tent)
        assert not Gesture.objects.exists()
        assert screen(world, tent, "noor").turns.now.first_name != "Noor"  # type: ignore[union-attr]

    def test_nobody_raises_two_hands(self, world: World, tent: Tent) -> None:
        raise_hand(world, tent, "youssef")
        assert code_of(lambda: raise_hand(world, tent, "youssef")) == "hand.up"

    def test_a_hand_goes_down_by_oneself_or_by_who_leads(self, world: World, tent: Tent) -> None:
        def lower(who: str) -> Tent:
            return actions.lower_hand(actor=world.actor(who), hand_id=hand.pk, at=world.at)

        hand = raise_hand(world, tent, "sanne")
        assert code_of(lambda: lower("youssef")) == "hand.not_yours"
        lower("sanne")
        hand = raise_hand(world, tent, "sanne")
        lower("anouk")
        assert not Gesture.objects.exists()
        with pytest.raises(NotVisible):
            lower("anouk")

    def test_only_who_leads_gives_a_hand_the_floor(self, world: World, tent: Tent) -> None:
        hand = raise_hand(world, tent, "sanne")

        def give(who: str) -> Tent:
            return actions.give_turn(actor=world.actor(who), hand_id=hand.pk, at=world.at)

        assert code_of(lambda: give("ellen")) == "tent.not_the_chair"
        give("anouk")
        other = raise_hand(world, tent, "youssef")
        actions.give_turn(actor=world.actor("anouk"), hand_id=other.pk, at=world.at)
        assert list(Gesture.objects.values_list("account__first_name", flat=True)) == ["Youssef"]

    def test_who_is_not_at_the_table_finds_no_hand(self, world: World, tent: Tent) -> None:
        hand = raise_hand(world, tent, "sanne")
        with pytest.raises(NotVisible):
            actions.lower_hand(actor=world.actor("bram"), hand_id=hand.pk, at=world.at)
        raise_hand(world, tent, "youssef")
        refuse(world, tent, "youssef")
        assert [one.person.first_name for one in screen(world, tent, "anouk").turns.hands] == ["Sanne"]

    def test_when_the_talk_is_over_all_hands_are_down(self, world: World, tent: Tent) -> None:
        talked_through(world, tent)
        raise_hand(world, tent, "sanne")
        actions.close(actor=world.actor("anouk"), tent_id=tent.pk, at=world.at)
        assert not Gesture.objects.filter(kind=GestureKind.HAND).exists()
        assert code_of(lambda: raise_hand(world, tent, "sanne")) == "tent.not_meeting"


class TestTime:
    def test_it_says_how_long_this_phase_and_the_whole_talk_last(self, world: World, begun: Tent) -> None:
        world.later(minutes=7)
        go_to(world, begun, Phase.LISTEN)
        world.later(minutes=4, seconds=59)
        turns = screen(world, begun, "sanne").turns
        assert turns.here is not None
        assert turns.today is not None
        assert (turns.here.minutes, turns.today.minutes) == (4, 11)

    def test_a_talk_without_a_beginning_has_no_time(self) -> None:
        assert guide.lasted(None, NOW) is None

    @given(st.integers(-10_000, 10_000))
    def test_it_never_lasts_less_than_nothing(self, seconds: int) -> None:
        found = guide.lasted(NOW, NOW + timedelta(seconds=seconds))
        assert found is not None
        assert found.seconds == max(0, seconds)

    def test_who_has_all_arrived_begins_with_listening(self, world: World, planned: Tent) -> None:
        world.later(days=3)
        actions.begin(actor=world.actor("ellen"), tent_id=planned.pk, at=world.at, arrived=True)
        assert screen(world, planned, "sanne").phase == Phase.LISTEN


def say(member: UUID, minute: int, *, yes: bool = True) -> Gesture:
    return Gesture(kind=GestureKind.UNDERSTOOD, member_id=member, yes=yes, at=NOW + timedelta(minutes=minute))


def put(minute: int, kind: PieceKind = PieceKind.FACTOR) -> Piece:
    return Piece(kind=kind, at=NOW + timedelta(minutes=minute))


A, B = UUID(int=1), UUID(int=2)


class TestUnderstanding:
    @pytest.mark.parametrize(
        ("pieces", "signs", "agreed"),
        [
            ([put(0)], [], False),
            ([put(0)], [say(A, 1)], True),
            ([put(0)], [say(A, 2), say(B, 1, yes=False)], False),
            ([put(0)], [say(A, 1), say(B, 2, yes=False)], False),
            ([put(0), put(3)], [say(A, 1), say(B, 2, yes=False)], False),
            ([put(0), put(3)], [say(A, 4), say(B, 2, yes=False)], True),
            ([put(0), put(3, PieceKind.AGREEMENT)], [say(A, 4), say(B, 2, yes=False)], False),
            ([put(0), put(9)], [say(A, 1)], True),
        ],
        ids=[
            "nobody said it",
            "one says so",
            "a no that nothing answers",
            "a no after a yes",
            "a yes from before the no does not count",
            "answered and said again",
            "a solution answers nothing",
            "what is added later leaves it so",
        ],
    )
    def test_it_is_understood_when_the_family_says_so_and_nobody_is_overheard(
        self, pieces: list[Piece], signs: list[Gesture], agreed: bool
    ) -> None:
        assert guide.grasp(pieces, signs).understood is agreed

    def test_there_are_no_solutions_until_the_family_says_that_it_is_understood(
        self, world: World, tent: Tent
    ) -> None:
        write(world, tent, "Noor slaapt slecht", "noor")
        assert code_of(lambda: go_to(world, tent, Phase.DIRECTIONS)) == "tent.not_understood"
        understood(world, tent, "noor")
        assert go_to(world, tent, Phase.DIRECTIONS).phase == Phase.DIRECTIONS

    def test_a_not_yet_is_read_by_all_and_answered_on_the_table(self, world: World, tent: Tent) -> None:
        write(world, tent, "Noor slaapt slecht", "noor")
        understood(world, tent, "sanne")
        understood(world, tent, "mark", yes=False, words="Bij mij slaapt ze goed.")
        seen = screen(world, tent, "anouk").understanding
        assert seen is not None
        assert not seen.agreed
        assert ("Mark", "Bij mij slaapt ze goed.") in [(one.first_name, one.words) for one in seen.said]
        assert code_of(lambda: go_to(world, tent, Phase.DIRECTIONS)) == "tent.not_understood"
        world.later(minutes=1)
        write(world, tent, "Bij Mark slaapt Noor goed.", "mark")
        world.later(minutes=1)
        understood(world, tent, "sanne")
        assert go_to(world, tent, Phase.DIRECTIONS).phase == Phase.DIRECTIONS
        assert Gesture.objects.count() == 2, "who says it again does not say it twice"

    def test_who_leads_and_the_coach_write_down_what_is_said_aloud(self, world: World, tent: Tent) -> None:
        write(world, tent, "Noor slaapt slecht", "noor")
        noor = FamilyMember.objects.get(first_name="Noor")

        def note(who: str) -> Gesture:
            return actions.say_understood(
                actor=world.actor(who), tent_id=tent.pk, yes=True, member_id=noor.pk, at=world.at
            )

        assert code_of(lambda: note("youssef")) == "understood.family_says"
        assert code_of(lambda: note("sanne")) == "understood.family_says"
        sign = note("ellen")
        assert (sign.member_id, sign.author_id) == (noor.pk, world.account("ellen").pk)
        note("anouk")
        assert Gesture.objects.count() == 1

    @pytest.mark.parametrize("who", ["anouk", "ellen"])
    def test_nobody_else_says_it_for_themselves(self, world: World, tent: Tent, who: str) -> None:
        write(world, tent, "Noor slaapt slecht", "noor")
        assert code_of(lambda: understood(world, tent, who)) == "understood.family_says"

    def test_a_not_yet_says_what(self, world: World, tent: Tent) -> None:
        assert code_of(lambda: understood(world, tent, "sanne")) == "understood.nothing_yet"
        write(world, tent, "Noor slaapt slecht", "noor")
        assert (
            code_of(lambda: understood(world, tent, "sanne", yes=False, words="  ")) == "understood.say_what"
        )


class TestHeard:
    def hear(self, world: World, tent: Tent, who: str, *, yes: bool = True, words: str = "") -> Gesture:
        return actions.say_heard(actor=world.actor(who), tent_id=tent.pk, yes=yes, words=words, at=world.at)

    def test_each_who_was_there_says_it_and_the_tent_reads_it(self, world: World, closed: Tent) -> None:
        for who in ("noor", "sanne", "ellen", "anouk", "youssef"):
            self.hear(world, closed, who, words=f"Van {who}")
        self.hear(world, closed, "sanne", yes=False, words="Het ging snel.")
        heard = screen(world, closed, "youssef").heard
        assert heard is not None
        assert len(heard.said) == 5
        assert [(one.yes, one.words) for one in heard.said if one.first_name == "Sanne"] == [
            (False, "Het ging snel.")
        ]
        assert heard.mine is not None
        assert heard.mine.words == "Van youssef"

    def test_not_before_the_talk_is_over_and_not_by_who_was_not_there(self, world: World, tent: Tent) -> None:
        assert code_of(lambda: self.hear(world, tent, "sanne")) == "heard.not_over"
        with pytest.raises(NotVisible):
            self.hear(world, tent, "bram")

    def note(self, world: World, tent: Tent, who: str, member: UUID, **said: Any) -> Gesture:
        return actions.say_heard(
            actor=world.actor(who), tent_id=tent.pk, member_id=member, at=world.at, **({"yes": True} | said)
        )

    @pytest.mark.parametrize("who", ["ellen", "anouk"])
    def test_what_a_child_without_an_account_says_aloud_is_written_down(self, world: World, who: str) -> None:
        tent = meeting(world, household(world, child="Lot", born_on=date(2019, 5, 4)))
        actions.close(actor=world.actor("anouk"), tent_id=tent.pk, at=world.at, stops_here=True)
        lot = FamilyMember.objects.get(first_name="Lot")
        assert lot.account_id is None
        heard = screen(world, tent, who).heard
        assert heard is not None
        assert lot.pk in {one.member_id for one in heard.others}
        self.note(world, tent, who, lot.pk, yes=False)
        self.note(world, tent, who, lot.pk)
        heard = screen(world, tent, who).heard
        assert heard is not None
        assert [(one.first_name, one.yes, one.mine) for one in heard.said] == [(lot.first_name, True, False)]
        assert lot.pk not in {one.member_id for one in heard.others}
        facts = [one.facts for one in Entry.objects.filter(code="tent.heard")]
        assert facts == [{"member": str(lot.pk)}] * 2

    def test_another_writes_it_down_only_if_they_led_and_never_over_what_somebody_said_themself(
        self, world: World, closed: Tent, house: Household
    ) -> None:
        noor = house.member("Noor").pk
        for who in ("youssef", "sanne"):
            assert code_of(partial(self.note, world, closed, who, noor)) == "heard.each_says"
            assert not screen(world, closed, who).heard.others  # type: ignore[union-attr]
        self.note(world, closed, "anouk", noor)
        self.hear(world, closed, "noor", yes=False, words="Het ging over mij.")
        assert closed.gestures.filter(kind=GestureKind.HEARD).count() == 1
        assert code_of(lambda: self.note(world, closed, "ellen", noor)) == "heard.said_already"
        [said] = screen(world, closed, "noor").heard.said  # type: ignore[union-attr]
        assert (said.yes, said.words, said.mine) == (False, "Het ging over mij.", True)
        with pytest.raises(NotVisible):
            self.note(world, closed, "ellen", closed.pk)

    def test_the_log_says_that_it_was_said_and_not_what(self, world: World, closed: Tent) -> None:
        self.hear(world, closed, "noor", yes=False)
        assert Entry.objects.get(code="tent.heard").facts == {}

    def test_the_municipality_learns_how_often_and_never_of_a_few(self, world: World, closed: Tent) -> None:
        self.hear(world, closed, "noor")
        found = figures(world.actor("petra"), at=world.at).outcomes.heard
        assert [bar.value for bar in found.bars] == [None, None]
        assert found.total is None


def test_who_is_not_needed_loses_sight_of_the_record_by_itself(world: World, closed: Tent) -> None:
    """Youssef thought along and no match came of it: nobody has to do anything for it to end."""
    assert screen(world, closed, "youssef").is_closed
    world.later(days=14)
    with pytest.raises(NotVisible):
        screen(world, closed, "youssef")
    assert screen(world, closed, "sanne").is_closed
