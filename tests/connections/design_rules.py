"""The NL GOV API Design Rules as their linter has them: what is wrong with a description, and where.

Each rule is named as in the ruleset (`linter.yaml`); a place is written as that linter writes it. Proven
against the cases that the makers of the rules wrote for their linter.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import Any

Node = Any
Where = tuple[str, ...]
Fault = tuple[str, str]

VERSION_HEADERS = {"API-Version", "Api-Version", "Api-version", "api-version", "API-version"}
MEMBERS = {"status", "title", "detail"}
PROBLEMS = ("application/problem+json", "application/problem+xml")
KEBAB = re.compile(r"^(/|(/_[a-z0-9]+|/(([a-z0-9\-]+|{[^}]+})(/([a-z0-9\-.]+|{[^}]+}))*)(/_[a-z]+)?)/?)$")
CAMEL = re.compile(r"^\$?[a-z][a-z\d]*([A-Z][a-z\d]*)*$")
SEMVER = re.compile(
    r"^(0|[1-9]\d*)\.(0|[1-9]\d*)\.(0|[1-9]\d*)"
    r"(?:-((?:0|[1-9]\d*|\d*[a-zA-Z-][0-9a-zA-Z-]*)(?:\.(?:0|[1-9]\d*|\d*[a-zA-Z-][0-9a-zA-Z-]*))*))?"
    r"(?:\+([0-9a-zA-Z-]+(?:\.[0-9a-zA-Z-]+)*))?$"
)
A_DATE = re.compile(r"(\w+D|_[dD])(ate|atum)")


def faults(document: Node) -> set[Fault]:
    """Every rule that this description breaks, with where it does."""
    return {(rule, _written(where)) for check in CHECKS for rule, where in check(document)}


def _written(where: Where) -> str:
    """As the linter writes a place: a number stands between brackets."""
    made = ""
    for part in where:
        made += f"[{part}]" if part.isdigit() else f".{part}" if made else part
    return made


def _walk(document: Node, where: Where = (), node: Node = None) -> Iterator[tuple[Where, Node]]:
    """What lies at a place and below; what a reference points at has the place where it is written."""
    waiting = [(where, node if where else document, frozenset[str]())]
    while waiting:
        where, node, through = waiting.pop()
        if isinstance(node, dict) and isinstance(node.get("$ref"), str):
            target = node["$ref"]
            if target in through or not target.startswith("#/"):
                continue
            where, through = tuple(target[2:].split("/")), through | {target}
            node = _at(document, where)
        yield where, node
        children = (
            node.items() if isinstance(node, dict) else enumerate(node) if isinstance(node, list) else ()
        )
        waiting += [((*where, str(key)), child, through) for key, child in children]


def _at(document: Node, where: Where) -> Node:
    for part in where:
        document = document[int(part)] if isinstance(document, list) else document[part]
    return document


def _responses(document: Node, status: str) -> Iterator[tuple[Where, Node]]:
    for where, node in _walk(document):
        if where[-1:] == ("responses",) and isinstance(node, dict):
            for code, response in node.items():
                if re.search(status, str(code)) and isinstance(response, dict):
                    yield (*where, str(code)), response


def _operations(document: Node) -> Iterator[tuple[Where, Node]]:
    for path, item in (document.get("paths") or {}).items():
        for method, operation in item.items():
            yield ("paths", path, method), operation


def root(document: Node) -> Iterator[tuple[str, Where]]:
    if not document.get("openapi"):
        yield "nlgov:openapi-root-exists", ()
    elif not re.search(r"^3(.\d+){1,2}$", document["openapi"]):
        yield "nlgov:openapi3", ("openapi",)
    elif not document.get("servers"):
        yield "oas3-api-servers", ("servers",) if "servers" in document else ()
    for place, server in enumerate(document.get("servers") or []):
        if not re.search(r"/v[\d+]", server.get("url", "")):
            yield "nlgov:include-major-version-in-uri", ("servers", str(place), "url")


def info(document: Node) -> Iterator[tuple[str, Where]]:
    said = document.get("info", {})
    if not said.get("contact"):
        yield "info-contact", ("info",)
    elif {"email", "name", "url"} - said["contact"].keys():
        yield "nlgov:info-contact-fields-exist", ("info", "contact")
    if not SEMVER.search(said.get("version", "")):
        yield "nlgov:semver", ("info", "version")


def paths(document: Node) -> Iterator[tuple[str, Where]]:
    for path in document.get("paths") or {}:
        if not re.search(r"/openapi\.(json)|(yaml)", path) and not KEBAB.search(path):
            yield "nlgov:paths-kebab-case", ("paths", path)
        if path != "/" and path.endswith("/"):
            yield "path-keys-no-trailing-slash", ("paths", path)


def query_keys(document: Node) -> Iterator[tuple[str, Where]]:
    for where, operation in _operations(document):
        if not isinstance(operation, dict):
            continue
        for place, parameter in enumerate(operation.get("parameters") or []):
            if parameter.get("in") == "query" and not CAMEL.search(parameter["name"]):
                yield "nlgov:query-keys-camel-case", (*where, "parameters", str(place), "name")
    schemes = (document.get("components") or {}).get("securitySchemes") or {}
    for name, scheme in schemes.items():
        if scheme.get("in") == "query" and not CAMEL.search(scheme["name"]):
            yield "nlgov:query-keys-camel-case", ("components", "securitySchemes", name, "name")


def version_header(document: Node) -> Iterator[tuple[str, Where]]:
    for where, response in _responses(document, r"(2|3)\d\d"):
        if not response.get("headers"):
            yield "nlgov:missing-header", where
        elif not VERSION_HEADERS & response["headers"].keys():
            yield "nlgov:missing-version-header", (*where, "headers")


def problem(document: Node) -> Iterator[tuple[str, Where]]:
    for where, response in _responses(document, r"(4|5)\d\d"):
        content = response.get("content")
        if content is None:
            continue
        if not set(PROBLEMS) & content.keys():
            yield "nlgov:use-problem-schema", (*where, "content")
        for kind in PROBLEMS:
            if "schema" in content.get(kind, {}):
                at = (*where, "content", kind, "schema")
                at, schema = next(_walk(document, at, content[kind]["schema"]))
                if "properties" in schema and not schema["properties"].keys() >= MEMBERS:
                    yield "nlgov:problem-schema-members", (*at, "properties")


def invalid_input(document: Node) -> Iterator[tuple[str, Where]]:
    for where, node in _operations(document):
        if not isinstance(node, dict):
            continue
        asks = re.search("(get)|(delete)", where[-1]) and node.get("parameters")
        if (asks or re.search("(put)|(post)|(patch)", where[-1])) and "400" not in node.get("responses", {}):
            yield "nlgov:problem-invalid-input", (*where, "responses")


def dates(document: Node) -> Iterator[tuple[str, Where]]:
    for where, node in _walk(document):
        if where[-1:] != ("properties",) or not isinstance(node, dict):
            continue
        for name, value in node.items():
            if not isinstance(value, dict):
                continue
            at = (*where, name)
            if value.get("format") == "date-time-local":
                yield "nlgov:date-time-ensure-timezone", (*at, "format")
            if value.get("format") == "time":
                yield "nlgov:time-without-timezone", (*at, "format")
            if name in {"date", "datum"} or A_DATE.search(name):
                yield from _of_a_date(document, at, value)


def _of_a_date(document: Node, where: Where, value: Node) -> Iterator[tuple[str, Where]]:
    below = list(_walk(document, where, value))
    (where, found), *_rest = below
    parts = found.get("allOf")
    if "format" not in found and not (parts and all("format" in _resolved(document, one) for one in parts)):
        yield "nlgov:specify-format-for-date-and-time", where
    for place, node in below:
        if place[-1:] == ("format",) and node == "date-time":
            yield "nlgov:use-date-instead-of-datetime", place


def _resolved(document: Node, node: Node) -> Node:
    target = node.get("$ref")
    return _at(document, tuple(target[2:].split("/"))) if target else node


CHECKS: tuple[Callable[[Node], Iterator[tuple[str, Where]]], ...] = (
    root,
    info,
    paths,
    query_keys,
    version_header,
    problem,
    invalid_input,
    dates,
)
