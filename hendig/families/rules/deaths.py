"""Why a death cannot be written down, or taken back."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from hendig.families.models import Death, FamilyMember, MemberKind
from hendig.kernel.refusal import Refusal


def why_no_death(member: FamilyMember, *, died_on: date, known: bool, mine: bool, on: date) -> Refusal | None:
    """Why this day is not the day on which this person died. Of a child the whole record stands still."""
    if member.kind == MemberKind.CHILD:
        return Refusal("death.child", _("Is een kind overleden? Zet dan het dossier van dat kind stil."))
    if mine:
        return Refusal("death.own", _("Dit bent u zelf. Kies iemand anders."))
    if known:
        return Refusal("death.known", _("Dit staat er al."))
    if died_on > on:
        return Refusal("death.ahead", _("Deze dag ligt in de toekomst."))
    if member.born_on is not None and died_on < member.born_on:
        return Refusal("death.before_birth", _("Deze dag ligt voor de geboorte van deze persoon."))
    return None


def why_not_alive(*, died: bool) -> Refusal | None:
    """Why nothing new rests on this person."""
    if died:
        return Refusal("death.died", _("Deze persoon is overleden, en beslist niet meer."))
    return None


def why_no_mistake(death: Death) -> Refusal | None:
    """Why it is not said once more that this was written by mistake."""
    if death.mistake_at is not None:
        return Refusal("death.doubted", _("Dit is al gezegd. De privacyfunctionaris kijkt ernaar."))
    return None


def why_not_taken_back(death: Death, me: UUID | None) -> Refusal | None:
    """Why this person does not take it back: two others than who wrote it down do."""
    if death.until_at is not None:
        return Refusal("death.taken_back", _("Dit is al teruggenomen."))
    if death.mistake_at is None:
        return Refusal("death.not_doubted", _("Niemand zei dat dit een vergissing is."))
    if me in {None, death.written_by_id, death.mistake_by_id}:
        return Refusal("death.same_person", _("Een ander moet hier akkoord mee zijn."))
    return None
