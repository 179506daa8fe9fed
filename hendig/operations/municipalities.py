"""Which municipality a command is about."""

from __future__ import annotations

from django.utils.text import slugify

from hendig.operations.failure import Failure
from hendig.people.models import Municipality


def named(name: str) -> Municipality | None:
    """The municipality of this name, or of the short one that stands before the host."""
    return Municipality.objects.filter(slug=slugify(name)).first()


def which(name: str) -> Municipality:
    """The one that is named; without a name the only one there is. `Failure` when that says nothing."""
    known = list(Municipality.objects.order_by("slug"))
    if not known:
        raise Failure("There is no municipality yet: begin with `hendig appoint`.")
    slugs = ", ".join(town.slug for town in known)
    if not name and len(known) > 1:
        raise Failure(f"There are several municipalities. Name one with --municipality: {slugs}.")
    found = named(name) if name else known[0]
    if found is None:
        raise Failure(f"There is no municipality {name}; there is {slugs}.")
    return found
