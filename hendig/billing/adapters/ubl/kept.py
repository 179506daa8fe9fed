"""What of a file is kept for the auditor, and what somebody may have written in it freely."""

from __future__ import annotations

from collections.abc import Iterator

from lxml import etree

from hendig.billing.adapters.ubl.names import CAC, CBC
from hendig.billing.adapters.ubl.parse import text_of

ATTACHED = f"{{{CBC}}}EmbeddedDocumentBinaryObject"
# Who sells is an organisation whose own people may be named; of who buys only a contact is free text.
_PARTIES = {
    f"{{{CAC}}}{name}" for name in ("AccountingSupplierParty", "PayeeParty", "TaxRepresentativeParty")
}
_BUYER, _CONTACT = f"{{{CAC}}}AccountingCustomerParty", f"{{{CAC}}}Contact"
# Numbers by which the document itself goes, and where the money goes.
_OWN = {f"{{{CAC}}}{name}" for name in ("PaymentMeans", "BillingReference")}
_CODED = ("Amount", "Quantity", "Percent", "Code", "Date", "Time", "Numeric", "Indicator")


def kept(root: etree._Element, data: bytes) -> bytes:
    """The file byte for byte, unless something in it was looked at by nobody: then without that.

    That is an attachment, or a remark in the XML. Its root is without them afterwards.
    """
    text = text_of(data)
    attached = list(root.iter(ATTACHED))
    if not attached and "<!--" not in text and text.count("<?") == int(text.startswith("<?xml")):
        return data
    for one in attached:
        one.text = ""
        one.attrib.pop("filename", "")
    return etree.tostring(root, xml_declaration=True, encoding="UTF-8")


def told(root: etree._Element) -> Iterator[str]:
    """The texts in which a person may have written something; no codes, amounts or who sells."""
    for child in root:
        if child.tag in _PARTIES | _OWN or child.tag == f"{{{CBC}}}ID":
            continue
        if child.tag == _BUYER:
            for contact in child.iter(_CONTACT):
                yield from _free(contact)
        else:
            yield from _free(child)


def _free(around: etree._Element) -> Iterator[str]:
    for one in around.iter():
        name = str(one.tag).rpartition("}")[2]
        if one.tag == ATTACHED:
            yield str(one.get("filename") or "")
        elif one.text and one.text.strip() and not name.endswith(_CODED):
            yield one.text.strip()
