"""`hendig bank`: files of the bank from a folder or a download, and the official schemas for them."""

import shutil
from collections.abc import Iterable
from pathlib import Path

from django.conf import settings
from django.utils import timezone
from lxml import etree

from hendig.billing import actions
from hendig.billing.adapters import bank
from hendig.billing.adapters.statement import NAMESPACE
from hendig.billing.rules import BANK_FILE
from hendig.files.adapters.door import let_in
from hendig.kernel.actor import Actor
from hendig.kernel.refusal import Refused
from hendig.operations.failure import Failure
from hendig.operations.municipalities import which


def read(files: Iterable[Path], municipality: str) -> None:
    """Each file for itself, in the order given; `Failure` after the last one when any was refused."""
    paths = list(files)
    gone = [str(path) for path in paths if not path.is_file()]
    if gone:
        raise Failure(f"There is no file {', '.join(gone)}.")
    actor = Actor.system(which(municipality).pk)
    refused = sum(not _read(actor, path) for path in paths)
    if refused:
        raise Failure(f"{refused} of {len(paths)} files {'was' if refused == 1 else 'were'} refused.")


def _read(actor: Actor, path: Path) -> bool:
    try:
        with path.open("rb") as opened:
            file = let_in(opened.read(BANK_FILE.most_bytes + 1), BANK_FILE)
        said = bank.read(file.content)
        done = actions.read_bank_file(actor=actor, file=said, at=timezone.now())  # noqa: TID251 - a command
    except Refused as no:
        print(f"{path}: {no.refusal.message}", flush=True)
        return False
    more = f", {done.elsewhere} other accounts not read" if done.elsewhere else ""
    more += "" if done.last else f"; page {done.page}, the next is to be read as well"
    print(f"{path}: {done.paid} paid, {done.refused} came back, {done.others} of others{more}", flush=True)
    return True


def folder() -> Path:
    """Where the schemas of this installation are."""
    return Path(settings.HOME) / "bank"


def schemas(path: Path | None) -> None:
    """The schemas of camt.053 and pain.002 in `path` are copied; then all that are installed are listed."""
    if path is not None:
        found = {name: file for file in _in(path) if (name := _message(file))}
        if not found:
            raise Failure("No schema of camt.053 or pain.002 was found there.")
        folder().mkdir(parents=True, exist_ok=True)
        for name, file in found.items():
            shutil.copyfile(file, folder() / f"{name}.xsd")
    installed = sorted(file.stem for file in folder().glob("*.xsd"))
    print("\n".join(installed) or "No schema is installed; files are read by Hendig's own checks.")


def _in(path: Path) -> Iterable[Path]:
    return sorted(path.rglob("*.xsd")) if path.is_dir() else [path]


def _message(file: Path) -> str:
    """Of which message this is the schema; empty for another file, or one that does not work."""
    try:
        schema = etree.parse(file, etree.XMLParser(resolve_entities=False, no_network=True))
        etree.XMLSchema(schema)
    except (OSError, etree.XMLSyntaxError, etree.XMLSchemaParseError):
        return ""
    named = NAMESPACE.fullmatch(schema.getroot().get("targetNamespace") or "")
    return named[1] if named else ""
