"""What each said with one tap, as all at the table see it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from hendig.audit.actions import Viewing
from hendig.families.models import FamilyMember, MemberKind
from hendig.kernel.refusal import Refusal
from hendig.tents.models import Gesture, GestureKind, Tent, TentStage
from hendig.tents.rules import guide


@dataclass(frozen=True, slots=True)
class Said:
    """Somebody's yes or not quite, with the words that came with it."""

    first_name: str
    yes: bool
    words: str
    mine: bool


@dataclass(frozen=True, slots=True)
class Speaker:
    """Somebody of the family, for whom what is said aloud may be written down."""

    member_id: UUID
    first_name: str


@dataclass(frozen=True, slots=True)
class Understanding:
    """Whether the family finds that it is understood so: what each said, and who may still say it."""

    agreed: bool
    said: tuple[Said, ...]
    not_say: Refusal | None
    others: tuple[Speaker, ...]


@dataclass(frozen=True, slots=True)
class Heard:
    """Whether who was there felt heard."""

    said: tuple[Said, ...]
    # Who did not say it yet, where the reader may write it down for them.
    others: tuple[Speaker, ...]
    # Who was not there is not asked.
    asks: bool

    @property
    def mine(self) -> Said | None:
        return next((one for one in self.said if one.mine), None)


def understanding_of(
    look: Viewing,
    tent: Tent,
    members: Sequence[FamilyMember],
    gestures: Sequence[Gesture],
    known: guide.Grasp,
    names: Mapping[UUID, str],
) -> Understanding | None:
    """From the moment that something was named until the talk is over. No query."""
    if tent.stage != TentStage.MEETING or not known.factors:
        return None
    account = look.actor.account_id
    me = next((one for one in members if one.account_id == account), None)
    notes = guide.may_note(tent, part=look.part, account=account, own=False)
    family = [one for one in members if one.kind != MemberKind.CONFIDANT and one != me]
    return Understanding(
        agreed=known.understood,
        said=_said(gestures, GestureKind.UNDERSTOOD, account, names),
        not_say=guide.why_not_say_understood(
            tent, member=me, notes=True, factors=known.factors, yes=True, words=""
        ),
        others=tuple(Speaker(one.pk, names[one.pk]) for one in family) if notes else (),
    )


def heard_of(
    look: Viewing,
    tent: Tent,
    members: Sequence[FamilyMember],
    gestures: Sequence[Gesture],
    names: Mapping[UUID, str],
) -> Heard | None:
    """When the talk is over, among who was there. No query."""
    if guide.why_not_say_heard(tent):
        return None
    account, away = look.actor.account_id, away_of(gestures)
    notes = guide.may_note_heard(tent, part=look.part, account=account, own=False)
    said = [one for one in gestures if one.kind == GestureKind.HEARD]
    done = {one.account_id or (one.member and one.member.account_id) or one.member_id for one in said}
    others = [one for one in members if not {one.pk, one.account_id} & {*done, *away, account}]
    if account in away and not notes:
        return None
    return Heard(
        said=_said(said, GestureKind.HEARD, account, names),
        others=tuple(Speaker(one.pk, names[one.pk]) for one in others) if notes else (),
        asks=account not in away,
    )


def away_of(gestures: Sequence[Gesture]) -> frozenset[UUID]:
    """Who was said not to be there, by each identifier that they are known by. No query."""
    away = [one for one in gestures if one.kind == GestureKind.AWAY]
    known = {key for one in away for key in (one.account_id, one.member_id) if key}
    return frozenset(known | {one.member.account_id for one in away if one.member and one.member.account_id})


def there_of(members: Sequence[FamilyMember], gestures: Sequence[Gesture]) -> list[FamilyMember]:
    """Who of the family is there. No query."""
    away = away_of(gestures)
    return [one for one in members if not {one.pk, one.account_id} & away]


def _said(
    gestures: Sequence[Gesture], kind: GestureKind, account: UUID | None, names: Mapping[UUID, str]
) -> tuple[Said, ...]:
    return tuple(
        Said(
            first_name=_name(gesture, names),
            yes=gesture.yes,
            words=gesture.words,
            mine=account is not None
            and account in {gesture.account_id, gesture.member and gesture.member.account_id},
        )
        for gesture in gestures
        if gesture.kind == kind
    )


def _name(gesture: Gesture, names: Mapping[UUID, str]) -> str:
    """As the table knows them; who sits there no more by the first name."""
    person = gesture.member or gesture.account
    assert person is not None
    return names.get(person.pk, person.first_name)
