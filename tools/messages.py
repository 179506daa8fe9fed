"""Finds every text of Hendig, keeps the catalogues in hendig/locale up to date and compiles them.

Needs no gettext. English says every text again; the Dutch with je says again what speaks to somebody as u;
the languages of the page that remains say what stands on that document, and nothing else.

python tools/messages.py           write django.po and django.mo; the exit status tells whether texts wait
python tools/messages.py --check   write nothing; say what differs
"""

from __future__ import annotations

import ast
import re
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path

from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract
from babel.messages.mofile import read_mo, write_mo
from babel.messages.pofile import read_po, write_po
from django.utils.translation.template import templatize

ROOT = Path(__file__).resolve().parent.parent
SOURCE = ROOT / "hendig"
POLITE = re.compile(r"\b(u|uw|uwe|uzelf)\b", re.IGNORECASE)

WITH_CONTEXT = ((1, "c"), 2)
KEYWORDS: dict[str, tuple[int | tuple[int, str], ...] | None] = {
    "_": None,
    "gettext": None,
    "gettext_lazy": None,
    "gettext_noop": None,
    "ngettext": (1, 2),
    "ngettext_lazy": (1, 2),
    "pgettext": WITH_CONTEXT,
    "pgettext_lazy": WITH_CONTEXT,
    "npgettext": (*WITH_CONTEXT, 3),
    "npgettext_lazy": (*WITH_CONTEXT, 3),
}
Key = tuple[str, str]


class Plain(Catalog):
    """A catalogue without dates and names in its head: the same texts are the same bytes."""

    def _get_mime_headers(self) -> list[tuple[str, str]]:
        return [
            ("Language", str(self.locale)),
            ("MIME-Version", "1.0"),
            ("Content-Type", "text/plain; charset=utf-8"),
            ("Content-Transfer-Encoding", "8bit"),
            ("Plural-Forms", self.plural_forms),
        ]

    mime_headers = property(_get_mime_headers)


@dataclass(frozen=True, slots=True)
class Tongue:
    """A catalogue beside the Dutch source texts: which locale, and which of the texts it says again."""

    name: str
    locale: str
    folder: str
    head: str
    says: re.Pattern[str]
    # Where its texts stand: a file, or a class of one (`file:Class`); without any, everywhere.
    only: tuple[str, ...] = ()

    @property
    def po(self) -> Path:
        return SOURCE / "locale" / self.folder / "LC_MESSAGES" / "django.po"

    @property
    def mo(self) -> Path:
        return self.po.with_suffix(".mo")

    def new(self) -> Plain:
        return Plain(locale=self.locale, header_comment=self.head, fuzzy=False)


ENGLISH = Tongue(
    name="English",
    locale="en",
    folder="en",
    head="# The English of Hendig, the Dutch source texts beside it. `make messages` adds, drops and sorts.",
    says=re.compile(""),
)
# A variant of the language nl for Django: whatever says no u is read from the source texts.
FAMILIAR = Tongue(
    name="Dutch with je",
    locale="nl",
    folder="nl_JE",
    head="# Hendig for who is called je, the texts with u beside it. `make messages` adds, drops and sorts.",
    says=POLITE,
)
# What stands on the page that remains: its own words, and those of the drawing.
ON_PAPER = (
    "tents/queries/paper.py",
    "tents/rules/twin.py",
    "tents/models/page_remark.py:PagePart",
    "tents/models/analysis.py:Sign",
    "tents/models/laid.py:Place",
    "tents/templates/tents/_sheet.html",
    "tents/templates/tents/_mark.html",
)
PAPERS = tuple(
    Tongue(
        name=name,
        locale=locale,
        folder=locale,
        head=f"# {name}, for the page that remains alone. `make messages` adds, drops and sorts.",
        says=re.compile(""),
        only=ON_PAPER,
    )
    for name, locale in (("Polish", "pl"), ("Ukrainian", "uk"), ("Arabic", "ar"))
)
TONGUES = (ENGLISH, FAMILIAR, *PAPERS)


def sources() -> Iterator[Path]:
    """Where texts stand: the code and the templates."""
    yield from sorted(SOURCE.rglob("*.py"))
    yield from sorted(path for path in SOURCE.rglob("templates/**/*") if path.suffix in {".html", ".txt"})


def python_of(path: Path) -> bytes:
    """The file as calls of gettext. A template's indentation means nothing, so it goes."""
    text = path.read_text()
    if path.suffix != ".py":
        text = "\n".join(line.lstrip() for line in templatize(text, origin=str(path)).splitlines())
    return text.encode()


def places(tongue: Tongue) -> Iterator[tuple[Path, range]]:
    """The files in which its texts stand, and which lines of them."""
    for place in tongue.only or sources():
        name, _colon, inside = str(place).partition(":")
        path, lines = SOURCE / name, range(1, sys.maxsize)
        if inside:
            (found,) = (one for one in ast.parse(path.read_text()).body if getattr(one, "name", "") == inside)
            lines = range(found.lineno, (found.end_lineno or 0) + 1)
        yield path, lines


def forms_of(message: Message) -> tuple[str, ...]:
    return (message.id,) if isinstance(message.id, str) else tuple(message.id)


def found(tongue: Tongue) -> Plain:
    """Every text in the code and the templates that this catalogue says again, not yet translated."""
    every, texts = tongue.new(), tongue.new()
    for path, lines in places(tongue):
        source = BytesIO(python_of(path))
        for line, text, _notes, context in extract("python", source, KEYWORDS, options={"encoding": "utf-8"}):
            if line in lines:
                every.add(text, context=context)
    for message in by_key(every).values():
        if any(tongue.says.search(form) for form in forms_of(message)):
            texts.add(message.id, context=message.context)
    return texts


def kept(tongue: Tongue) -> Plain:
    """What django.po holds now."""
    texts = tongue.new()
    if tongue.po.exists():
        with tongue.po.open("rb") as file:
            for message in read_po(file, locale=tongue.locale):
                if message.id:
                    texts[message.id] = message
    return texts


def key_of(message: Message) -> Key:
    return str(message.context or ""), message.id if isinstance(message.id, str) else message.id[0]


def by_key(catalogue: Catalog) -> dict[Key, Message]:
    return {key_of(message): message for message in catalogue if message.id}


def merged(tongue: Tongue) -> Plain:
    """What is found, with the translation that the file has for exactly the same text."""
    texts, known = found(tongue), by_key(kept(tongue))
    for key, message in by_key(texts).items():
        old = known.get(key)
        if old and old.pluralizable == message.pluralizable:
            message.string = old.string
    return texts


def is_done(message: Message) -> bool:
    given = [message.string] if isinstance(message.string, str) else list(message.string or ())
    return bool(given) and all(given)


def missing(catalogue: Catalog) -> list[str]:
    """The texts that have no translation yet."""
    return sorted(key_of(one)[1] for one in by_key(catalogue).values() if not is_done(one))


def po_of(catalogue: Catalog) -> bytes:
    out = BytesIO()
    write_po(out, catalogue, width=0, no_location=True, sort_output=True)
    return out.getvalue()


def mo_of(catalogue: Catalog) -> bytes:
    out = BytesIO()
    write_mo(out, catalogue)
    return out.getvalue()


def compiled(tongue: Tongue) -> Catalog:
    """What Django reads."""
    with tongue.mo.open("rb") as file:
        return read_mo(file)


def differences(tongue: Tongue) -> list[str]:
    """What `make messages` would still change, and what nobody translated."""
    texts = merged(tongue)
    wrong = [f"{tongue.name}: not translated: {text}" for text in missing(texts)]
    for path, right in ((tongue.po, po_of(texts)), (tongue.mo, mo_of(texts))):
        if not path.exists() or path.read_bytes() != right:
            wrong.append(f"{path.relative_to(ROOT)} is not what `make messages` makes of the texts")
    return wrong


def write(tongue: Tongue) -> list[str]:
    """Writes both files of a catalogue, and answers with the texts that still wait."""
    texts = merged(tongue)
    tongue.po.parent.mkdir(parents=True, exist_ok=True)
    tongue.po.write_bytes(po_of(texts))
    tongue.mo.write_bytes(mo_of(texts))
    waiting = missing(texts)
    print(f"{tongue.name}: {len(texts)} texts, {len(waiting)} wait.")
    print("\n".join(f"  {text}" for text in waiting))
    return waiting


def main() -> int:
    if sys.argv[1:] == ["--check"]:
        wrong = [line for tongue in TONGUES for line in differences(tongue)]
        print("\n".join(wrong) or "Every catalogue is complete.")
        return int(bool(wrong))
    waiting = [text for tongue in TONGUES for text in write(tongue)]
    return int(bool(waiting))


if __name__ == "__main__":
    sys.exit(main())
