"""A token: shown once, kept as a hash, for one organisation and its purposes; and what ends it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from functools import partial
from typing import Any
from uuid import uuid4

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from psycopg import sql

from hendig.audit.actions import change
from hendig.audit.models import Entry
from hendig.connections import actions, queries
from hendig.connections.models import Connection, Purpose
from hendig.connections.rules import LONGEST, MOST
from hendig.kernel.actor import Role
from hendig.kernel.periods import local_day
from hendig.kernel.refusal import Forbidden, NotVisible
from hendig.people import actions as people
from hendig.people.models import EndReason, Membership, Notice
from hendig.people.rules import Permission, may
from tests.support.connections import ask, problem, token
from tests.support.refusals import code_of
from tests.support.world import World, signed_in


def opens(world: World, bearer: str, path: str = "/invoices") -> bool:
    answer = ask(world, path, bearer)
    assert answer.status_code in {200, 401}
    return bool(answer.status_code == 200)


def only(world: World) -> Connection:
    return Connection.objects.get()


def end(world: World, who: str = "jolanda") -> Connection:
    return actions.end_connection(actor=world.actor(who), connection_id=only(world).pk, at=world.at)


def test_a_token_opens_what_it_is_for_and_is_kept_nowhere(world: World) -> None:
    bearer = token(world)
    assert opens(world, bearer)
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            rows = sql.SQL("SELECT count(*) FROM {} t WHERE t::text LIKE %s").format(sql.Identifier(table))
            cursor.execute(rows, [f"%{bearer[8:]}%"])
            assert cursor.fetchone() == (0,), table


def test_a_system_has_one_role_of_its_maker_and_no_more_of_it_than_its_purposes(world: World) -> None:
    people.add_worker(
        actor=world.system, email="jolanda@peelrand.example", first_name="", last_name="",
        role=Role.COACH, on=local_day(world.at), at=world.at,
    )  # fmt: skip
    found = queries.comer(token(world, purposes=[Purpose.FOLLOW]), at=world.at)
    assert found is not None
    jolanda = world.actor("jolanda")
    assert {Role.COACH, Role.OFFICE} <= jolanda.roles
    assert found.actor.roles == {Role.ANYONE, Role.OFFICE}
    assert found.actor.account_id == jolanda.account_id
    allowed = {one for one in Permission if may(found.actor, one)}
    assert allowed == {Permission.SEE_INVOICE, Permission.SEE_PUBLIC_PAGES}


def test_who_runs_two_offices_lets_a_system_in_for_one(world: World) -> None:
    people.add_worker(
        actor=world.system, email="jolanda@peelrand.example", first_name="", last_name="",
        role=Role.OFFICE, on=local_day(world.at), at=world.at, partner_id=world.partners["anker"].pk,
    )  # fmt: skip
    made = actions.make_connection(
        actor=world.actor("jolanda"), name="Een", purposes=[Purpose.SEND], at=world.at,
        partner_id=world.partners["anker"].pk, until_on=local_day(world.at),
    )  # fmt: skip
    found = queries.comer(made, at=world.at)
    assert found is not None
    assert found.actor.offices == {world.partners["anker"].pk}
    assert len(world.actor("jolanda").offices) == 2


@pytest.mark.parametrize("how", ["ended", "employment", "role", "account", "run out"])
def test_a_dead_token_opens_nothing_from_the_next_request_on(world: World, how: str) -> None:
    bearer = token(world, days=10)
    assert opens(world, bearer)
    jolanda = world.account("jolanda")
    if how == "ended":
        end(world)
    elif how == "employment":
        people.end_employment(actor=world.system, account_id=jolanda.pk, at=world.at)
    elif how == "role":
        held = Membership.objects.get(account=jolanda, role=Role.OFFICE)
        people.stop_role(actor=world.actor("petra"), membership_id=held.pk, why=EndReason.LEFT, at=world.at)
    elif how == "account":
        with change(world.system, "role.ended", at=world.at) as act:
            jolanda.is_active = False
            jolanda.save()
            act.record(jolanda)
    else:
        world.later(days=11)
    assert not opens(world, bearer)


def test_a_role_that_is_given_again_does_not_raise_a_token(world: World) -> None:
    bearer, jolanda = token(world), world.account("jolanda")
    people.end_employment(actor=world.system, account_id=jolanda.pk, at=world.at)
    world.later(days=1)
    people.add_worker(
        actor=world.system, email=jolanda.email, first_name="", last_name="", role=Role.OFFICE,
        on=local_day(world.at), at=world.at, partner_id=world.partners["vlinder"].pk,
    )  # fmt: skip
    assert world.actor("jolanda").offices
    assert not opens(world, bearer)


def test_its_last_day_counts_and_the_day_after_does_not(world: World) -> None:
    bearer = token(world, days=3)
    world.later(days=3)
    assert opens(world, bearer)
    world.later(days=1)
    assert not opens(world, bearer)


def test_whatever_is_wrong_with_a_token_the_answer_is_the_same(world: World) -> None:
    bearer = token(world)
    end(world)
    answers = [
        ask(world, "/invoices", one) for one in (None, "hendig_zomaar", bearer, f"{bearer}x", "é", "x" * 3000)
    ]
    assert len({(answer.status_code, answer.content, answer["WWW-Authenticate"]) for answer in answers}) == 1
    assert problem(answers[0])[0] == 401
    basic = ask(world, "/invoices", None, Authorization=f"Basic {bearer}")
    assert basic.content == answers[0].content
    noted = Entry.objects.filter(facts__refusal="connection.no_token")
    assert noted.count() == len(answers) + 1


def test_what_does_not_do_is_refused_in_words(world: World) -> None:
    def make(**other: Any) -> Callable[[], str]:
        today = local_day(world.at)
        given: dict[str, Any] = {"name": "Een", "purposes": [Purpose.SEND], "until_on": today, **other}
        office = world.partners["vlinder"].pk
        return partial(
            actions.make_connection, actor=world.actor("jolanda"), partner_id=office, at=world.at, **given
        )

    today = local_day(world.at)
    for given, code in (
        ({"purposes": [Purpose.SEND, Purpose.JOURNAL]}, "connection.purposes"),
        ({"purposes": []}, "connection.purposes"),
        ({"until_on": today - timedelta(days=1)}, "connection.past"),
        ({"until_on": today + LONGEST + timedelta(days=1)}, "connection.long"),
    ):
        assert code_of(make(**given)) == code
    make()()
    assert code_of(make(name="EEN")) == "connection.named"
    for number in range(MOST - 1):
        make(name=f"Systeem {number}")()
    assert code_of(make(name="Nog een")) == "connection.many"


def test_nobody_makes_one_for_another_organisation_or_role(world: World) -> None:
    world.add_worker("joost", Role.OFFICE, "anker")
    make = partial(actions.make_connection, name="Een", at=world.at, until_on=local_day(world.at))
    for who, purpose, partner, error in (
        ("ellen", Purpose.SEND, "vlinder", Forbidden),
        ("joost", Purpose.SEND, "vlinder", NotVisible),
        ("jolanda", Purpose.JOURNAL, None, NotVisible),
        ("jolanda", Purpose.SEND, None, NotVisible),
        ("henk", Purpose.SEND, "vlinder", NotVisible),
        ("henk", Purpose.JOURNAL, "vlinder", NotVisible),
    ):
        partner_id = world.partners[partner].pk if partner else None
        with pytest.raises(error):
            make(actor=world.actor(who), purposes=[purpose], partner_id=partner_id)
    assert not Connection.objects.exists()


def test_every_colleague_of_the_office_may_end_it_and_nobody_else(world: World) -> None:
    world.add_worker("joost", Role.OFFICE, "anker")
    world.add_worker("mieke", Role.OFFICE, "vlinder")
    bearer = token(world)
    for who, error in (("joost", NotVisible), ("henk", NotVisible), ("ellen", Forbidden)):
        with pytest.raises(error):
            end(world, who)
    assert opens(world, bearer)
    end(world, "mieke")
    assert not opens(world, bearer)
    assert code_of(lambda: end(world, "mieke")) == "connection.over"


def test_colleagues_hear_of_it_and_the_log_tells_of_both(world: World) -> None:
    mieke = world.add_worker("mieke", Role.OFFICE, "vlinder")
    token(world)
    end(world, "mieke")
    entries = Entry.objects.filter(code__startswith="connection.").order_by("id")
    assert [one.code for one in entries] == ["connection.made", "connection.ended"]
    assert entries[0].facts["purposes"] == ["send"]
    people.tell(entry_ids=[one.pk for one in entries], at=world.at)
    told = Notice.objects.order_by("id").values_list("account_id", "code")
    assert list(told) == [
        (mieke.pk, "connection.made"),
        (world.account("jolanda").pk, "connection.ended"),
    ]


def test_its_use_is_told_at_most_once_an_hour(world: World) -> None:
    bearer = token(world)
    for minutes, told in ((0, 1), (30, 1), (31, 2)):
        world.later(minutes=minutes)
        assert opens(world, bearer)
        assert Entry.objects.filter(code="connection.used").count() == told
    assert only(world).used_at == world.at


def test_what_a_system_does_names_the_system_in_the_log(world: World) -> None:
    bearer = token(world)
    assert ask(world, f"/invoices/{uuid4()}", bearer).status_code == 404
    line = Entry.objects.get(facts__refusal="not_visible")
    assert line.account_id == world.account("jolanda").pk
    assert line.facts["connection"] == str(only(world).pk)


# --- the pages ------------------------------------------------------------------------------------------


def fresh(world: World, who: str) -> Client:
    client = world.client()
    client.cookies["hendig"] = signed_in(world.account(who).pk, shown_at=world.at)
    return client


def form(world: World, **other: object) -> dict[str, object]:
    until = local_day(world.at) + timedelta(days=30)
    return {"_key": str(uuid4()), "name": "Exact", "purposes": ["send"], "until_on": f"{until}",
            "partner_id": str(world.partners["vlinder"].pk), **other}  # fmt: skip


def test_the_page_shows_the_token_once_and_it_works(world: World) -> None:
    with time_machine.travel(world.at, tick=False):
        client = fresh(world, "jolanda")
        assert "Er komt nog geen systeem binnen" in client.get(reverse("connections")).content.decode()
        empty = client.get(reverse("new_connection")).content.decode()
        assert "facturen insturen" in empty
        assert "journaal" not in empty
        sent = form(world)
        made = client.post(reverse("new_connection"), sent)
        again = client.post(reverse("new_connection"), sent)
    assert (made.status_code, made["Cache-Control"]) == (200, "no-store")
    html = made.content.decode()
    bearer = html.split("<code>hendig_")[1].split("</code>")[0]
    assert opens(world, f"hendig_{bearer}")
    # The answer is kept by nobody: who sends the form again reads that it is there.
    assert again.status_code == 422
    assert bearer not in again.content.decode()
    assert "al een sleutel met deze naam" in again.content.decode()
    with time_machine.travel(world.at, tick=False):
        shown = client.get(reverse("connections")).content.decode()
        assert "Exact" in shown
        assert "laatst gebruikt" in shown
        assert bearer not in shown
        gone = client.post(reverse("end_connection", args=[only(world).pk]), {"_key": str(uuid4())})
        assert gone.status_code == 302
        assert "gestopt" in client.get(reverse("connections")).content.decode()
    assert not opens(world, f"hendig_{bearer}")


def test_its_maker_first_shows_who_is_there(world: World) -> None:
    with time_machine.travel(world.at, tick=False):
        answer = world.client("jolanda").post(reverse("new_connection"), form(world))
    assert answer.status_code == 401
    assert not Connection.objects.exists()


def test_finance_makes_one_for_its_own_purposes(world: World) -> None:
    with time_machine.travel(world.at, tick=False):
        client = fresh(world, "henk")
        assert "Partner" not in client.get(reverse("new_connection")).content.decode()
        made = client.post(reverse("new_connection"), form(world, purposes=["journal", "chain"]))
        wrong = client.post(reverse("new_connection"), form(world, name="Twee", purposes=["send"]))
    assert made.status_code == 200
    assert wrong.status_code == 422
    assert only(world).membership.role == Role.FINANCE


def test_the_list_costs_the_same_at_any_size(world: World) -> None:
    def cost() -> int:
        with CaptureQueriesContext(connection) as seen:
            queries.connections(world.actor("jolanda"), at=world.at)
        return len(seen) - 1  # who Jolanda is

    token(world, name="Een")
    small = cost()
    for number in range(5):
        token(world, name=f"Systeem {number}")
    first = Connection.objects.filter(name="Een").get()
    actions.end_connection(actor=world.actor("jolanda"), connection_id=first.pk, at=world.at)
    assert cost() == small == 2
