"""What the page of an own way in shows to who fills it in."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from django.db.models import Exists, OuterRef
from django.utils.translation import gettext as _

from hendig.audit.actions import Viewing
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
