"""Every document is made in one place: PDF/UA, whatever somebody typed."""

from __future__ import annotations

from io import BytesIO
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pypdf import PdfReader

from hendig.people.adapters.paper import NotDrawn, Sheet, pdf, pdfs
from hendig.people.adapters.press import UNKNOWN

PLAIN = {"lang": "nl", "title": "Een brief", "lead": "Hallo", "foot": "."}


def a_paper(line: str) -> bytes:
    parts = [{"title": "Wat er staat", "lines": [line]}]
    return pdf("safety/paper.typ", {**PLAIN, "parts": parts})


def text_of(paper: bytes) -> str:
    return " ".join(page.extract_text() for page in PdfReader(BytesIO(paper)).pages)


def test_it_says_its_standard_its_language_and_its_title() -> None:
    paper = a_paper("Dag.")
    reader = PdfReader(BytesIO(paper))
    assert b"pdfuaid" in paper
    root: Any = reader.root_object
    assert root["/Lang"] == "nl"
    assert reader.metadata is not None
    assert reader.metadata.title == "Een brief"


@pytest.mark.parametrize(
    ("typed", "stands"),
    [
        ("Wij zijn blij 😊 samen", f"Wij zijn blij {UNKNOWN} samen"),
        ("你好", UNKNOWN * 2),
        ("bel\x07letje", "belletje"),
        ("een\ttab voor\tঀ", f"een tab voor {UNKNOWN}"),
        ("Zażółć gęślą, Łódź, €, “ja” en é", "Zażółć gęślą, Łódź, €, “ja” en é"),
        ('een "{" en een \\u{1F60A}', 'een "{" en een \\u{1F60A}'),
        ("No\ufe20e", "No□e"),
        ("nul 0\U0001d280", f"nul 0{UNKNOWN}"),
        ("#strong[geen opmaak] $x$ `y`", "#strong[geen opmaak] $x$ `y`"),
    ],
)
def test_a_sign_that_no_letter_draws_does_not_keep_the_document_from_its_reader(
    typed: str, stands: str
) -> None:
    assert stands in text_of(a_paper(typed))


@settings(max_examples=25, deadline=None)
@given(st.text(max_size=40))
def test_whatever_is_typed_there_is_a_document(typed: str) -> None:
    assert a_paper(typed).startswith(b"%PDF-")


def test_an_error_of_ours_does_not_quote_what_somebody_wrote() -> None:
    with pytest.raises(NotDrawn) as failed:
        pdf("safety/paper.typ", {"lang": "nl", "title": "Geheim"})
    assert str(failed.value) == "safety/paper.typ"
    assert failed.value.__context__ is None


def test_several_come_in_the_order_in_which_they_were_asked() -> None:
    sheets: list[Sheet] = [
        ("safety/paper.typ", {**PLAIN, "title": title, "parts": []}) for title in ("Een", "Twee")
    ]
    assert [text_of(paper)[:4].strip() for paper in pdfs(sheets)] == ["Een", "Twee"]
