"""Who may see what, judged a second time: in Python, over plain facts, from what the design says.

It is written from the design's page on privacy and from what the rows mean, never from the SQL of the gate:
where the two differ, one of them read the page wrongly (`hendig prove access`). The oracle reasons the other
way around: it begins with who somebody is to the child, and comes to the compartment last.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import cached_property
from uuid import UUID

from hendig.kernel.ages import age_on, birthday
from hendig.kernel.periods import local_day
from hendig.operations.prove.facts import Account, Answer, Involvement, Lent, Person, Record, Room, lasts

# Who works on the record by name, and may be named for any compartment; the others are for a part of it.
NAMED = frozenset({"coach", "professional", "guide", "supervisor"})
# Never what somebody is named for: a child's, a parent's, safety, the practice's, an own note.
BY_ANOTHER = {"deputy": {"shared", "address"}, "trainee": {"shared"}}
AT_THE_TABLE = {"guest": {"shared"}, "gp": {"shared", "gp"}, "colleague": {"safety", "informant"},
                "volunteer": {"address"}, "probation": {"shared"}}  # fmt: skip
# A task in the Youth Act, the family's choice, a court measure, the duty to report, vital interest.
OTHER_GROUNDS = frozenset({"youth_act", "match", "court", "duty", "vital"})
RAISES = frozenset({"parent", "guardian", "foster_parent"})
HOUR = timedelta(hours=1)


@dataclass(slots=True)
class World:
    # Whether the parents of a child from 12 see along until it objects.
    towns: dict[UUID, bool]
    accounts: dict[UUID, Account]
    records: list[Record]
    moments: list[datetime]

    def open_to(self, who: UUID, moment: datetime) -> set[UUID]:
        """The compartments that are open to this account at this moment."""
        found: set[UUID] = set()
        for record in self.records:
            found |= Judged(self, record, self.accounts[who], moment).rooms()
        return found

    def left_out_for(self, who: UUID, moment: datetime, what: str) -> set[UUID]:
        """The open compartments of which this account reads no such piece, or reads of the child alone."""
        found: set[UUID] = set()
        for record in self.records:
            judged = Judged(self, record, self.accounts[who], moment)
            here = judged.rooms()
            found |= {
                room.id
                for room in record.rooms
                if room.id in here
                and (judged.narrowed(room) if what == "child" else judged.left_out(room, what))
            }
        return found


@dataclass
class Judged:
    """One person before one record, at one moment."""

    world: World
    record: Record
    account: Account
    moment: datetime

    def rooms(self) -> set[UUID]:
        if not self.account.active or self.account.town != self.record.town:
            return set()
        ways = [way for way in self.record.ways if way.account == self.account.id and lasts(way, self.moment)]
        return {
            room.id
            for room in self.record.rooms
            if any(self.opens(way, room) and not self.is_shut(room, way) for way in ways)
        }

    def opens(self, way: Involvement, room: Room) -> bool:
        """No involvement, and none for this compartment: it does not exist for you."""
        if room.kind not in way.kinds or (room.person is not None and self.died(room.person)):
            return False
        if room.kind == "address" and not self.knows_where(way, room):
            return False
        # A dead person looks at nothing, and whoever comes in their name neither.
        if way.part in {"family", "confidant"} and way.person is not None and self.died(way.person.id):
            return False
        if way.part == "family":
            return self.opens_to_family(way, room)
        if way.part == "confidant":
            return not self.frozen and room.kind == "shared" and self.agreed
        return not self.own_family and self.works(way.part) and self.opens_at_work(way, room)

    # --- where somebody lives ---

    def knows_where(self, way: Involvement, room: Room) -> bool:
        """Of the family everybody the own address, who is named for one person that one's; who is here for
        all of the record each that is not secret, be there danger or not.
        """
        if way.person is not None:
            return room.person == way.person.id
        # A neighbour comes to the door of one person, who let them know where that is.
        if way.part == "volunteer":
            return False
        return room.person is None or (not self.hides(room.person) and self.knows_of(way, room.person))

    def knows_of(self, way: Involvement, person: UUID) -> bool:
        """Of who belongs to the side of one parent knows who was named for that parent, and nobody in that
        one's place; the child of the record is known in it.
        """
        child = self.record.child
        side = next((one.side for one in self.record.people if one.id == person), None)
        if side is None or (child is not None and child.id == person):
            return True
        found = ((other, room) for other in self.world.records for room in other.rooms if room.id == side)
        record, room = next(found)
        named = any(
            one.account == self.account.id
            and one.person is not None
            and one.person.id == room.person
            and "parent" in one.kinds
            and lasts(one, self.moment)
            for one in record.ways
        )
        alive = room.person is not None and not self.died(room.person)
        return named and alive and way.part not in BY_ANOTHER

    def hides(self, person: UUID) -> bool:
        """A secret holds in every record; where anybody of a record hides, its child lives there or near."""
        child = self.record.child
        return any(
            lasts(one, self.moment)
            and (one.person == person or (other is self.record and child is not None and child.id == person))
            for other in self.world.records
            for one in other.hidden
        )

    # --- who works ---

    def opens_at_work(self, way: Involvement, room: Room) -> bool:
        if way.part in BY_ANOTHER:
            return self.opens_by_another(way, room)
        if way.part == "emergency":
            return (
                self.moment < way.from_at + HOUR
                and room.kind not in {"gp", "own_note", "informant"}
                and (room.kind != "parent" or self.about(way, room))
            )
        return self.has_ground(way) and self.is_for(way, room)

    def is_for(self, way: Involvement, room: Room) -> bool:
        """What is for whom of those who work on it."""
        if way.part not in NAMED:
            # Of the practice what this GP wrote, and never what another one did.
            if room.kind == "gp" and room.author != self.account.id:
                return False
            return room.kind in AT_THE_TABLE.get(way.part, set())
        if room.kind == "gp":
            return False
        if room.kind == "own_note":
            return room.author == self.account.id
        return room.kind != "parent" or self.about(way, room)

    def has_ground(self, way: Involvement) -> bool:
        """Consent is one ground among several, and never patches a missing one."""
        return self.agreed if way.ground == "consent" else way.ground in OTHER_GROUNDS

    @staticmethod
    def about(way: Involvement, room: Room) -> bool:
        return way.person is not None and room.person == way.person.id

    def opens_by_another(self, way: Involvement, room: Room) -> bool:
        """In somebody's place, or learning beside them: never more or longer than that one sees it.

        A trainee only where the family agreed.
        """
        if room.kind not in BY_ANOTHER[way.part]:
            return False
        agreed = way.ground == "consent" and self.agreed
        if not (agreed or (way.part == "deputy" and way.ground in OTHER_GROUNDS)):
            return False
        other = self.world.accounts[way.behind] if way.behind else None
        return other is not None and Judged(self.world, self.record, other, self.moment).helps_with(room)

    def helps_with(self, room: Room) -> bool:
        """Whether this one, as coach or by a match, may open it now: by task or choice, by no yes alone."""
        here = self.account.active and self.account.town == self.record.town and not self.is_shut(room)
        return here and any(
            way.account == self.account.id
            and way.part in {"coach", "professional"}
            and way.ground in {"youth_act", "match", "court"}
            and lasts(way, self.moment)
            and self.opens(way, room)
            # Where somebody lives is told to who was named for that, and to nobody in that one's place.
            and (room.kind != "address" or way.person is None)
            for way in self.record.ways
        )

    def works(self, part: str) -> bool:
        """Who learns works as such and as nothing else; a neighbour as a helper, or is of a family here."""
        wanted = {"trainee"} if part == "trainee" else {"coach", "professional"}
        if part == "volunteer":
            wanted |= {"helper"}
        of_a_family = any(
            person.account == self.account.id for record in self.world.records for person in record.people
        )
        return (part == "volunteer" and of_a_family) or any(
            job.role in wanted
            and job.days.covers(self.today)
            and (job.ended_at is None or self.moment < job.ended_at)
            for job in self.account.jobs
        )

    @cached_property
    def own_family(self) -> bool:
        return any(person.account == self.account.id for person in self.record.people)

    # --- the family ---

    def opens_to_family(self, way: Involvement, room: Room) -> bool:
        person, child = way.person, self.record.child
        if self.frozen or person is None or room.kind in {"safety", "informant", "gp"}:
            return False
        if room.kind == "own_note" and room.author != self.account.id:
            return False
        if room.kind == "parent":
            # What is about a parent is that parent's own, whoever decides for the child.
            return room.person == person.id
        if room.kind == "address" and person.kind != "child":
            return True
        if room.kind == "child" and (child is None or child.id != person.id):
            return False
        return child is None or self.sees_along(person, child)

    def sees_along(self, person: Person, child: Person) -> bool:
        """Whether this person of the family sees the record of this child, by age and authority."""
        if self.age is None:
            return False
        if person.id == child.id:
            return self.age >= 12
        if person.kind == "foster_parent" and self.agreed:
            return True
        return person.kind in RAISES and self.sees_as_parent(person, child, self.age)

    def sees_as_parent(self, person: Person, child: Person, age: int) -> bool:
        if age < 12:
            return self.decides(person.id)
        says = self.said(child.id)
        if age < 16:
            by_default = self.world.towns[self.record.town]
            return self.decides(person.id) and (True in says or by_default) and False not in says
        if age >= 18:
            return False
        # Who decides in the place of a youth sees what it is about; a no of the youth to that stands.
        instead = any(lasts(one, self.moment) for one in self.record.held) and self.decides(person.id)
        return says == {True} or (instead and False not in says)

    @cached_property
    def frozen(self) -> bool:
        return self.record.frozen_at is not None and self.record.frozen_at <= self.moment

    def died(self, person: UUID) -> bool:
        return any(one.person == person and lasts(one, self.moment) for one in self.record.deaths)

    # --- consent ---

    @cached_property
    def agreed(self) -> bool:
        """Whether the family wants this person to see along: one yes, and no no of who may say it."""
        child = self.record.child
        people = [person.id for person in self.record.people]
        if child is None:
            return self.wanted(people, people)
        if self.age is None:
            return False
        parents = [one for one in people if self.decides(one)]
        if self.age < 12:
            return self.wanted(parents, parents)
        if self.age >= 16:
            return self.wanted([child.id], [child.id])
        # Help needs child and parents; what the child goes on wishing a parent does not stop.
        wishes = self.said(child.id) == {True}
        return self.wanted([child.id, *parents], [child.id] if wishes else [child.id, *parents])

    def wanted(self, may_agree: Iterable[UUID], may_stop: Iterable[UUID]) -> bool:
        agrees = any(True in self.said(one) for one in may_agree)
        return agrees and not any(False in self.said(one) for one in may_stop)

    def said(self, giver: UUID) -> set[bool]:
        """What this person says now about the account; a yes until later and a new no can stand together."""
        return {
            answer.yes
            for answer in self.record.answers
            if answer.giver == giver and answer.about == self.account.id and lasts(answer, self.moment)
            if self.could_say(answer)
        }

    def narrowed(self, room: Room) -> bool:
        """Here by the family's yes alone, and one who says it gave it for what is about the child only."""
        return self.by_a_yes(room) and any(answer.child_alone for answer in self.yes_of_today())

    def left_out(self, room: Room, what: str) -> bool:
        """The same for a sort of pieces: the items of a consent are what it is for, and no more."""
        return self.by_a_yes(room) and any(what in answer.without for answer in self.yes_of_today())

    def yes_of_today(self) -> list[Answer]:
        """What those say who may say it.

        Who may say it: the child from 12 on, those who decide until it is 16, and while nobody knows which
        child it is, whoever of the family. One is enough: what is about somebody is not for others to share.
        """
        return [
            answer
            for answer in self.record.answers
            if answer.yes and answer.about == self.account.id
            if lasts(answer, self.moment) and self.says_today(answer)
        ]

    def by_a_yes(self, room: Room) -> bool:
        """What is shared is open to this one, and by nothing but a yes of the family."""
        ways = [
            way
            for way in self.record.ways
            if way.account == self.account.id and lasts(way, self.moment) and self.opens(way, room)
        ]
        yes_alone = all(
            way.part == "confidant" or (way.part != "family" and way.ground == "consent") for way in ways
        )
        return room.kind == "shared" and bool(ways) and yes_alone

    def says_today(self, answer: Answer) -> bool:
        child = self.record.child
        if child is None:
            return True
        if answer.giver == child.id and self.could_say(answer):
            return True
        return self.age is not None and self.age < 16 and self.decides(answer.giver)

    def could_say(self, answer: Answer) -> bool:
        """A child decides from 12 on: what it said before then was not its to say."""
        child = self.record.child
        if child is None or child.id != answer.giver:
            return True
        on = local_day(answer.from_at)
        return child.born_on is not None and on >= birthday(child.born_on, 12)

    # --- what is shared with somebody outside ---

    def lends(self, lent: Lent, room: Room) -> bool:
        """Whether somebody outside reads what a family shares: of what is known together, of nothing else.

        Each who must say yes does so now. From 12 on the child, until 16 all who decide for it; and from 18
        on the yes of before does not count any more: who said it was no adult.
        """
        child = self.record.child
        if child is None or self.age is None or room.kind != "shared" or lent.account != self.account.id:
            return False
        stopped = lent.ended_at is not None and lent.ended_at <= self.moment
        if stopped or not lasts(lent, self.moment) or not self.may_read_outside(room):
            return False
        parents = [person.id for person in self.record.people if self.decides(person.id)]
        if self.age < 16 and not (parents and all(parent in lent.yes for parent in parents)):
            return False
        return self.age < 12 or self.says_so_itself(child, lent, 18 if self.age >= 18 else 12)

    def says_so_itself(self, child: Person, lent: Lent, age: int) -> bool:
        said = lent.yes.get(child.id)
        assert child.born_on is not None
        return said is not None and local_day(said) >= birthday(child.born_on, age)

    def may_read_outside(self, room: Room) -> bool:
        """Deny beats it: a closed account, another town, the own family, a block, a death, no work here."""
        here = self.account.active and self.account.town == self.record.town
        works = any(
            job.role in {"helper", "professional"}
            and job.days.covers(self.today)
            and (job.ended_at is None or self.moment < job.ended_at)
            for job in self.account.jobs
        )
        return here and works and not self.own_family and not self.frozen and not self.is_shut(room)

    def is_asked_to_lend(self, lent: Lent, room: Room, whose: set[UUID]) -> bool:
        """Whether this one must say yes to it, or take theirs back: also while the own view rests."""
        child = self.record.child
        near = self.account.active and self.account.town == self.record.town and not self.is_shut(room)
        if child is None or self.frozen or not near:
            return False
        if lent.until_at is not None and lent.until_at <= self.moment:
            return False
        mine = {person.id for person in self.record.people if person.account == self.account.id}
        age = self.age
        itself = child.id in mine and age is not None and age >= 12
        decides = age is not None and age < 16 and any(self.decides(one) for one in mine)
        return itself or decides or bool(mine & (whose - {child.id}))

    # --- time ---

    @cached_property
    def today(self) -> date:
        return local_day(self.moment)

    @cached_property
    def age(self) -> int | None:
        """Of the child; None when nobody knows it. Who is still to be born is no older than a baby."""
        born_on = self.record.child.born_on if self.record.child else None
        return None if born_on is None else age_on(born_on, max(born_on, self.today))

    def decides(self, holder: UUID) -> bool:
        """Has authority today: what was only declared lapses on the day that was set, unless checked."""
        assert self.record.child is not None
        return any(
            one.child == self.record.child.id
            and one.holder == holder
            and one.days.covers(self.today)
            and (
                one.source != "declared"
                or one.checked_on is not None
                or (one.lapses_on is not None and self.today < one.lapses_on)
            )
            for one in self.record.authorities
        )

    # --- what wins over everything ---

    def is_shut(self, room: Room, way: Involvement | None = None) -> bool:
        """Kept out. Who may not know where another lives goes on reading where they live themselves."""
        own = way is not None and way.part == "family" and way.person is not None
        own_home = own and room.kind == "address" and way is not None and self.about(way, room)
        return any(
            one.account == self.account.id
            and lasts(one, self.moment)
            and (not one.kinds or (room.kind in one.kinds and not own_home))
            for one in self.record.shut
        )
