"""A file with settings to begin with: those of the demo municipality, each key with what it is."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping

from hendig.demo.municipality import CARDS, CODES, EXPERTISES, FACTS, NAME, PRINCIPLES, REGISTERED
from hendig.demo.people import PARTNERS
from hendig.operations.settings.file import ITSELF, TABLES, Row
from hendig.people.models import Unit

BEGINS = f"""\
# The settings of a municipality, for `hendig settings FILE`. All of this is invented: {NAME} does not exist.
# What is missing is added; what is there, found again by the first key of its table, gets these words.
# Nothing is taken away. Once more changes nothing. A key that is left out stays as it is.
"""
ABOUT: Mapping[str, str] = {
    ITSELF: "The municipality itself. By the iban it pays; another waits for finance and 72 hours.\n"
    "# Partners' invoices name its kvk or its oin.",
    "principle": "The rules by which the municipality works, in the order in which they are shown.",
    "code": "The few codes on which help is paid. What an hour costs is agreed with partners, on a page.\n"
    "# Help until yesterday keeps what its code was called and how it was booked until then.",
    "expertise": "What somebody can do, free of the employer: for these a tent is called.",
    "card": "What is good to know at a table. Once they were changed on their page, they are left alone.",
    "partner": "Who gives help and is paid for it. The iban is that of a new partner: of one that is there\n"
    "# it changes on the page Rekeningnummer, by two people. Without one its office asks for it there.",
}
# Of keys that say nothing about a person, or more than the privacy register needs.
MORE: Mapping[str, str] = {
    "registered": "true where somebody registered is asked, else false",
    "unit": f"in what it is counted: {', '.join(f'{unit.value} {unit.name.lower()}' for unit in Unit)}",
}


def example() -> str:
    """The whole file."""
    return "\n".join([BEGINS, *(line for name in TABLES for line in _part(name))])


def _rows() -> Mapping[str, list[Row]]:
    registered = {slug: {"registered": True} for slug in REGISTERED}
    return {
        ITSELF: [dict(FACTS)],
        "principle": [{"title": title, "sentence": sentence} for title, sentence in PRINCIPLES],
        "code": [dict(code.facts) for code in CODES],
        "expertise": [
            {"slug": slug, "name": name, "sentence": sentence} | registered.get(slug, {})
            for slug, name, sentence in EXPERTISES
        ],
        "card": [{"title": title, "words": words} for title, words in CARDS],
        "partner": [dict(partner.facts) for partner in PARTNERS],
    }


def _part(name: str) -> Iterator[str]:
    table = TABLES[name]
    said = {**table.kind.privacy.fields, **MORE}
    yield f"# {ABOUT[name]}"
    width = max(map(len, table.keys))
    for key in table.keys:
        yield f"#   {key:{width}}  {said[key]}{' (may be left out)' if key in table.may else ''}"
    for row in _rows()[name]:
        yield f"[{name}]" if name == ITSELF else f"[[{name}]]"
        # A text or a truth in JSON is one in TOML.
        yield from (f"{key} = {json.dumps(row[key], ensure_ascii=False)}" for key in table.keys if key in row)
        yield ""
