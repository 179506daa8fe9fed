"""A token: what a system shows to come in. Long enough that nobody guesses one."""

from __future__ import annotations

import hashlib
import hmac
import secrets

from django.conf import settings

# So that who scans code for secrets that somebody left there knows one of ours.
MARK = "hendig_"


def new_token() -> str:
    return f"{MARK}{secrets.token_urlsafe(32)}"


def fingerprint(token: str) -> bytes:
    """What is kept of a token: useless without the secret of the installation."""
    return hmac.digest(settings.SECRET_KEY.encode(), f"connection:{token}".encode(), hashlib.sha256)
