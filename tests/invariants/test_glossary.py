"""The glossary and the code speak of the same things."""

from __future__ import annotations

import ast
import re

import pytest

from hendig.web.register import declared_models
from tests.invariants.source import APPS, HENDIG, ROOT, modules, nothing, tree

ROWS = [
    tuple(cell.strip() for cell in line.strip("|").split("|"))
    for line in (ROOT / "docs/glossary.md").read_text().splitlines()
    if re.match(r"\| .+ \| `\w+` \|", line)
]
TERMS = {identifier.strip("`") for _dutch, identifier, _meaning in ROWS}


def identifiers() -> set[str]:
    """Every folder, class, function and constant of ours."""
    found = {path.name for path in HENDIG.iterdir() if path.is_dir()}
    for path in modules():
        for node in ast.walk(tree(path)):
            if isinstance(node, ast.ClassDef | ast.FunctionDef):
                found.add(node.name)
            elif isinstance(node, ast.Assign):
                found |= {target.id for target in node.targets if isinstance(target, ast.Name)}
    return found


@pytest.mark.parametrize("app", [*APPS, "web", "demo"])
def test_every_app_is_in_the_glossary(app: str) -> None:
    assert app in TERMS


def test_every_kind_of_row_is_in_the_glossary() -> None:
    nothing({model.__name__ for model in declared_models()} - TERMS)


def test_every_identifier_of_the_glossary_is_in_the_code() -> None:
    nothing(TERMS - identifiers())


def test_every_term_is_explained_once() -> None:
    assert all(meaning for _dutch, _identifier, meaning in ROWS)
    assert len({identifier for _dutch, identifier, _meaning in ROWS}) == len(ROWS)
