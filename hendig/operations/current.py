"""Whether this very code brought the database to where it stands: then a start need not load all to ask."""

import hashlib
from importlib import metadata
from pathlib import Path

import psycopg
from psycopg import sql

from hendig.operations import roles
from hendig.operations.installation import Installation

PACKAGE = Path(__file__).parents[1]
# The libraries whose migrations we apply as well.
LIBRARIES = ("django", "django-allauth", "procrastinate")

Owner = psycopg.Connection[tuple[object, ...]]


def current(place: Installation) -> bool:
    """The last that migrated was this code, nobody migrated since, and the application's login comes in.

    In doubt no: then `hendig migrate` looks with all its knowledge.
    """
    with roles.connect_owner(place.owner_url) as owner:
        if not (state := _state(owner)) or _left(owner) != _mark(state):
            return False
        roles.refuse_unfit(owner)
        roles.ensure_roles(owner, place.app_url)
    return True


def leave_mark(owner: Owner) -> None:
    """The database says that this code left it as it stands; nothing is written where it says so already."""
    mark = _mark(_state(owner))
    if _left(owner) != mark:
        owner.execute(sql.SQL("COMMENT ON TABLE hendig_moved IS {}").format(sql.Literal(mark)))


def _mark(state: str) -> str:
    """A hash over all our code, the versions of what migrates too, and what the database says of itself."""
    seen = hashlib.sha256(state.encode())
    for library in LIBRARIES:
        seen.update(f"{library} {metadata.version(library)}\n".encode())
    for file in sorted(file for kind in ("py", "sql") for file in PACKAGE.rglob(f"*.{kind}")):
        seen.update(f"{file.relative_to(PACKAGE)}\n".encode())
        seen.update(file.read_bytes())
    return seen.hexdigest()


def _state(owner: Owner) -> str:
    """Which migrations the database had and which walls it has; empty when it never had any."""
    row = owner.execute("SELECT to_regclass('django_migrations') IS NOT NULL").fetchone()
    if not row or not row[0]:
        return ""
    row = owner.execute(
        "SELECT string_agg(app || '.' || name, ' ' ORDER BY app, name), obj_description("
        "to_regprocedure('hendig_open(uuid, timestamptz)')::oid, 'pg_proc') FROM django_migrations"
    ).fetchone()
    return f"{row[0]} {row[1]}" if row and row[0] and row[1] else ""


def _left(owner: Owner) -> str:
    row = owner.execute("SELECT obj_description(to_regclass('hendig_moved')::oid, 'pg_class')").fetchone()
    return str(row[0]) if row and row[0] else ""
