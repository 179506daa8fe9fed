"""Files of the bank as ISO 20022 lets a bank write them: in pages, of more accounts, in parts.

Written by the message definitions (camt.053.001.02 and .08, pain.002.001.03 and .10), with what a bank puts
beside what we look for, and not by the writer of the demo.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import pytest

from hendig.billing import queries
from hendig.billing.models import BankFile, Payment, PaymentBatch, PaymentStage
from hendig.kernel.money import euros
from hendig.kernel.refusal import Refused
from tests.billing.test_bank import FIRST, SECOND, paid_two_months, payment, standing
from tests.support.bank import DAY, afschrift, iban, one_by_one, read
from tests.support.refusals import code_of
from tests.support.shared import built_once
from tests.support.world import World

OTHER = "NL91ABNA0417164300"
OPENING = 5_000_000


@built_once
def batch(world: World) -> PaymentBatch:
    return paid_two_months(world)


@dataclass(frozen=True)
class Entry:
    """A line that leaves the account: a payment of ours, or what somebody else is paid."""

    cents: int
    reference: str = "NOTPROVIDED"


def amount(cents: int, currency: str = "EUR") -> str:
    return f'<Amt Ccy="{currency}">{euros(abs(cents))}</Amt>'


def balance(kind: str, cents: int, currency: str = "EUR") -> str:
    return (
        f"<Bal><Tp><CdOrPrtry><Cd>{kind}</Cd></CdOrPrtry></Tp>"
        f"{amount(cents, currency)}<CdtDbtInd>CRDT</CdtDbtInd><Dt><Dt>{DAY}</Dt></Dt></Bal>"
    )


def entry(one: Entry, place: int, version: str, currency: str = "EUR") -> str:
    status = "<Sts>BOOK</Sts>" if version == "02" else "<Sts><Cd>BOOK</Cd></Sts>"
    name = "<Nm>H. de Boer</Nm>" if version == "02" else "<Pty><Nm>H. de Boer</Nm></Pty>"
    agent = "<BIC>RABONL2U</BIC>" if version == "02" else "<BICFI>RABONL2U</BICFI>"
    return (
        f"<Ntry><NtryRef>{place}</NtryRef>{amount(one.cents, currency)}<CdtDbtInd>DBIT</CdtDbtInd>"
        f"<RvslInd>false</RvslInd>{status}<BookgDt><Dt>{DAY}</Dt></BookgDt><ValDt><Dt>{DAY}</Dt></ValDt>"
        f"<AcctSvcrRef>2612020000{place:05d}</AcctSvcrRef>"
        "<BkTxCd><Domn><Cd>PMNT</Cd><Fmly><Cd>ICDT</Cd><SubFmlyCd>ESCT</SubFmlyCd></Fmly></Domn>"
        "<Prtry><Cd>2022</Cd><Issr>BNK</Issr></Prtry></BkTxCd>"
        f"<NtryDtls><TxDtls><Refs><InstrId>{place}</InstrId><EndToEndId>{one.reference}</EndToEndId></Refs>"
        f"<AmtDtls><TxAmt>{amount(one.cents, currency)}</TxAmt></AmtDtls>"
        f"<RltdPties><Cdtr>{name}</Cdtr><CdtrAcct><Id><IBAN>NL02ABNA0123456789</IBAN></Id></CdtrAcct>"
        f"</RltdPties><RltdAgts><CdtrAgt><FinInstnId>{agent}</FinInstnId></CdtrAgt></RltdAgts>"
        "<RmtInf><Ustrd>Factuur, zie bijlage</Ustrd></RmtInf></TxDtls></NtryDtls>"
        "<AddtlNtryInf>SEPA overboeking</AddtlNtryInf></Ntry>"
    )


def stmt(
    account: str,
    balances: str,
    entries: Sequence[Entry],
    *,
    version: str = "08",
    page: int = 0,
    last: bool = True,
    name: str = "2026-12-02/236",
    currency: str = "EUR",
) -> str:
    # The pages of a statement have a place of their own since version 3.
    pages = f"<StmtPgntn><PgNb>{page}</PgNb><LastPgInd>{str(last).lower()}</LastPgInd></StmtPgntn>"
    owner = "<Ownr><Nm>Gemeente Peelrand</Nm></Ownr>"
    bank = "<Svcr><FinInstnId><Nm>Een bank</Nm></FinInstnId></Svcr>"
    rows = "".join(entry(one, 100 * page + n, version, currency) for n, one in enumerate(entries, 1))
    total = sum(one.cents for one in entries)
    return (
        f"<Stmt><Id>{name}</Id>{pages if page else ''}<ElctrncSeqNb>236</ElctrncSeqNb>"
        f"<LglSeqNb>236</LglSeqNb><CreDtTm>{DAY}T21:15:00+01:00</CreDtTm>"
        f"<FrToDt><FrDtTm>{DAY}T00:00:00</FrDtTm><ToDtTm>{DAY}T23:59:59</ToDtTm></FrToDt>"
        f"<Acct><Id><IBAN>{account}</IBAN></Id><Ccy>{currency}</Ccy>{owner}{bank}</Acct>"
        f"{balances}<TxsSummry><TtlDbtNtries><NbOfNtries>{len(entries)}</NbOfNtries>"
        f"<Sum>{euros(total)}</Sum></TtlDbtNtries></TxsSummry>{rows}</Stmt>"
    )


def message(
    *stmts: str, version: str = "08", name: str = "BNK20261202", page: int = 0, last: bool = True
) -> bytes:
    pages = f"<MsgPgntn><PgNb>{page}</PgNb><LastPgInd>{str(last).lower()}</LastPgInd></MsgPgntn>"
    return (
        '<?xml version="1.0" encoding="UTF-8"?>'
        f'<Document xmlns="urn:iso:std:iso:20022:tech:xsd:camt.053.001.{version}"><BkToCstmrStmt><GrpHdr>'
        f"<MsgId>{name}</MsgId><CreDtTm>{DAY}T21:15:00+01:00</CreDtTm>"
        "<MsgRcpt><Nm>Gemeente Peelrand</Nm></MsgRcpt>"
        f"{pages if page else ''}</GrpHdr>{''.join(stmts)}</BkToCstmrStmt></Document>"
    ).encode()


def ours(batch: PaymentBatch) -> tuple[Entry, Entry]:
    first, second = (Entry(one.cents, one.reference) for one in batch.payments.order_by("reference"))
    return first, second


def whole(world: World, batch: PaymentBatch, version: str = "08") -> str:
    entries = [*ours(batch), Entry(1_250)]
    left = OPENING - sum(one.cents for one in entries)
    return stmt(iban(world), balance("OPBD", OPENING) + balance("CLBD", left), entries, version=version)


def pages(world: World, batch: PaymentBatch, *, between: bool = True, skip: int = 0) -> list[str]:
    """The same in three pages: ours on the first and the last, what is of others between them."""
    first, second = ours(batch)
    account, after = iban(world), OPENING - first.cents
    end = after - 1_250 - second.cents
    stand = (balance("ITBD", after), balance("ITBD", after - 1_250)) if between else ("", "")
    made = [
        stmt(account, balance("OPBD", OPENING) + stand[0], [first], page=1, last=False),
        stmt(account, stand[0] + stand[1], [Entry(1_250)], page=2, last=False),
        stmt(account, stand[1] + balance("CLBD", end), [second], page=3),
    ]
    return [one for place, one in enumerate(made, 1) if place != skip]


@pytest.mark.parametrize("version", ["02", "08"])
def test_a_statement_as_the_standard_has_it_is_read(world: World, batch: PaymentBatch, version: str) -> None:
    done = read(world, message(whole(world, batch, version), version=version))
    assert (done.paid, done.others, done.elsewhere, done.page, done.last) == (2, 1, 0, 1, True)
    assert (payment().booked_on, payment().booked_line) == (DAY, "261202000000001")


@pytest.mark.parametrize("between", [True, False])
def test_the_pages_of_a_statement_in_one_file_are_one_statement(
    world: World, batch: PaymentBatch, *, between: bool
) -> None:
    """Also where the bank says no balance in between; in whichever order they stand."""
    done = read(world, message(*reversed(pages(world, batch, between=between))))
    assert (done.paid, done.others, done.last) == (2, 1, True)
    assert {one.stage for one in Payment.objects.all()} == {PaymentStage.PAID}


def test_pages_in_files_of_their_own_are_read_one_by_one(world: World, batch: PaymentBatch) -> None:
    one, two, three = pages(world, batch)
    done = read(world, message(one, name="P1"))
    assert (done.paid, done.page, done.last) == (1, 1, False)
    henk = world.actor("henk")
    assert [(row.page, row.follows) for row in queries.bank_files(henk)] == [(1, True)]
    assert read(world, message(two, name="P2")).paid == 0
    assert [(row.page, row.follows) for row in queries.bank_files(henk)] == [(2, True), (1, False)]
    assert read(world, message(three, name="P3")).paid == 1
    assert [row.follows for row in queries.bank_files(henk)] == [False, False, False]


def test_a_message_in_more_files_has_one_name_and_each_page_is_read_once(
    world: World, batch: PaymentBatch
) -> None:
    """As banks do by version 2, which has pages of the message only."""
    one, _two, three = pages(world, batch)
    bare = [text.replace("<StmtPgntn>", "<!--").replace("</StmtPgntn>", "-->") for text in (one, three)]
    first = message(bare[0], page=1, last=False)
    assert read(world, first).paid == 1
    assert read(world, message(bare[1], page=2)).paid == 1
    assert [(row.page, row.last) for row in BankFile.objects.order_by("page")] == [(1, False), (2, True)]
    again = first.replace(b"21:15:00", b"22:15:00")
    assert code_of(lambda: read(world, again)) == "bank.read_before"


def test_of_pages_that_do_not_follow_each_other_nothing_is_booked(world: World, batch: PaymentBatch) -> None:
    """Each of them adds up by itself; what stood between them nobody knows."""
    before = standing()
    unsaid = pages(world, batch, between=False)
    broken = [one.replace(euros_of(world, batch), "1.00") for one in pages(world, batch)]
    bad = {
        "bank.pages_apart": message(*pages(world, batch, skip=2)),
        "bank.page_alone": message(unsaid[0]),
        "bank.unbalanced": message(broken[0]),
    }
    for code, content in bad.items():
        with pytest.raises(Refused) as no:
            read(world, content)
        assert no.value.refusal.code == code
        assert standing() == before, code
    assert "bladzijde 1" in str(_refusal(world, bad["bank.page_alone"]))


def euros_of(world: World, batch: PaymentBatch) -> str:
    return f">{euros(OPENING - ours(batch)[0].cents)}<".strip("<>")


def _refusal(world: World, content: bytes) -> object:
    with pytest.raises(Refused) as no:
        read(world, content)
    return no.value.refusal.message


def test_a_page_of_which_the_balances_do_not_meet_the_next_is_not_believed(
    world: World, batch: PaymentBatch
) -> None:
    one, two, three = pages(world, batch)
    first = ours(batch)[0]
    # A line of the second page is on the first as well, so both add up and do not meet.
    stand = balance("ITBD", OPENING - first.cents - 700)
    other = stmt(iban(world), balance("OPBD", OPENING) + stand, [first, Entry(700)], page=1, last=False)
    assert code_of(lambda: read(world, message(other, two, three))) == "bank.pages_apart"
    assert read(world, message(one, two, three)).paid == 2


# --- more accounts in one file --------------------------------------------------------------------------


def of_others(currency: str = "EUR") -> str:
    """The account of the municipality for its swimming pool; also with a reference that looks like ours."""
    entries = [Entry(9_900), Entry(4_000, "12345670-2026-0777")]
    # Of another account nobody reckons anything: it need not even add up.
    stands = balance("OPBD", 1, currency) + balance("CLBD", 2, currency)
    return stmt(OTHER, stands, entries, name="2026-12-02/12", currency=currency)


@pytest.mark.parametrize("currency", ["EUR", "USD"])
def test_of_a_file_of_more_accounts_ours_is_taken_and_the_others_are_counted(
    world: World, batch: PaymentBatch, currency: str
) -> None:
    done = read(world, message(of_others(currency), whole(world, batch)))
    assert (done.paid, done.others, done.elsewhere) == (2, 1, 1)
    (row,) = queries.bank_files(world.actor("henk"))
    assert (row.elsewhere, row.is_page) == (1, False)
    assert OTHER not in repr([*BankFile.objects.values(), *Payment.objects.values()])


def test_of_a_file_of_more_accounts_nothing_is_booked_where_ours_is_not_right(
    world: World, batch: PaymentBatch
) -> None:
    before = standing()
    wrong = whole(world, batch).replace(euros_text(OPENING), euros_text(OPENING + 1))
    assert code_of(lambda: read(world, message(of_others(), wrong))) == "bank.unbalanced"
    assert code_of(lambda: read(world, message(of_others()))) == "bank.other_account"
    assert standing() == before


def euros_text(cents: int) -> str:
    return f">{euros(cents)}<"


# --- a status report in parts ---------------------------------------------------------------------------


def report(
    batch: PaymentBatch,
    name: str,
    *parts: tuple[str, str, str],
    version: str = "10",
    group: str = "PART",
) -> bytes:
    """Each part is of the same payment information: a reference, what became of it, and why."""
    rows = "".join(
        f"<OrgnlPmtInfAndSts><OrgnlPmtInfId>{batch.number}</OrgnlPmtInfId>"
        f"<OrgnlNbOfTxs>2</OrgnlNbOfTxs><PmtInfSts>PART</PmtInfSts><TxInfAndSts>"
        f"<StsId>{name}/{place}</StsId><OrgnlInstrId>{place}</OrgnlInstrId>"
        f"<OrgnlEndToEndId>{reference}</OrgnlEndToEndId><TxSts>{status}</TxSts>"
        + (
            f"<StsRsnInf><Orgtr><Nm>Een bank</Nm></Orgtr><Rsn><Cd>{why}</Cd></Rsn>"
            "<AddtlInf>Zie het protocol</AddtlInf></StsRsnInf>"
            if why
            else ""
        )
        + f"<OrgnlTxRef><Amt>{_instructed(reference)}</Amt></OrgnlTxRef></TxInfAndSts></OrgnlPmtInfAndSts>"
        for place, (reference, status, why) in enumerate(parts, 1)
    )
    return (
        '<?xml version="1.0" encoding="UTF-8"?>'
        f'<Document xmlns="urn:iso:std:iso:20022:tech:xsd:pain.002.001.{version}"><CstmrPmtStsRpt>'
        f"<GrpHdr><MsgId>{name}</MsgId><CreDtTm>{DAY}T10:00:00</CreDtTm></GrpHdr>"
        f"<OrgnlGrpInfAndSts><OrgnlMsgId>{batch.number}</OrgnlMsgId>"
        f"<OrgnlMsgNmId>pain.001.001.09</OrgnlMsgNmId><OrgnlNbOfTxs>2</OrgnlNbOfTxs>"
        f"<GrpSts>{group}</GrpSts></OrgnlGrpInfAndSts>{rows}</CstmrPmtStsRpt></Document>"
    ).encode()


def _instructed(reference: str) -> str:
    return f'<InstdAmt Ccy="EUR">{euros(payment(reference).cents)}</InstdAmt>'


@pytest.mark.parametrize("version", ["03", "10"])
def test_a_report_in_parts_is_read_part_by_part_and_each_adds_to_the_other(
    world: World, batch: PaymentBatch, version: str
) -> None:
    """First that it came in, then what was refused, then the same once more beside the rest."""
    came_in = report(batch, "R1", (FIRST, "ACTC", ""), (SECOND, "PDNG", ""), version=version)
    assert (read(world, came_in).paid, read(world, came_in.replace(b"R1", b"R2")).refused) == (0, 0)
    refused = report(batch, "R3", (FIRST, "RJCT", "AC04"), version=version)
    assert read(world, refused).refused == 1
    rest = report(batch, "R4", (FIRST, "RJCT", "AC04"), (SECOND, "RJCT", "AM04"), version=version)
    assert read(world, rest).refused == 1
    found = Payment.objects.order_by("reference").values_list("stage", "reason")
    assert list(found) == [(PaymentStage.REFUSED, "AC04"), (PaymentStage.REFUSED, "AM04")]


def test_what_was_taken_back_at_the_bank_was_not_paid(world: World, batch: PaymentBatch) -> None:
    done = read(world, report(batch, "R1", (FIRST, "CANC", "DS02"), (SECOND, "ACSC", "")))
    assert (done.refused, payment().stage, payment(SECOND).stage) == (
        1,
        PaymentStage.REFUSED,
        PaymentStage.SENT,
    )
    assert read(world, afschrift(world, one_by_one(batch)[1])).paid == 1
