"""`SealedText` and `SealedBytes`: for whoever may read their key, in the database and in its backups."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.core.exceptions import FieldError
from django.db import models
from django.db.models import F

from hendig.audit.models import SEALED, current_change
from hendig.kernel.refusal import NotVisible
from hendig.kernel.sealing import WRAPPED_BYTES, DataKey, Unopened, key_of, open_bytes, seal_bytes
from hendig.keys.models.key import held_key
from hendig.keys.models.roots import opened

if TYPE_CHECKING:
    _Field = models.Field[Any, Any]
    _Text = models.TextField[str, str]
    _Bytes = models.BinaryField[bytes, bytes]
else:
    _Field, _Text, _Bytes = models.Field, models.TextField, models.BinaryField

# What a read adds before the sealed text: the row's own identifier, and the wrapped key where it may be read.
_WITH_ROW, _WITH_KEY = b"\x03", b"\x04"
_ROW_BYTES = 1 + 16
_KEY_BYTES = _ROW_BYTES + 16 + WRAPPED_BYTES
_COLUMN = re.compile(r'^(?P<table>.+)\."(?P<column>[^"]+)"$')

# The key comes with the text, in one statement: as many queries as without keys, one snapshot, and the wall
# around the table of keys decides for each text. A text that says no key (it is empty) is not looked up.
_WITH_ITS_KEY = """coalesce(
    (SELECT '\\x04'::bytea || uuid_send({table}."id") || uuid_send(k.compartment_id) || k.wrapped
     FROM keys_compartmentkey AS k
     WHERE k.id = CASE WHEN length({table}."{column}") > 32
                  THEN encode(substr({table}."{column}", 2, 16), 'hex')::uuid END
       AND k.destroyed_at IS NULL),
    '\\x03'::bytea || uuid_send({table}."id")) || {table}."{column}\""""


class KeyMissing(NotVisible):
    """There is no key to write with: the compartment was destroyed, or is not there for this actor."""


class Unsealed(TypeError):
    """Words on their way to the database without their row: they would lie there for everybody to read."""


class Ciphertext(bytes):
    """What was sealed for its row; other bytes are somebody's file, and are never written as they are."""


class Opened(str):
    """A text that came out of the database: it remembers as which column of which row, and by whose key."""

    __slots__ = ("column", "compartment", "row")
    column: str
    row: UUID
    compartment: UUID | None

    @property
    def readable(self) -> bool:
        return True


class Unreadable(Opened):
    """Nothing, where the key of a text is destroyed, hidden or does not fit. Saved, the text stays."""

    __slots__ = ()

    @property
    def readable(self) -> bool:
        return False


class OpenedBytes(bytes):
    """The same for what is no text."""

    column: str
    row: UUID
    compartment: UUID | None

    @property
    def readable(self) -> bool:
        return True


class UnreadableBytes(OpenedBytes):
    """The same for what is no text."""

    @property
    def readable(self) -> bool:
        return False


class Sealed(_Field):
    """A column sealed with the key of the row's compartment (`compartment_id`), for who may read that key.

    What is empty is stored as such. Nothing can be compared, ordered or searched: only empty and `isnull`.
    """

    # Nothing can be ordered by it, and its row is only moved to another compartment by `save()`.
    sealed = True
    # What somebody writes, what a read gives, and what it gives where the key cannot be had.
    written: type[str | bytes]
    opened: type[Opened | OpenedBytes]
    unreadable: type[Opened | OpenedBytes]

    @property
    def about(self) -> str:
        return f"{self.model._meta.db_table}.{self.column}"

    def contribute_to_class(self, cls: type[models.Model], name: str, private_only: bool = False) -> None:
        super().contribute_to_class(cls, name, private_only)
        SEALED.add(name)

    def get_internal_type(self) -> str:
        return "BinaryField"

    def get_lookup(self, lookup_name: str) -> Any:
        if lookup_name not in {"exact", "isnull"}:
            raise FieldError(f"{self.name} is sealed: it cannot be compared by `{lookup_name}`")
        return super().get_lookup(lookup_name)

    def get_transform(self, lookup_name: str) -> Any:
        raise FieldError(f"{self.name} is sealed: it has no `{lookup_name}`")

    def get_prep_value(self, value: Any) -> Any:
        return value

    def get_db_prep_value(self, value: Any, connection: Any, prepared: bool = False) -> Any:  # noqa: ARG002 - Django's shape
        if value is None:
            return None
        if isinstance(value, Ciphertext) or not value:
            return connection.Database.Binary(value or b"")
        raise Unsealed(f"{self.name} is sealed: it is written by save() and bulk_create(), with its row")

    def pre_save(self, model_instance: Any, add: bool) -> Any:
        """What goes to the database: sealed for this row, or what is there already when nobody touched it."""
        value = getattr(model_instance, self.attname)
        came = isinstance(value, self.opened)
        own = came and value.column == self.about and value.row == model_instance.pk
        moved = came and value.compartment != model_instance.compartment_id
        if own and not add and (not moved or not value.readable):
            return F(self.attname)
        if came and not value.readable:
            raise KeyMissing
        if not value:
            return value
        if not isinstance(value, self.written):
            raise Unsealed(f"{self.name} is {self.written.__name__}, not {type(value).__name__}")
        if self.max_length is not None and len(value) > self.max_length:
            raise ValueError(f"{self.name} takes {self.max_length} characters, not {len(value)}")
        plain = value.encode() if isinstance(value, str) else value
        key = writing_key(model_instance.compartment_id)
        return Ciphertext(seal_bytes(plain, key, column=self.about, row=model_instance.pk))

    def select_format(self, _compiler: Any, sql: str, params: Any) -> tuple[str, Any]:
        """A column is read together with its row's identifier and its key; an expression as it comes."""
        found = _COLUMN.match(sql)
        if found is None or found["column"] != self.column:
            return sql, params
        return _WITH_ITS_KEY.format(table=found["table"], column=found["column"]), params

    def from_db_value(self, value: Any, _expression: Any, _connection: Any) -> Any:
        """It as it was written; unreadable when its key cannot be had or anything was exchanged."""
        if value is None:
            return None
        row, compartment, wrapped, sealed = _taken_apart(bytes(value))
        if not sealed:
            return self.written()
        plain = _plain(sealed, wrapped, self.about, row, compartment)
        found = self.unreadable() if plain is None else self._as_written(plain)
        found.column, found.row, found.compartment = self.about, row, compartment
        return found

    def _as_written(self, plain: bytes) -> Opened | OpenedBytes:
        raise NotImplementedError


class SealedText(Sealed, _Text):
    """Text: of the family, or about somebody of it."""

    written, opened, unreadable = str, Opened, Unreadable

    def _as_written(self, plain: bytes) -> Opened:
        return Opened(plain.decode())


class SealedBytes(Sealed, _Bytes):
    """A file, or a letter as it was sent. A list leaves it out with `defer`: it is read whole."""

    written, opened, unreadable = bytes, OpenedBytes, UnreadableBytes

    def _as_written(self, plain: bytes) -> OpenedBytes:
        return OpenedBytes(plain)


def _plain(sealed: bytes, wrapped: bytes, column: str, row: UUID, compartment: UUID | None) -> bytes | None:
    """What was sealed; None when its key is not there or anything does not fit."""
    if compartment is None:
        return None
    try:
        key = opened(wrapped, key_id=key_of(sealed), compartment=compartment)
        return open_bytes(sealed, key, column=column, row=row)
    except Unopened:
        return None


def _taken_apart(value: bytes) -> tuple[UUID, UUID | None, bytes, bytes]:
    """The row, the compartment of the key, the wrapped key and the sealed text of what a read brings."""
    if value[:1] == _WITH_ROW:
        return UUID(bytes=value[1:_ROW_BYTES]), None, b"", value[_ROW_BYTES:]
    if value[:1] == _WITH_KEY:
        row, compartment = value[1:_ROW_BYTES], value[_ROW_BYTES : _ROW_BYTES + 16]
        wrapped = value[_ROW_BYTES + 16 : _KEY_BYTES]
        return UUID(bytes=row), UUID(bytes=compartment), wrapped, value[_KEY_BYTES:]
    # Past the column itself, in an expression that nobody foresaw: better nothing than a guess.
    return UUID(int=0), None, b"", value


def writing_key(compartment_id: UUID) -> DataKey:
    """The key that seals in this compartment; one query in a change for each."""
    held = current_change().keys
    if compartment_id not in held:
        found = held_key(compartment_id)
        if found is None:
            raise KeyMissing
        held[compartment_id] = found
    return held[compartment_id]


def sealed_fields(model: type[models.Model]) -> list[Sealed]:
    """The columns of this model that are sealed."""
    return [field for field in model._meta.local_concrete_fields if isinstance(field, Sealed)]
