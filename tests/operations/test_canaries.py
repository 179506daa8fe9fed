"""Who has the database or a copy reads no word of a family: everything is typed once, and looked for."""

from __future__ import annotations

import re
import subprocess
from collections.abc import Iterator
from datetime import timedelta

import pytest
from django.apps import apps

from hendig.audit.actions import reading
from hendig.audit.models import LockedText
from hendig.families import actions as families
from hendig.families.actions.citizen_numbers import note_number
from hendig.families.actions.notes import write_note
from hendig.families.models import NumberWhy, WhyKept
from hendig.helprequests import actions as requests
from hendig.helprequests.actions import ChildOfTalk, ParentOfTalk
from hendig.kernel.periods import local_day
from hendig.keys.models.sealed import Sealed
from hendig.opentent.models import Post
from hendig.operations import programs
from hendig.operations.backup.dump import environment, without_password
from hendig.plans import actions as plans
from hendig.rights import actions as rights
from hendig.rights.models import DestructionStage, OwnKind, Verdict
from hendig.rights.models import Piece as About
from hendig.safety import actions as safety
from hendig.safety.models import Asker, Category, Found, Law, Outcome, Step
from hendig.tents import actions as meetings
from hendig.tents.models import Phase
from tests.support import opentent, tents
from tests.support.database import TestDatabase
from tests.support.families import code_of, looked_up
from tests.support.matching import THIRTEEN, open_talk, say
from tests.support.matching import Household as House
from tests.support.rights import taken_up
from tests.support.safety import last_name
from tests.support.world import World, build_world

PHONE = "0612004711"
BSN = "999900018"


class Canaries:
    """Every text that is typed has a word of its own in it, by which it is found again."""

    def __init__(self) -> None:
        self.words: set[str] = set()

    def __call__(self, about: str) -> str:
        word = f"kanarie{len(self.words):03}{about}"
        self.words.add(word)
        return f"Hier zit een {word}."


@pytest.fixture
def open_world(transactional_db: None) -> World:
    """What is in it is committed: a dump is made by another program."""
    return build_world()


def asked(world: World, typed: Canaries) -> House:
    """A question, its first talk, a circle, and what somebody keeps for themselves."""
    question = requests.ask(
        actor=world.visitor,
        words=typed("vraag"),
        first_name="Sanne",
        email="sanne@gezin.example",
        at=world.at,
    )
    request = requests.confirm(
        actor=world.visitor, asked_id=question.pk, typed=code_of(question), phone=PHONE, at=world.at
    )
    # Another one that nobody confirms.
    requests.ask(
        actor=world.visitor,
        words=typed("open"),
        first_name=typed("naam")[:60],
        email="x@y.example",
        at=world.at,
    )
    ellen = world.actor("ellen")
    requests.take_up(actor=ellen, request_id=request.pk, at=world.at)
    request = requests.first_talk(
        actor=ellen,
        request_id=request.pk,
        result=typed("resultaat"),
        note=typed("notitie"),
        reason=WhyKept(words=typed("waarom")),
        child=ChildOfTalk(first_name="Noor", born_on=THIRTEEN),
        parent=ParentOfTalk("Mark", "mark@gezin.example", holds_authority=True),
        asker_holds_authority=True,
        child_agrees=True,
        at=world.at,
    )
    looked_up(world, request)
    assert request.child is not None
    families.give_youth_account(
        actor=ellen, member_id=request.child.pk, email="noor@gezin.example", at=world.at
    )
    families.add_tie(
        actor=world.actor("sanne"),
        family_id=request.family_id,
        name=typed("oma"),
        relation=typed("band"),
        distance=1,
        gives=typed("geeft"),
        at=world.at,
    )
    write_note(
        actor=world.actor("noor"), record_id=request.compartment.record_id, words=typed("eigen"), at=world.at
    )
    return House(request, request.child)


def helped(world: World, house: House, typed: Canaries) -> None:
    """A tent, a match, a plan, an end; and a card with an answer."""
    card = opentent.ask_the_board(world, house.request)
    opentent.answer(world, card, words=typed("antwoord"))
    tent = tents.call_tent(world, house.request, place=typed("plaats"))
    tents.answer(world, tent, "anouk", "youssef")
    tents.welcome(world, tent, "anouk", "youssef")
    world.later(days=3)
    meetings.begin(actor=world.actor("ellen"), tent_id=tent.pk, at=world.at)
    tents.go_to(world, tent, Phase.LISTEN)
    tents.write(world, tent, typed("tafel"))
    tents.go_to(world, tent, Phase.UNDERSTAND)
    tents.write(world, tent, typed("speelt"))
    tents.understood(world, tent, "mark", yes=False, words=typed("mist"))
    world.later(minutes=1)
    tents.write(world, tent, typed("erbij"))
    world.later(minutes=1)
    tents.understood(world, tent)
    tents.go_to(world, tent, Phase.AGREE)
    tents.write(world, tent, typed("afspraak"), "mark")
    meetings.close(actor=world.actor("anouk"), tent_id=tent.pk, at=world.at)
    meetings.say_heard(
        actor=world.actor("anouk"), tent_id=tent.pk, yes=True, words=typed("gehoord"), at=world.at
    )
    tents.amend(
        world,
        tent,
        question=typed("bladvraag"),
        understanding=typed("begrip"),
        goes_well=typed("goed"),
        agreements=typed("eens"),
        people=typed("wie"),
    )
    tents.agree(world, tent)
    outcome = say(
        world, open_talk(world, house, purpose=typed("doel")), "sanne", "mark", "noor", "ellen", "anouk"
    )
    assert outcome.match is not None
    ellen = world.actor("ellen")
    plans.set_goal(actor=ellen, request_id=house.request.pk, words=typed("plandoel"), at=world.at)
    plans.set_task(
        actor=ellen, request_id=house.request.pk, what=typed("taak"), who=typed("doet"), at=world.at
    )
    plans.plan_appointment(
        actor=ellen,
        match_id=outcome.match.pk,
        starts_at=world.at + timedelta(days=1),
        place=typed("adres"),
        at=world.at,
    )


def decided(world: World, house: House, typed: Canaries) -> None:
    """Applications with all that is written around them, own words, destruction, who is responsible."""
    for verdict in (Verdict.GRANTED, Verdict.REFUSED):
        on_paper(world, house, typed, verdict)
    own_words_answered(world, house, typed)
    destruction_refused(world, house, typed)
    rights.ask_residence(
        actor=world.actor("ellen"),
        family_id=house.family_id,
        child_id=house.child.pk,
        asked_on=local_day(world.at),
        asked_from=typed("gemeente"),
        at=world.at,
    )


def on_paper(world: World, house: House, typed: Canaries, verdict: Verdict) -> None:
    """An application, a question about it, a longer term and the decision."""
    application = rights.apply(
        actor=world.actor("sanne"),
        family_id=house.family_id,
        child_id=house.child.pk,
        words=typed("aanvraag"),
        wants_pgb=True,
        pgb_why=typed("pgbwaarom"),
        pgb_who=typed("pgbwie"),
        at=world.at,
    )
    bram = taken_up(world, application).decider
    assert bram is not None
    who, what = world.actor("bram"), application.pk
    by = local_day(world.at) + timedelta(days=10)
    rights.ask_more(actor=who, application_id=what, words=typed("meer"), answer_by=by, at=world.at)
    rights.answer_question(
        actor=world.actor("sanne"), application_id=what, words=typed("weerwoord"), at=world.at
    )
    rights.extend(actor=who, application_id=what, weeks=2, reason=typed("langer"), at=world.at)
    rights.decide(
        actor=who,
        application_id=what,
        verdict=verdict,
        what=typed("toegekend"),
        reasons=typed("redenen"),
        pgb=False,
        at=world.at,
    )


def own_words_answered(world: World, house: House, typed: Canaries) -> None:
    """What is not right according to the family, and why the coach leaves it."""
    own = rights.write_own_words(
        actor=world.actor("sanne"),
        family_id=house.family_id,
        kind=OwnKind.CORRECTION,
        topic=About.PLAN,
        words=typed("correctie"),
        at=world.at,
    )
    rights.answer_correction(
        actor=world.actor("ellen"),
        own_id=own.pk,
        corrected=False,
        reply=typed("nietverbeterd"),
        at=world.at,
    )


def destruction_refused(world: World, house: House, typed: Canaries) -> None:
    """The youth asks that everything goes, and reads why it stays."""
    gone = rights.ask_destruction(
        actor=world.actor("noor"), family_id=house.family_id, child_id=house.child.pk, at=world.at
    )
    rights.answer_destruction(
        actor=world.actor("ellen"),
        destruction_id=gone.pk,
        stage=DestructionStage.REFUSED,
        keep=["running"],
        reply=typed("blijft"),
        at=world.at,
    )


def feared(world: World, house: House, typed: Canaries) -> None:
    """A worry, its steps, a question by law, an emergency and what was found of it."""
    ellen = world.actor("ellen")
    concern = safety.begin_concern(
        actor=ellen, record_id=house.request.compartment.record_id, about=typed("zorg"), at=world.at
    )
    safety.take_step(
        actor=ellen,
        concern_id=concern.pk,
        step=Step.SIGNALS,
        found=Found.DONE,
        words=typed("signaal"),
        done_on=local_day(world.at),
        at=world.at,
    )
    safety.ask_by_law(
        actor=ellen,
        concern_id=concern.pk,
        asker=Asker.POLICE,
        who=typed("agent"),
        law=Law.JUDGE,
        asked_on=local_day(world.at),
        weighing=typed("weging"),
        pieces=[f"request:{house.request.pk}"],
        at=world.at,
    )
    house.request.refresh_from_db()
    emergency = safety.open_in_emergency(
        actor=world.actor("bram"),
        first_name="Noor",
        last_name=last_name(house.request),
        born_on=THIRTEEN,
        beside="",
        category=Category.VIOLENCE,
        reason=typed("gevaar"),
        at=world.at,
    )
    safety.judge_emergency(
        actor=world.actor("karin"),
        emergency_id=emergency.pk,
        outcome=Outcome.RIGHT,
        note=typed("oordeel"),
        at=world.at,
    )


def what_is_kept(world: World) -> Iterator[str]:
    """Every text that is sealed or locked, as who may read it does."""
    with reading(world.system, world.at):
        for model in apps.get_models():
            for field in model._meta.local_concrete_fields:
                if isinstance(field, Sealed | LockedText):
                    yield from map(str, model._default_manager.values_list(field.name, flat=True))


def test_a_dump_of_the_whole_database_holds_no_word_of_a_family(
    open_world: World, test_database: TestDatabase
) -> None:
    """A database administrator dumps and edits: no readable canary."""
    world, typed = open_world, Canaries()
    house = asked(world, typed)
    feared(world, house, typed)
    helped(world, house, typed)
    decided(world, house, typed)
    record_id = house.request.compartment.record_id
    note_number(
        actor=world.actor("ellen"), record_id=record_id, number=BSN, why=NumberWhy.DECISION, at=world.at
    )

    kept = " ".join(what_is_kept(world))
    assert {word for word in (*typed.words, BSN) if word not in kept} == set(), (
        "typed, and not kept by the house"
    )

    url = test_database.owner_url
    program = programs.client("pg_dump", test_database.owner.info.server_version // 10000)
    words = [str(program), "--no-owner", "--enable-row-security", f"--dbname={without_password(url)}"]
    dump = subprocess.run(words, env=environment(url), capture_output=True, check=True).stdout
    assert b"sanne@gezin.example" in dump, "by which somebody is found at the door: the dump is of this world"
    assert Post.objects.get().text.encode() in dump, "what was put on the board to be read there"
    hexed = bytes.fromhex("".join(re.findall(r"\\\\x((?:[0-9a-f]{2})+)", dump.decode())))
    for text in (*typed.words, PHONE, BSN):
        assert text.encode() not in dump, text
        assert text.encode() not in hexed, text
