"""A credit note of the partner's own system takes back a part of a line: the rest stands, to the cent."""

from __future__ import annotations

from datetime import date
from uuid import uuid4

import pytest
import time_machine
from django.db.models import Sum
from django.urls import reverse

from hendig.billing import actions, queries, rules
from hendig.billing.adapters.ubl.document import CREDIT
from hendig.billing.models import Invoice, InvoicedAppointment, InvoiceLine, InvoiceStage, Payment
from hendig.billing.rules import Finding, Left
from hendig.kernel.actor import Role
from hendig.kernel.money import line_amount
from hendig.kernel.periods import Period
from tests.billing.test_received import match_of
from tests.support.bank import afschrift, one_by_one, read
from tests.support.billing import HOUR, at_end_of, fill_november, send
from tests.support.received import FIRST, LAST, billed_line, document, receive
from tests.support.refusals import code_of
from tests.support.shared import built_once
from tests.support.world import World

NOVEMBER = date(2026, 11, 1)


@built_once
def november(world: World) -> World:
    """Of one match an hour and one and a half were kept."""
    world.add_worker("frits", Role.FINANCE)
    world.add_worker("ada", Role.AUDITOR)
    return fill_november(world)


def sent(world: World, minutes: int = 300, **more: object) -> Invoice:
    return receive(world, document(world, billed_line(match_of(), minutes, **more)))  # type: ignore[arg-type]


def credit(
    world: World, *minutes: int, number: str = "C-1", of: str = "F-2026-17", **more: object
) -> Invoice:
    lines = [billed_line(match_of(), one, **more) for one in minutes]  # type: ignore[arg-type]
    return receive(world, document(world, *lines, number=number, kind=CREDIT, before=(of,)))


def standing(invoice: Invoice) -> list[tuple[int, int, bool]]:
    rows = invoice.lines.select_related("credited_by").order_by("id")
    return [(one.minutes, one.cents, hasattr(one, "credited_by")) for one in rows]


def test_the_rest_of_the_line_is_right_by_itself_once_what_nobody_kept_is_taken_back(november: World) -> None:
    invoice = sent(november)
    assert invoice.lines.get().findings == [Finding.OTHER_HOURS]
    note = credit(november, 150)
    invoice.refresh_from_db()
    assert (note.total_cents, note.stage, note.corrects) == (-22_500, InvoiceStage.SETTLED, invoice)
    assert standing(invoice) == [(150, 22_500, False), (150, 22_500, True)]
    assert (invoice.total_cents, invoice.stage) == (45_000, InvoiceStage.RIGHT)
    # Both appointments stand behind what is left.
    behind = InvoicedAppointment.objects.filter(line__credited_by=None)
    assert list(behind.values_list("line__minutes", flat=True)) == [150, 150]
    batch = actions.pay(actor=november.actor("henk"), at=november.at)
    assert batch.total_cents == 22_500
    invoice.refresh_from_db()
    assert (invoice.stage, invoice.paid_cents) == (InvoiceStage.PAID, 22_500)


def test_what_was_kept_and_is_taken_back_waits_for_another_invoice(november: World) -> None:
    invoice = sent(november, 150)
    credit(november, 60)
    invoice.refresh_from_db()
    assert (invoice.stage, standing(invoice)) == (
        InvoiceStage.RIGHT,
        [(90, 13_500, False), (60, 9_000, True)],
    )
    assert InvoicedAppointment.objects.count() == 1
    later = receive(november, document(november, billed_line(match_of(), 60), number="F-18"))
    # The same days of the same match stand on the rest of the first.
    assert later.stage == InvoiceStage.RIGHT
    assert InvoicedAppointment.objects.count() == 2


def test_a_part_of_an_appointment_leaves_a_question_about_the_rest(november: World) -> None:
    invoice = sent(november, 150)
    credit(november, 30)
    invoice.refresh_from_db()
    (line,) = invoice.lines.filter(credited_by=None)
    assert (invoice.stage, line.minutes, line.findings) == (InvoiceStage.ASKED, 120, [Finding.OTHER_HOURS])
    assert InvoicedAppointment.objects.count() == 2


def test_of_a_line_that_was_paid_the_part_comes_off_the_next_payment(november: World) -> None:
    invoice = sent(november, 150)
    batch = actions.pay(actor=november.actor("henk"), at=november.at)
    november.later(hours=96)
    read(november, afschrift(november, *one_by_one(batch)))
    credit(november, 60)
    invoice.refresh_from_db()
    assert (invoice.stage, invoice.paid_cents) == (InvoiceStage.PAID, 22_500)
    (owed,) = queries.owed(november.actor("henk"))
    assert owed.cents == 9_000
    # The hour that was taken back goes on the next invoice, and is settled with it.
    receive(november, document(november, billed_line(match_of(), 60), number="F-18"))
    paid = actions.pay(actor=november.actor("henk"), at=november.at)
    assert (paid.total_cents, queries.owed(november.actor("henk"))) == (0, ())


def test_a_part_of_what_was_made_here_is_taken_back_too(november: World) -> None:
    at_end_of(november, NOVEMBER)
    invoice = send(november, NOVEMBER)
    note = credit(november, 60, of=invoice.number, first_on=date(2026, 11, 3), last_on=date(2026, 11, 30))
    assert (note.total_cents, note.corrects) == (-9_000, invoice)
    invoice.refresh_from_db()
    assert invoice.stage == InvoiceStage.RIGHT


def test_the_list_of_the_office_says_that_a_note_is_still_to_be_settled(november: World) -> None:
    sent(november, 150)
    batch = actions.pay(actor=november.actor("henk"), at=november.at)
    november.later(hours=96)
    read(november, afschrift(november, *one_by_one(batch)))
    note = credit(november, 60)

    def listed() -> bool:
        with time_machine.travel(november.at, tick=False):
            page = november.client("jolanda").get(reverse("hours")).content.decode()
        return "nog te verrekenen" in page

    assert listed()
    receive(november, document(november, billed_line(match_of(), 60), number="F-18"))
    actions.pay(actor=november.actor("henk"), at=november.at)
    assert not listed()
    assert note.repayments.get().cents == 9_000


def test_parts_can_be_taken_back_until_nothing_is_left_and_no_further(november: World) -> None:
    invoice = sent(november)
    credit(november, 60, 60)
    credit(november, 180, number="C-2")
    invoice.refresh_from_db()
    assert (invoice.stage, sum(cents for _m, cents, back in standing(invoice) if not back)) == (
        InvoiceStage.SETTLED,
        0,
    )
    notes = Invoice.objects.filter(corrects=invoice).aggregate(cents=Sum("total_cents"))["cents"]
    assert notes + invoice.total_cents == 0
    assert code_of(lambda: credit(november, 30, number="C-3")) == "received.line_credit"
    assert not InvoicedAppointment.objects.exists()


def test_a_cent_of_rounding_is_no_question(november: World) -> None:
    """An odd tariff: the whole was rounded once, and so was the part."""
    invoice = sent(november, 150)
    line = invoice.lines.get()
    prices = [
        (one, line_amount(150, one) - line_amount(61, one), line_amount(89, one)) for one in (9_001, 9_007)
    ]
    assert any(rest != alone for _price, rest, alone in prices)
    for price, rest, _alone in prices:
        claim = _claim(line, price, rest)
        assert Finding.OTHER_AMOUNT not in rules.findings(claim)
        assert Finding.OTHER_AMOUNT in rules.findings(_claim(line, price, rest + 1))


def _claim(line: InvoiceLine, price: int, cents: int) -> rules.Claim:
    return rules.Claim(
        municipality_id=line.municipality_id,
        partner_id=line.invoice.partner_id,
        service_code_id=line.service_code_id,
        minutes=89,
        cents_per_hour=price,
        cents=cents,
        days=(line.first_on,),
        kept_minutes=89,
        family_municipality_id=line.municipality_id,
        match_partner_id=line.invoice.partner_id,
        match_code_id=line.service_code_id,
        match_period=rules.ALWAYS,
        code_municipality_id=line.municipality_id,
        agreements=(rules.ALWAYS,),
        prices=(),
        apart_minutes=61,
        apart_cents=line_amount(61, price),
    )


@pytest.mark.parametrize("paid_first", [True, False])
def test_who_audits_sees_what_stood_on_the_line_and_which_note_took_the_part(
    november: World, paid_first: bool
) -> None:
    sent(november, 150)
    if paid_first:
        actions.pay(actor=november.actor("henk"), at=november.at)
    note = credit(november, 60)
    if not paid_first:
        actions.pay(actor=november.actor("henk"), at=november.at)
    payment = Payment.objects.get()
    chain = queries.chain(november.actor("ada"), payment.pk, at=november.at)
    rest = next(one for one in chain.lines if one.minutes == 90)
    assert [(one.number, one.minutes, one.cents) for one in rest.apart] == [(note.number, 60, 9_000)]
    assert sum(one.cents for one in chain.lines) == payment.cents
    assert [one.credited_by for one in chain.lines] == ([""] if not paid_first else ["", note.number])
    (back,) = chain.credited
    assert (back.minutes, back.of_minutes, back.cents, len(back.days)) == (60, 90, -9_000, 1)
    page = november.client("ada").get(reverse("chain", args=[payment.pk])).content.decode()
    assert "Op dezelfde regel stond nog" in page
    assert note.number in page
    file = queries.chain_file(chain, "csv").content.decode("utf-8-sig")
    assert f"{note.number} 60 90" in file


def test_the_office_sees_which_part_was_taken_back(november: World) -> None:
    invoice = sent(november, 150)
    credit(november, 60)
    page = november.client("jolanda").get(reverse("invoice", args=[invoice.pk])).content.decode()
    assert "deel gecrediteerd" in page


# --- the rules ------------------------------------------------------------------------------------------


def left(minutes: int, cents: int | None = None, said: str = "") -> Left:
    cents = line_amount(minutes, HOUR) if cents is None else cents
    return Left("M1", "H2", said, HOUR, Period(FIRST, LAST), minutes, cents)


def of_note(minutes: int, code: str = "H2") -> rules.BilledLine:
    return rules.BilledLine("", "M1", code, minutes, HOUR, line_amount(minutes, HOUR), FIRST, LAST)


@pytest.mark.parametrize(
    ("note", "lines", "found"),
    [
        # A whole line goes before a part of another.
        ([of_note(60)], [left(300), left(60)], [1]),
        ([of_note(60), of_note(60)], [left(300), left(60)], [1, 0]),
        ([of_note(60), of_note(300)], [left(300)], [None, 0]),
        ([of_note(200), of_note(100)], [left(300)], [0, 0]),
        ([of_note(200), of_note(101)], [left(300)], [0, None]),
        ([of_note(60, "H1")], [left(300)], [None]),
        ([of_note(60)], [left(300, said="M1 · H9")], [None]),
        ([of_note(60)], [left(300, cents=1)], [None]),
        ([of_note(60)], [], [None]),
    ],
)
def test_which_line_a_note_takes_back(
    note: list[rules.BilledLine], lines: list[Left], found: list[int | None]
) -> None:
    assert rules.taken_back(note, lines) == found


@pytest.mark.parametrize(
    ("kept", "minutes", "freed"),
    [
        ([90, 60, 30], 60, [1]),
        ([90, 60, 30], 90, [0]),
        ([90, 60, 60], 120, [1, 2]),
        ([90, 60], 30, []),
        ([90, 60], 100, [0]),
        ([], 60, []),
    ],
)
def test_which_appointments_wait_again(kept: list[int], minutes: int, freed: list[int]) -> None:
    keys = [uuid4() for _one in kept]
    found = rules.to_free(zip(keys, kept, strict=True), minutes)
    assert found == {keys[place] for place in freed}
