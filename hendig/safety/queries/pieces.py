"""Which pieces of a record could leave by law, and the document with those that were chosen."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.utils import formats, timezone
from django.utils.text import format_lazy
from django.utils.translation import get_language, gettext
from django.utils.translation import gettext_lazy as _

from hendig.audit.actions import Viewing
from hendig.families.models import FamilyMember, MemberKind
from hendig.families.queries import opening
from hendig.helprequests.models import HelpRequest
from hendig.kernel.actor import Actor
from hendig.kernel.refusal import NotVisible, Refusal, Words
from hendig.people.adapters.paper import pdf
from hendig.plans.models import Goal
from hendig.safety import rules
from hendig.safety.models import Asker, Concern, ConcernStep, Found, Law, LegalRequest, Step
from hendig.safety.queries.concerns import SAFETY
from hendig.safety.queries.held import account_ids_for_safety

PAPER = "safety/paper.typ"


@dataclass(frozen=True, slots=True)
class Piece:
    """Something of the record that can be chosen: its key and what kind it is, never what it says."""

    key: str
    title: Words


def offered(actor: Actor, record_id: UUID, *, at: datetime) -> tuple[Piece, ...]:
    """What of this record the actor could give: by kind and day. 4 queries."""
    return tuple(Piece(f"{kind}:{row.pk}", title) for kind, row, title in _rows(actor, record_id, at))


def _rows(actor: Actor, record_id: UUID, at: datetime) -> Iterator[tuple[str, Any, Words]]:
    """Every row that could leave, with its kind and how it is called; one statement for each kind."""
    members = FamilyMember.objects.visible_to(actor, at=at).filter(family__records=record_id)
    for member in members.exclude(kind=MemberKind.CONFIDANT).order_by("id"):
        yield "person", member, format_lazy(_("Naam en geboortedatum van {name}"), name=member.first_name)
    mine = {"compartment__record": record_id}
    for request in HelpRequest.objects.visible_to(actor, at=at).filter(**mine).order_by("id"):
        yield "request", request, format_lazy(_("De hulpvraag van {day}"), day=_day(request.asked_at))
    for goal in Goal.objects.visible_to(actor, at=at).filter(**mine).order_by("id"):
        yield "goal", goal, format_lazy(_("Een doel uit het plan, van {day}"), day=_day(goal.set_at))
    for step in ConcernStep.objects.visible_to(actor, at=at).filter(**mine).order_by("id"):
        title = format_lazy(
            _("Meldcode stap {number}: {step}, van {day}"),
            number=step.step,
            step=Step(step.step).label,
            day=_day(step.at),
        )
        yield "step", step, title


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
    """What is asked, why, and which pieces would leave; the look is in the log. 10 queries."""
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
        {"title": str(title), "lines": _lines(kind, row)}
        for kind, row, title in _rows(actor, request.record_id, at)
        if f"{kind}:{row.pk}" in chosen
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


def _lines(kind: str, row: Any) -> list[str]:
    if kind == "person":
        born = _day(row.born_on) if row.born_on else ""
        return [" · ".join(word for word in (f"{row.first_name} {row.last_name}".strip(), born) if word)]
    if kind == "step":
        return [str(Found(row.found).label), *str(row.words).splitlines()]
    texts = (row.words, row.result) if kind == "request" else (row.words,)
    return [line for text in texts for line in str(text).splitlines() if line.strip()]


def of_concern(actor: Actor, concern_id: UUID, *, at: datetime) -> tuple[Piece, ...]:
    """What could leave of the record of this worry; `NotVisible` for who is not named. 5 queries."""
    rows = Concern.objects.visible_to(actor, at=at).filter(pk=concern_id)
    record_id = rows.values_list("record_id", flat=True).first()
    if record_id is None:
        raise NotVisible
    return offered(actor, record_id, at=at)
