"""Which lines of the log are about who decides for a child, and who hears that it changed."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from hendig.audit.notices import Code, Tell
from hendig.families.queries.hearing import (
    family_page,
    own_record_page,
    the_family,
    who_decided,
    who_is_asked_along,
    who_may_page,
    who_saw_by_a_yes_of_that_one,
)

CODES = {
    "family.authority_set": Code(
        "It was written down that an adult decides for a child, with the source.",
        _("schreef op wie er beslist over uw kind"),
        tell=(
            Tell(
                to=who_is_asked_along,
                words=_("U beslist nu over een kind. Kijk wie er mag meekijken."),
                url=who_may_page,
            ),
        ),
    ),
    "family.authority_checked": Code(
        "Somebody checked in a register or a ruling that an adult decides for a child.",
        _("keek na wie er beslist over uw kind"),
    ),
    "family.authority_ended": Code(
        "An adult no longer decides for a child.",
        _("schreef op dat iemand niet meer beslist over uw kind"),
        tell=(
            Tell(to=the_family, words=_("Er is iets veranderd in wie er beslist."), url=family_page),
            # The record is closed to these by the same fact: this leads to what is their own.
            Tell(to=who_decided, words=_("U beslist niet meer mee over een kind."), url=own_record_page),
            Tell(
                to=who_saw_by_a_yes_of_that_one,
                words=_("Wie er beslist, is veranderd. U kijkt weer mee als dat goed wordt gevonden."),
                url=own_record_page,
            ),
        ),
    ),
}
