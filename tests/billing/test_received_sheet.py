"""The spreadsheet of the smallest partner: a form to fill in, the same checks, errors by row and column."""

from __future__ import annotations

from datetime import date
from uuid import uuid4

import pytest
import time_machine
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st

from hendig.billing import actions, queries
from hendig.billing.adapters import sheet
from hendig.billing.models import Form, Invoice, InvoiceStage, Original
from hendig.kernel.actor import Role
from hendig.kernel.refusal import NotVisible
from tests.billing.test_received import match_of
from tests.support.refusals import code_of
from tests.support.world import World

HEAD = sheet.Head("R-1", date(2026, 12, 1), "Vlinder", "12345670", "Peelrand", "12345678", "")
NAMES = "matchnummer;code;van;tot en met;uren;tarief;bedrag"


def bring(
    world: World, content: bytes, number: str = "R-2026-1", who: str = "jolanda"
) -> tuple[int, str, str]:
    data = {
        "_key": str(uuid4()),
        "partner_id": str(world.partners["vlinder"].pk),
        "number": number,
        "file": SimpleUploadedFile("uren.csv", content),
    }
    with time_machine.travel(world.at, tick=False):
        answer = world.client(who).post(reverse("own_sheet"), data)
    return answer.status_code, answer.get("Location", ""), answer.content.decode()


def filled(world: World, hours: str = "2,5") -> bytes:
    """The form as it is fetched, with the hours filled in as a spreadsheet program would save it."""
    file = queries.sheet_template(world.actor("jolanda"), None, at=world.at)
    return file.content.decode("utf-8-sig").replace(";;90,00", f";{hours};90,00").encode("cp1252")


def test_the_form_has_the_matches_of_the_month_and_only_the_hours_are_left_to_say(november: World) -> None:
    with time_machine.travel(november.at, tick=False):
        answer = november.client("jolanda").get(reverse("sheet_template"))
    assert answer["Content-Disposition"] == 'attachment; filename="uren-2026-11.csv"'
    rows = answer.content.decode("utf-8-sig").splitlines()
    match = match_of()
    assert rows == [NAMES, f"{match.number};H2;{match.starts_on};2026-11-30;;90,00;"]
    assert not [word for word in ("Sanne", "Kind", "Verhoeven") if word in "".join(rows)]


@pytest.mark.parametrize("hours", ["2,5", "2.5", "2:30"])
def test_what_is_filled_in_is_checked_and_paid_like_any_invoice(november: World, hours: str) -> None:
    status, where, _html = bring(november, filled(november, hours))
    invoice = Invoice.objects.get()
    assert (status, where) == (302, f"/uren/{invoice.pk}/")
    assert (invoice.stage, invoice.total_cents) == (InvoiceStage.RIGHT, 22500)
    assert (invoice.their_number, Original.objects.get().form) == ("R-2026-1", Form.SHEET)
    assert actions.pay(actor=november.actor("henk"), at=november.at).total_cents == 22500
    with time_machine.travel(november.at, tick=False):
        answer = november.client("henk").get(reverse("original", args=[invoice.pk]))
    assert (answer["Content-Type"], answer.content) == ("text/csv", filled(november, hours))


def test_a_row_without_hours_is_no_line_and_none_at_all_is_no_invoice(november: World) -> None:
    status, _where, html = bring(november, filled(november, ""))
    assert status == 422
    assert "Er staat geen regel met uren in" in html


def test_what_is_wrong_is_said_by_row_and_column(november: World) -> None:
    rows = f"{NAMES}\nM2026-000001;H2;2026-11-31;30-11-2026;veel;90,00;\n;H2;1-11-2026;30-11-2026;1;tien;x\n"
    status, _where, html = bring(november, rows.encode())
    assert status == 422
    for words in (
        "Rij 2, kolom van: schrijf een dag",
        "Rij 2, kolom uren: schrijf de uren als 2,5 of 2:30",
        "Rij 3, kolom matchnummer: dit is leeg",
        "Rij 3, kolom tarief: schrijf het tarief",
        "Rij 3, kolom bedrag: schrijf het bedrag",
    ):
        assert words in html, words
    assert not Invoice.objects.exists()
    # What was typed beside the file is still there.
    assert 'value="R-2026-1"' in html


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "Dit bestand is leeg"),
        (b"%PDF-1.7", "Dit is geen rekenblad"),
        (b"PK\x03\x04\x00\x00", "Dit is geen rekenblad"),
        (b"hallo", "Deze kolommen ontbreken: matchnummer, code"),
        (f'{NAMES}\n"half'.encode(), "is niet te lezen"),
        ((f"{NAMES}\n" + "a;b;c;d;1;f;g\n" * 2_001).encode(), "Dit rekenblad is te groot"),
        ((f"{NAMES}\n" + "x" * 300).encode(), "Dit rekenblad is te groot"),
    ],
)
def test_another_file_gets_a_sentence(november: World, content: bytes, words: str) -> None:
    status, _where, html = bring(november, content)
    assert (status, words in html) == (422, True)


def test_a_fault_that_the_rules_find_names_the_row(november: World) -> None:
    rows = f"{NAMES}\n;;;;;;\n{match_of().number};H2;2026-11-30;2026-11-01;2,5;90;\n".encode()
    status, _where, html = bring(november, rows)
    assert status == 422
    assert "Rij 3: De laatste dag ligt voor de eerste dag." in html


def test_the_checks_are_those_of_every_invoice(november: World) -> None:
    bring(november, filled(november))
    assert "al ontvangen" in bring(november, filled(november))[2]
    assert "Met dit nummer kwam al een factuur" in bring(november, filled(november, "2:29"))[2]
    head = queries.sheet_head(
        november.actor("jolanda"), str(november.partners["vlinder"].pk), "R-3", at=november.at
    )
    number = match_of().number
    for cell, code in (("999999990", "received.bsn"), ("KindSanne", "received.name")):
        content = f"{NAMES};opmerking\n{number};H2;2026-11-01;2026-11-30;1;90;;{cell}\n".encode()
        sent = sheet.sent(content, head)
        asked = code_of(
            lambda sent=sent: actions.receive_invoice(  # type: ignore[misc]
                actor=november.actor("jolanda"), sent=sent, at=november.at
            )
        )
        assert asked == code
    assert Invoice.objects.count() == 1


def test_the_form_of_another_partner_is_not_there(november: World) -> None:
    november.add_worker("joost", Role.OFFICE, "anker")
    vlinder = november.partners["vlinder"].pk
    with pytest.raises(NotVisible):
        queries.sheet_template(november.actor("joost"), vlinder, at=november.at)
    with pytest.raises(NotVisible):
        queries.sheet_head(november.actor("joost"), str(vlinder), "1", at=november.at)
    assert bring(november, filled(november), who="joost")[0] == 422


@given(
    st.one_of(st.binary(max_size=300), st.text(max_size=200).map(lambda text: f"{NAMES}\n{text}".encode()))
)
def test_whatever_is_in_a_file_there_is_an_invoice_or_words(content: bytes) -> None:
    sent = sheet.sent(content, HEAD)
    assert (sent.document is None) == bool(sent.findings)
    assert all(str(one.words) for one in sent.findings)
