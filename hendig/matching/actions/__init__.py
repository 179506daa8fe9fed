"""A talk is opened, everyone says whether it clicks, the last needed yes makes the match, a match ends."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import TypeVar
from uuid import UUID

from hendig.audit.actions import Change, change, speaking
from hendig.families.actions import end_involvement, involve
from hendig.families.actions.own import require_strangers, watching_proposals
from hendig.families.models import Block, FamilyMember, Part
from hendig.families.queries.own import whose_own
from hendig.helprequests.actions import lock_request, move
from hendig.helprequests.models import HelpRequest, Stage, WaitingOn
from hendig.helprequests.rules import nothing_handed_over, why_no_handover
from hendig.kernel.actor import Actor
from hendig.kernel.consent import Exception12, Standing
from hendig.kernel.periods import is_over, local_day
from hendig.kernel.refusal import NotVisible, Refusal, Words, require
from hendig.matching import rules
from hendig.matching.actions import anew
from hendig.matching.models import Answer, Match, MatchCounter, MatchTalk, TalkStage
from hendig.people.models import Professional, ProfessionalExpertise, ServiceCode
from hendig.people.rules import Permission, require_permission
from hendig.tents.actions.registration import require_registered
from hendig.tents.models import Seat

R = TypeVar("R")


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of an answer or an exception: the match it made, or why there is none yet."""

    talk: MatchTalk
    match: Match | None
    why_no_match: Refusal | None


def open_talk(
    *,
    actor: Actor,
    request_id: UUID,
    child_id: UUID,
    professional_id: UUID,
    service_code_id: UUID,
    purpose: str,
    at: datetime,
    unless: str = "",
) -> MatchTalk:
    """Family and professional are asked whether it clicks; the question is at match and waits on the family.

    Refused when the professional has no place, is of this family, helps this child or is in a talk over this
    question already, when it is not about a child whose age is known, and when the question is not that far.
    And for somebody without the registration that the work asks for, without a reason (`unless`).
    """
    require_permission(actor, Permission.OPEN_MATCH_TALK)
    with watching_proposals(actor=actor, at=at), change(actor, "match.opened", at=at) as act:
        request = lock_request(act, request_id)
        child = _found(FamilyMember.objects.there().filter(family_id=request.family_id, pk=child_id).first())
        professional = _found(
            Professional.objects.visible_to(actor, at=at).filter(pk=professional_id).first()
        )
        code = _found(
            ServiceCode.objects.filter(municipality_id=actor.municipality_id, pk=service_code_id).first()
        )
        _require_talk(act, request, child, professional)
        excepted = require_registered(_work(request, professional), on=local_day(at), unless=unless)
        talk = MatchTalk.objects.create(
            family_id=request.family_id,
            request=request,
            child=child,
            professional=professional,
            service_code=code,
            coach_id=_found(actor.account_id),
            purpose=purpose.strip(),
            opened_at=at,
        )
        move(act, request, Stage.MATCH, waiting_on=WaitingOn.FAMILY)
        act.topics.add(_own_day(professional))
        act.record(
            talk,
            request=request.pk,
            professional=professional.pk,
            service_code=code.code,
            excepted=excepted,
        )
    return talk


def answer(*, actor: Actor, talk_id: UUID, yes: bool, at: datetime) -> Outcome:
    """The actor's own answer stands, in place of an earlier one; the last needed yes made the match.

    Who must say yes is judged at this moment. When all said yes but there can be no match (the last place
    was given to another family), the yes is kept and the outcome says why. Refused for whoever has no say
    over this help, and once the talk is over.
    """
    require_permission(actor, Permission.ANSWER_MATCH)
    on = local_day(at)
    with change(actor, "match.answered", at=at) as act:
        talk = lock_talk(act, actor, talk_id, at)
        table = rules.table_of(talk)
        me = rules.seat_of(table, actor)
        require(rules.why_no_answer(table, me, stage=talk.stage, on=on))
        _write_answer(talk, _found(me), yes, at)
        act.topics.add(_own_day(talk.professional))
        act.record(talk, yes=yes)
        return settle(act, talk)


def record_exception(*, actor: Actor, talk_id: UUID, exception: Exception12, at: datetime) -> Outcome:
    """The yes of a youth of 12–15 suffices, on a ground that stands in the log (Jeugdwet art. 7.3.4).

    Makes the match when no other yes was missing. Refused outside that age, before the youth's own yes, and
    when the parents agree anyway.
    """
    require_permission(actor, Permission.OPEN_MATCH_TALK)
    with change(actor, "match.excepted", at=at) as act:
        talk = lock_talk(act, actor, talk_id, at)
        require(rules.why_no_exception(rules.table_of(talk), stage=talk.stage, on=local_day(at)))
        talk.exception = exception
        talk.save()
        act.record(talk, exception=exception)
        return settle(act, talk)


def look_further(*, actor: Actor, talk_id: UUID, at: datetime) -> MatchTalk:
    """It did not click: this talk is over without blame, and the question waits on the coach."""
    require_permission(actor, Permission.OPEN_MATCH_TALK)
    with change(actor, "match.no_click", at=at) as act:
        talk = lock_talk(act, actor, talk_id, at)
        require(rules.why_no_search(stage=talk.stage, anew=talk.renews_id is not None))
        talk.stage = TalkStage.NO_CLICK
        talk.save()
        if talk.request.stage == Stage.MATCH:
            move(act, talk.request, Stage.MATCH, waiting_on=WaitingOn.COACH)
        act.topics.add(_own_day(talk.professional))
        act.record(talk, professional=talk.professional_id)
    return talk


def remind(*, municipality_id: UUID, talk_id: UUID, at: datetime) -> MatchTalk:
    """Whoever is silent hears of the talk once more. Refused when it is too early or was done."""
    actor = Actor.system(municipality_id)
    with change(actor, "match.reminded", at=at) as act:
        talk = lock_talk(act, actor, talk_id, at)
        require(
            rules.why_no_reminder(
                stage=talk.stage, opened_at=talk.opened_at, reminded_at=talk.reminded_at, at=at
            )
        )
        talk.reminded_at = at
        talk.save()
        act.record(talk, silent=len(rules.silent(rules.table_of(talk), local_day(at))))
    return talk


def mark_stalled(*, municipality_id: UUID, talk_id: UUID, at: datetime) -> MatchTalk:
    """The reminder changed nothing: the question waits on the coach; a match can still come of it."""
    actor = Actor.system(municipality_id)
    with change(actor, "match.stalled", at=at) as act:
        talk = lock_talk(act, actor, talk_id, at)
        require(
            rules.why_not_stalled(
                stage=talk.stage, reminded_at=talk.reminded_at, stalled_at=talk.stalled_at, at=at
            )
        )
        talk.stalled_at = at
        talk.save()
        if talk.request.stage == Stage.MATCH:
            move(act, talk.request, Stage.MATCH, waiting_on=WaitingOn.COACH)
        act.record(talk)
    return talk


def end_match(*, actor: Actor, match_id: UUID, ends_on: date, at: datetime) -> Match:
    """The help ends with the day `ends_on`, and with it the professional's way into the family's record.

    Ended today, the record closes at once. Refused for whoever does not decide over this help, for a day
    that is past and for help that has ended.
    """
    require_permission(actor, Permission.END_HELP)
    on = local_day(at)
    with change(actor, "match.ended", at=at) as act:
        row = _found(Match.objects.visible_to(actor, at=at).filter(pk=match_id).first())
        request = lock_request(act, row.request_id)
        match = act.lock(Match.objects.visible_to, match_id)
        talk = MatchTalk.objects.seated(at).get(pk=match.talk_id)
        mine = rules.may_end(match, rules.table_of(talk), actor, on)
        require(rules.why_no_end(match, ends_on=ends_on, mine=mine, on=on))
        others = Match.objects.standing(on).filter(request=request).exclude(pk=match.pk)
        if request.stage == Stage.HELP and not others.exists():
            move(act, request, Stage.HELP, waiting_on=WaitingOn.COACH)
        # Last, for it may close the actor's own way in.
        _end(act, match, ends_on, as_code="match.ended")
    return match


def hand_over_help(
    *, actor: Actor, professional_id: UUID, successors: Mapping[UUID, UUID], ends_on: date, at: datetime
) -> int:
    """Somebody of the partner stops: their help ends with that day, and each family is asked about another.

    All or nothing. Who is proposed hears and sees nothing until who decides in the family agreed; the family
    says yes or no in a match talk, as always. The office is told numbers and no more: what it may not see is
    looked up and written by Hendig. Refused for a list that changed meanwhile, and with the numbers of the
    cases for which it cannot be, and why.
    """
    require_permission(actor, Permission.HAND_OVER_HELP)
    on = local_day(at)
    with (
        watching_proposals(actor=actor, at=at),
        change(actor, "match.handed_over", at=at) as act,
        speaking(Actor.system(actor.municipality_id), at),
    ):
        leaving = _found(Professional.objects.filter(pk=professional_id, partner__in=actor.offices).first())
        cases = _to_hand_over(leaving)
        same = set(successors) == {case.pk for case in cases}
        require(why_no_handover(cases=len(cases), chosen=same, day=ends_on, on=on))
        _require_all(actor, cases, successors, on)
        for case in cases:
            talk = _ask_about_successor(act, case, successors[case.pk])
            _end(act, case, max(ends_on, case.starts_on), as_code="match.stops")
            act.record(talk, match=case.pk, professional=talk.professional_id, ends_on=ends_on)
    return len(cases)


def _to_hand_over(leaving: Professional) -> list[Match]:
    """The help of this professional that has no last day, locked: the questions first."""
    mine = Match.objects.filter(professional=leaving, partner_id=leaving.partner_id, ends_on=None)
    requests = HelpRequest.objects.filter(pk__in=mine.values("request")).order_by("id")
    list(requests.select_for_update(of=("self",)))
    return list(mine.select_related("talk", "request").select_for_update(of=("self",)).order_by("number"))


def _require_all(actor: Actor, cases: list[Match], successors: Mapping[UUID, UUID], on: date) -> None:
    """Every case can go to whom it is proposed, counting what each of them gets now."""
    people = Professional.objects.filter(municipality_id=actor.municipality_id, account__is_active=True)
    found = people.select_related("account").in_bulk(set(successors.values()))
    if set(found) != set(successors.values()):
        raise NotVisible
    families: dict[UUID, set[UUID]] = {pk: set() for pk in found}
    no: list[tuple[Words, str, Refusal]] = []
    own: list[tuple[UUID, UUID]] = []
    for case in cases:
        one = found[successors[case.pk]]
        room = _room(one, case.family_id, on) - len(families[one.pk] - {case.family_id})
        refusal = rules.why_no_successor(
            room=room, himself=one.pk == case.professional_id, closed=_is_closed_to(one, case, on)
        )
        families[one.pk].add(case.family_id)
        if refusal is not None:
            no.append((case.number, one.account.first_name, refusal))
        if one.account_id in whose_own(case.family_id):
            own.append((one.account_id, case.family_id))
    require_strangers(nothing_handed_over(no), own)


def _is_closed_to(one: Professional, case: Match, on: date) -> bool:
    """Whether this professional cannot come to this family: it is theirs, it said no, or they are there."""
    shut = Block.objects.filter(record=case.compartment.record_id, account=one.account_id, until_at=None)
    helps = Match.objects.standing(on).filter(child=case.child_id, professional=one)
    return (
        one.account_id in whose_own(case.family_id)
        or _is_open(case.request, one)
        or shut.exists()
        or helps.exists()
    )


def _ask_about_successor(act: Change, case: Match, professional_id: UUID) -> MatchTalk:
    """A step: the family is asked whether the help goes on with this professional, who hears nothing yet."""
    request = case.request
    talk = MatchTalk.objects.create(
        family_id=case.family_id,
        request=request,
        child_id=case.child_id,
        professional_id=professional_id,
        service_code_id=case.service_code_id,
        coach_id=_found(request.coach_id),
        purpose=str(case.talk.purpose),
        opened_at=act.at,
        compartment_id=request.compartment_id,
        succeeds=case,
        blind=True,
    )
    move(act, request, Stage(request.stage), waiting_on=WaitingOn.FAMILY)
    return talk


def end_matches_of(act: Change, request: HelpRequest, *, ends_on: date) -> list[Match]:
    """A step: every match of the (locked) question that still stands ends with the day `ends_on`.

    The last of a change: whoever helps and ends it has no way in afterwards.
    """
    rows = Match.objects.select_for_update(of=("self",)).filter(request=request)
    standing = [match for match in rows.order_by("id") if match.ends_on is None or match.ends_on > ends_on]
    for match in standing:
        _end(act, match, max(ends_on, match.starts_on), as_code="match.rounded_off")
    return standing


def step_back(act: Change, *, professional_id: UUID, family_id: UUID) -> None:
    """A step: this professional helps this family no more: what is talked of stops, and matches end today."""
    requests = HelpRequest.objects.filter(family_id=family_id).exclude(stage=Stage.DONE).order_by("id")
    mine = {"professional_id": professional_id}
    for request in requests.select_for_update(of=("self",)):
        talks = MatchTalk.objects.filter(request=request, stage=TalkStage.OPEN, **mine)
        for talk in talks.select_for_update(of=("self",)):
            talk.stage = TalkStage.NO_CLICK
            talk.save()
            if request.stage == Stage.MATCH:
                move(act, request, Stage.MATCH, waiting_on=WaitingOn.COACH)
            act.record(talk, also="match.no_click", professional=professional_id)
        matches = Match.objects.filter(request=request, ends_on=None)
        for match in matches.filter(**mine).select_for_update(of=("self",)):
            if request.stage == Stage.HELP and not matches.exclude(**mine).exists():
                move(act, request, Stage.HELP, waiting_on=WaitingOn.COACH)
            _end(act, match, max(local_day(act.at), match.starts_on), as_code="match.ended")


def end_by(act: Change, match: Match, ends_on: date, *, as_code: str = "match.ends_by") -> None:
    """A step: the (locked) match goes on as it was agreed, and ends with the day `ends_on`."""
    _end(act, match, ends_on, as_code=as_code)


def _require_talk(act: Change, request: HelpRequest, child: FamilyMember, professional: Professional) -> None:
    """Refused where these two cannot be brought together; somebody of the own family is told of as well."""
    on = local_day(act.at)
    own = professional.account_id in whose_own(request.family_id)
    require_strangers(
        rules.why_no_talk(
            is_child=rules.is_child(child),
            born_on=child.born_on,
            room=_room(professional, request.family_id, on),
            already_open=_is_open(request, professional),
            already_helps=Match.objects.standing(on).filter(child=child, professional=professional).exists(),
            own_family=own,
            request_stage=request.stage,
        ),
        [(professional.account_id, request.family_id)] if own else [],
    )


def _work(request: HelpRequest, professional: Professional) -> dict[UUID, UUID]:
    """For which work of the registered this one is chosen: what was asked at the tents, else all they do."""
    can = ProfessionalExpertise.objects.filter(professional=professional, expertise__registered=True)
    asked = Seat.objects.filter(family_id=request.family_id).values_list("expertise_id", flat=True)
    chosen = can.filter(expertise__in=list(asked)) if asked else can
    first = chosen.order_by("pk").values_list("expertise_id", flat=True).first()
    return {professional.pk: first} if first else {}


def lock_talk(act: Change, actor: Actor, talk_id: UUID, at: datetime) -> MatchTalk:
    """A step: the talk with its table, and the question it belongs to, both locked, the question first."""
    visible = MatchTalk.objects.visible_to(actor, at=at)
    request = HelpRequest.objects.filter(pk__in=visible.filter(pk=talk_id).values("request_id"))
    locked = request.select_for_update(of=("self",)).first()
    if locked is None:
        raise NotVisible
    return act.lock(visible.seated(at), talk_id)


def _write_answer(talk: MatchTalk, me: rules.Person, yes: bool, at: datetime) -> None:
    """One answer for each person: a changed mind replaces what was said before."""
    member = None if me.id == me.account_id else me.id
    given = talk.answers.filter(account=me.account_id, member=member).first()
    if given is None:
        Answer.objects.create(
            family_id=talk.family_id, talk=talk, account_id=me.account_id, member_id=member, yes=yes, at=at
        )
    else:
        given.yes, given.at = yes, at
        given.save()


def settle(act: Change, talk: MatchTalk) -> Outcome:
    """A step: makes the match when nothing is missing any more; else the question waits on who comes next."""
    at, on = act.at, local_day(act.at)
    talk = MatchTalk.objects.seated(at).get(pk=talk.pk)
    table = rules.table_of(talk)
    if talk.renews_id is not None:
        return Outcome(talk, *anew.settle(act, talk, talk.renews_id, table))
    # Only when all said yes is the professional's room looked at, and then held until the place is given.
    room = _held_room(act, talk) if rules.stands(table, on) is Standing.AGREED else 0
    if talk.blind and rules.family_stands(table, on) is Standing.AGREED:
        talk.blind = False
        talk.save()
        act.record(talk, also="match.family_agreed", professional=talk.professional_id)
    no = rules.why_no_match(table, stage=talk.stage, request_stage=talk.request.stage, room=room, on=on)
    if no is None:
        return Outcome(talk, _make_match(act, talk, at), None)
    if talk.request.stage == Stage.MATCH:
        move(act, talk.request, Stage.MATCH, waiting_on=rules.waits_on(table, on))
    return Outcome(talk, None, no)


def _make_match(act: Change, talk: MatchTalk, at: datetime) -> Match:
    on, lapses_on = local_day(at), rules.table_of(talk).lapses_on
    match = Match.objects.create(
        family_id=talk.family_id,
        talk=talk,
        request=talk.request,
        child=talk.child,
        professional=talk.professional,
        partner_id=talk.professional.partner_id,
        service_code=talk.service_code,
        number=_next_number(talk.municipality_id, on),
        starts_on=on,
        ends_on=lapses_on,
        lapses_on=lapses_on,
        measure_kind=talk.measure_kind,
        made_at=at,
    )
    # While the talk is open the professional has a say in it; from here on the match opens the record.
    involve(
        act,
        record=talk.compartment.record,
        account_id=talk.professional.account_id,
        part=Part.PROFESSIONAL,
        ground=anew.ground_of(match),
        until=rules.sees_until(on, lapses_on),
    )
    talk.stage, talk.by_measure = TalkStage.MATCHED, lapses_on is not None
    talk.save()
    move(act, talk.request, Stage.HELP, waiting_on=WaitingOn.PROFESSIONAL)
    act.record(match, also="match.made", talk=talk.pk, number=match.number, professional=talk.professional_id)
    return match


def _next_number(municipality_id: UUID, on: date) -> str:
    """The next number of this municipality and year: none is skipped, a change that fails gives it back."""
    counter, _new = MatchCounter.objects.select_for_update().get_or_create(
        municipality_id=municipality_id, year=on.year
    )
    counter.last += 1
    counter.save()
    return f"M{on.year}-{counter.last:06d}"


def _end(act: Change, match: Match, ends_on: date, *, as_code: str) -> None:
    match.ends_on = ends_on
    match.save()
    act.record(match, also=as_code, talk=match.talk_id, ends_on=ends_on)
    anew.ask_no_more(act, match)
    account_id = Professional.objects.values_list("account_id", flat=True).get(pk=match.professional_id)
    going_on = Match.objects.standing(ends_on + timedelta(days=1))
    same = going_on.filter(compartment=match.compartment_id, professional_id=match.professional_id)
    if not same.exists():
        end_involvement(
            act,
            record_id=match.compartment.record_id,
            account_id=account_id,
            part=Part.PROFESSIONAL,
            until=is_over(ends_on) if ends_on > local_day(act.at) else None,
        )
    act.topics.add(f"account:{account_id}")  # the own day of who helps


def _held_room(act: Change, talk: MatchTalk) -> int:
    professional = act.lock(Professional.objects.visible_to, talk.professional_id)
    return _room(professional, talk.family_id, local_day(act.at))


def _room(professional: Professional, family_id: UUID, on: date) -> int:
    """How many families still fit; a family that is already helped does not count against itself."""
    others = Match.objects.families_of(professional.pk, on, besides=family_id)
    return rules.room_left(professional.families_max, others)


def _is_open(request: HelpRequest, professional: Professional) -> bool:
    return MatchTalk.objects.filter(request=request, professional=professional, stage=TalkStage.OPEN).exists()


def _own_day(professional: Professional) -> str:
    """What the professional's own day listens to."""
    return f"account:{professional.account_id}"


def _found(row: R | None) -> R:
    if row is None:
        raise NotVisible
    return row
