"""What partners send, by the official rules: each file comes to a decision, and our answer fails no rule."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
import saxonche
from lxml import etree

from hendig.billing import actions, queries
from hendig.billing.adapters import inbox
from hendig.billing.adapters.ubl import installed
from hendig.billing.adapters.ubl.document import CREDIT, INVOICE
from hendig.billing.adapters.ubl.names import Profile
from hendig.billing.adapters.ubl.official import Engine
from hendig.billing.adapters.ubl.write import ubl
from hendig.billing.models import Invoice, InvoiceStage, Original
from hendig.kernel.refusal import Refusal, Refused
from hendig.people import actions as people
from tests.billing.test_einvoice_official import files, verdict_in
from tests.billing.test_received import match_of
from tests.billing.test_rejection import REFUSED
from tests.support import einvoice
from tests.support.bank import afschrift, one_by_one, read
from tests.support.billing import fill_november
from tests.support.received import billed_line, document
from tests.support.shared import built_once
from tests.support.world import World

pytestmark = pytest.mark.conformance
SVRL = "{http://purl.oclc.org/dsdl/svrl}"
BUYER = b'schemeID="0190">00000001001234567000'


@built_once
def november(world: World) -> World:
    """The partner of the made samples is there too."""
    world.partners["voorbeeld"] = people.add_partner(
        actor=world.system,
        name="Voorbeeld Jeugdhulp BV",
        kvk="12345678",
        iban="NL91ABNA0417164300",
        email="k@voorbeeld.example",
        at=world.at,
    )
    return fill_november(world)


@pytest.fixture(scope="module")
def engine(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Engine]:
    folder = tmp_path_factory.mktemp("received") / "einvoice"
    installed.install(einvoice.data(), folder, on=date(2026, 11, 26), trial={})
    with Engine(folder) as made:
        yield made


def decided(world: World, engine: Engine, content: bytes) -> str:
    """The code with which a file is refused; empty for one that is booked."""
    try:
        actions.receive_invoice(actor=world.system, sent=inbox.sent_in(engine, content), at=world.at)
    except Refused as no:
        return no.refusal.code
    return ""


def test_every_official_file_comes_to_a_decision_and_none_is_half_booked(
    november: World, engine: Engine
) -> None:
    """A file with an error is refused for its form; one without is read, and is for somebody else."""
    for file in files():
        if file.parent.name == "hendig-synthetic":
            continue
        code = decided(november, engine, file.read_bytes())
        wrong = verdict_in(file.name) == "error"
        assert (code == "received.format") == wrong, (file.name, code)
        assert code, file.name
    assert not Invoice.objects.exists()
    assert not Original.objects.exists()


@pytest.mark.parametrize("name", ["hendig_nlcius_ok.xml", "hendig_peppol_ok.xml"])
def test_a_sample_of_a_month_is_booked_with_its_totals_and_kept(
    november: World, engine: Engine, name: str
) -> None:
    sample = (einvoice.data() / "hendig-synthetic" / name).read_bytes()
    content = sample.replace(BUYER, b'schemeID="0106">12345678')
    assert decided(november, engine, content) == ""
    invoice = Invoice.objects.get()
    assert (invoice.total_cents, invoice.lines.count()) == (238515, 7)
    # Their matches are not ours: each is a question, and nothing is paid of it.
    assert invoice.stage == InvoiceStage.ASKED
    assert all("no_match" in line.findings for line in invoice.lines.all())
    assert Original.objects.get().official
    kept = queries.original(november.actor("henk"), invoice.pk, at=november.at)
    assert kept.content == content
    assert decided(november, engine, content) == "received.again"


@pytest.mark.parametrize("profile", list(Profile))
def test_what_is_right_is_booked_by_the_official_rules_too(
    november: World, engine: Engine, profile: Profile
) -> None:
    content = ubl(document(november, billed_line(match_of(), 150)), profile)
    assert decided(november, engine, content) == ""
    assert Invoice.objects.get().stage == InvoiceStage.RIGHT
    assert Original.objects.get().official


def test_a_file_on_which_the_official_rules_stop_is_rejected_in_words(
    november: World, engine: Engine
) -> None:
    name = "SI-UBL-2.0_UBL-SR-09_error_multiple_legalentity_registrationname.xml"
    sent = inbox.sent_in(engine, (einvoice.data() / "nlcius-testset/SI-UBL-2.0" / name).read_bytes())
    with pytest.raises(Refused) as no:
        actions.receive_invoice(actor=november.system, sent=sent, at=november.at)
    assert "afgewezen: de controle kan het niet verwerken" in " ".join(str(one.words) for one in sent.wrong)
    assert no.value.refusal.code == "received.format"


@pytest.fixture(scope="module")
def failed() -> Callable[[bytes], list[str | None]]:
    """Which official rules an answer fails; that it follows the schema is asserted."""
    data = einvoice.data()
    schema = etree.XMLSchema(etree.parse(_only(data, "maindoc/UBL-ApplicationResponse-2.1.xsd")))
    processor = saxonche.PySaxonProcessor(license=False)
    rules = processor.new_xslt30_processor().compile_stylesheet(
        stylesheet_file=_only(data, "PEPPOLBIS-T111.xslt")
    )

    def failed(written: bytes) -> list[str | None]:
        schema.assertValid(etree.fromstring(written))
        said = rules.transform_to_string(xdm_node=processor.parse_xml(xml_text=written.decode()))
        return [one.get("id") for one in etree.fromstring(said.encode()).iter(f"{SVRL}failed-assert")]

    return failed


def test_our_answer_fails_no_rule_of_peppol_in_any_state(
    november: World, engine: Engine, failed: Callable[[bytes], list[str | None]]
) -> None:
    jolanda, lost = november.actor("jolanda"), billed_line("M2026-999999", 60)
    right = document(november, billed_line(match_of(), 150))
    asked = document(november, lost, billed_line(match_of(), 15, code="H9"), number="F-2")
    note = document(november, *asked.lines, number="C-1", kind=CREDIT, before=("F-2",))
    seen = set()

    def look() -> None:
        for invoice in Invoice.objects.all():
            written = queries.response(jolanda, invoice.pk, at=november.at).content
            assert failed(written) == []
            seen.add(etree.fromstring(written).findtext(".//{*}ResponseCode"))

    for made in (right, asked):
        assert decided(november, engine, ubl(made, Profile.PEPPOL)) == ""
    look()
    batch = actions.pay(actor=november.actor("henk"), at=november.at)
    read(november, afschrift(november, *one_by_one(batch)))
    assert decided(november, engine, ubl(note, Profile.PEPPOL)) == ""
    look()
    assert seen == {"AP", "UQ", "PD", "RE"}


def test_our_answer_to_what_is_refused_fails_no_rule_of_peppol(
    november: World, engine: Engine, failed: Callable[[bytes], list[str | None]]
) -> None:
    """To what breaks a rule of ours, and to every official file of which the sender can be read."""
    contents = [
        ubl(replace(REFUSED[code](november), kind=kind), Profile.PEPPOL)
        for code in REFUSED
        for kind in (INVOICE, CREDIT)
    ]
    contents += [file.read_bytes() for file in files()]
    codes, answered = set(), 0
    for content in contents:
        sent = inbox.sent_in(engine, content)
        code = decided(november, engine, content)
        if code:
            no = Refusal(code, "Nee.")
            answer = queries.rejection(november.system, sent, no, at=november.at)
            if answer:
                assert failed(answer.content) == [], code
                codes.add(code)
                answered += 1
    assert set(REFUSED) - {"received.format"} <= codes
    assert "received.format" in codes
    assert answered > 2 * len(REFUSED)


def _only(data: Path, name: str) -> str:
    (found,) = data.rglob(name)
    return str(found)
