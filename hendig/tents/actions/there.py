"""Who was there: said of who did not come, with one tap, and taken back when somebody comes late."""

from __future__ import annotations

from collections import Counter
from collections.abc import Set as AbstractSet
from datetime import datetime
from uuid import UUID

from django.db.models import Q
from django.utils.translation import gettext as _

from hendig.audit.actions import Change, change
from hendig.families.actions import involve
from hendig.families.models import Consent, FamilyMember, Ground, Part
from hendig.kernel.actor import Actor
from hendig.kernel.refusal import NotVisible, require
from hendig.people.rules import Permission, require_permission
from hendig.tents.actions.steps import account_of, guest_accounts, leave, lock_tent, names_at, stays_until
from hendig.tents.models import Gesture, GestureKind, Page, Seat, SeatStage, Tent, TentStage
from hendig.tents.rules import guide
from hendig.tents.rules.names import coach_at


def say_there(*, actor: Actor, tent_id: UUID, person_id: UUID, there: bool, at: datetime) -> Tent:
    """Somebody at the table is not there, or is after all; after the talk the draft of its page says so.

    A guest who did not come sees nothing of the family once the talk is over. Refused for who neither leads
    nor coaches, of who took part, and once the page was agreed to.
    """
    require_permission(actor, Permission.TAKE_PART_IN_TENT)
    with change(actor, "tent.there" if there else "tent.away", at=at) as act:
        tent, part = lock_tent(act, tent_id)
        member, account_id = _person(tent, person_id)
        page = Page.objects.select_for_update().filter(tent=tent).first()
        own = account_id == account_of(actor)
        require(
            guide.why_not_say_there(tent, page, there=there, part=part, account=actor.account_id, own=own)
        )
        said = tent.gestures.away().of_person(account_id=account_id, member_id=member.pk if member else None)
        require(guide.why_not_that(there=there, away=said.exists(), took_part=_took_part(tent, account_id)))
        before = people(tent)
        if there:
            said.delete()
        else:
            _goes(act, tent, member, account_id)
        if page is not None:
            page.people = _told(str(page.people), before, people(tent))
            page.edition += 1
            page.save()
        _sight(act, tent, account_id, there=there)
        tent.save()
        act.record(tent, **({"member": member.pk} if member else {"account": account_id}))
    return tent


# --- steps ---


def came(act: Change, tent: Tent) -> None:
    """Who writes or says something here is there, whatever was said before they came."""
    tent.gestures.away().of_person(account_id=account_of(act.actor), member_id=None).delete()


def stay_out(act: Change, tent: Tent) -> None:
    """The talk is over: the guests who did not come see nothing of the family any more."""
    away = tent.gestures.away().values("account")
    for account_id in guest_accounts(tent, away):
        _sight(act, tent, account_id, there=False)


def people(tent: Tent) -> list[str]:
    """Who was there, family first, a line each as on the page."""
    gestures = list(tent.gestures.away().select_related("member"))
    away = {one.person_id for one in gestures} | {one.member.account_id for one in gestures if one.member}
    family = list(FamilyMember.objects.at_table(tent.compartment_id).filter(family_id=tent.family_id))
    known = names_at(tent, family)
    coach = coach_at(tent)
    guests = tent.seats.filter(stage=SeatStage.WELCOME).order_by("id").select_related("professional__account")
    lines: list[tuple[str, AbstractSet[UUID | None]]] = [
        *((known[one.pk], {one.pk, one.account_id}) for one in family),
        (_("%(name)s, gezinscoach") % {"name": coach.name}, {coach.pk}),
        *(
            (f"{seat.professional.account.name}, {seat.professional.title}", {seat.professional.account_id})
            for seat in guests
        ),
    ]
    # Who has no account is not taken for another who has none.
    return [line for line, keys in lines if not (keys & away) - {None}]


def _person(tent: Tent, person_id: UUID) -> tuple[FamilyMember | None, UUID | None]:
    """Somebody at this table, as the screen knows them: a member of the family, or an account."""
    family = FamilyMember.objects.at_table(tent.compartment_id).filter(family_id=tent.family_id)
    member = family.filter(Q(account=person_id) | Q(pk=person_id)).first()
    if member is not None:
        return member, member.account_id
    coach = coach_at(tent)
    if person_id not in {coach.pk, *guest_accounts(tent)}:
        raise NotVisible
    return None, person_id


def _took_part(tent: Tent, account_id: UUID | None) -> bool:
    """Whether somebody wrote or drew here, or said something with a tap of their own."""
    if account_id is None:
        return False
    said = tent.gestures.exclude(kind=GestureKind.AWAY).filter(author=account_id)
    return (
        tent.pieces.filter(author=account_id).exists()
        or tent.influences.filter(author=account_id).exists()
        or tent.remarks.filter(author=account_id).exists()
        or said.of_person(account_id=account_id, member_id=None).exists()
    )


def _goes(act: Change, tent: Tent, member: FamilyMember | None, account_id: UUID | None) -> None:
    """They are not there, and so lead nothing."""
    Gesture.objects.create(
        family_id=tent.family_id,
        tent=tent,
        kind=GestureKind.AWAY,
        account_id=account_id,
        member=None if account_id else member,
        author_id=account_of(act.actor),
        at=act.at,
    )
    if account_id is not None and tent.chair_id == account_id:
        tent.chair = None


def _sight(act: Change, tent: Tent, account_id: UUID | None, *, there: bool) -> None:
    """Once the talk is over a guest sees the family for having been there, or not at all."""
    seats = Seat.objects.filter(tent=tent, stage=SeatStage.WELCOME, professional__account=account_id)
    seat = seats.select_related("professional").first()
    if seat is None or account_id is None or tent.stage != TentStage.CLOSED:
        return
    if not there:
        leave(act, tent, seat)
        return
    refused = Consent.objects.standing(act.at).filter(
        record=tent.compartment.record_id, account_id=account_id, yes=False
    )
    if stays_until(tent) > act.at and not refused.exists():
        involve(
            act,
            record=tent.compartment.record,
            account_id=account_id,
            part=Part.GUEST,
            ground=Ground.CONSENT,
            until=stays_until(tent),
        )
        act.topics.add(f"account:{account_id}")


def _told(text: str, before: list[str], after: list[str]) -> str:
    """Who were there, as it stands on the page: only the line of this person goes or comes."""
    # Two may be called the same to the letter: of each line so many go or come as there are people.
    gone, new = Counter(before) - Counter(after), Counter(after) - Counter(before)
    kept = text.splitlines()
    for line in gone.elements():
        there = next((number for number, one in enumerate(kept) if one.strip() == line), None)
        if there is not None:
            del kept[there]
    kept += [line for line in new if line not in kept or kept.count(line) < after.count(line)]
    return "\n".join(kept)
