"""Killing web, worker or database anywhere in a month of money leaves the same invoices, and the same cents.

`make monthkills` kills two hundred times, in as many months as that takes; its last line is of JSON, which
goes into the file that `HENDIG_FIGURES` names.
"""

import os
import re
import time
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path

import orjson
import pytest

from hendig.billing.models import PaymentBatch
from hendig.demo.bank import Booked, statement
from hendig.operations.progress import Progress
from tests.operations.machine import eventually, hendig, ready
from tests.operations.months import FILES, KILLS, STEPS, STRUCK, months
from tests.operations.test_kills import counted
from tests.operations.town import Town, mails_left_once, quiet
from tests.support.bank import status_report
from tests.support.smtp import Sink

pytestmark = pytest.mark.kills

PATIENCE, ANSWERED = 240, 60

# What a month leaves of money, without the numbers and days that differ from month to month.
INVOICES = """
    SELECT i.kind, i.stage, i.total_cents, i.paid_cents, i.corrects_id IS NOT NULL, i.batch_id IS NOT NULL,
        (SELECT array_agg(array[minutes, cents, (batch_id IS NOT NULL)::int, cardinality(findings)]
            ORDER BY cents, minutes, findings) FROM billing_invoiceline l WHERE l.invoice_id = i.id),
        (SELECT count(*) FROM billing_invoicedappointment a JOIN billing_invoiceline l ON l.id = a.line_id
            WHERE l.invoice_id = i.id)
    FROM billing_invoice i WHERE i.month = %s ORDER BY i.kind, i.total_cents
"""
PAYMENTS = """
    SELECT p.cents, p.stage, p.reference ~ '-2$', p.reason, p.booked_on IS NOT NULL, p.refused_on IS NOT NULL
    FROM billing_payment p JOIN billing_invoice i ON i.id = p.invoice_id
    WHERE i.month = %s ORDER BY p.cents, p.reference
"""
NUMBERS = (
    ("SELECT number FROM billing_invoice WHERE number ~ '^1'", "12345670-"),
    ("SELECT number FROM billing_invoice WHERE number ~ '^E'", "E12345670-"),
    ("SELECT number FROM billing_paymentbatch", "B"),
)
LATEST = "SELECT id, number FROM billing_paymentbatch ORDER BY number DESC LIMIT 1"
OF_BATCH = """
    SELECT p.reference, p.cents FROM billing_payment p JOIN billing_paymentbatch b ON b.id = p.batch_id
    WHERE b.number = %s ORDER BY p.reference
"""


@pytest.fixture
def peopled_by() -> str:
    return "tests.operations.make_months"


@dataclass
class Money:
    """Who asks for money and who pays it, each in a browser of their own."""

    town: Town

    def __post_init__(self) -> None:
        self.jolanda, self.henk = self.town.person("Jolanda"), self.town.person("Henk")
        self.frits, self.greet = self.town.person("Frits"), self.town.person("Greet")
        for one in (self.jolanda, self.henk, self.frits, self.greet):
            # What opens and judges a file is a process of its own, that begins slowly on a busy machine.
            one.patience, one.waits = PATIENCE, ANSWERED

    def steps(self, month: date) -> Iterator[Callable[[], str]]:
        """From the partner's own invoice until the bank paid; each step is a request with an answer."""
        yield lambda: self.jolanda.bring("/uren/eigen/", self.file(f"{month}.xml"))
        received, asked = self.town.ask(
            "SELECT i.id, l.id FROM billing_invoice i JOIN billing_invoiceline l ON l.invoice_id = i.id"
            " WHERE i.their_number = %s AND l.match_id IS NOT NULL AND l.findings <> '{}'",
            f"F-{month:%Y-%m}",
        )[0]
        yield lambda: self.jolanda.post(f"/uren/regel/{asked}/antwoord/", words="De reistijd hoort erbij.")
        partner = str(self.town.one("SELECT partner_id FROM billing_agreement"))
        yield lambda: self.jolanda.post("/uren/versturen/", partner_id=partner, month=str(month))
        yield lambda: self.frits.post(f"/betalen/{received}/opnieuw/")
        yield lambda: self.frits.post(f"/betalen/regel/{asked}/akkoord/")
        yield lambda: self.jolanda.bring("/uren/eigen/", self.file(f"{month}-credit.xml"))
        yield lambda: self.henk.post("/betalen/alles/")
        batch, number = self.town.ask(LATEST)[0]
        yield lambda: self.exported(str(batch), str(number))
        (own, own_cents), (reference, _cents) = self.of_batch(number)
        yield lambda: self.henk.bring("/betalen/bank/", self.paid(own, own_cents))
        refused = status_report(PaymentBatch(number=str(number)), (reference, "AC04"), name=f"STATUS-{month}")
        yield lambda: self.henk.bring("/betalen/bank/", refused)
        # What Henk read that came back is for a colleague, and what Frits accepted is not for Frits.
        yield lambda: self.greet.post("/betalen/alles/")
        ((again, cents),) = self.of_batch(self.town.ask(LATEST)[0][1])
        yield lambda: self.henk.bring("/betalen/bank/", self.paid(again, cents))

    def file(self, name: str) -> bytes:
        return (self.town.home / FILES / name).read_bytes()

    def of_batch(self, number: object) -> list[tuple[str, int]]:
        return [(str(name), int(str(cents))) for name, cents in self.town.ask(OF_BATCH, number)]

    def exported(self, batch: str, number: str) -> str:
        """The file for the bank, which holds what was booked and is the same whenever it is fetched."""
        xml = self.henk.page_in_the_end(f"/betalen/{batch}/sepa.xml")
        found = zip(
            re.findall(r"<EndToEndId>(.+?)</EndToEndId>", xml),
            re.findall(r'<InstdAmt Ccy="EUR">(.+?)</InstdAmt>', xml),
            strict=True,
        )
        said = sorted((reference, round(float(euros) * 100)) for reference, euros in found)
        assert said == self.of_batch(number)
        assert self.henk.page_in_the_end(f"/betalen/{batch}/sepa.xml") == xml
        return xml

    def paid(self, reference: str, cents: int) -> bytes:
        name = f"AFSCHRIFT-{reference}"
        line = Booked(cents, reference)
        return statement(name, iban="NL56DEUT0265186420", on=datetime.now(UTC).date(), lines=[line])


def left(town: Town, month: date) -> tuple[list[tuple[object, ...]], list[tuple[object, ...]]]:
    return town.ask(INVOICES, month), town.ask(PAYMENTS, month)


def test_kills_in_the_month_leave_the_same_invoices_and_the_same_cents(town: Town, sink: Sink) -> None:
    first, *others = months(datetime.now(UTC).date())
    # Whoever signs in for the first time leaves a user, and only then.
    money = Money(town)
    quiet(town)
    before = counted(town)
    steps = sum(bool(step()) for step in money.steps(first))
    assert steps == STEPS
    quiet(town)
    of_one, by_one = counted(town) - before, left(town, first)
    assert [row[:4] for row in by_one[0]] == [
        ("hours", "paid", 22500, 22500),
        ("received", "settled", -4500, 0),
        ("received", "paid", 22500, 18000),
    ]
    assert [row[:3] for row in by_one[1]] == [
        (18000, "refused", False),
        (18000, "paid", True),
        (22500, "paid", False),
    ]
    began = time.monotonic()
    with Progress("Killing in months of money") as progress:
        for place, month in enumerate(others, start=1):
            for step in money.steps(month):
                town.struck(step)
            progress(f"{town.kills} of {KILLS}, in {place} of {STRUCK} months")
    seconds = time.monotonic() - began
    eventually(lambda: ready(town.port), 60)
    quiet(town)
    for month in others:
        assert left(town, month) == by_one
    of_all = counted(town) - before
    assert of_all == Counter({what: n * (STRUCK + 1) for what, n in of_one.items()})
    for words, series in NUMBERS:
        numbers = sorted(str(number) for (number,) in town.ask(words))
        year = datetime.now(UTC).year
        assert numbers == [f"{series}{year}-{place:04d}" for place in range(1, len(numbers) + 1)]
    mails_left_once(town, sink)
    proved = hendig(town.home, "prove", "log")
    assert proved.returncode == 0, proved.stdout
    assert town.kills >= KILLS
    assert town.killed_in_a_post > KILLS / 3
    said = {
        "proof": "kills in the month",
        "right": True,
        "kills": town.kills,
        "before_the_answer": town.killed_in_a_post,
        "months": STRUCK,
        "invoices": sum(len(by_one[0]) for _month in others),
        "payments": sum(len(by_one[1]) for _month in others),
        "seconds": round(seconds),
        "load": round(os.getloadavg()[0], 1),
    }
    if figures := os.environ.get("HENDIG_FIGURES"):
        Path(figures).write_bytes(orjson.dumps(said) + b"\n")
