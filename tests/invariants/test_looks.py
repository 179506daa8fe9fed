"""No look at a record without a trace: queries on it take a Viewing, which only `viewing()` makes."""

from __future__ import annotations

import ast

from tests.invariants.source import Function, called, calls, functions, modules, nothing, tree, where

MAKER = "audit/actions/__init__.py"
OPEN = {"opening", "viewing"}


def annotated(function: Function) -> dict[str, str]:
    """Its arguments, with what each must be."""
    given = [*function.args.posonlyargs, *function.args.args, *function.args.kwonlyargs]
    return {one.arg: ast.unparse(one.annotation) if one.annotation else "" for one in given}


def test_only_viewing_makes_a_viewing() -> None:
    """By its name nowhere else, and never as a copy with other places in it."""
    made = [
        (path, part, call)
        for path in modules()
        for part in tree(path).body
        for call in calls(part, ["Viewing"])
    ]
    assert [(path.as_posix().endswith(MAKER), getattr(part, "name", "")) for path, part, _call in made] == [
        (True, "viewing")
    ]
    nothing(
        where(path, call)
        for path in modules()
        for call in calls(tree(path), ["replace", "copy", "deepcopy", "__new__", "__replace__"])
        if call.args and ast.unparse(call.args[0]) in {"look", "Viewing", "viewing"}
    )


def test_viewing_writes_its_lines_before_it_gives_the_look() -> None:
    path = next(path for path in modules() if path.as_posix().endswith(MAKER))
    maker = next(one for one in functions(path) if one.name == "viewing")
    given = next(node.lineno for node in ast.walk(maker) if isinstance(node, ast.Yield))
    assert [call.lineno < given for call in calls(maker, ["_write"])] == [True]


def opened(function: Function) -> set[str]:
    """The looks that it was given or opens itself: `viewing()` is behind every `opening`."""
    given = {name for name, kind in annotated(function).items() if kind in {"Viewing", "Looking"}}
    for node in ast.walk(function):
        if isinstance(node, ast.withitem) and called(node.context_expr).removeprefix("_") in OPEN:
            names = (
                node.optional_vars.elts if isinstance(node.optional_vars, ast.Tuple) else [node.optional_vars]
            )
            given |= {name.id for name in names if isinstance(name, ast.Name)}
    return given


def test_what_shows_a_record_takes_a_viewing() -> None:
    """`within` narrows rows to what a look opened: who calls it was given that look, or opened it."""
    wrong, seen = [], 0
    for path in modules():
        for function in functions(path):
            for call in calls(function, ["within"]):
                # Of a query: whether a period lies within another is no look.
                if len(call.args) == 1:
                    seen += 1
                    if ast.unparse(call.args[0]) not in opened(function):
                        wrong.append(f"{where(path, call)} in {function.name}")
    assert seen > 50
    nothing(wrong)


def test_what_is_composed_for_a_look_is_asked_with_a_viewing() -> None:
    """The look that stands in while a statement is composed opens nothing: rows are those of a real one."""
    wrong, seen = [], 0
    for path in modules("queries"):
        composed = [
            one.name
            for one in functions(path)
            if "ComposedWithin" in {ast.unparse(by) for by in one.decorator_list}
        ]
        for function in functions(path):
            for call in calls(function, composed):
                seen += 1
                given = [ast.unparse(one) for one in call.args]
                if given != ["look"] or "look" not in opened(function):
                    wrong.append(f"{where(path, call)} in {function.name}")
    assert seen > 5
    nothing(wrong)


def test_a_look_is_a_viewing_wherever_it_is_asked_for() -> None:
    nothing(
        f"{where(path, function)} {function.name}"
        for path in modules("queries")
        for function in functions(path)
        if "look" in annotated(function) and "Viewing" not in annotated(function)["look"]
    )
