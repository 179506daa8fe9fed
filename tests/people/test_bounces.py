"""A mail that comes back hours later: who had it sent is told, and what else is in the box does nothing."""

from __future__ import annotations

import io
import random
from collections.abc import Iterator
from datetime import timedelta
from email import message_from_string
from pathlib import Path
from uuid import uuid4

import pytest
from pytest_django.fixtures import Settings

from hendig.audit.actions import change
from hendig.audit.models import Entry
from hendig.operations import mail
from hendig.operations.failure import Failure
from hendig.operations.installation import LONGEST_NAME
from hendig.people import actions
from hendig.people.actions.bounces import came_back, read_box
from hendig.people.adapters import bounces
from hendig.people.models import Letter
from tests.support.smtp import Sink, smtp_sink
from tests.support.world import World

GONE = "weg@thuis.example"
RETURN = "terug@peelrand.example"


@pytest.fixture
def sink(settings: Settings) -> Iterator[Sink]:
    with smtp_sink() as server:
        settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
        settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", server.port
        yield server


@pytest.fixture
def sent(world: World, sink: Sink, settings: Settings) -> tuple[Letter, str]:
    """A letter of Ellen that the mail server took, and how it left."""
    settings.BOUNCES_TO = RETURN
    with change(world.actor("ellen"), "notice.told", at=world.at) as act:
        letter = actions.write_letter(act, to=GONE, key="invited:x", subject="x", body="x")
        act.record(world.municipality)
    actions.send_letter(letter_id=letter.pk, at=world.at)
    letter.refresh_from_db()
    return letter, sink.mails[-1]


def report(
    *, to: str = RETURN, action: str = "failed", status: str = "5.1.1", head: str = "", kind: str = "report"
) -> bytes:
    """What a mail server answers, in the shape of RFC 3464."""
    return f"""From: MAILER-DAEMON@ver.example
To: {to}
Subject: Undelivered Mail Returned to Sender
MIME-Version: 1.0
Content-Type: multipart/{kind}; report-type=delivery-status; boundary="grens"

--grens
Content-Type: text/plain

I could not deliver it to {GONE}.

--grens
Content-Type: message/delivery-status

Reporting-MTA: dns; ver.example

Final-Recipient: rfc822; {GONE}
Action: {action}
Status: {status}
Diagnostic-Code: smtp; 550 5.1.1 no such user

--grens
Content-Type: text/rfc822-headers

{head}
--grens--
""".encode()


def by_address(letter: Letter) -> bytes:
    return report(to=bounces.return_path(letter.pk))


def test_a_letter_says_where_it_comes_back_to_and_who_it_is_from(sent: tuple[Letter, str]) -> None:
    letter, mailed = sent
    head = message_from_string(mailed)
    assert head["From"] == "hendig@localhost"
    assert head[bounces.HEADER] == bounces.token(letter.pk)
    path = bounces.return_path(letter.pk)
    assert (path.startswith("terug+"), path.endswith("@peelrand.example")) == (True, True)
    # As much as fits in front of the @ with the longest name that may be chosen (RFC 5321 section 4.5.3.1.1).
    assert len(path.partition("@")[0].removeprefix("terug")) + LONGEST_NAME == 64


@pytest.mark.parametrize("way", ["address", "head", "whole mail"])
def test_what_comes_back_is_known_and_who_had_it_sent_is_told_once(
    world: World, sent: tuple[Letter, str], way: str
) -> None:
    letter, mailed = sent
    raw = {
        "address": by_address(letter),
        "head": report(head=mailed.split("\r\n\r\n")[0].replace("\r\n", "\n")),
        "whole mail": report(head=mailed).replace(b"text/rfc822-headers", b"message/rfc822"),
    }[way]
    later = world.at + timedelta(hours=3)
    assert [came_back(report=bounces.read(raw), at=later) for _again in range(2)] == [True, False]
    letter.refresh_from_db()
    assert (letter.bounced_at, letter.sent_at) == (later, world.at)
    entry = Entry.objects.get(code="letter.bounced")
    assert GONE not in str(entry.facts)
    actions.tell(entry_ids=[entry.pk], at=later)
    page = world.client("ellen").get("/meldingen/").content.decode()
    assert "Een mail die u liet sturen kwam niet aan." in page


@pytest.mark.parametrize(
    "changed",
    [
        {"action": "delayed", "status": "4.4.1"},
        {"action": "delivered", "status": "2.0.0"},
        {"status": "4.2.2"},
    ],
)
def test_what_is_late_or_arrived_did_not_come_back(sent: tuple[Letter, str], changed: dict[str, str]) -> None:
    letter, _mailed = sent
    found = bounces.read(report(to=bounces.return_path(letter.pk), **changed))
    assert found == bounces.Report(letter.pk, for_good=False)
    assert not came_back(report=found, at=letter.at)


def test_a_forged_token_has_no_effect(world: World, sent: tuple[Letter, str]) -> None:
    letter, _mailed = sent
    other = bounces.token(uuid4())
    right = bounces.token(letter.pk)
    for forged in (
        f"{letter.pk.hex}.{'0' * 20}",
        f"{letter.pk.hex}.{other.partition('.')[2]}",
        f"{letter.pk.hex}.{right.partition('.')[2][:-1]}",
        str(letter.pk),
    ):
        assert bounces.read(report(to=f"terug+{forged}@peelrand.example")) is None, forged
        assert bounces.read(report(head=f"{bounces.HEADER}: {forged}")) is None, forged
    # Right, and of no letter of ours any more.
    assert not came_back(report=bounces.read(report(to=f"terug+{other}@peelrand.example")), at=world.at)
    letter.refresh_from_db()
    assert letter.bounced_at is None


def test_only_a_report_counts(sent: tuple[Letter, str]) -> None:
    """Who answers "I am on holiday" to the address of return says nothing about the mail."""
    letter, _mailed = sent
    to = bounces.return_path(letter.pk)
    assert bounces.read(report(to=to, kind="mixed")) is None
    assert bounces.read(f"To: {to}\n\nAction: failed\nStatus: 5.1.1\n".encode()) is None


def test_garbage_is_nothing_and_never_an_error(sent: tuple[Letter, str]) -> None:
    letter, _mailed = sent
    whole = by_address(letter)
    assert bounces.read(whole) is not None
    assert bounces.read(whole + b"x" * bounces.MOST_BYTES) is None
    deep = "".join(
        f'Content-Type: multipart/report; boundary="b{number}"\n\n--b{number}\n' for number in range(5_000)
    )
    assert bounces.read(deep.encode()) is None
    for raw in (b"", b"\x00" * 1000, b"\xff\xfe\n\n", b"Content-Type: multipart/report\n\n", b":" * 5000):
        assert bounces.read(raw) is None
    dice = random.Random(7)
    for _time in range(400):
        broken = bytearray(whole)
        for _place in range(dice.randrange(1, 30)):
            broken[dice.randrange(len(broken))] = dice.randrange(256)
        found = bounces.read(bytes(broken[: dice.randrange(len(broken))]))
        assert found is None or found.letter_id == letter.pk


def test_the_box_of_the_mail_server_is_read_and_reports_are_thrown_away(
    world: World, sent: tuple[Letter, str], tmp_path: Path
) -> None:
    letter, _mailed = sent
    assert read_box(tmp_path / "nowhere", at=world.at) == (0, 0)
    new = tmp_path / "new"
    new.mkdir()
    (new / "1.a").write_bytes(by_address(letter))
    (new / "2.b").write_bytes(b"Subject: Ik ben op vakantie\n\nTot maandag.\n")
    (new / "3.c").write_bytes(report(to=bounces.return_path(letter.pk), action="delayed", status="4.4.1"))
    (new / ".half").write_bytes(b"x")
    assert read_box(tmp_path, at=world.at) == (1, 1)
    assert [path.name for path in new.iterdir()] == [".half"]
    assert [path.name for path in (tmp_path / "cur").iterdir()] == ["2.b:2,S"]
    assert read_box(tmp_path, at=world.at) == (0, 0)
    letter.refresh_from_db()
    assert letter.bounced_at == world.at


def test_the_command_reads_files_and_what_is_piped_in_and_names_nobody(
    sent: tuple[Letter, str],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    letter, _mailed = sent
    other = tmp_path / "other.eml"
    other.write_bytes(b"no mail at all")
    monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(by_address(letter))))
    mail.read([Path("-"), other])
    said = capsys.readouterr().out
    assert said == "1 came back, 1 said nothing new\n"
    with pytest.raises(Failure) as no:
        mail.read([tmp_path / f"{GONE}.eml"])
    assert GONE not in str(no.value)
