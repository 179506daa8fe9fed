"""Who lost every factor comes in again by two: the own mailbox, and a code that a colleague reads out."""

from __future__ import annotations

import re
from datetime import UTC, datetime

import pytest
from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.db import IntegrityError
from django.test import Client
from django.urls import reverse

from hendig.audit.actions import change
from hendig.audit.models import Entry, Kind
from hendig.kernel.ids import new_id
from hendig.kernel.refusal import Forbidden, Refused
from hendig.people import actions
from hendig.people.models import Letter, Notice, SignInCode
from tests.support.door import add_app, by_mail
from tests.support.world import World, signed_in

ANOUK, ELLEN = "anouk@peelrand.example", "ellen@peelrand.example"


@pytest.fixture
def lost(world: World) -> Client:
    """Anouk, in a browser where she is signed in with an app that she is about to lose."""
    client = Client()
    by_mail(client, ANOUK)
    add_app(client)
    return client


def helped(world: World, who: str = "jolanda", email: str = ANOUK) -> str:
    return actions.help_back_in(actor=world.actor(who), email=email, at=world.at)


def way() -> str:
    """Where the mail leads."""
    found = re.search(
        r"http\S+?(/aanmelden/\S+)", Letter.objects.filter(key__startswith="way:").latest("id").body
    )
    assert found
    return found[1]


def test_the_mail_and_the_code_together_let_in_and_all_that_was_is_over(world: World, lost: Client) -> None:
    assert Authenticator.objects.filter(user_id=world.account("anouk").pk).exists()
    world.at = datetime.now(UTC)
    code = helped(world)
    assert not UserSession.objects.filter(user_id=world.account("anouk").pk).exists()
    assert lost.get("/toegang/").status_code == 302, "the browser of who has it now is signed out"
    new = Client()
    assert "collega leest u zes cijfers voor" in new.get(way()).content.decode()
    assert new.post(way(), {"code": code})["Location"] == "/aanmelden/tweede/"
    assert not Authenticator.objects.filter(user_id=world.account("anouk").pk).exists()
    assert new.get("/toegang/").status_code == 302, "nothing is open before there is a new factor"
    add_app(new)
    assert new.get("/toegang/").status_code == 200
    assert Client().post(way(), {"code": code}).status_code == 422, "once"


def test_neither_of_the_two_comes_in_alone(world: World, lost: Client) -> None:
    world.at = datetime.now(UTC)
    code = helped(world)
    letter = Letter.objects.filter(key__startswith="way:").latest("id")
    assert code not in letter.body
    assert letter.to == ANOUK
    # With the mailbox alone one is asked for the old app; a guess at the code costs tries.
    mail = Client()
    assert by_mail(mail, ANOUK) == "/aanmelden/tweede/"
    assert mail.get("/aanmelden/app/").status_code == 404
    for _try in range(5):
        assert mail.post(way(), {"code": "000000"}).status_code == 422
    assert mail.post(way(), {"code": code}).status_code == 422
    assert Authenticator.objects.filter(user_id=world.account("anouk").pk).exists()


def test_it_works_for_half_an_hour(world: World, lost: Client) -> None:
    code = helped(world)
    key = SignInCode.objects.get(given_by__isnull=False).pk
    with pytest.raises(Refused) as no:
        actions.try_code(actor=world.visitor, code_id=key, typed=code, at=world.later(minutes=30))
    assert no.value.refusal.code == "code.expired"


@pytest.mark.parametrize(
    ("who", "email", "code"),
    [
        ("ellen", ELLEN, "way_back.own"),
        ("jolanda", "youssef@peelrand.example", "way_back.no_colleague"),  # of another partner
        ("jolanda", ELLEN, "way_back.no_colleague"),  # of the municipality
        ("jolanda", "piet@peelrand.example", "way_back.no_colleague"),  # a neighbour comes in by a code alone
        ("jolanda", "nobody@elders.example", "way_back.no_colleague"),
        ("ellen", "bram@peelrand.example", None),
        ("karin", "youssef@peelrand.example", None),  # a practice of one has nobody else
    ],
)
def test_who_helps_whom(world: World, who: str, email: str, code: str | None) -> None:
    if code is None:
        assert re.fullmatch(r"\d{6}", helped(world, who, email))
        return
    with pytest.raises(Refused) as no:
        helped(world, who, email)
    assert no.value.refusal.code == code
    assert not Letter.objects.filter(key__startswith="way:").exists()


@pytest.mark.parametrize("who", ["anouk", "piet", "henk", "petra"])
def test_others_do_not_help(world: World, who: str) -> None:
    with pytest.raises(Forbidden):
        helped(world, who, "bram@peelrand.example")


def test_the_database_knows_no_way_back_that_somebody_gave_themselves(world: World) -> None:
    account = world.account("ellen")
    with pytest.raises(IntegrityError), change(world.system, "way_back.opened", at=world.at):
        SignInCode.objects.create(
            id=new_id(), account=account, given_by=account, code_hash=b"", expires_at=world.at
        )


def test_the_privacy_officer_hears_of_it_and_the_log_knows_both(world: World, lost: Client) -> None:
    helped(world)
    opened = Entry.objects.get(code="way_back.opened")
    assert opened.account_id == world.account("jolanda").pk
    assert opened.facts["account"] == str(world.account("anouk").pk)
    actions.tell(entry_ids=[opened.pk], at=world.at)
    assert Notice.objects.filter(account=world.account("karin"), code="way_back.opened").exists()


def test_the_page_asks_first_who_is_there_and_shows_the_code_once(world: World, lost: Client) -> None:
    url, typed = reverse("help_colleague"), {"email": ANOUK, "seen": "on"}
    stale = world.client("jolanda")
    assert stale.post(url, typed).status_code == 401
    assert not SignInCode.objects.filter(given_by__isnull=False).exists()
    client = Client()
    client.cookies["hendig"] = signed_in(world.account("jolanda").pk, shown_at=datetime.now(UTC))
    assert "Vergewis u eerst" in client.post(url, {"email": ANOUK}).content.decode()
    page = client.post(url, typed).content.decode()
    assert re.search(r'class="big">\d{6}<', page)
    assert not re.search(r'class="big">\d{6}<', client.get(url).content.decode())
    assert client.post(url, {"email": ELLEN, "seen": "on"}).status_code == 422
    refusals = Entry.objects.filter(kind=Kind.REFUSAL, account_id=world.account("jolanda").pk)
    assert "way_back.no_colleague" in [entry.facts["refusal"] for entry in refusals]
