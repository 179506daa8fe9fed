"""What the composed pages show, gathered from the apps below."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from hendig.audit import queries as audit
from hendig.audit.models import Kind
from hendig.audit.queries import Line, sheet
from hendig.billing import queries as billing
from hendig.families import queries as families
from hendig.families.models import OWN_PARTS, CompartmentKind, Ground, MemberKind, Part
from hendig.families.queries import looked
from hendig.families.queries.belonging import Carried, OwnFamily, belongs_to, carried_out
from hendig.families.queries.gp_asks import Practice, practice_of
from hendig.families.rules.work_notes import KEEPS
from hendig.helprequests import queries as helprequests
from hendig.kernel.actor import Actor
from hendig.kernel.periods import local_day
from hendig.kernel.quiet import OneLine, together
from hendig.kernel.refusal import Refusal, Words
from hendig.matching import queries as matching
from hendig.matching.queries.room import Helped, Room, helped_by, room_of
from hendig.people import queries as people
from hendig.people.rules import why_no_anchor
from hendig.plans import queries as plans
from hendig.rights import queries as rights
from hendig.safety.queries import breaches, emergencies, retention
from hendig.safety.queries.access import MonthOfAccess, access_by_month
from hendig.safety.rules import AT_WORK
from hendig.tents import queries as tents
from hendig.tents.queries.lists import AskedSeat, FamilyTent, MyTent, ToPrepare
from hendig.tents.queries.nameless import Heard
from hendig.tents.queries.slots import Fixed
from hendig.tents.rules import why_no_tent_at_all

# What was paid last, on the first page of who audits.
PAID_FIRST = 8


@dataclass(frozen=True, slots=True)
class Home:
    municipality: people.MunicipalityCard | None


def home(actor: Actor) -> Home:
    """The public front page. 2 queries."""
    return Home(municipality=people.municipality(actor.municipality_id))


@dataclass(frozen=True, slots=True)
class Door:
    """Where somebody enters a family of their own, and what stands on that door."""

    url: str
    label: Words


def own_doors(actor: Actor, *, at: datetime) -> tuple[Door, ...]:
    """The own families. 1 query.

    Who sees nothing of what is shared enters where something is theirs: a parent at the own questions,
    anybody else at what they put there themselves.
    """
    return tuple(_door(one) for one in belongs_to(actor, at=at))


def _door(one: OwnFamily) -> Door:
    if one.sees:
        return Door(reverse("family", args=[one.family_id]), one.name)
    if one.kind == MemberKind.PARENT:
        return Door(reverse("ask_information", args=[one.family_id]), _("Vragen over uw kind"))
    return Door(reverse("own_record", args=[one.family_id]), _("Van ons"))


@dataclass(frozen=True, slots=True)
class OpenQuestion:
    """A question that goes on, and why no tent can be called for it now."""

    card: helprequests.RequestCard
    why_no_tent: Refusal | None


@dataclass(frozen=True, slots=True)
class FamilyPage:
    """One page for the family and for whoever is involved, each with what their part gives."""

    family_id: UUID
    part: str
    name: str
    requests: tuple[helprequests.RequestCard, ...]
    persons: tuple[families.Person, ...]
    involved: tuple[families.Involved, ...]
    tents: tuple[FamilyTent, ...]
    talks: tuple[matching.TalkLine, ...]
    matches: tuple[matching.MatchLine, ...]
    to_rate: tuple[plans.AppointmentView, ...]
    soon: tuple[plans.AppointmentView, ...]
    later: tuple[plans.AppointmentView, ...]
    # Whether the own part of a child is open to the reader.
    apart: bool
    # Whether the reader comes to where the persons live.
    homes: bool
    counsellor: rights.Counsellor | None

    @property
    def own(self) -> bool:
        return self.part in OWN_PARTS

    @property
    def coaches(self) -> bool:
        return self.part == Part.COACH

    @property
    def questions(self) -> tuple[OpenQuestion, ...]:
        standing = {tent.request_id for tent in self.tents if tent.is_ahead}
        return tuple(
            OpenQuestion(
                card,
                why_no_tent_at_all(card.stage, part=self.part, standing=card.request_id in standing),
            )
            for card in self.requests
            if not card.done
        )

    @property
    def done(self) -> tuple[helprequests.RequestCard, ...]:
        return tuple(card for card in self.requests if card.done)

    @property
    def my_talks(self) -> tuple[matching.TalkLine, ...]:
        """The talks in which the reader has not said yet whether it clicks."""
        return tuple(talk for talk in self.talks if talk.my_turn)

    @property
    def my_tents(self) -> tuple[FamilyTent, ...]:
        """The tents in which the reader can do something now."""
        return tuple(tent for tent in self.tents if tent.waits_for_me)

    @property
    def other_tents(self) -> tuple[FamilyTent, ...]:
        return tuple(tent for tent in self.tents if not tent.waits_for_me and not tent.is_over)

    @property
    def past_tents(self) -> tuple[FamilyTent, ...]:
        return tuple(tent for tent in self.tents if tent.is_over)

    @property
    def works(self) -> bool:
        """Whether the reader works with this family, and may write down a worry about safety."""
        return self.part in AT_WORK

    @property
    def remembers(self) -> bool:
        """Whether the reader may keep notes here for the own work."""
        return self.part in KEEPS

    @property
    def help(self) -> tuple[plans.HelpView, ...]:
        """The help under which the reader can make an appointment today; who learns makes none."""
        if self.part == Part.TRAINEE:
            return ()
        return tuple(
            plans.HelpView(match.id, match.helper.first_name, match.helper.title, match.child)
            for match in self.matches
            if match.stands
        )


def family(actor: Actor, family_id: UUID, *, at: datetime) -> FamilyPage:
    """A family's page; `NotVisible` for whoever is not involved. 10 queries, for the family itself 11."""
    with families.opening_persons(actor, "family.page_seen", family_id, at=at) as look:
        household = families.household(look)
        talks, matches = matching.help_of(look)
        soon, later = plans.soon_and_later(plans.next_appointments(look))
        return FamilyPage(
            family_id=family_id,
            part=look.part,
            name=household.name,
            requests=helprequests.request_cards(look),
            persons=household.persons,
            involved=families.involved(look),
            tents=tents.tents_of(look),
            talks=talks,
            matches=matches,
            to_rate=plans.appointments_to_rate(look),
            soon=soon,
            later=later,
            apart=CompartmentKind.CHILD in look.open,
            homes=families.asks_where(look),
            counsellor=rights.counsellor(actor) if look.part in {Part.FAMILY, Part.CONFIDANT} else None,
        )


def own_help(actor: Actor, family_id: UUID, *, at: datetime) -> billing.OwnHelp:
    """Hours and cost of a family's own help; `NotVisible` for whoever is not involved. 5 queries."""
    with families.opening(actor, "billing.own_help_seen", family_id, at=at) as look:
        return billing.own_help(look)


@dataclass(frozen=True, slots=True)
class Today:
    """A professional's day: what is on, who asks, what waits."""

    day: plans.Day
    seats: tuple[AskedSeat, ...]
    told: tuple[Heard, ...]
    tents: tuple[MyTent, ...]
    talks: tuple[matching.TalkLine, ...]
    helped: tuple[Helped, ...]
    room: Room | None
    # Over which children a measure is carried out, and of which this is the GP.
    carried: tuple[Carried, ...]
    practice: tuple[Practice, ...]


def today(actor: Actor, *, at: datetime) -> Today:
    """The professional's day, a fixed number of queries at any size."""
    on = local_day(at)
    return Today(
        day=plans.day(actor, on, at=at),
        seats=tents.seats_for(actor, at=at),
        told=tents.told_to(actor, at=at),
        tents=tents.my_tents(actor, at=at),
        talks=matching.talks_for(actor, at=at),
        helped=helped_by(actor.professional_id, on=on) if actor.professional_id else (),
        room=room_of(actor.professional_id, on=on) if actor.professional_id else None,
        carried=carried_out(actor, at=at),
        practice=practice_of(actor, at=at),
    )


@dataclass(frozen=True, slots=True)
class CoachPage:
    """A coach's own families: the way of each question, and the day."""

    board: helprequests.Board
    tents: tuple[ToPrepare, ...]
    fixed: tuple[Fixed, ...]

    @property
    def has_day(self) -> bool:
        return bool(self.board.calls or self.tents or self.fixed)

    @property
    def today(self) -> tuple[ToPrepare, ...]:
        return tuple(one for one in self.tents if one.today)

    @property
    def later(self) -> tuple[ToPrepare, ...]:
        return tuple(one for one in self.tents if not one.today)


def coach(actor: Actor, *, at: datetime) -> CoachPage:
    """The coach's day beside the way of the questions, a fixed number of queries at any size."""
    return CoachPage(
        board=helprequests.board(actor, at=at),
        tents=tents.to_prepare(actor, at=at),
        fixed=tents.fixed_on(actor, local_day(at), at=at),
    )


@dataclass(frozen=True, slots=True)
class LogRow:
    """A line with who acted and in which part, in words."""

    line: Line
    who: Words
    part: Words
    ground: Words

    @property
    def at(self) -> datetime:
        return self.line.at


@dataclass(frozen=True, slots=True)
class Log:
    """The log, with the kinds of lines to choose from, and how much waits for who reads it.

    What was the same within a quarter of an hour is one row, that opens to each of its lines.
    """

    rows: tuple[OneLine[LogRow], ...]
    older: UUID | None
    kind: str
    kinds: tuple[tuple[str, Words, bool], ...]
    questions: int
    emergencies: int
    requests: int
    breaches: int


KINDS: tuple[tuple[str, Words], ...] = (
    ("", _("Alles")),
    (Kind.CHANGE, _("Gedaan")),
    (Kind.LOOK, _("Bekeken")),
    (Kind.REFUSAL, _("Geweigerd")),
)


def log(actor: Actor, *, kind: str, before: UUID | None, at: datetime) -> Log:
    """A page of the log with the names of those who acted, and what waits. 9 queries."""
    found = sheet(actor, kind=kind, before=before)
    names = people.names({line.account_id for line in found.lines if line.account_id})
    return Log(
        rows=together((_log_row(line, names) for line in found.lines), _reads_as),
        older=found.older,
        kind=kind,
        kinds=tuple((f"?kind={one}", words, one == kind) for one, words in KINDS),
        questions=looked.count_to_answer(actor),
        emergencies=emergencies.count_to_judge(actor, at=at),
        requests=retention.count_waiting(actor, at=at),
        breaches=breaches.count_to_report(actor),
    )


def _log_row(line: Line, names: dict[UUID, str]) -> LogRow:
    nobody = _("Hendig zelf") if "system" in line.roles else _("bezoeker")
    return LogRow(
        line=line,
        who=names.get(line.account_id, "") if line.account_id else nobody,
        part=families.PART_WORDS[Part(line.part)] if line.part else "",
        ground=GROUNDS[Ground(line.ground)] if line.ground else "",
    )


def _reads_as(row: LogRow) -> object:
    """One person, at one family. What no person did is the same at whichever family it was."""
    line = row.line
    whose = (line.account_id, line.family_id) if line.account_id else str(row.who)
    return (whose, line.kind, line.code, *map(str, (line.words, row.part, row.ground)))


# As an auditor reads it: nobody is spoken to.
GROUNDS: dict[Ground, Words] = {
    Ground.OWN: _("het eigen gezin"),
    Ground.AUTHORITY: _("gezag"),
    Ground.YOUTH_ACT: _("taak (Jeugdwet)"),
    Ground.CONSENT: _("toestemming"),
    Ground.MATCH: _("match"),
    Ground.COURT: _("besluit van de rechter"),
    Ground.DUTY: _("meldplicht"),
    Ground.VITAL: _("direct gevaar"),
}


@dataclass(frozen=True, slots=True)
class AccountantPage:
    """Where who audits begins: what was paid last, the seal of the log, how often somebody was stopped."""

    paid: billing.PaidPage
    newest: audit.SealLine | None
    stands: bool
    months: tuple[MonthOfAccess, ...]


def accountant(actor: Actor, *, at: datetime) -> AccountantPage:
    """Numbers and what was paid; of no family anything. 7 queries."""
    newest = audit.newest_seal_line()
    return AccountantPage(
        paid=billing.paid(actor, size=PAID_FIRST),
        newest=newest,
        stands=newest is not None and newest.number in audit.whole([newest.number]),
        months=access_by_month(actor, at=at),
    )


@dataclass(frozen=True, slots=True)
class SealPage:
    """How the log is sealed, and with whom its seals lie."""

    newest: audit.SealLine | None
    # Whether the newest is signed by us and holds on to the one before it.
    stands: bool
    anchors: tuple[audit.AnchorLine, ...]
    keys: tuple[audit.PublicKey, ...]
    why_no_anchor: Refusal | None
    proof: audit.LastProof | None
    restores: tuple[audit.Restored, ...]


def seal(actor: Actor) -> SealPage:
    """The newest seal and the last anchors, whether they stand, the last night, and restores. 6 queries."""
    newest, anchors = audit.newest_seal_line(), audit.anchors(actor)
    stands = newest is not None and newest.number in audit.whole([newest.number])
    anchored = bool(newest and anchors and anchors[0].number == newest.number)
    why_not = why_no_anchor(sealed=newest is not None, anchored=anchored)
    proof, restores = audit.last_proof(actor), audit.restores(actor.municipality_id)
    return SealPage(newest, stands, anchors, audit.seal_keys(), why_not, proof, restores)
