"""Agreements are made, a month becomes an invoice that checks itself, what is right is paid and heard of."""

from hendig.billing.actions.accounts import (
    agree_account,
    ask_account,
    ask_own_account,
    move_account,
    stop_account,
)
from hendig.billing.actions.advances import change_amount, make_advance, settle_advances
from hendig.billing.actions.agreements import (
    change_tariff,
    end_agreement,
    end_tariff,
    make_agreement,
    set_tariff,
)
from hendig.billing.actions.answers import tell_senders
from hendig.billing.actions.bank import read_bank_file
from hendig.billing.actions.codes import change_code
from hendig.billing.actions.folder import take_in
from hendig.billing.actions.invoices import check_again, send_invoice
from hendig.billing.actions.journal import make_journal
from hendig.billing.actions.lines import accept_line, answer_line, credit_line
from hendig.billing.actions.payments import confirm_paid, pay
from hendig.billing.actions.pots import make_pot, set_amount, stop_pot
from hendig.billing.actions.received import receive_invoice
from hendig.billing.actions.running_out import tell_running_out

__all__ = [
    "accept_line",
    "agree_account",
    "answer_line",
    "ask_account",
    "ask_own_account",
    "change_amount",
    "change_code",
    "change_tariff",
    "check_again",
    "confirm_paid",
    "credit_line",
    "end_agreement",
    "end_tariff",
    "make_advance",
    "make_agreement",
    "make_journal",
    "make_pot",
    "move_account",
    "pay",
    "read_bank_file",
    "receive_invoice",
    "send_invoice",
    "set_amount",
    "set_tariff",
    "settle_advances",
    "stop_account",
    "stop_pot",
    "take_in",
    "tell_running_out",
    "tell_senders",
]
