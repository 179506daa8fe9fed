"""OpenID Connect, by allauth: there and back to the provider, and what it says of somebody.

allauth keeps the state, the proof key and the token; it never makes or finds an account here. What the
provider says goes to the caller of `back`, and nothing of it is kept but the subject, by an action.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, NoReturn

from allauth.core.exceptions import ImmediateHttpResponse
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter
from allauth.socialaccount.providers.base import AuthProcess
from allauth.socialaccount.providers.oauth2.views import OAuth2CallbackView
from allauth.socialaccount.providers.openid_connect.views import OpenIDConnectOAuth2Adapter
from django.conf import settings
from django.http import HttpRequest, HttpResponseBase
from django.urls import reverse

PROVIDER = "broker"
SECONDS = 10


@dataclass(frozen=True, slots=True)
class Claims:
    """What the provider says of somebody."""

    subject: str
    email: str
    level: str


class Failed(Exception):
    """It did not come back as it went, or the provider does not answer."""


class Returned(Exception):
    """Somebody came back; not an error, but the way out of allauth before it would look for an account."""

    def __init__(self, claims: Claims) -> None:
        super().__init__("returned")
        self.claims = claims


class Adapter(DefaultSocialAccountAdapter):  # type: ignore[misc]
    """What allauth asks of the house: patience, and what to do when something fails."""

    def get_requests_session(self) -> Any:
        session = super().get_requests_session()
        send = session.request
        session.request = lambda *args, **more: send(*args, **{"timeout": SECONDS, **more})
        return session

    def on_authentication_error(self, *_about: object, **_more: object) -> NoReturn:
        raise Failed

    def is_open_for_signup(self, *_about: object) -> bool:
        return False


class Broker(OpenIDConnectOAuth2Adapter):  # type: ignore[misc]
    """The provider that the settings name, with an address of ours to come back to."""

    def get_callback_url(self, *_about: object) -> str:
        return f"{settings.ORIGIN}{reverse('broker_back')}"

    def complete_login(self, request: HttpRequest, app: object, token: object, **more: Any) -> NoReturn:
        found = super().complete_login(request, app, token, **more).account.extra_data
        said = {**found.get("userinfo", {}), **found["id_token"]}
        if found.get("userinfo", said)["sub"] != said["sub"]:
            raise Failed
        verified = said.get("email_verified") is True
        raise Returned(
            Claims(
                subject=str(said["sub"]),
                email=str(said.get("email", "")) if verified else "",
                level=str(said.get(settings.OIDC_LEVEL_CLAIM, "")),
            )
        )


def away(request: HttpRequest) -> HttpResponseBase:
    """To the provider. `Failed` when it does not answer."""
    broker = Broker(request, PROVIDER)
    provider = broker.get_provider()
    provider.oauth2_adapter_class = Broker
    try:
        answer: HttpResponseBase = provider.redirect(request, AuthProcess.LOGIN)
    except (OSError, ValueError, KeyError) as problem:  # every error of requests is an OSError
        raise Failed from problem
    return answer


def back(request: HttpRequest) -> Claims:
    """What the provider says of who came back. `Failed` when this browser did not ask, or it went wrong."""
    try:
        OAuth2CallbackView.adapter_view(Broker(request, PROVIDER))(request)
    except Returned as somebody:
        return somebody.claims
    except (ImmediateHttpResponse, OSError, ValueError, KeyError) as problem:
        raise Failed from problem
    raise Failed
