"""Keeping the own card, and being asked in another municipality as well."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from uuid import UUID

from hendig.audit.actions import Change, change
from hendig.directory import rules
from hendig.directory.models import Card, Portrait
from hendig.files.rules import Brought
from hendig.kernel.actor import Actor
from hendig.kernel.periods import local_day
from hendig.kernel.refusal import NotVisible, require
from hendig.people.actions import part_elsewhere, take_on
from hendig.people.models import Account, Elsewhere, ElsewhereQuerySet, Municipality, Professional
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
        professional, card = _own(act)
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
        _professional, card = _own(act)
        Portrait.objects.filter(card=card).delete()
        card.photo, card.kept_at = 0, at
        card.save()
        act.record(card)
    return card


def offer_elsewhere(*, actor: Actor, municipality_id: UUID, at: datetime) -> Elsewhere:
    """Who answers for that municipality is asked whether the actor can be asked there as well.

    Nothing opens by it. Refused where it waits or stands already, and for who is here by such an offer.
    """
    require_permission(actor, Permission.KEEP_CARD)
    with change(actor, "elsewhere.offered", at=at) as act:
        professional, _card = _own(act)
        there = Municipality.objects.exclude(pk=actor.municipality_id).filter(pk=municipality_id).first()
        if there is None:
            raise NotVisible
        lasting = Elsewhere.objects.lasting(local_day(at), asked=True)
        mine = lasting.filter(home=actor.account, there=there)
        require(
            rules.why_no_offer(guest=lasting.filter(account=actor.account).exists(), standing=mine.exists())
        )
        # One that ran out by its last day makes room.
        for over in Elsewhere.objects.standing().filter(home=actor.account, there=there):
            part_elsewhere(act, over)
        offered = Elsewhere.objects.create(home_id=actor.account, there=there, offered_at=at)
        act.record(offered, there=there.pk, partner=professional.partner_id)
    return offered


def take_from_elsewhere(*, actor: Actor, elsewhere_id: UUID, at: datetime) -> Account:
    """The professional can be asked here from now on, with an account of this municipality.

    What the person can do comes along where it is known here by the same name; each registration waits until
    it was looked up here. The organisation is known here by its number in the trade register; one that was
    not is added without a bank account, so that nothing is paid before two people agreed on one.
    Refused about oneself, for who left at home, and where nothing of it is known here.
    """
    require_permission(actor, Permission.TAKE_FROM_ELSEWHERE)
    with change(actor, "elsewhere.taken", at=at) as act:
        one = act.lock(_waiting(actor, at), elsewhere_id)
        home = Professional.objects.select_related("account", "partner").get(account=one.home_id)
        made, is_new = take_on(act, home)
        if is_new:
            _copy_card(home, made, at)
        one.account_id, one.answered_by_id, one.answered_at = made.account_id, actor.account, at
        one.save()
        act.record(one, home=one.home_id, account=one.account_id)
    return made.account


def decline_from_elsewhere(*, actor: Actor, elsewhere_id: UUID, at: datetime) -> Elsewhere:
    """The person is not asked here; they may offer again."""
    require_permission(actor, Permission.TAKE_FROM_ELSEWHERE)
    with change(actor, "elsewhere.declined", at=at) as act:
        one = act.lock(_waiting(actor, at), elsewhere_id)
        one.answered_by_id, one.answered_at, one.ended_at = actor.account, at, at
        one.save()
        act.record(one, home=one.home_id)
    return one


def stop_elsewhere(*, actor: Actor, elsewhere_id: UUID, at: datetime) -> Elsewhere:
    """The own offer is taken back, or the own work in the other municipality ends, with its sessions."""
    require_permission(actor, Permission.KEEP_CARD)
    with change(actor, "elsewhere.ended", at=at) as act:
        own = Elsewhere.objects.visible_to(actor, at=at).standing().of(actor)
        one = act.lock(own, elsewhere_id)
        part_elsewhere(act, one)
    return one


def _waiting(actor: Actor, at: datetime) -> ElsewhereQuerySet:
    rows = Elsewhere.objects.visible_to(actor, at=at).standing()
    return rows.filter(there=actor.municipality_id, account=None)


def _copy_card(home: Professional, made: Professional, at: datetime) -> None:
    """Languages, times and face are the same everywhere; where somebody comes they say there themselves.

    Until then that is where they work: a card without a place says that somebody comes everywhere.
    """
    card = Card.objects.filter(professional=home).first() or Card()
    town = Municipality.objects.get(pk=home.municipality_id)
    copied = Card.objects.create(
        professional=made,
        languages=card.languages,
        areas=[town.name[:60]],
        free=card.free,
        photo=min(card.photo, 1),
        kept_at=at,
    )
    face = Portrait.objects.filter(card=card.pk).first()
    if face is not None:
        Portrait.objects.create(card=copied, content=bytes(face.content))


def _own(act: Change) -> tuple[Professional, Card]:
    """The professional who acts, locked, with the own card: a new one where there was none."""
    if act.actor.professional_id is None:
        raise NotVisible
    professional = act.lock(Professional.objects.visible_to, act.actor.professional_id)
    card = Card.objects.select_for_update().filter(professional=professional).first()
    return professional, card or Card(professional=professional)


def _hang(card: Card, photo: Brought) -> None:
    portrait = Portrait.objects.filter(card=card).first() or Portrait(card=card)
    portrait.content = photo.content
    portrait.save()
