"""Every action has the same shape, asks before it acts, and says what happened in a code that is declared."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

from hendig.audit.notices import all_codes
from tests.invariants.source import (
    HENDIG,
    ROOT,
    Function,
    calls,
    modules,
    nothing,
    public,
    strings,
    tree,
    where,
)

OPENERS = ("change", "viewing", "opening")
ACTIONS = modules("actions")


def writes(function: Function) -> bool:
    """Whether it opens a change by itself."""
    return any(calls(function, ("change",)))


def shape(function: Function) -> str | None:
    """What is wrong with how an action or a step is called; None when nothing is."""
    names = [argument.arg for argument in function.args.args]
    keywords = {argument.arg for argument in function.args.kwonlyargs}
    if names[:1] == ["act"]:
        return "a step has the moment from its change" if "at" in keywords & set(names) else None
    if not writes(function) and ("actor" not in keywords | set(names) or names == ["actor"]):
        return None
    if names:
        return f"{', '.join(names)} can be given without a name"
    if "at" not in keywords:
        return "it is not told the time"
    return None


def actions() -> Iterator[tuple[Path, Function]]:
    for path in ACTIONS:
        if "audit" not in path.relative_to(HENDIG).parts:
            for function in public(path):
                yield path, function


def test_every_action_is_told_who_acts_and_when_by_name() -> None:
    wrong = [f"{where(path, f)} {f.name}: {shape(f)}" for path, f in actions() if shape(f)]
    nothing(wrong)


@pytest.mark.parametrize(
    ("source", "right"),
    [
        ("def make(*, actor, at): ...", True),
        ("def make(actor, *, at):\n  with change(actor, 'x'): ...", False),
        ("def make(*, actor): ...", False),
        ("def make(talk_id):\n  with change(system, 'x'): ...", False),
        ("def step(act, *, family_id): ...", True),
        ("def words(entry): ...", True),
    ],
)
def test_a_wrong_shape_is_noticed(source: str, right: bool) -> None:
    function = ast.parse(source).body[0]
    assert isinstance(function, Function)
    assert (shape(function) is None) == right


def asks(path: Path, function: Function, seen: frozenset[str] = frozenset()) -> bool:
    """Whether it asks for a permission, itself or through a function that it calls by name."""
    if any(calls(function, ("require_permission",))):
        return True
    near = {f.name: f for f in tree(path).body if isinstance(f, Function)}
    for name in {
        c.func.id for c in ast.walk(function) if isinstance(c, ast.Call) and isinstance(c.func, ast.Name)
    }:
        if name in near and name not in seen and asks(path, near[name], seen | {function.name}):
            return True
    return False


def test_every_action_that_a_page_reaches_asks_for_a_permission() -> None:
    reached = {
        (path.parent.name, node.attr)
        for path in modules("views")
        for node in ast.walk(tree(path))
        if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name) and node.value.id == "actions"
    }
    silent = []
    for path, function in actions():
        app = path.relative_to(HENDIG).parts[0]
        if (app, function.name) in reached and not asks(path, function):
            silent.append(f"{where(path, function)} {function.name}")
    assert reached
    nothing(silent)


def codes_in(call: ast.Call) -> set[str]:
    """The codes that a call names: `change(actor, code, …)`, also when it chooses between two."""
    return strings(call.args[1]) if len(call.args) > 1 else set()


def test_every_code_that_is_written_is_declared() -> None:
    unknown = [
        f"{where(path, call)} {code}"
        for path in modules()
        for call in calls(tree(path), OPENERS)
        for code in codes_in(call)
        if code not in all_codes()
    ]
    nothing(unknown)


def test_every_declared_code_is_written_somewhere() -> None:
    written = set().union(*(strings(tree(path)) for path in modules() if path.stem != "notices"))
    # Tests declare codes of their own, and may share this process.
    nothing({code for code in all_codes() if not code.startswith("test.")} - written)


def test_every_code_has_a_sentence_and_words_for_the_family() -> None:
    for name, code in all_codes().items():
        assert code.sentence.endswith("."), name
        assert str(code.seen_as), name


def test_no_migration_writes_rows() -> None:
    """It would write without a change: what must be written is an action that a command runs."""
    wrong = [
        where(path, call)
        for path in (ROOT / "hendig").glob("*/migrations/*.py")
        for call in calls(ast.parse(path.read_text()), ("RunPython",))
    ]
    nothing(wrong)
