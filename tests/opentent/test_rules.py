"""Why not, and in which order."""

from datetime import UTC, datetime, timedelta
from itertools import permutations
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hendig.opentent import rules
from hendig.opentent.models import MOVES, PostKind, ResponseStage
from hendig.opentent.rules import Candidate, Ring

AT = datetime(2026, 11, 2, 9, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("Noor durft niet alleen", "opentent.name"),
        ("Wij wonen Kerkstraat 12", "opentent.address"),
        ("Bel 06-12345678", "opentent.phone"),
        ("Mail sanne@gezin.example", "opentent.email"),
    ],
)
def test_what_tells_who_asks_is_refused(text: str, code: str) -> None:
    refusal = rules.why_names_are_in(text, ["Noor"])

    assert refusal is not None
    assert refusal.code == code


def test_the_refusal_says_which_word_it_was() -> None:
    refusal = rules.why_names_are_in("Met NÓÓR mee", ["Noor"])

    assert refusal is not None
    assert "NÓÓR" in str(refusal.message)


def test_a_question_without_names_may_be_asked() -> None:
    assert (
        rules.why_names_are_in("Een meisje van 13 zoekt een maatje in Panningen.", ["Noor", "van den Berg"])
        is None
    )


@pytest.mark.parametrize(
    ("own", "answered", "left"), [(o, a, n) for o in (0, 1) for a in (0, 1) for n in (None, 0, 1)]
)
def test_everyone_else_may_answer_once_while_there_is_place(
    own: int, answered: int, left: int | None
) -> None:
    refusal = rules.why_no_response(own=bool(own), answered=bool(answered), places_left=left)

    assert (refusal is None) == (not own and not answered and left != 0)


@pytest.mark.parametrize("stage", ResponseStage)
@pytest.mark.parametrize("to", ResponseStage)
def test_an_answer_moves_by_the_table_only(stage: ResponseStage, to: ResponseStage) -> None:
    if to is ResponseStage.OFFERED:
        return
    assert (rules.why_no_move(stage, to) is None) == (to in MOVES[stage])


def test_contact_needs_both_yeses() -> None:
    assert {stage for stage in ResponseStage if ResponseStage.CONNECTED in MOVES[stage]} == {
        ResponseStage.ACCEPTED
    }


def test_a_yes_needs_a_free_place() -> None:
    refusal = rules.why_no_move(ResponseStage.OFFERED, ResponseStage.ACCEPTED, places_left=0)

    assert refusal is not None
    assert refusal.code == "opentent.full"


@pytest.mark.parametrize(
    ("kind", "until", "code"),
    [
        (PostKind.QUESTION, None, "opentent.not_an_offer"),
        (PostKind.OFFER, AT, "opentent.past"),
        (PostKind.OFFER, AT + timedelta(days=1), None),
        (PostKind.INITIATIVE, None, None),
    ],
)
def test_an_offer_is_no_question_and_not_past(kind: str, until: datetime | None, code: str | None) -> None:
    refusal = rules.why_no_offer(kind=kind, text="Samen koken", until=until, at=AT)

    assert (refusal.code if refusal else None) == code


def candidate(number: int, ring: Ring, *, minutes: int = 0, distance: int = 0, near: str = "") -> Candidate:
    at = AT + timedelta(minutes=minutes)
    return Candidate(UUID(int=number), ring, at, distance=distance, near=near, initiative="Samen koken")


def test_own_circle_first_then_neighbours_then_initiatives_then_professionals() -> None:
    asked = [
        candidate(1, Ring.OWN_CIRCLE, distance=1, minutes=9),
        candidate(2, Ring.OWN_CIRCLE, distance=3),
        candidate(3, Ring.NEIGHBOUR, near="Panningen", minutes=9),
        candidate(4, Ring.NEIGHBOUR, minutes=1),
        candidate(5, Ring.NEIGHBOUR, minutes=2),
        candidate(6, Ring.INITIATIVE),
        candidate(7, Ring.PROFESSIONAL),
    ]
    for order in list(permutations(asked))[::97]:
        assert [one.key.int for one in rules.rank(order)] == [1, 2, 3, 4, 5, 6, 7]


CANDIDATES = st.builds(
    lambda number, ring, minutes, distance, near: candidate(
        number, ring, minutes=minutes, distance=distance if ring is Ring.OWN_CIRCLE else 0, near=near
    ),
    st.integers(0, 2**64),
    st.sampled_from(Ring),
    st.integers(0, 5),
    st.integers(1, 3),
    st.sampled_from(["", "Panningen"]),
)


@given(st.lists(CANDIDATES, unique_by=lambda one: one.key), st.randoms())
def test_nobody_is_lost_and_the_order_does_not_depend_on_how_it_was_given(
    asked: list[Candidate], chance: object
) -> None:
    shuffled = list(asked)
    chance.shuffle(shuffled)  # type: ignore[attr-defined]
    placed = rules.rank(asked)

    assert placed == rules.rank(shuffled)
    assert {one.key for one in placed} == {one.key for one in asked}
    assert [one.ring for one in placed] == sorted(one.ring for one in asked)
    assert all(str(one.why).endswith(".") for one in placed)
