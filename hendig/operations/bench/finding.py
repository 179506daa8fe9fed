"""How long it takes to find somebody, beside hand-written SQL that looks up one exact word and nothing else.

For a coach of some sixty families, for somebody who is involved with a thousand, and once for somebody who is
involved with every family of the municipality. Nobody is, but it is the worst that can be asked. Asked of the
running server, by the page that finds.
"""

from __future__ import annotations

import random
from datetime import UTC, datetime
from importlib import import_module
from typing import LiteralString
from uuid import UUID

from hendig.kernel.actor import Actor, Role
from hendig.operations.bench.client import Client, message
from hendig.operations.bench.measure import WARM, at_part
from hendig.operations.bench.report import columns
from hendig.operations.bench.station import Person, Station, mailbox, only, serving, signed_in
from hendig.operations.bench.targets import as_if_later, floor
from hendig.operations.bench.towns import Town
from hendig.operations.database import django_database
from hendig.operations.failure import Failure
from hendig.operations.progress import Progress

# Four in a family: a hundred thousand people.
FAMILIES = 25_000
EVERYBODY = UUID("01890000-0000-7000-8000-00000000a11e")
THOUSAND = UUID("01890000-0000-7000-8000-0000000003e8")
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
COACH: LiteralString = """
    SELECT account_id FROM families_involvement
    WHERE part = 'coach' AND (until_at IS NULL OR until_at > now()) GROUP BY 1
    ORDER BY abs(count(*) - 60), 1 LIMIT 1
"""
INVOLVED: tuple[LiteralString, ...] = (
    """INSERT INTO people_account (id, municipality_id, email, first_name, last_name, phone, language,
        is_active) SELECT %(who)s, id, concat(%(who)s::uuid, '@meetstad.example'), 'Overal', '', '', 'nl',
        true FROM people_municipality ON CONFLICT DO NOTHING""",
    """INSERT INTO people_membership (id, municipality_id, account_id, role, title, from_on)
        SELECT gen_random_uuid(), id, %(who)s, 'coach', '', current_date - 1 FROM people_municipality
        WHERE NOT EXISTS (SELECT 1 FROM people_membership WHERE account_id = %(who)s)""",
    """INSERT INTO families_involvement (id, municipality_id, family_id, record_id, account_id, part, purpose,
        ground, kinds, from_at) SELECT gen_random_uuid(), municipality_id, family_id, id, %(who)s, 'coach',
        'help', 'youth_act', '{shared}', begun_at FROM families_record
        WHERE NOT EXISTS (SELECT 1 FROM families_involvement WHERE account_id = %(who)s)
        AND family_id IN (SELECT id FROM families_family ORDER BY id LIMIT %(most)s)""",
)


def main(town: Town, *, laps: int) -> None:
    """Prints the table. From here on Django stands at the municipality's own database."""
    default = import_module("django.db").connections["default"]
    default.close()
    default.settings_dict.update(django_database(town.place.as_app()["HENDIG_DATABASE"]))
    lines: list[tuple[str, ...]] = [
        ("who", "typed", "p50 ms", "p95 ms", "CPU p50", "CPU p95", "floor p50", "floor p95", "found")
    ]
    with mailbox() as mail, serving(town, mail) as at, Progress("Finding people") as progress:
        coach_id = UUID(only(at.owner, COACH))
        for account, most in ((EVERYBODY, None), (THOUSAND, 1000)):
            for words in INVOLVED:
                at.owner.execute(words, {"who": account, "most": most})
        at.owner.execute("ANALYZE families_involvement")
        people = int(only(at.owner, "SELECT count(*) FROM families_familymember"))
        # Who sees all waits for seconds: once is enough to know.
        asking = (("coach", coach_id, laps), ("a thousand", THOUSAND, laps), ("sees all", EVERYBODY, 1))
        for who, account_id, often in asking:
            person = Person(str(account_id), signed_in(at.owner, account_id))
            for kind, typed in TYPED:
                progress(f"{who}, {kind}")
                lines.append(measured(at, person, who, kind, typed, often))
    print(f"{people:,} people, {laps} laps\n")
    print("\n".join(columns(lines)))


def measured(at: Station, person: Person, who: str, kind: str, typed: str, laps: int) -> tuple[str, ...]:
    """One line: the page that finds and its floor by turns, in an order that chance made."""
    word = import_module("hendig.kernel.names").words(typed)[-1]
    asking = {
        "find": message("/gezinnen/lijst/", session=person.session, fields={"q": typed}),
        "floor": floor("find", town=at.municipality, account=person.account, word=word),
    }
    took: dict[str, list[float]] = {name: [] for name in asking}
    busy: list[float] = []
    client = Client(at.port)
    for lap in range(-min(WARM, laps), laps):
        as_if_later(at)
        for name in random.sample(sorted(asking), len(asking)):
            before = at.spent()
            answer = client.ask(asking[name])
            if answer.status != 200:
                raise Failure(f"Finding “{typed}” answered {answer.status}.")
            if lap >= 0:
                took[name].append(answer.seconds)
                busy += [at.spent() - before] if name == "find" else []
    client.close()
    series = (took["find"], busy, took["floor"])
    figures = [at_part(one, part) * 1000 for one in series for part in (0.50, 0.95)]
    return (who, kind, *(f"{one:.1f}" for one in figures), str(found(at, person, typed)))


def found(at: Station, person: Person, typed: str) -> int:
    """How many people that was: the page shows their questions only."""
    now = datetime.now(UTC)
    actor = Actor(UUID(at.municipality), UUID(person.account), frozenset({Role.COACH}))
    with import_module("hendig.audit.actions").reading(actor, now):
        return len(import_module("hendig.families.queries.found").people_found(actor, typed, at=now))
