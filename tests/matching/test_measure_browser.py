"""A measure of the court, a death and what a child told, in a real browser: accessible, and it fits."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

from hendig.families.actions import deaths, told
from hendig.families.actions.supervision import join_supervisor
from hendig.families.models import Court, DeathSource, MeasureKind, WhyKept
from hendig.kernel.periods import local_day
from hendig.matching.actions import measure
from tests.support.fixtures import Fits
from tests.support.matching import household, open_talk, record_of
from tests.support.world import build_world


def test_the_pages_of_who_decides_instead_are_accessible(fits: Fits) -> None:
    world = build_world()
    world.at = now = datetime.now(UTC)
    today, house = local_day(now), household(world, born_on=date(2018, 5, 4))
    ellen, mark = world.actor("ellen"), house.member("Mark")
    join_supervisor(
        actor=ellen,
        child_id=house.child.pk,
        account_id=world.account("youssef").pk,
        court=Court.ZEELAND_WEST_BRABANT,
        ruled_on=today,
        until_on=today + timedelta(days=180),
        at=now,
    )
    carried, other = open_talk(world, house), open_talk(world, house, "youssef")
    measure.carry_out(actor=world.actor("youssef"), talk_id=carried.pk, kind=MeasureKind.SUPERVISION, at=now)
    told.write_told(
        actor=ellen,
        record_id=record_of(house, "Noor"),
        words="Ik durf het thuis niet te zeggen.",
        reason=WhyKept(words="Noor vroeg dit."),
        at=now,
    )
    family = f"gezin/{house.family_id}"
    death = deaths.note_death(actor=ellen, member_id=mark.pk, died_on=today, source=DeathSource.DEED, at=now)
    deaths.say_mistaken(actor=ellen, death_id=death.pk, at=now)
    for who, paths in {
        "sanne": [f"match/{carried.pk}/"],
        "youssef": [f"match/{carried.pk}/", f"match/{other.pk}/"],
        "ellen": [
            f"{family}/wie-hoort-erbij/",
            f"gezin/persoon/{house.member('Sanne').pk}/overleden/",
            f"gezin/persoon/{house.child.pk}/gezinsvoogd/",
            f"{family}/apart-verteld/",
            f"{family}/van-jou/",
        ],
        "karin": ["verantwoorden/bewaren/"],
    }.items():
        fits(world.account(who).pk, [f"/{path}" for path in paths])
