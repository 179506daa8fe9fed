"""A verdict about a file: gate, schema, the official rules where they are, and what we see ourselves."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

from schwifty import IBAN

from hendig.billing.adapters.ubl.document import Document, Head, Totals
from hendig.billing.adapters.ubl.engine import RULES
from hendig.billing.adapters.ubl.names import Profile
from hendig.billing.adapters.ubl.official import Engine, Judgement
from hendig.billing.adapters.ubl.taken import Taken
from hendig.billing.adapters.ubl.words import words_for
from hendig.kernel.refusal import Words


class Level(StrEnum):
    """How bad: a note says what will be asked when the document is booked, and is no fault of the format."""

    OK = "ok"
    NOTE = "note"
    WARNING = "warning"
    ERROR = "error"


class Own(StrEnum):
    """What we see ourselves in a document that can be read."""

    PROFILE = "HENDIG-PROFILE"
    TOTALS = "HENDIG-TOTALS"
    VAT_SUM = "HENDIG-VAT-SUM"
    CURRENCY = "HENDIG-CURRENCY"
    VAT = "HENDIG-VAT"
    LINE = "HENDIG-LINE"
    ASSIGNMENT = "HENDIG-ASSIGNMENT"
    IBAN = "HENDIG-IBAN"
    TWICE = "HENDIG-TWICE"


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing about a file, in words; `official` is what the makers of the rule say, in English."""

    rule: str
    level: Level
    words: Words
    where: str = ""
    line: int = 0
    official: str = ""


@dataclass(frozen=True, slots=True)
class Verdict:
    """What came of a file; the document is there when it can be read, whatever is wrong with it."""

    level: Level
    profile: Profile | None
    findings: tuple[Finding, ...]
    more: int
    checked: tuple[str, ...]
    official: bool
    document: Document | None
    # What it says of itself as far as that can be read, whatever is wrong with it.
    head: Head | None = None
    # Its free texts, and what of the file is kept where that is not all of it.
    told: tuple[str, ...] = ()
    kept: bytes | None = None


def check(engine: Engine, data: bytes, profile: str = "auto") -> Verdict:
    """Everything that can be said about the file."""
    judged = engine.ask(data, profile)
    found = Profile(judged.profile) if judged.profile else None
    findings = list(_of(judged))
    document = None
    if not judged.refused:
        named = Profile(judged.named) if judged.named else None
        if named is None or named != found:
            findings.append(_finding(Own.PROFILE, Level.ERROR))
        document = judged.taken.document
        findings += _own(judged.taken, already=_worst(findings) == Level.ERROR)
    asked = RULES[found] if found else ()
    return Verdict(
        level=_worst(findings),
        profile=found,
        findings=tuple(findings),
        more=judged.more,
        checked=judged.checked,
        official=bool(asked) and all(name in judged.checked for name in asked),
        document=document,
        head=judged.taken.head,
        told=judged.taken.told,
        kept=judged.taken.kept,
    )


def _worst(findings: list[Finding]) -> Level:
    levels = {finding.level for finding in findings}
    return next((level for level in (Level.ERROR, Level.WARNING) if level in levels), Level.OK)


def _of(judged: Judgement) -> Iterator[Finding]:
    for one in judged.failed:
        yield Finding(
            rule=one.rule or "UBL",
            level=Level(one.level),
            words=words_for(one.rule, one.text),
            where=one.where,
            line=one.line,
            official=one.text,
        )
    if judged.refused:
        yield _finding(judged.refused, Level.ERROR, line=judged.line)


def _finding(rule: StrEnum, level: Level, where: str = "", line: int = 0) -> Finding:
    return Finding(rule.value, level, words_for(rule.value), where, line)


def _own(taken: Taken, *, already: bool) -> Iterator[Finding]:
    """What we see ourselves; sums that the official rules found wrong `already` are not said twice."""
    if taken.hole:
        yield _finding(taken.hole, Level.ERROR, taken.where)
    if taken.document:
        yield from () if already else _adds_up(taken.document)
        yield from _can_be_booked(taken.document)


def _adds_up(document: Document) -> Iterator[Finding]:
    totals = Totals.of(
        document.lines,
        document.adjustments,
        document.taxes,
        prepaid=document.totals.prepaid,
        rounding=document.totals.rounding,
    )
    if totals != document.totals:
        yield _finding(Own.TOTALS, Level.ERROR, "LegalMonetaryTotal")
    if sum(one.taxable_cents for one in document.taxes) != document.totals.exclusive:
        yield _finding(Own.VAT_SUM, Level.ERROR, "TaxTotal")


def _can_be_booked(document: Document) -> Iterator[Finding]:
    """What the municipality will ask; none of it is against the format."""
    if document.currency != "EUR":
        yield _finding(Own.CURRENCY, Level.NOTE, "DocumentCurrencyCode")
    if not document.is_exempt:
        yield _finding(Own.VAT, Level.NOTE, "TaxTotal")
    account = document.account
    if account and account.iban and not IBAN(account.iban, allow_invalid=True).is_valid:
        yield _finding(Own.IBAN, Level.NOTE, "PayeeFinancialAccount/ID")
    if len({line.id for line in document.lines}) < len(document.lines):
        yield _finding(Own.TWICE, Level.NOTE, "InvoiceLine/ID")
    # The first line tells enough: who left it out, did so on each.
    for rule, asked in (
        (Own.LINE, lambda line: line.worth != line.cents),
        (Own.ASSIGNMENT, lambda line: line.object_id is None),
    ):
        place = next((n for n, line in enumerate(document.lines, start=1) if asked(line)), None)
        if place:
            yield _finding(rule, Level.NOTE, f"InvoiceLine[{place}]")
