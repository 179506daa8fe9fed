"""A copy that a machine reads: JSON by a schema of ours (JSON Schema 2020-12), and all files in one ZIP."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from io import BytesIO
from typing import Any
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

import orjson

# Raised when something is named otherwise or goes; a new kind or field alone keeps it.
VERSION = 1
SCHEMA = f"urn:hendig:copy:{VERSION}"

Type = dict[str, Any]


def text(*, null: bool = False, **more: Any) -> Type:
    return {"type": ["string", "null"] if null else "string", **more}


def an_object(properties: Mapping[str, Type]) -> Type:
    return {
        "type": "object",
        "properties": dict(properties),
        "required": list(properties),
        "additionalProperties": False,
    }


def a_list(of: Type, about: str) -> Type:
    return {"type": "array", "description": about, "items": of}


def schema(title: str, properties: Mapping[str, Type]) -> bytes:
    """What a copy looks like, for who reads one by machine."""
    whole = {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$id": SCHEMA,
        "title": title,
        **an_object({"schema": {"const": SCHEMA}, "version": {"const": VERSION}, **properties}),
    }
    return orjson.dumps(whole, option=orjson.OPT_INDENT_2 | orjson.OPT_APPEND_NEWLINE)


def data(content: Mapping[str, object]) -> bytes:
    """The copy itself; moments with their offset, days as days."""
    whole = {"schema": SCHEMA, "version": VERSION, **content}
    return orjson.dumps(whole, default=str, option=orjson.OPT_INDENT_2 | orjson.OPT_APPEND_NEWLINE)


def zipped(files: Mapping[str, bytes], *, at: datetime) -> bytes:
    """All files in one; nothing in it says who made it, on which machine."""
    out = BytesIO()
    with ZipFile(out, "w", ZIP_DEFLATED) as archive:
        for name, content in files.items():
            one = ZipInfo(name, at.timetuple()[:6])
            one.compress_type = ZIP_DEFLATED
            one.external_attr = 0o600 << 16
            archive.writestr(one, content)
    return out.getvalue()
