"""The tests' own instruments: a browser that notices, an axe that bites, a database that comes back clean."""

import json
import pathlib

import pytest
from django.contrib.sessions.backends.db import SessionStore
from django.contrib.sessions.models import Session

from tests.support.fixtures import PageFor
from tests.support.live import Live
from tests.support.pages import Problems, assert_accessible


def test_the_processes_are_ready(page_for: PageFor) -> None:
    page = page_for(phone=True)
    page.goto("/readyz")
    assert json.loads(page.inner_text("body"))["checks"] == {
        "database": "ok",
        "migrations": "ok",
        "worker": "ok",
        "scanning": "off",
    }


def test_axe_finds_a_picture_without_words(page_for: PageFor) -> None:
    page = page_for()
    page.set_content("<html lang=nl><title>t</title><main><h1>h</h1><img src='data:,'></main></html>")
    with pytest.raises(AssertionError, match="image-alt"):
        assert_accessible(page)


def test_axe_has_nothing_against_a_good_page(page_for: PageFor) -> None:
    page = page_for()
    page.set_content("<html lang=nl><title>t</title><main><h1>h</h1></main></html>")
    assert_accessible(page)


def test_a_script_that_the_policy_forbids_is_noticed(page_for: PageFor, tmp_path: pathlib.Path) -> None:
    page, problems = page_for(), Problems()
    page.goto("/healthz")
    # A page of its own, so that only our collector hears it.
    other = page.context.new_page()
    problems.watch(other)
    policy = "<meta http-equiv='Content-Security-Policy' content=\"script-src 'none'\">"
    other.set_content(f"{policy}<script>1</script>")
    assert any("Content Security Policy" in seen for seen in problems.seen)


@pytest.mark.parametrize("turn", [1, 2])
def test_what_one_test_commits_the_next_does_not_see(live: Live, turn: int) -> None:
    assert Session.objects.count() == 0
    session = SessionStore()
    session["turn"] = turn
    session.save()
    assert Session.objects.count() == 1
