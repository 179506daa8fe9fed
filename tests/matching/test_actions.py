"""Opening a talk, answers, the match, exceptions, the end: done, refused, forbidden, at the same time."""

from __future__ import annotations

import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta
from typing import Any

import pytest
from django.db import connection, transaction
from django.db.backends.utils import CursorWrapper
from django.db.models import QuerySet

from hendig.audit.actions import change
from hendig.audit.models import Entry
from hendig.families import actions as families
from hendig.families.models import Family, Involvement, LegalAuthority, Part
from hendig.helprequests.actions import lock_request
from hendig.helprequests.models import HelpRequest, Stage, WaitingOn
from hendig.kernel.consent import Exception12
from hendig.kernel.periods import local_day
from hendig.kernel.refusal import Forbidden, NotVisible, Refused
from hendig.matching import actions, queries
from hendig.matching.models import Match, MatchCounter, MatchTalk, TalkStage
from hendig.people.models import Professional
from tests.support.matching import Household, household, open_talk, say
from tests.support.shared import built_once
from tests.support.world import World, build_world

EVERYONE = ("noor", "sanne", "mark", "anouk", "ellen")


@built_once
def talk(world: World, house: Household) -> MatchTalk:
    return open_talk(world, house)


def stands(talk: MatchTalk) -> tuple[str, str]:
    request = HelpRequest.objects.get(pk=talk.request_id)
    return request.stage, request.waiting_on


class TestOpening:
    def test_an_open_talk_brings_the_question_to_match_and_waits_on_the_family(self, talk: MatchTalk) -> None:
        assert talk.stage == TalkStage.OPEN
        assert stands(talk) == (Stage.MATCH, WaitingOn.FAMILY)
        assert Entry.objects.filter(code="match.opened", object_id=talk.pk, family_id=talk.family_id).exists()

    def test_only_a_coach_opens_a_talk(self, world: World, house: Household) -> None:
        given: dict[str, Any] = {
            "request_id": house.request.pk,
            "child_id": house.child.pk,
            "professional_id": world.professionals["anouk"].pk,
            "service_code_id": world.service_code().pk,
            "purpose": "x",
        }
        with pytest.raises(Forbidden):
            actions.open_talk(actor=world.actor("sanne"), at=world.at, **given)
        with pytest.raises(NotVisible):
            actions.open_talk(actor=world.actor("bram"), at=world.at, **given)

    def test_a_second_talk_with_the_same_professional_is_refused(
        self, world: World, house: Household
    ) -> None:
        open_talk(world, house)
        with pytest.raises(Refused) as no:
            open_talk(world, house)
        assert no.value.refusal.code == "talk.already_open"
        assert open_talk(world, house, "youssef").stage == TalkStage.OPEN

    def test_who_helps_this_child_already_is_not_asked_again(self, world: World, house: Household) -> None:
        say(world, open_talk(world, house), "noor", "sanne", "mark", "anouk", "ellen")
        prepared = queries.prepare(world.actor("ellen"), house.request.pk, at=world.at)
        why = {one.helper.first_name: one.why_not for one in prepared.candidates}
        assert why["Anouk"] is not None
        assert why["Anouk"].code == "talk.already_helps"
        assert why["Youssef"] is None
        with pytest.raises(Refused) as no:
            open_talk(world, house)
        assert no.value.refusal.code == "talk.already_helps"

    def test_a_talk_is_about_a_child_of_this_family(self, world: World, house: Household) -> None:
        with pytest.raises(Refused) as no:
            open_talk(world, house, child_id=house.member("Mark").pk)
        assert no.value.refusal.code == "talk.not_a_child"
        other = household(world, parent="Iris", other="Tom", child="Lize")
        with pytest.raises(NotVisible):
            open_talk(world, house, child_id=other.child.pk)

    def test_a_professional_without_room_is_refused_in_words(self, world: World, house: Household) -> None:
        world.add_professional("vera", "anker", "angst", families_max=1)
        say(world, open_talk(world, house, "vera"), "noor", "sanne", "mark", "vera", "ellen")
        other = household(world, parent="Iris", other="Tom", child="Lize")
        with pytest.raises(Refused) as no:
            open_talk(world, other, "vera")
        assert no.value.refusal.code == "talk.full"
        assert "plek" in str(no.value.refusal.message)

    def test_nobody_helps_professionally_in_the_own_family(self, world: World, house: Household) -> None:
        world.add_professional("vera", "anker", "angst")
        families.add_parent(
            actor=world.actor("ellen"),
            family_id=house.family_id,
            first_name="Vera",
            email="vera@peelrand.example",
            holds_authority=True,
            at=world.at,
        )
        with pytest.raises(Refused) as no:
            open_talk(world, house, "vera")
        assert no.value.refusal.code == "talk.own_family"


class TestAnswering:
    def test_the_last_needed_yes_makes_the_match(self, world: World, talk: MatchTalk) -> None:
        assert say(world, talk, *EVERYONE[:-1]).match is None
        assert stands(talk) == (Stage.MATCH, WaitingOn.COACH)
        match = say(world, talk, EVERYONE[-1]).match
        assert match is not None
        assert match.number == "M2026-000001"
        assert match.partner_id == world.partners["vlinder"].pk
        assert stands(talk) == (Stage.HELP, WaitingOn.PROFESSIONAL)
        involved = Involvement.objects.standing(world.at).get(
            account=world.account("anouk"), part=Part.PROFESSIONAL
        )
        assert (involved.family_id, involved.ground) == (talk.family_id, "match")

    def test_answer_and_match_are_two_lines_of_one_change(self, world: World, talk: MatchTalk) -> None:
        match = say(world, talk, *EVERYONE).match
        assert match is not None
        last = Entry.objects.filter(family_id=talk.family_id).order_by("-id")[:2]
        assert [(entry.code, entry.object_id) for entry in last] == [
            ("match.made", match.pk),
            ("match.answered", talk.pk),
        ]

    def test_the_order_of_answers_does_not_matter(self, world: World, talk: MatchTalk) -> None:
        assert say(world, talk, *reversed(EVERYONE)).match is not None

    def test_a_no_keeps_the_talk_open_waits_on_the_coach_and_may_become_a_yes(
        self, world: World, talk: MatchTalk
    ) -> None:
        say(world, talk, *EVERYONE[:-1])
        outcome = say(world, talk, "mark", yes=False)
        assert outcome.why_no_match is not None
        assert outcome.why_no_match.code == "match.no_click"
        assert stands(talk) == (Stage.MATCH, WaitingOn.COACH)
        assert say(world, talk, "ellen").match is None
        assert say(world, talk, "mark").match is not None
        assert talk.answers.count() == len(EVERYONE)

    def test_a_match_that_fails_gives_its_number_back(self, world: World, talk: MatchTalk) -> None:
        say(world, talk, *EVERYONE[:-1])
        with transaction.atomic():
            assert say(world, talk, "ellen").match is not None
            transaction.set_rollback(True)
        match = say(world, talk, "ellen").match
        assert match is not None
        assert match.number == "M2026-000001"

    def test_after_the_match_no_answer_changes_it(self, world: World, talk: MatchTalk) -> None:
        say(world, talk, *EVERYONE)
        with pytest.raises(Refused) as no:
            say(world, talk, "mark", yes=False)
        assert no.value.refusal.code == "answer.matched"
        assert Match.objects.count() == 1

    def test_who_is_not_asked_cannot_answer(self, world: World, talk: MatchTalk) -> None:
        for stranger in ("youssef", "bram"):
            with pytest.raises(NotVisible):
                say(world, talk, stranger)
        with pytest.raises(Forbidden):
            say(world, talk, "henk")

    def test_a_parent_whose_authority_ended_no_longer_counts(
        self, world: World, house: Household, talk: MatchTalk
    ) -> None:
        say(world, talk, "noor", "sanne", "anouk")
        authority = LegalAuthority.objects.get(holder=house.member("Mark"))
        families.end_authority(actor=world.actor("ellen"), authority_id=authority.pk, at=world.later(hours=1))
        assert say(world, talk, "ellen").match is not None

    def test_lapsed_authority_makes_no_match_whoever_said_yes(self, world: World) -> None:
        talk = open_talk(world, household(world, checked=False))
        say(world, talk, *EVERYONE[:-1])
        world.later(days=14)
        outcome = say(world, talk, "ellen")
        assert outcome.match is None
        assert outcome.why_no_match is not None
        assert outcome.why_no_match.code == "match.no_authority"
        assert "Ellen" in str(outcome.why_no_match.message)

    def test_a_birthday_between_the_answers_decides_at_the_last_yes(self, world: World) -> None:
        sixteen_tomorrow = local_day(world.at) + timedelta(days=1) - timedelta(days=365 * 16 + 4)
        assert sixteen_tomorrow == date(2010, 11, 3)
        talk = open_talk(world, household(world, born_on=sixteen_tomorrow))
        say(world, talk, "noor", "anouk")
        assert say(world, talk, "ellen").match is None
        world.later(days=1)
        assert say(world, talk, "ellen").match is not None

    def test_a_parent_of_a_16_year_old_is_told_that_the_youth_decides(self, world: World) -> None:
        talk = open_talk(world, household(world, child="Sem", born_on=date(2010, 1, 1)))
        with pytest.raises(Refused) as no:
            say(world, talk, "sanne")
        assert no.value.refusal.code == "answer.not_needed"
        assert str(no.value.refusal.message) == "Sem is 16 of ouder en beslist zelf."
        assert say(world, talk, "sem", "anouk", "ellen").match is not None

    def test_without_known_authority_every_yes_still_waits(self, world: World) -> None:
        talk = open_talk(world, household(world, authority=False))
        outcome = say(world, talk, "noor", "anouk", "ellen")
        assert outcome.match is None
        assert stands(talk) == (Stage.MATCH, WaitingOn.COACH)


class TestException12:
    def test_a_youth_who_keeps_wishing_help_gets_it(self, world: World, talk: MatchTalk) -> None:
        say(world, talk, "noor", "sanne", "anouk", "ellen")
        say(world, talk, "mark", yes=False)
        outcome = actions.record_exception(
            actor=world.actor("ellen"), talk_id=talk.pk, exception=Exception12.KEEPS_WISHING, at=world.at
        )
        assert outcome.match is not None
        entry = Entry.objects.get(code="match.excepted")
        assert entry.facts == {"exception": "keeps_wishing"}
        assert Entry.objects.filter(code="match.made", object_id=outcome.match.pk).exists()

    def test_the_youth_says_yes_first(self, world: World, talk: MatchTalk) -> None:
        say(world, talk, "mark", yes=False)
        with pytest.raises(Refused) as no:
            actions.record_exception(
                actor=world.actor("ellen"), talk_id=talk.pk, exception=Exception12.SERIOUS_HARM, at=world.at
            )
        assert no.value.refusal.code == "exception.youth_first"

    def test_nobody_but_the_coach_records_it(self, world: World, talk: MatchTalk) -> None:
        for name in ("noor", "anouk"):
            with pytest.raises(Forbidden):
                actions.record_exception(
                    actor=world.actor(name), talk_id=talk.pk, exception=Exception12.SERIOUS_HARM, at=world.at
                )


class TestNoClick:
    def test_looking_further_closes_the_talk_and_hides_it_from_the_professional(
        self, world: World, house: Household, talk: MatchTalk
    ) -> None:
        say(world, talk, "anouk", yes=False)
        actions.look_further(actor=world.actor("ellen"), talk_id=talk.pk, at=world.at)
        assert stands(talk) == (Stage.MATCH, WaitingOn.COACH)
        with pytest.raises(NotVisible):
            say(world, talk, "anouk")
        with pytest.raises(Refused) as no:
            say(world, talk, "noor")
        assert no.value.refusal.code == "answer.closed"
        assert open_talk(world, house, "youssef").stage == TalkStage.OPEN


class TestEnding:
    @pytest.fixture
    def match(self, world: World, talk: MatchTalk) -> Match:
        match = say(world, talk, *EVERYONE).match
        assert match is not None
        world.later(days=1)
        return match

    def end(self, world: World, match: Match, name: str, days: int = 0) -> Match:
        return actions.end_match(
            actor=world.actor(name),
            match_id=match.pk,
            ends_on=local_day(world.at) + timedelta(days=days),
            at=world.at,
        )

    @pytest.mark.parametrize("name", ["noor", "sanne", "mark", "anouk", "ellen"])
    def test_family_professional_and_coach_can_end_it_and_the_record_closes(
        self, world: World, match: Match, name: str
    ) -> None:
        anouk = world.actor("anouk")
        assert Family.objects.visible_to(anouk, at=world.at).exists()
        self.end(world, match, name)
        assert not Family.objects.visible_to(anouk, at=world.at).exists()
        assert stands(match.talk) == (Stage.HELP, WaitingOn.COACH)

    def test_ended_on_a_coming_day_the_professional_is_involved_until_that_day_is_over(
        self, world: World, match: Match
    ) -> None:
        anouk = world.actor("anouk")
        self.end(world, match, "sanne", days=2)
        world.later(days=2)
        assert Family.objects.visible_to(anouk, at=world.at).exists()
        assert not Family.objects.visible_to(anouk, at=world.later(days=1)).exists()

    def test_a_day_that_is_past_or_a_second_end_is_refused(self, world: World, match: Match) -> None:
        with pytest.raises(Refused) as no:
            self.end(world, match, "sanne", days=-1)
        assert no.value.refusal.code == "match.ends_too_early"
        self.end(world, match, "sanne")
        with pytest.raises(Refused) as no:
            self.end(world, match, "mark")
        assert no.value.refusal.code == "match.ended"

    def test_a_question_that_is_done_ends_all_its_help_quietly(self, world: World, match: Match) -> None:
        with change(world.actor("ellen"), "match.rounded_off", at=world.at) as act:
            request = lock_request(act, match.request_id)
            assert actions.end_matches_of(act, request, ends_on=local_day(world.at)) == [match]
        assert Match.objects.get().ends_on == local_day(world.at)
        assert not Family.objects.visible_to(world.actor("anouk"), at=world.at).exists()
        assert Entry.objects.filter(code="match.rounded_off", object_id=match.pk).exists()
        assert not Entry.objects.filter(code="match.ended").exists()

    def test_who_is_not_involved_cannot_end_it(self, world: World, match: Match) -> None:
        with pytest.raises(NotVisible):
            self.end(world, match, "youssef")
        with pytest.raises(Forbidden):
            self.end(world, match, "henk")

    def test_a_place_that_came_free_is_given_again(self, world: World, match: Match) -> None:
        professional = world.professionals["anouk"]
        assert Match.objects.families_of(professional.pk, local_day(world.at)) == 1
        self.end(world, match, "sanne")
        world.later(days=1)
        assert Match.objects.families_of(professional.pk, local_day(world.at)) == 0


WAITING = (
    "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'"
)


def wait_for_waiting(count: int) -> None:
    """So many others stand still before a lock."""
    until = time.monotonic() + 10
    with connection.cursor() as cursor:
        while waiting(cursor) < count:
            assert time.monotonic() < until, "nobody waits for the lock"
            time.sleep(0.01)


def waiting(cursor: CursorWrapper) -> int:
    cursor.execute("SELECT pg_stat_clear_snapshot()")
    cursor.execute(WAITING)
    return int(cursor.fetchone()[0])


@pytest.mark.django_db(transaction=True)
class TestAtTheSameTime:
    def in_threads(self, held: QuerySet, *works: Callable[[], actions.Outcome]) -> list[actions.Outcome]:  # type: ignore[type-arg]
        """All at once: each comes as far as it can while the rows are held; then they are free."""
        with ThreadPoolExecutor(len(works)) as pool:
            with transaction.atomic():
                assert len(held.select_for_update())
                begun = [pool.submit(self.and_leave, work) for work in works]
                wait_for_waiting(len(works))
            return [one.result() for one in begun]

    @staticmethod
    def and_leave(work: Callable[[], actions.Outcome]) -> actions.Outcome:
        try:
            return work()
        finally:
            connection.close()

    def answer(self, world: World, talk: MatchTalk, name: str) -> Callable[[], actions.Outcome]:
        actor = world.actor(name)
        return lambda: actions.answer(actor=actor, talk_id=talk.pk, yes=True, at=world.at)

    def test_the_last_place_is_given_once_and_the_other_yes_is_kept(self) -> None:
        world = build_world()
        world.add_professional("vera", "anker", "angst", families_max=1)
        names = [("Sanne", "Mark", "Noor"), ("Iris", "Tom", "Lize")]
        houses = [household(world, parent=one, other=two, child=three) for one, two, three in names]
        talks = [open_talk(world, house, "vera") for house in houses]
        for talk, (one, two, _child) in zip(talks, names, strict=True):
            say(world, talk, one, two, "vera", "ellen")
        last = [
            self.answer(world, talk, child) for talk, (_one, _two, child) in zip(talks, names, strict=True)
        ]
        outcomes = self.in_threads(Professional.objects.filter(pk=world.professionals["vera"].pk), *last)
        made = [one.match for one in outcomes]
        refused = [one.why_no_match.code for one in outcomes if one.why_no_match]
        assert sum(match is not None for match in made) == 1
        assert refused == ["match.full"]
        assert Match.objects.count() == 1
        left = talks[made.index(None)]
        assert left.answers.filter(yes=True).count() == 5
        # The place comes free, and whoever taps again gets the match: nobody has to say yes anew.
        match = Match.objects.get()
        actions.end_match(
            actor=world.actor("vera"), match_id=match.pk, ends_on=local_day(world.at), at=world.at
        )
        world.later(days=1)
        assert say(world, left, "ellen").match is not None

    def test_two_last_answers_at_once_make_one_match(self) -> None:
        world = build_world()
        talk = open_talk(world, household(world))
        say(world, talk, "noor", "sanne", "mark")
        held = HelpRequest.objects.filter(pk=talk.request_id)
        outcomes = self.in_threads(held, self.answer(world, talk, "anouk"), self.answer(world, talk, "ellen"))
        assert sum(one.match is not None for one in outcomes) == 1
        assert Match.objects.count() == 1

    def test_numbers_have_no_gaps_and_no_doubles_whatever_happens_at_once(self) -> None:
        world = build_world()
        names = [
            ("Sanne", "Mark", "Noor", "anouk"),
            ("Iris", "Tom", "Lize", "youssef"),
            ("Ada", "Bas", "Cas", "anouk"),
        ]
        talks = []
        for one, two, child, professional in names:
            talk = open_talk(world, household(world, parent=one, other=two, child=child), professional)
            say(world, talk, one, two, child, professional)
            talks.append(talk)
        say(world, talks[0], "ellen")
        held = MatchCounter.objects.filter(year=2026)
        self.in_threads(held, *(self.answer(world, talk, "ellen") for talk in talks[1:]))
        numbers = sorted(Match.objects.values_list("number", flat=True))
        assert numbers == ["M2026-000001", "M2026-000002", "M2026-000003"]
