"""The log, and the latch: a row of Hendig is only written inside an open change."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Iterable
from contextvars import ContextVar
from typing import TYPE_CHECKING, Any, Protocol, Self, TypeVar
from uuid import UUID

from cryptography.fernet import Fernet, InvalidToken
from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.core.exceptions import FieldError
from django.db import models

from hendig.kernel.ids import new_id
from hendig.kernel.privacy import Privacy
from hendig.kernel.sealing import DataKey

if TYPE_CHECKING:
    from hendig.kernel.actor import Actor


M = TypeVar("M", bound=models.Model)


class WriteOutsideChange(RuntimeError):
    """Something tried to write a row without saying who does what: always a bug."""


class OpenChange(Protocol):
    actor: Actor
    # The keys that texts of this change are sealed with, by compartment.
    keys: dict[UUID, DataKey]

    def touch(self, model: str, key: object, verb: str) -> None: ...


_open: ContextVar[OpenChange | None] = ContextVar("open_change", default=None)


def current_change() -> OpenChange:
    """The change that is open in this context; `WriteOutsideChange` when there is none."""
    change = _open.get()
    if change is None:
        raise WriteOutsideChange("rows are only written inside `with change(...)`")
    return change


# Names of columns that are sealed for their row and its compartment (`keys.models.SealedText`).
SEALED: set[str] = set()


if TYPE_CHECKING:
    _Text = models.TextField[str, str]
else:
    _Text = models.TextField


def lock(purpose: str) -> Fernet:
    """What a key of this installation locks, of one purpose each: the key is in no database and no backup."""
    key = hashlib.sha256(f"{purpose}:{settings.SECRET_KEY}".encode()).digest()
    return Fernet(base64.urlsafe_b64encode(key))


class LockedText(_Text):
    """Text of somebody that lies in no compartment: whoever has the row reads it, a dump does not.

    One that does not open is empty. Nothing can be compared or ordered: only `=""` and `isnull`.
    """

    def _lock(self) -> Fernet:
        return lock(f"{self.model._meta.db_table}.{self.column}")

    def get_lookup(self, lookup_name: str) -> Any:
        if lookup_name not in {"exact", "isnull"}:
            raise FieldError(f"{self.name} is locked: it cannot be compared by `{lookup_name}`")
        return super().get_lookup(lookup_name)

    def get_prep_value(self, value: Any) -> Any:
        if value:
            raise FieldError(f"{self.name} is locked: it cannot be compared")
        return value

    def get_db_prep_save(self, value: Any, connection: Any) -> Any:
        if value and not hasattr(value, "as_sql"):
            return self._lock().encrypt(str(value).encode()).decode()
        return super().get_db_prep_save(value, connection)

    def from_db_value(self, value: str | None, _expression: Any, _connection: Any) -> str | None:
        try:
            return self._lock().decrypt(value).decode() if value else value
        except InvalidToken:
            return ""


# So many values go with one statement whose plan is kept; what is more goes in parts.
MOST_VALUES = 65_535


class RecordedQuerySet(models.QuerySet[M]):
    """Every write through a queryset passes the latch as well."""

    def _touched(self, verb: str, keys: Iterable[object]) -> None:
        change = current_change()
        for key in keys:
            change.touch(self.model._meta.label, key, verb)

    def order_by(self, *names: Any) -> Self:
        for name in names:
            path = name.removeprefix("-").split("__") if isinstance(name, str) else [""]
            if path[-1] in SEALED and path[-1] not in self.query.annotations:
                field = self.query.names_to_path(path, self.model._meta)[1]
                if getattr(field, "sealed", False):
                    raise FieldError(f"{name} is sealed: nothing can be ordered by it")
        return super().order_by(*names)

    def update(self, **fields: Any) -> int:
        moves = not fields.keys().isdisjoint({"compartment", "compartment_id"})
        if moves and any(getattr(field, "sealed", False) for field in self.model._meta.concrete_fields):
            # The texts would stay behind, sealed with a key that is not the row's any more.
            raise FieldError("a row with sealed text is moved by save()")
        self._touched("update", self._keys())
        return super().update(**fields)

    def delete(self) -> tuple[int, dict[str, int]]:
        self._touched("delete", self._keys())
        return super().delete()

    def _keys(self) -> Iterable[object]:
        # In their order, or the same change would tell of its rows in another order each time.
        return self.order_by("pk").values_list("pk", flat=True)

    def bulk_create(self, objs: Iterable[M], *args: Any, **options: Any) -> list[M]:
        rows = list(objs)
        change = current_change()
        for row in rows:
            if isinstance(row, Recorded):
                row.fill(change.actor)
            change.touch(self.model._meta.label, row.pk, "insert")
        options.setdefault("batch_size", MOST_VALUES // len(self.model._meta.concrete_fields))
        return super().bulk_create(rows, *args, **options)

    def bulk_update(self, objs: Iterable[M], fields: Iterable[str], batch_size: int | None = None) -> int:
        rows, names = list(objs), list(fields)
        self._touched("update", (row.pk for row in rows))
        # Of each field the row and its value, and each row once more.
        return super().bulk_update(rows, names, batch_size or MOST_VALUES // (2 * len(names) + 1))


# What a model without row filters of its own takes for `objects`: made once, so that its rows are typed.
RecordedManager = models.Manager.from_queryset(RecordedQuerySet)


class Recorded(models.Model):
    """A row of a municipality that cannot be written outside `change()` (latch 1)."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    municipality_id = models.UUIDField(editable=False)

    class Meta:
        abstract = True

    def save(self, **options: Any) -> None:
        change = current_change()
        self.fill(change.actor)
        verb = "insert" if self._state.adding else "update"
        # Never the one for the other: a row that is not there for the actor is not written anew.
        options["force_insert" if self._state.adding else "force_update"] = True
        change.touch(self._meta.label, self.pk, verb)
        super().save(**options)

    def delete(self, using: Any = None, keep_parents: bool = False) -> tuple[int, dict[str, int]]:
        current_change().touch(self._meta.label, self.pk, "delete")
        return super().delete(using, keep_parents)

    def fill(self, actor: Actor) -> None:
        """A new row belongs to the municipality in which the actor acts."""
        if not self.municipality_id:  # type: ignore[truthy-bool]  # none yet, whatever the field's type says
            self.municipality_id = actor.municipality_id


class LogQuerySet(models.QuerySet["Entry"]):
    """The log is read; what is written there is written by `change()`, `viewing()` and refusals only."""

    def _refuse(self, *_: Any, **__: Any) -> Any:
        raise WriteOutsideChange("the log cannot be altered")

    update = delete = bulk_update = _refuse

    def about(self, family_id: UUID) -> LogQuerySet:
        return self.filter(family_id=family_id)


class Kind(models.TextChoices):
    CHANGE = "change"
    LOOK = "look"
    REFUSAL = "refusal"


# What the log says of itself: each night that it was held against its seals, what did not fit, and that a
# backup took its place.
PROVED, BROKEN, RESTORED = "log.proved", "log.broken", "log.restored"


class Entry(models.Model):
    """One line of the log: who did or saw or was refused what, when, in what part, on what ground.

    Holds identifiers, numbers and codes only, never a word about a person. The application's role may
    insert and select, nothing else; a trigger refuses the rest to everyone (latch 4).
    """

    privacy = Privacy(
        why="To show who did, saw or was refused what, and on what ground (GDPR art. 5.2 and 32, NEN 7513).",
        kept="20 years, as long as the record that it speaks of",
        goes="whole batches by their seal, by the privacy officer; the application itself cannot",
        fields={
            "code": "the kind of thing that happened, from the table of codes",
            "roles": "the roles of who acted",
            "part": "in what part somebody looked",
            "ground": "on what ground somebody looked",
            "purpose": "for what somebody looked",
            "rule": "which rule of the gate opened it",
            "object_type": "the kind of row that it was about",
            "facts": "identifiers, numbers and codes; free text is refused",
            "touched": "which rows were written, by identifier",
            "leaf": "the hash that shows whether the line was altered",
        },
    )

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    municipality_id = models.UUIDField()
    at = models.DateTimeField()
    kind = models.CharField(max_length=8, choices=Kind)
    code = models.CharField(max_length=60)
    account_id = models.UUIDField(null=True)
    roles = models.CharField(max_length=120)
    family_id = models.UUIDField(null=True)
    record_id = models.UUIDField(null=True)
    compartment_id = models.UUIDField(null=True)
    purpose = models.CharField(max_length=10, blank=True)
    rule = models.CharField(max_length=4, blank=True)
    part = models.CharField(max_length=30, blank=True)
    ground = models.CharField(max_length=30, blank=True)
    object_type = models.CharField(max_length=60, blank=True)
    object_id = models.UUIDField(null=True)
    facts = models.JSONField(default=dict)
    touched = models.JSONField(default=list)
    leaf = models.BinaryField()
    # Whom a deputy stood in for, and under whom a trainee worked; NULL for whoever acts by themself.
    behind_id = models.UUIDField(null=True)

    objects = LogQuerySet.as_manager()

    class Meta:
        verbose_name_plural = "entries"
        indexes = [
            models.Index(fields=["municipality_id", "family_id", "-id"], name="entry_of_family"),
            models.Index(fields=["municipality_id", "account_id", "-id"], name="entry_of_account"),
            models.Index(fields=["municipality_id", "-id"], name="entry_of_municipality"),
            # How often somebody was refused is counted for who audits.
            models.Index(
                fields=["municipality_id", "id"],
                name="refusals",
                condition=models.Q(kind=Kind.REFUSAL),
            ),
            # The few lines by which is judged whom a thing is about (families.queries.lines).
            models.Index(
                fields=["municipality_id", "family_id"],
                name="entry_says_whom",
                condition=models.Q(facts__has_key="said_of"),
            ),
            # The few by which is told when the log was looked at, and what was restored.
            models.Index(
                fields=["municipality_id", "code", "id"],
                name="entry_of_the_log",
                condition=models.Q(code__in=[PROVED, BROKEN, RESTORED]),
            ),
        ]

    def __str__(self) -> str:
        return self.code

    def save(self, *_: Any, **__: Any) -> None:
        raise WriteOutsideChange("the log is written by change() and viewing() only")

    def delete(self, *_: Any, **__: Any) -> tuple[int, dict[str, int]]:
        raise WriteOutsideChange("the log cannot be altered")


class Receipt(models.Model):
    """The answer that a form's key already got: a second post with that key gets the same and does nothing.

    Written in the transaction of the change itself, so that neither exists without the other.
    """

    privacy = Privacy(
        why="To do what a form asks once, however often it arrives (Youth Act task).",
        kept="one day",
        goes="deleted every hour by the job `people.clean_up`",
        fields={
            "sender": "a hash of who sent the form",
            "headers": "where the answer led",
            "body": "the page that was answered, locked: only who still has the form can open it",
        },
    )

    key = models.UUIDField(primary_key=True)
    sender = models.BinaryField()
    status = models.PositiveSmallIntegerField(null=True)
    headers = models.JSONField(default=dict)
    body = models.BinaryField(default=b"")
    at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["at"], name="receipt_age")]

    def __str__(self) -> str:
        return str(self.key)


class Tally(models.Model):
    """How often something was tried of late, by an address or a person: whichever process it came to."""

    privacy = Privacy(
        why="To stop who guesses codes or asks too much (GDPR art. 32).",
        kept="one day after the last try",
        goes="deleted every hour by the job `people.clean_up`",
        fields={
            "key": "a hash of what was tried and by whom: useless without the secret of the installation",
            "tries": "the moments of the tries that still count",
        },
    )

    key = models.BinaryField(primary_key=True)
    tries = ArrayField(models.DateTimeField())
    at = models.DateTimeField()

    class Meta:
        verbose_name_plural = "tallies"
        indexes = [models.Index(fields=["at"], name="tally_age")]

    def __str__(self) -> str:
        return bytes(self.key).hex()


class SealedLogQuerySet(models.QuerySet[M]):
    """What seals the log is added to, and never altered."""

    def _refuse(self, *_: Any, **__: Any) -> Any:
        raise WriteOutsideChange("a seal cannot be altered")

    update = delete = bulk_update = _refuse


class SealedLog(models.Model):
    """Rows that the sealer alone adds."""

    objects = SealedLogQuerySet.as_manager()

    class Meta:
        abstract = True

    def save(self, *_: Any, **__: Any) -> None:
        raise WriteOutsideChange("the log is sealed by seal_log() only")

    def delete(self, *_: Any, **__: Any) -> tuple[int, dict[str, int]]:
        raise WriteOutsideChange("a seal cannot be altered")


class Seal(SealedLog):
    """A batch of the log under one signature: the root over its lines, and a hold on the seal before it.

    Whoever alters, adds or takes away a line breaks the root; whoever makes a new root lacks the key; whoever
    cuts the tail meets an anchor. Written by the sealer alone; nobody may change one (latch 4).
    """

    privacy = Privacy(
        why="To show that nobody altered the log (GDPR art. 5.1 f and 32). Nothing about a person.",
        kept="as long as the lines that it seals",
        goes="with its whole batch, by the privacy officer; the application itself cannot",
        fields={
            "previous": "the hash of the seal before it",
            "root": "one hash over the lines of the batch",
            "key_id": "which key signed",
            "signature": "the signature",
        },
    )

    number = models.BigIntegerField(primary_key=True)
    previous = models.BinaryField()
    first_id = models.UUIDField()
    last_id = models.UUIDField()
    count = models.PositiveIntegerField()
    root = models.BinaryField()
    sealed_at = models.DateTimeField()
    key_id = models.CharField(max_length=16)
    signature = models.BinaryField()

    class Meta:
        constraints = [models.CheckConstraint(condition=models.Q(count__gt=0), name="seal_of_something")]

    def __str__(self) -> str:
        return str(self.number)


class SealedEntry(SealedLog):
    """This line stands in that batch, and in no other; in a batch lines stand in the order of their id.

    A table beside the log: a line that is committed late has a place too, and no writer waits for a number.
    """

    privacy = Privacy(
        why="To know which seal a line of the log stands under. Nothing about a person.",
        kept="as long as the line",
        goes="with its seal",
    )

    # No foreign keys: they would write a lock into every line of the log, and a missing line must be seen.
    entry_id = models.UUIDField(primary_key=True)
    number = models.BigIntegerField()

    class Meta:
        verbose_name_plural = "sealed entries"
        indexes = [models.Index(fields=["number", "entry_id"], name="entries_of_seal")]

    def __str__(self) -> str:
        return str(self.entry_id)


class Anchor(Recorded):
    """A seal that was handed to others by mail: everything up to it is held outside this database as well."""

    privacy = Privacy(
        why="To show a tail that was cut off the log (GDPR art. 32). Nothing about a person.",
        kept="as long as the log",
        goes="with the log",
        fields={
            "hash": "the hash of the seal",
            "code": "the same as a number and five words",
        },
    )

    number = models.BigIntegerField()
    hash = models.BinaryField()
    code = models.CharField(max_length=80)
    at = models.DateTimeField()
    letters = models.PositiveIntegerField(help_text="how many it was handed to")

    objects = RecordedManager()

    class Meta:
        constraints = [models.UniqueConstraint("municipality_id", "number", name="seal_anchored_once")]

    def __str__(self) -> str:
        return self.code
