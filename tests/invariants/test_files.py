"""There is one way in for a file, and nobody keeps another."""

from __future__ import annotations

import ast
import importlib

from django import forms

from hendig.files.forms import Upload
from tests.invariants.source import HENDIG, ROOT, called, modules, nothing, tree, where

for path in modules("forms"):
    importlib.import_module(".".join(path.relative_to(ROOT).with_suffix("").parts))
importlib.import_module("hendig.web.forms")


def kinds(of: type[forms.BaseForm]) -> set[type[forms.BaseForm]]:
    below = of.__subclasses__()
    return {*below, *(deeper for kind in below for deeper in kinds(kind))}


def fields() -> dict[str, forms.Field]:
    """Every field of every form of ours."""
    return {
        f"{form.__module__}.{form.__name__}.{name}": field
        for form in kinds(forms.BaseForm)
        if form.__module__.startswith("hendig.")
        for name, field in getattr(form, "base_fields", {}).items()
    }


def test_every_file_comes_in_by_the_one_field() -> None:
    files = {name: field for name, field in fields().items() if isinstance(field, forms.FileField)}
    nothing(name for name, field in files.items() if type(field) is not Upload)
    assert len(files) >= 2


def test_no_field_takes_a_file_by_another_name() -> None:
    nothing(
        name
        for name, field in fields().items()
        if field.widget.needs_multipart_form and not isinstance(field, Upload)
    )


def test_only_a_form_reads_what_was_sent_along() -> None:
    """`request.FILES` and the body of a request hold files that nobody looked into; a command has none."""
    may = {HENDIG / "audit/forms.py"}
    nothing(
        where(path, node)
        for path in modules()
        if path != HENDIG / "connections/forms.py"
        for node in ast.walk(tree(path))
        if isinstance(node, ast.Call) and ast.unparse(node.func) in {"request.read", "request.readline"}
    )
    nothing(
        f"{where(path, node)} {node.attr}"
        for path in modules()
        if path not in may and HENDIG / "operations" not in path.parents
        for node in ast.walk(tree(path))
        if isinstance(node, ast.Attribute) and node.attr in {"FILES", "body", "upload_handlers"}
        if not (isinstance(node.value, ast.Name) and node.value.id in {"self", "letter", "receipt", "one"})
    )


def test_only_the_door_says_that_something_was_let_in() -> None:
    made = [
        where(path, node)
        for path in modules()
        for node in ast.walk(tree(path))
        if isinstance(node, ast.Call) and called(node) == "Brought"
    ]
    assert [place.split(":")[0] for place in made] == ["hendig/files/adapters/door.py"]


def test_no_picture_and_no_paper_is_opened_outside_the_box() -> None:
    """What a hostile file can do to a library, it does in a process that can do nothing else."""
    inside = {HENDIG / "files/adapters" / name for name in ("photos.py", "papers.py", "inside.py")}
    # Reads the papers that the site itself gives, in a town of its own.
    inside.add(HENDIG / "operations/prove/shown/visit.py")
    # A workbook is opened in the process that judges e-invoices.
    inside.add(HENDIG / "billing/adapters/workbook.py")
    opens = {"PIL", "pi_heif", "pypdf", "openpyxl"}
    nothing(
        where(path, node)
        for path in modules()
        if path not in inside
        for node in ast.walk(tree(path))
        if (isinstance(node, ast.Import) and {one.name.split(".")[0] for one in node.names} & opens)
        or (isinstance(node, ast.ImportFrom) and (node.module or "").split(".")[0] in opens)
        or (
            isinstance(node, ast.ImportFrom)
            and node.module == "hendig.files.adapters"
            and {"papers", "photos", "inside"} & {one.name for one in node.names}
        )
    )
