"""Everything that must hold before a change is shared: a line with its seconds per step, the tests last."""

import os
import shlex
import subprocess
import sys
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
BIN = ROOT / ".venv/bin"
STEPS = {
    "format": "ruff format --check --quiet .",
    "lint": "ruff check --quiet .",
    "templates": "djlint --quiet --lint hendig",
    "types": "mypy",
    "layers": "lint-imports",
    "migrations": "python -m django makemigrations --check --dry-run --verbosity 1",
    "reference": "hendig check",
}
TESTS = "pytest -n 2 --dist worksteal -q"


def main() -> int:
    """Runs all steps, also after one has failed; the exit status is that of the first that did."""
    os.chdir(ROOT)
    failed = 0
    for name, command in STEPS.items():
        failed = step(name, command) or failed
    arguments = shlex.split(os.environ.get("PYTEST_ARGS", ""))
    status = subprocess.run([*split(TESTS), *arguments], env=environment(), check=False).returncode
    return failed or status


def step(name: str, command: str) -> int:
    """One step: a line when it went well, what it said when it did not."""
    began = time.monotonic()
    done = subprocess.run(split(command), env=environment(), capture_output=True, text=True, check=False)
    seconds = time.monotonic() - began
    print(f"  {name:<12}{'ok' if done.returncode == 0 else 'FAILED':<8}{seconds:5.1f} s", flush=True)
    if done.returncode:
        print(done.stdout + done.stderr, flush=True)
    return done.returncode


def split(command: str) -> list[str]:
    program, *arguments = command.split()
    return [str(BIN / program), *arguments]


def environment() -> dict[str, str]:
    return {**os.environ, "DJANGO_SETTINGS_MODULE": "hendig.settings", "PATH": f"{BIN}:{os.environ['PATH']}"}


if __name__ == "__main__":
    sys.exit(main())
