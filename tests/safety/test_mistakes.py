"""A family was called the own one by mistake: it is taken back by two, and nothing opens by that."""

from __future__ import annotations

from uuid import UUID, uuid4

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from hendig.audit.actions import change
from hendig.families.models import Block, Family, FamilyMember, MemberKind
from hendig.families.queries.own import own_families, whose_own
from hendig.kernel.actor import Role
from hendig.kernel.refusal import Forbidden, NotVisible
from hendig.people.models import Account
from hendig.safety import actions
from tests.safety.test_declared_own import declare, log_of, sees, told
from tests.safety.test_own_family import works
from tests.support.matching import Household
from tests.support.plans import Help, begin_help
from tests.support.refusals import code_of
from tests.support.safety import worried
from tests.support.shared import built_once
from tests.support.world import World

pytestmark = pytest.mark.usefixtures("_the_clock_of_the_pages")

READ = "nam met een collega terug dat dit eigen familie of een kennis is: dat was een vergissing"


@built_once
def closed(world: World) -> Help:
    """Noor's family, which Anouk, who helped there, closed for herself."""
    helped = begin_help(world)
    declare(world, helped.family_id, "anouk")
    return helped


def block(world: World, who: str = "anouk") -> UUID:
    return Block.objects.filter(account=world.account(who), own_family=True).order_by("id")[0].pk


def ask(world: World, who: str = "anouk") -> Account:
    return actions.ask_back(actor=world.actor(who), block_id=block(world), at=world.at)


def agree(world: World, who: str) -> Account:
    return actions.agree_to_mistake(actor=world.actor(who), block_id=block(world), at=world.at)


def test_two_take_it_back_and_nothing_opens(world: World, closed: Help) -> None:
    ask(world)
    # Who answers for the municipality and who checks it; so long it stays closed.
    assert told(world, "own_family.mistake") == ["Karin", "Petra"]
    assert world.account("anouk").pk in whose_own(closed.family_id)
    agree(world, "petra")
    assert told(world, "own_family.mistake_agreed") == ["Anouk"]
    assert told(world, "own_family.open_again") == ["Ellen"]
    assert not sees(world, closed.family_id, "anouk")
    assert world.client("anouk").get(reverse("family", args=[closed.family_id])).status_code == 404
    # From now on Anouk can be asked there as anybody can.
    assert world.account("anouk").pk not in whose_own(closed.family_id)
    assert own_families(world.account("anouk").pk) == ()
    assert not Block.objects.standing(world.at).filter(account=world.account("anouk")).exists()


def test_the_family_reads_that_it_was_a_mistake(world: World, closed: Help) -> None:
    ask(world)
    for who in ("sanne", "noor"):
        assert READ not in log_of(world, closed.family_id, who)
    agree(world, "karin")
    for who in ("sanne", "noor"):
        assert READ in log_of(world, closed.family_id, who)


def test_what_the_family_did_not_know_it_does_not_hear(world: World, house: Household) -> None:
    """Who was named for safety alone left without a line, and comes back without one."""
    concern = worried(world, house.request)
    youssef = world.account("youssef").pk
    actions.name_for_safety(
        actor=world.actor("ellen"), concern_id=concern.pk, account_id=youssef, at=world.at
    )
    declare(world, house.family_id, "youssef")
    key = block(world, "youssef")
    actions.ask_back(actor=world.actor("youssef"), block_id=key, at=world.at)
    actions.agree_to_mistake(actor=world.actor("petra"), block_id=key, at=world.at)
    assert youssef not in whose_own(house.family_id)
    assert READ not in log_of(world, house.family_id, "sanne")
    assert told(world, "own_family.open_again") == []


def test_it_stays_closed_when_the_second_says_so_and_may_be_asked_again(world: World, closed: Help) -> None:
    ask(world)
    actions.decline_mistake(actor=world.actor("karin"), block_id=block(world), at=world.at)
    assert told(world, "own_family.mistake_declined") == ["Anouk"]
    assert world.account("anouk").pk in whose_own(closed.family_id)
    with pytest.raises(NotVisible):
        agree(world, "petra")
    ask(world)
    agree(world, "petra")
    with pytest.raises(NotVisible):
        agree(world, "karin")


def test_who_asked_is_not_the_second_and_a_role_changes_nothing(world: World, closed: Help) -> None:
    ask(world)
    works(world, "anouk", Role.PRIVACY)
    assert code_of(lambda: agree(world, "anouk")) == "own.asked_by_you"
    assert world.account("anouk").pk in whose_own(closed.family_id)


def test_it_is_asked_once_and_waits_a_month(world: World, closed: Help) -> None:
    ask(world)
    assert code_of(lambda: ask(world)) == "own.mistake_waits"
    world.later(days=31)
    assert code_of(lambda: agree(world, "karin")) == "own.too_late"
    ask(world)
    agree(world, "karin")


def test_somebody_of_the_family_stays_out_whoever_agrees(world: World, closed: Help) -> None:
    ask(world)
    with change(world.system, "family.child_added", at=world.at) as act:
        aunt = FamilyMember.objects.create(
            family_id=closed.family_id,
            account=world.account("anouk"),
            kind=MemberKind.CONFIDANT,
            first_name="Anouk",
        )
        act.record(aunt)
    assert code_of(lambda: agree(world, "petra")) == "own.is_family"


def test_who_may_not(world: World, closed: Help) -> None:
    for who in ("ellen", "bram"):
        with pytest.raises(NotVisible):
            ask(world, who)
    with pytest.raises(Forbidden):
        ask(world, "sanne")
    ask(world)
    for who in ("ellen", "sanne", "anouk", "piet"):
        with pytest.raises(Forbidden):
            agree(world, who)


def test_the_pages_say_nothing_of_the_family(world: World, closed: Help) -> None:
    anouk, petra = world.client("anouk"), world.client("petra")
    mine = reverse("closed_families")
    assert mine in anouk.get(reverse("my_looks")).content.decode()
    shown = anouk.get(mine).content.decode()
    assert "Het was een vergissing" in shown
    path = reverse("ask_back", args=[block(world)])
    assert anouk.post(path, {"_key": str(uuid4())}).status_code == 302
    shown += anouk.get(mine).content.decode()
    assert "Iemand anders geeft akkoord." in shown
    waiting = petra.get(reverse("mistakes")).content.decode()
    assert "Anouk" in waiting
    family = Family.objects.get(pk=closed.family_id)
    for page in (shown, waiting):
        assert family.name not in page
        assert "Noor" not in page
        assert str(closed.family_id) not in page
    answer = petra.post(reverse("agree_to_mistake", args=[block(world)]), {"_key": str(uuid4())})
    assert answer.status_code == 302
    assert "Er wacht niets." in petra.get(reverse("mistakes")).content.decode()
    assert "Er is geen gezin dat u zelf sloot." in anouk.get(mine).content.decode()


def test_the_pages_take_as_many_queries_for_many(world: World, closed: Help) -> None:
    def queries() -> list[int]:
        counts = []
        for who, page in (("anouk", "closed_families"), ("petra", "mistakes")):
            client = world.client(who)
            with CaptureQueriesContext(connection) as seen:
                assert client.get(reverse(page)).status_code == 200
            counts.append(len(seen))
        return counts

    ask(world)
    few = queries()
    declare(world, closed.family_id, "ellen", "bram")
    actions.ask_back(actor=world.actor("ellen"), block_id=block(world, "ellen"), at=world.at)
    assert queries() == few
