"""Everything that can be done with a tent."""

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
from hendig.tents.actions.moving import move_tent, remind_meeting
from hendig.tents.actions.page import agree_page, amend_page
from hendig.tents.actions.prepared import choose_own_plan, remove_note, write_note
from hendig.tents.actions.recurring import make_recurring, stop_recurring

__all__ = [
    "agree_page",
    "amend_page",
    "answer_seat",
    "begin",
    "call_tent",
    "cancel_tent",
    "choose_own_plan",
    "close",
    "give_chair",
    "make_recurring",
    "move_tent",
    "refuse_guest",
    "remind_asked",
    "remind_meeting",
    "remove_note",
    "remove_piece",
    "say_whom",
    "set_phase",
    "stop_recurring",
    "welcome_all",
    "welcome_guest",
    "write_note",
    "write_piece",
]
