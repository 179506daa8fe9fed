"""Where to come: for who helps a neighbour, once both said yes and that one said so, and nobody else."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from hendig.audit.actions import change, reading
from hendig.audit.models import Entry
from hendig.families.actions import homes
from hendig.families.models import (
    Compartment,
    Family,
    FamilyMember,
    Home,
    Involvement,
    LegalAuthority,
    Part,
    Purpose,
)
from hendig.families.queries import opening_all
from hendig.families.queries.looked import who_looked
from hendig.kernel.refusal import NotVisible
from hendig.opentent import actions
from hendig.opentent.models import Post, Response
from hendig.opentent.queries import answers_for, where_to_come
from hendig.people.actions import end_role
from hendig.people.models import Membership
from hendig.safety import actions as safety
from tests.families.test_homes import EIGHT, HERE, PLACE, STREET, WAY_IN
from tests.support.families import what_family_sees
from tests.support.matching import Household, household
from tests.support.opentent import accept, answer, ask_the_board, connect
from tests.support.refusals import code_of
from tests.support.shared import built_once
from tests.support.world import World

CANARIES = (STREET, PLACE, WAY_IN, "6438")
WEEK = timedelta(days=7)


@pytest.fixture(autouse=True)
def _the_clock_of_the_pages(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("hendig.web.middleware.timezone.now", lambda: world.at)


@built_once
def house(world: World) -> Household:
    """Noor of 8, whose parents both decide and live apart; it is written down where Sanne lives."""
    found = household(world, born_on=EIGHT)
    homes.note_home(
        actor=world.actor("sanne"),
        person_id=found.member("Sanne").pk,
        address=HERE,
        from_on=world.at.date(),
        at=world.at,
    )
    return found


@built_once
def question(world: World, house: Household) -> Post:
    return ask_the_board(world, house.request)


@built_once
def answered(world: World, question: Post) -> Response:
    return answer(world, question)


@built_once
def both(world: World, answered: Response) -> Response:
    """Both said yes."""
    return connect(world, answered)


@built_once
def comes(world: World, house: Household, both: Response) -> Response:
    """And Sanne let Piet know where she lives."""
    let_know(world, house)
    return both


def let_know(world: World, house: Household, by: str = "sanne", whom: str = "piet") -> None:
    homes.let_know(
        actor=world.actor(by),
        person_id=house.member("Sanne").pk,
        account_id=world.account(whom).pk,
        at=world.at,
    )


def tap(world: World, house: Household, *, on: bool) -> Any:
    """The switch on the page that says where she lives."""
    return world.client("sanne").post(
        reverse("who_knows_home", args=[house.member("Sanne").pk]),
        {"_key": str(uuid4()), "account": str(world.account("piet").pk), "on": "1" if on else "0"},
    )


def page(world: World, response: Response, who: str = "piet") -> Any:
    return world.client(who).get(reverse("where_to_come", args=[response.pk]))


def reads(world: World, response: Response, who: str = "piet") -> bool:
    """Whether both walls show this one the address: the page, and the table asked for everything."""
    shown = STREET in page(world, response, who).content.decode()
    with reading(world.actor(who), world.at):
        found = any(row.street == STREET for row in Home.objects.all())
    assert shown == found, (who, shown, found)
    return shown


def everything(world: World, who: str, response: Response, question: Post) -> str:
    """What this one finds of it: the board, the post, what they do, and where to come."""
    ways = [
        reverse("board"),
        reverse("post", args=[question.pk]),
        reverse("my_answers"),
        reverse("notices"),
        reverse("where_to_come", args=[response.pk]),
        reverse("homes", args=[question.family_id]),
        reverse("family", args=[question.family_id]),
    ]
    return "".join(world.client(who).get(way).content.decode() for way in ways)


def test_a_volunteer_sees_neighbourhood_and_task_and_the_address_only_after_both_and_a_yes_to_that(
    world: World, house: Household, question: Post, answered: Response
) -> None:
    for step in ("offered", "accepted", "both said yes"):
        found = everything(world, "piet", answered, question)
        assert question.neighbourhood in found, step
        assert not [canary for canary in CANARIES if canary in found], step
        assert not reads(world, answered), step
        if step == "offered":
            accept(world, answered)
        elif step == "accepted":
            actions.confirm_response(actor=world.actor("piet"), response_id=answered.pk, at=world.at)

    assert tap(world, house, on=True).status_code == 302
    assert reads(world, answered)
    found = page(world, answered).content.decode()
    assert all(canary in found for canary in (*CANARIES, question.title))
    assert "no-store" in page(world, answered)["Cache-Control"]


def test_before_both_said_yes_nobody_can_be_told_where_to_come(
    world: World, house: Household, answered: Response
) -> None:
    for _ in range(2):
        assert code_of(lambda: let_know(world, house)) == "home.not_there"
        if answered.stage == "offered":
            answered = accept(world, answered)


def test_it_opens_nothing_else_of_the_family(
    world: World, house: Household, question: Post, comes: Response
) -> None:
    piet = world.actor("piet")
    rows = (Family, FamilyMember, LegalAuthority)
    assert [model.objects.visible_to(piet, at=world.at).count() for model in rows] == [0, 0, 0]
    with reading(piet, world.at):
        assert [model.objects.count() for model in rows] == [0, 0, 0]
        assert {one.kind for one in Compartment.objects.all()} == {"address"}
        assert {one.account_id for one in Involvement.objects.all()} == {piet.account_id}
    # Who works here and answers as a neighbour comes further with the same yes: to nothing.
    connect(world, answer(world, question, "anouk"), responder="anouk")
    let_know(world, house, whom="anouk")
    anouk = Response.objects.get(author=world.account("anouk"))
    assert reads(world, anouk, "anouk")
    for name in ("family", "homes", "plan", "own_record"):
        assert world.client("anouk").get(reverse(name, args=[house.family_id])).status_code in {403, 404}, (
            name
        )
    assert not Family.objects.visible_to(world.actor("anouk"), at=world.at).exists()


def test_somebody_else_gets_what_does_not_exist_gets(world: World, comes: Response) -> None:
    nothing = world.client("anouk").get(reverse("where_to_come", args=[uuid4()]))
    there = page(world, comes, "anouk")
    assert (there.status_code, there.content) == (nothing.status_code, nothing.content)
    assert there.status_code == 404


def test_the_other_parent_reads_the_same_before_and_after(
    world: World, house: Household, both: Response
) -> None:
    before = what_family_sees(world, "mark", house.family_id)
    let_know(world, house)
    assert reads(world, both)
    assert what_family_sees(world, "mark", house.family_id) == before
    with reading(world.actor("mark"), world.at):
        assert not Involvement.objects.filter(part=Part.VOLUNTEER, purpose=Purpose.VISIT).exists()


def test_each_look_is_a_line_for_whose_address_it_is_and_for_nobody_else(
    world: World, house: Household, comes: Response
) -> None:
    for _ in range(2):
        page(world, comes)
    lines = Entry.objects.filter(code="home.seen", account_id=world.account("piet").pk)
    assert [line.part for line in lines] == [Part.VOLUNTEER, Part.VOLUNTEER]
    log = {
        who: world.client(who).get(reverse("who_looked", args=[house.family_id])) for who in ("sanne", "mark")
    }
    assert "Piet" in log["sanne"].content.decode()
    assert "keek waar u woont" in log["sanne"].content.decode()
    assert "keek waar u woont" not in log["mark"].content.decode()


@pytest.mark.parametrize("closed", [False, True])
def test_it_ends_a_week_after_the_task(
    world: World,
    question: Post,
    comes: Response,
    closed: bool,
) -> None:
    ends = question.until_at
    assert ends is not None
    if closed:
        actions.close_post(actor=world.actor("sanne"), post_id=question.pk, at=world.at)
        ends = world.at
    before, after = ends + WEEK - timedelta(microseconds=1), ends + WEEK
    assert where_to_come(world.actor("piet"), comes.pk, at=before).doors
    with pytest.raises(NotVisible):
        where_to_come(world.actor("piet"), comes.pk, at=after)
    # What the page says of the contact is the same moment.
    (mine,) = answers_for(world.actor("piet"), at=before).answers
    assert mine.where
    assert mine.contact is not None
    assert mine.contact.until == after


def test_who_comes_by_two_posts_comes_until_a_week_after_the_last(
    world: World, house: Household, question: Post, comes: Response
) -> None:
    again = ask_the_board(world, house.request, title="Wie haalt haar op?")
    connect(world, answer(world, again))
    actions.close_post(actor=world.actor("sanne"), post_id=question.pk, at=world.at)
    assert where_to_come(world.actor("piet"), comes.pk, at=world.at + WEEK).doors
    actions.close_post(actor=world.actor("sanne"), post_id=again.pk, at=world.at)
    with pytest.raises(NotVisible):
        where_to_come(world.actor("piet"), comes.pk, at=world.at + WEEK)


def test_a_secret_address_is_closed_at_once_and_opens_by_nobody_but_that_person(
    world: World, house: Household, comes: Response
) -> None:
    safety.hide_own(actor=world.actor("sanne"), member_id=house.member("Sanne").pk, at=world.at)
    assert not reads(world, comes)
    with pytest.raises(NotVisible):
        let_know(world, house, by="bram")
    assert code_of(lambda: let_know(world, house, by="ellen")) == "home.secret"
    assert not reads(world, comes)
    let_know(world, house)
    assert reads(world, comes)


def test_she_takes_it_back_and_it_is_gone_with_the_next_request(
    world: World, house: Household, comes: Response
) -> None:
    listed = world.client("sanne").get(reverse("homes", args=[house.family_id])).content.decode()
    assert "Piet (vrijwilliger) mag dit weten" in listed
    assert "mag weten waar u woont" in what_family_sees(world, "sanne", house.family_id)["who_may"]
    tap(world, house, on=False)
    assert not reads(world, comes)
    assert page(world, comes).status_code == 404


def test_who_helps_nobody_here_any_more_reads_no_address(world: World, comes: Response) -> None:
    helps = Membership.objects.get(account=world.account("piet"))
    end_role(actor=world.system, membership_id=helps.pk, on=world.at.date() - timedelta(days=1), at=world.at)
    with pytest.raises(NotVisible):
        where_to_come(world.actor("piet"), comes.pk, at=world.at)


def test_the_cost_does_not_grow_with_what_somebody_does(
    world: World, house: Household, comes: Response
) -> None:
    counts = []
    for number in range(2):
        with CaptureQueriesContext(connection) as asked:
            where_to_come(world.actor("piet"), comes.pk, at=world.at)
        with CaptureQueriesContext(connection) as mine:
            answers_for(world.actor("piet"), at=world.at)
        counts.append((len(asked), len(mine)))
        connect(world, answer(world, ask_the_board(world, house.request, title=f"Nog iets {number}")))
    assert counts[0] == counts[1]


def test_she_reads_before_the_tap_what_the_other_will_see(
    world: World, question: Post, answered: Response
) -> None:
    path = reverse("question_answers", args=[question.request_id])
    before = world.client("sanne").get(path).content.decode()
    assert "dan ziet de ander uw voornaam, achternaam, telefoon en e-mail. Niet waar u woont." in before
    connect(world, answered)
    after = world.client("sanne").get(path).content.decode()
    assert "Waar u woont, ziet Piet niet." in after
    assert reverse("homes", args=[question.family_id]) in after
    assert "Waar u woont" not in world.client("mark").get(path).content.decode()


# --- who helped before that was a part of its own ---


def before_that(world: World, both: Response) -> Response:
    """Both said yes when no row said yet that somebody helps."""
    with change(world.system, "opentent.connected", at=world.at) as act:
        Involvement.objects.filter(account=both.author, part=Part.VOLUNTEER).delete()
        act.record(both, family=both.post.family_id, post=both.post_id)
    return both


def at_night(world: World) -> int:
    return actions.come_as_agreed(municipality_id=world.municipality.pk, at=world.at)


def test_who_helped_before_that_was_a_part_has_it_after_a_night_as_long_as_the_task(
    world: World, house: Household, question: Post, both: Response
) -> None:
    before_that(world, both)
    assert code_of(lambda: let_know(world, house)) == "home.not_there"
    assert (at_night(world), at_night(world)) == (1, 0)
    way = Involvement.objects.get(account=both.author, part=Part.VOLUNTEER)
    assert question.until_at is not None
    assert (way.kinds, way.until_at) == ([], question.until_at + WEEK)
    assert not reads(world, both)
    let_know(world, house)
    assert reads(world, both)
    log = world.client("sanne").get(reverse("who_looked", args=[house.family_id])).content.decode()
    assert "een vrijwilliger bij u helpt, zoals u samen afsprak" in log


def test_nobody_comes_who_was_not_agreed_on_whose_task_is_over_or_who_lost_the_part(
    world: World, house: Household, question: Post, answered: Response
) -> None:
    accept(world, answered)
    assert at_night(world) == 0
    actions.confirm_response(actor=world.actor("piet"), response_id=answered.pk, at=world.at)
    # Who has the part, or had it, keeps what happened to it.
    with change(world.system, "opentent.connected", at=world.at) as act:
        way = Involvement.objects.get(account=answered.author, part=Part.VOLUNTEER)
        way.until_at = world.at
        way.save()
        act.record(way, account=way.account_id)
    assert at_night(world) == 0
    before_that(world, answered)
    actions.close_post(actor=world.actor("sanne"), post_id=question.pk, at=world.at)
    world.at += WEEK
    assert at_night(world) == 0
    world.at -= timedelta(microseconds=1)
    assert at_night(world) == 1


# --- each look at what somebody is called, and how to reach them ---


def looks(world: World, code: str) -> list[tuple[Any, str]]:
    return [(one.account_id, one.part) for one in Entry.objects.filter(code=code).order_by("id")]


def lines(world: World, house: Household, who: str, words: str) -> int:
    """How many lines with these words this one of the family reads."""
    with opening_all(world.actor(who), "family.page_seen", house.family_id, at=world.at) as look:
        return sum(str(line.words) == words for line in who_looked(look).lines)


def test_each_look_of_a_volunteer_at_the_surname_is_a_line_that_the_family_reads(
    world: World, house: Household, question: Post, answered: Response
) -> None:
    piet = world.account("piet").pk
    mine = reverse("my_answers")
    accept(world, answered)
    assert world.client("piet").get(mine).status_code == 200
    assert looks(world, "opentent.contact_seen") == []
    actions.confirm_response(actor=world.actor("piet"), response_id=answered.pk, at=world.at)
    for times in (1, 2):
        assert "sanne@gezin.example" in world.client("piet").get(mine).content.decode()
        assert looks(world, "opentent.contact_seen") == [(piet, Part.VOLUNTEER)] * times
        for who in ("sanne", "mark"):
            assert lines(world, house, who, "keek hoe uw gezin heet en te bereiken is") == times
    log = world.client("sanne").get(reverse("who_looked", args=[house.family_id])).content.decode()
    assert "vrijwilliger" in log
    # And when nobody is reached any more there is nothing to look at, and no line.
    actions.close_post(actor=world.actor("sanne"), post_id=question.pk, at=world.at)
    world.at += WEEK
    assert "sanne@gezin.example" not in world.client("piet").get(mine).content.decode()
    assert len(looks(world, "opentent.contact_seen")) == 2


def test_each_look_of_the_family_and_its_coach_at_the_volunteer_is_a_line_too(
    world: World, house: Household, both: Response
) -> None:
    answers = reverse("question_answers", args=[house.request.pk])
    for who in ("sanne", "ellen", "ellen"):
        assert "piet@" in world.client(who).get(answers).content.decode(), who
    seen = [account for account, _part in looks(world, "opentent.answers_seen")]
    assert seen == [world.account(who).pk for who in ("sanne", "ellen", "ellen")]
    assert lines(world, house, "sanne", "bekeek de antwoorden op uw vraag in de Open Tent") == 2
