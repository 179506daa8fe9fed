"""Hendig on the day of the pictures: its clock stands where the demo municipality ends."""

from tests.journeys.conftest import clock, processes

__all__ = ["clock", "processes"]
