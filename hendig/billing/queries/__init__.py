"""What the office of a partner, finance and a family see of hours and money; only the last knows a family."""

from hendig.billing.queries.accounts import (
    AccountPage,
    ChangeRow,
    account_changes,
    account_page,
    accounts_due,
)
from hendig.billing.queries.advances import advances_due, settlements_due
from hendig.billing.queries.agreements import (
    AgreementPage,
    Agreements,
    agreement,
    agreements,
    partners_to_agree_with,
)
from hendig.billing.queries.bank import BatchPage, FileRow, PaymentRow, bank_files, batch
from hendig.billing.queries.chain import Chain, chain
from hendig.billing.queries.codes import CodeRow, code, codes
from hendig.billing.queries.einvoice import as_document, why_no_einvoice
from hendig.billing.queries.family import OwnHelp, own_help
from hendig.billing.queries.finance import (
    Bar,
    Batch,
    PaymentFile,
    months,
    payment_file,
    payments,
)
from hendig.billing.queries.journal import JournalPage, JournalRow, journal_file, journals
from hendig.billing.queries.office import InvoicePage, Month, invoice, invoice_of_line, month
from hendig.billing.queries.open_list import OpenPage, still_open
from hendig.billing.queries.paid import PaidPage, PaidRow, paid
from hendig.billing.queries.paper import on_paper
from hendig.billing.queries.payable import ToPay, to_pay
from hendig.billing.queries.pots import PotRow, Pots, pot, pots
from hendig.billing.queries.received import (
    Answer,
    OwnInvoices,
    SentFile,
    answers_due,
    municipality_for,
    original,
    own_invoices,
    rejection,
    response,
    to_tell,
    turned_away,
)
from hendig.billing.queries.repayments import CameBack, Owed, came_back, owed
from hendig.billing.queries.rows import InvoiceRow, Line, Mark, Transfer
from hendig.billing.queries.running_out import RunningOut, running_out
from hendig.billing.queries.sheets import sheet_head, sheet_template
from hendig.billing.queries.systems import invoice_rows, journal_of, payment_called, received_before
from hendig.billing.queries.tables import TableFile, chain_file, facts_of, rule_of

__all__ = [
    "AccountPage",
    "AgreementPage",
    "Agreements",
    "Answer",
    "Bar",
    "Batch",
    "BatchPage",
    "CameBack",
    "Chain",
    "ChangeRow",
    "CodeRow",
    "FileRow",
    "InvoicePage",
    "InvoiceRow",
    "JournalPage",
    "JournalRow",
    "Line",
    "Mark",
    "Month",
    "OpenPage",
    "Owed",
    "OwnHelp",
    "OwnInvoices",
    "PaidPage",
    "PaidRow",
    "PaymentFile",
    "PaymentRow",
    "PotRow",
    "Pots",
    "RunningOut",
    "SentFile",
    "TableFile",
    "ToPay",
    "Transfer",
    "account_changes",
    "account_page",
    "accounts_due",
    "advances_due",
    "agreement",
    "agreements",
    "answers_due",
    "as_document",
    "bank_files",
    "batch",
    "came_back",
    "chain",
    "chain_file",
    "code",
    "codes",
    "facts_of",
    "invoice",
    "invoice_of_line",
    "invoice_rows",
    "journal_file",
    "journal_of",
    "journals",
    "month",
    "months",
    "municipality_for",
    "on_paper",
    "original",
    "owed",
    "own_help",
    "own_invoices",
    "paid",
    "partners_to_agree_with",
    "payment_called",
    "payment_file",
    "payments",
    "pot",
    "pots",
    "received_before",
    "rejection",
    "response",
    "rule_of",
    "running_out",
    "settlements_due",
    "sheet_head",
    "sheet_template",
    "still_open",
    "to_pay",
    "to_tell",
    "turned_away",
    "why_no_einvoice",
]
