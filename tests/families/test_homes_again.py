"""An address that one record knows stands in a later record of the same person by one tap of theirs."""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import uuid4

import pytest
from django.urls import reverse

from hendig.audit.actions import reading
from hendig.audit.models import Entry
from hendig.families import actions as families
from hendig.families.actions import homes
from hendig.families.models import FamilyMember, Home, Source
from hendig.kernel.periods import local_day
from hendig.kernel.refusal import NotVisible, Refused
from hendig.safety import actions as safety
from tests.families.test_homes import HERE, STREET
from tests.support.matching import Household, household
from tests.support.shared import built_once
from tests.support.world import World

STILL = "Dat is nog mijn adres"


@pytest.fixture(autouse=True)
def _the_clock_of_the_pages(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("hendig.web.middleware.timezone.now", lambda: world.at)


@built_once
def house(world: World) -> Household:
    """Noor of 8, whose parents both decide and live apart; Sanne wrote down where she lives."""
    found = household(world, born_on=date(2018, 5, 4))
    homes.note_home(
        actor=world.actor("sanne"),
        person_id=found.member("Sanne").pk,
        address=HERE,
        from_on=local_day(world.at),
        at=world.at,
    )
    return found


@built_once
def later(world: World, house: Household) -> FamilyMember:
    """Lotte, for whom Sanne decides, comes into the family."""
    lotte = families.add_child(
        actor=world.actor("ellen"),
        family_id=house.family_id,
        first_name="Lotte",
        born_on=date(2026, 9, 3),
        at=world.at,
    )
    families.set_authority(
        actor=world.actor("ellen"),
        child_id=lotte.pk,
        holder_id=house.member("Sanne").pk,
        source=Source.REGISTER,
        at=world.at,
    )
    return lotte


@built_once
def elsewhere(world: World, house: Household) -> Household:
    """Sanne raises another child as well, with Iris, in another family, of which Ellen is the coach too."""
    return household(world, parent="Iris", other="Sanne", child="Sam", born_on=date(2018, 5, 4))


def page(world: World, house: Household, who: str) -> str:
    return world.client(who).get(reverse("homes", args=[house.family_id])).content.decode()


def tap(world: World, house: Household, who: str = "sanne") -> Any:
    mine = house.member("Sanne").pk
    return world.client(who).post(reverse("still_home", args=[mine]), {"_key": str(uuid4())})


def test_in_a_later_record_of_the_family_it_is_the_same_home_and_ends_in_both(
    world: World, house: Household, later: FamilyMember
) -> None:
    shown = page(world, house, "sanne")
    assert STILL in shown
    assert STILL not in page(world, house, "ellen")
    assert STILL not in page(world, house, "mark")
    assert tap(world, house)["Location"] == reverse("homes", args=[house.family_id])
    rows = list(Home.objects.filter(member=house.member("Sanne")))
    assert len({row.record_id for row in rows}) == len(rows) == 2
    assert len({row.told_id for row in rows}) == 1
    assert {str(row.street) for row in rows} == {STREET}
    assert STILL not in page(world, house, "sanne")
    homes.end_home(actor=world.actor("sanne"), home_id=rows[0].pk, until_on=local_day(world.at), at=world.at)
    assert not Home.objects.filter(member=house.member("Sanne"), ended_at=None).exists()
    assert Entry.objects.filter(code="home.brought").count() == 1


def test_in_another_family_nobody_can_tell_that_it_is_the_same(
    world: World, house: Household, elsewhere: Household
) -> None:
    assert STILL in page(world, elsewhere, "sanne")
    tap(world, elsewhere)
    here, there = (Home.objects.get(member=one.member("Sanne")) for one in (house, elsewhere))
    assert (str(there.street), there.from_on) == (STREET, here.from_on)
    assert there.told_id != here.told_id
    homes.end_home(actor=world.actor("sanne"), home_id=there.pk, until_on=local_day(world.at), at=world.at)
    here.refresh_from_db()
    assert here.ended_at is None


def test_what_is_secret_there_is_secret_here_before_anybody_can_read_it(
    world: World, house: Household, elsewhere: Household
) -> None:
    safety.hide_own(actor=world.actor("sanne"), member_id=house.member("Sanne").pk, at=world.at)
    tap(world, elsewhere)
    assert "Uw adres is geheim" in page(world, elsewhere, "sanne")
    for who, finds in (("sanne", 2), ("ellen", 0), ("iris", 0), ("mark", 0)):
        with reading(world.actor(who), world.at):
            assert Home.objects.count() == finds, who


def test_it_is_refused_where_nothing_is_known_and_where_it_stands_and_for_anybody_else(
    world: World, house: Household, later: FamilyMember
) -> None:
    mine = house.member("Sanne").pk
    for who in ("mark", "ellen"):
        with pytest.raises(NotVisible):
            safety.bring_own(actor=world.actor(who), member_id=mine, at=world.at)
    safety.bring_own(actor=world.actor("sanne"), member_id=mine, at=world.at)
    mark = house.member("Mark").pk
    for who, member in (("sanne", mine), ("mark", mark)):
        with pytest.raises(Refused) as no:
            safety.bring_own(actor=world.actor(who), member_id=member, at=world.at)
        assert no.value.refusal.code == "home.nothing_known"
