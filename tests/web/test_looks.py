"""A page that shows a record stands in the log, also when what was typed on it was refused."""

from __future__ import annotations

from uuid import UUID, uuid4

import pytest
from django.urls import reverse

from hendig.audit.models import Entry, Kind
from tests.support.matching import Household, open_talk, say
from tests.support.world import World


@pytest.fixture(autouse=True)
def _the_clock_of_the_pages(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("hendig.web.middleware.timezone.now", lambda: world.at)


def refused_at(world: World, name: str, about: UUID, **typed: str) -> list[str]:
    """The looks that the log tells of, after Ellen sent this page something that does not do."""
    before = looks(world)
    for key in ({"_key": str(uuid4())}, {}):
        answer = world.client("ellen").post(reverse(name, args=[about]), {**key, **typed})
        assert answer.status_code == 422, (name, answer.status_code)
    return looks(world)[len(before) :]


def looks(world: World) -> list[str]:
    mine = Entry.objects.filter(account_id=world.account("ellen").pk, kind=Kind.LOOK)
    return list(mine.order_by("id").values_list("code", flat=True))


@pytest.mark.parametrize(
    ("name", "code"),
    [("new_goal", "plan.seen"), ("new_task", "plan.seen"), ("circle", "family.circle_seen")],
)
def test_a_look_at_a_family_stays_in_the_log_when_the_form_is_refused(
    world: World, house: Household, name: str, code: str
) -> None:
    assert refused_at(world, name, house.family_id) == [code, code]


@pytest.mark.parametrize(
    ("name", "code"),
    [
        ("call_tent", "tent.call_seen"),
        ("open_talk", "matchtalk.prepared"),
        ("new_question", "opentent.answers_seen"),
    ],
)
def test_a_look_at_a_question_stays_in_the_log_when_the_form_is_refused(
    world: World, house: Household, name: str, code: str
) -> None:
    assert refused_at(world, name, house.request.pk) == [code, code]


def test_a_look_at_a_talk_stays_in_the_log_when_the_answer_is_refused(world: World, house: Household) -> None:
    talk = open_talk(world, house)
    assert refused_at(world, "match_talk", talk.pk) == ["matchtalk.seen", "matchtalk.seen"]


def test_a_look_at_a_match_stays_in_the_log_when_its_end_is_refused(world: World, house: Household) -> None:
    talk = open_talk(world, house)
    say(world, talk, "noor", "sanne", "mark", "ellen", "anouk")
    talk.refresh_from_db()
    assert refused_at(world, "end_match", talk.match.pk) == ["match.seen", "match.seen"]


def test_what_a_rule_refuses_outright_leaves_nothing(world: World, house: Household) -> None:
    url = reverse("look_further", args=[open_talk(world, house).pk])
    assert world.client("ellen").post(url, {"_key": str(uuid4())}).status_code == 302
    before = Entry.objects.exclude(kind=Kind.REFUSAL).count()
    assert world.client("ellen").post(url, {"_key": str(uuid4())}).status_code == 422
    assert Entry.objects.exclude(kind=Kind.REFUSAL).count() == before
