"""No parent opens the account of a youth: the coach, who spoke with the youth, does."""

from __future__ import annotations

from datetime import date
from uuid import uuid4

import pytest
from django.urls import reverse

from hendig.audit.models import Entry
from hendig.families import actions
from hendig.families.actions.ways_in import take_way_in_back
from hendig.families.models import Consent, FamilyMember, LegalAuthority
from hendig.helprequests.models import HelpRequest
from hendig.kernel.actor import Role
from hendig.kernel.periods import local_day
from hendig.kernel.refusal import Forbidden, NotVisible, Refused
from hendig.people.actions import add_worker, tell
from hendig.people.models import Account, Letter, Notice
from tests.support.families import confirmed, looked_up, sees_along, talked, trusted
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


@pytest.fixture
def mark(noor: FamilyMember) -> FamilyMember:
    """Mark decides about Noor; the coach invited him in the first talk, at an address that was told."""
    return FamilyMember.objects.get(family_id=noor.family_id, first_name="Mark")


def taken_back(world: World, member: FamilyMember, who: str = "ellen") -> FamilyMember:
    return take_way_in_back(actor=world.actor(who), member_id=member.pk, at=world.at)


def told_of(code: str, world: World) -> set[Account]:
    entry = Entry.objects.get(code=code)
    tell(entry_ids=[entry.pk], at=world.at)
    return {notice.account for notice in Notice.objects.filter(entry_id=entry.pk)}


@pytest.fixture
def _the_clock_of_the_pages(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("hendig.web.middleware.timezone.now", lambda: world.at)


@pytest.fixture
def officer(world: World) -> Account:
    return world.add_worker("petra", Role.PRIVACY)


@pytest.mark.usefixtures("_the_clock_of_the_pages", "officer")
def test_whoever_got_the_invitation_of_another_sees_nothing_any_more(
    world: World, mark: FamilyMember
) -> None:
    wrong, page = world.account("mark"), reverse("family", args=[mark.family_id])
    record_id = FamilyMember.objects.get(family_id=mark.family_id, first_name="Noor").record.pk
    trusted(world, record_id, by="sanne")
    sees_along(world, record_id, "Joke", by="mark")
    assert Consent.objects.standing(world.at).filter(giver=mark).exists()
    assert world.client("mark").get(page).status_code == 200
    taken_back(world, mark)
    assert world.client("mark").get(page).status_code == 404
    mark.refresh_from_db()
    assert mark.account is None
    assert not Consent.objects.standing(world.at).filter(giver=mark).exists()
    assert Entry.objects.get(code="family.way_in_taken_back").facts == {
        "account": str(wrong.pk),
        "looked": True,
    }


@pytest.mark.usefixtures("_the_clock_of_the_pages")
def test_an_officer_hears_of_it_when_somebody_looked(
    world: World, mark: FamilyMember, officer: Account
) -> None:
    world.client("mark").get(reverse("family", args=[mark.family_id]))
    taken_back(world, mark)
    assert {world.account("sanne"), officer} <= told_of("family.way_in_taken_back", world)


def test_an_officer_hears_nothing_of_what_nobody_used(
    world: World, mark: FamilyMember, officer: Account
) -> None:
    taken_back(world, mark)
    assert told_of("family.way_in_taken_back", world) == {world.account("sanne")}


def test_the_right_person_is_invited_afterwards_and_decides_as_before(
    world: World, mark: FamilyMember
) -> None:
    taken_back(world, mark)
    actions.invite_parent(
        actor=world.actor("ellen"), member_id=mark.pk, email="mark.echt@gezin.example", at=world.at
    )
    mark.refresh_from_db()
    assert mark.account == Account.objects.get(email="mark.echt@gezin.example")
    assert LegalAuthority.objects.standing(local_day(world.at)).filter(holder=mark).exists()


def test_who_came_by_itself_was_not_invited_by_mistake(world: World, noor: FamilyMember) -> None:
    sanne = FamilyMember.objects.get(family_id=noor.family_id, first_name="Sanne")
    with pytest.raises(Refused) as refused:
        taken_back(world, sanne)
    assert refused.value.refusal.code == "member.not_invited"


@pytest.mark.parametrize(("who", "no"), [("sanne", Forbidden), ("bram", NotVisible), ("anouk", Forbidden)])
def test_only_the_coach_of_the_family_takes_a_way_in_back(
    world: World, mark: FamilyMember, who: str, no: type[Exception]
) -> None:
    with pytest.raises(no):
        taken_back(world, mark, who)


@pytest.mark.usefixtures("_the_clock_of_the_pages")
def test_the_coach_reads_whether_it_was_looked_with_before_taking_it_back(
    world: World, mark: FamilyMember
) -> None:
    client, page = world.client("ellen"), reverse("take_way_in_back", args=[mark.pk])
    assert page in client.get(reverse("family", args=[mark.family_id])).content.decode()
    before = client.get(page).content.decode()
    assert "mark@gezin.example" in before
    assert "nog niet gekeken" in before
    world.client("mark").get(reverse("family", args=[mark.family_id]))
    assert "1 keer" in client.get(page).content.decode()
    assert client.post(page, {"_key": str(uuid4())}).status_code == 302
    assert client.get(page).status_code == 404
    assert page not in client.get(reverse("family", args=[mark.family_id])).content.decode()
