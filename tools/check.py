"""Everything that must hold before a change is shared: a line with its seconds per step, the tests last."""

import os
import shlex
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
BIN = ROOT / ".venv/bin"
STEPS = {
    "types": "mypy",
    "format": "ruff format --check --quiet .",
    "lint": "ruff check --quiet .",
    "templates": "djlint --quiet --lint hendig",
    "layers": "lint-imports",
    "migrations": "python -m django makemigrations --check --dry-run --verbosity 1",
    "reference": "hendig check",
}
# One more than there are cores: a test waits for a browser, for the disk or for another process now and then.
TESTS = f"pytest -n {(os.cpu_count() or 1) + 1} --dist worksteal -q"


def main() -> int:
    """Runs all steps, also after one has failed; the exit status is that of the first that did."""
    os.chdir(ROOT)
    failed = 0
    # All side by side, so that no core waits for the types, which take as long as all other steps together.
    with tests() as running, ThreadPoolExecutor(os.cpu_count()) as cores:
        for status in cores.map(step, STEPS, STEPS.values()):
            failed = failed or status
        said = running.stdout
        assert said
        # What the tests said meanwhile waits in the pipe: it comes after the steps, and the summary last.
        while words := os.read(said.fileno(), 4096):
            sys.stdout.buffer.write(words)
            sys.stdout.flush()
    return failed or running.returncode


def tests() -> subprocess.Popen[bytes]:
    """All tests, running; what they say is read by whoever asked for them."""
    arguments = shlex.split(os.environ.get("PYTEST_ARGS", ""))
    colour = ["--color=yes"] if sys.stdout.isatty() else []
    command = [*split(TESTS), *colour, *arguments]
    return subprocess.Popen(command, env=environment(), stdout=subprocess.PIPE)


def step(name: str, command: str) -> int:
    """One step: a line when it went well, what it said when it did not."""
    began = time.monotonic()
    done = subprocess.run(split(command), env=environment(), capture_output=True, text=True, check=False)
    seconds = time.monotonic() - began
    line = f"  {name:<12}{'ok' if done.returncode == 0 else 'FAILED':<8}{seconds:5.1f} s\n"
    # At once, for another step may end now as well.
    sys.stdout.write(line + (f"{done.stdout}{done.stderr}\n" if done.returncode else ""))
    sys.stdout.flush()
    return done.returncode


def split(command: str) -> list[str]:
    program, *arguments = command.split()
    return [str(BIN / program), *arguments]


def environment() -> dict[str, str]:
    # Where Python may not keep what it compiled, each of some hundred processes would compile all anew.
    kept = {key: value for key, value in os.environ.items() if key != "PYTHONDONTWRITEBYTECODE"}
    return {**kept, "DJANGO_SETTINGS_MODULE": "hendig.settings", "PATH": f"{BIN}:{os.environ['PATH']}"}


if __name__ == "__main__":
    sys.exit(main())
