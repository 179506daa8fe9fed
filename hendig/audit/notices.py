"""What may be said of an audit code: what happened in a sentence, who is told, and whether by mail too.

Each app has a `notices.py` with a table `CODES`. A code that stands in no table cannot be written to the
log, so that no action can forget to decide who hears of it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING
from uuid import UUID

from hendig.kernel.meetings import Meeting
from hendig.kernel.refusal import Words

if TYPE_CHECKING:
    # The table is read while apps are still loading, before there are models.
    from hendig.audit.models import Entry


@dataclass(frozen=True, slots=True)
class Tell:
    """Who hears of an entry, in which words (no names, no content), and where it leads.

    With a `meeting` the mail carries it, so that a calendar adds, moves or takes it out by itself; where
    there is none, as of something that stood in nobody's calendar, it is a mail like any other. With
    `own_calendar` whoever did it has that mail too, and no notice: they know, but their calendar does not.
    """

    to: Callable[[Entry], Iterable[UUID]]
    words: Words
    url: Callable[[Entry], str]
    by_mail: bool = True
    meeting: Callable[[Entry], Meeting | None] | None = None
    own_calendar: bool = False


@dataclass(frozen=True, slots=True)
class Code:
    """One kind of line in the log. `seen_as` is what a family reads; `tell` may be nobody."""

    sentence: str
    seen_as: Words
    tell: tuple[Tell, ...] = ()
    # What was seen left the screen, as a file that its reader keeps.
    takes: bool = False
    # What kind of piece it is about, where that says more than the part in which it lies.
    piece: Words | None = None


_codes: dict[str, Code] = {}


def register(codes: Mapping[str, Code]) -> None:
    """Adds an app's table. ValueError when two apps claim one code."""
    for name, code in codes.items():
        if _codes.get(name, code) is not code:
            raise ValueError(f"audit code {name} is declared twice")
        _codes[name] = code


def code(name: str) -> Code:
    """The declaration of an audit code. KeyError when nobody declared it."""
    return _codes[name]


def that_take() -> tuple[str, ...]:
    """The codes by which something left as a file."""
    return tuple(name for name, code in sorted(_codes.items()) if code.takes)


def all_codes() -> Mapping[str, Code]:
    return dict(sorted(_codes.items()))
