from tests.support.plans import Help, begin_help
from tests.support.shared import built_once
from tests.support.world import World


@built_once
def helped(world: World) -> Help:
    """Sanne and Noor are helped by Anouk; Ellen coaches."""
    return begin_help(world)
