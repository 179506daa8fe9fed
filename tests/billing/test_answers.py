"""How a booked invoice stands is told in the folder by which it came (Peppol BIS 63), at each change."""

from __future__ import annotations

from pathlib import Path

import pytest

from hendig.audit.models import Entry
from hendig.billing import actions, jobs
from hendig.billing.adapters import folder
from hendig.billing.models import Invoice, Original, Payment, PaymentBatch
from hendig.demo.bank import Booked
from hendig.kernel.actor import Role
from tests.billing.test_received import match_of
from tests.billing.test_rejection import Died, fall, handed, right, texts
from tests.support.bank import afschrift, status_report
from tests.support.bank import read as read_bank
from tests.support.billing import fill_november
from tests.support.received import billed_line, document, receive
from tests.support.shared import built_once
from tests.support.world import World


@built_once
def november(world: World) -> World:
    world.add_worker("frits", Role.FINANCE)
    return fill_november(world)


def told(world: World, box: Path) -> list[tuple[str, str, list[str]]]:
    """What is handed out now, and taken away by the access point: of which invoice, how it stands and why."""
    actions.tell_senders(box, at=world.at)
    answers = handed(box)
    for path in (box / folder.OUT).glob("*"):
        path.unlink()
    return [
        (
            texts(one, "cac:DocumentReference/cbc:ID")[0],
            texts(one, "cbc:ResponseCode")[0],
            texts(one, "cbc:StatusReasonCode"),
        )
        for one in answers
    ]


def pay(world: World, who: str = "henk") -> PaymentBatch:
    return actions.pay(actor=world.actor(who), at=world.at)


def test_an_invoice_of_the_folder_is_told_of_until_it_is_paid_and_once_each_time(
    november: World, tmp_path: Path
) -> None:
    fall(november, tmp_path, right(november))
    assert told(november, tmp_path) == [("F-2026-17", "AP", [])]
    assert told(november, tmp_path) == []
    batch = pay(november)
    assert told(november, tmp_path) == [], "at the bank it is not paid yet, and right as before"
    payment = Payment.objects.get()
    november.later(hours=72)
    read_bank(november, afschrift(november, Booked(payment.cents, payment.reference)))
    assert told(november, tmp_path) == [("F-2026-17", "PD", [])]
    read_bank(
        november, afschrift(november, Booked(payment.cents, payment.reference, reason="AC04"), name="A-2")
    )
    assert told(november, tmp_path) == [("F-2026-17", "AP", [])]
    assert batch.number in Payment.objects.get().batch.number


def test_what_the_bank_refuses_or_somebody_saw_is_told_too(november: World, tmp_path: Path) -> None:
    fall(november, tmp_path, right(november))
    told(november, tmp_path)
    batch = pay(november)
    november.later(hours=96)
    actions.confirm_paid(actor=november.actor("henk"), batch_id=batch.pk, at=november.at)
    assert told(november, tmp_path) == [("F-2026-17", "PD", [])]
    read_bank(november, status_report(batch, (Payment.objects.get().reference, "AC04")))
    assert told(november, tmp_path) == [("F-2026-17", "AP", [])]


def test_a_question_and_its_end_are_told(november: World, tmp_path: Path) -> None:
    # Half an hour more than was kept, and a match that nobody knows.
    lines = billed_line(match_of(), 180), billed_line("M2026-999999", 60)
    fall(november, tmp_path, document(november, *lines))
    ((_number, status, why),) = told(november, tmp_path)
    assert (status, sorted(why)) == ("UQ", ["PIN", "QTY", "REF"])
    invoice = Invoice.objects.get()
    jolanda, henk = november.actor("jolanda"), november.actor("henk")
    unknown = invoice.lines.get(match=None)
    known = invoice.lines.exclude(match=None).get()
    actions.answer_line(actor=jolanda, line_id=known.pk, words="Een gesprek met school.", at=november.at)
    assert told(november, tmp_path) == [], "an answer of the partner is no news to the partner"
    actions.credit_line(actor=jolanda, line_id=unknown.pk, at=november.at)
    assert told(november, tmp_path) == [("F-2026-17", "UQ", ["QTY", "PIN"])]
    actions.accept_line(actor=henk, line_id=known.pk, at=november.at)
    assert told(november, tmp_path) == [("F-2026-17", "AP", [])]


def test_two_answers_of_one_day_are_two_documents(november: World, tmp_path: Path) -> None:
    lines = billed_line(match_of(), 180), billed_line("M2026-999999", 60)
    fall(november, tmp_path, document(november, *lines))
    actions.tell_senders(tmp_path, at=november.at)
    unknown = Invoice.objects.get().lines.get(match=None)
    actions.credit_line(actor=november.actor("jolanda"), line_id=unknown.pk, at=november.at)
    actions.tell_senders(tmp_path, at=november.at)
    found = [texts(one, "cbc:ID")[0] for one in handed(tmp_path)]
    assert len(set(found)) == 2


def test_what_came_by_the_page_is_not_told_in_the_folder(november: World, tmp_path: Path) -> None:
    receive(november, right(november))
    assert told(november, tmp_path) == []
    assert not Original.objects.filter(answer_due=True).exists()


def test_no_family_reads_that_its_hours_left_for_the_partner_that_has_them(
    november: World, tmp_path: Path
) -> None:
    fall(november, tmp_path, right(november))
    before = Entry.objects.count()
    assert told(november, tmp_path) != []
    (entry,) = Entry.objects.order_by("id")[before:]
    assert (entry.code, entry.family_id, entry.facts["status"]) == ("invoice.answered", None, "AP")


@pytest.mark.parametrize("dies_at", ["written", "renamed"])
def test_a_worker_that_dies_loses_no_answer(
    november: World, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, dies_at: str
) -> None:
    fall(november, tmp_path, right(november))
    rename = Path.rename

    def die(path: Path, target: Path) -> Path:
        if dies_at == "renamed":
            rename(path, target)
        raise Died

    with monkeypatch.context() as dying:
        dying.setattr(Path, "rename", die)
        with pytest.raises(Died):
            actions.tell_senders(tmp_path, at=november.at)
    assert told(november, tmp_path) == [("F-2026-17", "AP", [])]
    assert told(november, tmp_path) == []


def test_the_worker_tells_after_it_took_in(
    november: World, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    fall(november, tmp_path, right(november))
    monkeypatch.setattr("django.conf.settings.INVOICES", str(tmp_path))
    jobs.take_in(0)
    assert len(handed(tmp_path)) == 1
