"""Reads an invoice or credit note that came through the gate; of people in it nothing is read."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import TypeVar

from lxml import etree

from hendig.billing.adapters.ubl.document import (
    Account,
    Adjustment,
    Document,
    Head,
    Identifier,
    Line,
    Party,
    Tax,
    TaxSum,
    Totals,
)
from hendig.billing.adapters.ubl.names import CREDIT_ROOT, NAMESPACES
from hendig.kernel.money import half_up

NUMBER = re.compile(r"[+-]?(\d{1,30}(\.\d{0,30})?|\.\d{1,30})")
MOST_CENTS = 10**14
OBJECT_REFERENCE = "130"
Read = TypeVar("Read")


class Hole(StrEnum):
    """Why a document that is UBL cannot be read as an invoice."""

    AMOUNT = "HENDIG-AMOUNT"
    CURRENCIES = "HENDIG-CURRENCIES"
    DATE = "HENDIG-DATE"
    MISSING = "HENDIG-MISSING"


class Unreadable(Exception):
    """What is not there or cannot be understood, and the name of its element."""

    def __init__(self, code: Hole, where: str) -> None:
        super().__init__(code.value)
        self.code = code
        self.where = where


def document(root: etree._Element) -> Document:
    """The document; `Unreadable` names the first thing that cannot be understood."""
    credit = root.tag == CREDIT_ROOT
    due = "cac:PaymentMeans/cbc:PaymentDueDate" if credit else "cbc:DueDate"
    lines = root.findall("cac:CreditNoteLine" if credit else "cac:InvoiceLine", NAMESPACES)
    if not lines:
        raise Unreadable(Hole.MISSING, "CreditNoteLine" if credit else "InvoiceLine")
    _one_currency(root)
    taxes = _taxes(root)
    delivery = "cac:Delivery/cac:DeliveryLocation/cac:Address/cac:Country/cbc:IdentificationCode"
    return Document(
        kind=_needed(root, "cbc:CreditNoteTypeCode" if credit else "cbc:InvoiceTypeCode"),
        number=_needed(root, "cbc:ID"),
        issued_on=_day(root, "cbc:IssueDate") or _missing("IssueDate"),
        due_on=_day(root, due),
        first_on=_day(root, "cac:InvoicePeriod/cbc:StartDate"),
        last_on=_day(root, "cac:InvoicePeriod/cbc:EndDate"),
        currency=_needed(root, "cbc:DocumentCurrencyCode"),
        buyer_reference=_text(root, "cbc:BuyerReference"),
        order=_text(root, "cac:OrderReference/cbc:ID"),
        contract=_text(root, "cac:ContractDocumentReference/cbc:ID"),
        note=_text(root, "cbc:Note"),
        terms=_text(root, "cac:PaymentTerms/cbc:Note"),
        before=_before(root),
        seller=_party(root, "cac:AccountingSupplierParty/cac:Party"),
        buyer=_party(root, "cac:AccountingCustomerParty/cac:Party"),
        account=_account(root),
        adjustments=_adjustments(root),
        lines=tuple(_line(line, credit=credit) for line in lines),
        taxes=taxes,
        totals=_totals(root),
        delivered_on=_day(root, "cac:Delivery/cbc:ActualDeliveryDate"),
        delivered_in=_text(root, delivery),
    )


def head(root: etree._Element) -> Head:
    """What can be read of it also where `document` cannot, so that who sent it can be told so."""
    credit = root.tag == CREDIT_ROOT
    return Head(
        kind=_text(root, "cbc:CreditNoteTypeCode" if credit else "cbc:InvoiceTypeCode"),
        number=_text(root, "cbc:ID"),
        issued_on=_or_nothing(_day, root, "cbc:IssueDate"),
        is_credit=credit,
        seller=_or_nothing(_party, root, "cac:AccountingSupplierParty/cac:Party"),
        buyer=_or_nothing(_party, root, "cac:AccountingCustomerParty/cac:Party"),
    )


def _or_nothing(
    reads: Callable[[etree._Element, str], Read | None], root: etree._Element, path: str
) -> Read | None:
    try:
        return reads(root, path)
    except Unreadable:
        return None


def _one_currency(root: etree._Element) -> None:
    """Each amount is in the currency of the document; only of the VAT another may be told beside it."""
    currency = _needed(root, "cbc:DocumentCurrencyCode")
    name = root.xpath(
        "local-name(//*[@currencyID != $currency][not(ancestor::cac:TaxTotal)])",
        namespaces=NAMESPACES,
        currency=currency,
    )
    if name:
        raise Unreadable(Hole.CURRENCIES, str(name))


def _missing(path: str) -> date:
    raise Unreadable(Hole.MISSING, path)


def _text(around: etree._Element, path: str) -> str:
    found = around.find(path, NAMESPACES)
    return (found.text or "").strip() if found is not None else ""


def _needed(around: etree._Element, path: str) -> str:
    text = _text(around, path)
    if not text:
        raise Unreadable(Hole.MISSING, path.rpartition(":")[2])
    return text


def _identifier(around: etree._Element, path: str) -> Identifier | None:
    found = around.find(path, NAMESPACES)
    if found is None or not (found.text or "").strip():
        return None
    return Identifier((found.text or "").strip(), str(found.get("schemeID") or ""))


def _day(around: etree._Element, path: str) -> date | None:
    text = _text(around, path)
    if not text:
        return None
    if not re.fullmatch(r"\d{4}-\d{2}-\d{2}", text, re.ASCII):
        raise Unreadable(Hole.DATE, path.rpartition(":")[2])
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise Unreadable(Hole.DATE, path.rpartition(":")[2]) from None


def _number(around: etree._Element, path: str) -> Decimal | None:
    text = _text(around, path)
    if not text:
        return None
    if not NUMBER.fullmatch(text) or not text.isascii():
        raise Unreadable(Hole.AMOUNT, path.rpartition(":")[2])
    return Decimal(text)


def _needed_number(around: etree._Element, path: str) -> Decimal:
    number = _number(around, path)
    if number is None:
        raise Unreadable(Hole.MISSING, path.rpartition(":")[2])
    return number


def _cents(around: etree._Element, path: str) -> int | None:
    number = _number(around, path)
    if number is None:
        return None
    # A value with more than two decimals is no amount of money; one this large is a mistake.
    if abs(number) >= MOST_CENTS or number * 100 != half_up(number * 100):
        raise Unreadable(Hole.AMOUNT, path.rpartition(":")[2])
    return half_up(number * 100)


def _needed_cents(around: etree._Element, path: str) -> int:
    cents = _cents(around, path)
    if cents is None:
        raise Unreadable(Hole.MISSING, path.rpartition(":")[2])
    return cents


def _before(root: etree._Element) -> tuple[str, ...]:
    found = root.findall("cac:BillingReference/cac:InvoiceDocumentReference", NAMESPACES)
    return tuple(number for one in found if (number := _text(one, "cbc:ID")))


def _party(root: etree._Element, path: str) -> Party:
    found = root.find(path, NAMESPACES)
    if found is None:
        raise Unreadable(Hole.MISSING, path.partition("/")[0].rpartition(":")[2])
    legal_name = _text(found, "cac:PartyLegalEntity/cbc:RegistrationName")
    name = _text(found, "cac:PartyName/cbc:Name") or legal_name
    if not name:
        raise Unreadable(Hole.MISSING, "RegistrationName")
    numbers = {"VAT": "", "": ""}
    for tax in found.findall("cac:PartyTaxScheme", NAMESPACES):
        scheme = "VAT" if _text(tax, "cac:TaxScheme/cbc:ID") == "VAT" else ""
        numbers[scheme] = numbers[scheme] or _text(tax, "cbc:CompanyID")
    named = (_identifier(one, "cbc:ID") for one in found.findall("cac:PartyIdentification", NAMESPACES))
    address = "cac:PostalAddress/cbc:"
    return Party(
        name=name,
        legal_name="" if legal_name == name else legal_name,
        endpoint=_identifier(found, "cbc:EndpointID"),
        legal=_identifier(found, "cac:PartyLegalEntity/cbc:CompanyID"),
        identifiers=tuple(one for one in named if one),
        vat=numbers["VAT"],
        tax_number=numbers[""],
        street=_text(found, f"{address}StreetName"),
        street_more=_text(found, f"{address}AdditionalStreetName"),
        town=_text(found, f"{address}CityName"),
        postcode=_text(found, f"{address}PostalZone"),
        country=_text(found, "cac:PostalAddress/cac:Country/cbc:IdentificationCode"),
    )


def _account(root: etree._Element) -> Account | None:
    found = root.find("cac:PaymentMeans", NAMESPACES)
    if found is None:
        return None
    return Account(
        iban=_text(found, "cac:PayeeFinancialAccount/cbc:ID"),
        means=_text(found, "cbc:PaymentMeansCode"),
        reference=_text(found, "cbc:PaymentID"),
    )


def _adjustments(around: etree._Element) -> tuple[Adjustment, ...]:
    return tuple(
        Adjustment(
            charge=_text(one, "cbc:ChargeIndicator") in {"true", "1"},
            cents=_needed_cents(one, "cbc:Amount"),
            tax=_tax(one, "cac:TaxCategory"),
            reason=_text(one, "cbc:AllowanceChargeReason"),
            reason_code=_text(one, "cbc:AllowanceChargeReasonCode"),
            percent=_number(one, "cbc:MultiplierFactorNumeric"),
            base_cents=_cents(one, "cbc:BaseAmount"),
        )
        for one in around.findall("cac:AllowanceCharge", NAMESPACES)
    )


def _tax(around: etree._Element, path: str) -> Tax | None:
    category = _text(around, f"{path}/cbc:ID")
    return Tax(category, _number(around, f"{path}/cbc:Percent")) if category else None


def _taxes(root: etree._Element) -> tuple[TaxSum, ...]:
    return tuple(
        TaxSum(
            tax=_tax(one, "cac:TaxCategory") or Tax("", None),
            taxable_cents=_needed_cents(one, "cbc:TaxableAmount"),
            cents=_needed_cents(one, "cbc:TaxAmount"),
            reason=_text(one, "cac:TaxCategory/cbc:TaxExemptionReason"),
            reason_code=_text(one, "cac:TaxCategory/cbc:TaxExemptionReasonCode"),
        )
        for one in root.findall("cac:TaxTotal/cac:TaxSubtotal", NAMESPACES)
    )


def _totals(root: etree._Element) -> Totals:
    foot = root.find("cac:LegalMonetaryTotal", NAMESPACES)
    if foot is None:
        raise Unreadable(Hole.MISSING, "LegalMonetaryTotal")
    return Totals(
        lines=_needed_cents(foot, "cbc:LineExtensionAmount"),
        allowances=_cents(foot, "cbc:AllowanceTotalAmount") or 0,
        charges=_cents(foot, "cbc:ChargeTotalAmount") or 0,
        exclusive=_needed_cents(foot, "cbc:TaxExclusiveAmount"),
        vat=_vat(root),
        inclusive=_needed_cents(foot, "cbc:TaxInclusiveAmount"),
        prepaid=_cents(foot, "cbc:PrepaidAmount") or 0,
        rounding=_cents(foot, "cbc:PayableRoundingAmount") or 0,
        payable=_needed_cents(foot, "cbc:PayableAmount"),
    )


def _vat(root: etree._Element) -> int:
    """The VAT in the currency of the document: a second total may say it in another."""
    currency = _text(root, "cbc:DocumentCurrencyCode")
    for total in root.findall("cac:TaxTotal", NAMESPACES):
        amount = total.find("cbc:TaxAmount", NAMESPACES)
        if amount is not None and amount.get("currencyID") == currency:
            return _needed_cents(total, "cbc:TaxAmount")
    return 0


def _line(line: etree._Element, *, credit: bool) -> Line:
    quantity = "cbc:CreditedQuantity" if credit else "cbc:InvoicedQuantity"
    counted = line.find(quantity, NAMESPACES)
    return Line(
        id=_text(line, "cbc:ID"),
        name=_text(line, "cac:Item/cbc:Name"),
        quantity=_needed_number(line, quantity),
        unit=str(counted.get("unitCode") or "") if counted is not None else "",
        cents=_needed_cents(line, "cbc:LineExtensionAmount"),
        price=_needed_number(line, "cac:Price/cbc:PriceAmount"),
        per=_number(line, "cac:Price/cbc:BaseQuantity") or Decimal(1),
        tax=_tax(line, "cac:Item/cac:ClassifiedTaxCategory") or Tax("", None),
        first_on=_day(line, "cac:InvoicePeriod/cbc:StartDate"),
        last_on=_day(line, "cac:InvoicePeriod/cbc:EndDate"),
        object_id=_object(line),
        order_line=_text(line, "cac:OrderLineReference/cbc:LineID"),
        code=_text(line, "cac:Item/cac:SellersItemIdentification/cbc:ID"),
        note=_text(line, "cbc:Note"),
        adjustments=_adjustments(line),
    )


def _object(line: etree._Element) -> Identifier | None:
    for one in line.findall("cac:DocumentReference", NAMESPACES):
        if _text(one, "cbc:DocumentTypeCode") == OBJECT_REFERENCE:
            return _identifier(one, "cbc:ID")
    return None
