"""What who runs the installation sees of keys: how many under which root, and what rotation has yet to do."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import Count

from hendig.kernel.actor import Actor
from hendig.kernel.ids import made_at
from hendig.keys.models import CompartmentKey
from hendig.keys.models.roots import ring


@dataclass(frozen=True, slots=True)
class Root:
    """One root key: since when, and how many keys of compartments it wraps."""

    root_id: UUID
    since: datetime
    keys: int


@dataclass(frozen=True, slots=True)
class Waiting:
    """What a rotation has yet to do in a municipality."""

    to_wrap: int
    to_renew: int
    left_over: int


def roots() -> tuple[Root, ...]:
    """The root keys, newest first. 1 query."""
    counted = CompartmentKey.objects.standing().values_list("root_id").annotate(Count("pk"))
    keys = dict(counted.order_by())
    return tuple(Root(root.id, made_at(root.id), keys.get(root.id, 0)) for root in ring().roots)


def unknown_roots() -> int:
    """Keys that no root key of this installation opens. 1 query."""
    return CompartmentKey.objects.standing().exclude(root_id__in=[root.id for root in ring().roots]).count()


def in_older_backups() -> int:
    """Keys that were destroyed here, and that a root key on the ring still opens in a backup. 1 query."""
    oldest = min(made_at(root.id) for root in ring().roots)
    return CompartmentKey.objects.filter(destroyed_at__gt=oldest).count()


def destroyed_under_the_newest() -> bool:
    """Whether the newest root key may have wrapped a key that was destroyed since. 1 query."""
    return CompartmentKey.objects.filter(destroyed_at__gte=made_at(ring().newest.id)).exists()


def waiting(actor: Actor) -> Waiting:
    """How far a rotation is. 3 queries."""
    newest = ring().newest.id
    return Waiting(
        to_wrap=CompartmentKey.objects.under_older_roots(actor, newest).count(),
        to_renew=CompartmentKey.objects.to_renew(actor, newest).count(),
        left_over=CompartmentKey.objects.left_over(actor).count(),
    )


def compartments_to_renew(actor: Actor, size: int) -> list[UUID]:
    """The next whose key is older than the newest root. 1 query."""
    rows = CompartmentKey.objects.to_renew(actor, ring().newest.id)
    return list(rows.order_by("id").values_list("compartment_id", flat=True)[:size])


def compartments_left_over(actor: Actor, size: int, *, after: UUID) -> list[UUID]:
    """The next that have more than one key. 1 query."""
    rows = CompartmentKey.objects.left_over(actor).filter(compartment_id__gt=after)
    return list(rows.order_by("compartment_id").values_list("compartment_id", flat=True).distinct()[:size])
