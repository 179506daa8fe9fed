"""The log as the privacy officer reads it: kinds, never content."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, fields
from datetime import datetime
from functools import lru_cache
from typing import Any
from uuid import UUID

from django.conf import settings
from django.utils.translation import gettext_lazy as _

from hendig.audit.models import PROVED, RESTORED, Anchor, Entry, Seal
from hendig.audit.notices import all_codes
from hendig.audit.rules import chain, words
from hendig.kernel.actor import Actor
from hendig.kernel.refusal import Words

# Why somebody was refused; the page or button on which is its code.
REFUSED: Mapping[str, Words] = {
    "not_visible": _("vroeg iets dat er niet is, of dat dicht is"),
    "forbidden": _("vroeg iets dat bij dit werk niet mag"),
}


@dataclass(frozen=True, slots=True)
class Line:
    entry_id: UUID
    at: datetime
    kind: str
    code: str
    words: Words
    account_id: UUID | None
    roles: str
    family_id: UUID | None
    part: str
    ground: str


@dataclass(frozen=True, slots=True)
class Sheet:
    """A page of the log, newest first; `older` is where the next one begins."""

    lines: tuple[Line, ...]
    older: UUID | None


def sheet(actor: Actor, *, kind: str = "", before: UUID | None = None, size: int = 50) -> Sheet:
    """The log of the actor's municipality, by key. 1 query.

    What was refused has no words of a code: it is called by why it was.
    """
    rows = Entry.objects.filter(municipality_id=actor.municipality_id).order_by("-id")
    if kind:
        rows = rows.filter(kind=kind)
    if before:
        rows = rows.filter(pk__lt=before)
    fields = ("pk", "at", "kind", "code", "facts", "account_id", "roles", "family_id", "part", "ground")
    found = list(rows.values_list(*fields)[: size + 1])
    lines = tuple(
        Line(pk, at, what, code, _what(code, facts), *rest)
        for pk, at, what, code, facts, *rest in found[:size]
    )
    return Sheet(lines, lines[-1].entry_id if len(found) > size else None)


def _what(code: str, facts: Mapping[str, Any]) -> Words:
    if "refusal" in facts:
        return REFUSED.get(facts["refusal"], _("wilde iets dat nu niet kan"))
    codes = all_codes()
    return codes[code].seen_as if code in codes else code


def newest_seal() -> chain.Sealed | None:
    """The last seal of the chain; None before the first. 1 query."""
    row = _seals().order_by("-number").first()
    return _sealed(row) if row else None


def seals_of(numbers: range) -> tuple[chain.Sealed, ...]:
    """The seals with these numbers that are there, in their order. 1 query."""
    rows = _seals().filter(number__gte=numbers.start, number__lt=numbers.stop).order_by("number")
    return tuple(_sealed(row) for row in rows)


@dataclass(frozen=True, slots=True)
class LastProof:
    """What the log itself says of the night in which it was last held against its seals."""

    at: datetime
    lines: int
    broken: int


def last_proof(actor: Actor) -> LastProof | None:
    """When the log was last held against its seals, and what came of it. 1 query."""
    rows = Entry.objects.filter(municipality_id=actor.municipality_id, code=PROVED).order_by("-id")
    row = rows.values_list("at", "facts").first()
    return LastProof(row[0], row[1]["lines"], row[1]["broken"]) if row else None


@dataclass(frozen=True, slots=True)
class Restored:
    """A backup took the place of the database: what came into the log after it is not there any more."""

    at: datetime
    made_at: datetime
    # The last seal that came along: one with a higher number, of before this moment, is of what is gone.
    seal: int


def restores(municipality_id: UUID) -> tuple[Restored, ...]:
    """Which backups were restored, newest first. 1 query."""
    rows = Entry.objects.filter(municipality_id=municipality_id, code=RESTORED).order_by("-id")
    return tuple(
        Restored(at, datetime.fromisoformat(facts["made"]), facts["seal"])
        for at, facts in rows.values_list("at", "facts")
    )


def _seals() -> Any:
    return Seal.objects.values_list(*(field.name for field in fields(chain.Sealed)))


def _sealed(row: tuple[Any, ...]) -> chain.Sealed:
    plain: list[Any] = [bytes(value) if isinstance(value, memoryview) else value for value in row]
    return chain.Sealed(*plain)


@dataclass(frozen=True, slots=True)
class SealLine:
    """A seal as a person sees it."""

    number: int
    code: str
    at: datetime
    count: int
    hash: str


def newest_seal_line() -> SealLine | None:
    """The newest seal with its words, for whoever wants to note it down. 1 query."""
    seal = newest_seal()
    return _line(seal) if seal else None


def _line(seal: chain.Sealed) -> SealLine:
    code = _code(seal.number, seal.hash())
    return SealLine(seal.number, code, seal.sealed_at, seal.count, seal.hash().hex())


# The words are dear to make, on purpose, and the newest seal is the same for a minute.
_code = lru_cache(maxsize=64)(words.code)


@dataclass(frozen=True, slots=True)
class Checked:
    """What the chain says of a code that somebody noted."""

    right: bool
    words: Words
    seal: SealLine | None = None


def check_code(typed: str) -> Checked:
    """Whether the seal of this code exists and still holds. At most 1 query."""
    read = words.read(typed)
    slips = words.unknown(typed)
    if slips:
        known = _("Dit woord staat in geen enkel zegel: %(word)s. Kijk nog eens of het goed is overgenomen.")
        return Checked(False, known % {"word": slips[0][:20]})
    if read is None:
        return Checked(False, _("Een zegel is een nummer en vijf woorden. Dit is iets anders."))
    number, code = read
    rows = {row[0]: _sealed(row) for row in _seals().filter(number__in=[number - 1, number])}
    seal = rows.get(number)
    if seal is None:
        return Checked(
            False,
            _("Dit zegel bestaat niet. Is het wel zo opgeschreven, dan is er iets uit het logboek weg."),
        )
    if words.code(number, seal.hash()) != code:
        return Checked(
            False,
            _("Zegel %(number)s bestaat, maar heeft andere woorden. Het logboek is niet wat het was.")
            % {"number": number},
        )
    if chain.why_broken(seal, rows.get(number - 1), chain.public_keys(settings.SEAL_PUBLIC)):
        return Checked(
            False,
            _("Dit zegel bestaat, maar het is verbroken. Het logboek is niet wat het was."),
            _line(seal),
        )
    return Checked(True, _("Dit zegel bestaat en klopt."), _line(seal))


def whole(numbers: Collection[int]) -> dict[int, bytes]:
    """The hash of each of these seals that is signed by us and holds on to the seal before it. 1 query."""
    near = {number - back for number in numbers for back in (0, 1)}
    rows = {row[0]: _sealed(row) for row in _seals().filter(number__in=near)}
    keys = chain.public_keys(settings.SEAL_PUBLIC)
    return {
        number: rows[number].hash()
        for number in numbers
        if number in rows and chain.why_broken(rows[number], rows.get(number - 1), keys) is None
    }


@dataclass(frozen=True, slots=True)
class AnchorLine:
    """A seal that lies with others; `stands` while the chain has that very seal."""

    number: int
    code: str
    at: datetime
    letters: int
    stands: bool


def anchors(actor: Actor, *, most: int = 20) -> tuple[AnchorLine, ...]:
    """The seals that were handed to others, newest first, each held against the chain. 2 queries."""
    rows = list(Anchor.objects.filter(municipality_id=actor.municipality_id).order_by("-number")[:most])
    found = whole([row.number for row in rows])
    return tuple(
        AnchorLine(row.number, row.code, row.at, row.letters, found.get(row.number) == bytes(row.hash))
        for row in rows
    )


@dataclass(frozen=True, slots=True)
class PublicKey:
    key_id: str
    text: str


def seal_keys() -> tuple[PublicKey, ...]:
    """The public keys by which seals are checked: the one in use first. No query."""
    return tuple(PublicKey(chain.key_id(text), text) for text in settings.SEAL_PUBLIC)
