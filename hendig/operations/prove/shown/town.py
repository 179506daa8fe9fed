"""A small town in which everything that a person can type carries a canary: made by the real actions."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from uuid import UUID

from hendig.demo.municipality import CBS_CODE, FACTS, NAME, SLUG
from hendig.demo.neighbour import beekdal
from hendig.demo.outbox import Outbox
from hendig.demo.settle import agree, settle
from hendig.demo.timeline import Timeline
from hendig.demo.town import Town, at_clock
from hendig.directory import actions as directory
from hendig.families import actions as families
from hendig.families.models import FamilyMember, LegalAuthority, MemberKind, Record, Source, WhyKept
from hendig.helprequests import actions as requests
from hendig.kernel.actor import Actor, Role
from hendig.kernel.ages import birthday
from hendig.kernel.periods import local_day
from hendig.operations.prove.shown.canaries import Aviary, Room
from hendig.people import actions as people
from hendig.people.models import Letter

BEGAN = 90
SHOWS_A_FACE = "anouk"


@dataclass(slots=True)
class Home:
    """A family of the town: its question, its persons and its records by short names."""

    name: str
    coach: str
    request: UUID
    family: UUID
    asker: str
    # Who stands in for the coach.
    deputy: str = ""
    members: dict[str, UUID] = field(default_factory=dict)


@dataclass(slots=True)
class Scene:
    """Who is there, what time it is in the story, and every canary that was typed."""

    town: Town
    birds: Aviary
    outbox: Outbox
    now: datetime
    homes: dict[str, Home] = field(default_factory=dict)
    # The record of each child, by the child's short name.
    records: dict[str, UUID] = field(default_factory=dict)
    things: dict[str, UUID] = field(default_factory=dict)
    # The words that were typed for something, by a short name of ours.
    typed: dict[str, set[str]] = field(default_factory=dict)
    # With what the system of somebody comes in, by a short name of ours.
    tokens: dict[str, str] = field(default_factory=dict)

    @property
    def at(self) -> datetime:
        return self.town.at

    def who(self, name: str) -> Actor:
        return self.town.actor(name)

    def account(self, name: str) -> UUID:
        return self.town.accounts[name]

    def day(self, days: int, clock: str = "10:00") -> None:
        """The story goes on that many days from today; what was to be told, is told."""
        self.tell()
        self.town.timeline.at = min(at_clock(self.town.today + timedelta(days=days), clock), self.now)

    def minutes(self, ago: int) -> None:
        self.tell()
        self.town.timeline.at = self.now - timedelta(minutes=ago)

    def tell(self) -> None:
        self.outbox.deliver(tell=True, at=self.at)

    def word(
        self, what: str, by: str, *, room: Room | None = None, of: str = "", another: bool = False
    ) -> str:
        return self.birds.word(what, by=by, room=room, of=of, another=another)

    def born(self, name: str, age: int, days_ago: int) -> date:
        """A birth date of its own, which belongs to what everybody knows who sees the family."""
        on = self.town.today - timedelta(days=days_ago)
        day = birthday(on, -age) if (on.month, on.day) != (2, 29) else date(on.year - age, 3, 1)
        return self.birds.day("birth date", day, of=name)


def open_town(seed: int, now: datetime, outbox: Outbox) -> Scene:
    """The municipality, its partners and everybody who works there, as in the demo."""
    today = local_day(now)
    timeline = Timeline(at_clock(today - timedelta(days=BEGAN), "08:00"), until=now)
    made = people.open_municipality(
        name=NAME, slug=SLUG, cbs_code=CBS_CODE, at=timeline.at, is_example=True, **FACTS
    )
    town = Town(made.pk, seed, today, timeline)
    # A photo is read in a process of its own, which takes as long as all that somebody else tells.
    settle(town, faces=[SHOWS_A_FACE])
    agree(town, {})
    asked_next_door(town)
    scene = Scene(town, Aviary(seed), outbox, now)
    for name in ("before", "after"):
        neighbour(scene, name)
    return scene


def asked_next_door(town: Town) -> None:
    """One of the professionals is asked in another municipality as well; of its families there is none."""
    near = beekdal(town)
    offered = directory.offer_elsewhere(
        actor=town.actor("fleur"), municipality_id=near.municipality_id, at=town.at
    )
    directory.take_from_elsewhere(actor=near.actor("bas"), elsewhere_id=offered.pk, at=town.at)


def neighbour(scene: Scene, name: str) -> None:
    """A volunteer, whose surname and address are known to a family once both said yes."""
    word = scene.word("first name of a volunteer", name, of="board")
    scene.town.accounts[name] = people.add_worker(
        actor=scene.town.system,
        email=f"{scene.word('mail address of a volunteer', name, of=name).lower()}@example.nl",
        first_name=word,
        last_name=scene.word("surname of a volunteer", name, of=name),
        role=Role.HELPER,
        on=scene.town.today - timedelta(days=BEGAN),
        at=scene.at,
    ).pk


def asks(scene: Scene, name: str, asker: str, coach: str, child: str) -> Home:
    """Somebody asks for help, with the code of the mail, a phone number, and a coach who takes it up."""
    email = f"{scene.word('mail address', asker, of=asker).lower()}@example.nl"
    asked = requests.ask(
        actor=scene.town.visitor,
        words=scene.word("question", asker, room=Room(child)),
        first_name=scene.word("first name", asker, of=asker),
        email=email,
        at=scene.at,
    )
    code = re.search(r"\b\d{6}\b", Letter.objects.get(key=f"asked:{asked.pk}").body)
    assert code is not None
    made = requests.confirm(
        actor=scene.town.visitor,
        asked_id=asked.pk,
        typed=code.group(),
        at=scene.at,
        phone=scene.birds.phone("phone number", asker),
    )
    home = Home(name, coach, made.pk, made.family_id, asker, members={asker: made.asked_by_id})
    knows(scene, asker, made.asked_by_id)
    scene.homes[name] = home
    requests.take_up(actor=scene.who(coach), request_id=made.pk, at=scene.at)
    return home


def knows(scene: Scene, name: str, member: UUID) -> None:
    account = FamilyMember.objects.values_list("account_id", flat=True).get(pk=member)
    if account is not None:
        scene.town.accounts[name] = account


def talks(
    scene: Scene, home: Home, child: str, born_on: date, *, decides: bool = True, agrees: bool = True
) -> None:
    """The first talk: about which child, by what surname the family goes, and what it hopes for."""
    room = Room(child)
    done = requests.first_talk(
        actor=scene.who(home.coach),
        request_id=home.request,
        note=scene.word("note of the first talk", home.coach, room=room),
        reason=WhyKept(words=scene.word("why that note is kept", home.coach, room=room)),
        result=scene.word("hoped-for result", home.coach, room=room),
        child=requests.ChildOfTalk(
            first_name=scene.word("first name of a child", home.coach, of=child), born_on=born_on
        ),
        asker_holds_authority=decides,
        child_agrees=agrees,
        family_name=scene.word("surname of a family", home.coach, of=f"family {home.name}"),
        at=scene.at,
    )
    assert done.child_id is not None
    home.members[child] = done.child_id
    remembers(scene, child, done.child_id)


def remembers(scene: Scene, child: str, member: UUID) -> None:
    scene.records[child] = Record.objects.values_list("pk", flat=True).get(child_id=member)


def second_child(scene: Scene, home: Home, child: str, born_on: date) -> None:
    made = families.add_child(
        actor=scene.who(home.coach),
        family_id=home.family,
        first_name=scene.word("first name of a child", home.coach, of=child),
        born_on=born_on,
        at=scene.at,
    )
    home.members[child] = made.pk
    remembers(scene, child, made.pk)


def adult(
    scene: Scene,
    home: Home,
    name: str,
    *,
    kind: MemberKind = MemberKind.PARENT,
    decides: bool = True,
    signs_in: bool = True,
) -> None:
    """Another adult who raises, with a way in of an own."""
    email = f"{scene.word('mail address', name, of=name).lower()}@example.nl" if signs_in else ""
    made = families.add_parent(
        actor=scene.who(home.coach),
        family_id=home.family,
        first_name=scene.word("first name", home.coach, of=name),
        last_name=scene.word("surname", home.coach, of=name),
        email=email,
        kind=kind,
        holds_authority=decides,
        at=scene.at,
    )
    home.members[name] = made.pk
    knows(scene, name, made.pk)


def outside(scene: Scene, home: Home, name: str) -> None:
    """A parent who never had authority, and whom the coach let in to ask how it goes."""
    adult(scene, home, name, decides=False, signs_in=False)
    families.invite_parent(
        actor=scene.who(home.coach),
        member_id=home.members[name],
        email=f"{scene.word('mail address', name, of=name).lower()}@example.nl",
        at=scene.at,
    )
    knows(scene, name, home.members[name])


def looked_up(scene: Scene, home: Home) -> None:
    """The coach looked up who decides: what was told no longer lapses."""
    for told in LegalAuthority.objects.filter(family_id=home.family, checked_on=None):
        families.check_authority(
            actor=scene.who(home.coach), authority_id=told.pk, source=Source.REGISTER, at=scene.at
        )


def decides_over(scene: Scene, home: Home, child: str, *holders: str) -> None:
    for holder in holders:
        families.set_authority(
            actor=scene.who(home.coach),
            child_id=home.members[child],
            holder_id=home.members[holder],
            source=Source.REGISTER,
            at=scene.at,
        )


def signs_in(scene: Scene, home: Home, child: str) -> None:
    """A youth from 12 has a way in of its own."""
    families.give_youth_account(
        actor=scene.who(home.coach),
        member_id=home.members[child],
        email=f"{scene.word('mail address', child, of=child).lower()}@example.nl",
        at=scene.at,
    )
    knows(scene, child, home.members[child])


def says(scene: Scene, giver: str, child: str, about: str, *, yes: bool) -> None:
    families.say_about(
        actor=scene.who(giver),
        record_id=scene.records[child],
        account_id=scene.account(about),
        yes=yes,
        at=scene.at,
    )
