"""Who speaks when, and since when: the family first and last, the child before and after all."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TypeVar
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from hendig.families.models import FamilyMember, MemberKind, Part
from hendig.kernel.refusal import Refusal
from hendig.tents.models import (
    Gesture,
    GestureKind,
    PageStage,
    PageText,
    Piece,
    PieceKind,
    Talk,
    Tent,
    TentStage,
)
from hendig.tents.rules import SOLUTIONS, why_no_solutions, why_not_lead

T = TypeVar("T")
# Who opened the screen so shortly before the talk began came for it.
CAME_BEFORE = timedelta(minutes=15)


def round_of(family: Sequence[T], others: Sequence[T]) -> tuple[T, ...]:
    """In which order they speak; `family` begins with the child, who so has the last word as well."""
    return (*family, *others, *reversed(family))


@dataclass(frozen=True, slots=True)
class Lasted:
    """How long something goes on, in whole seconds of this house: no device's clock is asked."""

    seconds: int

    @property
    def minutes(self) -> int:
        return self.seconds // 60


def lasted(since: datetime | None, at: datetime) -> Lasted | None:
    """Never less than nothing, whatever was written down first."""
    return None if since is None else Lasted(max(0, int((at - since).total_seconds())))


def listens_for(tent: Tent, at: datetime, *, last: datetime | None = None) -> int:
    """For how many more seconds who only listens counts as there: as long as the tent was to last.

    None outside the talk, and for who touched nothing since `last`, well before it began.
    """
    talk: Talk | None = getattr(tent, "talk", None)
    if talk is None or tent.stage != TentStage.MEETING or (last and last < talk.began_at - CAME_BEFORE):
        return 0
    over = max(talk.began_at, tent.starts_at) + timedelta(minutes=tent.minutes)
    return max(0, int((over - at).total_seconds()))


def why_no_hand(tent: Tent, *, up: bool) -> Refusal | None:
    """Why this person cannot raise a hand now."""
    if tent.stage != TentStage.MEETING:
        return Refusal("tent.not_meeting", _("Dit gesprek is nu niet bezig."))
    if up:
        return Refusal("hand.up", _("Uw hand is al omhoog. Wie het gesprek leidt, ziet het."))
    return None


def why_not_lower(tent: Tent, hand: Gesture, *, part: str, account: UUID | None) -> Refusal | None:
    """One's own hand goes down at any time; somebody else's by who leads."""
    if hand.account_id == account or why_not_lead(tent, part=part, account=account) is None:
        return None
    return Refusal("hand.not_yours", _("Wie de hand opstak en wie het gesprek leidt, doen die weer omlaag."))


def why_no_turn(tent: Tent, *, part: str, account: UUID | None, turn: int) -> Refusal | None:
    """Why the floor cannot be given: only who leads does, and nobody has to take it."""
    if refusal := why_not_lead(tent, part=part, account=account):
        return refusal
    if turn < 0:
        return Refusal("turn.nobody", _("Die plek is er niet. Kijk wie er nu aan het woord is."))
    return None


# --- understanding ---


@dataclass(frozen=True, slots=True)
class Grasp:
    """How far it is understood together: what was named, and whether the family says that it is so."""

    factors: int
    understood: bool

    def why_no_solutions(self, phase: str) -> Refusal | None:
        return why_no_solutions(phase, factors=self.factors, understood=self.understood)


def grasp(pieces: Iterable[Piece], gestures: Iterable[Gesture]) -> Grasp:
    """Of what lies on the table and what the family said about it.

    Somebody of the family says yes, later than any "not yet". A "not yet" is answered by something that was
    put on the table after it: nobody is overheard, and nobody alone keeps a family from going on.
    """
    said = [piece for piece in pieces if piece.kind not in SOLUTIONS]
    answered = max((piece.at for piece in said), default=None)
    gestures = [gesture for gesture in gestures if gesture.kind == GestureKind.UNDERSTOOD]
    yes = max((gesture.at for gesture in gestures if gesture.yes), default=None)
    no = max((gesture.at for gesture in gestures if not gesture.yes), default=None)
    open_still = no is not None and (answered is None or answered <= no)
    return Grasp(
        factors=sum(piece.kind == PieceKind.FACTOR for piece in said),
        understood=yes is not None and not open_still and (no is None or no < yes),
    )


def why_not_say_understood(
    tent: Tent, *, member: FamilyMember | None, notes: bool, factors: int, yes: bool, words: str
) -> Refusal | None:
    """Why nobody says now whether it is understood so. `notes` is who may write down what another says."""
    if tent.stage != TentStage.MEETING:
        return Refusal("tent.not_meeting", _("Dit gesprek is nu niet bezig."))
    if factors == 0:
        return Refusal("understood.nothing_yet", _("Schrijf eerst samen op wat er speelt."))
    if member is None or member.kind == MemberKind.CONFIDANT or not notes:
        return Refusal("understood.family_says", _("Het gezin zegt zelf of we het zo goed begrijpen."))
    if not yes and not words.strip():
        return Refusal(
            "understood.say_what", _("Schrijf erbij wat er nog mist of anders is. Eén zin is genoeg.")
        )
    return None


def may_note(tent: Tent, *, part: str, account: UUID | None, own: bool) -> bool:
    """Of oneself always; of another who leads, and the coach: it is said aloud, and all see it written."""
    return own or part == Part.COACH or why_not_lead(tent, part=part, account=account) is None


# --- who is there ---


def why_not_say_there(
    tent: Tent, page: PageText | None, *, there: bool, part: str, account: UUID | None, own: bool
) -> Refusal | None:
    """Why this one does not say now of somebody that they are there, or not; until the page is agreed to.

    That oneself came after all each may say.
    """
    if tent.stage not in {TentStage.MEETING, TentStage.CLOSED}:
        return Refusal("there.not_begun", _("Wie er is, zegt u als het gesprek is begonnen."))
    if not may_note_heard(tent, part=part, account=account, own=own and there):
        return Refusal(
            "there.who_leads_says", _("Wie het gesprek leidt en de gezinscoach zeggen wie er niet is.")
        )
    if page is not None and page.stage == PageStage.AGREED:
        return Refusal(
            "there.agreed",
            _("Het gezin is akkoord met de bladzijde. Wie er waren, staat daarop en blijft zo staan."),
        )
    return None


def why_not_that(*, there: bool, away: bool, took_part: bool) -> Refusal | None:
    """Why this is not said of this person: it was said already, or who took part was there."""
    if there != away:
        return Refusal("there.already", _("Dat staat er al zo."))
    if not there and took_part:
        return Refusal(
            "there.took_part", _("Deze persoon schreef of zei zelf iets in deze tent, en was er dus.")
        )
    return None


# --- afterwards ---


def why_not_say_heard(
    tent: Tent, *, notes: bool = True, said: bool = False, away: bool = False
) -> Refusal | None:
    """Why nobody says now how it was: that comes when the talk is over, and from who was there.

    `notes` is who may write down what another says aloud; what somebody `said` with an own tap stays theirs.
    """
    if tent.stage != TentStage.CLOSED:
        return Refusal("heard.not_over", _("Dit kan als het gesprek is afgerond."))
    if not notes:
        return Refusal(
            "heard.each_says",
            _("Ieder zegt zelf hoe het was. Wie het gesprek leidde en de gezinscoach schrijven mee."),
        )
    if away:
        return Refusal(
            "heard.not_there",
            _("Er staat dat deze persoon er niet was. Was dat wel zo? Zet het dan goed bij “Aan tafel”."),
        )
    if said:
        return Refusal("heard.said_already", _("Dit is al zelf gezegd. Dat blijft zo staan."))
    return None


def may_note_heard(tent: Tent, *, part: str, account: UUID | None, own: bool) -> bool:
    """Of oneself always; of another who led the talk, and the coach, as with what was understood."""
    return own or part == Part.COACH or (account is not None and tent.chair_id == account)
