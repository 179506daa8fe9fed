"""Error pages: one sentence why, and what is possible instead."""

from __future__ import annotations

import logging
import sys
import traceback

from django.db import OperationalError
from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.utils.translation import gettext as _

from hendig.connections.adapters.answers import is_api, problem
from hendig.kernel.refusal import Words

log = logging.getLogger("hendig.errors")
# Seconds after which a browser or a program may try again.
BACK_IN = "10"


def page(request: HttpRequest, status: int, message: Words | None = None) -> HttpResponse:
    """The page for a status, the same bytes for everything that is not there or not yours.

    A system gets a problem instead.
    """
    if is_api(request.path):
        return problem(status, message)
    # No forms: their tokens and paths would make the answers differ. Nor why one may look: this shows no
    # record, and whether one was opened on the way here would tell what exists.
    context: dict[str, object] = {"formless": True, "because": None}
    if message is not None:
        context["message"] = message
    return HttpResponse(render_to_string(f"{status}.html", context, request=request), status=status)


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    return page(request, 400)


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    return page(request, 404)


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    return page(request, 403, _("Deze pagina stond te lang open. Ga terug en probeer het nog eens."))


def server_error(request: HttpRequest) -> HttpResponse:
    """503 when the database has no room or is not there: nothing is wrong, and who comes back is helped.

    The operator reads what it was and where, and nothing that anybody asked for or wrote.
    """
    error = sys.exception()
    away = isinstance(error, OperationalError)
    log.error(
        "%s %s on %s, at %s", 503 if away else 500, type(error).__name__, _named(request), _place(error)
    )
    if is_api(request.path):
        response = problem(503 if away else 500)
        if away:
            response["Retry-After"] = BACK_IN
        return response
    if away:
        return HttpResponse(render_to_string("503.html"), status=503, headers={"Retry-After": BACK_IN})
    return HttpResponse(render_to_string("500.html"), status=500)


def _named(request: HttpRequest) -> str:
    """The page by its name: its address says whose it is."""
    return (request.resolver_match.view_name if request.resolver_match else "") or "no page"


def _place(error: BaseException | None) -> str:
    """The line of ours where it went wrong, or else the last; never its words, which may be somebody's."""
    lines = traceback.extract_tb(error.__traceback__) if error else traceback.StackSummary()
    ours = [line for line in lines if "/hendig/" in line.filename and "/site-packages/" not in line.filename]
    found = [f"{line.filename.rpartition('/hendig/')[2]}:{line.lineno}" for line in ours or lines]
    return found[-1] if found else "an unknown place"
