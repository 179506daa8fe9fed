"""Where `hendig prove races` ends views: in a municipality of measuring data, by what its people do."""

from __future__ import annotations

import time
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import partial
from itertools import cycle
from threading import Lock
from uuid import UUID

import psycopg

from hendig.audit.actions import CHANNEL
from hendig.families import actions
from hendig.families.actions import invitations, sharing
from hendig.kernel.actor import Actor
from hendig.kernel.ids import new_id
from hendig.kernel.periods import local_day
from hendig.operations.bench.station import mailbox, serving, signed_in
from hendig.operations.bench.towns import Town
from hendig.operations.bench.towns import town as measured
from hendig.operations.database import split
from hendig.operations.failure import Failure
from hendig.operations.installation import Installation
from hendig.operations.prove.access import court
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
# Taken up by a worker after the end, before the authority was given back, and sent all the same.
LATE = """
    SELECT count(*) FROM people_letter l JOIN people_account a ON a.email = l.to
    WHERE a.id = %s AND l.sent_at IS NOT NULL
    AND l.claimed_at > to_timestamp(%s) AND l.claimed_at < to_timestamp(%s)
"""
BUSY = """
    SELECT count(*) FROM procrastinate_jobs
    WHERE status IN ('todo', 'doing') AND task_name LIKE 'people.%'
    AND coalesce(scheduled_at, now()) <= now()
"""
WITHHELD = "SELECT count(*) FROM audit_entry WHERE code = 'letter.withheld'"
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
    given_back: list[float] = field(default_factory=list)


@dataclass(slots=True)
class Ending:
    """A served municipality, and a process that acts in it as its people do."""

    port: int
    owner: psycopg.Connection[tuple[object, ...]]
    actors: ProcessPoolExecutor
    houses: list[House]
    # Held while a view of the family ends.
    ending: dict[UUID, Lock]

    def views(self, count: int) -> Iterator[View]:
        """In turn of each family in which no view is ending just now: one takes others with it."""
        turns = cycle(self.houses)
        for number in range(count):
            house = next(house for house in turns if self.ending[house.family].acquire(blocking=False))
            kind = KINDS[(number + number // len(self.houses)) % len(KINDS)]
            self._give_back(house)
            if kind == "authority" and house.only_child:
                yield self._of_parent(house)
            else:
                yield self._of_confidant(house, kind)

    def _of_confidant(self, house: House, kind: str) -> View:
        kind = kind if kind in ENDS else "consent"
        who = self.actors.submit(invite, house).result()
        ring, end = partial(self._ring, house), partial(self._act, ENDS[kind], house, who)
        session = signed_in(self.owner, who)
        return View(
            kind,
            str(house.family),
            session,
            stir=ring,
            end=end,
            ring=ring,
            over=self.ending[house.family].release,
        )

    def _of_parent(self, house: House) -> View:
        """The mail that the parent is sent of what a coach does waits at the end, or leaves before it."""
        house.session = house.session or signed_in(self.owner, house.parent)
        return View(
            "authority",
            str(house.family),
            house.session,
            stir=partial(self._act, add_somebody, house),
            end=partial(self._act, end_authority, house),
            ring=partial(self._ring, house),
            over=self.ending[house.family].release,
            mailed=partial(self._mailed, house),
        )

    def _act(self, act: object, *given: object) -> None:
        self.actors.submit(act, *given).result()  # type: ignore[arg-type]

    def _ring(self, house: House) -> None:
        self.owner.execute("SELECT pg_notify(%s, %s)", [CHANNEL, f"family:{house.family}"])

    def _give_back(self, house: House) -> None:
        if self.owner.execute(GIVE_BACK, [house.authority]).rowcount:
            house.given_back.append(time.time())

    def _mailed(self, house: House, ended_at: float) -> int:
        until = next((moment for moment in house.given_back if moment > ended_at), time.time())
        row = self.owner.execute(LATE, [house.parent, ended_at, until]).fetchone()
        return int(str(row[0])) if row else 0

    def settled(self) -> None:
        """All mail has left, or was withheld."""
        until = time.monotonic() + SETTLING_TAKES
        while (row := self.owner.execute(BUSY).fetchone()) and row[0]:
            if time.monotonic() > until:
                raise Failure(f"{row[0]} jobs still wait or run.")
            time.sleep(0.1)

    def withheld(self) -> int:
        row = self.owner.execute(WITHHELD).fetchone()
        return int(str(row[0])) if row else 0


@contextmanager
def ending(place: Installation) -> Iterator[Ending]:
    """Inside the block the municipality is served; it is a copy, and thrown away."""
    kept = measured(place, FAMILIES)
    like = split(kept.place.owner_url)["dbname"]
    with (
        mailbox() as mail,
        scratch(place, "races", like=like) as made,
        serving(Town(FAMILIES, made), mail) as station,
        court(made) as actors,
    ):
        station.start_worker(mail)
        houses = [House(*row) for row in station.owner.execute(HOUSES).fetchall()]  # type: ignore[arg-type]
        locks = {house.family: Lock() for house in houses}
        yield Ending(station.port, station.owner, actors, houses, locks)


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
