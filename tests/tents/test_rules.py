"""Why not, without a database: phases, solutions, and who is asked."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from functools import partial
from uuid import UUID, uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hendig.families.models import Part
from hendig.helprequests.models import WaitingOn
from hendig.kernel.refusal import Refusal
from hendig.tents import rules
from hendig.tents.models import (
    Influence,
    Page,
    PageStage,
    Phase,
    Piece,
    PieceKind,
    Remark,
    Seat,
    SeatStage,
    Tent,
    TentStage,
)
from hendig.tents.rules import page as page_rules
from hendig.tents.rules import words

CHAIR, COACH, OTHER = UUID(int=1), UUID(int=2), UUID(int=3)
START = datetime(2026, 11, 5, 14, 30, tzinfo=UTC)


def code(refusal: Refusal | None) -> str | None:
    return refusal.code if refusal else None


def in_meeting(phase: Phase, chair: UUID | None = CHAIR) -> Tent:
    return Tent(stage=TentStage.MEETING, phase=phase, chair_id=chair)


@pytest.mark.parametrize("phase", [Phase.LISTEN, Phase.UNDERSTAND, Phase.GOES_WELL])
@pytest.mark.parametrize("kind", [PieceKind.DIRECTION, PieceKind.AGREEMENT])
def test_there_are_no_solutions_before_the_phase_of_directions(phase: Phase, kind: PieceKind) -> None:
    assert (
        code(rules.why_not_write(in_meeting(phase), kind, circle="own", factors=3, understood=True))
        == "tent.no_solutions_yet"
    )


@pytest.mark.parametrize("phase", [Phase.DIRECTIONS, Phase.AGREE, Phase.LOOK_BACK])
def test_there_are_no_solutions_before_something_is_understood(phase: Phase) -> None:
    tent = in_meeting(phase)
    assert (
        code(rules.why_not_write(tent, PieceKind.DIRECTION, circle="own", factors=0, understood=True))
        == "tent.understand_first"
    )
    assert rules.why_not_write(tent, PieceKind.DIRECTION, circle="own", factors=1, understood=True) is None


def test_a_direction_says_where_it_looks_for_help() -> None:
    tent = in_meeting(Phase.DIRECTIONS)
    assert (
        code(rules.why_not_write(tent, PieceKind.DIRECTION, circle="moon", factors=1, understood=True))
        == "piece.no_circle"
    )


def test_only_what_plays_a_part_hangs_together() -> None:
    tent, factor, well = in_meeting(Phase.AGREE), Piece(kind="factor"), Piece(kind="goes_well")
    assert rules.why_not_write(tent, PieceKind.FACTOR, effect=factor, factors=1, understood=True) is None
    assert (
        code(rules.why_not_write(tent, PieceKind.FACTOR, effect=well, factors=1, understood=True))
        == "piece.no_factor"
    )
    assert (
        code(rules.why_not_write(tent, PieceKind.TRIED, effect=factor, factors=1, understood=True))
        == "piece.no_factor"
    )


@pytest.mark.parametrize(
    ("chair", "part", "account", "expected"),
    [
        (CHAIR, Part.GUEST, CHAIR, None),
        (CHAIR, Part.GUEST, OTHER, "tent.not_the_chair"),
        (CHAIR, Part.COACH, COACH, "tent.not_the_chair"),
        (CHAIR, Part.FAMILY, OTHER, "tent.not_the_chair"),
        (None, Part.COACH, COACH, None),
        (None, Part.GUEST, OTHER, "tent.coach_leads"),
        (None, Part.FAMILY, OTHER, "tent.coach_leads"),
    ],
)
def test_the_chair_moves_the_phases_and_without_a_chair_the_coach(
    chair: UUID | None, part: Part, account: UUID, expected: str | None
) -> None:
    tent = in_meeting(Phase.LISTEN, chair)
    assert (
        code(
            rules.why_not_phase(
                tent, Phase.UNDERSTAND, part=part, account=account, factors=0, understood=True
            )
        )
        == expected
    )


def test_the_talk_goes_on_to_directions_only_with_something_understood() -> None:
    tent = in_meeting(Phase.GOES_WELL)
    assert (
        code(
            rules.why_not_phase(
                tent, Phase.DIRECTIONS, part=Part.GUEST, account=CHAIR, factors=0, understood=True
            )
        )
        == "tent.understand_first"
    )
    assert (
        rules.why_not_phase(
            tent, Phase.DIRECTIONS, part=Part.GUEST, account=CHAIR, factors=1, understood=True
        )
        is None
    )
    assert (
        rules.why_not_phase(
            in_meeting(Phase.AGREE), Phase.LISTEN, part=Part.GUEST, account=CHAIR, factors=0, understood=True
        )
        is None
    )


def why_not_begin(tent: Tent, *, part: str = Part.COACH, chair: UUID | None = None) -> str | None:
    """At the moment of the tent itself, where one other is a guest."""
    tent.starts_at = START
    return code(rules.why_not_begin(tent, part=part, guests=[OTHER], chair=chair, at=START))


def test_the_coach_does_not_chair_and_neither_does_the_family() -> None:
    tent = Tent(stage=TentStage.PLANNED)
    assert why_not_begin(tent, chair=COACH) == "tent.chair_is_no_guest"
    assert why_not_begin(tent, chair=OTHER) is None
    assert why_not_begin(tent, part=Part.FAMILY) == "tent.family_does_not_lead"


def test_a_tent_begins_once_and_not_before_somebody_is_welcome() -> None:
    expected = {
        TentStage.CALLING: "tent.nobody_welcome",
        TentStage.PLANNED: None,
        TentStage.MEETING: "tent.begun",
        TentStage.CLOSED: "tent.begun",
        TentStage.CANCELLED: "tent.begun",
    }
    for stage, why in expected.items():
        assert why_not_begin(Tent(stage=stage)) == why


@pytest.mark.parametrize(
    ("before", "why"),
    [
        (timedelta(days=3), "tent.too_early_to_begin"),
        (timedelta(hours=1, seconds=1), "tent.too_early_to_begin"),
        (timedelta(hours=1), None),
        (timedelta(0), None),
        (timedelta(days=-2), None),
    ],
)
@pytest.mark.parametrize("part", [Part.COACH, Part.GUEST])
def test_a_talk_begins_from_an_hour_before_its_time(before: timedelta, why: str | None, part: str) -> None:
    tent = Tent(stage=TentStage.PLANNED, starts_at=START)
    assert code(rules.why_not_begin(tent, part=part, guests=[OTHER], at=START - before)) == why


@pytest.mark.parametrize(
    ("stage", "part", "pieces", "why"),
    [
        (TentStage.MEETING, Part.COACH, 0, None),
        (TentStage.MEETING, Part.GUEST, 0, None),
        (TentStage.MEETING, Part.FAMILY, 0, "tent.family_does_not_lead"),
        (TentStage.MEETING, Part.CONFIDANT, 0, "tent.family_does_not_lead"),
        (TentStage.MEETING, Part.COACH, 1, "tent.something_said"),
        (TentStage.PLANNED, Part.COACH, 0, "tent.not_meeting"),
        (TentStage.CLOSED, Part.COACH, 0, "tent.not_meeting"),
    ],
)
def test_a_beginning_is_undone_while_nothing_lies_on_the_table(
    stage: TentStage, part: str, pieces: int, why: str | None
) -> None:
    assert code(rules.why_not_undo_begin(Tent(stage=stage), part=part, pieces=pieces)) == why


@pytest.mark.parametrize("phase", list(Phase))
def test_who_leads_lets_the_talk_stop_in_any_phase_when_that_is_meant(phase: Phase) -> None:
    tent, agreed = in_meeting(phase), phase in {Phase.AGREE, Phase.LOOK_BACK}
    by_chair = partial(rules.why_not_close, tent, part=Part.GUEST, account=CHAIR)
    assert code(by_chair()) == (None if agreed else "tent.agree_first")
    assert by_chair(stops_here=True) is None
    for part, account in ((Part.GUEST, OTHER), (Part.FAMILY, OTHER), (Part.COACH, COACH)):
        no = rules.why_not_close(tent, part=part, account=account, stops_here=True)
        assert code(no) == "tent.not_the_chair"


@pytest.mark.parametrize(
    ("stage", "seats", "on"),
    [
        (TentStage.CALLING, ["asked", "busy"], WaitingOn.PROFESSIONAL),
        (TentStage.CALLING, ["asked", "free"], WaitingOn.FAMILY),
        (TentStage.PLANNED, ["welcome", "free", "asked"], WaitingOn.TENT),
        (TentStage.CALLING, ["busy", "refused"], WaitingOn.COACH),
        (TentStage.CLOSED, ["welcome"], WaitingOn.FAMILY),
        (TentStage.CANCELLED, ["welcome"], WaitingOn.COACH),
    ],
)
def test_the_question_waits_on_whoever_is_to_act(stage: TentStage, seats: list[str], on: WaitingOn) -> None:
    assert rules.waits_on(Tent(stage=stage), seats) == on


@pytest.mark.parametrize("stage", list(SeatStage))
@pytest.mark.parametrize("part", [Part.COACH, Part.GUEST, Part.PROFESSIONAL, Part.CONFIDANT, ""])
def test_nobody_but_the_family_chooses_its_guests(stage: SeatStage, part: str) -> None:
    tent, seat = Tent(stage=TentStage.CALLING), Seat(stage=stage)
    assert code(rules.why_not_welcome(tent, seat, part=part, again=True)) == "seat.family_chooses"
    assert code(rules.why_not_refuse(seat, part=part)) == "seat.family_chooses"


def test_a_no_of_the_family_is_only_taken_back_knowingly() -> None:
    tent, seat = Tent(stage=TentStage.PLANNED), Seat(stage=SeatStage.REFUSED)
    assert code(rules.why_not_welcome(tent, seat, part=Part.FAMILY)) == "seat.refused_meanwhile"
    assert rules.why_not_welcome(tent, seat, part=Part.FAMILY, again=True) is None


def test_an_agreed_page_is_changed_by_nobody() -> None:
    page = Page(stage=PageStage.AGREED, edition=4)
    for part in Part:
        assert page_rules.why_not_amend(page, part=part, edition=4) is not None
        assert page_rules.why_not_agree(page, part=part, decides=True, edition=4) is not None


ids = st.uuids()


@given(st.dictionaries(ids, st.lists(ids, min_size=1, max_size=5, unique=True), max_size=6), st.data())
def test_who_was_picked_is_asked_once_and_nobody_else(
    able: dict[UUID, list[UUID]], data: st.DataObject
) -> None:
    picked = {data.draw(st.sampled_from(people)) for people in able.values()}
    asked = rules.whom_to_ask(able, picked)
    assert not isinstance(asked, Refusal)
    assert asked.keys() == picked
    assert all(person in able[expertise] for person, expertise in asked.items())


def test_nobody_is_chosen_by_the_system() -> None:
    first, second = uuid4(), uuid4()
    fear, divorce = uuid4(), uuid4()
    refusal = rules.whom_to_ask({fear: [first], divorce: [second]}, [first])
    assert isinstance(refusal, Refusal)
    assert refusal.code == "tent.nobody_picked"
    assert rules.whom_to_ask({fear: [first, second], divorce: [second]}, [second]) == {second: fear}


def test_somebody_without_the_expertise_is_not_asked() -> None:
    refusal = rules.whom_to_ask({uuid4(): [uuid4()]}, [uuid4()])
    assert isinstance(refusal, Refusal)
    assert refusal.code == "tent.not_the_expertise"


def test_an_expertise_that_nobody_has_is_refused_in_words() -> None:
    refusal = rules.whom_to_ask({uuid4(): []}, [])
    assert isinstance(refusal, Refusal)
    assert refusal.code == "tent.nobody_can"


def test_every_phase_has_words_for_the_table() -> None:
    assert set(words.PROMPTS) == set(Phase) == set(rules.KINDS)
    assert all(str(words.PROMPTS[phase].ask) for phase, kinds in rules.KINDS.items() if kinds)


def test_the_page_is_drafted_in_the_words_of_the_table() -> None:
    tired, noisy = (Piece(kind="factor", text=text) for text in ("Noor slaapt slecht.", "Er is vaak ruzie"))
    swims = Piece(kind="goes_well", text="Noor zwemt elke zaterdag")
    pieces = [
        tired,
        noisy,
        swims,
        Piece(kind="goes_well", text="Oma is dichtbij"),
        Piece(kind="tried", text="een nachtlampje", outcome="partly"),
        Piece(kind="tried", text="een dagboek"),
        Piece(kind="direction", text="Anouk praat met Noor", circle="professional", became="talk"),
        Piece(
            kind="direction",
            text="Oma helpt",
            circle="own",
            who="oma Riet",
            result="een vrije dag.",
            by_on=date(2026, 12, 4),
        ),
        Piece(kind="direction", text="Samen koken\nin de wijk!", circle="community"),
        Piece(kind="agreement", text="Mark belt school"),
        Piece(kind="agreement", text="Bellen met oma", who="Sanne", by_on=date(2026, 12, 1)),
    ]
    lines = [
        Influence(cause=noisy, effect=tired, sign="worse"),
        Influence(cause=swims, effect=tired, sign="softens"),
    ]
    remarks = [Remark(piece=noisy, view="first", voice="Noor", text="dan slaap ik weer")]
    page = words.draft("Ze wil niet naar school.", pieces, lines, remarks, ["Sanne"])
    assert page.question == "Ze wil niet naar school."
    assert page.understanding.splitlines() == [
        "Noor slaapt slecht.",
        "Er is vaak ruzie. Dat maakt erger: Noor slaapt slecht.",
        "Noor zwemt elke zaterdag. Dat maakt lichter: Noor slaapt slecht.",
        "Geprobeerd: een nachtlampje. Dat hielp een beetje.",
        "Geprobeerd: een dagboek.",
        "Daarom eerst: Er is vaak ruzie. Noor zegt waarom: dan slaap ik weer.",
    ]
    assert page.goes_well.splitlines() == ["Noor zwemt elke zaterdag", "Oma is dichtbij"]
    assert page.agreements.splitlines() == [
        "Mark belt school. Nog af te spreken: wie dit doet en tot wanneer.",
        "Bellen met oma. Wie: Sanne. Wanneer: 1 december 2026.",
        "Eigen kring: Oma helpt. Wie: oma Riet. Wat het oplevert: een vrije dag. Wanneer: 4 december 2026.",
        "Buurt: Samen koken in de wijk! Nog af te spreken: wie dit doet, wat het oplevert en tot wanneer.",
        "Beroepskracht: Anouk praat met Noor. Dit werd een matchgesprek.",
    ]
    assert page.people == "Sanne"
