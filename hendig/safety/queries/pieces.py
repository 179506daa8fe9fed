"""Which pieces of a record could leave by law, and the document with those that were chosen."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db.models import Q
from django.utils import formats, timezone
from django.utils.text import format_lazy
from django.utils.translation import get_language, gettext
from django.utils.translation import gettext_lazy as _

from hendig.audit.actions import Viewing
from hendig.families.models import CompartmentKind, FamilyMember, MemberKind, Note, OfRecord
from hendig.families.queries import opening
from hendig.helprequests.models import HelpRequest, TalkNote
from hendig.kernel.actor import Actor
from hendig.kernel.refusal import NotVisible, Refusal, Words
from hendig.people.adapters.paper import pdf
from hendig.plans.models import Goal, Task
from hendig.rights.models import OwnStage, OwnWords
from hendig.rights.queries.pieces import clock, names_of, told_apart
from hendig.safety import rules
from hendig.safety.models import Asker, Concern, ConcernStep, Found, Law, LegalRequest, Step
from hendig.safety.queries.concerns import SAFETY
from hendig.safety.queries.held import account_ids_for_safety
from hendig.tents.models import LaterPage, Page, PageStage

PAPER = "safety/paper.typ"


@dataclass(frozen=True, slots=True)
class Piece:
    """Something of the record that can be chosen: its key and what kind it is, never what it says."""

    key: str
    title: Words


ANY = Q()


@dataclass(frozen=True, slots=True)
class Leaves:
    """A kind of piece that can be chosen by itself: how its rows are found and called, and what is on paper.

    Of an outsider who told something, of a note for the own work and of a home there is none.
    """

    kind: str
    model: type[OfRecord]
    title: Words
    day: str
    lines: Callable[[Any], Iterable[Words]]
    only: Q = ANY
    # Who wrote it: an account, or somebody of the family.
    by: str = "author_id"


@dataclass(frozen=True, slots=True)
class _Found:
    """A piece as it stands there, with by whom and when that day it was written, where that is known."""

    key: str
    title: Words
    lines: Iterable[Words]
    by: UUID | None = None
    at: datetime | None = None


def _of_page(row: Any) -> Iterable[Words]:
    return (row.question, row.understanding, row.goes_well)


_AGREED = Q(stage=PageStage.AGREED)
KINDS: tuple[Leaves, ...] = (
    Leaves(
        "request",
        HelpRequest,
        _("De hulpvraag"),
        "asked_at",
        lambda row: (row.words, row.result),
        by="asked_by_id",
    ),
    Leaves("talk", TalkNote, _("De notitie bij het eerste gesprek"), "at", lambda row: (row.words,)),
    Leaves("page", Page, _("De bladzijde van de tent"), "agreed_at", _of_page, _AGREED),
    Leaves(
        "agreed", Page, _("De afspraken op de bladzijde"), "agreed_at", lambda row: (row.agreements,), _AGREED
    ),
    Leaves("later", LaterPage, _("De latere bladzijde van de tent"), "agreed_at", _of_page, _AGREED),
    Leaves(
        "lateragreed",
        LaterPage,
        _("De afspraken op de latere bladzijde"),
        "agreed_at",
        lambda row: (row.agreements,),
        _AGREED,
    ),
    Leaves("goal", Goal, _("Een doel uit het plan"), "set_at", lambda row: (row.words,)),
    Leaves("task", Task, _("Een taak uit het plan"), "set_at", lambda row: (f"{row.who}: {row.what}",)),
    Leaves(
        "note", Note, _("Een notitie in het dossier"), "at", lambda row: (row.words,), Q(taken_back_at=None)
    ),
    Leaves(
        "own",
        OwnWords,
        _("Wat het gezin erbij schreef"),
        "at",
        lambda row: (row.words,),
        ~Q(stage=OwnStage.TAKEN_BACK),
        by="member_id",
    ),
    Leaves(
        "step",
        ConcernStep,
        _("Meldcode"),
        "at",
        lambda row: (Found(row.found).label, row.words),
        by="account_id",
    ),
)
# What is kept here never leaves by this way, whoever may read it.
NEVER = (
    CompartmentKind.INFORMANT,
    CompartmentKind.OWN_NOTE,
    CompartmentKind.ADDRESS,
    CompartmentKind.FINANCE,
)


def offered(actor: Actor, record_id: UUID, *, at: datetime) -> tuple[Piece, ...]:
    """What of this record the actor could give: by kind and day. 14 queries.

    Of pieces that would be called the same also who wrote each, and where that is not enough at what time.
    """
    found = list(_rows(actor, record_id, at))
    people = names_of(actor, {row.by for row in found if row.by}, at=at)
    titles = told_apart(
        [str(row.title) for row in found],
        (gettext("{what}, door {word}"), [people.get(row.by, "") if row.by else "" for row in found]),
        (gettext("{what}, om {word}"), [clock(row.at) if row.at else "" for row in found]),
    )
    return tuple(Piece(row.key, title) for row, title in zip(found, titles, strict=True))


def _rows(actor: Actor, record_id: UUID, at: datetime) -> Iterator[_Found]:
    """Every piece that could leave, how it is called and what it says; one statement for each kind."""
    members = FamilyMember.objects.visible_to(actor, at=at).filter(family__records=record_id)
    for member in members.exclude(kind=MemberKind.CONFIDANT).order_by("id"):
        title = format_lazy(_("Naam en geboortedatum van {name}"), name=member.first_name)
        yield _Found(f"person:{member.pk}", title, _person(member))
    for one in KINDS:
        rows: Any = getattr(one.model, "objects")  # noqa: B009 - each model of ours has it
        rows = rows.visible_to(actor, at=at).filter(one.only, compartment__record=record_id)
        for row in rows.exclude(compartment__kind__in=NEVER).order_by("id"):
            lines = [line for line in one.lines(row) if str(line).strip()]
            if lines:
                day = getattr(row, one.day)
                title = format_lazy(_("{what}, van {day}"), what=_called(one, row), day=_day(day))
                at_that = row.at if isinstance(row, ConcernStep) else day
                yield _Found(f"{one.kind}:{row.pk}", title, lines, getattr(row, one.by, None), at_that)


def _called(one: Leaves, row: Any) -> Words:
    if not isinstance(row, ConcernStep):
        return one.title
    return format_lazy(_("Meldcode stap {number}: {step}"), number=row.step, step=Step(row.step).label)


def _person(member: FamilyMember) -> Iterable[Words]:
    born = _day(member.born_on) if member.born_on else ""
    return [" · ".join(word for word in (f"{member.first_name} {member.last_name}".strip(), born) if word)]


def _day(moment: datetime | date) -> str:
    day = timezone.localtime(moment) if isinstance(moment, datetime) else moment
    return formats.date_format(day, "j F Y")


@dataclass(frozen=True, slots=True)
class LegalPage:
    """A request by law as it was weighed, for who was named for safety."""

    legal_id: UUID
    family_id: UUID
    asker: Words
    who: str
    law: Words
    asked_on: date
    weighing: str
    pieces: tuple[Words, ...]
    missing: int
    by: str
    agreed_by: str
    agreed_at: datetime | None
    declined_at: datetime | None
    why_not_agreed: Refusal | None
    # Nobody else is named who could agree.
    alone: bool


def legal(actor: Actor, legal_id: UUID, *, at: datetime) -> LegalPage:
    """What is asked, why, and which pieces would leave; the look is in the log. 20 queries."""
    row = LegalRequest.objects.visible_to(actor, at=at).filter(pk=legal_id).first()
    if row is None:
        raise NotVisible
    with opening(actor, "safety.seen", row.family_id, at=at, kinds=SAFETY) as look:
        return _legal(look, row)


def _legal(look: Viewing, row: LegalRequest) -> LegalPage:
    titles = {piece.key: piece.title for piece in offered(look.actor, row.record_id, at=look.at)}
    settled = row.agreed_at is not None or row.declined_at is not None
    return LegalPage(
        legal_id=row.pk,
        family_id=row.family_id,
        asker=Asker(row.asker).label,
        who=str(row.who),
        law=Law(row.law).label,
        asked_on=row.asked_on,
        weighing=str(row.weighing),
        pieces=tuple(titles[key] for key in row.pieces if key in titles),
        missing=sum(key not in titles for key in row.pieces),
        by=row.account.name,
        agreed_by=row.agreed_by.name if row.agreed_by else "",
        agreed_at=row.agreed_at,
        declined_at=row.declined_at,
        why_not_agreed=rules.why_not_agreed(own=row.account_id == look.actor.account_id, settled=settled),
        alone=not set(account_ids_for_safety(row.record_id, at=look.at)) - {row.account_id},
    )


def paper(actor: Actor, request: LegalRequest, *, at: datetime) -> bytes:
    """The chosen pieces and nothing else, as PDF/UA. `NotVisible` when one is not there for the actor."""
    chosen = set(request.pieces)
    parts = [
        {
            "title": str(row.title),
            "lines": [text for line in row.lines for text in str(line).splitlines() if text.strip()],
        }
        for row in _rows(actor, request.record_id, at)
        if row.key in chosen
    ]
    if len(parts) != len(chosen):
        raise NotVisible
    return pdf(
        PAPER,
        {
            "lang": (get_language() or "nl")[:2],
            "title": gettext("Stukken op grond van de wet"),
            "lead": gettext("Voor: %(who)s. Grond: %(law)s. Gegeven op %(day)s.")
            % {"who": str(request.who), "law": str(Law(request.law).label), "day": _day(at)},
            "parts": parts,
            "foot": gettext("Alleen deze stukken zijn gegeven. Een tweede persoon keek mee."),
        },
    )


def how_many(keys: Iterable[str]) -> dict[str, Any]:
    """How many pieces of each kind these are, for the log: which kinds, and nothing of what they say."""
    return dict(sorted(Counter(key.partition(":")[0] for key in keys).items()))


def of_concern(actor: Actor, concern_id: UUID, *, at: datetime) -> tuple[Piece, ...]:
    """What could leave of the record of this worry; `NotVisible` for who is not named. 15 queries."""
    rows = Concern.objects.visible_to(actor, at=at).filter(pk=concern_id)
    record_id = rows.values_list("record_id", flat=True).first()
    if record_id is None:
        raise NotVisible
    return offered(actor, record_id, at=at)
