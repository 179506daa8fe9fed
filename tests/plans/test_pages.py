from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest
import time_machine
from django.db import connection
from django.template.loader import render_to_string
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from icalendar import Calendar

from hendig.audit.models import Entry
from hendig.families.queries import opening
from hendig.helprequests.models import HelpRequest
from hendig.kernel.actor import Actor
from hendig.kernel.periods import AMSTERDAM, local_day
from hendig.plans import actions, queries
from hendig.plans.models import Appointment, Goal, Outcome, Score, Task
from tests.support.plans import RESULT, Help, begin_help
from tests.support.world import AT

pytestmark = pytest.mark.django_db

TUESDAY = datetime(2026, 11, 3, 15, 0, tzinfo=AMSTERDAM)


@pytest.fixture(autouse=True)
def clock() -> object:
    """The requests of these tests happen when the world stands still."""
    with time_machine.travel(AT, tick=False) as moved:
        yield moved


def counted(query: Callable[[], object]) -> int:
    with CaptureQueriesContext(connection) as seen:
        query()
    return len(seen)


def page(client: Client, name: str, *args: object) -> str:
    answer = client.get(reverse(name, args=args))
    assert answer.status_code == 200, (name, answer.status_code)
    return answer.content.decode()


def filled(help: Help) -> None:
    """A goal with scores, a task, an appointment to come and one to rate."""
    sanne = help.world.actor("sanne")
    goal = actions.set_goal(actor=sanne, request_id=help.request.pk, words=RESULT, at=help.world.at)
    actions.score_goal(actor=sanne, goal_id=goal.pk, value=4, at=help.world.at)
    actions.set_task(
        actor=sanne, request_id=help.request.pk, what="Belt met school", who="Oma", at=help.world.at
    )
    help.kept()
    help.appointment(help.world.at + timedelta(days=2, hours=Appointment.objects.count()))


class TestThePlan:
    def test_an_empty_plan_says_what_to_do_first(self, help: Help) -> None:
        text = page(help.world.client("sanne"), "plan", help.family_id)
        assert "Nog geen doel" in text and "Nog niets afgesproken" in text and "Nog geen afspraak" in text

    def test_everyone_involved_sees_the_same_plan_and_the_look_stands_in_the_log(self, help: Help) -> None:
        filled(help)
        for name in ("sanne", "noor", "ellen", "anouk"):
            text = page(help.world.client(name), "plan", help.family_id)
            assert RESULT in text and "Belt met school" in text
        looks = Entry.objects.filter(code="plan.seen", family_id=help.family_id)
        assert sorted(looks.values_list("part", flat=True)) == ["coach", "family", "family", "professional"]

    def test_only_the_family_is_asked_for_a_number_and_a_face(self, help: Help) -> None:
        filled(help)
        assert "Hoe was het?" in page(help.world.client("noor"), "plan", help.family_id)
        text = page(help.world.client("anouk"), "plan", help.family_id)
        assert "Hoe was het?" not in text and "Hoe ver bent u" not in text

    def test_strangers_and_nobody_get_the_same_as_for_what_is_not_there(self, help: Help) -> None:
        stranger = help.world.client("youssef")
        hidden = stranger.get(reverse("plan", args=[help.family_id]))
        missing = stranger.get(reverse("plan", args=[uuid4()]))
        assert (hidden.status_code, missing.status_code) == (404, 404)
        assert help.world.client().get(reverse("plan", args=[help.family_id])).status_code == 302

    def test_the_picture_of_the_scores_has_its_words(self, help: Help) -> None:
        filled(help)
        text = page(help.world.client("sanne"), "plan", help.family_id)
        assert "<polyline" in text
        assert "een 4 op 2 nov" in text

    def test_the_number_of_queries_does_not_grow(self, help: Help) -> None:
        def look() -> None:
            with opening(help.world.actor("sanne"), "plan.seen", help.family_id, at=help.world.at) as seen:
                queries.plan(seen)
                queries.next_appointments(seen)
                queries.appointments_to_rate(seen)

        filled(help)
        few = counted(look)
        for _ in range(4):
            help.world.later(hours=2)
            filled(help)
        assert counted(look) == few
        with opening(help.world.actor("sanne"), "plan.seen", help.family_id, at=help.world.at) as seen:
            assert counted(lambda: queries.plan(seen)) == 8
            assert counted(lambda: queries.next_appointments(seen)) == 1
            assert counted(lambda: queries.appointments_to_rate(seen)) == 1


class TestForms:
    def test_the_first_goal_is_there_already_and_takes_one_button(self, help: Help) -> None:
        sanne = help.world.client("sanne")
        assert RESULT in page(sanne, "new_goal", help.family_id)
        answer = sanne.post(
            reverse("new_goal", args=[help.family_id]),
            {"words": RESULT, "member_id": "all", "request_id": help.request.pk},
        )
        assert (answer.status_code, answer["Location"]) == (302, reverse("plan", args=[help.family_id]))
        assert Goal.objects.get().member is None

    def test_who_does_something_is_picked_or_written(self, help: Help) -> None:
        ellen, url = help.world.client("ellen"), reverse("new_task", args=[help.family_id])
        anouk = str(help.world.account("anouk").pk)
        posted = {"request_id": help.request.pk, "what": "Belt", "by": "2026-11-09"}
        assert ellen.post(url, posted | {"helper": anouk}).status_code == 302
        assert ellen.post(url, posted | {"helper": "else", "somebody": "Oma"}).status_code == 302
        assert dict(Task.objects.values_list("who", "account_id")) == {
            "Anouk": help.world.account("anouk").pk,
            "Oma": None,
        }
        again = ellen.post(url, posted | {"helper": "else", "somebody": ""})
        assert again.status_code == 422 and "Schrijf op wie het doet." in again.content.decode()

    def test_an_appointment_proposes_the_next_working_day_at_three(self, help: Help) -> None:
        anouk = help.world.client("anouk")
        url = reverse("plan_appointment", args=[help.family_id, help.match.pk])
        text = page(anouk, "plan_appointment", help.family_id, help.match.pk)
        assert 'value="2026-11-03"' in text and 'value="15:00"' in text
        posted = {
            "day": "2026-11-03",
            "time": "15:00",
            "minutes": "90",
            "repeat_weeks": "4",
            "place": "thuis",
        }
        assert anouk.post(url, posted).status_code == 302
        assert Appointment.objects.filter(minutes=90, place="thuis").count() == 4
        assert Appointment.objects.order_by("starts_at")[0].starts_at == TUESDAY
        refused = anouk.post(url, posted)
        assert refused.status_code == 422
        assert "staat al een afspraak van 15:00 tot 16:30" in refused.content.decode()

    def test_a_calendar_gets_the_moment_and_nothing_of_the_case(self, help: Help) -> None:
        made = help.appointment(TUESDAY, place="GGZ-praktijk De Linde")
        answer = help.world.client("noor").get(
            reverse("appointment_calendar", args=[help.family_id, made.pk])
        )
        [event] = Calendar.from_ical(answer.content).walk("VEVENT")
        assert event["dtstart"].dt == TUESDAY.astimezone(UTC)
        assert event["dtend"].dt - event["dtstart"].dt == timedelta(minutes=60)
        assert not [word for word in ("Linde", "Noor", "Anouk", RESULT) if word in answer.content.decode()]


class TestTaps:
    def test_score_task_and_face_are_one_tap_and_lead_back(self, help: Help) -> None:
        filled(help)
        noor, back = help.world.client("noor"), reverse("plan", args=[help.family_id])
        kept = Appointment.objects.get(stage="kept")
        for name, key, posted in (
            ("score_goal", Goal.objects.get().pk, {"value": "7"}),
            ("finish_task", Task.objects.get().pk, {}),
            ("say_how_it_was", kept.pk, {"felt": "5"}),
        ):
            answer = noor.post(reverse(name, args=[key]), {**posted, "back": back})
            assert (answer.status_code, answer["Location"]) == (302, back)
        kept.refresh_from_db()
        assert (kept.felt, Score.objects.filter(value=7).count()) == (5, 1)
        assert Task.objects.get().done_at is not None

    @pytest.mark.parametrize(
        "back", ["https://elders.example/", "//elders.example/", "", "\\\\elders.example"]
    )
    def test_a_tap_never_leads_to_another_site(self, help: Help, back: str) -> None:
        filled(help)
        url = reverse("finish_task", args=[Task.objects.get().pk])
        answer = help.world.client("sanne").post(url, {"back": back})
        assert answer["Location"] == reverse("plan", args=[help.family_id])

    @pytest.mark.parametrize("posted", [{}, {"value": "0"}, {"value": "11"}, {"value": "x"}])
    def test_a_number_that_no_button_sends_is_no_score(self, help: Help, posted: dict[str, str]) -> None:
        filled(help)
        url = reverse("score_goal", args=[Goal.objects.get().pk])
        assert help.world.client("sanne").post(url, posted).status_code == 400
        assert Score.objects.count() == 1

    def test_taps_are_posts(self, help: Help) -> None:
        kept = help.kept()
        for name in ("keep_appointment", "unkeep_appointment", "miss_appointment"):
            assert help.world.client("anouk").get(reverse(name, args=[kept.pk])).status_code == 405


class TestTheDay:
    def day(self, help: Help, actor: Actor | None = None) -> queries.Day:
        return queries.day(actor or help.professional, local_day(help.world.at), at=help.world.at)

    def test_today_what_still_waits_for_a_tap_and_promises(self, help: Help) -> None:
        yesterday = help.appointment(help.world.at)
        help.world.later(days=1)
        help.kept(minutes=45)
        later = help.appointment(help.world.at + timedelta(hours=2))
        day = self.day(help)
        assert [row.id for row in day.earlier] == [yesterday.pk]
        assert [(row.stage, row.child) for row in day.today] == [("kept", "Noor"), ("planned", "Noor")]
        assert day.minutes_kept == 45
        assert day.today[1].id == later.pk
        assert day.today[1].why_not_kept is not None and day.earlier[0].why_not_kept is None

    def test_it_shows_nobody_elses_day(self, help: Help) -> None:
        help.kept()
        youssef = help.world.actor("youssef")
        assert not queries.day(youssef, local_day(help.world.at), at=help.world.at).today
        assert not queries.day(help.world.actor("ellen"), local_day(help.world.at), at=help.world.at).today

    def test_two_queries_at_any_size(self, help: Help) -> None:
        help.kept()
        anouk = help.professional
        assert counted(lambda: self.day(help, anouk)) == 2
        for hour in range(2, 9):
            help.appointment(help.world.at + timedelta(hours=hour))
        begun = begin_help(help.world, parent="Mark", child="Daan")
        begun.appointment(help.world.at + timedelta(hours=10))
        assert len(self.day(help).today) == 9
        assert counted(lambda: self.day(help, anouk)) == 2

    def test_the_panel_has_one_button_a_row_that_the_key_presses(self, help: Help) -> None:
        made, anouk = help.appointment(help.world.at), help.professional
        with CaptureQueriesContext(connection) as seen:
            day = self.day(help, anouk)
            text = render_to_string("plans/_day.html", {"day": day})
        assert len(seen) == 2, "a template asks nothing"
        assert reverse("keep_appointment", args=[made.pk]) in text
        assert text.count('data-key="u"') == 1 and "data-item" in text


class TestTheEnd:
    def end(self, help: Help) -> None:
        answer = help.world.client("ellen").post(
            reverse("end_request", args=[help.family_id, help.request.pk]),
            {"reason": "01", "looking_back": "Het gaat goed.", "if_it_returns": "Dan bellen we Ellen."},
        )
        assert answer.status_code == 302

    def test_the_form_proposes_whom_to_call(self, help: Help) -> None:
        text = page(help.world.client("ellen"), "end_request", help.family_id, help.request.pk)
        assert "Dan bellen we Ellen, onze gezinscoach." in text
        assert text.count('type="radio"') == 5

    def test_two_questions_two_taps_and_thanks(self, help: Help) -> None:
        noor, url = help.world.client("noor"), reverse("two_questions", args=[help.request.pk])
        assert "Hier is nu niets te beantwoorden" in page(noor, "two_questions", help.request.pk)
        self.end(help)
        text = page(noor, "two_questions", help.request.pk)
        assert "Geef met een rapportcijfer van 1 tot 10 aan hoe nuttig deze hulp voor" in text
        assert text.count('type="radio"') == 14
        assert noor.post(url, {"useful": "8"}).status_code == 422
        assert noor.post(url, {"useful": "8", "onward": "04"}).status_code == 302
        assert Outcome.objects.get().member.first_name == "Noor"
        assert noor.post(url, {"useful": "2", "onward": "01"}).status_code == 422
        assert Outcome.objects.get().useful == 8

    def test_the_coach_cannot_answer_for_the_family(self, help: Help) -> None:
        self.end(help)
        assert (
            help.world.client("ellen").get(reverse("two_questions", args=[help.request.pk])).status_code
            == 403
        )

    def test_it_comes_back_with_one_tap_on_the_plan(self, help: Help) -> None:
        self.end(help)
        sanne = help.world.client("sanne")
        text = page(sanne, "plan", help.family_id)
        url = reverse("reopen_request", args=[help.request.pk])
        assert url in text and "Dan bellen we Ellen." in text
        assert sanne.post(url).status_code == 302
        assert HelpRequest.objects.get().stage == "talk"
        assert url not in page(sanne, "plan", help.family_id)
