"""A document that leaves the screen: PDF/UA-1, so that it also reads aloud, with no library of the system."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from functools import cache
from importlib.resources import files

import orjson

# What stands for a sign that no letter of ours can draw: a smile, or a script that is not carried along.
UNKNOWN = "□"
_NOT_DRAWN = re.compile(r'the text `"(.+?)"` could not be displayed', re.DOTALL)
_BY_NUMBER = re.compile(r"\\u\{([0-9a-f]+)\}")
# Above this, signs that are not drawn come by the thousand: one that is missing stands for its neighbours.
_MANY, _NEIGHBOURS = 0x3000, 0x1000


class NotDrawn(RuntimeError):
    """The document could not be made: its template is wrong."""


def pdf(template: str, content: Mapping[str, object]) -> bytes:
    """The document of `template` ("rights/letter.typ") with this content, by the standard PDF/UA-1.

    `content` holds words only, every date and amount written out already: nothing of it is read as markup. A
    sign that cannot be drawn stands as `UNKNOWN`, because the standard allows no page with a hole in it.
    """
    import typst  # noqa: PLC0415 - seven megabytes in every process, for the few who print

    words = orjson.dumps(_plain(content)).decode()
    while True:
        try:
            document: bytes = typst.compile(
                _source(template),
                format="pdf",
                sys_inputs={"content": words},
                pdf_standards=["ua-1"],
                ignore_system_fonts=True,
            )
        except typst.TypstError as error:
            simpler = _without_undrawn(words, str(error))
            if simpler == words:
                # Not the error itself: it may quote what somebody wrote.
                raise NotDrawn(template) from None
            words = simpler
        else:
            return document


def _without_undrawn(words: str, error: str) -> str:
    """The words with `UNKNOWN` for the signs that the error names; the same words when it names none."""
    named = (_BY_NUMBER.sub(lambda one: chr(int(one[1], 16)), text) for text in _NOT_DRAWN.findall(error))
    found = {sign for text in named for sign in text if not sign.isascii()}
    blocks = {ord(sign) // _NEIGHBOURS for sign in found if ord(sign) >= _MANY}
    return "".join(UNKNOWN if sign in found or ord(sign) // _NEIGHBOURS in blocks else sign for sign in words)


def _plain(value: object) -> object:
    """The same without signs that nobody sees and no letter draws."""
    if isinstance(value, str):
        return "".join(sign for sign in value if sign in "\n\t" or unicodedata.category(sign) != "Cc")
    if isinstance(value, Mapping):
        return {name: _plain(one) for name, one in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(one) for one in value]
    return value


@cache
def _source(template: str) -> bytes:
    app = template.partition("/")[0]
    return files(f"hendig.{app}").joinpath("templates", template).read_bytes()
