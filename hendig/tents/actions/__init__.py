"""Everything that can be done with a tent."""

from hendig.tents.actions.analysis import change_sign, cut, link, put, remark
from hendig.tents.actions.calendars import tell_calendars
from hendig.tents.actions.calling import (
    answer_seat,
    call_tent,
    cancel_tent,
    refuse_guest,
    remind_asked,
    welcome_all,
    welcome_guest,
)
from hendig.tents.actions.coming import tell_tables_apart
from hendig.tents.actions.directions import Made, out_of, settle_direction, take_direction
from hendig.tents.actions.gestures import say_heard, say_understood
from hendig.tents.actions.guide import set_guide
from hendig.tents.actions.hands import give_turn, lower_hand, next_turn, raise_hand
from hendig.tents.actions.knowledge import set_knowledge
from hendig.tents.actions.meeting import (
    begin,
    close,
    give_chair,
    remove_piece,
    say_whom,
    set_phase,
    undo_begin,
    write_piece,
)
from hendig.tents.actions.moving import move_tent, remind_meeting
from hendig.tents.actions.nameless import (
    allow_nameless,
    answer_nameless,
    forget_told,
    withdraw_nameless,
    write_nameless,
)
from hendig.tents.actions.page import agree_page, amend_page, begin_later_page
from hendig.tents.actions.page_remarks import differ_on_page, take_back_on_page
from hendig.tents.actions.prepared import choose_own_plan, offer_own_plan, remove_note, write_note
from hendig.tents.actions.recurring import make_recurring, stop_recurring
from hendig.tents.actions.step_back import step_back
from hendig.tents.actions.there import say_there

__all__ = [
    "Made",
    "agree_page",
    "allow_nameless",
    "amend_page",
    "answer_nameless",
    "answer_seat",
    "begin",
    "begin_later_page",
    "call_tent",
    "cancel_tent",
    "change_sign",
    "choose_own_plan",
    "close",
    "cut",
    "differ_on_page",
    "forget_told",
    "give_chair",
    "give_turn",
    "link",
    "lower_hand",
    "make_recurring",
    "move_tent",
    "next_turn",
    "offer_own_plan",
    "out_of",
    "put",
    "raise_hand",
    "refuse_guest",
    "remark",
    "remind_asked",
    "remind_meeting",
    "remove_note",
    "remove_piece",
    "say_heard",
    "say_there",
    "say_understood",
    "say_whom",
    "set_guide",
    "set_knowledge",
    "set_phase",
    "settle_direction",
    "step_back",
    "stop_recurring",
    "take_back_on_page",
    "take_direction",
    "tell_calendars",
    "tell_tables_apart",
    "undo_begin",
    "welcome_all",
    "welcome_guest",
    "withdraw_nameless",
    "write_nameless",
    "write_note",
    "write_piece",
]
