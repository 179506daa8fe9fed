"""What families wrote: their question half a year ago, and the one that is open now. Invented."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Said:
    """A question with what the coach noted and what the family hopes for."""

    words: str
    note: str
    result: str


BEFORE = {
    "agnieszka": Said(
        "Mój syn nie śpi w nocy. Jesteśmy bardzo zmęczeni. (Mijn zoon slaapt slecht. Wij zijn erg moe.)",
        "Belt graag met Wiktoria erbij, die spreekt Pools.",
        "Kuba slaapt in zijn eigen bed.",
    ),
    "kim": Said(
        "Mijn zoon woont sinds kort bij een pleeggezin. Ik wil weten hoe ik hem goed kan helpen wennen.",
        "Kim heeft het gezag. Wil en Toon zijn de pleegouders.",
        "Jayden weet bij wie hij hoort.",
    ),
    "daan": Said(
        "Ik wil met iemand praten, maar niet met mijn ouders erbij.",
        "Daan is 16 en beslist zelf. Hij appt liever dan dat hij belt.",
        "Ik weet bij wie ik terecht kan.",
    ),
    "mirjam": Said(
        "We zijn verhuisd. Mijn dochter is bang voor alles. Ons adres moet geheim blijven.",
        "Geen adres opschrijven en geen brief sturen. Alleen bellen na een app.",
        "Lotte durft weer buiten te spelen.",
    ),
    "bart": Said(
        "Ik sta er alleen voor en vraag me af of ik het wel goed doe.",
        "Bart werkt in ploegendienst. Bellen na drie uur.",
        "Een vaste dag en wat lucht.",
    ),
    "fatima": Said(
        "Onze tweeling praat nog weinig. Is dat normaal?",
        "Hassan en Fatima beslissen samen. Fatima leest liever dan dat ze belt.",
        "We weten wat we thuis kunnen doen.",
    ),
    "lisa": Said(
        "Mijn zoon wordt thuis snel boos. Op school merken ze niets.",
        "Opa en oma wonen om de hoek en helpen veel.",
        "Rust aan tafel.",
    ),
    "monique": Said(
        "Mijn dochter trekt zich terug op haar kamer. Hoe praat ik met haar?",
        "Iris wil er zelf bij zijn.",
        "Samen praten zonder ruzie.",
    ),
    "eva": Said(
        "Onze baby huilt veel. We slapen om de beurt.",
        "Eerste kind. De ouders van Eva wonen ver weg.",
        "Een nacht met vier uur slaap.",
    ),
    "ingrid": Said(
        "Mijn dochter wil niet meer mee op vakantie met ons nieuwe gezin.",
        "Ingrid heeft het gezag alleen. Jeroen is haar man.",
        "Een zomer waar iedereen zin in heeft.",
    ),
}

NOW = {
    "agnieszka": Said(
        "Kuba nie rozumie nauczycielki i wraca smutny. (Kuba begrijpt de juf niet en komt verdrietig thuis.)",
        "Gesprek op school, met Wiktoria erbij. De juf denkt mee.",
        "Kuba gaat blij naar school en heeft een vriend.",
    ),
    "kim": Said(
        "Na een bezoek is Jayden dagen van slag. Ik wil dat het voor hem fijn wordt.",
        "Wil en Toon zien hetzelfde. Iedereen wil dat de bezoeken doorgaan.",
        "Jayden kijkt uit naar een bezoek en slaapt daarna goed.",
    ),
    "daan": Said(
        "Ik ben gestopt met school en zit de hele dag binnen. Thuis wonen gaat niet meer.",
        "Daan slaapt nu bij een vriend. Hij wil werken en een eigen plek.",
        "Ik heb werk en een kamer.",
    ),
    "mirjam": Said(
        "Mijn dochter slaapt niet en schrikt van elk geluid. Ik wil haar weer zien lachen.",
        "Alles met beeld en op afstand. Geen plaats noemen.",
        "Lotte slaapt en lacht weer.",
    ),
    "bart": Said(
        "Mijn zoon mist zijn moeder en ik weet niet wat ik moet zeggen.",
        "Moeder woont in het buitenland en belt soms. Bart heeft het gezag alleen.",
        "Sem kan vertellen wat hij voelt.",
    ),
    "fatima": Said(
        "Op school vinden ze onze tweeling te druk. Thuis zijn ze juist stil. We begrijpen het niet.",
        "De school denkt graag mee. Amin en Yara zitten in één groep.",
        "Amin en Yara horen erbij in de klas.",
    ),
    "lisa": Said(
        "Ik werk in wisseldienst. Als ik avonddienst heb, gaat het mis. Mijn ouders helpen, maar worden oud.",
        "Finn praat makkelijker als je iets samen doet.",
        "Ook op avonden met dienst is het rustig.",
    ),
    "monique": Said(
        "Mijn dochter wordt bijna 18. Zij is bang voor alles wat er dan op haar afkomt.",
        "Iris beslist zelf. Moeder helpt op de achtergrond.",
        "Ik weet wat ik moet regelen en met wie.",
    ),
    "eva": Said(
        "Onze zoon van één eet bijna niet. Elke maaltijd is strijd.",
        "De huisarts zegt dat hij gezond is. Eerst samen kijken aan tafel.",
        "",
    ),
    "ingrid": Said(
        "We wonen nu met z’n vieren in één huis. De kinderen maken veel ruzie, en wij ook.",
        "Tess wil zelf iets zeggen in de tent.",
        "Een huis waar ieder een eigen plek heeft.",
    ),
}

NEW = (
    "Mijn zoon van 9 wil nergens meer naartoe. Voetbal, zwemmen, feestjes: hij blijft liever op zijn kamer. "
    "Ik ben gescheiden en mijn werk begint vroeg. Kan iemand met ons meedenken?"
)

# title, text, neighbourhood: without anything that tells whose it is
ON_BOARD = {
    "lisa": (
        "Wie repareert er graag samen iets?",
        "Een jongen van 11 werkt graag met zijn handen. Wie wil hem af en toe laten helpen met klussen?",
        "Peelrand-West",
    ),
    "agnieszka": (
        "Samen voorlezen na school",
        "Een jongen van 7 leert Nederlands. Wie leest er een keer per week samen met hem een boekje?",
        "Centrum",
    ),
    "mirjam": (
        "Een fijne plek om te spelen",
        "Een kleuter is graag bij dieren, op een rustige plek. Wie weet iets?",
        "",
    ),
    "daan": (
        "Een baantje met mijn handen",
        "Jongen van 16 zoekt werk voor een paar dagen per week. Ik ben op tijd en leer snel.",
        "Centrum",
    ),
}
