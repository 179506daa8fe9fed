"""What a rule means, in words that somebody who makes invoices understands.

The words about what we see ourselves are translated like every text. Of the official rules the Dutch is ours,
and the English is what their makers say, which comes with the rules: a translation would be a twin.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from hendig.billing.adapters.ubl.dutch import dutch
from hendig.kernel.refusal import Words

OURS: Mapping[str, Words] = {
    "HENDIG-EMPTY": _("Het bestand is leeg."),
    "HENDIG-TOO-BIG": _("Het bestand is groter dan 5 MB. Laat bijlagen weg, of splits de factuur."),
    "HENDIG-NOT-XML": _(
        "Dit is geen e-factuur. Een e-factuur is een XML-bestand (UBL), geen pdf, zip of webpagina."
    ),
    "HENDIG-ENCODING": _("De tekens in dit bestand zijn niet te lezen. Bewaar het als UTF-8."),
    "HENDIG-BROKEN": _("Het bestand is kapot: de XML klopt niet. Maak het opnieuw in het factuurprogramma."),
    "HENDIG-DOCTYPE": _(
        "Het bestand verwijst naar iets daarbuiten (DOCTYPE). Dat mag niet in een e-factuur."
    ),
    "HENDIG-TOO-MUCH": _("Het bestand heeft te veel onderdelen. Splits de factuur."),
    "HENDIG-TOO-DEEP": _(
        "De onderdelen van dit bestand zitten te diep in elkaar. Dit is geen gewone factuur."
    ),
    "HENDIG-NO-INVOICE": _("Dit is geen UBL-factuur of UBL-creditnota, maar een ander bericht."),
    "HENDIG-UNPROCESSABLE": _(
        "Het bestand is afgewezen: de controle kan het niet verwerken. Vaak staat iets er dubbel in."
    ),
    "HENDIG-TOO-LONG": _("Het bestand is afgewezen: de controle duurt te lang. Splits de factuur."),
    "HENDIG-AMOUNT": _(
        "Een getal is niet te lezen, of een bedrag heeft meer dan twee cijfers achter de komma."
    ),
    "HENDIG-CURRENCIES": _(
        "Een bedrag is in een andere munt dan de factuur. Zet alles in dezelfde munt (EUR)."
    ),
    "HENDIG-DATE": _("Een datum klopt niet. Schrijf een datum als 2026-11-05."),
    "HENDIG-MISSING": _("Er ontbreekt iets dat op elke factuur staat."),
    "HENDIG-PROFILE": _("De factuur zegt niet dat ze volgens NLCIUS of Peppol is gemaakt (CustomizationID)."),
    "HENDIG-TOTALS": _("De totalen onderaan zijn anders dan de som van de regels."),
    "HENDIG-VAT-SUM": _("De bedragen bij de btw zijn samen anders dan het totaal zonder btw."),
    "HENDIG-CURRENCY": _("De factuur is niet in euro. De gemeente betaalt alleen in euro."),
    "HENDIG-VAT": _("Op de factuur staat btw, of geen vrijstelling. Jeugdhulp is vrijgesteld van btw."),
    "HENDIG-LINE": _("Aantal keer prijs is een ander bedrag dan op deze regel staat."),
    "HENDIG-ASSIGNMENT": _(
        "Bij deze regel staat geen matchnummer. Daaraan ziet de gemeente om welke hulp het gaat."
    ),
    "HENDIG-IBAN": _("Het rekeningnummer (IBAN) klopt niet."),
    "HENDIG-TWICE": _("Twee regels hebben hetzelfde nummer."),
    "UBL-XSD": _("Hier staat iets dat niet in een UBL-bestand past, of op een andere plaats hoort."),
}
OTHERWISE = _("Een officiële regel klopt niet.")
OWN_NAME = re.compile(r"^\s*\[[^\]]*\]\s*-?\s*")


def words_for(rule: str, official: str = "") -> Words:
    """What the rule means: in Dutch by us, else in the words of its makers."""
    if rule in OURS:
        return OURS[rule]
    ours = dutch(rule, official)
    if ours and (get_language() or "nl").startswith("nl"):
        return ours
    return OWN_NAME.sub("", official) or OTHERWISE
