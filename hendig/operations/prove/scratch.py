"""Databases to prove in: made, migrated, filled with what nobody ever was, and thrown away."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace

from psycopg import sql

from hendig.operations import roles, running
from hendig.operations.database import changed, split
from hendig.operations.installation import Installation


@contextmanager
def scratch(place: Installation, what: str, *, like: str = "template1") -> Iterator[Installation]:
    """Inside the block there is an installation beside ours: with all walls, and the rows of `like`."""
    name = f"hendig_prove_{what}_{split(place.owner_url)['dbname'][:20]}"
    made = replace(place, owner_url=changed(place.owner_url, dbname=name))
    gone = sql.SQL("DROP DATABASE IF EXISTS {} (FORCE)").format(sql.Identifier(name))
    with roles.connect_owner(place.owner_url) as owner:
        owner.execute(gone)
        words = sql.SQL("CREATE DATABASE {} TEMPLATE {}")
        owner.execute(words.format(sql.Identifier(name), sql.Identifier(like)))
        try:
            running.step(made, "migrate")
            yield made
        finally:
            owner.execute(gone)
