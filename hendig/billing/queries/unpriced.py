"""The hours that wait for a tariff, for who agrees tariffs: sums by partner, code and month, of nobody."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID

from django.db import connection

from hendig.audit.actions import reading
from hendig.billing import rules
from hendig.kernel.actor import Actor
from hendig.kernel.periods import local_day

# More of them is a partner with whom nothing is agreed: the first tariff takes many away.
MOST_SHOWN = 20
# As `rules.unpriced` has it, added up where it lies. What has no tariff is found first and is little; only of
# that is looked whether it is on an invoice.
UNPRICED = """
    WITH bare AS MATERIALIZED (
        SELECT a.id, a.partner_id, p.name AS partner, c.code, d.day, a.minutes
        FROM people_partner p
            JOIN plans_appointment a ON a.municipality_id = p.municipality_id AND a.partner_id = p.id
            CROSS JOIN LATERAL (SELECT (a.starts_at AT TIME ZONE 'Europe/Amsterdam')::date AS day) d
            JOIN matching_match m ON m.id = a.match_id
            JOIN people_servicecode c ON c.id = m.service_code_id
        WHERE p.municipality_id = %(town)s AND a.stage = 'kept' AND a.starts_at >= %(since)s
            AND NOT EXISTS (SELECT FROM billing_tariff t JOIN billing_agreement g ON g.id = t.agreement_id
                WHERE g.partner_id = a.partner_id AND t.service_code_id = m.service_code_id
                    AND t.from_on <= d.day AND (t.until_on IS NULL OR t.until_on >= d.day))
    )
    SELECT partner_id, partner, code, date_trunc('month', day)::date, sum(minutes), min(day) FROM bare
    WHERE NOT EXISTS (SELECT FROM billing_invoicedappointment i WHERE i.appointment_id = bare.id)
    GROUP BY 1, 2, 3, 4 ORDER BY 2, 1, 3, 4 LIMIT %(most)s
"""


@dataclass(frozen=True, slots=True)
class Bare:
    """What a partner's people kept on a code in a month, on days for which the code has no tariff."""

    partner_id: UUID
    partner: str
    code: str
    month: date
    minutes: int
    first_on: date


def unpriced(actor: Actor, *, at: datetime) -> Sequence[Bare]:
    """What waits for a tariff, of twelve months and this one; one more than a page shows. 1 query."""
    this = local_day(at).replace(day=1)
    since = rules.month_ends(this.replace(year=this.year - 1) - timedelta(days=1))
    values: dict[str, UUID | datetime | int] = {
        "town": actor.municipality_id,
        "since": since,
        "most": MOST_SHOWN + 1,
    }
    with reading(actor, at), connection.cursor() as cursor:
        cursor.execute(UNPRICED, values)
        return [Bare(*row) for row in cursor.fetchall()]
