"""An invoice of a partner's own system: booked whole or not at all, right without a hand, or asked about."""

from __future__ import annotations

import os
import zlib
from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from decimal import Decimal
from functools import partial
from time import process_time

import pytest
from django.db import connections
from hypothesis import given
from hypothesis import strategies as st

from hendig.audit.models import Entry
from hendig.billing import actions, queries
from hendig.billing.adapters.ubl.document import (
    CORRECTED,
    CREDIT,
    KVK,
    OIN,
    Account,
    Adjustment,
    Document,
    Identifier,
    Tax,
    Totals,
    tax_sums,
)
from hendig.billing.adapters.ubl.names import Profile
from hendig.billing.adapters.ubl.write import ubl
from hendig.billing.models import Form, Invoice, InvoicedAppointment, InvoiceStage, Original, Variant
from hendig.billing.rules.received import MOST_TOLD, Billed, why_not_told, why_too_told
from hendig.kernel.actor import Role
from hendig.kernel.refusal import Forbidden, Refused
from hendig.matching.models import Match
from hendig.people import actions as people
from hendig.people.models import Notice
from tests.support.bank import afschrift, one_by_one, read
from tests.support.billing import HOUR, NOVEMBER, at_end_of, fill_november, keep, make_match, send
from tests.support.received import billed_line, document, judged, receive
from tests.support.refusals import code_of
from tests.support.together import at_once
from tests.support.world import World, build_world


def match_of() -> Match:
    return Match.objects.get()


def asked(invoice: Invoice) -> list[list[str]]:
    return [line.findings for line in invoice.lines.order_by("id")]


# --- what is right needs no hand ------------------------------------------------------------------------


@pytest.mark.parametrize("profile", list(Profile))
def test_what_is_right_is_booked_checked_and_paid_without_a_hand(november: World, profile: Profile) -> None:
    sent = judged(document(november, billed_line(match_of(), 150)), profile)
    invoice = actions.receive_invoice(actor=november.actor("jolanda"), sent=sent, at=november.at)
    assert (invoice.stage, invoice.total_cents, invoice.month) == (InvoiceStage.RIGHT, 22500, NOVEMBER)
    assert (invoice.number, invoice.their_number) == ("E12345670-2026-0001", "F-2026-17")
    assert InvoicedAppointment.objects.filter(line__invoice=invoice).count() == 2
    assert Entry.objects.filter(code="invoice.received").count() == 1
    assert Original.objects.get().form == Form(profile)
    batch = actions.pay(actor=november.actor("henk"), at=november.at)
    assert batch.total_cents == 22500
    # The bank tells the partner by its own number.
    assert "F-2026-17" in batch.xml
    assert "E12345670-2026-0001" in batch.xml


def test_hours_and_minutes_are_the_same_help(november: World) -> None:
    line = billed_line(match_of(), 150)
    hours = replace(line, quantity=Decimal("2.5"), unit="HUR", per=Decimal(1))
    assert receive(november, document(november, hours)).stage == InvoiceStage.RIGHT


def test_a_line_for_each_day_and_another_for_the_rest_share_the_appointments(november: World) -> None:
    match = match_of()
    day = date(2026, 11, 10)
    lines = (billed_line(match, 60), billed_line(match, 90, first_on=day, last_on=day))
    invoice = receive(november, document(november, *lines))
    assert (invoice.stage, asked(invoice)) == (InvoiceStage.RIGHT, [[], []])


def test_hours_that_are_left_out_wait_for_the_next_invoice(november: World) -> None:
    invoice = receive(november, document(november, billed_line(match_of(), 60)))
    assert invoice.stage == InvoiceStage.RIGHT
    made_here = send(november, NOVEMBER)
    assert (made_here.number, made_here.total_cents) == ("12345670-2026-0001", 13500)
    assert made_here.stage == InvoiceStage.RIGHT


@pytest.mark.parametrize(("variant", "asks"), [(Variant.GENERIC, []), (Variant.EFFORT, ["other_code"])])
def test_another_code_than_that_of_the_match_is_right_where_the_assignment_is_generic(
    world: World, variant: Variant, asks: list[str]
) -> None:
    henk, january = world.actor("henk"), date(2026, 1, 1)
    agreement = actions.make_agreement(
        actor=henk,
        partner_id=world.partners["vlinder"].pk,
        variant=variant,
        from_on=january,
        at=world.at,
    )
    for code in ("H1", "H2"):
        actions.set_tariff(
            actor=henk,
            agreement_id=agreement.pk,
            service_code_id=world.service_code(code).pk,
            cents_per_hour=HOUR,
            from_on=january,
            at=world.at,
        )
    match = make_match(world)
    keep(world, match, date(2026, 11, 3), 60)
    at_end_of(world, NOVEMBER)
    invoice = receive(world, document(world, billed_line(match, 60, code="H1")))
    assert asked(invoice) == [asks]


def test_a_system_sends_for_the_partner_that_the_file_names(november: World) -> None:
    invoice = receive(november, document(november, billed_line(match_of(), 150)), who=None)
    assert (invoice.sent_by_id, invoice.partner) == (None, november.partners["vlinder"])
    assert actions.pay(actor=november.actor("henk"), at=november.at).total_cents == 22500


def test_the_office_hears_of_it(november: World) -> None:
    invoice = receive(november, document(november, billed_line(match_of(), 150)), who=None)
    people.tell(entry_ids=[Entry.objects.get(code="invoice.received").pk], at=november.at)
    notice = Notice.objects.get(code="invoice.received")
    assert notice.account_id == november.account("jolanda").pk
    assert notice.url == f"/uren/{invoice.pk}/"


# --- a line that is not right becomes a question --------------------------------------------------------


def test_what_is_asked_about_a_line_leaves_the_rest_to_be_paid(november: World) -> None:
    lines = (billed_line(match_of(), 150), billed_line("M2026-999999", 60))
    invoice = receive(november, document(november, *lines))
    assert (invoice.stage, asked(invoice)) == (InvoiceStage.ASKED, [[], ["no_match"]])
    assert actions.pay(actor=november.actor("henk"), at=november.at).total_cents == 22500
    shown = queries.invoice(november.actor("jolanda"), invoice.pk, at=november.at)
    (line,) = shown.asked
    assert (line.match_number, line.known) == ("M2026-999999", False)


def test_nobody_accepts_a_line_that_leads_to_no_match(november: World) -> None:
    invoice = receive(november, document(november, billed_line("M2026-999999", 60)))
    line = invoice.lines.get()
    code = code_of(lambda: actions.accept_line(actor=november.actor("henk"), line_id=line.pk, at=november.at))
    assert code == "line.unknown"
    actions.credit_line(actor=november.actor("jolanda"), line_id=line.pk, at=november.at)
    invoice.refresh_from_db()
    assert invoice.stage == InvoiceStage.SETTLED


def test_the_match_of_another_partner_is_not_there(november: World) -> None:
    other = make_match(november, "Fatima", "youssef")
    invoice = receive(november, document(november, billed_line(other, 60)))
    assert asked(invoice) == [["no_match"]]
    assert invoice.lines.get().match_id is None


@pytest.mark.parametrize(
    ("changed", "findings"),
    [
        ({"code": "H9"}, ["no_code"]),
        ({"code": "H1"}, ["other_code", "other_tariff"]),
        ({"cents_per_hour": 9100}, ["other_tariff"]),
        ({"minutes": 149}, ["other_hours"]),
        ({"minutes": 300}, ["other_hours"]),
        ({"first_on": date(2026, 11, 4)}, ["other_hours"]),
        # The match began in November.
        ({"first_on": date(2026, 10, 1), "last_on": date(2026, 10, 31)}, ["outside_match", "other_hours"]),
        (
            {"first_on": date(2025, 1, 1), "last_on": date(2025, 1, 31)},
            ["outside_match", "no_agreement", "other_tariff", "other_hours"],
        ),
    ],
    ids=str,
)
def test_a_line_that_differs_from_what_is_known_is_asked_about(
    november: World, changed: dict[str, object], findings: list[str]
) -> None:
    line = billed_line(match_of(), **{"minutes": 150, **changed})  # type: ignore[arg-type]
    assert asked(receive(november, document(november, line))) == [findings]


def test_days_long_before_the_others_are_asked_about(november: World) -> None:
    old = billed_line(match_of(), 60, first_on=date(2025, 3, 1), last_on=date(2025, 3, 31))
    invoice = receive(november, document(november, billed_line(match_of(), 150), old))
    assert "long_ago" in asked(invoice)[1]


def test_an_amount_that_hours_times_tariff_does_not_give_is_asked_about(november: World) -> None:
    discount = Adjustment(charge=False, cents=500, reason="korting")
    line = replace(billed_line(match_of(), 150), cents=22000, adjustments=(discount,))
    assert asked(receive(november, document(november, line))) == [["other_amount"]]


def test_what_was_invoiced_from_appointments_is_asked_about(november: World) -> None:
    send(november, NOVEMBER)
    invoice = receive(november, document(november, billed_line(match_of(), 150)))
    assert asked(invoice) == [["invoiced_before"]]


def test_what_stands_twice_on_one_invoice_or_on_two_is_asked_about_once(november: World) -> None:
    line = billed_line(match_of(), 150)
    assert asked(receive(november, document(november, line, line))) == [[], ["invoiced_before"]]
    assert asked(receive(november, document(november, line, number="F-2026-18"))) == [["invoiced_before"]]


def test_an_answered_question_is_looked_at_again(november: World) -> None:
    match = match_of()
    invoice = receive(november, document(november, billed_line(match, 180)))
    assert asked(invoice) == [["other_hours"]]
    line = invoice.lines.get()
    actions.answer_line(
        actor=november.actor("jolanda"), line_id=line.pk, words="Met reistijd.", at=november.at
    )
    actions.accept_line(actor=november.actor("henk"), line_id=line.pk, at=november.at)
    november.add_worker("hanna", Role.FINANCE)
    assert actions.pay(actor=november.actor("hanna"), at=november.at).total_cents == 27000


# --- a fault of the whole is refused, and nothing is booked ---------------------------------------------


def _with_vat(made: Document) -> Document:
    tax = Tax("S", Decimal(21))
    lines = tuple(replace(line, tax=tax) for line in made.lines)
    taxes = tax_sums(lines)
    return replace(made, lines=lines, taxes=taxes, totals=Totals.of(lines, (), taxes))


def _with_more(made: Document) -> Document:
    more = (Adjustment(charge=True, cents=100, tax=Tax(), reason="toeslag"),)
    taxes = tax_sums(made.lines, more, reason="vrij")
    return replace(made, adjustments=more, taxes=taxes, totals=Totals.of(made.lines, more, taxes))


def _line(made: Document, **changed: object) -> Document:
    lines = (replace(made.lines[0], **changed),)  # type: ignore[arg-type]
    taxes = tax_sums(lines, reason="vrij")
    return replace(made, lines=lines, taxes=taxes, totals=Totals.of(lines, (), taxes))


def _seller(made: Document, kvk: str) -> Document:
    known_as = Identifier(kvk, KVK)
    return replace(made, seller=replace(made.seller, legal=known_as, endpoint=known_as))


OTHER_TOWN = Identifier("00000001001234567000", OIN)

WRONG: dict[str, Callable[[Document], Document]] = {
    "received.other_municipality": lambda made: replace(
        made, buyer=replace(made.buyer, legal=OTHER_TOWN, endpoint=OTHER_TOWN)
    ),
    "received.not_euro": lambda made: replace(made, currency="USD"),
    "received.vat": _with_vat,
    "received.more": _with_more,
    "received.other_sender": lambda made: _seller(made, "12345671"),
    "received.other_account": lambda made: replace(made, account=Account("NL20INGB0001234567")),
    "received.format": lambda made: replace(made, totals=replace(made.totals, payable=1)),
    "received.long_number": lambda made: replace(made, number="F" * 31),
    "received.future": lambda made: replace(made, issued_on=date(2026, 12, 2)),
    "received.no_earlier": lambda made: replace(made, kind=CORRECTED, before=("F-1",)),
    "received.credit_of": lambda made: replace(made, kind=CREDIT),
    "received.line_credit": lambda made: replace(made, kind=CREDIT, before=("F-1",)),
    "received.line_unit": lambda made: _line(made, unit="C62"),
    "received.line_negative": lambda made: _line(made, quantity=Decimal(0), cents=0),
    "received.line_hours": lambda made: _line(made, quantity=Decimal(50_000), cents=7_500_000),
    "received.line_price": lambda made: _line(made, price=Decimal(1001), cents=250_250),
    "received.line_no_days": lambda made: _line(made, first_on=None, last_on=None),
    "received.line_days": lambda made: _line(made, first_on=date(2026, 11, 30), last_on=NOVEMBER),
}


@pytest.mark.parametrize("code", WRONG)
def test_a_fault_of_the_whole_is_refused_in_words_and_nothing_is_booked(november: World, code: str) -> None:
    made = WRONG[code](document(november, billed_line(match_of(), 150)))
    before = Entry.objects.count()
    assert code_of(lambda: receive(november, made)) == code
    assert not Invoice.objects.exists()
    assert not Original.objects.exists()
    assert not InvoicedAppointment.objects.exists()
    assert Entry.objects.count() == before


def test_a_line_with_vat_is_refused_also_where_the_sums_say_exempt(november: World) -> None:
    """The official rules see it, and are not everywhere."""
    made = document(november, billed_line(match_of(), 150))
    lines = tuple(replace(line, tax=Tax("S", Decimal(21))) for line in made.lines)
    assert code_of(lambda: receive(november, replace(made, lines=lines))) == "received.vat"
    assert not Invoice.objects.exists()


def test_a_line_in_dollars_on_an_invoice_in_euros_is_refused(november: World) -> None:
    """By the official rules of NLCIUS it may: they ask only in which currency the sums are."""
    made = ubl(document(november, billed_line(match_of(), 150)), Profile.NLCIUS)
    dollars = made.replace(b'LineExtensionAmount currencyID="EUR"', b'LineExtensionAmount currencyID="USD"')
    assert dollars != made
    assert code_of(lambda: receive(november, dollars)) == "received.format"
    assert not Invoice.objects.exists()
    assert receive(november, made).stage == InvoiceStage.RIGHT


@pytest.mark.parametrize(
    ("changed", "code"),
    [
        ({"quantity": Decimal(10) ** 29}, "received.line_hours"),
        ({"price": Decimal(10) ** 29}, "received.line_price"),
        ({"per": Decimal("1E-25")}, "received.line_price"),
        ({"per": Decimal(-60)}, "received.line_price"),
        ({"last_on": date(9999, 12, 31)}, "received.line_no_days"),
        ({"first_on": date(1, 1, 1)}, "received.line_no_days"),
    ],
    ids=str,
)
def test_a_number_or_a_day_that_nobody_can_mean_is_refused_in_words_as_well(
    november: World, changed: dict[str, object], code: str
) -> None:
    """By a program that writes them so: else its file would stand in the way of all that come after it."""
    made = _line(document(november, billed_line(match_of(), 150)), **changed)
    assert code_of(lambda: receive(november, made)) == code
    assert not Invoice.objects.exists()


@pytest.mark.parametrize("who", ["jolanda", None])
def test_the_same_file_or_the_same_number_comes_in_once(november: World, who: str | None) -> None:
    made = document(november, billed_line(match_of(), 150))
    receive(november, made, who=who)
    assert code_of(lambda: receive(november, made, who=who)) == "received.again"
    assert code_of(lambda: receive(november, replace(made, note="anders"), who=who)) == "received.twice"
    assert Invoice.objects.count() == 1


def test_an_invoice_that_was_made_here_does_not_come_in_again(november: World) -> None:
    made_here = send(november, NOVEMBER)
    page = queries.invoice(november.actor("jolanda"), made_here.pk, at=november.at)
    again = replace(queries.as_document(page), issued_on=NOVEMBER)
    assert code_of(lambda: receive(november, again)) == "received.twice"


def test_another_partner_may_use_the_same_number(november: World) -> None:
    november.add_worker("joost", Role.OFFICE, "anker")
    receive(november, document(november, billed_line(match_of(), 150)))
    other = document(november, billed_line("M2026-000077", 60), partner="anker")
    assert receive(november, other, who="joost").their_number == "F-2026-17"


def test_an_office_sends_in_only_what_is_of_its_own_partner(november: World) -> None:
    other = document(november, billed_line("M2026-000077", 60), partner="anker")
    assert code_of(lambda: receive(november, other)) == "received.other_sender"
    assert receive(november, other, who=None).partner == november.partners["anker"]


def test_who_runs_no_office_sends_nothing_in(november: World) -> None:
    sent = judged(document(november, billed_line(match_of(), 150)))
    for who in ("henk", "anouk", "ellen"):
        with pytest.raises(Forbidden):
            actions.receive_invoice(actor=november.actor(who), sent=sent, at=november.at)


# --- nobody is in it ------------------------------------------------------------------------------------


@given(st.dates(date(2020, 1, 1), date(2039, 12, 31)))
def test_no_day_is_taken_for_the_number_of_a_citizen(day: date) -> None:
    told = (f"{day}", f"Hulp van {day:%d-%m-%Y} tot en met {day}", f"{day.day}-{day.month}-{day.year}")
    said = Billed("F-1", day, False, False, (), frozenset(), frozenset(), "", True, True, False, told)
    assert why_not_told(said, ()) is None
    assert why_not_told(replace(said, told=(*told, f"{day} 999999990")), ()) is not None


@pytest.mark.parametrize("text", ["11 ", "111 222 333 ", "{n:09d} ", "1.2-3 ", "Ab ", "a", "1"])
def test_no_text_keeps_who_books_it_busy(text: str) -> None:
    """As much as may stand on an invoice is looked through within two seconds; of more it is said so."""
    told = "".join(text.format(n=n) for n in range(MOST_TOLD // len(text.format(n=0))))
    said = Billed(
        "F-1", date(2026, 11, 2), False, False, (), frozenset(), frozenset(), "", True, True, False, (told,)
    )
    assert why_too_told(said) is None
    began = process_time()
    why_not_told(said, ("Verhoeven", "KindSanne"))
    assert process_time() - began < 2
    too_long = why_too_told(replace(said, told=(told, "x" * 1000)))
    assert too_long is not None
    assert too_long.code == "received.long"


@pytest.mark.parametrize(
    ("code", "note"),
    [
        ("received.long", "Begeleiding aan huis. " * 12_000),
        ("received.bsn", "BSN 999999990"),
        ("received.bsn", "999.99.99.90"),
        ("received.name", "Hulp aan KindSanne, in november"),
        ("received.name", "familie Verhoeven"),
        ("received.name", "voor kindsanne’s ouders"),
    ],
)
def test_who_is_helped_stands_on_no_invoice(november: World, code: str, note: str) -> None:
    made = document(november, billed_line(match_of(), 150))
    for told in (
        replace(made, note=note),
        replace(made, buyer_reference=note),
        replace(made, lines=(replace(made.lines[0], note=note),)),
        replace(made, lines=(replace(made.lines[0], name=f"H2 {note}"),)),
    ):
        with pytest.raises(Refused) as no:
            receive(november, told)
        assert no.value.refusal.code == code
        # What was found is not said again.
        assert not [word for word in ("999", "Kind", "Verhoeven") if word in str(no.value.refusal.message)]
    assert not Invoice.objects.exists()


@pytest.mark.parametrize(
    "note", ["Tel. 0499 123456", "NL123456782B01", "IBAN NL91 ABNA 0417 1643 00", "factuur 123456789"]
)
def test_other_numbers_may_stand_there(november: World, note: str) -> None:
    made = replace(document(november, billed_line(match_of(), 150)), note=note)
    assert receive(november, made).stage == InvoiceStage.RIGHT


def test_the_original_is_kept_locked_byte_for_byte(november: World) -> None:
    made = document(november, billed_line(match_of(), 150))
    xml = ubl(made, Profile.NLCIUS)
    invoice = receive(november, xml)
    for who in ("jolanda", "henk"):
        file = queries.original(november.actor(who), invoice.pk, at=november.at)
        assert (file.content, file.name) == (xml, "ontvangen-E12345670-2026-0001.xml")
    with connections["default"].cursor() as cursor:
        cursor.execute("SELECT content FROM billing_original")
        (stored,) = cursor.fetchone()
    assert "F-2026-17" not in stored
    assert zlib.compress(xml, 9)[:8].hex() not in stored.encode().hex()


def test_what_nobody_looked_into_is_not_kept(november: World) -> None:
    xml = ubl(document(november, billed_line(match_of(), 150)), Profile.NLCIUS)
    attached = (
        b"<cac:AdditionalDocumentReference><cbc:ID>1</cbc:ID><cac:Attachment><cbc:EmbeddedDocumentBinaryObject"
        b' mimeCode="application/pdf" filename="factuur.pdf">JVBERi0xLjcKJcOkw7zDtg=='
        b"</cbc:EmbeddedDocumentBinaryObject></cac:Attachment></cac:AdditionalDocumentReference>"
    )
    more = xml.replace(b"<cac:AccountingSupplierParty>", attached + b"<cac:AccountingSupplierParty>")
    more = more.replace(b"<cbc:ID>", b"<!-- KindSanne --><cbc:ID>", 1)
    invoice = receive(november, more)
    kept = queries.original(november.actor("henk"), invoice.pk, at=november.at).content
    assert b"JVBER" not in kept
    assert b"KindSanne" not in kept
    assert b"F-2026-17" in kept
    assert code_of(lambda: receive(november, more)) == "received.again"


def test_a_match_number_that_is_none_is_not_shown_to_anybody(november: World) -> None:
    invoice = receive(november, document(november, billed_line("Jantje Beton", 60)))
    shown = queries.invoice(november.actor("henk"), invoice.pk, at=november.at)
    assert [(line.code, line.match_number) for line in shown.lines] == [("H2", "?")]


# --- corrections ----------------------------------------------------------------------------------------


def test_a_credit_note_takes_back_a_line_that_is_asked_about_and_its_hours_wait_again(
    november: World,
) -> None:
    wrong = billed_line(match_of(), 150, cents_per_hour=9100)
    invoice = receive(november, document(november, wrong))
    taken = document(november, wrong, number="C-1", kind=CREDIT, before=("F-2026-17",))
    note = receive(november, taken)
    invoice.refresh_from_db()
    assert (note.total_cents, note.corrects, note.stage) == (-22750, invoice, InvoiceStage.SETTLED)
    assert invoice.stage == InvoiceStage.SETTLED
    assert note.number == "E12345670-2026-0002"
    right = document(november, billed_line(match_of(), 150), number="F-2026-18")
    assert receive(november, right).stage == InvoiceStage.RIGHT


def test_a_credit_note_can_be_of_an_invoice_that_was_made_here(november: World) -> None:
    henk = november.actor("henk")
    actions.end_agreement(
        actor=henk,
        agreement_id=november.partners["vlinder"].agreements.get().pk,
        until_on=date(2026, 11, 5),
        at=november.at,
    )
    made_here = send(november, NOVEMBER)
    assert made_here.stage == InvoiceStage.ASKED
    line = billed_line(match_of(), 150)
    note = receive(november, document(november, line, number="C-1", kind=CREDIT, before=(made_here.number,)))
    assert note.corrects == made_here


def test_a_credit_note_takes_nothing_back_that_says_otherwise(november: World) -> None:
    match = match_of()
    receive(november, document(november, billed_line(match, 150, first_on=date(2026, 11, 2))))
    for other in (
        billed_line(match, 151, first_on=date(2026, 11, 2)),
        billed_line(match, 90, first_on=date(2026, 11, 2), cents_per_hour=8900),
        billed_line(match, 90, first_on=date(2026, 10, 1), last_on=date(2026, 11, 1)),
        billed_line(match, 90, first_on=date(2026, 11, 2), code="H1"),
        replace(billed_line(match, 90, first_on=date(2026, 11, 2)), cents=13_400),
    ):
        taken = document(november, other, number="C-1", kind=CREDIT, before=("F-2026-17",))
        assert code_of(partial(receive, november, taken)) == "received.line_credit"
    assert Invoice.objects.count() == 1


@pytest.mark.parametrize("paid", [False, True])
def test_a_credit_note_takes_back_what_was_right_and_even_paid(november: World, paid: bool) -> None:
    line = billed_line(match_of(), 150)
    invoice = receive(november, document(november, line))
    if paid:
        batch = actions.pay(actor=november.actor("henk"), at=november.at)
        read(november, afschrift(november, *one_by_one(batch)))
    taken = document(november, line, number="C-1", kind=CREDIT, before=("F-2026-17",))
    note = receive(november, taken)
    invoice.refresh_from_db()
    assert (note.total_cents, note.corrects) == (-22500, invoice)
    assert invoice.stage == (InvoiceStage.PAID if paid else InvoiceStage.SETTLED)
    (owed,) = queries.owed(november.actor("henk")) or (None,)
    assert (owed.cents if owed else 0) == (22500 if paid else 0)
    again = document(november, line, number="C-2", kind=CREDIT, before=("F-2026-17",))
    assert code_of(lambda: receive(november, again)) == "received.line_credit"


def test_a_credit_note_takes_each_line_back_once(november: World) -> None:
    wrong = billed_line("M2026-999999", 60)
    receive(november, document(november, wrong, wrong))
    three = document(november, wrong, wrong, wrong, number="C-1", kind=CREDIT, before=("F-2026-17",))
    assert code_of(lambda: receive(november, three)) == "received.line_credit"
    two = document(november, wrong, wrong, number="C-1", kind=CREDIT, before=("F-2026-17",))
    assert receive(november, two).total_cents == -18000
    again = replace(two, number="C-2")
    assert code_of(lambda: receive(november, again)) == "received.line_credit"


def test_a_correction_names_the_invoice_before_and_is_one_itself(november: World) -> None:
    match = match_of()
    receive(november, document(november, billed_line(match, 60)))
    more = document(
        november, billed_line(match, 90), number="F-2026-18", kind=CORRECTED, before=("F-2026-17",)
    )
    assert receive(november, more).stage == InvoiceStage.RIGHT


# --- once, whoever tries, however often -----------------------------------------------------------------

TOGETHER = 8
# As many tries of as few files; HENDIG_IMPORTS says another number (10000).
TRIES = int(os.environ.get("HENDIG_IMPORTS", "80"))


@pytest.mark.django_db(transaction=True)
def test_retried_and_parallel_imports_give_no_double() -> None:
    world = fill_november(build_world())
    match = match_of()
    jolanda = world.actor("jolanda")
    files = [
        judged(document(world, billed_line(match, minutes), number=f"F-{place}"))
        for place, minutes in enumerate((60, 90, 150, 60), start=1)
    ]
    tries = [
        partial(
            actions.receive_invoice,
            actor=jolanda if turn % 3 else world.system,
            sent=files[turn % len(files)],
            at=world.at,
        )
        for turn in range(TRIES)
    ]
    told: Counter[str] = Counter()
    for begin in range(0, TRIES, TOGETHER):
        told.update(at_once(*tries[begin : begin + TOGETHER]))
    assert told == {"done": len(files), "received.again": TRIES - len(files)}
    numbers = Invoice.objects.order_by("number").values_list("number", flat=True)
    assert list(numbers) == [f"E12345670-2026-000{place}" for place in range(1, 5)]
    assert InvoicedAppointment.objects.count() == 2
    # Both appointments are behind a line once: what is payable is never more than was kept.
    payable = [line.cents for invoice in Invoice.objects.all() for line in invoice.lines.filter(findings=[])]
    assert sum(payable) <= 22500
