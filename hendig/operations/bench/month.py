"""A month of money: every office sends it, every finance pays it, by the running server as people do.

In regions of several sizes, to see that a line takes the same at any size, and that nothing which is held in
memory grows with the month. The page of finance is measured while all of it waits to be paid, in a region
without a past and, by turns, in one with millions of lines behind it. What comes out is counted anew.
"""

from __future__ import annotations

import os
import time
from collections.abc import Sequence
from contextlib import ExitStack
from dataclasses import asdict, dataclass, replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from time import perf_counter
from typing import LiteralString
from uuid import uuid4
from zoneinfo import ZoneInfo

import orjson

from hendig.billing.adapters.inbox import rules_folder
from hendig.billing.adapters.ubl import installed
from hendig.billing.adapters.ubl.check import check
from hendig.billing.adapters.ubl.document import Totals, tax_sums
from hendig.billing.adapters.ubl.names import Profile
from hendig.billing.adapters.ubl.official import Engine, Judgement
from hendig.billing.adapters.ubl.write import ubl
from hendig.operations.bench import measure, report
from hendig.operations.bench.client import Client, message
from hendig.operations.bench.measure import Series, at_part
from hendig.operations.bench.region import LINES_OF_INVOICE, Region, region
from hendig.operations.bench.station import Person, Station, mailbox, peak, serving, signed_in
from hendig.operations.bench.targets import Target, floor, turn
from hendig.operations.einvoice import example
from hendig.operations.failure import Failure
from hendig.operations.installation import Installation
from hendig.operations.progress import Progress

LINES = (8_000, 40_000, 200_000)
HISTORY = 5_000_000
AIM_SECONDS, AIM_BEYOND_MS, AIM_MEMORY = 60.0, 10.0, 1.10
# Those of the list of a coach: it is a list of what waits, as that is.
AIM_FLOOR, AIM_STATEMENTS = 9.0, 8
# Files of one kind; the first are not counted.
FILES, FIRST_FILES = 200, 20
QUIET_TAKES = 1_800
# So often it is told how far a month is.
TOLD = 50

OFFICES: LiteralString = """
    SELECT account_id::text, partner_id::text FROM people_membership WHERE role = 'office' ORDER BY id
"""
PAYERS: LiteralString = """
    SELECT account_id::text, municipality_id::text FROM people_membership WHERE role = 'finance' ORDER BY id
"""
BUSY: LiteralString = "SELECT count(*) FROM procrastinate_jobs WHERE status IN ('todo', 'doing')"
# What was paid, and what had to be: counted anew from the hours, half up once for each match.
BOOKED: LiteralString = """
    SELECT (SELECT count(*) FROM billing_invoice WHERE month = %(month)s),
        (SELECT count(*) FROM billing_invoiceline l JOIN billing_invoice i ON i.id = l.invoice_id
            WHERE i.month = %(month)s),
        (SELECT count(*) FROM billing_invoicedappointment) = (SELECT count(*) FROM plans_appointment),
        (SELECT coalesce(sum(cents), 0) FROM billing_payment WHERE stage = 'sent')::bigint,
        (SELECT sum((minutes * cents_per_hour * 2 + 60) / 120) FROM (
            SELECT m.id, sum(a.minutes) AS minutes, max(t.cents_per_hour) AS cents_per_hour
            FROM matching_match m JOIN plans_appointment a ON a.match_id = m.id
            JOIN billing_agreement g ON g.partner_id = m.partner_id
            JOIN billing_tariff t ON t.agreement_id = g.id AND t.service_code_id = m.service_code_id
            WHERE m.ends_on IS NULL GROUP BY m.id) AS right_ones)::bigint
"""


@dataclass(frozen=True, slots=True)
class Made:
    """How a month went: seconds by the clock, processor time of web and PostgreSQL, the most memory held."""

    lines: int
    history: int
    municipalities: int
    invoices: int
    sent_seconds: float
    paid_seconds: float
    busy_seconds: float
    told_seconds: float
    web_mb: float
    worker_mb: float

    @property
    def seconds(self) -> float:
        return self.sent_seconds + self.paid_seconds

    @property
    def ms_a_line(self) -> float:
        return self.seconds / self.lines * 1000

    def row(self) -> tuple[str, ...]:
        figures = (self.sent_seconds, self.paid_seconds, self.seconds)
        each = (self.ms_a_line, self.busy_seconds / self.lines * 1000)
        return (
            f"{self.lines:,}",
            f"{self.history:,}",
            f"{self.municipalities}",
            f"{self.invoices:,}",
            *(f"{one:.1f}" for one in figures),
            *(f"{one:.2f}" for one in each),
            f"{self.told_seconds:.0f}",
            f"{self.web_mb:.0f}",
            f"{self.worker_mb:.0f}",
        )


HEAD = (
    *("lines", "behind them", "towns", "invoices", "made, checked s", "paid s", "together s", "ms a line"),
    *("CPU ms a line", "told after s", "web MB at most", "worker MB at most"),
)
COLUMNS = ("lines", *report.COLUMNS[1:])


class Month:
    """The month of one served region."""

    def __init__(self, at: Station, asked: Region, mail: int) -> None:
        self.at, self.asked, self.mail = at, asked, mail
        self.client = Client(at.port)
        self.offices = at.owner.execute(OFFICES).fetchall()
        payers = at.owner.execute(PAYERS).fetchall()
        self.payers = [Person(str(one), signed_in(at.owner, one), works=str(town)) for one, town in payers]
        at.start_worker(mail)
        self.sent = self.paid = self.busy = 0.0

    def send(self, progress: Progress) -> None:
        """Every office sends its month: it becomes an invoice that is checked."""
        presses = [
            (account, "/uren/versturen/", {"partner_id": str(partner), "month": f"{self.asked.month}"})
            for account, partner in self.offices
        ]
        self.sent = self._pressed(presses, progress, f"invoices of {self.asked.lines:,} lines sent")

    def pay(self, progress: Progress) -> None:
        """Every finance pays what is right, in one file for the bank."""
        presses = [(one.account, "/betalen/alles/", dict[str, str]()) for one in self.payers]
        self.paid = self._pressed(presses, progress, f"payments of {self.asked.lines:,} lines made")

    def _pressed(
        self, presses: Sequence[tuple[object, str, dict[str, str]]], progress: Progress, what: str
    ) -> float:
        """The seconds until all were answered. Each signs in just before, as a session does not last."""
        before, seconds = self.at.spent(), 0.0
        for done, (account, path, fields) in enumerate(presses):
            if done % -(-len(presses) // TOLD) == 0:
                progress(f"{done:,} of {len(presses):,} {what}")
            session = signed_in(self.at.owner, account)
            answer = self.client.ask(message(path, session=session, fields={"_key": str(uuid4()), **fields}))
            if answer.status != 302:
                raise Failure(f"{path} answered {answer.status}.")
            seconds += answer.seconds
        self.busy += self.at.spent() - before
        return seconds

    def told(self) -> Made:
        """Everybody heard of it, and it is right."""
        began = perf_counter()
        while first_row(self.at, BUSY)[0]:
            if perf_counter() - began > QUIET_TAKES:
                raise Failure("The worker does not come to an end.")
            time.sleep(0.5)
        seconds = perf_counter() - began
        self.client.close()
        asked = self.asked
        invoices, lines, all_hours, cents, due = first_row(self.at, BOOKED, month=asked.month)
        if (invoices, lines, all_hours, cents) != (asked.partners, asked.lines, True, due):
            raise Failure(
                f"{invoices} invoices with {lines} lines, {cents} cents paid where {due} were due: not right."
            )
        return Made(
            lines=asked.lines,
            history=asked.history,
            municipalities=len(self.payers),
            invoices=asked.partners,
            sent_seconds=self.sent,
            paid_seconds=self.paid,
            busy_seconds=self.busy,
            told_seconds=seconds,
            web_mb=peak(self.at.web),
            worker_mb=peak(self.at.worker),
        )


def first_row(at: Station, words: LiteralString, **values: object) -> tuple[object, ...]:
    row = at.owner.execute(words, values).fetchone()
    assert row is not None
    return row


def main(
    place: Installation, *, lines: tuple[int, ...], history: int, laps: int, json: Path | None = None
) -> None:
    """Prints how long a month takes at each size, the page of finance, and one e-invoice."""
    today = datetime.now(ZoneInfo("Europe/Amsterdam")).date()
    month = (today.replace(day=1) - timedelta(days=1)).replace(day=1)
    with mailbox() as mail:
        made, page = beside_the_page(place, month, lines[0], history, laps, mail)
        for size in lines[1:]:
            made.append(alone(place, Region(month, size), mail))
    files = one_file()
    load = os.getloadavg()[0]
    print(f"{datetime.now(UTC).isoformat(timespec='minutes')}, load of the machine {load:.1f}, {laps} laps\n")
    print("\n".join(report.columns([HEAD, *(row.row() for row in made)])), end="\n\n")
    shown = [report.page_figures(size, name, series) for (size, name), series in page.items()]
    print("\n".join(report.columns([COLUMNS, *map(report.page_row, shown)])), end="\n\n")
    print("\n".join(report.columns([("", "measured", "aim", "met"), *aims(made, shown, files)])))
    found = {"at": datetime.now(UTC).isoformat(timespec="seconds"), "load": load}
    found |= {"months": [asdict(row) for row in made], "finance": shown, "file_ms": files}
    if json:
        json.write_bytes(orjson.dumps(found, option=orjson.OPT_INDENT_2))
    print(orjson.dumps(found).decode())


def beside_the_page(
    place: Installation, month: date, lines: int, history: int, laps: int, mail: int
) -> tuple[list[Made], dict[tuple[int, str], Series]]:
    """Two months by turns, the second with a past; the page of finance is asked before anything is paid."""
    asked = [Region(month, lines), *([Region(month, lines, history)] if history else [])]
    with ExitStack() as open_now:
        towns = [open_now.enter_context(region(place, one)) for one in asked]
        months = [
            Month(open_now.enter_context(serving(town, mail)), one, mail)
            for town, one in zip(towns, asked, strict=True)
        ]
        with Progress("Measuring") as progress:
            for one in months:
                one.send(progress)
            payers = {one.at.town.families: one.payers for one in months}
            page = measure.laps([one.at for one in months], laps, progress, [finance(payers)])
            for one in months:
                one.pay(progress)
            return [one.told() for one in months], page


def alone(place: Installation, asked: Region, mail: int) -> Made:
    with region(place, asked) as town, serving(town, mail) as at, Progress("Measuring") as progress:
        month = Month(at, asked, mail)
        month.send(progress)
        month.pay(progress)
        return month.told()


def finance(payers: dict[int, list[Person]]) -> Target:
    def who(at: Station, lap: int) -> Person:
        return turn(payers[at.town.families], lap)

    return Target(
        "finance",
        lambda at, lap: message("/betalen/", session=who(at, lap).session),
        lambda at, lap: floor("finance", town=who(at, lap).works),
        aim=AIM_FLOOR,
        statements=AIM_STATEMENTS,
    )


class Timed(Engine):
    """Remembers how long the official rules themselves took, and what who judges worked beside them."""

    rules_seconds = beside = 0.0

    def ask(self, data: bytes, profile: str = "auto") -> Judgement:
        judged = super().ask(data, profile)
        self.rules_seconds, self.beside = judged.seconds, judged.beside
        return judged


def one_file() -> dict[str, dict[str, float]]:
    """Of an e-invoice of one line and of a month: the rules' own time, and what comes on top of it.

    By the clock, and as processor time of who asks and who judges, in which nobody waits. In milliseconds,
    once who judges is warm. Empty where the official rules are not installed.
    """
    found: dict[str, dict[str, float]] = {}
    if "nlcius" not in {one.key for one in installed.installed(rules_folder())}:
        return found
    with Timed(rules_folder()) as engine:
        for count in (1, LINES_OF_INVOICE):
            data, own, beyond, worked = file_of(count), [], [], []
            for place in range(FIRST_FILES + FILES):
                began, worked_before = perf_counter(), time.process_time()
                verdict = check(engine, data)
                took, here = perf_counter() - began, time.process_time() - worked_before
                if not verdict.official or verdict.level != "ok":
                    raise Failure("An e-invoice that is right was not found to be.")
                if place >= FIRST_FILES:
                    own.append(engine.rules_seconds)
                    beyond.append(took - engine.rules_seconds)
                    worked.append(here + engine.beside)
            found[f"{count}"] = {"rules": at_part(own, 0.50) * 1000}
            for name, series in (("by the clock", beyond), ("of processor time", worked)):
                found[f"{count}"] |= {
                    f"{name}, p{part}": at_part(series, part / 100) * 1000 for part in (50, 95)
                }
    return found


def file_of(count: int) -> bytes:
    document = example()
    lines = tuple(replace(document.lines[0], id=str(place + 1)) for place in range(count))
    taxes = tax_sums(lines, reason="Vrijgesteld van btw")
    return ubl(
        replace(document, lines=lines, taxes=taxes, totals=Totals.of(lines, (), taxes)), Profile.NLCIUS
    )


def aims(
    made: list[Made], page: list[report.Figures], files: dict[str, dict[str, float]]
) -> list[tuple[str, str, str, str]]:
    first, last = made[0], max(made, key=lambda one: one.lines)
    rows = [
        report.aim(f"{first.lines:,} lines made, checked and paid, seconds", first.seconds, AIM_SECONDS),
        report.aim(
            f"a line of {last.lines:,}, times one of {first.lines:,}",
            last.ms_a_line / first.ms_a_line,
            measure.AIMS["growth"],
            digits=2,
        ),
        report.aim("the same of processor time", cpu(last) / cpu(first), measure.AIMS["growth"], digits=2),
        report.aim("web, most memory, times the smallest", last.web_mb / first.web_mb, AIM_MEMORY, digits=2),
        report.aim(
            "worker, most memory, times the smallest", last.worker_mb / first.worker_mb, AIM_MEMORY, digits=2
        ),
        report.aim("finance: times its floor", max(one["ratio"] for one in page), AIM_FLOOR),
        report.aim("finance: statements", max(one["statements"] for one in page), AIM_STATEMENTS, digits=0),
        report.aim("finance: p95 / p50", max(one["spread"] for one in page), measure.AIMS["spread"]),
        report.aim(
            "finance: p95 / p50 of processor time",
            max(one["cpu_spread"] for one in page),
            measure.AIMS["spread"],
        ),
        report.aim(
            "finance: growth with what lies behind it",
            page[-1]["p50_ms"] / page[0]["p50_ms"],
            measure.AIMS["growth"],
        ),
        report.aim(
            "the same of processor time", page[-1]["cpu_ms"] / page[0]["cpu_ms"], measure.AIMS["growth"]
        ),
    ]
    for count, took in files.items():
        own = took["rules"]
        rows += [
            report.aim(
                f"e-invoice of {count}: ms beside the {own:.0f} of the rules, {name}", ms, AIM_BEYOND_MS
            )
            for name, ms in took.items()
            if name != "rules"
        ]
    if not files:
        rows.append(("e-invoice: the official rules are not installed", "", "", ""))
    return rows


def cpu(made: Made) -> float:
    return made.busy_seconds / made.lines
