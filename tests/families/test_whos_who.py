"""Who belongs to a family and who decides for each child: the coach writes it down by pages."""

from __future__ import annotations

import re
from datetime import date
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.db import connection
from django.http import HttpResponse
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from hendig.families import actions
from hendig.families.actions.supervision import join_supervisor
from hendig.families.models import Consent, Court, FamilyMember, LegalAuthority, MemberKind, Source
from hendig.kernel.refusal import Forbidden, NotVisible, Refused
from tests.support.families import talked
from tests.support.matching import Household, household
from tests.support.shared import built_once
from tests.support.world import World

EIGHT, THIRTEEN = date(2018, 5, 4), date(2013, 5, 4)
TODAY = "2026-11-02"


@pytest.fixture(autouse=True)
def _the_clock_of_the_pages(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("hendig.web.middleware.timezone.now", lambda: world.at)


@built_once
def house(world: World) -> Household:
    """Noor of 8, for whom both parents decide: Ellen looked that up."""
    return household(world, born_on=EIGHT)


def words(answer: Any) -> str:
    """What stands there, without tags, so that a sentence is a sentence."""
    assert isinstance(answer, HttpResponse)
    return re.sub(r"\s+", " ", re.sub(r"<[^>]*>", " ", answer.content.decode()))


def get(world: World, name: str, key: UUID, who: str = "ellen") -> Any:
    return world.client(who).get(reverse(name, args=[key]))


def post(world: World, name: str, key: UUID, who: str = "ellen", **typed: Any) -> Any:
    return world.client(who).post(reverse(name, args=[key]), {"_key": str(uuid4()), **typed})


def held(house: Household, name: str) -> LegalAuthority:
    return LegalAuthority.objects.get(holder=house.member(name), child=house.child)


def code(no: pytest.ExceptionInfo[Refused]) -> str:
    return no.value.refusal.code


# --- what stands there ---


def test_each_adult_stands_beside_each_child_with_source_and_day(world: World, house: Household) -> None:
    post(world, "add_adult", house.family_id, first_name="Piet", kind="parent", side_of="all")
    page = words(get(world, "persons", house.family_id))
    assert "Sanne beslist mee over Noor, sinds 2 november 2026." in page
    assert "Bron: gezagsregister, nagekeken op 2 november 2026." in page
    assert "Piet beslist niet over Noor, zover hier bekend is." in page
    assert "Hier beslist nu niemand" not in page


def test_the_family_page_and_the_first_talk_lead_there(world: World, house: Household) -> None:
    for name, key in (("family", house.family_id), ("first_talk", house.request.pk)):
        assert reverse("persons", args=[house.family_id]) in get(world, name, key).content.decode()
    assert (
        reverse("persons", args=[house.family_id])
        not in get(world, "family", house.family_id, "sanne").content.decode()
    )


def test_what_was_only_told_says_until_when_it_counts_and_then_that_it_does_not(world: World) -> None:
    house = household(world, born_on=EIGHT, checked=False)
    page = get(world, "persons", house.family_id)
    assert "Kijk het na vóór 16 november 2026, anders telt het niet meer." in words(page)
    assert reverse("check_authority", args=[held(house, "Mark").pk]) in page.content.decode()
    world.later(days=14)
    # Who only told it is looked at by nobody else: the coach's own part goes on.
    page = words(get(world, "persons", house.family_id))
    assert "Verteld is dat Mark meebeslist over Noor." in page
    assert "telt sinds 16 november 2026 niet meer" in page
    assert "Hier beslist nu niemand" in page
    done = post(world, "check_authority", held(house, "Mark").pk, source="court")
    assert done["Location"] == reverse("persons", args=[house.family_id])
    assert "Hier beslist nu niemand" not in words(get(world, "persons", house.family_id))


def test_the_page_asks_as_many_times_for_a_small_family_and_a_large_one(
    world: World, house: Household
) -> None:
    def asked() -> int:
        client = world.client("ellen")
        with CaptureQueriesContext(connection) as found:
            assert client.get(reverse("persons", args=[house.family_id])).status_code == 200
        return len(found)

    small = asked()
    for n, (adult, child) in enumerate((("Piet", "Daan"), ("Joke", "Fien"), ("Ria", "Teun"))):
        post(world, "add_adult", house.family_id, first_name=adult, kind="parent", side_of="all")
        post(world, "add_child", house.family_id, first_name=child, born_on=f"201{n}-01-01")
        join_supervisor(
            actor=world.actor("ellen"),
            child_id=house.member(child).pk,
            account_id=world.account("anouk").pk,
            court=Court.LIMBURG,
            ruled_on=world.at.date(),
            until_on=world.at.date(),
            at=world.at,
        )
    assert asked() == small


# --- who belongs to the family ---


def test_a_foster_parent_gets_a_birth_date_and_a_way_in_and_decides_for_nobody(
    world: World, house: Household
) -> None:
    typed: dict[str, Any] = {"kind": "foster_parent", "born_on": "1980-03-04", "email": "wim@gezin.example"}
    assert post(world, "add_adult", house.family_id, first_name="Wim", **typed).status_code == 302
    wim = house.member("Wim")
    assert (wim.kind, wim.born_on, wim.account is None) == (
        MemberKind.FOSTER_PARENT,
        date(1980, 3, 4),
        False,
    )
    assert not LegalAuthority.objects.filter(holder=wim).exists()


def test_a_parent_decides_as_told_for_the_children_who_were_named_and_no_other(
    world: World, house: Household
) -> None:
    post(world, "add_child", house.family_id, first_name="Daan", born_on="2020-01-01")
    daan = house.member("Daan")
    typed: dict[str, Any] = {"kind": "parent", "email": "kees@gezin.example", "children": [str(daan.pk)]}
    assert post(world, "add_adult", house.family_id, first_name="Kees", **typed).status_code == 302
    (told,) = LegalAuthority.objects.filter(holder=house.member("Kees"))
    assert (told.child_id, told.source, told.checked_on) == (daan.pk, Source.DECLARED, None)
    assert get(world, "family", house.family_id, "kees").status_code == 200


@pytest.mark.parametrize(
    ("typed", "says"),
    [
        ({"kind": "parent", "side_of": "all", "born_on": "2012-01-01"}, "te jong voor dit kind"),
        ({"kind": "parent", "side_of": "all", "born_on": "2027-01-01"}, "ligt in de toekomst"),
        ({"kind": "parent", "email": "kees@gezin.example"}, "Zonder gezag ziet een ouder het dossier niet."),
        ({"kind": "guardian", "email": "mark@gezin.example"}, "al van iemand anders in dit gezin"),
        ({"born_on": "1980-01-01"}, "Kies wat deze persoon van het kind is."),
    ],
)
def test_an_adult_who_cannot_be_is_refused_in_words_and_what_was_typed_stays(
    world: World, house: Household, typed: dict[str, str], says: str
) -> None:
    answer = post(world, "add_adult", house.family_id, first_name="Kees", last_name="de Wit", **typed)
    assert (answer.status_code, says in words(answer)) == (422, True)
    for value in ("Kees", "de Wit", *(typed[key] for key in typed.keys() & {"born_on", "email"})):
        assert f'value="{value}"' in answer.content.decode()
    assert not FamilyMember.objects.filter(first_name="Kees").exists()


def test_a_guardian_beside_parents_who_decide_is_refused_and_nobody_is_added(
    world: World, house: Household
) -> None:
    typed: dict[str, Any] = {"kind": "guardian", "children": [str(house.child.pk)]}
    answer = post(world, "add_adult", house.family_id, first_name="Jos", **typed)
    assert (answer.status_code, 'value="Jos"' in answer.content.decode()) == (422, True)
    assert "Een kind heeft ouders met gezag of een voogd, niet allebei." in words(answer)
    assert not FamilyMember.objects.filter(first_name="Jos").exists()


def test_a_child_who_is_older_than_a_parent_is_refused_and_what_was_typed_stays(
    world: World, house: Household
) -> None:
    post(
        world,
        "add_adult",
        house.family_id,
        first_name="Piet",
        kind="parent",
        side_of="all",
        born_on="1995-01-01",
    )
    answer = post(world, "add_child", house.family_id, first_name="Daan", born_on="2004-01-01")
    assert (answer.status_code, 'value="Daan"' in answer.content.decode()) == (422, True)
    assert "kan dit geen kind van deze ouder zijn" in words(answer)
    twice = post(world, "add_child", house.family_id, first_name="noor ", born_on="2018-05-04")
    assert "Dit kind staat al bij dit gezin." in words(twice)


# --- who decides ---


def test_a_ruling_from_a_day_and_the_page_says_where_that_stands(world: World, house: Household) -> None:
    post(world, "add_adult", house.family_id, first_name="Wim", kind="foster_parent")
    typed: dict[str, Any] = {
        "holder_id": str(house.member("Wim").pk),
        "source": "court",
        "from_on": "2026-10-05",
    }
    done = post(world, "set_authority", house.child.pk, **typed)
    assert done["Location"] == reverse("persons", args=[house.family_id])
    page = words(get(world, "persons", house.family_id))
    assert "Wim beslist mee over Noor, sinds 5 oktober 2026." in page
    assert "Bron: uitspraak van de rechter, nagekeken op 2 november 2026." in page


def test_a_ruling_that_begins_later_opens_nothing_before_that_day(world: World, house: Household) -> None:
    post(
        world,
        "add_adult",
        house.family_id,
        first_name="Wim",
        kind="foster_parent",
        email="wim@gezin.example",
    )
    typed: dict[str, Any] = {
        "holder_id": str(house.member("Wim").pk),
        "source": "court",
        "from_on": "2026-11-04",
    }
    post(world, "set_authority", house.child.pk, **typed)
    assert "vanaf 4 november 2026" in words(get(world, "persons", house.family_id))
    assert get(world, "family", house.family_id, "wim").status_code == 404
    world.later(days=2)
    assert get(world, "family", house.family_id, "wim").status_code == 200


def test_two_authorities_that_contradict_are_told_in_a_sentence_and_what_was_typed_stays(
    world: World, house: Household
) -> None:
    post(world, "add_adult", house.family_id, first_name="Jos", kind="guardian")
    jos = str(house.member("Jos").pk)
    typed: dict[str, Any] = {"holder_id": jos, "source": "court", "from_on": "2026-10-05"}
    answer = post(world, "set_authority", house.child.pk, **typed)
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "Een kind heeft ouders met gezag of een voogd, niet allebei." in words(answer)
    assert 'value="2026-10-05"' in page
    assert re.search(rf'value="{jos}"[^>]*checked', page)
    assert re.search(r'value="court"[^>]*checked', page)
    for name in ("Sanne", "Mark"):
        ended = post(world, "end_authority", held(house, name).pk, source="court", stops_on=TODAY)
        assert ended.status_code == 302
    assert post(world, "set_authority", house.child.pk, **typed).status_code == 302
    assert held(house, "Jos").source == Source.COURT


def test_the_day_of_a_ruling_is_not_before_the_birth_nor_years_ahead(world: World, house: Household) -> None:
    given: dict[str, Any] = {"actor": world.actor("ellen"), "child_id": house.child.pk, "at": world.at}
    mark = house.member("Mark").pk
    for day, refusal in (
        (date(2018, 5, 3), "authority.before_birth"),
        (date(2029, 1, 1), "authority.too_far"),
    ):
        with pytest.raises(Refused) as no:
            actions.set_authority(**given, holder_id=mark, source=Source.COURT, from_on=day)
        assert code(no) == refusal
    with pytest.raises(Refused) as no:
        actions.set_authority(**given, holder_id=mark, from_on=date(2026, 11, 3))
    assert code(no) == "authority.told_ahead"


def test_a_court_ends_his_authority_by_the_page_and_telling_does_not_bring_it_back(
    world: World, house: Household
) -> None:
    page = get(world, "end_authority", held(house, "Mark").pk)
    assert "Mark beslist niet meer over Noor" in words(page)
    assert 'value="declared"' not in page.content.decode()
    post(world, "end_authority", held(house, "Mark").pk, source="court", stops_on=TODAY)
    assert get(world, "family", house.family_id, "mark").status_code == 404
    page = words(get(world, "persons", house.family_id))
    assert "Mark beslist niet meer over Noor, sinds 2 november 2026. Bron: uitspraak van de rechter." in page
    again = {"holder_id": str(house.member("Mark").pk), "source": "declared"}
    answer = post(world, "set_authority", house.child.pk, **again)
    assert (answer.status_code, "is gestopt, en dat is nagekeken" in words(answer)) == (422, True)
    assert post(world, "set_authority", house.child.pk, **{**again, "source": "court"}).status_code == 302
    assert get(world, "family", house.family_id, "mark").status_code == 200


def test_it_stops_on_a_day_that_is_still_to_come_and_can_be_put_right_before_it(
    world: World, house: Household
) -> None:
    mark = held(house, "Mark")
    post(world, "end_authority", mark.pk, source="register", stops_on="2026-11-05")
    assert "Dat stopt op 5 november 2026 (gezagsregister)." in words(get(world, "persons", house.family_id))
    assert get(world, "family", house.family_id, "mark").status_code == 200
    post(world, "end_authority", mark.pk, source="court", stops_on="2026-11-04")
    world.later(days=2)
    assert get(world, "family", house.family_id, "mark").status_code == 404


def test_what_was_looked_up_is_not_told_away_and_what_was_told_is(world: World) -> None:
    house = household(world, born_on=EIGHT, checked=False)
    given: dict[str, Any] = {"actor": world.actor("ellen"), "at": world.at, "source": Source.DECLARED}
    actions.end_authority(authority_id=held(house, "Mark").pk, **given)
    sanne = held(house, "Sanne")
    actions.check_authority(actor=world.actor("ellen"), authority_id=sanne.pk, source=Source.BRP, at=world.at)
    with pytest.raises(Refused) as no:
        actions.end_authority(authority_id=sanne.pk, **given)
    assert code(no) == "authority.ended_by_telling"
    with pytest.raises(Refused) as no:
        actions.end_authority(
            authority_id=sanne.pk, **given | {"source": Source.COURT}, stops_on=date(2026, 10, 1)
        )
    assert code(no) == "authority.ends_before_it_began"
    # Told by mistake, told away, and told again: nobody looked anything up.
    actions.set_authority(
        actor=world.actor("ellen"), child_id=house.child.pk, holder_id=house.member("Mark").pk, at=world.at
    )


# --- the child of 12 ---


def test_a_child_of_12_tells_the_coach_and_its_own_no_stays(world: World) -> None:
    house = household(world, born_on=THIRTEEN, agrees=False)
    url = reverse("note_child_agrees", args=[house.child.pk])
    assert url in get(world, "persons", house.family_id).content.decode()
    assert get(world, "family", house.family_id, "mark").status_code == 404
    actions.say_about(
        actor=world.actor("noor"),
        record_id=house.child.record.pk,
        account_id=world.account("mark").pk,
        yes=False,
        at=world.at,
    )
    done = post(world, "note_child_agrees", house.child.pk)
    assert done["Location"] == reverse("persons", args=[house.family_id])
    said = {one.account.first_name: one.yes for one in Consent.objects.filter(until_at=None)}
    assert said == {"Sanne": True, "Mark": False}
    assert url not in get(world, "persons", house.family_id).content.decode()


def test_a_child_of_8_says_nothing_of_that_yet(world: World, house: Household) -> None:
    url = reverse("note_child_agrees", args=[house.child.pk])
    assert url not in get(world, "persons", house.family_id).content.decode()
    answer = post(world, "note_child_agrees", house.child.pk)
    assert (answer.status_code, "Vanaf 12 jaar" in words(answer)) == (422, True)


# --- who may ---


@pytest.mark.parametrize(("who", "status"), [("bram", 404), ("anouk", 403), ("sanne", 403)])
def test_only_the_coach_of_the_family_reads_and_writes_it(
    world: World, house: Household, who: str, status: int
) -> None:
    pages = [
        ("persons", house.family_id),
        ("add_adult", house.family_id),
        ("add_child", house.family_id),
        ("set_authority", house.child.pk),
        ("end_authority", held(house, "Mark").pk),
    ]
    nothing = get(world, "persons", uuid4(), who)
    for name, key in pages:
        found = get(world, name, key, who)
        assert (found.status_code, nothing.status_code) == (status, status), name
    error = {404: NotVisible, 403: Forbidden}[status]
    with pytest.raises(error):
        actions.end_authority(actor=world.actor(who), authority_id=held(house, "Mark").pk, at=world.at)
    assert held(house, "Mark").until_on is None


def test_a_coach_writes_nothing_down_in_the_own_family(world: World, house: Household) -> None:
    typed: dict[str, Any] = {
        "kind": "parent",
        "email": world.account("bram").email,
        "children": [str(house.child.pk)],
    }
    assert post(world, "add_adult", house.family_id, first_name="Bram", **typed).status_code == 302
    assert get(world, "family", house.family_id, "bram").status_code == 200
    assert get(world, "persons", house.family_id, "bram").status_code == 404
    bram, own = world.actor("bram"), held(house, "Bram")
    writes: list[Any] = [
        lambda: actions.check_authority(actor=bram, authority_id=own.pk, source=Source.COURT, at=world.at),
        lambda: actions.end_authority(actor=bram, authority_id=held(house, "Mark").pk, at=world.at),
        lambda: actions.set_authority(
            actor=bram, child_id=house.child.pk, holder_id=own.holder_id, source=Source.COURT, at=world.at
        ),
        lambda: actions.add_parent(actor=bram, family_id=house.family_id, first_name="Kees", at=world.at),
        lambda: actions.add_child(
            actor=bram, family_id=house.family_id, first_name="Daan", born_on=EIGHT, at=world.at
        ),
    ]
    for write in writes:
        with pytest.raises(Refused) as no:
            write()
        assert code(no) == "persons.own_family"


def test_what_is_over_or_of_another_child_has_no_page(world: World, house: Household) -> None:
    mark = held(house, "Mark").pk
    post(world, "end_authority", mark, source="court", stops_on=TODAY)
    assert get(world, "end_authority", mark).status_code == 404
    assert get(world, "set_authority", house.member("Sanne").pk).status_code == 404


# --- who may be there already ---


def others(world: World) -> UUID:
    """The family of Joris, of the same coach; Noor of 8 and her mother Sanne are in another one."""
    return talked(world, "Joris", child="Bas", born_on=THIRTEEN, other="Eva").family_id


@pytest.mark.parametrize(
    ("name", "typed"),
    [
        ("add_child", {"first_name": "Noor", "born_on": "2018-04-05"}),
        ("add_adult", {"first_name": "S.", "kind": "foster_parent", "email": "sanne@gezin.example"}),
    ],
)
def test_who_may_be_there_already_is_shown_and_never_stops_anybody(
    world: World, house: Household, name: str, typed: dict[str, str]
) -> None:
    family_id = others(world)
    there = FamilyMember.objects.filter(family_id=family_id)
    before = there.count()
    seen = post(world, name, family_id, **typed)
    assert seen.status_code == 422
    assert "Staat deze persoon er al?" in words(seen)
    assert there.count() == before
    if name == "add_adult":
        typed |= {"email": ""}
    assert post(world, name, family_id, **typed, somebody_else="1").status_code == 302
    assert there.count() == before + 1


def test_who_may_be_there_already_stays_in_view_beside_what_must_be_put_right(
    world: World, house: Household
) -> None:
    family_id = others(world)
    before = FamilyMember.objects.filter(family_id=family_id).count()
    typed = {"first_name": "Noor", "last_name": "van Dam", "born_on": "2018-05-04", "email": "geen adres"}
    wrong = post(world, "add_adult", family_id, **typed)
    assert wrong.status_code == 422
    said = words(wrong)
    assert "Kies wat deze persoon van het kind is." in said
    assert "Staat deze persoon er al?" in said
    page = wrong.content.decode()
    assert 'value="van Dam"' in page
    # As while it was typed: seen is enough.
    assert 'name="somebody_else" value="1"' in page
    assert FamilyMember.objects.filter(family_id=family_id).count() == before
    nobody = post(world, "add_adult", family_id, **(typed | {"first_name": "Xyzq"}))
    assert (nobody.status_code, "Staat deze persoon er al?" in words(nobody)) == (422, False)


@pytest.mark.parametrize("day", ["0001-01-01", "0999-12-31", "9999-12-31", "2018-02-30", "onzin"])
def test_a_date_that_nobody_means_is_said_to_be_none_and_what_was_typed_stays(
    world: World, house: Household, day: str
) -> None:
    family_id = others(world)
    there = FamilyMember.objects.filter(family_id=family_id).count()
    wrong = post(world, "add_child", family_id, first_name="Noor", last_name="van Dam", born_on=day)
    assert wrong.status_code == 422
    page = wrong.content.decode()
    assert "Deze dag bestaat niet. Kijk nog eens na." in page or "ligt in de toekomst" in page
    assert 'value="van Dam"' in page
    assert FamilyMember.objects.filter(family_id=family_id).count() == there
    typed = {"first_name": "Noor", "born_on": day}
    assert world.client("ellen").post(reverse("doubles"), typed).status_code == 200


def test_who_may_be_there_already_is_shown_while_typing(world: World, house: Household) -> None:
    family_id, url = others(world), reverse("doubles")
    for name in ("add_child", "add_adult"):
        assert f'hx-post="{url}"' in get(world, name, family_id).content.decode()
    typed = {"first_name": "Noor", "born_on": "2018-05-04"}
    assert "Staat deze persoon er al?" in words(world.client("ellen").post(url, typed))
    # Of another coach: nothing can be learnt, not even that somebody is there.
    assert world.client("bram").post(url, typed).content.strip() == b""
    for unfinished in ({}, {"first_name": "N"}, {"first_name": "Noor", "born_on": "4"}):
        assert words(world.client("ellen").post(url, unfinished)).strip() == ""
