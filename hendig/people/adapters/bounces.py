"""Mail that comes back: by what a letter is known again, and reports that it could not be delivered.

A report (RFC 3464) comes from anywhere: only a token that this installation made says which letter it is
about, and of what else stands in it nothing is kept.
"""

from __future__ import annotations

import hashlib
import hmac
import re
from collections.abc import Iterator
from dataclasses import dataclass
from email.message import Message
from email.parser import BytesParser
from email.policy import compat32
from pathlib import Path
from uuid import UUID

from django.conf import settings

# The largest report that is read: it has a few words, and the head of our mail.
MOST_BYTES = 512 * 1024
MOST_PARTS = 50
# In the head of a mail, for who has no address with a plus: most reports give that head back.
HEADER = "X-Hendig-Letter"
_TOKEN = re.compile(r"(?<![0-9a-f])([0-9a-f]{32})\.([0-9a-f]{20})(?![0-9a-f])", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Report:
    """What a mail server says of one of our letters."""

    letter_id: UUID
    # Whether it never will arrive; else it is late, or did arrive.
    for_good: bool


def token(letter_id: UUID) -> str:
    """By what a letter is known when it comes back; nobody else can make one."""
    made = hmac.digest(settings.SECRET_KEY.encode(), f"bounce:{letter_id}".encode(), hashlib.sha256)
    return f"{letter_id.hex}.{made.hex()[:20]}"


def return_path(letter_id: UUID) -> str:
    """The address to which a report about this letter goes; who the mail is from, where none was named."""
    name, at, domain = settings.BOUNCES_TO.rpartition("@")
    return f"{name}+{token(letter_id)}@{domain}" if at else settings.DEFAULT_FROM_EMAIL


def read(raw: bytes) -> Report | None:
    """What a mail says of one of our letters; None for anything else, whatever it is."""
    if len(raw) > MOST_BYTES:
        return None
    try:
        mail = BytesParser(policy=compat32).parsebytes(raw)
        parts = list(_parts(mail))
        letter_id = _whose(mail, parts)
        failed = [status for part in parts for status in _failures(part)]
    except (ValueError, LookupError, TypeError, AttributeError, RecursionError):
        # Somebody's own idea of a mail.
        return None
    if letter_id is None or mail.get_content_type() != "multipart/report":
        return None
    return Report(letter_id, for_good=any(status.startswith("5.") for status in failed))


def _parts(mail: Message) -> Iterator[Message]:
    for number, part in enumerate(mail.walk()):
        if number >= MOST_PARTS:
            return
        yield part


def _whose(mail: Message, parts: list[Message]) -> UUID | None:
    """The letter of which the token stands in the address it came to, or in the head of our own mail."""
    words = [str(mail.get(name, "")) for name in ("To", "Delivered-To", "X-Original-To", "Envelope-To")]
    for part in parts:
        if part.get_content_type() == "text/rfc822-headers":
            words.append(str(part.get_payload()))
        elif part is not mail:
            words.append(str(part.get(HEADER, "")))
    for found in _TOKEN.finditer("\n".join(words)[:MOST_BYTES]):
        letter_id = UUID(hex=found[1])
        if hmac.compare_digest(token(letter_id), found[0].lower()):
            return letter_id
    return None


def _failures(part: Message) -> Iterator[str]:
    """The status of each reader whom it did not reach (RFC 3464 section 2.3)."""
    blocks = part.get_payload() if part.get_content_type() == "message/delivery-status" else None
    for block in blocks if isinstance(blocks, list) else ():
        if isinstance(block, Message) and str(block.get("Action", "")).strip().lower() == "failed":
            yield str(block.get("Status", "")).strip()


def waiting(maildir: Path) -> list[Path]:
    """The mails in a Maildir that nobody read yet, the oldest first; a mail is in `new/` when it is whole."""
    new = maildir / "new"
    if not new.is_dir():
        return []
    found = [path for path in new.iterdir() if path.is_file() and not path.name.startswith(".")]
    return sorted(found, key=lambda path: path.name)


def read_file(path: Path) -> Report | None:
    """A mail that lies there; never more of it than a report has."""
    with path.open("rb") as opened:
        return read(opened.read(MOST_BYTES + 1))


def put_by(path: Path) -> None:
    """A mail that is no report stays for whoever keeps the box, as one that was seen."""
    seen = path.parent.parent / "cur"
    seen.mkdir(exist_ok=True)
    path.rename(seen / f"{path.name.partition(':')[0]}:2,S")
