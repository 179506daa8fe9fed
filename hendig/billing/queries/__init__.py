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
from hendig.billing.queries.codes import CodeRow, code, codes
from hendig.billing.queries.einvoice import as_document, why_no_einvoice
from hendig.billing.queries.family import OwnHelp, own_help
from hendig.billing.queries.finance import (
    Bar,
    Batch,
    PaymentFile,
    ToPay,
    months,
    payment_file,
    payments,
    to_pay,
)
from hendig.billing.queries.office import InvoicePage, Month, invoice, invoice_of_line, month
from hendig.billing.queries.paper import on_paper
from hendig.billing.queries.pots import PotRow, Pots, pot, pots
from hendig.billing.queries.rows import InvoiceRow, Line, Mark

__all__ = [
    "AccountPage",
    "AgreementPage",
    "Agreements",
    "Bar",
    "Batch",
    "ChangeRow",
    "CodeRow",
    "InvoicePage",
    "InvoiceRow",
    "Line",
    "Mark",
    "Month",
    "OwnHelp",
    "PaymentFile",
    "PotRow",
    "Pots",
    "ToPay",
    "account_changes",
    "account_page",
    "accounts_due",
    "advances_due",
    "agreement",
    "agreements",
    "as_document",
    "code",
    "codes",
    "invoice",
    "invoice_of_line",
    "month",
    "months",
    "on_paper",
    "own_help",
    "partners_to_agree_with",
    "payment_file",
    "payments",
    "pot",
    "pots",
    "settlements_due",
    "to_pay",
    "why_no_einvoice",
]
