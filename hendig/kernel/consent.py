"""Who must say yes before help starts: decided by age and legal authority, in one pure function.

Source: Jeugdwet art. 7.3.4 (consent by age, and its exceptions) and 7.3.5 (capable from 16).
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


class Standing(StrEnum):
    """What the answers of child and parents add up to."""

    AGREED = "agreed"
    WAITING = "waiting"
    REFUSED = "refused"


@dataclass(frozen=True, slots=True)
class Deciders:
    """The persons whose yes is needed: the youth from 12, the holders of authority until 16."""

    band: Band
    youth: bool
    parents: frozenset[UUID]

    def must_answer(self, child: UUID) -> frozenset[UUID]:
        return self.parents | ({child} if self.youth else frozenset())


def deciders(born_on: date, on: date, authority: Collection[UUID]) -> Deciders:
    """Who must say yes on the day `on`, given the persons who hold legal authority that day."""
    band = band_on(born_on, on)
    parents = frozenset(authority) if band in {Band.UNDER_12, Band.FROM_12} else frozenset()
    return Deciders(band=band, youth=band is not Band.UNDER_12, parents=parents)


def standing(
    who: Deciders, child: UUID, answers: Mapping[UUID, bool], exception: Exception12 | None = None
) -> Standing:
    """What the answers (person → yes) add up to.

    A needed no is a refusal, except a parent's no (or silence) over a youth of 12–15 who says yes and for
    whom an exception of the law was recorded. Under 16 without any known authority nobody can agree, so
    the answer is never AGREED: it fails closed.
    """
    excused = who.band is Band.FROM_12 and exception is not None and answers.get(child) is True
    needed = frozenset({child}) if excused else who.must_answer(child)
    if any(answers.get(person) is False for person in needed):
        return Standing.REFUSED
    if not excused and not who.parents and who.band in {Band.UNDER_12, Band.FROM_12}:
        return Standing.WAITING
    return Standing.AGREED if all(answers.get(person) for person in needed) else Standing.WAITING
