"""A GP who is not in the tent may ask once to be invited; until a yes nothing is there."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from hendig.audit.actions import reading
from hendig.audit.models import Entry
from hendig.families.actions import gp, gp_asks, say_about, sharing
from hendig.families.models import FamilyMember, GpAsk, GpAskStage, Involvement, Note, Part
from hendig.kernel.periods import local_day
from hendig.kernel.refusal import Forbidden, NotVisible
from hendig.people import actions as people
from hendig.people.models import Notice
from tests.families.test_gp import join, record_of, refused
from tests.support.families import REASON
from tests.support.matching import THIRTEEN, Household, household
from tests.support.registrations import physician, registered
from tests.support.shared import built_once
from tests.support.world import World

EIGHT = date(2018, 5, 4)


@pytest.fixture(autouse=True)
def _the_clock_of_the_pages(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("hendig.web.middleware.timezone.now", lambda: world.at)


@built_once
def house(world: World) -> Household:
    """Noor of 13 with both parents; Anouk and Youssef are doctors."""
    for name in ("anouk", "youssef"):
        physician(world, name)
    return household(world)


@built_once
def young(world: World) -> Household:
    """Bas of 8: his parents decide; Anouk is a doctor."""
    physician(world, "anouk")
    return household(world, parent="Joris", other="Els", child="Bas", born_on=EIGHT)


def surname(house: Household) -> str:
    return house.request.family.name


def ask(
    world: World, house: Household, who: str = "anouk", born_on: date = THIRTEEN, child: str = "Noor"
) -> GpAsk:
    gp_asks.ask_to_join(
        actor=world.actor(who), first_name=child, last_name=surname(house), born_on=born_on, at=world.at
    )
    with reading(world.system, world.at):
        return GpAsk.objects.latest("id")


def answer(world: World, one: GpAsk, by: str, *, yes: bool) -> GpAsk:
    return gp_asks.answer_ask(actor=world.actor(by), ask_id=one.pk, yes=yes, at=world.at)


def is_gp(world: World, house: Household, who: str = "anouk") -> bool:
    path = reverse("gp", args=[record_of(house)])
    return bool(world.client(who).get(path).status_code == 200)


def post(world: World, who: str, path: str, **fields: str) -> Any:
    return world.client(who).post(path, {"_key": str(uuid4()), **fields})


# --- asking tells nothing ---


def test_until_the_yes_nothing_is_there_and_after_it_the_gp_takes_part_for_a_year(
    world: World, house: Household
) -> None:
    one = ask(world, house)
    assert one.record_id == record_of(house)
    assert not is_gp(world, house)
    with reading(world.actor("anouk"), world.at):
        assert not GpAsk.objects.exists(), "not even the own row, which would tell that there is a family"
        assert not FamilyMember.objects.filter(family_id=house.family_id).exists()
    assert not GpAsk.objects.visible_to(world.actor("anouk"), at=world.at).exists()
    answer(world, one, "noor", yes=True)
    assert is_gp(world, house)
    row = Involvement.objects.get(part=Part.GP)
    assert row.until_at is not None
    assert (row.kinds, (row.until_at - world.at).days) == (["gp", "shared"], 365)


def test_a_child_that_is_not_here_is_asked_for_in_just_the_same_way(world: World, house: Household) -> None:
    """The same page, the same words, a row as well, and the same refusal the second time."""
    url = reverse("ask_as_gp")
    answers = []
    for first in ("Noor", "Nergens"):
        typed = {"first_name": first, "last_name": surname(house), "born_on": "2013-05-04"}
        client = world.client("anouk")
        sent = client.post(url, {"_key": str(uuid4()), **typed})
        landed = client.get(sent["Location"]).content.decode()
        words = "Kennen wij dit kind, dan leest het gezin uw vraag." in landed
        again = client.post(url, {"_key": str(uuid4()), **typed})
        refusal = "U hebt dit al gevraagd" in again.content.decode()
        answers.append((sent.status_code, sent["Location"], words, again.status_code, refusal))
    assert answers[0] == answers[1] == (302, reverse("today"), True, 422, True)
    assert GpAsk.objects.count() == 2
    assert GpAsk.objects.filter(record=None).count() == 1
    # What was typed for nobody lies nowhere.
    assert not Entry.objects.filter(facts__icontains="Nergens").exists()


def test_a_no_is_not_told_and_nobody_asks_twice(world: World, house: Household) -> None:
    one = ask(world, house)
    answer(world, one, "noor", yes=False)
    assert not is_gp(world, house)
    entries = list(Entry.objects.filter(code__startswith="family.gp_not").values_list("pk", flat=True))
    people.tell(entry_ids=entries, at=world.at)
    assert not Notice.objects.filter(account=world.account("anouk")).exists()
    assert refused(lambda: ask(world, house)) == "gp.asked_before"
    assert refused(lambda: answer(world, one, "noor", yes=True)) == "gp.ask_settled"
    world.later(days=300)
    assert refused(lambda: ask(world, house)) == "gp.asked_before"


def test_names_are_not_tried_until_one_fits(world: World, house: Household) -> None:
    for number in range(5):
        ask(world, house, child=f"Naam{number}")
    assert refused(lambda: ask(world, house)) == "gp.asks_too_often"
    world.later(days=1)
    ask(world, house)


def test_whom_the_family_keeps_out_and_whose_family_it_is_reach_nobody(
    world: World, house: Household
) -> None:
    join(world, house)
    sharing.shut_out(
        actor=world.actor("noor"),
        record_id=record_of(house),
        account_id=world.account("anouk").pk,
        at=world.at,
    )
    assert ask(world, house).record_id is None


def test_only_a_professional_asks_and_not_where_they_are_the_gp(world: World, house: Household) -> None:
    for who in ("ellen", "sanne", "jolanda", "karin"):
        with pytest.raises(Forbidden):
            ask(world, house, who)
    join(world, house)
    assert refused(lambda: ask(world, house)) == "gp.is_there"


@pytest.mark.parametrize(
    ("register", "profession", "days", "asks"),
    [
        ("big", "physician", None, True),
        ("big", "physician", 0, True),
        ("big", "physician", -1, False),
        ("big", "nurse", None, False),
        ("skj", "", None, False),
        ("", "", None, False),
    ],
)
def test_a_registration_makes_a_gp_and_not_a_title(
    world: World, house: Household, register: str, profession: str, days: int | None, *, asks: bool
) -> None:
    """What an employer calls somebody is no ground, nor another register, nor the BIG as something else."""
    until = None if days is None else local_day(world.at) + timedelta(days=days)
    registered(world, "anouk", register, profession=profession, until=until)
    page = world.client("anouk").get(reverse("ask_as_gp")).content.decode()
    assert ('name="first_name"' in page, "die als arts in het BIG-register staat" in page) == (asks, not asks)
    if asks:
        assert ask(world, house).record_id == record_of(house)
        return
    assert refused(lambda: ask(world, house)) == "gp.not_registered"
    sent = post(world, "anouk", reverse("ask_as_gp"), first_name="Noor", last_name="", born_on="2013-05-04")
    assert sent.status_code == 422
    assert not GpAsk.objects.exists()


def test_a_birth_date_that_cannot_be_is_said(world: World, house: Household) -> None:
    assert refused(lambda: ask(world, house, born_on=date(2030, 1, 1))) == "child.not_yet_born"
    wrong = post(world, "anouk", reverse("ask_as_gp"), first_name="Noor", last_name="", born_on="2013-13-45")
    assert (wrong.status_code, 'value="Noor"' in wrong.content.decode()) == (422, True)


# --- who answers ---


def test_from_12_the_child_says_yes_and_each_who_decides_may_say_no(world: World, house: Household) -> None:
    one = ask(world, house)
    assert refused(lambda: answer(world, one, "sanne", yes=True)) == "gp.child_says"
    answer(world, one, "mark", yes=False)
    assert refused(lambda: answer(world, one, "noor", yes=True)) == "gp.ask_settled"
    assert not is_gp(world, house)


def test_below_12_a_parent_says_yes_and_the_other_can_stop_it(world: World, young: Household) -> None:
    one = ask(world, young, born_on=EIGHT, child="Bas")
    answer(world, one, "joris", yes=True)
    assert is_gp(world, young)
    say_about(
        actor=world.actor("els"),
        record_id=record_of(young),
        account_id=world.account("anouk").pk,
        yes=False,
        at=world.at,
    )
    assert not is_gp(world, young)


def test_nobody_else_answers(world: World, house: Household, young: Household) -> None:
    one = ask(world, house)
    with pytest.raises(NotVisible):
        answer(world, one, "joris", yes=True)
    for who in ("ellen", "anouk"):
        with pytest.raises(Forbidden):
            answer(world, one, who, yes=True)


def test_one_gp_at_a_time(world: World, house: Household) -> None:
    join(world, house)
    one = ask(world, house, "youssef")
    assert refused(lambda: answer(world, one, "noor", yes=True)) == "gp.there"
    with reading(world.system, world.at):
        assert GpAsk.objects.get(pk=one.pk).stage == GpAskStage.ASKED


# --- the pages ---


def test_the_family_reads_who_asks_and_answers_on_its_page(world: World, house: Household) -> None:
    one = ask(world, house)
    entry = Entry.objects.get(code="gp.asked")
    people.tell(entry_ids=[entry.pk], at=world.at)
    told = Notice.objects.filter(entry_id=entry.pk).values_list("account__first_name", flat=True)
    assert {"Noor", "Sanne", "Mark"} == set(told)
    who_may = reverse("who_may", args=[house.family_id])
    url = reverse("answer_gp_ask", args=[one.pk])
    page = world.client("noor").get(who_may).content.decode()
    assert "Anouk vraagt of die mee mag doen als huisarts van Noor." in page
    assert "Vlinder" in page
    assert post(world, "sanne", url, yes="1").status_code == 422
    assert post(world, "noor", url, yes="1").status_code == 302
    assert url not in world.client("noor").get(who_may).content.decode()
    assert (
        "vroeg of die als huisarts mee mag doen"
        in world.client("sanne").get(reverse("who_looked", args=[house.family_id])).content.decode()
    )


def test_lists_lead_the_gp_the_coach_and_the_family_to_the_page_of_the_gp(
    world: World, house: Household
) -> None:
    door = reverse("gp", args=[record_of(house)])
    family = reverse("family", args=[house.family_id])

    def leads(who: str, path: str) -> bool:
        return door in world.client(who).get(path).content.decode()

    assert not leads("anouk", reverse("today"))
    answer(world, ask(world, house), "noor", yes=True)
    assert leads("anouk", reverse("today"))
    assert leads("anouk", family)
    assert not leads("ellen", family)
    note = gp.write_as_gp(
        actor=world.actor("anouk"),
        record_id=record_of(house),
        words="Zij groeit.",
        reason=REASON,
        at=world.at,
    )
    assert not leads("ellen", family)
    gp.say_may_share(
        actor=world.actor("noor"),
        record_id=record_of(house),
        account_id=world.account("anouk").pk,
        yes=True,
        at=world.at,
    )
    gp.share_note(actor=world.actor("anouk"), note_id=note.pk, at=world.at)
    for who in ("ellen", "sanne", "noor"):
        assert leads(who, family), who
        assert world.client(who).get(door).status_code == 200
    gp.keep_note(actor=world.actor("anouk"), note_id=note.pk, at=world.at)
    assert not leads("ellen", family)
    assert not Note.objects.filter(taken_back_at=None, shared_from__isnull=False).exists()


def test_the_pages_ask_as_many_times_at_any_size(world: World, house: Household, young: Household) -> None:
    def queries(who: str, path: str) -> int:
        client = world.client(who)
        with CaptureQueriesContext(connection) as found:
            assert client.get(path).status_code == 200
        return len(found)

    who_may = reverse("who_may", args=[house.family_id])
    first = ask(world, house)
    counts = [queries("noor", who_may), queries("anouk", reverse("today"))]
    ask(world, house, "youssef")
    assert queries("noor", who_may) == counts[0]
    answer(world, first, "noor", yes=True)
    answer(world, ask(world, young, born_on=EIGHT, child="Bas"), "joris", yes=True)
    assert queries("anouk", reverse("today")) == counts[1]
