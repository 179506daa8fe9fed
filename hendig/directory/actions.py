"""Keeping the own card."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from hendig.audit.actions import Change, change
from hendig.directory import rules
from hendig.directory.models import Card, Portrait
from hendig.files.rules import Brought
from hendig.kernel.actor import Actor
from hendig.kernel.refusal import NotVisible, require
from hendig.people.models import Professional
from hendig.people.rules import Permission, require_permission


def keep_card(
    *,
    actor: Actor,
    can_do: str,
    languages: Collection[str],
    areas: Collection[str],
    free: Collection[str],
    families_max: int,
    at: datetime,
    photo: Brought | None = None,
) -> Card:
    """The own card says this from now on; a photo that comes along takes the place of the one before.

    Refused without own words, and for more places or families than anybody has.
    """
    require_permission(actor, Permission.KEEP_CARD)
    with change(actor, "card.kept", at=at) as act:
        professional, card = _own(act, actor, at)
        places = rules.tidy(areas)
        require(rules.why_no_card(can_do=can_do, areas=places, families=families_max))
        professional.can_do, professional.families_max = can_do.strip(), families_max
        professional.save()
        card.languages, card.areas, card.free = sorted(set(languages)), places, sorted(set(free))
        card.kept_at = at
        if photo is not None:
            card.photo += 1
        card.save()
        if photo is not None:
            _hang(card, photo)
        act.record(card, photo=photo is not None)
    return card


def remove_photo(*, actor: Actor, at: datetime) -> Card:
    """The photo is gone; the card shows the initial again. Taking away what is not there changes nothing."""
    require_permission(actor, Permission.KEEP_CARD)
    with change(actor, "card.photo_removed", at=at) as act:
        _professional, card = _own(act, actor, at)
        Portrait.objects.filter(card=card).delete()
        card.photo, card.kept_at = 0, at
        card.save()
        act.record(card)
    return card


def _own(act: Change, actor: Actor, at: datetime) -> tuple[Professional, Card]:
    """The professional who acts, locked, with the own card: a new one where there was none."""
    if actor.professional_id is None:
        raise NotVisible
    professional = act.lock(Professional.objects.visible_to(actor, at=at), actor.professional_id)
    card = Card.objects.select_for_update().filter(professional=professional).first()
    return professional, card or Card(professional=professional)


def _hang(card: Card, photo: Brought) -> None:
    portrait = Portrait.objects.filter(card=card).first() or Portrait(card=card)
    portrait.content = photo.content
    portrait.save()
