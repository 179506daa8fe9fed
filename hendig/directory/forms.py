"""The own card, and what somebody looks for."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django import forms
from django.utils.translation import gettext_lazy as _

from hendig.audit.forms import Form
from hendig.directory.models import Language
from hendig.directory.queries import Directory, Wishes
from hendig.directory.rules import AFTERNOON, DAYS, EVENING, MORNING, PARTS, in_words
from hendig.files.forms import Upload
from hendig.files.rules import FACE
from hendig.kernel.refusal import Words

NUMBER = dict.fromkeys(("required", "invalid", "min_value", "max_value"), _("Vul een getal in."))
HOUR_NAMES: dict[str, Words] = {MORNING: _("ochtend"), AFTERNOON: _("middag"), EVENING: _("avond")}


def _parts() -> list[tuple[str, str]]:
    return [(part, in_words(part)) for part in PARTS]


class CardForm(Form):
    """What a professional says of themself."""

    photo = Upload(label=_("Uw foto"), required=False, welcome=FACE)
    can_do = forms.CharField(
        label=_("Wat kunt u, in uw eigen woorden?"),
        max_length=300,
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={
            "required": _("Schrijf in uw eigen woorden wat u kunt."),
            "max_length": _("Dit is te lang. Houd het bij een paar zinnen."),
        },
    )
    free = forms.MultipleChoiceField(
        label=_("Wanneer heeft u tijd voor een gezin?"),
        widget=forms.CheckboxSelectMultiple,
        choices=_parts,
        required=False,
    )
    families_max = forms.IntegerField(
        label=_("Voor hoeveel gezinnen samen heeft u plek?"), min_value=0, error_messages=NUMBER
    )
    languages = forms.MultipleChoiceField(
        label=_("In welke talen kunt u praten, naast Nederlands?"),
        widget=forms.CheckboxSelectMultiple,
        choices=Language.choices,
        required=False,
    )
    areas = forms.CharField(
        label=_("In welke dorpen of wijken komt u?"),
        widget=forms.Textarea(attrs={"rows": 3}),
        max_length=800,
        required=False,
    )

    @property
    def week(self) -> list[tuple[Words, list[dict[str, object]]]]:
        """The parts of the week by day, each with its name and whether it is chosen."""
        now = set(self["free"].value() or ())
        return [
            (
                name,
                [
                    {"code": day + hour, "hour": words, "chosen": day + hour in now}
                    for hour, words in HOUR_NAMES.items()
                ],
            )
            for day, name in DAYS.items()
        ]

    def clean_areas(self) -> list[str]:
        """Each line is a place; a comma parts them as well."""
        areas = self.cleaned_data["areas"].replace(",", "\n").splitlines()
        if any(len(" ".join(area.split())) > 60 for area in areas):
            raise forms.ValidationError(_("Zet elke plaats op een eigen regel."))
        return list(areas)


class WishesForm(Form):
    """What somebody looks for, as it stands in the address: never anything of a family."""

    kan = forms.SlugField(label=_("Wat kan iemand?"), required=False, widget=forms.Select)
    wanneer = forms.ChoiceField(label=_("Wanneer?"), required=False)
    taal = forms.ChoiceField(label=_("Welke taal?"), required=False)
    wijk = forms.CharField(label=_("Waar?"), required=False, max_length=60, widget=forms.Select)
    plek = forms.BooleanField(label=_("Alleen wie nu plek heeft"), required=False)
    na = forms.UUIDField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["wanneer"].choices = [("", _("maakt niet uit")), *_parts()]  # type: ignore[attr-defined]
        self.fields["taal"].choices = [("", _("maakt niet uit")), *Language.choices]  # type: ignore[attr-defined]

    def offer(self, page: Directory) -> None:
        """What can be chosen, of what there is."""
        self.fields["kan"].widget.choices = [("", _("maakt niet uit")), *page.expertises]
        areas = [(area, area) for area in page.areas]
        self.fields["wijk"].widget.choices = [("", _("overal")), *areas]

    def address(self, after: UUID | None = None) -> str:
        """The same wishes, from the beginning or after somebody."""
        asked = {name: str(self[name].value() or "") for name in ("kan", "wanneer", "taal", "wijk", "plek")}
        asked["na"] = str(after or "")
        return f"?{urlencode({name: value for name, value in asked.items() if value})}"

    def wishes(self) -> tuple[Wishes, UUID | None]:
        """In the words of the query; what cannot be read is no wish."""
        self.is_valid()
        read = self.cleaned_data
        found = Wishes(
            expertise=read.get("kan", ""),
            language=read.get("taal", ""),
            area=read.get("wijk", ""),
            free=read.get("wanneer", ""),
            room=read.get("plek", False),
        )
        return found, read.get("na")
