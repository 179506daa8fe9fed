"""The web processes: uvicorn on sockets that the one who starts us has opened.

They are forked from one that has loaded everything, so that what they loaded is there once. A page waits for
the others of its process only; a process has one core, whatever the machine has.
"""

import gc
import importlib
import os
import signal
import socket
import sys
import time
from types import FrameType

import uvicorn
from django.urls import get_resolver

from hendig.operations.processes import dies_with_us, wait_for_go

STOPPING_TAKES = 3
# What falls so often so soon does not stay up: whoever started us decides what comes next.
FALLS, SHORTLY = 3, 1.0


def main() -> None:
    """Serves until it is told to stop; open live streams do not hold it up."""
    sockets = [socket.socket(fileno=int(number)) for number in sys.argv[1:]]
    # As in `loading.load`, until all of it is settled.
    gc.disable()
    application = importlib.import_module("hendig.web.asgi").application
    # Loads the pages too, or the first visitor would wait for them.
    _ = get_resolver().url_patterns
    settle_memory()
    wait_for_go()
    server = uvicorn.Server(
        uvicorn.Config(
            application,
            lifespan="off",
            access_log=False,
            log_level="warning",
            server_header=False,
            timeout_graceful_shutdown=STOPPING_TAKES,
        )
    )
    count = int(os.environ.get("HENDIG_WEBS", "1"))
    if count == 1:
        server.run(sockets=sockets)
    else:
        Family(server, sockets).keep_up(count)


def settle_memory() -> None:
    """What was loaded at the start lives as long as we do: looking through it again costs pauses.

    What a page leaves behind holds itself and waits to be found: a few times what is under way at once.
    """
    gc.collect()
    gc.freeze()
    gc.enable()
    gc.set_threshold(10_000, 5, 5)


class Family:
    """Processes that serve alike: one that falls is started again, and all stop when we are told to."""

    def __init__(self, server: uvicorn.Server, sockets: list[socket.socket]) -> None:
        self.server, self.sockets = server, sockets
        self.born: dict[int, float] = {}
        self.falls = 0
        self.stopping = False

    def keep_up(self, count: int) -> None:
        """So many serve, until we are told to stop and the last has finished."""
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, self.stop)
        while not self.stopping and len(self.born) < count:
            self.bear()
        while self.born:
            pid, status = os.wait()
            lived = time.monotonic() - self.born.pop(pid)
            if self.stopping:
                continue
            self.falls = self.falls + 1 if lived < SHORTLY else 0
            if self.falls >= FALLS:
                self.stop()
                raise SystemExit(os.waitstatus_to_exitcode(status) or 1)
            self.bear()

    def bear(self) -> None:
        """One more serves."""
        binds = dies_with_us(signal.SIGTERM)
        pid = os.fork()
        if pid == 0:
            for number in (signal.SIGTERM, signal.SIGINT):
                signal.signal(number, signal.SIG_DFL)
            binds()
            self.server.run(sockets=self.sockets)
            os._exit(0)
        self.born[pid] = time.monotonic()
        # We may have been told to stop while it was born, and it was not told with the others.
        if self.stopping:
            self.stop()

    def stop(self, _number: int = signal.SIGTERM, _frame: FrameType | None = None) -> None:
        self.stopping = True
        for pid in self.born:
            os.kill(pid, signal.SIGTERM)


if __name__ == "__main__":
    main()
