"""Calling a tent: the question, free places, and per expertise who can be asked and why."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.db.models import Exists, F, Func, IntegerField, OuterRef, QuerySet, Value
from django.utils.text import get_text_list
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from hendig.audit.actions import Viewing
from hendig.directory.queries import Person, person_of, who_can
from hendig.directory.rules import in_words, part_of_week
from hendig.families.models import FamilyMember
from hendig.helprequests.models import HelpRequest
from hendig.kernel.refusal import Refusal
from hendig.people.models import Expertise, Professional, ProfessionalExpertise
from hendig.tents import rules
from hendig.tents.models import AHEAD, COMING_WEEKS, MINUTES, Tent
from hendig.tents.queries.engaged import SHOWN as TOLD
from hendig.tents.queries.engaged import Engaged, engaged
from hendig.tents.queries.first import OWN_PLAN, First, first
from hendig.tents.queries.nameless import who_can_come
from hendig.tents.queries.slots import Slot, free_slots, with_engaged
from hendig.tents.rules.slots import LONGEST_TALK, Span, overlaps

# So many of an expertise stand there; the rest is one tap away.
SHOWN = 8
# Of so many people all lists together stand open; more are folded by expertise.
FEW = 12
# For so many free places it is told who has time.
PLACES = 5


@dataclass(frozen=True, slots=True)
class Candidate:
    """Somebody who can be asked, and why in one sentence; `fits` who is free at such a time."""

    person: Person
    why: str
    fits: bool

    @property
    def professional_id(self) -> UUID:
        return self.person.professional_id


@dataclass(frozen=True, slots=True)
class Proposal:
    """An expertise and the people who have it: first who is free then, each in the order of the day."""

    id: UUID
    name: str
    sentence: str
    people: tuple[Candidate, ...]
    more: int

    @property
    def free(self) -> int:
        return sum(one.fits for one in self.people)


@dataclass(frozen=True, slots=True)
class CallPage:
    """What the coach sees when calling a tent: the question, who can be asked, and what is known already."""

    request_id: UUID
    family_id: UUID
    words: str
    result: str
    proposals: tuple[Proposal, ...]
    usual_place: str
    slots: tuple[Slot, ...]
    # When the coach or the family has something already; and whether they do at the chosen moment.
    engaged: tuple[Engaged, ...]
    engaged_then: bool
    # The one moment that is looked at; None where all of the first free places are.
    then: datetime | None
    # The moment with which a form begins: the first at which neither has anything.
    proposed: datetime
    # What the family chose before anybody is asked.
    first: First
    # Who is picked already: those who answered a question without a name, expertise by expertise.
    picked: tuple[str, ...]
    not_call: Refusal | None

    @property
    def few(self) -> bool:
        """Whether all who can be asked fit on a page."""
        return sum(len(one.people) for one in self.proposals) <= FEW

    @property
    def more(self) -> bool:
        return any(one.more for one in self.proposals)


def call_page(
    look: Viewing,
    request_id: UUID,
    *,
    everybody: bool = False,
    told: UUID | None = None,
    then: datetime | None = None,
) -> CallPage:
    """The question, and per expertise who can be asked and why, and free places. 10 queries.

    Who is free is looked at for the moment `then`, else for the first free places, else for the moment that
    is proposed. With `everybody` nobody is left out of a long list; with `told` those are picked who answered
    that question without a name and can come, which takes a query more.
    """
    request = (
        HelpRequest.objects.within(look).select_related("family", *OWN_PLAN, "compartment").get(pk=request_id)
    )
    own = Tent.objects.filter(called_by_id=look.actor.account_id, recurring=None)
    last = own.exclude(place="").order_by("-id")
    theirs = engaged(look, request.family, until=(then or look.at) + LONGEST_TALK)
    slots = with_engaged(free_slots(look.actor, at=look.at), theirs)
    proposed = rules.proposed_start(look.at, theirs)
    if then is None and not slots:
        then = proposed
    spans = _spans(slots, then)
    return CallPage(
        request_id=request.pk,
        family_id=request.family_id,
        words=request.words,
        result=request.result,
        proposals=_proposals(
            look, request.family.neighbourhood, spans, one=then is not None, everybody=everybody or bool(told)
        ),
        usual_place=last.values_list("place", flat=True).first() or "",
        slots=slots,
        engaged=theirs[:TOLD],
        engaged_then=then is not None and overlaps(spans[0], theirs),
        then=then,
        proposed=proposed,
        first=first(look, request),
        picked=tuple(f"{expertise} {person}" for expertise, person in who_can_come(look, told)),
        not_call=rules.why_no_tent_at_all(
            request.stage, part=look.part, standing=request.tents.filter(stage__in=AHEAD).exists()
        ),
    )


def _spans(slots: Sequence[Slot], then: datetime | None) -> tuple[Span, ...]:
    """From when until when it is looked who is free: at that one moment, else at the first free places."""
    if then is None:
        return tuple((slot.starts_at, slot.ends_at) for slot in slots[:PLACES])
    lasts = [slot.minutes for slot in slots if slot.starts_at == then]
    return ((then, then + timedelta(minutes=max(lasts, default=MINUTES))),)


def _able(look: Viewing, spans: Sequence[Span]) -> QuerySet[Professional]:
    """Who works here with an expertise, without the own family; how many tents are ahead (`coming`), and how
    much there is already in each of these spans (`held_0`, `held_1` …).
    """
    own = FamilyMember.objects.within(look).filter(account__isnull=False).values("account_id")
    something = ProfessionalExpertise.objects.filter(professional=OuterRef("pk"))
    rows = who_can(look.actor, at=look.at).filter(Exists(something)).exclude(account__in=own)
    held = {f"held_{place}": _counted("hendig_held_then", *span) for place, span in enumerate(spans)}
    coming = _counted("hendig_seats_of", look.at, look.at + COMING_WEEKS)
    return rows.annotate(coming=coming, **held)


def _counted(function: str, first: datetime, last: datetime) -> Func:
    """What somebody has within that time, over all municipalities: a number, never which."""
    return Func(F("pk"), Value(first), Value(last), function=function, output_field=IntegerField())


def _proposals(
    look: Viewing, near: str, spans: Sequence[Span], *, one: bool, everybody: bool
) -> tuple[Proposal, ...]:
    """With `one` it is about a single moment, so that of each it can be said whether it is possible then."""
    people = []
    for row in _able(look, spans):
        open_parts = _parts_open_to(row, spans)
        words = _then(held=not open_parts) if one else ""
        people.append((person_of(row), open_parts, row.coming, words))  # type: ignore[attr-defined]  # annotated
    found = []
    for expertise in Expertise.objects.filter(municipality_id=look.actor.municipality_id):
        able = [
            Candidate(
                person,
                f"{why(person, parts, near=near, coming=coming)}{held}",
                bool({*person.free} & {*parts}),
            )
            for person, parts, coming, held in people
            if expertise.pk in person.expertise_ids
        ]
        # Who is free then stands in front; within that nobody is before another but by the day.
        able.sort(key=lambda candidate: not candidate.fits)
        shown = able if everybody else able[:SHOWN]
        found.append(
            Proposal(expertise.pk, expertise.name, expertise.sentence, tuple(shown), len(able) - len(shown))
        )
    return tuple(found)


def _then(*, held: bool) -> str:
    """What keeps somebody from a single moment, without a word of what it is."""
    return " " + _("Heeft dan al een afspraak of een tent.") if held else ""


def _parts_open_to(row: Professional, spans: Sequence[Span]) -> tuple[str, ...]:
    """In which parts of the week there is a moment at which this person has nothing else. No query."""
    then = (first for place, (first, _last) in enumerate(spans) if not getattr(row, f"held_{place}"))
    return tuple(dict.fromkeys(part_of_week(first) for first in then))


def why(person: Person, parts: Collection[str], *, near: str, coming: int) -> str:
    """Why this person is proposed, in words, from what stands on the own card."""
    then = [in_words(part) for part in parts if part in person.free]
    told = []
    if then or person.when:
        told.append(_("vrij op %(when)s") % {"when": _listed(then or person.when)})
    if person.languages:
        told.append(_("spreekt %(languages)s") % {"languages": _listed(person.languages)})
    told.append(_("kent %(what)s") % {"what": _listed([_small(name) for name in person.expertises])})
    if near and near in person.areas:
        told.append(_("komt in %(where)s") % {"where": near})
    if person.from_town:
        told.append(_("komt uit gemeente %(town)s") % {"town": person.from_town})
    told.append(person.room)
    sentence = ", ".join(told)
    return f"{sentence[:1].upper()}{sentence[1:]}. {_tents(coming)}"


def _tents(coming: int) -> str:
    if not coming:
        return _("Heeft de komende weken nog geen tent.")
    words = ngettext(
        "Heeft de komende weken %(count)d tent.", "Heeft de komende weken %(count)d tenten.", coming
    )
    return words % {"count": coming}


def _listed(names: Sequence[str]) -> str:
    return get_text_list(list(names), _("en"))


def _small(name: str) -> str:
    """A name within a sentence; one of capitals, as ADHD, stays."""
    return name if name[:2].isupper() else name[:1].lower() + name[1:]
