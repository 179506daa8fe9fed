"""Why somebody cannot join as family supervisor: the measure is of the court and lasts as it says."""

from __future__ import annotations

from datetime import date, timedelta

from django.utils.translation import gettext_lazy as _

from hendig.families.models import FamilyMember, Measure, MemberKind
from hendig.kernel.ages import age_on
from hendig.kernel.refusal import Refusal

# A measure lasts a year at most, and then the court rules anew (Civil Code 1:258).
LASTS = timedelta(days=366)
# How long somebody supervises while nobody wrote down by which ruling.
WITHOUT_RULING = timedelta(days=14)


def why_no_supervision(child: FamilyMember, *, ruled_on: date, until_on: date, on: date) -> Refusal | None:
    """Why there is no such measure over this child on that day."""
    if child.kind != MemberKind.CHILD or child.born_on is None:
        return Refusal("supervision.not_a_child", _("Een maatregel gaat over een kind van dit gezin."))
    if ruled_on > on:
        return Refusal("supervision.not_ruled", _("De dag van de uitspraak ligt in de toekomst."))
    if until_on < on:
        return Refusal(
            "supervision.over", _("Deze maatregel is al voorbij. Kijk de laatste dag nog eens na.")
        )
    if until_on > on + LASTS:
        return Refusal(
            "supervision.too_long",
            _("Een maatregel duurt ten hoogste een jaar. Verlengt de rechter, schrijf dan die uitspraak op."),
        )
    if age_on(child.born_on, until_on) >= 18:
        return Refusal(
            "supervision.past_18", _("Een maatregel stopt als het kind 18 wordt. Kies een dag daarvoor.")
        )
    return None


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


def why_not_supervisor(*, works: bool, of_family: bool, acts: bool) -> Refusal | None:
    """Why this person cannot be the family supervisor here."""
    if of_family:
        return Refusal(
            "supervision.own_family", _("Wie zelf bij dit gezin hoort, kan hier geen gezinsvoogd zijn.")
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
