"""What a bank sends back of a batch: statements and status reports as banks write them."""

from __future__ import annotations

from datetime import date
from pathlib import Path

from hendig.billing import actions
from hendig.billing.adapters.bank import BankSaid, understood
from hendig.billing.adapters.statement import said_in
from hendig.billing.models import BankFile, Payment, PaymentBatch
from hendig.billing.rules import BANK_FILE
from hendig.demo.bank import Booked, statement
from hendig.files import rules
from hendig.files.adapters import markup
from hendig.files.adapters.refused import Refused as NotOpened
from hendig.kernel.refusal import require
from tests.support.world import World

DAY = date(2026, 12, 2)
NOWHERE = Path("/nowhere")


def iban(world: World) -> str:
    world.municipality.refresh_from_db()
    return world.municipality.iban


def one_by_one(batch: PaymentBatch) -> list[Booked]:
    """Every payment of the batch in a line of its own."""
    return [Booked(one.cents, one.reference) for one in batch.payments.order_by("reference")]


def as_a_whole(batch: PaymentBatch) -> list[Booked]:
    """The batch in one line, as the file asks."""
    return [Booked(batch.total_cents, batch=batch.number)]


def back(payment: Payment, reason: str = "AC04") -> Booked:
    return Booked(payment.cents, payment.reference, reason=reason)


def afschrift(
    world: World,
    *lines: Booked,
    name: str = "AFSCHRIFT-1",
    on: date = DAY,
    opening: int = 100_000_000,
) -> bytes:
    return statement(name, iban=iban(world), on=on, lines=lines, opening=opening)


def status_report(
    batch: PaymentBatch, *said: tuple[str, str], name: str = "STATUS-1", group: str = "PART", part: str = ""
) -> bytes:
    """A pain.002: of each reference named the reason why it was rejected."""
    rows = "".join(
        f"<TxInfAndSts><OrgnlEndToEndId>{reference}</OrgnlEndToEndId>"
        f"<TxSts>{'RJCT' if why else 'ACCP'}</TxSts>"
        + (f"<StsRsnInf><Rsn><Cd>{why}</Cd></Rsn></StsRsnInf>" if why else "")
        + "</TxInfAndSts>"
        for reference, why in said
    )
    status = f"<PmtInfSts>{part}</PmtInfSts>" if part else ""
    return (
        '<?xml version="1.0" encoding="UTF-8"?>'
        '<Document xmlns="urn:iso:std:iso:20022:tech:xsd:pain.002.001.10"><CstmrPmtStsRpt>'
        f"<GrpHdr><MsgId>{name}</MsgId><CreDtTm>{DAY}T10:00:00</CreDtTm></GrpHdr>"
        f"<OrgnlGrpInfAndSts><OrgnlMsgId>{batch.number}</OrgnlMsgId>"
        f"<OrgnlMsgNmId>pain.001.001.09</OrgnlMsgNmId><GrpSts>{group}</GrpSts></OrgnlGrpInfAndSts>"
        f"<OrgnlPmtInfAndSts><OrgnlPmtInfId>{batch.number}</OrgnlPmtInfId>{status}{rows}</OrgnlPmtInfAndSts>"
        "</CstmrPmtStsRpt></Document>"
    ).encode()


def read(world: World, content: bytes, who: str = "henk") -> BankFile:
    """Henk chooses the file."""
    return actions.read_bank_file(actor=world.actor(who), file=brought(content), at=world.at)


def brought(content: bytes) -> BankSaid:
    """What the file says, without a process for each; the page's test has the real door and desk."""
    require(rules.why_not_this_size(len(content), BANK_FILE))
    require(rules.why_not_this_kind(rules.kind_of(content), BANK_FILE))
    try:
        made = markup.anew(content)
        return understood(made, said_in(made, NOWHERE))
    except NotOpened as why:
        require(rules.why_not_as_found(why.code, rules.XML))
        raise
