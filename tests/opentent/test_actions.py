"""Asking, offering, answering, and the two yeses."""

from __future__ import annotations

from datetime import timedelta
from functools import partial

import pytest

from hendig.audit.actions import change
from hendig.audit.models import Entry
from hendig.families.actions import end_involvement
from hendig.families.models import Part
from hendig.helprequests.models import HelpRequest
from hendig.kernel.refusal import Forbidden, NotVisible
from hendig.opentent import actions
from hendig.opentent.models import Post, PostKind, Response, ResponseStage
from hendig.people.actions import tell
from hendig.people.models import Letter, Notice
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
from tests.support.refusals import code_of
from tests.support.shared import built_once
from tests.support.together import at_once
from tests.support.world import World, build_world


@built_once
def request_of_sanne(world: World) -> HelpRequest:
    return family_asks(world)


@built_once
def question(world: World, request_of_sanne: HelpRequest) -> Post:
    return ask_the_board(world, request_of_sanne)


@built_once
def answered(world: World, question: Post) -> Response:
    return answer(world, question)


def told(world: World, code: str) -> dict[str, str]:
    """Who hears of the latest entry with this code, and where it leads."""
    entry = Entry.objects.filter(code=code).order_by("-id")[0]
    tell(entry_ids=[entry.pk], at=world.at)
    rows = Notice.objects.filter(entry_id=entry.pk).select_related("account")
    return {row.account.first_name: row.url for row in rows}


class TestAsking:
    def test_a_family_asks_and_it_stands_on_the_board_for_sixty_days(
        self, world: World, request_of_sanne: HelpRequest
    ) -> None:
        post = ask_the_board(world, request_of_sanne)

        assert Post.objects.on_board(at=world.at + timedelta(days=59)).filter(pk=post.pk).exists()
        assert not Post.objects.on_board(at=world.at + timedelta(days=60)).filter(pk=post.pk).exists()

    def test_the_coach_asks_for_the_family_which_hears_of_it(
        self, world: World, request_of_sanne: HelpRequest
    ) -> None:
        ask_the_board(world, request_of_sanne, "ellen")

        assert told(world, "opentent.question_posted") == {
            "Sanne": f"/open-tent/vraag/{request_of_sanne.pk}/"
        }

    @pytest.mark.parametrize(
        ("changed", "code"),
        [
            ({"title": "Wie gaat er met Noor zwemmen?"}, "opentent.name"),
            ({"text": "gezin VERHOEVEN zoekt hulp"}, "opentent.name"),
            ({"neighbourhood": "Kerkstraat 12"}, "opentent.address"),
            ({"text": "Bel 06 12345678"}, "opentent.phone"),
        ],
    )
    def test_what_tells_who_asks_is_refused_and_nothing_is_written(
        self, world: World, request_of_sanne: HelpRequest, changed: dict[str, str], code: str
    ) -> None:
        assert code_of(lambda: ask_the_board(world, request_of_sanne, **changed)) == code
        assert not Post.objects.exists()

    def test_at_most_three_questions_stand_on_the_board_at_once(
        self, world: World, request_of_sanne: HelpRequest
    ) -> None:
        posts = [ask_the_board(world, request_of_sanne) for _ in range(3)]
        assert code_of(lambda: ask_the_board(world, request_of_sanne)) == "opentent.enough_questions"

        actions.close_post(actor=world.actor("sanne"), post_id=posts[0].pk, at=world.at)
        assert ask_the_board(world, request_of_sanne).closed_at is None

    def test_another_coach_does_not_see_the_request_and_a_helper_may_not_ask(
        self, world: World, request_of_sanne: HelpRequest
    ) -> None:
        with pytest.raises(NotVisible):
            ask_the_board(world, request_of_sanne, "bram")
        with pytest.raises(Forbidden):
            ask_the_board(world, request_of_sanne, "piet")

    def test_an_offer_may_not_hold_a_phone_number(self, world: World) -> None:
        assert code_of(lambda: offer(world, title="Bel mij: 06-12345678")) == "opentent.phone"
        assert offer(world).kind == PostKind.OFFER


class TestAnswering:
    def test_family_and_coach_hear_that_there_is_an_answer_and_nothing_of_it(
        self, world: World, answered: Response
    ) -> None:
        where = f"/open-tent/vraag/{answered.post.request_id}/"

        assert told(world, "opentent.answered") == {"Sanne": where, "Ellen": where}
        letters = Letter.objects.filter(key__endswith=str(world.account("sanne").pk))
        assert letters
        assert not any(word in letter.body for letter in letters for word in (WORDS, TITLE, TEXT, "Piet"))

    def test_the_name_of_who_answered_is_not_in_the_log_of_the_family(
        self, world: World, answered: Response
    ) -> None:
        family = answered.post.family_id
        assert family is not None
        piet = world.account("piet").pk
        assert not Entry.objects.about(family).filter(account_id=piet).exists()

        accept(world, answered)
        assert not Entry.objects.about(family).filter(account_id=piet).exists()

        actions.confirm_response(actor=world.actor("piet"), response_id=answered.pk, at=world.at)
        assert Entry.objects.about(family).filter(account_id=piet).count() == 1

    def test_one_answer_stands_per_person(self, world: World, answered: Response) -> None:
        assert code_of(lambda: answer(world, answered.post)) == "opentent.answered"

        actions.withdraw(actor=world.actor("piet"), response_id=answered.pk, at=world.at)
        assert answer(world, answered.post).pk != answered.pk

    def test_the_family_does_not_answer_its_own_question(self, world: World, question: Post) -> None:
        assert code_of(lambda: answer(world, question, "sanne")) == "opentent.own_post"

    def test_contact_details_in_an_answer_are_refused(self, world: World, question: Post) -> None:
        assert (
            code_of(lambda: answer(world, question, words="Mail piet@peelrand.example")) == "opentent.email"
        )

    def test_a_closed_post_cannot_be_answered(self, world: World, question: Post) -> None:
        actions.close_post(actor=world.actor("sanne"), post_id=question.pk, at=world.at)

        with pytest.raises(NotVisible):
            answer(world, question)

    def test_a_visitor_and_a_coach_may_not_answer(self, world: World, question: Post) -> None:
        for actor in (world.visitor, world.actor("bram")):
            with pytest.raises(Forbidden):
                actions.respond(actor=actor, post_id=question.pk, words=WORDS, at=world.at)


class TestTwoYeses:
    def test_family_then_responder_and_they_are_connected(self, world: World, answered: Response) -> None:
        assert (
            code_of(
                lambda: actions.confirm_response(
                    actor=world.actor("piet"), response_id=answered.pk, at=world.at
                )
            )
            == "opentent.moved_on"
        )

        assert accept(world, answered).stage == ResponseStage.ACCEPTED
        assert told(world, "opentent.accepted") == {"Piet": "/open-tent/mijn/"}

        done = actions.confirm_response(actor=world.actor("piet"), response_id=answered.pk, at=world.at)
        assert done.stage == ResponseStage.CONNECTED
        assert set(told(world, "opentent.connected")) == {"Sanne", "Ellen"}

    def test_the_coach_may_choose_with_the_family(self, world: World, answered: Response) -> None:
        assert accept(world, answered, "ellen").stage == ResponseStage.ACCEPTED

    @pytest.mark.parametrize("who", ["piet", "anouk"])
    def test_nobody_says_yes_in_the_place_of_the_family(
        self, world: World, answered: Response, who: str
    ) -> None:
        with pytest.raises(NotVisible):
            accept(world, answered, who)

    def test_a_coach_who_left_the_family_no_longer_chooses_and_not_as_author_either(
        self, world: World, request_of_sanne: HelpRequest
    ) -> None:
        response = answer(world, ask_the_board(world, request_of_sanne, "ellen"))
        leave_family(world, request_of_sanne, "ellen")

        with pytest.raises(NotVisible):
            accept(world, response, "ellen")
        with pytest.raises(NotVisible):
            actions.close_post(actor=world.actor("ellen"), post_id=response.post_id, at=world.at)

    def test_nobody_confirms_for_another(self, world: World, answered: Response) -> None:
        accept(world, answered)

        with pytest.raises(NotVisible):
            actions.confirm_response(actor=world.actor("anouk"), response_id=answered.pk, at=world.at)

    def test_not_now_is_told_with_thanks_and_the_answer_moves_no_more(
        self, world: World, answered: Response
    ) -> None:
        actions.decline_response(actor=world.actor("sanne"), response_id=answered.pk, at=world.at)

        assert told(world, "opentent.declined") == {"Piet": "/open-tent/mijn/"}
        assert code_of(lambda: accept(world, answered)) == "opentent.moved_on"

    def test_what_both_said_yes_to_is_not_withdrawn(self, world: World, answered: Response) -> None:
        connect(world, answered)

        assert (
            code_of(lambda: actions.withdraw(actor=world.actor("piet"), response_id=answered.pk, at=world.at))
            == "opentent.moved_on"
        )

    @pytest.mark.usefixtures("request_of_sanne")
    def test_an_initiative_is_accepted_by_its_author(self, world: World) -> None:
        response = answer(world, offer(world, kind=PostKind.INITIATIVE), "sanne")
        with pytest.raises(NotVisible):
            accept(world, response, "sanne")

        assert connect(world, response, keeper="piet", responder="sanne").stage == ResponseStage.CONNECTED

    def test_closing_thanks_who_was_not_chosen_and_keeps_a_yes(self, world: World, question: Post) -> None:
        chosen, waiting = answer(world, question), answer(world, question, "anouk")
        accept(world, chosen)
        actions.close_post(actor=world.actor("sanne"), post_id=question.pk, at=world.at)

        waiting.refresh_from_db()
        assert waiting.stage == ResponseStage.DECLINED
        assert told(world, "opentent.post_closed") == {"Anouk": "/open-tent/mijn/"}
        done = actions.confirm_response(actor=world.actor("piet"), response_id=chosen.pk, at=world.at)
        assert done.stage == ResponseStage.CONNECTED


class TestPlaces:
    @pytest.mark.usefixtures("request_of_sanne")
    def test_a_full_offer_takes_no_more_until_a_place_is_free_again(self, world: World) -> None:
        post = offer(world, places=1)
        first, second = answer(world, post, "sanne"), answer(world, post, "anouk")
        accept(world, first, "piet")

        assert code_of(lambda: accept(world, second, "piet")) == "opentent.full"
        assert code_of(lambda: answer(world, post, "youssef")) == "opentent.full"

        actions.withdraw(actor=world.actor("sanne"), response_id=first.pk, at=world.at)
        assert accept(world, second, "piet").stage == ResponseStage.ACCEPTED


@pytest.mark.django_db(transaction=True)
def test_the_last_place_is_given_once() -> None:
    world = build_world()
    post = offer(world, places=1)
    responses = [answer(world, post, who).pk for who in ("anouk", "youssef")]
    piet = world.actor("piet")

    told = at_once(
        *(
            partial(actions.accept_response, actor=piet, response_id=response_id, at=world.at)
            for response_id in responses
        )
    )
    assert sorted(told) == ["done", "opentent.full"]
    assert Response.objects.filter(stage=ResponseStage.ACCEPTED).count() == 1


@pytest.mark.django_db(transaction=True)
def test_twelve_answers_at_once_of_one_person_are_one() -> None:
    world = build_world()
    post = offer(world)
    anouk = world.actor("anouk")
    told = at_once(*[lambda: actions.respond(actor=anouk, post_id=post.pk, words=WORDS, at=world.at)] * 12)
    assert sorted(told) == ["done"] + ["opentent.answered"] * 11
    assert Response.objects.get().stage == ResponseStage.OFFERED


def leave_family(world: World, request: HelpRequest, who: str) -> None:
    with change(world.system, "opentent.declined", at=world.at) as act:
        end_involvement(
            act, record_id=request.compartment.record_id, account_id=world.account(who).pk, part=Part.COACH
        )
        act.record(request)
