"""A question becomes a case: once, by whoever has the mailbox, with one coach."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from functools import partial
from typing import Any
from uuid import UUID

import pytest
from django.db import connection

from hendig.audit.actions import change
from hendig.audit.models import Entry
from hendig.families.models import Family, FamilyMember, Ground, Involvement, LegalAuthority, MemberKind, Part
from hendig.families.queries import deciders, opening
from hendig.helprequests import actions
from hendig.helprequests.actions import ChildOfTalk, ParentOfTalk
from hendig.helprequests.models import Asked, HelpRequest, Stage, StageMove, TalkNote, WaitingOn
from hendig.kernel.actor import Role
from hendig.kernel.refusal import Forbidden, NotVisible, Refused
from hendig.people.models import Account, Letter, Membership
from tests.support.families import REASON, WORDS, asked, code_of, confirmed, taken_up, talked
from tests.support.together import at_once
from tests.support.world import World, build_world


def confirm(world: World, question: Asked, typed: str) -> HelpRequest:
    return actions.confirm(actor=world.visitor, asked_id=question.pk, typed=typed, at=world.at)


def wrong(question: Asked) -> str:
    return f"{(int(code_of(question)) + 1) % 1_000_000:06d}"


def refusal(act: Callable[[], object]) -> str:
    with pytest.raises(Refused) as no:
        act()
    return no.value.refusal.code


# --- asking ---


def test_a_question_is_kept_and_a_code_is_on_its_way(world: World) -> None:
    question = asked(world)
    assert question.words == WORDS
    assert not Family.objects.exists()
    assert not Account.objects.with_email("sanne@gezin.example").exists()
    letter = Letter.objects.get()
    assert letter.to == "sanne@gezin.example"
    assert str(question.pk) in letter.body


def test_until_it_is_confirmed_the_database_cannot_tell_what_was_asked(world: World) -> None:
    asked(world)
    with connection.cursor() as cursor:
        cursor.execute("SELECT words FROM helprequests_asked")
        ((kept,),) = cursor.fetchall()
    assert kept
    assert not [word for word in WORDS.split() if len(word) > 3 and word in kept]


def test_the_mail_and_the_log_hold_nothing_of_the_question(world: World) -> None:
    question = asked(world, words="Kanariepiet fluit niet meer")
    confirm(world, question, code_of(question))
    letter = Letter.objects.get(key=f"asked:{question.pk}")
    entries = str(list(Entry.objects.values()))
    assert "anariepiet" not in letter.subject + letter.body + entries
    assert "sanne" not in entries.lower()


def test_the_code_itself_is_not_kept(world: World) -> None:
    question = asked(world)
    assert code_of(question).encode() not in bytes(question.code_hash)


def test_the_sixth_question_of_an_address_in_an_hour_is_refused(world: World) -> None:
    for _again in range(5):
        asked(world)
    assert refusal(lambda: asked(world)) == "asked.too_often"
    asked(world, "Piet")
    world.later(hours=1)
    asked(world)


def test_an_address_is_the_same_in_capitals(world: World) -> None:
    for _again in range(5):
        asked(world)
    again = lambda: actions.ask(  # noqa: E731
        actor=world.visitor, words="x", first_name="S", email="SANNE@gezin.example", at=world.at
    )
    assert refusal(again) == "asked.too_often"


@pytest.mark.usefixtures("new")
def test_a_known_address_is_answered_as_an_unknown_one(world: World) -> None:
    known, unknown = asked(world), asked(world, "Joris")
    bodies = [Letter.objects.get(key=f"asked:{one.pk}").body for one in (known, unknown)]
    plain = [
        body.replace(code_of(one), "").replace(str(one.pk), "")
        for body, one in zip(bodies, (known, unknown), strict=True)
    ]
    assert plain[0] == plain[1]


# --- the code ---


def test_the_right_code_makes_a_family_that_sees_its_question(world: World, new: HelpRequest) -> None:
    account = world.account("sanne")
    member = FamilyMember.objects.get()
    assert (new.stage, new.waiting_on, new.coach) == (Stage.NEW, WaitingOn.COACH, None)
    assert (member.account, member.kind) == (account, MemberKind.PARENT)
    assert Membership.objects.get(account=account).role == Role.FAMILY
    involvement = Involvement.objects.get(account=account)
    assert (involvement.part, involvement.ground) == (Part.FAMILY, Ground.AUTHORITY)
    assert involvement.until_at is None
    assert [move.stage for move in StageMove.objects.filter(request=new)] == [Stage.NEW]
    assert HelpRequest.objects.visible_to(world.actor("sanne"), at=world.at).get() == new


def test_the_log_names_who_asked_as_who_did_it(world: World, new: HelpRequest) -> None:
    entry = Entry.objects.get(code="request.confirmed")
    assert (entry.account_id, entry.family_id) == (world.account("sanne").pk, new.family_id)


def test_what_was_typed_stays_at_one_place(world: World, new: HelpRequest) -> None:
    assert new.words == WORDS
    assert Asked.objects.get().words == ""


def test_spaces_in_the_code_do_no_harm(world: World) -> None:
    question = asked(world)
    code = code_of(question)
    assert confirm(world, question, f" {code[:3]} {code[3:]} ").stage == Stage.NEW


def test_five_wrong_codes_close_the_question_even_for_the_right_one(world: World) -> None:
    question = asked(world)
    for _again in range(5):
        assert refusal(lambda: confirm(world, question, wrong(question))) == "code.wrong"
    assert refusal(lambda: confirm(world, question, code_of(question))) == "code.too_many_tries"
    assert not Family.objects.exists()


def test_a_code_works_for_a_day(world: World) -> None:
    question = asked(world)
    world.later(hours=23, minutes=59)
    late = replace(world, at=world.at + timedelta(minutes=1))
    assert refusal(lambda: confirm(late, question, code_of(question))) == "code.expired"
    assert confirm(world, question, code_of(question)).stage == Stage.NEW


def test_a_code_works_once(world: World) -> None:
    question = asked(world)
    confirm(world, question, code_of(question))
    assert refusal(lambda: confirm(world, question, code_of(question))) == "code.used"
    assert HelpRequest.objects.count() == 1


def test_the_code_of_one_question_does_not_open_another(world: World) -> None:
    mine, other = asked(world), asked(world, "Joris")
    if code_of(mine) != code_of(other):
        assert refusal(lambda: confirm(world, other, code_of(mine))) == "code.wrong"


def test_whoever_asks_again_asks_for_the_same_family(world: World) -> None:
    first, second = confirmed(world), confirmed(world)
    assert first.family_id == second.family_id
    assert first.pk != second.pk
    assert Account.objects.with_email("sanne@gezin.example").count() == 1


def test_somebody_who_works_here_may_ask_for_the_own_family(world: World) -> None:
    question = actions.ask(
        actor=world.visitor, words="x", first_name="Ellen", email="ellen@peelrand.example", at=world.at
    )
    request = confirm(world, question, code_of(question))
    assert request.asked_by.account == world.account("ellen")
    take = lambda: actions.take_up(actor=world.actor("ellen"), request_id=request.pk, at=world.at)  # noqa: E731
    assert refusal(take) == "request.own_family"


def test_what_was_never_confirmed_is_forgotten_after_a_day(world: World) -> None:
    asked(world)
    kept = confirmed(world, "Joris")
    assert actions.forget_unconfirmed(municipality_id=world.municipality.pk, at=world.at) == 0
    world.later(days=1, seconds=1)
    assert actions.forget_unconfirmed(municipality_id=world.municipality.pk, at=world.at) == 2
    assert not Asked.objects.exists()
    assert HelpRequest.objects.get() == kept


def test_when_there_are_many_they_are_forgotten_some_at_a_time(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(actions, "FORGOTTEN_AT_ONCE", 2)
    for _time in range(5):
        asked(world)
    world.later(days=1, seconds=1)
    assert actions.forget_unconfirmed(municipality_id=world.municipality.pk, at=world.at) == 5
    assert not Asked.objects.exists()
    lines = Entry.objects.filter(code="request.forgotten")
    assert len(lines) == 5, "each has its line"
    # What a change touched stands in its first line.
    assert sorted(len(line.touched) for line in lines if line.touched) == [1, 2, 2]


# --- taking up ---


def test_a_coach_takes_up_a_question_and_is_involved_for_at_most_a_year(
    world: World, mine: HelpRequest
) -> None:
    ellen = world.account("ellen")
    assert (mine.coach_id, mine.stage, mine.waiting_on) == (ellen.pk, Stage.TALK, WaitingOn.COACH)
    involvement = Involvement.objects.get(account=ellen)
    assert (involvement.part, involvement.ground) == (Part.COACH, Ground.YOUTH_ACT)
    assert involvement.until_at == world.at + timedelta(days=365)
    world.later(days=365)
    with (
        pytest.raises(NotVisible),
        opening(world.actor("ellen"), "request.seen", mine.family_id, at=world.at),
    ):
        pass


def test_who_is_too_late_is_told_so_and_who_was_first_taps_twice_without_harm(
    world: World, mine: HelpRequest
) -> None:

    def again(name: str) -> HelpRequest:
        return actions.take_up(actor=world.actor(name), request_id=mine.pk, at=world.at)

    assert refusal(lambda: again("bram")) == "request.taken"
    assert again("ellen").coach_id == world.account("ellen").pk
    assert StageMove.objects.filter(request=mine).count() == 2
    assert Involvement.objects.filter(account=world.account("ellen")).count() == 1


def test_of_a_colleague_s_question_nothing_is_told_later(world: World, mine: HelpRequest) -> None:
    world.later(hours=2)
    with pytest.raises(NotVisible):
        actions.take_up(actor=world.actor("bram"), request_id=mine.pk, at=world.at)


@pytest.mark.parametrize("who", ["anouk", "jolanda", "henk", "karin", "sanne"])
def test_only_a_coach_takes_up(world: World, new: HelpRequest, who: str) -> None:
    with pytest.raises(Forbidden):
        actions.take_up(actor=world.actor(who), request_id=new.pk, at=world.at)


def test_a_coach_of_another_municipality_sees_nothing_of_it(world: World, new: HelpRequest) -> None:
    elsewhere = replace(world.actor("ellen"), municipality_id=UUID(int=9))
    with pytest.raises(NotVisible):
        actions.take_up(actor=elsewhere, request_id=new.pk, at=world.at)


@pytest.mark.django_db(transaction=True)
def test_of_two_coaches_at_once_one_takes_it_up() -> None:
    world = build_world()
    request = confirmed(world)
    actors = [world.actor("ellen"), world.actor("bram")]
    found = at_once(
        *(partial(actions.take_up, actor=actor, request_id=request.pk, at=world.at) for actor in actors)
    )
    assert found.count("request.taken") == 1
    assert Involvement.objects.filter(part=Part.COACH).count() == 1
    assert StageMove.objects.filter(request=request, stage=Stage.TALK).count() == 1


@pytest.mark.django_db(transaction=True)
def test_two_codes_of_one_address_at_once_make_one_family() -> None:
    world = build_world()
    questions = [asked(world), asked(world)]
    found = at_once(*(partial(confirm, world, one, code_of(one)) for one in questions))
    assert found == ["done", "done"]
    assert (Family.objects.count(), HelpRequest.objects.count()) == (1, 2)


@pytest.mark.django_db(transaction=True)
def test_one_code_twice_at_once_counts_once() -> None:
    world = build_world()
    question = asked(world)
    code = code_of(question)
    found = at_once(*[lambda: confirm(world, question, code)] * 4)
    assert found.count("code.used") == 3
    assert HelpRequest.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_questions_of_one_address_at_once_stay_within_the_limit() -> None:
    world = build_world()
    found = at_once(*[lambda: asked(world)] * 8)
    assert found.count("asked.too_often") == 3
    assert Asked.objects.count() == 5


# --- the first talk ---


def test_everything_of_the_first_talk_is_one_change(world: World, known: HelpRequest) -> None:
    noor, sanne, mark = (
        FamilyMember.objects.get(family_id=known.family_id, first_name=name)
        for name in ("Noor", "Sanne", "Mark")
    )
    assert (known.result, known.child) == ("Weer met plezier naar school.", noor)
    assert Entry.objects.filter(code="request.first_talk").count() == 1
    assert deciders(noor.pk, at=world.at).parents == {sanne.pk, mark.pk}
    assert Letter.objects.filter(to="mark@gezin.example").count() == 1
    with opening(world.actor("mark"), "family.page_seen", known.family_id, at=world.at) as look:
        assert look.part == Part.FAMILY


def test_what_is_left_empty_stays_as_it_was(world: World, known: HelpRequest) -> None:
    again = actions.first_talk(
        actor=world.actor("ellen"), request_id=known.pk, note="Nieuw.", reason=REASON, at=world.at
    )
    assert TalkNote.objects.get(request=known).words == "Nieuw."
    assert (again.result, again.child_id) == (known.result, known.child_id)


def test_declared_authority_lapses_after_14_days_and_then_nobody_decides(
    world: World, known: HelpRequest
) -> None:
    last = world.at + timedelta(days=13)
    assert known.child_id
    assert len(deciders(known.child_id, at=last).parents) == 2
    assert not deciders(known.child_id, at=last + timedelta(days=1)).parents


def test_a_parent_without_authority_is_written_down_and_sees_nothing(world: World, mine: HelpRequest) -> None:
    actions.first_talk(
        actor=world.actor("ellen"),
        request_id=mine.pk,
        parent=ParentOfTalk("Mark", "mark@gezin.example", holds_authority=False),
        at=world.at,
    )
    assert FamilyMember.objects.get(first_name="Mark").account is None
    assert not Account.objects.with_email("mark@gezin.example").exists()
    assert not Letter.objects.filter(to="mark@gezin.example").exists()


def test_a_youth_who_asked_alone_turns_out_to_be_the_child(world: World) -> None:
    request = taken_up(world, "Jamal")
    asker = request.asked_by
    child = ChildOfTalk(member_id=asker.pk, born_on=date(2010, 4, 1))
    actions.first_talk(actor=world.actor("ellen"), request_id=request.pk, child=child, at=world.at)
    assert deciders(asker.pk, at=world.at).must_answer(asker.pk) == {asker.pk}
    assert FamilyMember.objects.get(pk=asker.pk).kind == MemberKind.CHILD


def test_a_surname_names_family_and_who_asked(world: World, mine: HelpRequest) -> None:
    actions.first_talk(actor=world.actor("ellen"), request_id=mine.pk, family_name="de Vries", at=world.at)
    assert Family.objects.get().name == "de Vries"
    assert world.account("sanne").name == "Sanne de Vries"


IMPOSSIBLE = {
    "child.not_yet_born": {"child": ChildOfTalk(first_name="Noor", born_on=date(2026, 11, 3))},
    "child.grown_up": {"child": ChildOfTalk(first_name="Noor", born_on=date(1999, 1, 1))},
    "parent.same_email": {"parent": ParentOfTalk("Mark", "SANNE@gezin.example ", holds_authority=True)},
    "request.no_child": {"asker_holds_authority": True},
}


@pytest.mark.parametrize(("code", "given"), IMPOSSIBLE.items(), ids=IMPOSSIBLE)
def test_what_cannot_be_is_refused_and_nothing_of_it_stays(
    world: World, mine: HelpRequest, code: str, given: dict[str, Any]
) -> None:
    talk = lambda: actions.first_talk(  # noqa: E731
        actor=world.actor("ellen"),
        request_id=mine.pk,
        note="Blijft niet.",
        reason=REASON,
        at=world.at,
        **given,
    )
    assert refusal(talk) == code
    assert not TalkNote.objects.exists()
    assert FamilyMember.objects.count() == 1
    assert not LegalAuthority.objects.exists()


def test_a_child_of_another_family_cannot_be_chosen(world: World, mine: HelpRequest) -> None:
    other = talked(world, "Joris", child="Daan", other="Eva")
    with pytest.raises(NotVisible):
        actions.first_talk(
            actor=world.actor("ellen"),
            request_id=mine.pk,
            child=ChildOfTalk(member_id=other.child_id),
            at=world.at,
        )


def test_a_colleague_cannot_write_in_it(world: World, mine: HelpRequest) -> None:
    with pytest.raises(NotVisible):
        actions.first_talk(actor=world.actor("bram"), request_id=mine.pk, note="x", at=world.at)


# --- moving ---


def moved(world: World, request: HelpRequest, to: Stage, waiting_on: WaitingOn) -> HelpRequest:
    actor = world.actor("ellen")
    with change(actor, "request.first_talk", at=world.at) as act:
        row = actions.lock_request(act, request.pk)
        actions.move(act, row, to, waiting_on=waiting_on)
        act.record(row)
    return row


def test_a_step_is_written_on_the_way_and_the_waiting_begins_anew(world: World, known: HelpRequest) -> None:
    world.later(days=3)
    row = moved(world, known, Stage.TENT, WaitingOn.FAMILY)
    assert (row.stage, row.stage_since, row.waiting_since) == (Stage.TENT, world.at, world.at)
    assert [move.stage for move in StageMove.objects.filter(request=row)] == [
        Stage.NEW,
        Stage.TALK,
        Stage.TENT,
    ]


def test_the_same_stage_changes_only_on_whom_it_waits(world: World, known: HelpRequest) -> None:
    world.later(days=3)
    row = moved(world, known, Stage.TALK, WaitingOn.FAMILY)
    assert row.stage_since < row.waiting_since == world.at
    world.later(days=1)
    same = moved(world, known, Stage.TALK, WaitingOn.FAMILY)
    assert same.waiting_since < world.at
    assert StageMove.objects.filter(request=row).count() == 2


def test_a_step_that_the_table_does_not_know_is_refused(world: World, known: HelpRequest) -> None:
    assert refusal(lambda: moved(world, known, Stage.HELP, WaitingOn.FAMILY)) == "request.no_such_step"
    assert HelpRequest.objects.get().stage == Stage.TALK


# --- the number to call ---


def test_who_asked_gives_a_number_and_nobody_else_sees_the_question(world: World, new: HelpRequest) -> None:
    actions.give_phone(actor=world.actor("sanne"), request_id=new.pk, phone="06 12345678", at=world.at)
    assert world.account("sanne").phone == "06 12345678"
    with pytest.raises(NotVisible):
        actions.give_phone(actor=world.actor("piet"), request_id=new.pk, phone="06 12345678", at=world.at)
