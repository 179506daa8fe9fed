"""Which lines of the log say that somebody of a family died, and who hears of it."""

from __future__ import annotations

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from hendig.audit.notices import Code, Tell
from hendig.families.queries.hearing import family_page, the_coach, the_officers

CODES = {
    "family.death_noted": Code(
        "An adult of the family died: nothing opens by that person any more, and no yes of theirs is asked.",
        _("schreef op dat iemand in het gezin is overleden"),
    ),
    "family.death_elsewhere": Code(
        "Of an adult who is the same person in another family it is known there that this one died.",
        _("nam over dat iemand in het gezin is overleden"),
        tell=(
            Tell(
                to=the_coach,
                words=_("Iemand in een gezin is overleden. Kijk wie er nu beslist."),
                url=family_page,
            ),
        ),
    ),
    "family.death_doubted": Code(
        "The coach says that a death was written down by mistake; a privacy officer must agree.",
        _("zei dat een overlijden bij vergissing is opgeschreven"),
        tell=(
            Tell(
                to=the_officers,
                words=_("Een overlijden is misschien bij vergissing opgeschreven. Kijk ernaar."),
                url=lambda _entry: reverse("retention"),
            ),
        ),
    ),
    "family.death_taken_back": Code(
        "A death was written down by mistake, and two took it back; who decides is looked at anew.",
        _("nam terug dat iemand in het gezin is overleden: dat was een vergissing"),
        tell=(
            Tell(
                to=the_coach,
                words=_("Een overlijden is teruggenomen. Kijk opnieuw wie er beslist."),
                url=family_page,
            ),
        ),
    ),
}
