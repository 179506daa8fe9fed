"""Databases to prove in: copied empty, filled with what nobody ever was, and thrown away."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace

from hendig.operations import roles
from hendig.operations.database import changed, drop, split
from hendig.operations.empty import copy, empty_database
from hendig.operations.installation import Installation


@contextmanager
def scratch(place: Installation, what: str, *, like: str = "") -> Iterator[Installation]:
    """Inside the block an installation stands beside ours: with all walls, and the rows of `like` if any."""
    name = f"hendig_prove_{what}_{split(place.owner_url)['dbname'][:20]}"
    made = replace(place, owner_url=changed(place.owner_url, dbname=name))
    with roles.connect_owner(place.owner_url) as owner:
        drop(owner, name)
        try:
            if like:
                copy(owner, like, name)
                roles.ensure_roles(owner, made.app_url)
            else:
                empty_database(owner, made)
            yield made
        finally:
            drop(owner, name)
