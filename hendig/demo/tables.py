"""What was said at each tent, in the words of who was there. Invented."""

from __future__ import annotations

from hendig.demo.tents import A, D, F, G, Guest, Join, Note, Q, T, Tent, Thinks
from hendig.tents.models import PreparedKind, Sign, View

NOOR = Tent(
    place="Dorpshuis Peelrand, de kleine zaal",
    guests=(
        Guest("maaike", "school"),
        Guest("anouk", "angst"),
        Guest("youssef", "scheiding"),
        Guest("stefan", "netwerk", "busy"),
        Guest("merel", "verlies", "refused"),
    ),
)
NOOR_NOTES = (
    Note(Q, "noor", "Ik wil wel naar school, maar ’s morgens lukt het niet."),
    Note(Q, "sanne", "Hoe helpen we Noor zonder elke ochtend ruzie?"),
    Note(F, "sanne", "Noor slaapt slecht sinds ze naar de brugklas gaat."),
    Note(F, "noor", "In de klas is het druk en ik ken bijna niemand.", leads_to=2, place="school"),
    Note(F, "mark", "Bij ons thuis zijn de regels anders dan bij Sanne.", place="parents"),
    Note(
        F,
        "youssef",
        "Noor zit tussen twee huizen en wil niemand teleurstellen.",
        leads_to=2,
        place="family",
    ),
    Note(F, "ellen", "Noor moest haar verhaal al vier keer opnieuw vertellen.", place="helpers"),
    Note(T, "sanne", "Later naar school, een week lang.", outcome="partly"),
    Note(G, "noor", "Met de hond buiten ben ik rustig.", place="around"),
    Note(G, "mark", "We willen allebei hetzelfde voor Noor.", place="parents"),
    Note(G, "maaike", "Noor vertelt heel goed wat ze nodig heeft."),
    Note(D, "noor", "Met de hond van Piet lopen vóór school.", "own"),
    Note(D, "sanne", "Samen eten in het dorpshuis, dan leert Noor anderen kennen.", "community"),
    Note(D, "anouk", "Een keer per week wandelen en oefenen met spannende dingen.", "professional"),
    Note(D, "youssef", "Met de ouders afspraken maken die in twee huizen gelden.", "professional"),
    Note(A, "sanne", "De mentor weet: Noor mag rustig binnenkomen.", who="Sanne", within=3),
    Note(A, "mark", "Samen praten met Youssef.", who="Mark en Sanne", within=14),
    Note(A, "noor", "Twee keer per week lopen met de hond van Piet.", who="Noor", within=7),
)
# What they drew with these notes, by number: a circle, what helps, where they differ and what comes first.
NOOR_DRAWING = (
    Join("noor", 2, 3, Sign.WORSE),
    Join("youssef", 4, 5, Sign.KEEPS),
    Join("anouk", 6, 3, Sign.WORSE),
    Join("noor", 8, 2, Sign.SOFTENS),
    Join("sanne", 9, 5, Sign.PROTECTS),
    Join("maaike", 10, 3, Sign.SOFTENS),
    Thinks("noor", 5, View.AGREE),
    Thinks("anouk", 3, View.AGREE),
    Thinks("sanne", 4, View.DIFFER, "Bij mij zijn er ook vaste regels, alleen andere."),
    Thinks("mark", 6, View.DIFFER, "Ik denk dat het eerder door de nieuwe klas komt.", effect=3),
    Thinks("noor", 3, View.FIRST, "als ik één iemand ken, durf ik naar binnen"),
    Thinks("mark", 4, View.FIRST, "dat kunnen wij samen vandaag nog afspreken"),
)

FINN = Tent(
    place="Keuken van opa en oma",
    guests=(Guest("anouk", "natuur"), Guest("floris", "adhd"), Guest("hanneke", "netwerk")),
)
FINN_NOTES = (
    Note(Q, "lisa", "Hoe blijft het thuis rustig als ik avonddienst heb?"),
    Note(F, "lisa", "Finn mist zijn vaste plek als ik wissel van dienst."),
    Note(F, "finn", "Ik word boos als ik niet weet wie er thuis is.", leads_to=1),
    Note(T, "lisa", "Een weekkaart op de koelkast. Die raakte steeds vol."),
    Note(G, "finn", "Bij opa in de schuur gaat het altijd goed."),
    Note(G, "anouk", "Er zijn veel mensen die van Finn houden."),
    Note(D, "lisa", "Op avonden met dienst slaapt Finn bij opa en oma.", "own"),
    Note(D, "hanneke", "De voetbalclub zoekt hulp bij de jongste groep.", "community"),
    Note(D, "anouk", "Samen buiten zijn en oefenen met boos worden.", "professional"),
    Note(A, "lisa", "Finn slaapt elke dinsdag en donderdag daar.", who="Opa en oma", within=7),
    Note(A, "anouk", "Elke week een uur lopen met Finn.", who="Anouk", within=7),
)

JAYDEN = Tent(
    place="Huis van de wijk, kamer 2",
    guests=(Guest("gea", "pleegzorg"), Guest("fleur", "trauma"), Guest("anouk", "school")),
)
JAYDEN_NOTES = (
    Note(Q, "kim", "Ik wil een goede moeder zijn, ook al woont Jayden niet bij mij."),
    Note(Q, "wil", "Wat helpt Jayden na een bezoek?"),
    Note(F, "wil", "Na een bezoek slaapt Jayden een paar nachten slecht."),
    Note(F, "kim", "Afscheid nemen gaat gehaast. Dan moet ik de bus halen.", leads_to=2),
    Note(G, "toon", "Jayden en Kim bakken samen en lachen dan veel."),
    Note(D, "toon", "Toon brengt Kim naar huis. Dan is er tijd voor afscheid.", "own"),
    Note(D, "gea", "Een boekje maken over wie bij Jayden horen.", "professional"),
    Note(A, "kim", "Bezoek op zaterdag van tien tot drie, met samen koken.", who="Kim", within=7),
    Note(A, "gea", "Om de week bij Jayden, Wil en Toon komen.", who="Gea", within=14),
)
JAYDEN_AGAIN = Tent(
    place="Huis van de wijk, kamer 2",
    guests=(Guest("gea", "pleegzorg"), Guest("anouk", "school"), Guest("berend", "opvoeden", "busy")),
)
JAYDEN_AGAIN_NOTES = (
    Note(Q, "jayden", "Mag ik een keer bij mama slapen?"),
    Note(F, "kim", "Mijn huis is klein, maar er is een bed."),
    Note(F, "wil", "Jayden vraagt er elke week naar."),
    Note(G, "gea", "De bezoeken gaan nu al maanden goed."),
    Note(D, "toon", "Eerst een nacht, met Toon dichtbij aan de telefoon.", "own"),
    Note(A, "kim", "Een nacht bij Kim, op een vrijdag in de vakantie.", who="Kim en Toon", within=42),
)

IRIS = Tent(
    place="De Steiger, aan de grote tafel",
    guests=(Guest("roos", "jongeren"), Guest("isabel", "angst"), Guest("kevin", "netwerk")),
)
IRIS_NOTES = (
    Note(Q, "iris", "Straks ben ik achttien. Wie helpt mij dan nog?"),
    Note(F, "iris", "Ik vind het eng om alles zelf te moeten regelen."),
    Note(F, "monique", "Ik neem te veel over, omdat ik het sneller kan.", leads_to=1),
    Note(G, "kevin", "Iris heeft zelf een bijbaan gevonden."),
    Note(D, "monique", "Haar nicht gaat mee naar de bank.", "own"),
    Note(D, "roos", "Samen een lijst maken voor de eerste maand als je achttien bent.", "professional"),
    Note(A, "iris", "Zelf kiezen met wie ze verder praat.", who="Iris", within=7),
)

LOTTE = Tent(
    video_link="https://video.example.nl/tent-middag",
    guests=(
        Guest("merel", "trauma"),
        Guest("anouk", "angst"),
        Guest("yvonne", "opvoeden"),
        Guest("gea", "verlies", "busy"),
    ),
)

INGRID = Tent(
    video_link="https://video.example.nl/tent-avond",
    guests=(Guest("hanneke", "netwerk"), Guest("dirk", "scheiding"), Guest("roos", "jongeren", "refused")),
)
INGRID_NOTES = (
    Note(Q, "ingrid", "Hoe worden we samen een gezin, zonder dat iemand moet?"),
    Note(Q, "tess", "Ik wil ook tijd met alleen mama."),
    Note(F, "tess", "Mijn kamer is nu ook van iemand anders."),
    Note(F, "luuk", "Aan tafel praat iedereen door elkaar.", leads_to=2),
    Note(F, "ingrid", "We gingen snel samen wonen."),
    Note(G, "luuk", "Op vrijdag pizza bakken is leuk."),
    Note(G, "dirk", "Jullie zeggen eerlijk wat jullie vinden."),
    Note(D, "tess", "Elke week een avond met mama, en dan mag de telefoon uit.", "own"),
)

# What Fatima wrote down at home, for her own eyes until she lays it on the table.
BROUGHT = (
    (PreparedKind.QUESTION, "Waarom zegt school dat ze druk zijn, en zie ik dat thuis niet?"),
    (PreparedKind.GOES_WELL, "Ze spelen uren samen buiten."),
    (PreparedKind.WORRY, "Ze zijn bang om iets fout te doen in de klas."),
)
TWINS = Tent(
    recurring="morning",
    guests=(
        Guest("nadia", "taal", "free"),
        Guest("yvonne", "baby", "free"),
        Guest("rutger", "opvoeden", "busy"),
        Guest("fleur", "trauma", "refused"),
        Guest("anouk", "natuur", "asked"),
    ),
)

# As it was told, and what two who heard it thought.
WITHOUT_NAME = (
    "Een tweeling speelt het liefst samen en wil op school niet in de groep. Thuis gaat het goed. "
    "Wat zou u als eerste willen weten?"
)
THOUGHTS = (
    ("yvonne", "Wie van de twee begint er, als zij met een ander spelen? Daar zou ik mee beginnen.", True),
    ("nadia", "Welke taal spreken zij samen? Soms is dat hun eigen plek.", False),
)
