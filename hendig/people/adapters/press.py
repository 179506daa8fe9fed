"""A process of its own that makes documents: `paper` starts it, and nothing of what they say stays behind.

The typesetter keeps what it made, so that it need not be made again: two hundred megabytes of families' words
after a dozen documents. It reads a list of sources with their content (JSON) and writes the documents (JSON,
base64), null where one cannot be made.
"""

from __future__ import annotations

import json
import re
import sys
import unicodedata
from base64 import b64encode
from pathlib import Path

import typst

# What the typesetter carries and what lies beside this file; the letters of the system are never looked at.
FONTS = typst.Fonts(include_system_fonts=False, font_paths=[str(Path(__file__).with_name("fonts"))])
# What stands for a sign that no letter of ours can draw: a smile, or a script that is not carried along.
UNKNOWN = "□"
_NOT_DRAWN = re.compile(r'the text `"(.+?)"` could not be displayed', re.DOTALL)
_BY_NUMBER = re.compile(r"\\u\{([0-9a-f]+)\}")
# In a drawing a mark that is one with its letter would not be read aloud: the letter stands alone.
_UNSAID = "missing codepoints"
# What is drawn with the sign before it.
MARKS = {"Mn", "Mc", "Me", "Cf"}
# What Unicode did not have yet when this Python was made: the typesetter may know it as a mark.
_NOT_KNOWN = "Cn"
# Above this, signs that are not drawn come by the thousand: one that is missing stands for its neighbours.
_MANY, _NEIGHBOURS = 0x3000, 0x1000


def made(source: str, words: str) -> bytes | None:
    """The document by the standard PDF/UA-1; None when the source is wrong.

    A sign that cannot be drawn stands as `UNKNOWN`, because the standard allows no page with a hole in it.
    """
    while True:
        try:
            document: bytes = typst.compile(
                source.encode(),
                format="pdf",
                sys_inputs={"content": words},
                pdf_standards=["ua-1"],
                font_paths=FONTS,
            )
        except typst.TypstError as error:
            simpler = _without_undrawn(words, str(error))
            if _UNSAID in str(error):
                simpler = "".join(sign for sign in words if unicodedata.category(sign) not in MARKS)
            if simpler == words:
                return None
            words = simpler
        else:
            return document


def _without_undrawn(words: str, error: str) -> str:
    """The words with `UNKNOWN` for the signs that the error names; the same words when it names none."""
    named = [_BY_NUMBER.sub(lambda one: chr(int(one[1], 16)), text) for text in _NOT_DRAWN.findall(error)]
    found = {sign for text in named for sign in text if not sign.isascii() and sign != UNKNOWN}
    if not found:
        return _without_marks(words, on={text[-1] for text in named})
    blocks = {ord(sign) // _NEIGHBOURS for sign in found if ord(sign) >= _MANY}
    return "".join(UNKNOWN if sign in found or ord(sign) // _NEIGHBOURS in blocks else sign for sign in words)


def _without_marks(words: str, *, on: set[str]) -> str:
    """The error names letters that can be drawn: it is a mark upon one that cannot, and it names no mark."""
    kept, letter = [], ""
    for sign in words:
        mark = unicodedata.category(sign) in {*MARKS, _NOT_KNOWN}
        letter = letter if mark else sign
        kept.append(UNKNOWN if mark and letter in on else sign)
    return "".join(kept)


if __name__ == "__main__":
    papers = [made(source, words) for source, words in json.load(sys.stdin)]
    json.dump([b64encode(paper).decode() if paper else None for paper in papers], sys.stdout)
