"""Peelrand as a municipality: guiding rules, seven codes, expertises. Invented, as an example."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import time

NAME, SLUG = "Peelrand", "peelrand"
# 9999 belongs to no municipality, HNDG to no bank.
CBS_CODE = "9999"
FACTS = {
    "kvk": "12345678",
    "iban": "NL19HNDG0999999999",
    "phone": "14 0499",
    "post": "Postbus 99, 5999 ZZ Peelrand",
    "counsellor": "Mirjam van het Vertrouwenspunt",
    "counsellor_phone": "0499 00 00 25",
    "counsellor_email": "mirjam@vertrouwenspunt.example",
}

PRINCIPLES = (
    ("De vraag eerst", "We beginnen bij wat het gezin vraagt, niet bij wat er te koop is."),
    ("Wat iemand kan telt", "We zoeken wie iets kan. Voor wie diegene werkt, komt daarna."),
    ("Niets zonder het gezin", "Het gezin zit zelf aan tafel. We praten met elkaar, niet over elkaar."),
    ("Elkaar zien", "We zien elkaar eerst echt. Hulp begint als het klikt, en anders zoeken we verder."),
    ("Samen kiezen, dan doen", "Wat we samen afspreken, begint meteen. Er hoeft geen brief tussen."),
    ("Gewoon mag gewoon blijven", "Verdriet en tegenslag horen bij het leven. Niet alles heeft hulp nodig."),
    ("Eerst de eigen kring", "Familie, vrienden en buren gaan voor. Zij blijven ook als hulp stopt."),
    ("Vertrouwen in het vak", "Wie helpt, doet dat naar eigen kennis en laat zien wat er gebeurt."),
    ("Zo weinig mogelijk papier", "We schrijven op wat het gezin verder helpt, en niet meer dan dat."),
    ("Samen leren", "We kijken samen terug: wat hielp, en wat doen we de volgende keer anders?"),
)

# Good to know at a table: to talk with, and never a score.
CARDS = (
    (
        "Gewone spanning",
        "Een toets, een nieuwe klas, ruzie die weer overgaat. Even spannend, en dat hoort bij groot worden.",
    ),
    (
        "Zwaar, en samen te dragen",
        "Een scheiding, een overlijden, zorgen om geld. Met een volwassene dichtbij kan een kind dat dragen.",
    ),
    (
        "Spanning die schaadt",
        "Heftig, vaak of lang, en niemand die beschermt. Dan is er iemand nodig die het laat ophouden.",
    ),
    (
        "De volwassene die blijft",
        "Eén volwassene die luistert en blijft, maakt veel verschil. Wie is dat hier? En wie nog meer?",
    ),
    (
        "Gewoon mag gewoon blijven",
        "Verdriet, boosheid en een slechte week horen bij het leven. Niet alles heeft hulp nodig.",
    ),
)


@dataclass(frozen=True, slots=True)
class Code:
    """One of the seven codes, with what the standards call it and what an hour usually costs."""

    code: str
    name: str
    sentence: str
    ijw_category: str
    ijw_code: str
    cbs_care_form: str
    iv3_field: str
    cents_per_hour: int

    @property
    def facts(self) -> dict[str, str]:
        """What the municipality says of it, beside what an hour costs."""
        return {name: str(value) for name, value in asdict(self).items() if name != "cents_per_hour"}


# Tariffs are multiples of 60 cents an hour, so that every minute costs whole cents.
CODES = (
    Code("H1", "Meedenken", "Een paar gesprekken, thuis of op school.", "45", "H1", "01", "6.2", 7860),
    Code("H2", "Begeleiding", "Iemand die een tijd naast het gezin staat.", "45", "H2", "04", "6.72a", 8640),
    Code(
        "H3", "Behandeling", "Hulp bij klachten die niet vanzelf overgaan.", "54", "H3", "02", "6.72b", 11040
    ),
    Code(
        "H4", "Samen begrijpen", "Onderzoek naar wat er speelt, met uitleg.", "54", "H4", "02", "6.72b", 11580
    ),
    Code("H5", "Dag op een andere plek", "Leren en werken buiten school.", "41", "H5", "03", "6.72c", 5460),
    Code("H6", "Even logeren", "Een weekend weg, zodat thuis op adem komt.", "44", "H6", "12", "6.73b", 4920),
    Code(
        "H7",
        "Steun in een pleeggezin",
        "Hulp voor kind en pleegouders samen.",
        "45",
        "H7",
        "11",
        "6.73a",
        8220,
    ),
)

# slug, name, sentence
EXPERTISES = (
    ("angst", "Angst en somberheid", "Als een kind bang, bezorgd of lang verdrietig is."),
    ("opvoeden", "Opvoeden", "Meedenken over grenzen, rust en plezier thuis."),
    ("scheiding", "Ouders uit elkaar", "Samen ouder blijven na een scheiding."),
    ("school", "School en leren", "Als naar school gaan of leren niet lukt."),
    ("autisme", "Autisme", "Als de wereld te druk of te onduidelijk is."),
    ("adhd", "Druk en snel afgeleid", "Als stilzitten en opletten veel moeite kost."),
    ("trauma", "Ingrijpende dingen", "Als iets naars van vroeger nu nog stoort."),
    ("pleegzorg", "Pleegzorg", "Wonen in een ander gezin, en contact met thuis."),
    ("jongeren", "Jongeren op eigen benen", "Wonen, werken en geld vanaf 16 jaar."),
    ("baby", "Baby en peuter", "Slapen, eten en huilen in de eerste jaren."),
    ("taal", "Taal en cultuur", "Hulp in een andere taal dan het Nederlands."),
    ("netwerk", "Eigen kring", "Zoeken wie er om het gezin heen staat."),
    ("natuur", "Buiten en dieren", "Tot rust komen op de boerderij of in het bos."),
    ("verlies", "Rouw en verlies", "Als iemand dood is gegaan of weg is."),
)
# For these somebody registered is asked.
REGISTERED = ("angst", "autisme", "trauma")


@dataclass(frozen=True, slots=True)
class Recurring:
    """A tent that comes back: on which weekday (Monday is 0), for how many families, and where."""

    key: str
    name: str
    weekday: int
    starts_at: time
    families: int
    place: str
    every_weeks: int = 1
    minutes: int = 90
    video_link: str = ""


RECURRING = (
    Recurring("morning", "Dinsdagochtend", 1, time(9), 3, "Dorpshuis Peelrand"),
    Recurring(
        "evening",
        "Donderdagavond",
        3,
        time(18, 30),
        2,
        "Bibliotheek De Kring",
        every_weeks=2,
        video_link="https://video.example.nl/donderdagavond",
    ),
)


# Peelrand's own cards for the talk in a tent, beside those of Hendig. Invented, and it says so on its page.
GUIDE_NOTE = "Voorbeeld: deze kaarten zijn verzonnen voor de demo."
GUIDE = {
    "goes_well": {
        "card": "Op welk moment ging het beter dan anders? Wie of wat hielp toen?\n"
        "Wie zou het als eerste merken als het morgen beter ging?\n"
        "Waar bent u trots op?",
    },
    "directions": {
        "card": "Wie uit uw eigen kring kan iets doen? En wie in de buurt? Wat blijft er dan over?\n"
        "Wat is de kleinste stap die al helpt?",
    },
}
