"""What each at a table is called, so that two of one first name are not taken for each other."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol
from uuid import UUID

from django.conf import settings
from django.utils.translation import gettext_lazy as _
from django.utils.translation import override

from hendig.families.models import FamilyMember, MemberKind
from hendig.kernel.refusal import Words
from hendig.people.models import Account
from hendig.tents.models import Tent

# What a voice takes.
LONGEST = 60
COACH = _("gezinscoach")


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody at a table: `key` is the member of the family, else the account."""

    key: UUID
    first_name: str
    last_name: str
    role: Words


class Spoken(Protocol):
    """Something that was said: of before it was kept who said it, only under which name."""

    @property
    def voice(self) -> str: ...
    @property
    def speaker_id(self) -> UUID | None: ...


def of_family(member: FamilyMember) -> Person:
    return Person(member.pk, member.first_name, member.last_name, MemberKind(member.kind).label)


def of_account(account: Account, role: Words) -> Person:
    return Person(account.pk, account.first_name, account.last_name, role)


def coach_at(tent: Tent) -> Account:
    """Who sits there as the coach."""
    return tent.request.coach or tent.called_by


def names_at(tent: Tent, family: Iterable[FamilyMember], guests: Iterable[Person]) -> dict[UUID, str]:
    """What each at this table is called: by the member of the family, else by the account.

    The one place that says who counts: the family as it is now, the coach, and the guests who are welcome.
    """
    return told_apart([*map(of_family, family), of_account(coach_at(tent), COACH), *guests])


def told_apart(people: Iterable[Person]) -> dict[UUID, str]:
    """The first name of each; of two who share it with what they are here, else the letter of a surname.

    It is a name, and so the same for all: whoever reads it in another language finds it back.
    """
    found: dict[str, list[Person]] = defaultdict(list)
    for one in people:
        found[one.first_name.casefold()].append(one)
    names: dict[UUID, str] = {}
    for same in found.values():
        names |= _apart(same) if len(same) > 1 else {same[0].key: same[0].first_name}
    return names


def same_voice(one: Spoken, *, speaker_id: UUID | None, voice: str) -> bool:
    return one.voice == voice if None in (one.speaker_id, speaker_id) else one.speaker_id == speaker_id


def name_now(said: Spoken, names: Mapping[UUID, str]) -> str:
    """What is called by now who said this; who is not at the table any more as before."""
    return names.get(said.speaker_id, said.voice) if said.speaker_id else said.voice


def _apart(same: Sequence[Person]) -> Mapping[UUID, str]:
    with override(settings.LANGUAGE_CODE):
        ways = ({one.key: way(one) for one in same} for way in WAYS)
        clear = next((names for names in ways if _tells_apart(names)), None)
        return clear or _counted(same)


def _tells_apart(names: Mapping[UUID, str]) -> bool:
    told = set(names.values())
    return len(told) == len(names) and all(told) and max(map(len, told)) <= LONGEST


def _with_role(one: Person) -> str:
    return f"{one.first_name} ({one.role})" if str(one.role) else ""


def _with_letter(one: Person) -> str:
    # Of "van den Berg" that is the B.
    letter = next((sign for sign in one.last_name if sign.isupper()), one.last_name[:1].upper())
    return f"{one.first_name} {letter}." if letter else ""


WAYS: tuple[Callable[[Person], str], ...] = (_with_role, _with_letter)


def _counted(same: Sequence[Person]) -> Mapping[UUID, str]:
    """Nothing tells them apart but who was there first."""
    first = sorted(same, key=lambda one: one.key)
    return {
        one.key: f"{one.first_name[: LONGEST - 5]} ({number})" for number, one in enumerate(first, start=1)
    }
