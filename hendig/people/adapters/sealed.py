"""What is kept where others may see it: locked with a key of this installation, of one purpose each."""

from __future__ import annotations

from dataclasses import dataclass

import orjson
from cryptography.fernet import InvalidToken
from django.http import HttpRequest

from hendig.audit.models import lock

KEPT_FOR = 12 * 3600
MOST = 100_000


@dataclass(frozen=True, slots=True)
class Post:
    """A form that was not handled yet: where it was going, and its fields."""

    path: str
    fields: tuple[tuple[str, str], ...]


def closed(request: HttpRequest) -> str:
    """The form of this request, unreadable for who has the session's row; nothing when it is too much."""
    fields = [(name, value) for name, values in request.POST.lists() for value in values]
    words = orjson.dumps([request.path, [pair for pair in fields if pair[0] != "csrfmiddlewaretoken"]])
    return lock("form").encrypt(words).decode() if len(words) <= MOST else ""


def opened(kept: str) -> Post | None:
    """The form again; None when there is none, or it is too old."""
    try:
        path, fields = orjson.loads(lock("form").decrypt(kept, ttl=KEPT_FOR))
    except InvalidToken:
        return None
    return Post(path, tuple((name, value) for name, value in fields))
