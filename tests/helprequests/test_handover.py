"""A coach stops: all questions in one go, with the family's ear and mouth, and nothing shown to who leads."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from uuid import UUID

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from hendig.audit.actions import reading
from hendig.audit.models import Entry
from hendig.families import actions as families_actions
from hendig.families import queries as families
from hendig.families.actions import deputies, notes, sharing
from hendig.families.models import Involvement, MemberKind, Part
from hendig.families.queries.apart import part_of
from hendig.helprequests.actions import take_up
from hendig.helprequests.actions.handover import hand_over_questions, prefer_another, take_over
from hendig.helprequests.jobs import take_over as job
from hendig.helprequests.models import Handover, HandoverStage, HelpRequest
from hendig.helprequests.queries.handover import coach_handover, due
from hendig.kernel.actor import Role
from hendig.kernel.periods import local_day
from hendig.kernel.refusal import Forbidden, NotVisible, Refused
from hendig.people import actions as people
from hendig.people.models import Notice
from tests.support.families import confirmed
from tests.support.matching import Household, household
from tests.support.world import World

WEEK = timedelta(days=7)


@pytest.fixture(autouse=True)
def _the_clock_of_the_pages(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("hendig.web.middleware.timezone.now", lambda: world.at)


def hand_over(
    world: World,
    to: str | Mapping[UUID, UUID] = "bram",
    *,
    by: str = "ellen",
    coach: str = "ellen",
    from_on: date | None = None,
) -> int:
    coach_id = world.account(coach).pk
    cases = HelpRequest.objects.filter(coach=coach_id)
    chosen = {case.pk: world.account(to).pk for case in cases} if isinstance(to, str) else to
    return hand_over_questions(
        actor=world.actor(by),
        coach_id=coach_id,
        successors=chosen,
        from_on=from_on or local_day(world.at),
        at=world.at,
    )


def sees(world: World, house: Household, name: str) -> bool:
    try:
        with families.opening(world.actor(name), "family.page_seen", house.family_id, at=world.at):
            return True
    except NotVisible:
        return False


def told(world: World, code: str) -> set[str]:
    entry = Entry.objects.filter(code=code).latest("id")
    people.tell(entry_ids=[entry.pk], at=world.at)
    return set(Notice.objects.filter(entry_id=entry.pk).values_list("account__first_name", flat=True))


def coach_of(house: Household) -> str:
    coach = HelpRequest.objects.get(pk=house.request.pk).coach
    return coach.first_name if coach else ""


def test_the_successor_is_the_coach_and_the_old_one_sees_nothing_more(world: World, house: Household) -> None:
    assert hand_over(world) == 1
    assert coach_of(house) == "Bram"
    assert sees(world, house, "bram")
    assert not sees(world, house, "ellen")
    assert told(world, "request.handed_over") == {"Sanne", "Mark", "Noor", "Bram"}


def test_at_a_chosen_day_nothing_changes_before_it(world: World, house: Household) -> None:
    hand_over(world, from_on=local_day(world.at) + WEEK)
    assert (coach_of(house), sees(world, house, "bram"), sees(world, house, "ellen")) == (
        "Ellen",
        False,
        True,
    )
    assert due(at=world.at) == ()
    world.later(days=7)
    for municipality_id, handover_id in due(at=world.at):
        take_over(municipality_id=municipality_id, handover_id=handover_id, at=world.at)
    assert (coach_of(house), sees(world, house, "bram"), sees(world, house, "ellen")) == ("Bram", True, False)
    assert due(at=world.at) == ()
    with pytest.raises(NotVisible):
        take_over(municipality_id=world.municipality.pk, handover_id=Handover.objects.get().pk, at=world.at)


def test_the_worker_takes_over_on_the_day(
    world: World, house: Household, monkeypatch: pytest.MonkeyPatch
) -> None:
    hand_over(world, from_on=local_day(world.at) + WEEK)
    world.later(days=7)
    monkeypatch.setattr("hendig.helprequests.jobs.timezone.now", lambda: world.at)
    job(timestamp=0)
    assert coach_of(house) == "Bram"


def test_a_successor_who_left_meanwhile_takes_nothing_over(world: World, house: Household) -> None:
    hand_over(world, from_on=local_day(world.at) + WEEK)
    people.end_employment(actor=world.system, account_id=world.account("bram").pk, at=world.at)
    world.later(days=7)
    (one,) = due(at=world.at)
    assert take_over(municipality_id=one[0], handover_id=one[1], at=world.at).stage == HandoverStage.LAPSED
    assert coach_of(house) == "Ellen"


def test_a_successor_who_was_kept_out_meanwhile_takes_nothing_over(world: World, house: Household) -> None:
    """Else the question would have a coach who cannot open it, and lose the one who could."""
    hand_over(world, from_on=local_day(world.at) + WEEK)
    bram = world.account("bram").pk
    deputies.name_deputy(
        actor=world.actor("ellen"),
        account_id=bram,
        from_on=local_day(world.at),
        until_on=local_day(world.at),
        families=[house.family_id],
        at=world.at,
    )
    record_id = house.request.compartment.record_id
    sharing.shut_out(actor=world.actor("noor"), record_id=record_id, account_id=bram, at=world.at)
    world.later(days=7)
    (one,) = due(at=world.at)
    assert take_over(municipality_id=one[0], handover_id=one[1], at=world.at).stage == HandoverStage.LAPSED
    assert (coach_of(house), sees(world, house, "ellen")) == ("Ellen", True)


@pytest.mark.parametrize("days", [0, 7])
def test_the_family_reads_who_comes_and_may_want_another(world: World, house: Household, days: int) -> None:
    hand_over(world, from_on=local_day(world.at) + timedelta(days=days))
    path = reverse("family", args=[house.family_id])
    words = "Bram wordt de nieuwe gezinscoach." if days else "Bram is de nieuwe gezinscoach."
    shown = world.client("sanne").get(path).content.decode()
    assert words in shown
    assert "Liever iemand anders" in shown
    handover = Handover.objects.get()
    answer = world.client("sanne").post(reverse("prefer_another", args=[handover.pk]))
    assert answer.status_code == 302
    assert told(world, "request.other_coach_wanted") == ({"Ellen"} if days else {"Ellen", "Bram"})
    with pytest.raises(Refused, match=r"handover\.declined"):
        prefer_another(actor=world.actor("mark"), handover_id=handover.pk, at=world.at)
    world.later(days=8)
    assert due(at=world.at) == ()
    assert coach_of(house) == ("Ellen" if days else "Bram")


def test_after_two_weeks_it_is_a_matter_for_a_talk(world: World, house: Household) -> None:
    hand_over(world)
    world.later(days=14, seconds=1)
    with pytest.raises(Refused, match=r"handover\.over"):
        prefer_another(actor=world.actor("sanne"), handover_id=Handover.objects.get().pk, at=world.at)
    shown = world.client("sanne").get(reverse("family", args=[house.family_id])).content.decode()
    assert "nieuwe gezinscoach" not in shown


def test_a_declined_case_can_be_handed_over_again(world: World, house: Household) -> None:
    world.add_worker("carla", Role.COACH)
    hand_over(world, from_on=local_day(world.at) + WEEK)
    with pytest.raises(Refused, match=r"handover\.done"):
        hand_over(world, {house.request.pk: world.account("carla").pk})
    prefer_another(actor=world.actor("sanne"), handover_id=Handover.objects.get().pk, at=world.at)
    assert hand_over(world, "carla") == 1
    assert coach_of(house) == "Carla"


def test_who_leads_hands_over_for_who_left_and_sees_no_family(world: World, house: Household) -> None:
    people.end_employment(actor=world.system, account_id=world.account("ellen").pk, at=world.at)
    client = world.client("petra")
    assert "1 vraag overdragen" in client.get(reverse("coach_handovers")).content.decode()
    path = reverse("coach_handover", args=[world.account("ellen").pk])
    shown = client.get(path).content.decode()
    assert "Zaak 1" in shown
    for word in ("Noor", "Sanne", "Mark", "slaapt", str(house.family_id)):
        assert word not in shown
    sent = {"from_on": local_day(world.at).isoformat()}
    nobody = client.post(path, sent)
    assert nobody.status_code == 422
    assert "Zaak 1</a> Kies wie hier verder gaat." in nobody.content.decode()
    assert client.post(path, {**sent, "for_all": str(world.account("bram").pk)}).status_code == 302
    assert coach_of(house) == "Bram"
    assert not sees(world, house, "petra")
    line = Entry.objects.get(code="request.handed_over")
    assert line.account_id == world.account("petra").pk


def test_a_coach_hands_over_by_name_and_only_the_own_questions(world: World, house: Household) -> None:
    shown = world.client("ellen").get(reverse("coach_handover", args=[world.account("ellen").pk]))
    assert "Zaak 1: " in shown.content.decode()
    path = reverse("coach_handover", args=[world.account("ellen").pk])
    assert world.client("bram").get(path).status_code == 404
    with pytest.raises(NotVisible):
        hand_over(world, by="bram")
    for name in ("anouk", "jolanda", "henk", "sanne"):
        with pytest.raises(Forbidden):
            hand_over(world, by=name)


def test_it_is_all_or_nothing_and_says_which_and_not_why(world: World, house: Household) -> None:
    people.add_worker(
        actor=world.system,
        email="mark@gezin.example",
        first_name="Mark",
        last_name="",
        role=Role.COACH,
        on=local_day(world.at),
        at=world.at,
    )
    other = household(world, parent="Eva", other="Jan", child="Lars")
    with pytest.raises(Refused) as no:
        hand_over(world, "mark")
    assert str(no.value.refusal.message) == (
        "Er is nog niets overgedragen. Zaak 1: Mark kan hier geen gezinscoach zijn."
    )
    assert (coach_of(house), coach_of(other)) == ("Ellen", "Ellen")
    chosen = {house.request.pk: world.account("bram").pk, other.request.pk: world.account("mark").pk}
    assert hand_over(world, chosen) == 2
    assert (coach_of(house), coach_of(other)) == ("Bram", "Mark")


def test_who_leads_gives_themselves_no_family(world: World, house: Household) -> None:
    """Who is a coach as well could else open a colleague's families without anybody else having said so."""
    people.add_worker(
        actor=world.system,
        email="petra@peelrand.example",
        first_name="Petra",
        last_name="",
        role=Role.COACH,
        on=local_day(world.at),
        at=world.at,
    )
    with pytest.raises(Refused) as no:
        hand_over(world, "petra", by="petra")
    assert str(no.value.refusal.message) == (
        "Er is nog niets overgedragen. Zaak 1: Petra kan dit niet aan zichzelf overdragen."
    )
    assert not sees(world, house, "petra")
    path = reverse("coach_handover", args=[world.account("ellen").pk])
    shown = world.client("petra").get(path).content.decode()
    assert f'value="{world.account("bram").pk}"' in shown
    assert f'value="{world.account("petra").pk}"' not in shown
    assert hand_over(world, "petra", by="ellen") == 1


def test_twice_is_once_and_a_list_that_changed_is_not_handed_over(world: World, house: Household) -> None:
    chosen = {house.request.pk: world.account("bram").pk}
    question = confirmed(world, "Eva")
    take_up(actor=world.actor("ellen"), request_id=question.pk, at=world.at)
    with pytest.raises(Refused, match=r"handover\.changed"):
        hand_over(world, chosen)
    with pytest.raises(Refused, match=r"handover\.past"):
        hand_over(world, from_on=local_day(world.at) - timedelta(days=1))
    chosen[question.pk] = world.account("bram").pk
    hand_over(world, chosen, by="petra")
    with pytest.raises(Refused, match=r"handover\.done"):
        hand_over(world, chosen)
    assert Handover.objects.count() == 2


def test_a_deputy_of_who_stops_sees_nothing_more(world: World, house: Household) -> None:
    world.add_worker("carla", Role.COACH)
    deputies.name_deputy(
        actor=world.actor("ellen"),
        account_id=world.account("carla").pk,
        from_on=local_day(world.at),
        until_on=local_day(world.at) + WEEK,
        families=[house.family_id],
        at=world.at,
    )
    assert sees(world, house, "carla")
    hand_over(world)
    assert not sees(world, house, "carla")


def test_what_was_written_stays(world: World, house: Household) -> None:
    before = Entry.objects.filter(family_id=house.family_id).count()
    hand_over(world)
    assert HelpRequest.objects.get(pk=house.request.pk).result == "Weer met plezier naar school."
    assert Entry.objects.filter(family_id=house.family_id).count() > before
    assert (
        not Involvement.objects.standing(world.at)
        .filter(account=world.account("ellen"), part=Part.COACH)
        .exists()
    )


def test_the_page_takes_as_many_queries_at_any_size(world: World, house: Household) -> None:
    counts = []
    for parent in ("Eva", "Ingrid"):
        with CaptureQueriesContext(connection) as of_page:
            coach_handover(world.actor("ellen"), world.account("ellen").pk, at=world.at)
        counts.append(len(of_page))
        household(world, parent=parent, other=f"{parent}s-man", child=f"{parent}tje")
    assert len(set(counts)) == 1


def test_what_a_parent_told_the_coach_who_leaves_the_next_one_reads_when_that_parent_says_so(
    world: World, house: Household
) -> None:
    told_apart(world, house, "sanne", "Ik slaap slecht.")
    assert may_read(world, house, "ellen", "Sanne")
    hand_over(world)
    assert not may_read(world, house, "ellen", "Sanne")
    assert not may_read(world, house, "bram", "Sanne")
    assert told(world, "apart.coach_changed") == {"Sanne"}
    part = reverse("part_of_parent", args=[house.member("Sanne").pk])
    assert Notice.objects.get(code="apart.coach_changed").url == part
    words = "Bram is uw gezinscoach en leest dit niet."
    assert words in world.client("sanne").get(part).content.decode()
    name(world, house, "sanne", "bram", person=house.member("Sanne").pk)
    assert may_read(world, house, "bram", "Sanne")
    assert words not in world.client("sanne").get(part).content.decode()


def test_only_who_told_something_apart_reads_that_the_next_coach_does_not(
    world: World, house: Household
) -> None:
    told_apart(world, house, "sanne", "Ik slaap slecht.")
    hand_over(world)
    words = "een coach die niet leest wat alleen van u is"
    reads = {who: words in log_of(world, house, who) for who in ("sanne", "mark", "noor")}
    assert reads == {"sanne": True, "mark": False, "noor": False}


def test_a_youth_who_named_the_coach_is_asked_as_well_and_nobody_who_named_none(
    world: World, house: Household
) -> None:
    name(world, house, "noor", "ellen")
    hand_over(world)
    assert told(world, "apart.coach_changed") == {"Noor"}
    assert Entry.objects.filter(code="apart.coach_changed").count() == 1
    page = world.client("noor").get(reverse("apart", args=[house.family_id])).content.decode()
    assert "Bram is uw gezinscoach en leest dit niet." in page


def test_of_a_parent_who_cannot_sign_in_the_next_coach_reads_what_was_told(
    world: World, house: Household
) -> None:
    """Nobody else could say so, and nobody else would know of that side."""
    oma = families_actions.add_parent(
        actor=world.actor("ellen"),
        family_id=house.family_id,
        first_name="Truus",
        kind=MemberKind.GUARDIAN,
        at=world.at,
    )
    sharing.read_along(actor=world.actor("ellen"), person_id=oma.pk, at=world.at)
    hand_over(world)
    assert may_read(world, house, "bram", "Truus")
    assert not Entry.objects.filter(code="apart.coach_changed").exists()


def told_apart(world: World, house: Household, who: str, words: str) -> None:
    notes.write_note(
        actor=world.actor(who),
        record_id=house.request.compartment.record_id,
        words=words,
        person_id=house.member(who.capitalize()).pk,
        at=world.at,
    )
    name(world, house, who, "ellen", person=house.member(who.capitalize()).pk)


def name(world: World, house: Household, who: str, whom: str, *, person: UUID | None = None) -> None:
    sharing.name_for_own_part(
        actor=world.actor(who),
        record_id=house.request.compartment.record_id,
        account_id=world.account(whom).pk,
        person_id=person,
        at=world.at,
    )


def may_read(world: World, house: Household, who: str, whose: str) -> bool:
    actor, person = world.actor(who), house.member(whose).pk
    with reading(actor, world.at):
        return part_of(actor, person, at=world.at) is not None


def log_of(world: World, house: Household, who: str) -> str:
    page = world.client(who).get(reverse("who_looked", args=[house.family_id]))
    return page.content.decode()
