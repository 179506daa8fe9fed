"""The key that seals the log, and the public halves by which its seals are trusted."""

import os
from pathlib import Path

from hendig.audit.rules import chain
from hendig.operations.failure import Failure
from hendig.operations.postgres import written_once


def seal_key(home: Path) -> str:
    """The secret key of the sealer; made at the first call, unless the environment brings it."""
    given = os.environ.get("HENDIG_SEAL_KEY")
    if not given:
        home.mkdir(mode=0o711, parents=True, exist_ok=True)
        return written_once(home / "seal.key", chain.new_key)
    try:
        chain.private_key(given)
    except ValueError as wrong:
        raise Failure("HENDIG_SEAL_KEY is not a key; take one that Hendig made (seal.key).") from wrong
    return given


def trusted(home: Path, key: str) -> list[str]:
    """The public keys of this installation: the one in use, then those of keys that it had before.

    They lie beside the secret key and not in the database: who owns the database must not say whom to trust.
    """
    mine = chain.public_text(chain.private_key(key))
    kept = home / "seal.public"
    known = kept.read_text().split() if kept.exists() else []
    if mine not in known:
        home.mkdir(mode=0o711, parents=True, exist_ok=True)
        with kept.open("a") as file:
            file.write(f"{mine}\n")
    return [mine, *(text for text in known if text != mine)]
