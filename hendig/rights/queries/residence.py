"""Which municipality is responsible for a child: what is still to be asked, and what the table answers."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.utils.translation import gettext as translated
from django.utils.translation import gettext_lazy as _

from hendig.audit.actions import Viewing, reading, speaking
from hendig.families.models import Part
from hendig.kernel import residence as table
from hendig.kernel.actor import Actor
from hendig.kernel.periods import local_day
from hendig.kernel.refusal import NotVisible, Words
from hendig.kernel.residence import Fact, Facts, Place, Stay
from hendig.matching.models import Match
from hendig.people.adapters.paper import pdf
from hendig.people.models import Municipality
from hendig.rights import rules
from hendig.rights.models import Continuation, Residence
from hendig.rights.queries.decisions import children_of
from hendig.rights.queries.letters import LETTER, Letter, residence_letter

QUESTIONS: dict[Fact, Words] = {
    Fact.STAY: _("Waar woont het kind nu?"),
    Fact.ADDRESS: _("Waar staat het kind nu ingeschreven?"),
    Fact.BEFORE: _("Waar stond het kind ingeschreven, vlak voor dit verblijf?"),
    Fact.MOTHER: _("Waar stond de moeder ingeschreven toen het kind werd geboren?"),
    Fact.FOUND: _("Waar is het kind nu echt?"),
}
HELPS: dict[Fact, Words] = {
    Fact.STAY: _("Logeren en dagopvang tellen niet als verblijf."),
    Fact.ADDRESS: _("Zoals het in de basisregistratie (BRP) staat."),
    Fact.BEFORE: _("Waren er meer verblijven na elkaar? Dan telt het adres vóór het eerste."),
    Fact.MOTHER: _("Zoals het in de basisregistratie (BRP) staat."),
    Fact.FOUND: _("Op het moment dat de hulp werd gevraagd."),
}
STAYS: dict[Stay, Words] = {
    Stay.HOME: _("Thuis of bij familie"),
    Stay.PROVIDER: _("Bij een jeugdhulpaanbieder, met verblijf"),
    Stay.FOSTER: _("In een pleeggezin"),
    Stay.SHELTER: _("In een Wmo-opvang of beschermd wonen"),
    Stay.WLZ: _("In een Wlz-instelling"),
    Stay.CUSTODY: _("In een jeugdgevangenis (JJI)"),
}
PLACES: dict[Place, Words] = {
    Place.OURS: _("In onze gemeente"),
    Place.OTHER: _("In een andere gemeente"),
    Place.ABROAD: _("In het buitenland"),
    Place.UNKNOWN: _("Niet bekend, of het adres wordt onderzocht"),
}
ANSWERS: dict[str, Words] = {str(one): words for known in (STAYS, PLACES) for one, words in known.items()}


@dataclass(frozen=True, slots=True)
class Ask:
    """The one question to ask now, with what may be answered."""

    fact: str
    words: Words
    help: Words
    choices: tuple[tuple[str, Words], ...]


@dataclass(frozen=True, slots=True)
class Told:
    """A fact that was told: the question and the answer."""

    words: Words
    answer: Words


@dataclass(frozen=True, slots=True)
class Outcome:
    ours: bool
    reason: str
    source: str
    number: str


@dataclass(frozen=True, slots=True)
class ResidenceLine:
    residence_id: UUID
    child: str
    asked_from: str
    asked_on: date
    due_on: date
    left: int
    answered_at: datetime | None
    other: str
    outcome: Outcome | None
    told: tuple[Told, ...]

    @property
    def open(self) -> bool:
        return self.answered_at is None

    @property
    def days(self) -> int:
        return (self.due_on - self.asked_on).days

    @property
    def gone(self) -> int:
        return min(self.days, self.days - self.left)


@dataclass(frozen=True, slots=True)
class Responsible:
    """Since when which municipality is responsible for the help of a match, as coaches answered it."""

    answers: tuple[tuple[date, bool], ...]
    continued: tuple[date, date] | None

    def elsewhere(self, day: date) -> bool:
        return table.elsewhere(day, self.answers, self.continued)


@dataclass(frozen=True, slots=True)
class Going:
    """Help under a match; after a move until when, and to where, or from where and on which terms."""

    match_id: UUID
    child: str
    helper: str
    partner: str
    code: str
    until_on: date | None
    to: str
    came_from: str
    terms: str


@dataclass(frozen=True, slots=True)
class ResidencesPage:
    family_id: UUID
    coaches: bool
    lines: tuple[ResidenceLine, ...]
    children: tuple[tuple[str, str], ...]
    help: tuple[Going, ...]


def residences(look: Viewing) -> ResidencesPage:
    """Every question who is responsible for a child of this family, and help that can go on. 4 queries."""
    rows = Residence.objects.within(look).filter(family_id=look.family_id).select_related("child")
    return ResidencesPage(
        family_id=look.family_id,
        coaches=look.part == Part.COACH,
        lines=tuple(_line(one, local_day(look.at)) for one in rows),
        children=tuple((str(pk), name) for pk, name in children_of(look)),
        help=_help(look),
    )


def residence(look: Viewing, residence_id: UUID) -> ResidenceLine:
    """One such question; `NotVisible` for another family's. 1 query."""
    rows = (
        Residence.objects.within(look)
        .filter(family_id=look.family_id, pk=residence_id)
        .select_related("child")
    )
    found = rows.first()
    if found is None:
        raise NotVisible
    return _line(found, local_day(look.at))


def helped(look: Viewing, match_id: UUID) -> Going:
    """Help that can go on; `NotVisible` when it stands no more. 2 queries."""
    found = next((one for one in _help(look) if one.match_id == match_id), None)
    if found is None:
        raise NotVisible
    return found


def ask_next(facts: Facts) -> Ask | None:
    """What must be asked now; None when the table has its answer. No queries."""
    fact = table.next_question(facts)
    if fact is None:
        return None
    return Ask(
        fact, QUESTIONS[fact], HELPS[fact], tuple((str(one), ANSWERS[one]) for one in table.possible(fact))
    )


def outcome(facts: Facts) -> Outcome | None:
    """The answer of the table with its reason. No queries."""
    found = table.answer(facts)
    return _outcome(found.rule, found.place is Place.OURS) if found else None


def told(facts: Facts) -> tuple[Told, ...]:
    """What was told so far, in the order in which it was asked. No queries."""
    return tuple(
        Told(QUESTIONS[fact], ANSWERS[value]) for fact in Fact if (value := getattr(facts, fact)) is not None
    )


def residence_paper(look: Viewing, residence_id: UUID) -> bytes:
    """The short letter to the municipality that asked, as PDF; only when one asked. 2 queries."""
    rows = Residence.objects.within(look).filter(
        family_id=look.family_id, pk=residence_id, answered_at__isnull=False
    )
    found = rows.exclude(asked_from="").select_related("child").first()
    if found is None or found.answered_at is None:
        raise NotVisible
    town = Municipality.objects.get(pk=look.actor.municipality_id)
    return pdf(LETTER, residence_letter(Letter.about_residence(found, town), found, found.answered_at))


def family_of_residence(actor: Actor, residence_id: UUID, *, at: datetime) -> UUID:
    """The family of this question; `NotVisible` for whoever is not involved. 1 query."""
    rows = Residence.objects.visible_to(actor, at=at).filter(pk=residence_id)
    found = rows.values_list("family_id", flat=True).first()
    if found is None:
        raise NotVisible
    return found


def residences_to_remind(*, at: datetime) -> list[tuple[UUID, UUID]]:
    """Open questions of which the answer is due soon. 1 query."""
    rows = Residence.objects.filter(answered_at=None, due_on__lte=local_day(at) + rules.RESIDENCE_SOON)
    with reading(Actor.system(UUID(int=0)), at):
        return list(rows.order_by("due_on", "id").values_list("municipality_id", "pk"))


def responsible(matches: Mapping[UUID, UUID], *, actor: Actor, at: datetime) -> dict[UUID, Responsible]:
    """For each of these matches, with its child, who was responsible when. No person is in it. 2 queries.

    Read by Hendig itself, for the check of what is asked for help: nobody is shown it.
    """
    answers: dict[UUID, list[tuple[date, bool]]] = defaultdict(list)
    with speaking(Actor.system(actor.municipality_id), at):
        known = Residence.objects.filter(child__in=set(matches.values()), answered_at__isnull=False)
        # Of two about one day the later answer counts.
        for child, day, ours in known.order_by("-answered_at").values_list("child", "asked_on", "ours"):
            answers[child].append((day, bool(ours)))
        going = Continuation.objects.filter(match__in=matches).values_list("match", "moved_on", "until_on")
        continued = {match: (moved_on, until_on) for match, moved_on, until_on in going}
    return {
        match: Responsible(tuple(answers[child]), continued.get(match)) for match, child in matches.items()
    }


def facts_of(one: Residence) -> Facts:
    return Facts(
        stay=Stay(one.stay) if one.stay else None,
        **{
            name: Place(value) if (value := getattr(one, name)) else None
            for name in (Fact.ADDRESS, Fact.BEFORE, Fact.MOTHER, Fact.FOUND)
        },
    )


def _line(one: Residence, today: date) -> ResidenceLine:
    rule = next((rule for rule in table.RULES if rule.number == one.rule), None)
    return ResidenceLine(
        residence_id=one.pk,
        child=one.child.first_name,
        asked_from=one.asked_from,
        asked_on=one.asked_on,
        due_on=one.due_on,
        left=(one.due_on - today).days,
        answered_at=one.answered_at,
        other=one.other,
        outcome=_outcome(rule, bool(one.ours)) if rule else None,
        told=told(facts_of(one)),
    )


def _outcome(rule: table.Rule, ours: bool) -> Outcome:
    return Outcome(ours, translated(rule.reason), rule.source, rule.number)


def _help(look: Viewing) -> tuple[Going, ...]:
    rows = (
        Match.objects.within(look)
        .filter(family_id=look.family_id, pk__in=Match.objects.standing(local_day(look.at)).values("pk"))
        .select_related("child", "professional__account", "professional__partner", "service_code")
    )
    going = {one.match_id: one for one in Continuation.objects.within(look).filter(family_id=look.family_id)}
    return tuple(_going(one, going.get(one.pk)) for one in rows)


def _going(match: Match, after: Continuation | None) -> Going:
    return Going(
        match_id=match.pk,
        child=match.child.first_name,
        helper=match.professional.account.first_name,
        partner=match.professional.partner.name,
        code=str(match.service_code.name),
        until_on=after.until_on if after else None,
        to=after.to if after else "",
        came_from=after.came_from if after else "",
        terms=after.terms if after else "",
    )
