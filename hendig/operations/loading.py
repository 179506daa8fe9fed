"""To load Django and all of ours: more than half of most commands, and of a start."""

import gc

import django


def load() -> None:
    """All is loaded. Nobody looks through it for what can go, now or later: it stays as long as we do.

    While it loads nearly nothing can go, and to look again and again took a fifth of the time.
    """
    gc.disable()
    django.setup()
    gc.freeze()
    gc.enable()
