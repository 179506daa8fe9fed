"""The first people of a municipality: the operator's way, until two of them can give roles together."""

from __future__ import annotations

import re
from datetime import datetime

from django.db import transaction
from django.utils import timezone
from django.utils.text import slugify

from hendig.kernel.actor import Actor, Role
from hendig.kernel.refusal import Refused
from hendig.operations.failure import Failure
from hendig.operations.municipalities import named, which
from hendig.people import actions
from hendig.people.models import Municipality


def appoint(
    *, email: str, first_name: str, last_name: str, role: str, municipality: str = "", cbs_code: str = ""
) -> None:
    """This person answers for the municipality, or checks it; one that is not known by that name is opened.

    `Failure` when two people do so already, and when it is not clear where.
    """
    now = timezone.now()  # noqa: TID251 - a command reads the clock
    try:
        with transaction.atomic():
            town = _town(municipality, cbs_code, now)
            actions.appoint(
                actor=Actor.system(town.pk),
                email=email,
                first_name=first_name,
                last_name=last_name,
                role=Role(role),
                at=now,
            )
    except Refused:
        raise Failure("Two people can give roles already. They do it on the page 'Wie werkt hier'.") from None


def _town(name: str, cbs_code: str, at: datetime) -> Municipality:
    """The one that is meant, opened when the name is new and its number is given."""
    known = named(name) if name else None
    if known is not None and cbs_code not in ("", known.cbs_code):
        raise Failure(f"{known.name} has the number {known.cbs_code} at Statistics Netherlands.")
    if known is not None:
        return known
    if not Municipality.objects.exists() and not (name and cbs_code):
        raise Failure("There is no municipality yet. Name it: --municipality Peelrand --cbs-code 9999.")
    if not cbs_code:
        return which(name)
    return _opened(name, cbs_code, at)


def _opened(name: str, cbs_code: str, at: datetime) -> Municipality:
    if not slugify(name):
        raise Failure("A municipality that is opened has a name: --municipality Peelrand.")
    if not re.fullmatch(r"\d{4}", cbs_code, re.ASCII):
        raise Failure("The number at Statistics Netherlands is four digits: --cbs-code 9999.")
    if other := Municipality.objects.filter(cbs_code=cbs_code).first():
        raise Failure(f"The number {cbs_code} at Statistics Netherlands is that of {other.name}.")
    return actions.open_municipality(name=name.strip(), slug=slugify(name), cbs_code=cbs_code, at=at)
