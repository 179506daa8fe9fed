"""The rotation of keys as its command does it."""

from __future__ import annotations

from pathlib import Path

import pytest
from django.conf import settings

from hendig.keys import actions, queries
from hendig.keys.models import CompartmentKey
from hendig.keys.models.roots import ring
from hendig.operations import keys
from tests.keys.conftest import Garden, Leaf, garden, leaves

__all__ = ["garden", "leaves"]


@pytest.fixture(autouse=True)
def own_roots(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "root.keys"
    path.write_text(ring().written())
    monkeypatch.setattr(settings, "ROOT_KEYS", path)


def test_all_keys_are_replaced_and_all_is_read(garden: Garden) -> None:
    for number in range(3):
        garden.leaf(garden.compartment(), f"Kind {number}")
    before = set(CompartmentKey.objects.values_list("pk", "root_id"))
    keys.rotate(data=True)
    after = set(CompartmentKey.objects.values_list("pk", "root_id"))
    assert len(after) == 3
    assert not {pk for pk, _root in before} & {pk for pk, _root in after}
    assert not {root for _pk, root in before} & {root for _pk, root in after}
    assert [leaf.words for leaf in Leaf.objects.order_by("id")] == ["Kind 0", "Kind 1", "Kind 2"]


def test_a_rotation_that_was_stopped_goes_on_with_the_root_it_had(garden: Garden) -> None:
    places = [garden.compartment() for _ in range(4)]
    for place in places:
        garden.leaf(place, str(place))
    root = actions.new_root(actor=garden.world.system, at=garden.world.at)
    actions.rewrap(actor=garden.world.system, size=2, at=garden.world.at)
    actions.renew_keys(actor=garden.world.system, compartment_ids=places[:1], at=garden.world.at)
    keys.rotate(data=True)
    assert ring().newest.id == root
    assert queries.waiting(garden.world.system) == queries.Waiting(0, 0, 0)
    assert [leaf.words for leaf in Leaf.objects.order_by("id")] == [str(place) for place in places]


def test_after_retiring_no_root_opens_what_was_destroyed(garden: Garden) -> None:
    """Also when the newest root is older than the destruction: then it goes as well."""
    place = garden.compartment()
    garden.leaf(place)
    garden.leaf(garden.compartment(), "Van een ander")
    actions.new_root(actor=garden.world.system, at=garden.world.at)
    while actions.rewrap(actor=garden.world.system, size=9, at=garden.world.at):
        pass
    wrapped_by = CompartmentKey.objects.get(compartment_id=place).root_id
    moment = queries.roots()[0].since
    actions.destroy_key(actor=garden.world.actor("karin"), compartment_id=place, at=moment)
    assert queries.in_older_backups() == 1
    keys.rotate(data=False, retire=True)
    keys.retire()
    assert wrapped_by not in [root.id for root in ring().roots]
    assert queries.in_older_backups() == 0
    assert [leaf.words for leaf in Leaf.objects.order_by("id")] == ["", "Van een ander"]
