"""Month after month: offices send their invoice, Henk pays what is right and reads what the bank says."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from django.db.models import Sum

from hendig.billing import actions as billing
from hendig.billing.adapters import bank, sheet
from hendig.billing.models import Agreement, Invoice, PaymentBatch, Variant, to_invoice
from hendig.billing.queries import sheet_head, sheet_template, to_pay
from hendig.billing.rules import BANK_FILE, SETTLED_AFTER, latest_month
from hendig.demo.bank import Booked, statement
from hendig.demo.people import PARTNERS
from hendig.demo.timeline import Story
from hendig.demo.town import HISTORY, Town, at_clock
from hendig.files.adapters.door import let_in
from hendig.kernel.periods import Period, local_day
from hendig.people.models import Municipality
from hendig.plans.models import AppointmentStage

# Jolanda still has the button before her; two others pressed it yesterday: that is what Henk finds.
OPEN = "vlinder"
LATE = ("steiger", "brug")
# Here nobody had seen that it ended: the office took the month back, and agreed anew.
CREDITED = "thuis"
LATELY = (-1, "16:35")
# The agreement with the farm ended a month too early: its invoice is asked about.
ASKED, ANSWER = "weidepad", "De afspraak loopt door tot het eind van het jaar. Dat staat in de brief van mei."
# The practice is paid ahead for its surgery, and fewer families came than was thought.
AHEAD = "linde"


def month_before(month: date) -> date:
    return (month.replace(day=1) - timedelta(days=1)).replace(day=1)


def months_until(town: Town, last: date) -> list[date]:
    """The months of the history, the oldest first, up to and with `last`."""
    first = (town.today - HISTORY).replace(day=1)
    months = [last]
    while months[0] > first:
        months.insert(0, month_before(months[0]))
    return months


def sending_day(month: date) -> datetime:
    """The first working day from the second of the next month on."""
    day = (month.replace(day=28) + timedelta(days=4)).replace(day=2)
    day += timedelta(days=(7 - day.weekday()) % 7 if day.weekday() > 4 else 0)
    return at_clock(day, "09:30")


def last_sent(town: Town) -> date:
    """The youngest month that was sent in the ordinary way before today."""
    month = month_before(town.today)
    return month if sending_day(month) < town.timeline.until else month_before(month)


def agreed_until(town: Town) -> dict[str, date]:
    """Agreements that have a last day: before the month that was sent last, or before the one before."""
    last = last_sent(town)
    return {ASKED: last - timedelta(days=1), CREDITED: month_before(last) - timedelta(days=1)}


def paid_ahead(town: Town) -> dict[str, Period]:
    """Who is paid ahead, and from when until when: whole months, long enough ago to have been settled."""
    first = ((town.today - HISTORY).replace(day=28) + timedelta(days=4)).replace(day=1)
    return {AHEAD: Period(first, month_before(town.today) - timedelta(days=1))}


def stories(town: Town) -> list[Story]:
    """Each office's months, and Henk's days of paying."""
    offices = (_office(town, partner.key, partner.office[0].lower()) for partner in PARTNERS)
    return [*offices, _henk(town), _books(town), _by_itself(town)]


def _office(town: Town, partner: str, office: str) -> Story:
    newest = latest_month(town.today if partner == OPEN else local_day(town.on(*LATELY)))
    by_sheet = partner == OPEN
    for month in months_until(town, newest):
        late = month == newest and partner in (OPEN, *LATE)
        yield town.on(*LATELY) if late else sending_day(month)
        ahead = paid_ahead(town).get(partner)
        if ahead and ahead.covers(month):
            continue
        if month in town.months_worked.get(partner, ()) and not (late and partner == OPEN):
            if by_sheet:
                _send_sheet(town, office, partner, month)
                by_sheet = False
                continue
            invoice = billing.send_invoice(
                actor=town.actor(office), partner_id=town.partners[partner], month=month, at=town.at
            )
            if partner == ASKED:
                _answer(town, office, invoice)
            if partner == CREDITED:
                _take_back(town, office, invoice)


def _send_sheet(town: Town, office: str, partner: str, month: date) -> None:
    """The office's first month: it kept the hours in a spreadsheet of its own, and sends that."""
    actor, partner_id = town.actor(office), town.partners[partner]
    after = at_clock((month.replace(day=28) + timedelta(days=4)).replace(day=1), "00:00")
    kept = to_invoice(partner_id, after).filter(stage=AppointmentStage.KEPT).order_by()
    minutes = dict(kept.values_list("match__number").annotate(sum=Sum("minutes")))
    head, *rows = sheet_template(actor, partner_id, at=town.at).content.decode("utf-8-sig").splitlines()
    filled = [head]
    for row in rows:
        number, *cells = row.split(";")
        here = minutes.get(number, 0)
        cells[3] = f"{here // 60}:{here % 60:02}" if here else ""
        filled.append(";".join([number, *cells]))
    whose = sheet_head(actor, str(partner_id), f"V-{month:%Y-%m}", at=town.at)
    sent = sheet.sent("\r\n".join(filled).encode(), whose)
    billing.receive_invoice(actor=actor, sent=sent, at=town.at)


def _answer(town: Town, office: str, invoice: Invoice) -> None:
    """The office says at once what it knows of what is asked."""
    for line in invoice.lines.asked():
        billing.answer_line(actor=town.actor(office), line_id=line.pk, words=ANSWER, at=town.at)


def _take_back(town: Town, office: str, invoice: Invoice) -> None:
    """The office takes back what is asked; it and Gerda agree anew, and the hours go on the next invoice."""
    lines = list(invoice.lines.asked())
    for line in lines:
        billing.credit_line(actor=town.actor(office), line_id=line.pk, at=town.at)
    if lines:
        billing.make_agreement(
            actor=town.actor("gerda"), partner_id=invoice.partner_id, from_on=invoice.month, at=town.at
        )


def _books(town: Town) -> Story:
    """When a month is over Henk writes it for the financial system, from the first advance on."""
    (days,) = paid_ahead(town).values()
    for month in months_until(town, month_before(town.today)):
        if month >= days.first:
            yield at_clock((month.replace(day=28) + timedelta(days=4)).replace(day=3), "11:20")
            billing.make_journal(actor=town.actor("henk"), month=month, at=town.at)


def _by_itself(town: Town) -> Story:
    """What the worker makes: an advance on the first of each month, and what settles them."""
    (partner, days), *_none = paid_ahead(town).items()
    task = Agreement.objects.get(partner=town.partners[partner], variant=Variant.TASK)
    months = [month for month in months_until(town, town.today) if days.covers(month)]
    for month in months:
        yield at_clock(month, "03:10")
        billing.make_advance(
            municipality_id=town.municipality_id, agreement_id=task.pk, month=month, at=town.at
        )
    assert days.last is not None
    yield at_clock(days.last + SETTLED_AFTER, "03:20")
    billing.settle_advances(municipality_id=town.municipality_id, agreement_id=task.pk, at=town.at)


def _henk(town: Town) -> Story:
    for month in months_until(town, month_before(town.today))[1:]:
        day = sending_day(month).date() + timedelta(days=5)
        day -= timedelta(days=max(day.weekday() - 4, 0))
        yield at_clock(day, "10:10")
        if to_pay(town.actor("henk"), at=town.at).why_not is None:
            batch = billing.pay(actor=town.actor("henk"), at=town.at)
            yield at_clock(batch.pays_on + timedelta(days=1), "09:05")
            _read(town, batch)


def _read(town: Town, batch: PaymentBatch) -> None:
    """The statement of the day on which the bank paid."""
    iban = Municipality.objects.get(pk=town.municipality_id).iban
    lines = [Booked(batch.total_cents, batch=batch.number)]
    name = f"AFSCHRIFT-{batch.pays_on:%Y%m%d}"
    file = let_in(statement(name, iban=iban, on=batch.pays_on, lines=lines), BANK_FILE)
    said = bank.read(file.content)
    billing.read_bank_file(actor=town.actor("henk"), file=said, at=town.at)
