"""Electronic invoices in UBL 2.1: one document, written, read and checked by the official rules."""
