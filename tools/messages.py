"""Finds every text of Hendig, keeps hendig/locale/en up to date with it and compiles it; needs no gettext.

python tools/messages.py           write django.po and django.mo; the exit status tells whether texts wait
python tools/messages.py --check   write nothing; say what differs
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path

from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract
from babel.messages.mofile import read_mo, write_mo
from babel.messages.pofile import read_po, write_po
from django.utils.translation.template import templatize

ROOT = Path(__file__).resolve().parent.parent
SOURCE = ROOT / "hendig"
FOLDER = SOURCE / "locale" / "en" / "LC_MESSAGES"
PO, MO = FOLDER / "django.po", FOLDER / "django.mo"
HEAD = "# The English of Hendig, the Dutch source texts beside it. `make messages` adds, drops and sorts."

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
            ("Language", "en"),
            ("MIME-Version", "1.0"),
            ("Content-Type", "text/plain; charset=utf-8"),
            ("Content-Transfer-Encoding", "8bit"),
            ("Plural-Forms", self.plural_forms),
        ]

    mime_headers = property(_get_mime_headers)


def new() -> Plain:
    return Plain(locale="en", header_comment=HEAD, fuzzy=False)


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


def found() -> Plain:
    """Every text in the code and the templates, not yet translated."""
    texts = new()
    for path in sources():
        source = BytesIO(python_of(path))
        for _line, text, _notes, context in extract(
            "python", source, KEYWORDS, options={"encoding": "utf-8"}
        ):
            texts.add(text, context=context)
    return texts


def kept() -> Plain:
    """What django.po holds now."""
    texts = new()
    if PO.exists():
        with PO.open("rb") as file:
            for message in read_po(file, locale="en"):
                if message.id:
                    texts[message.id] = message
    return texts


def key_of(message: Message) -> Key:
    return str(message.context or ""), message.id if isinstance(message.id, str) else message.id[0]


def by_key(catalogue: Catalog) -> dict[Key, Message]:
    return {key_of(message): message for message in catalogue if message.id}


def merged() -> Plain:
    """What is found, with the translation that the file has for exactly the same text."""
    texts, known = found(), by_key(kept())
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


def compiled() -> Catalog:
    """What Django reads."""
    with MO.open("rb") as file:
        return read_mo(file)


def differences() -> list[str]:
    """What `make messages` would still change, and what nobody translated."""
    texts = merged()
    wrong = [f"not translated: {text}" for text in missing(texts)]
    for path, right in ((PO, po_of(texts)), (MO, mo_of(texts))):
        if not path.exists() or path.read_bytes() != right:
            wrong.append(f"{path.relative_to(ROOT)} is not what `make messages` makes of the texts")
    return wrong


def main() -> int:
    if sys.argv[1:] == ["--check"]:
        wrong = differences()
        print("\n".join(wrong) or "English is complete.")
        return int(bool(wrong))
    texts = merged()
    FOLDER.mkdir(parents=True, exist_ok=True)
    PO.write_bytes(po_of(texts))
    MO.write_bytes(mo_of(texts))
    waiting = missing(texts)
    print(f"{len(texts)} texts, {len(waiting)} without English.")
    print("\n".join(f"  {text}" for text in waiting))
    return int(bool(waiting))


if __name__ == "__main__":
    sys.exit(main())
