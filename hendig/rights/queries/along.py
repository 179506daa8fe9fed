"""A record to take along, for one reader: a document that reads well, and an archive for machines."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from hendig.audit.actions import Viewing
from hendig.families.models import CompartmentKind, FamilyMember, Part, Record
from hendig.families.queries import opening
from hendig.families.queries.opening import EVERYTHING
from hendig.files.models import File
from hendig.kernel.actor import Actor
from hendig.kernel.periods import AMSTERDAM
from hendig.kernel.refusal import NotVisible
from hendig.people.adapters.paper import Sheet, pdf, pdfs
from hendig.rights.adapters import archive
from hendig.rights.models import Application, Decision
from hendig.rights.queries.along_data import Enclosed, as_data, schema
from hendig.rights.queries.along_paper import on_paper
from hendig.rights.queries.decisions import beside
from hendig.rights.queries.gathered import Whole, gather
from hendig.rights.queries.letters import LETTER, Letter, extension_letter, receipt_letter
from hendig.tents.models import LaterPage, Page
from hendig.tents.queries.paper import Table, page_on_paper

PAPER, DATA, SCHEMA, LETTERS = "kopie.pdf", "gegevens.json", "schema.json", "brieven"


@dataclass(frozen=True, slots=True)
class TakePage:
    """What can be taken along: of whom, and whether that is the reader."""

    record_id: UUID
    family_id: UUID
    child: str
    mine: bool


@dataclass(frozen=True, slots=True)
class Copy:
    """A file to keep: its name says what it is, not about whom."""

    name: str
    kind: str
    content: bytes


def to_take_along(actor: Actor, record_id: UUID, *, at: datetime) -> TakePage:
    """The page from which a record is taken along; `NotVisible` for who is not of its family. 4 queries."""
    with _opening(actor, "own.seen", record_id, at=at) as (look, child_id):
        # Who has nothing left but what is about themself reads no name of a child.
        seen = [child_id] if child_id and CompartmentKind.SHARED in look.open else []
        child = FamilyMember.objects.within(look).filter(pk__in=seen).first()
        return TakePage(
            record_id=record_id,
            family_id=look.family_id,
            child=child.first_name if child else "",
            mine=child is not None and child.account_id == actor.account_id,
        )


def take_along(actor: Actor, record_id: UUID, *, whole: bool, at: datetime) -> Copy:
    """The record as this reader may see it at this moment: the document, or with `whole` all files in one.

    The log says that a copy was taken, in each compartment that it is of. 42 queries at any size, and 1 for
    what was asked of a part that is not open.
    """
    with _opening(actor, "own.copy_taken", record_id, at=at) as (look, child_id):
        found = gather(look, record_id, child_id)
        _enter_asked(found)
        document = ("rights/along.typ", on_paper(found))
        if not whole:
            return Copy(PAPER, "application/pdf", pdf(*document))
        enclosed = _enclosed(found)
        paper, *letters = pdfs([document, *(one.sheet for one in enclosed if one.sheet)])
        made = iter(letters)
        files = {PAPER: paper, DATA: archive.data(as_data(found, enclosed)), SCHEMA: schema()}
        files |= {one.path: next(made) if one.sheet else one.paper for one in enclosed}
    return Copy("kopie.zip", "application/zip", archive.zipped(files, at=look.at.astimezone(AMSTERDAM)))


@contextmanager
def _opening(
    actor: Actor, what: str, record_id: UUID, *, at: datetime
) -> Iterator[tuple[Viewing, UUID | None]]:
    """A look at all that is open of one record, by somebody of its family and nobody else. 3 queries."""
    rows = Record.objects.visible_to(actor, at=at).filter(pk=record_id)
    found = rows.values_list("family_id", "child_id").first()
    if found is None:
        raise NotVisible
    with opening(actor, what, found[0], at=at, kinds=EVERYTHING, homes=True, record_id=record_id) as look:
        if look.part != Part.FAMILY:
            raise NotVisible
        yield look, found[1]


def _enter_asked(found: Whole) -> None:
    """Where somebody has their own application and nothing else, the log says there too what was taken."""
    look = found.look
    rows = {row.compartment_id: row for row in found.rows["applications"]}
    for compartment_id, application in rows.items():
        if compartment_id not in look.compartments:
            with beside(look.actor, "own.copy_taken", application, look.at):
                pass


def _enclosed(found: Whole) -> tuple[Enclosed, ...]:
    """The letters that were sent, the pages of the tents and what the family brought, numbered."""
    numbers: dict[str, int] = defaultdict(int)
    enclosed = []
    for row in (row for rows in found.rows.values() for row in rows):
        for name, sheet in _sheets(found, row):
            numbers[name] += 1
            ending = "jpg" if isinstance(row, File) and row.is_photo else "pdf"
            path = f"{LETTERS}/{name}-{numbers[name]}.{ending}"
            enclosed.append(
                Enclosed(row.pk, path, sheet)
                if isinstance(sheet, tuple)
                else Enclosed(row.pk, path, paper=sheet)
            )
    return tuple(enclosed)


def _table(found: Whole) -> Table:
    """What goes along of what lay on the tables."""
    said, lines, views, otherwise = (
        found.rows[name] for name in ("said", "hangs_together", "how_we_see_it", "seen_otherwise")
    )
    return Table(found.about, said, lines, views, otherwise)


def _sheets(found: Whole, row: object) -> Iterator[tuple[str, Sheet | bytes]]:
    """What goes along with this row as a file: to be made, or as it was sent."""
    if isinstance(row, Page | LaterPage):
        yield "blad", page_on_paper(row, found.look.part, _table(found))
    elif isinstance(row, Decision) and row.paper:
        yield "besluit", bytes(row.paper)
    elif isinstance(row, File) and row.content:
        yield "van-ons", bytes(row.content)
    elif isinstance(row, Application):
        letter = Letter.of(row, found.town)
        yield "ontvangst", (LETTER, receipt_letter(letter, row))
        if row.extended_at:
            yield "uitstel", (LETTER, extension_letter(letter, row, row.extended_at))
