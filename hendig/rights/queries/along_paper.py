"""A copy of a record as a person reads it: chapters of facts, each with its name."""

from __future__ import annotations

from collections import defaultdict
from datetime import date, datetime
from typing import Any

from django.utils.formats import date_format
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from hendig.families.queries.ever import Been, Relative
from hendig.families.queries.looked import Looked
from hendig.kernel.periods import AMSTERDAM, local_day
from hendig.kernel.refusal import Words
from hendig.rights.queries.gathered import Whole, column_of, value_of
from hendig.rights.queries.kind import Field, Kind
from hendig.rights.queries.kinds import CHAPTERS


def left_out() -> str:
    return _("Stukken die over iemand anders gaan, zijn weggelaten.")


def on_paper(found: Whole) -> dict[str, object]:
    made = _("Gemaakt voor %(name)s op %(when)s, door de gemeente %(town)s.") % {
        "name": found.made_for,
        "when": _moment(found.look.at),
        "town": found.town.name,
    }
    chapters = [
        {"title": str(title), "kinds": kinds}
        for title, of_chapter in CHAPTERS
        if (
            kinds := [
                _kind_on_paper(kind, found.rows[kind.name]) for kind in of_chapter if found.rows[kind.name]
            ]
        )
    ]
    return {
        "lang": (get_language() or "nl")[:2],
        "title": _("Kopie van het dossier"),
        "lead": [
            *([_("Over %(child)s.") % {"child": found.about}] if found.about else []),
            made,
            left_out(),
        ],
        "contents": _("Wat erin staat"),
        "persons": {"title": _("Wie wij zijn"), "lines": [_person_line(one) for one in found.persons]},
        "chapters": chapters,
        "been": {"title": _("Wie erbij was"), "lines": [_been_line(one) for one in found.been]},
        "looked": {
            "title": _("Wie er keek, en wie er iets opschreef"),
            "head": [_("Dag"), _("Wie"), _("Wat")],
            "rows": _looked_rows(found.looked),
        },
    }


def _kind_on_paper(kind: Kind, rows: tuple[Any, ...]) -> dict[str, object]:
    shown = [[(str(one.label), _shown(kind, row, one)) for one in kind.fields] for row in rows]
    filled = [[(label, value) for label, value in row if value] for row in shown]
    if kind.large:
        return {"title": str(kind.title), "rows": filled, "lines": []}
    # In a list the first fact says by itself what it is: a day, or a name.
    lines = [
        _together(" · ", *(f"{label}: {value}" if n else value for n, (label, value) in enumerate(row)))
        for row in filled
    ]
    return {"title": str(kind.title), "rows": [], "lines": lines}


def _shown(kind: Kind, row: Any, one: Field) -> str:
    value = value_of(row, one)
    if value is None or value in ("", []):
        return ""
    if one.words:
        return ", ".join(
            str(one.words.get(code, code)) for code in (value if isinstance(value, list) else [value])
        )
    if isinstance(value, bool):
        return _("ja") if value else _("nee")
    if isinstance(value, datetime):
        return _moment(value)
    if isinstance(value, date):
        return _day(value)
    column, _null = column_of(kind, one)
    return str(dict(column.flatchoices).get(value, value)) if column is not None else str(value)


def _person_line(one: Relative) -> str:
    name = f"{one.first_name} {one.last_name}".strip()
    born = _("geboren op %(day)s") % {"day": _day(one.born_on)} if one.born_on else ""
    decides = [
        _("beslist mee sinds %(day)s (%(source)s)") % {"day": _day(by.from_on), "source": by.source}
        if by.until_on is None
        else _("besliste mee van %(day)s tot en met %(last)s (%(source)s)")
        % {"day": _day(by.from_on), "last": _day(by.until_on), "source": by.source}
        for by in one.decides
    ]
    return _together(" · ", f"{name}, {one.kind}", born, *decides)


def _been_line(one: Been) -> str:
    who = _together(", ", one.name, one.function, one.organisation)
    since = _("vanaf %(day)s") % {"day": _day(local_day(one.from_at))}
    until = _("tot %(day)s") % {"day": _day(local_day(one.until_at))} if one.until_at else ""
    return _together(" · ", who, f"{since} {until}".strip(), one.why)


def _looked_rows(lines: tuple[Looked, ...]) -> list[list[str]]:
    """One line for each day, person and thing: as often as it happened."""
    together: dict[tuple[date, str, str], int] = defaultdict(int)
    for one in lines:
        who = _together(", ", one.first_name, one.function, one.organisation)
        together[local_day(one.at), who, str(one.words)] += 1
    return [
        [
            _day(day),
            who,
            what if times == 1 else _("%(what)s (%(times)d keer)") % {"what": what, "times": times},
        ]
        for (day, who, what), times in together.items()
    ]


def _together(between: str, *parts: Words) -> str:
    return between.join(words for part in parts if (words := str(part)))


def _day(day: date) -> str:
    return date_format(day, "j F Y")


def _moment(at: datetime) -> str:
    return date_format(at.astimezone(AMSTERDAM), "j F Y, H:i")
