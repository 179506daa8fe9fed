"""`hendig prove shown`: nobody is shown more than is theirs, and nobody less, by any channel."""

from __future__ import annotations

import argparse
import os
import signal
import socket
import sys
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from tempfile import TemporaryDirectory

import orjson
from django.contrib.sessions.backends.db import SessionStore
from django.db import connections
from django.urls import Resolver404, resolve
from django.utils import translation

from hendig.demo.outbox import held_back
from hendig.operations import processes, roles, running
from hendig.operations.failure import Failure
from hendig.operations.installation import Installation
from hendig.operations.postgres import Place
from hendig.operations.progress import Progress
from hendig.operations.prove.access import court
from hendig.operations.prove.scratch import scratch
from hendig.operations.prove.shown import channels, story, systems
from hendig.operations.prove.shown import routes as site
from hendig.operations.prove.shown.allowed import Persona, Rights
from hendig.operations.prove.shown.channels import Owner, clock
from hendig.operations.prove.shown.crawl import Seen, Verdict, Visit
from hendig.operations.prove.shown.facts import world_of_rows
from hendig.operations.prove.shown.town import Scene
from hendig.operations.prove.shown.visit import Browser
from hendig.people import actions as people
from hendig.people.models import Notice
from hendig.people.rules import Means

SHOWN = 60
AT_ONCE = 4
FAMILY = (
    "mother", "son", "father", "mother2", "father2", "mother3", "father3", "foster", "trusted", "youth",
    "parent", "parent2", "again", "invited", "mother4", "father4", "seventeen", "partner", "mother5",
)  # fmt: skip
# Involved, not involved, by a match, by an ended match; guests of now, of last week and of long ago, those
# who were only asked; in an emergency of now and of before; thinking along about safety; a GP of now and one
# of before; offices; somebody in training; and a coach who left.
AT_WORK = (
    "ellen", "samira", "bram", "joost", "anouk", "youssef", "rutger", "maaike", "floris", "stefan", "nadia",
    "hanneke", "isabel", "gea", "dirk", "fleur", "merel", "roos", "pim", "jolanda", "marjan", "henk", "petra",
    "karin", "cora", "jip", "annelies", "wietske",
)  # fmt: skip
NEIGHBOURS = ("before", "after", "lianne")
NOBODY = ""
# To whom nothing of any family but their own is open: they may try to do anything.
STRANGERS = frozenset({
    "joost", "dirk", "again", "father3", "jolanda", "henk", "petra", "cora", "before", "invited", "wietske",
    NOBODY,
})  # fmt: skip
EVERYBODY = (*FAMILY, *AT_WORK, *NEIGHBOURS, NOBODY)


def command(place: Installation, asked: argparse.Namespace) -> None:
    """Ends with a line of JSON, and fails when somebody saw too much or too little."""
    began = time.monotonic()
    os.environ["HENDIG_DEMO"] = "0"
    with Progress("Showing") as progress, scratch(place, "shown") as made, court(made) as pool:
        progress("a town, and everybody in it")
        verdict = pool.submit(apart, made, asked.seed).result()
    for words in verdict.problems[:SHOWN]:
        print(words)
    print(orjson.dumps(figures(verdict, time.monotonic() - began)).decode(), flush=True)
    if verdict.problems:
        raise Failure("Somebody was shown too much or too little.")


def figures(verdict: Verdict, seconds: float) -> dict[str, object]:
    return {
        "personas": verdict.personas,
        "pages": verdict.pages,
        "canaries": verdict.canaries,
        "foreign": len(verdict.foreign),
        "missing": len(verdict.missing),
        "unlike": len(verdict.unlike),
        "wrong": len(verdict.wrong),
        "seconds": round(seconds, 1),
    }


def apart(made: Installation, seed: int) -> Verdict:
    """In a process of its own, that comes in by the application's door."""
    with TemporaryDirectory() as folder, roles.connect_owner(made.owner_url) as owner:
        web = Path(folder) / "web.log"
        web.touch()
        logs = [web] + ([Place.of(made.home).log] if made.embedded else [])
        begun = [(log, log.stat().st_size) for log in logs]
        scene = built(seed, clock())
        with serving({**made.as_web(), "HENDIG_DEMO": "0"}, web) as port:
            return prove(
                scene, port, owner, begun, say=lambda words: print(words, file=sys.stderr, flush=True)
            )


def built(seed: int, now: datetime) -> Scene:
    with held_back() as outbox, translation.override("nl"):
        return story.tell(seed, now, outbox)


@contextmanager
def serving(env: Mapping[str, str], log: Path, program: str = "hendig.operations.serve") -> Iterator[int]:
    """Inside the block the pages are served as in production; what the process says goes to the file."""
    with socket.create_server(("127.0.0.1", 0), backlog=512) as opened, log.open("ab") as said:
        handle = opened.fileno()
        command = [sys.executable, "-m", program, str(handle)]
        web = processes.start(command, death=signal.SIGTERM, env=env, output=said, keep=[handle], waits=True)
        try:
            processes.go(web)
            yield opened.getsockname()[1]
        finally:
            running.stop([web])


def prove(
    scene: Scene,
    port: int,
    owner: Owner,
    logs: Sequence[tuple[Path, int]],
    *,
    who: Sequence[str] = EVERYBODY,
    many: int = site.MANY,
    say: Callable[[str], None],
) -> Verdict:
    """These people go everywhere, and what reached them is judged."""
    rights = Rights(scene, world_of_rows(clock()))
    finder = scene.birds.finder()
    found, routes = site.identifiers(many), site.all_routes()
    verdict = Verdict(canaries=len(scene.birds.all))
    seen = {name: Seen(Persona(name, scene.town.accounts[name] if name else None)) for name in who}
    browsers = {name: Browser(port) for name in who}

    # Systems come without cookies: each by its own token, and one by none that anybody has. Before who tries
    # everything ends them.
    for name in (*scene.tokens, NOBODY):
        system = Seen(Persona(name, scene.town.accounts.get(name)))
        going = Visit(system, Browser(port), finder, name_of)
        systems.ask(going, scene, owner, verdict)
        going.browser.close()
        verdict.read(rights, system)

    def visit(name: str) -> Seen:
        one, browser = seen[name], browsers[name]
        sign_in(scene, one.who, browser)
        going = Visit(one, browser, finder, name_of)
        going.follow(["/", *led_to(scene, name)])
        one.linked |= set(one.words)
        going.try_all(site.addresses(routes, found))
        channels.search(one, browser, finder, scene, owner)
        channels.type_along(one, browser, finder, scene)
        channels.streams(one, browser, rights, verdict)
        if name in STRANGERS:
            going.send_nothing(site.addresses(routes, found))
        channels.read_mail(one, finder)
        connections.close_all()
        return one

    with ThreadPoolExecutor(AT_ONCE) as pool:
        for done in pool.map(visit, who):
            say(f"{done.who.name or 'nobody'}: {done.pages} pages, {len(done.words)} canaries")
    for name, browser in browsers.items():
        sign_in(scene, seen[name].who, browser)
    channels.hear_along(seen, browsers, scene, finder, verdict)
    channels.break_down(seen, browsers, scene, finder, owner)
    for browser in browsers.values():
        browser.close()
    for one in seen.values():
        verdict.judge(rights, one)
    channels.read_logs(logs, scene, verdict)
    if set(who) == set(EVERYBODY):
        verdict.wrong += site.not_reached(routes, verdict.reached)
    return verdict


def led_to(scene: Scene, name: str) -> list[str]:
    """Where the bell leads; and where the form leads of who opened a record in an emergency."""
    told = Notice.objects.filter(account=scene.town.accounts.get(name)).values_list("url", flat=True)
    opened = [f"/noodtoegang/{scene.things['emergency of daughter']}/"] if name == "fleur" else []
    return [*told, *opened]


def sign_in(scene: Scene, who: Persona, browser: Browser) -> None:
    """This account signed in just now: who is still for a while is asked who is there, and finds nothing."""
    account = who.account
    if account is None:
        return
    at = clock()
    session = SessionStore()
    means = Means.PASSKEY if who.name in AT_WORK else Means.CODE
    session.update({"account": str(account), "means": means.value, "shown": at.isoformat()})
    session.create()
    assert session.session_key is not None
    people.begin_session(
        actor=scene.town.visitor,
        account_id=account,
        session_key=session.session_key,
        device="Firefox · Linux",
        means=means,
        at=at,
    )
    browser.cookies["hendig"] = session.session_key


def name_of(path: str) -> str:
    try:
        return str(resolve(path.partition("?")[0]).url_name)
    except Resolver404:
        return ""
