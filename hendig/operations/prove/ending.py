"""Where `hendig prove races` ends views: in a municipality of measuring data, by what its people do."""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import partial
from itertools import cycle
from threading import Lock
from typing import LiteralString
from uuid import UUID

import psycopg

from hendig.audit.actions import CHANNEL
from hendig.families import actions
from hendig.families.actions import invitations, sharing
from hendig.families.models import MemberKind
from hendig.kernel.actor import Actor
from hendig.kernel.ids import new_id
from hendig.kernel.periods import local_day
from hendig.operations.bench.station import serving, signed_in
from hendig.operations.bench.towns import Town
from hendig.operations.bench.towns import town as measured
from hendig.operations.database import split
from hendig.operations.failure import Failure
from hendig.operations.installation import Installation
from hendig.operations.prove.access import court
from hendig.operations.prove.post import Post, post
from hendig.operations.prove.races import View
from hendig.operations.prove.scratch import scratch
from hendig.people import queries
from hendig.people.models import Account

FAMILIES = 60
# What ends: the yes of who decides, the involvement, all by a block, the authority that it rests on.
KINDS = ("consent", "involvement", "block", "authority")
# The parent who signs in decides for one child under 12, and perhaps for others; the coach goes along.
HOUSES = """
    SELECT DISTINCT ON (f.id) f.id, r.id, m.account_id, q.coach_id, a.id,
        (SELECT count(*) FROM families_record o WHERE o.family_id = f.id) = 1
    FROM families_family f
    JOIN families_record r ON r.family_id = f.id
    JOIN families_familymember c ON c.id = r.child_id AND c.born_on > now() - interval '11 years'
    JOIN families_familymember m ON m.family_id = f.id AND m.account_id IS NOT NULL
    JOIN families_legalauthority a ON a.holder_id = m.id AND a.child_id = c.id
    JOIN helprequests_helprequest q ON q.family_id = f.id AND q.stage <> 'done'
    ORDER BY f.id
"""
GIVE_BACK = "UPDATE families_legalauthority SET until_on = NULL WHERE id = %s AND until_on IS NOT NULL"
# Letters by which somebody is told of a family; an invitation is of nobody's record.
TELLING = "SELECT id FROM people_letter WHERE id = ANY(%s) AND key ~ '^[0-9a-f-]{36}:[0-9a-f-]{36}$'"
# Mail that is still to leave or to be withheld, also when it is tried again later.
BUSY = """
    SELECT count(*) FROM procrastinate_jobs
    WHERE status IN ('todo', 'doing') AND task_name IN ('people.tell', 'people.send_letter')
"""
UNDECIDED = """
    SELECT count(*) FROM procrastinate_jobs j JOIN people_letter l ON l.id = (j.args->>'letter_id')::uuid
    WHERE j.status IN ('todo', 'doing') AND j.task_name = 'people.send_letter' AND l.to = ANY(%s)
"""
WITHHELD = "SELECT count(*) FROM audit_entry WHERE code = 'letter.withheld'"
# So long without one job less says that nothing will come of them any more.
SETTLING_TAKES = 180


@dataclass(slots=True)
class House:
    family: UUID
    record: UUID
    parent: UUID
    coach: UUID
    authority: UUID
    # Whoever loses the authority over an only child sees nothing of the family any more.
    only_child: bool
    session: str = ""
    # Whose mail waited here when a view ended.
    told: set[str] = field(default_factory=set)
    # When each race began; who lost an authority has it again from the next.
    began: list[float] = field(default_factory=list)

    def next_after(self, moment: float) -> float:
        return next((began for began in self.began if began > moment), float("inf"))


@dataclass(slots=True)
class Ending:
    """A served municipality, its mail server, and a process that acts in it as its people do."""

    port: int
    mail: Post
    owner: psycopg.Connection[tuple[object, ...]]
    actors: ProcessPoolExecutor
    houses: list[House]
    # Held while a view of the family ends.
    ending: dict[UUID, Lock]

    def views(self, count: int) -> Iterator[View]:
        """In turn of each family in which no view is ending just now: one takes others with it."""
        turns = cycle(self.houses)
        for number in range(count):
            house = next(house for house in turns if self._is_free(house))
            kind = KINDS[(number + number // len(self.houses)) % len(KINDS)]
            self.owner.execute(GIVE_BACK, [house.authority])
            if kind == "authority" and house.only_child:
                house.session = house.session or signed_in(self.owner, house.parent)
                yield self._of_family(house, kind, house.parent, house.session, end_authority)
            elif kind == "consent" and number % (2 * len(KINDS)) < len(KINDS):
                who = self.actors.submit(foster, house).result()
                yield self._of_family(house, kind, who, signed_in(self.owner, who), say_no, who)
            else:
                yield self._of_confidant(house, kind if kind in ENDS else "consent")

    def _is_free(self, house: House) -> bool:
        """Whether no view ends there, and what was told of it has left or was withheld; ours from then."""
        if not self.ending[house.family].acquire(blocking=False):
            time.sleep(0.01)
            return False
        if house.told and self._count(UNDECIDED, [list(house.told)]):
            self.ending[house.family].release()
            time.sleep(0.01)
            return False
        house.told.clear()
        house.began.append(time.time())
        return True

    def _of_confidant(self, house: House, kind: str) -> View:
        who = self.actors.submit(invite, house).result()
        ring = partial(self._ring, house)
        return View(
            kind,
            str(house.family),
            signed_in(self.owner, who),
            stir=ring,
            end=partial(self._act, ENDS[kind], house, who),
            ring=ring,
            over=self.ending[house.family].release,
        )

    def _of_family(
        self, house: House, kind: str, who: UUID, session: str, act: object, *given: object
    ) -> View:
        """Of somebody who is told by mail of what a coach does: that mail waits when the view ends."""
        address = str(self._one("SELECT email FROM people_account WHERE id = %s", [who]))
        house.told.add(address)
        began = house.began[-1]

        def stir() -> None:
            self.mail.keep_waiting(address)
            self._act(add_somebody, house)

        def over() -> None:
            self.mail.let_go(address)
            self.ending[house.family].release()

        return View(
            kind,
            str(house.family),
            session,
            stir=stir,
            end=partial(self._act, act, house, *given),
            ring=partial(self._ring, house),
            over=over,
            waits=lambda: self._telling(self.mail.letters(address, taken=False, after=began)),
            mailed=lambda ended: self._telling(
                self.mail.letters(address, taken=True, after=ended, before=house.next_after(ended))
            ),
        )

    def _telling(self, letters: set[UUID]) -> int:
        return len(self.owner.execute(TELLING, [list(letters)]).fetchall()) if letters else 0

    def _act(self, act: object, *given: object) -> None:
        self.actors.submit(act, *given).result()  # type: ignore[arg-type]

    def _ring(self, house: House) -> None:
        self.owner.execute("SELECT pg_notify(%s, %s)", [CHANNEL, f"family:{house.family}"])

    def settled(self) -> None:
        """All mail has left, or was withheld."""
        least, until = self._count(BUSY), time.monotonic() + SETTLING_TAKES
        while busy := self._count(BUSY):
            if busy < least:
                least, until = busy, time.monotonic() + SETTLING_TAKES
            if time.monotonic() > until:
                raise Failure(f"{busy} jobs still wait or run.")
            time.sleep(0.1)

    def withheld(self) -> int:
        return self._count(WITHHELD)

    def _count(self, words: LiteralString, values: Sequence[object] = ()) -> int:
        return int(str(self._one(words, values)))

    def _one(self, words: LiteralString, values: Sequence[object]) -> object:
        row = self.owner.execute(words, values).fetchone()
        assert row is not None
        return row[0]


@contextmanager
def ending(place: Installation) -> Iterator[Ending]:
    """Inside the block the municipality is served; it is a copy, and thrown away."""
    kept = measured(place, FAMILIES)
    like = split(kept.place.owner_url)["dbname"]
    with (
        post() as mail,
        scratch(place, "races", like=like) as made,
        serving(Town(FAMILIES, made), mail.port) as station,
        court(made) as actors,
    ):
        station.start_worker(mail.port)
        houses = [House(*row) for row in station.owner.execute(HOUSES).fetchall()]  # type: ignore[arg-type]
        locks = {house.family: Lock() for house in houses}
        yield Ending(station.port, mail, station.owner, actors, houses, locks)


# --- what people do, each in the process that acts ---


def somebody(account: UUID, at: datetime) -> Actor:
    found = queries.me(account, on=local_day(at))
    assert found is not None
    return found.actor


def invite(house: House) -> UUID:
    """The parent lets somebody see along, by a yes."""
    at, email = datetime.now(UTC), f"{new_id()}@example.nl"
    made = invitations.invite_confidant(
        actor=somebody(house.parent, at), record_id=house.record, first_name="Truus", email=email, at=at
    )
    who = Account.objects.get(email=email).pk
    invitations.accept(actor=somebody(who, at), invitation_id=made.invitation_id, typed=made.code, at=at)
    return who


def foster(house: House) -> UUID:
    """The coach writes down who fosters, and the parent says yes to that one seeing along."""
    at, email = datetime.now(UTC), f"{new_id()}@example.nl"
    actions.add_parent(
        actor=somebody(house.coach, at),
        family_id=house.family,
        first_name="Truus",
        email=email,
        kind=MemberKind.FOSTER_PARENT,
        at=at,
    )
    who = Account.objects.get(email=email).pk
    by = somebody(house.parent, at)
    actions.say_about(actor=by, record_id=house.record, account_id=who, yes=True, at=at)
    return who


def say_no(house: House, who: UUID) -> None:
    at = datetime.now(UTC)
    by = somebody(house.parent, at)
    actions.say_about(actor=by, record_id=house.record, account_id=who, yes=False, at=at)


def take_leave(house: House, who: UUID) -> None:
    at = datetime.now(UTC)
    sharing.take_leave(actor=somebody(house.parent, at), record_id=house.record, account_id=who, at=at)


def shut_out(house: House, who: UUID) -> None:
    at = datetime.now(UTC)
    sharing.shut_out(actor=somebody(house.parent, at), record_id=house.record, account_id=who, at=at)


def add_somebody(house: House) -> None:
    """Of which the parent is told by mail."""
    at = datetime.now(UTC)
    name = f"Truus {new_id().hex[-6:]}"
    actions.add_parent(actor=somebody(house.coach, at), family_id=house.family, first_name=name, at=at)


def end_authority(house: House) -> None:
    at = datetime.now(UTC)
    actions.end_authority(actor=somebody(house.coach, at), authority_id=house.authority, at=at)


ENDS = {"consent": say_no, "involvement": take_leave, "block": shut_out}
