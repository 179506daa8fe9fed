"""What of a record can be destroyed by itself: each text that is sealed, or the reason why not."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta

import pytest
from django.apps import apps
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.timezone import localtime

from hendig.audit.actions import reading, speaking
from hendig.families.models import OfRecord
from hendig.kernel.periods import local_day
from hendig.keys.models import sealed_fields
from hendig.rights import actions as rights
from hendig.rights.queries.pieces import KINDS, destructible
from hendig.safety import actions
from hendig.safety.models import ErasureWhy
from hendig.tents import actions as tents
from hendig.tents import queries
from hendig.tents.models import LaterPage, Page, Tent
from tests.support.shared import built_once
from tests.support.tents import agree, closed_tent, look
from tests.support.world import World

_RESTS = "what a decision rests on: another law says how long it stays"
_SAFETY = "about safety: who asks does not know of it, and it is weighed by itself"
_OWN_PART = "lies in the own part of the child or of the practice, which goes as a whole"
NOT_BY_ITSELF: Mapping[str, str] = {
    "rights.Application": _RESTS,
    "rights.Question": _RESTS,
    "rights.Decision": _RESTS,
    "rights.Destruction": "that it was asked and answered is what shows that it was done",
    "rights.Residence": "which municipality pays rests on it: another law says how long it stays",
    "rights.Continuation": "which municipality helps on rests on it",
    "families.Incapacity": "why others decided for a youth, a judge may still look at",
    "families.Note": _OWN_PART,
    "families.CitizenNumber": "the coach takes it out at once, without two and without a letter",
    "files.File": "goes with the own words that it stands beside",
    "safety.Emergency": _SAFETY,
    "safety.Concern": _SAFETY,
    "safety.ConcernStep": _SAFETY,
    "safety.Informant": _SAFETY,
    "safety.LegalRequest": _SAFETY,
}


def test_every_sealed_text_of_a_record_can_go_by_itself_or_says_why_not() -> None:
    sealed = {
        model._meta.label
        for model in apps.get_models()
        if issubclass(model, OfRecord) and sealed_fields(model)
    }
    offered = {kind._meta.label for kind, _title in KINDS}
    assert offered <= sealed
    assert sealed - offered == set(NOT_BY_ITSELF)


@built_once
def tent(world: World) -> Tent:
    """Of its page there is a later version; the family agreed to both."""
    found = closed_tent(world)
    agree(world, found)
    sanne = world.actor("sanne")
    tents.begin_later_page(actor=sanne, tent_id=found.pk, at=world.at)
    edition = queries.sheet(look(world, found.family_id, "sanne"), found.pk).edition
    tents.agree_page(actor=sanne, tent_id=found.pk, edition=edition, at=world.at)
    return found


def test_a_later_version_of_the_page_goes_by_itself_and_the_first_stays(world: World, tent: Tent) -> None:
    with speaking(world.system, world.at):
        first, later = Page.objects.get(tent=tent), LaterPage.objects.get(tent=tent)
        record_id = tent.compartment.record_id
        child_id = tent.request.child_id
    assert child_id is not None
    ellen = world.actor("ellen")
    chosen = f"tents_laterpage:{later.pk}"
    offered = {one.key: str(one.title) for one in destructible(ellen, record_id, at=world.at)}
    assert offered[chosen].startswith("Een latere versie van de bladzijde, ")
    asked = rights.ask_destruction(
        actor=world.actor("noor"), family_id=tent.family_id, child_id=child_id, at=world.at
    )
    assert (
        offered[chosen]
        in world.client("ellen").get(reverse("answer_destruction", args=[asked.pk])).content.decode()
    )
    rights.answer_destruction(
        actor=ellen,
        destruction_id=asked.pk,
        stage="partly",
        keep=["running"],
        pieces=[chosen],
        reply="De hulp loopt nog.",
        at=world.at,
    )
    row = actions.ask_erasure(
        actor=world.actor("karin"), record_id=record_id, why=ErasureWhy.ASKED, at=world.at
    )
    proof = actions.agree_erasure(actor=ellen, erasure_id=row.pk, at=world.at)
    assert (proof.pieces, proof.done_at) == ([chosen], world.at)
    shown = queries.sheet(look(world, tent.family_id, "sanne"), tent.pk)
    assert (shown.number, shown.question, shown.agreements, shown.people) == (2, "", "", "")
    before = queries.sheet(look(world, tent.family_id, "sanne"), tent.pk, 1)
    assert (before.question, before.agreements) == (first.question, first.agreements)
    assert before.agreements


def test_pieces_are_called_by_their_own_day_and_told_apart_by_a_word_more(world: World, tent: Tent) -> None:
    """Not by the day on which a row was made in the database, and never by what it says."""
    world.later(days=3)
    for who, words in (("sanne", "KANARIE een"), ("mark", "KANARIE twee"), ("sanne", "KANARIE drie")):
        rights.write_own_words(
            actor=world.actor(who),
            family_id=tent.family_id,
            kind="addition",
            topic="plan",
            words=words,
            at=world.later(minutes=7),
        )
    pieces = destructible(world.actor("ellen"), tent.compartment.record_id, at=world.at)
    titles = [str(one.title) for one in pieces]
    day = date_format(local_day(world.at), "j F Y")
    first, last = (f"{localtime(world.at - timedelta(minutes=ago)):%H:%M}" for ago in (14, 0))
    assert [one for one in titles if one.startswith("Wat het gezin erbij schreef")] == [
        f"Wat het gezin erbij schreef, {day}, door Sanne, om {first}",
        f"Wat het gezin erbij schreef, {day}, door Mark",
        f"Wat het gezin erbij schreef, {day}, door Sanne, om {last}",
    ]
    with speaking(world.system, world.at):
        asked_on = date_format(local_day(tent.request.asked_at), "j F Y")
    assert f"De hulpvraag en het eerste gesprek, {asked_on}" in titles, "of which there is one"
    assert not any("KANARIE" in one for one in titles)


@pytest.mark.parametrize("more", [0, 6])
def test_it_asks_as_many_times_whatever_there_is(world: World, tent: Tent, more: int) -> None:
    for _again in range(more):
        rights.write_own_words(
            actor=world.actor("sanne"),
            family_id=tent.family_id,
            kind="addition",
            topic="plan",
            words="Nog iets.",
            at=world.at,
        )
    ellen, record_id = world.actor("ellen"), tent.compartment.record_id
    with reading(ellen, world.at), CaptureQueriesContext(connection) as caught:
        destructible(ellen, record_id, at=world.at)
    assert len(caught) == 3 + len(KINDS)
