"""Keys are made, wrapped again, replaced and destroyed."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import datetime
from uuid import UUID

from django.apps import apps
from django.db import models, transaction

from hendig.audit.actions import Change, change, speaking
from hendig.kernel.actor import Actor
from hendig.kernel.ids import new_id
from hendig.kernel.refusal import NotVisible
from hendig.kernel.sealing import DataKey, new_secret, wrap
from hendig.kernel.walls import SEAL
from hendig.keys.models import CompartmentKey, Opened, OpenedBytes, sealed_fields
from hendig.keys.models.key import DESTROY, give_way, hold_roots, share_roots
from hendig.keys.models.roots import replace_ring, ring
from hendig.keys.models.sealed import writing_key
from hendig.people.models import Municipality
from hendig.people.rules import Permission, require_permission


class StillNeeded(RuntimeError):
    """A key is still wrapped by an older root key."""


def new_keys(act: Change, families: Mapping[UUID, UUID]) -> None:
    """A step: each of these compartments, given with its family, has a new key, which seals from now on."""
    share_roots()
    roots, rows = ring(), []
    for compartment_id, family_id in families.items():
        key = DataKey(new_id(), new_secret())
        rows.append(
            CompartmentKey(
                id=key.id,
                compartment_id=compartment_id,
                family_id=family_id,
                wrapped=wrap(key, roots, compartment=compartment_id),
                root_id=roots.newest.id,
                made_at=act.at,
            )
        )
        act.keys[compartment_id] = key
    CompartmentKey.objects.bulk_create(rows)


def hold_key(act: Change, compartment_id: UUID) -> None:
    """A step: who may write in this compartment and not look into it has its key for this change."""
    with speaking(Actor.system(act.actor.municipality_id), act.at):
        writing_key(compartment_id)


def destroy_key(*, actor: Actor, compartment_id: UUID, at: datetime) -> None:
    """What stands in this compartment can be read by nobody any more.

    In older backups too, as soon as the root keys of their time are thrown away (`retire_roots`).
    """
    require_permission(actor, Permission.DESTROY_KEYS)
    with change(actor, "key.destroyed", at=at) as act, speaking(actor, at, purpose=DESTROY):
        keys = list(CompartmentKey.objects.standing().of(compartment_id).select_for_update().order_by("id"))
        if not keys:
            raise NotVisible
        for key in keys:
            key.wrapped = key.root_id = None
            key.destroyed_at = at
            key.save()
        act.record(keys[-1], compartment=compartment_id)


def new_root(*, actor: Actor, at: datetime) -> UUID:
    """A new root key wraps from now on; the older ones still open."""
    require_permission(actor, Permission.ROTATE_KEYS)
    with change(actor, "key.root_made", at=at) as act:
        hold_roots()
        root = DataKey(new_id(), new_secret())
        replace_ring(ring().with_new(root))
        act.record(_municipality(actor), root=root.id)
    return root.id


def rewrap(*, actor: Actor, size: int, at: datetime) -> int:
    """Some keys that an older root wrapped are wrapped by the newest; how many. None left when 0."""
    require_permission(actor, Permission.ROTATE_KEYS)
    roots = ring()
    waiting = CompartmentKey.objects.under_older_roots(actor, roots.newest.id)
    with transaction.atomic(), speaking(actor, at):
        if not waiting.exists():
            return 0
    with change(actor, "key.rewrapped", at=at) as act:
        keys = list(waiting.order_by("id").select_for_update(no_key=True)[:size])
        for key in keys:
            key.wrapped = wrap(key.opened(), roots, compartment=key.compartment_id)
            key.root_id = roots.newest.id
        CompartmentKey.objects.bulk_update(keys, ["wrapped", "root_id"])
        act.record(_municipality(actor), keys=len(keys), root=roots.newest.id)
    return len(keys)


def retire_roots(*, actor: Actor, at: datetime) -> int:
    """All root keys but the newest are thrown away; how many. Keys in older backups are then nobody's.

    Raises `StillNeeded` when something is wrapped by an older one.
    """
    require_permission(actor, Permission.ROTATE_KEYS)
    with change(actor, "key.roots_retired", at=at) as act:
        hold_roots()
        roots = ring()
        if CompartmentKey.objects.standing().exclude(root_id=roots.newest.id).exists():
            raise StillNeeded
        replace_ring(roots.keep([roots.newest.id]))
        act.record(_municipality(actor), roots=len(roots.roots) - 1)
    return len(roots.roots) - 1


def renew_keys(*, actor: Actor, compartment_ids: Collection[UUID], at: datetime) -> None:
    """Each of these compartments seals with a new key from now on; the older one opens what it sealed."""
    require_permission(actor, Permission.ROTATE_KEYS)
    with change(actor, "key.renewed", at=at) as act:
        known = CompartmentKey.objects.standing().filter(compartment_id__in=compartment_ids)
        new_keys(act, dict(known.order_by("id").values_list("compartment_id", "family_id")))
        act.record(_municipality(actor), keys=len(compartment_ids))


def seal_again(*, actor: Actor, compartment_ids: Collection[UUID], at: datetime) -> int:
    """All that older keys sealed in these compartments is sealed with their newest, and those keys are gone.

    How many rows. A key whose text could not be opened stays. Raises `LockNotAvailable` (by its Django name
    `OperationalError`) when somebody is at work there: nothing has happened then.
    """
    require_permission(actor, Permission.ROTATE_KEYS)
    with change(actor, "key.sealed_again", at=at) as act, speaking(actor, at, purpose=SEAL):
        give_way()
        left = CompartmentKey.objects.left_over(actor).filter(compartment_id__in=compartment_ids)
        old = list(left.select_for_update().order_by("id"))
        rows, stuck = 0, set[UUID]()
        for model in sealed_models():
            manager = model._meta.default_manager
            assert manager is not None
            for row in manager.filter(compartment_id__in=compartment_ids).select_for_update(of=("self",)):
                rows += 1
                stuck |= _seal_row(row)
        for key in old:
            if key.compartment_id not in stuck:
                key.delete()
        act.record(_municipality(actor), rows=rows, keys=len(old), stuck=len(stuck))
    return rows


def sealed_models() -> list[type[models.Model]]:
    """Every kind of row that has sealed text."""
    return [model for model in apps.get_models() if sealed_fields(model)]


def _seal_row(row: models.Model) -> set[UUID]:
    """The row is sealed with the newest key; its compartment when a text of it does not open."""
    names = [field.name for field in sealed_fields(type(row))]
    came = {name: getattr(row, name) for name in names}
    stuck = any(isinstance(value, Opened | OpenedBytes) and not value.readable for value in came.values())
    for name, value in came.items():
        # As plain str or bytes it is what somebody wrote just now: it gets the newest key.
        if isinstance(value, Opened) and value.readable:
            setattr(row, name, str(value))
        elif isinstance(value, OpenedBytes) and value.readable:
            setattr(row, name, bytes(value))
    row.save(update_fields=names)
    return {compartment_of(row)} if stuck else set()


def compartment_of(row: models.Model) -> UUID:
    found = row.serializable_value("compartment_id")
    assert isinstance(found, UUID)
    return found


def _municipality(actor: Actor) -> Municipality:
    return Municipality.objects.get(pk=actor.municipality_id)
