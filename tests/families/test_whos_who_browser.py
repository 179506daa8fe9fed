"""Who belongs to a family and who decides, in a real browser: accessible by day and by night, and it fits."""

from __future__ import annotations

from datetime import UTC, date, datetime

from hendig.families.models import LegalAuthority
from tests.support.fixtures import Fits
from tests.support.matching import household
from tests.support.world import build_world


def test_the_pages_of_who_belongs_and_who_decides_are_accessible(fits: Fits) -> None:
    world = build_world()
    world.at = datetime.now(UTC)
    house = household(world, born_on=date(2018, 5, 4), checked=False)
    held = LegalAuthority.objects.get(holder=house.member("Mark"))
    paths = (
        f"{house.family_id}/wie-hoort-erbij/",
        f"{house.family_id}/wie-hoort-erbij/volwassene/",
        f"{house.family_id}/wie-hoort-erbij/kind/",
        f"persoon/{house.child.pk}/gezag/",
        f"gezag/{held.pk}/eindigt/",
        f"persoon/{house.child.pk}/gezinsvoogd/",
    )
    fits(world.account("ellen").pk, [f"/gezin/{path}" for path in paths])
