"""The board and the answers as people see them: what is there, what is not, and at what cost."""

from __future__ import annotations

import re
from datetime import timedelta
from uuid import UUID

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from hendig.audit.models import Entry
from hendig.families.actions import add_tie
from hendig.families.queries import opening
from hendig.helprequests.models import HelpRequest
from hendig.opentent import actions, queries
from hendig.opentent.models import Post, PostKind, Response, ResponseStage
from tests.support.opentent import (
    TEXT,
    TITLE,
    WORDS,
    accept,
    answer,
    ask_the_board,
    connect,
    family_asks,
    offer,
)
from tests.support.shared import built_once
from tests.support.world import World


@built_once
def request_of_sanne(world: World) -> HelpRequest:
    return family_asks(world)


@built_once
def question(world: World, request_of_sanne: HelpRequest) -> Post:
    return ask_the_board(world, request_of_sanne)


@pytest.fixture(autouse=True)
def _the_clock_of_the_pages(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("hendig.web.middleware.timezone.now", lambda: world.at)


def text_of(client: Client, path: str) -> str:
    response = client.get(path)
    assert response.status_code == 200, f"{path}: {response.status_code}"
    return response.content.decode()


def links_of(page: str) -> set[str]:
    return set(re.findall(r'(?:href|action|data-live)="(/[^"#]*)"', page))


class TestBoard:
    @pytest.mark.usefixtures("question")
    def test_a_visitor_reads_questions_and_offers_without_signing_in(self, world: World) -> None:
        offer(world, kind=PostKind.INITIATIVE, title="Samen koken")
        page = text_of(world.client(), "/open-tent/")

        assert all(words in page for words in (TITLE, TEXT, "Panningen", "Samen koken", "Aanbod"))

    @pytest.mark.usefixtures("question")
    def test_it_can_be_narrowed_to_a_kind_and_a_neighbourhood(self, world: World) -> None:
        offer(world, title="Samen koken", neighbourhood="Maasbree")
        client = world.client()

        assert "Samen koken" not in text_of(client, "/open-tent/?soort=question")
        assert TITLE not in text_of(client, "/open-tent/?buurt=Maasbree")
        assert TITLE in text_of(client, "/open-tent/?soort=nonsense&ouder=nonsense")

    def test_an_empty_board_says_what_to_do_first(self, world: World) -> None:
        assert "Hier staat nu niets" in text_of(world.client(), "/open-tent/")

    def test_paging_goes_through_everything_once_and_back(self, world: World) -> None:
        posts = [offer(world, title=f"Aanbod {n}").pk for n in range(24 * 2 + 3)]
        actor = world.visitor
        pages = [queries.board(actor, at=world.at)]
        while pages[-1].older:
            pages.append(queries.board(actor, at=world.at, before=pages[-1].older))
        seen = [card.id for page in pages for card in page.cards]
        assert seen == posts[::-1]

        assert pages[0].newer is None
        back = queries.board(actor, at=world.at, after=pages[2].newer)
        assert back.cards == pages[1].cards
        assert back.older == pages[1].older

    def test_it_asks_the_database_as_often_for_many_posts_as_for_few(self, world: World) -> None:
        counts = []
        for _ in range(2):
            for _ in range(6):
                offer(world, places=2)
            with CaptureQueriesContext(connection) as asked:
                queries.board(world.visitor, at=world.at)
            counts.append(len(asked))

        assert counts == [2, 2]


class TestWithoutNames:
    def test_nothing_on_a_public_page_leads_to_the_family(
        self, world: World, request_of_sanne: HelpRequest, question: Post
    ) -> None:
        """A crawl of every page that a visitor, a helper and a professional can reach from the board."""
        answer(world, question, "anouk")
        canaries = [
            str(request_of_sanne.family_id),
            str(request_of_sanne.pk),
            str(world.account("sanne").pk),
            str(request_of_sanne.child_id),
            *("Sanne", "Verhoeven", "Noor", "sanne@gezin.example", request_of_sanne.words),
        ]
        for name in (None, "piet", "anouk", "bram"):
            client = world.client(name)
            waiting, seen = {"/open-tent/"}, set()
            while waiting:
                path = waiting.pop()
                seen.add(path)
                response = client.get(path)
                if response.status_code != 200 or response.streaming:
                    continue
                page = response.content.decode()
                assert not [canary for canary in canaries if canary in page], f"{name} on {path}"
                waiting |= {link for link in links_of(page) if link.startswith("/open-tent/")} - seen
            assert f"/open-tent/{question.pk}/" in seen

    def test_the_responder_has_no_name_for_the_family_until_both_said_yes(
        self, world: World, question: Post
    ) -> None:
        response = answer(world, question)
        sanne, piet = world.client("sanne"), world.client("piet")
        answers, mine = f"/open-tent/vraag/{question.request_id}/", "/open-tent/mijn/"
        for step in ("offered", "accepted"):
            page = text_of(sanne, answers)
            assert WORDS in page
            assert not [canary for canary in ("Piet", "Peeters", "piet@") if canary in page], step
            page = text_of(piet, mine)
            assert TITLE in page
            assert not [canary for canary in ("Sanne", "Verhoeven", "sanne@") if canary in page], step
            if step == "offered":
                accept(world, response)

        actions.confirm_response(actor=world.actor("piet"), response_id=response.pk, at=world.at)
        page = text_of(sanne, answers)
        assert "Piet" in page
        assert "piet@peelrand.example" in page
        assert "Piet Peeters" in page
        page = text_of(piet, mine)
        assert "Sanne" in page
        assert "sanne@gezin.example" in page
        assert "Verhoeven" in page

    def test_only_family_and_coach_open_the_answers(self, world: World, question: Post) -> None:
        path = f"/open-tent/vraag/{question.request_id}/"
        found = {
            name: world.client(name).get(path).status_code
            for name in ("sanne", "ellen", "bram", "piet", "anouk")
        }

        assert found == {"sanne": 200, "ellen": 200, "bram": 404, "piet": 404, "anouk": 404}
        assert world.client().get(path).status_code == 302

    def test_a_look_at_the_answers_stands_in_the_log(self, world: World, question: Post) -> None:
        text_of(world.client("ellen"), f"/open-tent/vraag/{question.request_id}/")

        look = Entry.objects.filter(code="opentent.answers_seen").get()
        assert (look.family_id, look.account_id) == (question.family_id, world.account("ellen").pk)


class TestAnswers:
    def test_own_circle_comes_first_then_neighbours_then_initiatives_then_professionals(
        self, world: World, request_of_sanne: HelpRequest, question: Post
    ) -> None:
        add_tie(
            actor=world.actor("sanne"),
            family_id=request_of_sanne.family_id,
            name="Oma Riet",
            relation="oma",
            distance=1,
            at=world.at,
        )
        answer(world, question, "anouk", "Als beroepskracht denk ik mee.")
        world.add_worker("truus", role=next(iter(world.actor("piet").roles - {"anyone"})))
        offer(world, "truus", kind=PostKind.INITIATIVE, title="Samen zwemmen")
        answer(world, question, "truus", "Bij ons is plek.")
        answer(world, question, "piet", "Ik ga mee.")
        page = text_of(world.client("sanne"), f"/open-tent/vraag/{question.request_id}/")

        order = [page.index(words) for words in ("Oma Riet", "Ik ga mee", "Bij ons is plek", "denk ik mee")]
        assert order == sorted(order)
        assert "Hoort bij het initiatief “Samen zwemmen”" in page
        assert "Truus" not in page

    def test_they_cost_as_many_queries_for_many_as_for_few(
        self, world: World, request_of_sanne: HelpRequest, question: Post
    ) -> None:
        counts = []
        for who in ("piet", "anouk"):
            answer(world, question, who)
            with (
                opening(
                    world.actor("sanne"), "opentent.answers_seen", request_of_sanne.family_id, at=world.at
                ) as look,
                CaptureQueriesContext(connection) as asked,
            ):
                found = queries.of_request(look)
            counts.append(len(asked))
            assert found is not None
            ask_the_board(world, request_of_sanne)

        assert counts == [4, 4]

    def test_who_is_involved_otherwise_gets_no_panel(self, world: World, question: Post) -> None:
        assert question.family_id is not None
        with opening(world.actor("sanne"), "opentent.answers_seen", question.family_id, at=world.at) as look:
            guest = type(look)(actor=look.actor, family_id=look.family_id, at=look.at, part="guest")

        assert queries.of_request(guest) is None

    def test_own_answers_and_offers_cost_three_queries(self, world: World) -> None:
        counts = []
        for _ in range(2):
            response = answer(world, offer(world, "piet", places=3), "anouk")
            answer(world, offer(world, "anouk"), "piet")
            with CaptureQueriesContext(connection) as asked:
                mine = queries.answers_for(world.actor("piet"), at=world.at)
            # One of them tells who Piet is.
            counts.append(len(asked) - 1)
            assert mine.posts[0].answers[0].id == response.pk
            assert mine.waits_on_me == len(counts)

        assert counts == [3, 3]


class TestByHand:
    """The story without JavaScript: forms and buttons only."""

    def test_from_question_to_contact(self, world: World, request_of_sanne: HelpRequest) -> None:
        sanne, piet = world.client("sanne"), world.client("piet")
        form = f"/open-tent/vraag/{request_of_sanne.pk}/nieuw/"
        page = text_of(sanne, form)
        assert "Mijn dochter doet weer mee." in page, "the hoped-for result is filled in"

        named = sanne.post(form, {"title": TITLE, "text": "Voor mijn dochter Noor.", "neighbourhood": ""})
        assert named.status_code == 422
        assert "Voor mijn dochter Noor." in named.content.decode(), "typed text stays"

        done = sanne.post(form, {"title": TITLE, "text": TEXT, "neighbourhood": "Panningen"})
        assert done.headers["Location"] == f"/open-tent/vraag/{request_of_sanne.pk}/"
        post = Post.objects.get()

        page = text_of(piet, f"/open-tent/{post.pk}/")
        assert f"/open-tent/{post.pk}/antwoord/" in links_of(page)
        assert piet.post(f"/open-tent/{post.pk}/antwoord/", {"words": WORDS}).status_code == 302
        response = Response.objects.get()

        accept_path = f"/open-tent/antwoord/{response.pk}/ja/"
        assert accept_path in links_of(text_of(sanne, f"/open-tent/vraag/{request_of_sanne.pk}/"))
        assert sanne.post(accept_path).status_code == 302
        confirm_path = f"/open-tent/antwoord/{response.pk}/ik-doe-het/"
        assert confirm_path in links_of(text_of(piet, "/open-tent/mijn/"))
        assert piet.post(confirm_path).status_code == 302
        response.refresh_from_db()
        assert response.stage == ResponseStage.CONNECTED

    def test_a_visitor_is_asked_to_sign_in_and_comes_back_to_answer(
        self, world: World, question: Post
    ) -> None:
        path = f"/open-tent/{question.pk}/antwoord/"
        assert path in links_of(text_of(world.client(), f"/open-tent/{question.pk}/"))

        sent = world.client().get(path)
        assert sent.headers["Location"] == f"/aanmelden/?next={path.replace('/', '%2F')}"
        assert 'name="words"' in text_of(world.client("piet"), path)

    def test_who_answered_or_keeps_the_post_sees_no_form(self, world: World, question: Post) -> None:
        answer(world, question)
        path = f"/open-tent/{question.pk}/"

        assert 'name="words"' not in text_of(world.client("piet"), path)
        page = text_of(world.client("sanne"), path)
        assert 'name="words"' not in page
        assert f"/open-tent/vraag/{question.request_id}/" in page

    def test_an_offer_is_put_on_the_board_and_taken_off(self, world: World) -> None:
        piet = world.client("piet")
        sent = {
            "kind": "offer",
            "title": "Samen koken",
            "text": "Op woensdag.",
            "places": "4",
            "until": "2099-01-31",
        }
        assert piet.post("/open-tent/aanbod/", sent).status_code == 302
        post = Post.objects.get()
        assert "nog 4 plekken" in text_of(world.client(), f"/open-tent/{post.pk}/")

        assert piet.post(f"/open-tent/{post.pk}/sluiten/").status_code == 302
        assert world.client().get(f"/open-tent/{post.pk}/").status_code == 404
        assert "staat niet meer op het bord" in text_of(piet, f"/open-tent/{post.pk}/")

    def test_get_changes_nothing(self, world: World, question: Post) -> None:
        response = answer(world, question)
        paths = [f"/open-tent/antwoord/{response.pk}/{way}/" for way in ("ja", "niet-nu")]
        paths.append(f"/open-tent/{question.pk}/sluiten/")

        assert [world.client("sanne").get(path).status_code for path in paths] == [405] * 3

    def test_an_own_answer_can_be_taken_back(self, world: World, question: Post) -> None:
        response = answer(world, question)
        piet = world.client("piet")
        assert piet.post(f"/open-tent/antwoord/{response.pk}/intrekken/").status_code == 302

        assert "U trok dit in" in text_of(piet, "/open-tent/mijn/")
        assert WORDS not in text_of(world.client("sanne"), f"/open-tent/vraag/{question.request_id}/")

    def test_a_full_post_says_so(self, world: World, question: Post) -> None:
        full = offer(world, places=1)
        accept(world, answer(world, full, "anouk"), "piet")

        assert "Alle plekken zijn vergeven" in text_of(world.client("youssef"), f"/open-tent/{full.pk}/")
        assert connect(world, answer(world, question)).stage == ResponseStage.CONNECTED


def test_who_found_each_other_read_the_details_until_a_week_after_the_post_is_over(
    world: World, question: Post
) -> None:
    def reads() -> list[str]:
        pages = {
            "piet": ("/open-tent/mijn/", world.account("sanne").email),
            "sanne": (f"/open-tent/vraag/{question.request_id}/", world.account("piet").email),
        }
        return [name for name, (path, email) in pages.items() if email in text_of(world.client(name), path)]

    connect(world, answer(world, question))
    assert reads() == ["piet", "sanne"]
    world.later(days=3)
    actions.close_post(actor=world.actor("sanne"), post_id=question.pk, at=world.at)
    world.later(days=6, hours=23)
    assert reads() == ["piet", "sanne"]
    world.later(hours=2)
    assert reads() == []


def test_what_never_ends_shows_the_details_for_a_year_and_the_newest_yes_counts(world: World) -> None:
    def reached(name: str, days: int) -> bool:
        mine = queries.answers_for(world.actor(name), at=world.at + timedelta(days=days))
        own = any(one.contact for one in mine.answers)
        return own or any(one.contact for kept in mine.posts for one in kept.answers)

    walk = offer(world)
    response = answer(world, walk, "anouk")
    accept(world, response, "piet")
    # It is off the board before the last yes: the week counts from that yes.
    actions.close_post(actor=world.actor("piet"), post_id=walk.pk, at=world.at)
    world.later(days=30)
    actions.confirm_response(actor=world.actor("anouk"), response_id=response.pk, at=world.at)
    assert [reached(name, days) for name in ("piet", "anouk") for days in (6, 8)] == [True, False] * 2
    cook = offer(world, "anouk", title="Samen koken")
    connect(world, answer(world, cook, "piet"), keeper="anouk", responder="piet")
    assert [reached(name, days) for name in ("anouk", "piet") for days in (364, 366)] == [True, False] * 2


def test_a_stranger_cannot_tell_a_hidden_answer_from_none(world: World, question: Post) -> None:
    response = answer(world, question)
    bram = world.client("bram")
    paths = [f"/open-tent/antwoord/{key}/ja/" for key in (response.pk, UUID(int=7))]

    hidden, missing = (bram.post(path) for path in paths)
    # Only the keys of forms differ, and those differ at every look.
    pages = [re.sub(rb'value="[^"]*"', b"", page.content) for page in (hidden, missing)]
    assert pages[0] == pages[1]
    assert hidden.status_code == missing.status_code
    assert hidden.status_code == 404
