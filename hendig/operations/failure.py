"""What a person at the keyboard is told when something cannot go on."""


class Failure(Exception):
    """Stops a command with one clear sentence and exit status 1: `str()` of it is that sentence."""
