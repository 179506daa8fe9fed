"""Every component in every state on one page: to look at while designing, and for axe to find nothing on."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from django import forms
from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from hendig.audit.forms import Request
from hendig.kernel.periods import local_day
from hendig.kernel.refusal import Refusal
from hendig.web.icons import ICONS
from hendig.web.pictures import Around, Circle, FlowCard, FlowColumn, WayStep
from hendig.web.tags.basics import TONES


@dataclass(frozen=True, slots=True)
class Somebody:
    first_name: str


class GalleryForm(forms.Form):
    words = forms.CharField(
        label=gettext_lazy("Wat speelt er?"),
        help_text=gettext_lazy("In uw eigen woorden. Kort is goed."),
        widget=forms.Textarea,
    )
    name = forms.CharField(label=gettext_lazy("Hoe heet u?"))
    email = forms.EmailField(label=gettext_lazy("Waar mogen we u mailen?"), required=False)
    day = forms.DateField(label=gettext_lazy("Op welke dag?"))
    time = forms.TimeField(label=gettext_lazy("Hoe laat?"), required=False)
    hours = forms.IntegerField(label=gettext_lazy("Hoeveel minuten?"), required=False)
    place = forms.ChoiceField(
        label=gettext_lazy("Waar?"),
        choices=[("", "—"), ("home", gettext_lazy("Bij u thuis")), ("school", gettext_lazy("Op school"))],
    )
    click = forms.ChoiceField(
        label=gettext_lazy("Klikt het met Anouk?"),
        widget=forms.RadioSelect,
        choices=[
            ("yes", gettext_lazy("Ja, met haar wil ik verder")),
            ("no", gettext_lazy("Nee, liever iemand anders")),
        ],
    )
    expertises = forms.MultipleChoiceField(
        label=gettext_lazy("Wat helpt u aan tafel?"),
        widget=forms.CheckboxSelectMultiple,
        choices=[
            ("sleep", gettext_lazy("Slapen")),
            ("split", gettext_lazy("Na een scheiding")),
            ("school", gettext_lazy("Naar school gaan")),
        ],
    )
    score = forms.IntegerField(label=gettext_lazy("Hoe gaat het nu?"), min_value=1, max_value=10)
    agreed = forms.BooleanField(label=gettext_lazy("Ellen mag dit lezen"))


def flow() -> list[FlowColumn]:
    return [
        FlowColumn(
            _("Nieuw"), (FlowCard("Noor, 13", 0, "Ellen", "#flow"), FlowCard("Daan, 8", 2, "Ellen", "#flow"))
        ),
        FlowColumn(_("Gesprek"), (FlowCard("Zofia, 5", 4, "Ellen", "#flow"),)),
        FlowColumn(
            _("Tent"),
            (FlowCard("Bram, 15", 9, "Mark", "#flow"), FlowCard("Lieke, 11", 3, "Jolanda", "#flow")),
        ),
        FlowColumn(_("Match"), ()),
        FlowColumn(_("Hulp"), (FlowCard("Youssef, 16", None, "", "#flow"),), count=14),
        FlowColumn(_("Klaar"), (), count=6),
    ]


def circle() -> Circle:
    return Circle(
        ("Sanne", "Noor"),
        (
            Around("Oma Riet", _("oma"), 1, "warm", _("kookt op woensdag")),
            Around("Mark", _("vader"), 2, "strained", _("haalt Noor om het weekend")),
            Around("Juf Karin", _("mentor"), 2, "warm", _("belt elke vrijdag")),
            Around("Anouk", _("jeugdprofessional"), 1, "warm"),
            Around("Sven", _("buurjongen"), 3, "thin"),
            Around("Voetbalclub", "", 3, "thin", _("traint mee op dinsdag")),
        ),
    )


def way() -> list[WayStep]:
    return [
        WayStep(_("Vraag gesteld"), "done", when="ma 3 nov"),
        WayStep(_("Gesprek met Ellen"), "done", when="di 4 nov", note=_("Samen opgeschreven wat u hoopt.")),
        WayStep(_("De expertisetent"), "now", on="Mark", days=3, note=_("Mark kijkt wie mag komen.")),
        WayStep(_("Klikt het?"), "next"),
        WayStep(_("Hulp begint"), "next"),
    ]


def components(request: Request) -> HttpResponse:
    """The gallery, with one empty form and one that came back with errors."""
    now = request.at
    context = {
        "form": GalleryForm(auto_id="open_%s"),
        "wrong": GalleryForm(
            {"name": "Sanne", "email": "geen adres", "click": "yes", "score": "6"}, auto_id="wrong_%s"
        ),
        "refusal": Refusal("gallery", _("Eerst moet Mark ja zeggen. U kunt hem een bericht sturen.")),
        "sanne": Somebody("Sanne"),
        "people": [
            Somebody(name) for name in ("Sanne", "Noor", "Mark", "Ellen", "Anouk", "Jolanda", "Piet", "Henk")
        ],
        "tones": TONES,
        "icons": sorted(ICONS),
        "phases": [_("Welkom"), _("Vertellen"), _("Samen kijken"), _("Ideeën"), _("Afspreken")],
        "events": [
            {"when": now, "title": _("Anouk was bij u thuis"), "by": "Anouk"},
            {
                "when": now - timedelta(days=1),
                "title": _("Afspraak gemaakt"),
                "text": _("Woensdag na school."),
                "by": "Noor",
            },
            {"when": now - timedelta(days=9), "title": _("Vraag gesteld")},
        ],
        "tabs": [
            ("#", _("Deze maand"), True, 3),
            ("#", _("Vorige maand"), False),
            ("#", _("Alles"), False, 48),
        ],
        "flow": flow(),
        "circle": circle(),
        "way": way(),
        "at": now,
        "soon": local_day(now) + timedelta(days=12),
    }
    return render(request, "web/components.html", context)
