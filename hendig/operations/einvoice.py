"""`hendig einvoice`: the official rules that are installed here, and what they say of a file."""

import argparse
import json
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from zoneinfo import ZoneInfo

from hendig.billing.adapters.inbox import rules_folder as folder
from hendig.billing.adapters.ubl import installed, official
from hendig.billing.adapters.ubl.check import Finding, Level, Verdict, check
from hendig.billing.adapters.ubl.document import (
    INVOICE,
    KVK,
    OIN,
    Account,
    Document,
    Identifier,
    Line,
    Party,
    Totals,
    tax_sums,
)
from hendig.billing.adapters.ubl.engine import RULES
from hendig.billing.adapters.ubl.names import Profile
from hendig.billing.adapters.ubl.parse import MOST_BYTES
from hendig.billing.adapters.ubl.write import ubl
from hendig.operations.failure import Failure
from hendig.operations.progress import Progress


def command(asked: argparse.Namespace) -> None:
    """What was asked on the command line."""
    if asked.part == "check":
        check_files(asked.file, asked.profile, as_json=asked.json)
    elif asked.what == "install":
        install(asked.path, older=asked.older)
    else:
        show()


def install(path: Path | None, *, older: bool = False) -> None:
    if path is None:
        raise Failure("Say which PATH holds the official rules: a folder or a zip.")
    trial = {profile.value: ubl(example(), profile) for profile in Profile}
    today = datetime.now(ZoneInfo("Europe/Amsterdam")).date()
    try:
        with Progress("Installing the official rules"):
            found = installed.install(path, folder(), on=today, trial=trial, older=older)
    except installed.NotInstalled as problem:
        raise Failure(str(problem)) from problem
    for one in found:
        print(f"installed  {one}")
    show()


def show() -> None:
    sets = installed.installed(folder())
    for one in sets:
        print(f"{one.key:<10}{one}, sha256 {one.sha256[:12]}, installed on {one.installed_on}")
    keys = {one.key for one in sets}
    for profile, names in RULES.items():
        missing = ", ".join(installed.NAMES[name] for name in names if name not in keys)
        state = f"off: {missing} is not installed" if missing else "on"
        print(f"official check by {profile}: {state}")


def check_files(files: Iterable[Path], profile: str, *, as_json: bool) -> None:
    """A verdict for each file; `Failure` after the last one when any has an error."""
    paths = list(files)
    gone = [str(path) for path in paths if not path.is_file()]
    if gone:
        raise Failure(f"There is no file {', '.join(gone)}.")
    sets = {one.key: one for one in installed.installed(folder())}
    wrong = 0
    with official.Engine(folder()) as engine, _understood():
        for path in paths:
            with path.open("rb") as opened:
                verdict = check(engine, opened.read(MOST_BYTES + 1), profile)
            wrong += verdict.level == Level.ERROR
            said = _as_json(path, verdict, sets) if as_json else "\n".join(_in_words(path, verdict, sets))
            print(said, flush=True)
    if wrong:
        raise Failure(f"{wrong} of {len(paths)} files {'has' if wrong == 1 else 'have'} an error.")


@contextmanager
def _understood() -> Iterator[None]:
    try:
        yield
    except official.Broken as problem:
        raise Failure("The official rules do not run; install them again.") from problem


def _in_words(path: Path, verdict: Verdict, sets: dict[str, installed.RuleSet]) -> Iterator[str]:
    yield f"{path}: {verdict.level}"
    for one in verdict.findings:
        yield f"  {one.level:<8}{one.rule:<22} {one.words}{_place(one)}"
    if verdict.more:
        yield f"  and {verdict.more} more"
    if verdict.official:
        yield f"  official check: {'; '.join(str(sets[name]) for name in verdict.checked if name in sets)}"
    elif verdict.profile:
        yield "  official check: off (hendig einvoice rules)"


def _place(one: Finding) -> str:
    place = one.where or (f"line {one.line}" if one.line else "")
    return f" ({place})" if place else ""


def _as_json(path: Path, verdict: Verdict, sets: dict[str, installed.RuleSet]) -> str:
    return json.dumps(
        {
            "file": str(path),
            "verdict": verdict.level,
            "profile": verdict.profile,
            "official": verdict.official,
            "checked": [f"{name} {sets[name].version}" for name in verdict.checked if name in sets],
            "findings": [
                {
                    "rule": one.rule,
                    "level": one.level,
                    "words": str(one.words),
                    "where": one.where,
                    "line": one.line,
                    "official": one.official,
                }
                for one in verdict.findings
            ],
            "more": verdict.more,
        },
        ensure_ascii=False,
    )


def example() -> Document:
    """An invoice that is right: rules that say otherwise are not the rules we know."""
    lines = (
        Line(
            id="1",
            name="H2 Begeleiding",
            quantity=Decimal(265),
            unit="MIN",
            cents=42400,
            price=Decimal(96),
            per=Decimal(60),
            object_id=Identifier("M2026-000001", "ABZ"),
            code="H2",
        ),
    )
    taxes = tax_sums(lines, reason="Vrijgesteld van btw")
    kvk, oin = Identifier("12345678", KVK), Identifier("00000001001234567000", OIN)
    return Document(
        kind=INVOICE,
        number="2026-0001",
        issued_on=date(2026, 11, 5),
        due_on=date(2026, 12, 5),
        buyer_reference="2026-10",
        seller=_party("Vlinder", kvk, vat="NL123456782B01"),
        buyer=_party("Gemeente Peelrand", oin),
        account=Account("NL91ABNA0417164300"),
        lines=lines,
        taxes=taxes,
        totals=Totals.of(lines, (), taxes),
    )


def _party(name: str, known_as: Identifier, vat: str = "") -> Party:
    return Party(
        name,
        endpoint=known_as,
        legal=known_as,
        vat=vat,
        street="Voorbeeldstraat 1",
        postcode="5999 ZZ",
        town="Peelrand",
    )
