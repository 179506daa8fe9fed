"""Keys are wrapped again, replaced and destroyed, and no text is lost, whatever happens meanwhile."""

from __future__ import annotations

import threading
from collections.abc import Callable
from pathlib import Path

import pytest
from django.conf import settings
from django.db import OperationalError, connection, connections

from hendig.audit.actions import change
from hendig.audit.models import Entry
from hendig.kernel.refusal import Forbidden, NotVisible
from hendig.kernel.sealing import DataKey, UnknownRoot, unwrap
from hendig.keys import actions
from hendig.keys.models import CompartmentKey, KeyMissing, NoRootKeys
from hendig.keys.models.roots import replace_ring, ring
from tests.keys.conftest import CODE, Garden, Leaf
from tests.support.world import World

WORDS = "Ze slaapt slecht."
# Seconds between what one writer writes: to seal all of it anew takes longer the more there is, and meanwhile
# there comes more.
A_BREATH = 0.02


@pytest.fixture
def own_roots(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A file of root keys that this test may turn over."""
    path = tmp_path / "root.keys"
    path.write_text(ring().written())
    monkeypatch.setattr(settings, "ROOT_KEYS", path)
    return path


def rotate_roots(world: World, size: int = 2) -> None:
    actions.new_root(actor=world.system, at=world.at)
    while actions.rewrap(actor=world.system, size=size, at=world.at):
        pass


def words() -> list[str]:
    return list(Leaf.objects.order_by("id").values_list("words", flat=True))


def test_after_a_new_root_all_is_read_and_the_old_root_is_not_needed(garden: Garden, own_roots: Path) -> None:
    for number in range(5):
        garden.leaf(garden.compartment(), f"Kind {number}")
    before = ring().newest.id
    rotate_roots(garden.world)
    assert not CompartmentKey.objects.filter(root_id=before).exists()
    assert actions.retire_roots(actor=garden.world.system, at=garden.world.at) == 1
    assert [root.id for root in ring().roots] == [ring().newest.id]
    garden.leaf(garden.compartment(), WORDS)
    assert words() == [*(f"Kind {number}" for number in range(5)), WORDS]


def test_a_root_that_something_still_needs_is_not_thrown_away(garden: Garden, own_roots: Path) -> None:
    garden.leaf(garden.compartment())
    actions.new_root(actor=garden.world.system, at=garden.world.at)
    with pytest.raises(actions.StillNeeded):
        actions.retire_roots(actor=garden.world.system, at=garden.world.at)
    assert words() == [WORDS]


def test_a_copy_of_the_keys_from_before_is_worth_nothing_afterwards(garden: Garden, own_roots: Path) -> None:
    """What an older backup holds: the wrapped key of a compartment that was destroyed since."""
    place = garden.compartment()
    garden.leaf(place)
    copied = CompartmentKey.objects.get(compartment_id=place)
    wrapped = bytes(copied.wrapped or b"")
    assert copied.opened().id == copied.pk
    privacy = garden.world.actor("karin")
    actions.destroy_key(actor=privacy, compartment_id=place, at=garden.world.at)
    rotate_roots(garden.world)
    assert unwrap(wrapped, ring(), key_id=copied.pk, compartment=place) == copied.opened()
    actions.retire_roots(actor=garden.world.system, at=garden.world.at)
    with pytest.raises(UnknownRoot):
        unwrap(wrapped, ring(), key_id=copied.pk, compartment=place)


def test_a_process_that_knows_an_older_ring_finds_the_newer_by_itself(
    garden: Garden, own_roots: Path
) -> None:
    garden.leaf(garden.compartment())
    newer = ring().with_new(DataKey(garden.world.municipality.pk, b"k" * 32))
    replace_ring(newer)
    garden.leaf(garden.compartment(), "Later")
    assert CompartmentKey.objects.latest("id").root_id == garden.world.municipality.pk
    assert words() == [WORDS, "Later"]


def test_without_root_keys_nothing_is_shown_as_empty_by_mistake(
    garden: Garden, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    garden.leaf(garden.compartment())
    monkeypatch.setattr(settings, "ROOT_KEYS", tmp_path / "nowhere")
    with pytest.raises(NoRootKeys):
        words()


def test_a_destroyed_compartment_is_empty_for_good(garden: Garden) -> None:
    place, other = garden.compartment(), garden.compartment()
    garden.leaf(place)
    garden.leaf(other, "Van een ander")
    privacy = garden.world.actor("karin")
    actions.destroy_key(actor=privacy, compartment_id=place, at=garden.world.at)
    assert words() == ["", "Van een ander"]
    key = CompartmentKey.objects.get(compartment_id=place)
    assert (key.wrapped, key.root_id, key.destroyed_at) == (None, None, garden.world.at)
    assert Entry.objects.latest("id").code == "key.destroyed"
    with pytest.raises(KeyMissing):
        garden.leaf(place)
    with pytest.raises(NotVisible):
        actions.destroy_key(actor=privacy, compartment_id=place, at=garden.world.at)


@pytest.mark.parametrize("name", ["ellen", "piet"])
def test_only_the_privacy_officer_destroys(garden: Garden, name: str) -> None:
    place = garden.compartment()
    with pytest.raises(Forbidden):
        actions.destroy_key(actor=garden.world.actor(name), compartment_id=place, at=garden.world.at)


def test_new_data_keys_take_all_texts_over(garden: Garden) -> None:
    places = [garden.compartment() for _ in range(3)]
    for place in places:
        garden.leaf(place, f"Kind {place}", note="kort")
    before = set(CompartmentKey.objects.filter(compartment_id__in=places).values_list("pk", flat=True))
    actions.renew_keys(actor=garden.world.system, compartment_ids=places, at=garden.world.at)
    between = garden.leaf(places[0], "Tussendoor")
    assert actions.seal_again(actor=garden.world.system, compartment_ids=places, at=garden.world.at) == 4
    after = set(CompartmentKey.objects.filter(compartment_id__in=places).values_list("pk", flat=True))
    assert len(after) == 3
    assert not before & after
    assert words() == [*(f"Kind {place}" for place in places), between.words]
    assert set(Leaf.objects.values_list("note", flat=True)) == {"kort", ""}


def test_a_key_of_a_text_that_does_not_open_stays(garden: Garden) -> None:
    place = garden.compartment()
    leaf = garden.leaf(place)
    with connection.cursor() as cursor:
        cursor.execute("UPDATE keys_leaf SET words = set_byte(words, 60, 255 - get_byte(words, 60))")
    actions.renew_keys(actor=garden.world.system, compartment_ids=[place], at=garden.world.at)
    actions.seal_again(actor=garden.world.system, compartment_ids=[place], at=garden.world.at)
    assert CompartmentKey.objects.filter(compartment_id=place).count() == 2
    with connection.cursor() as cursor:
        cursor.execute("UPDATE keys_leaf SET words = set_byte(words, 60, 255 - get_byte(words, 60))")
    assert Leaf.objects.get(pk=leaf.pk).words == WORDS


@pytest.mark.django_db(transaction=True)
def test_a_rotation_waits_for_who_is_writing_and_loses_nothing(leaves: None, world: World) -> None:
    garden = Garden(world)
    place = garden.compartment()
    writing, written = threading.Event(), threading.Event()

    def write() -> None:
        with change(world.system, CODE, at=world.at) as act:
            Leaf.objects.create(compartment_id=place, words="Van wie al bezig was")
            writing.set()
            written.wait(10)
            act.record(world.municipality)
        connections.close_all()

    writer = threading.Thread(target=write)
    writer.start()
    writing.wait(10)
    actions.renew_keys(actor=world.system, compartment_ids=[place], at=world.at)
    with pytest.raises(OperationalError, match="lock timeout"):
        actions.seal_again(actor=world.system, compartment_ids=[place], at=world.at)
    written.set()
    writer.join(10)
    assert actions.seal_again(actor=world.system, compartment_ids=[place], at=world.at) == 1
    assert words() == ["Van wie al bezig was"]


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_keys_turn_over_while_many_write(leaves: None, world: World, own_roots: Path) -> None:
    """Roots and data keys are replaced again and again under writers that never stop."""
    garden = Garden(world)
    places = [garden.compartment() for _ in range(4)]
    stop = threading.Event()
    said: list[list[str]] = [[] for _ in range(4)]
    failed: list[BaseException] = []

    def work(number: int) -> None:
        try:
            count = 0
            while not stop.wait(A_BREATH):
                text = f"{number} zegt {count}"
                leaf = garden.leaf(places[count % 4], text)
                said[number].append(text)
                found = Leaf.objects.get(pk=leaf.pk)
                assert found.words == text
                found.note = "nog iets"
                garden.save(found)
                if count % 3 == 0:
                    garden.compartment()
                count += 1
        except BaseException as problem:  # noqa: BLE001 - whatever it is, the test tells it
            failed.append(problem)
        finally:
            connections.close_all()

    writers = [threading.Thread(target=work, args=[number]) for number in range(4)]
    for writer in writers:
        writer.start()
    for _turn in range(6):
        rotate_roots(world, size=8)
        retire(world)
        actions.renew_keys(actor=world.system, compartment_ids=places, at=world.at)
        patiently(lambda: actions.seal_again(actor=world.system, compartment_ids=places, at=world.at))
    stop.set()
    for writer in writers:
        writer.join(20)
    assert failed == []
    assert sorted(words()) == sorted(text for texts in said for text in texts)
    assert sum(map(len, said)) > 20
    rotate_roots(world)
    retire(world)
    for key in CompartmentKey.objects.all():
        assert key.opened().id == key.pk
    assert CompartmentKey.objects.filter(compartment_id__in=places).count() == 4


def retire(world: World) -> None:
    """The older roots go; who made a key meanwhile made us wrap once more."""
    for _attempt in range(50):
        try:
            actions.retire_roots(actor=world.system, at=world.at)
        except actions.StillNeeded:
            while actions.rewrap(actor=world.system, size=50, at=world.at):
                pass
        else:
            return
    pytest.fail("the older roots are never free")


def patiently(act: Callable[[], object]) -> None:
    for _attempt in range(50):
        try:
            act()
        except OperationalError:
            continue
        return
    pytest.fail("never a moment without writers")
