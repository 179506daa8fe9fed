"""A database as the migrations leave it, without rows: made once for each schema, and copied from then on.

To migrate takes Django many seconds, to copy takes PostgreSQL a fraction of one.
"""

import hashlib
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import replace
from pathlib import Path
from typing import LiteralString

import psycopg
from django.apps import apps
from psycopg import sql

from hendig.operations import narrow, roles, running, walls
from hendig.operations.database import changed, drop, split
from hendig.operations.installation import Installation

PREFIX = "hendig_empty_"
# What decides beside the migrations; what the walls say is in their own fingerprint.
ALSO = (
    Path(__file__).parents[1] / "settings.py",
    *(Path(str(one.__file__)) for one in (narrow, roles, walls)),
)

Owner = psycopg.Connection[tuple[object, ...]]


def empty_database(owner: Owner, made: Installation) -> None:
    """The database of `made` is there: migrated, walled, its login can come in, and nobody ever was in it.

    `owner` stands in another database of the same server, for which the copied one is kept.
    """
    with one_at_a_time(owner):
        copy(owner, template(owner, made), split(made.owner_url)["dbname"])
    roles.ensure_roles(owner, made.app_url)


@contextmanager
def one_at_a_time(owner: Owner) -> Iterator[None]:
    """Inside the block nobody else makes, copies or drops what is copied."""
    owner.execute("SELECT pg_advisory_lock(hashtext('hendig empty'))")
    try:
        yield
    finally:
        owner.execute("SELECT pg_advisory_unlock(hashtext('hendig empty'))")


def template(owner: Owner, place: Installation) -> str:
    """The name of the database that is copied; made when the schema is new, and those of older ones go."""
    beginning = f"{PREFIX}{owner.info.dbname[:20]}_"
    name = beginning + fingerprint(owner.info.user)
    if owner.execute("SELECT 1 FROM pg_database WHERE datname = %s", [name]).fetchone():
        return name
    older = owner.execute("SELECT datname FROM pg_database WHERE starts_with(datname, %s)", [beginning])
    for (left,) in older.fetchall():
        with suppress(psycopg.errors.ObjectInUse):
            owner.execute(sql.SQL("DROP DATABASE IF EXISTS {}").format(sql.Identifier(str(left))))
    # It has its name only when it is whole.
    unfinished = f"{beginning}unfinished"
    drop(owner, unfinished)
    copy(owner, "template0", unfinished)
    running.step(replace(place, owner_url=changed(place.owner_url, dbname=unfinished)), "migrate")
    owner.execute(
        sql.SQL("ALTER DATABASE {} RENAME TO {}").format(sql.Identifier(unfinished), sql.Identifier(name))
    )
    return name


def fingerprint(user: str) -> str:
    """A hash over all that decides how a migrated database looks, and whose it is."""
    folders = [Path(app.path) for app in apps.get_app_configs()]
    files = [*ALSO, *(file for folder in folders for file in sorted(folder.glob("migrations/*.py")))]
    seen = hashlib.sha256(f"{user} {walls.fingerprint()}".encode())
    for file in files:
        seen.update(f"{file.parts[-3:]}".encode())
        seen.update(file.read_bytes())
    return seen.hexdigest()[:12]


def copy(owner: Owner, like: str, name: str) -> None:
    """A database like that one; nobody may be in it meanwhile."""
    # By file and not through the write-ahead log: half the time for a database of this size.
    words: LiteralString = "CREATE DATABASE {} TEMPLATE {} STRATEGY FILE_COPY"
    owner.execute(sql.SQL(words).format(sql.Identifier(name), sql.Identifier(like)))
