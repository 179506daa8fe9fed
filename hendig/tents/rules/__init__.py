"""Why not? – for calling a tent, for its seats, for the meeting and for the page that remains."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from hendig.families.models import Part
from hendig.helprequests.models import HelpRequest, Stage, WaitingOn, may_move
from hendig.kernel.periods import AMSTERDAM, local_day
from hendig.kernel.refusal import Refusal, Words
from hendig.tents.models import (
    AHEAD,
    MINUTES,
    SEAT_MOVES,
    Circle,
    Phase,
    Piece,
    PieceKind,
    Seat,
    SeatStage,
    Tent,
    TentStage,
)
from hendig.tents.rules.slots import Spanning, overlaps, why_nowhere

# Among so many days it is looked for one at which nobody has anything else.
PROPOSED_WITHIN = 28
# A guest sees the family's question until this long after the meeting (privacy: involvement ends by itself).
GUEST_STAYS = timedelta(days=14)
# People come in before it is time; earlier than this a talk begins by accident only.
BEGINS_BEFORE = timedelta(hours=1)
# The page names a day to look back; six weeks, unless the family says otherwise.
LOOK_BACK_AFTER = timedelta(weeks=6)
MOST_LETTERS = 500
# A tent is proposed a week ahead: after three days there is still time to ask somebody else.
REMIND_AFTER = timedelta(days=3)
FAMILY_PARTS = frozenset({Part.FAMILY, Part.CONFIDANT})
PHASES = tuple(Phase)
KINDS: Mapping[Phase, tuple[PieceKind, ...]] = {
    Phase.ARRIVE: (),
    Phase.LISTEN: (PieceKind.QUESTION,),
    Phase.UNDERSTAND: (PieceKind.FACTOR, PieceKind.TRIED),
    Phase.GOES_WELL: (PieceKind.GOES_WELL,),
    Phase.DIRECTIONS: (PieceKind.DIRECTION,),
    Phase.AGREE: (PieceKind.AGREEMENT,),
    Phase.LOOK_BACK: (),
}
NO_CIRCLE = _("Kies waar deze richting hulp zoekt: eigen kring, buurt of beroepskracht.")
SOLUTIONS = frozenset({PieceKind.DIRECTION, PieceKind.AGREEMENT})

FAMILY_DOES_NOT_LEAD = Refusal(
    "tent.family_does_not_lead", _("De gezinscoach of een gast begint het gesprek. U hoeft niets te doen.")
)

# --- calling ---


def proposed_start(at: datetime, engaged: Collection[Spanning] = ()) -> datetime:
    """What a new tent proposes: half past three, from a week ahead the first working day without another
    thing at that time; in a month without such a day the first after all. Free to change.
    """
    coming = (local_day(at) + timedelta(days=ahead) for ahead in range(7, 7 + PROPOSED_WITHIN))
    found = [
        datetime(day.year, day.month, day.day, 15, 30, tzinfo=AMSTERDAM)
        for day in coming
        if day.weekday() <= 4
    ]
    lasts = timedelta(minutes=MINUTES)
    return next((start for start in found if not overlaps((start, start + lasts), engaged)), found[0])


def why_no_tent(
    request: HelpRequest,
    *,
    part: str,
    standing: bool,
    starts_at: datetime,
    somewhere: bool,
    expertises: Collection[UUID],
    at: datetime,
) -> Refusal | None:
    """Why this tent cannot be called now."""
    if refusal := why_no_tent_at_all(request.stage, part=part, standing=standing):
        return refusal
    if not expertises:
        return Refusal("tent.no_expertise", _("Kies eerst welke expertise u zoekt."))
    if (no := why_nowhere(somewhere=somewhere)) is not None:
        return no
    if starts_at <= at:
        return Refusal("tent.in_the_past", _("Dit moment is al geweest. Kies een moment dat nog komt."))
    return None


def why_no_tent_at_all(stage: str, *, part: str, standing: bool) -> Refusal | None:
    """Why no tent can be called for this question, whatever is filled in."""
    if part != Part.COACH:
        return Refusal(
            "tent.not_the_coach", _("Alleen de gezinscoach van dit gezin roept een tent bij elkaar.")
        )
    if standing:
        return Refusal(
            "tent.standing", _("Er is al een tent voor deze vraag. Rond die eerst af, of zeg hem af.")
        )
    if stage != Stage.TENT and not may_move(stage, Stage.TENT):
        return Refusal(
            "tent.too_early",
            _("Voer eerst het gesprek met het gezin. Daarna kunt u een tent bij elkaar roepen."),
        )
    return None


def why_not_ask(professional_account: UUID, family_accounts: Collection[UUID]) -> Refusal | None:
    """Why this professional cannot be asked: nobody helps at the table of the own family."""
    if professional_account in family_accounts:
        return Refusal(
            "tent.own_family", _("Deze beroepskracht hoort zelf bij dit gezin. Kies iemand anders.")
        )
    return None


def whom_to_ask(able: Mapping[UUID, Sequence[UUID]], picked: Collection[UUID]) -> dict[UUID, UUID] | Refusal:
    """Professional → expertise: those who were picked, each once. Nobody is chosen by the system.

    An expertise whose picked people are asked already for another one is covered by them.
    """
    if not all(able.values()):
        return Refusal(
            "tent.nobody_can", _("Nog niemand in het netwerk heeft deze expertise. Kies een andere erbij.")
        )
    if unknown := set(picked).difference(*able.values()):
        return Refusal(
            "tent.not_the_expertise",
            _("Iemand die u koos, heeft geen van deze expertises. Kijk nog eens wie u vraagt.")
            if len(unknown) == 1
            else _(
                "Een paar mensen die u koos, hebben geen van deze expertises. Kijk nog eens wie u vraagt."
            ),
        )
    if any(set(picked).isdisjoint(people) for people in able.values()):
        return Refusal("tent.nobody_picked", _("Kies bij elke expertise wie u vraagt."))
    asked: dict[UUID, UUID] = {}
    for expertise, people in able.items():
        for person in people:
            if person in picked:
                asked.setdefault(person, expertise)
    return asked


def waits_on(tent: Tent, seats: Iterable[str]) -> WaitingOn:
    """On whom the question waits while there is a tent, told by who answered what."""
    stages = set(seats)
    if tent.stage in {TentStage.CLOSED, TentStage.CANCELLED}:
        return WaitingOn.FAMILY if tent.stage == TentStage.CLOSED else WaitingOn.COACH
    if SeatStage.WELCOME in stages:
        return WaitingOn.TENT
    if SeatStage.FREE in stages:
        return WaitingOn.FAMILY
    return WaitingOn.PROFESSIONAL if SeatStage.ASKED in stages else WaitingOn.COACH


def why_not_cancel(tent: Tent, *, part: str) -> Refusal | None:
    if part not in {Part.COACH, Part.FAMILY}:
        return Refusal("tent.not_yours", _("Alleen het gezin en de gezinscoach zeggen deze tent af."))
    if tent.stage not in {TentStage.CALLING, TentStage.PLANNED}:
        return Refusal("tent.too_late", _("Deze tent is al begonnen of voorbij. Afzeggen kan niet meer."))
    return None


# --- seats ---


def why_not_answer(tent: Tent, seat: Seat, *, to: SeatStage, own: bool) -> Refusal | None:
    """Why the asked professional cannot give this answer."""
    if not own:
        return Refusal("seat.not_yours", _("Deze vraag is voor iemand anders."))
    if tent.stage not in {TentStage.CALLING, TentStage.PLANNED}:
        return Refusal(
            "seat.too_late", _("Deze tent is al begonnen of gaat niet door. U hoeft niets meer te doen.")
        )
    return _why_no_move(seat, to)


def why_no_reminder(tent: Tent, seat: Seat, *, at: datetime) -> Refusal | None:
    """Why who was asked is not reminded now: once, after a few days, while the tent is still to come."""
    if tent.stage not in {TentStage.CALLING, TentStage.PLANNED} or tent.starts_at <= at:
        return Refusal(
            "seat.too_late", _("Deze tent is al begonnen of gaat niet door. U hoeft niets meer te doen.")
        )
    if seat.stage != SeatStage.ASKED or seat.reminded_at or at < seat.asked_at + REMIND_AFTER:
        return Refusal("seat.no_reminder", _("Een herinnering gaat één keer uit, na drie dagen."))
    return None


def why_no_meeting_reminder(tent: Tent, *, at: datetime) -> Refusal | None:
    """Why those who come are not reminded now: once, the day before."""
    tomorrow = local_day(at) + timedelta(days=1)
    if tent.stage != TentStage.PLANNED or tent.reminded_at or local_day(tent.starts_at) != tomorrow:
        return Refusal("tent.no_reminder", _("Een herinnering gaat één keer uit, op de dag ervoor."))
    return None


def why_not_welcome(tent: Tent, seat: Seat, *, part: str, again: bool = False) -> Refusal | None:
    """Why the family cannot welcome this person; a no within the family is only taken back knowingly."""
    if refusal := _why_not_choose(tent, part):
        return refusal
    if seat.stage == SeatStage.REFUSED and not again:
        return Refusal(
            "seat.refused_meanwhile", _("Iemand van uw gezin koos hier “liever niet”. Praat er samen over.")
        )
    if seat.stage in {SeatStage.ASKED, SeatStage.BUSY}:
        return Refusal("seat.not_free", _("Deze persoon heeft nog niet gezegd dat het kan."))
    return _why_no_move(seat, SeatStage.WELCOME)


def why_not_welcome_all(tent: Tent, free: Sequence[Seat], *, part: str) -> Refusal | None:
    """Why there is nobody to welcome in one go."""
    if refusal := _why_not_choose(tent, part):
        return refusal
    if not free:
        return Refusal("seat.nobody_free", _("Er is nu niemand die op uw welkom wacht."))
    return None


def why_not_refuse(seat: Seat, *, part: str) -> Refusal | None:
    """Why the family cannot say no to this person. Nobody asks for a reason."""
    if part != Part.FAMILY:
        return Refusal("seat.family_chooses", _("Het gezin kiest zelf wie er aan tafel komt."))
    return _why_no_move(seat, SeatStage.REFUSED)


def _why_not_choose(tent: Tent, part: str) -> Refusal | None:
    if part != Part.FAMILY:
        return Refusal("seat.family_chooses", _("Het gezin kiest zelf wie er aan tafel komt."))
    if tent.stage not in AHEAD:
        return Refusal("seat.tent_over", _("Deze tent is voorbij. Er kan niemand meer bij komen."))
    return None


def _why_no_move(seat: Seat, to: SeatStage) -> Refusal | None:
    if to in SEAT_MOVES[SeatStage(seat.stage)]:
        return None
    if seat.stage == to:
        return Refusal("seat.already", _("Dit is al zo."))
    return Refusal("seat.no_such_step", _("Dat kan hier niet meer. Kijk hoe het nu staat."))


# --- the meeting ---


def why_not_begin(
    tent: Tent, *, part: str, guests: Collection[UUID], at: datetime, chair: UUID | None = None
) -> Refusal | None:
    """Why the meeting cannot begin, or not with this chair. `guests` are the accounts the family welcomed."""
    if part in FAMILY_PARTS:
        return FAMILY_DOES_NOT_LEAD
    if tent.stage == TentStage.CALLING:
        return Refusal("tent.nobody_welcome", _("Het gezin moet eerst zeggen wie er welkom is."))
    if tent.stage != TentStage.PLANNED:
        return Refusal("tent.begun", _("Dit gesprek is al begonnen of voorbij."))
    if at < tent.starts_at - BEGINS_BEFORE:
        return Refusal(
            "tent.too_early_to_begin",
            _(
                "Beginnen kan vanaf een uur voor de afgesproken tijd. "
                "Komen jullie eerder bij elkaar? Dan verzet de gezinscoach eerst de tent."
            ),
        )
    return why_not_chair(chair, guests=guests) if chair is not None else None


def why_not_undo_begin(tent: Tent, *, part: str, pieces: int) -> Refusal | None:
    """Why the talk is not put back to not begun: who may begin may, while nothing lies there."""
    if part in FAMILY_PARTS:
        return FAMILY_DOES_NOT_LEAD
    if tent.stage != TentStage.MEETING:
        return Refusal("tent.not_meeting", _("Dit gesprek is nu niet bezig."))
    if pieces:
        return Refusal(
            "tent.something_said",
            _("Er ligt al iets op tafel. Wie het gesprek leidt, kan het gesprek hier laten stoppen."),
        )
    return None


def why_not_chair(chair: UUID, *, guests: Collection[UUID]) -> Refusal | None:
    """The chair is a guest: whoever coaches the family has a part in the talk and does not lead it too."""
    if chair not in guests:
        return Refusal(
            "tent.chair_is_no_guest",
            _("Een gast leidt het gesprek. Dan kunnen het gezin en de gezinscoach goed meepraten."),
        )
    return None


def why_not_lead(tent: Tent, *, part: str, account: UUID | None) -> Refusal | None:
    """Why this person does not move the phases, hand over the chair or round off."""
    if tent.stage != TentStage.MEETING:
        return Refusal("tent.not_meeting", _("Dit gesprek is nu niet bezig."))
    if account is not None and tent.chair_id == account:
        return None
    if tent.chair_id is not None:
        return Refusal(
            "tent.not_the_chair", _("Iemand anders leidt dit gesprek. Vraag of jullie verder kunnen gaan.")
        )
    if part != Part.COACH:
        return Refusal(
            "tent.coach_leads", _("De gezinscoach leidt dit gesprek. Vraag of jullie verder kunnen gaan.")
        )
    return None


def why_not_give_chair(tent: Tent, *, part: str, account: UUID | None) -> Refusal | None:
    """Who leads hands over the chair; so does the coach, for when the chair does not show up."""
    if tent.stage == TentStage.MEETING and part == Part.COACH:
        return None
    return why_not_lead(tent, part=part, account=account)


def why_no_solutions(phase: str, *, factors: int, understood: bool) -> Refusal | None:
    """ "Nog geen oplossingen": first understand, and the family says that it is so; then look where to go."""
    if factors == 0:
        return Refusal(
            "tent.understand_first", _("Nog geen oplossingen. Schrijf eerst samen op wat er speelt.")
        )
    if not understood:
        return Refusal(
            "tent.not_understood",
            _("Nog geen oplossingen. Het gezin zegt eerst of we het zo goed begrijpen."),
        )
    if PHASES.index(Phase(phase)) < PHASES.index(Phase.DIRECTIONS):
        return Refusal(
            "tent.no_solutions_yet", _("Nog geen oplossingen. Die komen straks, bij “richtingen”.")
        )
    return None


def why_not_phase(
    tent: Tent, to: Phase, *, part: str, account: UUID | None, factors: int, understood: bool
) -> Refusal | None:
    """Why the talk cannot go to this phase; going back is always possible for who leads."""
    if refusal := why_not_lead(tent, part=part, account=account):
        return refusal
    if PHASES.index(to) >= PHASES.index(Phase.DIRECTIONS):
        return why_no_solutions(to, factors=factors, understood=understood)
    return None


def why_not_write(
    tent: Tent,
    kind: PieceKind,
    *,
    text: str = "",
    circle: str = "",
    effect: Piece | None = None,
    factors: int,
    understood: bool,
) -> Refusal | None:
    """Why this cannot be put on the table now. What came up earlier may always be added later."""
    if tent.stage != TentStage.MEETING:
        return Refusal("tent.not_meeting", _("Schrijven kan zolang het gesprek bezig is."))
    if tent.phase == Phase.ARRIVE:
        return Refusal("tent.arriving", _("Jullie komen nog aan. Schrijven kan vanaf “luisteren”."))
    if len(text) > MOST_LETTERS:
        return Refusal(
            "piece.too_long", _("Dit is te lang voor één briefje. Maak het korter, of maak er twee van.")
        )
    if kind in SOLUTIONS:
        refusal = why_no_solutions(tent.phase, factors=factors, understood=understood)
        if refusal:
            return refusal
    return _why_incomplete(kind, circle, effect)


def _why_incomplete(kind: PieceKind, circle: str, effect: Piece | None) -> Refusal | None:
    if kind == PieceKind.DIRECTION and circle not in Circle.values:
        return Refusal("piece.no_circle", NO_CIRCLE)
    if effect is not None and (kind != PieceKind.FACTOR or effect.kind != PieceKind.FACTOR):
        return Refusal("piece.no_factor", _("Alleen wat er speelt, kan met elkaar samenhangen."))
    return None


def why_not_remove(tent: Tent, piece: Piece, *, part: str, account: UUID | None) -> Refusal | None:
    """Who wrote it may take it away, and so may the family."""
    if tent.stage != TentStage.MEETING:
        return Refusal("tent.not_meeting", _("Het gesprek is niet meer bezig. Wat er staat, blijft staan."))
    if part not in FAMILY_PARTS and piece.author_id != account:
        return Refusal("piece.not_yours", _("Alleen wie het schreef en het gezin kunnen dit weghalen."))
    return None


def why_not_close(tent: Tent, *, part: str, account: UUID | None, stops_here: bool = False) -> Refusal | None:
    """Why the talk cannot be rounded off. It stops before anything was agreed only when that is meant."""
    if refusal := why_not_lead(tent, part=part, account=account):
        return refusal
    if tent.phase not in {Phase.AGREE, Phase.LOOK_BACK} and not stops_here:
        return Refusal("tent.agree_first", _("Spreek eerst samen iets af. Daarna kunt u afronden."))
    return None


CIRCLE_ORDER: tuple[tuple[Circle, Words], ...] = (
    (Circle.OWN, _("Wie uit onze eigen kring?")),
    (Circle.COMMUNITY, _("Wie of wat in de buurt?")),
    (Circle.PROFESSIONAL, _("Welke beroepskracht?")),
)
