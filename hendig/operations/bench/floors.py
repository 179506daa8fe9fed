"""The floor beside each target: the same rows by hand-written SQL and orjson, through the same server.

This stands in the first place of the middleware and only when HENDIG_BENCH is set: no session, no actor, no
right, no policy, no key, no log, no template. There is no route to it, so nothing that guards routes has to
know an exception. The floors come in as the owner, for whom no policy is in the way, and give sealed texts as
they lie there.
"""

from collections.abc import Callable, Sequence
from functools import cache
from time import perf_counter
from typing import Any
from uuid import UUID

import orjson
import psycopg
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.db import connection, models
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from psycopg_pool import ConnectionPool

from hendig.kernel.ids import new_id
from hendig.keys.models import SealedText
from hendig.operations.bench.client import COUNT
from hendig.operations.database import conninfo

PREFIX = "/bench/"
Found = list[tuple[Any, ...]]


class Bench:
    """Answers the floors, and counts what a page asks of the database for whoever sends the header."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        if not settings.BENCH:
            raise ImproperlyConfigured("the floors exist in bench mode only")
        self.get_response = get_response
        if settings.BENCH_OPEN:
            read_as_it_lies()

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        floor = FLOORS.get(request.path.removeprefix(PREFIX)) if request.path.startswith(PREFIX) else None
        answer = self.get_response if floor is None else lambda asked: sent(floor(asked.GET.dict()))
        if COUNT not in request.headers:
            return answer(request)
        counter = Counter()
        with connection.execute_wrapper(counter):
            response = answer(request)
        response["X-Bench-Statements"] = str(counter.statements)
        response["X-Bench-Seconds"] = f"{counter.seconds:.6f}"
        return response


class Counter:
    """Every statement that goes through Django: savepoints too, BEGIN and COMMIT not."""

    def __init__(self) -> None:
        self.statements = 0
        self.seconds = 0.0

    def __call__(
        self, execute: Callable[..., Any], words: str, parameters: Any, many: bool, context: Any
    ) -> Any:
        began = perf_counter()
        try:
            return execute(words, parameters, many, context)
        finally:
            self.seconds += perf_counter() - began
            self.statements += 1


def read_as_it_lies() -> None:
    """Texts were not sealed in this municipality, and nobody looks for a key."""

    def read(_self: object, value: Any, _expression: object, _connection: object) -> str | None:
        return None if value is None else bytes(value).decode()

    setattr(SealedText, "select_format", models.TextField.select_format)  # noqa: B010 - another field's way
    setattr(SealedText, "from_db_value", read)  # noqa: B010


def sent(found: object) -> HttpResponse:
    body = orjson.dumps(found, default=bytes.hex)
    return HttpResponse(body, headers={"Content-Type": "application/json", "Content-Length": str(len(body))})


@cache
def owners() -> ConnectionPool[psycopg.Connection[tuple[Any, ...]]]:
    """Connections that wait and prepare nothing: what Django does of itself is the floor, and stays it."""
    plain = {"autocommit": True, "prepare_threshold": None, "cursor_factory": psycopg.ClientCursor}
    return ConnectionPool(conninfo(settings.BENCH), min_size=1, max_size=8, open=True, kwargs=plain)


def rows(words: str, parameters: Sequence[str] | dict[str, str]) -> Found:
    with owners().connection() as owner:
        return owner.execute(words, parameters).fetchall()


LIST = """
    SELECT r.id, r.family_id, r.stage, r.waiting_since, r.waiting_on, r.result <> '', c.first_name,
    a.first_name, a.last_name
    FROM helprequests_helprequest r
    JOIN families_familymember a ON a.id = r.asked_by_id LEFT
    JOIN families_familymember c ON c.id = r.child_id
    WHERE r.municipality_id = %s AND r.coach_id = %s AND {which}
    ORDER BY r.waiting_since, r.id LIMIT 51
"""
OPEN = "r.stage <> 'done'"
NAMED = "r.family_id IN (SELECT family_id FROM families_namepart WHERE municipality_id = %s AND word = %s)"


# Who has this one word in their name, and is of a family in which somebody is involved.
FIND = """
    SELECT m.id, m.family_id, m.first_name, m.last_name, m.born_on FROM families_namepart p
    JOIN families_familymember m ON m.id = p.member_id
    WHERE p.municipality_id = %(town)s AND p.word = %(word)s AND EXISTS (SELECT 1 FROM families_involvement i
        WHERE i.account_id = %(account)s AND i.family_id = p.family_id AND i.from_at <= now()
        AND (i.until_at IS NULL OR i.until_at > now())) LIMIT 50
"""


def find(asked: dict[str, str]) -> Found:
    return rows(FIND, asked)


def coach_list(asked: dict[str, str]) -> Found:
    return rows(LIST.format(which=OPEN), [asked["town"], asked["coach"]])


def search(asked: dict[str, str]) -> Found:
    # A coach is not involved any more where a question is done: the page does not show those either.
    which = f"{OPEN} AND {NAMED}"
    return rows(LIST.format(which=which), [asked["town"], asked["coach"], asked["town"], asked["q"]])


RECORD = (
    """SELECT f.name, m.id, m.account_id, m.first_name, m.last_name, m.kind, m.born_on, a.id, a.child_id,
    a.source,
        a.checked_on, a.lapses_on FROM families_family f JOIN families_familymember m ON m.family_id = f.id
        LEFT JOIN families_legalauthority a ON a.holder_id = m.id AND a.until_on IS NULL WHERE f.id = %s""",
    """SELECT r.id, r.words, w.words, r.result, r.stage, r.stage_since, r.waiting_on, r.waiting_since,
    r.asked_at,
        m.first_name, c.first_name, k.first_name, k.phone, v.stage, v.at FROM helprequests_helprequest r
        JOIN families_familymember m ON m.id = r.asked_by_id LEFT
        JOIN families_familymember c ON c.id = r.child_id
        LEFT JOIN people_account k ON k.id = r.coach_id LEFT
        JOIN helprequests_talknote w ON w.request_id = r.id LEFT
        JOIN helprequests_stagemove v ON v.request_id = r.id
        WHERE r.family_id = %s ORDER BY r.id DESC, v.at""",
    """SELECT i.part, i.ground, i.from_at, i.until_at, a.id, a.first_name, a.last_name, a.phone, w.title,
    p.name
        FROM families_involvement i JOIN people_account a ON a.id = i.account_id
        LEFT JOIN people_membership w ON w.account_id = a.id AND w.role <> 'family'
        LEFT JOIN people_partner p ON p.id = w.partner_id
        WHERE i.family_id = %s AND i.part <> 'family' AND 'shared' = ANY (i.kinds)
        AND (i.until_at IS NULL OR i.until_at > now())""",
    """SELECT t.id, t.starts_at, t.place, t.stage, g.stage, s.stage, p.title, p.can_do, a.first_name, e.name
        FROM tents_tent t LEFT JOIN tents_page g ON g.tent_id = t.id LEFT
        JOIN tents_seat s ON s.tent_id = t.id
        LEFT JOIN people_professional p ON p.id = s.professional_id LEFT
        JOIN people_account a ON a.id = p.account_id
        LEFT JOIN people_expertise e ON e.id = s.expertise_id WHERE t.family_id = %s ORDER BY t.id DESC""",
    """SELECT t.id, t.stage, t.purpose, t.opened_at, c.first_name, p.title, a.first_name, n.name, m.id,
    m.number,
        m.starts_on, m.ends_on, y.account_id, y.member_id, y.yes FROM matching_matchtalk t
        JOIN families_familymember c ON c.id = t.child_id
        JOIN people_professional p ON p.id = t.professional_id
        JOIN people_account a ON a.id = p.account_id JOIN people_partner n ON n.id = p.partner_id
        LEFT JOIN matching_match m ON m.talk_id = t.id LEFT JOIN matching_answer y ON y.talk_id = t.id
        WHERE t.family_id = %s ORDER BY t.id DESC""",
    """SELECT v.id, v.starts_at, v.minutes, v.place, v.felt, a.first_name, c.first_name
    FROM plans_appointment v
        JOIN matching_match m ON m.id = v.match_id JOIN people_professional p ON p.id = m.professional_id
        JOIN people_account a ON a.id = p.account_id JOIN families_familymember c ON c.id = m.child_id
        WHERE v.family_id = %s AND v.stage = 'planned' AND v.starts_at >= current_date
        ORDER BY v.starts_at LIMIT 10""",
)


def record(asked: dict[str, str]) -> list[Found]:
    with owners().connection() as owner:
        return [owner.execute(words, [asked["family"]]).fetchall() for words in RECORD]


DAY = (
    """SELECT v.id, v.family_id, v.starts_at, v.minutes, v.place, v.stage, c.first_name
    FROM plans_appointment v
        JOIN matching_match m ON m.id = v.match_id JOIN families_familymember c ON c.id = m.child_id
        WHERE v.municipality_id = %(town)s AND v.professional_id = %(works)s
        AND v.starts_at < current_date + 1
        AND (v.starts_at >= current_date OR v.stage = 'planned' AND v.starts_at >= current_date - 60)
        ORDER BY v.starts_at""",
    """SELECT t.id, t.family_id, t.what, f.name, t.by FROM plans_task t
    JOIN families_family f ON f.id = t.family_id
        WHERE t.account_id = %(account)s AND t.done_at IS NULL ORDER BY t.by, t.id LIMIT 20""",
    """SELECT s.id, s.stage, e.name, t.starts_at, t.place, t.stage, f.neighbourhood FROM tents_seat s
        JOIN tents_tent t ON t.id = s.tent_id JOIN people_expertise e ON e.id = s.expertise_id
        JOIN families_family f ON f.id = s.family_id
        WHERE s.professional_id = %(works)s AND t.stage IN ('calling', 'planned', 'meeting')
        AND t.starts_at > now() - interval '1 day' ORDER BY t.starts_at LIMIT 50""",
    """SELECT t.id, t.purpose, t.opened_at, c.first_name, f.neighbourhood, y.account_id, y.yes
        FROM matching_matchtalk t JOIN families_familymember c ON c.id = t.child_id
        JOIN families_family f ON f.id = t.family_id LEFT JOIN matching_answer y ON y.talk_id = t.id
        WHERE t.professional_id = %(works)s AND t.stage = 'open' ORDER BY t.id""",
)


def day(asked: dict[str, str]) -> list[Found]:
    with owners().connection() as owner:
        return [owner.execute(words, asked).fetchall() for words in DAY]


# Added up by partner; of the invoices, of what is asked and of its lines as many as the page names.
FINANCE = (
    """SELECT * FROM (
            SELECT i.id, i.partner_id, p.name, p.iban, i.number, i.their_number, i.month, i.kind, i.stage,
                i.total_cents, i.paid_cents, i.sent_at, l.cents, count(*) OVER of_partner AS invoices,
                (sum(l.cents) OVER of_partner)::bigint AS payable,
                row_number() OVER (PARTITION BY i.partner_id ORDER BY i.number) AS place
            FROM billing_invoice i JOIN people_partner p ON p.id = i.partner_id CROSS JOIN LATERAL (
                SELECT sum(l.cents)::bigint AS cents FROM billing_invoiceline l
                WHERE l.invoice_id = i.id AND l.batch_id IS NULL AND l.findings = '{}') l
            WHERE i.municipality_id = %(town)s AND i.stage IN ('right', 'asked')
            WINDOW of_partner AS (PARTITION BY i.partner_id)
        ) named WHERE place <= 12 ORDER BY name, number""",
    """SELECT y.invoice_id, y.reference, y.cents, y.stage, y.booked_on, y.refused_on, y.reason
        FROM billing_payment y JOIN billing_invoice i ON i.id = y.invoice_id
        WHERE i.municipality_id = %(town)s AND i.stage IN ('right', 'asked')""",
    """SELECT * FROM (
            SELECT l.id, l.invoice_id, l.cents, l.findings, l.answer, m.number, c.code, i.place,
                row_number() OVER (PARTITION BY l.invoice_id ORDER BY l.id) AS line
            FROM (
                SELECT i.id, row_number() OVER (ORDER BY p.name, i.number) AS place
                FROM billing_invoice i JOIN people_partner p ON p.id = i.partner_id
                WHERE i.municipality_id = %(town)s AND i.stage = 'asked'
            ) i JOIN billing_invoiceline l ON l.invoice_id = i.id
            LEFT JOIN matching_match m ON m.id = l.match_id
            LEFT JOIN people_servicecode c ON c.id = l.service_code_id
            WHERE i.place <= 20 AND l.batch_id IS NULL AND l.findings <> '{}'
        ) named WHERE line <= 5""",
    """SELECT b.id, b.number, b.made_at, b.pays_on, b.total_cents, count(y.id),
        count(y.id) FILTER (WHERE y.stage = 'paid'),
        count(y.id) FILTER (WHERE y.stage IN ('refused', 'returned'))
        FROM (SELECT * FROM billing_paymentbatch WHERE municipality_id = %(town)s ORDER BY id DESC LIMIT 12) b
        LEFT JOIN billing_payment y ON y.batch_id = b.id
        GROUP BY b.id, b.number, b.made_at, b.pays_on, b.total_cents ORDER BY b.id DESC""",
    """SELECT month, sum(paid_cents)::bigint, sum(total_cents)::bigint FROM billing_invoice
        WHERE municipality_id = %(town)s AND month > current_date - interval '1 year' GROUP BY month""",
    """SELECT a.id, p.name, p.iban, a.iban, a.asked_at, a.agreed_at FROM billing_accountchange a
        JOIN people_partner p ON p.id = a.partner_id
        WHERE a.municipality_id = %(town)s AND a.stopped_at IS NULL AND a.done_at IS NULL""",
)


def finance(asked: dict[str, str]) -> list[Found]:
    with owners().connection() as owner:
        return [owner.execute(words, asked).fetchall() for words in FINANCE]


# What is left when a question is asked: the question, its mail, the line in the log.
CREATE = """
    WITH asked AS (
        INSERT INTO helprequests_asked
            (id, municipality_id, words, first_name, email, code_hash, tries_left, asked_at, expires_at)
        VALUES (%(id)s, %(town)s, %(words)s, 'Sanne', %(email)s, '\\x00', 5, now(), now() + interval '1 day')
    ), letter AS (
        INSERT INTO people_letter (id, municipality_id, "to", key, subject, body, at)
        VALUES (%(letter)s, %(town)s, %(email)s, %(key)s, 'Uw code voor Hendig', %(words)s, now())
    )
    INSERT INTO audit_entry (id, municipality_id, at, kind, code, roles, part, ground, purpose, rule,
        object_type, object_id, facts, touched, leaf)
    VALUES (%(entry)s, %(town)s, now(), 'change', 'request.asked', 'anyone', '', '', '', '',
    'helprequests.Asked',
    %(id)s,
        '{}', '[]', '\\x00')
"""


def create(asked: dict[str, str]) -> dict[str, UUID]:
    key = new_id()
    keys: dict[str, UUID | str] = {"id": key, "letter": new_id(), "entry": new_id(), "key": f"asked:{key}"}
    with owners().connection() as owner, owner.transaction():
        owner.execute(CREATE, {**keys, **asked})
    return {"id": key}


FLOORS: dict[str, Callable[[dict[str, str]], object]] = {
    "list": coach_list,
    "search": search,
    "find": find,
    "record": record,
    "day": day,
    "finance": finance,
    "create": create,
    "ping": lambda _asked: None,
}
