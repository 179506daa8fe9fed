"""Why a question cannot be told without a name as it stands, be answered, or be taken back. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta

from django.utils.translation import gettext_lazy as _

from hendig.families.models import Part
from hendig.kernel.refusal import Refusal
from hendig.kernel.traces import has_address, has_bsn, has_date, has_email, has_phone, name_in
from hendig.opentent.rules import SentenceWith
from hendig.tents.rules.prepared import BEFORE

MOST_LETTERS = 600
# So long it may be answered, and so long the answers stay.
ANSWERED_WITHIN, STAYS = timedelta(days=14), timedelta(days=60)
WRITE_IT = frozenset({Part.FAMILY, Part.COACH})
FAMILY_ALONE = frozenset({Part.FAMILY, Part.CONFIDANT})


def why_not_tell(*, part: str, stage: str) -> Refusal | None:
    """Why this question is not told without a name by this person, whatever is written."""
    if part not in WRITE_IT:
        return Refusal("nameless.not_yours", _("Het gezin en de gezinscoach vertellen de vraag."))
    if stage not in BEFORE:
        return Refusal("nameless.over", _("Het gesprek in de tent is al geweest."))
    return None


def why_no_text(text: str, *, waiting: bool) -> Refusal | None:
    """Why this is not what is told."""
    if not text.strip():
        return Refusal("nameless.empty", _("Schrijf eerst op wat er verteld mag worden."))
    if len(text.strip()) > MOST_LETTERS:
        return Refusal("nameless.too_long", _("Dit is te lang. Vertel het in een paar zinnen."))
    if waiting:
        return Refusal(
            "nameless.waiting",
            _("Voor deze expertise wacht al een tekst op het ja van het gezin. Haal die eerst terug."),
        )
    return None


def why_it_tells_who(text: str, names: Iterable[str]) -> Refusal | None:
    """What in the text leads to somebody: a name of the family, an address, a number, a day of birth."""
    if found := name_in(text, names):
        return Refusal(
            "nameless.name",
            SentenceWith(
                _("Er staat een naam in: %s. Schrijf liever “mijn dochter” of “een jongen van 8”."), found
            ),
        )
    if has_address(text):
        return Refusal("nameless.address", _("Er staat een adres in. Laat het weg."))
    if has_email(text) or has_phone(text):
        return Refusal(
            "nameless.contact", _("Er staat een telefoonnummer of een mailadres in. Laat het weg.")
        )
    if has_bsn(text):
        return Refusal("nameless.bsn", _("Er staat een nummer in dat een bsn kan zijn. Laat het weg."))
    if has_date(text):
        return Refusal(
            "nameless.date", _("Er staat een datum in. Schrijf liever een leeftijd, of “vorige maand”.")
        )
    return None


def why_not_allow(*, part: str, decides: bool, told: bool, withdrawn: bool) -> Refusal | None:
    """Why this cannot be told now; only who decides in the family says that it may."""
    if part != Part.FAMILY:
        return Refusal("nameless.family", _("Het gezin leest dit eerst en zegt of het zo mag."))
    if not decides:
        return Refusal(
            "nameless.not_a_decider",
            _("Iemand met gezag, of een kind vanaf 12 jaar, zegt of dit zo verteld mag worden."),
        )
    if withdrawn:
        return Refusal("nameless.withdrawn", _("Deze tekst is teruggehaald."))
    if told:
        return Refusal("nameless.told", _("Dit is al verteld."))
    return None


def why_nobody_hears(hearers: int) -> Refusal | None:
    if hearers:
        return None
    return Refusal("nameless.nobody", _("Nu werkt hier niemand met deze expertise. Kies een andere."))


def why_not_withdraw(*, part: str, withdrawn: bool) -> Refusal | None:
    """Why this is not taken back."""
    if part not in WRITE_IT:
        return Refusal("nameless.not_yours", _("Het gezin en de gezinscoach vertellen de vraag."))
    if withdrawn:
        return Refusal("nameless.withdrawn", _("Deze tekst is teruggehaald."))
    return None


def why_no_answer(words: str, *, until_at: datetime, closed: bool, at: datetime) -> Refusal | None:
    """Why this cannot be answered."""
    if closed or until_at <= at:
        return Refusal("nameless.closed", _("Deze vraag is niet meer open. Dank dat u meedacht."))
    if not words.strip():
        return Refusal("nameless.no_words", _("Schrijf eerst op wat u denkt. Een paar zinnen is genoeg."))
    if len(words.strip()) > MOST_LETTERS:
        return Refusal("nameless.too_long", _("Dit is te lang. Vertel het in een paar zinnen."))
    return None
