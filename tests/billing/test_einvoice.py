"""One document, written and read; what nobody should send; the words for it. Without the official rules."""

from __future__ import annotations

import json
import os
import signal
from collections.abc import Callable, Iterator
from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import pytest
from django.utils import translation
from hypothesis import given, settings
from lxml import etree

from hendig.billing.adapters import inbox
from hendig.billing.adapters.ubl import check, parse, read, taken, words
from hendig.billing.adapters.ubl.document import CORRECTED, CREDIT, Account, Document, Tax, Totals, line_cents
from hendig.billing.adapters.ubl.names import NAMESPACES, Profile
from hendig.billing.adapters.ubl.official import Engine
from hendig.billing.adapters.ubl.write import Incomplete, ubl
from hendig.operations.command import main
from hendig.operations.einvoice import example
from tests.support import einvoice
from tests.support.einvoice import HOSTILE, RIGHT


@pytest.fixture(scope="module")
def engine(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Engine]:
    with Engine(tmp_path_factory.mktemp("no rules")) as made:
        yield made


def read_back(document: Document, profile: Profile = Profile.NLCIUS) -> Document:
    """As it is read where it is judged, and comes to who books it."""
    xml = ubl(document, profile)
    said = json.loads(json.dumps(taken.taken(parse.root_of(xml), xml)))
    found = taken.understood(said).document
    assert found is not None
    return found


def texts(xml: bytes, path: str) -> list[str]:
    return [found.text or "" for found in etree.fromstring(xml).findall(path, NAMESPACES)]


# --- where it is read -----------------------------------------------------------------------------------


def test_who_books_a_file_gets_what_was_read_where_it_was_judged(
    engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What somebody sent is parsed within the limits of that process, and nowhere else."""
    expected = read.document(parse.root_of(RIGHT))
    noted = RIGHT.replace(b"<cbc:ID>", b"<!-- Sanne Verhoeven --><cbc:ID>", 1)
    assert noted != RIGHT

    def never(*_given: object, **_more: object) -> None:
        raise AssertionError("parsed by who books it")

    monkeypatch.setattr(etree, "fromstring", never)
    monkeypatch.setattr(parse, "text_of", never)
    whole, cut = inbox.sent_in(engine, RIGHT), inbox.sent_in(engine, noted)
    assert (whole.document, whole.content) == (expected, RIGHT)
    assert cut.document == expected
    assert b"Verhoeven" not in cut.content
    assert whole.told == cut.told != ()


@pytest.mark.parametrize(
    "answer",
    [
        {"document": [], "told": [], "kept": None},
        {"document": [1, "2", "2026-11-05"], "told": [], "kept": None},
        {"hole": "HENDIG-OTHER", "where": ""},
        {},
    ],
)
def test_what_is_no_document_is_never_taken_for_one(answer: dict[str, object]) -> None:
    with pytest.raises((ValueError, KeyError, TypeError)):
        taken.understood(answer)


# --- one document ---------------------------------------------------------------------------------------


@given(einvoice.documents())
@settings(max_examples=40)
def test_what_is_written_is_read_back_the_same(document: Document) -> None:
    assert read_back(document) == document


@given(einvoice.documents(most=500))
@settings(max_examples=4)
def test_a_month_of_five_hundred_lines_is_read_back_the_same(document: Document) -> None:
    assert read_back(document, Profile.PEPPOL).totals == document.totals


def test_an_invoice_without_lines_or_a_number_is_not_written() -> None:
    for hole in ({"lines": ()}, {"number": " \x01"}):
        with pytest.raises(Incomplete):
            ubl(replace(example(), **hole), Profile.NLCIUS)


@pytest.mark.parametrize(
    ("minutes", "price", "cents"),
    [(20, "90.00", 3000), (1, "90.10", 150), (1, "90.29", 150), (1, "90.30", 151)],
)
def test_a_line_is_rounded_half_up_once(minutes: int, price: str, cents: int) -> None:
    assert line_cents(Decimal(minutes), Decimal(price), Decimal(60)) == cents
    assert line_cents(Decimal(-minutes), Decimal(price), Decimal(60)) == -cents


def test_a_correction_says_384_by_nlcius_and_380_on_the_network() -> None:
    corrected = replace(example(), kind=CORRECTED, before=("2026-0001",))
    for profile, kind in ((Profile.NLCIUS, "384"), (Profile.PEPPOL, "380")):
        xml = ubl(corrected, profile)
        assert texts(xml, "cbc:InvoiceTypeCode") == [kind]
        assert texts(xml, "cac:BillingReference/cac:InvoiceDocumentReference/cbc:ID") == ["2026-0001"]


def test_a_credit_note_is_a_message_of_its_own_kind() -> None:
    xml = ubl(replace(example(), kind=CREDIT, before=("2026-0001",)), Profile.NLCIUS)
    assert etree.fromstring(xml).tag.endswith("}CreditNote")
    assert texts(xml, "cac:CreditNoteLine/cbc:CreditedQuantity") == ["265"]
    assert texts(xml, "cac:PaymentMeans/cbc:PaymentDueDate") == ["2026-12-05"]


def test_the_same_document_is_the_same_bytes() -> None:
    assert ubl(example(), Profile.PEPPOL) == ubl(example(), Profile.PEPPOL)


# --- what nobody should send ----------------------------------------------------------------------------


@pytest.mark.parametrize("name", HOSTILE)
def test_a_file_that_nobody_should_send_gets_clear_words(engine: Engine, name: str) -> None:
    make, code = HOSTILE[name]
    verdict = check.check(engine, make())
    assert code in {finding.rule for finding in verdict.findings}
    assert verdict.level == "error"
    assert all(str(finding.words) for finding in verdict.findings)


def test_an_encoding_that_is_known_is_read(engine: Engine) -> None:
    name = "Zorg één"
    document = replace(example(), seller=replace(example().seller, name=name))
    for encoding in ("utf-16", "iso-8859-1", "windows-1252", "utf-8-sig"):
        declared = encoding.replace("-sig", "")
        xml = ubl(document, Profile.NLCIUS).decode().replace("UTF-8", declared).encode(encoding)
        seen = check.check(engine, xml).document
        assert seen is not None, encoding
        assert seen.seller.name == name


@pytest.mark.parametrize("seed", range(0, 150, 30))
def test_a_broken_file_never_breaks_the_check(engine: Engine, seed: int) -> None:
    for one in range(seed, seed + 30):
        verdict = check.check(engine, einvoice.mutated(one, (RIGHT,)))
        assert verdict.level == "error" or verdict.document is not None


def test_what_stood_in_the_file_is_not_in_the_words(engine: Engine) -> None:
    for xml in (RIGHT.replace(b">424.00<", b">geheim<"), RIGHT.replace(b"</cbc:ID>", b"geheim</cbc:Id>", 1)):
        assert "geheim" not in str(check.check(engine, xml).findings)


def test_when_the_process_that_judges_is_ended_the_next_file_finds_another(engine: Engine) -> None:
    assert check.check(engine, RIGHT).level == "ok"
    assert engine._process is not None
    keeper = engine._process.pid
    (fork,) = Path(f"/proc/{keeper}/task/{keeper}/children").read_text().split()
    os.kill(int(fork), signal.SIGKILL)
    assert check.check(engine, RIGHT).level == "ok"
    assert engine._process.pid == keeper


def test_the_process_that_judges_has_no_keys_no_database_and_says_nothing_aside(
    engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HENDIG_SECRET_KEY", "geheim")
    monkeypatch.setenv("DATABASE_URL", "geheim")
    with Engine(engine.folder) as other:
        assert check.check(other, RIGHT).level == "ok"
        assert other._process is not None
        process = Path(f"/proc/{other._process.pid}")
        assert b"geheim" not in (process / "environ").read_bytes()
        assert (process / "fd/2").readlink() == Path("/dev/null")


# --- what we see ourselves ------------------------------------------------------------------------------


def test_a_right_invoice_is_right_and_says_that_nobody_official_looked(engine: Engine) -> None:
    verdict = check.check(engine, RIGHT)
    assert (verdict.level, verdict.profile, verdict.official, verdict.findings) == ("ok", "nlcius", False, ())
    assert verdict.document == example()


def _with_vat() -> Document:
    tax = Tax("S", Decimal(21))
    line = replace(example().lines[0], tax=tax)
    taxes = (replace(example().taxes[0], tax=tax, cents=8904, reason=""),)
    return replace(example(), lines=(line,), taxes=taxes, totals=Totals.of((line,), (), taxes))


@pytest.mark.parametrize(
    ("code", "change"),
    [
        ("HENDIG-CURRENCY", lambda: replace(example(), currency="USD")),
        ("HENDIG-VAT", _with_vat),
        ("HENDIG-IBAN", lambda: replace(example(), account=Account("NL92ABNA0417164300"))),
        ("HENDIG-LINE", lambda: replace(example(), lines=(replace(example().lines[0], price=Decimal(95)),))),
        (
            "HENDIG-ASSIGNMENT",
            lambda: replace(example(), lines=(replace(example().lines[0], object_id=None),)),
        ),
    ],
)
def test_what_will_be_asked_is_a_note_and_no_error(
    engine: Engine, code: str, change: Callable[[], Document]
) -> None:
    verdict = check.check(engine, ubl(change(), Profile.NLCIUS))
    assert [(finding.rule, finding.level) for finding in verdict.findings] == [(code, "note")]
    assert verdict.level == "ok"


def test_a_total_that_does_not_add_up_is_an_error_without_the_official_rules(engine: Engine) -> None:
    wrong = replace(example(), totals=replace(example().totals, payable=42401))
    assert [one.rule for one in check.check(engine, ubl(wrong, Profile.NLCIUS)).findings] == ["HENDIG-TOTALS"]


def test_every_code_of_ours_has_words_in_both_languages() -> None:
    codes = {code.value for kind in (check.Own, parse.Gate, read.Hole) for code in kind}
    assert codes <= set(words.OURS)
    for code in codes:
        with translation.override("nl"):
            dutch = str(words.words_for(code))
        with translation.override("en"):
            assert str(words.words_for(code)) != dutch


def test_an_official_rule_speaks_dutch_to_the_dutch_and_its_own_words_to_others() -> None:
    said = "[BR-02]-An Invoice shall have an Invoice number (BT-1)."
    with translation.override("nl"):
        assert str(words.words_for("BR-02", said)) == "Geef de factuur een nummer."
        assert str(words.words_for("XX-99", said)) == "An Invoice shall have an Invoice number (BT-1)."
    with translation.override("en"):
        assert str(words.words_for("BR-02", said)) == "An Invoice shall have an Invoice number (BT-1)."


# --- the command ----------------------------------------------------------------------------------------


@pytest.fixture
def at_home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr("django.conf.settings.HOME", tmp_path)
    (tmp_path / "right.xml").write_bytes(RIGHT)
    (tmp_path / "page.xml").write_bytes(HOSTILE["page"][0]())
    return tmp_path


def test_the_command_says_what_is_wrong_and_leaves_with_one(
    at_home: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["einvoice", "check", str(at_home / "right.xml")]) == 0
    right = capsys.readouterr().out
    assert "right.xml: ok" in right
    assert "official check: off" in right
    assert main(["einvoice", "check", str(at_home / "right.xml"), str(at_home / "page.xml")]) == 1
    said = capsys.readouterr()
    assert "HENDIG-NOT-XML" in said.out
    assert "1 of 2 files has an error" in said.err


def test_the_command_speaks_json_a_line_for_each_file(
    at_home: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    main(["einvoice", "check", "--json", str(at_home / "right.xml"), str(at_home / "page.xml")])
    right, page = (json.loads(line) for line in capsys.readouterr().out.splitlines())
    assert (right["verdict"], right["profile"], right["official"]) == ("ok", "nlcius", False)
    assert page["verdict"] == "error"
    assert page["findings"][0]["rule"] == "HENDIG-NOT-XML"


def test_a_profile_that_is_asked_for_must_be_the_one_of_the_file(
    at_home: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["einvoice", "check", "--profile", "peppol", str(at_home / "right.xml")]) == 1
    assert "HENDIG-PROFILE" in capsys.readouterr().out


def test_a_file_that_is_not_there_is_named(at_home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["einvoice", "check", str(at_home / "nowhere.xml")]) == 1
    assert "There is no file" in capsys.readouterr().err


def test_without_rules_the_command_says_what_is_off(
    at_home: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["einvoice", "rules"]) == 0
    assert capsys.readouterr().out.count("off:") == 2
    assert main(["einvoice", "rules", "install", str(at_home)]) == 1
    assert "No official rules" in capsys.readouterr().err
    assert not (at_home / "einvoice").exists()
