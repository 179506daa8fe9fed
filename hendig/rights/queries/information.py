"""What a parent without authority asked about the child, and what it was told."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import Exists, OuterRef
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from hendig.audit.actions import Viewing, reading
from hendig.families.models import (
    Compartment,
    CompartmentKind,
    FamilyMember,
    LegalAuthority,
    MemberKind,
    Note,
    Record,
)
from hendig.families.queries import is_open_to
from hendig.kernel.actor import Actor
from hendig.kernel.periods import local_day
from hendig.kernel.refusal import NotVisible, Refusal, Words
from hendig.people.models import Municipality
from hendig.rights import rules
from hendig.rights.models import InformationRequest, InformationStage, OwnWords, Topic
from hendig.rights.queries.own import Counsellor, counsellor
from hendig.rights.queries.who import own_member

# In an order that such a parent knows, for the record gives them no name of a child.
WHICH = (_("uw oudste kind"), _("uw tweede kind"), _("uw derde kind"))
APART = (CompartmentKind.CHILD, CompartmentKind.PARENT)
# What is open to who asks.
OWN = (CompartmentKind.PARENT,)


@dataclass(frozen=True, slots=True)
class Question:
    """One question with its answer; `about` is the child as this reader may know it."""

    information_id: UUID
    by: str
    about: Words
    topic: Words
    topic_code: str
    words: str
    asked_at: datetime
    stage: str
    answer: str
    answered_by: str
    answered_at: datetime | None

    @property
    def waits(self) -> bool:
        return self.stage == InformationStage.ASKED

    @property
    def told(self) -> bool:
        return self.stage == InformationStage.RELEASED


@dataclass(frozen=True, slots=True)
class Asking:
    """The page of a parent without authority: about which child, and what was asked before.

    For who sees nothing of what is shared it is the first page here; `rests` when that parent does decide,
    and does not see along now.
    """

    children: tuple[tuple[UUID, Words], ...]
    questions: tuple[Question, ...]
    why_not: Refusal | None
    rests: bool
    first: bool
    several: bool
    counsellor: Counsellor


def asking(look: Viewing) -> Asking:
    """For a parent of this family; who has authority over each child is told to ask otherwise. 6 queries."""
    me = own_member(look.actor, look.family_id)
    if me is None or me.kind != MemberKind.PARENT:
        raise NotVisible
    own = own_children(look.actor, me, look.compartments, at=look.at)
    children = {pk: _which(place) for place, pk in enumerate(own)}
    rows = InformationRequest.objects.filter(asker_id=look.actor.account, record__in=list(children))
    found = rows.select_related("member", "answered_by").order_by("-id")
    questions = tuple(_question(one, children[one.record_id]) for one in found)
    waiting = {one.record_id for one in found if one.stage == InformationStage.ASKED}
    free = tuple((pk, which) for pk, which in children.items() if pk not in waiting)
    no = None if free else rules.why_no_information(me.kind, decides=not children, waiting=bool(waiting))
    first = CompartmentKind.SHARED not in look.open
    return Asking(
        children=free,
        questions=questions,
        why_not=no,
        rests=not children and first,
        first=first,
        several=len(children) > 1,
        counsellor=counsellor(look.actor),
    )


def own_children(
    actor: Actor, me: FamilyMember, compartments: Collection[UUID], *, at: datetime
) -> tuple[UUID, ...]:
    """The records of the own children for whom this parent does not decide, from the oldest on. 2 queries.

    Own is a child for whom that parent decided once, or whom the coach named with the way in: no other record
    has a part of that parent (`see_record`). Who was born first is looked up by Hendig: for this reader there
    is no row of a child.
    """
    mine = Compartment.objects.filter(pk__in=compartments, kind=CompartmentKind.PARENT, person=me)
    known = list(mine.values_list("record_id", flat=True))
    with reading(Actor.system(actor.municipality_id), at):
        held = LegalAuthority.objects.standing(local_day(at)).filter(holder=me, child=OuterRef("child"))
        rows = Record.objects.filter(~Exists(held), pk__in=known, child__isnull=False)
        return tuple(rows.order_by("child__born_on", "pk").values_list("pk", flat=True))


def to_answer(look: Viewing) -> tuple[Question, ...]:
    """What was asked about the children of a family, for who helps there; what waits first. 1 query."""
    rows = InformationRequest.objects.to_answer(look.actor, at=look.at).filter(record__in=look.records)
    found = rows.select_related("member", "answered_by", "record__child").order_by("-id")
    told = [_question(one, one.record.child.first_name if one.record.child else "") for one in found]
    return tuple(sorted(told, key=lambda one: not one.waits))


def question(look: Viewing, information_id: UUID) -> Question:
    """One of them. 1 query."""
    found = next((one for one in to_answer(look) if one.information_id == information_id), None)
    if found is None:
        raise NotVisible
    return found


def family_of_information(actor: Actor, information_id: UUID, *, at: datetime) -> UUID:
    """The family of a question; `NotVisible` for who does not answer it. 1 query."""
    rows = InformationRequest.objects.to_answer(actor, at=at).filter(pk=information_id)
    family_id = rows.values_list("family_id", flat=True).first()
    if family_id is None:
        raise NotVisible
    return family_id


def other_parent_may_see(asked: InformationRequest, *, at: datetime) -> bool:
    """Whether a parent with authority, another than who asked, may see now what is shared. At most 4 queries.

    The gate says so of who signs in. Of who never signed in nobody can say anything yet, so that the age of
    the child decides: it is about what that parent may see, not about whether they came to look.
    """
    holders = LegalAuthority.objects.standing(local_day(at)).filter(child=asked.record.child_id)
    others = holders.exclude(holder=asked.member_id)
    accounts = others.exclude(holder__account=None).values_list("holder__account_id", flat=True)
    if is_open_to(accounts, asked.place_id, at=at):
        return True
    child, frozen_at = asked.record.child, asked.record.frozen_at
    if child is None or child.born_on is None or (frozen_at is not None and frozen_at <= at):
        return False
    by_default = Municipality.objects.filter(pk=asked.municipality_id, parents_see_from_12=True).exists()
    raised = rules.parents_see_unasked(child.born_on, local_day(at), by_default=by_default)
    return raised and others.filter(holder__account=None).exists()


def said_apart(actor: Actor, record_id: UUID, *, at: datetime) -> Sequence[str]:
    """What a child or a parent told apart, as far as who answers may read it. 2 queries."""
    lies = {"compartment__record": record_id, "compartment__kind__in": APART}
    notes = Note.objects.visible_to(actor, at=at).filter(**lies)
    own = OwnWords.objects.visible_to(actor, at=at).filter(**lies)
    return [str(words) for rows in (notes, own) for words in rows.values_list("words", flat=True)]


def _which(place: int) -> Words:
    return WHICH[place] if place < len(WHICH) else format_lazy(_("uw {n}e kind"), n=place + 1)


def _question(one: InformationRequest, about: Words) -> Question:
    return Question(
        information_id=one.pk,
        by=one.member.first_name,
        about=about,
        topic=Topic(one.topic).label,
        topic_code=one.topic,
        words=one.words,
        asked_at=one.asked_at,
        stage=one.stage,
        answer=one.answer,
        answered_by=one.answered_by.first_name if one.answered_by else "",
        answered_at=one.answered_at,
    )
