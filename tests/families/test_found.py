"""Finding people despite spelling, and only those whom one may see."""

from __future__ import annotations

import re
import string
from collections.abc import Iterator
from datetime import date
from typing import Any
from uuid import UUID

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from hendig.audit.actions import change, reading
from hendig.families import actions
from hendig.families.models import Family, FamilyMember, MemberKind, NamePart
from hendig.families.queries.found import (
    NEAR_DAY,
    SAME_ADDRESS,
    SAME_DAY,
    SAME_NAME,
    Hit,
    Newcomer,
    likely_doubles,
    people_found,
)
from hendig.helprequests.models import HelpRequest
from hendig.kernel.dates import near
from hendig.kernel.names import TypedWord, Why, found_by, read, slip
from hendig.kernel.sounds import sound
from tests.support.families import confirmed, taken_up, talked
from tests.support.shared import built_once
from tests.support.world import World

BORN = date(2013, 5, 4)
IN_DATABASE = settings(
    max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow]
)


@built_once
def request_(world: World) -> HelpRequest:
    return taken_up(world)


def add(world: World, request: HelpRequest, first: str, last: str = "", born_on: date = BORN) -> FamilyMember:
    return actions.add_child(
        actor=world.actor("ellen"),
        family_id=request.family_id,
        first_name=first,
        last_name=last,
        born_on=born_on,
        at=world.at,
    )


def found(world: World, typed: str, name: str = "ellen") -> tuple[Hit, ...]:
    hits = people_found(world.actor(name), typed, at=world.at)
    assert hits is not None
    return hits


def why(world: World, typed: str) -> dict[str, Why]:
    return {hit.name: hit.why for hit in found(world, typed)}


@pytest.mark.parametrize(
    ("first", "last", "typed", "reason"),
    [
        ("Noor", "van den Berg", "noor van den berg", Why.EXACT),
        ("Noor", "van den Berg", "berg noor", Why.EXACT),
        ("Noor", "van den Berg", "v.d. Berg, Noor", Why.EXACT),
        ("Noor", "van den Berg", "Berg van den", Why.EXACT),
        ("Noor", "van den Berg", "vandenberg", Why.EXACT),
        ("Noor", "Vandenberg", "van den berg", Why.EXACT),
        ("Noor", "'t Hart", "hart", Why.EXACT),
        ("Noor", "'t Hart", "'t hart", Why.EXACT),
        ("Noor", "de la Cruz", "cruz", Why.EXACT),
        ("Jan Willem", "Bos", "janwillem bos", Why.EXACT),
        ("Janwillem", "Bos", "jan willem bos", Why.EXACT),
        ("Zoë", "Bos", "zoe", Why.EXACT),
        ("Zoe", "Bos", "Zoë", Why.EXACT),
        ("Noor", "de Vries", "no vri", Why.BEGINS),
        ("Noor", "Verhoeven", "noor verh", Why.BEGINS),
        ("Youssef", "El Amrani", "joesoef", Why.SOUNDS),
        ("Youssef", "El Amrani", "elamrani", Why.EXACT),
        ("Youssef", "El Amrani", "Yusuf Amrani", Why.SOUNDS),
        ("Ayşe", "Yılmaz", "ayse yilmaz", Why.EXACT),
        ("Şahin", "Öztürk", "sjahin ozturk", Why.SOUNDS),
        ("Szymon", "Kowalczyk", "sjimon kowalczik", Why.SOUNDS),
        ("Łukasz", "Wiśniewski", "lukas wisniewski", Why.BEGINS),
        ("Олена", "Шевченко", "olena sjevtsjenko", Why.SOUNDS),
        ("Olena", "Shevchenko", "Олена Шевченко", Why.EXACT),
        ("Thijs", "Kuipers", "tijs cuijpers", Why.SOUNDS),
        ("Noor", "Hendriks", "hendirks", Why.SOUNDS),
        ("Noor", "Hendriks", "hnedriks", Why.SLIP),
        ("Noor", "Hendriks", "hendrik", Why.BEGINS),
        ("Noor", "Hendriks", "endriks", Why.SLIP),
        ("Noor", "Hendriks", "noor henfdriks", Why.SLIP),
        ("Noor", "Hendriks", "noor 04-05-2013", Why.EXACT),
        ("Noor", "Hendriks", "4 mei 2013 noor", Why.EXACT),
        ("Noor", "Hendriks", "noor 2013", Why.EXACT),
        ("Noor", "Hendriks", "noor 05-04-2013", Why.SLIP),
        ("Noor", "Hendriks", "04-05-13", Why.EXACT),
        ("Noor", "Hendriks", "mei 2013", Why.EXACT),
    ],
)
def test_somebody_is_found(
    world: World, request_: HelpRequest, first: str, last: str, typed: str, reason: Why
) -> None:
    add(world, request_, first, last)
    assert why(world, typed) == {f"{first} {last}": reason}


@pytest.mark.parametrize(
    "typed",
    [
        "jan hendriks",
        "nora",
        "noor bos",
        "oor",
        "noor 2014",
        "noor 31-02-2013",
        "2012",
        "hendrkis jan",
        "%",
        "_",
        "x",
    ],
)
def test_somebody_else_is_not_found(world: World, request_: HelpRequest, typed: str) -> None:
    add(world, request_, "Noor", "Hendriks")
    assert not people_found(world.actor("ellen"), typed, at=world.at)


def test_the_best_stand_first(world: World, request_: HelpRequest) -> None:
    for first in ("Yusuf", "Youssefine", "Youssef", "Yuossef"):
        add(world, request_, first, "Bos")
    order = [(hit.name, hit.why) for hit in found(world, "youssef")]
    assert order == [
        ("Youssef Bos", Why.EXACT),
        ("Youssefine Bos", Why.BEGINS),
        ("Yusuf Bos", Why.SOUNDS),
        ("Yuossef Bos", Why.SOUNDS),
    ]


def test_a_child_without_a_surname_is_found_by_that_of_its_family(world: World) -> None:
    request = talked(world)
    with change(world.actor("ellen"), "request.first_talk", at=world.at) as act:
        family = Family.objects.get(pk=request.family_id)
        actions.call_family(family, family.members.order_by("id")[0], "Verhoeven")
        act.record(request)
    assert why(world, "noor verhoeven") == {"Noor": Why.EXACT}
    # A name of one's own goes before the name of the family.
    assert found(world, "verhoeven")[0].name == "Sanne Verhoeven"


# --- nothing that one may not see ---


def seen_by(world: World, name: str, typed: str) -> tuple[tuple[Hit, ...] | None, list[str]]:
    actor = world.actor(name)
    with CaptureQueriesContext(connection) as asked:
        hits = people_found(actor, typed, at=world.at)
    return hits, [one["sql"] for one in asked.captured_queries]


@pytest.mark.parametrize(
    "typed", ["noor", "nor", "noo", "noro hendriks", "hendriks", "04-05-2013", "noor 2013"]
)
def test_a_stranger_is_answered_as_for_nobody(world: World, request_: HelpRequest, typed: str) -> None:
    add(world, request_, "Noor", "Hendriks")
    hits, asked = seen_by(world, "bram", typed)
    nobody, asked_for_nobody = seen_by(world, "bram", "qqqqq 01-01-1990" if "-" in typed else "qqqqq")
    assert hits == nobody == ()
    assert len(asked) == len(asked_for_nobody)


def test_an_involvement_that_ended_finds_nothing(world: World, request_: HelpRequest) -> None:
    add(world, request_, "Noor", "Hendriks")
    assert found(world, "noor")
    world.later(days=366)
    assert found(world, "noor") == ()


def test_finding_takes_two_queries_however_many_are_found(world: World, request_: HelpRequest) -> None:
    add(world, request_, "Noor", "Hendriks")
    assert len(seen_by(world, "ellen", "noor hendriks")[1]) == 2
    for number in range(10):
        add(world, request_, f"Noor{'abcdefghij'[number]}", "Hendriks")
    assert len(seen_by(world, "ellen", "noor hendriks")[1]) == 2
    assert len(seen_by(world, "ellen", "noor hendriks 2013")[1]) == 2


# --- the same as one by one ---

CALLED = (
    "Noor",
    "Noortje",
    "Nora",
    "Joesoef",
    "Youssef",
    "Timmermans",
    "Timmerman",
    "van den Berg",
    "Bergsma",
)


@built_once
def many(world: World, request_: HelpRequest) -> Family:
    """Children of whom names sound, begin or are spelled alike, and a partner on the side of the mother."""
    for number, first in enumerate(CALLED):
        add(world, request_, first, CALLED[-1 - number], date(2010 + number, 5, 4))
    mother = FamilyMember.objects.get(family=request_.family_id, kind=MemberKind.PARENT)
    actions.add_parent(
        actor=world.actor("ellen"),
        family_id=request_.family_id,
        first_name="Noortje",
        last_name="Timmermans",
        side_of=mother.pk,
        at=world.at,
    )
    return request_.family


def one_by_one(world: World, name: str, typed: str) -> list[tuple[UUID, Why]]:
    """Everybody whom this one may see, judged word by word."""
    sought = read(typed)
    assert sought is not None
    found: list[tuple[int, UUID]] = []
    with reading(world.actor(name), world.at):
        for member in FamilyMember.objects.visible_to(world.actor(name), at=world.at):
            words = list(NamePart.objects.filter(member=member))
            ranks = [min(_fits(word, words), default=None) for word in sought.words]
            if sought.born:
                born = member.born_on
                on = [one for one in sought.born if born and one.first <= born <= one.last]
                slips = {day for one in sought.born if one.one_day for day in near(one.first)}
                ranks.append(0 if on else 16**Why.SLIP if born in slips else None)
            if None not in ranks:
                found.append((sum(rank for rank in ranks if rank is not None), member.pk))
    weights = {why: 16**why if why else 0 for why in Why}
    return [(pk, max(why for why in Why if rank >= weights[why])) for rank, pk in sorted(found)]


def _fits(typed: TypedWord, words: list[NamePart]) -> Iterator[int]:
    slipped = slip(typed.word)
    for one in words:
        less = 0 if one.own else 1
        if one.word in {typed.word, *typed.joined}:
            yield less
        elif len(typed.word) > 1 and one.word.startswith(typed.word):
            yield 16**Why.BEGINS + less
        elif sound(typed.word) and one.sound == sound(typed.word):
            yield 16**Why.SOUNDS + less
        elif slipped and any(re.fullmatch(each.replace("_", "."), one.word) for each in slipped.patterns):
            yield 16**Why.SLIP + less


@IN_DATABASE
@given(
    words=st.lists(st.sampled_from(CALLED), min_size=1, max_size=3),
    cut=st.integers(0, 3),
    swap=st.booleans(),
    born=st.sampled_from(["", " 2013", " 04-05-2013", " 05-04-2013"]),
)
def test_what_is_found_is_what_one_by_one_would_find(
    world: World, many: Family, words: list[str], cut: int, swap: bool, born: str
) -> None:
    typed = " ".join(words)
    typed = typed[: len(typed) - cut]
    typed = (typed[:2] + typed[3:4] + typed[2:3] + typed[4:] if swap else typed) + born
    for name in ("ellen", "sanne", "bram"):
        hits = [(hit.member_id, hit.why) for hit in found(world, typed, name)]
        assert hits == one_by_one(world, name, typed), (name, typed)


# --- whatever the name ---

NAMES = st.text(st.characters(categories=["L"], max_codepoint=0x17F), min_size=1, max_size=20)


def renamed(world: World, member: FamilyMember, first: str, last: str) -> None:
    with change(world.actor("ellen"), "family.child_added", at=world.at) as act:
        member.first_name, member.last_name = first, last
        member.save()
        act.record(member)


@IN_DATABASE
@given(first=NAMES, last=NAMES, swapped=st.booleans())
def test_the_own_name_always_finds(
    world: World, request_: HelpRequest, first: str, last: str, swapped: bool
) -> None:
    member = FamilyMember.objects.filter(kind=MemberKind.CHILD).first() or add(world, request_, "Noor")
    renamed(world, member, first, last)
    typed = f"{last} {first}" if swapped else f"{first} {last}"
    for one in (typed, typed.upper(), typed.lower(), f"  {typed}  "):
        hits = people_found(world.actor("ellen"), one, at=world.at)
        assert hits is None or member.pk in {hit.member_id for hit in hits}
        assert hits is not None or not found_by(first, last)


@IN_DATABASE
@given(
    name=st.text(string.ascii_lowercase, min_size=5, max_size=14),
    at=st.integers(0, 20),
    other=st.sampled_from(string.ascii_lowercase),
    how=st.sampled_from(["less", "more", "other", "swapped"]),
)
def test_one_slip_still_finds(
    world: World, request_: HelpRequest, name: str, at: int, other: str, how: str
) -> None:
    member = FamilyMember.objects.filter(kind=MemberKind.CHILD).first() or add(world, request_, "Noor")
    renamed(world, member, name, "")
    at %= len(name)
    typed = {
        "less": name[:at] + name[at + 1 :],
        "more": name[:at] + other + name[at:],
        "other": name[:at] + other + name[at + 1 :],
        "swapped": name[:at] + name[at + 1 : at + 2] + name[at] + name[at + 2 :],
    }[how]
    assert member.pk in {hit.member_id for hit in found(world, typed)}


# --- however a member is written ---


def parts() -> set[tuple[Any, str]]:
    return set(NamePart.objects.values_list("member_id", "word"))


def said() -> set[tuple[Any, str]]:
    """What the parts must be, from the names as they stand."""
    rows = FamilyMember.objects.values_list("pk", "first_name", "last_name", "family__name")
    return {
        (pk, word)
        for pk, first, last, of_family in rows
        for word in (*found_by(first, last), *found_by("", of_family))
    }


def test_no_way_of_writing_a_member_forgets_its_name(world: World) -> None:
    request = talked(world)
    assert parts() == said()
    with change(world.system, "family.child_added", at=world.at) as act:
        family = Family.objects.get(pk=request.family_id)
        child = FamilyMember(family=family, kind=MemberKind.CHILD, first_name="Zoë", born_on=BORN)
        FamilyMember.objects.bulk_create([child])
        assert parts() == said()
        FamilyMember.objects.filter(pk=child.pk).update(first_name="Yara")
        assert parts() == said()
        child.first_name = "Mila"
        FamilyMember.objects.bulk_update([child], ["first_name"])
        assert parts() == said()
        child.last_name = "Verhoeven"
        child.save()
        assert parts() == said()
        family.name = "Hendriks"
        family.save()
        assert parts() == said()
        Family.objects.filter(pk=family.pk).update(name="Verhoeven")
        assert parts() == said()
        act.record(child)
    confirmed(world, "Joris")
    assert parts() == said()


# --- who may be there already ---


def doubles(world: World, name: str = "ellen", **typed: Any) -> list[tuple[str, str]]:
    found = likely_doubles(world.actor(name), Newcomer(**typed), at=world.at)
    return [(one.name, str(one.alike)) for one in found]


@pytest.mark.parametrize(
    ("first", "born_on", "alike"),
    [
        ("Noor", date(2013, 5, 4), SAME_DAY),
        ("Noortje", date(2013, 5, 4), None),
        ("Noor", date(2013, 4, 5), NEAR_DAY),
        ("Noor", date(2013, 5, 14), NEAR_DAY),
        ("Noor", date(2012, 5, 4), NEAR_DAY),
        ("Noor", date(2014, 6, 4), None),
        ("Nora", date(2013, 5, 4), None),
        ("Nohr", date(2013, 5, 4), None),
    ],
)
def test_a_child_that_sounds_and_is_born_alike_may_be_there_already(
    world: World, request_: HelpRequest, first: str, born_on: date, alike: object
) -> None:
    add(world, request_, "Noor", "Hendriks")
    expected = [("Noor Hendriks", str(alike))] if alike else []
    assert doubles(world, first_name=first, born_on=born_on) == expected
    # Whoever may not see that child hears nothing of it.
    assert doubles(world, "bram", first_name=first, born_on=born_on) == []


def test_a_parent_is_known_by_address_or_by_a_whole_name(world: World) -> None:
    talked(world)
    assert doubles(world, first_name="M.", email="MARK@gezin.example") == [("Mark", str(SAME_ADDRESS))]
    actions.add_parent(
        actor=world.actor("ellen"),
        family_id=FamilyMember.objects.get(first_name="Mark").family_id,
        first_name="Youssef",
        last_name="El Amrani",
        at=world.at,
    )
    assert doubles(world, first_name="Joesoef", last_name="Elamrani") == [
        ("Youssef El Amrani", str(SAME_NAME))
    ]
    assert doubles(world, first_name="Joesoef") == []
    assert doubles(world, first_name="Joesoef", last_name="Bos") == []
