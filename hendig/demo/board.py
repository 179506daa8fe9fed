"""What neighbours, initiatives, the doctor's practice and the school put on the board, and who answers."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from hendig.demo import steps
from hendig.demo.timeline import Story
from hendig.demo.town import Town
from hendig.opentent import actions as opentent

OFFER, INITIATIVE = "offer", "initiative"


@dataclass(frozen=True, slots=True)
class Offered:
    who: str
    days: int
    kind: str
    title: str
    text: str
    neighbourhood: str
    when: str = ""
    places: int | None = None
    until: int | None = None


OFFERS = (
    Offered(
        "mieke",
        -160,
        INITIATIVE,
        "Samen aan tafel",
        "Elke woensdag koken en eten we samen in het dorpshuis. Kinderen mogen helpen.",
        "Centrum",
        "woensdag vanaf 16.30 uur",
        12,
    ),
    Offered(
        "ali",
        -150,
        INITIATIVE,
        "Voetbal voor iedereen",
        "Meedoen zonder lid te zijn. Schoenen zijn er. Wie niet wil voetballen, helpt langs de lijn.",
        "Peelrand-West",
        "vrijdag om 18.00 uur",
    ),
    Offered(
        "theo",
        -145,
        INITIATIVE,
        "Fietsenwerkplaats",
        "Kom je eigen fiets maken, of die van een ander. We leren het je.",
        "Centrum",
        "dinsdag en donderdag",
        6,
    ),
    Offered(
        "annelies",
        -140,
        INITIATIVE,
        "Spreekuur bij de huisarts",
        "Een praktijkondersteuner en een gezinscoach zijn er voor vragen over opgroeien. Binnenlopen mag.",
        "Centrum",
        "dinsdag van 9 tot 11 uur",
    ),
    Offered(
        "lianne",
        -120,
        INITIATIVE,
        "Inloop op school",
        "Ouders drinken koffie en praten met elkaar. De school zorgt voor oppas.",
        "Peelrand-Oost",
        "maandag na het brengen",
    ),
    Offered(
        "riet",
        -110,
        OFFER,
        "Taalmaatje",
        "Ik lees en praat graag met kinderen en ouders die Nederlands leren.",
        "Centrum",
        "in overleg",
        3,
    ),
    Offered(
        "hannie",
        -60,
        OFFER,
        "Oppas-oma",
        "Ik pas graag een middag op, zodat u even weg kunt.",
        "Peelrand-Oost",
        "middagen",
        2,
    ),
    Offered(
        "piet",
        -35,
        OFFER,
        "Wandelen met de hond",
        "Bobbie en ik lopen elke ochtend. Er kan best iemand mee.",
        "Peelrand-Oost",
        "elke ochtend om half acht",
        2,
    ),
    Offered(
        "tineke",
        -20,
        OFFER,
        "Helpen met de dieren",
        "Twee kinderen mogen op zaterdag meehelpen met voeren.",
        "Buitengebied",
        "zaterdag van 10 tot 12 uur",
        2,
    ),
    Offered(
        "ellen",
        -10,
        INITIATIVE,
        "Praatcafé voor ouders die uit elkaar zijn",
        "Ouders delen wat werkte. Een ervaringsdeskundige is erbij.",
        "Centrum",
        "volgende maand",
        10,
        40,
    ),
)

# who answers an offer, how many days after, in which words; the last of each still waits
ANSWERS = {
    "mieke": (
        ("bart", 20, "Mijn zoon en ik eten graag mee."),
        ("lisa", 60, "Mogen wij met z’n tweeën komen?"),
    ),
    "riet": (("tomasz", 8, "Ik wil graag beter Nederlands leren."),),
    "piet": (("ingrid", 14, "Mijn zoon van 12 wil heel graag een keer mee."),),
    "hannie": (("eva", 30, "Een uurtje op dinsdag zou al helpen."),),
}


def stories(town: Town) -> list[Story]:
    """One for each offer."""
    return [_offer(town, offered) for offered in OFFERS]


def _offer(town: Town, offered: Offered) -> Story:
    yield town.on(offered.days, "11:15")
    post = opentent.post_offer(
        actor=town.actor(offered.who),
        kind=offered.kind,
        title=offered.title,
        text=offered.text,
        neighbourhood=offered.neighbourhood,
        when=offered.when,
        places=offered.places,
        until=None if offered.until is None else town.on(offered.until, "22:00", weekend=True),
        at=town.at,
    )
    answers = ANSWERS.get(offered.who, ())
    for who, later, words in answers:
        yield town.on(offered.days + later, "20:45", weekend=True)
        answer = steps.respond(town, who, post.pk, words)
        if len(answers) > 1 and who == answers[0][0]:
            town.begin(_both_say_yes(town, offered, answer, who, offered.days + later))


def _both_say_yes(town: Town, offered: Offered, answer: UUID, who: str, days: int) -> Story:
    yield town.on(days + 1, "09:30")
    opentent.accept_response(actor=town.actor(offered.who), response_id=answer, at=town.at)
    yield town.on(days + 2, "21:00")
    opentent.confirm_response(actor=town.actor(who), response_id=answer, at=town.at)
