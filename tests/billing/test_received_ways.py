"""The ways in for a partner's own invoice: page, command and folder; and the answer that goes back."""

from __future__ import annotations

import os
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from uuid import UUID, uuid4

import pytest
import time_machine
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from lxml import etree

from hendig.billing import actions, jobs, queries
from hendig.billing.adapters import folder
from hendig.billing.adapters.ubl.document import CREDIT, Document
from hendig.billing.adapters.ubl.names import NAMESPACES, Profile
from hendig.billing.adapters.ubl.write import ubl
from hendig.billing.models import Invoice, InvoiceStage
from hendig.kernel.actor import Role
from hendig.kernel.refusal import NotVisible
from hendig.operations.failure import Failure
from hendig.operations.importing import import_files
from tests.billing.test_received import match_of
from tests.support.bank import afschrift, one_by_one, read
from tests.support.billing import at_end_of, keep, make_match, send
from tests.support.einvoice import HOSTILE
from tests.support.received import billed_line, document, receive
from tests.support.world import World

NOVEMBER = date(2026, 11, 1)


def right(world: World, number: str = "F-2026-17") -> Document:
    return document(world, billed_line(match_of(), 150), number=number)


# --- the page -------------------------------------------------------------------------------------------


def bring(world: World, content: bytes | None, who: str = "jolanda") -> tuple[int, str, str]:
    file = {} if content is None else {"file": SimpleUploadedFile("factuur.xml", content)}
    with time_machine.travel(world.at, tick=False):
        answer = world.client(who).post(reverse("own_invoice"), {"_key": str(uuid4()), **file})
    return answer.status_code, answer.get("Location", ""), answer.content.decode()


def page(world: World, path: str, who: str = "jolanda") -> str:
    with time_machine.travel(world.at, tick=False):
        answer = world.client(who).get(path)
    assert answer.status_code == 200, path
    return answer.content.decode()


def test_the_office_chooses_a_file_and_sees_how_it_stands(november: World) -> None:
    assert reverse("own_invoice") in page(november, reverse("hours"))
    before = page(november, reverse("own_invoice"))
    assert "U stuurde nog geen eigen factuur in" in before
    assert "De officiële controle van e-facturen staat hier uit" in before
    status, where, _html = bring(november, ubl(right(november), Profile.PEPPOL))
    invoice = Invoice.objects.get()
    assert (status, where) == (302, f"/uren/{invoice.pk}/")
    shown = page(november, where)
    assert "F-2026-17" in shown
    assert "E12345670-2026-0001" in shown
    assert shown.count("status-good") >= 5
    assert reverse("original", args=[invoice.pk]) in shown
    assert reverse("invoice_pdf", args=[invoice.pk]) not in shown
    listed = page(november, reverse("own_invoice"))
    assert "F-2026-17" in listed
    assert "klopt" in listed
    actions.pay(actor=november.actor("henk"), at=november.at)
    assert "de bank betaalt op" in page(november, reverse("own_invoice"))


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (None, "Kies het bestand van uw factuur"),
        (b"", "Dit bestand is leeg"),
        (b"%PDF-1.7 factuur", "Dit is geen e-factuur"),
        (b"<html><body>hoi</body></html>", "Dit is geen UBL-factuur"),
        (HOSTILE["a file of ours"][0](), "verwijst naar iets daarbuiten"),
        (HOSTILE["half"][0](), "Het bestand is kapot"),
        (b"<" + b" " * 5_000_001, "Dit bestand is te groot"),
    ],
)
def test_what_cannot_come_in_gets_a_sentence_on_the_page(
    november: World, content: bytes | None, words: str
) -> None:
    status, _where, html = bring(november, content)
    assert status == 422
    assert words in html
    assert not Invoice.objects.exists()


def test_all_that_is_wrong_with_a_file_is_listed(november: World) -> None:
    made = right(november)
    wrong = replace(made, totals=replace(made.totals, payable=1, exclusive=2))
    status, _where, html = bring(november, ubl(wrong, Profile.NLCIUS))
    assert status == 422
    assert "HENDIG-TOTALS" in html
    assert "HENDIG-VAT-SUM" in html
    assert "De totalen onderaan zijn anders" in html


def test_a_refusal_of_the_whole_is_on_the_page_in_words(november: World) -> None:
    status, _where, html = bring(november, ubl(replace(right(november), currency="USD"), Profile.NLCIUS))
    assert status == 422
    assert "De gemeente betaalt alleen in euro" in html


@pytest.mark.parametrize("name", ["original", "invoice_response"])
def test_what_came_in_is_for_its_office_and_finance_alone(november: World, name: str) -> None:
    november.add_worker("joost", Role.OFFICE, "anker")
    came, made_here = receive(november, right(november)), send_december(november)
    for who, invoice_id, status in (
        ("jolanda", came.pk, 200),
        ("henk", came.pk, 200),
        ("joost", came.pk, 404),
        ("jolanda", made_here.pk, 404),
        ("jolanda", UUID(int=7), 404),
        ("ellen", came.pk, 403),
    ):
        with time_machine.travel(november.at, tick=False):
            answer = november.client(who).get(reverse(name, args=[invoice_id]))
        assert answer.status_code == status, who
        if status == 200:
            assert answer["Content-Type"] == "application/xml"
            assert answer["Cache-Control"] == "no-store"
            assert answer["Content-Disposition"].startswith("attachment;")


def send_december(world: World) -> Invoice:
    keep(world, match_of(), date(2026, 12, 3))
    at_end_of(world, date(2026, 12, 1))
    return send(world, date(2026, 12, 1))


def test_the_page_costs_the_same_number_of_queries_at_any_size(november: World) -> None:
    jolanda = november.actor("jolanda")

    def cost(look: object) -> int:
        assert callable(look)
        with CaptureQueriesContext(connection) as seen:
            look()
        return len(seen)

    receive(november, right(november))
    lines = [billed_line(f"M2026-99999{n}", 60) for n in range(5)]
    many = receive(november, document(november, *lines, number="F-9"))

    def costs() -> tuple[int, int]:
        return (
            cost(lambda: queries.own_invoices(jolanda, at=november.at)),
            cost(lambda: queries.response(jolanda, many.pk, at=november.at)),
        )

    small = costs()
    for place in range(4):
        receive(november, document(november, billed_line("M2026-999999", 60), number=f"X-{place}"))
    assert costs() == small == (3, 6)
    assert len(queries.own_invoices(jolanda, at=november.at).rows) == 6


def test_a_month_that_came_in_of_itself_can_still_be_sent_for_the_rest(november: World) -> None:
    receive(november, document(november, billed_line(match_of(), 60)))
    html = page(november, reverse("hours"))
    assert "Verstuur factuur" in html
    assert "€\xa0135,00" in html


# --- the command ----------------------------------------------------------------------------------------


def test_the_command_books_and_says_why_not(
    november: World, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "goed.xml").write_bytes(ubl(right(november), Profile.NLCIUS))
    (tmp_path / "vraag.xml").write_bytes(
        ubl(document(november, billed_line("M2026-999999", 60), number="F-18"), Profile.NLCIUS)
    )
    (tmp_path / "fout.xml").write_bytes(b"<html/>")
    with time_machine.travel(november.at, tick=False):
        with pytest.raises(Failure, match="1 of 3 files was refused"):
            import_files([tmp_path / name for name in ("goed.xml", "vraag.xml", "fout.xml")])
        said = capsys.readouterr().out.splitlines()
        assert said[0].endswith("goed.xml: booked as E12345670-2026-0001, right")
        assert said[1].endswith("booked as E12345670-2026-0002, asked, 1 of 1 lines asked about")
        assert "Dit is geen UBL-factuur" in said[2]
        with pytest.raises(Failure):
            import_files([tmp_path / "goed.xml"])
    assert "Dit bestand is al ontvangen" in capsys.readouterr().out
    assert Invoice.objects.count() == 2
    with pytest.raises(Failure, match="There is no file"):
        import_files([tmp_path / "nergens.xml"])


# --- the folder -----------------------------------------------------------------------------------------


@pytest.fixture
def box(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr("django.conf.settings.INVOICES", str(tmp_path))
    return tmp_path


def put(box: Path, name: str, content: bytes, *, seconds_ago: int = 60) -> None:
    path = box / name
    path.write_bytes(content)
    then = path.stat().st_mtime - seconds_ago
    os.utime(path, (then, then))


def names(where: Path) -> set[str]:
    return {path.name for path in where.iterdir()} if where.is_dir() else set()


def take_in(world: World) -> None:
    with time_machine.travel(world.at + timedelta(0), tick=False):
        jobs.take_in(0)


def test_each_file_in_the_folder_is_booked_or_refused_with_a_text_of_why(november: World, box: Path) -> None:
    xml = ubl(right(november), Profile.NLCIUS)
    put(box, "goed.xml", xml)
    put(box, "dollar.xml", ubl(replace(right(november, "F-2"), currency="USD"), Profile.NLCIUS))
    put(box, "bom.xml", HOSTILE["bomb of entities"][0]())
    put(box, "half.xml", xml[:800], seconds_ago=0)
    put(box, ".wordt-geschreven", xml)
    actions.take_in(box, queries.municipality_for, at=november.at)
    assert names(box / folder.BOOKED) == {"goed.xml"}
    refused = box / folder.REFUSED
    assert names(refused) == {"dollar.xml", "dollar.xml.txt", "bom.xml", "bom.xml.txt"}
    assert (refused / "dollar.xml.txt").read_text() == (
        "De factuur is niet in euro. De gemeente betaalt alleen in euro.\n"
    )
    assert "DOCTYPE" in (refused / "bom.xml.txt").read_text()
    assert (box / folder.BOOKED / "goed.xml").read_bytes() == xml
    # What somebody may still be writing stays.
    assert {"half.xml", ".wordt-geschreven"} <= names(box)
    assert Invoice.objects.get().their_number == "F-2026-17"


def test_a_file_that_comes_twice_is_booked_once_and_loses_nothing(november: World, box: Path) -> None:
    xml = ubl(right(november), Profile.NLCIUS)
    for _time in range(3):
        put(box, "goed.xml", xml)
        actions.take_in(box, queries.municipality_for, at=november.at)
    assert names(box / folder.BOOKED) >= {"goed.xml", "goed-2.xml", "goed-3.xml"}
    assert Invoice.objects.count() == 1


def test_the_worker_looks_into_the_folder_only_where_one_is_named(
    november: World, box: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    put(box, "goed.xml", ubl(replace(right(november), issued_on=NOVEMBER), Profile.NLCIUS))
    monkeypatch.setattr("django.conf.settings.INVOICES", "")
    jobs.take_in(0)
    assert not Invoice.objects.exists()
    monkeypatch.setattr("django.conf.settings.INVOICES", str(box))
    jobs.take_in(0)
    assert Invoice.objects.count() == 1


# --- the answer to the system of the partner ------------------------------------------------------------


def answer(world: World, invoice: Invoice) -> tuple[str, list[str], str]:
    file = queries.response(world.actor("jolanda"), invoice.pk, at=world.at)
    root = etree.fromstring(file.content)

    def texts(path: str) -> list[str]:
        return [found.text or "" for found in root.findall(f".//{path}", NAMESPACES)]

    assert texts("cac:DocumentReference/cbc:ID") == [invoice.their_number]
    assert texts("cbc:EndpointID") == ["12345678", "12345670"]
    (code,) = texts("cbc:ResponseCode")
    (kind,) = texts("cbc:DocumentTypeCode")
    return code, texts("cbc:StatusReasonCode"), kind


def test_the_answer_says_how_the_invoice_stands(november: World) -> None:
    invoice = receive(november, right(november))
    assert answer(november, invoice) == ("AP", [], "380")
    asked = receive(november, document(november, billed_line("M2026-999999", 60), number="F-18"))
    assert answer(november, asked) == ("UQ", ["REF", "PIN"], "380")
    batch = actions.pay(actor=november.actor("henk"), at=november.at)
    assert answer(november, invoice) == ("AP", [], "380"), "asked of the bank is not yet paid"
    read(november, afschrift(november, *one_by_one(batch)))
    assert answer(november, invoice) == ("PD", [], "380")
    made = document(november, billed_line("M2026-999999", 60), number="C-1", kind=CREDIT, before=("F-18",))
    note = receive(november, made)
    assert answer(november, note) == ("AP", [], "381")
    assert answer(november, asked) == ("RE", ["OTH", "NOA"], "380")


def test_what_was_received_has_no_double_under_another_number(november: World) -> None:
    invoice = receive(november, right(november))
    status = november.client("jolanda").get(reverse("invoice_ubl", args=[invoice.pk])).status_code
    assert status == 422
    shown = queries.invoice(november.actor("henk"), invoice.pk, at=november.at)
    assert queries.on_paper(shown)["number"] == "F-2026-17"


def test_there_is_no_answer_to_what_was_made_here(november: World) -> None:
    made_here = send(november, NOVEMBER)
    with pytest.raises(NotVisible):
        queries.response(november.actor("jolanda"), made_here.pk, at=november.at)


def test_nobody_of_a_family_is_in_an_answer(november: World) -> None:
    other = make_match(november, "Fatima")
    invoice = receive(november, document(november, billed_line(other, 60)))
    assert invoice.stage == InvoiceStage.ASKED
    said = queries.response(november.actor("henk"), invoice.pk, at=november.at).content.decode()
    assert not [word for word in ("Fatima", "Verhoeven", "Sanne", "Kind") if word in said]


def test_many_invoices_of_a_system_hide_no_month_that_was_made_here(november: World) -> None:
    made_here = send(november, NOVEMBER)
    for place in range(24):
        receive(november, document(november, billed_line("M2026-999999", 60), number=f"F-{place}"))
    shown = queries.month(november.actor("jolanda"), None, NOVEMBER, at=november.at)
    assert shown.invoice is not None
    assert shown.invoice.id == made_here.pk
    assert shown.why_not is not None
    assert shown.why_not.code == "invoice.already_sent"
    assert len(shown.invoices) == 24
