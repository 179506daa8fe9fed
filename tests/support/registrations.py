"""In which register somebody stands, kept by the municipality: all by the real actions."""

from __future__ import annotations

from datetime import date, timedelta

from hendig.kernel.periods import local_day
from hendig.people.actions import registrations
from hendig.people.models import Professional, Registration
from tests.support.world import World

SKJ, PHYSICIAN, NURSE = "110012345", "19012345601", "19012345630"


def registered(
    world: World,
    who: str | Professional,
    register: str = "skj",
    *,
    number: str = "",
    profession: str = "",
    until: date | None = None,
) -> None:
    """This and nothing else is kept of them from now on; what is over already was kept on its last day."""
    person = Professional.objects.get(account=world.account(who)) if isinstance(who, str) else who
    standing = Registration.objects.standing().filter(professional=person).order_by("id")
    for pk in standing.values_list("pk", flat=True):
        registrations.end_registration(actor=world.system, registration_id=pk, at=world.at)
    if not register:
        return
    today = local_day(world.at)
    at = world.at - max(timedelta(0), today - until) if until else world.at
    registrations.keep_registration(
        actor=world.system,
        professional_id=person.pk,
        register=register,
        number=number or {"physician": PHYSICIAN, "nurse": NURSE}.get(profession, SKJ),
        profession=profession,
        other="Register Vaktherapie" if register == "other" else "",
        until=until,
        source="register",
        checked_on=local_day(at),
        at=at,
    )


def physician(world: World, who: str) -> None:
    registered(world, who, "big", profession="physician")
