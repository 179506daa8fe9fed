"""Neem alles mee: all that this reader may see, nothing of anybody else, for this reader alone."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from datetime import date, timedelta
from io import BytesIO
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.db import connection, models
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from jsonschema import Draft202012Validator
from pypdf import PdfReader

from hendig.audit.models import Entry, Receipt
from hendig.circle.actions import draw
from hendig.families.actions import end_authority
from hendig.families.models import AboutSomebody, Bond, Incapacity, LegalAuthority
from hendig.kernel.actor import Actor
from hendig.kernel.refusal import NotVisible
from hendig.people.rules import Means
from hendig.rights import queries
from hendig.rights.actions import decide
from hendig.rights.queries.along_data import schema
from hendig.rights.queries.kinds import KINDS, LEFT_OUT, TOLD_OTHERWISE
from hendig.tents.models import Influence, Remark
from tests.support.along import (
    Taken,
    a_full_record,
    noor_says,
    of_a_record,
    open_to,
    own_words,
    record_of,
    squeezed,
    strings,
    taken,
    texts,
    unpacked,
)
from tests.support.families import trusted
from tests.support.matching import Household, household
from tests.support.rights import SEVENTEEN, applied, taken_up, text_of
from tests.support.world import World, signed_in

pytestmark = pytest.mark.django_db
BY_LABEL = {kind.model._meta.label: kind for kind in KINDS}


@pytest.fixture(autouse=True)
def _the_clock_of_the_pages(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("hendig.web.middleware.timezone.now", lambda: world.at)


def client(world: World, who: str, means: Means = Means.PASSKEY) -> Any:
    """A browser in which this person showed just now who is there."""
    found = world.client()
    found.cookies["hendig"] = signed_in(world.account(who).pk, means, shown_at=world.at)
    return found


def post(browser: Any, house: Household, what: str = "whole", key: UUID | None = None) -> Any:
    url = reverse("take_along", args=[record_of(house)])
    return browser.post(url, {"_key": str(key or uuid4()), "what": what})


# --- every kind of row ---


def test_every_kind_of_row_of_a_record_goes_along_or_says_why_not() -> None:
    found, told = set(of_a_record()), {*BY_LABEL, *TOLD_OTHERWISE, *LEFT_OUT}
    assert found - told == set()
    assert (told - found) - {"matching.MatchCounter", "safety.Erasure"} == set()
    assert not set(BY_LABEL) & set(LEFT_OUT)
    assert all(reason for reason in LEFT_OUT.values())


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.name)
def test_every_field_about_a_person_goes_along_or_says_why_not(kind: Any) -> None:
    taken = {one.way[0] for one in kind.fields}
    assert set(kind.model.privacy.fields) - taken - set(kind.without) == set()


def test_what_is_for_safety_is_of_no_kind_that_goes_along() -> None:
    safety = {label for label in of_a_record() if label.startswith("safety.")}
    assert safety
    assert safety <= set(LEFT_OUT)


# --- two-sided, for each reader ---

ABOUT = {"noor": {"Noor"}, "sanne": {"Noor", "Sanne"}, "mark": {"Noor", "Mark"}}
KEPT_OFF = ("removed_at", "taken_back_at")


def is_about_another(row: Any, field: str, who: str) -> bool:
    """Goals and answers say whose they are; what was said and written down, whom it is about.

    What somebody prepared is there for the own eyes, whoever it is about; what is said of something else is
    about whom that is about.
    """
    if type(row).__name__ == "PreparedNote":
        return bool(row.author.first_name.lower() != who)
    if isinstance(row, Influence):
        return is_about_another(row.cause, field, who) or is_about_another(row.effect, field, who)
    if isinstance(row, Remark):
        ends = (row.piece, *([row.effect] if row.effect else []))
        return any(is_about_another(end, field, who) for end in ends)
    if type(row).__name__ in {"Goal", "Outcome"}:
        return row.member is not None and row.member.first_name not in ABOUT[who]
    if not isinstance(row, AboutSomebody):
        return False
    return row.outside or (row.about is not None and row.about.first_name not in ABOUT[who])


def test_each_takes_all_that_is_there_for_them_and_nothing_else(world: World) -> None:
    house = a_full_record(world)
    copies = {who: taken(world, house, who) for who in ABOUT}
    every = list(texts(world, {*BY_LABEL, *LEFT_OUT}))
    assert {label.rsplit(".", 1)[0] for label, *_rest in every} >= _kinds_with_words()
    for who, copy in copies.items():
        opened, words = open_to(world, who), squeezed(copy.words)
        data = squeezed(" ".join(strings(copy.data)))
        shown: dict[str, str] = {}
        hidden: dict[str, str] = {}
        for label, compartment, row, text in every:
            off = any(getattr(row, name, None) for name in KEPT_OFF)
            kind = BY_LABEL.get(label.rsplit(".", 1)[0])
            field = label.rsplit(".", 1)[1]
            goes = kind is not None and field in {one.way[0] for one in kind.fields}
            there = compartment in opened and not off and not is_about_another(row, field, who)
            (shown if there and goes else hidden)[squeezed(text)] = label
        missing = [label for text, label in shown.items() if text not in data]
        missing += [label for text, label in shown.items() if text.replace("😊", "□") not in words]
        everything = copy.everything
        known = " ".join(shown)
        leaked = [label for text, label in hidden.items() if text not in known and text in everything]
        # The name of the child and the own name are in the head, in whatever row they stand besides.
        leaked = [
            label for label in leaked if label.split(".")[-1] not in {"child_name", "exception", "rule"}
        ]
        assert (who, missing, leaked) == (who, [], [])
    _told_apart_stays_apart(copies)
    for copy in copies.values():
        assert "Eenzorg" not in copy.everything
        # How somebody is reached, and where they live, is nowhere.
        for name in ("sanne", "mark", "noor"):
            assert squeezed(world.account(name).email) not in copy.everything
        _a_valid_archive(copy)
        _reads_aloud(copy)
        assert "Stukkendieoveriemandandersgaan,zijnweggelaten." in copy.everything
        assert "Ellen" in copy.words


def _kinds_with_words() -> set[str]:
    """The kinds in which somebody writes, and that lie in a compartment."""
    return {
        label
        for label, kind in BY_LABEL.items()
        if any(
            isinstance(column, models.CharField | models.TextField) and not column.choices
            for column in kind.model._meta.concrete_fields
        )
        and "compartment" in {column.name for column in kind.model._meta.concrete_fields}
        # Nobody of 13 can be one: what of it goes along is looked at where somebody is.
        and kind.model is not Incapacity
    }


def _told_apart_stays_apart(copies: dict[str, Taken]) -> None:
    assert "Thuiszegikditniet." in copies["noor"].everything
    for who, own, other in (("sanne", "mama", "papa"), ("mark", "papa", "mama")):
        assert f"Wat{own}alleenzei." in copies[who].everything
        assert f"Wat{other}alleenzei." not in copies[who].everything
        assert "Thuiszegikditniet." not in copies[who].everything
    for words, whose in (
        ("Mama praat over vroeger", {"sanne"}),
        ("Mama werd vroeger geslagen.", {"sanne"}),
        ("Papa slaapt slecht van zijn werk.", {"mark"}),
        ("Opa is al lang ziek.", set()),
        ("Noor wil alleen praten.", {"noor"}),
        ("Mama wil iets vragen.", {"sanne"}),
        ("Ze valt juist snel in slaap.", {"noor", "sanne", "mark"}),
        ("Dat is voor mij voorbij.", {"sanne"}),
    ):
        assert {who for who, copy in copies.items() if squeezed(words) in copy.everything} == whose
    assert "Waaromkeekdiemee?" in copies["sanne"].everything


def _a_valid_archive(copy: Taken) -> None:
    rules = json.loads(copy.files["schema.json"])
    Draft202012Validator.check_schema(rules)
    checker = Draft202012Validator(rules, format_checker=Draft202012Validator.FORMAT_CHECKER)
    assert [error.message for error in checker.iter_errors(copy.data)] == []
    files = {name for kind in KINDS for row in copy.data[kind.name] for name in row["files"]}
    assert files == {name for name in copy.files if "/" in name}
    assert {name.split("/")[1] for name in files} == {
        "besluit-1.pdf",
        "ontvangst-1.pdf",
        "blad-1.pdf",
        "blad-2.pdf",
        "van-ons-1.jpg",
    }
    kinds = {"pdf": b"%PDF-", "jpg": b"\xff\xd8\xff"}
    assert all(copy.files[name].startswith(kinds[name.rsplit(".", 1)[1]]) for name in files)


def _reads_aloud(copy: Taken) -> None:
    """PDF/UA-1, with title, language, tags and headings; no figure without words for it."""
    paper = copy.files["kopie.pdf"]
    reader = PdfReader(BytesIO(paper))
    assert b"pdfuaid" in paper
    root: Any = reader.root_object
    assert root["/Lang"] == "nl"
    assert root["/MarkInfo"]["/Marked"].value is True
    assert reader.metadata is not None
    assert reader.metadata.title == "Kopie van het dossier"
    assert set(reader.metadata) <= {"/Title", "/Creator", "/ModDate", "/CreationDate"}
    headings = list(_tags(root["/StructTreeRoot"]))
    assert headings.count("/H1") == 1
    assert headings.count("/H2") >= 6
    assert "/H3" in headings
    assert "/TH" in headings
    assert "/Figure" not in headings


def _tags(node: Any) -> Iterator[str]:
    node = node.get_object()
    if "/S" in node:
        yield str(node["/S"])
    kids = node.get("/K", [])
    for kid in kids if isinstance(kids, list) else [kids]:
        if hasattr(kid.get_object(), "get"):
            yield from _tags(kid)


# --- who, and until when ---


def test_the_paper_says_who_answered_and_nobody_of_the_family_works_here(world: World) -> None:
    copy = taken(world, a_full_record(world), "noor")
    words = " ".join(copy.words.split())
    for who in ("Noor", "Sanne", "Mark"):
        assert f"Van het gezin: {who} · Antwoord: ja" in words
        assert f"Wie hier werkt: {who}" not in words
    assert re.search(r"\d · Wie hier werkt: Anouk \w+ · Antwoord: ja", words)
    assert "Ja: " not in words
    said = {(one["member"], one["worker"] is None) for one in copy.data["answers"]}
    assert said == {("Noor", True), ("Sanne", True), ("Mark", True), (None, False)}


def test_somebody_of_the_own_circle_is_told_apart_from_who_is_around_the_family(world: World) -> None:
    house = a_full_record(world)
    facts: dict[str, Any] = {
        "relation": "vriendin",
        "distance": 1,
        "bond": Bond.WARM,
        "gives": "luistert",
        "at": world.at,
    }
    draw(actor=world.actor("noor"), family_id=house.family_id, own=True, name="Juul", **facts)
    draw(actor=world.actor("sanne"), family_id=house.family_id, name="Truus", **facts)
    noor, sanne = taken(world, house, "noor"), taken(world, house, "sanne")
    lines = {one["name"]: one["whose"] for one in noor.data["circle"]}
    assert (lines["Juul"], lines["Truus"]) == ("child", "shared")
    words = " ".join(noor.words.split())
    assert re.search(r"Juul · [^•]*Van wie die kring is: alleen van de jongere", words)
    assert not re.search(r"Truus · [^•]*Van wie die kring is", words)
    assert "Juul" not in sanne.everything


def test_a_father_without_authority_has_only_what_is_about_himself(world: World) -> None:
    house = household(world, born_on=date(2018, 5, 4), authority=True)
    own_words(world, house, "sanne", "Dit leest papa niet.")
    with_authority = taken(world, house, "mark")
    assert "Ditleestpapaniet." in with_authority.everything
    held = LegalAuthority.objects.get(holder__first_name="Mark", until_on=None)
    end_authority(actor=world.actor("ellen"), authority_id=held.pk, at=world.at)
    world.later(days=1)
    own_words(world, house, "mark", "Dit gaat over mij.")
    copy = taken(world, house, "mark")
    assert "Ditgaatovermij." in copy.everything
    for gone in ("Ditleestpapaniet.", "Zeslaaptslecht", "Sanne", "Ellen"):
        assert squeezed(gone) not in copy.everything
    assert (copy.data["persons"], copy.data["involved"], copy.data["looked"]) == ([], [], [])


def test_at_eighteen_it_is_the_youths_alone(world: World) -> None:
    house = household(world, born_on=SEVENTEEN)
    own_words(world, house, "noor", "Van mij.")
    world.later(days=366)
    assert "Vanmij." in taken(world, house, "noor").everything
    assert "Vanmij." not in taken(world, house, "sanne").everything


def test_after_a_withdrawal_it_is_not_there_also_by_a_form_that_was_open(
    world: World, house: Household
) -> None:
    browser, key = client(world, "mark"), uuid4()
    before = post(browser, house, key=key)
    assert before.status_code == 200
    assert "Zeslaaptslecht" in unpacked(before.content).everything
    noor_says(world, house, "mark", yes=False)
    # The very same form once more: nothing of the first answer was kept.
    after = post(browser, house, key=key)
    assert "Zeslaaptslecht" not in unpacked(after.content).everything
    assert not Receipt.objects.exists()


def test_while_the_view_rests_the_own_application_goes_along_in_full_and_the_log_says_so(
    world: World, house: Household
) -> None:
    asked = taken_up(world, applied(world, house, "mark", words="Een brief, graag."))
    decide(
        actor=world.actor("bram"),
        application_id=asked.pk,
        verdict="refused",
        reasons="Het is er al.",
        at=world.at,
    )
    noor_says(world, house, "mark", yes=False)
    copy = taken(world, house, "mark")
    assert "Zeslaaptslecht" not in copy.everything
    for words in ("Een brief, graag.", "Het is er al."):
        assert squeezed(words) in copy.everything
    assert "Het is er al." in text_of(copy.files["brieven/besluit-1.pdf"])
    assert "hulp voor Noor" in text_of(copy.files["brieven/ontvangst-1.pdf"])
    lines = Entry.objects.filter(code="own.copy_taken", compartment_id=asked.compartment_id)
    assert lines.count() == 1


@pytest.mark.parametrize("who", ["ellen", "anouk", "karin"])
def test_who_works_here_takes_nothing(world: World, house: Household, who: str) -> None:
    assert post(client(world, who), house).status_code == 403


def test_what_is_not_yours_is_not_there(world: World, house: Household) -> None:
    household(world, parent="Bea", other="Ton", child="Lot", born_on=date(2018, 1, 1))
    nowhere = client(world, "bea").get(reverse("take_along", args=[UUID(int=7)]))
    for answer in (
        client(world, "bea").get(reverse("take_along", args=[record_of(house)])),
        post(client(world, "bea"), house),
    ):
        assert (answer.status_code, answer.content) == (404, nowhere.content)
    with pytest.raises(NotVisible):
        queries.take_along(world.actor("ellen"), record_of(house), whole=False, at=world.at)


def test_a_confidant_sees_along_and_takes_nothing(world: World, house: Household) -> None:
    trusted(world, record_of(house), by="noor", name="Truus", email="truus@buur.example")
    browser = client(world, "truus")
    assert browser.get(reverse("own_record", args=[house.family_id])).status_code == 200
    assert "Alles meenemen" not in browser.get(reverse("own_record", args=[house.family_id])).content.decode()
    assert post(browser, house).status_code == 404


# --- the pages ---


def test_it_goes_out_for_this_reader_alone(world: World, house: Household) -> None:
    browser = client(world, "sanne")
    page = browser.get(reverse("own_record", args=[house.family_id])).content.decode()
    assert reverse("take_along", args=[record_of(house)]) in page
    assert (
        "data-once"
        not in browser.get(reverse("take_along", args=[record_of(house)])).content.decode().split("<main")[1]
    )
    for what, name, kind in (
        ("paper", "kopie.pdf", "application/pdf"),
        ("whole", "kopie.zip", "application/zip"),
    ):
        answer = post(browser, house, what)
        assert answer["Content-Type"] == kind
        assert answer["Content-Disposition"] == f'attachment; filename="{name}"'
        assert answer["Cache-Control"] == "no-store"
    assert "Ze slaapt slecht" in text_of(post(browser, house, "paper").content)
    assert post(browser, house, "anders").status_code == 422


def test_who_sits_there_shows_it_first(world: World, house: Household) -> None:
    still = world.client("sanne")
    asked = post(still, house)
    assert asked.status_code == 401
    assert "Bent u het?" in asked.content.decode()
    assert "een tijdje niets" not in asked.content.decode()
    # The page to which a form of htmx is sent on says the same.
    assert "Bent u het?" in still.get(reverse("come_back")).content.decode()
    assert not Entry.objects.filter(code="own.copy_taken").exists()
    # Who has nothing but codes by mail shows it by one; a long time ago is not now.
    assert post(client(world, "mark", Means.CODE), house).status_code == 200
    old = world.client()
    old.cookies["hendig"] = signed_in(
        world.account("mark").pk, Means.CODE, shown_at=world.at - timedelta(minutes=11)
    )
    assert post(old, house).status_code == 401


def test_the_others_read_that_a_copy_was_taken(world: World, house: Household) -> None:
    browser = client(world, "mark")
    for _time in range(2):
        assert post(browser, house).status_code == 200
    # One line for each part that it is of, each time: who may not see that part does not read of it.
    lines = Entry.objects.filter(code="own.copy_taken", account_id=world.account("mark").pk)
    assert set(lines.values_list("compartment_id", flat=True)) == open_to(world, "mark")
    assert lines.count() == 2 * len(open_to(world, "mark"))
    for who in ("sanne", "noor"):
        page = world.client(who).get(reverse("who_looked", args=[house.family_id])).content.decode()
        assert "nam een kopie mee" in page
        sifted = world.client(who).get(reverse("who_looked", args=[house.family_id]), {"soort": "taken"})
        assert "nam een kopie mee" in sifted.content.decode()
        assert "bekeek uw pagina" not in sifted.content.decode()
    noor_says(world, house, "mark", yes=False)
    who_may = world.client("noor").get(reverse("who_may", args=[house.family_id])).content.decode()
    assert "Mark nam op" in " ".join(who_may.split())


def test_it_asks_as_many_times_whatever_there_is(world: World, house: Household) -> None:
    sanne, counts = world.actor("sanne"), []
    for more in range(2):
        if more:
            for n in range(3):
                own_words(world, house, "sanne", f"Nog iets {n}.")
        with CaptureQueriesContext(connection) as caught:
            queries.take_along(sanne, record_of(house), whole=True, at=world.at)
        counts.append(len(caught))
    assert counts[0] == counts[1]
    # One for each kind of row, and the same few besides.
    assert counts[0] <= len(KINDS) + 15


def test_the_schema_is_the_one_in_the_reference() -> None:
    from hendig.operations.reference import FOLDER

    assert (FOLDER / "copy.schema.json").read_bytes() == schema()


def test_a_visitor_takes_nothing(world: World, house: Household) -> None:
    with pytest.raises(NotVisible):
        queries.take_along(Actor.visitor(world.municipality.pk), record_of(house), whole=False, at=world.at)
