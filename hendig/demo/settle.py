"""Before the first question: the settings of the municipality, its partners, and who works there."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date, timedelta

from hendig.billing import actions as billing
from hendig.billing.models import Agreement, Variant
from hendig.demo import municipality
from hendig.demo.cards import CARDS, keep_cards
from hendig.demo.people import PARTNERS, PROFESSIONALS, WORKERS, PartnerData, ProfessionalData
from hendig.demo.town import Town
from hendig.kernel.actor import Role
from hendig.kernel.periods import Period, local_day
from hendig.people import actions
from hendig.people.actions.registrations import keep_registration
from hendig.people.models import Expertise, Profession, Register, ServiceCode, Source
from hendig.tents import actions as tents

LONG_AGO, DAY = timedelta(days=400), timedelta(days=1)
# What a partner that is paid ahead gets each month, and where that is booked.
A_MONTH_AHEAD, IV3_AHEAD = 60_000, "6.2"
# What counts besides the hours, by partner.
TRAVEL, INDIRECT = {"steiger": 15}, {"helder": 10}
# With whom next year's tariffs are agreed already, and how much more an hour is then.
NEXT_YEAR, MORE = "vlinder", 180
# What is set aside for all of the town together: parts of it would be too few families to tell of.
POT, SET_ASIDE = "Jeugdhulp in heel Peelrand", 20_000_00


def settle(town: Town, *, faces: Collection[str] = tuple(CARDS)) -> None:
    """Everybody who works in Peelrand is there, with agreements and tariffs; these show their face."""
    _settings(town)
    for partner in PARTNERS:
        _partner(town, partner)
    for number, one in enumerate(PROFESSIONALS, start=1):
        _worker(town, one.key, one.first_name, one.last_name, Role.PROFESSIONAL, one.partner)
        town.works_for[one.key] = one.partner
        town.professionals[one.key] = actions.add_professional(
            actor=town.system,
            account_id=town.accounts[one.key],
            partner_id=town.partners[one.partner],
            title=one.title,
            can_do=one.can_do,
            expertise_slugs=one.expertises.split(),
            families_max=one.families_max,
            at=town.at,
        ).pk
        _registered(town, one, number)
    keep_cards(town, faces)
    for worker in WORKERS:
        _worker(
            town, worker.key, worker.first_name, worker.last_name, worker.role, worker.partner, worker.title
        )
    for tent in municipality.RECURRING:
        town.recurring[tent.key] = tents.make_recurring(
            actor=town.actor("petra"),
            name=tent.name,
            weekday=tent.weekday,
            every_weeks=tent.every_weeks,
            starts_at=tent.starts_at,
            minutes=tent.minutes,
            families=tent.families,
            place=tent.place,
            video_link=tent.video_link,
            from_on=local_day(town.at),
            at=town.at,
        ).pk
    _guide(town)


def _guide(town: Town) -> None:
    """The municipality has a few cards of its own."""
    tents.set_guide(
        actor=town.actor("petra"),
        phases=municipality.GUIDE,
        note=municipality.GUIDE_NOTE,
        edition=0,
        at=town.at,
    )


def _settings(town: Town) -> None:
    actions.set_settings(
        actor=town.system,
        principles=municipality.PRINCIPLES,
        cards=municipality.CARDS,
        codes=[code.facts for code in municipality.CODES],
        expertises=municipality.EXPERTISES,
        registered=municipality.REGISTERED,
        at=town.at,
    )
    here = {"municipality_id": town.municipality_id}
    town.codes = dict(ServiceCode.objects.filter(**here).values_list("code", "pk"))
    town.expertises = dict(Expertise.objects.filter(**here).values_list("slug", "pk"))


def _partner(town: Town, partner: PartnerData) -> None:
    """The partner takes part, somebody runs its office, and the other tables know both."""
    town.partners[partner.key] = actions.add_partner(actor=town.system, at=town.at, **partner.facts).pk
    first_name, last_name = partner.office
    key = first_name.lower()
    _worker(town, key, first_name, last_name, Role.OFFICE, partner.key)


def _worker(
    town: Town, key: str, first_name: str, last_name: str, role: Role, partner: str = "", title: str = ""
) -> None:
    town.accounts[key] = actions.add_worker(
        actor=town.system,
        email=f"{key}@{partner or 'peelrand'}.example.nl",
        first_name=first_name,
        last_name=last_name,
        role=role,
        on=local_day(town.at) - LONG_AGO,
        partner_id=town.partners[partner] if partner else None,
        title=title,
        at=town.at,
    ).pk


def agree(town: Town, until: dict[str, date], advanced: dict[str, Period] | None = None) -> None:
    """Each partner has an agreement and a tariff per code; those in `until` agreed until a day.

    Two are paid for more than the hours themselves, and what an hour costs with one is agreed for next year.
    Those in `advanced` were paid ahead in that period, and by the hour before and after it.
    """
    year = local_day(town.at).replace(month=1, day=1)
    for partner in PARTNERS:
        ahead = (advanced or {}).get(partner.key)
        if ahead is None or ahead.last is None:
            _agreed(town, partner, Period(year, until.get(partner.key)))
            continue
        before = Period(year, ahead.first - DAY)
        _agreed(town, partner, before, costs_until=before.last)
        task = _agreed(town, partner, ahead, variant=Variant.TASK, costs_until=ahead.last)
        billing.change_amount(
            actor=town.actor("gerda"),
            agreement_id=task.pk,
            cents=A_MONTH_AHEAD,
            iv3_field=IV3_AHEAD,
            from_on=ahead.first,
            at=town.at,
        )
        _agreed(town, partner, Period(ahead.last + DAY))
    _next_year(town)


def _agreed(
    town: Town,
    partner: PartnerData,
    days: Period,
    *,
    variant: Variant = Variant.EFFORT,
    costs_until: date | None = None,
) -> Agreement:
    """Where another agreement follows the tariffs have a last day: a code costs one thing on a day."""
    place = PARTNERS.index(partner)
    agreement = billing.make_agreement(
        actor=town.actor("gerda"),
        partner_id=town.partners[partner.key],
        variant=variant,
        from_on=days.first,
        until_on=days.last,
        at=town.at,
        travel_minutes=TRAVEL.get(partner.key, 0),
        indirect_percent=INDIRECT.get(partner.key, 0),
    )
    for code in municipality.CODES:
        billing.set_tariff(
            actor=town.actor("gerda"),
            agreement_id=agreement.pk,
            service_code_id=town.codes[code.code],
            cents_per_hour=code.cents_per_hour + 60 * (place % 4),
            from_on=days.first,
            until_on=costs_until,
            at=town.at,
        )
    return agreement


def _next_year(town: Town) -> None:
    agreement = Agreement.objects.get(partner=town.partners[NEXT_YEAR])
    for code in municipality.CODES:
        billing.change_tariff(
            actor=town.actor("gerda"),
            agreement_id=agreement.pk,
            service_code_id=town.codes[code.code],
            cents_per_hour=code.cents_per_hour + MORE,
            from_on=date(town.today.year + 1, 1, 1),
            at=town.at,
        )


def set_aside(town: Town) -> None:
    """What the municipality sets aside this year."""
    billing.make_pot(actor=town.actor("petra"), name=POT, year=town.today.year, cents=SET_ASIDE, at=town.at)


def _registered(town: Town, one: ProfessionalData, number: int) -> None:
    """In which register they stand: a physician in another than who helps young people."""
    profession = Profession.PHYSICIAN if one.title == "huisarts" else ""
    keep_registration(
        actor=town.system,
        professional_id=town.professionals[one.key],
        register=Register.BIG if profession else Register.SKJ,
        profession=profession,
        number=f"190{number:06}01" if profession else f"1100{number:05}",
        until=date(town.at.year + 3, 12, 31),
        source=Source.REGISTER,
        checked_on=local_day(town.at),
        at=town.at,
    )
