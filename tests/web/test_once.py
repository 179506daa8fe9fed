"""A form's key: a double click, a retry and twelve parallel posts have one effect and one answer."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from uuid import uuid4

import pytest
from django.db import connections
from django.urls import reverse

from hendig.audit.models import Entry, Receipt
from hendig.people.models import Letter, SignInCode
from tests.support.world import World, build_world


@pytest.fixture
def open_world(transactional_db: None) -> World:
    return build_world()


def ask(world: World, key: str, email: str = "ellen@peelrand.example") -> tuple[int, str]:
    try:
        answer = world.client().post("/aanmelden/", {"email": email, "_key": key})
        return answer.status_code, answer["Location"]
    finally:
        connections.close_all()


def test_twelve_parallel_posts_have_one_effect_and_one_answer(open_world: World) -> None:
    key = str(uuid4())
    with ThreadPoolExecutor(12) as pool:
        answers = set(pool.map(lambda _: ask(open_world, key), range(12)))
    assert len(answers) == 1
    assert answers.pop()[0] == 302
    assert (SignInCode.objects.count(), Letter.objects.count()) == (1, 1)
    assert Entry.objects.filter(code="sign_in.asked").count() == 1


def test_two_keys_are_two_posts(open_world: World) -> None:
    assert ask(open_world, str(uuid4())) != ask(open_world, str(uuid4()))
    assert SignInCode.objects.count() == 2


def test_after_a_refusal_the_same_key_works_with_better_input(open_world: World) -> None:
    key = str(uuid4())
    client = open_world.client()
    refused = client.post("/aanmelden/", {"email": "this is no address", "_key": key})
    assert refused.status_code == 422
    assert "this is no address" in refused.content.decode()
    assert key in refused.content.decode()
    assert ask(open_world, key)[0] == 302
    assert SignInCode.objects.count() == 1


def test_somebody_else_cannot_replay_a_key(open_world: World) -> None:
    key = str(uuid4())
    assert ask(open_world, key)[0] == 302
    other = open_world.client("piet").post("/aanmelden/", {"email": "ellen@peelrand.example", "_key": key})
    assert other.status_code == 404


def test_who_signed_in_anew_gets_the_answer_and_somebody_else_does_not(world: World) -> None:
    key = str(uuid4())
    first = world.client("karin").post(reverse("log"), {"_key": key})
    again = world.client("karin").post(reverse("log"), {"_key": key})
    assert (first.status_code, again.status_code, again.content) == (200, 200, first.content)
    for other in ("piet", None):
        assert world.client(other).post(reverse("log"), {"_key": key}).status_code == 404
    # Of the same account, but of another form.
    assert world.client("karin").post(reverse("notices"), {"_key": key}).status_code == 404
    assert Receipt.objects.count() == 1


def test_a_session_that_ended_gets_no_answer_of_another(world: World) -> None:
    key, ended = str(uuid4()), world.client("karin")
    assert world.client("karin").post(reverse("log"), {"_key": key}).status_code == 200
    ended.post(reverse("sign_out"))
    assert ended.post(reverse("log"), {"_key": key}).status_code == 404


def test_who_signed_in_anew_does_not_become_who_signed_in_by_the_form(world: World) -> None:
    """A new session key goes to the browser of the form, and to no other of the same person."""
    ellen, key = world.client("ellen"), str(uuid4())
    where = ellen.post(reverse("sign_in"), {"email": "ellen@peelrand.example", "_key": str(uuid4())})[
        "Location"
    ]
    code = Letter.objects.get().body.split("code is ")[1][:6]
    answer = ellen.post(where, {"code": code, "_key": key})
    assert answer.cookies["hendig"].value
    again = world.client("ellen").post(where, {"code": code, "_key": key})
    assert (again.status_code, again["Location"]) == (302, answer["Location"])
    assert "hendig" not in again.cookies


def test_what_is_kept_of_an_answer_only_who_has_the_form_can_open(world: World) -> None:
    karin, key = world.client("karin"), str(uuid4())
    first, again = (karin.post("/verantwoorden/", {"_key": key}) for _twice in range(2))
    assert (first.status_code, again.content) == (200, first.content)
    assert "Het zegel van het logboek" in first.content.decode()
    kept = Receipt.objects.get()
    assert b"zegel" not in bytes(kept.body)
    assert key not in f"{kept.key} {kept.headers}"


def test_a_wrong_code_costs_a_try_although_it_is_refused(open_world: World) -> None:
    _status, where = ask(open_world, str(uuid4()))
    client = open_world.client()
    for left in (4, 3, 2, 1, 0):
        answer = client.post(where, {"code": "not it", "_key": str(uuid4())})
        assert (answer.status_code, SignInCode.objects.get().tries_left) == (422, left)
    code = Letter.objects.get().body.split("code is ")[1][:6]
    assert client.post(where, {"code": code, "_key": str(uuid4())}).status_code == 422
    assert Receipt.objects.count() == 1


def test_the_right_code_signs_in_and_a_repeated_post_signs_in_too(open_world: World) -> None:
    _status, where = ask(open_world, str(uuid4()), "piet@peelrand.example")
    code = Letter.objects.get().body.split("code is ")[1][:6]
    key = str(uuid4())
    for _ in range(2):
        client = open_world.client()
        assert client.post(where, {"code": code, "_key": key})["Location"] == "/"
        assert client.get("/meldingen/").status_code == 200


def test_only_a_form_that_was_taken_in_is_told_to_be(world: World) -> None:
    """By its key, which says nothing of anybody, and not in what is kept: that can only be opened with it."""
    ellen, key = world.client("ellen"), str(uuid4())
    refused = world.client().post(reverse("sign_in"), {"email": "this is no address", "_key": str(uuid4())})
    assert (refused.status_code, "hendig_accepted" in refused.cookies) == (422, False)
    for _twice in range(2):
        answer = ellen.post(reverse("notices"), {"_key": key})
        assert (answer.status_code, answer.cookies["hendig_accepted"].value) == (302, key)
    assert key not in str(Receipt.objects.get().headers)


def test_who_is_asked_to_sign_in_first_sends_the_same_form_again(world: World) -> None:
    key = str(uuid4())
    turned_away = world.client().post(reverse("notices"), {"_key": key})
    assert turned_away["Location"].startswith(reverse("sign_in"))
    assert not turned_away.cookies
    answer = world.client("ellen").post(reverse("notices"), {"_key": key})
    assert (answer.status_code, answer["Location"]) == (302, reverse("notices"))
