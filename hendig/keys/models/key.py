"""The keys of the compartments, each wrapped by a root key that is not in the database."""

from __future__ import annotations

from uuid import UUID

from django.db import connection, models
from django.db.models import Exists, OuterRef, Q

from hendig.audit.models import Recorded, RecordedQuerySet
from hendig.kernel.actor import Actor
from hendig.kernel.privacy import RECORD_20_YEARS, Privacy
from hendig.kernel.sealing import DataKey
from hendig.kernel.walls import NEAR, OFFICER, PAPERS, SHARED_PLACE, WAY, Wall
from hendig.keys.models.roots import opened

DESTROY = "destroy"

# The privacy officer opens no compartment: the key alone, in a transaction that says it is to be destroyed.
KEY = (
    Wall(f"{WAY.words} Made by whoever has the family open, or a part of it.", WAY.seen, NEAR)
    .and_also(
        "The privacy officer, to destroy it.",
        f"((SELECT hendig_purpose()) = '{DESTROY}' AND (SELECT hendig_is('privacy')))",
    )
    .and_also(
        "A question to the privacy officer has a key of its own: for who may see the question.",
        "compartment_id IN (SELECT compartment_id FROM families_logquestion)",
    )
    .and_also(
        "So has a question of a parent without authority: for who asked it and who answers.",
        "compartment_id IN (SELECT compartment_id FROM rights_informationrequest)",
    )
    .and_also("The privacy officer, to judge why somebody opened a record in an emergency.", OFFICER)
    .and_also("Who decides on an application or asked it, to read and write what belongs to it.", PAPERS)
    .and_also(
        "What a family shares with somebody says why under a key of its own: for who may see that.",
        "compartment_id IN (SELECT compartment_id FROM shares_share)",
    )
    .read_too("With whom a family shares a piece, to read that piece.", SHARED_PLACE)
)


class CompartmentKeyQuerySet(RecordedQuerySet["CompartmentKey"]):
    def standing(self) -> CompartmentKeyQuerySet:
        """Those that were not destroyed."""
        return self.filter(destroyed_at=None)

    def of(self, compartment_id: UUID) -> CompartmentKeyQuerySet:
        return self.filter(compartment_id=compartment_id)

    def under_older_roots(self, actor: Actor, newest: UUID) -> CompartmentKeyQuerySet:
        """Those of the actor's municipality that the newest root has yet to wrap."""
        return self.standing().filter(municipality_id=actor.municipality_id).exclude(root_id=newest)

    def to_renew(self, actor: Actor, root: UUID) -> CompartmentKeyQuerySet:
        """Those that seal and are older than this root: identifiers are in the order of time."""
        rows = self.standing().filter(municipality_id=actor.municipality_id, pk__lt=root)
        return rows.exclude(_newer())

    def left_over(self, actor: Actor) -> CompartmentKeyQuerySet:
        """Those in whose compartment a newer key seals: what they sealed has yet to be sealed again."""
        return self.standing().filter(_newer(), municipality_id=actor.municipality_id)


class CompartmentKey(Recorded):
    """A key of a compartment: the newest seals, the others open what rotation has not come to yet.

    Destroyed, the row stays without the key: it says that there was something, and when it went.
    """

    privacy = Privacy(
        why="To keep what is written in a compartment from all who may not read it (GDPR art. 32).",
        kept=RECORD_20_YEARS,
        goes="the key itself at once when the compartment is destroyed; the text is then nobody's any more",
        fields={"wrapped": "the key, which only the root keys outside the database open"},
    )

    compartment_id = models.UUIDField()
    family_id = models.UUIDField()
    wrapped = models.BinaryField(null=True)
    root_id = models.UUIDField(null=True)
    made_at = models.DateTimeField()
    destroyed_at = models.DateTimeField(null=True)

    # Written with its compartment, also by who may not look into it; read by who may, and on the way.
    wall = KEY

    objects = CompartmentKeyQuerySet.as_manager()

    class Meta:
        indexes = [
            models.Index(fields=["compartment_id", "-id"], name="keys_of_compartment"),
            models.Index(fields=["root_id"], name="keys_of_root"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(destroyed_at=None, wrapped__isnull=False, root_id__isnull=False)
                | Q(destroyed_at__isnull=False, wrapped=None, root_id=None),
                name="destroyed_key_is_gone",
            )
        ]

    def opened(self) -> DataKey:
        """The key itself. `Unopened` when its root is not on the ring or the row was tampered with."""
        return opened(bytes(self.wrapped or b""), key_id=self.pk, compartment=self.compartment_id)


def _newer() -> Exists:
    """Whether the same compartment has a newer key."""
    return Exists(
        CompartmentKey.objects.standing().filter(
            compartment_id=OuterRef("compartment_id"), pk__gt=OuterRef("pk")
        )
    )


# The weakest lock that keeps a row from being deleted: those who seal do not wait for each other, nor for a
# new root; only a rotation that takes the key away waits for them.
_NEWEST = """
SELECT id, wrapped FROM keys_compartmentkey
WHERE compartment_id = %s AND destroyed_at IS NULL ORDER BY id DESC LIMIT 1 FOR KEY SHARE
"""


def held_key(compartment_id: UUID) -> DataKey | None:
    """The compartment's newest key, which nobody takes away before the transaction ends. 1 query."""
    with connection.cursor() as cursor:
        cursor.execute(_NEWEST, [compartment_id])
        row = cursor.fetchone()
    if row is None:
        return None
    key_id, wrapped = row
    return opened(bytes(wrapped), key_id=key_id, compartment=compartment_id)


def share_roots() -> None:
    """No root key is thrown away before this transaction, which wraps with one, has ended."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock_shared(hashtext('hendig root keys'))")


def hold_roots() -> None:
    """Nobody wraps with a root key until this transaction ends, and nobody else changes the ring."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext('hendig root keys'))")


def give_way() -> None:
    """Of us and somebody at work we are the one to give up, long before PostgreSQL chooses."""
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL lock_timeout = '300ms'")
