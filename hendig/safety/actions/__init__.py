"""What people do for somebody's safety, and what is judged afterwards."""

from hendig.safety.actions.addresses import bring_own, end_secret, hide_own, set_secret, show_own
from hendig.safety.actions.breaches import add_to_breach, write_breach
from hendig.safety.actions.concerns import (
    begin_concern,
    close_concern,
    hold,
    keep_told,
    name_for_safety,
    release_hold,
    take_step,
    take_told_back,
    unname,
)
from hendig.safety.actions.emergency import end_emergency, judge_emergency, open_in_emergency, remind_to_judge
from hendig.safety.actions.ending import (
    agree_erasure,
    ask_erasure,
    carry_out,
    finish_erasures,
    freeze_record,
    unfreeze_record,
)
from hendig.safety.actions.legal import answer_by_law, ask_by_law, take_pieces
from hendig.safety.actions.likeness import watch_likeness
from hendig.safety.actions.mistakes import agree_to_mistake, ask_back, decline_mistake
from hendig.safety.actions.own import declare_own_family
from hendig.safety.actions.readers import keep_read
from hendig.safety.actions.watch import (
    count_lines,
    sound_alarm,
    tell_past_terms,
    tell_proof,
    watch_own_family,
    watch_own_name,
)

__all__ = [
    "add_to_breach",
    "agree_erasure",
    "agree_to_mistake",
    "answer_by_law",
    "ask_back",
    "ask_by_law",
    "ask_erasure",
    "begin_concern",
    "bring_own",
    "carry_out",
    "close_concern",
    "count_lines",
    "declare_own_family",
    "decline_mistake",
    "end_emergency",
    "end_secret",
    "finish_erasures",
    "freeze_record",
    "hide_own",
    "hold",
    "judge_emergency",
    "keep_read",
    "keep_told",
    "name_for_safety",
    "open_in_emergency",
    "release_hold",
    "remind_to_judge",
    "set_secret",
    "show_own",
    "sound_alarm",
    "take_pieces",
    "take_step",
    "take_told_back",
    "tell_past_terms",
    "tell_proof",
    "unfreeze_record",
    "unname",
    "watch_likeness",
    "watch_own_family",
    "watch_own_name",
    "write_breach",
]
