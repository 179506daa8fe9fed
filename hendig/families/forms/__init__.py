"""What is typed about the people of a family and around it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any, ClassVar, Self
from uuid import UUID

from django import forms
from django.core.exceptions import ValidationError
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from hendig.audit.forms import Form
from hendig.families.forms.further import FurtherForm
from hendig.families.models import CHILD, OUTSIDE, NumberWhy, Sort, Source, WhatFor, Whom
from hendig.families.queries import hides_an_address
from hendig.families.queries.about import Named, SaidOf
from hendig.families.queries.apart import Apart
from hendig.families.queries.deputies import DeputyPage
from hendig.families.queries.looked import ITSELF, KINDS, SINCE, Sieve, Somebody
from hendig.families.queries.my_looks import MyFamily, MySieve
from hendig.families.queries.ways_in import WayIn
from hendig.families.rules.citizen_numbers import why_no_bsn
from hendig.families.rules.sharing import FOR_WHAT
from hendig.kernel.periods import CALENDAR
from hendig.kernel.refusal import Words
from hendig.kernel.traces import has_address

MAY_LEAD_THERE = _(
    "Let op: in dit gezin is een adres geheim, en hier staat een straat of postcode. Meer mensen lezen dit. "
    "Haal het weg, of zet een vinkje als het mag."
)
PLACE_MAY_LEAD_THERE = _(
    "Let op: in dit gezin is een adres geheim. Waar u elkaar ziet, lezen meer mensen, en het kan hen op weg "
    "helpen. Haal het weg, of zet een vinkje als het mag."
)
NEAR = [("1", _("dichtbij")), ("2", _("in de buurt")), ("3", _("verder weg"))]


class CarefulForm(Form):
    """A form whose texts others read. Where somebody hides, a street in one is asked about first.

    So is a place other than the one proposed: "Opvang De Linde" has no street, and leads there too.
    """

    _family_id: UUID
    shared_texts: ClassVar[tuple[str, ...]] = ()
    shared_places: ClassVar[tuple[str, ...]] = ()
    asks_address = False
    address_is_fine = forms.BooleanField(label=_("Dit adres mag hier staan"), required=False)

    def careful(self, family_id: UUID) -> Self:
        """The same form, which knows for whose page it is."""
        self._family_id = family_id
        return self

    def _post_clean(self) -> None:
        super()._post_clean()  # type: ignore[misc]
        fine = self.cleaned_data.pop("address_is_fine", False)
        typed = [str(self.data.get(name, "")) for name in self.shared_texts + self.shared_places]
        street = any(has_address(text) for text in typed)
        place = any(self.cleaned_data.get(name) and name in self.changed_data for name in self.shared_places)
        if (street or place) and hides_an_address(self._family_id):
            self.asks_address = True
            if not fine:
                words = MAY_LEAD_THERE if street else PLACE_MAY_LEAD_THERE
                self.add_error(None, ValidationError(words, code="address.in_text"))


class OfRecordForm(Form):
    """A form for what lies in the record of one child: it asks of whom when more than one is open.

    What was chosen counts also when one of them is left, so that nothing comes to lie with another child.
    """

    about_whom = _("Over wie gaat het?")
    record_id = forms.TypedChoiceField(
        coerce=UUID,
        empty_value=None,
        widget=forms.RadioSelect,
        error_messages={
            "required": _("Kies over wie het gaat."),
            "invalid_choice": _("Kies over wie het gaat."),
        },
    )

    def __init__(self, *args: Any, records: Sequence[tuple[UUID, Words]], **options: Any) -> None:
        super().__init__(*args, **options)
        whose = self.fields["record_id"]
        assert isinstance(whose, forms.TypedChoiceField)
        whose.label, whose.choices = self.about_whom, [(str(pk), name) for pk, name in records]
        if not records:
            del self.fields["record_id"]
        elif len(records) == 1 and self.data.get("record_id") in {None, "", str(records[0][0])}:
            whose.initial, whose.required, whose.widget = str(records[0][0]), False, forms.HiddenInput()


SOMEBODY_OUTSIDE = "outside"


def _whom(chosen: str) -> Whom:
    return OUTSIDE if chosen == SOMEBODY_OUTSIDE else Whom(UUID(chosen))


class AboutField(forms.TypedChoiceField):
    """Whom a text is about: the child of the record, unless somebody says otherwise."""

    def __init__(self, **options: Any) -> None:
        super().__init__(label=_("Over wie?"), required=False, coerce=_whom, empty_value=CHILD, **options)  # type: ignore[arg-type]  # any value

    def offer(self, people: Iterable[Named], child: Named | None) -> None:
        """The child first, then who else is of the family: identifier and first name of each."""
        key, name = child or ("", _("het kind"))
        others = [one for one in people if one[0] != key]
        self.choices = [("", name), *others, (SOMEBODY_OUTSIDE, _("iemand buiten het gezin"))]

    def prepare_value(self, value: object) -> object:
        if isinstance(value, Whom):
            return SOMEBODY_OUTSIDE if value.outside else str(value.member_id or "")
        return value


class AboutForm(Form):
    """Says of something that was written whom it is about."""

    about = AboutField()

    def __init__(self, *args: Any, said: SaidOf, **options: Any) -> None:
        super().__init__(*args, **options)
        whom = self.fields["about"]
        assert isinstance(whom, AboutField)
        whom.initial = said.whom
        whom.offer(said.people, said.child)


class WayInForm(Form):
    email = forms.EmailField(
        label=_("E-mailadres"),
        error_messages={"invalid": _("Dit e-mailadres klopt niet. Het lijkt op: naam@voorbeeld.nl.")},
    )

    def told(self) -> dict[str, Any]:
        """What the way in asks besides who it is for."""
        return {"email": self.cleaned_data["email"]}


class OutsideForm(WayInForm):
    """Of a parent who decides for nobody here: whose parent that is, and about whom such a parent may ask."""

    children = forms.TypedMultipleChoiceField(
        label=_("Van welke kinderen is dit de ouder?"),
        coerce=UUID,
        widget=forms.CheckboxSelectMultiple,
        error_messages={
            "required": _("Kies van welk kind deze persoon de ouder is. Daarover mag die vragen.")
        },
    )

    def __init__(self, *args: Any, children: tuple[tuple[str, str], ...], **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["children"].choices = children  # type: ignore[attr-defined]

    def told(self) -> dict[str, Any]:
        return {**super().told(), "children": self.cleaned_data["children"]}


class YouthForm(WayInForm):
    """By the coach, who spoke with the youth and not only with somebody for the youth."""

    seen = forms.BooleanField(
        label=_("Ik heb de jeugdige zelf gesproken. Alleen de jeugdige leest mail op dit adres."),
        error_messages={"required": _("Spreek eerst zelf met de jeugdige, ook over dit adres.")},
    )


def way_in(request: HttpRequest, way: WayIn) -> WayInForm:
    """The form of this way in: of a youth, of a parent who decides for nobody here, or of anybody else."""
    given = {"email": way.email}
    if way.children:
        return OutsideForm.of(request, initial=given, children=way.children)
    return (YouthForm if way.to_confirm else WayInForm).of(request, initial=given)


class InvitationForm(Form):
    code = forms.CharField(
        label=_("De code die u hoorde"),
        max_length=12,
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"}),
        error_messages={"required": _("Vul de zes cijfers in die u hoorde.")},
    )


class CitizenNumberForm(Form):
    number = forms.CharField(
        label=_("Burgerservicenummer"),
        max_length=40,
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"}),
        error_messages={"required": _("Vul het nummer in. Het staat op een paspoort of ID-kaart.")},
    )
    why = forms.TypedChoiceField(
        label=_("Waarvoor is het nodig?"),
        choices=NumberWhy.choices,
        coerce=NumberWhy,
        widget=forms.RadioSelect,
        error_messages={
            "required": _("Kies waarvoor het nodig is. Is het niet nodig, schrijf het dan niet op.")
        },
    )

    def clean_number(self) -> str:
        typed = str(self.cleaned_data["number"])
        if (no := why_no_bsn(typed)) is not None:
            raise ValidationError(str(no.message), code=no.code)
        return typed


class SamePersonForm(Form):
    other_id = forms.UUIDField(widget=forms.HiddenInput)
    reason = forms.CharField(
        label=_("Waaraan ziet u dat?"),
        max_length=200,
        error_messages={"required": _("Schrijf in een paar woorden waaraan u dat ziet.")},
    )


class CheckForm(Form):
    source = forms.ChoiceField(choices=[(one.value, one.label) for one in Source if one != Source.DECLARED])


class SayForm(Form):
    account = forms.UUIDField(widget=forms.HiddenInput)
    on = forms.TypedChoiceField(choices=[("1", ""), ("0", "")], coerce=lambda typed: typed == "1")


class ReaderForm(SayForm):
    """Whether somebody reads along in an own part: of this parent, or else of the child."""

    person = forms.UUIDField(required=False)


class SortForm(SayForm):
    sort = forms.TypedChoiceField(choices=Sort.choices, coerce=Sort, widget=forms.HiddenInput)


class WhoForm(Form):
    account = forms.UUIDField(widget=forms.HiddenInput)


class InviteForm(OfRecordForm):
    """`records` are those over which the reader decides."""

    about_whom = _("Voor wie?")
    first_name = forms.CharField(label=_("Voornaam"), max_length=60)
    email = forms.EmailField(
        label=_("E-mailadres"),
        error_messages={"invalid": _("Dit e-mailadres klopt niet. Het lijkt op: naam@voorbeeld.nl.")},
    )


class ConfidantForm(InviteForm):
    what_for = forms.TypedChoiceField(
        label=_("Waarvoor kijkt deze persoon mee?"),
        choices=[(one.value, one.label) for one in FOR_WHAT],
        coerce=WhatFor,
        initial=WhatFor.SUPPORT,
        widget=forms.RadioSelect,
        error_messages={"required": _("Kies waarvoor deze persoon meekijkt.")},
    )
    aim = forms.CharField(label=_("In eigen woorden"), max_length=80, required=False)


DAY: dict[str, Any] = {
    "widget": forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    "error_messages": {
        "required": _("Kies een dag."),
        "invalid": _("Deze dag bestaat niet. Kijk nog eens na."),
    },
}


class AskAsGpForm(Form):
    first_name = forms.CharField(label=_("Voornaam van het kind"), max_length=60)
    last_name = forms.CharField(label=_("Achternaam"), max_length=80)
    born_on = forms.DateField(label=_("Geboortedatum"), **DAY)


class TraineeForm(Form):
    account_id = forms.TypedChoiceField(
        label=_("Wie kijkt er mee?"),
        coerce=UUID,
        widget=forms.RadioSelect,
        error_messages={"required": _("Kies een collega.")},
    )
    families = forms.TypedMultipleChoiceField(
        label=_("Bij welke gezinnen?"),
        coerce=UUID,
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": _("Kies ten minste een gezin.")},
    )

    def __init__(self, *args: Any, page: DeputyPage, **options: Any) -> None:
        super().__init__(*args, **options)
        who, where = self.fields["account_id"], self.fields["families"]
        who.choices = [(str(one.account_id), one.name) for one in page.colleagues]  # type: ignore[attr-defined]
        where.choices = [(str(one.family_id), one.name) for one in page.cases]  # type: ignore[attr-defined]


class DeputyForm(TraineeForm):
    from_on = forms.DateField(label=_("Eerste dag"), **DAY)
    until_on = forms.DateField(label=_("Laatste dag"), **DAY)

    def __init__(self, *args: Any, page: DeputyPage, on: date, **options: Any) -> None:
        super().__init__(*args, page=page, **options)
        self.fields["account_id"].label, self.fields["from_on"].initial = _("Wie vervangt u?"), on
        self.fields["families"].initial = [str(one.family_id) for one in page.cases]


class JudgeForm(Form):
    """One professional holds that a youth cannot decide; `asks_harm` after an objection of the youth."""

    matter = forms.CharField(
        label=_("Waarover kan de jongere nu niet zelf beslissen?"),
        max_length=300,
        error_messages={"required": _("Schrijf op waarover het gaat.")},
    )
    why = forms.CharField(
        label=_("Wat zag en hoorde u?"),
        max_length=2000,
        widget=forms.Textarea,
        error_messages={"required": _("Schrijf op wat u zag en hoorde.")},
    )
    harm = forms.CharField(
        label=_("Welk ernstig nadeel wordt zo voorkomen?"),
        max_length=1000,
        required=False,
        widget=forms.Textarea,
    )
    until_on = forms.DateField(label=_("Laatste dag"), **DAY)

    def __init__(self, *args: Any, asks_harm: bool, **options: Any) -> None:
        super().__init__(*args, **options)
        if not asks_harm:
            del self.fields["harm"]


class SecondForm(Form):
    agrees = forms.TypedChoiceField(
        label=_("Kan de jongere hierover nu zelf beslissen?"),
        choices=[("1", _("Nee, nu niet")), ("0", _("Ja, dat kan"))],
        coerce=lambda typed: typed == "1",
        widget=forms.RadioSelect,
        error_messages={"required": _("Kies ja of nee.")},
    )
    why = forms.CharField(
        label=_("Wat zag en hoorde u?"),
        max_length=2000,
        widget=forms.Textarea,
        error_messages={"required": _("Schrijf op wat u zag en hoorde.")},
    )


class ObjectionForm(Form):
    words = forms.CharField(
        label=_("Wilt u zeggen waarom?"),
        max_length=1000,
        required=False,
        widget=forms.Textarea,
    )


# What of the log no person did: by the word that stands in the address.
NO_PERSON = "hendig"


class SieveForm(forms.Form):
    """What of the log is shown; whatever is odd in the address sifts nothing."""

    wie = forms.ChoiceField(label=_("Wie"), required=False)
    soort = forms.ChoiceField(label=_("Wat"), choices=KINDS, required=False)
    sinds = forms.ChoiceField(label=_("Sinds"), choices=SINCE, required=False)

    def offer(self, people: Iterable[Somebody]) -> None:
        who = self.fields["wie"]
        assert isinstance(who, forms.ChoiceField)
        named = [(str(one.account_id), one.first_name) for one in people]
        who.choices = [("", _("Iedereen")), *named, (NO_PERSON, ITSELF)]

    def sieve(self) -> Sieve:
        kind, since = self.data.get("soort", ""), self.data.get("sinds", "")
        return Sieve(
            account_id=read_id(self.data.get("wie", "")),
            itself=self.data.get("wie") == NO_PERSON,
            kind=kind if kind in dict(KINDS) else "",
            days=int(since) if since in dict(SINCE) and since else None,
        )

    def before(self) -> UUID | None:
        return read_id(self.data.get("voor", ""))


class MySieveForm(forms.Form):
    """What of the own lines is shown; whatever is odd in the address sifts nothing."""

    gezin = forms.ChoiceField(label=_("Gezin"), required=False)
    soort = forms.ChoiceField(label=_("Wat"), choices=KINDS[:3], required=False)
    van = forms.DateField(label=_("Vanaf"), required=False)
    tot = forms.DateField(label=_("Tot en met"), required=False)

    def offer(self, families: Iterable[MyFamily]) -> None:
        of = self.fields["gezin"]
        assert isinstance(of, forms.ChoiceField)
        of.choices = [("", _("Alle gezinnen")), *((str(one.family_id), one.name) for one in families)]

    def sieve(self) -> MySieve:
        self.is_valid()
        typed = getattr(self, "cleaned_data", {})
        return MySieve(
            family_id=read_id(typed.get("gezin", "")),
            kind=typed.get("soort", ""),
            first=_meant(typed.get("van")),
            last=_meant(typed.get("tot")),
        )

    def before(self) -> UUID | None:
        return read_id(self.data.get("voor", ""))


def _meant(day: date | None) -> date | None:
    """A day that somebody can mean: reckoning from another may end in no day at all."""
    return day if day is not None and CALENDAR.covers(day) else None


class QuestionForm(Form):
    words = forms.CharField(
        label=_("Uw vraag"),
        max_length=1000,
        widget=forms.Textarea,
        error_messages={"required": _("Schrijf in een paar woorden wat u wilt weten.")},
    )


class NoteForm(FurtherForm):
    words = forms.CharField(
        label=_("Wat wilt u kwijt?"),
        max_length=4000,
        widget=forms.Textarea,
        error_messages={"required": _("Schrijf eerst iets op.")},
    )
    about = AboutField()

    def __init__(self, *args: Any, page: Apart, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["about"].offer(page.people, page.whose)  # type: ignore[attr-defined]
        if page.mine:
            self.ask_no_reason()


class GpForm(FurtherForm, CarefulForm):
    shared_texts = ("words", "because_words")
    words = forms.CharField(
        label=_("Wat wilt u opschrijven?"),
        max_length=4000,
        widget=forms.Textarea,
        error_messages={"required": _("Schrijf eerst iets op.")},
    )


class WorkNoteForm(OfRecordForm):
    words = forms.CharField(
        label=_("Wat wilt u onthouden?"),
        max_length=4000,
        widget=forms.Textarea,
        error_messages={"required": _("Schrijf eerst iets op.")},
    )


class AnswerForm(Form):
    answer = forms.CharField(
        label=_("Uw antwoord"),
        max_length=2000,
        widget=forms.Textarea,
        error_messages={"required": _("Schrijf een antwoord.")},
    )


def read_id(typed: str) -> UUID | None:
    try:
        return UUID(typed)
    except ValueError:
        return None
