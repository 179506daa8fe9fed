"""What a municipality is and works with: its own facts, what it sets, and the partners in its network."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any, TypeVar

from django.db.models import QuerySet

from hendig.audit.actions import Change, change
from hendig.audit.models import Recorded
from hendig.kernel.actor import Actor
from hendig.kernel.ids import new_id
from hendig.kernel.periods import local_day
from hendig.kernel.refusal import require
from hendig.people import rules
from hendig.people.models import (
    Expertise,
    FormerCode,
    KnowledgeCard,
    Municipality,
    Partner,
    Principle,
    ServiceCode,
)
from hendig.people.rules import Permission, accent, require_permission

Facts = Mapping[str, Any]
R = TypeVar("R", bound=Recorded)
Write = Callable[[Change, Any, Facts], bool]
# What a code is called, here and by others; what it is in Hendig itself (H2) stays.
CALLED = ("name", "sentence", "unit", "ijw_category", "ijw_code", "cbs_care_form", "iv3_field")


@dataclass(frozen=True, slots=True)
class Settled:
    """How many were added, and how many that were there changed, by the name of the kind of row."""

    added: Counter[str] = field(default_factory=Counter)
    changed: Counter[str] = field(default_factory=Counter)


def open_municipality(
    *, name: str, slug: str, cbs_code: str, at: datetime, **facts: str | bool
) -> Municipality:
    """A municipality exists; it has no people yet. Only commands do this."""
    key = new_id()
    with change(Actor.system(key), "municipality.opened", at=at) as act:
        municipality = Municipality.objects.create(id=key, name=name, slug=slug, cbs_code=cbs_code, **facts)
        act.record(municipality)
    return municipality


def set_settings(
    *,
    actor: Actor,
    principles: Iterable[tuple[str, str]],
    codes: Iterable[Facts],
    expertises: Iterable[tuple[str, str, str]],
    at: datetime,
    registered: Collection[str] = (),
    cards: Iterable[tuple[str, str]] = (),
    partners: Iterable[Facts] = (),
    facts: Facts | None = None,
) -> Settled:
    """The municipality has these facts, principles, knowledge cards, service codes, expertises and partners.

    What is missing is added, what is there gets these words, and nothing is taken away. A code is called so
    from today on. `registered` are the expertises for which somebody registered is asked. An account that is
    there stays, of a partner and of the municipality itself: that changes by two people and after a hold
    (`billing.actions.accounts`). Refused when nothing would change.
    """
    require_permission(actor, Permission.SET_UP)
    with change(actor, "settings.changed", at=at) as act:
        # Of two at once the second finds what the first added.
        town = act.lock(Municipality.objects.all(), actor.municipality_id)
        here = {"municipality_id": actor.municipality_id}
        done, paid_from = Settled(), town.iban
        if _write_over(act, town, _but_another_account(town, facts or {})):
            done.changed["municipality"] += 1
        if town.iban != paid_from:
            act.record(town, also="municipality.account_changed")
        own_rules = [{"title": title, "sentence": sentence} for title, sentence in principles]
        _make_true(act, done, Principle.objects.filter(**here), "title", own_rules, placed=True)
        at_hand = [{"title": title, "words": words} for title, words in cards]
        _make_true(act, done, KnowledgeCard.objects.filter(**here), "title", at_hand, placed=True)
        _make_true(act, done, ServiceCode.objects.filter(**here), "code", codes, write=write_code)
        known = [
            {"slug": slug, "name": name, "sentence": sentence, "registered": slug in registered}
            for slug, name, sentence in expertises
        ]
        _make_true(act, done, Expertise.objects.filter(**here), "slug", known)
        network = Partner.objects.filter(**here)
        _make_true(act, done, network, "kvk", partners, stays=["iban"], also="partner.joined")
        require(rules.why_not_set(same=not act.entries))
    return done


def _but_another_account(town: Municipality, facts: Facts) -> Facts:
    """The facts, without the account and its bank where the municipality pays from another."""
    if not town.iban or facts.get("iban", town.iban) == town.iban:
        return facts
    return {name: value for name, value in facts.items() if name not in {"iban", "bic"}}


def set_accent(*, actor: Actor, colour: str, at: datetime) -> Municipality:
    """Every page of the municipality has this colour from now on, in the dark its lighter shade."""
    require_permission(actor, Permission.SET_LOOK)
    with change(actor, "settings.changed", at=at) as act:
        town = act.lock(Municipality.objects.all(), actor.municipality_id)
        require(accent.why_no_accent(colour, now=town.accent or accent.GREEN))
        town.accent = colour
        town.save()
        act.record(town)
    return town


def _make_true(
    act: Change,
    done: Settled,
    rows: QuerySet[R],
    by: str,
    wanted: Iterable[Facts],
    *,
    placed: bool = False,
    stays: Collection[str] = (),
    also: str = "",
    write: Write | None = None,
) -> None:
    """A step: each of `wanted` is among the rows, found again `by` this field. `also` tells of a new one.

    Those that have a place keep it, and what is added comes after them.
    """
    # Locked, or what somebody else does to one at this moment would be written over with what was before.
    known = {getattr(row, by): row for row in rows.select_for_update(of=("self",))}
    kind = rows.model._meta.model_name or ""
    last = max((getattr(row, "position", 0) for row in known.values()), default=0)
    for number, facts in enumerate(wanted, start=last + 1):
        row = known.get(facts[by])
        if row is None:
            place = {"position": number} if placed else {}
            row = rows.model(**facts, **place)
            row.save()
            act.record(row, also=also)
            done.added[kind] += 1
        elif (write or _write_over)(act, row, {name: facts[name] for name in facts if name not in stays}):
            done.changed[kind] += 1


def write_code(act: Change, code: ServiceCode, facts: Facts, from_on: date | None = None) -> bool:
    """A step: from that day on, today unless it is said, the (locked) code has these facts; whether that is
    another.

    What it was until the day before is kept; what was written earlier for the same day never held.
    """
    was = {name: getattr(code, name) for name in CALLED}
    if not _set(code, facts):
        return False
    from_on = from_on or local_day(act.at)
    act.record(
        code,
        code=code.code,
        category=code.ijw_category,
        care_form=code.cbs_care_form,
        iv3=code.iv3_field,
        from_on=from_on,
    )
    until = from_on - timedelta(days=1)
    if not FormerCode.objects.filter(service_code=code, until_on=until).exists():
        FormerCode.objects.create(service_code=code, until_on=until, **was)
    return True


def _write_over(act: Change, row: Recorded, facts: Facts) -> bool:
    """A step: the row has these facts; whether any was another before."""
    if not _set(row, facts):
        return False
    act.record(row)
    return True


def _set(row: Recorded, facts: Facts) -> bool:
    other = {name: value for name, value in facts.items() if getattr(row, name) != value}
    for name, value in other.items():
        setattr(row, name, value)
    if other:
        row.save()
    return bool(other)


def add_partner(
    *, actor: Actor, name: str, kvk: str, iban: str, email: str, at: datetime, **facts: str
) -> Partner:
    """A partner is part of the network."""
    require_permission(actor, Permission.SET_UP)
    with change(actor, "partner.joined", at=at) as act:
        partner = Partner.objects.create(name=name, kvk=kvk, iban=iban, email=email, **facts)
        act.record(partner)
    return partner
