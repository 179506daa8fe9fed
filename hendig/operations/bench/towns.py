"""Municipalities to measure in: each a database of its own, kept as long as code and week are the same."""

import hashlib
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import psycopg
from psycopg import sql
from psycopg.types.json import Jsonb

from hendig.families.rules.gate import Rule, predicate
from hendig.kernel.sealing import Ring
from hendig.operations import roles
from hendig.operations.bench import lines, records, rows
from hendig.operations.database import changed, conninfo, drop, split
from hendig.operations.empty import empty_database
from hendig.operations.installation import Installation
from hendig.operations.progress import Progress
from hendig.operations.walls import raise_walls, rests_on, walls

PREFIX = "hendig_bench_"
# Whoever measures in a municipality ends the sessions of its pages and raises its walls: another waits.
ALONE = "SELECT pg_advisory_lock(hashtext('hendig bench'))"
PACKAGE = Path(__file__).parents[2]


@dataclass(frozen=True)
class Town:
    """A municipality that stands ready: where, and how many live there."""

    families: int
    place: Installation
    walled: bool = True


def town(place: Installation, families: int, *, seed: int = 1, walled: bool = True) -> Town:
    """The municipality of that size, built if this code has not built it this week.

    Without `walled` no policy stands, the gate asks only who is involved, and no text is sealed.
    """
    today = datetime.now(ZoneInfo("Europe/Amsterdam")).date()
    # The same all week, so that a second run needs no building; then the days in it are too old.
    monday = today.fromordinal(today.toordinal() - today.weekday())
    ring = Ring.read(place.root_keys.read_text()) if walled else None
    mark = fingerprint(f"{seed} {monday} {ring.newest.id if ring else 'open'}")
    size = f"{families}" if walled else f"{families}o"
    name = f"{PREFIX}{split(place.owner_url)['dbname'][:12]}_{size}_{mark}"
    ready = replace(place, owner_url=changed(place.owner_url, dbname=name))
    with roles.connect_owner(place.owner_url) as owner:
        # Two who measure at once build one after the other.
        owner.execute("SELECT pg_advisory_lock(hashtext(%s))", [name])
        if not owner.execute("SELECT 1 FROM pg_database WHERE datname = %s", [name]).fetchone():
            drop_older(owner, name.rpartition("_")[0])
            with Progress(f"Building a municipality of {families:,} families") as progress:
                asked = {"families": families, "seed": seed, "today": today}
                build(owner, ready, asked, ring, progress)
    with psycopg.connect(conninfo(ready.owner_url), autocommit=True) as inside:
        inside.execute(ALONE)
        stand_or_fall(inside, walled=walled)
    return Town(families, ready, walled)


def fingerprint(words: str) -> str:
    """A hash over the migrations, the rows made here and these words."""
    seen = hashlib.sha256(words.encode())
    made_by = (Path(str(module.__file__)) for module in (rows, records, lines))
    for file in sorted((*PACKAGE.glob("*/migrations/*.py"), *made_by)):
        seen.update(file.read_bytes())
    return seen.hexdigest()[:10]


def drop_older(owner: psycopg.Connection[tuple[object, ...]], prefix: str) -> None:
    """Municipalities of that size that older code or another week built are gone."""
    found = owner.execute("SELECT datname FROM pg_database WHERE starts_with(datname, %s)", [f"{prefix}_"])
    for (name,) in found.fetchall():
        drop(owner, str(name))


def build(
    owner: psycopg.Connection[tuple[object, ...]],
    ready: Installation,
    asked: dict[str, object],
    ring: Ring | None,
    progress: Progress,
) -> None:
    """The database exists under its name only when every row is there."""
    name = split(ready.owner_url)["dbname"]
    unfinished = f"{name}_unfinished"
    making = replace(ready, owner_url=changed(ready.owner_url, dbname=unfinished))
    drop(owner, unfinished)
    progress("tables")
    empty_database(owner, making)
    with psycopg.connect(conninfo(making.owner_url), autocommit=True) as inside:
        fill(inside, asked, ring, progress)
        progress("seals")
        with inside.transaction():
            lines.enter(inside)
            lines.seal(inside, making.seal)
        progress("statistics")
        inside.execute("VACUUM ANALYZE")
    owner.execute(
        sql.SQL("ALTER DATABASE {} RENAME TO {}").format(sql.Identifier(unfinished), sql.Identifier(name))
    )
    # The application's login is named after the database.
    roles.ensure_roles(owner, ready.app_url)


def fill(
    inside: psycopg.Connection[tuple[object, ...]],
    asked: dict[str, object],
    ring: Ring | None,
    progress: Progress,
) -> None:
    """All rows, step by step; what PostgreSQL does by itself in a quiet hour comes after."""
    cursor = psycopg.ClientCursor(inside)
    cursor.execute("SET synchronous_commit = off")
    cursor.execute("SET work_mem = '64MB'")
    cursor.execute("SET jit = off")
    cursor.execute(rows.TOWN, asked)
    cursor.execute(rows.FUNCTIONS, asked)
    cursor.execute(rows.NAMES)
    cursor.execute(rows.EVERY_NAME)
    names = [str(name) for (name,) in cursor.fetchall()]
    cursor.execute(rows.SPELLED, {"spelled": Jsonb(rows.spelled(names))})
    texts = records.Texts(inside, ring)
    texts.stand_before()
    ready = False
    for what, words in rows.STEPS:
        progress(what)
        with inside.transaction():
            # Every % stands double in them, as in all that goes with parameters.
            cursor.execute(words, records.PARAMETERS)
            if words is records.RECORDS:
                texts.make_keys()
                ready = True
            # What was told of a family before it has a record waits for it.
            if ready:
                texts.settle()


def stand_or_fall(inside: psycopg.Connection[tuple[object, ...]], *, walled: bool) -> None:
    """The walls of this municipality are those of this code, or they are down."""
    raise_walls(inside)
    if walled:
        return
    for table in map(sql.Identifier, walls()):
        inside.execute(sql.SQL("ALTER TABLE {} NO FORCE ROW LEVEL SECURITY").format(table))
        inside.execute(sql.SQL("ALTER TABLE {} DISABLE ROW LEVEL SECURITY").format(table))
    for table in map(sql.Identifier, rests_on()):
        inside.execute(sql.SQL("DROP TRIGGER IF EXISTS forget ON {}").format(table))
    # Who is involved sees all that the involvement names.
    inside.execute(predicate((Rule("T0", "", "", "true"),), ()))
