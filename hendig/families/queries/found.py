"""Finding people despite spelling, among those whom one may see; and who may be there already."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from functools import reduce
from operator import or_
from typing import Any
from uuid import UUID

from django.db.models import Case, Exists, IntegerField, Min, OuterRef, Q, Value, When
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from hendig.families.models import FamilyMember, NamePart, NamePartQuerySet
from hendig.kernel.actor import Actor
from hendig.kernel.dates import Span, near
from hendig.kernel.names import Typed, TypedWord, Why, found_by, read, slip, words
from hendig.kernel.refusal import Words
from hendig.kernel.sounds import sound

FOUND_AT_MOST = 50
# Greater than every letter: what begins with a word stands between the word and the word with this.
_LAST = chr(0x10FFFF)


WHY_WORDS: dict[Why, Words] = {
    Why.EXACT: _("heet zo"),
    Why.BEGINS: _("begint zo"),
    Why.SOUNDS: _("klinkt als"),
    Why.SLIP: _("lijkt op"),
}


@dataclass(frozen=True, slots=True)
class Hit:
    """Somebody who was found, and why."""

    member_id: UUID
    family_id: UUID
    name: str
    born_on: date | None
    why: Why
    # By the whole citizen service number, and not by a name.
    by_number: bool = False

    @property
    def reason(self) -> Words:
        """'klinkt als Youssef': in small letters beside what was found."""
        if self.by_number:
            return format_lazy(_("het nummer van {name}"), name=self.name)
        return format_lazy("{why}: {name}", why=WHY_WORDS[self.why], name=self.name)


def people_found(actor: Actor, typed: str, *, at: datetime) -> tuple[Hit, ...] | None:
    """At most 50 people whom the actor may see and whose name or birth date is what was typed, best first.

    Every word that was typed is a word of the name, or begins it, or sounds like it, or is one letter off.
    None when nothing was typed to search by. 1 query, and by a name 2 where somebody is found.
    """
    sought = read(typed)
    if sought is None:
        return None
    return _named(actor, sought, at) if sought.words else _born(actor, sought, at)


def just_so(hits: Iterable[Hit | None]) -> bool:
    """Whether somebody is called just as was typed. No query."""
    return any(one is not None and one.why is Why.EXACT for one in hits)


def _named(actor: Actor, sought: Typed, at: datetime) -> tuple[Hit, ...]:
    """First by the words alone, of all that is open; then who of them the actor may see."""
    words_of = NamePart.objects.of_open_families(actor, at=at).order_by()
    if sought.born:
        born = FamilyMember.objects.visible_to(actor, at=at).filter(_born_about(sought.born, ""))
        words_of = words_of.filter(member__in=born.order_by().values("pk"))
    first, *others = (_fitting(words_of, _Match.of(word), place) for place, word in enumerate(sought.words))
    fits: dict[UUID, dict[int, int]] = defaultdict(dict)
    for place, member_id, rank in first.union(*others, all=True) if others else first:
        fits[member_id][place] = rank
    # Whom a word that was typed does not fit is not meant.
    ranks = {pk: sum(each.values()) for pk, each in fits.items() if len(each) == len(sought.words)}
    best = sorted((rank, pk) for pk, rank in ranks.items())
    called = _called(actor, [pk for _rank, pk in (best if sought.born else best[:FOUND_AT_MOST])], at)
    if sought.born:
        known = ((rank, pk) for rank, pk in best if pk in called)
        best = sorted((rank + _born_rank(sought.born, called[pk][-1]), pk) for rank, pk in known)
    return tuple(_hit(pk, *called[pk], rank) for rank, pk in best[:FOUND_AT_MOST] if pk in called)


def _fitting(rows: NamePartQuerySet, match: _Match, place: int) -> Any:
    """Of each person whom this word fits how well it does: a word of the own name before the family's."""
    of_family = Case(When(own=True, then=Value(0)), default=Value(1))
    fitting = rows.filter(match.any).values("member_id").annotate(rank=Min(match.rank + of_family))
    placed = fitting.annotate(place=Value(place, IntegerField())).filter(rank__isnull=False)
    return placed.values_list("place", "member_id", "rank")


def _called(actor: Actor, keys: list[UUID], at: datetime) -> dict[UUID, tuple[UUID, str, str, date | None]]:
    """Of these persons those whom the actor may see. At most 1 query."""
    rows = FamilyMember.objects.visible_to(actor, at=at).filter(pk__in=keys)
    return {pk: tuple(called) for pk, *called in rows.values_list("pk", *_CALLED)}


def _born(actor: Actor, sought: Typed, at: datetime) -> tuple[Hit, ...]:
    members = FamilyMember.objects.visible_to(actor, at=at).filter(_born_in(sought.born, ""))
    rows = members.order_by("born_on", "id").values_list("pk", *_CALLED)[:FOUND_AT_MOST]
    return tuple(_hit(*row) for row in rows)


_CALLED = ("family_id", "first_name", "last_name", "born_on")


def _hit(pk: UUID, family_id: UUID, first: str, last: str, born_on: date | None, rank: int = 0) -> Hit:
    return Hit(pk, family_id, full_name(first, last), born_on, _worst(rank))


def _weight(why: Why) -> int:
    """So far apart that a word that fits worse outweighs all others, and the sum tells the worst of them."""
    return 16**why if why else 0


def _worst(rank: int) -> Why:
    return max(why for why in Why if rank >= _weight(why))


def full_name(first: str, last: str) -> str:
    return f"{first} {last}".strip()


@dataclass(frozen=True, slots=True)
class _Match:
    """One typed word against the words of names: whether any can fit, and how well one does.

    Conditions that find are equalities and ranges, and few at a time: under row-level security PostgreSQL
    lets nothing else come before the question who may see the row, and not more than ten of them at once. So
    each word is asked for by itself, and that a slip is one is made sure where the rank is.
    """

    any: Q
    rank: Case

    @classmethod
    def of(cls, typed: TypedWord) -> _Match:
        word = typed.word
        ways = [(Why.EXACT, Q(word__in=[word, *typed.joined]))]
        if len(word) > 1:
            ways.append((Why.BEGINS, Q(word__gte=word, word__lt=word + _LAST)))
        if heard := sound(word):
            ways.append((Why.SOUNDS, Q(sound=heard)))
        found = [fits for _why, fits in ways]
        if slipped := slip(word):
            pattern = f"^({'|'.join(slipped.patterns).replace('_', '.')})$"
            halves = Q(head__in=slipped.heads) | Q(tail__in=slipped.tails)
            ways.append((Why.SLIP, halves & Q(word__regex=pattern)))
            found.append(halves)
        whens = (When(fits, then=Value(_weight(why))) for why, fits in ways)
        return cls(reduce(or_, found), Case(*whens, output_field=IntegerField()))


def _born_in(spans: Iterable[Span], of: str) -> Q:
    return reduce(
        or_, (Q(**{f"{of}born_on__gte": one.first, f"{of}born_on__lte": one.last}) for one in spans)
    )


def _born_about(spans: tuple[Span, ...], of: str) -> Q:
    """Born then, or on a day that is one slip of the hand away."""
    slips = sorted({day for one in spans if one.one_day for day in near(one.first)})
    return _born_in(spans, of) | Q(**{f"{of}born_on__in": slips}) if slips else _born_in(spans, of)


def _born_rank(spans: Iterable[Span], born_on: date | None) -> int:
    right = born_on is not None and any(one.first <= born_on <= one.last for one in spans)
    return _weight(Why.EXACT if right else Why.SLIP)


@dataclass(frozen=True, slots=True)
class Newcomer:
    """Somebody who is about to be written down, as far as was typed."""

    first_name: str = ""
    last_name: str = ""
    born_on: date | None = None
    email: str = ""


@dataclass(frozen=True, slots=True)
class Double:
    """Somebody who may be the same person: who that is, in which family, and what is alike."""

    member_id: UUID
    family_id: UUID
    name: str
    family: str
    born_on: date | None
    alike: Words
    surely: bool = False


SAME_ADDRESS = _("Hetzelfde e-mailadres.")
SAME_DAY = _("Klinkt hetzelfde, op dezelfde dag geboren.")
NEAR_DAY = _("Klinkt hetzelfde, met een geboortedatum die er erg op lijkt.")
SAME_NAME = _("Voornaam en achternaam klinken hetzelfde.")
DOUBLES_AT_MOST = 3


def likely_doubles(
    actor: Actor,
    one: Newcomer,
    *,
    at: datetime,
    family_id: UUID | None = None,
    besides: frozenset[UUID] = frozenset(),
) -> tuple[Double, ...]:
    """At most 3 people whom the actor may see and who may be this one. Never a reason to refuse. 1 query.

    Who comes into the family `family_id` and is there already in so many words is refused by a rule instead.

    Alike is: the same e-mail address; a first name that sounds the same with the same birth date, or one that
    is a slip away (day and month swapped, one digit off); without a date, a whole name that sounds the same.
    """
    same = _same(one)
    if same is None:
        return ()
    fields = ("pk", "family_id", "first_name", "last_name", "family__name", "born_on", "account__email")
    rows = FamilyMember.objects.visible_to(actor, at=at).filter(same).exclude(pk__in=besides).order_by("id")
    found = (_double(one, *row) for row in rows.values_list(*fields)[:FOUND_AT_MOST])
    return tuple(one for one in found if one is not None and not (one.family_id == family_id and one.surely))[
        :DOUBLES_AT_MOST
    ]


def _same(one: Newcomer) -> Q | None:
    heard = _heard(one.first_name)
    ways = [Q(account__email__iexact=one.email)] if one.email else []
    called = NamePart.objects.filter(member=OuterRef("pk"), sound__in=sorted(heard))
    if heard and one.born_on:
        ways.append(Q(Exists(called), born_on__in=[one.born_on, *sorted(near(one.born_on))]))
    if heard and one.last_name and not one.born_on:
        surname = NamePart.objects.filter(member=OuterRef("pk"), sound__in=sorted(_heard(one.last_name)))
        ways.append(Q(Exists(called), Exists(surname)))
    return reduce(or_, ways) if ways else None


def _heard(name: str) -> frozenset[str]:
    return frozenset(sound(word) for word in found_by(name)) - {""}


def _double(
    one: Newcomer,
    pk: UUID,
    family_id: UUID,
    first: str,
    last: str,
    of_family: str,
    born_on: date | None,
    email: str | None,
) -> Double | None:
    """What is alike; None when it was only the family's name that sounded like somebody's first name."""
    if one.email and email and email.casefold() == one.email.casefold():
        alike = SAME_ADDRESS
    elif not _heard(first) & _heard(one.first_name):
        return None
    elif one.born_on and born_on:
        alike = SAME_DAY if born_on == one.born_on else NEAR_DAY
    elif one.last_name and _heard(last or of_family) & _heard(one.last_name):
        alike = SAME_NAME
    else:
        return None
    same_name = words(first) == words(one.first_name)
    surely = alike == SAME_ADDRESS or (alike == SAME_DAY and same_name)
    return Double(pk, family_id, full_name(first, last), of_family, born_on, alike, surely)
