"""The clock of a running Hendig, as tests move it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Clock:
    """Where the clock of the web process stands; it runs on by itself."""

    file: Path

    def right(self) -> None:
        """It is what it is."""
        self._write(0)

    def set(self, moment: datetime) -> None:
        """It is this moment for everybody who opens a page."""
        self._write((moment - datetime.now(UTC)).total_seconds())

    def travel(self, **time: float) -> None:
        """So much time passes: `travel(days=30)`."""
        self._write(float(self.file.read_text()) + timedelta(**time).total_seconds())

    def now(self) -> datetime:
        return datetime.now(UTC) + timedelta(seconds=float(self.file.read_text()))

    def _write(self, offset: float) -> None:
        # In one go: the server reads it at any moment.
        fresh = self.file.with_suffix(".new")
        fresh.write_text(str(offset))
        fresh.replace(self.file)
