"""The municipality changes its knowledge cards, and for what somebody registered is asked."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from uuid import UUID

from hendig.audit.actions import change
from hendig.kernel.actor import Actor
from hendig.kernel.refusal import require
from hendig.people.models import Expertise, KnowledgeCard, Municipality
from hendig.people.rules import Permission, require_permission
from hendig.tents.actions.steps import account_of
from hendig.tents.models import Knowledge
from hendig.tents.rules import knowledge as rules


def set_knowledge(
    *,
    actor: Actor,
    cards: rules.Cards,
    registered: Collection[UUID],
    edition: int,
    at: datetime,
    note: str = "",
) -> Knowledge:
    """From now on these cards lie at hand, and for these expertises somebody registered is asked.

    Who was asked before keeps the seat. Refused when it changed meanwhile, or not, and for half a card.
    """
    require_permission(actor, Permission.SET_GUIDE)
    with change(actor, "knowledge.set", at=at) as act:
        # Two who save at once would both make the same next edition.
        act.lock(Municipality.objects.all(), actor.municipality_id)
        last = Knowledge.objects.filter(municipality_id=actor.municipality_id).first()
        before = list(KnowledgeCard.objects.filter(municipality_id=actor.municipality_id))
        known = {one.pk: one for one in Expertise.objects.filter(municipality_id=actor.municipality_id)}
        cards = [(title.strip(), words.strip()) for title, words in cards]
        asked = {key for key, one in known.items() if one.registered}
        require(
            rules.why_no_knowledge(
                cards,
                edition=edition,
                current=last.number if last else 0,
                same=cards == [(one.title, one.words) for one in before] and asked == set(registered),
                unknown=not known.keys() >= set(registered),
            )
        )
        for one in before:
            one.delete()
        for position, (title, words) in enumerate(cards, start=1):
            KnowledgeCard.objects.create(position=position, title=title, words=words)
        for key in asked ^ set(registered):
            known[key].registered = key in registered
            known[key].save()
        made = Knowledge.objects.create(
            number=(last.number if last else 0) + 1,
            cards=[list(card) for card in cards],
            registered=sorted(known[key].name for key in registered),
            note=note.strip(),
            account_id=account_of(actor),
            from_at=at,
        )
        act.record(made, edition=made.number)
    return made
