"""Parts of the week, an order that ranks nobody, and why a card cannot be so. Pure."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from datetime import date, datetime
from string import ascii_lowercase

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from hendig.kernel.periods import AMSTERDAM
from hendig.kernel.refusal import Refusal, Words

# The weekday by its number (ISO 8601).
DAYS: Mapping[str, Words] = {
    "1": gettext_lazy("maandag"),
    "2": gettext_lazy("dinsdag"),
    "3": gettext_lazy("woensdag"),
    "4": gettext_lazy("donderdag"),
    "5": gettext_lazy("vrijdag"),
    "6": gettext_lazy("zaterdag"),
}
MORNING, AFTERNOON, EVENING = "m", "a", "e"
HOURS: Mapping[str, Words] = {
    MORNING: gettext_lazy("%(day)sochtend"),
    AFTERNOON: gettext_lazy("%(day)smiddag"),
    EVENING: gettext_lazy("%(day)savond"),
}
PARTS = tuple(day + hour for day in DAYS for hour in HOURS)
MOST_AREAS, MOST_FAMILIES = 12, 60


def part_of_week(moment: datetime) -> str:
    """The part of the week in which a moment lies, as on the wall in the Netherlands."""
    here = moment.astimezone(AMSTERDAM)
    hour = MORNING if here.hour < 12 else AFTERNOON if here.hour < 18 else EVENING
    return f"{here.isoweekday()}{hour}"


def in_words(part: str) -> str:
    """One part of the week: dinsdagochtend."""
    return str(HOURS[part[1]]) % {"day": DAYS[part[0]]}


def when(free: Collection[str]) -> tuple[str, ...]:
    """All of them in words, in the order of the week; morning and afternoon together are the day."""
    found: list[str] = []
    for day, name in DAYS.items():
        whole = {day + MORNING, day + AFTERNOON} <= set(free)
        if whole:
            found.append(_("%(day)s overdag") % {"day": name})
        hours = [EVENING] if whole else HOURS
        found += [in_words(day + hour) for hour in hours if day + hour in free]
    return tuple(found)


def first_letter(on: date) -> str:
    """With which letter a list of people begins today: each day the next, so that nobody is always first."""
    return ascii_lowercase[on.toordinal() % len(ascii_lowercase)]


def tidy(areas: Iterable[str]) -> list[str]:
    """Each place once, however often and with whatever capitals it was written."""
    known = {area.casefold(): area for area in (" ".join(one.split()) for one in areas) if area}
    return sorted(known.values(), key=str.casefold)


def why_no_card(*, can_do: str, areas: Collection[str], families: int) -> Refusal | None:
    """Why a card cannot say this."""
    if not can_do.strip():
        return Refusal("card.no_words", gettext_lazy("Schrijf in uw eigen woorden wat u kunt."))
    if len(areas) > MOST_AREAS:
        return Refusal(
            "card.many_areas",
            gettext_lazy("Dit zijn meer dan twaalf plaatsen. Laat ze weg als u overal komt."),
        )
    if families > MOST_FAMILIES:
        return Refusal("card.many_families", gettext_lazy("Meer dan zestig gezinnen past in geen week."))
    return None


def why_no_offer(*, guest: bool, standing: bool) -> Refusal | None:
    """Why somebody does not offer to be asked in another municipality. `guest` is who is here by that."""
    if guest:
        return Refusal(
            "elsewhere.from_home",
            gettext_lazy("U werkt hier vanuit een andere gemeente. Bied uzelf van daaruit aan."),
        )
    if standing:
        return Refusal("elsewhere.standing", gettext_lazy("U biedt zich daar al aan, of u werkt er al."))
    return None
