"""Why nobody can hold now that a youth of 16 or 17 cannot decide, and why the youth cannot object."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime, timedelta
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from hendig.families.models import FamilyMember, Incapacity, Involvement, MemberKind, Part
from hendig.kernel.ages import Band, band_on, birthday
from hendig.kernel.periods import local_day
from hendig.kernel.refusal import Refusal
from hendig.people.models import Registration
from hendig.people.rules.registered import is_registered

# The law names no term, and somebody's state passes: after three months two look again.
LONGEST = timedelta(days=92)
# What one found and nobody looked into within two weeks is of another moment.
WAITS_AT_MOST = timedelta(days=14)
# Who knows this youth by the own work. Who is here by another, or by the law alone, judges nobody.
JUDGES = frozenset({Part.COACH, Part.PROFESSIONAL, Part.GUIDE, Part.SUPERVISOR, Part.GUEST})


def why_nobody_judges(child: FamilyMember, on: date) -> Refusal | None:
    """Why nothing of the kind can be said of this person: it is for a youth of 16 or 17 alone."""
    if child.kind == MemberKind.CHILD and child.born_on and band_on(child.born_on, on) is Band.FROM_16:
        return None
    return Refusal(
        "capacity.age",
        _("Dit is er alleen voor een jongere van 16 of 17. Daarvoor en daarna zegt de leeftijd wie beslist."),
    )


def why_no_judge(involved: Iterable[Involvement], mine: Iterable[Registration], on: date) -> Refusal | None:
    """Why this person is not one of the two."""
    if not any(one.part in JUDGES for one in involved):
        return Refusal(
            "capacity.not_involved", _("Dit doet alleen wie deze jongere zelf helpt of begeleidt.")
        )
    if not is_registered(mine, on):
        return Refusal(
            "capacity.not_registered",
            _("Dit doet alleen wie geregistreerd is (SKJ of BIG). Bij u staat nu geen geldige registratie."),
        )
    return None


def why_not_held(
    child: FamilyMember,
    earlier: Iterable[Incapacity],
    *,
    until_on: date,
    harm: str,
    at: datetime,
    on: date,
) -> Refusal | None:
    """Why nothing new can be held of this youth, until that day. `earlier` is all that was."""
    earlier = list(earlier)
    if no := why_already(earlier, at):
        return no
    if until_on < on:
        return Refusal("capacity.past", _("De laatste dag is al voorbij. Kies vandaag of een dag daarna."))
    if until_on - on > LONGEST:
        return Refusal(
            "capacity.too_long",
            _("Dit geldt ten hoogste drie maanden. Duurt het langer, dan kijken twee mensen opnieuw."),
        )
    if child.born_on and until_on >= birthday(child.born_on, 18):
        return Refusal("capacity.grown_up", _("Vanaf 18 jaar geldt dit niet meer. Kies een eerdere dag."))
    if was_objected(earlier) and not harm.strip():
        return Refusal(
            "capacity.objected",
            _(
                "De jongere maakte eerder bezwaar. Dan kan dit alleen nog om ernstig nadeel te voorkomen. "
                "Schrijf op welk nadeel dat is."
            ),
        )
    return None


def why_already(earlier: Iterable[Incapacity], at: datetime) -> Refusal | None:
    """Why nothing new is begun: something waits or stands."""
    if any(is_open(one, at) or stands(one, at) for one in earlier):
        return Refusal("capacity.already", _("Hierover ligt al een oordeel. Dat gaat eerst voor."))
    return None


def was_objected(earlier: Iterable[Incapacity]) -> bool:
    """Whether the youth objected before: then only serious harm to prevent is a reason (BW 7:465 lid 6)."""
    return any(one.objected_at is not None for one in earlier)


def why_no_second(row: Incapacity, account_id: UUID | None, at: datetime) -> Refusal | None:
    """Why this person does not say the second word on it."""
    if not is_open(row, at):
        return Refusal("capacity.closed", _("Hierop wordt niet meer gewacht."))
    if row.first_id == account_id:
        return Refusal("capacity.same_person", _("U zei dit zelf. Een ander kijkt apart van u."))
    return None


def why_no_objection(
    row: Incapacity, child: FamilyMember | None, me: UUID | None, at: datetime
) -> Refusal | None:
    """Why this person cannot object: it is for the youth, while it is open or stands, once."""
    if child is None or me is None or child.account_id != me:
        return Refusal("capacity.youth_alone", _("Alleen de jongere zelf maakt hier bezwaar."))
    if row.objected_at is not None:
        return Refusal("capacity.objected_already", _("Uw bezwaar staat er al."))
    if not (is_open(row, at) or stands(row, at)):
        return Refusal("capacity.over", _("Dit is al voorbij."))
    return None


def why_not_ended(row: Incapacity, me: UUID | None, at: datetime) -> Refusal | None:
    """Why this person cannot end it before its day: each of the two can."""
    if me not in {row.first_id, row.second_id}:
        return Refusal("capacity.not_yours", _("Wie dit opschreef, kan het laten stoppen."))
    if not (is_open(row, at) or stands(row, at)):
        return Refusal("capacity.over", _("Dit is al voorbij."))
    return None


def is_open(row: Incapacity, at: datetime) -> bool:
    """Whether it waits for the second: two weeks, and no longer than the day until which it was to hold."""
    waits = at < row.first_at + WAITS_AT_MOST and local_day(at) <= row.until_on
    return waits and row.second_id is None and row.until_at is None


def stands(row: Incapacity, at: datetime) -> bool:
    """Whether those with authority decide by it now."""
    return row.from_at is not None and row.until_at is not None and row.from_at <= at < row.until_at
