"""What changes for a child of the family on a birthday that is near, and who is told of it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, time
from uuid import UUID

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from hendig.audit.actions import Viewing
from hendig.audit.models import Entry
from hendig.audit.notices import Tell
from hendig.families.models import Compartment, FamilyMember, LegalAuthority, MemberKind
from hendig.families.queries import is_open_to
from hendig.families.queries.hearing import TICK, the_coach, the_youth
from hendig.families.rules import ages as rules
from hendig.kernel.ages import birthday
from hendig.kernel.periods import AMSTERDAM, local_day
from hendig.kernel.refusal import Words
from hendig.people.models import Municipality


@dataclass(frozen=True, slots=True)
class Turning:
    """A child, the birthday, and what holds from then on."""

    first_name: str
    age: int
    on: date
    came: bool
    # Whether the child has no way in of its own yet, which a coach gives from 12.
    no_way_in: bool
    changes: tuple[Words, ...]


def turning(look: Viewing) -> tuple[Turning, ...]:
    """The children of the records of this look, the nearest birthday first. 2 queries."""
    today = local_day(look.at)
    parents_see = Municipality.objects.filter(
        pk=look.actor.municipality_id, parents_see_from_12=True
    ).exists()
    rows = FamilyMember.objects.within(look).filter(kind=MemberKind.CHILD, record__in=look.records)
    found = [
        Turning(
            first_name=child.first_name,
            age=near[0],
            on=near[1],
            came=near[1] <= today,
            no_way_in=child.account_id is None,
            changes=rules.changes_at(near[0], parents_see=parents_see),
        )
        for child in rows
        if child.born_on and (near := rules.turning(child.born_on, today))
    ]
    return tuple(sorted(found, key=lambda one: (one.on, one.first_name)))


def ages_page(entry: Entry) -> str:
    return reverse("ages", args=[entry.family_id])


def who_decides_and_sees(entry: Entry) -> Iterable[UUID]:
    """Those with authority over the child to whom the record is open now."""
    return [pk for pk in _holders(entry) if is_open_to([pk], _shared(entry), at=entry.at)]


def who_saw_until_today(entry: Entry) -> Iterable[UUID]:
    """Those with authority to whom the birthday closed the record, and nothing else did."""
    before = _midnight(entry) - TICK
    shared = _shared(entry)
    return [
        pk
        for pk in _holders(entry)
        if is_open_to([pk], shared, at=before) and not is_open_to([pk], shared, at=entry.at)
    ]


def _holders(entry: Entry) -> list[UUID]:
    holders = LegalAuthority.objects.standing(local_day(_midnight(entry) - TICK))
    rows = holders.filter(child__in=[entry.object_id], holder__account__isnull=False).order_by("id")
    return list(rows.values_list("holder__account_id", flat=True))


def _shared(entry: Entry) -> UUID:
    return Compartment.objects.values_list("pk", flat=True).get(pk__in=[entry.compartment_id])


def _midnight(entry: Entry) -> datetime:
    """When the birthday began, or will: the line of the log does not say it."""
    born_on = FamilyMember.objects.filter(pk__in=[entry.object_id]).values_list("born_on", flat=True).first()
    ages = [age for age in rules.TURNS if entry.code in {rules.NEARS[age], rules.CAME[age]}]
    if born_on is None or not ages:
        return entry.at
    day = birthday(born_on, ages[0])
    return min(datetime.combine(day, time(), AMSTERDAM), entry.at)


# No age and no name: a mail that says one tells when somebody was born.
SOON = (
    Tell(
        to=the_youth, words=_("Binnenkort mag u meer zelf beslissen. Lees wat er verandert."), url=ages_page
    ),
    Tell(
        to=who_decides_and_sees,
        words=_("Binnenkort verandert wie er meekijkt en beslist. Lees wat dat voor u betekent."),
        url=ages_page,
    ),
    Tell(
        to=the_coach,
        words=_("Bij een gezin verandert binnenkort wie er meekijkt en beslist. Bespreek het op tijd."),
        url=ages_page,
    ),
)
TODAY = (
    Tell(to=the_youth, words=_("Vanaf nu mag u meer zelf beslissen. Lees wat."), url=ages_page),
    Tell(
        to=who_decides_and_sees,
        words=_("Vanaf nu is het anders wie er meekijkt en beslist. Lees wat dat voor u betekent."),
        url=ages_page,
    ),
    # The record is closed to them by the same fact.
    Tell(
        to=who_saw_until_today,
        words=_("Vanaf nu beslist de jongere of u meekijkt. U ziet nog wat van uzelf is."),
        url=lambda entry: reverse("own_record", args=[entry.family_id]),
    ),
    Tell(
        to=the_coach,
        words=_("Bij een gezin is het vanaf nu anders wie er meekijkt en beslist."),
        url=ages_page,
    ),
)
