"""The Invoice Response of Peppol (BIS 63): how a received invoice stands, for the system of who sent it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from lxml import etree

from hendig.billing.adapters.ubl.document import Party
from hendig.billing.adapters.ubl.names import UBL
from hendig.billing.adapters.ubl.write import Node

ROOT = f"{{{UBL}ApplicationResponse-2}}ApplicationResponse"
CUSTOMIZATION = "urn:fdc:peppol.eu:poacc:trns:invoice_response:3"
PROFILE = "urn:fdc:peppol.eu:poacc:bis:invoice_response:3"


class Status(StrEnum):
    """The status codes that we use (UNCL4343, a part)."""

    ACCEPTED = "AP"
    QUERY = "UQ"
    REJECTED = "RE"
    PAID = "PD"


class Reason(StrEnum):
    """Why, as OpenPeppol lists it."""

    REFERENCES = "REF"
    RECEIVER = "REC"
    ITEM = "ITM"
    DAYS = "DEL"
    PRICE = "PRI"
    QUANTITY = "QTY"
    PAYMENT = "PAY"
    FINANCE = "FIN"
    LEGAL = "LEG"
    UNKNOWN = "UNR"
    OTHER = "OTH"


class Action(StrEnum):
    """What is asked of the sender."""

    INFORM = "PIN"
    NEW_INVOICE = "NIN"
    NOTHING = "NOA"


@dataclass(frozen=True, slots=True)
class Response:
    """About one document, `about_on` its day; each reason with words of ours."""

    number: str
    issued_on: date
    sender: Party
    receiver: Party
    status: Status
    about: str
    kind: str
    reasons: Sequence[tuple[Reason, str]] = ()
    action: Action | None = None
    about_on: date | None = None


def written(response: Response) -> bytes:
    """The response as a file; the same response is the same bytes."""
    root = Node.root(ROOT)
    root.add("CustomizationID", CUSTOMIZATION)
    root.add("ProfileID", PROFILE)
    root.add("ID", response.number)
    root.day("IssueDate", response.issued_on)
    for name, party in (("SenderParty", response.sender), ("ReceiverParty", response.receiver)):
        made = root.group(name)
        made.identifier("EndpointID", party.endpoint)
        made.group("PartyLegalEntity").add("RegistrationName", party.name)
    about = root.group("DocumentResponse")
    answer = about.group("Response")
    answer.add("ResponseCode", response.status)
    for reason, words in response.reasons:
        status = answer.group("Status")
        status.add("StatusReasonCode", reason, listID="OPStatusReason")
        status.add("StatusReason", words)
    if response.action:
        answer.group("Status").add("StatusReasonCode", response.action, listID="OPStatusAction")
    reference = about.group("DocumentReference")
    reference.add("ID", response.about)
    if response.about_on:
        reference.day("IssueDate", response.about_on)
    reference.add("DocumentTypeCode", response.kind)
    return etree.tostring(root.element, encoding="UTF-8", xml_declaration=True)
