"""The door: codes by mail, a second factor for who works here, and who was still too long."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import time
from datetime import timedelta

import pytest
import time_machine
from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from pytest_django.fixtures import Settings

from hendig.audit.models import Entry, Kind, Receipt
from hendig.kernel.actor import Role
from hendig.kernel.refusal import Refused
from hendig.people import actions, rules
from hendig.people.models import Letter, SignInCode
from hendig.people.rules import Asks, Means
from tests.support.door import add_app, app_code, by_mail, code_in, secret_on, still_for
from tests.support.world import World

ELLEN, PIET = "ellen@peelrand.example", "piet@peelrand.example"
KEY = "0b1f8a52-8c7c-4b0c-9a39-000000000001"


def codes(code: str) -> list[dict[str, object]]:
    return [entry.facts for entry in Entry.objects.filter(code=code).order_by("id")]


# What is asked


@pytest.mark.parametrize("role", list(Role))
@pytest.mark.parametrize("strong", [True, False])
@pytest.mark.parametrize("by_code", [True, False])
@pytest.mark.parametrize("still", [0, 15, 16])
def test_what_stands_between_somebody_and_the_pages(
    role: Role, strong: bool, by_code: bool, still: int
) -> None:
    asked = rules.what_is_asked(
        roles={role},
        strong=strong,
        still=timedelta(minutes=still),
        idle=timedelta(minutes=15),
        by_code=by_code,
    )
    needs_more = role not in {Role.ANYONE, Role.FAMILY, Role.HELPER, Role.SYSTEM} or not by_code
    if not strong and needs_more:
        assert asked is Asks.FACTOR
    else:
        assert asked is (Asks.SELF if still == 16 else Asks.NOTHING)


@pytest.mark.parametrize(
    ("agent", "words"),
    [
        (
            "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) Version/18.0 Safari/604.1",
            "Safari · iPhone",
        ),
        ("Mozilla/5.0 (Windows NT 10.0) Chrome/140.0 Safari/537.36 Edg/140.0", "Edge · Windows"),
        ("Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0", "Firefox · Linux"),
        ("", ""),
        ("curl/8", ""),
    ],
)
def test_a_device_is_named_and_no_more_than_that(agent: str, words: str) -> None:
    assert rules.device(agent) == words


# A code by mail


def test_who_does_not_work_here_is_in_by_a_code(world: World) -> None:
    client = Client()
    assert by_mail(client, PIET, where="?next=/meldingen/") == "/meldingen/"
    assert client.get("/meldingen/").status_code == 200
    assert codes("sign_in.done") == [{"account": str(world.account("piet").pk), "means": "code"}]


def test_where_a_municipality_wants_more_a_code_is_not_enough_for_families(
    world: World, settings: Settings
) -> None:
    settings.FAMILIES_BY_CODE = False
    client = Client()
    assert by_mail(client, PIET) == "/aanmelden/tweede/"
    assert client.get("/meldingen/")["Location"] == "/aanmelden/tweede/"


BROKER = {"HENDIG_OIDC_ISSUER": "https://inloggen.peelrand.example"}


@pytest.mark.parametrize(
    ("said", "enough"), [({}, True), (BROKER, False), ({**BROKER, "HENDIG_FAMILIES_BY_CODE": "1"}, True)]
)
def test_with_a_provider_a_code_is_enough_for_families_only_where_that_is_said(
    said: dict[str, str], enough: bool
) -> None:
    asked = [sys.executable, "-c", "from hendig.settings import FAMILIES_BY_CODE; print(FAMILIES_BY_CODE)"]
    found = subprocess.run(asked, env={**os.environ, **said}, capture_output=True, text=True, check=True)
    assert found.stdout.strip() == str(enough)


def test_known_and_unknown_addresses_answer_alike_to_the_end(world: World) -> None:
    """The pages, the sentences and the tries are the same; only the mail is not."""
    seen = []
    for email in (ELLEN, "nobody@elders.example"):
        client = Client()
        asked = client.post("/aanmelden/", {"email": email})
        pages = [client.get(asked["Location"])]
        pages += [client.post(asked["Location"], {"code": "000000"}) for _try in range(6)]
        seen.append([(page.status_code, plain(page.content.decode())) for page in pages])
    assert seen[0] == seen[1]
    assert [letter.to for letter in Letter.objects.all()] == [ELLEN]
    assert [fact["sent"] for fact in codes("sign_in.asked")] == [True, False]


def plain(page: str) -> str:
    """A page without its keys."""
    return re.sub(r'(value|action|href|id|for|aria-describedby)="[^"]*"', "", page)


def test_known_and_unknown_addresses_take_the_same_statements(world: World) -> None:
    said = []
    for email in (ELLEN, "nobody@elders.example"):
        Client().post("/aanmelden/", {"email": email})
        with CaptureQueriesContext(connection) as seen:
            Client().post("/aanmelden/", {"email": email})
        said.append([verb(one["sql"]) for one in seen.captured_queries])
    known, unknown = said
    assert [one for one in known if "SAVEPOINT" not in one] == [
        one for one in unknown if "SAVEPOINT" not in one
    ]


def verb(sql: str) -> str:
    """Which statement it is, without its values."""
    return re.sub(r"'[^']*'|\d+", "", " ".join(sql.split()[:3])).upper()


def test_known_and_unknown_addresses_take_about_as_long(world: World) -> None:
    takes: dict[str, list[float]] = {ELLEN: [], "nobody@elders.example": []}
    for _round in range(4):
        for email, times in takes.items():
            SignInCode.objects.count()
            begun = time.perf_counter()
            Client().post("/aanmelden/", {"email": email})
            times.append(time.perf_counter() - begun)
    # The quickest of each: what others do on the machine only makes it longer.
    known, unknown = (min(times) for times in takes.values())
    assert abs(known - unknown) < max(known, unknown) / 2


def test_an_expired_a_used_and_an_overtried_code_each_say_so(world: World) -> None:
    asked = actions.ask_code(actor=world.visitor, email=PIET, at=world.at)
    code = code_in(Letter.objects.get())
    late = {"actor": world.visitor, "code_id": asked, "typed": code}
    with pytest.raises(Refused) as no:
        actions.try_code(**late, at=world.at + timedelta(minutes=15))  # type: ignore[arg-type]
    assert (no.value.refusal.code, "verlopen" in str(no.value.refusal.message)) == ("code.expired", True)
    actions.try_code(**late, at=world.at)  # type: ignore[arg-type]
    with pytest.raises(Refused) as no:
        actions.try_code(**late, at=world.at)  # type: ignore[arg-type]
    assert no.value.refusal.code == "code.used"


def test_a_code_that_helps_no_more_is_not_asked_for_again(world: World) -> None:
    asked = actions.ask_code(actor=world.visitor, email=PIET, at=world.at)
    url, code = reverse("enter_code", args=[asked]), code_in(Letter.objects.get())
    for minutes, typed, says, asks in (
        (1, "x" + code[1:], "Deze code klopt niet.", True),
        (15, code, "Deze code is verlopen.", False),
    ):
        with time_machine.travel(world.at + timedelta(minutes=minutes)):
            answer = Client().post(url, {"code": typed})
        text = answer.content.decode()
        assert (answer.status_code, says in text) == (422, True)
        assert (
            'name="code"' in text,
            'class="utrecht-button utrecht-button--primary-action" href' in text,
        ) == (asks, not asks)
        assert f'href="{reverse("sign_in")}"' in text


def test_too_many_tries_from_one_address_wait(world: World) -> None:
    answers = [Client().post("/aanmelden/", {"email": f"n{n}@elders.example"}).status_code for n in range(61)]
    assert (set(answers[:60]), answers[60]) == ({302}, 422)
    page = Client().post("/aanmelden/", {"email": ELLEN}).content.decode()
    assert "Wacht een paar minuten" in page


def test_too_many_questions_for_a_passkey_wait_as_well(world: World) -> None:
    asked = [Client().get("/aanmelden/passkey/vraag/").status_code for _time in range(61)]
    assert (set(asked[:60]), asked[60]) == ({200}, 429)


def test_codes_are_gone_after_a_day(world: World) -> None:
    for email in (PIET, "nobody@elders.example"):
        actions.ask_code(actor=world.visitor, email=email, at=world.at)
    actions.forget_codes(at=world.later(hours=23))
    assert SignInCode.objects.count() == 2
    actions.forget_codes(at=world.later(hours=2))
    assert SignInCode.objects.count() == 0
    actions.forget_codes(at=world.at)


# A second factor


@pytest.mark.parametrize("name", ["ellen", "anouk", "jolanda", "henk", "petra", "karin"])
def test_who_works_here_is_not_in_by_a_code_alone(world: World, name: str) -> None:
    client = Client()
    assert by_mail(client, f"{name}@peelrand.example") == "/aanmelden/tweede/"
    for path in ("/meldingen/", "/toegang/", "/toegang/herstelcodes/", "/leren/"):
        assert client.get(path)["Location"] == "/aanmelden/tweede/"
        assert client.post(path).status_code == 401
    assert client.get("/live/", {"topic": f"account:{world.account(name).pk}"}).status_code == 404
    assert "Kies hoe u voortaan inlogt" in client.get("/aanmelden/tweede/").content.decode()


def test_an_app_is_set_up_once_and_asked_every_time(world: World) -> None:
    client = Client()
    by_mail(client, ELLEN, where="?next=/meldingen/")
    secret = add_app(client)
    page = client.get("/toegang/herstelcodes/").content.decode()
    assert 'href="/meldingen/"' in page
    assert client.get("/meldingen/").status_code == 200
    assert secret not in str(Authenticator.objects.values_list("data", flat=True))

    other = Client()
    assert by_mail(other, ELLEN) == "/aanmelden/tweede/"
    wrong = other.post("/aanmelden/tweede/", {"code": "000000"})
    assert (wrong.status_code, "Dat lukte niet" in wrong.content.decode()) == (422, True)
    assert other.get("/meldingen/").status_code == 302
    assert other.post("/aanmelden/tweede/", {"code": app_code(secret, later=1)}).status_code == 302
    assert other.get("/meldingen/").status_code == 200
    assert [fact["right"] for fact in codes("factor.tried")] == [False, True]


def test_a_code_of_the_app_works_once(world: World) -> None:
    client = Client()
    by_mail(client, ELLEN)
    secret = add_app(client)
    code = app_code(secret, later=1)
    for status in (302, 422):
        other = Client()
        by_mail(other, ELLEN)
        assert other.post("/aanmelden/tweede/", {"code": code}).status_code == status


def test_a_wrong_first_code_sets_nothing_up(world: World) -> None:
    client = Client()
    by_mail(client, ELLEN)
    secret = secret_on(client.get("/aanmelden/app/").content.decode())
    wrong = client.post("/aanmelden/app/", {"code": "123"})
    assert (wrong.status_code, secret_on(wrong.content.decode())) == (422, secret)
    assert Authenticator.objects.count() == 0


def test_nobody_goes_around_a_factor_by_adding_another(world: World) -> None:
    client = Client()
    by_mail(client, ELLEN)
    add_app(client)
    other = Client()
    by_mail(other, ELLEN)
    for path in ("/aanmelden/app/", "/aanmelden/passkey/nieuw/"):
        assert (other.get(path).status_code, other.post(path).status_code) == (404, 404)


def test_a_visitor_can_add_nothing(world: World) -> None:
    for path in ("/aanmelden/app/", "/aanmelden/passkey/nieuw/"):
        assert (Client().get(path).status_code, Client().post(path).status_code) == (404, 404)


def test_five_wrong_codes_wait(world: World) -> None:
    client = Client()
    by_mail(client, ELLEN)
    secret = add_app(client)
    other = Client()
    by_mail(other, ELLEN)
    for _try in range(5):
        other.post("/aanmelden/tweede/", {"code": "000000"})
    answer = other.post("/aanmelden/tweede/", {"code": app_code(secret, later=1)})
    assert (answer.status_code, "Wacht een paar minuten" in answer.content.decode()) == (422, True)
    assert other.get("/meldingen/").status_code == 302


def test_a_recovery_code_lets_in_once_for_who_lost_the_phone(world: World) -> None:
    client = Client()
    by_mail(client, ELLEN)
    add_app(client)
    page = client.get("/toegang/herstelcodes/").content.decode()
    code, *more = re.findall(r"<li><code>(\d+)</code></li>", page)
    assert len(more) == 9
    for status in (302, 422):
        other = Client()
        by_mail(other, ELLEN)
        assert other.post("/aanmelden/tweede/", {"code": code}).status_code == status
    client.post("/toegang/herstelcodes/")
    assert more[0] not in client.get("/toegang/herstelcodes/").content.decode()


def test_a_factor_that_comes_or_goes_is_told_by_mail_and_logged(world: World) -> None:
    client = Client()
    by_mail(client, PIET)
    add_app(client)
    number = Authenticator.objects.get(type="totp").pk
    assert client.post(f"/toegang/middel/{number}/").status_code == 302
    assert Authenticator.objects.count() == 0
    mails = Letter.objects.filter(subject="Uw inloggen bij Hendig is veranderd")
    assert [mail.to for mail in mails] == [PIET, PIET]
    piet = world.account("piet").pk
    assert [entry.account_id for entry in Entry.objects.filter(code="factor.removed")] == [piet]
    assert codes("factor.added") == [{"account": str(piet), "kind": "totp"}]


def test_who_works_here_keeps_one_factor_and_others_are_not_theirs_to_remove(world: World) -> None:
    client = Client()
    by_mail(client, ELLEN)
    add_app(client)
    number = Authenticator.objects.get(type="totp").pk
    answer = client.post(f"/toegang/middel/{number}/")
    assert (answer.status_code, "Dit is uw enige" in answer.content.decode()) == (422, True)
    assert world.client("bram").post(f"/toegang/middel/{number}/").status_code == 404
    assert Authenticator.objects.filter(pk=number).exists()


def test_a_factor_that_was_got_wrong_and_a_stranger_with_a_passkey_are_in_the_log(world: World) -> None:
    answer = Client().post("/aanmelden/passkey/", {"answer": '{"id": "x", "response": {}}'})
    assert answer.status_code == 422
    line = Entry.objects.get(kind=Kind.REFUSAL)
    assert (line.code, line.facts) == ("use_passkey", {"refusal": "factor.wrong"})


@pytest.mark.parametrize("answer", ["", "x", "[]", "null", "7", '{"response": {"userHandle": "AAAA"}}'])
def test_a_passkey_that_is_nonsense_is_a_sentence(world: World, answer: str) -> None:
    client = Client()
    client.get("/aanmelden/passkey/vraag/")
    assert client.post("/aanmelden/passkey/", {"answer": answer}).status_code == 422
    by_mail(client, ELLEN)
    client.get("/aanmelden/passkey/nieuw/")
    assert client.post("/aanmelden/passkey/nieuw/", {"answer": answer}).status_code == 422
    assert Authenticator.objects.count() == 0


# Still too long


@pytest.mark.parametrize("name", ["ellen", "piet"])
def test_after_a_quarter_of_an_hour_a_page_asks_who_is_there(world: World, name: str) -> None:
    client = world.client(name)
    still_for(14.5)
    assert client.get("/meldingen/").status_code == 200
    still_for(15.1)
    assert client.get("/meldingen/")["Location"] == "/aanmelden/terug/"
    page = client.get("/aanmelden/terug/")
    assert (page.status_code, "Bent u er nog?" in page.content.decode()) == (200, True)
    assert world.account(name).first_name in page.content.decode()


def test_a_code_brings_a_family_back_to_where_it_was_in_a_new_session(world: World) -> None:
    client = Client()
    by_mail(client, PIET)
    before = client.session.session_key
    still_for(20)
    client.get("/meldingen/?van=1")
    asked = client.post("/aanmelden/terug/code/")
    code = code_in(Letter.objects.latest("id"))
    assert client.post(asked["Location"], {"code": code})["Location"] == "/meldingen/?van=1"
    assert client.get("/meldingen/").status_code == 200
    assert client.session.session_key != before
    assert UserSession.objects.count() == 1


def test_who_works_here_comes_back_by_the_factor_and_not_by_mail(world: World) -> None:
    client = Client()
    by_mail(client, ELLEN)
    secret = add_app(client)
    still_for(20)
    assert client.get("/meldingen/")["Location"] == "/aanmelden/terug/"
    sent = Letter.objects.count()
    client.post("/aanmelden/terug/code/")
    assert Letter.objects.count() == sent
    back = client.post("/aanmelden/terug/", {"code": app_code(secret, later=1)})
    assert back["Location"] == "/meldingen/"
    assert client.get("/meldingen/").status_code == 200


def test_what_was_typed_is_kept_sealed_and_sent_once_with_one_more_tap(world: World) -> None:
    client = Client()
    by_mail(client, PIET)
    still_for(20)
    words = {"title": "Fietsles op zaterdag", "_key": KEY}
    answer = client.post("/meldingen/", words)
    assert (answer.status_code, answer["HX-Redirect"]) == (401, "/aanmelden/terug/")
    assert "Bent u er nog?" in answer.content.decode()
    assert Receipt.objects.count() == 0
    assert "Fietsles" not in str(dict(client.session))
    asked = client.post("/aanmelden/terug/code/")
    code = code_in(Letter.objects.latest("id"))
    assert client.post(asked["Location"], {"code": code})["Location"] == "/aanmelden/verder/"
    page = client.get("/aanmelden/verder/").content.decode()
    assert 'action="/meldingen/"' in page
    assert 'name="title" value="Fietsles op zaterdag"' in page
    assert f'name="_key" value="{KEY}"' in page
    # Sent as the page does: done, and done once.
    for _twice in range(2):
        assert client.post("/meldingen/", words)["Location"] == "/meldingen/"
    assert Entry.objects.filter(code="notice.read").count() == 1
    assert client.get("/aanmelden/verder/")["Location"] == "/"


@pytest.mark.parametrize("signs_out", [True, False])
def test_another_person_in_the_same_browser_does_not_find_what_was_typed(
    world: World, signs_out: bool
) -> None:
    """Nor where the first was, also when that page still waits for the first to come back."""
    client = Client()
    by_mail(client, PIET)
    still_for(20)
    client.post("/meldingen/", {"title": "Fietsles", "_key": KEY})
    client.get("/meldingen/?van=1")
    if signs_out:
        client.post("/afmelden/")
    by_mail(client, ELLEN)
    assert "next" not in client.session
    add_app(client)
    assert client.get("/aanmelden/verder/")["Location"] == "/"


def test_what_comes_by_itself_is_no_sign_of_life(world: World) -> None:
    client = world.client("piet")
    still_for(10)
    piet = world.account("piet").pk
    client.get("/meldingen/", headers={"X-Hendig-Live": "notices"})
    client.get("/live/", {"topic": f"account:{piet}"})
    still_for(6)
    assert client.get("/meldingen/").status_code == 302


def test_the_key_of_what_waits_goes_along_with_one_person_and_is_given_to_nobody_who_is_away(
    world: World,
) -> None:
    """Signing out ends it, and so does another person in the same browser."""
    client, here = Client(), "/toegang/sleutel/"
    by_mail(client, PIET)
    key = client.get(here)
    assert (len(key.content), key["Cache-Control"]) == (32, "no-store")
    still_for(20)
    away = client.get(here)
    assert (away.status_code, key.content in away.content) == (302, False)
    by_mail(client, PIET)
    assert client.get(here).content == key.content, "who comes back opens what waits"
    client.post("/afmelden/")
    assert client.get(here).status_code == 302
    by_mail(client, PIET)
    second = client.get(here).content
    still_for(20)
    by_mail(client, ELLEN)
    add_app(client)
    assert len({key.content, second, client.get(here).content}) == 3
    assert world.account("piet").is_active


def test_typing_without_sending_is_a_sign_of_life(world: World) -> None:
    client = world.client("piet")
    still_for(10)
    assert client.get("/toegang/hier/").status_code == 204
    still_for(10)
    assert client.get("/meldingen/").status_code == 200


def test_a_page_that_waited_locks_the_session_at_once(world: World) -> None:
    client = world.client("piet")
    client.get("/aanmelden/terug/?next=/meldingen/")
    assert client.get("/meldingen/")["Location"] == "/aanmelden/terug/"


def test_zero_minutes_never_asks(world: World, settings: Settings) -> None:
    settings.IDLE_MINUTES = 0
    client = world.client("piet")
    still_for(600)
    assert client.get("/meldingen/").status_code == 200


def test_who_is_there_takes_one_statement_with_the_session(world: World) -> None:
    client = world.client("piet")
    still_for(5)
    for _seen_just_now in range(2):
        with CaptureQueriesContext(connection) as seen:
            client.get("/toegang/hier/")
        assert len(seen.captured_queries) == 1


# Devices


def test_somebody_sees_where_they_are_signed_in_and_signs_out_there(world: World) -> None:
    here, there = (Client(headers={"User-Agent": f"{name} Linux"}) for name in ("Firefox", "Chrome"))
    for client in (here, there):
        by_mail(client, PIET)
    page = here.get("/toegang/").content.decode()
    assert "Firefox · Linux" in page
    assert "Chrome · Linux" in page
    assert "127.0.0.1" not in page + str(UserSession.objects.values_list("ip"))
    number = UserSession.objects.get(user_agent="Chrome · Linux").pk
    assert world.client("ellen").post(f"/toegang/apparaat/{number}/").status_code == 404
    assert here.post(f"/toegang/apparaat/{number}/").status_code == 302
    assert there.get("/meldingen/")["Location"].startswith("/aanmelden/?")
    assert here.get("/meldingen/").status_code == 200
    assert Entry.objects.filter(code="session.ended").count() == 1


@pytest.mark.parametrize(("email", "minutes"), [(PIET, 0), (PIET, 20), (ELLEN, 0)])
def test_signing_out_ends_the_session_for_good(world: World, email: str, minutes: int) -> None:
    """At once, after having been still, and before a second factor."""
    client = Client()
    by_mail(client, email)
    still_for(minutes)
    cookie = client.cookies["hendig"].value
    client.post("/afmelden/")
    thief = Client()
    thief.cookies["hendig"] = cookie
    assert thief.get("/meldingen/").status_code == 302
    assert UserSession.objects.count() == 0
    assert Entry.objects.filter(code="session.ended").count() == 1


def test_a_cookie_of_before_signing_in_is_worth_nothing_after(world: World) -> None:
    client = Client()
    client.get("/aanmelden/?next=/meldingen/")
    before = client.cookies["hendig"].value
    by_mail(client, PIET)
    thief = Client()
    thief.cookies["hendig"] = before
    assert thief.get("/meldingen/").status_code == 302


def test_each_means_but_a_code_is_enough() -> None:
    assert [means for means in Means if not means.strong] == [Means.CODE]
