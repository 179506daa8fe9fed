"""Who belongs to one parent's side leaves no number in the database to who may not know of them."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from hendig.audit.actions import change, reading
from hendig.families import actions
from hendig.families.actions import sharing
from hendig.families.actions.deputies import name_deputy
from hendig.families.actions.homes import note_home
from hendig.families.models import Block, Compartment, Consent, Home, Involvement, Record
from hendig.families.rules.homes import Address
from hendig.kernel.periods import local_day
from hendig.safety.actions import set_secret
from tests.families.test_sides import half_sister, partner, sanne_decides
from tests.support.matching import Household, household
from tests.support.safety import opened as in_danger
from tests.support.shared import built_once
from tests.support.world import World

EIGHT = date(2018, 5, 4)


@built_once
def house(world: World) -> Household:
    """Noor of 8, whose parents both decide and live apart."""
    return household(world, born_on=EIGHT)


def test_nothing_that_is_said_of_a_partner_who_signs_in_or_by_their_child_is_there_for_the_other(
    world: World, house: Household
) -> None:
    """A yes about the partner by a daughter of that side, a yes by the mother, and that he is kept out."""
    ola = actions.add_child(
        actor=world.actor("ellen"),
        family_id=house.family_id,
        first_name="Ola",
        born_on=date(2013, 1, 8),
        side_of=house.member("Sanne").pk,
        at=world.at,
    )
    sanne_decides(world, house, ola)
    pjotr = partner(world, house, email="pjotr@gezin.example", children=[ola.pk])
    account = world.account("pjotr").pk
    actions.note_child_agrees(actor=world.actor("ellen"), child_id=ola.pk, at=world.at)
    record = Record.objects.get(child=house.child)
    with change(world.actor("sanne"), "family.said_yes", at=world.at) as act:
        said = actions.say(act, record=record, giver=house.member("Sanne"), account_id=account, yes=True)
        act.record(said, account=account)
    set_secret(
        actor=world.actor("ellen"),
        record_id=record.pk,
        member_id=house.member("Sanne").pk,
        named=[],
        blocked=account,
        at=world.at,
    )
    rows = [
        *Consent.objects.filter(account=account),
        *Consent.objects.filter(giver=ola),
        *Block.objects.filter(account=account),
    ]
    assert {type(one) for one in rows} == {Consent, Block}
    assert {one.giver_id for one in rows} >= {ola.pk, house.member("Sanne").pk}
    own = {one.pk for one in rows}
    for who, finds in (("sanne", own), ("ellen", own), ("mark", set())):
        actor = world.actor(who)
        kept: list[Any] = [Consent.objects, Block.objects]
        seen = {pk for one in kept for pk in one.visible_to(actor, at=world.at).values_list("pk", flat=True)}
        with reading(actor, world.at):
            policy = {pk for one in kept for pk in one.values_list("pk", flat=True)}
        assert (seen & own, policy & own) == (finds, finds), who
        if who == "mark":
            with reading(actor, world.at):
                said_of = {*Consent.objects.values_list("account_id", flat=True)}
                said_of |= {*Block.objects.values_list("account_id", flat=True)}
                by = {*Consent.objects.values_list("giver_id", flat=True)}
            assert not {account, pjotr.pk, ola.pk} & (said_of | by)


def test_where_a_partner_of_one_side_lives_is_for_who_was_named_there_and_for_nobody_in_their_place(
    world: World, house: Household
) -> None:
    pjotr = partner(world, house)
    note_home(
        actor=world.actor("ellen"),
        person_id=pjotr.pk,
        address=Address("Vlierstraat", "Oirsbeek", number="12", postcode="6438 QX"),
        from_on=world.at.date(),
        at=world.at,
    )
    day = local_day(world.at)
    name_deputy(
        actor=world.actor("ellen"),
        account_id=world.account("bram").pk,
        from_on=day,
        until_on=day + timedelta(days=7),
        families=[house.family_id],
        at=world.at,
    )
    in_danger(world, house.request)

    def reads(who: str) -> bool:
        actor = world.actor(who)
        first = Home.objects.visible_to(actor, at=world.at).filter(member=pjotr).exists()
        with reading(actor, world.at):
            home = Home.objects.filter(member_id=pjotr.pk).exists()
            place = Compartment.objects.filter(person_id=pjotr.pk).exists()
        assert (first, place) == (home, home), who
        return first

    assert [reads(who) for who in ("ellen", "bram", "youssef", "mark", "anouk")] == [True, *[False] * 4]
    with reading(world.system, world.at):
        named = Involvement.objects.get(account=world.account("ellen"), member=house.member("Sanne"))
    sharing.name_no_more(
        actor=world.actor("sanne"),
        record_id=named.record_id,
        account_id=world.account("ellen").pk,
        person_id=house.member("Sanne").pk,
        at=world.at,
    )
    assert not reads("ellen")


def test_of_a_half_sister_neither_the_record_nor_a_part_of_it_is_there_for_the_other(
    world: World, house: Household
) -> None:
    zofia = half_sister(world, house)
    sanne_decides(world, house, zofia)
    record = Record.objects.get(child=zofia)
    for who, finds in (("sanne", True), ("ellen", True), ("mark", False)):
        actor = world.actor(who)
        assert Record.objects.visible_to(actor, at=world.at).filter(pk=record.pk).exists() == finds, who
        with reading(actor, world.at):
            assert Record.objects.filter(pk=record.pk).exists() == finds, who
            assert not Record.objects.filter(child_id=zofia.pk).exclude(pk=record.pk).exists()
