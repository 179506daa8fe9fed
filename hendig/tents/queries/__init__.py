"""What screens show of tents."""

from hendig.tents.queries.analysis import Chosen, analysis_page
from hendig.tents.queries.around import around
from hendig.tents.queries.calendars import families_that_meet
from hendig.tents.queries.calling import call_page
from hendig.tents.queries.directions import Wish, wish
from hendig.tents.queries.growth import growth
from hendig.tents.queries.guide import guide_page, texts
from hendig.tents.queries.knowledge import knowledge_page
from hendig.tents.queries.listening import may_listen
from hendig.tents.queries.lists import (
    family_of_piece,
    family_of_request,
    family_of_tent,
    my_tents,
    seats_for,
    seats_to_remind,
    tents_of,
    to_prepare,
)
from hendig.tents.queries.nameless import heard, nameless_page, told_to
from hendig.tents.queries.paper import invitation, page_pdf
from hendig.tents.queries.prepared import Preparing, brought, own_note, preparing
from hendig.tents.queries.slots import (
    fixed_on,
    free_slots,
    meetings_to_remind,
    move_page,
    recurring_tent,
    recurring_tents,
)
from hendig.tents.queries.table import piece_about, sheet, tent_page

__all__ = [
    "Chosen",
    "Preparing",
    "Wish",
    "analysis_page",
    "around",
    "brought",
    "call_page",
    "families_that_meet",
    "family_of_piece",
    "family_of_request",
    "family_of_tent",
    "fixed_on",
    "free_slots",
    "growth",
    "guide_page",
    "heard",
    "invitation",
    "knowledge_page",
    "may_listen",
    "meetings_to_remind",
    "move_page",
    "my_tents",
    "nameless_page",
    "own_note",
    "page_pdf",
    "piece_about",
    "preparing",
    "recurring_tent",
    "recurring_tents",
    "seats_for",
    "seats_to_remind",
    "sheet",
    "tent_page",
    "tents_of",
    "texts",
    "to_prepare",
    "told_to",
    "wish",
]
