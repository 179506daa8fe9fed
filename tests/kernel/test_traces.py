"""What leads to a person is found, and ordinary Dutch is left in peace."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hendig.kernel.traces import fold, has_address, has_email, has_phone, name_in

FAMILY = ["Noor", "Sanne", "van den Heuvel", "Zoë", "Søren", "Wil", "Familie Heuvel", "Anne-Marie", ""]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Wie zwemt er met noor?", "noor"),
        ("NOOR!", "NOOR"),
        ("Noors fiets is stuk", "Noors"),
        ("Noor’s fiets is stuk", "Noor"),
        ("zoe zoekt een maatje", "zoe"),
        ("Soren houdt van vissen", "Soren"),
        ("gezin Heuvel zoekt hulp", "Heuvel"),
        ("voor (Sanne)", "Sanne"),
        ("Marie wil dansen", "Marie"),
        ("No\u00ador zoekt een maatje", "Noor"),
        ("vraag het aan Wil", "Wil"),
    ],
)
def test_a_name_is_found_whatever_its_capitals_accents_and_ending(text: str, found: str) -> None:
    assert name_in(text, FAMILY) == found


@pytest.mark.parametrize(
    "text",
    [
        "De noorderzon schijnt",
        "Ik wil graag zwemmen. Wil je mee?",
        "De familie van de overkant",
        "heuvelachtig",
        "",
    ],
)
def test_a_word_that_only_looks_like_a_name_is_none(text: str) -> None:
    assert name_in(text, FAMILY) == ""


# Letters as people have them in their names; the everyday words and particles are not names here.
NAMES = st.text(st.sampled_from("bdfghjklmpqrtvwxyzéëïöüçñøa"), min_size=4, max_size=12)
AROUND = st.text(st.characters(exclude_categories=["Cs", "L", "M", "N", "Cf", "Pc"]), max_size=5)
TEXTS = st.text(max_size=60)


@given(name=NAMES, before=TEXTS, left=AROUND, right=AROUND, after=TEXTS, shape=st.sampled_from("ulsNFD"))
def test_every_name_as_a_whole_word_is_found(
    name: str, before: str, left: str, right: str, after: str, shape: str
) -> None:
    written = {"u": name.upper(), "l": name, "s": f"{name}s"}.get(shape) or unicodedata.normalize("NFD", name)
    text = f"{before} {left}{written}{right} {after}"

    assert name_in(text, [name])


@given(text=TEXTS, names=st.lists(NAMES, max_size=4))
def test_what_is_found_is_a_name_in_the_text(text: str, names: list[str]) -> None:
    found = name_in(text, names)

    known = {fold(name) for name in names}
    assert not found or {fold(found), fold(found).removesuffix("s")} & known


@given(text=TEXTS)
def test_without_names_nothing_is_found(text: str) -> None:
    assert name_in(text, []) == ""


@given(text=st.text(st.characters(codec="ascii")))
def test_a_text_without_accents_folds_as_it_does_beside_one(text: str) -> None:
    """It goes a shorter way."""
    assert fold(text) + "e" == fold(f"{text}é")


@given(text=TEXTS)
def test_folding_twice_changes_nothing(text: str) -> None:
    assert fold(fold(text)) == fold(text)


@pytest.mark.parametrize(
    "text",
    [
        "Kerkstraat 12",
        "bij Molenweg 3a",
        "aan de Lange Weg 4",
        "Schoolplein nr. 2",
        "De Brink 12",
        "5981 AB",
        "5981ab",
        "Kerkstraat nummer 7",
    ],
)
def test_an_address_is_found(text: str) -> None:
    assert has_address(text)


@pytest.mark.parametrize(
    "text",
    [
        "we zijn onderweg 3 uur",
        "op het voetbalveld 3 keer per week",
        "in 2026 is hij 8",
        "op de markt 3 dagen",
        "groep 8",
        "een jongen van 12 jaar",
        "in Panningen",
    ],
)
def test_ordinary_numbers_are_no_address(text: str) -> None:
    assert not has_address(text)


@pytest.mark.parametrize(
    "text", ["06-12345678", "06 12 34 56 78", "+31 6 1234 5678", "(077) 366 12 34", "0478123456"]
)
def test_a_phone_number_is_found(text: str) -> None:
    assert has_phone(f"bel {text}.")


@pytest.mark.parametrize(
    "text", ["op 01-12-2026 om 14 uur", "groep 8, 2026", "van 09.00 tot 12.00", "13 jaar"]
)
def test_dates_and_times_are_no_phone_number(text: str) -> None:
    assert not has_phone(text)


@pytest.mark.parametrize("text", ["sanne@gezin.example", "mail: s.v+x@a-b.nl!", "sanne (at) gezin.nl"])
def test_an_email_address_is_found(text: str) -> None:
    assert has_email(text)


@pytest.mark.parametrize("text", ["wij zijn @ home", "7 @ 3 euro", "a.b"])
def test_a_lone_sign_is_no_email_address(text: str) -> None:
    assert not has_email(text)
