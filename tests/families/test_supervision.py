"""A family supervisor joins by a ruling of the court, and the family reads on what that rests."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.http import HttpResponse
from django.urls import reverse

from hendig.audit.actions import change
from hendig.audit.models import Entry
from hendig.families.actions.records import involve
from hendig.families.actions.supervision import (
    SUPERVISOR_KINDS,
    end_supervision,
    end_without_ruling,
    join_supervisor,
)
from hendig.families.models import (
    Court,
    FamilyMember,
    Ground,
    Involvement,
    Measure,
    MeasureKind,
    MemberKind,
    Part,
    Record,
)
from hendig.families.rules import supervision as rules
from hendig.families.rules.supervision import Ruling
from hendig.kernel.refusal import Forbidden, NotVisible, Refused
from hendig.people import actions as people
from hendig.people.models import Notice
from tests.support.families import trusted
from tests.support.matching import Household, household, record_of
from tests.support.shared import built_once
from tests.support.world import World

RULED, LAST = date(2026, 10, 28), date(2027, 4, 27)
TYPED = {"who": "anouk", "court": "limburg", "ruled_on": "2026-10-28", "until_on": "2027-04-27"}


@pytest.fixture(autouse=True)
def _the_clock_of_the_pages(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("hendig.web.middleware.timezone.now", lambda: world.at)


@built_once
def house(world: World) -> Household:
    return household(world, born_on=date(2018, 5, 4))


def joins(world: World, house: Household, who: str = "anouk", by: str = "ellen", **more: Any) -> Involvement:
    given: dict[str, Any] = {"child_id": house.child.pk, "account_id": world.account(who).pk}
    given |= {"court": Court.LIMBURG, "ruled_on": RULED, "until_on": LAST, "at": world.at}
    return join_supervisor(actor=world.actor(by), **given | more)


def get(world: World, name: str, key: UUID, by: str = "ellen") -> Any:
    return world.client(by).get(reverse(name, args=[key]))


def post(world: World, name: str, key: UUID, by: str = "ellen", **typed: str) -> Any:
    return world.client(by).post(reverse(name, args=[key]), {"_key": str(uuid4()), **typed})


def words(answer: Any) -> str:
    assert isinstance(answer, HttpResponse)
    return re.sub(r"\s+", " ", re.sub(r"<[^>]*>", " ", answer.content.decode()))


def told(world: World, code: str) -> set[str]:
    """The first names of who has a notice of the last such line, after the worker did its work."""
    entry = Entry.objects.filter(code=code).latest("id")
    people.tell(entry_ids=[entry.pk], at=world.at)
    rows = Notice.objects.filter(entry_id=entry.pk).select_related("account")
    for one in rows:
        assert world.client(one.account.first_name).get(one.url).status_code == 200
    return {one.account.first_name for one in rows}


# --- rules ---

ON = date(2026, 11, 2)
LASTS = timedelta(days=366)


@pytest.mark.parametrize(
    ("ruled_on", "until_on", "born_on", "refusal"),
    [
        (RULED, LAST, date(2018, 5, 4), None),
        (ON, ON, date(2018, 5, 4), None),
        (ON + timedelta(days=1), LAST, date(2018, 5, 4), "supervision.not_ruled"),
        (RULED, ON - timedelta(days=1), date(2018, 5, 4), "supervision.over"),
        (RULED, ON + LASTS, date(2018, 5, 4), None),
        (RULED, ON + LASTS + timedelta(days=1), date(2018, 5, 4), "supervision.too_long"),
        (RULED, date(2027, 1, 4), date(2009, 1, 5), None),
        (RULED, date(2027, 1, 5), date(2009, 1, 5), "supervision.past_18"),
    ],
)
def test_a_measure_lasts_a_year_at_most_and_never_beyond_eighteen(
    ruled_on: date, until_on: date, born_on: date, refusal: str | None
) -> None:
    child = FamilyMember(kind=MemberKind.CHILD, born_on=born_on)
    ruling = Ruling(MeasureKind.SUPERVISION, Court.LIMBURG, ruled_on, until_on)
    no = rules.why_not_ruled(child, ruling, ON)
    assert (no.code if no else None) == refusal


@pytest.mark.parametrize(
    ("works", "of_family", "acts", "refusal"),
    [
        (True, False, False, None),
        (False, False, False, "supervision.does_not_work_here"),
        (True, True, False, "supervision.own_family"),
        (True, False, True, "supervision.yourself"),
    ],
)
def test_who_supervises_works_here_and_is_nobody_of_the_family_nor_who_writes_it_down(
    works: bool, of_family: bool, acts: bool, refusal: str | None
) -> None:
    no = rules.why_not_by_this_one(works=works, of_family=of_family, acts=acts)
    assert (no.code if no else None) == refusal


# --- done, refused, forbidden ---


def test_who_joins_and_the_family_hear_of_it_and_the_log_says_it(world: World, house: Household) -> None:
    joins(world, house)
    assert told(world, "family.supervisor_joined") == {"Sanne", "Mark", "Anouk"}
    log = words(get(world, "who_looked", house.family_id, "sanne"))
    assert "schreef op dat een gezinsvoogd meedoet, omdat de rechter dat besloot" in log
    assert get(world, "family", house.family_id, "anouk").status_code == 200


def test_a_newer_ruling_takes_the_place_of_the_earlier_one(world: World, house: Household) -> None:
    joins(world, house)
    world.later(days=30)
    joins(world, house, ruled_on=date(2026, 11, 20), until_on=date(2027, 10, 31))
    (row,) = Involvement.objects.filter(part=Part.SUPERVISOR)
    assert (row.ruled_on, row.until_at and row.until_at.date()) == (date(2026, 11, 20), date(2027, 10, 31))
    assert [one.ruled_on for one in Measure.objects.standing(world.at)] == [date(2026, 11, 20)]
    assert Measure.objects.count() == 2


def test_a_ruling_that_ends_sooner_does_not_shorten_what_help_rests_on(
    world: World, house: Household
) -> None:
    joins(world, house)
    with pytest.raises(Refused) as no:
        joins(world, house, until_on=LAST - timedelta(days=1))
    assert no.value.refusal.code == "supervision.ends_sooner"


def test_who_supervises_comes_to_the_child_from_the_first_page_as_long_as_that_lasts(
    world: World, house: Household
) -> None:
    """No match leads there: before they joined, and after they left, the page says nothing of the child."""
    way = f'href="{reverse("family", args=[house.family_id])}"'
    pages = [world.client("anouk").get(reverse("today")).content.decode()]
    joins(world, house)
    pages.append(world.client("anouk").get(reverse("today")).content.decode())
    pages.append(world.client("youssef").get(reverse("today")).content.decode())
    end_supervision(
        actor=world.actor("ellen"),
        record_id=record_of(house, "Noor"),
        account_id=world.account("anouk").pk,
        at=world.at,
    )
    pages.append(world.client("anouk").get(reverse("today")).content.decode())
    assert [way in one for one in pages] == [False, True, False, False]
    assert "gezinsvoogd" in pages[1]


def test_every_page_says_the_last_day_that_was_written_down_and_not_the_day_after(
    world: World, house: Household
) -> None:
    joins(world, house)
    for who, page in (("anouk", "family"), ("sanne", "family"), ("sanne", "who_may")):
        shown = words(get(world, page, house.family_id, who))
        assert "Tot en met di 27 apr 2027" in shown, page
        assert "28 apr" not in shown


def test_a_second_supervisor_joins_by_the_same_ruling_and_the_measure_outlives_who_leaves(
    world: World, house: Household
) -> None:
    joins(world, house)
    row = joins(world, house, "youssef")
    (measure,) = Measure.objects.all()
    end_supervision(
        actor=world.actor("ellen"), record_id=row.record_id, account_id=row.account_id, at=world.at
    )
    assert [one.pk for one in Measure.objects.standing(world.at)] == [measure.pk]
    midnight = datetime(2027, 4, 27, 22, tzinfo=UTC)
    assert Measure.objects.standing(midnight - timedelta(seconds=1)).exists()
    assert not Measure.objects.standing(midnight).exists()


def test_it_ends_when_the_measure_is_over_and_then_nothing_is_there(world: World, house: Household) -> None:
    joins(world, house)
    world.later(days=1)
    account = world.account("anouk").pk
    given: dict[str, Any] = {"record_id": record_of(house, "Noor"), "account_id": account}
    end_supervision(actor=world.actor("ellen"), at=world.at, **given)
    assert told(world, "family.supervisor_left") == {"Sanne", "Mark"}
    assert get(world, "family", house.family_id, "anouk").status_code == 404
    with pytest.raises(NotVisible):
        end_supervision(actor=world.actor("ellen"), at=world.at, **given)


@pytest.mark.parametrize("who", ["henk", "piet", "bram"])
def test_who_works_for_no_partner_is_refused(world: World, house: Household, who: str) -> None:
    with pytest.raises(Refused) as no:
        joins(world, house, who)
    assert no.value.refusal.code == "supervision.does_not_work_here"


def test_nobody_of_the_family_supervises_it(world: World, house: Household) -> None:
    trusted(world, record_of(house, "Noor"), by="sanne", name="Anouk", email=world.account("anouk").email)
    with pytest.raises(Refused) as no:
        joins(world, house)
    assert no.value.refusal.code == "supervision.own_family"


@pytest.mark.parametrize(
    ("by", "error"), [("bram", NotVisible), ("youssef", Forbidden), ("sanne", Forbidden)]
)
def test_only_the_coach_of_the_family_lets_one_in_and_out(
    world: World, house: Household, by: str, error: type[Exception]
) -> None:
    with pytest.raises(error):
        joins(world, house, by=by)
    row = joins(world, house)
    with pytest.raises(error):
        end_supervision(
            actor=world.actor(by), record_id=row.record_id, account_id=row.account_id, at=world.at
        )


# --- the page ---


def test_by_the_page_the_name_is_looked_for_chosen_and_what_was_typed_stays(
    world: World, house: Household
) -> None:
    asked = post(world, "add_supervisor", house.child.pk, **TYPED)
    page, account = asked.content.decode(), str(world.account("anouk").pk)
    assert (asked.status_code, "Kies wie u bedoelt." in words(asked)) == (422, True)
    assert "Anouk Peeters (Vlinder)" in words(asked)
    assert all(f'value="{value}"' in page for value in [*TYPED.values(), account])
    assert str(world.account("youssef").pk) not in page
    done = post(world, "add_supervisor", house.child.pk, **TYPED, account_id=account)
    assert done["Location"] == reverse("persons", args=[house.family_id])
    here = words(get(world, "persons", house.family_id))
    assert "Anouk Peeters is gezinsvoogd van Noor, door een besluit van de rechter." in here
    assert "De uitspraak is van 28 oktober 2026. De laatste dag is 27 april 2027." in here
    stands = "Noor staat onder toezicht: rechtbank Limburg besliste dat op 28 oktober 2026."
    assert stands in here
    over = post(world, "end_supervision", record_of(house, "Noor"), account=account)
    assert over["Location"] == reverse("persons", args=[house.family_id])
    here = words(get(world, "persons", house.family_id))
    assert ("gezinsvoogd van Noor" in here, stands in here) == (False, True)
    over = post(world, "end_measure", record_of(house, "Noor"), measure="supervision")
    assert over["Location"] == reverse("persons", args=[house.family_id])
    assert stands not in words(get(world, "persons", house.family_id))


@pytest.mark.parametrize(
    ("typed", "says"),
    [
        ({"who": "henk"}, "Niemand die hier voor een organisatie werkt, heet zo."),
        ({"who": ""}, "Schrijf de naam van de gezinsvoogd."),
        ({"court": ""}, "Kies welke rechter dit besliste."),
        ({"until_on": "2027-02-31"}, "Deze dag bestaat niet."),
        ({"until_on": "2026-10-30"}, "Deze maatregel is al voorbij."),
    ],
)
def test_what_does_not_fit_is_said_and_nobody_joins(
    world: World, house: Household, typed: dict[str, str], says: str
) -> None:
    account = str(world.account("anouk").pk)
    answer = post(world, "add_supervisor", house.child.pk, **{**TYPED, "account_id": account, **typed})
    assert (answer.status_code, says in words(answer)) == (422, True)
    assert not Involvement.objects.filter(part=Part.SUPERVISOR).exists()


def test_an_organisation_is_a_name_too(world: World, house: Household) -> None:
    asked = post(world, "add_supervisor", house.child.pk, **{**TYPED, "who": "anker"})
    assert "Youssef Peeters (Anker)" in words(asked)
    assert "Anouk Peeters" not in words(asked)


def test_for_another_coach_the_page_is_not_there(world: World, house: Household) -> None:
    joins(world, house)
    assert get(world, "add_supervisor", house.child.pk, "bram").status_code == 404
    account = str(world.account("anouk").pk)
    assert (
        post(world, "end_supervision", record_of(house, "Noor"), "bram", account=account).status_code == 404
    )
    assert Involvement.objects.filter(part=Part.SUPERVISOR, until_at__gt=world.at).exists()


# --- who was there before the ruling was kept ---


def unruled(world: World, house: Household) -> Involvement:
    """Anouk supervises from before a ruling was written down with it."""
    with change(world.system, "family.supervisor_joined", at=world.at) as act:
        row = involve(
            act,
            record=house.child.record,
            account_id=world.account("anouk").pk,
            part=Part.SUPERVISOR,
            ground=Ground.COURT,
            kinds=SUPERVISOR_KINDS,
            until=world.at + timedelta(days=200),
        )
        act.record(row, account=row.account_id)
    return row


def at_night(world: World, at: datetime | None = None) -> int:
    return end_without_ruling(municipality_id=world.municipality.pk, at=at or world.at)


def sees(world: World, house: Household, at: datetime) -> bool:
    return Record.objects.visible_to(world.actor("anouk"), at=at).filter(pk=house.child.record.pk).exists()


def test_who_supervises_without_a_ruling_does_so_two_weeks_more_and_everybody_hears_once(
    world: World, house: Household
) -> None:
    unruled(world, house)
    ends = world.at + timedelta(days=14)
    assert (at_night(world), at_night(world), at_night(world, world.at + timedelta(days=1))) == (1, 0, 0)
    assert told(world, "family.supervisor_unruled") >= {"Ellen", "Sanne", "Mark"}
    assert sees(world, house, ends - timedelta(microseconds=1))
    assert not sees(world, house, ends)


def test_with_the_ruling_written_down_in_time_it_goes_on_as_long_as_the_court_said(
    world: World, house: Household
) -> None:
    unruled(world, house)
    at_night(world)
    joins(world, house)
    assert sees(world, house, datetime(2027, 4, 27, 12, tzinfo=UTC))
    assert not sees(world, house, datetime(2027, 4, 28, 12, tzinfo=UTC))
    assert at_night(world, world.at + timedelta(days=1)) == 0


def test_who_supervises_by_a_ruling_that_stands_is_left_alone(world: World, house: Household) -> None:
    joins(world, house)
    assert at_night(world) == 0
    assert not Entry.objects.filter(code="family.supervisor_unruled").exists()
