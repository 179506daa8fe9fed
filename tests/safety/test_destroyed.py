"""A whole record is destroyed: of the child nothing is found any more, by nobody, nor after a restore."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from allauth.usersessions.models import UserSession
from django.urls import reverse

from hendig.audit.actions import change, speaking
from hendig.families import actions as families
from hendig.families.actions import invitations
from hendig.families.models import Family, FamilyMember, Invitation, Involvement, NamePart, Record, SamePerson
from hendig.families.queries.found import people_found
from hendig.helprequests.models import HelpRequest, Stage
from hendig.kernel.actor import Actor, Role
from hendig.kernel.periods import local_day
from hendig.matching.models import Match
from hendig.opentent import actions as opentent
from hendig.opentent.models import Post
from hendig.people import queries
from hendig.people.actions import give_role
from hendig.people.models import Account, Letter
from hendig.plans import actions as plans
from hendig.plans.models import Appointment, AppointmentStage
from hendig.rights import actions as rights
from hendig.safety import actions
from hendig.safety.models import Erasure, ErasureWhy
from tests.support.matching import Household, household, open_talk, record_of, say, son_and_daughter
from tests.support.safety import pieces_alone
from tests.support.shared import built_once
from tests.support.world import World

pytestmark = pytest.mark.usefixtures("_the_clock_of_the_pages")


@built_once
def house(world: World) -> Household:
    """Noor of thirteen, whom Anouk helps, with an appointment that was kept and one that is ahead."""
    found = household(world)
    talk = open_talk(world, found)
    outcome = say(world, talk, "ellen", "sanne", "mark", "noor", "anouk")
    assert outcome.match is not None
    for days in (1, 40):
        plans.plan_appointment(
            actor=world.actor("anouk"),
            match_id=outcome.match.pk,
            starts_at=world.at + timedelta(days=days),
            at=world.at,
        )
    world.later(days=2)
    kept = Appointment.objects.order_by("starts_at").first()
    assert kept is not None
    plans.keep_appointment(actor=world.actor("anouk"), appointment_id=kept.pk, at=world.at)
    opentent.post_question(
        actor=world.actor("ellen"),
        request_id=found.request.pk,
        title="Wie gaat er mee zwemmen?",
        text="Elke week een uur.",
        neighbourhood="Dorp",
        at=world.at,
    )
    return found


def destroyed(world: World, house: Household, child: str = "Noor", by: str = "noor") -> Erasure:
    """It was asked by who may, granted by Ellen, asked by the privacy officer and agreed by Ellen."""
    record_id, of = record_of(house, child), house.member(child)
    asked = rights.ask_destruction(
        actor=world.actor(by), family_id=house.family_id, child_id=of.pk, at=world.at
    )
    rights.answer_destruction(
        actor=world.actor("ellen"), destruction_id=asked.pk, stage="granted", at=world.at
    )
    row = actions.ask_erasure(
        actor=world.actor("karin"), record_id=record_id, why=ErasureWhy.ASKED, at=world.at
    )
    return actions.agree_erasure(actor=world.actor("ellen"), erasure_id=row.pk, at=world.at)


def finished(world: World) -> int:
    return actions.finish_erasures(municipality_id=world.municipality.pk, at=world.at)


def page(world: World, name: str, family_id: object) -> Any:
    return world.client(name).get(reverse("family", args=[family_id]))


def keep(world: World, name: str) -> Actor:
    """Whose account this was can be asked for when it has no name any more."""
    world.accounts[name] = world.account(name)
    return world.actor(name)


def names_found(world: World, name: str, typed: str) -> list[str]:
    return [one.name for one in people_found(world.actor(name), typed, at=world.at) or ()]


def test_nobody_finds_the_child_or_the_family_after_the_last_record_is_destroyed(
    world: World, house: Household
) -> None:
    everyone = ("ellen", "sanne", "mark", "noor", "anouk")
    for name in everyone:
        assert page(world, name, house.family_id).status_code == 200
    born = house.child.born_on
    assert born is not None
    assert "Noor" in names_found(world, "ellen", "Noor")
    assert names_found(world, "ellen", f"{born:%d-%m-%Y}")
    actors = {name: keep(world, name) for name in everyone}
    destroyed(world, house)
    for name, actor in actors.items():
        gone, nothing = page(world, name, house.family_id), page(world, name, uuid4())
        # Who has no account any more is asked to sign in, wherever they come.
        status = 404 if name in {"ellen", "anouk"} else 302
        assert (gone.status_code, nothing.status_code) == (status, status)
        for typed in ("Noor", f"{born:%d-%m-%Y}"):
            assert not people_found(actor, typed, at=world.at)
    with speaking(world.system, world.at):
        assert not FamilyMember.objects.there().filter(family=house.family_id).exists()
        assert not NamePart.objects.filter(family=house.family_id).exists()
        assert Family.objects.values_list("name", "neighbourhood").get(pk=house.family_id) == ("", "")
        assert not Involvement.objects.coming_too(world.at).filter(family=house.family_id).exists()
        child = HelpRequest.objects.get(pk=house.request.pk).child
    assert child is not None
    assert (child.first_name, child.last_name, child.born_on, child.account) == ("", "", None, None)


def test_the_account_of_who_has_no_other_use_of_it_ends_with_the_record(
    world: World, house: Household
) -> None:
    browser, path = world.client("noor"), reverse("access")
    invitations.invite_confidant(
        actor=world.actor("noor"),
        record_id=house.request.compartment.record_id,
        first_name="Joke",
        email="joke@buurt.example",
        at=world.at,
    )
    gone = {name: keep(world, name) for name in ("noor", "sanne", "mark", "joke")}
    assert browser.get(path).status_code == 200
    assert Letter.objects.filter(to="sanne@gezin.example").exists()
    destroyed(world, house)
    assert browser.get(path).status_code == 302
    for name, actor in gone.items():
        account = Account.objects.get(pk=actor.account)
        assert (account.first_name, account.last_name, account.phone) == ("", "", ""), name
        assert (account.is_active, account.email.endswith("@hendig.invalid")) == (False, True), name
        assert queries.me(account.pk, on=local_day(world.at)) is None, name
        assert not UserSession.objects.filter(user_id=account.pk).exists(), name
    assert not Letter.objects.filter(to__contains="gezin.example").exists()
    # The address is nobody's now: who asks for help again begins anew.
    again = household(world)
    assert {again.member(name).account_id for name in ("Sanne", "Mark")}.isdisjoint(
        {actor.account_id for actor in gone.values()}
    )
    for name in ("ellen", "anouk"):
        assert Account.objects.get(pk=world.account(name).pk).is_active


def test_the_account_of_who_belongs_to_another_family_or_works_here_stays(
    world: World, house: Household
) -> None:
    other = household(world, parent="Iris", other="Mark", child="Sam")
    sanne = keep(world, "sanne")
    with change(world.system, "role.given", at=world.at) as act:
        give_role(act, account_id=sanne.account, role=Role.HELPER, on=local_day(world.at))
        act.record(Account.objects.get(pk=sanne.account))
    destroyed(world, house)
    assert page(world, "mark", other.family_id).status_code == 200
    assert world.client("sanne").get(reverse("access")).status_code == 200


def test_what_ran_stops_and_only_what_is_paid_for_stays(world: World, house: Household) -> None:
    destroyed(world, house)
    with speaking(world.system, world.at):
        assert HelpRequest.objects.get(pk=house.request.pk).stage == Stage.DONE
        assert not Match.objects.filter(ends_on=None).exists()
        assert [one.stage for one in Appointment.objects.all()] == [AppointmentStage.KEPT]
        post = Post.objects.get()
    assert (post.title, post.text, post.closed_at) == ("", "", world.at)
    day = world.client("anouk").get(reverse("today"))
    assert "Noor" not in day.content.decode()


def test_a_question_that_nobody_took_up_opens_the_destroyed_record_to_no_coach(world: World) -> None:
    """The youth asked something more, which no coach took up yet."""
    found = household(world)
    from hendig.helprequests import actions as helprequests
    from tests.support.families import code_of

    asked = helprequests.ask(
        actor=world.visitor, words="Nog iets.", first_name="Noor", email="noor@gezin.example", at=world.at
    )
    helprequests.confirm(actor=world.visitor, asked_id=asked.pk, typed=code_of(asked), at=world.at)
    destroyed(world, found)
    for name in ("ellen", "bram"):
        assert page(world, name, found.family_id).status_code == 404
        assert not HelpRequest.objects.to_take_up(world.actor(name), at=world.at).exclude(coach=None).exists()
        board = world.client(name).get(reverse("board")).content.decode()
        assert "Noor" not in board
    with speaking(world.system, world.at):
        assert not HelpRequest.objects.filter(coach=None).exists()


def test_a_sibling_and_who_raises_both_stay_and_who_came_for_the_one_alone_goes(world: World) -> None:
    house = son_and_daughter(world)
    bas = record_of(house, "Bas")
    made = invitations.invite_confidant(
        actor=world.actor("bas"), record_id=bas, first_name="Joke", email="joke@buurt.example", at=world.at
    )
    invitations.accept(
        actor=world.actor("joke"), invitation_id=made.invitation_id, typed=made.code, at=world.at
    )
    assert page(world, "joke", house.family_id).status_code == 200
    for name in ("bas", "joke"):
        keep(world, name)
    destroyed(world, house, "Bas", by="bas")
    for name in ("ellen", "sanne", "mark"):
        shown = page(world, name, house.family_id)
        assert shown.status_code == 200
        assert "Lotte" in shown.content.decode()
        assert "Bas" not in shown.content.decode()
        assert names_found(world, name, "Bas") == []
    for name in ("bas", "joke"):
        assert page(world, name, house.family_id).status_code == 302
    with speaking(world.system, world.at):
        there = set(
            FamilyMember.objects.there().filter(family=house.family_id).values_list("first_name", flat=True)
        )
        assert Invitation.objects.get().first_name == ""
        assert not Record.objects.get(child__first_name="Lotte").gone_at
    assert there == {"Lotte", "Sanne", "Mark"}


def test_who_was_the_same_person_elsewhere_is_linked_no_more(world: World, house: Household) -> None:
    other = household(world, parent="Iris", other="Mark", child="Sam")
    families.join_persons(
        actor=world.actor("ellen"),
        member_id=house.member("Mark").pk,
        other_id=other.member("Mark").pk,
        reason="dezelfde vader",
        at=world.at,
    )
    destroyed(world, house)
    with speaking(world.system, world.at):
        assert not SamePerson.objects.exists()
    assert page(world, "mark", other.family_id).status_code == 200


def test_a_later_invitation_opens_no_destroyed_record(world: World) -> None:
    house = son_and_daughter(world)
    destroyed(world, house, "Bas", by="bas")
    mother = families.add_parent(
        actor=world.actor("ellen"),
        family_id=house.family_id,
        first_name="Eva",
        email="eva@gezin.example",
        holds_authority=True,
        at=world.at,
    )
    with speaking(world.system, world.at):
        involved = Involvement.objects.filter(member=mother).values_list("record__gone_at", flat=True)
        assert list(involved) == [None]


def test_a_destruction_that_was_done_before_people_were_emptied_is_finished_at_night(
    world: World, house: Household, monkeypatch: pytest.MonkeyPatch
) -> None:
    from hendig.safety.actions import ending

    with monkeypatch.context() as before:
        before.setattr(ending, "empty", lambda **_told: None)
        row = destroyed(world, house)
    assert names_found(world, "ellen", "Noor")
    world.later(days=1)
    assert finished(world) == 1
    assert names_found(world, "ellen", "Noor") == []
    assert finished(world) == 0
    row.refresh_from_db()
    assert row.done_at is not None
    assert row.done_at < world.at


def test_pieces_alone_take_nobody_away(world: World, house: Household) -> None:
    pieces_alone(world, house)
    assert page(world, "sanne", house.family_id).status_code == 200
    assert "Noor" in names_found(world, "ellen", "Noor")
    assert finished(world) == 0
