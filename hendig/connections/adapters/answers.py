"""How the API answers: data as JSON, a no as a problem (RFC 9457), and always with the version."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from http import HTTPStatus
from typing import Any

from django.http import HttpResponse
from django.utils.translation import gettext_lazy as _

from hendig.connections.adapters.shapes import plain
from hendig.kernel.refusal import Words

API = "/api/v1"
VERSION = "1.0.0"
PROBLEM = "application/problem+json"

WORDS: Mapping[int, Words] = {
    400: _("Deze vraag is niet te lezen. Kijk in de beschrijving hoe het moet."),
    401: _("Deze sleutel opent niets. Vraag een nieuwe aan wie de koppeling beheert."),
    403: _("Deze sleutel is hier niet voor gemaakt."),
    404: _("Dit is er niet."),
    405: _("Dit kan hier niet op deze manier."),
    406: _("In die vorm geven wij dit niet."),
    413: _("Dit bestand is te groot."),
    415: _("Dit soort bestand nemen wij hier niet aan."),
    429: _("Dit is te vaak gevraagd. Wacht een minuut."),
    500: _("Er ging iets mis bij ons. Probeer het later opnieuw."),
    503: _("Wij kunnen nu niet antwoorden. Probeer het zo opnieuw."),
}


def is_api(path: str) -> bool:
    """Whether a system is asking: nobody comes here with a browser and a session."""
    return path == "/api" or path.startswith("/api/")


def data(value: object, status: int = 200) -> HttpResponse:
    """A dataclass as JSON, with names as the API writes them."""
    body = json.dumps(plain(value), ensure_ascii=False)
    return versioned(HttpResponse(body, status=status, content_type="application/json"))


def problem(
    status: int,
    detail: Words | None = None,
    *,
    code: str = "",
    errors: Sequence[object] = (),
    answer: str = "",
) -> HttpResponse:
    """Why not, in a sentence; `code` is for programs, `errors` says all that is wrong with a file.

    The `answer` is the document of Peppol that says the same of a refused e-invoice.
    """
    said: dict[str, Any] = {
        "type": "about:blank",
        "title": HTTPStatus(status).phrase,
        "status": status,
        "detail": str(detail or WORDS[status]),
    }
    if code:
        said["code"] = code
    if errors:
        said["errors"] = plain(errors)
    if answer:
        said["invoiceResponse"] = answer
    response = HttpResponse(json.dumps(said, ensure_ascii=False), status=status, content_type=PROBLEM)
    # That it was asked counts, also when the answer is no: what an action began is undone by itself.
    response.commits = status < 500  # type: ignore[attr-defined]
    return versioned(response)


def versioned(response: HttpResponse) -> HttpResponse:
    response["API-Version"] = VERSION
    return response
