"""A region to measure a month in: municipalities, partners, matches, and the hours that were kept.

Its rows are made by the database itself, past the latches, like those of `rows.py`; what is measured is done
to them by the real actions. One line of the month is one match, with its own family and three kept
appointments; of one in a hundred the match ended before the last of them, so that something is asked.
`history` gives it years of invoices that were paid.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import date
from typing import LiteralString

import psycopg

from hendig.operations import roles
from hendig.operations.bench import rows
from hendig.operations.bench.towns import PREFIX, Town
from hendig.operations.database import changed, conninfo, drop, split
from hendig.operations.empty import empty_database
from hendig.operations.installation import Installation
from hendig.operations.progress import Progress

# 8,000 lines are 250 invoices, in six municipalities.
LINES_OF_INVOICE, PARTNERS_OF_TOWN = 32, 42
# Ten years before the month.
MONTHS = 120

SIZE: LiteralString = """
CREATE TEMPORARY TABLE size AS SELECT %(towns)s::bigint AS towns, %(partners)s::bigint AS partners,
    %(lines)s::bigint AS lines, %(month)s::date AS month, %(month)s::date::timestamptz AS since;
CREATE TEMPORARY TABLE p AS
SELECT p, pg_temp.key('partner', p) AS id, pg_temp.key('town', 1 + p %% towns) AS town, 1 + p %% towns AS t,
    (40000000 + p)::text AS kvk, pg_temp.key('office', p) AS office, pg_temp.key('agreement', p) AS agreement
FROM size, generate_series(1, partners) AS p;
CREATE UNIQUE INDEX ON p (p);
-- Four professionals for each partner, so that nobody is at two places at once.
CREATE TEMPORARY TABLE l AS
SELECT l, p.*, l / partners AS nth, 1 + l %% 7 AS code, pg_temp.key('family', l) AS family,
    pg_temp.key('child', l) AS child, pg_temp.key('parent', l) AS parent, pg_temp.key('shared', l) AS shared,
    pg_temp.key('request', l) AS request, pg_temp.key('talk', l) AS talk, pg_temp.key('match', l) AS match,
    p.p * 4 + l / partners %% 4 AS works, size.month, size.since
FROM size, generate_series(1, lines) AS l JOIN p ON p.p = 1 + l %% (SELECT partners FROM size);
ANALYZE p, l
"""

TOWNS: LiteralString = """
INSERT INTO people_municipality (id, municipality_id, name, slug, cbs_code, kvk, oin, iban, bic, phone,
    is_example, parents_see_from_12, post, counsellor, counsellor_phone, counsellor_email)
SELECT pg_temp.key('town', t), pg_temp.key('town', t), 'Meetstad ' || t, 'meetstad-' || t,
    (1000 + t)::text, (50000000 + t)::text, '', 'NL56DEUT0265186420', '', '', true, false, '', '', '', ''
FROM size, generate_series(1, towns) AS t;
INSERT INTO people_servicecode
    (id, municipality_id, code, name, sentence, ijw_category, ijw_code, unit, cbs_care_form, iv3_field)
SELECT pg_temp.key('code' || t, c), pg_temp.key('town', t), 'H' || c, 'Hulp ' || c, '', '', '', '01', '', ''
FROM size, generate_series(1, towns) AS t, generate_series(1, 7) AS c;
INSERT INTO people_partner
    (id, municipality_id, name, kvk, agb, vat, iban, email, street, postcode, town)
SELECT id, town, 'Praktijk ' || p, kvk, '', 'NL123456782B01', 'NL91ABNA0417164300',
    'kantoor@' || p || '.example', 'Dorpsstraat 1', '5999 AA', 'Meetstad' FROM p;
CREATE TEMPORARY TABLE w AS
SELECT pg_temp.key('finance', t) AS account, pg_temp.key('town', t) AS town, 'finance' AS role,
    NULL::uuid AS partner, t AS n FROM size, generate_series(1, towns) AS t
UNION ALL SELECT pg_temp.key('coach', t), pg_temp.key('town', t), 'coach', NULL, t
    FROM size, generate_series(1, towns) AS t
UNION ALL SELECT office, town, 'office', id, p FROM p
UNION ALL SELECT pg_temp.key('professional', p * 4 + one), town, 'professional', id, p * 4 + one
    FROM p, generate_series(0, 3) AS one;
INSERT INTO people_account
    (id, municipality_id, email, first_name, last_name, phone, language, is_active)
SELECT account, town, role || n || '@meetstad.example', 'Noor', 'Jansen', '', 'nl', true FROM w;
INSERT INTO people_membership (id, municipality_id, account_id, role, partner_id, title, from_on, until_on)
SELECT pg_temp.key('member' || role, n), town, account, role, partner, '', month - 4000, NULL FROM w, size;
INSERT INTO people_professional
    (id, municipality_id, account_id, partner_id, title, can_do, families_max)
SELECT pg_temp.key('works', n), town, account, partner, 'orthopedagoog', 'Denkt mee.', 16
FROM w WHERE role = 'professional'
"""

AGREED: LiteralString = """
INSERT INTO billing_agreement (id, municipality_id, partner_id, variant, from_on, until_on, travel_minutes,
    indirect_percent, missed_percent, group_percent)
SELECT agreement, town, id, 'effort', month - 4000, NULL, 0, 0, 0, 100 FROM p, size;
INSERT INTO billing_tariff
    (id, municipality_id, agreement_id, service_code_id, cents_per_hour, from_on, until_on)
SELECT pg_temp.key('tariff', p * 7 + c), town, agreement, pg_temp.key('code' || t, c), 8000 + 137 * c,
    month - 4000, NULL FROM p, size, generate_series(1, 7) AS c
"""

# Nobody in these families signs in, and nothing is told of them: their texts are empty, and need no key.
MATCHES: LiteralString = """
INSERT INTO families_family (id, municipality_id, name, neighbourhood, since)
SELECT family, town, 'de Vries', 'Wijk ' || l %% 20, since - interval '90 days' FROM l;
INSERT INTO families_familymember
    (id, municipality_id, family_id, account_id, kind, first_name, last_name, born_on, asked_email)
SELECT child, town, family, NULL::uuid, 'child', 'Bas', 'de Vries', month - 3000, '' FROM l
UNION ALL SELECT parent, town, family, NULL, 'parent', 'Sanne', 'de Vries', NULL, '' FROM l;
INSERT INTO families_record (id, municipality_id, family_id, child_id, begun_at)
SELECT pg_temp.key('record', l), town, family, child, since - interval '90 days' FROM l;
INSERT INTO families_compartment (id, municipality_id, family_id, record_id, kind, person_id, author_id)
SELECT shared, town, family, pg_temp.key('record', l), 'shared', NULL, NULL FROM l;
INSERT INTO helprequests_helprequest (id, municipality_id, family_id, compartment_id, asked_by_id, child_id,
    coach_id, words, result, stage, stage_since, waiting_on, waiting_since, asked_at)
SELECT request, town, family, shared, parent, child, pg_temp.key('coach', t), '', '', 'help', since,
    'nobody', since, since - interval '90 days' FROM l;
INSERT INTO matching_matchtalk (id, municipality_id, family_id, compartment_id, request_id, child_id,
    professional_id, service_code_id, coach_id, purpose, stage, exception, opened_at, blind)
SELECT talk, town, family, shared, request, child, pg_temp.key('works', works),
    pg_temp.key('code' || t, code),
    pg_temp.key('coach', t), '', 'matched', '', since - interval '80 days', false FROM l;
INSERT INTO matching_match (id, municipality_id, family_id, compartment_id, talk_id, request_id, child_id,
    professional_id, partner_id, service_code_id, number, starts_on, ends_on, made_at)
SELECT match, town, family, shared, talk, request, child, pg_temp.key('works', works), id,
    pg_temp.key('code' || t, code), 'M' || l, month - 80, CASE WHEN l %% 100 = 0 THEN month END,
    since - interval '80 days' FROM l
"""

# A professional has one at a time, on one day after the other, and from the 28th on the next hour.
KEPT: LiteralString = """
INSERT INTO plans_appointment (id, municipality_id, family_id, compartment_id, match_id, professional_id,
    partner_id, starts_at, minutes, place, stage, settled_at)
SELECT pg_temp.key('visit', l * 3 + k), town, family, shared, match, pg_temp.key('works', works), id, moment,
    50 + l %% 30, '', 'kept', moment + interval '1 hour'
FROM l, generate_series(0, 2) AS k, LATERAL (SELECT nth / 4 * 3 + k AS turn) AS theirs,
    LATERAL (SELECT (month + (turn %% 28)::int + make_time((9 + turn / 28 * 2)::int, 0, 0))
        AT TIME ZONE 'Europe/Amsterdam' AS moment) AS clock
"""

# What was paid long ago: an invoice for each partner and month, each month in one file for the bank.
HISTORY: LiteralString = """
CREATE TEMPORARY TABLE h AS
SELECT h, (month - make_interval(months => h::int))::date AS month,
    (month - make_interval(months => h::int - 1))::date + 2 AS paid_on
FROM size, generate_series(1, %(months)s) AS h;
INSERT INTO billing_paymentbatch
    (id, municipality_id, number, made_by_id, made_at, pays_on, total_cents, xml)
SELECT pg_temp.key('batch' || t, %(months)s - h), pg_temp.key('town', t),
    'B' || to_char(paid_on, 'YYYY-MM') || h, pg_temp.key('finance', t), paid_on, paid_on + 1, 1, ''
FROM size, h, generate_series(1, towns) AS t;
CREATE TEMPORARY TABLE i AS
SELECT p.*, h.h, h.month, h.paid_on, pg_temp.key('invoice' || p, %(months)s - h) AS invoice,
    pg_temp.key('batch' || t, %(months)s - h) AS batch, 9000 * %(each)s::bigint AS cents FROM p, h;
INSERT INTO billing_invoice (id, municipality_id, partner_id, month, kind, number, stage, total_cents,
    paid_cents, sent_by_id, sent_at, checked_at, batch_id)
SELECT invoice, town, id, month, 'hours', kvk || '-H' || h, 'paid', cents, cents, office, paid_on, paid_on,
    batch FROM i;
INSERT INTO billing_payment (id, municipality_id, batch_id, invoice_id, reference, cents, stage, booked_on,
    booked_line, refused_line, reason)
SELECT pg_temp.key('payment' || p, %(months)s - h), town, batch, invoice, kvk || '-H' || h, cents, 'paid',
    paid_on, '', '', '' FROM i
"""
# Without the keys to other tables, which are put back after: they would be looked up one row at a time.
HISTORY_LINES: LiteralString = """
INSERT INTO billing_invoiceline (id, municipality_id, invoice_id, match_id, service_code_id, minutes,
    cents_per_hour, cents, first_on, last_on, findings, answer, batch_id)
SELECT pg_temp.key('past', (i.p * %(months)s + h) * %(each)s + k), i.town, invoice, l.match,
    pg_temp.key('code' || l.t, l.code), 60, 9000, 9000, i.month, i.month + 20, '{}', '', batch
FROM i CROSS JOIN generate_series(0, %(each)s - 1) AS k
    JOIN l ON l.p = i.p AND l.nth = 1 + k %% (SELECT least(31, lines / partners - 1) FROM size)
"""
KEYS_OUT: LiteralString = """
CREATE TEMPORARY TABLE keys_out AS SELECT conname, pg_get_constraintdef(oid) AS words FROM pg_constraint
    WHERE contype = 'f' AND conrelid = 'billing_invoiceline'::regclass;
DO $$ DECLARE one record; BEGIN FOR one IN SELECT conname FROM keys_out LOOP
    EXECUTE format('ALTER TABLE billing_invoiceline DROP CONSTRAINT %I', one.conname);
END LOOP; END $$
"""
KEYS_BACK: LiteralString = """
DO $$ DECLARE one record; BEGIN FOR one IN SELECT * FROM keys_out LOOP
    EXECUTE format('ALTER TABLE billing_invoiceline ADD CONSTRAINT %I %s', one.conname, one.words);
END LOOP; END $$
"""


@dataclass(frozen=True, slots=True)
class Region:
    """So many lines are to be made in the month, behind so many that were paid in the years before."""

    month: date
    lines: int
    history: int = 0

    @property
    def partners(self) -> int:
        return -(-self.lines // LINES_OF_INVOICE)

    @property
    def towns(self) -> int:
        return -(-self.partners // PARTNERS_OF_TOWN)

    @property
    def name(self) -> str:
        return f"{self.lines}" + (f"_{self.history}" if self.history else "")


@contextmanager
def region(place: Installation, asked: Region) -> Iterator[Town]:
    """Inside the block the region stands; a month is made once, so it is gone afterwards."""
    name = f"{PREFIX}{split(place.owner_url)['dbname'][:12]}_month_{asked.name}"
    made = replace(place, owner_url=changed(place.owner_url, dbname=name))
    with roles.connect_owner(place.owner_url) as owner:
        drop(owner, name)
        try:
            empty_database(owner, made)
            with Progress(f"Building a region with {asked.lines:,} lines to make") as progress:
                fill(made, asked, progress)
            yield Town(asked.lines + asked.history, made)
        finally:
            drop(owner, name)


def fill(made: Installation, asked: Region, progress: Progress) -> None:
    with psycopg.connect(conninfo(made.owner_url), autocommit=True) as inside:
        cursor = psycopg.ClientCursor(inside)
        for words in ("synchronous_commit = off", "work_mem = '64MB'", "jit = off"):
            cursor.execute(f"SET {words}".encode())
        size = {"towns": asked.towns, "partners": asked.partners, "lines": asked.lines, "month": asked.month}
        cursor.execute(rows.FUNCTIONS, {"seed": 1})
        steps = (("municipalities", SIZE + ";" + TOWNS + ";" + AGREED), ("matches", MATCHES), ("hours", KEPT))
        for what, step in steps:
            progress(what)
            with inside.transaction():
                cursor.execute(step, size)
        if asked.history:
            progress("years of invoices")
            each = -(-asked.history // (MONTHS * asked.partners))
            cursor.execute(HISTORY, {"months": MONTHS, "each": each})
            cursor.execute(KEYS_OUT)
            cursor.execute(HISTORY_LINES, {"months": MONTHS, "each": each})
            cursor.execute(KEYS_BACK)
        progress("statistics")
        inside.execute("VACUUM ANALYZE")
