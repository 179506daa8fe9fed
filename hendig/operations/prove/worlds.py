"""Dense worlds to judge in: families in which everything that decides happens at the same few moments.

Each world is a handful of families in two municipalities, around one day. Births, authorities, consents,
blocks, jobs and involvements begin and end on that day's boundaries, and the moments that are asked about are
the same boundaries and a microsecond before them.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from random import Random
from uuid import UUID

from hendig.kernel.ages import birthday
from hendig.kernel.periods import AMSTERDAM, Period
from hendig.operations.prove.facts import (
    Account,
    Answer,
    Authority,
    Died,
    Held,
    Hidden,
    Involvement,
    Job,
    Person,
    Record,
    Room,
    Shut,
)
from hendig.operations.prove.oracle import RAISES, World

TICK = timedelta(microseconds=1)
DAY = timedelta(days=1)
# Birthdays of 29 February, the nights on which the clock turns, the turn of a year, and any day.
DAYS = (
    *(date(2026, 2, 28), date(2026, 3, 1), date(2028, 2, 28), date(2028, 2, 29), date(2028, 3, 1)),
    *(date(2026, 3, 29), date(2026, 10, 25), date(2027, 1, 1), date(2026, 6, 15)),
)
AGES = (9, 11, 12, 13, 15, 16, 17, 18)
# What a yes may leave out.
SORTS = ("agenda", "plan", "tent", "own")
KINDS = ("shared", "child", "parent", "safety", "gp", "address", "informant", "own_note", "finance")
ONE_EACH = tuple(kind for kind in KINDS if kind not in {"parent", "own_note"})
ALONE = (
    "coach",
    "guest",
    "professional",
    "guide",
    "supervisor",
    "probation",
    "gp",
    "referrer",
    "volunteer",
    "emergency",
    "colleague",
    "decider",
    "shared_with",
)
WORK = (*ALONE, "deputy", "trainee")
GROUNDS = ("consent", "youth_act", "match", "court", "duty", "vital", "own", "authority")
ROLES = (*["coach", "professional"] * 5, *["trainee"] * 2, "helper", "finance", "office", "policy", "privacy")
SOURCES = ("declared", "declared", "register", "court")


@dataclass
class Maker:
    """Makes one world from one number."""

    seed: str
    chance: Random = field(init=False)
    day: date = field(init=False)

    def __post_init__(self) -> None:
        self.chance = Random(self.seed)  # noqa: S311 - the same number, the same world
        self.day = self.chance.choice(DAYS)

    def world(self) -> World:
        chance = self.chance
        towns = {self.id(): True, self.id(): False}
        workers = [self.account(town) for town in towns for _ in range(5)]
        records: list[Record] = []
        accounts = list(workers)
        places = [*towns, chance.choice(list(towns))]
        for number, town in enumerate(places):
            people, family = self.people(town, workers, accounts), self.id()
            authorities: list[Authority] = []
            children: list[Person | None] = [one for one in people if one.kind == "child"]
            if chance.random() < 0.2:
                # Somebody who was entered as a parent, with or without a birth date, asks for themself.
                children.append(next(one for one in people if one.kind == "parent"))
            # In each world of somebody at least: who proves it looks for something in every table.
            surely = number == len(places) - 1 and not any(one.deaths for one in records)
            deaths = self.deaths(family, people, surely=surely)
            for child in [*children, None]:
                if child is not None:
                    self.authorities(authorities, people, child)
                records.append(
                    self.record(
                        Record(self.id(), family, town, child, self.soon(0.15), people, authorities, deaths),
                        workers,
                    )
                )
        for record in records:
            self.keeps_out(record)
            self.homes(record, workers)
        self.sides(records)
        return World(towns, {one.id: one for one in accounts}, records, self.moments())

    def sides(self, records: list[Record]) -> None:
        """Now and then somebody belongs to the side of one who raises: an adult or a child, without a word
        to the others.
        """
        for record in records:
            chance = Random(record.id.int + 4)  # noqa: S311 - by itself, so that nothing else of a world moves
            rooms = [room for room in record.rooms if room.kind == "parent"]
            for person in chance.sample(record.people, 2):
                if chance.random() < 0.5 and person.side is None:
                    person.side = chance.choice([room.id for room in rooms if room.person != person.id])

    def homes(self, record: Record, workers: list[Account]) -> None:
        """Where some of them live; of some that is secret. A coach is here for all, and one of them is kept
        from addresses.
        """
        chance = Random(record.id.int + 5)  # noqa: S311 - by itself as well
        begin, edges = self.midnight(-60), self.edges()
        live = chance.sample(record.people, 4)
        for person in live:
            key = UUID(int=chance.getrandbits(128), version=4)
            record.rooms.append(Room(key, "address", person=person.id))
            if chance.random() < 0.3:
                first, last = chance.choice((begin, *edges)), chance.choice((None, *edges))
                record.hidden.append(Hidden(person.id, first, last))
        if chance.random() < 0.3 and live[0].account is not None:
            record.shut.append(Shut(live[0].account, ["address"], begin, None))
        here = [one for one in workers if one.town == record.town]
        for coach in chance.sample(here, min(2, len(here))):
            way = Involvement(coach.id, None, "coach", "youth_act", ["address", "shared"], begin, None)
            record.ways.append(way)

    # --- moments ---

    def midnight(self, days: int = 0) -> datetime:
        return datetime.combine(self.day + days * DAY, time(0), AMSTERDAM).astimezone(UTC)

    def edges(self) -> list[datetime]:
        five = datetime.combine(self.day, time(17), AMSTERDAM).astimezone(UTC)
        return [self.midnight(), self.midnight(1), five]

    def moments(self) -> list[datetime]:
        asked = {one for edge in self.edges() for one in (edge, edge - TICK)}
        hour = self.edges()[2] + timedelta(hours=1)
        return sorted({*asked, hour, hour - TICK, self.midnight(14), self.midnight(-1)})

    def soon(self, likely: float) -> datetime | None:
        if self.chance.random() >= likely:
            return None
        return self.chance.choice(self.edges()) + self.chance.choice((-TICK, TICK, 0 * TICK))

    def span(self, always: float = 0.6) -> tuple[datetime, datetime | None]:
        """From and until; mostly long, and else beginning or ending on an edge."""
        begin = self.midnight(-60)
        if self.chance.random() < always:
            return begin, self.chance.choice((None, self.midnight(200)))
        first = self.soon(0.5)
        if first is not None:
            return first, self.chance.choice((None, self.midnight(200)))
        return begin, self.soon(1) or begin

    def days(self, always: float = 0.6) -> Period:
        """First and last day, both included."""
        if self.chance.random() < always:
            return Period(self.day - 90 * DAY)
        near = [self.day + n * DAY for n in (-1, 0, 1)]
        if self.chance.random() < 0.4:
            return Period(self.chance.choice(near))
        return Period(self.day - 90 * DAY, self.chance.choice(near))

    # --- people ---

    def id(self) -> UUID:
        return UUID(int=self.chance.getrandbits(128), version=4)

    def account(self, town: UUID) -> Account:
        chance = self.chance
        jobs = [self.job() for _ in range(chance.choice((0, 1, 1, 1, 1, 1, 2)))]
        account = Account(self.id(), town, chance.random() > 0.05, jobs)
        for job in jobs:
            if job.role == "finance" and account.id.int % 2:
                # By the name alone, so that nothing else of a world moves.
                job.role = "auditor"
        return account

    def job(self) -> Job:
        return Job(self.chance.choice(ROLES), self.days(0.75), self.soon(0.15))

    def born(self) -> date:
        """A birthday that matters falls on the day, the day after, or a while ago; or it is 29 February."""
        age = self.chance.choice(AGES)
        if self.chance.random() < 0.2:
            return self.chance.choice((date(2012, 2, 29), date(2016, 2, 29), self.day + DAY, self.day))
        on = self.day + self.chance.choice((-100, -1, 0, 0, 1, 1)) * DAY
        born = date(on.year - age, on.month, on.day) if (on.month, on.day) != (2, 29) else None
        return born if born and birthday(born, age) == on else date(on.year - age, 3, 1)

    def people(self, town: UUID, workers: list[Account], accounts: list[Account]) -> list[Person]:
        """Two parents, two who raise in another way, a confidant, children; some work in the town as well."""
        chance = self.chance
        kinds = [
            "parent",
            "parent",
            "foster_parent",
            chance.choice(("foster_parent", "guardian")),
            "confidant",
            *["child"] * 3,
        ]
        here = chance.sample([one for one in workers if one.town == town], 2)
        people = []
        for kind in kinds:
            if here and kind != "child" and chance.random() < 0.35:
                account = here.pop()
            else:
                account = Account(self.id(), town, chance.random() > 0.04, [])
                accounts.append(account)
            born = self.born() if kind == "child" else chance.choice((None, self.born()))
            people.append(Person(self.id(), kind, born, account.id))
        return people

    def authorities(self, known: list[Authority], people: list[Person], child: Person) -> None:
        """Most who raise decide; somebody else by mistake now and then."""
        for person in people:
            if person.id == child.id:
                continue
            likely = {"parent": 0.8, "guardian": 0.7, "foster_parent": 0.25}.get(person.kind, 0.1)
            if self.chance.random() < likely:
                lapses = self.day + self.chance.choice((-1, 0, 1, 14)) * DAY
                source = self.chance.choice(SOURCES)
                known.append(
                    Authority(
                        child.id,
                        person.id,
                        source,
                        self.days(0.4),
                        self.chance.choice((lapses, lapses, lapses, None)),
                        self.day - 20 * DAY if self.chance.random() < 0.35 else None,
                    )
                )

    def deaths(self, family: UUID, people: list[Person], *, surely: bool) -> list[Died]:
        """Of some it is known now or soon that they died, or of one `surely`; of some it was a mistake."""
        chance = Random(family.int)  # noqa: S311 - by itself, so that nothing else of a world moves
        edges = [*self.edges(), self.midnight(-60), self.midnight(200)]
        found: list[Died] = []
        for person in people:
            if person.kind == "child" or (chance.random() < 0.8 and (found or not surely)):
                continue
            first, last = sorted(chance.sample(edges, 2))
            found.append(Died(person.id, first, chance.choice((None, last))))
        return found

    # --- a record ---

    def record(self, record: Record, workers: list[Account]) -> Record:
        chance = self.chance
        adults = raising(record)
        # Who works here, and one of those who raise by the account with which that person signs in.
        authors = [one.id for one in chance.sample(workers, 3)]
        authors += [one.account for one in chance.sample(adults, 1) if one.account is not None]
        record.rooms = [Room(self.id(), kind) for kind in ONE_EACH]
        record.rooms += [Room(self.id(), "parent", person=one.id) for one in adults]
        for author in authors:
            if author not in {room.author for room in record.rooms}:
                record.rooms.append(Room(self.id(), "own_note", author=author))
        for person in record.people:
            if chance.random() < 0.95:
                record.ways.append(self.of_family(person))
        for worker in workers:
            if worker.town != record.town and chance.random() < 0.8:
                continue
            for _ in range(chance.choice((1, 1, 2))):
                record.ways.append(self.of_work(worker, record))
        for worker in workers:
            if chance.random() < (0.75 if learns(worker) else 0.45):
                record.ways.append(self.by_another(worker, workers, record))
        self.answers(record)
        record.shut = [
            Shut(way.account, chance.sample(KINDS, chance.choice((0, 1, 3))), *self.span())
            for way in record.ways
            if chance.random() < 0.07
        ]
        self.practices(record)
        record.held = self.held(record)
        record.answers += self.noes(record)
        self.narrows(record)
        return record

    def narrows(self, record: Record) -> None:
        """Now and then a yes is for what is about the child only, or not for some sorts of pieces."""
        chance = Random(record.id.int + 3)  # noqa: S311 - by itself as well
        for answer in record.answers:
            answer.child_alone = chance.random() < 0.25
        for answer in record.answers:
            answer.without = tuple(one for one in SORTS if chance.random() < 0.25)

    def practices(self, record: Record) -> None:
        """What a GP wrote here lies in a room of that GP; another one too, or somebody who is none, wrote."""
        chance = Random(record.id.int + 2)  # noqa: S311 - by itself, so that nothing else of a world moves
        gps = sorted({way.account for way in record.ways if way.part == "gp" and "gp" in way.kinds})
        others = sorted({way.account for way in record.ways if "gp" in way.kinds} - {*gps})
        first = next(room for room in record.rooms if room.kind == "gp")
        first.author = chance.choice(gps or others or [None])
        for author in chance.sample(gps, min(len(gps), 1)) + chance.sample(others, min(len(others), 2)):
            if author != first.author:
                key = UUID(int=chance.getrandbits(128), version=4)
                record.rooms.append(Room(key, "gp", author=author))

    def held(self, record: Record) -> list[Held]:
        """At any age: that it counts for a youth of 16 or 17 only is what is judged."""
        chance = Random(record.id.int)  # noqa: S311 - by itself, so that nothing else of a world moves
        edges = [*self.edges(), self.midnight(-60), self.midnight(200)]
        return [
            Held(*sorted(chance.sample(edges, 2)))
            for _ in range(chance.choice((0, 1, 1, 1)))
            if chance.random() < 0.8
        ]

    def noes(self, record: Record) -> list[Answer]:
        """A child says no to who raises it: from an edge on, until an edge, or without an end."""
        chance = Random(record.id.int + 1)  # noqa: S311 - by itself as well
        if record.child is None:
            return []
        standing = {(one.giver, one.about) for one in record.answers if one.until_at is None}
        found = []
        for one in raising(record):
            if one.account is None or chance.random() < 0.7:
                continue
            edge = chance.choice(self.edges())
            spans: list[tuple[datetime, datetime | None]] = [
                (edge, self.midnight(200)),
                (self.midnight(-60), edge),
                # Years ago, when it was not the child's to say.
                (self.midnight(-2000), self.midnight(200)),
            ]
            if (record.child.id, one.account) not in standing:
                spans.append((self.midnight(-60), None))
            found.append(Answer(record.child.id, one.account, False, *chance.choice(spans)))
        return found

    def kinds(self, *usual: str) -> list[str]:
        if usual and self.chance.random() < 0.3:
            return list(usual)
        return self.chance.sample(KINDS, self.chance.choice((5, 7, 9)))

    def of_family(self, person: Person) -> Involvement:
        chance = self.chance
        assert person.account is not None
        part = "confidant" if person.kind == "confidant" and chance.random() < 0.8 else "family"
        part = part if chance.random() < 0.93 else chance.choice(("family", "confidant"))
        usual = ("shared", "child" if person.kind == "child" else "parent")
        ground = chance.choice(("consent", "authority", "own", *GROUNDS))
        who = person if chance.random() < 0.95 else None
        return Involvement(person.account, who, part, ground, self.kinds(*usual), *self.span(0.8))

    def of_work(self, worker: Account, record: Record) -> Involvement:
        chance = self.chance
        part = chance.choice((*ALONE, "coach", "professional", "confidant", "family"))
        named = chance.choice((*record.people, *raising(record))) if chance.random() < 0.85 else None
        begin, end = self.span(0.75)
        if part == "emergency" and chance.random() < 0.8:
            begin = chance.choice(self.edges())
            end = chance.choice((begin + timedelta(hours=1), None))
        ground = chance.choice((*GROUNDS, *["consent"] * 4, "own", "authority"))
        if part in {"coach", "professional"} and chance.random() < 0.4:
            # By task or by match: somebody else may be here by this one.
            ground = chance.choice(("youth_act", "match", "court"))
        return Involvement(worker.id, named, part, ground, self.kinds(), begin, end)

    def by_another(self, worker: Account, workers: list[Account], record: Record) -> Involvement:
        """A deputy or a trainee, mostly of somebody whose own help can open something to them as well."""
        chance = self.chance
        others = [one for one in workers if one.id != worker.id]
        ways = [way for way in record.ways if way.part in {"coach", "professional"} and "shared" in way.kinds]
        helps = {way.account for way in ways if way.ground in {"youth_act", "match", "court"}}
        likely = [one for one in others if one.id in helps]
        # Now and then of somebody who helps on another ground, by whom nobody else is here.
        hardly = [one for one in others if one.id in {way.account for way in ways} - helps]
        other = chance.choice(likely if likely and chance.random() < 0.85 else hardly or others)
        part = chance.choice(
            ("trainee", "trainee", "trainee", "deputy") if learns(worker) else ("deputy",) * 6
        )
        if chance.random() < 0.5:
            part = chance.choice(("deputy", "trainee"))
        usual = ("consent",) * 6 if part == "trainee" else ("youth_act", "match", "court") * 2
        ground = chance.choice((*usual, *GROUNDS))
        begin, end = self.span(0.8)
        return Involvement(
            worker.id, None, part, ground, self.kinds("address", "shared"), begin, end, other.id
        )

    def keeps_out(self, record: Record) -> None:
        """Of those by whom another is here, some are kept out as well: for good, for a while, or soon."""
        kept = {one.account for one in record.shut}
        for account in sorted({way.behind for way in record.ways if way.behind} - kept):
            if self.chance.random() < 0.3:
                record.shut.append(Shut(account, self.chance.choice(([], ["shared"])), *self.span(0.4)))

    def answers(self, record: Record) -> None:
        """A yes or a no of one or two of the family about each who is involved; some say both in turn."""
        chance = self.chance
        by_another = {way.account for way in record.ways if way.behind}
        for account in sorted({way.account for way in record.ways}):
            standing = set()
            if account in by_another and chance.random() < 0.5:
                # All agree: then it hangs on the one by whom this person is here.
                record.answers += self.yes_of_all(record, account)
                continue
            if chance.random() < 0.35:
                # One who raises says yes and another no: whose word counts hangs on age and authority alone.
                record.answers += self.yes_and_no(record, account)
                continue
            for person in self.givers(record):
                begin, end = self.span(0.75)
                if chance.random() < 0.1:
                    # Years ago: by a youth who was a child then.
                    begin = self.midnight(-2000)
                if end is None and person.id in standing:
                    end = self.midnight(30)
                if end is None:
                    standing.add(person.id)
                record.answers.append(Answer(person.id, account, chance.random() < 0.7, begin, end))

    def yes_and_no(self, record: Record, account: UUID) -> list[Answer]:
        one, other = self.chance.sample(raising(record), 2)
        begin = self.midnight(-60)
        return [Answer(one.id, account, True, begin, None), Answer(other.id, account, False, begin, None)]

    def yes_of_all(self, record: Record, account: UUID) -> list[Answer]:
        givers = [*raising(record), *([record.child] if record.child else [])]
        begin = self.midnight(-60)
        return [
            Answer(giver, account, True, begin, None) for giver in dict.fromkeys(one.id for one in givers)
        ]

    def givers(self, record: Record) -> list[Person]:
        """Now one alone, now the child and those who raise, now anybody; some answer twice."""
        chance = self.chance
        either = [*raising(record), *([record.child] * 2 if record.child else [])]
        how = chance.random()
        if how < 0.35:
            return [chance.choice(either)]
        if how < 0.8:
            return chance.choices(either, k=chance.choice((2, 3)))
        return chance.choices(record.people, k=chance.choice((0, 1, 2)))


def learns(worker: Account) -> bool:
    return any(job.role == "trainee" for job in worker.jobs)


def raising(record: Record) -> list[Person]:
    return [one for one in record.people if one.kind in RAISES]


def world(seed: int, number: int) -> World:
    return Maker(f"{seed} {number}").world()
