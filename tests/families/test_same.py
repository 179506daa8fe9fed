"""One person in two families: linked by who may see both, undone without a trace, and never a door."""

from __future__ import annotations

import re
from datetime import date
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from hendig.audit.actions import change
from hendig.audit.models import Entry
from hendig.families import actions
from hendig.families.actions.ways_in import take_way_in_back
from hendig.families.models import (
    Family,
    FamilyMember,
    Ground,
    Involvement,
    LegalAuthority,
    NamePart,
    Part,
    Record,
    SamePerson,
)
from hendig.helprequests.models import HelpRequest
from hendig.kernel.refusal import Forbidden, NotVisible, Refused
from tests.support.families import talked
from tests.support.shared import built_once
from tests.support.world import World


@built_once
def pair(world: World) -> tuple[FamilyMember, FamilyMember]:
    """Noor twice: with her mother Sanne and with her father Joris."""
    first = talked(world).child
    second = talked(world, "Joris", other="Eva").child
    assert first is not None
    assert second is not None
    return first, second


def join(world: World, pair: tuple[FamilyMember, FamilyMember], who: str = "ellen") -> SamePerson:
    return actions.join_persons(
        actor=world.actor(who),
        member_id=pair[0].pk,
        other_id=pair[1].pk,
        reason="Vader vertelde het.",
        at=world.at,
    )


def test_it_stands_in_the_log_of_both_and_names_the_other_in_neither(
    world: World, pair: tuple[FamilyMember, FamilyMember]
) -> None:
    link = join(world, pair)
    actions.part_persons(actor=world.actor("ellen"), link_id=link.pk, at=world.later(days=1))
    for mine, other in (pair, pair[::-1]):
        lines = Entry.objects.about(mine.family_id).filter(code__startswith="family.person_")
        assert [line.code for line in lines.order_by("id")] == [
            "family.person_joined",
            "family.person_parted",
        ]
        for line in lines:
            assert str(other.pk) not in str(line.facts)
            assert str(other.family_id) not in str(line.facts)
    assert SamePerson.objects.get().ended_at == world.at


def test_only_who_sees_both_can_link_and_see_the_link(
    world: World, pair: tuple[FamilyMember, FamilyMember]
) -> None:
    with pytest.raises(NotVisible):
        join(world, pair, "bram")
    with pytest.raises(Forbidden):
        join(world, pair, "sanne")
    involve(world, "bram", pair[0].record)
    with pytest.raises(NotVisible):
        join(world, pair, "bram")
    link = join(world, pair)
    for who in ("sanne", "joris", "bram"):
        assert not SamePerson.objects.visible_to(world.actor(who), at=world.at).exists()
    with pytest.raises(NotVisible):
        actions.part_persons(actor=world.actor("bram"), link_id=link.pk, at=world.at)


def test_twice_is_refused_and_after_its_end_it_can_be_again(
    world: World, pair: tuple[FamilyMember, FamilyMember]
) -> None:
    link = join(world, pair)
    for again in (pair, pair[::-1]):
        with pytest.raises(Refused, match=r"same\.already"):
            join(world, again)
    actions.part_persons(actor=world.actor("ellen"), link_id=link.pk, at=world.at)
    assert join(world, pair[::-1]).pk != link.pk


def test_a_child_is_no_adult_and_nobody_is_their_own_double(
    world: World, pair: tuple[FamilyMember, FamilyMember]
) -> None:
    mother = FamilyMember.objects.get(first_name="Sanne")
    father = FamilyMember.objects.get(first_name="Joris")
    for two, code in (
        ((pair[0], pair[0]), "same.one_row"),
        ((pair[0], father), "same.child_and_adult"),
        ((mother, father), "same.two_accounts"),
    ):
        with pytest.raises(Refused) as no:
            join(world, two)
        assert no.value.refusal.code == code


# --- it opens nothing ---

ACCOUNTS = ("bram", "piet", "karin", "anouk")


def involve(world: World, who: str, record: Record) -> None:
    with change(world.system, "family.child_added", at=world.at) as act:
        row = actions.involve(
            act,
            record=record,
            account_id=world.account(who).pk,
            part=Part.GUEST,
            ground=Ground.YOUTH_ACT,
        )
        act.record(row)


def everything(world: World) -> dict[str, dict[str, set[Any]]]:
    """Whatever each of them may see, of every kind of row that belongs to a family."""
    kinds = (FamilyMember, NamePart, LegalAuthority, Involvement, HelpRequest, Family)
    return {
        who: {
            kind.__name__: set(
                kind.objects.visible_to(world.actor(who), at=world.at).values_list("pk", flat=True)
            )
            for kind in kinds
        }
        for who in (*ACCOUNTS, "ellen", "sanne", "joris", "mark", "eva")
    }


@settings(max_examples=12, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@given(involved=st.lists(st.tuples(st.sampled_from(ACCOUNTS), st.integers(0, 1)), max_size=6))
def test_nobody_sees_more_or_less_before_during_or_after(
    world: World, pair: tuple[FamilyMember, FamilyMember], involved: list[tuple[str, int]]
) -> None:
    for who, which in involved:
        involve(world, who, pair[which].record)
    before = everything(world)
    rows = list(FamilyMember.objects.order_by("pk").values())
    link = join(world, pair)
    assert everything(world) == before
    actions.part_persons(actor=world.actor("ellen"), link_id=link.pk, at=world.at)
    assert everything(world) == before
    assert list(FamilyMember.objects.order_by("pk").values()) == rows


@pytest.fixture
def let_in(world: World, pair: tuple[FamilyMember, FamilyMember]) -> SamePerson:
    """Noor signs in, of both records, because they were linked."""
    link = join(world, pair)
    for one in pair:
        actions.give_youth_account(
            actor=world.actor("ellen"), member_id=one.pk, email="noor@gezin.example", at=world.at
        )
    return link


def may_look(world: World, member: FamilyMember) -> bool:
    return world.client("noor").get(reverse("family", args=[member.family_id])).status_code == 200


def test_who_was_let_in_by_the_link_does_not_stay_in_without_it(
    world: World, pair: tuple[FamilyMember, FamilyMember], let_in: SamePerson
) -> None:
    assert [may_look(world, one) for one in pair] == [True, True]
    with pytest.raises(Refused, match=r"same\.one_account"):
        actions.part_persons(actor=world.actor("ellen"), link_id=let_in.pk, at=world.at)
    assert "Haal eerst in het gezin" in page(world.client("ellen"), pair[0]).content.decode()
    take_way_in_back(actor=world.actor("ellen"), member_id=pair[1].pk, at=world.at)
    actions.part_persons(actor=world.actor("ellen"), link_id=let_in.pk, at=world.at)
    assert [may_look(world, one) for one in pair] == [True, False]


# --- the page ---


def page(client: Client, member: FamilyMember) -> Any:
    return client.get(reverse("same_person", args=[member.pk]))


def test_the_coach_links_and_parts_on_one_page(world: World, pair: tuple[FamilyMember, FamilyMember]) -> None:
    client, url = world.client("ellen"), reverse("same_person", args=[pair[0].pk])
    shown = page(client, pair[0]).content.decode()
    assert "op dezelfde dag geboren" in shown
    without = client.post(url, {"other_id": str(pair[1].pk), "reason": ""})
    assert without.status_code == 422
    assert "Schrijf in een paar woorden" in without.content.decode()
    long = client.post(url, {"other_id": str(pair[1].pk), "reason": "Vader " * 50})
    assert (long.status_code, "Vader Vader" in long.content.decode()) == (422, True)
    client.post(url, {"other_id": str(pair[1].pk), "reason": "Vader vertelde het."})
    for one in pair:
        assert "Vader vertelde het." in page(client, one).content.decode()
    link = SamePerson.objects.get()
    # Undone from either page, the coach stays there: the other page is a look at another family.
    undo = re.escape(reverse("part_persons", args=[link.pk]))
    there = page(client, pair[1]).content.decode()
    of = re.search(rf'action="{undo}".*?name="of" value="([^"]+)"', there, re.DOTALL)
    assert of, there
    parted = client.post(reverse("part_persons", args=[link.pk]), {"of": of[1]})
    assert parted["Location"] == reverse("same_person", args=[pair[1].pk])
    assert "Vader vertelde het." not in page(client, pair[0]).content.decode()


def test_who_sees_one_sees_nothing_of_the_other(
    world: World, pair: tuple[FamilyMember, FamilyMember]
) -> None:
    alone = talked(world, "Fatma", child="Yara", other="Ali", born_on=date(2014, 1, 1)).child
    assert alone is not None
    join(world, pair)
    with change(world.system, "family.child_added", at=world.at) as act:
        for record in (pair[0].record, alone.record):
            row = actions.involve(
                act,
                record=record,
                account_id=world.account("bram").pk,
                part=Part.COACH,
                ground=Ground.YOUTH_ACT,
            )
            act.record(row)
    client = world.client("bram")
    with_link, without = (page(client, one).content.decode() for one in (pair[0], alone))
    for shown in (with_link, without):
        assert "Niemand lijkt genoeg." in shown
        assert "Joris" not in shown
    assert page(client, pair[1]).status_code == 404
