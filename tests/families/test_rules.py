"""Who can be added to a family, and who decides."""

from __future__ import annotations

from datetime import date, timedelta
from uuid import uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hendig.families import rules
from hendig.families.models import FamilyMember, LegalAuthority, MemberKind, Source
from hendig.kernel.ages import age_on, birthday
from hendig.kernel.refusal import Refusal

TODAY = date(2026, 11, 22)
FAMILY = uuid4()


def member(kind: MemberKind = MemberKind.CHILD, born_on: date | None = None, **more: object) -> FamilyMember:
    return FamilyMember(family_id=FAMILY, kind=kind, first_name="Noor", born_on=born_on, **more)


def code(no: Refusal | None) -> str | None:
    return no.code if no else None


@pytest.mark.parametrize(
    ("born_on", "refusal"),
    [
        (TODAY, None),
        (TODAY + timedelta(days=1), "child.not_yet_born"),
        (birthday(date(2003, 11, 23), 0), None),
        (date(2003, 11, 22), "child.grown_up"),
    ],
)
def test_a_birth_date_fits_somebody_for_whom_the_youth_act_is(born_on: date, refusal: str | None) -> None:
    assert code(rules.why_no_child("Noor", born_on, TODAY, [])) == refusal


@pytest.mark.parametrize(
    ("first_name", "born_on", "refusal"),
    [
        ("Noor", date(2013, 5, 4), "child.already_there"),
        (" noor ", date(2013, 5, 4), "child.already_there"),
        ("Daan", date(2013, 5, 4), None),
        ("Noor", date(2015, 5, 4), None),
    ],
)
def test_a_child_is_there_once_and_a_twin_is_another(
    first_name: str, born_on: date, refusal: str | None
) -> None:
    assert code(rules.why_no_child(first_name, born_on, TODAY, [member(born_on=date(2013, 5, 4))])) == refusal


@given(
    parent=st.dates(min_value=date(1940, 1, 1), max_value=TODAY),
    child=st.dates(min_value=date(2004, 1, 1), max_value=TODAY),
)
def test_a_parent_is_never_younger_than_the_child(parent: date, child: date) -> None:
    no = rules.why_no_child("Daan", child, TODAY, [member(MemberKind.PARENT, parent)])
    other = rules.why_no_parent("", parent, TODAY, [member(born_on=child)], [])
    possible = parent < child and age_on(parent, child) >= rules.YOUNGEST_PARENT
    assert (no is None) == (other is None) == possible


@pytest.mark.parametrize("email", ["sanne@gezin.example", "SANNE@gezin.example", " sanne@gezin.example "])
def test_each_of_a_family_has_an_own_address(email: str) -> None:
    taken = ["sanne@gezin.example"]
    youth = member(born_on=date(2013, 5, 4))
    assert code(rules.why_no_parent(email, None, TODAY, [], taken)) == "parent.same_email"
    assert code(rules.why_no_youth_account(youth, email, TODAY, taken)) == "youth.same_email"


@given(born_on=st.dates(min_value=date(2004, 1, 1), max_value=TODAY))
def test_the_own_way_in_opens_at_the_twelfth_birthday(born_on: date) -> None:
    day = birthday(born_on, 12)
    assert code(rules.why_no_own_way_in(MemberKind.CHILD, None, born_on, day)) is None
    before = rules.why_no_own_way_in(MemberKind.CHILD, None, born_on, day - timedelta(days=1))
    assert code(before) == "youth.too_young"


def test_no_second_way_in_and_none_for_a_parent_as_a_youth() -> None:
    born_on = date(2010, 1, 1)
    assert code(rules.why_no_own_way_in(MemberKind.CHILD, uuid4(), born_on, TODAY)) == "youth.has_account"
    assert code(rules.why_no_own_way_in(MemberKind.PARENT, None, born_on, TODAY)) == "youth.not_a_child"


@pytest.mark.parametrize(
    ("kind", "refusal"),
    [
        (MemberKind.PARENT, None),
        (MemberKind.FOSTER_PARENT, None),
        (MemberKind.CHILD, "parent.is_a_child"),
    ],
)
def test_every_adult_can_get_in_and_a_child_by_another_way(kind: MemberKind, refusal: str | None) -> None:
    assert code(rules.why_no_way_in(member(kind), "m@gezin.example", [])) == refusal


@pytest.mark.parametrize(
    ("holder", "born_on", "refusal"),
    [
        (MemberKind.PARENT, date(2013, 5, 4), None),
        (MemberKind.GUARDIAN, date(2013, 5, 4), None),
        (MemberKind.CHILD, date(2013, 5, 4), "authority.not_an_adult"),
        (MemberKind.CONFIDANT, date(2013, 5, 4), "authority.not_an_adult"),
        (MemberKind.PARENT, date(2008, 11, 23), None),
        (MemberKind.PARENT, date(2008, 11, 22), "authority.child_is_adult"),
    ],
)
def test_authority_is_of_an_adult_over_a_minor(
    holder: MemberKind, born_on: date, refusal: str | None
) -> None:
    assert code(rules.why_no_authority(member(born_on=born_on), member(holder), TODAY)) == refusal


@pytest.mark.parametrize(
    ("source", "lapses_on", "checked", "refusal"),
    [
        (Source.DECLARED, TODAY + timedelta(days=1), None, None),
        (Source.DECLARED, TODAY, None, "authority.must_be_checked"),
        (Source.DECLARED, TODAY, TODAY, None),
        (Source.REGISTER, None, TODAY, None),
    ],
)
def test_what_lapsed_must_be_looked_up_before_it_counts_again(
    source: Source, lapses_on: date | None, checked: date | None, refusal: str | None
) -> None:
    authority = LegalAuthority(source=source, lapses_on=lapses_on, checked_on=checked)
    assert code(rules.why_not_declared_again(authority, TODAY)) == refusal


def test_without_a_birth_date_nobody_can_tell_who_decides() -> None:
    with pytest.raises(ValueError, match="birth date"):
        rules.deciders(member(MemberKind.PARENT), [], TODAY)


def standing(kind: MemberKind, source: Source) -> LegalAuthority:
    return LegalAuthority(holder=member(kind), source=source)


@pytest.mark.parametrize(
    ("kind", "source", "others", "refusal"),
    [
        (MemberKind.PARENT, Source.DECLARED, [], None),
        (MemberKind.PARENT, Source.DECLARED, [(MemberKind.PARENT, Source.DECLARED)], None),
        (MemberKind.PARENT, Source.DECLARED, [(MemberKind.PARENT, Source.REGISTER)], None),
        (
            MemberKind.PARENT,
            Source.DECLARED,
            [(MemberKind.PARENT, Source.COURT)],
            "authority.court_decided",
        ),
        (MemberKind.PARENT, Source.REGISTER, [(MemberKind.PARENT, Source.COURT)], None),
        (MemberKind.PARENT, Source.COURT, [(MemberKind.PARENT, Source.COURT)], None),
        (
            MemberKind.PARENT,
            Source.REGISTER,
            [(MemberKind.GUARDIAN, Source.COURT)],
            "authority.guardian_or_parents",
        ),
        (
            MemberKind.GUARDIAN,
            Source.COURT,
            [(MemberKind.PARENT, Source.REGISTER)],
            "authority.guardian_or_parents",
        ),
        (MemberKind.GUARDIAN, Source.COURT, [(MemberKind.GUARDIAN, Source.COURT)], None),
    ],
)
def test_two_authorities_that_contradict_are_refused_in_words(
    kind: MemberKind, source: Source, others: list[tuple[MemberKind, Source]], refusal: str | None
) -> None:
    rows = [standing(*other) for other in others]
    assert code(rules.why_authority_contradicts(member(kind), source, rows)) == refusal


def test_somebody_does_not_contradict_themself() -> None:
    mother = member(MemberKind.PARENT)
    row = LegalAuthority(holder=mother, source=Source.COURT)
    assert rules.why_authority_contradicts(mother, Source.DECLARED, [row]) is None


@pytest.mark.parametrize(
    ("born_on", "source", "refusal"),
    [
        (date(2009, 1, 1), Source.DECLARED, "authority.holder_is_minor"),
        (date(2009, 1, 1), Source.REGISTER, "authority.holder_is_minor"),
        (date(2009, 1, 1), Source.COURT, None),
        (date(2000, 1, 1), Source.DECLARED, None),
        (None, Source.DECLARED, None),
    ],
)
def test_a_minor_has_authority_by_a_ruling_only(
    born_on: date | None, source: Source, refusal: str | None
) -> None:
    child, holder = member(born_on=date(2025, 1, 1)), member(MemberKind.PARENT, born_on)
    assert code(rules.why_no_authority(child, holder, TODAY, source)) == refusal


@pytest.mark.parametrize(
    ("born_on", "refusal"),
    [
        (date(1850, 1, 1), "parent.too_old"),
        (date(1930, 1, 1), None),
        (TODAY + timedelta(days=1), "parent.not_yet_born"),
    ],
)
def test_an_adult_is_born_when_people_who_live_are(born_on: date, refusal: str | None) -> None:
    assert code(rules.why_no_parent("", born_on, TODAY, [], [])) == refusal


@pytest.mark.parametrize("kind", [MemberKind.FOSTER_PARENT, MemberKind.GUARDIAN])
@pytest.mark.parametrize(("age", "refusal"), [(21, None), (18, None), (17, "adult.too_young")])
def test_who_fosters_or_guards_is_an_adult_and_need_not_be_old_enough_to_be_the_parent(
    kind: MemberKind, age: int, refusal: str | None
) -> None:
    born_on, child = birthday(TODAY, -age), member(born_on=birthday(TODAY, -16))
    assert code(rules.why_no_parent("", born_on, TODAY, [child], [], kind)) == refusal
    assert code(rules.why_no_parent("", born_on, TODAY, [child], [])) == "parent.too_young"


@pytest.mark.parametrize(
    ("born_on", "refusal"),
    [
        (date(2012, 1, 1), None),
        (date(1995, 1, 1), "child.grown_up"),
        (TODAY + timedelta(days=1), "child.not_yet_born"),
        (date(2006, 1, 1), "parent.too_young"),
    ],
)
def test_who_asked_and_is_the_child_is_younger_than_the_parents(born_on: date, refusal: str | None) -> None:
    parents = [member(MemberKind.PARENT, date(1996, 1, 1))]
    assert code(rules.why_not_this_child(born_on, TODAY, parents)) == refusal


BORN = date(2018, 5, 4)


@pytest.mark.parametrize(
    ("day", "source", "refusal"),
    [
        (TODAY, Source.DECLARED, None),
        (TODAY + timedelta(days=1), Source.DECLARED, "authority.told_ahead"),
        (TODAY + timedelta(days=1), Source.COURT, None),
        (TODAY + rules.AHEAD, Source.COURT, None),
        (TODAY + rules.AHEAD + timedelta(days=1), Source.COURT, "authority.too_far"),
        (BORN, Source.REGISTER, None),
        (BORN - timedelta(days=1), Source.REGISTER, "authority.before_birth"),
    ],
)
def test_authority_begins_or_stops_on_a_day_that_can_be(
    day: date, source: Source, refusal: str | None
) -> None:
    assert code(rules.why_not_since(member(born_on=BORN), day, TODAY, source)) == refusal


@pytest.mark.parametrize(
    ("held", "by", "stops_on", "refusal"),
    [
        (Source.DECLARED, Source.DECLARED, TODAY, None),
        (Source.DECLARED, Source.COURT, TODAY, None),
        (Source.REGISTER, Source.DECLARED, TODAY, "authority.ended_by_telling"),
        (Source.COURT, Source.DECLARED, TODAY, "authority.ended_by_telling"),
        (Source.COURT, Source.BRP, TODAY, None),
        (Source.COURT, Source.COURT, BORN, None),
        (Source.COURT, Source.COURT, BORN - timedelta(days=1), "authority.ends_before_it_began"),
    ],
)
def test_authority_that_was_looked_up_stops_by_what_was_looked_up(
    held: Source, by: Source, stops_on: date, refusal: str | None
) -> None:
    checked = None if held == Source.DECLARED else BORN
    row = LegalAuthority(source=held, from_on=BORN, checked_on=checked)
    assert code(rules.why_not_ended_so(row, by, stops_on)) == refusal


@pytest.mark.parametrize(
    ("ended_by", "refusal"),
    [
        ("", None),
        (Source.DECLARED, None),
        (Source.REGISTER, "authority.was_ended"),
        (Source.BRP, "authority.was_ended"),
        (Source.COURT, "authority.was_ended"),
    ],
)
def test_what_a_source_ended_is_not_told_back(ended_by: str, refusal: str | None) -> None:
    assert code(rules.why_not_told_back(ended_by)) == refusal


@pytest.mark.parametrize(
    ("born_on", "adults", "refusal"),
    [
        (BORN, 1, None),
        (BORN, 0, "authority.no_adult"),
        (TODAY.replace(year=TODAY.year - 18), 2, "authority.child_is_adult"),
    ],
)
def test_who_decides_is_written_down_of_a_child_beside_an_adult(
    born_on: date, adults: int, refusal: str | None
) -> None:
    assert code(rules.why_nobody_to_decide(member(born_on=born_on), TODAY, adults=adults)) == refusal
