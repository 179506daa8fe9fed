"""Which lines of the log concern what a family shares with somebody outside, and who hears of them."""

from __future__ import annotations

from collections.abc import Iterable
from uuid import UUID

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from hendig.audit.models import Entry
from hendig.audit.notices import Code, Tell
from hendig.families.models import FamilyMember
from hendig.families.notices import the_coach
from hendig.shares.models import Share, ShareAnswer
from hendig.shares.queries.who import who_must_say


def share_page(entry: Entry) -> str:
    return reverse("share", args=[entry.object_id])


def shared_list(_entry: Entry) -> str:
    return reverse("shared_with_me")


def who_is_asked(entry: Entry) -> Iterable[UUID]:
    """Who must say yes and did not say anything yet."""
    share = _share(entry)
    answered = set(ShareAnswer.objects.filter(share=share).values_list("member_id", flat=True))
    return _accounts(who_must_say([share], at=entry.at)[share.pk] - answered)


def who_says_so(entry: Entry) -> Iterable[UUID]:
    """Who of the family has a say in it."""
    share = _share(entry)
    return _accounts(who_must_say([share], at=entry.at)[share.pk])


def _share(entry: Entry) -> Share:
    return Share.objects.get(pk__in=[entry.object_id])


def with_whom(entry: Entry) -> Iterable[UUID]:
    """The person with whom it is shared."""
    return [UUID(str(entry.facts["account"]))]


def _accounts(members: Iterable[UUID]) -> Iterable[UUID]:
    rows = FamilyMember.objects.filter(pk__in=set(members), account__isnull=False)
    return rows.order_by("account_id").values_list("account_id", flat=True)


CODES = {
    "share.choosing": Code(
        "Somebody opened the page on which is chosen what to share.", _("bekeek wat er gedeeld kan worden")
    ),
    "share.seen": Code("Somebody opened the page of what is shared.", _("bekeek wat u met wie deelt")),
    "share.proposed": Code(
        "It was proposed to share chosen pieces with somebody outside; who must say yes is asked.",
        _("stelde voor om iets te delen met iemand buiten het gezin"),
        tell=(
            Tell(
                to=who_is_asked,
                words=_("Er is een voorstel om iets te delen. Er gebeurt niets zonder uw ja."),
                url=share_page,
            ),
        ),
    ),
    "share.said_yes": Code(
        "Somebody agreed to share the chosen pieces.", _("vond goed dat er iets gedeeld wordt")
    ),
    "share.began": Code(
        "Each who must say yes did: the chosen pieces can be read from here on.",
        _("zei als laatste ja: vanaf nu wordt het gedeeld"),
        tell=(
            Tell(to=with_whom, words=_("Een gezin deelt iets met u."), url=shared_list),
            Tell(to=the_coach, words=_("Een gezin deelt iets met iemand buiten het gezin."), url=share_page),
        ),
    ),
    "share.stopped": Code(
        "Somebody who must say yes does not any more, or did not: nothing is shared from here on.",
        _("zei nee: dit wordt niet gedeeld"),
        tell=(
            Tell(
                to=the_coach,
                words=_("Een gezin deelt iets niet, of niet meer. Het is meteen gestopt."),
                url=share_page,
            ),
            Tell(to=who_says_so, words=_("Iets wordt niet, of niet meer, gedeeld."), url=share_page),
        ),
    ),
    "share.taken_back": Code(
        "The coach stopped it.",
        _("stopte het delen"),
        tell=(Tell(to=who_says_so, words=_("Iets wordt niet, of niet meer, gedeeld."), url=share_page),),
    ),
    "share.listed": Code(
        "With whom something is shared opened the list of it.", _("zag dat u iets met deze persoon deelt")
    ),
    "share.read": Code(
        "With whom something is shared read the chosen pieces.",
        _("las de stukken die u met deze persoon deelt"),
        piece=_("alleen wat u koos om te delen"),
    ),
}
