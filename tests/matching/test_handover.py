"""Somebody of a partner stops: all their help in one go, and each family says with whom it goes on."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from uuid import UUID

import pytest
from django.db import connection
from django.http import HttpResponse
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from hendig.audit.actions import reading
from hendig.audit.models import Entry
from hendig.families.actions import sharing
from hendig.families.models import Involvement, Part
from hendig.helprequests.models import HelpRequest
from hendig.kernel.periods import local_day
from hendig.kernel.refusal import Forbidden, NotVisible, Refused
from hendig.matching import actions
from hendig.matching.models import Match, MatchTalk, TalkStage
from hendig.matching.queries.handover import handover_page
from hendig.people import actions as people
from hendig.people.models import Notice
from tests.support.matching import Household, household, open_talk, say
from tests.support.shared import built_once
from tests.support.world import World

SOON = timedelta(days=14)


@pytest.fixture(autouse=True)
def _the_clock_of_the_pages(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("hendig.web.middleware.timezone.now", lambda: world.at)


@built_once
def house(world: World) -> Household:
    """Noor of 13 with both parents; Anouk helps by a match. Mirte works for the same partner."""
    world.add_professional("mirte", "vlinder", "angst", families_max=1)
    return helped(world)


def helped(world: World, parent: str = "Sanne", other: str = "Mark", child: str = "Noor") -> Household:
    found = household(world, parent=parent, other=other, child=child)
    talk = open_talk(world, found)
    say(world, talk, child.lower(), parent.lower(), other.lower(), "ellen", "anouk")
    return found


def hand_over(
    world: World,
    to: str | Mapping[UUID, UUID] = "mirte",
    *,
    by: str = "jolanda",
    who: str = "anouk",
    ends_on: date | None = None,
) -> int:
    cases = Match.objects.filter(professional=world.professionals[who], ends_on=None)
    chosen = {case.pk: world.professionals[to].pk for case in cases} if isinstance(to, str) else to
    return actions.hand_over_help(
        actor=world.actor(by),
        professional_id=world.professionals[who].pk,
        successors=chosen,
        ends_on=ends_on or local_day(world.at) + SOON,
        at=world.at,
    )


def page(world: World, name: str, route: str, key: UUID) -> HttpResponse:
    answer = world.client(name).get(reverse(route, args=[key]))
    assert isinstance(answer, HttpResponse)
    return answer


def proposed() -> MatchTalk:
    return MatchTalk.objects.get(stage=TalkStage.OPEN)


def told(world: World, code: str) -> set[str]:
    entry = Entry.objects.filter(code=code).latest("id")
    people.tell(entry_ids=[entry.pk], at=world.at)
    return set(Notice.objects.filter(entry_id=entry.pk).values_list("account__first_name", flat=True))


def test_provider_x_is_replaced_by_y_and_y_sees_only_what_the_family_agrees(
    world: World, house: Household
) -> None:
    assert hand_over(world, "youssef") == 1
    talk, youssef = proposed(), world.actor("youssef")
    # Nobody of the family agreed yet, and then not everybody who decides.
    for said in ((), ("noor", "sanne")):
        for name in said:
            say(world, talk, name)
        assert page(world, "youssef", "match_talk", talk.pk).status_code == 404
        assert page(world, "youssef", "family", house.family_id).status_code == 404
        assert not MatchTalk.objects.visible_to(youssef, at=world.at).exists()
        with reading(youssef, world.at):
            assert not MatchTalk.objects.exists()
            assert not HelpRequest.objects.exists()
    say(world, talk, "mark")
    assert told(world, "match.family_agreed") == {"Youssef"}
    assert page(world, "youssef", "match_talk", talk.pk).status_code == 200
    assert page(world, "youssef", "family", house.family_id).status_code == 404
    outcome = say(world, talk, "ellen", "youssef")
    assert outcome.match is not None
    assert page(world, "youssef", "family", house.family_id).status_code == 200


def test_x_keeps_only_what_it_must(world: World, house: Household) -> None:
    hand_over(world, ends_on=local_day(world.at) + SOON)
    assert page(world, "anouk", "family", house.family_id).status_code == 200
    world.later(days=15)
    assert page(world, "anouk", "family", house.family_id).status_code == 404
    assert page(world, "sanne", "family", house.family_id).status_code == 200
    # Its office still has the number and the code, on which what was done is paid.
    with reading(world.actor("jolanda"), world.at):
        assert [match.number for match in Match.objects.all()] == [Match.objects.get().number]
        assert not MatchTalk.objects.exists()
        assert not Involvement.objects.exists()


def test_a_family_that_says_no_keeps_its_coach_and_the_search_goes_on(world: World, house: Household) -> None:
    hand_over(world)
    talk = proposed()
    say(world, talk, "noor", yes=False)
    assert page(world, "mirte", "match_talk", talk.pk).status_code == 404
    actions.look_further(actor=world.actor("ellen"), talk_id=talk.pk, at=world.at)
    assert "Mirte" not in told(world, "match.no_click")
    assert open_talk(world, house, "youssef").stage == TalkStage.OPEN


def test_the_family_and_the_coach_hear_at_once_and_who_is_proposed_does_not(
    world: World, house: Household
) -> None:
    hand_over(world)
    assert told(world, "match.handed_over") == {"Sanne", "Mark", "Noor", "Ellen"}
    assert told(world, "match.stops") == {"Anouk"}
    world.later(days=6)
    actions.remind(municipality_id=world.municipality.pk, talk_id=proposed().pk, at=world.at)
    assert "Mirte" not in told(world, "match.reminded")


def test_it_is_all_or_nothing_and_says_for_which_case_and_why(world: World, house: Household) -> None:
    helped(world, "Eva", "Jan", "Lars")
    with pytest.raises(Refused) as no:
        hand_over(world)
    words = str(no.value.refusal.message)
    numbers = list(Match.objects.order_by("number").values_list("number", flat=True))
    assert words == f"Er is nog niets overgedragen. {numbers[1]}: Mirte heeft dan geen plek."
    assert not MatchTalk.objects.filter(stage=TalkStage.OPEN).exists()
    assert not Match.objects.exclude(ends_on=None).exists()
    one, other = Match.objects.order_by("number")
    chosen = {one.pk: world.professionals["mirte"].pk, other.pk: world.professionals["youssef"].pk}
    assert hand_over(world, chosen) == 2


def test_whom_a_family_keeps_out_cannot_be_proposed_and_the_office_does_not_hear_why(
    world: World, house: Household
) -> None:
    talk = open_talk(world, house, "youssef")
    say(world, talk, "noor", "sanne", "mark", "ellen", "youssef")
    sharing.shut_out(
        actor=world.actor("sanne"),
        record_id=house.request.compartment.record_id,
        account_id=world.account("youssef").pk,
        at=world.at,
    )
    with pytest.raises(Refused) as no:
        hand_over(world, "youssef")
    assert str(no.value.refusal.message).endswith("Youssef kan hier niet helpen.")
    with pytest.raises(Refused) as same:
        hand_over(world, "anouk")
    assert str(same.value.refusal.message).endswith("Anouk kan hier niet helpen.")


def test_twice_is_once_and_of_two_offices_one_wins(world: World, house: Household) -> None:
    case = Match.objects.get()
    chosen = {case.pk: world.professionals["mirte"].pk}
    hand_over(world, chosen)
    with pytest.raises(Refused, match=r"handover\.done"):
        hand_over(world, chosen)
    assert MatchTalk.objects.filter(stage=TalkStage.OPEN).count() == 1


def test_a_list_that_changed_meanwhile_is_not_handed_over(world: World, house: Household) -> None:
    chosen = {Match.objects.get().pk: world.professionals["mirte"].pk}
    helped(world, "Eva", "Jan", "Lars")
    with pytest.raises(Refused, match=r"handover\.changed"):
        hand_over(world, chosen)
    with pytest.raises(Refused, match=r"handover\.past"):
        hand_over(world, ends_on=local_day(world.at) - timedelta(days=1))


def test_only_the_office_of_the_own_partner_hands_over(world: World, house: Household) -> None:
    for name in ("ellen", "anouk", "henk", "petra", "sanne"):
        with pytest.raises(Forbidden):
            hand_over(world, by=name)
    with pytest.raises(NotVisible):
        hand_over(world, "mirte", who="youssef")
    assert page(world, "jolanda", "hand_over", world.professionals["youssef"].pk).status_code == 404


def test_ended_today_the_record_closes_today(world: World, house: Household) -> None:
    hand_over(world, ends_on=local_day(world.at))
    assert not Involvement.objects.standing(world.at).filter(part=Part.PROFESSIONAL).exists()


def test_the_page_knows_numbers_and_nobody_of_a_family(world: World, house: Household) -> None:
    client = world.client("jolanda")
    assert "1 zaak overdragen" in client.get(reverse("handovers")).content.decode()
    path = reverse("hand_over", args=[world.professionals["anouk"].pk])
    shown = client.get(path).content.decode()
    number = Match.objects.get().number
    assert number in shown
    assert "Mirte Peeters (Vlinder)" in shown
    for word in ("Noor", "Sanne", "Mark", str(house.family_id), "Slaapt", "slaapt"):
        assert word not in shown
    ends_on = (local_day(world.at) + SOON).isoformat()
    nobody = client.post(path, {"ends_on": ends_on})
    assert nobody.status_code == 422
    assert "Kies wie u hier voorstelt." in nobody.content.decode()
    sent = client.post(path, {"ends_on": ends_on, "for_all": str(world.professionals["mirte"].pk)})
    assert sent.status_code == 302
    assert proposed().professional == world.professionals["mirte"]
    assert "Niets over te dragen." in client.get(reverse("handovers")).content.decode()


def test_the_page_takes_as_many_queries_at_any_size(world: World, house: Household) -> None:
    counts = []
    for parent in ("Eva", "Ingrid"):
        with CaptureQueriesContext(connection) as of_page:
            handover_page(world.actor("jolanda"), world.professionals["anouk"].pk, at=world.at)
        counts.append(len([one for one in of_page if "people_membership" not in one["sql"]]))
        helped(world, parent, f"{parent}s-man", f"{parent}tje")
    assert counts == [3, 3]
