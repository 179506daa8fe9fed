"""No parent opens the account of a youth: the coach, who spoke with the youth, does."""

from __future__ import annotations

from datetime import date

import pytest

from hendig.audit.models import Entry
from hendig.families import actions
from hendig.families.models import FamilyMember
from hendig.helprequests.models import HelpRequest
from hendig.kernel.actor import Role
from hendig.kernel.periods import local_day
from hendig.kernel.refusal import Forbidden, NotVisible, Refused
from hendig.people.actions import add_worker, tell
from hendig.people.models import Account, Letter, Notice
from tests.support.families import confirmed, looked_up, talked, trusted
from tests.support.shared import built_once
from tests.support.world import World

OWN = "noor@jong.example"
ALIAS = "sanne.tweede@gezin.example"


@built_once
def noor(world: World) -> FamilyMember:
    request: HelpRequest = looked_up(world, talked(world))
    assert request.child is not None
    return request.child


def given(world: World, noor: FamilyMember, who: str, email: str = ALIAS) -> FamilyMember:
    return actions.ask_youth_account(actor=world.actor(who), member_id=noor.pk, email=email, at=world.at)


def let_in(world: World, noor: FamilyMember, who: str = "ellen", email: str = OWN) -> FamilyMember:
    return actions.give_youth_account(actor=world.actor(who), member_id=noor.pk, email=email, at=world.at)


def no(world: World, noor: FamilyMember, who: str, email: str) -> str:
    with pytest.raises(Refused) as refused:
        let_in(world, noor, who, email)
    return refused.value.refusal.code


@pytest.mark.parametrize("who", ["sanne", "mark"])
def test_an_address_that_a_parent_gives_opens_nothing(world: World, noor: FamilyMember, who: str) -> None:
    with pytest.raises(Forbidden):
        let_in(world, noor, who)
    given(world, noor, who)
    assert not Account.objects.filter(email=ALIAS).exists()
    assert not Letter.objects.filter(to=ALIAS).exists()
    noor.refresh_from_db()
    assert noor.account_id is None
    entry = Entry.objects.get(code="family.youth_address_given")
    assert (entry.account_id, entry.facts) == (world.account(who).pk, {})
    tell(entry_ids=[entry.pk], at=world.at)
    notice = Notice.objects.get(entry_id=entry.pk)
    assert (notice.account, str(noor.pk) in notice.url) == (world.account("ellen"), True)


def test_a_parent_who_works_here_as_a_coach_does_not_let_the_own_child_in(
    world: World, noor: FamilyMember
) -> None:
    sanne = world.account("sanne")
    add_worker(
        actor=world.system,
        email=sanne.email,
        first_name="Sanne",
        last_name="",
        role=Role.COACH,
        on=local_day(world.at),
        at=world.at,
    )
    assert no(world, noor, "sanne", ALIAS) == "youth.by_family"


def test_the_log_says_who_gave_the_address_and_who_confirmed_it(world: World, noor: FamilyMember) -> None:
    given(world, noor, "mark", "Noor@Jong.example")
    let_in(world, noor)
    entry = Entry.objects.get(code="family.youth_invited")
    assert entry.account_id == world.account("ellen").pk
    assert entry.facts["address_by"] == str(world.account("mark").pk)
    noor.refresh_from_db()
    assert (noor.address_by, noor.asked_email) == (world.account("mark"), "")


def test_another_address_than_the_parent_gave_is_the_coachs(world: World, noor: FamilyMember) -> None:
    given(world, noor, "mark")
    let_in(world, noor)
    noor.refresh_from_db()
    assert (noor.address_by, noor.asked_email) == (world.account("ellen"), "")
    assert not Account.objects.filter(email=ALIAS).exists()


def test_an_address_of_the_family_or_of_anybody_else_is_refused(world: World, noor: FamilyMember) -> None:
    trusted(world, noor.record.pk, by="sanne", name="Joke", email=ALIAS)
    confirmed(world, "Joris")
    assert no(world, noor, "ellen", "Sanne@gezin.example") == "youth.same_email"
    assert no(world, noor, "ellen", ALIAS) == "youth.same_email", "whom the parent let in as an adult"
    for elsewhere in ("joris@gezin.example", "anouk@peelrand.example"):
        assert no(world, noor, "ellen", elsewhere) == "youth.address_taken"
    # A parent hears of the own family only: who else signs in here is nobody's to find out.
    with pytest.raises(Refused):
        given(world, noor, "mark", "sanne@gezin.example")
    given(world, noor, "mark", "joris@gezin.example")
    assert no(world, noor, "ellen", "joris@gezin.example") == "youth.address_taken"


def test_the_same_youth_in_another_family_signs_in_with_the_same_address(
    world: World, noor: FamilyMember
) -> None:
    let_in(world, noor)
    other = looked_up(world, talked(world, "Esra", "Noor", date(2013, 5, 4), "Kees"))
    assert other.child is not None
    assert no(world, other.child, "ellen", OWN) == "youth.address_taken"
    actions.join_persons(
        actor=world.actor("ellen"), member_id=noor.pk, other_id=other.child.pk, reason="zelfde", at=world.at
    )
    assert let_in(world, other.child).account == Account.objects.get(email=OWN)


def test_nobody_of_elsewhere_gives_an_address(world: World, noor: FamilyMember) -> None:
    confirmed(world, "Joris")
    with pytest.raises(NotVisible):
        given(world, noor, "joris")
    with pytest.raises(Forbidden):
        given(world, noor, "anouk")
