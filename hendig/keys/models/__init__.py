"""Keys per compartment, what is sealed with them, the root keys that wrap them, and where backups lie."""

from hendig.keys.models.backups import BackupFile
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
    "BackupFile",
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
