"""What the bank says is read: paid on, or refused and payable once more; a wrong file changes nothing."""

from __future__ import annotations

import re
from collections.abc import Callable
from contextlib import suppress
from datetime import date, datetime
from functools import partial
from pathlib import Path

import pytest
from lxml import etree

from hendig.audit.models import Entry
from hendig.billing import actions, queries, rules
from hendig.billing.adapters.bank import understood
from hendig.billing.adapters.statement import said_in
from hendig.billing.models import BankFile, Invoice, InvoiceStage, Payment, PaymentBatch, PaymentStage
from hendig.demo.bank import Booked
from hendig.kernel.actor import Role
from hendig.kernel.periods import AMSTERDAM
from hendig.kernel.refusal import Forbidden, Refused
from hendig.people.actions import tell
from hendig.people.models import Notice
from tests.support.bank import (
    DAY,
    NOWHERE,
    afschrift,
    as_a_whole,
    back,
    brought,
    iban,
    one_by_one,
    read,
    status_report,
)
from tests.support.billing import HOUR, agree, at_end_of, keep, make_match, send
from tests.support.refusals import code_of
from tests.support.shared import built_once
from tests.support.together import at_once
from tests.support.world import World, build_world

OCTOBER, NOVEMBER = date(2026, 10, 1), date(2026, 11, 1)
FIRST, SECOND = "12345670-2026-0001", "12345670-2026-0002"


def paid_two_months(world: World) -> PaymentBatch:
    """An hour of October and one and a half of November are in one batch for the bank."""
    world.add_worker("frits", Role.FINANCE)
    agree(world)
    world.at = datetime(2026, 10, 1, 8, tzinfo=AMSTERDAM)
    match = make_match(world)
    keep(world, match, date(2026, 10, 6), 60)
    at_end_of(world, OCTOBER)
    send(world, OCTOBER)
    keep(world, match, date(2026, 11, 10), 90)
    at_end_of(world, NOVEMBER)
    send(world, NOVEMBER)
    batch = actions.pay(actor=world.actor("henk"), at=world.at)
    world.at = datetime(2026, 12, 3, 9, tzinfo=AMSTERDAM)
    return batch


@built_once
def batch(world: World) -> PaymentBatch:
    return paid_two_months(world)


def payment(reference: str = FIRST) -> Payment:
    return Payment.objects.get(reference=reference)


def pay(world: World, who: str = "frits") -> PaymentBatch:
    return actions.pay(actor=world.actor(who), at=world.at)


def standing() -> list[object]:
    """All that a file can change."""
    return [
        list(Payment.objects.order_by("id").values_list()),
        list(Invoice.objects.order_by("id").values_list("stage", "paid_cents", "batch")),
        list(BankFile.objects.values_list()),
        Entry.objects.filter(kind="change").count(),
    ]


# --- paid -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("lines", [one_by_one, as_a_whole])
def test_what_the_bank_booked_is_paid_on_that_day(
    world: World, batch: PaymentBatch, lines: Callable[[PaymentBatch], list[Booked]]
) -> None:
    other = Booked(12_345, "SALARIS-2026-12")
    done = read(world, afschrift(world, *lines(batch), other))
    assert (done.paid, done.refused, done.others) == (2, 0, 1)
    assert {(one.stage, one.booked_on) for one in batch.payments.all()} == {(PaymentStage.PAID, DAY)}
    assert all(one.booked_line.startswith("AFSCHRIFT-1/") for one in batch.payments.all())
    assert Entry.objects.filter(code="invoice.booked", family_id=None).count() == 2


@pytest.mark.parametrize(
    ("moment", "day"),
    [
        ("2026-12-02T23:30:00Z", date(2026, 12, 3)),
        ("2026-12-02T23:30:00+01:00", date(2026, 12, 2)),
        ("2026-12-02T23:30:00", date(2026, 12, 2)),
    ],
)
def test_a_moment_of_the_bank_falls_on_the_day_that_it_is_here(
    world: World, batch: PaymentBatch, moment: str, day: date
) -> None:
    good = afschrift(world, *one_by_one(batch))
    read(world, swapped(good, ("<BookgDt><Dt>2026-12-02</Dt>", f"<BookgDt><DtTm>{moment}</DtTm>")))
    assert payment().booked_on == day


def test_a_payment_is_for_its_invoice_and_names_it(batch: PaymentBatch) -> None:
    assert list(batch.payments.order_by("reference").values_list("reference", "cents", "stage")) == [
        (FIRST, HOUR, "sent"),
        (SECOND, HOUR * 3 // 2, "sent"),
    ]
    assert sum(one.cents for one in batch.payments.all()) == batch.total_cents


def test_only_what_is_ours_of_a_statement_is_written_down(world: World, batch: PaymentBatch) -> None:
    """Names, accounts and remarks of others on the statement of a municipality go nowhere."""
    content = afschrift(world, *one_by_one(batch), Booked(999, "ONDERHOUD-JANSSEN"))
    read(world, content)
    kept = repr([*BankFile.objects.values(), *Payment.objects.values(), *Entry.objects.values()])
    assert "JANSSEN" not in kept
    assert "999" not in [str(one.cents) for one in Payment.objects.all()]


def test_a_statement_with_only_lines_of_others_is_read_and_changes_nothing(
    world: World, batch: PaymentBatch
) -> None:
    done = read(world, afschrift(world, Booked(100, "IETS-ANDERS"), Booked(200)))
    assert (done.paid, done.refused, done.others) == (0, 0, 2)
    assert {one.stage for one in batch.payments.all()} == {PaymentStage.SENT}


def test_a_longer_statement_that_holds_what_was_read_adds_what_is_new(
    world: World, batch: PaymentBatch
) -> None:
    first, second = one_by_one(batch)
    read(world, afschrift(world, first))
    again = afschrift(world, first, second, name="AFSCHRIFT-2").replace(b"AFSCHRIFT-2/1", b"AFSCHRIFT-1/1")
    assert read(world, again).paid == 1
    assert {one.stage for one in batch.payments.all()} == {PaymentStage.PAID}


def test_the_older_version_of_a_statement_says_the_same(world: World, batch: PaymentBatch) -> None:
    old = afschrift(world, *one_by_one(batch)).decode().replace("camt.053.001.08", "camt.053.001.02")
    old = old.replace("<Sts><Cd>BOOK</Cd></Sts>", "<Sts>BOOK</Sts>")
    old = re.sub(
        r"(</Refs>)(<Amt [^>]*>[\d.]+</Amt>)<CdtDbtInd>DBIT</CdtDbtInd>",
        r"\1<AmtDtls><TxAmt>\2</TxAmt></AmtDtls>",
        old,
    )
    assert read(world, old.encode()).paid == 2


def test_what_is_only_announced_is_not_paid(world: World, batch: PaymentBatch) -> None:
    whole = afschrift(world, *one_by_one(batch)).replace(b"BOOK", b"PDNG")
    closing = re.sub(rb"(CLBD.*?EUR\">)[\d.]+", rb"\g<1>1000000.00", whole, count=1)
    assert read(world, closing).paid == 0
    assert {one.stage for one in batch.payments.all()} == {PaymentStage.SENT}


# --- refused, and paid once more ------------------------------------------------------------------------


def test_what_the_bank_rejects_waits_again_with_the_reason(world: World, batch: PaymentBatch) -> None:
    done = read(world, status_report(batch, (FIRST, "AC04"), (SECOND, "")))
    assert (done.paid, done.refused) == (0, 1)
    refused = payment()
    assert (refused.stage, refused.refused_on, refused.reason) == (PaymentStage.REFUSED, DAY, "AC04")
    invoice = refused.invoice
    assert (invoice.stage, invoice.paid_cents, invoice.batch_id) == (InvoiceStage.RIGHT, 0, None)
    assert not invoice.lines.exclude(batch=None).exists()
    assert payment(SECOND).invoice.stage == InvoiceStage.PAID
    entry = Entry.objects.get(code="invoice.turned_down")
    assert entry.facts["lines"] == [str(line.pk) for line in invoice.lines.all()]
    row = queries.invoice(world.actor("henk"), invoice.pk, at=world.at).invoice
    assert row.came_back
    assert row.last
    assert str(row.last.reason) == "De rekening is opgeheven."


def test_what_came_back_is_paid_once_more_under_another_reference_and_never_twice(
    world: World, batch: PaymentBatch
) -> None:
    read(world, status_report(batch, (FIRST, "AC04")))
    again = pay(world)
    assert (again.total_cents, again.number) == (HOUR, "B2026-0002")
    assert f"<EndToEndId>{FIRST}-2</EndToEndId>" in again.xml
    assert code_of(lambda: pay(world)) == "payment.nothing"
    # The bank says the same once more, in another message: nothing moves.
    done = read(world, status_report(batch, (FIRST, "AC04"), name="STATUS-2"), who="frits")
    assert (done.paid, done.refused) == (0, 0)
    assert code_of(lambda: pay(world)) == "payment.nothing"
    done = read(world, afschrift(world, *one_by_one(again)))
    invoice = payment().invoice
    assert (done.paid, invoice.stage, invoice.paid_cents) == (1, InvoiceStage.PAID, HOUR)


def test_who_read_that_it_came_back_leaves_the_paying_to_a_colleague(
    world: World, batch: PaymentBatch
) -> None:
    read(world, status_report(batch, (FIRST, "AC04")))
    page = queries.to_pay(world.actor("henk"), at=world.at)
    assert (page.count, page.own_read, page.came_back.count) == (0, 1, 1)
    assert code_of(lambda: pay(world, "henk")) == "payment.nothing"
    assert queries.to_pay(world.actor("frits"), at=world.at).count == 1
    assert pay(world).total_cents == HOUR


@pytest.mark.parametrize(("group", "part"), [("RJCT", ""), ("PART", "RJCT")])
def test_a_batch_that_is_rejected_as_a_whole_waits_again(
    world: World, batch: PaymentBatch, group: str, part: str
) -> None:
    assert read(world, status_report(batch, group=group, part=part)).refused == 2
    assert pay(world).total_cents == batch.total_cents


def test_what_was_paid_and_comes_back_is_returned(world: World, batch: PaymentBatch) -> None:
    read(world, afschrift(world, *one_by_one(batch)))
    done = read(world, afschrift(world, back(payment()), name="AFSCHRIFT-2", on=date(2026, 12, 4)))
    returned = payment()
    assert (done.refused, returned.stage) == (1, PaymentStage.RETURNED)
    assert (returned.booked_on, returned.refused_on) == (DAY, date(2026, 12, 4))
    assert pay(world).total_cents == HOUR


def test_a_part_that_comes_back_leaves_the_question_about_the_rest(world: World) -> None:
    world.add_worker("frits", Role.FINANCE)
    agree(world)
    agree(world, code="H1", cents=8000, until_on=date(2026, 11, 5))
    keep(world, make_match(world), date(2026, 11, 3))
    keep(world, make_match(world, "Fatima", code="H1"), date(2026, 11, 10))
    at_end_of(world, NOVEMBER)
    invoice = send(world, NOVEMBER)
    batch = actions.pay(actor=world.actor("henk"), at=world.at)
    read(world, status_report(batch, (FIRST, "AC01")))
    invoice.refresh_from_db()
    assert (invoice.stage, invoice.paid_cents) == (InvoiceStage.ASKED, 0)
    assert pay(world).total_cents == HOUR
    actions.accept_line(
        actor=world.actor("henk"), line_id=invoice.lines.exclude(findings=[]).get().pk, at=world.at
    )
    rest = pay(world)
    invoice.refresh_from_db()
    assert (invoice.stage, invoice.paid_cents) == (InvoiceStage.PAID, HOUR + 8000)
    assert f"<EndToEndId>{FIRST}-3</EndToEndId>" in rest.xml


def test_a_reason_without_words_is_named_as_the_bank_names_it() -> None:
    assert str(rules.reason_words("ZZ99")) == "De bank noemt als reden: ZZ99."
    assert str(rules.reason_words("")) == "De bank zegt niet waarom."
    assert all(re.fullmatch(r"[A-Z]{2,4}\d{0,2}", code) for code in rules.REASONS)


def test_the_office_and_finance_hear_of_what_came_back(world: World, batch: PaymentBatch) -> None:
    read(world, status_report(batch, (FIRST, "AC04")))
    entries = Entry.objects.filter(code__in=["invoice.turned_down", "bank_file.read"])
    tell(entry_ids=[one.pk for one in entries], at=world.at)
    told = Notice.objects.filter(code="invoice.turned_down").values_list("account__first_name", flat=True)
    assert sorted(told) == ["Frits", "Jolanda"]


# --- not believed ---------------------------------------------------------------------------------------


def swapped(content: bytes, *pairs: tuple[str, str]) -> bytes:
    text = content.decode()
    for old, new in pairs:
        assert old in text, old
        text = text.replace(old, new)
    return text.encode()


def test_a_file_that_is_not_right_changes_nothing_and_says_why(world: World, batch: PaymentBatch) -> None:
    good = afschrift(world, *one_by_one(batch))
    first, second = one_by_one(batch)
    bad = {
        "bank.unbalanced": afschrift(world, first, second, opening=1).replace(b">0.01<", b">0.02<"),
        "bank.other_account": swapped(good, (iban(world), "NL91ABNA0417164300")),
        "bank.not_euros": swapped(good, ("EUR", "USD")),
        "bank.no_balance": swapped(good, ("OPBD", "OPAV")),
        "bank.unknown_reference": afschrift(world, first, Booked(100, "12345670-2026-0999")),
        "bank.other_amount": afschrift(world, first, Booked(second.cents + 1, second.reference)),
        "bank.twice": afschrift(world, first, first, second),
        "bank.never_debited": afschrift(world, first, back(payment(SECOND))),
        "bank.incomplete": swapped(good, ("<MsgId>AFSCHRIFT-1</MsgId>", "")),
        "bank.no_amount": swapped(good, ("<BookgDt><Dt>2026-12-02", "<BookgDt><Dt>2026-13-02")),
        "bank.no_bank_file": swapped(good, ("camt.053.001.08", "camt.086.001.08")),
        "bank.interim": swapped(good, ("camt.053.001.08", "camt.052.001.08")),
        "bank.notification": swapped(good, ("camt.053.001.08", "camt.054.001.08")),
        "bank.order": batch.xml.encode(),
        "file.doctype": swapped(good, ("<Document", '<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]><Document')),
        "file.broken": good[:-40],
        "file.empty": b"",
    }  # fmt: skip
    before = standing()
    for code, content in bad.items():
        with pytest.raises(Refused) as no:
            read(world, content)
        assert no.value.refusal.code == code
        assert str(no.value.refusal.message)
        assert standing() == before, code
    assert read(world, good).paid == 2


@pytest.mark.parametrize("named", [True, False])
def test_a_batch_in_one_line_may_name_its_payments_without_their_amounts(
    world: World, batch: PaymentBatch, *, named: bool
) -> None:
    """By the schema of 2009 a bank need not say more; the amount of the line must be that of the batch."""
    names = [one.reference if named else "NOTPROVIDED" for one in batch.payments.all()]
    details = "".join(f"<TxDtls><Refs><EndToEndId>{name}</EndToEndId></Refs></TxDtls>" for name in names)
    good = afschrift(world, *as_a_whole(batch))
    bare = swapped(good, ("</Btch></NtryDtls>", f"</Btch>{details}</NtryDtls>"))
    less = afschrift(world, Booked(batch.total_cents - 1, batch=batch.number))
    wrong = swapped(less, ("</Btch></NtryDtls>", f"</Btch>{details}</NtryDtls>"))
    assert code_of(lambda: read(world, wrong)) == "bank.other_amount"
    assert read(world, bare).paid == 2
    assert {one.booked_on for one in batch.payments.all()} == {DAY}


def test_what_left_the_former_account_is_read_from_its_own_statement(
    world: World, batch: PaymentBatch
) -> None:
    """The batch was at the bank when the municipality began to pay from another account."""
    of_former = afschrift(world, *one_by_one(batch))
    came_back = afschrift(world, back(payment()), name="AFSCHRIFT-2")
    of_another = swapped(of_former, (iban(world), "NL91ABNA0417164300"))
    wanted = actions.ask_own_account(
        actor=world.system, iban="NL20INGB0001234567", bic="INGBNL2A", at=world.at
    )
    actions.agree_account(actor=world.actor("henk"), change_id=wanted.pk, at=world.at)
    world.later(hours=73)
    actions.move_account(municipality_id=world.municipality.pk, change_id=wanted.pk, at=world.at)
    assert iban(world) == "NL20INGB0001234567"
    assert code_of(lambda: read(world, of_another)) == "bank.other_account"
    assert read(world, of_former).paid == 2
    assert read(world, came_back).refused == 1
    assert payment().stage == PaymentStage.RETURNED


def test_a_batch_in_one_line_is_what_was_not_refused(world: World, batch: PaymentBatch) -> None:
    read(world, status_report(batch, (FIRST, "AC04")))
    whole = afschrift(world, *as_a_whole(batch))
    assert code_of(lambda: read(world, whole)) == "bank.other_amount"
    rest = afschrift(world, Booked(payment(SECOND).cents, batch=batch.number))
    assert read(world, rest).paid == 1
    assert (payment().stage, payment(SECOND).stage) == (PaymentStage.REFUSED, PaymentStage.PAID)


def test_what_was_refused_and_is_debited_after_all_is_asked_of_the_bank(
    world: World, batch: PaymentBatch
) -> None:
    read(world, status_report(batch, (FIRST, "AC04")))
    first = one_by_one(batch)[0]
    assert code_of(lambda: read(world, afschrift(world, first))) == "bank.contradicts"
    # Taken and given back on one statement is the same refusal, told in two lines.
    assert read(world, afschrift(world, first, back(payment()))).refused == 0
    assert payment().stage == PaymentStage.REFUSED


def test_what_was_paid_cannot_be_rejected_nor_paid_again_nor_come_back_twice(
    world: World, batch: PaymentBatch
) -> None:
    read(world, afschrift(world, *one_by_one(batch)))
    first = one_by_one(batch)[0]
    assert code_of(lambda: read(world, status_report(batch, (FIRST, "AC04")))) == "bank.contradicts"
    later = afschrift(world, first, name="AFSCHRIFT-2", on=date(2026, 12, 7))
    assert code_of(lambda: read(world, later)) == "bank.twice"
    read(world, afschrift(world, back(payment()), name="AFSCHRIFT-3"))
    again = afschrift(world, back(payment()), name="AFSCHRIFT-4", on=date(2026, 12, 8))
    assert code_of(lambda: read(world, again)) == "bank.twice"


def test_the_same_file_is_read_once_and_so_is_the_same_message(world: World, batch: PaymentBatch) -> None:
    good = afschrift(world, *one_by_one(batch))
    read(world, good)
    before = standing()
    for again in (good, good.replace(b"20:00:00", b"21:00:00")):
        with pytest.raises(Refused) as no:
            read(world, again, who="frits")
        assert no.value.refusal.code == "bank.read_before"
        assert "3 december 2026" in str(no.value.refusal.message)
    assert standing() == before


@pytest.mark.parametrize("who", ["jolanda", "ellen", "anouk", "petra"])
def test_only_finance_reads_what_the_bank_says(world: World, batch: PaymentBatch, who: str) -> None:
    with pytest.raises(Forbidden):
        read(world, afschrift(world, *one_by_one(batch)), who=who)


def test_whatever_is_cut_off_or_altered_is_read_or_refused_and_never_a_crash(
    world: World, batch: PaymentBatch
) -> None:
    good = afschrift(world, *one_by_one(batch))
    sizes = (1, 9, 60, len(good))
    for cut in (good[:place] + good[place + size :] for place in range(0, len(good), 5) for size in sizes):
        with suppress(Refused):
            understood(cut, said_in(cut, NOWHERE))


def test_the_official_schema_is_asked_where_it_is_installed(tmp_path: Path, world: World) -> None:
    content = afschrift(world, Booked(100))
    space = "urn:iso:std:iso:20022:tech:xsd:camt.053.001.08"
    schema = f'<xs:schema xmlns:xs="http://www.w3.org/2001/XMLSchema" targetNamespace="{space}"/>'
    assert "unread" not in said_in(content, tmp_path)
    (tmp_path / "camt.053.001.08.xsd").write_text(schema)
    assert said_in(content, tmp_path) == {"unread": rules.NotRead.SCHEMA}


# --- at the same time, and again ------------------------------------------------------------------------


def test_the_file_for_the_bank_is_the_same_each_time(world: World, batch: PaymentBatch) -> None:
    henk = world.actor("henk")
    first = queries.payment_file(henk, batch.pk)
    read(world, status_report(batch, (FIRST, "AC04")))
    pay(world)
    assert queries.payment_file(henk, batch.pk) == first
    root = etree.fromstring(first.xml.encode())
    assert root.findtext(".//{*}MsgId") == batch.number
    assert [one.text for one in root.iterfind(".//{*}EndToEndId")] == [FIRST, SECOND]


@pytest.mark.django_db(transaction=True)
def test_of_many_who_read_and_pay_at_once_each_thing_happens_once() -> None:
    world = build_world()
    batch = paid_two_months(world)
    file = brought(status_report(batch, (FIRST, "AC04")))
    reader, payer = world.actor("henk"), world.actor("frits")
    reading = partial(actions.read_bank_file, actor=reader, file=file, at=world.at)
    paying = partial(actions.pay, actor=payer, at=world.at)
    acts: list[Callable[[], object]] = [reading, paying]
    said = at_once(*acts * 6)
    assert sorted(said[::2]) == [*["bank.read_before"] * 5, "done"]
    assert set(said[1::2]) <= {"done", "payment.nothing"}
    assert said[1::2].count("done") <= 1
    if "done" not in said[1::2]:
        pay(world)
    sent = Payment.objects.filter(invoice__number=FIRST).values_list("reference", "stage")
    assert sorted(sent) == [(FIRST, "refused"), (f"{FIRST}-2", "sent")]
    assert code_of(lambda: pay(world)) == "payment.nothing"
