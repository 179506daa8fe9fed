"""What reaches people besides pages: mail, live streams, what a search finds, error pages, and logs."""

from __future__ import annotations

import select
import threading
import time
from collections.abc import Iterable
from contextlib import suppress
from datetime import datetime
from http import HTTPStatus
from pathlib import Path

import psycopg
from django.utils import timezone

from hendig.families.models import Compartment, CompartmentKind, Family
from hendig.operations.prove.shown.allowed import Rights
from hendig.operations.prove.shown.canaries import Finder, Room
from hendig.operations.prove.shown.crawl import Seen, Verdict, told
from hendig.operations.prove.shown.town import Scene
from hendig.operations.prove.shown.visit import Answer, Browser
from hendig.people.models import Account, Letter
from hendig.tents import actions as tents


def clock() -> datetime:
    return timezone.now()  # noqa: TID251 - a proof is a command: it reads the clock itself


SEARCH = "/gezinnen/lijst/"
Owner = psycopg.Connection[tuple[object, ...]]
# Of what is looked at there, somebody hears.
HEARD = (CompartmentKind.SHARED, CompartmentKind.CHILD, CompartmentKind.SAFETY)
# Asked to sign in, not for this kind of person, or nothing of theirs.
NO = {HTTPStatus.FOUND, HTTPStatus.FORBIDDEN, HTTPStatus.NOT_FOUND}
# So many seconds it is waited for what must be heard; on a quiet machine it comes at once.
HEARS_FOR = 30.0
# And so many somebody may need for what nobody should hear, once all the others did.
LONGER = 1.0


def read_mail(seen: Seen, finder: Finder) -> None:
    """Every letter to this address."""
    if seen.who.account is None:
        return
    address = Account.objects.values_list("email", flat=True).get(pk=seen.who.account)
    for subject, body in Letter.objects.filter(to=address).values_list("subject", "body"):
        seen.look(finder, "mail", f"{subject}\n{body}")


def search(seen: Seen, browser: Browser, finder: Finder, scene: Scene, owner: Owner) -> None:
    """Whoever may search types every canary there is, and reads what is found; nobody else gets that far."""
    for canary in scene.birds.all.values():
        # Nobody searches more than sixty times a minute, and an answer that says so finds nothing.
        owner.execute("DELETE FROM audit_tally")
        answer = browser.post(SEARCH, {"q": canary.word})
        seen.pages += 1
        if not _answered(seen, answer):
            return
        # What was typed stands in the field again: that is no find.
        seen.look(finder, f"SEARCH {SEARCH}", answer.text.replace(f'value="{canary.word}"', ""))


def type_along(seen: Seen, browser: Browser, finder: Finder, scene: Scene) -> None:
    """While a newcomer is typed, who may be there already is shown: names, dates and addresses of others."""
    people = [one for one in scene.birds.all.values() if one.what in {"mail address", "first name"}]
    for home in scene.homes.values():
        path = f"/gezinnen/vraag/{home.request}/staat-er-al/"
        for one in people:
            email = f"{one.word.lower()}@example.nl" if one.what == "mail address" else ""
            fields = {"parent_first_name": one.word, "parent_email": email, "family_name": one.word}
            answer = browser.post(path, fields)
            seen.pages += 1
            if not _answered(seen, answer):
                break
            seen.look(finder, f"TYPED {path}", answer.text)


def _answered(seen: Seen, answer: Answer) -> bool:
    """Whether something was found for them. A no is one of these; anything else proves nothing."""
    if answer.status not in {HTTPStatus.OK, *NO}:
        seen.wrong.append(f"{seen.who.name}: POST {answer.path} {answer.status}")
    return answer.status == HTTPStatus.OK


def streams(seen: Seen, browser: Browser, rights: Rights, verdict: Verdict) -> None:
    """Of what is not open to them nobody hears that it changed."""
    open_rooms = rights.open_to(seen.who)
    child_of = {pk: child for child, pk in rights.scene.records.items()}
    for room in Compartment.objects.filter(kind__in=HEARD):
        may = (child_of.get(room.record_id, ""), room.kind) in open_rooms
        _judge(seen, browser, f"looked:{room.pk}", may, verdict)
    for family in Family.objects.all():
        home = next((one for one in rights.scene.homes.values() if one.family == family.pk), None)
        may = home is not None and any((child, "shared") in open_rooms for child in home.members)
        _judge(seen, browser, f"family:{family.pk}", may, verdict)
    for name, account in rights.scene.town.accounts.items():
        if name in {"mother", "ellen", "son"}:
            _judge(seen, browser, f"account:{account}", account == seen.who.account, verdict)


def _judge(seen: Seen, browser: Browser, topic: str, may: bool, verdict: Verdict) -> None:
    with browser.listen(f"/live/?topic={topic}") as stream:
        status = stream.status
    seen.pages += 1
    if (status == 200) != may:
        words = f"{seen.who.name or 'nobody'} {'hears' if status == 200 else 'does not hear'} {topic}"
        (verdict.foreign if status == 200 else verdict.missing).append(words)


def hear_along(
    seen: dict[str, Seen], browsers: dict[str, Browser], scene: Scene, finder: Finder, verdict: Verdict
) -> None:
    """Something is said at the tent of now: who sits there hears that it changed, and not what was said."""
    at_table = {"mother", "son", "ellen", "maaike"}
    heard = {name: bytearray() for name in browsers}
    path = f"/live/?topic=tent:{scene.things['tent of now']}"
    opened, done = threading.Semaphore(0), threading.Event()
    threads = [
        threading.Thread(target=_listen, args=(browser, path, heard[name], opened, done))
        for name, browser in browsers.items()
    ]
    for thread in threads:
        thread.start()
    for _thread in threads:
        opened.acquire(timeout=HEARS_FOR)
    word = scene.word("what is said while others listen", "mother", room=Room("son"))
    tents.write_piece(actor=scene.who("mother"), tent_id=scene.things["tent of now"], text=word, at=clock())
    until = time.monotonic() + HEARS_FOR
    while time.monotonic() < until and not all(b"changed" in heard[name] for name in at_table & set(heard)):
        time.sleep(0.02)
    time.sleep(LONGER)
    done.set()
    for thread in threads:
        thread.join()
    for name, words in heard.items():
        text = words.decode("utf-8", "replace")
        seen[name].look(finder, "STREAM", text)
        if ("changed" in text) != (name in at_table) or word.lower() in text.lower():
            problem = f"{name or 'nobody'} heard {text!r} of the tent of now"
            (verdict.missing if name in at_table else verdict.foreign).append(problem)


def _listen(
    browser: Browser, path: str, into: bytearray, opened: threading.Semaphore, done: threading.Event
) -> None:
    """What comes by this stream until it is done; `opened` says that it is open, or that it is refused."""
    with suppress(OSError), browser.listen(path, patience=HEARS_FOR) as stream:
        hears = stream.status == HTTPStatus.OK
        if hears:
            into += stream.read1(4096)
        opened.release()
        while hears and not done.is_set():
            if select.select([stream], [], [], 0.05)[0]:
                chunk = stream.read1(4096)
                into += chunk
                hears = bool(chunk)


def break_down(
    seen: dict[str, Seen], browsers: dict[str, Browser], scene: Scene, finder: Finder, owner: Owner
) -> None:
    """A table is gone for a moment: the page that says that something went wrong says no more than that."""
    mother, coach = seen.get("mother"), seen.get("ellen")
    if mother is None or coach is None:
        return
    for table in ("plans_goal", "families_namepart"):
        owner.execute(f"ALTER TABLE {table} RENAME TO {table}_away")
        try:
            answers = [
                (mother, browsers["mother"].get(f"/plan/{scene.homes['shelter'].family}/")),
                (coach, browsers["ellen"].post(SEARCH, {"q": next(iter(scene.birds.all))})),
            ]
        finally:
            owner.execute(f"ALTER TABLE {table}_away RENAME TO {table}")
        broken = [
            (who, answer) for who, answer in answers if answer.status == HTTPStatus.INTERNAL_SERVER_ERROR
        ]
        if not broken:
            mother.wrong.append(f"nothing broke without {table}")
        for who, answer in broken:
            if found := finder.found(answer.text):
                who.wrong.append(f"the error page of {answer.path} shows {sorted(found)}")


def read_logs(logs: Iterable[tuple[Path, int]], scene: Scene, verdict: Verdict) -> None:
    """What the processes and the database wrote down for whoever keeps them running: nothing of anybody."""
    finder = scene.birds.finder()
    for log, begun in logs:
        with log.open("rb") as opened:
            opened.seek(begun)
            text = opened.read().decode("utf-8", "replace")
        verdict.foreign += [f"{log.name} tells {told(scene.birds.all[word])}" for word in finder.found(text)]
