"""Somebody stands in for a colleague: for as long and as far as that one works there."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from hendig.audit.models import Entry, Kind
from hendig.families import queries
from hendig.families.actions import deputies, sharing
from hendig.families.models import Involvement, Part
from hendig.families.queries.deputies import deputy_page
from hendig.families.queries.looked import who_looked
from hendig.families.queries.my_looks import my_looks
from hendig.families.queries.who_may import Along, who_may
from hendig.helprequests.actions import write_result
from hendig.kernel.actor import Role
from hendig.kernel.periods import local_day
from hendig.kernel.refusal import Forbidden, NotVisible, Refused
from hendig.matching.actions import end_match
from hendig.matching.models import Match
from hendig.people import actions as people
from hendig.people.actions import add_worker, end_employment
from hendig.people.models import Notice
from tests.support.matching import Household, household, open_talk, say
from tests.support.reading import Reader
from tests.support.registrations import registered
from tests.support.shared import built_once
from tests.support.world import World

WEEK = timedelta(days=7)


@pytest.fixture(autouse=True)
def _the_clock_of_the_pages(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("hendig.web.middleware.timezone.now", lambda: world.at)


@built_once
def house(world: World) -> Household:
    """Noor of 13 with both parents, whom Ellen coaches; Anouk helps by a match."""
    found = household(world)
    say(world, open_talk(world, found), "noor", "sanne", "mark", "ellen", "anouk")
    return found


def stand_in(
    world: World,
    house: Household,
    deputy: str = "bram",
    by: str = "ellen",
    *,
    first: date | None = None,
    last: date | None = None,
) -> deputies.Named:
    today = local_day(world.at)
    return deputies.name_deputy(
        actor=world.actor(by),
        account_id=world.account(deputy).pk,
        from_on=first or today,
        until_on=last or (first or today) + WEEK,
        families=[house.family_id],
        at=world.at,
    )


def sees(world: World, house: Household, name: str) -> bool:
    try:
        with queries.opening(world.actor(name), "family.page_seen", house.family_id, at=world.at):
            return True
    except NotVisible:
        return False


def along(world: World, house: Household, about: str) -> Along:
    with queries.opening_all(
        world.actor("sanne"), "family.who_may_seen", house.family_id, at=world.at
    ) as look:
        (record,) = who_may(look)
    return next(one for one in record.along if one.first_name == about)


def told(world: World, code: str) -> set[str]:
    """The first names of who has a notice of the last such entry, after the worker did its work."""
    entry = Entry.objects.filter(code=code).latest("id")
    people.tell(entry_ids=[entry.pk], at=world.at)
    return set(Notice.objects.filter(entry_id=entry.pk).values_list("account__first_name", flat=True))


def test_a_deputy_sees_along_until_the_last_day_is_over(world: World, house: Household) -> None:
    stand_in(world, house, last=local_day(world.at))
    assert sees(world, house, "bram")
    world.later(days=1)
    assert not sees(world, house, "bram")
    assert sees(world, house, "ellen")


def test_before_the_first_day_a_deputy_sees_nothing_and_the_family_reads_who_it_will_be(
    world: World, house: Household
) -> None:
    stand_in(world, house, first=local_day(world.at) + WEEK)
    assert not sees(world, house, "bram")
    coming = along(world, house, "Bram")
    assert coming.coming
    assert str(coming.why) == "Bram kijkt mee zolang Ellen er niet is."
    world.later(days=8)
    assert sees(world, house, "bram")


def test_a_deputy_does_the_work_of_the_part_and_the_log_names_both(world: World, house: Household) -> None:
    stand_in(world, house)
    with queries.opening(world.actor("bram"), "family.page_seen", house.family_id, at=world.at) as look:
        assert look.part == Part.COACH
        assert look.behind is not None
        assert look.behind.first_name == "Ellen"
    write_result(actor=world.actor("bram"), request_id=house.request.pk, result="Rust thuis.", at=world.at)
    lines = Entry.objects.filter(account_id=world.account("bram").pk, family_id=house.family_id)
    assert {line.kind for line in lines} == {Kind.LOOK, Kind.CHANGE}
    assert {line.behind_id for line in lines} == {world.account("ellen").pk}
    with queries.opening_all(world.actor("sanne"), "family.log_seen", house.family_id, at=world.at) as look:
        shown = [line for line in who_looked(look).lines if line.first_name == "Bram"]
    assert shown
    assert {str(line.behind) for line in shown} == {"in plaats van Ellen"}
    mine = my_looks(world.actor("bram"), at=world.at).lines
    assert {str(one.line.line.behind) for one in mine} == {"in plaats van Ellen"}


def test_what_somebody_was_named_for_is_never_the_deputys(world: World, house: Household) -> None:
    sharing.name_for_own_part(
        actor=world.actor("noor"),
        record_id=house.request.compartment.record_id,
        account_id=world.account("ellen").pk,
        at=world.at,
    )
    stand_in(world, house)
    row = Involvement.objects.get(part=Part.DEPUTY)
    assert row.kinds == ["address", "shared"]
    with pytest.raises(Refused, match=r"named\.not_there"):
        sharing.name_for_own_part(
            actor=world.actor("noor"),
            record_id=row.record_id,
            account_id=world.account("bram").pk,
            at=world.at,
        )


def test_it_ends_at_once_when_the_one_deputised_for_works_here_no_more(
    world: World, house: Household
) -> None:
    stand_in(world, house)
    end_employment(actor=world.system, account_id=world.account("ellen").pk, at=world.at)
    assert not sees(world, house, "bram")


def test_it_ends_at_once_with_the_match_of_the_one_deputised_for(world: World, house: Household) -> None:
    world.add_professional("mirte", "vlinder", "angst")
    stand_in(world, house, "mirte", by="anouk")
    assert sees(world, house, "mirte")
    end_match(
        actor=world.actor("anouk"), match_id=Match.objects.get().pk, ends_on=local_day(world.at), at=world.at
    )
    assert not sees(world, house, "mirte")


def test_the_family_can_do_without_this_deputy_also_before_it_begins(world: World, house: Household) -> None:
    stand_in(world, house, first=local_day(world.at) + WEEK)
    assert along(world, house, "Bram").can_shut_out
    sharing.shut_out(
        actor=world.actor("sanne"),
        record_id=house.request.compartment.record_id,
        account_id=world.account("bram").pk,
        at=world.at,
    )
    world.later(days=8)
    assert not sees(world, house, "bram")
    assert sees(world, house, "ellen")
    with pytest.raises(Refused, match=r"deputy\.cannot"):
        stand_in(world, house)


def test_a_colleague_never_stands_in_for_the_own_family(world: World, house: Household) -> None:
    add_worker(
        actor=world.system,
        email="mark@gezin.example",
        first_name="Mark",
        last_name="",
        role=Role.COACH,
        on=local_day(world.at),
        at=world.at,
    )
    with pytest.raises(Refused, match=r"deputy\.cannot"):
        stand_in(world, house, "mark")
    assert not Involvement.objects.filter(part=Part.DEPUTY).exists()


@pytest.mark.parametrize("who", ["ellen", "bram"])
def test_either_of_the_two_ends_it_at_any_moment(world: World, house: Household, who: str) -> None:
    stand_in(world, house)
    other = {"ellen": "bram", "bram": "ellen"}[who]
    deputies.end_deputy(actor=world.actor(who), account_id=world.account(other).pk, at=world.at)
    assert not sees(world, house, "bram")
    line = Entry.objects.get(code="family.deputy_ended")
    assert line.behind_id == (world.account("ellen").pk if who == "bram" else None)
    with pytest.raises(NotVisible):
        deputies.end_deputy(actor=world.actor(who), account_id=world.account(other).pk, at=world.at)


def test_the_same_colleague_again_gets_the_new_days_and_no_second_row(world: World, house: Household) -> None:
    stand_in(world, house, first=local_day(world.at) + WEEK)
    stand_in(world, house, last=local_day(world.at) + 2 * WEEK)
    row = Involvement.objects.get(part=Part.DEPUTY)
    assert row.from_at == world.at
    assert sees(world, house, "bram")


def test_days_that_come_change_nothing_of_the_days_that_are(world: World, house: Household) -> None:
    stand_in(world, house)
    first = world.at
    world.later(days=1)
    stand_in(world, house, first=local_day(world.at) + 2 * WEEK)
    assert sees(world, house, "bram")
    stand_in(world, house, first=local_day(world.at) + 3 * WEEK)
    now, later = Involvement.objects.filter(part=Part.DEPUTY).order_by("from_at")
    assert (now.from_at, local_day(later.from_at)) == (first, local_day(world.at) + 3 * WEEK)
    world.later(days=10)
    assert not sees(world, house, "bram")


def test_a_first_day_that_was_is_never_another(world: World, house: Household) -> None:
    """Else nobody could read any more by what right somebody looked."""
    stand_in(world, house)
    first = world.at
    world.later(days=1)
    stand_in(world, house, last=local_day(world.at) + 2 * WEEK)
    row = Involvement.objects.get(part=Part.DEPUTY)
    assert row.from_at == first
    assert local_day(row.until_at or first) == local_day(world.at) + 2 * WEEK + timedelta(days=1)


def test_nobody_stands_in_where_the_one_who_asks_is_gone_by_then(world: World, house: Household) -> None:
    world.add_professional("mirte", "vlinder", "angst")
    end_match(
        actor=world.actor("anouk"),
        match_id=Match.objects.get().pk,
        ends_on=local_day(world.at) + WEEK,
        at=world.at,
    )
    with pytest.raises(Refused, match=r"deputy\.cannot"):
        stand_in(world, house, "mirte", by="anouk", first=local_day(world.at) + 2 * WEEK)
    assert stand_in(world, house, "mirte", by="anouk", first=local_day(world.at) + WEEK).families == 1


@pytest.mark.parametrize(
    ("first", "last", "code"),
    [
        (-1, 7, "deputy.past"),
        (3, 2, "deputy.turned"),
        (0, 42, "deputy.too_long"),
    ],
)
def test_impossible_days_are_refused(
    world: World, house: Household, first: int, last: int, code: str
) -> None:
    today = local_day(world.at)
    with pytest.raises(Refused, match=code):
        stand_in(world, house, first=today + timedelta(days=first), last=today + timedelta(days=last))
    assert stand_in(world, house, last=today + timedelta(days=41)).families == 1


def test_only_who_does_the_same_work_for_the_same_employer_can_stand_in(
    world: World, house: Household
) -> None:
    for deputy, by in (("youssef", "anouk"), ("bram", "anouk"), ("anouk", "ellen"), ("ellen", "ellen")):
        with pytest.raises(NotVisible):
            stand_in(world, house, deputy, by)
    for name in ("henk", "sanne", "piet"):
        with pytest.raises(Forbidden):
            stand_in(world, house, by=name)
    # Bram has no work in this family himself: there is nothing to stand in for.
    with pytest.raises(Refused, match=r"deputy\.no_case"):
        stand_in(world, house, "ellen", by="bram")


def test_who_stands_in_for_somebody_registered_is_registered_until_the_last_day(
    world: World, house: Household
) -> None:
    for name, register, until in (("mirte", "", None), ("joost", "skj", WEEK), ("lies", "skj", 2 * WEEK)):
        found = world.add_professional(name, "vlinder", "angst")
        ends = local_day(world.at) + until if until else None
        registered(world, found, register, until=ends)
    registered(world, "anouk")
    last = local_day(world.at) + WEEK + timedelta(days=1)
    for name in ("mirte", "joost"):
        with pytest.raises(Refused, match=r"deputy\.not_registered"):
            stand_in(world, house, name, by="anouk", last=last)
    assert stand_in(world, house, "lies", by="anouk", last=last).families == 1


def test_a_deputy_names_nobody_in_turn_and_does_not_stay_longer(world: World, house: Household) -> None:
    world.add_worker("carla", Role.COACH)
    stand_in(world, house)
    with pytest.raises(Refused, match=r"deputy\.no_case"):
        stand_in(world, house, "carla", by="bram")
    with pytest.raises(Refused, match=r"longer\.by_ground"):
        sharing.stay_longer(actor=world.actor("bram"), family_id=house.family_id, at=world.at)


def test_the_family_and_the_colleague_hear_of_it_at_once(world: World, house: Household) -> None:
    stand_in(world, house, first=local_day(world.at) + WEEK)
    assert told(world, "family.deputy_named") == {"Sanne", "Mark", "Noor", "Bram"}


def test_while_somebody_stands_in_what_the_coach_should_hear_reaches_both(
    world: World, house: Household
) -> None:
    stand_in(world, house)
    sharing.shut_out(
        actor=world.actor("sanne"),
        record_id=house.request.compartment.record_id,
        account_id=world.account("anouk").pk,
        at=world.at,
    )
    assert told(world, "family.shut_out") == {"Ellen", "Bram"}


def test_the_page_names_a_colleague_and_ends_it(world: World, house: Household) -> None:
    client = world.client("ellen")
    page = Reader(client.get(reverse("deputies")).content.decode())
    assert any("Bram Peeters" in text for text in page.texts)
    today = local_day(world.at)
    sent = {
        "account_id": str(world.account("bram").pk),
        "from_on": today.isoformat(),
        "until_on": (today + WEEK).isoformat(),
        "families": [str(house.family_id)],
    }
    wrong = client.post(reverse("deputies"), {**sent, "until_on": (today + 9 * WEEK).isoformat()})
    assert wrong.status_code == 422
    assert "ten hoogste zes weken" in wrong.content.decode()
    assert (today + 9 * WEEK).isoformat() in wrong.content.decode()
    assert client.post(reverse("deputies"), sent).status_code == 302
    assert "Bram vervangt u bij 1 gezin." in client.get(reverse("deputies")).content.decode()
    theirs = Reader(world.client("bram").get(reverse("deputies")).content.decode())
    assert reverse("family", args=[house.family_id]) in theirs.links
    here = world.client("bram").get(reverse("family", args=[house.family_id])).content.decode()
    assert "U bent hier omdat u Ellen vervangt." in here
    ended = world.client("bram").post(reverse("end_deputy", args=[world.account("ellen").pk]))
    assert ended.status_code == 302
    assert world.client("bram").get(reverse("family", args=[house.family_id])).status_code == 404


def test_the_page_takes_as_many_queries_at_any_size(world: World, house: Household) -> None:
    counts = []
    for parent in ("Eva", "Ingrid", "Olga"):
        stand_in(world, house)
        with CaptureQueriesContext(connection) as of_page:
            deputy_page(world.actor("ellen"), at=world.at)
        counts.append(len(of_page))
        house = household(world, parent=parent, other=f"{parent}s-man", child=f"{parent}tje")
    assert len(set(counts)) == 1
