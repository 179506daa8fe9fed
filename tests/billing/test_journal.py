"""A month for the financial system: all of it, with Iv3, numbered, once, and the same bytes each time."""

from __future__ import annotations

import csv
import json
from datetime import date, datetime, timedelta
from functools import partial
from io import StringIO
from uuid import UUID, uuid4

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from hendig.billing import actions, queries
from hendig.billing.models import InvoiceLine, Journal, to_invoice
from hendig.kernel.periods import AMSTERDAM, local_day
from hendig.kernel.refusal import Forbidden, NotVisible
from tests.billing.test_bank_pages import page
from tests.support.bank import DAY, afschrift, back, one_by_one, read
from tests.support.billing import HOUR, agree, at_end_of, call_code, keep, make_match, send
from tests.support.database import TestDatabase
from tests.support.refusals import code_of
from tests.support.shared import built_once
from tests.support.together import at_once
from tests.support.world import World, build_world

OCTOBER, NOVEMBER, DECEMBER = date(2026, 10, 1), date(2026, 11, 1), date(2026, 12, 1)


def busy_december(world: World) -> World:
    """In December November was sent, half of it taken back, the rest paid, and the payment came back."""
    agree(world)
    agree(world, code="H1", cents=8000, until_on=date(2026, 11, 5))
    keep(world, make_match(world), date(2026, 11, 3))
    keep(world, make_match(world, "Fatima", code="H1"), date(2026, 11, 10))
    at_end_of(world, NOVEMBER)
    invoice = send(world, NOVEMBER)
    line = invoice.lines.exclude(findings=[]).get()
    actions.credit_line(actor=world.actor("jolanda"), line_id=line.pk, at=world.at)
    batch = actions.pay(actor=world.actor("henk"), at=world.at)
    world.at = datetime(2026, 12, 3, 9, tzinfo=AMSTERDAM)
    read(world, afschrift(world, *one_by_one(batch)))
    read(world, afschrift(world, back(batch.payments.get()), name="AFSCHRIFT-2", on=date(2026, 12, 3)))
    at_end_of(world, DECEMBER)
    return world


@built_once
def december(world: World) -> World:
    return busy_december(world)


def make(world: World, month: date = DECEMBER, who: str = "henk") -> Journal:
    return actions.make_journal(actor=world.actor(who), month=month, at=world.at)


def test_everything_of_the_month_stands_in_it_with_its_field_of_iv3(december: World) -> None:
    journal = make(december)
    data = json.loads(queries.journal_file(december.actor("henk"), journal.pk, "json").content)
    assert (data["number"], data["month"], journal.entries) == ("J2027-0001", "2026-12", 5)
    told = [(row["kind"], row["document"], row["code"], row["cents"]) for row in data["entries"]]
    assert told == [
        ("invoice", "12345670-2026-0001", "H1", 8000),
        ("invoice", "12345670-2026-0001", "H2", HOUR),
        ("credit", "12345670-2026-0002", "H1", -8000),
        ("payment", "12345670-2026-0001", "", HOUR),
        ("return", "12345670-2026-0001", "", -HOUR),
    ]
    fields = {code: december.service_code(code).iv3_field for code in ("H1", "H2")}
    assert {row["code"]: row["iv3"] for row in data["entries"] if row["code"]} == fields
    assert data["entries"][3]["on"] == str(DAY)


def booked_under(world: World, field: str) -> None:
    """From now on H2 is booked there."""
    call_code(world, "Begeleiding", field, local_day(world.at))


def test_what_was_sent_stays_booked_as_it_was_when_its_code_is_booked_elsewhere(world: World) -> None:
    """Nothing is overwritten: neither the invoice of November, nor what of it is taken back later."""
    agree(world)
    booked_under(world, "6.72a")
    match = make_match(world)
    for month, later in ((NOVEMBER, "6.72b"), (DECEMBER, "6.2")):
        keep(world, match, month + timedelta(days=2))
        at_end_of(world, month)
        send(world, month)
        booked_under(world, later)
    first = InvoiceLine.objects.order_by("id").first()
    assert first is not None
    actions.credit_line(actor=world.actor("jolanda"), line_id=first.pk, at=world.at)
    assert list(InvoiceLine.objects.order_by("id").values_list("iv3_field", flat=True)) == [
        "6.72a",
        "6.72b",
        "6.72a",
    ]
    world.later(days=31)
    for month, fields in ((DECEMBER, ["6.72a"]), (date(2027, 1, 1), ["6.72b", "6.72a"])):
        data = json.loads(queries.journal_file(world.actor("henk"), make(world, month).pk, "json").content)
        assert [row["iv3"] for row in data["entries"] if row["code"]] == fields


def test_the_table_says_the_same_as_the_data(december: World) -> None:
    journal, henk = make(december), december.actor("henk")
    table = queries.journal_file(henk, journal.pk, "csv").content.decode("utf-8-sig")
    rows = list(csv.DictReader(StringIO(table), delimiter=";"))
    entries = json.loads(queries.journal_file(henk, journal.pk, "json").content)["entries"]
    assert [row["bedrag"] for row in rows] == [f"{one['cents'] / 100:.2f}" for one in entries]
    assert [row["iv3"] for row in rows] == [one["iv3"] for one in entries]


def test_it_is_written_once_and_fetched_as_often_as_one_likes(december: World) -> None:
    journal, henk = make(december), december.actor("henk")
    before = [queries.journal_file(henk, journal.pk, kind) for kind in ("csv", "json")]
    assert code_of(lambda: make(december)) == "journal.already"
    keep(december, make_match(december, "Kasia"), date(2027, 1, 5))
    at_end_of(december, date(2027, 1, 1))
    send(december, date(2027, 1, 1))
    assert [queries.journal_file(henk, journal.pk, kind) for kind in ("csv", "json")] == before


def test_a_month_that_is_not_over_or_in_which_nothing_was_is_refused(december: World) -> None:
    assert code_of(lambda: make(december, date(2027, 1, 1))) == "journal.not_over"
    assert code_of(lambda: make(december, OCTOBER)) == "journal.nothing"


@pytest.mark.parametrize("who", ["jolanda", "ellen", "anouk", "petra"])
def test_only_finance_writes_and_fetches_it(december: World, who: str) -> None:
    with pytest.raises(Forbidden):
        make(december, who=who)
    journal = make(december)
    with pytest.raises(NotVisible):
        queries.journal_file(december.actor(who), journal.pk, "csv")
    for name in ("journal_csv", "journal_json"):
        assert page(december, who, reverse(name, args=[journal.pk]))[0] == 403
        assert page(december, "henk", reverse(name, args=[UUID(int=7)]))[0] == 404


def test_one_press_writes_the_next_month_and_the_page_says_what_is_next(december: World) -> None:
    assert "december 2026" in page(december, "henk", reverse("journals"))[1]
    sent = {"_key": str(uuid4()), "month": "2026-12-01"}
    with time_machine.travel(december.at, tick=False):
        assert december.client("henk").post(reverse("make_journal"), sent).status_code == 302
        again = december.client("henk").post(reverse("make_journal"), {**sent, "_key": str(uuid4())})
    assert again.status_code == 422
    assert "is al gemaakt" in again.content.decode()
    html = page(december, "henk", reverse("journals"))[1]
    assert "J2027-0001" in html
    assert "Deze maand is nog niet voorbij." in html
    status, text = page(december, "henk", reverse("journal_csv", args=[Journal.objects.get().pk]))
    assert status == 200
    assert "12345670-2026-0002" in text


def test_a_municipality_that_begins_late_is_offered_its_first_month_and_none_is_left_out(
    december: World,
) -> None:
    """Nobody made a journal for half a year; somebody made one that was not the oldest."""
    keep(december, make_match(december, "Kasia"), date(2027, 1, 5))
    at_end_of(december, date(2027, 1, 1))
    send(december, date(2027, 1, 1))
    at_end_of(december, date(2027, 5, 1))
    henk = december.actor("henk")
    make(december, date(2027, 2, 1))
    offered = []
    while (shown := queries.journals(henk, at=december.at)).why_not is None:
        offered.append(make(december, shown.next).month.month)
    assert offered == [12, 1, 3, 4, 5]
    assert shown.next == date(2027, 6, 1)


def test_before_anything_was_sent_the_last_month_that_is_over_is_offered(world: World) -> None:
    shown = queries.journals(world.actor("henk"), at=world.at)
    assert shown.next == (world.at.replace(day=1) - timedelta(days=1)).date().replace(day=1)
    assert code_of(lambda: make(world, shown.next)) == "journal.nothing"


def test_the_page_costs_the_same_at_any_size(december: World) -> None:
    henk = december.actor("henk")

    def cost() -> int:
        with CaptureQueriesContext(connection) as seen:
            queries.journals(henk, at=december.at)
        return len(seen)

    small = cost()
    make(december)
    assert cost() == small == 2


@pytest.mark.django_db(transaction=True)
def test_of_many_presses_at_once_one_writes() -> None:
    world = busy_december(build_world())
    henk = world.actor("henk")
    press = partial(actions.make_journal, actor=henk, month=DECEMBER, at=world.at)
    assert sorted(at_once(*[press] * 8)) == ["done", *["journal.already"] * 7]


@pytest.mark.django_db(transaction=True)
def test_the_hours_that_wait_are_found_by_their_index(test_database: TestDatabase) -> None:
    """Of all that a region keeps, what did not go ahead among it, only what is this partner's is read."""
    world = busy_december(build_world())
    # What the planner knows is what is there, and not what it last happened to hear of a handful of rows.
    test_database.owner.execute(
        """
        INSERT INTO plans_appointment
        SELECT (jsonb_populate_record(kept, jsonb_build_object(
            'id', gen_random_uuid(), 'starts_at', kept.starts_at - n * interval '1 hour',
            'partner_id', CASE WHEN n % 50 = 0 THEN kept.partner_id ELSE gen_random_uuid() END
        ))).*
        FROM plans_appointment kept, generate_series(1, 5000) n;
        ANALYZE plans_appointment, matching_match, billing_invoicedappointment
        """
    )
    plan = to_invoice(world.partners["vlinder"].pk, world.at).explain()
    assert "settled_of_partner" in plan


def test_a_month_in_which_nothing_was_is_written_too_so_that_the_next_follows(december: World) -> None:
    make(december)
    keep(december, make_match(december, "Kasia"), date(2027, 2, 2))
    at_end_of(december, date(2027, 2, 1))
    send(december, date(2027, 2, 1))
    at_end_of(december, date(2027, 3, 1))
    henk = december.actor("henk")
    for month, rows in ((date(2027, 1, 1), 0), (date(2027, 2, 1), 0), (date(2027, 3, 1), 2)):
        page_ = queries.journals(henk, at=december.at)
        assert (page_.next, page_.why_not) == (month, None)
        assert make(december, page_.next).entries == rows
    assert list(Journal.objects.order_by("month").values_list("number", flat=True)) == [
        f"J2027-000{place}" for place in range(1, 5)
    ]


def test_a_month_is_written_when_all_that_began_in_it_is_in_the_books(december: World) -> None:
    """What is judged for minutes counts from when it came in: a folder with invoices at midnight."""
    december.at = datetime(2027, 1, 1, 0, 59, 59, tzinfo=AMSTERDAM)
    assert code_of(lambda: make(december)) == "journal.not_over"
    december.at = datetime(2027, 1, 1, 1, tzinfo=AMSTERDAM)
    assert make(december).entries == 5
