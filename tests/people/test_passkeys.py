"""Passkeys in a real browser, with the authenticator that Chromium plays: made, used, and refused."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from urllib.parse import parse_qs

import pytest
from allauth.mfa.models import Authenticator
from django.test import Client
from playwright.sync_api import CDPSession, Page, expect

from hendig.people.models import Letter
from tests.support.door import code_in, still_for
from tests.support.fixtures import PageFor
from tests.support.live import Live
from tests.support.pages import assert_accessible
from tests.support.world import World, build_world, signed_in

DEVICE = {
    "protocol": "ctap2",
    "transport": "internal",
    "hasResidentKey": True,
    "hasUserVerification": True,
    "isUserVerified": True,
    "automaticPresenceSimulation": True,
}


@pytest.fixture
def peelrand(live: Live) -> World:
    return build_world()


@contextmanager
def device(page: Page) -> Iterator[tuple[CDPSession, str]]:
    """A device with a lock, as a phone or a laptop has."""
    line = page.context.new_cdp_session(page)
    line.send("WebAuthn.enable")
    made = line.send("WebAuthn.addVirtualAuthenticator", {"options": DEVICE})
    yield line, made["authenticatorId"]


def keys_of(there: tuple[CDPSession, str]) -> list[dict[str, object]]:
    line, name = there
    found: list[dict[str, object]] = line.send("WebAuthn.getCredentials", {"authenticatorId": name})[
        "credentials"
    ]
    return found


def come_by_mail(page: Page, live: Live, email: str) -> None:
    page.goto("/aanmelden/?next=/meldingen/")
    page.get_by_label("Uw e-mailadres").fill(email)
    page.get_by_role("button", name="Stuur mij een code").click()
    expect(page.get_by_role("heading", name="Vul de code in")).to_be_visible()
    live.wait_for_jobs()
    page.get_by_label("De code uit de mail").fill(code_in(Letter.objects.filter(to=email).latest("id")))
    page.get_by_role("button", name="Inloggen").click()


def become(page: Page, live: Live, world: World, name: str) -> None:
    cookie = signed_in(world.account(name).pk)
    page.context.add_cookies([{"name": "hendig", "value": cookie, "url": live.url}])


@pytest.mark.parametrize("phone", [True, False], ids=["phone", "desk"])
def test_a_coach_makes_a_passkey_once_and_then_comes_in_by_it_alone(
    peelrand: World, live: Live, page_for: PageFor, phone: bool
) -> None:
    page = page_for(phone=phone)
    with device(page) as there:
        come_by_mail(page, live, "ellen@peelrand.example")
        expect(page.get_by_role("heading", name="Kies hoe u voortaan inlogt")).to_be_visible()
        assert_accessible(page)
        page.get_by_role("button", name="Maak een passkey").click()
        expect(page.get_by_role("heading", name="Herstelcodes")).to_be_visible()
        assert_accessible(page)
        page.get_by_role("link", name="Ik heb ze opgeschreven").click()
        expect(page).to_have_url(f"{live.url}/meldingen/")
        assert len(keys_of(there)) == 1
        page.get_by_role("button", name="Uitloggen").click()
        page.goto("/aanmelden/?next=/toegang/")
        page.get_by_role("button", name="Log in met een passkey").click()
        expect(page.get_by_role("heading", name="Uw toegang")).to_be_visible()
        assert_accessible(page)
    assert Authenticator.objects.filter(type="webauthn", user_id=peelrand.account("ellen").pk).count() == 1


def test_a_family_adds_a_passkey_in_one_tap(peelrand: World, live: Live, page_for: PageFor) -> None:
    page = page_for(phone=True)
    become(page, live, peelrand, "piet")
    with device(page) as there:
        page.goto("/toegang/")
        page.get_by_role("button", name="Voeg een passkey toe").click()
        expect(page.get_by_text("Passkey · ")).to_be_visible()
        assert len(keys_of(there)) == 1
    subjects = Letter.objects.filter(to="piet@peelrand.example").values_list("subject", flat=True)
    assert list(subjects) == ["Uw inloggen bij Hendig is veranderd"]


def test_after_being_still_the_passkey_brings_back_what_was_being_sent(
    peelrand: World, live: Live, page_for: PageFor
) -> None:
    page = page_for()
    become(page, live, peelrand, "piet")
    with device(page):
        page.goto("/toegang/")
        page.get_by_role("button", name="Voeg een passkey toe").click()
        expect(page.get_by_text("Passkey · ")).to_be_visible()
        page.goto("/open-tent/")
        page.goto("/toegang/")
        still_for(20)
        page.get_by_role("button", name="Verwijder").click()
        expect(page.get_by_role("heading", name="Bent u er nog?")).to_be_visible()
        assert_accessible(page)
        page.get_by_role("button", name="Gebruik uw passkey").click()
        expect(page.get_by_role("heading", name="Alles is er nog")).to_be_visible()
        assert_accessible(page)
        assert Authenticator.objects.filter(type="webauthn").exists()
        page.get_by_role("button", name="Verstuur het nu").click()
        expect(page.get_by_role("heading", name="Uw toegang")).to_be_visible()
    assert not Authenticator.objects.exists()


def test_a_passkey_of_somebody_else_does_not_open_this_persons_page(
    peelrand: World, live: Live, page_for: PageFor
) -> None:
    page = page_for()
    become(page, live, peelrand, "bram")
    with device(page):
        page.goto("/toegang/")
        page.get_by_role("button", name="Voeg een passkey toe").click()
        expect(page.get_by_text("Passkey · ")).to_be_visible()
        page.context.clear_cookies()
        become(page, live, peelrand, "ellen")
        add_key_of(peelrand, "bram", to="ellen")
        still_for(20)
        page.goto("/meldingen/")
        page.get_by_role("button", name="Gebruik uw passkey").click()
        expect(page.get_by_role("heading", name="Dat lukte niet")).to_be_visible()
        assert_accessible(page)
        page.goto("/meldingen/")
        expect(page.get_by_role("heading", name="Bent u er nog?")).to_be_visible()


def add_key_of(world: World, name: str, *, to: str) -> None:
    """This person has a passkey too, but it lies elsewhere."""
    key = Authenticator.objects.get(user_id=world.account(name).pk, type="webauthn")
    data = {
        **key.data,
        "credential": {**key.data["credential"], "id": "ZWxzZXdoZXJl", "rawId": "ZWxzZXdoZXJl"},
    }
    Authenticator.objects.create(user_id=world.account(to).pk, type="webauthn", data=data)


def test_an_answer_that_was_seen_before_is_worth_nothing(
    peelrand: World, live: Live, page_for: PageFor
) -> None:
    """Whoever copied the answer of a passkey has the answer to another question."""
    page = page_for()
    sent: list[str] = []
    page.on(
        "request", lambda request: sent.append(request.post_data or "") if request.method == "POST" else None
    )
    become(page, live, peelrand, "piet")
    with device(page):
        page.goto("/toegang/")
        page.get_by_role("button", name="Voeg een passkey toe").click()
        expect(page.get_by_text("Passkey · ")).to_be_visible()
        page.get_by_role("button", name="Uitloggen").click()
        page.goto("/aanmelden/")
        page.get_by_role("button", name="Log in met een passkey").click()
        expect(page.get_by_role("button", name="Uitloggen")).to_be_visible()
    answer = next(body for body in reversed(sent) if "authenticatorData" in body)
    thief = Client()
    thief.get("/aanmelden/passkey/vraag/")
    again = thief.post("/aanmelden/passkey/", {"answer": parse_qs(answer)["answer"][0]})
    assert again.status_code == 422
    assert thief.get("/meldingen/").status_code == 302


def test_who_says_no_to_the_device_stays_where_they_are(
    peelrand: World, live: Live, page_for: PageFor
) -> None:
    page = page_for()
    with device(page):
        page.goto("/aanmelden/")
        page.get_by_role("button", name="Log in met een passkey").click()
        expect(page.get_by_text("Dat lukte niet. Probeer het nog eens.")).to_be_visible()
        assert_accessible(page)


def test_without_scripts_there_is_the_app(peelrand: World, live: Live, page_for: PageFor) -> None:
    page = page_for(javascript=False)
    come_by_mail(page, live, "ellen@peelrand.example")
    expect(page.get_by_role("button", name="Maak een passkey")).to_be_hidden()
    page.get_by_role("link", name="Kies een app").click()
    expect(page.get_by_role("heading", name="Inloggen met een app")).to_be_visible()


def test_a_page_that_nobody_touches_makes_way(peelrand: World, live: Live, page_for: PageFor) -> None:
    """The screen of who walked away shows nothing of a family, whoever picks it up."""
    page = page_for(phone=True)
    page.clock.install()
    become(page, live, peelrand, "piet")
    page.goto("/meldingen/")
    page.clock.run_for("14:00")
    expect(page).to_have_url(f"{live.url}/meldingen/")
    page.clock.run_for("02:00")
    expect(page.get_by_role("heading", name="Bent u er nog?")).to_be_visible()
    page.goto("/meldingen/")
    expect(page.get_by_role("heading", name="Bent u er nog?")).to_be_visible()


def test_the_demo_stays_one_click_for_who_works_here(peelrand: World, live: Live, page_for: PageFor) -> None:
    page = page_for()
    page.goto("/demo/")
    page.get_by_role("button", name="Word deze persoon Ellen").click()
    expect(page).to_have_url(f"{live.url}/gezinnen/")
    page.goto("/toegang/")
    expect(page.get_by_role("heading", name="Uw toegang")).to_be_visible()
