"""A second municipality beside that of the tests, and who of here works there as well."""

from __future__ import annotations

from hendig.directory import actions
from hendig.kernel.actor import Role
from hendig.people import actions as people
from hendig.people.models import Account, Elsewhere, Professional
from tests.support.world import World


def beekdal(world: World, name: str = "Beekdal") -> World:
    """Beekdal: Femke coaches there, Bas answers for it. It knows fear as an expertise, and not raising."""
    town = World(
        people.open_municipality(name=name, slug=name.lower(), cbs_code="9998", at=world.at), world.at
    )
    people.set_settings(
        actor=town.system,
        principles=[],
        codes=[{"code": "H2", "name": "Begeleiding", "sentence": ""}],
        expertises=[("angst", "Angst", "Helpt bij angst."), ("taal", "Taal", "Helpt bij praten.")],
        at=world.at,
    )
    town.add_worker("femke", Role.COACH)
    town.add_worker("bas", Role.POLICY)
    # By this name the support of the tests knows the coach of a family.
    town.accounts["ellen"] = town.accounts["femke"]
    return town


def offered(world: World, town: World, who: str = "anouk") -> Elsewhere:
    return actions.offer_elsewhere(actor=world.actor(who), municipality_id=town.municipality.pk, at=world.at)


def taken(world: World, town: World, who: str = "anouk") -> Elsewhere:
    """Bas said yes; `town` knows the person by the same name."""
    one = offered(world, town, who)
    town.accounts[who] = take(town, one)
    town.professionals[who] = Professional.objects.get(account=town.accounts[who])
    one.refresh_from_db()
    return one


def take(town: World, one: Elsewhere, who: str = "bas") -> Account:
    return actions.take_from_elsewhere(actor=town.actor(who), elsewhere_id=one.pk, at=town.at)
