"""A document that leaves: PDF/UA, so that it also reads aloud, made without any library of the system."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from importlib.resources import files

import orjson
import typst


def pdf(content: Mapping[str, object]) -> bytes:
    """Title, lead, parts of lines, and a foot: words only, nothing of it is read as markup."""
    document: bytes = typst.compile(
        _source(),
        format="pdf",
        sys_inputs={"content": orjson.dumps(content).decode()},
        pdf_standards=["ua-1"],
        ignore_system_fonts=True,
    )
    return document


@cache
def _source() -> bytes:
    return files("hendig.safety").joinpath("templates/safety/paper.typ").read_bytes()
