"""The municipality's knowledge cards and what asks a registration: its own, by edition, from then on."""

from __future__ import annotations

from uuid import uuid4

import pytest
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries

from hendig.audit.models import Entry
from hendig.kernel.refusal import Forbidden
from hendig.people.models import Expertise
from hendig.people.queries import knowledge_cards
from hendig.tents import actions, queries
from hendig.tents.models import Knowledge, Phase, Tent
from tests.support.matching import Household
from tests.support.refusals import code_of
from tests.support.shared import built_once
from tests.support.tents import call_tent, go_to, look, meeting, screen, understood, write
from tests.support.world import World

CARDS = [("Stress", "Een beetje stress hoort erbij."), ("Iemand die blijft", "Eén volwassene helpt al.")]
XSS = "<script>alert('hoi')</script>"


def set_knowledge(
    world: World,
    *,
    cards: list[tuple[str, str]] = CARDS,
    registered: tuple[str, ...] = (),
    edition: int = 0,
    who: str = "petra",
) -> Knowledge:
    return actions.set_knowledge(
        actor=world.actor(who),
        cards=cards,
        registered=[world.expertise(slug).pk for slug in registered],
        edition=edition,
        note="Uit het overleg.",
        at=world.at,
    )


def test_the_cards_lie_at_hand_from_now_on_and_the_editions_stay(world: World) -> None:
    set_knowledge(world)
    assert list(knowledge_cards(world.actor("petra").municipality_id)) == CARDS
    set_knowledge(world, cards=CARDS[:1], edition=1)
    page = queries.knowledge_page(world.actor("petra"))
    assert list(page.cards) == CARDS[:1]
    assert [(one.number, list(one.cards), one.by) for one in page.editions] == [
        (2, CARDS[:1], "Petra"),
        (1, CARDS, "Petra"),
    ]
    assert list(
        Entry.objects.filter(code="knowledge.set").order_by("id").values_list("facts", flat=True)
    ) == [
        {"edition": 1},
        {"edition": 2},
    ]


def test_who_is_not_registered_is_asked_with_a_reason_from_then_on(world: World, house: Household) -> None:
    set_knowledge(world, registered=("angst",))
    assert Expertise.objects.get(slug="angst").registered
    assert queries.knowledge_page(world.actor("petra")).editions[0].registered == ("Angst en somberheid",)
    assert code_of(lambda: call_tent(world, house.request)) == "tent.no_registration"
    set_knowledge(world, edition=1)
    assert call_tent(world, house.request).stage == "calling"


@pytest.mark.parametrize(
    ("cards", "edition", "code"),
    [
        ([("Stress", "")], 1, "knowledge.half"),
        ([("", "Woorden")], 1, "knowledge.half"),
        ([("a" * 81, "Woorden")], 1, "knowledge.too_much"),
        ([("Stress", "b" * 200_000)], 1, "knowledge.too_much"),
        ([("Stress", "Woorden")] * 13, 1, "knowledge.too_much"),
        (CARDS, 1, "knowledge.same"),
        (CARDS[:1], 0, "knowledge.changed"),
    ],
)
def test_what_cannot_be_an_edition_is_refused(
    world: World, cards: list[tuple[str, str]], edition: int, code: str
) -> None:
    set_knowledge(world)
    assert code_of(lambda: set_knowledge(world, cards=cards, edition=edition)) == code
    assert Knowledge.objects.count() == 1


def test_an_expertise_that_is_not_there_asks_nothing(world: World) -> None:
    def asked() -> object:
        return actions.set_knowledge(
            actor=world.actor("petra"), cards=CARDS, registered=[uuid4()], edition=0, at=world.at
        )

    assert code_of(asked) == "knowledge.no_such_expertise"


@pytest.mark.parametrize("who", ["ellen", "anouk", "karin"])
def test_only_who_answers_for_the_municipality_sets_it(world: World, who: str) -> None:
    with pytest.raises(Forbidden):
        set_knowledge(world, who=who)


def test_the_page_keeps_what_was_typed_and_shows_it_as_it_was_typed(world: World) -> None:
    petra, url = world.client("petra"), reverse("knowledge")
    sent = {"_key": str(uuid4()), "edition": "0", "title_0": XSS, "words_0": ""}
    refused = petra.post(url, sent)
    assert refused.status_code == 422
    assert "Vul beide in" in refused.content.decode()
    assert XSS not in refused.content.decode()
    assert "&lt;script&gt;alert(" in refused.content.decode()
    angst = str(world.expertise("angst").pk)
    kept = petra.post(
        url, {**sent, "_key": str(uuid4()), "words_0": "Woorden", "registered": [angst], "note": "Overleg"}
    )
    assert (kept.status_code, kept.headers["location"]) == (302, url)
    page = petra.get(url).content.decode()
    assert XSS not in page
    assert "Nu geldt uitgave 1" in page
    assert "Titel van kaart 2" in page
    assert "Titel van kaart 3" not in page


def test_it_takes_as_many_queries_with_many_editions(
    world: World, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    petra = world.actor("petra")
    set_knowledge(world)
    with django_assert_num_queries(3):
        queries.knowledge_page(petra)
    for edition in range(1, 6):
        set_knowledge(
            world, cards=CARDS[: edition % 2 + 1], edition=edition, registered=("angst",)[: edition % 2]
        )
    with django_assert_num_queries(3):
        queries.knowledge_page(petra)


@built_once
def tent(world: World, house: Household) -> Tent:
    """They understand it together; the municipality has cards, one with a script in it."""
    set_knowledge(world, cards=[CARDS[0], (CARDS[1][0], XSS)])
    tent = meeting(world, house)
    go_to(world, tent, Phase.LISTEN)
    write(world, tent, "Hoe gaat Noor weer graag naar school?")
    return go_to(world, tent, Phase.UNDERSTAND)


class TestAtTheTable:
    @pytest.fixture(autouse=True)
    def the_clock_of_the_world(self, world: World, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr("hendig.web.middleware.timezone.now", lambda: world.at)

    @pytest.mark.parametrize("who", ["sanne", "noor", "anouk", "ellen"])
    def test_who_sits_there_reads_them_and_fills_in_nothing(self, world: World, tent: Tent, who: str) -> None:
        page = world.client(who).get(reverse("tent", args=[tent.pk])).content.decode()
        at_hand = page.partition("Om bij stil te staan")[2].partition("</article>")[0]
        assert "Niemand krijgt hier een cijfer." in at_hand
        assert CARDS[0][1] in at_hand
        assert "&lt;script&gt;alert(" in at_hand
        assert XSS not in at_hand
        assert "<input" not in at_hand

    def test_who_does_not_sit_there_reads_nothing(self, world: World, tent: Tent) -> None:
        answer = world.client("bram").get(reverse("tent", args=[tent.pk]))
        assert answer.status_code == 404
        assert CARDS[0][1] not in answer.content.decode()

    def test_they_lie_there_while_it_is_understood_and_no_longer(self, world: World, tent: Tent) -> None:
        seen = {}
        write(world, tent, "Noor slaapt slecht", "noor")
        understood(world, tent)
        for phase in Phase:
            go_to(world, tent, phase)
            seen[phase] = len(screen(world, tent, "sanne").cards)
        assert {phase for phase, lying in seen.items() if lying} == {Phase.UNDERSTAND, Phase.GOES_WELL}
        actions.close(actor=world.actor("anouk"), tent_id=tent.pk, at=world.at)
        assert screen(world, tent, "sanne").cards == ()

    def test_what_is_fetched_live_without_the_table_does_not_ask_for_them(
        self, world: World, house: Household, tent: Tent, django_assert_num_queries: DjangoAssertNumQueries
    ) -> None:
        seen = look(world, house.family_id, "sanne")
        with django_assert_num_queries(5):
            assert queries.tent_page(seen, tent.pk, draws=False).cards == ()

    def test_it_takes_one_query_however_many_there_are(
        self, world: World, house: Household, tent: Tent, django_assert_num_queries: DjangoAssertNumQueries
    ) -> None:
        for number in (1, 12):
            edition = Knowledge.objects.count()
            set_knowledge(world, cards=[(f"Kaart {at}", "Woorden") for at in range(number)], edition=edition)
            seen = look(world, house.family_id, "sanne")
            with django_assert_num_queries(8):
                assert len(queries.tent_page(seen, tent.pk).cards) == number
