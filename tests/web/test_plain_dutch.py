"""What a family reads is B1 as far as counting can tell: short sentences, and common words.

A count is no reader: that a text is clear a person has to say. But a sentence of thirty words never is.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from io import BytesIO
from pathlib import Path
from statistics import fmean

import pytest
from babel.messages.extract import extract

from tools.messages import KEYWORDS, SOURCE, python_of

# The rooms of which families read the pages, the refusals and the letters.
ROOMS = "circle families helprequests matching opentent plans rights shares tents"
OF_THE_SHELL = "home about family my_families own_help who_may _family_doors"
ON_AVERAGE, AT_MOST, LONG = 15, 20, 16
# Long words that a family meets because the thing is called so; each is explained where it stands.
KNOWN = frozenset(
    """
    jeugdreclasseerder jeugdreclassering
    basisregistratie burgerservicenummer ingebrekestelling privacyfunctionaris vertrouwenspersoon
    vertrouwenspersonen cliëntondersteuner persoonsgebonden verantwoordelijk
    """.split()  # noqa: SIM905 - a list of words is read as words
)
# Words of offices, of which there is a common one.
OFFICIAL = frozenset(
    """
    aangaande adequaat alsmede arrangement bejegening belanghebbende betreffende bewerkstelligen casuïstiek
    casus cliënt communiceren conform consequentie derhalve desbetreffende dientengevolge doelgroep echter
    effectief evaluatie expliciet faciliteren functioneren geïndiceerd hierbij hulpvrager hulpverleningsplan
    implementatie indien ingevolge inzake interventie ketenpartner krachtens middels mitsdien module
    monitoring multidisciplinair omtrent onderhavige ondersteuningsbehoefte optimaliseren overeenkomstig
    participatie
    problematiek realiseren relevant stagneren systeemtherapie teneinde tevens toewijzing traject verwijzer
    waarborgen zelfredzaamheid zorgaanbieder zorgvraag zorgvrager
    """.split()  # noqa: SIM905 - a list of words is read as words
)
FILLED = re.compile(r"%\(\w+\)[sd]|%[sd]|\{\w*\}")
ENDS = re.compile(r"(?<=[.!?…])\s+")
WORD = re.compile(r"[^\W\d_][\w’'-]*")
Said = tuple[str, str]


def files() -> Iterator[Path]:
    for room in ROOMS.split():
        yield from sorted((SOURCE / room).rglob("*.py"))
        yield from sorted((SOURCE / room).rglob("*.html"))
    yield from (SOURCE / f"web/templates/web/{name}.html" for name in OF_THE_SHELL.split())


@cache
def sentences() -> tuple[Said, ...]:
    """Each sentence that families may read, and where; what is filled in counts as one word."""
    return tuple(
        (path.name, sentence)
        for path in files()
        for _line, said, _notes, _context in extract(
            "python", BytesIO(python_of(path)), KEYWORDS, options={"encoding": "utf-8"}
        )
        for text in (said if isinstance(said, tuple) else (said,))
        for sentence in ENDS.split(FILLED.sub("Noor", text.strip()))
        if sentence.endswith((".", "!", "?"))
    )


def words(sentence: str) -> list[str]:
    return WORD.findall(sentence)


def too_long(said: Said) -> bool:
    return len(words(said[1])) > AT_MOST


def hard_words(said: Said) -> list[str]:
    every = [word.lower() for word in words(said[1])]
    return [word for word in every if word in OFFICIAL or (len(word) >= LONG and word not in KNOWN)]


def test_the_sentences_are_short() -> None:
    assert len(sentences()) > 2000
    assert fmean(len(words(sentence)) for _place, sentence in sentences()) <= ON_AVERAGE
    assert not [said for said in sentences() if too_long(said)]


def test_the_words_are_common() -> None:
    assert not [(*said, *hard_words(said)) for said in sentences() if hard_words(said)]


def test_no_long_word_is_known_that_nobody_reads() -> None:
    read = {word.lower() for _place, sentence in sentences() for word in words(sentence)}
    assert read >= KNOWN


@pytest.mark.parametrize(
    "sentence",
    [
        f"Vonden twee mensen {'dat een jongere ' * 6} niet kan beslissen, dan ziet een ouder mee.",
        "Conform afspraak bellen wij u.",
        "Dit is een ondersteuningsarrangement.",
    ],
)
def test_what_is_hard_is_found(sentence: str) -> None:
    said = ("page.html", sentence)
    assert too_long(said) or hard_words(said)
