"""Coming in by the door itself: the code of the mail, and the code of an app."""

from __future__ import annotations

import re
import time
from datetime import timedelta

from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value
from allauth.usersessions.models import UserSession
from django.db.models import F
from django.test import Client

from hendig.people.models import Letter


def code_in(mail: Letter) -> str:
    found = re.search(r"\b\d{6}\b", mail.body)
    assert found
    return found[0]


def by_mail(client: Client, email: str, *, where: str = "") -> str:
    """The browser typed the code of the mail; where it is sent then."""
    asked = client.post(f"/aanmelden/{where}", {"email": email})
    code = code_in(Letter.objects.filter(to=email).latest("id"))
    return str(client.post(asked["Location"], {"code": code})["Location"])


def app_code(secret: str, *, later: int = 0) -> str:
    """What an app with this secret shows now, or some codes later."""
    return str(format_hotp_value(hotp_value(secret, int(time.time()) // 30 + later)))


def secret_on(page: str) -> str:
    found = re.search(r'class="key">([A-Z2-7]+)<', page)
    assert found
    return found[1]


def add_app(client: Client) -> str:
    """The browser set up an app; its secret."""
    secret = secret_on(client.get("/aanmelden/app/").content.decode())
    assert client.post("/aanmelden/app/", {"code": app_code(secret)}).status_code == 302
    return secret


def still_for(minutes: float) -> None:
    """Nobody touched anything in any browser for so long."""
    UserSession.objects.update(last_seen_at=F("last_seen_at") - timedelta(minutes=minutes))
