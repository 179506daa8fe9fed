"""A birthday at which rights change is told before and on the day: once, without an age, a name or a date."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from hendig.audit.models import Entry
from hendig.families.actions import add_child, say_about
from hendig.families.actions.ages import tell_birthdays
from hendig.families.queries import opening
from hendig.families.queries.ages import turning
from hendig.families.rules import ages as rules
from hendig.kernel.ages import birthday
from hendig.kernel.periods import AMSTERDAM, local_day
from hendig.people import actions as people
from hendig.people.models import Letter, Notice
from hendig.safety import actions as safety
from tests.support.matching import Household, household
from tests.support.world import World


@pytest.fixture(autouse=True)
def _the_clock_of_the_pages(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("hendig.web.middleware.timezone.now", lambda: world.at)


def tell_all(world: World) -> None:
    people.tell(entry_ids=list(Entry.objects.order_by("id").values_list("pk", flat=True)), at=world.at)


def turns(world: World, age: int, *, days: int = 60, agrees: bool = True) -> Household:
    """Noor turns so old in so many days; both parents decide, and Noor from 12 lets them see along."""
    day = local_day(world.at) + timedelta(days=days)
    return household(world, born_on=birthday(day, -age), agrees=agrees)


def to_the_birthday(world: World, house: Household, age: int, *, before: int = 0) -> None:
    """It is seven in the morning of the birthday, or of so many days before it."""
    born_on = house.child.born_on
    assert born_on is not None
    day = birthday(born_on, age) - timedelta(days=before)
    world.at = datetime.combine(day, time(7), AMSTERDAM)


def told(world: World) -> int:
    return tell_birthdays(municipality_id=world.municipality.pk, at=world.at)


def heard(world: World, code: str) -> dict[str, str]:
    """Who heard of it, and where that leads."""
    tell_all(world)
    found = Notice.objects.filter(code=code)
    return dict(found.values_list("account__first_name", "url"))


@pytest.mark.parametrize(
    ("born_on", "on", "found"),
    [
        (date(2014, 12, 20), date(2026, 11, 19), None),
        (date(2014, 12, 20), date(2026, 11, 20), (12, date(2026, 12, 20))),
        (date(2014, 12, 20), date(2026, 12, 20), (12, date(2026, 12, 20))),
        (date(2014, 12, 20), date(2027, 1, 2), (12, date(2026, 12, 20))),
        (date(2014, 12, 20), date(2027, 1, 3), None),
        (date(2013, 12, 20), date(2026, 12, 20), None),
        (date(2010, 12, 20), date(2026, 12, 1), (16, date(2026, 12, 20))),
        (date(2008, 12, 20), date(2026, 12, 1), (18, date(2026, 12, 20))),
        (date(2012, 2, 29), date(2030, 2, 28), (18, date(2030, 3, 1))),
    ],
)
def test_what_is_near(born_on: date, on: date, found: tuple[int, date] | None) -> None:
    assert rules.turning(born_on, on) == found


def test_at_twelve_parents_and_coach_hear_it_before_and_on_the_day_once(world: World) -> None:
    house = turns(world, 12)
    to_the_birthday(world, house, 12, before=31)
    assert told(world) == 0
    to_the_birthday(world, house, 12, before=30)
    assert (told(world), told(world)) == (1, 0)
    page = reverse("ages", args=[house.family_id])
    assert heard(world, "age.twelve_nears") == dict.fromkeys(("Sanne", "Mark", "Ellen"), page)
    to_the_birthday(world, house, 12)
    assert (told(world), told(world)) == (1, 0)
    own = reverse("own_record", args=[house.family_id])
    # The record closed to them at midnight; Noor has no way in yet.
    assert heard(world, "age.twelve") == {"Sanne": own, "Mark": own, "Ellen": page}
    world.later(days=1)
    assert told(world) == 0


def test_a_worker_that_stood_still_tells_it_late_and_not_the_warning(world: World) -> None:
    house = turns(world, 12)
    to_the_birthday(world, house, 12, before=-13)
    assert told(world) == 1
    assert heard(world, "age.twelve_nears") == {}
    assert "Ellen" in heard(world, "age.twelve")


@pytest.mark.parametrize(("age", "code"), [(16, "age.sixteen"), (18, "age.eighteen")])
def test_at_sixteen_and_eighteen_the_youth_hears_it_and_who_saw_along(
    world: World, age: int, code: str
) -> None:
    house = turns(world, age, agrees=False)
    if age == 18:
        say_about(
            actor=world.actor("noor"),
            record_id=house.request.compartment.record_id,
            account_id=world.account("sanne").pk,
            yes=True,
            at=world.at,
        )
    to_the_birthday(world, house, age, before=20)
    assert told(world) == 1
    seen = {"Noor", "Ellen", *(["Sanne"] if age == 18 else [])}
    # Who was not let in does not hear of what is shut to them.
    assert set(heard(world, f"{code}_nears")) == seen
    to_the_birthday(world, house, age)
    assert told(world) == 1
    after = heard(world, code)
    assert set(after) == seen
    if age == 18:
        assert after["Sanne"] == reverse("own_record", args=[house.family_id])


def test_a_mail_says_no_age_no_name_and_no_day(world: World) -> None:
    house = turns(world, 12)
    for before in (30, 0):
        to_the_birthday(world, house, 12, before=before)
        told(world)
        tell_all(world)
    mails = [one for one in Letter.objects.all() if "meekijkt" in one.body]
    assert len(mails) >= 4
    born_on = house.child.born_on
    assert born_on is not None
    for mail in mails:
        words = f"{mail.subject} {mail.body.replace(str(house.family_id), '')}"
        assert not [word for word in ("Noor", "12", "jaar", str(born_on.year)) if word in words], words


def test_of_who_died_nothing_is_told(world: World) -> None:
    house = turns(world, 12)
    safety.freeze_record(
        actor=world.actor("ellen"), record_id=house.request.compartment.record_id, at=world.at
    )
    to_the_birthday(world, house, 12)
    assert told(world) == 0


def test_the_page_says_who_may_do_what_from_when(world: World) -> None:
    house = turns(world, 12)
    path = reverse("ages", args=[house.family_id])
    assert "Er verandert nu niets." in world.client("sanne").get(path).content.decode()
    to_the_birthday(world, house, 12, before=10)
    parent, coach = (world.client(who).get(path).content.decode() for who in ("sanne", "ellen"))
    for page in (parent, coach):
        assert "Noor: 12 jaar" in page
        assert "Dit geldt vanaf" in page
        assert "Ouders kijken pas weer mee als het kind dat goed vindt." in page
    assert ("nog geen eigen ingang" in coach, "nog geen eigen ingang" in parent) == (True, False)
    to_the_birthday(world, house, 12)
    assert world.client("sanne").get(path).status_code == 404
    assert "Dit geldt sinds" in world.client("ellen").get(path).content.decode()
    for who, status in (("bram", 404), ("henk", 403)):
        assert world.client(who).get(path).status_code == status


def test_where_the_municipality_lets_parents_see_along_the_page_says_so() -> None:
    shut, open_ = (rules.changes_at(12, parents_see=see)[-1] for see in (False, True))
    assert "pas weer mee" in str(shut)
    assert "tot het kind nee zegt" in str(open_)
    assert rules.changes_at(16, parents_see=True) == rules.changes_at(16, parents_see=False)


def test_the_page_asks_the_same_number_of_questions_at_any_size(world: World) -> None:
    house = turns(world, 12, days=20)
    born_on, counted = house.child.born_on, []
    assert born_on is not None
    for size in (0, 3):
        for number in range(size):
            add_child(
                actor=world.actor("ellen"),
                family_id=house.family_id,
                first_name=f"Kind{number}",
                born_on=born_on,
                at=world.at,
            )
        with (
            opening(world.actor("ellen"), "age.seen", house.family_id, at=world.at) as look,
            CaptureQueriesContext(connection) as seen,
        ):
            found = turning(look)
        counted.append((len(found), len(seen)))
    assert counted == [(1, 2), (4, 2)]
