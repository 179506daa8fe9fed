"""Which pieces of a record can be destroyed by themselves: by kind and day, never by what they say."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.apps import apps
from django.db import models
from django.utils import formats, timezone
from django.utils.text import format_lazy
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from hendig.families.models import Compartment, CompartmentKind, FamilyMember, Home, OfRecord, Tie
from hendig.files.models import File
from hendig.helprequests.models import HelpRequest, TalkNote
from hendig.kernel.actor import Actor
from hendig.kernel.ids import made_at
from hendig.kernel.refusal import Words
from hendig.keys.models import sealed_fields
from hendig.matching.models import MatchTalk
from hendig.people.models import Account
from hendig.plans.models import Appointment, Ending, Goal, Task
from hendig.rights.models import OwnWords
from hendig.rights.queries.kinds import KINDS as COPIED
from hendig.tents.models import (
    Gesture,
    Influence,
    LaterPage,
    NamelessQuestion,
    Page,
    PageRemark,
    PreparedNote,
    Remark,
    Tent,
)
from hendig.tents.models import Piece as TentPiece

# Each with what it is called; the day comes behind it. What a decision rests on is not here: another law says
# how long it stays.
KINDS: tuple[tuple[type[OfRecord], Words], ...] = (
    (HelpRequest, _("De hulpvraag en het eerste gesprek")),
    (TalkNote, _("Wat de gezinscoach opschreef")),
    (MatchTalk, _("Waarvoor hulp gezocht werd")),
    (NamelessQuestion, _("De vraag zonder naam")),
    (Tent, _("Waar de tent was")),
    (TentPiece, _("Iets wat aan tafel gezegd is")),
    (PreparedNote, _("Iets wat iemand meenam naar het gesprek")),
    (Influence, _("Wie zei hoe het samenhangt")),
    (Gesture, _("Wat iemand zei over hoe het gesprek was")),
    (Remark, _("Hoe iemand iets aan tafel zag")),
    (Page, _("De bladzijde van een tent")),
    (LaterPage, _("Een latere versie van de bladzijde")),
    (PageRemark, _("Hoe iemand iets op de bladzijde zag")),
    (Goal, _("Een doel uit het plan")),
    (Task, _("Een taak uit het plan")),
    (Appointment, _("Waar een afspraak was")),
    (Ending, _("De terugblik")),
    (Tie, _("Iemand uit de eigen kring")),
    (Home, _("Waar iemand woont of woonde")),
    (OwnWords, _("Wat het gezin erbij schreef")),
)
OF_CHILD = "families_compartment"
# Of which day a row is, as it is in a copy; a row of no day is of the one on which it was made.
DAY_OF: Mapping[type[models.Model], str] = {kind.model: kind.day for kind in COPIED}
# Who wrote it, by the names that this has.
WROTE = ("author", "written_by", "noted_by", "asked_by", "called_by", "coach")


@dataclass(frozen=True, slots=True)
class _Found:
    table: str
    pk: UUID
    title: Words
    by: UUID | None = None
    at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Destructible:
    """Something of the record that can go by itself: the table and the row, and how it is called."""

    key: str
    title: Words


def destructible(actor: Actor, record_id: UUID, *, at: datetime) -> tuple[Destructible, ...]:
    """What of this record the actor may choose to destroy, newest last. 3 queries, and 1 for each kind.

    Of pieces that would be called the same also who wrote each, and where that is not enough at what time.
    """
    own = Compartment.objects.filter(record=record_id, kind=CompartmentKind.CHILD)
    found = [
        _Found(OF_CHILD, pk, _("Alles wat het kind zelf opschreef"))
        for pk in own.values_list("pk", flat=True)
    ]
    for kind, title in KINDS:
        rows = rows_of(kind).visible_to(actor, at=at).filter(compartment__record=record_id)
        by, day = _writer(kind), DAY_OF[kind]
        for pk, who, when in rows.order_by("pk").values_list("pk", by, day or "pk"):
            moment = when if day else made_at(pk)
            called = format_lazy("{title}, {day}", title=title, day=_day(moment))
            found.append(_Found(kind._meta.db_table, pk, called, who if by != "pk" else None, moment))
    people = names_of(actor, {one.by for one in found if one.by}, at=at)
    titles = told_apart(
        [str(one.title) for one in found],
        (gettext("{what}, door {word}"), [people.get(one.by, "") if one.by else "" for one in found]),
        (gettext("{what}, om {word}"), [clock(one.at) if one.at else "" for one in found]),
    )
    return tuple(
        Destructible(f"{one.table}:{one.pk}", title) for one, title in zip(found, titles, strict=True)
    )


def names_of(actor: Actor, ids: Collection[UUID], *, at: datetime) -> Mapping[UUID, str]:
    """The first names of those of these accounts and persons whom the actor may know of. 2 queries."""
    here = FamilyMember.objects.visible_to(actor, at=at).filter(pk__in=ids)
    accounts = Account.objects.filter(pk__in=ids)
    return dict([*accounts.values_list("pk", "first_name"), *here.values_list("pk", "first_name")])


def told_apart(titles: Sequence[str], *more: tuple[str, Sequence[str]]) -> list[str]:
    """What each is called, with no more words than are needed to know one from the other."""
    found = list(titles)
    for words, each in more:
        often = Counter(found)
        found = [
            words.format(what=what, word=word) if word and often[what] > 1 else what
            for what, word in zip(found, each, strict=True)
        ]
    return found


def _writer(kind: type[OfRecord]) -> str:
    """The column that says who wrote a row; its own key where none does."""
    columns = {one.name: one.attname for one in kind._meta.concrete_fields}
    return next((columns[name] for name in WROTE if name in columns), "pk")


def rows_of(kind: type[OfRecord]) -> Any:
    """All rows of this kind, by its own filters."""
    manager = kind._meta.default_manager
    assert manager is not None
    return manager.all()


def chosen_rows(pieces: list[str]) -> list[OfRecord]:
    """The rows that these pieces are, for who may see them all: one query for each kind."""
    keys: dict[str, list[UUID]] = {}
    for piece in pieces:
        table, _colon, key = piece.partition(":")
        keys.setdefault(table, []).append(UUID(key))
    found: list[OfRecord] = []
    sealed = {kind._meta.db_table: kind for kind in _of_record() if sealed_fields(kind)}
    for table, some in keys.items():
        if table == OF_CHILD:
            for kind in sealed.values():
                found += rows_of(kind).filter(compartment__in=some).order_by("pk")
        else:
            found += rows_of(sealed[table]).filter(pk__in=some).order_by("pk")
    # A photo or a letter goes with the words that it stands beside.
    files = [row.file_id for row in found if isinstance(row, OwnWords) and row.file_id is not None]
    known = [row.pk for row in found]
    return [*found, *File.objects.filter(pk__in=files).exclude(pk__in=known).order_by("pk")]


def _of_record() -> list[type[OfRecord]]:
    """Every kind of row of a record, whatever stands between it and `OfRecord`."""
    return [kind for kind in apps.get_models() if issubclass(kind, OfRecord)]


def _day(moment: datetime) -> str:
    return formats.date_format(timezone.localtime(moment), "j F Y")


def clock(moment: datetime) -> str:
    """The time of the day, to know two pieces of one day from each other."""
    return formats.date_format(timezone.localtime(moment), "H:i")
