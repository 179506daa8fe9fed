"""What the composed pages show, gathered from the apps below."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from hendig.audit.queries import Sheet, sheet
from hendig.billing import queries as billing
from hendig.families import queries as families
from hendig.families.models import Part
from hendig.helprequests import queries as helprequests
from hendig.kernel.actor import Actor
from hendig.kernel.periods import local_day
from hendig.matching import queries as matching
from hendig.people import queries as people
from hendig.plans import queries as plans
from hendig.rights import queries as rights
from hendig.tents import queries as tents
from hendig.tents.queries.lists import AskedSeat, FamilyTent, MyTent


@dataclass(frozen=True, slots=True)
class Home:
    municipality: people.MunicipalityCard | None


def home(actor: Actor) -> Home:
    """The public front page. 2 queries."""
    return Home(municipality=people.municipality(actor.municipality_id))


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
    next_appointments: tuple[plans.AppointmentView, ...]
    counsellor: rights.Counsellor | None

    @property
    def own(self) -> bool:
        return self.part in {Part.FAMILY, Part.CONFIDANT}

    @property
    def coaches(self) -> bool:
        return self.part == Part.COACH

    @property
    def help(self) -> tuple[plans.HelpView, ...]:
        """The help under which an appointment can be made today."""
        return tuple(
            plans.HelpView(match.id, match.helper.first_name, match.helper.title, match.child)
            for match in self.matches
            if match.stands
        )


def family(actor: Actor, family_id: UUID, *, at: datetime) -> FamilyPage:
    """A family's page; `NotVisible` for whoever is not involved. 10 queries, for the family itself 11."""
    with families.opening(actor, "family.page_seen", family_id, at=at) as look:
        household = families.household(look)
        talks, matches = matching.help_of(look)
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
            next_appointments=plans.next_appointments(look),
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
    tents: tuple[MyTent, ...]
    talks: tuple[matching.TalkLine, ...]
    helped: tuple[matching.Helped, ...]
    room: matching.Room | None


def today(actor: Actor, *, at: datetime) -> Today:
    """The professional's day, a fixed number of queries at any size."""
    on = local_day(at)
    return Today(
        day=plans.day(actor, on, at=at),
        seats=tents.seats_for(actor, at=at),
        tents=tents.my_tents(actor, at=at),
        talks=matching.talks_for(actor, at=at),
        helped=matching.helped_by(actor.professional_id, on=on) if actor.professional_id else (),
        room=matching.room_of(actor.professional_id, on=on) if actor.professional_id else None,
    )


@dataclass(frozen=True, slots=True)
class Log:
    sheet: Sheet
    kind: str
    names: dict[UUID, str]


def log(actor: Actor, *, kind: str, before: UUID | None) -> Log:
    """A page of the log with the names of those who acted. 2 queries."""
    found = sheet(actor, kind=kind, before=before)
    accounts = {line.account_id for line in found.lines if line.account_id}
    return Log(found, kind, people.names(accounts))
