"""A document that leaves the screen: PDF/UA-1, so that it also reads aloud, with no library of the system."""

from __future__ import annotations

import subprocess
import sys
import unicodedata
from base64 import b64decode
from collections.abc import Mapping, Sequence
from functools import cache
from importlib.resources import files
from pathlib import Path

import orjson

PRESS = [sys.executable, "-I", str(Path(__file__).with_name("press.py"))]
LONGEST = 60

# A template ("rights/letter.typ") and what comes on it: words only, every date and amount written out.
Sheet = tuple[str, Mapping[str, object]]


class NotDrawn(RuntimeError):
    """The document could not be made: its template is wrong."""


def pdf(template: str, content: Mapping[str, object]) -> bytes:
    """The document of this template with this content; nothing of the content is read as markup."""
    (paper,) = pdfs([(template, content)])
    return paper


def pdfs(sheets: Sequence[Sheet]) -> list[bytes]:
    """Several documents in one go: what they cost most is the start."""
    asked = [(_source(template), orjson.dumps(_plain(content)).decode()) for template, content in sheets]
    press = subprocess.run(
        PRESS, input=orjson.dumps(asked), capture_output=True, timeout=LONGEST, check=False
    )
    if press.returncode:
        # Not what it says itself: that may quote what somebody wrote.
        raise NotDrawn(press.returncode)
    papers = []
    for (template, _content), paper in zip(sheets, orjson.loads(press.stdout), strict=True):
        if paper is None:
            raise NotDrawn(template)
        papers.append(b64decode(paper))
    return papers


def _plain(value: object) -> object:
    """The same without signs that nobody sees and no letter draws; a tab is a space."""
    if isinstance(value, str):
        return "".join(
            sign
            for sign in value.replace("\t", " ")
            if sign == "\n" or unicodedata.category(sign) not in {"Cc", "Cs"}
        )
    if isinstance(value, Mapping):
        return {name: _plain(one) for name, one in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(one) for one in value]
    return value


@cache
def _source(template: str) -> str:
    app = template.partition("/")[0]
    return files(f"hendig.{app}").joinpath("templates", template).read_text()
