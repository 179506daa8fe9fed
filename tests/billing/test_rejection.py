"""An e-invoice that is refused as a whole: the answer of Peppol to who sent it, by folder and API."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from lxml import etree

from hendig.billing import actions, queries
from hendig.billing.adapters import folder
from hendig.billing.adapters.ubl.document import KVK, Document, Identifier
from hendig.billing.adapters.ubl.names import NAMESPACES, Profile
from hendig.billing.adapters.ubl.write import ubl
from hendig.billing.models import Invoice, TurnedAway
from hendig.kernel.actor import Role
from hendig.kernel.refusal import Refusal
from tests.billing.test_received import match_of
from tests.billing.test_received_ways import names, put
from tests.support.connections import ask, problem, token
from tests.support.received import billed_line, document, judged
from tests.support.world import World


def right(world: World, number: str = "F-2026-17") -> Document:
    return document(world, billed_line(match_of(), 150), number=number)


def _totals(world: World) -> Document:
    made = right(world)
    return replace(made, totals=replace(made.totals, payable=1))


def _by(world: World, number: str) -> Document:
    made, known_as = right(world), Identifier(number, KVK)
    return replace(made, seller=replace(made.seller, name="Bakkerij Noor", legal=known_as, endpoint=known_as))


def _with(world: World, words: str, number: str = "F-2026-17") -> Document:
    return document(world, replace(billed_line(match_of(), 150), name=words), number=number)


REFUSED: Mapping[str, Callable[[World], Document]] = {
    "received.format": _totals,
    "received.not_euro": lambda world: replace(right(world), currency="USD"),
    "received.other_sender": lambda world: _by(world, "87654321"),
    "received.future": lambda world: replace(right(world), issued_on=date(2027, 1, 1)),
    "received.name": lambda world: _with(world, "H2 voor KindSanne"),
    "received.line_hours": lambda world: document(world, billed_line(match_of(), 60 * 24 * 40)),
}
SAID = {
    "received.format": ("LEG", "NIN", "totalen onderaan"),
    "received.not_euro": ("FIN", "NIN", "alleen in euro"),
    "received.other_sender": ("UNR", "NOA", "andere organisatie"),
    "received.future": ("OTH", "NIN", "ligt in de toekomst"),
    "received.name": ("OTH", "NIN", "een naam uit een gezin"),
    "received.line_hours": ("QTY", "NIN", "Zoveel uren kan niet"),
}


def fall(world: World, box: Path, made: Document | bytes, name: str = "KindSanne.xml") -> None:
    put(box, name, made if isinstance(made, bytes) else ubl(made, Profile.NLCIUS))
    actions.take_in(box, queries.municipality_for, at=world.at)


def handed(box: Path) -> list[bytes]:
    out = box / folder.OUT
    return [path.read_bytes() for path in sorted(out.iterdir())] if out.is_dir() else []


def texts(answer: bytes, path: str) -> list[str]:
    found = etree.fromstring(answer).findall(f".//{path}", NAMESPACES)
    return [one.text or "" for one in found]


def assert_refuses(answer: bytes, code: str) -> None:
    reason, action, words = SAID[code]
    assert texts(answer, "cbc:ResponseCode") == ["RE"]
    assert texts(answer, "cbc:StatusReasonCode") == [reason, action]
    (said,) = texts(answer, "cbc:StatusReason")
    assert words in said
    assert texts(answer, "cac:DocumentReference/cbc:ID") == ["F-2026-17"]
    assert texts(answer, "cac:DocumentReference/cbc:DocumentTypeCode") == ["380"]
    day = "2027-01-01" if code == "received.future" else "2026-11-30"
    assert texts(answer, "cac:DocumentReference/cbc:IssueDate") == [day]
    sender = "87654321" if code == "received.other_sender" else "12345670"
    assert texts(answer, "cbc:EndpointID") == ["12345678", sender]
    # What the file calls somebody is in no answer.
    assert not [word for word in ("KindSanne", "Noor", "Sanne") if word in answer.decode()]


@pytest.mark.parametrize("code", list(REFUSED))
def test_the_answer_to_what_the_folder_refuses_lies_ready_for_an_access_point(
    november: World, tmp_path: Path, code: str
) -> None:
    fall(november, tmp_path, REFUSED[code](november))
    (answer,) = handed(tmp_path)
    assert_refuses(answer, code)
    assert names(tmp_path / folder.REFUSED) == {"KindSanne.xml", "KindSanne.xml.txt"}
    assert "KindSanne" not in "".join(names(tmp_path / folder.OUT))


@pytest.mark.parametrize("code", list(REFUSED))
def test_the_api_gives_the_answer_with_its_no(november: World, code: str) -> None:
    content = ubl(REFUSED[code](november), Profile.NLCIUS)
    no = ask(november, "/invoices", token(november), body=content, Accept_Language="en")
    assert problem(no)[:2] == (422, code)
    assert_refuses(no.json()["invoiceResponse"].encode(), code)
    assert not Invoice.objects.exists()


@pytest.mark.parametrize(
    "made",
    [
        lambda _world: b"<html/>",
        lambda _world: b"%PDF-1.7",
        lambda world: _by(world, "1234"),
        lambda world: replace(right(world), currency="USD", number="F" * 31),
        lambda world: _with(world, "H2 voor KindSanne", "KindSanne"),
        lambda world: _with(world, "H2 voor KindSanne", "111222333"),
        lambda world: ubl(right(world), Profile.NLCIUS).replace(b"F-2026-17", b"", 1),
        lambda world: ubl(right(world), Profile.NLCIUS)[:-40],
    ],
    ids=["page", "pdf", "nobody", "long", "name", "bsn", "number", "cut off"],
)
def test_what_nobody_can_be_told_of_has_its_text_alone(
    november: World, tmp_path: Path, made: Callable[[World], Document | bytes]
) -> None:
    found = made(november)
    fall(november, tmp_path, found, "a.xml")
    assert handed(tmp_path) == []
    assert names(tmp_path / folder.REFUSED) == {"a.xml", "a.xml.txt"}
    content = found if isinstance(found, bytes) else ubl(found, Profile.NLCIUS)
    no = ask(november, "/invoices", token(november), body=content)
    assert no.status_code == 422
    assert "invoiceResponse" not in no.json()


@pytest.mark.parametrize(
    ("old", "new", "day"),
    [
        (b">225.00</cbc:PayableAmount>", b">veel</cbc:PayableAmount>", "2026-11-30"),
        (b"<cbc:IssueDate>2026-11-30", b"<cbc:IssueDate>30 november", ""),
        (b"<cac:LegalMonetaryTotal>", b"<cac:Other>", "2026-11-30"),
        (
            b'currencyID="EUR">225.00</cbc:PayableAmount>',
            b'currencyID="USD">225.00</cbc:PayableAmount>',
            "2026-11-30",
        ),
    ],
    ids=["totals", "day", "no totals", "currencies"],
)
def test_who_sent_what_cannot_be_read_is_answered_where_its_head_can_be(
    november: World, tmp_path: Path, old: bytes, new: bytes, day: str
) -> None:
    content = ubl(right(november), Profile.NLCIUS)
    assert old in content
    broken = content.replace(old, new, 1).replace(old.replace(b"<", b"</"), new.replace(b"<", b"</"))
    fall(november, tmp_path, broken)
    (answer,) = handed(tmp_path)
    assert texts(answer, "cbc:ResponseCode") == ["RE"]
    assert texts(answer, "cbc:StatusReasonCode")[0] == "LEG"
    assert texts(answer, "cac:DocumentReference/cbc:ID") == ["F-2026-17"]
    assert texts(answer, "cac:DocumentReference/cbc:IssueDate") == ([day] if day else [])
    assert texts(answer, "cbc:EndpointID") == ["12345678", "12345670"]
    (said,) = TurnedAway.objects.all()
    assert (said.number, said.partner) == ("F-2026-17", november.partners["vlinder"])


def test_a_file_that_comes_again_has_no_answer_of_its_own(november: World, tmp_path: Path) -> None:
    for _time in range(2):
        fall(november, tmp_path, right(november))
    assert handed(tmp_path) == []
    assert names(tmp_path / folder.BOOKED) == {"KindSanne.xml", "KindSanne-2.xml", "KindSanne-2.xml.txt"}


class Died(BaseException):
    """The worker is gone."""


@pytest.mark.parametrize("at", ["before it lies there", "before it is handed out"])
def test_a_worker_that_dies_hands_out_no_answer_twice_and_loses_none(
    november: World, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, at: str
) -> None:
    dies = {"before it lies there": 1, "before it is handed out": 2}[at]
    moves, rename = [], Path.rename

    def die(path: Path, target: Path) -> Path:
        moves.append(target)
        if len(moves) == dies:
            raise Died
        return rename(path, target)

    with monkeypatch.context() as dying:
        dying.setattr(Path, "rename", die)
        with pytest.raises(Died):
            fall(november, tmp_path, REFUSED["received.not_euro"](november))
    taken = handed(tmp_path)
    assert taken == []
    for _time in range(2):
        actions.take_in(tmp_path, queries.municipality_for, at=november.at)
        taken += handed(tmp_path)
        # The access point takes away what it sends.
        for path in (tmp_path / folder.OUT).iterdir():
            path.unlink()
    (answer,) = taken
    assert_refuses(answer, "received.not_euro")
    assert names(tmp_path / folder.REFUSED) == {"KindSanne.xml", "KindSanne.xml.txt"}


def test_an_answer_that_waited_for_a_file_that_was_booked_is_never_given(
    november: World, tmp_path: Path
) -> None:
    (tmp_path / folder.REFUSED).mkdir()
    (tmp_path / folder.REFUSED / ".a.xml").write_bytes(b"<left/>")
    fall(november, tmp_path, b"<html/>", "a.xml")
    assert names(tmp_path / folder.REFUSED) == {"a.xml", "a.xml.txt"}
    assert handed(tmp_path) == []


def test_an_office_reads_no_name_of_another_partner_in_an_answer(november: World) -> None:
    november.add_worker("joost", Role.OFFICE, "anker")
    joost = november.actor("joost")
    sent = judged(right(november))
    answer = queries.rejection(joost, sent, Refusal("received.other_sender", "Nee."), at=november.at)
    assert answer is not None
    assert texts(answer.content, "cbc:RegistrationName")[1] == "KvK 12345670"
