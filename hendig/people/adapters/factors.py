"""Passkeys (WebAuthn), codes of an app (TOTP) and recovery codes: their words and sums, by allauth.

Whatever is wrong with what a browser sends is one answer: False or None. What follows is for the actions.
"""

from __future__ import annotations

import base64
from dataclasses import dataclass
from datetime import timedelta
from hmac import compare_digest
from typing import Any
from urllib.parse import urlsplit
from uuid import UUID

from allauth.core.internal import ratelimit
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal import auth as totp
from allauth.mfa.webauthn.internal import auth as webauthn
from django.conf import settings
from django.core.exceptions import ValidationError

from hendig.audit.actions import counted
from hendig.audit.forms import Request
from hendig.audit.models import lock
from hendig.kernel.refusal import require
from hendig.people import rules
from hendig.people.models import User

Type = Authenticator.Type
MINUTE, HOUR = timedelta(minutes=1), timedelta(hours=1)
# How often within what time. A municipality may come in by one address; a guesser comes by one as well.
PER_ADDRESS = {"door": (60, MINUTE), "factor": (60, MINUTE), "question": (30, HOUR), "token": (30, MINUTE)}
PER_PERSON = {"factor": (5, 5 * MINUTE), "danger": (10, HOUR), "colleague": (5, HOUR), "find": (60, MINUTE)}
# A system may ask more often than a person, and no more than that.
PER_PERSON |= {"system": (120, MINUTE)}
# Nobody guesses by it: it slows down who would list everybody that is open to them.
FLEETING = frozenset({"find", "system"})


class Adapter(DefaultMFAAdapter):  # type: ignore[misc]
    """What allauth asks of the house: names for the keeper of passkeys, and a lock on its secrets."""

    def encrypt(self, text: str) -> str:
        return lock("second factor").encrypt(text.encode()).decode()

    def decrypt(self, encrypted_text: str) -> str:
        return lock("second factor").decrypt(encrypted_text.encode()).decode()

    def _get_user_identifier(self, user: User) -> str:
        return user.account.email

    def _get_site_name(self) -> str:
        return "Hendig"

    def get_public_key_credential_rp_entity(self) -> dict[str, str]:
        """One keeper for all doors of an installation: what was made at one of them works at the others."""
        entity = super().get_public_key_credential_rp_entity()
        house = urlsplit(settings.ORIGIN).hostname or ""
        return {**entity, "id": house} if entity["id"].endswith(f".{house}") else entity

    def get_public_key_credential_user_entity(self, user: User) -> dict[str, Any]:
        return {**super().get_public_key_credential_user_entity(user), "display_name": user.account.name}


def allowed(request: Request, what: str, key: str = "") -> bool:
    """Whether this address (and this person, by `key`) did not try too often of late. At most 2 queries."""
    asked = [(PER_ADDRESS, f"address:{ratelimit.get_ip(request)}"), (PER_PERSON, f"person:{key}")]
    return all(
        counted(
            what,
            who,
            times=limits[what][0],
            within=limits[what][1],
            at=request.at,
            fleeting=what in FLEETING,
        )
        for limits, who in asked
        if what in limits
    )


def require_allowed(request: Request, what: str, key: str = "") -> None:
    """Refused when this was tried too often of late."""
    require(rules.why_too_often(allowed=allowed(request, what, key)))


def offer_passkey(user_id: UUID) -> dict[str, Any]:
    """What the browser needs to make a passkey; its question stays in the session."""
    return dict(webauthn.begin_registration(_user(user_id), passwordless=True)["publicKey"])


def _user(user_id: UUID) -> User:
    return User.objects.select_related("account").get(pk=user_id)


def passkey_made(answer: object) -> bool:
    """Whether the browser made a passkey for the question in the session, and asked who was there."""
    try:
        webauthn.parse_registration_response(answer)
        return bool(webauthn.complete_registration(answer).is_user_verified())
    except (ValidationError, ValueError, TypeError, KeyError, AttributeError):
        return False


def ask_passkey() -> dict[str, Any]:
    """What the browser needs to prove any passkey it has for us; the question stays in the session."""
    return dict(webauthn.begin_authentication(None)["publicKey"])


def proven_passkey(answer: object) -> Authenticator | None:
    """The passkey that answers the question in the session; None when it does not."""
    try:
        webauthn.parse_authentication_response(answer)
        user = webauthn.extract_user_from_response(answer)
        return webauthn.complete_authentication(user, answer)
    except (ValidationError, ValueError, TypeError, KeyError, AttributeError):
        return None


@dataclass(frozen=True, slots=True)
class AppOffer:
    """What an app needs to make codes: as a picture to point at and as letters to type."""

    secret: str
    picture: str


def offer_app(user_id: UUID, *, again: bool) -> AppOffer:
    """A secret for an app; the same one `again` while the page asks for the first code."""
    secret = totp.get_totp_secret(regenerate=not again)
    adapter = Adapter()
    svg = adapter.build_totp_svg(adapter.build_totp_url(_user(user_id), secret))
    return AppOffer(secret, "data:image/svg+xml;base64," + base64.b64encode(svg.encode()).decode())


def app_answers(typed: str) -> int | None:
    """The number of this code in the row that the app makes, when it was given the secret; else None."""
    return _number_of(typed.replace(" ", ""), totp.get_totp_secret(), after=0)


def _number_of(code: str, secret: str, *, after: int) -> int | None:
    """Which code in the row this is; None when it is not one of now, or not later than the last used."""

    def same(number: int) -> bool:
        made: str = totp.format_hotp_value(totp.hotp_value(secret, number))
        return compare_digest(code.encode(), made.encode())

    numbers = totp.yield_hotp_counters_from_time()
    return next((number for number in numbers if number > after and same(number)), None)


def typed_factor(user_id: UUID, typed: str) -> Authenticator | None:
    """The app or the recovery codes of this person that the typed code belongs to; it works once."""
    code = typed.replace(" ", "")
    rows = {row.type: row for row in Authenticator.objects.filter(user_id=user_id)}
    app, recovery = rows.get(Type.TOTP), rows.get(Type.RECOVERY_CODES)
    if app and (number := _number_of(code, Adapter().decrypt(app.data["secret"]), after=app.data["number"])):
        app.data["number"] = number
        app.save(update_fields=["data"])
        return app
    return recovery if recovery and recovery.wrap().validate_code(code) else None


def make_recovery_codes(user_id: UUID) -> None:
    """Ten codes for the day that the phone is gone; the ones before them no longer work."""
    Authenticator.objects.filter(user_id=user_id, type=Type.RECOVERY_CODES).delete()
    RecoveryCodes.activate(_user(user_id))


def recovery_codes(user_id: UUID) -> list[str]:
    """The recovery codes that were not used yet."""
    made = Authenticator.objects.filter(user_id=user_id, type=Type.RECOVERY_CODES).first()
    return list(made.wrap().get_unused_codes()) if made else []
