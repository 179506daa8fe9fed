"""Which lines of the log concern a question, and who hears of them."""

from __future__ import annotations

from collections.abc import Iterable
from uuid import UUID

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from hendig.audit.models import Entry
from hendig.audit.notices import Code, Tell
from hendig.families.notices import family_page, the_family
from hendig.helprequests.queries import coaches


def every_coach(entry: Entry) -> Iterable[UUID]:
    return coaches(entry.municipality_id, at=entry.at)


def coach_board(_entry: Entry) -> str:
    return reverse("coach_board")


CODES = {
    "request.asked": Code("Somebody asked a question; a code is on its way.", _("stelde een vraag")),
    "request.code_tried": Code("A code was filled in, right or wrong.", _("vulde een code in")),
    "request.forgotten": Code("A question that was never confirmed is gone.", _("ruimde een vraag op")),
    "request.confirmed": Code(
        "A question counts and waits for a coach.",
        _("stelde een vraag"),
        tell=(Tell(to=every_coach, words=_("Er is een nieuwe vraag van een gezin."), url=coach_board),),
    ),
    "request.phone_given": Code("Who asked gave a number to call.", _("gaf een telefoonnummer")),
    "request.taken_up": Code(
        "A coach took up the question.",
        _("pakte uw vraag op"),
        tell=(
            Tell(
                to=the_family,
                words=_("Een gezinscoach heeft uw vraag opgepakt en neemt contact met u op."),
                url=family_page,
            ),
        ),
    ),
    "request.seen": Code("A coach opened the page of the first talk.", _("bekeek uw vraag")),
    "request.first_talk": Code(
        "What the first talk brought was written down.",
        _("schreef op wat u samen besprak"),
        tell=(
            Tell(to=the_family, words=_("Uw gezinscoach schreef op wat u samen besprak."), url=family_page),
        ),
    ),
}
