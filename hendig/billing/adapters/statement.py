"""Files of the bank in the words of ISO 20022: camt.053 (a statement) and pain.002 (a status report).

Whoever is named on the lines of a statement stays unread: only references, amounts, days and codes come out.
Of what somebody wrote as what a payment is for, no more than a number that looks like one of ours.

It knows no Django: it runs in the process in which files of others are judged (`ubl/engine.py`), and says
what it read in plain values.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date, datetime
from pathlib import Path

from lxml import etree

from hendig.kernel.periods import local_day
from hendig.kernel.references import LONGEST_REFERENCE, OUR_REFERENCE

NAMESPACE = re.compile(r"urn:iso:std:iso:20022:tech:xsd:((camt\.053|pain\.002)\.001\.\d{2})")
# What a bank or its customer also makes, and what of it cannot be booked (`rules.bank.NotRead`).
OTHERS = re.compile(r"urn:iso:std:iso:20022:tech:xsd:(camt\.052|camt\.054|pain\.001)\.001\.\d{2}")
OTHER_KINDS = {"camt.052": "bank.interim", "camt.054": "bank.notification", "pain.001": "bank.order"}
AMOUNT = re.compile(r"(\d{1,13})(?:\.(\d{1,2})0*)?")
AMOUNTS = ("Amt", "AmtDtls/TxAmt/Amt", "AmtDtls/InstdAmt/Amt")
OPENING, CLOSING = ("OPBD", "PRCD"), ("CLBD",)
# Where a statement goes on, on another page: it closes the one and opens the other.
BETWEEN = "ITBD"
LONGEST_PAGE = 5
# What somebody writes who has no reference to give.
NO_REFERENCE = "NOTPROVIDED"
# By which code a bank says that what came in is a transfer of ours that comes back.
CODES_OF_RETURN = frozenset({"RRTN", "RPCR"})
# Also what was taken back before the bank did it.
REJECTED = ("RJCT", "CANC")
YES, NO = ("true", "1"), ("false", "0")
SIGNS = {"CRDT": 1, "DBIT": -1}


# Why a file cannot be read, as `rules.bank.NotRead` calls it.
OTHER_MESSAGE, INCOMPLETE, NO_AMOUNT, SCHEMA = (
    f"bank.{why}" for why in ("other_message", "incomplete", "no_amount", "schema")
)
# What a file says, as it goes to who asked: of the kinds and names in `rules.bank`.
Said = dict[str, object]


class Unread(Exception):
    """The file is not what it says it is; says why, never what stands in it."""

    def __init__(self, why: str) -> None:
        super().__init__(why)
        self.why = why


def said_in(xml: bytes, schemas: Path) -> Said:
    """What the bank says, or under `unread` why that cannot be read: anything but a whole message.

    By its official schema as well, where that is installed in the folder `schemas`.
    """
    try:
        return _said(xml, schemas)
    except Unread as problem:
        return {"unread": problem.why}


def _said(xml: bytes, schemas: Path) -> Said:
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False)
    try:
        root = etree.fromstring(xml, parser)
    except etree.XMLSyntaxError:
        raise Unread(OTHER_MESSAGE) from None
    namespace = str(etree.QName(root).namespace or "")
    if other := OTHERS.fullmatch(namespace):
        raise Unread(OTHER_KINDS[other[1]])
    found = NAMESPACE.fullmatch(namespace)
    if found is None or root.getroottree().docinfo.internalDTD is not None:
        raise Unread(OTHER_MESSAGE)
    if (schema := schemas / f"{found[1]}.xsd").exists():
        _check(root, schema)
    reader = _Reader(root.nsmap[root.prefix] or "")
    return reader.statement(root) if found[2] == "camt.053" else reader.status(root)


def _check(root: etree._Element, schema: Path) -> None:
    if not etree.XMLSchema(etree.parse(schema)).validate(root):
        raise Unread(SCHEMA)


class _Reader:
    """Looks things up by their path in the namespace of this message, whichever version it is."""

    def __init__(self, namespace: str) -> None:
        self._names = {"b": namespace}

    def statement(self, root: etree._Element) -> Said:
        parts = self._all(root, "BkToCstmrStmt/Stmt")
        if not parts:
            raise Unread(INCOMPLETE)
        page, last = self._page(root, "BkToCstmrStmt/GrpHdr/MsgPgntn")
        return {
            "kind": "statement",
            "message_id": self._reference(root, "BkToCstmrStmt/GrpHdr/MsgId", must=True),
            "statements": [self._of_account(part) for part in parts],
            "words": [],
            "page": page,
            "last": last,
        }

    def _page(self, around: etree._Element, path: str) -> tuple[int, bool]:
        """Which page it is, and whether it is the last; all of it where nothing is said."""
        number = self._text(around, f"{path}/PgNb")
        if number and not (number.isascii() and number.isdigit() and len(number) <= LONGEST_PAGE):
            raise Unread(INCOMPLETE)
        return int(number or 1), self._text(around, f"{path}/LastPgInd") not in NO

    def _of_account(self, part: etree._Element) -> Said:
        entries = [one for one in self._all(part, "Ntry") if self._is_booked(one)]
        words = [list(self._words(one)) for one in entries]
        opening, closing = self._balances(part)
        page, last = self._page(part, "StmtPgntn")
        return {
            "name": self._reference(part, "Id"),
            "iban": self._text(part, "Acct/Id/IBAN"),
            "currencies": self._currencies(part, entries),
            "opening": opening,
            "closing": closing,
            "moved": sum(self._signed(one) for one in entries),
            "words": [word for found in words for word in found],
            "others": sum(not found for found in words),
            "page": page,
            "last": last,
        }

    def _currencies(self, part: etree._Element, entries: list[etree._Element]) -> list[str]:
        amounts = [
            *self._all(part, "Bal/Amt"),
            *(amount for one in entries for amount in self._all(one, "Amt")),
        ]
        own = self._text(part, "Acct/Ccy")
        return sorted({str(one.get("Ccy")) for one in amounts} | ({own} if own else set()))

    def _balances(self, part: etree._Element) -> tuple[int | None, int | None]:
        """With which balance it begins and ends: of a page between others those in between."""
        between = [self._signed(one) for one in self._all(part, "Bal") if self._kind(one) == BETWEEN]
        opening, closing = self._balance(part, OPENING), self._balance(part, CLOSING)
        if opening is None and between:
            opening = between.pop(0)
        if closing is None and between:
            closing = between.pop()
        return opening, closing

    def _balance(self, part: etree._Element, kinds: tuple[str, ...]) -> int | None:
        for kind in kinds:
            for balance in self._all(part, "Bal"):
                if self._kind(balance) == kind:
                    return self._signed(balance)
        return None

    def _kind(self, balance: etree._Element) -> str:
        return self._text(balance, "Tp/CdOrPrtry/Cd")

    def _is_booked(self, entry: etree._Element) -> bool:
        """What is only announced does not count; older versions say so without a code around it."""
        return "BOOK" in (self._text(entry, "Sts"), self._text(entry, "Sts/Cd"))

    def _words(self, entry: etree._Element) -> Iterator[Said]:
        """What one line says: of each payment in it, or of a batch as a whole."""
        details = self._all(entry, "NtryDtls/TxDtls")
        if batch := self._whole(entry, details):
            yield self._word(entry, None, "", batch, alone=True)
            return
        for detail in details:
            reference = self._reference(detail, "Refs/EndToEndId")
            batch = self._reference(detail, "Refs/PmtInfId") or self._batch(entry)
            reference = "" if reference == NO_REFERENCE else reference
            alone = len(details) == 1
            # Who pays something has often a reference of its own, and writes ours beside it.
            others = self._came_in(entry, detail, batch) and not OUR_REFERENCE.fullmatch(reference)
            if others and (numbers := self._numbers(detail)):
                word = self._word(entry, detail, numbers[0], "", alone=alone)
                yield word | {"said": "paid_back", "beside": numbers[1:]}
            elif reference or batch:
                yield self._word(entry, detail, reference, batch, alone=alone)

    def _whole(self, entry: etree._Element, details: list[etree._Element]) -> str:
        """The batch that the line tells as one amount: without details, or with some that have no amount."""
        if not details:
            return self._batch(entry)
        told = self._signed(entry) > 0 or any(self._in_euros(one) is not None for one in details)
        if len(details) == 1 or told:
            return ""
        batches = {self._reference(one, "Refs/PmtInfId") or self._batch(entry) for one in details}
        return batches.pop() if len(batches) == 1 else ""

    def _came_in(self, entry: etree._Element, detail: etree._Element | None, batch: str) -> bool:
        """Whether somebody sent it, as far as the bank says: no transfer of ours that comes back.

        A batch is named by who asked for it alone, so one stands beside nothing that others send.
        """
        if self._signed(entry) < 0 or batch or self._text(entry, "RvslInd") in YES:
            return False
        parts = [entry] if detail is None else [entry, detail]
        codes = {self._text(part, "BkTxCd/Domn/Fmly/SubFmlyCd") for part in parts}
        returned = any(self._first(part, "RtrInf") is not None for part in parts)
        return not returned and codes.isdisjoint(CODES_OF_RETURN)

    def _numbers(self, detail: etree._Element) -> list[str]:
        """The numbers of ours in what the payer wrote; nothing else of it is kept."""
        written = [*self._all(detail, "RmtInf/Strd/CdtrRefInf/Ref"), *self._all(detail, "RmtInf/Ustrd")]
        return [found[0] for one in written for found in OUR_REFERENCE.finditer(one.text or "")]

    def _batch(self, entry: etree._Element) -> str:
        return self._reference(entry, "NtryDtls/Btch/PmtInfId") or self._reference(
            entry, "NtryDtls/Btch/MsgId"
        )

    def _word(
        self, entry: etree._Element, detail: etree._Element | None, reference: str, batch: str, *, alone: bool
    ) -> Said:
        part = entry if detail is None else detail
        amount = None if detail is None else self._in_euros(detail)
        came_in = self._came_in(entry, detail, batch)
        return {
            "said": "debited" if self._signed(entry) < 0 else "came_in" if came_in else "returned",
            "reference": reference,
            "batch": batch,
            "cents": _cents(amount) if amount is not None else abs(self._signed(entry)) if alone else None,
            "on": self._day(entry, "BookgDt/Dt", "BookgDt/DtTm").isoformat(),
            "line": self._reference(part, "Refs/AcctSvcrRef")
            or self._reference(entry, "AcctSvcrRef")
            or self._reference(entry, "NtryRef"),
            "reason": self._reason(part, "RtrInf/Rsn"),
        }

    def _in_euros(self, detail: etree._Element) -> etree._Element | None:
        """What it is on the account: beside it may stand what somebody sent in another currency."""
        found = [one for path in AMOUNTS for one in self._all(detail, path)]
        return next((one for one in found if one.get("Ccy") == "EUR"), None)

    def status(self, root: etree._Element) -> Said:
        report = self._first(root, "CstmrPmtStsRpt")
        group = None if report is None else self._first(report, "OrgnlGrpInfAndSts")
        if report is None or group is None:
            raise Unread(INCOMPLETE)
        on = self._day(report, "GrpHdr/CreDtTm")
        batch = self._reference(group, "OrgnlMsgId", must=True)
        words = [
            word
            for part in self._all(report, "OrgnlPmtInfAndSts")
            for word in self._of_part(part, self._reference(part, "OrgnlPmtInfId") or batch, on)
        ]
        if not words and self._text(group, "GrpSts") in REJECTED:
            words = [self._rejected(group, "", batch, on)]
        return {
            "kind": "status",
            "message_id": self._reference(report, "GrpHdr/MsgId", must=True),
            "statements": [],
            "words": words,
            "page": 1,
            "last": True,
        }

    def _of_part(self, part: etree._Element, batch: str, on: date) -> Iterator[Said]:
        """Of its transactions those that were rejected; without any, the whole part where that was."""
        for one in self._all(part, "TxInfAndSts"):
            if self._text(one, "TxSts") in REJECTED:
                reference = self._reference(one, "OrgnlEndToEndId", must=True)
                yield self._rejected(one, reference, batch, on)
        if not self._all(part, "TxInfAndSts") and self._text(part, "PmtInfSts") in REJECTED:
            yield self._rejected(part, "", batch, on)

    def _rejected(self, part: etree._Element, reference: str, batch: str, on: date) -> Said:
        amount = self._first(part, "OrgnlTxRef/Amt/InstdAmt")
        if amount is not None and amount.get("Ccy") != "EUR":
            raise Unread(NO_AMOUNT)
        return {
            "said": "rejected",
            "reference": reference,
            "batch": batch,
            "cents": None if amount is None else _cents(amount),
            "on": on.isoformat(),
            "line": "",
            "reason": self._reason(part, "StsRsnInf/Rsn"),
        }

    def _reason(self, part: etree._Element, path: str) -> str:
        return self._reference(part, f"{path}/Cd") or self._reference(part, f"{path}/Prtry")

    def _signed(self, part: etree._Element) -> int:
        """The amount of a balance or a line, by which way it goes."""
        amount = self._first(part, "Amt")
        sign = SIGNS.get(self._text(part, "CdtDbtInd"))
        if amount is None or sign is None:
            raise Unread(INCOMPLETE)
        return sign * _cents(amount)

    def _day(self, part: etree._Element, *paths: str) -> date:
        for path in paths:
            if text := self._text(part, path):
                try:
                    return _day_of(text)
                except ValueError:
                    raise Unread(NO_AMOUNT) from None
        raise Unread(INCOMPLETE)

    def _reference(self, part: etree._Element, path: str, *, must: bool = False) -> str:
        text = self._text(part, path)
        if len(text) > LONGEST_REFERENCE or (must and not text):
            raise Unread(INCOMPLETE)
        return text

    def _text(self, part: etree._Element, path: str) -> str:
        found = self._first(part, path)
        return (found.text or "").strip() if found is not None else ""

    def _first(self, part: etree._Element, *paths: str) -> etree._Element | None:
        return next((found[0] for path in paths if (found := self._all(part, path))), None)

    def _all(self, part: etree._Element, path: str) -> list[etree._Element]:
        return part.findall("/".join(f"b:{step}" for step in path.split("/")), self._names)


def _cents(amount: etree._Element) -> int:
    """The amount as whole cents, whatever its currency: which that is, is asked of the account as a whole."""
    found = AMOUNT.fullmatch((amount.text or "").strip())
    if found is None:
        raise Unread(NO_AMOUNT)
    return int(found[1]) * 100 + int((found[2] or "").ljust(2, "0"))


def _day_of(text: str) -> date:
    """The day here: of a moment with its distance to UTC that may be another than is written."""
    if "T" not in text:
        return date.fromisoformat(text[:10])
    moment = datetime.fromisoformat(text)
    return local_day(moment) if moment.tzinfo else moment.date()
