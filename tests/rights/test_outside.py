"""A parent who never had authority has a way in: to ask how it goes, and to nothing else."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from hendig.audit.actions import reading
from hendig.families.actions import add_child, end_authority, invite_parent, set_authority
from hendig.families.models import (
    Block,
    Compartment,
    Consent,
    Family,
    FamilyMember,
    Invitation,
    Involvement,
    LegalAuthority,
    NamePart,
    Note,
    Record,
    Source,
    opened,
)
from hendig.helprequests.actions import ChildOfTalk, ParentOfTalk, first_talk
from hendig.helprequests.models import HelpRequest
from hendig.kernel.actor import Role
from hendig.kernel.refusal import Forbidden, NotVisible, Refused
from hendig.keys.models import CompartmentKey
from hendig.people.models import Account
from hendig.people.rules import PERMISSIONS
from hendig.rights.actions.information import ask_information, refuse, refuse_plainly, release
from hendig.rights.models import InformationRequest, Topic
from tests.support.families import looked_up, sees_along, taken_up
from tests.support.matching import Household, household, open_talk, record_of, say
from tests.support.refusals import code_of
from tests.support.rights import SMALL
from tests.support.shared import built_once
from tests.support.world import World
from tests.web.test_routes import ALL, needed_for

EMAIL = "mark@elders.example"


@pytest.fixture(autouse=True)
def _the_clock_of_the_pages(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("hendig.web.middleware.timezone.now", lambda: world.at)


@built_once
def house(world: World) -> Household:
    """Noor of 8; Sanne decides, Mark is her father and never did. Anouk helps; Mark got his way in."""
    request = first_talk(
        actor=world.actor("ellen"),
        request_id=taken_up(world).pk,
        result="Weer met plezier naar school.",
        child=ChildOfTalk(first_name="Noor", born_on=SMALL),
        parent=ParentOfTalk("Mark", "", holds_authority=False),
        asker_holds_authority=True,
        at=world.at,
    )
    looked_up(world, request)
    assert request.child is not None
    found = Household(request, request.child)
    say(world, open_talk(world, found), "sanne", "ellen", "anouk")
    let_in(world, found)
    return found


def let_in(world: World, house: Household, who: str = "ellen", children: Sequence[UUID] = ()) -> None:
    mark = house.member("Mark")
    invite_parent(actor=world.actor(who), member_id=mark.pk, email=EMAIL, children=children, at=world.at)


def asked(world: World, house: Household) -> InformationRequest:
    return ask_about(world, record_of(house, "Noor"))


def ask_about(world: World, record_id: UUID) -> InformationRequest:
    return ask_information(
        actor=world.actor("mark"),
        record_id=record_id,
        topic=Topic.HEALTH,
        words="Hoe gaat het met mijn dochter?",
        at=world.at,
    )


def text(world: World, path: str, who: str = "mark") -> str:
    answer = world.client(who).get(path)
    assert answer.status_code == 200
    return str(answer.content.decode())


def home(house: Household) -> str:
    return reverse("ask_information", args=[house.family_id])


def test_the_front_door_leads_to_the_own_questions(world: World, house: Household) -> None:
    answer = world.client("mark").get(reverse("my_family"))
    assert (answer.status_code, answer["Location"]) == (302, home(house))
    page = text(world, home(house))
    assert "U heeft geen gezag" in page
    assert "Vraag het" in page
    # And who decides goes where it went.
    sanne = world.client("sanne").get(reverse("my_family"))
    assert sanne["Location"] == reverse("family", args=[house.family_id])


def test_no_page_at_all_says_more_than_the_own_question_and_its_answer(
    world: World, house: Household
) -> None:
    """Every route with what its address could name of this family: the names of others are nowhere."""
    answer = "Zij slaapt beter."
    one = told(world, asked(world, house), answer)
    names = ("Noor", "Sanne", "Ellen", "slecht", "plezier", "Vlinder")
    client, found = world.client("mark"), set()
    for route in ALL:
        takes = list(route.pattern.converters)
        closed = {Role.FAMILY, Role.ANYONE}.isdisjoint(PERMISSIONS[needed_for(route)])
        if closed or route.name == "sign_out" or len(takes) > 1:
            continue
        for key in named(house, one, takes[0]) if takes else [None]:
            page = client.get(reverse(route.name, kwargs={takes[0]: key} if key else {}))
            body = page.content.decode(errors="replace") if page.status_code == 200 else ""
            assert not [name for name in names if name in body], route.name
            if body and key:
                found.add(route.name)
    own = {"own_record", "write_own_words", "take_along", "part_of_parent", "homes", "new_home"}
    assert found == {"ask_information", "ask_decision", *own}
    assert answer in text(world, home(house))


def named(house: Household, one: InformationRequest, what: str) -> list[UUID]:
    """What an identifier of this name can be here."""
    places = Compartment.objects.filter(record=one.record_id).values_list("pk", flat=True)
    return {
        "family_id": [house.family_id],
        "member_id": [house.member(name).pk for name in ("Noor", "Sanne", "Mark")],
        "record_id": [one.record_id],
        "request_id": [house.request.pk],
        "place_id": list(places),
        "information_id": [one.pk],
    }.get(what, [])


def told(world: World, one: InformationRequest, answer: str) -> InformationRequest:
    return release(
        actor=world.actor("anouk"), information_id=one.pk, topic=Topic.HEALTH, answer=answer, at=world.at
    )


def test_each_wall_alone_shows_nothing_of_what_is_shared(world: World, house: Household) -> None:
    mark = world.actor("mark")
    shared = house.request.compartment_id
    assert not HelpRequest.objects.visible_to(mark, at=world.at).exists()
    places = Compartment.objects.filter(pk__in=opened("compartment_id", mark, world.at))
    assert {(one.kind, one.person) for one in places} == {("parent", house.member("Mark"))}
    with reading(mark, world.at):
        assert not HelpRequest.objects.exists()
        assert not Note.objects.exists()
        assert not CompartmentKey.objects.filter(compartment_id=shared).exists()
        # Nor who is there, which children, what was decided and who is involved: only what is his own.
        assert [one.first_name for one in FamilyMember.objects.all()] == ["Mark"]
        assert {one.account_id for one in Involvement.objects.all()} == {mark.account}
        assert {one.kind for one in Compartment.objects.all()} == {"parent"}
        for rows in (Family, LegalAuthority, NamePart, Consent, Block, Invitation):
            assert not rows.objects.exists(), rows
    assert not Family.objects.visible_to(mark, at=world.at).exists()
    for filtered in (FamilyMember, LegalAuthority, NamePart):
        assert not filtered.objects.visible_to(mark, at=world.at).exists()


@built_once
def siblings(world: World) -> Household:
    """Noor of 8 is Mark's; Wietse of 5, her half-brother, and Lot of 3 are not. Sanne decides for all."""
    request = first_talk(
        actor=world.actor("ellen"),
        request_id=taken_up(world).pk,
        result="Rust in huis.",
        child=ChildOfTalk(first_name="Noor", born_on=SMALL),
        parent=ParentOfTalk("Mark", "", holds_authority=False),
        asker_holds_authority=True,
        at=world.at,
    )
    assert request.child is not None
    found = Household(request, request.child)
    bears(world, found, "Wietse", date(2021, 5, 4))
    return found


def bears(world: World, house: Household, name: str, born_on: date) -> None:
    child = add_child(
        actor=world.actor("ellen"),
        family_id=house.family_id,
        first_name=name,
        born_on=born_on,
        at=world.at,
    )
    set_authority(
        actor=world.actor("ellen"),
        child_id=child.pk,
        holder_id=house.member("Sanne").pk,
        source=Source.REGISTER,
        at=world.at,
    )


def asks_about(world: World, house: Household) -> set[UUID]:
    """The records about which Mark is offered to ask."""
    page = text(world, home(house))
    records = Record.objects.filter(family_id=house.family_id)
    return {one.pk for one in records if str(one.pk) in page}


def test_the_coach_says_whose_parent_it_is_and_no_other_child_is_there(
    world: World, siblings: Household
) -> None:
    mark, noor = siblings.member("Mark"), siblings.child
    door = reverse("way_in", args=[mark.pk])
    page = text(world, door, "ellen")
    assert "Van welke kinderen is dit de ouder?" in page
    assert "Wietse" in page
    none: Any = world.client("ellen").post(door, {"_key": str(uuid4()), "email": EMAIL})
    assert (none.status_code, EMAIL in none.content.decode()) == (422, True)
    assert code_of(lambda: let_in(world, siblings)) == "parent.whose"
    assert code_of(lambda: let_in(world, siblings, children=[mark.pk, uuid4()])) == "parent.whose"
    sent = {"_key": str(uuid4()), "email": EMAIL, "children": [str(noor.pk)]}
    assert world.client("ellen").post(door, sent).status_code == 302
    own, other = record_of(siblings, "Noor"), record_of(siblings, "Wietse")
    page = text(world, home(siblings))
    assert "uw tweede kind" not in page
    assert not [name for name in ("Noor", "Wietse", "Sanne") if name in page]
    asked(world, siblings)
    with pytest.raises(NotVisible):
        ask_about(world, other)
    # Nor is a half-sister who is born later, in any table.
    bears(world, siblings, "Lot", date(2024, 1, 5))
    mark_is = world.actor("mark")
    for records in (
        Record.objects.visible_to(mark_is, at=world.at),
        Record.objects.filter(pk__in=opened("record_id", mark_is, world.at)),
    ):
        assert set(records.values_list("pk", flat=True)) == {own}
    with reading(mark_is, world.at):
        assert {one.pk for one in Record.objects.all()} == {own}


def test_whose_authority_ended_may_ask_about_the_own_child_alone(world: World, siblings: Household) -> None:
    """While he decided for Noor he was near Wietse as well: that is over with it."""
    authority = set_authority(
        actor=world.actor("ellen"),
        child_id=siblings.child.pk,
        holder_id=siblings.member("Mark").pk,
        source=Source.COURT,
        at=world.at,
    )
    let_in(world, siblings)
    end_authority(actor=world.actor("ellen"), authority_id=authority.pk, at=world.at)
    world.later(days=1)
    ask_about(world, record_of(siblings, "Noor"))
    with pytest.raises(NotVisible):
        ask_about(world, record_of(siblings, "Wietse"))
    mark = world.actor("mark")
    own = {record_of(siblings, "Noor")}
    assert {one.pk for one in Record.objects.visible_to(mark, at=world.at)} == own
    with reading(mark, world.at):
        assert not LegalAuthority.objects.exists()
        # That there is another record stands in no table for him, and on no page.
        assert {one.pk for one in Record.objects.all()} == own
        assert {one.record_id for one in Involvement.objects.all()} == own
        assert {one.record_id for one in Compartment.objects.all()} == own
    copies = text(world, reverse("own_record", args=[siblings.family_id]))
    assert [pk for pk in Record.objects.values_list("pk", flat=True) if str(pk) in copies] == [*own]


def test_two_own_children_are_told_apart_by_their_age_alone(world: World, siblings: Household) -> None:
    bears(world, siblings, "Lot", date(2016, 1, 5))
    let_in(world, siblings, children=[siblings.child.pk, siblings.member("Lot").pk])
    page = text(world, home(siblings))
    lot, noor = (str(record_of(siblings, name)) for name in ("Lot", "Noor"))
    assert page.index(lot) < page.index("uw oudste kind") < page.index(noor) < page.index("uw tweede kind")


def test_with_authority_the_same_account_sees_the_record(world: World, house: Household) -> None:
    set_authority(
        actor=world.actor("ellen"),
        child_id=house.child.pk,
        holder_id=house.member("Mark").pk,
        source=Source.COURT,
        at=world.at,
    )
    family = reverse("family", args=[house.family_id])
    assert world.client("mark").get(reverse("my_family"))["Location"] == family
    assert "Noor" in text(world, family)


def test_the_coach_finds_where_to_let_a_parent_in_and_nobody_else_does(
    world: World, house: Household
) -> None:
    mark = house.member("Mark")
    door = reverse("way_in", args=[mark.pk])
    family = reverse("family", args=[house.family_id])
    assert f'{door}"' not in text(world, family, "ellen"), "he is in already"
    for who, error in (("sanne", Forbidden), ("anouk", Forbidden)):
        with pytest.raises(error):
            let_in(world, house, who)
    with pytest.raises(Refused):
        let_in(world, house)


def test_what_the_coach_reads_before_letting_such_a_parent_in(world: World) -> None:
    request = first_talk(
        actor=world.actor("ellen"),
        request_id=taken_up(world).pk,
        result="Rust.",
        child=ChildOfTalk(first_name="Noor", born_on=SMALL),
        parent=ParentOfTalk("Mark", "", holds_authority=False),
        asker_holds_authority=True,
        at=world.at,
    )
    mark = request.family.members.get(first_name="Mark")
    door = reverse("way_in", args=[mark.pk])
    assert door in text(world, reverse("family", args=[request.family_id]), "ellen")
    assert door not in text(world, reverse("family", args=[request.family_id]), "sanne")
    assert "Deze ouder ziet het dossier niet" in text(world, door, "ellen")
    sent = world.client("ellen").post(door, {"_key": str(uuid4()), "email": EMAIL})
    assert sent.status_code == 302
    assert Account.objects.get(email=EMAIL).first_name == "Mark"


def test_a_child_of_13_finds_no_switch_that_would_let_in_a_parent_without_authority(world: World) -> None:
    """A yes of the child opens nothing to that parent before 16, so the page does not offer it."""
    found = household(world)
    held = LegalAuthority.objects.get(holder=found.member("Mark"), child=found.child)
    who_may = reverse("who_may", args=[found.family_id])
    assert "Mark mag meekijken" in text(world, who_may, "noor")
    end_authority(actor=world.actor("ellen"), authority_id=held.pk, at=world.at)
    page = text(world, who_may, "noor")
    assert "Mark mag meekijken" not in page
    assert "Sanne mag meekijken" in page
    assert "Mark (ouder) ziet nu niets." in page


# --- a no that tells nothing ---


def test_a_no_without_a_reason_reads_the_same_whatever_the_reason_is(world: World, house: Household) -> None:
    one = asked(world, house)
    url = reverse("answer_information", args=[one.pk])
    typed: dict[str, Any] = {"_key": str(uuid4()), "tells": "2", "topic": "health", "words": ""}
    assert world.client("ellen").post(url, typed).status_code == 302
    page = text(world, home(house))
    assert "Wie helpt vertelt u hierover nu niets" in page
    assert not [word for word in ("veilig", "adres van", "gevaar", "geheim") if word in main_of(page)]
    # Nothing stands there but these words: no other is kept.
    assert InformationRequest.objects.get(pk=one.pk).answer == ""
    with pytest.raises(Refused) as refused:
        refuse_plainly(actor=world.actor("ellen"), information_id=one.pk, at=world.at)
    assert refused.value.refusal.code == "information.settled"
    # It may be asked again.
    asked(world, house)


def main_of(page: str) -> str:
    return page.partition("<main")[2].partition("</main>")[0].partition("<aside")[0].casefold()


@pytest.mark.parametrize(
    "words",
    [
        "Zij zijn in de noodopvang.",
        "Veilig Thuis is erbij.",
        "Er is een contactverbod.",
        "Zij wonen op een geheim adres.",
    ],
)
def test_neither_an_answer_nor_a_reason_tells_that_safety_is_at_stake(
    world: World, house: Household, words: str
) -> None:
    one = asked(world, house)
    with pytest.raises(Refused) as refused:
        release(actor=world.actor("anouk"), information_id=one.pk, topic="school", answer=words, at=world.at)
    assert refused.value.refusal.code == "information.safety"
    with pytest.raises(Refused) as refused:
        refuse(actor=world.actor("anouk"), information_id=one.pk, why=words, at=world.at)
    assert refused.value.refusal.code == "information.safety"
    answer = {"_key": str(uuid4()), "tells": "0", "topic": "school", "words": words}
    page = world.client("anouk").post(reverse("answer_information", args=[one.pk]), answer)
    assert (page.status_code, words in page.content.decode()) == (422, True)


def test_a_reason_needs_words_and_so_does_an_answer(world: World, house: Household) -> None:
    url = reverse("answer_information", args=[asked(world, house).pk])
    for tells in ("0", "1"):
        typed = {"_key": str(uuid4()), "tells": tells, "topic": "health", "words": ""}
        page = world.client("ellen").post(url, typed)
        assert (page.status_code, "Schrijf op wat deze ouder leest" in page.content.decode()) == (422, True)


def test_the_home_asks_as_many_times_however_much_was_asked(world: World, house: Household) -> None:
    def queries() -> int:
        client = world.client("mark")
        with CaptureQueriesContext(connection) as found:
            assert client.get(home(house)).status_code == 200
        return len(found)

    refuse_plainly(actor=world.actor("anouk"), information_id=asked(world, house).pk, at=world.at)
    once = queries()
    for _again in range(2):
        refuse_plainly(actor=world.actor("anouk"), information_id=asked(world, house).pk, at=world.at)
    assert queries() == once


def test_a_parent_whom_a_youth_of_16_kept_out_is_told_by_no_list_who_is_of_the_family(world: World) -> None:
    """Mark decides for Noor, who lets only Sanne see along; what he says apart is of Noor or of himself."""
    house = household(world, born_on=date(2010, 5, 4), agrees=False)
    record = record_of(house, "Noor")
    sees_along(world, record, "sanne", by="noor")
    sees_along(world, record, "mark", by="noor", yes=False)
    pages = {
        who: world.client(who).get(reverse("part_of_parent", args=[house.member(who.title()).pk]))
        for who in ("mark", "sanne")
    }
    assert [page.status_code for page in pages.values()] == [200, 200]
    shown = {who: page.content.decode() for who, page in pages.items()}
    assert [name in shown["sanne"] for name in ("Noor", "Mark", "Sanne")] == [True, True, True]
    assert [name in shown["mark"] for name in ("Noor", "Mark", "Sanne")] == [False, True, False]
