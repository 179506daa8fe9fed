"""How a tent goes: people are asked, the family says who is welcome, they meet, a page remains."""

from __future__ import annotations

from collections.abc import Generator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from hendig.demo.steps import Case
from hendig.demo.timeline import Story
from hendig.demo.town import Town
from hendig.kernel.periods import local_day
from hendig.tents import actions as tents
from hendig.tents.models import Hearer, OwnPlan, Phase, PieceKind, PreparedKind, Sign, View

# In which phase of the talk something of this kind is written down.
PHASE_OF = {
    PieceKind.QUESTION: Phase.LISTEN,
    PieceKind.FACTOR: Phase.UNDERSTAND,
    PieceKind.TRIED: Phase.UNDERSTAND,
    PieceKind.GOES_WELL: Phase.GOES_WELL,
    PieceKind.DIRECTION: Phase.DIRECTIONS,
    PieceKind.AGREEMENT: Phase.AGREE,
}
Q, F, T = PieceKind.QUESTION, PieceKind.FACTOR, PieceKind.TRIED
G, D, A = PieceKind.GOES_WELL, PieceKind.DIRECTION, PieceKind.AGREEMENT


@dataclass(frozen=True, slots=True)
class Note:
    """Something that was said, by whom; a factor may lead to an earlier note, a direction has its circle.

    A direction and an agreement say who does it, what for, and within how many days.
    """

    kind: PieceKind
    voice: str
    text: str
    circle: str = ""
    leads_to: int | None = None
    place: str = ""
    outcome: str = ""
    who: str = ""
    result: str = ""
    within: int = 0


@dataclass(frozen=True, slots=True)
class Join:
    """Somebody says that the one note works on the other, by their numbers."""

    voice: str
    cause: int
    effect: int
    sign: Sign
    both_ways: bool = False


@dataclass(frozen=True, slots=True)
class Thinks:
    """How somebody sees a note, by its number, or the line from it to another."""

    voice: str
    about: int
    view: View
    text: str = ""
    effect: int | None = None


Drawing = Sequence[Join | Thinks]


@dataclass(frozen=True, slots=True)
class Guest:
    """Who is asked for which expertise, and what became of it: welcome, free, busy, refused or only asked."""

    professional: str
    expertise: str
    became: str = "welcome"


@dataclass(frozen=True, slots=True)
class Tent:
    """A tent as it was planned: who was asked, and where it was."""

    guests: Sequence[Guest]
    place: str = ""
    video_link: str = ""
    # The tent that comes back in which it has a place.
    recurring: str = ""

    @property
    def chair(self) -> str:
        return next(guest.professional for guest in self.guests if guest.became == "welcome")


def prepare(
    town: Town, case: Case, days: int, brought: Sequence[tuple[PreparedKind, str]]
) -> Generator[datetime, None, None]:
    """Who asked writes down at home what to bring, and says that the plan is made together."""
    yield town.on(days, "20:40", weekend=True)
    asker = town.actor(case.chooses)
    for kind, text in brought:
        tents.write_note(actor=asker, request_id=case.request_id, kind=kind, text=text, at=town.at)
    tents.choose_own_plan(actor=asker, request_id=case.request_id, choice=OwnPlan.TOGETHER, at=town.at)


def told(town: Town, case: Case, days: int, expertise: str, text: str, *said: tuple[str, str, bool]) -> Story:
    """A question is told without a name once the family read it; who heard it answers the day after."""
    yield town.on(days, "09:50")
    question = tents.write_nameless(
        actor=town.actor(case.coach),
        request_id=case.request_id,
        expertise_id=town.expertises[expertise],
        text=text,
        at=town.at,
    )
    yield town.on(days, "20:15", weekend=True)
    tents.allow_nameless(actor=town.actor(case.chooses), question_id=question.pk, at=town.at)
    heard = Hearer.objects.filter(told__question=question)
    keys = {str(professional): pk for professional, pk in heard.values_list("professional_id", "pk")}
    yield town.on(days + 1, "12:35")
    for who, words, can_come in said:
        tents.answer_nameless(
            actor=town.actor(who),
            hearer_id=keys[str(town.professionals[who])],
            words=words,
            can_come=can_come,
            at=town.at,
        )


def call(
    town: Town, case: Case, tent: Tent, days: int, starts_at: datetime
) -> Generator[datetime, None, UUID]:
    """The tent is called that many days from today; within days people answer and the family chooses."""
    yield town.on(days, "10:20")
    called = tents.call_tent(
        actor=town.actor(case.coach),
        request_id=case.request_id,
        starts_at=starts_at,
        expertise_ids=list(
            {guest.expertise: town.expertises[guest.expertise] for guest in tent.guests}.values()
        ),
        professional_ids=[town.professionals[guest.professional] for guest in tent.guests],
        place=tent.place,
        video_link=tent.video_link,
        recurring_id=town.recurring.get(tent.recurring),
        at=town.at,
    )
    seats = {
        str(professional): key for professional, key in called.seats.values_list("professional_id", "pk")
    }
    for guest in tent.guests:
        seat_id = seats[str(town.professionals[guest.professional])]
        if guest.became != "asked":
            town.begin(_answer(town, case, guest, seat_id, days))
    return called.pk


def _answer(town: Town, case: Case, guest: Guest, seat_id: UUID, days: int) -> Story:
    minute = 10 + town.chance(f"{case.asker} {guest.professional}").randrange(45)
    yield town.on(days + 1, f"08:{minute}")
    tents.answer_seat(
        actor=town.actor(guest.professional), seat_id=seat_id, can=guest.became != "busy", at=town.at
    )
    if guest.became in {"free", "busy"}:
        return
    yield town.on(days + 2, f"19:{minute}", weekend=True)
    choose = tents.welcome_guest if guest.became == "welcome" else tents.refuse_guest
    choose(actor=town.actor(case.chooses), seat_id=seat_id, at=town.at)


def meet(
    town: Town,
    case: Case,
    tent_id: UUID,
    tent: Tent,
    starts_at: datetime,
    notes: Sequence[Note],
    drawing: Drawing = (),
) -> Generator[datetime, None, None]:
    """The talk, from arriving until what was written last; they draw together before they look for ways."""
    yield starts_at
    tents.begin(
        actor=town.actor(case.coach),
        tent_id=tent_id,
        chair_account_id=town.accounts[tent.chair],
        at=town.at,
    )
    chair = town.actor(tent.chair)
    phase = Phase.ARRIVE
    written: list[UUID] = []
    for note in notes:
        yield town.at + timedelta(minutes=5)
        if drawing and PHASE_OF[note.kind] == Phase.DIRECTIONS != phase:
            yield from _draw(town, case, tent_id, written, drawing)
        if note.kind in {D, A} and phase not in {Phase.DIRECTIONS, Phase.AGREE}:
            tents.say_understood(
                actor=town.actor(case.coach),
                tent_id=tent_id,
                yes=True,
                member_id=case.members[notes[0].voice],
                at=town.at,
            )
        if PHASE_OF[note.kind] != phase:
            phase = PHASE_OF[note.kind]
            tents.set_phase(actor=chair, tent_id=tent_id, phase=phase, at=town.at)
        piece = tents.write_piece(
            actor=town.actor(case.coach),
            tent_id=tent_id,
            kind=note.kind,
            text=note.text,
            circle=note.circle,
            leads_to_id=None if note.leads_to is None else written[note.leads_to],
            voice_of=_speaker(town, case, note.voice),
            place=note.place,
            outcome=note.outcome,
            who=note.who,
            result=note.result,
            by_on=local_day(town.at) + timedelta(days=note.within) if note.within else None,
            at=town.at,
        )
        written.append(piece.pk)


def _speaker(town: Town, case: Case, voice: str) -> UUID:
    return case.members.get(voice) or town.accounts[voice]


def _draw(
    town: Town, case: Case, tent_id: UUID, written: Sequence[UUID], drawing: Drawing
) -> Generator[datetime, None, None]:
    """Step by step, in the voice of who said it."""
    for step in drawing:
        yield town.at + timedelta(minutes=1)
        actor, voice_of = town.actor(case.coach), _speaker(town, case, step.voice)
        if isinstance(step, Join):
            tents.link(
                tent_id=tent_id,
                cause_id=written[step.cause],
                effect_id=written[step.effect],
                sign=step.sign,
                both_ways=step.both_ways,
                actor=actor,
                voice_of=voice_of,
                at=town.at,
            )
        else:
            tents.remark(
                piece_id=written[step.about],
                effect_id=written[step.effect] if step.effect is not None else None,
                view=step.view,
                text=step.text,
                actor=actor,
                voice_of=voice_of,
                at=town.at,
            )


def round_off(town: Town, tent_id: UUID, tent: Tent) -> Generator[datetime, None, None]:
    """The chair lets everyone look back and rounds off; the page is drafted."""
    yield town.at + timedelta(minutes=6)
    chair = town.actor(tent.chair)
    tents.set_phase(actor=chair, tent_id=tent_id, phase=Phase.LOOK_BACK, at=town.at)
    yield town.at + timedelta(minutes=8)
    tents.close(actor=chair, tent_id=tent_id, at=town.at)


def look_back(town: Town, case: Case, tent_id: UUID, tent: Tent) -> None:
    """Who leads and who chooses for the family say whether they felt heard."""
    for who, yes, words in ((case.chooses, True, "Ik kon alles zeggen."), (tent.chair, True, "")):
        tents.say_heard(actor=town.actor(who), tent_id=tent_id, yes=yes, words=words, at=town.at)


def held(
    town: Town,
    case: Case,
    tent: Tent,
    days: int,
    clock: str,
    notes: Sequence[Note],
    *,
    agrees: str | None,
    drawing: Drawing = (),
) -> Generator[datetime, None, UUID]:
    """A whole tent on that day, called nine days before; two days later `agrees` agreed, if anyone."""
    starts_at = town.on(days, clock)
    tent_id = yield from call(town, case, tent, days - 9, starts_at)
    yield from meet(town, case, tent_id, tent, starts_at, notes, drawing)
    yield from round_off(town, tent_id, tent)
    look_back(town, case, tent_id, tent)
    if agrees is not None:
        yield town.on(days + 2, "19:25", weekend=True)
        tents.agree_page(actor=town.actor(agrees), tent_id=tent_id, edition=1, at=town.at)
    return tent_id


def anew(
    town: Town, tent_id: UUID, who: str, days: int, line: str, *, agreed: bool
) -> Generator[datetime, None, None]:
    """Somebody of the family writes a line more in a later version of the page, and perhaps agrees."""
    actor = town.actor(who)
    yield town.on(days, "20:05", weekend=True)
    page = tents.begin_later_page(actor=actor, tent_id=tent_id, at=town.at)
    yield town.at + timedelta(minutes=7)
    tents.amend_page(
        actor=actor,
        tent_id=tent_id,
        edition=page.edition,
        question=str(page.question),
        understanding=str(page.understanding),
        goes_well=str(page.goes_well),
        agreements=f"{page.agreements}\n{line}",
        people=str(page.people),
        until_on=page.until_on,
        at=town.at,
    )
    if agreed:
        yield town.at + timedelta(minutes=2)
        tents.agree_page(actor=actor, tent_id=tent_id, edition=page.edition + 1, at=town.at)


def raise_hand(town: Town, tent_id: UUID, who: str) -> None:
    """Somebody wants to say something."""
    tents.raise_hand(actor=town.actor(who), tent_id=tent_id, at=town.at)


def cancel(town: Town, tent_id: UUID, who: str, days: int) -> Generator[datetime, None, None]:
    """Somebody of the family or the coach calls it off."""
    yield town.on(days, "08:05")
    tents.cancel_tent(actor=town.actor(who), tent_id=tent_id, at=town.at)
