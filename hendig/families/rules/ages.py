"""What changes for a child on a birthday: at 12, 16 and 18, and what is said of it before and on the day."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta

from django.utils.translation import gettext_lazy as _

from hendig.kernel.ages import birthday
from hendig.kernel.refusal import Words

# The birthdays on which a right begins or ends (Youth Act art. 7.3.4, 7.3.5 and 7.3.10, Civil Code 1:233).
TURNS = (12, 16, 18)
YOUNGEST = TURNS[0]
TOLD_BEFORE = timedelta(days=30)
# What was is told for as long as a worker may have stood still, and can be read that long.
TOLD_AFTER = timedelta(days=14)

# What the lines of the log about it are called: how far it is, and never how old somebody is or when born.
NEARS: Mapping[int, str] = {12: "age.twelve_nears", 16: "age.sixteen_nears", 18: "age.eighteen_nears"}
CAME: Mapping[int, str] = {12: "age.twelve", 16: "age.sixteen", 18: "age.eighteen"}

_SEE_UNLESS_NO = _("Ouders met gezag kijken mee tot het kind nee zegt.")
_SEE_AFTER_YES = _("Ouders kijken pas weer mee als het kind dat goed vindt.")
_CHANGES: Mapping[int, tuple[Words, ...]] = {
    12: (
        _("Het kind kan zich zelf aanmelden. Het leest het eigen dossier en wie er keek."),
        _("Over hulp beslissen het kind en wie gezag heeft samen."),
    ),
    16: (
        _("De jongere beslist zelf over hulp."),
        _("Ouders kijken alleen mee als de jongere ja zegt. Zonder ja stopt het meekijken."),
        _("De jongere kiest zelf wie er nog meer meekijkt."),
    ),
    18: (
        _("De jongere is volwassen en beslist over alles zelf."),
        _("Ouders kijken niet meer mee. Wat over een ouder zelf gaat, blijft die ouder zien."),
        _("Alleen de jongere kan vragen om het dossier mee te nemen of te vernietigen."),
        _("Hulp die al loopt, kan doorgaan."),
    ),
}


def changes_at(age: int, *, parents_see: bool) -> tuple[Words, ...]:
    """Who may do what from that birthday; `parents_see` is what the municipality chose for 12 and older."""
    if age != YOUNGEST:
        return _CHANGES[age]
    return (*_CHANGES[age], _SEE_UNLESS_NO if parents_see else _SEE_AFTER_YES)


def turning(born_on: date, on: date) -> tuple[int, date] | None:
    """The birthday at which something changes and that is near the day `on`, before or after it."""
    days = ((age, birthday(born_on, age)) for age in TURNS)
    return next(((age, day) for age, day in days if on - TOLD_AFTER < day <= on + TOLD_BEFORE), None)
