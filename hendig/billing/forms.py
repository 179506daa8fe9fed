"""Which month of which partner, and what is agreed with a partner."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

from django import forms
from django.core.exceptions import ValidationError
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from hendig.audit.forms import Form
from hendig.billing.adapters import bank
from hendig.billing.adapters.bank import BankSaid
from hendig.billing.adapters.inbox import Sent, judged
from hendig.billing.models import MOST_NUMBER, MOST_PERCENT, MOST_TRAVEL, OLDEST, Variant
from hendig.billing.rules import BANK_FILE, CBS_CARE_FORMS, IJW_CATEGORIES, IV3_FIELDS, WHICH, Which
from hendig.files.forms import Upload
from hendig.files.rules import EINVOICE, SPREADSHEET
from hendig.kernel.refusal import Refused
from hendig.people.models import Unit

DAY = {"required": _("Kies een dag."), "invalid": _("Deze datum bestaat niet. Kies een dag.")}


class WhichMonth(Form):
    """What the address asks for; what it does not say or says wrongly, the page chooses by itself."""

    partner = forms.UUIDField(required=False)
    maand = forms.DateField(required=False, input_formats=["%Y-%m"])

    @property
    def month(self) -> date | None:
        return self.cleaned_data.get("maand")


class PaidForm(forms.Form):
    """Which payments are looked for, and from where a list goes on."""

    number = forms.CharField(
        label=_("Nummer van een betaling of factuur"),
        max_length=40,
        required=False,
        widget=forms.SearchInput,
    )
    before = forms.UUIDField(required=False)


class OpenForm(forms.Form):
    """What of what is open is shown, of whom, and from where the list goes on."""

    soort = forms.TypedChoiceField(
        choices=list(WHICH.items()), coerce=Which, empty_value=None, required=False
    )
    partner = forms.UUIDField(required=False)
    na = forms.UUIDField(required=False)


class SendForm(Form):
    partner_id = forms.UUIDField()
    month = forms.DateField(input_formats=["%Y-%m-%d"])


class AnswerLineForm(Form):
    words = forms.CharField(
        label=_("Uw antwoord"),
        max_length=300,
        widget=forms.Textarea(attrs={"rows": 2}),
        error_messages={"required": _("Schrijf uw antwoord.")},
    )


class AccountForm(Form):
    iban = forms.CharField(
        label=_("Nieuw rekeningnummer (IBAN)"),
        max_length=42,
        widget=forms.TextInput(attrs={"autocomplete": "off", "autocapitalize": "characters"}),
        error_messages={"required": _("Vul een rekeningnummer in.")},
    )


class OwnInvoiceForm(Form):
    file = Upload(
        label=_("Uw e-factuur (UBL)"),
        welcome=EINVOICE,
        error_messages={"required": _("Kies het bestand van uw factuur.")},
    )

    def clean_file(self) -> Sent:
        """The file as it was judged: what is wrong with it is said by who books it."""
        try:
            return judged(self.cleaned_data["file"].content)
        except Refused as no:
            raise ValidationError(str(no.refusal.message), code=no.refusal.code) from no


class SheetForm(Form):
    """A spreadsheet, and what it does not say: whose it is, and the number of the invoice."""

    partner_id = forms.ChoiceField(label=_("Partner"), error_messages={"required": _("Kies een partner.")})
    number = forms.CharField(
        label=_("Uw factuurnummer"),
        max_length=MOST_NUMBER,
        error_messages={
            "required": _("Geef de factuur een nummer."),
            "max_length": _("Het nummer van de factuur is langer dan 30 tekens."),
        },
    )
    file = Upload(
        label=_("Uw rekenblad (XLSX of CSV)"),
        welcome=SPREADSHEET,
        error_messages={"required": _("Kies het bestand van uw factuur.")},
    )

    def __init__(self, *args: Any, offices: Sequence[tuple[UUID, str]], **options: Any) -> None:
        # On its page stands another form, with a file as well.
        super().__init__(*args, **{"auto_id": "sheet_%s", **options})
        who = self.fields["partner_id"]
        assert isinstance(who, forms.ChoiceField)
        who.choices = [(str(pk), name) for pk, name in offices]
        if len(offices) == 1:
            who.initial, who.widget = offices[0][0], forms.HiddenInput()


class Euros(forms.DecimalField):
    """An amount as somebody types it, with a comma or a point; what comes out are cents."""

    widget = forms.TextInput(attrs={"inputmode": "decimal", "autocomplete": "off"})
    default_error_messages = {  # noqa: RUF012 - as Django declares it
        "required": _("Vul een bedrag in."),
        "invalid": _("Dit is geen bedrag. Typ het zo: 86,40."),
        "max_digits": _("Dit bedrag is te groot."),
        "max_whole_digits": _("Dit bedrag is te groot."),
        "max_decimal_places": _("Een bedrag heeft hoogstens twee cijfers achter de komma."),
    }

    def __init__(self, *, max_digits: int = 8, **options: Any) -> None:
        super().__init__(max_digits=max_digits, decimal_places=2, **options)

    def to_python(self, value: Any) -> Any:
        typed = str(value or "").replace("€", "").replace(",", ".").strip()
        return super().to_python(typed)

    def clean(self, value: Any) -> Any:
        amount = super().clean(value)
        return int(amount * 100) if isinstance(amount, Decimal) else amount


def _counts(label: Any, most: int, wrong: Any) -> forms.IntegerField:
    return forms.IntegerField(
        label=label,
        min_value=0,
        max_value=most,
        initial=0,
        error_messages=dict.fromkeys(("required", "invalid", "min_value", "max_value"), wrong),
    )


class AgreementForm(Form):
    partner_id = forms.ChoiceField(label=_("Partner"), error_messages={"required": _("Kies een partner.")})
    variant = forms.ChoiceField(
        label=_("Hoe wordt er betaald?"),
        choices=[
            (one.value, one.label) for one in (Variant.EFFORT, Variant.GENERIC, Variant.TASK, Variant.FIXED)
        ],
        initial=Variant.EFFORT,
        widget=forms.RadioSelect,
    )
    from_on = forms.DateField(label=_("Vanaf"), error_messages=DAY)
    until_on = forms.DateField(label=_("Tot en met"), required=False, error_messages=DAY)
    travel_minutes = _counts(
        _("Minuten reizen per afspraak"), MOST_TRAVEL, _("Vul een aantal minuten in, van 0 tot en met 120.")
    )
    indirect_percent = _counts(
        _("Indirecte tijd, in procenten van de afspraak"),
        MOST_PERCENT,
        _("Vul een percentage in, van 0 tot en met 100."),
    )
    missed_percent = _counts(
        _("Niet doorgegaan: hoeveel procent van de afspraak telt?"),
        MOST_PERCENT,
        _("Vul een percentage in, van 0 tot en met 100."),
    )

    group_percent = forms.IntegerField(
        label=_("In een groep: hoeveel procent telt per gezin?"),
        min_value=1,
        max_value=MOST_PERCENT,
        initial=MOST_PERCENT,
        required=False,
        error_messages=dict.fromkeys(
            ("invalid", "min_value", "max_value"), _("Vul een percentage in, van 1 tot en met 100.")
        ),
    )

    def __init__(self, *args: Any, partners: Sequence[tuple[UUID, str]], **options: Any) -> None:
        super().__init__(*args, **options)
        who = self.fields["partner_id"]
        assert isinstance(who, forms.ChoiceField)
        who.choices = [(str(pk), name) for pk, name in partners]

    def clean_group_percent(self) -> int:
        """Who says nothing of groups agrees that each family counts in full."""
        return self.cleaned_data["group_percent"] or MOST_PERCENT


class TariffForm(Form):
    service_code_id = forms.ChoiceField(label=_("Code"), error_messages={"required": _("Kies een code.")})
    cents_per_hour = Euros(label=_("Een uur kost, in euro’s"))
    from_on = forms.DateField(label=_("Vanaf"), error_messages=DAY)

    def __init__(self, *args: Any, codes: Sequence[tuple[UUID, str]], **options: Any) -> None:
        super().__init__(*args, **options)
        what = self.fields["service_code_id"]
        assert isinstance(what, forms.ChoiceField)
        what.choices = [(str(pk), name) for pk, name in codes]


def _known_as(label: Any, known: Mapping[str, Any], wrong: Any) -> forms.ChoiceField:
    """A name by which others know something: it is chosen, and stands there with its number."""
    choices = [("", _("Kies")), *((code, format_lazy("{} {}", code, words)) for code, words in known.items())]
    return forms.ChoiceField(
        label=label, choices=choices, error_messages={"required": wrong, "invalid_choice": wrong}
    )


class CodeForm(Form):
    name = forms.CharField(label=_("Naam"), max_length=80, error_messages={"required": _("Vul een naam in.")})
    sentence = forms.CharField(label=_("Uitleg"), max_length=200, required=False)
    ijw_category = _known_as(_("Categorie in iJw"), IJW_CATEGORIES, _("Kies een categorie van iJw."))
    ijw_code = forms.CharField(
        label=_("Productcode in iJw"),
        max_length=5,
        error_messages=dict.fromkeys(
            ("required", "max_length"),
            _("De productcode van iJw is een tot vijf letters of cijfers, zonder spatie."),
        ),
    )
    unit = forms.ChoiceField(label=_("Eenheid in iJw"), choices=Unit.choices)
    cbs_care_form = _known_as(_("Hulpvorm bij het CBS"), CBS_CARE_FORMS, _("Kies een hulpvorm van het CBS."))
    iv3_field = _known_as(_("Taakveld in Iv3"), IV3_FIELDS, _("Kies een taakveld van Iv3."))
    from_on = forms.DateField(label=_("Vanaf"), error_messages=DAY)


class EndAgreementForm(Form):
    until_on = forms.DateField(label=_("Laatste dag"), error_messages=DAY)


class JournalForm(Form):
    month = forms.DateField(input_formats=["%Y-%m-%d"])


class BankFileForm(Form):
    file = Upload(
        label=_("Bestand van de bank"), welcome=BANK_FILE, error_messages={"required": _("Kies een bestand.")}
    )

    def clean_file(self) -> BankSaid:
        """What it says, read apart: whether that can be believed is asked by who books it."""
        try:
            return bank.read(self.cleaned_data["file"].content)
        except Refused as no:
            raise ValidationError(str(no.refusal.message), code=no.refusal.code) from no


class WhichYear(Form):
    """What the address asks for; what it does not say or says wrongly, the page chooses by itself."""

    jaar = forms.IntegerField(required=False)


def _age(label: Any, initial: int) -> forms.IntegerField:
    wrong = format_lazy(_("Vul een leeftijd in, van 0 tot en met {oldest}."), oldest=OLDEST)
    return forms.IntegerField(
        label=label,
        min_value=0,
        max_value=OLDEST,
        initial=initial,
        error_messages=dict.fromkeys(("required", "invalid", "min_value", "max_value"), wrong),
    )


class PotForm(Form):
    name = forms.CharField(
        label=_("Hoe heet deze pot?"), max_length=60, error_messages={"required": _("Vul een naam in.")}
    )
    year = forms.IntegerField(
        label=_("Jaar"),
        error_messages=dict.fromkeys(("required", "invalid"), _("Vul een jaar in, zoals 2026.")),
    )
    neighbourhood = forms.CharField(label=_("Dorp of wijk"), max_length=60, required=False)
    youngest = _age(_("Kinderen vanaf"), 0)
    oldest = _age(_("Tot en met"), OLDEST)
    cents = Euros(label=_("Wat zit erin, in euro’s"), max_digits=12)


class PotAmountForm(Form):
    cents = Euros(label=_("Wat zit erin, in euro’s"), max_digits=12)
    from_on = forms.DateField(label=_("Vanaf"), error_messages=DAY)


class MonthlyAmountForm(Form):
    cents = Euros(label=_("Een maand kost, in euro’s"), max_digits=10)
    iv3_field = _known_as(_("Taakveld in Iv3"), IV3_FIELDS, _("Kies een taakveld van Iv3."))
    from_on = forms.DateField(label=_("Vanaf de eerste van de maand"), error_messages=DAY)
