"""Who must say yes and why, over all ages, authorities and answers; and every refusal with its code."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hendig.helprequests.models import Stage, WaitingOn
from hendig.kernel.ages import age_on, birthday
from hendig.kernel.consent import Exception12, Standing
from hendig.matching import rules
from hendig.matching.models import TalkStage
from hendig.matching.rules import Person, Seat, Table

ON = date(2026, 11, 22)
NOOR, SANNE, MARK, ANOUK, ELLEN = (
    Person(UUID(int=number), name, UUID(int=100 + number))
    for number, name in enumerate(("Noor", "Sanne", "Mark", "Anouk", "Ellen"), start=1)
)
AGES = {"under_12": 8, "from_12": 13, "from_16": 16, "adult": 19}


def table(age: int = 13, *holders: Person, said: dict[Person, bool] | None = None, **more: object) -> Table:
    made = Table(
        child=NOOR,
        born_on=birthday(date(ON.year - age, 3, 1), 0),
        holders=holders or (SANNE, MARK),
        coach=ELLEN,
        professional=ANOUK,
        answers={person.id: yes for person, yes in (said or {}).items()},
    )
    return replace(made, **more)  # type: ignore[arg-type]


def everyone(yes: bool = True) -> dict[Person, bool]:
    return dict.fromkeys((NOOR, SANNE, MARK, ANOUK, ELLEN), yes)


def no_match(
    made: Table, *, room: int = 1, stage: str = "open", request: str = "match", on: date = ON
) -> str | None:
    no = rules.why_no_match(made, stage=stage, request_stage=request, room=room, on=on)
    return no.code if no else None


tables = st.builds(
    Table,
    child=st.just(NOOR),
    born_on=st.dates(date(2006, 1, 1), ON),
    holders=st.sampled_from([(), (SANNE,), (MARK,), (SANNE, MARK)]),
    coach=st.just(ELLEN),
    professional=st.just(ANOUK),
    answers=st.dictionaries(st.sampled_from([one.id for one in everyone()]), st.booleans()),
    exception=st.sampled_from([None, *Exception12]),
)


@given(tables)
def test_there_is_never_a_match_while_a_needed_yes_lacks(made: Table) -> None:
    asked = [needed.person.id for needed in rules.who_must_say_yes(made, ON)]
    if no_match(made) is None:
        assert all(made.answers.get(who) is True for who in asked)
        assert {ANOUK.id, ELLEN.id} <= set(asked)
        assert made.answers.get(NOOR.id) is True or age_on(made.born_on, ON) < 12


@given(tables)
def test_when_everyone_who_is_asked_says_yes_only_unknown_authority_is_in_the_way(made: Table) -> None:
    said = {needed.person.id: True for needed in rules.who_must_say_yes(made, ON)}
    agreed = replace(made, answers={**made.answers, **said})
    expected = "match.no_authority" if rules.authority_unknown(agreed, ON) else None
    assert no_match(agreed) == expected


@given(tables)
def test_under_16_nothing_starts_without_a_parent_unless_the_law_excepts_it(made: Table) -> None:
    age = age_on(made.born_on, ON)
    if age < 16 and no_match(made) is None:
        by_parents = made.holders and all(made.answers.get(one.id) for one in made.holders)
        assert by_parents or (age >= 12 and made.exception is not None)


@given(tables, st.booleans())
def test_from_16_parents_change_nothing(made: Table, yes: bool) -> None:
    if age_on(made.born_on, ON) >= 16:
        parents = {SANNE.id: yes, MARK.id: not yes}
        assert no_match(made) == no_match(replace(made, answers={**made.answers, **parents}))


@given(tables, st.sampled_from([12, 16]))
def test_a_birthday_acts_from_its_own_day(made: Table, age: int) -> None:
    day = birthday(made.born_on, age)
    for on, grown in ((day - timedelta(days=1), False), (day, True)):
        asked = {needed.seat for needed in rules.who_must_say_yes(replace(made, exception=None), on)}
        if age == 12:
            assert (Seat.CHILD in asked) is grown
        else:
            assert (Seat.PARENT in asked) is (bool(made.holders) and not grown)


@given(tables)
def test_the_question_waits_on_somebody_who_can_do_something(made: Table) -> None:
    no = no_match(made)
    if no == "match.waiting":
        waited = {
            WaitingOn.FAMILY: [NOOR.id, *(one.id for one in made.holders)],
            WaitingOn.PROFESSIONAL: [ANOUK.id],
            WaitingOn.COACH: [ELLEN.id],
        }[rules.waits_on(made, ON)]
        assert any(made.answers.get(who) is not True for who in waited)
    elif no in {"match.no_click", "match.no_authority"}:
        assert rules.waits_on(made, ON) is WaitingOn.COACH


@pytest.mark.parametrize(
    ("age", "said"),
    [
        (
            8,
            [
                "Sanne heeft gezag: een ja van Sanne is nodig",
                "Mark heeft gezag: een ja van Mark is nodig",
            ],
        ),
        (
            13,
            [
                "Noor is 13: vanaf 12 jaar beslist een jongere mee",
                "Sanne heeft gezag: een ja van Sanne is nodig",
                "Mark heeft gezag: een ja van Mark is nodig",
            ],
        ),
        (16, ["Noor is 16: vanaf 16 jaar beslist een jongere zelf"]),
        (19, ["Noor is 19: vanaf 16 jaar beslist een jongere zelf"]),
    ],
)
def test_who_must_say_yes_and_why_in_one_sentence(age: int, said: list[str]) -> None:
    always = ["Anouk gaat helpen en kiest zelf ook", "Ellen is de gezinscoach en kijkt of het past"]
    assert [str(one.sentence) for one in rules.who_must_say_yes(table(age), ON)] == said + always


@pytest.mark.parametrize("exception", list(Exception12))
def test_an_exception_needs_the_yes_of_the_youth_and_then_no_parent(exception: Exception12) -> None:
    said = {NOOR: True, MARK: False, ANOUK: True, ELLEN: True}
    assert no_match(table(13, said=said)) == "match.no_click"
    assert no_match(table(13, said=said, exception=exception)) is None
    assert no_match(table(13, said=said | {NOOR: False}, exception=exception)) == "match.no_click"
    assert no_match(table(8, said=said, exception=exception)) == "match.no_click"


@pytest.mark.parametrize(
    ("code", "given_"),
    [
        (None, {}),
        ("match.full", {"room": 0}),
        ("match.closed", {"stage": TalkStage.NO_CLICK}),
        ("match.closed", {"stage": TalkStage.MATCHED}),
        ("match.other_stage", {"request": Stage.TENT}),
        ("match.other_stage", {"request": Stage.DONE}),
        (None, {"request": Stage.HELP}),
    ],
)
def test_why_no_match_beyond_the_answers(code: str | None, given_: dict[str, object]) -> None:
    assert no_match(table(said=everyone()), **given_) == code  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("code", "changed"),
    [
        (None, {}),
        ("talk.not_a_child", {"is_child": False}),
        ("talk.no_birth_date", {"born_on": None}),
        ("talk.not_that_far", {"request_stage": Stage.NEW}),
        ("talk.not_that_far", {"request_stage": Stage.DONE}),
        (None, {"request_stage": Stage.MATCH}),
        ("talk.own_family", {"own_family": True}),
        ("talk.already_open", {"already_open": True}),
        ("talk.already_helps", {"already_helps": True}),
        ("talk.full", {"room": 0}),
    ],
)
def test_why_no_talk(code: str | None, changed: dict[str, object]) -> None:
    facts: dict[str, object] = {
        "is_child": True,
        "born_on": date(2013, 1, 1),
        "room": 1,
        "already_open": False,
        "already_helps": False,
        "own_family": False,
        "request_stage": Stage.TENT,
    }
    no = rules.why_no_talk(**(facts | changed))  # type: ignore[arg-type]
    assert (no.code if no else None) == code


@pytest.mark.parametrize(
    ("code", "made", "stage"),
    [
        (None, table(13, said={NOOR: True, MARK: False}), "open"),
        (None, table(13, said={NOOR: True}), "open"),
        ("exception.closed", table(13, said={NOOR: True}), "matched"),
        ("exception.age", table(8, said={NOOR: True}), "open"),
        ("exception.age", table(16, said={NOOR: True}), "open"),
        ("exception.there", table(13, said={NOOR: True}, exception=Exception12.SERIOUS_HARM), "open"),
        ("exception.youth_first", table(13), "open"),
        ("exception.youth_first", table(13, said={NOOR: False}), "open"),
        ("exception.not_needed", table(13, said=everyone()), "open"),
    ],
)
def test_why_no_exception(code: str | None, made: Table, stage: str) -> None:
    no = rules.why_no_exception(made, stage=stage, on=ON)
    assert (no.code if no else None) == code


@pytest.mark.parametrize(
    ("code", "age", "me", "stage"),
    [
        (None, 13, NOOR, "open"),
        (None, 13, MARK, "open"),
        (None, 8, ELLEN, "open"),
        ("answer.not_needed", 8, NOOR, "open"),
        ("answer.not_needed", 16, SANNE, "open"),
        ("answer.not_needed", 13, None, "open"),
        ("answer.matched", 13, NOOR, "matched"),
        ("answer.closed", 13, NOOR, "no_click"),
    ],
)
def test_why_no_answer(code: str | None, age: int, me: Person | None, stage: str) -> None:
    no = rules.why_no_answer(table(age), me, stage=stage, on=ON)
    assert (no.code if no else None) == code


def test_a_needed_no_refuses_and_silence_waits() -> None:
    assert rules.stands(table(said=everyone()), ON) is Standing.AGREED
    for person in everyone():
        said = everyone()
        said[person] = False
        assert rules.stands(table(said=said), ON) is Standing.REFUSED
        del said[person]
        assert rules.stands(table(said=said), ON) is Standing.WAITING


def test_room_is_never_negative() -> None:
    assert [rules.room_left(2, taken) for taken in (0, 1, 2, 3)] == [2, 1, 0, 0]


def test_the_code_that_was_chosen_last_is_preselected() -> None:
    one, two = UUID(int=1), UUID(int=2)
    assert rules.sensible([one, two], two) == two
    assert rules.sensible([one, two], UUID(int=3)) == one
    assert rules.sensible([], None) is None
