"""Where an application stands, for the family and for who decides; and what is open in the municipality."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.db.models import Exists, OuterRef, Prefetch, Q
from django.utils.translation import gettext_lazy as _

from hendig.audit.actions import Place, Viewing, reading, viewing
from hendig.families.models import (
    Compartment,
    CompartmentKind,
    Family,
    FamilyMember,
    Ground,
    MemberKind,
    Part,
    opened,
)
from hendig.families.queries import deciders, opening
from hendig.kernel import terms
from hendig.kernel.actor import Actor
from hendig.kernel.consent import Deciders
from hendig.kernel.periods import local_day
from hendig.kernel.refusal import NotVisible, Refusal, Words
from hendig.kernel.walls import DECIDE
from hendig.keys.models import sealed_fields
from hendig.people.adapters.paper import pdf
from hendig.people.models import Municipality
from hendig.rights import rules
from hendig.rights.models import (
    OPEN_STAGES,
    Application,
    ApplicationQuerySet,
    Decision,
    PaperStage,
    Question,
    Verdict,
)
from hendig.rights.queries.letters import LETTER, Letter, extension_letter, receipt_letter
from hendig.rights.queries.who import own_member


@dataclass(frozen=True, slots=True)
class Clock:
    """The term as both sides see it: days gone, days left, on which day, and whether it runs."""

    received_on: date
    due_on: date
    days: int
    gone: int
    left: int
    stands_still: bool

    @property
    def overdue(self) -> bool:
        return self.left < 0

    @property
    def late(self) -> int:
        return max(0, -self.left)


@dataclass(frozen=True, slots=True)
class OpenLine:
    """One application on the list of the municipality: no name, as long as nobody must know it."""

    application_id: UUID
    reference: str
    stage: Words
    clock: Clock
    wants_pgb: bool
    mine: bool
    why_not_mine: Refusal | None


@dataclass(frozen=True, slots=True)
class OpenList:
    lines: tuple[OpenLine, ...]
    late: int


@dataclass(frozen=True, slots=True)
class QuestionLine:
    words: str
    answer: str
    asked_on: date
    answer_by: date
    answered_on: date | None
    lapsed: bool


@dataclass(frozen=True, slots=True)
class DecisionView:
    verdict: Words
    tone: str
    what: str
    reasons: str
    pgb: bool | None
    objection_by: date
    may_object: bool
    at: datetime


@dataclass(frozen=True, slots=True)
class Event:
    when: date
    title: Words


@dataclass(frozen=True, slots=True)
class ApplicationPage:
    """An application with everything that happened to it, and what the reader can do now."""

    application_id: UUID
    family_id: UUID
    reference: str
    child: str
    asked_by: str
    words: str
    wants_pgb: bool
    pgb_why: str
    pgb_who: str
    stage: str
    stage_words: Words
    tone: str
    clock: Clock
    decider: str
    extension_reason: str
    in_default_on: date | None
    penalty_from: date | None
    questions: tuple[QuestionLine, ...]
    decision: DecisionView | None
    events: tuple[Event, ...]
    of_family: bool
    may_ask: bool
    decides: bool
    why_not_take_up: Refusal | None
    why_no_default: Refusal | None
    why_no_extension: Refusal | None

    @property
    def open(self) -> bool:
        return self.stage in OPEN_STAGES

    @property
    def open_question(self) -> QuestionLine | None:
        return next((one for one in self.questions if one.answered_on is None and not one.lapsed), None)

    @property
    def way(self) -> tuple[Words, ...]:
        return WAY

    @property
    def step(self) -> int:
        """How far an open application is on its way."""
        return 2 if self.decider else 1


@dataclass(frozen=True, slots=True)
class Child:
    """A child of the family about whom something can be asked, and why this reader cannot."""

    member_id: UUID
    first_name: str
    why_not: Refusal | None


@dataclass(frozen=True, slots=True)
class ApplicationLine:
    application_id: UUID
    child: str
    stage: Words
    tone: str
    clock: Clock
    open: bool


# A list shows no word of them, and asks for no key.
WORDS = [field.name for field in sealed_fields(Application)]
CLOCK = Prefetch("questions", Question.objects.defer(*[field.name for field in sealed_fields(Question)]))
WAY: tuple[Words, ...] = (_("Ontvangen"), _("In behandeling"), _("Besluit"))
TONES = {
    PaperStage.RECEIVED: "busy",
    PaperStage.INCOMPLETE: "waiting",
    PaperStage.DECIDED: "done",
    PaperStage.WITHDRAWN: "stopped",
}
VERDICT_TONES = {Verdict.GRANTED: "good", Verdict.PARTLY: "busy", Verdict.REFUSED: "stopped"}


@contextmanager
def opening_application(
    actor: Actor, what: str, application_id: UUID, *, at: datetime
) -> Iterator[tuple[Viewing, Application]]:
    """One look at an application: by who is involved with the family, or by who decides on it.

    Who decides sees this and nothing else of the record, and the family reads so in its log. 3 queries, and
    for who decides 3 more.
    """
    rows = Application.objects.visible_to(actor, at=at).select_related("decider").filter(pk=application_id)
    application = _found(rows)
    if _is_open(actor, application, at):
        with opening(actor, what, application.family_id, at=at) as look:
            yield look, application
        return
    # The key of its words is there only for who says what for.
    with beside(actor, what, application, at) as look, reading(actor, at, purpose=DECIDE):
        yield look, _found(rows)


def _found(rows: ApplicationQuerySet) -> Application:
    application = rows.first()
    if application is None:
        raise NotVisible
    return application


def _is_open(actor: Actor, application: Application, at: datetime) -> bool:
    places = Compartment.objects.filter(pk=application.compartment_id)
    return places.filter(pk__in=opened("compartment_id", actor, at)).exists()


def beside(
    actor: Actor, what: str, application: Application, at: datetime
) -> AbstractContextManager[Viewing]:
    """A look at the application alone: of who decides, and of who asked it while the view rests."""
    asked = application.asker_id == actor.account_id
    part, ground = (Part.FAMILY, Ground.AUTHORITY) if asked else (Part.DECIDER, Ground.YOUTH_ACT)
    places = (Place(application.compartment_id, None),)
    return viewing(actor, what, application.family_id, part=part, ground=ground, at=at, places=places)


def application_page(actor: Actor, application_id: UUID, *, at: datetime) -> ApplicationPage:
    """An application, for the family and for who decides. 10 queries, with the line in the log."""
    with opening_application(actor, "paper.seen", application_id, at=at) as (look, application):
        questions = list(application.questions.all())
        decision = Decision.objects.filter(application=application).defer("paper").first()
        return _page(look, application, questions, decision)


def _page(
    look: Viewing, application: Application, questions: list[Question], decision: Decision | None
) -> ApplicationPage:
    actor, today = look.actor, local_day(look.at)
    member = own_member(actor, application.family_id)
    who = (
        deciders(application.child_id, at=look.at).may_answer(application.child_id) if member else frozenset()
    )
    clock = _clock(application, questions, today)
    given_on = local_day(application.in_default_at) if application.in_default_at else None
    return ApplicationPage(
        application_id=application.pk,
        family_id=application.family_id,
        reference=application.reference,
        child=_first(application.child_name),
        asked_by=_first(application.asker_name),
        words=application.words,
        wants_pgb=application.wants_pgb,
        pgb_why=application.pgb_why,
        pgb_who=application.pgb_who,
        stage=application.stage,
        stage_words=application.stage_words,
        tone=TONES[PaperStage(application.stage)],
        clock=clock,
        decider=application.decider.first_name if application.decider else "",
        extension_reason=application.extension_reason,
        in_default_on=given_on,
        penalty_from=rules.penalty_from(given_on) if given_on else None,
        questions=tuple(_question(one) for one in questions),
        decision=_decision(decision, today) if decision else None,
        events=_events(application, questions, decision),
        of_family=member is not None,
        may_ask=member is not None and member.pk in who,
        decides=application.decider_id is not None and application.decider_id == actor.account_id,
        why_not_take_up=rules.why_not_take_up(
            involved=look.part != Part.DECIDER, decider=application.decider_id, me=actor.account_id
        ),
        why_no_default=rules.why_no_default(
            application.stage, due_on=application.due_on, on=today, given=given_on is not None
        ),
        why_no_extension=rules.why_no_extension(
            1, extended=application.extended_at is not None, due_on=application.due_on, on=today
        ),
    )


def open_applications(actor: Actor, *, at: datetime) -> OpenList:
    """What this coach can decide on or does decide on, the first day first; no name, no word. 3 queries."""
    today = local_day(at)
    rows = (
        Application.objects.for_decider(actor, at=at)
        .filter(closed_at=None)
        .order_by("due_on", "id")
        .defer(*WORDS)
        .prefetch_related(CLOCK)
    )
    guided = set(Family.objects.visible_to(actor, at=at).values_list("pk", flat=True))
    lines = tuple(
        OpenLine(
            application_id=one.pk,
            reference=one.reference,
            stage=one.stage_words,
            clock=_clock(one, list(one.questions.all()), today),
            wants_pgb=one.wants_pgb,
            mine=one.decider_id is not None and one.decider_id == actor.account_id,
            why_not_mine=rules.why_not_take_up(
                involved=one.family_id in guided, decider=one.decider_id, me=actor.account_id
            ),
        )
        for one in rows
    )
    return OpenList(lines, late=sum(line.clock.overdue for line in lines))


def applications_of(look: Viewing) -> tuple[ApplicationLine, ...]:
    """The applications of a family, newest first. 2 queries."""
    today = local_day(look.at)
    rows = Application.objects.visible_to(look.actor, at=look.at).filter(family_id=look.family_id)
    rows = rows.select_related("child").defer(*WORDS)
    return tuple(
        ApplicationLine(
            application_id=one.pk,
            child=one.child.first_name,
            stage=one.stage_words,
            tone=TONES[PaperStage(one.stage)],
            clock=_clock(one, list(one.questions.all()), today),
            open=one.stage in OPEN_STAGES,
        )
        for one in rows.prefetch_related(CLOCK)
    )


def children_to_ask_for(look: Viewing) -> tuple[Child, ...]:
    """The children of the family, each with why this reader cannot ask a decision. 2 queries, 2 a child."""
    member = own_member(look.actor, look.family_id)
    open_for = Application.objects.visible_to(look.actor, at=look.at).filter(
        family_id=look.family_id, closed_at=None
    )
    open_children = set(open_for.values_list("child_id", flat=True))
    mine = member.pk if member else None
    return tuple(
        Child(pk, first_name, rules.why_no_application(who, pk, mine, open_already=pk in open_children))
        for pk, first_name, who in children_shown(look, mine)
    )


def children_of(look: Viewing) -> list[tuple[UUID, str]]:
    """The children by first name. 1 query."""
    rows = FamilyMember.objects.within(look).filter(kind=MemberKind.CHILD)
    return list(rows.order_by("born_on", "id").values_list("pk", "first_name"))


def children_shown(look: Viewing, mine: UUID | None) -> list[tuple[UUID, str, Deciders]]:
    """The children of whom this look opened what is shared, or for whom the reader decides; with who decides.

    Who has nothing left but what is about themself reads no name of a child. 1 query, and 2 a child.
    """
    seen = Compartment.objects.filter(
        record__child=OuterRef("pk"), kind=CompartmentKind.SHARED, pk__in=look.compartments
    )
    rows = FamilyMember.objects.within(look).filter(kind=MemberKind.CHILD).annotate(seen=Exists(seen))
    found = [
        (pk, first_name, seen, deciders(pk, at=look.at))
        for pk, first_name, seen in rows.order_by("born_on", "id").values_list("pk", "first_name", "seen")
    ]
    return [
        (pk, first_name, who) for pk, first_name, seen, who in found if seen or mine in who.may_answer(pk)
    ]


def decision_paper(actor: Actor, application_id: UUID, *, at: datetime) -> bytes:
    """The letter of the decision as it was sent. 4 queries, with the line in the log."""
    with opening_application(actor, "paper.letter_taken", application_id, at=at) as (_look, application):
        found = Decision.objects.filter(application=application).values_list("paper", flat=True).first()
        if found is None:
            raise NotVisible
        return bytes(found)


def receipt_paper(actor: Actor, application_id: UUID, *, at: datetime) -> bytes:
    """The letter that confirms the application, as PDF. 4 queries, with the line in the log."""
    with opening_application(actor, "paper.letter_taken", application_id, at=at) as (_look, application):
        town = Municipality.objects.get(pk=actor.municipality_id)
        return pdf(LETTER, receipt_letter(Letter.of(application, town), application))


def extension_paper(actor: Actor, application_id: UUID, *, at: datetime) -> bytes:
    """The letter that says that the decision takes longer, as PDF. 4 queries, with the line in the log."""
    with opening_application(actor, "paper.letter_taken", application_id, at=at) as (_look, application):
        since = application.extended_at
        if since is None:
            raise NotVisible
        town = Municipality.objects.get(pk=actor.municipality_id)
        return pdf(LETTER, extension_letter(Letter.of(application, town), application, since))


def applications_to_remind(*, at: datetime) -> list[tuple[UUID, UUID]]:
    """Open applications of which the day is near, or of which a question lapsed. 1 query."""
    today = local_day(at)
    near = Q(stage=PaperStage.RECEIVED, due_on__lte=today + rules.DECISION_SOON)
    lapsed = Q(stage=PaperStage.INCOMPLETE, questions__answer_by__lt=today)
    rows = Application.objects.filter(near | lapsed, closed_at=None).order_by("due_on", "id").distinct()
    with reading(Actor.system(UUID(int=0)), at):
        return list(rows.values_list("municipality_id", "pk"))


def applications_left_alone(*, at: datetime) -> list[tuple[UUID, UUID]]:
    """Open applications of which the decider left, or goes along with the family by now. 1 query."""
    with reading(Actor.system(UUID(int=0)), at):
        rows = Application.objects.left_alone(at=at).order_by("due_on", "id")
        return list(rows.values_list("municipality_id", "pk"))


def _first(name: str) -> str:
    return name.split(" ", 1)[0]


def _clock(application: Application, questions: list[Question], today: date) -> Clock:
    received_on = local_day(application.received_at)
    stands_still = application.stage == PaperStage.INCOMPLETE
    due = terms.due_on(
        received_on,
        extra_weeks=application.extension_weeks,
        pauses=[terms.Pause(one.asked_on, one.answer_by, one.answered_on) for one in questions],
        on=today,
    )
    due_on = max(due, application.due_on)
    seen = local_day(application.closed_at) if application.closed_at else today
    days = (due_on - received_on).days
    return Clock(
        received_on=received_on,
        due_on=due_on,
        days=days,
        gone=min(days, (seen - received_on).days),
        left=(due_on - seen).days,
        stands_still=stands_still,
    )


def _question(one: Question) -> QuestionLine:
    return QuestionLine(one.words, one.answer, one.asked_on, one.answer_by, one.answered_on, one.lapsed)


def _decision(one: Decision, today: date) -> DecisionView:
    return DecisionView(
        verdict=Verdict(one.verdict).label,
        tone=VERDICT_TONES[Verdict(one.verdict)],
        what=one.what,
        reasons=one.reasons,
        pgb=one.pgb,
        objection_by=one.objection_by,
        may_object=today <= one.objection_by,
        at=one.at,
    )


def _events(
    application: Application, questions: list[Question], decision: Decision | None
) -> tuple[Event, ...]:
    """What happened, newest first."""
    found = [Event(local_day(application.received_at), _("Aanvraag ontvangen"))]
    for one in questions:
        found.append(Event(one.asked_on, _("De gemeente vroeg iets: de klok staat stil")))
        if one.answered_on:
            found.append(Event(one.answered_on, _("Antwoord gegeven: de klok loopt weer")))
    moments = (
        (application.extended_at, _("De gemeente nam meer tijd")),
        (application.in_default_at, _("De gemeente in gebreke gesteld")),
        (decision.at if decision else None, _("Besluit genomen")),
        (application.closed_at if decision is None else None, _("Aanvraag ingetrokken")),
    )
    found += [Event(local_day(at), title) for at, title in moments if at is not None]
    found.reverse()  # of one day the later thing comes first
    return tuple(sorted(found, key=lambda event: event.when, reverse=True))
