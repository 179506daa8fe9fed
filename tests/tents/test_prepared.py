"""At home: what somebody writes down for the tent, who reads it, and how it comes to the table."""

from __future__ import annotations

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from hendig.audit.actions import reading
from hendig.audit.models import Entry
from hendig.families.actions import say_about
from hendig.helprequests.models import HelpRequest
from hendig.kernel.refusal import Forbidden, NotVisible
from hendig.tents import actions, queries
from hendig.tents.models import OwnPlan, Phase, Piece, PieceKind, PreparedKind, PreparedNote, Tent
from tests.support.families import trusted
from tests.support.matching import Household, household, open_talk
from tests.support.refusals import code_of
from tests.support.tents import go_to, look, meeting, planned_tent, understood, write
from tests.support.world import World
from tests.tents.test_slots import every_tuesday, in_slot

WORDS = "Ik slaap slecht door de ruzies."


def note(
    world: World,
    request: HelpRequest,
    who: str = "sanne",
    text: str = WORDS,
    kind: PreparedKind = PreparedKind.WORRY,
    **given: object,
) -> PreparedNote:
    return actions.write_note(
        actor=world.actor(who),
        request_id=request.pk,
        kind=kind,
        text=text,
        at=world.at,
        **given,  # type: ignore[arg-type]
    )


def choose(
    world: World, request: HelpRequest, who: str = "sanne", choice: OwnPlan = OwnPlan.FIRST
) -> OwnPlan:
    made = actions.choose_own_plan(actor=world.actor(who), request_id=request.pk, choice=choice, at=world.at)
    return OwnPlan(made.choice)


def offer(world: World, request: HelpRequest, who: str = "ellen") -> None:
    actions.offer_own_plan(actor=world.actor(who), request_id=request.pk, at=world.at)


def shown(world: World, house: Household, who: str) -> queries.Preparing:
    return queries.preparing(look(world, house.family_id, who), house.request.pk)


class TestWriting:
    def test_only_who_wrote_it_reads_it(self, world: World, house: Household) -> None:
        written = note(world, house.request, "noor")
        assert [one.text for one in shown(world, house, "noor").notes] == [WORDS]
        for who in ("sanne", "mark", "ellen"):
            assert shown(world, house, who).notes == ()
            # The wall alone says the same.
            with reading(world.actor(who), world.at):
                assert not PreparedNote.objects.filter(pk=written.pk).exists()
            with pytest.raises(NotVisible):
                actions.remove_note(actor=world.actor(who), note_id=written.pk, at=world.at)
            with pytest.raises(NotVisible):
                queries.own_note(world.actor(who), written.pk, at=world.at)

    def test_the_log_says_that_and_never_what(self, world: World, house: Household) -> None:
        note(world, house.request, "noor")
        line = Entry.objects.get(code="prepared.written")
        assert line.family_id == house.family_id
        assert WORDS not in str(line.facts)

    def test_a_coach_writes_with_them_in_their_voice(self, world: World, house: Household) -> None:
        note(world, house.request, "ellen", said_by=house.child.pk)
        assert [one.voice for one in shown(world, house, "ellen").notes] == ["Noor"]
        stranger = household(world, parent="Fatima", other="Ali", child="Sami")
        with pytest.raises(NotVisible):
            note(world, house.request, "ellen", said_by=stranger.child.pk)

    @pytest.mark.parametrize(("text", "code"), [("  ", "prepared.empty"), ("a" * 501, "prepared.too_long")])
    def test_what_is_none_or_too_long_is_refused(
        self, world: World, house: Household, text: str, code: str
    ) -> None:
        assert code_of(lambda: note(world, house.request, text=text)) == code
        assert not PreparedNote.objects.exists()

    def test_who_does_not_belong_there_and_after_the_meeting_nobody_writes(
        self, world: World, house: Household
    ) -> None:
        with pytest.raises(Forbidden):
            note(world, house.request, "anouk")
        with pytest.raises(NotVisible):
            note(world, house.request, "bram")
        open_talk(world, house)
        assert code_of(lambda: note(world, house.request)) == "prepared.over"
        assert code_of(lambda: choose(world, house.request)) == "prepared.over"

    def test_what_is_taken_away_is_gone(self, world: World, house: Household) -> None:
        written = note(world, house.request)
        actions.remove_note(actor=world.actor("sanne"), note_id=written.pk, at=world.at)
        assert not PreparedNote.objects.exists()


class TestOwnPlan:
    def test_the_family_chooses_and_may_change_its_mind(self, world: World, house: Household) -> None:
        assert shown(world, house, "ellen").first.choice is None
        assert choose(world, house.request) == OwnPlan.FIRST
        assert shown(world, house, "ellen").first.choice == OwnPlan.FIRST
        assert choose(world, house.request, "mark", OwnPlan.TOGETHER) == OwnPlan.TOGETHER
        assert shown(world, house, "sanne").first.choice == OwnPlan.TOGETHER

    def test_it_may_say_that_it_wants_none_now(self, world: World, house: Household) -> None:
        assert choose(world, house.request, choice=OwnPlan.NO) == OwnPlan.NO
        assert str(shown(world, house, "ellen").first.choice_words) == "we willen nu geen eigen plan"

    def test_that_it_was_offered_stands_with_when_and_by_whom_before_and_after_the_answer(
        self, world: World, house: Household
    ) -> None:
        begun = world.at
        offer(world, house.request)
        for who in ("ellen", "sanne"):
            first = shown(world, house, who).first
            assert (first.offered_by, first.offered_at) == ("Ellen", begun)
            assert (first.choice, first.chosen_by, first.chosen_at) == (None, "", None)
        assert code_of(lambda: offer(world, house.request)) == "own_plan.offered"
        world.later(days=1)
        choose(world, house.request, "mark", OwnPlan.NO)
        first = shown(world, house, "ellen").first
        assert (first.offered_by, first.offered_at, first.choice) == ("Ellen", begun, OwnPlan.NO)
        assert (first.chosen_by, first.chosen_at) == ("Mark", world.at)

    def test_a_family_that_answered_first_can_still_be_offered_it_and_keeps_its_answer(
        self, world: World, house: Household
    ) -> None:
        choose(world, house.request)
        chosen_at = world.at
        world.later(days=1)
        offer(world, house.request)
        first = shown(world, house, "sanne").first
        assert (first.choice, first.chosen_at, first.offered_at) == (OwnPlan.FIRST, chosen_at, world.at)

    def test_only_the_coach_of_the_family_writes_that_it_was_offered(
        self, world: World, house: Household
    ) -> None:
        assert code_of(lambda: offer(world, house.request, "sanne")) == "own_plan.coach"
        with pytest.raises(Forbidden):
            offer(world, house.request, "anouk")
        with pytest.raises(NotVisible):
            offer(world, house.request, "bram")
        assert shown(world, house, "ellen").first.offered_at is None

    def test_the_page_says_it_to_both_and_the_button_is_gone_once_it_was_offered(
        self, world: World, house: Household
    ) -> None:
        page, button = (reverse(name, args=[house.request.pk]) for name in ("prepare", "offer_own_plan"))
        assert button not in get(world, page, "sanne")
        assert button in get(world, page, "ellen")
        assert post(world, button, "ellen")[0] == 302
        for who in ("sanne", "ellen"):
            html = get(world, page, who)
            assert "Voorgelegd door Ellen op" in html
            assert button not in html

    def test_nobody_chooses_for_a_family(self, world: World, house: Household) -> None:
        assert code_of(lambda: choose(world, house.request, "ellen")) == "own_plan.family"
        with pytest.raises(Forbidden):
            choose(world, house.request, "anouk")
        with pytest.raises(NotVisible):
            choose(world, house.request, "bram")


# --- pages ---------------------------------------------------------------------------------------------


def get(world: World, path: str, who: str) -> str:
    with time_machine.travel(world.at, tick=False):
        answer = world.client(who).get(path)
    assert answer.status_code == 200, answer.status_code
    return answer.content.decode()


def post(world: World, path: str, who: str, **data: object) -> tuple[int, str]:
    with time_machine.travel(world.at, tick=False):
        answer = world.client(who).post(path, data)
    return answer.status_code, answer.content.decode()


class TestPages:
    def test_a_youth_brings_something_and_lays_it_on_the_table(self, world: World, house: Household) -> None:
        path = reverse("prepare", args=[house.request.pk])
        assert post(world, path, "noor", kind="worry", text=WORDS)[0] == 302
        assert WORDS in get(world, path, "noor")
        assert WORDS not in get(world, path, "sanne")
        tent = meeting(world, house)
        go_to(world, tent, Phase.LISTEN)
        table = reverse("tent", args=[tent.pk])
        assert "Wat u meenam" not in get(world, table, "sanne")
        assert WORDS in get(world, table, "noor")
        written = PreparedNote.objects.get()
        lay = reverse("lay_note", args=[tent.pk, written.pk])
        assert post(world, lay, "sanne")[0] == 404
        assert post(world, lay, "noor")[0] == 302
        piece = Piece.objects.get(text__isnull=False, tent=tent)
        assert (piece.text, piece.kind, piece.voice) == (WORDS, PieceKind.FACTOR, "Noor")
        assert not PreparedNote.objects.exists()
        assert WORDS in get(world, table, "sanne")

    def test_what_cannot_be_laid_yet_stays_a_note(self, world: World, house: Household) -> None:
        written = note(world, house.request)
        tent = meeting(world, house)
        assert post(world, reverse("lay_note", args=[tent.pk, written.pk]), "sanne")[0] == 422
        assert PreparedNote.objects.get().pk == written.pk
        assert not Piece.objects.exists()

    def test_what_was_typed_stands_where_it_was_typed(self, world: World, house: Household) -> None:
        long = "b" * 600
        path = reverse("prepare", args=[house.request.pk])
        status, html = post(world, path, "sanne", kind="goes_well", text=long)
        assert status == 422
        assert "te lang" in html
        assert html.count(long) == 1

    def test_markup_stays_text(self, world: World, house: Household) -> None:
        path = reverse("prepare", args=[house.request.pk])
        post(world, path, "sanne", kind="question", text="<script>alert(1)</script>")
        assert "<script>alert(1)</script>" not in get(world, path, "sanne")

    def test_the_family_chooses_an_own_plan_and_the_coach_reads_it(
        self, world: World, house: Household
    ) -> None:
        plan = reverse("choose_own_plan", args=[house.request.pk])
        assert post(world, plan, "sanne", choice="first")[0] == 302
        html = get(world, reverse("prepare", args=[house.request.pk]), "ellen")
        assert "we maken eerst zelf een plan" in html
        assert plan not in html

    def test_the_own_plan_and_who_is_trusted_come_first(self, world: World, house: Household) -> None:
        """As the law and the method ask (Jeugdwet art. 4.1.2), and on a phone too."""
        for who in ("sanne", "ellen"):
            html = get(world, reverse("prepare", args=[house.request.pk]), who)
            asks = [
                html.index(title)
                for title in ("Eerst zelf een plan maken?", "Wie vertrouwt", "Wat wilt u vragen")
            ]
            assert asks == sorted(asks), who
        assert "Vraag iemand mee" in get(world, reverse("prepare", args=[house.request.pk]), "sanne")

    def test_who_goes_along_stands_there_as_long_as_the_yes_stands(
        self, world: World, house: Household
    ) -> None:
        joke = trusted(world, house.child.record.pk, by="sanne")
        path = reverse("prepare", args=[house.request.pk])
        for who in ("sanne", "ellen"):
            assert "Joke" in get(world, path, who)
        sanne, record_id = world.actor("sanne"), house.child.record.pk
        assert joke.account_id is not None
        say_about(actor=sanne, record_id=record_id, account_id=joke.account_id, yes=False, at=world.at)
        assert shown(world, house, "sanne").first.trusted == ()

    @pytest.mark.parametrize("many", [1, 12])
    def test_the_page_asks_the_same_number_of_queries(
        self, world: World, house: Household, many: int
    ) -> None:
        for number in range(many):
            note(world, house.request, "ellen", f"Iets {number}", said_by=house.child.pk)
        seen = look(world, house.family_id, "ellen")
        with CaptureQueriesContext(connection) as asked:
            page = queries.preparing(seen, house.request.pk)
        assert len(page.notes) == many
        assert len(asked) == 7

    def test_the_family_sees_how_long_the_wait_is_until_a_tent_is_planned(
        self, world: World, house: Household
    ) -> None:
        path = reverse("prepare", args=[house.request.pk])
        assert "eerste vrije plek" not in get(world, path, "sanne")
        every_tuesday(world)
        first = queries.free_slots(world.actor("ellen"), at=world.at)[0]
        assert shown(world, house, "sanne").first_free == first
        for who in ("sanne", "ellen"):
            page = get(world, path, who)
            assert "De eerste vrije plek voor een tent:" in page
            assert str(first.wait) in page
        in_slot(world, house, first)
        assert shown(world, house, "sanne").first_free is None

    @pytest.mark.parametrize("who", ["anouk", "henk", "bram"])
    def test_it_is_not_there_for_others(self, world: World, house: Household, who: str) -> None:
        path = reverse("prepare", args=[house.request.pk])
        assert world.client(who).get(path).status_code in {403, 404}


class TestWhatWasChosen:
    """The coach who calls the tent and everybody at the table see what the family chose first."""

    WORDS = "we maken eerst zelf een plan"

    def test_the_coach_sees_it_where_a_tent_is_called(self, world: World, house: Household) -> None:
        path = reverse("call_tent", args=[house.request.pk])
        assert "Het gezin heeft nog niet gekozen." in get(world, path, "ellen")
        choose(world, house.request)
        trusted(world, house.child.record.pk, by="sanne")
        html = get(world, path, "ellen")
        assert self.WORDS in html
        assert "Joke" in html
        assert world.client("anouk").get(path).status_code in {403, 404}

    def test_the_table_sees_it_where_the_talk_is_about_it(self, world: World, house: Household) -> None:
        choose(world, house.request)
        trusted(world, house.child.record.pk, by="sanne")
        tent = planned_tent(world, house)
        path = reverse("tent", args=[tent.pk])
        for who in ("sanne", "noor", "ellen", "anouk", "joke"):
            assert self.WORDS in get(world, path, who)
        world.later(days=3)
        actions.begin(actor=world.actor("ellen"), tent_id=tent.pk, at=world.at)
        assert "U koos" in get(world, path, "sanne")
        assert "Het gezin koos" in get(world, path, "anouk")
        go_to(world, tent, Phase.UNDERSTAND)
        write(world, tent, "Noor slaapt slecht", "noor")
        understood(world, tent)
        assert self.WORDS not in get(world, path, "anouk")
        go_to(world, tent, Phase.DIRECTIONS)
        found = get(world, path, "anouk")
        assert self.WORDS in found
        assert "Joke" in found

    def test_who_does_not_sit_there_sees_nothing_of_it(self, world: World, house: Household) -> None:
        choose(world, house.request)
        tent = planned_tent(world, house)
        for who in ("bram", "henk"):
            answer = world.client(who).get(reverse("tent", args=[tent.pk]))
            assert answer.status_code in {403, 404}
            assert self.WORDS not in answer.content.decode()

    def test_it_takes_one_query_however_many_go_along(
        self, world: World, begun: Tent, house: Household
    ) -> None:
        counts = []
        for name in ("Joke", "Riet"):
            trusted(
                world, house.child.record.pk, by="sanne", name=name, email=f"{name.lower()}@buurt.example"
            )
            seen = look(world, house.family_id, "sanne")
            with CaptureQueriesContext(connection) as asked:
                page = queries.tent_page(seen, begun.pk)
            counts.append(len(asked))
            assert page.first is not None
            assert name in page.first.trusted
        assert counts == [8, 8]
