"""What finance takes along as a file: rows that a spreadsheet opens, and the same as data."""

from __future__ import annotations

from dataclasses import asdict, dataclass

from django.utils.translation import gettext as _

from hendig.billing import rules
from hendig.billing.adapters.sheets import as_csv, as_json
from hendig.billing.models import NOT_PAID
from hendig.billing.queries.chain import Chain, ChainLine
from hendig.billing.queries.rows import Hour
from hendig.kernel.money import euros
from hendig.kernel.refusal import Words


@dataclass(frozen=True, slots=True)
class TableFile:
    """A file to take along; its name says nothing about anybody."""

    name: str
    kind: str
    content: bytes


CHAIN_HEAD = (
    "betaling", "bedrag", "stand", "op", "regel_van_de_bank", "bestand_van_de_bank", "batch", "partner",
    "kvk", "factuur", "code", "iv3", "match", "minuten", "uurtarief", "regelbedrag",
    "regel_die_haar_goed_maakte",
    "goedgekeurd_door", "afspraak", "dag", "afspraakminuten", "doorgegaan", "verrekend", "teruggenomen_met",
    "gezien_door", "apart_teruggenomen",
)  # fmt: skip


def rule_of(line: ChainLine) -> str:
    """The rule that made the line right, in one sentence."""
    if line.accepted_by:
        return _("Goedgekeurd door %(who)s, nadat Hendig hierover iets vroeg.") % {"who": line.accepted_by}
    return _("De vier feiten van de formele controle klopten (Regeling Jeugdwet art. 1).")


def facts_of(page: Chain) -> tuple[Words, ...]:
    """What was right about what was paid; nothing of a payment that came back."""
    return () if page.transfer.stage in NOT_PAID else tuple(rules.FACTS.values())


def chain_file(page: Chain, kind: str) -> TableFile:
    """The chain as CSV, one row per appointment, or as JSON. No queries."""
    name = f"keten-{page.transfer.reference}.{kind}"
    if kind == "json":
        return TableFile(name, "application/json", as_json(_chain_data(page)))
    head = (
        page.transfer.reference, euros(page.transfer.cents), page.transfer.stage.value, page.transfer.on,
        page.bank_line, page.bank_file, page.batch, page.partner, page.kvk, page.invoice,
    )  # fmt: skip
    kept = euros(sum(one.cents for one in page.kept_off))
    rows = [
        (
            *head, line.code, line.iv3_field, line.match_number, line.minutes, euros(line.cents_per_hour),
            euros(line.cents), rule_of(line), line.accepted_by, *_of_hour(hour), kept, line.credited_by,
            page.confirmed_by, _apart(line),
        )
        for line in page.lines
        for hour in line.hours or (None,)
    ]  # fmt: skip
    return TableFile(name, "text/csv; charset=utf-8", as_csv(CHAIN_HEAD, rows or [head]))


def _apart(line: ChainLine) -> str:
    return "; ".join(f"{one.number} {one.minutes} {euros(one.cents)}" for one in line.apart)


def _of_hour(hour: Hour | None) -> tuple[object, ...]:
    """An amount for a month has no hours under it."""
    if hour is None:
        return ("", "", "", "")
    return (hour.id, hour.on, hour.minutes, "nee" if hour.missed else "ja")


def _chain_data(page: Chain) -> dict[str, object]:
    lines = [{**asdict(line), "rule": rule_of(line)} for line in page.lines]
    return {**asdict(page), "lines": lines, "facts": [str(words) for words in facts_of(page)]}
