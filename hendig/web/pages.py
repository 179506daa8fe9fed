"""What the composed pages show, gathered from the apps below."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from hendig.kernel.actor import Actor
from hendig.people import queries as people


@dataclass(frozen=True, slots=True)
class Home:
    municipality: people.MunicipalityCard | None


def home(actor: Actor, *, at: datetime) -> Home:
    return Home(municipality=people.municipality(actor.municipality_id))
