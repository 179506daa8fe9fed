"""Everything that can be asked and answered here."""

from hendig.rights.actions.decisions import (
    answer_question,
    apply,
    ask_more,
    decide,
    extend,
    free,
    give_back,
    remind,
    take_up,
    tell_too_late,
    withdraw,
)
from hendig.rights.actions.own import (
    answer_correction,
    answer_destruction,
    ask_destruction,
    say_whom,
    take_back,
    take_destruction_back,
    write_own_words,
)
from hendig.rights.actions.residence import answer_residence, ask_residence, continue_help, take_over_help
from hendig.rights.actions.residence import remind as remind_of_residence
from hendig.rights.actions.waiting import (
    answer_correction_without_coach,
    answer_destruction_without_coach,
    remind_of_request,
)

__all__ = [
    "answer_correction",
    "answer_correction_without_coach",
    "answer_destruction",
    "answer_destruction_without_coach",
    "answer_question",
    "answer_residence",
    "apply",
    "ask_destruction",
    "ask_more",
    "ask_residence",
    "continue_help",
    "decide",
    "extend",
    "free",
    "give_back",
    "remind",
    "remind_of_request",
    "remind_of_residence",
    "say_whom",
    "take_back",
    "take_destruction_back",
    "take_over_help",
    "take_up",
    "tell_too_late",
    "withdraw",
    "write_own_words",
]
