"""What is let in, and in what shape: by what is in a file, whatever it is called."""

from __future__ import annotations

import resource
import subprocess
import sys
from collections.abc import Callable
from contextlib import suppress
from io import BytesIO
from typing import Any

import pytest
from hypothesis import given
from hypothesis import settings as tried
from hypothesis import strategies as st
from PIL import Image
from pypdf import PdfReader

from hendig.files.adapters import box
from hendig.files.adapters.door import let_in
from hendig.files.adapters.papers import without_notes
from hendig.files.rules import LETTER, PHOTO_OR_LETTER, Brought, Welcome
from hendig.kernel.refusal import Refused
from hendig.people.adapters.paper import pdf
from tests.support.files import (
    CAMERA,
    EICAR,
    PAPERS_THAT_EXPLODE,
    a_paper_that_points,
    a_paper_that_tells,
    a_paper_with,
    a_photo,
    a_png_bomb,
    a_zip,
    an_iphone_photo,
    packed,
)
from tests.support.rights import a_pdf, text_of


def no(content: bytes, welcome: Welcome = PHOTO_OR_LETTER) -> str:
    """The code with which it is refused; empty for what is let in."""
    try:
        let_in(content, welcome)
    except Refused as refused:
        return refused.refusal.code if str(refused.refusal.message) else "in no words"
    return ""


def worked() -> float:
    """Processor seconds of the boxes that were opened so far: others on the machine do not count."""
    spent = resource.getrusage(resource.RUSAGE_CHILDREN)
    return spent.ru_utime + spent.ru_stime


def a_letter() -> bytes:
    return pdf(
        "rights/letter.typ",
        {
            "lang": "nl",
            "title": "Besluit",
            "sender": "Peelrand",
            "address": [],
            "to": ["Sanne"],
            "reference": "B-1",
            "facts": [["Datum", "2 november 2026"]],
            "parts": [{"title": "Waarom", "lines": ["Omdat het helpt."]}],
            "closing": ["Dag"],
        },
    )


class TestPhotos:
    @pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
    def test_of_a_photo_only_what_one_sees_is_kept(self, kind: str) -> None:
        taken = a_photo(kind)
        assert Image.open(BytesIO(taken)).getexif().get_ifd(0x8825), "the photo knows its place"
        kept = let_in(taken, PHOTO_OR_LETTER)
        assert kept.is_photo
        drawn = Image.open(BytesIO(kept.content))
        assert drawn.format == "JPEG"
        assert not drawn.getexif()
        assert not drawn.getexif().get_ifd(0x8825)
        assert set(drawn.info) == {"jfif", "jfif_version", "jfif_unit", "jfif_density"}
        for told in (b"Exif", b"GPS", b"gps", b"xmp", CAMERA.encode(), b"Sanne", b"51.4416"):
            assert told not in kept.content

    def test_an_iphone_photo_is_drawn_as_well(self) -> None:
        heic = an_iphone_photo()
        assert b"Exif" in heic
        kept = let_in(heic, PHOTO_OR_LETTER)
        drawn = Image.open(BytesIO(kept.content))
        assert (drawn.format, drawn.size) == ("JPEG", (128, 96))
        assert b"Exif" not in kept.content

    @pytest.mark.parametrize("orientation", range(1, 9))
    def test_a_photo_that_was_taken_on_its_side_stands_upright(self, orientation: int) -> None:
        kept = let_in(a_photo(size=(320, 200), orientation=orientation), PHOTO_OR_LETTER)
        drawn = Image.open(BytesIO(kept.content)).convert("RGB")
        lying = orientation >= 5
        assert drawn.size == ((200, 320) if lying else (320, 200))
        right, below = drawn.width - 9, drawn.height - 9
        # Where the red half of the photo is found, as the camera was held.
        corner = {1: (8, 8), 2: (8, 8), 3: (8, below), 4: (8, below), 5: (8, 8), 8: (8, 8)}
        seen = drawn.getpixel(corner.get(orientation, (right, 8)))
        assert isinstance(seen, tuple)
        assert seen[0] > 200
        assert seen[2] < 60

    def test_a_large_photo_becomes_as_small_as_still_reads(self) -> None:
        kept = let_in(a_photo(size=(6000, 4000)), PHOTO_OR_LETTER)
        assert Image.open(BytesIO(kept.content)).size == (2400, 1600)

    def test_what_is_see_through_lies_on_white(self) -> None:
        out = BytesIO()
        Image.new("RGBA", (40, 40), (0, 0, 0, 0)).save(out, "PNG")
        drawn = Image.open(BytesIO(let_in(out.getvalue(), PHOTO_OR_LETTER).content))
        assert drawn.getpixel((20, 20)) == (255, 255, 255)

    @pytest.mark.parametrize("hidden", [a_zip(), b"<html><script>alert(1)</script>", b"%PDF-1.7", EICAR])
    def test_what_hangs_behind_a_photo_stays_behind(self, hidden: bytes) -> None:
        kept = let_in(a_photo() + hidden, PHOTO_OR_LETTER)
        assert hidden[:20] not in kept.content
        assert b"PK\x05\x06" not in kept.content
        assert kept.content.endswith(b"\xff\xd9")

    def test_a_bomb_is_not_unpacked(self) -> None:
        before = worked()
        assert no(a_png_bomb()) == "file.pixels"
        assert worked() - before < 3

    @pytest.mark.parametrize("length", [3, 12, 200, 1500])
    def test_a_photo_that_was_cut_off_is_refused(self, length: int) -> None:
        assert no(a_photo()[:length]) in {"file.broken", "file.unwelcome"}


class TestPapers:
    def test_what_one_reads_is_kept_and_who_wrote_it_is_not(self) -> None:
        kept = let_in(a_letter(), LETTER)
        assert not kept.is_photo
        assert "Omdat het helpt." in text_of(kept.content)
        told = PdfReader(BytesIO(kept.content))
        assert not told.metadata
        assert told.xmp_metadata is None
        # What a screen reader needs is still there.
        assert str(told.root_object["/Lang"]) == "nl"
        assert "/StructTreeRoot" in told.root_object

    def test_nothing_that_tells_is_left_anywhere_in_it(self) -> None:
        brought = a_paper_that_tells(a_photo())
        assert brought.count(b"Sanne") >= 3
        kept = let_in(brought, PHOTO_OR_LETTER)
        for told in (b"Sanne", b"Dorpsstraat", b"Exif", CAMERA.encode(), b"PieceInfo", b"/Metadata"):
            assert told not in kept.content

    def test_a_photo_in_a_paper_looks_as_it_did(self) -> None:
        bare = without_notes(a_photo())
        assert b"Exif" not in bare
        assert Image.open(BytesIO(bare)).tobytes() == Image.open(BytesIO(a_photo())).tobytes()

    @pytest.mark.parametrize("hidden", [a_zip(), b"<html><script>alert(1)</script></html>"])
    def test_what_hangs_behind_a_paper_or_lies_between_its_parts_is_gone(self, hidden: bytes) -> None:
        plain = a_pdf()
        between = plain.replace(b"xref", b"% " + hidden.replace(b"\n", b" ") + b"\nxref", 1)
        for brought in (plain + hidden, between):
            kept = let_in(brought, LETTER)
            assert hidden[:20] not in kept.content
            assert b"PK\x03\x04" not in kept.content

    def test_an_earlier_version_of_a_paper_is_gone(self) -> None:
        """What was rubbed out and saved over still lies in the file."""
        first = a_paper_with(b"BT (Het adres is Dorpsstraat 1) Tj ET")
        number = first.index(b"BT (Het adres")
        start = first.rindex(b" 0 obj", 0, number)
        name = first[first.rindex(b"\n", 0, start) + 1 : start].decode()
        at = len(first)
        later = f"{name} 0 obj\n<< /Length 5 >>\nstream\nBT ET\nendstream\nendobj\n".encode()
        old = first[first.rindex(b"startxref") + 10 :].split(b"\n")[0].decode()
        root = first[first.rindex(b"/Root") :].split(b"\n")[0].decode()
        tail = f"xref\n{name} 1\n{at:010d} 00000 n \ntrailer\n<< /Size 99 /Prev {old} {root} >>\n"
        brought = first + later + tail.encode() + f"startxref\n{at + len(later)}\n%%EOF\n".encode()
        assert b"Dorpsstraat" in brought
        assert b"Dorpsstraat" not in let_in(brought, LETTER).content

    @pytest.mark.parametrize("explodes", PAPERS_THAT_EXPLODE, ids=lambda explodes: explodes.__name__)
    def test_a_paper_that_explodes_is_refused_before_it_does(self, explodes: Callable[[], bytes]) -> None:
        paper = explodes()
        assert len(paper) < 1_000_000
        assert no(paper) in {"file.bomb", "file.broken"}

    @pytest.mark.parametrize(
        ("brought", "code"),
        [
            (a_pdf(script="app.alert(1)"), "file.active"),
            (a_pdf(carries=b"MZ"), "file.active"),
            (a_paper_that_points("/S", "/Launch"), "file.active"),
            (a_pdf(password="geheim"), "file.locked"),
            (a_pdf(pages=41), "file.long"),
            (a_pdf()[:200], "file.broken"),
            (b"%PDF-1.7\n" + b"1 0 obj [ " * 5000, "file.broken"),
        ],
        ids=["script", "carries", "points at an action", "locked", "long", "cut", "deep"],
    )
    def test_a_paper_that_does_more_than_be_read_is_refused(self, brought: bytes, code: str) -> None:
        assert no(brought) == code

    def test_a_scan_of_forty_pages_is_no_bomb(self) -> None:
        assert no(a_paper_with(packed(300 << 20), "/FlateDecode")) == ""


class TestOtherKinds:
    @pytest.mark.parametrize(
        "brought",
        [
            b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>',
            b"<html><body>%PDF-1.7</body></html>",
            b"MZ\x90\x00",
            b"\x7fELF",
            b"GIF89a",
            b"II*\x00",
            b"BM",
            a_zip(),
            EICAR,
            b"\x00\x00\x00\x20ftypavif",
            b"not anything",
            b" " + a_pdf(),
        ],
        ids=lambda brought: repr(brought[:8]),
    )
    def test_what_is_no_photo_and_no_paper_is_not_opened(
        self, brought: bytes, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(box, "opened", lambda *_: pytest.fail("it was opened"))
        assert no(brought) == "file.unwelcome"

    def test_nothing_and_too_much(self) -> None:
        assert no(b"") == "file.empty"
        assert no(b"\xff\xd8\xff" + bytes(15_000_000)) == "file.large"
        assert no(a_photo(), LETTER) == "file.no_pdf"


class TestTheBox:
    def test_who_thinks_too_long_is_ended(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(box, "LONGEST_SECONDS", 0.01)
        assert no(a_photo()) == "file.broken"

    def test_it_is_started_with_nothing_of_ours(self, monkeypatch: pytest.MonkeyPatch) -> None:
        """What is started is asked what it was given, in place of being given a file."""
        monkeypatch.setenv("HENDIG_ROOT_KEYS", "/secret/root.keys")
        start, given = subprocess.run, list[str]()

        def asked(words: list[str], **options: Any) -> Any:
            told = "import os; print(sorted(os.environ), os.getcwd())"
            done = start([words[0], "-I", "-c", told], **options)
            given.append(done.stdout.decode())
            return start(words, **options)

        monkeypatch.setattr(subprocess, "run", asked)
        assert no(a_photo()) == ""
        assert len(given) == 1
        assert "HENDIG" not in given[0]
        assert given[0].split()[-1] == "/"

    def test_it_knows_no_secret_and_no_file_of_ours_can_be_written(self) -> None:
        """The same program, asked what it can see."""
        asked = (
            "import os, tempfile\n"
            "from hendig.files.adapters import inside\n"
            "inside.shut_in()\n"
            "print([name for name in os.environ if 'HENDIG' in name])\n"
            "try:\n    print(open(tempfile.mktemp(), 'w').write('x' * 10))\n"
            "except OSError as wrong: print(wrong.errno)\n"
            "try:\n    bytearray(2 << 30)\nexcept MemoryError: print('no room')\n"
        )
        done = subprocess.run(
            [sys.executable, "-I", "-c", asked], env={}, capture_output=True, text=True, check=False
        )
        assert done.stdout.splitlines()[0] == "[]"
        assert "no room" in done.stdout
        assert "10" not in done.stdout.splitlines()

    def test_two_at_once_and_the_third_hears_that_it_is_busy(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(box, "WAIT_SECONDS", 0.01)
        with box.TURNS, box.TURNS:
            assert no(a_photo()) == "file.busy"
        assert no(a_photo()) == ""


SEEDS = [a_photo("JPEG"), a_photo("PNG"), a_photo("WEBP"), a_pdf(), a_paper_that_tells(a_photo()), a_letter()]


@st.composite
def harmed(draw: st.DrawFn) -> bytes:
    """A good file in which bytes were changed, left out or put in."""
    content = bytearray(draw(st.sampled_from(SEEDS)))
    for _ in range(draw(st.integers(1, 12))):
        at = draw(st.integers(0, len(content) - 1))
        content[at : at + draw(st.integers(0, 40))] = draw(st.binary(max_size=40))
        content = content or bytearray(b"x")
    return bytes(content)


@given(content=st.one_of(harmed(), st.binary(max_size=4000)))
@tried(max_examples=40)
def test_whatever_is_brought_gets_a_file_or_a_sentence_and_soon(content: bytes) -> None:
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    kept: Brought | None = None
    with suppress(Refused):
        kept = let_in(content, PHOTO_OR_LETTER)
    if kept is not None:
        assert kept.content.startswith(b"\xff\xd8\xff" if kept.is_photo else b"%PDF-")
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    assert after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime < 2
