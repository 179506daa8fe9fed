"""On what it rests that somebody looks, as a family reads it and as who works reads it."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from hendig.families.models import Ground, Part
from hendig.kernel.refusal import Words

GROUND_WORDS: dict[Ground, Words] = {
    Ground.OWN: _("Het gaat over deze persoon zelf."),
    Ground.AUTHORITY: _("Deze persoon heeft gezag."),
    Ground.YOUTH_ACT: _("Dat is een taak van de gemeente."),
    Ground.CONSENT: _("U gaf daar toestemming voor."),
    Ground.MATCH: _("U koos samen voor deze hulp."),
    Ground.COURT: _("De rechter heeft dat besloten."),
    Ground.DUTY: _("Dat moet van de wet."),
    Ground.VITAL: _("Er was direct gevaar."),
}
GROUND_WORDS_AT_WORK: dict[Ground, Words] = {
    **GROUND_WORDS,
    Ground.CONSENT: _("Het gezin gaf daar toestemming voor."),
    Ground.MATCH: _("Het gezin koos mee voor deze hulp."),
}
# Juvenile probation is imposed by a public prosecutor as well, and help can carry out either kind of measure.
_BY_RULING: dict[str, Words] = {
    Part.PROBATION: _("De rechter of de officier van justitie heeft dat besloten."),
    Part.PROFESSIONAL: _("Deze hulp hoort bij een maatregel."),
    Part.DEPUTY: _("Deze hulp hoort bij een maatregel."),
}


def ground_words(part: str, ground: str, *, own: bool = True) -> Words:
    """On what it rests that somebody looks in this part; nothing where nothing is said of it."""
    if not ground:
        return ""
    if ground == Ground.COURT and part in _BY_RULING:
        return _BY_RULING[part]
    return (GROUND_WORDS if own else GROUND_WORDS_AT_WORK)[Ground(ground)]
