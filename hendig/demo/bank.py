"""The bank of the demo: what it would send back of a batch, as a statement in camt.053."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from xml.sax.saxutils import escape

from hendig.kernel.money import euros

HEAD = (
    '<?xml version="1.0" encoding="UTF-8"?><Document xmlns="urn:iso:std:iso:20022:tech:xsd:camt.053.001.08">'
)


@dataclass(frozen=True, slots=True)
class Booked:
    """A line of a statement: what left the account, or with a reason what came back."""

    cents: int
    reference: str = ""
    batch: str = ""
    reason: str = ""


def statement(
    message_id: str, *, iban: str, on: date, lines: Iterable[Booked], opening: int = 100_000_000
) -> bytes:
    """One day of the account, which adds up."""
    rows = list(lines)
    closing = opening - sum(row.cents if not row.reason else -row.cents for row in rows)
    made = f"{on}T20:00:00"
    parts = "".join(_line(row, on, f"{message_id}/{place}") for place, row in enumerate(rows, 1))
    return (
        f"{HEAD}<BkToCstmrStmt><GrpHdr><MsgId>{message_id}</MsgId><CreDtTm>{made}</CreDtTm></GrpHdr>"
        f"<Stmt><Id>{message_id}</Id><CreDtTm>{made}</CreDtTm>"
        f"<Acct><Id><IBAN>{escape(iban)}</IBAN></Id><Ccy>EUR</Ccy></Acct>"
        f"{_balance('OPBD', opening, on)}{_balance('CLBD', closing, on)}{parts}"
        "</Stmt></BkToCstmrStmt></Document>"
    ).encode()


def _balance(kind: str, cents: int, on: date) -> str:
    return (
        f"<Bal><Tp><CdOrPrtry><Cd>{kind}</Cd></CdOrPrtry></Tp>{_amount(abs(cents))}"
        f"<CdtDbtInd>{'CRDT' if cents >= 0 else 'DBIT'}</CdtDbtInd><Dt><Dt>{on}</Dt></Dt></Bal>"
    )


def _line(row: Booked, on: date, name: str) -> str:
    way = "CRDT" if row.reason else "DBIT"
    batch = f"<Btch><PmtInfId>{row.batch}</PmtInfId></Btch>" if row.batch else ""
    back = f"<RtrInf><Rsn><Cd>{row.reason}</Cd></Rsn></RtrInf>" if row.reason else ""
    details = (
        f"<TxDtls><Refs><EndToEndId>{row.reference}</EndToEndId></Refs>{_amount(row.cents)}"
        f"<CdtDbtInd>{way}</CdtDbtInd>{back}</TxDtls>"
        if row.reference
        else ""
    )
    return (
        f"<Ntry>{_amount(row.cents)}<CdtDbtInd>{way}</CdtDbtInd><Sts><Cd>BOOK</Cd></Sts>"
        f"<BookgDt><Dt>{on}</Dt></BookgDt><AcctSvcrRef>{name}</AcctSvcrRef>"
        "<BkTxCd><Domn><Cd>PMNT</Cd><Fmly><Cd>ICDT</Cd><SubFmlyCd>ESCT</SubFmlyCd></Fmly></Domn></BkTxCd>"
        f"<NtryDtls>{batch}{details}</NtryDtls></Ntry>"
    )


def _amount(cents: int) -> str:
    return f'<Amt Ccy="EUR">{euros(cents)}</Amt>'
