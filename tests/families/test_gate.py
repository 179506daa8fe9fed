"""The situations of the design that the gate alone decides, each by its name; both walls give one answer."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.db import connection
from django.http import HttpResponse
from django.urls import reverse
from hypothesis import example, given, settings
from hypothesis import strategies as st

from hendig.audit.actions import change, reading
from hendig.families import actions
from hendig.families.actions.supervision import join_supervisor
from hendig.families.models import (
    Block,
    Compartment,
    CompartmentKind,
    Court,
    FamilyMember,
    Ground,
    LegalAuthority,
    MemberKind,
    Part,
    Record,
    Source,
    Tie,
)
from hendig.families.rules.gate import ALLOW, DENY
from hendig.kernel.actor import Role
from hendig.kernel.ages import age_on
from hendig.kernel.refusal import Refused
from hendig.keys.actions import new_keys
from hendig.people.actions import end_employment
from tests.support.families import looked_up
from tests.support.matching import Household, household
from tests.support.world import World

TICK = timedelta(microseconds=1)
EIGHT, TEN = date(2018, 5, 4), date(2016, 5, 4)
K = CompartmentKind


@pytest.fixture(autouse=True)
def _the_clock_of_the_pages(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("hendig.web.middleware.timezone.now", lambda: world.at)


def record_of(house: Household) -> Record:
    return Record.objects.get(child=house.child)


def fill(world: World, record: Record) -> None:
    """Something lies in every compartment of the record."""
    with change(world.system, "family.tie_added", at=world.at) as act:
        for room in Compartment.objects.filter(record=record):
            act.record(
                Tie.objects.create(
                    municipality_id=record.municipality_id,
                    family_id=record.family_id,
                    compartment=room,
                    name="Riet",
                    relation="oma",
                )
            )


def rooms(world: World, name: str, house: Household, at: datetime | None = None) -> set[UUID]:
    """What is open to this person, by the filter of queries and by the database: they are one answer."""
    actor, at = world.actor(name), at or world.at
    record = record_of(house)
    mine = Tie.objects.filter(compartment__record=record)
    first = set(mine.visible_to(actor, at=at).values_list("compartment_id", flat=True))
    with reading(actor, at):
        # Without a join: a joined row that is hidden would hide this one as well.
        shown = set(Tie.objects.values_list("compartment_id", flat=True))
    assert first == shown
    return first


def kinds(world: World, name: str, house: Household, at: datetime | None = None) -> list[str]:
    found = rooms(world, name, house, at)
    return sorted(Compartment.objects.filter(pk__in=found).values_list("kind", flat=True))


def involve(
    world: World,
    name: str,
    house: Household,
    part: Part,
    ground: Ground = Ground.YOUTH_ACT,
    of: Iterable[CompartmentKind] = (K.SHARED,),
    until: datetime | None = None,
    member: FamilyMember | None = None,
) -> None:
    with change(world.actor("ellen"), "request.first_talk", at=world.at) as act:
        row = actions.involve(
            act,
            record=record_of(house),
            account_id=world.account(name).pk,
            part=part,
            ground=ground,
            kinds=of,
            until=until,
            member=member,
        )
        act.record(row)


def say(world: World, house: Household, giver: str, about: str, *, yes: bool) -> None:
    with change(world.system, "family.said_yes" if yes else "family.said_no", at=world.at) as act:
        about_id = world.account(about).pk
        act.record(
            actions.say(act, record=record_of(house), giver=house.member(giver), account_id=about_id, yes=yes)
        )


def family(world: World, born_on: date = EIGHT, **more: Any) -> Household:
    house = household(world, born_on=born_on, **more)
    fill(world, record_of(house))
    return house


def page(world: World, name: str, family_id: UUID) -> HttpResponse:
    answer = world.client(name).get(reverse("circle", args=[family_id]))
    assert isinstance(answer, HttpResponse)
    return answer


def end_authority(world: World, house: Household, name: str) -> None:
    found = LegalAuthority.objects.get(holder=house.member(name), child=house.child)
    actions.end_authority(actor=world.actor("ellen"), authority_id=found.pk, at=world.at)


# --- parents ---


def test_a_divorced_father_with_authority_opens_what_is_shared_and_nothing_of_the_mother(
    world: World,
) -> None:
    house = family(world)
    assert kinds(world, "mark", house) == ["parent", "shared"]
    own = Compartment.objects.get(record=record_of(house), person=house.member("Mark"))
    hers = Compartment.objects.get(record=record_of(house), person=house.member("Sanne"))
    assert own.pk in rooms(world, "mark", house)
    assert hers.pk not in rooms(world, "mark", house)
    assert hers.pk in rooms(world, "sanne", house)


def test_a_court_ends_his_authority_today_and_the_next_request_is_404(world: World) -> None:
    house = family(world)
    assert page(world, "mark", house.family_id).status_code == 200
    held = LegalAuthority.objects.get(holder=house.member("Mark"), child=house.child)
    ruled = {"_key": str(uuid4()), "source": "court", "stops_on": world.at.date().isoformat()}
    ended = world.client("ellen").post(reverse("end_authority", args=[held.pk]), ruled)
    assert ended.status_code == 302
    world.later(seconds=1)
    assert page(world, "mark", house.family_id).status_code == 404
    assert K.SHARED not in kinds(world, "mark", house)
    assert K.SHARED in kinds(world, "sanne", house)


def test_authority_that_ends_today_by_its_date_lasts_until_midnight(world: World) -> None:
    house = family(world)
    with change(world.system, "family.authority_ended", at=world.at) as act:
        held = LegalAuthority.objects.get(holder=house.member("Mark"), child=house.child)
        held.until_on = world.at.date()
        held.save()
        act.record(held)
    midnight = datetime(2026, 11, 2, 23, tzinfo=UTC)
    assert K.SHARED in kinds(world, "mark", house, midnight - TICK)
    assert K.SHARED not in kinds(world, "mark", house, midnight)


def test_a_father_without_authority_sees_only_what_is_about_himself(world: World) -> None:
    house = family(world)
    end_authority(world, house, "Mark")
    assert kinds(world, "mark", house) == ["parent"]
    assert page(world, "mark", house.family_id).status_code == 404


def test_one_parent_withdraws_consent_and_sharing_with_school_stops_at_once(world: World) -> None:
    house = family(world, TEN)
    involve(world, "youssef", house, Part.PROFESSIONAL, Ground.CONSENT)
    assert kinds(world, "youssef", house) == []
    say(world, house, "Sanne", "youssef", yes=True)
    assert kinds(world, "youssef", house) == ["shared"]
    world.later(minutes=1)
    say(world, house, "Mark", "youssef", yes=False)
    assert kinds(world, "youssef", house) == []
    assert kinds(world, "youssef", house, world.at - TICK) == ["shared"]


def test_sole_authority_that_was_only_declared_lapses_after_14_days(world: World) -> None:
    house = family(world, checked=False)
    lapses = datetime(2026, 11, 15, 23, tzinfo=UTC)
    assert K.SHARED in kinds(world, "sanne", house, lapses - TICK)
    assert K.SHARED not in kinds(world, "sanne", house, lapses)
    looked_up(world, house.request)
    assert K.SHARED in kinds(world, "sanne", house, lapses)


def add_adult(world: World, house: Household, name: str, kind: MemberKind) -> FamilyMember:
    return actions.add_parent(
        actor=world.actor("ellen"),
        family_id=house.family_id,
        first_name=name,
        email=f"{name.lower()}@gezin.example",
        kind=kind,
        at=world.at,
    )


def test_the_mothers_partner_sees_no_compartment_of_the_child(world: World) -> None:
    """He has her unlocked phone, and nothing of his own: what he holds is her account."""
    house = family(world)
    assert K.CHILD not in kinds(world, "sanne", house)


def test_a_foster_parent_without_authority_sees_along_when_who_decides_agrees(world: World) -> None:
    house = household(world, born_on=EIGHT)
    add_adult(world, house, "Wim", MemberKind.FOSTER_PARENT)
    fill(world, record_of(house))
    assert kinds(world, "wim", house) == ["parent"]
    say(world, house, "Sanne", "wim", yes=True)
    assert kinds(world, "wim", house) == ["parent", "shared"]
    hers = Compartment.objects.get(record=record_of(house), person=house.member("Sanne"))
    assert hers.pk not in rooms(world, "wim", house)


def test_a_foster_parent_with_authority_decides_and_sees_as_a_parent_does(world: World) -> None:
    house = household(world, born_on=EIGHT)
    wim = add_adult(world, house, "Wim", MemberKind.FOSTER_PARENT)
    fill(world, record_of(house))
    actions.set_authority(
        actor=world.actor("ellen"),
        child_id=house.child.pk,
        holder_id=wim.pk,
        source=Source.COURT,
        at=world.at,
    )
    assert K.SHARED in kinds(world, "wim", house)


def test_a_family_supervisor_joins_on_the_ground_of_the_court_whatever_anyone_says(world: World) -> None:
    house = family(world)
    join_supervisor(
        actor=world.actor("ellen"),
        child_id=house.child.pk,
        account_id=world.account("anouk").pk,
        court=Court.LIMBURG,
        ruled_on=date(2026, 10, 28),
        until_on=date(2027, 4, 27),
        at=world.at,
    )
    say(world, house, "Sanne", "anouk", yes=False)
    assert kinds(world, "anouk", house) == ["safety", "shared"]
    last = datetime(2027, 4, 27, 22, tzinfo=UTC)
    assert kinds(world, "anouk", house, last - TICK) == ["safety", "shared"]
    assert kinds(world, "anouk", house, last) == []
    for who in ("sanne", "mark"):
        told = world.client(who).get(reverse("who_may", args=[house.family_id])).content.decode()
        assert "Anouk (gezinsvoogd) ziet wat we samen weten. De rechter heeft dat besloten." in told
        assert "Het besluit is van 28 oktober 2026." in told
        assert "veiligheid" not in told


def test_the_agreement_of_a_father_does_not_stand_beside_his_later_no(world: World) -> None:
    house = family(world)
    involve(world, "anouk", house, Part.PROFESSIONAL, Ground.CONSENT)
    with change(world.system, "family.said_yes", at=world.at) as act:
        about = world.account("anouk").pk
        given_yes = actions.say(
            act, record=record_of(house), giver=house.member("Mark"), account_id=about, yes=True
        )
        given_yes.until_at = world.at + timedelta(days=30)
        given_yes.save()
        act.record(given_yes)
    assert kinds(world, "anouk", house) == ["shared"]
    say(world, house, "Mark", "anouk", yes=False)
    assert kinds(world, "anouk", house) == []


@pytest.mark.parametrize("other", ["Sanne", "Noor"])
def test_of_12_to_15_the_no_of_a_parent_stops_what_the_child_does_not_wish_itself(
    world: World, other: str
) -> None:
    """Help needs child and parents (Jeugdwet 7.3.4 lid 2); what the child keeps wishing goes on."""
    house = family(world, date(2012, 5, 4))
    involve(world, "youssef", house, Part.PROFESSIONAL, Ground.CONSENT)
    say(world, house, other, "youssef", yes=True)
    assert kinds(world, "youssef", house) == ["shared"]
    say(world, house, "Mark", "youssef", yes=False)
    assert kinds(world, "youssef", house) == ([] if other == "Sanne" else ["shared"])


def test_what_a_parent_stopped_does_not_open_by_itself_when_the_child_becomes_12(world: World) -> None:
    house = family(world, date(2014, 11, 22))
    twelve, sixteen = datetime(2026, 11, 21, 23, tzinfo=UTC), datetime(2030, 11, 21, 23, tzinfo=UTC)
    involve(world, "youssef", house, Part.PROFESSIONAL, Ground.CONSENT)
    say(world, house, "Sanne", "youssef", yes=True)
    say(world, house, "Mark", "youssef", yes=False)
    assert kinds(world, "youssef", house, twelve - TICK) == []
    assert kinds(world, "youssef", house, twelve) == []
    assert kinds(world, "youssef", house, sixteen) == []


# --- children ---

BIRTHDAYS = [
    # Born, and when the birthday begins in Amsterdam.
    (date(2014, 11, 22), 12, datetime(2026, 11, 21, 23, tzinfo=UTC)),
    (date(2010, 11, 22), 16, datetime(2026, 11, 21, 23, tzinfo=UTC)),
    (date(2008, 11, 22), 18, datetime(2026, 11, 21, 23, tzinfo=UTC)),
    (date(2016, 2, 29), 12, datetime(2028, 2, 28, 23, tzinfo=UTC)),
    (date(2012, 2, 29), 16, datetime(2028, 2, 28, 23, tzinfo=UTC)),
    (date(2012, 2, 29), 18, datetime(2030, 2, 28, 23, tzinfo=UTC)),
]


@pytest.mark.parametrize(("born_on", "age", "midnight"), BIRTHDAYS)
def test_a_birthday_acts_at_midnight_for_who_raises(
    world: World, born_on: date, age: int, midnight: datetime
) -> None:
    house = family(world, born_on)
    stays = {12: False, 16: True, 18: False}[age]
    # At the first talk each of them said yes; what somebody of eleven said is no agreement at twelve.
    assert record_of(house).consents.filter(giver=house.child, yes=True).exists()
    assert K.SHARED in kinds(world, "mark", house, midnight - TICK)
    assert (K.SHARED in kinds(world, "mark", house, midnight)) is stays
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT date_part('year', age((%s AT TIME ZONE 'Europe/Amsterdam')::date, %s))",
            [midnight, born_on],
        )
        assert cursor.fetchone() == (age,)


def test_at_twelve_the_own_record_opens_for_the_child_at_midnight(world: World) -> None:
    house = family(world, date(2014, 11, 2))
    with change(world.actor("ellen"), "family.youth_invited", at=world.at) as act:
        actions.let_youth_in(act, house.child, "noor@gezin.example")
        act.record(house.child)
    midnight = datetime(2026, 11, 1, 23, tzinfo=UTC)
    assert kinds(world, "noor", house) == ["child", "shared"]
    assert kinds(world, "noor", house, midnight - TICK) == []


@pytest.mark.parametrize(("age", "born_on"), [(16, date(2010, 11, 22)), (13, date(2013, 5, 4))])
def test_what_a_youth_refuses_is_shut_for_that_parent_alone(world: World, age: int, born_on: date) -> None:
    house = family(world, born_on)
    say(world, house, "Noor", "mark", yes=False)
    assert K.SHARED not in kinds(world, "mark", house)
    assert K.SHARED in kinds(world, "sanne", house)


def test_a_14_year_old_tells_something_in_the_own_compartment_and_no_parent_sees_it(world: World) -> None:
    house = family(world, date(2012, 5, 4))
    assert kinds(world, "noor", house) == ["child", "shared"]
    for parent in ("sanne", "mark"):
        assert kinds(world, parent, house) == ["parent", "shared"]
    involve(world, "anouk", house, Part.PROFESSIONAL, Ground.MATCH, (K.SHARED, K.CHILD))
    assert kinds(world, "anouk", house) == ["child", "shared"]


def test_a_9_year_old_tells_of_abuse_and_only_who_is_named_sees_what_is_kept_of_it(world: World) -> None:
    house = family(world, date(2017, 5, 4))
    involve(world, "anouk", house, Part.PROFESSIONAL, Ground.DUTY, (K.SAFETY,))
    assert kinds(world, "anouk", house) == ["safety"]
    for name in ("sanne", "mark", "ellen"):
        assert K.SAFETY not in kinds(world, name, house)


def test_no_involvement_of_family_opens_what_is_about_safety(world: World) -> None:
    """Not even one that should never have been written."""
    house = family(world)
    with change(world.system, "request.first_talk", at=world.at) as act:
        for row in record_of(house).involvements.filter(part=Part.FAMILY):
            row.kinds = list(CompartmentKind)
            row.save()
            act.record(row)
    assert not {K.SAFETY, K.INFORMANT, K.GP, K.OWN_NOTE, K.CHILD} & set(kinds(world, "mark", house))


def test_16_agrees_to_one_parent_and_the_other_cannot_tell_that_there_is_a_record(world: World) -> None:
    house = family(world, date(2010, 5, 4))
    say(world, house, "Noor", "mark", yes=False)
    assert page(world, "sanne", house.family_id).status_code == 200
    theirs, nothing = page(world, "mark", house.family_id), page(world, "mark", uuid4())
    assert (theirs.status_code, nothing.status_code) == (404, 404)
    assert theirs.content == nothing.content


def test_12_sees_nothing_of_what_is_about_a_parent(world: World) -> None:
    house = family(world, date(2013, 5, 4))
    assert K.PARENT not in kinds(world, "noor", house)


def test_18_the_youth_keeps_the_record_and_the_parents_view_ends_whatever_was_agreed(world: World) -> None:
    house = family(world, date(2008, 11, 22))
    eighteen = datetime(2026, 11, 21, 23, tzinfo=UTC)
    assert kinds(world, "sanne", house, eighteen - TICK) == ["parent", "shared"]
    assert kinds(world, "sanne", house, eighteen) == ["parent"]
    assert kinds(world, "noor", house, eighteen) == ["child", "shared"]


# --- who works ---


def test_the_own_family_is_closed_to_a_father_who_works_for_a_partner(world: World) -> None:
    house = family(world)
    with change(world.system, "request.first_talk", at=world.at) as act:
        father = house.member("Mark")
        father.account = world.account("youssef")
        father.save()
        act.record(father)
    for part in (Part.COACH, Part.PROFESSIONAL, Part.GUIDE, Part.SUPERVISOR, Part.EMERGENCY):
        involve(world, "youssef", house, part, Ground.VITAL, (K.SHARED, K.SAFETY))
    assert kinds(world, "youssef", house) == []
    with change(world.system, "request.first_talk", at=world.at) as act:
        actions.see_record(act, record_of(house), father)
        act.record(father)
    # As a father he is what every father is.
    assert K.SHARED in kinds(world, "youssef", house)


def test_somebody_leaves_the_employer_at_five_and_what_was_open_is_shut(world: World) -> None:
    house = family(world)
    involve(world, "anouk", house, Part.PROFESSIONAL, Ground.MATCH)
    actor, five = world.actor("anouk"), datetime(2026, 11, 2, 16, tzinfo=UTC)
    end_employment(actor=world.system, account_id=world.account("anouk").pk, at=five)

    def seen(at: datetime) -> bool:
        with reading(actor, at):
            shown = Tie.objects.exists()
        assert Tie.objects.visible_to(actor, at=at).exists() is shown
        return shown

    assert seen(five - TICK)
    assert not seen(five)


@pytest.mark.parametrize("role", [Role.FINANCE, Role.POLICY, Role.PRIVACY])
def test_who_went_to_other_work_takes_no_involvement_along(world: World, role: Role) -> None:
    house = family(world)
    name = {Role.FINANCE: "henk", Role.POLICY: "petra", Role.PRIVACY: "karin"}[role]
    for part in (Part.PROFESSIONAL, Part.EMERGENCY):
        involve(world, name, house, part, Ground.VITAL)
    assert kinds(world, name, house) == []


def test_what_the_gp_writes_is_for_the_gp_and_for_no_coach(world: World) -> None:
    house = family(world)
    involve(world, "anouk", house, Part.GP, Ground.YOUTH_ACT, (K.GP,))
    involve(world, "youssef", house, Part.PROFESSIONAL, Ground.MATCH, (K.GP, K.SHARED))
    assert kinds(world, "anouk", house) == [], "she wrote nothing here yet"
    with change(world.actor("ellen"), "request.first_talk", at=world.at) as act:
        act.record(actions.own_practice(act, record_of(house), world.account("anouk").pk))
        act.record(actions.own_practice(act, record_of(house), world.account("youssef").pk))
    fill(world, record_of(house))
    assert kinds(world, "anouk", house) == ["gp"]
    assert kinds(world, "youssef", house) == ["shared"]


@pytest.mark.parametrize("part", [Part.DECIDER, Part.REFERRER, Part.VOLUNTEER])
def test_who_decides_refers_or_gives_a_hand_without_being_named_opens_nothing(
    world: World, part: Part
) -> None:
    """Not even by an involvement that should never have been written."""
    house = family(world)
    involve(world, "bram", house, part, of=())
    with change(world.system, "request.first_talk", at=world.at) as act:
        row = record_of(house).involvements.get(part=part)
        row.kinds = list(CompartmentKind)
        row.save()
        act.record(row)
    assert kinds(world, "bram", house) == []


def test_a_colleague_who_thinks_along_about_safety_sees_that_and_who_told_of_it(world: World) -> None:
    house = family(world)
    named = (K.SAFETY, K.INFORMANT)
    involve(world, "bram", house, Part.COLLEAGUE, Ground.DUTY, named, world.at + timedelta(days=1))
    assert kinds(world, "bram", house) == ["informant", "safety"]
    assert kinds(world, "bram", house, world.at + timedelta(days=1)) == []
    with pytest.raises(Refused, match="too_wide"):
        involve(world, "anouk", house, Part.COLLEAGUE, Ground.DUTY, (K.SHARED, K.SAFETY))


def test_emergency_access_opens_an_hour_and_never_gp_own_note_or_informant(world: World) -> None:
    house = household(world, born_on=EIGHT)
    anouk = world.account("anouk")
    with change(world.system, "request.first_talk", at=world.at) as act:
        record = record_of(house)
        note = Compartment.objects.create(
            municipality_id=record.municipality_id,
            family_id=record.family_id,
            record=record,
            kind=K.OWN_NOTE,
            author=anouk,
        )
        new_keys(act, {note.pk: record.family_id})
        act.record(note)
    fill(world, record_of(house))
    involve(world, "anouk", house, Part.EMERGENCY, Ground.VITAL, list(CompartmentKind))
    end = world.at + timedelta(hours=1)
    assert kinds(world, "anouk", house, end - TICK) == ["address", "child", "finance", "safety", "shared"]
    assert kinds(world, "anouk", house, end) == []


def test_who_is_shut_out_sees_nothing_in_an_emergency_either(world: World) -> None:
    house = family(world)
    involve(world, "anouk", house, Part.EMERGENCY, Ground.VITAL, (K.SHARED, K.SAFETY))
    shut(world, house, "anouk")
    assert kinds(world, "anouk", house) == []


def shut(world: World, house: Household, name: str, *of: CompartmentKind) -> None:
    with change(world.system, "request.first_talk", at=world.at) as act:
        record = record_of(house)
        row = Block.objects.create(
            municipality_id=record.municipality_id,
            family_id=record.family_id,
            record=record,
            account=world.account(name),
            kinds=list(of),
            from_at=world.at,
        )
        act.record(row)


def test_a_block_shuts_the_compartments_that_it_names(world: World) -> None:
    house = family(world)
    shut(world, house, "mark", K.SHARED)
    assert kinds(world, "mark", house) == ["parent"]
    assert K.SHARED in kinds(world, "sanne", house)


def test_after_a_death_the_family_does_not_see_along_by_itself(world: World) -> None:
    house = family(world)
    with change(world.system, "request.first_talk", at=world.at) as act:
        record = record_of(house)
        record.frozen_at = world.at + timedelta(hours=1)
        record.save()
        act.record(record)
    assert K.SHARED in kinds(world, "sanne", house)
    assert kinds(world, "sanne", house, world.at + timedelta(hours=1)) == []
    assert K.SHARED in kinds(world, "ellen", house, world.at + timedelta(hours=1))


def test_a_colleague_who_is_not_in_the_tent_gets_what_nobody_gets(world: World) -> None:
    house = family(world)
    for name in ("bram", "anouk", "piet"):
        theirs, nothing = page(world, name, house.family_id), page(world, name, uuid4())
        assert (theirs.status_code, theirs.content) == (nothing.status_code, nothing.content)
        assert theirs.status_code in {403, 404}
        assert kinds(world, name, house) == []


# --- the table itself ---


def test_every_rule_has_a_number_of_its_own_a_source_and_words() -> None:
    rules = (*ALLOW, *DENY)
    assert len({rule.number for rule in rules}) == len(rules)
    assert [rule.number for rule in ALLOW] == [f"T{n}" for n in range(1, len(ALLOW) + 1)]
    assert [rule.number for rule in DENY] == [f"N{n}" for n in range(1, len(DENY) + 1)]
    assert all(rule.source and str(rule.words).endswith(".") for rule in rules)


@settings(max_examples=400)
@example(date(2012, 2, 29), date(2024, 2, 29))
@example(date(2012, 2, 29), date(2030, 2, 28))
@example(date(2012, 2, 29), date(2030, 3, 1))
@given(st.dates(date(1900, 1, 1), date(2100, 12, 31)), st.dates(date(1900, 1, 1), date(2100, 12, 31)))
@pytest.mark.django_db
def test_postgresql_counts_years_as_the_law_and_we_do(one: date, other: date) -> None:
    born_on, on = sorted((one, other))
    with connection.cursor() as cursor:
        # A moment of that day, as the gate is asked: the last one before midnight in Amsterdam.
        cursor.execute(
            "SELECT date_part('year', age((m AT TIME ZONE 'Europe/Amsterdam')::date, %s::date))"
            " FROM (SELECT (%s::date + time '23:59:59.999999') AT TIME ZONE 'Europe/Amsterdam' AS m) asked",
            [born_on, on],
        )
        assert cursor.fetchone() == (age_on(born_on, on),)
