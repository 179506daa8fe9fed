"""Calling, choosing, meeting, and the page: done, refused with a reason, and at the same time."""

from __future__ import annotations

from datetime import time, timedelta
from functools import partial

import pytest
from django.db import InternalError, ProgrammingError, connection, transaction

from hendig.audit.actions import change
from hendig.audit.models import Entry
from hendig.families.models import FamilyMember, Involvement, MemberKind, Part
from hendig.helprequests.models import Stage, WaitingOn
from hendig.kernel.refusal import Forbidden, NotVisible, Refused
from hendig.people.actions import tell
from hendig.people.models import Notice
from hendig.tents import actions, jobs, queries
from hendig.tents.models import Page, PageStage, Phase, Piece, PieceKind, SeatStage, Tent, TentStage
from tests.support.matching import Household, household
from tests.support.refusals import code_of
from tests.support.tents import (
    agree,
    amend,
    answer,
    born_for,
    call_tent,
    closed_tent,
    go_to,
    look,
    meeting,
    refuse,
    screen,
    seat,
    talked_through,
    understood,
    welcome,
    write,
)
from tests.support.together import at_once
from tests.support.world import World, build_world


def told(world: World, code: str) -> set[str]:
    """Who hears of the entries with this code."""
    entries = list(Entry.objects.filter(code=code).order_by("id"))
    tell(entry_ids=[entry.pk for entry in entries], at=world.at)
    rows = Notice.objects.filter(entry_id__in=[entry.pk for entry in entries]).select_related("account")
    return {row.account.first_name for row in rows}


class TestCalling:
    def test_one_professional_is_asked_for_each_expertise(self, world: World, house: Household) -> None:
        tent = call_tent(world, house.request, "angst", "scheiding")
        asked = set(tent.seats.values_list("professional__account__first_name", "expertise__slug", "stage"))
        assert asked == {("Anouk", "angst", "asked"), ("Youssef", "scheiding", "asked")}
        house.request.refresh_from_db()
        assert (house.request.stage, house.request.waiting_on) == (Stage.TENT, WaitingOn.PROFESSIONAL)
        assert told(world, "tent.called") == {"Anouk", "Youssef"}

    def test_two_tents_for_one_person_at_one_time_are_possible_and_told(
        self, world: World, house: Household
    ) -> None:
        anouk = [world.professionals["anouk"].pk]
        tent = call_tent(world, house.request, "angst", professional_ids=anouk)
        assert [one.clashes for one in screen(world, tent, "ellen").guests] == [False]
        assert [one.clashes for one in queries.seats_for(world.actor("anouk"), at=world.at)] == [False]
        other = household(world, parent="Fatima", other="Ali", child="Sami")
        soon = tent.starts_at + timedelta(minutes=45)
        call_tent(world, other.request, "angst", starts_at=soon, professional_ids=anouk)
        assert [one.clashes for one in screen(world, tent, "ellen").guests] == [True]
        assert [one.clashes for one in screen(world, tent, "sanne").guests] == [False], "the coach's to solve"
        seats = queries.seats_for(world.actor("anouk"), at=world.at)
        assert [one.clashes for one in seats] == [True, True]
        for seat_ in seats:
            actions.answer_seat(actor=world.actor("anouk"), seat_id=seat_.id, can=True, at=world.at)

    @pytest.mark.parametrize(
        ("later", "minutes", "clash"),
        [
            # A tent of four hours, and one two hours after it began.
            (120, 240, True),
            (239, 240, True),
            (240, 240, False),
            # Two short ones, one right after the other.
            (30, 30, False),
            (29, 30, True),
            (-89, 240, True),
            (-90, 240, False),
        ],
    )
    def test_two_tents_clash_when_one_goes_on_during_the_other(
        self, world: World, house: Household, later: int, minutes: int, clash: bool
    ) -> None:
        anouk = [world.professionals["anouk"].pk]
        row = actions.make_recurring(
            actor=world.actor("ellen"),
            name="Vrijdag",
            weekday=4,
            starts_at=time(12),
            place="De Linde",
            minutes=minutes,
            families=1,
            from_on=world.at.date(),
            at=world.at,
        )
        slot = queries.free_slots(world.actor("ellen"), at=world.at)[0]
        tent = call_tent(
            world,
            house.request,
            "angst",
            professional_ids=anouk,
            starts_at=slot.starts_at,
            place="",
            recurring_id=row.pk,
        )
        other = household(world, parent="Fatima", other="Ali", child="Sami")
        before = queries.call_page(look(world, other.family_id, "ellen"), other.request.pk)
        assert [(one.starts_at, one.ends_at) for one in before.engaged] == [(tent.starts_at, tent.ends_at)]
        then = slot.starts_at + timedelta(minutes=later)
        second = call_tent(world, other.request, "angst", starts_at=then, professional_ids=anouk)
        for one in (tent, second):
            assert [guest.clashes for guest in screen(world, one, "ellen").guests] == [clash]
            assert screen(world, one, "ellen").engaged is clash
        assert not screen(world, tent, "sanne").engaged
        seats = queries.seats_for(world.actor("anouk"), at=world.at)
        assert [one.clashes for one in seats] == [clash, clash]

    def test_who_coaches_neither_hears_of_no_clash_and_a_cancelled_tent_is_none(
        self, world: World, house: Household
    ) -> None:
        tent = call_tent(world, house.request, "angst")
        assert not screen(world, tent, "ellen").engaged
        other = household(world, parent="Fatima", other="Ali", child="Sami")
        second = call_tent(world, other.request, "scheiding")
        assert screen(world, tent, "ellen").engaged
        actions.cancel_tent(actor=world.actor("ellen"), tent_id=second.pk, at=world.at)
        assert not screen(world, tent, "ellen").engaged

    def test_nobody_is_asked_whom_no_coach_picked(self, world: World, house: Household) -> None:
        code = code_of(lambda: call_tent(world, house.request, "opvoeden", professional_ids=[]))
        assert code == "tent.nobody_picked"
        assert not Tent.objects.exists()

    def test_who_is_picked_is_asked(self, world: World, house: Household) -> None:
        both = [world.professionals[name].pk for name in ("anouk", "youssef")]
        tent = call_tent(world, house.request, "opvoeden", professional_ids=both)
        assert set(tent.seats.values_list("professional_id", flat=True)) == set(both)

    def test_what_is_missing_or_past_is_refused(self, world: World, house: Household) -> None:
        request, ellen = house.request, world.actor("ellen")
        soon = world.at + timedelta(days=1)
        for_nothing = partial(
            actions.call_tent,
            actor=ellen,
            request_id=request.pk,
            starts_at=soon,
            place="hier",
            expertise_ids=[],
            at=world.at,
        )
        assert code_of(for_nothing) == "tent.no_expertise"
        assert code_of(lambda: call_tent(world, request, place="")) == "tent.nowhere"
        assert code_of(lambda: call_tent(world, request, starts_at=world.at)) == "tent.in_the_past"
        assert not Tent.objects.exists()

    def test_a_professional_of_the_own_family_is_refused_and_never_proposed(
        self, world: World, house: Household
    ) -> None:
        with change(world.system, "family.parent_added", at=world.at) as act:
            act.record(
                FamilyMember.objects.create(
                    family_id=house.family_id,
                    account=world.account("anouk"),
                    kind=MemberKind.CONFIDANT,
                    first_name="Anouk",
                )
            )
        picked = [world.professionals["anouk"].pk]
        assert code_of(lambda: call_tent(world, house.request, professional_ids=picked)) == "tent.own_family"
        nobody = partial(call_tent, world, house.request, "angst", professional_ids=[])
        assert code_of(nobody) == "tent.nobody_can"
        page = queries.call_page(look(world, house.family_id, "ellen"), house.request.pk)
        assert "Anouk" not in {person.person.first_name for one in page.proposals for person in one.people}

    def test_there_is_one_tent_at_a_time(self, world: World, house: Household) -> None:
        tent = call_tent(world, house.request)
        assert code_of(lambda: call_tent(world, house.request)) == "tent.standing"
        actions.cancel_tent(actor=world.actor("ellen"), tent_id=tent.pk, at=world.at)
        assert call_tent(world, house.request).stage == TentStage.CALLING

    def test_another_coach_does_not_see_the_question_and_the_family_does_not_call(
        self, world: World, house: Household
    ) -> None:
        with pytest.raises(NotVisible):
            call_tent(world, house.request, who="bram")
        with pytest.raises(Forbidden):
            call_tent(world, house.request, who="sanne")


class TestSeats:
    def test_the_asked_professional_sees_no_name_and_no_word_of_the_family(
        self, world: World, house: Household
    ) -> None:
        tent = call_tent(world, house.request)
        asked = queries.seats_for(world.actor("anouk"), at=world.at)
        assert [(one.expertise, one.by_video) for one in asked] == [("Angst en somberheid", False)]
        with pytest.raises(NotVisible):
            screen(world, tent, "anouk")
        assert not queries.my_tents(world.actor("anouk"), at=world.at)

    def test_an_answer_makes_the_question_wait_on_the_family(self, world: World, house: Household) -> None:
        tent = call_tent(world, house.request)
        answer(world, tent, "anouk")
        house.request.refresh_from_db()
        assert house.request.waiting_on == WaitingOn.FAMILY
        assert told(world, "tent.seat_answered") == {"Sanne", "Mark", "Noor"}

    def test_nobody_answers_for_another(self, world: World, house: Household) -> None:
        tent = call_tent(world, house.request)
        theirs = seat(tent, "anouk").pk
        with pytest.raises(NotVisible):
            actions.answer_seat(actor=world.actor("youssef"), seat_id=theirs, can=True, at=world.at)
        with pytest.raises(Forbidden):
            actions.answer_seat(actor=world.actor("sanne"), seat_id=theirs, can=True, at=world.at)

    def test_only_a_welcome_opens_the_tent_until_two_weeks_after_the_meeting(
        self, world: World, house: Household
    ) -> None:
        tent = call_tent(world, house.request)
        answer(world, tent, "anouk", "youssef")
        welcome(world, tent, "anouk")
        assert screen(world, tent, "anouk").question == house.request.words
        with pytest.raises(NotVisible):
            screen(world, tent, "youssef")
        tent.refresh_from_db()
        assert tent.stage == TentStage.PLANNED
        world.later(days=3 + 14, seconds=-1)
        assert screen(world, tent, "anouk").question == house.request.words
        world.later(seconds=1)
        with pytest.raises(NotVisible):
            screen(world, tent, "anouk")

    def test_a_later_no_closes_the_tent_at_once(self, world: World, begun: Tent) -> None:
        assert begun.chair == world.account("anouk")
        refuse(world, begun, "anouk", who="noor")
        with pytest.raises(NotVisible):
            screen(world, begun, "anouk")
        with pytest.raises(NotVisible):
            write(world, begun, "Nog één ding.", "anouk")
        assert Tent.objects.get(pk=begun.pk).chair is None
        assert screen(world, begun, "ellen").leads

    def test_a_guest_of_two_tents_stays_for_the_other(
        self, world: World, closed: Tent, house: Household
    ) -> None:
        second = call_tent(world, house.request)
        answer(world, second, "anouk")
        welcome(world, second, "anouk")
        refuse(world, second, "anouk")
        with pytest.raises(NotVisible):
            screen(world, second, "anouk")
        assert screen(world, closed, "anouk").question == house.request.words
        until = Involvement.objects.get(account=world.account("anouk"), part=Part.GUEST).until_at
        assert until == closed.starts_at + timedelta(days=14)

    def test_welcome_for_all_leaves_out_who_was_refused(self, world: World, house: Household) -> None:
        tent = call_tent(world, house.request)
        answer(world, tent, "anouk", "youssef")
        refuse(world, tent, "youssef", who="mark")
        actions.welcome_all(actor=world.actor("sanne"), tent_id=tent.pk, at=world.at)
        assert seat(tent, "youssef").stage == SeatStage.REFUSED
        assert code_of(lambda: welcome(world, tent, "youssef")) == "seat.refused_meanwhile"
        actions.welcome_guest(
            actor=world.actor("mark"), seat_id=seat(tent, "youssef").pk, at=world.at, again=True
        )
        assert screen(world, tent, "youssef").question == house.request.words

    def test_the_family_alone_decides_and_only_over_who_can_come(
        self, world: World, house: Household
    ) -> None:
        tent = call_tent(world, house.request)
        assert code_of(lambda: welcome(world, tent, "anouk")) == "seat.not_free"
        answer(world, tent, "anouk")
        with pytest.raises(Forbidden):
            welcome(world, tent, "anouk", who="ellen")
        household(world, parent="Fatima", other="Ali", child="Sami")
        with pytest.raises(NotVisible):
            welcome(world, tent, "anouk", who="fatima")

    def test_a_guest_who_cannot_come_after_all_sees_nothing_more(
        self, world: World, planned: Tent, house: Household
    ) -> None:
        answer(world, planned, "anouk", "youssef", can=False)
        with pytest.raises(NotVisible):
            screen(world, planned, "anouk")
        planned.refresh_from_db()
        house.request.refresh_from_db()
        assert (planned.stage, house.request.waiting_on) == (TentStage.CALLING, WaitingOn.COACH)

    def test_a_cancelled_tent_has_no_guests(self, world: World, planned: Tent, house: Household) -> None:
        actions.cancel_tent(actor=world.actor("sanne"), tent_id=planned.pk, at=world.at)
        with pytest.raises(NotVisible):
            screen(world, planned, "anouk")
        assert told(world, "tent.cancelled") == {"Mark", "Noor", "Anouk", "Youssef", "Ellen"}
        house.request.refresh_from_db()
        assert house.request.waiting_on == WaitingOn.COACH


class TestMeeting:
    def test_the_first_welcome_guest_leads_and_hands_over(self, world: World, begun: Tent) -> None:
        assert (begun.stage, begun.phase) == (TentStage.MEETING, Phase.ARRIVE)
        assert code_of(lambda: go_to(world, begun, Phase.LISTEN, "youssef")) == "tent.not_the_chair"
        assert code_of(lambda: go_to(world, begun, Phase.LISTEN, "ellen")) == "tent.not_the_chair"
        give_chair = partial(actions.give_chair, tent_id=begun.pk, at=world.at)
        give_chair(actor=world.actor("anouk"), account_id=world.account("youssef").pk)
        assert go_to(world, begun, Phase.LISTEN, "youssef").phase == Phase.LISTEN
        give_chair(actor=world.actor("ellen"), account_id=None)
        assert go_to(world, begun, Phase.UNDERSTAND, "ellen").phase == Phase.UNDERSTAND

    def test_the_coach_does_not_chair(self, world: World, planned: Tent) -> None:
        ellen = world.actor("ellen")
        begin = partial(
            actions.begin,
            actor=ellen,
            tent_id=planned.pk,
            chair_account_id=ellen.account_id,
            at=world.later(days=3),
        )
        assert code_of(begin) == "tent.chair_is_no_guest"

    def test_the_phase_chooses_the_kind_and_the_voice_is_who_said_it(
        self, world: World, begun: Tent, house: Household
    ) -> None:
        assert code_of(lambda: write(world, begun, "Dag")) == "tent.arriving"
        go_to(world, begun, Phase.LISTEN)
        own = write(world, begun, "Hoe wordt het weer fijn?", "noor")
        typed = write(world, begun, "Dat wil ik ook.", "ellen", voice_of=house.member("Mark").pk)
        go_to(world, begun, Phase.UNDERSTAND)
        tired = write(world, begun, "Noor slaapt slecht.")
        assert [(p.kind, p.voice) for p in (own, typed, tired)] == [
            ("question", "Noor"),
            ("question", "Mark"),
            ("factor", "Sanne"),
        ]
        with pytest.raises(NotVisible):
            write(world, begun, "Ik was er niet.", voice_of=world.account("bram").pk)

    @pytest.mark.parametrize("who", ["ellen", "anouk", "youssef"])
    def test_nobody_begins_days_before_it_is_time(self, world: World, planned: Tent, who: str) -> None:
        begin = partial(actions.begin, tent_id=planned.pk)
        assert code_of(lambda: begin(actor=world.actor(who), at=world.at)) == "tent.too_early_to_begin"
        no = screen(world, planned, who).not_begin
        assert no is not None
        assert no.code == "tent.too_early_to_begin"
        world.later(days=3, hours=-1)
        assert screen(world, planned, who).not_begin is None
        assert begin(actor=world.actor(who), at=world.at).stage == TentStage.MEETING

    def test_a_beginning_by_accident_is_undone_and_the_tent_can_be_moved_or_cancelled(
        self, world: World, begun: Tent, house: Household
    ) -> None:
        raised = partial(actions.raise_hand, actor=world.actor("noor"), tent_id=begun.pk)
        raised(at=world.at)
        undone = actions.undo_begin(actor=world.actor("youssef"), tent_id=begun.pk, at=world.at)
        assert (undone.stage, undone.phase, undone.chair) == (TentStage.PLANNED, Phase.ARRIVE, None)
        assert not begun.gestures.exists()
        assert told(world, "tent.begin_undone") == {"Sanne", "Mark", "Noor", "Anouk"}
        house.request.refresh_from_db()
        assert house.request.waiting_on == WaitingOn.TENT
        actions.move_tent(
            actor=world.actor("ellen"),
            tent_id=begun.pk,
            starts_at=world.at + timedelta(days=2),
            place=begun.place,
            at=world.at,
        )
        world.later(days=2, minutes=5)
        actions.begin(actor=world.actor("ellen"), tent_id=begun.pk, at=world.at)
        today = screen(world, begun, "sanne").turns.today
        assert today is not None
        assert today.minutes == 0
        actions.undo_begin(actor=world.actor("ellen"), tent_id=begun.pk, at=world.at)
        actions.cancel_tent(actor=world.actor("ellen"), tent_id=begun.pk, at=world.at)
        assert call_tent(world, house.request).stage == TentStage.CALLING

    def test_what_was_said_is_not_undone(self, world: World, begun: Tent) -> None:
        go_to(world, begun, Phase.LISTEN)
        piece = write(world, begun, "Hoe wordt het weer fijn?", "noor")
        undo = partial(actions.undo_begin, tent_id=begun.pk, at=world.at)
        assert code_of(lambda: undo(actor=world.actor("ellen"))) == "tent.something_said"
        no = screen(world, begun, "ellen").not_undo_begin
        assert no is not None
        assert no.code == "tent.something_said"
        actions.remove_piece(actor=world.actor("noor"), piece_id=piece.pk, at=world.at)
        with pytest.raises(Forbidden):
            undo(actor=world.actor("sanne"))
        with pytest.raises(NotVisible):
            undo(actor=world.actor("bram"))
        assert undo(actor=world.actor("anouk")).stage == TentStage.PLANNED

    def test_a_talk_that_breaks_off_leaves_a_page_of_what_there_is_and_a_later_tent_can_be_called(
        self, world: World, begun: Tent, house: Household
    ) -> None:
        go_to(world, begun, Phase.LISTEN)
        write(world, begun, "Hoe wordt het weer fijn?", "noor")
        close = partial(actions.close, tent_id=begun.pk, at=world.at)
        assert code_of(lambda: close(actor=world.actor("anouk"))) == "tent.agree_first"
        stop = partial(close, stops_here=True)
        assert code_of(lambda: stop(actor=world.actor("ellen"))) == "tent.not_the_chair"
        page = stop(actor=world.actor("anouk"))
        assert page.question.splitlines()[-1] == "Hoe wordt het weer fijn?"
        assert (page.understanding, page.agreements) == ("", "")
        house.request.refresh_from_db()
        assert house.request.waiting_on == WaitingOn.FAMILY
        assert told(world, "tent.closed") == {"Sanne", "Mark", "Noor"}
        assert agree(world, begun).stage == PageStage.AGREED
        assert call_tent(world, house.request).stage == TentStage.CALLING

    def test_where_the_chair_went_home_the_coach_takes_over_and_stops(
        self, world: World, begun: Tent
    ) -> None:
        actions.give_chair(actor=world.actor("ellen"), tent_id=begun.pk, account_id=None, at=world.at)
        actions.close(actor=world.actor("ellen"), tent_id=begun.pk, at=world.at, stops_here=True)
        assert Tent.objects.get(pk=begun.pk).stage == TentStage.CLOSED

    def test_solutions_wait_until_something_is_understood(self, world: World, begun: Tent) -> None:
        go_to(world, begun, Phase.UNDERSTAND)
        direction = partial(write, world, begun, "Oma helpt.", kind=PieceKind.DIRECTION, circle="own")
        assert code_of(direction) == "tent.understand_first"
        assert code_of(lambda: go_to(world, begun, Phase.DIRECTIONS)) == "tent.understand_first"
        write(world, begun, "Noor slaapt slecht.")
        assert code_of(direction) == "tent.not_understood"
        understood(world, begun)
        assert code_of(direction) == "tent.no_solutions_yet"
        go_to(world, begun, Phase.DIRECTIONS)
        assert direction().circle == "own"

    def test_its_author_and_the_family_take_a_piece_away(self, world: World, begun: Tent) -> None:
        go_to(world, begun, Phase.LISTEN)

        def remove(piece: Piece, who: str) -> Piece:
            return actions.remove_piece(actor=world.actor(who), piece_id=piece.pk, at=world.at)

        first, second = write(world, begun, "Een", "anouk"), write(world, begun, "Twee", "anouk")
        assert code_of(lambda: remove(first, "youssef")) == "piece.not_yours"
        assert remove(first, "anouk").removed_at
        assert remove(second, "noor").removed_at
        with pytest.raises(NotVisible):
            remove(second, "noor")
        assert not screen(world, begun, "sanne").piles

    def test_a_text_of_200_000_letters_is_refused_in_words(self, world: World, begun: Tent) -> None:
        go_to(world, begun, Phase.LISTEN)
        assert code_of(lambda: write(world, begun, "x" * 200_000)) == "piece.too_long"

    def test_rounding_off_comes_after_agreeing(self, world: World, begun: Tent) -> None:
        close = partial(actions.close, tent_id=begun.pk, at=world.at)
        assert code_of(lambda: close(actor=world.actor("anouk"))) == "tent.agree_first"
        talked_through(world, begun)
        assert code_of(lambda: close(actor=world.actor("youssef"))) == "tent.not_the_chair"
        close(actor=world.actor("anouk"))
        assert code_of(lambda: write(world, begun, "Nog iets.")) == "tent.not_meeting"
        assert told(world, "tent.closed") == {"Sanne", "Mark", "Noor"}


class TestPage:
    def test_it_is_drafted_at_once_from_what_was_said(
        self, world: World, closed: Tent, house: Household
    ) -> None:
        page = Page.objects.get(tent=closed)
        assert page.question == f"{house.request.words}\nHoe gaat Noor weer graag naar school?"
        assert (
            page.understanding
            == "Noor slaapt slecht.\nEr is vaak ruzie thuis. Dat maakt erger: Noor slaapt slecht."
        )
        assert page.goes_well == "Noor zwemt elke zaterdag."
        still_open = "Nog af te spreken: wie dit doet, wat het oplevert en tot wanneer."
        assert page.agreements.splitlines() == [
            "Mark belt maandag met school. Nog af te spreken: wie dit doet en tot wanneer.",
            f"Eigen kring: Oma haalt Noor op dinsdag. {still_open}",
        ]
        assert page.people.splitlines()[:3] == ["Sanne", "Noor", "Mark"]
        assert "Ellen Peeters, gezinscoach" in page.people
        assert page.until_on == world.at.date() + timedelta(weeks=6)

    def test_the_family_amends_and_agrees_and_then_it_is_frozen(
        self, world: World, closed: Tent, house: Household
    ) -> None:
        amend(world, closed, "sanne", agreements="Mark belt dinsdag.")
        page = agree(world, closed)
        assert (page.stage, page.agreed_by, page.edition) == (PageStage.AGREED, house.member("Sanne"), 2)
        assert code_of(lambda: amend(world, closed, agreements="Niemand belt.")) == "page.agreed"
        assert code_of(lambda: agree(world, closed, "mark")) == "page.agreed"
        house.request.refresh_from_db()
        assert house.request.waiting_on == WaitingOn.COACH
        assert told(world, "tent.page_agreed") == {"Ellen", "Anouk", "Youssef"}

    @pytest.mark.parametrize(
        "statement", ["UPDATE tents_page SET question = 'anders'", "DELETE FROM tents_page"]
    )
    def test_an_agreed_page_is_frozen_in_the_database_too(
        self, world: World, closed: Tent, statement: str
    ) -> None:
        agree(world, closed)
        frozen = pytest.raises((ProgrammingError, InternalError), match="cannot be altered")
        with frozen, transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement)

    def test_nobody_agrees_to_what_they_did_not_see(self, world: World, closed: Tent) -> None:
        amend(world, closed, "ellen", goes_well="Alles.")
        assert code_of(lambda: agree(world, closed, edition=1)) == "page.changed"
        assert code_of(lambda: amend(world, closed, "mark", edition=1, question="Anders")) == "page.changed"
        assert Page.objects.get(tent=closed).goes_well == "Alles."

    def test_a_guest_amends_nothing_and_agrees_to_nothing(self, world: World, closed: Tent) -> None:
        assert code_of(lambda: amend(world, closed, "anouk", question="Anders")) == "page.not_yours"
        with pytest.raises(Forbidden):
            agree(world, closed, "anouk")

    def test_only_who_decides_agrees(self, world: World) -> None:
        house = household(world, born_on=born_for(16))
        tent = closed_tent(world, house)
        assert code_of(lambda: agree(world, tent, "sanne")) == "page.not_a_decider"
        assert agree(world, tent, "noor").agreed_by == house.child


@pytest.mark.usefixtures("live")
def test_two_who_write_at_once_both_stay() -> None:
    world = build_world()
    tent = meeting(world)
    go_to(world, tent, Phase.LISTEN)
    at_once(*(lambda who=who: write(world, tent, f"Van {who}", who) for who in ("sanne", "noor", "anouk")))
    assert {piece.voice for piece in Piece.objects.all()} == {"Sanne", "Noor", "Anouk"}


@pytest.mark.usefixtures("live")
def test_a_welcome_and_a_no_at_once_end_in_no() -> None:
    world = build_world()
    tent = call_tent(world, household(world).request)
    answer(world, tent, "anouk")
    at_once(lambda: welcome(world, tent, "anouk"), lambda: refuse(world, tent, "anouk", "mark"))
    assert seat(tent, "anouk").stage == SeatStage.REFUSED
    with pytest.raises(NotVisible):
        screen(world, tent, "anouk")


@pytest.mark.usefixtures("live")
def test_two_calls_at_once_make_one_tent() -> None:
    world = build_world()
    request = household(world).request
    codes = at_once(lambda: call_tent(world, request), lambda: call_tent(world, request))
    assert sorted(codes) == ["done", "tent.standing"]


@pytest.mark.usefixtures("live")
def test_an_agreement_and_an_amendment_at_once_never_freeze_what_was_not_seen() -> None:
    world = build_world()
    tent = closed_tent(world)
    codes = at_once(
        lambda: agree(world, tent, edition=1),
        lambda: amend(world, tent, "mark", edition=1, question="Anders"),
    )
    page = Page.objects.get(tent=tent)
    if page.stage == PageStage.AGREED:
        assert (codes, page.edition) == (["done", "page.agreed"], 1)
    else:
        assert (codes, page.question) == (["page.changed", "done"], "Anders")


def test_who_was_asked_and_does_not_answer_is_reminded_once(
    world: World, house: Household, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("hendig.tents.jobs.timezone.now", lambda: world.at)
    tent = call_tent(world, house.request, starts_at=world.at + timedelta(days=7))
    answer(world, tent, "youssef")
    world.at += timedelta(days=2)
    jobs.remind_asked(timestamp=0)
    assert not Entry.objects.filter(code="tent.reminded").exists()
    for _ in range(2):
        world.at += timedelta(days=1)
        jobs.remind_asked(timestamp=0)
    assert Entry.objects.filter(code="tent.reminded").count() == 1
    assert told(world, "tent.reminded") == {"Anouk"}


def test_nobody_is_reminded_of_a_tent_that_has_begun_or_is_called_off(world: World, house: Household) -> None:
    tent = call_tent(world, house.request, starts_at=world.at + timedelta(days=4))
    asked = seat(tent, "anouk").pk
    late = world.at + timedelta(days=4)
    assert not queries.seats_to_remind(at=late)
    with pytest.raises(Refused):
        actions.remind_asked(municipality_id=world.municipality.pk, seat_id=asked, at=late)
