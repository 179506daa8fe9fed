"""The known ways around the latches stay where they are known: see docs/adr/0004-four-latches.md."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.invariants.source import HENDIG, modules, nothing, tree, where

# Where SQL is spoken directly, and what for.
SPEAKS_SQL = {
    "audit/actions/__init__.py": "NOTIFY at commit; by whom somebody acts; what moved for the walls",
    "audit/actions/counting.py": "tries, counted in one statement",
    "audit/actions/proving.py": "the lines as COPY writes them: what their leaves were made of",
    "audit/actions/sealing.py": "one sealer at a time, and its lines",
    "families/queries/__init__.py": "whom the gate lets be told, and whether somebody hides",
    "families/queries/exactly.py": "the one record that is found by a whole name, by a function of the wall",
    "families/queries/who_may.py": "who is involved and whom the gate lets see what",
    "families/queries/opening.py": "what the gate opens, and by which rule",
    "safety/queries/held.py": "which records are held, and counting lines by other words than the page",
    "matching/models.py": "with how many families somebody works, never which",
    "helprequests/actions/__init__.py": "questions from one address wait for each other",
    "helprequests/queries/handover.py": "how many questions a coach has, by a function of the wall",
    "billing/queries/still_open.py": "counting once over what is open, by the rules of the models",
    "billing/queries/pots.py": "which help falls under which pot, by a function of the wall",
    "billing/queries/unpriced.py": "what has no tariff first, and only of that whether it was invoiced",
    "tents/queries/slots.py": "which places are taken, by a function of the wall: never by whom",
    "keys/models/key.py": "a key is held while something is sealed with it",
    "people/queries/__init__.py": "who asks, in one read for every page",
    "web/health.py": "whether the database answers",
    "web/middleware.py": "the receipt of a form, inserted once",
}
PASSES_THE_LATCH = {
    "_base_manager",
    "save_base",
    "_raw_delete",
    "_insert",
    "_update",
    "raw",
    "extra",
    "RawSQL",
}
# These do not come in by Django at all: they start, migrate and measure.
OUTSIDE = "operations"


def inside() -> Iterator[tuple[str, Path]]:
    for path in modules():
        if path.relative_to(HENDIG).parts[0] != OUTSIDE:
            yield path.relative_to(HENDIG).as_posix(), path


def names(code: ast.AST) -> Iterator[tuple[ast.AST, str]]:
    """What is asked of an object: the name after the dot."""
    for node in ast.walk(code):
        if isinstance(node, ast.Attribute):
            yield node, node.attr


def test_sql_is_spoken_where_it_is_known() -> None:
    speaks = {name for name, path in inside() for _node, used in names(tree(path)) if used == "cursor"}
    assert speaks == set(SPEAKS_SQL)


def test_nothing_steps_past_the_queryset_that_has_the_latch() -> None:
    nothing(
        f"{where(path, node)} {used}"
        for _name, path in inside()
        for node, used in names(tree(path))
        if used in PASSES_THE_LATCH
    )


def test_a_plain_queryset_is_made_by_the_log_alone() -> None:
    """`models.QuerySet(Model)` has no latch; the log writes its own lines with one."""
    makes = {
        name
        for name, path in inside()
        for node in ast.walk(tree(path))
        if isinstance(node, ast.Call) and ast.unparse(node.func).startswith(("models.QuerySet", "QuerySet"))
    }
    assert makes == {"audit/actions/__init__.py", "audit/actions/sealing.py"}


def test_there_are_no_fixtures_to_load() -> None:
    assert [path for path in HENDIG.rglob("fixtures") if path.is_dir()] == []
    assert [path for path in HENDIG.rglob("management") if path.is_dir()] == []


@pytest.mark.parametrize("line", ["Match._base_manager.all()", "row.save_base()", "Match.objects.raw('x')"])
def test_a_step_past_the_latch_is_noticed(line: str) -> None:
    assert [used for _node, used in names(ast.parse(line)) if used in PASSES_THE_LATCH]
