"""Child processes that do not outlive us, whoever ends us and however."""

import ctypes
import os
import pwd
import signal
import subprocess
import sys
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from typing import IO

PR_SET_PDEATHSIG = 1

# Loaded here: between fork and exec nothing may be imported.
_libc = ctypes.CDLL(None, use_errno=True) if sys.platform == "linux" else None


def dies_with_us(signal_number: int) -> Callable[[], None]:
    """What a child calls before it becomes its program: it gets the signal the moment we are gone."""
    parent = os.getpid()

    def bind() -> None:
        if _libc is None:
            return
        _libc.prctl(PR_SET_PDEATHSIG, signal_number, 0, 0, 0)
        # We may have died between the fork and the call above.
        if os.getppid() != parent:
            os.kill(os.getpid(), signal.SIGKILL)

    return bind


def start(
    command: Sequence[str | Path],
    *,
    death: int,
    env: Mapping[str, str],
    uid: int | None = None,
    output: IO[bytes] | int | None = None,
    keep: Sequence[int] = (),
    waits: bool = False,
) -> subprocess.Popen[bytes]:
    """The command runs in the background, as user `uid` when given, and dies with us."""
    return subprocess.Popen(
        [str(part) for part in command],
        env=dict(env),
        cwd="/" if uid is not None else None,
        stdin=subprocess.PIPE if waits else subprocess.DEVNULL,
        stdout=output,
        stderr=output,
        # After the change of user: a change of user forgets the signal.
        preexec_fn=dies_with_us(death),  # noqa: PLW1509 - it only calls the kernel
        process_group=0,
        pass_fds=tuple(keep),
        user=uid,
        group=None if uid is None else pwd.getpwuid(uid).pw_gid,
        extra_groups=None if uid is None else [],
    )


def go(process: subprocess.Popen[bytes]) -> None:
    """The process that was started waiting (`waits`) goes on, if it still lives."""
    if process.stdin and not process.stdin.closed:
        with suppress(BrokenPipeError):
            process.stdin.close()


def wait_for_go() -> None:
    """Returns when the one who started us says so: we could load while the database was made ready."""
    sys.stdin.read()


def unprivileged() -> int | None:
    """The user that PostgreSQL and the browser may run as: ourselves (None), or nobody when we are root."""
    return pwd.getpwnam("nobody").pw_uid if os.geteuid() == 0 else None


def may_reach(path: Path, uid: int) -> bool:
    """Whether user `uid`, who owns nothing on the way, can come to `path`."""
    for folder in (path, *path.parents):
        try:
            seen = folder.stat()
        except FileNotFoundError:
            continue
        if not (seen.st_mode & 0o001 or (seen.st_uid == uid and seen.st_mode & 0o100)):
            return False
    return True
