"""Run as a program: the small Peelrand of the tests with months behind it of which nothing was sent yet.

Each month has the same: Sanne's appointments for the invoice that is made here, one of Fatima and one of
Kasia for the partner's own. That file says more of Kasia than was kept, and names a match that nobody knows,
which a credit note takes back; both files lie in the home, under the name of the month.
"""

import os
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import django

django.setup()

from hendig.billing.adapters.ubl.document import CREDIT  # noqa: E402 - models exist only after the set-up
from hendig.billing.adapters.ubl.names import Profile  # noqa: E402
from hendig.billing.adapters.ubl.write import ubl  # noqa: E402
from hendig.helprequests.actions import forget_unconfirmed  # noqa: E402
from hendig.kernel.actor import Role  # noqa: E402
from hendig.matching.actions import answer  # noqa: E402
from hendig.matching.actions.anew import ask_anew  # noqa: E402
from hendig.matching.models import Match  # noqa: E402
from tests.operations.months import FILES, months  # noqa: E402
from tests.support import billing  # noqa: E402
from tests.support.received import billed_line, document  # noqa: E402
from tests.support.world import World, world_from  # noqa: E402

# Everybody who must is asked anew a month before a year is over.
YES_LASTS = timedelta(days=336)


def main() -> None:
    today = datetime.now(UTC).date()
    every = months(today)
    first = every[0] - timedelta(days=20)
    world = world_from(datetime(first.year, first.month, first.day, 9, tzinfo=UTC))
    for name in ("frits", "greet"):
        world.add_worker(name, Role.FINANCE)
    billing.agree(world, from_on=first)
    sanne, fatima, kasia = (billing.make_match(world, name) for name in ("Sanne", "Fatima", "Kasia"))
    folder = Path(os.environ["HENDIG_HOME"]) / FILES
    folder.mkdir()
    said_yes = world.at
    for month in every:
        if month > (said_yes + YES_LASTS).date():
            world.at = max(world.at, said_yes + YES_LASTS)
            say_yes_anew(world, {"Sanne": sanne, "Fatima": fatima, "Kasia": kasia})
            said_yes = world.at
        for match, day, minutes in ((sanne, 3, 60), (fatima, 4, 60), (kasia, 5, 45), (sanne, 10, 90)):
            billing.keep(world, match, month.replace(day=day), minutes)
        write(folder, world, month, fatima, kasia)
    # What lapsed long ago would go in the middle of a test, at forty-one past the hour.
    forget_unconfirmed(municipality_id=world.municipality.pk, at=datetime.now(UTC))


def say_yes_anew(world: World, matches: dict[str, Match]) -> None:
    """Each family and who helps it, so that the help goes on for another year."""
    for family, match in matches.items():
        talk = ask_anew(municipality_id=world.municipality.pk, match_id=match.pk, at=world.at)
        for name in (family, "anouk"):
            answer(actor=world.actor(name), talk_id=talk.pk, yes=True, at=world.at)


def write(folder: Path, world: World, month: date, fatima: Match, kasia: Match) -> None:
    """The invoice of the partner's own program, and the credit note that comes after it."""
    last = month.replace(day=28)
    fatimas, kasias, unknown = (
        billed_line(match, minutes, first_on=month, last_on=last)
        for match, minutes in ((fatima, 60), (kasia, 60), ("M2020-999999", 30))
    )
    own = document(world, fatimas, kasias, unknown, number=f"F-{month:%Y-%m}", issued_on=last, due_on=last)
    note = document(world, unknown, number=f"C-{month:%Y-%m}", issued_on=last, due_on=last)
    note = replace(note, kind=CREDIT, before=(own.number,))
    (folder / f"{month}.xml").write_bytes(ubl(own, Profile.NLCIUS))
    (folder / f"{month}-credit.xml").write_bytes(ubl(note, Profile.NLCIUS))


if __name__ == "__main__":
    main()
