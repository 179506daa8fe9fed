"""Several ledgers and one backup: whatever ended in one of them ended; the last says what was given."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from itertools import product
from uuid import UUID, uuid4

import psycopg
import pytest

from hendig.operations.backup.applied import Known, apply
from hendig.operations.backup.ledger import Ledger, taken
from tests.support.database import TestDatabase
from tests.support.tents import planned_tent
from tests.support.world import build_world

Owner = psycopg.Connection[tuple[object, ...]]

NIGHT = datetime(2026, 11, 26, 2, tzinfo=UTC)
# Until when somebody works here: as said first, ended since, or longer since.
SAID, ENDED, LONGER = date(2026, 12, 1), date(2026, 11, 20), date(2027, 1, 1)
DAYS = (SAID, ENDED, LONGER)


@pytest.fixture
def owner(transactional_db: None, test_database: TestDatabase) -> Iterator[Owner]:
    """The owner of a small Peelrand; what they do is undone."""
    planned_tent(build_world())
    with test_database.owner.transaction(force_rollback=True):
        yield test_database.owner


def known(*ledgers: tuple[Ledger, bool]) -> list[Known]:
    """One an hour after the other, and the first an hour after the backup."""
    return [
        Known(f"ledger {hour}", replace(one, made_at=NIGHT + timedelta(hours=hour)), goes_on)
        for hour, (one, goes_on) in enumerate(ledgers, 1)
    ]


def heard(owner: Owner, then: Ledger, since: Sequence[Known], asked: str) -> dict[object, object]:
    """What the rows say after the backup, which is as the database is now, has heard of these ledgers."""
    with owner.transaction(force_rollback=True):
        owner.execute("DELETE FROM keys_compartmentkey")
        apply(owner, then=replace(then, made_at=NIGHT), later=since)
        return dict(owner.execute(asked.encode()).fetchall())  # type: ignore[arg-type]


def right(then: date, since: Sequence[tuple[date, bool]]) -> date:
    """As the page says it: an end in any ledger holds, the earliest; else what the last that goes on says."""
    ends = [day for day, _ in since if day < then]
    told = [day for day, goes_on in since if goes_on]
    return min([*ends, *told[-1:]], default=then)


def test_of_every_combination_of_ledgers_an_end_holds_and_a_gift_by_the_last_that_knows(owner: Owner) -> None:
    """Each row is one combination: what the backup says of it, the first ledger and the second."""
    combinations = {uuid4(): days for days in product(DAYS, repeat=3)}
    owner.execute(
        "CREATE TEMP TABLE one ON COMMIT DROP AS SELECT * FROM people_membership WHERE role = 'coach' LIMIT 1"
    )
    for pk in combinations:
        owner.execute("UPDATE one SET id = %s", [pk])
        owner.execute("INSERT INTO people_membership SELECT * FROM one")
    base = taken(owner)
    name = "people_membership until_on"

    def said(place: int) -> Ledger:
        rows = "".join(f"{pk}\t{days[place]}\t\\N\n" for pk, days in combinations.items())
        return replace(base, tables={**base.tables, name: rows})

    for pk, days in combinations.items():
        owner.execute("UPDATE people_membership SET until_on = %s WHERE id = %s", [days[0], pk])
    asked = "SELECT id, until_on FROM people_membership"
    tried = 0
    for goes_on in [(True,), (False,), *product((True, False), repeat=2)]:
        since = known(*((said(place), flag) for place, flag in enumerate(goes_on, 1)))
        found = heard(owner, said(0), since, asked)
        # Whatever order they are named in.
        assert found == heard(owner, said(0), since[::-1], asked)
        for pk, (then, *later) in combinations.items():
            expected = right(then, list(zip(later, goes_on, strict=False)))
            assert found[pk] == expected, (then, later, goes_on)
            tried += 1
    assert tried == 6 * 27


def test_what_keeps_somebody_out_in_any_ledger_does(owner: Owner) -> None:
    """A block that one has and the other not; one that the last knows to be over; a yes and a no."""
    block = (
        "INSERT INTO families_block (id, municipality_id, family_id, record_id, account_id, kinds, from_at)"
        " SELECT gen_random_uuid(), r.municipality_id, r.family_id, r.id, a.id, '{}', now()"
        " FROM families_record r, people_account a WHERE a.first_name = 'Ellen' LIMIT 1 RETURNING id"
    )
    consent = (
        "INSERT INTO families_consent (id, municipality_id, family_id, record_id, giver_id, account_id, yes,"
        " from_at) SELECT gen_random_uuid(), r.municipality_id, r.family_id, r.id, r.child_id, a.id, {},"
        " now() FROM families_record r, people_account a WHERE a.first_name = 'Ellen' LIMIT 1 RETURNING id"
    )
    base = taken(owner)

    def after(*words: str) -> tuple[Ledger, list[UUID]]:
        with owner.transaction(force_rollback=True):
            made = [row[0] for one in words for row in owner.execute(one.encode()).fetchall()]
            return taken(owner), [UUID(str(pk)) for pk in made]

    blocks, yes = "SELECT id, until_at FROM families_block", "SELECT id, yes FROM families_consent"
    shut, (pk,) = after(block)
    assert set(heard(owner, base, known((shut, True), (base, True)), blocks)) >= {pk}
    rows = shut.added["families_block"]
    place = rows.columns.index("until_at")
    (line,) = [one for one in rows.rows.splitlines() if one.startswith(str(pk))]
    over = "\t".join("2026-11-26 09:00+00" if at == place else one for at, one in enumerate(line.split("\t")))
    lifted = replace(shut, added={**shut.added, "families_block": replace(rows, rows=f"{over}\n")})
    assert heard(owner, base, known((shut, True), (lifted, True)), blocks)[pk] is not None
    assert heard(owner, base, known((lifted, True), (shut, True)), blocks)[pk] is None

    said_no, (no,) = after(consent.format("false"))
    said_yes, (given,) = after(consent.format("true"))
    for order in ([said_no, said_yes], [said_yes, said_no]):
        found = heard(owner, base, known(*((one, True) for one in order)), f"{yes} WHERE until_at IS NULL")
        assert (no in found, given in found) == (True, False)
    assert given in heard(owner, base, known((base, True), (said_yes, True)), yes)
    assert given not in heard(owner, base, known((said_yes, True), (base, True)), yes)
    assert given not in heard(owner, base, known((said_yes, False)), yes)


def test_what_lets_somebody_in_is_there_when_every_ledger_has_it_that_can_know_it(owner: Owner) -> None:
    owner.execute(
        "INSERT INTO people_user (account_id) SELECT id FROM people_account WHERE first_name = 'Ellen';"
    )
    without = taken(owner)
    owner.execute(
        "INSERT INTO mfa_authenticator (user_id, type, data, created_at)"
        " SELECT account_id, 'webauthn', '{}', %s FROM people_user",
        [NIGHT - timedelta(hours=3)],
    )
    having = taken(owner)
    asked = "SELECT type, 1 FROM mfa_authenticator"
    for has in product((True, False), repeat=2):
        since = known(*((having if one else without, True) for one in has))
        assert bool(heard(owner, having, since, asked)) is all(has), has
    # A ledger of before the backup: written before there was a passkey, and after it was made and taken off.
    for hours, there in ((-4, True), (-2, False)):
        older = Known("older", replace(without, made_at=NIGHT + timedelta(hours=hours)), goes_on=False)
        assert bool(heard(owner, having, [older], asked)) is there


def test_a_compartment_that_was_destroyed_in_any_ledger_has_no_key(owner: Owner) -> None:
    keys = "SELECT id, destroyed_at FROM keys_compartmentkey"
    base = taken(owner)
    ((pk, compartment),) = owner.execute(
        "SELECT id, compartment_id FROM keys_compartmentkey WHERE destroyed_at IS NULL LIMIT 1"
    ).fetchall()
    with owner.transaction(force_rollback=True):
        owner.execute(
            "UPDATE keys_compartmentkey SET destroyed_at = now(), wrapped = NULL, root_id = NULL"
            " WHERE id = %s",
            [pk],
        )
        destroyed = taken(owner)
    with owner.transaction(force_rollback=True):
        owner.execute("UPDATE keys_compartmentkey SET id = %s WHERE id = %s", [uuid4(), pk])
        renewed = taken(owner)
    for order in ([destroyed, base], [base, destroyed], [destroyed, renewed], [renewed, destroyed]):
        for goes_on in (True, False):
            found = heard(owner, base, known(*((one, goes_on) for one in order)), keys)
            of_it = f"{keys} WHERE compartment_id = '{compartment}' AND destroyed_at IS NULL"
            assert found[pk] is not None
            assert not heard(owner, base, known(*((one, goes_on) for one in order)), of_it)
    assert heard(owner, base, known((base, True)), keys)[pk] is None


def test_an_older_ledger_ends_but_gives_nothing_back(owner: Owner) -> None:
    """Ellen is off in the backup, on in a database that was set back; Piet the other way about."""
    off = "UPDATE people_account SET is_active = false WHERE first_name = {}".format
    with owner.transaction(force_rollback=True):
        owner.execute(off("'Piet'").encode())
        back = taken(owner)
    owner.execute(off("'Ellen'").encode())
    then = taken(owner)
    asked = "SELECT first_name, is_active FROM people_account"
    found = heard(owner, then, known((back, False)), asked)
    assert (found["Ellen"], found["Piet"]) == (False, False)
    found = heard(owner, then, known((back, True)), asked)
    assert (found["Ellen"], found["Piet"]) == (True, False)
