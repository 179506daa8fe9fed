"""What the office and finance see, what they never see, and at what cost."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from uuid import UUID, uuid4

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from hendig.audit.actions import speaking
from hendig.billing import actions, queries
from hendig.billing.adapters import sepa
from hendig.billing.adapters.ubl import check, installed, parse, read, write
from hendig.billing.adapters.ubl.document import Identifier
from hendig.billing.adapters.ubl.names import Profile
from hendig.billing.adapters.ubl.official import Engine
from hendig.billing.models import Invoice, InvoiceStage
from hendig.families.queries import opening
from hendig.kernel.actor import Role
from hendig.kernel.periods import AMSTERDAM
from hendig.kernel.refusal import NotVisible
from hendig.matching.models import Match
from hendig.people import actions as people
from hendig.safety.actions import set_secret
from tests.support import einvoice
from tests.support.billing import NOVEMBER, agree, at_end_of, keep, make_match, plan, send
from tests.support.families import FRESH
from tests.support.world import World

CANARIES = ("Sanne", "Verhoeven", "KindSanne", "slaapt", "Beter slapen", "/gezin/", "Hij slaapt slecht")


def page(world: World, who: str, path: str) -> str:
    answer = get(world, who, path)
    assert answer[0] == 200, path
    return answer[1]


def get(world: World, who: str, path: str) -> tuple[int, str]:
    with time_machine.travel(world.at, tick=False):
        answer = world.client(who).get(path)
    return answer.status_code, answer.content.decode(errors="replace")


def post(world: World, who: str, path: str, **data: object) -> tuple[int, str, str]:
    with time_machine.travel(world.at, tick=False):
        answer = world.client(who).post(path, {"_key": str(uuid4()), **data})
    return answer.status_code, answer.get("Location", ""), answer.content.decode(errors="replace")


def invoice_of(world: World) -> Invoice:
    return send(world, NOVEMBER)


def test_the_month_is_ready_when_the_office_opens_it(november: World) -> None:
    html = page(november, "jolanda", reverse("hours"))
    assert "november 2026" in html
    assert "Verstuur factuur" in html
    assert "€\xa0225,00" in html
    assert "2,5 uur" in html
    assert "M2026-000001" in html
    assert not [word for word in CANARIES if word in html]


def test_one_press_sends_and_shows_the_invoice(november: World) -> None:
    status, where, _html = post(
        november,
        "jolanda",
        reverse("send_invoice"),
        partner_id=november.partners["vlinder"].pk,
        month="2026-11-01",
    )
    invoice = Invoice.objects.get()
    assert (status, where) == (302, f"/uren/{invoice.pk}/")
    html = page(november, "jolanda", where)
    assert invoice.number in html
    assert html.count("status-good") >= 5  # the invoice and each of its four facts
    assert "Vrijgesteld van btw" in html
    assert "Verstuur factuur" not in page(november, "jolanda", reverse("hours"))


def test_a_refusal_stands_on_the_page_in_words(november: World) -> None:
    partner_id = november.partners["vlinder"].pk
    status, _where, html = post(
        november, "jolanda", reverse("send_invoice"), partner_id=partner_id, month="2026-12-01"
    )
    assert status == 422
    assert "vanaf de laatste dag van de maand" in html
    for name, who in (("send_invoice", "jolanda"), ("make_journal", "henk")):
        for month in ("9999-12-01", "0001-01-01"):
            sent = {"partner_id": partner_id, "month": month}
            assert post(november, who, reverse(name), **sent)[0] == 422
    assert not Invoice.objects.exists()


def test_the_button_of_a_month_that_is_not_over_is_grey_and_says_why(november: World) -> None:
    match = make_match(november, "Fatima")
    keep(november, match, date(2026, 12, 2))
    html = page(november, "jolanda", f"{reverse('hours')}?maand=2026-12")
    assert "december 2026" in html
    assert "vanaf de laatste dag van de maand" in html
    assert "disabled" in html


def test_an_empty_month_says_what_to_do_and_nonsense_in_the_address_does_no_harm(november: World) -> None:
    assert "geen uren om te factureren" in page(november, "jolanda", f"{reverse('hours')}?maand=2026-09")
    assert "november 2026" in page(november, "jolanda", f"{reverse('hours')}?maand=gisteren&partner=x")
    for month in ("9999-12", "0001-01"):
        assert "november 2026" in page(november, "jolanda", f"{reverse('hours')}?maand={month}")


def test_what_still_waits_for_geweest_is_counted_per_professional(november: World) -> None:
    match = make_match(november, "Fatima")
    for day in (2, 3):
        plan(november, match, datetime(2026, 12, day, 10, tzinfo=AMSTERDAM))
    november.at = datetime(2026, 12, 20, 9, tzinfo=AMSTERDAM)
    html = page(november, "jolanda", f"{reverse('hours')}?maand=2026-12")
    assert "Anouk: 2 afspraken" in html
    assert "Fatima" not in html


def test_hours_without_a_tariff_are_shown_as_waiting(november: World) -> None:
    keep(november, make_match(november, "Fatima", code="H1"), date(2026, 12, 2))
    html = page(november, "jolanda", f"{reverse('hours')}?maand=2026-12")
    assert "Voor code H1 is nog geen tarief afgesproken" in html


def test_finance_pays_with_one_press_and_gets_the_file(november: World) -> None:
    invoice = invoice_of(november)
    html = page(november, "henk", reverse("pay"))
    assert "Vlinder" in html
    assert "Betaal alles wat klopt" in html
    assert "woensdag 2 december" in html
    assert post(november, "henk", reverse("pay_all"))[:2] == (302, "/betalen/")
    html = page(november, "henk", reverse("pay"))
    assert "Betaal alles wat klopt" not in html
    assert "B2026-0001" in html
    invoice.refresh_from_db()
    with time_machine.travel(november.at, tick=False):
        file = november.client("henk").get(reverse("payment_file", args=[invoice.batch_id]))
    assert file["Content-Disposition"] == 'attachment; filename="sepa-B2026-0001.xml"'
    assert sepa.why_not_valid(file.content) == ""
    assert "bij de bank" in page(november, "jolanda", reverse("hours"))


def test_a_press_when_there_is_nothing_to_pay_is_answered_in_words(november: World) -> None:
    status, _where, html = post(november, "henk", reverse("pay_all"))
    assert status == 422
    assert "niets klaar dat u kunt betalen" in html


def test_finance_never_sees_a_family(november: World) -> None:
    invoice = invoice_of(november)
    match = invoice.lines.get().match
    assert match is not None
    hidden = [*CANARIES, str(match.family_id), str(match.child_id), str(match.pk), "Anouk"]
    for path in (reverse("pay"), reverse("invoice", args=[invoice.pk])):
        html = page(november, "henk", path)
        assert not [word for word in hidden if word in html]
    assert get(november, "henk", reverse("family", args=[match.family_id]))[0] in {403, 404}


def test_a_question_stands_on_both_pages_and_finance_looks_again(world: World) -> None:
    agree(world, until_on=date(2026, 11, 5))
    match = make_match(world)
    keep(world, match, date(2026, 11, 10))
    at_end_of(world, NOVEMBER)
    invoice = send(world, NOVEMBER)
    assert statements(lambda: queries.to_pay(world.actor("henk"), at=world.at)) == 5  # one is the actor
    for who, path in (("henk", reverse("pay")), ("jolanda", reverse("invoice", args=[invoice.pk]))):
        html = page(world, who, path)
        assert "gold er geen afspraak" in html
        assert "status-waiting" in html or "Hier is een vraag over" in html
    actions.make_agreement(
        actor=world.actor("henk"), partner_id=invoice.partner_id, from_on=date(2026, 11, 6), at=world.at
    )
    assert post(world, "henk", reverse("check_invoice", args=[invoice.pk]))[:2] == (302, "/betalen/")
    invoice.refresh_from_db()
    assert invoice.stage == InvoiceStage.RIGHT


def test_the_picture_of_the_months_has_a_twin_in_words(november: World) -> None:
    invoice_of(november)
    html = page(november, "henk", reverse("pay"))
    assert "<svg" in html
    assert "Kosten per maand in woorden" in html
    bars = queries.months(november.actor("henk"), at=november.at)
    assert [bar.cents for bar in bars if bar.month == NOVEMBER] == [22500]
    assert len(bars) == 12
    assert all(bar.open_top + bar.open_height == bar.paid_top for bar in bars)


@pytest.mark.parametrize("name", ["invoice", "invoice_pdf", "invoice_ubl"])
def test_another_office_is_told_that_there_is_no_such_invoice(november: World, name: str) -> None:
    november.add_worker("joost", Role.OFFICE, "anker")
    there = get(november, "joost", reverse(name, args=[invoice_of(november).pk]))
    nowhere = get(november, "joost", reverse(name, args=[UUID(int=7)]))
    assert there[0] == nowhere[0] == 404


def test_the_file_for_the_bank_is_only_for_finance(november: World) -> None:
    invoice_of(november)
    batch = actions.pay(actor=november.actor("henk"), at=november.at)
    assert get(november, "jolanda", reverse("payment_file", args=[batch.pk]))[0] == 403
    assert get(november, "henk", reverse("payment_file", args=[UUID(int=7)]))[0] == 404
    with pytest.raises(NotVisible):
        queries.payment_file(november.actor("jolanda"), batch.pk)


def test_the_office_looks_into_any_line_before_and_after_it_is_sent(november: World) -> None:
    """Which days and how long: of its own people. Finance sees codes, hours and amounts, and no more."""

    def days(page: queries.Month | queries.InvoicePage) -> list[tuple[date, int]]:
        return [(hour.on, hour.minutes) for line in page.lines for hour in line.hours]

    jolanda, henk, at = november.actor("jolanda"), november.actor("henk"), november.at
    before = queries.month(jolanda, None, NOVEMBER, at=at)
    assert sum(minutes for _on, minutes in days(before)) == before.minutes == 150
    assert "afspra" in page(november, "jolanda", reverse("hours"))
    invoice = invoice_of(november)
    sent = queries.invoice(jolanda, invoice.pk, at=at, hours=True)
    assert days(sent) == days(before)
    assert not days(queries.invoice(henk, invoice.pk, at=at, hours=True))
    where = reverse("invoice", args=[invoice.pk])
    assert f"{len(days(sent))} afspraken" in page(november, "jolanda", where)
    assert "afspraken" not in page(november, "henk", where)


def test_the_invoice_is_there_as_a_pdf_without_a_name_in_its_name(november: World) -> None:
    invoice = invoice_of(november)
    with time_machine.travel(november.at, tick=False):
        answer = november.client("jolanda").get(reverse("invoice_pdf", args=[invoice.pk]))
    assert answer["Content-Type"] == "application/pdf"
    assert answer["Content-Disposition"] == 'inline; filename="factuur-12345670-2026-0001.pdf"'
    assert answer.content.startswith(b"%PDF-")


def test_the_office_takes_its_invoice_along_as_a_file_that_says_the_same(november: World) -> None:
    invoice = invoice_of(november)
    path = reverse("invoice_ubl", args=[invoice.pk])
    assert path in page(november, "jolanda", reverse("invoice", args=[invoice.pk]))
    for who in ("jolanda", "henk"):
        with time_machine.travel(november.at, tick=False):
            answer = november.client(who).get(path)
        assert answer["Content-Type"] == "application/xml"
        assert answer["Cache-Control"] == "no-store"
        assert answer["Content-Disposition"] == 'attachment; filename="factuur-12345670-2026-0001.xml"'
        said = read.document(parse.root_of(answer.content))
        assert (said.number, said.totals.payable, said.due_on) == (invoice.number, 22500, date(2026, 12, 31))
        assert (said.seller.legal, said.buyer.legal) == (
            Identifier("12345670", "0106"),
            Identifier("12345678", "0106"),
        )
        (line,) = said.lines
        assert (line.quantity, line.unit) == (Decimal(150), "MIN")
        assert (line.price, line.per) == (Decimal(90), Decimal(60))
        assert line.object_id == Identifier("M2026-000001")
        assert not [word for word in CANARIES if word in answer.content.decode()]


def test_an_invoice_does_not_tell_that_somebody_lives_in_hiding(november: World) -> None:
    """Art. 6a.1 of the Regeling Jeugdwet asks who a youth is, and art. 6a.6 not of one in hiding.

    Here nobody is asked: each line has a match number. So all is the same to the byte before and after, and
    no line stands out by being bare.
    """
    invoice = invoice_of(november)
    paths = [reverse(name, args=[invoice.pk]) for name in ("invoice", "invoice_ubl")]

    def told(who: str) -> list[str]:
        with time_machine.travel(november.at, tick=False):
            pages = [november.client(who).get(path) for path in paths]
        assert [one.status_code for one in pages] == [200, 200]
        return [FRESH.sub("", one.content.decode()) for one in pages]

    before = {who: told(who) for who in ("jolanda", "henk")}
    with speaking(november.system, november.at):
        child = Match.objects.select_related("child__record").get().child
    set_secret(
        actor=november.actor("ellen"), record_id=child.record.pk, member_id=child.pk, named=[], at=november.at
    )
    for who, was in before.items():
        assert told(who) == was


def test_hours_of_a_month_before_lie_in_the_period_of_the_invoice(world: World) -> None:
    agree(world)
    match = make_match(world)
    keep(world, match, date(2026, 11, 28), 25)
    at_end_of(world, date(2026, 12, 1))
    shown = queries.invoice(world.actor("henk"), send(world, date(2026, 12, 1)).pk, at=world.at)
    document = queries.as_document(shown)
    assert (document.first_on, document.last_on) == (date(2026, 11, 28), date(2026, 12, 31))
    assert document.totals.payable == 3750


@pytest.mark.conformance
def test_the_invoice_of_a_month_fails_no_official_rule(november: World, tmp_path: Path) -> None:
    installed.install(einvoice.data(), tmp_path / "rules", on=NOVEMBER, trial={})
    shown = queries.invoice(november.actor("henk"), invoice_of(november).pk, at=november.at)
    with Engine(tmp_path / "rules") as engine:
        for profile in Profile:
            verdict = check.check(engine, write.ubl(queries.as_document(shown), profile))
            assert (verdict.official, verdict.level, verdict.findings) == (True, "ok", ())


def test_without_a_vat_number_the_page_says_why_there_is_no_file(november: World) -> None:
    november.partners["bare"] = people.add_partner(
        actor=november.system,
        name="Kaal",
        kvk="12345699",
        iban="NL91ABNA0417164300",
        email="k@k.example",
        at=november.at,
    )
    november.add_professional("kim", "bare", "angst")
    november.add_worker("joost", Role.OFFICE, "bare")
    agree(november, "bare")
    match = make_match(november, "Fatima", "kim")
    keep(november, match, date(2026, 12, 4), 60)
    at_end_of(november, date(2026, 12, 1))
    invoice = send(november, date(2026, 12, 1), "joost", "bare")
    shown = page(november, "joost", reverse("invoice", args=[invoice.pk]))
    assert "btw-nummer van de partner nodig" in shown
    assert reverse("invoice_ubl", args=[invoice.pk]) not in shown
    status, html = get(november, "joost", reverse("invoice_ubl", args=[invoice.pk]))
    assert status == 422
    assert "btw-nummer van de partner nodig" in html


def test_what_stands_on_paper_is_what_stands_on_the_page(november: World) -> None:
    invoice = invoice_of(november)
    shown = queries.invoice(november.actor("henk"), invoice.pk, at=november.at)
    paper = queries.on_paper(shown)
    assert paper["rows"] == [
        ["H2 Begeleiding", "M2026-000001", "3 nov – 10 nov", "2:30", "€\xa090,00", "€\xa0225,00"]
    ]
    assert paper["total"] == "€\xa0225,00"
    assert not [word for word in CANARIES if word in str(paper)]


# --- the family ----------------------------------------------------------------------------------------


def own_help(world: World) -> queries.OwnHelp:
    sanne = world.actor("Sanne")
    family_id = world.account("Sanne").family_members.get().family_id
    with opening(sanne, "family.page_seen", family_id, at=world.at) as look:
        return queries.own_help(look)


def test_a_family_sees_its_hours_and_cost_the_same_before_and_after_the_invoice(november: World) -> None:
    other = make_match(november, "Fatima")
    keep(november, other, date(2026, 12, 2), 600)
    before = own_help(november)
    invoice_of(november)
    assert before == own_help(november) == queries.OwnHelp(minutes=150, cents=22500, unpriced=0, own=True)


def test_what_a_family_sees_of_the_cost_is_of_what_the_look_opened(november: World) -> None:
    invoice_of(november)
    sanne = november.actor("Sanne")
    family_id = november.account("Sanne").family_members.get().family_id
    with opening(sanne, "family.page_seen", family_id, at=november.at) as look:
        assert queries.own_help(replace(look, places=())).cents == 0


def test_help_without_a_tariff_costs_what_nobody_knows_yet(world: World) -> None:
    keep(world, make_match(world), date(2026, 11, 3))
    assert own_help(world) == queries.OwnHelp(minutes=60, cents=0, unpriced=60, own=True)


# --- at any size ---------------------------------------------------------------------------------------


def statements(look: Callable[[], object]) -> int:
    with CaptureQueriesContext(connection) as seen:
        look()
    return len(seen)


def test_every_page_costs_the_same_number_of_queries_at_any_size(november: World) -> None:
    jolanda, henk = november.actor("jolanda"), november.actor("henk")
    partner_id = november.partners["vlinder"].pk
    invoice = invoice_of(november)

    def cost() -> dict[str, int]:
        at = november.at
        month = at.date().replace(day=1) - timedelta(days=1)
        return {
            "month": statements(lambda: queries.month(jolanda, partner_id, month, at=at)),
            "invoice": statements(lambda: queries.invoice(henk, invoice.pk, at=at)),
            "own invoice": statements(lambda: queries.invoice(jolanda, invoice.pk, at=at, hours=True)),
            "to_pay": statements(lambda: queries.to_pay(henk, at=at)),
            "payments": statements(lambda: queries.payments(henk)),
            "months": statements(lambda: queries.months(henk, at=at)),
        }

    small = cost()
    matches = [make_match(november, name) for name in ("Fatima", "Kasia", "Miriam")]
    for hour, match in enumerate(matches, start=10):
        for day in (4, 8, 9):
            keep(november, match, date(2026, 12, day), hour=hour)
    at_end_of(november, date(2026, 12, 1))
    assert len(queries.month(jolanda, partner_id, date(2026, 12, 1), at=november.at).lines) == 3
    assert cost() == small
    assert small == {
        "month": 6,
        "invoice": 9,
        "own invoice": 7,
        "to_pay": 3,
        "payments": 1,
        "months": 1,
    }


def test_the_family_pays_three_queries_at_any_number_of_hours(november: World) -> None:
    sanne = november.actor("Sanne")
    match = invoice_of(november).lines.get().match
    assert match is not None

    def cost() -> int:
        with opening(sanne, "family.page_seen", match.family_id, at=november.at) as look:
            return statements(lambda: queries.own_help(look))

    small = cost()
    for day in (3, 4, 7):
        keep(november, match, date(2026, 12, day))
    assert cost() == small == 3


def test_a_visitor_is_asked_to_sign_in(world: World) -> None:
    for name in ("hours", "pay"):
        answer = Client().get(reverse(name))
        assert answer.status_code == 302
        assert answer["Location"].startswith("/aanmelden/")
