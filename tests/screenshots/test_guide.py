"""The user guide shows pictures that exist, in words too, and names what the pages really say."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from babel.messages.pofile import read_po

from tests.support.home import ROOT

GUIDE = ROOT / "docs/handleiding"
PAGES = sorted(GUIDE.glob("*.md"))
# The texts of Hendig; another test holds this catalogue to the code.
TEXTS = ROOT / "hendig/locale/en/LC_MESSAGES/django.po"
PICTURE = re.compile(r"!\[([^\]]*)\]\(([^)]+)\)|<img src=\"([^\"]+)\"[^>]* alt=\"([^\"]*)\"")
HOLE = re.compile(r"%\(\w+\)s|%s")
LABEL = re.compile(r"\*\*([^*]+)\*\*")


def pictures(page: Path) -> list[tuple[str, Path]]:
    """What each picture shows, in words, and its file."""
    found = PICTURE.findall(page.read_text())
    return [
        (words or other_words, page.parent / (file or other)) for words, file, other, other_words in found
    ]


def texts() -> re.Pattern[str]:
    """Everything that Hendig can say in Dutch."""
    with TEXTS.open("rb") as opened:
        messages = [message.id for message in read_po(opened) if message.id]
    forms: set[str] = {form for one in messages for form in ([one] if isinstance(one, str) else one)}
    # A text that is hardly more than a name would match any label.
    telling = [form for form in forms if len(HOLE.sub("", form)) > 3]
    return re.compile("|".join(".+".join(map(re.escape, HOLE.split(form))) for form in telling))


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.stem)
def test_every_picture_exists_and_is_told_in_words(page: Path) -> None:
    assert pictures(page)
    for words, file in pictures(page):
        assert file.is_file(), file.name
        assert len(words) > 20, f"{file.name} tells nothing to who cannot see it"


def test_every_picture_is_shown() -> None:
    shown = {file.name for page in [*PAGES, ROOT / "README.md"] for _words, file in pictures(page)}
    assert {file.name for file in (GUIDE / "beelden").iterdir()} - shown == set()


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.stem)
def test_what_stands_in_bold_is_what_a_page_says(page: Path) -> None:
    labels = LABEL.findall(page.read_text())
    assert labels
    said = texts()
    assert [label for label in labels if not said.fullmatch(" ".join(label.split()))] == []
