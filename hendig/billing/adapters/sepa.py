"""SEPA credit transfers as banks take them in: pain.001.001.09, valid by its schema or not made."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache
from importlib.resources import files

from lxml import etree
from sepaxml import SepaTransfer

from hendig.kernel.periods import AMSTERDAM

SCHEMA = "pain.001.001.09"
NAMESPACES = {"p": f"urn:iso:std:iso:20022:tech:xsd:{SCHEMA}"}


class NotValid(RuntimeError):
    """The file that was made does not fit the schema: a bug, so nothing may be paid with it."""


@dataclass(frozen=True, slots=True)
class Debtor:
    """Who pays: the municipality and its account."""

    name: str
    iban: str
    bic: str = ""


@dataclass(frozen=True, slots=True)
class Transfer:
    """One payment; `reference` comes back on the statement of both sides.

    `about` is the number by which the payee knows it, where that is another.
    """

    name: str
    iban: str
    cents: int
    reference: str
    about: str = ""


def transfers(
    debtor: Debtor, payments: Iterable[Transfer], *, number: str, pays_on: date, at: datetime
) -> bytes:
    """One batch that the bank books as a whole. Same arguments, same bytes. `NotValid` for a bug."""
    config = {"name": debtor.name, "IBAN": debtor.iban, "currency": "EUR", "batch": True}
    if debtor.bic:
        config["BIC"] = debtor.bic
    message = SepaTransfer(config, schema=SCHEMA, clean=True)
    for payment in payments:
        message.add_payment(
            {
                "name": payment.name,
                "IBAN": payment.iban,
                "amount": payment.cents,
                "execution_date": pays_on,
                "description": payment.about or payment.reference,
                "endtoend_id": payment.reference,
            }
        )
    root = etree.fromstring(message.export(validate=False))
    _name(root, number, at)
    if not debtor.bic:
        _say_no_bic(root)
    _check(root)
    return etree.tostring(root, xml_declaration=True, encoding="UTF-8")


def paid_from(xml: bytes) -> str:
    """From which account a file that was made here pays."""
    return etree.fromstring(xml).findtext(".//p:DbtrAcct/p:Id/p:IBAN", "", NAMESPACES)


def why_not_valid(xml: bytes) -> str:
    """What the schema objects to, with values left out; empty when the file is valid."""
    return _objections(etree.fromstring(xml))


def _name(root: etree._Element, number: str, at: datetime) -> None:
    """The library names a message by chance and its own clock; the same payment must give the same file."""
    _set(root, ".//p:GrpHdr/p:MsgId", number)
    _set(root, ".//p:PmtInf/p:PmtInfId", number)
    _set(root, ".//p:GrpHdr/p:CreDtTm", at.astimezone(AMSTERDAM).isoformat(timespec="seconds"))


def _say_no_bic(root: etree._Element) -> None:
    """Without a BIC the rulebook wants this very word where the library leaves the bank empty."""
    for bank in root.findall(".//p:DbtrAgt/p:FinInstnId", NAMESPACES):
        other = etree.SubElement(bank, f"{{{NAMESPACES['p']}}}Othr")
        etree.SubElement(other, f"{{{NAMESPACES['p']}}}Id").text = "NOTPROVIDED"


def _set(root: etree._Element, path: str, text: str) -> None:
    found = root.find(path, NAMESPACES)
    if found is None:
        raise NotValid(f"{path} is missing")
    found.text = text


def _check(root: etree._Element) -> None:
    objections = _objections(root)
    if objections:
        raise NotValid(objections)


def _objections(root: etree._Element) -> str:
    schema = _schema()
    try:
        schema.assertValid(root)
    except etree.DocumentInvalid as wrong:
        return "; ".join(f"line {error.line}: {error.type_name}" for error in wrong.error_log)  # type: ignore[attr-defined]
    return ""


@cache
def _schema() -> etree.XMLSchema:
    return etree.XMLSchema(etree.fromstring(files("sepaxml").joinpath(f"schemas/{SCHEMA}.xsd").read_bytes()))
