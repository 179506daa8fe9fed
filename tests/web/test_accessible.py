"""A page of every route, as people come upon it in the town of `hendig prove shown`, where all of it is.

Axe finds nothing on any of them, what is typed is kept, and nobody is shown what is not theirs. That a page
fits a phone, at 320 px and in the dark, its own tests say; whether anybody is shown too little, `make shown`.
"""

from __future__ import annotations

import mimetypes
import re
from collections import Counter, deque
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import ClassVar
from urllib.parse import urljoin, urlsplit

import pytest
from django.contrib.staticfiles import finders
from django.http import HttpResponseBase
from django.test import Client
from django.urls import resolve
from playwright.sync_api import Browser

from hendig.kernel.actor import Role
from hendig.operations.prove import shown
from hendig.operations.prove.shown import routes as town
from hendig.operations.prove.shown.allowed import Persona, Rights
from hendig.operations.prove.shown.canaries import Finder
from hendig.operations.prove.shown.channels import clock
from hendig.operations.prove.shown.crawl import Seen, Verdict
from hendig.operations.prove.shown.facts import world_of_rows
from hendig.operations.prove.shown.town import Scene
from hendig.operations.prove.shown.visit import Answer
from hendig.people.rules import PERMISSIONS, Means
from hendig.web import demo
from hendig.web import urls as site
from tests.support.pages import DESKTOP, Problems, assert_accessible
from tests.support.reading import Reader
from tests.support.together import outside_any_loop
from tests.support.world import signed_in

# The site as it is in demo mode.
urlpatterns = [*site.urlpatterns, *demo.urlpatterns]
# In this order: who comes first to a page opens it.
WHO = (
    "mother", "son", "father", "mother2", "mother3", "father3", "youth", "again", "seventeen", "invited",
    "ellen", "fleur", "anouk", "maaike", "isabel", "jolanda", "henk", "petra", "karin", "cora", "lianne",
    "after", "",
)  # fmt: skip
NO_PAGE = {HTTPStatus.NO_CONTENT, HTTPStatus.METHOD_NOT_ALLOWED}
# Of each kind of row so many are tried where no link leads.
TRIED = 5
# There anybody signs in as whom they like, and reads all post.
OF_THE_DEMO = {str(one.name) for one in demo.urlpatterns}
# What locks or ends the visit of who comes there, or has no end.
LEFT_ALONE = {"come_back", "sign_out", "live"}
# Routes that may answer with a page and show these people none, and why.
NOT_SEEN = {
    "broker": "nobody comes in by a service of elsewhere",
    "broker_back": "nobody comes in by a service of elsewhere",
    "erasure": "no record of the town is old enough to be destroyed",
    "invoice_response": "a file: no partner sent an invoice of its own",
    "live": "a stream has no end",
    "original": "a file: no partner sent an invoice of its own",
    "portrait": "a file",
    "resume": "nobody was still too long while they typed",
    "sign_out": "a get ends nothing",
    "turned_away": "no invoice was turned away",
}
NOT_SEEN_AT_MOST = 10
# Pages with a long form of which nothing is kept on the device while it is typed, and why.
NO_DRAFT = {
    "apart": "what only the youth may read stays on no device that others use",
    "components": "its forms lead nowhere",
    "part_of_parent": "what one parent tells apart stays on no device that others use",
    "write_told": "what a child told apart stays on no device that others use",
}


@dataclass(frozen=True, slots=True)
class Shown:
    """A page as the server sent it to somebody."""

    who: str
    path: str
    headers: dict[str, str]
    body: bytes


@dataclass
class Found:
    """A page of each route, as long as somebody came there; and the routes that never answer with one.

    And of each of the people what they were shown on the way.
    """

    finder: Finder
    seen: dict[str, Seen]
    pages: dict[str, Shown] = field(default_factory=dict)
    no_page: set[str] = field(default_factory=set)
    foreign: list[str] = field(default_factory=list)

    def look(self, who: str, name: str, path: str, answer: HttpResponseBase) -> bytes:
        """What the page says; nothing where there is none."""
        body = b"" if answer.streaming else bytes(answer.content)  # type: ignore[attr-defined]
        headers = {key.lower(): value for key, value in answer.headers.items()}
        if name not in OF_THE_DEMO:
            read = Answer(path, answer.status_code, headers, body).text
            self.seen[who].look(self.finder, f"GET {path}", read)
        is_page = answer.get("Content-Type", "").startswith("text/html")
        if not is_page or answer.status_code in NO_PAGE:
            self.no_page.add(name)
        if answer.status_code != HTTPStatus.OK or not is_page:
            return b""
        self.pages.setdefault(name, Shown(who, path, dict(answer.headers), body))
        return body


@dataclass
class Visit:
    """Somebody on the way through the site, to a page of each kind."""

    who: str
    client: Client
    found: Found
    roles: frozenset[Role]
    kinds: Counter[str] = field(default_factory=Counter)

    def follow(self, *starts: str) -> None:
        waiting, seen = deque(starts), set(starts)
        while waiting:
            path = waiting.popleft()
            name = name_of(path)
            if not name or self.kinds[name] or name in LEFT_ALONE:
                continue
            self.kinds[name] += 1
            answer = self.client.get(path)
            if answer.status_code == HTTPStatus.FOUND:
                waiting.appendleft(urljoin(path, answer["Location"]))
            links = Reader(self.found.look(self.who, name, path, answer).decode()).links
            new = {urljoin(path, link).split("#")[0] for link in links} - seen
            seen |= new
            waiting.extend(sorted(link for link in new if link.startswith("/")))

    def try_all(self, routes: list[town.Route], named: dict[str, list[str]]) -> None:
        """What no link led to, by whatever identifier there is, where the permissions let them in."""
        closed = set(LEFT_ALONE)
        for route, path in town.addresses(routes, named):
            if {route.name} & (closed | self.found.no_page | self.found.pages.keys()):
                continue
            # That all others are refused, the matrix of routes says (test_routes).
            if not self.may_come(path):
                closed.add(route.name)
                continue
            answer = self.client.get(path)
            if not self.found.look(self.who, route.name, path, answer) and answer.status_code != 404:
                closed.add(route.name)

    def may_come(self, path: str) -> bool:
        needs = getattr(resolve(path).func, "needs", None)
        return needs is None or not self.roles.isdisjoint(PERMISSIONS[needs])


def name_of(path: str) -> str:
    return shown.name_of(urlsplit(path).path)


def pages_for_people() -> list[town.Route]:
    return [one for one in town.all_routes() if not one.pattern.startswith("api/")]


def everywhere(scene: Scene) -> Found:
    """Everybody follows every link, then tries every address, and last of all is asked who is there."""
    seen = {who: Seen(Persona(who, scene.town.accounts.get(who))) for who in WHO}
    found, named, routes = Found(scene.birds.finder(), seen), town.identifiers(TRIED), pages_for_people()
    visits = [visit_of(scene, who, found) for who in WHO]
    for visit in visits:
        visit.follow("/", *shown.led_to(scene, visit.who))
    for visit in visits:
        visit.try_all(routes, named)
    visit_of(scene, "ellen", found, Means.CODE).follow("/aanmelden/tweede/")
    locked = client_of(scene, "ellen")
    locked.get("/aanmelden/terug/")
    found.look("ellen", "come_back", "/aanmelden/terug/", locked.get("/aanmelden/terug/"))
    rights, verdict = Rights(scene, world_of_rows(clock())), Verdict()
    for one in seen.values():
        verdict.read(rights, one)
    found.foreign = verdict.foreign
    return found


def visit_of(scene: Scene, who: str, found: Found, means: Means = Means.PASSKEY) -> Visit:
    roles = scene.who(who).roles if who else frozenset[Role]()
    return Visit(who, client_of(scene, who, means), found, roles | {Role.ANYONE})


def client_of(scene: Scene, who: str, means: Means = Means.PASSKEY) -> Client:
    client = Client()
    if who:
        client.cookies["hendig"] = signed_in(scene.town.accounts[who], means, shown_at=clock())
    return client


def loses_words(page: Shown) -> bool:
    """Whether a form on it has room for a story and keeps no draft of it."""
    forms = re.findall(rb"<form([^>]*)>(.*?)</form>", page.body, re.DOTALL)
    return any(b"<textarea" in inside and b"data-draft=" not in head for head, inside in forms)


class Again(BaseHTTPRequestHandler):
    """Gives a browser each page once more as somebody got it, and the files that belong to the site."""

    protocol_version = "HTTP/1.1"
    pages: ClassVar[dict[str, Shown]] = {}

    def do_GET(self) -> None:
        page, file = self.pages.get(self.path), None
        if self.path.startswith("/static/"):
            file = finders.find(self.path.removeprefix("/static/"))
        if page:
            self.give(HTTPStatus.OK, page.body, page.headers)
        elif file:
            # Fetched once for all pages, as a browser does with the files of the site.
            kind = {"Content-Type": mimetypes.guess_type(file)[0] or "", "Cache-Control": "max-age=3600"}
            self.give(HTTPStatus.OK, Path(file).read_bytes(), kind)
        else:
            # What is for one reader (a stream, a photo) is no part of the page.
            self.give(HTTPStatus.NO_CONTENT, b"", {})

    def give(self, status: HTTPStatus, body: bytes, headers: dict[str, str]) -> None:
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name, value)
        if body:
            self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_words: object) -> None:
        """What was asked is of no interest."""


@contextmanager
def shown_again(found: Found) -> Iterator[str]:
    """Inside the block what was found can be looked at; gives where."""
    by_path = {one.path: one for one in found.pages.values()}
    server = ThreadingHTTPServer(("127.0.0.1", 0), type("Pages", (Again,), {"pages": by_path}))
    thread = Thread(target=server.serve_forever)
    thread.start()
    try:
        yield f"http://localhost:{server.server_port}"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


@pytest.mark.slow
@pytest.mark.urls("tests.web.test_accessible")
@pytest.mark.django_db(transaction=True)
def test_every_page_is_accessible_keeps_what_is_typed_and_shows_nobody_what_is_not_theirs(
    browser: Browser,
) -> None:
    with outside_any_loop():
        found = everywhere(shown.built(1, clock()))
    assert found.foreign == []
    assert {who for who, one in found.seen.items() if not one.words} <= {"cora"}
    routes = {one.name for one in pages_for_people()}
    assert routes - found.pages.keys() - found.no_page == NOT_SEEN.keys()
    assert len(NOT_SEEN) <= NOT_SEEN_AT_MOST
    assert {name for name, one in found.pages.items() if loses_words(one)} == NO_DRAFT.keys()
    problems, wrong = Problems(), []
    with shown_again(found) as origin:
        context = browser.new_context(
            base_url=origin, viewport=DESKTOP, locale="nl-NL", reduced_motion="reduce"
        )
        page = context.new_page()
        problems.watch(page)
        for name, one in sorted(found.pages.items()):
            page.goto(one.path)
            try:
                assert_accessible(page)
            except AssertionError as no:
                wrong.append(f"{name}, as {one.who or 'nobody'}: {no}")
        context.close()
    assert not wrong, "\n".join(wrong)
    assert not problems.seen
