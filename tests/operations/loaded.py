"""Run as a program: does what `hendig` is asked in children that need load nothing any more.

It loads all models, forgets its settings, and forks for each command. The child has the environment, the
output and the exit status that a process of its own would have: to load takes longer than most commands do.
That it also works from nothing is for those tests to show that start `hendig` itself.
"""

import json
import os
import sys
import traceback
from pathlib import Path

import django
from django.conf import settings
from django.db import connections
from django.utils.functional import empty

from hendig.operations import command

SETTINGS = "hendig.settings"


def load() -> None:
    """All is loaded, and as if no settings were read: what is asked brings its own."""
    os.environ["DJANGO_SETTINGS_MODULE"] = SETTINGS
    django.setup()
    for made in connections.all(initialized_only=True):
        if made.connection is not None:
            raise AssertionError("loading opened a connection, which all children would share")
        del connections[made.alias]
    settings._wrapped = empty
    del sys.modules[SETTINGS]
    vars(connections)["_settings"] = None
    vars(connections).pop("settings", None)


def do(arguments: list[str], env: dict[str, str], folder: str) -> int:
    """In the child: the exit status of the command; what it said is in the folder."""
    for name, handle in (("out", 1), ("err", 2)):
        os.dup2(os.open(Path(folder) / name, os.O_WRONLY | os.O_CREAT), handle)
    os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
    os.environ.clear()
    os.environ.update(env)
    try:
        return command.main(arguments)
    except SystemExit as ended:
        return ended.code if isinstance(ended.code, int) else 1
    except BaseException:  # noqa: BLE001 - as the interpreter does at the end
        traceback.print_exc()
        return 1
    finally:
        sys.stdout.flush()
        sys.stderr.flush()


def main() -> None:
    """A line says what is asked, and the answer is a line with how it ended; until there is no more."""
    load()
    for line in sys.stdin:
        if not (child := os.fork()):
            os._exit(do(**json.loads(line)))
        _pid, status = os.waitpid(child, 0)
        print(os.waitstatus_to_exitcode(status), flush=True)


if __name__ == "__main__":
    main()
