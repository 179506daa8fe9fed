"""The page that remains, as it reads: in whichever version, with who sees a line of it otherwise."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from hendig.kernel.refusal import Refusal
from hendig.tents.models import PagePart, PageRemark, PageStage, PageText, Tent
from hendig.tents.queries.drawn import Picture
from hendig.tents.rules import page as page_rules


@dataclass(frozen=True, slots=True)
class Version:
    """One of the versions of the page, and when it was agreed to."""

    number: int
    agreed_at: datetime | None


@dataclass(frozen=True, slots=True)
class Sheet:
    """The page that remains."""

    tent_id: UUID
    question: str
    understanding: str
    goes_well: str
    agreements: str
    people: str
    until_on: date | None
    edition: int
    met_at: datetime
    agreed_at: datetime | None
    agreed_by: str
    not_amend: Refusal | None
    # How it hangs together, where it was read with what lay on the table.
    picture: Picture | None = None
    agrees: bool = False
    not_agree: Refusal | None = None
    number: int = 1
    # How people at the table see a line otherwise, and who reads it now.
    remarks: tuple[PageRemark, ...] = ()
    reader: UUID | None = None
    was_there: bool = True
    versions: tuple[Version, ...] = ()
    not_later: Refusal | None = None

    @property
    def asked(self) -> str:
        """Which version it is, as it stands in an address; of the newest nothing."""
        return "" if self.is_newest else f"?versie={self.number}"

    @property
    def is_later_draft(self) -> bool:
        """Begun to change something: so what can be changed lies open."""
        return self.number > 1 and not self.is_agreed

    @property
    def is_newest(self) -> bool:
        return not self.versions or self.number == self.versions[-1].number

    @property
    def is_agreed(self) -> bool:
        return self.agreed_at is not None

    @property
    def parts(self) -> tuple[tuple[PagePart, tuple[page_rules.LineOfPage, ...]], ...]:
        """What stands on it, part by part and line by line, with who sees a line otherwise."""
        return tuple(
            (part, page_rules.lines_with(getattr(self, part), part, self.remarks, account=self.reader))
            for part in PagePart
        )

    def as_typed(self) -> dict[str, object]:
        """The page as the form that amends it starts with."""
        names = ("edition", "question", "understanding", "goes_well", "agreements", "people", "until_on")
        return {name: getattr(self, name) for name in names}


def sheet_of(page: PageText, tent: Tent, part: str) -> Sheet:
    """A version of the page as it reads. No query."""
    return Sheet(
        tent_id=tent.pk,
        question=page.question,
        understanding=page.understanding,
        goes_well=page.goes_well,
        agreements=page.agreements,
        people=page.people,
        until_on=page.until_on,
        edition=page.edition,
        met_at=tent.closed_at or tent.starts_at,
        agreed_at=page.agreed_at if page.stage == PageStage.AGREED else None,
        agreed_by=page.agreed_by.first_name if page.agreed_by else "",
        not_amend=page_rules.why_not_amend(page, part=part, edition=page.edition),
        number=page.version,
    )
