"""The official rules as data that an operator installs: nothing of them is in Hendig itself."""

from __future__ import annotations

import hashlib
import json
import re
import shutil
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import suppress
from dataclasses import asdict, dataclass
from datetime import date, datetime
from pathlib import Path, PurePosixPath
from zipfile import BadZipFile, ZipFile

from lxml import etree

from hendig.billing.adapters.ubl.official import Broken, Engine

LIST = "installed.json"
NAMES: Mapping[str, str] = {
    "nlcius": "NLCIUS (SI-UBL 2.0)",
    "en16931": "EN 16931 (UBL)",
    "peppol": "Peppol BIS Billing 3.0",
    "ubl": "UBL 2.1 (XSD)",
}
# How each set of rules is titled in its own stylesheet.
TITLES = {
    "nlcius": re.compile(r"SI-UBL 2\.0 validation"),
    "en16931": re.compile(r"EN16931\s+model bound to UBL"),
    "peppol": re.compile(r"Rules for Peppol BIS 3\.0 Billing"),
}
STYLESHEETS = {".xsl", ".xslt"}
KEPT_SUFFIXES = STYLESHEETS | {".sch", ".xsd", ""}
MOST_FILES, MOST_BYTES = 20_000, 8 * 1024 * 1024
SCHEMA = "maindoc/UBL-Invoice-2.1.xsd"
# Not every version that is named is that of the rules: a licence has one too.
VERSION = re.compile(r"(?:Schematron version|validation, version|\d{4} [A-Z][a-z]+ release) (\d+(?:\.\d+)+)")
UPDATED = re.compile(r"Last update: (\d{4}-\d{2}-\d{2}|\d{4} [A-Z][a-z]+)")
RELEASED = re.compile(r"Release Date:\s+(\d{1,2} [A-Z][a-z]+ \d{4})")
IN_FORCE = "REPOSITORY RELEASE "


class NotInstalled(Exception):
    """Nothing was changed; `str()` says why."""


@dataclass(frozen=True, slots=True)
class RuleSet:
    """A set of rules as it was found: what it is, its version and date as its makers say, its fingerprint."""

    key: str
    version: str
    dated: str
    sha256: str
    installed_on: str = ""

    @property
    def name(self) -> str:
        return NAMES[self.key]

    def __str__(self) -> str:
        return f"{self.name} {self.version or 'of unknown version'} ({self.dated or 'date not stated'})"


@dataclass(frozen=True, slots=True)
class Change:
    """A set of rules that came, and the one in the place of which."""

    new: RuleSet
    old: RuleSet | None

    @property
    def order(self) -> int | None:
        """Below 0 when the new one is older, above when newer; None where their makers do not tell.

        By the version, and of one version by the date.
        """
        if self.old is None:
            return None
        for kind in (_numbers, _day):
            new, old = kind(self.new), kind(self.old)
            if not new or not old:
                # What only one of them says tells nothing.
                continue
            if new != old:
                return -1 if new < old else 1
        return 0 if self.new.sha256 == self.old.sha256 else None

    def __str__(self) -> str:
        if self.old is None:
            return f"{self.new}: there was none"
        if self.order == 0:
            return f"{self.new}: the same as was there"
        said = "" if self.order else "; which of the two is newer their makers do not say"
        return f"{self.new}, in the place of {self.old}{said}"


def _numbers(one: RuleSet) -> tuple[int, ...]:
    return tuple(map(int, one.version.split("."))) if one.version else ()


def _day(one: RuleSet) -> tuple[int, ...]:
    """The day, or the first of the month, that the makers name."""
    for form in ("%Y-%m-%d", "%Y %B", "%d %B %Y"):
        with suppress(ValueError):
            named = datetime.strptime(one.dated, form)  # noqa: DTZ007 - a day, at no hour
            return named.year, named.month, named.day
    return ()


Files = dict[str, Callable[[], bytes]]


def installed(folder: Path) -> tuple[RuleSet, ...]:
    """The sets of rules that are installed in the folder."""
    try:
        kept = json.loads((folder / LIST).read_text())
    except FileNotFoundError:
        return ()
    return tuple(RuleSet(**one) for one in kept)


def install(
    path: Path, folder: Path, *, on: date, trial: Mapping[str, bytes], older: bool = False
) -> tuple[Change, ...]:
    """Installs the newest of each set of rules that `path`, a folder or a zip, holds; others stay.

    What is older than what is installed stays out, and all that came with it, unless `older` is asked for.
    `trial` has for each profile a document that is right: rules that say otherwise, or do not run, stay out.
    """
    new = folder.with_name(f"{folder.name}.new")
    shutil.rmtree(new, ignore_errors=True)
    if folder.exists():
        shutil.copytree(folder, new)
    new.mkdir(parents=True, exist_ok=True)
    try:
        with _Package(path) as files:
            found = _place(files, new, on)
        known = {one.key: one for one in installed(folder)}
        changes = tuple(Change(one, known.get(one.key)) for one in found)
        if not older:
            _refuse_older(changes)
        sets = known | {one.key: one for one in found}
        ordered = [sets[key] for key in NAMES if key in sets]
        (new / LIST).write_text(json.dumps([asdict(one) for one in ordered], indent=1))
        _try(new, trial)
        old = folder.with_name(f"{folder.name}.old")
        shutil.rmtree(old, ignore_errors=True)
        if folder.exists():
            folder.rename(old)
        new.rename(folder)
        shutil.rmtree(old, ignore_errors=True)
    finally:
        shutil.rmtree(new, ignore_errors=True)
    return changes


def _refuse_older(changes: Iterable[Change]) -> None:
    for one in changes:
        if one.order is not None and one.order < 0:
            raise NotInstalled(
                f"{one.new} is older than what is installed, {one.old}; nothing was installed. "
                "With --older it is all the same."
            )


def _try(folder: Path, trial: Mapping[str, bytes]) -> None:
    with Engine(folder) as engine:
        for profile, document in trial.items():
            try:
                judged = engine.ask(document, profile)
            except Broken:
                raise NotInstalled("These rules cannot be read; nothing was installed.") from None
            if judged.refused or judged.failed:
                rules = ", ".join(sorted({one.rule for one in judged.failed})) or str(judged.refused)
                raise NotInstalled(
                    f"A right invoice ({profile}) fails these rules ({rules}); nothing was installed."
                )


class _Package:
    """The files of a folder, or of a zip without unpacking it; each is read when it is asked for."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._zip: ZipFile | None = None

    def __enter__(self) -> Files:
        if self._path.is_dir():
            return dict(self._in_folder())
        try:
            self._zip = ZipFile(self._path)
        except FileNotFoundError:
            raise NotInstalled(f"There is no folder or file {self._path}.") from None
        except BadZipFile:
            raise NotInstalled(f"{self._path} is no folder and no zip.") from None
        return dict(self._in_zip(self._zip))

    def __exit__(self, *failed: object) -> None:
        if self._zip:
            self._zip.close()

    def _in_folder(self) -> Iterator[tuple[str, Callable[[], bytes]]]:
        for count, file in enumerate(sorted(self._path.rglob("*"))):
            if count > MOST_FILES:
                raise NotInstalled(f"{self._path} holds more than {MOST_FILES} files: name a folder in it.")
            if file.suffix in KEPT_SUFFIXES and file.is_file() and file.stat().st_size <= MOST_BYTES:
                yield file.relative_to(self._path).as_posix(), file.read_bytes

    def _in_zip(self, opened: ZipFile) -> Iterator[tuple[str, Callable[[], bytes]]]:
        for one in opened.infolist()[:MOST_FILES]:
            suffix = PurePosixPath(one.filename).suffix
            if suffix in KEPT_SUFFIXES and not one.is_dir() and one.file_size <= MOST_BYTES:
                yield one.filename, lambda one=one: opened.read(one)  # type: ignore[misc]


def _place(files: Files, folder: Path, on: date) -> tuple[RuleSet, ...]:
    """Copies the newest of each set into the folder; says what they are."""
    found: dict[str, tuple[tuple[int, ...], RuleSet, bytes]] = {}
    for name in files:
        if PurePosixPath(name).suffix in STYLESHEETS:
            text = files[name]()
            one = _rules(name, text, files, on)
            order = _numbers(one) if one else ()
            if one and (one.key not in found or order > found[one.key][0]):
                found[one.key] = (order, one, text)
    for _order, one, text in found.values():
        (folder / f"{one.key}.xsl").write_bytes(text)
    sets = [one for _order, one, _text in found.values()]
    sets += _schemas(files, folder, on)
    if not sets:
        raise NotInstalled("No official rules of e-invoices were found there.")
    return tuple(sorted(sets, key=lambda one: list(NAMES).index(one.key)))


def _rules(name: str, text: bytes, files: Files, on: date) -> RuleSet | None:
    """What this stylesheet is; None for one that Hendig does not ask."""
    try:
        parser = etree.XMLParser(resolve_entities=False, no_network=True, huge_tree=False)
        root = etree.fromstring(text, parser)
    except etree.XMLSyntaxError:
        return None
    output = root.find(".//{http://purl.oclc.org/dsdl/svrl}schematron-output")
    title = str(output.get("title") or "") if output is not None else ""
    key = next((key for key, pattern in TITLES.items() if pattern.search(title)), None)
    if key is None:
        return None
    # The makers say version and date in the title, in the stylesheet, in its source or in a list of changes.
    said = [title, text[:2000].decode(errors="replace"), *_sources(name, files)]
    version = next((found[1] for one in said if (found := VERSION.search(one))), "")
    dated = next((found[1] for one in said if (found := UPDATED.search(one))), "")
    return RuleSet(
        key=key,
        version=version,
        dated=dated or _in_changes(version, files),
        sha256=hashlib.sha256(text).hexdigest(),
        installed_on=on.isoformat(),
    )


def _sources(name: str, files: Files) -> Iterator[str]:
    stem = PurePosixPath(name).stem
    for other in files:
        if PurePosixPath(other).suffix == ".sch" and PurePosixPath(other).stem == stem:
            yield files[other]()[:2000].decode(errors="replace")


def _in_changes(version: str, files: Files) -> str:
    """The date of the release that names this version first, in a list with the newest on top."""
    for name in files:
        if PurePosixPath(name).name == "Changelog":
            text = files[name]().decode(errors="replace")
            releases = text.split(IN_FORCE)[1:]
            dates = [release[:10] for release in releases if version and f"to {version}\n" in release]
            return dates[-1] if dates else ""
    return ""


def _schemas(files: Files, folder: Path, on: date) -> list[RuleSet]:
    main = next((name for name in files if name.endswith(SCHEMA)), None)
    if main is None:
        return []
    top = main.removesuffix(SCHEMA)
    shutil.rmtree(folder / "ubl", ignore_errors=True)
    whole = hashlib.sha256()
    for part in ("maindoc", "common"):
        (folder / "ubl" / part).mkdir(parents=True)
        for name in sorted(files):
            inside = name.removeprefix(f"{top}{part}/")
            if name.startswith(f"{top}{part}/") and "/" not in inside and inside.endswith(".xsd"):
                text = files[name]()
                whole.update(text)
                (folder / "ubl" / part / inside).write_bytes(text)
    released = RELEASED.search(files[main]()[:2000].decode(errors="replace"))
    dated = released[1] if released else ""
    return [RuleSet("ubl", "2.1", dated, whole.hexdigest(), on.isoformat())]
