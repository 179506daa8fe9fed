"""The pages of sharing: what each reads there, who comes there, and how often the database is asked."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from hendig.audit.models import Entry, Kind
from hendig.kernel.periods import local_day
from hendig.people import actions as people
from hendig.people.models import Membership
from hendig.shares.models import Share
from hendig.tents.models import PageText
from tests.support.matching import Household
from tests.support.shared import built_once
from tests.support.shares import (
    AGREED,
    TEN,
    WHY,
    at_school,
    page_key,
    propose,
    record_id,
    say,
    with_page,
)
from tests.support.world import World

pytestmark = pytest.mark.django_db


@built_once
def ten(world: World) -> tuple[Household, PageText]:
    return with_page(world, TEN)


@built_once
def lent(world: World, ten: tuple[Household, PageText]) -> Share:
    house, page = ten
    share = propose(world, house, page_key(page))
    say(world, share, "sanne", "mark")
    return share


def get(world: World, who: str | None, name: str, *args: object) -> Any:
    with time_machine.travel(world.at, tick=False):
        return world.client(who).get(reverse(name, args=args))


def queries(world: World, who: str, name: str, *args: object) -> int:
    client = world.client(who)
    client.get(reverse(name, args=args))
    with CaptureQueriesContext(
        connection,
    ) as caught:
        assert client.get(reverse(name, args=args)).status_code == 200
    return len(caught)


def test_who_leads_chooses_and_reads_the_effect_first(world: World, ten: tuple[Household, PageText]) -> None:
    house, page = ten
    at_school(world)
    url = reverse("new_share", args=[record_id(house)])
    shown = world.client("ellen").get(url).content.decode()
    assert page_key(page) in shown
    assert "Die persoon leest die stukken en verder niets." in shown
    typed = {
        "_key": str(uuid4()),
        "pieces": [page_key(page)],
        "email": "lianne@peelrand.example",
        "purpose": WHY,
        "until_on": (local_day(world.at) + timedelta(days=400)).isoformat(),
    }
    refused = world.client("ellen").post(url, typed)
    assert refused.status_code == 422
    assert WHY in refused.content.decode()
    assert "hoogstens een jaar" in refused.content.decode()
    typed |= {"_key": str(uuid4()), "until_on": (local_day(world.at) + timedelta(days=90)).isoformat()}
    made = world.client("ellen").post(url, typed)
    assert made["Location"] == reverse("share", args=[Share.objects.get().pk])


def test_the_family_stops_it_on_who_may(world: World, ten: tuple[Household, PageText], lent: Share) -> None:
    house, _page = ten
    shown = get(world, "mark", "who_may", house.family_id).content.decode()
    for words in ("Gedeeld met iemand buiten het gezin", "Lianne", WHY, "wordt gedeeld", "las het nog niet"):
        assert words in shown
    stop = reverse("answer_share", args=[lent.pk])
    assert stop in shown
    assert get(world, "lianne", "shared", lent.pk).status_code == 200
    world.later(minutes=1)
    assert "las het één keer" in get(world, "sanne", "who_may", house.family_id).content.decode()
    world.client("mark").post(stop, {"_key": str(uuid4()), "yes": "0"})
    after = get(world, "sanne", "who_may", house.family_id).content.decode()
    assert "gestopt" in after
    # What was read before stays to be read by the family.
    assert "las het één keer" in after


def test_the_person_of_the_school_reads_those_pieces_and_nothing_else(
    world: World, ten: tuple[Household, PageText], lent: Share
) -> None:
    house, _page = ten
    listed = get(world, "lianne", "shared_with_me").content.decode()
    assert WHY in listed
    page = get(world, "lianne", "shared", lent.pk).content.decode()
    assert AGREED in page
    for name in ("Sanne", "Verhoeven"):
        assert name not in listed
    for name, *args in (
        ("family", house.family_id),
        ("who_may", house.family_id),
        ("shares", house.family_id),
        ("new_share", lent.record_id),
        ("share", lent.pk),
        ("plan", house.family_id),
    ):
        assert get(world, "lianne", str(name), *args).status_code in {403, 404}
    tent = reverse("tent_page", args=[_page.tent_id])  # type: ignore[attr-defined]
    assert world.client("lianne").get(tent).status_code in {403, 404}
    assert get(world, "piet", "shared", lent.pk).status_code == 404
    assert get(world, "piet", "shared_with_me").content.decode().count(WHY) == 0
    assert get(world, None, "shared", lent.pk).status_code == 302


def test_each_look_is_entered_and_the_family_reads_it(
    world: World, ten: tuple[Household, PageText], lent: Share
) -> None:
    house, _page = ten
    get(world, "lianne", "shared", lent.pk)
    line = Entry.objects.filter(code="share.read").get()
    assert (line.kind, line.compartment_id, line.part) == (Kind.LOOK, lent.place_id, "shared_with")
    log = get(world, "mark", "who_looked", house.family_id).content.decode()
    assert "las de stukken die u met deze persoon deelt" in log
    assert "alleen wat u koos om te delen" in log


def test_a_coach_of_another_family_and_a_guest_find_nothing(world: World, lent: Share) -> None:
    assert get(world, "bram", "share", lent.pk).status_code == 404
    assert get(world, "bram", "shares", lent.family_id).status_code == 404
    assert get(world, "anouk", "share", lent.pk).status_code == 403


def test_the_pages_ask_as_often_with_one_share_as_with_three(
    world: World, ten: tuple[Household, PageText], lent: Share
) -> None:
    house, page = ten
    places = (
        ("sanne", "who_may", house.family_id),
        ("ellen", "shares", house.family_id),
        ("lianne", "shared_with_me"),
        ("sanne", "share", lent.pk),
        ("lianne", "shared", lent.pk),
    )
    one = [queries(world, *place) for place in places]
    for _number in range(2):
        more = propose(world, house, page_key(page))
        say(world, more, "sanne", "mark")
    assert [queries(world, *place) for place in places] == one


def test_whom_the_school_let_go_reads_nothing_and_no_yes_is_called_lapsed(world: World, lent: Share) -> None:
    (held,) = Membership.objects.filter(account=world.account("lianne"))
    before = get(world, "sanne", "share", lent.pk).content.decode()
    assert "wordt gedeeld" in before
    today = local_day(world.at)
    people.end_role(actor=world.system, membership_id=held.pk, on=today, at=world.at)
    world.later(days=1)
    for who in ("sanne", "ellen"):
        words = get(world, who, "shares", lent.family_id).content.decode()
        assert "nu niet te lezen" in words
        assert "leest deze stukken niet:" in words
        assert "18e verjaardag" not in words


def test_who_is_18_is_asked_anew_and_nobody_else(world: World) -> None:
    house, page = with_page(world, date(2008, 11, 20))
    share = propose(world, house, page_key(page))
    say(world, share, "noor")
    asked = "Uw ja was van vóór uw 18e verjaardag"
    assert asked not in get(world, "noor", "share", share.pk).content.decode()
    world.at = datetime(2026, 11, 20, 9, tzinfo=UTC)
    assert asked in get(world, "noor", "share", share.pk).content.decode()
    coach = get(world, "ellen", "shares", share.family_id).content.decode()
    assert asked not in coach
    assert "wacht op een ja" in coach
    say(world, share, "noor")
    assert asked not in get(world, "noor", "share", share.pk).content.decode()
