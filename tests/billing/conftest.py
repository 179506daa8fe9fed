"""What the tests of billing begin with, and end."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from hendig.billing.adapters import inbox
from tests.support import received


@pytest.fixture(scope="session", autouse=True)
def _the_one_who_judges_goes_home() -> Iterator[None]:
    """The process that judges invoices for all these tests ends with them, if any began it."""
    yield
    inbox._keeper.go_home()
    if received.engine.cache_info().currsize:
        received.engine().stop()
