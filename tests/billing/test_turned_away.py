"""A file in the folder that was not booked: who can mend it hears why, and nobody else."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import time_machine
from django.urls import reverse

from hendig.audit.models import Entry
from hendig.billing import actions, queries
from hendig.billing.adapters.ubl.document import CREDIT, OIN, Document, Identifier
from hendig.billing.adapters.ubl.names import Profile
from hendig.billing.adapters.ubl.write import ubl
from hendig.billing.models import TurnedAway
from hendig.kernel.actor import Role
from hendig.kernel.refusal import NotVisible
from hendig.people import actions as people
from hendig.people.models import Letter, Notice
from tests.billing.test_received import match_of
from tests.billing.test_received_ways import put
from tests.support.received import billed_line, document
from tests.support.world import World


def right(world: World, number: str = "F-2026-17", **more: Any) -> Document:
    return document(world, billed_line(match_of(), 150), number=number, **more)


def fall(world: World, box: Path, made: Document | bytes, name: str = "factuur.xml") -> None:
    """The file lies in the folder, is not booked, and the worker tells of it."""
    put(box, name, made if isinstance(made, bytes) else ubl(made, Profile.NLCIUS))
    before = set(Entry.objects.values_list("pk", flat=True))
    actions.take_in(box, queries.municipality_for, at=world.at)
    told = Entry.objects.filter(code="invoice.turned_away").exclude(pk__in=before)
    people.tell(entry_ids=list(told.values_list("pk", flat=True)), at=world.at)


def heard(world: World) -> list[str]:
    names = {account.pk: name for name, account in world.accounts.items()}
    return [names[one] for one in Notice.objects.order_by("id").values_list("account_id", flat=True)]


def page(world: World, who: str) -> str:
    url = Notice.objects.order_by("-id").values_list("url", flat=True)[0]
    with time_machine.travel(world.at, tick=False):
        answer = world.client(who).get(url)
    assert answer.status_code == 200
    return answer.content.decode()


def test_the_office_of_the_sender_reads_why_and_a_mail_says_nothing_of_it(
    november: World, tmp_path: Path
) -> None:
    november.add_worker("joost", Role.OFFICE, "anker")
    fall(november, tmp_path, right(november, currency="USD"))
    assert heard(november) == ["jolanda"]
    html = page(november, "jolanda")
    assert "De gemeente betaalt alleen in euro" in html
    assert "F-2026-17" in html
    (letter,) = Letter.objects.filter(to="jolanda@peelrand.example")
    assert "niet aangenomen" in letter.body
    assert not [word for word in ("euro", "F-2026-17", "factuur.xml", "Vlinder") if word in letter.body]
    with time_machine.travel(november.at, tick=False):
        listed = november.client("jolanda").get(reverse("own_invoice")).content.decode()
    assert reverse("turned_away", args=[TurnedAway.objects.get().pk]) in listed


@pytest.mark.parametrize(
    "content", [b"<html/>", b"<!DOCTYPE x [<!ENTITY a 'b'>]><a/>", b"niets"], ids=["page", "entity", "text"]
)
def test_finance_hears_of_what_is_of_nobody(november: World, tmp_path: Path, content: bytes) -> None:
    fall(november, tmp_path, content)
    assert heard(november) == ["henk"]
    assert "Het bestand staat in de map met geweigerde facturen" in page(november, "henk")


def test_finance_hears_of_a_sender_whom_we_do_not_know(november: World, tmp_path: Path) -> None:
    stranger = right(november)
    other = replace(stranger.seller, legal=Identifier("87654321", "0106"), endpoint=None)
    fall(november, tmp_path, replace(stranger, seller=other))
    assert heard(november) == ["henk"]


def test_the_sender_is_known_by_a_file_that_is_wrong_and_by_an_oin(november: World, tmp_path: Path) -> None:
    made = right(november)
    fall(november, tmp_path, replace(made, totals=replace(made.totals, payable=1)), "een.xml")
    oin = Identifier("00000003123456700000", OIN)
    fall(
        november,
        tmp_path,
        replace(made, currency="USD", seller=replace(made.seller, legal=oin, endpoint=oin)),
        "twee.xml",
    )
    assert heard(november) == ["jolanda", "jolanda"]


def test_a_file_that_comes_again_and_again_is_told_once(november: World, tmp_path: Path) -> None:
    for _time in range(3):
        fall(november, tmp_path, right(november, currency="USD"))
    assert heard(november) == ["jolanda"]
    assert TurnedAway.objects.count() == 1
    fall(november, tmp_path, right(november, "F-2", currency="USD"))
    assert TurnedAway.objects.count() == 2


def test_a_file_that_was_booked_before_is_no_fault(november: World, tmp_path: Path) -> None:
    for _time in range(2):
        fall(november, tmp_path, right(november))
    assert not TurnedAway.objects.exists()


@pytest.mark.parametrize("number", ["KindSanne", "F-2026-17"])
def test_what_names_somebody_is_not_kept(november: World, tmp_path: Path, number: str) -> None:
    line = replace(billed_line(match_of(), 150), name="H2 voor KindSanne")
    fall(november, tmp_path, document(november, line, number=number), "KindSanne.xml")
    row = TurnedAway.objects.get()
    assert (row.code, row.number) == ("received.name", "")
    assert "KindSanne" not in page(november, "jolanda")
    assert not [one for one in Letter.objects.values_list("body", flat=True) if "KindSanne" in one]


def test_it_is_there_for_the_own_office_and_finance_alone(november: World, tmp_path: Path) -> None:
    november.add_worker("joost", Role.OFFICE, "anker")
    fall(november, tmp_path, right(november, kind=CREDIT))
    path = reverse("turned_away", args=[TurnedAway.objects.get().pk])
    for who, status in (("jolanda", 200), ("henk", 200), ("joost", 404), ("ellen", 403)):
        with time_machine.travel(november.at, tick=False):
            assert november.client(who).get(path).status_code == status, who
    with pytest.raises(NotVisible):
        queries.turned_away(november.actor("joost"), TurnedAway.objects.get().pk, at=november.at)
