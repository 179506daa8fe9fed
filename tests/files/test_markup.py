"""A message between machines: made anew without what hides in it or points elsewhere."""

from __future__ import annotations

import time

import pytest

from hendig.files.adapters import markup
from hendig.files.adapters.refused import Refused

HEAD = b'<?xml version="1.0" encoding="UTF-8"?>'
LAUGHS = b'<!DOCTYPE l [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;">]><l>&b;</l>'


def test_comments_and_instructions_are_gone_and_texts_stay() -> None:
    made = markup.anew(HEAD + b"<!-- wie --><?doe iets?><a b='1'>caf\xc3\xa9 &amp; meer</a>")
    assert made == b"<?xml version='1.0' encoding='UTF-8'?>\n<a b=\"1\">caf\xc3\xa9 &amp; meer</a>"


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (HEAD + LAUGHS, "doctype"),
        (b'<!DOCTYPE a SYSTEM "http://elders.example/a.dtd"><a/>', "doctype"),
        ('<?xml version="1.0" encoding="UTF-16"?><!DOCTYPE a><a/>'.encode("utf-16"), "doctype"),
        (b"<a>" * 50 + b"</a>" * 50, "deep"),
        (b"<a>" + b"<b/>" * 2_000_001 + b"</a>", "deep"),
        (HEAD + b"<a>", "broken"),
        (HEAD + b"<a>\xff</a>", "broken"),
        (HEAD, "broken"),
    ],
)
def test_what_hides_points_elsewhere_or_is_not_whole_is_refused_soon(content: bytes, code: str) -> None:
    begun = time.process_time()
    with pytest.raises(Refused) as no:
        markup.anew(content)
    assert no.value.code == code
    assert time.process_time() - begun < 2
