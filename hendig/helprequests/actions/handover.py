"""A coach stops: all questions in one go to who comes after; the family is told by name and may say no."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, time
from uuid import UUID

from hendig.audit.actions import Change, change, speaking
from hendig.families import actions as families
from hendig.families.actions.calendars import tell_calendars
from hendig.families.actions.homes import hand_on_homes
from hendig.families.actions.own import require_strangers, watching_proposals
from hendig.families.actions.sharing import who_decides
from hendig.families.models import Block, Part
from hendig.families.queries.own import whose_own
from hendig.helprequests import rules
from hendig.helprequests.actions import coach_topic
from hendig.helprequests.models import Handover, HandoverStage, HelpRequest, Stage
from hendig.kernel.actor import Actor, Role
from hendig.kernel.periods import AMSTERDAM, local_day
from hendig.kernel.refusal import NotVisible, Refusal, Words, require
from hendig.people.models import Account, Membership
from hendig.people.rules import Permission, require_permission


def hand_over_questions(
    *, actor: Actor, coach_id: UUID, successors: Mapping[UUID, UUID], from_on: date, at: datetime
) -> int:
    """Every question that this coach goes along with goes to a colleague, from that day; families are told.

    All or nothing. A coach hands over the own questions; who leads the work, those of a coach who cannot.
    That one sees how many there are and how far, and nothing of a family: what it may not see is looked up
    and written by Hendig. Refused for a list that changed meanwhile, and with the cases that cannot go.
    """
    require_permission(actor, Permission.HAND_OVER_QUESTIONS)
    if coach_id != actor.account_id and not actor.has(Role.POLICY):
        raise NotVisible
    on = local_day(at)
    with (
        watching_proposals(actor=actor, at=at),
        change(actor, "request.handed_over", at=at) as act,
        speaking(Actor.system(actor.municipality_id), at),
    ):
        rows = HelpRequest.objects.filter(municipality_id=actor.municipality_id, coach_id=coach_id)
        rows = rows.exclude(stage=Stage.DONE).exclude(handovers__stage=HandoverStage.PLANNED)
        cases = list(rows.select_for_update(of=("self",)).select_related("compartment").order_by("id"))
        same = set(successors) == {case.pk for case in cases}
        require(rules.why_no_handover(cases=len(cases), chosen=same, day=from_on, on=on))
        _require_all(actor, cases, successors, from_on)
        begins = max(at, datetime.combine(from_on, time.min, tzinfo=AMSTERDAM))
        for case in cases:
            goes_on_with(act, case, successors[case.pk], from_at=begins)
    return len(cases)


def goes_on_with(act: Change, case: HelpRequest, coming_id: UUID, *, from_at: datetime) -> Handover:
    """A step: this colleague is the coach of the (locked) question from that moment; the family reads who."""
    if case.coach_id is None:
        raise NotVisible
    handover = Handover.objects.create(
        family_id=case.family_id,
        compartment=case.compartment,
        request=case,
        leaving_id=case.coach_id,
        coming_id=coming_id,
        asked_by_id=families.signed_in(act.actor),
        from_at=from_at,
    )
    from_on = local_day(from_at)
    act.record(handover, also="request.handed_over", request=case.pk, coming=coming_id, from_on=from_on)
    if from_at == act.at:
        _take_over(act, handover, case)
    return handover


def who_can_go_on(*, case: HelpRequest, actor: Actor, at: datetime) -> set[UUID]:
    """The colleagues who can be the coach of the question from now. 3 queries."""
    shut = Block.objects.filter(record=case.compartment.record_id, until_at=None)
    closed = {case.coach_id, *shut.values_list("account_id", flat=True), *whose_own(case.family_id)}
    return _coaches(actor, local_day(at)) - closed


def take_over(*, municipality_id: UUID, handover_id: UUID, at: datetime) -> Handover:
    """The moment has come: who was named is the coach. Nothing happens when that cannot be any more."""
    system = Actor.system(municipality_id)
    with change(system, "request.taken_over", at=at) as act:
        due = Handover.objects.filter(stage=HandoverStage.PLANNED, from_at__lte=at).values("request")
        request = HelpRequest.objects.filter(pk__in=due.filter(pk=handover_id)).select_for_update(
            of=("self",)
        )
        case = request.select_related("compartment").first()
        if case is None:
            raise NotVisible
        handover = act.lock(Handover.objects.filter(stage=HandoverStage.PLANNED), handover_id)
        still = case.coach_id == handover.leaving_id and case.stage != Stage.DONE
        works = handover.coming_id in _coaches(system, local_day(at))
        if still and works and not _is_closed_to(handover.coming_id, case):
            _take_over(act, handover, case)
        else:
            handover.stage = HandoverStage.LAPSED
            handover.save()
        act.record(handover, done=handover.stage == HandoverStage.DONE)
    return handover


def prefer_another(*, actor: Actor, handover_id: UUID, at: datetime) -> Handover:
    """Who decides in the family wants another coach than was named: before the day nothing happens then.

    Who named the successor and both coaches hear of it, and choose again with the family.
    """
    require_permission(actor, Permission.CHOOSE_WHO_SEES)
    with change(actor, "request.other_coach_wanted", at=at) as act:
        handover = act.lock(Handover.objects.visible_to, handover_id)
        who_decides(act, handover.compartment.record)
        require(rules.why_not_decline(stage=handover.stage, from_at=handover.from_at, at=at))
        handover.stage = HandoverStage.DECLINED
        handover.save()
        act.record(handover, request=handover.request_id)
    return handover


def _require_all(
    actor: Actor, cases: list[HelpRequest], successors: Mapping[UUID, UUID], from_on: date
) -> None:
    coaches, named = _coaches(actor, from_on), set(successors.values())
    people = Account.objects.filter(municipality_id=actor.municipality_id, is_active=True).in_bulk(named)
    if set(people) != named:
        raise NotVisible
    no: list[tuple[Words, str, Refusal]] = []
    own: list[tuple[UUID, UUID]] = []
    for number, case in enumerate(cases, start=1):
        one = people[successors[case.pk]]
        refusal = rules.why_no_successor(
            works=one.pk in coaches,
            himself=one.pk == case.coach_id,
            chooses=one.pk == actor.account_id,
            closed=_is_closed_to(one.pk, case),
        )
        if refusal is not None:
            no.append((rules.case_words(number), one.first_name, refusal))
        if one.pk in whose_own(case.family_id):
            own.append((one.pk, case.family_id))
    require_strangers(rules.nothing_handed_over(no), own)


def _is_closed_to(account_id: UUID, case: HelpRequest) -> bool:
    """Whether it is this colleague's own family, or one that keeps them out."""
    shut = Block.objects.filter(record=case.compartment.record_id, account_id=account_id, until_at=None)
    return shut.exists() or account_id in whose_own(case.family_id)


def _coaches(actor: Actor, on: date) -> set[UUID]:
    rows = Membership.objects.standing(on).filter(municipality_id=actor.municipality_id, role=Role.COACH)
    return set(rows.filter(account__is_active=True).values_list("account_id", flat=True))


def _take_over(act: Change, handover: Handover, case: HelpRequest) -> None:
    """A step: the (locked) question has its new coach, and the old one goes with the last in this record."""
    case.coach_id = handover.coming_id
    case.save()
    families.go_along(act, case.compartment.record, handover.coming_id)
    others = HelpRequest.objects.filter(
        compartment__record=case.compartment.record_id, coach_id=handover.leaving_id
    ).exclude(stage=Stage.DONE)
    if not others.exists():
        record, leaving_id = case.compartment.record, handover.leaving_id
        families.ask_to_name(act, record, leaving_id=leaving_id, coming_id=handover.coming_id)
        families.hand_on_safety(act, record, leaving_id=leaving_id, coming_id=handover.coming_id)
        hand_on_homes(act, record, leaving_id=leaving_id, coming_id=handover.coming_id)
        families.end_involvement(act, record_id=record.pk, account_id=leaving_id, part=Part.COACH)
    handover.stage = HandoverStage.DONE
    handover.save()
    tell_calendars(act, [case.family_id])
    act.topics |= {coach_topic(handover.leaving_id), coach_topic(handover.coming_id)}
