"""Start `hendig` as a person would, and see what is left of it."""

import http.client
import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from hendig.operations.installation import secret_key
from hendig.operations.roles import app_url
from tests.support.home import ROOT

HENDIG = ROOT / ".venv/bin/hendig"


def environment(home: Path, **more: str) -> dict[str, str]:
    ours = {"DATABASE_URL", "HENDIG_DATABASE", "HENDIG_SECRET_KEY", "HENDIG_ROOT_KEYS", "HENDIG_ORIGIN"}
    ours |= {"DJANGO_SETTINGS_MODULE"}
    inherited = {key: value for key, value in os.environ.items() if key not in ours}
    return {**inherited, "HENDIG_HOME": str(home), "HENDIG_DEMO": "0", **more}


def as_app(home: Path, url: str, **more: str) -> dict[str, str]:
    """What a process is told that comes into the database of this home by the application's door."""
    secret = secret_key(home)
    told = {"HENDIG_DATABASE": app_url(url, secret), "HENDIG_SECRET_KEY": secret}
    return environment(home, DJANGO_SETTINGS_MODULE="hendig.settings", **told, **more)


def hendig(home: Path, *arguments: str, **more: str) -> subprocess.CompletedProcess[str]:
    """What a command says and how it ends."""
    command = [str(HENDIG), *arguments]
    return subprocess.run(
        command, env=environment(home, **more), capture_output=True, text=True, timeout=600, check=False
    )


class Loaded:
    """`hendig`, from a process that has loaded all (`loaded.py`): for many commands one after the other."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.process = subprocess.Popen(
            [sys.executable, "-m", "tests.operations.loaded"],
            cwd=ROOT,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )

    def hendig(self, home: Path, *arguments: str, **more: str) -> subprocess.CompletedProcess[str]:
        """What a command says and how it ends."""
        assert self.process.stdin
        assert self.process.stdout
        said = [self.folder / name for name in ("out", "err")]
        for file in said:
            file.write_text("")
        asked = {"arguments": arguments, "env": environment(home, **more), "folder": str(self.folder)}
        self.process.stdin.write(f"{json.dumps(asked)}\n")
        self.process.stdin.flush()
        status = int(self.process.stdout.readline())
        return subprocess.CompletedProcess(arguments, status, *(file.read_text() for file in said))

    def end(self) -> None:
        self.process.communicate()


def copy_of(home: Path, folder: Path) -> Path:
    """The folder is a home like this one, with its data in itself."""
    subprocess.run(["cp", "-a", home, folder], check=True)
    (folder / "postgres/place").write_text(str(folder / "postgres"))
    return folder


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as opened:
        return int(opened.getsockname()[1])


@contextmanager
def running(home: Path, port: int, **more: str) -> Iterator[subprocess.Popen[bytes]]:
    """Inside the block `hendig run` is ready; whatever the test did to it, nothing is left afterwards."""
    log = home.parent / f"{home.name}-{port}.log"
    with log.open("wb") as said:
        process = subprocess.Popen(
            [HENDIG, "run"], env=environment(home, PORT=str(port), **more), stdout=said, stderr=said
        )
    try:
        eventually(lambda: ready(port) or process.poll() is not None, 60)
        assert process.poll() is None, log.read_text()
        yield process
    finally:
        if process.poll() is not None:
            print(log.read_text()[-4000:])
        process.send_signal(signal.SIGTERM)
        process.wait(40)
        eventually(lambda: not left_of(home), 20)


def ready(port: int) -> bool:
    """Whether all checks of /readyz are fine."""
    asked = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
    try:
        asked.request("GET", "/readyz", headers={"Host": "localhost"})
        return bool(json.loads(asked.getresponse().read())["status"] == "ok")
    except (OSError, http.client.HTTPException, ValueError):
        return False
    finally:
        asked.close()


def eventually(holds: Callable[[], bool], seconds: float) -> float:
    """How long it took until it held; fails when it does not within the time."""
    began = time.monotonic()
    while not holds():
        assert time.monotonic() - began < seconds, f"still not so after {seconds} seconds"
        time.sleep(0.05)
    return time.monotonic() - began


def left_of(home: Path, word: str = "") -> dict[int, str]:
    """The processes that belong to this home, by what they were told or where they stand."""
    found = {}
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            line = (folder / "cmdline").read_bytes().replace(b"\0", b" ").decode(errors="replace").strip()
            told = (folder / "environ").read_bytes().split(b"\0")
            stands = str((folder / "cwd").readlink())
        except OSError:
            continue
        ours = f"HENDIG_HOME={home}".encode() in told or str(home) in line or stands.startswith(f"{home}/")
        if ours and word in line and line:
            found[int(folder.name)] = line
    return found


def kill(home: Path, word: str) -> None:
    """The processes of this home with that word in their command are dead, without a goodbye."""
    victims = left_of(home, word)
    assert victims, f"no {word} runs"
    for pid in victims:
        os.kill(pid, signal.SIGKILL)
