"""The question told without a name: for the family and its coach, and for who hears it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import QuerySet

from hendig.audit.actions import Viewing
from hendig.audit.models.composed import Composed
from hendig.directory.queries import photo_of
from hendig.families.models import Part
from hendig.helprequests.models import HelpRequest
from hendig.kernel.actor import Actor
from hendig.kernel.periods import local_day
from hendig.kernel.refusal import NotVisible, Refusal
from hendig.people.models import Expertise, registers_of
from hendig.people.rules.registered import registers_in_words
from hendig.tents.models import Hearer, NamelessQuestion
from hendig.tents.models.nameless import HearerQuerySet
from hendig.tents.queries.deciding import decider
from hendig.tents.rules import nameless as rules


@dataclass(frozen=True, slots=True)
class Answer:
    """What somebody answered who knows no name."""

    professional_id: UUID
    first_name: str
    photo: str
    title: str
    register: str
    words: str
    can_come: bool


@dataclass(frozen=True, slots=True)
class Question:
    """A text as it may be told or was told, with what came of it."""

    id: UUID
    expertise: str
    text: str
    told_at: datetime | None
    withdrawn: bool
    hearers: int
    answers: tuple[Answer, ...]
    not_allow: Refusal | None
    not_withdraw: Refusal | None

    @property
    def key(self) -> str:
        """As it stands in an address."""
        return str(self.id)

    @property
    def waits(self) -> bool:
        return self.told_at is None and not self.withdrawn

    @property
    def some_can_come(self) -> bool:
        return any(one.can_come for one in self.answers)


@dataclass(frozen=True, slots=True)
class NamelessPage:
    """What a family and its coach see: the question itself, what was told of it, and for whom it can be."""

    request_id: UUID
    family_id: UUID
    words: str
    questions: tuple[Question, ...]
    expertises: tuple[tuple[UUID, str], ...]
    own: bool
    not_tell: Refusal | None


@dataclass(frozen=True, slots=True)
class Heard:
    """A question without a name, for who hears it; nothing of whose it is."""

    id: UUID
    expertise: str
    text: str
    until_at: datetime
    words: str
    can_come: bool
    answered: bool


def nameless_page(look: Viewing, request_id: UUID) -> NamelessPage:
    """What was told without a name and what came of it. `NotVisible` for who is not involved.

    4 queries; while something waits for the yes of who looks 7.
    """
    request = HelpRequest.objects.within(look).filter(pk=request_id).first()
    if request is None:
        raise NotVisible
    rows = list(NamelessQuestion.objects.within(look).filter(request=request).select_related("expertise"))
    expertises = Expertise.objects.filter(municipality_id=look.actor.municipality_id)
    answers = _answers(rows, look.at)
    not_tell = rules.why_not_tell(part=look.part, stage=request.stage)
    asked = look.part == Part.FAMILY and any(row.told_at is None and row.withdrawn_at is None for row in rows)
    decides = asked and decider(look.actor, request, at=look.at) is not None
    return NamelessPage(
        request_id=request.pk,
        family_id=request.family_id,
        words=request.words,
        questions=tuple(
            _question(row, answers.get(row.told_id, ()), look, decides=decides) for row in reversed(rows)
        ),
        expertises=tuple(expertises.values_list("pk", "name")),
        own=look.part in rules.FAMILY_ALONE,
        not_tell=not_tell,
    )


def who_can_come(look: Viewing, question_id: UUID | None) -> tuple[tuple[UUID, UUID], ...]:
    """Expertise and professional of those who answered that they could come. At most 1 query."""
    if question_id is None:
        return ()
    told = NamelessQuestion.objects.within(look).filter(pk=question_id, told__isnull=False).values("told_id")
    rows = Hearer.objects.filter(told__in=told, can_come=True)
    return tuple(rows.values_list("told__expertise_id", "professional_id"))


def told_to(actor: Actor, *, at: datetime) -> tuple[Heard, ...]:
    """What is told to this professional without a name, the oldest first. 1 query."""
    if actor.professional_id is None:
        return ()
    return tuple(_heard(row) for row in _told(actor, at))


@Composed
def _told(actor: Actor, at: datetime) -> QuerySet[Hearer]:
    return _own(actor, at).order_by("id")[:50]


def heard(actor: Actor, hearer_id: UUID, *, at: datetime) -> Heard:
    """One of them; `NotVisible` for what was told to another, or is not open any more. 1 query."""
    row = _own(actor, at).filter(pk=hearer_id).first()
    if row is None:
        raise NotVisible
    return _heard(row)


def _own(actor: Actor, at: datetime) -> HearerQuerySet:
    rows = Hearer.objects.told_to(actor).filter(told__closed_at=None, told__until_at__gt=at)
    return rows.select_related("told__expertise")


def _heard(row: Hearer) -> Heard:
    told = row.told
    return Heard(
        id=row.pk,
        expertise=told.expertise.name,
        text=told.text,
        until_at=told.until_at,
        words=row.words,
        can_come=row.can_come,
        answered=row.answered_at is not None,
    )


def _answers(rows: list[NamelessQuestion], at: datetime) -> dict[UUID | None, list[Hearer]]:
    """Those to whom it was told, by what was told. 1 query."""
    found: dict[UUID | None, list[Hearer]] = {}
    told = [row.told_id for row in rows if row.told_id]
    known = registers_of("professional_id", local_day(at))
    hearers = (
        Hearer.objects.filter(told__in=told)
        .annotate(registers=known)
        .select_related("professional__account", "professional__card")
    )
    for one in hearers.order_by("answered_at", "id"):
        found.setdefault(one.told_id, []).append(one)
    return found


def _question(
    row: NamelessQuestion, hearers: tuple[Hearer, ...] | list[Hearer], look: Viewing, *, decides: bool
) -> Question:
    told, withdrawn = row.told_at is not None, row.withdrawn_at is not None
    return Question(
        id=row.pk,
        expertise=row.expertise.name,
        text=row.text,
        told_at=row.told_at,
        withdrawn=withdrawn,
        hearers=len(hearers),
        answers=tuple(
            Answer(
                professional_id=one.professional_id,
                first_name=one.professional.account.first_name,
                photo=photo_of(one.professional),
                title=one.professional.title,
                register=registers_in_words(one.registers),  # type: ignore[attr-defined]  # annotated
                words=one.words,
                can_come=one.can_come,
            )
            for one in hearers
            if one.answered_at is not None
        ),
        not_allow=rules.why_not_allow(part=look.part, decides=decides, told=told, withdrawn=withdrawn),
        not_withdraw=rules.why_not_withdraw(part=look.part, withdrawn=withdrawn),
    )
