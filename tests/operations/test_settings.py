"""The operator sets what a municipality works with, from a file: all of it or nothing, and twice is once."""

from __future__ import annotations

from pathlib import Path

import pytest
from django.forms.models import model_to_dict

from hendig.audit.models import Entry
from hendig.billing.models import AccountChange
from hendig.demo import municipality as demo
from hendig.demo.people import PARTNERS
from hendig.kernel.actor import Actor, Role
from hendig.kernel.refusal import Forbidden
from hendig.operations import appointing
from hendig.operations.command import parser
from hendig.operations.failure import Failure
from hendig.operations.postgres import embedded
from hendig.operations.settings import load
from hendig.operations.settings.example import example
from hendig.people import actions
from hendig.people.models import (
    Expertise,
    KnowledgeCard,
    Membership,
    Municipality,
    Partner,
    Principle,
    ServiceCode,
)
from hendig.tents import actions as tents
from tests.operations.machine import Loaded, hendig
from tests.support.elsewhere import beekdal
from tests.support.matching import household
from tests.support.refusals import code_of
from tests.support.tents import call_tent
from tests.support.world import AT, World

KINDS = (Municipality, Principle, ServiceCode, Expertise, KnowledgeCard, Partner)
PARTNER = """
[[partner]]
kvk = "69599068"
name = "De Vlinder"
email = "kantoor@vlinder.example"
iban = "NL35HNDG0111111111"
"""


@pytest.fixture
def town(db: None) -> World:
    """A municipality that was opened, and nothing more."""
    return World(actions.open_municipality(name="De Peel", slug="de-peel", cbs_code="9998", at=AT), AT)


def rows() -> list[object]:
    """All that a municipality works with, and how long the log is."""
    return [Entry.objects.count(), *(model_to_dict(row) for kind in KINDS for row in kind.objects.all())]


class Given:
    """A file as somebody gives it; what is said of it is kept."""

    def __init__(self, path: Path, printed: pytest.CaptureFixture[str]) -> None:
        self.path, self._printed = path, printed

    def __call__(self, text: str, municipality: str = "") -> str:
        self.path.write_text(text)
        load(self.path, municipality)
        return self._printed.readouterr().out


@pytest.fixture
def give(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Given:
    return Given(tmp_path / "peel.toml", capsys)


def test_with_the_example_a_tent_is_called_for_somebody_of_a_partner(town: World, give: Given) -> None:
    said = give(example())
    assert said.splitlines() == [
        "De Peel",
        "added: 10 principles, 7 codes, 14 expertises, 5 cards, 8 partners",
        "changed: the municipality itself",
    ]
    town.partners = {known.key: Partner.objects.get(kvk=known.kvk) for known in PARTNERS}
    town.add_worker("ellen", Role.COACH)
    town.add_worker("petra", Role.POLICY)
    town.add_professional("anouk", "vlinder", "natuur", "opvoeden")
    tent = call_tent(town, household(town).request, "natuur")
    assert [seat.expertise.name for seat in tent.seats.all()] == ["Buiten en dieren"]


def test_the_example_is_what_the_demo_says(town: World, give: Given) -> None:
    give(example())
    facts = Municipality.objects.values(*demo.FACTS).get()
    assert facts == demo.FACTS
    assert tuple(Principle.objects.values_list("title", "sentence")) == demo.PRINCIPLES
    assert tuple(KnowledgeCard.objects.values_list("title", "words")) == demo.CARDS
    assert [code.facts for code in demo.CODES] == list(ServiceCode.objects.values(*demo.CODES[0].facts))
    assert set(Expertise.objects.values_list("slug", "name", "sentence")) == set(demo.EXPERTISES)
    asked = Expertise.objects.filter(registered=True).values_list("slug", flat=True)
    assert sorted(asked) == sorted(demo.REGISTERED)
    partners = Partner.objects.values(*PARTNERS[0].facts)
    assert sorted(partners, key=str) == sorted((one.facts for one in PARTNERS), key=str)


def test_the_log_says_of_each_what_happened(town: World, give: Given) -> None:
    give(PARTNER + '[municipality]\nphone = "14 0499"\n')
    lines = Entry.objects.exclude(code="municipality.opened").order_by("id")
    assert list(lines.values_list("code", "object_type")) == [
        ("settings.changed", "people.Municipality"),
        ("partner.joined", "people.Partner"),
    ]


def test_another_account_to_pay_from_waits_for_who_pays(town: World, give: Given) -> None:
    own = '[municipality]\niban = "NL35HNDG0111111111"\n'
    assert give(own).splitlines() == ["De Peel", "changed: the municipality itself"]
    said = (
        "municipality: the iban stays as it is until finance agrees on the page Betalen, and 72 hours more."
    )
    another = own.replace("NL35HNDG0111111111", "NL33HNDG0222222222") + 'phone = "14 0499"\n'
    assert give(another).splitlines() == ["De Peel", "changed: the municipality itself", said]
    assert Municipality.objects.values_list("iban", "phone").get() == ("NL35HNDG0111111111", "14 0499")
    again = give(another).splitlines()
    assert again[1:] == [
        "Nothing changed: it was all so already.",
        "municipality: the iban stays as it is; another is under way on the page Betalen already.",
    ]
    (wanted,) = AccountChange.objects.all()
    assert (wanted.iban, wanted.partner, wanted.asked_by) == ("NL33HNDG0222222222", None, None)


def test_twice_changes_nothing_and_says_so(town: World, give: Given) -> None:
    give(example())
    before = rows()
    assert give(example()).splitlines() == ["De Peel", "Nothing changed: it was all so already."]
    assert rows() == before


@pytest.mark.parametrize(
    ("before", "after", "told", "kind", "found"),
    [
        ("Een paar gesprekken", "Twee gesprekken", "1 code", ServiceCode, {"code": "H1"}),
        ("Als een kind bang", "Als iemand bang", "1 expertise", Expertise, {"slug": "angst"}),
        ("We beginnen bij wat", "Wij kijken naar wat", "1 principle", Principle, {"title": "De vraag eerst"}),
        ("Een toets", "Een proefwerk", "1 card", KnowledgeCard, {"title": "Gewone spanning"}),
        ("Het Anker", "Het Nieuwe Anker", "1 partner", Partner, {"kvk": "68750110"}),
        ("14 0499", "14 0400", "the municipality itself", Municipality, {"slug": "de-peel"}),
    ],
)
def test_what_is_there_gets_the_new_words(
    town: World,
    give: Given,
    before: str,
    after: str,
    told: str,
    kind: type[ServiceCode],
    found: dict[str, str],
) -> None:
    give(example())
    count = kind.objects.count()
    assert give(example().replace(before, after)).splitlines() == ["De Peel", f"changed: {told}"]
    assert after in str(model_to_dict(kind.objects.get(**found)))
    assert kind.objects.count() == count


def test_nothing_is_taken_away_and_what_is_left_out_stays(town: World, give: Given) -> None:
    give(example())
    assert give(PARTNER) == "De Peel\nchanged: 1 partner\n"
    assert Partner.objects.count() == len(PARTNERS)
    assert Partner.objects.get(kvk="69599068").town == demo.NAME


def test_what_is_added_comes_after_what_was_there(town: World, give: Given) -> None:
    give('[[card]]\ntitle = "B"\nwords = "b"\n[[card]]\ntitle = "C"\nwords = "c"')
    give('[[card]]\ntitle = "A"\nwords = "a"\n[[card]]\ntitle = "B"\nwords = "bb"')
    cards = KnowledgeCard.objects.values_list("title", "words")
    assert list(cards) == [("B", "bb"), ("C", "c"), ("A", "a")]


def test_the_colour_of_a_municipality_is_set_and_taken_back(town: World, give: Given) -> None:
    for colour in ("#003a70", ""):
        give(f'[municipality]\naccent = "{colour}"')
        assert Municipality.objects.get().accent == colour


def test_the_account_of_a_partner_that_is_known_stays(town: World, give: Given) -> None:
    give(PARTNER)
    other = PARTNER.replace("NL35HNDG0111111111", "NL33 HNDG 0222 2222 22").replace("De V", "V")
    said = "partner 1: the iban of Vlinder stays as it is; it changes on the page Rekeningnummer."
    assert give(other).splitlines() == ["De Peel", "changed: 1 partner", said]
    assert Partner.objects.values_list("name", "iban").get() == ("Vlinder", "NL35HNDG0111111111")
    assert give(other).splitlines()[1:] == ["Nothing changed: it was all so already.", said]
    assert give(PARTNER.replace("NL35", "nl35 ")).splitlines() == ["De Peel", "changed: 1 partner"]


def test_a_partner_without_an_account_is_paid_when_two_people_agreed_on_one(town: World, give: Given) -> None:
    give("\n".join(line for line in PARTNER.splitlines() if not line.startswith("iban")))
    assert Partner.objects.get().iban == ""
    assert "stays as it is" in give(PARTNER)
    assert Partner.objects.get().iban == ""


def test_what_the_municipality_keeps_in_editions_is_left_to_its_page(world: World, give: Given) -> None:
    one = '[[card]]\ntitle = "Stress"\nwords = "{}"\n[[expertise]]\nslug = "angst"\nname = "Angst"\n'
    one += 'sentence = "Helpt bij angst."\nregistered = {}\n'
    give(one.format("Van de beheerder.", "true"))
    tents.set_knowledge(
        actor=world.actor("petra"),
        cards=[("Stress", "Van Petra.")],
        registered=[],
        edition=0,
        at=world.later(),
    )
    said = give(one.replace('"Angst"', '"Bang"').format("Van de beheerder.", "true")).splitlines()
    assert said[1] == "changed: 1 expertise"
    assert said[2].endswith("on the page Kennis en registratie.")
    assert KnowledgeCard.objects.values_list("title", "words").get() == ("Stress", "Van Petra.")
    assert Expertise.objects.values_list("name", "registered").get(slug="angst") == ("Bang", False)
    assert len(give(one.replace('"Angst"', '"Bang"').format("Van Petra.", "false")).splitlines()) == 2


SECOND = PARTNER.replace("69599068", "{}").replace("NL35HNDG0111111111", "{}")
CODE = '[[code]]\ncode = "H1"\nname = "Meedenken"\nsentence = "Een paar gesprekken."\n'


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        (
            SECOND.format("69599084", "NL35HNDG0111111112"),
            "partner 2: the iban must be an IBAN, and its digits",
        ),
        (SECOND.format("6959908", "NL31HNDG0333333333"), "partner 2: the kvk must be eight digits."),
        (
            SECOND.format("69599068", "NL31HNDG0333333333"),
            "partner 2: the kvk 69599068 is that of partner 1 too.",
        ),
        (PARTNER.replace("69", "70") + 'agb = "123"', "partner 2: the agb must be eight digits."),
        (
            PARTNER.replace("69", "70") + 'vat = "123"',
            "partner 2: the vat must be NL, nine digits, a B and two",
        ),
        (
            PARTNER.replace("69", "70") + 'postcode = "Peel"',
            "partner 2: the postcode must be four digits and",
        ),
        (
            PARTNER.replace("69", "70") + 'bank = "x"',
            "partner 2: there is no bank here; there are kvk, name,",
        ),
        ('[[partner]]\nkvk = "12345678"\nname = "X"', "partner 2: the email is missing."),
        (
            '[[partner]]\nkvk = 12345678\nname = "X"\nemail = "a@b.nl"',
            "partner 2: the kvk must be a text, between",
        ),
        (
            '[[partner]]\nkvk = "12345678"\nname = "X"\nemail = "b.nl"',
            "partner 2: the email is not right: Enter a",
        ),
        (
            '[[partner]]\nkvk = "12345678"\nname = " "\nemail = "a@b.nl"',
            "the name is not right: This field cannot",
        ),
        (
            '[[partner]]\nkvk = "12345678"\nname = "\\u0000"\nemail = "a@b.nl"',
            "holds a sign that nobody can read.",
        ),
        ('[[card]]\ntitle = "X"\nwords = "' + "w" * 401 + '"', "card 1: the words is not right: Ensure this"),
        (
            '[[expertise]]\nslug = "a b"\nname = "X"\nsentence = "y"',
            "expertise 1: the slug is not right: Enter",
        ),
        (
            '[[expertise]]\nslug = "a"\nname = "X"\nsentence = "y"\n' * 2,
            "expertise 2: the slug a is that of expertise 1 too.",
        ),
        (
            '[[expertise]]\nslug = "a"\nname = "X"\nsentence = "y"\nregistered = "ja"',
            "expertise 1: the registered must be true or false.",
        ),
        (CODE + 'ijw_category = "12"', "code 1: the ijw_category must be one of 40, 41,"),
        (CODE + 'iv3_field = "6"', "code 1: the iv3_field must be one of 6.2, 6.72a,"),
        (CODE + 'unit = "02"', "code 1: the unit must be one of 01, 04, 16, 14."),
        (
            '[municipality]\niban = "NL00HNDG0999999999"',
            "municipality: the iban must be an IBAN, and its digits",
        ),
        ('[municipality]\nname = "Peel"', "municipality: there is no name here; there are kvk, oin,"),
        ('[municipality]\naccent = "#ffd200"', "municipality: the accent must be # and six digits or small"),
        ('[municipality]\noin = "1"', "municipality: the oin must be twenty digits."),
        ('[municipality]\npost = "Peel"', "municipality: the post must be as on an envelope: Postbus 99,"),
        ('[[municipality]]\nkvk = "12345678"', "municipality is a table: [municipality]."),
        ('[principle]\ntitle = "X"', "principle is a list of tables: each begins with [[principle]]."),
        ("[[tent]]", "There is no setting tent; there are municipality, principle, code,"),
        ("[[partner", "is not TOML: "),
    ],
)
def test_what_is_wrong_is_named_with_its_place_and_nothing_is_written(
    town: World, give: Given, text: str, sentence: str
) -> None:
    before = rows()
    with pytest.raises(Failure) as no:
        give(PARTNER + text)
    assert sentence in str(no.value)
    assert "\n" not in str(no.value)
    assert rows() == before


def test_a_file_that_is_not_there_or_not_text_is_said_so(town: World, tmp_path: Path) -> None:
    with pytest.raises(Failure, match="There is no file"):
        load(tmp_path / "none.toml", "")
    (tmp_path / "bytes.toml").write_bytes(b"\xff\xfe")
    with pytest.raises(Failure, match="is not TOML"):
        load(tmp_path / "bytes.toml", "")


def test_it_is_for_one_municipality_that_is_named_where_there_are_several(world: World, give: Given) -> None:
    beekdal(world)
    with pytest.raises(Failure, match=r"several municipalities.*--municipality: beekdal, peelrand"):
        give(CODE)
    with pytest.raises(Failure, match="no municipality peel; there is beekdal, peelrand"):
        give(CODE, "peel")
    before = ServiceCode.objects.get(municipality_id=world.municipality.pk, code="H1").sentence
    assert give(CODE, "beekdal") == "Beekdal\nadded: 1 code\n"
    assert ServiceCode.objects.get(municipality_id=world.municipality.pk, code="H1").sentence == before
    assert ServiceCode.objects.filter(code="H1").count() == 2


def test_without_a_municipality_there_is_nothing_to_set(db: None, give: Given) -> None:
    with pytest.raises(Failure, match="begin with `hendig appoint`"):
        give(CODE)


@pytest.mark.parametrize("name", ["petra", "henk", "karin"])
def test_nobody_who_signs_in_sets_a_municipality_up(world: World, name: str) -> None:
    def set_up(actor: Actor) -> None:
        actions.set_settings(actor=actor, principles=(), codes=(), expertises=(), at=world.at)

    assert code_of(lambda: set_up(world.system)) == "settings.same"
    with pytest.raises(Forbidden):
        set_up(world.actor(name))


def test_there_can_be_another_municipality_and_each_has_its_own_first_people(world: World) -> None:
    names = {"first_name": "Vera", "last_name": "Bos", "role": "policy"}
    with pytest.raises(Failure, match="no municipality Beekdal; there is peelrand"):
        appointing.appoint(email="vera@beekdal.example", municipality="Beekdal", **names)
    for number, wrong in (("98", "four digits"), ("9999", "that of Peelrand")):
        with pytest.raises(Failure, match=wrong):
            appointing.appoint(email="vera@beekdal.example", municipality="Beekdal", cbs_code=number, **names)
    assert Municipality.objects.count() == 1
    for name in ("vera", "carla"):
        appointing.appoint(email=f"{name}@beekdal.example", municipality="Beekdal", cbs_code="9998", **names)
    there = Municipality.objects.get(slug="beekdal")
    assert (there.name, there.cbs_code) == ("Beekdal", "9998")
    assert Membership.objects.filter(municipality_id=there.pk, role=Role.POLICY).count() == 2
    with pytest.raises(Failure, match="Two people"):
        appointing.appoint(email="third@beekdal.example", municipality="beekdal", **names)
    with pytest.raises(Failure, match="Beekdal has the number 9998"):
        appointing.appoint(email="x@beekdal.example", municipality="Beekdal", cbs_code="9997", **names)
    with pytest.raises(Failure, match=r"several municipalities.*beekdal, peelrand"):
        appointing.appoint(email="vera@beekdal.example", **names)


def test_the_command_takes_what_is_said_of_it() -> None:
    asked = parser().parse_args(["settings", "peel.toml", "--municipality", "peel"])
    assert (asked.file, asked.municipality, asked.example) == (Path("peel.toml"), "peel", False)


@pytest.mark.slow
def test_an_operator_opens_a_municipality_and_sets_it(home: Path, tmp_path: Path, loaded: Loaded) -> None:
    """By the commands themselves, and behind the walls."""
    assert "Say which FILE" in hendig(home, "settings").stderr
    file = tmp_path / "peel.toml"
    file.write_text(hendig(home, "settings", "--example").stdout)
    who = ("vera@peel.example", "Vera", "Bos", "policy", "--municipality", "De Peel", "--cbs-code", "9998")
    done = hendig(home, "appoint", *who)
    assert (done.returncode, done.stderr) == (0, "")
    with embedded(home):
        done = hendig(home, "settings", str(file))
        assert (done.returncode, done.stderr) == (0, "")
        assert "8 partners" in done.stdout
        again = loaded.hendig(home, "settings", str(file), "--municipality", "de-peel")
        assert "Nothing changed" in again.stdout
        file.write_text("[[partner]]")
        wrong = loaded.hendig(home, "settings", str(file))
        assert (wrong.returncode, wrong.stderr) == (1, "hendig: partner 1: the kvk is missing.\n")
