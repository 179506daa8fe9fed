"""The page that remains in the language of a family: its fixed words, its letters, and how each is read."""

from __future__ import annotations

import re
from io import BytesIO
from typing import Any
from urllib.parse import urlencode

import pytest
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import override
from hypothesis import given
from hypothesis import strategies as st
from pypdf import PdfReader

from hendig.people.actions import choose_language
from hendig.people.adapters.press import UNKNOWN
from hendig.tents import actions
from hendig.tents.forms import ON_PAPER
from hendig.tents.models import Page, PagePart, Phase, Place, Sign, Tent, View
from hendig.tents.rules.typed import Run, language_of, plain, runs, typed
from tests.support.drawing import join, put, think, think_of, understanding
from tests.support.matching import household
from tests.support.shared import built_once
from tests.support.tents import agree, go_to, understood
from tests.support.world import World
from tools import messages

TYPED = "Er is vaak ruzie."
# Of each language a word of the head and one of the last line; Arabic comes out of a document as it is drawn.
HEADS = {
    "nl": ("Wat we samen afspraken", "Sanne zei op"),
    "en": ("What we agreed together", "Sanne said that"),
    "pl": ("Co wspólnie ustaliliśmy", "Sanne"),
    "uk": ("Про що ми разом домовилися", "Sanne"),
    "ar": ("ما اتفقنا عليه معًا", "Sanne"),
}


@built_once
def tent(world: World) -> Tent:
    """Agreed, with views that differ of a factor, of a line and of the page itself."""
    found = understanding(world, household(world))
    rows = put(world, found, TYPED, "sanne", Place.PARENTS)
    tired = put(world, found, "Noor slaapt slecht", "noor", Place.CHILD)
    think(world, rows, View.DIFFER, "mark", "Wij praten gewoon hard!")
    think_of(
        world, join(world, rows, tired, Sign.WORSE, "noor"), View.DIFFER, "anouk", "Het komt door het licht."
    )
    put(world, found, "Noor lubi pływać w sobotę", "noor", Place.AROUND)
    put(world, found, "Вона сумує за бабусею", "noor", Place.FAMILY)
    put(world, found, "هي تشتاق إلى جدتها كثيرًا", "noor", Place.SCHOOL)
    understood(world, found)
    go_to(world, found, Phase.AGREE)
    actions.close(actor=world.actor("anouk"), tent_id=found.pk, at=world.at)
    actions.differ_on_page(
        actor=world.actor("mark"),
        tent_id=found.pk,
        part=PagePart.UNDERSTANDING,
        line=f"{TYPED} Dat maakt erger: Noor slaapt slecht.",
        text="Zo zie ik het niet.",
        at=world.at,
    )
    agree(world, found)
    return found


def taken(world: World, tent: Tent, **asked: str) -> bytes:
    address = reverse("tent_page_pdf", args=[tent.pk])
    answer = world.client("sanne").get(f"{address}?{urlencode(asked)}")
    assert answer.status_code == 200
    assert b"pdfuaid" in answer.content
    found: bytes = answer.content
    return found


@built_once
def papers(world: World, tent: Tent) -> dict[str, bytes]:
    """The same page in each language."""
    return {code: taken(world, tent, taal=code) for code, _name in ON_PAPER}


def read(paper: bytes) -> PdfReader:
    return PdfReader(BytesIO(paper))


def text_of(paper: PdfReader) -> str:
    return " ".join(" ".join(page.extract_text() for page in paper.pages).split())


def language(paper: PdfReader) -> str:
    root: Any = paper.root_object
    return str(root["/Lang"])


def spoken(paper: PdfReader) -> set[str]:
    """The languages that parts of the document say they are in."""
    found: set[str] = set()
    root: Any = paper.root_object
    waiting: list[Any] = [root["/StructTreeRoot"]]
    while waiting:
        node = waiting.pop().get_object()
        if isinstance(node, list):
            waiting += node
        elif isinstance(node, dict):
            found |= {str(node["/Lang"])} if "/Lang" in node else set()
            waiting += [node["/K"]] if "/K" in node else []
    content = b"".join(page.get_contents().get_data() for page in paper.pages)  # type: ignore[union-attr]
    return found | {one.decode() for one in re.findall(rb"/Lang ?\((\w+)\)", content)}


def letters(paper: PdfReader) -> set[str]:
    """The names of the letters that are in the document itself."""
    fonts: set[str] = set()
    for page in paper.pages:
        resources: Any = page["/Resources"]
        for font in resources["/Font"].values():
            below = font.get_object()["/DescendantFonts"][0].get_object()
            descriptor = below["/FontDescriptor"].get_object()
            assert {"/FontFile2", "/FontFile3"} & set(descriptor)
            fonts.add(str(below["/BaseFont"]).partition("+")[2])
    return fonts


@pytest.mark.parametrize("code", [code for code, _name in ON_PAPER])
def test_the_fixed_words_are_in_the_language_and_what_was_typed_stays(
    papers: dict[str, bytes], code: str
) -> None:
    paper = read(papers[code])
    words = text_of(paper)
    assert paper.metadata is not None
    assert paper.metadata.title == HEADS[code][0]
    assert language(paper) == code
    assert "Noor slaapt slecht" in words
    assert "Wij praten gewoon hard!" in words
    assert HEADS[code][1] in words
    if code != "nl":
        assert "Wat we begrijpen" not in words
        assert "Dit maakt" not in words


@pytest.mark.parametrize("code", [code for code, _name in ON_PAPER])
def test_every_letter_is_drawn_and_in_the_document(papers: dict[str, bytes], code: str) -> None:
    """Also what people typed in other letters than those of the document."""
    paper = read(papers[code])
    assert UNKNOWN not in text_of(paper)
    names = letters(paper)
    assert any("LibertinusSerif" in name for name in names)
    assert any("NotoNaskhArabic" in name for name in names)
    assert not [name for name in names if "DejaVu" in name]


def test_each_word_says_in_which_language_it_is_read(papers: dict[str, bytes]) -> None:
    assert {"nl", "uk", "ar"} <= spoken(read(papers["pl"]))
    assert "nl" in spoken(read(papers["ar"]))


def test_without_a_choice_it_is_the_language_of_the_account(world: World, tent: Tent) -> None:
    assert language(read(taken(world, tent))) == "nl"
    assert language(read(taken(world, tent, taal="xx"))) == "nl"
    choose_language(actor=world.actor("sanne"), language="en", at=world.at)
    client = world.client("sanne")
    client.cookies["hendig_language"] = "en"
    answer = client.get(reverse("tent_page_pdf", args=[tent.pk]))
    assert language(PdfReader(BytesIO(answer.content))) == "en"


def test_the_page_offers_each_language_in_itself(world: World, tent: Tent) -> None:
    page = world.client("sanne").get(reverse("tent_page", args=[tent.pk])).content.decode()
    for code, name in ON_PAPER:
        assert f'taal={code}" lang="{code}"' in page
        assert name in page
    assert 'lang="ar" hreflang="ar" dir="rtl"' in page


@pytest.mark.parametrize("tongue", messages.PAPERS, ids=lambda tongue: tongue.name)
def test_every_fixed_word_has_letters_of_its_own(tongue: messages.Tongue) -> None:
    """A translation that cannot be set would stand as a box on somebody's page."""
    scripts = {"pl": "a-ząćęłńóśźż", "uk": "а-яґєії", "ar": "ء-ي"}
    for message in messages.by_key(messages.kept(tongue)).values():
        for said in [message.string] if isinstance(message.string, str) else message.string or ():
            assert re.search(f"[{scripts[tongue.locale]}]", said.lower()), said


def test_days_are_written_as_they_are_said(world: World, tent: Tent, papers: dict[str, bytes]) -> None:
    """In Polish the name of a month is bent after a number."""
    until = Page.objects.get(tent=tent).until_on
    assert until is not None
    with override("pl"):
        said = date_format(until, "j E Y")
        assert said != date_format(until, "j F Y")
    assert said in text_of(read(papers["pl"]))


# --- words within words ---


@given(st.lists(st.text(max_size=20), max_size=4))
def test_nothing_is_lost_between_words_that_were_typed(several: list[str]) -> None:
    marked = " – ".join(typed(one) for one in several)
    said = "".join(run.text for run in runs(marked))
    assert said == plain(marked)
    assert plain(said) == said


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("Er is ruzie", "nl"),
        ("هي تشتاق", "ar"),
        ("Вона сумує", "uk"),
        ("😊 12", "nl"),
        ("", "nl"),
        ("a هي تشتاق", "ar"),
    ],
)
def test_the_letters_tell_in_which_language_it_is(text: str, language: str) -> None:
    assert language_of(text) == language


def test_ours_and_theirs_are_told_apart() -> None:
    said = f"Mark mówi: {typed('Zo is het!')}."
    assert runs(said) == [Run("Mark mówi: "), Run("Zo is het!", "nl")]
