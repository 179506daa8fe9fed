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


def filled(helped: Help) -> None:
    """A goal with scores, a task, an appointment to come and one to rate."""
    sanne = helped.world.actor("sanne")
    goal = actions.set_goal(actor=sanne, request_id=helped.request.pk, words=RESULT, at=helped.world.at)
    actions.score_goal(actor=sanne, goal_id=goal.pk, value=4, at=helped.world.at)
    actions.set_task(
        actor=sanne, request_id=helped.request.pk, what="Belt met school", who="Oma", at=helped.world.at
    )
    helped.kept()
    helped.appointment(helped.world.at + timedelta(days=2, hours=Appointment.objects.count()))


class TestThePlan:
    def test_an_empty_plan_says_what_to_do_first(self, helped: Help) -> None:
        text = page(helped.world.client("sanne"), "plan", helped.family_id)
        assert "Nog geen doel" in text
        assert "Nog niets afgesproken" in text
        assert "Nog geen afspraak" in text

    def test_everyone_involved_sees_the_same_plan_and_the_look_stands_in_the_log(self, helped: Help) -> None:
        filled(helped)
        for name in ("sanne", "noor", "ellen", "anouk"):
            text = page(helped.world.client(name), "plan", helped.family_id)
            assert RESULT in text
            assert "Belt met school" in text
        looks = Entry.objects.filter(code="plan.seen", family_id=helped.family_id)
        assert sorted(looks.values_list("part", flat=True)) == ["coach", "family", "family", "professional"]

    def test_only_the_family_is_asked_for_a_number_and_a_face(self, helped: Help) -> None:
        filled(helped)
        assert "Hoe was het?" in page(helped.world.client("noor"), "plan", helped.family_id)
        text = page(helped.world.client("anouk"), "plan", helped.family_id)
        assert "Hoe was het?" not in text
        assert "Hoe ver bent u" not in text

    def test_strangers_and_nobody_get_the_same_as_for_what_is_not_there(self, helped: Help) -> None:
        stranger = helped.world.client("youssef")
        hidden = stranger.get(reverse("plan", args=[helped.family_id]))
        missing = stranger.get(reverse("plan", args=[uuid4()]))
        assert (hidden.status_code, missing.status_code) == (404, 404)
        assert helped.world.client().get(reverse("plan", args=[helped.family_id])).status_code == 302

    def test_the_picture_of_the_scores_has_its_words(self, helped: Help) -> None:
        filled(helped)
        text = page(helped.world.client("sanne"), "plan", helped.family_id)
        assert "<polyline" in text
        assert "een 4 op 2 nov" in text

    def test_the_number_of_queries_does_not_grow(self, helped: Help) -> None:
        def look() -> None:
            with opening(
                helped.world.actor("sanne"), "plan.seen", helped.family_id, at=helped.world.at
            ) as seen:
                queries.plan(seen)
                queries.next_appointments(seen)
                queries.appointments_to_rate(seen)

        filled(helped)
        few = counted(look)
        for _ in range(4):
            helped.world.later(hours=2)
            filled(helped)
        assert counted(look) == few
        with opening(helped.world.actor("sanne"), "plan.seen", helped.family_id, at=helped.world.at) as seen:
            assert counted(lambda: queries.plan(seen)) == 7
            assert counted(lambda: queries.next_appointments(seen)) == 1
            assert counted(lambda: queries.appointments_to_rate(seen)) == 1


class TestForms:
    def test_the_first_goal_is_there_already_and_takes_one_button(self, helped: Help) -> None:
        sanne = helped.world.client("sanne")
        assert RESULT in page(sanne, "new_goal", helped.family_id)
        answer = sanne.post(
            reverse("new_goal", args=[helped.family_id]),
            {"words": RESULT, "member_id": "all", "request_id": helped.request.pk},
        )
        assert (answer.status_code, answer["Location"]) == (302, reverse("plan", args=[helped.family_id]))
        assert Goal.objects.get().member is None

    def test_a_goal_is_asked_in_the_words_of_the_family_and_the_way_back_is_there(self, helped: Help) -> None:
        for name, asks in (("sanne", "Wat wilt u bereiken?"), ("ellen", "Wat wil het gezin bereiken?")):
            text = page(helped.world.client(name), "new_goal", helped.family_id)
            assert asks in text
            assert f'href="{reverse("plan", args=[helped.family_id])}"' in text

    def test_who_does_something_is_picked_or_written(self, helped: Help) -> None:
        ellen, url = helped.world.client("ellen"), reverse("new_task", args=[helped.family_id])
        anouk = str(helped.world.account("anouk").pk)
        posted = {"request_id": helped.request.pk, "what": "Belt", "by": "2026-11-09"}
        assert ellen.post(url, posted | {"helper": anouk}).status_code == 302
        assert ellen.post(url, posted | {"helper": "else", "somebody": "Oma"}).status_code == 302
        assert dict(Task.objects.values_list("who", "account_id")) == {
            "Anouk": helped.world.account("anouk").pk,
            "Oma": None,
        }
        again = ellen.post(url, posted | {"helper": "else", "somebody": ""})
        assert again.status_code == 422
        assert "Schrijf op wie het doet." in again.content.decode()

    def test_an_appointment_proposes_the_next_working_day_at_three(self, helped: Help) -> None:
        anouk = helped.world.client("anouk")
        url = reverse("plan_appointment", args=[helped.family_id, helped.match.pk])
        text = page(anouk, "plan_appointment", helped.family_id, helped.match.pk)
        assert 'value="2026-11-03"' in text
        assert 'value="15:00"' in text
        posted = {
            "day": "2026-11-03",
            "time": "15:00",
            "minutes": "90",
            "repeat_weeks": "4",
            "place": "thuis",
        }
        assert anouk.post(url, posted).status_code == 302
        assert [one.place for one in Appointment.objects.filter(minutes=90)] == ["thuis"] * 4
        assert Appointment.objects.order_by("starts_at")[0].starts_at == TUESDAY
        refused = anouk.post(url, posted)
        assert refused.status_code == 422
        assert "staat al een afspraak van 15:00 tot 16:30" in refused.content.decode()

    def test_a_calendar_gets_the_moment_and_nothing_of_the_case(self, helped: Help) -> None:
        made = helped.appointment(TUESDAY, place="GGZ-praktijk De Linde")
        answer = helped.world.client("noor").get(
            reverse("appointment_calendar", args=[helped.family_id, made.pk])
        )
        assert answer["Cache-Control"] == "no-store"
        [event] = Calendar.from_ical(answer.content).walk("VEVENT")
        assert event.decoded("dtstart") == TUESDAY.astimezone(UTC)
        assert event.decoded("dtend") == TUESDAY.astimezone(UTC) + timedelta(minutes=60)
        assert not [word for word in ("Linde", "Noor", "Anouk", RESULT) if word in answer.content.decode()]


class TestTaps:
    def test_score_task_and_face_are_one_tap_and_lead_back(self, helped: Help) -> None:
        filled(helped)
        noor, back = helped.world.client("noor"), reverse("plan", args=[helped.family_id])
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
    def test_a_tap_never_leads_to_another_site(self, helped: Help, back: str) -> None:
        filled(helped)
        url = reverse("finish_task", args=[Task.objects.get().pk])
        answer = helped.world.client("sanne").post(url, {"back": back})
        assert answer["Location"] == reverse("plan", args=[helped.family_id])

    @pytest.mark.parametrize("posted", [{}, {"value": "0"}, {"value": "11"}, {"value": "x"}])
    def test_a_number_that_no_button_sends_is_no_score(self, helped: Help, posted: dict[str, str]) -> None:
        filled(helped)
        url = reverse("score_goal", args=[Goal.objects.get().pk])
        assert helped.world.client("sanne").post(url, posted).status_code == 400
        assert Score.objects.count() == 1

    def test_taps_are_posts(self, helped: Help) -> None:
        kept = helped.kept()
        for name in ("keep_appointment", "unkeep_appointment", "miss_appointment"):
            assert helped.world.client("anouk").get(reverse(name, args=[kept.pk])).status_code == 405


class TestTheDay:
    def day(self, helped: Help, actor: Actor | None = None) -> queries.Day:
        return queries.day(actor or helped.professional, local_day(helped.world.at), at=helped.world.at)

    def test_today_what_still_waits_for_a_tap_and_promises(self, helped: Help) -> None:
        yesterday = helped.appointment(helped.world.at)
        helped.world.later(days=1)
        helped.kept(minutes=45)
        later = helped.appointment(helped.world.at + timedelta(hours=2))
        day = self.day(helped)
        assert [row.id for row in day.earlier] == [yesterday.pk]
        assert [(row.stage, row.child) for row in day.today] == [("kept", "Noor"), ("planned", "Noor")]
        assert day.minutes_kept == 45
        assert day.today[1].id == later.pk
        assert day.today[1].why_not_kept is not None
        assert day.earlier[0].why_not_kept is None

    def test_it_shows_nobody_elses_day(self, helped: Help) -> None:
        helped.kept()
        youssef = helped.world.actor("youssef")
        assert not queries.day(youssef, local_day(helped.world.at), at=helped.world.at).today
        assert not queries.day(
            helped.world.actor("ellen"), local_day(helped.world.at), at=helped.world.at
        ).today

    def test_two_queries_at_any_size(self, helped: Help) -> None:
        helped.kept()
        anouk = helped.professional
        assert counted(lambda: self.day(helped, anouk)) == 2
        for hour in range(2, 9):
            helped.appointment(helped.world.at + timedelta(hours=hour))
        begun = begin_help(helped.world, parent="Mark", child="Daan")
        begun.appointment(helped.world.at + timedelta(hours=10))
        assert len(self.day(helped).today) == 9
        assert counted(lambda: self.day(helped, anouk)) == 2

    def test_the_panel_has_one_button_a_row_that_the_key_presses(self, helped: Help) -> None:
        made, anouk = helped.appointment(helped.world.at), helped.professional
        with CaptureQueriesContext(connection) as seen:
            day = self.day(helped, anouk)
            text = render_to_string("plans/_day.html", {"day": day})
        assert len(seen) == 2, "a template asks nothing"
        assert reverse("keep_appointment", args=[made.pk]) in text
        assert text.count('data-key="u"') == 1
        assert "data-item" in text


class TestTheEnd:
    def end(self, helped: Help) -> None:
        answer = helped.world.client("ellen").post(
            reverse("end_request", args=[helped.family_id, helped.request.pk]),
            {"reason": "01", "looking_back": "Het gaat goed.", "if_it_returns": "Dan bellen we Ellen."},
        )
        assert answer.status_code == 302

    def test_the_form_proposes_whom_to_call(self, helped: Help) -> None:
        text = page(helped.world.client("ellen"), "end_request", helped.family_id, helped.request.pk)
        assert "Dan bellen we Ellen, onze gezinscoach." in text
        assert text.count('type="radio"') == 5

    def test_two_questions_two_taps_and_thanks(self, helped: Help) -> None:
        noor, url = helped.world.client("noor"), reverse("two_questions", args=[helped.request.pk])
        assert "Hier is nu niets te beantwoorden" in page(noor, "two_questions", helped.request.pk)
        self.end(helped)
        text = page(noor, "two_questions", helped.request.pk)
        assert "Geef met een rapportcijfer van 1 tot 10 aan hoe nuttig deze hulp voor" in text
        assert text.count('type="radio"') == 14
        assert noor.post(url, {"useful": "8"}).status_code == 422
        assert noor.post(url, {"useful": "8", "onward": "04"}).status_code == 302
        assert Outcome.objects.get().member.first_name == "Noor"
        assert noor.post(url, {"useful": "2", "onward": "01"}).status_code == 422
        assert Outcome.objects.get().useful == 8

    def test_the_coach_cannot_answer_for_the_family(self, helped: Help) -> None:
        self.end(helped)
        assert (
            helped.world.client("ellen").get(reverse("two_questions", args=[helped.request.pk])).status_code
            == 403
        )

    def test_it_comes_back_with_one_tap_on_the_plan(self, helped: Help) -> None:
        self.end(helped)
        sanne = helped.world.client("sanne")
        text = page(sanne, "plan", helped.family_id)
        url = reverse("reopen_request", args=[helped.request.pk])
        assert url in text
        assert reverse("plan_appointment", args=[helped.family_id, helped.match.pk]) not in text
        assert "Dan bellen we Ellen." in text
        assert sanne.post(url).status_code == 302
        assert HelpRequest.objects.get().stage == "talk"
        assert url not in page(sanne, "plan", helped.family_id)
