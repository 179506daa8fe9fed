"""A world as rows: written in bulk by the owner, past the latches, into a database that is thrown away."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from uuid import UUID, uuid5

import psycopg
from psycopg import sql

from hendig.operations.prove.oracle import World

Owner = psycopg.Connection[tuple[object, ...]]
Row = dict[str, object]
LONG_AGO = datetime(2020, 1, 1, tzinfo=UTC)
ANY = UUID(int=0)


def tables(worlds: Iterable[World]) -> dict[str, list[Row]]:
    """The rows of these worlds by table, in the order in which they may be written."""
    found: dict[str, list[Row]] = {}
    for world in worlds:
        for table, row in _rows(world):
            found.setdefault(table, []).append(row)
    return {table: found[table] for table in ORDER if table in found}


ORDER = (
    "people_municipality", "people_account", "people_partner", "people_membership", "families_family",
    "families_familymember", "families_record", "families_compartment", "families_legalauthority",
    "families_death",
    "families_involvement", "families_incapacity", "families_consent", "families_block", "families_tie",
    "safety_secretaddress",
)  # fmt: skip


def _rows(world: World) -> Iterator[tuple[str, Row]]:
    for town, default in world.towns.items():
        yield "people_municipality", {
            "id": town, "municipality_id": town, "name": "Peelrand", "slug": str(town), "cbs_code": "9999",
            "kvk": "", "oin": "", "iban": "", "bic": "", "phone": "", "parents_see_from_12": default,
            "is_example": False, "post": "", "counsellor": "", "counsellor_phone": "", "counsellor_email": "",
            "accent": "",
        }  # fmt: skip
        yield "people_partner", {
            "id": town, "municipality_id": town, "name": "Anker", "kvk": "12345678", "agb": "", "vat": "",
            "iban": "", "email": "", "street": "", "postcode": "", "town": "",
        }  # fmt: skip
    yield from _accounts(world)
    for family, town in {record.family: record.town for record in world.records}.items():
        yield "families_family", {
            "id": family, "municipality_id": town, "name": "", "neighbourhood": "", "since": LONG_AGO,
        }  # fmt: skip
    yield from _families(world)
    yield from _records(world)


def _accounts(world: World) -> Iterator[tuple[str, Row]]:
    for account in world.accounts.values():
        yield "people_account", {
            "id": account.id, "municipality_id": account.town, "email": f"{account.id}@peelrand.example",
            "first_name": "", "last_name": "", "phone": "", "language": "nl", "is_active": account.active,
        }  # fmt: skip
        for number, job in enumerate(account.jobs):
            yield "people_membership", {
                "id": uuid5(account.id, str(number)), "municipality_id": account.town,
                "account_id": account.id, "role": job.role, "partner_id": account.town, "title": "",
                "from_on": job.days.first, "until_on": job.days.last, "ended_at": job.ended_at,
            }  # fmt: skip


def _families(world: World) -> Iterator[tuple[str, Row]]:
    for record in {record.family: record for record in world.records}.values():
        town, family = record.town, record.family
        for person in record.people:
            yield "families_familymember", {
                "id": person.id, "municipality_id": town, "family_id": family, "account_id": person.account,
                "kind": person.kind, "first_name": "", "last_name": "", "born_on": person.born_on,
                "compartment_id": person.side, "asked_email": "",
            }  # fmt: skip
        for number, one in enumerate(record.authorities):
            yield "families_legalauthority", {
                "id": uuid5(family, str(number)), "municipality_id": town, "family_id": family,
                "child_id": one.child, "holder_id": one.holder, "source": one.source,
                "from_on": one.days.first, "until_on": one.days.last, "lapses_on": one.lapses_on,
                "checked_on": one.checked_on,
            }  # fmt: skip

        first, second, third, *_rest = [person.account for person in record.people if person.account]
        for number, gone in enumerate(record.deaths):
            yield "families_death", {
                "id": uuid5(family, f"d{number}"), "municipality_id": town, "family_id": family,
                "member_id": gone.person, "died_on": LONG_AGO.date(), "source": "brp", "written_by_id": first,
                "closed_account": False, "from_at": gone.from_at, "until_at": gone.until_at,
                "mistake_at": gone.until_at, "mistake_by_id": second if gone.until_at else None,
                "agreed_by_id": third if gone.until_at else None,
            }  # fmt: skip


def _records(world: World) -> Iterator[tuple[str, Row]]:
    for record in world.records:
        base: Row = {"municipality_id": record.town, "family_id": record.family}
        yield "families_record", {
            **base, "id": record.id, "child_id": record.child.id if record.child else None,
            "begun_at": LONG_AGO, "frozen_at": record.frozen_at,
        }  # fmt: skip
        for room in record.rooms:
            yield "families_compartment", {
                **base, "id": room.id, "record_id": record.id, "kind": room.kind, "person_id": room.person,
                "author_id": room.author,
            }  # fmt: skip
            # Something lies in each, so that the walls have something to show.
            yield "families_tie", {
                **base, "id": room.id, "compartment_id": room.id, "name": b"", "relation": b"",
                "distance": 1, "bond": "warm", "gives": b"", "removed_at": None,
            }  # fmt: skip
        base["record_id"] = record.id
        for number, way in enumerate(record.ways):
            yield "families_involvement", {
                **base, "id": uuid5(record.id, f"t{number}"), "account_id": way.account,
                "member_id": way.person.id if way.person else None, "part": way.part,
                # A colleague thinks along about safety and an emergency is about it: no purpose of the help.
                "purpose": "safety" if way.part in {"colleague", "emergency"} else "help",
                "ground": way.ground, "kinds": way.kinds, "from_at": way.from_at, "until_at": way.until_at,
                "behind_id": way.behind,
            }  # fmt: skip
        first, second, *_rest = dict.fromkeys(way.account for way in record.ways)
        for number, held in enumerate(record.held):
            yield "families_incapacity", {
                **base, "id": uuid5(record.id, f"h{number}"), "compartment_id": record.rooms[0].id,
                "matter": b"", "until_on": held.until_at.date(), "harm": b"", "despite_no": False,
                "first_id": first, "first_why": b"", "first_at": held.from_at,
                "second_id": second, "second_why": b"", "second_agrees": True, "second_at": held.from_at,
                "from_at": held.from_at, "until_at": held.until_at, "objection": b"", "objected_at": None,
            }  # fmt: skip
        for number, answer in enumerate(record.answers):
            yield "families_consent", {
                **base, "id": uuid5(record.id, f"a{number}"), "giver_id": answer.giver,
                "account_id": answer.about, "yes": answer.yes, "from_at": answer.from_at,
                "until_at": answer.until_at, "items": "child" if answer.child_alone else "all",
                "leaves_out": [*answer.without],
            }  # fmt: skip
        for number, hides in enumerate(record.hidden):
            yield "safety_secretaddress", {
                **base, "id": uuid5(record.id, f"s{number}"), "compartment_id": record.rooms[0].id,
                "member_id": hides.person, "account_id": first, "from_at": hides.from_at,
                "until_at": hides.until_at,
            }  # fmt: skip
        for number, one in enumerate(record.shut):
            yield "families_block", {
                **base, "id": uuid5(record.id, f"b{number}"), "account_id": one.account, "kinds": one.kinds,
                "from_at": one.from_at, "until_at": one.until_at,
            }  # fmt: skip


def write(owner: Owner, worlds: Iterable[World]) -> None:
    """The rows of these worlds, and nothing of earlier ones."""
    with owner.transaction():
        owner.execute("SET LOCAL client_min_messages = warning")
        owner.execute("TRUNCATE people_municipality, people_partner, people_account, families_family CASCADE")
        store(owner, tables(worlds))
    owner.execute("ANALYZE")


def store(owner: Owner, rows_of: dict[str, list[Row]]) -> None:
    """Into the tables, in the transaction that is open."""
    for table, rows in rows_of.items():
        names, into_table = list(rows[0]), sql.Identifier(table)
        columns = sql.SQL(", ").join(map(sql.Identifier, names))
        # Where policies hold, COPY writes nothing: it goes by a table of our own.
        beside = sql.Identifier(f"made_{table}")
        owner.execute(
            sql.SQL("CREATE TEMPORARY TABLE {} (LIKE {} INCLUDING DEFAULTS) ON COMMIT DROP").format(
                beside, into_table
            )
        )
        words = sql.SQL("COPY {} ({}) FROM STDIN").format(beside, columns)
        with owner.cursor() as cursor, cursor.copy(words) as into:
            for row in rows:
                into.write_row([row[name] for name in names])
        owner.execute(
            sql.SQL("INSERT INTO {} ({}) SELECT {} FROM {}").format(into_table, columns, columns, beside)
        )
        owner.execute(sql.SQL("DROP TABLE {}").format(beside))
