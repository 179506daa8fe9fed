"""What screens show of what is asked here."""

from hendig.rights.queries.along import take_along, to_take_along
from hendig.rights.queries.decisions import (
    application_page,
    applications_to_remind,
    children_to_ask_for,
    decision_paper,
    extension_paper,
    open_applications,
    opening_application,
    receipt_paper,
)
from hendig.rights.queries.own import (
    OWN_KINDS,
    Counsellor,
    counsellor,
    destruction,
    family_of_destruction,
    family_of_own,
    own_page,
    own_words,
)
from hendig.rights.queries.residence import (
    ask_next,
    family_of_residence,
    helped,
    outcome,
    residence,
    residence_paper,
    residences,
    residences_to_remind,
    told,
)

__all__ = [
    "OWN_KINDS",
    "Counsellor",
    "application_page",
    "applications_to_remind",
    "ask_next",
    "children_to_ask_for",
    "counsellor",
    "decision_paper",
    "destruction",
    "extension_paper",
    "family_of_destruction",
    "family_of_own",
    "family_of_residence",
    "helped",
    "open_applications",
    "opening_application",
    "outcome",
    "own_page",
    "own_words",
    "receipt_paper",
    "residence",
    "residence_paper",
    "residences",
    "residences_to_remind",
    "take_along",
    "to_take_along",
    "told",
]
