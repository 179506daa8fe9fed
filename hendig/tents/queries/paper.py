"""What leaves the screen: the page that remains as PDF, and the meeting for a calendar."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from uuid import UUID

from django.template.loader import render_to_string
from django.utils import formats, timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from hendig.audit.actions import Viewing
from hendig.kernel.refusal import NotVisible
from hendig.people.adapters.agenda import to_keep
from hendig.people.adapters.paper import pdf
from hendig.tents.models import Influence, LaterPage, Page, Piece, Remark, Tent, TentStage
from hendig.tents.queries.drawn import Picture, of_the_page
from hendig.tents.queries.slots import meeting_of
from hendig.tents.queries.table import Sheet, sheet, sheet_of

# A drawing that is higher than this fills a page of paper by its height.
TALL = 1_150


@dataclass(frozen=True, slots=True)
class Table:
    """What lay on the tables of a record, and whose record it is."""

    child: str
    pieces: Sequence[Piece] = ()
    lines: Sequence[Influence] = ()
    remarks: Sequence[Remark] = ()


def page_pdf(look: Viewing, tent_id: UUID, number: int | None = None) -> bytes:
    """The page that remains as an accessible PDF (PDF/UA-1), in the language of the reader.

    4 queries, for the family 7; where there are later versions 1 more.
    """
    return pdf("tents/page.typ", _on_paper(sheet(look, tent_id, number)))


def page_on_paper(page: Page | LaterPage, part: str, table: Table) -> tuple[str, Mapping[str, object]]:
    """The same, to be made, of a page that was read with its tent, who agreed, and what lay on the table.

    No query.
    """
    found = sheet_of(page, page.tent, part)
    picture = of_the_page(
        [one for one in table.pieces if one.tent_id == page.tent_id],
        [one for one in table.lines if one.tent_id == page.tent_id],
        [one for one in table.remarks if one.tent_id == page.tent_id],
        child=table.child,
    )
    return "tents/page.typ", _on_paper(replace(found, picture=picture))


def invitation(look: Viewing, tent_id: UUID) -> bytes:
    """The meeting as iCalendar: when and where, and not a word about whom or what. 1 query."""
    tents = Tent.objects.visible_to(look.actor, at=look.at).within(look)
    tent = tents.exclude(stage=TentStage.CANCELLED).filter(pk=tent_id).first()
    if tent is None:
        raise NotVisible
    return to_keep(meeting_of(tent), at=look.at)


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
        "drawing": _svg(page.picture),
        "tall": page.picture is not None and page.picture.paper.height > TALL,
        "shows": _("Hoe het samenhangt"),
        "alt": " ".join(page.picture.sentences) if page.picture else "",
        "parts": [{"title": title, "lines": _lines(text)} for title, text in parts if text.strip()],
        "until": _("We kijken terug op %(day)s.") % {"day": formats.date_format(page.until_on, "j F Y")}
        if page.until_on
        else "",
        "agreed": _agreed(page),
        "version": _("Versie %(number)s") % {"number": page.number} if page.number > 1 else "",
    }


def _svg(picture: Picture | None) -> str:
    """The drawing as on the screen, in the ink that stands in it."""
    if picture is None or picture.is_empty:
        return ""
    given = {"sheet": picture.paper, "size": "paper", "key": picture.meanings}
    return render_to_string("tents/_sheet.html", given)


def _agreed(page: Sheet) -> str:
    if page.agreed_at is None:
        return _("Dit is nog een concept.")
    day = formats.date_format(timezone.localtime(page.agreed_at), "j F Y")
    return _("%(name)s zei op %(day)s dat het zo klopt.") % {"name": page.agreed_by, "day": day}


def _lines(text: str) -> list[str]:
    return [line.strip() for line in text.splitlines() if line.strip()]
