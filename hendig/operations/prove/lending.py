"""What the design says of pieces that a family lets somebody outside read: never written from the walls."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from hendig.operations.prove.facts import Account, Lent, Record, Room
from hendig.operations.prove.oracle import Judged, World
from hendig.operations.prove.rows import Row

Rows = dict[str, list[Row]]
# What can be shared, and under which name.
SHARED_AS = {"tents_page": "page", "tents_laterpage": "later_page", "plans_goal": "goal"}


class Lending:
    """The shares of a world, as they are judged for one person at one moment."""

    def __init__(
        self,
        world: World,
        made: Rows,
        places: Mapping[UUID, tuple[Record, Room]],
    ) -> None:
        self.world = world
        self.shares = {row["id"]: row for row in made["shares_share"]}
        self.by_lock = {row["compartment_id"]: row for row in made["shares_share"]}
        self.in_place: dict[object, list[Row]] = defaultdict(list)
        self.goals = {row["id"]: row["member_id"] for row in made["plans_goal"]}
        self.pieces: dict[object, set[tuple[object, object]]] = defaultdict(set)
        self.lent: dict[object, Lent] = {}
        said: dict[object, dict[UUID, datetime]] = defaultdict(dict)
        # Of whom the goals among the pieces of a share are.
        self.whose: dict[object, set[UUID]] = defaultdict(set)
        for row in made["shares_sharedpiece"]:
            self.pieces[row["share_id"]].add((row["kind"], row["piece_id"]))
            if row["kind"] == "goal" and (member := self.goals[row["piece_id"]]):
                self.whose[row["share_id"]].add(UUID(str(member)))
        answers: list[dict[str, Any]] = made["shares_shareanswer"]
        for answer in answers:
            if answer["yes"]:
                said[answer["share_id"]][answer["member_id"]] = answer["said_at"]
        rows: list[dict[str, Any]] = made["shares_share"]
        for share in rows:
            times = share["proposed_at"], share["until_at"], share["ended_at"]
            self.lent[share["id"]] = Lent(share["account_id"], *times, said[share["id"]])
            self.in_place[share["place_id"]].append(share)
        self.places = {share["id"]: places[share["place_id"]] for share in rows}
        self._judged: dict[tuple[UUID, UUID, datetime], Judged] = {}

    def judged(self, record: Record, who: Account, at: datetime) -> Judged:
        """The same for all that is shared of this record."""
        key = record.id, who.id, at
        if key not in self._judged:
            self._judged[key] = Judged(self.world, record, who, at)
        return self._judged[key]

    def is_asked(self, share: Row, who: Account, at: datetime) -> bool:
        """Whether this one must say yes to it."""
        record, room = self.places[share["id"]]
        judged = self.judged(record, who, at)
        return judged.is_asked_to_lend(self.lent[share["id"]], room, self.whose[share["id"]])

    def is_with(self, share: Row, who: Account, at: datetime) -> bool:
        """Whether its pieces can be read by this one now."""
        record, room = self.places[share["id"]]
        judged = self.judged(record, who, at)
        # Nobody can say yes for the dead.
        return judged.lends(self.lent[share["id"]], room) and not any(
            judged.died(person) for person in self.whose[share["id"]]
        )

    def lies_in(self, place: object, who: Account, at: datetime) -> bool:
        """Whether something lies there that is shared with this one."""
        return any(self.is_with(share, who, at) for share in self.in_place[place])

    def reads(self, table: str, row: Row, who: Account, at: datetime) -> bool:
        """The piece that was chosen: of a page once it was agreed to, of another's goal with their yes."""
        if row.get("stage", "agreed") != "agreed":
            return False
        piece = (SHARED_AS[table], row["id"])
        return any(
            piece in self.pieces[share["id"]] and self.is_with(share, who, at) and self.agreed_by(share, row)
            for share in self.in_place[row["compartment_id"]]
        )

    def agreed_by(self, share: Row, row: Row) -> bool:
        record, _room = self.places[share["id"]]
        child = record.child and record.child.id
        return row.get("member_id") in {None, child, *self.lent[share["id"]].yes}
