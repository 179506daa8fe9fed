"""An invoice on paper: PDF/UA, so that it also reads aloud, made without any library of the system."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from importlib.resources import files

import orjson


def pdf(content: Mapping[str, object]) -> bytes:
    """The invoice as PDF; `content` holds words only, every amount and date is written out already."""
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
    return files("hendig.billing").joinpath("templates/billing/invoice.typ").read_bytes()
