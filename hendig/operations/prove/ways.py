"""Which rows the design shows to whom, table by table: written from it, never from the walls of the models.

The oracle says what is open (`oracle.py`). Beside that the design knows other ways to a row: who is asked
for a tent or a talk sees the question and the talk; who must say yes has a say; a coach may take up what
nobody took up; finance, who audits and the partner's office see what is to be paid; who gave help sees the
own hours; totals are learned from; the privacy officer answers, judges and destroys. Deny beats these too: a
closed account, another municipality, a block, the own family of who works, a death.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, timedelta
from functools import cached_property
from uuid import UUID

from hendig.kernel.actor import Role
from hendig.kernel.periods import local_day
from hendig.operations.prove.facts import Person, Record, Room, actor_of, lasts
from hendig.operations.prove.lending import SHARED_AS, Lending
from hendig.operations.prove.lying import OWN_LOCK
from hendig.operations.prove.oracle import Judged, World
from hendig.operations.prove.rows import Row
from hendig.operations.prove.sides import PERSON, SAYS_OF_WHOM, between, knows_involved, knows_said

Rows = dict[str, list[Row]]
# What is said of a family as a whole to who has a record of it open, or is asked there.
OF_FAMILY = {
    "families_family", "families_familymember", "families_record", "families_compartment",
    "families_legalauthority", "families_involvement",
}  # fmt: skip
# What they decided and said, and by which words they are found: not for who is only asked.
OF_OPEN_FAMILY = {
    "families_consent", "families_block", "families_death", "families_namepart", "families_invitation",
    "families_gpask",
}  # fmt: skip
# What is somebody's own besides: the involvement, the person of the family, and the invitation to it.
OWN = {"families_involvement", "families_familymember", "families_invitation"}
# The question, the meeting and the talk; with the key of what may be read of them.
ASKED = {
    "helprequests_helprequest", "helprequests_stagemove", "tents_tent", "tents_seat", "matching_matchtalk",
    "matching_answer", "matching_match", "plans_appointment", "keys_compartmentkey",
}  # fmt: skip
PAID = {"matching_match", "plans_appointment"}
# Who pays, and who audits that.
BOOKS = {Role.FINANCE, Role.AUDITOR}
LEARNED = {*PAID, "helprequests_helprequest", "helprequests_stagemove", "plans_ending", "plans_outcome",
           "tents_gesture"}  # fmt: skip
OF_TENT = {
    "tents_tent", "tents_seat", "tents_piece", "tents_page", "tents_talk", "tents_gesture", "tents_influence",
    "tents_remark", "tents_laterpage", "tents_pageremark",
}  # fmt: skip
OWN_WORK = {"tents_seat", "plans_appointment"}
# What is said of something else: for who sees that, all of it.
OF_ANOTHER = {
    "plans_score": ("plans_goal", ("goal_id",)),
    "tents_influence": ("tents_piece", ("cause_id", "effect_id")),
    "tents_remark": ("tents_piece", ("piece_id", "effect_id")),
}
# What says whom it is about: when that is somebody else not for the child, nor for who fosters it without
# deciding, unless they wrote it.
ABOUT = {
    "tents_piece", "families_note", "plans_goal", "rights_ownwords", "files_file", "plans_task",
    "helprequests_talknote",
}  # fmt: skip
# What the family can leave out for who is here by its yes: the agenda, the plan, the tent, its own words.
SORTS = {
    **dict.fromkeys(("plans_appointment",), "agenda"),
    **dict.fromkeys(("plans_goal", "plans_score", "plans_task", "plans_ending", "plans_outcome"), "plan"),
    **dict.fromkeys(OF_TENT, "tent"),
    **dict.fromkeys(("rights_ownwords", "files_file"), "own"),
}
OWN_NOTES = {"tents_preparednote"}  # what somebody wrote down for the own eyes
MOMENT, HOUR, GUEST_STAYS = timedelta(minutes=1), timedelta(hours=1), timedelta(days=14)


class Facts:
    """A world and the rows that were made in it, as they are looked up."""

    def __init__(self, world: World, made: Rows) -> None:
        self.world, self.made = world, made
        self.under = {table: {row["id"]: row for row in rows} for table, rows in made.items()}
        self.places = {room.id: (record, room) for record in world.records for room in record.rooms}
        self.questions = {one["compartment_id"]: one for one in made["families_logquestion"]}
        self.informed = {one["compartment_id"]: one for one in made["rights_informationrequest"]}
        self.lending = Lending(world, made, self.places)


class Allowed:
    """The rows of each table that this account may see at this moment, for this purpose."""

    def __init__(self, facts: Facts, who: UUID, at: datetime, purpose: str = "") -> None:
        self.world, self.made, self.under = facts.world, facts.made, facts.under
        self.places, self.questions, self.informed = facts.places, facts.questions, facts.informed
        self.lending = facts.lending
        self.at, self.purpose = at, purpose
        world = facts.world
        self.account, self.actor = world.accounts[who], actor_of(world.accounts[who], at)
        self.who = who
        self.rooms = world.open_to(who, at)
        self.open = [self.places[room] for room in self.rooms]
        self.families = {self.places[room][0].family for room in self.rooms if self.opens_family(room)}

    def policy(self, table: str) -> set[UUID]:
        """What the database shows to whoever asks for everything."""
        return self.those(table, lambda row: self.seen(table, row))

    def seen(self, table: str, row: Row) -> bool:
        """A closed account sees nothing, and nobody a row of another municipality, on no way at all."""
        known = all(self.seen(PERSON, one) for one in between(table, row, self.under))
        if not self.account.active or row["municipality_id"] != self.account.town or not known:
            return False
        if table == "families_sameperson":
            return True
        if table in OWN and row["account_id"] == self.who and self.is_known(table, row):
            return True
        if table in OF_FAMILY:
            family = row["id"] if table == "families_family" else row["family_id"]
            near = family in self.families or family in self.asked_families
            return self.is_itself_open(table, row) or (near and self.is_told_of_family(table, row))
        if table in OF_OPEN_FAMILY:
            return row["family_id"] in self.families and self.is_told_of_family(table, row)
        is_open = self.lies_open(table, row) and self.is_told(table, row)
        sat = table not in OF_TENT or not self.only_learns(UUID(str(row["compartment_id"])))
        return (is_open and sat) or self.comes_to(table, row)

    def lies_open(self, table: str, row: Row) -> bool:
        """In a compartment that is open to who asks, and no sort of piece that is left out there for them."""
        if row["compartment_id"] not in self.rooms:
            return False
        record, place = self.places[UUID(str(row["compartment_id"]))]
        return table not in SORTS or not self.judged(record).left_out(place, SORTS[table])

    def is_known(self, table: str, row: Row) -> bool:
        """What is somebody's own; of the family not that there is a record of which nothing is open."""
        if table != "families_involvement" or row["part"] != "family":
            return True
        return any(self.places[room][0].id == row["record_id"] for room in self.rooms)

    def comes_to(self, table: str, row: Row) -> bool:
        """By another way than that it is open."""
        room, roles = row["compartment_id"], self.actor.roles
        own_work = Role.PROFESSIONAL in roles and row.get("professional_id") == self.who
        return (
            (table in ASKED and room in self.asked)
            or (
                table in PAID and (bool(BOOKS & roles) or row["partner_id"] in self.actor.offices or own_work)
            )
            or (table in LEARNED and self.purpose == "learn" and self.is_learned_from(table, row))
            or self.comes_by_name(table, row)
        )

    def is_learned_from(self, table: str, row: Row) -> bool:
        """Of what was said with a tap only whether somebody felt heard, never who was there."""
        return table != "tents_gesture" or row["kind"] == "heard"

    def comes_by_name(self, table: str, row: Row) -> bool:
        """By a way that there is to this table alone."""
        way = {
            "helprequests_helprequest": self.too_late,
            "rights_application": self.decides_on,
            "rights_question": self.has_application,
            "rights_decision": self.has_application,
            "families_logquestion": self.answers,
            "rights_informationrequest": self.informs,
            "safety_emergency": self.judges,
            "keys_compartmentkey": self.has_key,
            "shares_share": self.sees_share,
            "shares_sharedpiece": self.sees_share_of,
            "shares_shareanswer": self.says_to_share,
        }.get(table)
        shared = table in SHARED_AS and self.reads_shared(table, row)
        return shared or (way is not None and way(row))

    def filter(self, table: str) -> set[UUID]:
        """What the filter of every query shows by itself: each page asks for the other ways by name."""
        return self.those(table, lambda row: self.filtered(table, row))

    def filtered(self, table: str, row: Row) -> bool:
        known = all(self.filtered(PERSON, one) for one in between(table, row, self.under))
        if row["municipality_id"] != self.account.town or not known:
            return False
        if table in {"families_family", "families_sameperson"}:
            return table == "families_sameperson" or row["id"] in self.families
        if table in OF_FAMILY | OF_OPEN_FAMILY:
            is_told = self.is_told_of_family(table, row)
            return self.is_itself_open(table, row) or (row["family_id"] in self.families and is_told)
        if table in OWN_LOCK:
            return self.filtered_by_lock(table, row)
        room = UUID(str(row["compartment_id"]))
        # A tent has more than a compartment: who sits there.
        at_table = table not in OF_TENT or (self.at_table(room) and not self.only_learns(room))
        is_open = self.lies_open(table, row) and at_table and self.is_told(table, row)
        return is_open or self.filtered_by_name(table, row, room)

    def filtered_by_lock(self, table: str, row: Row) -> bool:
        """What has a key of its own lies in no compartment."""
        if table == "shares_share":
            return row["place_id"] in self.rooms or self.says_to_share(row)
        return self.informs(row) if "asker_id" in row else row["asked_by_id"] == self.who

    def filtered_by_name(self, table: str, row: Row, room: UUID) -> bool:
        own = self.actor.professional_id is not None and row.get("professional_id") == self.who
        if table == "rights_application":
            return self.asks_still(row) or self.decides_on(row, own=False)
        return self.has_say(room) if table == "matching_matchtalk" else own and table in OWN_WORK

    def is_told_of_family(self, table: str, row: Row) -> bool:
        """Who is there for safety only to some; who decided before not to who fosters without deciding, but
        what was their own.
        """
        if table == "families_involvement":
            return self.told(row) and knows_involved(row, self.open, self.under, self.who)
        if table in SAYS_OF_WHOM:
            return knows_said(table, row, self.open, self.under, self.who)
        until = row.get("until_on")
        if table != "families_legalauthority" or not isinstance(until, date) or until >= local_day(self.at):
            return True
        return row["holder_id"] in {person.id for person in self.itself()} or not any(
            person.kind == "foster_parent" and not self.judged(record).decides(person.id)
            for record in self.of_child(row["child_id"])
            for person in record.people
            if person.account == self.who
        )

    def is_itself_open(self, table: str, row: Row) -> bool:
        """A part that is open, and the record of which it is one."""
        if table == "families_record":
            return any(self.places[room][0].id == row["id"] for room in self.rooms)
        return table == "families_compartment" and row["id"] in self.rooms

    def opens_family(self, room: UUID) -> bool:
        """Who else there is, a parent learns who decides for a child here, or sees more than the own part."""
        record, place = self.places[room]
        if place.kind not in {"parent", "address"}:
            return True
        judged = self.judged(record)
        near = [other for other in self.world.records if other.family == record.family and other.child]
        return any(
            way.part != "family"
            or (way.person and any(self.judged(other).decides(way.person.id) for other in near))
            for way in record.ways
            if way.account == self.who and lasts(way, self.at) and judged.opens(way, place)
            if way.part != "volunteer"
        )

    def is_told(self, table: str, row: Row) -> bool:
        """Of what lies in an open compartment: the child of the record reads nothing about somebody else, and
        who fosters it without deciding nothing about the parents or others, but what is about themself.
        """
        if table in OWN_NOTES:
            return bool(row["author_id"] == self.who)
        if table in OF_ANOTHER:
            other, ends = OF_ANOTHER[table]
            return all(self.is_told(other, self.under[other][row[end]]) for end in ends if row[end])
        if table not in ABOUT or row["author_id"] == self.who:
            return True
        record, room = self.places[UUID(str(row["compartment_id"]))]
        if not self.reads_of_child_alone(record, room):
            return True
        mine = {person.id for person in self.itself()}
        if table == "plans_goal":
            return row["member_id"] in {None, *mine} or bool(
                record.child and row["member_id"] == record.child.id
            )
        return row["about_id"] in mine or (row["about_id"] is None and not row["outside"])

    def reads_of_child_alone(self, record: Record, room: Room) -> bool:
        """The child, who fosters it, who has a yes for that alone. Over an unknown child nobody decides."""
        child, judged = record.child, self.judged(record)
        if judged.narrowed(room):
            return True
        mine = [person for person in record.people if person.account == self.who]
        return any(
            person == child
            or (
                person.kind == "foster_parent"
                and room.person != person.id
                and not (child and judged.decides(person.id))
            )
            for person in mine
        )

    def those(self, table: str, holds: Callable[[Row], bool]) -> set[UUID]:
        return {UUID(str(row["id"])) for row in self.made.get(table, []) if holds(row)}

    # --- who is asked ---

    @cached_property
    def asked(self) -> set[object]:
        """Compartments of which somebody is asked something, so that the question and the talk are seen."""
        if not self.account.active:
            return set()
        return {room for room in self.places if self.is_asked(room)}

    @cached_property
    def asked_families(self) -> set[UUID]:
        return {self.places[UUID(str(room))][0].family for room in self.asked}

    def is_asked(self, room: UUID) -> bool:
        if self.has_say(room):
            return True
        record, _room = self.places[room]
        if self.of_own_family(record) or not self.not_denied(room):
            return False
        request = self.under["helprequests_helprequest"][room]
        since, begins = request["stage_since"], self.under["tents_tent"][room]["starts_at"]
        assert isinstance(since, datetime) and isinstance(begins, datetime)  # noqa: PT018 - of one row each
        took_up = request["coach_id"] == self.who and request["stage"] == "talk" and since > self.at - MOMENT
        takes_up = Role.COACH in self.actor.roles and (request["coach_id"] is None or took_up)
        seat, tent = self.under["tents_seat"][room], self.under["tents_tent"][room]
        comes = (
            Role.PROFESSIONAL in self.actor.roles
            and seat["professional_id"] == self.who
            # Whom the family would rather not have is not asked any more.
            and seat["stage"] != "refused"
            and tent["stage"] in {"calling", "planned", "meeting"}
            and begins > self.at - GUEST_STAYS
        )
        return takes_up or comes

    def has_say(self, room: UUID) -> bool:
        """Who must say yes in a talk that is open: the professional, the child, and who decides for it: a
        parent until 16, and for a youth of 16 or 17 while two hold that it cannot decide.

        Whom a colleague proposed hears of it, and sees the question, only once the family agreed to that one.
        """
        talk = self.under["matching_matchtalk"][room]
        record, _room = self.places[room]
        if talk["stage"] != "open" or not self.not_denied(room):
            return False
        if self.of_own_family(record):
            parents = self.parents_decide(talk["child_id"]) and self.decides_for(talk["child_id"])
            return not self.judged(record).frozen and (parents or self.is_child(talk["child_id"]))
        asked = talk["professional_id"] == self.who and not talk["blind"]
        return asked and Role.PROFESSIONAL in self.actor.roles

    def too_late(self, row: Row) -> bool:
        """A coach who wants to take it up reads that another coach just did."""
        record, _room = self.places[UUID(str(row["compartment_id"]))]
        since = row["stage_since"]
        assert isinstance(since, datetime)
        just_now = row["stage"] == "talk" and since > self.at - HOUR
        return Role.COACH in self.actor.roles and just_now and not self.of_own_family(record)

    # --- what is not of one record ---

    def decides_on(self, row: Row, *, own: bool = True) -> bool:
        """The application: who asked it, the coach who decides, and while nobody does each who could."""
        if own and row["asker_id"] == self.who:
            return True
        record, _room = self.places[UUID(str(row["compartment_id"]))]
        if Role.COACH not in self.actor.roles or self.of_own_family(record):
            return False
        free = row["decider_id"] is None and row["closed_at"] is None
        return free or (row["decider_id"] == self.who and self._recent(row, own))

    def _recent(self, row: Row, forever: bool) -> bool:
        """On a page for eight weeks after it was closed."""
        closed = row["closed_at"]
        return (
            forever
            or closed is None
            or (isinstance(closed, datetime) and closed > self.at - 8 * 7 * HOUR * 24)
        )

    def asks_still(self, row: Row) -> bool:
        """Who asked it sees it while that person decides for the child."""
        return row["asker_id"] == self.who and self.decides_for(row["child_id"])

    def decides_for(self, child: object) -> bool:
        """Whether who asks has authority over this child now."""
        return any(
            self.judged(one).decides(person.id) for person in self.itself() for one in self.of_child(child)
        )

    def parents_decide(self, child: object) -> bool:
        """Whether help for this child waits for a parent: by its age, or because two hold that it must."""
        for one in self.of_child(child):
            age = self.judged(one).age
            held = any(lasts(row, self.at) for row in one.held)
            if age is not None and (age < 16 or (age < 18 and held)):
                return True
        return False

    def is_child(self, child: object) -> bool:
        return any(person.id == child for person in self.itself())

    def itself(self) -> list[Person]:
        """As whom, in which families, who asks is known."""
        people = (person for record in self.world.records for person in record.people)
        return [person for person in people if person.account == self.who]

    def of_child(self, child: object) -> list[Record]:
        return [one for one in self.world.records if one.child is not None and one.child.id == child]

    def has_application(self, row: Row) -> bool:
        return self.seen("rights_application", self.under["rights_application"][row["application_id"]])

    def answers(self, row: Row) -> bool:
        return row["asked_by_id"] == self.who or Role.PRIVACY in self.actor.roles

    def informs(self, row: Row) -> bool:
        """A parent without authority asked it; who helps, and sees what is shared there, answers."""
        if row["asker_id"] == self.who:
            return True
        place = UUID(str(row["place_id"]))
        record, _room = self.places[place]
        helps = bool({Role.COACH, Role.PROFESSIONAL} & self.actor.roles)
        return helps and place in self.rooms and not self.of_own_family(record)

    def sees_share(self, row: Row) -> bool:
        """Who sees what it is of, who must say yes, and with whom it is shared, while it is."""
        return row["place_id"] in self.rooms or self.says_to_share(row) or self.is_shared_with(row)

    def sees_share_of(self, row: Row) -> bool:
        share = self.lending.shares[row["share_id"]]
        return self.says_to_share(share) or self.is_shared_with(share)

    def says_to_share(self, row: Row) -> bool:
        """Also what each said to it: with whom it is shared reads no name of who agreed."""
        share = self.lending.shares[row["share_id"]] if "share_id" in row else row
        return self.lending.is_asked(share, self.account, self.at)

    def is_shared_with(self, row: Row) -> bool:
        return self.lending.is_with(row, self.account, self.at)

    def reads_shared(self, table: str, row: Row) -> bool:
        return self.purpose == "share" and self.lending.reads(table, row, self.account, self.at)

    def judges(self, row: Row) -> bool:
        """The privacy officer, every emergency of the municipality, when that is what it is for."""
        officer = self.purpose == "review" and Role.PRIVACY in self.actor.roles
        return officer and row["compartment_id"] in self.places

    def has_key(self, row: Row) -> bool:
        """To destroy, to judge, and with a question about the log, which has a key of its own."""
        destroys = self.purpose == "destroy" and Role.PRIVACY in self.actor.roles
        question = self.questions.get(row["compartment_id"])
        informed = self.informed.get(row["compartment_id"])
        share = self.lending.by_lock.get(row["compartment_id"])
        place = row["compartment_id"]
        shared = self.purpose == "share" and self.lending.lies_in(place, self.account, self.at)
        return (
            destroys
            or shared
            or (share is not None and self.sees_share(share))
            or self.judges(row)
            or (question is not None and self.answers(question))
            or (informed is not None and self.informs(informed))
        )

    def at_table(self, room: UUID) -> bool:
        """A professional sees the tents to which that professional was welcome, or goes along as a coach."""
        if self.actor.professional_id is None:
            return True
        record, _room = self.places[room]
        near = [other for other in self.world.records if other.family == record.family]
        ways = [
            way for other in near for way in other.ways if way.account == self.who and lasts(way, self.at)
        ]
        seat = self.under["tents_seat"][room]
        welcome = seat["professional_id"] == self.who and seat["stage"] == "welcome"
        return welcome or any(way.part in {"family", "confidant", "coach"} for way in ways)

    def only_learns(self, room: UUID) -> bool:
        """Somebody is here beside another, to learn, and in no way of their own: they sat at no table."""
        if room not in self.places:
            return False
        record, place = self.places[room]
        judged = self.judged(record)
        ways = [way for way in record.ways if way.account == self.who and lasts(way, self.at)]
        open_by = {way.part for way in ways if judged.opens(way, place)}
        return open_by == {"trainee"}

    def told(self, row: Row) -> bool:
        """What is for safety is told to who has that part open; an emergency to all, unless it is held."""
        if row["purpose"] != "safety":
            return True
        record = next(one for one in self.world.records if one.id == row["record_id"])
        if any(room.kind == "safety" and room.id in self.rooms for room in record.rooms):
            return True
        return row["part"] == "emergency" and not self.held(record)

    def held(self, record: Record) -> bool:
        holds = (self.under["safety_safetyhold"][room.id] for room in record.rooms)
        return any(isinstance(end := one["until_at"], datetime) and end > self.at for one in holds)

    # --- deny beats all ---

    def judged(self, record: Record) -> Judged:
        return Judged(self.world, record, self.account, self.at)

    def not_denied(self, room: UUID) -> bool:
        record, place = self.places[room]
        return record.town == self.account.town and not self.judged(record).is_shut(place)

    def of_own_family(self, record: Record) -> bool:
        return any(person.account == self.who for person in record.people)
