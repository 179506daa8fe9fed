"""A professional who is asked in another municipality as well: found there, and no wall moves."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
import time_machine
from allauth.core import context
from django.db import IntegrityError, connection
from django.test import Client, RequestFactory
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from hendig.audit.actions import change
from hendig.audit.models import Entry
from hendig.directory import actions, queries
from hendig.directory.models import Card, Portrait
from hendig.directory.rules import why_no_offer
from hendig.kernel.actor import Role
from hendig.kernel.periods import local_day
from hendig.kernel.refusal import Forbidden, NotVisible
from hendig.matching.models import Match
from hendig.people import actions as people
from hendig.people.adapters.factors import Adapter
from hendig.people.models import (
    Account,
    Elsewhere,
    EndReason,
    Letter,
    Membership,
    Partner,
    Professional,
    Registration,
)
from hendig.people.rules import Means
from hendig.people.rules.roles import why_not_taken
from tests.invariants.source import modules
from tests.people.test_roles import told
from tests.support.elsewhere import beekdal, offered, take, taken
from tests.support.matching import Household, household
from tests.support.plans import Help
from tests.support.refusals import code_of
from tests.support.registrations import registered
from tests.support.tents import call_tent
from tests.support.together import at_once
from tests.support.world import AT, IBANS, World, build_world, signed_in

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def clock() -> Iterator[None]:
    with time_machine.travel(AT, tick=False):
        yield


@pytest.fixture
def town(world: World) -> World:
    return beekdal(world)


def post(client: Client, name: str, *args: object) -> Any:
    return client.post(reverse(name, args=args), {"_key": str(uuid4())})


def people_of(world: World, who: str) -> dict[str, queries.Person]:
    page = queries.directory(world.actor(who), at=world.at, wishes=queries.Wishes())
    return {one.first_name: one for one in page.people}


def fresh(world: World, who: str) -> Client:
    """A browser in which somebody showed a moment ago who is there."""
    client = Client()
    client.cookies["hendig"] = signed_in(world.account(who).pk, shown_at=world.at)
    return client


def anouk_as(role: Role, world: World, *, email: str = "anouk@peelrand.example") -> Account:
    """Somebody with her address has this role there as well."""
    return people.add_worker(
        actor=world.system,
        email=email,
        first_name="Anouk",
        last_name="Peeters",
        role=role,
        on=local_day(world.at),
        at=world.at,
    )


class TestTheOffer:
    def test_nothing_opens_by_it_and_who_answers_there_hears_of_it(self, world: World, town: World) -> None:
        offered(world, town)
        assert told(world, "elsewhere.offered") == {"Bas", "Jolanda"}, "and the own office"
        assert Account.objects.filter(first_name="Anouk").count() == 1
        assert not people_of(town, "femke")

    @pytest.mark.parametrize(
        ("case", "code"),
        [({"guest": True}, "elsewhere.from_home"), ({"standing": True}, "elsewhere.standing"), ({}, None)],
    )
    def test_why_it_is_not_made(self, case: dict[str, bool], code: str | None) -> None:
        no = why_no_offer(**({"guest": False, "standing": False} | case))
        assert (no.code if no else None) == code

    def test_it_is_made_once_and_by_who_is_at_home(self, world: World, town: World) -> None:
        one = taken(world, town)
        assert code_of(lambda: offered(world, town)) == "elsewhere.standing"
        assert code_of(lambda: offered(town, world)) == "elsewhere.from_home"
        assert Elsewhere.objects.get() == one

    def test_others_do_not_make_it_and_not_to_the_own_municipality(self, world: World, town: World) -> None:
        for who in ("ellen", "jolanda", "petra", "piet"):
            with pytest.raises(Forbidden):
                offered(world, town, who)
        for nowhere in (world.municipality.pk, uuid4()):
            with pytest.raises(NotVisible):
                actions.offer_elsewhere(actor=world.actor("anouk"), municipality_id=nowhere, at=world.at)

    def test_it_is_taken_back(self, world: World, town: World) -> None:
        one = offered(world, town)
        with pytest.raises(NotVisible):
            actions.stop_elsewhere(actor=world.actor("youssef"), elsewhere_id=one.pk, at=world.at)
        actions.stop_elsewhere(actor=world.actor("anouk"), elsewhere_id=one.pk, at=world.at)
        assert not told(world, "elsewhere.ended"), "of what nobody answered nobody hears"
        with pytest.raises(NotVisible):
            take(town, one)
        assert offered(world, town).pk != one.pk, "and may be made anew"


class TestTheAnswer:
    def test_who_is_taken_is_found_there_and_it_is_said_from_where(self, world: World, town: World) -> None:
        actions.keep_card(
            actor=world.actor("anouk"),
            can_do="Ik ga graag naar buiten.",
            languages=["pl"],
            areas=["Akker"],
            free=["2m"],
            families_max=4,
            at=world.at,
        )
        registered(world, "anouk")
        one = taken(world, town)
        assert told(world, "elsewhere.taken") == {"Anouk"}
        found = people_of(town, "femke")["Anouk"]
        assert (found.from_town, found.expertises, found.languages) == ("Peelrand", ("Angst",), ("Pools",))
        assert (found.free, found.areas) == (("2m",), ("Peelrand",)), "where she comes there she says herself"
        assert "komt uit gemeente Peelrand" in town.client("femke").get(reverse("directory")).content.decode()
        assert people_of(world, "ellen")["Anouk"].from_town == ""
        copy = Registration.objects.get(professional=town.professionals["anouk"])
        assert copy.kept_at is None, "each municipality looks it up itself"
        assert not found.register
        assert not queries.directory(
            town.actor("femke"), at=town.at, wishes=queries.Wishes(area="Verweg")
        ).people, "nobody said that she comes everywhere there"
        assert one.account is not None
        assert one.account.municipality_id == town.municipality.pk

    def test_the_organisation_gets_no_money_by_it(self, world: World, town: World) -> None:
        taken(world, town)
        partner = Partner.objects.get(municipality_id=town.municipality.pk)
        assert (partner.kvk, partner.iban) == (world.partners["vlinder"].kvk, "")

    def test_its_first_account_takes_two_people(self, world: World, town: World) -> None:
        taken(world, town)
        town.partners["vlinder"] = town.professionals["anouk"].partner
        town.add_worker("kim", Role.OFFICE, "vlinder")
        kim, where = town.client("kim"), reverse("account", args=[town.partners["vlinder"].pk])
        assert "nog geen rekening" in kim.get(where).content.decode()
        sent = kim.post(where, {"_key": str(uuid4()), "iban": IBANS[0]})
        assert sent.status_code == 302
        assert "De eerste rekening: " in kim.get(where).content.decode()
        assert Partner.objects.get(pk=town.partners["vlinder"].pk).iban == ""

    def test_the_face_comes_along(self, world: World, town: World) -> None:
        card = actions.keep_card(
            actor=world.actor("anouk"),
            can_do="Ik.",
            languages=[],
            areas=[],
            free=[],
            families_max=4,
            at=world.at,
        )
        with change(world.system, "card.kept", at=world.at) as act:
            card.photo = 3
            card.save()
            Portrait.objects.create(card=card, content=b"a face")
            act.record(card)
        taken(world, town)
        copied = Card.objects.get(professional=town.professionals["anouk"])
        assert queries.portrait(
            town.actor("femke"), town.professionals["anouk"].pk, photo=copied.photo, at=town.at
        ) == (b"a face")

    def test_the_same_address_there_is_the_same_person(self, world: World, town: World) -> None:
        """Who is of a family there is so in every role: the own family stays closed."""
        there = anouk_as(Role.HELPER, town, email="ANOUK@peelrand.example")
        assert taken(world, town).account_id == there.pk

    @pytest.mark.parametrize(
        ("case", "code"),
        [
            ({"about_self": True}, "elsewhere.yours"),
            ({"works": False}, "elsewhere.left"),
            ({"here": True}, "elsewhere.here"),
            ({"other_partner": True}, "elsewhere.other_partner"),
            ({"able": False}, "elsewhere.not_able"),
            ({}, None),
        ],
    )
    def test_why_somebody_is_not_taken(self, case: dict[str, bool], code: str | None) -> None:
        fits = {"about_self": False, "works": True, "here": False, "other_partner": False, "able": True}
        no = why_not_taken(**(fits | case))
        assert (no.code if no else None) == code

    def test_who_knows_nothing_of_it_is_told_so(self, world: World, town: World) -> None:
        one = offered(world, town, "youssef")
        assert code_of(lambda: take(town, one)) == "elsewhere.not_able"
        assert not Account.objects.filter(first_name="Youssef", municipality_id=town.municipality.pk).exists()

    def test_who_answers_is_of_that_municipality_and_another_person(self, world: World, town: World) -> None:
        one = offered(world, town)
        for who in ("femke",):
            with pytest.raises(Forbidden):
                take(town, one, who)
        with pytest.raises(NotVisible):
            take(world, one, "petra")
        account = anouk_as(Role.POLICY, town)
        town.accounts["anouk"] = account
        assert code_of(lambda: take(town, one, "anouk")) == "elsewhere.yours"
        with pytest.raises(IntegrityError), change(town.system, "elsewhere.taken", at=town.at):
            Elsewhere.objects.filter(pk=one.pk).update(account=account, answered_by=account)

    def test_who_audits_there_does_no_other_work_there(self, world: World, town: World) -> None:
        one = offered(world, town)
        anouk_as(Role.AUDITOR, town)
        assert code_of(lambda: take(town, one)) == "role.audits_alone"

    @pytest.mark.usefixtures("helped")
    def test_in_a_third_municipality_as_well(self, world: World, town: World) -> None:
        """All hang on one home, and how busy she is counts in all three."""
        taken(world, town)
        third = beekdal(world, "Zandhoek")
        taken(world, third)
        assert [people_of(one, who)["Anouk"].left for one, who in ((town, "femke"), (third, "femke"))] == [
            5,
            5,
        ]
        role_is_stopped(world, town)
        assert not people_of(town, "femke")
        assert not people_of(third, "femke")

    def test_who_was_here_before_is_known_again(self, world: World, town: World) -> None:
        taken(world, town)
        before = town.professionals["anouk"].pk
        she_stops(world, town)
        world.later(days=1)
        town.later(days=1)
        taken(world, town)
        assert town.professionals["anouk"].pk == before
        assert "Anouk" in people_of(town, "femke")

    def test_no_is_told_and_is_not_for_good(self, world: World, town: World) -> None:
        one = offered(world, town)
        actions.decline_from_elsewhere(actor=town.actor("bas"), elsewhere_id=one.pk, at=town.at)
        assert told(world, "elsewhere.declined") == {"Anouk"}
        assert not people_of(town, "femke")
        with pytest.raises(NotVisible):
            take(town, one)
        taken(world, town)


@pytest.mark.django_db(transaction=True)
def test_two_answers_at_once_are_one() -> None:
    world = build_world()
    town = beekdal(world)
    one, bas = offered(world, town), town.actor("bas")
    yes = lambda: actions.take_from_elsewhere(actor=bas, elsewhere_id=one.pk, at=town.at)  # noqa: E731
    assert sorted(at_once(yes, yes)) == ["done", "not visible"]
    assert Professional.objects.filter(municipality_id=town.municipality.pk).count() == 1


class TestTheWay:
    def test_by_one_button_and_the_own_second_factor(self, world: World, town: World) -> None:
        one = taken(world, town)
        client = fresh(world, "anouk")
        assert "Ga naar Beekdal" in client.get(reverse("elsewhere")).content.decode()
        assert post(client, "go_elsewhere", one.pk)["Location"] == reverse("second_factor")
        home = client.get(reverse("directory"))
        assert home.status_code == 302, "of what was shown at home nothing counts there"
        there = fresh(town, "anouk")
        assert "Ga naar Peelrand" in there.get(reverse("elsewhere")).content.decode()
        assert post(there, "go_elsewhere", one.pk).status_code == 302

    def test_who_sits_at_the_device_of_another_is_let_in_nowhere_else(
        self, world: World, town: World
    ) -> None:
        """What was shown this morning does not open a second door, where no passkey was made yet."""
        one = taken(world, town)
        assert post(world.client("anouk"), "go_elsewhere", one.pk).status_code == 401

    def test_it_stands_in_the_log_of_where_one_comes_in(self, world: World, town: World) -> None:
        one = taken(world, town)
        post(fresh(world, "anouk"), "go_elsewhere", one.pk)
        entry = Entry.objects.filter(code="sign_in.done").latest("id")
        assert (entry.municipality_id, entry.object_id) == (town.municipality.pk, one.account_id)

    def test_the_session_at_home_is_over(self, world: World, town: World) -> None:
        one = taken(world, town)
        client = fresh(world, "anouk")
        before = client.cookies["hendig"].value
        post(client, "go_elsewhere", one.pk)
        client.cookies["hendig"] = before
        assert client.get(reverse("directory")).status_code == 302

    def test_a_mail_of_there_leads_there(self, world: World, town: World) -> None:
        """It is read where one is signed in mostly; the page asks before it goes over."""
        one = taken(world, town)
        house = household(town)
        tent = call_tent(town, house.request, "angst", who="femke")
        told(town, "tent.called")
        (mail,) = Letter.objects.filter(
            to="anouk@peelrand.example", key__contains=str(town.accounts["anouk"].pk)
        )
        link = next(word for word in mail.body.split() if "/mijn-kaart/elders/" in word)
        path = "/" + link.partition("://")[2].partition("/")[2]
        assert path.startswith(reverse("go_elsewhere", args=[one.pk]))
        page = world.client("anouk").get(path)
        assert "Naar Beekdal" in page.content.decode()
        assert str(tent.pk) not in page.content.decode().replace(path, "")
        opened = town.client("anouk").get(path)
        assert (opened.status_code, opened["Location"]) == (302, path.partition("/naar")[2])

    @pytest.mark.parametrize("evil", ["/evil.example/", "https://evil.example/", "\\evil.example"])
    def test_it_leads_to_nowhere_else(self, world: World, town: World, evil: str) -> None:
        one = taken(world, town)
        answer = town.client("anouk").get(f"{reverse('go_elsewhere', args=[one.pk])}naar/{evil}")
        assert "evil" not in answer.get("Location", "") or answer["Location"].startswith("/https:")

    def test_it_is_nobody_elses(self, world: World, town: World) -> None:
        one = taken(world, town)
        for who in ("youssef",):
            assert world.client(who).get(reverse("go_elsewhere", args=[one.pk])).status_code == 404
            assert post(world.client(who), "go_elsewhere", one.pk).status_code == 404

    def test_in_the_demo_nobody_has_a_second_factor(self, world: World, town: World) -> None:
        one = taken(world, town)
        client = Client()
        client.cookies["hendig"] = signed_in(world.account("anouk").pk, Means.DEMO)
        assert post(client, "go_elsewhere", one.pk)["Location"] == "/"


def stop(world: World, who: str, by: str) -> None:
    held = Membership.objects.get(account=world.account(who), role=Role.PROFESSIONAL, ended_at=None)
    people.stop_role(
        actor=world.actor(by), membership_id=held.pk, why=EndReason.LEFT, at=world.later(minutes=1)
    )


def employment_ends(world: World, _town: World) -> None:
    people.end_employment(actor=world.system, account_id=world.account("anouk").pk, at=world.at)


def role_is_stopped(world: World, _town: World) -> None:
    stop(world, "anouk", "petra")


def she_stops(world: World, _town: World) -> None:
    one = Elsewhere.objects.standing().get()
    actions.stop_elsewhere(actor=world.actor("anouk"), elsewhere_id=one.pk, at=world.at)


def they_stop_her(_world: World, town: World) -> None:
    stop(town, "anouk", "bas")


def account_ends(world: World, _town: World) -> None:
    with change(world.system, "role.ended", at=world.at) as act:
        people.end_account(act, world.account("anouk").pk)


class TestTheEnd:
    @pytest.mark.parametrize(
        "how", [employment_ends, role_is_stopped, she_stops, they_stop_her, account_ends]
    )
    def test_she_is_out_there_at_once(
        self, world: World, town: World, how: Callable[[World, World], None]
    ) -> None:
        one = taken(world, town)
        there, home = town.client("anouk"), world.client("anouk")
        assert there.get(reverse("directory")).status_code == 200
        how(world, town)
        assert there.get(reverse("directory")).status_code == 302
        assert Role.PROFESSIONAL not in town.actor("anouk").roles
        assert not people_of(town, "femke")
        assert post(home, "go_elsewhere", one.pk).status_code in {302, 403, 404}
        one.refresh_from_db()
        assert one.ended_at is not None

    @pytest.mark.parametrize("how", [she_stops, they_stop_her])
    def test_at_home_she_stays(self, world: World, town: World, how: Callable[[World, World], None]) -> None:
        taken(world, town)
        how(world, town)
        assert "Anouk" in people_of(world, "ellen")
        assert world.client("anouk").get(reverse("directory")).status_code == 200

    def test_another_role_that_ends_at_home_ends_nothing_there(self, world: World, town: World) -> None:
        taken(world, town)
        anouk_as(Role.COACH, world)
        held = Membership.objects.get(account=world.account("anouk"), role=Role.COACH)
        people.stop_role(
            actor=world.actor("petra"), membership_id=held.pk, why=EndReason.OTHER_WORK, at=world.at
        )
        assert "Anouk" in people_of(town, "femke")

    def test_a_last_day_at_home_is_the_last_day_there(self, world: World, town: World) -> None:
        taken(world, town)
        last = local_day(world.at) + timedelta(days=30)
        held = Membership.objects.get(account=world.account("anouk"))
        people.end_role(actor=world.system, membership_id=held.pk, on=last, at=world.at)
        assert "Anouk" in people_of(town, "femke")
        town.later(days=31)
        assert not people_of(town, "femke")

    def test_a_last_day_there_is_not_put_off_from_home(self, world: World, town: World) -> None:
        taken(world, town)
        held = Membership.objects.get(account=town.account("anouk"))
        with change(town.system, "role.ended", at=town.at) as act:
            held.until_on = local_day(town.at) + timedelta(days=5)
            held.save()
            act.record(held)
        at_home = Membership.objects.get(account=world.account("anouk"))
        late = local_day(world.at) + timedelta(days=90)
        people.end_role(actor=world.system, membership_id=at_home.pk, on=late, at=world.at)
        held.refresh_from_db()
        assert held.until_on == local_day(town.at) + timedelta(days=5)

    def test_it_stands_in_the_log_of_there_that_it_ended(self, world: World, town: World) -> None:
        taken(world, town)
        she_stops(world, town)
        (entry,) = Entry.objects.filter(code="role.ended")
        assert entry.municipality_id == town.municipality.pk
        assert told(world, "role.ended") == {"Bas"}, "who answers for it hears that, and once"
        assert not told(world, "elsewhere.ended"), "it was she who stopped"

    def test_once_the_last_day_is_over_it_may_be_offered_anew(self, world: World, town: World) -> None:
        one = taken(world, town)
        held = Membership.objects.get(account=town.account("anouk"))
        people.end_role(actor=town.system, membership_id=held.pk, on=local_day(town.at), at=town.at)
        world.later(days=2)
        town.later(days=2)
        (line,) = queries.elsewhere(world.actor("anouk"), at=world.at).towns
        assert (line.elsewhere_id, line.taken) == (None, False)
        assert not queries.from_elsewhere(town.actor("bas"), at=town.at)
        with pytest.raises(NotVisible):
            queries.crossing(world.actor("anouk"), one.pk, at=world.at)
        offered(world, town)
        one.refresh_from_db()
        assert one.ended_at == world.at


class TestTheWalls:
    def test_nobody_sees_the_families_of_both(self, world: World, helped: Help, town: World) -> None:
        path = reverse("family", args=[helped.family_id])
        taken(world, town)
        assert world.client("anouk").get(path).status_code == 200
        assert town.client("anouk").get(path).status_code == 404
        assert town.client("femke").get(path).status_code == 404

    @pytest.mark.usefixtures("helped")
    def test_how_busy_she_is_counts_everywhere_as_a_number(self, world: World, town: World) -> None:
        taken(world, town)
        left = people_of(world, "ellen")["Anouk"].left
        assert people_of(town, "femke")["Anouk"].left == left == 5

    def test_two_tents_at_one_time_are_seen_across_the_border(
        self, world: World, house: Household, town: World
    ) -> None:
        taken(world, town)
        call_tent(world, house.request, "angst")
        assert Match.objects.count() == 0
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT hendig_seats_of(%s, %s, %s)",
                [town.professionals["anouk"].pk, world.at, world.at + timedelta(days=20)],
            )
            assert cursor.fetchone() == (1,)


class TestTheDoor:
    @pytest.mark.usefixtures("town")
    def test_each_municipality_has_its_own(self, world: World) -> None:
        """By the name before the host; a code goes to who is known there."""
        world.add_worker("ria", Role.COACH)
        for host, who, known in (
            ("beekdal.localhost", "femke", True),
            ("localhost", "femke", False),
            ("peelrand.localhost", "ria", True),
            ("beekdal.localhost", "ria", False),
            ("elders.localhost", "ria", True),
        ):
            before = Letter.objects.count()
            Client(headers={"host": host}).post(
                reverse("sign_in"), {"_key": str(uuid4()), "email": f"{who}@peelrand.example"}
            )
            assert (Letter.objects.count() > before) == known, (host, who)

    def test_a_letter_leads_to_the_door_of_who_writes_it(self, world: World, town: World) -> None:
        household(town)
        household(world, parent="Lies", other="Wim", child="Bo")
        for who, host in (("sanne", "http://beekdal.localhost:8000/"), ("lies", "http://localhost:8000/")):
            bodies = [one.body for one in Letter.objects.filter(to=f"{who}@gezin.example")]
            assert any(host in body for body in bodies)
            assert not any("http" in body and host not in body for body in bodies)

    def test_no_mail_leads_to_another_door_than_its_own(self) -> None:
        """Who writes one asks for the door (`people.actions.link`), never for the installation."""
        named = {str(path) for path in modules() if "settings.ORIGIN" in path.read_text()}
        assert {place.rpartition("hendig/")[2] for place in named} == {
            "connections/adapters/openapi.py",
            "people/adapters/broker.py",
            "people/adapters/factors.py",
            "people/models/everyone.py",
        }

    def test_a_passkey_of_one_door_opens_the_others(self, rf: RequestFactory) -> None:
        for host, keeper in (
            ("localhost:8000", "localhost"),
            ("beekdal.localhost:8000", "localhost"),
            ("127.0.0.1:8000", "127.0.0.1"),
        ):
            with context.request_context(rf.get("/", headers={"host": host})):
                assert Adapter().get_public_key_credential_rp_entity()["id"] == keeper


class TestThePages:
    def test_it_goes_from_offer_to_yes(self, world: World, town: World) -> None:
        anouk, bas = world.client("anouk"), town.client("bas")
        assert "Bied mij hier aan" in anouk.get(reverse("elsewhere")).content.decode()
        assert post(anouk, "offer_elsewhere", town.municipality.pk)["Location"] == reverse("elsewhere")
        assert "Wacht op antwoord" in anouk.get(reverse("elsewhere")).content.decode()
        asked = bas.get(reverse("from_elsewhere")).content.decode()
        for shown in ("Anouk Peeters", "Vlinder", "gemeente Peelrand", "Bestaat hier niet", "Opvoeden"):
            assert shown in asked
        one = Elsewhere.objects.get()
        assert post(bas, "take_from_elsewhere", one.pk).status_code == 401, "shows first who is there"
        assert post(fresh(town, "bas"), "take_from_elsewhere", one.pk)["Location"] == reverse(
            "from_elsewhere"
        )
        bas = town.client("bas")
        assert "Zij denken hier nu mee" in bas.get(reverse("from_elsewhere")).content.decode()
        assert "U kunt daar worden gevraagd sinds" in anouk.get(reverse("elsewhere")).content.decode()
        assert post(anouk, "stop_elsewhere", one.pk).status_code == 302
        assert "Er wacht niets." in bas.get(reverse("from_elsewhere")).content.decode()

    def test_no_from_the_page(self, world: World, town: World) -> None:
        one = offered(world, town)
        assert post(town.client("bas"), "decline_from_elsewhere", one.pk).status_code == 302
        assert "Bied mij hier aan" in world.client("anouk").get(reverse("elsewhere")).content.decode()

    def test_where_there_is_one_municipality_it_says_so(self, world: World) -> None:
        page = world.client("anouk").get(reverse("elsewhere")).content.decode()
        assert "Er is hier geen andere gemeente." in page

    @pytest.mark.parametrize("name", ["elsewhere", "from_elsewhere"])
    def test_as_many_queries_for_many_as_for_one(self, world: World, town: World, name: str) -> None:
        def asked() -> int:
            client = world.client("anouk") if name == "elsewhere" else town.client("bas")
            with CaptureQueriesContext(connection) as seen:
                assert client.get(reverse(name)).status_code == 200
            return len(seen)

        taken(world, town)
        few = asked()
        for number in range(4):
            world.add_professional(f"pro{number}", "anker", "angst")
            taken(world, town, f"pro{number}")
            more = people.open_municipality(
                name=f"Stad {number}", slug=f"stad{number}", cbs_code=f"900{number}", at=world.at
            )
            actions.offer_elsewhere(actor=world.actor("anouk"), municipality_id=more.pk, at=world.at)
        assert asked() == few
