"""Own words and the files beside them say whom they are about: the child, unless somebody chooses another."""

from __future__ import annotations

from typing import Any
from uuid import UUID, uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from hendig.audit.actions import reading
from hendig.audit.models import Entry
from hendig.families.actions import add_parent, say_about
from hendig.families.models import CHILD, OUTSIDE, Whom
from hendig.families.queries import opening_all
from hendig.families.queries.looked import who_looked
from hendig.files.models import File
from hendig.kernel.refusal import Forbidden, NotVisible, Refused
from hendig.rights import actions
from hendig.rights.models import OwnWords
from tests.support.along import taken
from tests.support.files import a_photo
from tests.support.matching import Household, household, record_of, son_and_daughter
from tests.support.world import World

pytestmark = pytest.mark.django_db
HERS, OURS = "Ik slik medicijnen voor mijn angst.", "Noor slaapt weer goed."


@pytest.fixture(autouse=True)
def _the_clock_of_the_pages(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("hendig.web.middleware.timezone.now", lambda: world.at)


def of(house: Household, name: str) -> Whom:
    return Whom(house.member(name).pk)


def write(
    world: World, house: Household, words: str, about: Whom = CHILD, who: str = "sanne", **more: Any
) -> OwnWords:
    said = {"kind": "addition", "topic": "plan", **more}
    return actions.write_own_words(
        actor=world.actor(who), family_id=house.family_id, words=words, about=about, at=world.at, **said
    )


def say(world: World, own: OwnWords, who: str, about: Whom) -> OwnWords:
    return actions.say_whom(actor=world.actor(who), own_id=own.pk, about=about, at=world.at)


def page(world: World, house: Household, who: str) -> str:
    answer = world.client(who).get(reverse("own_record", args=[house.family_id]))
    assert answer.status_code == 200
    return answer.content.decode()


def post(world: World, who: str, name: str, key: UUID, **typed: object) -> int:
    sent: dict[str, Any] = {"_key": str(uuid4()), **typed}
    return world.client(who).post(reverse(name, args=[key]), sent).status_code


def test_what_nobody_says_is_about_the_child_and_so_is_the_child_itself(
    world: World, house: Household
) -> None:
    for about in (CHILD, of(house, "Noor")):
        assert write(world, house, OURS, about).whom == CHILD
    assert OURS in page(world, house, "noor")


def test_what_a_parent_says_of_themself_is_not_for_the_child(world: World, house: Household) -> None:
    own = write(world, house, HERS, of(house, "Sanne"))
    for who in ("sanne", "mark", "ellen"):
        text = page(world, house, who)
        assert (HERS in text, "Over Sanne" in text) == (True, True)
    assert HERS not in page(world, house, "noor")
    seen = {}
    for who in ("noor", "mark"):
        with reading(world.actor(who), world.at):
            seen[who] = OwnWords.objects.filter(pk=own.pk).exists()
    assert seen == {"noor": False, "mark": True}


def test_what_the_child_wrote_the_child_reads(world: World, house: Household) -> None:
    write(world, house, "Mama huilt veel.", of(house, "Sanne"), who="noor")
    assert "Mama huilt veel." in page(world, house, "noor")


def with_photo(world: World, house: Household, **typed: str) -> File:
    sent = {"kind": "addition", "topic": "help", "words": HERS, "file_words": "Het recept.", **typed}
    sent["file"] = SimpleUploadedFile("recept.jpg", a_photo(), "image/jpeg")  # type: ignore[assignment]
    assert post(world, "sanne", "write_own_words", house.family_id, **sent) == 302
    return File.objects.get()


def test_the_file_beside_the_words_is_about_the_same_one(world: World, house: Household) -> None:
    file = with_photo(world, house, about=str(house.member("Sanne").pk))
    assert file.whom == of(house, "Sanne")
    path = reverse("file", args=[file.pk])
    assert [world.client(who).get(path).status_code for who in ("noor", "mark", "sanne")] == [404, 200, 200]
    with reading(world.actor("noor"), world.at):
        assert not File.objects.exists()
    say(world, OwnWords.objects.get(), "sanne", CHILD)
    assert world.client("noor").get(path).status_code == 200
    assert "Het recept." in page(world, house, "noor")


def test_who_looked_at_a_file_is_told_to_whoever_reads_the_file(world: World, house: Household) -> None:
    """A look at what is about a parent is no line for the child, until it is said to be about the child."""

    def lines(who: str) -> int:
        with opening_all(world.actor(who), "family.log_seen", house.family_id, at=world.at) as seen:
            return len([one for one in who_looked(seen).lines if "foto of een brief" in str(one.words)])

    file = with_photo(world, house, about=str(house.member("Sanne").pk))
    assert world.client("ellen").get(reverse("file", args=[file.pk])).status_code == 200
    assert {who: lines(who) for who in ("sanne", "mark", "noor")} == {"sanne": 1, "mark": 1, "noor": 0}
    say(world, OwnWords.objects.get(), "sanne", CHILD)
    assert world.client("ellen").get(reverse("file", args=[file.pk])).status_code == 200
    assert lines("noor") == 2
    say(world, OwnWords.objects.get(), "sanne", OUTSIDE)
    assert (lines("noor"), lines("mark")) == (0, 2)


def test_a_copy_holds_it_for_whom_it_is_about_alone(world: World, house: Household) -> None:
    write(world, house, HERS, of(house, "Sanne"))
    write(world, house, OURS)
    words = {
        who: [row["words"] for row in taken(world, house, who).data["own_words"]]
        for who in ("sanne", "mark", "noor")
    }
    assert words == {"sanne": [HERS, OURS], "mark": [OURS], "noor": [OURS]}


def test_a_file_about_another_is_in_no_copy_either(world: World, house: Household) -> None:
    with_photo(world, house, about=str(house.member("Sanne").pk))
    files = {who: len(taken(world, house, who).data["files"]) for who in ("sanne", "mark", "noor")}
    assert files == {"sanne": 1, "mark": 0, "noor": 0}


def test_who_wrote_it_and_the_coach_put_it_right_and_the_log_follows(world: World, house: Household) -> None:
    def lines(who: str) -> int:
        with opening_all(world.actor(who), "family.log_seen", house.family_id, at=world.at) as seen:
            words = [str(line.words) for line in who_looked(seen).lines]
        return words.count("schreef iets bij uw gegevens")

    own = write(world, house, HERS)
    assert lines("noor") == 1
    for who in ("mark", "noor"):
        with pytest.raises(Refused) as no:
            say(world, own, who, OUTSIDE)
        assert no.value.refusal.code == "about.not_yours"
    with pytest.raises(Forbidden):
        say(world, own, "anouk", OUTSIDE)
    with pytest.raises(NotVisible):
        say(world, own, "bram", OUTSIDE)
    assert say(world, own, "ellen", of(house, "Sanne")).whom == of(house, "Sanne")
    assert (lines("noor"), lines("mark")) == (0, 1)
    assert say(world, own, "sanne", CHILD).whom == CHILD
    assert lines("noor") == 1
    facts = Entry.objects.filter(code="own.about").order_by("id").values_list("facts", flat=True)
    assert [one.get("another") for one in facts] == [str(house.member("Sanne").pk), None]


def test_an_answer_to_what_is_about_another_is_not_for_the_child(world: World, house: Household) -> None:
    own = write(world, house, HERS, of(house, "Sanne"), kind="correction")
    ellen = world.actor("ellen")
    actions.answer_correction(
        actor=ellen, own_id=own.pk, corrected=True, reply="Medicijnen weggehaald.", at=world.at
    )
    assert "Medicijnen weggehaald." in page(world, house, "mark")
    assert "Medicijnen weggehaald." not in page(world, house, "noor")
    with pytest.raises(NotVisible):
        actions.take_back(actor=world.actor("noor"), own_id=own.pk, at=world.at)


def test_it_is_about_nobody_of_another_family(world: World, house: Household) -> None:
    other = household(world, parent="Lisa", other="Tom", child="Finn")
    for about in (Whom(other.member("Lisa").pk), Whom(uuid4())):
        with pytest.raises(NotVisible):
            write(world, house, HERS, about)
    assert not OwnWords.objects.exists()


def test_the_form_asks_it_in_one_quiet_choice(world: World, house: Household) -> None:
    form = world.client("sanne").get(reverse("write_own_words", args=[house.family_id])).content.decode()
    assert "Gaat dit over iemand anders?" in form
    sent = {"kind": "addition", "topic": "help", "words": HERS}
    assert post(world, "sanne", "write_own_words", house.family_id, **sent, about="onzin") == 422
    assert post(world, "sanne", "write_own_words", house.family_id, **sent, about="outside") == 302
    own = OwnWords.objects.get()
    assert own.whom == OUTSIDE
    path = reverse("own_about", args=[own.pk])
    assert path in page(world, house, "sanne")
    assert path not in page(world, house, "mark")
    assert HERS in world.client("ellen").get(path).content.decode()
    assert world.client("noor").get(path).status_code == 404
    assert post(world, "sanne", "own_about", own.pk, about="onzin") == 422
    assert post(world, "sanne", "own_about", own.pk, about=str(house.member("Sanne").pk)) == 302
    assert OwnWords.objects.get().whom == of(house, "Sanne")


def test_the_pages_take_as_many_queries_at_any_size(world: World, house: Household) -> None:
    own = write(world, house, HERS)

    def counts() -> list[int]:
        found = []
        for path in (
            reverse("own_record", args=[house.family_id]),
            reverse("own_about", args=[own.pk]),
            reverse("write_own_words", args=[house.family_id]),
        ):
            client = world.client("sanne")
            with CaptureQueriesContext(connection) as seen:
                assert client.get(path).status_code == 200
            found.append(len(seen))
        return found

    few = counts()
    for _n in range(4):
        write(world, house, HERS, of(house, "Sanne"))
    add_parent(actor=world.actor("ellen"), family_id=house.family_id, first_name="Kees", at=world.at)
    assert counts() == few


def test_the_choice_names_no_child_whose_record_rests(world: World) -> None:
    two = son_and_daughter(world)
    own = write(world, two, OURS, who="sanne", record_id=record_of(two, "Lotte"))
    say_about(
        actor=world.actor("bas"),
        record_id=record_of(two, "Bas"),
        account_id=world.account("sanne").pk,
        yes=False,
        at=world.at,
    )
    for path in (reverse("own_about", args=[own.pk]), reverse("write_own_words", args=[two.family_id])):
        text = world.client("sanne").get(path).content.decode()
        assert ("Bas" in text, "Lotte" in text, "Mark" in text) == (False, True, True)
    # A youth knows the own sister.
    assert (
        "Lotte" in world.client("bas").get(reverse("write_own_words", args=[two.family_id])).content.decode()
    )
