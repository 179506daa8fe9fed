"""Which lines of the log are about where somebody lives: only that person reads them, and who may know."""

from __future__ import annotations

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from hendig.audit.models import Entry
from hendig.audit.notices import Code, Tell
from hendig.families.queries.hearing import the_side


def homes_page(entry: Entry) -> str:
    return reverse("homes", args=[entry.family_id])


CODES = {
    "home.seen": Code("Somebody looked where a person of the family lives.", _("keek waar u woont")),
    "home.noted": Code(
        "It was written down where somebody lives.",
        _("schreef op waar u woont"),
        tell=(Tell(to=the_side, words=_("Er is opgeschreven waar u woont."), url=homes_page),),
    ),
    "home.brought": Code(
        "Somebody said that an address of another record is still theirs.",
        _("schreef op dat een adres nog klopt"),
    ),
    "home.corrected": Code(
        "It was put right where somebody lives.",
        _("verbeterde waar u woont"),
        tell=(Tell(to=the_side, words=_("Er is verbeterd waar u woont."), url=homes_page),),
    ),
    "home.ended": Code(
        "Somebody does not live there any more.", _("schreef op dat u ergens niet meer woont")
    ),
    "home.told": Code(
        "Somebody who helps may know where a person lives.",
        _("liet iemand weten waar u woont"),
        tell=(Tell(to=the_side, words=_("Iemand mag nu zien waar u woont."), url=homes_page),),
    ),
    "home.told_no_more": Code(
        "Somebody may not see any more where a person lives.", _("liet iemand niet meer zien waar u woont")
    ),
}
