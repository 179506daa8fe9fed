"""Where the tests keep what they make."""

import os
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]


def home() -> Path:
    """HENDIG_HOME, as the commands have it."""
    return Path(os.environ.get("HENDIG_HOME") or ROOT / ".hendig")
