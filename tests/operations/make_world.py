"""Run as a program: the small Peelrand of the tests, in the database that the environment names."""

import django

django.setup()

from tests.support.world import build_world  # noqa: E402 - models exist only after the set-up

if __name__ == "__main__":
    build_world()
