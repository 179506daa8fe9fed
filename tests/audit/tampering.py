"""What somebody who owns the database could do to the log: each way once, on rows that chance picks.

Every way takes the owner's connection, with the triggers already off, and leaves the log other than it was.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass, fields, replace
from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import psycopg
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from psycopg import sql
from psycopg.types.json import Jsonb

from hendig.audit.rules import chain, leaf, merkle
from hendig.audit.rules.chain import Sealed

Owner = psycopg.Connection[tuple[object, ...]]
SEAL_FIELDS = [field.name for field in fields(Sealed)]
TABLES = ("audit_entry", "audit_seal", "audit_sealedentry", "audit_anchor")
MINE = Ed25519PrivateKey.generate()


@dataclass(frozen=True, slots=True)
class Thief:
    """Somebody with the database, a coin to toss, and no key."""

    db: Owner
    chance: random.Random

    def rows(self, words: str, values: Sequence[object] = ()) -> list[Any]:
        return self.db.execute(words, values).fetchall()

    def do(self, words: str, *values: object) -> None:
        changed = self.db.execute(words, values).rowcount
        assert changed, words

    def lines(self, count: int = 1) -> list[UUID]:
        """Lines that are sealed."""
        return self.chance.sample(
            [row[0] for row in self.rows("SELECT entry_id FROM audit_sealedentry")], count
        )

    def seals(self) -> list[Sealed]:
        return [
            Sealed(*row) for row in self.rows(f"SELECT {', '.join(SEAL_FIELDS)} FROM audit_seal ORDER BY 1")
        ]

    def seal(self) -> Sealed:
        return self.chance.choice(self.seals())

    def store(self, seal: Sealed, number: int) -> None:
        names = ", ".join(f"{name} = %s" for name in SEAL_FIELDS)
        values = [getattr(seal, name) for name in SEAL_FIELDS]
        self.do(f"UPDATE audit_seal SET {names} WHERE number = %s", *values, number)

    def fit_leaf(self, entry_id: UUID) -> None:
        """The line gets the leaf that fits it: everybody can make one."""
        texts = sql.SQL(", ").join(
            sql.SQL("coalesce({}::text, '\\N')").format(sql.Identifier(name)) for name in leaf.columns()
        )
        self.db.execute(leaf.SESSION)
        self.db.execute(
            sql.SQL(
                "UPDATE audit_entry SET leaf = sha256('\\x00'::bytea || convert_to(regexp_replace("
                "concat_ws(E'\\t', {}), E'(\\t\\\\\\\\N)+$', ''), 'UTF8')) WHERE id = %s"
            ).format(texts),
            [entry_id],
        )

    def number_of(self, entry_id: UUID) -> int:
        return int(self.rows("SELECT number FROM audit_sealedentry WHERE entry_id = %s", [entry_id])[0][0])

    def fit_root(self, number: int) -> None:
        """The seal gets the count, ends and root of what stands under it now; not the signature."""
        rows = self.rows(
            "SELECT e.id, e.leaf FROM audit_sealedentry s JOIN audit_entry e ON e.id = s.entry_id"
            " WHERE s.number = %s ORDER BY e.id",
            [number],
        )
        self.do(
            "UPDATE audit_seal SET count = %s, first_id = %s, last_id = %s, root = %s WHERE number = %s",
            len(rows),
            rows[0][0],
            rows[-1][0],
            merkle.root([bytes(row[1]) for row in rows]),
            number,
        )

    def sign_on(self, number: int, *, as_ours: bool) -> None:
        """From this seal on the whole chain is made anew and signed with a key of his own."""
        before = next((seal for seal in self.seals() if seal.number == number - 1), None)
        for seal in self.seals():
            if seal.number >= number:
                key_id = seal.key_id if as_ours else chain.key_id(chain.public_text(MINE))
                previous = before.hash() if before else chain.BEFORE_THE_FIRST
                before = chain.signed(replace(seal, previous=previous, key_id=key_id), MINE)
                self.store(before, seal.number)


def other(thief: Thief, column: str, old: object) -> object:
    """Another value of the same kind, sometimes as near as it can be."""
    if old is None or isinstance(old, UUID):
        return thief.chance.choice([uuid4(), UUID(int=old.int ^ 1)]) if old else uuid4()
    if isinstance(old, str):
        return old[:-1] if old and thief.chance.random() < 0.5 else f"{old[:6]}~"
    if isinstance(old, bytes):
        return bytes([*old[:-1], old[-1] ^ (1 << thief.chance.randrange(8))])
    if isinstance(old, int):
        return old + thief.chance.choice([-1, 1])
    if isinstance(old, dict | list):
        return Jsonb({"forged": thief.chance.random() < 0.5} if old == [] else [old])
    step = thief.chance.choice([timedelta(microseconds=1), timedelta(hours=-3), timedelta(days=400)])
    return old + step  # type: ignore[operator]


def edit_a_line(thief: Thief, *, fit: bool = False) -> UUID:
    entry_id = thief.lines()[0]
    # A leaf is fitted to the line, and it must be the same line.
    left_out = {"id"} if fit else set()
    column = thief.chance.choice(sorted({*leaf.columns(), *([] if fit else ["leaf"])} - left_out))
    old = thief.rows(f'SELECT "{column}" FROM audit_entry WHERE id = %s', [entry_id])[0][0]
    thief.do(f'UPDATE audit_entry SET "{column}" = %s WHERE id = %s', other(thief, column, old), entry_id)
    return entry_id


def edit_a_line_and_its_leaf(thief: Thief) -> UUID:
    entry_id = edit_a_line(thief, fit=True)
    thief.fit_leaf(entry_id)
    return entry_id


def edit_up_to_the_root(thief: Thief) -> int:
    number = thief.number_of(edit_a_line_and_its_leaf(thief))
    thief.fit_root(number)
    return number


def edit_and_sign_on_with_another_key(thief: Thief) -> None:
    thief.sign_on(edit_up_to_the_root(thief), as_ours=thief.chance.random() < 0.5)


def take_a_line_out(thief: Thief) -> None:
    thief.do("DELETE FROM audit_entry WHERE id = %s", thief.lines()[0])


def take_a_line_and_its_place_out(thief: Thief) -> int:
    entry_id = thief.lines()[0]
    number = thief.number_of(entry_id)
    thief.do("DELETE FROM audit_entry WHERE id = %s", entry_id)
    thief.do("DELETE FROM audit_sealedentry WHERE entry_id = %s", entry_id)
    return number


def take_a_line_out_up_to_the_root(thief: Thief) -> None:
    thief.fit_root(take_a_line_and_its_place_out(thief))


def take_the_place_of_a_line_out(thief: Thief) -> None:
    thief.do("DELETE FROM audit_sealedentry WHERE entry_id = %s", thief.lines()[0])


def forge_a_line(thief: Thief) -> UUID:
    """A copy of a line under an identifier of its own, a moment after it, with the leaf that fits."""
    model = thief.lines()[0]
    forged = UUID(int=model.int + thief.chance.randrange(1, 1 << 40))
    columns = ", ".join(f'"{name}"' for name in leaf.columns() if name != "id")
    thief.do(
        f"INSERT INTO audit_entry (id, {columns}, leaf)"
        f" SELECT %s, {columns}, leaf FROM audit_entry WHERE id = %s",
        forged,
        model,
    )
    thief.fit_leaf(forged)
    return forged


def forge_a_line_under_a_seal(thief: Thief) -> int:
    number = thief.seal().number
    thief.do("INSERT INTO audit_sealedentry VALUES (%s, %s)", forge_a_line(thief), number)
    return number


def forge_a_line_up_to_the_root(thief: Thief) -> None:
    thief.fit_root(forge_a_line_under_a_seal(thief))


def give_a_place_to_nothing(thief: Thief) -> None:
    thief.do("INSERT INTO audit_sealedentry VALUES (%s, %s)", uuid4(), thief.seal().number)


def swap_two_lines(thief: Thief) -> None:
    """Each says what the other said; with their leaves or not."""
    one, two = thief.lines(2)
    aside = uuid4()
    for old, new in ((one, aside), (two, one), (aside, two)):
        thief.do("UPDATE audit_entry SET id = %s WHERE id = %s", new, old)
    if thief.chance.random() < 0.5:
        thief.fit_leaf(one)
        thief.fit_leaf(two)


def swap_two_leaves(thief: Thief) -> None:
    one, two = thief.lines(2)
    leaves = dict(thief.rows("SELECT id, leaf FROM audit_entry WHERE id = ANY(%s)", [[one, two]]))
    thief.do("UPDATE audit_entry SET leaf = %s WHERE id = %s", leaves[one], two)
    thief.do("UPDATE audit_entry SET leaf = %s WHERE id = %s", leaves[two], one)


def move_a_line_to_another_seal(thief: Thief) -> None:
    entry_id = thief.lines()[0]
    here = thief.number_of(entry_id)
    there = thief.chance.choice([seal.number for seal in thief.seals() if seal.number != here] + [10_000])
    thief.do("UPDATE audit_sealedentry SET number = %s WHERE entry_id = %s", there, entry_id)
    if there < 10_000 and thief.chance.random() < 0.5:
        thief.fit_root(there)


def edit_a_seal(thief: Thief) -> None:
    seal, column = thief.seal(), thief.chance.choice(SEAL_FIELDS)
    new = seal.number + 1000 if column == "number" else other(thief, column, getattr(seal, column))
    thief.do(f"UPDATE audit_seal SET {column} = %s WHERE number = %s", new, seal.number)


def swap_two_seals(thief: Thief) -> None:
    one, two = thief.chance.sample(thief.seals(), 2)
    thief.do("UPDATE audit_seal SET number = -1 WHERE number = %s", one.number)
    thief.do("UPDATE audit_seal SET number = %s WHERE number = %s", one.number, two.number)
    thief.do("UPDATE audit_seal SET number = %s WHERE number = -1", two.number)


def sign_a_seal_with_another_key(thief: Thief) -> None:
    seal = thief.seal()
    if thief.chance.random() < 0.5:
        seal = replace(seal, key_id=chain.key_id(chain.public_text(MINE)))
    thief.store(chain.signed(seal, MINE), seal.number)


def sign_the_chain_on_with_another_key(thief: Thief) -> None:
    thief.sign_on(thief.seal().number, as_ours=thief.chance.random() < 0.5)


def drop(thief: Thief, first: int, last: int, *, lines: bool, places: bool, anchors: bool) -> None:
    if lines:
        thief.do(
            "DELETE FROM audit_entry e USING audit_sealedentry s WHERE s.entry_id = e.id"
            " AND s.number BETWEEN %s AND %s",
            first,
            last,
        )
    if places:
        thief.do("DELETE FROM audit_sealedentry WHERE number BETWEEN %s AND %s", first, last)
    if anchors:
        thief.db.execute("DELETE FROM audit_anchor WHERE number BETWEEN %s AND %s", [first, last])
    thief.do("DELETE FROM audit_seal WHERE number BETWEEN %s AND %s", first, last)


def cut_a_seal_out(thief: Thief) -> None:
    number = thief.chance.choice(thief.seals()[:-1]).number
    toss = [thief.chance.random() < 0.5 for _what in range(2)]
    drop(thief, number, number, lines=toss[0], places=toss[1], anchors=True)


def cut_a_seal_out_and_close_the_gap(thief: Thief) -> None:
    """Numbers and links of what came after follow again; the signatures are those that there were."""
    seals = thief.seals()
    place = thief.chance.randrange(len(seals) - 1)
    drop(thief, seals[place].number, seals[place].number, lines=True, places=True, anchors=True)
    before = seals[place - 1] if place else None
    for seal in seals[place + 1 :]:
        moved = replace(
            seal, number=seal.number - 1, previous=before.hash() if before else chain.BEFORE_THE_FIRST
        )
        thief.do("UPDATE audit_sealedentry SET number = %s WHERE number = %s", moved.number, seal.number)
        thief.store(moved, seal.number)
        before = moved


def cut_the_tail(thief: Thief) -> None:
    """Everything of the last seals is gone, with what the database knew of anchors."""
    seals = thief.seals()
    first = seals[-thief.chance.randrange(1, len(seals))].number
    drop(thief, first, seals[-1].number, lines=True, places=True, anchors=True)


def cut_the_tail_and_leave_its_lines(thief: Thief) -> None:
    seals = thief.seals()
    first = seals[-thief.chance.randrange(1, len(seals))].number
    drop(thief, first, seals[-1].number, lines=False, places=thief.chance.random() < 0.5, anchors=True)


def say_the_last_seal_again(thief: Thief) -> None:
    """A copy of a seal that has a right signature, as one more."""
    seal, last = thief.seal(), thief.seals()[-1]
    names = ", ".join(SEAL_FIELDS)
    marks = ", ".join(["%s"] * len(SEAL_FIELDS))
    copy = replace(seal, number=last.number + 1)
    thief.do(
        f"INSERT INTO audit_seal ({names}) VALUES ({marks})", *(getattr(copy, name) for name in SEAL_FIELDS)
    )


def edit_an_anchor(thief: Thief) -> None:
    number, held = thief.chance.choice(thief.rows("SELECT number, hash FROM audit_anchor"))
    if thief.chance.random() < 0.5:
        thief.do("UPDATE audit_anchor SET hash = %s WHERE number = %s", other(thief, "hash", held), number)
    else:
        thief.do("UPDATE audit_anchor SET number = number + 1 WHERE number = %s", number)


def throw_all_away(thief: Thief) -> None:
    for table in TABLES:
        thief.db.execute(sql.SQL("DELETE FROM {}").format(sql.Identifier(table)))


WAYS: dict[Callable[[Thief], object], int] = {
    edit_a_line: 12,
    edit_a_line_and_its_leaf: 8,
    edit_up_to_the_root: 6,
    edit_and_sign_on_with_another_key: 4,
    take_a_line_out: 3,
    take_a_line_and_its_place_out: 3,
    take_a_line_out_up_to_the_root: 3,
    take_the_place_of_a_line_out: 2,
    forge_a_line: 3,
    forge_a_line_under_a_seal: 3,
    forge_a_line_up_to_the_root: 3,
    give_a_place_to_nothing: 2,
    swap_two_lines: 3,
    swap_two_leaves: 2,
    move_a_line_to_another_seal: 3,
    edit_a_seal: 8,
    swap_two_seals: 2,
    sign_a_seal_with_another_key: 3,
    sign_the_chain_on_with_another_key: 3,
    cut_a_seal_out: 3,
    cut_a_seal_out_and_close_the_gap: 3,
    cut_the_tail: 6,
    cut_the_tail_and_leave_its_lines: 3,
    say_the_last_seal_again: 2,
    edit_an_anchor: 3,
    throw_all_away: 1,
}
