"""What leaves the screen: the page that remains as PDF, and the meeting for a calendar."""

from __future__ import annotations

from collections.abc import Mapping
from uuid import UUID

from django.utils import formats, timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from icalendar import Calendar, Event

from hendig.audit.actions import Viewing
from hendig.kernel.refusal import NotVisible
from hendig.people.adapters.paper import pdf
from hendig.tents.models import LASTS, Page, Tent, TentStage
from hendig.tents.queries.table import Sheet, sheet, sheet_of


def page_pdf(look: Viewing, tent_id: UUID) -> bytes:
    """The page that remains as an accessible PDF (PDF/UA-1), in the language of the reader. 1 query."""
    return pdf("tents/page.typ", _on_paper(sheet(look, tent_id)))


def page_on_paper(page: Page, part: str) -> tuple[str, Mapping[str, object]]:
    """The same, to be made, of a page that was read with its tent and who agreed. No query."""
    found = sheet_of(page.tent, part)
    assert found is not None
    return "tents/page.typ", _on_paper(found)


def invitation(look: Viewing, tent_id: UUID) -> bytes:
    """The meeting as iCalendar: when and where, and not a word about whom or what. 1 query."""
    tents = Tent.objects.visible_to(look.actor, at=look.at).within(look)
    tent = tents.exclude(stage=TentStage.CANCELLED).filter(pk=tent_id).first()
    if tent is None:
        raise NotVisible
    event = Event()
    event.add("uid", f"{tent.pk}@hendig")
    event.add("dtstamp", look.at)
    event.add("dtstart", tent.starts_at)
    event.add("dtend", tent.starts_at + LASTS)
    event.add("summary", _("Gesprek"))
    event.add("location", tent.place or tent.video_link)
    calendar = Calendar()
    calendar.add("prodid", "-//Hendig//NL")
    calendar.add("version", "2.0")
    calendar.add("method", "PUBLISH")
    calendar.add_component(event)
    return bytes(calendar.to_ical())


def _on_paper(page: Sheet) -> dict[str, object]:
    parts = (
        (_("Onze vraag"), page.question),
        (_("Wat we begrijpen"), page.understanding),
        (_("Wat goed gaat"), page.goes_well),
        (_("Wat we afspreken"), page.agreements),
        (_("Wie er waren"), page.people),
    )
    met = formats.date_format(timezone.localtime(page.met_at), "j F Y")
    return {
        "lang": (get_language() or "nl")[:2],
        "title": _("Wat we samen afspraken"),
        "met": _("Gesprek van %(day)s") % {"day": met},
        "parts": [{"title": title, "lines": _lines(text)} for title, text in parts if text.strip()],
        "until": _("We kijken terug op %(day)s.") % {"day": formats.date_format(page.until_on, "j F Y")}
        if page.until_on
        else "",
        "agreed": _agreed(page),
    }


def _agreed(page: Sheet) -> str:
    if page.agreed_at is None:
        return _("Dit is nog een concept.")
    day = formats.date_format(timezone.localtime(page.agreed_at), "j F Y")
    return _("%(name)s zei op %(day)s dat het zo klopt.") % {"name": page.agreed_by, "day": day}


def _lines(text: str) -> list[str]:
    return [line.strip() for line in text.splitlines() if line.strip()]
