"""Drawing who is around: for all of a family, or by a youth for the own eyes until the youth shows it."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from hendig.audit.actions import Change, change
from hendig.circle import rules
from hendig.families.actions import add_tie
from hendig.families.models import Bond, Compartment, CompartmentKind, Record, Tie, opened
from hendig.kernel.actor import Actor
from hendig.kernel.periods import local_day
from hendig.kernel.refusal import NotVisible, require
from hendig.people.rules import Permission, require_permission


def draw(
    *,
    actor: Actor,
    family_id: UUID,
    name: str,
    relation: str,
    distance: int,
    bond: Bond,
    gives: str,
    at: datetime,
    own: bool = False,
    record_id: UUID | None = None,
    side_of: UUID | None = None,
) -> Tie:
    """Somebody stands there, this near: in the circle of the family, also on the side of one parent alone, or
    in a youth's `own` one.

    The own one is for the youth alone: refused for everybody else, and before 12.
    """
    said = {"name": name, "relation": relation, "distance": distance, "bond": bond, "gives": gives}
    if not own:
        where = {"record_id": record_id, "side_of": side_of}
        return add_tie(actor=actor, family_id=family_id, at=at, **where, **said)  # type: ignore[arg-type]  # each by its name
    require_permission(actor, Permission.DRAW_OWN_CIRCLE)
    with change(actor, "circle.own_drawn", at=at) as act:
        apart = _own(act, family_id)
        tie = Tie.objects.create(compartment=apart, family_id=family_id, **said)
        _tell(act, tie, distance=distance)
    return tie


def change_tie(
    *,
    actor: Actor,
    tie_id: UUID,
    name: str,
    relation: str,
    distance: int,
    bond: Bond,
    gives: str,
    at: datetime,
) -> Tie:
    """Somebody stands otherwise: the row of before stays, so that `undo_tie` puts it back."""
    require_permission(actor, Permission.KEEP_OWN_CIRCLE)
    with change(actor, "circle.tie_changed", at=at) as act:
        before = _lock(act, tie_id)
        require(rules.why_not_change(removed=before.removed_at is not None))
        tie = Tie.objects.create(
            compartment=before.compartment,
            family_id=before.family_id,
            name=name,
            relation=relation,
            distance=distance,
            bond=bond,
            gives=gives,
            was=before,
        )
        before.removed_at = at
        before.save()
        _tell(act, tie, distance=distance)
    return tie


def remove_tie(*, actor: Actor, tie_id: UUID, at: datetime) -> Tie:
    """Somebody no longer stands there; `undo_tie` puts them back."""
    require_permission(actor, Permission.KEEP_OWN_CIRCLE)
    with change(actor, "family.tie_removed", at=at) as act:
        tie = _lock(act, tie_id)
        tie.removed_at = tie.removed_at or at
        tie.save()
        _tell(act, tie)
    return tie


def undo_tie(*, actor: Actor, tie_id: UUID, at: datetime) -> Tie:
    """The last thing that was done with somebody is undone: drawn, changed or taken out.

    Nobody stands there twice by it. Refused for who stands otherwise by now, and for whom a youth took back.
    """
    require_permission(actor, Permission.KEEP_OWN_CIRCLE)
    with change(actor, "circle.tie_undone", at=at) as act:
        tie = _lock(act, tie_id)
        require(rules.why_not_undo(taken_back=tie.taken_back))
        back = tie.removed_at is not None
        standing = [one.pk for one in _same(tie) if one.removed_at is None]
        require(rules.why_not_change(removed=back and not {*standing} <= {tie.was_id}))
        tie.removed_at = None if back else at
        tie.save()
        if tie.was is not None:
            tie.was.removed_at = at if back else None
            tie.was.save()
        _tell(act, tie, also="family.tie_restored" if back else "")
    return tie


def show_circle(*, actor: Actor, family_id: UUID, at: datetime) -> int:
    """The youth shows the own circle as it is now: it stands in that of the family, which the tent sees.

    What was shown before goes. Refused for anybody else, and while nobody is drawn.
    """
    require_permission(actor, Permission.DRAW_OWN_CIRCLE)
    with change(actor, "circle.shown", at=at) as act:
        apart = _own(act, family_id)
        drawn = list(Tie.objects.present().filter(compartment=apart).order_by("id"))
        require(rules.why_not_show(len(drawn)))
        _hide(act, apart)
        shared = Compartment.objects.get(record=apart.record_id, kind=CompartmentKind.SHARED)
        for one in drawn:
            # As plain words, sealed anew with the key of where they lie from now on.
            one.shown = Tie.objects.create(
                compartment=shared,
                family_id=family_id,
                name=str(one.name),
                relation=str(one.relation),
                distance=one.distance,
                bond=one.bond,
                gives=str(one.gives),
            )
            one.save()
            act.record(one.shown, distance=one.distance)
    return len(drawn)


def hide_circle(*, actor: Actor, family_id: UUID, at: datetime) -> int:
    """What the youth showed is not in the circle of the family any more; tells how many that were."""
    require_permission(actor, Permission.DRAW_OWN_CIRCLE)
    with change(actor, "circle.hidden", at=at) as act:
        gone = _hide(act, _own(act, family_id))
        require(rules.why_not_hide(len(gone)))
        for one in gone:
            act.record(one)
    return len(gone)


def _hide(act: Change, apart: Compartment) -> list[Tie]:
    """A step: those that were shown are taken out of the circle of the family."""
    rows = Tie.objects.select_for_update(of=("self",)).filter(compartment=apart, shown__isnull=False)
    gone = []
    for one in rows.select_related("shown").order_by("id"):
        shown, one.shown = one.shown, None
        one.save()
        # Also where others changed it since, and where they took it out and could put it back.
        for row in _same(shown) if shown else ():
            if row.removed_at is None:
                row.removed_at = act.at
                gone.append(row)
            row.taken_back = True
            row.save()
    return gone


def _same(tie: Tie) -> list[Tie]:
    """All rows of this one person, as they stood and as they stand, locked."""
    rows = list(Tie.objects.select_for_update().filter(compartment=tie.compartment_id).order_by("id"))
    was = {one.pk: one.was_id for one in rows}
    return [one for one in rows if rules.began_as(one.pk, was) == rules.began_as(tie.pk, was)]


def _own(act: Change, family_id: UUID) -> Compartment:
    """The own part of the youth who acts, with the record locked; `NotVisible` for who has none."""
    rows = Compartment.objects.filter(
        family_id=family_id,
        kind=CompartmentKind.CHILD,
        record__child__account=act.actor.account,
        pk__in=opened("compartment_id", act.actor, act.at),
    )
    apart = rows.select_related("record__child").first()
    if apart is None or apart.record.child is None:
        raise NotVisible
    act.lock(Record.objects.all(), apart.record_id)
    require(rules.why_not_own(apart.record.child.born_on, local_day(act.at)))
    return apart


def _lock(act: Change, tie_id: UUID) -> Tie:
    """Somebody of a circle, locked after the record: a youth may take back at the same time.

    In a youth's own one only the youth changes anything.
    """
    rows = Tie.objects.visible_to(act.actor, at=act.at)
    record_id = rows.filter(pk=tie_id).values_list("compartment__record", flat=True).first()
    if record_id is None:
        raise NotVisible
    act.lock(Record.objects.all(), record_id)
    tie = act.lock(rows, tie_id)
    place = Compartment.objects.select_related("record__child").get(pk=tie.compartment_id)
    child = place.record.child
    if place.kind == CompartmentKind.CHILD and (child is None or child.account_id != act.actor.account_id):
        raise NotVisible
    return tie


def _tell(act: Change, tie: Tie, *, also: str = "", **facts: Any) -> None:
    """Of the own circle, and of one parent's side, nobody hears: no page of another moves."""
    if tie.compartment.kind in {CompartmentKind.CHILD, CompartmentKind.PARENT}:
        act.quiet = True
        act.topics.add(f"apart:{tie.compartment_id}")
    act.record(tie, also=also, **facts)
