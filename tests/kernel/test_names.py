"""Names as they are spelled, heard and mistyped, and birth dates as they are written."""

from __future__ import annotations

import re
import string
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hendig.kernel.dates import NO_DAY, Span, near, take_dates
from hendig.kernel.names import SLIPS_FROM, found_by, halves, read, slip, words
from hendig.kernel.sounds import sound

# One line for one name in the ways in which people write it down.
SOUND_ALIKE = """
Youssef Yousef Yusuf Joesoef Yousouf
Mohammed Mohamed Muhammad Mohamad Mochamed Moehammed Mohammet
Ahmed Achmed Ahmet Ahmad
Mustafa Mostafa Moustafa Mustapha
Khalid Chalid Ghalid
Fatima Fatma Fathima
Noureddine Nordin Noordin Nuredin
Yassine Yasin Jassin Yacine
Abdellah Abdullah Abdallah
Ouassim Wassim
Djamila Jamila
Omar Umar Oemar
Osman Usman
Meijer Meyer Meier
Jansen Janssen
Kuipers Kuypers Cuijpers Kuijpers
Huisman Huysman Huijsman
Visser Visscher
Bosch Bos
Cees Kees
Carla Karla
Christina Kristina Cristina
Veenstra Feenstra
Smid Smit Schmidt Schmid Smitt
Smids Smits
Theunissen Teunissen
Stephan Stefan Steffan
Claes Klaas Claas
Kooij Kooi Kooy
Leeuwen Leuwen
Nieuwenhuis Nieuwenhuys Nieuwenhuijs
Huijgens Huygens Huigens
Tanja Tania
Maya Maja
Sarah Sara
Monique Moniek
Jacob Jakop Jakob
Henny Hennie
Müller Mueller Muller
Schröder Schroeder Schroder
Yılmaz Yilmaz Jilmaz Yilmas
Şahin Sahin Sjahin Shahin Schahin
Çelik Celik Tsjelik
Hüseyin Huseyin Hoessein Hussein Houssein
Zeynep Zeinep Sejnep
Öztürk Ozturk Oeztuerk
Büşra Busra Boesjra Bushra Bouchra
Ayşe Ayse Aysje Aische
Uğur Ugur Oegoer
Kowalski Kovalski Kowalsky
Kowalczyk Kowaltsjik
Błaszczyk Blaszczyk
Szymon Sjimon Schimon
Nowak Novak
Wiktor Viktor Victor
Alexander Aleksander
Шевченко Shevchenko Sjevtsjenko Szewczenko
Оксана Oksana Oxana
Serhii Serhiy Sergei Sergej
Iryna Irina
Володимир Volodymyr Wolodimir
Andrii Andriy Andrej Andrei
Катерина Kateryna Katerina
Наталія Nataliia Natalia Nataliya
"""
DIFFER = """
Jan Jon
Tim Tom
Bas Bos
Vos Bos
Ruben Robin
Peter Petra
Karin Carina
Kowalski Kowalczyk
Kowalski Kowalska
Mehmet Mohammed
Emine Amina
Hassan Hussein
Leo Lea
Lisa Lies
Sanne Sander
Noor Nora
Anna Anne
Marieke Mariska
Daan Dana
Aylin Ali
Oleksandr Aleksander
Bakker Bekker
Jong Jung
"""


def lines(table: str) -> list[list[str]]:
    return [line.split() for line in table.split("\n") if line]


@pytest.mark.parametrize("alike", lines(SOUND_ALIKE), ids=lambda alike: alike[0])
def test_names_that_sound_alike_have_one_key(alike: list[str]) -> None:
    assert len({sound(words(name)[0]) for name in alike}) == 1


@pytest.mark.parametrize("pair", lines(DIFFER), ids=" ".join)
def test_names_that_do_not_sound_alike_have_two(pair: list[str]) -> None:
    assert len({sound(words(name)[0]) for name in pair}) == 2


@given(st.text())
def test_every_text_has_words_that_sound_like_something_short(text: str) -> None:
    for word in found_by(text):
        assert re.fullmatch("[a-zA-Z]{0,40}", sound(word))


LETTERS = st.text(string.ascii_lowercase, min_size=SLIPS_FROM, max_size=12)


@st.composite
def slips(draw: st.DrawFn) -> tuple[str, str]:
    """A word, and the same with one slip of the hand."""
    word = draw(LETTERS)
    at = draw(st.integers(0, len(word) - 1))
    other = draw(st.sampled_from(string.ascii_lowercase))
    typed = draw(
        st.sampled_from(
            [
                word[:at] + word[at + 1 :],
                word[:at] + other + word[at:],
                word[:at] + other + word[at + 1 :],
                word[:at] + word[at + 1 : at + 2] + word[at] + word[at + 2 :],
            ]
        )
    )
    return word, typed


def fits(typed: str, word: str) -> bool:
    """What the database is asked: one of the halves is whole, and the word is one of the patterns."""
    may_be = slip(typed)
    if may_be is None:
        return False
    head, tail = halves(word)
    near_enough = head in may_be.heads or tail in may_be.tails
    pattern = "|".join(may_be.patterns).replace("_", ".")
    return near_enough and bool(re.fullmatch(pattern, word))


@given(slips())
def test_a_word_of_five_letters_is_found_with_one_slip(pair: tuple[str, str]) -> None:
    word, typed = pair
    assert fits(typed, word)


def steps(one: str, other: str) -> int:
    """The Damerau-Levenshtein distance, the slow way: an answer that knows nothing of halves."""
    rows = [list(range(len(other) + 1))]
    for i, a in enumerate(one, start=1):
        row = [i]
        for j, b in enumerate(other, start=1):
            best = min(rows[i - 1][j] + 1, row[j - 1] + 1, rows[i - 1][j - 1] + (a != b))
            if i > 1 and j > 1 and a == other[j - 2] and one[i - 2] == b:
                best = min(best, rows[i - 2][j - 2] + 1)
            row.append(best)
        rows.append(row)
    return rows[-1][-1]


@given(st.text("abc", min_size=4, max_size=8), st.text("abc", min_size=SLIPS_FROM, max_size=8))
def test_nothing_else_counts_as_a_slip(typed: str, word: str) -> None:
    assert fits(typed, word) == (steps(typed, word) <= 1)


@pytest.mark.parametrize(
    ("names", "by"),
    [
        (("Noor", "van den Berg"), {"noor", "berg", "vandenberg"}),
        (("Noor", "Vandenberg"), {"noor", "vandenberg", "berg"}),
        (("Jan Willem", "'t Hart"), {"jan", "willem", "janwillem", "hart", "thart"}),
        (("Zoë", "de la Cruz"), {"zoe", "cruz", "delacruz"}),
        (("Anne-Marie", "Jansen-de Vries"), {"annemarie", "jansen", "vries", "jansenvries"}),
        (("Al", ""), {"al"}),
        (("Samira", "El Amrani"), {"samira", "amrani", "elamrani"}),
        (("Олена", "Шевченко"), {"olena", "shevchenko"}),
        (("Łukasz", "Żółć"), {"lukasz", "zolc"}),
        (("?", ""), set()),
    ],
)
def test_the_words_by_which_somebody_is_found(names: tuple[str, ...], by: set[str]) -> None:
    assert by <= set(found_by(*names))


@pytest.mark.parametrize(
    ("typed", "by"),
    [
        ("van den Berg", ["berg"]),
        ("Berg, van den", ["berg"]),
        ("v.d. Berg", ["berg"]),
        ("noor 4 mei 2013", ["noor"]),
        ("van", ["van"]),
        ("NOOR noor", ["noor"]),
        ("Mei Jansen", ["mei", "jansen"]),
    ],
)
def test_what_was_typed_as_words(typed: str, by: list[str]) -> None:
    found = read(typed)
    assert found is not None
    assert [one.word for one in found.words] == by


@pytest.mark.parametrize("typed", ["", "  ", "?!", "’", "--"])
def test_without_a_letter_nothing_is_sought(typed: str) -> None:
    assert read(typed) is None


MAY_4 = Span(date(2013, 5, 4), date(2013, 5, 4))


@pytest.mark.parametrize(
    "typed",
    [
        "04-05-2013",
        "4/5/2013",
        "4.5.2013",
        "4 5 2013",
        "4 mei 2013",
        "4 may 2013",
        "4 MEI 2013",
        "4mei2013",
        "04052013",
        "20130504",
        "2013-05-04",
        "noor 04-05-2013 jansen",
    ],
)
def test_one_day_in_any_writing(typed: str) -> None:
    assert take_dates(typed)[1] == (MAY_4,)


@pytest.mark.parametrize(
    ("typed", "spans"),
    [
        ("2013", (Span(date(2013, 1, 1), date(2013, 12, 31)),)),
        ("mei 2013", (Span(date(2013, 5, 1), date(2013, 5, 31)),)),
        ("02-2012", (Span(date(2012, 2, 1), date(2012, 2, 29)),)),
        ("04-05-13", (Span(date(1913, 5, 4), date(1913, 5, 4)), MAY_4)),
        ("31-02-2013", (NO_DAY,)),
        ("29-02-2013", (NO_DAY,)),
        ("13-2013", (NO_DAY,)),
        ("noor", ()),
        ("mei", ()),
        ("12345678901", ()),
    ],
)
def test_a_year_a_month_and_what_is_no_date(typed: str, spans: tuple[Span, ...]) -> None:
    assert take_dates(typed)[1] == spans


@given(st.text())
def test_no_text_breaks_the_reading_of_dates(text: str) -> None:
    take_dates(text)


@pytest.mark.parametrize(
    "slipped",
    [date(2013, 4, 5), date(2013, 5, 14), date(2013, 5, 5), date(2012, 5, 4), date(2031, 5, 4)],
)
def test_a_date_with_one_slip_is_near(slipped: date) -> None:
    assert slipped in near(date(2013, 5, 4))


@given(st.dates(date(1930, 1, 1), date(2026, 12, 31)), st.dates(date(1930, 1, 1), date(2026, 12, 31)))
def test_near_goes_both_ways(one: date, other: date) -> None:
    assert (other in near(one)) == (one in near(other))
    assert one not in near(one)


def test_few_dates_are_near() -> None:
    assert len(near(date(2013, 5, 4))) < 50
    assert date(2014, 6, 4) not in near(date(2013, 5, 4))
