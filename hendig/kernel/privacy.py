"""What a kind of row holds about people, why it is kept, how long, and how it is made to go."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType


@dataclass(frozen=True, slots=True)
class Privacy:
    """The declaration of one model for the privacy register.

    `fields` names every field that can hold something about a person, with what it is in plain words;
    identifiers, stages, dates of actions and amounts need no words. `why` is purpose and ground, `kept` the
    retention, `goes` how it is destroyed.
    """

    why: str
    kept: str
    goes: str
    fields: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))


RECORD_20_YEARS = (
    "20 years after the last change, or until the youth asks for destruction (Jeugdwet 7.3.8, 7.3.9)"
)
WHILE_WORKING = "while the person works here, then 2 years"
BOOKS_7_YEARS = "7 years after the book year (fiscal retention)"
WITH_THE_FAMILY = (
    "when the record is destroyed its texts lose their key, and nobody is involved with it any more; what"
    " stays are identifiers, codes and dates, which lead to nobody"
)
EMPTIED = (
    "emptied when the last record by which somebody is known here is destroyed: no name, birth date, address"
    " or account; an identifier stays"
)
