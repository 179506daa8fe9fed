"""In direct danger one record opens, for an hour, to somebody who says why; somebody else judges it."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client
from django.urls import reverse

from hendig.audit.actions import speaking
from hendig.audit.models import Entry
from hendig.families.actions import add_child
from hendig.families.models import Block, CompartmentKind, Involvement, Part, Purpose
from hendig.families.queries import opening
from hendig.helprequests.models import HelpRequest
from hendig.kernel.actor import Actor
from hendig.kernel.periods import local_day, working_days_after
from hendig.kernel.refusal import Forbidden, NotVisible, Refused
from hendig.people.actions import tell
from hendig.people.models import Notice
from hendig.people.rules import PERMISSIONS, Means, Permission, is_fresh
from hendig.safety import actions, rules
from hendig.safety.jobs import remind_to_judge
from hendig.safety.models import Category, Emergency, Outcome
from tests.support.families import talked
from tests.support.safety import REASON, held, last_name, opened, worried
from tests.support.world import World, signed_in

pytestmark = pytest.mark.usefixtures("_the_clock_of_the_pages")


def typed(request: HelpRequest, **other: str) -> dict[str, str]:
    return {
        "_key": str(uuid4()),
        "first_name": "Noor",
        "last_name": last_name(request),
        "born_on": "2013-05-04",
        "category": Category.VIOLENCE.value,
        "reason": REASON,
        **other,
    }


def fresh(world: World, name: str, means: Means = Means.PASSKEY) -> Client:
    """A browser in which this person showed a moment ago who is there."""
    client = Client()
    client.cookies["hendig"] = signed_in(world.account(name).pk, means, shown_at=world.at)
    return client


def page(client: Client, name: str, *args: object) -> Any:
    return client.get(reverse(name, args=list(args)))


def told(world: World) -> set[str]:
    """Who has a notice of what was written just now."""
    tell(entry_ids=list(Entry.objects.values_list("pk", flat=True)), at=world.at)
    return {
        notice.account.first_name
        for notice in Notice.objects.filter(entry_id__in=began()).select_related("account")
    }


def began() -> list[Any]:
    return list(
        Entry.objects.filter(code__in=["emergency.began", "emergency.opened"]).values_list("pk", flat=True)
    )


# --- done ---


def test_a_professional_who_is_not_there_opens_one_record_for_an_hour(
    world: World, request_: HelpRequest
) -> None:
    family = request_.family_id
    assert page(world.client("youssef"), "family", family).status_code == 404
    client = fresh(world, "youssef")
    answer: Any = client.post(reverse("emergency"), typed(request_))
    assert answer.status_code == 302
    emergency = Emergency.objects.get()
    assert answer["Location"] == reverse("emergency_open", args=[emergency.pk])
    assert "Noor" in client.get(answer["Location"]).content.decode()
    shown = page(client, "family", family)
    assert shown.status_code == 200
    # It is an hour: which day says too little.
    assert 'Tot <time datetime="2026-11-02T11:00+01:00">' in shown.content.decode()
    lines = Entry.objects.filter(account_id=world.account("youssef").pk, kind="look")
    assert {(line.rule, line.part, line.purpose) for line in lines} == {("T11", Part.EMERGENCY, "safety")}


def test_it_ends_in_mid_page_after_sixty_minutes(world: World, request_: HelpRequest) -> None:
    emergency = opened(world, request_)
    client = fresh(world, "youssef")
    world.later(minutes=59, seconds=59)
    assert page(client, "family", request_.family_id).status_code == 200
    assert page(client, "emergency_open", emergency.pk).status_code == 200
    world.later(seconds=1)
    for name, key in (
        ("family", request_.family_id),
        ("emergency_open", emergency.pk),
        ("plan", request_.family_id),
    ):
        assert page(client, name, key).status_code == 404
    posted: Any = client.post(
        reverse("safety", args=[request_.family_id]), {"_key": str(uuid4()), "about": "x"}
    )
    assert posted.status_code == 404


def test_what_only_its_author_the_practice_or_nobody_reads_stays_closed(
    world: World, request_: HelpRequest
) -> None:
    opened(world, request_)
    with opening(
        world.actor("youssef"),
        "emergency.seen",
        request_.family_id,
        at=world.at,
        kinds=tuple(CompartmentKind),
    ) as look:
        places = look.compartments
    with speaking(Actor.system(world.municipality.pk), world.at):
        from hendig.families.models import Compartment

        seen = set(Compartment.objects.filter(pk__in=places).values_list("kind", flat=True))
    assert seen == {"shared", "child", "address", "safety"}


def test_coach_family_and_privacy_officer_hear_of_it_at_once(world: World, request_: HelpRequest) -> None:
    opened(world, request_)
    assert told(world) == {"Ellen", "Karin", "Sanne", "Mark"}
    log = page(world.client("sanne"), "who_looked", request_.family_id).content.decode()
    assert "Youssef opende uw dossier in een noodgeval, voor een uur" in log


def test_who_is_done_closes_it_before_the_hour_is_over(world: World, request_: HelpRequest) -> None:
    emergency = opened(world, request_)
    client = fresh(world, "youssef")
    answer: Any = client.post(reverse("emergency_end", args=[emergency.pk]), {"_key": str(uuid4())})
    assert answer.status_code == 302
    assert page(client, "family", request_.family_id).status_code == 404


# --- a safety hold ---


def test_with_a_safety_hold_the_family_hears_and_reads_it_after_release(
    world: World, request_: HelpRequest
) -> None:
    hold = held(world, worried(world, request_))
    told(world)
    before = page(world.client("sanne"), "who_looked", request_.family_id).content.decode()
    opened(world, request_)
    page(fresh(world, "youssef"), "family", request_.family_id)
    assert told(world) == {"Ellen", "Karin"}
    during = page(world.client("sanne"), "who_looked", request_.family_id).content.decode()
    assert "Youssef" not in during
    assert during.count("data-item") == before.count("data-item")
    actions.release_hold(actor=world.actor("ellen"), hold_id=hold.pk, at=world.later(minutes=1))
    after = page(world.client("sanne"), "who_looked", request_.family_id).content.decode()
    assert "Youssef opende uw dossier in een noodgeval" in after
    assert "Youssef bekeek uw pagina" in after


# --- refused ---


@pytest.mark.parametrize("wrong", [{"first_name": "Nor"}, {"last_name": "Sann"}, {"born_on": "2013-05-05"}])
def test_only_the_exact_name_and_birth_date_find_anybody(
    world: World, request_: HelpRequest, wrong: dict[str, str]
) -> None:
    answer: Any = fresh(world, "youssef").post(reverse("emergency"), typed(request_, **wrong))
    assert answer.status_code == 422
    assert str(rules.NOT_FOUND.message) in answer.content.decode()
    assert not Emergency.objects.exists()
    assert Entry.objects.filter(kind="refusal", facts__refusal="emergency.not_found").count() == 1


def test_blocked_own_family_and_not_there_are_refused_with_the_same_bytes(
    world: World, request_: HelpRequest
) -> None:
    """Nothing tells somebody who is kept out that there is a record."""

    def answer(name: str, **other: str) -> tuple[int, str]:
        sent: Any = fresh(world, name).post(reverse("emergency"), typed(request_, **other))
        return sent.status_code, plain(sent.content.decode(), other.get("first_name", "Noor"))

    nobody = answer("youssef", first_name="Zoë")
    assert nobody[0] == 422
    with speaking(world.system, world.at):
        from hendig.audit.actions import change

        with change(world.system, "address.blocked", at=world.at) as act:
            block = Block.objects.create(
                family_id=request_.family_id,
                record_id=request_.compartment.record_id,
                account=world.account("youssef"),
                from_at=world.at,
            )
            act.record(block)
    assert answer("youssef") == nobody
    assert not Emergency.objects.exists()


def plain(page: str, name: str) -> str:
    import re

    return re.sub(r"card-[0-9a-f]{8}|[0-9a-f-]{36}|value=\"[^\"]*\"", "", page.replace(name, ""))


def test_nobody_opens_the_own_family_in_an_emergency(world: World, request_: HelpRequest) -> None:
    """A father who works for a partner: his own family is closed to him in every role."""
    from hendig.kernel.actor import Role
    from hendig.kernel.periods import local_day
    from hendig.people.actions import add_worker

    mark = world.account("mark")
    add_worker(
        actor=world.system,
        email=mark.email,
        first_name="Mark",
        last_name="",
        role=Role.PROFESSIONAL,
        on=local_day(world.at),
        at=world.at,
        partner_id=world.partners["vlinder"].pk,
    )
    with pytest.raises(Refused) as no:
        opened(world, request_, "mark")
    assert no.value.refusal is rules.NOT_FOUND


def twice(world: World, request: HelpRequest) -> HelpRequest:
    """Noor has a record in the family of her father Joris and his wife Eva as well."""
    fathers = talked(world, "Joris", child="Bas", born_on=date(2016, 3, 2), other="Eva")
    add_child(
        actor=world.actor("ellen"),
        family_id=fathers.family_id,
        first_name="Noor",
        last_name=last_name(request),
        born_on=date(2013, 5, 4),
        at=world.at,
    )
    return fathers


def test_of_a_child_with_two_homes_the_record_opens_of_who_is_beside_the_child(
    world: World, request_: HelpRequest
) -> None:
    fathers = twice(world, request_)
    assert opened(world, request_, beside="Sanne").family_id == request_.family_id
    assert opened(world, request_, "bram", beside=" eva").family_id == fathers.family_id


def test_of_two_homes_none_opens_by_guess(world: World, request_: HelpRequest) -> None:
    twice(world, request_)
    for beside in ("", "Joke", "Bas", "Noor"):
        with pytest.raises(Refused) as no:
            opened(world, request_, beside=beside)
        assert no.value.refusal is rules.NOT_FOUND
    assert not Emergency.objects.exists()


def test_of_one_home_it_opens_whoever_is_beside_the_child(world: World, request_: HelpRequest) -> None:
    answer: Any = fresh(world, "youssef").post(reverse("emergency"), typed(request_, beside="Joke"))
    assert answer.status_code == 302
    assert Emergency.objects.get().family_id == request_.family_id


# --- forbidden ---


@pytest.mark.parametrize("name", ["piet", "henk", "karin", "petra", "jolanda", "sanne", "mark"])
def test_a_volunteer_finance_an_administrator_and_the_family_never_can(
    world: World, request_: HelpRequest, name: str
) -> None:
    with pytest.raises(Forbidden):
        opened(world, request_, name)
    assert page(world.client(name), "emergency").status_code == 403


def test_the_permission_is_of_coaches_and_professionals_alone() -> None:
    assert set(PERMISSIONS[Permission.OPEN_IN_EMERGENCY]) == {"coach", "professional"}


def test_also_the_database_finds_nobody_for_who_is_no_coach_or_professional(
    world: World, request_: HelpRequest
) -> None:
    from django.db import connection

    def found(name: str) -> list[Any]:
        with speaking(world.actor(name), world.at), connection.cursor() as cursor:
            cursor.execute(
                "SELECT record_id FROM hendig_in_danger(%s, %s, %s, %s)",
                ["Noor", last_name(request_), "2013-05-04", ""],
            )
            return list(cursor.fetchall())

    assert len(found("youssef")) == 1
    assert [found(name) for name in ("piet", "henk", "karin", "petra", "jolanda")] == [[]] * 5


# --- a fresh second factor ---


def test_who_was_in_for_a_while_shows_again_who_is_there_and_what_was_typed_is_kept(
    world: World, request_: HelpRequest
) -> None:
    client = fresh(world, "youssef")
    world.later(minutes=10)
    answer: Any = client.post(reverse("emergency"), typed(request_))
    assert answer.status_code == 401
    assert not Emergency.objects.exists()
    assert REASON in str(_kept(client))
    again: Any = client.get(reverse("emergency"))
    assert again.status_code == 302
    assert "/aanmelden/" in again["Location"]


def test_who_left_the_page_finds_the_way_back_while_it_lasts(world: World, request_: HelpRequest) -> None:
    emergency = opened(world, request_)
    back = reverse("emergency_open", args=[emergency.pk])
    asked, another = fresh(world, "youssef"), fresh(world, "anouk")
    world.later(minutes=59)
    shown = page(asked, "emergency").content.decode()
    assert f'href="{back}"' in shown
    assert "Noor" not in shown, "whose it is, is said where the look is written down"
    assert back not in page(another, "emergency").content.decode()
    world.later(minutes=1)
    assert back not in page(asked, "emergency").content.decode()


def test_who_closed_it_finds_no_way_back(world: World, request_: HelpRequest) -> None:
    emergency = opened(world, request_)
    actions.end_emergency(actor=world.actor("youssef"), emergency_id=emergency.pk, at=world.at)
    client = fresh(world, "youssef")
    assert reverse("emergency_open", args=[emergency.pk]) not in page(client, "emergency").content.decode()


def _kept(client: Client) -> object:
    from hendig.people.adapters import sealed

    kept = sealed.opened(client.session["sealed"])
    assert kept is not None
    return kept.fields


@pytest.mark.parametrize(
    ("means", "minutes", "right"),
    [
        (Means.PASSKEY, 9, True),
        (Means.APP, 9, True),
        (Means.BROKER, 9, True),
        (Means.PASSKEY, 10, False),
        (Means.CODE, 0, False),
        (Means.DEMO, 600, True),
    ],
)
def test_a_strong_means_counts_for_less_than_ten_minutes(means: Means, minutes: int, right: bool) -> None:
    at = datetime(2026, 11, 2, 9, minutes % 60, tzinfo=UTC)
    assert is_fresh(means, datetime(2026, 11, 2, 9, 0, tzinfo=UTC), at) is right
    assert is_fresh(means, None, at) is (means is Means.DEMO)


# --- judged ---


def judged(world: World, emergency: Emergency, outcome: Outcome = Outcome.RIGHT, note: str = "") -> Emergency:
    return actions.judge_emergency(
        actor=world.actor("karin"), emergency_id=emergency.pk, outcome=outcome, note=note, at=world.at
    )


def test_the_privacy_officer_reads_why_sees_what_was_looked_at_and_judges(
    world: World, request_: HelpRequest
) -> None:
    emergency = opened(world, request_)
    page(fresh(world, "youssef"), "family", request_.family_id)
    karin = world.client("karin")
    assert "Wacht op u" in page(karin, "emergencies").content.decode()
    shown = page(karin, "judge", emergency.pk).content.decode()
    # Two working days after Monday, and the whole of the last.
    assert 'Oordeel uiterlijk <time datetime="2026-11-04">' in shown
    assert '<time datetime="2026-11-04">' in page(karin, "emergencies").content.decode()
    assert REASON in shown
    assert "bekeek uw pagina" in shown
    answer: Any = karin.post(
        reverse("judge", args=[emergency.pk]),
        {"_key": str(uuid4()), "outcome": "wrong", "note": "Er was tijd om te bellen."},
    )
    assert answer["Location"] == reverse("emergencies")
    assert "niet terecht" in page(karin, "emergencies").content.decode()
    assert "Er was tijd om te bellen." in page(karin, "judge", emergency.pk).content.decode()


def test_judged_once_and_with_words_when_it_was_wrong(world: World, request_: HelpRequest) -> None:
    emergency = opened(world, request_)
    with pytest.raises(Refused) as no:
        judged(world, emergency, Outcome.WRONG)
    assert no.value.refusal.code == "emergency.no_note"
    judged(world, emergency)
    with pytest.raises(Refused) as no:
        judged(world, emergency)
    assert no.value.refusal.code == "emergency.judged"


def test_only_the_privacy_officer_judges(world: World, request_: HelpRequest) -> None:
    emergency = opened(world, request_)
    for name in ("youssef", "ellen", "henk", "sanne"):
        with pytest.raises(Forbidden):
            actions.judge_emergency(
                actor=world.actor(name),
                emergency_id=emergency.pk,
                outcome=Outcome.RIGHT,
                note="",
                at=world.at,
            )


def test_the_privacy_officer_opens_no_record_by_judging(world: World, request_: HelpRequest) -> None:
    """The reason of an emergency, and not a row more: not with the purpose told either."""
    concern = worried(world, request_)
    opened(world, request_)
    from hendig.keys.models import CompartmentKey
    from hendig.safety.models import REVIEW, Concern

    karin = world.actor("karin")
    with speaking(karin, world.at, purpose=REVIEW):
        assert Emergency.objects.count() == 1
        assert not Concern.objects.filter(pk=concern.pk).exists()
        assert not HelpRequest.objects.exists()
        assert CompartmentKey.objects.values("compartment_id").distinct().count() == 1
    with speaking(karin, world.at):
        assert not Emergency.objects.exists()
        assert not CompartmentKey.objects.exists()


@pytest.mark.parametrize(
    ("day", "before"),
    [
        (date(2026, 11, 2), date(2026, 11, 4)),  # Monday
        (date(2026, 11, 6), date(2026, 11, 10)),  # Friday
        (date(2026, 11, 7), date(2026, 11, 10)),  # Saturday, 02:00
    ],
)
def test_two_working_days_do_not_count_the_weekend(day: date, before: date) -> None:
    assert working_days_after(day, 2) == before


def test_a_late_judgement_shows(world: World, request_: HelpRequest) -> None:
    opened(world, request_)
    world.later(days=3)
    assert "Te laat" in page(world.client("karin"), "emergencies").content.decode()


def test_when_two_working_days_are_over_the_officer_is_reminded_once(
    world: World, request_: HelpRequest, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Opened on a Monday: Tuesday and Wednesday are there to judge it. The family hears nothing of it."""
    monkeypatch.setattr("hendig.safety.jobs.timezone.now", lambda: world.at)
    emergency = opened(world, request_)
    for _day in range(5):
        remind_to_judge(timestamp=0)
        world.later(days=1)
    (line,) = Entry.objects.filter(code="emergency.unjudged")
    assert (line.object_id, local_day(line.at)) == (emergency.pk, date(2026, 11, 5))
    tell(entry_ids=[line.pk], at=world.at)
    assert [one.account.first_name for one in Notice.objects.filter(entry_id=line.pk)] == ["Karin"]
    log = page(world.client("mark"), "who_looked", request_.family_id).content.decode()
    assert "oordeelde" not in log


def test_what_was_judged_in_time_is_not_reminded_of(world: World, request_: HelpRequest) -> None:
    emergency = opened(world, request_)
    actions.judge_emergency(
        actor=world.actor("karin"), emergency_id=emergency.pk, outcome=Outcome.RIGHT, note="", at=world.at
    )
    world.later(days=5)
    assert actions.remind_to_judge(municipality_id=world.municipality.pk, at=world.at) == 0


def test_an_emergency_ends_and_is_never_extended_by_itself(world: World, request_: HelpRequest) -> None:
    opened(world, request_)
    with speaking(world.system, world.at):
        row = Involvement.objects.get(part=Part.EMERGENCY)
    assert row.until_at is not None
    assert (row.until_at - row.from_at).total_seconds() == 3600
    assert (row.purpose, row.ground) == (Purpose.SAFETY, "vital")


def test_an_unknown_emergency_is_not_there(world: World, request_: HelpRequest) -> None:
    emergency = opened(world, request_)
    with pytest.raises(NotVisible):
        actions.end_emergency(actor=world.actor("anouk"), emergency_id=emergency.pk, at=world.at)
