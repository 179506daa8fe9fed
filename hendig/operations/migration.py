"""Bring the schema to what this code expects."""

from typing import Any

import psycopg
from django.db import connection
from django.db.migrations.loader import MigrationLoader

from hendig.operations import current, narrow, roles
from hendig.operations.failure import Failure
from hendig.operations.installation import Installation
from hendig.operations.progress import Progress
from hendig.operations.walls import raise_walls


class Telling:
    """Tells how far it is whenever it comes to another room."""

    def __init__(self, progress: Progress, count: int) -> None:
        self.progress, self.count, self.done, self.room = progress, count, 0, ""

    def __call__(self, action: str, migration: Any = None, *_fake: bool) -> None:
        if action == "apply_start" and migration.app_label != self.room:
            self.room = migration.app_label
            self.progress(f"{self.done} of {self.count} steps, now {self.room}")
        self.done += action == "apply_success"


def migrate(place: Installation) -> None:
    """The roles exist and every migration is applied; refused when the database is newer than the code."""
    with roles.connect_owner(place.owner_url) as owner:
        roles.refuse_unfit(owner)
        # Two who start at once migrate one after the other; the lock goes with the connection.
        owner.execute("SELECT pg_advisory_lock(hashtext('hendig migrate'))")
        roles.ensure_roles(owner, place.app_url)
        lift(owner)


def lift(owner: psycopg.Connection[tuple[object, ...]]) -> None:
    """The database of this owner, in which Django stands as well, is what this code expects."""
    loader = MigrationLoader(connection)
    refuse_newer(loader)
    if to_do := set(loader.disk_migrations) - set(loader.applied_migrations):
        with Progress("Bringing the database to this code") as progress:
            narrow.apply_all(Telling(progress, len(to_do)))
    raise_walls(owner)
    current.leave_mark(owner)


def refuse_newer(loader: MigrationLoader) -> None:
    """The database holds no migration that this code does not know, or a Failure."""
    unknown = sorted(set(loader.applied_migrations) - set(loader.disk_migrations))
    if unknown:
        app, name = unknown[0]
        raise Failure(
            f"The database is newer than this code: it has had the migration {app}.{name}, "
            "which is not here. "
            "Start the version of Hendig that the database was last used with, or a newer one."
        )
