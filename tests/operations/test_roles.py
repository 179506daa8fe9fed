"""The application's role owns nothing and cannot step around the walls."""

import psycopg
import pytest
from django.db import ProgrammingError, connection

from hendig.operations.failure import Failure
from hendig.operations.roles import refuse_unfit

pytestmark = pytest.mark.django_db

Owner = psycopg.Connection[tuple[object, ...]]


def one(statement: str, values: list[str] | None = None) -> object:
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        return cursor.fetchone()[0]


def test_the_application_owns_nothing() -> None:
    assert one("SELECT count(*) FROM pg_class WHERE pg_get_userbyid(relowner) = current_user") == 0
    assert one("SELECT count(*) FROM pg_database WHERE pg_get_userbyid(datdba) = current_user") == 0


def test_the_application_cannot_bypass_row_level_security_or_make_roles() -> None:
    powers = "rolsuper OR rolbypassrls OR rolcreaterole OR rolcreatedb"
    assert one("SELECT " + powers + " FROM pg_roles WHERE rolname = current_user") is False  # noqa: S608
    # Not even by way of a role it is a member of.
    assert (
        one("SELECT count(*) FROM pg_roles WHERE rolsuper AND pg_has_role(current_user, oid, 'MEMBER')") == 0
    )


def test_the_application_is_a_member_of_the_group_and_not_the_owner(owner_connection: Owner) -> None:
    row = owner_connection.execute("SELECT current_user").fetchone()
    assert row is not None
    assert one("SELECT pg_has_role(current_user, 'hendig_app', 'USAGE')") is True
    assert one("SELECT pg_has_role(current_user, %s, 'MEMBER')", [str(row[0])]) is False


@pytest.mark.parametrize("statement", ["CREATE TABLE mine (id int)", "DROP TABLE django_session"])
def test_the_application_cannot_change_the_schema(statement: str) -> None:
    with pytest.raises(ProgrammingError, match=r"permission denied|must be owner"):
        one(statement)


def test_a_database_that_answers_before_something_is_on_disk_will_not_do(owner_connection: Owner) -> None:
    refuse_unfit(owner_connection)
    with owner_connection.transaction(force_rollback=True):
        owner_connection.execute("SET LOCAL synchronous_commit = off")
        with pytest.raises(Failure, match="says that something is kept before it is on disk"):
            refuse_unfit(owner_connection)
