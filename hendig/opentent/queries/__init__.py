"""What the Open Tent shows: the public board, and the answers to who may choose among them."""

from hendig.opentent.queries.answers import (
    Asked,
    Mine,
    answers_for,
    of_request,
    opening_answers,
    question_start,
)
from hendig.opentent.queries.board import Board, Card, PostPage, board, offers, post
from hendig.opentent.queries.where import WherePage, where_to_come

__all__ = [
    "Asked",
    "Board",
    "Card",
    "Mine",
    "PostPage",
    "WherePage",
    "answers_for",
    "board",
    "of_request",
    "offers",
    "opening_answers",
    "post",
    "question_start",
    "where_to_come",
]
