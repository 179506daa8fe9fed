"""Alleen van jou: what a youth writes apart, who reads it, and that for those who raise it is not there."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any
from uuid import UUID, uuid4

import psycopg
import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from hendig.audit.actions import reading
from hendig.audit.models import Entry
from hendig.families.actions import add_child, notes, sharing
from hendig.families.models import Involvement, Note, Part
from hendig.families.queries import opening
from hendig.families.queries.apart import apart, opening_apart
from hendig.families.queries.because import because
from hendig.kernel.refusal import NotVisible, Refused
from hendig.people.models import Letter, Notice
from tests.support.families import REASON, what_family_sees
from tests.support.matching import Household, household, open_talk, say
from tests.support.shared import built_once
from tests.support.world import World

WORDS = "Ik durf het thuis niet te zeggen."


@pytest.fixture(autouse=True)
def _the_clock_of_the_pages(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("hendig.web.middleware.timezone.now", lambda: world.at)


@built_once
def house(world: World) -> Household:
    """Noor of 13; Anouk helps by a match."""
    found = household(world)
    say(world, open_talk(world, found), "noor", "sanne", "mark", "ellen", "anouk")
    return found


def record_of(house: Household) -> UUID:
    return house.request.compartment.record_id


def write(world: World, house: Household, who: str = "noor", words: str = WORDS) -> Note:
    return notes.write_note(
        actor=world.actor(who), record_id=record_of(house), words=words, reason=REASON, at=world.at
    )


def name(world: World, house: Household, whom: str = "anouk") -> Involvement:
    return sharing.name_for_own_part(
        actor=world.actor("noor"),
        record_id=record_of(house),
        account_id=world.account(whom).pk,
        at=world.at,
    )


def get(world: World, house: Household, who: str) -> Any:
    return world.client(who).get(reverse("apart", args=[house.family_id]))


def test_a_youth_writes_takes_back_and_puts_back(world: World, house: Household) -> None:
    client, url = world.client("noor"), reverse("apart", args=[house.family_id])
    assert "Hier staat nog niets." in client.get(url).content.decode()
    assert client.post(url, {"_key": str(uuid4()), "words": ""}).status_code == 422
    assert client.post(url, {"_key": str(uuid4()), "words": WORDS})["Location"] == url
    assert WORDS in client.get(url).content.decode()
    note = Note.objects.get()
    gone = client.post(reverse("take_note_back", args=[note.pk]), {"_key": str(uuid4())})
    after = client.get(gone["Location"]).content.decode()
    assert (WORDS in after, "Zet terug" in after) == (False, True)
    client.post(reverse("put_note_back", args=[note.pk]), {"_key": str(uuid4())})
    assert WORDS in client.get(url).content.decode()


def test_who_is_named_reads_and_writes_and_who_is_not_finds_nothing(world: World, house: Household) -> None:
    write(world, house)
    nothing = world.client("anouk").get(reverse("apart", args=[uuid4()]))
    for who in ("anouk", "ellen", "sanne", "mark"):
        assert (get(world, house, who).status_code, nothing.status_code) == (404, 404)
    name(world, house)
    page = get(world, house, "anouk").content.decode()
    assert WORDS in page
    assert "Wat Noor apart vertelt" in page
    write(world, house, "anouk", "Noor komt dinsdag langs.")
    assert "Noor komt dinsdag langs." in get(world, house, "noor").content.decode()
    sharing.name_no_more(
        actor=world.actor("noor"),
        record_id=record_of(house),
        account_id=world.account("anouk").pk,
        at=world.at,
    )
    assert get(world, house, "anouk").status_code == 404
    assert "Noor komt dinsdag langs." in get(world, house, "noor").content.decode()


def test_a_switch_names_and_names_no_more(world: World, house: Household) -> None:
    client, url = world.client("noor"), reverse("name_reader", args=[record_of(house)])
    anouk = str(world.account("anouk").pk)
    for on, status in (("1", 200), ("0", 404)):
        client.post(url, {"_key": str(uuid4()), "account": anouk, "on": on})
        assert get(world, house, "anouk").status_code == status


def test_only_the_child_names_and_only_who_helps(world: World, house: Household) -> None:
    with pytest.raises(NotVisible):
        sharing.name_for_own_part(
            actor=world.actor("sanne"),
            record_id=record_of(house),
            account_id=world.account("anouk").pk,
            at=world.at,
        )
    for whom in ("mark", "bram"):
        with pytest.raises(Refused) as no:
            name(world, house, whom)
        assert no.value.refusal.code == "named.not_there"
    with pytest.raises(NotVisible):
        write(world, house, "sanne")


@pytest.mark.parametrize("who", ["sanne", "mark"])
def test_fourteen_years_dont_tell_my_parents(world: World, house: Household, who: str) -> None:
    """The bytes of a parent's pages are the same before and after: no entry, count, gap, mail or log line."""
    what_family_sees(world, who, house.family_id)
    before = what_family_sees(world, who, house.family_id)
    letters, bells = Letter.objects.count(), Notice.objects.count()
    write(world, house)
    name(world, house)
    note = write(world, house, "anouk", "Noor komt dinsdag langs.")
    notes.take_note_back(actor=world.actor("anouk"), note_id=note.pk, at=world.at)
    assert get(world, house, "noor").status_code == 200
    assert get(world, house, "anouk").status_code == 200
    assert what_family_sees(world, who, house.family_id) == before
    assert (Letter.objects.count(), Notice.objects.count()) == (letters, bells)
    with reading(world.actor(who), world.at):
        assert not Note.objects.exists()


def test_no_page_of_the_family_moves_when_a_youth_writes_apart(
    world: World, house: Household, monkeypatch: pytest.MonkeyPatch
) -> None:
    rung: list[str] = []
    with CaptureQueriesContext(connection) as caught:
        write(world, house)
        name(world, house)
    rung += [query["sql"] for query in caught if "pg_notify" in query["sql"]]
    assert len(rung) == 2
    assert not any(str(house.family_id) in sql for sql in rung)


def test_nobody_reads_it_in_the_database(
    world: World, house: Household, owner_connection: psycopg.Connection[tuple[object, ...]]
) -> None:
    write(world, house)
    with connection.cursor() as cursor:
        cursor.execute("SELECT encode(words, 'escape') FROM families_note")
        (row,) = cursor.fetchall()
    assert "durf" not in str(row)


def test_the_youth_reads_in_the_log_who_read_it(world: World, house: Household) -> None:
    write(world, house)
    name(world, house)
    get(world, house, "anouk")
    page = world.client("noor").get(reverse("who_looked", args=[house.family_id])).content.decode()
    assert "Anouk las wat alleen van u is" in page
    assert "Het ging om: wat het kind apart vertelt." in page


def test_below_12_there_is_no_own_part_and_a_sister_s_is_not_mine(world: World, house: Household) -> None:
    write(world, house)
    sister = add_child(
        actor=world.actor("ellen"),
        family_id=house.family_id,
        first_name="Lotte",
        born_on=date(2012, 1, 1),
        at=world.at,
    )
    from hendig.families.actions import give_youth_account

    give_youth_account(
        actor=world.actor("ellen"), member_id=sister.pk, email="lotte@gezin.example", at=world.at
    )
    page = get(world, house, "lotte")
    assert (page.status_code, WORDS in page.content.decode()) == (200, False)
    with pytest.raises(NotVisible):
        write(world, house, "lotte")


def test_apart_takes_as_many_queries_as_it_says_at_any_size(world: World, house: Household) -> None:
    counts = []
    for more in range(2):
        for n in range(4 * more):
            write(world, house, words=f"Stuk {n}.")
        with (
            opening_apart(world.actor("noor"), house.family_id, at=world.at) as look,
            CaptureQueriesContext(connection) as caught,
        ):
            apart(look)
        counts.append(len(caught))
    assert counts == [4, 4]


# --- why who works is here ---


def test_who_works_reads_why_and_until_when_without_a_query_more(world: World, house: Household) -> None:
    with (
        opening(world.actor("ellen"), "family.page_seen", house.family_id, at=world.at) as look,
        CaptureQueriesContext(connection) as caught,
    ):
        here = because(look)
    assert here is not None
    assert (str(here.words), str(here.ground)) == (
        "U bent hier omdat u de gezinscoach bent.",
        "Dat is een taak van de gemeente.",
    )
    assert (here.until_at, here.can_stay, len(caught)) == (world.at + timedelta(days=365), False, 0)
    with opening(world.actor("sanne"), "family.page_seen", house.family_id, at=world.at) as look:
        assert because(look) is None


@pytest.mark.parametrize("page", ["family", "plan"])
def test_the_line_stands_on_each_record_and_one_click_extends(
    world: World, house: Household, page: str
) -> None:
    url = reverse(page, args=[house.family_id])
    assert "U bent hier omdat u dit gezin helpt." in world.client("anouk").get(url).content.decode()
    assert "U bent hier" not in world.client("sanne").get(url).content.decode()
    assert "Een jaar langer" not in world.client("ellen").get(url).content.decode()
    world.later(days=300)
    client, stay = world.client("ellen"), reverse("stay_longer", args=[house.family_id])
    assert "Een jaar langer" in client.get(url).content.decode()
    assert client.post(stay, {"_key": str(uuid4())}).status_code == 302
    assert client.post(stay, {"_key": str(uuid4())}).status_code == 422
    ends = Involvement.objects.filter(part=Part.COACH).values_list("until_at", flat=True)
    assert set(ends) == {world.at + timedelta(days=365)}
    assert Entry.objects.filter(code="family.coach_stays").exists()
    assert world.client("bram").post(stay, {"_key": str(uuid4())}).status_code == 404
