"""Which municipality is responsible: asked, and answered by the table; and help that goes on after a move."""

from __future__ import annotations

from contextlib import suppress
from datetime import date, datetime
from uuid import UUID

from hendig.audit.actions import Change, change, reading
from hendig.families.actions import lock_family, record_of, shared
from hendig.families.models import FamilyMember
from hendig.kernel.actor import Actor
from hendig.kernel.periods import local_day
from hendig.kernel.refusal import NotVisible, require
from hendig.kernel.residence import Facts, Place, answer, asked_only, continued_until, elsewhere
from hendig.kernel.terms import after_weeks
from hendig.matching.actions import end_by
from hendig.matching.models import Match
from hendig.people.rules import Permission, require_permission
from hendig.rights import rules
from hendig.rights.models import Continuation, Reminded, Residence

REMINDERS = {
    Reminded.SOON: "residence.due_soon",
    Reminded.TODAY: "residence.due_soon",
    Reminded.OVERDUE: "residence.overdue",
}


def ask_residence(
    *,
    actor: Actor,
    family_id: UUID,
    child_id: UUID,
    asked_on: date,
    at: datetime,
    asked_from: str = "",
) -> Residence:
    """Which municipality is responsible for the child is asked, by us or by another municipality.

    The answer is due two weeks after the day `asked_on` (Regeling Jeugdwet art. 1a.1). Refused for a day in
    the future, and while the question is open.
    """
    require_permission(actor, Permission.COACH_FAMILIES)
    with change(actor, "residence.asked", at=at) as act:
        family = lock_family(act, family_id)
        child = FamilyMember.objects.filter(family=family, pk=child_id, born_on__isnull=False).first()
        if child is None:
            raise NotVisible
        open_already = Residence.objects.filter(child=child, answered_at=None).exists()
        require(rules.why_no_residence_question(asked_on, on=local_day(at), open_already=open_already))
        assert actor.account_id is not None
        asked = Residence.objects.create(
            family=family,
            compartment=shared(record_of(act, child)),
            child=child,
            asked_from=asked_from.strip(),
            asked_on=asked_on,
            due_on=after_weeks(asked_on, rules.RESIDENCE_WEEKS),
            account_id=actor.account_id,
            at=at,
        )
        act.record(asked, child=child.pk)
    return asked


def answer_residence(
    *, actor: Actor, residence_id: UUID, facts: Facts, at: datetime, other: str = ""
) -> Residence:
    """The table gave the answer; kept are only the facts that it needed. Refused while one is missing."""
    require_permission(actor, Permission.COACH_FAMILIES)
    with change(actor, "residence.answered", at=at) as act:
        asked = act.lock(Residence.objects.visible_to, residence_id)
        facts = asked_only(facts)
        found = answer(facts)
        ours = found is not None and found.place is Place.OURS
        require(
            rules.why_no_residence_answer(
                complete=found is not None,
                answered=asked.answered_at is not None,
                ours=ours,
                other=other,
            )
        )
        assert found is not None
        asked.stay, asked.address, asked.before = facts.stay or "", facts.address or "", facts.before or ""
        asked.mother, asked.found = facts.mother or "", facts.found or ""
        asked.rule, asked.ours = found.rule.number, ours
        asked.other = "" if ours else other.strip()
        asked.answered_at, asked.account_id = at, actor.account
        asked.save()
        act.record(asked, child=asked.child_id, rule=found.rule.number, ours=ours)
    return asked


def remind(*, actor: Actor, residence_id: UUID, at: datetime) -> None:
    """The coach is reminded some days before the answer is due, and once it is late. Only the worker."""
    require_permission(actor, Permission.COACH_FAMILIES)
    today = local_day(at)
    with reading(actor, at):
        due_on = Residence.objects.get(pk=residence_id).due_on
    level = rules.reminder(due_on, today, rules.RESIDENCE_SOON)
    if level == Reminded.NOT:
        return
    rows = Residence.objects.visible_to(actor, at=at).filter(answered_at=None, reminded__lt=level)
    # Nothing is found when it was told already, also when another worker was first.
    with suppress(NotVisible), change(actor, REMINDERS[level], at=at) as act:
        asked = act.lock(rows, residence_id)
        asked.reminded = level
        asked.save()
        act.record(asked, days=(asked.due_on - today).days)


def continue_help(*, actor: Actor, match_id: UUID, moved_on: date, to: str, at: datetime) -> Continuation:
    """The family moved and keeps its helper: the match goes on and ends at most a year after the move.

    Jeugdwet art. 2.7a: on request, with the same provider and on the same terms. Refused when the help ended
    before, and more than once.
    """
    require_permission(actor, Permission.COACH_FAMILIES)
    with change(actor, "continuation.begun", at=at) as act:
        match = act.lock(Match.objects.visible_to, match_id)
        return _go_on(act, match, moved_on, to=to)


def take_over_help(
    *, actor: Actor, match_id: UUID, moved_on: date, came_from: str, terms: str, at: datetime
) -> Continuation:
    """The family came to live here and keeps its helper on the terms of before, at most a year.

    Jeugdwet art. 2.7a: on request, also where the help had not begun. Refused as `continue_help` is, and
    while another municipality is responsible for the child.
    """
    require_permission(actor, Permission.COACH_FAMILIES)
    with change(actor, "continuation.taken_over", at=at) as act:
        match = act.lock(Match.objects.visible_to, match_id)
        known = Residence.objects.filter(child_id=match.child_id, answered_at__isnull=False)
        answers = known.order_by("-answered_at").values_list("asked_on", "ours")
        elsewhere_now = elsewhere(local_day(at), [(day, bool(ours)) for day, ours in answers])
        require(rules.why_not_taken_over(elsewhere=elsewhere_now))
        return _go_on(act, match, moved_on, came_from=came_from, terms=terms)


def _go_on(act: Change, match: Match, moved_on: date, **words: str) -> Continuation:
    """A step: the (locked) match goes on after the move, and ends at most a year after it."""
    require(
        rules.why_not_continued(
            starts_on=match.starts_on,
            ends_on=match.ends_on,
            moved_on=moved_on,
            on=local_day(act.at),
            already=Continuation.objects.filter(match=match).exists(),
            came="came_from" in words,
        )
    )
    assert act.actor.account_id is not None
    until = continued_until(moved_on, match.ends_on)
    going_on = Continuation.objects.create(
        family_id=match.family_id,
        match=match,
        moved_on=moved_on,
        until_on=until,
        account_id=act.actor.account_id,
        at=act.at,
        **{name: text.strip() for name, text in words.items()},
    )
    act.record(going_on, match=match.pk, until=until)
    end_by(act, match, until)
    return going_on
