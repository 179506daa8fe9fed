"""Somebody of a family asks the privacy officer about a line of the log; the officer answers."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from hendig.audit.actions import Viewing, change
from hendig.audit.models import Entry
from hendig.families.models import LogQuestion
from hendig.families.queries.looked import one_line
from hendig.families.rules import sharing
from hendig.kernel.actor import Actor
from hendig.kernel.ids import new_id
from hendig.kernel.refusal import require
from hendig.keys.actions import new_keys
from hendig.people.rules import Permission, require_permission


def ask_about_line(*, actor: Actor, look: Viewing, entry_id: UUID, words: str, at: datetime) -> LogQuestion:
    """The privacy officer is asked about this line, which the look may show. Once for each line."""
    require_permission(actor, Permission.ASK_ABOUT_LOG)
    with change(actor, "log.question_asked", at=at) as act:
        line = one_line(look, entry_id)
        require(sharing.why_not_asked_again(asked=line.asked is not None))
        record = Entry.objects.filter(pk=entry_id).values_list("record_id", flat=True).first()
        lock = new_id()
        new_keys(act, {lock: look.family_id})
        question = LogQuestion(
            compartment_id=lock,
            record_id=record or min(look.records),
            entry_id=entry_id,
            asked_by_id=actor.account,
            words=words,
            asked_at=at,
        )
        question.save()
        act.topics.add(f"account:{actor.account}")
        act.record(question)
    return question


def answer_question(*, actor: Actor, question_id: UUID, answer: str, at: datetime) -> LogQuestion:
    """Who asked reads this answer at the line. Refused when it was answered already."""
    require_permission(actor, Permission.ANSWER_LOG_QUESTIONS)
    with change(actor, "log.question_answered", at=at) as act:
        rows = LogQuestion.objects.filter(municipality_id=actor.municipality_id)
        question = act.lock(rows, question_id)
        require(sharing.why_not_answered_again(answered=question.answered_at is not None))
        question.answer, question.answered_by_id, question.answered_at = answer, actor.account, at
        question.save()
        act.topics.add(f"account:{question.asked_by_id}")
        act.record(question, asked_by=question.asked_by_id)
    return question
