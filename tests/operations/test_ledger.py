"""What ended after a backup stays ended when that is brought back: by people's own actions, on real rows."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import partial

import psycopg
import pytest
from django.apps import apps
from django.db import models
from psycopg import sql

from hendig.audit.actions import speaking
from hendig.circle import actions as circle
from hendig.connections.actions import end_connection
from hendig.connections.models import Connection
from hendig.connections.queries import comer
from hendig.families.actions import invitations, sharing
from hendig.families.actions.citizen_numbers import note_number
from hendig.families.actions.notes import take_note_back, write_note
from hendig.families.models import (
    Bond,
    CitizenNumber,
    Family,
    FamilyMember,
    Invitation,
    Involvement,
    LegalAuthority,
    NamePart,
    Note,
    NumberWhy,
    Tie,
    Whom,
)
from hendig.families.queries.citizen_numbers import found_by_number
from hendig.families.queries.found import people_found
from hendig.kernel.actor import Role
from hendig.kernel.refusal import NotVisible
from hendig.operations.backup.applied import Known, apply
from hendig.operations.backup.ends import ENDS, GIVES
from hendig.operations.backup.ledger import KEYS, Ledger, taken
from hendig.people import actions as people
from hendig.people.actions.registrations import end_registration
from hendig.people.models import Account, Letter, Registration, RoleRequest, SignInCode
from hendig.rights import actions as rights
from hendig.rights.models import OwnWords
from hendig.safety import actions as safety
from hendig.safety.models import Erasure, ErasureWhy
from hendig.tents.models import Page, Tent
from tests.people.test_roles import agreed, asked
from tests.support.connections import token
from tests.support.database import Cleaner, TestDatabase
from tests.support.refusals import code_of
from tests.support.registrations import registered
from tests.support.tents import agree, closed_tent
from tests.support.world import World, build_world

Owner = psycopg.Connection[tuple[object, ...]]


class Night(Cleaner):
    """The database as it is now, to be brought back: what a backup of this night would hold."""

    def __init__(self, owner: Owner) -> None:
        super().__init__(owner)
        self.ledger = taken(owner)

    def again(self) -> None:
        """It is as it was, without its keys; then it hears of what ended since."""
        later = taken(self.owner)
        walls = [str(name) for (name,) in self.owner.execute(WALLED)]
        with self.owner.transaction():
            for table in walls:
                self.owner.execute(self.words("ALTER TABLE {} NO FORCE ROW LEVEL SECURITY", table))
            names = sql.SQL(", ").join(map(sql.Identifier, self.filled()))
            for table in self.guarded():
                self.owner.execute(self.words("ALTER TABLE {} DISABLE TRIGGER USER", table))
            self.owner.execute(sql.SQL("TRUNCATE {} CASCADE").format(names))
            for table in self.kept:
                # Jobs that wait are no matter of who may see what.
                if not table.startswith("procrastinate"):
                    self.bring_back(table)
        with self.owner.transaction():
            for table in self.guarded():
                self.owner.execute(self.words("ALTER TABLE {} ENABLE TRIGGER USER", table))
            for table in walls:
                self.owner.execute(self.words("ALTER TABLE {} FORCE ROW LEVEL SECURITY", table))
        self.owner.execute(self.words("DELETE FROM {}", KEYS))
        read = [Ledger.unpacked(one.packed()) for one in (self.ledger, later)]
        apply(self.owner, then=read[0], later=[Known("now", read[1], goes_on=True)])


WALLED = "SELECT relname FROM pg_class WHERE relforcerowsecurity AND relnamespace = 'public'::regnamespace"


@pytest.fixture
def world(transactional_db: None) -> World:
    """Everything in it is committed: the owner sees it too."""
    return build_world()


@pytest.fixture
def tent(world: World) -> Tent:
    """Of a family to whose page it agreed."""
    found = closed_tent(world)
    agree(world, found)
    return found


def test_who_came_in_by_something_comes_in_no_more(
    test_database: TestDatabase, world: World, tent: Tent
) -> None:
    noor = world.actor("noor")
    bearer = token(world)
    record_id = tent.compartment.record_id
    invite = partial(invitations.invite_confidant, actor=noor, record_id=record_id, at=world.at)
    back, came = (invite(first_name=name, email=f"{name}@buurt.example") for name in ("joke", "truus"))
    old = invite(first_name="riet", email="riet@buurt.example")
    invitations.accept(
        actor=world.actor("riet"), invitation_id=old.invitation_id, typed=old.code, at=world.at
    )
    role = asked(world)
    registered(world, "anouk")
    people.ask_code(actor=world.visitor, email="ellen@peelrand.example", at=world.at)
    night = Night(test_database.owner)

    end_connection(actor=world.actor("jolanda"), connection_id=Connection.objects.get().pk, at=world.at)
    invitations.take_back(actor=noor, invitation_id=back.invitation_id, at=world.at)
    truus = world.actor("truus")
    invitations.accept(actor=truus, invitation_id=came.invitation_id, typed=came.code, at=world.at)
    world.later(hours=1)
    for name in ("riet", "truus"):
        sharing.take_leave(actor=noor, record_id=record_id, account_id=world.account(name).pk, at=world.at)
    people.decline_role(actor=world.actor("karin"), role_id=role.pk, at=world.at)
    end_registration(
        actor=world.actor("petra"), registration_id=Registration.objects.standing().get().pk, at=world.at
    )
    night.again()

    assert comer(bearer, at=world.at) is None
    for made in (back, came):
        with pytest.raises(NotVisible):
            invitations.accept(
                actor=world.actor("joke" if made is back else "truus"),
                invitation_id=made.invitation_id,
                typed=made.code,
                at=world.at,
            )
    for name in ("riet", "truus"):
        gone = world.account(name).pk
        assert not Involvement.objects.standing(world.at).filter(account=gone).exists()
    with pytest.raises(NotVisible):
        agreed(world, RoleRequest.objects.get())
    assert not Registration.objects.standing().exists()
    assert not SignInCode.objects.exists()


def test_what_was_taken_back_is_not_there_again(
    test_database: TestDatabase, world: World, tent: Tent
) -> None:
    family_id, at = tent.family_id, world.at
    record_id, noor, sanne = tent.compartment.record_id, world.actor("noor"), world.actor("sanne")
    said = {"relation": "vriendin", "distance": 1, "bond": Bond.WARM, "gives": "luistert"}
    circle.draw(actor=noor, family_id=family_id, name="Yara", own=True, at=at, **said)  # type: ignore[arg-type]
    circle.show_circle(actor=noor, family_id=family_id, at=at)
    write = partial(rights.write_own_words, actor=sanne, family_id=family_id, topic="plan", at=at)
    words, story = (write(kind="addition", words=one) for one in ("Toch niet.", "Over mij."))
    note = write_note(actor=noor, record_id=record_id, words="Alleen voor mij.", at=at)
    night = Night(test_database.owner)

    circle.hide_circle(actor=noor, family_id=family_id, at=at)
    rights.take_back(actor=sanne, own_id=words.pk, at=at)
    rights.say_whom(actor=sanne, own_id=story.pk, about=Whom(tent.request.asked_by_id), at=at)
    take_note_back(actor=noor, note_id=note.pk, at=at)
    night.again()

    with speaking(world.system, at):
        shown = Tie.objects.get(taken_back=True)
        assert str(OwnWords.objects.get(pk=words.pk).words) == ""
        assert Note.objects.get(pk=note.pk).taken_back_at == at
    assert code_of(lambda: circle.undo_tie(actor=sanne, tie_id=shown.pk, at=at)) == "circle.taken_back"
    assert not OwnWords.objects.visible_to(noor, at=at).filter(pk__in=[words.pk, story.pk]).exclude(words="")
    assert [str(one.words) for one in OwnWords.objects.visible_to(sanne, at=at).filter(pk=story.pk)] == [
        "Over mij."
    ]


def test_a_number_that_was_taken_out_is_not_there_again(
    test_database: TestDatabase, world: World, tent: Tent
) -> None:
    """Nor the hash by which it was found; what stood in its place since is written down again."""
    ellen, record_id = world.actor("ellen"), tent.compartment.record_id
    note = partial(note_number, actor=ellen, record_id=record_id, why=NumberWhy.RECORD, at=world.at)
    first = note(number="999900018")
    night = Night(test_database.owner)

    note(number="999900031")
    night.again()

    with speaking(world.system, world.at):
        row = CitizenNumber.objects.get()
    assert (row.pk, str(row.number), row.found_by, row.removed_at) == (first.pk, "", None, world.at)
    assert found_by_number(ellen, "999900018", at=world.at) is None
    note(number="999900031")
    assert found_by_number(ellen, "999900031", at=world.at)


def test_a_page_to_which_the_family_agreed_is_empty_again_whoever_agreed_to_that(
    test_database: TestDatabase, world: World, tent: Tent
) -> None:
    """By a coach who was not there yet when the backup was made."""
    at = world.at
    assert tent.request.child_id is not None
    question = rights.ask_destruction(
        actor=world.actor("noor"), family_id=tent.family_id, child_id=tent.request.child_id, at=at
    )
    page = Page.objects.get(tent=tent)
    rights.answer_destruction(
        actor=world.actor("ellen"),
        destruction_id=question.pk,
        stage="partly",
        keep=["running"],
        pieces=[f"tents_page:{page.pk}"],
        reply="De hulp loopt nog.",
        at=at,
    )
    asked_for = safety.ask_erasure(
        actor=world.actor("karin"), record_id=tent.compartment.record_id, why=ErasureWhy.ASKED, at=at
    )
    night = Night(test_database.owner)

    world.add_worker("fatma", Role.COACH)
    safety.agree_erasure(actor=world.actor("fatma"), erasure_id=asked_for.pk, at=at)
    night.again()

    proof = Erasure.objects.get()
    assert (proof.done_at, proof.agreed_by_id) == (at, None)
    with speaking(world.system, at):
        assert str(Page.objects.get(pk=page.pk).agreements) == ""
        assert str(tent.request.__class__.objects.get(pk=tent.request_id).words) != ""


def test_of_a_record_that_was_destroyed_nobody_is_found_again(
    test_database: TestDatabase, world: World, tent: Tent
) -> None:
    """The names, birth dates and ways in of last night, and an appointment that would still come."""
    at, family_id, record_id = world.at, tent.family_id, tent.compartment.record_id
    assert tent.request.child_id is not None
    made = invitations.invite_confidant(
        actor=world.actor("noor"), record_id=record_id, first_name="Joke", email="joke@buurt.example", at=at
    )
    question = rights.ask_destruction(
        actor=world.actor("noor"), family_id=family_id, child_id=tent.request.child_id, at=at
    )
    ellen = world.actor("ellen")
    rights.answer_destruction(actor=ellen, destruction_id=question.pk, stage="granted", at=at)
    row = safety.ask_erasure(actor=world.actor("karin"), record_id=record_id, why=ErasureWhy.ASKED, at=at)
    assert people_found(ellen, "Noor", at=at)
    actors = [world.actor(name) for name in ("ellen", "noor", "sanne")]
    mails = Letter.objects.filter(to="joke@buurt.example")
    assert mails.exists()
    night = Night(test_database.owner)

    safety.agree_erasure(actor=ellen, erasure_id=row.pk, at=at)
    night.again()

    with speaking(world.system, at):
        assert not FamilyMember.objects.there().filter(family=family_id).exists()
        assert not NamePart.objects.filter(family=family_id).exists()
        assert not LegalAuthority.objects.filter(family=family_id).exists()
        assert Family.objects.get(pk=family_id).name == ""
        assert Invitation.objects.get(pk=made.invitation_id).first_name == ""
        child = tent.request.__class__.objects.get(pk=tent.request_id).child
    assert child is not None
    assert (child.first_name, child.born_on, child.account_id) == ("", None, None)
    noor = Account.objects.get(pk=actors[1].account)
    assert (noor.is_active, noor.first_name, noor.email) == (False, "", f"{noor.pk.hex}@hendig.invalid")
    assert not mails.exists()
    for actor in actors:
        assert not people_found(actor, "Noor", at=at)
        assert not Family.objects.visible_to(actor, at=at).filter(pk=family_id).exists()


_BEGAN = "it began or was answered since, with rows that are not there: it is done again"
_MONEY = "what is to be paid: nobody comes in by it"
_WORK = "what was planned, said and done: nobody comes in by it"
_FACT = "a fact of when it was written: it does not end"
_TOLD = "of a letter, a notice or a code: these are judged again, or are all over"
NOT_ENDING: Mapping[str, str] = {
    r"billing_(?!accountchange).*": _MONEY,
    r"billing_accountchange\.(agreed_at|done_at)": _BEGAN,
    r"people_formercode\.until_on": _MONEY,
    r"(plans|tents_gesture|tents_hearer|tents_recurringtent)\w*\..*": _WORK,
    r"tents_tent\.(reminded_at|closed_at)": _WORK,
    r"tents_seat\.(reminded_at|answered_at)": _WORK,
    r"tents_piece\.(by_on|moved_at)": _WORK,
    r"tents_(page|laterpage)\.(until_on|stage|agreed_at)": _BEGAN,
    r"tents_(told\.until_at|namelessquestion\.told_at|ownplanchoice\.offered_at)": _FACT,
    r"matching_matchtalk\.(blind|by_measure|reminded_at|stalled_at|sees_until)": _WORK,
    r"matching_match\.lapses_on": "help by a measure ends with `ends_on`, which is the same day",
    r"helprequests_(stagemove|helprequest)\.stage": _WORK,
    r"helprequests_asked\..*": "a question that waits for its code: who asked it reads it, and nobody else",
    r"opentent_post\.until_at": _FACT,
    r"safety_emergency\.until_at": "the involvement by which the record was opened ends",
    r"safety_emergency\.reviewed_at": _WORK,
    r"safety_concern\.closed_at": _WORK,
    r"safety_legalrequest\.agreed_at": _BEGAN,
    r"safety_breach\..*": "a register without a word of a family",
    r"rights_(application|question|decision|residence)\..*": _WORK,
    r"rights_destruction\.settled_at": _FACT,
    r"rights_continuation\.until_on": _WORK,
    r"rights_informationrequest\.(stage|answered_at)": _BEGAN,
    r"rights_ownwords\.due_on": _FACT,
    r"files_file\.is_photo": _FACT,
    r"families_namepart\.own": _FACT,
    r"families_involvement\.ruled_on": _FACT,
    r"families_incapacity\.(?!until_at).*": _BEGAN,
    r"families_death\.(died_on|source|closed_account|from_at|mistake_at|until_at)": _BEGAN,
    r"families_note\.told": _FACT,
    r"families_measure\.(ruled_on|until_on|from_at)": _FACT,
    r"families_gpask\.answered_at": _FACT,
    r"families_invitation\.(as_gp|opened_at)": _FACT,
    r"families_consent\.(yes|items)": "another answer is another row, which comes along",
    r"families_block\.(own_family|mistake_at)": _BEGAN,
    r"families_logquestion\.answered_at": _WORK,
    r"keys_compartmentkey\.destroyed_at": "keys come from the ledger alone",
    r"keys_backupfile\.until_on": _FACT,
    r"people_expertise\.registered": "a setting of the municipality about whom is asked",
    r"people_municipality\.is_example": _FACT,
    r"people_(signincode|notice|letter)\..*": _TOLD,
    r"people_registration\.(?!ended_at).*": _FACT,
    r"people_proposedexpertise\..*": _BEGAN,
    r"people_elsewhere\.answered_at": _BEGAN,
    r"people_rolerequest\.agreed": _BEGAN,
    r"socialaccount_socialtoken\.expires_at": "no token of a provider is kept",
}


def columns() -> set[str]:
    """By which something could end: a day or a moment that may be empty, a stage, a yes or no."""
    named = {"stage", "until_at", "until_on", "ends_on", "expires_at", "tries_left"}
    found = set()
    for model in apps.get_models():
        if not model.__module__.startswith(("hendig.", "allauth.mfa", "allauth.socialaccount")):
            continue
        for field in model._meta.concrete_fields:
            moment = isinstance(field, models.DateField) and field.null
            if moment or isinstance(field, models.BooleanField) or field.name in named:
                found.add(f"{model._meta.db_table}.{field.column}")
    return found


def test_every_column_that_could_end_something_is_in_the_ledger_or_says_why_not() -> None:
    told = {f"{one.table}.{column}" for one in ENDS for column in one.columns}
    left = {one for one in columns() - told if one.partition(".")[0] not in GIVES}
    unsaid = {one for one in left if not any(re.fullmatch(known, one) for known in NOT_ENDING)}
    assert unsaid == set()
    assert {known for known in NOT_ENDING if not any(re.fullmatch(known, one) for one in left)} == set()


def test_what_the_ledger_names_exists() -> None:
    there = {
        f"{model._meta.db_table}.{field.column}"
        for model in apps.get_models()
        for field in model._meta.concrete_fields
    }
    assert {f"{one.table}.{column}" for one in ENDS for column in one.columns} <= there
    assert {f"{table}.id" for table in GIVES} <= there
