import pytest

from tests.support.plans import Help, begin_help
from tests.support.world import World


@pytest.fixture
def helped(world: World) -> Help:
    """Sanne and Noor are helped by Anouk; Ellen coaches."""
    return begin_help(world)
