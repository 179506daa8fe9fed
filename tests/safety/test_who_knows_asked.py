"""A secret address of before anybody could be named for it: who lives there is asked, once and plainly."""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import uuid4

import pytest
from django.urls import reverse

from hendig.audit.actions import change, reading
from hendig.families.actions import homes
from hendig.families.models import Compartment, CompartmentKind, Home
from hendig.kernel.periods import local_day
from hendig.kernel.refusal import NotVisible, Refused
from hendig.safety import actions as safety
from hendig.safety.models import SecretAddress
from tests.families.test_homes import HERE, STREET
from tests.support.families import what_family_sees
from tests.support.matching import Household, household, open_talk, record_of, say
from tests.support.safety import opened as in_danger
from tests.support.shared import built_once
from tests.support.world import World

ASKED = "Zeg wie het mag weten"


@pytest.fixture(autouse=True)
def _the_clock_of_the_pages(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("hendig.web.middleware.timezone.now", lambda: world.at)


def hidden_before(world: World, house: Household, name: str) -> SecretAddress:
    """It was made secret when there was one part for all addresses of a record, and nobody was named."""
    with change(world.actor("ellen"), "address.secret", at=world.at) as act:
        secret = SecretAddress.objects.create(
            compartment=Compartment.objects.get(
                record=record_of(house, "Noor"), kind=CompartmentKind.ADDRESS, person=None
            ),
            family_id=house.family_id,
            record_id=record_of(house, "Noor"),
            member=house.member(name),
            account_id=world.account("ellen").pk,
            from_at=world.at,
        )
        act.record(secret)
    return secret


@built_once
def house(world: World) -> Household:
    """Noor of 8, whose parents both decide and live apart; Anouk helps her, and Sanne hides."""
    found = household(world, born_on=date(2018, 5, 4))
    say(world, open_talk(world, found), "anouk", "sanne", "mark", "ellen")
    homes.note_home(
        actor=world.actor("sanne"),
        person_id=found.member("Sanne").pk,
        address=HERE,
        from_on=local_day(world.at),
        at=world.at,
    )
    return found


@built_once
def secret(world: World, house: Household) -> SecretAddress:
    return hidden_before(world, house, "Sanne")


def seen(world: World, name: str, house: Household, page: str = "family") -> str:
    answer = world.client(name).get(reverse(page, args=[house.family_id]))
    return answer.content.decode()


def post(world: World, who: str, name: str, key: Any, **fields: str) -> Any:
    return world.client(who).post(reverse(name, args=[key]), {"_key": str(uuid4()), **fields})


def reads(world: World, *names: str) -> list[bool]:
    found = []
    for name in names:
        with reading(world.actor(name), world.at):
            found.append(any(row.street == STREET for row in Home.objects.all()))
    return found


def test_she_is_asked_on_her_own_page_and_nobody_else_reads_that_she_is(
    world: World, house: Household
) -> None:
    assert ASKED not in seen(world, "sanne", house)
    what_family_sees(world, "mark", house.family_id)
    before = what_family_sees(world, "mark", house.family_id)
    hidden_before(world, house, "Sanne")
    assert what_family_sees(world, "mark", house.family_id) == before
    assert ASKED in seen(world, "sanne", house)
    assert "Het blijft geheim" in seen(world, "sanne", house, "homes")
    for name in ("mark", "ellen", "anouk"):
        assert ASKED not in seen(world, name, house), name


def test_until_she_answers_nobody_reads_it_and_nobody_lets_anybody_in_or_ends_it(
    world: World, house: Household, secret: SecretAddress
) -> None:
    in_danger(world, house.request)
    assert reads(world, "sanne", "mark", "ellen", "anouk", "youssef") == [True, *[False] * 4]
    sanne, ellen = house.member("Sanne").pk, world.actor("ellen")
    with pytest.raises(Refused) as no:
        homes.let_know(actor=ellen, person_id=sanne, account_id=world.account("anouk").pk, at=world.at)
    assert no.value.refusal.code == "home.secret"
    with pytest.raises(Refused) as no:
        safety.set_secret(
            actor=ellen, record_id=record_of(house, "Noor"), member_id=sanne, named=[], at=world.at
        )
    assert no.value.refusal.code == "home.secret"
    with pytest.raises(Refused) as no:
        safety.end_secret(actor=ellen, secret_id=secret.pk, at=world.at)
    assert no.value.refusal.code == "address.theirs_to_say"
    page = world.client("ellen").get(reverse("address", args=[record_of(house, "Noor")])).content.decode()
    assert "Wie hier woont zegt zelf of dit geheim blijft." in page
    with pytest.raises(NotVisible):
        safety.hide_own(actor=world.actor("mark"), member_id=sanne, at=world.at)
    assert reads(world, "sanne", "ellen") == [True, False]


def test_once_she_says_that_it_stays_so_she_names_who_may_know_and_is_asked_no_more(
    world: World, house: Household, secret: SecretAddress
) -> None:
    sanne = house.member("Sanne").pk
    assert post(world, "sanne", "hide_home", sanne).status_code == 302
    assert ASKED not in seen(world, "sanne", house)
    assert "Het blijft geheim" not in seen(world, "sanne", house, "homes")
    standing = list(SecretAddress.objects.standing(world.at).select_related("compartment"))
    assert [(one.member_id, one.compartment.person_id) for one in standing] == [(sanne, sanne)]
    assert reads(world, "sanne", "mark", "ellen", "anouk") == [True, False, False, False]
    account = str(world.account("ellen").pk)
    assert post(world, "sanne", "who_knows_home", sanne, account=account, on="1").status_code == 302
    assert reads(world, "sanne", "mark", "ellen", "anouk") == [True, False, True, False]


def test_she_can_say_that_it_is_not_secret_any_more(
    world: World, house: Household, secret: SecretAddress
) -> None:
    assert post(world, "sanne", "show_home", house.member("Sanne").pk).status_code == 302
    assert ASKED not in seen(world, "sanne", house)
    assert not SecretAddress.objects.standing(world.at).exists()
    assert reads(world, "sanne", "mark", "ellen", "anouk") == [True, False, True, False]


def test_of_who_cannot_sign_in_the_coach_ends_it_for_nobody_else_could(world: World) -> None:
    home = household(world, born_on=date(2018, 5, 4))
    secret = hidden_before(world, home, "Noor")
    safety.end_secret(actor=world.actor("ellen"), secret_id=secret.pk, at=world.at)
    assert not SecretAddress.objects.standing(world.at).exists()
