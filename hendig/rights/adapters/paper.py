"""A letter as PDF/UA, so that it also reads aloud."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from importlib.resources import files

import orjson


def letter(content: Mapping[str, object]) -> bytes:
    """The letter as PDF; `content` holds words only, every date is written out already."""
    import typst  # noqa: PLC0415 - seven megabytes in every process, for the few who print

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
    return files("hendig.rights").joinpath("templates/rights/letter.typ").read_bytes()
