"""Why a bank refused or gave back a payment, in words (ISO 20022, ExternalStatusReason and ReturnReason)."""

from __future__ import annotations

from collections.abc import Mapping

from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from hendig.kernel.refusal import Words

_NUMBER = _("Het rekeningnummer klopt niet.")
_CLOSED = _("De rekening is opgeheven.")
_BLOCKED = _("De rekening is geblokkeerd.")
_NOT_ALLOWED = _("Op deze rekening mag dit niet worden overgemaakt.")
_TWICE = _("De bank ziet het als een dubbele betaling.")
_BANK = _("De bank van de ontvanger kan dit niet verwerken.")
_NAME = _("De naam of het adres past niet bij de rekening.")
_LAW = _("De wet verlangt gegevens die ontbreken.")
_NOT_SAID = _("De bank zegt niet waarom.")
_ASKED = _("De ontvanger of de gemeente vroeg het de bank.")
_DATE = _("De dag van de betaling kan niet.")
_SHAPE = _("Het bestand of een gegeven erin klopt niet voor de bank.")

REASONS: Mapping[str, Words] = {
    "AC01": _NUMBER,
    "AC02": _("Het rekeningnummer van de gemeente klopt niet."),
    "AC03": _NUMBER,
    "AC04": _CLOSED,
    "AC05": _("De rekening van de gemeente is opgeheven."),
    "AC06": _BLOCKED,
    "AC07": _CLOSED,
    "AC13": _NOT_ALLOWED,
    "AC14": _NOT_ALLOWED,
    "AG01": _NOT_ALLOWED,
    "AG02": _SHAPE,
    "AG03": _NOT_ALLOWED,
    "AM01": _("Het bedrag is nul."),
    "AM02": _("Het bedrag is hoger dan mag."),
    "AM03": _("De munt kan niet."),
    "AM04": _("Er stond te weinig geld op de rekening van de gemeente."),
    "AM05": _TWICE,
    "AM07": _BLOCKED,
    "AM09": _("Het bedrag klopt niet."),
    "AM10": _("Het totaal van het bestand klopt niet."),
    "AM14": _("Het bedrag is hoger dan met de bank is afgesproken."),
    "AM21": _("Het bedrag is hoger dan de limiet bij de bank."),
    "BE01": _NAME,
    "BE04": _NAME,
    "BE05": _NAME,
    "BE06": _("De bank kent deze ontvanger niet."),
    "BE07": _NAME,
    "BE22": _NAME,
    "CNOR": _BANK,
    "CUST": _ASKED,
    "DNOR": _("De bank van de gemeente kan dit niet verwerken."),
    "DS02": _("Iemand van de gemeente trok de opdracht bij de bank in."),
    "DT01": _DATE,
    "DT06": _DATE,
    "DU01": _TWICE,
    "DU02": _TWICE,
    "DU03": _TWICE,
    "DU04": _TWICE,
    "DUPL": _TWICE,
    "ED05": _BANK,
    "FF01": _SHAPE,
    "FF05": _SHAPE,
    "FOCR": _("De bank kreeg het verzoek om het geld terug te geven."),
    "FRAD": _("De bank denkt aan fraude."),
    "LEGL": _LAW,
    "MD07": _("De rekeninghouder is overleden."),
    "MS02": _("De ontvanger wil dit bedrag niet, en zegt niet waarom."),
    "MS03": _NOT_SAID,
    "NARR": _NOT_SAID,
    "NOOR": _("De bank kent de oorspronkelijke betaling niet."),
    "RC01": _BANK,
    "RC03": _BANK,
    "RC04": _BANK,
    "RC07": _BANK,
    "RF01": _TWICE,
    "RR01": _LAW,
    "RR02": _LAW,
    "RR03": _LAW,
    "RR04": _("De bank zegt niet waarom: dat mag van de wet."),
    "SL01": _("De bank van de ontvanger biedt dit niet aan."),
    "SL11": _NOT_ALLOWED,
    "SL12": _NOT_ALLOWED,
    "TM01": _("Het bestand kwam te laat bij de bank."),
    "TECH": _("Bij de bank ging iets mis in de techniek."),
    "UPAY": _("De betaling was niet terecht."),
}


def reason_words(code: str) -> Words:
    """The reason as a sentence; one that we have no words for is named as the bank names it."""
    if not code:
        return _NOT_SAID
    return REASONS.get(code, format_lazy(_("De bank noemt als reden: {code}."), code=code))
