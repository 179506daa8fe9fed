"""Wie mag wat: who sees along, why, until when, and what who decides can do about it at once."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.db import connection
from django.http import HttpResponse
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from hendig.families import queries
from hendig.families.actions import say_about, sharing
from hendig.families.models import Block, FamilyMember, Involvement, MemberKind, Part
from hendig.families.queries import opening
from hendig.families.queries.who_may import Along, who_may
from hendig.kernel.refusal import NotVisible, Refused
from tests.support.families import trusted
from tests.support.matching import Household, household, open_talk, say
from tests.support.reading import Reader
from tests.support.shared import built_once
from tests.support.world import World


@pytest.fixture(autouse=True)
def _the_clock_of_the_pages(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("hendig.web.middleware.timezone.now", lambda: world.at)


@built_once
def house(world: World) -> Household:
    """Noor of 13 with both parents; Anouk helps by a match."""
    found = household(world)
    say(world, open_talk(world, found), "noor", "sanne", "mark", "ellen", "anouk")
    return found


@built_once
def young(world: World) -> Household:
    """Daan of 8, whose parents decide; Truus fosters him on weekends."""
    return household(world, child="Daan", born_on=date(2018, 1, 1))


def record_of(house: Household) -> UUID:
    return house.request.compartment.record_id


def along(world: World, house: Household, who: str, about: str) -> Along:
    with queries.opening_all(world.actor(who), "family.who_may_seen", house.family_id, at=world.at) as look:
        (record,) = who_may(look)
    return next(one for one in record.along if one.first_name == about)


def sees(world: World, house: Household, name: str) -> bool:
    try:
        with opening(world.actor(name), "family.page_seen", house.family_id, at=world.at):
            return True
    except NotVisible:
        return False


def confidant(world: World, house: Household, by: str = "noor") -> FamilyMember:
    return trusted(world, record_of(house), by=by)


def about(world: World, house: Household, by: str, whom: str) -> dict[str, Any]:
    return {
        "actor": world.actor(by),
        "record_id": record_of(house),
        "account_id": world.account(whom).pk,
        "at": world.at,
    }


# --- what stands there ---


def test_everyone_stands_there_in_one_sentence_with_why_and_until_when(
    world: World, house: Household
) -> None:
    ellen, anouk = (along(world, house, "noor", name) for name in ("Ellen", "Anouk"))
    assert str(ellen.sentence) == "Ellen (gezinscoach) ziet wat we samen weten en waar iemand woont."
    assert str(ellen.why) == "Dat is een taak van de gemeente."
    assert ellen.until_at == world.at + timedelta(days=365)
    assert ellen.rule is not None
    assert (ellen.rule.number, ellen.rule.source) == ("T9", "Jeugdwet 2.3, 7.4.0 en 3.5")
    assert str(anouk.sentence) == "Anouk (hulpverlener) ziet wat we samen weten, om te helpen."
    assert str(anouk.why) == "U koos samen voor deze hulp."
    assert anouk.organisation == "Vlinder"
    page = world.client("noor").get(reverse("who_may", args=[house.family_id]))
    assert isinstance(page, HttpResponse)
    texts = Reader(page.content.decode()).texts
    assert "Dit hangt niet van uw toestemming af." in texts
    assert "hulpverlener, Vlinder" in texts
    assert "Vlinder" not in texts
    assert any("ziet wat we samen weten en waar iemand woont" in text for text in texts)
    assert any("Zet u dit uit, dan ziet Sanne vanaf nu niets meer" in text for text in texts)


def test_each_hears_only_of_pieces_that_are_open_to_that_reader(world: World, house: Household) -> None:
    sharing.name_for_own_part(**about(world, house, "noor", "anouk"))
    assert "apart vertelt" in str(along(world, house, "noor", "Anouk").sentence)
    assert "apart vertelt" not in str(along(world, house, "sanne", "Anouk").sentence)


def test_who_may_takes_as_many_queries_as_it_says_at_any_size(world: World, house: Household) -> None:
    counts = []
    for more in range(2):
        if more:
            confidant(world, house)
            open_talk(world, house, "youssef")
        with (
            opening(world.actor("noor"), "family.who_may_seen", house.family_id, at=world.at) as look,
            CaptureQueriesContext(connection) as caught,
        ):
            who_may(look)
        counts.append(len(caught))
    assert counts == [7, 7]


@pytest.mark.parametrize("name", ["ellen", "anouk"])
def test_who_may_what_is_the_family_s_own(world: World, house: Household, name: str) -> None:
    assert world.client(name).get(reverse("who_may", args=[house.family_id])).status_code == 403


# --- a switch, without JavaScript ---


def post(world: World, who: str, route: str, house: Household, **fields: object) -> Any:
    url = reverse(route, args=[record_of(house)])
    return world.client(who).post(url, {"_key": str(uuid4()), **fields})


def test_a_youth_turns_a_parent_off_and_on_and_it_holds_at_once(world: World, house: Household) -> None:
    mark = world.account("mark").pk
    assert along(world, house, "noor", "Mark").switch is True
    answer = post(world, "noor", "say_along", house, account=mark, on="0")
    assert answer["Location"] == reverse("who_may", args=[house.family_id])
    assert (sees(world, house, "mark"), sees(world, house, "sanne")) == (False, True)
    off = along(world, house, "noor", "Mark")
    assert (off.switch, off.sees, str(off.sentence)) == (False, False, "Mark (ouder) ziet nu niets.")
    post(world, "noor", "say_along", house, account=mark, on="1")
    assert sees(world, house, "mark")


def test_a_parent_has_no_switch_over_the_other_parent_of_a_youth(world: World, house: Household) -> None:
    assert along(world, house, "sanne", "Mark").switch is None
    answer = post(world, "sanne", "say_along", house, account=world.account("mark").pk, on="0")
    assert answer.status_code == 422
    assert sees(world, house, "mark")


def test_below_12_each_parent_sees_what_the_other_said_and_one_no_is_enough(
    world: World, young: Household
) -> None:
    confidant(world, young, by="sanne")
    before = along(world, young, "mark", "Joke")
    assert [(one.first_name, one.yes) for one in before.said] == [("Sanne", True), ("Mark", None)]
    assert sees(world, young, "joke")
    say_about(**about(world, young, "mark", "joke"), yes=False)
    after = along(world, young, "sanne", "Joke")
    assert [(one.first_name, one.yes) for one in after.said] == [("Sanne", True), ("Mark", False)]
    assert (after.sees, after.switch) == (False, True)
    assert not sees(world, young, "joke")


# --- a confidant ---


def test_a_confidant_is_invited_sees_this_record_and_is_gone_again(world: World, house: Household) -> None:
    member = confidant(world, house)
    assert member.kind == MemberKind.CONFIDANT
    assert sees(world, house, "joke")
    assert along(world, house, "noor", "Joke").can_leave
    sharing.take_leave(**about(world, house, "noor", "joke"))
    assert not sees(world, house, "joke")
    with pytest.raises(NotVisible):
        sharing.take_leave(**about(world, house, "noor", "joke"))


def test_a_confidant_of_one_child_is_not_involved_with_another(world: World, young: Household) -> None:
    from hendig.families.actions import add_child

    add_child(
        actor=world.actor("ellen"),
        family_id=young.family_id,
        first_name="Lotte",
        born_on=date(2019, 1, 1),
        at=world.at,
    )
    confidant(world, young, by="sanne")
    assert Involvement.objects.filter(part=Part.CONFIDANT).count() == 1


# --- keeping out ---


def test_deny_beats_allow_and_the_help_by_the_match_sees_nothing(world: World, house: Household) -> None:
    assert along(world, house, "noor", "Anouk").can_shut_out
    post(world, "noor", "shut_out", house, account=world.account("anouk").pk)
    post(world, "noor", "shut_out", house, account=world.account("anouk").pk)
    assert Block.objects.count() == 1
    assert not sees(world, house, "anouk")
    assert along(world, house, "noor", "Anouk").shut_out
    post(world, "noor", "let_in_again", house, account=world.account("anouk").pk)
    assert sees(world, house, "anouk")


def test_who_is_there_by_law_is_not_kept_out(world: World, house: Household) -> None:
    for name in ("ellen", "mark"):
        with pytest.raises(Refused) as no:
            sharing.shut_out(**about(world, house, "noor", name))
        assert no.value.refusal.code == "block.by_law"


def test_what_one_parent_shuts_the_other_does_not_open_and_the_child_may(
    world: World, house: Household
) -> None:
    sharing.shut_out(**about(world, house, "sanne", "anouk"))
    with pytest.raises(Refused) as no:
        sharing.let_in_again(**about(world, house, "mark", "anouk"))
    assert no.value.refusal.code == "block.not_yours"
    assert along(world, house, "mark", "Anouk").why_not_again is not None
    sharing.let_in_again(**about(world, house, "noor", "anouk"))
    assert sees(world, house, "anouk")


# --- staying longer ---


def test_a_coach_stays_a_year_longer_and_no_longer_at_once(world: World, house: Household) -> None:
    with pytest.raises(Refused) as no:
        sharing.stay_longer(actor=world.actor("ellen"), family_id=house.family_id, at=world.at)
    assert no.value.refusal.code == "longer.already"
    world.later(days=300)
    sharing.stay_longer(actor=world.actor("ellen"), family_id=house.family_id, at=world.at)
    ends = set(Involvement.objects.filter(part=Part.COACH).values_list("until_at", flat=True))
    assert ends == {world.at + timedelta(days=365)}


def test_help_by_a_match_lasts_as_long_as_the_match(world: World, house: Household) -> None:
    with pytest.raises(Refused) as no:
        sharing.stay_longer(actor=world.actor("anouk"), family_id=house.family_id, at=world.at)
    assert no.value.refusal.code == "longer.match"
    with pytest.raises(NotVisible):
        sharing.stay_longer(actor=world.actor("bram"), family_id=house.family_id, at=world.at)
