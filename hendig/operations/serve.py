"""The web process: uvicorn on a socket that the one who starts us has opened."""

import gc
import importlib
import socket
import sys

import uvicorn
from django.urls import get_resolver

from hendig.operations.processes import wait_for_go


def main() -> None:
    """Serves until it is told to stop; open live streams do not hold it up."""
    sockets = [socket.socket(fileno=int(number)) for number in sys.argv[1:]]
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
            timeout_graceful_shutdown=3,
        )
    )
    server.run(sockets=sockets)


def settle_memory() -> None:
    """What was loaded at the start lives as long as we do: looking through it again costs pauses."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(20_000, 20, 50)


if __name__ == "__main__":
    main()
