"""What is welcome, by size and first bytes; and every finding has its sentence."""

from __future__ import annotations

import pytest

from hendig.files import rules
from hendig.files.rules import LETTER, PHOTO_OR_LETTER, Welcome
from hendig.kernel.refusal import Refusal


def code(*found: Refusal | None) -> str | None:
    """The first reason, in the order in which they are asked."""
    return next((no.code for no in found if no), None)


@pytest.mark.parametrize(
    ("head", "size", "expected"),
    [
        (b"%PDF-1.4", 10, None),
        (b"%pdf-1.4", 10, "file.no_pdf"),
        (b"", 0, "file.empty"),
        (b"%PDF-1.4", 5_000_000, None),
        (b"%PDF-1.4", 5_000_001, "file.large"),
        (b"\xff\xd8\xff", 10, "file.no_pdf"),
    ],
)
def test_a_letter_by_its_first_bytes(head: bytes, size: int, expected: str | None) -> None:
    kind = rules.kind_of(head)
    assert code(rules.why_not_this_size(size, LETTER), rules.why_not_this_kind(kind, LETTER)) == expected


@pytest.mark.parametrize(
    ("head", "kind"),
    [
        (b"%PDF-1.7", "pdf"),
        (b"\xff\xd8\xff\xe0", "jpeg"),
        (b"\x89PNG\r\n\x1a\n", "png"),
        (b"RIFF\0\0\0\0WEBPVP8 ", "webp"),
        (b"\0\0\0\x18ftypheic", "heic"),
        (b"\0\0\0\x18ftypmif1", "heic"),
        (b"\0\0\0\x18ftypavif", ""),
        (b"RIFF\0\0\0\0WAVE", ""),
        (b"GIF89a", ""),
        (b"<svg", ""),
        (b"<!doctype html><html>", ""),
        (b"PK\x03\x04", "xlsx"),
        (b"", ""),
    ],
)
def test_a_kind_is_told_by_the_first_bytes_alone(head: bytes, kind: str) -> None:
    assert rules.kind_of(head) == kind
    expected = None if kind in PHOTO_OR_LETTER.kinds else "file.unwelcome"
    assert code(rules.why_not_this_kind(kind, PHOTO_OR_LETTER)) == expected


@pytest.mark.parametrize(
    "head", [b'<?xml version="1.0"?><Document/>', b"\xef\xbb\xbf <b:Document xmlns:b='urn:x'>", b"<Document>"]
)
def test_a_message_between_machines_is_no_photo_and_no_letter(head: bytes) -> None:
    assert rules.kind_of(head) == "xml"
    assert code(rules.why_not_this_kind("xml", PHOTO_OR_LETTER)) == "file.unwelcome"
    assert code(rules.why_not_this_kind("xml", LETTER)) == "file.no_pdf"


@pytest.mark.parametrize("welcome", [LETTER, PHOTO_OR_LETTER], ids=["letter", "photo or letter"])
def test_how_large_it_may_be_is_said_in_the_number_that_counts(welcome: Welcome) -> None:
    no = rules.why_not_this_size(welcome.most_bytes + 1, welcome)
    assert no is not None
    assert f"{welcome.megabytes} MB" in str(no.message)
    assert rules.why_not_this_size(welcome.most_bytes, welcome) is None


@pytest.mark.parametrize("kind", ["pdf", "jpeg"])
@pytest.mark.parametrize("no", ["locked", "long", "active", "bomb", "pixels", "broken"])
def test_every_finding_is_said_in_words(no: str, kind: str) -> None:
    refusal = rules.why_not_as_found(no, kind)
    assert refusal is not None
    assert refusal.code == f"file.{no}"
    assert len(str(refusal.message)) > 20
    assert rules.why_not_as_found("", kind) is None
