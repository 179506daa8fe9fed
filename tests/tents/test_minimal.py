"""The record of a tent is its one page: it offers no other place to write, and after the talk none at all."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

import pytest
from django.apps import apps
from django.db.models import TextField

from hendig.keys.models import SealedText
from hendig.tents import actions
from hendig.tents.models import PieceKind, Sign, Tent, View
from hendig.tents.queries import sheet
from tests.support.matching import Household
from tests.support.refusals import code_of
from tests.support.shared import built_once
from tests.support.tents import agree, closed_tent, look, write
from tests.support.world import World

# Each text that somebody can type in a tent, and why there is a place for it. A note that is none of these
# needs beside it why it is kept (RE1): so a new place to write fails here until it says which it is.
ON_THE_PAGE = {
    "Piece.text",
    "Piece.who",
    "Piece.result",
    "Remark.text",
    *(
        f"{page}.{part}"
        for page in ("Page", "LaterPage")
        for part in ("question", "understanding", "goes_well", "agreements", "people", "drawing")
    ),
}
BESIDE_A_LINE_OF_IT = {"PageRemark.line", "PageRemark.text"}
WHO_SAID_IT = {"Piece.voice", "Influence.voice", "Remark.voice", "PageRemark.voice"}
# For the meeting itself: where it is, one line after one tap, what was asked without a name.
OF_THE_MEETING = {"Tent.place", "Tent.video_link", "Gesture.words", "NamelessQuestion.text"}
# What went out without a name, and was thought of it: of nobody's record, and forgotten by itself.
WITHOUT_A_NAME = {"Told.text", "Hearer.words"}
FOR_OWN_EYES = {"PreparedNote.text"}


@built_once
def over(world: World, house: Household) -> Tent:
    """A talk that was talked through and rounded off."""
    return closed_tent(world, house)


def test_each_text_of_a_tent_has_its_place() -> None:
    found = {
        f"{model.__name__}.{field.name}"
        for model in apps.get_app_config("tents").get_models()
        for field in model._meta.get_fields()
        if isinstance(field, SealedText | TextField)
    }
    told = ON_THE_PAGE | BESIDE_A_LINE_OF_IT | WHO_SAID_IT | OF_THE_MEETING
    assert found == told | WITHOUT_A_NAME | FOR_OWN_EYES


def test_what_was_said_of_the_child_is_on_the_page(world: World, house: Household, over: Tent) -> None:
    page = sheet(look(world, house.family_id, "sanne"), over.pk)
    text = " ".join(line.text for _part, lines in page.parts for line in lines)
    said = over.pieces.filter(removed_at=None)
    assert said.count() >= 5
    assert [one.text for one in said if one.text.rstrip(".") not in text] == []


@pytest.mark.parametrize("agreed", [False, True])
def test_after_the_talk_there_is_no_place_for_a_note(
    world: World, house: Household, over: Tent, agreed: bool
) -> None:
    if agreed:
        agree(world, over)
    one, other = over.pieces.filter(kind=PieceKind.FACTOR)[:2]
    for who in ("ellen", "anouk", "sanne"):
        actor = world.actor(who)
        tries: list[Callable[[], object]] = [
            *(partial(write, world, over, "Nog iets.", who, kind=kind) for kind in PieceKind),
            partial(
                actions.remark, actor=actor, piece_id=one.pk, view=View.DIFFER, text="Anders.", at=world.at
            ),
            partial(
                actions.link,
                actor=actor,
                tent_id=over.pk,
                cause_id=other.pk,
                effect_id=one.pk,
                sign=Sign.WORSE,
                at=world.at,
            ),
        ]
        assert {code_of(one) for one in tries} == {"tent.not_meeting"}
