"""What is of the side of one parent, and to whom: written from the design, never from the walls."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from uuid import UUID

from hendig.operations.prove.facts import Record, Room
from hendig.operations.prove.rows import Row

Open = Iterable[tuple[Record, Room]]

PERSON = "families_familymember"
OF_PERSONS = {
    "families_sameperson": ("one_id", "other_id"), "families_legalauthority": ("child_id", "holder_id"),
    "families_namepart": ("member_id",),
}  # fmt: skip
SAYS_OF_WHOM = {
    PERSON: "id", "families_record": "child_id", "families_compartment": "person_id",
    "families_consent": "giver_id", "families_block": "giver_id",
}  # fmt: skip


def between(table: str, row: Row, under: Mapping[str, Mapping[object, Row]]) -> list[Row]:
    """Of which persons it is, of one or between two: it is there for who may know of each."""
    return [under[PERSON][row[end]] for end in OF_PERSONS.get(table, ())]


def knows(row: Row, here: Open) -> bool:
    """Who belongs to one side is known to that parent, to who is named there, and by the own record."""
    return row["compartment_id"] is None or any(
        room.id == row["compartment_id"] or (record.child is not None and record.child.id == row["id"])
        for record, room in here
    )


def knows_said(
    table: str, row: Row, here: Open, under: Mapping[str, Mapping[object, Row]], who: UUID
) -> bool:
    """What says of whom it is is there for who may know of that person, and for that person: a person, a
    record, a part of one, and what is said of an account, and by whom.
    """
    if table == PERSON:
        return knows(row, here)
    people = [under[PERSON].get(row.get(SAYS_OF_WHOM[table]))]
    if "account_id" in row:
        own = ("family_id", "account_id")
        people += [one for one in under[PERSON].values() if all(one[key] == row[key] for key in own)]
    return all(one is None or one["account_id"] == who or knows(one, here) for one in people)


def knows_involved(row: Row, here: Open, under: Mapping[str, Mapping[object, Row]], who: UUID) -> bool:
    """That somebody is involved: of whom it is, for what they were named, and on which ground it rests."""
    return knows_whose(row, here, under, who) and knows_named(row, here) and knows_penal(row, here)


def knows_whose(row: Row, here: Open, under: Mapping[str, Mapping[object, Row]], who: UUID) -> bool:
    """That somebody of the family is involved is known to who may know of that person, and to that person."""
    person = under[PERSON].get(row["member_id"])
    return person is None or person["account_id"] == who or knows(person, here)


def knows_named(row: Row, here: Open) -> bool:
    """That somebody who works is named for what is of one person is known to who has that open: for the own
    part of a parent to who reads there, for where somebody lives to who knows that.
    """
    if row["member_id"] is None or row["part"] in {"family", "confidant"}:
        return True
    kinds = row["kinds"]
    assert isinstance(kinds, list)
    return any(
        record.id == row["record_id"]
        and room.person == row["member_id"]
        and (room.kind == "address") == ("address" in kinds)
        for record, room in here
    )


def knows_penal(row: Row, here: Open) -> bool:
    """That a youth is on probation is known to who reads what is shared of that record alone."""
    return row["part"] != "probation" or any(
        record.id == row["record_id"] and room.kind == "shared" for record, room in here
    )
