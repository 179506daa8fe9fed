"""Who may ask that somebody gets a role, and why a second person may not agree to it."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import datetime, timedelta
from types import MappingProxyType

from django.utils.translation import gettext_lazy as _

from hendig.kernel.actor import Actor, Role
from hendig.kernel.refusal import Refusal

# What a partner's office asks for its own partner, and what is asked for the municipality. The office of a
# partner is also asked for by the municipality: somebody is its first.
OF_PARTNER = frozenset({Role.PROFESSIONAL, Role.TRAINEE, Role.OFFICE})
OF_MUNICIPALITY = frozenset({Role.COACH, Role.TRAINEE, Role.FINANCE, Role.POLICY, Role.PRIVACY, Role.AUDITOR})
ASKED_BY: Mapping[Role, Collection[Role]] = MappingProxyType(
    {Role.POLICY: OF_MUNICIPALITY | {Role.OFFICE}, Role.OFFICE: OF_PARTNER}
)
# Who is a second person everywhere in the municipality. While these are fewer than two, nobody could agree
# with the other, and the operator names the first.
SECOND_ANYWHERE = frozenset({Role.POLICY, Role.PRIVACY})
TWO = 2
WAITS = timedelta(days=30)


def asks_for(actor: Actor) -> list[Role]:
    """The roles that the actor may ask for, in one order."""
    mine = {role for own, roles in ASKED_BY.items() if actor.has(own) for role in roles}
    return [role for role in Role if role in mine]


def why_no_role_asked(
    *, of_partner: bool, by_office: bool, role: Role, held: bool, waiting: bool, able: bool
) -> Refusal | None:
    """Why this role cannot be asked for this person. `by_office` is by the office of the partner itself."""
    first = role == Role.OFFICE and not by_office
    if first and not of_partner:
        return Refusal("role.no_partner", _("Kies bij welke partner dit kantoor hoort."))
    if not first and (role not in (OF_PARTNER if by_office else OF_MUNICIPALITY) or by_office != of_partner):
        return Refusal(
            "role.elsewhere", _("Deze rol hoort bij een partner. Het kantoor van de partner vraagt hem.")
        )
    if role == Role.PROFESSIONAL and not able:
        return Refusal(
            "role.no_expertise", _("Schrijf wat deze beroepskracht kan, en kies ten minste een expertise.")
        )
    if held:
        return Refusal("role.held", _("Deze persoon heeft deze rol al."))
    if waiting:
        return Refusal("role.waiting", _("Deze rol is al gevraagd, en wacht op een tweede persoon."))
    return None


def why_not_beside(role: Role, others: Collection[Role]) -> Refusal | None:
    """Why who works here as `others` does not get this role as well: nobody audits the own work."""
    works = (OF_PARTNER | OF_MUNICIPALITY) & {role, *others}
    if Role.AUDITOR not in works or works == {Role.AUDITOR}:
        return None
    return Refusal(
        "role.audits_alone",
        _("Een accountant doet hier geen ander werk: niemand kijkt het eigen werk na."),
    )


def why_not_agreed(
    *, own: bool, about_self: bool, asker_stays: bool, asked_at: datetime, at: datetime
) -> Refusal | None:
    """Why this person is not the second who agrees."""
    if own:
        return Refusal("role.asked_by_you", _("U vroeg dit zelf. Iemand anders geeft akkoord."))
    if about_self:
        return Refusal("role.yours", _("Dit gaat over uzelf. Iemand anders geeft akkoord."))
    if not asker_stays:
        return Refusal("role.asker_left", _("Wie dit vroeg, werkt hier niet meer. Vraag het opnieuw."))
    if at - asked_at > WAITS:
        return Refusal("role.too_late", _("Dit is meer dan een maand geleden gevraagd. Vraag het opnieuw."))
    return None


def why_role_stays(*, role: Role, own: bool, others: int) -> Refusal | None:
    """Why this role does not end now: who checks, and who answers for all, is never nobody.

    The last of a partner's office may be ended by the municipality, and not by themself.
    """
    if others or not (role in SECOND_ANYWHERE or (own and role == Role.OFFICE)):
        return None
    return Refusal(
        "role.last", _("Dit is de laatste met deze rol. Laat eerst iemand anders deze rol krijgen.")
    )


def why_other_partner(*, other: bool) -> Refusal | None:
    """Why somebody is not a professional of a second partner."""
    if other:
        return Refusal(
            "role.other_partner",
            _("Deze persoon staat hier al als beroepskracht van een andere organisatie. Vraag de beheerder."),
        )
    return None


def why_not_appointed(*, role: Role, seconds: int) -> Refusal | None:
    """Why the operator does not give this role: two people of the municipality can do it themselves."""
    if role not in SECOND_ANYWHERE:
        return Refusal("role.not_first", _("De beheerder geeft alleen de rollen policy en privacy."))
    if seconds >= TWO:
        return Refusal(
            "role.two_can", _("Er zijn al twee mensen die samen rollen geven, in de pagina Wie werkt hier.")
        )
    return None


def why_not_taken(
    *, about_self: bool, works: bool, here: bool, other_partner: bool, able: bool
) -> Refusal | None:
    """Why somebody of another municipality is not taken. `works` and `here` are as a professional, today."""
    if about_self:
        return Refusal("elsewhere.yours", _("Dit gaat over uzelf. Iemand anders geeft antwoord."))
    if not works:
        return Refusal(
            "elsewhere.left",
            _("Deze persoon werkt in de andere gemeente niet meer als beroepskracht."),
        )
    if here:
        return Refusal("elsewhere.here", _("Deze persoon werkt hier al als beroepskracht."))
    if other_partner:
        return Refusal(
            "elsewhere.other_partner",
            _("Deze persoon staat hier al als beroepskracht van een andere organisatie."),
        )
    if not able:
        return Refusal(
            "elsewhere.not_able",
            _("Geen expertise van deze persoon bestaat in uw gemeente. Voeg er eerst een toe."),
        )
    return None
