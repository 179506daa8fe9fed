"""By the official rules: their files get the verdict of their name, and what we write fails none of them."""

from __future__ import annotations

import re
import shutil
import zipfile
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from decimal import Decimal
from functools import cache
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from lxml import etree

from hendig.billing.adapters.ubl import check, engine, installed
from hendig.billing.adapters.ubl.document import Adjustment, Document, Tax
from hendig.billing.adapters.ubl.dutch import dutch
from hendig.billing.adapters.ubl.names import Profile
from hendig.billing.adapters.ubl.official import Engine
from hendig.billing.adapters.ubl.write import ubl
from hendig.operations.command import main
from hendig.operations.einvoice import example
from tests.support import einvoice
from tests.support.einvoice import HOSTILE

pytestmark = pytest.mark.conformance
TODAY = date(2026, 11, 25)
SVRL = "{http://purl.oclc.org/dsdl/svrl}"
XSL = "{http://www.w3.org/1999/XSL/Transform}"
SAMPLES = {"nlcius-testset/SI-UBL-2.0": 95, "peppol-2026.5/billing": 10, "hendig-synthetic": 5}
# A name says what must be said; the samples of Peppol are right.
SAID = re.compile(r"_(ok|warning|error)(?:[_.]|$)")


@cache
def files() -> tuple[Path, ...]:
    """The official files; none without the folder, and then nothing here runs."""
    try:
        top = einvoice.data()
    except KeyError:
        return ()
    return tuple(sorted(file for folder in SAMPLES for file in (top / folder).glob("*.xml")))


def verdict_in(name: str) -> str:
    found = SAID.search(name)
    return found[1] if found else "ok"


@pytest.fixture(scope="session")
def rules(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("official") / "einvoice"
    installed.install(einvoice.data(), folder, on=TODAY, trial={})
    return folder


@pytest.fixture(scope="session")
def official(rules: Path) -> Iterator[Engine]:
    with Engine(rules) as made:
        yield made


# --- their files ----------------------------------------------------------------------------------------


def test_all_the_official_files_are_here() -> None:
    assert len(files()) == sum(SAMPLES.values())


@pytest.mark.parametrize("file", files(), ids=lambda file: file.stem)
def test_an_official_file_gets_the_verdict_of_its_name(official: Engine, file: Path) -> None:
    verdict = check.check(official, file.read_bytes())
    assert verdict.level == verdict_in(file.name), [(one.rule, one.where) for one in verdict.findings]
    assert verdict.official or verdict.profile is None
    rule = re.search(r"_(BR-[A-Z]+-\d+|UBL-[A-Z]+-\d+)_(?:warning|error)", file.name)
    if rule and file.name not in OTHER_RULE:
        assert [one for one in verdict.findings if one.rule == rule[1] or one.rule.startswith(f"{rule[1]}-")]


# The official rules answer these by another rule than the name says, or not at all (they stop on it).
OTHER_RULE = {
    "SI-UBL-2.0_BR-NL-34_warning_reasoncode.xml",
    "SI-UBL-2.0_BR-NL-34_warning_reasoncode_line.xml",
    "SI-UBL-2.0_BR-NL-7_error_381_invoice.xml",
    "SI-UBL-2.0_UBL-SR-09_error_multiple_legalentity_registrationname.xml",
    "SI-UBL-2.0_UBL-SR-15_error_multiple_legalentity_registrationname.xml",
}


@pytest.mark.parametrize(
    "name", [name for name in OTHER_RULE if "UBL-SR" in name], ids=lambda name: name[11:20]
)
def test_what_the_official_rules_stop_on_is_rejected_in_words(official: Engine, name: str) -> None:
    verdict = check.check(official, (einvoice.data() / "nlcius-testset/SI-UBL-2.0" / name).read_bytes())
    assert "HENDIG-UNPROCESSABLE" in {one.rule for one in verdict.findings}
    assert check.check(official, einvoice.RIGHT).level == "ok"


def test_a_right_file_is_written_again_to_the_same_totals_and_rules(official: Engine) -> None:
    right = [file for file in files() if verdict_in(file.name) == "ok"]
    assert len(right) == 36 + 10 + 2
    for file in right:
        before = check.check(official, file.read_bytes())
        assert before.document is not None, file.name
        assert before.profile is not None
        written = ubl(before.document, before.profile)
        after = check.check(official, written)
        assert after.document == before.document, file.name
        assert totals_in(written) == totals_in(file.read_bytes()), file.name
        assert [one.rule for one in after.findings] == [one.rule for one in before.findings], file.name


def totals_in(xml: bytes) -> dict[str, Decimal]:
    """The totals as they stand in the file, not as we read them; one of nothing may be left out."""
    found = etree.fromstring(xml).find("{*}LegalMonetaryTotal")
    assert found is not None
    said = {etree.QName(one).localname: Decimal(one.text or "") for one in found}
    return {name: amount for name, amount in said.items() if amount}


# --- our files ------------------------------------------------------------------------------------------


@pytest.mark.parametrize("profile", list(Profile))
@given(document=einvoice.documents())
@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_nothing_that_we_write_fails_an_official_rule(
    official: Engine, profile: Profile, document: Document
) -> None:
    fails_nothing(official, profile, document)


@pytest.mark.parametrize("profile", list(Profile))
@pytest.mark.parametrize("charge", [True, False])
def test_nor_does_a_discount_or_charge_of_nothing(
    official: Engine, profile: Profile, *, charge: bool
) -> None:
    nothing = Adjustment(charge=charge, cents=0, tax=Tax(), reason="afgerond")
    fails_nothing(official, profile, replace(example(), adjustments=(nothing,)))


@pytest.mark.parametrize("profile", list(Profile))
@given(document=einvoice.documents(most=500))
@settings(max_examples=3, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_nor_does_a_month_of_five_hundred_lines(
    official: Engine, profile: Profile, document: Document
) -> None:
    fails_nothing(official, profile, document)


def fails_nothing(official: Engine, profile: Profile, document: Document) -> None:
    verdict = check.check(official, ubl(document, profile))
    assert verdict.official
    assert [(one.rule, one.where) for one in verdict.findings] == []
    assert verdict.document is not None
    assert verdict.document.totals == document.totals


# --- words ----------------------------------------------------------------------------------------------


def test_every_official_rule_has_dutch_words(rules: Path) -> None:
    seen = 0
    for stylesheet in rules.glob("*.xsl"):
        for failed in etree.parse(stylesheet).iter(f"{SVRL}failed-assert"):
            named = failed.find(f"{XSL}attribute[@name='id']")
            rule = (named.text or "") if named is not None else ""
            text = " ".join("".join(map(str, failed.itertext())).split())
            assert dutch(rule, text), rule
            seen += 1
    assert seen > 2000


# --- what nobody should send ----------------------------------------------------------------------------


def test_what_nobody_should_send_is_refused_the_same_with_the_rules(official: Engine) -> None:
    for name, (make, _code) in HOSTILE.items():
        assert check.check(official, make()).level == "error", name
    assert check.check(official, einvoice.RIGHT).level == "ok"


def test_broken_files_never_break_the_official_check(official: Engine) -> None:
    kept = tuple(file.read_bytes() for file in files())
    for seed in range(120):
        verdict = check.check(official, einvoice.mutated(seed, kept))
        assert verdict.level == "error" or verdict.document is not None, seed


def test_a_file_that_asks_too_much_work_is_ended_by_the_kernel_and_the_next_is_judged(
    rules: Path,
) -> None:
    head, line, rest = einvoice.RIGHT.partition(b"<cac:InvoiceLine>")
    body, end, foot = rest.partition(b"</cac:InvoiceLine>")
    # So little that no machine is quick enough.
    with Engine(rules, seconds=0.25) as hurried:
        verdict = check.check(hurried, head + (line + body + end) * 4_500 + foot)
        assert "HENDIG-TOO-LONG" in {one.rule for one in verdict.findings}
        assert check.check(hurried, einvoice.RIGHT).level == "ok"


def test_a_right_file_stays_right_also_past_the_change_of_the_fork(official: Engine) -> None:
    said = {check.check(official, einvoice.RIGHT).level for _time in range(engine.RECYCLED_AFTER + 20)}
    assert said == {"ok"}


@pytest.mark.parametrize(
    "hidden", [b"nlciu&#115;:", b"<![CDATA[nlc]]><![CDATA[ius:]]>", b"nlc<!-- -->ius:", b"nlc<?x?>ius:"]
)
def test_who_hides_the_name_of_the_profile_is_judged_by_it_all_the_same(rules: Path, hidden: bytes) -> None:
    wrong = einvoice.RIGHT.replace(b"nlcius:", hidden).replace(b'schemeID="0106"', b'schemeID="0007"')
    with Engine(rules) as engine:
        verdict = check.check(engine, wrong)
    assert verdict.official
    assert "BR-NL-1" in {one.rule for one in verdict.findings}


# --- installing -----------------------------------------------------------------------------------------


def test_the_command_installs_a_zip_says_what_it_is_and_uses_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("django.conf.settings.HOME", tmp_path)
    packed = tmp_path / "official.zip"
    with zipfile.ZipFile(packed, "w") as opened:
        for folder in ("nlcius-validation", "ubl-2.1"):
            for file in (einvoice.data() / folder).rglob("*"):
                if "phive" not in file.name:
                    opened.write(file, file.relative_to(einvoice.data()))
    assert main(["einvoice", "rules", "install", str(packed)]) == 0
    said = capsys.readouterr().out
    assert "NLCIUS (SI-UBL 2.0) 2.0.3.12 (2025-11-27)" in said
    assert "official check by nlcius: on" in said
    assert "official check by peppol: off: EN 16931 (UBL), Peppol BIS Billing 3.0 is not installed" in said
    (tmp_path / "right.xml").write_bytes(einvoice.RIGHT)
    assert main(["einvoice", "check", str(tmp_path / "right.xml")]) == 0
    assert "official check: UBL 2.1 (XSD)" in capsys.readouterr().out


def test_the_newest_of_each_set_is_installed_and_dated(rules: Path) -> None:
    found = {one.key: (one.version, one.dated) for one in installed.installed(rules)}
    assert found == {
        "nlcius": ("2.0.3.13", ""),
        "en16931": ("1.3.16", "2026-03-30"),
        "peppol": ("3.0.21", "2026 May"),
        "ubl": ("2.1", "04 November 2013"),
    }


def test_rules_that_do_not_run_are_not_installed(rules: Path, tmp_path: Path) -> None:
    folder = tmp_path / "einvoice"
    shutil.copytree(rules, folder)
    broken = tmp_path / "broken"
    broken.mkdir()
    text = (rules / "nlcius.xsl").read_text().replace("normalize-space(", "no-such-function(")
    (broken / "si-ubl-2.0.xsl").write_text(text)
    trial = {"nlcius": ubl(example(), Profile.NLCIUS)}
    with pytest.raises(installed.NotInstalled):
        installed.install(broken, folder, on=TODAY, trial=trial)
    assert (folder / "nlcius.xsl").read_bytes() == (rules / "nlcius.xsl").read_bytes()
