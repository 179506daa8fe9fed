"""Sealed columns: read by whoever may read their key and by nobody else, in backups neither."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, ClassVar
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
    """Text on its way to the database without its row: it would lie there for everybody to read."""


class Kept:
    """What came out of a sealed column: it remembers as which column of which row, and by whose key."""

    __slots__ = ()
    column: str
    row: UUID
    compartment: UUID | None
    readable: ClassVar[bool] = True

    def anew(self) -> str | bytes:
        """The same as if somebody wrote it just now: it gets the newest key."""
        raise NotImplementedError


class Opened(Kept, str):
    """A text that came out of the database."""

    __slots__ = ("column", "compartment", "row")

    def anew(self) -> str:
        return str(self)


class Unreadable(Opened):
    """Nothing, where the key of a text is destroyed, hidden or does not fit. Saved, the text stays."""

    __slots__ = ()
    readable = False


class OpenedBytes(Kept, bytes):
    """Bytes that came out of the database."""

    def anew(self) -> bytes:
        return bytes(self)


class UnreadableBytes(OpenedBytes):
    """As `Unreadable`, for bytes."""

    readable = False


class _Sealed(bytes):
    """What `pre_save` sealed: nothing else goes to the database as it is."""


class Sealed(_Field):
    """Sealed with the key of the row's compartment (`compartment_id`), shown to who may read that key.

    What is empty is stored as such. Nothing can be compared, ordered or searched: only `=""` and `isnull`.
    """

    # What it holds, and what comes out of it without its key.
    holds: type[str | bytes]
    stays_shut_as: type[Unreadable | UnreadableBytes]
    # Nothing can be ordered by it, and its row is only moved to another compartment by `save()`.
    sealed = True

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
        if isinstance(value, _Sealed):
            return connection.Database.Binary(value)
        if value == self.holds():
            return connection.Database.Binary(b"")
        if value is not None:
            raise Unsealed(f"{self.name} is sealed: it is written by save() and bulk_create(), with its row")
        return None

    def pre_save(self, model_instance: Any, add: bool) -> Any:
        """What goes to the database: sealed for this row, or what is there already when nobody touched it."""
        content = getattr(model_instance, self.attname)
        own = isinstance(content, Kept) and content.column == self.about and content.row == model_instance.pk
        shut = isinstance(content, Kept) and not content.readable
        moved = isinstance(content, Kept) and content.compartment != model_instance.compartment_id
        if own and not add and (not moved or shut):
            return F(self.attname)
        if shut:
            raise KeyMissing
        if not content:
            return content
        if not isinstance(content, self.holds):
            raise Unsealed(f"{self.name} is {self.holds.__name__}, not {type(content).__name__}")
        if self.max_length is not None and len(content) > self.max_length:
            what = "characters" if self.holds is str else "bytes"
            raise ValueError(f"{self.name} takes {self.max_length} {what}, not {len(content)}")
        key = writing_key(model_instance.compartment_id)
        plain = content.encode() if isinstance(content, str) else content
        return _Sealed(seal_bytes(plain, key, column=self.about, row=model_instance.pk))

    def select_format(self, _compiler: Any, sql: str, params: Any) -> tuple[str, Any]:
        """A column is read together with its row's identifier and its key; an expression as it comes."""
        found = _COLUMN.match(sql)
        if found is None or found["column"] != self.column:
            return sql, params
        return _WITH_ITS_KEY.format(table=found["table"], column=found["column"]), params

    def from_db_value(self, value: Any, _expression: Any, _connection: Any) -> str | bytes | None:
        """What was written; `stays_shut_as` when its key cannot be had or anything was exchanged."""
        if value is None:
            return None
        row, compartment, wrapped, sealed = _taken_apart(bytes(value))
        if not sealed:
            return self.holds()
        kept = self._opened(sealed, wrapped, row, compartment)
        kept.column, kept.row, kept.compartment = self.about, row, compartment
        return kept

    def _opened(
        self, sealed: bytes, wrapped: bytes, row: UUID, compartment: UUID | None
    ) -> Opened | OpenedBytes:
        """What was sealed, or nothing when its key is not there or anything does not fit."""
        if compartment is None:
            return self.stays_shut_as()
        try:
            key = opened(wrapped, key_id=key_of(sealed), compartment=compartment)
            plain = open_bytes(sealed, key, column=self.about, row=row)
        except Unopened:
            return self.stays_shut_as()
        return Opened(plain.decode()) if self.holds is str else OpenedBytes(plain)


class SealedText(Sealed, _Text):
    """A sealed text."""

    holds, stays_shut_as = str, Unreadable


class SealedBytes(Sealed, _Bytes):
    """Sealed bytes, such as a file that somebody brought."""

    holds, stays_shut_as = bytes, UnreadableBytes


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
