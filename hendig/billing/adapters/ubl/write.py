"""Writes a document as UBL 2.1, for the profile that the receiver asks."""

from __future__ import annotations

import re
from datetime import date
from decimal import Decimal

from lxml import etree

from hendig.billing.adapters.ubl.document import (
    CORRECTED,
    INVOICE,
    Adjustment,
    Document,
    Identifier,
    Line,
    Party,
    Tax,
    TaxSum,
)
from hendig.billing.adapters.ubl.names import (
    BILLING,
    CAC,
    CBC,
    CREDIT_ROOT,
    CUSTOMIZATIONS,
    INVOICE_ROOT,
    Profile,
)
from hendig.kernel.money import euros

# What XML 1.0 cannot hold at all, also not as a reference (production 2, Char).
FORBIDDEN = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")

# An object is told from other references by this type (UNTDID 1001).
OBJECT_REFERENCE = "130"


class Incomplete(ValueError):
    """The document lacks what every invoice has; the message names it."""


def ubl(document: Document, profile: Profile) -> bytes:
    """The document as a file; the same document is the same bytes."""
    for what, there in {
        "lines": document.lines,
        "number": legal(document.number),
        "name of the seller": legal(document.seller.name),
        "name of the buyer": legal(document.buyer.name),
    }.items():
        if not there:
            raise Incomplete(what)
    root = Node.root(CREDIT_ROOT if document.is_credit else INVOICE_ROOT)
    _head(root, document, profile)
    _party(root.group("AccountingSupplierParty"), document.seller)
    _party(root.group("AccountingCustomerParty"), document.buyer)
    _delivery(root, document)
    _payment(root, document)
    for one in document.adjustments:
        _adjustment(root, one, document.currency)
    _taxes(root, document)
    _totals(root, document)
    for line in document.lines:
        _line(root, line, document)
    return etree.tostring(root.element, encoding="UTF-8", xml_declaration=True)


def legal(text: str) -> str:
    """The text without what XML cannot hold and without space around it."""
    return FORBIDDEN.sub("", text).strip()


class Node:
    """An element that adds what there is and leaves out what is empty, as the rules ask."""

    def __init__(self, element: etree._Element) -> None:
        self.element = element

    @classmethod
    def root(cls, name: str) -> Node:
        own = name[1:].partition("}")[0]
        return cls(etree.Element(name, nsmap={None: own, "cac": CAC, "cbc": CBC}))  # type: ignore[dict-item]

    def group(self, name: str) -> Node:
        return Node(etree.SubElement(self.element, f"{{{CAC}}}{name}"))

    def add(self, name: str, text: str | None, **attributes: str) -> None:
        kept = legal(text or "")
        if kept:
            made = etree.SubElement(self.element, f"{{{CBC}}}{name}")
            made.text = kept
            for key, value in attributes.items():
                if value:
                    made.set(key, value)

    def identifier(self, name: str, identifier: Identifier | None) -> None:
        if identifier:
            self.add(name, identifier.value, schemeID=identifier.scheme)

    def day(self, name: str, day: date | None) -> None:
        self.add(name, day.isoformat() if day else None)

    def money(self, name: str, cents: int, currency: str) -> None:
        self.add(name, f"{euros(cents):f}", currencyID=currency)

    def period(self, first_on: date | None, last_on: date | None) -> None:
        if first_on or last_on:
            made = self.group("InvoicePeriod")
            made.day("StartDate", first_on)
            made.day("EndDate", last_on)


def _head(root: Node, document: Document, profile: Profile) -> None:
    root.add("CustomizationID", CUSTOMIZATIONS[profile])
    root.add("ProfileID", BILLING)
    root.add("ID", document.number)
    root.day("IssueDate", document.issued_on)
    if document.is_credit:
        root.add("CreditNoteTypeCode", document.kind)
    else:
        root.day("DueDate", document.due_on)
        root.add("InvoiceTypeCode", _kind(document.kind, profile))
    root.add("Note", document.note)
    root.add("DocumentCurrencyCode", document.currency)
    root.add("BuyerReference", document.buyer_reference)
    root.period(document.first_on, document.last_on)
    if document.order:
        root.group("OrderReference").add("ID", document.order)
    for number in document.before:
        root.group("BillingReference").group("InvoiceDocumentReference").add("ID", number)
    if document.contract:
        root.group("ContractDocumentReference").add("ID", document.contract)


def _kind(kind: str, profile: Profile) -> str:
    """On the network only Germans may say 384: there a correction is an invoice that names the one before."""
    return INVOICE if kind == CORRECTED and profile == Profile.PEPPOL else kind


def _party(around: Node, party: Party) -> None:
    made = around.group("Party")
    made.identifier("EndpointID", party.endpoint)
    for one in party.identifiers:
        made.group("PartyIdentification").identifier("ID", one)
    made.group("PartyName").add("Name", party.name)
    address = made.group("PostalAddress")
    address.add("StreetName", party.street)
    address.add("AdditionalStreetName", party.street_more)
    address.add("CityName", party.town)
    address.add("PostalZone", party.postcode)
    address.group("Country").add("IdentificationCode", party.country)
    for number, scheme in ((party.vat, "VAT"), (party.tax_number, "TAX")):
        if legal(number):
            tax = made.group("PartyTaxScheme")
            tax.add("CompanyID", number)
            tax.group("TaxScheme").add("ID", scheme)
    entity = made.group("PartyLegalEntity")
    entity.add("RegistrationName", legal(party.legal_name) or party.name)
    entity.identifier("CompanyID", party.legal)


def _delivery(root: Node, document: Document) -> None:
    if document.delivered_on or document.delivered_in:
        made = root.group("Delivery")
        made.day("ActualDeliveryDate", document.delivered_on)
        if document.delivered_in:
            country = made.group("DeliveryLocation").group("Address").group("Country")
            country.add("IdentificationCode", document.delivered_in)


def _payment(root: Node, document: Document) -> None:
    due_on = document.due_on if document.is_credit else None
    if document.account:
        made = root.group("PaymentMeans")
        made.add("PaymentMeansCode", document.account.means)
        made.day("PaymentDueDate", due_on)
        made.add("PaymentID", document.account.reference)
        if document.account.iban:
            made.group("PayeeFinancialAccount").add("ID", document.account.iban)
    if legal(document.terms):
        root.group("PaymentTerms").add("Note", document.terms)


def _adjustment(around: Node, one: Adjustment, currency: str) -> None:
    made = around.group("AllowanceCharge")
    made.add("ChargeIndicator", "true" if one.charge else "false")
    made.add("AllowanceChargeReasonCode", one.reason_code)
    made.add("AllowanceChargeReason", one.reason)
    if one.percent is not None:
        made.add("MultiplierFactorNumeric", _plain(one.percent))
    made.money("Amount", one.cents, currency)
    if one.base_cents is not None:
        made.money("BaseAmount", one.base_cents, currency)
    if one.tax:
        _category(made.group("TaxCategory"), one.tax)


def _category(made: Node, tax: Tax, total: TaxSum | None = None) -> None:
    made.add("ID", tax.category)
    if tax.percent is not None:
        made.add("Percent", _plain(tax.percent))
    if total:
        made.add("TaxExemptionReasonCode", total.reason_code)
        made.add("TaxExemptionReason", total.reason)
    made.group("TaxScheme").add("ID", "VAT")


def _taxes(root: Node, document: Document) -> None:
    made = root.group("TaxTotal")
    made.money("TaxAmount", document.totals.vat, document.currency)
    for total in document.taxes:
        part = made.group("TaxSubtotal")
        part.money("TaxableAmount", total.taxable_cents, document.currency)
        part.money("TaxAmount", total.cents, document.currency)
        _category(part.group("TaxCategory"), total.tax, total)


def _totals(root: Node, document: Document) -> None:
    totals, made = document.totals, root.group("LegalMonetaryTotal")
    for name, cents, always in (
        ("LineExtensionAmount", totals.lines, True),
        ("TaxExclusiveAmount", totals.exclusive, True),
        ("TaxInclusiveAmount", totals.inclusive, True),
        # Also a discount of nothing has a total (BR-CO-11).
        ("AllowanceTotalAmount", totals.allowances, any(not one.charge for one in document.adjustments)),
        ("ChargeTotalAmount", totals.charges, any(one.charge for one in document.adjustments)),
        ("PrepaidAmount", totals.prepaid, False),
        ("PayableRoundingAmount", totals.rounding, False),
        ("PayableAmount", totals.payable, True),
    ):
        if always or cents:
            made.money(name, cents, document.currency)


def _line(root: Node, line: Line, document: Document) -> None:
    made = root.group("CreditNoteLine" if document.is_credit else "InvoiceLine")
    made.add("ID", line.id)
    made.add("Note", line.note)
    quantity = "CreditedQuantity" if document.is_credit else "InvoicedQuantity"
    made.add(quantity, _plain(line.quantity), unitCode=line.unit)
    made.money("LineExtensionAmount", line.cents, document.currency)
    made.period(line.first_on, line.last_on)
    if line.order_line:
        made.group("OrderLineReference").add("LineID", line.order_line)
    if line.object_id:
        reference = made.group("DocumentReference")
        reference.identifier("ID", line.object_id)
        reference.add("DocumentTypeCode", OBJECT_REFERENCE)
    for one in line.adjustments:
        _adjustment(made, one, document.currency)
    item = made.group("Item")
    item.add("Name", line.name)
    if legal(line.code):
        item.group("SellersItemIdentification").add("ID", line.code)
    _category(item.group("ClassifiedTaxCategory"), line.tax)
    price = made.group("Price")
    price.add("PriceAmount", _plain(line.price), currencyID=document.currency)
    if line.per != 1:
        price.add("BaseQuantity", _plain(line.per), unitCode=line.unit)


def _plain(number: Decimal) -> str:
    """The number without an exponent and without zeros that say nothing."""
    text = f"{number:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text
