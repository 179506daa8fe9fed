"""How long it takes to find somebody, beside hand-written SQL that looks up one exact word and nothing else.

For a coach of some sixty families, and for somebody who is involved with every family of the municipality.
Nobody is, but it is the worst that can be asked. Measured where it is done, without a server around it.
"""

from __future__ import annotations

import random
from collections.abc import Callable
from datetime import datetime
from importlib import import_module
from statistics import quantiles
from time import perf_counter
from typing import Any, LiteralString
from uuid import UUID

import psycopg

from hendig.kernel.actor import Actor, Role
from hendig.operations.bench.report import columns
from hendig.operations.bench.towns import Town
from hendig.operations.database import conninfo, django_database
from hendig.operations.progress import Progress

# Four in a family: a hundred thousand people.
FAMILIES = 25_000
EVERYBODY = UUID("01890000-0000-7000-8000-00000000a11e")
TYPED = (
    ("exact", "Noor Jansen"),
    ("a rare name", "Quispel"),
    ("a common name", "de Vries"),
    ("how it begins", "van den br"),
    ("one letter", "m"),
    ("by sound", "Joesoef Jilmas"),
    ("one slip", "Timermans Fekme"),
    ("five words", "Jan Noor Sanne de Vries Jansen"),
    ("a name and a day", "Noor Jansen 4 mei 2016"),
    ("a day", "04-05-2016"),
    ("a year", "2016"),
    ("nobody", "Qqwrtx Zzkrtq"),
)
FLOOR: LiteralString = """
    SELECT m.id, m.family_id, m.first_name, m.last_name, m.born_on FROM families_namepart p
    JOIN families_familymember m ON m.id = p.member_id
    WHERE p.municipality_id = %s AND p.word = %s AND EXISTS (SELECT 1 FROM families_involvement i
        WHERE i.account_id = %s AND i.family_id = p.family_id AND i.from_at <= %s
        AND (i.until_at IS NULL OR i.until_at > %s)) LIMIT 50
"""
COACH: LiteralString = """
    SELECT municipality_id, account_id FROM families_involvement
    WHERE part = 'coach' AND (until_at IS NULL OR until_at > now()) GROUP BY 1, 2
    ORDER BY abs(count(*) - 60), 2 LIMIT 1
"""
SEES_ALL: tuple[LiteralString, ...] = (
    """INSERT INTO people_account (id, municipality_id, email, first_name, last_name, phone, language,
        is_active) SELECT %(who)s, id, 'x@meetstad.example', 'Overal', '', '', 'nl', true
        FROM people_municipality ON CONFLICT DO NOTHING""",
    """INSERT INTO people_membership (id, municipality_id, account_id, role, title, from_on)
        SELECT gen_random_uuid(), id, %(who)s, 'coach', '', current_date - 1 FROM people_municipality
        WHERE NOT EXISTS (SELECT 1 FROM people_membership WHERE account_id = %(who)s)""",
    """INSERT INTO families_involvement (id, municipality_id, family_id, record_id, account_id, part, purpose,
        ground, kinds, from_at) SELECT gen_random_uuid(), municipality_id, family_id, id, %(who)s, 'coach',
        'help', 'youth_act', '{shared}', begun_at FROM families_record
        WHERE NOT EXISTS (SELECT 1 FROM families_involvement WHERE account_id = %(who)s)""",
)
Find = Callable[[], Any]


def main(town: Town, *, laps: int) -> None:
    """Prints the table. From here on Django stands at the municipality's own database."""
    default = import_module("django.db").connections["default"]
    default.close()
    default.settings_dict.update(django_database(town.place.as_app()["HENDIG_DATABASE"]))
    with psycopg.connect(conninfo(town.place.owner_url), autocommit=True) as owner:
        for words in SEES_ALL:
            owner.execute(words, {"who": EVERYBODY})
        owner.execute("ANALYZE families_involvement")
        row = owner.execute(COACH).fetchone()
        people = owner.execute("SELECT count(*) FROM families_familymember").fetchone()
        moment = owner.execute("SELECT now()").fetchone()
    assert row is not None
    assert people is not None
    assert moment is not None
    municipality_id, coach_id = row
    lines = [("who", "typed", "p50 ms", "p95 ms", "floor p50", "floor p95", "found")]
    with Progress("Finding people") as progress:
        for who, account_id in (("coach", coach_id), ("sees all", EVERYBODY)):
            progress(who)
            actor = Actor(municipality_id, account_id, frozenset({Role.COACH}))
            lines += [measured(actor, who, kind, typed, moment[0], laps) for kind, typed in TYPED]
    print(f"{people[0]:,} people, {laps} laps\n")
    print("\n".join(columns(lines)))


def measured(
    actor: Actor, who: str, kind: str, typed: str, at: datetime, laps: int
) -> tuple[str, str, str, str, str, str, str]:
    """One line: finding and its floor by turns, in an order that chance made."""
    found = import_module("hendig.families.queries.found")
    reading = import_module("hendig.audit.actions").reading
    connection = import_module("django.db").connection
    word = import_module("hendig.kernel.names").words(typed)[-1]

    def find() -> Any:
        with reading(actor, at):
            return found.people_found(actor, typed, at=at)

    def floor() -> object:
        with connection.cursor() as cursor:
            cursor.execute(FLOOR, [actor.municipality_id, word, actor.account_id, at, at])
            return cursor.fetchall()

    ways: dict[str, Find] = {"find": find, "floor": floor}
    took: dict[str, list[float]] = {name: [] for name in ways}
    hits = len(ways["find"]())
    for _lap in range(laps):
        for name in random.sample(sorted(ways), len(ways)):
            began = perf_counter()
            ways[name]()
            took[name].append((perf_counter() - began) * 1000)
    figures = [quantiles(took[name], n=20)[place] for name in ("find", "floor") for place in (9, 18)]
    return (who, kind, *(f"{one:.1f}" for one in figures), str(hits))  # type: ignore[return-value]
