"""What a child said that has no way in of its own, written down apart by whom it told."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from hendig.audit.actions import Change, change, speaking
from hendig.families.actions.about import about_whom
from hendig.families.actions.notes import keep_apart
from hendig.families.actions.records import signed_in
from hendig.families.models import (
    CHILD,
    NO_REASON,
    Compartment,
    CompartmentKind,
    Involvement,
    Note,
    Record,
    Whom,
    WhyKept,
)
from hendig.families.rules import sharing
from hendig.families.rules import told as rules
from hendig.families.rules.further import why_no_further_note
from hendig.kernel.actor import Actor
from hendig.kernel.periods import local_day
from hendig.kernel.refusal import NotVisible, require
from hendig.people.rules import Permission, require_permission


def write_told(
    *,
    actor: Actor,
    record_id: UUID,
    words: str,
    at: datetime,
    about: Whom = CHILD,
    reason: WhyKept = NO_REASON,
) -> Note:
    """What the child told stands in the child's own part, and who was told is named there.

    Those who raise hear nothing of it, nor see a page move; the youth reads it, and who does, once signed in.
    Refused where the youth writes itself, for who does not help the child, for another than who was told
    before, without a reason, and for a child under 12 without one in own words.
    """
    require_permission(actor, Permission.WRITE_APART)
    with change(actor, "child.told", at=at) as act:
        record = act.lock(Record.objects.visible_to, record_id)
        mine = list(_involved(act, record, signed_in(actor)))
        require(rules.why_not_told(record.child, mine, held=_holds_something(act, record)))
        if record.child is None:
            raise NotVisible
        require(why_no_further_note(reason))
        require(rules.why_not_kept_apart(record.child, reason, local_day(at)))
        if _name(mine):
            act.record(mine[0], within=_apart(record).pk, also="child.named", account=actor.account)
        about = about_whom(act, record, about)
        return keep_apart(act, _apart(record), words, about, reason, told=True)


def let_read(*, actor: Actor, record_id: UUID, account_id: UUID, at: datetime) -> Involvement:
    """As the child said to who is named: another who helps reads and writes in the child's own part too.

    Refused for whoever is not named there, where the youth chooses itself, and for who does not help now.
    """
    require_permission(actor, Permission.WRITE_APART)
    with change(actor, "child.named", at=at) as act:
        record = act.lock(Record.objects.visible_to, record_id)
        mine = list(_involved(act, record, signed_in(actor)))
        require(rules.why_not_told(record.child, mine, held=True))
        other = list(_involved(act, record, account_id))
        require(sharing.why_not_named(other))
        _name(other)
        act.quiet = True
        act.topics.add(f"account:{account_id}")
        act.record(other[0], within=_apart(record).pk, account=account_id)
    return other[0]


def _involved(act: Change, record: Record, account_id: UUID) -> list[Involvement]:
    rows = Involvement.objects.standing(act.at).select_for_update(of=("self",))
    return list(rows.filter(record=record, account_id=account_id).order_by("id"))


def _holds_something(act: Change, record: Record) -> bool:
    """Whether anything was ever written apart: Hendig looks, so that who is not named sees nothing."""
    with speaking(Actor.system(act.actor.municipality_id), act.at):
        return Note.objects.filter(compartment=_apart(record)).exists()


def _name(rows: list[Involvement]) -> bool:
    """A step: who helps in these ways reads the child's own part from now on; whether that is new."""
    new = [one for one in rows if one.part in sharing.CAN_BE_NAMED and CompartmentKind.CHILD not in one.kinds]
    for row in new:
        row.kinds = sorted({*row.kinds, CompartmentKind.CHILD})
        row.save()
    return bool(new)


def _apart(record: Record) -> Compartment:
    return Compartment.objects.get(record=record, kind=CompartmentKind.CHILD)
