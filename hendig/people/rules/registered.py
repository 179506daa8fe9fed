"""Whether a register of the profession knows somebody, and why something cannot be kept of them."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping
from datetime import date
from uuid import UUID

from django.utils.text import get_text_list
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from hendig.kernel.actor import Actor
from hendig.kernel.refusal import Refusal
from hendig.people.models import COUNTS, Profession, Register, Registration
from hendig.people.rules.permissions import Permission, may

# A number in the BIG register says by its last two digits as what somebody stands there.
DIGITS_OF_BIG = 11
ENDS: Mapping[str, str] = {
    Profession.PHYSICIAN: "01",
    Profession.NURSE: "30",
    Profession.PSYCHOLOGIST: "25",
    Profession.PSYCHOTHERAPIST: "16",
}
LONGEST_AHEAD = 10
# What was looked up before that is looked up again.
LONGEST_AGO = 10
_AROUND = re.compile(r"^(SKJ|BIG)|[ .:-]")


def holds(one: Registration, on: date) -> bool:
    return one.until is None or one.until >= on


def counts(one: Registration) -> bool:
    """Whether it makes somebody registered for youth help (Besluit Jeugdwet art. 1.1)."""
    return one.register == Register.SKJ or (one.register == Register.BIG and one.profession in COUNTS)


def is_registered(standing: Iterable[Registration], on: date) -> bool:
    """Whether a register that counts knows this person on that day."""
    return any(counts(one) and holds(one, on) for one in standing)


def is_physician(standing: Iterable[Registration], on: date) -> bool:
    """Whether somebody stands in the BIG register as a physician on that day, and not as a nurse."""
    return any(
        one.register == Register.BIG and one.profession == Profession.PHYSICIAN and holds(one, on)
        for one in standing
    )


def registers_in_words(registers: Iterable[str]) -> str:
    """The names of the registers that know somebody; never a number. Empty for none."""
    names = [str(Register(one).label) for one in dict.fromkeys(registers)]
    return get_text_list(names, _("en"))


def plain(number: str) -> str:
    """A number without what people put around it."""
    return _AROUND.sub("", number.upper().strip())


def keeps(actor: Actor) -> bool:
    """Whether the actor answers for what is kept, and does not only propose it."""
    return may(actor, Permission.KEEP_REGISTRATIONS)


def why_not_own(*, own: bool) -> Refusal | None:
    """Why this person keeps nothing here: nobody answers for their own registration."""
    if own:
        return Refusal(
            "registration.own", gettext_lazy("Dit gaat over uzelf. Vraag een collega om dit te doen.")
        )
    return None


def why_no_registration(
    *, register: str, other: str, profession: str, number: str, until: date | None, on: date
) -> Refusal | None:
    """Why this is no registration that can be written down."""
    if register == Register.OTHER and not other:
        return Refusal("registration.no_name", gettext_lazy("Schrijf hoe dit register heet."))
    if register == Register.BIG and not profession:
        return Refusal(
            "registration.no_profession", gettext_lazy("Kies als wat deze persoon in het BIG-register staat.")
        )
    if not number:
        return Refusal("registration.no_number", gettext_lazy("Schrijf het nummer uit het register op."))
    return _why_not_that_number(register, profession, number) or _why_not_until(until, on)


def _why_not_until(until: date | None, on: date) -> Refusal | None:
    if until is not None and until < on:
        return Refusal(
            "registration.over", gettext_lazy("Deze registratie is al verlopen. Schrijf de nieuwe op.")
        )
    if until is not None and until.year > on.year + LONGEST_AHEAD:
        return Refusal(
            "registration.too_far", gettext_lazy("Zo lang geldt geen registratie. Kijk het jaar na.")
        )
    return None


def _is_number(number: str) -> bool:
    """Digits as a register writes them: a raised two and those of other scripts are none."""
    return number.isascii() and number.isdigit()


def _why_not_that_number(register: str, profession: str, number: str) -> Refusal | None:
    if register == Register.SKJ and not _is_number(number):
        return Refusal(
            "registration.no_skj_number",
            gettext_lazy("Een nummer van SKJ heeft alleen cijfers. Kijk het na."),
        )
    if register != Register.BIG:
        return None
    if not _is_number(number) or len(number) != DIGITS_OF_BIG:
        return Refusal(
            "registration.no_big_number",
            gettext_lazy("Een nummer in het BIG-register heeft 11 cijfers. Kijk het na."),
        )
    said = next((known for known, end in ENDS.items() if number.endswith(end)), "")
    if said != (profession if profession in ENDS else ""):
        return Refusal(
            "registration.other_profession",
            gettext_lazy(
                "Aan de laatste twee cijfers van een BIG-nummer ziet u het beroep. Die horen bij een ander"
                " beroep. Kijk het nummer en het beroep na."
            ),
        )
    return None


def why_not_checked(checked_on: date | None, on: date) -> Refusal | None:
    """Why the day on which it was looked up cannot be so."""
    if checked_on is None:
        return Refusal("registration.not_checked", gettext_lazy("Schrijf op welke dag u dit nakeek."))
    if checked_on > on:
        return Refusal(
            "registration.checked_ahead", gettext_lazy("Deze dag moet nog komen. Kies vandaag of eerder.")
        )
    if checked_on.year < on.year - LONGEST_AGO:
        return Refusal(
            "registration.checked_long_ago",
            gettext_lazy("Dit is zo lang geleden nagekeken dat het niets meer zegt. Kijk het jaar na."),
        )
    return None


def why_no_expertises(chosen: Collection[UUID]) -> Refusal | None:
    """Why somebody cannot be without any: then nobody finds them, and what they do says their role."""
    if not chosen:
        return Refusal("expertise.none", gettext_lazy("Kies ten minste één expertise."))
    return None


def why_no_reason(*, missing: bool, known: str, reason: str) -> Refusal | None:
    """Why no reason is written down why it can be without: it is asked once, and where one is missing."""
    if not missing:
        return Refusal(
            "registration.not_missing", gettext_lazy("Hier mist geen registratie. Er is geen reden nodig.")
        )
    if known:
        return Refusal(
            "registration.reason_known", gettext_lazy("De reden staat er al. Die vragen we één keer.")
        )
    if not reason:
        return Refusal(
            "registration.no_reason", gettext_lazy("Schrijf in één zin waarom het zonder registratie kan.")
        )
    return None
