"""The four latches: each is tried to be forced."""

from __future__ import annotations

from collections.abc import Callable
from uuid import uuid4

import psycopg
import pytest
from django.apps import apps
from django.db import connection, transaction
from django.db.utils import ProgrammingError

from hendig.audit.actions import (
    NestedChange,
    NothingRecorded,
    PersonalFact,
    Place,
    change,
    leaf_hash,
    viewing,
)
from hendig.audit.models import Entry, Kind, Recorded, RecordedQuerySet, WriteOutsideChange
from hendig.people.models import Account, Expertise, Principle
from tests.support.world import World

WRITES: dict[str, Callable[[Principle], object]] = {
    "save": lambda row: row.save(),
    "delete": lambda row: row.delete(),
    "create": lambda _row: Principle.objects.create(position=9, title="x", sentence="y"),
    "get_or_create": lambda _row: Principle.objects.get_or_create(position=9, title="x", sentence="y"),
    "update_or_create": lambda _row: Principle.objects.update_or_create(position=9, defaults={"title": "x"}),
    "update": lambda _row: Principle.objects.update(title="x"),
    "queryset delete": lambda _row: Principle.objects.all().delete(),
    "bulk_create": lambda _row: Principle.objects.bulk_create(
        [Principle(position=9, title="x", sentence="y")]
    ),
    "bulk_update": lambda row: Principle.objects.bulk_update([row], ["title"]),
}


@pytest.mark.parametrize("write", WRITES.values(), ids=WRITES)
def test_nothing_is_written_outside_a_change(world: World, write: Callable[[Principle], object]) -> None:
    with pytest.raises(WriteOutsideChange):
        write(Principle.objects.get())


@pytest.mark.parametrize("write", WRITES.values(), ids=WRITES)
def test_inside_a_change_the_same_write_is_done_and_listed(
    world: World, write: Callable[[Principle], object]
) -> None:
    row = Principle.objects.get()
    with change(world.system, "settings.changed", at=world.at) as act:
        write(row)
        act.record(world.municipality)
    assert any(line[0] == "people.Principle" for line in Entry.objects.latest("id").touched)


def test_an_update_of_several_rows_tells_of_them_in_their_order(world: World) -> None:
    """PostgreSQL puts a row that was written last in the table, and would find it last."""
    first = Expertise.objects.order_by("pk")[0]
    with change(world.system, "settings.changed", at=world.at) as act:
        first.save()
        act.record(first)
    with change(world.system, "settings.changed", at=world.at) as act:
        Expertise.objects.update(sentence="x")
        act.record(world.municipality)
    keys = [key for _model, key, _verb in act.touched]
    assert keys == sorted(keys)
    assert len(keys) == 3


def test_a_change_that_records_nothing_is_undone(world: World) -> None:
    with pytest.raises(NothingRecorded), change(world.system, "settings.changed", at=world.at):
        Principle.objects.create(position=9, title="x", sentence="y")
    assert not Principle.objects.filter(position=9).exists()


def test_a_change_that_fails_leaves_no_line(world: World) -> None:
    def fail() -> None:
        with change(world.system, "settings.changed", at=world.at) as act:
            act.record(world.municipality)
            raise ZeroDivisionError

    before = Entry.objects.count()
    with pytest.raises(ZeroDivisionError):
        fail()
    assert Entry.objects.count() == before


def test_changes_do_not_nest(world: World) -> None:
    with (
        pytest.raises(NestedChange),
        change(world.system, "settings.changed", at=world.at),
        change(world.system, "settings.changed", at=world.at),
    ):
        pass


def test_a_code_that_no_table_declares_cannot_be_used(world: World) -> None:
    with pytest.raises(KeyError), change(world.system, "nobody.declared", at=world.at):
        pass


@pytest.mark.parametrize("fact", ["Sanne Peeters", "a" * 65, "two\nlines"])
def test_free_text_cannot_get_into_the_log(world: World, fact: str) -> None:
    with pytest.raises(PersonalFact), change(world.system, "settings.changed", at=world.at) as act:
        act.record(world.municipality, note=fact)


def test_a_look_is_written_down_before_anything_is_shown(world: World) -> None:
    family_id = world.municipality.pk
    places = [(uuid4(), uuid4()), (uuid4(), uuid4())]
    with viewing(
        world.actor("ellen"),
        "notice.read",
        family_id,
        part="coach",
        ground="youth_act",
        at=world.at,
        places=[Place(compartment, record, rule="T9", purpose="help") for compartment, record in places],
    ):
        lines = Entry.objects.filter(kind=Kind.LOOK)
    assert [(line.family_id, line.account_id, line.part, line.rule) for line in lines] == [
        (family_id, world.account("ellen").pk, "coach", "T9")
    ] * 2
    assert {(line.compartment_id, line.record_id) for line in lines} == set(places)


def test_the_leaf_fits_its_line_and_no_other(world: World) -> None:
    line = Entry.objects.latest("id")
    assert bytes(line.leaf) == leaf_hash(line)
    line.code = "something.else"
    assert bytes(line.leaf) != leaf_hash(line)


@pytest.mark.parametrize(
    "statement", ["UPDATE audit_entry SET code = ''", "DELETE FROM audit_entry", "TRUNCATE audit_entry"]
)
def test_the_application_cannot_alter_the_log(world: World, statement: str) -> None:
    with (
        pytest.raises(ProgrammingError, match="permission denied"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(statement)


@pytest.mark.parametrize(
    "statement", ["UPDATE audit_entry SET code = ''", "DELETE FROM audit_entry", "TRUNCATE audit_entry"]
)
def test_even_the_owner_is_refused(owner_connection: psycopg.Connection, statement: str) -> None:
    owner_connection.execute(
        "INSERT INTO audit_entry (id, municipality_id, at, kind, code, roles, part, ground,"
        " purpose, rule, object_type, facts, touched, leaf)"
        " VALUES (gen_random_uuid(), gen_random_uuid(), now(), 'change', 'x', '', '', '', '', '', '',"
        " '{}', '[]', '')"
    )
    with pytest.raises(psycopg.errors.InsufficientPrivilege, match="cannot be altered"):
        owner_connection.execute(statement)


def test_the_model_of_the_log_cannot_be_written_either(world: World) -> None:
    line = Entry.objects.latest("id")
    for write in (line.save, line.delete, Entry.objects.all().delete, lambda: Entry.objects.update(code="")):
        with pytest.raises(WriteOutsideChange):
            write()


def test_the_applications_role_owns_nothing(world: World) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM pg_class WHERE relowner = current_user::regrole")
        assert cursor.fetchone() == (0,)
        cursor.execute("SELECT rolsuper, rolbypassrls FROM pg_roles WHERE rolname = current_user")
        assert cursor.fetchone() == (False, False)


def test_every_row_of_a_municipality_says_so(world: World) -> None:
    assert set(Account.objects.values_list("municipality_id", flat=True)) == {world.municipality.pk}


@pytest.mark.parametrize(
    "model",
    [model for model in apps.get_models() if issubclass(model, Recorded)],
    ids=lambda model: model.__name__,
)
def test_every_way_to_the_rows_of_a_model_is_latched(model: type[Recorded]) -> None:
    assert isinstance(model._default_manager.all(), RecordedQuerySet)
