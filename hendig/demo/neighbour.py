"""Beekdal, beside Peelrand: small and without families, so that people can be asked across the border."""

from __future__ import annotations

from hendig.demo import municipality
from hendig.demo.timeline import Story
from hendig.demo.town import Town
from hendig.directory import actions
from hendig.kernel.actor import Role
from hendig.kernel.periods import local_day
from hendig.people import actions as people

NAME, SLUG, CBS_CODE = "Beekdal", "beekdal", "9998"
# Of the expertises of Peelrand Beekdal knows these.
KNOWN = frozenset({"school", "autisme", "opvoeden", "angst"})
WORKERS = (
    ("femke", "Femke", "Hermus", Role.COACH),
    ("bas", "Bas", "Kuijpers", Role.POLICY),
    ("ilse", "Ilse", "van Mierlo", Role.PRIVACY),
)
# Who was asked along, and who waits for an answer.
TAKEN, WAITS = "fleur", "rutger"


def beekdal(town: Town) -> Town:
    """The municipality on its first day: who coaches there, who answers for it and who checks."""
    made = people.open_municipality(
        name=NAME, slug=SLUG, cbs_code=CBS_CODE, at=town.at, is_example=True, phone="14 0499"
    )
    near = Town(made.pk, town.seed, town.today, town.timeline)
    people.set_settings(
        actor=near.system,
        principles=municipality.PRINCIPLES[:3],
        codes=[],
        expertises=[one for one in municipality.EXPERTISES if one[0] in KNOWN],
        at=near.at,
    )
    for key, first_name, last_name, role in WORKERS:
        near.accounts[key] = people.add_worker(
            actor=near.system,
            email=f"{key}@{SLUG}.example.nl",
            first_name=first_name,
            last_name=last_name,
            role=role,
            on=local_day(near.at),
            at=near.at,
        ).pk
    return near


def over_the_border(town: Town, near: Town) -> Story:
    """Fleur offers to be asked in Beekdal and is; Rutger offered last week."""
    yield town.on(-70, "16:10")
    offered = actions.offer_elsewhere(
        actor=town.actor(TAKEN), municipality_id=near.municipality_id, at=town.at
    )
    yield town.on(-68, "09:30")
    actions.take_from_elsewhere(actor=near.actor("bas"), elsewhere_id=offered.pk, at=town.at)
    yield town.on(-6, "17:05")
    actions.offer_elsewhere(actor=town.actor(WAITS), municipality_id=near.municipality_id, at=town.at)
