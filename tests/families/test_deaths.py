"""A parent died: nothing opens by that person, no yes of theirs is asked, and the child's record goes on."""

from __future__ import annotations

import re
from datetime import date, timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.db import connection, transaction
from django.db.utils import IntegrityError
from django.test import Client
from django.urls import reverse

from hendig.audit.actions import change, reading
from hendig.audit.models import Entry
from hendig.families import actions
from hendig.families.actions import deaths, involve, sharing
from hendig.families.models import (
    Compartment,
    CompartmentKind,
    Consent,
    Death,
    DeathSource,
    FamilyMember,
    Ground,
    MemberKind,
    Part,
    Record,
    Source,
)
from hendig.families.queries import decider_ids
from hendig.families.rules import deaths as rules
from hendig.helprequests.actions.handover import hand_over_questions
from hendig.kernel.actor import Role
from hendig.kernel.refusal import Forbidden, NotVisible, Refused
from hendig.people import actions as people
from hendig.people.models import Notice
from hendig.safety import actions as safety
from tests.support.matching import Household, household, open_talk, record_of, say
from tests.support.shared import built_once
from tests.support.world import World

EIGHT = date(2018, 5, 4)
TODAY = date(2026, 11, 2)


@pytest.fixture(autouse=True)
def _the_clock(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("hendig.web.middleware.timezone.now", lambda: world.at)


@built_once
def house(world: World) -> Household:
    """Noor of 8, whose parents both decide; Anouk is named for what is Mark's own."""
    found = household(world, born_on=EIGHT)
    with change(world.system, "request.first_talk", at=world.at) as act:
        row = involve(
            act,
            record=Record.objects.get(child=found.child),
            account_id=world.account("anouk").pk,
            part=Part.PROFESSIONAL,
            ground=Ground.MATCH,
            kinds=(CompartmentKind.SHARED, CompartmentKind.PARENT),
            member=found.member("Mark"),
        )
        act.record(row)
    return found


def died(world: World, house: Household, who: str = "Mark", by: str = "ellen", **given: Any) -> Death:
    told: dict[str, Any] = {"died_on": TODAY - timedelta(days=1), "source": DeathSource.BRP} | given
    return deaths.note_death(actor=world.actor(by), member_id=house.member(who).pk, at=world.at, **told)


def mistaken(world: World, death: Death, by: str = "ellen") -> Death:
    return deaths.say_mistaken(actor=world.actor(by), death_id=death.pk, at=world.at)


def back(world: World, death: Death, by: str = "karin") -> Death:
    return deaths.take_back(actor=world.actor(by), death_id=death.pk, at=world.at)


def open_to(world: World, account_id: UUID) -> set[tuple[str, UUID | None]]:
    """What the gate opens to this account: the kinds, and of whom."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT compartment_id FROM hendig_open(%s, %s)", [account_id, world.at])
        found = [row[0] for row in cursor.fetchall()]
    with reading(world.system, world.at):
        return set(Compartment.objects.filter(pk__in=found).values_list("kind", "person_id"))


def status(client: Client, name: str, key: UUID) -> int:
    return client.get(reverse(name, args=[key])).status_code


# --- rules ---

MARK = FamilyMember(kind=MemberKind.PARENT, born_on=date(1980, 1, 1))


@pytest.mark.parametrize(
    ("member", "day", "known", "mine", "code"),
    [
        (MARK, TODAY, False, False, None),
        (MARK, date(1980, 1, 1), False, False, None),
        (MARK, date(1979, 12, 31), False, False, "death.before_birth"),
        (MARK, TODAY + timedelta(days=1), False, False, "death.ahead"),
        (MARK, TODAY, True, False, "death.known"),
        (MARK, TODAY, False, True, "death.own"),
        (FamilyMember(kind=MemberKind.CHILD, born_on=EIGHT), TODAY, False, False, "death.child"),
    ],
)
def test_which_day_is_written_down(
    member: FamilyMember, day: date, known: bool, mine: bool, code: str | None
) -> None:
    no = rules.why_no_death(member, died_on=day, known=known, mine=mine, on=TODAY)
    assert (no.code if no else None) == code


# --- what ends ---


def test_the_next_request_is_dead_and_nothing_opens_by_that_person(world: World, house: Household) -> None:
    client, account = world.client("mark"), world.account("mark").pk
    assert status(client, "family", house.family_id) == 200
    died(world, house)
    assert status(client, "family", house.family_id) in {302, 403, 404}
    assert open_to(world, account) == set()
    assert not world.account("mark").is_active


def test_what_was_theirs_apart_opens_to_nobody_whatever_is_opened_after(
    world: World, house: Household
) -> None:
    own = (CompartmentKind.PARENT, house.member("Mark").pk)
    anouk, sanne = world.account("anouk").pk, world.account("sanne").pk
    assert own in open_to(world, anouk)
    assert own in open_to(world, world.account("mark").pk)
    died(world, house)
    everybody = [anouk, sanne, world.account("ellen").pk, world.account("mark").pk]
    assert all(own not in open_to(world, one) for one in everybody)
    assert ("shared", None) in open_to(world, anouk)
    # A record that stood still and goes on again opens nothing of it either.
    record = record_of(house, "Noor")
    safety.freeze_record(actor=world.actor("ellen"), record_id=record, at=world.at)
    safety.unfreeze_record(actor=world.actor("karin"), record_id=record, at=world.at)
    assert all(own not in open_to(world, one) for one in everybody)
    assert ("shared", None) in open_to(world, sanne)


def test_the_child_s_record_goes_on_with_who_decides_now(world: World, house: Household) -> None:
    talk = open_talk(world, house, "youssef")
    assert say(world, talk, "ellen", "youssef", "sanne").match is None
    died(world, house)
    assert decider_ids(house.child.pk, at=world.at) == {house.member("Sanne").pk}
    assert say(world, talk, "sanne").match is not None


def test_a_yes_of_who_died_counts_no_more_and_without_anyone_help_waits_for_a_guardian(
    world: World, house: Household
) -> None:
    talk = open_talk(world, house, "youssef")
    say(world, talk, "mark", "sanne")
    died(world, house)
    died(world, house, "Sanne")
    no = say(world, talk, "ellen", "youssef").why_no_match
    assert no is not None
    assert no.code == "match.no_authority"
    guardian = actions.add_parent(
        actor=world.actor("ellen"),
        family_id=house.family_id,
        first_name="Gerda",
        kind=MemberKind.GUARDIAN,
        email="gerda@gi.example",
        at=world.at,
    )
    actions.set_authority(
        actor=world.actor("ellen"),
        child_id=house.child.pk,
        holder_id=guardian.pk,
        source=Source.COURT,
        at=world.at,
    )
    assert say(world, talk, "gerda").match is not None


def test_what_was_said_as_this_person_is_over(world: World, house: Household) -> None:
    record = record_of(house, "Noor")
    fosters = actions.add_parent(
        actor=world.actor("ellen"),
        family_id=house.family_id,
        first_name="Wim",
        kind=MemberKind.FOSTER_PARENT,
        email="wim@gezin.example",
        at=world.at,
    )
    assert fosters.account_id is not None
    actions.say_about(
        actor=world.actor("mark"), record_id=record, account_id=fosters.account_id, yes=True, at=world.at
    )
    assert ("shared", None) in open_to(world, fosters.account_id)
    died(world, house)
    assert ("shared", None) not in open_to(world, fosters.account_id)
    assert not Consent.objects.standing(world.at).filter(giver=house.member("Mark")).exists()


# --- why not ---


def test_nobody_writes_down_that_who_died_decides(world: World, house: Household) -> None:
    died(world, house)
    for source in (Source.DECLARED, Source.REGISTER):
        with pytest.raises(Refused) as no:
            actions.set_authority(
                actor=world.actor("ellen"),
                child_id=house.child.pk,
                holder_id=house.member("Mark").pk,
                source=source,
                at=world.at,
            )
        assert no.value.refusal.code == "death.died"


@pytest.mark.parametrize(
    ("by", "error"), [("bram", NotVisible), ("anouk", Forbidden), ("sanne", Forbidden), ("karin", Forbidden)]
)
def test_only_the_coach_of_the_family_writes_it_down_or_doubts_it(
    world: World, house: Household, by: str, error: type[Exception]
) -> None:
    with pytest.raises(error):
        died(world, house, by=by)
    death = died(world, house)
    with pytest.raises(error):
        mistaken(world, death, by)


# --- a mistake ---


def test_a_mistake_is_taken_back_by_two_and_who_decides_is_looked_at_anew(
    world: World, house: Household
) -> None:
    death = died(world, house)
    with pytest.raises(Refused) as no:
        back(world, death)
    assert no.value.refusal.code == "death.not_doubted"
    mistaken(world, death)
    with pytest.raises(Refused) as no:
        mistaken(world, death)
    assert no.value.refusal.code == "death.doubted"
    with pytest.raises(Forbidden):
        back(world, death, "ellen")
    assert not world.account("mark").is_active
    back(world, death)
    with pytest.raises(Refused) as no:
        back(world, death)
    assert no.value.refusal.code == "death.taken_back"
    assert world.account("mark").is_active
    anouk, own = world.account("anouk").pk, (CompartmentKind.PARENT, house.member("Mark").pk)
    assert own in open_to(world, anouk)
    assert decider_ids(house.child.pk, at=world.at) == {house.member("Sanne").pk}
    assert open_to(world, world.account("mark").pk) == set()
    world.later(days=1)
    actions.set_authority(
        actor=world.actor("ellen"),
        child_id=house.child.pk,
        holder_id=house.member("Mark").pk,
        source=Source.REGISTER,
        at=world.at,
    )
    assert own in open_to(world, world.account("mark").pk)
    assert [entry.code for entry in Entry.objects.filter(code__startswith="family.death").order_by("id")] == [
        "family.death_noted",
        "family.death_doubted",
        "family.death_taken_back",
    ]


def test_the_database_takes_it_back_by_nobody_alone(world: World, house: Household) -> None:
    death = died(world, house)
    alone = "UPDATE families_death SET until_at = now(), mistake_by_id = written_by_id, agreed_by_id = %s"
    with (
        pytest.raises(IntegrityError, match="death_taken_back_by_two"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(alone, [death.written_by_id])


# --- the same person elsewhere ---


@built_once
def elsewhere(world: World, house: Household) -> Household:
    """Mark raises Sam with Iris too, whom Bram coaches; Fatma coaches Noor, and sees nothing of Sam."""
    found = household(world, parent="Iris", other="Mark", child="Sam", born_on=EIGHT)
    world.add_worker("fatma", Role.COACH)
    goes_to = {found.request.pk: world.account("bram").pk, house.request.pk: world.account("fatma").pk}
    hand_over_questions(
        actor=world.actor("ellen"),
        coach_id=world.account("ellen").pk,
        successors=goes_to,
        from_on=TODAY,
        at=world.at,
    )
    return found


def decide(world: World, house: Household) -> set[str]:
    with reading(world.system, world.at):
        found = FamilyMember.objects.filter(pk__in=decider_ids(house.child.pk, at=world.at))
        return set(found.values_list("first_name", flat=True))


def test_in_another_family_of_the_same_person_it_is_known_at_once_and_the_coach_there_hears(
    world: World, house: Household, elsewhere: Household
) -> None:
    assert decide(world, elsewhere) == {"Iris", "Mark"}
    assert status(world.client("fatma"), "family", elsewhere.family_id) == 404
    death = died(world, house, by="fatma")
    assert decide(world, elsewhere) == {"Iris"}
    other = Death.objects.get(member=elsewhere.member("Mark").pk)
    assert (other.died_on, other.source) == (death.died_on, death.source)
    entry = Entry.objects.get(code="family.death_elsewhere")
    assert (entry.family_id, entry.account_id) == (elsewhere.family_id, None), "nobody of the other family"
    people.tell(entry_ids=[entry.pk], at=world.at)
    assert [one.account.first_name for one in Notice.objects.filter(entry_id=entry.pk)] == ["Bram"]
    log = words(world.client("iris").get(reverse("who_looked", args=[elsewhere.family_id])))
    assert "nam over dat iemand in het gezin is overleden" in log
    assert "Fatma" not in log
    with pytest.raises(Refused) as no:
        died(world, elsewhere, by="bram")
    assert no.value.refusal.code == "death.known"


def test_a_mistake_is_taken_back_in_both_families(
    world: World, house: Household, elsewhere: Household
) -> None:
    back(world, mistaken(world, died(world, house, by="fatma"), by="fatma"))
    with reading(world.system, world.at):
        assert not Death.objects.standing(world.at).exists()
    assert world.account("mark").is_active
    lines = Entry.objects.filter(code="family.death_taken_back")
    assert set(lines.values_list("family_id", flat=True)) == {house.family_id, elsewhere.family_id}


def test_by_a_link_alone_it_is_known_too_and_by_one_that_ended_not(world: World, house: Household) -> None:
    """Of Mark who does not sign in there."""
    found = household(world, parent="Iris", other="Peter", child="Sam", born_on=EIGHT)
    ellen = world.actor("ellen")
    there = actions.add_parent(actor=ellen, family_id=found.family_id, first_name="Mark", at=world.at)
    both = {"member_id": house.member("Mark").pk, "other_id": there.pk}
    link = actions.join_persons(actor=ellen, reason="dezelfde vader", at=world.at, **both)
    actions.part_persons(actor=ellen, link_id=link.pk, at=world.at)
    death = died(world, house)
    assert not there.deaths.exists()
    back(world, mistaken(world, death))
    actions.join_persons(actor=ellen, reason="toch", at=world.at, **both)
    died(world, house)
    assert there.deaths.standing(world.at).exists()


# --- the pages ---


def words(answer: Any) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]*>", " ", answer.content.decode()))


def test_by_the_pages_it_is_written_down_doubted_and_taken_back(world: World, house: Household) -> None:
    ellen, karin, mark = world.client("ellen"), world.client("karin"), house.member("Mark")
    url = reverse("note_death", args=[mark.pk])
    assert "ook niet voor de andere ouder of de familie" in words(ellen.get(url))
    wrong = ellen.post(url, {"_key": str(uuid4()), "died_on": "2026-11-03", "source": "deed"})
    assert (wrong.status_code, "Deze dag ligt in de toekomst." in words(wrong)) == (422, True)
    assert 'value="2026-11-03"' in wrong.content.decode()
    done = ellen.post(url, {"_key": str(uuid4()), "died_on": "2026-10-30", "source": "deed"})
    persons = reverse("persons", args=[house.family_id])
    assert done["Location"] == persons
    here = words(ellen.get(persons))
    assert "Overleden op 30 oktober 2026 (akte van overlijden)." in here
    assert "Bron: overlijden." in here
    assert ellen.get(url).status_code == 404
    assert "Een overlijden bij vergissing" not in words(karin.get(reverse("retention")))
    death = Death.objects.get()
    ellen.post(reverse("mistaken_death", args=[death.pk]), {"_key": str(uuid4())})
    entry = Entry.objects.get(code="family.death_doubted")
    people.tell(entry_ids=[entry.pk], at=world.at)
    assert Notice.objects.filter(entry_id=entry.pk, account=world.account("karin")).exists()
    shown = karin.get(reverse("retention")).content.decode()
    assert str(death.pk) in shown
    assert "Mark" not in shown
    taken = karin.post(reverse("take_back_death", args=[death.pk]), {"_key": str(uuid4())})
    assert taken["Location"] == reverse("retention")
    assert "Overleden op" not in words(ellen.get(persons))


def test_who_is_known_to_that_side_alone_is_named_before_nobody_sees_them(
    world: World, house: Household
) -> None:
    url = reverse("note_death", args=[house.member("Mark").pk])
    assert "Hierna ziet niemand" not in words(world.client("ellen").get(url))
    with reading(world.system, world.at):
        place = Compartment.objects.get(person=house.member("Mark"), kind=CompartmentKind.PARENT)
    sharing.name_for_own_part(
        actor=world.actor("mark"),
        record_id=place.record_id,
        account_id=world.account("ellen").pk,
        person_id=house.member("Mark").pk,
        at=world.at,
    )
    pjotr = actions.add_parent(
        actor=world.actor("ellen"),
        family_id=house.family_id,
        first_name="Pjotr",
        side_of=house.member("Mark").pk,
        at=world.at,
    )
    assert "Alleen bij Mark hoort: Pjotr." in words(world.client("ellen").get(url))
    died(world, house)
    persons = reverse("persons", args=[house.family_id])
    assert "Pjotr" not in words(world.client("ellen").get(persons))
    with reading(world.actor("ellen"), world.at):
        assert not FamilyMember.objects.filter(pk=pjotr.pk).exists()


def test_the_family_reads_in_the_log_that_it_was_written_down(world: World, house: Household) -> None:
    died(world, house)
    log = words(world.client("sanne").get(reverse("who_looked", args=[house.family_id])))
    assert "schreef op dat iemand in het gezin is overleden" in log
