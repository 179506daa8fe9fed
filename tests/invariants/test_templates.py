"""Every template: no style or script of its own, no query, no dead address, no word without translation."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path

import pytest
from django.urls import get_resolver

from hendig.web import demo
from hendig.web.tags import basics, drawings
from hendig.web.tags import forms as form_tags
from tests.invariants.source import HENDIG, ROOT, calls, modules, nothing, tree, where

TEMPLATES = sorted(HENDIG.glob("*/templates/**/*.html"))
OURS = {**basics.register.tags, **drawings.register.tags, **form_tags.register.tags}
COMMENT = re.compile(r"\{#.*?#\}|\{% comment.*?endcomment %\}", re.DOTALL)
TRANSLATED = re.compile(r"\{% blocktrans(?:late)?\b.*?\{% endblocktrans(?:late)? %\}", re.DOTALL)
TAG = re.compile(r"\{%\s*(\w+)\s*(.*?)\s*%\}", re.DOTALL)
MARKS = re.compile(r"\{%.*?%\}|\{\{.*?\}\}", re.DOTALL)
MARKED = re.compile(r"""_\((?:"[^"]*"|'[^']*')\)""")
STRING = re.compile(r""""([^"]*)"|'([^']*)'""")
LETTERS = re.compile(r"[^\W\d_]{2,}")
SPOKEN = {"alt", "title", "aria-label", "aria-description", "placeholder"}
CLASSES = re.compile(r"\{% block \w+_class %\}.*?\{% endblock %\}")
# Names are the same in every language, those of the people in the gallery among them.
NAMES = {
    "Hendig",
    "Nederlands",
    "English",
    "Demo",
    "KvK",
    "AGB",
    "IBAN",
    "OIN",
    "Ellen",
    "Piet",
    "Noor",
    "Mark",
}
QUERIES = re.compile(r"\.objects\b|_set\b|\.all\b|\.filter\b")


def blank(match: re.Match[str]) -> str:
    """As many lines as were there, so that what is found keeps its place."""
    return "\n" * match.group().count("\n")


def without(source: str, *patterns: re.Pattern[str]) -> str:
    for pattern in patterns:
        source = pattern.sub(blank, source)
    return source


class Words(HTMLParser):
    """Gathers what a reader sees or hears of a page, and what the policy would refuse."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.spoken: list[tuple[int, str]] = []
        self.refused: list[tuple[int, str]] = []
        self.within = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.within = tag
        given = dict(attrs)
        if tag == "style" or (tag == "script" and "src" not in given):
            self.refused.append((self.getpos()[0], f"<{tag}>"))
        for name, value in attrs:
            if name == "style" or name.startswith("on") or (value or "").startswith("javascript:"):
                self.refused.append((self.getpos()[0], name))
            if name in SPOKEN and value:
                self.spoken.append((self.getpos()[0], value))

    def handle_endtag(self, tag: str) -> None:  # noqa: ARG002
        self.within = ""

    def handle_data(self, data: str) -> None:
        if self.within not in {"script", "style", "code"}:
            self.spoken += [(self.getpos()[0] + n, line) for n, line in enumerate(data.split("\n"))]


def read(source: str) -> Words:
    words = Words()
    words.feed(without(source, COMMENT, TRANSLATED, CLASSES, MARKS))
    words.close()
    return words


def untranslated(source: str) -> Iterator[tuple[int, str]]:
    """Words that stand in a page as they are: its text, spoken attributes, what our tags are told."""
    for line, text in read(source).spoken:
        if LETTERS.search(text) and text.strip(" ·") not in NAMES:
            yield line, text.strip()
    bare = without(source, COMMENT, TRANSLATED)
    for tag in TAG.finditer(bare):
        if tag.group(1) not in OURS:
            continue
        for string in STRING.finditer(MARKED.sub("", tag.group(2))):
            text = string.group(1) or string.group(2) or ""
            worded = LETTERS.search(text) and (" " in text or text[0].isupper())
            if worded and text not in NAMES:
                yield bare[: tag.start()].count("\n") + 1, text


def found_in(path: Path, lines: list[tuple[int, str]]) -> list[str]:
    return [f"{path.relative_to(ROOT)}:{line} {text}" for line, text in lines]


def test_every_word_on_a_page_can_be_translated() -> None:
    nothing(line for path in TEMPLATES for line in found_in(path, list(untranslated(path.read_text()))))


def test_no_template_brings_style_or_script_of_its_own() -> None:
    nothing(line for path in TEMPLATES for line in found_in(path, read(path.read_text()).refused))


def asking(source: str) -> list[tuple[int, str]]:
    """Marks that would ask the database while the page is written."""
    return [
        (source[: mark.start()].count("\n") + 1, mark.group())
        for mark in MARKS.finditer(source)
        if QUERIES.search(mark.group())
    ]


def test_no_template_asks_the_database() -> None:
    nothing(line for path in TEMPLATES for line in found_in(path, asking(path.read_text())))


@pytest.mark.parametrize(
    "source",
    [
        "<p>Welkom</p>",
        '<p>{% translate "Welkom" %} thuis</p>',
        '<img src="x" alt="Een tent">',
        '{% button "Ga verder" url=url %}',
        "{% card title='Ons gezin' %}{% endcard %}",
        "{% if a %}Ja{% endif %}",
    ],
)
def test_an_untranslated_word_is_noticed(source: str) -> None:
    assert list(untranslated(source))


@pytest.mark.parametrize(
    "source",
    [
        '<p>{% translate "Welkom" %}, {{ name }}.</p>',
        '{% button _("Ga verder") kind="quiet" url=url %}',
        "{% blocktranslate %}Dag {{ name }}{% endblocktranslate %}",
        '<p class="row" data-live="/live/">{# uitleg #}·</p>',
    ],
)
def test_what_is_translated_or_unseen_is_left_alone(source: str) -> None:
    assert list(untranslated(source)) == []


@pytest.mark.parametrize(
    "source", ['<p style="x">', '<a onclick="x()">', "<script>x()</script>", '<a href="javascript:x()">']
)
def test_what_the_policy_refuses_is_noticed(source: str) -> None:
    assert read(source).refused


@pytest.mark.parametrize("source", ["{{ family.members.all }}", "{% for m in family.member_set.all %}"])
def test_a_query_is_noticed(source: str) -> None:
    assert asking(source)


def names_of_routes() -> set[str]:
    """Also those of the demo, which exist in demo mode only."""
    names = {name for name in get_resolver().reverse_dict if isinstance(name, str)}
    return names | {str(route.name) for route in demo.urlpatterns}


FORM = re.compile(r"<form\b[^>]*\bmethod=.post.*?</form>", re.DOTALL)
KEYED = re.compile(r"key_input\(|name=._key")
# A form that a tag opens has its key from that tag. These have none, and why.
KEYLESS = {
    "base.html": (
        "signing out from an old page must sign out once more, and the last language that was chosen counts:"
        " an answer of before would say that it was done while nothing was"
    ),
    "people/resume.html": "it sends what was typed once more, with the key that it had",
    "helprequests/list.html": "the next page of what was sought: nothing changes by it",
    "search_box": "a search: nothing changes by it, and it may be sent as often as one likes",
}


def forms_without_key(source: str) -> list[str]:
    return [form for form in FORM.findall(source) if not KEYED.search(form)]


def test_every_form_that_is_posted_carries_a_key_or_a_reason() -> None:
    pages = {
        path.as_posix().split("/templates/")[1].removeprefix("web/"): path.read_text() for path in TEMPLATES
    }
    tags = HENDIG / "web/tags"
    written = {
        part.name: ast.unparse(part)
        for path in tags.glob("*.py")
        for part in tree(path).body
        if isinstance(part, ast.FunctionDef) and re.search(r"<form\b[^>]*method=.post", ast.unparse(part))
    }
    assert {"action", "form_start"} <= set(written)
    keyless = {name for name, source in pages.items() if forms_without_key(source)}
    keyless |= {name for name, source in written.items() if not KEYED.search(source)}
    assert keyless == set(KEYLESS)


def test_a_form_without_a_key_is_noticed() -> None:
    bare = '<form method="post" action="{{ x }}">{% csrf_token %}</form>'
    assert forms_without_key(bare) == [bare]
    assert not forms_without_key(bare.replace("{% csrf_token %}", '<input name="_key" value="{{ key }}">'))
    assert not forms_without_key('<form method="get"><input name="q"></form>')


def test_every_address_in_a_template_exists() -> None:
    known = names_of_routes()
    wrong = []
    for path in TEMPLATES:
        source = without(path.read_text(), COMMENT)
        for tag in TAG.finditer(source):
            name = re.match(r"""["']([^"']+)["']""", tag.group(2))
            if tag.group(1) == "url" and name and name.group(1) not in known:
                wrong.append((source[: tag.start()].count("\n") + 1, name.group(1), path))
    nothing(f"{path.relative_to(ROOT)}:{line} {name}" for line, name, path in wrong)


def test_every_address_in_the_code_exists() -> None:
    known = names_of_routes()
    wrong = []
    for path in modules():
        for call in calls(tree(path), ("reverse", "redirect")):
            name = getattr(call.args[0], "value", None) if call.args else None
            if isinstance(name, str) and "/" not in name and name not in known:
                wrong.append(f"{where(path, call)} {name}")
    nothing(wrong)


def test_every_template_is_used() -> None:
    """A page or piece that nobody renders, extends or includes is not kept."""
    said = "\n".join(path.read_text() for path in [*modules(), *TEMPLATES])
    handlers = {"400", "403", "404", "422", "500", "503"}
    unused = [
        path.relative_to(ROOT).as_posix()
        for path in TEMPLATES
        if path.relative_to(HENDIG).as_posix().split("/templates/")[1] not in said
        and path.stem not in handlers
    ]
    nothing(unused)
