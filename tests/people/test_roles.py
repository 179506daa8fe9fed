"""A role is given by two: one asks, another agrees; whoever asks for themself is seen doing it."""

from __future__ import annotations

import ast
from datetime import UTC, datetime
from typing import Any
from uuid import uuid4

import pytest
from django.db import IntegrityError, connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from hendig.audit.actions import change
from hendig.audit.models import Entry, Kind
from hendig.families.models import Involvement
from hendig.helprequests import actions as requests
from hendig.kernel.actor import Role
from hendig.kernel.refusal import Forbidden, NotVisible
from hendig.operations import appointing
from hendig.operations.failure import Failure
from hendig.people import actions
from hendig.people.models import Account, EndReason, Letter, Membership, Notice, Professional, RoleRequest
from tests.invariants.source import calls, modules, tree, where
from tests.support.families import confirmed
from tests.support.refusals import code_of
from tests.support.together import at_once
from tests.support.world import World, build_world, signed_in

NEW = "fatma@peelrand.example"


@pytest.fixture
def _the_clock_of_the_pages(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """What is asked waits thirty days: a page of another day would show that it is over."""
    monkeypatch.setattr("hendig.web.middleware.timezone.now", lambda: world.at)


def asked(
    world: World, who: str = "petra", email: str = NEW, role: Role = Role.COACH, **more: Any
) -> RoleRequest:
    return actions.ask_for_role(
        actor=world.actor(who),
        email=email,
        first_name="Fatma",
        last_name="Yilmaz",
        role=role,
        at=world.at,
        **more,
    )


def at_vlinder(
    world: World, role: Role = Role.PROFESSIONAL, who: str = "jolanda", **more: Any
) -> RoleRequest:
    able = {"can_do": "Ik denk mee.", "expertises": ["angst"]} if role == Role.PROFESSIONAL else {}
    return asked(world, who, role=role, partner_id=world.partners["vlinder"].pk, **able | more)


def agreed(world: World, request: RoleRequest, who: str = "karin") -> Account:
    return actions.agree_to_role(actor=world.actor(who), role_id=request.pk, at=world.at)


def told(world: World, code: str) -> set[str]:
    lines = Entry.objects.filter(code=code)
    actions.tell(entry_ids=list(lines.values_list("pk", flat=True)), at=world.at)
    return set(Notice.objects.filter(code=code).values_list("account__first_name", flat=True))


def test_nobody_has_the_role_before_a_second_person_agreed(world: World) -> None:
    request = asked(world)
    assert not Account.objects.filter(email=NEW).exists()
    assert told(world, "role.asked") == {"Karin"}, "who may agree hears of it, and not who asked"
    account = agreed(world, request)
    assert world.actor("fatma").roles == {Role.ANYONE, Role.COACH}
    entry = Entry.objects.get(code="role.given", object_id=Membership.objects.get(account=account).pk)
    assert entry.account_id == world.account("karin").pk
    assert entry.facts["asked_by"] == str(world.account("petra").pk)
    assert told(world, "role.given") == {"Petra"}
    assert Letter.objects.get(key=f"role:{request.pk}").to == NEW


def test_an_administrator_grants_themself_a_part(world: World) -> None:
    """Second person, alarm, self-approval refused; and the family sees what came of it."""
    request = asked(world, email="petra@peelrand.example")
    assert told(world, "role.asked_for_self") == {"Karin"}
    assert code_of(lambda: agreed(world, request, "petra")) == "role.asked_by_you"
    assert Role.COACH not in world.actor("petra").roles
    agreed(world, request)
    question = confirmed(world)
    requests.take_up(actor=world.actor("petra"), request_id=question.pk, at=world.at)
    assert Involvement.objects.filter(account=world.account("petra"), family=question.family_id).exists()
    page = world.client("sanne").get(reverse("who_may", args=[question.family_id])).content.decode()
    assert "Petra" in page


def test_who_it_is_about_does_not_agree_when_another_asked(world: World) -> None:
    world.add_worker("vera", Role.POLICY)
    request = asked(world, email="karin@peelrand.example")
    assert code_of(lambda: agreed(world, request, "karin")) == "role.yours"
    agreed(world, request, "vera")
    assert Role.COACH in world.actor("karin").roles


def test_the_database_knows_no_role_that_somebody_gave_themselves(world: World) -> None:
    for who in ("petra", "karin"):
        request = asked(world, email="karin@peelrand.example", role=Role.FINANCE)
        given = {"answered_by": world.account(who), "account": world.account("karin"), "agreed": True}
        with pytest.raises(IntegrityError), change(world.system, "role.given", at=world.at):
            RoleRequest.objects.filter(pk=request.pk).update(**given)
        actions.decline_role(actor=world.actor("petra"), role_id=request.pk, at=world.at)


@pytest.mark.parametrize("who", ["ellen", "anouk", "henk", "piet", "karin"])
def test_others_do_not_ask(world: World, who: str) -> None:
    with pytest.raises(Forbidden):
        asked(world, who)


@pytest.mark.parametrize("who", ["ellen", "anouk", "henk", "piet"])
def test_others_do_not_agree(world: World, who: str) -> None:
    request = asked(world)
    with pytest.raises(Forbidden):
        agreed(world, request, who)


def test_only_a_command_gives_a_role_at_once(world: World) -> None:
    for who in ("petra", "karin", "jolanda"):
        with pytest.raises(Forbidden):
            actions.add_worker(
                actor=world.actor(who),
                email=NEW,
                first_name="Fatma",
                last_name="Yilmaz",
                role=Role.COACH,
                on=world.at.date(),
                at=world.at,
            )


def test_no_room_gives_a_role_of_work_beside_this_one() -> None:
    """Elsewhere the step that writes a membership serves who belongs to a family, and nobody else."""
    given = {
        (where(path, call).split(":")[0], ast.unparse(keyword.value))
        for path in modules()
        for call in calls(tree(path), ("give_role",))
        for keyword in call.keywords
        if keyword.arg == "role"
    }
    work = {place for place, role in given if role != "Role.FAMILY"}
    assert {place.split("/actions/")[-1] for place in work} == {"everyone.py", "roles.py"}, given


def test_an_office_asks_for_its_own_partner_only(world: World) -> None:
    with pytest.raises(NotVisible):
        asked(world, "jolanda", role=Role.COACH)
    with pytest.raises(NotVisible):
        asked(world, "jolanda", role=Role.TRAINEE, partner_id=world.partners["anker"].pk)
    coach = lambda: asked(world, "jolanda", role=Role.COACH, partner_id=world.partners["vlinder"].pk)  # noqa: E731
    assert code_of(coach) == "role.elsewhere"
    assert not RoleRequest.objects.exists()


@pytest.mark.usefixtures("_the_clock_of_the_pages")
def test_an_office_agrees_with_its_colleague_and_no_office_elsewhere(world: World) -> None:
    world.add_worker("joost", Role.OFFICE, "vlinder")
    world.add_worker("gerda", Role.OFFICE, "anker")
    request = at_vlinder(world)
    assert told(world, "role.asked") == {"Joost", "Karin", "Petra"}
    with pytest.raises(NotVisible):
        agreed(world, request, "gerda")
    page = world.client("joost").get(reverse("workers")).content.decode()
    assert "Ik denk mee." in page
    assert "Angst en somberheid" in page
    account = agreed(world, request, "joost")
    works = Professional.objects.get(account=account)
    assert works.partner_id == world.partners["vlinder"].pk
    assert [one.slug for one in works.expertises.all()] == ["angst"]
    assert world.actor("fatma").professional_id == works.pk


def test_for_a_practice_of_one_the_municipality_agrees(world: World) -> None:
    request = at_vlinder(world, Role.TRAINEE)
    assert code_of(lambda: agreed(world, request, "jolanda")) == "role.asked_by_you"
    agreed(world, request, "petra")
    assert Role.TRAINEE in world.actor("fatma").roles


def test_the_municipality_asks_for_the_first_of_an_office(world: World) -> None:
    assert code_of(lambda: asked(world, role=Role.OFFICE)) == "role.no_partner"
    request = asked(world, role=Role.OFFICE, partner_id=world.partners["anker"].pk)
    agreed(world, request)
    assert world.actor("fatma").offices == {world.partners["anker"].pk}


def test_what_cannot_be_asked_says_why(world: World) -> None:
    assert code_of(lambda: asked(world, email="ellen@peelrand.example")) == "role.held"
    asked(world)
    assert code_of(lambda: asked(world, email="Fatma@Peelrand.example ")) == "role.waiting"
    assert code_of(lambda: at_vlinder(world, expertises=[])) == "role.no_expertise"
    assert code_of(lambda: asked(world, role=Role.PROFESSIONAL)) == "role.elsewhere"


def test_a_professional_of_another_partner_stays_there(world: World) -> None:
    request = at_vlinder(world, email="youssef@peelrand.example")
    assert code_of(lambda: agreed(world, request, "petra")) == "role.other_partner"
    assert Professional.objects.get(account=world.account("youssef")).partner_id == world.partners["anker"].pk
    assert Membership.objects.filter(account=world.account("youssef")).count() == 1


def test_a_request_ends_with_a_no_a_month_or_an_asker_who_left(world: World) -> None:
    request = asked(world)
    actions.decline_role(actor=world.actor("karin"), role_id=request.pk, at=world.at)
    with pytest.raises(NotVisible):
        agreed(world, request)
    assert told(world, "role.declined") == {"Petra"}
    late = asked(world)
    world.later(days=31)
    assert code_of(lambda: agreed(world, late)) == "role.too_late"
    again = asked(world)
    actions.end_employment(actor=world.system, account_id=world.account("petra").pk, at=world.at)
    assert code_of(lambda: agreed(world, again)) == "role.asker_left"
    assert not Account.objects.filter(email=NEW).exists()


def test_who_was_asked_goes_after_a_year(world: World) -> None:
    asked(world)
    actions.clear_lapsed(municipality_id=world.municipality.pk, at=world.later(days=364))
    assert RoleRequest.objects.exists()
    actions.clear_lapsed(municipality_id=world.municipality.pk, at=world.later(days=2))
    assert not RoleRequest.objects.exists()


def test_the_operator_names_the_first_two_and_then_no_more(world: World) -> None:
    def appoint(role: str, name: str) -> None:
        appointing.appoint(email=f"{name}@peelrand.example", first_name=name, last_name="Bos", role=role)

    with pytest.raises(Failure, match="Two people"):
        appoint("privacy", "vera")
    actions.end_employment(actor=world.system, account_id=world.account("karin").pk, at=world.at)
    appoint("privacy", "vera")
    world.at = datetime.now(UTC)
    assert Role.PRIVACY in world.actor("vera").roles
    assert "Petra" in told(world, "role.appointed")
    with pytest.raises(Failure, match="Two people"):
        appoint("privacy", "carla")


def test_an_empty_installation_gets_its_municipality_and_its_first_two(db: None) -> None:
    names = {"first_name": "Vera", "last_name": "Bos", "role": "policy"}
    with pytest.raises(Failure, match="--municipality"):
        appointing.appoint(email="vera@peel.example", **names)
    appointing.appoint(email="vera@peel.example", municipality="De Peel", cbs_code="9998", **names)
    appointing.appoint(email="carla@peel.example", first_name="Carla", last_name="Bos", role="privacy")
    assert set(Membership.objects.values_list("role", flat=True)) == {Role.POLICY, Role.PRIVACY}
    with pytest.raises(Failure, match="Two people"):
        appointing.appoint(email="third@peel.example", **names)


def browser(world: World, name: str) -> Client:
    client = Client()
    client.cookies["hendig"] = signed_in(world.account(name).pk, shown_at=datetime.now(UTC))
    return client


def post(client: Client, url: str, **fields: str) -> Any:
    return client.post(url, {"_key": str(uuid4()), **fields})


def test_one_asks_and_another_agrees_on_the_page(world: World) -> None:
    world.at = datetime.now(UTC)
    typed = {
        "first_name": "Fatma",
        "last_name": "Yilmaz",
        "email": NEW,
        "role": "coach",
        "title": "gezinscoach",
    }
    petra, karin = browser(world, "petra"), browser(world, "karin")
    wrong = post(petra, reverse("ask_role"), **{**typed, "email": "fatma@"})
    assert wrong.status_code == 422
    assert 'value="Yilmaz"' in wrong.content.decode()
    assert post(petra, reverse("ask_role"), **typed)["Location"] == reverse("workers")
    role_id = RoleRequest.objects.get().pk
    own = petra.get(reverse("workers")).content.decode()
    assert "U vroeg dit zelf. Iemand anders geeft akkoord." in own
    assert "Trek in" in own
    assert post(petra, reverse("agree_role", args=[role_id])).status_code == 422
    refusal = Entry.objects.filter(kind=Kind.REFUSAL, account_id=world.account("petra").pk).latest("id")
    assert refusal.facts["refusal"] == "role.asked_by_you"
    hers = karin.get(reverse("workers")).content.decode()
    assert "Gevraagd door Petra Peeters" in hers
    assert "U vroeg dit zelf" not in hers
    assert post(karin, reverse("agree_role", args=[role_id])).status_code == 302
    assert Role.COACH in world.actor("fatma").roles
    assert "Fatma Yilmaz" in karin.get(reverse("workers")).content.decode()


def test_who_agrees_shows_first_who_is_there(world: World) -> None:
    request = asked(world)
    assert post(world.client("karin"), reverse("agree_role", args=[request.pk])).status_code == 401
    assert not Account.objects.filter(email=NEW).exists()


def test_an_office_reads_of_its_own_partner_only(world: World) -> None:
    asked(world)
    page = world.client("jolanda").get(reverse("workers")).content.decode()
    assert "Anouk" in page
    assert not any(name in page for name in ("Fatma", "Youssef", "Ellen", "Karin"))


@pytest.mark.parametrize("page", ["workers", "ask_role"])
def test_a_page_takes_as_many_queries_for_many_as_for_one(world: World, page: str) -> None:
    def queries() -> int:
        client = world.client("petra")
        with CaptureQueriesContext(
            connection,
        ) as seen:
            assert client.get(reverse(page)).status_code == 200
        return len(seen)

    asked(world)
    few = queries()
    for number in range(8):
        world.add_worker(f"coach{number}", Role.COACH)
        asked(world, email=f"new{number}@peelrand.example")
    assert queries() == few


@pytest.mark.django_db(transaction=True)
def test_two_who_ask_the_same_at_once_ask_it_once() -> None:
    world = build_world()
    actor = world.actor("petra")
    ask = lambda: actions.ask_for_role(  # noqa: E731
        actor=actor, email=NEW, first_name="F", last_name="Y", role=Role.COACH, at=world.at
    )
    assert sorted(at_once(ask, ask)) == ["done", "role.waiting"]


@pytest.mark.usefixtures("_the_clock_of_the_pages")
def test_who_audits_gets_it_from_two_and_does_nothing_else_here(world: World) -> None:
    """Nobody audits the own work: not beside other work, and no other work beside it."""
    assert code_of(lambda: asked(world, email="henk@peelrand.example", role=Role.AUDITOR)) == (
        "role.audits_alone"
    )
    request, other = asked(world, role=Role.AUDITOR), asked(world, role=Role.FINANCE)
    assert code_of(lambda: agreed(world, request, "petra")) == "role.asked_by_you"
    account = agreed(world, request)
    assert world.actor("fatma").roles == {Role.ANYONE, Role.AUDITOR}
    assert code_of(lambda: agreed(world, other)) == "role.audits_alone"
    assert code_of(lambda: asked(world, email=NEW, role=Role.COACH)) == "role.audits_alone"
    page = world.client("karin").get(reverse("workers")).content.decode()
    assert "Een accountant doet hier geen ander werk" in page
    held = Membership.objects.get(account=account)
    actions.stop_role(
        actor=world.actor("petra"), membership_id=held.pk, why=EndReason.OTHER_WORK, at=world.later(minutes=1)
    )
    assert world.actor("fatma").roles == {Role.ANYONE}
    agreed(world, other)
    assert world.actor("fatma").roles == {Role.ANYONE, Role.FINANCE}
