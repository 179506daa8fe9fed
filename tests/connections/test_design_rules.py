"""Our description of the API keeps the NL GOV API Design Rules, and the API keeps to its description."""

from __future__ import annotations

import json
import os
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from hendig.connections import urls
from hendig.connections.adapters import openapi
from hendig.connections.adapters.answers import API
from hendig.connections.adapters.shapes import plain
from tests.connections.design_rules import CHECKS, faults
from tests.connections.test_api import send, sheet, with_another_total
from tests.support.connections import ask, right, token
from tests.support.world import World


def cases() -> list[Path]:
    folder = os.environ.get("HENDIG_CONFORMANCE_DATA")
    return sorted(Path(folder, "gov/adr-linter/linter/testcases").iterdir()) if folder else []


def expected(text: str) -> set[tuple[str, str]]:
    """What the official linter says: its errors by rule and place; one of the root has no place."""
    lines = [re.split(r"\s{2,}", line.strip()) for line in text.splitlines()]
    errors = [parts for parts in lines if len(parts) >= 4 and parts[1] == "error"]
    return {(parts[2], parts[4] if len(parts) > 4 else "") for parts in errors}


@pytest.mark.conformance
def test_the_official_cases_are_judged_as_the_official_linter_judges_them() -> None:
    found = cases()
    assert len(found) == 26
    for case in found:
        document = json.loads((case / "openapi.json").read_text())
        assert faults(document) == expected((case / "expected-output.txt").read_text()), case.name


@pytest.fixture
def document(settings: Any) -> dict[str, Any]:
    settings.ORIGIN = "https://hendig.peelrand.example"
    return dict(plain(openapi.document("Peelrand")))


def test_our_description_breaks_no_rule(document: dict[str, Any]) -> None:
    assert faults(document) == set()
    assert document["openapi"].startswith("3.1")
    assert [one["url"] for one in document["servers"]] == ["https://hendig.peelrand.example/api/v1"]


SPOILED = {
    "nlgov:openapi-root-exists": lambda made: made.pop("openapi"),
    "nlgov:openapi3": lambda made: made.update(openapi="2.0"),
    "oas3-api-servers": lambda made: made.update(servers=[]),
    "nlgov:include-major-version-in-uri": lambda made: made["servers"][0].update(url="https://x.nl/api"),
    "info-contact": lambda made: made["info"].pop("contact"),
    "nlgov:info-contact-fields-exist": lambda made: made["info"]["contact"].pop("email"),
    "nlgov:semver": lambda made: made["info"].update(version="1.0"),
    "nlgov:paths-kebab-case": lambda made: made["paths"].update({"/mijnFacturen": {}}),
    "path-keys-no-trailing-slash": lambda made: made["paths"].update({"/facturen/": {}}),
    "nlgov:query-keys-camel-case": lambda made: _list(made)["parameters"][3].update(name="idempotency_key"),
    "nlgov:missing-header": lambda made: _list(made)["responses"]["200"].pop("headers"),
    "nlgov:missing-version-header": lambda made: _list(made)["responses"]["200"].update(headers={"X": {}}),
    "nlgov:use-problem-schema": lambda made: _list(made)["responses"]["404"].update(
        content={"text/html": {}}
    ),
    "nlgov:problem-schema-members": lambda made: made["components"]["schemas"]["Problem"]["properties"].pop(
        "detail"
    ),
    "nlgov:problem-invalid-input": lambda made: _list(made)["responses"].pop("400"),
    "nlgov:date-time-ensure-timezone": lambda made: _first(made).update(format="date-time-local"),
    "nlgov:time-without-timezone": lambda made: _first(made).update(format="time"),
    "nlgov:specify-format-for-date-and-time": lambda made: _properties(made).update(
        sentDate={"type": "string"}
    ),
    "nlgov:use-date-instead-of-datetime": lambda made: _properties(made).update(date={"format": "date-time"}),
}


def _list(made: Any) -> Any:
    return made["paths"]["/invoices"]["get"]


def _properties(made: Any) -> Any:
    return made["components"]["schemas"]["InvoiceInList"]["properties"]


def _first(made: Any) -> Any:
    return _properties(made)["receivedOn"]


@pytest.mark.parametrize("rule", SPOILED)
def test_a_description_that_breaks_a_rule_is_noticed(document: dict[str, Any], rule: str) -> None:
    document["paths"]["/invoices"]["get"]["responses"].setdefault("404", {"content": {}})
    SPOILED[rule](document)
    assert rule in {name for name, _where in faults(document)}


def test_every_rule_of_the_ruleset_is_looked_at() -> None:
    assert len(CHECKS) == 8
    assert len(SPOILED) == 19


# --- the API keeps to it --------------------------------------------------------------------------------


def test_every_address_is_described_and_nothing_else_is() -> None:
    def pattern(one: Any) -> str:
        return "/" + re.sub(r"<\w+:(\w+)>", "{}", str(one.pattern)).removeprefix(f"{API.strip('/')}/")

    served = {pattern(one) for one in urls.urlpatterns if getattr(one.callback, "for_machines", False)}
    assert served == {re.sub(r"{\w+}", "{}", one.path) for one in openapi.OPERATIONS}
    needs = {pattern(one): getattr(one.callback, "needs", None) for one in urls.urlpatterns}
    for one in openapi.OPERATIONS:
        if one.method == "get":
            assert needs[re.sub(r"{\w+}", "{}", one.path)] == one.needs


def kept(document: dict[str, Any], operation: str, answer: Any) -> None:
    """The answer is one that the description promises: its status, its form, and its shape."""
    described = next(
        one for item in document["paths"].values() for one in item.values() if one["operationId"] == operation
    )
    response = described["responses"][str(answer.status_code)]
    content = response["content"][answer["Content-Type"].partition(";")[0]]
    assert "API-Version" in answer
    if "json" in answer["Content-Type"]:
        schema = {**content["schema"], "components": document["components"]}
        Draft202012Validator(schema).validate(json.loads(answer.content))


def answers(world: World) -> Iterator[tuple[str, Any]]:
    office, henk = token(world), token(world, "henk")
    made = send(world, office, right(world, "F-77"))
    yield "sendInvoice", made
    yield "sendInvoice", send(world, office, right(world, "F-77"))
    yield "sendInvoice", send(world, office, with_another_total(right(world, "F-78")))
    yield "sendInvoice", send(world, office, b"x", kind="image/png")
    yield "sendInvoice", send(world, office, sheet(), kind="text/csv")
    yield "sendInvoice", send(world, henk, b"<a/>")
    yield "listInvoices", ask(world, "/invoices", office)
    yield "listInvoices", ask(world, "/invoices?limit=0", office)
    yield "listInvoices", ask(world, "/invoices", None)
    key = made.json()["summary"]["id"]
    yield "getInvoice", ask(world, f"/invoices/{key}", office)
    yield "getInvoice", ask(world, f"/invoices/{key[:-1]}0", office)
    yield "getInvoiceResponse", ask(world, f"/invoices/{key}/response", office)
    yield "listJournals", ask(world, "/journals", henk)
    for accept in ("*/*", "text/csv", "image/png"):
        yield "getJournal", ask(world, "/journals/2026-12", henk, Accept=accept)
        yield "getPaymentChain", ask(world, "/payments/E12345670-2026-0001/chain", henk, Accept=accept)
    yield "getJournal", ask(world, "/journals/2025-11", henk)
    yield "getDescription", ask(world, "/openapi.json", None)


def test_every_answer_is_as_it_is_described(december: World, document: dict[str, Any]) -> None:
    statuses = set()
    for operation, answer in answers(december):
        kept(document, operation, answer)
        statuses.add(answer.status_code)
    assert statuses == {200, 201, 400, 401, 403, 404, 406, 415, 422}


def test_whoever_likes_may_read_the_description_from_a_page_of_their_own(world: World) -> None:
    answer = ask(world, "/openapi.json", None)
    assert answer["Access-Control-Allow-Origin"] == "*"
    assert answer.json()["info"]["title"] == "Hendig Peelrand"
    assert "Access-Control-Allow-Origin" not in ask(world, "/invoices", None)
