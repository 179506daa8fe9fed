"""What screens show of tents."""

from hendig.tents.queries.analysis import Chosen, analysis_page
from hendig.tents.queries.growth import growth
from hendig.tents.queries.lists import (
    call_page,
    family_of_piece,
    family_of_request,
    family_of_tent,
    my_tents,
    seats_for,
    seats_to_remind,
    tents_of,
)
from hendig.tents.queries.paper import invitation, page_pdf
from hendig.tents.queries.table import piece_about, sheet, tent_page

__all__ = [
    "Chosen",
    "analysis_page",
    "call_page",
    "family_of_piece",
    "family_of_request",
    "family_of_tent",
    "growth",
    "invitation",
    "my_tents",
    "page_pdf",
    "piece_about",
    "seats_for",
    "seats_to_remind",
    "sheet",
    "tent_page",
    "tents_of",
]
