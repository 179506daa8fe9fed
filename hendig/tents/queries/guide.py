"""The guide of the municipality: how it reads now, and which editions there were."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from hendig.kernel.actor import Actor
from hendig.people.rules import Permission, require_permission
from hendig.tents.models import Guide, Phase
from hendig.tents.rules import prompts
from hendig.tents.rules.words import Prompt


@dataclass(frozen=True, slots=True)
class Edition:
    """Since when, by whom, and what was said about it."""

    number: int
    from_at: datetime
    by: str
    note: str
    is_standard: bool


@dataclass(frozen=True, slots=True)
class PhaseText:
    phase: str
    prompt: Prompt


@dataclass(frozen=True, slots=True)
class GuidePage:
    editions: tuple[Edition, ...]
    phases: tuple[PhaseText, ...]

    @property
    def now(self) -> Edition | None:
        return self.editions[0] if self.editions else None

    @property
    def number(self) -> int:
        return self.now.number if self.now else 0


def guide_page(actor: Actor) -> GuidePage:
    """The newest edition and those before it. 1 query."""
    require_permission(actor, Permission.SET_GUIDE)
    rows = list(Guide.objects.filter(municipality_id=actor.municipality_id).select_related("account")[:20])
    return GuidePage(
        editions=tuple(
            Edition(row.number, row.from_at, row.account.first_name, row.note, is_standard=not row.phases)
            for row in rows
        ),
        phases=texts(rows[0].phases if rows else {}),
    )


def texts(own: prompts.Texts) -> tuple[PhaseText, ...]:
    """All phases as the table would read them."""
    return tuple(PhaseText(phase.value, prompts.prompt(phase, own)) for phase in Phase)
