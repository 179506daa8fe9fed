"""Who works here says that this is the own family, or known from home: it closes at once."""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from hendig.audit.actions import reading
from hendig.audit.models import Entry
from hendig.families.actions import add_child, deputies, sharing
from hendig.families.models import Block, Family, Record
from hendig.helprequests.models import HelpRequest, Stage
from hendig.kernel.actor import Role
from hendig.kernel.periods import local_day
from hendig.kernel.refusal import Forbidden, NotVisible, Refused
from hendig.matching import actions as matching
from hendig.matching.models import Match
from hendig.people import actions as people
from hendig.people.models import Notice
from hendig.safety import actions
from hendig.tents.models import Seat, SeatStage
from tests.safety.test_own_family import alarms, worked_off
from tests.support.matching import Household
from tests.support.plans import Help
from tests.support.safety import worried
from tests.support.tents import planned_tent
from tests.support.world import World

pytestmark = pytest.mark.usefixtures("_the_clock_of_the_pages")


def declare(world: World, family_id: UUID, who: str, successor: str = "") -> None:
    actions.declare_own_family(
        actor=world.actor(who),
        family_id=family_id,
        successor_id=world.account(successor).pk if successor else None,
        at=world.at,
    )


def sees(world: World, family_id: UUID, who: str) -> bool:
    actor = world.actor(who)
    with reading(actor, world.at):
        return Family.objects.visible_to(actor, at=world.at).filter(pk=family_id).exists()


def told(world: World, code: str) -> list[str]:
    lines = Entry.objects.filter(code=code)
    people.tell(entry_ids=list(lines.values_list("pk", flat=True)), at=world.at)
    return sorted(Notice.objects.filter(code=code).values_list("account__first_name", flat=True))


def log_of(world: World, family_id: UUID, who: str) -> str:
    answer = world.client(who).get(reverse("who_looked", args=[family_id]))
    assert answer.status_code == 200
    return answer.content.decode()


def test_who_helps_and_says_so_sees_nothing_from_that_moment(world: World, helped: Help) -> None:
    assert sees(world, helped.family_id, "anouk")
    declare(world, helped.family_id, "anouk")
    assert not sees(world, helped.family_id, "anouk")
    assert world.client("anouk").get(reverse("family", args=[helped.family_id])).status_code == 404
    assert told(world, "own_family.declared") == ["Karin"]
    assert told(world, "own_family.closed") == ["Ellen"]
    match = Match.objects.get(pk=helped.match.pk)
    assert match.ends_on == local_day(world.at)
    request = HelpRequest.objects.get(pk=helped.request.pk)
    assert (request.stage, request.waiting_on) == (Stage.HELP, "coach")


def test_the_family_reads_that_somebody_looks_along_no_more_and_why(world: World, helped: Help) -> None:
    declare(world, helped.family_id, "anouk")
    words = "kijkt niet meer mee, want dit is eigen familie of een kennis"
    for who in ("sanne", "noor"):
        assert words in log_of(world, helped.family_id, who)


def test_a_coach_names_who_goes_on_and_the_question_is_never_nobodys(world: World, house: Household) -> None:
    for successor, code in (("", "own.who_goes_on"), ("ellen", "own.closed_to"), ("anouk", "own.closed_to")):
        with pytest.raises(Refused) as no:
            declare(world, house.family_id, "ellen", successor)
        assert no.value.refusal.code == code
    assert sees(world, house.family_id, "ellen")
    declare(world, house.family_id, "ellen", "bram")
    assert (sees(world, house.family_id, "ellen"), sees(world, house.family_id, "bram")) == (False, True)
    assert HelpRequest.objects.get(pk=house.request.pk).coach_id == world.account("bram").pk
    assert (
        "Bram is de nieuwe gezinscoach."
        in world.client("sanne").get(reverse("family", args=[house.family_id])).content.decode()
    )


def test_a_coach_without_a_colleague_may_leave_too_and_who_leads_is_told(
    world: World, house: Household
) -> None:
    people.end_employment(actor=world.system, account_id=world.account("bram").pk, at=world.at)
    declare(world, house.family_id, "ellen")
    assert not sees(world, house.family_id, "ellen")
    assert told(world, "own_family.no_coach") == ["Petra"]


def test_nobody_of_the_family_takes_it_back(world: World, helped: Help) -> None:
    declare(world, helped.family_id, "anouk")
    record_id, anouk = helped.request.compartment.record_id, world.account("anouk").pk
    with pytest.raises(Refused) as no:
        sharing.let_in_again(actor=world.actor("noor"), record_id=record_id, account_id=anouk, at=world.at)
    assert no.value.refusal.code == "block.own_family"
    assert Block.objects.get(record=record_id, account=anouk).until_at is None


def test_a_record_that_begins_later_is_closed_as_well(world: World, house: Household) -> None:
    declare(world, house.family_id, "ellen", "bram")
    add_child(
        actor=world.actor("bram"),
        family_id=house.family_id,
        first_name="Lotte",
        born_on=date(2018, 3, 4),
        at=world.at,
    )
    closed = Block.objects.filter(account=world.account("ellen"), own_family=True)
    assert set(closed.values_list("record_id", flat=True)) == set(
        Record.objects.filter(family_id=house.family_id).values_list("pk", flat=True)
    )


def test_who_said_so_is_asked_there_no_more_and_a_later_try_is_an_alarm(world: World, helped: Help) -> None:
    declare(world, helped.family_id, "anouk")
    with pytest.raises(Refused) as no:
        matching.open_talk(
            actor=world.actor("ellen"),
            request_id=helped.request.pk,
            child_id=helped.match.child_id,
            professional_id=world.professionals["anouk"].pk,
            service_code_id=world.service_code().pk,
            purpose="Nog eens.",
            at=world.at,
        )
    assert no.value.refusal.code == "talk.own_family"
    assert alarms("own_family.proposed") == 1
    assert world.client("anouk").get(reverse("family", args=[helped.family_id])).status_code == 404
    worked_off(world)
    assert alarms() == 1


def test_a_guest_gives_up_the_seat_at_the_tent(world: World, house: Household) -> None:
    tent = planned_tent(world, house)
    guest = Seat.objects.filter(tent=tent, stage=SeatStage.WELCOME).order_by("id").first()
    assert guest is not None
    name = guest.professional.account.first_name.lower()
    declare(world, house.family_id, name)
    assert Seat.objects.get(pk=guest.pk).stage == SeatStage.BUSY
    assert not sees(world, house.family_id, name)
    assert world.client(name).get(reverse("tent", args=[tent.pk])).status_code == 404


def test_a_deputy_of_who_said_so_goes_along(world: World, house: Household) -> None:
    world.add_worker("carla", Role.COACH)
    deputies.name_deputy(
        actor=world.actor("ellen"),
        account_id=world.account("carla").pk,
        from_on=local_day(world.at),
        until_on=local_day(world.at),
        families=[house.family_id],
        at=world.at,
    )
    assert sees(world, house.family_id, "carla")
    declare(world, house.family_id, "ellen", "bram")
    assert not sees(world, house.family_id, "carla")


def test_what_the_family_did_not_know_it_does_not_hear(world: World, house: Household) -> None:
    """Who is named for safety alone leaves without a line in the log of the family."""
    concern = worried(world, house.request)
    actions.name_for_safety(
        actor=world.actor("ellen"),
        concern_id=concern.pk,
        account_id=world.account("youssef").pk,
        at=world.at,
    )
    before = log_of(world, house.family_id, "sanne").count("<li")
    declare(world, house.family_id, "youssef")
    assert not sees(world, house.family_id, "youssef")
    assert told(world, "own_family.declared") == ["Karin"]
    after = log_of(world, house.family_id, "sanne")
    assert (after.count("<li"), "eigen familie" in after) == (before, False)


def test_who_is_not_there_by_work_finds_no_such_page(world: World, house: Household) -> None:
    path = reverse("own_family", args=[house.family_id])
    assert [world.client(who).get(path).status_code for who in ("bram", "anouk", "sanne")] == [404, 404, 403]
    with pytest.raises(NotVisible):
        declare(world, house.family_id, "bram")
    with pytest.raises(Forbidden):
        declare(world, house.family_id, "sanne")
    assert not Block.objects.exists()


def test_the_page_of_the_record_leads_to_it_and_it_is_said_in_one_tap(world: World, helped: Help) -> None:
    anouk, path = world.client("anouk"), reverse("own_family", args=[helped.family_id])
    assert path in anouk.get(reverse("family", args=[helped.family_id])).content.decode()
    assert path not in world.client("sanne").get(reverse("family", args=[helped.family_id])).content.decode()
    shown = anouk.get(path).content.decode()
    assert "Sluit dit gezin voor mij" in shown
    assert "Noor" not in shown
    answer = anouk.post(path, {"_key": str(uuid4())})
    assert (answer.status_code, answer["Location"]) == (302, reverse("home"))
    assert anouk.get(path).status_code == 404


def test_a_coach_chooses_a_colleague_on_the_page(world: World, house: Household) -> None:
    ellen, path = world.client("ellen"), reverse("own_family", args=[house.family_id])
    nobody: Any = ellen.post(path, {"_key": str(uuid4()), "successor_id": ""})
    assert nobody.status_code == 422
    assert "Kies welke collega met dit gezin verder gaat." in nobody.content.decode()
    sent = {"_key": str(uuid4()), "successor_id": str(world.account("bram").pk)}
    assert ellen.post(path, sent).status_code == 302
    assert not sees(world, house.family_id, "ellen")


def test_the_page_takes_as_many_queries_for_many_colleagues(world: World, house: Household) -> None:
    def queries() -> int:
        client = world.client("ellen")
        with CaptureQueriesContext(connection) as seen:
            assert client.get(reverse("own_family", args=[house.family_id])).status_code == 200
        return len(seen)

    few = queries()
    for number in range(6):
        world.add_worker(f"coach{number}", Role.COACH)
    assert queries() == few
