"""A photo or a letter with own words: brought, seen by who sees the words, and gone with them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from io import BytesIO
from typing import Any
from uuid import UUID

import pytest
import time_machine
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from PIL import Image
from pytest_django.fixtures import Settings

from hendig.audit.models import Entry
from hendig.families.models import CompartmentKind
from hendig.files.models import File
from hendig.keys import actions as keys
from hendig.rights import actions as rights
from hendig.rights.models import OwnWords
from hendig.safety import actions as safety
from hendig.safety.actions.ending import carry_out_part
from hendig.safety.models import ErasureWhy
from tests.support.files import CAMERA, EICAR, a_paper_that_tells, a_photo, a_png_bomb, a_zip
from tests.support.matching import Household, household
from tests.support.rights import SEVENTEEN, a_pdf
from tests.support.scanner import Scanner
from tests.support.world import AT, World

pytestmark = pytest.mark.django_db
WORDS = "Zo ziet haar kamer eruit."


@pytest.fixture(autouse=True)
def clock() -> Iterator[None]:
    with time_machine.travel(AT, tick=False):
        yield


def bring(
    world: World,
    house: Household,
    content: bytes,
    *,
    who: str = "sanne",
    name: str = "foto.jpg",
    media: str = "image/jpeg",
    words: str = "De kamer van Noor",
) -> Any:
    form = {"kind": "addition", "topic": "help", "words": WORDS, "file_words": words}
    sent = form | {"file": SimpleUploadedFile(name, content, media)}
    return world.client(who).post(reverse("write_own_words", args=[house.family_id]), sent)


def opened(client: Client, file_id: UUID, status: int = 200) -> Any:
    answer = client.get(reverse("file", args=[file_id]))
    assert answer.status_code == status
    return answer


def page(world: World, house: Household, who: str = "sanne") -> str:
    answer = world.client(who).get(reverse("own_record", args=[house.family_id]))
    assert answer.status_code == 200
    return answer.content.decode()


class TestBringing:
    def test_a_photo_stands_with_the_words_and_is_opened_by_who_sees_those(
        self, world: World, house: Household
    ) -> None:
        assert bring(world, house, a_photo()).status_code == 302
        file = File.objects.get()
        for who in ("sanne", "mark", "noor", "ellen"):
            text = page(world, house, who)
            assert "Bekijk de foto" in text
            assert 'alt="De kamer van Noor"' in text
            answer = opened(world.client(who), file.pk)
            assert Image.open(BytesIO(answer.content)).size == (320, 200)
        for who in ("bram", "anouk", "henk", "karin", "piet"):
            no = world.client(who).get(reverse("file", args=[file.pk]))
            assert no.status_code in {403, 404}
            assert b"JFIF" not in no.content
        assert world.client().get(reverse("file", args=[file.pk])).status_code == 302

    def test_a_photo_with_gps_is_gone_from_what_is_kept_and_what_anybody_opens(
        self, world: World, house: Household
    ) -> None:
        """A photo with GPS: gone. The photo stays, and tells nowhere where or with what it was taken."""
        taken = a_photo()
        assert Image.open(BytesIO(taken)).getexif().get_ifd(0x8825), "the photo knows its place"
        bring(world, house, taken)
        file = File.objects.get()
        for who in ("sanne", "mark", "noor", "ellen"):
            shown = opened(world.client(who), file.pk).content
            assert not Image.open(BytesIO(shown)).getexif()
            for told in (b"Exif", b"GPS", CAMERA.encode(), b"51.4416"):
                assert told not in shown, (who, told)

    def test_a_letter_is_saved_and_not_shown(self, world: World, house: Household) -> None:
        bring(world, house, a_paper_that_tells(), name="brief.docx", media="text/html", words="")
        assert "Open de brief (pdf)" in page(world, house)
        answer = opened(world.client("noor"), File.objects.get().pk)
        assert answer["Content-Type"] == "application/pdf"
        assert answer["Content-Disposition"] == 'attachment; filename="brief.pdf"'

    def test_a_file_can_do_nothing_in_a_browser(self, world: World, house: Household) -> None:
        bring(world, house, a_photo(), name="Noor Jansen Dorpsstraat 1.jpg")
        answer = opened(world.client("sanne"), File.objects.get().pk)
        assert answer["Content-Type"] == "image/jpeg"
        assert answer["Content-Disposition"] == 'inline; filename="foto.jpg"'
        assert answer["X-Content-Type-Options"] == "nosniff"
        assert answer["Content-Security-Policy"] == "default-src 'none'; sandbox"
        assert answer["Cache-Control"] == "no-store"
        assert answer["Cross-Origin-Resource-Policy"] == "same-origin"
        assert not answer.cookies

    def test_a_photo_that_nobody_described_says_so(self, world: World, house: Household) -> None:
        bring(world, house, a_photo(), words="")
        assert 'alt="Foto van Sanne, zonder beschrijving"' in page(world, house, "ellen")

    def test_words_without_a_file_stay_as_they_were(self, world: World, house: Household) -> None:
        form = {"kind": "addition", "topic": "help", "words": WORDS}
        where = reverse("write_own_words", args=[house.family_id])
        assert world.client("sanne").post(where, form).status_code == 302
        assert OwnWords.objects.get().file is None
        assert "Bekijk" not in page(world, house)

    def test_the_form_can_carry_it_and_says_what_is_welcome(self, world: World, house: Household) -> None:
        text = world.client("sanne").get(reverse("write_own_words", args=[house.family_id])).content.decode()
        assert 'enctype="multipart/form-data"' in text
        assert 'accept="application/pdf,image/jpeg,image/png,image/webp,image/heic"' in text
        assert "tot 15 MB" in text


class TestRefusing:
    @pytest.mark.parametrize(
        ("content", "sentence"),
        [
            (b"", "Dit bestand is leeg."),
            (b"\xff\xd8\xff" + bytes(15_000_001), "Dit bestand is te groot."),
            (a_png_bomb(), "te veel beeldpunten"),
            (a_photo()[:900], "Deze foto gaat niet open."),
            (b"<svg><script>alert(1)</script></svg>", "Dit soort bestand kunnen wij niet bewaren."),
            (EICAR, "Dit soort bestand kunnen wij niet bewaren."),
            (a_zip(), "Dit soort bestand kunnen wij niet bewaren."),
            (a_pdf(script="app.alert(1)"), "In deze pdf zit iets dat kan draaien"),
            (a_pdf(password="geheim"), "Deze pdf zit op slot."),
        ],
        ids=["empty", "large", "bomb", "cut", "svg", "eicar", "zip", "script", "locked"],
    )
    def test_a_hostile_file_gets_a_sentence_and_what_was_typed_stays(
        self, world: World, house: Household, content: bytes, sentence: str
    ) -> None:
        answer = bring(world, house, content)
        text = answer.content.decode()
        assert answer.status_code == 422
        assert sentence in text
        assert WORDS in text
        assert "De kamer van Noor" in text
        assert not File.objects.exists()
        assert not OwnWords.objects.exists()

    def test_a_virus_is_refused_in_words(self, world: World, house: Household, settings: Settings) -> None:
        with Scanner() as running:
            settings.CLAMD = running.where
            text = bring(world, house, a_photo() + EICAR).content.decode()
        assert "In dit bestand zit een virus." in text
        assert WORDS in text
        assert not File.objects.exists()

    def test_while_the_scanner_is_away_the_words_can_come_without_the_file(
        self, world: World, house: Household, settings: Settings
    ) -> None:
        settings.CLAMD = "/nowhere/clamd.sock"
        text = bring(world, house, a_photo()).content.decode()
        assert "Wij kunnen bestanden nu niet nakijken." in text
        assert WORDS in text
        form = {"kind": "addition", "topic": "help", "words": WORDS}
        where = reverse("write_own_words", args=[house.family_id])
        assert world.client("sanne").post(where, form).status_code == 302

    @pytest.mark.parametrize(
        "name",
        ["../../etc/passwd", "C:\\x\\y.exe", "f\u202egpj.exe", "a" * 1000 + ".jpg", "f.php\x00.jpg"],
    )
    def test_a_name_is_never_read(self, world: World, house: Household, name: str) -> None:
        assert bring(world, house, a_photo(), name=name, media="text/x-php").status_code == 302
        answer = opened(world.client("sanne"), File.objects.get().pk)
        assert answer["Content-Disposition"] == 'inline; filename="foto.jpg"'

    def test_another_field_that_is_wrong_says_that_the_file_must_be_chosen_again(
        self, world: World, house: Household
    ) -> None:
        sent = {"kind": "addition", "file": SimpleUploadedFile("foto.jpg", a_photo())}
        answer = world.client("sanne").post(reverse("write_own_words", args=[house.family_id]), sent)
        assert answer.status_code == 422
        assert "Kies het bestand nog een keer" in answer.content.decode()

    def test_who_may_not_write_brings_nothing(self, world: World, house: Household) -> None:
        household(world, parent="Lisa", other="Tom", child="Finn")
        assert bring(world, house, a_photo(), who="lisa").status_code == 404
        assert bring(world, house, a_photo(), who="henk").status_code == 403
        assert not File.objects.exists()


class TestKeeping:
    def test_the_table_holds_nothing_that_can_be_read(self, world: World, house: Household) -> None:
        bring(world, house, a_photo())
        with connection.cursor() as cursor:
            cursor.execute("SELECT content, words FROM files_file")
            row = cursor.fetchone()
        assert row is not None
        lies = bytes(row[0]) + bytes(row[1])
        for told in (b"JFIF", b"\xff\xd8\xff", b"kamer", b"Exif", CAMERA.encode()):
            assert told not in lies

    def test_it_lies_where_the_words_lie(self, world: World, house: Household) -> None:
        bring(world, house, a_photo())
        own = OwnWords.objects.get()
        assert own.file is not None
        assert own.file.compartment_id == own.compartment_id
        assert own.file.compartment.kind == CompartmentKind.SHARED
        assert own.file.member.first_name == "Sanne"

    def test_taken_back_it_is_gone_from_the_table_too(self, world: World, house: Household) -> None:
        bring(world, house, a_photo())
        own = OwnWords.objects.get()
        rights.take_back(actor=world.actor("sanne"), own_id=own.pk, at=world.at)
        with connection.cursor() as cursor:
            cursor.execute("SELECT content, words FROM files_file")
            row = cursor.fetchone()
        assert row is not None
        assert [bytes(one) for one in row] == [b"", b""]
        assert own.file_id is not None
        opened(world.client("sanne"), own.file_id, status=404)

    def test_when_the_key_of_its_compartment_is_destroyed_nobody_opens_it(
        self, world: World, house: Household
    ) -> None:
        bring(world, house, a_photo())
        file = File.objects.get()
        keys.destroy_key(actor=world.actor("karin"), compartment_id=file.compartment_id, at=world.at)
        opened(world.client("sanne"), file.pk, status=404)
        assert "Bekijk de foto" in page(world, house)

    def test_when_the_words_are_destroyed_on_request_it_goes_with_them(self, world: World) -> None:
        house = household(world, born_on=SEVENTEEN)
        bring(world, house, a_photo(), who="noor")
        assert "Bekijk de foto" in page(world, house, who="noor")
        own = OwnWords.objects.get()
        noor, ellen = world.actor("noor"), world.actor("ellen")
        asked = rights.ask_destruction(
            actor=noor, family_id=house.family_id, child_id=house.child.pk, at=world.at
        )
        rights.answer_destruction(
            actor=ellen,
            destruction_id=asked.pk,
            stage="partly",
            keep=["running"],
            pieces=[f"rights_ownwords:{own.pk}"],
            reply="De hulp loopt nog.",
            at=world.at,
        )
        erasure = safety.ask_erasure(
            actor=world.actor("karin"),
            record_id=house.request.compartment.record_id,
            why=ErasureWhy.ASKED,
            at=world.at,
        )
        proof = safety.agree_erasure(actor=ellen, erasure_id=erasure.pk, at=world.at)
        assert proof.pieces == sorted([f"files_file:{own.file_id}", f"rights_ownwords:{own.pk}"])
        with connection.cursor() as cursor:
            cursor.execute("SELECT content, words FROM files_file")
            row = cursor.fetchone()
        assert row is not None
        assert [bytes(one) for one in row] == [b"", b""]
        assert own.file_id is not None
        opened(world.client("noor"), own.file_id, status=404)
        assert "Bekijk de foto" not in page(world, house, who="noor")
        # The proof names rows: what was restored from before is emptied by it again.
        carry_out_part(erasure_id=proof.pk, municipality_id=world.municipality.pk, at=world.at)

    def test_a_new_key_takes_it_along(self, world: World, house: Household) -> None:
        bring(world, house, a_photo())
        file = File.objects.get()
        before = opened(world.client("sanne"), file.pk).content
        where = [file.compartment_id]
        keys.renew_keys(actor=world.system, compartment_ids=where, at=world.at)
        assert keys.seal_again(actor=world.system, compartment_ids=where, at=world.at) > 0
        assert opened(world.client("sanne"), file.pk).content == before

    def test_a_look_at_it_is_one_line_in_the_log_that_the_family_reads(
        self, world: World, house: Household
    ) -> None:
        bring(world, house, a_photo())
        file = File.objects.get()
        opened(world.client("ellen"), file.pk)
        line = Entry.objects.get(code="file.seen")
        assert line.account_id == world.account("ellen").pk
        assert line.compartment_id == file.compartment_id
        log = world.client("sanne").get(reverse("who_looked", args=[house.family_id])).content.decode()
        assert "opende een foto of een brief" in log

    def test_a_list_never_takes_what_is_in_a_file(self, world: World, house: Household) -> None:
        """The page asks as much for many as for none, and no photo comes along with it."""
        client = world.client("ellen")
        where = reverse("own_record", args=[house.family_id])
        client.get(where)
        with CaptureQueriesContext(connection) as few:
            client.get(where)
        for _ in range(3):
            bring(world, house, a_photo())
            world.later(minutes=1)
        with CaptureQueriesContext(connection) as many:
            client.get(where)
        assert len(many) == len(few)
        assert not any(re.search(r'"content"', one["sql"]) for one in many)
