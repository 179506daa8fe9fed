"""The first people of a municipality: the operator's way, until two of them can give roles together."""

from __future__ import annotations

from uuid import UUID

from django.utils import timezone
from django.utils.text import slugify

from hendig.kernel.actor import Actor, Role
from hendig.kernel.refusal import Refused
from hendig.operations.failure import Failure
from hendig.people import actions, queries


def appoint(
    *, email: str, first_name: str, last_name: str, role: str, municipality: str = "", cbs_code: str = ""
) -> None:
    """This person answers for the municipality, or checks it. `Failure` when two people do so already."""
    now = timezone.now()  # noqa: TID251 - a command reads the clock
    known = queries.municipalities()
    if not known and not (municipality and cbs_code):
        raise Failure("There is no municipality yet. Name it: --municipality Peelrand --cbs-code 9999.")
    where: UUID = (
        known[0]
        if known
        else actions.open_municipality(
            name=municipality, slug=slugify(municipality), cbs_code=cbs_code, at=now
        ).pk
    )
    try:
        actions.appoint(
            actor=Actor.system(where),
            email=email,
            first_name=first_name,
            last_name=last_name,
            role=Role(role),
            at=now,
        )
    except Refused:
        raise Failure("Two people can give roles already. They do it on the page 'Wie werkt hier'.") from None
