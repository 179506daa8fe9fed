"""Directions: who, what for and by when; what became of them; and what the neighbourhood offers beside."""

from __future__ import annotations

import re
from datetime import date
from html import unescape
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.db import connection
from django.http import HttpResponse
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries

from hendig.audit.models import Entry
from hendig.families.models import CHILD, Whom
from hendig.kernel.refusal import Forbidden, NotVisible, Refused
from hendig.matching.models import MatchTalk
from hendig.matching.queries.meant import meant_by
from hendig.opentent.models import Post
from hendig.opentent.queries import Card
from hendig.plans.models import Goal, Task
from hendig.tents import actions, queries
from hendig.tents.models import Became, Phase, Piece, PieceKind, Tent
from hendig.tents.rules import directions
from tests.support.matching import Household, household
from tests.support.opentent import offer
from tests.support.refusals import code_of
from tests.support.shared import built_once
from tests.support.tents import (
    agree,
    answer,
    call_tent,
    go_to,
    look,
    meeting,
    refuse,
    screen,
    talked_through,
    understood,
    welcome,
    write,
)
from tests.support.world import World

XSS = "<script>alert('hoi')</script>"


@built_once
def tent(world: World, house: Household) -> Tent:
    """The talk is at directions."""
    return go_to(world, talked_through(world, meeting(world, house)), Phase.DIRECTIONS)


@built_once
def bare(world: World, tent: Tent) -> Piece:
    """Nobody said yet who, what for or by when, of this and of one more; the talk is at agreeing."""
    piece = write(world, tent, "Oma haalt haar op.", circle="own")
    go_to(world, tent, Phase.AGREE)
    return piece


@pytest.fixture(autouse=True)
def the_clock_of_the_world(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("hendig.web.middleware.timezone.now", lambda: world.at)


def direction(
    world: World,
    tent: Tent,
    circle: str = "own",
    text: str = "Oma haalt haar op.",
    kind: PieceKind = PieceKind.DIRECTION,
    about: Whom = CHILD,
    who: str = "Oma Mien",
) -> Piece:
    return actions.write_piece(
        actor=world.actor("sanne"),
        tent_id=tent.pk,
        kind=kind,
        text=text,
        circle=circle,
        who=who,
        result="Dinsdag is er rust.",
        by_on=date(2026, 12, 1),
        about=about,
        at=world.at,
    )


def open_page(client: Client, name: str, *args: object, piece: Piece | None = None) -> HttpResponse:
    query = f"?richting={piece.pk}" if piece else ""
    return client.get(reverse(name, args=args) + query)  # type: ignore[return-value]


def send(
    client: Client, name: str, *args: object, piece: Piece | None = None, **fields: object
) -> HttpResponse:
    query = f"?richting={piece.pk}" if piece else ""
    return client.post(reverse(name, args=args) + query, {"_key": str(uuid4()), **fields})  # type: ignore[return-value]


def words(answer: HttpResponse) -> str:
    return unescape(re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", answer.content.decode())))


class TestWriting:
    def test_a_direction_says_who_what_for_and_by_when(self, world: World, tent: Tent) -> None:
        done = send(
            world.client("sanne"),
            "tent",
            tent.pk,
            kind="direction",
            circle="own",
            text="Oma haalt haar op.",
            who="Oma Mien",
            result=XSS,
            by_on="2026-12-01",
        )
        assert done.status_code == 302
        page = open_page(world.client("anouk"), "tent", tent.pk)
        assert "Oma Mien" in words(page)
        assert XSS not in page.content.decode()
        assert "&lt;script&gt;alert" in page.content.decode()

    def test_what_is_no_direction_has_none_of_it(self, world: World, tent: Tent) -> None:
        piece = direction(world, tent, kind=PieceKind.GOES_WELL)
        assert (piece.circle, piece.who, piece.result, piece.by_on) == ("", "", "", None)

    @pytest.mark.parametrize("name", ["who", "result"])
    def test_what_is_too_long_is_said_and_kept(self, world: World, tent: Tent, name: str) -> None:
        long = "woord " * 33_334
        answer = send(
            world.client("sanne"),
            "tent",
            tent.pk,
            kind="direction",
            circle="own",
            text="Oma",
            who=long if name == "who" else "",
            result=long if name == "result" else "",
        )
        assert answer.status_code == 422
        assert "Dit is te lang voor één zin." in words(answer)
        assert long.strip() in answer.content.decode()


class TestAgreeing:
    """A direction may be agreed with an open end; the table sees which, and can fill it in there and then."""

    OPEN = "Nog af te spreken: wie dit doet, wat het oplevert en tot wanneer."

    def settle(self, world: World, piece: Piece, by: str = "sanne", **said: object) -> Piece:
        return actions.settle_direction(
            actor=world.actor(by),
            piece_id=piece.pk,
            at=world.at,
            **said,  # type: ignore[arg-type]
        )

    @pytest.mark.parametrize("who", ["sanne", "noor", "anouk", "ellen"])
    def test_the_table_says_what_is_still_open_once_it_is_time_to_agree(
        self, world: World, tent: Tent, bare: Piece, who: str
    ) -> None:
        client = world.client(who)
        page = open_page(client, "tent", tent.pk)
        assert words(page).count(self.OPEN) == 2
        assert reverse("settle_direction", args=[bare.pk]) in page.content.decode()
        go_to(world, tent, Phase.DIRECTIONS)
        assert "Nog af te spreken" not in words(open_page(client, "tent", tent.pk))

    def test_what_is_filled_in_stands_there_and_the_rest_stays_open(
        self, world: World, tent: Tent, bare: Piece
    ) -> None:
        sanne = world.client("sanne")
        assert "De rest mag openblijven." in words(open_page(sanne, "settle_direction", bare.pk))
        done = send(sanne, "settle_direction", bare.pk, who=XSS, result="", by_on="")
        assert (done.status_code, done["Location"]) == (302, reverse("tent", args=[tent.pk]))
        page = open_page(world.client("anouk"), "tent", tent.pk)
        assert "Nog af te spreken: wat het oplevert en tot wanneer." in words(page)
        assert XSS not in page.content.decode()
        assert "&lt;script&gt;alert" in page.content.decode()
        form = open_page(sanne, "settle_direction", bare.pk).content.decode()
        assert 'name="who"' not in form
        assert 'name="by_on"' in form
        self.settle(world, bare, "anouk", result="Rust op dinsdag.", by_on=date(2026, 12, 1))
        assert words(open_page(sanne, "tent", tent.pk)).count(self.OPEN) == 1
        assert "Dit is al afgesproken." in words(open_page(sanne, "settle_direction", bare.pk))
        told = Entry.objects.filter(code="tent.direction_settled").order_by("id")
        assert [entry.facts["piece"] for entry in told] == [str(bare.pk)] * 2

    def test_an_open_end_stops_nobody_and_the_page_that_remains_says_it(
        self, world: World, tent: Tent, bare: Piece
    ) -> None:
        self.settle(world, bare, who="Oma Mien")
        page = actions.close(actor=world.actor("anouk"), tent_id=tent.pk, at=world.at)
        expected = (
            "Eigen kring: Oma haalt haar op. Wie: Oma Mien."
            " Nog af te spreken: wat het oplevert en tot wanneer."
        )
        assert expected in page.agreements.splitlines()
        assert agree(world, tent).stage == "agreed"
        shown = open_page(world.client("sanne"), "tent", tent.pk)
        assert reverse("settle_direction", args=[bare.pk]) not in shown.content.decode()

    def test_what_became_something_says_it_there(self, world: World, tent: Tent, bare: Piece) -> None:
        actions.take_direction(
            actor=world.actor("sanne"), piece_id=bare.pk, became=Became.TASK, object_id=uuid4(), at=world.at
        )
        assert words(open_page(world.client("sanne"), "tent", tent.pk)).count(self.OPEN) == 1
        assert code_of(lambda: self.settle(world, bare, who="Oma")) == "direction.taken"

    def test_an_agreement_says_who_what_for_and_until_when_as_a_direction_does(
        self, world: World, tent: Tent
    ) -> None:
        go_to(world, tent, Phase.AGREE)
        sanne = world.client("sanne")
        asked = words(open_page(sanne, "tent", tent.pk))
        assert "Wie doet dit?" in asked
        assert "Tot wanneer?" in asked
        assert "Waar zoeken we?" not in asked
        sent: dict[str, Any] = {"kind": "agreement", "text": "Bellen met school.", "who": XSS}
        sent |= {"result": "Rust", "by_on": "2026-12-01"}
        assert send(sanne, "tent", tent.pk, **sent).status_code == 302
        piece = tent.pieces.get(kind="agreement", by_on=date(2026, 12, 1))
        assert (piece.who, piece.result, piece.circle) == (XSS, "Rust", "")
        page = open_page(world.client("anouk"), "tent", tent.pk)
        assert XSS not in page.content.decode()
        assert "&lt;script&gt;alert" in page.content.decode()
        drafted = actions.close(actor=world.actor("anouk"), tent_id=tent.pk, at=world.at)
        assert f"Bellen met school. Wie: {XSS}. Wat het oplevert: Rust. Wanneer: 1 december 2026." in (
            drafted.agreements.splitlines()
        )

    def test_an_agreement_that_says_not_who_or_until_when_is_filled_in_at_the_table(
        self, world: World, tent: Tent
    ) -> None:
        go_to(world, tent, Phase.AGREE)
        (agreed,) = tent.pieces.filter(kind="agreement")
        sanne = world.client("sanne")
        assert "Nog af te spreken: wie dit doet en tot wanneer." in words(open_page(sanne, "tent", tent.pk))
        form = open_page(sanne, "settle_direction", agreed.pk).content.decode()
        assert 'name="result"' not in form
        assert send(sanne, "settle_direction", agreed.pk, who="Mark", by_on="").status_code == 302
        assert "Nog af te spreken: tot wanneer." in words(open_page(sanne, "tent", tent.pk))
        assert code_of(lambda: self.settle(world, agreed, who="Oma")) == "direction.said_already"
        take = lambda: actions.take_direction(  # noqa: E731
            actor=world.actor("sanne"), piece_id=agreed.pk, became=Became.TASK, object_id=uuid4(), at=world.at
        )
        assert code_of(take) == "direction.is_none"
        drafted = actions.close(actor=world.actor("anouk"), tent_id=tent.pk, at=world.at)
        first = "Mark belt maandag met school. Wie: Mark. Nog af te spreken: tot wanneer."
        assert drafted.agreements.splitlines()[0] == first

    def test_what_two_fill_in_at_once_is_kept_once_and_the_other_keeps_what_was_typed(
        self, world: World, bare: Piece
    ) -> None:
        self.settle(world, bare, "mark", who="Opa Jan")
        late = send(
            world.client("sanne"), "settle_direction", bare.pk, who="Oma Mien", result="Rust", by_on=""
        )
        assert late.status_code == 422
        assert "Dit is al afgesproken." in words(late)
        assert 'value="Oma Mien"' in late.content.decode()
        assert "Opa Jan" in words(late)
        bare.refresh_from_db()
        assert (bare.who, bare.result) == ("Opa Jan", "")

    def test_what_cannot_be_settled_is_refused(self, world: World, tent: Tent, bare: Piece) -> None:
        factor = tent.pieces.filter(kind="factor").first()
        assert factor is not None
        assert code_of(lambda: self.settle(world, factor, who="Oma")) == "direction.nothing_to_agree"
        assert code_of(lambda: self.settle(world, bare, who="  ")) == "direction.nothing_said"
        long = send(world.client("sanne"), "settle_direction", bare.pk, who="o" * 200_000)
        assert (long.status_code, "Dit is te lang" in words(long)) == (422, True)
        actions.close(actor=world.actor("anouk"), tent_id=tent.pk, at=world.at)
        assert code_of(lambda: self.settle(world, bare, who="Oma")) == "tent.not_meeting"

    def test_nobody_else_settles_it(self, world: World, bare: Piece) -> None:
        with pytest.raises(NotVisible):
            self.settle(world, bare, "bram", who="Oma")
        with pytest.raises(Forbidden):
            self.settle(world, bare, "karin", who="Oma")
        assert open_page(world.client("bram"), "settle_direction", bare.pk).status_code == 404

    def test_the_form_takes_as_many_queries_with_nothing_said_as_with_all_of_it(
        self, world: World, bare: Piece
    ) -> None:
        counts = set()
        for said in ({}, {"who": "Oma", "result": "Rust", "by_on": date(2026, 12, 1)}):
            if said:
                self.settle(world, bare, **said)  # type: ignore[arg-type]
            with CaptureQueriesContext(connection) as asked:
                queries.wish(world.actor("anouk"), bare.pk, at=world.at)
            counts.add(len(asked))
        assert len(counts) == 1


class TestBecoming:
    def test_what_is_about_a_parent_becomes_a_task_or_a_goal_of_that_parent(
        self, world: World, house: Household, tent: Tent
    ) -> None:
        hers = house.member("Sanne").pk
        piece, sanne = direction(world, tent, about=Whom(hers)), world.client("sanne")
        task = open_page(sanne, "new_task", house.family_id, piece=piece).content.decode()
        assert f'<option value="{hers}" selected' in task
        goal = open_page(sanne, "new_goal", house.family_id, piece=piece).content.decode()
        assert re.search(rf'value="{hers}"[^>]*checked', goal)

    def test_a_task_with_all_of_it_filled_in(self, world: World, house: Household, tent: Tent) -> None:
        piece, sanne = direction(world, tent), world.client("sanne")
        assert (
            reverse("new_task", args=[house.family_id]) + f"?richting={piece.pk}"
            in open_page(sanne, "tent", tent.pk).content.decode()
        )
        page = open_page(sanne, "new_task", house.family_id, piece=piece).content.decode()
        assert 'value="Oma haalt haar op."' in page
        assert 'value="Oma Mien"' in page
        assert 'value="2026-12-01"' in page
        made = send(
            sanne,
            "new_task",
            house.family_id,
            piece=piece,
            request_id=house.request.pk,
            what="Oma haalt haar op.",
            helper="else",
            somebody="Oma Mien",
            by="2026-12-01",
        )
        assert (made.status_code, made["Location"]) == (302, reverse("tent", args=[tent.pk]))
        task = Task.objects.get()
        assert (task.who, task.by) == ("Oma Mien", date(2026, 12, 1))
        piece.refresh_from_db()
        assert (piece.became, piece.became_id) == ("task", task.pk)
        assert "Dit werd een taak" in words(open_page(world.client("anouk"), "tent", tent.pk))

    def test_it_becomes_one_thing_once(self, world: World, house: Household, tent: Tent) -> None:
        piece, sanne = direction(world, tent), world.client("sanne")
        goal = {"request_id": house.request.pk, "words": "Rust op dinsdag", "member_id": "all"}
        assert send(sanne, "new_goal", house.family_id, piece=piece, **goal).status_code == 302
        again = send(sanne, "new_goal", house.family_id, piece=piece, **goal)
        assert again.status_code == 422
        assert "Hier is al iets van gemaakt." in words(again)
        assert Goal.objects.count() == 1, "what was refused left nothing"

    def test_a_goal_in_the_words_of_what_it_is_for(self, world: World, house: Household, tent: Tent) -> None:
        page = open_page(world.client("sanne"), "new_goal", house.family_id, piece=direction(world, tent))
        assert "Dinsdag is er rust." in words(page)

    def test_a_question_to_the_neighbourhood_without_names(self, world: World, tent: Tent) -> None:
        piece = direction(world, tent, "community", "Iemand loopt mee naar school.")
        sanne = world.client("sanne")
        page = open_page(sanne, "ask_around", piece.pk).content.decode()
        assert 'value="Iemand loopt mee naar school."' in page
        named = send(sanne, "ask_around", piece.pk, title="Wie loopt mee met Noor?", text="Graag.")
        assert named.status_code == 422
        assert not Post.objects.exists()
        asked = send(sanne, "ask_around", piece.pk, title="Wie loopt mee?", text="Graag.")
        assert (asked.status_code, asked["Location"]) == (302, reverse("tent", args=[tent.pk]))
        piece.refresh_from_db()
        assert (piece.became, piece.became_id) == ("question", Post.objects.get().pk)

    def test_a_match_talk_with_what_it_is_for(self, world: World, house: Household, tent: Tent) -> None:
        piece = direction(world, tent, "professional", "Oefenen met de bus.")
        go_to(world, tent, Phase.AGREE)
        actions.close(actor=world.actor("anouk"), tent_id=tent.pk, at=world.at)
        agree(world, tent)
        ellen = world.client("ellen")
        page = open_page(ellen, "open_talk", house.request.pk, piece=piece)
        assert 'value="Dinsdag is er rust."' in page.content.decode()
        assert f"richting={piece.pk}" in page.content.decode()
        opened = send(
            ellen,
            "open_talk",
            house.request.pk,
            piece=piece,
            purpose="Dinsdag is er rust.",
            professional_id=world.professionals["anouk"].pk,
            child_id=house.child.pk,
            service_code_id=world.service_code("H2").pk,
        )
        assert opened.status_code == 302
        piece.refresh_from_db()
        assert (piece.became, piece.became_id) == ("talk", MatchTalk.objects.get().pk)

    @pytest.mark.parametrize(
        ("who", "meant"),
        [
            ("Anouk, op dinsdag", ["anouk"]),
            ("ANOUK en Youssef", ["anouk", "youssef"]),
            ("Oma Mien", []),
            ("Anouka", []),
            ("", []),
        ],
    )
    def test_who_is_named_is_carried_into_the_match_talk_and_one_tap_asks(
        self, world: World, house: Household, tent: Tent, who: str, meant: list[str]
    ) -> None:
        piece = direction(world, tent, "professional", "Oefenen met de bus.", who=who)
        go_to(world, tent, Phase.AGREE)
        actions.close(actor=world.actor("anouk"), tent_id=tent.pk, at=world.at)
        agree(world, tent)
        html = open_page(world.client("ellen"), "open_talk", house.request.pk, piece=piece).content.decode()
        first, fold, others = html.partition("Liever iemand anders")
        assert ("Over wie het in de tent ging" in html) is bool(meant)
        for name in ("anouk", "youssef"):
            key = f'value="{world.professionals[name].pk}"'
            assert key in (first if name in meant or not fold else others)
            assert html.count(key) == 1

    def test_the_only_one_who_was_at_the_table_is_carried_and_nobody_whom_the_family_refused(
        self, world: World
    ) -> None:
        house = household(world, parent="Fatima", other="Ali", child="Sami")
        tent = call_tent(world, house.request)
        answer(world, tent, "anouk", "youssef")
        welcome(world, tent, "anouk", who="fatima")
        refuse(world, tent, "youssef", who="fatima")
        world.later(days=3)
        actions.begin(actor=world.actor("ellen"), tent_id=tent.pk, at=world.at)
        for phase in (Phase.LISTEN, Phase.UNDERSTAND):
            go_to(world, tent, phase)
            write(world, tent, "Hoe gaat Sami weer graag naar school?", "fatima")
        understood(world, tent)
        for phase in (Phase.GOES_WELL, Phase.DIRECTIONS):
            go_to(world, tent, phase)
        keys = {name: row.pk for name, row in world.professionals.items()}
        for text, expected in (("", {keys["anouk"]}), ("Youssef", set())):
            piece = actions.write_piece(
                actor=world.actor("fatima"),
                tent_id=tent.pk,
                kind=PieceKind.DIRECTION,
                text="Oefenen.",
                circle="professional",
                who=text,
                at=world.at,
            )
            wish = queries.wish(world.actor("ellen"), piece.pk, at=world.at)
            assert meant_by(world.actor("ellen"), wish, at=world.at) == expected

    def test_what_is_no_direction_becomes_nothing(self, world: World, tent: Tent) -> None:
        factor = tent.pieces.filter(kind="factor").first()
        assert factor is not None
        with pytest.raises(Refused) as no:
            actions.take_direction(
                actor=world.actor("sanne"),
                piece_id=factor.pk,
                became=Became.TASK,
                object_id=uuid4(),
                at=world.at,
            )
        assert no.value.refusal.code == "direction.is_none"

    def test_a_direction_that_is_not_yours_answers_as_one_that_does_not_exist(
        self, world: World, house: Household, tent: Tent
    ) -> None:
        piece = direction(world, tent)
        other = household(world, parent="Fatima", other="Ali", child="Sami")
        fatima = world.client("fatima")
        assert open_page(fatima, "new_task", other.family_id, piece=piece).status_code == 404
        assert open_page(fatima, "ask_around", piece.pk).status_code == 404
        assert open_page(fatima, "ask_around", UUID(int=7)).status_code == 404
        assert open_page(world.client("sanne"), "new_task", house.family_id).status_code == 200
        nonsense = world.client("sanne").get(reverse("new_task", args=[house.family_id]) + "?richting=x")
        assert nonsense.status_code == 200


class TestBeside:
    def test_what_the_neighbourhood_offers_lies_beside_the_directions(self, world: World, tent: Tent) -> None:
        offer(world, title="Samen eten in het dorpshuis")
        page = screen(world, tent, "sanne")
        assert [card.title for card in page.beside] == ["Samen eten in het dorpshuis"]
        assert "Dit is er al in de buurt" in words(open_page(world.client("sanne"), "tent", tent.pk))
        go_to(world, tent, Phase.AGREE)
        assert screen(world, tent, "sanne").beside == ()

    def test_nearby_and_about_it_come_first(self) -> None:
        def card(title: str, text: str = "", neighbourhood: str = "") -> Card:
            return Card(
                id=uuid4(), kind="offer", title=title, text=text, neighbourhood=neighbourhood, when="",
                posted_at=None, places=None, places_left=None, gone=False,  # type: ignore[arg-type]
            )  # fmt: skip

        here, about = card("Koffie", neighbourhood="Dorp"), card("Samen wandelen", "Elke zaterdag")
        new, old = card("Zingen"), card("Schaken")
        found = directions.beside([new, old, about, here], ["Noor wil een wandeling met de hond"], "Dorp")
        assert [one.title for one in found] == ["Koffie", "Samen wandelen", "Zingen"]

    def test_it_takes_one_query_however_much_there_is(
        self, world: World, house: Household, tent: Tent, django_assert_num_queries: DjangoAssertNumQueries
    ) -> None:
        for more in (1, 9):
            for at in range(more):
                offer(world, title=f"Aanbod {more} {at}")
            seen = look(world, house.family_id, "sanne")
            # One more for what the family chose first, which stands beside the directions.
            with django_assert_num_queries(9):
                queries.tent_page(seen, tent.pk)
