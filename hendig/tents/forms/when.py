"""When and where: calling a tent, moving it, and tents that come back."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django import forms
from django.core.validators import URLValidator
from django.utils.formats import date_format
from django.utils.html import format_html
from django.utils.timezone import localtime
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from hendig.audit.forms import Form
from hendig.families.forms import CarefulForm
from hendig.kernel.periods import CALENDAR
from hendig.tents.models import (
    MINUTES,
    Weekday,
)
from hendig.tents.queries.slots import Slot

DAY = {"required": _("Kies een dag."), "invalid": _("Deze datum bestaat niet. Kies een dag.")}


NUMBER = dict.fromkeys(("required", "invalid", "min_value", "max_value"), _("Vul een getal in."))


# So many free places are offered; who looks further takes a moment of their own.
SLOTS, OTHER = 5, "other"


# In so many days people can be asked, and can say that they come.
IN_TIME = 3


class LinkField(forms.URLField):
    """The link by which one comes along from afar: sealed on its way there, so that nobody listens in."""

    default_validators = [URLValidator(schemes=["https"])]  # noqa: RUF012 - as Django names it

    def __init__(self, **options: Any) -> None:
        no = {"invalid": _("Plak hier een link die begint met https://.")}
        super().__init__(required=False, max_length=200, assume_scheme="https", error_messages=no, **options)


class WhenForm(CarefulForm):
    """When and where: a free place in a tent that comes back, or another moment."""

    shared_places = ("place",)
    slot = forms.ChoiceField(
        label=_("Wanneer?"),
        widget=forms.RadioSelect,
        error_messages={
            "required": _("Kies een vrije plek of een ander moment."),
            "invalid_choice": _("Deze plek is net weg. Kies een andere."),
        },
    )
    starts_at = forms.DateTimeField(
        label=_("Wanneer?"),
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"),
        required=False,
    )
    place = forms.CharField(label=_("Waar?"), max_length=120, required=False)
    video_link = LinkField(label=_("Of met beeld: de link"))

    def __init__(self, *args: Any, slots: Sequence[Slot], **options: Any) -> None:
        super().__init__(*args, **options)
        self.chosen: Slot | None = None
        self._slots = {value_of(one): one for one in slots[:SLOTS]}
        if not slots:
            del self.fields["slot"]
            return
        offered = [(key, _slot(one)) for key, one in self._slots.items()]
        self.fields["slot"].choices = [*offered, (OTHER, _("Een ander moment"))]  # type: ignore[attr-defined]
        in_time = (key for key, one in self._slots.items() if one.days >= IN_TIME and not one.engaged)
        self.fields["slot"].initial = next(in_time, OTHER)

    @property
    def shows_other(self) -> bool:
        """Whether the fields for another moment lie open: once something was sent, or while it is marked."""
        return self.is_bound or self.fields["slot"].initial == OTHER

    def clean(self) -> dict[str, Any]:
        """One of both; whoever chooses a place and fills in another moment is asked which it is."""
        data: dict[str, Any] = super().clean() or {}
        slot = self._slots.get(data.get("slot", ""))
        typed = {"starts_at", "place", "video_link"} & set(self.changed_data)
        if slot and typed:
            both = _("Er staat een vrije plek aan, en u vulde een ander moment in. Tik aan wat u bedoelt.")
            self.add_error("slot", both)
        if not slot and not data.get("starts_at") and "starts_at" not in self.errors:
            self.add_error("starts_at", _("Kies een dag en een tijd."))
        self.chosen = slot
        return data

    def when(self) -> dict[str, Any]:
        """The same as arguments of an action."""
        if self.chosen:
            return {"starts_at": self.chosen.starts_at, "recurring_id": self.chosen.recurring_id}
        return {name: self.cleaned_data[name] for name in ("starts_at", "place", "video_link")}


class MoveForm(WhenForm):
    """To when and where it moves: its own moment lies open, and no free place is marked unasked."""

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        if "slot" in self.fields:
            self.fields["slot"].initial = OTHER


def value_of(one: Slot) -> str:
    """A free place as it is sent."""
    return f"{one.recurring_id} {one.starts_at.isoformat()}"


def moment_of(value: str) -> datetime | None:
    """The moment of what was sent as a place; None where that is none."""
    try:
        moment = datetime.fromisoformat(value.rsplit(" ", maxsplit=1)[-1])
    except ValueError:
        return None
    return moment if moment.tzinfo and CALENDAR.covers(moment.date()) else None


def _slot(one: Slot) -> str:
    when = date_format(localtime(one.starts_at), gettext("l j F, H:i"))
    where = _("%(wait)s · %(name)s, %(place)s") % {"wait": one.wait, "name": one.name, "place": one.where}
    if not one.engaged:
        return format_html("<strong>{}</strong><br>{}", when, where)
    return format_html(
        "<strong>{}</strong><br>{}<br>{}",
        when,
        where,
        _("U of dit gezin heeft dan al een afspraak of een tent."),
    )


class RecurringForm(Form):
    """A tent that comes back."""

    name = forms.CharField(
        label=_("Naam"), max_length=60, error_messages={"required": _("Geef de tent een naam.")}
    )
    weekday = forms.TypedChoiceField(label=_("Op welke dag?"), choices=Weekday.choices, coerce=int)
    every_weeks = forms.TypedChoiceField(
        label=_("Hoe vaak?"),
        choices=[(1, _("elke week")), (2, _("om de week")), (4, _("elke vier weken"))],
        coerce=int,
    )
    starts_at = forms.TimeField(
        label=_("Hoe laat begint het?"),
        error_messages=dict.fromkeys(("required", "invalid"), _("Vul een tijd in, zoals 9:00.")),
    )
    minutes = forms.IntegerField(
        label=_("Hoeveel minuten per gezin?"), initial=MINUTES, error_messages=NUMBER, min_value=1
    )
    families = forms.IntegerField(
        label=_("Voor hoeveel gezinnen is er plek?"), initial=3, error_messages=NUMBER, min_value=1
    )
    place = forms.CharField(label=_("In welk gebouw?"), max_length=120, required=False)
    video_link = LinkField(label=_("Met beeld: de link"))
    from_on = forms.DateField(label=_("Vanaf"), error_messages=DAY)


class StopForm(Form):
    until_on = forms.DateField(label=_("Laatste dag"), error_messages=DAY)
