"""What a family asks of its record and of the municipality: a decision on paper, its own words, destruction.

And the one question that the municipality asks itself first: which municipality is responsible.
"""

from hendig.rights.models.asked import (
    DECIDER_SEES,
    DESTRUCTION_MOVES,
    OPEN_STAGES,
    PAPER_MOVES,
    WITH_APPLICATION,
    Application,
    ApplicationQuerySet,
    Continuation,
    Decision,
    Destruction,
    DestructionStage,
    PaperStage,
    Question,
    Reminded,
    Residence,
    Verdict,
)
from hendig.rights.models.information import (
    Answering,
    InformationQuerySet,
    InformationRequest,
    InformationStage,
    Topic,
)
from hendig.rights.models.own import OWN_MOVES, OwnKind, OwnStage, OwnWords, Piece

__all__ = [
    "DECIDER_SEES",
    "DESTRUCTION_MOVES",
    "OPEN_STAGES",
    "OWN_MOVES",
    "PAPER_MOVES",
    "WITH_APPLICATION",
    "Answering",
    "Application",
    "ApplicationQuerySet",
    "Continuation",
    "Decision",
    "Destruction",
    "DestructionStage",
    "InformationQuerySet",
    "InformationRequest",
    "InformationStage",
    "OwnKind",
    "OwnStage",
    "OwnWords",
    "PaperStage",
    "Piece",
    "Question",
    "Reminded",
    "Residence",
    "Topic",
    "Verdict",
]
