"""What the composed pages show, gathered from the apps below."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from hendig.audit.queries import Sheet, sheet
from hendig.families import queries as families
from hendig.kernel.actor import Actor
from hendig.people import queries as people


@dataclass(frozen=True, slots=True)
class Home:
    municipality: people.MunicipalityCard | None


def home(actor: Actor) -> Home:
    """The public front page. 2 queries."""
    return Home(municipality=people.municipality(actor.municipality_id))


@dataclass(frozen=True, slots=True)
class Log:
    sheet: Sheet
    kind: str
    names: dict[UUID, str]


def log(actor: Actor, *, kind: str, before: UUID | None) -> Log:
    """A page of the log with the names of those who acted. 2 queries."""
    found = sheet(actor, kind=kind, before=before)
    accounts = {line.account_id for line in found.lines if line.account_id}
    return Log(found, kind, people.names(accounts))
