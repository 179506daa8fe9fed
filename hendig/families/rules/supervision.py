"""Why somebody cannot join to carry out a measure: it is imposed by others, and lasts as they say."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from django.utils.translation import gettext_lazy as _

from hendig.families.models import Court, FamilyMember, Measure, MeasureKind, MemberKind
from hendig.kernel.ages import age_on
from hendig.kernel.refusal import Refusal

# How long somebody supervises while nobody wrote down by which ruling.
WITHOUT_RULING = timedelta(days=14)
# From when on a youth can be on probation, and until when: the age for youth criminal law (Criminal Code
# 77a and 77c). The day of the ruling counts for the first, the last day for the second.
FROM_AGE, UNTIL_AGE = 12, 23


@dataclass(frozen=True, slots=True)
class Ruling:
    """What was imposed over a child, by whom, on which day and until and with which day."""

    kind: MeasureKind
    court: Court
    ruled_on: date
    until_on: date


@dataclass(frozen=True, slots=True)
class Limits:
    """How long one ruling lasts at most, and what is said of a last day that is later or too old an age."""

    lasts: timedelta
    until_age: int
    too_long: Refusal
    too_old: Refusal


LIMITS = {
    # A year at most, and then the court rules anew (Civil Code 1:258 and 1:260).
    MeasureKind.SUPERVISION: Limits(
        timedelta(days=366),
        18,
        Refusal(
            "supervision.too_long",
            _("Een maatregel duurt ten hoogste een jaar. Verlengt de rechter, schrijf dan die uitspraak op."),
        ),
        Refusal(
            "supervision.past_18", _("Een maatregel stopt als het kind 18 wordt. Kies een dag daarvoor.")
        ),
    ),
    # As long as a probation period at most (Criminal Code 77y); longer is another ruling.
    MeasureKind.PROBATION: Limits(
        timedelta(days=731),
        UNTIL_AGE,
        Refusal(
            "probation.too_long",
            _("Dit duurt ten hoogste twee jaar. Wordt het verlengd, schrijf dan dat besluit op."),
        ),
        Refusal(
            "probation.past_23",
            _("Jeugdreclassering stopt als de jongere 23 wordt. Kies een dag daarvoor."),
        ),
    ),
}


def why_not_ruled(child: FamilyMember, ruling: Ruling, on: date) -> Refusal | None:
    """Why there is no such measure over this child on that day."""
    limits = LIMITS[ruling.kind]
    if child.kind != MemberKind.CHILD or child.born_on is None:
        return Refusal("supervision.not_a_child", _("Een maatregel gaat over een kind van dit gezin."))
    if ruling.ruled_on > on:
        return Refusal("supervision.not_ruled", _("De dag van de uitspraak ligt in de toekomst."))
    if ruling.until_on < on:
        return Refusal(
            "supervision.over", _("Deze maatregel is al voorbij. Kijk de laatste dag nog eens na.")
        )
    if ruling.until_on > on + limits.lasts:
        return limits.too_long
    if age_on(child.born_on, ruling.until_on) >= limits.until_age:
        return limits.too_old
    return _why_not_of_this_kind(child.born_on, ruling)


def _why_not_of_this_kind(born_on: date, ruling: Ruling) -> Refusal | None:
    if ruling.kind == MeasureKind.SUPERVISION and ruling.court == Court.PROSECUTOR:
        return Refusal("supervision.by_a_court", _("Alleen de rechter kan een kind onder toezicht stellen."))
    if ruling.kind == MeasureKind.PROBATION and age_on(born_on, ruling.ruled_on) < FROM_AGE:
        return Refusal(
            "probation.under_12",
            _("Jeugdreclassering is er vanaf 12 jaar. Kijk de dag van het besluit nog eens na."),
        )
    return None


def may_be_on_probation(child: FamilyMember, on: date) -> bool:
    """Whether the age of this child lets anybody impose juvenile probation on that day."""
    born_on = child.born_on if child.kind == MemberKind.CHILD else None
    return born_on is not None and FROM_AGE <= age_on(born_on, on) < UNTIL_AGE


def why_not_ruled_so(until_on: date, standing: Measure | None) -> Refusal | None:
    """Why this ruling does not take the place of the one that stands: help may rest on all of its days."""
    if standing is not None and until_on < standing.until_on:
        return Refusal(
            "supervision.ends_sooner",
            _(
                "De uitspraak die hier staat duurt langer. Is die maatregel voorbij, schrijf dat dan eerst "
                "op: hulp die erop rust stopt dan ook."
            ),
        )
    return None


def why_not_by_this_one(*, works: bool, of_family: bool, acts: bool) -> Refusal | None:
    """Why this person cannot be the one who carries out a measure here."""
    if of_family:
        return Refusal(
            "supervision.own_family", _("Wie zelf bij dit gezin hoort, kan hier geen maatregel uitvoeren.")
        )
    if acts:
        return Refusal(
            "supervision.yourself", _("U kunt dit niet voor uzelf opschrijven. Vraag een collega.")
        )
    if not works:
        return Refusal(
            "supervision.does_not_work_here",
            _("Deze persoon werkt hier niet bij een aangesloten organisatie. Vraag de gemeente."),
        )
    return None
