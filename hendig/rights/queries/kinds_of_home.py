"""What goes along in a copy of who is around somebody, and of where somebody lives."""

from __future__ import annotations

from collections.abc import Mapping

from django.utils.translation import gettext_lazy as _

from hendig.families.models import CompartmentKind, Home, Tie
from hendig.kernel.refusal import Words
from hendig.rights.queries.kind import Chapter, Field, Kind

# In whose drawing somebody stands who is not in the one of the family.
WHOSE_CIRCLE: Mapping[str, Words] = {
    CompartmentKind.SHARED: "",
    CompartmentKind.CHILD: _("alleen van de jongere"),
    CompartmentKind.PARENT: _("alleen van deze ouder"),
}

AT_HOME: tuple[Chapter, ...] = (
    (
        _("Onze kring"),
        (
            Kind(
                Tie,
                "circle",
                _("Wie er om ons heen staan"),
                "",
                (
                    Field("name", _("Naam")),
                    Field("relation", _("Wie dat is")),
                    Field("distance", _("Hoe dichtbij, van 1 tot 3")),
                    Field("bond", _("Hoe het contact is")),
                    Field("gives", _("Wat die geeft")),
                    Field("whose", _("Van wie die kring is"), "compartment.kind", words=WHOSE_CIRCLE),
                ),
                large=False,
                only=lambda rows: rows.filter(removed_at=None),
            ),
        ),
    ),
    (
        _("Waar u woont"),
        (
            Kind(
                Home,
                "homes",
                _("Uw adres"),
                "noted_at",
                (
                    Field("from_on", _("Vanaf")),
                    Field("until_on", _("Tot en met")),
                    Field("street", _("Straat")),
                    Field("number", _("Huisnummer")),
                    Field("addition", _("Toevoeging")),
                    Field("postcode", _("Postcode")),
                    Field("place", _("Plaats")),
                    Field("country", _("Land")),
                    Field("way_in", _("Hoe je binnenkomt")),
                    Field("days", _("Wie er is, en wanneer")),
                    Field("source", _("Hoe het bekend is")),
                    Field("corrected", _("Later verbeterd")),
                    Field("by", _("Opgeschreven door"), "noted_by.first_name"),
                ),
            ),
        ),
    ),
)
