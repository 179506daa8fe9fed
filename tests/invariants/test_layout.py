"""The house: the same file names in every room, nothing too long, and no clock in the domain."""

from __future__ import annotations

import ast
import importlib
import inspect
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.db import models

from tests.invariants.source import APPS, HENDIG, ROOT, called, functions, modules, nothing, tree, where

FILES = {
    "models",
    "rules",
    "actions",
    "queries",
    "notices",
    "forms",
    "views",
    "urls",
    "jobs",
    "apps",
    "__init__",
}
# What the journeys counted, for the page that shows it.
MEASURED = {"learning/burden.json"}
PACKAGES = {
    "notices",
    "models",
    "rules",
    "actions",
    "queries",
    "forms",
    "views",
    "adapters",
    "templatetags",
    "migrations",
}
FOLDERS = PACKAGES | {"templates", "static"}
DOMAIN = ("models", "rules", "actions", "queries", "notices")
CLOCKS = {"now", "today", "utcnow", "localdate", "Now"}
LONGEST_FUNCTION = 60
LONGEST_MODULE = 500
LONGEST_VIEW = 25


@pytest.mark.parametrize("app", APPS)
def test_an_app_has_the_files_that_every_app_has(app: str) -> None:
    found = [
        path
        for path in (HENDIG / app).iterdir()
        if path.name != "__pycache__" and str(path.relative_to(HENDIG)) not in MEASURED
    ]
    assert {path.stem for path in found if path.is_file()} <= FILES
    assert {path.name for path in found if path.is_dir()} <= FOLDERS
    assert all(path.suffix == ".py" for path in found if path.is_file())


@pytest.mark.parametrize("app", APPS)
def test_pages_of_an_app_stand_under_its_own_name(app: str) -> None:
    assert [path.name for path in (HENDIG / app).glob("templates/*") if path.name != app] == []


def test_no_function_is_longer_than_a_screen() -> None:
    long = [
        f"{where(path, function)} {function.name}"
        for path in modules()
        for function in functions(path)
        if (function.end_lineno or 0) - function.lineno >= LONGEST_FUNCTION
    ]
    nothing(long)


def test_no_module_grew_past_comfort() -> None:
    long = {path.relative_to(ROOT).as_posix(): len(path.read_text().splitlines()) for path in modules()}
    assert {name: lines for name, lines in long.items() if lines > LONGEST_MODULE} == {}


def clocks(path: Path, code: ast.AST) -> Iterator[str]:
    """Where something reads the clock."""
    for node in ast.walk(code):
        if isinstance(node, ast.Call) and called(node) in CLOCKS:
            yield f"{where(path, node)} {ast.unparse(node)}"


def test_the_domain_is_told_the_time() -> None:
    paths = [*modules(*DOMAIN), *(HENDIG / "kernel").glob("*.py")]
    nothing(line for path in paths for line in clocks(path, tree(path)))


@pytest.mark.parametrize(
    "line", ["timezone.now()", "date.today()", "now()", "datetime.now(UTC)", "F(x=Now())"]
)
def test_a_clock_in_the_domain_is_noticed(line: str) -> None:
    assert list(clocks(HENDIG / "kernel/actor.py", ast.parse(line)))


@pytest.mark.parametrize(
    "path", modules("views", "urls", "forms"), ids=lambda path: path.relative_to(HENDIG).as_posix()
)
def test_what_faces_the_browser_knows_no_rows(path: Path) -> None:
    """Choices and stages may be named there; rows are written by actions and read by queries."""
    module = importlib.import_module(".".join(path.relative_to(ROOT).with_suffix("").parts))
    known = [
        name
        for name, value in vars(module).items()
        if inspect.isclass(value) and issubclass(value, models.Model)
    ]
    assert known == []


def test_a_view_only_translates() -> None:
    nothing(
        f"{where(path, view)} {view.name}"
        for path in modules("views")
        for view in functions(path)
        if (view.end_lineno or 0) - view.lineno >= LONGEST_VIEW
    )


def test_what_a_screen_shows_cannot_be_changed_on_the_way() -> None:
    """Queries hand out frozen dataclasses with slots: a misspelt field is an error, and no view edits one."""
    nothing(
        f"{where(path, node)} {node.name}"
        for path in modules("queries")
        for node in tree(path).body
        if isinstance(node, ast.ClassDef) and not frozen(node)
    )


def frozen(code: ast.ClassDef) -> bool:
    return any({"frozen=True", "slots=True"} <= set(options(decorator)) for decorator in code.decorator_list)


def options(decorator: ast.expr) -> list[str]:
    return (
        [f"{word.arg}={ast.unparse(word.value)}" for word in decorator.keywords]
        if isinstance(decorator, ast.Call)
        else []
    )
