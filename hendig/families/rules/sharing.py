"""Why somebody cannot be kept out, let in again, named or stay longer."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from hendig.families.models import (
    BEHIND,
    Aim,
    Block,
    Compartment,
    FamilyMember,
    Ground,
    Involvement,
    Part,
    WhatFor,
)
from hendig.kernel.refusal import Refusal

COACH_LOOKS_ALONG = timedelta(days=365)
# A yes of the family to somebody from outside lasts a year; then it is asked anew. Who raises the child, or
# decides for it, is there as long as that is so, and by law or a judge as long as those say.
YES_LASTS = timedelta(days=365)
ASKED_ANEW = timedelta(days=90)
TOLD_BEFORE = timedelta(days=30)
# What the family chose itself, it can stop itself; the rest rests on the law.
CHOSEN = frozenset({Ground.CONSENT, Ground.MATCH})
# Whom the family let in by a code, and so lets go.
INVITED = frozenset({Part.CONFIDANT, Part.GP})
# Whom a youth can name to read along in the own part: who helps, and stays longer than one meeting.
CAN_BE_NAMED = frozenset({Part.COACH, Part.GUIDE, Part.PROFESSIONAL})


def why_not_shut_out(about: Iterable[Involvement]) -> Refusal | None:
    """Why this person cannot be kept out of the record by the family: the law brought them here."""
    parts = {(one.part, one.ground) for one in about}
    if not parts:
        return Refusal("block.not_there", _("Deze persoon doet niet meer mee."))
    # A family may always do without a deputy: who is there by law comes back.
    if any(part == Part.FAMILY or (part not in BEHIND and ground not in CHOSEN) for part, ground in parts):
        return Refusal(
            "block.by_law",
            _("Deze persoon kijkt mee door de wet. Vraag uw gezinscoach wat er kan."),
        )
    return None


def why_not_let_in_again(block: Block, giver_id: UUID, child_id: UUID | None) -> Refusal | None:
    """Who kept somebody out takes that back; the child who decides by now may as well."""
    if block.own_family:
        return Refusal("block.own_family", _("Deze persoon zei zelf dat dit eigen familie of een kennis is."))
    if block.giver_id in {giver_id, None} or giver_id == child_id:
        return None
    return Refusal("block.not_yours", _("Een ander in uw gezin wilde dit. Praat er samen over."))


def why_not_longer(part: str, until_at: datetime | None, at: datetime) -> Refusal | None:
    """Why somebody cannot stay involved longer than now, within the ground on which that rests."""
    if part == Part.PROFESSIONAL:
        return Refusal(
            "longer.match",
            _("U kijkt mee zolang de hulp duurt, hoogstens een jaar. Dan zegt het gezin met u opnieuw ja."),
        )
    if part == Part.GUEST:
        return Refusal("longer.guest", _("Een gast van de tent kijkt tot twee weken daarna mee."))
    if part != Part.COACH or until_at is None:
        return Refusal("longer.by_ground", _("Hoe lang u meekijkt hangt af van waarom u meekijkt."))
    if until_at > at + COACH_LOOKS_ALONG - timedelta(days=1):
        return Refusal("longer.already", _("Dit is al een jaar, en langer kan niet in een keer."))
    return None


def why_not_named(about: Iterable[Involvement]) -> Refusal | None:
    """Why the youth cannot name this person to read along in the own part."""
    if not any(one.part in CAN_BE_NAMED for one in about):
        return Refusal("named.not_there", _("Kies iemand die u helpt en nu meedoet."))
    return None


def reads(one: Involvement, kind: str, person_id: UUID | None) -> bool:
    """Whether by this somebody who helps was named for this own part, of a child or of this parent."""
    return one.part in CAN_BE_NAMED and kind in one.kinds and one.member_id == person_id


def why_not_write_apart(
    place: Compartment, account_id: UUID | None, involved: Iterable[Involvement]
) -> Refusal | None:
    """Why somebody cannot write in this own part: it is of the youth or parent, and of who was named."""
    whose = place.person or place.record.child
    if whose is not None and whose.account_id == account_id:
        return None
    if any(reads(one, place.kind, place.person_id) for one in involved):
        return None
    return Refusal("note.not_yours", _("Hier schrijft alleen wie daarvoor is genoemd."))


def why_not_asked_again(*, asked: bool) -> Refusal | None:
    """Why nothing can be asked about this line: it was asked already."""
    if asked:
        return Refusal("question.asked", _("U vroeg dit al. Het antwoord komt bij de regel te staan."))
    return None


def why_not_answered_again(*, answered: bool) -> Refusal | None:
    if answered:
        return Refusal("question.answered", _("Deze vraag is al beantwoord."))
    return None


def why_not_narrowed(
    child: FamilyMember | None, about: Iterable[Involvement], *, said_no: bool
) -> Refusal | None:
    """Why it cannot be said of this person that they read of the child alone."""
    if child is None:
        return Refusal("narrow.no_child", _("Eerst moet bekend zijn over welk kind het gaat."))
    return why_not_left_out(about, said_no=said_no)


def why_not_left_out(about: Iterable[Involvement], *, said_no: bool) -> Refusal | None:
    """Why nothing can be left out for this person: who is here by more than a yes sees what that asks."""
    if not rests_on_a_yes(about):
        return Refusal("narrow.other_ground", _("Deze persoon is hier niet alleen door uw toestemming."))
    if said_no:
        return Refusal("narrow.said_no", _("U zei nee: deze persoon leest nu niets. Zeg eerst ja."))
    return None


# What the family chooses from where it invites somebody; what a yes is for else follows from the part.
FOR_WHAT = (WhatFor.SUPPORT, WhatFor.THINK, WhatFor.CHILD, WhatFor.PRACTICAL, WhatFor.OWN)


def why_no_aim(aim: Aim) -> Refusal | None:
    """Why somebody cannot be invited for this: it must be said what for."""
    if aim.what_for not in FOR_WHAT or (aim.what_for == WhatFor.OWN) != bool(aim.words.strip()):
        return Refusal("consent.no_purpose", _("Kies waarvoor, of schrijf het zelf op in één regel."))
    return None


def rests_on_a_yes(about: Iterable[Involvement]) -> bool:
    """Whether somebody is here by the family's yes and by nothing else; who raises the child never is."""
    ways = [(one.part, one.ground) for one in about]
    by_yes = (part != Part.FAMILY and ground == Ground.CONSENT for part, ground in ways)
    return bool(ways) and all(by_yes)


def ends_with_a_yes(one: Involvement) -> bool:
    """Whether this lasts a year from a yes of the family, and a new yes makes it last a year more."""
    return one.ground == Ground.CONSENT and one.part in INVITED and one.until_at is not None


def asks_a_new_yes(about: Iterable[Involvement], at: datetime) -> bool:
    """Whether the year of this person is nearly over."""
    ends = [one.until_at for one in about if ends_with_a_yes(one)]
    return any(end is not None and end <= at + ASKED_ANEW for end in ends)
