"""What comes in from a form: shape only."""

from hendig.tents.forms.calling import CallForm, EverybodyForm, MomentForm
from hendig.tents.forms.drawing import (
    AtTableForm,
    ChosenForm,
    DrawForm,
    Drawn,
    JoinForm,
    LineForm,
    PutForm,
    RemarkForm,
    SignForm,
    StepForm,
)
from hendig.tents.forms.guide import GuideForm, PhaseOfGuide
from hendig.tents.forms.knowledge import KnowledgeForm
from hendig.tents.forms.nameless import FromTold, NamelessForm, ThoughtForm
from hendig.tents.forms.page import ON_PAPER, EditionForm, LanguageForm, PageForm, PartOfPage, VersionForm
from hendig.tents.forms.page_remarks import DifferForm
from hendig.tents.forms.prepared import NoteForm, OwnPlanForm
from hendig.tents.forms.table import (
    AgainForm,
    AnswerForm,
    ArrivedForm,
    BreakOffForm,
    ChairForm,
    FromDirection,
    HeardForm,
    PhaseForm,
    PieceForm,
    SettleForm,
    ThereForm,
    TurnForm,
    UnderstoodForm,
)
from hendig.tents.forms.unless import UnlessForm
from hendig.tents.forms.when import MoveForm, RecurringForm, StopForm

__all__ = [
    "ON_PAPER",
    "AgainForm",
    "AnswerForm",
    "ArrivedForm",
    "AtTableForm",
    "BreakOffForm",
    "CallForm",
    "ChairForm",
    "ChosenForm",
    "DifferForm",
    "DrawForm",
    "Drawn",
    "EditionForm",
    "EverybodyForm",
    "FromDirection",
    "FromTold",
    "GuideForm",
    "HeardForm",
    "JoinForm",
    "KnowledgeForm",
    "LanguageForm",
    "LineForm",
    "MomentForm",
    "MoveForm",
    "NamelessForm",
    "NoteForm",
    "OwnPlanForm",
    "PageForm",
    "PartOfPage",
    "PhaseForm",
    "PhaseOfGuide",
    "PieceForm",
    "PutForm",
    "RecurringForm",
    "RemarkForm",
    "SettleForm",
    "SignForm",
    "StepForm",
    "StopForm",
    "ThereForm",
    "ThoughtForm",
    "TurnForm",
    "UnderstoodForm",
    "UnlessForm",
    "VersionForm",
]
