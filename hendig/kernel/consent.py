"""Who must say yes before help starts: decided by age and legal authority, in one pure function.

Source: Jeugdwet art. 7.3.4 (consent by age, its exceptions, and none for help that carries out a measure of
the court), 7.3.5 (capable from 16) and 7.3.15 (who is held not capable of weighing it). Who has authority is
a parent or a guardian, of an institution too; never both (BW 1:245).
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from uuid import UUID

from hendig.kernel.ages import Band, band_on


class Exception12(StrEnum):
    """Why help for a youth of 12–15 may start without the yes of a parent (Jeugdwet art. 7.3.4 lid 2)."""

    KEEPS_WISHING = "keeps_wishing"
    SERIOUS_HARM = "serious_harm"


class Instead(StrEnum):
    """Those with authority decide in the place of a youth of 16 or 17 (Jeugdwet 7.3.15, BW 7:465).

    A no of the youth stops it, unless serious harm must be prevented (BW 7:465 lid 6).
    """

    HELD = "held"
    DESPITE_NO = "despite_no"


class Standing(StrEnum):
    """What the answers of child and parents add up to."""

    AGREED = "agreed"
    WAITING = "waiting"
    REFUSED = "refused"


@dataclass(frozen=True, slots=True)
class Deciders:
    """The persons whose yes is needed: the youth from 12, the holders of authority until 16.

    With `instead` the holders of authority until 18, in the place of the youth. With `by_measure` nobody: the
    help carries out a measure of the court, and no yes or no of the family makes it or stops it.
    """

    band: Band
    youth: bool
    parents: frozenset[UUID]
    instead: Instead | None = None
    by_measure: bool = False

    @property
    def asks_parents(self) -> bool:
        """Whether nothing can be agreed without anyone who has authority."""
        young = self.band in {Band.UNDER_12, Band.FROM_12}
        return not self.by_measure and (young or self.instead is not None)

    def must_answer(self, child: UUID) -> frozenset[UUID]:
        return self.parents | ({child} if self.youth else frozenset())

    def may_answer(self, child: UUID) -> frozenset[UUID]:
        """Who has a say: also the youth in whose place others decide, for that youth may say no."""
        return self.must_answer(child) | ({child} if self.instead else frozenset())


def deciders(
    born_on: date,
    on: date,
    authority: Collection[UUID],
    instead: Instead | None = None,
    *,
    by_measure: bool = False,
    past_18: bool = False,
) -> Deciders:
    """Who must say yes on the day `on`, given the persons who hold legal authority that day.

    `instead` holds for a youth of 16 or 17 and for nobody else. `by_measure` is for help that carries out a
    measure of the court which stands that day, and ends with the childhood that it is over, unless it goes on
    `past_18`, as juvenile probation does.
    """
    band = band_on(born_on, on)
    if by_measure and (past_18 or band is not Band.ADULT):
        return Deciders(band=band, youth=False, parents=frozenset(), by_measure=True)
    if band is not Band.FROM_16:
        instead = None
    parents = frozenset(authority) if band in {Band.UNDER_12, Band.FROM_12} or instead else frozenset()
    youth = band is not Band.UNDER_12 and instead is None
    return Deciders(band=band, youth=youth, parents=parents, instead=instead)


def standing(
    who: Deciders, child: UUID, answers: Mapping[UUID, bool], exception: Exception12 | None = None
) -> Standing:
    """What the answers (person → yes) add up to.

    A needed no is a refusal, except a parent's no (or silence) over a youth of 12–15 who says yes and for
    whom an exception of the law was recorded. Under 16 without any known authority nobody can agree, so
    the answer is never AGREED: it fails closed. Help by a measure of the court rests on no answer at all.
    """
    if who.by_measure:
        return Standing.AGREED
    excused = who.band is Band.FROM_12 and exception is not None and answers.get(child) is True
    needed = frozenset({child}) if excused else who.must_answer(child)
    may_stop = needed | ({child} if who.instead is Instead.HELD else frozenset())
    if any(answers.get(person) is False for person in may_stop):
        return Standing.REFUSED
    if not excused and not who.parents and who.asks_parents:
        return Standing.WAITING
    return Standing.AGREED if all(answers.get(person) for person in needed) else Standing.WAITING
