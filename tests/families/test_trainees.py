"""Somebody in training sees along beside a supervisor, where the family agreed, and decides nothing."""

from __future__ import annotations

import re
from datetime import date, timedelta
from uuid import UUID

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import resolve, reverse

from hendig.audit.actions import reading
from hendig.audit.models import Entry, Kind
from hendig.families import queries
from hendig.families.actions import add_tie, deputies, say_about
from hendig.families.models import Involvement, Part
from hendig.families.queries.deputies import trainee_page
from hendig.families.queries.looked import who_looked
from hendig.families.queries.who_may import who_may
from hendig.helprequests.models import HelpRequest
from hendig.kernel.actor import Role
from hendig.kernel.periods import local_day
from hendig.kernel.refusal import Forbidden, NotVisible, Refused
from hendig.matching.actions import end_match
from hendig.matching.models import Match
from hendig.operations.prove.lying import walled
from hendig.people.actions import end_employment, end_role
from hendig.people.rules import PERMISSIONS, Permission
from hendig.plans import actions as plans
from hendig.tents import actions as tents
from hendig.tents.models import Gesture, Page, Phase, Piece, Seat, Talk, Tent
from hendig.tents.models.table import OfTentQuerySet, SeatQuerySet, TentQuerySet
from tests.support.matching import Household, household, open_talk, say
from tests.support.shared import built_once
from tests.support.tents import go_to, meeting, understood, write
from tests.support.world import World


@pytest.fixture(autouse=True)
def _the_clock_of_the_pages(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("hendig.web.middleware.timezone.now", lambda: world.at)


@built_once
def house(world: World) -> Household:
    """Daan of 8 with both parents; Anouk helps by a match, and Lotte learns with Anouk's partner."""
    found = household(world, child="Daan", born_on=date(2018, 5, 4))
    say(world, open_talk(world, found), "sanne", "mark", "ellen", "anouk")
    world.add_worker("lotte", Role.TRAINEE, "vlinder")
    return found


def ask(world: World, house: Household, by: str = "anouk", trainee: str = "lotte") -> deputies.Named:
    return deputies.ask_for_trainee(
        actor=world.actor(by), account_id=world.account(trainee).pk, families=[house.family_id], at=world.at
    )


def agree(world: World, house: Household, name: str, *, yes: bool = True) -> None:
    say_about(
        actor=world.actor(name),
        record_id=house.request.compartment.record_id,
        account_id=world.account("lotte").pk,
        yes=yes,
        at=world.at,
    )


def sees(world: World, house: Household, name: str = "lotte") -> bool:
    try:
        with queries.opening(world.actor(name), "family.page_seen", house.family_id, at=world.at):
            return True
    except NotVisible:
        return False


def test_a_trainee_sees_along_only_where_the_family_said_yes_and_until_one_says_no(
    world: World, house: Household
) -> None:
    ask(world, house)
    assert not sees(world, house)
    agree(world, house, "sanne")
    assert sees(world, house)
    agree(world, house, "mark", yes=False)
    assert not sees(world, house)
    assert sees(world, house, "anouk")


def test_the_family_is_asked_in_one_sentence(world: World, house: Household) -> None:
    ask(world, house)
    with queries.opening_all(
        world.actor("sanne"), "family.who_may_seen", house.family_id, at=world.at
    ) as look:
        (record,) = who_may(look)
    (lotte,) = (one for one in record.along if one.first_name == "Lotte")
    words = "Lotte is in opleiding en kijkt mee onder begeleiding van Anouk, als u dat goed vindt."
    assert str(lotte.why) == words
    assert lotte.switch is False
    page = world.client("sanne").get(reverse("who_may", args=[house.family_id])).content.decode()
    assert words in page
    assert "Lotte mag meekijken" in page


def test_a_trainee_works_under_a_supervisor_and_the_log_shows_both(world: World, house: Household) -> None:
    ask(world, house)
    agree(world, house, "sanne")
    add_tie(
        actor=world.actor("lotte"),
        family_id=house.family_id,
        name="Riet",
        relation="oma",
        distance=1,
        at=world.at,
    )
    assert sees(world, house)
    lines = Entry.objects.filter(account_id=world.account("lotte").pk, family_id=house.family_id)
    assert {line.kind for line in lines} == {Kind.LOOK, Kind.CHANGE}
    assert {line.behind_id for line in lines} == {world.account("anouk").pk}
    with queries.opening_all(world.actor("mark"), "family.log_seen", house.family_id, at=world.at) as look:
        shown = [line for line in who_looked(look).lines if line.first_name == "Lotte"]
    assert len(shown) == len(lines)
    assert {(str(line.function), str(line.behind)) for line in shown} == {
        ("in opleiding", "onder begeleiding van Anouk")
    }
    page = world.client("lotte").get(reverse("family", args=[house.family_id])).content.decode()
    assert "U bent hier in opleiding, onder begeleiding van Anouk." in page


def test_it_ends_with_the_supervisors_part_the_traineeship_and_the_employment(
    world: World, house: Household
) -> None:
    ask(world, house)
    agree(world, house, "sanne")
    end_match(
        actor=world.actor("anouk"), match_id=Match.objects.get().pk, ends_on=local_day(world.at), at=world.at
    )
    assert not sees(world, house)
    with pytest.raises(Refused, match=r"deputy\.no_case"):
        ask(world, house)


@pytest.mark.parametrize("who", ["lotte", "anouk"])
def test_who_leaves_the_employer_ends_the_traineeship_there(world: World, house: Household, who: str) -> None:
    ask(world, house)
    agree(world, house, "sanne")
    assert sees(world, house)
    end_employment(actor=world.system, account_id=world.account(who).pk, at=world.at)
    assert not sees(world, house)


def test_who_comes_again_is_asked_of_the_family_again(world: World, house: Household) -> None:
    """A yes was to learning beside this supervisor for as long as it was to last, and to nobody after."""
    ask(world, house)
    agree(world, house, "sanne")
    ask(world, house)
    assert sees(world, house), "the same once more while it stands"
    deputies.end_trainee(actor=world.actor("anouk"), account_id=world.account("lotte").pk, at=world.at)
    world.later(days=30)
    ask(world, house)
    assert not sees(world, house)
    agree(world, house, "sanne")
    assert sees(world, house)


@pytest.mark.parametrize("who", ["lotte", "anouk"])
def test_either_of_the_two_stops_it(world: World, house: Household, who: str) -> None:
    ask(world, house)
    agree(world, house, "sanne")
    other = {"lotte": "anouk", "anouk": "lotte"}[who]
    deputies.end_trainee(actor=world.actor(who), account_id=world.account(other).pk, at=world.at)
    assert not sees(world, house)


def test_a_trainee_learns_with_the_own_employer_only(world: World, house: Household) -> None:
    world.add_worker("timo", Role.TRAINEE, "anker")
    world.add_worker("fenna", Role.TRAINEE)
    for trainee in ("timo", "fenna", "bram", "lotte"):
        if trainee != "lotte":
            with pytest.raises(NotVisible):
                ask(world, house, trainee=trainee)
    # The coach works for the municipality, where Fenna learns.
    assert ask(world, house, by="ellen", trainee="fenna").families == 1
    with pytest.raises(NotVisible):
        ask(world, house, by="ellen", trainee="lotte")


def test_a_trainee_never_decides(world: World, house: Household) -> None:
    """No yes to a match, no decision, no safety, no emergency, nothing apart: not one row of the table."""
    may = {permission for permission in Permission if Role.TRAINEE in PERMISSIONS[permission]}
    assert may == {
        Permission.SEE_PUBLIC_PAGES,
        Permission.BE_SIGNED_IN,
        Permission.ASK_FOR_HELP,
        Permission.OPEN_FAMILY,
        Permission.SEE_OWN_LOOKS,
        Permission.KEEP_OWN_CIRCLE,
        Permission.LEARN_BESIDE,
        # It closes a family for themself: nothing is decided about anybody.
        Permission.DECLARE_OWN_FAMILY,
    }
    ask(world, house)
    agree(world, house, "sanne")
    talk = open_talk(world, house, "youssef")
    with pytest.raises(Forbidden):
        say(world, talk, "lotte")
    client = world.client("lotte")
    for name in ("safety", "apart"):
        assert client.get(reverse(name, args=[house.family_id])).status_code == 403
    assert client.get(reverse("emergency")).status_code == 403
    row = Involvement.objects.get(part=Part.TRAINEE)
    assert row.kinds == ["shared"]


def test_nothing_that_a_trainee_sees_leads_to_a_closed_door(world: World, house: Household) -> None:
    ask(world, house)
    agree(world, house, "sanne")
    client = world.client("lotte")
    sanne, question = world.actor("sanne"), house.request.pk
    plans.set_goal(actor=sanne, request_id=question, words="Weer samen eten", at=world.at)
    plans.set_task(actor=sanne, request_id=question, what="Bellen", who="Sanne", at=world.at)
    done = plans.set_task(actor=sanne, request_id=question, what="Lezen", who="Mark", at=world.at)
    plans.finish_task(actor=sanne, task_id=done.pk, at=world.at)
    match, soon = Match.objects.get(), world.at + timedelta(days=2)
    plans.plan_appointment(actor=world.actor("anouk"), match_id=match.pk, starts_at=soon, at=world.at)
    closed, met = [], set()
    for name in ("family", "plan", "circle", "own_help", "own_record"):
        answer = client.get(reverse(name, args=[house.family_id]))
        assert answer.status_code == 200, name
        for path in re.findall(r'(?:href|action)="(/[^"#?]*)', answer.content.decode()):
            if path.startswith("/static/"):
                continue
            route = resolve(path)
            met.add(str(route.url_name))
            needs = route.func.needs  # type: ignore[attr-defined]
            if {Role.TRAINEE, Role.ANYONE}.isdisjoint(PERMISSIONS[needs]):
                closed.append(f"{route.url_name} on {name}")
    assert not closed
    assert {"plan", "appointment_calendar"} <= met
    # Who helps by the match finds there what the trainee does not.
    shown = world.client("anouk").get(reverse("plan", args=[house.family_id])).content.decode()
    for button in ("Doel toevoegen", "Iets afspreken", "Afzeggen", "Dit doel is bereikt", "Toch niet"):
        assert button in shown, button


# Also of a table that is made later.
OF_TENT = [
    rows
    for rows in (model.objects.all() for model in walled())  # type: ignore[attr-defined]
    if isinstance(rows, (OfTentQuerySet, TentQuerySet, SeatQuerySet))
]


def test_what_was_said_at_a_table_is_not_for_who_learns_by_a_page_nor_by_either_wall(
    world: World, house: Household
) -> None:
    """The gate opens what is shared; who sat at a table is another matter, and a trainee sat at none."""
    tent = held(world, house)
    ask(world, house)
    agree(world, house, "sanne")
    assert sees(world, house)
    lotte = world.actor("lotte")
    for model in (Tent, Seat, Piece, Page, Talk, Gesture):
        assert not model.objects.visible_to(lotte, at=world.at).exists(), model
        assert model.objects.visible_to(world.actor("ellen"), at=world.at).exists(), model
    with reading(lotte, world.at):
        assert HelpRequest.objects.filter(family_id=house.family_id).exists()
        for rows in OF_TENT:
            assert not rows.exists(), rows.model
    with reading(world.actor("anouk"), world.at):
        assert Page.objects.exists()
    client = world.client("lotte")
    for name in ("tent", "tent_page"):
        assert client.get(reverse(name, args=[tent])).status_code in {403, 404}
    assert str(tent) not in client.get(reverse("family", args=[house.family_id])).content.decode()


def held(world: World, house: Household) -> UUID:
    """A tent that was, with two guests, something that was said, and the page that remains."""
    tent = meeting(world, house)
    for phase in (Phase.LISTEN, Phase.UNDERSTAND, Phase.GOES_WELL, Phase.DIRECTIONS, Phase.AGREE):
        if phase == Phase.DIRECTIONS:
            understood(world, tent)
        go_to(world, tent, phase)
        write(world, tent, "Wij eten weer samen.", circle="own" if phase == Phase.DIRECTIONS else "")
    tents.close(actor=world.actor("anouk"), tent_id=tent.pk, at=world.at)
    return tent.pk


def test_the_page_asks_families_and_stops_it(world: World, house: Household) -> None:
    client = world.client("anouk")
    sent = {"account_id": str(world.account("lotte").pk), "families": [str(house.family_id)]}
    nothing = client.post(reverse("trainees"), {"account_id": sent["account_id"]})
    assert nothing.status_code == 422
    assert "Kies ten minste een gezin." in nothing.content.decode()
    assert client.post(reverse("trainees"), sent).status_code == 302
    assert (
        "Lotte mag met u meekijken bij 1 gezin, als het gezin dat goed vindt."
        in client.get(reverse("trainees")).content.decode()
    )
    assert "Nog geen gezin zei ja." in world.client("lotte").get(reverse("trainees")).content.decode()
    agree(world, house, "sanne")
    mine = world.client("lotte").get(reverse("trainees")).content.decode()
    assert reverse("family", args=[house.family_id]) in mine
    assert client.post(reverse("end_trainee", args=[world.account("lotte").pk])).status_code == 302
    assert not sees(world, house)


def test_a_traineeship_has_a_last_day(world: World, house: Household) -> None:
    held = world.account("lotte").memberships.get()
    end_role(
        actor=world.system, membership_id=held.pk, on=local_day(world.at) + timedelta(days=3), at=world.at
    )
    ask(world, house)
    agree(world, house, "sanne")
    world.later(days=3)
    assert sees(world, house)
    world.later(days=1)
    assert not sees(world, house)


def test_the_page_takes_as_many_queries_at_any_size(world: World, house: Household) -> None:
    counts = []
    for parent in ("Eva", "Ingrid"):
        ask(world, house)
        with CaptureQueriesContext(connection) as of_page:
            trainee_page(world.actor("anouk"), at=world.at)
        counts.append(len(of_page))
        house = household(world, parent=parent, other=f"{parent}s-man", child=f"{parent}tje")
        say(world, open_talk(world, house), f"{parent}tje", parent, f"{parent}s-man", "ellen", "anouk")
    assert len(set(counts)) == 1
