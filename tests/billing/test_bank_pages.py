"""What finance and an office see of the bank, at what cost, and how a file comes in."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path
from uuid import UUID, uuid4

import pytest
import time_machine
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from hendig.billing import queries
from hendig.billing.models import BankFile, Payment, PaymentBatch
from hendig.operations import bank as command
from hendig.operations.failure import Failure
from tests.billing.test_bank import FIRST, batch, pay  # noqa: F401 - what these tests begin with
from tests.support.bank import afschrift, one_by_one, read, status_report
from tests.support.world import World


def page(world: World, who: str, path: str) -> tuple[int, str]:
    with time_machine.travel(world.at, tick=False):
        answer = world.client(who).get(path)
    return answer.status_code, answer.content.decode(errors="replace")


def upload(world: World, content: bytes, who: str = "henk") -> tuple[int, str]:
    sent = {"_key": str(uuid4()), "file": SimpleUploadedFile("afschrift.xml", content, "application/xml")}
    with time_machine.travel(world.at, tick=False):
        answer = world.client(who).post(reverse("bank"), sent)
    return answer.status_code, answer.content.decode()


def test_a_statement_that_henk_chooses_is_read(world: World, batch: PaymentBatch) -> None:  # noqa: F811
    assert "Er is nog niets van de bank gelezen." in page(world, "henk", reverse("bank"))[1]
    assert upload(world, afschrift(world, *one_by_one(batch)))[0] == 302
    html = page(world, "henk", reverse("bank"))[1]
    assert "AFSCHRIFT-1" in html
    assert "2 betalingen bevestigd" in html
    for path in (reverse("pay"), reverse("batch", args=[batch.pk])):
        assert "betaald" in page(world, "henk", path)[1]
    assert "betaald op" in page(world, "jolanda", reverse("hours"))[1]


def test_a_wrong_file_says_so_on_the_page(world: World, batch: PaymentBatch) -> None:  # noqa: F811
    status, html = upload(
        world, afschrift(world, *one_by_one(batch), opening=1).replace(b">0.01<", b">0.02<")
    )
    assert status == 422
    assert "Dit afschrift klopt niet" in html
    status, html = upload(world, b"%PDF-1.7 geen afschrift")
    assert status == 422
    assert "Dit is geen bestand van de bank." in html
    assert not BankFile.objects.exists()


def test_everybody_sees_why_it_came_back_and_that_it_goes_again(
    world: World,
    batch: PaymentBatch,  # noqa: F811
) -> None:
    invoice = Payment.objects.get(reference=FIRST).invoice
    office = reverse("invoice", args=[invoice.pk])
    assert "de bank betaalt op" in page(world, "jolanda", office)[1]
    read(world, status_report(batch, (FIRST, "AC04")))
    for who, path in (("jolanda", office), ("jolanda", reverse("hours")), ("henk", reverse("pay"))):
        assert "De rekening is opgeheven." in page(world, who, path)[1], path
    assert "Een collega betaalt die." in page(world, "henk", reverse("pay"))[1]
    assert "Betaal alles wat klopt" in page(world, "frits", reverse("pay"))[1]
    assert "1 kwam terug" in page(world, "frits", reverse("pay"))[1]
    pay(world)
    html = page(world, "jolanda", office)[1]
    assert "bij de bank" in html
    assert "afgewezen op" in html


@pytest.mark.parametrize("who", ["jolanda", "ellen", "anouk", "petra", "Sanne"])
def test_only_finance_opens_what_the_bank_said(world: World, batch: PaymentBatch, who: str) -> None:  # noqa: F811
    assert page(world, who, reverse("bank"))[0] == 403
    assert page(world, who, reverse("batch", args=[batch.pk]))[0] == 403
    assert page(world, "henk", reverse("batch", args=[UUID(int=7)]))[0] == 404


def statements(look: Callable[[], object]) -> int:
    with CaptureQueriesContext(connection) as seen:
        look()
    return len(seen)


def test_the_pages_cost_the_same_at_any_size(world: World, batch: PaymentBatch) -> None:  # noqa: F811
    henk = world.actor("henk")

    def cost() -> list[int]:
        return [
            statements(lambda: queries.bank_files(henk)),
            statements(lambda: queries.batch(henk, batch.pk, at=world.at)),
            statements(lambda: queries.payments(henk)),
        ]

    small = cost()
    for name, reference in (("STATUS-1", FIRST), ("STATUS-2", f"{FIRST}-2"), ("STATUS-3", f"{FIRST}-3")):
        again = Payment.objects.get(reference=reference).batch
        read(world, status_report(again, (reference, "AC04"), name=name))
        pay(world)
    assert cost() == small == [1, 3, 1]


def test_a_command_reads_files_and_says_what_came_of_each(
    world: World,
    batch: PaymentBatch,  # noqa: F811
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    good, bad = tmp_path / "goed.xml", tmp_path / "fout.xml"
    good.write_bytes(afschrift(world, *one_by_one(batch), on=date(2026, 12, 2)))
    bad.write_text("<?xml version='1.0'?><html>")
    with pytest.raises(Failure, match="1 of 2 files was refused"):
        command.read([good, bad], "Peelrand")
    said = capsys.readouterr().out
    assert "goed.xml: 2 paid, 0 came back, 0 of others" in said
    assert "fout.xml: Dit bestand gaat niet open" in said
    assert BankFile.objects.get().read_by is None
    with pytest.raises(Failure, match="There is no municipality Elders; there is peelrand"):
        command.read([good], "Elders")
    with pytest.raises(Failure, match="no file"):
        command.read([tmp_path / "weg.xml"], "")
