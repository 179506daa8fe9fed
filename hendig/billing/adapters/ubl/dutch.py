"""The official rules in Dutch, for whoever makes invoices: what must be done, in the words of the invoice."""

from __future__ import annotations

import re
from collections.abc import Mapping

# EN 16931: what must be there, and what may be there once.
RULES: Mapping[str, str] = {
    "": "Zet in de factuur volgens welke afspraak ze is gemaakt (CustomizationID).",
    "BR-01": "Zet in de factuur volgens welke afspraak ze is gemaakt (CustomizationID).",
    "BR-02": "Geef de factuur een nummer.",
    "BR-03": "Zet de datum van de factuur erop.",
    "BR-04": "Zet erbij wat voor factuur het is (380, 381 of 384).",
    "BR-05": "Zet erbij in welke munt de factuur is (EUR).",
    "BR-06": "Zet de naam van uw organisatie op de factuur.",
    "BR-07": "Zet de naam van de ontvanger op de factuur.",
    "BR-08": "Zet het adres van uw organisatie op de factuur.",
    "BR-09": "Zet het land bij het adres van uw organisatie (NL).",
    "BR-10": "Zet het adres van de ontvanger op de factuur.",
    "BR-11": "Zet het land bij het adres van de ontvanger (NL).",
    "BR-12": "Zet de som van de regels op de factuur.",
    "BR-13": "Zet het totaal zonder btw op de factuur.",
    "BR-14": "Zet het totaal met btw op de factuur.",
    "BR-15": "Zet op de factuur welk bedrag betaald moet worden.",
    "BR-16": "Een factuur heeft ten minste één regel.",
    "BR-17": "Zet de naam erbij van wie het geld krijgt, als dat een ander is dan u.",
    "BR-18": "Zet de naam van de fiscaal vertegenwoordiger erbij.",
    "BR-19": "Zet het adres van de fiscaal vertegenwoordiger erbij.",
    "BR-20": "Zet het land bij het adres van de fiscaal vertegenwoordiger.",
    "BR-21": "Geef elke regel een nummer.",
    "BR-22": "Zet op elke regel hoeveel het is.",
    "BR-23": "Zet bij het aantal in welke eenheid het is, bijvoorbeeld uren (HUR) of minuten (MIN).",
    "BR-24": "Zet op elke regel het bedrag.",
    "BR-25": "Zet op elke regel een omschrijving.",
    "BR-26": "Zet op elke regel de prijs.",
    "BR-27": "Een prijs is nooit lager dan nul. Maak het aantal lager dan nul, of stuur een creditnota.",
    "BR-28": "Een prijs zonder korting is nooit lager dan nul.",
    "BR-29": "De periode van de factuur eindigt voordat ze begint.",
    "BR-30": "De periode van een regel eindigt voordat ze begint.",
    "BR-31": "Zet het bedrag bij de korting.",
    "BR-32": "Zet bij de korting welke btw daarvoor geldt.",
    "BR-33": "Zet bij de korting waarom u die geeft.",
    "BR-36": "Zet het bedrag bij de toeslag.",
    "BR-37": "Zet bij de toeslag welke btw daarvoor geldt.",
    "BR-38": "Zet bij de toeslag waarom u die rekent.",
    "BR-41": "Zet het bedrag bij de korting op de regel.",
    "BR-42": "Zet bij de korting op de regel waarom u die geeft.",
    "BR-43": "Zet het bedrag bij de toeslag op de regel.",
    "BR-44": "Zet bij de toeslag op de regel waarom u die rekent.",
    "BR-45": "Zet bij elk btw-tarief over welk bedrag het gaat.",
    "BR-46": "Zet bij elk btw-tarief hoeveel btw het is.",
    "BR-47": "Zet bij elk btw-bedrag welke soort btw het is. Voor jeugdhulp is dat E (vrijgesteld).",
    "BR-48": "Zet bij elk btw-bedrag het percentage. Voor jeugdhulp is dat 0.",
    "BR-49": "Zet erbij hoe er betaald wordt, bijvoorbeeld 58 (SEPA-overboeking).",
    "BR-50": "Zet het rekeningnummer (IBAN) erbij.",
    "BR-51": "Zet nooit een heel nummer van een betaalkaart op een factuur.",
    "BR-52": "Geef elke bijlage een nummer of naam.",
    "BR-53": "U noemt een tweede munt voor de btw. Zet dan ook het btw-bedrag in die munt erbij.",
    "BR-54": "Een kenmerk van een artikel heeft een naam en een waarde.",
    "BR-55": "Zet het nummer erbij van de eerdere factuur waar deze bij hoort.",
    "BR-56": "Zet het btw-nummer van de fiscaal vertegenwoordiger erbij.",
    "BR-57": "Zet het land bij het adres waar geleverd is.",
    "BR-61": "Bij een overboeking hoort een rekeningnummer (IBAN).",
    "BR-62": "Zet bij uw elektronische adres welk soort nummer het is, bijvoorbeeld 0106 voor KvK.",
    "BR-63": "Zet bij het elektronische adres van de ontvanger welk soort nummer het is (0190 voor OIN).",
    "BR-64": "Zet bij het artikelnummer welk soort nummer het is.",
    "BR-65": "Zet bij de indeling van het artikel welke lijst het is.",
    "BR-B-01": "Deze soort btw (B) is alleen voor facturen binnen Italië.",
    "BR-B-02": "Deze soort btw (B) gaat niet samen met het gewone btw-tarief.",
    "BR-CO-03": "Zet maar één van beide op de factuur: de btw-datum of de code daarvoor.",
    "BR-CO-04": "Zet op elke regel welke soort btw geldt. Voor jeugdhulp is dat E (vrijgesteld).",
    "BR-CO-05": "De reden van de korting en de code daarvan zeggen niet hetzelfde.",
    "BR-CO-06": "De reden van de toeslag en de code daarvan zeggen niet hetzelfde.",
    "BR-CO-07": "De reden van de korting op de regel en de code daarvan zeggen niet hetzelfde.",
    "BR-CO-08": "De reden van de toeslag op de regel en de code daarvan zeggen niet hetzelfde.",
    "BR-CO-09": "Een btw-nummer begint met de letters van het land, bijvoorbeeld NL123456789B12.",
    "BR-CO-10": "De som van de regels klopt niet met de bedragen op de regels.",
    "BR-CO-11": "Het totaal van de kortingen klopt niet met de kortingen zelf.",
    "BR-CO-12": "Het totaal van de toeslagen klopt niet met de toeslagen zelf.",
    "BR-CO-13": "Het totaal zonder btw klopt niet: regels, min kortingen, plus toeslagen.",
    "BR-CO-14": "Het totaal van de btw klopt niet met de btw-bedragen.",
    "BR-CO-15": "Het totaal met btw klopt niet: totaal zonder btw, plus btw.",
    "BR-CO-16": "Het te betalen bedrag klopt niet: totaal met btw, min wat al betaald is, plus afronding.",
    "BR-CO-17": "Het btw-bedrag klopt niet met bedrag keer percentage.",
    "BR-CO-18": "Zet de btw op de factuur, ook als het vrijgesteld is.",
    "BR-CO-19": "Zet bij de periode van de factuur een eerste of een laatste dag.",
    "BR-CO-20": "Zet bij de periode van de regel een eerste of een laatste dag.",
    "BR-CO-21": "Zet bij de korting waarom u die geeft.",
    "BR-CO-22": "Zet bij de toeslag waarom u die rekent.",
    "BR-CO-23": "Zet bij de korting op de regel waarom u die geeft.",
    "BR-CO-24": "Zet bij de toeslag op de regel waarom u die rekent.",
    "BR-CO-25": "Zet erbij voor welke dag betaald moet zijn, of wat de afspraak daarover is.",
    "BR-CO-26": "Zet het KvK-nummer of het btw-nummer van uw organisatie op de factuur.",
    "BR-IC-11": "Zet de dag van levering of de periode op de factuur.",
    "BR-IC-12": "Zet erbij in welk land geleverd is.",
    "BR-NL-1": "Zet het KvK-nummer (0106) of OIN (0190) van uw organisatie op de factuur.",
    "BR-NL-2": "Zet een kenmerk van de ontvanger of een ordernummer op de factuur.",
    "BR-NL-3": "Zet straat, postcode en plaats van uw organisatie op de factuur.",
    "BR-NL-4": "Zet straat (of postbus), postcode en plaats van de ontvanger op de factuur.",
    "BR-NL-5": "Zet straat, postcode en plaats van de fiscaal vertegenwoordiger op de factuur.",
    "BR-NL-7": "De soort factuur moet 380, 381, 384 of 389 zijn.",
    "BR-NL-8": "Een creditnota (381) moet een UBL-creditnota zijn, geen UBL-factuur.",
    "BR-NL-9": "Zet bij een correctie (384) het nummer van de factuur die u verbetert.",
    "BR-NL-10": "Zet het KvK-nummer (0106) of OIN (0190) van de gemeente op de factuur, niet het btw-nummer.",
    "BR-NL-11": "Zet erbij hoe er betaald wordt, met het rekeningnummer (IBAN).",
    "BR-NL-12": "De manier van betalen moet 30, 48, 49, 57, 58 of 59 zijn.",
    "BR-NL-13": "Een regel noemt een orderregel. Zet dan ook het ordernummer op de factuur.",
    "BR-NL-19": "Een munt voor de btw is in Nederland niet nodig. Laat die liever weg.",
    "BR-NL-20": "De btw-datum wordt niet gelezen. Laat die liever weg.",
    "BR-NL-21": "De code voor de btw-datum wordt niet gelezen. Laat die liever weg.",
    "BR-NL-24": "De datum van de eerdere factuur is niet nodig. Laat die liever weg.",
    "BR-NL-25": "Een fiscaal nummer dat geen btw-nummer is, is in Nederland niet nodig. Laat het liever weg.",
    "BR-NL-26": "De rechtsvorm is niet nodig. Laat die liever weg.",
    "BR-NL-27": "Een derde adresregel is niet nodig. Laat die liever weg.",
    "BR-NL-28": "Een provincie of gebied is niet nodig. Laat die liever weg.",
    "BR-NL-29": "Een tekst bij de manier van betalen is niet nodig. Laat die liever weg.",
    "BR-NL-30": "Een naam bij het rekeningnummer is niet nodig. Laat die liever weg.",
    "BR-NL-31": "Een bankcode (BIC) is bij SEPA niet nodig. Laat die liever weg.",
    "BR-NL-32": "Een code voor de reden van de korting of toeslag is niet nodig. Laat die liever weg.",
    "BR-NL-33": "Een btw-totaal in een andere munt is niet nodig. Laat dat liever weg.",
    "BR-NL-34": "Een code voor de reden van de toeslag is niet nodig. Laat die liever weg.",
    "BR-NL-35": "Een code voor de vrijstelling van btw is niet nodig. De reden in woorden is genoeg.",
    "SI-UBL-2": "Er staan lege onderdelen in de factuur. Laat die weg.",
    "UBL-CR-002": "Een versie van UBL is niet nodig. Laat die weg, of schrijf 2.1.",
    "UBL-CR-666": "Een verwijzing is of een objectnummer, of een bijlage, niet allebei.",
    "UBL-CR-673": "Een objectnummer heeft geen omschrijving.",
    "UBL-DT-01": "Een bedrag heeft hoogstens twee cijfers achter de komma.",
    "UBL-DT-06": "Zet bij de bijlage wat voor bestand het is.",
    "UBL-DT-07": "Zet bij de bijlage de naam van het bestand.",
    "UBL-SR-07": "Zet het nummer erbij van de eerdere factuur waar deze bij hoort.",
    "UBL-SR-42": "Bij uw organisatie mogen hoogstens twee fiscale nummers staan.",
    "UBL-SR-43": "Het soort nummer mag alleen bij een objectnummer staan (type 130).",
    "UBL-SR-44": "De factuur heeft hoogstens één betalingskenmerk.",
    "UBL-SR-47": "Alle manieren van betalen op de factuur moeten dezelfde zijn.",
    "UBL-SR-48": "Een regel heeft precies één soort btw.",
    "UBL-SR-53": "Zet het btw-nummer erbij, of laat het onderdeel weg.",
    # Peppol: what the network asks beside it.
    "NL-R-001": "Zet bij een creditnota het nummer van de factuur die u crediteert.",
    "NL-R-002": "Zet straat, postcode en plaats van uw organisatie op de factuur.",
    "NL-R-003": "Zet het KvK-nummer (0106) of OIN (0190) van uw organisatie op de factuur.",
    "NL-R-004": "Zet straat (of postbus), postcode en plaats van de ontvanger op de factuur.",
    "NL-R-005": "Zet het KvK-nummer (0106) of OIN (0190) van de gemeente op de factuur, niet het btw-nummer.",
    "NL-R-006": "Zet straat, postcode en plaats van de fiscaal vertegenwoordiger op de factuur.",
    "NL-R-007": "Zet erbij hoe er betaald wordt, met het rekeningnummer (IBAN).",
    "NL-R-008": "De manier van betalen moet 30, 48, 49, 57, 58 of 59 zijn.",
    "NL-R-009": "Een regel noemt een orderregel. Zet dan ook het ordernummer op de factuur.",
    "PEPPOL-COMMON-R040": "Een GLN-nummer klopt niet.",
    "PEPPOL-COMMON-R054": "Een KvK-nummer (0106) heeft 8 cijfers.",
    "PEPPOL-COMMON-R055": "Een OIN (0190) heeft 20 cijfers.",
    "PEPPOL-COMMON-R056": "Een Nederlands btw-nummer ziet eruit als NL123456789B12.",
    "PEPPOL-COMMON-R057": "Een vestigingsnummer (0217) heeft 12 cijfers.",
    "PEPPOL-EN16931-CL001": "Dit soort bijlage mag niet. Stuur een pdf, plaatje of rekenblad.",
    "PEPPOL-EN16931-CL002": "De code voor de reden van de korting bestaat niet.",
    "PEPPOL-EN16931-CL003": "De code voor de reden van de toeslag bestaat niet.",
    "PEPPOL-EN16931-CL006": "De code bij de periode van de factuur bestaat niet.",
    "PEPPOL-EN16931-CL007": "De munt bestaat niet. Schrijf EUR.",
    "PEPPOL-EN16931-CL008": "Het soort nummer bij een elektronisch adres bestaat niet.",
    "PEPPOL-EN16931-F001": "Een datum klopt niet. Schrijf een datum als 2026-11-05.",
    "PEPPOL-EN16931-P0100": "Deze soort factuur mag niet op Peppol. Gebruik 380, of 381 voor een creditnota.",
    "PEPPOL-EN16931-P0101": "Deze soort creditnota mag niet op Peppol. Gebruik 381.",
    "PEPPOL-EN16931-P0112": "384 mag op Peppol alleen in Duitsland. Gebruik 380 en noem de eerdere factuur.",
    "PEPPOL-EN16931-R001": "Zet erbij volgens welk proces de factuur is gestuurd (ProfileID).",
    "PEPPOL-EN16931-R002": "Zet hoogstens één opmerking op de factuur.",
    "PEPPOL-EN16931-R003": "Zet een kenmerk van de ontvanger of een ordernummer op de factuur.",
    "PEPPOL-EN16931-R004": "Zet in de factuur dat ze volgens Peppol BIS 3 is gemaakt (CustomizationID).",
    "PEPPOL-EN16931-R005": "De tweede munt voor de btw is dezelfde als die van de factuur. Laat die weg.",
    "PEPPOL-EN16931-R007": "Het proces (ProfileID) bestaat niet.",
    "PEPPOL-EN16931-R008": "Er staan lege onderdelen in de factuur. Laat die weg.",
    "PEPPOL-EN16931-R010": "Zet het elektronische adres van de ontvanger op de factuur.",
    "PEPPOL-EN16931-R020": "Zet het elektronische adres van uw organisatie op de factuur.",
    "PEPPOL-EN16931-R040": "De korting of toeslag is een ander bedrag dan het percentage geeft.",
    "PEPPOL-EN16931-R041": "Bij een korting of toeslag in procenten hoort het bedrag waarover die geldt.",
    "PEPPOL-EN16931-R042": "Bij een bedrag waarover korting of toeslag geldt, hoort een percentage.",
    "PEPPOL-EN16931-R043": "Zet erbij of het een toeslag is (true) of een korting (false).",
    "PEPPOL-EN16931-R044": "Een toeslag op de prijs zelf mag niet.",
    "PEPPOL-EN16931-R046": "De prijs is niet gelijk aan de prijs zonder korting, min de korting.",
    "PEPPOL-EN16931-R051": "Alle bedragen moeten in de munt van de factuur zijn.",
    "PEPPOL-EN16931-R053": "Er mag maar één btw-totaal met tarieven zijn.",
    "PEPPOL-EN16931-R054": "Er mag maar één btw-totaal in de tweede munt zijn.",
    "PEPPOL-EN16931-R055": "De btw in beide munten moet allebei boven of allebei onder nul zijn.",
    "PEPPOL-EN16931-R061": "Zet bij een incasso het nummer van de machtiging.",
    "PEPPOL-EN16931-R080": "Zet hoogstens één projectnummer op de factuur.",
    "PEPPOL-EN16931-R100": "Een regel heeft hoogstens één objectnummer.",
    "PEPPOL-EN16931-R101": "Een verwijzing op een regel mag alleen een objectnummer zijn (type 130).",
    "PEPPOL-EN16931-R110": "De eerste dag van een regel ligt buiten de periode van de factuur.",
    "PEPPOL-EN16931-R111": "De laatste dag van een regel ligt buiten de periode van de factuur.",
    "PEPPOL-EN16931-R120": "Aantal keer prijs is een ander bedrag dan op de regel staat.",
    "PEPPOL-EN16931-R121": "Het aantal waarvoor de prijs geldt, moet meer dan nul zijn.",
    "PEPPOL-EN16931-R130": "De eenheid van de prijs moet dezelfde zijn als die van het aantal.",
}

# What may be there once (UBL-SR).
ONCE: Mapping[str, str] = {
    "01": "Het contractnummer", "02": "Het nummer van de ontvangst", "03": "Het nummer van de levering",
    "04": "Het objectnummer van de factuur", "05": "De afspraak over betalen", "06": "De eerdere factuur",
    "08": "De periode van de factuur", "09": "De officiële naam van uw organisatie",
    "10": "De handelsnaam van uw organisatie", "11": "Het KvK-nummer of OIN van uw organisatie",
    "12": "Het btw-nummer van uw organisatie", "13": "Het fiscale nummer van uw organisatie",
    "14": "De rechtsvorm van uw organisatie", "15": "De officiële naam van de ontvanger",
    "16": "Het nummer van de ontvanger", "17": "Het KvK-nummer of OIN van de ontvanger",
    "18": "Het btw-nummer van de ontvanger", "19": "De naam van wie het geld krijgt",
    "20": "Het nummer van wie het geld krijgt", "21": "Het KvK-nummer van wie het geld krijgt",
    "22": "De naam van de fiscaal vertegenwoordiger", "23": "Het btw-nummer van de fiscaal vertegenwoordiger",
    "24": "De levering", "25": "De naam bij de levering", "26": "Het betalingskenmerk",
    "27": "De tekst bij de manier van betalen", "28": "Het nummer van de machtiging",
    "29": "Het incassantnummer", "30": "De reden van een korting", "31": "De reden van een toeslag",
    "32": "De reden van de vrijstelling van btw", "33": "De omschrijving van een bijlage",
    "34": "De opmerking op een regel", "35": "De orderregel op een regel", "36": "De periode van een regel",
    "37": "De korting op een prijs", "39": "Het projectnummer", "40": "De handelsnaam van de ontvanger",
    "45": "De uiterste dag van betalen", "46": "De tekst bij de manier van betalen", "49": "De btw-datum",
    "50": "De omschrijving op een regel", "51": "De derde adresregel", "52": "De verwijzing op een regel",
    "54": "De betaalkaart", "55": "De machtiging", "56": "Het nummer van de aanbesteding",
}  # fmt: skip

# Whose code is not on its list (BR-CL).
CODES: Mapping[str, str] = {
    "01": "De soort factuur", "03": "De munt bij een bedrag", "04": "De munt van de factuur",
    "05": "De munt voor de btw", "06": "De code voor de btw-datum", "07": "Het soort objectnummer",
    "08": "De code bij de opmerking", "10": "Het soort nummer bij een organisatie",
    "11": "Het soort nummer bij een KvK-nummer of OIN", "13": "De lijst bij de indeling van een artikel",
    "14": "De code van een land", "15": "De code van het land van herkomst", "16": "De manier van betalen",
    "17": "De soort btw", "18": "De soort btw op een regel", "19": "De code voor de reden van een korting",
    "20": "De code voor de reden van een toeslag", "21": "Het soort artikelnummer",
    "22": "De code voor de vrijstelling van btw", "23": "De eenheid bij een aantal",
    "24": "Het soort bestand van een bijlage", "25": "Het soort nummer bij een elektronisch adres",
    "26": "Het soort nummer bij de plaats van levering",
}  # fmt: skip

# The kinds of VAT: what a line of it is called, and what its rate must be.
VAT: Mapping[str, tuple[str, str]] = {
    "S": ("het gewone btw-tarief (S)", "hoger dan 0"),
    "Z": ("het nultarief (Z)", "0"),
    "E": ("vrijstelling van btw (E)", "0"),
    "AE": ("verlegde btw (AE)", "0"),
    "G": ("uitvoer buiten de EU (G)", "0"),
    "IC": ("levering binnen de EU (K)", "0"),
    "AF": ("de belasting van de Canarische Eilanden (L)", "0 of hoger"),
    "AG": ("de belasting van Ceuta en Melilla (M)", "0 of hoger"),
    "O": ("iets waar geen btw voor geldt (O)", "weg"),
}
PLACES = {0: "regel", 1: "korting", 2: "toeslag"}

COUNTRIES: Mapping[str, str] = {
    "DE": "Duitsland", "DK": "Denemarken", "GR": "Griekenland", "IS": "IJsland", "IT": "Italië",
    "NO": "Noorwegen", "SE": "Zweden",
}  # fmt: skip

UBL_CR = re.compile(r"(?:should|shall) not include (?:the |an? )?(.+?)\.?$")


def dutch(rule: str, official: str = "") -> str:
    """The rule in Dutch; empty when we have no words for it."""
    if rule in RULES:
        return RULES[rule]
    family, _dash, number = rule.rpartition("-")
    if family in RULES:
        # A part of a rule: BR-NL-27-3 is about the same as BR-NL-27.
        return RULES[family]
    if family.startswith("BR-") and family.removeprefix("BR-") in VAT and number.isdecimal():
        return _of_vat(family.removeprefix("BR-"), int(number))
    return _of_lists(family, number) or _of_others(rule, official)


def _of_lists(family: str, number: str) -> str:
    """Rules that say the same of one thing after another."""
    if family == "UBL-SR" and number in ONCE:
        return f"{ONCE[number]} mag maar één keer voorkomen."
    if family == "BR-CL" and number in CODES:
        return f"{CODES[number]} staat niet in de officiële lijst."
    return "Een bedrag heeft hoogstens twee cijfers achter de komma." if family == "BR-DEC" else ""


def _of_vat(kind: str, number: int) -> str:
    name, rate = VAT[kind]
    if 2 <= number <= 4:
        numbers = "mag er geen btw-nummer" if kind == "O" else "moet uw btw-nummer"
        return f"Er is een {PLACES[number - 2]} met {name}. Dan {numbers} op de factuur staan."
    if 5 <= number <= 7:
        must = "Laat het percentage weg" if rate == "weg" else f"Het percentage moet {rate} zijn"
        return f"Er is een {PLACES[number - 5]} met {name}. {must}."
    if kind == "O" and 11 <= number <= 14:
        return f"Op een factuur met {name} mag geen andere soort btw staan."
    because = "mag geen reden van vrijstelling" if kind in {"S", "Z", "AF", "AG"} else "moet de reden"
    amount = "bedrag keer percentage" if kind in {"S", "AF", "AG"} else "0"
    return {
        1: f"Er is een regel, korting of toeslag met {name}. Zet daarvan ook het totaal bij de btw.",
        8: f"Bij {name} is het bedrag anders dan de som van de regels, kortingen en toeslagen daarmee.",
        9: f"Bij {name} moet het btw-bedrag {amount} zijn.",
        10: f"Bij het totaal met {name} {because} staan (TaxExemptionReason).",
    }.get(number, "")


def _of_others(rule: str, official: str) -> str:
    """Rules of which there are hundreds, and rules that are not about the Netherlands."""
    if rule.startswith("UBL-CR-"):
        part = UBL_CR.search(official)
        return f"Dit onderdeel wordt niet gelezen. Laat het weg: {part[1] if part else rule}."
    if rule.startswith("UBL-DT-"):
        return "Bij een waarde staat een kenmerk dat niet wordt gelezen. Laat het weg."
    if rule.startswith("PEPPOL-EN16931-P01"):
        return "De code voor de vrijstelling hoort bij een andere soort btw."
    if rule.startswith("PEPPOL-COMMON-"):
        return "Een nummer uit een ander land klopt niet."
    country = COUNTRIES.get(rule[:2]) if rule[2:3] == "-" else None
    if country is None:
        return ""
    return f"Dit is een regel voor bedrijven in {country}. Kijk of het land op de factuur klopt."
