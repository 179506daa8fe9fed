"""What the coach writes down about who belongs to a family and who decides."""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import UUID

from django import forms
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from hendig.audit.forms import Form
from hendig.families.forms import DAY
from hendig.families.models import Court, MemberKind, Source
from hendig.families.queries.found import Newcomer
from hendig.families.queries.whos_who import Child, Held, Professional, WhoBelongs
from hendig.kernel.refusal import Words

BORN: dict[str, Any] = {
    **DAY,
    "error_messages": {**DAY["error_messages"], "required": _("Schrijf de geboortedatum.")},
}


class NewcomerForm(forms.Form):
    """Who is being typed, while it is typed: what is not finished yet is no fault."""

    first_name = forms.CharField(max_length=60, required=False)
    last_name = forms.CharField(max_length=80, required=False)
    born_on = forms.DateField(required=False)
    email = forms.EmailField(required=False)

    def newcomer(self) -> Newcomer:
        self.is_valid()
        return newcomer(self.cleaned_data)


def newcomer(typed: dict[str, Any]) -> Newcomer:
    """Who would be written down, as far as was typed."""
    return Newcomer(
        typed.get("first_name") or "",
        typed.get("last_name") or "",
        typed.get("born_on"),
        typed.get("email") or "",
    )


class ArrivingForm(Form):
    """Somebody who comes into the family, and may be there already."""

    somebody_else = forms.BooleanField(required=False, widget=forms.HiddenInput)

    def newcomer(self) -> Newcomer | None:
        """Who would be written down; nobody once the coach said that it is somebody else."""
        if not self.is_bound or not self.is_valid() or self.cleaned_data["somebody_else"]:
            return None
        return newcomer(self.cleaned_data)

    def facts(self) -> dict[str, Any]:
        """What was filled in, as the action takes it."""
        return {name: value for name, value in self.cleaned_data.items() if name != "somebody_else"}


def _a_side(chosen: str) -> UUID | None:
    return None if chosen == TO_ALL else UUID(chosen)


TO_ALL = "all"
WHOSE_SIDE = _("Kies wie van deze persoon mag weten.")


class SideField(forms.TypedChoiceField):
    """Who may know of somebody: all of the family, or the side of one parent alone."""

    def __init__(self, **options: Any) -> None:
        super().__init__(
            label=_("Wie mag van deze persoon weten?"),
            coerce=_a_side,
            empty_value=None,
            widget=forms.RadioSelect,
            error_messages={"required": WHOSE_SIDE, "invalid_choice": WHOSE_SIDE},
            **options,
        )

    def offer(self, page: WhoBelongs, *, besides: UUID | None = None) -> None:
        """All first, then the side of each who raises and has one."""
        sides = [one for one in page.adults if not one.side and one.member_id != besides]
        names = [(str(one.member_id), format_lazy(_("Alleen {name}"), name=one.first_name)) for one in sides]
        self.choices = [(TO_ALL, _("Iedereen die het dossier mag zien")), *names]


class SideForm(Form):
    """The coach puts right who may know of somebody."""

    side_of = SideField()

    def __init__(self, *args: Any, page: WhoBelongs, person_id: UUID, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["side_of"].offer(page, besides=person_id)  # type: ignore[attr-defined]


class AdultForm(ArrivingForm):
    """Somebody who raises; for whom that adult decides is as the family tells it, to be looked up later."""

    first_name = forms.CharField(
        label=_("Voornaam"), max_length=60, error_messages={"required": _("Schrijf de voornaam.")}
    )
    last_name = forms.CharField(label=_("Achternaam"), max_length=80, required=False)
    kind = forms.ChoiceField(
        label=_("Wat is deze persoon van het kind?"),
        choices=[
            (MemberKind.PARENT.value, _("ouder of stiefouder")),
            (MemberKind.FOSTER_PARENT.value, MemberKind.FOSTER_PARENT.label),
            (MemberKind.GUARDIAN.value, MemberKind.GUARDIAN.label),
        ],
        widget=forms.RadioSelect,
        error_messages={"required": _("Kies wat deze persoon van het kind is.")},
    )
    born_on = forms.DateField(label=_("Geboortedatum"), required=False, **DAY)
    children = forms.TypedMultipleChoiceField(
        label=_("Over wie heeft deze persoon gezag?"),
        coerce=UUID,
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    side_of = SideField(required=False)
    email = forms.EmailField(
        label=_("E-mailadres"),
        required=False,
        error_messages={"invalid": _("Dit e-mailadres klopt niet. Het lijkt op: naam@voorbeeld.nl.")},
    )

    def __init__(self, *args: Any, page: WhoBelongs, **options: Any) -> None:
        super().__init__(*args, **options)
        young = [(str(one.member_id), one.first_name) for one in page.children if not one.is_grown]
        self.fields["children"].choices = young  # type: ignore[attr-defined]
        self.fields["side_of"].offer(page)  # type: ignore[attr-defined]
        self.parents = sum(one.is_parent and not one.side for one in page.adults)

    def clean(self) -> dict[str, Any]:
        typed = super().clean() or {}
        # A new partner of one of two parents: nobody is told of that one before the coach said to whom.
        partner = typed.get("kind") == MemberKind.PARENT and not typed.get("children")
        if partner and self.parents > 1 and not self.data.get("side_of"):
            self.add_error("side_of", WHOSE_SIDE)
        if typed.get("kind") == MemberKind.PARENT and typed.get("email") and not typed.get("children"):
            self.add_error("email", MAIL_LATER)
        return typed


MAIL_LATER = _(
    "Zonder gezag ziet een ouder het dossier niet. Laat dit leeg: daarna kunt u een eigen ingang geven, "
    "voor vragen over het eigen kind."
)


class ChildForm(ArrivingForm):
    first_name = forms.CharField(
        label=_("Voornaam"), max_length=60, error_messages={"required": _("Schrijf de voornaam.")}
    )
    last_name = forms.CharField(label=_("Achternaam"), max_length=80, required=False)
    born_on = forms.DateField(label=_("Geboortedatum"), **BORN)
    side_of = SideField(required=False)

    def __init__(self, *args: Any, page: WhoBelongs, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["side_of"].offer(page)  # type: ignore[attr-defined]


SOURCES: dict[str, Words] = {
    Source.REGISTER: _("het gezagsregister"),
    Source.COURT: _("een uitspraak van de rechter"),
    Source.BRP: _("de basisregistratie personen (BRP)"),
    Source.DECLARED: _("het is verteld, en nog niet nagekeken"),
}


class AuthorityForm(Form):
    """An adult decides for a child: where that stands, and since when."""

    holder_id = forms.TypedChoiceField(
        label=_("Wie beslist?"),
        coerce=UUID,
        widget=forms.RadioSelect,
        error_messages={"required": _("Kies wie beslist.")},
    )
    source = forms.ChoiceField(
        label=_("Waar staat dat?"),
        choices=[*SOURCES.items()],
        widget=forms.RadioSelect,
        error_messages={"required": _("Kies waar dat staat.")},
    )
    from_on = forms.DateField(label=_("Sinds welke dag?"), required=False, **DAY)

    def __init__(self, *args: Any, child: Child, holder: str, **options: Any) -> None:
        super().__init__(*args, **options)
        who = self.fields["holder_id"]
        assert isinstance(who, forms.TypedChoiceField)
        who.choices = [
            (str(one.adult.member_id), f"{one.adult.first_name} ({one.adult.kind})") for one in child.adults
        ]
        who.initial = holder if holder in dict(who.choices) else None


class EndForm(Form):
    """Authority stops: where that stands, and from which day. What was looked up is not told away."""

    source = forms.ChoiceField(
        label=_("Waar staat dat?"),
        widget=forms.RadioSelect,
        error_messages={"required": _("Kies waar dat staat.")},
    )
    stops_on = forms.DateField(label=_("Vanaf welke dag niet meer?"), **DAY)

    def __init__(self, *args: Any, held: Held, on: date, **options: Any) -> None:
        super().__init__(*args, initial={"stops_on": on}, **options)
        told = {Source.DECLARED: _("het is verteld: het klopte niet")}
        known = {key: words for key, words in SOURCES.items() if key != Source.DECLARED}
        offered = known | (told if held.to_check else {})
        self.fields["source"].choices = [*offered.items()]  # type: ignore[attr-defined]


class SupervisorForm(Form):
    """Who carries out a measure: looked for by name, then chosen, so that no wrong J. Janssen is let in."""

    who = forms.CharField(
        label=_("Naam van de gezinsvoogd, of van de organisatie"),
        max_length=80,
        error_messages={"required": _("Schrijf de naam van de gezinsvoogd.")},
    )
    account_id = forms.TypedChoiceField(
        label=_("Wie bedoelt u?"),
        coerce=UUID,
        empty_value=None,
        required=False,
        widget=forms.RadioSelect,
        error_messages={"invalid_choice": _("Kies wie u bedoelt.")},
    )
    court = forms.TypedChoiceField(
        label=_("Welke rechter?"),
        choices=[("", ""), *(one for one in Court.choices if one[0] != Court.PROSECUTOR)],
        coerce=Court,
        error_messages={"required": _("Kies welke rechter dit besliste.")},
    )
    ruled_on = forms.DateField(label=_("Dag van de uitspraak"), **DAY)
    until_on = forms.DateField(label=_("Laatste dag van de maatregel"), **DAY)

    def __init__(self, *args: Any, found: tuple[Professional, ...], **options: Any) -> None:
        super().__init__(*args, **options)
        who = self.fields["account_id"]
        assert isinstance(who, forms.TypedChoiceField)
        who.choices = [(str(one.account_id), f"{one.name} ({one.organisation})") for one in found]

    def clean(self) -> dict[str, Any]:
        typed = super().clean() or {}
        who = self.fields["account_id"]
        assert isinstance(who, forms.TypedChoiceField)
        if "who" in typed and not who.choices:
            self.add_error("who", NOBODY_CALLED_SO)
        elif "who" in typed and typed.get("account_id") is None and "account_id" not in self.errors:
            self.add_error("account_id", _("Kies wie u bedoelt."))
        return typed

    def told(self) -> dict[str, Any]:
        return {key: value for key, value in self.cleaned_data.items() if key != "who"}


class ProbationForm(SupervisorForm):
    """The same for juvenile probation, which a public prosecutor can impose as well."""

    who = forms.CharField(
        label=_("Naam van de jeugdreclasseerder, of van de organisatie"),
        max_length=80,
        error_messages={"required": _("Schrijf de naam van de jeugdreclasseerder.")},
    )
    court = forms.TypedChoiceField(
        label=_("Wie legde het op?"),
        choices=[("", ""), *Court.choices],
        coerce=Court,
        error_messages={"required": _("Kies wie dit oplegde.")},
    )
    ruled_on = forms.DateField(label=_("Dag van het besluit"), **DAY)
    until_on = forms.DateField(label=_("Laatste dag van de jeugdreclassering"), **DAY)


NOBODY_CALLED_SO = _(
    "Niemand die hier voor een organisatie werkt, heet zo. "
    "Staat de instelling er nog niet bij? Vraag de gemeente."
)
