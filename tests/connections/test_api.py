"""What a system sends and reads: the same invoices, rules and files as on the pages, and nobody's name."""

from __future__ import annotations

import csv
import json
from datetime import date
from io import StringIO
from typing import Any
from uuid import UUID, uuid4

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from hendig.audit.models import Entry
from hendig.billing import actions as billing
from hendig.billing import queries
from hendig.billing.adapters.ubl.document import CREDIT
from hendig.billing.adapters.ubl.names import Profile
from hendig.billing.adapters.ubl.write import ubl
from hendig.billing.models import Form, Invoice, Original, Payment
from hendig.connections.models import Purpose
from hendig.kernel.actor import Role
from tests.billing.test_received import match_of
from tests.support.bank import afschrift, one_by_one, read
from tests.support.billing import at_end_of, fill_november, make_match
from tests.support.connections import ask, problem, right, token
from tests.support.received import billed_line, document, receive
from tests.support.together import at_once
from tests.support.world import World, build_world

NAMES = ("Sanne", "Verhoeven", "Fatima", "Kind")


def send(world: World, bearer: str, content: bytes, path: str = "/invoices", **more: Any) -> Any:
    return ask(world, path, bearer, body=content, **more)


def said(answer: Any) -> dict[str, Any]:
    assert answer["Content-Type"] == "application/json"
    assert answer["API-Version"] == "1.0.0"
    assert answer["Cache-Control"] == "no-store"
    assert not [name for name in NAMES if name in answer.content.decode()]
    return dict(answer.json())


# --- a partner's system ---------------------------------------------------------------------------------


def test_an_invoice_is_booked_like_on_the_page_and_read_until_the_bank_paid(november: World) -> None:
    bearer = token(november)
    answer = send(november, bearer, right(november))
    assert answer.status_code == 201
    invoice = Invoice.objects.get()
    assert answer["Location"].endswith(f"/api/v1/invoices/{invoice.pk}")
    found = said(answer)["summary"]
    assert (found["yourNumber"], found["number"]) == ("F-2026-17", "E12345670-2026-0001")
    assert (found["status"], found["cents"], found["paidOn"]) == ("right", 22500, None)
    assert invoice.sent_by_id == november.account("jolanda").pk
    batch = billing.pay(actor=november.actor("henk"), at=november.at)
    path = f"/invoices/{invoice.pk}"
    assert said(ask(november, path, bearer))["summary"]["status"] == "at-bank"
    read(november, afschrift(november, *one_by_one(batch)))
    paid = said(ask(november, path, bearer))
    assert (paid["summary"]["status"], paid["summary"]["paidOn"]) == ("paid", "2026-12-02")
    assert paid["transfers"][0]["stage"] == "paid"
    assert paid["lines"][0]["isPaid"] is True


def test_what_is_asked_about_a_line_is_there_in_words(november: World) -> None:
    bearer = token(november)
    unknown = document(november, billed_line("M2026-999999", 60), number="F-18")
    answer = send(november, bearer, ubl(unknown, Profile.PEPPOL))
    assert answer.status_code == 201
    found = said(answer)
    assert found["summary"]["status"] == "asked"
    (line,) = found["lines"]
    assert line["isAsked"] is True
    assert line["questions"][0]["code"] == "no_match"
    page = queries.invoice(november.actor("jolanda"), UUID(found["summary"]["id"]), at=november.at)
    assert [one["words"] for one in line["questions"]] == [str(words) for words in page.lines[0].questions]
    english = ask(november, f"/invoices/{found['summary']['id']}", bearer, Accept_Language="en")
    assert english.json()["lines"][0]["questions"] != line["questions"]


def test_the_same_file_is_booked_once_whatever_key_comes_with_it(november: World) -> None:
    bearer, xml = token(november), right(november)
    first = send(november, bearer, xml, Idempotency_Key="zending-1")
    for more in ({"Idempotency_Key": "zending-1"}, {}, {"Idempotency_Key": "zending-2"}):
        again = send(november, bearer, xml, **more)
        assert (again.status_code, said(again)) == (200, said(first))
        assert again["Location"] == first["Location"]
    assert Invoice.objects.count() == 1
    other = send(november, bearer, right(november, "F-2"), Idempotency_Key="zending-1")
    assert problem(other)[:2] == (422, "received.key_used")
    assert send(november, bearer, right(november, "F-2"), Idempotency_Key="zending-2").status_code == 201


def test_a_key_of_another_partner_is_nobodys_business(november: World) -> None:
    november.add_worker("joost", Role.OFFICE, "anker")
    send(november, token(november), right(november), Idempotency_Key="1")
    theirs = ubl(
        document(november, billed_line("M2026-999999", 60), partner="anker", number="A-1"), Profile.NLCIUS
    )
    joost = token(november, "joost", [Purpose.SEND])
    assert send(november, joost, theirs, Idempotency_Key="1").status_code == 201
    assert [one["yourNumber"] for one in said(ask(november, "/invoices", joost))["invoices"]] == ["A-1"]


@pytest.mark.django_db(transaction=True)
def test_two_who_send_the_same_at_once_get_one_invoice() -> None:
    world = fill_november(build_world())
    bearer, xml = token(world), right(world)
    statuses: list[int] = []
    at_once(*[lambda: statuses.append(send(world, bearer, xml).status_code)] * 4)
    assert sorted(statuses) == [200, 200, 200, 201]
    assert Invoice.objects.count() == 1


@pytest.mark.parametrize(
    ("other", "code"),
    [
        ({"currency": "USD"}, "received.not_euro"),
        ({"issued_on": date(2027, 1, 1)}, "received.future"),
    ],
)
def test_a_rule_says_no_by_its_own_code_and_words(november: World, other: dict[str, Any], code: str) -> None:
    answer = send(november, token(november), right(november, **other))
    assert problem(answer)[:2] == (422, code)
    assert not Invoice.objects.exists()


def with_another_total(xml: bytes) -> bytes:
    payable = b'PayableAmount currencyID="EUR">'
    assert payable in xml
    return xml.replace(payable, payable + b"1")


def test_all_that_is_wrong_with_a_file_is_listed(november: World) -> None:
    xml = with_another_total(right(november))
    answer = send(november, token(november), xml)
    assert problem(answer)[:2] == (422, "received.format")
    (fault,) = answer.json()["errors"]
    assert (fault["rule"], fault["where"]) == ("HENDIG-TOTALS", "LegalMonetaryTotal")


def test_an_invoice_of_another_partner_is_refused_and_theirs_is_not_there(november: World) -> None:
    november.add_worker("joost", Role.OFFICE, "anker")
    joost = token(november, "joost", [Purpose.SEND])
    assert problem(send(november, joost, right(november)))[:2] == (422, "received.other_sender")
    came = receive(november, right(november))
    nowhere = ask(november, f"/invoices/{uuid4()}", joost)
    for path in (f"/invoices/{came.pk}", f"/invoices/{came.pk}/response", "/niets", "/invoices/"):
        assert ask(november, path, joost).content == nowhere.content
    assert problem(nowhere)[0] == 404


def test_a_credit_note_takes_a_line_back(november: World) -> None:
    bearer = token(november)
    unknown = billed_line("M2026-999999", 60)
    send(november, bearer, ubl(document(november, unknown, number="F-18"), Profile.NLCIUS))
    note = document(november, unknown, number="C-1", kind=CREDIT, before=("F-18",))
    found = said(send(november, bearer, ubl(note, Profile.NLCIUS)))
    assert (found["summary"]["isCreditNote"], found["summary"]["status"]) == (True, "settled")
    assert found["corrects"] == str(Invoice.objects.get(their_number="F-18").pk)


def test_the_answer_of_peppol_is_that_of_the_page(november: World) -> None:
    bearer = token(november)
    found = said(send(november, bearer, right(november)))["summary"]
    answer = ask(november, f"/invoices/{found['id']}/response", bearer)
    assert (answer.status_code, answer["Content-Type"]) == (200, "application/xml")
    page = queries.response(november.actor("jolanda"), UUID(found["id"]), at=november.at)
    assert answer.content == page.content


def sheet(hours: str = "2,5") -> bytes:
    names = "matchnummer;code;van;tot en met;uren;tarief;bedrag"
    return f"{names}\r\n{match_of().number};H2;2026-11-01;2026-11-30;{hours};90,00;\r\n".encode()


def test_a_spreadsheet_comes_in_with_its_number(november: World) -> None:
    bearer = token(november)
    kind = {"kind": "text/csv"}
    assert problem(send(november, bearer, sheet(), **kind))[0] == 400
    answer = send(november, bearer, sheet(), "/invoices?number=R-1", **kind)
    assert answer.status_code == 201
    assert Original.objects.get().form == Form.SHEET
    assert send(november, bearer, sheet(), "/invoices?number=R-1", **kind).status_code == 200
    wrong = send(november, bearer, sheet("veel"), "/invoices?number=R-2", **kind)
    assert "Rij 2, kolom uren" in problem(wrong)[2]


@pytest.mark.parametrize(
    ("kind", "content", "status"),
    [
        ("application/pdf", b"%PDF-1.7", 415),
        ("application/x-www-form-urlencoded", b"a=b", 415),
        ("multipart/form-data; boundary=x", b"--x--", 415),
        ("application/xml", b"%PDF-1.7", 422),
        ("application/xml", b"<html/>", 422),
        ("text/csv", b"\0\1", 422),
    ],
)
def test_another_file_is_a_problem(november: World, kind: str, content: bytes, status: int) -> None:
    answer = send(november, token(november), content, "/invoices?number=1", kind=kind)
    assert problem(answer)[0] == status


def test_a_list_goes_on_by_key_and_is_found_by_number_and_by_own_key(november: World) -> None:
    bearer = token(november)
    for place in range(5):
        send(november, bearer, right(november, f"F-{place}"), Idempotency_Key=f"k{place}")
    found: list[str] = []
    part: dict[str, Any] = {}
    path = "/invoices?limit=2"
    after = ""
    for _turn in range(3):
        part = said(ask(november, f"{path}{after}", bearer))
        found += [one["yourNumber"] for one in part["invoices"]]
        after = f"&after={part['next']}"
    assert found == ["F-4", "F-3", "F-2", "F-1", "F-0"]
    assert part["next"] is None
    for query in ("number=F-3", "number=E12345670-2026-0004", "idempotencyKey=k3"):
        part = said(ask(november, f"/invoices?{query}", bearer))
        assert [one["yourNumber"] for one in part["invoices"]] == ["F-3"], query
    assert said(ask(november, "/invoices?number=F-9", bearer))["invoices"] == []


@pytest.mark.parametrize(
    "query", ["limit=0", "limit=101", "limit=x", "after=1", "number=a%00b", "idempotencyKey=a%20b"]
)
def test_what_cannot_be_read_says_which_parameter(november: World, query: str) -> None:
    answer = ask(november, f"/invoices?{query}", token(november))
    assert problem(answer)[0] == 400
    assert answer.json()["errors"][0]["rule"] == query.partition("=")[0]


def test_reading_costs_the_same_number_of_queries_at_any_size(november: World) -> None:
    bearer = token(november)
    ask(november, "/invoices", bearer)

    def cost(path: str) -> int:
        with CaptureQueriesContext(connection) as seen:
            assert ask(november, path, bearer).status_code == 200
        return len(seen)

    one = receive(november, right(november))
    small = cost("/invoices"), cost(f"/invoices/{one.pk}")
    lines = [billed_line(f"M2026-99999{n}", 60) for n in range(5)]
    many = receive(november, document(november, *lines, number="F-9"))
    assert (cost("/invoices"), cost(f"/invoices/{many.pk}")) == small


# --- finance --------------------------------------------------------------------------------------------


def test_the_journal_of_a_month_is_the_file_of_the_page_in_both_forms(december: World) -> None:
    henk, bearer = december.actor("henk"), token(december, "henk")
    listed = said(ask(december, "/journals", bearer))["journals"]
    assert [one["month"] for one in listed] == ["2026-12"]
    row = queries.journals(henk, at=december.at).rows[0]
    data = ask(december, "/journals/2026-12", bearer)
    assert said(data)["number"] == row.number
    assert data.content == queries.journal_file(henk, row.id, "json").content
    assert {one["iv3"] for one in said(data)["entries"] if one["code"]} == {
        december.service_code("H2").iv3_field
    }
    table = ask(december, "/journals/2026-12", bearer, Accept="text/csv")
    assert table["Content-Type"].startswith("text/csv")
    assert table.content == queries.journal_file(henk, row.id, "csv").content
    assert problem(ask(december, "/journals/2026-12", bearer, Accept="image/png"))[0] == 406
    assert problem(ask(december, "/journals/2026-10", bearer))[0] == 404
    for month in ("2026-13", "november", "0", "%00"):
        assert problem(ask(december, f"/journals/{month}", bearer))[0] == 400


def test_the_chain_of_a_payment_leads_from_the_bank_to_the_appointments(december: World) -> None:
    bearer, payment = token(december, "henk"), Payment.objects.get()
    path = f"/payments/{payment.reference}/chain"
    found = said(ask(december, path, bearer))
    assert Entry.objects.filter(code="payment.taken_along").exists(), "the family reads of it"
    page = queries.chain(december.actor("henk"), payment.pk, at=december.at)
    assert found["payment"]["bankLine"] == page.bank_line
    assert [hour["id"] for hour in found["payment"]["lines"][0]["hours"]] == [
        str(hour.id) for hour in page.lines[0].hours
    ]
    assert len(found["rightBy"]) == len(found["payment"]["lines"]) == 1
    assert len(found["facts"]) == 4
    table = ask(december, path, bearer, Accept="text/csv").content.decode("utf-8-sig")
    assert {row["betaling"] for row in csv.DictReader(StringIO(table), delimiter=";")} == {payment.reference}
    for reference in ("nergens", "%00", "x" * 40, "a%2Fb"):
        assert problem(ask(december, f"/payments/{reference}/chain", bearer))[0] == 404


def test_what_a_token_is_not_for_is_forbidden(december: World) -> None:
    office = token(december, purposes=[Purpose.FOLLOW])
    journal = token(december, "henk", [Purpose.JOURNAL])
    for bearer, path in (
        (office, "/journals"),
        (office, "/payments/1/chain"),
        (journal, "/invoices"),
        (journal, "/payments/1/chain"),
    ):
        assert problem(ask(december, path, bearer))[0] == 403
    assert problem(send(december, office, right(december, "F-3")))[0] == 403


# --- every door -----------------------------------------------------------------------------------------


def test_a_session_opens_nothing_here_and_a_token_opens_no_page(november: World) -> None:
    bearer = token(november)
    for who in ("jolanda", "henk", "petra"):
        for path in ("/invoices", "/journals", "/payments/1/chain"):
            assert ask(november, path, None, client=november.client(who)).status_code == 401
    with time_machine.travel(november.at, tick=False):
        page = november.client().get(reverse("hours"), headers={"Authorization": f"Bearer {bearer}"})
    assert page.status_code == 302
    assert page["Location"].startswith("/aanmelden/")


def test_who_asks_too_often_waits_and_others_do_not(november: World) -> None:
    bearer, other = token(november), token(november, name="Twee")
    statuses = [ask(november, f"/invoices/{uuid4()}", bearer).status_code for _turn in range(121)]
    assert set(statuses[:120]) == {404}
    busy = ask(november, "/invoices", bearer)
    assert problem(busy)[0] == 429
    assert busy["Retry-After"] == "60"
    assert ask(november, "/invoices", other).status_code == 200
    november.later(minutes=1, seconds=1)
    assert ask(november, "/invoices", bearer).status_code == 200


def test_who_guesses_tokens_is_stopped_and_whoever_has_one_is_not(november: World) -> None:
    bearer = token(november)
    for _turn in range(30):
        assert ask(november, "/invoices", "hendig_geraden").status_code == 401
    assert problem(ask(november, "/invoices", "hendig_geraden"))[0] == 429
    assert ask(november, "/invoices", bearer).status_code == 200
    assert Entry.objects.filter(facts__refusal="connection.no_token").count() == 30


def test_another_method_is_a_problem_that_says_which_there_are(november: World) -> None:
    bearer = token(november)
    with time_machine.travel(november.at, tick=False):
        answer = november.client().delete("/api/v1/invoices", headers={"Authorization": f"Bearer {bearer}"})
    assert problem(answer)[0] == 405
    assert answer["Allow"] == "GET, POST"


def test_nobody_of_a_family_is_in_any_answer(november: World) -> None:
    kind, fatima = match_of(), make_match(november, "Fatima")
    bearer, henk = token(november), token(november, "henk")
    made = document(november, billed_line(fatima, 60), billed_line(kind, 150))
    answers = [send(november, bearer, ubl(made, Profile.NLCIUS))]
    assert json.loads(answers[0].content)["summary"]["status"] == "asked"
    billing.pay(actor=november.actor("henk"), at=november.at)
    at_end_of(november, date(2026, 12, 1))
    billing.make_journal(actor=november.actor("henk"), month=date(2026, 12, 1), at=november.at)
    key, payment = Invoice.objects.get().pk, Payment.objects.get().reference
    mine = ("/invoices", f"/invoices/{key}", f"/invoices/{key}/response")
    theirs = ("/journals", "/journals/2026-12", f"/payments/{payment}/chain")
    answers += [ask(november, path, bearer) for path in mine] + [ask(november, path, henk) for path in theirs]
    assert [answer.status_code for answer in answers] == [201] + [200] * 6
    text = "".join(answer.content.decode() for answer in answers)
    assert not [name for name in NAMES if name in text]
