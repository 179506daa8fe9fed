"""The processing register: each kind of row belongs to one activity, and its term is said in Dutch."""

from __future__ import annotations

from collections import Counter

import pytest

from hendig.web.activities import ACTIVITIES, KEPT
from hendig.web.register import declared_models, processing_register

DECLARED = {model.privacy.kept for model in declared_models()}  # type: ignore[attr-defined]


def test_each_room_with_rows_belongs_to_one_activity() -> None:
    told = Counter(app for activity in ACTIVITIES for app in activity.apps)
    assert set(told.values()) == {1}
    assert set(told) == {model._meta.app_label for model in declared_models()} | {"allauth"}


def test_each_kind_of_row_stands_under_its_activity_once() -> None:
    shown = Counter(kind.name for one in processing_register() for kind in one.kinds)
    assert {model.__name__ for model in declared_models()} <= set(shown)
    assert max(shown.values()) == 1


@pytest.mark.parametrize("kept", sorted(DECLARED))
def test_how_long_a_kind_is_kept_is_said_in_dutch(kept: str) -> None:
    assert kept in KEPT


def test_a_term_stands_once_and_no_word_is_left_of_a_kind_that_went() -> None:
    kinds = [kind for one in processing_register() for kind in one.kinds]
    assert set(KEPT) == {kind.privacy.kept for kind in kinds}
    for one in processing_register():
        assert len(set(map(str, one.kept))) == len(one.kept)


def test_each_activity_says_what_the_law_asks() -> None:
    """GDPR art. 30: purpose, of whom, what, to whom, until when and how it is kept safe."""
    for one in processing_register():
        said = one.activity
        words = (said.name, said.why, said.ground, said.of_whom, said.what, said.goes_to, said.safe)
        assert all(str(word).strip() for word in words)
        assert bool(one.kept) == bool(said.apps)
        assert "art." in str(said.ground)
