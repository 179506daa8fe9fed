"""Keys per compartment, the texts that are sealed with them, and the root keys that wrap them."""

from hendig.keys.models.key import CompartmentKey
from hendig.keys.models.roots import NoRootKeys
from hendig.keys.models.sealed import (
    Kept,
    KeyMissing,
    Opened,
    SealedBytes,
    SealedText,
    Unreadable,
    Unsealed,
    sealed_fields,
)

__all__ = [
    "CompartmentKey",
    "Kept",
    "KeyMissing",
    "NoRootKeys",
    "Opened",
    "SealedBytes",
    "SealedText",
    "Unreadable",
    "Unsealed",
    "sealed_fields",
]
