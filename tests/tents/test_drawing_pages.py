"""The page of the drawing: what can be tapped, what is refused, who sees it, at any size."""

from __future__ import annotations

import re
from datetime import timedelta
from html import unescape
from typing import Any
from uuid import uuid4

import pytest
from django.http import HttpResponse
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries

from hendig.families.models import Whom
from hendig.people.actions import set_settings
from hendig.tents import actions, queries
from hendig.tents.models import Influence, Phase, Piece, Place, Sign, Tent, View
from hendig.tents.queries import Chosen
from tests.support.drawing import join, put, think, understanding
from tests.support.matching import Household
from tests.support.shared import built_once
from tests.support.tents import go_to, look, understood
from tests.support.world import World

XSS = "<script>alert('hoi')</script>"


@built_once
def tent(world: World, house: Household) -> Tent:
    return understanding(world, house)


@pytest.fixture(autouse=True)
def the_clock_of_the_world(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("hendig.web.middleware.timezone.now", lambda: world.at)


@pytest.fixture
def two(world: World, tent: Tent) -> tuple[Piece, Piece]:
    return (
        put(world, tent, "Er is vaak ruzie.", "sanne", Place.PARENTS),
        put(world, tent, "Noor slaapt slecht", "noor", Place.CHILD),
    )


def get(world: World, tent: Tent, who: str, **asked: Any) -> str:
    answer = world.client(who).get(reverse("drawing", args=[tent.pk]), asked)
    assert answer.status_code == 200
    return unescape(answer.content.decode())


def post(world: World, tent: Tent, who: str, do: str, **typed: object) -> HttpResponse:
    world.at += timedelta(minutes=1)
    fields = {"_key": str(uuid4()), "do": do, **typed}
    return world.client(who).post(reverse("drawing", args=[tent.pk]), fields)  # type: ignore[return-value]


def link_to(page: str, words: str) -> str:
    """Where the link with these words leads to."""
    found = re.search(rf'<a[^>]*href="([^"]*)"[^>]*>(?:(?!</a>).)*{re.escape(words)}', page, re.DOTALL)
    assert found, words
    return found[1].split("#")[0]


def test_by_tapping_alone_two_things_come_to_hang_together(
    world: World, tent: Tent, two: tuple[Piece, Piece]
) -> None:
    """Tap the one, tap "hangt samen met", tap the other, choose what it does: without a script."""
    noor = world.client("noor")
    page = unescape(noor.get(reverse("drawing", args=[tent.pk])).content.decode())
    for words in ("Er is vaak ruzie.", "Hangt samen met…", "Noor slaapt slecht"):
        page = unescape(noor.get(link_to(page, words)).content.decode())
    assert f'name="cause_id" value="{two[0].pk}"' in page
    assert f'name="effect_id" value="{two[1].pk}"' in page
    answer = post(world, tent, "noor", "join", cause_id=two[0].pk, effect_id=two[1].pk, sign="worse")
    assert answer.status_code == 302
    assert "Er is vaak ruzie. Dat maakt erger: Noor slaapt slecht" in get(world, tent, "mark")


def test_what_is_added_lies_where_it_belongs_in_the_voice_of_who_said_it(
    world: World, tent: Tent, house: Household
) -> None:
    answer = post(
        world, tent, "ellen", "add", kind="goes_well", text=" Oma is dichtbij ", place="family",
        voice_of=world.actor("noor").account_id,
    )  # fmt: skip
    assert answer["Location"].endswith("?adds=1#stap")
    piece = Piece.objects.get()
    assert (piece.text, piece.kind, piece.place, piece.voice) == (
        "Oma is dichtbij", "goes_well", "family", "Noor",
    )  # fmt: skip
    assert "Kracht, zegt Noor: Oma is dichtbij." in get(world, tent, "mark")


def test_the_drawing_stays_as_large_as_it_is_at_each_step(world: World, tent: Tent) -> None:
    noor, here = world.client("noor"), reverse("drawing", args=[tent.pk])
    add = {"do": "add", "kind": "factor", "text": "Er is ruzie", "place": "family"}
    assert noor.post(f"{here}?zoom=2", add)["Location"] == f"{here}?adds=1&zoom=2#stap"
    piece = Piece.objects.get()
    page = unescape(noor.get(f"{here}?zoom=2&factor={piece.pk}").content.decode())
    # Whatever leads on in the drawing, by a link or by a button, goes on at this size.
    on = re.findall(rf'(?:href|action|name="next" value)="({re.escape(here)}(?!verloop)[^"]*)"', page)
    assert len(on) > 9
    assert {one for one in on if "zoom=" not in one} == set()
    moved = noor.post(f"{here}?zoom=2", {"do": "put", "piece_id": piece.pk, "place": "child"})
    assert moved["Location"] == f"{here}?zoom=2#tekening"


def test_what_was_tried_says_what_came_of_it(world: World, tent: Tent) -> None:
    post(world, tent, "sanne", "add", kind="tried", text="Een nachtlampje.", outcome="partly")
    assert "Geprobeerd: Een nachtlampje. Dat hielp een beetje." in get(world, tent, "noor")


def test_what_cannot_be_drawn_is_said_in_words_and_what_was_typed_stays(
    world: World, tent: Tent, two: tuple[Piece, Piece]
) -> None:
    join(world, *two, Sign.WORSE, "sanne")
    one, other = (piece.pk for piece in two)
    cases: tuple[tuple[dict[str, object], str], ...] = (
        ({"do": "join", "cause_id": one, "effect_id": one, "sign": "worse"}, "niet met zichzelf"),
        ({"do": "join", "cause_id": one, "effect_id": other, "sign": "keeps"}, "Dit verband ligt er al."),
        ({"do": "join", "cause_id": one, "effect_id": other}, "Kies wat het ene met het andere doet."),
        ({"do": "remark", "piece_id": one, "view": "differ", "text": ""}, "hoe jij het ziet"),
        ({"do": "remark", "piece_id": one, "view": "first", "text": ""}, "waarom dit eerst komt"),
        ({"do": "remark", "piece_id": one, "view": "differ", "text": "b" * 200_000}, "Dit is te lang."),
        ({"do": "add", "kind": "factor", "text": "c" * 200_000}, "te lang voor één briefje"),
        ({"do": "add", "kind": "factor", "text": " "}, "Schrijf eerst wat er gezegd is."),
        ({"do": "put", "piece_id": one, "place": "parents"}, "Daar ligt het al."),
    )
    for typed, words in cases:
        fields = {"_key": str(uuid4()), **typed}
        answer = world.client("noor").post(reverse("drawing", args=[tent.pk]), fields)
        assert answer.status_code == 422, typed["do"]
        page = unescape(answer.content.decode())
        assert words in page or words.replace("jij", "u") in page
        assert str(typed.get("text", ""))[:500] in page
    assert (Influence.objects.count(), Piece.objects.count()) == (1, 2)


def test_what_is_not_there_is_not_there(world: World, tent: Tent, two: tuple[Piece, Piece]) -> None:
    typed = {"cause_id": two[0].pk, "effect_id": uuid4(), "sign": "worse"}
    assert post(world, tent, "noor", "join", **typed).status_code == 404
    assert post(world, tent, "noor", "remark", piece_id=uuid4(), view="agree").status_code == 404
    assert post(world, tent, "noor", "nonsense").status_code == 200
    assert "Zet er iets bij" in get(world, tent, "noor", factor=uuid4(), line=uuid4(), zoom="9")
    assert "Zet er iets bij" in get(world, tent, "noor", factor="ruzie", met=two[0].pk, zoom="x")
    assert world.client("bram").get(reverse("drawing", args=[tent.pk])).status_code == 404


def test_script_in_a_note_is_read_and_not_run(world: World, tent: Tent) -> None:
    piece = put(world, tent, XSS, "noor", Place.CHILD)
    think(world, piece, View.DIFFER, "mark", XSS)
    think(world, piece, View.FIRST, "mark", XSS)
    answer = world.client("sanne").get(reverse("drawing", args=[tent.pk]), {"factor": str(piece.pk)})
    assert "<script>alert" not in answer.content.decode()
    assert XSS in unescape(answer.content.decode())


def test_a_tap_on_a_line_says_it_in_words_and_lets_it_be_changed_or_taken_away(
    world: World, tent: Tent, two: tuple[Piece, Piece]
) -> None:
    line = join(world, *two, Sign.WORSE, "noor")
    page = get(world, tent, "noor", line=line.pk)
    assert "Er is vaak ruzie. Dat maakt erger: Noor slaapt slecht." in page
    assert "Toch: houdt in stand" in page
    assert "Toch: houdt in stand" not in get(world, tent, "anouk", line=line.pk)
    post(world, tent, "noor", "sign", link_id=line.pk, sign="keeps")
    newer = tent.influences.get(removed_at=None)
    assert newer.sign == Sign.KEEPS
    post(world, tent, "noor", "cut", link_id=newer.pk)
    assert not tent.influences.filter(removed_at=None).exists()
    post(world, tent, "noor", "back")
    assert tent.influences.filter(removed_at=None).get().sign == Sign.KEEPS


def test_each_sees_where_they_differ_and_what_comes_first(
    world: World, tent: Tent, two: tuple[Piece, Piece]
) -> None:
    post(world, tent, "mark", "remark", piece_id=two[0].pk, view="differ", text="We praten gewoon hard.")
    post(world, tent, "noor", "remark", piece_id=two[0].pk, view="agree")
    post(world, tent, "noor", "remark", piece_id=two[1].pk, view="first", text="dan kan ik weer denken")
    page = get(world, tent, "anouk")
    assert "Waar we het verschillend zien" in page
    assert "Mark ziet het anders: We praten gewoon hard." in page
    assert "Noor is het ermee eens." in page
    assert "Daarom eerst: Noor slaapt slecht. Noor zegt waarom: dan kan ik weer denken" in page


def test_the_youth_reads_nothing_of_what_is_about_another(
    world: World, tent: Tent, two: tuple[Piece, Piece], house: Household
) -> None:
    about = Whom(house.member("Sanne").pk)
    hers = put(world, tent, "Mama werd vroeger geslagen.", "ellen", Place.PARENTS, about=about)
    line = join(world, hers, two[0], Sign.WORSE, "ellen")
    tapped: tuple[dict[str, Any], ...] = ({}, {"factor": hers.pk}, {"line": line.pk}, {"factor": two[0].pk})
    for asked in tapped:
        assert "geslagen" not in get(world, tent, "noor", **asked)
    assert str(line.pk) not in get(world, tent, "noor")
    assert "geslagen" in get(world, tent, "sanne")


def test_after_the_talk_the_drawing_stays_to_be_seen(
    world: World, tent: Tent, two: tuple[Piece, Piece]
) -> None:
    understood(world, tent)
    go_to(world, tent, Phase.AGREE)
    actions.close(actor=world.actor("anouk"), tent_id=tent.pk, at=world.at)
    page = get(world, tent, "sanne", factor=two[0].pk)
    assert "Er is vaak ruzie." in page
    assert "Tekenen kan zolang het gesprek bezig is." in page
    assert "Hangt samen met…" not in page
    assert post(world, tent, "sanne", "back").status_code == 422


@pytest.mark.parametrize("chosen", [False, True])
def test_the_drawing_takes_as_many_queries_with_much_in_it_as_with_little(
    world: World,
    house: Household,
    tent: Tent,
    two: tuple[Piece, Piece],
    django_assert_num_queries: DjangoAssertNumQueries,
    *,
    chosen: bool,
) -> None:
    def tapped() -> Chosen:
        return Chosen(factor=two[0].pk, picks=True) if chosen else Chosen()

    for more in (0, 12):
        for at in range(more):
            piece = put(world, tent, f"Iets {at}", "sanne", Place.SCHOOL)
            join(world, piece, two[at % 2], Sign.SOFTENS, "noor")
            think(world, piece, View.AGREE, "mark")
        seen = look(world, house.family_id, "sanne")
        with django_assert_num_queries(7):
            page = queries.analysis_page(seen, tent.pk, tapped())
        assert len(page.factors) == 2 + more


def test_what_is_good_to_know_is_at_hand_in_the_municipalitys_own_words(world: World, tent: Tent) -> None:
    """To read, and nothing to fill in: no card asks for a number."""
    assert "Om bij stil te staan" not in get(world, tent, "noor")
    set_settings(
        actor=world.system,
        principles=(),
        codes=(),
        expertises=(),
        cards=[("De volwassene die blijft", "Wie is dat hier?"), ("Gewone spanning", XSS)],
        at=world.at,
    )
    page = get(world, tent, "noor")
    assert "Om bij stil te staan" in page
    assert "Wie is dat hier?" in page
    assert page.index("De volwassene die blijft") < page.index("Gewone spanning")
