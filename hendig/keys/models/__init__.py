"""Keys per compartment, the texts and files that are sealed with them, and the root keys that wrap them."""

from hendig.keys.models.key import CompartmentKey
from hendig.keys.models.roots import NoRootKeys
from hendig.keys.models.sealed import (
    KeyMissing,
    Opened,
    OpenedBytes,
    SealedBytes,
    SealedText,
    Unreadable,
    UnreadableBytes,
    Unsealed,
    sealed_fields,
)

__all__ = [
    "CompartmentKey",
    "KeyMissing",
    "NoRootKeys",
    "Opened",
    "OpenedBytes",
    "SealedBytes",
    "SealedText",
    "Unreadable",
    "UnreadableBytes",
    "Unsealed",
    "sealed_fields",
]
