"""The seal on the pages: a family notes it down, the privacy officer checks it and hands it to others."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest
from django.urls import reverse
from django.utils.html import escape
from pytest_django.fixtures import Settings

from hendig.audit.actions import change, seal_log
from hendig.audit.models import RESTORED, Anchor, Entry, Seal
from hendig.audit.queries import SealLine, newest_seal_line
from hendig.kernel.actor import Actor
from hendig.kernel.refusal import Forbidden, Refused
from hendig.operations.prove.log import anchors_in
from hendig.people import actions, jobs
from hendig.people.models import Letter, Notice
from tests.support.families import confirmed
from tests.support.world import World

NOW = datetime(2026, 12, 1, 9, 0, tzinfo=UTC)


def sealed() -> SealLine:
    seal_log(at=NOW)
    line = newest_seal_line()
    assert line is not None
    return line


def check(world: World, code: str) -> tuple[int, str]:
    answer = world.client("karin").get(reverse("seal"), {"code": code})
    return answer.status_code, answer.content.decode()


def test_a_family_can_note_down_the_seal_on_its_list(world: World) -> None:
    request = confirmed(world)
    page = reverse("who_looked", args=[request.family_id])
    assert "Uw bewijs" not in world.client("sanne").get(page).content.decode()
    assert sealed().code in world.client("sanne").get(page).content.decode()


def test_the_privacy_officer_sees_that_a_noted_seal_still_stands(world: World) -> None:
    noted = sealed().code
    with change(world.system, "settings.changed", at=world.at) as act:
        act.record(world.municipality)
    sealed()
    status, page = check(world, f"zegel {noted.upper()}")
    assert status == 200
    assert "Dit zegel bestaat en klopt." in page


@pytest.mark.parametrize(
    ("code", "words"),
    [
        ("77 mei mei mei mei mei", "Dit zegel bestaat niet."),
        ("1 mei mei mei mei mei", "maar heeft andere woorden"),
        ("1 mei mei mei mei meii", "Dit woord staat in geen enkel zegel: meii."),
        ("1 mei mei", "Een zegel is een nummer en vijf woorden."),
        ("<b>", "Dit woord staat in geen enkel zegel: b."),
    ],
)
def test_what_does_not_stand_is_said_in_words(world: World, code: str, words: str) -> None:
    sealed()
    status, page = check(world, code)
    assert status == 200
    assert words in page
    assert "Dit zegel bestaat en klopt" not in page
    assert escape(code) in page


def test_a_seal_that_is_not_signed_by_us_is_said_to_be_broken(world: World, settings: Settings) -> None:
    noted = sealed().code
    settings.SEAL_PUBLIC = []
    assert "het is verbroken" in check(world, noted)[1]


def test_a_seal_is_handed_to_privacy_officers_and_partners_once(world: World) -> None:
    seal = sealed()
    karin = world.client("karin")
    karin.post(reverse("anchor_log"))
    letters = list(Letter.objects.filter(key__startswith="anchor:"))
    assert sorted(letter.to for letter in letters) == [
        "kantoor@anker.example",
        "kantoor@vlinder.example",
        "karin@peelrand.example",
    ]
    assert Anchor.objects.get().letters == 3
    for letter in letters:
        assert seal.code in letter.body
        assert f"{seal.number}:{seal.hash}" in letter.body
    again = karin.post(reverse("anchor_log"))
    assert again.status_code == 422
    assert "al doorgegeven" in again.content.decode()
    assert Anchor.objects.count() == 1
    assert Entry.objects.filter(code="log.anchored").count() == 1


def test_the_mail_that_was_kept_is_an_anchor(world: World, tmp_path: Path) -> None:
    seal = sealed()
    actions.anchor_log(actor=world.actor("karin"), at=world.at)
    body = Letter.objects.filter(key__startswith="anchor:")[0].body
    kept = tmp_path / "mail.eml"
    kept.write_text(body)
    found = anchors_in(str(kept))
    assert {(one.number, one.held) for one in found} == {(seal.number, seal.hash), (seal.number, seal.code)}


def test_the_night_hands_over_what_is_new(world: World) -> None:
    jobs.anchor_log(timestamp=0)
    assert not Anchor.objects.exists()
    sealed()
    jobs.anchor_log(timestamp=0)
    jobs.anchor_log(timestamp=0)
    assert Anchor.objects.count() == 1
    sealed()
    jobs.anchor_log(timestamp=0)
    assert Anchor.objects.count() == Seal.objects.count() == 2


def test_without_a_seal_there_is_nothing_to_hand_over(world: World) -> None:
    with pytest.raises(Refused) as no:
        actions.anchor_log(actor=world.actor("karin"), at=world.at)
    assert no.value.refusal.code == "anchor.no_seal"


@pytest.mark.parametrize("who", ["ellen", "anouk", "henk", "petra", "jolanda"])
def test_nobody_else_hands_over_or_checks_a_seal(world: World, who: str) -> None:
    sealed()
    with pytest.raises(Forbidden):
        actions.anchor_log(actor=world.actor(who), at=world.at)
    assert world.client(who).get(reverse("seal")).status_code == 403


def test_the_page_says_with_whom_the_seals_lie_and_by_which_key(world: World, settings: Settings) -> None:
    seal = sealed()
    assert "Nog geen zegel ligt bij anderen" in world.client("karin").get(reverse("seal")).content.decode()
    actions.anchor_log(actor=Actor.system(world.municipality.pk), at=world.at)
    page = world.client("karin").get(reverse("seal")).content.decode()
    assert page.count(seal.code) == 2
    assert settings.SEAL_PUBLIC[0] in page
    assert "al doorgegeven" in page


def test_after_a_restore_the_page_says_what_a_seal_of_before_it_means(world: World) -> None:
    """The seal that a family noted after the backup is of lines that are gone."""
    sealed()
    assert "Teruggezette reservekopieën" not in check(world, "")[1]
    with change(world.system, RESTORED, at=NOW) as act:
        act.record(world.municipality, made="2026-11-30T02:00:00+00:00", seal=1, ledgers=1)
    _status, page = check(world, "2 mei mei mei mei mei")
    assert "Dit zegel bestaat niet." in page
    assert "Lees eerst hieronder of het zegel van daarvoor is." in page
    assert "Een zegel boven nummer 1 dat iemand voor het terugzetten opschreef" in page
    people = Entry.objects.filter(code=RESTORED).values_list("pk", flat=True)
    actions.tell(entry_ids=list(people), at=NOW)
    heard = Notice.objects.filter(code=RESTORED).values_list("account__first_name", flat=True)
    assert list(heard) == ["Karin"]
