"""The register of data breaches: what the law asks, filled from the log, added to and never written over."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from hendig.audit.models import Entry
from hendig.families.models import CompartmentKind
from hendig.helprequests.models import HelpRequest
from hendig.kernel.periods import AMSTERDAM
from hendig.kernel.refusal import Forbidden, NotVisible, Refused
from hendig.safety import actions, rules
from hendig.safety.models import Abroad, Breach, Concerned, DataKind, Nature, NotTold
from hendig.safety.queries import breaches
from hendig.safety.queries.reached import Search, reached
from hendig.safety.rules import Told
from tests.support.rights import text_of
from tests.support.safety import opened
from tests.support.world import World

pytestmark = pytest.mark.usefixtures("_the_clock_of_the_pages")

FOUND = datetime(2026, 11, 2, 9, tzinfo=AMSTERDAM)


def told(at: datetime = FOUND, **more: Any) -> Told:
    """The least that is known of a breach."""
    least = Told(at, at - timedelta(hours=9), at, "Een collega keek zonder reden.")
    return replace(least, **more)


def all_told(at: datetime = FOUND) -> Told:
    """Everything that the law asks."""
    return told(
        at,
        nature=(Nature.SEEN,),
        concerned=(Concerned.CHILDREN,),
        people_about=4,
        data_kinds=(DataKind.SHARED,),
        records_about=1,
        contact="Karin, karin@example.nl",
        effects="Iemand kent nu hun verhaal.",
        measures="De toegang is gestopt.",
        abroad=Abroad.NO,
        reported_at=at,
        reference="AP-1",
        not_told=NotTold.NO_HIGH_RISK,
    )


# --- rules ---


@pytest.mark.parametrize(
    ("more", "code"),
    [
        ({}, None),
        ({"from_at": FOUND + timedelta(hours=1)}, "breach.order"),
        ({"found_at": FOUND + timedelta(hours=101)}, "breach.future"),
        ({"reported_at": FOUND - timedelta(minutes=1)}, "breach.reported"),
        ({"reported_at": FOUND + timedelta(hours=101)}, "breach.reported"),
        ({"reported_at": FOUND + timedelta(hours=72)}, None),
        ({"reported_at": FOUND + timedelta(hours=72, minutes=1)}, "breach.late_why"),
        ({"reported_at": FOUND + timedelta(hours=73), "late_why": " "}, "breach.late_why"),
        ({"reported_at": FOUND + timedelta(hours=73), "late_why": "Het weekend."}, None),
        ({"told_on": FOUND.date() + timedelta(days=5)}, "breach.told"),
        ({"told_on": FOUND.date() - timedelta(days=1)}, "breach.told"),
        ({"told_on": FOUND.date()}, None),
    ],
)
def test_a_breach_may_be_unfinished_but_not_against_the_clock(more: dict[str, Any], code: str | None) -> None:
    no = rules.why_no_breach(told(**more), FOUND + timedelta(hours=100))
    assert (no and no.code) == code


@pytest.mark.parametrize(
    ("less", "words"),
    [
        ({"nature": ()}, "wat er met de gegevens gebeurde"),
        ({"concerned": ()}, "om wie het gaat"),
        ({"people_about": None}, "om hoeveel mensen"),
        ({"data_kinds": ()}, "om welke gegevens"),
        ({"records_about": None}, "om hoeveel dossiers"),
        ({"contact": ""}, "bij wie iemand meer kan horen"),
        ({"effects": ""}, "wat dit kan betekenen"),
        ({"measures": ""}, "wat er gedaan is"),
        ({"abroad": ""}, "over de grens"),
        ({"abroad": Abroad.YES}, "over de grens"),
        ({"reported_at": None}, "wanneer het gemeld is"),
        ({"to_authority": False}, "waarom het niet gemeld wordt"),
        ({"to_people": True}, "wanneer de mensen het hoorden"),
        ({"not_told": ""}, "waarom de mensen het niet horen"),
    ],
)
def test_each_thing_that_the_law_asks_is_missed(less: dict[str, Any], words: str) -> None:
    """Articles 33.3 a-d, 33.1, 33.5 and 34."""
    assert rules.missing(all_told()) == ()
    missed = rules.missing(replace(all_told(), **less))
    assert len(missed) == 1
    assert words in str(missed[0])


def test_every_part_of_a_record_is_a_kind_of_data_but_the_one_that_is_not_named() -> None:
    assert set(CompartmentKind.values) - set(DataKind.values) == {CompartmentKind.INFORMANT}


def test_nobody_of_whom_to_say_how_many_is_a_number_too() -> None:
    assert rules.missing(replace(all_told(), people_about=0, records_about=0)) == ()


@pytest.mark.parametrize(
    ("after", "more", "stage", "left"),
    [
        (timedelta(hours=30, minutes=1), {}, "waiting", "41 uur en 59 minuten"),
        (timedelta(hours=71, minutes=59), {}, "waiting", "1 minuut"),
        (timedelta(hours=72), {}, "stopped", "0 minuten"),
        (timedelta(hours=74, minutes=5), {}, "stopped", "2 uur en 5 minuten"),
        (timedelta(hours=74), {"reported_at": FOUND}, "done", "2 uur en 0 minuten"),
        (timedelta(hours=74), {"to_authority": False}, "quiet", "2 uur en 0 minuten"),
    ],
)
def test_the_clock_says_what_is_left_of_72_hours(
    after: timedelta, more: dict[str, Any], stage: str, left: str
) -> None:
    clock = breaches.clock(told(**more), FOUND + after)
    assert (clock.stage, clock.left) == (stage, left)


# --- actions ---


def written(world: World, said: Told | None = None, **more: Any) -> Breach:
    return actions.write_breach(actor=world.actor("karin"), told=said or told(world.at), at=world.at, **more)


def added(world: World, first: Breach, said: Told, seen: Breach | None = None, name: str = "karin") -> Breach:
    return actions.add_to_breach(
        actor=world.actor(name),
        breach_id=first.pk,
        seen_id=(seen or first).pk,
        told=said,
        who=first.who_id,
        at=world.at,
    )


def test_what_is_added_stands_beside_what_was_said(world: World) -> None:
    first = written(world)
    second = added(world, first, told(first.found_at, measures="De toegang is gestopt."))
    third = added(world, first, replace(all_told(first.found_at), measures="Ook gebeld."), second)
    page = breaches.breach(world.actor("karin"), first.pk, at=world.at)
    assert page.newest_id == third.pk
    assert page.told.measures == "Ook gebeld."
    assert page.missing == ()
    changed = [{part.title: part.lines for part in one.parts} for one in page.before]
    assert changed[0]["Maatregelen"] == ("De toegang is gestopt.",)
    assert changed[1] == {"Maatregelen": ("Nog geen.",)}
    assert Breach.objects.get(pk=first.pk).measures == ""
    assert Entry.objects.filter(code="breach.added").count() == 2


def test_what_a_colleague_added_meanwhile_is_read_first(world: World) -> None:
    first = written(world)
    added(world, first, told(first.found_at, measures="De toegang is gestopt."))
    with pytest.raises(Refused) as no:
        added(world, first, told(first.found_at, effects="Onrust."))
    assert no.value.refusal.code == "breach.changed"
    assert Breach.objects.count() == 2


def test_what_says_nothing_new_or_goes_against_the_clock_is_not_added(world: World) -> None:
    first = written(world)
    with pytest.raises(Refused) as no:
        added(world, first, told(first.found_at))
    assert no.value.refusal.code == "breach.same"
    world.later(hours=80)
    with pytest.raises(Refused) as no:
        added(world, first, told(first.found_at, reported_at=world.at))
    assert no.value.refusal.code == "breach.late_why"
    assert Breach.objects.count() == 1


def test_what_is_still_to_be_reported_is_counted_by_what_was_said_last(world: World) -> None:
    def waits() -> int:
        return breaches.count_to_report(world.actor("karin"))

    assert waits() == 0
    first, other = written(world), written(world)
    assert waits() == 2
    assert "2 nog te melden" in world.client("karin").get(reverse("log")).content.decode()
    second = added(world, first, told(first.found_at, reported_at=first.found_at))
    assert waits() == 1
    added(world, other, told(other.found_at, to_authority=False, not_reported_why="Geen risico."))
    assert waits() == 0
    # It turns out that it was never sent.
    added(world, first, told(first.found_at, effects="Onrust."), second)
    assert waits() == 1


def test_a_row_that_was_added_is_no_breach_of_its_own(world: World) -> None:
    first = written(world)
    later = added(world, first, told(first.found_at, effects="Onrust."))
    for strange in (later.pk, uuid4()):
        with pytest.raises(NotVisible):
            breaches.breach(world.actor("karin"), strange, at=world.at)
        with pytest.raises(NotVisible):
            actions.add_to_breach(
                actor=world.actor("karin"),
                breach_id=strange,
                seen_id=later.pk,
                told=all_told(first.found_at),
                at=world.at,
            )


def test_only_the_officer_keeps_the_register(world: World) -> None:
    first = written(world)
    for name in ("ellen", "henk", "petra", "anouk"):
        with pytest.raises(Forbidden):
            actions.write_breach(actor=world.actor(name), told=told(world.at), at=world.at)
        with pytest.raises(Forbidden):
            added(world, first, all_told(first.found_at), name=name)


# --- pages ---


def typed(world: World, **more: Any) -> dict[str, Any]:
    return {
        "_key": str(uuid4()),
        "from_at": "2026-11-02T00:00",
        "until_at": "2026-11-02T23:00",
        "found_at": "2026-11-02T08:00",
        "what": "Een collega keek zonder reden.",
        "to_authority": "on",
        **more,
    }


def test_the_log_fills_in_what_was_left_empty_and_keeps_nothing(world: World, request_: HelpRequest) -> None:
    opened(world, request_)
    client = world.client("karin")
    asked = typed(world, who=str(world.account("youssef").pk), look="1", records_about="12")
    page = client.post(reverse("write_breach"), asked).content.decode()
    assert "1 dossier," in page
    assert str(request_.compartment.record_id) in page
    assert "Youssef" in page
    assert "Een collega keek zonder reden." in page
    assert 'value="safety" id="id_data_kinds_6" checked' in page
    assert 'name="records_about" value="12"' in page
    assert 'name="people_about" value="3"' in page
    assert "Verhoeven" not in page
    assert not Breach.objects.exists()


def test_the_log_is_asked_by_record_when_nobody_is_known(world: World, request_: HelpRequest) -> None:
    opened(world, request_)
    record = str(request_.compartment.record_id)
    client = world.client("karin")
    asked = typed(world, from_at="2026-10-01T00:00", look="1")
    by_record = client.post(reverse("write_breach"), {**asked, "of_record_id": record}).content.decode()
    assert "Youssef" in by_record
    assert "Ellen" in by_record
    of_nobody = client.post(reverse("write_breach"), asked | {"_key": str(uuid4())}).content.decode()
    assert "Het logboek heeft hier niets over." in of_nobody
    wrong = client.post(reverse("write_breach"), asked | {"_key": str(uuid4()), "of_record_id": "12"})
    assert wrong.status_code == 422
    assert "Dit is geen nummer van een dossier." in wrong.content.decode()


def test_a_line_that_names_no_record_is_of_the_one_in_whose_part_it_lies(
    world: World, request_: HelpRequest
) -> None:
    ellen = world.account("ellen").pk
    lines = Entry.objects.filter(account_id=ellen, compartment_id__isnull=False)
    assert lines.filter(record_id=None).exists()
    found = reached(
        world.actor("karin"), Search(ellen, None, world.at - timedelta(days=99), world.at), at=world.at
    )
    assert {one.record_id for one in found.touched if str(one.piece)} == {request_.compartment.record_id}
    assert found.reach.records == 1
    early = Search(ellen, None, world.at - timedelta(days=99), world.at - timedelta(days=98))
    nothing = reached(world.actor("karin"), early, at=world.at)
    assert (nothing.reach.lines, nothing.data, nothing.people, nothing.touched) == (0, (), 0, ())


def test_a_breach_is_written_added_to_and_leaves_as_a_document(world: World, request_: HelpRequest) -> None:
    opened(world, request_)
    client = world.client("karin")
    done: Any = client.post(reverse("write_breach"), typed(world, who=str(world.account("youssef").pk)))
    breach = Breach.objects.get()
    assert done["Location"] == reverse("breach", args=[breach.pk])
    assert breach.records == 1
    page = client.get(done["Location"]).content.decode()
    assert "De klok van 72 uur loopt" in page
    assert "waarom de mensen het niet horen" in page
    form = client.get(reverse("add_to_breach", args=[breach.pk])).content.decode()
    assert f'name="seen_id" value="{breach.pk}"' in form
    more = typed(world, seen_id=str(breach.pk), nature=["seen", "gone"], measures="Gestopt.", abroad="no")
    more |= {"who": str(world.account("youssef").pk), "data_kinds": ["shared", "gp"]}
    assert client.post(reverse("add_to_breach", args=[breach.pk]), more).status_code == 302
    again = client.post(reverse("add_to_breach", args=[breach.pk]), more | {"_key": str(uuid4())})
    assert again.status_code == 422
    assert "Intussen vulde iemand anders dit aan" in again.content.decode()
    assert "Gestopt." in again.content.decode()
    document: Any = client.get(reverse("breach_pdf", args=[breach.pk]))
    assert document["Content-Type"] == "application/pdf"
    paper = text_of(document.content)
    for words in ("Gegevens zijn weg", "Wat een huisarts schrijft", "Gestopt.", "Dit volgt nog", "72 uur"):
        assert words in paper
    assert "Verhoeven" not in paper
    for name in ("breaches", "write_breach"):
        assert world.client("ellen").get(reverse(name)).status_code == 403


def test_the_register_is_a_list_that_goes_on_by_key(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(breaches, "PAGE", 2)
    made = [written(world, told(world.later(minutes=1), what=f"Lek {n}")) for n in range(3)]
    added(world, made[2], told(made[2].found_at, what="Lek 2, beter bekeken"), made[2])
    client = world.client("karin")
    page = client.get(reverse("breaches")).content.decode()
    assert "Lek 2, beter bekeken" in page
    assert page.count("data-item") == 2
    rest = client.get(reverse("breaches"), {"voor": str(made[1].pk)}).content.decode()
    assert "Lek 0" in rest
    assert rest.count("data-item") == 1
    assert client.get(reverse("breaches"), {"voor": "x"}).status_code == 200


def test_the_pages_ask_no_more_for_more(world: World, request_: HelpRequest) -> None:
    def queries(*path: object) -> int:
        with CaptureQueriesContext(connection) as asked:
            assert client.get(reverse(str(path[0]), args=list(path[1:]))).status_code == 200
        return len(asked)

    client = world.client("karin")
    opened(world, request_)
    who = world.account("youssef").pk
    tomorrow = world.at + timedelta(days=1)
    first = written(world, told(world.at, until_at=tomorrow), who=who)
    client.get(reverse("breaches"))
    pages: tuple[tuple[object, ...], ...] = (
        ("breaches",),
        ("breach", first.pk),
        ("add_to_breach", first.pk),
        ("breach_pdf", first.pk),
    )
    before = [queries(*page) for page in pages]
    opened(world, request_)
    newest = first
    for number in range(3):
        newest = added(world, first, told(first.found_at, until_at=tomorrow, effects=f"{number}"), newest)
        written(world, told(world.at, what=f"Lek {number}"), who=who)
    assert [queries(*page) for page in pages] == before
