"""The page of the systems that may come in; and the API, in which each address names its permission."""

from __future__ import annotations

from functools import wraps

from django.http import HttpResponse
from django.urls import URLPattern, path
from django.views.decorators.csrf import csrf_exempt

from hendig.audit.forms import Request
from hendig.connections import views
from hendig.connections.adapters.answers import API
from hendig.people.rules import Permission
from hendig.people.urls import route

KEEP = Permission.KEEP_CONNECTIONS
SEE, SEND = Permission.SEE_INVOICE, Permission.SEND_INVOICE


def machine(where: str, *, name: str, needs: Permission, **ways: tuple[views.View, Permission]) -> URLPattern:
    """An address for systems: what answers by method, reached with a token that has the permission.

    No browser comes here by its session, so no form of another site can ask in somebody's name.
    """
    by_method = {method.upper(): way for method, way in ways.items()}

    @csrf_exempt
    @wraps(views.answered)
    def guarded(request: Request, **named: object) -> HttpResponse:
        return views.answered(request, by_method, needs, named)

    guarded.needs = needs  # type: ignore[attr-defined]
    guarded.for_machines = True  # type: ignore[attr-defined]
    return path(f"{API.strip('/')}/{where}", guarded, name=name)


def reads(where: str, view: views.View, *, name: str, needs: Permission) -> URLPattern:
    return machine(where, name=name, needs=needs, get=(view, needs))


urlpatterns = [
    route("koppelingen/", views.connections, name="connections", needs=KEEP),
    route("koppelingen/nieuw/", views.new_connection, name="new_connection", needs=KEEP),
    route("koppelingen/<uuid:connection_id>/stop/", views.end_connection, name="end_connection", needs=KEEP),
    route("koppelingen/uitleg/", views.explained, name="explained", needs=Permission.SEE_PUBLIC_PAGES),
    reads("openapi.json", views.api_description, name="api_description", needs=Permission.SEE_PUBLIC_PAGES),
    machine(
        "invoices",
        name="api_invoices",
        needs=SEE,
        get=(views.api_invoices, SEE),
        post=(views.api_send, SEND),
    ),
    reads("invoices/<uuid:invoice_id>", views.api_invoice, name="api_invoice", needs=SEE),
    reads("invoices/<uuid:invoice_id>/response", views.api_response, name="api_response", needs=SEE),
    reads("journals", views.api_journals, name="api_journals", needs=Permission.SEE_JOURNAL),
    reads("journals/<str:month>", views.api_journal, name="api_journal", needs=Permission.SEE_JOURNAL),
    reads(
        "payments/<str:reference>/chain",
        views.api_chain,
        name="api_chain",
        needs=Permission.FOLLOW_PAYMENT,
    ),
]
