"""The file for the bank is valid by its schema for whatever a partner is called, and the same each time."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree

from hendig.billing.adapters import sepa
from hendig.people.adapters.paper import pdf

PEELRAND = sepa.Debtor("Peelrand", "NL56DEUT0265186420")
VLINDER = sepa.Transfer("Vlinder", "NL91ABNA0417164300", 13500, "12345670-2026-0001")
AT = datetime(2026, 12, 1, 8, 0, tzinfo=UTC)


def made(*payments: sepa.Transfer, debtor: sepa.Debtor = PEELRAND) -> bytes:
    return sepa.transfers(debtor, payments, number="B2026-0001", pays_on=date(2026, 12, 2), at=AT)


def texts(xml: bytes, path: str) -> list[str]:
    return [found.text or "" for found in etree.fromstring(xml).findall(path, sepa.NAMESPACES)]


def test_a_payment_names_account_amount_day_and_invoice() -> None:
    xml = made(VLINDER)
    assert texts(xml, ".//p:CdtrAcct/p:Id/p:IBAN") == ["NL91ABNA0417164300"]
    assert texts(xml, ".//p:DbtrAcct/p:Id/p:IBAN") == ["NL56DEUT0265186420"]
    assert texts(xml, ".//p:InstdAmt") == ["135.00"]
    assert texts(xml, ".//p:EndToEndId") == texts(xml, ".//p:Ustrd") == ["12345670-2026-0001"]
    assert texts(xml, ".//p:ReqdExctnDt/p:Dt") == ["2026-12-02"]
    assert texts(xml, ".//p:GrpHdr/p:CtrlSum") == ["135.00"]
    assert texts(xml, ".//p:MsgId") == ["B2026-0001"]


def test_the_same_payment_gives_the_same_file() -> None:
    assert made(VLINDER) == made(VLINDER)


@pytest.mark.parametrize("bic", ["", "DEUTNL2A"])
def test_a_file_is_valid_with_and_without_a_bic(bic: str) -> None:
    xml = made(VLINDER, debtor=sepa.Debtor("Peelrand", "NL56DEUT0265186420", bic))
    assert sepa.why_not_valid(xml) == ""
    assert (b"NOTPROVIDED" in xml) is not bool(bic)


printable = st.text(st.characters(codec="utf-8", categories=["L", "N", "P", "Zs"]), min_size=1, max_size=120)


@given(st.lists(st.tuples(printable, st.integers(1, 99_999_999)), min_size=1, max_size=8))
def test_sums_are_exact_and_any_name_gives_a_valid_file(payees: list[tuple[str, int]]) -> None:
    xml = made(
        *(
            sepa.Transfer(f"Zorg {name}", VLINDER.iban, cents, f"12345670-2026-{n:04d}")
            for n, (name, cents) in enumerate(payees, start=1)
        )
    )
    assert sepa.why_not_valid(xml) == ""
    (total,) = texts(xml, ".//p:GrpHdr/p:CtrlSum")
    assert total.replace(".", "").lstrip("0") == str(sum(cents for _name, cents in payees))
    assert texts(xml, ".//p:GrpHdr/p:NbOfTxs") == [str(len(payees))]


def test_a_file_that_does_not_fit_the_schema_is_not_made() -> None:
    with pytest.raises(sepa.NotValid) as wrong:
        made(sepa.Transfer("Vlinder", "geen rekening", 100, "1"))
    assert "geen rekening" not in str(wrong.value)


def test_a_broken_file_is_told_from_a_good_one() -> None:
    assert sepa.why_not_valid(made(VLINDER).replace(b"EUR", b"euro")) != ""


def test_the_paper_is_a_pdf_that_reads_aloud() -> None:
    content = {
        "lang": "nl",
        "title": "Factuur 12345670-2026-0001",
        "heading": "Factuur",
        "number": "12345670-2026-0001",
        "words": {"from": "Van", "to": "Aan", "total": "Totaal"},
        "partner": {"name": "Vlinder", "lines": ["Vlinder", "KvK 12345670"]},
        "municipality": {"lines": ["Gemeente Peelrand"]},
        "facts": [["Nummer", "12345670-2026-0001"]],
        "columns": ["Code", "Match", "Periode", "Uren", "Tarief", "Bedrag"],
        "rows": [["H2 #strong[geen opmaak]", "M2026-000001", "2 nov", "1,5", "€ 90,00", "€ 135,00"]],
        "total": "€ 135,00",
        "vat": "Vrijgesteld van btw.",
        "payment": "Graag op NL91ABNA0417164300.",
    }
    made_pdf = pdf("billing/invoice.typ", content)
    assert made_pdf.startswith(b"%PDF-")
    assert b"pdfuaid" in made_pdf
