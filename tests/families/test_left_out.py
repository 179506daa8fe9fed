"""What the family leaves out for who is here by its yes, and for what that one is here."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from functools import partial
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.db import connection, models
from django.http import HttpResponse
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from hendig.audit.actions import change, reading, speaking
from hendig.audit.models import Entry
from hendig.families.actions import end_authority, invitations, leave_nothing, read_sort, say_about
from hendig.families.models import (
    Aim,
    Consent,
    Invitation,
    LegalAuthority,
    Sort,
    WhatFor,
)
from hendig.families.queries import opening_all
from hendig.families.queries.lines import lines_for
from hendig.families.rules.sharing import FOR_WHAT, why_no_aim
from hendig.kernel.refusal import Forbidden, NotVisible, Refused
from hendig.people import actions as people
from hendig.people.models import Notice
from hendig.plans.actions import plan_appointment, set_goal
from hendig.plans.models import Appointment, Goal
from hendig.rights.actions import write_own_words
from hendig.rights.models import OwnWords
from hendig.tents.models import Page, Piece, Seat, Tent
from hendig.tents.queries.hearing import who_is_trusted
from tests.support.families import trusted
from tests.support.matching import Household, household, open_talk, record_of, say
from tests.support.shared import built_once
from tests.support.tents import closed_tent, planned_tent
from tests.support.world import World

# One kind of row of each sort, and one of which nothing can be left out.
OF: dict[Sort, Sequence[type[models.Model]]] = {
    Sort.AGENDA: [Appointment],
    Sort.PLAN: [Goal],
    Sort.TENT: [Tent, Seat, Piece, Page],
    Sort.OWN: [OwnWords],
}


@pytest.fixture(autouse=True)
def _the_clock_of_the_pages(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("hendig.web.middleware.timezone.now", lambda: world.at)


@built_once
def house(world: World) -> Household:
    """Noor of 13; her mother trusts Joke. There was a tent, there is a goal, help and an appointment."""
    found = household(world)
    tent = closed_tent(world, found)
    trusted(world, record_of(found, "Noor"), by="sanne")
    set_goal(
        actor=world.actor("ellen"), request_id=found.request.pk, words="rust", member_id=None, at=world.at
    )
    write_own_words(
        actor=world.actor("sanne"),
        family_id=found.family_id,
        kind="addition",
        topic="plan",
        words="Wij gaan op vakantie.",
        at=world.at,
    )
    made = say(world, open_talk(world, found), "noor", "sanne", "mark", "ellen", "anouk")
    assert made.match is not None
    plan_appointment(
        actor=world.actor("anouk"),
        match_id=made.match.pk,
        starts_at=world.at + timedelta(days=1),
        minutes=60,
        at=world.at,
    )
    assert tent.stage == "closed"
    return found


def leave(
    world: World, house: Household, sort: Sort, *, by: str = "sanne", yes: bool = False, whom: str = "joke"
) -> Consent:
    return read_sort(
        actor=world.actor(by),
        record_id=record_of(house, "Noor"),
        account_id=world.account(whom).pk,
        sort=sort,
        yes=yes,
        at=world.at,
    )


def agree(world: World, house: Household, by: str, *, yes: bool = True, whom: str = "joke") -> Consent:
    return say_about(
        actor=world.actor(by),
        record_id=record_of(house, "Noor"),
        account_id=world.account(whom).pk,
        yes=yes,
        at=world.at,
    )


def reads(world: World, who: str = "joke") -> set[Sort]:
    """What both walls show, each alone and the same: all kinds of rows of a sort, or none."""
    actor, found = world.actor(who), set()
    for sort, kinds in OF.items():
        shown = set()
        for kind in kinds:
            rows: Any = kind._meta.default_manager
            with reading(actor, world.at):
                behind = rows.exists()
            # Hendig itself asks: only the filter stands.
            with reading(world.system, world.at):
                filtered = rows.visible_to(actor, at=world.at).exists()
            assert filtered == behind, kind
            shown.add(behind)
        assert len(shown) == 1, sort
        found |= {sort} if shown == {True} else set()
    return found


def page(world: World, house: Household, who: str, name: str = "who_may") -> str:
    answer = world.client(who).get(reverse(name, args=[house.family_id]))
    assert answer.status_code == 200
    return " ".join(answer.content.decode().split())


@pytest.mark.parametrize("sort", Sort)
def test_each_sort_is_left_out_at_once_and_comes_back(world: World, house: Household, sort: Sort) -> None:
    assert reads(world) == {*Sort}
    leave(world, house, sort)
    assert reads(world) == {*Sort} - {sort}
    assert reads(world, "sanne") == reads(world, "ellen") == {*Sort}
    leave(world, house, sort, yes=True)
    assert reads(world) == {*Sort}


def test_one_who_decides_is_enough_and_each_takes_back_the_own(world: World, house: Household) -> None:
    agree(world, house, "mark")
    leave(world, house, Sort.PLAN, by="mark")
    leave(world, house, Sort.OWN, by="sanne")
    assert reads(world) == {Sort.AGENDA, Sort.TENT}
    leave(world, house, Sort.PLAN, by="sanne", yes=True)
    assert reads(world) == {Sort.AGENDA, Sort.TENT}
    leave(world, house, Sort.PLAN, by="mark", yes=True)
    assert reads(world) == {Sort.AGENDA, Sort.TENT, Sort.PLAN}


def test_a_no_and_a_yes_again_leave_it_as_it_was(world: World, house: Household) -> None:
    leave(world, house, Sort.PLAN)
    agree(world, house, "sanne", yes=False)
    with pytest.raises(Refused) as no:
        leave(world, house, Sort.TENT)
    assert no.value.refusal.code == "narrow.said_no"
    agree(world, house, "sanne")
    assert reads(world) == {*Sort} - {Sort.PLAN}


def test_what_somebody_said_who_decides_no_more_leaves_nothing_out(world: World, house: Household) -> None:
    agree(world, house, "mark")
    leave(world, house, Sort.PLAN, by="mark")
    authority = LegalAuthority.objects.get(child=house.child, holder=house.member("Mark"))
    end_authority(actor=world.actor("ellen"), authority_id=authority.pk, at=world.at)
    world.later(days=1)
    assert reads(world) == {*Sort}


def test_nothing_is_left_out_for_who_is_here_otherwise_or_by_who_does_not_decide(
    world: World, house: Household
) -> None:
    for whom in ("anouk", "ellen", "mark"):
        with pytest.raises(Refused):
            leave(world, house, Sort.PLAN, by="noor", whom=whom)
    with pytest.raises(Refused) as no:
        leave(world, house, Sort.PLAN, by="joke")
    assert no.value.refusal.code == "consent.not_yours"
    with pytest.raises(Forbidden):
        leave(world, house, Sort.PLAN, by="ellen")
    household(world, parent="Greet", other="Hanna", child="Job")
    with pytest.raises(NotVisible):
        leave(world, house, Sort.PLAN, by="greet")


def test_lines_of_the_log_go_and_come_with_what_they_are_about(world: World, house: Household) -> None:
    joke = world.actor("joke")

    def codes() -> set[str]:
        with opening_all(joke, "family.log_seen", house.family_id, at=world.at) as look:
            return {line.code.partition(".")[0] for line in lines_for(look)}

    parts = {Sort.AGENDA: "appointment", Sort.PLAN: "goal", Sort.TENT: "tent", Sort.OWN: "own"}
    assert codes() >= {*parts.values()}
    for sort, part in parts.items():
        leave(world, house, sort)
        assert part not in codes(), sort
        leave(world, house, sort, yes=True)
    assert codes() >= {*parts.values()}


def test_whose_tent_is_left_out_hears_of_none(world: World, house: Household) -> None:
    tent = planned_tent(world, house)
    line = Entry.objects.filter(object_id=tent.pk).latest("id")
    joke = world.account("joke").pk
    with reading(world.system, world.at):
        assert list(who_is_trusted(line)) == [joke]
    leave(world, house, Sort.TENT)
    line.at = world.at
    with reading(world.system, world.at):
        assert list(who_is_trusted(line)) == []


def test_the_earlier_limit_can_be_read_in_the_log_and_the_coach_hears_of_less(
    world: World, house: Household
) -> None:
    leave(world, house, Sort.PLAN)
    world.later(minutes=1)
    leave(world, house, Sort.OWN)
    lines = Entry.objects.filter(code="family.reads_less").order_by("id")
    assert [(one.facts["left_out"], one.facts["leaves_out"]) for one in lines] == [
        ([], ["plan"]),
        (["plan"], ["own", "plan"]),
    ]
    people.tell(entry_ids=[lines[0].pk], at=world.at)
    told = Notice.objects.filter(code="family.reads_less")
    assert [one.account.first_name for one in told] == ["Ellen"]
    shown = page(world, house, "mark", "who_looked")
    assert "Sanne liet iemand minder lezen" in shown
    assert (
        "Het ging om Joke. Eerst: alles wat we samen weten. Nu: niet het plan, de doelen en de taken."
        in shown
    )
    assert (
        "Eerst: niet het plan, de doelen en de taken. "
        "Nu: niet het plan, de doelen en de taken en niet wat bij ‘Van ons’ staat." in shown
    )


# --- for what ---


def invited(world: World, house: Household, **more: Any) -> UUID:
    made = invitations.invite_confidant(
        actor=world.actor("sanne"),
        record_id=record_of(house, "Noor"),
        first_name="Riet",
        email="riet@buurt.example",
        at=world.at,
        **more,
    )
    who = world.actor("riet")
    invitations.accept(actor=who, invitation_id=made.invitation_id, typed=made.code, at=world.at)
    return made.invitation_id


@pytest.mark.parametrize(
    ("aim", "code"),
    [
        *((Aim(one), None) for one in FOR_WHAT if one != WhatFor.OWN),
        (Aim(WhatFor.OWN, "om te rijden"), None),
        (Aim(WhatFor.OWN), "consent.no_purpose"),
        (Aim(WhatFor.OWN, "  "), "consent.no_purpose"),
        (Aim(WhatFor.SUPPORT, "om te rijden"), "consent.no_purpose"),
        (Aim(WhatFor.TENT), "consent.no_purpose"),
    ],
)
def test_it_is_said_for_what(aim: Aim, code: str | None) -> None:
    no = why_no_aim(aim)
    assert (no and no.code) == code


def test_what_was_agreed_stays_with_the_yes_and_is_said_on_the_page_and_in_the_log(
    world: World, house: Household
) -> None:
    invited(world, house, what_for=WhatFor.OWN, aim="om mee te gaan\nnaar school.")
    agree(world, house, "sanne", yes=False, whom="riet")
    agree(world, house, "sanne", whom="riet")
    yes = Consent.objects.get(account=world.account("riet"), yes=True, until_at=None)
    assert (yes.what_for, yes.aim) == (WhatFor.OWN, "om mee te gaan naar school.")
    words = "om mee te gaan naar school."
    for who in ("sanne", "mark"):
        assert f"Riet (vertrouwde volwassene) ziet wat we samen weten, {words}" in page(world, house, who)
    shown = page(world, house, "mark", "who_looked")
    assert "nodigde een vertrouwde volwassene uit" in shown
    assert shown.count(f"Waarvoor: {words}") == 3
    assert not [line for line in Entry.objects.all() if "school" in str(line.facts)]


def test_nobody_is_invited_for_nothing(world: World, house: Household) -> None:
    with pytest.raises(Refused) as no:
        invited(world, house, what_for=WhatFor.OWN)
    assert no.value.refusal.code == "consent.no_purpose"
    assert not Invitation.objects.filter(account__email="riet@buurt.example").exists()


def test_who_is_here_by_a_tent_or_a_match_is_so_for_that(world: World, house: Household) -> None:
    """Anouk sat in the tent and helps by a match."""
    yes = Consent.objects.filter(yes=True, account=world.account("anouk"))
    assert {one.what_for for one in yes} == {WhatFor.TENT}
    shown = page(world, house, "sanne")
    assert "ziet wat we samen weten, om mee te denken in de tent en om te helpen." in shown


def test_the_own_words_go_with_a_destroyed_record(world: World, house: Household) -> None:
    invited(world, house, what_for=WhatFor.OWN, aim="om te rijden")
    with change(world.system, "erasure.cleared", at=world.at) as act, speaking(world.system, world.at):
        record = house.request.compartment.record
        leave_nothing(act, record)
        act.record(record)
    with reading(world.system, world.at):
        assert {one.aim for one in Consent.objects.all()} == {""}
        assert {one.aim for one in Invitation.objects.all()} == {""}


# --- the page ---


def post(world: World, house: Household, who: str, name: str, of: UUID, **typed: Any) -> HttpResponse:
    answer = world.client(who).post(reverse(name, args=[of]), {"_key": str(uuid4()), **typed})
    assert isinstance(answer, HttpResponse)
    return answer


def test_who_may_says_what_it_does_before_and_what_is_read_after(world: World, house: Household) -> None:
    tap = partial(post, world, house, "sanne", "read_sort", record_of(house, "Noor"))
    joke = str(world.account("joke").pk)
    shown = page(world, house, "sanne")
    assert "Kies wat Joke leest" in shown
    assert "Zet u iets uit, dan is het voor Joke meteen weg, ook wat er al stond." in shown
    assert "Joke (vertrouwde volwassene) ziet wat we samen weten, om het gezin te steunen." in shown
    for sort in ("plan", "agenda"):
        assert tap(account=joke, sort=sort, on="0").status_code == 302
    shown = page(world, house, "sanne")
    said = "ziet wat we samen weten, maar niet de afspraken en het plan, de doelen en de taken, om het gezin"
    assert said in shown
    agree(world, house, "mark")
    assert "Een ander in uw gezin wil dit niet: Joke leest het nu niet." in page(world, house, "mark")
    assert tap(account=joke, sort="plan", on="1").status_code == 302
    assert tap(account=joke, sort="agenda", on="1").status_code == 302
    assert ", maar niet" not in page(world, house, "sanne")


def test_it_is_offered_of_who_is_here_by_a_yes_alone(world: World, house: Household) -> None:
    shown = page(world, house, "noor")
    for name in ("Anouk", "Ellen", "Sanne", "Mark"):
        assert f"Kies wat {name} leest" not in shown
    agree(world, house, "sanne", yes=False)
    assert "Kies wat Joke leest" not in page(world, house, "sanne")


def test_for_a_stranger_it_is_not_there(world: World, house: Household) -> None:
    household(world, parent="Greet", other="Hanna", child="Job")
    typed = {"account": str(world.account("joke").pk), "sort": "plan", "on": "0"}
    record = record_of(house, "Noor")
    assert post(world, house, "greet", "read_sort", record, **typed).status_code == 404
    assert post(world, house, "ellen", "read_sort", record, **typed).status_code == 403
    assert post(world, house, "sanne", "read_sort", record, **{**typed, "sort": "x"}).status_code == 400
    assert (
        post(world, house, "sanne", "read_sort", record, **{**typed, "account": str(UUID(int=7))}).status_code
        == 422
    )


def test_inviting_asks_for_what_and_keeps_what_was_typed(world: World, house: Household) -> None:
    typed = {"record_id": str(record_of(house, "Noor")), "first_name": "Riet", "email": "riet@buurt.example"}
    for more, words in (
        ({}, "Kies waarvoor deze persoon meekijkt."),
        ({"what_for": "own"}, "Kies waarvoor, of schrijf het zelf op in één regel."),
        ({"what_for": "own", "aim": "x" * 81}, 'value="Riet"'),
    ):
        no = post(world, house, "sanne", "who_may", house.family_id, **typed, **more)
        assert no.status_code == 422
        assert words in no.content.decode()
    whole = {**typed, "what_for": "own", "aim": "om te rijden"}
    assert post(world, house, "sanne", "who_may", house.family_id, **whole).status_code == 200
    assert Invitation.objects.get(account__email="riet@buurt.example").aim == "om te rijden"


def test_the_pages_ask_as_much_for_more(world: World, house: Household) -> None:
    def queries(name: str) -> int:
        with CaptureQueriesContext(connection) as asked:
            page(world, house, "sanne", name)
        return len(asked)

    leave(world, house, Sort.PLAN)
    before = {
        name: (page(world, house, "sanne", name), queries(name))[1] for name in ("who_may", "who_looked")
    }
    invited(world, house)
    for sort in Sort:
        leave(world, house, sort, whom="riet")
    assert {name: queries(name) for name in before} == before
