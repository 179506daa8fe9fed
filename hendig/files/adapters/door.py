"""The one way in for a file."""

from __future__ import annotations

from django.conf import settings

from hendig.files import rules
from hendig.files.adapters import box, clamd
from hendig.files.rules import Brought, Welcome
from hendig.kernel.refusal import Refused, require


def let_in(content: bytes, welcome: Welcome) -> Brought:
    """Scanned, recognised by what is in it, and made anew. Refused in words that say what is possible.

    What is `AS_IT_IS` is not made anew. It takes a second: nothing may be locked meanwhile.
    """
    require(rules.why_not_this_size(len(content), welcome))
    if settings.CLAMD:
        require(rules.why_not_with_virus(_virus_in(content)))
    kind = rules.kind_for(content, welcome)
    require(rules.why_not_this_kind(kind, welcome))
    kept = content if kind in rules.AS_IT_IS else _anew(content, kind, welcome.square)
    return Brought(kept, is_photo=kind in rules.PHOTOS)


def _anew(content: bytes, kind: str, square: int) -> bytes:
    try:
        made = box.opened(content, kind, square=square)
    except box.Busy:
        raise Refused(rules.BUSY) from None
    require(rules.why_not_as_found(made.no, kind))
    return made.content


def _virus_in(content: bytes) -> str:
    """What the scanner found. One that does not answer lets nothing in."""
    try:
        return clamd.virus_in(content, settings.CLAMD)
    except clamd.Unreachable:
        raise Refused(rules.NOT_SCANNED) from None
