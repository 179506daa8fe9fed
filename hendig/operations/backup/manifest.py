"""What a backup says of itself, and what a restored database is compared with."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Self

import orjson
import psycopg
from psycopg import sql

from hendig.operations.backup.ledger import KEYS
from hendig.operations.failure import Failure
from hendig.operations.roles import GROUP

Connection = psycopg.Connection[tuple[object, ...]]

# Not compared: the dump leaves the keys to the ledger, a restore ends sessions, nothing moved yet there.
APART = {KEYS, "django_session", "audit_receipt", "hendig_moved"}

GRANTS = """
SELECT table_name || ' ' || privilege_type FROM information_schema.role_table_grants
WHERE grantee = %s AND table_schema = 'public' ORDER BY 1
"""
GUARDS = """
SELECT relname || ' ' || tgname FROM pg_trigger JOIN pg_class ON pg_class.oid = tgrelid
WHERE NOT tgisinternal AND relnamespace = 'public'::regnamespace
UNION ALL
SELECT tablename || ' ' || policyname || ' ' || cmd || ' ' || roles::text || ' ' || md5(coalesce(qual, ''))
FROM pg_policies WHERE schemaname = 'public'
UNION ALL
SELECT relname || ' row security ' || relrowsecurity || ' ' || relforcerowsecurity FROM pg_class
WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace
ORDER BY 1
"""


@dataclass(frozen=True, slots=True)
class Manifest:
    """Counted in the very snapshot that the dump shows."""

    made_at: str
    server: int
    migrations: list[str]
    municipalities: list[str]
    counts: dict[str, int]
    grants: list[str]
    guards: list[str]

    def packed(self) -> bytes:
        return orjson.dumps(asdict(self))

    @classmethod
    def unpacked(cls, packed: bytes) -> Self:
        return cls(**orjson.loads(packed))

    def differences(self, other: Manifest) -> list[str]:
        """In which respects the other is not the same, each in a few words."""
        found = [
            f"{table} has {other.counts.get(table, 0)} rows, not {count}"
            for table, count in self.counts.items()
            if table not in APART and other.counts.get(table) != count
        ]
        for name in ("migrations", "municipalities", "grants", "guards"):
            mine, theirs = set(getattr(self, name)), set(getattr(other, name))
            found += [f"{name}: {one} is missing" for one in sorted(mine - theirs)[:3]]
            found += [f"{name}: {one} is new" for one in sorted(theirs - mine)[:3]]
        return found


def written_down(owner: Connection, at: datetime) -> Manifest:
    """The manifest of the database as this connection sees it."""
    tables = strings(owner, "SELECT tablename FROM pg_tables WHERE schemaname = 'public' ORDER BY 1")
    if "django_migrations" not in tables:
        raise Failure("There is nothing in this database yet.")
    counts = {table: count(owner, table) for table in tables}
    return Manifest(
        made_at=at.isoformat(),
        server=owner.info.server_version // 10000,
        migrations=strings(owner, "SELECT app || '.' || name FROM django_migrations ORDER BY 1"),
        municipalities=strings(owner, "SELECT id::text FROM people_municipality ORDER BY 1"),
        counts=counts,
        grants=[str(row[0]) for row in owner.execute(GRANTS, [GROUP])],
        guards=strings(owner, GUARDS),
    )


def strings(owner: Connection, words: str) -> list[str]:
    return [str(row[0]) for row in owner.execute(words.encode())]


def count(owner: Connection, table: str) -> int:
    row = owner.execute(sql.SQL("SELECT count(*) FROM {}").format(sql.Identifier(table))).fetchone()
    assert row is not None
    return int(str(row[0]))
