"""Run as a program: the small Peelrand of the tests, in the database that the environment names.

Fenna's family has help since the month before this one. Of her appointments with Anouk, some of that month
and some short ones of yesterday, nobody has tapped yet whether they took place and how they were.
"""

from datetime import UTC, datetime, timedelta

import django

django.setup()

from hendig.helprequests.actions import forget_unconfirmed  # noqa: E402
from tests.support import billing  # noqa: E402 - models exist only after the set-up
from tests.support.world import build_world  # noqa: E402

APPOINTMENTS = 5


def main() -> None:
    world = build_world()
    today = datetime.now(UTC).replace(hour=9, minute=0, second=0, microsecond=0)
    world.at = (today.replace(day=1) - timedelta(days=1)).replace(day=1)
    billing.agree(world, from_on=world.at.date())
    match = billing.make_match(world, "Fenna")
    for number in range(APPOINTMENTS):
        billing.plan(world, match, world.at + timedelta(days=number + 1))
        billing.plan(world, match, today - timedelta(days=1, hours=number), minutes=45)
    # What lapsed long ago would go in the middle of a test, at forty-one past the hour.
    forget_unconfirmed(municipality_id=world.municipality.pk, at=datetime.now(UTC))


if __name__ == "__main__":
    main()
