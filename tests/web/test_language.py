"""English is complete: nothing waits for a translation, and no page shows Dutch to who chose English."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterator
from copy import deepcopy
from datetime import date, time, timedelta
from functools import cache, partial
from typing import Any
from urllib.parse import urljoin, urlsplit

import pytest
import time_machine
from babel.messages.catalog import Message
from django import forms
from django.apps import apps
from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.test import Client
from django.urls import Resolver404, resolve
from django.utils import translation
from django.utils.formats import date_format

from hendig.families.rules.gate import ALLOW, DENY
from hendig.kernel.periods import local_day
from hendig.people.models import Letter
from hendig.plans import actions as plans
from hendig.plans.models import Reason
from hendig.rights import actions as rights
from hendig.rights.models import OwnKind
from hendig.tents.actions import begin, make_recurring
from hendig.tents.models import Phase, Tent
from hendig.web import demo, words
from hendig.web import urls as site
from hendig.web.register import processing_register
from tests.support import billing
from tests.support.families import asked, confirmed, taken_up
from tests.support.matching import Household, household, open_talk, say
from tests.support.opentent import accept, ask_the_board, family_asks, offer
from tests.support.opentent import answer as respond
from tests.support.plans import begin_help
from tests.support.reading import Reader
from tests.support.rights import applied
from tests.support.rights import taken_up as handled
from tests.support.tents import answer, call_tent, closed_tent, go_to, welcome, write
from tests.support.world import World
from tools import messages

PLACEHOLDER = re.compile(r"%\(\w+\)[sd]|%[sd]|\{\w*\}")
WORD = re.compile(r"[^\W\d_]{3,}")
EVERYONE = (
    None, "gerda", "fatma", "noor", "sanne", "ellen", "anouk", "jolanda", "piet", "henk", "petra", "karin",
    "ria", "tineke", "an", "joke", "bo", "cas", "bram",
)  # fmt: skip
# Pages of one kind differ in their rows; a few show every state.
PAGES_OF_A_KIND, PAGES_OF_A_KIND_IN_ALL = 3, 18
# A walk that misses these proves nothing.
MUST_BE_SEEN = {
    "ask", "board", "post", "coach_board", "coach_list", "first_talk", "family", "plan", "who_looked",
    "circle", "tent", "tent_page", "call_tent", "match_talk", "open_talk", "today", "plan_appointment",
    "end_request", "two_questions", "hours", "invoice", "pay", "learning", "log", "my_answers", "notices",
    "way_in", "own_record", "write_own_words", "ask_decision", "application", "applications", "counsellor",
    "residences", "residence", "answer_correction", "answer_destruction",
    "take_along", "recurring_tents", "prepare",
}  # fmt: skip
# A press that signs out or changes the language says nothing that other pages do not.
NOT_PRESSED = {"sign_out", "choose_language"}
AT_SCHOOL = date(2016, 2, 3)
# Names, and words of no language.
NAMES = {"Hendig", "Nederlands", "English", "Polski", "Українська", "العربية", "IBAN", "KvK", "AGB", "OIN"}
A_YEAR = [date(2026, 1, 1) + timedelta(days=day) for day in range(365)]
# The site as it is in demo mode.
urlpatterns = [*site.urlpatterns, *demo.urlpatterns]
WRITTEN = (models.CharField, models.TextField)


# --- the catalogue ---


def texts_of(message: Message) -> tuple[list[str], list[str]]:
    """The source texts and their English."""
    source = [message.id] if isinstance(message.id, str) else list(message.id)
    english = [message.string] if isinstance(message.string, str) else list(message.string or ())
    return source, english


@pytest.mark.parametrize("tongue", messages.TONGUES, ids=lambda tongue: tongue.name)
def test_every_text_of_the_code_has_its_translation(tongue: messages.Tongue) -> None:
    assert not messages.differences(tongue)


def test_who_is_called_je_never_reads_u() -> None:
    said = [said for message in messages.by_key(messages.kept(messages.FAMILIAR)).values()
            for said in texts_of(message)[1]]  # fmt: skip
    assert len(said) > 200
    assert not [text for text in said if messages.POLITE.search(text)]


def test_no_translation_is_a_guess() -> None:
    assert not [message.id for message in messages.kept(messages.ENGLISH) if message.fuzzy and message.id]
    assert not messages.kept(messages.ENGLISH).obsolete


def test_a_translation_fills_in_what_its_source_fills_in() -> None:
    wrong = []
    for message in messages.by_key(messages.kept(messages.ENGLISH)).values():
        source, english = texts_of(message)
        # One may be said without its number ("a day"); more than one never.
        for dutch, said in zip(source[-1:], english[-1:], strict=True):
            if Counter(PLACEHOLDER.findall(dutch)).keys() != Counter(PLACEHOLDER.findall(said)).keys():
                wrong.append((dutch, said))
    assert not wrong


def test_a_list_of_columns_keeps_its_columns() -> None:
    """A table's columns are one text: what is right-aligned stays so, and no column is lost."""
    wrong = []
    for message in messages.by_key(messages.kept(messages.ENGLISH)).values():
        source, english = texts_of(message)
        for dutch, said in zip(source, english, strict=True):
            shape = [[column.endswith(">") for column in text.split("|")] for text in (dutch, said)]
            if "|" in dutch and shape[0] != shape[1]:
                wrong.append((dutch, said))
    assert not wrong


# --- the pages ---


@cache
def dutch_texts() -> tuple[frozenset[str], tuple[str, ...]]:
    """What must not be read in English: whole texts, and pieces long enough to be found within a text."""
    whole: set[str] = set()
    pieces: set[str] = set()
    english: set[str] = set()
    for message in messages.by_key(messages.kept(messages.ENGLISH)).values():
        for dutch, said in zip(*texts_of(message), strict=True):
            english |= columns(said)
            if dutch != said:
                whole |= columns(dutch)
                pieces |= {piece.strip() for piece in PLACEHOLDER.split(dutch) if len(piece.strip()) >= 14}
    return frozenset(text for text in whole - english if len(text) > 3), tuple(pieces)


def columns(text: str) -> set[str]:
    """The text, or the heads of the table that it names."""
    return {column.rstrip(">") for column in text.split("|")}


@pytest.fixture
def busy(world: World) -> Iterator[World]:
    """Peelrand as people with English fill it: something in every stage of the story."""
    with translation.override("en"):
        waiting(world)
        helped(world)
        around_the_table(world)
        on_the_board(world)
        what_is_asked(world)
    with time_machine.travel(world.at):
        yield world


def waiting(world: World) -> None:
    """Questions that wait for a code, a coach, and a first talk."""
    asked(world, "Els", "Our son fights.")
    confirmed(world, "Ria", "Our son fights at school.")
    taken_up(world, "Lotte", "bram")


def helped(world: World) -> None:
    """Help in every stage: appointments, a goal, tasks, a sent invoice, an ending."""
    billing.agree(world)
    given = begin_help(world, parent="Fatma", child="Esra")
    for _day in range(3):
        given.kept(minutes=60)
        world.later(days=1)
    given.appointment(world.at + timedelta(days=2))
    given.appointment(world.at - timedelta(hours=2))
    off = given.appointment(world.at + timedelta(days=3))
    plans.cancel_appointment(actor=given.professional, appointment_id=off.pk, at=world.at)
    fatma, request = world.actor("fatma"), given.request.pk
    goal = plans.set_goal(actor=fatma, request_id=request, words="Sleep well.", at=world.at)
    plans.score_goal(actor=fatma, goal_id=goal.pk, value=4, at=world.at)
    plans.set_task(actor=fatma, request_id=request, what="Call the school.", who="Fatma", at=world.at)
    ended = begin_help(world, parent="Gerda", child="Kim")
    ended.kept(minutes=90)
    plans.end_request(
        actor=world.actor("ellen"), request_id=ended.request.pk, reason=Reason.PLANNED, at=world.at
    )
    billing.at_end_of(world, date(2026, 11, 1))
    billing.send(world, date(2026, 11, 1))


def around_the_table(world: World) -> None:
    """Tents in every stage, and match talks."""
    house = household(world, parent="An", other="Ben", child="Pim", born_on=AT_SCHOOL)
    answer(world, call_tent(world, house.request), "anouk")
    house = household(world)
    closed_tent(world, house)
    say(world, open_talk(world, house), "ellen")
    open_talk(world, house, "youssef")
    house = household(world, parent="Tineke", other="Wim", child="Bas", born_on=AT_SCHOOL)
    tent = meeting_of(world, house, "tineke")
    go_to(world, tent, Phase.UNDERSTAND)
    write(world, tent, "Bas is tired.", "tineke", leads_to=write(world, tent, "There are fights.", "anouk"))
    make_recurring(
        actor=world.actor("petra"), name="Before noon", weekday=1, starts_at=time(9), place="Town hall",
        from_on=local_day(world.at), at=world.at,
    )  # fmt: skip


def meeting_of(world: World, house: Household, parent: str) -> Tent:
    tent = call_tent(world, house.request)
    answer(world, tent, "anouk", "youssef")
    welcome(world, tent, "anouk", who=parent)
    world.later(days=3)
    return begin(actor=world.actor("ellen"), tent_id=tent.pk, at=world.at)


def on_the_board(world: World) -> None:
    """A question with answers in every stage, and an offer."""
    request = family_asks(world, "joke")
    post = ask_the_board(world, request, "joke", title="Who goes swimming?", text="She likes it.")
    accept(world, respond(world, post, words="I do."), who="joke")
    respond(world, post, who="anouk", words="I can help.")
    offer(world, title="Into the woods", places=3)


def what_is_asked(world: World) -> None:
    """Applications that wait for the municipality, for the family, and that were decided; own words."""
    house = household(world, parent="Bo", other="Jo", child="Kit", born_on=AT_SCHOOL)
    bo, ellen, bram = world.actor("bo"), world.actor("ellen"), world.actor("bram")
    waits = handled(world, applied(world, house, "bo", words="A letter please.", wants_pgb=True))
    rights.ask_more(
        actor=bram,
        application_id=waits.pk,
        words="Which days?",
        answer_by=(world.at + timedelta(days=9)).date(),
        at=world.at,
    )
    for kind in OwnKind.values:
        rights.write_own_words(
            actor=bo, family_id=house.family_id, kind=kind, topic="plan", words="It is so.", at=world.at
        )
    rights.ask_destruction(actor=bo, family_id=house.family_id, child_id=house.child.pk, at=world.at)
    rights.ask_residence(
        actor=ellen, family_id=house.family_id, child_id=house.child.pk, asked_on=world.at.date(), at=world.at
    )
    house = household(world, parent="Cas", other="Dee", child="Lou", born_on=AT_SCHOOL)
    decided = handled(world, applied(world, house, "cas"))
    rights.extend(actor=bram, application_id=decided.pk, weeks=2, reason="It is much.", at=world.at)
    rights.decide(
        actor=bram, application_id=decided.pk, verdict="granted", what="An hour.", reasons="So.", at=world.at
    )


def in_database() -> frozenset[str]:
    """Every text that somebody wrote: content, in whatever language."""
    # Where a rule comes from reads the same in every language: the name of a law and its article.
    found = {f"({rule.source})" for rule in (*ALLOW, *DENY)}
    # What the code declares for the register is English on every page, and the page says so.
    for one in processing_register():
        for kind in one.kinds:
            said = kind.privacy
            found |= {kind.name, kind.words, said.why, said.kept, said.goes}
            found |= {f": {words}" for words in said.fields.values()} | set(said.fields.values())
    for model in apps.get_models():
        names = [one.attname for one in model._meta.concrete_fields if isinstance(one, WRITTEN)]
        if names and model._meta.app_label not in {"audit", "sessions", "procrastinate"}:
            for row in model._default_manager.values_list(*names):
                found |= {line for value in row if value for line in [str(value), *str(value).splitlines()]}
    return frozenset(found)


def client_in(language: str, world: World, who: str | None) -> Client:
    client = world.client(who)
    client.cookies[settings.LANGUAGE_COOKIE_NAME] = language
    return client


def kind_of(path: str) -> str | None:
    try:
        return resolve(urlsplit(path).path).url_name
    except Resolver404:
        return None


def walk(client: Client, of_all: Counter[str | None]) -> Iterator[tuple[str, Reader]]:
    """Every page that links lead to, a few of each kind; `of_all` counts the kinds over all walks."""
    waiting, seen, kinds = ["/"], {"/"}, Counter[str | None]()
    while waiting:
        path = waiting.pop(0)
        kind = kind_of(path)
        if kind is None or kinds[kind] >= PAGES_OF_A_KIND or of_all[kind] >= PAGES_OF_A_KIND_IN_ALL:
            continue
        kinds[kind] += 1
        of_all[kind] += 1
        reader = read(client.get(path, follow=True))
        yield path, reader
        for link in reader.links:
            found = urljoin(path, link).split("#")[0]
            if found.startswith("/") and found not in seen:
                seen.add(found)
                waiting.append(found)


def read(answer: Any) -> Reader:
    assert answer.status_code < 500
    html = answer.get("Content-Type", "").startswith("text/html")
    return Reader(answer.content.decode() if html else "")


def press(client: Client, action: str, fields: dict[str, str]) -> Reader:
    """What one reads after this form was sent as it stood; nothing of it remains."""
    before = deepcopy(client.cookies)
    with transaction.atomic():
        reader = read(client.post(action, fields, follow=True))
        transaction.set_rollback(True)
    client.cookies = before
    return reader


def dutch_on(reader: Reader, content: frozenset[str]) -> Iterator[str]:
    for text in reader.texts:
        if text not in content:
            yield from dutch_in(text)


@cache
def dutch_in(text: str) -> tuple[str, ...]:
    """What is Dutch in it; most texts stand on many pages."""
    whole, pieces = dutch_texts()
    found = (f"{piece} (in: {text})" for piece in pieces if piece in text)
    return (*((text,) if text in whole else ()), *found)


def unmarked_on(english: Reader, dutch: Callable[[], Any], content: re.Pattern[str]) -> set[str]:
    """What reads the same in both languages, and was neither written by somebody nor is one word in both.

    Few pages say anything that is no English: only of these the Dutch one is read.
    """
    strange = {text for text in english.texts if is_strange(text, content)}
    return strange & set(read(dutch()).texts) if strange else strange


@cache
def is_strange(text: str, content: re.Pattern[str]) -> bool:
    """Whether a word in it is no English; what somebody wrote is none of ours, and takes longest to find."""
    if same_in_both().issuperset(WORD.findall(text)):
        return False
    return not same_in_both().issuperset(WORD.findall(content.sub(" ", text)))


@cache
def same_in_both() -> frozenset[str]:
    """The words of English, names, and the days and months of which a name is the same."""
    said = [text for message in messages.kept(messages.ENGLISH) for text in texts_of(message)[1]]
    days = [format(day, name) for day in A_YEAR for name in ("%A", "%a", "%B", "%b")]
    return frozenset({word for text in said for word in WORD.findall(text)} | NAMES | set(days))


@pytest.mark.slow
def test_no_page_and_no_answer_shows_dutch_to_who_chose_english(busy: World) -> None:
    """Every page that one can walk to; every form on it is sent once as it stands, and taken back."""
    content = in_database()
    longest_first = sorted(content, key=len, reverse=True)
    written = re.compile(rf"(?<!\w)(?:{'|'.join(re.escape(text) for text in longest_first)})(?!\w)")
    wrong: set[tuple[str | None, str, str]] = set()
    kinds = Counter[str | None]()
    for who in EVERYONE:
        pressed: set[str] = set()
        dutch, english = client_in("nl", busy, who), client_in("en", busy, who)
        for path, reader in walk(english, kinds):
            unmarked = unmarked_on(reader, partial(dutch.get, path, follow=True), written)
            wrong |= {(who, path, said) for said in dutch_on(reader, content)}
            wrong |= {(who, path, f"not marked: {said}") for said in unmarked}
            for form in reader.forms:
                action = urljoin(path, form.action)
                if kind_of(action) not in NOT_PRESSED and action not in pressed:
                    pressed.add(action)
                    answer = press(english, action, form.fields)
                    wrong |= {(who, f"POST {action}", said) for said in dutch_on(answer, content)}
    lines = [f"{who} {path}: {said}" for who, path, said in sorted(wrong, key=str)]
    assert not lines, "\n  " + "\n  ".join(lines)
    assert kinds.keys() >= MUST_BE_SEEN


@pytest.mark.urls("tests.web.test_language")
@pytest.mark.parametrize("path", ["/demo/", "/demo/post/", "/componenten/"])
def test_no_page_of_the_demo_shows_dutch_to_who_chose_english(world: World, path: str) -> None:
    with translation.override("en"):
        confirmed(world, "Ria", "Our son fights at school.")
    page = read(client_in("en", world, None).get(path))
    assert page.texts
    assert not list(dutch_on(page, in_database()))


# --- choosing ---


def test_a_visitor_chooses_a_language_and_keeps_it(world: World) -> None:
    client = world.client()
    assert "Vertel het" in client.get("/").content.decode()
    chosen = client.post("/taal/", {"language": "en", "next": "/over-hendig/"})
    assert chosen["Location"] == "/over-hendig/"
    page = client.get("/").content.decode()
    assert '<html lang="en"' in page
    assert "Tell us in your own words" in page
    client.post("/taal/", {"language": "nl", "next": "/"})
    assert "Vertel het" in client.get("/").content.decode()


def test_an_account_keeps_its_language_on_every_device(world: World) -> None:
    world.client("ellen").post("/taal/", {"language": "en", "next": "/"})
    assert "My families" in world.client("ellen").get("/", follow=True).content.decode()
    assert "Mijn gezinnen" in world.client("bram").get("/", follow=True).content.decode()


def test_who_chose_je_is_called_je_on_pages_and_in_mail(world: World) -> None:
    assert "Uw antwoorden en uw aanbod" in world.client("piet").get("/open-tent/mijn/").content.decode()
    world.client("piet").post("/taal/", {"language": "nl-je", "next": "/"})
    page = world.client("piet").get("/open-tent/mijn/").content.decode()
    assert '<html lang="nl"' in page
    assert "Je antwoorden en je aanbod" in page
    world.client().post("/aanmelden/", {"email": "piet@peelrand.example"})
    assert Letter.objects.get(to="piet@peelrand.example").subject == "Je code voor Hendig"


def test_mail_comes_in_the_language_of_who_reads_it(world: World) -> None:
    world.client("ellen").post("/taal/", {"language": "en", "next": "/"})
    for name in ("ellen", "bram"):
        world.client().post("/aanmelden/", {"email": f"{name}@peelrand.example"})
    subjects = dict(Letter.objects.values_list("to", "subject"))
    assert subjects["ellen@peelrand.example"] == "Your code for Hendig"
    assert subjects["bram@peelrand.example"] == "Uw code voor Hendig"


@pytest.mark.parametrize(
    ("language", "said"), [("nl", "Selecteer een geldige keuze."), ("en", "Select a valid choice.")]
)
def test_what_django_says_itself_comes_in_both_languages(language: str, said: str) -> None:
    with translation.override(language):
        with pytest.raises(ValidationError) as refused:
            forms.ChoiceField(choices=[("a", "a")]).clean("b")
        assert refused.value.messages[0].startswith(said)


@pytest.mark.parametrize(
    ("language", "day", "short", "month"),
    [("nl", "maandag 2 maart", "2 mrt", "maart 2026"), ("en", "Monday 2 March", "2 Mar", "March 2026")],
)
def test_days_and_months_are_written_in_both_languages(
    language: str, day: str, short: str, month: str
) -> None:
    monday = date(2026, 3, 2)
    with translation.override(language):
        assert date_format(monday, "l j F") == day
        assert date_format(monday, translation.gettext("j b")) == short
        assert date_format(monday, "F Y") == month


@pytest.mark.parametrize(
    ("minutes", "dutch", "english"),
    [(60, "1 uur", "1 hour"), (90, "1,5 uur", "1.5 hours"), (1, "1 minuut", "1 minute"),
     (40, "40 minuten", "40 minutes"), (100, "1 uur en 40 min", "1 hr 40 min")],
)  # fmt: skip
def test_hours_are_said_in_both_languages(minutes: int, dutch: str, english: str) -> None:
    with translation.override("nl"):
        assert words.hours_in_words(minutes) == dutch
    with translation.override("en"):
        assert words.hours_in_words(minutes) == english


def test_near_days_and_waiting_are_said_in_both_languages() -> None:
    today = date(2026, 11, 22)
    said = {}
    for language in ("nl", "en"):
        with translation.override(language):
            days = [words.day_in_words(today + timedelta(days=d), today) for d in (-1, 0, 1, 2)]
            said[language] = [*days, *(words.waiting_in_words(d, "Ellen") for d in (0, 1, 3))]
    assert said == {
        "nl": ["gisteren", "vandaag", "morgen", "di 24 nov",
               "sinds vandaag bij Ellen", "wacht 1 dag op Ellen", "wacht 3 dagen op Ellen"],
        "en": ["yesterday", "today", "tomorrow", "Tue 24 Nov",
               "with Ellen since today", "waiting 1 day for Ellen", "waiting 3 days for Ellen"],
    }  # fmt: skip


def test_who_asks_in_english_goes_on_in_english(world: World) -> None:
    client = client_in("en", world, None)
    asking = {"words": "She cries a lot.", "first_name": "Olga", "email": "olga@gezin.example"}
    to_confirm = client.post("/hulp/", asking)["Location"]
    letter = Letter.objects.get()
    code = re.search(r"\b\d{6}\b", letter.body)
    assert code
    client.post(to_confirm, {"code": code[0]})
    assert letter.subject == "Your code for Hendig"
    assert world.account("olga").language == "en"
    assert "Our family" in world.client("olga").get("/gezin/", follow=True).content.decode()
