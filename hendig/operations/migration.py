"""Bring the schema to what this code expects."""

from django.db import connection
from django.db.migrations.loader import MigrationLoader

from hendig.operations import current, narrow, roles
from hendig.operations.failure import Failure
from hendig.operations.installation import Installation
from hendig.operations.walls import raise_walls


def migrate(place: Installation) -> None:
    """The roles exist and every migration is applied; refused when the database is newer than the code."""
    with roles.connect_owner(place.owner_url) as owner:
        # Two who start at once migrate one after the other; the lock goes with the connection.
        owner.execute("SELECT pg_advisory_lock(hashtext('hendig migrate'))")
        roles.ensure_roles(owner, place.app_url)
        loader = MigrationLoader(connection)
        refuse_newer(loader)
        if set(loader.disk_migrations) - set(loader.applied_migrations):
            narrow.apply_all()
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
