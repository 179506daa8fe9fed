"""The cards of those who give help in Peelrand: languages, places, times, and for half of them a photo."""

from __future__ import annotations

from collections.abc import Collection
from concurrent.futures import ThreadPoolExecutor
from typing import NamedTuple

from hendig.demo.faces import face
from hendig.demo.people import PROFESSIONALS
from hendig.demo.town import Town
from hendig.directory import actions
from hendig.files.adapters.door import let_in
from hendig.files.rules import FACE


class CardData(NamedTuple):
    free: str
    languages: str = ""
    areas: str = ""
    photo: bool = False


EAST, WEST, NORTH, VILLAGE = "Peelrand-Oost", "Peelrand-West", "Akkerdorp", "Heideveld"
CARDS = {
    "anouk": CardData("1m 1a 2m 2e 4a 4e", "en", "", photo=True),
    "maaike": CardData("1m 2m 3m 4m", "en de", "", photo=True),
    "rutger": CardData("1e 2e 3a 3e 4e", "", f"{EAST},{WEST}", photo=True),
    "fleur": CardData("2m 2a 5m", "fr", WEST),
    "youssef": CardData("2m 3e 4e 5m", "ar ber", "", photo=True),
    "hanneke": CardData("1m 1a 3m 4m 4e", "", f"{EAST},{NORTH}", photo=True),
    "dirk": CardData("1e 3e", "", ""),
    "nadia": CardData("2m 2a 4m", "ar ber fr", "", photo=True),
    "wiktoria": CardData("1m 2m 2a 4e 5m", "pl en", "", photo=True),
    "berend": CardData("2m 2e 4m 4e", "", f"{NORTH},{VILLAGE}"),
    "yvonne": CardData("2m 3m 5m", "", "", photo=True),
    "stefan": CardData("1a 2m 4e", "en", EAST),
    "isabel": CardData("1m 2m 4a", "es en", "", photo=True),
    "floris": CardData("3m 3a 4e", "en de", ""),
    "merel": CardData("2a 4m 4e", "", "", photo=True),
    "kevin": CardData("1a 2e 3e 4e", "en", f"{EAST},{WEST}", photo=True),
    "roos": CardData("2m 3a 4e 5a", "en tr", ""),
    "mo": CardData("3a 3e 6m", "ar", WEST),
    "gea": CardData("2m 4m", "", "", photo=True),
    "sophie": CardData("5a 6m 6a", "", VILLAGE),
    "annelies": CardData("1m 2m 3m 4m 5m", "en", ""),
}


def keep_cards(town: Town, faces: Collection[str]) -> None:
    """Each keeps the own card, of these with a photo; who is not in the list has not done it yet."""
    names = [one.key for one in PROFESSIONALS if one.key in CARDS]
    shown = [name for name in names if CARDS[name].photo and name in faces]
    # A photo is opened in a process of its own, and two may be at once.
    with ThreadPoolExecutor(2) as pool:
        photos = dict(zip(shown, pool.map(lambda name: let_in(face(name), FACE), shown), strict=True))
    words = {one.key: one for one in PROFESSIONALS}
    for name in names:
        actions.keep_card(
            actor=town.actor(name),
            can_do=words[name].can_do,
            languages=CARDS[name].languages.split(),
            areas=CARDS[name].areas.split(","),
            free=CARDS[name].free.split(),
            families_max=words[name].families_max,
            photo=photos.get(name),
            at=town.at,
        )
