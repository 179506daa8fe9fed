"""Which lines of the log a tent makes, and who hears of them. Never a name, never a word of the case."""

from __future__ import annotations

from dataclasses import replace

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from hendig.audit.models import Entry
from hendig.audit.notices import Code, Tell
from hendig.kernel.meetings import Meeting
from hendig.tents.models import OwnPlanChoice, Tent
from hendig.tents.notices import nameless
from hendig.tents.notices.nameless import my_tents
from hendig.tents.queries.calendars import INTO, OUT_OF, PLANNED_BY
from hendig.tents.queries.hearing import (
    the_asked,
    the_coach,
    the_coach_if_busy,
    the_coach_if_nobody,
    the_coach_if_planned,
    the_coach_if_planned_before,
    the_coach_if_somebody,
    the_family,
    the_family_if_free,
    the_family_if_left,
    the_family_if_nobody,
    the_family_if_planned,
    the_family_with_who_is_trusted,
    the_guests,
    who_is_trusted,
    whose_calendar,
    whose_calendar_if_coach,
    whose_seat,
    whose_seat_if_left,
)
from hendig.tents.queries.slots import meeting_of


def tent_page(entry: Entry) -> str:
    return reverse("tent", args=[entry.object_id])


def sheet_page(entry: Entry) -> str:
    return reverse("tent_page", args=[entry.object_id])


def who_can_help(entry: Entry) -> str:
    """Where the coach goes on after a tent: the next step of its question, not the tent that is over."""
    tents = Tent.objects.values_list("request_id", flat=True)
    return reverse("open_talk", args=[tents.get(pk=str(entry.object_id))])


def meeting(entry: Entry) -> Meeting:
    """The meeting as it is now; where it is stands in a mail only when that is no secret."""
    return meeting_of(Tent.objects.get(pk=str(entry.object_id)), in_mail=True)


def no_meeting(entry: Entry) -> Meeting | None:
    """The same, taken out of the calendar of who was to come. One that was never told of stands in none."""
    told = Entry.objects.filter(code__in=PLANNED_BY, object_id=entry.object_id)
    return replace(meeting(entry), cancelled=True, place="") if told.exists() else None


def no_seat(entry: Entry) -> Meeting | None:
    """The same for who gave up a seat, or lost it: only who was welcome knew of the meeting."""
    return replace(meeting(entry), cancelled=True, place="") if entry.facts.get("left", True) else None


def meeting_ahead(entry: Entry) -> Meeting | None:
    """The meeting for who did not have it yet; one that does not take place goes into no calendar."""
    now = meeting(entry)
    return None if now.cancelled else now


def not_mine(entry: Entry) -> Meeting:
    """The same, taken out of the calendar of who does not go along with the family then."""
    return replace(meeting(entry), cancelled=True, place="")


def not_sure(entry: Entry) -> Meeting | None:
    """The same, tentative again: who was welcome does not come after all, and nobody else is welcome yet."""
    now = meeting(entry)
    return now if entry.facts.get("left") and now.tentative else None


def preparation(entry: Entry) -> str:
    choices = OwnPlanChoice.objects.values_list("request_id", flat=True)
    return reverse("prepare", args=[choices.get(pk=str(entry.object_id))])


def coach_board(_entry: Entry) -> str:
    return reverse("coach_board")


NOT_SURE = _("In de tent is nu niemand meer welkom. Het gesprek is nog niet zeker.")

CODES = {
    **nameless.CODES,
    "guide.set": Code(
        "The municipality changed its guide for the talk in a tent.",
        _("paste de leidraad van het gesprek aan"),
    ),
    "knowledge.set": Code(
        "The municipality changed its knowledge cards, or for what a registration is asked.",
        _("paste de kenniskaarten of de registraties aan"),
    ),
    "tent.seen": Code("Somebody at the table opened the tent.", _("bekeek uw tent")),
    "tent.call_seen": Code("The coach opened the page to call a tent.", _("bereidde een tent voor")),
    "tent.page_seen": Code(
        "Somebody at the table opened the page that remains.", _("bekeek de bladzijde van uw tent")
    ),
    "tent.page_taken": Code(
        "Somebody at the table took the page along as PDF.", _("nam de bladzijde van uw tent mee"), takes=True
    ),
    "tent.invitation_taken": Code(
        "Somebody at the table put the meeting in a calendar.", _("zette het gesprek in de agenda")
    ),
    "tent.called": Code(
        "The coach called a tent by expertise; the question stays without names.",
        _("vroeg mensen om mee te denken, zonder uw naam"),
        tell=(Tell(to=the_asked, words=_("Een gezin zoekt uw expertise. Kunt u meedenken?"), url=my_tents),),
    ),
    "tent.seat_answered": Code(
        "A professional said whether it is possible to come.",
        _("liet weten of meedenken kan"),
        tell=(
            Tell(to=the_family_if_free, words=_("Iemand kan meedenken. Wie is er welkom?"), url=tent_page),
            Tell(
                to=the_coach_if_busy,
                words=_("Iemand kan niet naar een tent komen."),
                url=tent_page,
                meeting=not_sure,
            ),
            Tell(
                to=the_family_if_left,
                words=_("Iemand die welkom was in de tent, kan toch niet komen."),
                url=tent_page,
                meeting=not_sure,
            ),
            Tell(
                to=whose_seat_if_left,
                words=_("U komt niet naar de tent. Het gesprek gaat uit uw agenda."),
                url=my_tents,
                meeting=no_seat,
                own_calendar=True,
            ),
        ),
    ),
    "tent.reminded": Code(
        "Who was asked for a tent and did not answer was reminded, once.",
        _("herinnerde iemand die gevraagd is"),
        tell=(
            Tell(to=whose_seat, words=_("Een gezin wacht op uw antwoord: kunt u meedenken?"), url=my_tents),
        ),
    ),
    "tent.guest_welcomed": Code(
        "The family made somebody welcome; until two weeks after the meeting that person sees the question.",
        _("heette iemand welkom in de tent"),
        tell=(
            Tell(
                to=whose_seat, words=_("Het gezin heet u welkom in de tent."), url=tent_page, meeting=meeting
            ),
            Tell(
                to=the_coach_if_planned_before,
                words=_("Het gezin koos wie welkom is in de tent."),
                url=tent_page,
                by_mail=False,
            ),
            Tell(
                to=the_family_if_planned,
                words=_("Het gesprek in de tent is afgesproken."),
                url=tent_page,
                meeting=meeting,
                own_calendar=True,
            ),
            Tell(
                to=the_coach_if_planned,
                words=_("Het gezin koos wie welkom is. De tent is afgesproken."),
                url=tent_page,
                meeting=meeting,
            ),
        ),
    ),
    "tent.guest_refused": Code(
        "The family would rather not have somebody at the tent; no reason is asked.",
        _("koos wie er niet bij hoeft te zijn"),
        tell=(
            Tell(
                to=whose_seat,
                words=_("U hoeft niet meer naar een van de tenten te komen. Dank dat u mee wilde denken."),
                url=my_tents,
                meeting=no_seat,
            ),
            Tell(
                to=the_coach_if_somebody,
                words=_("Het gezin koos wie welkom is in de tent."),
                url=tent_page,
                by_mail=False,
            ),
            Tell(to=the_coach_if_nobody, words=NOT_SURE, url=tent_page, meeting=not_sure),
            Tell(
                to=the_family_if_nobody,
                words=NOT_SURE,
                url=tent_page,
                meeting=not_sure,
                own_calendar=True,
            ),
        ),
    ),
    "tent.cancelled": Code(
        "A tent does not take place.",
        _("zei de tent af"),
        tell=(
            Tell(
                to=the_family_with_who_is_trusted,
                words=_("De tent gaat niet door."),
                url=tent_page,
                meeting=no_meeting,
                own_calendar=True,
            ),
            Tell(to=the_guests, words=_("De tent gaat niet door."), url=my_tents, meeting=no_meeting),
            Tell(to=the_asked, words=_("Een tent waarvoor u gevraagd was, gaat niet door."), url=my_tents),
            Tell(
                to=the_coach,
                words=_("De tent gaat niet door."),
                url=tent_page,
                meeting=no_meeting,
                own_calendar=True,
            ),
        ),
    ),
    "tent.moved": Code(
        "A tent is at another moment or place; who can come and who is welcome stays as it was.",
        _("verzette de tent"),
        tell=(
            Tell(
                to=the_family_with_who_is_trusted,
                words=_("De tent is verzet."),
                url=tent_page,
                meeting=meeting,
            ),
            Tell(
                to=the_guests,
                words=_("De tent is verzet. Kunt u dan niet? Laat het weten."),
                url=tent_page,
                meeting=meeting,
            ),
            Tell(
                to=the_asked,
                words=_("Een tent waarvoor u gevraagd bent, is verzet. Kijk of u dan kunt."),
                url=my_tents,
            ),
            Tell(
                to=the_coach,
                words=_("De tent is verzet."),
                url=tent_page,
                meeting=meeting,
                own_calendar=True,
            ),
        ),
    ),
    INTO: Code(
        "Somebody came to go along with the family: the meeting goes into that calendar as well.",
        _("zette het gesprek in de agenda van wie nu met u meegaat"),
        tell=(
            Tell(
                to=whose_calendar_if_coach,
                words=_("U gaat nu mee met een gezin. Hun gesprek komt in uw agenda."),
                url=tent_page,
                meeting=meeting_ahead,
            ),
        ),
    ),
    OUT_OF: Code(
        "Somebody does not go along with the family then: the meeting goes out of that calendar.",
        _("haalde het gesprek uit de agenda van wie dan niet meer met u meegaat"),
        tell=(
            Tell(
                to=whose_calendar,
                words=_("Een gesprek gaat uit uw agenda. U gaat dan niet meer mee met het gezin."),
                url=coach_board,
                meeting=not_mine,
            ),
        ),
    ),
    "tent.meeting_reminded": Code(
        "Who comes to a tent was reminded of it, the day before.",
        _("herinnerde iedereen die komt"),
        tell=(
            Tell(to=the_family, words=_("Morgen is uw gesprek in de tent."), url=tent_page, meeting=meeting),
            Tell(to=the_guests, words=_("Morgen is de tent."), url=tent_page, meeting=meeting),
            Tell(to=the_coach, words=_("Morgen is de tent."), url=tent_page, meeting=meeting),
            Tell(to=who_is_trusted, words=_("Morgen is de tent."), url=tent_page, meeting=meeting),
        ),
    ),
    "prepared.seen": Code("Somebody opened the page to prepare a meeting.", _("bereidde de tent voor")),
    "prepared.written": Code(
        "Somebody wrote down what to bring to the meeting; only the writer reads it.",
        _("schreef iets op voor de tent"),
    ),
    "prepared.removed": Code(
        "Somebody took away what was written down for the meeting.", _("haalde iets weg voor de tent")
    ),
    "own_plan.offered": Code(
        "The coach offered the family to make a plan of its own first (Jeugdwet art. 4.1.2).",
        _("legde voor of jullie eerst zelf een plan maken"),
        tell=(
            Tell(
                to=the_family,
                words=_("U mag eerst zelf een plan maken, met wie u vertrouwt. Wilt u dat?"),
                url=preparation,
                by_mail=False,
            ),
        ),
    ),
    "own_plan.chosen": Code(
        "The family said whether it makes a plan of its own first (Jeugdwet art. 4.1.2).",
        _("koos of jullie eerst zelf een plan maken"),
        tell=(
            Tell(
                to=the_coach,
                words=_("Een gezin koos of het eerst zelf een plan maakt."),
                url=preparation,
            ),
        ),
    ),
    "recurring_tent.made": Code("There is a tent that comes back.", _("maakte een vaste tent")),
    "recurring_tent.stopped": Code("A tent that came back stops.", _("liet een vaste tent stoppen")),
    "tent.begun": Code(
        "The meeting began.",
        _("begon het gesprek"),
        tell=(
            Tell(
                to=the_family_with_who_is_trusted,
                words=_("Het gesprek in de tent begint."),
                url=tent_page,
                by_mail=False,
            ),
            Tell(to=the_guests, words=_("Het gesprek in de tent begint."), url=tent_page, by_mail=False),
        ),
    ),
    "tent.begin_undone": Code(
        "A meeting that began by accident, or too soon, is not on; nothing lay on the table.",
        _("liet het gesprek nog niet beginnen"),
        tell=(
            Tell(
                to=the_family,
                words=_("Het gesprek in de tent begint nog niet."),
                url=tent_page,
                by_mail=False,
            ),
            Tell(
                to=the_guests,
                words=_("Het gesprek in de tent begint nog niet."),
                url=tent_page,
                by_mail=False,
            ),
        ),
    ),
    "tent.chair_given": Code(
        "Somebody else leads the meeting from now on.", _("gaf het woord aan een ander")
    ),
    "tent.phase_set": Code("The meeting went to another phase.", _("ging verder in het gesprek")),
    "tent.hand_raised": Code(
        "Somebody at the table wants to say something.", _("wilde iets zeggen in de tent")
    ),
    "tent.hand_lowered": Code(
        "Somebody does not want to say something any more.", _("deed een hand omlaag in de tent")
    ),
    "tent.turn_given": Code("Somebody else has the floor.", _("gaf iemand het woord in de tent")),
    "tent.understood": Code(
        "Somebody of the family said whether it is understood so.",
        _("schreef op of jullie het goed begrijpen in de tent"),
    ),
    "tent.heard": Code(
        "Somebody who was at the table said whether they felt heard.",
        _("schreef op hoe het gesprek in de tent was"),
    ),
    "tent.away": Code(
        "Somebody at the table is not there: the page names them not, and a guest sees nothing later.",
        _("schreef op dat iemand niet in de tent was"),
    ),
    "tent.there": Code(
        "Somebody of whom it was said otherwise is there after all.",
        _("schreef op dat iemand toch in de tent was"),
    ),
    "tent.told_apart": Code(
        "Somebody came into the family while a talk goes on: the names at the table tell them apart.",
        _("zette de namen in de tent zo dat u weet wie wie is"),
    ),
    "tent.piece_written": Code("Somebody put something on the table.", _("schreef iets op in de tent")),
    "tent.piece_about": Code(
        "Somebody said whom something on the table is about.", _("schreef op over wie iets in de tent gaat")
    ),
    "tent.direction_settled": Code(
        "Somebody filled in who does what was said at the table, what for, or by when.",
        _("vulde aan wie iets doet, of wanneer, in de tent"),
    ),
    "tent.direction_taken": Code(
        "Something was made of a direction: a task, a goal, a question on the board or a match talk.",
        _("maakte iets van een richting uit de tent"),
    ),
    "tent.piece_removed": Code("Somebody took something off the table.", _("haalde iets weg in de tent")),
    "tent.drawing_seen": Code(
        "Somebody at the table opened the drawing of how it hangs together.",
        _("bekeek de tekening in uw tent"),
    ),
    "tent.linked": Code(
        "Somebody drew that one thing on the table works on another.", _("tekende hoe iets samenhangt")
    ),
    "tent.link_changed": Code(
        "Somebody said that the one does something else to the other.", _("veranderde hoe iets samenhangt")
    ),
    "tent.link_removed": Code("Somebody took a line out of the drawing.", _("haalde een verband weg")),
    "tent.remarked": Code(
        "Somebody agreed, saw it otherwise or said what comes first.", _("zei hoe hij of zij het ziet")
    ),
    "tent.piece_put": Code(
        "Somebody laid something elsewhere in the drawing.", _("gaf iets een andere plek in de tekening")
    ),
    "tent.step_undone": Code(
        "Somebody undid the last own step in the drawing.", _("deed een stap terug in de tekening")
    ),
    "tent.closed": Code(
        "The meeting is over; the page that remains was drafted.",
        _("rondde het gesprek af"),
        tell=(
            Tell(
                to=the_family, words=_("De bladzijde van uw tent staat klaar. Klopt het zo?"), url=sheet_page
            ),
            Tell(to=who_is_trusted, words=_("De bladzijde van de tent staat klaar."), url=sheet_page),
        ),
    ),
    "tent.page_amended": Code("The page that remains was changed.", _("paste de bladzijde van uw tent aan")),
    "tent.page_remarked": Code(
        "Somebody at the table sees a line of the page otherwise, and put that beside it.",
        _("zei hoe hij of zij iets op de bladzijde ziet"),
        tell=(
            Tell(
                to=the_family,
                words=_("Iemand ziet iets op de bladzijde van uw tent anders. Het staat ernaast."),
                url=sheet_page,
                by_mail=False,
            ),
        ),
    ),
    "tent.page_remark_taken_back": Code(
        "Somebody does not see a line of the page otherwise any more.",
        _("haalde weg hoe hij of zij iets op de bladzijde zag"),
    ),
    "tent.page_anew": Code(
        "A later version of the page that was agreed to is being made; that one stays as it is.",
        _("begon een nieuwe versie van de bladzijde van uw tent"),
        tell=(
            Tell(
                to=the_family,
                words=_("Er komt een nieuwe versie van de bladzijde van uw tent. Lees of het zo klopt."),
                url=sheet_page,
            ),
        ),
    ),
    "tent.page_agreed": Code(
        "The family agreed to the page; it never changes again.",
        _("zei dat de bladzijde klopt"),
        tell=(
            Tell(
                to=the_coach,
                words=_("Een gezin is akkoord met de bladzijde van de tent. Kies samen wie kan helpen."),
                url=who_can_help,
            ),
            Tell(
                to=the_guests,
                words=_("Een gezin is akkoord met de bladzijde van de tent."),
                url=tent_page,
                by_mail=False,
            ),
        ),
    ),
}
