"""The knowledge cards, at the table and as they are set, and what asks a registration."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from hendig.kernel.actor import Actor
from hendig.people.models import Expertise
from hendig.people.queries import knowledge_cards
from hendig.people.rules import Permission, require_permission
from hendig.tents.models import Knowledge, Phase, Tent, TentStage

# While they understand it together; before and after that a card would lead away from what is said.
WITH_CARDS = (Phase.UNDERSTAND, Phase.GOES_WELL)


@dataclass(frozen=True, slots=True)
class KnowledgeEdition:
    number: int
    from_at: datetime
    by: str
    note: str
    cards: tuple[tuple[str, str], ...]
    registered: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class KnowledgePage:
    cards: tuple[tuple[str, str], ...]
    # Identifier, name, and whether it asks a registration.
    expertises: tuple[tuple[str, str, bool], ...]
    editions: tuple[KnowledgeEdition, ...]

    @property
    def number(self) -> int:
        return self.editions[0].number if self.editions else 0


def cards_at(tent: Tent) -> tuple[tuple[str, str], ...]:
    """The knowledge cards at this table, while they understand it together. 1 query, and else none."""
    if tent.stage != TentStage.MEETING or tent.phase not in WITH_CARDS:
        return ()
    return knowledge_cards(tent.municipality_id)


def knowledge_page(actor: Actor) -> KnowledgePage:
    """All of it. 3 queries."""
    require_permission(actor, Permission.SET_GUIDE)
    rows = Knowledge.objects.filter(municipality_id=actor.municipality_id).select_related("account")[:20]
    expertises = Expertise.objects.filter(municipality_id=actor.municipality_id)
    return KnowledgePage(
        cards=knowledge_cards(actor.municipality_id),
        expertises=tuple((str(one.pk), one.name, one.registered) for one in expertises),
        editions=tuple(
            KnowledgeEdition(
                row.number,
                row.from_at,
                row.account.first_name,
                row.note,
                tuple((title, words) for title, words in row.cards),
                tuple(row.registered),
            )
            for row in rows
        ),
    )
