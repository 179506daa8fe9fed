"""The register of data breaches, as the law asks it (GDPR art. 33.3, 33.5 and 34)."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, fields
from datetime import date, datetime, timedelta
from itertools import pairwise
from typing import Any
from uuid import UUID

from django.db.models import Exists, OuterRef, Q, TextChoices
from django.db.models.functions import Coalesce
from django.utils import formats, timezone
from django.utils.text import capfirst
from django.utils.translation import get_language, gettext, ngettext
from django.utils.translation import gettext_lazy as _

from hendig.kernel.actor import Actor
from hendig.kernel.refusal import NotVisible, Words
from hendig.people.adapters.paper import pdf
from hendig.people.models import Account, Municipality
from hendig.people.rules import WORKS_HERE
from hendig.safety import rules
from hendig.safety.models import Abroad, Breach, Concerned, DataKind, Nature, NotTold
from hendig.safety.queries.pieces import PAPER
from hendig.safety.queries.reached import Search
from hendig.safety.rules import Told

PAGE = 50


@dataclass(frozen=True, slots=True)
class Person:
    account_id: UUID
    name: str


def people(actor: Actor) -> tuple[Person, ...]:
    """Whoever worked here: for whom the log can be asked. 1 query."""
    rows = Account.objects.filter(municipality_id=actor.municipality_id)
    rows = rows.filter(memberships__role__in=[role.value for role in WORKS_HERE])
    found = rows.distinct().order_by("first_name", "last_name", "id")
    return tuple(Person(one.pk, one.name) for one in found)


def contact(actor: Actor) -> str:
    """How the officer can be reached, as it is filled in first. 1 query."""
    one = Account.objects.get(pk=actor.account)
    return ", ".join(word for word in (one.name, one.email) if word)


@dataclass(frozen=True, slots=True)
class Clock:
    """How the 72 hours stand: how long there is left, and whether there is still something to report."""

    before: datetime
    left: str
    stage: str
    words: Words


def clock(told: Told, at: datetime) -> Clock:
    left = told.report_before - at
    if told.reported_at is not None:
        stage, words = "done", _("te laat gemeld") if told.is_reported_late else _("op tijd gemeld")
    elif not told.to_authority:
        stage, words = "quiet", _("niet gemeld")
    else:
        late = left <= timedelta()
        stage, words = ("stopped", _("de 72 uur zijn voorbij")) if late else ("waiting", _("nog melden"))
    return Clock(told.report_before, _long(abs(left)), stage, words)


def _long(span: timedelta) -> str:
    hours, minutes = divmod(int(span.total_seconds()) // 60, 60)
    said = ngettext("%(n)s minuut", "%(n)s minuten", minutes) % {"n": minutes}
    return gettext("%(hours)s uur en %(minutes)s") % {"hours": hours, "minutes": said} if hours else said


def as_told(row: Breach) -> Told:
    """What this row says. No query."""
    return Told(**{one.name: _plain(getattr(row, one.name)) for one in fields(Told)})


def _plain(value: Any) -> Any:
    """Of a list what can be compared with what a form gives."""
    return tuple(value) if isinstance(value, list) else value


def newest(actor: Actor, breach_id: UUID) -> Breach:
    """The row of this breach that counts; `NotVisible` when there is no such breach. 1 query."""
    return _versions(actor, breach_id)[-1]


def _versions(actor: Actor, breach_id: UUID) -> list[Breach]:
    """All that was said of it, oldest first. 1 query."""
    rows = Breach.objects.filter(municipality_id=actor.municipality_id).select_related("who", "account")
    found = list(rows.filter(Q(pk=breach_id, first=None) | Q(first=breach_id)).order_by("id"))
    if not found:
        raise NotVisible
    return found


def count_to_report(actor: Actor) -> int:
    """How many breaches are still to be reported, by what was said of each last. 1 query."""
    rows = Breach.objects.filter(municipality_id=actor.municipality_id)
    later = rows.filter(first=Coalesce(OuterRef("first"), OuterRef("pk")), pk__gt=OuterRef("pk"))
    return rows.filter(~Exists(later), to_authority=True, reported_at=None).count()


@dataclass(frozen=True, slots=True)
class BreachLine:
    breach_id: UUID
    what: str
    found_at: datetime
    clock: Clock
    records: int
    missing: int


@dataclass(frozen=True, slots=True)
class Register:
    lines: tuple[BreachLine, ...]
    older: UUID | None


def register(actor: Actor, *, before: UUID | None, at: datetime) -> Register:
    """The register, newest first: of each breach what was said last. 2 queries."""
    rows = Breach.objects.filter(municipality_id=actor.municipality_id)
    begun = rows.filter(first=None) if before is None else rows.filter(first=None, id__lt=before)
    ids = list(begun.order_by("-id").values_list("pk", flat=True)[: PAGE + 1])
    last = {
        row.first_id or row.pk: row for row in rows.filter(Q(pk__in=ids) | Q(first__in=ids)).order_by("id")
    }
    shown = ids[:PAGE]
    return Register(
        lines=tuple(_line(breach_id, last[breach_id], at) for breach_id in shown),
        older=shown[-1] if len(ids) > PAGE else None,
    )


def _line(breach_id: UUID, row: Breach, at: datetime) -> BreachLine:
    told = as_told(row)
    missing = len(rules.missing(told))
    return BreachLine(breach_id, row.what, row.found_at, clock(told, at), row.records, missing)


@dataclass(frozen=True, slots=True)
class Part:
    """One thing that the law asks of a breach, in lines; the page, the paper and what was before use it."""

    title: str
    lines: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Before:
    """What stood in the register until somebody added to it: only the parts that read differently since."""

    by: str
    at: datetime
    parts: tuple[Part, ...]


@dataclass(frozen=True, slots=True)
class BreachPage:
    breach_id: UUID
    newest_id: UUID
    what: str
    by: str
    at: datetime
    told: Told
    who: UUID | None
    of_record_id: UUID | None
    clock: Clock
    missing: tuple[Words, ...]
    parts: tuple[Part, ...]
    before: tuple[Before, ...]


def breach(actor: Actor, breach_id: UUID, *, at: datetime) -> BreachPage:
    """What the register says of a breach now, and what it said before, newest first. 1 query."""
    rows = _versions(actor, breach_id)
    row, told = rows[-1], as_told(rows[-1])
    return BreachPage(
        breach_id=breach_id,
        newest_id=row.pk,
        what=row.what,
        by=row.account.name,
        at=row.at,
        told=told,
        who=row.who_id,
        of_record_id=row.of_record_id,
        clock=clock(told, at),
        missing=rules.missing(told),
        parts=_parts(row),
        before=tuple(_before(old, new) for old, new in reversed(list(pairwise(rows)))),
    )


def _before(old: Breach, new: Breach) -> Before:
    changed = tuple(was for was, now in zip(_parts(old), _parts(new), strict=True) if was != now)
    return Before(old.account.name, old.at, changed)


def search_of(page: BreachPage) -> Search:
    """What the log is asked of this breach."""
    return Search(page.who, page.of_record_id, page.told.from_at, page.told.until_at)


def _parts(row: Breach) -> tuple[Part, ...]:
    """In the order of articles 33.3, 33.1 and 34. No query."""
    return (
        Part(gettext("Wat er gebeurde"), (row.what, *_labels(Nature, row.nature))),
        Part(gettext("Wanneer"), _when_lines(row)),
        Part(
            gettext("Om wie het gaat"),
            (*_labels(Concerned, row.concerned), _about(_people(row.people_about))),
        ),
        Part(
            gettext("Om welke gegevens het gaat"),
            (
                *_labels(DataKind, row.data_kinds),
                _about(_records(row.records_about)),
                *_counted(row),
            ),
        ),
        Part(gettext("Bij wie iemand meer kan horen"), (row.contact or str(_NOT_KNOWN),)),
        Part(gettext("Wat dit kan betekenen"), (row.effects or str(_NOT_KNOWN),)),
        Part(gettext("Maatregelen"), (row.measures or gettext("Nog geen."),)),
        Part(gettext("Over de grens"), _abroad(row)),
        Part(gettext("Melden bij de Autoriteit Persoonsgegevens"), _reported(row)),
        Part(gettext("Vertellen aan wie het betreft"), _people_told(row)),
    )


_NOT_KNOWN = _("Nog niet bekend.")


def _labels(choices: type[TextChoices], values: Collection[str]) -> tuple[str, ...]:
    return tuple(capfirst(str(one.label)) for one in choices if one.value in values)


def _about(many: str | None) -> str:
    return gettext("Ongeveer %(many)s.") % {"many": many} if many else str(_NOT_KNOWN)


def _people(many: int | None) -> str | None:
    return None if many is None else ngettext("%(n)s mens", "%(n)s mensen", many) % {"n": many}


def _records(many: int | None) -> str | None:
    return None if many is None else ngettext("%(n)s dossier", "%(n)s dossiers", many) % {"n": many}


def _counted(row: Breach) -> tuple[str, ...]:
    """What the log says, beside what the officer thinks; nothing where it was not asked."""
    if row.who is None and row.of_record_id is None:
        return ()
    whose = gettext("Het logboek van %(name)s.") % {"name": row.who.name} if row.who else ""
    of = gettext("Dossier %(number)s.") % {"number": row.of_record_id} if row.of_record_id else ""
    families = ngettext("%(n)s gezin", "%(n)s gezinnen", row.families) % {"n": row.families}
    lines = ngettext("%(n)s regel", "%(n)s regels", row.lines) % {"n": row.lines}
    counted = gettext("Het logboek telt %(records)s van %(families)s, in %(lines)s.") % {
        "records": _records(row.records),
        "families": families,
        "lines": lines,
    }
    return tuple(line for line in (whose, of, counted) if line)


def _when_lines(row: Breach) -> tuple[str, ...]:
    return (
        gettext("Van %(first)s tot %(last)s.") % {"first": _when(row.from_at), "last": _when(row.until_at)},
        gettext("Ontdekt op %(found)s. Melden kan tot %(before)s (72 uur).")
        % {"found": _when(row.found_at), "before": _when(as_told(row).report_before)},
    )


def _abroad(row: Breach) -> tuple[str, ...]:
    if not row.abroad:
        return (str(_NOT_KNOWN),)
    return tuple(line for line in (capfirst(str(Abroad(row.abroad).label)) + ".", row.abroad_where) if line)


def _reported(row: Breach) -> tuple[str, ...]:
    if not row.to_authority:
        return (gettext("Niet."), row.not_reported_why or gettext("Waarom niet, is nog niet opgeschreven."))
    if row.reported_at is None:
        return (gettext("Nog niet gemeld."),)
    lines = [gettext("Gemeld op %(moment)s.") % {"moment": _when(row.reported_at)}]
    if row.reference:
        lines.append(gettext("Kenmerk: %(reference)s.") % {"reference": row.reference})
    if as_told(row).is_reported_late:
        lines.append(gettext("Later dan 72 uur, omdat: %(why)s") % {"why": row.late_why})
    return tuple(lines)


def _people_told(row: Breach) -> tuple[str, ...]:
    if row.to_people:
        if row.told_on is None:
            return (gettext("Ja, maar nog niet gedaan."),)
        return (gettext("Verteld op %(day)s.") % {"day": _day(row.told_on)},)
    why = capfirst(str(NotTold(row.not_told).label)) + "." if row.not_told else ""
    return tuple(line for line in (gettext("Niet, of nog niet besloten."), why, row.not_told_why) if line)


def breach_pdf(actor: Actor, breach_id: UUID) -> bytes:
    """The report for the authority as PDF/UA, with what article 33.3 asks and what still comes. 2 queries."""
    rows = _versions(actor, breach_id)
    row = rows[-1]
    town = Municipality.objects.get(pk=actor.municipality_id)
    parts = list(_parts(row))
    missing = rules.missing(as_told(row))
    if missing:
        parts.append(Part(gettext("Dit volgt nog"), tuple(capfirst(str(words)) + "." for words in missing)))
    if len(rows) > 1:
        said = tuple(f"{_when(one.at)}, {one.account.name}" for one in rows)
        parts.append(Part(gettext("Opgeschreven en aangevuld"), said))
    return pdf(
        PAPER,
        {
            "lang": (get_language() or "nl")[:2],
            "title": gettext("Melding van een datalek"),
            "lead": gettext("Verantwoordelijke: gemeente %(town)s.") % {"town": town.name},
            "parts": [{"title": part.title, "lines": [str(line) for line in part.lines]} for part in parts],
            "foot": gettext("In dit formulier staan geen namen van gezinnen."),
        },
    )


def _when(moment: datetime) -> str:
    return formats.date_format(timezone.localtime(moment), "j F Y H:i")


def _day(day: date) -> str:
    return formats.date_format(day, "j F Y")
