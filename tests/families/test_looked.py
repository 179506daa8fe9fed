"""Wie keek er mee: who, as what, why and at what; a question about a line; the own looks."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.db import connection
from django.db.models.query import QuerySet
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from hendig.audit.actions import reading
from hendig.audit.models import Entry
from hendig.families import queries
from hendig.families.actions import add_child, questions
from hendig.families.models import Compartment, LogQuestion, Part
from hendig.families.queries import looked, opening
from hendig.families.queries.my_looks import MyLooks, MySieve, my_families, my_looks
from hendig.kernel.refusal import Forbidden, NotVisible, Refused
from hendig.keys.models import CompartmentKey
from hendig.people.actions import tell
from hendig.people.models import Letter, Notice
from hendig.safety.actions import begin_concern
from tests.support.families import talked
from tests.support.matching import Household, household
from tests.support.world import World


@pytest.fixture(autouse=True)
def _the_clock_of_the_pages(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("hendig.web.middleware.timezone.now", lambda: world.at)


def read(world: World, house: Household, who: str, **more: Any) -> tuple[looked.Looked, ...]:
    with queries.opening_all(world.actor(who), "family.log_seen", house.family_id, at=world.at) as look:
        return looked.who_looked(look, **more).lines


def look(world: World, house: Household, who: str) -> None:
    assert world.client(who).get(reverse("family", args=[house.family_id])).status_code == 200


def page(world: World, house: Household, who: str, **sieve: str) -> str:
    answer = world.client(who).get(reverse("who_looked", args=[house.family_id]), sieve)
    assert answer.status_code == 200
    return answer.content.decode()


def test_a_line_says_who_as_what_when_why_and_at_what(world: World, house: Household) -> None:
    look(world, house, "ellen")
    line = read(world, house, "sanne")[0]
    assert (line.first_name, str(line.function)) == ("Ellen", "gezinscoach")
    assert str(line.words) == "bekeek uw pagina"
    assert (str(line.ground), str(line.piece)) == ("Dat is een taak van de gemeente.", "wat we samen weten")
    assert line.rule is not None
    assert line.rule.number == "T9"
    text = page(world, house, "sanne")
    assert "Het ging om: wat we samen weten." in text
    assert "(Jeugdwet 2.3, 7.4.0 en 3.5)" in text


def test_lines_are_sifted_by_person_kind_and_days(world: World, house: Household) -> None:
    look(world, house, "mark")
    world.later(days=10)
    look(world, house, "ellen")
    everything = read(world, house, "sanne")
    ellen = world.account("ellen").pk
    sifted = read(world, house, "sanne", sieve=looked.Sieve(account_id=ellen))
    assert {line.account_id for line in sifted} == {ellen}
    assert len(sifted) < len(everything)
    looks = read(world, house, "sanne", sieve=looked.Sieve(kind="look"))
    assert all(line.look for line in looks)
    assert len(read(world, house, "sanne", sieve=looked.Sieve(days=7))) == 1
    text = page(world, house, "sanne", wie=str(ellen), soort="look", sinds="7")
    assert ("Ellen bekeek" in text, "Mark bekeek" in text) == (True, False)
    assert "Hier past niets bij." in page(world, house, "sanne", wie=str(uuid4()))
    assert "Mark bekeek" in page(world, house, "sanne", wie="onzin", soort="onzin", sinds="onzin", voor="x")


def test_a_youth_reads_the_lines_of_the_own_record_alone(world: World, house: Household) -> None:
    sister = add_child(
        actor=world.actor("ellen"),
        family_id=house.family_id,
        first_name="Lotte",
        born_on=house.child.born_on.replace(year=2019),  # type: ignore[union-attr]
        at=world.at,
    )
    looks_at_both = Entry.objects.count()
    look(world, house, "ellen")
    assert Entry.objects.count() == looks_at_both + 2
    mine = read(world, house, "noor")
    entries = Entry.objects.in_bulk([line.entry_id for line in mine])
    with reading(world.actor("noor"), world.at):
        places = dict(Compartment.objects.values_list("pk", "record_id"))
    about = {
        entry.record_id or (places.get(entry.compartment_id) if entry.compartment_id else None)
        for entry in entries.values()
    }
    assert about == {house.request.compartment.record_id}
    of_mother = Entry.objects.in_bulk([line.entry_id for line in read(world, house, "sanne")]).values()
    assert any(entry.object_id == sister.pk for entry in of_mother)


def test_an_emergency_stands_out(world: World, house: Household) -> None:
    place = house.request.compartment
    from hendig.audit.actions import Place, viewing

    with viewing(
        world.actor("anouk"),
        "family.page_seen",
        house.family_id,
        part=Part.EMERGENCY,
        ground="vital",
        at=world.at,
        places=[Place(place.pk, place.record_id, "T11", "safety")],
    ):
        pass
    assert read(world, house, "sanne")[0].emergency
    text = page(world, house, "sanne")
    assert "Noodtoegang" in text
    assert "Bij direct gevaar kan een beroepskracht een uur meekijken" in text


def test_panels_take_as_many_queries_as_they_say_at_any_size(world: World, house: Household) -> None:
    counts = []
    for more in range(2):
        for _n in range(1 + 5 * more):
            look(world, house, "ellen")
            look(world, house, "mark")
        with (
            opening(world.actor("sanne"), "family.log_seen", house.family_id, at=world.at) as seen,
            CaptureQueriesContext(connection) as of_lines,
        ):
            looked.who_looked(seen)
        with (
            opening(world.actor("sanne"), "family.log_seen", house.family_id, at=world.at) as seen,
            CaptureQueriesContext(connection) as of_people,
        ):
            looked.who_is_there(seen)
        ellen = world.actor("ellen")
        with reading(ellen, world.at), CaptureQueriesContext(connection) as of_mine:
            my_looks(ellen, at=world.at)
        counts.append((len(of_lines), len(of_people), len(of_mine)))
    assert counts == [(4, 2, 4), (4, 2, 4)]


# --- a question about a line ---


def ask(world: World, house: Household, who: str = "sanne", words: str = "Waarom keek Ellen?") -> Any:
    look(world, house, "ellen")
    line = read(world, house, who)[0]
    url = reverse("ask_about_line", args=[house.family_id, line.entry_id])
    return world.client(who).post(url, {"_key": str(uuid4()), "words": words})


def test_a_question_goes_to_the_officer_and_the_answer_stands_at_the_line(
    world: World, house: Household
) -> None:
    assert ask(world, house)["Location"].startswith(reverse("who_looked", args=[house.family_id]))
    assert "De privacyfunctionaris kijkt het na." in page(world, house, "sanne")
    karin = world.client("karin")
    waiting = karin.get(reverse("log_questions")).content.decode()
    assert "Waarom keek Ellen?" in waiting
    assert "bekeek uw pagina" in waiting
    assert not re.search("Sanne|Noor|Mark", waiting)
    question = LogQuestion.objects.get()
    url = reverse("log_question", args=[question.pk])
    assert karin.post(url, {"_key": str(uuid4()), "answer": ""}).status_code == 422
    done = karin.post(url, {"_key": str(uuid4()), "answer": "Zij bereidde het gesprek voor."})
    assert done["Location"] == reverse("log_questions")
    assert "Zij bereidde het gesprek voor." in page(world, house, "sanne")
    assert "Er wacht geen vraag." in karin.get(reverse("log_questions")).content.decode()
    with pytest.raises(Refused) as no:
        questions.answer_question(
            actor=world.actor("karin"), question_id=question.pk, answer="Nog eens.", at=world.at
        )
    assert no.value.refusal.code == "question.answered"


def test_who_asked_hears_of_the_answer_and_nobody_else_in_the_family(world: World, house: Household) -> None:
    ask(world, house)
    tell(entry_ids=[Entry.objects.filter(code="log.question_asked").latest("id").pk], at=world.at)
    asked = Notice.objects.filter(code="log.question_asked")
    assert [one.account.first_name for one in asked] == ["Karin"]
    questions.answer_question(
        actor=world.actor("karin"), question_id=LogQuestion.objects.get().pk, answer="Zo.", at=world.at
    )
    tell(entry_ids=[Entry.objects.filter(code="log.question_answered").latest("id").pk], at=world.at)
    told = Notice.objects.filter(code="log.question_answered")
    assert [one.account.first_name for one in told] == ["Sanne"]
    letter = Letter.objects.get(to="sanne@gezin.example", key__startswith=str(told[0].entry_id))
    assert "Ellen" not in letter.body


def test_nobody_else_of_the_family_can_tell_that_something_was_asked(world: World, house: Household) -> None:
    look(world, house, "ellen")
    lines = [line.entry_id for line in read(world, house, "mark")]
    questions.ask_about_line(
        actor=world.actor("sanne"),
        look=a_look(world, house, "sanne"),
        entry_id=lines[0],
        words="Waarom keek Ellen?",
        at=world.at,
    )
    after = read(world, house, "mark")
    assert [line.entry_id for line in after if line.account_id != world.account("sanne").pk] == [
        pk for pk in lines if Entry.objects.get(pk=pk).account_id != world.account("sanne").pk
    ]
    assert all(line.asked is None for line in after)
    key = LogQuestion.objects.get().compartment_id
    for name in ("mark", "ellen", "anouk"):
        with reading(world.actor(name), world.at):
            assert not LogQuestion.objects.exists()
            lock = "SELECT count(*) FROM keys_compartmentkey WHERE compartment_id = (%s)"
            assert count(lock, [key]) == 0


def a_look(world: World, house: Household, who: str) -> Any:
    with queries.opening_all(world.actor(who), "family.log_seen", house.family_id, at=world.at) as seen:
        return seen


def count(sql: str, values: list[UUID]) -> int:
    with connection.cursor() as cursor:
        cursor.execute(sql, values)
        row = cursor.fetchone()
    assert row is not None
    return int(row[0])


def test_the_officer_reads_the_question_and_no_key_of_the_record(world: World, house: Household) -> None:
    ask(world, house)
    with reading(world.actor("karin"), world.at):
        (question,) = LogQuestion.objects.all()
        assert question.words == "Waarom keek Ellen?"
        keys: QuerySet[CompartmentKey] = CompartmentKey.objects.all()
        assert [key.compartment_id for key in keys] == [question.compartment_id]


def test_only_a_line_of_what_is_open_and_only_once(world: World, house: Household) -> None:
    assert ask(world, house).status_code == 302
    line = next(line for line in read(world, house, "sanne") if line.asked)
    url = reverse("ask_about_line", args=[house.family_id, line.entry_id])
    again = world.client("sanne").post(url, {"_key": str(uuid4()), "words": "Nog eens?"})
    assert (again.status_code, LogQuestion.objects.count()) == (422, 1)
    assert (
        world.client("sanne").get(reverse("ask_about_line", args=[house.family_id, uuid4()])).status_code
        == 404
    )
    talked(world, "Joris", "Bas", other="Els")
    assert world.client("joris").get(url).status_code == 404
    assert world.client("ellen").get(url).status_code == 403
    with pytest.raises(Forbidden):
        questions.answer_question(
            actor=world.actor("sanne"), question_id=LogQuestion.objects.get().pk, answer="Ja.", at=world.at
        )
    with pytest.raises(NotVisible):
        questions.answer_question(actor=world.actor("karin"), question_id=uuid4(), answer="Ja.", at=world.at)


# --- the own looks ---


def test_who_works_reads_the_own_looks_and_loses_the_name_with_the_record(
    world: World, house: Household
) -> None:
    look(world, house, "ellen")
    url, client = reverse("my_looks"), world.client("ellen")
    text = client.get(url).content.decode()
    assert "Het gezin leest: Ellen bekeek uw pagina (gezinscoach)." in text
    assert reverse("family", args=[house.family_id]) in text
    world.later(days=400)
    late = world.client("ellen").get(url).content.decode()
    assert "Een gezin waar u nu niet bij hoort" in late
    assert str(house.family_id) not in late
    assert "U keek nog nergens." in world.client("anouk").get(url).content.decode()
    assert world.client("sanne").get(url).status_code == 403


def test_own_looks_join_without_gap_or_double(world: World, house: Household) -> None:
    for _again in range(5):
        look(world, house, "ellen")
    ellen = world.actor("ellen")
    with reading(ellen, world.at):
        everything = all_of(my_looks(ellen, at=world.at, limit=100))
        sheet = my_looks(ellen, at=world.at, limit=2)
        found = all_of(sheet)
        while sheet.older:
            sheet = my_looks(ellen, at=world.at, limit=2, before=sheet.older)
            found += all_of(sheet)
    assert found == sorted(everything, reverse=True)
    assert len(set(found)) == len(found) >= 5


def all_of(sheet: MyLooks) -> list[UUID]:
    return [each.line.entry_id for one in sheet.lines for each in one.each]


def own(world: World, who: str = "ellen", **sieve: Any) -> list[str]:
    actor = world.actor(who)
    with reading(actor, world.at):
        lines = my_looks(actor, at=world.at, limit=100, sieve=MySieve(**sieve)).lines
    return [str(one.line.line.words) for one in lines]


def test_who_works_reads_the_own_writing_too_as_the_family_does(world: World, house: Household) -> None:
    look(world, house, "ellen")
    assert {"bekeek uw pagina", "pakte uw vraag op"} <= set(own(world))
    assert set(own(world, kind="look")) == {"bekeek uw pagina"}
    written = own(world, kind="change")
    assert "pakte uw vraag op" in written
    assert "bekeek uw pagina" not in written
    text = world.client("ellen").get(reverse("my_looks"), {"soort": "change"}).content.decode()
    assert "Het gezin leest: Ellen pakte uw vraag op (gezinscoach)." in text
    assert "bekeek uw pagina" not in text


def test_own_lines_are_sifted_by_family_and_days(world: World, house: Household) -> None:
    other = household(world, parent="Petra", other="Karel", child="Job")
    look(world, house, "ellen")
    world.later(days=10)
    look(world, other, "ellen")
    today = world.at.date()
    assert len(own(world, kind="look")) == 2
    assert len(own(world, kind="look", family_id=house.family_id)) == 1
    assert len(own(world, kind="look", first=today)) == 1
    assert len(own(world, kind="look", last=today - timedelta(days=1))) == 1
    assert own(world, first=today + timedelta(days=1)) == []
    url, client = reverse("my_looks"), world.client("ellen")
    with reading(world.actor("ellen"), world.at):
        names = {one.family_id: one.name for one in my_families(world.actor("ellen"), at=world.at)}
    assert set(names) == {house.family_id, other.family_id}
    text = client.get(url, {"gezin": str(house.family_id), "soort": "look"}).content.decode()
    assert (f'/gezin/{house.family_id}/"' in text, f'/gezin/{other.family_id}/"' in text) == (True, False)
    ahead = (today + timedelta(days=1)).isoformat()
    assert "Hier past niets bij." in client.get(url, {"van": ahead}).content.decode()


@pytest.mark.parametrize(
    "odd",
    [{"gezin": str(UUID(int=7))}, {"gezin": "x", "soort": "refusal"}, {"van": "9999-12-31"}, {"tot": "x"}],
)
def test_what_is_odd_in_the_address_sifts_nothing(
    world: World, house: Household, odd: dict[str, str]
) -> None:
    look(world, house, "ellen")
    answer = world.client("ellen").get(reverse("my_looks"), odd)
    assert answer.status_code == 200
    assert "Ellen bekeek uw pagina" in answer.content.decode()


def test_older_pages_keep_what_was_chosen(world: World, house: Household) -> None:
    for _again in range(52):
        look(world, house, "ellen")
    url, client = reverse("my_looks"), world.client("ellen")
    text = client.get(url, {"soort": "look", "gezin": str(house.family_id)}).content.decode()
    found = re.search(r'href="([^"]*voor=[^"]*)"', text)
    assert found
    older = client.get(found[1].replace("&amp;", "&")).content.decode()
    assert older.count("Ellen bekeek uw pagina") == 1
    assert "2 regels" in older
    assert "pakte uw vraag op" not in older


def test_what_no_family_reads_is_not_said_to_be_read(world: World, house: Household) -> None:
    look(world, house, "ellen")
    begin_concern(
        actor=world.actor("ellen"),
        record_id=house.request.compartment.record_id,
        about="Blauwe plekken.",
        at=world.at,
    )
    text = world.client("ellen").get(reverse("my_looks")).content.decode()
    assert "Het gezin leest dit niet." in text
    assert "Het gezin leest: Ellen bekeek uw pagina (gezinscoach)." in text
