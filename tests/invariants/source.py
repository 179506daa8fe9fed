"""Hendig's own source, as trees."""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
HENDIG = ROOT / "hendig"
# Rooms with the pattern of files; the others are the shell, the plain packages and the settings.
APPS = sorted(path.parent.name for path in HENDIG.glob("*/apps.py") if path.parent.name != "web")

Function = ast.FunctionDef | ast.AsyncFunctionDef


def modules(*names: str) -> list[Path]:
    """Our modules; with names only those files of the apps, and what is in packages of those names."""
    found = sorted(path for path in HENDIG.rglob("*.py") if "migrations" not in path.parts)
    if not names:
        return found
    return [path for path in found if _place(path) in names]


def _place(path: Path) -> str:
    app, *inside = path.relative_to(HENDIG).with_suffix("").parts
    return inside[0] if app in APPS and inside else ""


@cache
def tree(path: Path) -> ast.Module:
    return ast.parse(path.read_text())


def where(path: Path, node: ast.AST) -> str:
    """As an editor finds it: file and line."""
    return f"{path.relative_to(ROOT)}:{getattr(node, 'lineno', 1)}"


def functions(path: Path) -> Iterator[Function]:
    for node in ast.walk(tree(path)):
        if isinstance(node, Function):
            yield node


def public(path: Path) -> Iterator[Function]:
    """What a module offers: its functions at the top without an underscore."""
    for node in tree(path).body:
        if isinstance(node, Function) and not node.name.startswith("_"):
            yield node


def called(node: ast.AST) -> str:
    """The last name of what is called: `change` for `audit.change(…)`."""
    function = node.func if isinstance(node, ast.Call) else node
    return getattr(function, "attr", getattr(function, "id", ""))


def calls(within: ast.AST, names: Iterable[str]) -> Iterator[ast.Call]:
    wanted = frozenset(names)
    for node in ast.walk(within):
        if isinstance(node, ast.Call) and called(node) in wanted:
            yield node


def strings(within: ast.AST) -> set[str]:
    return {n.value for n in ast.walk(within) if isinstance(n, ast.Constant) and isinstance(n.value, str)}


def nothing(found: Iterable[str]) -> None:
    """Holds when nothing was found; else every line of it is told."""
    lines = list(found)
    assert not lines, "\n  " + "\n  ".join(lines)
