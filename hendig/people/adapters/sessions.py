"""Sessions as Django keeps them, read along with who signed in there."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.contrib.sessions.backends import db
from django.http import HttpRequest
from django.utils import timezone


class SessionStore(db.SessionStore):
    def fill(self, kept: str) -> None:
        """What the session holds is not read once more."""
        self.accessed = True
        self._session_cache = self.decode(kept)


def moment() -> datetime:
    """Now, by the clock by which Django says until when a session stands."""
    return timezone.now()


def came_along(request: HttpRequest, kept: str, account_id: UUID) -> bool:
    """The session of the request holds what was read already; False when that is not of this account."""
    assert isinstance(request.session, SessionStore)
    request.session.fill(kept)
    return bool(request.session.get("account") == str(account_id))
