"""Who was there: said of who did not come, taken back for who comes late, and on the page that remains."""

from __future__ import annotations

from functools import partial

import pytest

from hendig.families.actions import add_parent, say_about
from hendig.families.models import Involvement, Part
from hendig.kernel.refusal import NotVisible
from hendig.tents import actions
from hendig.tents.models import Gesture, Page, Phase, Tent
from hendig.tents.rules import guide
from tests.support.matching import Household, household
from tests.support.refusals import code_of
from tests.support.shared import built_once
from tests.support.tents import agree, go_to, meeting, screen, talked_through, write
from tests.support.world import World
from tests.tents.test_pages import get, post, the_clock_of_the_world, words  # noqa: F401 - a fixture


@built_once
def tent(world: World, house: Household) -> Tent:
    """The talk is on, in the phase of understanding, led by Anouk; of the family only Noor and Sanne came."""
    tent = go_to(world, meeting(world, house), Phase.UNDERSTAND)
    say(world, tent, "mark", there=False)
    say(world, tent, "youssef", there=False)
    return tent


def say(world: World, tent: Tent, name: str, *, there: bool, who: str = "anouk") -> Tent:
    [person] = [one.id for one in screen(world, tent, "ellen").table if one.first_name.lower() == name]
    return actions.say_there(
        actor=world.actor(who), tent_id=tent.pk, person_id=person, there=there, at=world.at
    )


def away(world: World, tent: Tent, who: str = "ellen") -> set[str]:
    return {one.first_name for one in screen(world, tent, who).table if one.away}


def close(world: World, tent: Tent) -> Page:
    return actions.close(actor=world.actor("anouk"), tent_id=tent.pk, stops_here=True, at=world.at)


def people(tent: Tent) -> list[str]:
    return str(Page.objects.get(tent=tent).people).splitlines()


class TestSaying:
    def test_all_see_who_is_not_there_and_nobody_waits_for_them(self, world: World, tent: Tent) -> None:
        assert away(world, tent) == away(world, tent, "sanne") == {"Mark", "Youssef"}
        order = []
        while (now := screen(world, tent, "anouk").turns.now) is not None:
            order.append(now.first_name)
            turn = screen(world, tent, "anouk").turns.after
            actions.next_turn(actor=world.actor("anouk"), tent_id=tent.pk, turn=turn, at=world.at)
        assert order == ["Noor", "Sanne", "Ellen", "Anouk", "Sanne", "Noor"]

    def test_who_comes_late_says_so_or_just_takes_part(self, world: World, tent: Tent) -> None:
        say(world, tent, "mark", there=True, who="mark")
        write(world, tent, "Ik stond in de file.", "youssef")
        assert not Gesture.objects.away().exists()

    def test_the_coach_says_it_too_and_nobody_else_does_of_another(self, world: World, tent: Tent) -> None:
        say(world, tent, "mark", there=True, who="ellen")
        no = "there.who_leads_says"
        assert code_of(lambda: say(world, tent, "noor", there=False, who="sanne")) == no
        assert code_of(lambda: say(world, tent, "noor", there=False, who="youssef")) == no
        assert code_of(lambda: say(world, tent, "youssef", there=True, who="sanne")) == no

    def test_not_twice_and_not_of_who_took_part(self, world: World, tent: Tent) -> None:
        assert code_of(lambda: say(world, tent, "mark", there=False)) == "there.already"
        assert code_of(lambda: say(world, tent, "sanne", there=True)) == "there.already"
        write(world, tent, "Noor slaapt slecht", "sanne")
        assert code_of(lambda: say(world, tent, "sanne", there=False)) == "there.took_part"

    def test_a_chair_who_does_not_come_leads_nothing(self, world: World, tent: Tent) -> None:
        say(world, tent, "anouk", there=False, who="ellen")
        tent.refresh_from_db()
        assert tent.chair is None
        assert screen(world, tent, "ellen").leads

    def test_somebody_else_is_not_at_this_table(self, world: World, tent: Tent) -> None:
        with pytest.raises(NotVisible):
            actions.say_there(
                actor=world.actor("anouk"),
                tent_id=tent.pk,
                person_id=household(world, parent="Fatima", other="Ali", child="Sami").child.pk,
                there=False,
                at=world.at,
            )

    def test_before_the_talk_it_is_not_said(self, world: World, planned: Tent) -> None:
        assert code_of(lambda: say(world, planned, "mark", there=False, who="ellen")) == "there.not_begun"

    def test_a_talk_that_did_not_begin_after_all_forgets_it(self, world: World, tent: Tent) -> None:
        actions.undo_begin(actor=world.actor("ellen"), tent_id=tent.pk, at=world.at)
        assert not Gesture.objects.away().exists()


class TestThePage:
    def test_it_names_who_was_there(self, world: World, tent: Tent) -> None:
        close(world, tent)
        assert people(tent) == ["Sanne", "Noor", "Ellen Peeters, gezinscoach", people(tent)[-1]]
        assert people(tent)[-1].startswith("Anouk")

    def test_until_the_page_is_agreed_it_is_put_right(self, world: World, tent: Tent) -> None:
        close(world, tent)
        edition = Page.objects.get(tent=tent).edition
        say(world, tent, "mark", there=True)
        assert "Mark" in people(tent)
        say(world, tent, "noor", there=False, who="ellen")
        assert "Noor" not in people(tent)
        page = Page.objects.get(tent=tent)
        assert page.edition == edition + 2, "nobody agrees to it unread"
        agree(world, tent)
        assert code_of(lambda: say(world, tent, "noor", there=True)) == "there.agreed"
        assert screen(world, tent, "ellen").not_say_away is not None

    def test_what_the_family_wrote_there_itself_stays(self, world: World, tent: Tent) -> None:
        close(world, tent)
        page = Page.objects.get(tent=tent)
        actions.amend_page(
            actor=world.actor("sanne"),
            tent_id=tent.pk,
            edition=page.edition,
            question=page.question,
            understanding=page.understanding,
            goes_well=page.goes_well,
            agreements=page.agreements,
            people="Sanne\nOma Riet\nNoor",
            until_on=page.until_on,
            at=world.at,
        )
        say(world, tent, "noor", there=False)
        assert people(tent) == ["Sanne", "Oma Riet"]

    def test_a_child_without_an_account_was_not_there(
        self, world: World, tent: Tent, house: Household
    ) -> None:
        ellen = world.actor("ellen")
        add_parent(actor=ellen, family_id=house.family_id, first_name="Opa", at=world.at)
        assert "Opa" not in away(world, tent)
        say(world, tent, "opa", there=False)
        assert "Opa" in away(world, tent)
        close(world, tent)
        assert "Opa" not in people(tent)


class TestAfterwards:
    def test_a_guest_who_did_not_come_sees_nothing_once_it_is_over(self, world: World, tent: Tent) -> None:
        screen(world, tent, "youssef")
        close(world, tent)
        with pytest.raises(NotVisible):
            screen(world, tent, "youssef")
        screen(world, tent, "anouk")
        say(world, tent, "youssef", there=True)
        screen(world, tent, "youssef")
        say(world, tent, "youssef", there=False)
        with pytest.raises(NotVisible):
            screen(world, tent, "youssef")

    def test_whom_the_family_refused_since_does_not_come_back_by_it(self, world: World, tent: Tent) -> None:
        close(world, tent)
        say(world, tent, "youssef", there=True)
        youssef = world.account("youssef").pk
        record = tent.compartment.record_id
        say_about(actor=world.actor("sanne"), record_id=record, account_id=youssef, yes=False, at=world.at)
        say(world, tent, "youssef", there=False)
        say(world, tent, "youssef", there=True)
        assert not Involvement.objects.standing(world.at).filter(account=youssef, part=Part.GUEST).exists()

    def test_who_was_not_there_is_not_asked_whether_they_felt_heard(self, world: World, tent: Tent) -> None:
        close(world, tent)
        assert screen(world, tent, "mark").heard is None
        heard = screen(world, tent, "ellen").heard
        assert heard is not None
        assert "Mark" not in {one.first_name for one in heard.others}
        said = partial(actions.say_heard, actor=world.actor("mark"), tent_id=tent.pk, yes=True, at=world.at)
        assert code_of(said) == "heard.not_there"
        say(world, tent, "mark", there=True, who="mark")
        said()


class TestScreen:
    def test_who_leads_says_it_with_one_tap(self, world: World, tent: Tent) -> None:
        anouk = world.client("anouk")
        shown = words(get(anouk, "tent", tent.pk))
        assert "Is iemand er niet?" in shown
        assert "Is er toch" in shown
        mark = world.account("mark").pk
        assert post(anouk, "say_there", tent.pk, person_id=mark, there=1).status_code == 302
        assert away(world, tent) == {"Youssef"}
        assert post(world.client("sanne"), "say_there", tent.pk, person_id=mark, there=0).status_code == 422

    def test_who_is_not_there_says_that_they_came(self, world: World, tent: Tent) -> None:
        shown = words(get(world.client("mark"), "tent", tent.pk))
        assert "Ik ben er" in shown
        assert "Is iemand er niet?" not in shown
        assert "Ik ben er" not in words(get(world.client("sanne"), "tent", tent.pk))

    def test_the_page_asks_only_who_was_there(self, world: World, tent: Tent) -> None:
        close(world, tent)
        assert "Voelde u zich gehoord?" in words(get(world.client("sanne"), "tent_page", tent.pk))
        assert "Voelde u zich gehoord?" not in words(get(world.client("mark"), "tent_page", tent.pk))


def test_a_whole_talk_with_somebody_away(world: World, begun: Tent) -> None:
    """Talked through to the end, the page holds what was said and not who did not come."""
    say(world, begun, "youssef", there=False)
    talked_through(world, begun)
    close(world, begun)
    assert not any(line.startswith("Youssef") for line in people(begun))


@pytest.mark.parametrize(
    ("there", "away", "took_part", "code"),
    [
        (True, True, False, None),
        (True, True, True, None),
        (False, False, False, None),
        (False, False, True, "there.took_part"),
        (True, False, False, "there.already"),
        (False, True, False, "there.already"),
    ],
)
def test_why_not_that(there: bool, away: bool, took_part: bool, code: str | None) -> None:
    found = guide.why_not_that(there=there, away=away, took_part=took_part)
    assert (found and found.code) == code
