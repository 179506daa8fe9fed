"""Who must say yes, and what the answers add up to: by a second reading of the law, and by properties."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hendig.kernel.ages import age_on, birthday
from hendig.kernel.consent import Exception12, Instead, Standing, deciders, standing

CHILD, MOTHER, FATHER, STRANGER = (UUID(int=n) for n in range(1, 5))
PARENTS = frozenset({MOTHER, FATHER})
BORN = date(2013, 5, 4)

authorities = st.frozensets(st.sampled_from([MOTHER, FATHER]))
answer_sets = st.dictionaries(st.sampled_from([CHILD, MOTHER, FATHER, STRANGER]), st.booleans())
exceptions = st.sampled_from([None, *Exception12])
in_place = st.sampled_from([None, *Instead])
days = st.integers(min_value=0, max_value=20 * 366).map(lambda lived: BORN + timedelta(days=lived))


def reading(
    age: int,
    authority: frozenset[UUID],
    answers: Mapping[UUID, bool],
    exception: Exception12 | None,
    instead: Instead | None,
) -> Standing:
    """The same page of the law, read by somebody else: by age, in plain steps."""
    in_place = instead is not None and age in {16, 17}
    needed: set[UUID] = set()
    if age < 16 or in_place:
        needed |= authority
    if age >= 12 and not in_place:
        needed.add(CHILD)
    if 12 <= age < 16 and exception and answers.get(CHILD):
        return Standing.AGREED
    if in_place and instead is not Instead.DESPITE_NO and answers.get(CHILD) is False:
        return Standing.REFUSED
    if any(answers.get(person) is False for person in needed):
        return Standing.REFUSED
    if (age < 16 or in_place) and not authority:
        return Standing.WAITING
    return Standing.AGREED if all(person in answers for person in needed) else Standing.WAITING


@given(on=days, authority=authorities, answers=answer_sets, exception=exceptions, instead=in_place)
def test_it_agrees_with_a_second_reading_of_the_law(
    on: date,
    authority: frozenset[UUID],
    answers: dict[UUID, bool],
    exception: Exception12 | None,
    instead: Instead | None,
) -> None:
    found = standing(deciders(BORN, on, authority, instead), CHILD, answers, exception)
    assert found is reading(age_on(BORN, on), authority, answers, exception, instead)


@given(on=days, authority=authorities, instead=in_place)
def test_who_may_answer_is_who_must_and_a_youth_in_whose_place_others_decide(
    on: date, authority: frozenset[UUID], instead: Instead | None
) -> None:
    who = deciders(BORN, on, authority, instead)
    assert who.may_answer(CHILD) - who.must_answer(CHILD) == ({CHILD} if who.instead else set())
    assert (who.instead is None) is (instead is None or age_on(BORN, on) not in {16, 17})


@pytest.mark.parametrize(
    ("years", "before", "on_the_day"),
    [(12, PARENTS, PARENTS | {CHILD}), (16, PARENTS | {CHILD}, {CHILD}), (18, {CHILD}, {CHILD})],
)
@pytest.mark.parametrize("born_on", [BORN, date(2012, 2, 29)])
def test_who_decides_changes_at_the_birthday(
    born_on: date, years: int, before: set[UUID], on_the_day: set[UUID]
) -> None:
    day = birthday(born_on, years)
    assert deciders(born_on, day - timedelta(days=1), PARENTS).must_answer(CHILD) == before
    assert deciders(born_on, day, PARENTS).must_answer(CHILD) == on_the_day


@given(on=days, answers=answer_sets)
def test_under_16_without_anyone_of_authority_nothing_is_agreed(on: date, answers: dict[UUID, bool]) -> None:
    if age_on(BORN, on) < 16:
        assert standing(deciders(BORN, on, ()), CHILD, answers) is not Standing.AGREED


@given(on=days, authority=authorities, answers=answer_sets, exception=exceptions, silent=st.data())
def test_silence_never_turns_a_refusal_into_a_yes(
    on: date,
    authority: frozenset[UUID],
    answers: dict[UUID, bool],
    exception: Exception12 | None,
    silent: st.DataObject,
) -> None:
    who = deciders(BORN, on, authority)
    if standing(who, CHILD, answers, exception) is Standing.REFUSED:
        quiet = silent.draw(st.sets(st.sampled_from([CHILD, MOTHER, FATHER])))
        left = {person: yes for person, yes in answers.items() if person not in quiet}
        assert standing(who, CHILD, left, exception) is not Standing.AGREED


@given(on=days, authority=authorities, answers=answer_sets, exception=exceptions)
def test_whoever_need_not_decide_changes_nothing(
    on: date, authority: frozenset[UUID], answers: dict[UUID, bool], exception: Exception12 | None
) -> None:
    who = deciders(BORN, on, authority)
    needed = who.must_answer(CHILD)
    # The child's own wish is what the exceptions of 12 to 15 rest on; below 12 nothing rests on it.
    heard = {person: yes for person, yes in answers.items() if person in needed}
    assert standing(who, CHILD, answers, exception) is standing(who, CHILD, heard, exception)


@given(on=days, authority=authorities, answers=answer_sets)
def test_a_further_yes_never_undoes_an_agreement(
    on: date, authority: frozenset[UUID], answers: dict[UUID, bool]
) -> None:
    who = deciders(BORN, on, authority)
    if standing(who, CHILD, answers) is Standing.AGREED:
        assert standing(who, CHILD, {**answers, STRANGER: True, CHILD: True}) is Standing.AGREED


@pytest.mark.parametrize("exception", list(Exception12))
def test_an_exception_helps_only_a_youth_of_12_to_15_who_says_yes(exception: Exception12) -> None:
    at_11, at_14 = (deciders(BORN, birthday(BORN, age), PARENTS) for age in (11, 14))
    no_of_father = {MOTHER: True, FATHER: False}
    assert standing(at_11, CHILD, {**no_of_father, CHILD: True}, exception) is Standing.REFUSED
    assert standing(at_14, CHILD, no_of_father, exception) is Standing.REFUSED
    assert standing(at_14, CHILD, {**no_of_father, CHILD: False}, exception) is Standing.REFUSED
    assert standing(at_14, CHILD, {**no_of_father, CHILD: True}, exception) is Standing.AGREED
    assert standing(at_14, CHILD, {**no_of_father, CHILD: True}) is Standing.REFUSED


@given(on=days, authority=authorities, answers=answer_sets, exception=exceptions, instead=in_place)
def test_help_by_a_measure_rests_on_no_answer_of_the_family_until_18_and_never_beyond(
    on: date,
    authority: frozenset[UUID],
    answers: dict[UUID, bool],
    exception: Exception12 | None,
    instead: Instead | None,
) -> None:
    who = deciders(BORN, on, authority, instead, by_measure=True)
    if age_on(BORN, on) < 18:
        assert who.must_answer(CHILD) == who.may_answer(CHILD) == frozenset()
        assert not who.asks_parents
        assert standing(who, CHILD, answers, exception) is Standing.AGREED
    else:
        assert who == deciders(BORN, on, authority, instead)


@given(on=days, authority=authorities, answers=answer_sets)
def test_without_a_measure_nothing_is_patched(
    on: date, authority: frozenset[UUID], answers: dict[UUID, bool]
) -> None:
    who = deciders(BORN, on, authority, by_measure=False)
    needed = who.must_answer(CHILD)
    if standing(who, CHILD, answers) is Standing.AGREED:
        assert needed
        assert all(answers.get(person) for person in needed)


@pytest.mark.parametrize("age", [12, 16])
def test_with_a_guardian_the_same_ages_hold(age: int) -> None:
    guardian, day = frozenset({STRANGER}), birthday(BORN, age)
    before = deciders(BORN, day - timedelta(days=1), guardian)
    assert before.must_answer(CHILD) == ({STRANGER} if age == 12 else {STRANGER, CHILD})
    assert deciders(BORN, day, guardian).must_answer(CHILD) == ({STRANGER, CHILD} if age == 12 else {CHILD})
    assert standing(before, CHILD, {CHILD: True, MOTHER: True, FATHER: True}) is Standing.WAITING


@pytest.mark.parametrize("age", [16, 17, 18])
def test_from_16_the_youth_decides_alone_whatever_parents_say(age: int) -> None:
    who = deciders(BORN, birthday(BORN, age), PARENTS)
    assert standing(who, CHILD, {CHILD: True, MOTHER: False, FATHER: False}) is Standing.AGREED
    assert standing(who, CHILD, {CHILD: False, MOTHER: True, FATHER: True}) is Standing.REFUSED
    assert standing(who, CHILD, {MOTHER: True, FATHER: True}) is Standing.WAITING
