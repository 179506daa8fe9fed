"""Numbers, money, days and moments as people say them; today is always given, so a test can choose it."""

from __future__ import annotations

from datetime import date, datetime

from django.utils import formats, timezone
from django.utils.translation import get_language, gettext, ngettext

_NARROW = "\N{NO-BREAK SPACE}"


def _comma_language() -> bool:
    return not (get_language() or "nl").startswith("en")


def _in_language(number: str) -> str:
    """A number written with a decimal point and thousands commas, in the signs of the active language."""
    return number.translate(str.maketrans(",.", ".,")) if _comma_language() else number


def money_in_words(cents: int, *, whole: bool = False) -> str:
    """123450 is € 1.234,50 in Dutch and €1,234.50 in English; `whole` says no cents where there are none."""
    sign = "\N{MINUS SIGN}" if cents < 0 else ""
    amount = _in_language(f"{abs(cents) / 100:,.{0 if whole and not cents % 100 else 2}f}")
    space = _NARROW if _comma_language() else ""
    return f"{sign}€{space}{amount}"


def hours_in_words(minutes: int) -> str:
    """90 is 1,5 uur; what is no neat part of an hour keeps its minutes."""
    if minutes < 60 and minutes % 30:
        return ngettext("%(count)d minuut", "%(count)d minuten", minutes) % {"count": minutes}
    if minutes % 15:
        hours, rest = divmod(minutes, 60)
        return gettext("%(hours)d uur en %(rest)d min") % {"hours": hours, "rest": rest}
    amount = _in_language(f"{minutes / 60:,.2f}".rstrip("0").rstrip("."))
    exactly_one = 1 if minutes == 60 else 2
    return ngettext("%(amount)s uur", "%(amount)s uur", exactly_one) % {"amount": amount}


def day_in_words(day: date, today: date) -> str:
    """Vandaag, morgen, gisteren; this year 'ma 24 nov'; else 'ma 24 nov 2025'."""
    near = {-1: gettext("gisteren"), 0: gettext("vandaag"), 1: gettext("morgen")}
    distance = (day - today).days
    if distance in near:
        return near[distance]
    pattern = "D j M" if day.year == today.year else "D j M Y"
    shown = formats.date_format(day, pattern).replace(".", "")
    return shown.lower() if _comma_language() else shown


def moment_in_words(at: datetime, today: date) -> str:
    """Vandaag 14:00, ma 24 nov 9:30."""
    local = timezone.localtime(at)
    return f"{day_in_words(local.date(), today)} {local:%H:%M}"


def waiting_in_words(days: int, on: str = "") -> str:
    """'wacht 3 dagen op Ellen'; from today it says so, and blames nobody."""
    if days <= 0:
        return gettext("sinds vandaag bij %(who)s") % {"who": on} if on else gettext("sinds vandaag")
    if on:
        return ngettext("wacht %(count)d dag op %(who)s", "wacht %(count)d dagen op %(who)s", days) % {
            "count": days,
            "who": on,
        }
    return ngettext("wacht %(count)d dag", "wacht %(count)d dagen", days) % {"count": days}
