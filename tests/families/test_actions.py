"""Who belongs to a family, who decides, who is around it, who is involved until when."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any

import pytest

from hendig.audit.actions import change
from hendig.audit.models import Entry, Kind
from hendig.circle import actions as circle
from hendig.families import actions, queries
from hendig.families.models import (
    FamilyMember,
    Ground,
    Involvement,
    LegalAuthority,
    Part,
    Source,
    Tie,
)
from hendig.families.queries import deciders, opening
from hendig.helprequests.models import HelpRequest
from hendig.kernel.periods import local_day
from hendig.kernel.refusal import Forbidden, NotVisible, Refused
from hendig.people.models import Letter
from tests.support.families import confirmed, fosters, taken_up, talked
from tests.support.shared import built_once
from tests.support.world import World


@built_once
def request_(world: World) -> HelpRequest:
    return talked(world)


def member(request: HelpRequest, name: str) -> FamilyMember:
    return FamilyMember.objects.get(family_id=request.family_id, first_name=name)


def authority(request: HelpRequest, name: str) -> LegalAuthority:
    return LegalAuthority.objects.get(holder=member(request, name))


# --- involvement opens the record ---


def involve(world: World, request: HelpRequest, name: str, until: datetime | None) -> Involvement:
    with change(world.actor("ellen"), "request.first_talk", at=world.at) as act:
        row = actions.involve(
            act,
            record=request.compartment.record,
            account_id=world.account(name).pk,
            part=Part.GUEST,
            ground=Ground.YOUTH_ACT,
            until=until,
        )
        act.record(row)
    return row


@pytest.mark.parametrize("name", ["anouk", "bram", "jolanda", "henk", "karin", "piet"])
def test_no_role_opens_a_record(world: World, request_: HelpRequest, name: str) -> None:
    before = Entry.objects.count()
    with (
        pytest.raises(NotVisible),
        opening(world.actor(name), "family.page_seen", request_.family_id, at=world.at),
    ):
        pass
    assert Entry.objects.count() == before


def test_a_visitor_and_the_system_open_no_record(world: World, request_: HelpRequest) -> None:
    for actor in (world.visitor, world.system):
        with pytest.raises(NotVisible), opening(actor, "family.page_seen", request_.family_id, at=world.at):
            pass


def test_a_look_stands_in_the_log_with_part_and_ground(world: World, request_: HelpRequest) -> None:
    with opening(world.actor("ellen"), "family.page_seen", request_.family_id, at=world.at) as look:
        assert look.family_id == request_.family_id
    entry = Entry.objects.latest("id")
    assert (entry.kind, entry.code, entry.part, entry.ground) == (
        Kind.LOOK,
        "family.page_seen",
        Part.COACH,
        Ground.YOUTH_ACT,
    )
    assert entry.account_id == world.account("ellen").pk


def test_an_involvement_ends_at_its_moment_without_a_job(world: World, request_: HelpRequest) -> None:
    end = world.at + timedelta(days=14)
    involve(world, request_, "anouk", end)
    anouk = world.actor("anouk")
    with opening(anouk, "family.page_seen", request_.family_id, at=end - timedelta(seconds=1)):
        pass
    with pytest.raises(NotVisible), opening(anouk, "family.page_seen", request_.family_id, at=end):
        pass


def test_an_involvement_is_lengthened_and_never_cut_short_or_doubled(
    world: World, request_: HelpRequest
) -> None:
    early, late = world.at + timedelta(days=3), world.at + timedelta(days=9)
    assert involve(world, request_, "anouk", late).until_at == late
    assert involve(world, request_, "anouk", early).until_at == late
    assert involve(world, request_, "anouk", None).until_at is None
    assert involve(world, request_, "anouk", early).until_at is None
    assert Involvement.objects.filter(part=Part.GUEST).count() == 1


def test_ending_a_part_leaves_other_parts(world: World, request_: HelpRequest) -> None:
    involve(world, request_, "ellen", None)
    with change(world.actor("ellen"), "request.first_talk", at=world.at) as act:
        actions.end_involvement(
            act,
            record_id=request_.compartment.record_id,
            account_id=world.account("ellen").pk,
            part=Part.COACH,
        )
        act.record(request_)
    with opening(world.actor("ellen"), "family.page_seen", request_.family_id, at=world.at) as look:
        assert look.part == Part.GUEST


def test_an_end_in_the_future_never_lengthens(world: World, request_: HelpRequest) -> None:
    end = world.at + timedelta(days=2)
    row = involve(world, request_, "anouk", end)
    with change(world.actor("ellen"), "request.first_talk", at=world.at) as act:
        actions.end_involvement(
            act,
            record_id=request_.compartment.record_id,
            account_id=row.account_id,
            part=Part.GUEST,
            until=world.at + timedelta(days=30),
        )
        act.record(request_)
    assert Involvement.objects.get(pk=row.pk).until_at == end


# --- who belongs to the family ---


def test_a_foster_parent_sees_along_once_who_decides_says_yes(world: World, request_: HelpRequest) -> None:
    foster = fosters(world, request_.family_id, "Truus")
    assert not LegalAuthority.objects.filter(holder=foster).exists()
    record_id, truus = request_.compartment.record_id, world.account("truus").pk
    with pytest.raises(NotVisible):
        look(world, request_, "truus")
    give_noor_an_account(world, request_)
    for yes, sees in ((True, True), (False, False)):
        actions.say_about(
            actor=world.actor("noor"), record_id=record_id, account_id=truus, yes=yes, at=world.at
        )
        if sees:
            look(world, request_, "truus")
        else:
            with pytest.raises(NotVisible):
                look(world, request_, "truus")


def look(world: World, request: HelpRequest, who: str) -> None:
    with opening(world.actor(who), "family.page_seen", request.family_id, at=world.at):
        pass


def give_noor_an_account(world: World, request: HelpRequest) -> None:
    assert request.child_id is not None
    actions.give_youth_account(
        actor=world.actor("ellen"), member_id=request.child_id, email="noor@gezin.example", at=world.at
    )


def test_a_second_child_and_a_parent_who_decides_for_both(world: World) -> None:
    request = taken_up(world)
    ellen = world.actor("ellen")
    children = [
        actions.add_child(
            actor=ellen, family_id=request.family_id, first_name=name, born_on=born_on, at=world.at
        )
        for name, born_on in (("Noor", date(2013, 5, 4)), ("Daan", date(2018, 1, 1)))
    ]
    mark = actions.add_parent(
        actor=ellen,
        family_id=request.family_id,
        first_name="Mark",
        email="mark@gezin.example",
        holds_authority=True,
        at=world.at,
    )
    assert all(deciders(child.pk, at=world.at).parents == {mark.pk} for child in children)


@pytest.mark.parametrize(
    ("name", "error"), [("bram", NotVisible), ("anouk", Forbidden), ("sanne", Forbidden)]
)
def test_only_the_coach_of_the_family_adds_to_it(
    world: World, request_: HelpRequest, name: str, error: type[Exception]
) -> None:
    with pytest.raises(error):
        actions.add_child(
            actor=world.actor(name),
            family_id=request_.family_id,
            first_name="Daan",
            born_on=date(2018, 1, 1),
            at=world.at,
        )


def test_a_youth_of_12_gets_an_own_way_in(world: World, request_: HelpRequest) -> None:
    give_noor_an_account(world, request_)
    with opening(world.actor("noor"), "family.page_seen", request_.family_id, at=world.at) as look:
        assert look.part == Part.FAMILY
    letter = Letter.objects.get(to="noor@gezin.example")
    assert "naar school" not in letter.body + letter.subject


def test_a_child_of_11_gets_none(world: World) -> None:
    request = talked(world, child="Daan", born_on=date(2014, 11, 3))
    daan = member(request, "Daan")

    def invite() -> FamilyMember:
        return actions.give_youth_account(
            actor=world.actor("ellen"), member_id=daan.pk, email="daan@gezin.example", at=world.at
        )

    with pytest.raises(Refused) as no:
        invite()
    assert no.value.refusal.code == "youth.too_young"
    world.later(days=1)
    assert invite().account_id


# --- who decides ---


def test_checked_in_the_register_it_no_longer_lapses(world: World, request_: HelpRequest) -> None:
    actions.check_authority(
        actor=world.actor("ellen"),
        authority_id=authority(request_, "Mark").pk,
        source=Source.REGISTER,
        at=world.at,
    )
    year_on = world.at + timedelta(days=365)
    assert deciders(member(request_, "Noor").pk, at=year_on).parents == {member(request_, "Mark").pk}


def test_telling_it_again_after_it_lapsed_is_not_enough_but_looking_it_up_is(
    world: World, request_: HelpRequest
) -> None:
    world.later(days=14)
    noor, mark = member(request_, "Noor"), member(request_, "Mark")
    given: dict[str, Any] = {
        "actor": world.actor("ellen"),
        "child_id": noor.pk,
        "holder_id": mark.pk,
        "at": world.at,
    }
    with pytest.raises(Refused) as no:
        actions.set_authority(**given)
    assert no.value.refusal.code == "authority.must_be_checked"
    actions.set_authority(**given, source=Source.COURT)
    assert deciders(noor.pk, at=world.at).parents == {mark.pk}


def test_a_check_names_where_it_was_looked_up(world: World, request_: HelpRequest) -> None:
    with pytest.raises(Refused) as no:
        actions.check_authority(
            actor=world.actor("ellen"),
            authority_id=authority(request_, "Mark").pk,
            source=Source.DECLARED,
            at=world.at,
        )
    assert no.value.refusal.code == "authority.no_source"


def test_a_court_ends_his_authority_and_his_next_request_is_nothing(
    world: World, request_: HelpRequest
) -> None:
    mark, noor = world.actor("mark"), member(request_, "Noor")
    world.later(hours=1)
    actions.end_authority(
        actor=world.actor("ellen"), authority_id=authority(request_, "Mark").pk, at=world.at
    )
    with pytest.raises(NotVisible), opening(mark, "family.page_seen", request_.family_id, at=world.at):
        pass
    assert deciders(noor.pk, at=world.at).parents == {member(request_, "Sanne").pk}


@pytest.mark.parametrize("days", [0, 30])
def test_an_extract_older_than_the_end_by_a_court_does_not_bring_authority_back(
    world: World, request_: HelpRequest, days: int
) -> None:
    """Whether the end was today or is still to come; a newer one says since when, and a ruling is newer."""
    noor, mark, today = member(request_, "Noor"), member(request_, "Mark"), local_day(world.at)
    actions.end_authority(
        actor=world.actor("ellen"),
        authority_id=authority(request_, "Mark").pk,
        stops_on=today + timedelta(days=days),
        at=world.at,
    )
    world.later(days=1)

    def says(source: Source, from_on: date | None = None) -> str:
        try:
            actions.set_authority(
                actor=world.actor("ellen"),
                child_id=noor.pk,
                holder_id=mark.pk,
                source=source,
                from_on=from_on,
                at=world.at,
            )
        except Refused as no:
            return no.refusal.code
        return ""

    older = today - timedelta(days=1)
    assert {says(source, since) for source in (Source.REGISTER, Source.BRP) for since in (None, older)} == {
        "authority.extract_too_old"
    }
    decides = mark.pk in deciders(noor.pk, at=world.at).parents
    assert decides == (days > 0)
    newer = today + timedelta(days=1)
    assert says(Source.REGISTER, newer) == ("authority.extract_too_old" if days else "")
    assert says(Source.REGISTER) == ("authority.extract_too_old" if days else ""), (
        "what came back is looked up"
    )
    assert says(Source.COURT, newer if not days else None) == ""
    assert mark.pk in deciders(noor.pk, at=world.at + timedelta(days=60)).parents


# --- the own circle ---


def grandmother(world: World, request: HelpRequest, who: str = "sanne") -> Tie:
    return actions.add_tie(
        actor=world.actor(who),
        family_id=request.family_id,
        name="Oma Riet",
        relation="oma",
        distance=1,
        gives="past op",
        at=world.at,
    )


def around(world: World, request: HelpRequest) -> list[str]:
    with opening(world.actor("sanne"), "family.circle_seen", request.family_id, at=world.at) as look:
        return [one.name for one in queries.circle(look).around]


@pytest.mark.parametrize("who", ["sanne", "mark", "ellen"])
def test_family_and_coach_draw_the_circle(world: World, request_: HelpRequest, who: str) -> None:
    grandmother(world, request_, who)
    assert around(world, request_) == ["Oma Riet"]


def test_who_was_taken_out_can_be_put_back(world: World, request_: HelpRequest) -> None:
    tie = grandmother(world, request_)
    circle.remove_tie(actor=world.actor("sanne"), tie_id=tie.pk, at=world.at)
    assert around(world, request_) == []
    circle.undo_tie(actor=world.actor("sanne"), tie_id=tie.pk, at=world.at)
    assert around(world, request_) == ["Oma Riet"]


def test_a_stranger_draws_and_wipes_nothing(world: World, request_: HelpRequest) -> None:
    tie = grandmother(world, request_)
    confirmed(world, "Joris")
    with pytest.raises(NotVisible):
        grandmother(world, request_, "joris")
    with pytest.raises(NotVisible):
        circle.remove_tie(actor=world.actor("joris"), tie_id=tie.pk, at=world.at)
