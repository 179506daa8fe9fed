"""Whether a register of the profession knows somebody, and which one it is."""

from __future__ import annotations

from datetime import date

from hendig.people.models import Professional

REGISTERS = ("SKJ", "BIG")


def is_registered(one: Professional, on: date) -> bool:
    """Whether the register of the profession knows this person on that day."""
    return bool(one.registration) and (one.registration_until is None or one.registration_until >= on)


def register_of(one: Professional, on: date) -> str:
    """The name of the register that knows this person on that day; never the number. Empty for none."""
    if not is_registered(one, on):
        return ""
    return next((name for name in REGISTERS if one.registration.upper().startswith(name)), REGISTERS[0])
