"""What a code is called, here and by others: from a day on, and what it was until then stays."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
import time_machine
from django.urls import reverse

from hendig.billing import queries
from hendig.billing.models import InvoiceStage
from hendig.kernel.periods import local_day
from hendig.people import actions as people
from hendig.people.models import FormerCode
from tests.support.billing import HOUR, agree, at_end_of, call_code, keep, make_match, send
from tests.support.refusals import code_of
from tests.support.world import World

pytestmark = pytest.mark.django_db
NOVEMBER, DECEMBER = date(2026, 11, 1), date(2026, 12, 1)
DAY = timedelta(days=1)


def test_help_is_called_and_booked_as_on_its_day_also_within_a_month(world: World) -> None:
    agree(world)
    call_code(world, "Meelopen", "6.72a", NOVEMBER)
    match = make_match(world)
    for day in (3, 10, 12, 20):
        keep(world, match, date(2026, 11, day))
    call_code(world, "Behandelen", "6.72b", date(2026, 11, 11))
    at_end_of(world, NOVEMBER)
    shown = queries.month(world.actor("jolanda"), None, NOVEMBER, at=world.at)
    assert [line.minutes for line in shown.lines] == [120, 120]
    invoice = send(world, NOVEMBER)
    lines = list(invoice.lines.order_by("first_on").values_list("code_name", "iv3_field", "cents"))
    assert lines == [("Meelopen", "6.72a", 2 * HOUR), ("Behandelen", "6.72b", 2 * HOUR)]
    assert invoice.stage == InvoiceStage.RIGHT
    # What it is called later takes no invoice along.
    call_code(world, "Iets anders", "6.2", DECEMBER)
    page = queries.invoice(world.actor("jolanda"), invoice.pk, at=world.at)
    assert {line.code_name for line in page.lines} == {"Meelopen", "Behandelen"}


def test_what_it_was_called_stays_to_be_read(world: World) -> None:
    call_code(world, "Meelopen", "6.72a", NOVEMBER)
    world.later(days=10)
    call_code(world, "Behandelen", "6.72b", local_day(world.at))
    found = queries.code(world.actor("henk"), world.service_code("H2").pk)
    assert (found.now.name, found.now.iv3_field) == ("Behandelen", "6.72b")
    assert [(until, was.name, was.iv3_field) for until, was in found.former] == [
        (local_day(world.at) - DAY, "Meelopen", "6.72a"),
        (NOVEMBER - DAY, "Begeleiding", ""),
    ]
    with time_machine.travel(world.at, tick=False):
        path = reverse("service_code", args=[found.now.id])
        html = world.client("henk").get(path).content.decode()
    assert "Hoe deze code eerder heette" in html
    assert "Meelopen" in html


def test_a_day_that_cannot_be_is_refused_and_nothing_changes(world: World) -> None:
    agree(world)
    keep(world, make_match(world), date(2026, 11, 20))
    at_end_of(world, NOVEMBER)
    call_code(world, "Meelopen", "6.72a", date(2026, 11, 5))
    send(world, NOVEMBER)
    for from_on, code in (
        (local_day(world.at) + DAY, "code.to_come"),
        (date(2026, 11, 4), "code.changed_later"),
        (date(2026, 11, 20), "code.already_invoiced"),
    ):
        assert code_of(lambda from_on=from_on: call_code(world, "Anders", "6.2", from_on)) == code  # type: ignore[misc]
    assert code_of(lambda: call_code(world, "Meelopen", "6.72a", date(2026, 11, 25))) == "code.same"
    assert world.service_code("H2").name == "Meelopen"
    assert FormerCode.objects.count() == 1
    call_code(world, "Anders", "6.2", date(2026, 11, 21))
    assert FormerCode.objects.count() == 2


def test_a_file_with_settings_keeps_what_a_code_was_until_yesterday(world: World) -> None:
    for name in ("Uit het bestand", "Nog eens beter"):
        people.set_settings(
            actor=world.system,
            principles=[],
            codes=[{"code": "H2", "name": name, "sentence": ""}],
            expertises=[],
            at=world.at,
        )
    assert world.service_code("H2").name == "Nog eens beter"
    # What was written earlier on the same day never held.
    (was,) = FormerCode.objects.all()
    assert (was.name, was.until_on) == ("Begeleiding", local_day(world.at) - DAY)
