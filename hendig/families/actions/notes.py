"""A youth of 12 or older, or a parent, has something written apart; so does who was named for it."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.db.models import Q

from hendig.audit.actions import Change, change
from hendig.families import rules
from hendig.families.actions.about import about_whom
from hendig.families.models import (
    CHILD,
    NO_REASON,
    Compartment,
    CompartmentKind,
    Involvement,
    Note,
    Part,
    Record,
    Whom,
    WhyKept,
    opened,
)
from hendig.families.rules import sharing
from hendig.families.rules.about import why_not_say_whom
from hendig.families.rules.further import why_no_further_note
from hendig.kernel.actor import Actor
from hendig.kernel.periods import local_day
from hendig.kernel.refusal import NotVisible, require
from hendig.people.rules import Permission, require_permission

# The own parts of a record: of the child, and of each parent.
APART = (CompartmentKind.CHILD, CompartmentKind.PARENT)


def write_note(
    *,
    actor: Actor,
    record_id: UUID,
    words: str,
    at: datetime,
    about: Whom = CHILD,
    reason: WhyKept = NO_REASON,
    person_id: UUID | None = None,
) -> Note:
    """The piece stands in the child's own part, or in that of this parent (`person_id`).

    Nobody else of the family hears of it, nor sees a page move. Refused for whoever is neither the child of
    this record, from 12, or this parent, nor named there; and for the latter without a reason why it must be
    kept.
    """
    require_permission(actor, Permission.WRITE_APART)
    with change(actor, "child.note_written", at=at) as act:
        apart = _apart(act, record_id, person_id)
        record, whose = apart.record, apart.person or apart.record.child
        standing = Involvement.objects.standing(at).filter(record=record, account_id=actor.account)
        require(sharing.why_not_write_apart(apart, actor.account_id, standing.order_by("id")))
        if whose is not None and whose.account_id == actor.account_id:
            if apart.person is None:
                require(rules.why_not_for_the_child_to_say(whose, local_day(at)))
            reason = NO_REASON
        else:
            require(why_no_further_note(reason))
        about = about_whom(act, record, about, within=apart.pk)
        return keep_apart(act, apart, words, about, reason)


def keep_apart(
    act: Change, apart: Compartment, words: str, about: Whom, reason: WhyKept, *, told: bool = False
) -> Note:
    """A step: the piece stands in this own part, and only who reads there hears of it."""
    note = Note.objects.create(
        compartment=apart,
        about_id=about.member_id,
        outside=about.outside,
        family_id=apart.family_id,
        record_id=apart.record_id,
        author_id=act.actor.account,
        words=words,
        because=reason.because_kept,
        because_words=reason.words_kept,
        told=told,
        at=act.at,
    )
    _tell_apart(act, note)
    return note


def take_note_back(*, actor: Actor, note_id: UUID, at: datetime) -> Note:
    """Who wrote the piece, or the youth who once told it, takes it away; `put_note_back` undoes it."""
    return _keep(actor, note_id, "child.note_taken_back", at, taken_back_at=at)


def say_whom(*, actor: Actor, note_id: UUID, about: Whom, at: datetime) -> Note:
    """The piece is about somebody else than was said. Refused for who did not write it and is no coach."""
    require_permission(actor, Permission.WRITE_APART)
    with change(actor, "child.note_about", at=at) as act:
        note = act.lock(Note.objects.visible_to(actor, at=at).filter(taken_back_at=None), note_id)
        coaches = Involvement.objects.standing(at).filter(
            record=note.record_id, account_id=actor.account, part=Part.COACH
        )
        part = Part.COACH if coaches.exists() else ""
        require(why_not_say_whom(wrote=note.author_id == actor.account_id, part=part))
        about = about_whom(act, note.record, about, within=note.compartment_id)
        note.about_id, note.outside = about.member_id, about.outside
        note.save()
        _tell_apart(act, note)
    return note


def put_note_back(*, actor: Actor, note_id: UUID, at: datetime) -> Note:
    """The piece stands there again."""
    return _keep(actor, note_id, "child.note_put_back", at, taken_back_at=None)


def _keep(actor: Actor, note_id: UUID, code: str, at: datetime, *, taken_back_at: datetime | None) -> Note:
    require_permission(actor, Permission.WRITE_APART)
    with change(actor, code, at=at) as act:
        # What a GP shared and what was for the own work have ways of their own: the latter never comes back.
        apart = Note.objects.visible_to(actor, at=at).filter(compartment__kind__in=APART)
        # What was written down as the child said is the child's to take away, from the own way in on.
        own = apart.filter(Q(author_id=actor.account) | Q(told=True, record__child__account=actor.account))
        note = act.lock(own, note_id)
        note.taken_back_at = taken_back_at
        note.save()
        _tell_apart(act, note)
    return note


def _apart(act: Change, record_id: UUID, person_id: UUID | None) -> Compartment:
    """The own part of the child of this record, or of this parent, for whom it is open; the record locked."""
    rows = Compartment.objects.filter(
        record_id=record_id,
        kind=CompartmentKind.CHILD if person_id is None else CompartmentKind.PARENT,
        person_id=person_id,
        pk__in=opened("compartment_id", act.actor, act.at),
    )
    apart = rows.select_related("record__child", "person").first()
    if apart is None:
        raise NotVisible
    act.lock(Record.objects.all(), record_id)
    return apart


def _tell_apart(act: Change, note: Note) -> None:
    act.quiet = True
    act.topics.add(f"apart:{note.compartment_id}")
    act.record(note, **note.whom.said_of(note.pk))
