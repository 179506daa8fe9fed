"""What in a text leads to a person, or to where somebody is: a name, an address, a number, a worry told."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable

from hendig.kernel.bsn import passes_eleven

# Letters that Unicode does not take apart into a letter and an accent.
_PLAIN = str.maketrans({"ø": "o", "ł": "l", "đ": "d", "æ": "ae", "œ": "oe", "ı": "i", "ð": "d", "þ": "th"})
# Small words before a surname.
PARTICLES = frozenset([
    "aan", "af", "al", "bij", "da", "das", "de", "del", "della", "den", "der", "des", "di", "do", "dos", "du",
    "el", "en", "het", "in", "la", "le", "les", "op", "over", "s", "t", "te", "ten", "ter", "toe", "tot",
    "uit", "van", "ver", "voor", "von", "zu",
])  # fmt: skip
# Found in every sentence, they say nothing about who somebody is.
_SMALL = PARTICLES | {"familie", "fam", "gezin"}
# Names that are also among the commonest words: only a name when written with a capital inside a sentence.
_EVERYDAY = frozenset(["al", "ben", "den", "dien", "is", "kan", "man", "mee", "mei", "per", "wil", "zie"])
_WORD = re.compile(r"(?:[^\W_][\u0300-\u036f]*)+")
_SENTENCE_STARTS = re.compile(r"(?:^|[.!?:\n])\W*$")

_EMAIL = re.compile(r"[^\s@]+\s?(?:@|\(at\)|\[at\])\s?[^\s@]+\.[^\W\d_]{2,}", re.IGNORECASE)
_DATE = re.compile(r"\b\d{1,2}[-/.]\d{1,2}[-/.](?:19|20)\d{2}\b")
_MONTHS = "januari|februari|maart|april|mei|juni|juli|augustus|september|oktober|november|december"
_DAY = re.compile(rf"\b\d{{1,2}}\s*(?:{_MONTHS})\b|\b(?:19|20)\d{{2}}-\d{{2}}-\d{{2}}\b", re.IGNORECASE)
_NINE = re.compile(r"(?<!\d)\d(?:[\s.]?\d){8}(?!\d)")
_PHONE = re.compile(r"(?<!\d)(?:\+\s?\d|0)(?:[\s().\-/]{0,2}\d){8,12}(?!\d)")
_POSTCODE = re.compile(r"\b[1-9]\d{3}(?:\s?[A-Z]{2}|[a-z]{2})\b")
_KINDS_OF_STREET = (
    "straat|straatje|str\\.|laan|weg|plein|dijk|hof|kade|steeg|pad|singel|gracht|dreef|baan|plantsoen|markt|park"
    "|kamp|akker|veld|erf|wal|dam|berg|heide|stede|donk|kerkhof|ring|hoek|brink|loop|beemd|hei|kwartier|oord"
)
_COUNTED = (
    "uur|uren|u|minuten|minuut|min|dag|dagen|week|weken|maand|maanden|jaar|jaren|keer|maal|x|km|kilometer|meter|m"
    "|euro|kinderen|mensen|personen|plekken|plaatsen"
)
_STREET = re.compile(
    rf"\b(?!onderweg)(?:[^\W\d_]{{2,}}(?:{_KINDS_OF_STREET})|(?-i:[A-Z][^\W\d_]+\s)(?:{_KINDS_OF_STREET}))"
    rf"\s+(?:nr\.?\s*|nummer\s*)?\d{{1,5}}(?!\d|\s*(?:{_COUNTED})\b)",
    re.IGNORECASE,
)

# In these words somebody tells that there is a worry about safety, or that nobody may know where someone is.
_WORRY = re.compile(
    r"\bveilig thuis|\bveiligheid|\bonveilig|mishandel|\b(?:huiselijk )?geweld|misbruik|\bbedreig|\bstalk"
    r"|\b(?:vrouwen|nood|crisis)opvang|\bblijf[ -]van|\bgeheime? (?:adres|plek)|\bmeldcode"
    r"|\b(?:contact|straat|huis|locatie)verbod|\baangifte\b|\bpolitie|\bondergedoken|\bonderduik|\bschuil(?:adres|plaats)",
    re.IGNORECASE,
)


def fold(text: str) -> str:
    """The text without capitals and accents, so that Zoë, ZOE and zoë are one."""
    if text.isascii():
        return text.casefold()
    apart = unicodedata.normalize("NFKD", unicodedata.normalize("NFKD", text).casefold())
    return "".join(sign for sign in apart if not unicodedata.combining(sign)).translate(_PLAIN)


def name_in(text: str, names: Iterable[str]) -> str:
    """The first word of the text that is one of the names, as it was written; empty when there is none.

    A name is found as a whole word, also with the Dutch possessive s. Of a name of several words each word
    counts, except the small ones (van, de). A name that is also one of the commonest words (Wil, Ben) counts
    only with a capital inside a sentence.
    """
    wanted = {word for name in names for word in _words_of(name)}
    apart = _apart(text)
    for found in _WORD.finditer(apart):
        folded = fold(found.group())
        match = folded if folded in wanted else folded.removesuffix("s")
        if match in wanted and (match not in _EVERYDAY or _meant_as_name(apart, found)):
            return unicodedata.normalize("NFC", found.group())
    return ""


def has_email(text: str) -> bool:
    return bool(_EMAIL.search(_plain(text)))


def has_phone(text: str) -> bool:
    """Nine digits or more that begin as a phone number does; a date is not one."""
    return bool(_PHONE.search(_DATE.sub(" ", _plain(text))))


def has_date(text: str) -> bool:
    """A day of a month: of somebody's birth, or of what happened, by which somebody is known."""
    plain = _plain(text)
    return bool(_DATE.search(plain) or _DAY.search(plain))


def has_bsn(text: str) -> bool:
    """Nine digits that pass the test of a citizen service number."""
    found = _NINE.findall(_plain(text))
    return any(passes_eleven("".join(sign for sign in nine if sign.isdigit())) for nine in found)


def has_address(text: str) -> bool:
    """A street with a house number, or a postcode."""
    plain = _plain(text)
    return bool(_STREET.search(plain) or _POSTCODE.search(plain))


def has_worry(text: str) -> bool:
    """What tells that safety is at stake, whatever is said about it."""
    return bool(_WORRY.search(_plain(text)))


def _plain(text: str) -> str:
    return unicodedata.normalize("NFKC", _apart(text))


def _apart(text: str) -> str:
    """Letters and accents apart, without signs that nobody sees: of both ASCII has none."""
    if text.isascii():
        return text
    return "".join(sign for sign in unicodedata.normalize("NFKD", text) if unicodedata.category(sign) != "Cf")


def _words_of(name: str) -> list[str]:
    words = [fold(word) for word in _WORD.findall(_apart(name))]
    return [word for word in words if len(word) > 1 and word not in _SMALL - _EVERYDAY]


def _meant_as_name(text: str, found: re.Match[str]) -> bool:
    return found.group()[0].isupper() and not _SENTENCE_STARTS.search(text[: found.start()])
