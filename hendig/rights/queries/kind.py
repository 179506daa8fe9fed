"""How one kind of row goes along in a copy: which rows a reader has of it, and which facts of each."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import models

from hendig.audit.actions import Viewing
from hendig.kernel.actor import Actor
from hendig.kernel.refusal import Words

Rows = Any


@dataclass(frozen=True, slots=True)
class Field:
    """One fact of a row: its name in the archive, what a person reads, and where it is found."""

    name: str
    label: Words
    path: str = ""
    words: Mapping[str, Words] = field(default_factory=dict)
    # The other fact that says it already, where it is there.
    unless: str = ""

    @property
    def way(self) -> tuple[str, ...]:
        return tuple((self.path or self.name).split("."))


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of row: `about` is the field that says whom it is about, `under` the row that it hangs under.

    It lies in a compartment (`place`), or else names its record; `visible` is what the gate shows of it.
    """

    model: type[models.Model]
    name: str
    title: Words
    day: str
    fields: tuple[Field, ...]
    about: str = ""
    under: str = ""
    # A second row that it says something of: without that one it stays behind as well.
    beside: str = ""
    place: str = "compartment"
    record: str = ""
    visible: Callable[[Actor, datetime], Rows] | None = None
    # A row of its own under a head of its own; else a line in a list.
    large: bool = True
    only: Callable[[Rows], Rows] = lambda rows: rows
    # The account whose row it must be: what others said is theirs.
    mine: str = ""
    # Fields that tell something of a person and stay, with the reason.
    without: Mapping[str, str] = field(default_factory=dict)

    def rows(self, look: Viewing, record_id: UUID) -> Rows:
        """What the reader may see of this kind in this record. 1 query when it is read."""
        manager: Any = getattr(self.model, "objects")  # noqa: B009 - each model of ours has it
        visible = self.visible or (lambda actor, at: manager.visible_to(actor, at=at))
        rows = self.only(visible(look.actor, look.at))
        if self.place:
            rows = rows.filter(**{f"{self.place}__in": look.compartments})
        if self.record:
            rows = rows.filter(**{self.record: record_id})
        if self.mine:
            rows = rows.filter(**{self.mine: look.actor.account})
        order = [self.day, "id"] if self.day else ["id"]
        return rows.select_related(*self.joins).order_by(*order)

    @property
    def joins(self) -> tuple[str, ...]:
        """What is read along with each row."""
        ways = (one.way[:-1] for one in self.fields)
        found = {"__".join(way) for way in ways if way}
        return tuple(sorted(found | ({self.about} if self.about else set())))


Chapter = tuple[Words, tuple[Kind, ...]]
