"""Whether somebody is of a family, or was meant: by what is the same, and never by a surname alone."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date

from hendig.kernel.names import Typed, found_by, words

# What of a Dutch telephone number is the same however it is written.
PHONE_DIGITS = 9


def could_name_one(typed: Typed) -> bool:
    """Whether enough was typed to mean one person: most searches are for one name, and ask nothing more."""
    return len(typed.words) > 1 or bool(typed.words and typed.born)


def names_this_one(
    typed: Typed, *, first_name: str, last_names: tuple[str, ...], born_on: date | None
) -> bool:
    """A first name and a surname, or a first name and the birth date, spelled as it is and nothing else.

    A surname, a first name, or what only sounds like it, is no ground: others are called so too.
    """
    first, last = set(found_by(first_name)), set(found_by(*last_names))
    sought = {one.word for one in typed.words}
    if not sought & first or sought - first - last:
        return False
    if typed.born:
        return born_on is not None and any(one.first <= born_on <= one.last for one in typed.born)
    return bool((sought - first) & last)


@dataclass(frozen=True, slots=True)
class Somebody:
    """What is known of a person by which another account can be the same one."""

    first_name: str
    last_name: str
    email: str = ""
    phone: str = ""


def alike(one: Somebody, other: Somebody) -> str:
    """By what two look like one person: `mail`, `phone` or `name`; empty when they do not."""
    if one.email and _mailbox(one.email) == _mailbox(other.email):
        return "mail"
    if (phone := _phone(one.phone)) and phone == _phone(other.phone):
        return "phone"
    first, last = words(one.first_name), words(one.last_name)
    same = first == words(other.first_name) and last == words(other.last_name)
    return "name" if first and last and same else ""


def _mailbox(email: str) -> tuple[str, str]:
    """Where a mail arrives: what stands behind a plus is a name that somebody gives to a part of it."""
    local, _at, domain = email.strip().casefold().rpartition("@")
    return local.partition("+")[0], domain


def _phone(typed: str) -> str:
    digits = re.sub(r"\D", "", typed)
    return digits[-PHONE_DIGITS:] if len(digits) >= PHONE_DIGITS else ""
