"""Fixtures that need more than the database: the browser and a running server."""

from collections.abc import Iterable, Iterator
from typing import Protocol
from uuid import UUID

import pytest
from django.conf import settings
from playwright.sync_api import Browser, Page, expect, sync_playwright

from tests.support import chromium
from tests.support import live as live_processes
from tests.support.clock import Clock
from tests.support.database import TestDatabase
from tests.support.live import Live
from tests.support.pages import DESKTOP, NARROW, PHONE, Problems, assert_fit
from tests.support.world import signed_in


class PageFor(Protocol):
    """Opens a page of its own: own cookies, so one person each."""

    def __call__(self, *, phone: bool = False, dark: bool = False, javascript: bool = True) -> Page: ...


class Fits(Protocol):
    """Looks at these pages as somebody with this account, at every size."""

    def __call__(self, account_id: UUID, paths: Iterable[str]) -> None: ...


@pytest.fixture(scope="session")
def clock(tmp_path_factory: pytest.TempPathFactory) -> Clock:
    """The clock of the web process. It is right unless the test sets it."""
    made = Clock(tmp_path_factory.mktemp("clock") / "offset")
    made.right()
    return made


@pytest.fixture(scope="session")
def processes(
    test_database: TestDatabase, django_db_setup: None, clock: Clock, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Live]:
    """Web and worker, once per pytest process. Tests take `live`, which also cleans up."""
    log = tmp_path_factory.mktemp("live") / "processes.log"
    with live_processes.running(test_database, settings.SECRET_KEY, log, clock) as running:
        yield running


@pytest.fixture
def live(transactional_db: None, processes: Live, clock: Clock) -> Iterator[Live]:
    """A running Hendig on this test's data; what is committed here is seen there, and the other way round."""
    clock.right()
    yield processes
    # Before the tables are emptied under a job that is still at work.
    processes.wait_for_jobs()


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """A real Chromium; without one the test fails."""
    program = chromium.find()
    expect.set_options(timeout=live_processes.SOON)
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(
            executable_path=program, args=chromium.flags(), env={**chromium.environment(program)}
        )
        yield started
        started.close()


@pytest.fixture
def page_for(browser: Browser, live: Live) -> Iterator[PageFor]:
    """Opens pages on the running Hendig; a script error or violated policy on them fails the test."""
    contexts = []
    problems = Problems()

    def open_page(*, phone: bool = False, dark: bool = False, javascript: bool = True) -> Page:
        context = browser.new_context(
            base_url=live.url,
            viewport=PHONE if phone else DESKTOP,
            has_touch=phone,
            is_mobile=phone,
            color_scheme="dark" if dark else "light",
            java_script_enabled=javascript,
            locale="nl-NL",
            timezone_id="Europe/Amsterdam",
            reduced_motion="reduce",
        )
        context.set_default_timeout(live_processes.SOON)
        contexts.append(context)
        page = context.new_page()
        problems.watch(page)
        return page

    yield open_page
    for context in contexts:
        context.close()
    assert not problems.seen, "on the pages of this test:\n  " + "\n  ".join(problems.seen)


@pytest.fixture
def fits(page_for: PageFor, live: Live) -> Fits:
    """On a phone, on what is left of one at 400 %, and at a desk in the dark; one after another at each."""
    screens = ((page_for(phone=True), (PHONE, NARROW)), (page_for(dark=True), (DESKTOP,)))

    def look(account_id: UUID, paths: Iterable[str]) -> None:
        shown = list(paths)
        for page, sizes in screens:
            page.context.clear_cookies()
            cookie = signed_in(account_id)
            page.context.add_cookies([{"name": "hendig", "value": cookie, "url": live.url}])
            assert_fit(page, shown, sizes)

    return look
