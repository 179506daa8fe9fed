"""Signing in by a real OpenID provider that runs beside the test: it never makes an account."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from allauth.socialaccount.models import SocialAccount, SocialToken
from django.test import Client
from pytest_django.fixtures import Settings

from hendig.audit.models import Entry, Kind
from hendig.people.models import Account
from tests.support.provider import Provider, provider
from tests.support.world import World

AWAY = "/aanmelden/dienst/"


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Provider]:
    with provider(tmp_path_factory.mktemp("provider") / "log") as started:
        yield started


@pytest.fixture
def broker(running: Provider, settings: Settings) -> Provider:
    """The provider, and an installation that knows it."""
    settings.OIDC_ISSUER = running.issuer
    app = {"provider_id": "broker", "name": "DigiD", "client_id": "hendig", "secret": "only for tests"}
    app |= {"settings": {"server_url": running.issuer}}  # type: ignore[dict-item]
    settings.SOCIALACCOUNT_PROVIDERS = {"openid_connect": {"OAUTH_PKCE_ENABLED": True, "APPS": [app]}}
    return running


def come_back(client: Client, broker: Provider, subject: str) -> Any:
    away = client.get(AWAY)
    assert away.status_code == 302
    return client.get(broker.signs_in(away["Location"], subject))


def test_who_is_known_by_a_checked_address_is_in_and_known_by_subject_from_then_on(
    world: World, broker: Provider
) -> None:
    assert come_back(Client(), broker, "s-ellen")["Location"] == "/"
    linked = SocialAccount.objects.get()
    assert (linked.user_id, linked.uid, linked.extra_data) == (world.account("ellen").pk, "s-ellen", {})
    again = Client()
    come_back(again, broker, "s-ellen")
    # A coach, at level high: nothing more is asked.
    assert again.get("/vragen/", follow=True).status_code != 403
    assert again.get("/meldingen/").status_code == 200
    assert SocialToken.objects.count() == 0
    assert Entry.objects.filter(code="sign_in.provider").count() == 2


def test_it_goes_away_with_a_state_and_a_proof_key(world: World, broker: Provider) -> None:
    where = Client().get(AWAY)["Location"]
    assert where.startswith(broker.issuer)
    for part in ("state=", "code_challenge=", "code_challenge_method=S256", "response_type=code"):
        assert part in where
    assert "only+for+tests" not in where


@pytest.mark.parametrize("subject", ["s-stranger", "s-nameless", "s-unchecked", "made-up"])
def test_who_is_unknown_stays_out_and_no_account_is_made(
    world: World, broker: Provider, subject: str
) -> None:
    before = Account.objects.count()
    client = Client()
    answer = come_back(client, broker, subject)
    assert answer.status_code == 422
    assert "Wij kennen u nog niet" in answer.content.decode()
    assert client.get("/meldingen/").status_code == 302
    assert (Account.objects.count(), SocialAccount.objects.count()) == (before, 0)
    line = Entry.objects.get(kind=Kind.REFUSAL)
    assert (line.code, line.facts) == ("broker_back", {"refusal": "provider.unknown"})


@pytest.mark.parametrize("subject", ["s-low-ellen", "s-low-piet"])
def test_a_level_that_is_too_low_stays_out_and_links_nothing(
    world: World, broker: Provider, subject: str
) -> None:
    client = Client()
    answer = come_back(client, broker, subject)
    assert "te laag niveau" in answer.content.decode()
    assert client.get("/meldingen/").status_code == 302
    assert SocialAccount.objects.count() == 0


def test_substantial_is_enough_for_who_does_not_work_here(world: World, broker: Provider) -> None:
    client = Client()
    assert come_back(client, broker, "s-piet").status_code == 302
    assert client.get("/meldingen/").status_code == 200


def test_a_second_subject_does_not_take_over_an_account(world: World, broker: Provider) -> None:
    come_back(Client(), broker, "s-ellen")
    assert come_back(Client(), broker, "s-other-ellen").status_code == 422
    assert SocialAccount.objects.count() == 1


def test_who_is_in_links_the_own_subject_without_an_address(world: World, broker: Provider) -> None:
    assert come_back(world.client("piet"), broker, "s-nameless").status_code == 302
    assert SocialAccount.objects.get().user_id == world.account("piet").pk
    client = Client()
    come_back(client, broker, "s-nameless")
    assert client.get("/meldingen/").status_code == 200


def test_another_state_another_browser_and_a_second_time_are_refused(world: World, broker: Provider) -> None:
    client = Client()
    back = broker.signs_in(client.get(AWAY)["Location"], "s-ellen")
    tampered = back.replace("state=", "state=x")
    for browser, path in ((client, tampered), (Client(), back)):
        answer = browser.get(path)
        assert (answer.status_code, "onderweg misgegaan" in answer.content.decode()) == (422, True)
        assert browser.get("/meldingen/").status_code == 302
    assert client.get(back).status_code == 302
    assert Client().get(back).status_code == 422
    assert client.get(back).status_code == 422


def test_who_cancels_there_is_told_so_here(world: World, broker: Provider) -> None:
    client = Client()
    answer = client.get(broker.denies(client.get(AWAY)["Location"]))
    assert (answer.status_code, "Begin opnieuw" in answer.content.decode()) == (422, True)


def test_a_provider_that_does_not_answer_is_a_sentence(
    world: World, broker: Provider, settings: Settings
) -> None:
    settings.SOCIALACCOUNT_PROVIDERS["openid_connect"]["APPS"][0]["settings"] = {
        "server_url": "http://localhost:9"
    }
    answer = Client().get(AWAY)
    assert (answer.status_code, "onderweg misgegaan" in answer.content.decode()) == (422, True)


def test_without_a_provider_there_is_no_such_page(world: World) -> None:
    assert Client().get(AWAY).status_code == 404
    assert Client().get("/aanmelden/dienst/terug/").status_code == 404
    assert "DigiD" not in Client().get("/aanmelden/").content.decode()
