"""What the story asks of people, as a page for readers and as figures for "Leren"."""

from __future__ import annotations

import json
import os

from hendig.learning.queries import BURDEN, ORDINARY_MESSAGES, ORDINARY_VALUES
from tests.journeys.person import Count, Ledger
from tests.journeys.story import AFTERWARDS, BETWEEN, TO_PAID
from tests.support.home import ROOT

PAGE = ROOT / "docs/reference/burden.md"
ASKED = "HENDIG_WRITE"
PARTS = {
    "Sanne": "parent",
    "Mark": "other parent",
    "Noor": "youth",
    "Ellen": "coach",
    "Piet": "neighbour",
    "Anouk": "professional",
    "Youssef": "other professional",
    "Jolanda": "office",
    "Henk": "finance",
}
HEAD = (
    "| step | who | interactions | typed fields | screens | visits | seconds |\n|---|---|--:|--:|--:|--:|--:|"
)


def page(ledger: Ledger) -> str:
    """The page for readers."""
    together = ledger.total(set(TO_PAID))
    minutes = round(together.seconds / 60)
    others = together.visits - 1
    twice = 2 * others
    beside = ledger.total({*BETWEEN, *AFTERWARDS})
    return f"""# The burden meter

<!-- Written by the journeys (`make burden`); a journey fails when this page is not what it counted. -->

What the whole story asks of everyone together, counted in a real browser while nine people walk it by hand.

**From question to paid: {together.interactions} interactions and {together.fields} typed fields**, on
{together.screens} screens, {minutes} minutes at the keys. The aim is at most 40 and 25. The ordinary chain
asks {ORDINARY_MESSAGES} iJw messages with at least {ORDINARY_VALUES} mandatory values for one child, one
product and half a year (counted in the iJw 3.2 message definitions; municipality and provider together).

- An *interaction* is a tap on a button or a link, a key that sends, or a choice. A *typed field* is
  counted as a field and not again as an interaction.
- A *visit* is coming to Hendig: by the link in a mail, a bookmark or the own front door. It is a screen and
  it takes its seconds, and it is no interaction on a screen: there were {together.visits} visits.
- *Seconds* are those of the keystroke-level model (key 0.28, pointing 1.1, press and release 0.1 each, hand
  to the keys or back 0.4, deciding 1.35). Reading, thinking and talking are not in it.
- One appointment, one tent with three things put on the table, one month. What stands filled in and is left
  as it is (the moment, the kind of help, the purpose) asks nothing.
- **Not in these figures: signing in, and the bank.** Only Sanne signs in here (the code of her question); for
  the others the day has begun. Reckoned and not counted: who comes with a code by mail at each of the other
  {others} visits fills in two fields and taps twice each time, {twice} fields and {twice} interactions
  more; with a passkey it is one tap and a finger. The bank is counted [below](#afterwards), with what else is
  beside the way.

{HEAD}
{chr(10).join(rows(ledger, set(TO_PAID)))}

## Per person

| who | interactions | typed fields | screens | visits | seconds |
|---|--:|--:|--:|--:|--:|
{chr(10).join(per_person(ledger))}

## Afterwards

Not part of "from question to paid": looking up in the register who has authority, which the coach does within
two weeks; taking the file to the bank, and letting the statement of the bank be read, which makes it "paid"
for everybody; and the end of the help. Together {beside.interactions} interactions and {beside.fields} typed
fields more.

{HEAD}
{chr(10).join(rows(ledger, set(BETWEEN) | set(AFTERWARDS)))}
"""


def rows(ledger: Ledger, steps: set[str]) -> list[str]:
    return [
        f"| {step} | {person} | {figures(count)} |"
        for (step, person), count in ledger.counts.items()
        if step in steps
    ]


def per_person(ledger: Ledger) -> list[str]:
    names = dict.fromkeys(person for step, person in ledger.counts if step in TO_PAID)
    one = {
        name: Ledger(counts={key: count for key, count in ledger.counts.items() if key[1] == name})
        for name in names
    }
    return [f"| {name} | {figures(own.total(set(TO_PAID)))} |" for name, own in one.items()]


def figures(count: Count) -> str:
    return (
        f"{count.interactions} | {count.fields} | {count.screens} | {count.visits} | {round(count.seconds)}"
    )


def data(ledger: Ledger) -> str:
    """The same for the page "Leren": one row a step and person, and whether it is beside the way to paid."""
    lines = [
        {
            "step": step,
            "person": PARTS[person],
            "interactions": count.interactions,
            "fields": count.fields,
            "screens": count.screens,
            "seconds": round(count.seconds),
            "beside": step not in TO_PAID,
        }
        for (step, person), count in ledger.counts.items()
    ]
    return json.dumps(lines, ensure_ascii=False, indent=1) + "\n"


def settle(ledger: Ledger) -> None:
    """What was counted stands on the committed pages: written when asked, else it must be the same."""
    for file, text in ((PAGE, page(ledger)), (BURDEN, data(ledger))):
        if os.environ.get(ASKED):
            file.write_text(text)
        kept = file.read_text() if file.exists() else ""
        assert kept == text, f"{file.name} is not what was counted now: run `make burden`"
