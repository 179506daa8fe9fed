from __future__ import annotations

from datetime import datetime, timedelta
from uuid import uuid4

import pytest

from hendig.audit.models import Entry
from hendig.families.queries import opening
from hendig.helprequests.models import Stage
from hendig.kernel.periods import AMSTERDAM, local_day
from hendig.kernel.refusal import Forbidden, NotVisible, Refused
from hendig.people.actions import tell
from hendig.people.models import Notice
from hendig.plans import actions, queries
from hendig.plans.models import Appointment, Ending, Goal, Outcome, Score, Task
from tests.support.billing import agree, at_end_of, send
from tests.support.plans import RESULT, Help, begin_help

pytestmark = pytest.mark.django_db

TUESDAY = datetime(2026, 11, 3, 15, 0, tzinfo=AMSTERDAM)


def refusal(error: pytest.ExceptionInfo[Refused]) -> str:
    return error.value.refusal.code


class TestGoals:
    def goal(self, helped: Help) -> Goal:
        return actions.set_goal(
            actor=helped.world.actor("sanne"), request_id=helped.request.pk, words=RESULT, at=helped.world.at
        )

    def test_a_goal_stands_in_the_familys_words_and_the_log_holds_none_of_them(self, helped: Help) -> None:
        goal = self.goal(helped)
        assert goal.words == RESULT
        assert "school" not in str(Entry.objects.filter(code="goal.set").values_list("facts", "touched"))

    def test_every_member_scores_for_themselves_and_the_coach_does_not(self, helped: Help) -> None:
        goal = self.goal(helped)
        for name, value in (("sanne", 4), ("noor", 6)):
            actions.score_goal(
                actor=helped.world.actor(name), goal_id=goal.pk, value=value, at=helped.world.at
            )
        assert sorted(Score.objects.values_list("value", flat=True)) == [4, 6]
        with pytest.raises(Forbidden):
            actions.score_goal(
                actor=helped.world.actor("ellen"), goal_id=goal.pk, value=1, at=helped.world.at
            )

    def test_a_second_tap_on_the_same_day_replaces_the_first_and_the_next_day_adds(
        self, helped: Help
    ) -> None:
        goal, noor = self.goal(helped), helped.world.actor("noor")
        for value, hours in ((3, 0), (5, 1), (7, 24)):
            actions.score_goal(actor=noor, goal_id=goal.pk, value=value, at=helped.world.later(hours=hours))
        assert list(Score.objects.order_by("at").values_list("value", flat=True)) == [5, 7]

    def test_a_reached_goal_is_scored_again_after_it_was_opened_again(self, helped: Help) -> None:
        goal, sanne = self.goal(helped), helped.world.actor("sanne")
        actions.reach_goal(actor=sanne, goal_id=goal.pk, reached=True, at=helped.world.at)
        with pytest.raises(Refused) as no:
            actions.score_goal(actor=sanne, goal_id=goal.pk, value=9, at=helped.world.at)
        assert refusal(no) == "score.reached"
        actions.reach_goal(actor=sanne, goal_id=goal.pk, reached=False, at=helped.world.at)
        assert actions.score_goal(actor=sanne, goal_id=goal.pk, value=9, at=helped.world.at).value == 9

    def test_another_family_does_not_find_the_goal(self, helped: Help) -> None:
        goal = self.goal(helped)
        begin_help(helped.world, parent="Mark", child="Daan", professional="youssef")
        with pytest.raises(NotVisible):
            actions.score_goal(actor=helped.world.actor("mark"), goal_id=goal.pk, value=2, at=helped.world.at)

    def test_a_goal_belongs_to_a_person_of_this_family_only(self, helped: Help) -> None:
        other = begin_help(helped.world, parent="Mark", child="Daan", professional="youssef")
        with pytest.raises(NotVisible):
            actions.set_goal(
                actor=helped.world.actor("sanne"),
                request_id=helped.request.pk,
                words="x",
                member_id=other.match.child_id,
                at=helped.world.at,
            )


class TestTasks:
    def task(self, helped: Help, name: str | None = "anouk") -> Task:
        return actions.set_task(
            actor=helped.world.actor("ellen"),
            request_id=helped.request.pk,
            what="Belt met school",
            who="Anouk" if name else "Oma",
            account_id=helped.world.account(name).pk if name else None,
            by=local_day(helped.world.at),
            at=helped.world.at,
        )

    def test_who_took_it_on_is_told_and_sees_it_among_the_promises(self, helped: Help) -> None:
        self.task(helped)
        set_now = list(Entry.objects.filter(code="task.set").values_list("pk", flat=True))
        tell(entry_ids=set_now, at=helped.world.at)
        anouk = helped.world.actor("anouk")
        assert Notice.objects.filter(code="task.set").get().account_id == anouk.account_id
        assert [one.what for one in queries.promises(anouk, at=helped.world.at)] == ["Belt met school"]

    def test_done_and_undone_in_one_tap_each(self, helped: Help) -> None:
        task, noor = self.task(helped, None), helped.world.actor("noor")
        assert actions.finish_task(actor=noor, task_id=task.pk, at=helped.world.at).done_at == helped.world.at
        with pytest.raises(Refused) as no:
            actions.finish_task(actor=noor, task_id=task.pk, at=helped.world.at)
        assert refusal(no) == "plan.same"
        assert actions.reopen_task(actor=noor, task_id=task.pk, at=helped.world.at).done_at is None

    def test_nobody_outside_the_family_is_given_a_task(self, helped: Help) -> None:
        with pytest.raises(NotVisible):
            self.task(helped, "youssef")


class TestPlanning:
    def test_family_coach_and_professional_each_plan(self, helped: Help) -> None:
        for hour, name in enumerate(("sanne", "ellen", "anouk")):
            actions.plan_appointment(
                actor=helped.world.actor(name),
                match_id=helped.match.pk,
                starts_at=TUESDAY + timedelta(hours=hour),
                at=helped.world.at,
            )
        assert (
            Appointment.objects.filter(
                match=helped.match, professional_id=helped.match.professional_id
            ).count()
            == 3
        )

    def test_a_series_stands_every_week_at_the_same_time_on_the_clock(self, helped: Help) -> None:
        helped.appointment(TUESDAY, repeat_weeks=24)
        planned = Appointment.objects.order_by("starts_at").values_list("starts_at", flat=True)
        local = [moment.astimezone(AMSTERDAM) for moment in planned]
        assert len(local) == 24
        assert {(moment.hour, moment.weekday()) for moment in local} == {(15, 1)}
        assert len({moment.utcoffset() for moment in local}) == 2, "the series crosses the summer time"

    def test_the_same_hour_of_a_professional_is_planned_once_and_the_words_name_no_family(
        self, helped: Help
    ) -> None:
        other = begin_help(helped.world, parent="Mark", child="Daan")
        helped.appointment(TUESDAY)
        with pytest.raises(Refused) as no:
            other.appointment(TUESDAY + timedelta(minutes=59))
        assert refusal(no) == "appointment.overlap"
        words = str(no.value.refusal.message)
        assert "15:00" in words
        assert "16:00" in words
        assert not {"Sanne", "Noor"} & set(words.split())
        assert other.appointment(TUESDAY + timedelta(minutes=60)).starts_at == TUESDAY + timedelta(minutes=60)

    def test_one_taken_week_refuses_the_whole_series(self, helped: Help) -> None:
        helped.appointment(TUESDAY + timedelta(weeks=2))
        with pytest.raises(Refused):
            helped.appointment(TUESDAY, repeat_weeks=4)
        assert Appointment.objects.count() == 1

    def test_outside_the_match_there_is_no_help_to_plan(self, helped: Help) -> None:
        with pytest.raises(Refused) as no:
            helped.appointment(helped.world.at - timedelta(days=1))
        assert refusal(no) == "appointment.no_match"

    def test_a_match_of_others_does_not_exist(self, helped: Help) -> None:
        for match_id, name in ((helped.match.pk, "youssef"), (uuid4(), "ellen")):
            with pytest.raises(NotVisible):
                actions.plan_appointment(
                    actor=helped.world.actor(name), match_id=match_id, starts_at=TUESDAY, at=helped.world.at
                )

    def test_called_off_before_it_begins_and_not_after(self, helped: Help) -> None:
        first, second = helped.appointment(TUESDAY), helped.appointment(TUESDAY + timedelta(days=1))
        sanne = helped.world.actor("sanne")
        assert (
            actions.cancel_appointment(actor=sanne, appointment_id=first.pk, at=helped.world.at).stage
            == "cancelled"
        )
        with pytest.raises(Refused) as no:
            actions.cancel_appointment(actor=sanne, appointment_id=second.pk, at=second.starts_at)
        assert refusal(no) == "appointment.begun"
        assert helped.appointment(TUESDAY).starts_at == TUESDAY, "the hour is free again"


class TestGeweest:
    def test_one_tap_and_the_hours_are_there(self, helped: Help) -> None:
        helped.kept(minutes=90)
        [hours] = queries.kept_in_month([helped.match.partner_id], local_day(helped.world.at))
        assert (hours.minutes, hours.match_id, hours.day) == (90, helped.match.pk, local_day(helped.world.at))
        assert hours.service_code_id == helped.match.service_code_id

    def test_not_before_it_has_begun(self, helped: Help) -> None:
        appointment = helped.appointment(TUESDAY)
        with pytest.raises(Refused) as no:
            actions.keep_appointment(
                actor=helped.professional, appointment_id=appointment.pk, at=TUESDAY - timedelta(seconds=1)
            )
        assert refusal(no) == "appointment.not_begun"
        assert actions.keep_appointment(
            actor=helped.professional, appointment_id=appointment.pk, at=TUESDAY
        ).stage

    def test_only_by_who_was_there(self, helped: Help) -> None:
        appointment = helped.appointment(helped.world.at)
        for name, error in (("ellen", Forbidden), ("sanne", Forbidden), ("youssef", NotVisible)):
            with pytest.raises(error):
                actions.keep_appointment(
                    actor=helped.world.actor(name), appointment_id=appointment.pk, at=helped.world.at
                )

    def test_taken_back_and_missed(self, helped: Help) -> None:
        kept, anouk = helped.kept(), helped.professional
        actions.unkeep_appointment(actor=anouk, appointment_id=kept.pk, at=helped.world.at)
        assert not queries.kept_in_month([helped.match.partner_id], local_day(helped.world.at))
        missed = actions.miss_appointment(actor=anouk, appointment_id=kept.pk, at=helped.world.at)
        assert missed.stage == "missed"
        with pytest.raises(Refused) as no:
            actions.keep_appointment(actor=anouk, appointment_id=kept.pk, at=helped.world.at)
        assert refusal(no) == "appointment.settled"

    def test_what_stands_on_an_invoice_is_not_taken_back(self, helped: Help) -> None:
        agree(helped.world)
        kept, anouk = helped.kept(), helped.professional
        at_end_of(helped.world, local_day(helped.world.at))
        send(helped.world, local_day(kept.starts_at).replace(day=1))
        with pytest.raises(Refused) as no:
            actions.unkeep_appointment(actor=anouk, appointment_id=kept.pk, at=helped.world.at)
        assert refusal(no) == "appointment.invoiced"

    def test_after_the_match_ended_the_last_visit_is_still_tapped(self, helped: Help) -> None:
        appointment = helped.appointment(helped.world.at - timedelta(hours=1))
        actions.end_request(
            actor=helped.world.actor("ellen"), request_id=helped.request.pk, reason="01", at=helped.world.at
        )
        kept = actions.keep_appointment(
            actor=helped.professional, appointment_id=appointment.pk, at=helped.world.later(days=1)
        )
        assert kept.stage == "kept"


class TestHowItWas:
    def test_noor_says_how_it_was_and_changes_it_the_same_day(self, helped: Help) -> None:
        kept, noor = helped.kept(), helped.world.actor("noor")
        for felt in (2, 5):
            actions.say_how_it_was(
                actor=noor, appointment_id=kept.pk, felt=felt, at=helped.world.later(minutes=5)
            )
        kept.refresh_from_db()
        assert kept.felt == 5
        with pytest.raises(Refused) as no:
            actions.say_how_it_was(actor=noor, appointment_id=kept.pk, felt=1, at=helped.world.later(days=1))
        assert refusal(no) == "felt.fixed"

    def test_who_helps_does_not_say_it_for_the_family(self, helped: Help) -> None:
        with pytest.raises(Forbidden):
            actions.say_how_it_was(
                actor=helped.professional, appointment_id=helped.kept().pk, felt=5, at=helped.world.at
            )

    def test_what_still_has_to_come_has_no_feeling_yet(self, helped: Help) -> None:
        with pytest.raises(Refused) as no:
            actions.say_how_it_was(
                actor=helped.world.actor("sanne"),
                appointment_id=helped.appointment(TUESDAY).pk,
                felt=3,
                at=helped.world.at,
            )
        assert refusal(no) == "felt.not_over"

    def test_it_is_asked_when_the_time_is_over_and_not_while_it_goes_on(self, helped: Help) -> None:
        sanne, soon = helped.world.actor("sanne"), helped.world.later(minutes=10)
        appointment = helped.appointment(soon)
        during, after = soon + timedelta(minutes=59), soon + timedelta(minutes=60)

        def asked(at: datetime) -> bool:
            with opening(sanne, "family.page_seen", helped.family_id, at=at) as look:
                return appointment.pk in {one.id for one in queries.appointments_to_rate(look)}

        assert not asked(during)
        with pytest.raises(Refused) as no:
            actions.say_how_it_was(actor=sanne, appointment_id=appointment.pk, felt=3, at=during)
        assert refusal(no) == "felt.not_over"
        assert asked(after)
        actions.say_how_it_was(actor=sanne, appointment_id=appointment.pk, felt=3, at=after)

    def test_geweest_ends_it_earlier_than_the_clock(self, helped: Help) -> None:
        appointment = helped.appointment(helped.world.later(minutes=10))
        at = helped.world.later(minutes=20)
        actions.keep_appointment(actor=helped.professional, appointment_id=appointment.pk, at=at)
        actions.say_how_it_was(
            actor=helped.world.actor("sanne"), appointment_id=appointment.pk, felt=4, at=at
        )
        appointment.refresh_from_db()
        assert appointment.felt == 4


class TestTheEnd:
    def end(self, helped: Help, name: str = "sanne") -> Ending:
        return actions.end_request(
            actor=helped.world.actor(name),
            request_id=helped.request.pk,
            reason="01",
            looking_back="Het gaat goed.",
            if_it_returns="Dan bellen we Ellen.",
            at=helped.world.at,
        )

    def answer(self, helped: Help, name: str) -> Outcome:
        return actions.answer_outcome(
            actor=helped.world.actor(name),
            request_id=helped.request.pk,
            useful=8,
            onward="04",
            at=helped.world.at,
        )

    @pytest.mark.parametrize("name", ["sanne", "ellen", "anouk"])
    def test_the_question_is_done_the_match_ends_and_what_was_planned_is_called_off(
        self, helped: Help, name: str
    ) -> None:
        planned = helped.appointment(TUESDAY)
        self.end(helped, name)
        for row in (planned, helped.match, helped.request):
            row.refresh_from_db()
        assert (planned.stage, helped.match.ends_on) == ("cancelled", local_day(helped.world.at))
        assert helped.request.stage == Stage.DONE
        with (
            pytest.raises(NotVisible),
            opening(helped.professional, "plan.seen", helped.family_id, at=helped.world.at),
        ):
            pass

    def test_family_coach_and_professional_each_hear_of_the_end_once(self, helped: Help) -> None:
        self.end(helped, "ellen")
        tell(
            entry_ids=list(Entry.objects.filter(code="request.ended").values_list("pk", flat=True)),
            at=helped.world.at,
        )
        told = Notice.objects.filter(code="request.ended").values_list("account__first_name", flat=True)
        assert sorted(told) == ["Anouk", "Noor", "Sanne"]

    def test_it_ends_once_and_nothing_is_planned_afterwards(self, helped: Help) -> None:
        self.end(helped)
        with pytest.raises(Refused) as no:
            self.end(helped)
        assert refusal(no) == "ending.done"
        with pytest.raises(Refused) as no:
            helped.appointment(helped.world.at)
        assert refusal(no) == "plan.done"

    def test_each_of_the_family_answers_the_two_questions_once(self, helped: Help) -> None:
        with pytest.raises(Refused) as no:
            self.answer(helped, "noor")
        assert refusal(no) == "outcome.not_ended"
        self.end(helped)
        self.answer(helped, "noor")
        self.answer(helped, "sanne")
        with pytest.raises(Refused) as no:
            self.answer(helped, "noor")
        assert refusal(no) == "outcome.answered"
        assert Outcome.objects.count() == 2
        with pytest.raises(Forbidden):
            self.answer(helped, "ellen")

    def test_what_comes_back_is_open_again_and_can_end_again(self, helped: Help) -> None:
        self.end(helped)
        self.answer(helped, "noor")
        request = actions.reopen_request(
            actor=helped.world.actor("noor"), request_id=helped.request.pk, at=helped.world.later(days=30)
        )
        assert (request.stage, request.waiting_on) == (Stage.TALK, "coach")
        with pytest.raises(Refused) as no:
            actions.reopen_request(
                actor=helped.world.actor("noor"), request_id=helped.request.pk, at=helped.world.at
            )
        assert refusal(no) == "ending.open"
        self.end(helped)
        assert self.answer(helped, "noor").ending_id != Outcome.objects.order_by("id").first().ending_id  # type: ignore[union-attr]
