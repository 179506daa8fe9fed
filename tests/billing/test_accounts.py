"""Another account for a partner: asked by one, agreed by another, still for 72 hours, stopped by either."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from datetime import date, timedelta
from uuid import UUID, uuid4

import pytest
import time_machine
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from lxml import etree

from hendig.audit.actions import change
from hendig.audit.models import Entry
from hendig.billing import actions, jobs, queries, rules
from hendig.billing.adapters import sepa
from hendig.billing.models import AccountChange, Invoice, PaymentBatch
from hendig.kernel.actor import Role
from hendig.kernel.refusal import Forbidden, NotVisible, Refused
from hendig.people import actions as people
from hendig.people.actions import tell
from hendig.people.models import Municipality, Notice, Partner
from tests.support.billing import HOUR, NOVEMBER, agree, at_end_of, keep, make_match, send
from tests.support.refusals import code_of
from tests.support.shared import built_once
from tests.support.together import at_once
from tests.support.world import IBANS, World, build_world

OLD, NEW, OTHER = IBANS[0], IBANS[1], "NL56DEUT0265186420"
NOWHERE = UUID(int=7)


def ask(world: World, iban: str = NEW, who: str = "jolanda", partner: str = "vlinder") -> AccountChange:
    return actions.ask_account(
        actor=world.actor(who), partner_id=world.partners[partner].pk, iban=iban, at=world.at
    )


def agree_to(world: World, wanted: AccountChange, who: str = "henk") -> AccountChange:
    return actions.agree_account(actor=world.actor(who), change_id=wanted.pk, at=world.at)


def stop(world: World, wanted: AccountChange, who: str = "jolanda") -> AccountChange:
    return actions.stop_account(actor=world.actor(who), change_id=wanted.pk, at=world.at)


def work(world: World) -> None:
    """What the worker does at this moment."""
    with time_machine.travel(world.at, tick=False):
        jobs.move_accounts(timestamp=0)


def account(world: World) -> str:
    return Partner.objects.get(pk=world.partners["vlinder"].pk).iban


def page(world: World, who: str, path: str) -> str:
    with time_machine.travel(world.at, tick=False):
        return world.client(who).get(path).content.decode()


def told_of(world: World, code: str) -> None:
    """Whoever hears of it is told."""
    tell(entry_ids=list(Entry.objects.filter(code=code).values_list("pk", flat=True)), at=world.at)


def paid_to(batch: PaymentBatch) -> str | None:
    root = etree.fromstring(batch.xml.encode())
    (found,) = root.findall(".//p:CdtrAcct/p:Id/p:IBAN", sepa.NAMESPACES)
    return found.text


def test_an_account_changes_72_hours_after_somebody_else_agreed(world: World) -> None:
    wanted = ask(world)
    world.later(days=30)
    work(world)
    assert account(world) == OLD  # nobody agreed
    agree_to(world, wanted)
    world.later(hours=72, seconds=-1)
    work(world)
    assert account(world) == OLD
    world.later(seconds=1)
    work(world)
    assert account(world) == NEW
    wanted.refresh_from_db()
    assert wanted.done_at == world.at
    work(world)
    assert Entry.objects.filter(code="account.moved").count() == 1


def test_until_then_everything_is_paid_on_the_account_that_stood(world: World) -> None:
    agree(world)
    match = make_match(world)
    keep(world, match, date(2026, 11, 3))
    keep(world, match, date(2026, 12, 2))
    world.at -= timedelta(days=29)
    at_end_of(world, date(2026, 11, 1))
    send(world, date(2026, 11, 1))
    agree_to(world, ask(world))
    world.later(hours=71)
    work(world)
    assert paid_to(actions.pay(actor=world.actor("henk"), at=world.at)) == OLD
    world.later(hours=1)
    work(world)
    at_end_of(world, date(2026, 12, 1))
    send(world, date(2026, 12, 1))
    assert paid_to(actions.pay(actor=world.actor("henk"), at=world.at)) == NEW


@pytest.mark.parametrize("who", ["jolanda", "henk"])
def test_either_side_stops_it_also_in_the_last_minute(world: World, who: str) -> None:
    wanted = agree_to(world, ask(world))
    world.later(hours=71, minutes=59)
    stop(world, wanted, who)
    world.later(days=3)
    work(world)
    assert account(world) == OLD
    assert code_of(lambda: stop(world, wanted, who)) == "account.settled"
    assert code_of(lambda: agree_to(world, wanted)) == "account.settled"
    ask(world)  # and now another can be asked


@pytest.mark.parametrize(
    ("iban", "code"),
    [
        ("NL91ABNA0417164301", "account.bad_iban"),
        ("rekening", "account.bad_iban"),
        (OLD, "account.same"),
        ("nl91 abna 0417 1643 00", "account.same"),
    ],
)
def test_an_account_that_cannot_be_is_refused(world: World, iban: str, code: str) -> None:
    assert code_of(lambda: ask(world, iban)) == code
    assert not AccountChange.objects.exists()


def test_an_account_is_kept_as_the_bank_writes_it_and_locked(world: World) -> None:
    wanted = ask(world, " nl20 ingb 0001 2345 67 ")
    wanted.refresh_from_db()
    assert wanted.iban == NEW
    with connection.cursor() as cursor:
        cursor.execute("SELECT iban FROM billing_accountchange")
        assert "INGB" not in str(cursor.fetchone())


def test_one_change_at_a_time(world: World) -> None:
    ask(world)
    assert code_of(lambda: ask(world, OTHER)) == "account.is_open"


def test_who_asks_does_not_agree_whatever_else_they_are(world: World) -> None:
    world.add_worker("henk", Role.OFFICE, "vlinder")
    wanted = ask(world, who="henk")
    assert code_of(lambda: agree_to(world, wanted)) == "account.own"
    world.add_worker("gerda", Role.FINANCE)
    agree_to(world, wanted, "gerda")
    assert code_of(lambda: agree_to(world, wanted, "gerda")) == "account.settled"


def test_the_database_itself_refuses_to_let_one_person_do_both(world: World) -> None:
    wanted = ask(world)
    wanted.agreed_by_id, wanted.agreed_at = wanted.asked_by_id, world.at
    with (
        pytest.raises(IntegrityError),
        transaction.atomic(),
        change(world.actor("henk"), "account.agreed", at=world.at),
    ):
        wanted.save()


@pytest.mark.parametrize("who", ["ellen", "anouk", "petra", "karin"])
def test_nobody_else_asks_agrees_or_stops(world: World, who: str) -> None:
    wanted = ask(world)
    for act in (agree_to, stop):
        with pytest.raises(Forbidden):
            act(world, wanted, who)
    with pytest.raises(Forbidden):
        ask(world, who=who)
    with pytest.raises(Forbidden):
        ask(world, who="henk")


def test_another_office_finds_nothing(world: World) -> None:
    world.add_worker("joost", Role.OFFICE, "anker")
    wanted = ask(world)
    with pytest.raises(NotVisible):
        ask(world, who="joost")
    with pytest.raises(NotVisible):
        stop(world, wanted, "joost")
    wanted.pk = NOWHERE
    with pytest.raises(NotVisible):
        agree_to(world, wanted)


def test_both_sides_hear_of_it_and_no_line_holds_a_number(world: World) -> None:
    wanted = agree_to(world, ask(world))
    entries = Entry.objects.filter(code__in=["account.asked", "account.agreed"])
    assert {str(entry.facts) for entry in entries} == {f"{{'partner': '{wanted.partner_id}'}}"}
    tell(entry_ids=[entry.pk for entry in entries], at=world.at)
    told = Notice.objects.values_list("code", "account__first_name")
    assert set(told) == {("account.asked", "Henk"), ("account.agreed", "Jolanda")}


@pytest.mark.django_db(transaction=True)
def test_who_stops_and_what_moves_at_the_same_moment_do_not_both() -> None:
    world = build_world()
    wanted = agree_to(world, ask(world))
    world.later(hours=72)
    jolanda = world.actor("jolanda")
    acts: list[Callable[[], object]] = [
        *[lambda: actions.stop_account(actor=jolanda, change_id=wanted.pk, at=world.at)] * 3,
        *[
            lambda: actions.move_account(
                municipality_id=world.municipality.pk, change_id=wanted.pk, at=world.at
            )
        ]
        * 3,
    ]
    told = at_once(*acts)
    assert told.count("done") == 1
    assert account(world) == (NEW if "done" in told[3:] else OLD)


# --- the pages -----------------------------------------------------------------------------------------


def get(world: World, who: str, path: str) -> str:
    with time_machine.travel(world.at, tick=False):
        answered = world.client(who).get(path)
    assert answered.status_code == 200
    return answered.content.decode()


def post(world: World, who: str, path: str, **data: object) -> tuple[int, str, str]:
    with time_machine.travel(world.at, tick=False):
        answered = world.client(who).post(path, {"_key": str(uuid4()), **data})
    return answered.status_code, answered.get("Location", ""), answered.content.decode()


def test_the_office_asks_in_the_page_and_finance_agrees_there(world: World) -> None:
    where = reverse("account", args=[world.partners["vlinder"].pk])
    assert where in get(world, "jolanda", reverse("hours"))
    assert OLD in get(world, "jolanda", where)
    status, _where, html = post(world, "jolanda", where, iban="NL00")
    assert (status, 'value="NL00"' in html, "bestaat niet" in html) == (422, True, True)
    assert post(world, "jolanda", where, iban=NEW)[:2] == (302, where)
    assert "wacht op de gemeente" in get(world, "jolanda", where)
    wanted = AccountChange.objects.get()
    html = get(world, "henk", reverse("pay"))
    assert NEW in html
    assert post(world, "henk", reverse("agree_account", args=[wanted.pk]))[:2] == (302, reverse("pay"))
    assert "geldt vanaf" in get(world, "jolanda", where)
    assert post(world, "jolanda", reverse("stop_account", args=[wanted.pk]))[:2] == (302, where)
    assert "Vraag de wijziging aan" in get(world, "jolanda", where)
    assert NEW not in get(world, "henk", reverse("pay"))


def test_another_office_is_told_that_there_is_no_such_account(world: World) -> None:
    world.add_worker("joost", Role.OFFICE, "anker")
    for partner_id in (world.partners["vlinder"].pk, NOWHERE):
        with time_machine.travel(world.at, tick=False):
            assert world.client("joost").get(reverse("account", args=[partner_id])).status_code == 404


def test_the_pages_cost_the_same_number_of_queries_at_any_size(world: World) -> None:
    world.add_worker("joost", Role.OFFICE, "anker")
    jolanda, henk, partner_id = world.actor("jolanda"), world.actor("henk"), world.partners["vlinder"].pk
    ask(world)

    def cost() -> list[int]:
        told = []
        for look in (
            lambda: queries.account_page(jolanda, partner_id, at=world.at),
            lambda: queries.account_changes(henk),
            lambda: queries.accounts_due(at=world.at),
        ):
            with CaptureQueriesContext(connection) as seen:
                look()
            told.append(len(seen))
        return told

    small = cost()
    ask(world, OTHER, "joost", "anker")
    assert cost() == small == [2, 1, 1]


def test_an_account_is_written_in_one_way() -> None:
    assert rules.written(" nl20 ingb 0001234567 ") == NEW


# --- a partner without an account -----------------------------------------------------------------------


@built_once
def with_helder(world: World) -> World:
    """Vlinder and Helder sent November; of Helder no account is known."""
    helder = people.add_partner(
        actor=world.system,
        name="Helder",
        kvk="12345699",
        iban="",
        email="kantoor@helder.example",
        at=world.at,
    )
    world.partners["helder"] = helder
    world.add_professional("noor", "helder", "opvoeden")
    world.add_worker("els", Role.OFFICE, "helder")
    agree(world)
    agree(world, "helder")
    keep(world, make_match(world), date(2026, 11, 3), 60)
    keep(world, make_match(world, "Mila", "noor"), date(2026, 11, 4), 60)
    at_end_of(world, NOVEMBER)
    send(world, NOVEMBER)
    send(world, NOVEMBER, "els", "helder")
    return world


def test_a_partner_without_an_account_waits_and_the_others_are_paid(with_helder: World) -> None:
    world = with_helder
    shown = queries.to_pay(world.actor("henk"), at=world.at)
    assert (shown.cents, shown.count, shown.left_out, shown.why_not) == (HOUR, 1, ("Helder",), None)
    assert "Het rekeningnummer van Helder klopt niet" in page(world, "henk", reverse("pay"))
    batch = actions.pay(actor=world.actor("henk"), at=world.at)
    assert (batch.total_cents, batch.payments.count(), "Helder" in batch.xml) == (HOUR, 1, False)
    waits = Invoice.objects.get(partner=world.partners["helder"])
    assert (waits.stage, waits.paid_cents, waits.lines.get().batch) == ("right", 0, None)


def test_the_office_of_who_waits_is_told_and_what_it_is_owed_is_paid_once_it_has_an_account(
    with_helder: World,
) -> None:
    world = with_helder
    assert "uw rekeningnummer klopt niet of is er nog niet" in page(world, "els", reverse("hours"))
    assert "uw rekeningnummer klopt niet" not in page(world, "jolanda", reverse("hours"))
    actions.pay(actor=world.actor("henk"), at=world.at)
    assert code_of(lambda: actions.pay(actor=world.actor("henk"), at=world.at)) == "payment.bad_iban"
    told_of(world, "payment.left_out")
    told = Notice.objects.get(code="payment.left_out")
    assert (told.account, told.url) == (
        world.account("els"),
        reverse("account", args=[world.partners["helder"].pk]),
    )
    wanted = actions.ask_account(
        actor=world.actor("els"), partner_id=world.partners["helder"].pk, iban=NEW, at=world.at
    )
    agree_to(world, wanted)
    world.later(hours=73)
    work(world)
    assert actions.pay(actor=world.actor("henk"), at=world.at).total_cents == HOUR


def give(world: World, iban: str) -> None:
    """The operator says in a file from which account the municipality pays."""
    with suppress(Refused):
        people.set_settings(
            actor=world.system, principles=[], codes=[], expertises=[], facts={"iban": iban}, at=world.at
        )


def ask_own(world: World, iban: str = NEW) -> AccountChange:
    return actions.ask_own_account(actor=world.system, iban=iban, bic="DEUTNL2A", at=world.at)


def pays_from(world: World) -> tuple[str, str]:
    return Municipality.objects.values_list("iban", "bic").get(pk=world.municipality.pk)


def test_a_file_alone_does_not_change_from_which_account_the_municipality_pays(world: World) -> None:
    before = pays_from(world)
    give(world, NEW)
    assert pays_from(world) == before


def test_the_municipality_pays_from_another_account_72_hours_after_who_pays_agreed(world: World) -> None:
    before = pays_from(world)
    wanted = ask_own(world)
    told_of(world, "own_account.asked")
    told = Notice.objects.filter(code="own_account.asked")
    assert [(one.account, one.url) for one in told] == [(world.account("henk"), reverse("pay"))]
    shown = page(world, "henk", reverse("pay"))
    assert f"Van {before[0]} naar {NEW}." in shown
    assert "De gemeente zelf" in shown
    world.later(days=30)
    work(world)
    assert pays_from(world) == before
    agree_to(world, wanted)
    world.later(hours=71)
    work(world)
    assert pays_from(world) == before
    world.later(hours=2)
    work(world)
    assert pays_from(world) == (NEW, "DEUTNL2A")
    told_of(world, "account.moved")
    assert {one.account for one in Notice.objects.filter(code="account.moved")} == {world.account("henk")}


def test_the_own_account_stays_when_somebody_stops_it_during_the_hold(world: World) -> None:
    before = pays_from(world)
    wanted = agree_to(world, ask_own(world))
    assert code_of(lambda: agree_to(world, wanted)) == "account.settled"
    with pytest.raises(NotVisible):
        stop(world, wanted)
    stop(world, wanted, "henk")
    world.later(hours=80)
    work(world)
    assert pays_from(world) == before
    assert code_of(lambda: ask_own(world, before[0])) == "account.same"
    assert code_of(lambda: ask_own(world, "NL00HNDG0999999999")) == "account.bad_iban"
    ask_own(world)
    assert code_of(lambda: ask_own(world, OLD)) == "account.is_open"


@pytest.mark.parametrize("who", ["jolanda", "henk", "ellen", "petra"])
def test_only_the_operator_asks_for_another_own_account(world: World, who: str) -> None:
    with pytest.raises(Forbidden):
        actions.ask_own_account(actor=world.actor(who), iban=NEW, bic="", at=world.at)
    assert not AccountChange.objects.exists()


def test_what_runs_of_a_partner_and_of_the_municipality_do_not_keep_each_other(world: World) -> None:
    ask(world)
    ask_own(world)
    assert AccountChange.objects.under_way().count() == 2
    with (
        pytest.raises(IntegrityError),
        transaction.atomic(),
        change(world.system, "own_account.asked", at=world.at),
    ):
        AccountChange.objects.create(iban=NEW, asked_at=world.at)
