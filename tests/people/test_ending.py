"""A role is ended by one, at once and with a reason; who else watches is told, and the last one stays."""

from __future__ import annotations

from datetime import UTC, datetime
from functools import partial

import pytest
from allauth.usersessions.models import UserSession
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from hendig.audit.models import Entry
from hendig.families.models import Family
from hendig.helprequests import actions as requests
from hendig.kernel.actor import Role
from hendig.kernel.refusal import Forbidden, NotVisible
from hendig.people import actions
from hendig.people.models import EndReason, Letter, Membership, SignInCode
from tests.people.test_roles import asked, browser, post, told
from tests.support.families import confirmed
from tests.support.refusals import code_of
from tests.support.together import at_once
from tests.support.world import World, build_world


def role_of(world: World, name: str, role: Role | None = None) -> Membership:
    held = Membership.objects.filter(account=world.account(name), ended_at=None)
    return held.get(role=role) if role else held.get()


def stop(world: World, by: str, who: str, role: Role | None = None) -> Membership:
    return actions.stop_role(
        actor=world.actor(by),
        membership_id=role_of(world, who, role).pk,
        why=EndReason.OTHER_WORK,
        at=world.at,
    )


def test_a_role_ends_at_once_with_every_session_and_code(world: World) -> None:
    question = confirmed(world)
    requests.take_up(actor=world.actor("ellen"), request_id=question.pk, at=world.at)
    ellen, other = world.client("ellen"), world.client("bram")
    page = reverse("family", args=[question.family_id])
    assert ellen.get(page).status_code == 200
    actions.ask_code(actor=world.visitor, email="ellen@peelrand.example", at=world.at)
    ended = stop(world, "petra", "ellen")
    assert ellen.get(page)["Location"].startswith("/aanmelden/?")
    assert other.get(reverse("coach_board")).status_code == 200
    assert [one.user_id for one in UserSession.objects.all()] == [world.account("bram").pk]
    assert SignInCode.objects.get().used_at == world.at
    assert world.actor("ellen").roles == {Role.ANYONE}
    assert not Family.objects.visible_to(world.actor("ellen"), at=world.at).exists()
    assert (ended.ended_by_id, ended.end_reason) == (world.account("petra").pk, EndReason.OTHER_WORK)


def test_the_others_who_watch_and_the_person_hear_of_it(world: World) -> None:
    ended = stop(world, "petra", "ellen")
    assert told(world, "role.ended") == {"Karin"}
    line = Entry.objects.get(code="role.ended")
    assert (line.object_id, line.account_id) == (ended.pk, world.account("petra").pk)
    assert (line.facts["role"], line.facts["why"]) == ("coach", "other_work")
    letter = Letter.objects.get(key=f"ended:{ended.pk}")
    assert letter.to == "ellen@peelrand.example"
    assert "gezinscoach" in letter.body


def test_what_somebody_is_besides_stays(world: World) -> None:
    world.add_worker("ellen", Role.FINANCE)
    stop(world, "karin", "ellen", Role.COACH)
    assert world.actor("ellen").roles == {Role.ANYONE, Role.FINANCE}


def test_an_office_ends_what_is_of_its_own_partner_alone(world: World) -> None:
    with pytest.raises(NotVisible):
        stop(world, "jolanda", "youssef")
    with pytest.raises(NotVisible):
        stop(world, "jolanda", "ellen")
    stop(world, "jolanda", "anouk")
    assert world.actor("anouk").roles == {Role.ANYONE}
    assert told(world, "role.ended") == {"Karin", "Petra"}


def test_a_role_of_a_family_or_a_neighbour_is_ended_by_nobody_here(world: World) -> None:
    confirmed(world)
    for who in ("sanne", "piet"):
        with pytest.raises(NotVisible):
            stop(world, "petra", who)


@pytest.mark.parametrize("who", ["ellen", "anouk", "henk", "piet"])
def test_others_end_nothing(world: World, who: str) -> None:
    with pytest.raises(Forbidden):
        stop(world, who, "bram")


def test_who_ended_it_cannot_end_it_twice(world: World) -> None:
    ended = stop(world, "petra", "ellen")
    with pytest.raises(NotVisible):
        actions.stop_role(actor=world.actor("karin"), membership_id=ended.pk, why=EndReason.LEFT, at=world.at)


@pytest.mark.parametrize(("by", "who"), [("karin", "karin"), ("petra", "karin"), ("petra", "petra")])
def test_the_last_who_checks_or_answers_stays(world: World, by: str, who: str) -> None:
    assert code_of(lambda: stop(world, by, who)) == "role.last"
    world.add_worker("vera", Role(role_of(world, who).role))
    stop(world, by, who)
    assert world.actor(who).roles == {Role.ANYONE}


def test_a_successor_who_left_is_none(world: World) -> None:
    world.add_worker("vera", Role.PRIVACY)
    actions.end_employment(actor=world.system, account_id=world.account("vera").pk, at=world.at)
    assert code_of(lambda: stop(world, "karin", "karin")) == "role.last"


def test_the_last_of_an_office_does_not_leave_it_but_the_municipality_can_end_it(world: World) -> None:
    world.add_worker("gerda", Role.OFFICE, "anker")
    assert code_of(lambda: stop(world, "jolanda", "jolanda")) == "role.last"
    stop(world, "petra", "jolanda")
    assert world.actor("jolanda").roles == {Role.ANYONE}


def test_what_who_left_had_asked_nobody_agrees_to_any_more(world: World) -> None:
    request = asked(world)
    world.add_worker("vera", Role.POLICY)
    stop(world, "karin", "petra")
    no = code_of(lambda: actions.agree_to_role(actor=world.actor("karin"), role_id=request.pk, at=world.at))
    assert no == "role.asker_left"


def test_the_page_says_who_works_here_since_when_and_ends_it(world: World) -> None:
    world.at = datetime.now(UTC)
    petra, ellen = browser(world, "petra"), role_of(world, "ellen")
    path = reverse("stop_role", args=[ellen.pk])
    listed = petra.get(reverse("workers")).content.decode()
    assert path in listed
    assert "sinds" in listed
    assert "Loopt er nog werk?" in petra.get(path).content.decode()
    nothing = post(petra, path)
    assert (nothing.status_code, "Kies waarom deze rol stopt." in nothing.content.decode()) == (422, True)
    done = post(petra, path, why="left")
    assert (done.status_code, done["Location"]) == (302, reverse("workers"))
    assert path not in petra.get(reverse("workers")).content.decode()
    assert petra.get(path).status_code == 404


def test_who_ends_the_own_role_is_signed_out(world: World) -> None:
    world.at = datetime.now(UTC)
    world.add_worker("vera", Role.POLICY)
    vera = browser(world, "vera")
    path = reverse("stop_role", args=[role_of(world, "vera").pk])
    assert "u bent overal afgemeld" in vera.get(path).content.decode()
    assert post(vera, path, why="other_work").status_code == 302
    assert vera.get(reverse("workers"))["Location"].startswith("/aanmelden/?")


def test_who_ends_a_role_shows_first_who_is_there(world: World) -> None:
    path = reverse("stop_role", args=[role_of(world, "ellen").pk])
    assert post(world.client("petra"), path, why="left").status_code == 401
    assert Role.COACH in world.actor("ellen").roles


def test_the_page_of_the_last_says_why_and_has_no_button(world: World) -> None:
    path = reverse("stop_role", args=[role_of(world, "karin").pk])
    page = world.client("petra").get(path).content.decode()
    assert "Laat eerst iemand anders deze rol krijgen." in page
    assert "Stop deze rol nu" not in page


def test_a_page_takes_as_many_queries_for_many_as_for_one(world: World) -> None:
    def queries(path: str) -> int:
        client = world.client("petra")
        with CaptureQueriesContext(connection) as seen:
            assert client.get(path).status_code == 200
        return len(seen)

    path = reverse("stop_role", args=[role_of(world, "ellen").pk])
    few = queries(path)
    for number in range(6):
        world.add_worker(f"coach{number}", Role.COACH)
    assert queries(path) == few


@pytest.mark.django_db(transaction=True)
def test_the_last_two_who_end_each_other_at_once_leave_one() -> None:
    world = build_world()
    world.add_worker("vera", Role.PRIVACY)
    pairs = [("karin", "vera"), ("vera", "karin")]
    acts = [
        partial(
            actions.stop_role,
            actor=world.actor(by),
            membership_id=role_of(world, who).pk,
            why=EndReason.LEFT,
            at=world.at,
        )
        for by, who in pairs
    ]
    assert sorted(at_once(*acts)) == ["done", "role.last"]
