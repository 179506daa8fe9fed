"""A family of which something lies everywhere, made by the real actions: to see what goes along in a copy."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from io import BytesIO
from typing import Any
from uuid import UUID
from zipfile import ZipFile

from django.apps import apps
from django.db import connection, models
from pypdf import PdfReader

from hendig.audit.actions import reading
from hendig.circle.actions import remove_tie
from hendig.families.actions import add_tie, notes, say_about
from hendig.families.actions.homes import note_home
from hendig.families.actions.questions import answer_question as answer_log_question
from hendig.families.actions.questions import ask_about_line
from hendig.families.models import OUTSIDE, Compartment, Family, FamilyMember, Record, Whom, WhyKept
from hendig.families.queries import opening_all
from hendig.families.queries.looked import who_looked
from hendig.families.rules.homes import Address
from hendig.files.adapters.door import let_in
from hendig.files.rules import PHOTO_OR_LETTER
from hendig.helprequests.actions import first_talk
from hendig.keys.models import SealedText
from hendig.opentent.actions import post_question
from hendig.plans import actions as plans
from hendig.plans.models import Reason
from hendig.rights import actions as rights
from hendig.rights.models import DestructionStage, OwnKind
from hendig.rights.models import Piece as About
from hendig.rights.queries import take_along
from hendig.safety.actions import begin_concern, set_secret
from hendig.tents.actions import (
    begin_later_page,
    choose_own_plan,
    close,
    differ_on_page,
    remove_piece,
    say_heard,
    write_nameless,
    write_note,
)
from hendig.tents.models import OwnPlan, PagePart, PieceKind, PreparedKind, Sign, View
from tests.support.drawing import join, think, think_of
from tests.support.files import a_photo
from tests.support.matching import Household, household, open_talk, say
from tests.support.rights import applied, taken_up, text_of
from tests.support.tents import agree, meeting, talked_through, write
from tests.support.world import World


@dataclass(frozen=True, slots=True)
class Taken:
    """What somebody took along, as that person can read it."""

    words: str
    data: dict[str, Any]
    files: dict[str, bytes]

    @property
    def everything(self) -> str:
        """Every letter of every file, without white space: a line that was broken is still found."""
        return squeezed(" ".join([self.words, *strings(self.data), *self.files]))


def strings(value: Any) -> Iterator[str]:
    """Every text in the data, and every name of a thing."""
    if isinstance(value, dict):
        for name, one in value.items():
            yield from (name, *strings(one))
    elif isinstance(value, list):
        for one in value:
            yield from strings(one)
    else:
        yield str(value)


def squeezed(text: str) -> str:
    return "".join(text.split())


def unpacked(archive: bytes) -> Taken:
    with ZipFile(BytesIO(archive)) as zipped:
        files = {name: zipped.read(name) for name in zipped.namelist()}
    paper = PdfReader(BytesIO(files["kopie.pdf"]))
    # What stands under each page may come in the middle of a sentence that goes on.
    words = re.sub(r"Kopie van het dossier \d+ / \d+", " ", text_of(files["kopie.pdf"]))
    told = (words, str(paper.metadata), str(paper.root_object["/Metadata"].get_object()))
    return Taken(" ".join(told), json.loads(files["gegevens.json"]), files)


def taken(world: World, house: Household, who: str) -> Taken:
    return unpacked(take_along(world.actor(who), record_of(house), whole=True, at=world.at).content)


def record_of(house: Household) -> UUID:
    return house.request.compartment.record_id


def own_words(
    world: World, house: Household, who: str, words: str, brought: bytes = b"", on_it: str = ""
) -> None:
    rights.write_own_words(
        actor=world.actor(who),
        family_id=house.family_id,
        kind=OwnKind.STATEMENT,
        topic=About.ALL,
        words=words,
        file=let_in(brought, PHOTO_OR_LETTER) if brought else None,
        file_words=on_it,
        at=world.at,
    )


def noor_says(world: World, house: Household, who: str, *, yes: bool) -> None:
    say_about(
        actor=world.actor("noor"),
        record_id=record_of(house),
        account_id=world.account(who).pk,
        yes=yes,
        at=world.at,
    )


def a_full_record(world: World) -> Household:
    """Noor of 13, with something in every kind of row and in the part of each who has one."""
    house = household(world)
    _around(world, house)
    _at_the_table(world, house)
    say(world, open_talk(world, house), "noor", "sanne", "mark", "ellen", "anouk")
    _planned(world, house)
    _on_paper(world, house)
    _apart(world, house)
    _ended(world, house)
    return house


def _around(world: World, house: Household) -> None:
    sanne = world.actor("sanne")
    said: dict[str, Any] = {"family_id": house.family_id, "distance": 1, "at": world.at}
    add_tie(actor=sanne, name="Oma Bep", relation="moeder van mama", gives="soep op zondag", **said)
    gone = add_tie(actor=sanne, name="Tante Weggehaald", relation="een tante", **said)
    remove_tie(actor=sanne, tie_id=gone.pk, at=world.at)
    post_question(
        actor=sanne,
        request_id=house.request.pk,
        title="Wie fietst er mee?",
        text="Elke ochtend een stukje.",
        neighbourhood="Zuid",
        at=world.at,
    )


def _at_the_table(world: World, house: Household) -> None:
    for who, words in (("noor", "Noor wil alleen praten."), ("sanne", "Mama wil iets vragen.")):
        write_note(
            actor=world.actor(who),
            request_id=house.request.pk,
            kind=PreparedKind.QUESTION,
            text=words,
            at=world.at,
        )
    choose_own_plan(
        actor=world.actor("sanne"), request_id=house.request.pk, choice=OwnPlan.TOGETHER, at=world.at
    )
    write_nameless(
        actor=world.actor("ellen"),
        request_id=house.request.pk,
        expertise_id=world.expertise("angst").pk,
        text="Een meisje slaapt slecht na een verhuizing.",
        at=world.at,
    )
    tent = talked_through(world, meeting(world, house))
    hers = Whom(house.member("Sanne").pk)
    beaten = write(world, tent, "Mama werd vroeger geslagen.", "ellen", kind=PieceKind.FACTOR, about=hers)
    tired = tent.pieces.filter(kind=PieceKind.FACTOR).order_by("id")[0]
    join(world, beaten, tired, Sign.KEEPS, "ellen")
    worse = join(world, tired, beaten, Sign.WORSE, "ellen")
    think_of(world, worse, View.DIFFER, "mark", "Die twee staan los van elkaar.")
    think(world, tired, View.DIFFER, "mark", "Ze valt juist snel in slaap.")
    think(world, beaten, View.DIFFER, "sanne", "Dat is voor mij voorbij.")
    write(world, tent, "Opa is al lang ziek.", "ellen", kind=PieceKind.FACTOR, about=OUTSIDE)
    first_talk(
        actor=world.actor("ellen"),
        request_id=house.request.pk,
        note="Papa slaapt slecht van zijn werk.",
        note_about=Whom(house.member("Mark").pk),
        reason=WhyKept(words="Dan weet wie na mij komt waarom hij moe is."),
        at=world.at,
    )
    off = write(world, tent, "Van tafel gehaald.", "sanne")
    remove_piece(actor=world.actor("sanne"), piece_id=off.pk, at=world.at)
    page = close(actor=world.actor("anouk"), tent_id=tent.pk, at=world.at)
    say_heard(actor=world.actor("noor"), tent_id=tent.pk, yes=True, words="Ik kon alles zeggen.", at=world.at)
    differ_on_page(
        actor=world.actor("mark"),
        tent_id=tent.pk,
        part=PagePart.AGREEMENTS,
        line=page.agreements.splitlines()[0],
        text="Liever bel ik op dinsdag.",
        at=world.at,
    )
    agree(world, tent)
    begin_later_page(actor=world.actor("sanne"), tent_id=tent.pk, at=world.at)


def _planned(world: World, house: Household) -> None:
    sanne, ellen, noor = (world.actor(name) for name in ("sanne", "ellen", "noor"))
    key, match = house.request.pk, house.request.matches.get()
    goal = plans.set_goal(actor=sanne, request_id=key, words="Samen eten 😊 zonder ruzie", at=world.at)
    plans.score_goal(actor=noor, goal_id=goal.pk, value=4, at=world.at)
    hers = house.member("Sanne").pk
    own = plans.set_goal(
        actor=sanne, request_id=key, words="Mama praat over vroeger", member_id=hers, at=world.at
    )
    plans.score_goal(actor=sanne, goal_id=own.pk, value=2, at=world.at)
    plans.set_task(actor=ellen, request_id=key, what="De juf bellen", who="Ellen", at=world.at)
    visit = plans.plan_appointment(
        actor=ellen,
        match_id=match.pk,
        starts_at=world.at + timedelta(days=1),
        place="Wijkgebouw Zuid",
        at=world.at,
    )
    world.later(days=1, hours=2)
    plans.keep_appointment(actor=world.actor("anouk"), appointment_id=visit.pk, at=world.at)
    plans.say_how_it_was(actor=noor, appointment_id=visit.pk, felt=4, at=world.at)
    rights.continue_help(
        actor=ellen, match_id=match.pk, moved_on=world.at.date(), to="Verwegstad", at=world.at
    )


def _on_paper(world: World, house: Household) -> None:
    application = taken_up(world, applied(world, house, words="Wij willen het zwart op wit."))
    about: dict[str, Any] = {"application_id": application.pk, "at": world.at}
    bram, soon = world.actor("bram"), world.at.date() + timedelta(days=7)
    rights.ask_more(actor=bram, words="Op welke dagen?", answer_by=soon, **about)
    rights.answer_question(actor=world.actor("sanne"), words="Op dinsdag.", **about)
    rights.decide(
        actor=bram, verdict="granted", what="Een uur per week.", reasons="Omdat het helpt.", **about
    )
    own_words(world, house, "sanne", "Zo hebben wij het gezegd.", a_photo(), "Haar kamer, nog leeg.")
    asked = rights.ask_destruction(
        actor=world.actor("noor"), family_id=house.family_id, child_id=house.child.pk, at=world.at
    )
    rights.answer_destruction(
        actor=world.actor("ellen"),
        destruction_id=asked.pk,
        stage=DestructionStage.PARTLY,
        keep=["running"],
        pieces=[f"helprequests_helprequest:{house.request.pk}"],
        reply="De hulp loopt nog.",
        at=world.at,
    )


def _apart(world: World, house: Household) -> None:
    """What is of one person alone, and what is for safety."""
    record, ellen, sanne = record_of(house), world.actor("ellen"), world.actor("sanne")
    notes.write_note(actor=world.actor("noor"), record_id=record, words="Thuis zeg ik dit niet.", at=world.at)
    # Each parent wrote something while the view of that parent rested: it lies in a part of its own.
    for who, words in (("mark", "Wat papa alleen zei."), ("sanne", "Wat mama alleen zei.")):
        noor_says(world, house, who, yes=False)
        own_words(world, house, who, words)
        noor_says(world, house, who, yes=True)
    with opening_all(sanne, "family.log_seen", house.family_id, at=world.at) as look:
        line = who_looked(look).lines[0].entry_id
    asked = ask_about_line(actor=sanne, look=look, entry_id=line, words="Waarom keek die mee?", at=world.at)
    answer_log_question(
        actor=world.actor("karin"), question_id=asked.pk, answer="Dat hoort bij het werk.", at=world.at
    )
    begin_concern(actor=ellen, record_id=record, about="Een zorg die niemand leest.", at=world.at)
    set_secret(actor=ellen, record_id=record, member_id=house.member("Sanne").pk, named=(), at=world.at)
    for who in ("sanne", "mark"):
        short = {name: f"{name} {who}"[:10] for name in ("number", "addition", "postcode")}
        longer = {name: f"{name} van {who}" for name in ("street", "place", "country", "way_in", "days")}
        note_home(
            actor=world.actor(who),
            person_id=house.member(who.capitalize()).pk,
            # Abroad, where a number and a postcode may be anything.
            address=Address(**short, **longer),
            from_on=world.at.date(),
            at=world.at,
        )


def _ended(world: World, house: Household) -> None:
    key = house.request.pk
    plans.end_request(
        actor=world.actor("ellen"),
        request_id=key,
        reason=Reason.PLANNED,
        looking_back="Het was een goed jaar.",
        if_it_returns="Bel dan Ellen.",
        at=world.at,
    )
    for who, useful in (("noor", 8), ("sanne", 6)):
        plans.answer_outcome(actor=world.actor(who), request_id=key, useful=useful, onward="02", at=world.at)


# --- which rows there are, found and not listed ---


def of_a_record() -> dict[str, type[models.Model]]:
    """Every model of ours that hangs on a record: by a key, by its name, or by a text that is sealed."""
    ours = [model for model in apps.get_models() if model.__module__.startswith("hendig.")]
    roots = {Family, FamilyMember, Record, Compartment}
    named = {"family_id", "record_id", "compartment_id"}
    found = {
        model
        for model in ours
        if model in roots
        or named & {column.attname for column in model._meta.concrete_fields}
        or any(isinstance(column, SealedText) for column in model._meta.concrete_fields)
    }
    while more := {
        model
        for model in ours
        if model not in found
        and any(column.related_model in found for column in model._meta.concrete_fields if column.is_relation)
    }:
        found |= more
    return {model._meta.label: model for model in found}


def open_to(world: World, who: str) -> set[UUID]:
    """The compartments that the gate opens to this person, asked of the gate itself."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT compartment_id FROM hendig_open(%s, %s)", [world.account(who).pk, world.at])
        return {row[0] for row in cursor.fetchall()}


def texts(world: World, labels: set[str]) -> Iterator[tuple[str, UUID, Any, str]]:
    """Every free text in rows of these kinds that lie in a compartment: where it stands, and the row."""
    with reading(world.system, world.at):
        for label, model in of_a_record().items():
            free = [
                column.name
                for column in model._meta.concrete_fields
                if isinstance(column, SealedText | models.TextField)
                or (isinstance(column, models.CharField) and not column.choices)
            ]
            if label not in labels or "compartment" not in {one.name for one in model._meta.concrete_fields}:
                continue
            rows: Any = model._default_manager.order_by("pk")
            for row in rows:
                yield from (
                    (f"{label}.{name}", row.compartment_id, row, str(getattr(row, name)))
                    for name in free
                    if getattr(row, name)
                )
