"""The one record of a child who is called exactly so, past the walls: no more than which."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from django.db import connection

# A function of the wall: never of who works elsewhere, is kept out, or asks about the own family.
EXACTLY = "SELECT record_id, family_id FROM hendig_in_danger(%s, %s, %s, %s)"


def exactly(first_name: str, last_name: str, born_on: date, *, beside: str) -> list[tuple[UUID, UUID]]:
    """The record and the family of each who is called so. 1 query.

    When that is more than one: of those whose family has an adult with the first name `beside`.
    """
    with connection.cursor() as cursor:
        cursor.execute(EXACTLY, [first_name, last_name, born_on, beside])
        return [(record_id, family_id) for record_id, family_id in cursor.fetchall()]
