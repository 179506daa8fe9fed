"""Which lines of the log concern a question, and who hears of them."""

from __future__ import annotations

from collections.abc import Iterable
from uuid import UUID

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from hendig.audit.models import Entry
from hendig.audit.notices import Code, Tell
from hendig.families.notices import family_page, the_coach, the_family, who_leads
from hendig.helprequests.models import Handover
from hendig.helprequests.queries import coaches


def every_coach(entry: Entry) -> Iterable[UUID]:
    return coaches(entry.municipality_id, at=entry.at)


def who_goes_along(entry: Entry) -> Iterable[UUID]:
    """The coach of the family; where nobody took up the question yet, every coach."""
    return tuple(the_coach(entry)) or every_coach(entry)


def coach_board(_entry: Entry) -> str:
    return reverse("coach_board")


def the_coming(entry: Entry) -> Iterable[UUID]:
    """Who was named as the next coach."""
    return _handovers(entry).values_list("coming_id", flat=True)


def who_named(entry: Entry) -> Iterable[UUID]:
    """Who named the next coach."""
    return _handovers(entry).values_list("asked_by_id", flat=True)


def _handovers(entry: Entry) -> QuerySet[Handover]:
    return Handover.objects.filter(pk=str(entry.object_id))


def figures_page(_entry: Entry) -> str:
    return reverse("learning")


def handovers_page(_entry: Entry) -> str:
    return reverse("coach_handovers")


CODES = {
    "request.handed_over": Code(
        "Another coach is to go along with a question; the family reads who, and from when.",
        _("schreef op wie uw nieuwe gezinscoach wordt"),
        tell=(
            Tell(to=the_family, words=_("U krijgt een andere gezinscoach. U leest wie."), url=family_page),
            Tell(to=the_coming, words=_("Een collega draagt vragen aan u over."), url=coach_board),
        ),
    ),
    "request.taken_over": Code(
        "The next coach goes along from now.", _("gaf uw vraag een nieuwe gezinscoach")
    ),
    "request.other_coach_wanted": Code(
        "The family wants another coach than was named.",
        _("wil liever een andere gezinscoach"),
        tell=(
            Tell(to=who_named, words=_("Een gezin wil liever een andere gezinscoach."), url=handovers_page),
            Tell(to=the_coach, words=_("Een gezin wil liever een andere gezinscoach."), url=family_page),
        ),
    ),
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
    "request.late": Code(
        "A family waits longer for a call, or for what comes next, than was promised.",
        _("zag dat u langer wacht dan beloofd"),
        tell=(
            Tell(
                to=who_goes_along,
                words=_("Een gezin wacht langer dan beloofd. Bel vandaag."),
                url=coach_board,
            ),
        ),
    ),
    "request.still_late": Code(
        "A week after it was said that a family waits longer than promised, it waits still.",
        _("zag dat u nog steeds wacht, en meldde dat bij wie de gezinscoaches leidt"),
        tell=(
            Tell(
                to=who_leads,
                words=_(
                    "Een gezin wacht al een week langer dan beloofd. Vraag de gezinscoaches wat er nodig is."
                ),
                url=figures_page,
            ),
        ),
    ),
    "request.seen": Code("A coach opened the page of the first talk.", _("bekeek uw vraag")),
    "request.note_about": Code(
        "The coach said whom the note of the first talk is about.", _("schreef op over wie een notitie gaat")
    ),
    "request.first_talk": Code(
        "What the first talk brought was written down.",
        _("schreef op wat u samen besprak"),
        tell=(
            Tell(to=the_family, words=_("Uw gezinscoach schreef op wat u samen besprak."), url=family_page),
        ),
    ),
}
