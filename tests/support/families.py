"""Questions and families, made by the real actions."""

from __future__ import annotations

import re
from datetime import date
from uuid import UUID

from django.urls import reverse

from hendig.audit.actions import reading
from hendig.families.actions import add_parent, check_authority, invitations, say_about
from hendig.families.models import Because, FamilyMember, LegalAuthority, MemberKind, Source, WhyKept
from hendig.helprequests import actions
from hendig.helprequests.actions import ChildOfTalk, ParentOfTalk
from hendig.helprequests.models import Asked, HelpRequest
from hendig.people.models import Letter
from tests.support.world import World

# What a page has new each time, whoever looks.
FRESH = re.compile(
    r'name="csrfmiddlewaretoken" value="[^"]*"|name="_key" value="[^"]*"|csrf[^>]*"[\w]{64}"|-[0-9a-f]{6,8}"'
)
OF_FAMILY = ("family", "plan", "circle", "own_help", "own_record", "who_may", "who_looked")
# Why a note is kept, where a test is about something else.
REASON = WhyKept(Because.NEXT)
WORDS = "Ze slaapt slecht.\nEn ze wil niet naar school."


def asked(world: World, name: str = "Sanne", words: str = WORDS) -> Asked:
    """A question that waits for its code."""
    return actions.ask(
        actor=world.visitor, words=words, first_name=name, email=f"{name.lower()}@gezin.example", at=world.at
    )


def code_of(question: Asked) -> str:
    """The code as it stands in the mail."""
    found = re.search(r"\b\d{6}\b", Letter.objects.get(key=f"asked:{question.pk}").body)
    assert found
    return found.group()


def confirmed(world: World, name: str = "Sanne", words: str = WORDS) -> HelpRequest:
    """A question that counts and waits for a coach."""
    question = asked(world, name, words)
    return actions.confirm(actor=world.visitor, asked_id=question.pk, typed=code_of(question), at=world.at)


def taken_up(world: World, name: str = "Sanne", coach: str = "ellen") -> HelpRequest:
    """A question that a coach took up."""
    request = confirmed(world, name)
    return actions.take_up(actor=world.actor(coach), request_id=request.pk, at=world.at)


def talked(
    world: World,
    name: str = "Sanne",
    child: str = "Noor",
    born_on: date = date(2013, 5, 4),
    other: str = "Mark",
) -> HelpRequest:
    """A question after its first talk: a child, and two parents who both decide."""
    request = taken_up(world, name)
    return actions.first_talk(
        actor=world.actor("ellen"),
        request_id=request.pk,
        result="Weer met plezier naar school.",
        note="Slaapt slecht sinds de verhuizing.",
        reason=REASON,
        child=ChildOfTalk(first_name=child, born_on=born_on),
        parent=ParentOfTalk(other, f"{other.lower()}@gezin.example", holds_authority=True),
        asker_holds_authority=True,
        child_agrees=True,
        at=world.at,
    )


def looked_up(world: World, request: HelpRequest) -> HelpRequest:
    """The same question, once its coach looked up who decides: what was only told lapses in two weeks."""
    with reading(world.system, world.at):
        waiting = list(LegalAuthority.objects.filter(family_id=request.family_id, checked_on=None))
    for told in waiting:
        check_authority(actor=world.actor("ellen"), authority_id=told.pk, source=Source.REGISTER, at=world.at)
    return request


def trusted(
    world: World, record_id: UUID, *, by: str, name: str = "Joke", email: str = "joke@buurt.example"
) -> FamilyMember:
    """An adult who was invited to see this record along, and typed the code."""
    made = invitations.invite_confidant(
        actor=world.actor(by), record_id=record_id, first_name=name, email=email, at=world.at
    )
    who = world.actor(name)
    invitations.accept(actor=who, invitation_id=made.invitation_id, typed=made.code, at=world.at)
    return FamilyMember.objects.get(account_id=who.account, kind=MemberKind.CONFIDANT)


def fosters(world: World, family_id: UUID, name: str = "Wim") -> FamilyMember:
    """Ellen wrote down who fosters the children of this family; nobody said yet that they may see along."""
    return add_parent(
        actor=world.actor("ellen"),
        family_id=family_id,
        first_name=name,
        email=f"{name.lower()}@gezin.example",
        kind=MemberKind.FOSTER_PARENT,
        at=world.at,
    )


def sees_along(world: World, record_id: UUID, name: str, *, by: str, yes: bool = True) -> None:
    """This person may see the record along: somebody who says so said yes, or no from now on."""
    say_about(
        actor=world.actor(by),
        record_id=record_id,
        account_id=world.account(name).pk,
        yes=yes,
        at=world.at,
    )


def what_family_sees(world: World, who: str, family_id: UUID) -> dict[str, str]:
    """The pages of the family as this reader has them now, without what is new each time."""
    client = world.client(who)
    pages = {page: client.get(reverse(page, args=[family_id])) for page in OF_FAMILY}
    pages["notices"] = client.get(reverse("notices"))
    assert {page: answer.status_code for page, answer in pages.items()} == dict.fromkeys(pages, 200)
    return {page: FRESH.sub("", answer.content.decode()) for page, answer in pages.items()}
