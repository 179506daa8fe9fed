"""What the walls found out for who asks is kept within a transaction, never longer than it is true."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import psycopg
import pytest
from django.db import connection, transaction
from psycopg.conninfo import make_conninfo

from hendig.audit.actions import change, speaking
from hendig.families import actions
from hendig.families.models import Compartment, FamilyMember, Involvement, Part
from hendig.helprequests.models import HelpRequest
from hendig.operations.walls import rests_on
from tests.support.families import talked
from tests.support.world import World, build_world

# Long enough after the first talk for nobody to be let in only because a question was just taken up.
AFTERWARDS = {"hours": 2}


def kept() -> str:
    """The compartments that are kept as open in this transaction."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT hendig_known('open')::text")
        row = cursor.fetchone()
    return str(row[0]) if row and row[0] else ""


@contextmanager
def asking(world: World, name: str) -> Iterator[None]:
    with transaction.atomic(), speaking(world.actor(name), world.later(**AFTERWARDS)):
        yield


def seen(request: HelpRequest) -> int:
    """Whether the compartment is there, by the second wall alone: no filter of ours."""
    return Compartment.objects.filter(pk=request.compartment_id).count()


@pytest.mark.django_db
def test_it_is_asked_once_in_a_transaction(world: World) -> None:
    request = talked(world)
    with asking(world, "ellen"):
        assert not kept()
        assert seen(request) == 1
        first = kept()
        assert str(request.compartment_id) in first
        assert FamilyMember.objects.filter(family_id=request.family_id).exists()
        assert kept() == first


@pytest.mark.django_db
def test_what_the_transaction_itself_takes_away_is_gone_at_once(world: World) -> None:
    request = talked(world)
    ellen = world.actor("ellen")
    with change(ellen, "request.first_talk", at=world.later(**AFTERWARDS)) as act:
        assert seen(request) == 1
        act.record(request)
        record_id = request.compartment.record_id
        actions.end_involvement(act, record_id=record_id, account_id=ellen.account, part=Part.COACH)
        assert not kept()
        assert seen(request) == 0


@pytest.mark.django_db
def test_what_is_rolled_back_is_open_again(world: World) -> None:
    request = talked(world)
    ellen = world.actor("ellen")

    def leave_and_fail() -> None:
        with change(ellen, "request.first_talk", at=world.later(**AFTERWARDS)) as act:
            record_id = request.compartment.record_id
            actions.end_involvement(act, record_id=record_id, account_id=ellen.account, part=Part.COACH)
            raise AssertionError(f"{seen(request)} seen")

    with asking(world, "ellen"):
        assert seen(request) == 1
        with pytest.raises(AssertionError, match="0 seen"):
            leave_and_fail()
        assert seen(request) == 1


@pytest.mark.django_db
def test_nobody_is_given_what_was_kept_for_somebody_else(world: World) -> None:
    request = talked(world)
    with transaction.atomic():
        for name, count in (("ellen", 1), ("bram", 0), ("ellen", 1), ("henk", 0)):
            with speaking(world.actor(name), world.later(**AFTERWARDS)):
                assert seen(request) == count


@pytest.mark.django_db
def test_at_another_moment_it_is_asked_again(world: World) -> None:
    request = talked(world)
    with transaction.atomic():
        with speaking(world.actor("ellen"), world.later(**AFTERWARDS)):
            assert seen(request) == 1
        with speaking(world.actor("ellen"), world.later(days=400)):
            assert seen(request) == 0


def elsewhere(words: str, *values: object) -> int:
    """How many rows another transaction wrote in this statement, and is done."""
    with psycopg.connect(another_connection()) as other:
        other.execute("SELECT set_config('hendig.context', 'system', true)")
        return other.execute(words.encode(), values).rowcount


@pytest.mark.django_db(transaction=True)
def test_what_somebody_else_takes_away_is_gone_at_the_next_question() -> None:
    """Between two statements of one page another transaction ends the involvement, and is done."""
    world = build_world()
    request = talked(world)
    ellen = world.actor("ellen")
    with asking(world, "ellen"):
        assert seen(request) == 1
        # What others write on which nothing rests makes nobody ask anew.
        assert elsewhere("UPDATE people_letter SET subject = subject")
        assert kept()
        ended = "UPDATE families_involvement SET until_at = from_at WHERE account_id = %s"
        assert elsewhere(ended, ellen.account)
        assert not kept()
        assert seen(request) == 0


@pytest.mark.django_db(transaction=True)
def test_who_cleans_up_hides_from_nobody_what_moved() -> None:
    world = build_world()
    request = talked(world)
    ellen = world.actor("ellen")
    with asking(world, "ellen"):
        assert seen(request) == 1
        elsewhere("UPDATE families_involvement SET until_at = from_at WHERE account_id = %s", ellen.account)
        elsewhere("SELECT hendig_settle()")
        assert seen(request) == 0


@pytest.mark.django_db(transaction=True)
def test_what_is_done_before_another_that_began_earlier_is_not_missed() -> None:
    """Numbers of transactions go by their beginning, and in sight they come by their end."""
    world = build_world()
    request = talked(world)
    ellen = world.actor("ellen")
    with psycopg.connect(another_connection()) as first:
        first.execute("SELECT set_config('hendig.context', 'system', true)")
        first.execute(
            "UPDATE families_involvement SET until_at = from_at WHERE account_id = %s", [ellen.account]
        )
        elsewhere("UPDATE people_municipality SET name = name")
        with asking(world, "ellen"):
            assert seen(request) == 1
            assert kept()
            first.commit()
            assert seen(request) == 0


def another_connection() -> str:
    names = connection.get_connection_params()
    return make_conninfo(
        **{key: names[key] for key in ("dbname", "user", "password", "host", "port") if key in names}
    )


@pytest.mark.django_db
def test_every_table_on_which_it_rests_makes_it_forget(
    owner_connection: psycopg.Connection[tuple[object, ...]],
) -> None:
    found = owner_connection.execute(
        "SELECT tgrelid::regclass::text FROM pg_trigger WHERE tgname = 'forget' AND tgenabled = 'O'"
    )
    forgetting = {str(table) for (table,) in found}
    assert forgetting == set(rests_on())
    assert {Involvement._meta.db_table, "families_consent", "families_block", "families_legalauthority"} <= (
        forgetting
    )
    assert {"people_membership", "people_account", "tents_seat", "matching_matchtalk"} <= forgetting
