"""Why an address cannot be written down like this, and why somebody cannot be told where another lives."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from django.utils.translation import gettext_lazy as _

from hendig.families.models import CompartmentKind, Involvement, MemberKind, Part
from hendig.families.rules.sharing import CAN_BE_NAMED
from hendig.kernel.refusal import Refusal

# Four digits of which the first is no nought, and two letters; PostNL gives out no SA, SD and SS.
_POSTCODE = re.compile(r"([1-9]\d{3})\s?(?!S[ADS])([A-Z]{2})")
_NUMBER = re.compile(r"[1-9]\d{0,4}")
# Who moves knows it some time before.
_AHEAD = timedelta(days=366)

# Who can be told where somebody lives: who helps, and a neighbour whom both sides said yes to.
MAY_COME = CAN_BE_NAMED | {Part.VOLUNTEER}

# In whose records somebody writes down where they live: with an own part, or as the child.
OWN_PLACES = [CompartmentKind.PARENT, CompartmentKind.CHILD]

NOT_NAMED = Refusal(
    "home.secret",
    _("Dit adres is geheim. Alleen wie daarvoor met naam is genoemd, kan hier iets veranderen."),
)


@dataclass(frozen=True, slots=True)
class Address:
    """Where somebody lives, as it was typed; without a country it is in the Netherlands."""

    street: str
    place: str
    number: str = ""
    addition: str = ""
    postcode: str = ""
    country: str = ""
    way_in: str = ""
    days: str = ""

    def lines(self) -> tuple[str, ...]:
        """As it stands on an envelope."""
        street = " ".join(filter(None, (self.street, self.number, self.addition)))
        town = " ".join(filter(None, (self.postcode, self.place)))
        return tuple(filter(None, (street, town, self.country)))


def read_postcode(typed: str) -> str | None:
    """The Dutch postcode that somebody typed, as 1234 AB; None when it is none."""
    found = _POSTCODE.fullmatch(typed.strip().upper())
    return f"{found[1]} {found[2]}" if found else None


def why_no_postcode(typed: str, *, country: str) -> Refusal | None:
    if country or read_postcode(typed):
        return None
    return Refusal("home.postcode", _("Een postcode is vier cijfers en twee letters, zoals 1234 AB."))


def why_no_number(typed: str, *, country: str) -> Refusal | None:
    if country or _NUMBER.fullmatch(typed.strip()):
        return None
    return Refusal(
        "home.number", _("Vul het huisnummer in, alleen cijfers. Wat erachter staat is de toevoeging.")
    )


def why_not_at_home(kind: str) -> Refusal | None:
    """Why it is not written down where this person lives: who helps as a neighbour gives that by themself."""
    if kind == MemberKind.CONFIDANT:
        return Refusal("home.not_of_family", _("Een adres schrijft u alleen op van wie bij het gezin hoort."))
    return None


def why_not_from(from_on: date, today: date) -> Refusal | None:
    if from_on > today + _AHEAD:
        return Refusal("home.too_far", _("Deze dag is nog ver weg. Schrijf het op als het zover is."))
    return None


def why_not_until(from_on: date, until_on: date) -> Refusal | None:
    if until_on < from_on:
        return Refusal("home.before", _("De laatste dag ligt voor de eerste dag op dit adres."))
    return None


def why_not_theirs(*, own: bool, secret: bool, reads: bool) -> Refusal | None:
    """Why who acts changes nothing here: a secret address is of that person and of who was named."""
    return NOT_NAMED if secret and not (own or reads) else None


def why_nothing_known(*, known: bool, lacking: bool) -> Refusal | None:
    """Why there is no address of before that can stand here as well."""
    if known and lacking:
        return None
    return Refusal("home.nothing_known", _("Uw adres staat hier al, of nog nergens. Schrijf het hier op."))


def why_not_told(ways: Iterable[Involvement]) -> Refusal | None:
    """Why this person cannot be told where somebody lives: only who helps now, and stays a while."""
    if not any(one.part in MAY_COME for one in ways):
        return Refusal("home.not_there", _("Kies iemand die u helpt en nu meedoet."))
    return None
