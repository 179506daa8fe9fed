"""Who audits reads along: where each payment came from, how the log is sealed, and numbers; of no family."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
import time_machine
from django.apps import apps
from django.db import ProgrammingError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from pytest_django.fixtures import Settings

from hendig.audit.actions import refused, seal_log, speaking
from hendig.audit.models import Anchor
from hendig.billing import actions as billing
from hendig.billing import queries
from hendig.billing.models import Payment
from hendig.helprequests.models import HelpRequest
from hendig.kernel.actor import Role
from hendig.people import actions as people
from hendig.people.models import Letter
from hendig.people.rules import Asks, Means, what_is_asked
from hendig.plans.models import Appointment, AppointmentStage
from hendig.safety import actions as safety
from hendig.safety.models import Outcome
from hendig.web import pages
from tests.support.billing import NOVEMBER, ask_for_help, at_end_of, fill_november, keep, make_match, send
from tests.support.safety import opened
from tests.support.shared import built_once
from tests.support.world import World, signed_in

CANARIES = ("Sanne", "Verhoeven", "KindSanne", "Fatima", "Beter slapen", "Hij slaapt", "/gezin/")


@built_once
def paid(world: World) -> Payment:
    """November was sent and paid."""
    world.add_worker("cora", Role.AUDITOR)
    fill_november(world)
    send(world, NOVEMBER)
    return billing.pay(actor=world.actor("henk"), at=world.at).payments.get()


def get(world: World, path: str, who: str = "cora") -> Any:
    with time_machine.travel(world.at, tick=False):
        return world.client(who).get(path)


def html(world: World, path: str, who: str = "cora") -> str:
    answer = get(world, path, who)
    assert answer.status_code == 200
    return str(answer.content.decode())


def test_the_day_of_who_audits_begins_at_verantwoorden(world: World, paid: Payment) -> None:
    assert get(world, "/")["Location"] == reverse("accountant")
    page = html(world, reverse("accountant"))
    for words in (paid.reference, "Vlinder", "Toegang in getallen", "Verwerkingsregister", "Journaal"):
        assert words in page, words


def test_every_page_shows_no_family(world: World, paid: Payment) -> None:
    """The pages, the pieces below them and the files."""
    on_payment = ("chain", "chain_csv", "chain_json")
    on_invoice = ("invoice", "invoice_pdf", "invoice_ubl")
    paths = [reverse(name) for name in ("accountant", "paid", "journals", "seal", "register")]
    paths += [reverse(name, args=[paid.pk]) for name in on_payment]
    paths += [reverse(name, args=[paid.invoice_id]) for name in on_invoice]
    for path in paths:
        answer = get(world, path)
        assert answer.status_code == 200, path
        shown = answer.content.decode(errors="replace")
        assert not [word for word in CANARIES if word in shown], path


def test_from_the_list_one_comes_to_the_chain_and_from_there_back(world: World, paid: Payment) -> None:
    chain = reverse("chain", args=[paid.pk])
    assert chain in html(world, reverse("paid"))
    page = html(world, chain)
    assert reverse("paid") in page
    assert reverse("batch", args=[paid.batch_id]) not in page
    assert reverse("batch", args=[paid.batch_id]) in html(world, chain, "henk")


@pytest.mark.parametrize("of", ["reference", "batch", "invoice"])
def test_a_payment_is_found_by_its_number(world: World, paid: Payment, of: str) -> None:
    number = {"reference": paid.reference, "batch": paid.batch.number, "invoice": paid.invoice.number}[of]
    assert paid.reference in html(world, f"{reverse('paid')}?number={number}")
    assert "Met dit nummer is niets betaald." in html(world, f"{reverse('paid')}?number={number}9")


def test_payments_go_by_key_and_cost_the_same_at_any_size(world: World, paid: Payment) -> None:
    def cost() -> int:
        actor = world.actor("cora")
        with CaptureQueriesContext(connection) as seen:
            pages.accountant(actor, at=world.at)
        return len(seen)

    seal_log(at=world.at)
    small = cost()
    for month in (date(2026, 12, 1), date(2027, 1, 1)):
        keep(world, make_match(world, f"Ouder{month.month}"), month)
        at_end_of(world, month)
        send(world, month)
        billing.pay(actor=world.actor("henk"), at=world.at)
    assert cost() == small == 7
    first = queries.paid(world.actor("cora"), size=2)
    rest = queries.paid(world.actor("cora"), size=2, before=first.older)
    assert [len(first.rows), len(rest.rows), rest.older] == [2, 1, None]
    assert rest.rows[0].transfer.id == paid.pk
    assert reverse("chain", args=[paid.pk]) in html(world, f"{reverse('paid')}?before={first.older}")


def test_emergencies_and_refusals_are_numbers_of_a_month(world: World, paid: Payment) -> None:
    request: HelpRequest = ask_for_help(world, "Miriam", "Geheimen")
    emergency = opened(world, request)
    safety.judge_emergency(
        actor=world.actor("karin"),
        emergency_id=emergency.pk,
        outcome=Outcome.WRONG,
        note="Er was niets aan de hand.",
        at=world.at,
    )
    opened(world, request, "anouk")
    refused(world.actor("youssef"), "family", at=world.at, code="not_visible", object_id=request.family_id)
    refused(world.actor("henk"), "pay_all", at=world.at, code="payment.nothing")
    refused(world.visitor, "family", at=world.at, code="not_visible")
    actor = world.actor("cora")
    month, *earlier = pages.accountant(actor, at=world.at).months
    assert (month.emergencies, month.wrong, month.waiting) == (2, 1, 1)
    assert (month.not_theirs, month.stopped) == (1, 1)
    assert earlier == []
    assert "Geheimen" not in html(world, reverse("accountant"))


def test_who_audits_holds_a_seal_against_the_chain_and_gets_it_by_mail(world: World, paid: Payment) -> None:
    seal_log(at=world.at)
    people.anchor_log(actor=world.system, at=world.at)
    assert Letter.objects.filter(key__startswith="anchor:", to="cora@peelrand.example").count() == 1
    code = Anchor.objects.get().code
    page = html(world, f"{reverse('seal')}?code={code}")
    assert "Dit zegel bestaat en klopt." in page
    assert "is verbroken" not in page
    assert reverse("anchor_log") not in page
    assert reverse("anchor_log") in html(world, reverse("seal"), "karin")


def test_a_seal_that_is_not_signed_by_us_shows_on_both_pages(
    world: World, paid: Payment, settings: Settings
) -> None:
    """As one that the owner of the database put in the place of ours."""
    seal_log(at=world.at)
    people.anchor_log(actor=world.system, at=world.at)
    settings.SEAL_PUBLIC = []
    assert html(world, reverse("seal")).count("is verbroken") == 2
    assert "is verbroken" in html(world, reverse("accountant"))


def test_the_register_has_every_kind_of_row(world: World, paid: Payment) -> None:
    page = html(world, reverse("register"))
    ours = [one for one in apps.get_models() if one.__module__.startswith("hendig.")]
    assert len(ours) > 90
    for model in ours:
        assert model.__name__ in page
    assert "Regeling Jeugdwet art. 1" in page
    assert html(world, reverse("register"), "karin") != ""
    assert get(world, reverse("register"), "petra").status_code == 403


def test_who_audits_shows_a_second_factor() -> None:
    still = timedelta(0)
    asks = what_is_asked(roles={Role.AUDITOR}, strong=False, still=still, idle=still, by_code=True)
    assert asks is Asks.FACTOR


def test_a_code_by_mail_alone_opens_nothing(world: World, paid: Payment) -> None:
    client = world.client()
    client.cookies["hendig"] = signed_in(world.account("cora").pk, Means.CODE)
    assert client.get(reverse("accountant")).status_code == 302


def test_the_database_lets_who_audits_read_hours_and_write_none(world: World, paid: Payment) -> None:
    """Where the pages forgot it, the second wall has it."""
    cora = world.actor("cora")
    with speaking(cora, world.at):
        assert Appointment.objects.count() == 2
    _write_back(world, "anouk")
    with pytest.raises(ProgrammingError, match="row-level security"):
        _write_back(world, "cora")


def _write_back(world: World, name: str) -> None:
    """Past the pages and the actions: an appointment as it is, by this person."""
    with speaking(world.actor(name), world.at), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("UPDATE plans_appointment SET stage = %s", [AppointmentStage.KEPT])


@pytest.mark.parametrize("who", ["henk", "petra", "karin", "jolanda", "ellen", "anouk"])
def test_the_page_of_who_audits_is_of_nobody_else(world: World, paid: Payment, who: str) -> None:
    assert get(world, reverse("accountant"), who).status_code == 403
    assert get(world, reverse("paid"), who).status_code == (200 if who == "henk" else 403)
