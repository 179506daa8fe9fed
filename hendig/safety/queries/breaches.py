"""A data breach as the log tells it, and the form for the authority (GDPR art. 33)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import Count, Max, Min
from django.utils import formats, timezone
from django.utils.translation import get_language, gettext

from hendig.audit.models import Entry, Kind
from hendig.kernel.actor import Actor
from hendig.kernel.refusal import NotVisible
from hendig.people.adapters.paper import pdf
from hendig.people.models import Account, Municipality
from hendig.people.rules import WORKS_HERE
from hendig.safety import rules
from hendig.safety.models import Breach
from hendig.safety.queries.pieces import PAPER


@dataclass(frozen=True, slots=True)
class Reach:
    """How far somebody came between two moments: how many records and families, and since when."""

    records: int
    families: int
    lines: int
    first: datetime | None
    last: datetime | None


def reach(actor: Actor, account_id: UUID | None, from_at: datetime, until_at: datetime) -> Reach:
    """What this account looked at or changed in that time; of nobody in particular, nothing. 1 query."""
    if account_id is None:
        return Reach(0, 0, 0, None, None)
    rows = Entry.objects.filter(municipality_id=actor.municipality_id, account_id=account_id)
    rows = rows.filter(at__gte=from_at, at__lte=until_at, family_id__isnull=False).exclude(kind=Kind.REFUSAL)
    found = rows.aggregate(
        records=Count("record_id", distinct=True),
        families=Count("family_id", distinct=True),
        lines=Count("id"),
        first=Min("at"),
        last=Max("at"),
    )
    return Reach(**found)


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


@dataclass(frozen=True, slots=True)
class BreachLine:
    breach_id: UUID
    found_at: datetime
    before: datetime
    late: bool
    records: int
    what: str


def breaches(actor: Actor, *, at: datetime) -> tuple[BreachLine, ...]:
    """The register, newest first. 1 query."""
    rows = Breach.objects.filter(municipality_id=actor.municipality_id)[:100]
    return tuple(
        BreachLine(
            row.pk,
            row.found_at,
            row.found_at + rules.REPORT_WITHIN,
            row.found_at + rules.REPORT_WITHIN < at,
            row.records,
            row.what,
        )
        for row in rows
    )


def breach_pdf(actor: Actor, breach_id: UUID) -> bytes:
    """The report for the authority as PDF/UA, with what article 33.3 asks. 2 queries."""
    row = Breach.objects.filter(municipality_id=actor.municipality_id, pk=breach_id).first()
    if row is None:
        raise NotVisible
    town = Municipality.objects.get(pk=actor.municipality_id)
    yes = {True: gettext("ja"), False: gettext("nee")}
    parts = (
        (gettext("Wat er gebeurde"), [row.what]),
        (
            gettext("Wanneer"),
            [
                gettext("Van %(first)s tot %(last)s.")
                % {"first": _when(row.from_at), "last": _when(row.until_at)},
                gettext("Ontdekt op %(found)s. Melden kan tot %(before)s (72 uur).")
                % {"found": _when(row.found_at), "before": _when(row.found_at + rules.REPORT_WITHIN)},
            ],
        ),
        (
            gettext("Hoeveel dossiers"),
            [
                gettext("%(records)s dossiers, %(lines)s regels in het logboek.")
                % {"records": row.records, "lines": row.lines}
            ],
        ),
        (gettext("Gevolgen"), [row.effects or gettext("Nog niet bekend.")]),
        (gettext("Maatregelen"), [row.measures or gettext("Nog geen.")]),
        (
            gettext("Melden"),
            [
                f"{gettext('Aan de Autoriteit Persoonsgegevens')}: {yes[row.to_authority]}.",
                f"{gettext('Aan wie het betreft')}: {yes[row.to_people]}.",
            ],
        ),
    )
    return pdf(
        PAPER,
        {
            "lang": (get_language() or "nl")[:2],
            "title": gettext("Melding van een datalek"),
            "lead": gettext("Verantwoordelijke: gemeente %(town)s.") % {"town": town.name},
            "parts": [{"title": title, "lines": lines} for title, lines in parts],
            "foot": gettext("In dit formulier staan geen namen van gezinnen."),
        },
    )


def _when(moment: datetime) -> str:
    return formats.date_format(timezone.localtime(moment), "j F Y H:i")
