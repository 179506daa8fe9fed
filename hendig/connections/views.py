from __future__ import annotations

from collections.abc import Callable, Mapping
from uuid import UUID

from django import forms as django_forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from hendig.audit.forms import Request
from hendig.billing import queries as billing
from hendig.connections import actions, forms, queries
from hendig.connections.adapters import openapi
from hendig.connections.adapters.answers import data, problem, versioned
from hendig.connections.adapters.said import Fault
from hendig.kernel.refusal import Refused
from hendig.people import queries as people
from hendig.people.adapters import factors
from hendig.people.rules import Permission, may, require_permission
from hendig.people.views import is_fresh, show_again

# Seconds after which who asked too often may ask again.
LATER = "60"
View = Callable[..., HttpResponse]
# By the method of a request: what answers, and what one needs for it.
Ways = Mapping[str, tuple[View, Permission]]


# --- pages ------------------------------------------------------------------------------------------------


@require_GET
def connections(request: Request) -> HttpResponse:
    page = queries.connections(request.actor, at=request.at)
    return render(request, "connections/connections.html", {"page": page})


def new_connection(request: Request) -> HttpResponse:
    """The token is on the answer to this form and nowhere else; that answer is kept by nobody."""
    form = forms.ConnectionForm.asked(request, queries.offer(request.actor, at=request.at))
    if form.is_bound and form.is_valid() and not is_fresh(request):
        return show_again(request)
    token = form.done(
        lambda: actions.make_connection(actor=request.actor, at=request.at, **form.cleaned_data)
    )
    page = {"form": form, "token": token}
    response = render(request, "connections/new.html", page, status=form.http_status)
    response.alone = True  # type: ignore[attr-defined]
    response["Cache-Control"] = "no-store"
    return response


@require_POST
def end_connection(request: Request, connection_id: UUID) -> HttpResponse:
    actions.end_connection(actor=request.actor, connection_id=connection_id, at=request.at)
    messages.success(request, _("De sleutel is gestopt. Het systeem komt er niet meer in."))
    return redirect("connections")


@require_GET
def explained(request: Request) -> HttpResponse:
    origin = openapi.origin()
    page = [(one, one.example(origin)) for one in openapi.OPERATIONS]
    return render(request, "connections/explained.html", {"page": page})


# --- the API ----------------------------------------------------------------------------------------------


def answered(request: Request, ways: Ways, needs: Permission, named: Mapping[str, object]) -> HttpResponse:
    """What a system asks, when its token is for it; a rule that says no is a problem with its words."""
    no = _stopped(request, needs)
    if no is not None:
        return no
    require_permission(request.actor, needs)
    way = ways.get("GET" if request.method == "HEAD" else request.method or "")
    if way is None:
        refusal = problem(405)
        refusal["Allow"] = ", ".join(ways)
        return refusal
    view, permission = way
    require_permission(request.actor, permission)
    try:
        return versioned(view(request, **named))
    except Refused as refused:
        return problem(422, refused.refusal.message, code=refused.refusal.code)


def _stopped(request: Request, needs: Permission) -> HttpResponse | None:
    """Who comes without a token that opens anything, or too often."""
    system = request.actor.connection_id
    if system is None and may(request.actor, needs):
        return None
    allowed = factors.allowed(request, "system", str(system)) if system else factors.allowed(request, "token")
    if not allowed:
        busy = problem(429)
        busy["Retry-After"] = LATER
        return busy
    if system is not None:
        if not request.comer.told:
            actions.note_use(actor=request.actor, at=request.at)
        return None
    wrong = problem(401)
    wrong["WWW-Authenticate"] = "Bearer"
    # That it was tried stands in the log.
    what = request.resolver_match.url_name if request.resolver_match else "unknown"
    wrong.refusal = {"actor": request.actor, "what": what, "at": request.at, "code": "connection.no_token"}  # type: ignore[attr-defined]
    return wrong


def api_description(request: Request) -> HttpResponse:
    town = people.municipality(request.actor.municipality_id)
    response = data(openapi.document(town.name if town else ""))
    response["Access-Control-Allow-Origin"] = "*"
    return response


def api_invoices(request: Request) -> HttpResponse:
    asked = forms.InvoicesQuery(request.GET)
    if not asked.is_valid():
        return _unreadable(asked)
    said = asked.cleaned_data
    found = queries.invoices(
        request.actor,
        at=request.at,
        after=said["after"],
        limit=said["limit"] or queries.PAGE,
        number=said["number"],
        key=said["idempotencyKey"],
    )
    return data(found)


def api_send(request: Request) -> HttpResponse:
    asked = forms.SendQuery.of(request)
    if not asked.is_valid():
        return _unreadable(asked)
    file = forms.incoming(request)
    if file is None:
        return problem(415)
    if file.is_sheet and not asked.cleaned_data["number"]:
        return problem(400, _("Bij een rekenblad hoort uw factuurnummer: zet ?number= in het adres."))
    came = actions.receive(
        actor=request.actor, brought=file.brought, is_sheet=file.is_sheet, at=request.at, **asked.cleaned_data
    )
    if came.invoice_id is None:
        faults = [Fault(one.rule, one.words, one.where, one.line) for one in came.wrong]
        return problem(422, came.why, code=came.code, errors=faults, answer=came.answer.decode())
    said = queries.invoice(request.actor, came.invoice_id, at=request.at)
    response = data(said, 201 if came.is_new else 200)
    response["Location"] = openapi.origin() + reverse("api_invoice", args=[came.invoice_id])
    return response


def api_invoice(request: Request, invoice_id: UUID) -> HttpResponse:
    return data(queries.invoice(request.actor, invoice_id, at=request.at))


def api_response(request: Request, invoice_id: UUID) -> HttpResponse:
    file = billing.response(request.actor, invoice_id, at=request.at)
    return HttpResponse(file.content, content_type=file.media_type)


def api_journals(request: Request) -> HttpResponse:
    return data(queries.journals(request.actor, at=request.at))


def api_journal(request: Request, month: str) -> HttpResponse:
    asked = forms.MonthQuery({"month": month})
    if not asked.is_valid():
        return _unreadable(asked)
    kind = _wanted(request, openapi.JSON, openapi.CSV)
    if kind is None:
        return problem(406)
    journal_id = billing.journal_of(request.actor, asked.cleaned_data["month"])
    # Whoever looks each hour whether it is there yet does nothing that the log should tell.
    if journal_id is None:
        return problem(404)
    file = billing.journal_file(request.actor, journal_id, kind)
    return HttpResponse(file.content, content_type=file.kind)


def api_chain(request: Request, reference: str) -> HttpResponse:
    asked = forms.ReferenceQuery({"reference": reference})
    kind = _wanted(request, openapi.JSON, openapi.CSV)
    if kind is None:
        return problem(406)
    named = asked.cleaned_data["reference"] if asked.is_valid() else ""
    payment_id = billing.payment_called(request.actor, named) if named else None
    if payment_id is None:
        return problem(404)
    chain = queries.payment_chain(request.actor, payment_id, at=request.at)
    if kind == "json":
        return data(chain)
    file = billing.chain_file(chain.payment, kind)
    return HttpResponse(file.content, content_type=file.kind)


def _wanted(request: HttpRequest, *media: str) -> str | None:
    """Which of these forms is asked for, by the name of its file; None for neither."""
    found = request.get_preferred_type(list(media))
    return found and found.rpartition("/")[2]


def _unreadable(asked: django_forms.Form) -> HttpResponse:
    """What a system asked in a way that cannot be read: which of its parameters."""
    faults = [Fault(name, " ".join(map(str, words)), name, 0) for name, words in asked.errors.items()]
    return problem(400, errors=faults)
