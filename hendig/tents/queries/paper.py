"""What leaves the screen: the page that remains as PDF, and the meeting for a calendar."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from uuid import UUID

from django.template.loader import render_to_string
from django.utils import formats, timezone
from django.utils.translation import get_language, override
from django.utils.translation import gettext as _

from hendig.audit.actions import Viewing
from hendig.kernel.refusal import NotVisible
from hendig.people.adapters.agenda import to_keep
from hendig.people.adapters.paper import pdf
from hendig.tents.models import Influence, LaterPage, Page, PageRemark, Piece, Remark, Tent, TentStage
from hendig.tents.queries.drawn import Picture, as_agreed, of_the_page
from hendig.tents.queries.sheet import Sheet, sheet_of
from hendig.tents.queries.slots import meeting_of
from hendig.tents.queries.table import sheet
from hendig.tents.rules.drawing import Said
from hendig.tents.rules.page import LineOfPage
from hendig.tents.rules.twin import otherwise
from hendig.tents.rules.typed import language_of, runs, typed

# A drawing that is higher than this fills a page of paper by its height.
TALL = 1_150
_VOWELS = re.compile("[\u064b-\u0652\u0670]")


@dataclass(frozen=True, slots=True)
class Table:
    """What lay on the tables of a record, and whose record it is."""

    child: str
    pieces: Sequence[Piece] = ()
    lines: Sequence[Influence] = ()
    remarks: Sequence[Remark] = ()
    otherwise: Sequence[PageRemark] = ()


def page_pdf(look: Viewing, tent_id: UUID, number: int | None = None, language: str = "") -> bytes:
    """The page that remains as an accessible PDF (PDF/UA-1), in this language, by default the reader's.

    What people typed stays as they typed it. As many queries as the page itself.
    """
    with override(language or get_language()):
        return pdf("tents/page.typ", _on_paper(sheet(look, tent_id, number)))


def page_on_paper(page: Page | LaterPage, part: str, table: Table) -> tuple[str, Mapping[str, object]]:
    """The same, to be made, of a page that was read with its tent, who agreed, and what lay on the table.

    No query.
    """
    found = sheet_of(page, page.tent, part)
    picture = as_agreed(page) or of_the_page(
        [one for one in table.pieces if one.tent_id == page.tent_id],
        [one for one in table.lines if one.tent_id == page.tent_id],
        [one for one in table.remarks if one.tent_id == page.tent_id],
        child=table.child,
    )
    views = tuple(
        one
        for one in table.otherwise
        if (one.tent_id, one.number, one.removed_at) == (page.tent_id, found.number, None)
    )
    return "tents/page.typ", _on_paper(replace(found, picture=picture, remarks=views))


def invitation(look: Viewing, tent_id: UUID) -> bytes:
    """The meeting as iCalendar: when and where, and not a word about whom or what. 1 query."""
    tents = Tent.objects.visible_to(look.actor, at=look.at).within(look)
    tent = tents.exclude(stage=TentStage.CANCELLED).filter(pk=tent_id).first()
    if tent is None:
        raise NotVisible
    return to_keep(meeting_of(tent), at=look.at)


def _on_paper(page: Sheet) -> dict[str, object]:
    met = _day(timezone.localtime(page.met_at))
    return {
        "lang": (get_language() or "nl")[:2],
        "title": _("Wat we samen afspraken"),
        "met": _("Gesprek van %(day)s") % {"day": met},
        "drawing": _svg(page.picture),
        "tall": page.picture is not None and page.picture.paper.height > TALL,
        "shows": _("Hoe het samenhangt"),
        "alt": " ".join(page.picture.sentences) if page.picture else "",
        "differ": _("Waar we het verschillend zien"),
        "differing": [_runs(" ".join(one.sentences)) for one in page.picture.differing]
        if page.picture
        else [],
        "parts": [
            {"title": str(part.label), "lines": [_line(line) for line in lines]}
            for part, lines in page.parts
            if lines
        ],
        "until": _("We kijken terug op %(day)s.") % {"day": _day(page.until_on)} if page.until_on else "",
        "agreed": _agreed(page),
        "version": _("Versie %(number)s") % {"number": page.number} if page.number > 1 else "",
    }


def _svg(picture: Picture | None) -> str:
    """The drawing as on the screen, in the ink that stands in it."""
    if picture is None or picture.is_empty:
        return ""
    given = {"sheet": picture.paper, "size": "paper", "key": picture.meanings}
    # Short vowels are drawn as one with their letter there, and could not be read aloud; Arabic does without.
    return _VOWELS.sub("", render_to_string("tents/_sheet.html", given))


def _agreed(page: Sheet) -> str:
    if page.agreed_at is None:
        return _("Dit is nog een concept.")
    day = _day(timezone.localtime(page.agreed_at))
    return _("%(name)s zei op %(day)s dat het zo klopt.") % {"name": page.agreed_by, "day": day}


def _day(day: date) -> str:
    """The day in words; in a language that bends the name of a month, bent (E), as after a number it is."""
    return formats.date_format(day, "j E Y")


def _line(line: LineOfPage) -> dict[str, object]:
    """A line, and under it each who sees it otherwise; one that was amended since says so."""
    text = typed(line.text)
    text = _("Eerder stond hier: %(line)s") % {"line": text} if line.gone else text
    told = [_runs(otherwise(Said(one.voice, typed(one.text)))) for one in line.others]
    return {"text": _runs(text), "lang": language_of(line.text), "gone": line.gone, "others": told}


def _runs(text: str) -> list[dict[str, str]]:
    """The words, each with the language that they are in."""
    return [{"text": run.text, "lang": run.lang} for run in runs(text)]
