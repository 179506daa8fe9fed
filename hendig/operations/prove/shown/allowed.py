"""What each persona may be shown: by the oracle what lies in a compartment, by this table all the rest.

Written from the design's page on privacy, never from the code of the pages. Each way has its reason.
"""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass, field
from uuid import UUID

from hendig.operations.prove.oracle import Judged, World
from hendig.operations.prove.shown.canaries import Canary
from hendig.operations.prove.shown.town import Scene

NAMES = ("first name", "first name of a child", "surname", "surname of a family", "birth date")
CONTACT = ("mail address", "phone number")
OF_LOG = (
    "first name",
    "surname",
    "first name of a child",
    "surname of a family",
    "first name of a volunteer",
    "surname of a volunteer",
    "name of a partner who signs in",
    "surname of a partner who signs in",
)
OF_TENT = ("place of a tent", "link of a tent")
OF_APPLICATION = (
    "words of an application",
    "why a budget",
    "who would help for a budget",
    "question about an application",
    "answer about an application",
    "why a decision takes longer",
    "what was decided, in a letter",
    "why it was decided so, in a letter",
)


@dataclass(frozen=True, slots=True)
class Persona:
    """Somebody who visits the site: by a short name of ours, and what for."""

    name: str
    account: UUID | None = None


@dataclass
class Rights:
    """Which compartments are open to whom, once."""

    scene: Scene
    world: World
    _open: dict[str, set[tuple[str, str]]] = field(default_factory=dict)

    def open_to(self, who: Persona) -> set[tuple[str, str]]:
        """(child, kind) of each compartment that the oracle opens to this persona now."""
        if who.name not in self._open:
            self._open[who.name] = set(self._rooms(who)) if who.account else set()
        return self._open[who.name]

    def _rooms(self, who: Persona) -> Collection[tuple[str, str]]:
        assert who.account is not None
        child_of = {pk: child for child, pk in self.scene.records.items()}
        name_of = {pk: name for name, pk in self.scene.town.accounts.items()}
        # What is of a parent is told apart by the person, what somebody wrote by the account.
        name_of |= {pk: name for home in self.scene.homes.values() for name, pk in home.members.items()}
        found: list[tuple[str, str]] = []
        for record in self.world.records:
            rooms = Judged(
                self.world, record, self.world.accounts[who.account], self.world.moments[0]
            ).rooms()
            found += [
                (child_of[record.id], f"{room.kind} of {name_of[whose]}" if whose else room.kind)
                for room in record.rooms
                for whose in [room.author or room.person]
                if room.id in rooms and record.id in child_of
            ]
        return found

    def homes_of(self, who: Persona) -> set[str]:
        """The families of which this persona sees a record: what is shared of it, or what is for safety."""
        children = {child for child, kind in self.open_to(who) if kind in {"shared", "safety"}}
        return {home.name for home in self.scene.homes.values() if children & set(home.members)}

    def home_of(self, of: str) -> str:
        """The family of a person, or of what is called after it."""
        for home in self.scene.homes.values():
            if of in home.members or of == f"family {home.name}":
                return home.name
        return ""

    def coaches(self, who: Persona) -> set[str]:
        """Whose coach this is, or whose coach this one stands in for."""
        homes = self.scene.homes.values()
        return {home.name for home in homes if who.name and who.name in {home.coach, home.deputy}}

    def belongs_to(self, who: Persona) -> set[str]:
        """The own families of which this persona sees a record."""
        return {name for name in self.homes_of(who) if who.name in self.scene.homes[name].members}


@dataclass(frozen=True, slots=True)
class Case:
    """One canary before one persona."""

    rights: Rights
    who: Persona
    one: Canary

    @property
    def room_is_open(self) -> bool:
        room = self.one.room
        if room is None or (self.one.another and self.who.name in {room.child, "foster"}):
            return False
        opened = self.rights.open_to(self.who)
        return any((child, room.name) in opened for child in (room.child, *room.also))

    @property
    def family_is_seen(self) -> bool:
        return self.rights.home_of(self.one.of) in self.rights.homes_of(self.who)

    @property
    def family_is_coached(self) -> bool:
        return self.rights.home_of(self.one.of) in self.rights.coaches(self.who)

    def typed_for(self, thing: str) -> bool:
        return self.one.word in self.rights.scene.typed[thing]


@dataclass(frozen=True, slots=True)
class Way:
    """A way to something that lies in no open compartment, and why it is one."""

    why: str
    opens: Callable[[Case], bool]


WHO_HELPS = frozenset({"ellen", "anouk", "youssef"})
FINANCE = frozenset({"henk", "gerda"})
WAYS: tuple[Way, ...] = (
    Way(
        "The compartment in which it lies is open to them; to the child, and to who fosters it without"
        " deciding, not for what is about another.",
        lambda it: it.room_is_open,
    ),
    Way(
        "What somebody typed or what is their own is theirs to read back.",
        lambda it: bool(it.who.name) and it.who.name in {it.one.by, it.one.of},
    ),
    Way("The Open Tent is public, and without names.", lambda it: it.one.of == "board"),
    Way(
        "Who sees the record of a child knows who is in its family, and how old they are.",
        lambda it: it.one.what in NAMES and it.family_is_seen,
    ),
    Way(
        "The coach who guides the family calls and mails it.",
        lambda it: it.one.what in CONTACT and it.family_is_coached,
    ),
    Way(
        "Who is asked to come somewhere is told where.",
        lambda it: (
            it.one.what in OF_TENT and it.who.name in {"stefan", "floris"} and it.typed_for("tent of now")
        ),
    ),
    Way(
        "Who is asked whether it clicks is told what for, and the first name of the child.",
        lambda it: (
            it.who.name == "gea"
            and (it.typed_for("talk of now") or (it.one.of == "girl" and it.one.what.startswith("first")))
        ),
    ),
    Way(
        "Who decides on an application has that application, with who asked it and about whom.",
        lambda it: (
            it.who.name == "bram"
            and (
                it.one.what in OF_APPLICATION
                or (
                    it.one.of in {"mother", "son", "family shelter"}
                    and it.one.what in {"first name", "first name of a child", "surname of a family"}
                )
            )
        ),
    ),
    Way(
        "With whom a family shares a page reads that page, and what for; nothing that was stopped.",
        lambda it: (
            it.who.name == "lianne"
            and (it.typed_for("shared page") or it.one.what == "what it is shared for")
        ),
    ),
    Way(
        "Both said yes: the family and the volunteer have each other's name and address.",
        lambda it: (
            it.who.name == "after"
            and it.one.of in {"mother", "family shelter"}
            and it.one.what in {"first name", "surname of a family", *CONTACT}
        ),
    ),
    Way(
        "The family and its coach keep its post: they read who answers, and have the address of whom both "
        "said yes to; whoever else comes to the record does not.",
        lambda it: (
            "shelter" in it.rights.belongs_to(it.who) | it.rights.coaches(it.who)
            and it.one.of in {"answer of before", "answer of after", "after"}
        ),
    ),
    Way(
        "The privacy officer judges emergencies and answers questions about the log, and nothing else.",
        lambda it: (
            it.who.name == "karin"
            and (
                it.one.of in {"officer", "question of mother2"}
                or it.one.what in {"why a record was opened in an emergency", "how the officer judged it"}
            )
        ),
    ),
    Way(
        "The log says who did something: the officer reads names of who signs in, and no content.",
        lambda it: (
            it.who.name == "karin"
            and it.one.what in OF_LOG
            and (it.one.of in it.rights.scene.town.accounts or it.one.of.startswith("family "))
        ),
    ),
    Way(
        "Who sees along with the child for the family knows who was invited to, and not at which address.",
        lambda it: it.who.name == "father2" and it.one.of == "invited" and it.one.what == "first name",
    ),
    Way(
        "A parent without authority reads what was written for that parent; who helps this child answers.",
        lambda it: (
            it.one.of == "asked by father4"
            and (
                it.who.name == "father4"
                or (it.who.name in WHO_HELPS and ("seventeen", "shared") in it.rights.open_to(it.who))
            )
        ),
    ),
    Way(
        "Who asked about a look reads the question and the answer.",
        lambda it: it.who.name == "mother2" and it.one.of == "question of mother2",
    ),
    Way(
        "Who sees both finds that they are one.",
        lambda it: it.who.name == "samira" and it.one.of == "same",
    ),
    Way(
        "Where no coach goes along any more the privacy officer answers what the family says is not right.",
        lambda it: it.who.name == "karin" and it.one.what == "what is not right, where nobody coaches",
    ),
    Way(
        "Of the systems of one organisation its own people read which come in: each can end any of them.",
        lambda it: it.one.what == "what an office calls its system" and {it.who.name, it.one.by} <= FINANCE,
    ),
)


def why(rights: Rights, who: Persona, canary: Canary) -> str:
    """Why this persona may be shown this; empty when it may not."""
    case = Case(rights, who, canary)
    return next((way.why for way in WAYS if way.opens(case)), "")


def must(rights: Rights, who: Persona, canary: Canary) -> bool:
    """Whether this persona must find it somewhere."""
    return Case(rights, who, canary).room_is_open and not any(
        canary.what.startswith(one.what) and (not one.who or who.name in one.who) for one in NOT_SHOWN
    )


@dataclass(frozen=True, slots=True)
class NotShown:
    """What is open to them and stands on no page of theirs, and why that is right; empty `who`: nobody's."""

    why: str
    what: tuple[str, ...]
    who: frozenset[str] = frozenset()


# In what part somebody who works comes to a record of this town.
GUESTS = frozenset({"maaike", "isabel"})
MATCHED = frozenset({"anouk", "youssef"})
GP = frozenset({"pim"})
IN_EMERGENCY = frozenset({"fleur"})
LEARNS = frozenset({"jip"})
FAMILIES_SIDE = frozenset(
    {
        "mother",
        "son",
        "father",
        "mother2",
        "father2",
        "mother3",
        "foster",
        "trusted",
        "youth",
        "parent",
        "again",
        "mother5",
    }
)
NOT_SHOWN: tuple[NotShown, ...] = (
    NotShown(
        "Of an appointment that was, the day and how it was felt stay; where is told for what is to come.",
        ("where it was",),
    ),
    NotShown("Typed after everybody had been everywhere.", ("what is said while others listen",)),
    NotShown(
        "A family reads how old a child is; the day stands where somebody decides about it.",
        ("birth date of a half-sister",),
    ),
    NotShown(
        "At home one is called by the first name; the surname is on the page of the coach.",
        ("surname of a partner who signs in",),
        frozenset({"mother2"}),
    ),
    NotShown(
        "Why it was opened is for who judges that, and nobody else needs it.",
        ("why a record was opened", "how the officer judged"),
    ),
    NotShown(
        "A citizen service number is shown for one look, when its coach asks for it.",
        ("citizen service number",),
    ),
    NotShown(
        "What the coach wrote for who comes after is for the coach and the family.",
        ("note of the first talk", "why that note is kept"),
        GUESTS | MATCHED | GP | IN_EMERGENCY | LEARNS,
    ),
    NotShown(
        "What something is shared for is for who decides on that, the coach, and with whom it is shared.",
        ("what it is shared for", "what it was shared for"),
        GUESTS | MATCHED | GP | IN_EMERGENCY | LEARNS,
    ),
    NotShown(
        "Who helps sees who is around the family; what they are and give is between family and coach.",
        ("what the ",),
        GUESTS | MATCHED | GP,
    ),
    NotShown(
        "In an emergency the record opens to see what goes on, not who is around the family.",
        ("school", "practice of the GP", "sports club", "what the "),
        IN_EMERGENCY,
    ),
    NotShown(
        "What was said at a table, and where that stood, is for who sat there, the family and its coach. "
        "Both walls close the rows of a tent to who only learns.",
        (
            "place of a tent",
            "link of a tent",
            "what was said",
            "what is being said",
            "page that remains",
            "how it is seen otherwise",
            "how a line is seen otherwise",
            "how the page is seen otherwise",
        ),
        MATCHED | GP | LEARNS,
    ),
    NotShown(
        "Who comes to the door is told where that is, and not who else lives there and when.",
        ("who is when where somebody lives",),
        frozenset({"after"}),
    ),
    NotShown(
        "What a match is for is on the page where it is said whether it clicks; who learns has no say there.",
        ("what a match is for",),
        LEARNS,
    ),
    NotShown(
        "Who sits at the table of now was not at the one before.",
        (
            "what was said",
            "how it is seen otherwise",
            "how a line is seen otherwise",
            "how the page is seen otherwise",
            "page that remains",
            "place of a tent that was",
            "link of a tent that was",
        ),
        frozenset({"maaike"}),
    ),
    NotShown(
        "Another municipality asked it and reads the answer; it tells where somebody stays, so no page of "
        "the family has it: the coach reads it to them.",
        ("municipality ",),
        FAMILIES_SIDE | IN_EMERGENCY,
    ),
)
