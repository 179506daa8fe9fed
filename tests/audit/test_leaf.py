"""A leaf is the hash of the line as PostgreSQL writes it: proven against PostgreSQL itself."""

from __future__ import annotations

import hashlib
import time
from datetime import UTC, datetime, timedelta, timezone
from uuid import UUID

import psycopg
import pytest
from django.db import connection
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase
from psycopg import sql

from hendig.audit.models import Entry, Kind
from hendig.audit.rules import leaf

TEXT = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=30)
JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-(10**20), 10**20) | TEXT,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(TEXT, inner, max_size=4),
    max_leaves=12,
)
# The strategy wants its bounds without a zone.
MOMENTS = st.datetimes(
    datetime(1901, 1, 1),  # noqa: DTZ001
    datetime(2999, 1, 1),  # noqa: DTZ001
    timezones=st.just(UTC),
)
ZONED = st.builds(
    lambda moment, hours: moment.astimezone(timezone(timedelta(hours=hours))), MOMENTS, st.integers(-12, 13)
)


def entry(**more: object) -> Entry:
    given: dict[str, object] = {
        "id": UUID(int=7),
        "municipality_id": UUID(int=8),
        "at": datetime(2026, 11, 2, 9, 0, tzinfo=UTC),
        "kind": Kind.CHANGE,
        "code": "settings.changed",
        "roles": "system",
        "facts": {},
        "touched": [],
        **more,
    }
    return Entry(**given)


def as_postgresql_writes_it(line: Entry) -> str:
    """Inserted past the latch, as the mechanism does, and copied out; without NULL at the end."""
    line.leaf = b""
    line.save_base(force_insert=True)
    columns = sql.SQL(", ").join(map(sql.Identifier, leaf.columns()))
    words = sql.SQL("COPY (SELECT {} FROM audit_entry WHERE id = {}) TO STDOUT").format(
        columns, sql.Literal(line.pk)
    )
    with connection.cursor() as cursor:
        raw: psycopg.Cursor[tuple[object, ...]] = cursor.cursor
        raw.execute(leaf.SESSION)
        with raw.copy(words) as copied:
            text = b"".join(bytes(part) for part in copied).decode()
    return text.removesuffix("\n")


def trimmed(text: str) -> str:
    while text.endswith("\t\\N"):
        text = text[:-3]
    return text


@pytest.mark.django_db
@pytest.mark.parametrize(
    "more",
    [
        {},
        {"account_id": UUID(int=1), "family_id": UUID(int=2), "object_id": UUID(int=3)},
        {"at": datetime(2026, 11, 2, 9, 0, 0, 120000, tzinfo=UTC)},
        {"at": datetime(2026, 11, 2, 9, 0, 0, 1, tzinfo=timezone(timedelta(hours=2)))},
        {"code": "a\\b\tc\nd\re\x08\x0b\x0c\x01\x7f é"},
        {"facts": {"b": 1, "aa": [True, None, 'x"y\\z\n'], "a": "é", "é": {"zz": 1, "y": 2}}},
        {"touched": [["people.Account", "00", "insert"], []]},
    ],
)
def test_a_line_is_what_postgresql_writes(more: dict[str, object]) -> None:
    line = entry(**more)
    assert leaf.line(line) == trimmed(as_postgresql_writes_it(line))


class AnyLine(TestCase):
    @settings(max_examples=60, suppress_health_check=list(HealthCheck))
    @given(facts=JSON, at=ZONED, code=TEXT, part=TEXT)
    def test_any_line_is_what_postgresql_writes(
        self, facts: object, at: datetime, code: str, part: str
    ) -> None:
        line = entry(facts={"any": facts}, at=at, code=code, part=part)
        assert leaf.line(line) == trimmed(as_postgresql_writes_it(line))


def test_every_field_but_the_leaf_counts() -> None:
    assert set(leaf.columns()) == {field.column for field in Entry._meta.concrete_fields} - {"leaf"}


def test_the_leaf_of_a_line_that_was_written_once_never_changes() -> None:
    """Whoever adds a field adds it at the end and as NULL, or all older lines are broken: the alarm."""
    line = entry(account_id=UUID(int=1), facts={"account": str(UUID(int=1)), "right": True})
    text = leaf.line(line)
    assert leaf.leaf_hash(line) == hashlib.sha256(b"\0" + text.encode()).digest()
    assert text == (
        "00000000-0000-0000-0000-000000000007\t00000000-0000-0000-0000-000000000008\t2026-11-02 09:00:00+00"
        "\tchange\tsettings.changed\t00000000-0000-0000-0000-000000000001\tsystem\t\\N\t\\N\t\\N\t\t\t\t\t\t\\N"
        '\t{"right": true, "account": "00000000-0000-0000-0000-000000000001"}\t[]'
    )


def test_a_fraction_cannot_be_written() -> None:
    with pytest.raises(TypeError):
        leaf.line(entry(facts={"share": 0.5}))


def test_a_leaf_costs_microseconds() -> None:
    line = entry(account_id=UUID(int=1), touched=[["people.Account", str(UUID(int=1)), "insert"]] * 3)
    leaf.leaf_hash(line)
    best = min(_seconds(line) for _turn in range(5))
    assert best < 200e-6


def _seconds(line: Entry) -> float:
    began = time.thread_time()
    for _time in range(200):
        leaf.leaf_hash(line)
    return (time.thread_time() - began) / 200
