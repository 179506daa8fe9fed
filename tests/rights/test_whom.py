"""Whom each text of a record is about: it says so itself, or it stands here why it needs not."""

from __future__ import annotations

from collections.abc import Mapping

from django.apps import apps

from hendig.families.models import AboutSomebody
from hendig.keys.models import sealed_fields
from hendig.rights.queries.kinds import KINDS

_WHERE = "where and how people meet: no story"
_END = (
    "how and why the help of this child stopped, and what the child can do if it returns: the child has a "
    "right to read all of it (Youth Act art. 7.3.10); what is about another has a goal, a task or own words"
)
_PAGE = (
    "drafted from what is about the child alone; what the family adds it writes to go home with the child, "
    "and a person of the family agrees to it by name before it is anybody's"
)
_DRAWING = "what is about the child alone, as the family saw it on the page when it agreed to that"
_PAPER = "what is asked and decided for the child that the application names"
_YOUTH = "whether this youth can decide: about the child of the record alone"
_HOW = "how it goes with the child that the question names; only who asked and who answers read it"
_LIVES = "where one person lives: it lies in the part of that person, who says whose it is by itself"
_OF_HOME = ("street", "number", "addition", "postcode", "place", "country", "way_in", "days")
NOT_SAID: Mapping[str, str] = {
    **{f"families.Home.{name}": _LIVES for name in _OF_HOME},
    "tents.Tent.place": _WHERE,
    "tents.Tent.video_link": _WHERE,
    "tents.Page.question": _PAGE,
    "tents.Page.understanding": _PAGE,
    "tents.Page.goes_well": _PAGE,
    "tents.Page.agreements": _PAGE,
    "tents.Page.drawing": _DRAWING,
    "tents.Page.people": "the names of who sat at the table",
    "tents.PageRemark.line": _PAGE,
    "tents.PageRemark.text": "said of a line of the page, which is of all who were there",
    "tents.PageRemark.voice": "the first name of who said it",
    "tents.LaterPage.question": _PAGE,
    "tents.LaterPage.understanding": _PAGE,
    "tents.LaterPage.goes_well": _PAGE,
    "tents.LaterPage.agreements": _PAGE,
    "tents.LaterPage.drawing": _DRAWING,
    "tents.LaterPage.people": "the names of who sat at the table",
    "tents.Influence.voice": "the first name of who said it; what hangs together says whom it is about",
    "tents.Remark.voice": "the first name of who said it; what it is said of says whom that is about",
    "tents.Remark.text": "said of something on the table, which says whom it is about",
    "tents.Gesture.words": "what somebody at the table thinks of the talk itself",
    "tents.NamelessQuestion.text": "the question without a name, as the family lets it be told",
    "tents.PreparedNote.text": "for the own eyes; laid on the table it says whom it is about",
    "plans.Ending.looking_back": _END,
    "plans.Ending.if_it_returns": _END,
    "plans.Appointment.place": _WHERE,
    "rights.Continuation.to": "where somebody went to live: in no copy, and on no page of the family",
    "rights.Continuation.came_from": "where somebody lived: in no copy, and on no page of the family",
    "rights.Continuation.terms": "how the help was agreed elsewhere: in no copy and on no page of the family",
    "rights.Question.words": _PAPER,
    "rights.Question.answer": _PAPER,
    "rights.Decision.what": _PAPER,
    "rights.Decision.reasons": _PAPER,
    "rights.Decision.paper": _PAPER,
    "families.Incapacity.matter": _YOUTH,
    "families.Incapacity.harm": _YOUTH,
    "families.Incapacity.first_why": _YOUTH,
    "families.Incapacity.second_why": _YOUTH,
    "families.Incapacity.objection": _YOUTH,
    "shares.Share.purpose": "what for somebody outside reads pieces that are about the child",
    "rights.InformationRequest.words": _HOW,
    "rights.InformationRequest.answer": _HOW,
    "families.LogQuestion.words": "about a line of the log; only who asked reads it",
    "families.LogQuestion.answer": "about a line of the log; only who asked reads it",
    "families.Tie.name": "somebody of the own circle: the row is about that person alone",
    "families.Tie.relation": "somebody of the own circle: the row is about that person alone",
    "families.Tie.gives": "somebody of the own circle: the row is about that person alone",
}


def test_every_text_of_a_record_says_whom_it_is_about_or_why_not() -> None:
    left = set()
    for kind in KINDS:
        says = bool(kind.about) or issubclass(kind.model, AboutSomebody)
        for field in sealed_fields(kind.model):
            if not says:
                left.add(f"{kind.model._meta.label}.{field.name}")
    assert left == set(NOT_SAID)


def test_what_says_whom_it_is_about_goes_along_by_that() -> None:
    """A kind that is left out of a copy altogether, or another that says it, would pass the test above."""
    told = {kind.model for kind in KINDS}
    says = {model for model in apps.get_models() if issubclass(model, AboutSomebody)}
    assert says
    assert says <= told
