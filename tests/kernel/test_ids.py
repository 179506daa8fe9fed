"""Identifiers keep the order in which they were made."""

from concurrent.futures import ThreadPoolExecutor
from itertools import pairwise
from uuid import RFC_4122

from hendig.kernel.ids import new_id


def test_ids_keep_their_order_within_a_millisecond() -> None:
    made = [new_id() for _ in range(20_000)]
    assert made == sorted(made)
    assert len(set(made)) == len(made)


def test_an_id_is_a_uuid_of_version_seven() -> None:
    assert all((one.version, one.variant) == (7, RFC_4122) for one in (new_id() for _ in range(2_000)))


def test_threads_never_get_the_same_id() -> None:
    with ThreadPoolExecutor(8) as threads:
        made = list(threads.map(lambda _: new_id(), range(20_000)))
    assert len(set(made)) == len(made)


def test_the_next_id_of_a_moment_cannot_be_guessed() -> None:
    made = [new_id().int for _ in range(2_000)]
    steps = {after - before for before, after in pairwise(made)}
    assert len(steps) == len(made) - 1
    assert min(steps) > 1
