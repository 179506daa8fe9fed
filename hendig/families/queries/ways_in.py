"""What the page of an own way in shows to who fills it in."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import Count, Exists, Max, Min, OuterRef
from django.utils.translation import gettext as _

from hendig.audit.actions import Viewing
from hendig.audit.models import Entry, Kind, LogQuerySet
from hendig.families.models import OWN_PARTS, FamilyMember, LegalAuthority, MemberKind
from hendig.kernel.periods import local_day
from hendig.kernel.refusal import NotVisible


@dataclass(frozen=True, slots=True)
class WayIn:
    """For whom, and the address that one of the family gave; only the coach confirms that of a youth."""

    is_child: bool
    # A parent who decides for no child here gets in to ask how it goes, and sees nothing of a record.
    only_asks: bool
    # Of whom such a parent can be one; nobody where there is no choice.
    children: tuple[tuple[str, str], ...]
    to_confirm: bool
    email: str
    given_by: str

    @property
    def done(self) -> str:
        """What is said once the form was taken."""
        if self.is_child and not self.to_confirm:
            return _("Opgeschreven. De gezinscoach spreekt eerst de jeugdige zelf. Daarna komt er een mail.")
        return _("De uitnodiging is onderweg.")


@dataclass(frozen=True, slots=True)
class GivenWayIn:
    """A way in that somebody was given: with which address, since when, and whether it was looked with."""

    name: str
    email: str
    invited_at: datetime
    first_at: datetime | None
    last_at: datetime | None
    many: int


def given_way_in(look: Viewing, member_id: UUID) -> GivenWayIn:
    """For who may take it back: what was looked at with it is under "wie keek er mee". 2 queries."""
    row = FamilyMember.objects.within(look).filter(pk=member_id).select_related("account").first()
    if row is None or row.account is None or row.invited_at is None:
        raise NotVisible
    looks = looks_of(row).aggregate(first=Min("at"), last=Max("at"), many=Count("pk"))
    return GivenWayIn(
        name=row.first_name,
        email=row.account.email,
        invited_at=row.invited_at,
        first_at=looks["first"],
        last_at=looks["last"],
        many=looks["many"],
    )


def looks_of(member: FamilyMember) -> LogQuerySet:
    """What was looked at of the family with the account of this person."""
    return Entry.objects.about(member.family_id).filter(account_id=member.account_id, kind=Kind.LOOK)


def way_in(look: Viewing, member_id: UUID) -> WayIn:
    """What stands there already is shown to the coach, and to who gave it. 2 queries."""
    holds = LegalAuthority.objects.standing(local_day(look.at)).filter(holder=OuterRef("pk"))
    rows = FamilyMember.objects.within(look).filter(pk=member_id).annotate(decides=Exists(holds))
    row = rows.select_related("address_by").first()
    if row is None:
        raise NotVisible
    children = [
        (str(pk), name)
        for pk, name in FamilyMember.objects.within(look)
        .filter(kind=MemberKind.CHILD)
        .order_by("born_on", "pk")
        .values_list("pk", "first_name")
    ]
    of_family = look.part in OWN_PARTS
    only_asks = row.kind == MemberKind.PARENT and not row.decides  # type: ignore[attr-defined]  # annotated
    shown = bool(row.asked_email) and (not of_family or row.address_by_id == look.actor.account_id)
    return WayIn(
        is_child=row.kind == MemberKind.CHILD,
        only_asks=only_asks,
        children=tuple(children) if only_asks and len(children) > 1 else (),
        to_confirm=row.kind == MemberKind.CHILD and not of_family,
        email=row.asked_email if shown else "",
        given_by=row.address_by.first_name if shown and row.address_by else "",
    )
