"""Finding people, and keeping the own card: what each sees, and that no list ranks anybody."""

from __future__ import annotations

import re
from collections.abc import Iterator
from html import unescape
from io import BytesIO
from typing import Any
from uuid import UUID, uuid4

import pytest
import time_machine
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from PIL import Image

from hendig.audit.models import Entry
from hendig.directory import actions
from hendig.directory.models import Card, Portrait
from hendig.directory.queries import Wishes, directory
from hendig.kernel.refusal import Forbidden
from hendig.people import actions as people
from hendig.people.models import Membership
from tests.support.files import CAMERA, a_paper_that_tells, a_photo
from tests.support.refusals import code_of
from tests.support.world import AT, World

pytestmark = pytest.mark.django_db
OWN = "Ik ga graag met een kind naar buiten."


@pytest.fixture(autouse=True)
def clock() -> Iterator[None]:
    with time_machine.travel(AT, tick=False):
        yield


def keep(world: World, who: str = "anouk", **said: Any) -> Card:
    given: dict[str, Any] = {"can_do": OWN, "languages": [], "areas": [], "free": [], "families_max": 6}
    return actions.keep_card(actor=world.actor(who), at=world.at, **(given | said))


def post(client: Client, **fields: object) -> Any:
    given = {"_key": str(uuid4()), "can_do": OWN, "families_max": "4"} | fields
    return client.post(reverse("my_card"), given)


def found(world: World, who: str = "ellen", **wishes: Any) -> list[str]:
    page = directory(world.actor(who), at=world.at, wishes=Wishes(**wishes))
    return [one.first_name for one in page.people]


def words(answer: Any) -> str:
    return unescape(re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", answer.content.decode())))


class TestTheOwnCard:
    def test_it_is_kept_on_one_page_and_stands_in_the_directory(self, world: World) -> None:
        anouk = world.client("anouk")
        sent = {"languages": ["pl", "en"], "free": ["2m", "2a"], "areas": "Akker\nNieuw Dorp, akker"}
        assert post(anouk, **sent)["Location"] == reverse("my_card")
        card = Card.objects.get()
        assert (card.languages, card.free, card.areas) == (
            ["en", "pl"],
            ["2a", "2m"],
            ["akker", "Nieuw Dorp"],
        )
        text = words(world.client("ellen").get(reverse("directory")))
        for told in (
            OWN,
            "Praat ook: Engels · Pools",
            "dinsdag overdag",
            "akker · Nieuw Dorp",
            "plek voor 4 nieuwe",
        ):
            assert told in text
        again = anouk.get(reverse("my_card")).content.decode()
        assert 'value="2m" id="free-2m" checked' in again
        assert 'value="2e" id="free-2e" checked' not in again

    def test_what_is_missing_is_said_and_what_was_typed_stays(self, world: World) -> None:
        answer = post(world.client("anouk"), can_do="", areas="Akker", free=["3e"])
        assert answer.status_code == 422
        assert "Schrijf in uw eigen woorden wat u kunt." in words(answer)
        assert "Akker</textarea>" in answer.content.decode()
        assert 'id="free-3e" checked' in answer.content.decode()
        assert not Card.objects.exists()

    def test_nobody_without_that_work_has_one(self, world: World) -> None:
        for who in ("ellen", "jolanda", "piet", "petra"):
            assert world.client(who).get(reverse("my_card")).status_code == 403
        with pytest.raises(Forbidden):
            keep(world, "ellen")

    def test_too_much_is_refused_and_the_card_stays_as_it_was(self, world: World) -> None:
        keep(world)
        assert code_of(lambda: keep(world, areas=[str(n) for n in range(13)])) == "card.many_areas"
        assert Card.objects.get().areas == []


class TestTheFace:
    def test_it_is_cut_small_and_tells_nothing_else(self, world: World) -> None:
        photo = SimpleUploadedFile("ik.jpg", a_photo(size=(900, 1600)), "image/jpeg")
        assert post(world.client("anouk"), photo=photo).status_code == 302
        kept = bytes(Portrait.objects.get().content)
        assert Image.open(BytesIO(kept)).size == (240, 240)
        assert CAMERA.encode() not in kept
        assert b"Exif" not in kept
        assert len(kept) < 30_000

    @pytest.mark.usefixtures("house")
    def test_who_is_signed_in_sees_it_and_a_visitor_does_not(self, world: World) -> None:
        post(world.client("anouk"), photo=SimpleUploadedFile("ik.jpg", a_photo(), "image/jpeg"))
        url = reverse("portrait", args=[world.professionals["anouk"].pk, 1])
        assert f'src="{url}"' in world.client("ellen").get(reverse("directory")).content.decode()
        for who in ("ellen", "sanne", "youssef"):
            answer = world.client(who).get(url)
            assert (answer.status_code, answer["Content-Type"]) == (200, "image/jpeg")
            assert "sandbox" in answer["Content-Security-Policy"]
        assert world.client().get(url).status_code == 302

    def test_a_new_one_has_a_new_address_and_one_taken_away_is_gone(self, world: World) -> None:
        anouk = world.client("anouk")
        for _time in range(2):
            post(anouk, photo=SimpleUploadedFile("ik.jpg", a_photo(), "image/jpeg"))
        where = [reverse("portrait", args=[world.professionals["anouk"].pk, n]) for n in (1, 2)]
        assert [anouk.get(url).status_code for url in where] == [404, 200]
        assert anouk.post(reverse("remove_photo"), {"_key": str(uuid4())}).status_code == 302
        assert [anouk.get(url).status_code for url in where] == [404, 404]
        assert not Portrait.objects.exists()
        assert "<img" not in world.client("ellen").get(reverse("directory")).content.decode()

    def test_a_letter_is_no_face(self, world: World) -> None:
        paper = SimpleUploadedFile("ik.jpg", a_paper_that_tells(), "image/jpeg")
        answer = post(world.client("anouk"), photo=paper)
        assert answer.status_code == 422
        assert "Dit is geen foto." in words(answer)


class TestFinding:
    @pytest.mark.parametrize(
        ("wishes", "people"),
        [
            ({"expertise": "angst"}, ["Anouk"]),
            ({"expertise": "opvoeden"}, ["Anouk", "Youssef"]),
            ({"language": "ar"}, ["Youssef"]),
            ({"area": "Akker"}, ["Anouk", "Youssef"]),
            ({"area": "Nieuw Dorp"}, ["Anouk"]),
            ({"free": "2m"}, ["Anouk"]),
            ({"room": True}, ["Anouk"]),
            ({"expertise": "scheiding", "free": "2m"}, []),
        ],
    )
    def test_each_wish_finds_whom_it_fits(
        self, world: World, wishes: dict[str, Any], people: list[str]
    ) -> None:
        """Who names no place comes everywhere: Anouk does."""
        keep(world, free=["2m"])
        keep(world, "youssef", languages=["ar"], areas=["Akker"], families_max=0)
        assert sorted(found(world, **wishes)) == people

    def test_the_address_carries_the_wishes_and_what_it_cannot_read_is_none(self, world: World) -> None:
        keep(world, languages=["pl"])
        ellen = world.client("ellen")
        assert "Youssef" not in words(ellen.get(reverse("directory") + "?taal=pl"))
        strange = ellen.get(reverse("directory") + "?taal=klingon&kan=%00&wijk=%00&na=geen&wanneer=9x&plek=?")
        assert strange.status_code == 200
        assert "Youssef" in words(strange)
        nobody = words(ellen.get(reverse("directory") + "?wanneer=6e"))
        assert "Niemand past bij alles wat u koos." in nobody

    def test_who_stopped_working_here_is_not_found(self, world: World) -> None:
        membership = Membership.objects.get(account=world.account("anouk"))
        people.end_role(actor=world.system, membership_id=membership.pk, on=membership.from_on, at=world.at)
        assert found(world) == ["Youssef"]

    @pytest.mark.usefixtures("house")
    def test_it_is_for_who_works_with_families(self, world: World) -> None:
        answers = {
            who: world.client(who).get(reverse("directory")).status_code
            for who in ("ellen", "anouk", "sanne", "piet", "henk")
        }
        assert answers == {"ellen": 200, "anouk": 200, "sanne": 403, "piet": 403, "henk": 403}

    def test_the_list_begins_each_day_at_another_letter_and_keeps_that_order(self, world: World) -> None:
        for name in ("bob", "cato", "zoe"):
            world.add_professional(name, "vlinder", "angst")
        firsts = set()
        for _day in range(26):
            now = found(world)
            assert sorted(now) == ["Anouk", "Bob", "Cato", "Youssef", "Zoe"]
            turned = now.index("Anouk")
            assert now[turned:] + now[:turned] == ["Anouk", "Bob", "Cato", "Youssef", "Zoe"]
            firsts.add(now[0])
            world.later(days=1)
        assert firsts == {"Anouk", "Bob", "Cato", "Youssef", "Zoe"}

    def test_each_is_met_once_going_through_the_pages_which_ask_as_much_at_any_size(
        self, world: World
    ) -> None:
        ellen = world.client("ellen")

        def asked(url: str) -> int:
            with CaptureQueriesContext(connection) as seen:
                assert ellen.get(url).status_code == 200
            return len(seen)

        small = asked(reverse("directory"))
        for number in range(50):
            world.add_professional(f"mens{number:02}", "vlinder", "angst")
        assert asked(reverse("directory")) == small
        met: list[str] = []
        after: UUID | None = None
        while True:
            page = directory(world.actor("ellen"), at=world.at, wishes=Wishes(), after=after)
            met += [one.first_name for one in page.people]
            after = page.after
            if after is None:
                break
        assert len(met) == len(set(met)) == 52
        assert asked(reverse("directory") + f"?na={page.people[0].professional_id}") == small + 1

    def test_nothing_of_a_photo_or_word_stands_in_the_log(self, world: World) -> None:
        keep(world, areas=["Akker"])
        entry = Entry.objects.filter(code="card.kept").get()
        assert entry.facts == {"photo": False}
