"""Whatever a system sends, it gets an answer or a problem, and never a fault of ours."""

from __future__ import annotations

from typing import Any
from urllib.parse import quote

import pytest
import time_machine
from django.test import Client
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.billing.test_received import match_of
from tests.support import received
from tests.support.connections import right, token
from tests.support.world import World

# One world for all inputs of a test: nothing is booked by them that another would be refused for.
often = settings(max_examples=150, suppress_health_check=[HealthCheck.function_scoped_fixture])
PATHS = (
    "/invoices",
    "/invoices/{}",
    "/invoices/{}/response",
    "/journals",
    "/journals/{}",
    "/payments/{}/chain",
)
METHODS = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE")
KINDS = (
    "application/xml",
    "text/csv",
    "application/json",
    "multipart/form-data",
    "",
    "x",
    "text/xml; charset=x",
)
anything = st.text(max_size=40)
header = st.text(st.characters(min_codepoint=32, max_codepoint=255), max_size=80)


@pytest.fixture
def limitless(monkeypatch: pytest.MonkeyPatch) -> None:
    """Hundreds of inputs come in a minute: how often is another test's subject."""
    monkeypatch.setattr("hendig.people.adapters.factors.allowed", lambda *_args, **_more: True)


def answered(world: World, method: str, path: str, **more: Any) -> None:
    with time_machine.travel(world.at, tick=False):
        answer = Client(raise_request_exception=False).generic(method, f"/api/v1{path}", **more)
    assert answer.status_code < 500, (method, path, answer.status_code)
    assert answer["API-Version"] == "1.0.0"
    if answer.status_code >= 400:
        assert answer["Content-Type"] == "application/problem+json"
        assert method == "HEAD" or answer.json()["status"] == answer.status_code


@pytest.mark.parametrize("who", ["jolanda", "henk", "nobody"])
def test_any_method_path_query_and_header_is_answered(november: World, limitless: None, who: str) -> None:
    bearer = f"Bearer {token(november, who)}" if who != "nobody" else ""

    @often
    @given(
        st.sampled_from(METHODS),
        st.sampled_from(PATHS),
        anything,
        st.dictionaries(
            st.sampled_from(["after", "limit", "number", "idempotencyKey", "x"]) | anything,
            anything,
            max_size=4,
        ),
        st.sampled_from(KINDS) | header,
        header,
        header,
        st.binary(max_size=200),
    )
    def ask(
        method: str,
        path: str,
        hole: str,
        query: dict[str, str],
        kind: str,
        accept: str,
        key: str,
        body: bytes,
    ) -> None:
        asked = "&".join(f"{quote(name)}={quote(value)}" for name, value in query.items())
        answered(
            november,
            method,
            f"{path.replace('{}', quote(hole, safe=''))}?{asked}",
            data=body,
            content_type=kind,
            headers={"Authorization": bearer or accept, "Accept": accept, "Idempotency-Key": key},
        )

    ask()


def test_any_file_is_booked_or_refused(
    november: World, limitless: None, monkeypatch: pytest.MonkeyPatch
) -> None:

    monkeypatch.setattr("hendig.billing.adapters.inbox.judged", received.judged)
    bearer, xml = token(november), right(november)
    names = b"matchnummer;code;van;tot en met;uren;tarief;bedrag\n"
    row = f"{match_of().number};H2;2026-11-01;2026-11-30;".encode()
    cut = st.builds(lambda a, b: xml[:a] + xml[b:], st.integers(0, len(xml)), st.integers(0, len(xml)))
    swapped = st.builds(
        lambda at, one: xml[:at] + bytes([one]) + xml[at + 1 :],
        st.integers(0, len(xml) - 1),
        st.integers(0, 255),
    )
    table = st.text(max_size=60).map(lambda text: names + row + text.encode())

    @often
    @given(
        st.one_of(
            st.tuples(st.just("application/xml"), cut | swapped | st.binary(max_size=300)),
            st.tuples(st.just("text/csv"), table | st.binary(max_size=300)),
        )
    )
    def send(sent: tuple[str, bytes]) -> None:
        kind, content = sent
        answered(
            november,
            "POST",
            "/invoices?number=R-1",
            data=content,
            content_type=kind,
            headers={"Authorization": f"Bearer {bearer}"},
        )

    send()
