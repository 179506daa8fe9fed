"""Two people of one first name at one table are two voices, and come and go each by themselves."""

from __future__ import annotations

from datetime import date
from uuid import UUID, uuid4

import pytest
from procrastinate.contrib.django.models import ProcrastinateJob

from hendig.audit.models import Entry
from hendig.families.actions import add_child, add_parent
from hendig.families.models import FamilyMember
from hendig.kernel.refusal import Words
from hendig.tents import actions
from hendig.tents.models import Page, Phase, Piece, Remark, Sign, Tent, View
from hendig.tents.queries.table import TentPage
from hendig.tents.rules.names import LONGEST, Person, told_apart
from tests.support.families import trusted
from tests.support.matching import Household, household
from tests.support.shared import built_once
from tests.support.tents import (
    answer,
    call_tent,
    go_to,
    meeting,
    screen,
    talked_through,
    understood,
    welcome,
    write,
)
from tests.support.world import World
from tests.tents.test_pages import get, the_clock_of_the_world, words  # noqa: F401 - a fixture

NURSE, AUNT = "Anouk (jeugdhulpverlener)", "Anouk (ouder)"


@built_once
def house(world: World) -> Household:
    """With an Anouk of its own, who has no account: at the table sits the professional Anouk as well."""
    found = household(world)
    add_parent(actor=world.actor("ellen"), family_id=found.family_id, first_name="Anouk", at=world.at)
    return found


@built_once
def tent(world: World, house: Household) -> Tent:
    return go_to(world, meeting(world, house), Phase.UNDERSTAND)


def aunt(house: Household) -> FamilyMember:
    return house.member("Anouk")


def both_speak(world: World, tent: Tent, house: Household) -> tuple[Piece, Piece]:
    """The nurse writes for herself, and the coach for the Anouk of the family."""
    hers = write(world, tent, "Noor piekert veel", "anouk")
    return hers, write(world, tent, "Thuis is er ruzie", "ellen", voice_of=aunt(house).pk)


def people(tent: Tent) -> list[str]:
    return str(Page.objects.get(tent=tent).people).splitlines()


def away(page: TentPage) -> set[str]:
    return {one.first_name for one in page.table if one.away}


def say(world: World, tent: Tent, person_id: UUID, *, there: bool) -> None:
    actions.say_there(
        actor=world.actor("ellen"), tent_id=tent.pk, person_id=person_id, there=there, at=world.at
    )


@pytest.mark.parametrize(
    ("people", "names"),
    [
        ([("Noor", "", "kind"), ("Anouk", "", "ouder")], ["Noor", "Anouk"]),
        ([("Jan", "", "kind"), ("jan", "", "ouder")], ["Jan (kind)", "jan (ouder)"]),
        ([("Jan", "Bos", "ouder"), ("Jan", "van den Berg", "ouder")], ["Jan (1)", "Jan (2)"]),
        ([("Jan", "Bos", "ouder"), ("Jan", "de Wit", "ouder")], ["Jan B.", "Jan W."]),
        ([("Jan", "", "ouder"), ("Jan", "", "ouder"), ("Bo", "", "kind")], ["Jan (1)", "Jan (2)", "Bo"]),
        ([("Jan", "Bos", "r" * 70), ("Jan", "Wit", "kind")], ["Jan B.", "Jan W."]),
        ([("J" * 60, "", ""), ("J" * 60, "", "ouder")], ["J" * 55 + " (1)", "J" * 55 + " (2)"]),
    ],
)
def test_what_tells_two_of_one_name_apart(people: list[tuple[str, str, Words]], names: list[str]) -> None:
    given = [
        Person(key, first, last, role)
        for key, (first, last, role) in zip(sorted(uuid4() for _ in people), people, strict=True)
    ]
    found = told_apart(given)
    assert [found[one.key] for one in given] == names
    assert max(map(len, names)) <= LONGEST


class TestVoices:
    def test_each_is_called_by_what_they_are_here(self, world: World, tent: Tent) -> None:
        table = screen(world, tent, "noor").table
        names = [one.first_name for one in table]
        assert sorted(names) == [NURSE, AUNT, "Ellen", "Mark", "Noor", "Sanne", "Youssef"]
        roles = {one.first_name: one.role for one in table}
        assert (roles[AUNT], roles["Sanne"]) == ("", "ouder"), "what the name says is not said twice"

    def test_they_stand_apart_in_the_drawing_and_in_its_words(
        self, world: World, tent: Tent, house: Household
    ) -> None:
        hers, other = both_speak(world, tent, house)
        actions.link(
            actor=world.actor("ellen"),
            tent_id=tent.pk,
            cause_id=other.pk,
            effect_id=hers.pk,
            sign=Sign.WORSE,
            voice_of=aunt(house).pk,
            at=world.at,
        )
        drawn = screen(world, tent, "sanne").drawing
        tags = {tag.text for box in drawn.desk.boxes for tag in box.tags if tag.kind == "voice"}
        assert tags == {"Anouk (jeugdhulp…", AUNT}, "as far as there is room"
        told = " ".join(line for one in drawn.paragraphs for line in one.sentences)
        assert f"zegt {NURSE}" in told
        assert f"zegt {AUNT}" in told
        shown = words(get(world.client("sanne"), "tent", tent.pk))
        assert NURSE in shown
        assert AUNT in shown

    def test_what_the_one_thinks_is_not_in_the_place_of_what_the_other_thinks(
        self, world: World, tent: Tent, house: Household
    ) -> None:
        piece = write(world, tent, "Noor slaapt slecht", "sanne")
        nurse = world.account("anouk").pk

        def thinks(who: UUID, text: str) -> Remark:
            return actions.remark(
                actor=world.actor("ellen"),
                piece_id=piece.pk,
                view=View.DIFFER,
                text=text,
                voice_of=who,
                at=world.at,
            )

        thinks(nurse, "Dat valt mee.")
        thinks(aunt(house).pk, "Ze slaapt juist lang.")
        thinks(nurse, "Alleen op zondag.")
        standing = Remark.objects.filter(removed_at=None).order_by("id")
        assert [(one.voice, one.text) for one in standing] == [
            (AUNT, "Ze slaapt juist lang."),
            (NURSE, "Alleen op zondag."),
        ]
        actions.step_back(actor=world.actor("ellen"), tent_id=tent.pk, at=world.at)
        standing = Remark.objects.filter(removed_at=None).order_by("id")
        assert [one.text for one in standing] == ["Dat valt mee.", "Ze slaapt juist lang."]

    def test_their_taps_stand_apart(self, world: World, tent: Tent, house: Household) -> None:
        both_speak(world, tent, house)
        understanding = screen(world, tent, "ellen").understanding
        assert understanding is not None
        assert AUNT in {one.first_name for one in understanding.others}
        actions.say_understood(
            actor=world.actor("ellen"),
            tent_id=tent.pk,
            member_id=aunt(house).pk,
            yes=True,
            words="",
            at=world.at,
        )
        understood(world, tent, "noor")
        understanding = screen(world, tent, "sanne").understanding
        assert understanding is not None
        assert {one.first_name for one in understanding.said} == {AUNT, "Noor"}


class TestComingAndGoing:
    def test_the_one_goes_and_the_other_stays(self, world: World, tent: Tent, house: Household) -> None:
        say(world, tent, aunt(house).pk, there=False)
        assert away(screen(world, tent, "sanne")) == {AUNT}
        talked_through(world, tent)
        actions.close(actor=world.actor("anouk"), tent_id=tent.pk, at=world.at)
        there = people(tent)
        assert AUNT not in there
        assert any(one.startswith("Anouk") for one in there)
        say(world, tent, aunt(house).pk, there=True)
        assert people(tent) == [*there, AUNT]
        say(world, tent, aunt(house).pk, there=False)
        assert people(tent) == there

    def test_of_two_called_the_same_to_the_letter_one_line_goes(
        self, world: World, tent: Tent, house: Household
    ) -> None:
        ellen = world.actor("ellen")
        opas = [
            add_parent(actor=ellen, family_id=house.family_id, first_name="Opa", at=world.at)
            for _ in range(2)
        ]
        actions.close(actor=world.actor("anouk"), tent_id=tent.pk, stops_here=True, at=world.at)
        page = Page.objects.get(tent=tent)
        actions.amend_page(
            actor=world.actor("sanne"),
            tent_id=tent.pk,
            edition=page.edition,
            question=page.question,
            understanding=page.understanding,
            goes_well=page.goes_well,
            agreements=page.agreements,
            people="Opa (2)\nOpa (2)\nOpa (1)",
            until_on=page.until_on,
            at=world.at,
        )
        say(world, tent, max(one.pk for one in opas), there=False)
        assert people(tent) == ["Opa (2)", "Opa (1)"]


class TestWhoComesLater:
    def test_what_was_said_before_is_told_apart_too(self, world: World, house: Household) -> None:
        tent = call_tent(world, house.request)
        answer(world, tent, "anouk", "youssef")
        welcome(world, tent, "youssef")
        world.later(days=3)
        tent = actions.begin(actor=world.actor("ellen"), tent_id=tent.pk, at=world.at)
        go_to(world, tent, Phase.UNDERSTAND, "youssef")
        said = write(world, tent, "Thuis is er ruzie", "ellen", voice_of=aunt(house).pk)
        asked = write(world, tent, "Noor piekert", "youssef")
        assert said.voice == "Anouk"
        welcome(world, tent, "anouk")
        said.refresh_from_db()
        asked.refresh_from_db()
        assert (said.voice, asked.voice) == (AUNT, "Youssef")
        assert write(world, tent, "Ze piekert", "anouk").voice == NURSE

    def test_who_comes_into_the_family_in_mid_talk_is_told_apart_from_who_spoke(
        self, world: World, tent: Tent, house: Household
    ) -> None:
        """The words of before say whose they are, on every device, and so do those of after."""
        said = write(world, tent, "Noor piekert veel", "sanne")
        line = actions.link(
            actor=world.actor("sanne"),
            tent_id=tent.pk,
            cause_id=said.pk,
            effect_id=write(world, tent, "Ze slaapt slecht", "mark").pk,
            sign=Sign.WORSE,
            at=world.at,
        )
        thought = actions.remark(
            actor=world.actor("sanne"), piece_id=said.pk, view=View.FIRST, text="Dit eerst.", at=world.at
        )
        assert {said.voice, line.voice, thought.voice} == {"Sanne"}
        coming(world, house, "Sanne", work=True)
        for one in (said, line, thought):
            one.refresh_from_db()
            assert one.voice == "Sanne (1)"
        later = write(world, tent, "Ik maak me zorgen", "sanne")
        assert later.voice == "Sanne (1)"
        page = screen(world, tent, "youssef")
        shown = {piece.voice for pile in page.piles for piece in pile.pieces}
        assert ("Sanne" in shown, "Sanne (1)" in shown) == (False, True)
        assert {"Sanne (1)", "Sanne (2)"} <= {one.first_name for one in page.table}
        told = Entry.objects.filter(code="tent.told_apart")
        assert [one.object_id for one in told] == [tent.pk], "what a device of this tent listens to"

    def test_who_shares_no_name_is_shown_at_the_table_and_renames_nobody(
        self, world: World, tent: Tent, house: Household
    ) -> None:
        said = write(world, tent, "Noor piekert veel", "sanne")
        coming(world, house, "Bo", work=True)
        said.refresh_from_db()
        assert said.voice == "Sanne"
        assert Entry.objects.filter(code="tent.told_apart").count() == 1

    def test_a_worker_hears_of_it_in_the_same_breath_also_of_a_child_and_of_who_is_trusted(
        self, world: World, house: Household
    ) -> None:
        coming(world, house, "Sanne")
        add_child(
            actor=world.actor("ellen"),
            family_id=house.family_id,
            first_name="Bo",
            born_on=date(2016, 5, 4),
            at=world.at,
        )
        before = deferred(house)
        trusted(world, house.request.compartment.record_id, by="noor")
        assert (before, deferred(house)) == (before, before + 1)
        assert before >= 3

    def test_what_was_said_at_a_table_that_is_over_stays_as_it_was(
        self, world: World, tent: Tent, house: Household
    ) -> None:
        said = write(world, tent, "Noor piekert veel", "sanne")
        actions.close(actor=world.actor("anouk"), tent_id=tent.pk, stops_here=True, at=world.at)
        coming(world, house, "Sanne", work=True)
        said.refresh_from_db()
        assert said.voice == "Sanne"
        assert not Entry.objects.filter(code="tent.told_apart").exists()


def coming(world: World, house: Household, name: str, *, work: bool = False) -> None:
    """Somebody comes into the family; with `work` the worker did what it was asked."""
    add_parent(actor=world.actor("ellen"), family_id=house.family_id, first_name=name, at=world.at)
    if work:
        actions.tell_tables_apart(
            municipality_id=world.municipality.pk, family_id=house.family_id, at=world.at
        )


def deferred(house: Household) -> int:
    jobs = ProcrastinateJob.objects.filter(task_name="tents.tell_apart")
    return jobs.filter(args__family_id=str(house.family_id)).count()
