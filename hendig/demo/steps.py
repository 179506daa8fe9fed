"""What people do in a story, one step each: the real actions, by names of our own for identifiers."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from uuid import UUID

from hendig.circle import actions as circle
from hendig.demo.town import Town
from hendig.families import actions as families
from hendig.families.actions import homes
from hendig.families.models import Because, Bond, FamilyMember, MemberKind, Record, Source, WhyKept
from hendig.families.queries import opening
from hendig.families.rules.homes import Address
from hendig.helprequests import actions as requests
from hendig.kernel.ages import age_on
from hendig.kernel.periods import local_day
from hendig.matching import actions as matching
from hendig.matching.models import Match
from hendig.opentent import actions as opentent
from hendig.people import actions as people
from hendig.people.queries import letters
from hendig.plans import actions as plans
from hendig.safety.actions import hide_own

READS_MAIL = timedelta(minutes=2)


@dataclass(slots=True)
class Case:
    """One question of a family: who asked, who coaches, and the persons of the family by short names."""

    asker: str
    coach: str
    family_id: UUID
    request_id: UUID
    child_id: UUID | None = None
    members: dict[str, UUID] = field(default_factory=dict)
    alone: str = ""

    @property
    def chooses(self) -> str:
        """Who says which professionals may see along: from 16 the youth alone."""
        return self.alone or self.asker

    @property
    def child(self) -> UUID:
        if self.child_id is None:
            raise LookupError(f"{self.asker} did not say which child it is about")
        return self.child_id


def ask(town: Town, *, asker: str, first_name: str, coach: str, words: str) -> Case:
    """The question is asked, and confirmed with the code from the mail."""
    email = f"{asker}@example.nl"
    asked = requests.ask(actor=town.visitor, words=words, first_name=first_name, email=email, at=town.at)
    code = re.search(r"\b\d{6}\b", next(letter.body for letter in letters(most=1) if letter.to == email))
    if code is None:
        raise LookupError("the mail holds no code")
    confirmed = requests.confirm(
        actor=town.visitor, asked_id=asked.pk, typed=code.group(), at=town.at + READS_MAIL
    )
    know(town, asker, confirmed.asked_by)
    return Case(
        asker=asker,
        coach=coach,
        family_id=confirmed.family_id,
        request_id=confirmed.pk,
        members={asker: confirmed.asked_by.pk},
    )


def know(town: Town, who: str, member: FamilyMember) -> None:
    """The town knows by which account this person signs in, if at all."""
    if member.account_id is not None:
        town.accounts[who] = member.account_id


def give_phone(town: Town, case: Case, phone: str) -> None:
    """Right after the code, on the same page."""
    requests.give_phone(
        actor=town.actor(case.asker), request_id=case.request_id, phone=phone, at=town.at + READS_MAIL
    )


def take_up(town: Town, case: Case) -> None:
    requests.take_up(actor=town.actor(case.coach), request_id=case.request_id, at=town.at)


@dataclass(frozen=True, slots=True)
class ChildData:
    """A child by first name; `born_on` tells who decides."""

    first_name: str
    born_on: date


def talk(
    town: Town,
    case: Case,
    *,
    note: str,
    result: str,
    surname: str = "",
    child: ChildData | None = None,
    is_asker: bool = False,
    decides: bool = True,
) -> None:
    """The first talk was written down: about which child, who decides, and what the family hopes for."""
    about = None
    if child is not None:
        known = case.child_id or (case.members[case.asker] if is_asker else None)
        about = requests.ChildOfTalk(member_id=known, first_name=child.first_name, born_on=child.born_on)
    done = requests.first_talk(
        actor=town.actor(case.coach),
        request_id=case.request_id,
        note=note,
        reason=WhyKept(Because.NEXT),
        result=result,
        child=about,
        asker_holds_authority=decides and not is_asker,
        child_agrees=True,
        family_name=surname,
        at=town.at,
    )
    case.child_id = done.child_id
    if child is not None and done.child_id is not None:
        case.members[child.first_name.lower()] = done.child_id


def add_child(town: Town, case: Case, child: ChildData, *holders: str) -> None:
    """Another child; those who decide for the first decide for this one too."""
    made = families.add_child(
        actor=town.actor(case.coach),
        family_id=case.family_id,
        first_name=child.first_name,
        born_on=child.born_on,
        at=town.at,
    )
    case.members[child.first_name.lower()] = made.pk
    for holder in holders:
        look_up_authority(town, case, holder, child=made.pk)


def add_parent(
    town: Town,
    case: Case,
    who: str,
    first_name: str,
    last_name: str,
    *,
    kind: MemberKind = MemberKind.PARENT,
    decides: bool = True,
) -> None:
    """Another adult who raises; whoever decides or fosters gets an own way in."""
    parent = families.add_parent(
        actor=town.actor(case.coach),
        family_id=case.family_id,
        first_name=first_name,
        last_name=last_name,
        email=f"{who}@example.nl",
        kind=kind,
        holds_authority=decides,
        at=town.at,
    )
    case.members[who] = parent.pk
    know(town, who, parent)
    _may_see_along(town, case, parent)


def let_in_outside(
    town: Town, case: Case, who: str, first_name: str, last_name: str, *children: UUID
) -> None:
    """A parent who never decided for these children gets a way in: to ask, and to nothing else."""
    add_parent(town, case, who, first_name, last_name, decides=False)
    let_in = families.invite_parent(
        actor=town.actor(case.coach),
        member_id=case.members[who],
        email=f"{who}@example.nl",
        children=children,
        at=town.at,
    )
    know(town, who, let_in)


def _may_see_along(town: Town, case: Case, adult: FamilyMember) -> None:
    """A child of 12 or older says that this adult may see along; of a foster parent the parent does."""
    child = FamilyMember.objects.get(pk=case.child)
    if child.born_on is not None and age_on(child.born_on, local_day(town.at)) >= 12:
        families.note_child_agrees(actor=town.actor(case.coach), child_id=child.pk, at=town.at)
    elif adult.kind == MemberKind.FOSTER_PARENT and adult.account_id is not None:
        families.say_about(
            actor=town.actor(case.asker),
            record_id=child.record.pk,
            account_id=adult.account_id,
            yes=True,
            at=town.at,
        )


def look_up_authority(
    town: Town, case: Case, *holders: str, child: UUID | None = None, source: Source = Source.REGISTER
) -> None:
    """The coach looked it up: what was told no longer lapses."""
    for holder in holders:
        families.set_authority(
            actor=town.actor(case.coach),
            child_id=child or case.child,
            holder_id=case.members[holder],
            source=source,
            at=town.at,
        )


def own_way_in(town: Town, case: Case, who: str) -> None:
    """The youth signs in alone from now on, and is called je by choice."""
    youth = families.give_youth_account(
        actor=town.actor(case.coach), member_id=case.members[who], email=f"{who}@example.nl", at=town.at
    )
    know(town, who, youth)
    people.choose_language(actor=town.actor(who), language="nl-je", at=town.at)


def draw_circle(town: Town, case: Case, *ties: tuple[str, str, int, str]) -> None:
    """Who is around the child of the question: name, relation, how near, what they give."""
    record_id = Record.objects.values_list("pk", flat=True).get(child_id=case.child)
    for name, relation, distance, gives in ties:
        families.add_tie(
            actor=town.actor(case.asker),
            family_id=case.family_id,
            record_id=record_id,
            name=name,
            relation=relation,
            distance=distance,
            gives=gives,
            at=town.at,
        )


def draw_own_circle(town: Town, case: Case, who: str, *ties: tuple[str, str, int, str]) -> None:
    """A youth draws who is around, for the own eyes alone."""
    for name, relation, distance, gives in ties:
        circle.draw(
            actor=town.actor(who),
            family_id=case.family_id,
            own=True,
            name=name,
            relation=relation,
            distance=distance,
            bond=Bond.WARM,
            gives=gives,
            at=town.at,
        )


def look(town: Town, case: Case, who: str, what: str = "plan.seen") -> None:
    """Somebody who is involved opened the family's page; the family reads so."""
    with opening(town.actor(who), what, case.family_id, at=town.at):
        pass


def post_question(town: Town, case: Case, *, title: str, text: str, neighbourhood: str) -> UUID:
    """The coach and the family put the question on the board, without names."""
    return opentent.post_question(
        actor=town.actor(case.coach),
        request_id=case.request_id,
        title=title,
        text=text,
        neighbourhood=neighbourhood,
        at=town.at,
    ).pk


def respond(town: Town, who: str, post_id: UUID, words: str) -> UUID:
    return opentent.respond(actor=town.actor(who), post_id=post_id, words=words, at=town.at).pk


def open_talk(town: Town, case: Case, *, professional: str, code: str, purpose: str) -> UUID:
    return matching.open_talk(
        actor=town.actor(case.coach),
        request_id=case.request_id,
        child_id=case.child,
        professional_id=town.professionals[professional],
        service_code_id=town.codes[code],
        purpose=purpose,
        at=town.at,
    ).pk


def say(town: Town, talk_id: UUID, who: str, *, yes: bool = True) -> Match | None:
    """Somebody says whether it clicks; the last needed yes brings the match."""
    return matching.answer(actor=town.actor(who), talk_id=talk_id, yes=yes, at=town.at).match


def plan(
    town: Town,
    match: Match,
    professional: str,
    starts_at: datetime,
    *,
    place: str,
    weeks: int = 0,
    minutes: int = 60,
) -> None:
    plans.plan_appointment(
        actor=town.actor(professional),
        match_id=match.pk,
        starts_at=starts_at,
        minutes=minutes,
        place=place,
        repeat_weeks=weeks,
        at=town.at,
    )


def live(town: Town, case: Case, who: str, address: Address, *, secret: bool = False) -> None:
    """A parent writes down where they live; whose address is secret names the coach by hand."""
    actor, person = town.actor(who), case.members[who]
    if secret:
        hide_own(actor=actor, member_id=person, at=town.at)
        let_know(town, case, who, case.coach)
    homes.note_home(actor=actor, person_id=person, address=address, from_on=local_day(town.at), at=town.at)


def let_know(town: Town, case: Case, who: str, other: str) -> None:
    """Somebody says where they live to one who helps."""
    homes.let_know(
        actor=town.actor(who),
        person_id=case.members[who],
        account_id=town.accounts[other],
        at=town.at,
    )


def set_goal(town: Town, case: Case, words: str, *, of: str = "") -> UUID:
    return plans.set_goal(
        actor=town.actor(case.coach),
        request_id=case.request_id,
        words=words,
        member_id=case.members[of] if of else None,
        at=town.at,
    ).pk


def set_task(
    town: Town, case: Case, what: str, who: str, *, account: str = "", days: int | None = None
) -> UUID:
    """Somebody promises something, by a day that is `days` from today."""
    return plans.set_task(
        actor=town.actor(case.coach),
        request_id=case.request_id,
        what=what,
        who=who,
        account_id=town.accounts[account] if account else None,
        by=None if days is None else town.today + timedelta(days=days),
        at=town.at,
    ).pk
