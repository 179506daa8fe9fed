"""The names that UBL and its two profiles use."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum

UBL = "urn:oasis:names:specification:ubl:schema:xsd:"
CBC = f"{UBL}CommonBasicComponents-2"
CAC = f"{UBL}CommonAggregateComponents-2"
NAMESPACES = {"cbc": CBC, "cac": CAC}
INVOICE_ROOT = f"{{{UBL}Invoice-2}}Invoice"
CREDIT_ROOT = f"{{{UBL}CreditNote-2}}CreditNote"
BILLING = "urn:fdc:peppol.eu:2017:poacc:billing:01:1.0"


class Profile(StrEnum):
    """By which agreement the document was made, and so by which rules it is checked."""

    NLCIUS = "nlcius"
    PEPPOL = "peppol"


CUSTOMIZATIONS: Mapping[Profile, str] = {
    Profile.NLCIUS: "urn:cen.eu:en16931:2017#compliant#urn:fdc:nen.nl:nlcius:v1.0",
    Profile.PEPPOL: "urn:cen.eu:en16931:2017#compliant#urn:fdc:peppol.eu:2017:poacc:billing:3.0",
}


def profile_named(customization: str) -> Profile | None:
    """The profile of a CustomizationID; None for what we do not know. Spaces in it do not count."""
    said = "".join(customization.split())
    return next((profile for profile, name in CUSTOMIZATIONS.items() if said == name), None)
