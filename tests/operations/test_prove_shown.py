"""Nobody is shown more than is theirs, and nobody less: a town of canaries through the real server."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import date
from io import BytesIO
from pathlib import Path

import pytest
from django.conf import settings
from django.db import connections
from pypdf import PdfWriter
from pytest_django import DjangoDbBlocker

from hendig.operations.prove import shown
from hendig.operations.prove.shown import routes, systems
from hendig.operations.prove.shown.allowed import Persona, Rights
from hendig.operations.prove.shown.canaries import Aviary, Room
from hendig.operations.prove.shown.channels import clock
from hendig.operations.prove.shown.crawl import Seen, Verdict
from hendig.operations.prove.shown.facts import world_of_rows
from hendig.operations.prove.shown.town import Scene
from hendig.operations.prove.shown.visit import Answer
from hendig.people.models import Account, Letter
from tests.support import live
from tests.support.database import Cleaner, TestDatabase
from tests.web.test_accessible import NOT_SEEN

# Of the family, kept out of it, at work without a part in it, and nobody; a father who never had authority, a
# youth whom two hold not able to decide, a GP after another, and who reads one page; two parents apart, the
# coach of both, who helps them, and the partner of one.
A_FEW = (
    "mother", "father", "joost", "", "father4", "seventeen", "pim", "lianne",
    "mother2", "father2", "samira", "youssef", "partner",
)  # fmt: skip


# What leads to where she lives, wherever one can type or read it. An invoice knows no address, a list of
# devices no place, and there are no photos.
LEADING_THERE = (
    "school",
    "practice of the GP",
    "sports club",
    "municipality where it is",
    "promise, with how many kilometres it is away",
    "time to travel",
    "place in the calendar",
    "place of a tent",
    "what was decided, in a letter",
    "street where somebody lives",
    "house number where somebody lives",
    "postcode where somebody lives",
    "place where somebody lives",
    "how to get in where somebody lives",
    "who is when where somebody lives",
)


# Files of finance and of offices, of whom none is among these few.
OF_FINANCE = {"invoice_response", "original", "turned_away"}


def municipality(scene: Scene) -> set[str]:
    """What her coach reads to her."""
    return {one.word for one in scene.birds.all.values() if one.what == "municipality where it is"}


@contextmanager
def served(database: TestDatabase, log: Path) -> Iterator[int]:
    """The pages as in production, on the database of the tests."""
    env = live.environment(database, settings.SECRET_KEY, 8000) | {"HENDIG_DEMO": "0"}
    log.touch()
    with shown.serving(env, log, live.SERVE) as port:
        yield port


def built() -> Scene:
    try:
        return shown.built(1, clock())
    finally:
        connections.close_all()


def proved(database: TestDatabase, log: Path, *, who: tuple[str, ...], many: int) -> tuple[Scene, Verdict]:
    with live.standing_still(), served(database, log) as port, ThreadPoolExecutor(1) as pool:
        # In a thread of its own: under this one the loop of a browser may be running.
        scene = pool.submit(built).result()
        return scene, shown.prove(
            scene, port, database.owner, [(log, 0)], who=who, many=many, say=lambda _words: None
        )


@pytest.fixture(scope="module")
def visited(
    test_database: TestDatabase,
    django_db_setup: None,
    django_db_blocker: DjangoDbBlocker,
    cleaner: Cleaner,
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[tuple[Scene, Verdict]]:
    """A few went everywhere in the town, once for all tests below; it stands as they left it."""
    log = tmp_path_factory.mktemp("visited") / "web.log"
    try:
        with django_db_blocker.unblock():
            found = proved(test_database, log, who=A_FEW, many=1)
        yield found
    finally:
        with django_db_blocker.unblock():
            connections.close_all()
        cleaner.clean()


@pytest.mark.slow
@pytest.mark.django_db
def test_a_mother_in_a_shelter_is_found_by_who_may_and_nowhere_by_the_father(
    visited: tuple[Scene, Verdict],
) -> None:
    """Nor by a coach of another family, nor by who is not signed in: by no channel at all."""
    scene, verdict = visited
    assert verdict.problems == []
    assert verdict.pages > 1000
    assert verdict.canaries > 180
    of_the_family = set(scene.homes["shelter"].members)
    leading_there = {
        one.word
        for one in scene.birds.all.values()
        if one.what in LEADING_THERE and one.room is not None and one.room.child in of_the_family
        # Where the father lives is his own.
        if one.room.of != "father"
    }
    assert len(leading_there) >= len(LEADING_THERE)
    # Where he himself stays a youth tells nobody by living with her.
    of_the_son = {one.word for one in scene.birds.all.values() if one.room == Room("son", "address", "son")}
    hers = leading_there - of_the_son
    assert (len(of_the_son), len(hers)) == (6, len(leading_there) - 6)
    assert verdict.seen["mother"].linked & leading_there >= hers - municipality(scene)
    for name in ("father", "joost", ""):
        assert not leading_there & set(verdict.seen[name].words), name
    finds_what_is_theirs(scene, verdict)
    they_come_where_the_walk_for_axe_does_not(verdict)
    a_mail_never_has_content(scene)
    systems_are_shown_what_is_theirs(scene, verdict)
    notices_what_is_foreign_and_what_is_missing(scene)


def finds_what_is_theirs(scene: Scene, verdict: Verdict) -> None:
    """The answer to a question, why two hold so, the own pieces of a GP; and of another's nothing."""
    assert {"object_to", "ask_information", "gp", "ask_as_gp"} <= verdict.reached

    def found(name: str, what: str, by: str) -> bool:
        words = {one.word for one in scene.birds.all.values() if (one.what, one.by) == (what, by)}
        assert words
        return words <= verdict.seen[name].linked

    assert found("father4", "what a parent without authority is told", "anouk")
    assert found("seventeen", "why a second finds so too", "youssef")
    assert found("pim", "what a GP keeps apart", "pim")
    assert found("pim", "question", "mother2")
    assert not found("pim", "what a GP keeps apart", "annelies")
    # With whom a page is shared finds that page and what for, and no name of anybody of the family.
    whole = scene.typed["shared page"]
    why = {one.word for one in scene.birds.all.values() if one.what == "what it is shared for"}
    assert len(whole) > 5
    assert verdict.seen["lianne"].linked >= whole | why
    assert {
        word for word in verdict.seen["lianne"].words if scene.birds.all[word].of != "board"
    } == whole | why
    # Of a child and its mother a parent without authority finds no name and no word.
    own = {"father4", "asked by father4", "board"}
    assert {scene.birds.all[word].of for word in verdict.seen["father4"].words} <= own


def they_come_where_the_walk_for_axe_does_not(verdict: Verdict) -> None:
    """A page to which neither comes is one that perhaps nobody reaches, when everybody goes everywhere."""
    assert NOT_SEEN.keys() - routes.NOT_REACHED.keys() - verdict.reached == OF_FINANCE


def a_mail_never_has_content(scene: Scene) -> None:
    """Whoever reads the mailbox of a domain that lapsed reads there of nobody but whose mailbox it was."""
    finder = scene.birds.finder()
    letters = list(Letter.objects.values_list("to", "subject", "body"))
    assert len(letters) > 50
    for to, subject, body in letters:
        for word in finder.found(f"{subject}\n{body}"):
            canary = scene.birds.all[word]
            # Whom the mail is for is called by the first name, which may be known to one side alone.
            told = (canary.what, canary.room, to)
            assert Account.objects.filter(email=to, first_name=word).exists(), told


def systems_are_shown_what_is_theirs(scene: Scene, verdict: Verdict) -> None:
    """Offices and finance let a system in; every address of the API was reached, and has something."""
    assert {route.name for route in routes.all_routes() if route.name.startswith("api_")} <= verdict.reached
    assert set(scene.tokens) >= {"jolanda", "marjan", "henk"}
    assert not set(scene.tokens) & {"mother", "ellen", "anouk", "karin", "petra", "cora"}
    promised = {who: set(systems.promised(scene.who(who))) for who in scene.tokens}
    assert any(path.endswith("/response") for path in promised["jolanda"])
    assert any("/journals/" in path for path in promised["henk"])
    assert any(path.endswith("/chain") for path in promised["henk"])
    assert not promised["jolanda"] & promised["marjan"] - {"/api/v1/invoices"}


def notices_what_is_foreign_and_what_is_missing(scene: Scene) -> None:
    """The same town, had the father been shown where the mother is, and the mother nothing of her circle."""
    rights = Rights(scene, world_of_rows(clock()))
    place = next(one for one in scene.birds.all.values() if one.what == "municipality where it is")
    school = next(one for one in scene.birds.all.values() if one.what == "school")
    verdict = Verdict()
    for name, words in (("father", {place.word: "GET /"}), ("mother", {})):
        verdict.judge(rights, Seen(Persona(name, scene.town.accounts[name]), words))
    assert any(place.word in one and one.startswith("father") for one in verdict.foreign)
    assert any(school.word in one and one.startswith("mother") for one in verdict.missing)
    assert not any(one.startswith("father ") for one in verdict.missing)


@pytest.mark.shown
@pytest.mark.django_db(transaction=True)
def test_everybody_sees_what_is_theirs_and_nothing_else(test_database: TestDatabase, tmp_path: Path) -> None:
    _scene, verdict = proved(test_database, tmp_path / "web.log", who=shown.EVERYBODY, many=routes.MANY)
    assert verdict.problems == []
    assert verdict.personas == len(shown.EVERYBODY)


def test_every_name_in_an_address_stands_for_something_that_exists() -> None:
    """A new route with an identifier of a new kind is not visited until it is told what that is."""
    named = {name for route in routes.all_routes() for name in route.names}
    assert named <= {*routes.OF, *routes.OTHERS, "number"}


def test_a_route_that_nobody_reached_is_told() -> None:
    every = routes.all_routes()
    reached = {route.name for route in every} - set(routes.NOT_REACHED)
    assert routes.not_reached(every, reached) == []
    assert routes.not_reached(every, reached - {"plan"}) == ["nobody reached plan"]
    assert "somebody reached erasure" in routes.not_reached(every, reached | {"erasure"})[0]


def test_a_canary_is_found_however_it_is_written() -> None:
    birds = Aviary(1)
    word = birds.word("question", by="mother")
    number = birds.phone("phone number", "mother")
    born = birds.day("birth date", date(2014, 5, 4), of="son")
    finder = birds.finder()
    assert finder.found(f"<p>{word.upper()}&nbsp;</p>") == {word}
    assert finder.found(f"tel. {number[:2]} {number[2:6]} {number[6:]}") == {number}
    for written in ("4 mei 2014", "04-05-2014", "2014-05-04", "20140504"):
        assert finder.found(written) == {born.isoformat()}, written
    assert finder.found("niets van dit alles") == set()


def test_a_file_that_may_be_kept_is_noticed() -> None:
    kept, letter = {"content-type": "application/pdf"}, b"%PDF"
    assert Answer("/", 200, kept, letter).stays
    assert Answer("/", 200, {**kept, "cache-control": "private"}, letter).stays
    assert not Answer("/", 200, {**kept, "cache-control": "no-store"}, letter).stays
    assert not Answer("/", 200, {"content-type": "text/html; charset=utf-8"}, b"<p>").stays


def test_what_lies_in_a_file_is_read_too() -> None:
    writer = PdfWriter()
    writer.add_blank_page(200, 200)
    writer.add_metadata({"/Title": "Qatest"})
    writer.add_attachment("qabijlage.txt", b"Qainhoud")
    out = BytesIO()
    writer.write(out)
    paper = Answer("/", 200, {"content-type": "application/pdf"}, out.getvalue()).text
    assert "Qatest" in paper
    assert "qabijlage.txt" in paper
    assert "Qainhoud" in paper
    folded = b"SUMMARY:Qaaf\r\n spraak"
    assert "Qaafspraak" in Answer("/", 200, {"content-type": "text/calendar"}, folded).text


def test_what_an_answer_of_the_api_lacks_is_named() -> None:
    known = {
        "Line": {"type": "object", "properties": {"cents": {"type": "integer"}}, "required": ["cents"]},
        "Bill": {
            "type": "object",
            "properties": {
                "lines": {"type": "array", "items": {"$ref": "#/components/schemas/Line"}},
                "note": {"anyOf": [{"$ref": "#/components/schemas/Line"}, {"type": "null"}]},
            },
            "required": ["lines", "note"],
        },
    }
    bill = {"$ref": "#/components/schemas/Bill"}
    for value, lacks in (
        ({"lines": [{"cents": 1}], "note": None}, []),
        ({"lines": [{"cents": 1}, {}], "note": {}}, ["/lines/cents", "/note/cents"]),
        ({"lines": []}, ["/note"]),
    ):
        assert list(systems._missing(value, bill, known, "")) == lacks


@pytest.mark.slow
@pytest.mark.django_db
def test_what_is_of_one_of_two_parents_apart_is_found_by_her_and_her_coach_and_nowhere_by_him(
    visited: tuple[Scene, Verdict],
) -> None:
    """Her new partner, who is drawn for her, what she says apart and what her coach wrote down of it."""
    scene, verdict = visited
    assert verdict.problems == []
    apart = {one.word for one in scene.birds.all.values() if one.room and one.room.kind == "parent"}
    # At home one is called by the first name.
    surname = {
        one.word for one in scene.birds.all.values() if one.what == "surname of a partner who signs in"
    }
    assert (len(apart), len(surname)) == (8, 1)
    assert set(verdict.seen["mother2"].words) >= apart - surname
    assert not apart & {*verdict.seen["father2"].words, *verdict.seen["youssef"].words}


@pytest.mark.slow
@pytest.mark.django_db
def test_a_partner_of_one_side_who_signs_in_finds_their_own_child_and_nothing_of_the_other(
    visited: tuple[Scene, Verdict],
) -> None:
    """Of both the other parent finds no name, birth date, address, mail or word; nor does who helps."""
    scene, verdict = visited
    assert verdict.problems == []
    every = scene.birds.all.values()
    of_half = {one.word for one in every if one.room and one.room.child == "half"}
    own = {one.word for one in every if "partner" in {one.of, one.by}}
    of_girl = {one.word for one in every if one.room and one.room.child == "girl"}
    # Of the day of birth a family reads how old somebody is.
    born = {one.word for one in every if one.what == "birth date of a half-sister"}
    assert (len(of_half), len(born), len(own)) == (9, 1, 10)
    assert set(verdict.seen["partner"].linked) >= of_half - born
    assert not {*verdict.seen["partner"].words} & (of_girl - own)
    hers = {one.word for one in every if one.room == Room("half")}
    assert {*verdict.seen["mother2"].words} >= hers - born
    assert not (of_half | own) & {*verdict.seen["father2"].words, *verdict.seen["youssef"].words}
