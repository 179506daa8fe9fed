"""Whether what somebody typed names a person of the own family: never by a surname alone."""

from __future__ import annotations

from datetime import date

from hendig.kernel.names import Typed, found_by


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
