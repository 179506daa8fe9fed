"""By which code a rule said no."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from hendig.kernel.refusal import Refused


def code_of(act: Callable[[], object]) -> str:
    """The code with which this is refused, in words that somebody can read."""
    with pytest.raises(Refused) as no:
        act()
    assert str(no.value.refusal.message)
    return no.value.refusal.code
