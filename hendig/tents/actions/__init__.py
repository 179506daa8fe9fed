"""Everything that can be done with a tent."""

from hendig.tents.actions.analysis import change_sign, cut, link, put, remark
from hendig.tents.actions.calling import (
    answer_seat,
    call_tent,
    cancel_tent,
    refuse_guest,
    remind_asked,
    welcome_all,
    welcome_guest,
)
from hendig.tents.actions.meeting import (
    begin,
    close,
    give_chair,
    remove_piece,
    say_whom,
    set_phase,
    write_piece,
)
from hendig.tents.actions.page import agree_page, amend_page
from hendig.tents.actions.step_back import step_back

__all__ = [
    "agree_page",
    "amend_page",
    "answer_seat",
    "begin",
    "call_tent",
    "cancel_tent",
    "change_sign",
    "close",
    "cut",
    "give_chair",
    "link",
    "put",
    "refuse_guest",
    "remark",
    "remind_asked",
    "remove_piece",
    "say_whom",
    "set_phase",
    "step_back",
    "welcome_all",
    "welcome_guest",
    "write_piece",
]
