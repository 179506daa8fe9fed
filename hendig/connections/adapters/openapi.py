"""The description of the API by OpenAPI 3.1, as the NL GOV API Design Rules want it: made from one table."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.utils.translation import gettext_lazy as _

from hendig.connections.adapters import said
from hendig.connections.adapters.answers import API, PROBLEM, VERSION, WORDS
from hendig.connections.adapters.shapes import Schema, reference, schemas
from hendig.kernel.refusal import Words
from hendig.people.rules import Permission

JSON, XML, CSV = "application/json", "application/xml", "text/csv"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
TOKEN = "$SLEUTEL"  # noqa: S105 - what stands for one in an example


@dataclass(frozen=True, slots=True)
class Parameter:
    name: str
    words: Words
    schema: Mapping[str, Any]
    place: str = "query"


@dataclass(frozen=True, slots=True)
class Operation:
    """One thing that a system can ask: how, what for, what comes back, and an example."""

    name: str
    method: str
    path: str
    title: Words
    words: Words
    needs: Permission
    answers: Mapping[str, type | None]
    curl: str
    parameters: tuple[Parameter, ...] = ()
    takes: tuple[str, ...] = ()
    made: bool = False

    @property
    def is_open(self) -> bool:
        return self.needs is Permission.SEE_PUBLIC_PAGES

    def example(self, origin: str) -> str:
        """The command as somebody can type it."""
        token = () if self.is_open else (f'-H "Authorization: Bearer {TOKEN}"',)
        rest = filter(None, self.curl.split("\n"))
        return " \\\n  ".join(["curl", *token, *rest, f'"{origin}{API}{self.where}"'])

    @property
    def where(self) -> str:
        return EXAMPLES.get(self.name, self.path)


UUID: Schema = {"type": "string", "format": "uuid"}
INVOICE_ID = Parameter("invoiceId", _("De id van de factuur."), UUID, "path")
OPENAPI = "openapi.json"
TEXT = {"type": "string", "minLength": 1, "maxLength": 64}

OPERATIONS: tuple[Operation, ...] = (
    Operation(
        name="getDescription",
        method="get",
        path=f"/{OPENAPI}",
        title=_("Deze beschrijving"),
        words=_("De beschrijving van de API als OpenAPI 3.1. Hiervoor is geen sleutel nodig."),
        needs=Permission.SEE_PUBLIC_PAGES,
        answers={JSON: None},
        curl="",
    ),
    Operation(
        name="sendInvoice",
        method="post",
        path="/invoices",
        title=_("Stuur een factuur in"),
        words=_(
            "Een factuur, verbeterde factuur of creditnota als UBL (NLCIUS of Peppol BIS 3), of een"
            " rekenblad als XLSX of CSV. Bij een rekenblad hoort uw factuurnummer. Hetzelfde bestand"
            " nog eens insturen mag: het wordt één keer geboekt, en u krijgt met 200 de factuur die er"
            " al was. Weigeren wij een e-factuur, dan staat het antwoord voor uw systeem (Peppol Invoice"
            " Response, BIS 63) in invoiceResponse."
        ),
        needs=Permission.SEND_INVOICE,
        answers={JSON: said.Invoice},
        takes=(XML, XLSX, CSV),
        parameters=(
            Parameter(
                "number",
                _("Uw factuurnummer; alleen bij een rekenblad."),
                {"type": "string", "minLength": 1, "maxLength": 30},
            ),
            Parameter(
                "Idempotency-Key",
                _(
                    "Een eigen kenmerk van deze zending. Met hetzelfde kenmerk komt geen ander"
                    " bestand binnen."
                ),
                TEXT,
                "header",
            ),
        ),
        curl='-H "Content-Type: application/xml"\n--data-binary @factuur.xml',
        made=True,
    ),
    Operation(
        name="listInvoices",
        method="get",
        path="/invoices",
        title=_("Uw facturen"),
        words=_("De facturen van uw organisatie, de nieuwste eerst."),
        needs=Permission.SEE_INVOICE,
        answers={JSON: said.Invoices},
        parameters=(
            Parameter("after", _("De waarde van next uit het vorige antwoord: wat daarna komt."), UUID),
            Parameter(
                "limit",
                _("Hoeveel er hoogstens komen."),
                {"type": "integer", "minimum": 1, "maximum": 100, "default": 25},
            ),
            Parameter("number", _("Alleen die met dit nummer: dat van u, of dat van ons."), TEXT),
            Parameter("idempotencyKey", _("Alleen wat met dit kenmerk werd ingestuurd."), TEXT),
        ),
        curl="-G\n--data-urlencode number=F-2026-17",
    ),
    Operation(
        name="getInvoice",
        method="get",
        path="/invoices/{invoiceId}",
        title=_("Hoe het met een factuur staat"),
        words=_("Of zij klopt, welke vragen er zijn in woorden, en op welke dag de bank betaalde."),
        needs=Permission.SEE_INVOICE,
        answers={JSON: said.Invoice},
        parameters=(INVOICE_ID,),
        curl="",
    ),
    Operation(
        name="getInvoiceResponse",
        method="get",
        path="/invoices/{invoiceId}/response",
        title=_("Het antwoord voor uw systeem"),
        words=_("Hetzelfde als Peppol Invoice Response (BIS 63), van een factuur die u instuurde."),
        needs=Permission.SEE_INVOICE,
        answers={XML: None},
        parameters=(INVOICE_ID,),
        curl="",
    ),
    Operation(
        name="listJournals",
        method="get",
        path="/journals",
        title=_("De journalen"),
        words=_("De maanden waarvan het journaal is gemaakt, de nieuwste eerst."),
        needs=Permission.SEE_JOURNAL,
        answers={JSON: said.Journals},
        curl="",
    ),
    Operation(
        name="getJournal",
        method="get",
        path="/journals/{month}",
        title=_("Het journaal van een maand"),
        words=_(
            "Facturen, creditnota’s en wat de bank betaalde, per code met het taakveld van Iv3. Het"
            " verandert nooit meer. Wilt u CSV, vraag dan text/csv."
        ),
        needs=Permission.SEE_JOURNAL,
        answers={JSON: said.Journal, CSV: None},
        parameters=(
            Parameter(
                "month", _("De maand, als 2026-11."), {"type": "string", "pattern": r"^\d{4}-\d{2}$"}, "path"
            ),
        ),
        curl='-H "Accept: text/csv"',
    ),
    Operation(
        name="getPaymentChain",
        method="get",
        path="/payments/{reference}/chain",
        title=_("De keten van een betaling"),
        words=_(
            "Van de regel van de bank terug tot de afspraken, met de regel die haar goed maakte. Het"
            " kenmerk staat in het journaal en op het afschrift. Wilt u CSV, vraag dan text/csv."
        ),
        needs=Permission.FOLLOW_PAYMENT,
        answers={JSON: said.PaymentChain, CSV: None},
        parameters=(Parameter("reference", _("Het kenmerk van de betaling."), {"type": "string"}, "path"),),
        curl="",
    ),
)
# What stands in an example where the address has a hole.
EXAMPLES: Mapping[str, str] = {
    "getInvoice": "/invoices/$FACTUUR",
    "getInvoiceResponse": "/invoices/$FACTUUR/response",
    "getJournal": "/journals/2026-11",
    "getPaymentChain": "/payments/$KENMERK/chain",
}
TAGS = {"invoices": _("Voor het kantoor van een partner"), "journals": _("Voor financiën van de gemeente")}
TAGS |= {"payments": TAGS["journals"], OPENAPI: _("Over deze API")}
HEADERS: Schema = {"API-Version": {"description": _("De versie van de API."), "schema": {"type": "string"}}}
# Whoever describes APIs may read ours from a page of their own.
ANY_ORIGIN: Schema = {
    "access-control-allow-origin": {"description": _("Ieder mag dit lezen."), "schema": {"type": "string"}}
}
NO: Schema = {
    "type": "object",
    "properties": {
        "type": {"type": "string"},
        "title": {"type": "string"},
        "status": {"type": "integer"},
        "detail": {"type": "string", "description": _("Waarom niet, in een zin.")},
        "code": {"type": "string", "description": _("Hetzelfde voor een programma.")},
        "errors": {"type": "array", "items": reference(said.Fault)},
        "invoiceResponse": {
            "type": "string",
            "description": _(
                "Bij een geweigerde e-factuur: het antwoord als Peppol Invoice Response (BIS 63)."
            ),
        },
    },
    "required": ["type", "title", "status", "detail"],
}
INTRODUCTION = _(
    "Voor het systeem van een partner, en voor het financiële pakket van de gemeente. Er staat nooit"
    " een naam of BSN van een jeugdige in. Een sleutel maakt het kantoor of financiën zelf, bij"
    " Koppelingen. Bedragen zijn in centen."
)


def origin() -> str:
    return settings.ORIGIN.rstrip("/")


def document(town: str) -> Schema:
    """The description, for the municipality with this name."""
    paths: dict[str, Any] = {}
    for one in OPERATIONS:
        paths.setdefault(one.path, {})[one.method] = _operation(one)
    return {
        "openapi": "3.1.0",
        "info": {
            "title": f"Hendig {town}".strip(),
            "description": INTRODUCTION,
            "version": VERSION,
            "contact": {
                "name": f"Hendig {town}".strip(),
                "email": settings.API_CONTACT,
                "url": f"{origin()}/koppelingen/uitleg/",
            },
            "license": {"name": "EUPL-1.2", "identifier": "EUPL-1.2"},
        },
        "servers": [{"url": f"{origin()}{API}"}],
        "tags": [{"name": name} for name in dict.fromkeys(TAGS.values())],
        "security": [{"token": []}],
        "paths": paths,
        "components": {
            "schemas": {**schemas(_kinds()), "Problem": NO},
            "securitySchemes": {"token": {"type": "http", "scheme": "bearer"}},
        },
    }


def _kinds() -> Iterator[type]:
    for one in OPERATIONS:
        yield from filter(None, one.answers.values())
    yield said.Fault


def _operation(one: Operation) -> Schema:
    made: Schema = {
        "operationId": one.name,
        "tags": [TAGS[one.path.split("/")[1]]],
        "summary": one.title,
        "description": one.words,
        "parameters": [_parameter(parameter) for parameter in one.parameters],
        "responses": _responses(one),
    }
    if one.is_open:
        made["security"] = []
    if one.takes:
        content = {media: {"schema": {"type": "string", "format": "binary"}} for media in one.takes}
        made["requestBody"] = {"required": True, "content": content}
    return made


def _parameter(one: Parameter) -> Schema:
    return {
        "name": one.name,
        "in": one.place,
        "description": one.words,
        "required": one.place == "path",
        "schema": dict(one.schema),
    }


def _responses(one: Operation) -> Schema:
    content = {
        media: {"schema": reference(kind) if kind else _free(media)} for media, kind in one.answers.items()
    }
    headers = {**HEADERS, **(ANY_ORIGIN if one.is_open else {})}
    right = {"description": _("Gelukt."), "headers": headers, "content": content}
    made = {"200": right}
    if one.made:
        made["201"] = {**right, "description": _("Ontvangen en nagekeken.")}
    return {**made, **{str(status): _no(status) for status in sorted(_noes(one))}}


def _free(media: str) -> Schema:
    return {"type": "object"} if media == JSON else {"type": "string"}


def _noes(one: Operation) -> Sequence[int]:
    """Which problems may come: all that the rules ask, and those of this operation."""
    if one.is_open:
        return [405, 406]
    noes = [400, 401, 403, 405, 406, 429, 500, 503]
    return [*noes, *([413, 415, 422] if one.takes else []), *([404] if "{" in one.path else [])]


def _no(status: int) -> Schema:
    words = str(WORDS.get(status, _("Een regel zegt nee. U leest welke.")))
    return {
        "description": words,
        "headers": HEADERS,
        "content": {PROBLEM: {"schema": {"$ref": "#/components/schemas/Problem"}}},
    }
