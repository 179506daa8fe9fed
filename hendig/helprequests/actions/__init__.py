"""A question is asked, confirmed, taken up, talked about, and moves along its way."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from uuid import UUID

from django.conf import settings
from django.db import connection
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from hendig.audit.actions import Change, change
from hendig.families import actions as families
from hendig.families.models import (
    CHILD,
    NO_REASON,
    Family,
    FamilyMember,
    MemberKind,
    Record,
    Whom,
    WhyKept,
)
from hendig.families.queries.own import whose_own
from hendig.families.rules.further import why_no_further_note
from hendig.helprequests import rules
from hendig.helprequests.models import Asked, Handover, HelpRequest, Stage, StageMove, TalkNote, WaitingOn
from hendig.helprequests.queries.way import late
from hendig.kernel.actor import Actor, Role
from hendig.kernel.ids import new_id
from hendig.kernel.refusal import NotVisible, Refusal, require
from hendig.people.actions import hash_code, link, new_code, open_account, same_code, write_letter
from hendig.people.models import Account
from hendig.people.rules import Permission, require_permission, why_code_fails

ASKED_LASTS = timedelta(days=1)
FORGOTTEN_AT_ONCE = 500


def ask(*, actor: Actor, words: str, first_name: str, email: str, at: datetime) -> Asked:
    """The question is kept and a code is on its way; it counts once the code is filled in, within a day.

    Refused when this address asked too often in the last hour, known here or not.
    """
    require_permission(actor, Permission.ASK_FOR_HELP)
    with change(actor, "request.asked", at=at) as act:
        _one_at_a_time(email)
        mine = Asked.objects.filter(
            municipality_id=actor.municipality_id, email__iexact=email, confirmed_at=None
        )
        require(rules.why_not_ask_again(mine.filter(asked_at__gt=at - timedelta(hours=1)).count()))
        key, code = new_id(), new_code()
        asked = Asked.objects.create(
            id=key,
            words=words,
            first_name=first_name,
            email=email,
            code_hash=hash_code(code, key),
            asked_at=at,
            expires_at=at + ASKED_LASTS,
        )
        write_letter(
            act,
            to=email,
            key=f"asked:{key}",
            subject=_("Uw code voor Hendig"),
            body=_("Uw code is %(code)s.\n\nVul hem hier in: %(link)s\n\nDe code werkt een dag.\n\nHendig")
            % {"code": code, "link": link(act, reverse("confirm_question", args=[key]))},
        )
        act.record(asked)
    return asked


def confirm(*, actor: Actor, asked_id: UUID, typed: str, at: datetime, phone: str = "") -> HelpRequest:
    """The question counts: it has a family that sees it and waits for a coach, and every coach hears of it.

    Whoever asked before asks again for the same family. A wrong code costs a try, and stays so.
    """
    require_permission(actor, Permission.ASK_FOR_HELP)
    _try_code(actor, asked_id, typed, at)
    with change(actor, "request.confirmed", at=at) as act:
        asked = act.lock(Asked.objects.filter(municipality_id=actor.municipality_id), asked_id)
        require(_why_code_fails(asked, at, right=True))
        _one_at_a_time(asked.email)
        # Who asked in English goes on in English, by mail too.
        language = get_language() or settings.LANGUAGE_CODE
        account = open_account(act, email=asked.email, first_name=asked.first_name, language=language)
        if phone:
            account.phone = phone
            account.save()
        # Whoever has the code has the mailbox: from here on it is this person who acts, also in the log.
        act.become(replace(actor, account_id=account.pk, roles=actor.roles | {Role.FAMILY}))
        request = _begin(act, _asker(act, account), asked.words)
        asked.confirmed_at, asked.words = at, ""
        asked.save()
        act.topics.add("board")
        act.record(request)
    return request


def give_phone(*, actor: Actor, request_id: UUID, phone: str, at: datetime) -> Account:
    """The coach can call who asked on this number."""
    require_permission(actor, Permission.ASK_FOR_HELP)
    with change(actor, "request.phone_given", at=at) as act:
        request = lock_request(act, request_id)
        account = act.lock(Account.objects.filter(municipality_id=actor.municipality_id), _signed_in(actor))
        account.phone = phone
        account.save()
        act.record(request)
    return account


def take_up(*, actor: Actor, request_id: UUID, at: datetime) -> HelpRequest:
    """The coach goes along with this family: involved for at most a year, and first to call.

    Refused when a colleague was first.
    """
    require_permission(actor, Permission.COACH_FAMILIES)
    with change(actor, "request.taken_up", at=at) as act:
        request = act.lock(HelpRequest.objects.to_take_up(actor, at=at), request_id)
        mine = request.coach_id == actor.account_id
        own_family = actor.account in whose_own(request.family_id)
        require(rules.why_not_take_up(taken=bool(request.coach_id) and not mine, own_family=own_family))
        request.coach_id = _signed_in(actor)
        families.go_along(act, request.compartment.record, request.coach_id)
        move(act, request, Stage.TALK, waiting_on=WaitingOn.COACH)
        act.topics.add("board")
        act.record(request)
    return request


@dataclass(frozen=True, slots=True)
class ChildOfTalk:
    """Whom the question is about: a child that is there already, or a new one by name and birth date."""

    member_id: UUID | None = None
    first_name: str = ""
    born_on: date | None = None
    email: str = ""


@dataclass(frozen=True, slots=True)
class ParentOfTalk:
    """The other parent, as far as was told."""

    first_name: str
    email: str = ""
    holds_authority: bool = False


def first_talk(
    *,
    actor: Actor,
    request_id: UUID,
    at: datetime,
    note: str = "",
    result: str = "",
    child: ChildOfTalk | None = None,
    parent: ParentOfTalk | None = None,
    asker_holds_authority: bool = False,
    family_name: str = "",
    neighbourhood: str = "",
    child_agrees: bool = False,
    note_about: Whom = CHILD,
    reason: WhyKept = NO_REASON,
) -> HelpRequest:
    """What the first talk brought is written down in one go; what was left empty stays as it was.

    The note is mostly about the child; `note_about` says it where it is about somebody else. `reason` is why
    it must be kept: a note without one is refused, but for one that stands there already.

    Who decides counts as declared. With a hoped-for result the family has said it, and the coach is to go on.
    From here on the question lies in the record of the child. A child of 12 or older agreed, or not, that
    those who raise see along.
    Refused for impossible dates and an address that is already in use in this family.
    """
    require_permission(actor, Permission.COACH_FAMILIES)
    with change(actor, "request.first_talk", at=at) as act:
        request = lock_request(act, request_id)
        family = families.lock_family(act, request.family_id)
        request.result = result or request.result
        if family_name:
            families.call_family(family, request.asked_by, family_name)
        if neighbourhood:
            families.live_in(family, neighbourhood)
        if child is not None:
            request.child = _child_of_talk(act, family, request, child)
            _into_record(act, request)
            if child.email:
                families.let_youth_in(act, request.child, child.email)
        if note:
            _write_down(act, request, note, note_about, reason)
        other = _parent_of_talk(act, family, parent) if parent is not None else None
        holders = [request.asked_by] if asker_holds_authority else []
        if other is not None and parent is not None and parent.holds_authority:
            holders.append(other)
        require(rules.why_nobody_decides(holders=len(holders), child_known=request.child is not None))
        if request.child is not None:
            for holder in holders:
                families.declare_authority(act, child=request.child, holder=holder)
            if child_agrees:
                families.child_agrees(act, request.compartment.record)
        move(act, request, Stage(request.stage), waiting_on=WaitingOn(request.waiting_on))
        act.record(request, child=request.child_id, parent=other.pk if other else None, holders=len(holders))
    return request


def say_whom(*, actor: Actor, request_id: UUID, about: Whom, at: datetime) -> TalkNote:
    """The note of the first talk is about somebody else than was said. Refused while there is none."""
    require_permission(actor, Permission.COACH_FAMILIES)
    with change(actor, "request.note_about", at=at) as act:
        request = lock_request(act, request_id)
        note = TalkNote.objects.select_for_update().filter(request=request).exclude(words="").first()
        require(rules.why_no_note(is_there=note is not None))
        assert note is not None
        about = families.about_whom(act, request.compartment.record, about)
        note.about_id, note.outside = about.member_id, about.outside
        note.save()
        act.record(request, **about.said_of(request.pk))
    return note


def _write_down(act: Change, request: HelpRequest, words: str, about: Whom, reason: WhyKept) -> None:
    """A step: of this talk that stands there, about whom and why; in the place of what stood there before."""
    about = families.about_whom(act, request.compartment.record, about)
    known = TalkNote.objects.select_for_update().filter(request=request).first()
    note = known or TalkNote(request=request, family_id=request.family_id)
    # What is only sent along again with the rest of the page stays as it was, and so does why it was kept.
    if known is None or str(known.words) != words or reason != NO_REASON:
        require(why_no_further_note(reason))
        note.because, note.because_words = reason.because_kept, reason.words_kept
    note.words, note.author_id, note.at = words, act.actor.account, act.at
    note.about_id, note.outside = about.member_id, about.outside
    note.save()


def write_result(*, actor: Actor, request_id: UUID, result: str, at: datetime) -> HelpRequest:
    """What the family hopes for stands with the question, in its own words."""
    return first_talk(actor=actor, request_id=request_id, result=result, at=at)


def tell_late(*, municipality_id: UUID, request_id: UUID, code: str, at: datetime) -> HelpRequest:
    """Who goes along, or who leads, hears that this question waits longer than promised. Once each.

    `NotVisible` when it went on meanwhile, or when they heard it.
    """
    actor = Actor.system(municipality_id)
    with change(actor, code, at=at) as act:
        request = lock_request(act, request_id)
        if code not in {one.code for one in late(at=at, request_id=request_id)}:
            raise NotVisible
        act.record(request)
    return request


def forget_unconfirmed(*, municipality_id: UUID, at: datetime) -> int:
    """Questions whose code was never filled in are gone, and what was known of who asked; tells how many.

    Some at a time: after days in which no worker came there are many, and each of them has its line.
    """
    lapsed = Asked.objects.filter(municipality_id=municipality_id, expires_at__lt=at).order_by("pk")
    count = 0
    while lapsed.exists():
        with change(Actor.system(municipality_id), "request.forgotten", at=at) as act:
            for row in lapsed.select_for_update()[:FORGOTTEN_AT_ONCE]:
                act.record(row)
                row.delete()
                count += 1
    return count


def lock_request(act: Change, request_id: UUID) -> HelpRequest:
    """A step: the question, locked until the change ends. `NotVisible` for whoever is not involved."""
    return act.lock(HelpRequest.objects.visible_to, request_id)


def move(act: Change, request: HelpRequest, to: Stage, *, waiting_on: WaitingOn) -> None:
    """A step: the (locked) question stands in stage `to` and waits on `waiting_on`; its board refreshes.

    The same stage again changes only on whom it waits. Refused for a step that the table does not know.
    """
    if request.stage != to:
        require(rules.why_not_move(request.stage, to))
        request.stage, request.stage_since, request.waiting_since = to, act.at, act.at
        _stage_move(act, request, waiting_on)
    elif request.waiting_on != waiting_on:
        request.waiting_since = act.at
    request.waiting_on = waiting_on
    request.save()
    act.topics.add(coach_topic(request.coach_id))


def coach_topic(coach_id: UUID | None) -> str:
    """What a coach's board listens to; a question without a coach concerns every board."""
    return f"account:{coach_id}" if coach_id else "board"


def _try_code(actor: Actor, asked_id: UUID, typed: str, at: datetime) -> None:
    """In a change of its own: what a wrong code costs stays, although the answer is no."""
    with change(actor, "request.code_tried", at=at) as act:
        asked = act.lock(Asked.objects.filter(municipality_id=actor.municipality_id), asked_id)
        no = _why_code_fails(asked, at, right=same_code(typed, asked.pk, asked.code_hash))
        if no is not None and asked.tries_left:
            asked.tries_left -= 1
            asked.save()
        act.record(asked, right=no is None)
    require(no)


def _why_code_fails(asked: Asked, at: datetime, *, right: bool) -> Refusal | None:
    return why_code_fails(
        right=right,
        tries_left=asked.tries_left,
        expires_at=asked.expires_at,
        used=asked.confirmed_at is not None,
        at=at,
    )


def _asker(act: Change, account: Account) -> FamilyMember:
    """The member who asks: of the family that this account asked for before, else the first of a new one."""
    known = account.family_members.filter(municipality_id=act.actor.municipality_id)
    visible = Family.objects.visible_to(act.actor, at=act.at)
    return known.filter(family__in=visible).order_by("id").first() or families.begin_family(
        act, account=account
    )


def _record_for(act: Change, asker: FamilyMember) -> Record:
    """Where a new question lies: the youth's own record, else one whose child is told at the first talk."""
    if asker.kind == MemberKind.CHILD:
        return families.record_of(act, asker)
    record = families.begin_record(act, asker.family_id)
    families.see_record(act, record, asker)
    return record


def _into_record(act: Change, request: HelpRequest) -> None:
    """The question is about this child: it lies in the child's record, with who goes along with it."""
    child, begun = request.child, request.compartment.record
    if child is None or begun.child_id == child.pk:
        return
    known = Record.objects.filter(child=child).first()
    if known is None and begun.child_id is None:
        families.turns_out_to_be(act, begun, child)
        return
    record = known or families.begin_record(act, child.family_id, child=child)
    families.go_along(act, record, _signed_in(act.actor))
    request.compartment = families.shared(record)
    request.save()
    StageMove.objects.filter(request=request).update(compartment=request.compartment)
    Handover.objects.filter(request=request).update(compartment=request.compartment)
    for note in TalkNote.objects.filter(request=request):
        # As plain words, sealed anew with the key of where it lies from now on.
        note.compartment, note.words = request.compartment, str(note.words)
        note.because_words = str(note.because_words)
        note.save()
    if begun.child_id is None:
        families.close_record(act, begun)


def _begin(act: Change, asker: FamilyMember, words: str) -> HelpRequest:
    request = HelpRequest.objects.create(
        compartment=families.shared(_record_for(act, asker)),
        family_id=asker.family_id,
        asked_by=asker,
        words=words,
        stage_since=act.at,
        waiting_since=act.at,
        asked_at=act.at,
    )
    _stage_move(act, request, WaitingOn.COACH)
    return request


def _stage_move(act: Change, request: HelpRequest, waiting_on: WaitingOn) -> None:
    StageMove.objects.create(
        family_id=request.family_id, request=request, stage=request.stage, waiting_on=waiting_on, at=act.at
    )


def _child_of_talk(act: Change, family: Family, request: HelpRequest, child: ChildOfTalk) -> FamilyMember:
    if child.member_id is None and child.born_on is not None:
        return families.join_child(act, family, first_name=child.first_name, born_on=child.born_on)
    member = family.members.there().filter(pk=child.member_id).first() if child.member_id else None
    if member is None:
        raise NotVisible
    if member.kind != MemberKind.CHILD and child.born_on is not None and member.pk == request.asked_by_id:
        families.is_child(act, member, child.born_on)
    return member


def _parent_of_talk(act: Change, family: Family, parent: ParentOfTalk) -> FamilyMember:
    return families.join_parent(
        act,
        family,
        first_name=parent.first_name,
        email=parent.email,
        with_access=parent.holds_authority,
    )


def _one_at_a_time(email: str) -> None:
    """Two questions from one address wait for each other, so that together they cannot pass the limit."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(lower(%s), 0))", [email])


def _signed_in(actor: Actor) -> UUID:
    if actor.account_id is None:
        raise NotVisible
    return actor.account_id
