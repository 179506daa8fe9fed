"""Sealed texts: unreadable in the database, whole for who may read the key, nothing in every other case."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.core.exceptions import FieldError
from django.db import connection
from django.db.models import F
from django.test.utils import CaptureQueriesContext

from hendig.audit.actions import change
from hendig.keys import actions
from hendig.keys.models import (
    CompartmentKey,
    KeyMissing,
    Opened,
    OpenedBytes,
    Unreadable,
    UnreadableBytes,
    Unsealed,
)
from tests.keys.conftest import CODE, Garden, Leaf

PAPER = b"%PDF-1.7 \x00\xff Noa blijft thuis."
WORDS = "Ze slaapt slecht en mist haar vriendinnen."


def stored(leaf: Leaf, column: str = "words") -> bytes:
    """What lies in the table, as who dumps it sees it."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT words, note, paper FROM keys_leaf WHERE id = %s", [leaf.pk])
        row = cursor.fetchone()
    assert row is not None
    return bytes(row[("words", "note", "paper").index(column)])


def store(leaf: Leaf, value: bytes) -> None:
    with connection.cursor() as cursor:
        cursor.execute("UPDATE keys_leaf SET words = %s WHERE id = %s", [value, leaf.pk])


def read(leaf: Leaf) -> str:
    words: str = Leaf.objects.get(pk=leaf.pk).words
    return words


def test_the_database_holds_no_readable_word(garden: Garden) -> None:
    leaf = garden.leaf(garden.compartment(), WORDS)
    assert b"slaapt" not in stored(leaf)
    assert read(leaf) == WORDS


def test_it_is_read_alike_by_instances_values_and_through_other_rows(garden: Garden) -> None:
    place = garden.compartment()
    first = garden.leaf(place, WORDS, note="kort")
    second = garden.leaf(garden.compartment(), "Het andere", under=first)
    rows = Leaf.objects.filter(pk=second.pk)
    assert rows.values_list("words", "under__words")[0] == ("Het andere", WORDS)
    assert rows.values("under__note")[0] == {"under__note": "kort"}
    assert rows.select_related("under").get().under.words == WORDS
    assert rows.annotate(above=F("under__words")).values_list("above", flat=True)[0] == WORDS
    assert [leaf.words for leaf in Leaf.objects.get(pk=first.pk).leaves.all()] == ["Het andere"]
    assert rows.defer("words").get().words == "Het andere"
    assert str(Leaf.objects.only("note").get(pk=first.pk).words) == WORDS


def test_fifty_rows_of_fifty_compartments_cost_one_query(garden: Garden) -> None:
    for number in range(50):
        garden.leaf(garden.compartment(), f"Kind {number}")
    with CaptureQueriesContext(
        connection,
    ) as seen:
        words = [leaf.words for leaf in Leaf.objects.order_by("id")]
    assert words == [f"Kind {number}" for number in range(50)]
    assert len(seen) == 1


def test_rows_can_be_locked_and_read_at_once(garden: Garden) -> None:
    leaf = garden.leaf(garden.compartment(), WORDS)
    with change(garden.world.system, CODE, at=garden.world.at) as act:
        assert act.lock(Leaf.objects.all(), leaf.pk).words == WORDS
        act.record(garden.world.municipality)


def test_saving_something_else_leaves_the_sealed_text_alone(garden: Garden) -> None:
    leaf = garden.leaf(garden.compartment(), WORDS)
    before = stored(leaf)
    found = Leaf.objects.get(pk=leaf.pk)
    found.note = "nieuw"
    garden.save(found)
    assert stored(leaf) == before
    assert Leaf.objects.get(pk=leaf.pk).note == "nieuw"


def test_a_text_that_is_written_again_is_sealed_again(garden: Garden) -> None:
    leaf = garden.leaf(garden.compartment(), WORDS)
    before = stored(leaf)
    found = Leaf.objects.get(pk=leaf.pk)
    found.words = "Anders"
    garden.save(found)
    assert stored(leaf) != before
    assert read(leaf) == "Anders"


def test_a_text_copied_to_another_row_is_sealed_for_that_row(garden: Garden) -> None:
    leaf = Leaf.objects.get(pk=garden.leaf(garden.compartment(), WORDS).pk)
    copy = garden.leaf(garden.compartment(), leaf.words)
    assert read(copy) == WORDS
    other = Leaf.objects.get(pk=copy.pk)
    other.note = other.words[:40]
    garden.save(other)
    assert Leaf.objects.get(pk=copy.pk).note == WORDS[:40]


def test_bulk_create_seals_as_well(garden: Garden) -> None:
    place = garden.compartment()
    with (
        change(garden.world.system, CODE, at=garden.world.at) as act,
        CaptureQueriesContext(connection) as seen,
    ):
        made = Leaf.objects.bulk_create([Leaf(compartment_id=place, words=f"{n}") for n in range(20)])
        act.record(garden.world.municipality)
    assert [read(leaf) for leaf in made] == [f"{n}" for n in range(20)]
    assert len([query for query in seen if "keys_compartmentkey" in query["sql"]]) == 1


def test_an_empty_text_is_empty_and_can_be_asked_for(garden: Garden) -> None:
    place = garden.compartment()
    leaf, other = garden.leaf(place), garden.leaf(place, note="iets")
    assert stored(leaf, "note") == b""
    assert list(Leaf.objects.filter(note="")) == [leaf]
    assert list(Leaf.objects.exclude(note="")) == [other]


@pytest.mark.parametrize("value", ["Ze slaapt slecht.", "x"])
def test_a_text_cannot_be_compared(garden: Garden, value: str) -> None:
    with pytest.raises(Unsealed):
        Leaf.objects.filter(words=value).exists()


@pytest.mark.parametrize(
    "lookup", ["contains", "icontains", "startswith", "in", "gt", "iexact", "regex", "length"]
)
def test_a_text_cannot_be_searched(garden: Garden, lookup: str) -> None:
    with pytest.raises(FieldError, match="sealed"):
        Leaf.objects.filter(**{f"words__{lookup}": "a"}).exists()


@pytest.mark.parametrize("order", ["words", "-words", "under__words"])
def test_rows_cannot_be_ordered_by_it(garden: Garden, order: str) -> None:
    with pytest.raises(FieldError, match="sealed"):
        list(Leaf.objects.order_by(order))


def test_what_has_no_row_is_not_written(garden: Garden) -> None:
    leaf = Leaf.objects.get(pk=garden.leaf(garden.compartment()).pk)
    leaf.words = "Anders"
    writes: tuple[Callable[[], int], ...] = (
        lambda: Leaf.objects.update(words="Anders"),
        lambda: Leaf.objects.bulk_update([leaf], ["words"]),
    )
    for write in writes:
        with pytest.raises(Unsealed), change(garden.world.system, CODE, at=garden.world.at):
            write()


def test_a_text_that_is_too_long_is_not_written(garden: Garden) -> None:
    with pytest.raises(ValueError, match="40 characters"):
        garden.leaf(garden.compartment(), note="x" * 41)


@pytest.mark.parametrize("destroy", [True, False], ids=["destroyed", "hidden"])
def test_without_its_key_a_text_is_nothing_and_a_list_goes_on(garden: Garden, destroy: bool) -> None:
    place, other = garden.compartment(), garden.compartment()
    garden.leaf(place, WORDS)
    garden.leaf(other, "Van een ander")
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE keys_compartmentkey SET wrapped = NULL, root_id = NULL, destroyed_at = now()"
            " WHERE compartment_id = %s"
            if destroy
            else "DELETE FROM keys_compartmentkey WHERE compartment_id = %s",
            [place],
        )
    gone, there = Leaf.objects.order_by("id")
    assert (gone.words, there.words) == ("", "Van een ander")
    assert isinstance(gone.words, Unreadable)
    assert not gone.words.readable
    assert isinstance(there.words, Opened)
    assert there.words.readable


def test_a_row_without_its_key_is_saved_without_losing_its_text(garden: Garden) -> None:
    place = garden.compartment()
    leaf = garden.leaf(place, WORDS)
    before = stored(leaf)
    key = CompartmentKey.objects.filter(compartment_id=place).values_list("wrapped", flat=True).get()
    with connection.cursor() as cursor:
        cursor.execute("UPDATE keys_compartmentkey SET wrapped = '\\x00' WHERE compartment_id = %s", [place])
    found = Leaf.objects.get(pk=leaf.pk)
    assert found.words == ""
    garden.save(found)
    assert stored(leaf) == before
    with pytest.raises(KeyMissing):
        garden.leaf(place, found.words)
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE keys_compartmentkey SET wrapped = %s WHERE compartment_id = %s",
            [bytes(key or b""), place],
        )
    assert read(leaf) == WORDS


def test_nothing_is_written_where_there_is_no_key(garden: Garden) -> None:
    with pytest.raises(KeyMissing):
        garden.leaf(garden.world.municipality.pk)


def test_texts_that_were_exchanged_between_rows_and_columns_are_nothing(garden: Garden) -> None:
    place = garden.compartment()
    first, second = garden.leaf(place, WORDS, note="kort"), garden.leaf(place, "Het andere")
    mine, yours = stored(first), stored(second)
    store(first, yours)
    store(second, mine)
    assert [*Leaf.objects.order_by("id").values_list("words", flat=True)] == ["", ""]
    assert [leaf.words for leaf in Leaf.objects.order_by("id")] == ["", ""]
    store(first, stored(first, "note"))
    assert read(first) == ""
    store(first, mine)
    assert read(first) == WORDS


@pytest.mark.parametrize(
    "harm", [b"", b"\x01", b"plain words in the table", b"\x03" * 60, b"\x04" * 200, b"\x01" * 90]
)
def test_a_damaged_text_never_stops_a_page(garden: Garden, harm: bytes) -> None:
    leaf = garden.leaf(garden.compartment(), WORDS)
    store(leaf, harm)
    assert read(leaf) == ""


def test_a_key_that_was_hung_under_another_compartment_opens_nothing(garden: Garden) -> None:
    place, other = garden.compartment(), garden.compartment()
    leaf = garden.leaf(place, WORDS)
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE keys_compartmentkey SET compartment_id = %s WHERE compartment_id = %s", [other, place]
        )
    assert read(leaf) == ""


def test_a_row_that_moves_takes_its_text_along(garden: Garden) -> None:
    here, there = garden.compartment(), garden.compartment()
    leaf = Leaf.objects.get(pk=garden.leaf(here, WORDS).pk)
    leaf.compartment_id = there
    garden.save(leaf)
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM keys_compartmentkey WHERE compartment_id = %s", [here])
    assert read(leaf) == WORDS


def test_a_row_is_not_moved_without_its_text(garden: Garden) -> None:
    place = garden.compartment()
    with (
        pytest.raises(FieldError, match="moved by save"),
        change(garden.world.system, CODE, at=garden.world.at),
    ):
        Leaf.objects.update(compartment_id=place)


def test_a_paper_is_sealed_like_a_text(garden: Garden) -> None:
    leaf = garden.leaf(garden.compartment(), WORDS, paper=PAPER)
    assert b"Noa" not in stored(leaf, "paper")
    found = Leaf.objects.get(pk=leaf.pk)
    assert found.paper == PAPER
    assert isinstance(found.paper, OpenedBytes)
    before = stored(leaf, "paper")
    found.note = "nieuw"
    garden.save(found)
    assert stored(leaf, "paper") == before
    assert list(Leaf.objects.filter(paper=b"")) == []


def test_a_paper_is_written_with_its_row_or_not_at_all(garden: Garden) -> None:
    leaf = garden.leaf(garden.compartment(), WORDS)
    for value in (PAPER, b"\x01" * 90):
        with pytest.raises(Unsealed), change(garden.world.system, CODE, at=garden.world.at):
            Leaf.objects.filter(pk=leaf.pk).update(paper=value)
    with pytest.raises(Unsealed):
        Leaf.objects.filter(paper=PAPER).exists()
    with pytest.raises(Unsealed):
        garden.leaf(leaf.compartment_id, paper="geen bytes")


def test_a_paper_without_its_key_is_nothing(garden: Garden) -> None:
    place = garden.compartment()
    leaf = garden.leaf(place, WORDS, paper=PAPER)
    store(leaf, stored(leaf, "paper"))
    assert read(leaf) == "", "a paper that was laid where a text belongs"
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM keys_compartmentkey WHERE compartment_id = %s", [place])
    found = Leaf.objects.get(pk=leaf.pk)
    assert isinstance(found.paper, UnreadableBytes)
    assert (bytes(found.paper), found.paper.readable) == (b"", False)


def test_a_paper_gets_the_new_key_as_well(garden: Garden) -> None:
    place = garden.compartment()
    leaf = garden.leaf(place, WORDS, paper=PAPER)
    before = stored(leaf, "paper")
    at, system = garden.world.at, garden.world.system
    actions.renew_keys(actor=system, compartment_ids=[place], at=at)
    assert actions.seal_again(actor=system, compartment_ids=[place], at=at) == 1
    assert stored(leaf, "paper")[1:17] != before[1:17]
    assert Leaf.objects.get(pk=leaf.pk).paper == PAPER
